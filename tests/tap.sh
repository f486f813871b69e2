# TAP for test scripts: `. tests/tap.sh`, then one line per test. Scripts run from the top of the tree.
tap_number=0
tap_failed=0

# pass NAME; fail NAME [explanation, one or more lines]
pass() {
    tap_number=$((tap_number + 1))
    echo "ok $tap_number - $1"
}
fail() {
    tap_number=$((tap_number + 1)) tap_failed=$((tap_failed + 1))
    echo "not ok $tap_number - $1"
    [ -z "$2" ] || printf '%s\n' "$2" | sed 's/^/#   /'
}
skip() {    # skip NAME REASON
    tap_number=$((tap_number + 1))
    echo "ok $tap_number - $1 # SKIP $2"
}

# none NAME TEXT: passes when the text is empty; otherwise the text says what is wrong.
none() {
    if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi
}

# succeeds NAME COMMAND…: passes when the command ends with 0; otherwise shows what it printed.
succeeds() {
    tap_name=$1
    shift
    if tap_output=$("$@" 2>&1); then pass "$tap_name"; else fail "$tap_name" "$tap_output"; fi
}

# Last line of a script.
tap_end() {
    echo "1..$tap_number"
    [ $tap_failed = 0 ]
    exit
}
