/*
 * Questions put one by one until none is left, on every example and random answers: it ends, nothing is then missing,
 * what was said to be needed in any case was used, and what is never asked is never read.
 */
#include "draw.h"
#include "tests/unit/act_files.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FAMILIES = 60, ASKED = 128, ITEMS = 3, FIELDS = 16, TEXT_MAX = 16 * 1024 };

/* ---- Random answers ---- */

struct answer {
    delib_value value, items[ITEMS], fields[ITEMS][FIELDS];
    const char *names[FIELDS];
};

static long long units_of(const char *text, unsigned decimals)
{
    long long units = 0;
    bool point = false;
    unsigned left = decimals;

    for (const char *p = text; *p; p++) {
        if (*p == '.')
            point = true;
        else if (*p != '-')
            units = units * 10 + (*p - '0'), left -= point;
    }
    while (left--)
        units *= 10;
    return *text == '-' ? -units : units;
}

/* Low values more often: that is where the bounds of tables are. */
static delib_value draw_number(const delib_question *q)
{
    long long low = units_of(q->low, q->decimals), span = units_of(q->high, q->decimals) - low + 1, most = span;
    delib_value v = { .kind = DELIB_VALUE_NUMBER, .scale = q->decimals };

    if (draw(3))
        most = span < 8 ? span : draw(2) && span > 300000 ? 300000 : 8;
    v.units = low + (long long)draw((uint64_t)most);
    return v;
}

static delib_value draw_plain(const delib_question *q)
{
    static const char *const DATES[] = { "2014-03-05", "2019-11-30", "2023-02-28", "1990-07" };
    delib_value v = { .kind = DELIB_VALUE_TEXT, .text = "texte" };

    if (q->may_be_absent && draw(5) == 0)
        return (delib_value){ .kind = DELIB_VALUE_ABSENT };
    if (q->choice_count)
        v.text = q->choices[draw(q->choice_count)];
    else if (q->low)
        return draw_number(q);
    else if (strcmp(q->type, "un oui ou non") == 0)
        return (delib_value){ .kind = DELIB_VALUE_BOOLEAN, .boolean = draw(2) != 0 };
    else if (strcmp(q->type, "une date") == 0)
        v.text = DATES[draw(3)];
    return v;
}

static void draw_answer(const delib_question *q, struct answer *a)
{
    size_t count = q->most ? draw(ITEMS + 1) : 0;

    if (q->most && q->may_be_absent && draw(5) == 0) {
        a->value = (delib_value){ .kind = DELIB_VALUE_ABSENT };
        return;
    }
    if (!q->most && !q->field_count) {
        a->value = draw_plain(q);
        return;
    }
    count = count < q->most ? count : q->most;
    assert_true(q->field_count <= FIELDS);
    for (size_t f = 0; f < q->field_count; f++)
        a->names[f] = q->fields[f].name;
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < q->field_count; f++)
            a->fields[i][f] = draw_plain(&q->fields[f]);
        a->items[i] =
            q->fields[0].name == NULL
                ? a->fields[i][0]
                : (delib_value){
                      .kind = DELIB_VALUE_RECORD, .items = a->fields[i], .names = a->names, .count = q->field_count};
    }
    a->value = (delib_value){ .kind = DELIB_VALUE_LIST, .items = a->items, .count = count };
    if (!q->most) {            /* a basket: one number per member */
        for (size_t f = 0; f < q->field_count; f++)
            a->fields[0][f] = draw_plain(&q->fields[f]);
        a->value = (delib_value){ .kind = DELIB_VALUE_RECORD, .names = a->names, .items = a->fields[0],
                                  .count = q->field_count };
    }
}

/* ---- One family ---- */

struct asked {
    const char *names[ASKED];
    bool always[ASKED];
    size_t count;
};

static size_t total_families, total_questions, total_always;

static bool was_used(const delib_session *session, const char *name)
{
    for (size_t i = 0; i < delib_session_datum_count(session); i++) {
        delib_datum datum;

        assert_int_equal(delib_session_datum(session, i, &datum), DELIB_OK);
        if (strcmp(datum.name, name) == 0)
            return true;
    }
    return false;
}

static void note_all(const delib_session *session, struct asked *asked)
{
    for (size_t i = 0; i < delib_session_question_count(session); i++) {
        delib_question q;
        size_t k = 0;

        assert_int_equal(delib_session_question(session, i, &q), DELIB_OK);
        while (k < asked->count && strcmp(asked->names[k], q.name) != 0)
            k++;
        assert_true(k < ASKED);
        asked->names[k] = q.name;
        asked->always[k] = (k < asked->count && asked->always[k]) || !q.condition;
        asked->count += k == asked->count;
    }
}

static void one_family(delib_session *session, delib_tariff tariff, const char *path)
{
    struct asked first = { .count = 0 }, all = { .count = 0 };
    delib_question q;
    delib_result result;
    delib_datum datum;
    size_t turns = 0;

    delib_session_reset(session);
    for (;;) {
        struct answer answer = { .value = { .kind = DELIB_VALUE_ABSENT } };

        assert_int_equal(delib_session_explore(session, tariff), DELIB_OK);
        if (delib_session_question_count(session) == 0)
            break;
        if (turns == 0)
            note_all(session, &first);
        note_all(session, &all);
        assert_int_equal(delib_session_question(session, 0, &q), DELIB_OK);
        draw_answer(&q, &answer);
        if (delib_session_set(session, q.name, &answer.value) != DELIB_OK)
            fail_msg("%s, %s : %s", path, q.name, delib_session_error(session));
        if (++turns > ASKED)
            fail_msg("%s : the questions never end, the last one being %s", path, q.name);
    }
    assert_int_equal(delib_evaluate(session, tariff, &result), DELIB_OK);
    /* A tariff « pour un élève » is only computed inside the one that reads it. */
    if (result.statut == DELIB_A_COMPLETER && strcmp(result.reason, "aucune fiche n'est désignée") == 0)
        return;
    if (result.statut == DELIB_A_COMPLETER)
        fail_msg("%s, %s : nothing was left to ask, yet %s", path, result.tariff, result.reason);
    for (size_t i = 0; i < delib_session_datum_count(session); i++) {
        bool known = false;

        assert_int_equal(delib_session_datum(session, i, &datum), DELIB_OK);
        for (size_t k = 0; k < first.count; k++)
            known = known || strcmp(first.names[k], datum.name) == 0;
        if (!known)
            fail_msg("%s, %s : %s was read and is not a question", path, result.tariff, datum.name);
    }
    /* The data listed are those of the amount; questions are also about the other results. */
    if (result.statut != DELIB_CALCULE || delib_session_output_count(session) > 0)
        all.count = 0;
    for (size_t k = 0; k < all.count; k++) {
        if (all.always[k] && !was_used(session, all.names[k]))
            fail_msg("%s, %s : %s was needed in any case and is not used", path, result.tariff, all.names[k]);
        total_always += all.always[k];
    }
    total_questions += turns;
    total_families++;
}

static void every_tariff(delib_program *program, const char *path)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;

    options.date = "2026-10-15";
    options.ask_sources = 0;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    for (size_t t = 0; t < delib_program_tariff_count(program); t++)
        for (int f = 0; f < FAMILIES; f++)
            one_family(session, (delib_tariff)t, path);
    delib_session_free(session);
    delib_program_release(program);
}

/* ---- Situations that are too many to be told ---- */

static void add(char *text, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + used, TEXT_MAX - used, format, args);
    va_end(args);
}

static void assert_vague(const char *text, const char *datum)
{
    const delib_source source = { "acte.delib", text, strlen(text) };
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_question q = { .name = NULL };
    delib_diagnostic d;

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK) {
        assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
    assert_int_equal(delib_session_explore(session, 0), DELIB_OK);
    for (size_t i = 0; delib_session_question(session, i, &q) == DELIB_OK && strcmp(q.name, datum) != 0; i++)
        continue;
    assert_string_equal(q.name, datum);
    assert_int_equal(strncmp(q.condition, "dans certains cas", strlen("dans certains cas")), 0);
    delib_session_free(session);
    every_tariff(program, datum);
    delib_engine_free(engine);
}

static void test_too_many_situations(void **state)
{
    static char text[TEXT_MAX];
    static const char DATA[] = "entrée n : entier de 1 à 99\nentrée revenu : montant de 0 € à 900 €\n";

    (void)state;
    /* one value in two */
    snprintf(text, sizeof text, "%starif t en €\n  prix selon n\n", DATA);
    for (int i = 1; i < 99; i++)
        add(text, i % 2 ? "    %d : 1 € + revenu\n" : "    %d : 1 €\n", i);
    add(text, "    autres : 2 €\n  fin\nfin\n");
    assert_vague(text, "revenu");
    /* twenty pairs of conditions */
    snprintf(text, sizeof text, "%s", DATA);
    for (int i = 0; i < 40; i++)
        add(text, "entrée a%d : oui_non\n", i);
    add(text, "tarif t en €\n  prix 1 € × n\n");
    for (int i = 0; i < 20; i++)
        add(text, "  puis supplément de revenu si a%d et a%d\n", i, i + 20);
    add(text, "fin\n");
    assert_vague(text, "revenu");
    /* a definition and a tariff, read in thirty situations each */
    snprintf(text, sizeof text, "%ssoit part = selon n\n  1 : revenu\n  autres : revenu + 1 €\nfin\n", DATA);
    for (int i = 0; i < 30; i++)
        add(text, "entrée a%d : oui_non\n", i);
    add(text, "tarif t en €\n  prix 1 €\n");
    for (int i = 0; i < 30; i++)
        add(text, "  puis supplément de part + autre si a%d\n", i);
    add(text, "fin\ntarif autre en €\n  prix revenu\nfin\n");
    assert_vague(text, "revenu");
}

static void test_examples(void **state)
{
    static const char *const PATTERNS[] = { "examples/*/*.delib", "examples/*/*.delib.md", "tests/bench/*.delib",
                                            "tests/golden/cli/*.delib", "tests/golden/semantique/*.delib",
                                            "tests/unit/*.delib" };
    delib_engine *engine;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (size_t k = 0; k < sizeof PATTERNS / sizeof *PATTERNS; k++) {
        glob_t found;

        assert_int_equal(glob(PATTERNS[k], 0, NULL, &found), 0);
        for (size_t i = 0; i < found.gl_pathc; i++) {
            delib_program *program = act_compile(engine, found.gl_pathv[i]);

            if (program)
                every_tariff(program, found.gl_pathv[i]);
        }
        globfree(&found);
    }
    delib_engine_free(engine);
    print_message("%zu families, %zu questions, %zu needed in any case\n", total_families, total_questions,
                  total_always);
    assert_true(total_families > 1000 && total_always > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples), cmocka_unit_test(test_too_many_situations) };

    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
