#!/bin/sh
# The whole path, from a portal's question to an amount: starts the bac à sable on a free loopback port, computes the
# price of a meal for a fictive family through HTTP, says why, stops the server. `make demo` runs it.
# BUILD: the build folder. Exit status: that of the computation.

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
work=$(mktemp -d) || exit 1
server=

stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

"$BUILD/delib" bac-a-sable --port 0 --fichier-port "$work/port" >"$work/journal" 2>&1 </dev/null &
server=$!

# At most ten seconds, and not one once the server has given up.
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "le bac à sable n'a pas démarré :" >&2
        cat "$work/journal" >&2
        exit 1
    fi
    sleep 0.1
done
url=http://127.0.0.1:$(cat "$work/port")

echo "Bac à sable : $url"
echo
"$BUILD/delib" calculer examples/cantine/cantine.delib.md --demande examples/cantine/demande.yaml \
    --api bac-a-sable --bac-a-sable "$url" --expliquer
