#!/usr/bin/env python3
"""The workload « portail », Délib and the hand-written C in turn: ratios, minimum - median - maximum.

usage: run.py BUILD [FAMILIES [TURNS]]       (make bench)

Sums and SHA-256 are checked; a figure whose result is not exact is not printed. Then micro-benchmarks of numbers and
growth curves (growth.py). No target is asserted: machines differ, ratios of one run count.
"""
import re, sys

from common import *
import growth

families = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
turns = int(sys.argv[3]) if len(sys.argv) > 3 else 7
SHA = "e1991af736d24b9985addc4fd22a89ef60e404b2e7c4e069bd5aff7239225f0c"  # of the result of a million families

print("Workload « portail », %d families, %d turns; minimum - median - maximum" % (families, turns))
print("%-46s %-26s %-26s %s" % ("", "Délib", "hand-written C", "ratio"))
csv = families_csv(families)

# ---- In a warm process
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

session = [dict(re.findall(r"(\w+)=(\d+)", run(BENCH, "session", path(csv), "2000"))) for _ in range(turns)]
for key, what in (("bind", "session: nine inputs bound by name"), ("plain", "  and three tariffs, without trace"),
                  ("trace", "  and with the full trace"), ("read", "  and every text of the trace read")):
    line(what, [float(s[key]) / 1000 for s in session], unit="µs")
texts = [dict(re.findall(r"(\w+)=(\d+)", run(BENCH_JSON, "2000"))) for _ in range(turns)]
for key, what in (("plain", "JSON to JSON, one tariff, no explanation"), ("full", "  with its explanation"),
                  ("jansson", "  jansson alone, the same text read and written")):
    line(what, [float(t[key]) / 1000 for t in texts], unit="µs")

# ---- Files
for threads, mode in ((1, "batch"), (2, "batch2")):
    ours, theirs = [], []
    for _ in range(turns):
        ours.append(spent(*lot(csv, "delib.csv", threads, "--montants-seuls")))
        theirs.append(spent(PORTAIL, mode, path(csv), path("c.csv")))
    if sha("delib.csv") != sha("c.csv") or (families == 1000000 and sha("delib.csv") != SHA):
        sys.exit("the results differ")
    for k, what in enumerate(("CSV to CSV, %d thread%s" % (threads, "s" if threads > 1 else ""), "  of processor")):
        line(what, [s[k] for s in ours], [s[k] for s in theirs], "s")
    line("  peak memory", [peak(*lot(csv, "delib.csv", threads, "--montants-seuls"))],
         [peak(PORTAIL, mode, path(csv), path("c.csv"))], "MiB", "%.1f")
line("CSV to CSV with statuses and reasons, 1 thread", [timed(*lot(csv, "delib.csv", 1)) for _ in range(3)], unit="s")
line("NDJSON to CSV, 1 thread",
     [timed(*lot(csv.replace("csv", "ndjson"), "delib.csv", 1, "--montants-seuls")) for _ in range(3)], unit="s")
if sha("delib.csv") != sha("c.csv"):
    sys.exit("the results of NDJSON differ")

# ---- Cold
row = open(path(csv)).read(400).split("\n")
given = ["%s=%s" % pair for pair in zip(row[0].split(",")[1:], row[1].split(",")[1:])]
single = [DELIB, "calculer", ACT, "--date", "2026-10-01", "--tarif", "cantine"] + [w for g in given for w in ("--avec", g)]
cold, c_cold = [], []
for _ in range(20 * turns):
    cold.append(1000 * timed(*single))
    c_cold.append(1000 * timed(PORTAIL, "one", row[1]))
line("cold start: read, check, compute one family", cold, c_cold, "ms")
line("  peak memory", [peak(*single)], [peak(PORTAIL, "one", row[1])], "MiB", "%.1f")
line("verifier, 300 tariffs of ten rows", [timed(DELIB, "verifier", growth.many_tariffs(300, 10)) for _ in range(turns)], unit="s")

# ---- Numbers
print("\nExact numbers, ns per operation")
for name, spent in re.findall(r"(\w+)=([\d.]+)", run(BENCH_NUMBERS)):
    print("  %-44s %s" % (name, spent))

growth.measure(families)
