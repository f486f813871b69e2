/*
 * The edge without memory: texts, demandes, answers, journals. Each allocation is refused once, alone or with all that
 * follow. The status says so, nothing leaks, nothing crashes, and what is returned all the same is right.
 */
#include "refused_memory.h"
#include "runtime/delib_io.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef NO_REFUSALS

/* ---- Texts ---- */

static struct attempt read_document(const char *text, delib_io_format format, const char *expected)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_io_document *document = NULL;
    delib_io_json *json = NULL;
    const char *written = NULL;

    attempt.status = delib_io_document_read("x", text, strlen(text), format, NULL, &document);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_json_new(&json);
    if (attempt.status == DELIB_OK) {
        delib_io_json_value(json, NULL, delib_io_document_root(document));
        attempt.status = delib_io_json_finish(json, 0, &written, NULL);
    }
    attempt.right = attempt.status == DELIB_OK && strcmp(written, expected) == 0;
    delib_io_json_free(json);
    delib_io_document_free(document);
    return attempt;
}

static struct attempt json_is_read(void)
{
    return read_document("{\"demandeur\":{\"nom\":\"un nom assez long pour grandir en chemin\",\"n\":622.50},"
                         "\"liste\":[1,2,3,null,true,{\"clé\":\"\\u00e9\"}]}", DELIB_IO_JSON,
                         "{\"demandeur\":{\"nom\":\"un nom assez long pour grandir en chemin\",\"n\":\"622.50\"},"
                         "\"liste\":[1,2,3,null,true,{\"clé\":\"é\"}]}");
}

static struct attempt yaml_is_read(void)
{
    return read_document("tarif: cantine\nliste: [a, b, {c: d}]\ntexte: |\n  plusieurs\n  lignes\n", DELIB_IO_YAML,
                         "{\"tarif\":\"cantine\",\"liste\":[\"a\",\"b\",{\"c\":\"d\"}],"
                         "\"texte\":\"plusieurs\\nlignes\\n\"}");
}

static struct attempt yaml_is_refused(void)
{
    static const char text[] = "a: 1\nb: [x\n";
    struct attempt attempt = { DELIB_OK, true };
    delib_io_document *document = NULL;

    attempt.status = delib_io_document_read("x", text, strlen(text), DELIB_IO_YAML, NULL, &document);
    if (attempt.status == DELIB_INVALID)
        attempt.status = delib_io_document_diagnostic_count(document) == 1 ? DELIB_OK : DELIB_INTERNAL;
    delib_io_document_free(document);
    return attempt;
}

static const char config_text[] =
    "destinataire: \"13002526500013\"\napi_particulier: { adresse: \"https://particulier.api.gouv.fr\" }\n"
    "habilitations:\n  tarification_enfance:\n    api_particulier:\n      jeton: { variable: J }\n"
    "      portees: [cnaf_quotient_familial]\n";
static const char demande_text[] =
    "date: 2026-09-15\ndemandeur:\n  nom_naissance: D’Épinay\n  prenoms: Claire, Anne\n  date_naissance: 1988-03-14\n"
    "  sexe: F\n  commune_naissance: \"75112\"\nentrees: { qf: 12, résident: oui }\n";
static const char body[] =
    "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"CNAF\",\"valeur\":650,\"annee\":2026,\"mois\":4},"
    "\"enfants\":[{\"prenoms\":[\"LEO\",\"PAUL\"],\"date_naissance\":\"2018-04-20\"}]}}";

/* From two texts and an HTTP answer to the quotient. */
static struct attempt an_exchange_is_answered(void)
{
    const delib_request request = { .function = "api_particulier.quotient_familial", .source = "qf", .label = "qf",
                                    .subject = "demandeur", .finalite = "tarification_enfance" };
    struct attempt attempt = { DELIB_OK, false };
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;
    delib_io_exchange *exchange = NULL;

    attempt.status = delib_io_config_read("c", config_text, strlen(config_text), &config);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_demande_read("d", demande_text, strlen(demande_text), DELIB_IO_AUTO, &demande);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_exchange_new(config, demande, &request, &exchange);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_exchange_receive(exchange, 200, NULL, 0, body, strlen(body),
                                                   "2026-09-15T10:00:00Z");
    if (attempt.status == DELIB_OK) {
        const delib_answer *answer = delib_io_exchange_answer(exchange);
        const delib_value *value = delib_io_value_get(&answer->record, "valeur");

        attempt.right = answer->kind == DELIB_ANSWER_FAILED
                     || (answer->kind == DELIB_ANSWER_VALUE && value && value->units == 650);
    }
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
    return attempt;
}

static struct attempt an_error_is_decoded(void)
{
    static const char error[] = "{\"errors\":[{\"code\":\"10003\",\"meta\":{\"provider\":\"MSA\"}}]}";
    struct attempt attempt = { DELIB_OK, false };
    delib_io_decoded *decoded = NULL;

    attempt.status = delib_io_decode("api_particulier.rsa", "2026-09-15", 404, NULL, 0, error, strlen(error),
                                     &decoded);
    if (attempt.status == DELIB_OK)
        attempt.right = delib_io_decoded_answer(decoded)->kind != DELIB_ANSWER_VALUE;
    delib_io_decoded_free(decoded);
    return attempt;
}

static const char act[] = "entrée résident : oui_non\n"
                          "source qf « quotient » : api_particulier.quotient_familial(demandeur)\n"
                          "  à défaut, sur justificatif « attestation »\n"
                          "tarif cantine en € par repas\n  finalité tarification_enfance\n  prix selon qf\n"
                          "    moins de 450 : 1,30 €\n    450 et plus : 3,30 €\n    non communiqué : 5,60 €\n  fin\n"
                          "  puis majoration de 1 € si non résident\nfin\n";

static delib_status compile(delib_program **program)
{
    const delib_source source = { "acte.delib", act, sizeof(act) - 1 };
    delib_engine *engine = NULL;
    delib_status status = delib_engine_new(NULL, &engine);

    *program = NULL;
    if (status == DELIB_OK)
        status = delib_compile(engine, &source, NULL, NULL, program);
    delib_engine_free(engine);
    return status;
}

/* From the text of a demande to the text of a result. */
static struct attempt json_to_json(void)
{
    static const char demande[] = "{\"date\":\"2026-09-15\",\"entrees\":{\"qf\":\"12\",\"résident\":false}}";
    struct attempt attempt = { DELIB_OK, false };
    delib_program *program;
    char *text = NULL;

    attempt.status = compile(&program);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_evaluate_json(program, demande, NULL, &text);
    attempt.right = attempt.status == DELIB_OK && strstr(text, "\"montant\":\"2.30\"");
    delib_io_text_free(text);
    delib_program_release(program);
    return attempt;
}

/*
 * A driver, a demande given to a session, and a request whose answer is known without a call: the secret is not
 * there.
 */
static struct attempt a_driver_answers(void)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_program *program;
    delib_io_config *config = NULL, *local = NULL;
    delib_io_demande *demande = NULL;
    delib_io_driver *driver = NULL;
    delib_session *session = NULL;
    delib_result result = { .units = 0 };

    attempt.status = compile(&program);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_config_local("http://127.0.0.1:9", &local);
    delib_io_config_free(local);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_config_read("c", config_text, strlen(config_text), &config);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_demande_read("d", demande_text, strlen(demande_text), DELIB_IO_AUTO, &demande);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_demande_at(demande, "2026-09-16", NULL);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_session_new(program, NULL, &session);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_demande_apply(demande, session);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_driver_new(config, NULL, &driver);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_evaluate(driver, demande, session, 0, &result);
    attempt.right = attempt.status == DELIB_OK && result.statut == DELIB_CALCULE && result.units == 130;
    delib_io_driver_free(driver);
    delib_session_free(session);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
    delib_program_release(program);
    return attempt;
}

static struct attempt json_is_written(void)
{
    static const char expected[] = "{\"liste\":[\"a\",1,true,null,\"1.30\"]}";
    struct attempt attempt = { DELIB_OK, false };
    delib_io_json *json = NULL;
    const char *text = NULL;

    attempt.status = delib_io_json_new(&json);
    if (attempt.status == DELIB_OK) {
        delib_io_json_object(json, NULL);
        delib_io_json_list(json, "liste");
        delib_io_json_text(json, NULL, "a");
        delib_io_json_integer(json, NULL, 1);
        delib_io_json_boolean(json, NULL, 1);
        delib_io_json_null(json, NULL);
        delib_io_json_decimal(json, NULL, 130, 2);
        delib_io_json_end(json);
        delib_io_json_end(json);
        attempt.status = delib_io_json_finish(json, 0, &text, NULL);
    }
    attempt.right = attempt.status == DELIB_OK && strcmp(text, expected) == 0;
    delib_io_json_free(json);
    return attempt;
}

/* ---- Texts that people write: whole, and at fault ---- */

/* At fault with that many diagnostics: the right result. */
static struct attempt told(delib_status status, size_t count, size_t expected)
{
    const bool right = status == DELIB_INVALID && count == expected;

    return (struct attempt){ right ? DELIB_OK : status, right };
}

static struct attempt a_configuration_is_checked(void)
{
    static const char text[] =
        "destinataire: \"130 025 265 00013\"\ndelais: { connexion: 3, total: 20 }\nnouveaux_essais: 2\n"
        "disjoncteur: { echecs: 4, pause: 10 }\n"
        "api_particulier: { adresse: \"https://particulier.api.gouv.fr/\", modalite: identite, autorites: ca.pem }\n"
        "api_impot_particulier:\n  adresse: https://gw.example/1.0\n  adresse_jeton: https://gw.example/token\n"
        "  certificat: c.pem\n  cle: absente.pem\n"
        "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: DELIB_TEST_JWT }\n"
        "      portees: [cnaf_enfants]\n"
        "    api_impot_particulier:\n      identifiant: { fichier: absent }\n"
        "      secret: { variable: DELIB_TEST_ABSENT }\n      id_teleservice: T1\n";
    delib_io_config *config = NULL;
    delib_status status = delib_io_config_read("/nulle/part/c.yaml", text, sizeof text - 1, &config);
    struct attempt attempt;

    if (status == DELIB_OK)
        status = delib_io_config_check(config);
    attempt = told(status, config ? delib_io_config_diagnostic_count(config) : 0, 4);
    delib_io_config_free(config);
    return attempt;
}

static struct attempt a_faulty_configuration_is_told(void)
{
    static const char text[] =
        "destinataire: \"1\"\ndelai: {}\ndelais: { total: 0 }\n"
        "api_particulier: { adresse: \"http://particulier.api.gouv.fr\", modalite: x }\n"
        "habilitations:\n  a:\n    api_particulier:\n      jeton: { variable: 1A, fichier: b }\n"
        "      portees: [inconnue, [x]]\n";
    delib_io_config *config = NULL;
    const delib_status status = delib_io_config_read("c", text, sizeof text - 1, &config);
    const struct attempt attempt = told(status, config ? delib_io_config_diagnostic_count(config) : 0, 9);

    delib_io_config_free(config);
    return attempt;
}

static const char whole_demande[] =
    "tarif: cantine\ndate: 15/09/2026\naujourd_hui: 1er septembre 2026\nexplication: non\n"
    "demandeur:\n  nom_naissance: D’Arc-Épinay\n  nom_usage: Durand\n  prenoms: [Claire, Anne]\n"
    "  date_naissance: 14/03/1988\n  sexe: F\n  nom_commune_naissance: Paris\n  departement_naissance: \"75\"\n"
    "  numero_allocataire: \"0004301\"\n  code_postal: \"31000\"\n  identifiant_france_travail: claire\n"
    "  ine: 0000000001A\n  spi: \"3000000000010\"\n"
    "  jeton_france_connect: { valeur: abc, obtenu: 2026-09-15T10:20:30Z }\n"
    "enfant:\n  nom_naissance: Martin\n  prenoms: Léa Lou\n  sexe: F\n  date_naissance: 2017\n"
    "  annee_scolaire: \"2026-2027\"\n  degre_etablissement: 1D\n  codes_departements: [\"031\"]\n"
    "personnes:\n  oncle: { spi: \"3000000000011\" }\nentrees:\n  qf: \"622.50\"\n";

/* Its persons, what an endpoint would take of them, and the request that two of them give. */
static struct attempt a_whole_demande_is_read(void)
{
    static const struct { const char *function, *subject; } asked[] = {
        { "api_particulier.eleve", "enfant" }, { "api_particulier.rsa", "demandeur" },
        { "api_impot_particulier.situation", "demandeur" }, { "api_particulier.rsa", "oncle" },
    };
    struct attempt attempt = { DELIB_OK, true };
    delib_io_demande *demande = NULL;
    delib_io_config *config = NULL;
    delib_io_identity_field field;

    attempt.status = delib_io_demande_read("d", whole_demande, sizeof whole_demande - 1, DELIB_IO_AUTO, &demande);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_config_local("http://127.0.0.1:9", &config);
    for (size_t i = 0; i < sizeof asked / sizeof *asked && attempt.status == DELIB_OK; i++) {
        const delib_request request = { .function = asked[i].function, .source = "s", .label = "s",
                                        .subject = asked[i].subject, .finalite = "tarification_enfance" };
        delib_io_exchange *exchange = NULL;

        attempt.status = delib_io_exchange_new(config, demande, &request, &exchange);
        if (attempt.status == DELIB_OK && i < 3)
            attempt.right = attempt.right && delib_io_identity(demande, asked[i].subject, asked[i].function, 0, &field)
                                                 == DELIB_OK && field.given;
        delib_io_exchange_free(exchange);
    }
    delib_io_config_free(config);
    delib_io_demande_free(demande);
    return attempt;
}

static struct attempt a_faulty_demande_is_told(void)
{
    static const char text[] =
        "tarifs: x\ndate: hier\nexplication: [x]\ndemandeur:\n  nom_naissance: M2\n  prenoms: [[x]]\n  sexe: X\n"
        "  spi: 1\n  date_naissance: x\n  codes_regions: [x, [y]]\n  jeton_france_connect: { obtenu: x }\n"
        "personnes:\n  demandeur: {}\nentrees: { é: 1, e: 2 }\n";
    delib_io_demande *demande = NULL;
    const delib_status status = delib_io_demande_read("d", text, sizeof text - 1, DELIB_IO_YAML, &demande);
    const struct attempt attempt = told(status, demande ? delib_io_demande_diagnostic_count(demande) : 0, 14);

    delib_io_demande_free(demande);
    return attempt;
}

/* A program at fault, with its corrections; a demande that the rules refuse. */
static struct attempt faults_are_told_in_json(void)
{
    static const char faulty[] = "entrée qf : montant de 0 € à 1 000 €\ntarif t en €\n  prix qff\nfin\n";
    static const char refused[] = "{\"tarif\":\"cantine\",\"entrees\":{\"résident\":\"peut-être\",\"rien\":1}}";
    const delib_source source = { "acte.delib", faulty, sizeof faulty - 1 };
    struct attempt attempt = { DELIB_OK, false };
    delib_program *programs[2] = { NULL, NULL };
    delib_engine *engine = NULL;
    const bool armed = memory.armed;

    memory.armed = false;                   /* the core has tests of its own */
    delib_engine_new(NULL, &engine);
    delib_compile(engine, &source, NULL, NULL, &programs[0]);
    compile(&programs[1]);
    delib_engine_free(engine);
    memory.armed = armed;
    for (int i = 0; i < 2 && attempt.status == DELIB_OK; i++) {
        char *text = NULL;

        attempt.status = delib_io_evaluate_json(programs[i], i == 0 ? "{}" : refused, NULL, &text);
        if (attempt.status == DELIB_INVALID && text && strstr(text, i == 0 ? "\"corrections\":[{" : "\"D724\""))
            attempt.status = DELIB_OK;
        delib_io_text_free(text);
    }
    attempt.right = attempt.status == DELIB_OK;
    memory.armed = false;
    delib_program_release(programs[0]);
    delib_program_release(programs[1]);
    memory.armed = armed;
    return attempt;
}

/* ---- A journal: recorded, read again, replayed, purged ---- */

static char journal_folder[] = "/tmp/delib-memory-XXXXXX", journal_path[64];

static const char *policy =
    "donnees: { qf: chiffré, résident: pseudonyme }\n"
    "chiffrement: { cle_publique: \"delib-chiffrement-publique:f8gI9P1whkwyvX+0ypnG9XKqts0Ybj94qmCJwUpW9DQ=\" }\n"
    "pseudonymes: { cle: { variable: DELIB_TEST_PSEUDONYMES } }\n"
    "signature: { cle: { variable: DELIB_TEST_SIGNATURE } }\n";

static const char *journal_file(const char *suffix)
{
    static char name[96];

    snprintf(name, sizeof name, "%s%s", journal_path, suffix);
    return name;
}

/* An empty folder, but for the rules and the policy. */
static void clean_journal(bool with_policy)
{
    static const char *const suffixes[] = { "", ".tete", ".nouveau", ".politique.yaml", ".rebut" };
    int file;

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        unlink(journal_file(suffixes[i]));
    if (!with_policy)
        return;
    file = open(journal_file(".politique.yaml"), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(file, policy, strlen(policy)), strlen(policy));
    close(file);
}

static delib_status decide(delib_session *session, delib_result *result)
{
    static const char *const names[] = { "valeur" };
    const delib_value value = { .kind = DELIB_VALUE_NUMBER, .units = 300 };
    const delib_answer answer = {.size = sizeof answer,
                                 .kind = DELIB_ANSWER_VALUE,
                                 .record = {.kind = DELIB_VALUE_RECORD, .items = &value, .names = names, .count = 1}};
    delib_request request;
    delib_status status = delib_session_set_text(session, "résident", "oui");

    if (status == DELIB_OK)
        status = delib_evaluate(session, 0, result);
    if (status != DELIB_PENDING)
        return status;
    status = delib_session_request(session, 0, &request);
    if (status == DELIB_OK)
        status = delib_session_answer(session, request.id, &answer);
    return status == DELIB_OK ? delib_evaluate(session, 0, result) : status;
}

/* The sentences of a result are made while it is written: half of them would be a lie. */
static struct attempt a_result_is_written(void)
{
    static char whole[8192];
    struct attempt attempt = { DELIB_OK, false };
    const bool armed = memory.armed;
    delib_program *program = NULL;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = NULL;
    delib_result result = { .units = 0 };
    delib_io_json *json = NULL;
    const char *text = NULL;

    options.date = "2026-09-15";
    options.trace = 1;
    memory.armed = false;
    compile(&program);
    delib_session_new(program, &options, &session);
    assert_int_equal(decide(session, &result), DELIB_OK);
    memory.armed = armed;
    memory.every_arena = true;
    attempt.status = delib_io_json_new(&json);
    if (attempt.status == DELIB_OK) {
        delib_io_json_object(json, NULL);
        delib_io_json_result(json, session, &result);
        delib_io_json_end(json);
        attempt.status = delib_io_json_finish(json, 0, &text, NULL);
    }
    if (!armed)
        snprintf(whole, sizeof whole, "%s", text);
    attempt.right = attempt.status == DELIB_OK && strcmp(text, whole) == 0 && strstr(text, "\"étapes\":[{");
    delib_io_json_free(json);
    memory.every_arena = false;
    memory.armed = false;
    delib_session_free(session);
    delib_program_release(program);
    memory.armed = armed;
    return attempt;
}

static struct attempt record_one(bool with_policy)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_program *program;
    delib_session *session = NULL;
    delib_io_journal *journal = NULL;
    delib_result result = { .units = 0 };

    clean_journal(with_policy);
    options.date = "2026-09-15";
    options.record = 1;
    attempt.status = compile(&program);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_session_new(program, &options, &session);
    if (attempt.status == DELIB_OK)
        attempt.status = decide(session, &result);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_journal_open(journal_path, NULL, &journal);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_journal_record(journal, session, 0, &result, "dossier");
    attempt.right = attempt.status == DELIB_OK && result.units == 130;
    delib_io_journal_free(journal);
    delib_session_free(session);
    delib_program_release(program);
    return attempt;
}

static struct attempt audit_one(uint64_t identical, uint64_t unreplayable)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit_report report = { 0 };
    delib_io_audit *audit = NULL;

    options.replay = 1;
    attempt.status = delib_io_audit_run(journal_path, &options, &audit);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_audit_report_get(audit, &report);
    attempt.right = attempt.status == DELIB_OK && report.identical == identical && report.unreplayable == unreplayable;
    delib_io_audit_free(audit);
    return attempt;
}

/* Recorded or not, what is on the disk is a whole journal. */
static struct attempt a_decision_is_recorded(void)
{
    return record_one(false);
}

static struct attempt a_decision_is_closed_and_signed(void)
{
    return record_one(true);
}

static struct attempt a_journal_is_replayed(void)
{
    return audit_one(1, 0);
}

static struct attempt a_journal_is_purged(void)
{
    struct attempt attempt = record_one(false);
    delib_io_journal_purge_options options = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    delib_io_journal *journal = NULL;
    uint64_t purged = 0;

    options.before = "2999-01-01";
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_journal_open(journal_path, NULL, &journal);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_journal_purge(journal, &options, &purged);
    attempt.right = attempt.status == DELIB_OK && purged == 1;
    delib_io_journal_free(journal);
    return attempt;
}

EACH(json_is_read)
EACH(yaml_is_read)
EACH(yaml_is_refused)
EACH(an_exchange_is_answered)
EACH(an_error_is_decoded)
EACH(json_is_written)
EACH(json_to_json)
EACH(a_driver_answers)
EACH(a_result_is_written)
EACH(a_configuration_is_checked)
EACH(a_faulty_configuration_is_told)
EACH(a_whole_demande_is_read)
EACH(a_faulty_demande_is_told)
EACH(faults_are_told_in_json)
EACH(a_decision_is_recorded)
EACH(a_decision_is_closed_and_signed)
EACH(a_journal_is_purged)

static void a_journal_is_replayed_without_memory(void **state)
{
    (void)state;
    assert_true(a_decision_is_recorded().right);
    refuse_each(a_journal_is_replayed, false);
    refuse_each(a_journal_is_replayed, true);
}

/* What the policy closed is opened with its keys and computed again. */
static char key_paths[2][96];

static struct attempt a_closed_journal_is_opened(void)
{
    const char *const files[] = { key_paths[0], key_paths[1] };
    struct attempt attempt = { DELIB_OK, false };
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit_report report = { 0 };
    delib_io_audit *audit = NULL;

    options.replay = 1;
    options.key_files = files;
    options.key_file_count = 2;
    attempt.status = delib_io_audit_run(journal_path, &options, &audit);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_audit_report_get(audit, &report);
    attempt.right = attempt.status == DELIB_OK && report.identical == 1;
    delib_io_audit_free(audit);
    return attempt;
}

static void a_closed_journal_is_opened_without_memory(void **state)
{
    const char *before = policy;
    char folder[80], text[400];
    delib_io_journal_keys keys;
    const char *problem = NULL;

    (void)state;
    snprintf(folder, sizeof folder, "%s/k", journal_folder);
    snprintf(key_paths[0], sizeof key_paths[0], "%s/chiffrement.cle", folder);
    snprintf(key_paths[1], sizeof key_paths[1], "%s/pseudonymes.cle", folder);
    assert_int_equal(delib_io_journal_make_keys(folder, &keys, &problem), DELIB_OK);
    snprintf(text, sizeof text, "donnees: { qf: chiffré, résident: pseudonyme }\nresultat: chiffré\n"
                                "chiffrement: { cle_publique: \"%s\" }\n"
                                "pseudonymes: { cle: { fichier: \"%s\" } }\n", keys.box_public, key_paths[1]);
    policy = text;
    assert_true(a_decision_is_closed_and_signed().right);
    refuse_each(a_closed_journal_is_opened, false);
    refuse_each(a_closed_journal_is_opened, true);
    policy = before;
}

static struct attempt keys_are_made(void)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_io_journal_keys keys;
    const char *problem = NULL;
    char folder[80], command[100];

    snprintf(folder, sizeof folder, "%s/n", journal_folder);
    attempt.status = delib_io_journal_make_keys(folder, &keys, &problem);
    attempt.right = attempt.status == DELIB_OK && strstr(keys.box_public, "publique");
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = { "signature", "chiffrement", "pseudonymes" };

        snprintf(command, sizeof command, "%s/%s.cle", folder, names[i]);
        unlink(command);
    }
    return attempt;
}

static void keys_are_made_without_memory(void **state)
{
    (void)state;
    assert_true(keys_are_made().right);
    for (memory.refused = 0, memory.fired = true; memory.fired; memory.refused++) {
        struct attempt attempt;

        memory.calls = 0;
        memory.fired = false;
        memory.armed = true;
        attempt = keys_are_made();
        memory.armed = false;
        assert_int_equal(attempt.status, memory.fired ? DELIB_NO_MEMORY : DELIB_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read_without_memory),
        cmocka_unit_test(yaml_is_read_without_memory),
        cmocka_unit_test(yaml_is_refused_without_memory),
        cmocka_unit_test(an_exchange_is_answered_without_memory),
        cmocka_unit_test(an_error_is_decoded_without_memory),
        cmocka_unit_test(json_is_written_without_memory),
        cmocka_unit_test(json_to_json_without_memory),
        cmocka_unit_test(a_driver_answers_without_memory),
        cmocka_unit_test(a_result_is_written_without_memory),
        cmocka_unit_test(a_configuration_is_checked_without_memory),
        cmocka_unit_test(a_faulty_configuration_is_told_without_memory),
        cmocka_unit_test(a_whole_demande_is_read_without_memory),
        cmocka_unit_test(a_faulty_demande_is_told_without_memory),
        cmocka_unit_test(faults_are_told_in_json_without_memory),
        cmocka_unit_test(a_decision_is_recorded_without_memory),
        cmocka_unit_test(a_decision_is_closed_and_signed_without_memory),
        cmocka_unit_test(a_journal_is_replayed_without_memory),
        cmocka_unit_test(a_journal_is_purged_without_memory),
        cmocka_unit_test(a_closed_journal_is_opened_without_memory),
        cmocka_unit_test(keys_are_made_without_memory),
    };

    char command[96];
    int failed;

    if (!mkdtemp(journal_folder))
        return 1;
    snprintf(journal_path, sizeof journal_path, "%s/j", journal_folder);
    setenv("DELIB_TEST_JWT", "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6IsOpIn0.x", 1);
    setenv("DELIB_TEST_PSEUDONYMES", "delib-pseudonyme-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 1);
    setenv("DELIB_TEST_SIGNATURE", "delib-signature-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 1);

    failed = cmocka_run_group_tests_name("edge without memory", tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", journal_folder);
    return system(command) != 0 || failed;
}

#else

int main(void)
{
    puts("1..1\nok 1 - edge without memory # SKIP sanitizers have their own allocator");
    return 0;
}

#endif
