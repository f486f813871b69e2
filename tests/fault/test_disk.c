/*
 * A journal on a disk that fails: each call to the system fails in turn, alone or with all that follow, with each error
 * that disks give. Nothing that was told as recorded is lost, the error names the file and the cause, the journal stays
 * whole, and it goes on when the disk is mended, with the same handle or another.
 *
 * The calls of the library come here (the Makefile wraps them), and no others.
 */
#include "tests/unit/act_files.h"

#include "runtime/delib_io.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- The disk ---- */

/* ALONE: the nth call fails; ALL: those that follow too; HALF: the nth, if it writes, stops in the middle, then ALL. */
enum manner { ALONE, ALL, HALF };

static struct {
    bool armed, fired;
    unsigned calls, nth;
    enum manner manner;
    int error;
} disk;

static bool fails(void)
{
    bool failing;

    if (!disk.armed)
        return false;
    failing = disk.calls == disk.nth || (disk.manner != ALONE && disk.calls > disk.nth);
    disk.calls++;
    if (failing) {
        disk.fired = true;
        errno = disk.error;
    }
    return failing;
}

/* Only calls that wait are interrupted. */
static bool fails_at_once(void)
{
    return disk.error != EINTR && fails();
}

#define WRAPPED(type, name, arguments, call, fails) \
    type __real_##name arguments; \
    type __wrap_##name arguments; \
    type __wrap_##name arguments \
    { \
        return fails() ? -1 : __real_##name call; \
    }

WRAPPED(ssize_t, read, (int file, void *bytes, size_t count), (file, bytes, count), fails)
WRAPPED(ssize_t, pread, (int file, void *bytes, size_t count, off_t at), (file, bytes, count, at), fails)
WRAPPED(int, flock, (int file, int operation), (file, operation), fails)
WRAPPED(int, ftruncate, (int file, off_t length), (file, length), fails_at_once)
WRAPPED(off_t, lseek, (int file, off_t at, int whence), (file, at, whence), fails_at_once)
WRAPPED(int, rename, (const char *from, const char *to), (from, to), fails_at_once)
WRAPPED(int, fstat, (int file, struct stat *about), (file, about), fails_at_once)
WRAPPED(int, stat, (const char *path, struct stat *about), (path, about), fails_at_once)
WRAPPED(int, mkdir, (const char *path, mode_t mode), (path, mode), fails_at_once)

ssize_t __real_write(int file, const void *bytes, size_t count);
ssize_t __wrap_write(int file, const void *bytes, size_t count);
ssize_t __wrap_write(int file, const void *bytes, size_t count)
{
    const bool first = disk.calls == disk.nth;

    if (!fails())
        return __real_write(file, bytes, count);
    return disk.manner == HALF && first ? __real_write(file, bytes, count / 2) : -1;
}

/* Closed all the same: what was written late has failed. */
int __real_close(int file);
int __wrap_close(int file);
int __wrap_close(int file)
{
    const int closed = __real_close(file);

    return fails_at_once() ? -1 : closed;
}

/* What a power failure leaves is not asked here: nothing waits for the disk. */
int __wrap_fsync(int file);
int __wrap_fsync(int file)
{
    (void)file;
    return fails_at_once() ? -1 : 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    return fails_at_once() ? -1 : __real_open(path, flags, 0600);
}

/* The stream of a purge writes by itself: it is given a disk that is full. */
FILE *__real_fdopen(int file, const char *mode);
FILE *__wrap_fdopen(int file, const char *mode);
FILE *__wrap_fdopen(int file, const char *mode)
{
    if (!fails_at_once())
        return __real_fdopen(file, mode);
    __real_close(file);
    return fopen("/dev/full", mode);
}

/* ---- The journal ---- */

static char folder[] = "/tmp/delib-disque-XXXXXX";
static char path[64], policy[80], keys[64];
static delib_engine *engine;
static delib_program *program;
static delib_session *session;
static delib_result result;

static int remove_one(const char *name, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    return where->level == 0 ? 0 : remove(name);
}

static void empty_folder(void)
{
    assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void write_text(const char *name, const char *mode, const char *text)
{
    FILE *file = fopen(name, mode);

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int start(void **state)
{
    static const char *const data[][2] = { { "résident", "oui" }, { "qf", "430" }, { "sans_emploi", "oui" } };
    const delib_value rank = { .kind = DELIB_VALUE_NUMBER, .units = 3 };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_status status;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/j", folder);
    snprintf(policy, sizeof policy, "%s.politique.yaml", path);
    snprintf(keys, sizeof keys, "%s/clés", folder);
    options.date = "2026-11-23";
    options.ask_sources = 0;
    options.record = 1;
    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        return -1;
    program = act_compile(engine, "examples/cantine/cantine.delib.md");
    status = delib_session_new(program, &options, &session);
    for (size_t i = 0; i < sizeof data / sizeof *data && status == DELIB_OK; i++)
        status = delib_session_set_text(session, data[i][0], data[i][1]);
    if (status == DELIB_OK)
        status = delib_session_set(session, "rang_enfant", &rank);
    if (status == DELIB_OK)
        status = delib_evaluate(session, 0, &result);
    return status == DELIB_OK && result.statut == DELIB_CALCULE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    empty_folder();
    return rmdir(folder);
}

/* ---- What is tried ---- */

/* What the library told; `said`: its first diagnostic. */
struct attempt {
    delib_status status;
    unsigned recorded;                  /* decisions told as recorded, and synchronised */
    char said[600];
};

static void keep_said(struct attempt *attempt, const delib_io_journal *journal)
{
    delib_diagnostic diagnostic = { .printed = "" };

    for (size_t i = 0; i < delib_io_journal_diagnostic_count(journal) && !diagnostic.is_error; i++)
        assert_int_equal(delib_io_journal_diagnostic(journal, i, &diagnostic), DELIB_OK);
    if (attempt->status == DELIB_INVALID)
        snprintf(attempt->said, sizeof attempt->said, "%s", diagnostic.printed);
}

static bool record(struct attempt *attempt, delib_io_journal *journal)
{
    attempt->status = delib_io_journal_record(journal, session, 0, &result, "dossier");
    attempt->recorded += attempt->status == DELIB_OK;
    if (attempt->status != DELIB_OK)
        keep_said(attempt, journal);
    return attempt->status == DELIB_OK;
}

static delib_io_journal *open_journal(struct attempt *attempt, int deferred)
{
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    delib_io_journal *journal = NULL;

    options.deferred = deferred;
    attempt->status = delib_io_journal_open(path, &options, &journal);
    if (attempt->status == DELIB_OK)
        return journal;
    keep_said(attempt, journal);
    delib_io_journal_free(journal);
    return NULL;
}

/* The disk is mended before the second decision: the handle goes on. */
static struct attempt a_decision_is_recorded(void)
{
    struct attempt attempt = { .status = DELIB_OK }, again = { .status = DELIB_OK };
    delib_io_journal *journal = open_journal(&attempt, 0);

    if (!journal)
        return attempt;
    record(&attempt, journal);
    disk.armed = false;
    if (!record(&again, journal))
        fail_msg("the handle does not go on: %s", again.said);
    attempt.recorded += again.recorded;
    delib_io_journal_free(journal);
    return attempt;
}

static struct attempt decisions_are_synchronised_together(void)
{
    struct attempt attempt = { .status = DELIB_OK };
    delib_io_journal *journal = open_journal(&attempt, 1);
    unsigned recorded;

    if (!journal)
        return attempt;
    if (record(&attempt, journal))
        record(&attempt, journal);
    recorded = attempt.recorded;
    attempt.recorded = 0;
    if (attempt.status == DELIB_OK) {
        attempt.status = delib_io_journal_sync(journal);
        keep_said(&attempt, journal);
        disk.armed = false;
        /* What the disk has lost, asking again does not bring back. */
        assert_int_equal(delib_io_journal_sync(journal), attempt.status);
    }
    if (attempt.status == DELIB_OK)
        attempt.recorded = recorded;
    delib_io_journal_free(journal);
    return attempt;
}

static struct attempt a_journal_is_purged(void)
{
    delib_io_journal_purge_options options = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    struct attempt attempt = { .status = DELIB_OK };
    delib_io_journal *journal = open_journal(&attempt, 0);
    uint64_t purged = 0;

    if (!journal)
        return attempt;
    options.before = "2999-01-01";
    attempt.status = delib_io_journal_purge(journal, &options, &purged);
    keep_said(&attempt, journal);
    if (attempt.status == DELIB_OK && purged != 2)
        fail_msg("%u decisions purged", (unsigned)purged);
    delib_io_journal_free(journal);
    return attempt;
}

/* ---- What is there before ---- */

static void nothing(void)
{
}

static void two_decisions(void)
{
    struct attempt attempt = { .status = DELIB_OK };
    delib_io_journal *journal = open_journal(&attempt, 0);

    assert_non_null(journal);
    assert_true(record(&attempt, journal) && record(&attempt, journal));
    delib_io_journal_free(journal);
}

static void two_decisions_and_a_cut_line(void)
{
    two_decisions();
    write_text(path, "a", "{\"entrée\":{\"format\":1,\"genre\":\"déc");
}

static void a_policy(void)
{
    write_text(policy, "w", "donnees: { par_defaut: clair }\nconservation: { par_defaut: 18 mois }\n");
}

/* ---- Each call fails ---- */

struct scenario {
    void (*prepare)(void);
    unsigned before;                    /* decisions that are there */
    struct attempt (*run)(void);
};

/* The journal as it is found afterwards, on a disk that works. */
static void check_whole(const struct scenario *scenario, const struct attempt *attempt)
{
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit_report report = { 0 };
    delib_diagnostic diagnostic = { .printed = "" };
    struct attempt again = { .status = DELIB_OK };
    delib_io_journal *journal = open_journal(&again, 0);
    delib_io_audit *audit = NULL;
    delib_status status;

    if (!journal || !record(&again, journal))
        fail_msg("call %u: nothing can be recorded any more: %s", disk.nth, again.said);
    delib_io_journal_free(journal);
    options.replay = 1;
    status = delib_io_audit_run(path, &options, &audit);
    delib_io_audit_diagnostic(audit, 0, &diagnostic);
    if (status != DELIB_OK)
        fail_msg("call %u: the journal is not whole: %s", disk.nth, diagnostic.printed);
    assert_int_equal(delib_io_audit_report_get(audit, &report), DELIB_OK);
    if (report.decisions < scenario->before + attempt->recorded + 1)
        fail_msg("call %u: %u decisions were told as recorded, %u are there", disk.nth,
                 scenario->before + attempt->recorded + 1, (unsigned)report.decisions);
    if (report.identical + report.purged != report.decisions)
        fail_msg("call %u: %u decisions identical, %u purged", disk.nth, (unsigned)report.identical,
                 (unsigned)report.purged);
    delib_io_audit_free(audit);
}

/* « impossible de … « J » : the cause »; the stream of a purge is on a disk that is full, whatever the error. */
static void check_said(const struct attempt *attempt, const char *cause)
{
    if (attempt->status != DELIB_INVALID)
        fail_msg("call %u: status %d", disk.nth, attempt->status);
    if (!strstr(attempt->said, folder) ||
        (!strstr(attempt->said, cause) && !strstr(attempt->said, "disque est épuisé")))
        fail_msg("call %u: « %s » does not name the file and « %s »", disk.nth, attempt->said, cause);
}

static void fail_each(const struct scenario *scenario, enum manner manner, int error, const char *cause)
{
    for (unsigned nth = 0; nth < 1000; nth++) {
        struct attempt attempt;
        bool fired;

        empty_folder();
        scenario->prepare();
        disk.armed = true;
        disk.fired = false;
        disk.calls = 0;
        disk.nth = nth;
        disk.manner = manner;
        disk.error = error;
        attempt = scenario->run();
        disk.armed = false;
        fired = disk.fired;
        if (attempt.status != DELIB_OK && (!fired || error == EINTR))
            fail_msg("call %u: status %d: %s", nth, attempt.status, attempt.said);
        if (attempt.status != DELIB_OK)
            check_said(&attempt, cause);
        check_whole(scenario, &attempt);
        if (!fired) {
            assert_true(nth > 5);          /* there was something to fail */
            return;
        }
    }
    fail_msg("never the last call");
}

static void fail_in_every_manner(const struct scenario *scenario)
{
    fail_each(scenario, ALONE, EIO, "le disque a répondu par une erreur");
    fail_each(scenario, ALL, EROFS, "le disque est en lecture seule");
    fail_each(scenario, HALF, ENOSPC, "l'espace disque est épuisé");
    fail_each(scenario, ALONE, EINTR, "");
    fail_each(scenario, ALONE, EINVAL, "ce n'est pas un fichier ordinaire");
}

#define SCENARIO(name, prepare, before, run) \
    static void name(void **state) \
    { \
        static const struct scenario scenario = { prepare, before, run }; \
        (void)state; \
        fail_in_every_manner(&scenario); \
    }

SCENARIO(a_first_decision, nothing, 0, a_decision_is_recorded)
SCENARIO(one_more_decision, two_decisions, 2, a_decision_is_recorded)
SCENARIO(a_decision_after_a_cut_line, two_decisions_and_a_cut_line, 2, a_decision_is_recorded)
SCENARIO(a_decision_under_a_policy, a_policy, 0, a_decision_is_recorded)
SCENARIO(decisions_synchronised_together, two_decisions, 2, decisions_are_synchronised_together)
SCENARIO(a_purge, two_decisions, 2, a_journal_is_purged)

/* ---- Reading, and keys ---- */

/* A journal that could not be read is never told to be intact. */
static void an_audit(void **state)
{
    static const struct { int error; const char *cause;
    } errors[] = {
        {EIO, "disque a répondu par une erreur"},
        {EMFILE, "trop de fichiers sont ouverts"},
        {EACCES, "accès est refusé"},
        {EINTR, ""},
        {ENOTDIR, "n'est pas un dossier"},
        {EBUSY, "système a refusé"},
    };

    (void)state;
    empty_folder();
    two_decisions();
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        bool told = errors[e].error == EINTR;

        for (unsigned nth = 0, fired = true; fired; nth++) {
            delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
            delib_io_audit_report report = { 0 };
            delib_io_audit *audit = NULL;
            delib_diagnostic diagnostic = { .printed = "" };

            options.replay = 1;
            disk.armed = true;
            disk.fired = false;
            disk.calls = 0;
            disk.nth = nth;
            disk.manner = ALONE;
            disk.error = errors[e].error;
            delib_io_audit_run(path, &options, &audit);
            disk.armed = false;
            fired = disk.fired;
            assert_non_null(audit);
            assert_int_equal(delib_io_audit_report_get(audit, &report), DELIB_OK);
            delib_io_audit_diagnostic(audit, 0, &diagnostic);
            if (report.faults == 0 && report.identical != 2)
                fail_msg("error %d, call %u: intact, with %u decisions", errors[e].error, nth,
                         (unsigned)report.identical);
            if (report.faults > 0 && (!fired || errors[e].error == EINTR))
                fail_msg("error %d, call %u: %s", errors[e].error, nth, diagnostic.printed);
            if (report.faults > 0 && !strstr(diagnostic.printed, folder))
                fail_msg("error %d, call %u: « %s » does not name the file", errors[e].error, nth, diagnostic.printed);
            told = told || (report.faults > 0 && strstr(diagnostic.printed, errors[e].cause));
            delib_io_audit_free(audit);
        }
        if (!told)
            fail_msg("« %s » is never said", errors[e].cause);
    }
}

/* Keys are made whole or not at all: half a key would stand in the way of the next attempt for ever. */
static void keys_are_made(void **state)
{
    static const enum manner manners[] = { ALONE, ALL, HALF };

    (void)state;
    for (size_t m = 0; m < 3; m++) {
        for (unsigned nth = 0, fired = true; fired; nth++) {
            delib_io_journal_keys made;
            const char *problem = NULL;
            delib_status status;

            empty_folder();
            disk.armed = true;
            disk.fired = false;
            disk.calls = 0;
            disk.nth = nth;
            disk.manner = manners[m];
            disk.error = ENOSPC;
            status = delib_io_journal_make_keys(keys, &made, &problem);
            disk.armed = false;
            fired = disk.fired;
            if (status != DELIB_OK) {
                if (!fired || status != DELIB_INVALID)
                    fail_msg("manner %u, call %u: status %d", (unsigned)m, nth, status);
                assert_string_equal(problem, "l'espace disque est épuisé");
                status = delib_io_journal_make_keys(keys, &made, &problem);
            }
            if (status != DELIB_OK)
                fail_msg("manner %u, call %u: %s", (unsigned)m, nth, problem);
        }
    }
    {
        delib_io_journal_keys made;
        const char *problem = NULL;

        assert_int_equal(delib_io_journal_make_keys(keys, &made, &problem), DELIB_INVALID);
        assert_string_equal(problem, "des clés y sont déjà : elles ne sont jamais remplacées");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_decision),
        cmocka_unit_test(one_more_decision),
        cmocka_unit_test(a_decision_after_a_cut_line),
        cmocka_unit_test(a_decision_under_a_policy),
        cmocka_unit_test(decisions_synchronised_together),
        cmocka_unit_test(a_purge),
        cmocka_unit_test(an_audit),
        cmocka_unit_test(keys_are_made),
    };

    return cmocka_run_group_tests(tests, start, end);
}
