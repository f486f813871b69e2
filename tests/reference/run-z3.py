#!/usr/bin/env python3
"""A second opinion on proofs: random tariffs with properties, judged by `delib verifier` and by Z3 (Debian: z3).

Everything is in integers: cents of quotient, ten-thousandths of a cent of price. The formula given to Z3 is written from
the choices of the generator, not from what Délib made of the text. Skipped, with the reason, where z3 is not installed.

usage: run-z3.py [PROGRAMS [SEED]]        60 programs by default
"""
import json, os, random, shutil, subprocess, sys, tempfile

programs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
UNIT = 10000                    # of a cent
TOP = 200000                    # the quotient goes to 2 000 €, in cents

if not shutil.which("z3"):
    print("ok 1 - a second opinion # SKIP z3 is not installed (apt-get install z3)\n1..1")
    sys.exit(0)


def euros(cents):
    return f"{cents // 100},{cents % 100:02d}"


class Tariff:
    """A grid of one or two axes, exceptions, reductions, a floor and a rounding, as text and as a term for Z3."""

    def __init__(self, r):
        bounds = sorted(r.sample(range(100, TOP, 50), r.randint(1, 5)))
        self.two = r.random() < 0.4
        self.rows = []          # (upper bound excluded or None, cell, cell of non-residents)
        price = r.randint(50, 300)
        for bound in bounds + [None]:
            self.rows.append((bound, self.cell(r, price), self.cell(r, price + r.randint(-20, 200))))
            price += r.randint(-10, 150)
        self.exceptions = []    # (condition, price): the first that holds
        if r.random() < 0.6:
            self.exceptions.append((("resident", False), r.randint(100, 900)))
        if r.random() < 0.5:
            self.exceptions.append((("rang", r.randint(3, 6)), r.randint(20, 500)))
        self.steps = []
        if r.random() < 0.7:
            self.steps.append((r.randint(1, 60), ("rang", r.randint(2, 5))))
        if r.random() < 0.4:
            self.steps.append((r.randint(1, 40), ("below", r.randint(1, TOP // 100) * 100)))
        self.floor = r.randint(0, 120) if r.random() < 0.5 else None

    @staticmethod
    def cell(r, cents):
        """A fixed price, or a rate of the quotient in ten-thousandths."""
        return ("rate", r.randint(5, 80)) if r.random() < 0.2 else ("fixed", max(cents, 0))

    # ---- text

    @staticmethod
    def cell_text(cell):
        return f"{euros(cell[1])} %" + " de qf" if cell[0] == "rate" else f"{euros(cell[1])} €"

    @staticmethod
    def condition_text(condition):
        kind, value = condition
        if kind == "resident":
            return "résident" if value else "non résident"
        return f"rang ≥ {value}" if kind == "rang" else f"qf < {euros(value)}"

    def row_title(self, i):
        low = self.rows[i - 1][0] if i else None
        high = self.rows[i][0]
        if low is None:
            return f"moins de {euros(high)}"
        return f"{euros(low)} et plus" if high is None else f"de {euros(low)} à moins de {euros(high)}"

    def text(self, properties):
        out = ["entrée qf : quotient de 0 à 2 000", "  non communiqué : non prévu", "entrée résident : oui_non",
               "entrée rang : entier de 1 à 6", "tarif t en € par repas"]
        if self.two:
            for name, column in (("prix_habitant", 1), ("prix_extérieur", 2)):
                out.append(f"  soit {name} = barème en € par repas selon qf")
                out += [f"    {self.row_title(i)} : {self.cell_text(row[column])}" for i, row in enumerate(self.rows)]
                out.append("  fin")
            out += ["  prix selon résident", "    oui : prix_habitant", "    non : prix_extérieur", "  fin"]
        else:
            out.append("  prix selon qf")
            out += [f"    {self.row_title(i)} : {self.cell_text(row[1])}" for i, row in enumerate(self.rows)]
            out.append("  fin")
        for i, (condition, price) in enumerate(self.exceptions):
            out.append(f"  exception e{i} si {self.condition_text(condition)} : {euros(price)} €")
            if i + 1 < len(self.exceptions):
                out.append(f"    l'emporte sur e{i + 1}")
        for rate, condition in self.steps:
            out.append(f"  puis réduction de {rate} % du prix obtenu si {self.condition_text(condition)}")
        if self.floor is not None:
            out.append(f"  puis plancher {euros(self.floor)} €")
        out += ["  puis arrondi au centime le plus proche", "fin"]
        for i, one in enumerate(properties):
            out += [f"propriété « {i} »", f"  {one.text()}", "fin"]
        return "\n".join(out) + "\n"

    # ---- Z3

    @staticmethod
    def cell_term(cell, q):
        # A rate of n hundredths of a percent: n / 10 000 of the cents, in ten-thousandths of a cent.
        return f"(* {cell[1]} {q})" if cell[0] == "rate" else str(cell[1] * UNIT)

    def table_term(self, column, q):
        term = self.cell_term(self.rows[-1][column], q)
        for row in reversed(self.rows[:-1]):
            term = f"(ite (< {q} {row[0]}) {self.cell_term(row[column], q)} {term})"
        return term

    @staticmethod
    def condition_term(condition, q, resident, rang):
        kind, value = condition
        if kind == "resident":
            return resident if value else f"(not {resident})"
        return f"(>= {rang} {value})" if kind == "rang" else f"(< {q} {value})"

    def price_term(self, q, resident, rang):
        """The price in cents, once rounded."""
        term = self.table_term(1, q)
        if self.two:
            term = f"(ite {resident} {term} {self.table_term(2, q)})"
        for condition, price in reversed(self.exceptions):
            term = f"(ite {self.condition_term(condition, q, resident, rang)} {price * UNIT} {term})"
        scale = UNIT
        for rate, condition in self.steps:
            scale *= 100
            holds = self.condition_term(condition, q, resident, rang)
            term = f"(let ((p {term})) (ite {holds} (* {100 - rate} p) (* 100 p)))"
        if self.floor is not None:
            term = f"(let ((p {term})) (ite (< p {self.floor * scale}) {self.floor * scale} p))"
        return f"(div (+ {term} {scale // 2}) {scale})"


class Bounds:
    def __init__(self, r):
        self.low = r.choice([0, r.randint(0, 150)])
        self.high = r.randint(300, 1800)

    def text(self):
        return f"t est toujours de {euros(self.low)} € à {euros(self.high)} €"

    def violated(self):
        return f"(or (< (price q r k) {self.low}) (> (price q r k) {self.high}))"


class Direction:
    def __init__(self, r):
        self.falls = r.random() < 0.7

    def text(self):
        return f"t {'ne baisse' if self.falls else chr(110) + chr(39) + 'augmente'} jamais quand qf augmente"

    def violated(self):
        return f"(and (< q q2) ({'>' if self.falls else '<'} (price q r k) (price q2 r k)))"


class Slope:
    def __init__(self, r):
        self.limit = r.randint(20, 400)
        self.distance = r.choice([1, 100, 1000, 10000])

    def text(self):
        return (f"t n'augmente jamais de plus de {euros(self.limit)} € "
                f"quand qf augmente de {euros(self.distance)}")

    def violated(self):
        return (f"(and (< q q2) (<= q2 (+ q {self.distance})) "
                f"(> (- (price q2 r k) (price q r k)) {self.limit}))")


class Residents:
    def __init__(self, r):
        pass

    def text(self):
        return "t avec résident = oui ≤ t avec résident = non"

    def violated(self):
        return "(> (price q true k) (price q false k))"


def ask_z3(tariff, properties):
    script = [f"(define-fun price ((q Int) (r Bool) (k Int)) Int {tariff.price_term('q', 'r', 'k')})",
              "(declare-const q Int) (declare-const q2 Int) (declare-const r Bool) (declare-const k Int)",
              f"(assert (and (<= 0 q {TOP}) (<= 0 q2 {TOP}) (<= 1 k 6)))"]
    for one in properties:
        script += ["(push)", f"(assert {one.violated()})", "(check-sat)", "(pop)"]
    done = subprocess.run(["z3", "-in", "-t:20000"], input="\n".join(script), capture_output=True, text=True)
    answers = done.stdout.split("\n")[:len(properties)]
    if any(a not in ("sat", "unsat", "unknown", "timeout") for a in answers):
        sys.exit(f"z3: {done.stdout}{done.stderr}")
    return answers


def ask_delib(text, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run(["delib", "verifier", "--json", path], capture_output=True, text=True)
    report = json.loads(done.stdout)["fichiers"][0]
    return [p["verdict"] for p in report["propriétés"]], report


random_source = random.Random(seed)
agreed = proved = refuted = undecided = unknown = 0
faults = []
with tempfile.TemporaryDirectory() as work:
    for n in range(programs):
        tariff = Tariff(random_source)
        properties = [kind(random_source) for kind in (Bounds, Bounds, Direction, Slope, Residents)]
        text = tariff.text(properties)
        verdicts, report = ask_delib(text, os.path.join(work, "t.delib"))
        if len(verdicts) != len(properties):
            faults.append(f"program {n}: {json.dumps(report['diagnostics'], ensure_ascii=False)}\n{text}")
            continue
        for one, ours, theirs in zip(properties, verdicts, ask_z3(tariff, properties)):
            if theirs not in ("sat", "unsat"):
                unknown += 1
            elif ours == "non démontrée":
                undecided += 1
            elif (ours == "démontrée") != (theirs == "unsat"):
                faults.append(f"program {n}: {one.text()}: {ours}, z3 says {theirs}\n{text}")
            else:
                agreed += 1
                proved += ours == "démontrée"
                refuted += ours == "réfutée"

print(f"# seed {seed}: {agreed} verdicts agree with Z3 ({proved} proved, {refuted} refuted); "
      f"{undecided} not proved by Délib, {unknown} not decided by Z3")
for fault in faults[:5]:
    print("# " + fault.replace("\n", "\n# "))
print(f"{'not ok' if faults else 'ok'} 1 - every verdict that both give is the same")
enough = agreed >= programs * 3 and proved > programs // 2 and refuted > programs // 2
print(f"{'ok' if enough else 'not ok'} 2 - most properties are decided, both ways")
print("1..2")
sys.exit(0 if enough and not faults else 1)
