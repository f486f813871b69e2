/*
 * The same rules in other words, and rules that are not the same: acts that hold each construct, and one change at a
 * time. « delib comparer » says « aucun prix ne change » of what is called the same, without looking further.
 */
#include "act_files.h"
#include "runtime/analysis/comparison.h"
#include "runtime/analysis/same_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum verdict { DIFFERENT, SAME };

static const struct change {
    const char *act;                   /* of tests/unit/same_rules */
    enum verdict verdict;
    const char *from, *to;             /* everywhere in the act */
    const char *name, *new_name;       /* a pair of the correspondence; NULL: none */
    struct date date;                  /* of the service, for both; year 0: the usual one of each */
} CHANGES[] = {
    /* Tables: other words */
    { .act = "tables", SAME, "moins de 300 :", "< 300 :" },
    { .act = "tables", SAME, "tarif t en", "tarif t « Repas du midi » en" },
    { .act = "tables", SAME, "1 €", "1,00 €" },
    { .act = "tables", SAME, "5 €\n  exception", "5 €\n    cite article 3\n  exception" },
    { .act = "tables", SAME, "rang", "place", .name = "rang", .new_name = "place" },
    { .act = "tables", SAME, "adulte", "majeur", .name = "usager.adulte", .new_name = "usager.majeur" },
    { .act = "tables", SAME, "usager", "convive", .name = "usager", .new_name = "convive" },
    /* … other data */
    { .act = "tables", DIFFERENT, "rang", "place" },
    { .act = "tables", DIFFERENT, "adulte", "majeur" },
    { .act = "tables", DIFFERENT, "enfant ; adulte", "adulte ; enfant" },
    { .act = "tables", DIFFERENT, "enfant ; adulte", "enfant ; adulte ; invité" },
    { .act = "tables", DIFFERENT, "entier de 1 à 9", "entier de 1 à 10" },
    { .act = "tables", DIFFERENT, "quotient de 0 à 5 000", "quotient au millième de 0 à 5 000" },
    { .act = "tables", DIFFERENT, "quotient de 0 à 5 000", "quotient de 0 à 5 000\n  non communiqué : 4 €" },
    { .act = "tables", DIFFERENT, "entrée rang : entier de 1 à 9", "entrée rang : nombre de 1 à 9" },
    /* … other rows */
    { .act = "tables", DIFFERENT, "300", "301" },
    { .act = "tables", DIFFERENT, "    moins de 300 : 1 €\n    de 300 à moins",
      "    300 ou moins : 1 €\n    plus de 300 et moins" },
    { .act = "tables", DIFFERENT, "    de 300 à moins de 900 : 2 €\n    à partir de 900", "    à partir de 300" },
    { .act = "tables", DIFFERENT, ": 3 €", ": 3,10 €" },
    { .act = "tables", DIFFERENT, ": 4 €", ": 4,10 €" },
    { .act = "tables", DIFFERENT, "autres : 6 €", "autres : 6,10 €" },
    { .act = "tables", DIFFERENT, "  - |", "9 € |" },
    { .act = "tables", DIFFERENT, "| 1 € |   - |", "|   - | 1 € |" },
    { .act = "tables", DIFFERENT, "| 3 € | 8 € |", "| 3 € | 9 € |" },
    { .act = "tables", DIFFERENT, "selon qf\n    moins", "selon qf arrondi à l'euro inférieur\n    moins" },
    { .act = "tables", DIFFERENT, "5 000 : 1 €\n    5 000", "5 100 : 1 €\n    5 100" },
    { .act = "tables", DIFFERENT, "    moins de 5 000 : 1 €\n    5 000 et plus",
      "    5 000 ou moins : 1 €\n    plus de 5 000" },
    { .act = "tables", DIFFERENT, "si résident : 8 €", "si non résident : 8 €" },
    { .act = "tables", DIFFERENT, "si résident : 8 €", "si résident : 9 €" },
    { .act = "tables", DIFFERENT, "    si résident : 8 €\n", "" },
    { .act = "tables", DIFFERENT, "selon part", "selon part arrondi à l'euro inférieur" },
    /* … other exceptions and steps */
    { .act = "tables", DIFFERENT, "adulte : 5 €", "adulte : 5,10 €" },
    { .act = "tables", DIFFERENT, "rang = 7", "rang = 6" },
    { .act = "tables", DIFFERENT, "rang = 7", "rang > 8" },
    { .act = "tables", DIFFERENT, "est de 3 à 5", "est de 3 à 6" },
    { .act = "tables", DIFFERENT, "est de 3 à 5", "est de 2 à 5" },
    { .act = "tables", DIFFERENT, "est de 3 à 5", "est de 3 à moins de 5" },
    { .act = "tables", DIFFERENT, "est de 3 à 5", "est moins de 5" },
    { .act = "tables", DIFFERENT, "est de 3 à 5", "est à partir de 9" },
    { .act = "tables", DIFFERENT, "2,50 €, sans réduction ni majoration", "2,50 €" },
    { .act = "tables", DIFFERENT, "  exception adulte si usager = adulte : 5 €\n", "" },
    { .act = "tables", DIFFERENT, "réduction de 10 % si", "réduction de 11 % si" },
    { .act = "tables", DIFFERENT, "réduction de 10 % si rang ≥ 2", "réduction de 10 %" },
    { .act = "tables", DIFFERENT, "plancher 1 €", "plancher 1,10 €" },
    { .act = "tables", DIFFERENT, "plancher 1 €", "plafond 1 €" },
    { .act = "tables", DIFFERENT, "  puis plancher 1 €\n", "" },
    { .act = "tables", DIFFERENT, "au centime", "à 10 centimes" },
    { .act = "tables", DIFFERENT, "au centime", "au centime inférieur" },
    { .act = "tables", DIFFERENT, "  puis plancher 1 €\n  puis arrondi au centime\n",
      "  puis arrondi au centime\n  puis plancher 1 €\n" },
    { .act = "tables", DIFFERENT, "en € par repas", "en € par jour" },
    /* Lists: other words */
    { .act = "listes", SAME, "pour chaque élève", "pour chaque enfant" },
    { .act = "listes", SAME, "élève", "enfant", .name = "élèves", .new_name = "enfants" },
    { .act = "listes", SAME, "  interne : oui_non\n", "  interne : oui_non « Interne ? »\n" },
    { .act = "listes", SAME, "  âge   : entier de 0 à 17\n",
      "  majeur : oui_non par défaut oui\n  âge   : entier de 0 à 17\n" },
    /* … other data */
    { .act = "listes", DIFFERENT, "âge", "années" },
    { .act = "listes", DIFFERENT, "entier de 0 à 17", "entier de 0 à 18" },
    { .act = "listes", DIFFERENT, "entier de 0 à 17", "entier de 2 à 17" },
    { .act = "listes", DIFFERENT, "heures : nombre de 0 à 40 par défaut 1", "heures : nombre de 0 à 40 par défaut 2" },
    { .act = "listes", DIFFERENT, "heures : nombre de 0 à 40 par défaut 1", "heures : entier de 0 à 40 par défaut 1" },
    { .act = "listes", DIFFERENT, "de 0 € à 100 €", "de 0 € à 100 € par défaut 5 €" },
    { .act = "listes", DIFFERENT, "salaire : ressources en € par mois", "salaire : ressources en € par an" },
    { .act = "listes", DIFFERENT, "éveil ; danse", "danse ; éveil" },
    { .act = "listes", DIFFERENT, "déjeuner ; étude", "déjeuner ; étude ; goûter" },
    { .act = "listes", DIFFERENT, "déjeuner ; étude", "étude ; déjeuner" },
    { .act = "listes", DIFFERENT, "au plus 4", "au plus 5" },
    { .act = "listes", DIFFERENT, "panier : entier par", "panier : nombre par" },
    { .act = "listes", DIFFERENT, "naissance : date", "naissance : entier de 0 à 9" },
    { .act = "listes", DIFFERENT, "  heures : nombre de 0 à 40 par défaut 1", "  heures : nombre de 0 à 40" },
    { .act = "listes", DIFFERENT, "naissance : date", "naissance : date par défaut 01/01/2020" },
    /* … other rules */
    { .act = "listes", DIFFERENT, "minimum de âge", "maximum de âge" },
    { .act = "listes", DIFFERENT, "si vide : 0", "si vide : 7" },
    { .act = "listes", DIFFERENT, " tels que âge ≥ 3", "" },
    { .act = "listes", DIFFERENT, "âge ≥ 3", "âge ≥ 4" },
    { .act = "listes", DIFFERENT, "panier(déjeuner)", "panier(étude)" },
    { .act = "listes", DIFFERENT, "forfait décroissant", "forfait croissant" },
    { .act = "listes", DIFFERENT, "à égalité par naissance", "à égalité sans effet" },
    { .act = "listes", DIFFERENT, "élèves tels que interne,", "élèves," },
    { .act = "listes", DIFFERENT, "par forfait décroissant", "par heures décroissant" },
    { .act = "listes", DIFFERENT, "danse : 2 €", "danse : 2,50 €" },
    /* Dates: other words */
    { .act = "dates", SAME, "vacances", "printemps" },
    { .act = "dates", SAME, "1er janvier 2021", "01/01/2021" },
    { .act = "dates", SAME, "2027\nfin", "2027\n  collectivité \"Valbrume-sur-Orne\"\nfin" },
    { .act = "dates", SAME, "naissance", "né_le", .name = "naissance", .new_name = "né_le" },
    /* … other rules */
    { .act = "dates", DIFFERENT, "applicable du 1er mars 2026", "applicable du 1er avril 2026" },
    { .act = "dates", DIFFERENT, "= 4 €", "= 4,10 €" },
    { .act = "dates", DIFFERENT, "1er janvier 2025", "1er février 2025" },
    { .act = "dates", DIFFERENT, "calendrier",
      "valeur nationale aide = 5 € à compter du 1er janvier 2027, source \"décret n° 2026-99\"\ncalendrier" },
    { .act = "dates", DIFFERENT, "12 € - aide", "9 € + aide" },
    { .act = "dates", DIFFERENT, "est après 31/08/2026", "est après 30/08/2026" },
    { .act = "dates", DIFFERENT, "arrivée est après 31/08/2026", "arrivée est avant 31/08/2026" },
    { .act = "dates", DIFFERENT, "11 avril", "12 avril" },
    { .act = "dates", DIFFERENT, "27 avril", "28 avril" },
    { .act = "dates", DIFFERENT, "mois(arrivée) = 8", "mois(date) = 8" },
    { .act = "dates", DIFFERENT, "mois(arrivée) = 8", "jour_de_semaine(arrivée) = 8" },
    { .act = "dates", DIFFERENT, "âge(naissance)", "âge(naissance ; arrivée)" },
    { .act = "dates", DIFFERENT, "âge(naissance) < 6", "âge_en_mois(naissance) < 6" },
    { .act = "dates", DIFFERENT, "= aujourd'hui", "= date" },
    /* Calls: other words */
    { .act = "appels", SAME, "réduit", "abattu" },
    { .act = "appels", SAME, "part_ville", "reste", .name = "part_ville", .new_name = "reste" },
    { .act = "appels", SAME, "demandeur_emploi", "rsa" },      /* a datum is its name: who answers may change */
    { .act = "appels", SAME, "chômage", "chercheur", .name = "chômage", .new_name = "chercheur" },
    /* … other rules */
    { .act = "appels", DIFFERENT, "part_ville", "reste" },
    { .act = "appels", DIFFERENT, "  résultat code_tranche = tranche\n", "" },
    { .act = "appels", DIFFERENT, "20 € - plein", "21 € - plein" },
    { .act = "appels", DIFFERENT, "frais en € par mois", "frais en € par an" },
    { .act = "appels", DIFFERENT, "    non communiqué : 1 €\n", "    non communiqué : 2 €\n" },
    { .act = "appels", DIFFERENT, "    source indisponible : 3 €\n", "    source indisponible : 4 €\n" },
    { .act = "appels", DIFFERENT, "comme la dernière tranche", "non prévu" },
    { .act = "appels", DIFFERENT, "abaissée de 1", "abaissée de 2" },
    { .act = "appels", DIFFERENT, "abaissée de 1 si inscrits ≥ 4, au moins A",
      "relevée de 1 si inscrits ≥ 4, au plus C" },
    { .act = "appels", DIFFERENT, "au moins A", "au moins B" },
    { .act = "appels", DIFFERENT, "(10 - n)", "(9 - n)" },
    { .act = "appels", DIFFERENT, "réduit(8 € ; 2)", "réduit(8 € ; 3)" },
    { .act = "appels", DIFFERENT, "réduit(8 € ; 2)", "réduit(8 € ; 2) + réduit(8 € ; 2)" },
    { .act = "appels", DIFFERENT, "la plus favorable", "la moins favorable" },
    { .act = "appels", DIFFERENT, " ; plein avec inscrits = 4", "" },
    { .act = "appels", DIFFERENT, "plein avec inscrits = 4", "plein avec inscrits = 5" },
    { .act = "appels", DIFFERENT, "6 € si inscrits ≥ 2", "6 €" },
    { .act = "appels", DIFFERENT, "6 € si inscrits ≥ 2", "6 € si inscrits ≥ 3" },
    { .act = "appels", DIFFERENT, "6 € si", "6,10 € si" },
    { .act = "appels", DIFFERENT, "Élancourt", "Trappes" },
    { .act = "appels", DIFFERENT, "\"Élancourt\"", "commune" },
    { .act = "appels", DIFFERENT, "non prévu « dix »", "non prévu « plus de neuf »" },
    { .act = "appels", DIFFERENT, "non prévu « dix »", "non prévu" },
    { .act = "appels", DIFFERENT, "non prévu « dix »", "sur décision individuelle « dix »" },
    { .act = "appels", DIFFERENT, "    non communiqué : 7 €\n", "    non communiqué : 6 €\n" },
    { .act = "appels", DIFFERENT, "7,50 €", "7,60 €" },
    { .act = "appels", DIFFERENT, "    source indisponible : 7,50 €\n", "" },
    { .act = "appels", DIFFERENT, "C : 12 €", "C : 13 €" },
    { .act = "appels", DIFFERENT, "    non communiqué : sans effet\n", "    non communiqué : non prévu\n" },
    { .act = "appels", DIFFERENT, "résultat négatif : 0 €", "résultat négatif : 1 €" },
    { .act = "appels", DIFFERENT, "adhérent : oui_non facultatif", "adhérent : oui_non" },
    { .act = "appels", DIFFERENT, "entrée adhérent : oui_non facultatif",
      "source adhérent : api_particulier.rsa(demandeur)" },
    { .act = "appels", DIFFERENT, "  source indisponible : oui\n", "" },
    { .act = "appels", DIFFERENT, "n : entier de 0 à 9", "n : nombre de 0 à 9" },
    { .act = "appels", DIFFERENT, "(p : oui_non) en € = selon p\n    oui : 1 €\n    non : 2 €\n  fin\n"
      "soit choix = au_choix(oui)", "(p : entier de 0 à 1) en € = selon p\n    1 : 1 €\n    0 : 2 €\n  fin\n"
      "soit choix = au_choix(1)" },
    { .act = "appels", DIFFERENT, "(p : oui_non) en € = selon p\n    oui : 1 €\n    non : 2 €\n  fin\n"
      "soit choix = au_choix(oui)", "(p : oui_non ; q : entier de 0 à 9) en € = selon p\n    oui : 1 €\n"
      "    non : q × 1 €\n  fin\nsoit choix = au_choix(oui ; 2)" },
    { .act = "appels", DIFFERENT, "au_choix(oui) + réduit(5 € ; 1)", "au_choix(oui) + 5 €" },
    { .act = "appels", DIFFERENT, "commune = \"Élancourt\"", "commune = commune" },
    /* A tariff that gives a code is compared family by family. */
    { .act = "codes", DIFFERENT, "Code", "Codes" },
    { .act = "codes", DIFFERENT, "selon qf\n    moins de 100 : 1\n    100 et plus : 2\n    non communiqué : 3\n  fin\n",
      "tr\n    non communiqué : non prévu\n" },
    /* The version in force */
    { .act = "appels", SAME, "tarif plein en €\n",
      "tarif plein en €\n  applicable du 1er mars 2026 au 31 mars 2026\n" },
    { .act = "versions", SAME, "prix 2 €", "prix 3 €", .date = { 2026, 10, 1 } },
    { .act = "versions", DIFFERENT, "prix 2 €", "prix 3 €", .date = { 2027, 10, 1 } },
    { .act = "versions", DIFFERENT, "prix 2 €", "prix 2,00 €", .date = { 2027, 9, 15 } },
    { .act = "versions", DIFFERENT, "prix 2 €", "prix 2,00 €", .date = { 2030, 1, 1 } },
    { .act = "versions", DIFFERENT, "prix 2 €", "prix 2,00 €", .date = { 2025, 1, 1 } },
    { .act = "versions", SAME, "  applicable du 1er septembre 2026 au 31 août 2028\n", "", .date = { 2026, 9, 1 } },
};

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

/* The act after the change; owned by the caller. */
static char *changed(const struct change *c, const char *act)
{
    size_t from = strlen(c->from), to = strlen(c->to), count = 0;
    char *text, *out;

    for (const char *at = act; (at = strstr(at, c->from)); at += from)
        count++;
    if (count == 0)
        fail_msg("%s: « %s » is not in the act", c->act, c->from);
    text = out = malloc(strlen(act) + count * to + 1);
    assert_non_null(text);
    while (*act) {
        bool here = strncmp(act, c->from, from) == 0;

        memcpy(out, here ? c->to : act, here ? to : 1);
        out += here ? to : 1;
        act += here ? from : 1;
    }
    *out = '\0';
    return text;
}

/* Every tariff of the first program, with the one that bears its name in the second. */
static enum verdict compare(const delib_program *before, const delib_program *after, const struct change *c)
{
    struct arena arena;
    struct matching matching;
    const struct name_pair pair = { slice_of(c->name ? c->name : ""), slice_of(c->new_name ? c->new_name : "") };
    const struct date dates[SIDES] = { c->date.year ? c->date : comparison_usual_date(before),
                                       c->date.year ? c->date : comparison_usual_date(after) };
    enum verdict verdict = SAME;

    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    assert_null(matching_make(&arena, before, after, &pair, c->name ? 1 : 0, dates, &matching));
    for (size_t i = 0; i < before->tariff_count; i++)
        if (!same_rules(&arena, &matching, (size_t[]){ i, i }, dates))
            verdict = DIFFERENT;
    arena_release(&arena);
    return verdict;
}

static void each_change_is_judged(void **state)
{
    delib_engine *engine;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        const struct change *c = &CHANGES[i];
        char path[64], *act, *text;
        size_t length;
        delib_program *before, *after;

        snprintf(path, sizeof path, "tests/unit/same_rules/%s.delib", c->act);
        act = act_read(path, &length);
        text = changed(c, act);
        before = act_compile(engine, path);
        after = act_compile_text(engine, path, text, strlen(text));
        if (!before || !after)
            fail_msg("%s, « %s » → « %s »: at fault", c->act, c->from, c->to);
        if (compare(before, after, c) != c->verdict || (!c->name && compare(after, before, c) != c->verdict))
            fail_msg("%s, « %s » → « %s »: %s", c->act, c->from, c->to,
                     c->verdict == SAME ? "the same, and not seen to be" : "not the same, and called so");
        delib_program_release(before);
        delib_program_release(after);
        free(act);
        free(text);
    }
    delib_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
