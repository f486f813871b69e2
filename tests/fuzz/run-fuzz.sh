#!/bin/sh
# A short run of every fuzz target, always the same: the seeds, then a few thousand mutations of them. `make fuzz` is
# the long one, with libFuzzer. To keep the input of a crash: BUILD/tests/fuzz/DRIVER -v COUNT 1 FILES.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
out=$BUILD/tests/fuzz
mkdir -p "$out"
texts=$(find tests/fuzz/seeds tests/golden tests/fault examples -name '*.delib' -size -64k | LC_ALL=C sort)
literate=$(find tests/fuzz/seeds examples -name '*.delib.md' -size -64k | LC_ALL=C sort)
documents=$(find tests/fuzz/seeds tests/golden examples \( -name '*.json' -o -name '*.yaml' \) -size -16k | LC_ALL=C sort)

families=$(find tests/fuzz/seeds tests/golden examples \( -name 'familles*.csv' -o -name '*.ndjson' \) -size -16k | LC_ALL=C sort)
# The program without its entry point, for the target that runs it whole.
program=$(find "$BUILD/cli" -name '*.o' ! -name main.o ! -path '*/bac_a_sable/*' | LC_ALL=C sort)
objects=
libraries=$(make --no-print-directory -s print-libs)

journals=$(find tests/fuzz/seeds -name 'journal*' | LC_ALL=C sort)

# target NAME COUNT FILE…
target() {
    name=$1 count=$2
    shift 2
    # shellcheck disable=SC2086
    if ! built=$(${CC:-cc} -std=c11 $CFLAGS -D_XOPEN_SOURCE=700 -I. -o "$out/$name" "tests/fuzz/fuzz_$name.c" \
        tests/fuzz/fuzz_driver.c $objects "$BUILD/libdelib-io.a" "$BUILD/libdelib.a" $libraries 2>&1); then
        fail "$name" "$built"
        return
    fi
    succeeds "$name: $# seeds, $count mutations" "$out/$name" "$count" 1 "$@"
}

# shellcheck disable=SC2086
{
    target source "${FUZZ_COUNT:-20000}" $texts
    target literate "${FUZZ_COUNT:-10000}" $literate
    target demande "${FUZZ_COUNT:-3000}" $documents
    target answer "${FUZZ_COUNT:-3000}" $documents
    target configuration "${FUZZ_COUNT:-3000}" $documents
    target journal "${FUZZ_COUNT:-3000}" $journals
    target grid "${FUZZ_COUNT:-3000}" tests/fuzz/seeds/grille*.csv
    objects=$program
    target batch "${FUZZ_COUNT:-1000}" $families
}
tap_end
