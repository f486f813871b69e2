#!/bin/sh
# `delib simuler`: every sum of the report is that of a program in Python, family by family, from what `calculer --lot`
# says of each act; what cannot be simulated is told, and nothing is left behind.
. tests/tap.sh

top=$PWD
act=$top/examples/cantine/cantine.delib.md
work=$(mktemp -d "${TMPDIR:-/tmp}/delib-essai-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir temporaire
export TMPDIR="$work/temporaire"

sed 's/moins de 300            : 0,80/moins de 300            : 0,55/; s/à partir de 1 700       : 5,60/à partir de 1 700       : 5,80/
     s/extérieur si non résident : 6,90/extérieur si non résident : 7,10/' "$act" >apres.delib.md
cp "$act" avant.delib.md

# refused NAME STATUS WORDS OPTIONS…
refused() {
    name=$1 wanted=$2 words=$3
    shift 3
    delib simuler "$@" >out 2>err
    got=$?
    if [ $got = "$wanted" ] && grep -qF -e "$words" err; then
        pass "$name"
    else
        fail "$name" "status $got, $(cat err)"
    fi
}

# ---- The same sums as another program
python3 - >p.csv <<'X'
import random
random.seed(20261124)
print("id;usager;résident;rang_enfant;qf;sans_emploi;familles;repas;quartier")
for i in range(4000):
    qf = random.choice(["", str(random.randrange(0, 2600)), "300", "450", "1700", "299", "1699"])
    print(";".join([str(i), random.choice(["enfant"] * 5 + ["adulte"]), random.choice(["oui", "oui", "non"]),
                    str(random.randrange(1, 5)), qf, random.choice(["oui", "non"]), str(random.randrange(0, 6)),
                    random.choice(["0", "12,5", "140", "36"]), random.choice(["Centre", "Les Prés", "Gare", ""])]))
X
for side in avant apres; do
    delib calculer $side.delib.md --date 2026-09-01 --lot p.csv --sortie $side.csv --garder familles,repas,qf,quartier \
        --ignorer id 2>>said
done
for by in qf quartier; do
    delib simuler apres.delib.md --avant avant.delib.md --population p.csv --ignorer "$([ $by = qf ] && echo id,quartier || echo id)" \
        --poids familles --quantite repas --selon $by --json >simulation.json 2>>said
    none "no fault, by $by" "$([ $? = 0 ] || cat said)"
    none "sums, by $by" "$(python3 "$top/tests/golden/check_simulation.py" simulation.json avant.csv apres.csv $by)"
done
delib simuler apres.delib.md --population p.csv --ignorer id,quartier --poids familles --quantite repas --json >seul.json
none "one act alone: the receipts of the act" "$(python3 - <<'X'
import json
alone, both = (json.load(open(f))["tarifs"][0] for f in ("seul.json", "simulation.json"))
print("" if alone["recette_de_tous"]["après"] == both["recette_de_tous"]["après"] else alone, end="")
X
)"

# ---- The same population in NDJSON
python3 - <<'X'
import csv, json
with open("p.csv", encoding="utf-8") as f, open("p.ndjson", "w", encoding="utf-8") as out:
    for row in csv.DictReader(f, delimiter=";"):
        row["résident"], row["sans_emploi"] = row["résident"] == "oui", row["sans_emploi"] == "oui"
        row["rang_enfant"] = int(row["rang_enfant"])
        row["qf"] = row["qf"] or None
        row["repas"] = row["repas"].replace(",", ".")
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
X
delib simuler apres.delib.md --avant avant.delib.md --population p.ndjson --ignorer id --poids familles --quantite repas \
    --selon quartier --json 2>>said | sed 's/p.ndjson/p.csv/' >ndjson.json
none "NDJSON gives the same" "$(cmp simulation.json ndjson.json 2>&1)"

# ---- Pages
for form in html markdown; do
    delib simuler apres.delib.md --avant avant.delib.md --population p.csv --ignorer id --quantite repas --poids familles \
        --selon quartier --$form >page.$form
done
none "the page is a page" "$(python3 "$top/tests/golden/check_page.py" page.html)"
succeeds "with its charts" grep -q '<svg class="graphique"' page.html
succeeds "Markdown has the numbers of the charts" grep -qE '^\| Gare \| .*€ \| .*€ \|' page.markdown

# ---- An act that has a tariff less, one more, other data
printf 'entrée qf : quotient\ntarif cantine en € par repas\n  prix selon qf\n    moins de 500 : 1 €\n    500 et plus : 2 €\n    non communiqué : 2 €\n  fin\nfin\n' >a.delib
printf 'entrée qf : quotient\nentrée commune : oui_non\ntarif cantine en € par repas\n  prix 1,50 €\n  exception x si non commune : 3 €\nfin\ntarif garderie en € par heure\n  prix 0,40 €\nfin\n' >b.delib
printf 'qf,commune\n400,oui\n900,oui\n,non\n' >petit.csv
delib simuler b.delib --avant a.delib --population petit.csv >out 2>err
none "data of one act only are no fault" "$(cat err)"
succeeds "the new tariff is told" grep -q "Ce tarif n'est pas dans l'acte d'avant" out
succeeds "prices that rise from 1 to 1,50 €" grep -qE 'Recette +5,00 € +6,00 € +\+1,00 € +\+20,0 %' out
delib simuler a.delib --avant b.delib --population petit.csv >out 2>err
succeeds "the tariff that is dropped is told" grep -q "L'acte d'après n'a plus ce tarif" out

# ---- At fault
printf 'qf,commune\n400,oui\ndouze,oui\n' >faux.csv
refused "a cell that cannot be read: told, counted, and the others are simulated" 1 'faux.csv:3:1' b.delib --avant a.delib \
    --population faux.csv
printf 'qf,commune,n\n400,oui,2\n500,oui,-1\n600,oui,x\n' >faux.csv
refused "a quantity that is no quantity" 1 'famille n° 2 : colonne « n »' b.delib --population faux.csv --quantite n
succeeds "the others are simulated" grep -q '2 familles ne sont pas comptées' out
refused "a column that no act knows" 1 '« n »' b.delib --avant a.delib --population faux.csv
refused "a column that is not there" 1 'le fichier n'"'"'a pas de colonne « m »' b.delib --population faux.csv --quantite m
refused "no population" 2 'il manque --population' b.delib
refused "a population that is not there" 1 'il n'"'"'existe pas' b.delib --population absent.csv
refused "stdin" 2 'donnez un fichier' b.delib --population -
refused "two forms" 2 'une seule forme' b.delib --population petit.csv --html --json
refused "bounds without groups" 2 '--bornes ne va' b.delib --population petit.csv --bornes 3
refused "bounds that are no numbers" 2 'des nombres séparés' b.delib --population petit.csv --selon qf --bornes '3;x'
refused "no bound is known" 1 'donnez les bornes' b.delib --population petit.csv --selon qf
refused "a tariff that is not there" 1 'vouliez-vous dire « garderie »' b.delib --population petit.csv --tarif garderi
refused "an act at fault" 1 'erreur[' <<'X' a.delib --avant faux.csv --population petit.csv
X
python3 -c 'print("qf,commune,quartier")
for i in range(70): print("1,oui,q%d" % i)' >beaucoup.csv
refused "too many groups" 1 'trop de valeurs' b.delib --population beaucoup.csv --selon quartier
none "nothing is left in the temporary folder" "$(ls temporaire)"
TMPDIR=$work/absent refused "no temporary folder" 1 'dossier temporaire' b.delib --population petit.csv

tap_end
