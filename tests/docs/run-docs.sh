#!/bin/sh
# Runs the examples of the documentation: in README.md, examples/ and the folders' READMEs, a block
#
#   ```console
#   $ command
#   > its following lines
#   what it prints, both outputs together
#   ```
#
# is executed from the top of the tree, `delib` being the one just built. A line « … » alone stands for any lines; a
# line that ends with « … » is compared up to it. `# status N` after the output is the exit status (0 when not said).
. tests/tap.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$BUILD:$PATH TMPDIR=$work
export TMPDIR                            # what an example makes goes with the rest

# Cuts a document into $work/N.command, N.expected, N.line, one N per command.
cut_examples() {
    awk -v work="$work" '
        function finish() { if (n) { close(command); close(expected) } }
        /^```console *$/      { inside = 1; next }
        /^```/                { inside = 0; started = 0; next }
        !inside               { next }
        /^\$ /                { finish(); n++; started = 1; continued = 1
                                command = work "/" n ".command"; expected = work "/" n ".expected"
                                print substr($0, 3) > command; printf "" > expected
                                print FNR > (work "/" n ".line"); close(work "/" n ".line"); next }
        continued && /^> /    { print substr($0, 3) > command; next }
        started               { continued = 0; print > expected }
        END                   { finish(); print n + 0 }' "$1"
}

# Does the output follow what the document shows, hard spaces being spaces? The first difference otherwise.
follows() {
    awk '
        { gsub(/\302\240|\342\200\257/, " ") }
        NR == FNR { want[++wanted] = $0; next }
        { got[++lines] = $0 }
        END {
            j = 1
            for (i = 1; i <= wanted; i++) {
                if (want[i] == "…") { any = 1; continue }
                start = j
                while (j <= lines && !same(want[i], got[j]) && any) j++
                if (j > lines || !same(want[i], got[j])) {
                    print "expected: " want[i]
                    print "printed:  " (start <= lines ? got[start] : "(end)")
                    exit
                }
                j++; any = 0
            }
            if (!any && j <= lines) print "not expected: " got[j]
        }
        function same(a, b) {
            if (a ~ /…$/) { sub(/…$/, "", a); return index(b, a) == 1 }
            return a == b
        }' "$1" "$2"
}

documents=$(find lang grammar runtime stdlib cli examples tests -name '*.md' ! -name '*.delib.md' | sort)
for document in README.md $documents; do
    count=$(cut_examples "$document")
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        sh "$work/$n.command" >"$work/output" 2>&1 </dev/null
        status=$?
        wanted=$(sed -n 's/^# status \([0-9]*\)$/\1/p' "$work/$n.expected")
        grep -v '^# status [0-9]*$' "$work/$n.expected" >"$work/expected"
        difference=$(follows "$work/expected" "$work/output")
        [ $status = "${wanted:-0}" ] || difference="status $status
$difference"
        none "$document:$(cat "$work/$n.line"): $(head -n 1 "$work/$n.command" | tr -d '\\')" "$difference"
    done
    rm -rf "${work:?}"/*
done

for command in 'make demo' 'make test'; do
    succeeds "README.md gives the command $command" grep -q "$command" README.md
done

tap_end
