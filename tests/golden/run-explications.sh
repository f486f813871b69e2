#!/bin/sh
# What is handed to a family or published: pages and Markdown of `expliquer` and `dossier`. They stand alone and are
# well formed; a délibération written to inject markup stays text in all of them; no datum that was not read is told.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

page() {
    none "$1 is a page that stands alone" "$(python3 tests/golden/check_page.py "$2")"
}

# holds NAME TEXT FILE; lacks NAME PATTERN FILE
holds() {
    if grep -qF -- "$2" "$3"; then pass "$1"; else fail "$1" "$(head -c 3000 "$3")"; fi
}
lacks() {
    none "$1" "$(grep -nE -- "$2" "$3" | cut -c 1-200 | head -n 5)"
}

# ---------------------------------------------------------------- the examples

for act in examples/*/*.delib.md; do
    name=$(basename "$act" .delib.md)
    if delib dossier "$act" --html >"$work/page.html" 2>"$work/err"; then
        page "dossier of $name" "$work/page.html"
    else
        fail "dossier of $name" "$(cat "$work/err")"
    fi
    succeeds "dossier of $name in JSON" sh -c "delib dossier '$act' --json | python3 -c '
import json, sys
for t in json.load(sys.stdin)[\"tarifs\"]:
    assert t[\"mention\"] and t[\"fiche\"][\"contribution\"] and t[\"fiche\"][\"opérations\"], t[\"nom\"]
    assert t[\"fiche\"][\"données_traitées\"] and t[\"fiche\"][\"paramètres\"], t[\"nom\"]'"
done

cantine="examples/cantine/cantine.delib.md --date 2026-11-23 --avec résident=oui --avec qf=622 --avec sans_emploi=non"
for reader in famille agent auditeur; do
    # shellcheck disable=SC2086
    delib expliquer $cantine --pour $reader --et-si qf=430 --html >"$work/$reader.html"
    page "explanation for $reader" "$work/$reader.html"
done
holds 'hard spaces before a currency' "$(printf '3,30\302\240€')" "$work/famille.html"

# Each reading holds the members of the one before.
# shellcheck disable=SC2086
for reader in famille agent auditeur; do
    delib expliquer $cantine --pour $reader --json >"$work/$reader.json"
done
none 'each reading holds the one before' "$(python3 - "$work" <<'P'
import json, sys
famille, agent, auditeur = (json.load(open("%s/%s.json" % (sys.argv[1], r), encoding="utf-8"))
                            for r in ("famille", "agent", "auditeur"))
def inside(a, b, path):
    if isinstance(a, dict):
        for k, v in a.items():
            if k not in b:
                print("%s/%s is missing" % (path, k))
            elif k != "lecture":
                inside(v, b[k], path + "/" + k)
    elif isinstance(a, list):
        if len(a) != len(b):
            print("%s has another length" % path)
        for i, (x, y) in enumerate(zip(a, b)):
            inside(x, y, "%s[%d]" % (path, i))
    elif a != b:
        print("%s: %r, %r" % (path, a, b))
inside(famille, agent, "")
inside(agent, auditeur, "")
P
)"

# What is written follows the schema, whatever the result: calculé, à compléter, a supposition, other results, a list.
n=0
for arguments in 'cantine/cantine --avec usager=adulte' 'cantine/cantine' \
    'cantine/cantine --avec résident=oui --avec qf=622 --avec sans_emploi=non --et-si qf=430' \
    'conservatoire/conservatoire --tarif droits --avec lieu=extérieur --avec cours=atelier' \
    'periscolaire/periscolaire --tarif accueil --avec qf=1000 --avec enfants=2 --avec demi_heures=3 --avec retard=16'; do
    for reader in famille agent auditeur; do
        n=$((n + 1))
        # shellcheck disable=SC2086
        set -- $arguments
        act=$1
        shift
        delib expliquer "examples/$act.delib.md" --date 2026-11-23 "$@" --pour $reader --json >"$work/schema-$n.json"
    done
done
none 'what is written follows cli/explication/expliquer.schema.json' \
    "$(python3 tests/golden/check_schema.py cli/explication/expliquer.schema.json "$work"/schema-*.json)"

# A datum that was not read is in no form of the explanation: an adult's price reads neither quotient nor residence.
adult="examples/cantine/cantine.delib.md --date 2026-11-23 --avec usager=adulte --avec qf=777 --avec résident=non"
for reader in famille agent auditeur; do
    # shellcheck disable=SC2086
    for form in '' --json --html; do
        delib expliquer $adult --pour $reader $form >"$work/out"
        lacks "what was not read is not told to $reader ${form:-in text}" '777|quotient familial de la|habite-t-elle' "$work/out"
    done
done

# ---------------------------------------------------------------- a délibération that injects

cat >"$work/hostile.delib.md" <<'END'
# Délibération <script>alert(1)</script>

```delib
délibération "<img src=x onerror=alert(2)>" du 25 juin 2026
  collectivité "Ville </title><script>alert(3)</script> [lien](javascript:alert(4))"
fin
énumération choix
  a « </td></tr></table><svg onload=alert(5)> | x »
  b « *gras* `code` <https://exemple.fr> »
fin
```

## Article 1 <a href="javascript:alert(6)">x</a> | y

```delib
entrée choix : choix « <b onmouseover=alert(7)>Quel choix</b> ? »
source qf « "quotient" <iframe> & 'x' » : api_particulier.quotient_familial(demandeur)
  à défaut, sur justificatif « <object data=x> ![i](https://exemple.fr/i.png) »
tarif t « </h1><script>alert(8)</script> » en € par repas
  finalité tarification_enfance
  prix selon qf
    moins de 300   : 1 €
    à partir de 300 : selon choix
      a : 2 €
      b : non prévu « <form action=//x> raison ` ~~~ »
    fin
    non communiqué : 3 €
  fin
    cite article 1 « <script>alert(9)</script> # [x](y) »
  puis plancher 0,50 €
    cite article 2 « </blockquote><img src=x onerror=alert(10)> »
fin tarif
```

Article 1 : <script>alert(9)</script> # [x](y)

Article 2 : </blockquote><img src=x onerror=alert(10)>
END
if delib verifier "$work/hostile.delib.md" >"$work/out" 2>&1; then pass 'it is valid'; else fail 'it is valid' "$(cat "$work/out")"; fi
for case in 'qf=200' 'qf=400 --avec choix=a' 'qf=400 --avec choix=b'; do
    for reader in famille agent auditeur; do
        # shellcheck disable=SC2086
        delib expliquer "$work/hostile.delib.md" --avec $case --et-si choix=b --pour $reader --html >"$work/hostile.html"
        page "hostile explanation, $case, $reader" "$work/hostile.html"
        lacks "nothing opens in it, $case, $reader" '<(script|img|svg|iframe|form|b |a |object)' "$work/hostile.html"
    done
done
delib expliquer "$work/hostile.delib.md" --avec qf=200 --html >"$work/hostile.html"
holds 'its texts are still there' '&lt;script&gt;alert(8)&lt;/script&gt;' "$work/hostile.html"
delib dossier "$work/hostile.delib.md" --html >"$work/hostile.html"
page 'hostile dossier' "$work/hostile.html"
lacks 'nothing opens in it' '<(script|img|svg|iframe|form|b |a |object)' "$work/hostile.html"
delib dossier "$work/hostile.delib.md" --markdown >"$work/hostile.md"
lacks 'no tag in its Markdown' '(^|[^\\])<' "$work/hostile.md"
lacks 'no link in its Markdown' '(^|[^\\])\[' "$work/hostile.md"
lacks 'no cell more in its Markdown' '[^ ]\|[^ -]' "$work/hostile.md"
succeeds 'and valid JSON' sh -c "delib dossier '$work/hostile.delib.md' --json | python3 -c 'import json,sys; json.load(sys.stdin)'"
tap_end
