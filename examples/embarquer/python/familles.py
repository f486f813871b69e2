"""The families of a file of demandes, one JSON object a line, through the structures and through JSON.

    python3 familles.py cantine.delib.md demandes.ndjson
"""

import json
import sys
from decimal import Decimal

import delib


def answer(request: delib.Request) -> delib.Answer:
    """A host asks its own services; here, none is open."""
    return delib.Answer(delib.AnswerKind.FAILED, code="service_ferme", message=f"{request.source} : service fermé")


def main(act: str, demandes: str) -> None:
    program = delib.compile_file(act)
    with open(demandes, encoding="utf-8") as lines:
        for line in lines:
            demande = json.loads(line)
            session = program.session(date=demande["date"], today=demande.get("aujourd_hui"), ask_sources=False)
            session.update(demande["entrees"])
            result = session.evaluate(demande.get("tarif"), answer)
            known = program.evaluate_json(line)
            if result.amount != (None if known["montant"] is None else Decimal(known["montant"])):
                sys.exit(f"{known['montant']} by JSON, {result.amount} by structures")
            print(json.dumps(known, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:])
