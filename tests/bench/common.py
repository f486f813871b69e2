"""What run.py, growth.py and peers.py share: where the programs are, and how they are timed."""
import hashlib, os, statistics, subprocess, sys, time

build = os.path.abspath(sys.argv[1])
work = os.path.join(build, "bench")
DELIB = os.path.join(build, "delib")
PORTAIL, GEN, BENCH, BENCH_JSON, BENCH_NUMBERS = (os.path.join(work, p)
                                                  for p in ("portail", "portail_gen", "bench", "bench_json", "bench_numbers"))
ACT = "tests/bench/portail.delib"
SEED = "20260901"
os.makedirs(work, exist_ok=True)


def path(name):
    return os.path.join(work, name)


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True, **more).stdout


def timed(*command, **more):
    """Seconds of one process."""
    start = time.perf_counter()
    child = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    spent = time.perf_counter() - start
    if child.returncode:
        sys.exit("%s: status %d" % (" ".join(command), child.returncode))
    return spent


def spent(*command):
    """Seconds on the clock and of processor of one process, its threads together."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("%s: status %d" % (" ".join(command), child.returncode))
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def peak(*command):
    """Peak MiB; from a small parent, since a child counts the memory of the process that it is forked from."""
    if not os.path.exists("/usr/bin/time"):
        return float("nan")
    said = subprocess.run(("/usr/bin/time", "-f", "%M") + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return float(said.stderr.split()[-1]) / 1024


def sha(name):
    digest = hashlib.sha256()
    with open(path(name), "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def spread(values, form="%.2f"):
    return " - ".join(form % v for v in (min(values), statistics.median(values), max(values)))


def line(what, ours, theirs=(), unit="", form="%.3f"):
    ratios = [a / b for a, b in zip(ours, theirs)]
    print("%-46s %-26s %-26s %s" % (what, spread(ours, form) + " " + unit, spread(theirs, form) + " " + unit if theirs else "",
                                    spread(ratios) if theirs else ""), flush=True)


def lot(source, target, threads, *more):
    return (DELIB, "calculer", ACT, "--date", "2026-10-01", "--lot", path(source), "--sortie",
            path(target) if target != "-" else "-", "--fils", str(threads), "--garder", "id") + more


def families_csv(count):
    """The file of so many families, and the same in NDJSON beside it."""
    name = "p%d.csv" % count
    if not os.path.exists(path(name)):
        run(GEN, str(count), SEED, path(name), path("p%d.ndjson" % count))
    return name
