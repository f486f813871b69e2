#!/bin/sh
# What the checks say: for each file of tests/golden/diagnostics, `delib verifier` prints exactly the text beside it.
#
#   tests/golden/diagnostics/D204-….delib         a file with one fault, of this code
#   tests/golden/diagnostics/D204-….attendu       what is printed
#   tests/golden/diagnostics/piège-….delib        reads well although a careless grammar would trip: no fault, essais pass
#   tests/golden/diagnostics/codes-sans-exemple   codes without a file here, each with the reason
#
# After a wanted change, `UPDATE=1 BUILD=build tests/golden/run-diagnostics.sh` rewrites the texts: review them.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export PATH NO_COLOR=1
codes=$PWD/lang/diag_codes.def
actual=$(mktemp) || exit 1
trap 'rm -f "$actual"' EXIT
cd tests/golden/diagnostics || exit 1

for file in *.delib *.delib.md; do
    name=${file%.md} name=${name%.delib}
    delib verifier "$file" >"$actual" 2>&1 </dev/null
    [ -z "$UPDATE" ] || cp "$actual" "$name.attendu"
    none "$name: what is printed" "$(diff "$name.attendu" "$actual" 2>&1)"
    case $name in
    D*)
        found=$(sed -nE 's/.*(erreur|avertissement)\[(D[0-9]*)\].*/\2 \1/p' "$actual" | sort -u)
        none "$name: its code, and no other error" "$(echo "$found" | grep -q "^${name%%-*} " || echo "not said"
            echo "$found" | grep -v "^${name%%-*} " | grep erreur)"
        ;;
    piège*) none "$name: no fault" "$(grep -E 'erreur|avertissement' "$actual")" ;;
    esac
done

# Every code of the table is shown here, or listed with a reason; never both.
for code in $(sed -n 's/^DIAG([A-Z_0-9]*, *"\(D[0-9]*\)".*/\1/p' "$codes"); do
    shown=$(ls "$code"-*.delib "$code"-*.delib.md 2>/dev/null | wc -l)
    listed=$(grep -c "^$code " codes-sans-exemple)
    none "$code is shown or listed" "$([ $((shown > 0)) != "$((listed > 0))" ] || echo "$shown files, $listed lines in codes-sans-exemple")"
done
none "the list names codes that exist" "$(sed 's/ .*//' codes-sans-exemple | while read -r code; do
    grep -q "\"$code\"" "$codes" || echo "$code"
done)"
tap_end
