/*
 * Every request for memory refused once: compile, evaluate, answer, explain, run the essais. The status is then
 * DELIB_NO_MEMORY, nothing leaks, and the same work with the same engine succeeds afterwards. Memory comes in blocks
 * of 64 KiB, so a refused block stops only some places: a memory limit that grows by a few bytes at a time stops the
 * others.
 */
#include "failing_memory.h"

#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 64 * 1024, LIMIT_STEP = 256, LIMIT_MAX = 8 << 20 };

struct text {
    char bytes[TEXT_MAX];
    size_t length;
};

static struct text read_text(const char *path)
{
    static struct text text;
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    text.length = fread(text.bytes, 1, sizeof text.bytes, file);
    assert_true(text.length > 0 && text.length < sizeof text.bytes);
    fclose(file);
    return text;
}

/* ------------------------------------------------------------------ the work of a host */

static delib_status answer_all(delib_session *session)
{
    static const char *const names[] = {"valeur"};
    const delib_value quotient = {.kind = DELIB_VALUE_NUMBER, .units = 449};
    const delib_answer found = {
        .size = sizeof found,
        .kind = DELIB_ANSWER_VALUE,
        .provider = "CNAF",
        .period = "2026-09",
        .record = {.kind = DELIB_VALUE_RECORD, .items = &quotient, .names = names, .count = 1}};
    const delib_answer absent = {
        .size = sizeof absent, .kind = DELIB_ANSWER_ABSENT, .code = "dossier_absent", .message = "aucun dossier"};
    size_t count = delib_session_request_count(session);

    for (size_t i = 0; i < count; i++) {
        delib_request request;
        delib_status status = delib_session_request(session, i, &request);

        if (status == DELIB_OK)
            status =
                delib_session_answer(session, request.id, strstr(request.function, "demandeur") ? &absent : &found);
        if (status != DELIB_OK)
            return status;
    }
    return DELIB_OK;
}

static delib_status give_data(delib_session *session)
{
    static const char *const names[] = {"âge", "interne"};
    const delib_value child[] = {{.kind = DELIB_VALUE_TEXT, .text = "9"}, {.kind = DELIB_VALUE_BOOLEAN}};
    const delib_value items[] = {{.kind = DELIB_VALUE_RECORD, .items = child, .names = names, .count = 2},
                                 {.kind = DELIB_VALUE_RECORD, .items = child, .names = names, .count = 2}};
    const delib_value children = {.kind = DELIB_VALUE_LIST, .items = items, .count = 2};
    delib_status status = delib_session_set_text(session, "lieu", "commune");

    if (status == DELIB_OK)
        status = delib_session_set_text(session, "rang_enfant", "3");
    if (status == DELIB_OK)
        status = delib_session_set_text(session, "sans_emploi", "non");
    if (status == DELIB_OK)
        status = delib_session_set(session, "élèves", &children);
    return status;
}

static delib_status evaluate(delib_session *session, delib_tariff tariff, delib_result *result)
{
    delib_status status;

    for (int run = 0; run < 5; run++) {
        status = delib_evaluate(session, tariff, result);
        if (status != DELIB_PENDING)
            return status;
        status = answer_all(session);
        if (status != DELIB_OK)
            return status;
    }
    return DELIB_INTERNAL;
}

/* The first text read makes them all; none of the others can fail then. */
static delib_status explain(delib_session *session)
{
    delib_step step;
    delib_datum datum;
    delib_status status = delib_session_step_count(session) ? delib_session_step(session, 0, &step) : DELIB_OK;

    for (size_t i = 0; status == DELIB_OK && i < delib_session_step_count(session); i++)
        assert_int_equal(delib_session_step(session, i, &step), DELIB_OK);
    for (size_t i = 0; status == DELIB_OK && i < delib_session_datum_count(session); i++)
        assert_int_equal(delib_session_datum(session, i, &datum), DELIB_OK);
    return status;
}

static delib_status run_essais(delib_program *program, delib_session *session)
{
    delib_status status = DELIB_OK;

    for (size_t i = 0; i < delib_program_essai_count(program) && status == DELIB_OK; i++) {
        delib_essai_result result;

        status = delib_session_run_essai(session, i, &result);
        if (status == DELIB_OK)
            assert_true(result.passed);
    }
    return status;
}

/* What remains to be known. */
static delib_status ask_questions(delib_session *session, delib_tariff tariff)
{
    delib_status status = delib_session_explore(session, tariff);
    delib_question question;
    delib_call call;

    if (status != DELIB_OK)
        return status;
    assert_true(delib_session_question_count(session) > 0);      /* a default is a question until it is given */
    for (size_t i = 0; i < delib_session_question_count(session); i++) {
        assert_int_equal(delib_session_question(session, i, &question), DELIB_OK);
        assert_non_null(question.type);
    }
    for (size_t i = 0; i < delib_session_call_count(session); i++)
        assert_int_equal(delib_session_call(session, i, &call), DELIB_OK);
    return DELIB_OK;
}

static delib_status use_program(delib_program *program)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = NULL;
    delib_result result;
    delib_status status;

    options.date = "2026-09-15";
    status = delib_session_new(program, &options, &session);
    if (status != DELIB_OK) {
        assert_null(session);
        return status;
    }
    status = ask_questions(session, delib_program_tariff(program, NULL));
    if (status == DELIB_OK)
        status = give_data(session);
    if (status == DELIB_OK)
        status = evaluate(session, delib_program_tariff(program, NULL), &result);
    if (status == DELIB_OK) {
        if (result.statut != DELIB_CALCULE)
            print_message("# %s\n", result.reason);
        assert_int_equal(result.statut, DELIB_CALCULE);
        assert_int_equal(result.units, 90); /* 1,30 × 0,70 × 0,985, to the nearest centime */
        assert_int_equal(result.scale, 2);
        status = explain(session);
    }
    if (status == DELIB_OK)
        status = ask_questions(session, delib_program_tariff(program, NULL));
    if (status == DELIB_OK)
        status = run_essais(program, session);
    delib_session_free(session);
    return status;
}

/* Two families by columns, and one of them alone: what their plan does not decide goes through a session. */
static delib_status use_batch(delib_program *program)
{
    static const char *const inputs[] = {"lieu", "rang_enfant", "sans_emploi", "qf"};
    static const char *const texts[2][4] = {{"commune", "3", "non", "449"}, {"commune", "1", "oui", "1200"}};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    int64_t values[4][2], family[4], units[2], alone;
    uint8_t statuts[2], statut;
    delib_column columns[4];
    delib_column_result result = {units, sizeof *units, statuts};
    delib_batch *batch = NULL;
    delib_status status;

    options.date = "2026-09-15";
    options.inputs = inputs;
    options.input_count = 4;
    status = delib_batch_new(program, &options, NULL, &batch);
    if (status != DELIB_OK)
        assert_null(batch);
    for (size_t i = 0; i < 4; i++) {
        for (size_t row = 0; row < 2 && status == DELIB_OK; row++)
            status = delib_batch_read(batch, i, texts[row][i], &values[i][row]);
        columns[i] = (delib_column){values[i], sizeof **values, NULL};
        family[i] = values[i][0];
    }
    if (status == DELIB_OK)
        status = delib_batch_run(batch, 2, columns, &result);
    if (status == DELIB_OK)
        status = delib_batch_one(batch, family, NULL, &alone, &statut);
    if (status == DELIB_OK) {
        assert_int_equal(statut, statuts[0]);
        assert_int_equal(alone, units[0]);
    }
    delib_batch_free(batch);
    return status;
}

static void read_diagnostics(const delib_program *program)
{
    for (size_t i = 0; i < delib_program_diagnostic_count(program); i++) {
        delib_diagnostic d;

        assert_int_equal(delib_program_diagnostic(program, i, &d), DELIB_OK);
        assert_true(d.message && strlen(d.message) > 0 && strlen(d.printed) > 0);
    }
}

static delib_status compile_and_use(delib_engine *engine, const struct text *text)
{
    delib_source source = {"acte.delib", text->bytes, text->length};
    delib_program *program = NULL;
    delib_status status = delib_compile(engine, &source, NULL, NULL, &program);

    if (status == DELIB_OK) {
        status = use_program(program);
        if (status == DELIB_OK)
            status = use_batch(program);
    } else if (status == DELIB_INVALID)
        read_diagnostics(program);
    else
        assert_null(program);
    delib_program_release(program);
    return status;
}

/* The whole, from the engine on, with this memory. */
static delib_status whole(struct failing_memory *memory, size_t limit, const struct text *text)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_status status;

    options.resize = failing_resize;
    options.resize_context = memory;
    options.memory_limit = limit;
    status = delib_engine_new(&options, &engine);
    if (status == DELIB_OK)
        status = compile_and_use(engine, text);
    delib_engine_free(engine);
    return status;
}

/* ------------------------------------------------------------------ tests */

static size_t refuse_each(const struct text *text, delib_status otherwise, bool for_ever)
{
    for (size_t nth = 1;; nth++) {
        struct failing_memory memory = {.refuse_at = nth, .for_ever = for_ever};
        delib_status status = whole(&memory, 0, text);

        assert_int_equal(memory.live, 0);
        assert_int_equal(status, memory.refused ? DELIB_NO_MEMORY : otherwise);
        if (!memory.refused)
            return nth - 1;
    }
}

static void test_refused_once(void **state)
{
    struct text text = read_text("tests/fault/acte.delib");
    size_t places = refuse_each(&text, DELIB_OK, false);

    (void)state;
    print_message("# %zu requests refused once\n", places);
    assert_true(places > 5);
    assert_int_equal(refuse_each(&text, DELIB_OK, true), places);
}

static void test_refused_with_faults(void **state)
{
    struct text text = read_text("tests/fault/acte_fautif.delib");
    size_t places = refuse_each(&text, DELIB_INVALID, false);

    (void)state;
    assert_true(places > 2);
    assert_int_equal(refuse_each(&text, DELIB_INVALID, true), places);
}

/* Stops nearly every single arena allocation, not only those that need a new block. */
static void sweep_limit(const struct text *text, delib_status otherwise)
{
    size_t stopped = 0;

    for (size_t limit = 1;; limit += LIMIT_STEP) {
        struct failing_memory memory = {.live = 0};
        delib_status status = whole(&memory, limit, text);

        assert_int_equal(memory.live, 0);
        assert_true(limit < LIMIT_MAX);
        if (status == otherwise)
            break;
        assert_int_equal(status, DELIB_NO_MEMORY);
        stopped++;
    }
    print_message("# %zu memory limits\n", stopped);
    assert_true(stopped > 50);
}

static void test_memory_limit(void **state)
{
    struct text text = read_text("tests/fault/acte.delib");

    (void)state;
    sweep_limit(&text, DELIB_OK);
}

static void test_memory_limit_with_faults(void **state)
{
    struct text text = read_text("tests/fault/acte_fautif.delib");

    (void)state;
    sweep_limit(&text, DELIB_INVALID);
}

/* A session that was refused memory gives its result once there is some again, after a reset. */
static void test_session_recovers(void **state)
{
    struct text text = read_text("tests/fault/acte.delib");
    delib_options options = DELIB_OPTIONS_INIT;
    struct failing_memory memory = {.live = 0};
    delib_source source = {"acte.delib", text.bytes, text.length};
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_result result;

    (void)state;
    options.resize = failing_resize;
    options.resize_context = &memory;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
    memory.refuse_at = memory.requests + 1;
    memory.for_ever = true;
    for (int i = 0; i < 3; i++) {
        delib_status status = give_data(session);

        if (status == DELIB_OK)
            status = evaluate(session, 0, &result);
        assert_int_equal(status, DELIB_NO_MEMORY);
    }
    memory.refuse_at = 0;
    delib_session_reset(session);
    assert_int_equal(delib_session_set_text(session, "date", "2026-09-15"), DELIB_OK);
    assert_int_equal(give_data(session), DELIB_OK);
    assert_int_equal(evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(result.units, 90);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

/* The hot path of a portal: family after family in one session. */
static void test_warm_session_allocates_nothing(void **state)
{
    struct text text = read_text("tests/fault/acte.delib");
    delib_options options = DELIB_OPTIONS_INIT;
    struct failing_memory memory = {.live = 0};
    delib_source source = {"acte.delib", text.bytes, text.length};
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_result result;
    size_t before = 0;

    (void)state;
    options.resize = failing_resize;
    options.resize_context = &memory;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
    for (int i = 0; i < 100; i++) {
        delib_session_reset(session);
        assert_int_equal(delib_session_set_text(session, "date", "2026-09-15"), DELIB_OK);
        assert_int_equal(give_data(session), DELIB_OK);
        assert_int_equal(evaluate(session, 0, &result), DELIB_OK);
        if (i == 10)
            before = memory.requests;
    }
    assert_int_equal(memory.requests, before);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_once),     cmocka_unit_test(test_refused_with_faults),
        cmocka_unit_test(test_memory_limit),     cmocka_unit_test(test_memory_limit_with_faults),
        cmocka_unit_test(test_session_recovers), cmocka_unit_test(test_warm_session_allocates_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
