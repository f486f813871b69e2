/*
 * The driver under load and in trouble: requests in parallel, quotas used whole and never exceeded, Retry-After,
     retries,
 * circuits, silence, cancellation, connection and token reuse, identical requests, transport faults without a server.
 */
#include "sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "scripted_session.h"

#define QF "api_particulier.quotient_familial"
#define RSA "api_particulier.rsa"
#define AAH "api_particulier.aah"
#define ASF "api_particulier.asf"
#define C2S "api_particulier.c2s"
#define FT "api_particulier.demandeur_emploi"
#define DGFIP "api_impot_particulier.situation"

#define MARTIN \
    "date: 2026-11-23\ndemandeur:\n  nom_naissance: Martin\n  prenoms: [Claire, Anne]\n" \
    "  date_naissance: 1988-03-14\n" \
    "  sexe: F\n  commune_naissance: \"75112\"\n  identifiant_france_travail: claire.martin\n" \
    "  spi: \"3000000000010\"\n"

/* ---- A scene: a server, a configuration, a driver, and what it told ---- */

struct scene {
    struct sandbox sandbox;
    delib_io_config *config;
    delib_io_driver *driver;
    unsigned calls, reused, attempts;       /* HTTP attempts; on a connection that was there; the last attempt */
    long waited_ms;
    long cancel_at;                         /* 0: never */
};

static void observe(void *context, const delib_io_event *event)
{
    struct scene *scene = context;

    if (event->attempt == 0)
        return;
    scene->calls++;
    scene->reused += event->reused_connection != 0;
    scene->attempts = event->attempt;
    scene->waited_ms = event->waited_ms;
}

static int cancelled(void *context)
{
    const struct scene *scene = context;

    return scene->cancel_at > 0 && now_ms() >= scene->cancel_at;
}

/* `settings` are lines of configuration; `particulier` ends the line of api_particulier. */
static bool open_scene(struct scene *scene, const char *const *options, const char *address, const char *settings,
                       const char *particulier, size_t cache_entries)
{
    delib_io_driver_options driver_options = DELIB_IO_DRIVER_OPTIONS_INIT;
    char text[1500];
    delib_diagnostic diagnostic;

    memset(scene, 0, sizeof(*scene));
    if (options && !sandbox_start(&scene->sandbox, options))
        return false;
    if (!address)
        address = scene->sandbox.address;
    snprintf(text, sizeof(text),
             "destinataire: \"13002526500013\"\n%sapi_particulier: { adresse: \"%s\"%s }\n"
             "api_impot_particulier:\n  adresse: %s/impotparticulier/1.0\n  adresse_jeton: %s/token\n"
             "habilitations:\n  essai:\n    api_particulier: { jeton: { variable: DELIB_ESSAI_JETON } }\n"
             "    api_impot_particulier:\n      identifiant: { variable: DELIB_ESSAI_CLIENT }\n"
             "      secret: { variable: DELIB_ESSAI_SECRET }\n      id_teleservice: delib-bac-a-sable\n",
             settings, address, particulier, address, address);
    if (delib_io_config_read("essai", text, strlen(text), &scene->config) != DELIB_OK) {
        delib_io_config_diagnostic(scene->config, 0, &diagnostic);
        tap(false, "the configuration is read", "%s", diagnostic.printed);
        return false;
    }
    driver_options.observe = observe;
    driver_options.cancelled = cancelled;
    driver_options.context = scene;
    driver_options.cache_entries = cache_entries;
    return delib_io_driver_new(scene->config, &driver_options, &scene->driver) == DELIB_OK;
}

static void close_scene(struct scene *scene)
{
    delib_io_driver_free(scene->driver);
    delib_io_config_free(scene->config);
    if (scene->sandbox.process > 0)
        sandbox_stop(&scene->sandbox);
}

static delib_io_demande *read_demande(const char *text)
{
    delib_io_demande *demande = NULL;

    if (delib_io_demande_read("essai", text, strlen(text), DELIB_IO_AUTO, &demande) != DELIB_OK) {
        delib_diagnostic diagnostic;

        delib_io_demande_diagnostic(demande, 0, &diagnostic);
        tap(false, "the demande is read", "%s", diagnostic.printed);
    }
    return demande;
}

/* One family asks for one to three functions; returns the milliseconds, -1 on an error. */
static long ask(struct scene *scene, delib_session *session, const char *a, const char *b, const char *c)
{
    delib_io_demande *demande = read_demande(MARTIN);
    const bool one_by_one = session->one_by_one;
    delib_result result;
    const long start = now_ms();
    delib_status status;

    *session = (delib_session){ .functions = { a, b, c }, .count = 1 + (b != NULL) + (c != NULL),
                               .subject = "demandeur",
                                .finalite = "essai", .one_by_one = one_by_one };
    status = delib_io_evaluate(scene->driver, demande, session, 0, &result);
    delib_io_demande_free(demande);
    return status == DELIB_OK ? now_ms() - start : -1;
}

static void pause_ms(long duration)
{
    const struct timespec pause = { duration / 1000, duration % 1000 * 1000000 };

    nanosleep(&pause, NULL);
}

static unsigned count_lines(const struct scene *scene, const char *words)
{
    char *journal = sandbox_journal(&scene->sandbox);
    unsigned count = 0;

    for (const char *at = journal; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (*at == '\0')
            break;
        if (strstr(at, words) && (!strchr(at, '\n') || strstr(at, words) < strchr(at, '\n')))
            count++;
    }
    free(journal);
    return count;
}

/* ---- Parallelism ---- */

static void independent_requests_leave_together(void)
{
    static const char *const options[] = { "--panne", "*:delai=400", NULL };
    static delib_session session;
    struct scene scene;
    long one, three, series;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    one = ask(&scene, &session, QF, NULL, NULL);
    session.one_by_one = false;
    three = ask(&scene, &session, QF, RSA, FT);
    tap(three >= 400 && three < one + 200, "three requests take the time of one", "%ld ms for one, %ld for three",
        one,
        three);
    session.one_by_one = true;
    series = ask(&scene, &session, QF, RSA, FT);
    tap(series >= 1200 && session.evaluations == 4, "one by one they take three times, in calls + 1 runs",
        "%ld ms, %u runs", series, session.evaluations);
    close_scene(&scene);
}

static void connections_are_reused(void)
{
    static const char *const options[] = { NULL };
    static delib_session session;
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    for (int i = 0; i < 5; i++)
        ask(&scene, &session, QF, NULL, NULL);
    tap(scene.calls == 5 && scene.reused == 4, "one connection serves five calls", "%u calls, %u reused", scene.calls,
        scene.reused);
    close_scene(&scene);
}

/* ---- Quotas ---- */

/* The 25³ names of three letters: each is another person, unknown to everyone. */
static void name_of(size_t index, char name[4])
{
    for (int i = 0; i < 3; i++, index /= 25)
        name[i] = (char)('a' + index % 25);
    name[3] = '\0';
}

enum { BATCH = 120, IN_FLIGHT = 50 };

static void a_batch_uses_the_whole_quota(void)
{
    static const char *const options[] = { NULL };
    static delib_session sessions[BATCH];
    static delib_io_job jobs[BATCH];
    static delib_io_demande *demandes[BATCH];
    const long minimum = (BATCH / 20 - 1) * 1000;
    size_t started = 0, finished = 0, good = 0;
    struct scene scene;
    long start, duration;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    start = now_ms();
    while (finished < BATCH) {
        delib_io_job *job;

        for (; started < BATCH && started - finished < IN_FLIGHT; started++) {
            char text[300], name[4];

            name_of(started, name);
            snprintf(text, sizeof(text), "demandeur: { nom_naissance: %s, prenoms: [Lou], sexe: F, "
                     "pays_naissance: \"99127\" }\n", name);
            demandes[started] = read_demande(text);
            sessions[started] = (delib_session){ .functions = { QF }, .count = 1, .subject = "demandeur",
                                                 .finalite = "essai" };
            jobs[started] = (delib_io_job){ .demande = demandes[started], .session = &sessions[started] };
            delib_io_start(scene.driver, &jobs[started]);
        }
        job = delib_io_next(scene.driver);
        if (!job)
            break;
        finished++;
        good += job->status == DELIB_OK && strcmp(job->session->codes[0], "identite_inconnue") == 0;
    }
    duration = now_ms() - start;
    tap(finished == BATCH && good == BATCH, "every family of the batch is answered", "%zu of %d", good, BATCH);
    tap(count_lines(&scene, " 429 ") == 0, "no answer of the batch is a 429", "%u", count_lines(&scene, " 429 "));
    tap(duration >= minimum && duration < minimum * 115 / 100, "the batch takes the minimum that the quota allows",
        "%ld ms, at least %ld", duration, minimum);
    for (size_t i = 0; i < started; i++)
        delib_io_demande_free(demandes[i]);
    close_scene(&scene);
}

static void a_429_is_obeyed(void)
{
    static const char *const options[] = { "--panne", "quotient_familial:statut=429,fois=1", NULL };
    static delib_session session;
    struct scene scene;
    long duration;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    tap(strcmp(session.codes[0], "quota_depasse") == 0 && scene.calls == 1, "a 429 is told, not tried again", "%s",
        session.codes[0]);
    duration = ask(&scene, &session, QF, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE && scene.waited_ms >= 900 && duration >= 900,
        "the next call of that token waits for Retry-After", "%s, waited %ld ms", session.codes[0], scene.waited_ms);
    close_scene(&scene);

    if (!open_scene(&scene, options, NULL, "nouveaux_essais: 1\n", "", 0))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE && scene.calls == 2 && scene.waited_ms >= 900,
        "with a retry, the same call waits and succeeds", "%s, %u calls, waited %ld ms", session.codes[0],
            scene.calls,
        scene.waited_ms);
    close_scene(&scene);
}

/* A server that wants a pause longer than the whole delay: nobody waits for it, and it is left in peace. */
static void a_long_pause_is_not_waited_for(void)
{
    static const char *const options[] = { "--quota-adresse", "1", NULL };
    static delib_session session;
    struct scene scene;
    long duration;

    if (!open_scene(&scene, options, NULL, "delais: { connexion: 1, total: 2 }\nnouveaux_essais: 2\n", "", 0))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    duration = ask(&scene, &session, RSA, NULL, NULL);
    tap(strcmp(session.codes[0], "quota_depasse") == 0 && scene.calls == 2 && duration >= 0 && duration < 1000,
        "a Retry-After beyond the delay is not waited for", "%s, %u calls, %ld ms", session.codes[0], scene.calls,
        duration);
    duration = ask(&scene, &session, RSA, NULL, NULL);
    tap(strcmp(session.codes[0], "quota_depasse") == 0 && scene.calls == 2 && duration < 1000,
        "until then nothing more is sent", "%s, %u calls, %ld ms", session.codes[0], scene.calls, duration);
    close_scene(&scene);
}

/* ---- Retries ---- */

static void retries_are_opt_in_and_bounded(void)
{
    static const struct { const char *fault; const char *settings; unsigned calls; bool value; } cases[] = {
        { "quotient_familial:statut=502,fois=1", "", 1, false },
        { "quotient_familial:statut=502,fois=1", "nouveaux_essais: 1\n", 2, true },
        { "quotient_familial:statut=503,fois=2", "nouveaux_essais: 2\n", 3, true },
        { "quotient_familial:statut=502", "nouveaux_essais: 2\n", 3, false },
        { "quotient_familial:statut=500", "nouveaux_essais: 2\n", 1, false },
        { "quotient_familial:statut=504", "nouveaux_essais: 2\n", 1, false },
        { "quotient_familial:statut=404", "nouveaux_essais: 2\n", 1, false },
        { "quotient_familial:statut=422", "nouveaux_essais: 2\n", 1, false },
        { "quotient_familial:statut=401", "nouveaux_essais: 2\n", 1, false },
        { "quotient_familial:reset", "nouveaux_essais: 2\n", 1, false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *options[] = { "--panne", cases[i].fault, NULL };
        static delib_session session;
        struct scene scene;
        char name[150];

        if (!open_scene(&scene, options, NULL, cases[i].settings, "", 0))
            return;
        ask(&scene, &session, QF, NULL, NULL);
        snprintf(name, sizeof(name), "%s, %.18s: %u calls", cases[i].fault,
                 cases[i].settings[0] ? cases[i].settings : "no retry", cases[i].calls);
        tap(scene.calls == cases[i].calls && (session.kinds[0] == DELIB_ANSWER_VALUE) == cases[i].value, name,
            "%u calls, %s", scene.calls, session.codes[0]);
        close_scene(&scene);
    }
}

/* ---- Circuits, silence, cancellation ---- */

static void a_circuit_opens_and_closes(void)
{
    static const char *const options[] = { "--panne", "quotient_familial:statut=500,fois=2", NULL };
    static delib_session session;
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "disjoncteur: { echecs: 2, pause: 1 }\n", "", 0))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    ask(&scene, &session, QF, NULL, NULL);
    ask(&scene, &session, QF, NULL, NULL);
    tap(strcmp(session.codes[0], "circuit_ouvert") == 0 && scene.calls == 2, "after two failures nothing is sent",
        "%s, %u calls", session.codes[0], scene.calls);
    ask(&scene, &session, FT, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE, "another provider is still asked", "%s", session.codes[0]);
    pause_ms(1100);
    ask(&scene, &session, QF, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE, "after the pause the provider is asked again", "%s",
        session.codes[0]);
    close_scene(&scene);
}

static void a_silence_is_recognised(void)
{
    static const char *const options[] = { "--panne", "*:silence", NULL };
    /* Four products of the caisses, so that the server never sees a request whose like it still holds. */
    static const char *const functions[] = { RSA, AAH, ASF, C2S };
    static const char *const expected[] = { "delai_depasse", "delai_depasse", "silence", "silence" };
    static delib_session session;
    struct scene scene;
    char codes[200] = "";
    bool good = true;

    if (!open_scene(&scene, options, NULL, "delais: { connexion: 1, total: 1 }\ndisjoncteur: { echecs: 0 }\n", "", 0))
        return;
    for (int i = 0; i < 4; i++) {
        ask(&scene, &session, functions[i], NULL, NULL);
        good = good && strcmp(session.codes[0], expected[i]) == 0;
        snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), " %s", session.codes[0]);
    }
    tap(good, "three timeouts without one byte are a silence", "%s", codes);
    close_scene(&scene);
}

static void the_host_cancels(void)
{
    static const char *const options[] = { "--panne", "*:delai=5000", NULL };
    static delib_session session;
    struct scene scene;
    long duration;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    scene.cancel_at = now_ms() + 300;
    duration = ask(&scene, &session, QF, RSA, NULL);
    tap(duration >= 250 && duration < 1000 && strcmp(session.codes[0], "annule") == 0
            && strcmp(session.codes[1], "annule") == 0,
        "a cancelled evaluation ends at once", "%ld ms, %s", duration, session.codes[0]);
    close_scene(&scene);
}

static void the_total_time_is_bounded(void)
{
    static const char *const options[] = { "--panne", "*:goutte=100", NULL };
    static delib_session session;
    struct scene scene;
    long duration;

    if (!open_scene(&scene, options, NULL, "delais: { connexion: 1, total: 1 }\n", "", 0))
        return;
    duration = ask(&scene, &session, QF, NULL, NULL);
    tap(duration >= 950 && duration < 1500 && strcmp(session.codes[0], "delai_depasse") == 0,
        "an answer that drips is cut at the total time", "%ld ms, %s", duration, session.codes[0]);
    close_scene(&scene);
}

/* ---- One call for the same request ---- */

static void the_same_request_is_sent_once(void)
{
    static const char *const options[] = { "--panne", "*:delai=200", NULL };
    static delib_session sessions[6];
    delib_io_job jobs[6];
    delib_io_demande *demande = read_demande(MARTIN);
    delib_io_demande *connected[2] = {
        read_demande("demandeur: { jeton_france_connect: fc-martin-claire }\n"),
        read_demande("demandeur: { jeton_france_connect: fc-durand-paul }\n"),
    };
    struct scene scene;
    size_t good = 0;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    for (size_t i = 0; i < 6; i++) {
        sessions[i] = (delib_session){ .functions = { QF }, .count = 1, .subject = "demandeur", .finalite = "essai" };
        jobs[i] = (delib_io_job){ .demande = i < 4 ? demande : connected[i - 4], .session = &sessions[i] };
        delib_io_start(scene.driver, &jobs[i]);
    }
    while (delib_io_next(scene.driver))
        continue;
    for (size_t i = 0; i < 4; i++)
        good += sessions[i].kinds[0] == DELIB_ANSWER_VALUE && sessions[i].number[0] == 430;
    tap(good == 4 && scene.calls == 3, "four families ask the same: one call", "%zu values, %u calls", good,
        scene.calls);
    tap(sessions[4].number[0] == 430 && sessions[5].number[0] == 1480,
        "with FranceConnect the same URL is two persons", "%lld and %lld", (long long)sessions[4].number[0],
        (long long)sessions[5].number[0]);
    for (int i = 0; i < 2; i++)
        delib_io_demande_free(connected[i]);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

static void a_follower_asks_when_its_leader_leaves(void)
{
    static const char *const options[] = { "--panne", "quotient_familial:reset,fois=1", NULL };
    static delib_session sessions[3];
    delib_io_job jobs[3];
    delib_io_demande *demande = read_demande(MARTIN);
    struct scene scene;
    bool good = true;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    for (size_t i = 0; i < 3; i++) {
        sessions[i] = (delib_session){ .functions = { QF }, .count = 1, .subject = "demandeur", .finalite = "essai" };
        jobs[i] = (delib_io_job){ .demande = demande, .session = &sessions[i] };
        delib_io_start(scene.driver, &jobs[i]);
    }
    while (delib_io_next(scene.driver))
        continue;
    for (size_t i = 0; i < 3; i++)
        good = good && strcmp(sessions[i].codes[0], "connexion_coupee") == 0;
    tap(good && scene.calls == 1, "a failure is shared as a value is", "%s %s, %u calls", sessions[0].codes[0],
        sessions[2].codes[0], scene.calls);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

/* `count` families of one demande, started; the caller goes on. */
static void start_same(struct scene *scene, const delib_io_demande *demande, const char *function,
                       delib_session *sessions, delib_io_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sessions[i] = (delib_session){ .functions = { function }, .count = 1, .subject = "demandeur",
                                       .finalite = "essai" };
        jobs[i] = (delib_io_job){ .demande = demande, .session = &sessions[i] };
        delib_io_start(scene->driver, &jobs[i]);
    }
}

static void a_shared_call_is_cancelled_for_all(void)
{
    static const char *const options[] = { "--panne", "*:delai=5000", NULL };
    static delib_session sessions[3];
    delib_io_demande *demande = read_demande(MARTIN);
    delib_io_job jobs[3];
    struct scene scene;
    size_t good = 0;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    scene.cancel_at = now_ms() + 300;
    start_same(&scene, demande, QF, sessions, jobs, 3);
    while (delib_io_next(scene.driver))
        continue;
    for (size_t i = 0; i < 3; i++)
        good += strcmp(sessions[i].codes[0], "annule") == 0;
    tap(good == 3 && scene.calls == 1, "cancelling ends those that shared a call", "%zu of 3, %u calls", good,
        scene.calls);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

static void a_silence_is_shared(void)
{
    static const char *const options[] = { "--panne", "*:silence", NULL };
    static delib_session sessions[2], session;
    delib_io_demande *demande = read_demande(MARTIN);
    delib_io_job jobs[2];
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "delais: { connexion: 1, total: 1 }\ndisjoncteur: { echecs: 0 }\n", "", 0))
        return;
    ask(&scene, &session, RSA, NULL, NULL);
    ask(&scene, &session, AAH, NULL, NULL);
    start_same(&scene, demande, C2S, sessions, jobs, 2);
    while (delib_io_next(scene.driver))
        continue;
    tap(strcmp(sessions[0].codes[0], "silence") == 0 && strcmp(sessions[1].codes[0], "silence") == 0
            && scene.calls == 3, "a silence is told to those that shared the call", "%s %s, %u calls",
        sessions[0].codes[0], sessions[1].codes[0], scene.calls);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

/* A host that stops in the middle: the driver forgets everything, and nothing is left behind (run under sanitizers). */
static void a_driver_is_freed_with_work_under_way(void)
{
    static const char *const options[] = { "--panne", "*:delai=5000", NULL };
    static delib_session sessions[3], session;
    delib_io_demande *demande = read_demande(MARTIN);
    delib_result result;
    delib_io_job jobs[3];
    delib_status status;
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    start_same(&scene, demande, QF, sessions, jobs, 3);
    status = delib_io_evaluate(scene.driver, demande, &session, 0, &result);
    tap(status == DELIB_MISUSE, "one family is not evaluated in the middle of a batch", "%d", status);
    close_scene(&scene);
    tap(sessions[0].evaluations == 1 && !sessions[0].answered[0], "a driver is freed with work under way", "%u",
        sessions[0].evaluations);

    /* The same while the token of the DGFiP is asked for. */
    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    scene.cancel_at = now_ms() + 300;
    ask(&scene, &session, DGFIP, NULL, NULL);
    tap(strcmp(session.codes[0], "annule") == 0, "a call that waits for its token is cancelled", "%s",
        session.codes[0]);
    close_scene(&scene);
    delib_io_demande_free(demande);
}

/* What a result no longer needs is not waited for; another family that shared the call asks for itself. */
static void what_is_no_longer_needed_is_dropped(void)
{
    static const char *const options[] = { "--panne", "revenu_solidarite_active:delai=1500,fois=1", NULL };
    static delib_session sessions[2];
    delib_io_demande *demande = read_demande(MARTIN);
    delib_io_job jobs[2];
    struct scene scene;
    const delib_io_job *first;
    long start, duration;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    start = now_ms();
    for (size_t i = 0; i < 2; i++) {
        sessions[i] = (delib_session){ .functions = { RSA, QF }, .count = 2, .enough = i == 0 ? 1 : 2,
                                       .subject = "demandeur", .finalite = "essai" };
        jobs[i] = (delib_io_job){ .demande = demande, .session = &sessions[i] };
        delib_io_start(scene.driver, &jobs[i]);
    }
    first = delib_io_next(scene.driver);
    duration = now_ms() - start;
    tap(first == &jobs[0] && first->status == DELIB_OK && duration < 1200 && !sessions[0].answered[0],
        "what a result no longer needs is not waited for", "%ld ms", duration);
    delib_io_next(scene.driver);
    /* Its own answer: a server that is slow to see the first connection closed says that the request is under way. */
    tap(jobs[1].status == DELIB_OK && scene.calls == 2
            && (sessions[1].kinds[0] != DELIB_ANSWER_FAILED || strcmp(sessions[1].codes[0], "requete_en_cours") == 0),
        "who shared the call asks in its turn", "%s, %u calls answered", sessions[1].codes[0], scene.calls);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

/* A session without room for an answer ends its family alone. */
static void a_full_session_ends_its_family(void)
{
    static const char *const options[] = { NULL };
    static delib_session sessions[2];
    delib_io_demande *demande = read_demande(MARTIN);
    delib_io_job jobs[2];
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    start_same(&scene, demande, QF, sessions, jobs, 2);
    sessions[0].full = true;
    while (delib_io_next(scene.driver))
        continue;
    tap(jobs[0].status == DELIB_NO_MEMORY && jobs[1].status == DELIB_OK && sessions[1].number[0] == 430,
        "a session without memory ends its family alone", "%d %d", jobs[0].status, jobs[1].status);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

/* As many sources as a tariff likes: all leave, each is answered once. */
static void a_family_may_need_many_sources(void)
{
    static const char *const options[] = { "--quota", "0", NULL };
    static const char *const functions[] = {
        QF, RSA, FT, C2S, AAH, ASF, "api_particulier.ars",
        "api_particulier.aeeh", "api_particulier.prime_activite", "api_particulier.service_civique",
    };
    enum { COUNT = sizeof functions / sizeof *functions };
    static delib_session session;
    delib_io_demande *demande = read_demande(MARTIN);
    struct scene scene;
    delib_result result;
    size_t answered = 0;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    session = (delib_session){ .count = COUNT, .subject = "demandeur", .finalite = "essai" };
    memcpy(session.functions, functions, sizeof functions);
    delib_io_evaluate(scene.driver, demande, &session, 0, &result);
    for (size_t i = 0; i < COUNT; i++)
        answered += session.answered[i];
    tap(answered == COUNT && scene.calls == COUNT, "ten sources are asked at once", "%zu answers, %u calls", answered,
        scene.calls);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

/* The clock of the host, not the machine's, says how old a FranceConnect token is and when an answer came. */
static int64_t after_a_minute(void *context)
{
    (void)context;
    return 1789467630 + 61;
}

static void the_clock_of_the_host_is_used(void)
{
    static delib_session session;
    delib_io_driver_options driver_options = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_demande *demande = read_demande("demandeur:\n  jeton_france_connect: { valeur: abc, obtenu: "
                                             "2026-09-15T10:20:30Z }\n");
    struct scene scene;
    delib_io_driver *driver = NULL;
    delib_result result;

    if (!open_scene(&scene, NULL, "http://127.0.0.1:1", "", "", 0))
        return;
    driver_options.wall_clock = after_a_minute;
    delib_io_driver_new(scene.config, &driver_options, &driver);
    session = (delib_session){ .functions = { QF }, .count = 1, .subject = "demandeur", .finalite = "essai" };
    delib_io_evaluate(driver, demande, &session, 0, &result);
    tap(strcmp(session.codes[0], "france_connect_expire") == 0, "the clock of the host is used", "%s",
        session.codes[0]);
    delib_io_driver_free(driver);
    delib_io_demande_free(demande);
    close_scene(&scene);
}

static void a_batch_may_remember(void)
{
    static const char *const options[] = { NULL };
    static delib_session session;
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "", "", 1))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    ask(&scene, &session, QF, NULL, NULL);
    tap(scene.calls == 1 && session.number[0] == 430, "with a cache the second question costs no call", "%u calls",
        scene.calls);
    ask(&scene, &session, RSA, NULL, NULL);         /* takes the only place */
    ask(&scene, &session, QF, NULL, NULL);
    tap(scene.calls == 3, "the oldest answer leaves a full cache", "%u calls", scene.calls);
    close_scene(&scene);
}

/* ---- Tokens of the DGFiP ---- */

static void a_token_lives_until_it_expires(void)
{
    static const char *const options[] = { NULL };
    static delib_session session;
    struct scene scene;

    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    for (int i = 0; i < 3; i++)
        ask(&scene, &session, DGFIP, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE && count_lines(&scene, "POST /token 200") == 1,
        "one token serves three calls", "%s, %u tokens", session.codes[0], count_lines(&scene, "POST /token 200"));
    close_scene(&scene);

    setenv("DELIB_ESSAI_CLIENT", "presse-fictif", 1);
    if (!open_scene(&scene, options, NULL, "", "", 0))
        return;
    ask(&scene, &session, DGFIP, NULL, NULL);
    pause_ms(1100);
    ask(&scene, &session, DGFIP, NULL, NULL);
    tap(session.kinds[0] == DELIB_ANSWER_VALUE && count_lines(&scene, "POST /token 200") == 2,
        "a token that expired is asked for again", "%s, %u tokens", session.codes[0],
        count_lines(&scene, "POST /token 200"));
    close_scene(&scene);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
}

/* ---- Transport faults without the bac à sable ---- */

static void check_fault(const char *address, const char *code, const char *name)
{
    static delib_session session;
    struct scene scene;

    if (!open_scene(&scene, NULL, address, "delais: { connexion: 1, total: 3 }\n", "", 0))
        return;
    ask(&scene, &session, QF, NULL, NULL);
    tap(strcmp(session.codes[0], code) == 0 && session.kinds[0] == DELIB_ANSWER_FAILED, name, "%s (%s)",
        session.codes[0], session.messages[0]);
    close_scene(&scene);
}

/* A socket that listens and whose queue is full: connections neither succeed nor fail. */
static void a_connection_that_never_comes(void)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    socklen_t size = sizeof(here);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    int fillers[16];
    char address[64];

    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&here, size) != 0 || listen(listener, 0) != 0
        || getsockname(listener, (struct sockaddr *)&here, &size) != 0) {
        tap(false, "a socket whose queue is full", "cannot be made");
        return;
    }
    for (size_t i = 0; i < sizeof(fillers) / sizeof(*fillers); i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(fillers[i], F_SETFL, O_NONBLOCK);
        if (connect(fillers[i], (struct sockaddr *)&here, size) != 0)
            pause_ms(5);
    }
    snprintf(address, sizeof(address), "http://127.0.0.1:%u", (unsigned)ntohs(here.sin_port));
    check_fault(address, "connexion_trop_lente", "a connection that never comes");
    for (size_t i = 0; i < sizeof(fillers) / sizeof(*fillers); i++)
        close(fillers[i]);
    close(listener);
}

static void transport_faults(void)
{
    static const char *const options[] = { NULL };
    struct sandbox sandbox;
    char address[80];

    check_fault("http://127.0.0.1:1", "connexion_refusee", "nobody listens");
    check_fault("https://serveur-qui-n-existe-pas.invalid", "nom_inconnu", "a name that does not exist");
    a_connection_that_never_comes();
    if (!sandbox_start(&sandbox, options))
        return;
    snprintf(address, sizeof(address), "https%s", sandbox.address + 4);
    check_fault(address, "certificat_refuse", "https where plain HTTP answers");
    sandbox_stop(&sandbox);
}

int main(void)
{
    setenv("DELIB_ESSAI_JETON", "jeton-fictif-complet", 1);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
    setenv("DELIB_ESSAI_SECRET", "secret-fictif", 1);
    independent_requests_leave_together();
    connections_are_reused();
    a_batch_uses_the_whole_quota();
    a_429_is_obeyed();
    a_long_pause_is_not_waited_for();
    retries_are_opt_in_and_bounded();
    a_circuit_opens_and_closes();
    a_silence_is_recognised();
    the_host_cancels();
    the_total_time_is_bounded();
    the_same_request_is_sent_once();
    a_follower_asks_when_its_leader_leaves();
    a_shared_call_is_cancelled_for_all();
    a_silence_is_shared();
    a_driver_is_freed_with_work_under_way();
    what_is_no_longer_needed_is_dropped();
    a_full_session_ends_its_family();
    a_family_may_need_many_sources();
    the_clock_of_the_host_is_used();
    a_batch_may_remember();
    a_token_lives_until_it_expires();
    transport_faults();
    return tap_end();
}
