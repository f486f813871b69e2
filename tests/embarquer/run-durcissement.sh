#!/bin/sh
# What the compiler and the linker put in the built files against attackers; the size of the library; and the
# headers alone, in the languages of the hosts.
. tests/tap.sh

root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

if nm "$BUILD/libdelib.so" | grep -qE '__(asan|tsan|ubsan|gcov|llvm_prof)'; then
    skip "hardening of the built files" "instrumented build"
else
    for file in libdelib.so libdelib-io.so delib delib-bac-a-sable; do
        [ -e "$BUILD/$file" ] || continue
        readelf -W -l -d -h "$BUILD/$file" >"$root/elf"
        succeeds "$file: relocations are read-only" grep -q GNU_RELRO "$root/elf"
        succeeds "$file: symbols are bound at start" grep -qE 'BIND_NOW|FLAGS.*NOW' "$root/elf"
        succeeds "$file: the stack is not executable" sh -c "grep GNU_STACK '$root/elf' | grep -q 'RW '"
        succeeds "$file: position independent" grep -qE 'Type: +DYN' "$root/elf"
        none "$file: no segment is writable and executable" "$(grep -E 'LOAD.*RWE' "$root/elf")"
        succeeds "$file: stack protector" sh -c "nm -D --undefined-only '$BUILD/$file' | grep -q __stack_chk_fail"
    done
    cp "$BUILD/libdelib.so" "$root/stripped.so"
    succeeds "strip libdelib.so" strip "$root/stripped.so"
    size=$(wc -c <"$root/stripped.so")
    echo "# libdelib.so, stripped: $size bytes"
    succeeds "libdelib.so, stripped, holds in 2 MiB" test "$size" -le 2097152
fi

# ---------------------------------------------------------------- headers
for header in delib delib_io; do
    echo "#include \"$header.h\"" >"$root/$header.c"
    cp "$root/$header.c" "$root/$header.cpp"
    for compiler in gcc clang g++ clang++; do
        case $compiler in
        *++) standards=c++17 source=$root/$header.cpp ;;
        *) standards='c99 c11' source=$root/$header.c ;;
        esac
        for standard in $standards; do
            if command -v $compiler >/dev/null; then
                succeeds "$header.h alone: $compiler -std=$standard" \
                    $compiler -std=$standard -Wall -Wextra -Wpedantic -Werror -Iruntime -fsyntax-only "$source"
            else
                skip "$header.h alone: $compiler -std=$standard" "$compiler is not installed"
            fi
        done
    done
done

tap_end
