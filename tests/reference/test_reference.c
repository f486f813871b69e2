/*
 * The engine against the reference evaluator, on random programs and random inputs: the same status, the same amount
 * to the last digit. A disagreement prints the seed, the program and the inputs.
 *
 *   build/tests/reference/test_reference [programs [first seed]]      by default 6 000 programs
 */
#include "generator.h"

#include "runtime/delib.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_PER_PROGRAM = 40, SHOWN_MAX = 5, CODES_MAX = 64 };

struct tally {
    unsigned long programs, accepted, pairs, disagreements, other_ends, by_state[9];
    struct {
        char code[8];
        unsigned long count;
    } refusals[CODES_MAX];
};

static delib_statut statut_of(enum ref_state state)
{
    switch (state) {
    case REF_OK: return DELIB_CALCULE;
    case REF_ABSENT:
    case REF_NON_PREVU: return DELIB_NON_PREVU;
    case REF_MISSING: return DELIB_A_COMPLETER;
    case REF_DECISION: return DELIB_DECISION_INDIVIDUELLE;
    case REF_SANS_OBJET: return DELIB_SANS_OBJET;
    case REF_INVALID: return DELIB_DONNEE_INVALIDE;
    case REF_FAILED: return DELIB_SOURCE_INDISPONIBLE;
    case REF_UNKNOWN: break;
    }
    return (delib_statut)-1;
}

static void amount_of(mpq_t out, const delib_result *result)
{
    mpq_set_si(out, result->units, 1);
    mpz_ui_pow_ui(mpq_denref(out), 10, result->scale);
    mpq_canonicalize(out);
}

static void show(const struct generated *g, uint64_t seed, const struct ref_input *inputs, size_t count,
                 enum ref_state state, const mpq_t expected, delib_status status, const delib_result *result)
{
    printf("# disagreement, seed %" PRIu64 "\n", seed);
    for (const char *line = g->text; *line;) {
        const char *end = strchr(line, '\n');

        printf("#   %.*s\n", (int)(end - line), line);
        line = end + 1;
    }
    for (size_t i = 0; i < count; i++)
        printf("#   --avec %s=%s (answer %d, %s)%s\n", inputs[i].name,
               inputs[i].text ? inputs[i].text : "(non communiqué)", (int)inputs[i].answer,
               inputs[i].answered ? inputs[i].answered : "-", inputs[i].undeclared ? " undeclared" : "");
    printf("#   reference: %s", delib_statut_text(statut_of(state)));
    if (state == REF_OK)
        gmp_printf(" %Qd", expected);
    printf("\n#   engine:    %s (status %d)", delib_statut_text(result->statut), status);
    if (result->statut == DELIB_CALCULE)
        printf(" %" PRId64 " / 10^%u", result->units, result->scale);
    printf("%s%s\n", result->reason ? ", " : "", result->reason ? result->reason : "");
}

/* The answer of the source of `inputs`, there is one at most. */
static delib_status answer_all(delib_session *session, const struct ref_input *inputs, size_t count)
{
    static const char *const names[] = {"inscrit"};
    static const delib_answer_kind kinds[] = {DELIB_ANSWER_VALUE, DELIB_ANSWER_ABSENT, DELIB_ANSWER_REFUSED,
                                              DELIB_ANSWER_FAILED};
    delib_value field = {.kind = DELIB_VALUE_BOOLEAN};
    delib_answer answer = {.size = sizeof answer, .code = "essai", .message = "essai"};
    delib_request request;

    for (size_t i = 0; i < count; i++)
        if (inputs[i].answered) {
            answer.kind = kinds[inputs[i].answer];
            field.boolean = strcmp(inputs[i].answered, "oui") == 0;
        }
    answer.record = (delib_value){.kind = DELIB_VALUE_RECORD, .items = &field, .names = names, .count = 1};
    if (delib_session_request_count(session) != 1 || delib_session_request(session, 0, &request) != DELIB_OK)
        return DELIB_INTERNAL;
    return delib_session_answer(session, request.id, &answer);
}

static delib_status evaluate(delib_session *session, const struct ref_input *inputs, size_t count,
                             delib_result *result)
{
    delib_status status = delib_evaluate(session, 0, result);

    if (status != DELIB_PENDING)
        return status;
    status = answer_all(session, inputs, count);
    return status == DELIB_OK ? delib_evaluate(session, 0, result) : status;
}

static bool ends(delib_statut statut)
{
    return statut == DELIB_NON_PREVU || statut == DELIB_DECISION_INDIVIDUELLE || statut == DELIB_SANS_OBJET ||
           statut == DELIB_DONNEE_INVALIDE;
}

/*
 * While a source is waited for, the engine looks at what follows it, and what ends the tariff there ends it at once,
 * without a request; the reference, which knows the answers, goes in order. Both give no amount: counted apart.
 */
static bool ends_without_asking(const struct ref_input *inputs, size_t count, enum ref_state state,
                                delib_statut statut)
{
    bool source = false;

    for (size_t i = 0; i < count; i++)
        source = source || inputs[i].answered;
    return source && ends(statut) && ends(statut_of(state));
}

static void compare(struct tally *tally, struct generated *g, uint64_t seed, struct reference *reference,
                    delib_session *session)
{
    struct ref_input inputs[INPUTS_MAX];
    size_t count = generate_inputs(g, inputs);
    delib_result result = {.statut = DELIB_SANS_OBJET};
    delib_status status = DELIB_OK;
    enum ref_state state;
    mpq_t expected, obtained;
    bool same;

    mpq_inits(expected, obtained, NULL);
    delib_session_reset(session);
    for (size_t i = 0; i < count && status == DELIB_OK; i++)
        if (!inputs[i].undeclared)
            status = delib_session_set_text(session, inputs[i].name, inputs[i].text);
    if (status == DELIB_OK)
        status = evaluate(session, inputs, count, &result);
    state = reference_evaluate(reference, "t", inputs, count, expected);
    if (status == DELIB_OK && result.statut == DELIB_CALCULE)
        amount_of(obtained, &result);
    same =
        status == DELIB_OK && result.statut == statut_of(state) && (state != REF_OK || mpq_equal(expected, obtained));
    tally->pairs++;
    tally->by_state[state]++;
    if (!same && status == DELIB_OK && ends_without_asking(inputs, count, state, result.statut))
        tally->other_ends++;
    else if (!same && tally->disagreements++ < SHOWN_MAX)
        show(g, seed, inputs, count, state, expected, status, &result);
    mpq_clears(expected, obtained, NULL);
}

static void count_refusal(struct tally *tally, const delib_program *program)
{
    delib_diagnostic d;

    for (size_t i = 0; i < delib_program_diagnostic_count(program); i++) {
        if (delib_program_diagnostic(program, i, &d) != DELIB_OK || !d.is_error)
            continue;
        for (size_t k = 0; k < CODES_MAX; k++)
            if (!tally->refusals[k].code[0] || strcmp(tally->refusals[k].code, d.code) == 0) {
                snprintf(tally->refusals[k].code, sizeof tally->refusals[k].code, "%s", d.code);
                tally->refusals[k].count++;
                return;
            }
    }
}

static void run_program(struct tally *tally, delib_engine *engine, struct generated *g, uint64_t seed)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_source source = {"programme.delib", g->text, 0};
    delib_program *program;
    delib_session *session;
    struct reference *reference;

    generate_program(g, seed);
    source.length = g->length;
    tally->programs++;
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK) {
        count_refusal(tally, program);
        if (getenv("SHOW_REFUSED") && program) {
            delib_diagnostic d;

            if (delib_program_diagnostic(program, 0, &d) == DELIB_OK)
                printf("# seed %" PRIu64 ": %s\n", seed, d.printed);
        }
        delib_program_release(program);
        return;
    }
    reference = reference_new(g->text, g->length);
    options.trace = 0;
    if (reference && delib_session_new(program, &options, &session) == DELIB_OK) {
        tally->accepted++;
        for (int i = 0; i < INPUTS_PER_PROGRAM; i++)
            compare(tally, g, seed, reference, session);
        delib_session_free(session);
    } else {
        tally->disagreements++;
        printf("# seed %" PRIu64 ": accepted by the engine, not read by the reference\n", seed);
    }
    reference_free(reference);
    delib_program_release(program);
}

static void report(const struct tally *t)
{
    static const char *const states[] = {"calculé",     "absent",          "source indisponible",
                                         "à compléter", "non prévu",       "décision",
                                         "sans objet",  "donnée invalide", "hors du sous-ensemble"};

    printf("# %lu programs, %lu accepted (%lu %%), %lu pairs\n", t->programs, t->accepted,
           100 * t->accepted / t->programs, t->pairs);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        printf("# %s: %lu\n", states[i], t->by_state[i]);
    printf("# ended otherwise, without asking the source: %lu\n", t->other_ends);
    for (size_t i = 0; i < CODES_MAX && t->refusals[i].count; i++)
        printf("# refused for %s: %lu\n", t->refusals[i].code, t->refusals[i].count);
}

int main(int argc, char **argv)
{
    static struct generated generated;
    static struct tally tally;
    unsigned long programs = argc > 1 ? strtoul(argv[1], NULL, 10) : 6000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    delib_engine *engine;
    bool fine;

    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        return 1;
    for (uint64_t seed = first; seed < first + programs; seed++)
        run_program(&tally, engine, &generated, seed);
    delib_engine_free(engine);
    report(&tally);
    fine = tally.disagreements == 0 && tally.by_state[REF_UNKNOWN] == 0;
    printf("%s 1 - engine and reference agree on %lu pairs (%lu disagreements)\n", fine ? "ok" : "not ok",
           tally.pairs, tally.disagreements);
    printf("%s 2 - more than half of the programs are accepted\n",
           2 * tally.accepted > tally.programs ? "ok" : "not ok");
    printf("1..2\n");
    return !fine || 2 * tally.accepted <= tally.programs;
}
