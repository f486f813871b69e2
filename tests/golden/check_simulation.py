"""The sums of `delib simuler --json`, again, from the results of each act: `check_simulation.py S.json AVANT.csv APRES.csv
COLUMN` prints each sum that differs, and nothing when all is well. Rationals, one family at a time."""
import csv
import fractions
import json
import sys

LIMITS = [(50, "de 50 % ou plus"), (20, "de 20 à 50 %"), (5, "de 5 à 20 %"), (0, "de moins de 5 %")]
BOUNDS = [300, 450, 1700]


def number(text):
    return fractions.Fraction(text.replace(",", ".").replace("\u202f", ""))


def class_of(before, change):
    if change == 0:
        return "sans changement"
    if before == 0:
        return "payant, après la gratuité"
    return next(("hausse " if change > 0 else "baisse ") + words for limit, words in LIMITS
                if abs(change) * 100 >= before * limit)


def group_of(column, text):
    if text == "":
        return "non communiqué"
    if column != "qf":
        return text
    rank = sum(number(text) >= bound for bound in BOUNDS)
    return ["moins de 300", "de 300 à moins de 450", "de 450 à moins de 1\u202f700", "1\u202f700 et plus"][rank]


class Sums:
    def __init__(self):
        self.value = {}

    def add(self, path, amount):
        self.value[path] = self.value.get(path, 0) + amount


def expected(before_path, after_path, column):
    sums, extremes = Sums(), {}
    with open(before_path, encoding="utf-8") as f, open(after_path, encoding="utf-8") as g:
        pairs = list(zip(csv.DictReader(f, delimiter=";"), csv.DictReader(g, delimiter=";"), strict=True))
    for rank, sides in enumerate(pairs, 1):
        weight, units = number(sides[0]["familles"]), number(sides[0]["familles"]) * number(sides[0]["repas"])
        prices = [number(row["cantine"]) if row["cantine_statut"] == "calculé" else None for row in sides]
        for name, row, price in zip(("avant", "après"), sides, prices):
            sums.add(("statuts", name, row["cantine_statut"]), weight)
            if price is not None:
                sums.add(("recette_de_tous", name), price * units)
        if None in prices:
            continue
        change = prices[1] - prices[0]
        sums.add(("changements", class_of(prices[0], change)), weight)
        for key, sign in (("plus_forte_baisse", -1), ("plus_forte_hausse", 1)):
            if change * sign > 0 and change * sign > extremes.get(key, (0,))[0]:
                extremes[key] = (change * sign, rank)
        for place in ((), (group_of(column, sides[0][column]),)):
            sums.add(("familles",) + place, weight)
            for name, price in zip(("avant", "après"), prices):
                sums.add(("recette", name) + place, price * units)
            if change < 0:
                sums.add(("paient_moins",) + place, weight)
                sums.add(("économies",) + place, -change * units)
            elif change > 0:
                sums.add(("paient_plus",) + place, weight)
                sums.add(("surcoûts",) + place, change * units)
    return {key: value for key, value in sums.value.items() if value}, extremes


def told(tariff):
    sums, extremes = Sums(), {}
    for place, part in [((), tariff)] + [((g["groupe"],), g) for g in tariff["groupes"]]:
        for key in ("familles", "paient_moins", "paient_plus", "économies", "surcoûts"):
            sums.add((key,) + place, number(part[key]))
        for name, value in part["recette"].items():
            sums.add(("recette", name) + place, number(value))
    for name, value in tariff["recette_de_tous"].items():
        sums.add(("recette_de_tous", name), number(value))
    for name, value in tariff["changements"].items():
        sums.add(("changements", name), number(value))
    for side, counts in tariff["statuts"].items():
        for name, value in counts.items():
            sums.add(("statuts", side, name), number(value))
    for key in ("plus_forte_baisse", "plus_forte_hausse"):
        if tariff[key]:
            extremes[key] = (abs(number(tariff[key]["après"]) - number(tariff[key]["avant"])), tariff[key]["famille"])
    return {key: value for key, value in sums.value.items() if value}, extremes


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        tariff = json.load(f)["tarifs"][0]
    got, wanted = told(tariff), expected(*sys.argv[2:5])
    for mine, other in zip(got, wanted):
        for key in sorted(set(mine) | set(other), key=str):
            if mine.get(key) != other.get(key):
                print(key, "told", mine.get(key), "computed", other.get(key))


main()
