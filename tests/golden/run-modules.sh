#!/bin/sh
# Modules: found beside the file and in the standard library, told when missing or circular; grids from CSV files, told
# when a cell is missing.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export NO_COLOR=1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# says NAME PATTERN FILE: verifier refuses the file, with one error that has these words.
says() {
    if delib verifier "$work/$3" >"$work/out" 2>&1; then
        fail "$1" 'accepted'
    elif grep -q -- "$2" "$work/out" && [ "$(grep -c 'erreur\[' "$work/out")" = 1 ]; then
        pass "$1"
    else
        fail "$1" "$(cat "$work/out")"
    fi
}

tarif='tarif t en €
  prix double(1 €)
fin'
echo 'fonction double(x : montant) en € = 2 × x' >"$work/deux.delib"
printf 'utilise deux\n%s\nessai\n  attendu t = 2 €\nfin\n' "$tarif" >"$work/a.delib"
succeeds 'a module beside the file' delib tester "$work/a.delib"
printf 'utilise absent\n%s\n' "$tarif" >"$work/b.delib"
says 'a module that is missing' 'le module « absent » est introuvable' b.delib
printf 'utilise y\n' >"$work/x.delib"
printf 'utilise x\n' >"$work/y.delib"
printf 'utilise x\ntarif t en €\n  prix 1 €\nfin\n' >"$work/c.delib"
says 'modules that use one another' 'D303.*les modules s.utilisent en rond' c.delib
printf 'utilise c2\ntarif t en €\n  prix 1 €\nfin\n' >"$work/c2.delib"
says 'a module that uses itself' 'D303.*les modules s.utilisent en rond' c2.delib

grille='énumération lieu : ici ; ailleurs
entrée qf : quotient non communiqué : comme la dernière tranche
entrée lieu : lieu
tarif t en €
  prix grille en € selon qf et lieu depuis "grille.csv"
  fin
fin'
echo "$grille" >"$work/g.delib"
printf ';ici;ailleurs\r\n< 330;0,95;4.10\r\n"330 et plus";2,05;\r\n' >"$work/grille.csv"
printf '%s\nessai\n  qf = 330 ; lieu = ailleurs\n  attendu t = non prévu\nfin\nessai\n  qf = 0 ; lieu = ailleurs\n  attendu t = 4,10 €\nfin\n' \
    "$grille" >"$work/g2.delib"
succeeds 'a grid from a CSV file' delib tester "$work/g2.delib"
printf ';ici;ailleurs\n< 330;0,95\n330 et plus;2,05;1\n' >"$work/grille.csv"
says 'a CSV with a missing cell, at its line' 'grille.csv:2:.*D119' g.delib
printf ';ici;ailleur\n< 330;0,95;1\n330 et plus;2,05;1\n' >"$work/grille.csv"
says 'a CSV with an unknown column' 'grille.csv:1:.*« ailleur »' g.delib
printf ';ici;ailleurs\n< 330;0.95 €;1\n330 et plus;2,05;1\n' >"$work/grille.csv"
says 'a CSV with a decimal point and a unit' 'grille.csv:2:.*D108' g.delib
none 'what would mend the lines made of a CSV is not offered for the file' \
    "$(delib verifier --json "$work/g.delib" | grep -F '"texte":"0,95"')"
rm "$work/grille.csv"
says 'a CSV that is missing' 'la grille « grille.csv » est introuvable' g.delib
tap_end
