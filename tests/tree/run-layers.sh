#!/bin/sh
# The order of the layers, read from the #include lines: lang ← grammar ← runtime ← stdlib ← edge ← cli.
. tests/tap.sh

sources=$(find lang grammar runtime stdlib cli \( -name '*.[chly]' -o -name '*.def' \) | sort)

# « file line included » for each include, the included file being written from the top of the tree: "date.h" in
# lang/text.c is lang/date.h. The generated headers stand where their grammar is.
includes() {
    awk '/^[ \t]*#[ \t]*include[ \t]*"/ {
             file = $0; sub(/^[^"]*"/, "", file); sub(/".*/, "", file)
             if (file !~ /\//) { folder = FILENAME; sub(/[^\/]*$/, "", folder); file = folder file }
             print FILENAME, FNR, file
         }' $sources
}

none "every included file exists" "$(includes | while read -r file line included; do
    case $included in
    grammar/lexer.h) [ -f grammar/lexer.l ] ;;
    grammar/parser.h) [ -f grammar/parser.y ] ;;
    *) [ -f "$included" ] ;;
    esac || echo "$file:$line: $included"
done)"

none "includes point one way" "$(includes | awk '
    function rank(path) {
        if (path ~ /^lang\//)           return 1
        if (path ~ /^grammar\//)        return 2
        if (path ~ /^runtime\/delib_io\.h/) return 5
        if (path ~ /^runtime\/edge\//)  return 5
        if (path ~ /^runtime\//)        return 3
        if (path ~ /^stdlib\//)         return 4
        return 6
    }
    rank($3) > rank($1) { print $1 ":" $2 ": includes " $3 ", which stands above it" }')"

# In the program: what every command stands on, documents, one family, subjects that do not know one another but for
# the report, which shows the essais, then commands. The bac à sable is another program.
none "includes of the program point one way" "$(includes | awk '
    BEGIN {
        ranks["base"] = 1; ranks["document"] = 2; ranks["calcul"] = 3; ranks["explication"] = 4
        ranks["lot"] = ranks["essais"] = ranks["examen"] = ranks["journal"] = ranks["dossier"] = 5
        ranks["rapport"] = ranks["simulation"] = ranks["lsp"] = 6; ranks["commandes"] = 7; ranks[""] = 8
    }
    function folder(path) { sub(/^cli\//, "", path); return sub(/\/.*/, "", path) ? path : "" }
    $1 !~ /^cli\// || $3 !~ /^cli\// { next }
    { from = folder($1); to = folder($3) }
    from == to { next }
    !(from in ranks) || !(to in ranks) || ranks[to] >= ranks[from] {
        print $1 ":" $2 ": includes " $3 ", which does not stand below it"
    }')"

# The core is ISO C without files: what it may include is counted on the fingers.
pure='assert|inttypes|limits|setjmp|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdlib|string'
none "the core includes only the pure part of the C library" "$(
    awk -v pure="^($pure)[.]h$" '
         /^[ \t]*#[ \t]*include[ \t]*</ {
             header = $0; sub(/^[^<]*</, "", header); sub(/>.*/, "", header)
             if (header !~ pure)
                 print FILENAME ":" FNR ": <" header ">"
         }' $(printf '%s\n' $sources | grep -vE '^(cli|runtime/edge)/') /dev/null)"

# One file knows each outside library; the bac à sable, another program, has its own.
for header in curl/curl.h jansson.h yaml.h sodium.h microhttpd.h; do
    users=$(grep -lE "^[ 	]*#[ 	]*include[ 	]*<$header>" $sources)
    none "one file of the edge and one of the bac à sable at most include $header" "$(printf '%s' "$users" | awk '
        /^runtime\/edge\//    { if (++edge > 1) print; next }
        /^cli\/bac_a_sable\// { if (++sandbox > 1) print; next }
                              { print }')"
done

none "one file of the program at most includes cmark" "$(grep -lE '^[ 	]*#[ 	]*include[ 	]*<cmark' $sources |
    awk '!/^cli\/document\// || ++count > 1')"

none "file names are unique in the whole tree" "$(find lang grammar runtime stdlib cli -type f ! -name README.md |
    sed 's|.*/||' | sort | uniq -d)"

none "every source opens with a comment that says what it is for" "$(for file in $sources; do
    head -n 3 "$file" | grep -qE '^[ 	]*(/\*|//)' || echo "$file"
done)"

none "a code of diagnostic is in one table, once" "$(
    sed -n 's/^DIAG([^"]*"\(D[0-9]*\)".*/\1/p; s/^EDGE_CODE([^"]*"\(D[0-9]*\)".*/\1/p' \
        lang/diag_codes.def runtime/edge/edge_codes.def | sort | uniq -d)"

# « arena.h » is listed as `arena`, or with the file of the same name, `arena.c`.
for folder in $(printf '%s\n' $sources | sed 's|/[^/]*$||' | sort -u); do
    none "every source of $folder/ is listed in its README" "$(for file in "$folder"/*.[chly] "$folder"/*.def; do
        name=${file##*/}
        [ ! -e "$file" ] || grep -qE "\`${name%.*}([.][a-z]+)?\`" "$folder/README.md" || echo "$file"
    done)"
done

for header in runtime/delib.h runtime/delib_io.h; do
    succeeds "$header compiles alone as C99" \
        "${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c $header
done

tap_end
