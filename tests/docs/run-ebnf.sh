#!/bin/sh
# grammar/ebnf.txt is what grammar/ebnf.awk writes from the grammar of today, and leaves no rule undefined.
. tests/tap.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

awk -f grammar/ebnf.awk grammar/keywords.def grammar/parser.y >"$work/ebnf"
none "grammar/ebnf.txt is up to date: awk -f grammar/ebnf.awk grammar/keywords.def grammar/parser.y >grammar/ebnf.txt" \
    "$(diff grammar/ebnf.txt "$work/ebnf")"

# Names of rules: small letters, outside of quotes and comments.
sed '/^(\*/,/\*)/d; s/"[^"]*"//g' "$work/ebnf" >"$work/bare"
sed -n 's/^\([a-z_]*\) =$/\1/p' "$work/bare" | sort -u >"$work/defined"
tr -cs 'a-z_A-Z' '\n' <"$work/bare" | grep '^[a-z_]*$' | grep . | sort -u >"$work/used"
none "each rule used is defined" "$(comm -13 "$work/defined" "$work/used")"
succeeds "there are rules" grep -qx acte "$work/defined"

tap_end
