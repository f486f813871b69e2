#!/bin/sh
# Journals: what an entry holds, replay, every way of tampering with one, crashes, a full disk, two writers at once.
. tests/tap.sh

case $BUILD in /*) ;; *) BUILD=$PWD/${BUILD:-build} ;; esac
PATH=$BUILD:$PATH
top=$PWD
act=$top/examples/cantine/cantine.delib.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# decide JOURNAL QF [OPTION…]: one decision recorded.
decide() {
    decide_journal=$1 decide_qf=$2
    shift 2
    delib calculer "$act" --date 2026-11-23 --avec résident=oui --avec rang_enfant=3 --avec sans_emploi=oui \
        --avec "qf=$decide_qf" --journal "$decide_journal" "$@"
}
# copy NAME: the small journal and what is beside it, under another name.
copy() {
    rm -rf "$1" "$1".*
    cp small "$1"
    cp small.tete "$1.tete"
    cp -r small.regles "$1.regles"
}
# told NAME PATTERN COMMAND…: the command fails with 1 and says the pattern.
told() {
    told_name=$1 told_pattern=$2
    shift 2
    told_output=$("$@" 2>&1)
    told_status=$?
    if [ $told_status = 1 ] && printf '%s\n' "$told_output" | grep -qE -- "$told_pattern"; then
        pass "$told_name"
    else
        fail "$told_name" "status $told_status, wanted 1 and « $told_pattern »:
$told_output"
    fi
}

# ---------------------------------------------------------------- a small journal
for qf in 100 299 300 430 1699 1700; do
    decide small $qf >>amounts || echo "qf $qf: status $?"
done
none "the amounts are shown as without a journal" "$(printf '0,50 € par repas\n0,73 € par repas\n' >wanted
    { sed -n 1p amounts; sed -n 4p amounts; } | diff wanted -)"
none "one line for one decision" "$(wc -l <small | grep -vx 6)"
succeeds "the journal is whole" delib journal verifier small
none "every decision is computed again, identical" "$(delib rejouer small --json | python3 -c '
import json, sys
r = json.load(sys.stdin)
wanted = {"intact": True, "entrées": 6, "identiques": 6, "différentes": 0, "non_rejouables": 0, "défauts": 0}
print("".join(f"{k}: {r[k]}\n" for k, v in wanted.items() if r[k] != v), end="")')"
none "fingerprints are those of b2sum -l 256" "$(python3 - <<'E2'
import hashlib, json
previous = "0" * 64
for n, line in enumerate(open("small", encoding="utf-8"), 1):
    whole = json.loads(line)
    public = line[len('{"entrée":'):line.index(',"personnel":{"sel"')]
    personal = line[line.index('"personnel":{"sel"') + len('"personnel":'):line.rindex(',"empreinte":')]
    h = lambda text: hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    if h(public) != whole["empreinte"] or h(personal) != whole["entrée"]["personnel"]:
        print(f"line {n}: fingerprint")
    if whole["entrée"]["précédente"] != previous:
        print(f"line {n}: chain")
    previous = whole["empreinte"]
    rules = open("small.regles/" + whole["entrée"]["règles"] + ".json", "rb").read()
    if hashlib.blake2b(rules, digest_size=32).hexdigest() != whole["entrée"]["règles"]:
        print(f"line {n}: rules")
E2
)"
none "files are for their owner alone" "$(find small small.tete small.regles ! -perm 600 ! -perm 700)"
head=$(delib journal verifier small | sed -n 's/^dernière empreinte : //p')
succeeds "a fingerprint noted elsewhere is in the chain" delib journal verifier small --tete "$head"
told "another is not" "D765.*aucune entrée" delib journal verifier small --tete "$(printf %064d 7)"

# ---------------------------------------------------------------- tampering
# Every byte of every line, changed one after the other, would take an hour: one byte of each field of each line.
python3 - >fields <<'E2'
import json
def walk(value, path):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, path + [key])
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from walk(item, path + [i])
    else:
        yield path, value
for n, line in enumerate(open("small", encoding="utf-8"), 1):
    for path, value in walk(json.loads(line), []):
        print(json.dumps([n, path]))
E2
none "each field of each line, changed, is found on its line" "$(python3 - <<'E2'
import json, re, subprocess, shutil
lines = open("small", encoding="utf-8").read().splitlines()
subprocess.run("rm -rf t t.*; cp small.tete t.tete; cp -r small.regles t.regles", shell=True)
for case in open("fields"):
    n, path = json.loads(case)
    whole = json.loads(lines[n - 1])
    at = whole
    for key in path[:-1]:
        at = at[key]
    old = at[path[-1]]
    at[path[-1]] = (not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else "x" if old is None
                    else ("1" if old[:1] != "1" else "2") + old[1:])
    changed = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    open("t", "w", encoding="utf-8").write("\n".join(lines[:n - 1] + [changed] + lines[n:]) + "\n")
    r = subprocess.run(["delib", "journal", "verifier", "t"], capture_output=True, text=True)
    if r.returncode != 1 or not re.search(rf"^t:{n}:\d+: erreur\[D7", r.stderr, re.M):
        print(f"line {n}, {path}: status {r.returncode}\n{r.stdout}{r.stderr}")
E2
)"
echo "# $(wc -l <fields) fields"
for n in 1 2 3 4 5 6; do
    copy t; sed -i "${n}d" t
    told "line $n removed" "D76[45].*" delib journal verifier t
    copy t; sed -i "${n}p" t
    told "line $n repeated" "t:$((n + 1)):1: erreur\[D764\]: entrée $n-" delib journal verifier t
    copy t; sed -i "${n}i une ligne qui n'en est pas une" t
    told "junk before line $n" "t:$n:.*erreur\[D761\]" delib journal verifier t
done
for n in 1 2 3 4 5; do
    copy t; sed -i "${n}{h;d};$((n + 1))G" t
    told "lines $n and $((n + 1)) exchanged" "t:$((n + 1)):1: erreur\[D764\]: entrée $n-" delib journal verifier t
done
copy t; sed -i '$d' t
told "the last line removed: the witness knows" "D765.*la fin du journal manque" delib journal verifier t
told "nothing is added to a journal that was cut short" "D765.*retirées" decide t 430
copy t; sed -i '3s/"entrée":{"format":1/"entrée":{"format":2/' t
told "an entry of a newer version" "t:3:1: erreur\[D766\]" delib journal verifier t
copy t; rm t.tete
told "no witness" "D765.*témoin.*absent" delib journal verifier t
# Someone who knows the layout makes the fingerprints right again, up to the end of the journal.
cat >forge.py <<'E2'
import hashlib, json, sys
h = lambda text: hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
lines = open("t", encoding="utf-8").read().splitlines()
n, upto = int(sys.argv[1]), int(sys.argv[2])
previous = None
for i in range(n - 1, upto):
    whole = json.loads(lines[i])
    if i == n - 1:
        if len(sys.argv) > 3:
            whole["entrée"]["moteur"] = sys.argv[3]
            whole["personnel"]["trace"] = "0" * 64
        else:
            whole["personnel"]["résultat"]["montant"] = "9.99"
        whole["entrée"]["personnel"] = h(dump(whole["personnel"]))
    if previous:
        whole["entrée"]["précédente"] = previous
    whole["empreinte"] = previous = h(dump(whole["entrée"]))
    lines[i] = dump(whole)
open("t", "w", encoding="utf-8").write("\n".join(lines) + "\n")
E2
copy t; python3 forge.py 3 3
told "an amount forged with its fingerprints: the next entry tells" "t:4:1: erreur\[D764\]" delib journal verifier t
copy t; python3 forge.py 3 6
told "forged up to the end: the witness tells" "t:6:1: erreur\[D765\]" delib journal verifier t
told "and the replay names the decision" "t:3:1: erreur\[D768\]: entrée 3-.*montant" delib rejouer t

copy t; python3 forge.py 6 6 "$(delib version | sed 's/.* //')"
told "an explanation that this version would not give" "t:6:1: erreur\[D768\].*l'explication" delib rejouer t
copy t; python3 forge.py 6 6 0.0.9; rm t.tete
delib rejouer t --json >r.json 2>&1
none "another version of the engine may have told it otherwise: said, no fault" "$(python3 -c '
import json
r = json.load(open("r.json"))
if (r["identiques"], r["différentes"], r["expliquées_autrement"], r["défauts"]) != (5, 0, 1, 1):
    print(r)')"

# ---------------------------------------------------------------- rules
copy t; rm t.regles/*
told "rules missing" "t:1:1: erreur\[D767\]: entrée 1-.*absent" delib rejouer t
copy t; sed -i 's/1,30 €/1,40 €/' t.regles/*
told "rules altered" "t:1:1: erreur\[D767\].*modifié" delib rejouer t

# ---------------------------------------------------------------- bad journals
told "a journal that does not exist" "D760.*n'existe pas" delib journal verifier absent
told "a folder" "c'est un dossier" delib journal verifier small.regles
printf 'ceci n'\''est pas un journal' >notes
cp notes notes.avant
told "a file that is no journal is left as it is" "D763" decide notes 430
succeeds "byte for byte" cmp notes notes.avant
head -c 5000000 /dev/zero | tr '\0' x >long; echo >>long; cp small.tete long.tete
told "a line without end" "long:1:1: erreur\[D761\]: ligne trop longue" delib journal verifier long
python3 -c 'print("[" * 100000)' >deep; cp small.tete deep.tete
told "a hundred thousand brackets" "deep:1:.*erreur\[D761\].*imbriqués" delib journal verifier deep
copy t; printf '\377\376\n' >>t
told "bytes that are not UTF-8" "t:7:1: erreur\[D761\].*UTF-8" delib journal verifier t

# ---------------------------------------------------------------- crashes and full disks
copy t; head -c -40 small >t; cp small.tete t.tete; sed -i 's/0006/0005/' t.tete
line5=$(sed -n 5p small | sed 's/.*"empreinte":"\([0-9a-f]*\)".*/\1/')
sed -i "s/\"empreinte\":\"[0-9a-f]*\"/\"empreinte\":\"$line5\"/" t.tete
delib journal verifier t >verified 2>&1
none "a cut last line is recognised, and is no fault" "$(grep -q 'avertissement\[D762\]' verified || cat verified
    grep -q 'journal intact' verified || cat verified)"
decide t 430 >out 2>err
none "the next decision sets it aside, and says so" "$(grep -qx '0,73 € par repas' out || cat out err
    grep -q 'D762.*t\.rebut' err || cat err; [ -s t.rebut ] || echo "no t.rebut")"
succeeds "the journal is then whole" delib rejouer t

none "on a full disk no amount is shown and the journal stays whole" "$(copy t
    # 8 blocks of 512 bytes: the limit falls in the middle of an entry.
    for i in 1 2 3; do
        (ulimit -f $(($(wc -c <t) / 512 + 1)); trap '' XFSZ; decide t 430) >out 2>err
        status=$?
        [ $status = 1 ] || [ -s out ] || echo "turn $i: status $status"
        [ $status = 0 ] || ! [ -s out ] || echo "turn $i: an amount was shown: $(cat out)"
    done
    delib rejouer t >verified 2>&1 || cat verified)"
none "the refusal says why" "$(copy t
    (ulimit -f $(($(wc -c <t) / 512)); trap '' XFSZ; decide t 430) >out 2>err
    grep -q 'D760.*trop grand' err || cat out err; cmp small t)"

none "killed at any moment, no decision that was shown is lost" "$(rm -rf k k.*
    i=0
    while [ $i -lt 60 ]; do
        i=$((i + 1))
        decide k 430 --reference "dossier-$i" >"shown.$i" 2>/dev/null &
        pid=$!
        # From 0 to 12 ms: before, during and after the writing.
        sleep "0.0$(printf %02d $((i % 13)))"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        [ ! -s "shown.$i" ] || grep -q "\"dossier-$i\"" k || echo "dossier-$i was shown and is not recorded"
    done
    decide k 430 >/dev/null 2>err || cat err
    delib rejouer k >verified 2>&1 || cat verified)"
none "two processes at once make one chain" "$(rm -rf c c.*
    for p in 1 2 3 4; do
        (for i in 1 2 3 4 5 6 7 8 9 10; do decide c $((100 * p + i)) >/dev/null || echo "writer $p: status $?"; done) &
    done
    wait
    wc -l <c | grep -vx 40
    delib rejouer c >verified 2>&1 || cat verified)"

# ---------------------------------------------------------------- policy
delib journal cles keys >p.politique.yaml
cat >>p.politique.yaml <<'E2'
donnees:
  qf: chiffré
  sans_emploi: chiffré
  rang_enfant: pseudonyme
reference: pseudonyme
conservation:
  tarification_enfance: 5 ans
E2
none "private keys are for their owner alone" "$(find keys -type f ! -perm 600)"
told "keys that are there are never replaced" "jamais remplacées" delib journal cles keys
for qf in 430 431 430; do
    decide p $qf --reference dossier-secret >>p.out 2>&1 || cat p.out
done
none "what is encrypted or pseudonymised is nowhere in clear" "$(grep -nE 'dossier-secret|"430"|"431"|"sans_emploi"[^}]*"oui"' p)"
none "the same reference has the same pseudonym" "$(
    grep -o '"référence":{"pseudonyme":"[0-9a-f]*"' p | sort | uniq -c | grep -v '^ *3 ')"
none "two families do not show that they have the same quotient" "$(grep -o '"chiffré":"[^"]*"' p | sort | uniq -d)"
# counts FILE MEMBER WANTED
counted() {
    python3 -c '
import json, sys
found = json.load(open(sys.argv[1]))
for wanted in sys.argv[2:]:
    name, value = wanted.split("=")
    if str(found[name]) != value:
        print(f"{name}: {found[name]} instead of {value}")' "$@"
}
delib rejouer p --json >r.json 2>&1
none "without the keys nothing is replayed, and nothing is said to differ" \
    "$(counted r.json intact=True identiques=0 différentes=0 non_rejouables=3 signatures=3)"
delib rejouer p --json --cle keys/chiffrement.cle >r.json 2>&1
none "one key of two is not enough" "$(counted r.json intact=True identiques=0 différentes=0 non_rejouables=3)"
delib rejouer p --json --cle keys/chiffrement.cle --cle keys/pseudonymes.cle >r.json 2>&1
none "with the keys every decision is identical" "$(counted r.json intact=True identiques=3 différentes=0 non_rejouables=0)"
delib journal cles others >others.txt
delib rejouer p --json --cle others/chiffrement.cle --cle others/pseudonymes.cle >r.json 2>&1
none "with other keys nothing is replayed, never wrong" "$(counted r.json intact=True identiques=0 différentes=0 non_rejouables=3)"
chmod 644 keys/chiffrement.cle
told "a key that others can read is refused" "D742.*lu par d'autres" delib rejouer p --cle keys/chiffrement.cle
chmod 600 keys/chiffrement.cle
echo rien >vide.cle; chmod 600 vide.cle
told "a file that holds no key" "D770" delib rejouer p --cle vide.cle

# ---------------------------------------------------------------- signatures
key=$(sed -n 's/^#   \(delib-signature-publique.*\)/\1/p' p.politique.yaml)
other=$(sed -n 's/^#   \(delib-signature-publique.*\)/\1/p' others.txt)
succeeds "signed by the expected key" delib journal verifier p --signataire "$key"
told "not by another" "p:1:1: erreur\[D769\].*autre clé" delib journal verifier p --signataire "$other"
told "a journal that is not signed" "small:1:1: erreur\[D769\].*pas signée" delib journal verifier small --signataire "$key"
told "a private key is not a public one" "D770" delib journal verifier p --signataire "$(cat keys/signature.cle)"
cp p t; cp p.tete t.tete
sed -i '2s/,"signature":"[^"]*"//' t
told "a signature taken away" "t:2:1: erreur\[D763\].*signature" delib journal verifier t
cp p t
sed -i '2s/"signature":"A/"signature":"B/; 2t; 2s/"signature":"./"signature":"A/' t
told "a signature changed" "t:2:1: erreur\[D769\]" delib journal verifier t

# ---------------------------------------------------------------- policies at fault
# policy NAME PATTERN LINES: a journal of that policy is refused, at the line of the policy.
policy() {
    rm -rf q q.*
    printf '%b' "$3" >q.politique.yaml
    told "policy: $1" "$2" decide q 430
    none "policy: $1: nothing is written" "$([ ! -s q ] || cat q)"
}
policy "unknown key" "q.politique.yaml:1:1: erreur\[D720\].*donnee.*" 'donnee: { qf: clair }\n'
policy "unknown treatment" "q.politique.yaml:2:.*« clair », « pseudonyme » ou « chiffré »" 'donnees:\n  qf: cryptage\n'
policy "encryption without a key" "D721.*chiffrement" 'donnees: { qf: chiffré }\n'
policy "pseudonyms without a key" "D721.*pseudonymes" 'reference: pseudonyme\n'
policy "a private key in the policy" "q.politique.yaml:2:.*erreur" "resultat: chiffré\nchiffrement: { cle_publique: \"$(cat keys/chiffrement.cle)\" }\n"
policy "a secret in clear" "D743" "reference: pseudonyme\npseudonymes: { cle: \"$(cat keys/pseudonymes.cle)\" }\n"
policy "a key file that is missing" "q.politique.yaml:.*D742" 'signature: { cle: { fichier: absente.cle } }\n'
policy "the wrong kind of key" "D770.*signature" "signature: { cle: { fichier: $work/keys/chiffrement.cle } }\n"
policy "a duration that is none" "q.politique.yaml:2:.*durée" 'conservation:\n  tarification_enfance: longtemps\n'
policy "not YAML" "q.politique.yaml:2:1: erreur\[D737\]" '[\n'

# ---------------------------------------------------------------- extraction
delib journal extraire small --id 4 >x.out 2>&1
none "one entry, for people" "$(sed 's/ [0-9]*-[0-9a-f]*$/ ID/; s/enregistrée le .*/enregistrée le …/' x.out | diff - /dev/fd/3 3<<'E2'
décision ID
  ligne 4, enregistrée le …
  tarif cantine, service du 23 novembre 2026
  résident : oui — déclaration
  rang_enfant : 3 — déclaration
  qf : 430 — justificatif, donnée sociale
  sans_emploi : oui — justificatif, donnée emploi
  résultat : calculé, 0,73 € par repas
E2
)"
lines() {
    lines_wanted=$1
    shift
    "$@" | wc -l | grep -vx "$lines_wanted"
}
none "every entry as a line of JSON" "$(lines 6 delib journal extraire small --json)"
none "those of a tariff" "$(lines 6 delib journal extraire small --json --tarif CANTINE)"
none "those since a day" "$(lines 6 delib journal extraire small --json --depuis 2020-01-01)"
told "none since a day to come" "aucune entrée" delib journal extraire small --depuis 2999-01-01
told "none of another tariff" "aucune entrée" delib journal extraire small --tarif garderie
told "none of another case" "aucune entrée" delib journal extraire p --reference dossier-secret
none "those of a case, with the key" \
    "$(lines 3 delib journal extraire p --json --reference dossier-secret --cle keys/pseudonymes.cle)"
none "those of a pseudonym, without it" "$(lines 3 delib journal extraire p --json --reference \
    "$(grep -o '"pseudonyme":"[0-9a-f]*"' p | head -1 | cut -d'"' -f4)")"
copy t; sed -i '2s/"0\.50"/"0.10"/; 2s/"0\.73"/"0.10"/' t
told "an altered entry is told, whatever is extracted" "t:2:1: erreur\[D763\]" delib journal extraire t --id 4

# ---------------------------------------------------------------- purge
copy t
told "no policy, no date" "D771.*combien de temps" delib journal purger t
none "before a day long ago nothing is purged, and nothing is written" "$(
    delib journal purger t --avant 2020-01-01 | grep -vx '0 décision purgée'; cmp small t)"
none "of another finalité neither" "$(
    delib journal purger t --avant 2999-01-01 --finalite tarification_eaje | grep -vx '0 décision purgée'; cmp small t)"
cp t before
echo déchet >t.rebut
none "six decisions purged" "$(delib journal purger t --avant 2999-01-01 2>&1 | grep -vx '6 décisions purgées')"
none "nothing personal is left, nor what a crash had cut" "$(grep -nE '"qf"|"montant"|"trace"' t
    find . -name t.rebut -o -name t.nouveau)"
none "the chain stays provable, the purge is in it" "$(delib journal verifier t 2>&1 | grep -vE '6 décisions, 6 purgées|dernière|intact'
    sed -n 7p t | grep -v '"genre":"purge".*"entrées":6,"numéros":"1-6"')"
none "fingerprints did not change" "$(grep -o '"empreinte":"[0-9a-f]*"' t | head -6 >after.txt
    grep -o '"empreinte":"[0-9a-f]*"' before | diff - after.txt)"
delib rejouer t --json >r.json 2>&1
none "purged decisions are not replayable, and not different" "$(counted r.json intact=True purgées=6 non_rejouables=6 différentes=0)"
decide t 430 >out 2>&1
none "decisions follow" "$(grep -vx '0,73 € par repas' out; delib rejouer t >out 2>&1 || cat out)"
copy t; sed -i '3s/"personnel":{"sel".*},"empreinte"/"personnel":null,"empreinte"/' t
told "a personal part taken away without a purge" "D763.*numéros 3 à 3.*sans qu'une purge" delib journal verifier t
copy t; printf 'conservation: { tarification_enfance: 12 mois }\n' >t.politique.yaml
none "the policy keeps a year: nothing is purged yet" "$(delib journal purger t | grep -vx '0 décision purgée')"
none "on a full disk nothing is purged, nothing is lost" "$(
    (ulimit -f 2; trap '' XFSZ; delib journal purger t --avant 2999-01-01) >out 2>&1 && cat out
    cmp small t; find . -name t.nouveau)"
sed -i '2s/a/b/' t
told "a journal that was altered is not purged" "D763|D761" delib journal purger t --avant 2999-01-01
told "a journal that is not there is not begun" "D760.*n'existe pas" delib journal purger absent --avant 2020-01-01

# usage NAME PATTERN COMMAND…: refused with 2.
usage() {
    usage_name=$1 usage_pattern=$2
    shift 2
    usage_output=$("$@" 2>&1)
    usage_status=$?
    none "$usage_name" "$([ $usage_status = 2 ] || echo "status $usage_status"
        printf '%s\n' "$usage_output" | grep -q -- "$usage_pattern" || echo "$usage_output")"
}
usage "an action that does not exist" "vouliez-vous dire « purger »" delib journal puger t
usage "an option of another action" "ne va pas avec « journal purger »" delib journal purger t --tarif cantine
usage "a date that is none" "n'est pas une date" delib journal purger t --avant hier
usage "a reference without a journal" "--reference ne va qu'avec --journal" delib calculer "$act" --reference x
# ---------------------------------------------------------------- batches
cat >familles.csv <<'E2'
dossier;résident;rang_enfant;qf;sans_emploi
"A;1";oui;1;430;non
A-2;oui;2;622,50;oui
A-3;non;1;;non
A-4;oui;x;1;non
A-5;oui;3;1700;oui
E2
batch() {
    delib calculer "$act" --date 2026-11-23 --lot familles.csv --garder dossier "$@"
}
batch --sortie plain.csv 2>/dev/null
batch --sortie kept.csv --journal b --reference dossier 2>/dev/null
none "a batch gives the same results with a journal" "$(diff plain.csv kept.csv)"
none "one entry for each family that could be read, under its reference" "$(
    grep -o '"référence":"[^"]*"' b | cut -d'"' -f4 | paste -sd' ' | grep -vx 'A;1 A-2 A-3 A-5')"
delib rejouer b --json >r.json 2>&1
none "and each is computed again" "$(counted r.json intact=True identiques=4 différentes=0)"
printf '%s\n' '{"dossier":"n\u0031","résident":true,"rang_enfant":1,"qf":"430","sans_emploi":false}' \
    '{"dossier":"n2","résident":false,"rang_enfant":1,"qf":null,"sans_emploi":false}' >familles.ndjson
delib calculer "$act" --date 2026-11-23 --lot familles.ndjson --garder dossier --reference dossier --journal n \
    --sortie n.csv 2>said || cat said
none "NDJSON too" "$(grep -c '"genre":"décision"' n | grep -vx 2; grep -q '"référence":"n2"' n || cat n; delib rejouer n >out || cat out)"
told "a reference that is not kept" "ce n'est pas une colonne" batch --sortie x.csv --journal b --reference autre
told "several threads" "--fils ne va pas avec --journal" batch --sortie x.csv --journal b --fils 2
none "on a full disk no line of results is told that the journal does not hold" "$(
    cp b f; cp b.tete f.tete; cp -r b.regles f.regles
    (ulimit -f $(($(wc -c <f) / 512 + 2)); trap '' XFSZ; batch --sortie - --journal f) >out 2>err && cat err
    tail -n +2 out; grep -q 'trop grand' err || cat err
    delib rejouer f >out 2>&1 || cat out)"

# ---------------------------------------------------------------- sources
delib bac-a-sable --port 0 --date 2026-11-23 --fichier-port port >server.log 2>&1 </dev/null &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
tries=0
until [ -s port ] || [ $tries -ge 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
URL=http://127.0.0.1:$(cat port)
for nom in MARTIN INCONNU; do
    sed "s/MARTIN/$nom/" "$top/tests/golden/cli/famille.yaml" >demande.yaml
    delib calculer "$top/tests/golden/cli/cantine.delib" --demande demande.yaml --bac-a-sable "$URL" --journal s >>s.out 2>&1
done
sed "s/sans_emploi: non/sans_emploi: oui/" "$top/tests/golden/cli/famille.yaml" >demande.yaml
delib calculer "$top/tests/golden/cli/cantine.delib" --demande demande.yaml --bac-a-sable "$URL" --journal s >>s.out 2>&1
for nom in MARTIN INCONNU; do
    echo '{"id":"'$nom'-1","date":"2026-09-15","demandeur":{"nom_naissance":"'$nom'","prenoms":"CLAIRE, ANNE","date_naissance":"1988-03-14","sexe":"F","commune_naissance":"75112","pays_naissance":"99100"},"entrees":{"résident":"oui","sans_emploi":"non"}}'
done >demandes.ndjson
delib calculer "$top/tests/golden/cli/cantine.delib" --lot demandes.ndjson --garder id --reference id --sortie d.csv \
    --bac-a-sable "$URL" --journal d 2>d.said
kill $server
wait $server 2>/dev/null
none "a batch that asks its sources records their answers" "$(grep -c '"genre":"valeur"' d | grep -vx 1
    grep -o '"référence":"[^"]*"' d | cut -d'"' -f4 | sort | paste -sd' ' | grep -vx 'INCONNU-1 MARTIN-1'
    delib rejouer d >out 2>&1 || cat out d.said)"
none "answers and failures are recorded with their source and their time" "$(
    grep -c '"genre":"valeur".*"fournisseur":"CNAF".*"obtenue":"20' s | grep -vx 2
    grep -c '"genre":"échec"' s | grep -vx 1)"
none "no identity is" "$(grep -nE 'MARTIN|INCONNU|1988-03|"75112"' s)"
delib rejouer s --json >r.json 2>&1
none "every decision is computed again without the source" "$(counted r.json intact=True identiques=3 différentes=0)"

tap_end
