#!/bin/sh
# The mutation test of the corpus: for each tariff, how many of its mutants the checks, the essais and the cases notice.
# The table of examples/corpus/README.md holds what is found; `UPDATE=1 BUILD=build tests/golden/run-mutations.sh`
# rewrites it. A slip that nothing notices any more, or an essai that is lost, changes a number here.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
readme=examples/corpus/README.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# One row of the table. Numbers are found by their words, wherever they stand in the line of the program.
row() {
    name=${1##*/}
    cases=${1%.delib.md}.cas.json
    report=$(delib tester "$1" --cas "$cases" --mutations 2>&1) || echo "$report" >&2
    echo "$report" | tail -n 1 | awk -v name="${name%.delib.md}" '
        function before(words,   at, text) {
            at = match($0, "[0-9]+ " words)
            if (!at) return 0
            text = substr($0, at); sub(/ .*/, "", text)
            return text
        }
        { score = $0; sub(/.*score /, "", score)
          printf "| %s | %d | %d | %d | %d | %d | %d | %s |\n", name, before("mutant"), before("vus? par les contrôles"),
                 before("vus? par les essais"), before("vus? par les cas"), before("prouvés? sans effet"),
                 before("survivant") + before("non démontré"), score }'
}

for tariff in examples/corpus/*.delib.md; do
    row "$tariff"
done >"$work/table"

sed -n '/^<!-- mutations -->$/,/^<!-- fin -->$/p' $readme | grep '^| [a-z0-9-]* | [0-9]' >"$work/published"
if [ -n "$UPDATE" ]; then
    awk -v table="$work/table" '
        /^<!-- mutations -->$/ { inside = 1 }
        /^<!-- fin -->$/       { while ((getline line < table) > 0) print line; inside = 0 }
        !(inside && /^\| [a-z0-9-]* \| [0-9]/)' $readme >"$work/readme" && cp "$work/readme" $readme
    cp "$work/table" "$work/published"
fi
none "every tariff has its mutants" "$(awk -F'|' '$3 < 1' "$work/table")"
none "the table of $readme is of today" "$(diff "$work/published" "$work/table")"
none "the checks, the essais and the cases notice 98 % of the mutants at least" "$(awk -F'|' '
    { all += $3 - $7; missed += $8 }
    END { if (missed * 50 > all) print missed " missed of " all }' "$work/table")"
tap_end
