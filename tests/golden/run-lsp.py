#!/usr/bin/env python3
"""`delib lsp` as an editor drives it: faults while one types, corrections that mend them, layout, names; then messages
that no editor sends. TAP."""
import json
import os
import subprocess
import tempfile

LITERATE = open("examples/cantine/cantine.delib.md", encoding="utf-8").read()
PLAIN = """délibération "2026-1" du 1er juin 2026
  collectivité "Les Prés" siret 130 025 265 00013
  applicable du 1er septembre 2026 au 31 août 2027
fin
entrée qf « 𝕢uotient » : quotient
tarif cantine en € par repas
  prix selon qf
    moins de 450          : 1,30 €
    de 460 à moins de 900 : 2,10 €
    900 et plus           : 3,30 €
    non communiqué        : 3,30 €
  fin
fin
essai « un petit »
  qf = 450
  attendu cantine = 1,30 €
fin
"""
number = 0
failed = 0


def check(name, good, told=""):
    global number, failed
    number += 1
    failed += not good
    print(("ok" if good else "not ok"), number, "-", name)
    if not good:
        print("#  ", str(told).replace("\n", "\n#   "))


class Editor:
    def __init__(self):
        self.process = subprocess.Popen(["delib", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.last, self.notes = 0, []

    def write(self, payload):
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(payload) + payload)
        self.process.stdin.flush()

    def send(self, **message):
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def read(self):
        length = None
        while True:
            line = self.process.stdout.readline()
            if not line:
                return None
            if line == b"\r\n":
                return json.loads(self.process.stdout.read(length))
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])

    def ask(self, method, **params):
        self.last += 1
        self.send(id=self.last, method=method, params=params)
        while True:
            answer = self.read()
            if answer is None or "id" in answer:
                return answer
            self.notes.append(answer)

    def note(self, method, **params):
        self.send(method=method, params=params)

    def faults(self):
        return self.read()["params"]["diagnostics"]

    def end(self):
        self.process.stdin.close()
        self.process.stdout.read()
        return self.process.wait(timeout=60), self.process.stderr.read().decode()


def offset(text, place):
    lines = text.split("\n")
    units = lines[place["line"]].encode("utf-16-le")[:2 * place["character"]]
    return sum(len(line) + 1 for line in lines[:place["line"]]) + len(units.decode("utf-16-le"))


def apply(text, edits):
    for edit in sorted(edits, key=lambda e: offset(text, e["range"]["start"]), reverse=True):
        start, end = (offset(text, edit["range"][k]) for k in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def place(text, words, inside=0):
    before = text[:text.index(words) + inside]
    line = before.rsplit("\n", 1)[-1]
    return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


def session():
    editor = Editor()
    answer = editor.ask("initialize", processId=None, rootUri=None, capabilities={})
    check("it says what it can do", answer["result"]["capabilities"]["textDocumentSync"]["change"] == 1, answer)
    editor.note("initialized")
    folder = tempfile.mkdtemp(prefix="delib-essai-")
    uri = "file://" + folder.replace(" ", "%20") + "/un%20acte.delib"
    document = {"uri": uri}

    editor.note("textDocument/didOpen", textDocument={**document, "languageId": "delib", "version": 1, "text": PLAIN})
    faults = editor.faults()
    gap = [f for f in faults if f["code"] == "D201"]
    check("a gap is told, with its effect and what to do",
          len(gap) == 1 and gap[0]["severity"] == 1 and "effet :" in gap[0]["message"] and "aide :" in gap[0]["message"],
          faults)

    typo = PLAIN.replace("de 460 à moins", "de 450 à moins").replace("selon qf", "selon qff")
    editor.note("textDocument/didChange", textDocument=document, contentChanges=[{"text": typo}])
    faults = editor.faults()
    check("a name mistyped is told where it stands", len(faults) == 1 and faults[0]["code"] == "D301" and
          apply(typo, [{"range": faults[0]["range"], "newText": ""}]) == typo.replace("selon qff", "selon "), faults)
    actions = editor.ask("textDocument/codeAction", textDocument=document, range=faults[0]["range"],
                         context={"diagnostics": faults})["result"]
    mended = apply(typo, actions[0]["edit"]["changes"][uri]) if actions else ""
    check("its correction mends it", mended == typo.replace("qff", "qf"), actions)
    elsewhere = editor.ask("textDocument/codeAction", textDocument=document, context={"diagnostics": []},
                           range={"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}})
    check("nothing is proposed elsewhere", elsewhere["result"] == [], elsewhere)

    editor.note("textDocument/didChange", textDocument=document, contentChanges=[{"text": mended}])
    check("while one types, essais are not run", editor.faults() == [])
    editor.note("textDocument/didSave", textDocument=document)
    faults = editor.faults()
    check("once saved, the essai that fails is told", [f["code"] for f in faults] == ["D601"] and
          faults[0]["range"]["start"]["line"] >= 12, faults)

    hover = editor.ask("textDocument/hover", textDocument=document, position=place(mended, "selon qf", 7))["result"]
    check("the meaning of a name", hover and "« 𝕢uotient »" in hover["contents"]["value"] and
          apply(mended, [{"range": hover["range"], "newText": "X"}]) == mended.replace("selon qf", "selon X"), hover)
    hover = editor.ask("textDocument/hover", textDocument=document, position=place(mended, "tarif", 1))["result"]
    check("the meaning of a keyword", hover and "**tarif**" in hover["contents"]["value"], hover)
    check("nothing to say of a number", editor.ask(
        "textDocument/hover", textDocument=document, position=place(mended, "1,30", 1))["result"] is None)
    definition = editor.ask("textDocument/definition", textDocument=document,
                            position=place(mended, "selon qf", 7))["result"]
    check("where a name is declared", definition["uri"] == uri and
          definition["range"]["start"] == place(mended, "qf « "), definition)
    items = editor.ask("textDocument/completion", textDocument=document, position={"line": 4, "character": 0})["result"]
    labels = [item["label"] for item in items]
    check("names and keywords that can be written", {"qf", "cantine", "tarif", "arrondi"} <= set(labels), labels[:9])

    ugly = mended.replace("    moins de 450          : 1,30 €", "  moins de 450 :    1,30 €")
    editor.note("textDocument/didChange", textDocument=document, contentChanges=[{"text": ugly}])
    editor.faults()
    edits = editor.ask("textDocument/formatting", textDocument=document, options={})["result"]
    laid = subprocess.run(["delib", "formater", "-", "--sortie"], input=ugly.encode(), capture_output=True).stdout
    check("the layout is that of formater", apply(ugly, edits) == laid.decode(), edits)
    editor.note("textDocument/didChange", textDocument=document, contentChanges=[{"text": laid.decode()}])
    editor.faults()
    check("a good layout is left alone",
          editor.ask("textDocument/formatting", textDocument=document, options={})["result"] == [])
    editor.note("textDocument/didChange", textDocument=document, contentChanges=[{"text": "tarif"}])
    faults = editor.faults()
    check("a text cut short is a fault", len(faults) >= 1 and faults[0]["severity"] == 1, faults)
    check("nor is it laid out", editor.ask("textDocument/formatting", textDocument=document, options={})["result"] == [])
    check("what was known of names still serves", "qf" in [i["label"] for i in editor.ask(
        "textDocument/completion", textDocument=document, position={"line": 0, "character": 0})["result"]])

    other = {"uri": "file:///nulle-part/cantine.delib.md"}
    editor.note("textDocument/didOpen", textDocument={**other, "languageId": "markdown", "version": 1, "text": LITERATE})
    faults = editor.faults()
    check("a literate text is read as such", [f["code"] for f in faults] == ["D504"] and
          faults[0]["range"]["start"]["line"] == LITERATE[:LITERATE.index("source sans_emploi")].count("\n"), faults)
    editor.note("textDocument/didClose", textDocument=other)
    check("a text that is closed has no fault any more", editor.faults() == [])
    answer = editor.ask("textDocument/hover", textDocument=other, position={"line": 0, "character": 0})
    check("nothing is said of it", answer["error"]["code"] == -32602, answer)

    # ---- What no editor sends
    check("an unknown request is refused", editor.ask("delib/inconnue")["error"]["code"] == -32601)
    editor.note("$/cancelRequest", id=12)
    editor.write(b"{")
    check("what is not JSON is refused", editor.read()["error"]["code"] == -32700)
    editor.write(b'[1, "x"]')
    editor.write(b'{"id": 3}')
    check("a message without method is refused", editor.read()["error"]["code"] == -32600)
    for params in ({}, {"textDocument": 3}, {"textDocument": {"uri": 4, "text": 5}}, {"textDocument": {"uri": "x"}}):
        editor.note("textDocument/didOpen", **params)
        editor.note("textDocument/didChange", **params)
    for position in ({}, {"line": -4, "character": 2}, {"line": 10 ** 12, "character": 10 ** 12}, {"line": "un"}):
        answer = editor.ask("textDocument/hover", textDocument=document, position=position)
        check("a place that is none: %s" % position, "result" in answer, answer)
    check("shutdown", editor.ask("shutdown")["result"] is None)
    editor.note("exit")
    status, errors = editor.end()
    check("it ends with 0, and says nothing else", status == 0 and errors == "", (status, errors))
    os.rmdir(folder)


def broken(name, payload):
    result = subprocess.run(["delib", "lsp"], input=payload, capture_output=True, timeout=60)
    check(name, result.returncode == 1 and "Content-Length" in result.stderr.decode() and result.stdout == b"", result)


session()
broken("another program's words", b"bonjour\r\n\r\n")
broken("no length", b"Content-Type: x\r\n\r\n{}")
broken("a length that is none", b"Content-Length: douze\r\n\r\n{}")
broken("a length beyond all reason", b"Content-Length: 99999999999999\r\n\r\n{}")
broken("a message cut short", b"Content-Length: 400\r\n\r\n{\"id\"")
broken("a header without end", b"X" * 9000)
silent = subprocess.run(["delib", "lsp"], input=b"", capture_output=True, timeout=60)
check("an editor that leaves without a word", silent.returncode == 1 and silent.stderr == b"", silent)
print("1..%d" % number)
raise SystemExit(failed > 0)
