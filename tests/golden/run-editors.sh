#!/bin/sh
# The colours of editors (grammar/editors/): up to date, readable, and right. The TextMate grammar is tried with perl,
# whose regular expressions are close enough to those of the editors, the Vim syntax in Vim itself.
. tests/tap.sh

editors=grammar/editors
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# ---- Up to date ----

succeeds "the generator runs" $editors/generate.sh "$work"
for file in delib.tmLanguage.json delib.vim; do
    none "$file is what generate.sh writes" "$(diff "$editors/$file" "$work/$file" | head -n 6)"
done
sed 's/^\/\* bounds \*\//\/* nouvelle famille *\//' grammar/keywords.def >"$work/keywords.def"
if awk -v editor=vim -f $editors/generate.awk "$work/keywords.def" >/dev/null 2>&1; then
    fail "a family without a colour is refused"
else
    pass "a family without a colour is refused"
fi

# ---- JSON ----

for file in $editors/*.json; do
    name="$(basename "$file") is JSON"
    if command -v jq >/dev/null; then succeeds "$name" jq -e 'type == "object"' "$file"
    elif command -v python3 >/dev/null; then succeeds "$name" python3 -m json.tool "$file"
    else skip "$name" "neither jq nor python3"; fi
done

# ---- What is coloured ----

# Every spelling, as it is, without its accents, in capitals, with word-processor spaces and apostrophes.
sed -n 's/^KEYWORD([A-Z_]*, *"\([^"]*\)".*/\1/p' grammar/keywords.def >"$work/spellings"
unaccent='s/[éèêë]/e/g; s/[àâ]/a/g; s/ç/c/g; s/[îï]/i/g; s/ô/o/g; s/[ûù]/u/g'
{
    cat "$work/spellings"
    grep -vx 'à' "$work/spellings" | sed "$unaccent"
    grep -vx 'à' "$work/spellings" | sed "$unaccent" | tr '[:lower:]' '[:upper:]'
    sed "s/ /$(printf '\302\240')/g; s/'/’/g" "$work/spellings"
} >"$work/words"

# Fragments: class, a tab, text. The class is told of the characters between the first « ‹ » and « › » of the text.
cat >"$work/fragments" <<'FRAGMENTS'
constant	prix ‹non communiqué› : 3 €
constant	‹source indisponible› : non prévu
bound	‹à partir de› 300
bound	‹et plus›
word	si a ‹et› b
type	‹tarif› cantine
type	‹FIN› TARIF
name	tarif ‹cantine_1› en €
name	entrée ‹quotient-familial› : quotient
control	‹puis› arrondi
function	‹nombre de› élèves
comment	prix 3 € ‹-- si qf ≥ 3›
string	cite article 3 ‹« si le prix »›
string	délibération ‹"2026-47"› du
number	prix ‹1 234,50 €› par repas
number	le ‹01/09/2026› et
number	‹20 %› de x
number	du ‹1er› septembre
none	x + ‹non-résident›
none	x + ‹prix_plein›
none	x + ‹surprix›
none	| ‹a› : b
FRAGMENTS

# Reads the « match » rules in order, and colours as an editor does: at each place the rule that matches first, the
# earlier one when two do. Texts of several lines are not tried.
cat >"$work/textmate.pl" <<'PERL'
use strict;
use utf8;
my ($grammar, $mode, $input) = @ARGV;
my (@rules, $name, $begin);
sub text { my $t = shift; $t =~ s/\\(["\\])/$1/g; return $t }
open(my $in, '<:encoding(UTF-8)', $grammar) or die;
while (<$in>) {
    $name = text($1) if /"name": "((?:[^"\\]|\\.)*)", *"?(?:begin|match)?|"name": "((?:[^"\\]|\\.)*)",$/ && defined $1;
    $name = text($1) if /^ +\{ "name": "((?:[^"\\]|\\.)*)"/;
    if (/"begin": "((?:[^"\\]|\\.)*)", "end": "((?:[^"\\]|\\.)*)"/) {
        push @rules, [$name, text($1) . '.*?' . text($2)];
    } elsif (/"match": "((?:[^"\\]|\\.)*)"/) {
        my $regex = text($1);
        push @rules, [/^ +\{ "match"/ ? 'names' : $name, $regex];
    }
}
die "no rule" unless @rules > 10;
my %class = ('storage.type' => 'type', 'keyword.control' => 'control', 'constant.language' => 'constant',
             'keyword.operator.bound' => 'bound', 'keyword.operator.word' => 'word', 'support.function' => 'function');
sub class_of {
    my $scope = shift;
    for my $prefix (keys %class) { return $class{$prefix} if index($scope, "$prefix.") == 0 }
    return $1 if $scope =~ /^(comment|string)/;
    return 'number' if $scope =~ /^constant\.numeric/;
    return $scope;
}
sub colour {
    my $line = shift;
    my @colours = ('none') x length $line;
    my $at = 0;
    while ($at < length $line) {
        my ($best, $from, $to, $names, $name_from) = (undef, length $line, 0);
        for my $rule (@rules) {
            pos($line) = $at;
            next unless $line =~ /$rule->[1]/g && $+[0] > $-[0] && $-[0] < $from;
            ($best, $from, $to) = ($rule->[0], $-[0], $+[0]);
            $name_from = $best eq 'names' ? $-[2] : undef;
        }
        last unless defined $best;
        for my $i ($from .. $to - 1) {
            $colours[$i] = $best ne 'names' ? class_of($best) : $i >= $name_from ? 'name' : 'type';
        }
        $at = $to;
    }
    return @colours;
}
open(my $lines, '<:encoding(UTF-8)', $input) or die;
binmode(STDOUT, ':encoding(UTF-8)');
while (my $line = <$lines>) {
    chomp $line;
    if ($mode eq 'words') {
        my %seen = map { $_ => 1 } colour($line);
        print "$line: ", join(' ', sort keys %seen), "\n" if keys %seen != 1 || $seen{none};
        next;
    }
    my ($expected, $text) = split /\t/, $line;
    my $from = index($text, '‹');
    my $to = index($text, '›') - 1;
    $text =~ s/[‹›]//g;
    my %seen = map { $_ => 1 } (colour($text))[$from .. $to - 1];
    my $got = join(' ', sort keys %seen);
    print "$line: $got\n" if $got ne $expected;
}
PERL

if command -v perl >/dev/null; then
    none "TextMate: every keyword has one colour, in every spelling ($(wc -l <"$work/words"))" \
        "$(perl "$work/textmate.pl" $editors/delib.tmLanguage.json words "$work/words" 2>&1 | head -n 10)"
    none "TextMate: fragments have the right colours" \
        "$(perl "$work/textmate.pl" $editors/delib.tmLanguage.json fragments "$work/fragments" 2>&1)"
else
    skip "TextMate: colours" "no perl"
fi

# Vim says the group of each character; the blanks inside a keyword belong to it.
cat >"$work/colours.vim" <<VIM
set encoding=utf-8 nomodeline
syntax on
let classes = {'delibStructure': 'type', 'delibStatement': 'control', 'delibConstant': 'constant',
    \\ 'delibFunction': 'function', 'delibComment': 'comment', 'delibString': 'string', 'delibNumber': 'number',
    \\ 'delibIdentifier': 'name', 'delibOperator': 'operator', 'delibKeyword': 'keyword', 'delibType': 'unit',
    \\ 'delibName': 'none', '': 'none'}
let lines = readfile('$work/fragments') + map(readfile('$work/words'), '"any\t‹" . v:val . "›"')
call setline(1, map(copy(lines), 'substitute(split(v:val, "\t")[1], "[‹›]", "", "g")'))
source $PWD/$editors/delib.vim
let result = []
for index in range(len(lines))
    let [expected, text] = split(lines[index], "\t")
    let seen = {}
    for column in range(stridx(text, '‹') + 1, stridx(text, '›') - len('‹'))
        let seen[classes[synIDattr(synID(index + 1, column, 1), 'name')]] = 1
    endfor
    let got = join(sort(keys(seen)))
    let expected = substitute(expected, '^\(bound\|word\)$', 'operator', '')
    if expected ==# 'any' ? len(seen) != 1 || has_key(seen, 'none') : got !=# expected
        call add(result, lines[index] . ': ' . got)
    endif
endfor
call writefile(result + ['done'], '$work/result')
quitall!
VIM

if command -v vim >/dev/null && vim --version | grep -q '+syntax'; then
    vim -Nu NONE -i NONE -n -es -S "$work/colours.vim" </dev/null >"$work/vim.log" 2>&1
    equal=$(cat "$work/result" 2>/dev/null)
    if [ "$equal" = "done" ]; then pass "Vim: keywords and fragments have the right colours"
    else fail "Vim: keywords and fragments have the right colours" "$(head -n 10 "$work/result" "$work/vim.log")"; fi
else
    skip "Vim: colours" "no Vim with syntax"
fi

tap_end
