#!/bin/sh
# `delib calculer --lot`: exact on the workload « portail », the same as one family at a time, in every spelling of the
# file; each bad input told with its line and column, and nothing left under the final name.
. tests/tap.sh

top=$PWD
act=$top/tests/bench/portail.delib
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# check NAME EXPECTED GOT
check() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "attendu : $2
obtenu : $3"; fi
}
# told NAME WORDS: the last run failed with status 1, said these words, and left no result.
told() {
    if [ "$status" = 1 ] && grep -qF -e "$2" said && [ ! -e sortie.csv ] && [ ! -e sortie.csv.en-cours ]; then
        pass "$1"
    else
        fail "$1" "statut $status, attendu : $2
$(cat said)
$(ls)"
    fi
}
lot() {
    rm -f sortie.csv*
    delib calculer "$act" --date 2026-10-01 --sortie sortie.csv --garder id "$@" 2>said
    status=$?
}
amounts() { lot --montants-seuls "$@"; }

# ---- Exactness: 100 000 families
${CC:-cc} -O2 -w -o gen "$top/tests/bench/portail_gen.c" && ./gen 100000 20260901 p.csv p.ndjson
amounts --lot p.csv --fils 1
check "a batch ends well" 0 "$status"
cp sortie.csv reference.csv
check "sums in centimes of 100 000 families" "40337448 61741382 23856173" "$(
    awk -F, 'NR > 1 { a += $2 * 100; b += $3 * 100; c += $4 * 100 } END { printf "%.0f %.0f %.0f", a, b, c }' sortie.csv)"
if command -v python3 >/dev/null; then
    python3 "$top/tests/bench/portail_oracle.py" p.csv oracle.csv >/dev/null
    none "the same bytes as exact rationals" "$(cmp oracle.csv sortie.csv 2>&1)"
else
    skip "the same bytes as exact rationals" "no python3"
fi
for threads in 2 3 7; do
    amounts --lot p.csv --fils $threads
    none "the same with $threads threads" "$(cmp reference.csv sortie.csv 2>&1)"
done
amounts --lot p.ndjson
none "the same from NDJSON" "$(cmp reference.csv sortie.csv 2>&1)"
amounts --lot - <p.csv
none "the same from the standard input" "$(cmp reference.csv sortie.csv 2>&1)"
delib calculer "$act" --date 2026-10-01 --lot p.csv --sortie - --garder id --montants-seuls >flux.csv 2>said
none "the same on the standard output" "$(cmp reference.csv flux.csv 2>&1)"

# ---- Spellings: separator, comma, BOM, CRLF, quotes
head -2001 p.csv >s.csv
amounts --lot s.csv
cp sortie.csv point.csv
tr ',.' ';,' <s.csv | sed 's/$/\r/' | sed '1s/^/\xef\xbb\xbf/' >virgule.csv
amounts --lot virgule.csv
none "semicolon, decimal comma, BOM and CRLF" "$(tr ',.' ';,' <point.csv | cmp - sortie.csv 2>&1)"
check "what was recognised is said" "virgule.csv : séparateur « ; », virgule décimale" "$(sed -n 1p said)"
sed '1!s/[^,]*/"&"/g' s.csv >guillemets.csv
amounts --lot guillemets.csv
none "every cell between quotes" "$(sed '1!s/[^,]*/"&"/' point.csv | cmp - sortie.csv 2>&1)"
sed '1!s/true/oui/g; 1!s/false/Non/g' s.csv >mots.csv
amounts --lot mots.csv
none "oui and Non for true and false" "$(cmp point.csv sortie.csv 2>&1)"
sed '2s/^1,/"un\ndeux",/' s.csv >retour.csv
amounts --lot retour.csv
none "a line end inside quotes" "$(sed '2s/^1,/"un\ndeux",/' point.csv | cmp - sortie.csv 2>&1)"
amounts --lot s.csv --tarif creche --tarif cantine
check "named tariffs, in the order given" "id,creche,cantine" "$(sed -n 1p sortie.csv)"

# Every cell in odd spellings, twice: as it is, and beside a column that spans two lines, which no shorter way reads.
awk 'BEGIN {
    srand(20260901)
    n = split("0 7 07 12. .5 1.5 1.05 1.005 622.50 1234567 12345678 123456789 1234.56 12345.67 123456.78 99999.99 100000 100000.01 0000000000012 " \
              "00000000000000012 1234567890123456 -1 +1 1e3 1,5 \"622.5\" \"7\" x 1x \"\" 1..5", number, " ")
    m = split("true false oui non Oui VRAI TRUE trueish nonante 1 0 \"true\" \"non\"", word, " ")
    k = split("1 2 9 10 20 21 48 49 99 100 007 0 1.0 \"3\" a", small, " ")
    print "id,mot,qf,resident,demandeur_emploi,rang_enfant,boursier,demi_heures,ressources_mensuelles,nb_enfants,aeeh"
    for (i = 1; i <= 6000; i++) {
        # Most cells are plain, so that many rows are.
        q = rand() < .5 ? number[1 + int(rand() * n)] : int(rand() * 2000)
        r = rand() < .3 ? number[1 + int(rand() * n)] : rand() < .1 ? "" : int(rand() * 9000) "." int(rand() * 10)
        printf "%d,MOT,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i, q, w(), w(), s(), w(), s(), r, s(), w()
    }
}
function w() { return rand() < .85 ? (rand() < .5 ? "true" : "false") : word[1 + int(rand() * m)] }
function s() { return rand() < .85 ? 1 + int(rand() * 20) : small[1 + int(rand() * k)] }' >odd.csv
sed 's/,MOT,/,mot,/' odd.csv >plain.csv
awk '{ sub(/,MOT,/, ",\"deux\nlignes\","); print }' odd.csv >slow.csv
lot --ignorer mot --lot plain.csv --fils 1
mv sortie.csv plain-results.csv
lot --ignorer mot --lot slow.csv --fils 1
none "6 000 rows of odd cells, read the short way and through a session" "$(cmp plain-results.csv sortie.csv 2>&1)"
check "of which some are at fault and many computed" "1 1" "$(
    awk '/erreur/ { e++ } /calculé/ { c++ } END { print (e > 500), (c > 1000) }' plain-results.csv)"

# ---- Statuses: the same as one family at a time
cat >divers.csv <<'X'
id,qf,resident,demandeur_emploi,rang_enfant,boursier,demi_heures,ressources_mensuelles,nb_enfants,aeeh
plein,622.50,true,false,3,true,5,2500.55,2,false
sans,,true,false,1,false,5,,2,false
manque,622,,false,1,false,5,1000,2,false
hors,622,true,false,99,false,5,1000,2,false
centimes,622.501,true,false,1,false,5,1000,2,false
X
lot --lot divers.csv
check "statuses other than an amount are results" 0 "$status"
check "rows in the order of the input" "id plein sans manque hors centimes" "$(cut -d, -f1 sortie.csv | paste -sd' ')"
check "statuses of the rest are told by their names" 1 "$(grep -c '^hors,,donnée invalide' sortie.csv)"
while IFS=, read -r id qf res de rang bourse dh rm nb aeeh; do
    [ "$id" = id ] && continue
    for tariff in cantine accueil creche; do
        set -- "qf=${qf:-non communiqué}" "resident=${res:-non communiqué}" "demandeur_emploi=$de" "rang_enfant=$rang" \
            "boursier=$bourse" "demi_heures=$dh" "ressources_mensuelles=${rm:-non communiqué}" "nb_enfants=$nb" "aeeh=$aeeh"
        for pair; do set -- "$@" --avec "$pair"; shift; done
        one=$(delib calculer "$act" --date 2026-10-01 --tarif $tariff "$@" 2>&1 | sed -n 1p)
        many=$(awk -F, -v id="$id" -v t=$tariff '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i == t) c = i }
            $1 == id { sub(/\./, ",", $c); print $(c + 1) == "calculé" ? $c : $(c + 1) ($(c + 2) == "" ? "" : " : " $(c + 2)) }' sortie.csv)
        case $one in "$many"*) pass "$tariff of « $id » is the same alone" ;; *) fail "$tariff of « $id »" "$one / $many" ;; esac
    done
done <divers.csv

# ---- Rows at fault never stop the others
cat >fautes.csv <<'X'
id,qf,resident,demandeur_emploi,rang_enfant,boursier,demi_heures,ressources_mensuelles,nb_enfants,aeeh
1,622.50,true,false,3,true,5,2500.55,2,false
2,622.50,true,false,3,true,5,2500.55,2
3,622.50,true,false,trois,true,5,2500.55,2,false
4,1234567890123456789012345678901234567890,true,false,3,true,5,2500.55,2,false
5,"622,50",true,false,3,true,5,2500.55,2,false
6,6"22,true,false,3,true,5,2500.5"5,2,false
7,622.50,true,false,3,true,5,2500.55,2,false
X
printf '8,622,tr\377ue,false,3,true,5,2500,2,false\n' >>fautes.csv
lot --lot fautes.csv
check "rows at fault: status 1" 1 "$status"
check "every family has its line" 9 "$(wc -l <sortie.csv)"
check "sound rows are computed" "2" "$(grep -c 'calculé.*calculé.*calculé' sortie.csv)"
for place in 'fautes.csv:3:1 : cette ligne a 9 colonnes, l'\''en-tête 10' 'fautes.csv:4:21 : colonne « rang_enfant »' \
    'fautes.csv:5:3 : colonne « qf » : un nombre de trente chiffres au plus' 'fautes.csv:6:3 : colonne « qf » : une virgule' 'fautes.csv:7:4 : un guillemet' \
    'fautes.csv:9:9 : un octet n'; do
    if grep -qF -e "$place" said; then pass "told: $place"; else fail "told: $place" "$(cat said)"; fi
done
check "they are counted" "6 lignes en erreur" "$(tail -1 said | sed 's/.*; //')"
# A fault holds no value of the family.
none "no value in a message" "$(grep -e trois -e 12345678 said)"

# ---- Lists, escapes and dates, row by row
cat >familles.ndjson <<'X'
{"id":"a","élèves":[{"nom":"x","cours":"danse"},{"nom":"y","cours":"éveil"}]}
{"id":"b \"\u00e9\"","élèves":[]}
{"id":"c","élèves":null}
{"id":"d","élèves":[{"nom":"x","cours":"judo"}]}
{"id":"e","élèves":[{"nom":"x"]}
X
delib calculer "$top/examples/methodes/famille.delib" --lot familles.ndjson --sortie liste.csv --garder id --tarif famille \
    --date 2026-10-01 2>said
check "lists of NDJSON" 'a,318.00,calculé, "b ""é""",0.00,calculé, c,,à compléter,il manque « Élèves de la famille »' \
    "$(sed -n 2,4p liste.csv | paste -sd' ')"
check "faults in the order of the lines" "4:1 5:33" "$(sed -n 's/.*ndjson:\([0-9]*:[0-9]*\) : .*/\1/p' said | paste -sd' ')"
printf 'id;qf;date\n1;500;2026-10-01\n2;500;01/09/2027\n3;500;jamais\n' >dates.csv
delib calculer "$top/examples/methodes/quotient.delib" --lot dates.csv --sortie dates.out --garder id 2>said
check "a date for each family" "1;2,60;calculé; 2;2,60;calculé;" "$(sed -n 2,3p dates.out | paste -sd' ')"
check "a date that is none" "dates.csv:4:7 : colonne « date » : une date (AAAA-MM-JJ) est attendue" "$(sed -n 's/^[^:]*: \(dates.*\)/\1/p' said)"

# ---- Files at fault
head -1 s.csv >entete.csv
: >vide.csv
cut -d, -f1-9 s.csv >courte.csv
sed '1s/$/,couleur/; 1!s/$/,bleu/' s.csv >large.csv
sed '1s/aeeh/QF/' s.csv >double.csv
sed '3s/^2,/"2,/' s.csv >ouvert.csv
printf '\377%s\n' "$(head -1 s.csv)" >octets.csv
lot --lot absent.csv;  told "no such file" "impossible de lire « absent.csv » : il n'existe pas"
lot --lot .;           told "a folder" "c'est un dossier"
lot --lot vide.csv;    told "an empty file" "vide.csv:1 : ce fichier est vide"
lot --lot entete.csv;  told "a header only" "n'a que son en-tête"
lot --lot courte.csv;  told "a missing column" "courte.csv:1 : il manque la colonne « aeeh »"
lot --lot large.csv;   told "an extra column" "aucune donnée « couleur »"
lot --lot double.csv;  told "a column twice" "double.csv:1 : la colonne « QF » est donnée deux fois"
lot --lot ouvert.csv;  told "an unterminated quote" "ouvert.csv:3:1 : ce guillemet n'est jamais fermé"
lot --lot octets.csv;  told "a header that is not UTF-8" "octets.csv:1:1 : un octet n'est pas de l'UTF-8"
lot --lot s.csv --garder nom; told "a kept column that is not there" "pas de colonne « nom »"
lot --lot s.csv --tarif cantne; told "an unknown tariff" "cantine"
lot --lot large.csv --ignorer couleur; check "an extra column can be ignored" 0 "$status"
cp s.csv meme.csv
delib calculer "$act" --date 2026-10-01 --lot meme.csv --sortie ./meme.csv --garder id 2>said
check "the output is the input: refused" 1 $?
none "and the input is untouched" "$(cmp s.csv meme.csv 2>&1)"
if [ -w /dev/full ]; then
    delib calculer "$act" --date 2026-10-01 --lot s.csv --sortie /dev/full --garder id 2>said
    check "a full disk" "1 impossible d'écrire : le disque est plein" \
        "$? $(sed -n 's/.*\(impossible d.écrire\).*\( : le disque est plein\)/\1\2/p' said)"
fi
delib calculer "$act" --lot s.csv 2>said
check "--lot without --sortie" 2 $?
delib calculer "$act" --sortie x --avec qf=1 2>said
check "--sortie without --lot" 2 $?

# ---- Killed, then resumed
rm -f reprise.csv*
delib calculer "$act" --date 2026-10-01 --lot p.csv --sortie reprise.csv --garder id --montants-seuls --reprendre 2>said
check "nothing to resume is told" 1 $?
# The state that a kill leaves: the beginning of the results, cut inside a line, and what they were computed from.
delib calculer "$act" --date 2026-10-01 --lot p.csv --sortie reprise.csv --garder id --montants-seuls --fils 1 2>said &
killed=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s reprise.csv.en-cours.etat ] && break; sleep 0.01; done
kill -9 $killed 2>/dev/null
wait $killed 2>/dev/null
if [ -e reprise.csv.en-cours.etat ]; then
    head -c 700000 reference.csv >reprise.csv.en-cours
    delib calculer "$act" --date 2026-10-01 --lot p.csv --sortie reprise.csv --garder id --montants-seuls --tarif cantine \
        --reprendre 2>said
    check "other options are not resumed" 1 $?
    delib calculer "$act" --date 2026-10-01 --lot p.csv --sortie reprise.csv --garder id --montants-seuls --reprendre 2>said
    check "a killed batch is resumed" 0 $?
    none "with the same bytes" "$(cmp reference.csv reprise.csv 2>&1)"
    none "and nothing is left over" "$(find . -name "*en-cours*")"
else
    skip "a killed batch is resumed" "it ended before it could be killed"
fi

# ---- Constant memory
if [ -x /usr/bin/time ] && ! nm "$BUILD/delib" 2>/dev/null | grep -q __asan; then
    peak() { /usr/bin/time -f %M delib calculer "$act" --date 2026-10-01 --lot "$1" --sortie m.csv --garder id 2>&1 >/dev/null | tail -1; }
    (cat p.csv; sed 1d p.csv; sed 1d p.csv; sed 1d p.csv) >grand.csv
    small=$(peak p.csv) large=$(peak grand.csv)
    if [ "$large" -le $((small + 512)) ] && [ "$large" -le 16384 ]; then
        pass "memory does not depend on the number of families"
    else
        fail "memory does not depend on the number of families" "$small then $large KiB"
    fi
else
    skip "memory does not depend on the number of families" "no /usr/bin/time, or sanitizers"
fi
tap_end
