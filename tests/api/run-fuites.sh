#!/bin/sh
# No secret and no personal datum leaks: a family whose every datum is marked, tokens that are marked, asked over HTTP with
# each fault; every output, the server's journal and every file left are then searched for the marks. And sources that do
# not depend on each other take the time of one.
. tests/tap.sh
. tests/api/sandbox.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
act=$PWD/examples/cantine/cantine.delib.md
work=$(mktemp -d) || exit 1
server='' url=''
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
mkdir "$work/familles" "$work/dit" && cp stdlib/bac_a_sable/*.yaml "$work/familles" && cd "$work" || exit 1

# The marks: the person, her identifiers, her quotient, the token of the commune.
sed -i 's/bac-a-sable-cantine/JETONMARQUE/' familles/*.yaml
cat >familles/99-marques.yaml <<'X'
familles:
  - id: marques
    titre: "Des données que l'on reconnaît"
    personnes:
      m: { nom_naissance: ZZMARQUE, prenoms: [ZZPRENOM], date_naissance: 1971-12-31, sexe: F, commune_naissance: "31555" }
    dossiers:
      - { caisse: CNAF, allocataires: [m], quotient: 777777 }
X
cat >demande.yaml <<'X'
demandeur:
  nom_naissance: ZZMARQUE
  prenoms: ZZPRENOM
  date_naissance: 1971-12-31
  sexe: F
  commune_naissance: "31555"
  spi: "3999999999993"
  identifiant_france_travail: zzidentifiant
entrees:
  résident: oui
  sans_emploi: non
X
echo '{"id": "f1", "demandeur": {"nom_naissance": "ZZMARQUE", "prenoms": "ZZPRENOM", "date_naissance": "1971-12-31",
"sexe": "F", "commune_naissance": "31555"}, "entrees": {"résident": true, "sans_emploi": false}}' | tr '\n' ' ' >lot.ndjson
PERSON='ZZMARQUE|ZZPRENOM|1971|3999999999993|zzidentifiant'
SECRET='JETONMARQUE|Bearer'
DATUM='777[^0-9]{0,3}777'
DELIB_JETON_CANTINE=JETONMARQUE
export DELIB_JETON_CANTINE

# open OPTION…: a server, and the configuration that goes to it.
open() {
    cat journal serveur >>journaux 2>/dev/null
    start "$@"
    cat >configuration.yaml <<X
destinataire: "130 025 265 00013"
delais: { connexion: 1, total: 1 }
api_particulier:
  adresse: $url
habilitations:
  tarification_enfance:
    api_particulier:
      jeton: { variable: DELIB_JETON_CANTINE }
  sans_finalite:
    api_particulier:
      jeton: { variable: DELIB_JETON_CANTINE }
X
}

# tell NAME COMMAND…: what it prints stays in dit/NAME.out and dit/NAME.err
tell() {
    name=$1
    shift
    "$@" >"dit/$name.out" 2>"dit/$name.err" </dev/null
}
ask() {
    name=$1
    shift
    tell "$name" delib calculer "$act" --date 2026-11-23 --configuration configuration.yaml --demande demande.yaml "$@"
}

open
ask montant
succeeds "the marked family has its amount" grep -q '5,60 € par repas' dit/montant.out
ask explique --expliquer
succeeds "and her quotient is in her explanation" grep -qE "$DATUM" dit/explique.out
ask json --json
tell questions delib questions "$act" --demande demande.yaml --date 2026-11-23 --json
tell appels delib dossier --appels "$act"
tell configuration delib configuration verifier configuration.yaml
tell lot delib calculer "$act" --date 2026-11-23 --configuration configuration.yaml --garder id --lot lot.ndjson --sortie lot.csv
sed 's/zzidentifiant/zz identifiant/; s/sexe: F/sexe: ZZ/' demande.yaml >fausse.yaml
tell fausse delib calculer "$act" --configuration configuration.yaml --demande fausse.yaml
stop
n=0
for fault in statut=400 statut=401 statut=403 statut=404 statut=409 statut=422 statut=429 statut=500 statut=502 statut=503 \
    statut=504 tronque coupure reset silence json-faux corps-vide gzip-bombe=50M html doublons profond utf8-faux \
    nombre-enorme redirection; do
    n=$((n + 1))
    open --panne "*:$fault"
    ask "panne-$n" --expliquer
    ask "panne-$n-json" --json
    tell "panne-$n-lot" delib calculer "$act" --date 2026-11-23 --configuration configuration.yaml --garder id \
        --lot lot.ndjson --sortie "panne-$n.csv"
    stop
    none "$fault: nothing personal in what is said" "$(grep -lE "$PERSON|$SECRET|$DATUM" dit/panne-$n.* dit/panne-$n-*)"
done
open
sed 's/JETON_CANTINE/JETON_ABSENT/' configuration.yaml >sans-secret.yaml
tell sans-secret delib calculer "$act" --configuration sans-secret.yaml --demande demande.yaml
DELIB_JETON_CANTINE=JETONMARQUE-FAUX ask mauvais-jeton
stop

none "no identity and no secret in any output" "$(grep -lE "$PERSON|$SECRET" dit/*)"
none "no datum of the family on the error output" "$(grep -lE "$DATUM" dit/*.err)"
cat journal serveur >>journaux
succeeds "the journals of the servers tell the calls" grep -q ' GET /v3/dss/quotient_familial/identite 200' journaux
none "nothing in the journals of the servers" "$(grep -E "$PERSON|$SECRET|$DATUM" journaux)"
none "nothing in the results nor in what a batch leaves" "$(grep -lE "$PERSON|$SECRET|$DATUM" ./*.csv*)"
none "no other file was written" "$(find . -maxdepth 1 -mindepth 1 -printf "%f\n" | grep -vE '^(familles|dit|demande.yaml|fausse.yaml|lot.ndjson|configuration.yaml|sans-secret.yaml|journal|journaux|serveur|port|lot.csv|panne-[0-9]*\.csv(\.en-cours(\.etat)?)?)$')"
succeeds "the marks would be seen" grep -qE "$PERSON" demande.yaml

# ---- Three independent sources and one
cat >une.delib <<'X'
source qf « quotient » : api_particulier.quotient_familial(demandeur)
tarif t en €
  prix selon qf
    moins de 500   : 1 €
    500 et plus    : 2 €
    non communiqué : 2 €
  fin
fin
X
cat >trois.delib <<'X'
source qf « quotient » : api_particulier.quotient_familial(demandeur)
source rsa « RSA » : api_particulier.rsa(demandeur)
source prime « prime d'activité » : api_particulier.prime_activite(demandeur)
tarif t en €
  prix selon qf
    moins de 500   : 1 €
    500 et plus    : 2 €
    non communiqué : 2 €
  fin
  puis supplément de 1 € si rsa
    non communiqué : sans majoration
  puis supplément de 1 € si prime
    non communiqué : sans majoration
fin
X
sed -i 's/^      jeton:.*/      jeton: { variable: DELIB_JETON_COMPLET }/' configuration.yaml
DELIB_JETON_COMPLET=jeton-fictif-complet
export DELIB_JETON_COMPLET
now() { date +%s%N; }
sed -i '/^entrees/,$d' demande.yaml
# wall ACT: milliseconds of one family
wall() {
    begin=$(now)
    delib calculer "$1" --date 2026-11-23 --bac-a-sable "$url" --demande demande.yaml >said 2>&1
    echo $((($(now) - begin) / 1000000))
}
open --panne '*:delai=400'
: >journal
one=$(wall une.delib)
three=$(wall trois.delib)
calls=$(grep -c ' GET ' journal)
stop
echo "# one source: $one ms; three independent sources: $three ms; ratio $((100 * three / one)) %"
if [ "$calls" = 4 ] && [ "$three" -lt $((2 * one)) ]; then
    pass "three independent sources take the time of one, not of three"
else
    fail "three independent sources take the time of one, not of three" "$calls appels, $one ms, $three ms
$(cat said)"
fi
tap_end
