#!/usr/bin/env python3
"""The workload « portail », Délib and the hand-written C in turn: ratios, minimum - median - maximum.

usage: run.py BUILD [FAMILIES [TURNS]]       (make bench)

Sums and SHA-256 are checked; a figure whose result is not exact is not printed. Growth curves go to BUILD/bench/ as a
table and an SVG. No target is asserted: machines differ, ratios of one run count.
"""
import hashlib, os, re, statistics, subprocess, sys, time

build = os.path.abspath(sys.argv[1])
families = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
turns = int(sys.argv[3]) if len(sys.argv) > 3 else 7
work = os.path.join(build, "bench")
DELIB, PORTAIL, BENCH, GEN = (os.path.join(*p) for p in
                              [(build, "delib"), (work, "portail"), (work, "bench"), (work, "portail_gen")])
ACT = "tests/bench/portail.delib"
SHA = "e1991af736d24b9985addc4fd22a89ef60e404b2e7c4e069bd5aff7239225f0c"
SUMS = "403390660,617243074,238652385"
os.makedirs(work, exist_ok=True)
path = lambda name: os.path.join(work, name)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True).stdout


def timed(*command):
    """Seconds of one process."""
    start = time.perf_counter()
    child = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    spent = time.perf_counter() - start
    if child.returncode:
        sys.exit("%s: status %d" % (" ".join(command), child.returncode))
    return spent


def peak(*command):
    """Peak MiB; from a small parent, since a child counts the memory of the process that it is forked from."""
    if not os.path.exists("/usr/bin/time"):
        return float("nan")
    said = subprocess.run(("/usr/bin/time", "-f", "%M") + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return float(said.stderr.split()[-1]) / 1024


def sha(name):
    with open(path(name), "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(f.read()).hexdigest()


def spread(values, form="%.2f"):
    return " - ".join(form % v for v in (min(values), statistics.median(values), max(values)))


def line(what, ours, theirs, unit, form="%.3f"):
    ratios = [a / b for a, b in zip(ours, theirs)] if theirs else []
    print("%-46s %-26s %-26s %s" % (what, spread(ours, form) + " " + unit, spread(theirs, form) + " " + unit if theirs else "",
                                    spread(ratios) if theirs else ""))


def lot(source, target, threads, *more):
    return (DELIB, "calculer", ACT, "--date", "2026-10-01", "--lot", path(source), "--sortie", path(target), "--fils", str(threads),
            "--garder", "id") + more


print("Workload « portail », %d families, %d turns; minimum - median - maximum" % (families, turns))
print("%-46s %-26s %-26s %s" % ("", "Délib", "hand-written C", "ratio"))
if not os.path.exists(path("p%d.csv" % families)):
    run(GEN, str(families), "20260901", path("p%d.csv" % families), path("p%d.ndjson" % families))
csv = "p%d.csv" % families

one, columns, c_one, c_columns = [], [], [], []
for _ in range(turns):
    ours, theirs = run(BENCH, "lat", path(csv), "10000"), run(PORTAIL, "lat", path(csv), "10000")
    sums = re.findall(r"sums=([\d,]+)", ours + theirs)
    if len(set(sums)) != 1 or "same" not in ours:
        sys.exit("sums differ: %s" % sums)
    one.append(float(re.search(r"one=([\d.]+)", ours)[1]))
    columns.append(float(re.search(r"columns=([\d.]+)", ours)[1]))
    both = re.findall(r"three=([\d.]+)", theirs)
    c_one.append(float(both[0]))
    c_columns.append(float(both[1]))
line("three tariffs, one family, typed inputs", one, c_one, "ns")
line("the same by columns", columns, c_columns, "ns")

session = [re.findall(r"=(\d+)", run(BENCH, "session", path(csv), "2000")) for _ in range(3)]
line("through a session, three tariffs", [float(s[0]) / 1000 for s in session], [], "µs")
line("the same with the full trace", [float(s[1]) / 1000 for s in session], [], "µs")

for threads, mode in ((1, "batch"), (2, "batch2")):
    ours, theirs = [], []
    for _ in range(turns):
        ours.append(timed(*lot(csv, "delib.csv", threads, "--montants-seuls")))
        theirs.append(timed(PORTAIL, mode, path(csv), path("c.csv")))
    if sha("delib.csv") != sha("c.csv") or (families == 1000000 and sha("delib.csv") != SHA):
        sys.exit("the results differ")
    line("CSV to CSV, %d thread%s" % (threads, "s" if threads > 1 else ""), ours, theirs, "s")
    line("  peak memory", [peak(*lot(csv, "delib.csv", threads, "--montants-seuls"))],
         [peak(PORTAIL, mode, path(csv), path("c.csv"))], "MiB", "%.1f")
line("CSV to CSV with statuses and reasons, 1 thread", [timed(*lot(csv, "delib.csv", 1)) for _ in range(3)], [], "s")
line("NDJSON to CSV, 1 thread", [timed(*lot(csv.replace("csv", "ndjson"), "delib.csv", 1, "--montants-seuls")) for _ in range(3)],
     [], "s")
if families == 1000000 and sha("delib.csv") != SHA:
    sys.exit("the results of NDJSON differ")

row = open(path(csv)).read(400).split("\n")
given = ["%s=%s" % pair for pair in zip(row[0].split(",")[1:], row[1].split(",")[1:])]
single = [DELIB, "calculer", ACT, "--date", "2026-10-01", "--tarif", "cantine"] + [w for g in given for w in ("--avec", g)]
cold, c_cold = [], []
for _ in range(20 * turns):
    cold.append(1000 * timed(*single))
    c_cold.append(1000 * timed(PORTAIL, "one", row[1]))
line("cold start: read, check, compute one family", cold, c_cold, "ms")
line("  peak memory", [peak(*single)], [peak(PORTAIL, "one", row[1])], "MiB", "%.1f")

# ---- growth


def many_tariffs(count, rows):
    text = ['délibération "bench" du 1er juin 2026', '  applicable du 1er septembre 2026 au 31 août 2027', "fin", "",
            "entrée qf : quotient « quotient familial »"]
    for t in range(count):
        text += ["", "tarif t%d en € par repas" % t, "  prix selon qf", "    moins de 100 : 1,00 €"]
        text += ["    de %d à moins de %d : %d,%02d €" % (100 * r, 100 * r + 100, 1 + r // 100, r % 100) for r in range(1, rows - 1)]
        text += ["    à partir de %d : 99,00 €" % (100 * (rows - 1)), "    non communiqué : 99,00 €", "  fin", "fin tarif"]
    with open(path("many.delib"), "w") as f:
        f.write("\n".join(text) + "\n")
    return path("many.delib")


line("verifier, 300 tariffs of ten rows", [timed(DELIB, "verifier", many_tariffs(300, 10)) for _ in range(turns)], [], "s")

curves = {"rows of a table: verifier, s": [(n, timed(DELIB, "verifier", many_tariffs(1, n))) for n in (10, 100, 1000, 10000)],
          "tariffs of a file: verifier, s": [(n, timed(DELIB, "verifier", many_tariffs(n, 10))) for n in (1, 10, 100, 1000)],
          "families: CSV to CSV, s": []}
for n in (1000, 10000, 100000, 1000000, 10000000):
    if n <= max(families, 100000):
        run(GEN, str(n), "20260901", path("grow.csv"), "-")
        curves["families: CSV to CSV, s"].append((n, timed(*lot("grow.csv", "delib.csv", 1, "--montants-seuls"))))
with open(path("growth.txt"), "w") as f:
    for name, points in curves.items():
        f.write("%s\n%s\n" % (name, "".join("%10d  %.4f\n" % p for p in points)))


def svg():
    import math
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400" font-family="sans-serif" font-size="12">',
           '<rect width="640" height="400" fill="white"/>']
    for k in range(0, 8):
        out.append('<text x="%d" y="390">1e%d</text>' % (60 + 75 * k, k))
    for k in range(-3, 2):
        out.append('<text x="5" y="%d">1e%d s</text>' % (300 - 75 * k, k) if k > -4 else "")
    for (name, points), colour, place in zip(curves.items(), ("#1f5fa8", "#a8481f", "#2c7a3f"), range(3)):
        xy = " ".join("%.1f,%.1f" % (60 + 75 * math.log10(n), 300 - 75 * math.log10(s)) for n, s in points)
        out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (xy, colour))
        out.append('<text x="60" y="%d" fill="%s">%s</text>' % (20 + 16 * place, colour, name))
    return "\n".join(out) + "\n</svg>\n"


with open(path("growth.svg"), "w") as f:
    f.write(svg().replace('y="525"', 'y="385"'))
print("growth: %s, %s" % (path("growth.txt"), path("growth.svg")))
print(open(path("growth.txt")).read(), end="")
