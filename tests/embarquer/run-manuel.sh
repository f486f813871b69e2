#!/bin/sh
# The manual says what the headers and the program say: every function documented and with its page, every command and
# option of the program in its page, no page that groff finds at fault. And the completion offers the same options.
. tests/tap.sh

root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

for header in delib delib_io; do
    none "a comment documents every function of $header.h" \
        "$(awk -v undocumented=1 -f packaging/man/fonctions.awk runtime/$header.h)"
    listed=$(awk -f packaging/man/fonctions.awk runtime/$header.h | wc -l)
    succeeds "every function of $header.h is listed" test "$listed" = "$(grep -c '^DELIB_API' runtime/$header.h)"
done
# The check above can fail: two functions without a comment, one with.
printf '%s\n' '/** Said. */' 'DELIB_API int delib_a(void);' '' 'DELIB_API int delib_b(void);' \
    'DELIB_API int delib_c(void);' >"$root/h"
succeeds "… and an undocumented function is found" \
    test "$(awk -v undocumented=1 -f packaging/man/fonctions.awk "$root/h" | tr '\n' ' ')" = "delib_b delib_c "

succeeds "make install" make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$root" install
man=$root/usr/share/man
for header in delib delib_io; do
    none "every function of $header.h has a page that leads to its header's" "$(
        awk -f packaging/man/fonctions.awk runtime/$header.h | while read -r name; do
            grep -qx "\.so man3/$header.h.3" "$man/man3/$name.3" 2>/dev/null || echo "$name"
        done)"
    none "the page of $header.h holds every line of its declarations" "$(
        tr -d '\\' <"$man/man3/$header.h.3" >"$root/page"
        grep '^DELIB_API' runtime/$header.h | sed 's/^DELIB_API //' | tr -d '\\' | grep -vxFf "$root/page")"
done
succeeds "libdelib(3) holds the sixty-line host" grep -q 'delib_session_set_text' "$man/man3/libdelib.3"

option() {    # options of a command, as the program says them
    delib "$1" --aide | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort -u
}
commands=$(delib aide | sed -n '/^Commandes/,/^$/s/^  \([a-z-][a-z-]*\) .*/\1/p')
succeeds "the program has commands" test "$(echo "$commands" | wc -l)" -ge 5
tr -d '\\' <"$man/man1/delib.1" >"$root/delib.1"
none "every command and option is in delib(1)" "$(for command in $commands; do
    grep -qw -e "$command" "$root/delib.1" || echo "$command"
    for name in $(option "$command"); do
        grep -q -e "$name\\b" "$root/delib.1" || echo "$command $name"
    done
done)"

# example SECTION: the example of that section of delib(5).
example() {
    awk -v title="$1" '/^\.SH/ { inside = index($0, title) } inside && /^\.EE/ { exit }
        inside && shown { print } inside && /^\.EX/ { shown = 1 }' "$man/man5/delib.5" | sed 's/\\-/-/g'
}
example 'UNE DÉLIBÉRATION' >"$root/acte.delib"
example 'UNE DEMANDE' >"$root/demande.yaml"
example 'UNE CONFIGURATION' >"$root/configuration.yaml"
succeeds "delib(5): its délibération passes its own essai" delib tester "$root/acte.delib"
succeeds "delib(5): its demande is computed with it" sh -c \
    "delib calculer '$root/acte.delib' --demande '$root/demande.yaml' | grep -q '^3,30 € par repas'"
succeeds "delib(5): its configuration is one" delib configuration verifier "$root/configuration.yaml" --sans-secrets

# What a page merges with the paragraph before is not read.
none "each command has its line in the synopsis of delib(1), and a paragraph" "$(
    awk '/^\.SH/ { section = $2 }
        section == "SYNOPSIS" && /^\.B delib / && before !~ /^\.(br|SH)/ { print "delib.1:" FNR ": " $0 }
        { before = $0 }' "$man/man1/delib.1"
    awk '/^\.SH/ { section = $2 } before == ".TP" && section == "COMMANDES" { print $2 } { before = $0 }' \
        "$man/man1/delib.1" | tr -d '\\' | sort -u >"$root/paragraphs"
    echo "$commands" | sort -u | grep -vxFf "$root/paragraphs")"

if command -v groff >/dev/null; then
    for page in man1/delib.1 man5/delib.5 man3/libdelib.3 man3/delib.h.3 man3/delib_io.h.3; do
        faults=$(groff -man -Tutf8 -K utf8 -ww -z "$man/$page" 2>&1 | head -5)
        none "$page: nothing that groff finds at fault" "$faults"
    done
else
    skip "pages under groff" "groff is not installed"
fi

# complete WORD…: what the completion offers for the last word.
cat >"$root/complete" <<'B'
. packaging/completion/delib.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_delib
printf '%s\n' "${COMPREPLY[@]}"
B
if command -v bash >/dev/null; then
    none "completion offers every command" "$(bash "$root/complete" delib '' >"$root/offered"
        for command in $commands; do grep -qx "$command" "$root/offered" || echo "$command"; done)"
    none "completion offers every option" "$(for command in $commands; do
        bash "$root/complete" delib "$command" -- >"$root/offered"
        for name in $(option "$command"); do grep -qx -e "$name" "$root/offered" || echo "$command $name"; done
    done)"
else
    skip "completion" "bash is not installed"
fi

tap_end
