/*
 * TLS: the certificate of the server is always verified, and the DGFiP recognises ours. Certificates are made on the
 * spot with the openssl program; without it there is nothing to test.
 */
#include "sandbox.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scripted_session.h"

#define QF "api_particulier.quotient_familial"
#define DGFIP "api_impot_particulier.situation"
#define MARTIN \
    "date: 2026-11-23\ndemandeur:\n  nom_naissance: Martin\n  prenoms: [Claire, Anne]\n" \
    "  date_naissance: 1988-03-14\n  sexe: F\n  commune_naissance: \"75112\"\n  spi: \"3000000000010\"\n"

static char folder[] = "/tmp/delib-tls-XXXXXX";

/* An authority, a server's certificate for `names`, a client's certificate: NAME.pem and NAME.key. */
static bool make_certificates(void)
{
    static const char script[] =
        "cd %s && exec >/dev/null 2>&1\n"
        "authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$1 -keyout $1.key -out $1.pem; }\n"
        "certificate() {\n"
        "  openssl req -newkey rsa:2048 -nodes -subj /CN=$1 -keyout $1.key -out $1.csr &&\n"
        "  echo \"$2\" >$1.ext && openssl x509 -req -in $1.csr -CA $3.pem -CAkey $3.key -CAcreateserial -days 2 \\\n"
        "    -extfile $1.ext -out $1.pem\n"
        "}\n"
        "authority ca && authority autre && certificate serveur subjectAltName=IP:127.0.0.1 ca &&\n"
        "certificate ailleurs subjectAltName=DNS:ailleurs.example ca &&\n"
        "certificate client extendedKeyUsage=clientAuth ca && certificate intrus extendedKeyUsage=clientAuth autre &"
        "&\n"
        "chmod 600 *.key\n";
    char command[2000];

    snprintf(command, sizeof(command), script, folder);
    return system(command) == 0;
}

static bool read_tls_port(unsigned *port)
{
    const struct timespec pause = { 0, 20000000 };
    char path[200];
    FILE *file;
    bool good = false;

    snprintf(path, sizeof(path), "%s/port-tls", folder);
    for (int i = 0; i < 100 && !good; i++) {
        file = fopen(path, "r");
        if (file) {
            good = fscanf(file, "%u", port) == 1 && *port > 0;
            fclose(file);
        }
        if (!good)
            nanosleep(&pause, NULL);
    }
    unlink(path);
    return good;
}

struct tls_server {
    struct sandbox sandbox;
    unsigned port;
};

static bool start(struct tls_server *server, const char *certificate)
{
    static char pem[200], key[200], clients[200], port[200];
    const char *const options[] = { "--port-tls", "0", "--fichier-port-tls", port, "--certificat", pem, "--cle", key,
                                    "--autorite-clients", clients, NULL };

    snprintf(pem, sizeof(pem), "%s/%s.pem", folder, certificate);
    snprintf(key, sizeof(key), "%s/%s.key", folder, certificate);
    snprintf(clients, sizeof(clients), "%s/ca.pem", folder);
    snprintf(port, sizeof(port), "%s/port-tls", folder);
    return sandbox_start(&server->sandbox, options) && read_tls_port(&server->port);
}

/* Asks one function over TLS. `extra` are lines below both APIs, written with the folder in the place of %s. */
static void ask(const struct tls_server *server, const char *host, const char *function,
                const char *extra_particulier,
                const char *extra_impot, delib_session *session)
{
    char text[2000], one[300], two[600];
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;
    delib_io_driver *driver = NULL;
    delib_result result;
    delib_diagnostic diagnostic;

    snprintf(one, sizeof(one), extra_particulier, folder);
    snprintf(two, sizeof(two), extra_impot, folder, folder, folder);
    snprintf(text, sizeof(text),
             "destinataire: \"13002526500013\"\n"
             "api_particulier:\n  adresse: https://%s:%u\n%s"
             "api_impot_particulier:\n  adresse: https://%s:%u/impotparticulier/1.0\n  adresse_jeton: "
             "https://%s:%u/token\n"
             "%shabilitations:\n  essai:\n    api_particulier: { jeton: { variable: DELIB_ESSAI_JETON } }\n"
             "    api_impot_particulier:\n      identifiant: { variable: DELIB_ESSAI_CLIENT }\n"
             "      secret: { variable: DELIB_ESSAI_SECRET }\n      id_teleservice: delib-bac-a-sable\n",
             host, server->port, one, host, server->port, host, server->port, two);
    *session = (delib_session){ .functions = { function }, .count = 1, .subject = "demandeur", .finalite = "essai" };
    if (delib_io_config_read("essai", text, strlen(text), &config) != DELIB_OK) {
        delib_io_config_diagnostic(config, 0, &diagnostic);
        tap(false, "the configuration is read", "%s", diagnostic.printed);
    } else if (delib_io_demande_read("d", MARTIN, strlen(MARTIN), DELIB_IO_AUTO, &demande) == DELIB_OK
               && delib_io_driver_new(config, NULL, &driver) == DELIB_OK) {
        delib_io_evaluate(driver, demande, session, 0, &result);
    }
    delib_io_driver_free(driver);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

#define TRUST "  autorites: %s/ca.pem\n"

static void the_server_is_verified(void)
{
    static delib_session session;
    struct tls_server server;

    if (!start(&server, "serveur"))
        return;
    ask(&server, "127.0.0.1", QF, TRUST, "", &session);
    tap(session.number[0] == 430, "a certificate that is trusted", "%s", session.codes[0]);
    ask(&server, "127.0.0.1", QF, "", "", &session);
    tap(strcmp(session.codes[0], "certificat_refuse") == 0, "an authority that the system does not know", "%s",
        session.codes[0]);
    ask(&server, "127.0.0.1", QF, "  autorites: %s/autre.pem\n", "", &session);
    tap(strcmp(session.codes[0], "certificat_refuse") == 0, "another authority", "%s", session.codes[0]);
    ask(&server, "localhost", QF, TRUST, "", &session);
    tap(strcmp(session.codes[0], "certificat_refuse") == 0, "a certificate for another name", "%s", session.codes[0]);
    ask(&server, "127.0.0.1", QF, "  autorites: %s/nulle-part.pem\n", "", &session);
    tap(strcmp(session.codes[0], "certificat_refuse") == 0, "authorities that cannot be read", "%s",
        session.codes[0]);
    sandbox_stop(&server.sandbox);

    if (!start(&server, "ailleurs"))
        return;
    ask(&server, "127.0.0.1", QF, TRUST, "", &session);
    tap(strcmp(session.codes[0], "certificat_refuse") == 0, "the certificate of another server", "%s",
        session.codes[0]);
    sandbox_stop(&server.sandbox);
}

#define OURS "  certificat: %s/client.pem\n  cle: %s/client.key\n"

static void the_dgfip_verifies_us(void)
{
    static delib_session session;
    struct tls_server server;

    setenv("DELIB_ESSAI_CLIENT", "certificat-fictif", 1);
    if (!start(&server, "serveur"))
        return;
    ask(&server, "127.0.0.1", DGFIP, TRUST, TRUST OURS, &session);
    tap(session.number[0] == 15480, "with our certificate", "%s %s", session.codes[0], session.messages[0]);
    ask(&server, "127.0.0.1", DGFIP, TRUST, TRUST, &session);
    tap(session.kinds[0] == DELIB_ANSWER_FAILED && strcmp(session.codes[0], "jeton_refuse") == 0,
        "without certificate", "%s %s", session.codes[0], session.messages[0]);
    ask(&server, "127.0.0.1", DGFIP, TRUST, TRUST "  certificat: %s/intrus.pem\n  cle: %s/intrus.key\n", &session);
    tap(session.kinds[0] == DELIB_ANSWER_FAILED, "with the certificate of an intruder", "%s %s", session.codes[0],
        session.messages[0]);
    sandbox_stop(&server.sandbox);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
}

static void the_key_is_private(void)
{
    char path[200], text[800];
    delib_io_config *config = NULL;
    delib_diagnostic diagnostic = { .message = "" };

    snprintf(path, sizeof(path), "%s/client.key", folder);
    snprintf(text, sizeof(text), "destinataire: \"13002526500013\"\napi_impot_particulier:\n  adresse: https://a/x\n"
             "  adresse_jeton: https://a/token\n  certificat: %s/client.pem\n  cle: %s\n", folder, path);
    chmod(path, 0644);
    if (delib_io_config_read("essai", text, strlen(text), &config) == DELIB_OK
        && delib_io_config_check(config) == DELIB_INVALID)
        delib_io_config_diagnostic(config, 0, &diagnostic);
    tap(strstr(diagnostic.message, "peut être lu par d'autres") != NULL, "a key that others can read is refused",
        "%s",
        diagnostic.message);
    delib_io_config_free(config);
}

int main(void)
{
    char command[100];

    setenv("DELIB_ESSAI_JETON", "jeton-fictif-complet", 1);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
    setenv("DELIB_ESSAI_SECRET", "secret-fictif", 1);
    if (system("command -v openssl >/dev/null 2>&1") != 0) {
        puts("1..1\nok 1 - TLS # SKIP the openssl program is not installed");
        return 0;
    }
    if (!mkdtemp(folder) || !make_certificates()) {
        tap(false, "certificates are made", "%s", folder);
        return tap_end();
    }
    the_server_is_verified();
    the_dgfip_verifies_us();
    the_key_is_private();
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0)
        tap(false, "the certificates are removed", "%s", folder);
    return tap_end();
}
