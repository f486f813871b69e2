#!/usr/bin/env python3
"""What the checks find in each tariff of the corpus: as the text has it, then once completed.

As the text has it: what we wrote for it where it is silent (« hors tranches », « non communiqué : non prévu ») is taken
away again. The table of examples/corpus/README.md is what this prints; `UPDATE=1` rewrites it.
"""
import glob, json, os, re, subprocess, sys, tempfile

FOLDER = "examples/corpus"
README = os.path.join(FOLDER, "README.md")
HEAD = "| tariff | as the text has it | once completed |\n|---|---|---|\n"


def without_column(lines):
    """A grid whose header names « hors tranches »: that column goes."""
    out, drop = [], None
    for line in lines:
        cells = line.split("|")
        if line.lstrip().startswith("|"):
            titles = [c.strip() for c in cells]
            if "hors tranches" in titles[2:]:
                drop = titles.index("hors tranches")
            if drop is not None and len(cells) > drop:
                del cells[drop]
                line = "|".join(cells)
        else:
            drop = None
        out.append(line)
    return out


def as_written(text):
    lines = [l for l in without_column(text.split("\n")) if not re.match(r"\s*\|?\s*hors tranches\s*[|:]", l)]
    return "\n".join(l for l in lines if not re.match(r"\s*non communiqué\s*:\s*non prévu\s*$", l))


def find(path):
    done = subprocess.run(["delib", "verifier", "--json", path], capture_output=True, text=True)
    return json.loads(done.stdout)["fichiers"][0]["diagnostics"]


def tell(diagnostics):
    """One cell: each code with its first family, and how many there are."""
    by_code = {}
    for d in diagnostics:
        by_code.setdefault(d["code"], []).append(d)
    parts = []
    for code in sorted(by_code):
        first = by_code[code][0]
        words = (first["effet"] or first["message"]) if code == "D201" else first["message"]
        more = f", and {len(by_code[code]) - 1} more" if len(by_code[code]) > 1 else ""
        parts.append(f"{code}: {words}{more}")
    return "; ".join(parts).replace("|", "\\|") or "nothing"


def row(path, work):
    name = os.path.basename(path)[:-len(".delib.md")]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    written = os.path.join(work, os.path.basename(path))
    with open(written, "w", encoding="utf-8") as file:
        file.write(as_written(text))
    return f"| {name} | {tell(find(written))} | {tell(find(path))} |\n"


with tempfile.TemporaryDirectory() as work:
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.delib.md")))
    table = HEAD + "".join(row(path, work) for path in paths)

with open(README, encoding="utf-8") as file:
    page = file.read()
known = re.search(re.escape(HEAD) + r"(?:\|.*\n)*", page)
if os.environ.get("UPDATE") and known:
    with open(README, "w", encoding="utf-8") as file:
        file.write(page[:known.start()] + table + page[known.end():])
same = bool(known) and known.group(0) == table
print(f"{'ok' if same else 'not ok'} 1 - the table of {README} is what the checks find")
if not same:
    print("\n".join("#   " + line for line in table.split("\n")))
gaps = len([1 for line in table.split("\n") if re.match(r"\| \S+ \| .*D20[12]", line)])
silent = len([1 for line in table.split("\n") if re.match(r"\| \S+ \| .*D203", line)])
print(f"# {len(paths)} tariffs: {gaps} with a gap, {silent} that say nothing of an unknown answer")
print(f"{'ok' if gaps > 5 and silent > 0 else 'not ok'} 2 - gaps and silences are found as written")
print("1..2")
sys.exit(0 if same else 1)
