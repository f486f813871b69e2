/*
 * What a written policy promises: decisions purged on the day that it says, none before, answers protected as all that
 * they serve.
 */
#include "journal_fixture.h"

#include "lang/date.h"
#include "runtime/edge/edge_journal.h"

static void write_policy(const char *text)
{
    char name[80];
    FILE *file;

    snprintf(name, sizeof name, "%s.politique.yaml", path);
    file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool journal_has(const char *words)
{
    struct arena arena;
    struct slice text;
    bool found;

    arena_init(&arena, edge_allocator(), 0);
    assert_int_equal(edge_journal_read_file(&arena, path, 1 << 20, &text), 0);
    found = strstr(text.bytes, words) != NULL;
    arena_release(&arena);
    return found;
}

static int64_t clock_of(void *context)
{
    const int64_t *now = context;

    return *now;
}

static int64_t instant(const char *day)
{
    struct date date;

    assert_true(date_parse(slice_of(day), &date));
    return (int64_t)date_to_days(date) * 86400;
}

static void a_purge_keeps_what_the_policy_says(void **state)
{
    static const char plain[] = "tarif t en €\n  prix 1 €\nfin\n";
    static const struct { const char *day; bool of_childhood; } entries[] = {
        { "2015-01-01", true }, { "2024-01-01", false }, { "2024-01-01", true }, { "2021-11-22", true },
        { "2021-11-23", true }, { "2026-01-01", false },
    };
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    delib_io_journal_purge_options purge = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    delib_io_journal *journal = NULL;
    delib_io_audit_report report;
    delib_program *other;
    delib_session *session;
    delib_result result;
    struct office o;
    int64_t now = 0;
    uint64_t purged = 7;

    (void)state;
    open_office(&o);
    other = act_compile_text(o.engine, "plain.delib", plain, sizeof plain - 1);
    session = new_session(other, NULL, 0);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    write_policy("conservation: { par_defaut: 18 mois, tarification_enfance: 5 ans }\n");
    options.wall_clock = clock_of;
    options.context = &now;
    check_ok(delib_io_journal_open(path, &options, &journal), journal);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        now = instant(entries[i].day);
        check_ok(delib_io_journal_record(journal, entries[i].of_childhood ? o.session : session, 0,
                                         entries[i].of_childhood ? &o.result : &result, NULL), journal);
    }
    purge.today = "hier";
    assert_int_equal(delib_io_journal_purge(journal, &purge, &purged), DELIB_MISUSE);
    purge.today = "2026-11-23";
    purge.before = "2026-13-01";
    assert_int_equal(delib_io_journal_purge(journal, &purge, &purged), DELIB_MISUSE);
    purge.before = NULL;
    purge.finalite = "tarification_eaje";
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 0);
    purge.finalite = "sans_finalite";
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 1);
    assert_true(journal_has("\"numéros\":\"2\""));
    purge.finalite = NULL;
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 2);
    assert_true(journal_has("\"numéros\":\"1,4\""));
    /* A day as people write it is that day, not letters compared with digits. */
    purge.before = "3 mai 2015";
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 0);
    purge.before = NULL;
    /* The day of the clock, when none is given: five years later everything of childhood goes too. */
    purge.today = NULL;
    now = instant("2031-11-24");
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 3);
    delib_io_journal_free(journal);
    report = audit(1, DELIB_OK);
    assert_int_equal(report.decisions, 6);
    assert_int_equal(report.purged, 6);
    assert_int_equal(report.entries, 9);
    delib_session_free(session);
    delib_program_release(other);
    close_office(&o);
}

/* Of the six months before 31 August, February has gone whole: no day of today's number is needed there. */
static void the_end_of_a_month_is_a_day_like_others(void **state)
{
    static const struct { const char *day, *today; uint64_t purged; } cases[] = {
        { "2026-02-28", "2026-08-28", 0 }, { "2026-02-28", "2026-08-29", 1 }, { "2026-02-28", "2026-08-31", 1 },
        { "2026-03-01", "2026-08-31", 0 }, { "2026-03-01", "2026-09-01", 0 }, { "2026-03-01", "2026-09-02", 1 },
        { "2024-02-29", "2024-08-30", 1 }, { "2024-02-29", "2024-08-29", 0 }, { "2026-03-01", "0100-01-01", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
        delib_io_journal_purge_options purge = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
        delib_io_journal *journal = NULL;
        struct office o;
        int64_t now = instant(cases[i].day);
        uint64_t purged = 7;

        open_office(&o);
        write_policy("conservation: { par_defaut: 6 mois }\n");
        options.wall_clock = clock_of;
        options.context = &now;
        check_ok(delib_io_journal_open(path, &options, &journal), journal);
        check_ok(delib_io_journal_record(journal, o.session, 0, &o.result, NULL), journal);
        purge.today = cases[i].today;
        check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
        if (purged != cases[i].purged)
            fail_msg("%s, on %s: %u", cases[i].day, cases[i].today, (unsigned)purged);
        delib_io_journal_free(journal);
        close_office(&o);
    }
}

/* What is not named is kept for ever when the policy says nothing of it. */
static void what_the_policy_does_not_name_is_kept(void **state)
{
    delib_io_journal_purge_options purge = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    delib_io_journal *journal;
    struct office o;
    uint64_t purged = 7;

    (void)state;
    open_office(&o);
    write_policy("conservation: { tarification_eaje: 1 mois }\n");
    journal = open_journal(0);
    check_ok(delib_io_journal_record(journal, o.session, 0, &o.result, NULL), journal);
    purge.today = "2999-01-01";
    check_ok(delib_io_journal_purge(journal, &purge, &purged), journal);
    assert_int_equal(purged, 0);
    delib_io_journal_free(journal);
    assert_int_equal(audit(1, DELIB_OK).identical, 1);
    close_office(&o);
}

/* One answer serves two data: in clear for one, it would tell what the other hides. */
static void an_answer_is_as_protected_as_all_that_it_serves(void **state)
{
    static const char text[] =
        "source visible : api_particulier.quotient_familial(demandeur)\n  à défaut sur justificatif\n"
        "source cachée : api_particulier.quotient_familial(demandeur)\n  à défaut sur justificatif\n"
        "tarif cantine en €\n  finalité tarification_enfance\n  prix 1 €\n"
        "    non communiqué : non prévu\n    source indisponible : non prévu\n"
        "  exception si visible + cachée > 1000 : 2 €\n"
        "    non communiqué : non prévu\n    source indisponible : non prévu\nfin\n";
    char folder_of_keys[64], policy[512];
    delib_io_journal_keys keys;
    const char *problem = NULL;
    delib_engine *engine = NULL;
    delib_program *program;
    delib_session *session;
    delib_io_journal *journal;
    delib_result result;

    (void)state;
    remove_all();
    snprintf(folder_of_keys, sizeof folder_of_keys, "%s/k", folder);
    assert_int_equal(delib_io_journal_make_keys(folder_of_keys, &keys, &problem), DELIB_OK);
    snprintf(policy, sizeof policy, "donnees: { par_defaut: clair, cachée: chiffré }\n"
                                    "chiffrement: { cle_publique: \"%s\" }\n", keys.box_public);
    write_policy(policy);
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile_text(engine, "deux.delib", text, sizeof text - 1);
    assert_non_null(program);
    session = new_session(program, "2026-11-23", 1);
    while (delib_evaluate(session, 0, &result) == DELIB_PENDING) {
        delib_request request;

        while (delib_session_request(session, 0, &request) == DELIB_OK)
            assert_int_equal(answer(session, request.id, request.function, 14), DELIB_OK);
    }
    journal = open_journal(0);
    check_ok(delib_io_journal_record(journal, session, 0, &result, NULL), journal);
    delib_io_journal_free(journal);
    assert_true(journal_has("\"réponse\":{\"chiffré\":"));
    assert_false(journal_has("CNAF"));
    assert_int_equal(audit(1, DELIB_OK).unreplayable, 1);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    remove_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_purge_keeps_what_the_policy_says),
        cmocka_unit_test(the_end_of_a_month_is_a_day_like_others),
        cmocka_unit_test(what_the_policy_does_not_name_is_kept),
        cmocka_unit_test(an_answer_is_as_protected_as_all_that_it_serves),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
