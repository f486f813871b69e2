/*
 * Journals by the C API: every kind of answer recorded and replayed, several acts and dates in one journal, values
 * that must come back as they were. DELIB_JOURNAL_ENTRIES=100000 measures the replay.
 */
#include "journal_fixture.h"

#include "runtime/edge/edge_journal.h"

#include <sys/resource.h>
#include <time.h>

/* ---- Replay ---- */

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void every_decision_is_replayed(void **state)
{
    static const char *const dates[] = { "2026-09-15", "2026-11-23", "2027-03-01" };
    const char *asked = getenv("DELIB_JOURNAL_ENTRIES");
    const unsigned count = asked ? (unsigned)strtoul(asked, NULL, 10) : 3000;
    delib_engine *engine = NULL;
    delib_program *program;
    delib_session *sessions[6];
    delib_io_journal *journal;
    delib_io_audit_report report;
    unsigned statuts[8] = { 0 };
    double start, written;
    long before;

    (void)state;
    remove_all();
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile(engine, "examples/cantine/cantine.delib.md");
    assert_non_null(program);
    for (unsigned i = 0; i < 6; i++)
        sessions[i] = new_session(program, dates[i % 3], i / 3);
    journal = open_journal(1);
    start = seconds();
    for (unsigned n = 0; n < count; n++) {
        delib_session *session = sessions[n / 100 % 6];
        delib_result result;

        delib_session_reset(session);
        compute(session, 0, n, &result);
        statuts[result.statut]++;
        check_ok(delib_io_journal_record(journal, session, 0, &result, NULL), journal);
    }
    check_ok(delib_io_journal_sync(journal), journal);
    written = seconds();
    delib_io_journal_free(journal);
    before = peak_kib();
    report = audit(1, DELIB_OK);
    print_message("%u entries: written %.0f/s, verified and replayed %.0f/s, %ld KiB more\n", count,
                  count / (written - start), count / (seconds() - written), peak_kib() - before);
    assert_int_equal(report.decisions, count);
    assert_int_equal(report.identical, count);
    assert_int_equal(report.unreplayable, 0);
    /* The families of this test come to every kind of end. */
    assert_true(statuts[DELIB_CALCULE] && statuts[DELIB_A_COMPLETER] && statuts[DELIB_DONNEE_INVALIDE]);
    for (unsigned i = 0; i < 6; i++)
        delib_session_free(sessions[i]);
    delib_program_release(program);
    delib_engine_free(engine);
}

/* ---- Values ---- */

static void same_value(const delib_value *a, const delib_value *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->boolean, b->boolean);
    assert_true(a->units == b->units);
    assert_int_equal(a->scale, b->scale);
    assert_true((a->text == NULL) == (b->text == NULL) && (!a->text || strcmp(a->text, b->text) == 0));
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        same_value(&a->items[i], &b->items[i]);
        if (a->kind == DELIB_VALUE_RECORD)
            assert_string_equal(a->names[i], b->names[i]);
    }
}

static void values_come_back(void **state)
{
    static const char *const names[] = { "absent", "nombre" };
    static const delib_value items[] = {{.kind = DELIB_VALUE_BOOLEAN, .boolean = 1}, {.kind = DELIB_VALUE_ABSENT}};
    static const delib_value cases[] = {
        { .kind = DELIB_VALUE_ABSENT },
        { .kind = DELIB_VALUE_ABSENT, .text = "date illisible" },
        { .kind = DELIB_VALUE_ABSENT, .text = "" },
        { .kind = DELIB_VALUE_NOT_GRANTED },
        { .kind = DELIB_VALUE_BOOLEAN },
        { .kind = DELIB_VALUE_TEXT, .text = "é « \\\" \x01 " },
        { .kind = DELIB_VALUE_TEXT, .text = "" },
        { .kind = DELIB_VALUE_NUMBER, .units = INT64_MIN },
        { .kind = DELIB_VALUE_NUMBER, .units = INT64_MAX, .scale = 18 },
        { .kind = DELIB_VALUE_NUMBER, .units = INT64_MIN, .scale = 18 },
        { .kind = DELIB_VALUE_NUMBER, .units = 1250, .scale = 2 },
        { .kind = DELIB_VALUE_NUMBER, .units = -5, .scale = 3 },
        { .kind = DELIB_VALUE_NUMBER, .units = 999999999999999 },
        { .kind = DELIB_VALUE_NUMBER, .units = 1000000000000000 },
        { .kind = DELIB_VALUE_LIST, .items = items, .count = 2 },
        { .kind = DELIB_VALUE_LIST },
        { .kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = 2 },
        { .kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = 1 },
        { .kind = DELIB_VALUE_RECORD },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        delib_io_json *json = NULL;
        delib_io_document *document = NULL;
        delib_value back;
        const char *text;
        size_t length;

        arena_init(&arena, edge_allocator(), 0);
        assert_int_equal(delib_io_json_new(&json), DELIB_OK);
        delib_io_json_list(json, NULL);
        edge_journal_write_value(json, NULL, &cases[i]);
        delib_io_json_end(json);
        assert_int_equal(delib_io_json_finish(json, 0, &text, &length), DELIB_OK);
        assert_int_equal(delib_io_document_read("x", text, length, DELIB_IO_JSON, NULL, &document), DELIB_OK);
        assert_true(edge_journal_read_value(&arena, &delib_io_document_root(document)->items[0], &back));
        same_value(&cases[i], &back);
        delib_io_document_free(document);
        delib_io_json_free(json);
        arena_release(&arena);
    }
}

static void foreign_values_are_refused(void **state)
{
    static const char *const bad[] = { "{\"nombre\":\"1e5\"}", "{\"nombre\":\"\"}", "{\"nombre\":\"-\"}",
                                       "{\"nombre\":\"1.2.3\"}", "{\"nombre\":\"99999999999999999999\"}",
                                       "{\"nombre\":\"0.1234567890123456789\"}", "{\"nombre\":5}", "{\"absent\":null}",
                                       "{\"fiche\":[]}", "{}", "{\"autre\":1}", "{\"nombre\":\"1\",\"absent\":\"x\"}",
                                       "{\"fiche\":{\"a\":{}}}" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena arena;
        delib_io_document *document = NULL;
        delib_value value;

        arena_init(&arena, edge_allocator(), 0);
        assert_int_equal(delib_io_document_read("x", bad[i], strlen(bad[i]), DELIB_IO_JSON, NULL, &document), DELIB_OK);
        if (edge_journal_read_value(&arena, delib_io_document_root(document), &value))
            fail_msg("%s", bad[i]);
        delib_io_document_free(document);
        arena_release(&arena);
    }
}

/* ---- What is not recorded ---- */

static void only_what_was_read_is_recorded(void **state)
{
    delib_engine *engine = NULL;
    delib_program *program;
    delib_session *session;
    delib_io_journal *journal;
    delib_result result;
    struct arena arena;
    struct slice text;

    (void)state;
    remove_all();
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile(engine, "examples/cantine/cantine.delib.md");
    session = new_session(program, "2026-11-23", 1);
    journal = open_journal(0);
    /* The source answers: what the family declared for it did not count. */
    assert_int_equal(delib_session_set_text(session, "qf", "777"), DELIB_OK);
    compute(session, 0, 14, &result);
    check_ok(delib_io_journal_record(journal, session, 0, &result, "dossier-1"), journal);
    arena_init(&arena, edge_allocator(), 0);
    assert_int_equal(edge_journal_read_file(&arena, path, 1 << 20, &text), 0);
    assert_null(strstr(text.bytes, "\"777\""));
    assert_null(strstr(text.bytes, "que la règle ne lit pas"));
    assert_non_null(strstr(text.bytes, "dossier-1"));
    assert_non_null(strstr(text.bytes, "\"obtenue\":\"2026-11-23T10:20:30Z\""));
    arena_release(&arena);
    delib_io_journal_free(journal);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
}

/* ---- Several handles, cuts, misuse ---- */

static void two_handles_make_one_chain(void **state)
{
    struct office o;
    delib_io_journal *one, *two;

    (void)state;
    open_office(&o);
    one = open_journal(0);
    two = open_journal(0);
    for (int i = 0; i < 10; i++) {
        check_ok(delib_io_journal_record(i % 3 ? one : two, o.session, 0, &o.result, NULL), one);
    }
    delib_io_journal_free(one);
    delib_io_journal_free(two);
    assert_int_equal(audit(1, DELIB_OK).identical, 10);
    close_office(&o);
}

/* The name leads to another file after a purge: a handle that was open follows it. */
static void a_handle_follows_a_purge(void **state)
{
    delib_io_journal_purge_options options = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    delib_io_audit_report report;
    struct office o;
    delib_io_journal *writer, *purger;
    uint64_t purged = 0;

    (void)state;
    open_office(&o);
    writer = open_journal(0);
    purger = open_journal(0);
    check_ok(delib_io_journal_record(writer, o.session, 0, &o.result, NULL), writer);
    options.before = "2999-01-01";
    check_ok(delib_io_journal_purge(purger, &options, &purged), purger);
    assert_int_equal(purged, 1);
    check_ok(delib_io_journal_record(writer, o.session, 0, &o.result, NULL), writer);
    check_ok(delib_io_journal_purge(purger, &options, &purged), purger);
    assert_int_equal(purged, 1);
    check_ok(delib_io_journal_record(writer, o.session, 0, &o.result, NULL), writer);
    delib_io_journal_free(writer);
    delib_io_journal_free(purger);
    report = audit(1, DELIB_OK);
    assert_int_equal(report.decisions, 3);
    assert_int_equal(report.purged, 2);
    assert_int_equal(report.identical, 1);
    close_office(&o);
}

/* What a power failure leaves: the length is there, the bytes are not. */
static void zeros_at_the_end_are_a_cut_line(void **state)
{
    static const char zeros[700];
    struct office o;
    delib_io_journal *journal;
    delib_diagnostic diagnostic;
    FILE *file;

    (void)state;
    open_office(&o);
    journal = open_journal(0);
    check_ok(delib_io_journal_record(journal, o.session, 0, &o.result, NULL), journal);
    file = fopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(fwrite(zeros, 1, sizeof zeros, file), sizeof zeros);
    assert_int_equal(fclose(file), 0);
    check_ok(delib_io_journal_record(journal, o.session, 0, &o.result, NULL), journal);
    assert_int_equal(delib_io_journal_diagnostic_count(journal), 1);
    assert_int_equal(delib_io_journal_diagnostic(journal, 0, &diagnostic), DELIB_OK);
    assert_false(diagnostic.is_error);
    assert_string_equal(diagnostic.code, "D762");
    delib_io_journal_free(journal);
    assert_int_equal(audit(1, DELIB_OK).identical, 2);
    close_office(&o);
}

/* ---- What cannot be an entry ---- */

static void refused(delib_status status, const delib_io_journal *journal, const char *code, const char *words)
{
    delib_diagnostic diagnostic;

    assert_int_equal(status, DELIB_INVALID);
    assert_int_equal(delib_io_journal_diagnostic(journal, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.code, code);
    if (!strstr(diagnostic.printed, words))
        fail_msg("%s", diagnostic.printed);
}

static void references_that_no_line_can_hold(void **state)
{
    enum { HUGE = 5 << 20 };
    char *huge = malloc(HUGE + 1);
    struct office o;
    delib_io_journal *journal;

    (void)state;
    assert_non_null(huge);
    memset(huge, 'x', HUGE);
    huge[HUGE] = '\0';
    open_office(&o);
    journal = open_journal(0);
    refused(delib_io_journal_record(journal, o.session, 0, &o.result, huge), journal, "D761", "quatre mébioctets");
    refused(delib_io_journal_record(journal, o.session, 0, &o.result, "dossier n\xB0 3"), journal, "D761",
            "n'est pas un texte en UTF-8");
    check_ok(delib_io_journal_record(journal, o.session, 0, &o.result, "dossier \"3\"\\"), journal);
    delib_io_journal_free(journal);
    free(huge);
    assert_int_equal(audit(1, DELIB_OK).identical, 1);
    close_office(&o);
}

/* Two modules of one file, and a document whose bytes the test chooses. */
struct library {
    const char *document;
    size_t length;
};

static delib_status read_library(void *context, const char *name, delib_source *out)
{
    static const char shared[] = "soit taux = 50 %\n";
    const struct library *library = context;

    if (strcmp(name, "acte.txt") == 0)
        *out = (delib_source){ "acte.txt", library->document, library->length };
    else
        *out = (delib_source){ "commun.delib", shared, sizeof shared - 1 };
    return DELIB_OK;
}

static delib_status record_with(const char *document, size_t length, delib_io_journal *journal)
{
    static const char text[] = "délibération\n document \"acte.txt\"\n sans date\nfin\nutilise un\nutilise deux\n"
                               "tarif t en €\n prix taux × 2 €\nfin\n";
    const delib_source act = { "/srv/commune/acte.delib", text, sizeof text - 1 };
    struct library library = { document, length };
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    delib_session *session;
    delib_result result;
    delib_status status;

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &act, read_library, &library, &program), DELIB_OK);
    session = new_session(program, "2026-11-23", 0);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    status = delib_io_journal_record(journal, session, 0, &result, NULL);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return status;
}

static void rules_that_are_no_text_are_refused(void **state)
{
    delib_io_journal *journal;

    (void)state;
    remove_all();
    journal = open_journal(0);
    refused(record_with("vot\xE9", 4, journal), journal, "D767", "n'est pas en UTF-8");
    refused(record_with("voté\0 le 3", 11, journal), journal, "D767", "n'est pas en UTF-8");
    assert_int_equal(audit(1, DELIB_OK).lines, 0);
    /* One file under two names comes back as one file, or its declarations would be there twice. */
    check_ok(record_with("voté", 5, journal), journal);
    delib_io_journal_free(journal);
    assert_int_equal(audit(1, DELIB_OK).identical, 1);
}

static void pointers_that_are_null(delib_io_journal *journal, const struct office *o)
{
    char hash[DELIB_IO_HASH_SIZE];
    delib_io_journal_keys keys;
    delib_io_audit *audited = NULL;
    const char *problem = NULL;
    delib_diagnostic diagnostic;
    uint64_t purged;

    assert_int_equal(delib_io_journal_open(path, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(NULL, o->session, 0, &o->result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(journal, o->session, 0, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_sync(NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_purge(NULL, NULL, &purged), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_diagnostic_count(NULL), 0);
    assert_int_equal(delib_io_journal_diagnostic(NULL, 0, &diagnostic), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_diagnostic(journal, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_run(path, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_run("", NULL, &audited), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_report_get(NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_diagnostic_count(NULL), 0);
    assert_int_equal(delib_io_audit_diagnostic(NULL, 0, &diagnostic), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_run(path, NULL, &audited), DELIB_OK);
    assert_int_equal(delib_io_audit_report_get(audited, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_audit_diagnostic(audited, 0, NULL), DELIB_MISUSE);
    delib_io_audit_free(audited);
    assert_int_equal(delib_io_journal_make_keys(NULL, &keys, &problem), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_make_keys("", &keys, &problem), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_make_keys(path, NULL, &problem), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_make_keys(path, &keys, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_rules_hash(NULL, hash), DELIB_MISUSE);
    assert_int_equal(delib_io_rules_hash(o->program, NULL), DELIB_MISUSE);
}

/* An amount that the session has not computed is not recorded as if it had. */
static void results_of_another_evaluation(delib_io_journal *journal, const struct office *o)
{
    delib_result other = o->result;

    other.units++;
    assert_int_equal(delib_io_journal_record(journal, o->session, 0, &other, NULL), DELIB_MISUSE);
    other = o->result;
    other.scale++;
    assert_int_equal(delib_io_journal_record(journal, o->session, 0, &other, NULL), DELIB_MISUSE);
    other = o->result;
    other.statut = DELIB_SANS_OBJET;
    assert_int_equal(delib_io_journal_record(journal, o->session, 0, &other, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(journal, o->session, 7, &o->result, NULL), DELIB_MISUSE);
}

static void misuse_is_told(void **state)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    struct office o;
    delib_session *forgetful = NULL;
    delib_io_journal *journal, *none = NULL;
    delib_io_audit *audited = NULL;
    delib_result result;
    uint64_t purged;

    (void)state;
    open_office(&o);
    journal = open_journal(0);
    assert_int_equal(delib_session_new(o.program, &options, &forgetful), DELIB_OK);
    compute(forgetful, 0, 14, &result);
    assert_int_equal(delib_io_journal_record(journal, forgetful, 0, &result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_record(journal, NULL, 0, &result, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_open("", NULL, &none), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_open(NULL, NULL, &none), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_purge(journal, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_journal_purge(journal, NULL, &purged), DELIB_INVALID);
    assert_int_equal(delib_io_audit_run(NULL, NULL, &audited), DELIB_MISUSE);
    assert_null(none);
    assert_null(audited);
    pointers_that_are_null(journal, &o);
    results_of_another_evaluation(journal, &o);
    delib_io_journal_free(journal);
    delib_session_free(forgetful);
    assert_int_equal(audit(0, DELIB_OK).lines, 0);
    close_office(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_decision_is_replayed),
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(foreign_values_are_refused),
        cmocka_unit_test(only_what_was_read_is_recorded),
        cmocka_unit_test(two_handles_make_one_chain),
        cmocka_unit_test(a_handle_follows_a_purge),
        cmocka_unit_test(zeros_at_the_end_are_a_cut_line),
        cmocka_unit_test(references_that_no_line_can_hold),
        cmocka_unit_test(rules_that_are_no_text_are_refused),
        cmocka_unit_test(misuse_is_told),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
