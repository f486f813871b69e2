"""How time of processor grows: with the rows of a table, the tariffs of a file, the families of a batch, the threads. A table in
BUILD/bench/growth.txt, the same as curves on two logarithmic axes in BUILD/bench/growth.svg."""
import math, re

from common import *

COLOURS = ("#1f5fa8", "#7aa6d6", "#a8481f", "#d08a5f", "#2c7a3f", "#7b3fa0", "#666666")


def many_tariffs(count, rows):
    """An act of so many tariffs, each a table of so many rows of 100 €."""
    text = ['délibération "bench" du 1er juin 2026', '  applicable du 1er septembre 2026 au 31 août 2027', "fin", "",
            "entrée qf : quotient de 0 à 20 000 000 « quotient familial »"]
    for t in range(count):
        text += ["", "tarif t%d en € par repas" % t, "  prix selon qf", "    moins de 100 : 1,00 €"]
        text += ["    de %d à moins de %d : %d,%02d €" % (100 * r, 100 * r + 100, 1 + r // 100, r % 100) for r in range(1, rows - 1)]
        text += ["    à partir de %d : 9999,00 €" % (100 * (rows - 1)), "    non communiqué : 99,00 €", "  fin", "fin tarif"]
    with open(path("many.delib"), "w") as f:
        f.write("\n".join(text) + "\n")
    return path("many.delib")


def best(*command):
    """Seconds of processor."""
    return min(spent(*command)[1] for _ in range(3))


def prepare(act):
    """Reads, checks and plans an act, for one family."""
    with open(path("one.csv"), "w") as f:
        f.write("qf\n622.50\n")
    return best(DELIB, "calculer", act, "--date", "2026-10-01", "--lot", path("one.csv"), "--sortie", path("o.csv"), "--fils", "1")


def rows_of_a_table(curves):
    for n in (10, 100, 1000, 10000, 100000):
        act = many_tariffs(1, n)
        figures = dict(re.findall(r"(\w+)=([\d.]+)", run(BENCH, "table", act, str(100 * n))))
        curves["rows of a table: verifier, s"].append((n, best(DELIB, "verifier", act)))
        curves["rows of a table: check, plan and one family, s"].append((n, prepare(act)))
        curves["rows of a table: one family, s"].append((n, float(figures["one"]) / 1e9))
        curves["rows of a table: by columns, per family, s"].append((n, float(figures["columns"]) / 1e9))


def tariffs_of_a_file(curves):
    for n in (1, 10, 100, 1000):
        act = many_tariffs(n, 10)
        curves["tariffs of a file: verifier, s"].append((n, best(DELIB, "verifier", act)))
        curves["tariffs of a file: check, plan and one family, s"].append((n, prepare(act)))


def families_of_a_batch(curves):
    for n in (1000, 10000, 100000, 1000000, 10000000):
        run(GEN, str(n), SEED, path("grow.csv"), "-")
        curves["families: CSV to CSV, s"].append((n, spent(*lot("grow.csv", "grow-out.csv", 1, "--montants-seuls"))[1]))
        os.remove(path("grow-out.csv"))
    os.remove(path("grow.csv"))


def threads_of_a_batch(curves, families):
    source = families_csv(families)
    for n in (1, 2):
        clock = min(timed(*lot(source, "grow-out.csv", n, "--montants-seuls")) for _ in range(5))
        curves["threads: %d families, s on the clock" % families].append((n, clock))


def table(curves):
    out = []
    for name, points in curves.items():
        out.append(name)
        for (n, s), (m, t) in zip(points, points[:1] + points):
            growth = "" if n == m else "  × %.1f for × %d" % (s / t, n // m)
            out.append("%10d  %.3g%s" % (n, s, growth))
        out.append("")
    return "\n".join(out)


def svg(curves):
    x = lambda n: 60 + 80 * math.log10(n)
    y = lambda s: 320 - 28 * (math.log10(s) + 9)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="370" font-family="sans-serif" font-size="12">',
           '<rect width="1000" height="370" fill="white"/>']
    for k in range(8):
        out.append('<line x1="%g" y1="40" x2="%g" y2="325" stroke="#ddd"/><text x="%g" y="345">10^%d</text>' % (x(10 ** k), x(10 ** k), x(10 ** k) - 8, k))
    for k in range(-9, 2):
        out.append('<line x1="60" y1="%g" x2="630" y2="%g" stroke="#ddd"/><text x="8" y="%g">10^%d s</text>' % (y(10.0 ** k), y(10.0 ** k), y(10.0 ** k) + 4, k))
    for place, (name, points) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        dash = ' stroke-dasharray="5 3"' if place >= len(COLOURS) else ""
        xy = " ".join("%.1f,%.1f" % (x(n), y(s)) for n, s in points)
        out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>' % (xy, colour, dash))
        out.append('<text x="645" y="%d" fill="%s">%s</text>' % (60 + 20 * place, colour, name))
    return "\n".join(out) + "\n</svg>\n"


def measure(families):
    curves = {}
    for name in ("rows of a table: verifier, s", "rows of a table: check, plan and one family, s", "rows of a table: one family, s",
                 "rows of a table: by columns, per family, s", "tariffs of a file: verifier, s",
                 "tariffs of a file: check, plan and one family, s", "families: CSV to CSV, s", "threads: %d families, s on the clock" % families):
        curves[name] = []
    rows_of_a_table(curves)
    tariffs_of_a_file(curves)
    families_of_a_batch(curves)
    threads_of_a_batch(curves, families)
    with open(path("growth.txt"), "w") as f:
        f.write(table(curves))
    with open(path("growth.svg"), "w") as f:
        f.write(svg(curves))
    print("\nGrowth (also %s, %s)\n%s" % (path("growth.txt"), path("growth.svg"), table(curves)), end="")
