#!/bin/sh
# Writes the colours of the editors into this folder, or into the one given: run it after a change of keywords.def.
# Bytes for every awk: mawk and gawk then order the spellings alike.
export LC_ALL=C
here=$(dirname "$0")
out=${1:-$here}
awk -v editor=textmate -f "$here/generate.awk" "$here/../keywords.def" >"$out/delib.tmLanguage.json" &&
    awk -v editor=vim -f "$here/generate.awk" "$here/../keywords.def" >"$out/delib.vim"
