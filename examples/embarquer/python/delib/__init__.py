"""Municipal tariffs written in Délib.

>>> import delib
>>> program = delib.compile_file("cantine.delib.md")
>>> session = program.session(date="2026-11-23", ask_sources=False)
>>> session.update({"usager": "enfant", "résident": True, "qf": 430, "sans_emploi": False})
>>> result = session.evaluate("cantine")
>>> result.amount, result.unit
(Decimal('1.30'), '€ par repas')

A :class:`Program` is shared by threads; a :class:`Session` holds one family, and threads that share one wait for each
other. Both are released with their last reference, or at the end of a ``with`` block.
Amounts are :class:`decimal.Decimal`; ``float`` is refused. Nothing here reads the network: sources that the rules
need are asked to the ``answer`` function of :meth:`Session.evaluate`.
"""

from __future__ import annotations

import ctypes
import datetime
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Any, Callable, Optional, Union

from . import _c

__all__ = ["Answer", "AnswerKind", "Datum", "DelibError", "Diagnostic", "InvalidProgram", "InvalidValue", "Program",
           "Request", "Result", "Session", "Statut", "Step", "compile", "compile_file", "version"]

Scalar = Union[None, bool, int, Decimal, str, datetime.date]
Value = Union[Scalar, Sequence["Value"], Mapping[str, "Value"]]

_OK, _PENDING, _INVALID, _NO_MEMORY, _LIMIT, _MISUSE, _INTERNAL = range(7)
_STATUS = {_NO_MEMORY: "no memory", _LIMIT: "a limit was reached", _MISUSE: "misuse", _INTERNAL: "internal error"}


class Statut(IntEnum):
    """What a computation came to (delib_statut)."""

    CALCULE = 0
    NON_PREVU = 1
    DECISION_INDIVIDUELLE = 2
    A_COMPLETER = 3
    DONNEE_INVALIDE = 4
    SOURCE_INDISPONIBLE = 5
    SANS_OBJET = 6

    def __str__(self) -> str:
        return _text(_c.core().delib_statut_text(self)) or ""


class AnswerKind(IntEnum):
    """What a source said (delib_answer_kind)."""

    VALUE = 0
    ABSENT = 1
    REFUSED = 2
    FAILED = 3


@dataclass(frozen=True)
class Diagnostic:
    """One fault of a délibération; ``printed`` is what the program shows."""

    code: str
    is_error: bool
    file: str
    line: int
    column: int
    message: str
    effect: Optional[str]
    help: Optional[str]
    printed: str


@dataclass(frozen=True)
class Step:
    """One line of an explanation."""

    kind: str
    text: str
    article: Optional[str]
    quote: Optional[str]
    amount: Optional[str]
    line: int


@dataclass(frozen=True)
class Datum:
    """One datum that a computation used, and where it comes from."""

    name: str
    label: Optional[str]
    value: str
    origin: Optional[str]
    period: Optional[str]
    obtained: Optional[str]


@dataclass(frozen=True)
class Request:
    """A source that the amount depends on. It holds no identity: the host knows who ``subject`` is."""

    function: str
    source: str
    label: Optional[str]
    subject: str
    finalite: Optional[str]
    year: int
    month: int


@dataclass(frozen=True)
class Answer:
    """What the host answers to a :class:`Request`; ``record`` only with ``AnswerKind.VALUE``."""

    kind: AnswerKind
    record: Mapping[str, Value] = field(default_factory=dict)
    code: Optional[str] = None
    message: Optional[str] = None
    provider: Optional[str] = None
    period: Optional[str] = None
    obtained: Optional[str] = None


@dataclass(frozen=True)
class Result:
    """What :meth:`Session.evaluate` gives. ``amount`` is None unless ``statut`` is ``CALCULE``."""

    statut: Statut
    amount: Optional[Decimal]
    unit: Optional[str]
    tariff: Optional[str]
    text: Optional[str]
    reason: Optional[str]
    steps: tuple[Step, ...]
    data: tuple[Datum, ...]
    missing: tuple[str, ...]


class DelibError(Exception):
    """A call failed: memory, a limit, misuse, or a fault of the library."""


class InvalidValue(DelibError, ValueError):
    """A name or a value that the délibération refuses; the message is a French sentence without the value."""


class InvalidProgram(DelibError):
    """A délibération at fault: see ``diagnostics``."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n".join(d.printed for d in diagnostics))
        self.diagnostics = diagnostics


def version() -> str:
    """Version of the library that is loaded."""
    return _text(_c.core().delib_version()) or ""


def _text(raw: Optional[bytes]) -> Optional[str]:
    return None if raw is None else raw.decode("utf-8")


def _bytes(text: Optional[str]) -> Optional[bytes]:
    if text is not None and "\0" in text:
        raise InvalidValue("a text holds a NUL character")
    return None if text is None else text.encode("utf-8")


def _check(status: int, error: str = "") -> None:
    if status == _INVALID:
        raise InvalidValue(error)
    if status != _OK:
        raise DelibError(_STATUS.get(status, f"status {status}"))


class _Marshal:
    """Builds delib_value trees; keeps alive what ctypes only points to."""

    _ABSENT, _BOOLEAN, _NUMBER, _TEXT, _LIST, _RECORD = range(6)

    def __init__(self) -> None:
        self._kept: list[Any] = []

    def value(self, given: Value) -> _c.Value:
        """The C value of a Python one: None, bool, int, Decimal, str, date, sequence or mapping."""
        if given is None:
            return _c.Value(kind=self._ABSENT)
        if isinstance(given, bool):
            return _c.Value(kind=self._BOOLEAN, boolean=given)
        if isinstance(given, int):
            return self._number(Decimal(given))
        if isinstance(given, Decimal):
            return self._number(given)
        if isinstance(given, str):
            return _c.Value(kind=self._TEXT, text=_bytes(given))
        if isinstance(given, datetime.date):
            return _c.Value(kind=self._TEXT, text=_bytes(given.isoformat()[:10]))
        if isinstance(given, Mapping):
            return self._sequence(self._RECORD, list(given.values()), list(given))
        if isinstance(given, Sequence):
            return self._sequence(self._LIST, list(given), [])
        raise InvalidValue(f"a value of type {type(given).__name__} is refused; amounts are Decimal, never float")

    def _number(self, number: Decimal) -> _c.Value:
        sign, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int) or not -18 <= exponent <= 18:
            raise InvalidValue("a number that is not finite, or has more than 18 decimals")
        units = int("".join(map(str, digits))) * 10 ** max(exponent, 0) * (-1 if sign else 1)
        if not -(2 ** 63) <= units < 2 ** 63:
            raise InvalidValue("a number with too many digits")
        return _c.Value(kind=self._NUMBER, units=units, scale=max(-exponent, 0))

    def _sequence(self, kind: int, given: list[Any], names: list[str]) -> _c.Value:
        items = (_c.Value * len(given))(*[self.value(v) for v in given])
        keys = (ctypes.c_char_p * len(names))(*[_bytes(n) for n in names])
        self._kept += [items, keys]
        return _c.Value(kind=kind, items=items, names=keys, count=len(given))


def _iso(day: Union[None, str, datetime.date]) -> Optional[bytes]:
    return _bytes(day.isoformat()[:10] if isinstance(day, datetime.date) else day)


class _Handle:
    """What the library made for us: released once, by ``close()``, a ``with`` block or the last reference."""

    _release = ""

    def __init__(self) -> None:
        self._handle = ctypes.c_void_p()
        self._core = _c.core()

    def close(self) -> None:
        """Release it now; what is asked of it afterwards raises :class:`DelibError`."""
        if getattr(self, "_handle", None):
            handle, self._handle = self._handle, ctypes.c_void_p()
            getattr(self._core, self._release)(handle)

    __del__ = close

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def __reduce__(self) -> Any:
        # A copy would be released a second time.
        raise TypeError(f"a {type(self).__name__} cannot be copied or pickled")


class Program(_Handle):
    """A délibération, read and checked. Immutable; sessions keep it alive."""

    _release = "delib_program_release"

    def __init__(self, text: Union[str, bytes], name: str = "délibération",
                 modules: Optional[Callable[[str], Optional[Union[str, bytes]]]] = None) -> None:
        """Compile ``text``; a ``name`` that ends in ".md" is literate Markdown.

        ``modules`` gives the text of a module or of a CSV grid, None when there is none; what it raises is raised
        again. Raises :class:`InvalidProgram`.
        """
        super().__init__()
        engine = ctypes.c_void_p()
        raw = text.encode("utf-8") if isinstance(text, str) else text
        source = _c.Source(_bytes(name), raw, len(raw))
        _check(self._core.delib_engine_new(None, _c.byref(engine)))
        try:
            kept: list[Any] = []
            raised: list[Exception] = []
            reader = _c.Reader(self._reader(modules, kept, raised)) if modules else _c.Reader()
            status = self._core.delib_compile(engine, _c.byref(source), reader, None, _c.byref(self._handle))
        finally:
            self._core.delib_engine_free(engine)
        if raised:
            raise raised[0]
        if status == _INVALID:
            raise InvalidProgram(self.diagnostics)
        _check(status)

    @staticmethod
    def _reader(modules: Callable[[str], Optional[Union[str, bytes]]], kept: list[Any],
                raised: list[Exception]) -> Callable[..., int]:
        def read(_context: Any, name: bytes, out: Any) -> int:
            try:
                text = modules(name.decode("utf-8"))
                raw = text.encode("utf-8") if isinstance(text, str) else text
            except Exception as error:  # it cannot cross C: it waits for the end of the compilation
                raised.append(error)
                raw = None
            if raw is None:
                return _INVALID
            kept.extend((raw, name))
            out[0] = _c.Source(name, raw, len(raw))
            return _OK
        return read

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Errors and warnings, in the order of the text."""
        return tuple(self._diagnostic(i) for i in range(self._core.delib_program_diagnostic_count(self._handle)))

    def _diagnostic(self, index: int) -> Diagnostic:
        d = _c.Diagnostic()
        _check(self._core.delib_program_diagnostic(self._handle, index, _c.byref(d)))
        return Diagnostic(_text(d.code) or "", bool(d.is_error), _text(d.file) or "", d.line, d.column,
                          _text(d.message) or "", _text(d.effect), _text(d.help), _text(d.printed) or "")

    @property
    def tariffs(self) -> dict[str, str]:
        """Name and label of each tariff."""
        count = self._core.delib_program_tariff_count(self._handle)
        return {_text(self._core.delib_program_tariff_name(self._handle, i)) or "":
                _text(self._core.delib_program_tariff_label(self._handle, i)) or "" for i in range(count)}

    def session(self, date: Union[None, str, datetime.date] = None, today: Union[None, str, datetime.date] = None,
                ask_sources: bool = True, trace: bool = True) -> Session:
        """A session for one family, on the date of the service."""
        return Session(self, date, today, ask_sources, trace)

    def evaluate_json(self, demande: Union[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The object of ``delib calculer --json`` for one demande; needs libdelib-io, asks no source."""
        edge, out = _c.edge(), ctypes.c_void_p()
        text = demande if isinstance(demande, str) else json.dumps(demande, ensure_ascii=False)
        status = edge.delib_io_evaluate_json(self._handle, _bytes(text), None, _c.byref(out))
        if not out:
            _check(status)
        try:
            result: dict[str, Any] = json.loads(ctypes.string_at(out.value or 0))
        finally:
            edge.delib_io_text_free(out)
        return result


class Session(_Handle):
    """The data of one family."""

    _release = "delib_session_free"

    def __init__(self, program: Program, date: Union[None, str, datetime.date] = None,
                 today: Union[None, str, datetime.date] = None, ask_sources: bool = True, trace: bool = True) -> None:
        super().__init__()
        self._program = program
        self._mine = threading.RLock()      # ctypes lets other threads run during a call
        options = _c.SessionOptions(ctypes.sizeof(_c.SessionOptions), _iso(date), _iso(today), ask_sources, trace)
        _check(self._core.delib_session_new(program._handle, _c.byref(options), _c.byref(self._handle)),
               "the date is not one")

    def reset(self) -> None:
        """Forget the family; memory is kept for the next one."""
        with self._mine:
            self._core.delib_session_reset(self._handle)

    def __setitem__(self, name: str, value: Value) -> None:
        """Give the answer to an ``entrée``, or what the family declares for a ``source``; None: not communicated."""
        marshal = _Marshal()
        given = marshal.value(value)
        with self._mine:
            status = self._core.delib_session_set(self._handle, _bytes(name), _c.byref(given))
            _check(status, self._error())

    def update(self, values: Mapping[str, Value]) -> None:
        """Give several answers."""
        for name, value in values.items():
            self[name] = value

    def evaluate(self, tariff: Optional[str] = None, answer: Optional[Callable[[Request], Answer]] = None) -> Result:
        """Compute a tariff (None: the only one), asking ``answer`` for each source that the amount depends on."""
        with self._mine:
            return self._evaluate(tariff, answer)

    def _evaluate(self, tariff: Optional[str], answer: Optional[Callable[[Request], Answer]]) -> Result:
        number = self._core.delib_program_tariff(self._program._handle, _bytes(tariff))
        result = _c.Result()
        if number < 0:
            raise InvalidValue("no such tariff" if tariff else "the délibération has several tariffs")
        status = self._core.delib_evaluate(self._handle, number, _c.byref(result))
        while status == _PENDING:
            self._answer_all(answer)
            status = self._core.delib_evaluate(self._handle, number, _c.byref(result))
        _check(status, self._error())
        return self._result(result)

    def _error(self) -> str:
        return _text(self._core.delib_session_error(self._handle)) or ""

    def _answer_all(self, answer: Optional[Callable[[Request], Answer]]) -> None:
        if answer is None:
            raise DelibError("the amount depends on sources: give `answer`, or ask_sources=False")
        waiting = []
        for index in range(self._core.delib_session_request_count(self._handle)):
            r = _c.Request()
            _check(self._core.delib_session_request(self._handle, index, _c.byref(r)))
            waiting.append((r.id, Request(_text(r.function) or "", _text(r.source) or "", _text(r.label),
                                          _text(r.subject) or "", _text(r.finalite), r.year, r.month)))
        for identifier, request in waiting:
            self._answer(identifier, answer(request))

    def _answer(self, identifier: int, given: Answer) -> None:
        if not isinstance(given, Answer):
            raise TypeError(f"`answer` returned a {type(given).__name__}; a delib.Answer is expected")
        marshal = _Marshal()
        c = _c.Answer(size=ctypes.sizeof(_c.Answer), kind=given.kind, code=_bytes(given.code),
                      message=_bytes(given.message), record=marshal.value(dict(given.record)),
                      provider=_bytes(given.provider), period=_bytes(given.period), obtained=_bytes(given.obtained))
        _check(self._core.delib_session_answer(self._handle, identifier, _c.byref(c)), self._error())

    def _result(self, c: _c.Result) -> Result:
        statut = Statut(c.statut)
        computed = statut == Statut.CALCULE and c.text is None
        return Result(statut, Decimal(c.units).scaleb(-c.scale) if computed else None, _text(c.unit), _text(c.tariff),
                      _text(c.text), _text(c.reason), self._steps(), self._data(), self._missing())

    def _steps(self) -> tuple[Step, ...]:
        steps, s = [], _c.Step()
        for index in range(self._core.delib_session_step_count(self._handle)):
            _check(self._core.delib_session_step(self._handle, index, _c.byref(s)))
            steps.append(Step(_text(s.kind) or "", _text(s.text) or "", _text(s.article), _text(s.quote),
                              _text(s.amount), s.line))
        return tuple(steps)

    def _data(self) -> tuple[Datum, ...]:
        data, d = [], _c.Datum()
        for index in range(self._core.delib_session_datum_count(self._handle)):
            _check(self._core.delib_session_datum(self._handle, index, _c.byref(d)))
            data.append(Datum(_text(d.name) or "", _text(d.label), _text(d.value) or "", _text(d.origin),
                              _text(d.period), _text(d.obtained)))
        return tuple(data)

    def _missing(self) -> tuple[str, ...]:
        count = self._core.delib_session_missing_count(self._handle)
        return tuple(_text(self._core.delib_session_missing(self._handle, i)) or "" for i in range(count))


def compile(text: Union[str, bytes], name: str = "délibération") -> Program:  # noqa: A001
    """Compile a text that uses no module."""
    return Program(text, name)


def compile_file(path: Union[str, os.PathLike[str]]) -> Program:
    """Compile a file; modules and CSV grids are read in its folder."""
    folder = os.path.dirname(os.path.abspath(path))

    def read(name: str) -> Optional[bytes]:
        if os.path.isabs(name) or ".." in name.split("/"):
            return None
        for extension in ("",) if "." in name else (".delib.md", ".delib"):
            try:
                with open(os.path.join(folder, name + extension), "rb") as file:
                    return file.read()
            except OSError:
                continue
        return None

    with open(path, "rb") as file:
        return Program(file.read(), os.fspath(path), read)
