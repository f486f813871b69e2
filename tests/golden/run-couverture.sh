#!/bin/sh
# `delib tester --couverture`: the essais proposed are essais: added to the act, they all pass, and leave to try only
# what had no proposal. What is reached is counted on acts where the answer is known.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export PATH
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if [ ! -x "$BUILD/delib" ]; then
    fail "$BUILD/delib is built"
    tap_end
fi

# with_proposals FILE: the act followed by its proposals, beside the files that it reads; prints what is wrong.
with_proposals() {
    folder=$work/$(basename "$1").d
    rm -rf "$folder"
    cp -r "$(dirname "$1")" "$folder"
    copy=$folder/$(basename "$1")
    delib tester "$1" --couverture >"$work/before" 2>&1
    sed -n '/^Essais proposés/,/^Avec eux/p' "$work/before" | sed '1d;/^Avec eux/d' >"$work/essais"
    [ -s "$work/essais" ] || return 0
    case $1 in
    *.md) { echo; echo '```delib'; cat "$work/essais"; echo '```'; } >>"$copy" ;;
    *) cat "$work/essais" >>"$copy" ;;
    esac
    delib tester "$copy" >"$work/after" 2>&1
    status=$?
    proposed=$((proposed + $(grep -c '^essai ' "$work/essais")))
    # An act whose own essais fail (none does) would be told by the other tests.
    [ $status = 0 ] || { echo "$1: status $status"; grep -v réussi "$work/after" | head -5; }
    [ "$(sed -n 's/^Avec eux : \(.*\)\.$/\1/p' "$work/before")" = "$(sed -n 's/^  couverture : //p' "$work/after")" ] ||
        { echo "$1:"; grep -h 'Avec eux\|couverture :' "$work/before" "$work/after"; }
}

proposed=0
for file in examples/*/*.delib* tests/unit/curves/*.delib tests/unit/same_rules/*.delib \
        tests/unit/regions/listes.delib tests/golden/semantique/*.delib; do
    with_proposals "$file"
done >"$work/wrong"
none "the proposals of every act at hand are essais that pass, and reach what they say" "$(cat "$work/wrong")"
if [ $proposed -ge 300 ]; then pass "proposals were made"; else fail "proposals were made" "$proposed"; fi

cat >"$work/bornes.delib" <<'FIN'
entrée qf   : quotient de 0 à 1 000
entrée rang : entier de 1 à 3 par défaut 1

tarif repas en € par repas
  prix selon qf
    moins de 400    : 1 €
    de 400 à 700    : 2 €
    plus de 700     : 3 €
    non communiqué  : 3 €
  fin
  puis déduction de 0,50 € si rang ≥ 3
fin tarif

essai « à la borne »
  qf = 400
  attendu repas = 2 €
fin

essai « juste au-dessus »
  qf = 700,01 ; rang = 3
  attendu repas = 2,50 €
fin
FIN
none "each side of each bound, the domain included" "$(delib tester "$work/bornes.delib" --json |
    python3 -c '
import json, sys
bounds = json.load(sys.stdin)["fichiers"][0]["couverture"]["bornes"]
got = [(b["valeur"], b["dessous"], b["borne"], b["dessus"]) for b in bounds]
expected = [("400", 0, 1, 0), ("700", 0, 0, 1), ("3", 0, 1, None)]
if got != expected:
    print(got)' 2>&1)"
none "each rule, once or not at all" "$(delib tester "$work/bornes.delib" --json |
    python3 -c '
import json, sys
rules = json.load(sys.stdin)["fichiers"][0]["couverture"]["règles"]
got = [(r["genre"], r["ligne"], r["essais"]) for r in rules]
expected = [("ligne", 6, 0), ("ligne", 7, 1), ("ligne", 8, 1), ("ligne", 9, 0), ("étape", 11, 1)]
if got != expected:
    print(got)' 2>&1)"

tap_end
