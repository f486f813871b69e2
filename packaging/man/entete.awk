# Turns a public header into a page of section 3: its comments as text, its declarations as they are. The header is
# the only source, so that the page cannot say anything else.
#
#   awk -v page=delib.h -v version=0.1.0 -v title='…' -f entete.awk runtime/delib.h >delib.h.3

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}
# A paragraph of a comment; « @param name text » and « @return text » become tagged paragraphs.
function paragraph(line) {
    if (line == "")
        print ".PP"
    else if (line ~ /^@param /) {
        sub(/^@param +/, "", line)
        tag = line; sub(/  .*/, "", tag); sub(/ +$/, "", tag)
        sub(/^[^ ].*  +/, "", line)
        print ".TP\n.I " escape(tag)
        print escape(line)
    } else if (line ~ /^@return /) {
        sub(/^@return +/, "", line)
        print ".TP\n.B Returns"
        print escape(line)
    } else
        print escape(line)
}
function code_end() {
    if (in_code) print ".EE"
    in_code = 0
}
function section(line) {
    sub(/^\/\* -+ /, "", line)
    sub(/ *\*\/$/, "", line)
    code_end()
    print ".SH " toupper(line)
}

BEGIN {
    print ".\\\" Made from the header by packaging/man/entete.awk."
    print ".TH " page " 3 \"\" \"delib " version "\" \"Délib\""
    print ".SH NAME\n" page " \\- " title
    print ".SH SYNOPSIS\n.EX\n#include <" page ">\n.EE"
    print ".SH DESCRIPTION"
}

/^\/\* -----/ && /[a-z]/ { section($0); text = $0 !~ /\*\/$/; next }
# A comment that stands on its own lines.
!text && /^\/\*/ {
    code_end()
    print ".PP"
    line = $0
    text = line !~ /\*\/$/
    sub(/^\/\*+ ?/, "", line)
    sub(/ *\*\/$/, "", line)
    if (line != "") paragraph(line)
    next
}
text {
    line = $0
    if (line ~ /\*\/$/) text = 0
    sub(/ *\*\/$/, "", line)
    sub(/^ \*? ?/, "", line)
    sub(/^ +/, "", line)
    if (line != "" || text) paragraph(line)
    next
}
# What only the compiler needs.
/^#if|^#endif|^#else|^#ifdef|^#ifndef|^#include|^extern "C"|^#define DELIB_API|^#define DELIB_(IO_)?H$/ { next }
/^}$/ { next }
/^$/ { if (in_code) blank = 1; next }
{
    if (!in_code) print ".PP\n.EX"
    else if (blank) print ""
    in_code = 1; blank = 0
    line = $0
    sub(/^DELIB_API /, "", line)
    print escape(line)
}
END {
    code_end()
    print ".SH SEE ALSO"
    print ".BR delib (1),\n.BR libdelib (3),\n.BR delib (5)"
}
