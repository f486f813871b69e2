/*
 * Configurations: addresses, SIRET, secrets and their files, and what each refusal says.
 */
#include "runtime/edge/edge_check.h"
#include "runtime/edge/edge_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define RECIPIENT "destinataire: \"130 025 265 00013\"\n"

static delib_io_config *read_config(const char *text, delib_status expected)
{
    delib_io_config *config = NULL;
    const delib_status status = delib_io_config_read("delib.yaml", text, strlen(text), &config);

    if (status != expected && status == DELIB_INVALID) {
        delib_diagnostic diagnostic;

        delib_io_config_diagnostic(config, 0, &diagnostic);
        fail_msg("%s", diagnostic.printed);
    }
    assert_int_equal(status, expected);
    return config;
}

static void check_refused(const char *text, const char *code, unsigned line, const char *message)
{
    delib_io_config *config = read_config(text, DELIB_INVALID);
    delib_diagnostic diagnostic;

    assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
    if (strcmp(diagnostic.code, code) != 0 || diagnostic.line != line || !strstr(diagnostic.message, message))
        fail_msg("%s\n-> %s\ninstead of %s line %u: %s", text, diagnostic.printed, code, line, message);
    delib_io_config_free(config);
}

/* ---- Forms ---- */

static void sirets_are_checked(void **state)
{
    static const char *const good[] = { "13002526500013", "130 025 265 00013", "21310555400017",
                                        "130\xC2\xA0""025\xE2\x80\xAF""265 00013", "35600000000048",
                                            "35600000000001" };
    static const char *const bad[] = { "", "13002526500014", "1300252650001", "130025265000130", "1300252650001a",
                                       "00000000000000", "31002526500013", "130-025-265-00013" };
    char digits[15];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        assert_true(edge_check_siret(slice_of(good[i]), digits));
        assert_int_equal(strlen(digits), 14);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (edge_check_siret(slice_of(bad[i]), digits))
            fail_msg("%s is taken for a SIRET", bad[i]);
    }
}

/* Every change of one digit, and every exchange of two different neighbours but 0 and 9, is seen by the Luhn key. */
static void one_wrong_digit_of_a_siret_is_seen(void **state)
{
    static const char siret[] = "13002526500013";
    char wrong[15], digits[15];

    (void)state;
    for (size_t at = 0; at < 14; at++) {
        for (char c = '0'; c <= '9'; c++) {
            memcpy(wrong, siret, sizeof(wrong));
            wrong[at] = c;
            assert_int_equal(edge_check_siret(slice_of(wrong), digits), c == siret[at]);
        }
    }
}

static void addresses_are_checked(void **state)
{
    static const struct { const char *text; enum edge_address expected; } cases[] = {
        { "https://particulier.api.gouv.fr", EDGE_ADDRESS_OK },
        { "https://gw.example:8443/impotparticulier/1.0", EDGE_ADDRESS_OK },
        { "http://127.0.0.1:8080", EDGE_ADDRESS_OK },
        { "http://127.255.255.254", EDGE_ADDRESS_OK },
        { "http://localhost:1", EDGE_ADDRESS_OK },
        { "http://[::1]:8080/x", EDGE_ADDRESS_OK },
        { "http://particulier.api.gouv.fr", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.1.evil.example", EDGE_ADDRESS_CLEAR },
        { "http://127.1", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.256", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.1.", EDGE_ADDRESS_CLEAR },
        { "http://128.0.0.1", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.1.1", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.1000", EDGE_ADDRESS_CLEAR },
        { "http://127.0..1", EDGE_ADDRESS_CLEAR },
        { "http://127.0.0.1-x", EDGE_ADDRESS_CLEAR },
        { "https://a-b.C9:65535/x_y~z/-.", EDGE_ADDRESS_OK },
        { "https://-a", EDGE_ADDRESS_MALFORMED },
        { "https://.a", EDGE_ADDRESS_MALFORMED },
        { "https://a:", EDGE_ADDRESS_MALFORMED },
        { "https://a:1x", EDGE_ADDRESS_MALFORMED },
        { "https://a:123456", EDGE_ADDRESS_MALFORMED },
        { "https://a/b?c", EDGE_ADDRESS_MALFORMED },
        { "https://a/b c", EDGE_ADDRESS_MALFORMED },
        { "https://[::1]:1:2", EDGE_ADDRESS_MALFORMED },
        { "http://0x7f000001", EDGE_ADDRESS_CLEAR },
        { "http://localhost.evil.example", EDGE_ADDRESS_CLEAR },
        { "http://localhost@evil.example", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1@evil.example", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1\\@evil.example", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1#.evil.example", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1?x", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1:80:80", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1:0", EDGE_ADDRESS_MALFORMED },
        { "http://127.0.0.1:65536", EDGE_ADDRESS_MALFORMED },
        { "http://[::2]", EDGE_ADDRESS_MALFORMED },
        { "http://[::1", EDGE_ADDRESS_MALFORMED },
        { "http://[::1]x", EDGE_ADDRESS_MALFORMED },
        { "https://", EDGE_ADDRESS_MALFORMED },
        { "https:///x", EDGE_ADDRESS_MALFORMED },
        { "HTTP://127.0.0.1", EDGE_ADDRESS_MALFORMED },
        { "ftp://127.0.0.1", EDGE_ADDRESS_MALFORMED },
        { "file:///etc/passwd", EDGE_ADDRESS_MALFORMED },
        { "https://a b", EDGE_ADDRESS_MALFORMED },
        { "https://a\nb", EDGE_ADDRESS_MALFORMED },
        { "particulier.api.gouv.fr", EDGE_ADDRESS_MALFORMED },
        { "", EDGE_ADDRESS_MALFORMED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (edge_check_address(slice_of(cases[i].text)) != cases[i].expected)
            fail_msg("%s: %d", cases[i].text, edge_check_address(slice_of(cases[i].text)));
    }
}

/* A name of 253 characters at most, as DNS has it. */
static void a_host_has_a_length(void **state)
{
    char address[300] = "https://";

    (void)state;
    memset(address + 8, 'a', 253);
    assert_int_equal(edge_check_address(slice_of(address)), EDGE_ADDRESS_OK);
    strcat(address, "a");
    assert_int_equal(edge_check_address(slice_of(address)), EDGE_ADDRESS_MALFORMED);
}

/* ---- Reading ---- */

static void a_whole_configuration_is_read(void **state)
{
    delib_io_config *config = read_config(
        RECIPIENT "delais: { connexion: 3, total: 20 }\nnouveaux_essais: 2\ndisjoncteur: { echecs: 4, pause: 10 }\n"
        "api_particulier:\n  adresse: https://particulier.api.gouv.fr/\n  requetes_par_seconde: 10\n"
        "  modalite: identite\n"
        "api_impot_particulier:\n  adresse: https://gw.example/impotparticulier/1.0\n"
        "  adresse_jeton: https://gw.example/token\n  certificat: c.pem\n  cle: /k.pem\n"
        "habilitations:\n  tarification_enfance:\n    api_particulier:\n      jeton: { variable: DELIB_JETON }\n"
        "      portees: [cnaf_quotient_familial, cnaf_enfants]\n"
        "    api_impot_particulier:\n      identifiant: { variable: A }\n      secret: { fichier: s }\n"
        "      id_teleservice: T1\n  sans_finalite: {}\n",
        DELIB_OK);
    const struct edge_habilitation *habilitation = edge_config_habilitation(config, "Tarification_enfance");

    (void)state;
    assert_string_equal(config->recipient, "13002526500013");
    assert_int_equal(config->connect_timeout_ms, 3000);
    assert_int_equal(config->total_timeout_ms, 20000);
    assert_int_equal(config->retries, 2);
    assert_string_equal(config->particulier.address, "https://particulier.api.gouv.fr");
    assert_int_equal(config->particulier.requests, 10);
    assert_true(config->particulier.prefers_identite);
    assert_string_equal(config->impot.token_address, "https://gw.example/token");
    assert_string_equal(config->impot.certificate, "c.pem");
    assert_non_null(habilitation);
    assert_string_equal(habilitation->particulier.token.variable, "DELIB_JETON");
    assert_int_equal(habilitation->particulier.scopes->count, 2);
    assert_string_equal(habilitation->impot.teleservice, "T1");
    assert_null(edge_config_habilitation(config, "tarification_eaje"));
    assert_non_null(edge_config_habilitation(config, NULL));
    assert_false(edge_config_habilitation(config, NULL)->particulier.given);
    delib_io_config_free(config);
}

static void defaults_are_those_of_the_documentation(void **state)
{
    delib_io_config *config = read_config(RECIPIENT, DELIB_OK);

    (void)state;
    assert_int_equal(config->connect_timeout_ms, 5000);
    assert_int_equal(config->total_timeout_ms, 15000);
    assert_int_equal(config->retries, 0);
    assert_int_equal(config->particulier.requests, 20);
    assert_int_equal(config->particulier.period_s, 1);
    assert_int_equal(config->impot.requests, 50);
    assert_int_equal(config->impot.period_s, 60);
    assert_null(config->particulier.address);
    delib_io_config_free(config);
}

static void wrong_configurations_are_told(void **state)
{
    /* The first is one. */
    static const char *const variables[] = { "_aZ09", "9a", "a-b", "a[b", "a{b", "a@b", "a/b", "a:b", "é" };

    (void)state;
    check_refused("delais: {}\n", "D721", 1, "« destinataire » manque");
    check_refused("destinataire: \"13002526500014\"\n", "D741", 1, "clé de contrôle est fausse");
    check_refused(RECIPIENT "delai: {}\n", "D720", 2, "« delai » : clé inconnue");
    check_refused(RECIPIENT "delais: { total: 0 }\n", "D722", 2, "« delais.total » : un nombre entier de 1 à 120");
    check_refused(RECIPIENT "delais: { connexion: 30 }\n", "D722", 2, "ne dépasse pas le délai total");
    check_refused(RECIPIENT "nouveaux_essais: 3\n", "D722", 2, "de 0 à 2");
    check_refused(RECIPIENT "api_particulier: {}\n", "D721", 2, "« api_particulier.adresse » manque");
    check_refused(RECIPIENT "api_particulier:\n  adresse: http://particulier.api.gouv.fr\n", "D740", 3,
                  "ne circulent pas en clair");
    check_refused(RECIPIENT "api_particulier:\n  adresse: particulier\n", "D740", 3, "une adresse est attendue");
    check_refused(RECIPIENT "api_particulier: { adresse: \"https://a\", modalite: x }\n", "D722", 2,
                  "« identite » ou");
    check_refused(RECIPIENT "api_impot_particulier:\n  adresse: https://a\n", "D721", 3, "adresse_jeton » manque");
    check_refused(RECIPIENT "api_impot_particulier: { adresse: \"https://a\", adresse_jeton: \"https://a/token\", "
                  "cle: k }\n", "D722", 2, "vont ensemble");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier: {}\n", "D721", 4,
                  "« habilitations.a.api_particulier.jeton » manque");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: A, fichier: b }\n",
                  "D722", 5, "une seule des deux clés");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: \"A B\" }\n",
                  "D723", 5, "le nom d'une variable");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: A }\n"
                  "      portees: [cnaf_quotient]\n", "D744", 6, "« cnaf_quotient » : aucune fonction");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: A }\n"
                  "      portees: [[cnaf_enfants]]\n", "D722", 6, "le nom d'une portée est attendu");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: A }\n"
                  "      portees: cnaf_enfants\n", "D722", 6, "une liste de portées");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_impot_particulier:\n      identifiant: { variable: A }\n"
                  "      secret: { variable: B }\n      id_teleservice: T 1\n", "D722", 7,
                  "« habilitations.a.api_impot_particulier.id_teleservice » : l'identifiant du téléservice");
    check_refused(RECIPIENT "api_impot_particulier:\n  adresse_jeton: https://a/token\n", "D721", 3,
                  "« api_impot_particulier.adresse » manque");
    check_refused(RECIPIENT "delais: { connexion: \"\" }\n", "D722", 2, "« delais.connexion » : un nombre entier");
    check_refused(RECIPIENT "delais: { connexion: 5s }\n", "D722", 2, "« delais.connexion » : un nombre entier");
    check_refused(RECIPIENT "delais: { connexion: [5] }\n", "D722", 2, "« delais.connexion » : un nombre entier");
    check_refused(RECIPIENT "disjoncteur: { echecs: 1000000000000000000000 }\n", "D722", 2, "de 0 à 1000");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: 1A }\n",
                  "D723", 5, "le nom d'une variable");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: A-B }\n",
                  "D723", 5, "le nom d'une variable");
    check_refused(RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: {}\n", "D722", 5,
                  "une seule des deux clés");
    for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
        char text[200];

        snprintf(text, sizeof(text), RECIPIENT "habilitations:\n  a:\n    api_particulier: { jeton: { variable: "
                                               "\"%s\" } }\n",
                 variables[i]);
        if (i == 0)
            delib_io_config_free(read_config(text, DELIB_OK));
        else
            check_refused(text, "D723", 4, "le nom d'une variable");
    }
    check_refused("- a\n", "D722", 1, "un groupe de champs est attendu");
    check_refused(RECIPIENT "habilitations: [a]\n", "D722", 2, "« habilitations » : un groupe de champs");
    check_refused(RECIPIENT "habilitations:\n  a: oui\n", "D722", 3, "« habilitations.a » : un groupe de champs");
}

static void a_secret_in_clear_is_refused_and_not_shown(void **state)
{
    static const char text[] = RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: eyJSECRET\n";
    delib_io_config *config = read_config(text, DELIB_INVALID);
    delib_diagnostic diagnostic;

    (void)state;
    assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.code, "D743");
    assert_int_equal(diagnostic.line, 5);
    assert_null(strstr(diagnostic.printed, "SECRET"));
    delib_io_config_free(config);
}

/* ---- Secrets ---- */

static char folder[] = "/tmp/delib-config-XXXXXX";

static const char *write_file(const char *name, const char *content, mode_t mode)
{
    static char path[200];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    unlink(path);
    file = fopen(path, "wb");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void secrets_come_from_private_files_only(void **state)
{
    static const struct {
        mode_t mode;
        const char *content;
        enum edge_secret_status expected;
    } cases[] = {
        { 0600, "jeton\n", EDGE_SECRET_OK },
        { 0400, "jeton", EDGE_SECRET_OK },
        { 0600, "jeton \r\n\n", EDGE_SECRET_OK },
        { 0640, "jeton", EDGE_SECRET_OPEN_TO_OTHERS },
        { 0604, "jeton", EDGE_SECRET_OPEN_TO_OTHERS },
        { 0620, "jeton", EDGE_SECRET_OPEN_TO_OTHERS },
        { 0601, "jeton", EDGE_SECRET_OPEN_TO_OTHERS },
        { 0600, "", EDGE_SECRET_MALFORMED },
        { 0600, "\n", EDGE_SECRET_MALFORMED },
        { 0600, "a\nb", EDGE_SECRET_MALFORMED },
        { 0600, "a\r\nX-Header: b", EDGE_SECRET_MALFORMED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct edge_secret secret = { .file = write_file("jeton", cases[i].content, cases[i].mode) };
        char *value = NULL;

        assert_int_equal(edge_secret_fetch(&secret, &value), cases[i].expected);
        if (cases[i].expected == EDGE_SECRET_OK)
            assert_string_equal(value, "jeton");
        else
            assert_null(value);
        edge_secret_free(value);
        unlink(secret.file);
        assert_int_equal(edge_secret_fetch(&secret, &value), EDGE_SECRET_NO_FILE);
    }
}

static void odd_files_are_no_secrets(void **state)
{
    const struct edge_secret directory = { .file = "/tmp" };
    char *value = NULL, *big = malloc(40000);
    struct edge_secret large = { .file = NULL };

    (void)state;
    assert_int_equal(edge_secret_fetch(&directory, &value), EDGE_SECRET_NO_FILE);
    assert_non_null(big);
    memset(big, 'a', 39999);
    big[39999] = '\0';
    large.file = write_file("grand", big, 0600);
    assert_int_equal(edge_secret_fetch(&large, &value), EDGE_SECRET_MALFORMED);
    unlink(large.file);
    free(big);
}

static void the_check_says_which_secret_is_out_of_reach(void **state)
{
    char text[600], path[200];
    delib_io_config *config;
    delib_diagnostic diagnostic;

    (void)state;
    snprintf(path, sizeof(path), "%s", write_file("ouvert", "SECRET", 0644));
    snprintf(text, sizeof(text), RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: "
             "DELIB_TEST_ABSENT }\n  b:\n    api_particulier:\n      jeton: { fichier: %s }\n  c:\n    "
             "api_particulier:\n"
             "      jeton: { variable: DELIB_TEST_PRESENT }\n", path);
    setenv("DELIB_TEST_PRESENT", "SECRET", 1);
    unsetenv("DELIB_TEST_ABSENT");
    config = read_config(text, DELIB_OK);
    assert_int_equal(delib_io_config_check(config), DELIB_INVALID);
    assert_int_equal(delib_io_config_diagnostic_count(config), 2);
    assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
    assert_int_equal(diagnostic.line, 5);
    assert_non_null(strstr(diagnostic.message, "« DELIB_TEST_ABSENT » n'existe pas"));
    assert_int_equal(delib_io_config_diagnostic(config, 1, &diagnostic), DELIB_OK);
    assert_int_equal(diagnostic.line, 8);
    assert_non_null(strstr(diagnostic.message, "peut être lu par d'autres"));
    assert_null(strstr(diagnostic.printed, "SECRET"));
    delib_io_config_free(config);
    unlink(path);
    unsetenv("DELIB_TEST_PRESENT");
}

static void the_expiry_of_a_token_is_read(void **state)
{
    /* {"alg":"none"}.{"exp":1700000000,"sub":"é"}.  and others that are no JWT, or do not say. */
    static const struct { const char *token; int64_t expiry; } cases[] = {
        { "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6IsOpIn0.x", 1700000000 },
        { "eyJhbGciOiJub25lIn0.eyJzdWIiOiLDqSJ9.x", 0 },
        { "eyJhbGciOiJub25lIn0.e30.x", 0 },
        { "a.eyJleHAiOiIxNzAwMDAwMDAwIn0.c", 0 },      /* {"exp":"1700000000"} */
        { "a.eyJleHAiOjEuNX0.c", 0 },                  /* {"exp":1.5} */
        { "a.eyJleHAiOi01fQ.c", 0 },                   /* {"exp":-5} */
        { "a.eyJleHAiOjE3MDAwMDAwMDA.c", 0 },          /* cut */
        { "a.b.c", 0 }, { "a..c", 0 }, { "..", 0 }, { "abc", 0 }, { "", 0 }, { "a.!!!.c", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t expiry = 0;

        assert_int_equal(edge_token_expiry(cases[i].token, &expiry), cases[i].expiry != 0);
        assert_int_equal(expiry, cases[i].expiry);
    }
}

static void an_expired_token_is_told(void **state)
{
    static const char text[] = RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: "
                               "DELIB_TEST_JWT }\n";
    delib_io_config *config = read_config(text, DELIB_OK);
    delib_diagnostic diagnostic;

    (void)state;
    setenv("DELIB_TEST_JWT", "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6IsOpIn0.x", 1);
    assert_int_equal(delib_io_config_check(config), DELIB_INVALID);
    assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.code, "D745");
    assert_non_null(strstr(diagnostic.message, "a expiré le 14 novembre 2023"));
    assert_null(strstr(diagnostic.printed, "eyJ"));
    unsetenv("DELIB_TEST_JWT");
    delib_io_config_free(config);
}

/* A token of a file is named by its file; one that has time left is not spoken of. */
static void the_expiry_of_a_file_is_told(void **state)
{
    static const char past[] = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6IsOpIn0.x";
    static const char future[] = "a.eyJleHAiOjk5OTk5OTk5OTl9.x";        /* {"exp":9999999999} */
    char text[400], path[200];

    (void)state;
    for (int late = 0; late < 2; late++) {
        delib_io_config *config;
        delib_diagnostic diagnostic;

        snprintf(path, sizeof(path), "%s", write_file("jwt", late ? past : future, 0600));
        snprintf(text, sizeof(text), RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { fichier: %s "
                                               "}\n", path);
        config = read_config(text, DELIB_OK);
        assert_int_equal(delib_io_config_check(config), late ? DELIB_INVALID : DELIB_OK);
        if (late) {
            assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
            assert_non_null(strstr(diagnostic.message, "/jwt » : ce jeton a expiré le 14 novembre 2023"));
        }
        delib_io_config_free(config);
        unlink(path);
    }
}

/* Each thing that keeps a secret out of reach, and the key file that libcurl will open, in one sentence each. */
static void each_secret_out_of_reach_has_its_sentence(void **state)
{
    static const char shape[] =
        RECIPIENT "api_impot_particulier:\n  adresse: https://a\n  adresse_jeton: https://a/token\n"
                  "  certificat: c.pem\n  cle: %s\n"
                  "habilitations:\n  a:\n    api_particulier: { jeton: { fichier: %s } }\n"
                  "    api_impot_particulier:\n      identifiant: { variable: DELIB_TEST_SPACE }\n"
                  "      secret: { variable: DELIB_TEST_EMPTY }\n";
    static const char *const sentences[] = {
        "cle » peut être lu par d'autres que son propriétaire, il est donc refusé",
        "/absent » ne peut pas être lu",
        "le secret de « DELIB_TEST_SPACE » est vide, trop long, ou contient une espace",
        "la variable d'environnement « DELIB_TEST_EMPTY » n'existe pas, ou elle est vide",
    };
    char text[900], key[200], absent[200];
    delib_io_config *config;
    delib_diagnostic diagnostic;

    (void)state;
    snprintf(key, sizeof(key), "%s", write_file("cle", "SECRET", 0640));
    snprintf(absent, sizeof(absent), "%s/absent", folder);
    snprintf(text, sizeof(text), shape, key, absent);
    setenv("DELIB_TEST_SPACE", "SECRET SECRET", 1);
    setenv("DELIB_TEST_EMPTY", "", 1);
    config = read_config(text, DELIB_OK);
    assert_int_equal(delib_io_config_check(config), DELIB_INVALID);
    assert_int_equal(delib_io_config_diagnostic_count(config), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(delib_io_config_diagnostic(config, i, &diagnostic), DELIB_OK);
        assert_string_equal(diagnostic.code, "D742");
        if (!strstr(diagnostic.message, sentences[i]))
            fail_msg("%s", diagnostic.printed);
        assert_null(strstr(diagnostic.printed, "SECRET SECRET"));
    }
    delib_io_config_free(config);
    unlink(key);
    unsetenv("DELIB_TEST_SPACE");
    unsetenv("DELIB_TEST_EMPTY");
}

static void a_configuration_may_have_no_name(void **state)
{
    delib_io_config *config = NULL;
    delib_diagnostic diagnostic;

    (void)state;
    assert_int_equal(delib_io_config_read(NULL, "x: 1\n", 5, &config), DELIB_INVALID);
    assert_int_equal(delib_io_config_diagnostic(config, 0, &diagnostic), DELIB_OK);
    assert_int_equal(diagnostic.line, 1);
    delib_io_config_free(config);
}

static void files_are_beside_the_configuration(void **state)
{
    static const char text[] = RECIPIENT "habilitations:\n  a:\n    api_particulier:\n      jeton: { fichier: j }\n";
    delib_io_config *config = NULL;

    (void)state;
    assert_int_equal(delib_io_config_read("/etc/delib/delib.yaml", text, strlen(text), &config), DELIB_OK);
    assert_string_equal(edge_config_habilitation(config, "a")->particulier.token.file, "/etc/delib/j");
    delib_io_config_free(config);
}

static void a_local_configuration_is_for_the_loopback_only(void **state)
{
    static const char *const bad[] = { "https://particulier.api.gouv.fr", "http://10.0.0.1", "http://evil.example",
                                      "" };
    delib_io_config *config = NULL;

    (void)state;
    assert_int_equal(delib_io_config_local("http://127.0.0.1:8080/", &config), DELIB_OK);
    assert_string_equal(config->particulier.address, "http://127.0.0.1:8080");
    assert_non_null(edge_config_habilitation(config, "nimporte"));
    assert_int_equal(delib_io_config_check(config), DELIB_OK);
    delib_io_config_free(config);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(delib_io_config_local(bad[i], &config), DELIB_INVALID);
        assert_int_equal(delib_io_config_diagnostic_count(config), 1);
        delib_io_config_free(config);
    }
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sirets_are_checked),
        cmocka_unit_test(one_wrong_digit_of_a_siret_is_seen),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(a_whole_configuration_is_read),
        cmocka_unit_test(defaults_are_those_of_the_documentation),
        cmocka_unit_test(wrong_configurations_are_told),
        cmocka_unit_test(a_secret_in_clear_is_refused_and_not_shown),
        cmocka_unit_test(secrets_come_from_private_files_only),
        cmocka_unit_test(odd_files_are_no_secrets),
        cmocka_unit_test(the_check_says_which_secret_is_out_of_reach),
        cmocka_unit_test(the_expiry_of_a_token_is_read),
        cmocka_unit_test(an_expired_token_is_told),
        cmocka_unit_test(the_expiry_of_a_file_is_told),
        cmocka_unit_test(each_secret_out_of_reach_has_its_sentence),
        cmocka_unit_test(a_configuration_may_have_no_name),
        cmocka_unit_test(a_host_has_a_length),
        cmocka_unit_test(files_are_beside_the_configuration),
        cmocka_unit_test(a_local_configuration_is_for_the_loopback_only),
    };

    return cmocka_run_group_tests_name("configurations", tests, make_folder, remove_folder);
}
