/*
 * The generator. Each function below writes one construct; `mentions()` decides where the forbidden datum goes. Nothing
 * depends on `purposeless` but the lines of finalité, so that both texts have the same rules.
 */
#include "programs.h"

#include <stdarg.h>
#include <stdio.h>

uint64_t purpose_random(uint64_t *state)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15u;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static unsigned below(struct purpose_program *p, unsigned n)
{
    return (unsigned)(purpose_random(&p->random) % n);
}

static bool mentions(struct purpose_program *p)
{
    return below(p, 1000) < p->rate;
}

static void put(struct purpose_program *p, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(p->text + p->length, PROGRAM_MAX - p->length, format, args);
    va_end(args);
    if (n > 0 && p->length + (size_t)n < PROGRAM_MAX)
        p->length += (size_t)n;
}

/* ---- The forbidden datum ---- */

/* « z », or another field of its source: what it is compared with differs. */
static const struct { const char *declaration, *number, *condition; } Z[FORBIDDEN_COUNT] = {
    [FORBIDDEN_FISCAL] = { "source z « foyer fiscal » : api_impot_particulier.situation(demandeur)\n", "z.enfants",
                           "z < 20 000" },
    [FORBIDDEN_QUOTIENT] = { "source z « quotient » : api_particulier.quotient_familial(demandeur)\n", "z.mois_calcul",
                             "z < 600" },
    [FORBIDDEN_DECLARED] = { "entrée z : quotient « Quotient »\n", NULL, "z < 600" },
    [FORBIDDEN_EAJE] = { "source z « ressources » : api_particulier.participation_familiale_eaje(demandeur)\n",
                         "z.enfants_a_charge", "z < 20 000" },
};

static const char *finalite_of(const struct purpose_program *p)
{
    return p->forbidden == FORBIDDEN_EAJE ? "tarification_enfance" : "tarification_eaje";
}

/* ---- Conditions and amounts ---- */

static void condition(struct purpose_program *p, int depth)
{
    static const char *const PLAIN[] = { "r", "a ≥ 3", "a = 5", "o", "b est renseigné", "p < 20 000", "c" };

    if (mentions(p)) {
        if (Z[p->forbidden].number && below(p, 2))
            put(p, "%s ≥ 2", Z[p->forbidden].number);
        else
            put(p, "%s", below(p, 4) ? Z[p->forbidden].condition : "z est renseigné");
        return;
    }
    switch (depth > 0 ? below(p, 6) : 0) {
    case 1: put(p, "("); condition(p, depth - 1); put(p, " et "); condition(p, depth - 1); put(p, ")"); break;
    case 2: put(p, "("); condition(p, depth - 1); put(p, " ou "); condition(p, depth - 1); put(p, ")"); break;
    case 3: put(p, "non ("); condition(p, depth - 1); put(p, ")"); break;
    default: put(p, "%s", PLAIN[below(p, sizeof PLAIN / sizeof *PLAIN - p->defining)]); break;
    }
}

static void amount(struct purpose_program *p, int depth);

static void cents(struct purpose_program *p)
{
    put(p, "%u,%02u €", below(p, 9), below(p, 100));
}

static void outcome_or_amount(struct purpose_program *p, int depth)
{
    static const char *const OUTCOMES[] = { "non prévu", "sur décision individuelle « à étudier »" };

    if (below(p, 5) == 0)
        put(p, "%s", OUTCOMES[below(p, 2)]);
    else
        amount(p, depth);
}

/* Rows of a table end with their line; inside parentheses there is none. */
static void table(struct purpose_program *p, int depth)
{
    unsigned bound = 1 + below(p, 8);

    if (mentions(p) && Z[p->forbidden].number)
        put(p, "selon %s\n", Z[p->forbidden].number);
    else
        put(p, "selon a\n");
    put(p, "moins de %u : ", bound);
    outcome_or_amount(p, depth - 1);
    put(p, "\n%u et plus : ", bound);
    outcome_or_amount(p, depth - 1);
    put(p, "\nnon communiqué : ");
    outcome_or_amount(p, 0);
    put(p, "\nfin");
}

static void amount(struct purpose_program *p, int depth)
{
    if (mentions(p) && Z[p->forbidden].number) {
        put(p, "%s × 0,10 €", Z[p->forbidden].number);
        return;
    }
    switch (depth > 0 ? below(p, 7) : below(p, 3)) {
    case 1: put(p, "a × 0,%02u €", below(p, 100)); break;
    case 2: put(p, "v%u", below(p, 3)); break;
    case 3:
        put(p, "la plus favorable de ");
        amount(p, 0);
        put(p, " ; ");
        amount(p, 0);
        put(p, " si ");
        condition(p, 1);
        put(p, " fin");
        break;
    case 4: table(p, depth); break;
    case 5: put(p, "g(a)"); break;
    default: cents(p); break;
    }
}

/* ---- Declarations ---- */

/* The family may declare what the API does not give. */
static void fallback(struct purpose_program *p)
{
    if (p->forbidden != FORBIDDEN_DECLARED && below(p, 3) == 0)
        put(p, "  à défaut, sur justificatif « attestation »\n");
}

static void data(struct purpose_program *p)
{
    put(p, "entrée a : entier de 0 à 9\nentrée b : oui_non facultatif\nentrée r : oui_non\nentrée o : oui_non "
           "facultatif\n");
    if (p->forbidden == FORBIDDEN_EAJE)
        put(p, "source p « foyer » : api_impot_particulier.situation(demandeur)\n");
    else
        put(p, "source p « ressources » : api_particulier.participation_familiale_eaje(demandeur)\n");
    put(p, "%s", Z[p->forbidden].declaration);
    fallback(p);
    /* A source of the allowed kind whose month is worked out, and data that stand for others. */
    if (p->forbidden == FORBIDDEN_EAJE && below(p, 3) == 0) {
        put(p,
            "soit mois = selon %s\nmoins de 3 : 1er mars 2026\n3 et plus : 1er avril 2026\nnon communiqué : 1er mai "
            "2026\nfin\n",
            mentions(p) ? Z[p->forbidden].number : "a");
        put(p, "source q « quotient » : api_particulier.quotient_familial(demandeur ; mois)\n");
    } else {
        put(p, "entrée q : ressources « Ressources »\n");
    }
    if (below(p, 2)) {
        put(p, "non communiqué : ");
        amount(p, 0);
        put(p, "\n");
    } else {
        put(p, "non communiqué : non prévu\n");
    }
}

static void definitions(struct purpose_program *p)
{
    put(p, "soit c = ");
    p->defining = true;
    condition(p, 1);
    p->defining = false;
    for (unsigned i = 0; i < 3; i++) {
        put(p, "\nsoit v%u = ", i);
        if (mentions(p) && Z[p->forbidden].number)
            put(p, "%s × 0,10 €", Z[p->forbidden].number);
        else if (i > 0 && below(p, 2))
            put(p, "v%u", i - 1);
        else
            put(p, "a × 0,%02u €", below(p, 100));
    }
    put(p, "\nfonction g(x : entier de 0 à 9) = ");
    if (mentions(p) && Z[p->forbidden].number)
        put(p, "%s × 0,05 €\n", Z[p->forbidden].number);
    else
        put(p, "x × 0,05 €\n");
}

/* Another service of the same act, which may read z: its result must not reach `t` unnoticed. */
static void other_tariff(struct purpose_program *p)
{
    put(p, "tarif u en €\n");
    if (!p->purposeless)
        put(p, "  finalité place_en_creche\n");
    put(p, "  prix 1 €\n  exception si %s : 2 €\n    non communiqué : sans effet\n    source indisponible : 3 €\nfin\n",
        below(p, 2) ? Z[p->forbidden].condition : "r");
}

static void clause(struct purpose_program *p)
{
    put(p, "\n    non communiqué : ");
    if (below(p, 3) == 0)
        outcome_or_amount(p, 0);
    else
        put(p, "sans effet");
    if (below(p, 2)) {
        put(p, "\n    source indisponible : ");
        outcome_or_amount(p, 0);
    }
    put(p, "\n");
}

static void tariff(struct purpose_program *p)
{
    unsigned exceptions = below(p, 3), steps = below(p, 3);

    put(p, "tarif t en €\n");
    if (!p->purposeless)
        put(p, "  finalité %s\n", finalite_of(p));
    put(p, "  prix ");
    if (below(p, 4) == 0)
        put(p, "selon q\nmoins de 500 : 1 €\n500 et plus : 2 €\nfin");
    else if (below(p, 8) == 0)
        put(p, "u");
    else
        amount(p, 2);
    put(p, "\n    non communiqué : ");
    outcome_or_amount(p, 0);
    put(p, "\n");
    for (unsigned i = 0; i < exceptions; i++) {
        put(p, "  exception e%u si ", i);
        condition(p, 2);
        put(p, " : ");
        outcome_or_amount(p, 1);
        if (i > 0)
            put(p, "\n    l'emporte sur e%u", i - 1);
        clause(p);
    }
    for (unsigned i = 0; i < steps; i++) {
        put(p, "  puis %s de %u %% du prix obtenu si ", below(p, 2) ? "réduction" : "majoration", 10 + below(p, 40));
        condition(p, 2);
        clause(p);
    }
    if (below(p, 4) == 0) {
        put(p, "  puis déduction de 2 €\n    résultat négatif : ");
        outcome_or_amount(p, 0);
        put(p, "\n");
    }
    put(p, "  puis arrondi au centime le plus proche\n");
    if (below(p, 3) == 0) {
        put(p, "  résultat k = ");
        amount(p, 0);
        put(p, "\n    non communiqué : non prévu\n");
    }
    put(p, "fin\n");
}

void purpose_program(struct purpose_program *out, uint64_t seed, bool purposeless)
{
    static const unsigned RATES[] = { 0, 20, 60, 150 };

    out->random = seed * 0xD1B54A32D192ED03u + 1;
    out->purposeless = purposeless;
    out->defining = false;
    out->length = 0;
    out->text[0] = '\0';
    out->forbidden = (enum forbidden)below(out, FORBIDDEN_COUNT);
    out->rate = RATES[below(out, sizeof RATES / sizeof *RATES)];
    data(out);
    definitions(out);
    other_tariff(out);
    tariff(out);
}
