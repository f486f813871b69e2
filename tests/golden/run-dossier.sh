#!/bin/sh
# `delib dossier` and the finalités: what is listed for each tariff, what the habilitation does not give, what the law
# forbids (with its path), and the same list in JSON.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# lists NAME PATTERN FILE
lists() {
    if grep -q -- "$2" "$3"; then pass "$1"; else fail "$1" "$(cat "$3")"; fi
}

delib dossier examples/cantine/cantine.delib.md >"$work/text"
lists 'the finalité of the tariff' 'Tarif cantine — finalité : tarification_enfance' "$work/text"
lists 'the scope of the quotient' 'scope : cnaf_quotient_familial ; admis' "$work/text"
lists 'the jobseeker status is not granted' 'scope : pole_emploi_inscription ; non accordé' "$work/text"
lists 'the article that needs it' 'pour : Article 5' "$work/text"
delib dossier examples/cantine/cantine.delib.md --json >"$work/json"
lists 'the same in JSON' '"niveau": "non accordé"' "$work/json"

cat >"$work/creche.delib" <<'END'
finalité tarification_eaje
source revenu « revenu fiscal » : api_impot_particulier.situation(demandeur)
soit mensuel = revenu ramené au mois
soit assiette = ramené_entre(mensuel ; 801 € ; 7 000 €)
tarif creche en € par heure
  prix 0,0619 % de assiette
    non communiqué : non prévu
  puis arrondi au centime le plus proche
fin
END
if delib verifier "$work/creche.delib" >"$work/out" 2>&1; then
    fail 'fiscal data in a crèche tariff are refused' "$(cat "$work/out")"
else
    pass 'fiscal data in a crèche tariff are refused'
fi
lists 'as D503' 'erreur\[D503\]' "$work/out"
lists 'with the path of the datum' 'chemin : creche → assiette → mensuel → revenu' "$work/out"

sed 's/tarification_eaje/place_en_creche/; s/creche en € par heure/creche en €/' "$work/creche.delib" >"$work/place.delib"
succeeds 'the same data are admitted to rank requests' delib verifier "$work/place.delib"

# A field of a source is a datum of its own: one condition on it, and the other fields are not listed.
cat >"$work/champs.delib" <<'END'
finalité tarification_enfance
source foyer « foyer fiscal » : api_impot_particulier.derniere_situation(demandeur)
tarif t en €
  prix selon foyer.parts
    moins de 2 : 5 €
    2 et plus  : 3 €
    non communiqué : 5 €
  fin
fin
END
delib dossier "$work/champs.delib" >"$work/text" 2>&1
lists 'only the field that is read' 'scope : dgfip_nbpart' "$work/text"
none 'and not the others' "$(grep dgfip_rfr "$work/text")"
tap_end
