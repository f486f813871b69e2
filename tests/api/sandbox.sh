# A bac à sable for the tests of this folder: `. tests/api/sandbox.sh`, from the folder of the test, which holds `familles`.
# start OPTION…: on a free port, whose number is in ./port, the journal being ./journal. stop: ends it.
server=''
start() {
    rm -f port
    : >journal
    delib bac-a-sable --port 0 --fichier-port port --familles familles --date 2026-11-23 --journal journal "$@" \
        >serveur 2>&1 </dev/null &
    server=$!
    tries=0
    until [ -s port ] || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    url=http://127.0.0.1:$(cat port)
}
stop() { kill $server && wait $server; server=; } 2>/dev/null
