#!/bin/bash
# The program short of memory: its answer, or « mémoire insuffisante » and 1; never another answer.
. tests/tap.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/delib-essai-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
act=examples/cantine/cantine.delib.md

# Sanitizers reserve terabytes, counting coverage needs memory before main, and old kernels do not count mappings in the
# size of the data.
case $CFLAGS in
*coverage* | *sanitize*) skip "limits of memory" "$CFLAGS"; tap_end ;;
esac
if ! (ulimit -d 20000 && delib version) >"$work/version" 2>&1 || ! (ulimit -d 40 && ! delib version) >"$work/version" 2>&1; then
    skip "limits of memory" "they have no effect here"
    tap_end
fi

# limited NAME COMMAND…: with less and less memory.
limited() {
    name=$1
    shift
    "$@" >"$work/whole" 2>"$work/errors"
    status=$?
    none "$name" "$(for limit in 3000 2500 2000 1700 1400 1200 1100 1000 900 800 700 600 500 400 300; do
        (ulimit -d $limit; exec "$@") >"$work/out" 2>"$work/err"
        got=$?
        if grep -qE "mémoire insuffisante|failed to map|cannot (allocate|apply)|bibliothèque .* chargée" "$work/err"; then
            [ $got = 1 ] || [ $got = 127 ] || echo "$limit: $got, $(cat "$work/err")"
        elif [ $got != $status ] || ! cmp -s "$work/whole" "$work/out"; then
            echo "$limit: $got instead of $status, $(cat "$work/err")"
        fi
    done)"
    got=$(for limit in 250 300 350 400 450 500 600; do
        (ulimit -d $limit; exec "$@") 2>&1 >"$work/out" | grep -c "mémoire insuffisante"
    done)
    case $got in
    *[1-9]*) pass "$name: refused when there is too little" ;;
    *) fail "$name: refused when there is too little" "$got" ;;
    esac
}

printf 'usager;résident;rang_enfant;qf;sans_emploi\nenfant;oui;1;350;non\nadulte;oui;2;;oui\n' >"$work/familles.csv"
limited "verifier" delib verifier $act
limited "calculer" delib calculer $act --avec qf=350 --avec résident=oui
limited "expliquer" delib expliquer $act --avec qf=350 --avec résident=oui
limited "tester" delib tester $act
limited "tester --mutations" delib tester $act --mutations
limited "formater" delib formater $act --sortie
limited "comparer" delib comparer $act examples/conservatoire/conservatoire.delib.md
limited "dossier" delib dossier $act --markdown
limited "rapport" delib rapport $act -o -
limited "calculer --lot" delib calculer $act --lot "$work/familles.csv" --sortie -

tap_end
