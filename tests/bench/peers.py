#!/usr/bin/env python3
"""The workload « portail » in other engines, beside Délib: ns for the three tariffs of one family in a warm process,
seconds CSV to CSV, and how many prices are not those of exact rationals (portail_oracle.py).

usage: peers.py BUILD [FAMILIES]       (make bench-peers)

What npm or Debian does not install is skipped, and why is said. The slow ones are given fewer families.
"""
import re, shutil

from common import *

families = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
SLOW = min(families, 2000)
folder = os.path.join(work, "peers")

# name, what to install with npm, program, families, whether it has a figure for one family
PEERS = (
    ("JavaScript, V8", None, ("node", "portail.mjs"), families),
    ("LuaJIT", None, ("luajit", "portail.lua"), families),
    ("Lua", None, ("lua5.4", "portail.lua"), families),
    ("DuckDB (2 threads)", ("@duckdb/node-api",), ("node", "duckdb.mjs"), families),
    ("GoRules ZEN", ("@gorules/zen-engine",), ("node", "zen.mjs"), SLOW),
    ("Publicodes", ("publicodes", "yaml"), ("node", "publicodes.mjs"), SLOW),
)


def install(packages):
    """None, or why it cannot be."""
    if not packages:
        return None
    if not shutil.which("npm"):
        return "npm is not installed"
    done = subprocess.run(("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder) + packages,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = done.stderr.strip().splitlines()
    return None if done.returncode == 0 else "npm: " + (said[-1] if said else "failed")


def wrong(name, expected, count):
    """Prices that differ from the exact ones, in so many families."""
    bad = 0
    with open(path(name)) as a, open(path(expected)) as b:
        for ours, exact in zip(a.read().splitlines()[1:count + 1], b.read().splitlines()[1:count + 1]):
            bad += sum(x != y for x, y in zip(ours.split(","), exact.split(",")))
    return bad


def peer(name, packages, command, count):
    program = shutil.which(command[0])
    why = "%s is not installed" % command[0] if not program else install(packages)
    if why:
        print("%-24s skipped: %s" % (name, why), flush=True)
        return
    start = time.perf_counter()
    done = subprocess.run((program, os.path.join(folder, command[1]), path(source), path("peer.csv"), str(count)),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    spent = time.perf_counter() - start
    if done.returncode:
        print("%-24s skipped: %s" % (name, (done.stderr.strip().splitlines() or ["failed"])[-1]), flush=True)
        return
    tell(name, re.search(r"ns=([\d.]*)", done.stdout)[1], spent, count, wrong("peer.csv", "exact.csv", count))


def tell(name, ns, spent, count, bad):
    print("%-24s %12s %12.3f %10d %10d" % (name, ns or "–", spent, count, bad), flush=True)


source = families_csv(families)
shutil.copytree("tests/bench/peers", folder, dirs_exist_ok=True)
run(sys.executable, "tests/bench/portail_oracle.py", path(source), path("exact.csv"))
print("%-24s %12s %12s %10s %10s" % ("", "ns/family", "CSV-CSV s", "families", "wrong"))
timed(*lot(source, "peer.csv", 1, "--montants-seuls"))
one = re.search(r"one=([\d.]+)", run(BENCH, "lat", path(source), "10000"))[1]
tell("Délib", one, min(timed(*lot(source, "peer.csv", 1, "--montants-seuls")) for _ in range(3)), families, wrong("peer.csv", "exact.csv", families))
theirs = re.search(r"three=([\d.]+)", run(PORTAIL, "lat", path(source), "10000"))[1]
tell("hand-written C", theirs, min(timed(PORTAIL, "batch", path(source), path("peer.csv")) for _ in range(3)), families,
     wrong("peer.csv", "exact.csv", families))
for row in PEERS:
    peer(*row)
