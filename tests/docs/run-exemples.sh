#!/bin/sh
# Executes the examples in Délib of the reference, of the guide and of the pages of `delib aide CODE`. The word after
# « delib » on the fence says what the block is:
#
#   ```delib                 a whole file: verifies, and its essais pass (a tariff is added when it has none)
#   ```delib seul            the same, but nothing is added
#   ```delib extrait         clauses of a tariff, put in the décor (below); essais may follow them
#   ```delib décor           the décor itself, once, in grammar/REFERENCE.md
#   ```delib-faux D204       a wrong file: this code, and no other error
#   ```delib-faux D204 extrait
#   ````delib-md             a whole literate file (four backquotes, since it holds fences of three)
#   ````delib-md-faux D114
#   ```json cas              after a right example: cases that it passes
#   ```csv grille.csv        before an example: a file that it imports
#   ```message               after a wrong example: what is printed about it, places and quoted lines apart
#
# `run-exemples.sh --ecrire FILE…` rewrites the messages of these files; the difference is then to be read.
. tests/tap.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$BUILD:$PATH
NO_COLOR=1
export NO_COLOR

# Cuts a document: $work/N.head holds « line kind code extension », $work/N.body the block, $work/N.message what is shown.
# Prints how many blocks there are.
cut_blocks() {
    awk -v work="$work" '
        function finish() { if (body) close(body); body = "" }
        !fence && /^```+/ {
            match($0, /^`+/)
            mark = substr($0, 1, RLENGTH)
            split(substr($0, RLENGTH + 1), word, " ")
            kind = code = ""
            extension = "delib"
            fence = mark
            if (word[1] == "message" && n) {
                body = work "/" n ".message"
                printf "" > body
            } else if (word[1] == "json" && word[2] == "cas" && n) {
                body = work "/" n ".json"
            } else if (word[1] == "csv" && word[2]) {
                body = work "/" word[2]
            } else if (word[1] == "delib") {
                kind = word[2] == "" ? "whole" : word[2]
            } else if (word[1] == "delib-faux") {
                kind = word[3] == "" ? "whole" : word[3]
                code = word[2]
            } else if (word[1] == "delib-md" || word[1] == "delib-md-faux") {
                kind = "literate"
                extension = "delib.md"
                code = word[2]
            }
            if (kind) {
                n++
                body = work "/" n ".body"
                printf "" > body
                print NR, kind, (code ? code : "-"), extension > (work "/" n ".head")
                close(work "/" n ".head")
            }
            next
        }
        fence && $0 == fence { fence = ""; finish(); next }
        fence && body        { print > body }
        END                  { finish(); print n + 0 }' "$1"
}

has_line() {    # has_line PATTERN FILE
    grep -Eq "^ *($1)([ :]|\$)" "$2"
}

# The file to give to the program: block, kind
whole_act() {
    case $2 in
    extrait)
        cat "$work/decor"
        if has_line tarif "$1"; then
            cat "$1"
        else
            echo 'tarif exemple en €'
            awk '/^(essai|essais|propriété)( |$)/ { exit } { print }' "$1"
            echo 'fin'
            awk '/^(essai|essais|propriété)( |$)/ { after = 1 } after { print }' "$1"
        fi ;;
    whole)
        cat "$1"
        if [ -s "$1" ] && ! has_line tarif "$1"; then
            printf '%s\n' 'tarif exemple en €' '  prix 1 €' 'fin'
        fi ;;
    *)
        cat "$1" ;;
    esac
}

# What is said of a file, without places nor quoted lines; of the warnings, only this code: said FILE CODE
said() {
    awk -v code="$2" '
        match($0, /(erreur|avertissement)\[D[0-9]+\]: /) {
            told = substr($0, RSTART, 6) == "erreur" || index(substr($0, RSTART, RLENGTH), code)
            $0 = substr($0, RSTART)
            if (told) print
            next
        }
        told && /^(effet|aide) : / { print }' "$1"
}

codes() {       # codes LEVEL FILE: the codes of this level, one a line
    sed -n "s/.*: $1\[\(D[0-9]*\)\]: .*/\1/p" "$2" | sort -u
}

# check_right FILE NAME CASES
check_right() {
    delib verifier "$1" >"$work/out" 2>&1
    status=$?
    if [ $status != 0 ] || grep -q 'erreur\[' "$work/out"; then
        fail "$2" "$(cat "$work/out")"
    elif [ -f "$3" ]; then
        succeeds "$2, and its cases" delib tester "$1" --cas "$3"
    elif has_line 'essai|essais' "$1"; then
        succeeds "$2, and its essais" delib tester "$1"
    else
        pass "$2"
    fi
}

# check_wrong FILE NAME CODE MESSAGE
check_wrong() {
    delib verifier "$1" >/dev/null 2>"$work/out"
    said "$work/out" "$3" >"$work/said"
    if grep -q "avertissement\[$3\]" "$work/out"; then
        none "$2: $3 only" "$(codes erreur "$work/out")"
    else
        none "$2: $3 only" "$([ "$(codes erreur "$work/out")" = "$3" ] || cat "$work/out")"
    fi
    [ ! -f "$4" ] || none "$2: message as printed" "$(diff "$4" "$work/said")"
}

run_document() {
    count=$(cut_blocks "$1")
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        read -r line kind code extension <"$work/$n.head"
        file=$work/exemple.$extension
        whole_act "$work/$n.body" "$kind" >"$file"
        case $kind in
        décor) pass "$1:$line: décor" ;;
        whole | extrait | literate | seul)
            if [ "$code" = - ]; then
                check_right "$file" "$1:$line: right" "$work/$n.json"
            else
                check_wrong "$file" "$1:$line: wrong" "$code" "$work/$n.message"
            fi ;;
        *) fail "$1:$line: « $kind » is not a kind of example" ;;
        esac
        rm -f "$file"
    done
    rm -f "$work"/[0-9]*
}

# Prints the document with the messages that the program gives today.
rewrite_document() {
    count=$(cut_blocks "$1")
    n=0
    while [ $n -lt "$count" ]; do
        n=$((n + 1))
        read -r line kind code extension <"$work/$n.head"
        file=$work/exemple.$extension
        whole_act "$work/$n.body" "$kind" >"$file"
        delib verifier "$file" >/dev/null 2>"$work/out"
        said "$work/out" "$code" >"$work/$n.said"
    done
    awk -v work="$work" '
        !fence && /^```+/ {
            match($0, /^`+/)
            fence = substr($0, 1, RLENGTH)
            kind = substr($0, RLENGTH + 1)
            if (kind ~ /^delib/) n++
            print
            if (kind == "message") {
                while ((getline told < (work "/" n ".said")) > 0) print told
                close(work "/" n ".said")
                silent = 1
            }
            next
        }
        fence && $0 == fence { fence = ""; silent = 0 }
        !silent { print }' "$1"
    rm -f "$work"/[0-9]*
}

cut_blocks grammar/REFERENCE.md >/dev/null
decor=$(grep -l ' décor ' "$work"/*.head | head -n 1)
cat "${decor%.head}.body" >"$work/decor"
rm -f "$work"/[0-9]*

if [ "$1" = --ecrire ]; then
    shift
    for document; do
        rewrite_document "$document" >"$work/new" && cat "$work/new" >"$document"
    done
    exit 0
fi

for document in grammar/REFERENCE.md examples/GUIDE.md stdlib/aide/D*.md; do
    run_document "$document"
done

# A page for each code that the program can emit, and for no other.
emitted=$(for name in $(cat lang/*.c grammar/*.[cly] runtime/*.c runtime/analysis/*.c cli/*/*.c | grep -o 'DIAG_[A-Z_0-9]*' | sort -u); do
    sed -n "s/^DIAG(${name#DIAG_}, *\"\(D[0-9]*\)\".*/\1/p" lang/diag_codes.def
done | sort)
for code in $emitted; do
    succeeds "delib aide $code has its page" test -s "stdlib/aide/$code.md"
    title=$(sed -n "s/^DIAG([A-Z_0-9]*, *\"$code\", *DIAG_[A-Z]*, *\"\(.*\)\")/\1/p" lang/diag_codes.def)
    succeeds "the page of $code bears its title" grep -qFx "# $code : $title" "stdlib/aide/$code.md"
done
emitted="$emitted
$(sed -n 's/^EDGE_CODE([A-Z_0-9]*, *"\(D[0-9]*\)".*/\1/p' runtime/edge/edge_codes.def)"      # run-donnees.sh
for page in stdlib/aide/D*.md; do
    code=$(basename "$page" .md)
    succeeds "$code can be emitted" grep -qx "$code" <<END
$emitted
END
done

tap_end
