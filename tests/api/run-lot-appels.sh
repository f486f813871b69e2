#!/bin/sh
# A batch whose sources are asked over HTTP: quotas kept and used, rows at fault and sources that fail told row by row,
# kill -9 and resumption without asking again for what is written, a provider that is down.
. tests/tap.sh
. tests/api/sandbox.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
top=$PWD act=$PWD/examples/cantine/cantine.delib.md
work=$(mktemp -d) || exit 1
server='' url='' client='' n=60
trap 'kill $server $client 2>/dev/null; rm -rf "$work"' EXIT

# check NAME EXPECTED GOT
check() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "attendu : $2
obtenu : $3
$(cat said 2>/dev/null)"; fi
}

# Families that all differ, each alone with a quotient of its own; the batch; the same with quotients given.
mkdir "$work/familles" && cp stdlib/bac_a_sable/*.yaml "$work/familles" && cd "$work" || exit 1
awk -v n=$n '
    function name(i,   s) { do { s = sprintf("%c", 65 + i % 26) s; i = int(i / 26) } while (i); return "LOT" s }
    function person(i) { return "\"nom_naissance\": \"" name(i) "\", \"prenoms\": \"Anne\", \"date_naissance\": " \
        "\"1990-01-01\", \"sexe\": \"F\", \"commune_naissance\": \"31555\"" }
    BEGIN {
        yaml = "familles/99-lot.yaml"
        print "familles:\n  - id: lot\n    titre: \"Un lot\"\n    personnes:" >yaml
        for (i = 0; i < n; i++)
            print "      p" i ": { nom_naissance: " name(i) ", prenoms: [ANNE], date_naissance: 1990-01-01, sexe: F, " \
                "commune_naissance: \"31555\" }" >yaml
        print "    dossiers:" >yaml
        print "id,qf,résident,sans_emploi" >"connu.csv"
        for (i = 0; i < n; i++) {
            print "      - { caisse: CNAF, allocataires: [p" i "], quotient: " 40 * i " }" >yaml
            print "f" i "," 40 * i ",oui,non" >"connu.csv"
            print "{\"id\": \"f" i "\", \"demandeur\": {" person(i) "}, \"entrees\": {\"résident\": true, " \
                "\"sans_emploi\": false}}" >"lot.ndjson"
        }
    }'

# Without « à défaut », a source that fails is the result.
cat >sans.delib <<'X'
source qf « quotient familial » : api_particulier.quotient_familial(demandeur)
entrée résident : oui_non
entrée sans_emploi : oui_non
tarif cantine en € par repas
  prix selon qf
    moins de 600   : 1 €
    600 et plus    : 3 €
    non communiqué : 3 €
  fin
  exception extérieur si non résident ou sans_emploi : 6 €
fin
tarif garderie en € par heure
  prix selon qf
    moins de 600   : 1 €
    600 et plus    : 2 €
    non communiqué : 2 €
  fin
fin
X

calls() { grep -c ' GET ' journal; }
# Those that the quota of the server let through: on a busy machine a burst may arrive late, and be told to come again.
heard() { grep ' GET ' journal | grep -vc ' 429 '; }
lot() {
    delib calculer "${with:-$act}" --date 2026-11-23 --garder id --bac-a-sable "$url" --sortie sortie.csv "$@" >said 2>&1
    status=$?
}
lines() { tail -n +2 "$1" | wc -l | tr -d ' '; }

delib calculer "$act" --date 2026-11-23 --garder id --lot connu.csv --sortie connu.sortie >said 2>&1
check "the same families with their quotients given" $n "$(lines connu.sortie)"

# ---- Every family, the whole quota, nothing beyond it
start
lot --lot lot.ndjson
check "a batch that asks ends well" 0 $status
none "the amounts are those of known quotients" "$(cmp connu.sortie sortie.csv 2>&1)"
check "one call for each family" $n "$(heard)"
check "the quota is kept, but for what arrives late" yes "$([ "$(grep -c ' 429 ' journal)" -le $((n / 4)) ] && echo yes)"
check "what was done is said" "$(calls) appels ; $n « calculé »" "$(grep -o "[0-9]* appels.*" said)"
cat lot.ndjson lot.ndjson >double.ndjson
sleep 1.1                                # the server counts by second, whoever calls
: >journal
lot --lot double.ndjson
check "who is there twice is asked for once" "$n $((2 * n))" "$(heard) $(lines sortie.csv)"

# ---- Rows at fault; the others go on
{
    head -3 lot.ndjson
    echo 'rien'
    echo '[1]'
    sed -n 4p lot.ndjson | sed 's/"sexe": "F", //'
    sed -n 5p lot.ndjson | sed 's/"entrees"/"entrée"/'
    echo
    sed -n 6p lot.ndjson | sed 's/true/"peut-être"/'
    sed -n 7p lot.ndjson | sed 's/{/{"tarif": "cantine", /'
    sed -n 8p lot.ndjson
} >fautes.ndjson
lot --lot fautes.ndjson
check "rows at fault make the status 1" 1 $status
check "six rows at fault, four amounts" "6 4" "$(grep -c ',erreur,' sortie.csv) $(grep -c ',calculé,' sortie.csv)"
for words in ":4:1 : .*JSON" ":5:1 : .*objet JSON" ":6:1 : .*sexe.*manque" ":7:1 : .*entrée" ":9:1 : .*résident" \
    ":10:1 : .*tarif.*--tarif"; do
    if grep -q "fautes.ndjson$words" said; then pass "told: $words"; else fail "told: $words" "$(cat said)"; fi
done
none "no identity in what is said" "$(grep -i 'LOT[A-Z]\|1990' said)"
lot --lot connu.csv
check "a CSV is refused" "1 1" "$status $(grep -c 'NDJSON' said)"
lot --lot lot.ndjson --fils 4
check "threads are refused" "1 1" "$status $(grep -c -- '--fils' said)"
stop

# ---- Sources that fail, for some
start --panne '*:statut=502,fois=2'
with=sans.delib
lot --lot lot.ndjson --tarif cantine
check "a source that failed for some makes the status 3" 3 $status
check "two families without an amount, the others with theirs" "2 $((n - 2))" \
    "$(grep -c 'source indisponible' sortie.csv) $(grep -c ',calculé,' sortie.csv)"
check "no call was repeated" $n "$(heard)"
: >journal
sleep 1.1
lot --lot lot.ndjson
check "two tariffs of one purpose share their calls" "0 $n" "$status $(heard)"
check "and each has its amount" $n "$(grep -c '^f[0-9]*,[13].00,calculé,,[12].00,calculé,$' sortie.csv)"
with=
stop

# ---- A quota smaller than expected: what the server refuses waits as long as it says
start --quota 15
lot --lot lot.ndjson
none "no family is lost to the quota" "$(cmp connu.sortie sortie.csv 2>&1)"
check "a refusal was met" yes "$(grep -q ' 429 ' journal && echo yes)"
stop

# ---- kill -9 in the middle
rm -f sortie.csv
start --panne '*:delai=150'
delib calculer "$act" --date 2026-11-23 --garder id --bac-a-sable "$url" --sortie sortie.csv --lot lot.ndjson >said 2>&1 &
client=$!
tries=0
until [ -s sortie.csv.en-cours ] && [ "$(lines sortie.csv.en-cours)" -ge 15 ] || [ $tries -gt 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
kill -9 $client
wait $client 2>/dev/null
client=
sleep 1.2
before=$(heard) written=$(lines sortie.csv.en-cours)
check "killed in the middle" yes "$([ "$written" -ge 15 ] && [ "$written" -lt $n ] && echo yes)"
lot --lot lot.ndjson --reprendre
check "resumed" 0 $status
none "the results are those of a batch in one go" "$(cmp connu.sortie sortie.csv 2>&1)"
check "only families that were not written are asked for again" $((before + n - written)) "$(heard)"
check "nothing is left under another name" sortie.csv "$(echo sortie.csv*)"
stop

# ---- A provider that is down: the batch stops, and goes on later
rm -f sortie.csv
start --panne '*:statut=503,apres=20'
with=sans.delib
lot --lot lot.ndjson
check "the batch stops" "1 1 1" "$status $(grep -c 'ne répond plus' said) $(grep -c -- '--reprendre' said)"
down=$(grep -c 'source indisponible' sortie.csv.en-cours) kept=$(lines sortie.csv.en-cours)
check "the first families are kept" yes "$([ "$kept" -ge 20 ] && [ "$kept" -lt $n ] && echo yes)"
stop
start
lot --lot lot.ndjson --reprendre
check "it goes on once the provider is back" "$([ "$down" = 0 ] && echo 0 || echo 3) $n" "$status $(lines sortie.csv)"
check "without asking again for what was written" $((n - kept)) "$(heard)"
check "what was told unavailable stays so" "$down" "$(grep -c 'source indisponible' sortie.csv)"
stop
cd "$top" || exit 1
tap_end
