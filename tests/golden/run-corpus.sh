#!/bin/sh
# The tariffs of examples/corpus and the methods of examples/methodes: each file is without error, and
# passes its essais and every case of the file NAME.cas.json beside it; no case file is left without its tariff.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
folders='examples/corpus examples/methodes'

# Lines of the tables of essais, their titles apart.
rows() {
    awk '/^essais / { inside = 1; n-- } /^fin/ { inside = 0 } inside && /^ *\|/ { n++ } END { print n + 0 }' "$1"
}

# What is wrong with the cases of a file: nothing when as many succeed as the case file and the essais hold.
tries() {
    report=$(delib tester "$1" --cas "$2" 2>&1) || { echo "$report" | grep -v '^  réussi'; return; }
    wanted=$(($(grep -c '"id":' "$2") + $(grep -c '^essai ' "$1") + $(rows "$1")))
    done=$(echo "$report" | grep -c '^  réussi')
    [ "$wanted" -gt 0 ] && [ "$done" -eq "$wanted" ] || echo "$wanted cases wanted, $done done"
}

for tariff in $(find $folders -name '*.delib' -o -name '*.delib.md' | sort); do
    cases=${tariff%.md}
    cases=${cases%.delib}.cas.json
    succeeds "$tariff: no error" delib verifier "$tariff"
    if [ -f "$cases" ]; then
        none "$tariff: every case" "$(tries "$tariff" "$cases")"
    else
        fail "$tariff: every case" "$cases is missing"
    fi
done

for cases in $(find $folders -name '*.cas.json' | sort); do
    tariff=${cases%.cas.json}.delib
    [ -f "$tariff" ] || [ -f "$tariff.md" ] || fail "$cases: its tariff" "no $tariff, no $tariff.md"
done

tap_end
