# Writes the grammar of the language in EBNF, in French, from the keyword table and the bison grammar:
#
#     awk -f grammar/ebnf.awk grammar/keywords.def grammar/parser.y > grammar/ebnf.txt
#
# Actions, error recovery and comments are left out; left recursion becomes « { … } », an empty alternative « [ … ] ».
# Words are shown by their first spelling; the others are listed at the end.

FILENAME ~ /keywords[.]def$/ {
    if ($0 !~ /^KEYWORD/)
        next
    token = $0
    sub(/^KEYWORD\(/, "", token)
    sub(/,.*/, "", token)
    split($0, quoted, "\"")
    if (!(token in first)) {
        first[token] = quoted[2]
        tokens[++token_count] = token
    } else {
        others[token] = others[token] " | \"" quoted[2] "\""
    }
    next
}

# %token declarations: how a message names a token that is not a keyword
/^%token/ && !grammar { declare($0); next }
/^%%/                 { grammar++; next }
grammar == 1          { text = text strip($0) "\n" }

function declare(line,    rest, name) {
    rest = line
    sub(/^%token( <[a-z]*>)?/, "", rest)
    while (match(rest, /[A-Z_]+( [0-9]+)? +"[^"]*"/)) {
        name = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        split(name, quoted, "\"")
        sub(/ .*/, "", name)
        said[name] = quoted[2]
    }
}

# A line without comment nor action; `depth` goes from line to line.
function strip(line,    out, i, c, inside) {
    gsub(/\/\*.*\*\//, "", line)
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "{") depth++
        else if (c == "}") depth--
        else if (!depth) out = out c
    }
    return out
}

function symbol(word) {
    if (word in first && word != "NAME")
        return "\"" first[word] "\""
    if (word == "NAME") return "NOM"
    if (word == "NUMBER") return "NOMBRE"
    if (word == "ORDINAL") return "RANG"
    if (word == "TEXT") return "TEXTE"
    if (word == "DATE") return "DATE"
    if (word == "NEWLINE") return "FIN_DE_LIGNE"
    if (word == "PAR_ORDRE") return "[ \",\" ] \"par\""
    if (word in said) {
        word = said[word]
        gsub(/« ?| ?»/, "", word)
        return "\"" word "\""
    }
    return word
}

function sequence(line,    words, count, i, out) {
    count = split(line, words, " ")
    out = ""
    for (i = 1; i <= count; i++)
        out = out (i > 1 ? " " : "") (words[i] == "%empty" ? "" : symbol(words[i]))
    return out
}

function join(list, count, separator,    i, out) {
    out = ""
    for (i = 1; i <= count; i++)
        out = out (i > 1 ? separator : "") list[i]
    return out
}

function write_rule(name, body,    alternatives, count, i, words, base, bases, tail, tails, empty, line) {
    count = split(body, alternatives, "|")
    bases = tails = empty = 0
    split("", base)
    split("", tail)
    for (i = 1; i <= count; i++) {
        line = alternatives[i]
        gsub(/[ \n\t]+/, " ", line)
        sub(/^ /, "", line)
        sub(/ $/, "", line)
        if ((" " line " ") ~ / error /)
            continue
        split(line, words, " ")
        if (line == "" || words[1] == "%empty")
            empty = 1
        else if (words[1] == name)
            tail[++tails] = sequence(substr(line, length(name) + 2))
        else
            base[++bases] = sequence(line)
    }
    line = join(base, bases, "\n    | ")
    if (bases && empty)
        line = "[ " line " ]"
    if (tails) {
        if (bases > 1 && !empty)
            line = "( " line " )"
        line = line (bases ? "\n    " : "") "{ " join(tail, tails, "\n    | ") " }"
    }
    printf "%s =\n      %s ;\n\n", name, line
}

END {
    print "(* Grammaire de Délib, écrite par grammar/ebnf.awk d'après grammar/parser.y et grammar/keywords.def."
    print "   [ x ] : facultatif ; { x } : zéro, une ou plusieurs fois ; | : ou. Les majuscules sont des éléments du texte :"
    print "   NOM, NOMBRE, RANG (« 1er »), DATE, TEXTE (entre guillemets), FIN_DE_LIGNE (dans un tableau, un essai, une"
    print "   énumération ou un enregistrement ; ailleurs les fins de ligne ne comptent pas). Les mots sont acceptés sans accents. *)"
    print ""
    gsub(/';'/, "", text)
    count = split(text, rules, /\n *;\n/)
    for (i = 1; i <= count; i++) {
        rule = rules[i]
        gsub(/^[ \n]+/, "", rule)
        if (!match(rule, /^[a-z_]+:/))
            continue
        write_rule(substr(rule, 1, RLENGTH - 1), substr(rule, RLENGTH + 1))
    }
    print "(* Autres écritures du même mot *)"
    print ""
    for (i = 1; i <= token_count; i++)
        if (others[tokens[i]] != "" && tokens[i] != "NAME")
            printf "\"%s\" =%s ;\n", first[tokens[i]], substr(others[tokens[i]], 3)
}
