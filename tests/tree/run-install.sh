#!/bin/sh
# `make install` in an empty folder, then what a host of the library does with it: compile, link, run.
. tests/tap.sh

root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
CC=${CC:-cc}

succeeds "make install DESTDIR=" make --no-print-directory BUILD="$BUILD" DESTDIR="$root" install
usr=$root/usr/local

for file in bin/delib libexec/delib/delib-bac-a-sable lib/libdelib.a lib/libdelib.so lib/libdelib.so.0 \
    lib/libdelib-io.so lib/pkgconfig/delib.pc lib/pkgconfig/delib-io.pc include/delib.h include/delib_io.h \
    share/doc/delib/LICENSE share/doc/delib/grammar/REFERENCE.md share/doc/delib/examples/embarquer/c/un_tarif.c; do
    succeeds "installs $file" test -s "$usr/$file"
done

none "every file that a header names is installed at the same place" "$(
    grep -oh '[a-z_/]*/[A-Z]*\.md' "$usr"/include/*.h | sort -u | while read -r file; do
        [ -f "$usr/share/doc/delib/$file" ] || echo "$file"
    done)"

# A field of an installed .pc file, as pkg-config gives it, below $root.
field() {
    awk -v field="$2" -v root="$root" '
        /^[a-z]+=/ { equal = index($0, "="); values[substr($0, 1, equal - 1)] = substr($0, equal + 1); next }
        index($0, field ": ") == 1 {
            text = substr($0, length(field) + 3)
            for (name in values) gsub("[$][{]" name "[}]", root values[name], text)
            print text
        }' "$usr/lib/pkgconfig/$1.pc"
}

cat >"$root/host.c" <<'C'
#include <delib.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    delib_engine *engine = NULL;
    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        return 1;
    delib_engine_free(engine);
    puts(delib_version());
    return strcmp(delib_version(), DELIB_VERSION) != 0;
}
C
# CFLAGS: sanitizers and --coverage are needed to link with libraries compiled with them.
succeeds "a host compiles with the flags of delib.pc" \
    $CC $CFLAGS $(field delib Cflags) "$root/host.c" -o "$root/host" $(field delib Libs)
succeeds "… and runs with the installed library" env LD_LIBRARY_PATH="$usr/lib" "$root/host"
succeeds "a host links with libdelib.a alone" \
    $CC $CFLAGS $(field delib Cflags) "$root/host.c" -o "$root/host-static" "$usr/lib/libdelib.a"
succeeds "… and runs" env -u LD_LIBRARY_PATH "$root/host-static"
version=$(sed -n 's/.*define DELIB_VERSION "\(.*\)"/\1/p' runtime/delib.h)
for name in delib delib-io; do
    succeeds "$name.pc has the version of delib.h" test "$(field $name Version)" = "$version"
done

if [ -x "$usr/bin/delib" ]; then
    succeeds "the installed program runs from its folder" env -u LD_LIBRARY_PATH "$usr/bin/delib" aide
fi

tap_end
