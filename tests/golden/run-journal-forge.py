#!/usr/bin/env python3
"""Journals whose fingerprints are all right and that say something impossible: what a forger, or another program, leaves.

Each case changes a small journal, makes every fingerprint, the chain and the witness right again, and says what
`delib journal verifier` or `delib rejouer` must tell. Then acts of several files, and files beside the journal at fault.
"""
import copy, hashlib, json, os, re, shutil, subprocess, sys, tempfile

TOP = os.getcwd()
ACT = os.path.join(TOP, "examples/cantine/cantine.delib.md")
ZERO = "0" * 64
done = failed = 0


def check(name, fault):
    """One point; `fault` is empty when it is met."""
    global done, failed
    done += 1
    failed += bool(fault)
    print(f"{'not ok' if fault else 'ok'} {done} - {name}")
    for line in str(fault or "").splitlines():
        print("# " + line)


def fingerprint(text):
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def delib(*arguments):
    return subprocess.run(["delib", *arguments], capture_output=True, text=True, errors="replace")


def decide(journal, act=ACT, **data):
    given = [word for name, value in data.items() for word in ("--avec", f"{name}={value}")]
    return delib("calculer", act, "--date", "2026-11-23", *given, "--journal", journal)


def read(journal):
    return [json.loads(line) for line in open(journal, encoding="utf-8")]


def remove(journal):
    for end in ("", ".tete", ".rebut", ".politique.yaml"):
        if os.path.lexists(journal + end):
            os.remove(journal + end)
    shutil.rmtree(journal + ".regles", ignore_errors=True)


def write(journal, entries, source="base"):
    """The journal of these entries, every fingerprint right; an entry that is a text is written as it is."""
    remove(journal)
    shutil.copytree(source + ".regles", journal + ".regles")
    previous, lines, number = ZERO, [], 0
    for entry in entries:
        if isinstance(entry, str):
            lines.append(entry)
            continue
        public = entry["entrée"]
        if entry.get("personnel") is not None and "personnel" in public:
            public["personnel"] = fingerprint(dump(entry["personnel"]))
        if "précédente" in public:
            public["précédente"] = previous
        entry["empreinte"] = previous = fingerprint(dump(public))
        number = public.get("numéro", number + 1)
        lines.append(dump(entry))
    open(journal, "w", encoding="utf-8").write("".join(line + "\n" for line in lines))
    head = f'{{"entrées":"{number if isinstance(number, int) else 0:019d}","empreinte":"{previous}"}}\n'
    open(journal + ".tete", "w", encoding="utf-8").write(head)


def told(name, pattern, ran, status=1):
    out = ran.stdout + ran.stderr
    fault = ""
    if ran.returncode != status or not re.search(pattern, out, re.M):
        fault = f"status {ran.returncode}, wanted {status} and « {pattern} »:\n{out}"
    check(name, fault)


def forged(name, pattern, change, command=("journal", "verifier"), status=1):
    entries = read("base")
    answer = change(entries)
    write("t", entries if answer is None else answer)
    told(name, pattern, delib(*command, "t"), status)


def replayed(name, pattern, change, status=1):
    forged(name, pattern, change, ("rejouer",), status)


def on(index, change):
    """A change of one entry, from 1."""
    def apply(entries):
        change(entries[index - 1])
    return apply


def public(**members):
    return on(2, lambda whole: whole["entrée"].update(members))


def personal(change):
    return on(2, lambda whole: change(whole["personnel"]))


def without(name):
    return on(2, lambda whole: whole["entrée"].pop(name))


work = tempfile.TemporaryDirectory()
os.chdir(work.name)
for qf in ("100", "299", "300", "430", "1699"):
    decide("base", résident="oui", rang_enfant="3", sans_emploi="oui", qf=qf)
write("t", read("base"))
told("the forger's journal is one that nothing tells apart", "journal intact", delib("rejouer", "t"), 0)

# ---------------------------------------------------------------- the form of a line
FORM = r"t:2:1: erreur\[D761\]: cette ligne n'a pas la forme d'une entrée"
for name, line in {
    "an object that is no entry": '{"autre":1}',
    "an entry alone": '{"entrée":{"format":1}}',
    "without a personal part": '{"entrée":{"format":1},"empreinte":"%s"}' % ZERO,
    "without a fingerprint": '{"entrée":{"format":1},"personnel":null}',
    "a fingerprint that is no text": '{"entrée":{"format":1},"personnel":null,"empreinte":12}',
    "a signature that is no text": '{"entrée":{"format":1},"personnel":null,"empreinte":"%s","signature":null}' % ZERO,
    "a member more": '{"entrée":{"format":1},"personnel":null,"empreinte":"%s","signature":"x","z":1}' % ZERO,
    "a space": '{"entrée": {"format":1},"personnel":null,"empreinte":"%s"}' % ZERO,
    "a format that is no integer": '{"entrée":{"format":1.5},"personnel":null,"empreinte":"%s"}' % ZERO,
    "no format": '{"entrée":{"format":null},"personnel":null,"empreinte":"%s"}' % ZERO,
}.items():
    forged(name, FORM, lambda entries: [entries[0], line] + entries[2:])
for name, change in {
    "an entry that is a list": lambda whole: whole.update({"entrée": [1]}),
    "no kind": lambda whole: whole["entrée"].pop("genre"),
    "no identifier": lambda whole: whole["entrée"].pop("identifiant"),
    "no time": lambda whole: whole["entrée"].pop("heure"),
    "no number": lambda whole: whole["entrée"].pop("numéro"),
    "a number that is a text": lambda whole: whole["entrée"].update({"numéro": "2"}),
    "a negative number": lambda whole: whole["entrée"].update({"numéro": -2, "identifiant": "-2-a"}),
    "the identifier of another number": lambda whole: whole["entrée"].update({"identifiant": "7-aaaa"}),
    "an identifier that is a word": lambda whole: whole["entrée"].update({"identifiant": "deux"}),
    "an identifier of digits alone": lambda whole: whole["entrée"].update({"identifiant": "2"}),
    "an identifier of thirty digits": lambda whole: whole["entrée"].update({"identifiant": "2" * 30 + "-a"}),
    "rules that are no fingerprint": lambda whole: whole["entrée"].update({"règles": "../../etc/passwd"}),
}.items():
    entries = read("base")
    change(entries[1])
    line = dump(entries[1])
    forged(name, FORM, lambda entries: [entries[0], line] + entries[2:])
forged("a quotation mark and a backslash are part of the text", "journal intact",
       personal(lambda p: p.update({"référence": 'a"b\\c"},"personnel":null'})), status=0)
forged("a personal part that the entry does not seal", r"t:2:1: erreur\[D763\].*ses données", without("personnel"))
forged("two entries removed", r"t:2:1: erreur\[D764\].*entre les numéros 2 et 3",
       lambda entries: [dump(entries[i]) for i in (0, 3, 4)])
forged("a moment of sixty characters is not shown", "journal intact", public(heure="9" * 60), status=0)
forged("an entry of a kind that this version does not know", "journal intact", public(genre="note"), status=0)

# ---------------------------------------------------------------- signatures, purges
SIGNED = {"signataire": "delib-signature-publique:" + "A" * 43 + "="}


def sign(whole, key, signature):
    whole["entrée"]["signataire"] = key
    whole["signature"] = signature


forged("a key that cannot be read", r"t:2:1: erreur\[D769\].*illisible", lambda entries: (
    entries[1]["entrée"].update({"signataire": "ma clé"}), entries[1].update({"empreinte": "", "signature": "x"}), None)[2])
forged("a purge that does not say what it erased", r"t:2:1: erreur\[D761\].*ne dit pas ce qu'elle a effacé",
       public(genre="purge"))
for numbers in ("", "0", "x", "3-", "3-2", "2,2", "5,4", "2;3", "1-2,", "9" * 19):
    if numbers:
        forged(f"a purge of the numbers « {numbers} »", r"t:2:1: erreur\[D761\].*ne dit pas",
               public(genre="purge", purge={"avant": None, "finalité": None, "entrées": 1, "numéros": numbers}))


def emptied(purged):
    """Entries 1 to 4 without their data; the fifth tells that a purge erased these ones."""
    def change(entries):
        for whole in entries[:4]:
            whole["personnel"] = None
        entries[4]["entrée"].update({"genre": "purge", "purge": {"numéros": purged}})
        entries[4]["personnel"] = None
        entries[4]["entrée"]["personnel"] = None
    return change


forged("all that is missing was purged", "journal intact", emptied("1-4"), status=0)
forged("purged one after the other", "journal intact", emptied("1,2,3,4"), status=0)
forged("more was purged than there is", "journal intact", emptied("1-9"), status=0)
forged("what surrounds the purge was taken away", r"numéros 1 à 1 .*(\n.*)*numéros 4 à 4 ", emptied("2-3"))
forged("only the end was purged", r"numéros 1 à 2 ", emptied("3-4"))
def sparse(entries):
    for at in (0, 2):
        entries[at]["personnel"] = None
    emptied("1,3")(entries[:0] + [dict(entrée={}) for _ in range(4)] + entries[4:])


forged("purged here and there", "journal intact", sparse, status=0)
forged("only the beginning was purged", r"numéros 3 à 4 ", emptied("1-2"))

# ---------------------------------------------------------------- decisions that are not those of their rules
DIFFERENT = r"t:2:1: erreur\[D768\]: entrée 2-\w+ : "
IMPOSSIBLE = DIFFERENT + "les règles enregistrées refusent les données enregistrées"
replayed("another status", DIFFERENT + "le statut", personal(lambda p: p["résultat"].update({"statut": "à compléter"})))
replayed("no result", DIFFERENT + "le statut", personal(lambda p: p.update({"résultat": None})))
replayed("another amount", DIFFERENT + "le montant", personal(lambda p: p["résultat"].update({"montant": "0.01"})))
replayed("a text beside the amount", DIFFERENT + "le montant", personal(lambda p: p["résultat"].update({"texte": "gratuit"})))
replayed("another unit", DIFFERENT + "l'unité", personal(lambda p: p["résultat"].update({"unité": "€ par mois"})))
replayed("another explanation", DIFFERENT + "le montant est le même, mais l'explication",
         personal(lambda p: p.update({"trace": ZERO})))
replayed("no explanation", DIFFERENT + "le montant est le même", personal(lambda p: p.update({"trace": {"autre": 1}})))
replayed("no version of the engine", r"t:2:1: avertissement\[D768\].*autre version du moteur \(\?\)",
         on(2, lambda whole: (whole["entrée"].pop("moteur"), whole["personnel"].update({"trace": ZERO}))), 0)
replayed("a tariff that the rules do not have", DIFFERENT + "ses règles n'ont pas le tarif", public(tarif="garderie"))
replayed("an entry without rules", r"t:2:1: erreur\[D767\].*ne dit pas ses règles", public(**{"règles": None}))
replayed("a date that is none", IMPOSSIBLE, public(date="le 3 mai"))
replayed("a date of a year without end", IMPOSSIBLE, public(date="2026-11-23-et-la-suite"))
replayed("no date, by rules that have none", "5 décisions recalculées à l'identique", public(date=None), 0)
replayed("a datum without a name", IMPOSSIBLE, personal(lambda p: p["données"][0].update({"nom": None})))
replayed("a datum without a value", IMPOSSIBLE, personal(lambda p: p["données"][0].pop("valeur")))
replayed("a datum of another act", IMPOSSIBLE, personal(lambda p: p["données"][0].update({"nom": "revenus"})))
replayed("a value that is not one", IMPOSSIBLE, personal(lambda p: p["données"][0].update({"valeur": {"nombre": 12}})))
replayed("a channel that is none", IMPOSSIBLE, personal(lambda p: p["données"][0].update({"canal": "rumeur"})))
for wrong in ("", "-", ".5", "1.2.3", "1e3", "0.1234567890123456789", "99999999999999999999", "9223372036854775808"):
    replayed(f"« {wrong} » is no decimal", IMPOSSIBLE,
             personal(lambda p: p["données"][2].update({"valeur": {"nombre": wrong}})))
replayed("the same quotient as a decimal", "5 décisions recalculées à l'identique",
         personal(lambda p: p["données"][2].update({"valeur": {"nombre": "299.00"}})), 0)
replayed("sources asked by a word", "5 décisions recalculées à l'identique", public(sources_interrogées="oui"), 0)
replayed("data that are no list", DIFFERENT, personal(lambda p: p.update({"données": None})))
replayed("sources that were asked, without their answers",
         DIFFERENT + "les règles demandent une réponse que le journal n'a pas enregistrée",
         on(2, lambda whole: (whole["entrée"].update({"sources_interrogées": True}),
                              whole["personnel"].update({"données": whole["personnel"]["données"][:2]}))))


def answered(**members):
    answer = {"genre": "valeur", "code": None, "message": None, "fournisseur": "CNAF", "période": "2026-11",
              "obtenue": "2026-11-23T20:54:08Z", "valeur": {"fiche": {"valeur": 299}}}
    answer.update(members)
    exchange = {"fonction": "api_particulier.quotient_familial", "sujet": "demandeur",
                "finalité": "tarification_enfance", "année": 0, "mois": 0, "réponse": answer}

    def change(whole):
        whole["entrée"]["sources_interrogées"] = True
        whole["personnel"].update({"données": whole["personnel"]["données"][:2], "réponses": [exchange]})
    return on(2, change)


for name, members in {"an answer of no kind": {"genre": "rumeur"}, "an answer without a kind": {"genre": None},
                      "a value that is no record": {"valeur": 3}, "no value": {"valeur": {"nombre": "x"}}}.items():
    replayed(name, IMPOSSIBLE, answered(**members))
for member in ("fonction", "sujet", "année", "mois"):
    def other(entries, member=member):
        answered()(entries)
        entries[1]["personnel"]["réponses"][0][member] = "autre" if member in ("fonction", "sujet") else 7
    replayed(f"an answer of another {member}", DIFFERENT + "les règles demandent une réponse", other)


# ---------------------------------------------------------------- rules
def with_rules(change):
    """The rules of the second entry, changed, under the name that their fingerprint gives them."""
    def apply(entries):
        old = json.load(open(f"base.regles/{entries[1]['entrée']['règles']}.json", encoding="utf-8"))
        text = change(old)
        text = text if isinstance(text, str) else dump(old)
        entries[1]["entrée"]["règles"] = fingerprint(text)
        extra[fingerprint(text)] = text
    return apply


extra = {}
RULES = r"t:2:1: erreur\[D767\]: entrée 2-\w+ : ses règles ne peuvent pas être relues : "
for name, pattern, change in (
    ("not JSON", "illisible", lambda rules: "{"),
    ("an empty file", "illisible", lambda rules: ""),
    ("no text", "illisible", lambda rules: rules.pop("textes") and None),
    ("texts that are no list", "illisible", lambda rules: rules.update({"textes": "x"})),
    ("no format", "illisible", lambda rules: rules.pop("format") and None),
    ("no edition", "illisible", lambda rules: rules.pop("langue") and None),
    ("a format to come", "édition du langage plus récente", lambda rules: rules.update({"format": 99})),
    ("an edition to come", "édition du langage plus récente", lambda rules: rules.update({"langue": 99})),
    ("no act", "n'en contient pas", lambda rules: rules.update({"textes": []})),
    ("an act without a text", "n'en contient pas", lambda rules: rules["textes"][0].pop("texte") and None),
    ("an act without a name", "n'en contient pas", lambda rules: rules["textes"][0].pop("fichier") and None),
    ("an act at fault", "refuse les règles enregistrées", lambda rules: rules["textes"][0].update({"texte": "tarif"})),
):
    extra.clear()
    entries = read("base")
    with_rules(change)(entries)
    write("t", entries)
    for hash, text in extra.items():
        open(f"t.regles/{hash}.json", "w", encoding="utf-8").write(text)
    told(f"rules: {name}", RULES + ".*" + pattern, delib("rejouer", "t"))
write("t", read("base"))
rules = os.listdir("t.regles")[0]
os.remove("t.regles/" + rules)
os.mkdir("t.regles/" + rules)
told("rules that are a folder", r"D767.*c'est un dossier", delib("rejouer", "t"))

# More rules than are kept compiled at once, in turn and back.
for turn in range(2):
    for n in range(10):
        open("bref.delib", "w").write(f"tarif t en €\n  prix {n},50 €\nfin\n")
        decide("many", "bref.delib")
told("ten acts in one journal", "20 décisions recalculées à l'identique", delib("rejouer", "many"), 0)

entries = read("many")
for n, whole in enumerate(entries[1:9]):
    whole["entrée"]["règles"] = fingerprint(str(n))
write("t", entries, "many")
ran = delib("rejouer", "t")
told("eight acts lost after the first one: the others are computed again", "12 décisions recalculées à l'identique", ran)
check("each of the eight is told", "" if len(re.findall(r"D767.*leur fichier est absent", ran.stderr)) == 8 else ran.stderr)

# ---------------------------------------------------------------- acts of several files
os.mkdir("acte")
open("acte/taux.delib", "w").write("soit taux = 50 %\n")
open("acte/grille.csv", "w").write(";enfant;adulte\nmoins de 600;1,00;4,00\n600 et plus;2,00;5,00\n")
open("acte/acte.txt", "w").write("Le tarif est voté.\n")
open("acte/acte.delib", "w").write("""délibération
  document "acte.txt"
  sans date
fin
utilise taux
énumération usager : enfant ; adulte
entrée qf : nombre de 0 à 9000
entrée qui : usager
tarif repas en €
  résultat remise en € = taux × 2 €
    non communiqué : non prévu
  prix grille en € selon qf, qui depuis "grille.csv"
    fin
    non communiqué : non prévu
fin
""")
for qf, qui in (("599", "enfant"), ("600", "adulte")):
    ran = decide("several", "acte/acte.delib", qf=qf, qui=qui)
    if ran.returncode:
        check("an act of several files", ran.stdout + ran.stderr)
told("an act of several files is computed again", "2 décisions recalculées à l'identique", delib("rejouer", "several"), 0)
rules = json.load(open("several.regles/" + os.listdir("several.regles")[0], encoding="utf-8"))
check("its texts are kept under the names that the act gives them",
      "" if [t["demandé"] for t in rules["textes"]] == [None, "taux", "grille.csv", "acte.txt"] else dump(rules))
shutil.rmtree("acte")
told("without its files, too", "2 décisions recalculées à l'identique", delib("rejouer", "several"), 0)

# ---------------------------------------------------------------- files beside the journal
write("t", read("base"))
for name, head in {"empty": "", "not JSON": "{", "of another shape": "{}", "a number that is a word":
                   '{"entrées":"cinq","empreinte":"%s"}' % ZERO, "a number too long":
                   '{"entrées":"%s","empreinte":"%s"}' % ("1" * 20, ZERO), "a number beyond numbers":
                   '{"entrées":"9999999999999999999","empreinte":"%s"}' % ZERO, "no fingerprint":
                   '{"entrées":"0000000000000000005","empreinte":"x"}'}.items():
    open("t.tete", "w").write(head)
    told(f"a witness that is {name}", r"D765.*témoin.*illisible", delib("journal", "verifier", "t"))
    before = open("t", "rb").read()
    told(f"a witness that is {name}: nothing is added", r"D765.*témoin.*(vide|illisible) : rien n'est ajouté",
         decide("t", résident="oui", rang_enfant="3", sans_emploi="oui", qf="430"))
    check(f"a witness that is {name}: nothing is written", "" if open("t", "rb").read() == before else "it changed")
open("t.tete", "w").write(" " * 5000)
told("a witness of five thousand bytes", r"D760.*trop grand", decide("t", résident="non"))
entries = read("base")
write("t", entries)
open("t.tete", "w").write('{"entrées":"%019d","empreinte":"%s"}\n' % (4, entries[3]["empreinte"]))
told("a witness that is late is no fault", r"avertissement\[D765\].*en retard de 1", delib("journal", "verifier", "t"), 0)
for name, pattern, make in (
    ("a folder", "D760.*c'est un dossier", lambda: os.mkdir("f")),
    ("a pipe", "D760.*pas un fichier ordinaire", lambda: os.mkfifo("f")),
    ("a link to itself", "D760.*tourne en rond", lambda: os.symlink("f", "f")),
):
    make()
    told(f"a journal that is {name}", pattern, decide("f", résident="non"))
    told(f"a journal that is {name} is not read either", pattern, delib("journal", "verifier", "f"))
    os.rmdir("f") if os.path.isdir("f") else os.remove("f")
    remove("f")
open("plain", "w").write("")
told("a journal under a file", "D760.*n'est pas un dossier", decide("plain/j", résident="non"))
told("a name that is too long", "D760.*trop long", decide("j" * 300, résident="non"))
for bytes, name in ((b"x" * (5 << 20) + b"\n", "a last line of five mebibytes"), (b"x" * (20 << 20), "twenty, without an end")):
    open("big", "wb").write(bytes)
    told(f"{name}: nothing is added", "D761.*démesurée", decide("big", résident="non"))
    check(f"{name}: nothing is written", "" if os.path.getsize("big") == len(bytes) else "it changed")
    told(f"{name} is told", r"big:1:1: erreur\[D761\]: ligne trop longue", delib("journal", "verifier", "big"))
write("t", read("base"))
lines = open("t", "rb").read().split(b"\n")
open("t", "wb").write(b"\n".join(lines[:2] + [b"y" * (20 << 20)] + lines[2:]))
told("a line of twenty mebibytes does not hide the next ones", r"t:3:1: erreur\[D761\]: ligne trop longue",
     delib("journal", "verifier", "t"))

# ---------------------------------------------------------------- policies
keys = delib("journal", "cles", "keys").stdout
box = re.search(r"delib-chiffrement-publique:\S+?(?=\")", keys).group()


def policy(name, pattern, text, status=1, **environment):
    remove("p")
    os.environ.update(environment)
    open("p.politique.yaml", "w").write(text)
    told("policy: " + name, pattern, decide("p", résident="oui", rang_enfant="3", sans_emploi="oui", qf="430"), status)
    check("policy: " + name + ": written or not", "" if os.path.exists("p") == (status == 0) else "the contrary")


policy("durations in years, one year, months", "0,73", "conservation: { par_defaut: 5 ans, a: 1 an, b: 18 mois }\n", 0)
for wrong in ("ans", "5", "5ans", "cinq ans", "5 jours", "5000 ans", "0 an", "5 "):
    policy(f"« {wrong} » is no duration", r"p.politique.yaml:1:.*durée", f'conservation: {{ par_defaut: "{wrong}" }}\n')
policy("a duration that is a number", r"p.politique.yaml:1:.*durée", "conservation: { par_defaut: 5 }\n")
policy("a duration that is a list", r"p.politique.yaml:1:.*durée", "conservation: { par_defaut: [5] }\n")
for member in ("donnees", "conservation", "chiffrement", "pseudonymes", "signature"):
    policy(f"« {member} » that is a word", r"p.politique.yaml:1:.*erreur", f"{member}: oui\n")
    policy(f"« {member} » that says nothing", "0,73|D721", f"{member}:\n",
           0 if member in ("donnees", "conservation", "chiffrement", "pseudonymes", "signature") else 1)
policy("a box without its key", r"p.politique.yaml:.*D721.*cle_publique", "resultat: chiffré\nchiffrement: {}\n")
policy("a key that is none", r"p.politique.yaml:.*delib-chiffrement-publique",
       "resultat: chiffré\nchiffrement: { cle_publique: abc }\n")
policy("the public key of another use", r"p.politique.yaml:.*delib-chiffrement-publique",
       "resultat: chiffré\nchiffrement: { cle_publique: \"%s\" }\n"
       % re.search(r"delib-signature-publique:\S+", keys).group().strip('"'))
policy("a key of the environment", "0,73", "reference: pseudonyme\npseudonymes: { cle: { variable: CLE } }\n", 0,
       CLE=open("keys/pseudonymes.cle").read().strip())
policy("the wrong key of the environment", r"D770.*« CLE ».*de pseudonymes",
       "reference: pseudonyme\npseudonymes: { cle: { variable: CLE } }\n", CLE=open("keys/signature.cle").read().strip())
policy("a treatment for all, another for one, in clear for a third", "0,73",
       f"donnees: {{ par_defaut: chiffré, qf: clair }}\nresultat: clair\nreference: clair\nchiffrement: {{ cle_publique: \"{box}\" }}\n", 0)
kept = open("p", encoding="utf-8").read()
check("what is in clear is, the rest is not", "" if '"nom":"qf"' in kept and '"valeur":"430"' in kept
      and kept.count('"chiffré"') >= 3 and '"valeur":"oui"' not in kept else kept)
remove("p")
open("p.politique.yaml", "w").write(f"resultat: chiffré\nchiffrement: {{ cle_publique: \"{box}\" }}\n")
decide("p", résident="oui", rang_enfant="3", sans_emploi="oui", qf="430")
told("a result that is closed cannot be compared without its key", "0 différente, 1 non rejouable", delib("rejouer", "p"), 0)
told("and with its key is", "1 décision recalculée à l'identique", delib("rejouer", "p", "--cle", "keys/chiffrement.cle"), 0)
remove("p")
os.mkdir("p.politique.yaml")
told("a policy that is a folder", r"D771.*la politique du journal ne peut pas être lue : c'est un dossier",
     decide("p", résident="non"))
os.rmdir("p.politique.yaml")

print(f"1..{done}")
sys.exit(failed > 0)
