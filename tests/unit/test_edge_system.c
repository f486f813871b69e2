/*
 * What the system and the libraries may refuse at any time: each is an answer with its sentence, never a value. The
 * functions below stand in front of those of libcurl and libsodium; nothing leaves this machine.
 */
#define _GNU_SOURCE                     /* RTLD_NEXT */
#include "runtime/edge/edge_exchange.h"
#include "runtime/edge/edge_secret.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EVERYWHERE __attribute__((visibility("default")))

static struct {
    bool no_sodium, no_handle;
    CURLcode ends_with;                 /* CURLE_OK: as it did */
} refused;

EVERYWHERE int sodium_init(void);
int sodium_init(void)
{
    int (*real)(void);

    *(void **)&real = dlsym(RTLD_NEXT, "sodium_init");
    return refused.no_sodium ? -1 : real();
}

EVERYWHERE CURLMcode curl_multi_add_handle(CURLM *multi, CURL *curl)
{
    CURLMcode (*real)(CURLM *, CURL *);

    *(void **)&real = dlsym(RTLD_NEXT, "curl_multi_add_handle");
    return refused.no_handle ? CURLM_OUT_OF_MEMORY : real(multi, curl);
}

EVERYWHERE CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
    CURLMsg *(*real)(CURLM *, int *);
    CURLMsg *message;

    *(void **)&real = dlsym(RTLD_NEXT, "curl_multi_info_read");
    message = real(multi, left);
    if (message && refused.ends_with != CURLE_OK)
        message->data.result = refused.ends_with;
    return message;
}

/* ---- A family, whose source is where nobody listens ---- */

static const char act[] =
    "source qf : api_particulier.quotient_familial(demandeur)\n"
    "tarif cantine en € par repas\n  finalité tarification_enfance\n  prix selon qf\n"
    "    moins de 450 : 1,30 €\n    450 et plus : 3,30 €\n    non communiqué : 5,60 €\n  fin\nfin\n";
static const char demande_text[] =
    "date: 2026-11-23\ndemandeur:\n  nom_naissance: Martin\n  prenoms: Claire\n  sexe: F\n  pays_naissance: "
    "\"99127\"\n";

static void check_call(const char *words)
{
    const delib_source source = { "acte.delib", act, sizeof act - 1 };
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    delib_session *session = NULL;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;
    delib_io_driver *driver = NULL;
    delib_result result = { .reason = NULL };

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    options.date = "2026-11-23";
    options.ask_sources = 1;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    assert_int_equal(delib_io_config_local("http://127.0.0.1:1", &config), DELIB_OK);
    assert_int_equal(delib_io_demande_read("d", demande_text, sizeof demande_text - 1, DELIB_IO_YAML, &demande),
                     DELIB_OK);
    assert_int_equal(delib_io_driver_new(config, NULL, &driver), DELIB_OK);
    assert_int_equal(delib_io_evaluate(driver, demande, session, 0, &result), DELIB_OK);
    assert_int_equal(result.statut, DELIB_SOURCE_INDISPONIBLE);
    if (!strstr(result.reason, words))
        fail_msg("« %s » is not in « %s »", words, result.reason);
    delib_io_driver_free(driver);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
}

/* ---- libcurl ---- */

static void each_end_of_a_call_has_its_sentence(void **state)
{
    static const struct { CURLcode code; const char *words; } cases[] = {
        { CURLE_COULDNT_CONNECT, "connexion refusée" },
        { CURLE_COULDNT_RESOLVE_HOST, "est introuvable (DNS)" },
        { CURLE_COULDNT_RESOLVE_PROXY, "est introuvable (DNS)" },
        { CURLE_INTERFACE_FAILED, "connexion refusée" },
        { CURLE_PEER_FAILED_VERIFICATION, "certificat refusé ou protocole trop ancien" },
        { CURLE_SSL_CONNECT_ERROR, "certificat refusé ou protocole trop ancien" },
        { CURLE_SSL_CERTPROBLEM, "certificat refusé ou protocole trop ancien" },
        { CURLE_SSL_CACERT_BADFILE, "certificat refusé ou protocole trop ancien" },
        { CURLE_OPERATION_TIMEDOUT, "n'a pas accepté la connexion en 5 s" },
        { CURLE_GOT_NOTHING, "a coupé la connexion sans répondre" },
        { CURLE_SEND_ERROR, "a coupé la connexion sans répondre" },
        { CURLE_PARTIAL_FILE, "a été coupée en chemin" },
        { CURLE_BAD_CONTENT_ENCODING, "est mal compressée" },
        { CURLE_FILESIZE_EXCEEDED, "dépasse la taille acceptée" },
        { CURLE_UNSUPPORTED_PROTOCOL, "ne répond pas en HTTP" },
        { CURLE_OUT_OF_MEMORY, "n'a pas pu être préparé sur ce serveur" },
        { CURLE_FAILED_INIT, "n'a pas pu être préparé sur ce serveur" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        refused.ends_with = cases[i].code;
        check_call(cases[i].words);
    }
    refused.ends_with = CURLE_OK;
    check_call("connexion refusée");
}

static void a_call_that_cannot_start_is_told(void **state)
{
    (void)state;
    refused.no_handle = true;
    check_call("n'a pas pu être préparé sur ce serveur");
    refused.no_handle = false;
}

/* ---- Randomness ---- */

/* The DGFiP wants an identifier of the request: without randomness there is none, and nothing is asked. */
static void a_request_without_identifier_is_not_sent(void **state)
{
    static const char text[] = "date: 2026-11-23\ndemandeur: { spi: \"3000000000010\" }\n";
    const delib_request request = { .function = "api_impot_particulier.situation", .source = "s", .label = "s",
                                    .subject = "demandeur", .finalite = "tarification_enfance" };
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;
    delib_io_exchange *exchange = NULL;

    (void)state;
    assert_int_equal(delib_io_config_local("http://127.0.0.1:1", &config), DELIB_OK);
    assert_int_equal(delib_io_demande_read("d", text, sizeof text - 1, DELIB_IO_YAML, &demande), DELIB_OK);
    refused.no_sodium = true;
    assert_int_equal(delib_io_exchange_new(config, demande, &request, &exchange), DELIB_OK);
    refused.no_sodium = false;
    assert_int_equal(delib_io_exchange_answer(exchange)->kind, DELIB_ANSWER_FAILED);
    assert_string_equal(delib_io_exchange_answer(exchange)->code, "client_defaillant");
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

/* ---- Files ---- */

/* A private file that opens and cannot be read: Linux answers EIO for the first byte of a process's memory. */
static void a_secret_that_cannot_be_read_is_none(void **state)
{
    const struct edge_secret secret = { .file = "/proc/self/mem" };
    char *value = NULL;

    (void)state;
    assert_int_equal(edge_secret_fetch(&secret, &value), EDGE_SECRET_NO_FILE);
    assert_null(value);
    assert_int_equal(edge_secret_check_file("/proc/self/absent"), EDGE_SECRET_NO_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_end_of_a_call_has_its_sentence),
        cmocka_unit_test(a_call_that_cannot_start_is_told),
        cmocka_unit_test(a_request_without_identifier_is_not_sent),
        cmocka_unit_test(a_secret_that_cannot_be_read_is_none),
    };

    return cmocka_run_group_tests_name("refusals of the system", tests, NULL, NULL);
}
