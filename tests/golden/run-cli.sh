#!/bin/sh
# The program as people use it: each file of tests/golden/cli/*.session is what a shell would show.
#
#   $ command
#   what it prints, both outputs together
#   # status 1                                (not written when it is 0)
#
# A session runs in a fresh copy of tests/golden/cli, whose files it may change. Lines before the first command are
# comments. After a wanted change, `UPDATE=1 BUILD=build tests/golden/run-cli.sh` rewrites the sessions: review them.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
sessions=$PWD/tests/golden/cli
work=$(mktemp -d) || exit 1
server=
trap 'stop_server; rm -rf "$work"' EXIT
unset NO_COLOR URL
export PATH TERM=xterm
if [ ! -x "$BUILD/delib" ]; then
    fail "$BUILD/delib is built"
    tap_end
fi

# The bac à sable on a free port, for the sessions that name $URL.
start_server() {
    delib bac-a-sable --port 0 --date 2026-11-23 --fichier-port "$work/port" >"$work/server.log" 2>&1 </dev/null &
    server=$!
    tries=0
    until [ -s "$work/port" ] || [ $tries -ge 100 ] || ! kill -0 "$server" 2>/dev/null; do
        tries=$((tries + 1))
        sleep 0.1
    done
    URL=http://127.0.0.1:$(cat "$work/port")
    export URL
}

stop_server() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
    server=
}

# Cuts a session into N.head (« $ command ») and N.expected; prints the number of commands. 0.expected is the comment.
cut_session() {
    awk -v work="$work" '
        BEGIN { expected = work "/0.expected"; printf "" > expected }
        /^\$ / { close(expected); n++
                 expected = work "/" n ".expected"
                 print substr($0, 3) > (work "/" n ".command"); close(work "/" n ".command")
                 printf "" > expected; next }
               { print > expected }
        END    { print n + 0 }' "$1"
}

# Runs command N in the data folder; what it printed, as a session shows it, goes to N.actual.
run_command() {
    (cd "$work/data" && sh "$work/$1.command") >"$work/$1.actual" 2>&1 </dev/null
    status=$?
    [ -z "$(tail -c 1 "$work/$1.actual")" ] || echo >>"$work/$1.actual"
    [ $status = 0 ] || echo "# status $status" >>"$work/$1.actual"
}

run_session() {
    name=$(basename "$1" .session)
    rm -rf "$work"/[0-9]* "$work/data"
    cp -R "$sessions" "$work/data"
    count=$(cut_session "$1")
    cat "$work/0.expected" >"$work/rewritten"
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        run_command $n
        difference=$(diff "$work/$n.expected" "$work/$n.actual")
        none "$name: $(tr '\\' / <"$work/$n.command")" "$difference"
        { printf '$ %s\n' "$(cat "$work/$n.command")"; cat "$work/$n.actual"; } >>"$work/rewritten"
    done
    [ -z "$UPDATE" ] || cp "$work/rewritten" "$1"
}

for session in "$sessions"/*.session; do
    if grep -q 'script -q' "$session" && ! script -qec true /dev/null >/dev/null 2>&1; then
        skip "$(basename "$session" .session)" "no pseudo-terminal here"
        continue
    fi
    grep -q '\$URL' "$session" && start_server
    run_session "$session"
    stop_server
done

tap_end
