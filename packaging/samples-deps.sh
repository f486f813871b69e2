#!/bin/sh
# What the samples need: g++, a JDK with JNA, php-cli (its FFI is in Debian's package); koffi, from npm, in a folder.
set -e
folder=${1:?usage: samples-deps.sh FOLDER}
missing=
command -v g++ >/dev/null || missing="$missing g++"
command -v php >/dev/null || missing="$missing php-cli"
command -v javac >/dev/null || missing="$missing default-jdk-headless"
[ -e /usr/share/java/jna.jar ] || missing="$missing libjna-java"
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    apt-get install -y --no-install-recommends $missing
fi
if command -v npm >/dev/null; then
    mkdir -p "$folder"
    cp "$(dirname "$0")/../examples/embarquer/node/package.json" "$folder"
    npm install --prefix "$folder" --silent --no-audit --no-fund
else
    echo "samples-deps: npm is not installed: the Node sample will be skipped" >&2
fi
