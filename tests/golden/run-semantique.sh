#!/bin/sh
# What the language means, construct by construct: each file of tests/golden/semantique is without fault, its essais pass,
# and so do its cases (FILE.cas.json).
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export PATH NO_COLOR=1

for file in tests/golden/semantique/*.delib; do
    cases=${file%.delib}.cas.json
    [ -e "$cases" ] && set -- --cas "$cases" || set --
    none "${file##*/}: no fault" "$(delib verifier "$file" 2>&1 | grep -E 'erreur|avertissement')"
    succeeds "${file##*/}: its essais and its cases" delib tester "$file" "$@"
done
tap_end
