#!/bin/sh
# `delib formater`: what it writes (tests/golden/format/NAME.avant.* becomes NAME.apres.*), what it does to files, and
# that a délibération computes the same once formatted.
#
# After a wanted change, `UPDATE=1 BUILD=build tests/golden/run-format.sh` rewrites the results: review them.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
top=$PWD
golden=$PWD/tests/golden/format
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# equal NAME EXPECTED ACTUAL
equal() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2
got: $3"; fi
}

# ---- What is written ----

for before in "$golden"/*.avant.*; do
    after=$(printf '%s' "$before" | sed 's/\.avant\./.apres./')
    [ -z "$UPDATE" ] || delib formater --sortie "$before" >"$after"
    name=$(basename "$before")
    none "$name is written as expected" "$(delib formater --sortie "$before" 2>&1 | diff "$after" - 2>&1)"
    succeeds "$(basename "$after") is formatted already" delib formater --verifier "$after"
    none "$name from stdin" "$(delib formater - <"$before" 2>&1 | diff "$after" - 2>&1)"
done

# ---- What is done to files ----

cd "$work" || exit 1
printf 'unité   a\n' >a.delib
chmod 640 a.delib
ln -s a.delib lien.delib

equal "--verifier names the file" "a.delib : à formater" "$(delib formater --verifier a.delib)"
delib formater --verifier a.delib >/dev/null
equal "--verifier ends with 1" 1 $?
equal "--verifier changes nothing" "unité   a" "$(cat a.delib)"
equal "a changed file is named" "lien.delib : formaté" "$(delib formater lien.delib)"
equal "the file is rewritten" "unité a" "$(cat a.delib)"
equal "through the link, which stays" "a.delib" "$(readlink lien.delib)"
equal "its rights are kept" 640 "$(stat -c %a a.delib)"
equal "nothing is left beside it" "a.delib lien.delib" "$(echo *)"
number=$(stat -c %i a.delib)
equal "a formatted file is not named" "" "$(delib formater a.delib; delib formater --verifier a.delib)"
equal "nor rewritten" "$number" "$(stat -c %i a.delib)"

printf 'entrée a : entier\ntarif t\n  prix  \nfin\n' >faute.delib
cp faute.delib avant.delib
printf 'unité   b\n' >b.delib
delib formater faute.delib b.delib >out 2>err
equal "a file at fault: 1" 1 $?
succeeds "it is left as it was" cmp faute.delib avant.delib
succeeds "its diagnostics are told" grep -q '^faute.delib:4:1: erreur\[D104\]' err
equal "the other files are formatted" "unité b" "$(cat b.delib)"
delib formater absent.delib >out 2>err
equal "a file that does not exist: 1" 1 $?
delib formater - <faute.delib >out 2>err
equal "stdin at fault: 1" 1 $?
equal "and nothing is written" "" "$(cat out)"
delib formater >out 2>err
equal "no file: 2" 2 $?
delib formater --json b.delib faute.delib >out
equal "--json: 1 when a file is at fault" 1 $?
equal "--json tells of each file" '"b.delib" true "faute.delib" false "D104" ' \
    "$(sed -n 's/^      "fichier": \(.*\),$/\1/p; s/^ *"\(conforme\|code\)": \(.*\),$/\2/p' out | tr '\n' ' ')"
[ "$(id -u)" = 0 ] || {
    mkdir clos && printf 'unité   c\n' >clos/c.delib && chmod 555 clos
    delib formater clos/c.delib >out 2>err
    equal "a folder that cannot be written: 1" 1 $?
    equal "the file is whole" "unité   c" "$(cat clos/c.delib)"
    chmod 755 clos
}
printf '# T\r\n\r\n```delib\r\nunité   a\r\n```\r\n\ttexte  \r\n' >crlf.delib.md
delib formater crlf.delib.md >/dev/null
equal "line ends of a literate file are kept" "$(printf '# T\r\n\r\n```delib\r\nunité a\r\n```\r\n\ttexte  \r\n' | cksum)" \
    "$(cksum <crlf.delib.md)"

# ---- What is computed ----

# The essais and cases of each délibération, before and after; lines are not said when they all succeed.
cp -R "$top/examples" "$top/stdlib" .
differences=
tested=0
for file in $(find examples -name '*.delib' -o -name '*.delib.md' | sort); do
    cases=$(printf '%s' "$file" | sed 's/\.delib\(\.md\)\{0,1\}$/.cas.json/')
    [ -f "$cases" ] && option="--cas $cases" || option=
    # shellcheck disable=SC2086
    before=$(delib tester "$file" $option 2>/dev/null) || continue
    delib formater "$file" >/dev/null || differences="$differences $file:refused"
    # shellcheck disable=SC2086
    [ "$before" = "$(delib tester "$file" $option 2>/dev/null)" ] || differences="$differences $file"
    tested=$((tested + 1))
done
none "examples compute the same once formatted ($tested)" "$differences"
if [ $tested -ge 20 ]; then pass "there were examples"; else fail "there were examples" "$tested"; fi

# ---- The words that are names elsewhere ----

cd "$top" || exit 1
sed -n '/^nom_libre:/,/^  ;/p' grammar/parser.y | grep -oE '\b[A-Z][A-Z_]+\b' | sort -u >"$work/grammar"
sed -n '/^bool format_is_name_word/,/^}/p' grammar/format_words.c | grep -oE 'case [A-Z_]+' | sed 's/case //' |
    grep -vx ATTENDU | sort -u >"$work/formatter"
none "the formatter and the grammar agree on the words that may be names" "$(diff "$work/grammar" "$work/formatter")"

# Read in one pass: read again for each line, it would last until the runner stops it.
none "a run of 300 000 comments is laid out" "$(yes -- '-- x' | head -n 300000 | { cat; printf 'tarif t en €\n prix 1 €\nfin\n'; } |
    delib formater - 2>&1 | tail -n 1 | grep -vx 'fin tarif')"

tap_end
