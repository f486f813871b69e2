#!/bin/sh
# The public headers alone, in the languages and with the compilers of those who embed the library.
. tests/tap.sh

warnings='-Wall -Wextra -Wpedantic -Werror -fsyntax-only'

# compile COMPILER LANGUAGE STANDARD HEADER
compile() {
    name="$4 alone, $3, $1"
    if ! command -v "$1" >/dev/null; then
        skip "$name" "$1 is not installed"
        return
    fi
    # shellcheck disable=SC2086
    succeeds "$name" "$1" -std="$3" $warnings -x "$2" "$4"
}

for header in runtime/delib.h runtime/delib_io.h; do
    for compiler in gcc clang; do
        for standard in c99 c11; do
            compile $compiler c $standard $header
        done
    done
    for compiler in g++ clang++; do
        compile $compiler c++ c++17 $header
    done
done
tap_end
