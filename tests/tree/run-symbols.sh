#!/bin/sh
# What the libraries ask from the system and what they offer, read from the built files.
. tests/tap.sh

core=$BUILD/libdelib.so
io=$BUILD/libdelib-io.so

# « name » of each symbol of a kind (--undefined-only, --defined-only), without versions and their own names (A).
symbols() {
    nm -D "$1" "$2" | awk '$(NF - 1) != "A" { sub(/@.*/, "", $NF); print $NF }' | sort -u
}
needed() {
    objdump -p "$1" | awk '/^ *NEEDED/ { print $2 }'
}

# Sanitizers and coverage bring symbols that are not the project's.
if nm "$core" | grep -qE '__(asan|tsan|ubsan|gcov|llvm_prof)'; then
    skip "symbols of the libraries" "instrumented build"
    tap_end
fi

none "the core imports only what tests/symbols-core.txt allows" "$(symbols --undefined-only "$core" |
    awk 'NR == FNR { if ($0 !~ /^#/) allowed[$1]; next } !($1 in allowed)' tests/symbols-core.txt -)"
none "the core needs libc alone" "$(needed "$core" | grep -v '^libc\.so\.')"
# .data.rel.ro is constant once the library is loaded.
none "the core keeps no writable global" "$(objdump -t "$BUILD/libdelib.a" | awk -F '\t' '
    /^[^ ]+\.o: / { object = $1 }
    NF == 2 && $1 ~ / (\.data|\.bss|\*COM\*|\.data\.[^r].*|\.bss\..*)$/ && $2 !~ /^0+ / { print object, $2 }')"

none "the core exports delib_ names alone" "$(symbols --defined-only "$core" | grep -vE '^delib_[a-z0-9_]+$')"
none "every function of delib.h is exported, and no other" "$(
    { grep -oE '\bdelib_[a-z0-9_]+\(' runtime/delib.h | tr -d '(' | sort -u
      symbols --defined-only "$core" | grep '^delib_' ; } | sort | uniq -u)"

if [ -e "$io" ]; then
    none "the edge exports delib_io_ names alone" \
        "$(symbols --defined-only "$io" | grep -vE '^delib_io_[a-z0-9_]+$')"
    symbols --defined-only "$core" >"$BUILD/tests/api.txt"
    none "the edge holds no copy of a function of the core's API" "$(nm --defined-only "$io" |
        awk 'NR == FNR { api[$1]; next } $NF in api { print $NF }' "$BUILD/tests/api.txt" -)"
fi
# versioned LIBRARY MAP VERSION: the map is the list of what is exported, all of it under this version.
versioned() {
    none "$2 lists what ${1##*/} exports, as $3" "$(
        { nm -D --defined-only "$1" | awk '$(NF - 1) != "A" { print $NF }'
          sed -n "s/^    \\(delib_[a-z0-9_]*\\);/\\1@@$3/p" "$2"; } | sort | uniq -u)"
}
versioned "$core" runtime/libdelib.map DELIB_0
[ ! -e "$io" ] || versioned "$io" runtime/libdelib-io.map DELIB_IO_0

for program in delib delib-bac-a-sable; do
    if [ -e "$BUILD/$program" ]; then
        none "$program does not load libcurl" "$(needed "$BUILD/$program" | grep curl)"
    fi
done
if [ -e "$BUILD/delib" ]; then
    none "delib loads libc alone before main" "$(needed "$BUILD/delib" | grep -vE '^lib(c|dl)\.so\.')"
fi

tap_end
