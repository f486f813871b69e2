#!/bin/sh
# The bac à sable, by HTTP, as a client sees it: endpoints, tokens, masks, errors, quotas, faults, journal, options.
# Needs curl. BUILD: the build folder. PROGRAM and RUN_UNDER (a wrapper such as valgrind) may be given instead.
. tests/tap.sh

BUILD=${BUILD:-build}
PROGRAM=${PROGRAM:-$BUILD/delib-bac-a-sable}
work=$(mktemp -d) || exit 1
server='' base=''
recipient=recipient=13002526500013
today=2026-11-23
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT

if ! command -v curl >/dev/null; then
    fail "curl is installed"
    tap_end
fi
if ! "${CC:-cc}" -o "$work/json_at" tests/api/tools/json_at.c -ljansson 2>"$work/cc"; then
    fail "the JSON reader of the tests compiles" "$(cat "$work/cc")"
    tap_end
fi

# ---------------------------------------------------------------- tools

# start OPTION…: a server on a free port; $base is its address, $work/journal its journal.
start() {
    rm -f "$work/port"
    : >"$work/journal"
    $RUN_UNDER "$PROGRAM" --port 0 --fichier-port "$work/port" --journal "$work/journal" "$@" \
        >"$work/out" 2>"$work/err" </dev/null &
    server=$!
    tries=0
    until [ -s "$work/port" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ] || ! kill -0 $server 2>/dev/null; then
            fail "the server starts with: $*" "$(cat "$work/out" "$work/err")"
            tap_end
        fi
        sleep 0.1
    done
    base=http://127.0.0.1:$(cat "$work/port")
}

# stop [signal]: a server that does not end with 0, or said anything (a sanitizer…), is told at the end.
stop() {
    kill "${1:--TERM}" $server
    wait $server
    stopped=$?
    server=
    if [ $stopped != 0 ] || [ -s "$work/err" ]; then
        echo "exit status $stopped: $(cat "$work/err")" >>"$work/bad-ends"
    fi
}

# ask PATH [curl option…]: sets $status; the body is in $work/body, the headers in $work/head.
ask() {
    path=$1
    shift
    : >"$work/body"
    : >"$work/head"
    status=$(curl -sg -m 20 -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "$base$path")
    curl_status=$?
}

# as TOKEN PATH [curl option…]
as() {
    token=$1
    shift
    ask "$@" -H "Authorization: Bearer $token"
}

at() { "$work/json_at" "$@" <"$work/body" 2>&1 | tr '\n' ' ' | sed 's/ $//'; }
header() {
    tr -d '\r' <"$work/head" | awk -v name="$1" '{ at = index($0, ":") }
        at && tolower(substr($0, 1, at - 1)) == tolower(name) { value = substr($0, at + 1)
                                                               gsub(/^ +| +$/, "", value); print "[" value "]" }'
}

# is NAME EXPECTED GOT
is() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2
got:      $3"; fi
}

# answers NAME STATUS PATHS EXPECTED: the status and what the paths of the last body lead to.
answers() {
    is "$1" "$2 $4" "$status $(at $3)"
}

qf=/v3/dss/quotient_familial/identite
# person NOM PRENOM ANNEE COMMUNE [more]
person() {
    echo "$recipient&nomNaissance=$1&prenoms%5B%5D=$2&anneeDateNaissance=$3&sexeEtatCivil=F\
&codeCogInseePaysNaissance=99100&codeCogInseeCommuneNaissance=$4${5:+&$5}"
}
claire=$(person MARTIN Claire 1988 75112)
full=jeton-fictif-complet

# ---------------------------------------------------------------- quotient familial
start --date $today --quota 0 --quota-adresse 0
case $(cat "$work/out") in
*"http://127.0.0.1:$(cat "$work/port") (familles fictives : "[0-9]*) pass "it says where it listens" ;;
*) fail "it says where it listens" "$(cat "$work/out")" ;;
esac
none "it listens on the loopback only" "$(awk -v port="$(printf '%04X' "$(cat "$work/port")")" \
    '$4 == "0A" && $2 ~ ":" port "$" && $2 !~ /^0100007F:/ { print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)"

as $full "$qf?$claire"
answers "quotient: value, period, people, address" 200 "data.quotient_familial data.allocataires \
data.enfants.1.prenoms data.enfants.2 data.adresse.code_postal_ville data.adresse.lieu_dit links meta" \
    '{"fournisseur":"CNAF","valeur":430,"annee":2026,"mois":11,"annee_calcul":2026,"mois_calcul":11}'\
' [{"nom_naissance":"MARTIN","nom_usage":null,"prenoms":"CLAIRE ANNE","date_naissance":"1988-03-14","sexe":"F"}]'\
' TOM JULES absent 31000 TOULOUSE null {} {}'
is "content type of a success" "[application/vnd.api+json; charset=utf-8]" "$(header Content-Type)"
case $(header X-Request-ID) in
\[????????-????-4???-????-????????????\]) pass "X-Request-ID is a UUID" ;;
*) fail "X-Request-ID is a UUID" "$(header X-Request-ID)" ;;
esac
is "not cached: the two headers" "[false] []" "$(header X-Response-Cached) $(header X-Cache-Expires-in)"
as $full "$qf?$claire"
is "cached a second time" "[true] [86400]" "$(header X-Response-Cached) $(header X-Cache-Expires-in)"
as $full "$qf?$claire" -H 'Cache-Control: no-cache'
is "Cache-Control: no-cache by-passes the cache" "[false]" "$(header X-Response-Cached)"
as $full "$qf?$claire" -I
is "HEAD has the headers and no body" "200 [application/vnd.api+json; charset=utf-8] same" \
    "$status $(header Content-Type) $(cmp "$work/head" "$work/body" && echo same)"     # -I writes headers as the body

as bac-a-sable-cantine "$qf?$claire"
answers "masked: the quotient alone" 200 "data.quotient_familial.valeur data.allocataires data.enfants data.adresse" \
    "430 absent absent absent"
as bac-a-sable-composition "$qf?$claire"
answers "masked: everything but the quotient" 200 "data.quotient_familial data.enfants.0.prenoms data.adresse" \
    "absent LEA absent"
as $full "$qf?$(person BLANC nadia 1992 13055)"
answers "a null quotient" 200 "data.quotient_familial.valeur data.enfants data.adresse" "null [] null"
as $full "$qf?$(person PETIT marc 1979 12202)"
answers "MSA" 200 "data.quotient_familial.fournisseur data.quotient_familial.valeur" "MSA 612"
as $full "$qf?$(person DELAUNAY hugues 1981 76540)"
answers "dirty dates and names pass through" 200 \
    "data.allocataires.0.date_naissance data.allocataires.0.prenoms \
data.enfants.0.nom_usage data.enfants.1.date_naissance" \
    "198&-04-23 Hugues  Jean  null"

# Errors, each by a person: name|given name|year|commune|status|code|provider
while IFS='|' read -r name given year commune expected code provider; do
    as $full "$qf?$(person "$name" "$given" "$year" "$commune")"
    answers "quotient of $name $given: $code" "$expected" "errors.0.code errors.0.meta.provider errors.1" \
        "$code $provider absent"
done <<'TABLE'
PERSONNE|X|1985|35238|422|35560|CNAF & MSA
MARTIN|Claire|1987|75112|422|35560|CNAF & MSA
MARTIN|Claire|1988|75113|422|35560|CNAF & MSA
MARTIN|Jeanne|1988|75112|422|35560|CNAF & MSA
MARTIN|Lea|2017|31555|404|35003|CNAF & MSA
SANSDOSSIER|camille|1985|35238|404|23003|CNAF
SANSDOSSIER|marthe|1985|35238|404|10003|MSA
NONREFERENCE|paul|1985|35238|404|35003|CNAF & MSA
MERCIER|lucie|1995|54395|404|35003|CNAF & MSA
REFUSEE|alix|1985|35238|422|35561|CNAF & MSA
HOMONYME|jean|1985|35238|422|35563|CNAF & MSA
QUOTA|saturnin|1985|35238|429|00429|absent
CONFLIT|agnes|1985|35238|409|00015|absent
PANNE|gilles|1985|35238|502|35999|CNAF & MSA
PANNE|ines|1985|35238|502|35000|CNAF & MSA
PANNE|sacha|1985|35238|502|35008|CNAF & MSA
PANNE|rene|1985|35238|502|00501|absent
FAURE|odile|1993|63113|502|35999|CNAF & MSA
MAINTENANCE|dimitri|1985|35238|503|35020|CNAF & MSA
HORSDELAI|lente|1985|35238|504|35002|CNAF & MSA
TABLE
as $full "$qf?$(person PANNE rene 1985 35238)"
answers "00501 says when to come back" 502 errors.0.meta '{"retry_in":10}'
as $full "$qf?$(person QUOTA saturnin 1985 35238)"
is "429: Retry-After and plain JSON" "[1] [application/json; charset=utf-8]" \
    "$(header Retry-After) $(header Content-Type)"
as $full "$qf?$(person HOMONYME jean 1985 35238 'prenoms%5B%5D=pierre')"
answers "a second given name tells homonyms apart" 200 data.quotient_familial.valeur 666

# Tokens: token|status|code
while IFS='|' read -r token expected code; do
    as "$token" "$qf?$claire"
    answers "token « $token »" "$expected" "errors.0.code errors.0.source.parameter" "$code"
done <<'TABLE'
inconnu|401|00101 token
bac-a-sable-expire|401|00103 token
bac-a-sable-liste-noire|401|00105 token
bac-a-sable-de-production|401|00108 token
bac-a-sable-ip-refusee|403|00107 absent
bac-a-sable-sans-droit|403|00100 token
bac-a-sable-creche|403|00100 token
bac-a-sable-delegation|403|00213 recipient
TABLE
ask "$qf?$claire"
answers "no token" 401 errors.0.code 00101
ask "$qf?$claire" -H "Authorization: Basic $full"
answers "a scheme that is not Bearer" 401 errors.0.code 00101
ask "$qf?$claire&token=$full"
answers "a token in the query is ignored" 401 errors.0.code 00101
as bac-a-sable-delegation "$qf?$(echo "$claire" | sed 's/13002526500013/21310555400017/')"
answers "a delegation accepts its recipient" 200 data.quotient_familial.valeur 430

# Parameters: what is replaced in Claire's query | status | all the codes
while IFS='|' read -r edit expected codes; do
    as $full "$qf?$(echo "$claire" | sed "$edit")"
    is "parameters: $edit" "$expected $codes" "$status $("$work/json_at" errors.0.code errors.1.code errors.2.code \
        <"$work/body" | grep -v absent | tr '\n' ' ' | sed 's/ $//')"
done <<'TABLE'
s/recipient=[0-9]*&//|422|00203
s/13002526500013/13002526500014/|422|00210
s/13002526500013/1300252650001/|422|00210
s/13002526500013/abcdefghijklmn/|422|00210
s/13002526500013/35600000000048/|200|
s/nomNaissance=MARTIN&//|422|00420
s/nomNaissance=MARTIN/nomNaissance=/|422|00420
s/nomNaissance=MARTIN/nomNaissance=M4RTIN/|422|35561
s/nomNaissance=MARTIN/nomNaissance=martin/|200|
s/prenoms%5B%5D=Claire&//|422|00367
s/prenoms%5B%5D=Claire/prenoms[]=CLAIRE/|200|
s/prenoms%5B%5D=Claire/prenoms[]=Claire\&prenoms[]=Anne/|200|
s/prenoms%5B%5D=Claire/prenoms[]=a\&prenoms[]=b\&prenoms[]=c\&prenoms[]=d/|422|35561
s/sexeEtatCivil=F&//|422|00427
s/sexeEtatCivil=F/sexeEtatCivil=X/|422|00427
s/sexeEtatCivil=F/sexeEtatCivil=M/|200|
s/anneeDateNaissance=1988&//|200|
s/anneeDateNaissance=1988/anneeDateNaissance=88/|422|00363
s/anneeDateNaissance=1988/anneeDateNaissance=MCM/|422|00363
s/anneeDateNaissance=1988/anneeDateNaissance=1988\&moisDateNaissance=13/|422|00363
s/anneeDateNaissance=1988/anneeDateNaissance=1988\&moisDateNaissance=3\&jourDateNaissance=14/|200|
s/anneeDateNaissance=1988/anneeDateNaissance=1988\&moisDateNaissance=2\&jourDateNaissance=30/|422|00363
s/anneeDateNaissance=1988/anneeDateNaissance=1988\&moisDateNaissance=4/|422|35560
s/codeCogInseePaysNaissance=99100&//|422|00400
s/codeCogInseePaysNaissance=99100/codeCogInseePaysNaissance=FR/|422|00400
s/&codeCogInseeCommuneNaissance=75112//|422|00365
s/codeCogInseeCommuneNaissance=75112/codeCogInseeCommuneNaissance=75/|422|00365
s/codeCogInseeCommuneNaissance=75112/nomCommuneNaissance=Paris\&codeCogInseeDepartementNaissance=75/|200|
s/codeCogInseeCommuneNaissance=75112/nomCommuneNaissance=Lyon\&codeCogInseeDepartementNaissance=69/|422|35560
s/codeCogInseeCommuneNaissance=75112/nomCommuneNaissance=Paris/|422|00428
s/anneeDateNaissance=1988&//;s/codeCogInseeCommuneNaissance=75112/nomCommuneNaissance=Paris/|422|00428 00422
s/recipient=[0-9]*&nomNaissance=MARTIN&//|422|00203 00420
s/nomNaissance=MARTIN/nomNaissance=%FF%FE/|400|00401
s/nomNaissance=MARTIN/nomNaissance=MAR%00TIN/|400|00401
TABLE
abroad="$recipient&nomNaissance=Benali&prenoms[]=Amina&sexeEtatCivil=F&codeCogInseePaysNaissance=99352"
as $full "$qf?$abroad"
answers "a birth abroad needs neither commune nor date" 200 data.quotient_familial.valeur 312
as $full "$qf?$recipient&nomNaissance=L%27h%C3%A9ritier-d%E2%80%99Arc&prenoms[]=Marie-H%C3%A9l%C3%A8ne\
&sexeEtatCivil=F&codeCogInseePaysNaissance=99100&codeCogInseeCommuneNaissance=56260"
answers "accents, hyphens and both apostrophes" 200 data.quotient_familial.valeur 1333

# Period: query|status|code or annee, mois and value, asked on 23 November 2026
paul=$(person DURAND paul 1983 69123)
while IFS='|' read -r period expected result; do
    as $full "$qf?$paul$period"
    if [ "$expected" = 200 ]; then
        answers "period « $period »" 200 \
            "data.quotient_familial.annee data.quotient_familial.mois data.quotient_familial.valeur" "$result"
    else
        answers "period « $period »" "$expected" "errors.0.code" "$result"
    fi
done <<'TABLE'
|200|2026 11 1480
&annee=2026&mois=11|200|2026 11 1480
&annee=2026&mois=1|200|2026 1 1512
&mois=1|200|2026 1 1512
&annee=2025|200|2025 11 1498
&annee=2024&mois=12|200|2024 12 1480
&annee=2024&mois=11|422|00355
&annee=2024|422|00355
&annee=2023&mois=12|422|00356
&annee=2027&mois=1|422|00356
&annee=2026&mois=12|422|00354
&annee=2026&mois=0|422|00354
&annee=2026&mois=13|422|00354
&annee=abc|422|00356
&mois=x|422|00354
TABLE
as $full "$qf?$(person PETIT marc 1979 12202 'annee=2026&mois=10')"
answers "the MSA knows the current month only" 422 errors.0.code 35565
as $full "$qf?$paul&annee=2025&mois=12"
answers "the composition is the present one, the computation keeps its date" 200 \
    "data.enfants.2.prenoms data.quotient_familial.annee_calcul data.quotient_familial.mois_calcul" "NOE 2026 2"

# ---------------------------------------------------------------- FranceConnect
fc=/v3/dss/quotient_familial/france_connect
as fc-martin-claire "$fc?$recipient"
answers "FranceConnect: the identity comes from the token" 200 \
    "data.quotient_familial.valeur data.enfants.0.prenoms" "430 LEA"
as fc-durand-ines "$fc?$recipient&annee=2026&mois=1"
answers "FranceConnect: the other parent, a past month" 200 data.quotient_familial.valeur 1512
as fc-quotient-seul "$fc?$recipient"
answers "FranceConnect: scopes of the login" 200 "data.quotient_familial.valeur data.enfants" "1480 absent"
while IFS='|' read -r token expected code; do
    as "$token" "$fc?$recipient"
    answers "FranceConnect token « $token »" "$expected" errors.0.code "$code"
done <<'TABLE'
fc-sans-scope|403|00100
fc-expire|401|51502
fc-sans-pivot|401|51503
fc-inconnu-personne|401|51502
jeton-fictif-complet|401|51502
bad token|401|51501
TABLE
ask "$fc?$recipient"
answers "FranceConnect token missing" 401 errors.0.code 51504
as fc-martin-claire "$fc"
answers "FranceConnect: recipient is required too" 422 errors.0.code 00203

token_url=/api/v2/token
client='client_id=portail-fictif&client_secret=secret-fictif&grant_type=authorization_code'
ask $token_url -d "$client&code=code-martin-claire&redirect_uri=http://127.0.0.1/"
answers "FranceConnect: a code for a token of 60 seconds" 200 "token_type expires_in" "Bearer 60"
as "$(at access_token)" "$fc?$recipient"
answers "the token of the exchange works" 200 data.quotient_familial.valeur 430
ask $token_url -d "$client&code=code-inconnu"
answers "unknown code" 400 error invalid_grant
ask $token_url -d "client_id=portail-fictif&client_secret=faux&grant_type=authorization_code&code=code-martin-claire"
answers "wrong secret" 401 error invalid_client
ask $token_url -d "client_id=portail-fictif&client_secret=secret-fictif&grant_type=password"
answers "wrong grant" 400 error unsupported_grant_type
ask $token_url
answers "the token endpoint is POST only" 405 error invalid_request
authorize="/api/v2/authorize?client_id=portail-fictif&scope=openid&nonce=n&acr_values=eidas1&response_type=code"
ask "$authorize&state=a%26b&login_hint=martin-claire&redirect_uri=http://127.0.0.1:9/retour"
location=$(header Location)
case $status$location in
303\[http://127.0.0.1:9/retour?code=*\&state=a%26b\]) pass "authorisation sends back with a code and the state" ;;
*) fail "authorisation sends back with a code and the state" "$status $location" ;;
esac
code=$(echo "$location" | sed 's/.*code=\([^&]*\)&.*/\1/')
ask $token_url -d "$client&code=$code"
answers "the code is exchanged" 200 expires_in 60
as "$(at access_token)" /api/v2/userinfo
answers "userinfo gives the pivot identity" 200 "family_name given_name gender birthdate birthplace birthcountry" \
    "MARTIN CLAIRE ANNE female 1988-03-14 75112 99100"
ask $token_url -d "$client&code=$code"
answers "a code serves once" 400 error invalid_grant
ask "$authorize&state=x&login_hint=martin-claire&redirect_uri=https://example.org/"
answers "no redirection away from this machine" 400 error invalid_request
ask "$authorize&login_hint=martin-claire&redirect_uri=http://127.0.0.1:9/"
answers "state is mandatory" 400 error invalid_request
ask $token_url -d "client_id=portail-fictif-presse&client_secret=secret-fictif&grant_type=authorization_code\
&code=code-martin-claire"
short=$(at access_token)
sleep 1.1
as "$short" "$fc?$recipient"
answers "a login that is too old" 401 errors.0.code 51502

# ---------------------------------------------------------------- every endpoint
# path|who (query after the recipient, or FranceConnect token)|status|paths|expected; the queries use these.
# shellcheck disable=SC2034
{
    etude='nomNaissance=Etude&prenoms[]=Marcel&sexeEtatCivil=M'\
'&anneeDateNaissance=2005&moisDateNaissance=7&jourDateNaissance=12'
    school='nomNaissance=Scolaire&prenoms[]=Emma&sexeEtatCivil=F&anneeDateNaissance=2013&moisDateNaissance=8'\
'&jourDateNaissance=15&anneeScolaire=2026'
    civic='nomNaissance=Volontaire&anneeDateNaissance=2004&moisDateNaissance=1&jourDateNaissance=21'
    minima='nomNaissance=Minima&prenoms[]=Aicha&sexeEtatCivil=F&codeCogInseePaysNaissance=99100'\
'&codeCogInseeCommuneNaissance=13055'
}
while IFS='|' read -r path who expected paths result; do
    case $path in
    *france_connect) as "$who" "$path?$recipient" ;;
    *) as $full "$path?$recipient&$(eval "echo \"$who\"")" ;;
    esac
    answers "$path $(echo "$who" | cut -c1-40)" "$expected" "$paths" "$result"
done <<TABLE
$(grep -v '^#' tests/api/bac-a-sable-endpoints.txt)
TABLE

as bac-a-sable-emploi "/v3/france_travail/statut/identifiant?$recipient&identifiant=claire.martin"
answers "France Travail: contact and address masked" 200 \
    "data.identifiant data.contact data.adresse data.identite.prenom" "claire.martin absent absent CLAIRE"
as bac-a-sable-famille "/v3/dss/revenu_solidarite_active/identite?$recipient&$minima"
answers "RSA: the increase masked" 200 data '{"est_beneficiaire":true,"date_debut_droit":"2025-12-01"}'
as bac-a-sable-scolaire "/v5/cnous/etudiant_boursier/ine?$recipient&ine=0000000002B"
answers "CNOUS: the provisional grant masked inside its block" 200 "data.echelon_bourse data.email data.ine" \
    '{"echelon":"0bis"} absent absent'
as bac-a-sable-scolaire "/v3/mesri/statut_etudiant/ine?$recipient&ine=0000000001A"
answers "MESRI: fields masked inside a list" 200 data.admissions \
    '[{"date_debut":"2026-09-01","date_fin":"2027-08-31","est_inscrit":true}]'
as $full "/v4/dss/quotient_familial/identite?$claire"
answers "a version that does not exist" 404 errors.0.code 00402
as $full "/v3/france_travail/statut/france_connect?$recipient"
is "a modality that does not exist" 404 "$status"
as $full "/v3/dss/quotient_familial/identite/"
is "a path that does not exist" 404 "$status"
as $full "$qf?$claire" -X DELETE
is "only GET" "405 [GET, HEAD]" "$status $(header Allow)"

# ---------------------------------------------------------------- service routes
ask /api/errors
answers "the nomenclature is public" 200 "data.0.code" 00015
ask /api/pings
answers "pings" 200 quotient_familial.status ok
ask /api/cnaf_msa_quotient_familial/ping
answers "one ping, by its real name" 200 status ok
as bac-a-sable-cantine /api/introspect
answers "introspection" 200 data.scopes '["cnaf_quotient_familial"]'
old=/api/v2/composition-familiale
ask "$old?numeroAllocataire=0004301&codePostal=31000" -H "X-Api-Key: bac-a-sable-cantine"
answers "the closed route by numéro d'allocataire" 200 "quotientFamilial annee mois enfants.0.dateDeNaissance" \
    "430 2026 11 02062017"
ask "$old?numeroAllocataire=0004301&codePostal=75001" -H "X-Api-Key: bac-a-sable-cantine"
answers "the closed route: wrong postcode" 404 error not_found
ask "$old?numeroAllocataire=0004301&codePostal=31000"
answers "the closed route: no key" 401 error access_denied

# ---------------------------------------------------------------- DGFiP
dgfip=/impotparticulier/1.0
uuid=123e4567-e89b-12d3-a456-426614174000
# grant CLIENT RESOURCES: $granted is a token
grant() {
    ask /token -u "$1:secret-fictif" -d "grant_type=client_credentials" --data-urlencode "scope=$2"
    granted=$(at access_token)
}
# tax TOKEN PATH [curl option…]
tax() {
    tax_token=$1 tax_path=$2
    shift 2
    as "$tax_token" "$dgfip$tax_path" -H "X-Correlation-ID: $uuid" -H "ID_Teleservice: delib-bac-a-sable" "$@"
}
resources='RessourceIR RessourceIRDerniere RessourceIRDerniere2 RessourceIRMultiple RessourceIRFacture RessourceIFI'
grant client-fictif "$resources"
answers "DGFiP: a token by client credentials" 200 "token_type expires_in scope" "Bearer 3600 $resources"
everything=$granted
while IFS='|' read -r path expected paths result; do
    tax "$everything" "$path"
    answers "DGFiP: $path" "$expected" "$paths" "$result"
done <<'TABLE'
/spi/3000000000120/situations/ir/assiettes/annrev/2025|200|rfr nbPart sitFam dateNaisDec2.annee|48215 3 M 1980
/spi/3000000000120/situations/ir/assiettes/annrev/2025|200|pac.nbPac annRevenu|2 absent
/spi/3000000000131/situations/ir/assiettes/annrev/2023|200|rfr nbPart|45102 2.5
/spi/3000000000120/dernieresituation/ir/assiettes/annrev/2024|200|annRevenu rfr|2024 46890
/spi/3000000000120/dernieresituation/ir/assiettes/deuxans|200|annRevenu rfr|2025 48215
/spi/3000000000219/dernieresituation/ir/assiettes/deuxans|200|annRevenu rfr|2024 17450
/spi/3000000000219/dernieresituation/ir/assiettes/annrev/2025|410|erreur.codeapp|4101
/spi/3000000000120/situations/ir/assiettes/multiple/annrev/2025|200|situationsIR.0.rfr situationsIR.1|48215 absent
/spi/3000000000120/situations/ir/factures/annrev/2025|200|rfr|48215
/spi/3000000000264/situations/ifiisf/assiettes/annrev/2025|200|indicateurIfiIsf|O
/spi/3000000000120/situations/ifiisf/assiettes/annrev/2025|410|erreur.codeapp|4101
/spi/3000000000142/situations/ir/assiettes/annrev/2025|200|rfr nbPart pac.nbPac|21340 1.5 1
/spi/3000000000153/situations/ir/assiettes/annrev/2025|200|rfr nbPart pac.nbPac|27615 1 0
/spi/3000000000175/situations/ir/assiettes/annrev/2025|200|pac.nbPacH sitParIso|2 T
/spi/3000000000208/situations/ir/assiettes/annrev/2025|200|rfr mntRevbareme|0 absent
/spi/3000000000253/situations/ir/assiettes/annrev/2025|200|rfr|-3500
/spi/3000000000264/situations/ir/assiettes/annrev/2025|200|rfr nbPart|9007199254740993 2.75
/spi/3000000000275/situations/ir/assiettes/annrev/2025|200|rfr nbPart|23000 absent
/spi/3000000000231/situations/ir/assiettes/annrev/2025|410|erreur.codeapp|4101
/spi/3000000000242/situations/ir/assiettes/annrev/2025|500|erreur.message|erreur technique
/spi/3000000000120/situations/ir/assiettes/annrev/2026|410|erreur.codeapp|4101
/spi/9999999999999/situations/ir/assiettes/annrev/2025|410|erreur.codeapp|4102
/spi/123/situations/ir/assiettes/annrev/2025|400|erreur.codeapp|4001
/spi/3000000000120/situations/ir/assiettes/annrev/25|400|erreur.codeapp|4002
TABLE
tax "$everything" /spi/3000000000120/situations/ir/assiettes/annrev/2025
is "DGFiP: vendor media type, correlation id" \
    "[application/prs.dgfip.part.situations.ir.assiettes.v1+json] [$uuid]" \
    "$(header Content-Type) $(header X-Correlation-ID)"
tax "$everything" /spi/3000000000220/situations/ir/assiettes/annrev/2025
is "DGFiP: no answer can be given" "204 0" "$status $(wc -c <"$work/body" | tr -d ' ')"
tax "$everything" /dernieresituation/ir/assiettes/deuxans -H 'X-FranceConnect-OAuth: fc-durand-ines'
answers "DGFiP: by FranceConnect, the second declarant" 200 "rfr nbPart" "57930 4"
tax "$everything" /dernieresituation/ir/assiettes/deuxans
answers "DGFiP: no FranceConnect token" 401 erreur.message "jeton FranceConnect manquant"
tax "$everything" /dernieresituation/ir/assiettes/deuxans -H 'X-FranceConnect-OAuth: fc-expire'
is "DGFiP: expired FranceConnect token" 401 "$status"
as "$everything" "$dgfip/spi/3000000000120/dernieresituation/ir/assiettes/deuxans"
answers "DGFiP: X-Correlation-ID is required" 400 erreur.message "X-Correlation-ID manquant ou mal formé"
tax "$everything" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans -H 'Accept: text/html'
is "DGFiP: an Accept that does not fit" 406 "$status"
tax inconnu /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
answers "DGFiP: unknown token" 401 fault.code 900901
tax $full /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
answers "DGFiP: a token of API Particulier opens nothing" 401 fault.code 900901
as "$everything" "$qf?$claire"
answers "a token of the DGFiP opens nothing of API Particulier" 401 errors.0.code 00101
grant cantine-fictive RessourceIRDerniere2
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
answers "DGFiP: contracted fields only" 200 . '{"annRevenu":2025,"rfr":48215,"nbPart":3}'
tax "$granted" /spi/3000000000120/situations/ir/assiettes/annrev/2025
answers "DGFiP: a resource that the token has not" 403 erreur.codeapp 4031
as "$granted" "$dgfip/spi/3000000000120/dernieresituation/ir/assiettes/deuxans" -H "X-Correlation-ID: $uuid"
answers "DGFiP: ID_Teleservice is needed" 403 erreur.codeapp 4031
grant cantine-fictive RessourceIR
answers "DGFiP: a resource that the client has not" 400 error invalid_scope
grant certificat-fictif RessourceIR
answers "DGFiP: a client that needs a certificate" 401 error invalid_client
ask /token -u client-fictif:faux -d 'grant_type=client_credentials&scope=RessourceIR'
answers "DGFiP: wrong secret" 401 error invalid_client
ask /token -d 'grant_type=client_credentials&scope=RessourceIR&client_id=client-fictif&client_secret=secret-fictif'
answers "DGFiP: credentials go in Basic" 401 error invalid_client
ask /token -u client-fictif:secret-fictif -d 'grant_type=password'
answers "DGFiP: wrong grant" 400 error unsupported_grant_type
grant presse-fictif RessourceIRDerniere2
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
first=$status
sleep 1.1
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
is "DGFiP: a token expires" "200 401" "$first $status"
head -c 70000 /dev/zero | tr '\0' a >"$work/long"
ask /token -u client-fictif:secret-fictif --data-binary "@$work/long"
is "a body that is too long" 413 "$status"

# ---------------------------------------------------------------- all the people, all the endpoints
people=$(awk '/^  - id: /                        { family = $3 }
              /^    personnes:/                  { inside = 1 }
              /^    (dossiers|foyers_fiscaux):/  { inside = 0 }
              /^      [a-z0-9-]+:/ && inside     { sub(/:.*/, "", $1); print "fc-" family "-" $1 }
              ' stdlib/bac_a_sable/*.yaml)
families=$(grep -c '^  - id: [a-z0-9-]*$' stdlib/bac_a_sable/[0-9]*.yaml | awk -F: '{ n += $2 } END { print n }')
if [ "$families" -ge 40 ]; then pass "at least 40 families ($families)"; else fail "40 families" "$families"; fi
count=0
for token in $people; do
    case $token in fc-erreurs-silence | fc-erreurs-tronque) continue ;; esac      # they have their own test
    for path in dss/quotient_familial dss/participation_familiale_eaje dss/revenu_solidarite_active \
        dss/allocation_enfant_handicape mesri/statut_etudiant gip_mds/service_civique; do
        [ $count = 0 ] || echo next
        printf 'url = "%s/v3/%s/france_connect?%s"\nheader = "Authorization: Bearer %s"\noutput = "%s"\n' \
            "$base" $path $recipient "$token" "$work/all-$count"
        printf 'write-out = "%%{http_code} %s %s\\n"\n' "$token" $path
        count=$((count + 1))
    done
done >"$work/all.curl"
curl -s -m 60 -K "$work/all.curl" >"$work/all" 2>/dev/null
is "every person answers every FranceConnect endpoint" "$count" "$(wc -l <"$work/all" | tr -d ' ')"
none "with a status of the reference" "$(grep -vE '^(200|404|409|422|429|502|503|504) ' "$work/all")"
none "and a JSON body" "$(for body in "$work"/all-*; do
    case $body in *all.curl) continue ;; esac
    "$work/json_at" <"$body" >/dev/null 2>"$work/why" || { head -c 60 "$body"; cat "$work/why"; }
done)"

# ---------------------------------------------------------------- malformed HTTP
# raw TEXT: what the server answers to these bytes, first line
raw() {
    printf "$1" | timeout 5 curl -s -m 1 "telnet://${base#http://}" 2>/dev/null | head -n 1 | tr -d '\r'
}
long=$(head -c 100000 /dev/zero | tr '\0' x)
for bytes in 'GET\r\n\r\n' 'GET / HTTP/9.9\r\n\r\n' '\000\001\002\377\r\n\r\n' 'GET / HTTP/1.1\r\nHost\r\n\r\n' \
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n' \
    'POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n' \
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n' \
    "GET /$long HTTP/1.1\r\nHost: a\r\n\r\n" "GET / HTTP/1.1\r\nHost: a\r\nX: $long\r\n\r\n" \
    'GET /v3/dss/quotient_familial/identite?%%&&=&;;=%%zz HTTP/1.1\r\nHost: a\r\n\r\n' \
    'GET /spi/%%00/x HTTP/1.0\r\n\r\n' '\r\n\r\n\r\n\r\n'; do
    raw "$bytes" >"$work/raw"
    ask /api/pings
    name=$(printf '%.50s' "$bytes")
    if [ "$status" = 200 ] && ! grep -q ' 200' "$work/raw"; then
        pass "malformed HTTP is refused: $name"
    else
        fail "malformed HTTP is refused: $name" "then: $status; answer: $(cat "$work/raw")"
    fi
done

# ---------------------------------------------------------------- journal and end
lines=$(wc -l <"$work/journal" | tr -d ' ')
if [ "$lines" -gt 200 ]; then pass "the journal has a line per exchange"; else fail "journal" "$lines lines"; fi
form='^20[0-9-]{8}T[0-9:.]{12}Z (GET|HEAD|POST|DELETE|\(autre\)) (/[a-z0-9_/.…-]*|\([a-zé ]+\))'
form="$form ([1-5][0-9][0-9]|---) [0-9]+ ms [0-9a-f-]{36}\$"
none "the journal has only its form" "$(grep -vE "$form" "$work/journal")"
none "no identity, token, SPI, recipient or query in the journal" \
    "$(grep -iE 'martin|claire|jeton-|bac-a-sable|fc-[g-z]|secret|300000000|13002526|\?|=|xxxx' "$work/journal")"
stop
is "it stops on SIGTERM, with 0" 0 $stopped
if [ -e "$work/port" ]; then fail "the port file is removed"; else pass "the port file is removed"; fi

# ---------------------------------------------------------------- the day, the late month, the taxed year
start --date 2026-11-01 --quota 0
simon=$(person FOURNIER simon 1991 67482)
as $full "$qf?$simon"
answers "before the first week-end is over, no quotient of the month" 404 errors.0.code 23003
as $full "$qf?$simon&annee=2026&mois=10"
answers "but that of the month before" 200 data.quotient_familial.valeur 915
stop
start --date 2026-07-21 --quota 0
grant client-fictif "$resources"
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
answers "before the summer, the last taxed year is N-2" 200 "annRevenu rfr" "2024 46890"
tax "$granted" /spi/3000000000120/situations/ir/assiettes/annrev/2025
answers "and N-1 is not taxed yet" 410 erreur.codeapp 4101
stop -INT
is "it stops on SIGINT, with 0" 0 $stopped

# ---------------------------------------------------------------- quotas
# burst N TOKEN: the statuses of N calls on one connection, counted
burst() {
    i=0
    while [ $i -lt "$1" ]; do
        [ $i = 0 ] || echo next
        printf 'url = "%s%s"\nheader = "Authorization: Bearer %s"\n' "$base" "$qf?$claire" "$2"
        printf 'output = /dev/null\nwrite-out = "%%{http_code}\\n"\n'
        i=$((i + 1))
    done | curl -s -K - 2>/dev/null | sort | uniq -c | awk '{ printf "%s%s×%s", (NR > 1 ? " " : ""), $2, $1 }'
}
# until_second: the start of a second, so that a burst falls in one window
until_second() {
    sleep "$(date +%N | awk '{ printf "%.3f", 1.02 - $1 / 1e9 }')"
}
# within_minute: not so late in the minute that a few calls fall in two windows
within_minute() {
    [ "$(date +%S)" -lt 56 ] || sleep 5
}
start
until_second
is "20 calls in a second pass, the others do not" "200×20 429×10" "$(burst 30 $full)"
as $full "$qf?$claire"
case "$status $(header RateLimit-Limit) $(header RateLimit-Remaining) $(header Retry-After) \
$(header RateLimit-Reset)" in
"429 [20] [0] [1] ["[0-9]*) pass "429: RateLimit-* and Retry-After" ;;
*) fail "429: RateLimit-* and Retry-After" "$(cat "$work/head")" ;;
esac
as bac-a-sable-cantine "$qf?$claire"
is "another token has its own quota" "200 [19]" "$status $(header RateLimit-Remaining)"
sleep 1.1
as $full "$qf?$claire"
is "the quota is back a second later" "200 [19]" "$status $(header RateLimit-Remaining)"
until_second
is "a token may have a quota of its own" "200×2 429×3" "$(burst 5 bac-a-sable-lent)"
within_minute
grant limite-fictif RessourceIRDerniere2
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
one=$status
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
two=$status
tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
case "$one $two $status $(header Retry-After)" in
"200 200 429 ["[1-9]*) pass "DGFiP: a quota by minute, with Retry-After" ;;
*) fail "DGFiP: a quota by minute, with Retry-After" "$one $two $status $(header Retry-After)" ;;
esac
stop
start --quota 0 --quota-adresse 25
within_minute
is "a quota of the address, by minute" "200×25 429×5" "$(burst 30 $full)"
stop

# ---------------------------------------------------------------- faults
# broken NAME RULE: the body that this rule spoils
broken() {
    start --quota 0 --panne "$1"
    as $full "$qf?$claire" -m 3
}
broken 'quotient_familial:statut=502'
answers "fault statut=502" 502 "errors.0.code errors.0.meta.provider" "35999 CNAF & MSA"
as $full "/v3/dss/revenu_solidarite_active/identite?$recipient&$minima"
is "a fault hits its target only" 200 "$status"
stop
broken 'quotient_familial/france_connect:statut=503'
first=$status
as fc-martin-claire "$fc?$recipient"
is "a fault hits its modality only" "200 503" "$first $status"
stop
broken '*:statut=502,code=35008'
answers "fault with a code" 502 errors.0.code 35008
stop
broken '*:statut=429'
is "fault statut=429 has Retry-After" "429 [1]" "$status $(header Retry-After)"
stop
broken '*:statut=500'
answers "fault statut=500" 500 status 500
stop
broken '*:statut=502,fois=1'
first=$status
as $full "$qf?$claire"
is "fois=1: the first only" "502 200" "$first $status"
stop
broken '*:statut=502,apres=1'
first=$status
as $full "$qf?$claire"
is "apres=1: from the second" "200 502" "$first $status"
stop
start --quota 0 --panne '*:delai=300' --panne '*:delai=200' --panne '*:tronque'
elapsed=$(curl -sg -o "$work/body" -w '%{time_total}' -H "Authorization: Bearer $full" "$base$qf?$claire")
if awk "BEGIN { exit !($elapsed >= 0.5 && $elapsed < 2) }"; then pass "delays add up ($elapsed s)"; else
    fail "delays add up" "$elapsed"; fi
"$work/json_at" <"$work/body" >/dev/null 2>&1
is "fault tronque: a whole exchange, half a JSON" "1" "$?"
stop
start --quota 0 --panne '*:delai=400'
curl -sg -o /dev/null -H "Authorization: Bearer $full" "$base$qf?$claire" &
sleep 0.15
as $full "$qf?prenoms[]=Claire&$(echo "$claire" | sed 's/&prenoms%5B%5D=Claire//')"
first="$status $(at errors.0.code)"
wait $!
as $full "$qf?$claire"
is "the same request twice at a time: 409; once more later: 200" "409 00015 200" "$first $status"
stop
broken '*:coupure'
is "fault coupure: cut within the body" 18 $curl_status
stop
broken '*:reset'
is "fault reset" 56 $curl_status
stop
broken '*:silence'
is "fault silence" 28 $curl_status
curl -sg -m 20 -o /dev/null -H "Authorization: Bearer $full" "$base$qf?$claire" &
waiting=$!
sleep 0.3
before=$(date +%s%N)
stop
wait $waiting
elapsed=$((($(date +%s%N) - before) / 1000000))
is "a silent client does not hold up the end" "0 yes" "$stopped $([ $elapsed -lt 2000 ] && echo yes)"
grep -q ' --- ' "$work/journal" && pass "a broken exchange is --- in the journal" || fail "--- in the journal"
broken '*:json-faux'
answers "fault json-faux" 200 "data.quotient_familial.fournisseur data.quotient_familial.valeur data.enfants" \
    "42 douze {}"
stop
broken '*:corps-vide'
is "fault corps-vide" "200 0" "$status $(wc -c <"$work/body" | tr -d ' ')"
stop
broken '*:html'
is "fault html" "200 [text/html; charset=utf-8] 1" \
    "$status $(header Content-Type) $(grep -c '<html>' "$work/body")"
stop
broken '*:doublons'
is "fault doublons" "200 2" "$status $(grep -o '"valeur":' "$work/body" | wc -l | tr -d ' ')"
stop
broken '*:profond=5000'
is "fault profond" "200 5000" "$status $(tr -cd '[' <"$work/body" | wc -c | tr -d ' ')"
stop
broken '*:utf8-faux'
if iconv -f UTF-8 -t UTF-8 "$work/body" >/dev/null 2>&1; then fail "fault utf8-faux"; else pass "fault utf8-faux"; fi
stop
broken '*:nombre-enorme'
is "fault nombre-enorme" "200 400" \
    "$status $(sed 's/.*"valeur":\(9*\),.*/\1/' "$work/body" | tr -d '\n' | wc -c | tr -d ' ')"
stop
broken '*:enorme=3M'
answers "fault enorme: streamed, valid JSON" 200 links '{}'
is "fault enorme: its size" 3145728 "$(wc -c <"$work/body" | tr -d ' ')"
stop
broken '*:gzip-bombe=64M'
is "fault gzip-bombe: small on the wire, large inside" "200 [gzip] 67108 yes" "$status $(header Content-Encoding) \
$(gzip -dc <"$work/body" | wc -c | awk '{ print int($1 / 1000) }') \
$([ "$(wc -c <"$work/body")" -lt 500000 ] && echo yes)"
stop
broken '*:goutte=20'
is "fault goutte: a byte at a time" "28 yes" "$curl_status $([ "$(wc -c <"$work/body")" -lt 200 ] && echo yes)"
stop
broken '*:redirection'
is "fault redirection" "302 [https://ailleurs.invalid/]" "$status $(header Location)"
stop
start --quota 0 --panne 'dgfip_jeton:statut=503' --panne 'france_connect_jeton:statut=500'
grant client-fictif RessourceIR
first=$status
ask $token_url -d "$client&code=code-martin-claire"
is "faults of the token endpoints" "503 500" "$first $status"
stop
start --quota 0
before=$(date +%s%N)
as $full "$qf?$(person ATTENTE patience 1985 35238)"
is "a person whose answer is slow" "200 yes" "$status $([ $(($(date +%s%N) - before)) -gt 1900000000 ] && echo yes)"
as $full "$qf?$(person SILENCE muette 1985 35238)" -m 1
is "a person whose answer never comes" 28 $curl_status
as $full "$qf?$(person TRONQUE demi 1985 35238)"
"$work/json_at" <"$work/body" >/dev/null 2>&1
is "a person whose answer is cut" "200 1" "$status $?"
as $full "$qf?$claire" -H 'X-Delib-Panne: statut=502'
is "no header of the request makes a fault" 200 "$status"
stop

# ---------------------------------------------------------------- TLS and client certificates
# certificate NAME SUBJECT [openssl option…]: $work/NAME.pem and .key, of its own or signed
certificate() {
    name=$1 subject=$2
    shift 2
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$subject" -keyout "$work/$name.key" \
        -out "$work/$name.pem" "$@" 2>>"$work/openssl"
}
# signed NAME: $work/NAME.pem, signed by $work/authority
signed() {
    openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$work/$1.key" -out "$work/$1.csr" \
        2>>"$work/openssl" &&
        openssl x509 -req -days 2 -in "$work/$1.csr" -CA "$work/authority.pem" -CAkey "$work/authority.key" \
            -CAcreateserial -out "$work/$1.pem" 2>>"$work/openssl"
}
tls_tests() {
    start --quota 0 --port-tls 0 --fichier-port-tls "$work/port-tls" --certificat "$work/server.pem" \
        --cle "$work/server.key" --autorite-clients "$work/authority.pem"
    plain=$base
    base=https://127.0.0.1:$(cat "$work/port-tls")
    as $full "$qf?$claire" --cacert "$work/server.pem"
    answers "TLS port" 200 data.quotient_familial.valeur 430
    as $full "$qf?$claire"
    is "a client that does not know the authority stops" 60 $curl_status
    ask /token --cacert "$work/server.pem" -u certificat-fictif:secret-fictif \
        -d 'grant_type=client_credentials&scope=RessourceIRDerniere2'
    answers "DGFiP over TLS without a client certificate" 401 error invalid_client
    ask /token --cacert "$work/server.pem" -u certificat-fictif:secret-fictif \
        --cert "$work/stranger.pem" --key "$work/stranger.key" \
        -d 'grant_type=client_credentials&scope=RessourceIRDerniere2'
    is "a client certificate that nobody signed opens nothing" no "$([ "$status" = 200 ] && echo yes || echo no)"
    set -- --cacert "$work/server.pem" --cert "$work/commune.pem" --key "$work/commune.key"
    ask /token -u certificat-fictif:secret-fictif "$@" -d 'grant_type=client_credentials&scope=RessourceIRDerniere2'
    answers "with the right one" 200 token_type Bearer
    granted=$(at access_token)
    tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans "$@"
    is "and so for the resource" 200 "$status"
    base=$plain
    tax "$granted" /spi/3000000000120/dernieresituation/ir/assiettes/deuxans
    answers "the same token without the certificate" 401 fault.code 900901
    as $full "$qf?$claire"
    is "the plain port serves as well" 200 "$status"
    stop
}
if command -v openssl >/dev/null && certificate server 127.0.0.1 -addext 'subjectAltName=IP:127.0.0.1' &&
    certificate authority autorite && certificate stranger inconnu && signed commune; then
    tls_tests
elif command -v openssl >/dev/null; then
    fail "certificates for the TLS tests" "$(cat "$work/openssl")"
else
    skip "TLS port and client certificates" "openssl is not installed"
fi

# ---------------------------------------------------------------- many at a time
start --quota 0 --quota-adresse 0 --panne 'quotient_familial:delai=100'
i=0
while [ $i -lt 200 ]; do
    [ $i = 0 ] || echo next
    printf 'url = "%s%s?%s&sans_effet=%s"\nheader = "Authorization: Bearer %s"\noutput = /dev/null\n' \
        "$base" $qf "$claire" $i $full
    printf 'write-out = "%%{http_code}\\n"\n'
    i=$((i + 1))
done >"$work/many.curl"
before=$(date +%s%N)
many=$(curl -sg -m 60 --parallel --parallel-max 50 -K "$work/many.curl" 2>/dev/null | sort | uniq -c | tr -d ' \n')
elapsed=$((($(date +%s%N) - before) / 1000000))
is "200 calls of 100 ms, 50 at a time" 200200 "$many"        # 200 of them, each with status 200
if [ $elapsed -lt 10000 ]; then pass "one does not wait for another ($elapsed ms, one by one: 20000)"; else
    fail "one does not wait for another" "$elapsed ms"; fi
stop
none "every server ended with 0 and said nothing on stderr" "$(cat "$work/bad-ends" 2>/dev/null)"

# ---------------------------------------------------------------- options and fixtures
# refused NAME STATUS TEXT ARGUMENT…
refused() {
    name=$1 wanted=$2 text=$3
    shift 3
    timeout 10 "$PROGRAM" "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    if [ $code = "$wanted" ] && grep -qF -- "$text" "$work/err"; then pass "$name"; else
        fail "$name" "status $code: $(cat "$work/err")"; fi
}
refused "unknown option" 2 "option inconnue « --prot »" --prot 1
refused "missing value" 2 "--port attend une valeur" --port
refused "port that is no number" 2 "--port attend un nombre entier, pas « x »" --port x
refused "port too large" 2 "trop grand" --port=70000
refused "impossible date" 2 "--date attend une date" --date 2026-02-30
refused "fault without target" 2 "CIBLE:PANNE" --panne reset
refused "unknown target" 2 "cible inconnue" --panne quotient:reset
refused "unknown fault" 2 "panne inconnue" --panne '*:explosion'
refused "fault without its value" 2 "panne inconnue ou valeur incorrecte" --panne '*:delai'
refused "status out of range" 2 "valeur incorrecte" --panne '*:statut=99'
refused "families that do not exist" 1 "absent: erreur: le dossier des familles fictives est illisible" \
    --familles "$work/absent"
refused "journal that cannot be opened" 1 "impossible d'ouvrir le journal" --journal "$work/absent/j"
refused "TLS without a certificate" 2 "--port-tls demande aussi --certificat et --cle" --port-tls 0
refused "certificate that cannot be read" 1 "impossible de lire $work/absent" --port-tls 0 \
    --certificat "$work/absent" --cle "$work/absent"
refused "certificate that is none" 1 "certificat illisible" --port-tls 0 --certificat README.md --cle README.md
refused "port file that cannot be written" 1 "impossible d'écrire" --fichier-port "$work/absent/p"
# installed DATA: the program and the families in a tree like this one, below another root, find each other
installed() {
    mkdir -p "$work/root/libexec/delib" "$work/root/$1"
    cp "$PROGRAM" "$work/root/libexec/delib/"
    cp -r stdlib/bac_a_sable "$work/root/$1/"
    program=$work/root/libexec/delib/$(basename "$PROGRAM")
    (cd / && timeout 10 "$program" --fichier-port "$work/absent/p" 2>/dev/null) |
        grep -q 'familles fictives' && echo yes
    rm -r "$work/root"
}
is "the families are found in the tree of the sources" yes "$(installed stdlib)"
is "and after an installation" yes "$(installed share/delib/stdlib)"
"$PROGRAM" --aide >"$work/out" 2>&1
is "--aide" "0 yes" "$? $(grep -q 'gzip-bombe' "$work/out" && grep -q -- '--fichier-port' "$work/out" && echo yes)"
start
refused "a port that is taken" 1 "impossible d'écouter sur le port $(cat "$work/port")" --port "$(cat "$work/port")"
stop

# fixture NAME TEXT: a folder with this one file; the rest of the line is what is said of it
mkdir "$work/families"
fixture() {
    printf "$2" >"$work/families/f.yaml"
    refused "fixture: $1" 1 "f.yaml:$3" --familles "$work/families"
}
head='familles:\n  - id: a\n    titre: t\n    personnes:\n'
one="$head      b: { nom_naissance: N, prenoms: [P], date_naissance: 1990-01-01, sexe: F }\n"
# edited SED: the same, edited
edited() { printf '%s' "$one" | sed "$1"; }
fixture "no YAML" 'familles: [' "2: erreur: YAML mal formé"
fixture "tabulation" 'familles:\n\t- id: a\n' "2: erreur: YAML mal formé"
fixture "empty" '' "1: erreur: le fichier est vide"
fixture "unknown section" 'famille: []\n' \
    "1: erreur: fichier : clé inconnue « famille », vouliez-vous dire « familles » ?"
fixture "unknown key of a dossier" "$one    dossiers:\n      - caisse: CNAF\n        alocataires: [b]\n" \
    "8: erreur: dossier : clé inconnue « alocataires », vouliez-vous dire « allocataires » ?"
fixture "unknown person" "$one    dossiers:\n      - caisse: CNAF\n        allocataires:\n          - c\n" \
    "9: erreur: personne inconnue « c »"
fixture "unknown caisse" "$one    dossiers:\n      - { caisse: CAF, allocataires: [b] }\n" \
    "7: erreur: « caisse » est CNAF ou MSA"
msa='      - { caisse: MSA, allocataires: [b] }\n'
fixture "two dossiers" "$one    dossiers:\n$msa$msa" "8: erreur: « b » a déjà un dossier"
fixture "impossible date" "$(edited 's/1990-01-01/1990-13-01/')" "5: erreur: date impossible « 1990-13-01 »"
fixture "missing name" "$(edited 's/nom_naissance: N, //')" "5: erreur: il manque « nom_naissance »"
fixture "key twice" "$(edited 's/sexe: F/sexe: F, sexe: F/')" "5: erreur: cette clé est écrite deux fois"
fixture "unknown product" "$(edited 's/sexe: F/sexe: F, reponses: { qf: { data: {} } }/')" \
    "5: erreur: produit inconnu « qf »"
fixture "unknown field of an answer" \
    "$(edited 's/sexe: F/&, reponses: { prime_activite: { data: { montant: 3 } } }/')" \
    "5: erreur: « montant » n'est pas un champ de la réponse de prime_activite"
fixture "unknown code" "$(edited 's/sexe: F/&, reponses: { prime_activite: { erreur: "99999" } }/')" \
    "5: erreur: code d'erreur inconnu « 99999 »"
fixture "unknown fault" "$(edited 's/sexe: F/&, reponses: { prime_activite: { panne: boum } }/')" \
    "5: erreur: panne inconnue « boum »"
fixture "unknown scope" 'jetons:\n  - jeton: j\n    scopes:\n      - tout\n' \
    "4: erreur: scopes : « tout » est inconnu"
fixture "unknown state" 'jetons:\n  - jeton: j\n    etat: perdu\n' "3: erreur: état inconnu « perdu »"
fixture "unknown resource" 'clients_dgfip:\n  - { id: i, secret: s, ressources: [Ressource] }\n' \
    "2: erreur: ressources : « Ressource » est inconnu"
fixture "alias of itself" 'familles: &a [*a]\n' "1: erreur: trop de niveaux imbriqués"
rm "$work/families/f.yaml"
refused "a folder without families" 1 "aucun fichier .yaml dans ce dossier" --familles "$work/families"

tap_end
