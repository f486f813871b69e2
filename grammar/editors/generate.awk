# Colours of a délibération for editors, from the table of keywords:
#
#   awk -v editor=textmate|vim -f generate.awk keywords.def
#
# Keywords are matched as the scanner reads them: with or without accents, in any case, words apart by any blanks. A
# spelling of three words is tried before one of two, so that « non communiqué » is never seen as « non ». The comment
# above a family of keywords in keywords.def says how it is coloured; a new family needs its line below.

BEGIN {
    #        family in keywords.def               TextMate scope                    Vim group
    colour("acts",                               "storage.type.delib",             "Structure")
    colour("declarations",                       "storage.type.delib",             "Structure")
    colour("a tariff",                           "keyword.control.delib",          "Statement")
    colour("whole results",                      "constant.language.delib",        "Constant")
    colour("data",                               "keyword.other.delib",            "Keyword")
    colour("tables",                             "keyword.other.delib",            "Keyword")
    colour("bounds",                             "keyword.operator.bound.delib",   "Operator")
    colour("expressions",                        "keyword.operator.word.delib",    "Operator")
    colour("lists",                              "support.function.delib",         "Function")
    colour("essais",                             "keyword.control.delib",          "Statement")
    colour("properties",                         "keyword.control.delib",          "Statement")
    colour("units of several words: plain names", "support.type.delib",            "Type")

    # Letters that lose their accent; the others of keywords.def have none.
    split("à a â a ç c é e è e ê e ë e î i ï i ô o û u ù u", letters, " ")
    for (i = 1; i in letters; i += 2)
        bare[letters[i]] = letters[i + 1]
    capital["à"] = "À"; capital["â"] = "Â"; capital["ç"] = "Ç"; capital["é"] = "É"; capital["è"] = "È"
    capital["ê"] = "Ê"; capital["ë"] = "Ë"; capital["î"] = "Î"; capital["ï"] = "Ï"; capital["ô"] = "Ô"
    capital["û"] = "Û"; capital["ù"] = "Ù"
    # Between two words of a keyword, and in « d'heure ».
    blanks = editor == "vim" ? "[ \\t\\u00a0\\u202f]\\+" : "[ \\t\\x{A0}\\x{202F}]+"
    quote = "['’]"
    openers = "ENUMERATION ENTREE SOURCE SOIT TARIF TRANCHES TABLEAU UNITE FONCTION RESULTAT ENREGISTREMENT CALENDRIER"
}

function colour(family, scope, group) {
    scope_of[family] = scope
    group_of[family] = group
}

/^\/\* .* \*\/$/ {
    family = substr($0, 4, length($0) - 6)
    if (!(family in scope_of)) {
        print "generate.awk: no colour for « " family " »" > "/dev/stderr"
        failed = 1
        exit 1
    }
}

/^KEYWORD\(/ {
    split($0, parts, "\"")
    if (family == "") {
        print "generate.awk: a keyword before any family" > "/dev/stderr"
        failed = 1
        exit 1
    }
    count++
    spelling[count] = parts[2]
    words[count] = word_count(parts[2])
    kind[count] = editor == "vim" ? group_of[family] : scope_of[family]
    if (words[count] > most)
        most = words[count]
    if (!(kind[count] in seen)) {
        seen[kind[count]] = 1
        kinds[++kind_count] = kind[count]
    }
    token = substr(parts[1], 9, index(parts[1], ",") - 9)
    if (index(" " openers " ", " " token " "))
        opener[++opener_count] = parts[2]
}

function word_count(text,    n) {
    n = gsub(/[ ']/, "&", text) + 1
    return text ~ /'$/ ? n - 1 : n
}

# The regular expression of a spelling.
function pattern(text,    c) {
    for (c in bare)
        if (index(text, c) == 1 && text == c)
            return "[" c capital[c] "]"                     # « à » alone keeps its accent: « a » is a name
    text = replaced(replaced(text, " ", blanks), "'", quote)
    for (c in bare)
        text = replaced(text, c, "[" bare[c] c capital[c] "]")
    return text
}

# Without the backslashes of gsub, which two awks do not read alike.
function replaced(text, from, to,    out, at) {
    while ((at = index(text, from)) > 0) {
        out = out substr(text, 1, at - 1) to
        text = substr(text, at + length(from))
    }
    return out text
}

# Longer spellings first; equal lengths in the order of the table.
function alternation(scope, size, bar,    i, n, list, k, best, out) {
    n = 0
    for (i = 1; i <= count; i++)
        if (kind[i] == scope && words[i] == size)
            list[++n] = i
    out = ""
    for (k = 1; k <= n; k++) {
        best = 0
        for (i = 1; i <= n; i++)
            if (list[i] && (!best || length(spelling[list[i]]) > length(spelling[list[best]])))
                best = i
        out = out (k > 1 ? bar : "") bounded(spelling[list[best]])
        list[best] = 0
    }
    return out
}

# A word ends where no letter follows; an apostrophe ends it by itself.
function bounded(text) {
    if (text ~ /'$/)
        return pattern(text)
    return pattern(text) (editor == "vim" ? "\\>" : "(?![\\p{L}\\p{N}_]|-\\p{L})")
}

function json(text) {
    return "\"" replaced(replaced(text, "\\", "\\\\"), "\"", "\\\"") "\""
}

function rule(name, match_text) {
    return "    { \"name\": " json(name) ",\n      \"match\": " json(match_text) " }"
}

function textmate(    size, i, text, start) {
    start = "(?i)(?<![\\p{L}\\p{N}_])(?<!\\p{L}-)"
    print "{"
    print "  \"comment\": \"Written by generate.awk from keywords.def: change these, not this file.\","
    print "  \"name\": \"Délib\",\n  \"scopeName\": \"source.delib\",\n  \"fileTypes\": [\"delib\"],"
    print "  \"patterns\": ["
    print rule("comment.line.double-dash.delib", "--.*$") ","
    print "    { \"name\": \"string.quoted.other.delib\", \"begin\": \"«\", \"end\": \"»\" },"
    print "    { \"name\": \"string.quoted.double.delib\", \"match\": \"\\\"[^\\\"]*\\\"\" },"
    print "    { \"name\": \"string.quoted.other.delib\", \"begin\": \"“\", \"end\": \"”\" },"
    print rule("constant.numeric.date.delib", "\\b(\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}/\\d{4})\\b") ","
    print rule("constant.numeric.ordinal.delib", "\\b(1(er|re|ère)|\\d+(e|ème|nde|nd))(?![\\p{L}\\p{N}_])") ","
    print rule("constant.numeric.delib", \
               "(?<![\\p{L}\\p{N}_])(\\d{1,3}([ \\x{A0}\\x{202F}]\\d{3})+(?!\\d)|\\d+)(,\\d+)?(\\s*[€%])?") ","
    for (size = most; size > 0; size--) {
        if (size == 1)                                      # « source indisponible » declares no source
            print rule_of_names(start) ","
        for (i = 1; i <= kind_count; i++) {
            text = alternation(kinds[i], size, "|")
            if (text != "")
                print rule(kinds[i], start "(" text ")") ","
        }
    }
    print rule("keyword.operator.delib", "<=|>=|<>|!=|[=<>≤≥≠+×*/÷−–|:;]|(?<![\\p{L}\\p{N}_])-|-(?![\\p{L}\\p{N}_])") "\n  ]\n}"
}

# « tarif cantine »: the word, and the name that it declares.
function rule_of_names(start,    match_text) {
    match_text = start "(" opener_pattern("|") ")" blanks "([\\p{L}\\p{N}_][\\p{L}\\p{N}_-]*)"
    return "    { \"match\": " json(match_text) ",\n" \
           "      \"captures\": { \"1\": { \"name\": \"storage.type.delib\" }," \
           " \"2\": { \"name\": \"entity.name.function.delib\" } } }"
}

function opener_pattern(bar,    i, out) {
    for (i = 1; i <= opener_count; i++)
        out = out (i > 1 ? bar : "") pattern(opener[i])
    return out
}

# Vim tries at one place the items defined last: short spellings come first.
function vim(    size, i, text) {
    print "\" Written by generate.awk from keywords.def: change these, not this file."
    print "\" Vim syntax of Délib, the language of tariff délibérations."
    print "if exists(\"b:current_syntax\")\n  finish\nendif"
    print "syntax iskeyword @,48-57,_,192-255\nsyntax sync minlines=50\n"
    print "syntax match delibOperator /[=<>≤≥≠+×*\\/÷−–|:;-]/"
    print "syntax match delibName /\\<\\k\\+\\(-\\k\\+\\)\\+/"
    print "syntax match delibNumber /\\<\\d\\+\\([ \\u00a0\\u202f]\\d\\d\\d\\)*\\(,\\d\\+\\)\\?\\(\\s*[€%]\\)\\?/"
    print "syntax match delibNumber /\\<\\(1\\(er\\|re\\|ère\\)\\|\\d\\+\\(e\\|ème\\|nde\\|nd\\)\\)\\>/"
    print "syntax match delibNumber /\\<\\(\\d\\{4}-\\d\\d-\\d\\d\\|\\d\\d\\?\\/\\d\\d\\?\\/\\d\\{4}\\)\\>/"
    for (size = 1; size <= most; size++)
        for (i = 1; i <= kind_count; i++) {
            text = alternation(kinds[i], size, "\\|")
            if (text != "")
                print "syntax match delib" kinds[i] " /\\c\\<\\(\\k-\\)\\@4<!\\(" text "\\)\\(-\\k\\)\\@!/"
        }
    print "syntax match delibIdentifier /\\c\\(\\<\\(" opener_pattern("\\|") "\\)[ \\t\\u00a0\\u202f]\\+\\)\\@<=\\k\\+\\(-\\k\\+\\)*/"
    print "syntax region delibString start=/«/ end=/»/\nsyntax region delibString start=/“/ end=/”/"
    print "syntax match delibString /\"[^\"]*\"/\nsyntax match delibComment /--.*$/\n"
    for (i = 1; i <= kind_count; i++)
        print "highlight default link delib" kinds[i] " " kinds[i]
    split("Number Identifier String Comment", others, " ")
    for (i = 1; i in others; i++)
        print "highlight default link delib" others[i] " " others[i]
    print "\nlet b:current_syntax = \"delib\""
}

END {
    if (failed)
        exit 1
    if (editor == "vim")
        vim()
    else
        textmate()
}
