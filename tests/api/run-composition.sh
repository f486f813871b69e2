#!/bin/sh
# The composition of the household, asked over HTTP: lists of records that an API gives, counted, compared and told.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
export PATH NO_COLOR=1
work=$(mktemp -d) || exit 1
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT

cat >"$work/foyer.delib" <<'F'
source foyer « composition du foyer » : api_particulier.quotient_familial(demandeur)
tarif mineurs en €
  finalité tarification_enfance
  prix 1 € × (nombre de foyer.enfants tels que âge(date_naissance) < 18)
    non communiqué : non prévu « sans dossier »
fin
tarif aîné en €
  finalité tarification_enfance
  prix selon maximum de âge(date_naissance) pour chaque e de foyer.enfants, si vide : 0
    moins de 10    : 1 €
    10 et plus     : 2 €
    non communiqué : 3 €
  fin
fin
tarif parents en €
  finalité tarification_enfance
  prix 1 € × (nombre de foyer.allocataires)
    non communiqué : non prévu
fin
F
delib bac-a-sable --port 0 --fichier-port "$work/port" --date 2026-11-23 >"$work/out" 2>&1 </dev/null &
server=$!
tries=0
until [ -s "$work/port" ] || [ $tries -gt 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
base=http://127.0.0.1:$(cat "$work/port")

# family NAME FIRST-NAMES BIRTH SEX COMMUNE: who asks.
family() {
    printf 'demandeur: { nom_naissance: %s, prenoms: %s, date_naissance: %s, sexe: %s, commune_naissance: "%s" }\n' \
        "$@" >"$work/demande.yaml"
}
# said TARIFF TEXT: what is printed for it.
said() {
    delib calculer "$work/foyer.delib" --tarif "$1" --demande "$work/demande.yaml" --date 2026-11-23 \
        --api bac-a-sable --bac-a-sable "$base" >"$work/said" 2>&1
    none "$1: $2" "$(grep -qF "$2" "$work/said" || cat "$work/said")"
}

family MARTIN Claire 1988-03-14 F 75112
said mineurs "2,00 €"
said aîné "1,00 €"
said parents "1,00 €"
family DURAND Paul 1983-09-27 M 69123
said mineurs "3,00 €"
said parents "2,00 €"
family MERCIER Lucie 1995-05-15 F 54395
said mineurs "sans dossier"
said aîné "3,00 €"
family INCONNU Jean 1970-01-01 M 75112
said mineurs "personne n'a cette identité"
family MASSON Eric 1980-06-06 M 25056
said aîné "2,00 €"
tap_end
