#!/bin/sh
# The runner itself: what it counts for programs that pass, fail, crash, hang, lie about their number, or say nothing.
. tests/tap.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# counts NAME EXPECTED SCRIPT…: the last line of tests/run over these little programs, and its exit status.
counts() {
    name=$1 expected=$2
    shift 2
    n=0
    programs=
    for script; do
        n=$((n + 1))
        printf '#!/bin/sh\n%s\n' "$script" >"$work/p$n"
        chmod +x "$work/p$n"
        programs="$programs $work/p$n"
    done
    output=$(BUILD=$work/build TEST_TIMEOUT=1 tests/run $programs 2>&1)
    status=$?
    case $expected in *', 0 failed') wanted=0 ;; *) wanted=1 ;; esac
    [ "$expected" != '0 passed, 0 failed' ] || wanted=1
    if [ "$(printf '%s\n' "$output" | tail -n 1)" = "$expected" ] && [ $status = $wanted ]; then
        pass "$name"
    else
        fail "$name" "expected $expected, status $wanted; status $status after:
$output"
    fi
}

counts "two results" '2 passed, 0 failed' 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
counts "a failure" '1 passed, 1 failed' 'echo "ok 1 - a"; echo "not ok 2 - b"; exit 1'
counts "a failure with a good exit status" '0 passed, 1 failed' 'echo "not ok 1 - b"'
counts "several programs" '2 passed, 1 failed' \
    'echo "ok 1"' 'echo "not ok 1 - b"; exit 1' 'echo "ok 1 - c"'
counts "nothing printed" '0 passed, 1 failed' 'exit 0'
counts "a bad exit status after passing" '1 passed, 1 failed' 'echo "ok 1 - a"; exit 3'
counts "a crash" '1 passed, 1 failed' 'echo "ok 1 - a"; kill -SEGV $$'
counts "a crash after a failure is one more" '0 passed, 2 failed' 'echo "not ok 1 - a"; kill -SEGV $$'
counts "an end before the plan" '1 passed, 1 failed' 'echo 1..3; echo "ok 1 - a"'
counts "no end" '1 passed, 1 failed' 'echo "ok 1 - a"; sleep 20'
counts "a skipped test is neither" '1 passed, 0 failed' 'echo 1..2; echo "ok 1 - a"; echo "ok 2 # SKIP no"'
counts "a test skipped as cmocka writes it" '1 passed, 0 failed' \
    'echo 1..2; echo "ok 1 - a"; echo "not ok 2 # SKIP b"'
counts "a program that does not exist" '0 passed, 1 failed' 'exec /nonexistent'
counts "input is closed" '1 passed, 0 failed' 'read -r line || echo "ok 1 - end of input"'
counts "no program at all" '0 passed, 0 failed'

tap_end
