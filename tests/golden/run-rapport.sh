#!/bin/sh
# `delib rapport`: the page of a small délibération, then what every page must be: whole, ordered, inert, alone.
# After a wanted change, `UPDATE=1 BUILD=build tests/golden/run-rapport.sh` rewrites the page: review it.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export PATH
folder=tests/golden/rapport
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# page F: writes $work/page.html, sets $status; what was said goes to $work/said.
page() {
    rm -f "$work/page.html"
    delib rapport "$@" -o "$work/page.html" >"$work/said" 2>&1
    status=$?
}

# The page without what changes by itself: the style sheet, the day, the version.
stable() {
    sed -e '/^<style>$/,/^<\/style>$/d' -e '/<dt>Rapport produit le/,/<dd>/s/<dd>[^<]*/<dd>…/' \
        -e 's/delib [0-9][0-9.]*/delib …/' -e 's/[0-9a-f]\{64\}/…/' "$1"
}

if [ ! -x "$BUILD/delib" ]; then
    fail "$BUILD/delib is built"
    tap_end
fi
page $folder/petite.delib.md
[ -z "$UPDATE" ] || stable "$work/page.html" >$folder/petite.html
none "the page of a small délibération" "$(stable "$work/page.html" | diff $folder/petite.html - 2>&1)"
none "… written with status 0, in silence" "$([ $status = 0 ] || echo "status $status"; cat "$work/said")"

none "the fingerprint of the file is that of b2sum" "$(
    grep -qF "$(b2sum -l 256 $folder/petite.delib.md | cut -d' ' -f1)" "$work/page.html" || echo "not on the page")"

page $folder/petite.delib.md --cas $folder/petite.cas.json
none "a case that fails is on the page, and is the status" "$([ $status = 1 ] || echo "status $status"
    grep -q '1 échec' "$work/said" || cat "$work/said"
    grep -q 'faux</th>' "$work/page.html" || echo "not on the page")"

# Each price of a curve's table, at both ends of its line, is what the program computes for that family.
none "the values beside the curves are those of the engine" "$(python3 - "$work/page.html" <<'FIN'
import html, re, subprocess, sys
page = html.unescape(open(sys.argv[1], encoding="utf-8").read())
plain = lambda text: re.sub("[\u00a0\u202f ]", "", text)
figures = re.findall('<figure class="courbe">(.*?)</figure>', page, re.S)
seen = 0
for figure in figures:
    caption = re.search("<figcaption>(.*?)</figcaption>", figure).group(1)
    answers = ["résident=" + ("oui" if "résident oui" in caption or "Habitez" not in caption else "non"),
               "rang=" + ("1" if "jusqu'à 1" in caption or "rang 1" in caption else "2")]
    for title, price in re.findall('<th scope="row">(.*?)</th>\n<td>(.*?)</td>', figure):
        for number in re.findall("[0-9,]+", plain(title)) or (["non communiqué"] if "non comm" in title else []):
            given = [] if number == "non communiqué" else ["--avec", "qf=" + number]
            if not given:
                continue
            got = subprocess.run(["delib", "calculer", "tests/golden/rapport/petite.delib.md", "--date", "2026-09-01"] +
                                 [x for a in answers for x in ("--avec", a)] + given, capture_output=True, text=True).stdout
            seen += 1
            if plain(got.split("€")[0]) != plain(price.split("€")[0]):
                print(caption, title, price, got)
if len(figures) < 2 or seen < 6:
    print(len(figures), "figures,", seen, "values")
FIN
)"

none "every page is whole, in order, and leads nowhere else" "$(
    for file in examples/*/*.delib* stdlib/*.delib* tests/golden/diagnostics/*.delib* $folder/*.delib*; do
        page "$file"
        [ $status -le 1 ] || echo "$file: status $status"
        python3 tests/golden/check_page.py "$work/page.html" | sed "s|^|$file: |"
    done)"

# ---- In JSON: the same findings
delib rapport $folder/petite.delib.md --cas $folder/petite.cas.json --json >"$work/rapport.json" 2>"$work/said"
status=$?
page $folder/petite.delib.md --cas $folder/petite.cas.json
none "the JSON says what the page says" "$([ $status = 1 ] || echo "status $status"
    python3 - "$work/rapport.json" "$work/page.html" $folder/petite.delib.md <<'FIN'
import hashlib, html, json, sys
told = json.load(open(sys.argv[1], encoding="utf-8"))
page = html.unescape(open(sys.argv[2], encoding="utf-8").read()).replace("\u00a0", " ")
source = open(sys.argv[3], "rb").read()
lines = source.decode().split("\n")
failed = sum(not essai["réussi"] for essai in told["essais"])
if "%d échec" % failed not in page or failed != 1:
    print("essais", failed)
for rule in told["règles"]:
    if "%s (<a href=\"#L%d\"" % (rule["règle"], rule["ligne"]) not in page:
        print("not on the page:", rule)
    if rule["citation"] and rule["citation"] not in source.decode():
        print("not in the text:", rule)
for article in told["articles"]:
    if lines[article["ligne"] - 1].lstrip("# ") != article["titre"] or article["titre"] not in page:
        print("article", article)
    if article["a_une_règle"] != any(rule["article"] == article["titre"] for rule in told["règles"]):
        print("article and rules", article)
for paragraph in told["paragraphes_sans_règle"]:
    if not paragraph["texte"].startswith(lines[paragraph["ligne"] - 1]):
        print("paragraph", paragraph)
text = told["textes"][0]
if text["octets"] != len(source) or text["empreinte"] != hashlib.blake2b(source, digest_size=32).hexdigest():
    print(text)
if told["empreinte"] not in page or not told["articles"] or not told["règles"] or not told["données"]:
    print("empty or not on the page")
FIN
)"
delib rapport $folder/petite.delib.md --json -o "$work/ecrit.json" >"$work/said" 2>&1
none "… and is written where it is asked" "$([ -s "$work/said" ] && cat "$work/said"; python3 -m json.tool "$work/ecrit.json" >"$work/lu" 2>&1 || cat "$work/lu")"
none "an act at fault has its JSON, with its faults" "$(
    for file in tests/golden/diagnostics/D2*.delib*; do
        delib rapport "$file" --json >"$work/rapport.json" 2>"$work/said"
        python3 -c 'import json, sys
told = json.load(open(sys.argv[1], encoding="utf-8"))
if int(sys.argv[2]) != (told["erreurs"] > 0): print(sys.argv[3], sys.argv[2], told["erreurs"])' \
            "$work/rapport.json" $? "$file" 2>&1 | tail -n 1
    done)"

page $folder/hostile.delib.md
none "markup in a text, a label, a name or a citation stays text" "$(
    python3 tests/golden/check_page.py "$work/page.html"
    grep -niE '<(script|img|b|i|a [^>]*href="[^#])[ >]' "$work/page.html"
    for n in 1 3 4 5 6 7 9 10 11 12 13; do
        grep -q "alert($n)" "$work/page.html" || echo "alert($n) is not shown: the text was altered"
    done)"

sed 's/de 400 à moins/de 500 à moins/' $folder/petite.delib.md >"$work/faute.delib.md"
page "$work/faute.delib.md"
if [ $status = 1 ] && grep -q 'D201' "$work/said" && [ -s "$work/page.html" ]; then
    pass "a délibération at fault has its page, and status 1"
else
    fail "a délibération at fault has its page, and status 1" "status $status
$(cat "$work/said")"
fi

delib rapport $folder/petite.delib.md >"$work/sortie.html"
none "without -o the page goes to stdout" "$(stable "$work/sortie.html" | diff $folder/petite.html - 2>&1)"

cp $folder/petite.delib.md "$work/acte.delib.md"
delib rapport "$work/acte.delib.md" -o "$work/acte.delib.md" >"$work/said" 2>&1
none "the page never replaces the délibération" "$([ $? = 2 ] || echo "status"
    cmp $folder/petite.delib.md "$work/acte.delib.md" 2>&1)"

page "$work/absente.delib"
none "a file that cannot be read has no page" "$([ $status = 1 ] || echo "status $status"
    [ ! -e "$work/page.html" ] || echo "written")"

echo ancienne >"$work/page.html"
mkdir "$work/dossier"
delib rapport $folder/petite.delib.md -o "$work/dossier" >"$work/said" 2>&1
none "a page that cannot be written is told" "$([ $? = 1 ] || echo "status"
    grep -q 'impossible d.écrire' "$work/said" || cat "$work/said"; ls "$work/dossier")"

# ---- Paragraphs of the act

sed 's/^## Article 4.*/&\n\nLe personnel mange gratuitement.\n/' examples/cantine/cantine.delib.md >"$work/paragraphe.delib.md"
delib rapport "$work/paragraphe.delib.md" -o "$work/paragraphe.html" >"$work/said" 2>&1
none "a paragraph that no rule follows nor cites is told, those of rules are not" "$(
    sed -n "/Paragraphes qu/,/<\/ul>/p" "$work/paragraphe.html" | tr -d '\n' >"$work/alone"
    grep -q 'Le personnel mange gratuitement' "$work/alone" || cat "$work/said" "$work/alone"
    grep -o 'Le prix du repas d.un enfant dont la famille' "$work/alone")"

tap_end
