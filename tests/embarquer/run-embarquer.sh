#!/bin/sh
# The embedding samples, built against an installed tree with its own flags, run on the families of the examples, and
# compared with the program; each under valgrind as well. C++, Java, PHP and Node: when `make samples-deps` installed
# what they need.
. tests/tap.sh

root=$(mktemp -d) || exit 1
server=
trap 'kill $server 2>/dev/null; rm -rf "$root"' EXIT
CC=${CC:-cc}
samples=examples/embarquer
act=examples/cantine/cantine.delib.md
usr=$root/usr

succeeds "make install" make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$root" install
system=$(pkg-config --variable pc_path pkg-config)
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$usr/lib/pkgconfig:$system"
export LD_LIBRARY_PATH="$usr/lib"

instrumented=
nm "$BUILD/libdelib.so" | grep -qE '__(asan|tsan|ubsan|gcov|llvm_prof)' && instrumented=yes
# leaks NAME COMMAND…: the command again, under valgrind. An interpreter leaks and optimises for itself: what valgrind
# says counts when a function of the libraries is in it.
leaks() {
    name=$1
    shift
    if [ -n "$instrumented" ]; then
        skip "$name, under valgrind" "instrumented build"
    elif ! command -v valgrind >/dev/null; then
        skip "$name, under valgrind" "valgrind is not installed"
    else
        case $1 in
        "$root"/*) options='' ;;
        *) options='--undef-value-errors=no' ;;
        esac
        rm -f "$root/valgrind"
        PYTHONMALLOC=malloc USE_ZEND_ALLOC=0 valgrind $options --log-file="$root/valgrind" --num-callers=40 \
            --leak-check=full --show-leak-kinds=definite,indirect "$@" >"$root/out" 2>&1
        ended=$?
        none "$name, under valgrind" "$([ $ended = 0 ] || tail -n 3 "$root/out" | cut -c 1-300
            awk -v all="${options:-yes}" '{ sub(/^==[0-9]+== ?/, "") }
                /^(HEAP SUMMARY|LEAK SUMMARY)/ { ours = text = "" }
                /^ERROR SUMMARY/               { ended = 1; if (all == "yes" && $3 != 0) print }
                /: delib_|libdelib/ && /by 0x|at 0x/ { ours = "yes" }
                /^$/ { if (ours != "") printf "%s", text; ours = text = "" }
                { text = text $0 "\n" }
                END { if (!ended) print "valgrind did not end" }' "$root/valgrind" | head -n 30)"
    fi
}

# ---------------------------------------------------------------- the families, and what the program says of each

# One demande a line, from a file of cases.
python3 - >"$root/demandes" <<'P'
import json
for case in json.load(open("examples/cantine/cantine.cas.json", encoding="utf-8"))["cas"]:
    print(json.dumps({"tarif": "cantine", "date": "2026-11-23", "aujourd_hui": "2026-11-23",
                      "entrees": case["entrees"]}, ensure_ascii=False))
P
count=$(wc -l <"$root/demandes")
if [ "$count" -lt 10 ]; then
    fail "the families are read"
fi
while read -r line; do
    printf '%s\n' "$line" >"$root/demande.json"
    "$usr/bin/delib" calculer "$act" --demande "$root/demande.json" --json
done <"$root/demandes" >"$root/cli"
# A document a line, keys in order, so that only what is said is compared.
normal() {
    python3 -c '
import json, sys
text, at, decoder = sys.stdin.read(), 0, json.JSONDecoder()
while text[at:].strip():
    while text[at].isspace(): at += 1
    value, at = decoder.raw_decode(text, at)
    print(json.dumps(value, ensure_ascii=False, sort_keys=True))'
}
normal <"$root/cli" >"$root/expected"
computed=$(grep -c '"statut": "calculé"' "$root/expected")
succeeds "the program computes the $count families" test "$computed" = "$count"

# same NAME FILE: the same documents as the program's.
same() {
    normal <"$2" >"$root/got" 2>"$root/normal"
    none "$1: the $count families of the program, steps and data included" \
        "$(diff "$root/expected" "$root/got" 2>&1 | head -6; cat "$root/normal")"
}

# ---------------------------------------------------------------- C

succeeds "un_tarif.c has at most 60 lines" test "$(wc -l <$samples/c/un_tarif.c)" -le 60
succeeds "un_tarif.c compiles with delib.pc" $CC $CFLAGS -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror \
    $(pkg-config --cflags delib) $samples/c/un_tarif.c -o "$root/un_tarif" $(pkg-config --libs delib)
python3 - "$root/demandes" >"$root/arguments" <<'P'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    words = []
    for name, value in json.loads(line)["entrees"].items():
        if value is not None:
            words += [name, str(value) if not isinstance(value, bool) else "oui" if value else "non"]
    print("null" if None in json.loads(line)["entrees"].values() else " ".join(words))
P
tried=0 different=
paste -d '|' "$root/arguments" "$root/expected" >"$root/both"
while IFS='|' read -r words document; do
    [ "$words" != null ] || continue
    tried=$((tried + 1))
    said=$("$root/un_tarif" "$act" cantine 2026-11-23 $words 2>&1)
    # « calculé 130/10^2 € par repas » as « 1.30 »
    amount=$(printf '%s\n' "$said" | awk '$1 == "calculé" { split($2, n, /[/^]/); printf "%.2f", n[1] / 10 ^ n[3] }')
    case $document in
    *"\"montant\": \"$amount\""*) ;;
    *) different="$different$words: $said
" ;;
    esac
done <"$root/both"
none "un_tarif: the amounts of the program for $tried families" "$different"
succeeds "… at least five of them" test $tried -ge 5
leaks un_tarif "$root/un_tarif" "$act" cantine 2026-11-23 usager enfant résident oui qf 430 sans_emploi non
for wrong in "nulle-part.md cantine 2026-11-23" "$act aucun 2026-11-23" "$act cantine 2026-13-45" \
    "$act cantine 2026-11-23 inconnu 1"; do
    "$root/un_tarif" $wrong >"$root/out" 2>"$root/err"
    succeeds "un_tarif says no to: $wrong" test $? = 1
done

succeeds "autrement.c compiles with delib.pc" $CC $CFLAGS -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror \
    $(pkg-config --cflags delib) $samples/c/autrement.c -o "$root/autrement" $(pkg-config --libs delib)
"$root/autrement" "$act" cantine 2026-11-23 qf résident oui sans_emploi non qf 622 >"$root/out" 2>&1
for line in 'familial de la CAF ou de la MSA : 449' '→ 130/10^2 € par repas' '→ 560/10^2 € par repas'; do
    succeeds "autrement says $line" grep -qF "$line" "$root/out"
done
leaks autrement "$root/autrement" "$act" cantine 2026-11-23 qf résident oui sans_emploi non qf 622
"$root/autrement" "$act" cantine 2026-11-23 qf usager adulte qf 622 >"$root/out" 2>&1
succeeds "autrement says nothing of what was not read" test $? = 1

succeeds "registre.c compiles with delib.pc" $CC $CFLAGS -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror \
    $(pkg-config --cflags delib) $samples/c/registre.c -o "$root/registre" $(pkg-config --libs delib)
for said in "7:calculé 250/10^2 € par entrée" "2:calculé 400/10^2 € par entrée" ":calculé 400/10^2 € par entrée" \
    "121:donnée invalide"; do
    # shellcheck disable=SC2086
    "$root/registre" ${said%%:*} >"$root/out" 2>&1
    succeeds "registre ${said%%:*}: ${said#*:}" grep -q "^${said#*:}" "$root/out"
done
leaks registre "$root/registre" 7

succeeds "boucle_curl.c compiles with delib-io.pc" $CC $CFLAGS -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror \
    $(pkg-config --cflags delib-io delib) $samples/c/boucle_curl.c -o "$root/boucle_curl" \
    $(pkg-config --libs delib-io delib) -lcurl
env -u LD_LIBRARY_PATH "$usr/bin/delib" bac-a-sable --port 0 --fichier-port "$root/port" --date 2026-11-23 \
    --familles stdlib/bac_a_sable >"$root/journal" 2>&1 </dev/null &
server=$!
tries=0
until [ -s "$root/port" ] || [ $tries -gt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
base=http://127.0.0.1:$(cat "$root/port" 2>/dev/null)
export JETON=jeton-fictif-complet
demande=examples/cantine/demande.yaml
"$usr/bin/delib" calculer "$act" --demande $demande --api bac-a-sable --bac-a-sable "$base" --json >"$root/by-driver"
expected=$(normal <"$root/by-driver" | sed -n 's/.*"montant": "\([0-9.]*\)".*/\1/p')
"$root/boucle_curl" "$act" $demande "$base" >"$root/by-loop" 2>&1
none "boucle_curl: requests in its own loop, the amount of the program ($expected)" "$(
    awk -v expected="$expected" '/^demande : / { asked++ }
        /10\^/ { split($1, n, /[/^]/); amount = sprintf("%.2f", n[1] / 10 ^ n[3]) }
        { text = text $0 "\n" }
        END { if (asked < 1 || expected == "" || amount != expected) print text "asked " asked + 0 }' \
        "$root/by-loop")"
leaks boucle_curl "$root/boucle_curl" "$act" $demande "$base"
kill $server
wait $server 2>/dev/null
server=
succeeds "boucle_curl: nobody listens, and it says so without dying" sh -c \
    "'$root/boucle_curl' '$act' $demande '$base' | grep -q 'source indisponible\\|à compléter'"

# An act at fault, for those who must say so.
sed 's/de 450 à moins de/de 460 à moins de/' "$act" >"$root/trou.delib.md"

# ---------------------------------------------------------------- C++

if ! command -v g++ >/dev/null; then
    skip "C++" "g++ is not installed (make samples-deps)"
else
    succeeds "familles.cpp compiles with delib-io.pc" g++ $CFLAGS -std=c++17 -Wall -Wextra -Wpedantic -Wshadow -Werror \
        $(pkg-config --cflags delib-io delib) $samples/cpp/familles.cpp -o "$root/familles" \
        $(pkg-config --libs delib-io delib) -pthread
    succeeds "familles.cpp ends well" sh -c "'$root/familles' '$act' '$root/demandes' >'$root/cpp'"
    same "C++" "$root/cpp"
    leaks "familles.cpp" "$root/familles" "$act" "$root/demandes"
    { echo '{"tarif": "piscine"}'; echo '{"entrees": {"qf": "beaucoup"}}'; echo '{'; } >"$root/wrong"
    "$root/familles" "$act" "$root/wrong" >"$root/out" 2>&1
    for line in '^no such tariff$' '« qf » : un nombre entier' 'JSON tronqué'; do
        succeeds "familles.cpp goes on after: $line" grep -q "$line" "$root/out"
    done
    "$root/familles" "$root/trou.delib.md" "$root/demandes" >"$root/out" 2>&1
    succeeds "familles.cpp tells the faults of the act" sh -c "test $? = 1 && grep -q 'D201' '$root/out'"
fi

# ---------------------------------------------------------------- Python

export LIBDELIB="$usr/lib/libdelib.so.0" LIBDELIB_IO="$usr/lib/libdelib-io.so.0"
export PYTHONPATH="$PWD/$samples/python" PYTHONDONTWRITEBYTECODE=1
# The interpreter itself, not a launcher: valgrind follows no exec.
python=$(python3 -c 'import sys; print(sys.executable)')
if [ -n "$instrumented" ]; then
    skip "Python" "an instrumented library cannot be loaded by it"
else
    succeeds "familles.py ends well" sh -c \
        "'$python' $samples/python/familles.py '$act' '$root/demandes' >'$root/python'"
    same "Python" "$root/python"
    succeeds "the module keeps its promises" "$python" tests/embarquer/module.py "$act"
    leaks "familles.py" "$python" $samples/python/familles.py "$act" "$root/demandes"
    succeeds "every public name of the module has a docstring and type hints" "$python" tests/embarquer/annotations.py
fi

# ---------------------------------------------------------------- Java, PHP, Node

jna=/usr/share/java/jna.jar
if [ -n "$instrumented" ]; then
    skip "Java" "an instrumented library cannot be loaded by it"
elif ! command -v javac >/dev/null || [ ! -e $jna ]; then
    skip "Java" "a JDK with JNA is not installed (make samples-deps)"
else
    run_java="java -cp $jna $samples/java/Tarif.java $LIBDELIB_IO"
    succeeds "Tarif.java ends well" sh -c "$run_java '$act' '$root/demandes' >'$root/java'"
    same "Java" "$root/java"
    $run_java "$root/trou.delib.md" "$root/demandes" >"$root/out" 2>&1
    succeeds "Tarif.java tells the faults of the act" grep -q '"code":"D201"' "$root/out"
fi

if [ -n "$instrumented" ]; then
    skip "PHP" "an instrumented library cannot be loaded by it"
elif ! command -v php >/dev/null || ! php -m | grep -qx FFI; then
    skip "PHP" "php with FFI is not installed (make samples-deps)"
else
    run_php="php -d ffi.enable=1 $samples/php/tarif.php $LIBDELIB_IO $act $root/demandes"
    succeeds "tarif.php ends well" sh -c "$run_php >'$root/php'"
    same "PHP" "$root/php"
    cat >"$root/two.php" <<'P'
<?php
[, $sample, $library, $act] = $argv;
$argv = [$sample, $library, $act, '/dev/null'];
require $sample;
$two = new Delib($library, $act);
unset($delib);
echo $two->evaluate('{"tarif": "cantine", "entrees": {"usager": "adulte"}}')['montant'], "\n";
try {
    $copy = clone $two;
} catch (Error $refused) {
    echo $refused->getMessage(), "\n";
}
P
    php -d ffi.enable=1 "$root/two.php" $samples/php/tarif.php "$LIBDELIB_IO" "$act" >"$root/out" 2>&1
    succeeds "tarif.php: two délibérations at once, and none copied" \
        sh -c "grep -qx '7.20' '$root/out' && grep -q '__clone' '$root/out'"
    leaks "tarif.php" $(command -v php) -d ffi.enable=1 $samples/php/tarif.php "$LIBDELIB_IO" "$act" "$root/demandes"
fi
export KOFFI=$BUILD/samples
if [ -n "$instrumented" ]; then
    skip "Node" "an instrumented library cannot be loaded by it"
elif ! command -v node >/dev/null || [ ! -d "$KOFFI/node_modules/koffi" ]; then
    skip "Node" "node with koffi is not installed (make samples-deps)"
else
    succeeds "tarif.mjs ends well" sh -c \
        "node $samples/node/tarif.mjs '$LIBDELIB_IO' '$act' '$root/demandes' >'$root/node'"
    same "Node" "$root/node"
    cat >"$root/two.mjs" <<'J'
const [sample, library, act] = process.argv.slice(2);
const { Delib } = await import(sample);
const [one, two] = [new Delib(library, act), new Delib(library, act)];
one.close();
one.close();
console.log(two.evaluate({ tarif: "cantine", entrees: { usager: "adulte" } }).montant);
try {
    one.evaluate("{}");
} catch (refused) {
    console.log(refused.message);
}
J
    node "$root/two.mjs" "$PWD/$samples/node/tarif.mjs" "$LIBDELIB_IO" "$act" >"$root/out" 2>&1
    succeeds "tarif.mjs: two délibérations at once, and one closed twice" \
        sh -c "grep -qx '7.20' '$root/out' && grep -q 'status 5' '$root/out'"
    head -n 3 "$root/demandes" >"$root/few"      # V8 is slow there, without its compiler above all
    leaks "tarif.mjs" "$(command -v node)" --jitless $samples/node/tarif.mjs "$LIBDELIB_IO" "$act" "$root/few"
fi

tap_end
