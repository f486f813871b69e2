#!/bin/sh
# What the PHP and Node samples need: php-cli (its FFI is in Debian's package) and koffi, from npm, in a folder.
set -e
folder=${1:?usage: samples-deps.sh FOLDER}
if ! command -v php >/dev/null; then
    apt-get install -y --no-install-recommends php-cli
fi
if command -v npm >/dev/null; then
    mkdir -p "$folder"
    cp "$(dirname "$0")/../examples/embarquer/node/package.json" "$folder"
    npm install --prefix "$folder" --silent --no-audit --no-fund
else
    echo "samples-deps: npm is not installed: the Node sample will be skipped" >&2
fi
