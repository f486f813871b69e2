/*
 * A journal in a folder of its own, and decisions on one family as a host computes them. Included once by a test.
 */
#ifndef TESTS_JOURNAL_FIXTURE_H
#define TESTS_JOURNAL_FIXTURE_H

#include "act_files.h"

#include "runtime/delib_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/delib-journal-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/j", folder);
    return 0;
}

static void remove_all(void)
{
    char command[96];

    snprintf(command, sizeof command, "rm -rf '%s'/*", folder);
    assert_int_equal(system(command), 0);
}

static int remove_folder(void **state)
{
    (void)state;
    remove_all();
    return rmdir(folder);
}

/* ---- One family, as a host computes it ---- */

/* The nth family: what it answers, what its sources answer. */
static delib_status answer(delib_session *session, size_t id, const char *function, unsigned n)
{
    static const char *const names[] = { "valeur", "autre" };
    const delib_value values[] = { { .kind = DELIB_VALUE_NUMBER, .units = 1000 * (n % 3000), .scale = 3 },
                                   { .kind = DELIB_VALUE_TEXT, .text = "que la règle ne lit pas" } };
    const delib_value masked[] = { { .kind = DELIB_VALUE_NOT_GRANTED }, values[1] };
    const delib_value unknown[] = { { .kind = DELIB_VALUE_ABSENT, .text = "non renseigné" }, values[1] };
    delib_answer a = { .size = sizeof a, .kind = DELIB_ANSWER_VALUE, .provider = "CNAF", .period = "2026-11",
                       .obtained = "2026-11-23T10:20:30Z",
                       .record = { .kind = DELIB_VALUE_RECORD, .items = values, .names = names, .count = 2 } };

    if (strstr(function, "demandeur"))
        a.kind = DELIB_ANSWER_ABSENT;
    else if (n % 7 == 1)
        a.record.items = masked;
    else if (n % 7 == 2)
        a.record.items = unknown;
    else if (n % 7 == 3)
        a.kind = DELIB_ANSWER_FAILED;
    else if (n % 7 == 4)
        a.kind = DELIB_ANSWER_REFUSED;
    if (a.kind != DELIB_ANSWER_VALUE) {
        a.code = "code";
        a.message = "une phrase pour la famille";
    }
    return delib_session_answer(session, id, &a);
}

static void compute(delib_session *session, delib_tariff tariff, unsigned n, delib_result *result)
{
    const delib_value rank = { .kind = DELIB_VALUE_NUMBER, .units = 1 + n % 4 };
    delib_status status;

    assert_int_equal(delib_session_set_text(session, "résident", n % 5 ? "oui" : "non"), DELIB_OK);
    assert_int_equal(delib_session_set(session, "rang_enfant", &rank), DELIB_OK);
    if (n % 2)
        assert_int_equal(delib_session_set_text(session, "qf", n % 11 ? "622" : "12,5"), DELIB_OK);
    if (n % 3)
        assert_int_equal(delib_session_set_text(session, "sans_emploi", n % 13 ? "oui" : NULL), DELIB_OK);
    while ((status = delib_evaluate(session, tariff, result)) == DELIB_PENDING) {
        delib_request request;

        while (delib_session_request(session, 0, &request) == DELIB_OK)
            assert_int_equal(answer(session, request.id, request.function, n), DELIB_OK);
    }
    assert_int_equal(status, DELIB_OK);
}

static delib_session *new_session(delib_program *program, const char *date, int ask)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = NULL;

    options.date = date;
    options.today = "2026-11-23";
    options.ask_sources = ask;
    options.record = 1;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

static void check_ok(delib_status status, const delib_io_journal *journal)
{
    delib_diagnostic diagnostic;

    if (status == DELIB_INVALID && delib_io_journal_diagnostic(journal, 0, &diagnostic) == DELIB_OK)
        fail_msg("%s", diagnostic.printed);
    assert_int_equal(status, DELIB_OK);
}

static delib_io_journal *open_journal(int deferred)
{
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    delib_io_journal *journal = NULL;

    options.deferred = deferred;
    check_ok(delib_io_journal_open(path, &options, &journal), journal);
    return journal;
}

static void count_progress(void *context, uint64_t lines)
{
    unsigned *called = context;

    assert_int_equal(lines, 1000 * (uint64_t)++*called);
}

static delib_io_audit_report audit(int replay, delib_status expected)
{
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit_report report = { 0 };
    delib_io_audit *done = NULL;
    delib_diagnostic diagnostic;
    delib_status status;
    unsigned called = 0;

    options.replay = replay;
    options.progress = count_progress;
    options.context = &called;
    status = delib_io_audit_run(path, &options, &done);
    if (status != expected && delib_io_audit_diagnostic(done, 0, &diagnostic) == DELIB_OK)
        fail_msg("%s", diagnostic.printed);
    assert_int_equal(status, expected);
    assert_int_equal(delib_io_audit_report_get(done, &report), DELIB_OK);
    assert_int_equal(called, report.lines / 1000);
    delib_io_audit_free(done);
    return report;
}

/* ---- A decision ready to be recorded ---- */

struct office {
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_result result;
};

static void open_office(struct office *o)
{
    remove_all();
    assert_int_equal(delib_engine_new(NULL, &o->engine), DELIB_OK);
    o->program = act_compile(o->engine, "examples/cantine/cantine.delib.md");
    o->session = new_session(o->program, "2026-11-23", 1);
    compute(o->session, 0, 14, &o->result);
}

static void close_office(struct office *o)
{
    delib_session_free(o->session);
    delib_program_release(o->program);
    delib_engine_free(o->engine);
}

#endif
