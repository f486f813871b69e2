/*
 * Every function, by every modality, over HTTP: a value, no dossier,
     and each fault that the bac à sable can inject. A
 * fault never gives a value, has its own code, and nothing that is told along the way holds a secret or an identity.
 */
#include "sandbox.h"

#include "lang/catalogue.h"

#include <stdbool.h>
#include <stdlib.h>

#include "scripted_session.h"

#define AP "api_particulier."
#define DG "api_impot_particulier."

/* ---- The people: MARTIN and others of stdlib/bac_a_sable ---- */

#define PERSON(name, given, birth, sex, commune) \
    "  nom_naissance: " name "\n  prenoms: [" given "]\n  date_naissance: " birth "\n  sexe: " sex "\n" \
    "  commune_naissance: \"" commune "\"\n"
#define MARTIN PERSON("Martin", "Claire, Anne", "1988-03-14", "F", "75112")
#define MERCIER PERSON("Mercier", "Lucie", "1995-05-15", "F", "54395")
#define CIVIC(given, birth, sex) \
    "  nom_naissance: Volontaire\n  prenoms: [" given "]\n  date_naissance: " birth "\n  sexe: " sex "\n" \
    "  commune_naissance: \"38185\"\n"

enum api { PARTICULIER, V2, IMPOT };

static const struct exchange {
    const char *function, *modality;
    enum api api;
    const char *value;              /* a person for whom there is a value … */
    int64_t expected;               /* … whose first field this is */
    const char *none;               /* a person without dossier; NULL: this endpoint has none */
    const char *none_code;
} exchanges[] = {
    { AP "quotient_familial", "identite", PARTICULIER, MARTIN, 430, MERCIER, "dossier_absent" },
    { AP "quotient_familial", "france_connect", PARTICULIER, "  jeton_france_connect: fc-martin-claire\n", 430,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "quotient_familial_allocataire", "allocataire", V2,
      "  numero_allocataire: \"0004301\"\n  code_postal: \"31000\"\n", 430,
      "  numero_allocataire: \"9999999\"\n  code_postal: \"31000\"\n", "dossier_absent" },
    { AP "participation_familiale_eaje", "identite", PARTICULIER, MARTIN, 20640, MERCIER, "dossier_absent" },
    { AP "participation_familiale_eaje", "france_connect", PARTICULIER, "  jeton_france_connect: fc-martin-claire\n",
      20640, "  jeton_france_connect: fc-creche-non-eligible-olga\n", "non_eligible" },
    { AP "rsa", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "rsa", "france_connect", PARTICULIER, "  jeton_france_connect: fc-rsa-seule\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "prime_activite", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "prime_activite", "france_connect", PARTICULIER, "  jeton_france_connect: fc-prime-lina\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "aah", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "aah", "france_connect", PARTICULIER, "  jeton_france_connect: fc-aah-pierre\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "asf", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "asf", "france_connect", PARTICULIER, "  jeton_france_connect: fc-rsa-seule\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "aeeh", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "aeeh", "france_connect", PARTICULIER, "  jeton_france_connect: fc-aeeh-estelle\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "ars", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "ars", "france_connect", PARTICULIER, "  jeton_france_connect: fc-rsa-seule\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "c2s", "identite", PARTICULIER, MARTIN, 0, MERCIER, "dossier_absent" },
    { AP "c2s", "france_connect", PARTICULIER, "  jeton_france_connect: fc-prime-lina\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "demandeur_emploi", "identifiant", PARTICULIER, "  identifiant_france_travail: claire.martin\n", 1,
      "  identifiant_france_travail: paul.nonreference\n", "dossier_absent" },
    { AP "indemnites_france_travail", "identifiant", PARTICULIER, "  identifiant_france_travail: adele.emploi\n", 0,
      "  identifiant_france_travail: paul.nonreference\n", "dossier_absent" },
    { AP "eleve", "identite", PARTICULIER,
      "  nom_naissance: Scolaire\n  prenoms: [Emma]\n  date_naissance: 2013-08-15\n  sexe: F\n"
      "  code_etablissement: 0340001A\n", 1,
      "  nom_naissance: Scolaire\n  prenoms: [Emma]\n  date_naissance: 2013-08-15\n  sexe: F\n"
      "  code_etablissement: 0340002B\n", "dossier_absent" },
    { AP "etudiant", "ine", PARTICULIER, "  ine: 0000000001A\n", 1, "  ine: 0000000005E\n", "dossier_absent" },
    { AP "etudiant", "identite", PARTICULIER, PERSON("Etude", "Marcel", "2005-07-12", "M", "75113"), 1, NULL, NULL },
    { AP "etudiant", "france_connect", PARTICULIER, "  jeton_france_connect: fc-boursiers-echelon5\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "etudiant_boursier", "ine", PARTICULIER, "  ine: 0000000001A\n", 1, "  ine: 0000000005E\n",
     "dossier_absent" },
    { AP "etudiant_boursier", "identite", PARTICULIER, PERSON("Etude", "Marcel", "2005-07-12", "M", "75113"), 1, NULL,
      NULL },
    { AP "etudiant_boursier", "france_connect", PARTICULIER, "  jeton_france_connect: fc-boursiers-echelon5\n", 1,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { AP "service_civique", "identite", PARTICULIER, CIVIC("Anouk", "2004-01-21", "F"), 1, NULL, NULL },
    { AP "service_civique", "france_connect", PARTICULIER, "  jeton_france_connect: fc-civique-passe\n", 0,
      "  jeton_france_connect: fc-mercier-lucie\n", "dossier_absent" },
    { DG "situation", "spi", IMPOT, "  spi: \"3000000000010\"\n", 15480, "  spi: \"3000000000231\"\n",
     "sans_resultat" },
    { DG "situation", "france_connect", IMPOT, "  jeton_france_connect: fc-martin-claire\n", 15480,
      "  jeton_france_connect: fc-fisc-erreurs-absent\n", "sans_resultat" },
    { DG "derniere_situation", "spi", IMPOT, "  spi: \"3000000000010\"\n", 15480, "  spi: \"3000000000231\"\n",
      "sans_resultat" },
    { DG "derniere_situation", "france_connect", IMPOT, "  jeton_france_connect: fc-martin-claire\n", 15480,
      "  jeton_france_connect: fc-fisc-erreurs-absent\n", "sans_resultat" },
};

enum { EXCHANGES = sizeof(exchanges) / sizeof(*exchanges) };

static const char *const products[] = {
    "quotient_familial", "participation_familiale_eaje", "revenu_solidarite_active", "prime_activite",
    "allocation_adulte_handicape", "allocation_enfant_handicape", "allocation_soutien_familial",
    "allocation_rentree_scolaire", "complementaire_sante_solidaire", "france_travail_statut",
    "france_travail_indemnites", "etudiant_boursier", "scolarites", "statut_etudiant", "service_civique",
    "composition_familiale_v2", "dgfip",
};

enum { PRODUCTS = sizeof(products) / sizeof(*products) };

/* The codes that a fault may give, one set per API; a space on each side of every code. */
static const struct {
    const char *fault;
    const char *codes[3];           /* PARTICULIER, V2, IMPOT */
} faults[] = {
#define ALL(codes) { codes, codes, codes }
    { "statut=400", ALL(" requete_refusee ") },
    { "statut=401", { " jeton_invalide ", " jeton_invalide ", " jeton_refuse " } },
    { "statut=403", { " portee_absente ", " acces_refuse ", " portee_absente acces_refuse " } },
    { "statut=404", ALL(" dossier_absent adresse_inattendue ") },
    { "statut=409", { " requete_en_cours ", " reponse_inattendue ", " reponse_inattendue " } },
    { "statut=422", { " identite_inconnue parametre_refuse ", " reponse_inattendue ", " reponse_inattendue " } },
    { "statut=429", ALL(" quota_depasse ") },
    { "statut=500", ALL(" erreur_serveur ") },
    { "statut=502", ALL(" fournisseur_en_panne ") },
    { "statut=503", ALL(" fournisseur_en_maintenance ") },
    { "statut=504", ALL(" fournisseur_trop_lent ") },
    { "tronque", ALL(" json_tronque ") },
    { "coupure", ALL(" reponse_tronquee ") },
    { "reset", ALL(" connexion_coupee ") },
    { "silence", ALL(" delai_depasse silence ") },
    { "goutte", ALL(" delai_depasse silence ") },
    { "json-faux", ALL(" type_inattendu reponse_sans_donnees ") },
    { "corps-vide", ALL(" reponse_vide ") },
    { "enorme", ALL(" reponse_trop_grande ") },
    { "gzip-bombe=50M", ALL(" reponse_trop_grande ") },
    { "html", ALL(" reponse_illisible ") },
    { "doublons", ALL(" reponse_illisible ") },
    { "profond", ALL(" reponse_illisible ") },
    { "utf8-faux", ALL(" reponse_illisible ") },
    { "nombre-enorme", ALL(" reponse_illisible ") },
    { "redirection", ALL(" redirection_refusee ") },
};

enum { FAULTS = sizeof(faults) / sizeof(*faults) };

/* ---- What is told along the way ---- */

static char told[1 << 20];
static size_t told_length;

static void tell(const char *text)
{
    const size_t length = text ? strlen(text) : 0;

    if (length == 0 || told_length + length + 2 > sizeof(told))
        return;
    memcpy(told + told_length, text, length);
    told_length += length;
    told[told_length++] = '\n';
    told[told_length] = '\0';
}

static void observe(void *context, const delib_io_event *event)
{
    (void)context;
    tell(event->function);
    tell(event->logged_url);
    tell(event->code);
    /* A random identifier holds any four digits sooner or later: its form is what matters. */
    if (event->request_id
        && (strlen(event->request_id) != 36 || strspn(event->request_id, "0123456789abcdef-") != 36))
        tell(event->request_id);
}

/* ---- One exchange ---- */

static delib_io_config *read_config(const struct sandbox *sandbox, unsigned total_s)
{
    char text[1200];
    delib_io_config *config = NULL;

    snprintf(text, sizeof(text),
             "destinataire: \"13002526500013\"\ndelais: { connexion: 1, total: %u }\ndisjoncteur: { echecs: 0 }\n"
             "api_particulier: { adresse: \"%s\", requetes_par_seconde: 1000 }\n"
             "api_impot_particulier:\n  adresse: %s/impotparticulier/1.0\n  adresse_jeton: %s/token\n"
             "  requetes_par_minute: 1000\n"
             "habilitations:\n  essai:\n    api_particulier: { jeton: { variable: DELIB_ESSAI_JETON } }\n"
             "    api_impot_particulier:\n      identifiant: { variable: DELIB_ESSAI_CLIENT }\n"
             "      secret: { variable: DELIB_ESSAI_SECRET }\n      id_teleservice: delib-bac-a-sable\n",
             total_s, sandbox->address, sandbox->address, sandbox->address);
    if (delib_io_config_read("essai", text, strlen(text), &config) != DELIB_OK) {
        delib_diagnostic diagnostic;

        delib_io_config_diagnostic(config, 0, &diagnostic);
        tap(false, "the configuration is read", "%s", diagnostic.printed);
        delib_io_config_free(config);
        return NULL;
    }
    return config;
}

static delib_io_demande *read_demande(const char *person)
{
    char text[600];
    delib_io_demande *demande = NULL;

    snprintf(text, sizeof(text), "date: 2026-11-23\ndemandeur:\n%s", person);
    if (delib_io_demande_read("essai", text, strlen(text), DELIB_IO_AUTO, &demande) != DELIB_OK) {
        delib_diagnostic diagnostic;

        delib_io_demande_diagnostic(demande, 0, &diagnostic);
        tap(false, "the demande is read", "%s", diagnostic.printed);
        delib_io_demande_free(demande);
        return NULL;
    }
    return demande;
}

/* All the exchanges at once, in one driver. `persons[i]` NULL: not asked. */
static bool run_all(const delib_io_config *config, const char *const persons[EXCHANGES],
                    delib_session sessions[EXCHANGES])
{
    delib_io_driver_options options = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_demande *demandes[EXCHANGES] = { NULL };
    delib_io_job jobs[EXCHANGES];
    delib_io_driver *driver = NULL;
    delib_io_job *job;
    bool good = true;

    options.observe = observe;
    if (delib_io_driver_new(config, &options, &driver) != DELIB_OK)
        return false;
    memset(sessions, 0, EXCHANGES * sizeof(*sessions));
    for (size_t i = 0; i < EXCHANGES; i++) {
        if (!persons[i])
            continue;
        demandes[i] = read_demande(persons[i]);
        sessions[i] = (delib_session){ .functions = { exchanges[i].function }, .count = 1, .subject = "demandeur",
                                       .finalite = "essai" };
        jobs[i] = (delib_io_job){ .demande = demandes[i], .session = &sessions[i] };
        good = good && demandes[i] && delib_io_start(driver, &jobs[i]) == DELIB_OK;
    }
    for (job = delib_io_next(driver); job; job = delib_io_next(driver)) {
        good = good && job->status == DELIB_OK;
        for (size_t j = 0; j < job->session->count; j++)
            tell(job->session->messages[j]);
    }
    delib_io_driver_free(driver);
    for (size_t i = 0; i < EXCHANGES; i++)
        delib_io_demande_free(demandes[i]);
    return good;
}

/* ---- Tests ---- */

static void values_and_absences(void)
{
    static const char *const options[] = { "--date", "2026-11-23", "--quota", "0", "--quota-adresse", "0", NULL };
    static delib_session sessions[EXCHANGES];
    const char *persons[EXCHANGES];
    struct sandbox sandbox;
    delib_io_config *config;
    char name[200];

    if (!sandbox_start(&sandbox, options))
        return;
    config = read_config(&sandbox, 10);
    for (size_t i = 0; i < EXCHANGES; i++)
        persons[i] = exchanges[i].value;
    tap(config && run_all(config, persons, sessions), "all the values are asked for", "driver");
    for (size_t i = 0; i < EXCHANGES; i++) {
        const bool list = sessions[i].first_kind[0] == DELIB_VALUE_LIST;

        snprintf(name, sizeof(name), "%s, %s: a value", exchanges[i].function, exchanges[i].modality);
        tap(sessions[i].kinds[0] == DELIB_ANSWER_VALUE && (list || sessions[i].number[0] == exchanges[i].expected)
                && (list || sessions[i].first_kind[0] == DELIB_VALUE_NUMBER
                    || sessions[i].first_kind[0] == DELIB_VALUE_BOOLEAN),
            name, "%s %s %lld", sessions[i].codes[0], sessions[i].messages[0], (long long)sessions[i].number[0]);
        persons[i] = exchanges[i].none;
    }
    tap(config && run_all(config, persons, sessions), "all the absences are asked for", "driver");
    for (size_t i = 0; i < EXCHANGES; i++) {
        if (!persons[i])
            continue;
        snprintf(name, sizeof(name), "%s, %s: no dossier", exchanges[i].function, exchanges[i].modality);
        tap(sessions[i].kinds[0] == DELIB_ANSWER_ABSENT && strcmp(sessions[i].codes[0], exchanges[i].none_code) == 0,
            name, "%s %s", sessions[i].codes[0], sessions[i].messages[0]);
    }
    delib_io_config_free(config);
    sandbox_stop(&sandbox);
}

static bool is_one_of(const char *codes, const char *code)
{
    char wanted[80];

    snprintf(wanted, sizeof(wanted), " %s ", code);
    return strstr(codes, wanted) != NULL;
}

/* A fault of texts or of numbers changes nothing in an answer of booleans alone. */
static bool spares(const char *fault, const delib_session *session)
{
    return (strcmp(fault, "utf8-faux") == 0 || strcmp(fault, "nombre-enorme") == 0)
        && session->kinds[0] == DELIB_ANSWER_VALUE && session->first_kind[0] == DELIB_VALUE_BOOLEAN;
}

/* One fault on every endpoint at once: one line of TAP per fault. */
static void one_fault(size_t fault)
{
    static char rules[PRODUCTS][80];
    static delib_session sessions[EXCHANGES];
    const char *options[2 * PRODUCTS + 8] = { "--date", "2026-11-23", "--quota", "0", "--quota-adresse", "0" };
    const char *persons[EXCHANGES];
    struct sandbox sandbox;
    delib_io_config *config;
    char name[200], wrong[2000] = "";
    bool good;

    for (size_t i = 0; i < PRODUCTS; i++) {
        snprintf(rules[i], sizeof(rules[i]), "%s:%s", products[i], faults[fault].fault);
        options[6 + 2 * i] = "--panne";
        options[7 + 2 * i] = rules[i];
    }
    options[6 + 2 * PRODUCTS] = NULL;
    if (!sandbox_start(&sandbox, options))
        return;
    for (size_t i = 0; i < EXCHANGES; i++)
        persons[i] = exchanges[i].value;
    /* The two that wait for the end of the delay have a short one. */
    config = read_config(&sandbox, strcmp(faults[fault].fault, "silence") == 0
                                   || strcmp(faults[fault].fault, "goutte") == 0 ? 1 : 20);
    good = config && run_all(config, persons, sessions);
    for (size_t i = 0; i < EXCHANGES; i++) {
        const char *codes = faults[fault].codes[exchanges[i].api];
        const size_t used = strlen(wrong);

        if (sessions[i].kinds[0] != DELIB_ANSWER_VALUE && is_one_of(codes, sessions[i].codes[0])
            && sessions[i].messages[0][0])
            continue;
        if (spares(faults[fault].fault, &sessions[i]))
            continue;
        good = false;
        snprintf(wrong + used, sizeof(wrong) - used, "\n#     %s, %s: %s (%s)", exchanges[i].function,
                 exchanges[i].modality, sessions[i].codes[0], sessions[i].messages[0]);
    }
    snprintf(name, sizeof(name), "%s: %d exchanges fail as they should", faults[fault].fault, (int)EXCHANGES);
    tap(good, name, "%s", wrong);
    delib_io_config_free(config);
    sandbox_stop(&sandbox);
}

/* The faults of the token endpoint of the DGFiP. */
static void faults_of_tokens(void)
{
    static const struct { const char *fault, *codes; } cases[] = {
        { "statut=401", " jeton_refuse " }, { "statut=500", " serveur_de_jetons " }, { "html",
                                                                                      " serveur_de_jetons " },
        { "corps-vide", " serveur_de_jetons " }, { "json-faux", " serveur_de_jetons " }, { "reset",
                                                                                          " connexion_coupee " },
        { "coupure", " reponse_tronquee " }, { "silence", " delai_depasse " }, { "enorme", " reponse_trop_grande " },
        { "redirection", " serveur_de_jetons " },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char rule[100], name[150];
        const char *options[] = { "--panne", rule, NULL };
        const char *persons[EXCHANGES] = { NULL };
        static delib_session sessions[EXCHANGES];
        struct sandbox sandbox;
        delib_io_config *config;
        bool good;

        snprintf(rule, sizeof(rule), "dgfip_jeton:%s", cases[i].fault);
        if (!sandbox_start(&sandbox, options))
            return;
        persons[EXCHANGES - 2] = exchanges[EXCHANGES - 2].value;
        persons[EXCHANGES - 4] = exchanges[EXCHANGES - 4].value;
        config = read_config(&sandbox, 2);
        good = config && run_all(config, persons, sessions)
            && is_one_of(cases[i].codes, sessions[EXCHANGES - 2].codes[0])
            && is_one_of(cases[i].codes, sessions[EXCHANGES - 4].codes[0]);
        snprintf(name, sizeof(name), "token of the DGFiP, %s: both calls fail", cases[i].fault);
        tap(good, name, "%s, %s", sessions[EXCHANGES - 2].codes[0], sessions[EXCHANGES - 4].codes[0]);
        delib_io_config_free(config);
        sandbox_stop(&sandbox);
    }
}

/* Each token of the bac à sable that is refused has its own code. */
static void refused_tokens(void)
{
    static const struct { const char *token, *code; } cases[] = {
        { "bac-a-sable-expire", "jeton_expire" },
        { "bac-a-sable-liste-noire", "jeton_revoque" },
        { "bac-a-sable-de-production", "jeton_de_production" },
        { "bac-a-sable-ip-refusee", "adresse_ip_refusee" },
        { "bac-a-sable-sans-droit", "portee_absente" },
        { "bac-a-sable-delegation", "destinataire_refuse" },
        { "jeton-inconnu", "jeton_invalide" },
    };
    static const char *const options[] = { NULL };
    static delib_session sessions[EXCHANGES];
    const char *persons[EXCHANGES] = { MARTIN };
    struct sandbox sandbox;
    delib_io_config *config;
    char name[150];

    if (!sandbox_start(&sandbox, options))
        return;
    config = read_config(&sandbox, 5);
    for (size_t i = 0; config && i < sizeof(cases) / sizeof(*cases); i++) {
        setenv("DELIB_ESSAI_JETON", cases[i].token, 1);
        snprintf(name, sizeof(name), "%s: %s", cases[i].token, cases[i].code);
        tap(run_all(config, persons, sessions) && strcmp(sessions[0].codes[0], cases[i].code) == 0, name, "%s",
            sessions[0].codes[0]);
    }
    setenv("DELIB_ESSAI_JETON", "jeton-fictif-complet", 1);
    unsetenv("DELIB_ESSAI_CLIENT");
    persons[0] = NULL;
    persons[EXCHANGES - 4] = exchanges[EXCHANGES - 4].value;
    tap(config && run_all(config, persons, sessions) && strcmp(sessions[EXCHANGES - 4].codes[0],
                                                               "jeton_inaccessible") == 0
            && strstr(sessions[EXCHANGES - 4].messages[0], "DELIB_ESSAI_CLIENT"),
        "a secret that is not there", "%s", sessions[EXCHANGES - 4].codes[0]);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
    delib_io_config_free(config);
    sandbox_stop(&sandbox);
}

static void a_server_that_is_down(void)
{
    struct sandbox sandbox = { .address = "http://127.0.0.1:1" };
    static delib_session sessions[EXCHANGES];
    const char *persons[EXCHANGES] = { MARTIN };
    delib_io_config *config = read_config(&sandbox, 5);

    persons[EXCHANGES - 4] = exchanges[EXCHANGES - 4].value;
    tap(config && run_all(config, persons, sessions) && strcmp(sessions[0].codes[0], "connexion_refusee") == 0
            && strcmp(sessions[EXCHANGES - 4].codes[0], "connexion_refusee") == 0,
        "nobody listens", "%s, %s", sessions[0].codes[0], sessions[EXCHANGES - 4].codes[0]);
    delib_io_config_free(config);
}

/* Nothing that was told holds a token, a name, an identifier or a query. */
static void nothing_leaks(void)
{
    static const char *const needles[] = {
        "jeton-fictif", "secret-fictif", "fc-martin", "fc-mercier", "bac-a-sable-expire", "Bearer", "?", "Martin",
            "MARTIN", "Claire", "Mercier",
        "Etude", "Scolaire", "1988", "75112", "3000000000", "claire.martin", "0000000001A", "0004301", "recipient",
        "13002526500013",
    };

    tap(told_length > 10000 && told_length + 300 < sizeof(told), "what is told was kept", "%zu bytes", told_length);
    for (size_t i = 0; i < sizeof(needles) / sizeof(*needles); i++) {
        char name[100];
        const char *found = strstr(told, needles[i]);

        snprintf(name, sizeof(name), "no event nor message holds « %s »", needles[i]);
        tap(!found, name, "%.80s", found ? found : "");
    }
}

/* Is a row of the table this function by this modality? */
static bool is_exercised(const char *function, const char *modality, size_t length)
{
    for (size_t i = 0; i < EXCHANGES; i++)
        if (strcmp(exchanges[i].function, function) == 0 && strlen(exchanges[i].modality) == length
            && memcmp(exchanges[i].modality, modality, length) == 0)
            return true;
    return false;
}

/* The table holds every function of the catalogue by every modality that it offers. */
static void the_table_is_whole(void)
{
    char missing[512] = "";
    for (size_t f = 0; f < catalogue_standard.function_count; f++) {
        const char *at = catalogue_standard.functions[f].modalities;
        while (*at) {
            const size_t length = strcspn(at, " ");
            if (!is_exercised(catalogue_standard.functions[f].name, at, length))
                snprintf(missing + strlen(missing), sizeof(missing) - strlen(missing), "%s/%.*s ",
                         catalogue_standard.functions[f].name, (int)length, at);
            at += length + (at[length] == ' ');
        }
    }
    tap(!*missing, "every function by every modality is exercised", "%s", missing);
}

int main(void)
{
    setenv("DELIB_ESSAI_JETON", "jeton-fictif-complet", 1);
    setenv("DELIB_ESSAI_CLIENT", "client-fictif", 1);
    setenv("DELIB_ESSAI_SECRET", "secret-fictif", 1);
    values_and_absences();
    for (size_t i = 0; i < FAULTS; i++)
        one_fault(i);
    faults_of_tokens();
    refused_tokens();
    a_server_that_is_down();
    nothing_leaks();
    the_table_is_whole();
    return tap_end();
}
