/*
 * Calls without memory: a driver asks the bac à sable, each allocation of the edge, of libcurl and of jansson being
 * refused in turn. An amount that comes out all the same is the right one; a call that could not be made is an answer
 * that says so; nothing leaks.
 */
#include "refused_memory.h"
#include "runtime/delib_io.h"
#include "tests/api/sandbox.h"

#include <stdio.h>
#include <string.h>

#ifndef NO_REFUSALS

static struct sandbox sandbox;
static delib_program *program;
static delib_io_config *config;

static const char act[] =
    "source qf : api_particulier.quotient_familial(demandeur)\n"
    "source rfr : api_impot_particulier.situation(demandeur)\n"
    "tarif cantine en € par repas\n  finalité tarification_enfance\n  prix selon qf\n"
    "    moins de 450 : 1,30 €\n    450 et plus : 3,30 €\n    non communiqué : 5,60 €\n  fin\nfin\n"
    "tarif étude en € par mois\n  finalité tarification_enfance\n  prix selon rfr\n"
    "    moins de 30 000 : 11,00 €\n    30 000 et plus : 22,00 €\n    non communiqué : 33,00 €\n  fin\nfin\n";

static delib_status compile(void)
{
    const delib_source source = { "acte.delib", act, sizeof act - 1 };
    delib_engine *engine = NULL;
    delib_status status = delib_engine_new(NULL, &engine);

    if (status == DELIB_OK)
        status = delib_compile(engine, &source, NULL, NULL, &program);
    delib_engine_free(engine);
    return status;
}

/* What a person gives, and the amount, in cents. */
struct family {
    const char *demande, *tarif;
    int64_t cents;
};

static const struct family martin = {
    "date: 2026-11-23\ndemandeur:\n  nom_naissance: Martin\n  prenoms: [Claire, Anne]\n  date_naissance: 1988-03-14\n"
    "  sexe: F\n  commune_naissance: \"75112\"\n", "cantine", 130
};
static const struct family connected = {
    "date: 2026-11-23\ndemandeur: { jeton_france_connect: fc-martin-claire }\n", "cantine", 130
};
static const struct family taxed = { "date: 2026-11-23\ndemandeur: { spi: \"3000000000010\" }\n", "étude", 1100 };

/* The amount, or, for want of memory, that the source is unavailable. */
static bool is_right(const delib_result *result, const struct family *family)
{
    return result->statut == DELIB_CALCULE ? result->units == family->cents && result->scale == 2
                                           : result->statut == DELIB_SOURCE_INDISPONIBLE && memory.fired;
}

/* `count` families under way at once. */
static struct attempt compute(const struct family *family, size_t count, size_t cache)
{
    struct attempt attempt = { DELIB_OK, true };
    delib_io_driver_options options = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_demande *demande = NULL;
    delib_io_driver *driver = NULL;
    delib_session *sessions[2] = { NULL };
    delib_io_job jobs[2];
    size_t started = 0;

    options.cache_entries = cache;
    attempt.status = delib_io_demande_read("d", family->demande, strlen(family->demande), DELIB_IO_YAML, &demande);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_driver_new(config, &options, &driver);
    for (; attempt.status == DELIB_OK && started < count; started += attempt.status == DELIB_OK) {
        delib_session_options session_options = DELIB_SESSION_OPTIONS_INIT;

        session_options.date = "2026-11-23";
        attempt.status = delib_session_new(program, &session_options, &sessions[started]);
        jobs[started] = (delib_io_job){ .demande = demande, .session = sessions[started],
                                        .tariff = delib_program_tariff(program, family->tarif) };
        if (attempt.status == DELIB_OK)
            attempt.status = delib_io_start(driver, &jobs[started]);
    }
    for (const delib_io_job *job = driver ? delib_io_next(driver) : NULL; job; job = delib_io_next(driver)) {
        if (attempt.status == DELIB_OK)
            attempt.status = job->status;
        if (job->status == DELIB_OK)
            attempt.right = attempt.right && is_right(&job->result, family);
    }
    delib_io_driver_free(driver);
    for (size_t i = 0; i < count; i++)
        delib_session_free(sessions[i]);
    delib_io_demande_free(demande);
    return attempt;
}

static struct attempt a_quotient_is_asked(void)
{
    return compute(&martin, 1, 4);
}

static struct attempt two_families_share_a_call(void)
{
    return compute(&martin, 2, 0);
}

static struct attempt france_connect_is_asked(void)
{
    return compute(&connected, 1, 0);
}

static struct attempt the_dgfip_is_asked(void)
{
    return compute(&taxed, 1, 0);
}

EACH(a_quotient_is_asked)
EACH(two_families_share_a_call)
EACH(france_connect_is_asked)
EACH(the_dgfip_is_asked)

int main(void)
{
    static const char *const options[] = { "--quota", "0", "--quota-adresse", "0", NULL };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quotient_is_asked_without_memory),
        cmocka_unit_test(two_families_share_a_call_without_memory),
        cmocka_unit_test(france_connect_is_asked_without_memory),
        cmocka_unit_test(the_dgfip_is_asked_without_memory),
    };
    int failed;

    if (!sandbox_start(&sandbox, options))
        return 1;
    if (delib_io_config_local(sandbox.address, &config) != DELIB_OK || compile() != DELIB_OK)
        return 1;
    failed = cmocka_run_group_tests_name("calls without memory", tests, NULL, NULL);
    delib_program_release(program);
    delib_io_config_free(config);
    sandbox_stop(&sandbox);
    return failed;
}

#else

int main(void)
{
    puts("1..1\nok 1 - calls without memory # SKIP sanitizers have their own allocator");
    return 0;
}

#endif
