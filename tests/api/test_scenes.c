/*
 * The whole path with the real core: a délibération, a demande, HTTP,
     an amount or the reason why not. Also a host that
 * sends the requests by itself, from its own threads, and answers in any order.
 */
#include "runtime/delib_io.h"
#include "sandbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char act[] =
    "délibération \"2026-1\" du 25 juin 2026\n"
    "  collectivité \"Essai\" siret 130 025 265 00013\n"
    "  applicable du 1er septembre 2026 au 31 août 2027\n"
    "fin\n"
    "entrée résident : oui_non « Résident ? »\n"
    "source qf « quotient familial »\n"
    "       : api_particulier.quotient_familial(demandeur)\n"
    "         à défaut, sur justificatif « attestation »\n"
    "source qf_seul « quotient familial, sans justificatif »\n"
    "       : api_particulier.quotient_familial(demandeur)\n"
    "source rsa « bénéficiaire du RSA »\n"
    "       : api_particulier.rsa(demandeur)\n"
    "source sans_emploi « demandeur d'emploi »\n"
    "       : api_particulier.demandeur_emploi(demandeur)\n"
    "tarif cantine « Cantine » en € par repas\n"
    "  finalité tarification_enfance\n"
    "  prix selon qf\n"
    "    moins de 450      : 1,30 €\n"
    "    à partir de 450   : 3,30 €\n"
    "    non communiqué    : 5,60 €\n"
    "  fin\n"
    "  exception extérieur si non résident : 6,90 €\n"
    "  puis arrondi au centime le plus proche\n"
    "fin tarif\n"
    "tarif goûter « Goûter » en € par repas\n"
    "  finalité tarification_enfance\n"
    "  prix selon qf_seul\n"
    "    moins de 450      : 0,30 €\n"
    "    à partir de 450   : 0,60 €\n"
    "    non communiqué    : 0,90 €\n"
    "  fin\n"
    "  puis réduction de 50 % si rsa\n"
    "    non communiqué : sans réduction\n"
    "  puis arrondi au centime le plus proche\n"
    "fin tarif\n"
    "tarif atelier « Atelier pour adultes » en € par séance\n"
    "  prix 4 €\n"
    "  puis réduction de 50 % si sans_emploi\n"
    "    non communiqué : sans réduction\n"
    "  puis arrondi au centime le plus proche\n"
    "fin tarif\n";

#define PERSON(name, given, birth, sex, commune) \
    "date: 2026-11-23\ndemandeur:\n  nom_naissance: " name "\n  prenoms: [" given "]\n  date_naissance: " birth "\n" \
    "  sexe: " sex "\n  commune_naissance: \"" commune "\"\n  identifiant_france_travail: claire.martin\n"
#define MARTIN PERSON("Martin", "Claire, Anne", "1988-03-14", "F", "75112")
#define MINIMA PERSON("Minima", "Aicha", "1996-01-11", "F", "13055")
#define DURAND PERSON("Durand", "Paul, Henri", "1983-09-27", "M", "69123")
#define MERCIER PERSON("Mercier", "Lucie", "1995-05-15", "F", "54395")
#define BLANC PERSON("Blanc", "Nadia", "1992-07-01", "F", "13055")
#define NOBODY PERSON("Personne", "Lou", "1990-01-01", "F", "75112")

static delib_engine *engine;
static delib_program *program;

static bool compile(void)
{
    const delib_source source = { "essai.delib", act, sizeof(act) - 1 };
    delib_diagnostic diagnostic;

    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        return false;
    if (delib_compile(engine, &source, NULL, NULL, &program) == DELIB_OK)
        return true;
    if (program && delib_program_diagnostic(program, 0, &diagnostic) == DELIB_OK)
        tap(false, "the délibération compiles", "%s", diagnostic.printed);
    return false;
}

/* ---- One computation ---- */

struct outcome {
    delib_status status;
    delib_result result;
    char reason[300];
    char datum[100];                /* origin of the first datum that is a source */
    unsigned calls;
};

static void observe(void *context, const delib_io_event *event)
{
    if (event->attempt > 0)
        ++*(unsigned *)context;
}

static delib_io_config *read_config(const struct sandbox *sandbox, const char *token)
{
    char text[600];
    delib_io_config *config = NULL;

    setenv("DELIB_ESSAI_JETON", token, 1);
    snprintf(text, sizeof(text),
             "destinataire: \"13002526500013\"\ndelais: { connexion: 1, total: 2 }\n"
             "api_particulier: { adresse: \"%s\" }\n"
             "habilitations:\n"
             "  tarification_enfance:\n    api_particulier: { jeton: { variable: DELIB_ESSAI_JETON } }\n"
             "  sans_finalite:\n    api_particulier: { jeton: { variable: DELIB_ESSAI_JETON } }\n",
             sandbox->address);
    return delib_io_config_read("essai", text, strlen(text), &config) == DELIB_OK ? config : NULL;
}

static void read_outcome(delib_session *session, struct outcome *outcome)
{
    snprintf(outcome->reason, sizeof(outcome->reason), "%s", outcome->result.reason ? outcome->result.reason : "");
    for (size_t i = 0; i < delib_session_datum_count(session); i++) {
        delib_datum datum;

        if (delib_session_datum(session, i, &datum) == DELIB_OK && strncmp(datum.name, "qf", 2) == 0)
            snprintf(outcome->datum, sizeof(outcome->datum), "%s", datum.origin);
    }
}

/* `entrees` are lines of YAML below the person. */
static struct outcome compute(const struct sandbox *sandbox, const char *token, const char *tariff,
                              const char *person,
                              const char *entrees)
{
    struct outcome outcome = { .status = DELIB_INTERNAL };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_io_driver_options driver_options = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_config *config = read_config(sandbox, token);
    delib_io_demande *demande = NULL;
    delib_io_driver *driver = NULL;
    delib_session *session = NULL;
    char text[1000];

    snprintf(text, sizeof(text), "%sentrees:\n%s", person, entrees);
    options.date = "2026-11-23";
    driver_options.observe = observe;
    driver_options.context = &outcome.calls;
    if (config && delib_io_demande_read("demande", text, strlen(text), DELIB_IO_AUTO, &demande) == DELIB_OK
        && delib_session_new(program, &options, &session) == DELIB_OK
        && delib_io_demande_apply(demande, session) == DELIB_OK
        && delib_io_driver_new(config, &driver_options, &driver) == DELIB_OK) {
        outcome.status = delib_io_evaluate(driver, demande, session, delib_program_tariff(program, tariff),
                                           &outcome.result);
        read_outcome(session, &outcome);
    }
    delib_io_driver_free(driver);
    delib_session_free(session);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
    return outcome;
}

static void check(struct outcome outcome, delib_statut statut, int64_t cents, unsigned calls, const char *words,
                  const char *name)
{
    const bool amount = statut != DELIB_CALCULE || (outcome.result.units == cents && outcome.result.scale == 2);

    tap(outcome.status == DELIB_OK && outcome.result.statut == statut && amount && outcome.calls == calls
            && (!words || strstr(outcome.reason, words) || strstr(outcome.datum, words)),
        name, "status %d, %s, %lld/%u, %u calls, « %s », « %s »", outcome.status,
        delib_statut_text(outcome.result.statut), (long long)outcome.result.units, outcome.result.scale,
            outcome.calls,
        outcome.reason, outcome.datum);
}

#define TOKEN "jeton-fictif-complet"
#define RESIDENT "  résident: oui\n"

/* ---- Scenes ---- */

static void amounts_from_certified_data(void)
{
    static const char *const options[] = { "--date", "2026-11-23", NULL };
    struct sandbox sandbox;

    if (!sandbox_start(&sandbox, options))
        return;
    check(compute(&sandbox, TOKEN, "cantine", MARTIN, RESIDENT), DELIB_CALCULE, 130, 1, "CNAF",
          "a quotient of 430 gives 1,30 €");
    check(compute(&sandbox, TOKEN, "cantine", DURAND, RESIDENT), DELIB_CALCULE, 330, 1, "CNAF",
          "a quotient of 1 480 gives 3,30 €");
    check(compute(&sandbox, TOKEN, "cantine", MARTIN, "  résident: non\n"), DELIB_CALCULE, 690, 0, NULL,
          "who lives elsewhere is asked for nothing");
    check(compute(&sandbox, TOKEN, "goûter", MINIMA, RESIDENT), DELIB_CALCULE, 15, 2, NULL,
          "two sources, a reduction that applies");
    check(compute(&sandbox, TOKEN, "goûter", MARTIN, RESIDENT), DELIB_CALCULE, 30, 2, NULL,
          "two sources, a reduction that does not");
    check(compute(&sandbox, TOKEN, "atelier", MARTIN, RESIDENT), DELIB_CALCULE, 200, 1, NULL,
          "a reduction for jobseekers");
    check(compute(&sandbox, TOKEN, "cantine", MARTIN, RESIDENT "  qf: 999\n"), DELIB_CALCULE, 130, 1, "CNAF",
          "a declaration never takes over a certified value");
    check(compute(&sandbox, TOKEN, "atelier", MERCIER, RESIDENT), DELIB_SOURCE_INDISPONIBLE, 0, 1, "autre personne",
          "the France Travail login of somebody else gives no price");
    sandbox_stop(&sandbox);
}

/* The one call of a host that only knows JSON: the sources are asked, what the rules refuse is told. */
static void json_in_and_json_out(void)
{
    static const char *const options[] = { NULL };
    static const char martin[] =
        "{\"tarif\":\"cantine\",\"date\":\"2026-11-23\",\"demandeur\":{\"nom_naissance\":\"Martin\","
        "\"prenoms\":[\"Claire\",\"Anne\"],\"date_naissance\":\"1988-03-14\",\"sexe\":\"F\","
        "\"commune_naissance\":\"75112\"},"
        "\"entrees\":{\"résident\":true}}";
    struct sandbox sandbox;
    delib_io_config *config;
    delib_io_driver *driver = NULL;
    delib_status status;
    char *json = NULL;

    if (!sandbox_start(&sandbox, options))
        return;
    config = read_config(&sandbox, TOKEN);
    delib_io_driver_new(config, NULL, &driver);
    status = delib_io_evaluate_json(program, martin, driver, &json);
    tap(status == DELIB_OK && json && strstr(json, "\"montant\":\"1.30\"") && strstr(json, "\"origine\":\"API "
                                                                                           "Particulier (CNAF)\""),
        "a quotient of the CAF, JSON in and JSON out", "%d %s", status, json ? json : "");
    delib_io_text_free(json);
    delib_io_driver_free(driver);
    delib_io_config_free(config);
    sandbox_stop(&sandbox);
}

static void absences_and_refusals(void)
{
    static const char *const options[] = { "--date", "2026-11-23", NULL };
    struct sandbox sandbox;

    if (!sandbox_start(&sandbox, options))
        return;
    check(compute(&sandbox, TOKEN, "cantine", MERCIER, RESIDENT), DELIB_A_COMPLETER, 0, 1, NULL,
          "no dossier: the supporting document is asked for");
    check(compute(&sandbox, TOKEN, "cantine", MERCIER, RESIDENT "  qf: ~\n"), DELIB_CALCULE, 560, 1, NULL,
          "no dossier and no document: « non communiqué »");
    check(compute(&sandbox, TOKEN, "cantine", MERCIER, RESIDENT "  qf: 449\n"), DELIB_CALCULE, 130, 1, NULL,
          "no dossier, with a document");
    check(compute(&sandbox, TOKEN, "cantine", BLANC, RESIDENT "  qf: ~\n"), DELIB_CALCULE, 560, 1, NULL,
          "a null quotient is absent, not zero");
    check(compute(&sandbox, "bac-a-sable-composition", "cantine", MARTIN, RESIDENT "  qf: ~\n"),
          DELIB_SOURCE_INDISPONIBLE, 0, 1, NULL, "a masked key is not an absence");
    check(compute(&sandbox, "bac-a-sable-sans-droit", "cantine", MARTIN, RESIDENT "  qf: ~\n"),
          DELIB_SOURCE_INDISPONIBLE, 0, 1, "jeton", "a refusal is not an absence");
    check(compute(&sandbox, TOKEN, "cantine", NOBODY, RESIDENT), DELIB_A_COMPLETER, 0, 1, NULL,
          "nobody has this identity: the supporting document is asked for");
    check(compute(&sandbox, TOKEN, "cantine", NOBODY, RESIDENT "  qf: ~\n"), DELIB_SOURCE_INDISPONIBLE, 0, 1,
          "vérifiez l'état civil", "nobody has this identity: never « non communiqué »");
    sandbox_stop(&sandbox);
}

static void failures_are_never_prices(void)
{
    static const struct { const char *fault, *words; } cases[] = {
        { "quotient_familial:statut=500", "erreur interne" },
        { "quotient_familial:statut=401", "ne reconnaît pas le jeton" },
        { "quotient_familial:statut=403", "pas de droit" },
        { "quotient_familial:statut=429", "quota" },
        { "quotient_familial:statut=502", "en panne" },
        { "quotient_familial:statut=503", "maintenance" },
        { "quotient_familial:tronque", "tronqué" },
        { "quotient_familial:coupure", "coupée en chemin" },
        { "quotient_familial:json-faux", "forme attendue" },
        { "quotient_familial:html", "pas du JSON" },
        { "quotient_familial:silence", "pas répondu en 2 s" },
        { "quotient_familial:enorme", "dépasse la taille" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *options[] = { "--panne", cases[i].fault, NULL };
        struct sandbox sandbox;
        char name[120];

        if (!sandbox_start(&sandbox, options))
            return;
        snprintf(name, sizeof(name), "%s: « source indisponible »", cases[i].fault);
        check(compute(&sandbox, TOKEN, "cantine", MARTIN, RESIDENT "  qf: ~\n"), DELIB_SOURCE_INDISPONIBLE, 0, 1,
              cases[i].words, name);
        snprintf(name, sizeof(name), "%s: with a document, a price", cases[i].fault);
        check(compute(&sandbox, TOKEN, "cantine", MARTIN, RESIDENT "  qf: 449\n"), DELIB_CALCULE, 130, 1, NULL, name);
        sandbox_stop(&sandbox);
    }
}

static void a_wrong_answer_of_the_family_is_told(void)
{
    static const char text[] = MARTIN "entrees:\n  résident: peut-être\n  rezident: oui\n";
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_io_demande *demande = NULL;
    delib_session *session = NULL;
    delib_diagnostic first = { .line = 0 }, second = { .line = 0 };

    options.date = "2026-11-23";
    if (delib_io_demande_read("demande.yaml", text, strlen(text), DELIB_IO_AUTO, &demande) == DELIB_OK
        && delib_session_new(program, &options, &session) == DELIB_OK
        && delib_io_demande_apply(demande, session) == DELIB_INVALID) {
        delib_io_demande_diagnostic(demande, 0, &first);
        delib_io_demande_diagnostic(demande, 1, &second);
    }
    tap(first.line == 10 && second.line == 11 && strstr(first.message, "résident") && strstr(second.message,
                                                                                             "rezident")
            && !strstr(first.printed, "peut-être"),
        "a refused answer is told with its line, without its value", "%s / %s", first.printed ? first.printed : "",
        second.printed ? second.printed : "");
    delib_session_free(session);
    delib_io_demande_free(demande);
}

/* ---- A host with its own HTTP stack ---- */

struct delivery {
    delib_io_exchange *exchange;
    size_t id;
    const char *body;
    bool received;
};

/* What a thread of the host does with one request. */
static void *deliver(void *context)
{
    struct delivery *delivery = context;
    delib_io_http_request request;

    if (delib_io_exchange_request(delivery->exchange, &request) == DELIB_OK && strstr(request.url, "recipient="))
        delivery->received = delib_io_exchange_receive(delivery->exchange, 200, NULL, 0, delivery->body,
                                                       strlen(delivery->body), "2026-11-23T10:00:00Z") == DELIB_OK;
    return NULL;
}

static const char quotient_body[] = "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"MSA\",\"valeur\":300,"
                                    "\"annee\":2026,\"mois\":11}}}";
static const char benefit_body[] = "{\"data\":{\"est_beneficiaire\":true,\"date_debut_droit\":\"2026-01-01\"}}";

/* One round: every pending request in its own thread, answered in the reverse order. False: nothing to do. */
static bool serve_round(const delib_io_config *config, const delib_io_demande *demande, delib_session *session)
{
    struct delivery deliveries[8] = { { .id = 0 } };
    pthread_t threads[8];
    const size_t count = delib_session_request_count(session);
    bool good = count > 0 && count <= 8;

    for (size_t i = 0; good && i < count; i++) {
        delib_request request;

        good = delib_session_request(session, i, &request) == DELIB_OK
            && delib_io_exchange_new(config, demande, &request, &deliveries[i].exchange) == DELIB_OK;
        deliveries[i].id = request.id;
        deliveries[i].body = strstr(request.function, "quotient") ? quotient_body : benefit_body;
    }
    for (size_t i = 0; good && i < count; i++)
        pthread_create(&threads[i], NULL, deliver, &deliveries[i]);
    for (size_t i = 0; good && i < count; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = count; good && i > 0; i--)
        good = deliveries[i - 1].received
            && delib_session_answer(session, deliveries[i - 1].id,
                                    delib_io_exchange_answer(deliveries[i - 1].exchange)) == DELIB_OK;
    for (size_t i = 0; i < 8; i++)
        delib_io_exchange_free(deliveries[i].exchange);
    return good;
}

static void a_host_sends_by_itself(void)
{
    struct sandbox nowhere = { .address = "http://127.0.0.1:1" };
    delib_io_config *config = read_config(&nowhere, TOKEN);
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_io_demande *demande = NULL;
    delib_session *session = NULL;
    delib_result result = { .units = 0 };
    delib_status status = DELIB_INTERNAL;
    unsigned rounds = 0;

    options.date = "2026-11-23";
    if (config && delib_io_demande_read("d", MARTIN, strlen(MARTIN), DELIB_IO_AUTO, &demande) == DELIB_OK
        && delib_session_new(program, &options, &session) == DELIB_OK
        && delib_session_set_text(session, "résident", "oui") == DELIB_OK) {
        const delib_tariff tariff = delib_program_tariff(program, "goûter");

        status = delib_evaluate(session, tariff, &result);
        while (status == DELIB_PENDING && rounds < 5 && serve_round(config, demande, session)) {
            rounds++;
            status = delib_evaluate(session, tariff, &result);
        }
    }
    tap(status == DELIB_OK && result.statut == DELIB_CALCULE && result.units == 15 && result.scale == 2,
        "a host answers from its own threads, in any order", "status %d, %lld/%u after %u rounds", status,
        (long long)result.units, result.scale, rounds);
    delib_session_free(session);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

int main(void)
{
    if (compile()) {
        amounts_from_certified_data();
        json_in_and_json_out();
    absences_and_refusals();
        failures_are_never_prices();
        a_wrong_answer_of_the_family_is_told();
        a_host_sends_by_itself();
    }
    delib_program_release(program);
    delib_engine_free(engine);
    return tap_end();
}
