#!/usr/bin/env python3
"""Every public function of both headers with NULL for each of its pointers, all at once and then one at a time.

A host that forgets a check of its own gets DELIB_MISUSE, 0 or NULL; it is never killed. Prototypes are read from the
headers, so that a new function is tried without a line here; each call is made in a process of its own.
"""
import ctypes
import os
import re
import subprocess
import tempfile

BUILD = os.environ["BUILD"]
OK, MISUSE = 0, 5
ACT = """délibération "1" du 25 juin 2026
  collectivité "Saint-Aubin" siret 130 025 265 00013
  applicable du 1er septembre 2026 au 31 août 2027
fin
entrée résident : oui_non « La famille habite-t-elle la commune ? »
tarif cantine « Cantine » en € par repas
  prix 3,00 €
  exception extérieur si non résident : 6,90 €
fin tarif
essai « un »
  résident = oui
  attendu cantine = 3,00 €
fin
""".encode()
# Functions that take no pointer, or to which NULL means something: what they return then is not a refusal.
MEANT = {"delib_engine_new": "options", "delib_io_identity": "demande", "delib_io_fingerprint": "bytes"}


class Prototype:
    """One function of a header: its name, what it returns, and its parameters as (type, name)."""

    def __init__(self, returned, name, parameters):
        self.returned, self.name = " ".join(returned.split()), name
        self.parameters = []
        for parameter in parameters.split(","):
            words = re.match(r"\s*(.*?)(\w+)(\[\w*\])?\s*$", parameter, re.S)
            if parameter.strip() != "void":
                kind = " ".join(words[1].replace("const", "").split()) + (" *" if words[3] else "")
                self.parameters.append((kind.replace("* *", "**"), words[2]))

    def pointers(self):
        return [i for i, (kind, _) in enumerate(self.parameters) if "*" in kind or kind.endswith("_reader")]


def prototypes(header):
    text = re.sub(r"/\*.*?\*/", "", open(header, encoding="utf-8").read(), flags=re.S)
    return [Prototype(*found) for found in re.findall(r"DELIB_API\s+([^;()]*?)\b(delib_\w+)\(([^;]*?)\);", text, re.S)]


class Host:
    """A live object of every kind, for the arguments that are not the NULL one."""

    def __init__(self, folder):
        self.folder = folder
        self.core = ctypes.CDLL(BUILD + "/libdelib.so.0", mode=ctypes.RTLD_GLOBAL)
        self.edge = ctypes.CDLL(BUILD + "/libdelib-io.so.0")
        self.kept = []
        self.made = {}
        made = self.made
        self.source = self.structure((b"a.delib", ctypes.c_char_p), (ACT, ctypes.c_char_p),
                                     (len(ACT), ctypes.c_size_t))
        made["delib_source *"] = self.source
        made["delib_engine *"] = self.new("delib_engine_new", None)
        made["delib_program *"] = self.new("delib_compile", made["delib_engine *"], self.source, None, None)
        made["delib_session *"] = self.new("delib_session_new", made["delib_program *"], None)
        made["delib_check *"] = self.new("delib_check_new", made["delib_program *"], None)
        made["delib_batch *"] = self.new("delib_batch_new", made["delib_program *"], None, None)
        text = (b"{}", ctypes.c_size_t(2), 0)
        made["delib_io_document *"] = self.new("delib_io_document_read", b"d", *text, None)
        made["delib_io_demande *"] = self.new("delib_io_demande_read", b"d", *text)
        made["delib_io_config *"] = self.new("delib_io_config_local", b"http://127.0.0.1:9")
        made["delib_io_driver *"] = self.new("delib_io_driver_new", made["delib_io_config *"], None)
        made["delib_io_json *"] = self.new("delib_io_json_new")
        made["delib_io_decoded *"] = self.new("delib_io_decode", b"api_particulier.quotient_familial", None, 200, None,
                                              ctypes.c_size_t(0), b"{}", ctypes.c_size_t(2))
        function = ctypes.c_char_p(b"api_particulier.quotient_familial")
        request = self.structure((0, ctypes.c_size_t), (function, ctypes.c_char_p), (b"qf", ctypes.c_char_p),
                                 (b"qf", ctypes.c_char_p), (b"demandeur", ctypes.c_char_p), (None, ctypes.c_char_p))
        made["delib_request *"] = request
        made["delib_io_exchange *"] = self.new("delib_io_exchange_new", made["delib_io_config *"],
                                               made["delib_io_demande *"], request)
        journal = folder + "/journal"
        made["delib_io_journal *"] = self.new("delib_io_journal_open", journal.encode(), None)
        made["delib_io_audit *"] = self.new("delib_io_audit_run", journal.encode(), None)

    def structure(self, *members):
        """A structure of pointers and sizes, with room behind for what is not said."""
        words = (ctypes.c_uint64 * 64)()
        for i, (value, kind) in enumerate(members):
            held = value if isinstance(value, ctypes._SimpleCData) else kind(value)
            self.kept.append(held)
            words[i] = ctypes.cast(held, ctypes.c_void_p).value or 0 if kind is ctypes.c_char_p else held.value
        self.kept.append(words)
        return words

    def function(self, name):
        return getattr(self.edge if name.startswith("delib_io_") else self.core, name)

    def new(self, name, *arguments):
        out = ctypes.c_void_p()
        status = self.function(name)(*arguments, ctypes.byref(out))
        assert status == OK and out, f"{name}: {status}"
        return out

    def argument(self, kind, name):
        if kind in self.made:
            return self.made[kind]
        if kind == "char *":
            return b"{}"
        if "*" in kind:
            words = (ctypes.c_uint64 * 512)()       # storage to fill, or options of which nothing is said …
            words[0] = ctypes.sizeof(words) if kind.endswith("options *") or kind == "delib_function *" else 0
            self.kept.append(words)
            return words
        if kind.endswith("_reader"):
            return None
        return ctypes.c_size_t(2 if "length" in name else 0)

    def call(self, prototype, nulls):
        """What the function returned, as a text; None: the process died."""
        back, front = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.chdir(self.folder)                   # a journal or keys may be made there
            arguments = [None if i in nulls else self.argument(*parameter)
                         for i, parameter in enumerate(prototype.parameters)]
            function = self.function(prototype.name)
            function.restype = (None if prototype.returned == "void" else ctypes.c_void_p
                                if "*" in prototype.returned else ctypes.c_ssize_t if prototype.returned == "size_t"
                                else ctypes.c_int)
            os.write(front, repr(function(*arguments)).encode())
            ctypes.CDLL(None).exit(0)               # C's own, at which a coverage build writes what it counted
        os.close(front)
        said = os.read(back, 100).decode()
        os.close(back)
        _, ended = os.waitpid(child, 0)
        return said if ended == 0 else None


def refused(prototype, said):
    """DELIB_MISUSE, 0 or NULL, a text that exists anyway (« » for an error), or nothing at all."""
    if prototype.returned == "delib_status":
        return said == str(MISUSE)
    if prototype.returned == "delib_tariff":
        return said == "-1"
    return said in ("None", "0") or prototype.name in ("delib_session_error",)


def main():
    print("TAP version 13")
    symbols = subprocess.run(["nm", BUILD + "/libdelib.so"], capture_output=True, text=True, check=False).stdout
    if re.search(r"__(asan|tsan|ubsan|llvm_prof)", symbols):
        print("1..1\nok 1 - NULL everywhere # SKIP an instrumented library cannot be loaded by Python")
        return
    with tempfile.TemporaryDirectory() as folder:
        try_all(Host(folder))


def try_all(host):
    number = 0
    for prototype in prototypes("runtime/delib.h") + prototypes("runtime/delib_io.h"):
        pointers = prototype.pointers()
        problems = []
        if not pointers:
            continue
        for nulls in [pointers] + [[i] for i in pointers]:
            names = ", ".join(prototype.parameters[i][1] for i in nulls)
            said = host.call(prototype, nulls)
            if said is None:
                problems.append(f"the process dies: NULL for {names}")
            elif nulls == pointers and prototype.name not in MEANT and not refused(prototype, said):
                problems.append(f"it returns {said}: NULL for {names}")
        number += 1
        said = "not ok" if problems else "ok"
        print(f"{said} {number} - {prototype.name}: NULL for each of {len(pointers)} pointers")
        for problem in problems:
            print("# " + problem)
    print(f"1..{number}")


main()
