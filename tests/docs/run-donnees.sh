#!/bin/sh
# Executes the examples of the pages of `delib aide CODE` about demandes and configurations. The words on a fence say what
# the block is:
#
#   ```yaml demande          a right demande, in YAML (json: in JSON), for examples/cantine
#   ```yaml demande D721     a wrong one: this code, and no other error
#   ```yaml configuration    a right configuration, whose secrets are not looked for (« … secrets »: they are)
#   ```message               after a wrong example: what is printed about it, places apart
#
# `run-donnees.sh --ecrire FILE…` rewrites the messages of these files; the difference is then to be read.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH NO_COLOR=1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export PATH NO_COLOR
# A token that ended in 2020: {"exp": 1577836800}
DELIB_JETON_PERIME=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1Nzc4MzY4MDB9.c2lnbmF0dXJl
DELIB_JETON_DEFINI=jeton-d-exemple
export DELIB_JETON_PERIME DELIB_JETON_DEFINI
unset DELIB_JETON_CANTINE

# $work/N.head: « line format kind code secrets »; $work/N.body; $work/N.message. Prints how many blocks there are.
cut_blocks() {
    rm -f "$work"/[0-9]*
    awk -v work="$work" '
        !fence && /^```/ {
            split(substr($0, 4), word, " ")
            fence = 1
            if (word[1] == "message" && n) {
                body = work "/" n ".message"
                printf "" > body
            } else if (word[2] == "demande" || word[2] == "configuration") {
                body = work "/" (++n) ".body"
                printf "" > body
                print NR, word[1], word[2], (word[3] ~ /^D/ ? word[3] : "-"), ($0 ~ / secrets$/ ? "secrets" : "-") \
                    > (work "/" n ".head")
                close(work "/" n ".head")
            }
            next
        }
        fence && /^```$/ { if (body) close(body); body = ""; fence = 0; next }
        body { print > body }
        END { print n + 0 }' "$1"
}

# run N: reads the block N of $format, $kind and $secrets; what is said, places apart, is in $work/said.
run() {
    file=$work/exemple.$format
    LC_ALL=C sed 's/\\xe9/\xe9/g' "$work/$1.body" >"$file"      # « \xe9 » is that byte
    if [ "$kind" = demande ]; then
        delib calculer examples/cantine/cantine.delib.md --demande "$file" --date 2026-09-15 >"$work/out" 2>&1
    elif [ "$secrets" = secrets ]; then
        delib configuration verifier "$file" >"$work/out" 2>&1
    else
        delib configuration verifier --sans-secrets "$file" >"$work/out" 2>&1
    fi
    sed -E "s|^[^ ]*exemple\.[a-z]*:[0-9]+:[0-9]+: ||; s|$work/||g" "$work/out" | sed -nE 's,^ *((erreur|avertissement|effet|aide).*),\1,p' \
        >"$work/said"
}

run_page() {
    count=$(cut_blocks "$1")
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        read -r line format kind code secrets <"$work/$n.head"
        run $n
        if [ "$code" = - ]; then
            none "$1:$line: right" "$(grep -E 'erreur|impossible' "$work/out")"
            continue
        fi
        none "$1:$line: wrong, $code" "$(grep -q "\[$code\]" "$work/said" || cat "$work/out"
            sed -nE 's/^erreur\[(D[0-9]*)\].*/\1/p' "$work/said" | grep -vx "$code")"
        none "$1:$line: what is printed" "$(diff "$work/$n.message" "$work/said" 2>&1)"
    done
}

rewrite_page() {
    count=$(cut_blocks "$1")
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        read -r line format kind code secrets <"$work/$n.head"
        run $n
        cp "$work/said" "$work/$n.said"
    done
    awk -v work="$work" '
        !fence && /^```/ {
            fence = 1
            if ($0 ~ / (demande|configuration)/) n++
            print
            if ($0 == "```message") {
                while ((getline told < (work "/" n ".said")) > 0) print told
                silent = 1
            }
            next
        }
        fence && /^```$/ { fence = silent = 0 }
        !silent { print }' "$1"
}

if [ "$1" = --ecrire ]; then
    shift
    for page; do
        rewrite_page "$page" >"$work/new" && cat "$work/new" >"$page"
    done
    exit 0
fi

for page in $(grep -lE '^```(yaml|json) (demande|configuration)' stdlib/aide/D*.md); do
    run_page "$page"
done

# Every code of the edge has a page that bears its title; no code is in both tables.
sed -n 's/^EDGE_CODE([A-Z_0-9]*, *"\(D[0-9]*\)", *"\(.*\)")/\1 : \2/p' runtime/edge/edge_codes.def >"$work/codes"
while read -r title; do
    code=${title%% *}
    succeeds "the page of $code bears its title" grep -qFx "# $title" "stdlib/aide/$code.md"
    succeeds "delib aide $code" sh -c "delib aide $code | grep -qF '$code : '"
    none "$code is not a code of the language" "$(grep "\"$code\"" lang/diag_codes.def)"
done <"$work/codes"
tap_end
