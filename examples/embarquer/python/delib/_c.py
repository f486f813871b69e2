"""The C interface of libdelib, as ctypes sees it: structures of delib.h and the functions that the module calls."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint, c_void_p

__all__ = ["Answer", "Datum", "Diagnostic", "Request", "Result", "SessionOptions", "Source", "Step", "Value", "byref",
           "core", "edge"]


class Source(Structure):
    _fields_ = [("name", c_char_p), ("bytes", c_char_p), ("length", c_size_t)]


class Correction(Structure):
    _fields_ = [("file", c_char_p), ("offset", c_size_t), ("length", c_size_t), ("line", c_uint), ("column", c_uint),
                ("end_line", c_uint), ("end_column", c_uint), ("text", c_char_p)]


class Diagnostic(Structure):
    _fields_ = [("code", c_char_p), ("is_error", c_int), ("file", c_char_p), ("line", c_uint), ("column", c_uint),
                ("end_line", c_uint), ("end_column", c_uint), ("message", c_char_p), ("effect", c_char_p),
                ("help", c_char_p), ("printed", c_char_p), ("corrections", POINTER(Correction)),
                ("correction_count", c_size_t)]


class Value(Structure):
    pass


Value._fields_ = [("kind", c_int), ("boolean", c_int), ("units", c_int64), ("scale", c_uint), ("text", c_char_p),
                  ("items", POINTER(Value)), ("names", POINTER(c_char_p)), ("count", c_size_t)]


class SessionOptions(Structure):
    _fields_ = [("size", c_size_t), ("date", c_char_p), ("today", c_char_p), ("ask_sources", c_int),
                ("trace", c_int)]


class Result(Structure):
    _fields_ = [("statut", c_int), ("units", c_int64), ("scale", c_uint), ("unit", c_char_p), ("tariff", c_char_p),
                ("text", c_char_p), ("reason", c_char_p)]


class Request(Structure):
    _fields_ = [("id", c_size_t), ("function", c_char_p), ("source", c_char_p), ("label", c_char_p),
                ("subject", c_char_p), ("finalite", c_char_p), ("year", c_int), ("month", c_int)]


class Answer(Structure):
    _fields_ = [("size", c_size_t), ("kind", c_int), ("code", c_char_p), ("message", c_char_p), ("record", Value),
                ("provider", c_char_p), ("period", c_char_p), ("obtained", c_char_p)]


class Step(Structure):
    _fields_ = [("kind", c_char_p), ("text", c_char_p), ("article", c_char_p), ("quote", c_char_p),
                ("amount", c_char_p), ("line", c_uint)]


class Datum(Structure):
    _fields_ = [("name", c_char_p), ("label", c_char_p), ("value", c_char_p), ("origin", c_char_p),
                ("period", c_char_p), ("obtained", c_char_p)]


Reader = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(Source))

# name: (result, arguments)
_CORE = {
    "delib_version": (c_char_p, []),
    "delib_engine_new": (c_int, [c_void_p, POINTER(c_void_p)]),
    "delib_engine_free": (None, [c_void_p]),
    "delib_compile": (c_int, [c_void_p, POINTER(Source), Reader, c_void_p, POINTER(c_void_p)]),
    "delib_program_release": (None, [c_void_p]),
    "delib_program_diagnostic_count": (c_size_t, [c_void_p]),
    "delib_program_diagnostic": (c_int, [c_void_p, c_size_t, POINTER(Diagnostic)]),
    "delib_program_tariff_count": (c_size_t, [c_void_p]),
    "delib_program_tariff": (c_int32, [c_void_p, c_char_p]),
    "delib_program_tariff_name": (c_char_p, [c_void_p, c_int32]),
    "delib_program_tariff_label": (c_char_p, [c_void_p, c_int32]),
    "delib_session_new": (c_int, [c_void_p, POINTER(SessionOptions), POINTER(c_void_p)]),
    "delib_session_free": (None, [c_void_p]),
    "delib_session_reset": (None, [c_void_p]),
    "delib_session_set": (c_int, [c_void_p, c_char_p, POINTER(Value)]),
    "delib_session_error": (c_char_p, [c_void_p]),
    "delib_evaluate": (c_int, [c_void_p, c_int32, POINTER(Result)]),
    "delib_session_request_count": (c_size_t, [c_void_p]),
    "delib_session_request": (c_int, [c_void_p, c_size_t, POINTER(Request)]),
    "delib_session_answer": (c_int, [c_void_p, c_size_t, POINTER(Answer)]),
    "delib_session_step_count": (c_size_t, [c_void_p]),
    "delib_session_step": (c_int, [c_void_p, c_size_t, POINTER(Step)]),
    "delib_session_datum_count": (c_size_t, [c_void_p]),
    "delib_session_datum": (c_int, [c_void_p, c_size_t, POINTER(Datum)]),
    "delib_session_missing_count": (c_size_t, [c_void_p]),
    "delib_session_missing": (c_char_p, [c_void_p, c_size_t]),
    "delib_statut_text": (c_char_p, [c_int]),
}
_EDGE = {
    # The text is released by delib_io_text_free: c_void_p, because ctypes would copy and forget a c_char_p.
    "delib_io_evaluate_json": (c_int, [c_void_p, c_char_p, c_void_p, POINTER(c_void_p)]),
    "delib_io_text_free": (None, [c_void_p]),
}
_opened: dict[str, ctypes.CDLL] = {}


def _open(variable: str, names: tuple[str, ...], functions: dict[str, tuple[object, list[object]]]) -> ctypes.CDLL:
    library = _opened.get(variable)
    if library is None:
        library = ctypes.CDLL(os.environ.get(variable) or ctypes.util.find_library(names[0]) or names[1])
        for name, (result, arguments) in functions.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        _opened[variable] = library
    return library


def core() -> ctypes.CDLL:
    """libdelib: the path in LIBDELIB, or the one of the system."""
    return _open("LIBDELIB", ("delib", "libdelib.so.0"), _CORE)


def edge() -> ctypes.CDLL:
    """libdelib-io, opened when it is first needed: it brings libcurl, jansson and libyaml."""
    return _open("LIBDELIB_IO", ("delib-io", "libdelib-io.so.0"), _EDGE)
