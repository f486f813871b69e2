"""What the Python module promises: amounts, requests answered by the host, faults, no float, threads."""

import copy
import datetime
import pickle
import sys
import threading
from decimal import Decimal

import delib

ACT = sys.argv[1]
FAMILY = {"usager": "enfant", "résident": True, "qf": 430, "sans_emploi": True}


def refused(kind, action):
    """The message with which `action` is refused."""
    try:
        action()
    except kind as error:
        return str(error)
    raise AssertionError(f"{kind.__name__} was expected")


program = delib.compile_file(ACT)
assert program.tariffs == {"cantine": "Restauration scolaire"}, program.tariffs
assert not any(d.is_error for d in program.diagnostics)

session = program.session(date="2026-11-23", ask_sources=False)
session.update(FAMILY)
result = session.evaluate("cantine")
assert (result.amount, result.unit, str(result.statut)) == (Decimal("1.04"), "€ par repas", "calculé"), result
assert result.steps and result.data and not result.missing
session.reset()
missing = session.evaluate("cantine")
assert missing.statut == delib.Statut.A_COMPLETER and missing.amount is None, missing
assert "résident" in missing.missing, missing

# The host answers what the rules ask.
asked = []


def answer(request):
    """A quotient, and nobody who looks for a job."""
    asked.append(request.source)
    if request.source == "qf":
        return delib.Answer(delib.AnswerKind.VALUE, {"valeur": 430}, provider="CNAF", period="2026-09")
    return delib.Answer(delib.AnswerKind.FAILED, code="silence", message="pas de réponse")


asking = program.session(date="2026-11-23")
asking.update({"résident": True})
refused(delib.DelibError, lambda: asking.evaluate("cantine"))
told = asking.evaluate("cantine", answer)
assert "qf" in asked, asked
assert told.statut in (delib.Statut.CALCULE, delib.Statut.A_COMPLETER, delib.Statut.SOURCE_INDISPONIBLE), told

for wrong in (4.3, Decimal("NaN"), Decimal("1e-19"), 10 ** 30, object(), b"430"):
    refused(delib.InvalidValue, lambda: session.__setitem__("qf", wrong))
refused(delib.InvalidValue, lambda: session.__setitem__("inconnue", 1))
refused(delib.InvalidValue, lambda: session.__setitem__("qf", "quatre\0cents"))
refused(delib.InvalidValue, lambda: session.evaluate("aucun"))
refused(delib.InvalidValue, lambda: program.session(date="2026-13-45"))
faults = None
try:
    delib.compile("tarif cantine en € par repas\n  prix\n")
except delib.InvalidProgram as error:
    faults = error.diagnostics
assert faults and faults[0].is_error and faults[0].line >= 1 and faults[0].printed
assert "erreur" in program.evaluate_json({"tarif": "cantine", "entrees": {"inconnue": 1}})
assert "erreur" in program.evaluate_json("{")

# What would take the process down in C.
with program.session(date="2026-11-23", ask_sources=False) as closed:
    closed.update(FAMILY)
refused(delib.DelibError, lambda: closed.evaluate("cantine"))
refused(delib.DelibError, lambda: closed.__setitem__("qf", 1))
closed.close()
for handle in (program, session):
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        assert "cannot be copied" in refused(TypeError, lambda: copied(handle))
for not_an_answer in (None, "430", 430):
    asking.reset()
    asking.update({"résident": True})
    refused(TypeError, lambda: asking.evaluate("cantine", lambda _: not_an_answer))
assert program.session(date=datetime.datetime(2026, 11, 23, 12, 30)), "a datetime is a date"
refused(ZeroDivisionError, lambda: delib.Program("utilise absent\n", "a.delib", lambda name: 1 // 0))
shared = program.session(date="2026-11-23", ask_sources=False)


def together():
    """One session for several threads: each waits for the other."""
    for _ in range(100):
        shared.reset()
        shared.update(FAMILY)
        shared.evaluate("cantine")


# One program, many threads.
amounts = []


def family():
    """The same family, a hundred times."""
    mine = program.session(date="2026-11-23", ask_sources=False)
    for _ in range(100):
        mine.reset()
        mine.update(FAMILY)
        amounts.append(mine.evaluate("cantine").amount)


threads = [threading.Thread(target=family) for _ in range(4)] + [threading.Thread(target=together) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert amounts == [Decimal("1.04")] * 400
