/*
 * What a host gets wrong and the library sees: structures made without their _INIT, trees of values whose pointers are
 * not there, module readers that promise bytes, results that no evaluation gave, texts that are not UTF-8. Each ends as
 * a status, and what was there stays as it was. NULL for every pointer: tests/embarquer/run-null.py.
 */
#include "lang/text.h"
#include "runtime/delib_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char act[] = "entrée enfants : entier de 1 à 9 « Combien d'enfants ? »\n"
                          "entrée âges : liste de entier de 0 à 20, au plus 9 « Âges » facultatif\n"
                          "source ancienneté « ancienneté » : portail.anciennete(demandeur)\n"
                          "  à défaut, sur justificatif « attestation »\n"
                          "tarif cantine « Cantine » en € par repas\n"
                          "  prix selon ancienneté\n"
                          "    moins de 5 : 3,00 €\n"
                          "    à partir de 5 : 2,00 €\n"
                          "    non communiqué : 4,00 €\n"
                          "  fin\n"
                          "  exception nombreuse si enfants ≥ 3 : 1,00 €\n"
                          "fin tarif\n";

struct host {
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
};

static delib_program *compile(delib_engine *engine, const char *text, delib_module_reader reader, void *context,
                              delib_status expected)
{
    delib_source source = { "acte.delib", text, strlen(text) };
    delib_program *program = NULL;

    assert_int_equal(delib_compile(engine, &source, reader, context, &program), expected);
    return program;
}

static delib_session *session_of(delib_program *program, int ask_sources)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = NULL;

    options.date = "2026-11-23";
    options.ask_sources = ask_sources;
    options.record = 1;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

static int open_host(void **state)
{
    static struct host host;
    const delib_field field = { "valeur", "entier", NULL, 0, 120, 0 };
    delib_function function = DELIB_FUNCTION_INIT;

    function.name = "portail.anciennete";
    function.label = "ancienneté dans la commune";
    function.channel = "Portail famille";
    function.category = "communale";
    function.fields = &field;
    function.field_count = 1;
    assert_int_equal(delib_engine_new(NULL, &host.engine), DELIB_OK);
    assert_int_equal(delib_engine_add_function(host.engine, &function, NULL), DELIB_OK);
    host.program = compile(host.engine, act, NULL, NULL, DELIB_OK);
    host.session = session_of(host.program, 1);
    *state = &host;
    return 0;
}

static int close_host(void **state)
{
    struct host *host = *state;

    delib_session_free(host->session);
    delib_program_release(host->program);
    delib_engine_free(host->engine);
    return 0;
}

/* ------------------------------------------------------------------ structures without their size */

/* A structure that only zeroes made would lose its limits, its date or its inputs without a word. */
static void test_options_without_size(void **state)
{
    struct host *host = *state;
    delib_options options = { .memory_limit = 1 << 20 };
    delib_session_options session = { .date = "2026-11-23" };
    delib_check_options check = { .step_limit = 10 };
    delib_batch_options batch = { .date = "2026-11-23" };
    delib_io_driver_options driver = { .cache_entries = 1 };
    delib_io_journal_options journal = { .existing = 1 };
    delib_io_audit_options audit = { .replay = 1 };
    delib_io_limits limits = { .depth_limit = 1 };
    delib_io_config *config = NULL;
    void *out;

    for (size_t size = 0; size <= sizeof(size_t); size++) {
        options.size = session.size = check.size = batch.size = driver.size = journal.size = audit.size = size;
        limits.size = size;
        assert_int_equal(delib_engine_new(&options, (delib_engine **)&out), DELIB_MISUSE);
        assert_int_equal(delib_session_new(host->program, &session, (delib_session **)&out), DELIB_MISUSE);
        assert_int_equal(delib_check_new(host->program, &check, (delib_check **)&out), DELIB_MISUSE);
        assert_int_equal(delib_batch_new(host->program, &batch, NULL, (delib_batch **)&out), DELIB_MISUSE);
        assert_int_equal(delib_io_document_read("d", "{}", 2, DELIB_IO_JSON, &limits, (delib_io_document **)&out),
                         DELIB_MISUSE);
        assert_int_equal(delib_io_config_local("http://127.0.0.1:9", &config), DELIB_OK);
        assert_int_equal(delib_io_driver_new(config, &driver, (delib_io_driver **)&out), DELIB_MISUSE);
        delib_io_config_free(config);
        assert_int_equal(delib_io_journal_open("journal", &journal, (delib_io_journal **)&out), DELIB_MISUSE);
        assert_int_equal(delib_io_audit_run("journal", &audit, (delib_io_audit **)&out), DELIB_MISUSE);
        assert_null(out);
    }
}

/* A host compiled with a later header, whose structure is longer. */
static void test_options_of_a_later_header(void **state)
{
    struct host *host = *state;
    struct { delib_session_options options; char more[64]; } later = { DELIB_SESSION_OPTIONS_INIT, "" };
    delib_session_context context;
    delib_session *session;

    later.options.size = sizeof later;
    later.options.date = "2026-11-23";
    assert_int_equal(delib_session_new(host->program, &later.options, &session), DELIB_OK);
    assert_int_equal(delib_session_describe(session, &context), DELIB_OK);
    assert_string_equal(context.date, "2026-11-23");
    delib_session_free(session);
}

static void test_batch_without_its_inputs(void **state)
{
    struct host *host = *state;
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch *batch;

    options.input_count = 2;
    assert_int_equal(delib_batch_new(host->program, &options, NULL, &batch), DELIB_MISUSE);
}

/* ------------------------------------------------------------------ values */

static const delib_value seven = { .kind = DELIB_VALUE_NUMBER, .units = 7 };
static const char *const no_name[] = { NULL }, *const valeur[] = { "valeur" };

/* What can be given for a datum or answered for a source, and is not there. */
static const delib_value broken[] = {
    { .kind = (delib_value_kind)99 },
    { .kind = (delib_value_kind)-1 },
    { .kind = DELIB_VALUE_TEXT },
    { .kind = DELIB_VALUE_LIST, .count = 3 },
    { .kind = DELIB_VALUE_RECORD, .count = 1 },
    { .kind = DELIB_VALUE_RECORD, .count = 1, .items = &seven },
    { .kind = DELIB_VALUE_RECORD, .count = 1, .names = valeur },
    { .kind = DELIB_VALUE_RECORD, .count = 1, .items = &seven, .names = no_name },
};

static void test_broken_values(void **state)
{
    struct host *host = *state;
    delib_io_demande *demande;
    delib_io_json *json;
    const char *text;
    delib_value around = { .kind = DELIB_VALUE_LIST, .count = 1 };

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        around.items = &broken[i];
        for (const delib_value *value = &around; value; value = value == &around ? &broken[i] : NULL) {
            assert_int_equal(delib_session_set(host->session, "âges", value), DELIB_MISUSE);
            assert_int_equal(delib_session_suppose(host->session, "âges", value), DELIB_MISUSE);
            assert_int_equal(delib_io_demande_from("d", value, &demande), DELIB_MISUSE);
            assert_int_equal(delib_io_json_new(&json), DELIB_OK);
            delib_io_json_value(json, NULL, value);
            assert_int_equal(delib_io_json_finish(json, 0, &text, NULL), DELIB_MISUSE);
            delib_io_json_free(json);
        }
    }
}

/* `text` says something of a text and of what is absent; elsewhere a host may leave there what its stack held. */
static void test_members_that_a_kind_does_not_have(void **state)
{
    struct host *host = *state;
    const char *const nowhere = (const char *)(uintptr_t)1;
    const delib_value number = { .kind = DELIB_VALUE_NUMBER, .units = 3, .text = nowhere,
                                 .items = (const delib_value *)nowhere, .count = 9 };
    const delib_value list = { .kind = DELIB_VALUE_LIST, .count = 1, .items = &number, .text = nowhere,
                               .names = (const char *const *)nowhere };
    const delib_value demande = { .kind = DELIB_VALUE_RECORD, .text = nowhere };
    delib_result result;
    delib_io_demande *read;

    assert_int_equal(delib_session_set(host->session, "enfants", &number), DELIB_OK);
    assert_int_equal(delib_session_set(host->session, "âges", &list), DELIB_OK);
    assert_int_equal(delib_evaluate(host->session, 0, &result), DELIB_OK);
    assert_int_equal(result.units, 100);
    assert_int_equal(delib_io_demande_from("d", &demande, &read), DELIB_OK);
    delib_io_demande_free(read);
}

/* Lists within lists, deeper than any type: told before anything follows them down. */
static void test_bottomless_value(void **state)
{
    struct host *host = *state;
    delib_value *levels = calloc(100001, sizeof *levels);

    assert_non_null(levels);
    for (size_t i = 0; i < 100000; i++)
        levels[i] = (delib_value){ .kind = DELIB_VALUE_LIST, .count = 1, .items = &levels[i + 1] };
    assert_int_equal(delib_session_set(host->session, "âges", levels), DELIB_MISUSE);
    free(levels);
}

/* Whatever a name is made of, what is told of it is one line of UTF-8. */
static void test_names_that_are_no_text(void **state)
{
    struct host *host = *state;
    char name[1000];
    const char *told;

    assert_int_equal(delib_session_set_text(host->session, "\xFFqf\n\x1B[31m", "1"), DELIB_INVALID);
    told = delib_session_error(host->session);
    assert_string_equal(told, "cet acte ne demande aucune donnée « \xEF\xBF\xBDqf \xEF\xBF\xBD[31m »");
    for (size_t length = 150; length < 260; length++) {       /* é at every place of the end */
        memset(name, 'a', length % 2);
        for (size_t i = length % 2; i + 1 < length; i += 2)
            memcpy(name + i, "é", 3);
        assert_int_equal(delib_session_set_text(host->session, name, "1"), DELIB_INVALID);
        assert_int_equal(utf8_validate(told, strlen(told)), strlen(told));
    }
    assert_string_equal(told + strlen(told) - strlen("é…"), "é…");
}

static void test_sentences_agree(void **state)
{
    struct host *host = *state;
    const delib_value seven_years = { .kind = DELIB_VALUE_TEXT, .text = "sept" };

    assert_int_equal(delib_session_set(host->session, "âges", &seven_years), DELIB_INVALID);
    assert_string_equal(delib_session_error(host->session), "« âges » : une liste est attendue");
    assert_int_equal(delib_session_set(host->session, "enfants", &seven_years), DELIB_INVALID);
    assert_string_equal(delib_session_error(host->session), "« enfants » : un nombre entier est attendu");
}

/* ------------------------------------------------------------------ answers */

static delib_status answer(struct host *host, const delib_answer *given)
{
    delib_value two = { .kind = DELIB_VALUE_NUMBER, .units = 2 };
    delib_request request;
    delib_result result;

    delib_session_reset(host->session);
    assert_int_equal(delib_session_set(host->session, "enfants", &two), DELIB_OK);
    assert_int_equal(delib_evaluate(host->session, 0, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request(host->session, 0, &request), DELIB_OK);
    return delib_session_answer(host->session, request.id, given);
}

static void test_broken_answers(void **state)
{
    struct host *host = *state;
    const delib_value record = { .kind = DELIB_VALUE_RECORD, .count = 1, .items = &seven, .names = valeur };
    delib_answer given = { .size = sizeof given, .record = record };
    delib_result result;

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        given.record = broken[i];
        assert_int_equal(answer(host, &given), DELIB_MISUSE);
    }
    given.record = seven;                                       /* a value alone is not a record */
    assert_int_equal(answer(host, &given), DELIB_MISUSE);
    given.record = record;
    given.kind = (delib_answer_kind)55;
    assert_int_equal(answer(host, &given), DELIB_MISUSE);
    given.kind = DELIB_ANSWER_VALUE;
    given.size = 0;
    assert_int_equal(answer(host, &given), DELIB_MISUSE);
    given.size = sizeof given;
    assert_int_equal(delib_session_request_count(host->session), 1);      /* it still waits */
    assert_int_equal(answer(host, &given), DELIB_OK);
    assert_int_equal(delib_evaluate(host->session, 0, &result), DELIB_OK);
    assert_int_equal(result.units, 200);
    assert_int_equal(delib_session_answer(host->session, 0, &given), DELIB_MISUSE);       /* twice */
}

/* A name mistyped in the host's program would price the family as one whose datum was refused. */
static void test_answer_with_another_field(void **state)
{
    static const char *const mistyped[] = { "valeurs" };
    struct host *host = *state;
    delib_answer given = DELIB_ANSWER_INIT;

    given.record.count = 1;
    given.record.items = &seven;
    given.record.names = mistyped;
    assert_int_equal(answer(host, &given), DELIB_INVALID);
    assert_string_equal(delib_session_error(host->session),
                        "la source « portail.anciennete » n'a pas de champ « valeurs »");
    assert_int_equal(delib_session_request_count(host->session), 1);
    given.record.names = valeur;
    assert_int_equal(answer(host, &given), DELIB_OK);
}

/* ------------------------------------------------------------------ module readers */

static delib_status give(void *context, const char *name, delib_source *out)
{
    (void)name;
    *out = *(const delib_source *)context;
    return DELIB_OK;
}

static void test_reader_without_bytes(void **state)
{
    struct host *host = *state;
    static const char *const acts[] = {
        "utilise barèmes\ntarif t en €\n  prix 1,00 €\nfin tarif\n",
        "délibération \"1\" du 1er juin 2026\n  document \"acte.txt\"\nfin\n"
        "tarif t en €\n  prix 1,00 €\n    cite article 1 « Un euro. »\nfin tarif\n",
        "entrée a : oui_non « A »\nentrée b : oui_non « B »\n"
        "tarif t en €\n  prix grille en € selon a et b depuis \"grille.csv\"\n  fin\nfin tarif\n",
    };
    delib_source promised = { "barèmes.delib", NULL, 100000 };

    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        delib_program *program = compile(host->engine, acts[i], give, &promised, DELIB_INVALID);
        delib_diagnostic diagnostic;

        assert_int_equal(delib_program_diagnostic(program, 0, &diagnostic), DELIB_OK);
        if (!strstr(diagnostic.message, "introuvable"))
            fail_msg("%s", diagnostic.printed);
        delib_program_release(program);
    }
}

static void test_reader_without_name(void **state)
{
    struct host *host = *state;
    const char module[] = "entrée réside : oui_non « Réside ? »\n";
    delib_source given = { NULL, module, sizeof module - 1 };
    delib_text text;
    delib_program *program = compile(host->engine, "utilise barèmes\ntarif t en €\n  prix 1,00 €\n"
                                                   "  exception e si non réside : 2,00 €\nfin tarif\n",
                                     give, &given, DELIB_OK);

    assert_int_equal(delib_program_text(program, 1, &text), DELIB_OK);
    assert_string_equal(text.name, "barèmes");
    delib_program_release(program);
}

/* ------------------------------------------------------------------ callbacks of the driver */

/* What the host does when it is asked for its own source. */
struct asked {
    struct host *host;
    delib_io_driver *driver;
    delib_status status;
    enum { ANSWER, ANSWER_TWICE, RESET, EVALUATE, START, NEXT, FREE } deed;
    unsigned calls;
};

static delib_status when_asked(void *context, const delib_io_demande *demande, const delib_request *request,
                               delib_answer *out)
{
    struct asked *asked = context;
    delib_session *session = asked->host->session;
    delib_io_job job = { .demande = demande, .session = session };
    delib_result result;

    asked->calls++;
    out->kind = DELIB_ANSWER_VALUE;
    out->record = (delib_value){ .kind = DELIB_VALUE_RECORD, .count = 1, .items = &seven, .names = valeur };
    switch (asked->deed) {
    case ANSWER: break;
    case ANSWER_TWICE: assert_int_equal(delib_session_answer(session, request->id, out), DELIB_OK); break;
    case RESET: delib_session_reset(session); break;
    case EVALUATE: assert_int_equal(delib_io_evaluate(asked->driver, NULL, session, 0, &result), DELIB_MISUSE); break;
    case START: assert_int_equal(delib_io_start(asked->driver, &job), DELIB_MISUSE); break;
    case NEXT: assert_null(delib_io_next(asked->driver)); break;
    case FREE: delib_io_driver_free(asked->driver); break;
    }
    return asked->status;
}

static delib_status drive(struct asked *asked, delib_result *result)
{
    const delib_value two = { .kind = DELIB_VALUE_NUMBER, .units = 2 };

    delib_session_reset(asked->host->session);
    delib_session_set(asked->host->session, "enfants", &two);
    asked->calls = 0;
    return delib_io_evaluate(asked->driver, NULL, asked->host->session, 0, result);
}

static void test_callbacks(void **state)
{
    static const struct { int deed; delib_status status, expected; } cases[] = {
        { ANSWER, DELIB_OK, DELIB_OK },
        { ANSWER, DELIB_PENDING, DELIB_MISUSE },                /* it answers at once, or not at all */
        { ANSWER, DELIB_NO_MEMORY, DELIB_NO_MEMORY },
        { ANSWER, (delib_status)99, DELIB_MISUSE },
        { ANSWER, (delib_status)-1, DELIB_MISUSE },
        { ANSWER_TWICE, DELIB_OK, DELIB_MISUSE },
        { RESET, DELIB_OK, DELIB_MISUSE },
        { EVALUATE, DELIB_OK, DELIB_OK },
        { START, DELIB_OK, DELIB_OK },
        { NEXT, DELIB_OK, DELIB_OK },
        { FREE, DELIB_OK, DELIB_OK },
    };
    struct asked asked = { .host = *state };
    delib_io_driver_options options = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_config *config;
    delib_result result;

    options.answer = when_asked;
    options.context = &asked;
    assert_int_equal(delib_io_config_local("http://127.0.0.1:9", &config), DELIB_OK);
    assert_int_equal(delib_io_driver_new(config, &options, &asked.driver), DELIB_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        asked.deed = cases[i].deed;
        asked.status = cases[i].status;
        assert_int_equal(drive(&asked, &result), cases[i].expected);
        assert_int_equal(asked.calls, 1);
        asked.deed = ANSWER;
        asked.status = DELIB_OK;
        assert_int_equal(drive(&asked, &result), DELIB_OK);       /* and the driver still works */
        assert_int_equal(result.units, 200);
    }
    delib_io_driver_free(asked.driver);
    delib_io_config_free(config);
}

/* ------------------------------------------------------------------ journal */

/* What nothing computed, or what was computed of other data, is never recorded as a decision. */
static void test_decisions_that_were_not_made(void **state)
{
    struct host *host = *state;
    const delib_value two = { .kind = DELIB_VALUE_NUMBER, .units = 2 };
    const delib_value three = { .kind = DELIB_VALUE_NUMBER, .units = 3 };
    char folder[] = "/tmp/delib-host-XXXXXX", path[64], command[64];
    delib_session *session = session_of(host->program, 0);
    delib_io_journal *journal;
    delib_io_audit *audit;
    delib_io_audit_options replay = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit_report report;
    delib_result result = { 0 }, other;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/journal", folder);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(delib_io_journal_open(path, NULL, &journal), DELIB_OK);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_MISUSE);
    delib_session_set(session, "enfants", &three);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    other = result;
    other.units++;
    assert_int_equal(delib_io_journal_record(journal, session, 0, &other, NULL), DELIB_MISUSE);
    other = result;
    other.statut = DELIB_NON_PREVU;
    assert_int_equal(delib_io_journal_record(journal, session, 0, &other, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(journal, session, 7, &result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_OK);
    delib_session_set(session, "enfants", &two);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_MISUSE);
    delib_session_suppose(session, "enfants", &three);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    delib_session_reset(session);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_explore(session, 0), DELIB_OK);
    assert_int_equal(delib_io_journal_record(journal, session, 0, &result, NULL), DELIB_MISUSE);
    delib_io_journal_free(journal);
    delib_session_free(session);
    replay.replay = 1;
    replay.engine = host->engine;
    assert_int_equal(delib_io_audit_run(path, &replay, &audit), DELIB_OK);
    assert_int_equal(delib_io_audit_report_get(audit, &report), DELIB_OK);
    assert_int_equal(report.decisions, 1);
    assert_int_equal(report.identical, 1);
    delib_io_audit_free(audit);
    assert_int_equal(system(command), 0);
}

/* A handle opened before fork() is used by parent and children: the chain is one all the same. */
static void test_journal_across_fork(void **state)
{
    enum { CHILDREN = 4, EACH = 25 };
    struct host *host = *state;
    const delib_value three = { .kind = DELIB_VALUE_NUMBER, .units = 3 };
    char folder[] = "/tmp/delib-host-XXXXXX", path[64], command[64];
    delib_session *session = session_of(host->program, 0);
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    delib_io_journal *journal;
    delib_io_audit *audit;
    delib_io_audit_report report;
    delib_result result;
    int refused = 0, ended;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/journal", folder);
    snprintf(command, sizeof command, "rm -r %s", folder);
    options.deferred = 1;
    assert_int_equal(delib_io_journal_open(path, &options, &journal), DELIB_OK);
    delib_session_set(session, "enfants", &three);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    for (int child = 0; child < CHILDREN; child++)
        if (fork() == 0) {
            for (int i = 0; i < EACH; i++)
                refused += delib_io_journal_record(journal, session, 0, &result, NULL) != DELIB_OK;
            _exit(refused);
        }
    for (int i = 0; i < EACH; i++)
        refused += delib_io_journal_record(journal, session, 0, &result, NULL) != DELIB_OK;
    for (int child = 0; child < CHILDREN; child++) {
        assert_true(wait(&ended) > 0 && WIFEXITED(ended));
        refused += WEXITSTATUS(ended);
    }
    assert_int_equal(refused, 0);
    assert_int_equal(delib_io_audit_run(path, NULL, &audit), DELIB_OK);
    assert_int_equal(delib_io_audit_report_get(audit, &report), DELIB_OK);
    assert_int_equal(report.decisions, (CHILDREN + 1) * EACH);
    delib_io_audit_free(audit);
    delib_io_journal_free(journal);
    delib_session_free(session);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_options_without_size, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_options_of_a_later_header, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_batch_without_its_inputs, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_broken_values, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_members_that_a_kind_does_not_have, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_bottomless_value, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_names_that_are_no_text, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_sentences_agree, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_broken_answers, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_answer_with_another_field, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_reader_without_bytes, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_reader_without_name, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_callbacks, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_decisions_that_were_not_made, open_host, close_host),
        cmocka_unit_test_setup_teardown(test_journal_across_fork, open_host, close_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
