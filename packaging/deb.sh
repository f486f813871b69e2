#!/bin/sh
# Debian packages of a copy of the tree, in the folder given; lintian then reads them, and its errors are failures.
set -e
out=${1:?usage: deb.sh FOLDER}
cd "$(dirname "$0")/.."
for tool in dh dpkg-buildpackage lintian; do
    if ! command -v $tool >/dev/null; then
        echo "deb: $tool is missing: apt-get install --no-install-recommends debhelper dpkg-dev lintian" >&2
        exit 1
    fi
done
rm -rf "$out"
mkdir -p "$out/delib"
# What is not under the version control, build folders among it, is not packaged.
git ls-files -z |
    xargs -0 ls -d 2>/dev/null | tar -T - -cf - | tar -C "$out/delib" -xf -
mv "$out/delib/packaging/debian" "$out/delib/debian"
# Flags of this shell's make are not those of the package.
(cd "$out/delib" && env -u MAKEFLAGS -u MFLAGS -u BUILD -u PREFIX -u DESTDIR dpkg-buildpackage -b -uc -us -d -j2) \
    >"$out/build.log" 2>&1 || { tail -n 30 "$out/build.log" >&2; exit 1; }
rm -rf "$out/delib"
lintian --allow-root --fail-on error --tag-display-limit 0 "$out"/*.changes
ls -l "$out"/*.deb
