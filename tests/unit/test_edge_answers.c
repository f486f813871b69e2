/*
 * Answers: what each HTTP answer means, for each family of functions; the tables themselves; arbitrary bytes.
 */
#include "lang/catalogue.h"
#include "runtime/edge/edge_decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TODAY "2026-09-15"

/* ---- Helpers ---- */

static delib_io_decoded *decode(const char *function, int status, const char *body)
{
    delib_io_decoded *decoded = NULL;

    assert_int_equal(delib_io_decode(function, TODAY, status, NULL, 0, body, body ? strlen(body) : 0, &decoded),
                     DELIB_OK);
    assert_non_null(delib_io_decoded_answer(decoded));
    return decoded;
}

static void check_outcome(const char *function, int status, const char *body, delib_answer_kind kind,
                          const char *code,
                          const char *words)
{
    delib_io_decoded *decoded = decode(function, status, body);
    const delib_answer *answer = delib_io_decoded_answer(decoded);

    if (answer->kind != kind || !answer->code || strcmp(answer->code, code) != 0)
        fail_msg("%s, %d %s: %d %s", function, status, body ? body : "", answer->kind,
                 answer->code ? answer->code : "");
    if (words && !strstr(answer->message, words))
        fail_msg("%s", answer->message);
    assert_int_equal(answer->record.count, 0);
    delib_io_decoded_free(decoded);
}

/* Each field of the record as "name=text;" in order: numbers in units and scale, « ? » absent, « # » not granted. */
static void write_value(char *out, size_t size, const delib_value *value)
{
    const size_t used = strlen(out);

    switch (value->kind) {
    case DELIB_VALUE_ABSENT:
        snprintf(out + used, size - used, "?%s", value->text ? value->text : "");
        return;
    case DELIB_VALUE_NOT_GRANTED:
        snprintf(out + used, size - used, "#");
        return;
    case DELIB_VALUE_BOOLEAN:
        snprintf(out + used, size - used, "%s", value->boolean ? "oui" : "non");
        return;
    case DELIB_VALUE_NUMBER:
        snprintf(out + used, size - used, "%lld/%u", (long long)value->units, value->scale);
        return;
    case DELIB_VALUE_TEXT:
        snprintf(out + used, size - used, "%s", value->text);
        return;
    case DELIB_VALUE_LIST:
    case DELIB_VALUE_RECORD:
        break;
    }
    snprintf(out + used, size - used, "%s", value->kind == DELIB_VALUE_LIST ? "[" : "{");
    for (size_t i = 0; i < value->count; i++) {
        const size_t at = strlen(out);

        if (value->kind == DELIB_VALUE_RECORD)
            snprintf(out + at, size - at, "%s=", value->names[i]);
        write_value(out, size, &value->items[i]);
        snprintf(out + strlen(out), size - strlen(out), ";");
    }
    snprintf(out + strlen(out), size - strlen(out), "%s", value->kind == DELIB_VALUE_LIST ? "]" : "}");
}

static void check_value(const char *function, const char *body, const char *expected)
{
    delib_io_decoded *decoded = decode(function, 200, body);
    const delib_answer *answer = delib_io_decoded_answer(decoded);
    char written[4000] = "";

    if (answer->kind != DELIB_ANSWER_VALUE)
        fail_msg("%s: %s", body, answer->message);
    write_value(written, sizeof(written), &answer->record);
    assert_string_equal(written, expected);
    delib_io_decoded_free(decoded);
}

#define AP "api_particulier."
#define QF AP "quotient_familial"
#define ERROR(code) "{\"errors\":[{\"code\":\"" code "\",\"title\":\"t\",\"detail\":\"MARTIN 650\",\"meta\":{}}]}"

/* ---- Values ---- */

static void a_quotient_is_read_whole(void **state)
{
    (void)state;
    check_value(QF,
                "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"CNAF\",\"valeur\":650,\"annee\":2026,\"mois\":4,"
                "\"annee_calcul\":2026,\"mois_calcul\":4},\"allocataires\":[{\"nom_naissance\":\"BERNARD\","
                "\"nom_usage\":null,"
                "\"prenoms\":\"ELODIE JUDITH\",\"date_naissance\":\"1990-03-18\",\"sexe\":\"F\",\"inconnu\":[1]}],"
                "\"enfants\":[{\"prenoms\":[\"LEO\",\"PAUL\"],\"date_naissance\":\"2020-00-00\"},"
                "{\"date_naissance\":\"200&-04-23\"},{\"date_naissance\":\"0000-00-00\"},{\"date_naissance\":\"\"}],"
                "\"adresse\":{\"code_postal_ville\":\"75002 PARIS\"}},\"links\":{},\"meta\":{}}",
                "{valeur=650/0;fournisseur=CNAF;annee=2026/0;mois=4/0;annee_calcul=2026/0;mois_calcul=4/0;"
                "allocataires=[{nom_naissance=BERNARD;nom_usage=?non renseigné;prenoms=ELODIE JUDITH;"
                "date_naissance=1990-03-18;sexe=F;};];"
                "enfants=[{nom_naissance=?non renseigné;nom_usage=?non renseigné;prenoms=LEO PAUL;"
                "date_naissance=2020-00-00;sexe=?non renseigné;};"
                "{nom_naissance=?non renseigné;nom_usage=?non renseigné;prenoms=?non renseigné;"
                "date_naissance=?date illisible;sexe=?non renseigné;};"
                "{nom_naissance=?non renseigné;nom_usage=?non renseigné;prenoms=?non renseigné;"
                "date_naissance=?date inconnue;sexe=?non renseigné;};"
                "{nom_naissance=?non renseigné;nom_usage=?non renseigné;prenoms=?non renseigné;"
                "date_naissance=?date inconnue;sexe=?non renseigné;};];"
                "adresse={destinataire=?non renseigné;complement=?non renseigné;complement_geographique=?non "
                "renseigné;"
                "voie=?non renseigné;lieu_dit=?non renseigné;code_postal_ville=75002 PARIS;pays=?non renseigné;};}");
}

/* Null, zero, empty and masked are four things. */
static void null_zero_empty_and_masked_differ(void **state)
{
    (void)state;
    check_value(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":null},\"enfants\":[],\"allocataires\":null}}",
                "{valeur=?non renseigné;fournisseur=#;annee=#;mois=#;annee_calcul=#;mois_calcul=#;"
                "allocataires=?non renseigné;enfants=[];adresse=#;}");
    check_value(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":0}}}",
                "{valeur=0/0;fournisseur=#;annee=#;mois=#;annee_calcul=#;mois_calcul=#;allocataires=#;enfants=#;"
                "adresse=#;}");
    check_value(QF, "{\"data\":{}}",
                "{valeur=#;fournisseur=#;annee=#;mois=#;annee_calcul=#;mois_calcul=#;allocataires=#;enfants=#;"
                "adresse=#;}");
    check_value(QF, "{\"data\":{\"quotient_familial\":null}}",
                "{valeur=?non renseigné;fournisseur=?non renseigné;annee=?non renseigné;mois=?non renseigné;"
                "annee_calcul=?non renseigné;mois_calcul=?non renseigné;allocataires=#;enfants=#;adresse=#;}");
    check_value(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":650.0}}}",
                "{valeur=650/0;fournisseur=#;annee=#;mois=#;annee_calcul=#;mois_calcul=#;allocataires=#;enfants=#;"
                "adresse=#;}");
}

/* A 200 tells of a registration; its end date tells whether it still runs on the day, both days included. */
static void a_registration_runs_until_its_end(void **state)
{
    static const struct { const char *dates, *category, *inscrit, *jobless; } cases[] = {
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":null", "{\"code\":1}", "oui", "oui" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":null", "{\"code\":5}", "oui", "non" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":null", "null", "oui", "?catégorie d'inscription inconnue" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":\"2026-09-15\"", "{\"code\":1}", "oui", "oui" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":\"2026-09-14\"", "{\"code\":1}", "non", "non" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":\"2026-09-14\"", "null", "non", "non" },
        { "\"date_debut\":\"2026-09-15\",\"date_fin\":null", "{\"code\":2}", "oui", "oui" },
        { "\"date_debut\":\"2026-09-16\",\"date_fin\":null", "{\"code\":2}", "non", "non" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":\"2026-09-00\"", "{\"code\":1}",
          "?les dates reçues ne permettent pas de conclure", "?les dates reçues ne permettent pas de conclure" },
        { "\"date_debut\":\"2026-01-05\",\"date_fin\":\"2026-10-00\"", "{\"code\":1}", "oui", "oui" },
        { "\"date_debut\":null,\"date_fin\":null", "{\"code\":1}",
          "?les dates reçues ne permettent pas de conclure", "?les dates reçues ne permettent pas de conclure" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char body[300];
        delib_io_decoded *decoded;
        char written[200] = "";

        snprintf(body, sizeof(body), "{\"data\":{\"inscription\":{%s,\"categorie\":%s}}}", cases[i].dates,
                 cases[i].category);
        decoded = decode(AP "demandeur_emploi", 200, body);
        write_value(written, sizeof(written), delib_io_value_get(&delib_io_decoded_answer(decoded)->record,
                                                                 "inscrit"));
        assert_string_equal(written, cases[i].inscrit);
        written[0] = '\0';
        write_value(written, sizeof(written),
                    delib_io_value_get(&delib_io_decoded_answer(decoded)->record, "sans_emploi"));
        assert_string_equal(written, cases[i].jobless);
        delib_io_decoded_free(decoded);
    }
}

static void other_functions_are_read(void **state)
{
    (void)state;
    check_value(AP "rsa", "{\"data\":{\"est_beneficiaire\":true,\"date_debut_droit\":\"2026-01-01\"}}",
                "{beneficiaire=oui;date_debut=2026-01-01;avec_majoration=#;}");
    check_value(AP "c2s", "{\"data\":{\"est_beneficiaire\":false,\"avec_participation\":null,"
                          "\"date_debut_droit\":null}}",
                "{beneficiaire=non;avec_participation=?non renseigné;date_debut=?non renseigné;}");
    check_value(AP "aeeh", "{\"data\":{\"status\":\"ouvrant_droit\",\"date_debut_droit\":null}}",
                "{beneficiaire=oui;allocataire=non;ouvrant_droit=oui;date_debut=?non renseigné;}");
    check_value(AP "ars", "{\"data\":{\"status\":\"non_beneficiaire\"}}",
                "{beneficiaire=non;allocataire=non;ouvrant_droit=non;date_debut=#;}");
    check_value(AP "participation_familiale_eaje",
                "{\"data\":{\"parametres_calcul_participation_familiale\":{\"nombre_enfants_a_charge\":2,"
                "\"nombre_enfants_beneficiaire_aeeh\":0,\"base_ressources_annuelles\":{\"valeur\":40923,"
                "\"annee_calcul\":2023}}}}",
                "{ressources_annuelles=40923/0;annee_ressources=2023/0;enfants_a_charge=2/0;enfants_aeeh=0/0;"
                "allocataires=#;enfants=#;adresse=#;}");
    check_value(AP "eleve",
                "{\"data\":{\"est_scolarise\":true,\"est_boursier\":null,\"regime_pensionnat\":null,"
                "\"statut_eleve\":{\"code\":\"ST\",\"libelle\":\"STATUT\"},"
                "\"etablissement\":{\"code_uai\":\"0310001A\","
                "\"nom\":\"x\"}}}",
                "{scolarise=oui;annee_scolaire=#;statut=ST;boursier=?non renseigné;echelon_bourse=#;"
                "regime=?non renseigné;etablissement=0310001A;}");
    check_value(AP "etudiant_boursier",
                "{\"data\":{\"statut_boursier\":{\"est_boursier\":true,\"est_radie\":false,\"date_radiation\":null},"
                "\"echelon_bourse\":{\"echelon\":\"0bis\"}}}",
                "{boursier=oui;radie=non;date_radiation=?non renseigné;echelon=0bis;regionale_provisoire=#;"
                "date_rentree=#;duree=#;commune_etudes=#;}");
    check_value(AP "indemnites_france_travail",
                "{\"data\":{\"paiements\":[{\"date_versement\":\"2026-01-02\",\"montant_total\":1000.5,"
                "\"montant_allocations\":900.25,\"montant_aides\":100,\"montant_autres\":0.25}]}}",
                "{paiements=[{date_versement=2026-01-02;montant_total=10005/1;montant_allocations=90025/2;"
                "montant_aides=100/0;montant_autres=25/2;};];}");
    check_value("api_impot_particulier.derniere_situation",
                "{\"rfr\":15480,\"nbPart\":2.75,\"sitFam\":\"C\",\"sitParIso\":\"T\",\"pac\":{\"nbPac\":2,"
                "\"nbPacF\":2},"
                "\"annRevenu\":2025,\"nmNaiDec1\":\"MARTIN\"}",
                "{revenu_fiscal=15480/0;annee_revenus=2025/0;parts=275/2;situation=C;personnes_a_charge=2/0;"
                "enfants=2/0;"
                "enfants_en_alternance=#;parent_isole=oui;}");
    check_value(AP "quotient_familial_allocataire",
                "{\"quotientFamilial\":430,\"annee\":2025,\"mois\":9,\"enfants\":[{\"nomPrenom\":\"LEA M\","
                "\"dateDeNaissance\":\"02062017\",\"sexe\":\"F\"}]}",
                "{valeur=430/0;annee=2025/0;mois=9/0;allocataires=#;"
                "enfants=[{nom_prenom=LEA M;date_naissance=2017-06-02;sexe=F;};];}");
}

static void a_student_is_one_on_the_day(void **state)
{
#define ADMISSION(registered, from, to) \
    "{\"est_inscrit\":" registered ",\"date_debut\":\"" from "\",\"date_fin\":\"" to "\"}"
    static const struct { const char *admissions, *expected; } cases[] = {
        { "", "non" },
        { ADMISSION("true", "2026-09-01", "2027-08-31"), "oui" },
        { ADMISSION("true", "2025-09-01", "2026-08-31"), "non" },
        { ADMISSION("false", "2026-09-01", "2027-08-31"), "non" },
        { ADMISSION("true", "2025-09-01", "2026-08-31") "," ADMISSION("true", "2026-09-01", "2027-08-31"), "oui" },
        { ADMISSION("true", "2026-09-01", "2026-09-00") "," ADMISSION("true", "2026-09-01", "2027-08-31"), "oui" },
        { ADMISSION("true", "2026-09-01", "2026-09-00") "," ADMISSION("true", "2025-09-01", "2026-08-31"),
          "?les dates reçues ne permettent pas de conclure" },
        { ADMISSION("true", "2026-09-01", "2026-09-00") "," ADMISSION("false", "2026-09-01", "2026-09-00"),
          "?les dates reçues ne permettent pas de conclure" },
        { "{\"est_inscrit\":true,\"date_debut\":\"2026-09-01\",\"date_fin\":null}", "oui" },
        { "{\"est_inscrit\":true,\"date_debut\":\"2026-09-01\",\"date_fin\":\"un jour\"}",
          "?les dates reçues ne permettent pas de conclure" },
        { "{\"date_debut\":\"2026-09-01\",\"date_fin\":\"2027-08-31\"}", "#" },
        { "{\"est_inscrit\":true,\"date_debut\":\"2026-09-01\"}", "#" },
        { "{\"est_inscrit\":true}", "#" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char body[400], written[100] = "";
        delib_io_decoded *decoded;

        snprintf(body, sizeof(body), "{\"data\":{\"admissions\":[%s]}}", cases[i].admissions);
        decoded = decode(AP "etudiant", 200, body);
        write_value(written, sizeof(written), delib_io_value_get(&delib_io_decoded_answer(decoded)->record,
                                                                 "etudiant"));
        assert_string_equal(written, cases[i].expected);
        delib_io_decoded_free(decoded);
    }
}

static void a_contract_runs_on_the_day(void **state)
{
#define CONTRACT(body, expected) \
    check_value(AP "service_civique", "{\"data\":{\"statut_actuel\":" body "}}", expected)
    (void)state;
    CONTRACT("{\"contrat_trouve\":true,\"date_debut_contrat\":\"2026-09-01\",\"date_fin_contrat\":null}",
             "{en_service=oui;a_ete_volontaire=#;date_debut=2026-09-01;date_fin=?non renseigné;}");
    CONTRACT("{\"contrat_trouve\":true,\"date_debut_contrat\":\"2025-09-01\",\"date_fin_contrat\":\"2026-04-01\"}",
             "{en_service=non;a_ete_volontaire=#;date_debut=2025-09-01;date_fin=2026-04-01;}");
    CONTRACT("{\"contrat_trouve\":true}", "{en_service=oui;a_ete_volontaire=#;date_debut=#;date_fin=#;}");
    CONTRACT("{\"contrat_trouve\":null}",
             "{en_service=?non renseigné;a_ete_volontaire=#;date_debut=#;date_fin=#;}");
    CONTRACT("{\"date_debut_contrat\":\"2026-09-01\"}",
             "{en_service=?non renseigné;a_ete_volontaire=#;date_debut=2026-09-01;date_fin=#;}");
    CONTRACT("{\"contrat_trouve\":true,\"date_fin_contrat\":\"2026-10-01\"}",
             "{en_service=?les dates reçues ne permettent pas de conclure;a_ete_volontaire=#;date_debut=#;"
             "date_fin=2026-10-01;}");
    CONTRACT("{\"contrat_trouve\":false}", "{en_service=non;a_ete_volontaire=#;date_debut=#;date_fin=#;}");
}

/* Texts come as texts, lists of texts or numbers; an empty one is not there. Dates may carry an hour. */
static void texts_and_dates_have_several_spellings(void **state)
{
#define FIRST(people, expected) \
    check_value(QF, "{\"data\":{\"allocataires\":[{" people "}]}}", \
                "{valeur=#;fournisseur=#;annee=#;mois=#;annee_calcul=#;mois_calcul=#;" \
                "allocataires=[{nom_naissance=" expected \
                "};];enfants=#;adresse=#;}")
#define REST ";nom_usage=?non renseigné;prenoms=?non renseigné;date_naissance=?non renseigné;sexe=?non renseigné;"
    (void)state;
    FIRST("\"nom_naissance\":\" A \"", "A" REST);
    FIRST("\"nom_naissance\":12", "12" REST);
    FIRST("\"nom_naissance\":[\"A\",\"B\"]", "A B" REST);
    FIRST("\"nom_naissance\":[]", "?non renseigné" REST);
    FIRST("\"nom_naissance\":\" \"", "?non renseigné" REST);
    FIRST("\"nom_naissance\":\"A\",\"date_naissance\":\"1990-03-18T00:00:00Z\"",
          "A;nom_usage=?non renseigné;prenoms=?non renseigné;date_naissance=1990-03-18;sexe=?non renseigné;");
    FIRST("\"nom_naissance\":\"A\",\"date_naissance\":\"1990-03-18 00:00\"",
          "A;nom_usage=?non renseigné;prenoms=?non renseigné;date_naissance=?date illisible;sexe=?non renseigné;");
    check_outcome(QF, 200, "{\"data\":{\"allocataires\":[{\"nom_naissance\":1.5}]}}", DELIB_ANSWER_FAILED,
                  "type_inattendu", NULL);
    check_outcome(QF, 200, "{\"data\":{\"allocataires\":[{\"nom_naissance\":{}}]}}", DELIB_ANSWER_FAILED,
                  "type_inattendu", NULL);
}

static void check_period(const char *function, const char *body, const char *period)
{
    delib_io_decoded *decoded = decode(function, 200, body);
    const delib_answer *answer = delib_io_decoded_answer(decoded);

    assert_int_equal(answer->kind, DELIB_ANSWER_VALUE);
    if (period)
        assert_string_equal(answer->period, period);
    else
        assert_null(answer->period);
    delib_io_decoded_free(decoded);
}

/* What an answer is about is told only when it is a year, and a month of it. */
static void a_period_is_a_year_and_a_month(void **state)
{
    (void)state;
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":2026,\"mois\":4}}}", "2026-04");
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":2026,\"mois\":12}}}", "2026-12");
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":2026,\"mois\":13}}}", "2026");
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":2026,\"mois\":-1}}}", "2026");
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":26,\"mois\":4}}}", NULL);
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"annee\":20260,\"mois\":4}}}", NULL);
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1,\"mois\":4}}}", NULL);
    check_period(QF, "{\"data\":{\"quotient_familial\":{\"valeur\":1}}}", NULL);
    check_period("api_impot_particulier.derniere_situation", "{\"rfr\":1,\"annRevenu\":2025}", "2025");
}

/* ---- Outcomes ---- */

static void statuses_come_first_codes_second(void **state)
{
    (void)state;
    check_outcome(QF, 400, ERROR("00401"), DELIB_ANSWER_FAILED, "requete_refusee", NULL);
    check_outcome(QF, 401, ERROR("00101"), DELIB_ANSWER_FAILED, "jeton_invalide", NULL);
    check_outcome(QF, 401, ERROR("00103"), DELIB_ANSWER_FAILED, "jeton_expire", NULL);
    check_outcome(QF, 401, ERROR("00105"), DELIB_ANSWER_FAILED, "jeton_revoque", NULL);
    check_outcome(QF, 401, ERROR("00108"), DELIB_ANSWER_FAILED, "jeton_de_production", NULL);
    check_outcome(QF, 401, ERROR("00109"), DELIB_ANSWER_FAILED, "jeton_de_bac_a_sable", NULL);
    check_outcome(QF, 401, ERROR("51502"), DELIB_ANSWER_FAILED, "france_connect_expire", NULL);
    check_outcome(QF, 401, ERROR("50002"), DELIB_ANSWER_FAILED, "france_connect_expire", NULL);
    check_outcome(QF, 401, ERROR("51503"), DELIB_ANSWER_REFUSED, "france_connect_incomplet", NULL);
    check_outcome(QF, 401, "", DELIB_ANSWER_FAILED, "jeton_refuse", NULL);
    check_outcome(QF, 403, ERROR("00100"), DELIB_ANSWER_REFUSED, "portee_absente", NULL);
    check_outcome(QF, 403, ERROR("00107"), DELIB_ANSWER_REFUSED, "adresse_ip_refusee", NULL);
    check_outcome(QF, 403, ERROR("00213"), DELIB_ANSWER_REFUSED, "destinataire_refuse", NULL);
    check_outcome(QF, 404, ERROR("10003"), DELIB_ANSWER_ABSENT, "dossier_absent", "la MSA n'a pas");
    check_outcome(QF, 404, ERROR("23003"), DELIB_ANSWER_ABSENT, "dossier_absent", "la CAF n'a pas");
    check_outcome(QF, 404, ERROR("35003"), DELIB_ANSWER_ABSENT, "dossier_absent", "la CAF ou la MSA n'a pas");
    check_outcome(QF, 404, ERROR("37003"), DELIB_ANSWER_ABSENT, "dossier_absent", NULL);
    check_outcome(AP "participation_familiale_eaje", 404, ERROR("37003"), DELIB_ANSWER_ABSENT, "non_eligible", NULL);
    check_outcome(AP "participation_familiale_eaje", 404, ERROR("36003"), DELIB_ANSWER_ABSENT, "dossier_absent",
                  NULL);
    check_outcome(AP "demandeur_emploi", 404, ERROR("24003"), DELIB_ANSWER_ABSENT, "dossier_absent",
                  "France Travail");
    check_outcome(QF, 404, ERROR("00402"), DELIB_ANSWER_FAILED, "version_inconnue", NULL);
    check_outcome(QF, 404, "<html>404</html>", DELIB_ANSWER_FAILED, "adresse_inattendue", NULL);
    check_outcome(QF, 404, "", DELIB_ANSWER_FAILED, "adresse_inattendue", NULL);
    check_outcome(QF, 409, ERROR("00015"), DELIB_ANSWER_FAILED, "requete_en_cours", NULL);
    check_outcome(QF, 422, ERROR("35560"), DELIB_ANSWER_FAILED, "identite_inconnue", "vérifiez l'état civil");
    check_outcome(AP "rsa", 422, ERROR("36560"), DELIB_ANSWER_FAILED, "identite_inconnue", NULL);
    check_outcome(QF, 422, ERROR("35561"), DELIB_ANSWER_FAILED, "identite_refusee", NULL);
    check_outcome(QF, 422, ERROR("00366"), DELIB_ANSWER_FAILED, "identite_refusee", NULL);
    check_outcome(QF, 422, ERROR("00363"), DELIB_ANSWER_FAILED, "identite_mal_formee", NULL);
    check_outcome(QF, 422, ERROR("00427"), DELIB_ANSWER_FAILED, "identite_mal_formee", NULL);
    check_outcome(QF, 422, ERROR("00354"), DELIB_ANSWER_FAILED, "periode_future", NULL);
    check_outcome(QF, 422, ERROR("00355"), DELIB_ANSWER_FAILED, "periode_trop_ancienne", NULL);
    check_outcome(QF, 422, ERROR("00356"), DELIB_ANSWER_FAILED, "annee_refusee", NULL);
    check_outcome(QF, 422, ERROR("35565"), DELIB_ANSWER_FAILED, "periode_refusee", NULL);
    check_outcome(QF, 422, ERROR("00210"), DELIB_ANSWER_REFUSED, "destinataire_refuse", NULL);
    check_outcome(AP "service_civique", 422, ERROR("31563"), DELIB_ANSWER_FAILED, "identite_ambigue", NULL);
    check_outcome(AP "service_civique", 422, ERROR("00391"), DELIB_ANSWER_FAILED, "identite_ambigue", NULL);
    check_outcome(AP "demandeur_emploi", 422, ERROR("00308"), DELIB_ANSWER_FAILED, "identifiant_refuse", NULL);
    check_outcome(QF, 422, ERROR("99999"), DELIB_ANSWER_FAILED, "parametre_refuse", NULL);
    check_outcome(QF, 429, "{\"errors\":[\"texte\"]}", DELIB_ANSWER_FAILED, "quota_depasse", NULL);
    check_outcome(QF, 500, NULL, DELIB_ANSWER_FAILED, "erreur_serveur", NULL);
    check_outcome(QF, 502, ERROR("35008"), DELIB_ANSWER_FAILED, "fournisseur_sature", NULL);
    check_outcome(QF, 502, ERROR("00501"), DELIB_ANSWER_FAILED, "fournisseur_en_panne", NULL);
    check_outcome(QF, 503, ERROR("35020"), DELIB_ANSWER_FAILED, "fournisseur_en_maintenance", NULL);
    check_outcome(QF, 504, ERROR("35002"), DELIB_ANSWER_FAILED, "fournisseur_trop_lent", NULL);
    check_outcome(QF, 599, NULL, DELIB_ANSWER_FAILED, "erreur_serveur", NULL);
    check_outcome(QF, 302, NULL, DELIB_ANSWER_FAILED, "redirection_refusee", NULL);
    check_outcome(QF, 201, "{\"data\":{}}", DELIB_ANSWER_FAILED, "reponse_inattendue", NULL);
    check_outcome(QF, 418, NULL, DELIB_ANSWER_FAILED, "reponse_inattendue", NULL);
    check_outcome(QF, 0, NULL, DELIB_ANSWER_FAILED, "reponse_inattendue", NULL);
    check_outcome(QF, -7, NULL, DELIB_ANSWER_FAILED, "reponse_inattendue", NULL);
    /* A code of a 404 in an answer 500 does not make it a fact. */
    check_outcome(QF, 500, ERROR("10003"), DELIB_ANSWER_FAILED, "erreur_serveur", NULL);
    check_outcome(QF, 200, ERROR("10003"), DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
    /* Several errors: the first that the table knows. */
    check_outcome(QF, 422, "{\"errors\":[{\"code\":\"88888\"},{\"code\":\"35560\"}]}", DELIB_ANSWER_FAILED,
                  "identite_inconnue", NULL);
}

/* A 404 is « no dossier » only by a code that says so, wherever servers put it; anything else is a failure. */
static void codes_are_read_as_they_come(void **state)
{
#define MANY "{\"code\":\"99999\"},{\"code\":\"99999\"},{\"code\":\"99999\"},{\"code\":\"99999\"},"
    static const struct { const char *body; delib_answer_kind kind; } cases[] = {
        { ERROR("10003"), DELIB_ANSWER_ABSENT },
        { "{\"errors\":[{\"code\":10003}]}", DELIB_ANSWER_ABSENT },
        { "{\"errors\":[{\"code\":true},{\"code\":\"10003\"}]}", DELIB_ANSWER_ABSENT },
        { "{\"errors\":[{\"code\":10003.5}]}", DELIB_ANSWER_FAILED },
        { "{\"errors\":[{\"code\":[\"10003\"]}]}", DELIB_ANSWER_FAILED },
        { "{\"errors\":[\"10003\"]}", DELIB_ANSWER_FAILED },
        { "{\"errors\":{\"code\":\"10003\"}}", DELIB_ANSWER_FAILED },
        { "{\"errors\":[{\"code\":\"100030000000000000000\"}]}", DELIB_ANSWER_FAILED },
        /* Eight codes are looked at. */
        { "{\"errors\":[" MANY "{\"code\":\"10003\"}]}", DELIB_ANSWER_ABSENT },
        { "{\"errors\":[" MANY MANY "{\"code\":\"10003\"}]}", DELIB_ANSWER_FAILED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        delib_io_decoded *decoded = decode(QF, 404, cases[i].body);

        if (delib_io_decoded_answer(decoded)->kind != cases[i].kind)
            fail_msg("%s: %s", cases[i].body, delib_io_decoded_answer(decoded)->code);
        delib_io_decoded_free(decoded);
    }
}

static void the_dgfip_has_its_own_codes(void **state)
{
    static const char situation[] = "api_impot_particulier.situation";

    (void)state;
    check_outcome(situation, 204, "", DELIB_ANSWER_FAILED, "sans_reponse", "la DGFiP");
    check_outcome(situation, 400, "{\"erreur\":{\"code\":\"4001\",\"message\":\"format SPI incorrect\"}}",
                  DELIB_ANSWER_FAILED, "identifiant_refuse", NULL);
    check_outcome(situation, 400, "{\"codeapp\":4002}", DELIB_ANSWER_FAILED, "annee_refusee", NULL);
    check_outcome(situation, 403, "{\"codeapp\":\"4031\"}", DELIB_ANSWER_REFUSED, "portee_absente", NULL);
    check_outcome(situation, 410, "{\"erreur\":{\"code\":4101}}", DELIB_ANSWER_ABSENT, "sans_resultat", NULL);
    check_outcome(situation, 410, "{\"code\":\"4102\"}", DELIB_ANSWER_FAILED, "spi_inconnu", NULL);
    check_outcome(situation, 410, "", DELIB_ANSWER_FAILED, "reponse_inattendue", NULL);
    check_outcome(situation, 404, "", DELIB_ANSWER_FAILED, "adresse_inattendue", NULL);
    check_outcome(situation, 500, "", DELIB_ANSWER_FAILED, "erreur_serveur", NULL);
}

static void the_older_route_has_flat_errors(void **state)
{
    static const char route[] = AP "quotient_familial_allocataire";

    (void)state;
    check_outcome(route, 404, "{\"error\":\"not_found\",\"reason\":\"x\",\"message\":\"x\"}", DELIB_ANSWER_ABSENT,
                  "dossier_absent", "la CAF");
    check_outcome(route, 404, "not found", DELIB_ANSWER_FAILED, "adresse_inattendue", NULL);
    check_outcome(route, 401, "{\"error\":\"access_denied\"}", DELIB_ANSWER_FAILED, "jeton_invalide", NULL);
}

static void unreadable_bodies_are_failures(void **state)
{
    char deep[200000];

    (void)state;
    check_outcome(QF, 200, "", DELIB_ANSWER_FAILED, "reponse_vide", NULL);
    check_outcome(QF, 200, "  ", DELIB_ANSWER_FAILED, "reponse_vide", NULL);
    check_outcome(QF, 200, "<html></html>", DELIB_ANSWER_FAILED, "reponse_illisible", "pas du JSON");
    check_outcome(QF, 200, "{\"data\":{\"quotient_familial\":{\"valeur\":6", DELIB_ANSWER_FAILED, "json_tronque",
                  NULL);
    check_outcome(QF, 200, "{\"data\":{\"a\":1,\"a\":2}}", DELIB_ANSWER_FAILED, "reponse_illisible", "clé répétée");
    check_outcome(QF, 200, "{\"data\":{\"a\":\"\xff\"}}", DELIB_ANSWER_FAILED, "reponse_illisible", "UTF-8");
    check_outcome(QF, 200, "{\"data\":{\"a\":12345678901234567890}}", DELIB_ANSWER_FAILED, "reponse_illisible",
                  "nombre");
    memset(deep, '[', sizeof(deep));
    deep[sizeof(deep) - 1] = '\0';
    check_outcome(QF, 200, deep, DELIB_ANSWER_FAILED, "reponse_illisible", "imbriqués");
    check_outcome(QF, 500, deep, DELIB_ANSWER_FAILED, "erreur_serveur", NULL);
    check_outcome(QF, 200, "null", DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
    check_outcome(QF, 200, "[]", DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
    check_outcome(QF, 200, "{}", DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
    check_outcome(QF, 200, "{\"data\":[]}", DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
}

static void a_body_has_a_limit(void **state)
{
    const size_t size = ((size_t)1 << 20) + 1;
    char *body = malloc(size + 1);

    (void)state;
    assert_non_null(body);
    memset(body, ' ', size);
    body[0] = '{';
    body[size - 1] = '}';
    body[size] = '\0';
    check_outcome(QF, 200, body, DELIB_ANSWER_FAILED, "reponse_trop_grande", NULL);
    body[size - 2] = '}';
    body[size - 1] = '\0';
    check_outcome(QF, 200, body, DELIB_ANSWER_FAILED, "reponse_sans_donnees", NULL);
    free(body);
}

static void wrong_types_are_failures(void **state)
{
    static const char *const bodies[] = {
        "{\"data\":{\"quotient_familial\":{\"valeur\":\"650\"}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":true}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650.5}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":[650]}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":{}}}}",
        "{\"data\":{\"quotient_familial\":650}}",
        "{\"data\":{\"quotient_familial\":[]}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650},\"enfants\":{}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650},\"enfants\":[1]}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650},\"enfants\":[{\"date_naissance\":12}]}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650},\"enfants\":[{\"prenoms\":[1]}]}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650,\"fournisseur\":true}}}",
        "{\"data\":{\"quotient_familial\":{\"valeur\":650},\"adresse\":\"x\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
        check_outcome(QF, 200, bodies[i], DELIB_ANSWER_FAILED, "type_inattendu", NULL);
    check_outcome(AP "rsa", 200, "{\"data\":{\"est_beneficiaire\":\"true\"}}", DELIB_ANSWER_FAILED, "type_inattendu",
                  "« est_beneficiaire »");
    check_outcome(AP "rsa", 200, "{\"data\":{\"est_beneficiaire\":1}}", DELIB_ANSWER_FAILED, "type_inattendu", NULL);
    check_outcome(AP "demandeur_emploi", 200, "{\"data\":{\"inscription\":{\"date_debut\":1}}}", DELIB_ANSWER_FAILED,
                  "type_inattendu", NULL);
    check_outcome(AP "aeeh", 200, "{\"data\":{\"status\":true}}", DELIB_ANSWER_FAILED, "type_inattendu", NULL);
    check_value(AP "aeeh", "{\"data\":{\"status\":\"\"}}",
                "{beneficiaire=?non renseigné;allocataire=?non renseigné;ouvrant_droit=?non renseigné;date_debut=#;}");
    {
        static const struct { const char *function, *body; } rights[] = {
            { "demandeur_emploi", "{\"data\":{\"inscription\":[]}}" },
            { "demandeur_emploi", "{\"data\":{\"inscription\":{\"date_debut\":\"2026-01-01\",\"date_fin\":0}}}" },
            { "demandeur_emploi",
              "{\"data\":{\"inscription\":{\"date_debut\":\"2026-01-01\",\"date_fin\":null,"
              "\"categorie\":{\"code\":\"5\"}}}}" },
            { "demandeur_emploi",
              "{\"data\":{\"inscription\":{\"date_debut\":\"2026-01-01\",\"date_fin\":null,"
              "\"categorie\":{\"code\":true}}}}" },
            { "demandeur_emploi",
              "{\"data\":{\"inscription\":{\"date_debut\":\"2026-01-01\",\"date_fin\":null,"
              "\"categorie\":{\"code\":1.5}}}}" },
            { "service_civique", "{\"data\":{\"statut_actuel\":[]}}" },
            { "service_civique", "{\"data\":{\"statut_actuel\":{\"contrat_trouve\":\"oui\"}}}" },
            { "service_civique", "{\"data\":{\"statut_actuel\":{\"contrat_trouve\":true,"
                                 "\"date_debut_contrat\":2026}}}" },
            { "etudiant", "{\"data\":{\"admissions\":{}}}" },
            { "etudiant", "{\"data\":{\"admissions\":[1]}}" },
            { "etudiant", "{\"data\":{\"admissions\":[{\"est_inscrit\":1,\"date_debut\":null,\"date_fin\":null}]}}" },
            { "etudiant", "{\"data\":{\"admissions\":[{\"est_inscrit\":true,\"date_debut\":1,\"date_fin\":null}]}}" },
        };

        for (size_t i = 0; i < sizeof(rights) / sizeof(*rights); i++) {
            char function[60];

            snprintf(function, sizeof(function), AP "%s", rights[i].function);
            check_outcome(function, 200, rights[i].body, DELIB_ANSWER_FAILED, "type_inattendu", NULL);
        }
    }
}

static void too_many_children_are_a_failure(void **state)
{
    char body[2000] = "{\"data\":{\"enfants\":[{}";

    (void)state;
    for (int i = 0; i < 30; i++)
        strcat(body, ",{}");
    strcat(body, "]}}");
    check_outcome(QF, 200, body, DELIB_ANSWER_FAILED, "type_inattendu", "« enfants »");
}

static void no_message_holds_what_the_server_said(void **state)
{
    static const int statuses[] = { 200, 204, 302, 400, 401, 403, 404, 409, 410, 422, 429, 451, 500, 502, 503, 504 };
    static const char *const codes[] = { "SECRET", "10003", "35560", "00101", "00100" };

    (void)state;
    for (size_t f = 0; f < catalogue_standard.function_count; f++) {
        for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
            for (size_t j = 0; j < sizeof(codes) / sizeof(*codes); j++) {
                char body[300];
                delib_io_decoded *decoded;
                const delib_answer *answer;

                snprintf(body, sizeof(body), "{\"errors\":[{\"code\":\"%s\",\"title\":\"SECRET\","
                                             "\"detail\":\"SECRET\","
                         "\"meta\":{\"provider\":\"SECRET\"}}],\"erreur\":{\"message\":\"SECRET\"},"
                         "\"error\":\"SECRET\"}",
                         codes[j]);
                decoded = decode(catalogue_standard.functions[f].name, statuses[i], body);
                answer = delib_io_decoded_answer(decoded);
                if (answer->kind != DELIB_ANSWER_VALUE) {
                    assert_null(strstr(answer->message, "SECRET"));
                    assert_null(strstr(answer->code, "SECRET"));
                    assert_true(!answer->provider || !strstr(answer->provider, "SECRET"));
                    assert_null(strchr(answer->message, '{'));
                }
                delib_io_decoded_free(decoded);
            }
        }
    }
}

/* ---- Who the answer is about ---- */

static void the_login_of_somebody_else_is_refused(void **state)
{
    static const struct { const char *identity; bool same; } cases[] = {
        { "{\"nom_naissance\":\"MARTIN\",\"date_naissance\":\"1988-03-14\"}", true },
        { "{\"nom_naissance\":\"Martin\"}", true },
        { "{\"nom_naissance\":\"DE LA TOUR\",\"date_naissance\":\"1988-03-14\"}", true },
        { "{}", true },
        { "{\"nom_naissance\":null}", true },
        { "{\"nom_naissance\":\"DUPONT\"}", false },
        { "{\"nom_naissance\":\"MARTIN\",\"date_naissance\":\"1988-03-15\"}", false },
        { "{\"nom_naissance\":\"MARTINE\"}", false },
        { "{\"nom_naissance\":\"MARTI\"}", false },
        { "{\"nom_naissance\":\"\",\"date_naissance\":\"1988-03-15\"}", false },
        { "{\"nom_naissance\":12,\"date_naissance\":\"188-03-15\"}", true },
        { "{\"nom_naissance\":\"M. A'R-T_I N\",\"date_naissance\":\"1988-03-00\"}", true },
    };
    const struct edge_subject subject = { .nom_naissance = "Martin", .nom_usage = "de-la-Tour",
                                          .naissance = { 1988, 3, 14 } };
    const struct catalogue_function *function =
        catalogue_find(&catalogue_standard, AP "demandeur_emploi", strlen(AP "demandeur_emploi"));

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char body[300];
        struct arena arena;
        struct edge_decoder decoder = { .arena = &arena, .function = function, .person = "demandeur",
                                        .subject = &subject, .today = { 2026, 9, 15 } };
        delib_answer answer;

        snprintf(body, sizeof(body), "{\"data\":{\"identite\":%s,\"inscription\":{\"date_debut\":\"2026-01-01\","
                 "\"date_fin\":null}}}", cases[i].identity);
        arena_init(&arena, edge_allocator(), 0);
        edge_decode(&decoder, 200, slice_of(body), &answer);
        if ((answer.kind == DELIB_ANSWER_VALUE) != cases[i].same)
            fail_msg("%s", cases[i].identity);
        if (!cases[i].same)
            assert_string_equal(answer.code, "identite_differente");
        arena_release(&arena);
    }
}

/* ---- Headers ---- */

static void headers_are_found(void **state)
{
    static const char block[] = "HTTP/1.1 429 Too Many Requests\r\nretry-after:  12 \r\nX-Request-ID: abc\r\n\r\n";
    const struct slice headers = { block, strlen(block) };

    (void)state;
    assert_int_equal(edge_retry_after(headers), 12);
    assert_true(slice_is(edge_header(headers, "X-Request-Id"), "abc"));
    assert_int_equal(edge_header(headers, "X-Request").length, 0);
    assert_int_equal(edge_retry_after(SLICE("")), -1);
    assert_int_equal(edge_retry_after(SLICE("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n")), 60);
    assert_int_equal(edge_retry_after(SLICE("Retry-After: 99999999999999999999\r\n")), 999999);
    assert_int_equal(edge_retry_after(SLICE("Retry-After: -5")), 60);
}

/* ---- The tables ---- */

static void every_row_names_an_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogue_standard.error_count; i++) {
        const struct catalogue_error *row = &catalogue_standard.errors[i];

        if (!catalogue_outcome_find(&catalogue_standard, row->outcome))
            fail_msg("%d %s: %s", row->http, row->code, row->outcome);
        assert_true(!row->function || catalogue_find(&catalogue_standard, row->function, strlen(row->function)));
        /* A row after « * » of the same status would never be reached. */
        for (size_t j = 0; j < i; j++) {
            const struct catalogue_error *before = &catalogue_standard.errors[j];

            if (before->api == row->api && before->http == row->http && strcmp(before->code, row->code) == 0
                && (!before->function || before->function == row->function))
                fail_msg("%d %s is there twice", row->http, row->code);
        }
    }
    for (int fault = DELIB_IO_REFUSED; fault <= DELIB_IO_PROTOCOL; fault++)
        assert_non_null(catalogue_outcome_find(&catalogue_standard, edge_outcome_of_fault((delib_io_fault)fault)));
}

static void every_outcome_is_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogue_standard.outcome_count; i++) {
        const struct catalogue_outcome *outcome = &catalogue_standard.outcomes[i];

        assert_true(utf8_validate(outcome->message, strlen(outcome->message)) == strlen(outcome->message));
        assert_true(outcome->message[strlen(outcome->message) - 1] != '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(outcome->code, catalogue_standard.outcomes[j].code);
            assert_string_not_equal(outcome->message, catalogue_standard.outcomes[j].message);
        }
    }
}

static void check_fields(const struct catalogue_field *fields, bool top)
{
    for (const struct catalogue_field *field = fields; field->name; field++) {
        const bool nested = field->kind == FIELD_LIST || field->kind == FIELD_RECORD;

        assert_true(field->json && field->json[0]);
        assert_int_equal(nested, field->fields != NULL);
        assert_true(nested || field->type);
        assert_true(field->min <= field->max);
        if (top && !field->scope)
            fail_msg("%s has no scope", field->name);
        for (const struct catalogue_field *before = fields; before < field; before++)
            assert_string_not_equal(before->name, field->name);
        if (nested)
            check_fields(field->fields, false);
    }
}

static void every_function_is_whole(void **state)
{
    (void)state;
    assert_true(catalogue_standard.function_count >= 17);
    for (size_t i = 0; i < catalogue_standard.function_count; i++) {
        const struct catalogue_function *function = &catalogue_standard.functions[i];
        bool has_main = !function->main_field;

        assert_ptr_equal(catalogue_find(&catalogue_standard, function->name, strlen(function->name)), function);
        assert_non_null(catalogue_provider_find(&catalogue_standard, function->prefix));
        assert_true(function->label && function->channel && function->category && function->path && function->origin);
        assert_true(function->modalities && function->modalities[0]);
        assert_true(!strstr(function->modalities, "identite") == (function->identity == CATALOGUE_IDENTITY_NONE));
        for (const struct catalogue_field *field = function->fields; field->name; field++)
            has_main = has_main || strcmp(field->name, function->main_field) == 0;
        assert_true(has_main);
        check_fields(function->fields, true);
    }
}

/* ---- Arbitrary bytes ---- */

static uint64_t seed = 20261123;

static uint32_t random_below(uint32_t limit)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 32) % limit;
}

/* Whatever comes, there is an answer, and a value only from a 200. */
static void arbitrary_answers_are_answers(void **state)
{
    static const char *const seeds[] = {
        "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"CNAF\",\"valeur\":650,\"annee\":2026,\"mois\":4},"
        "\"enfants\":[{\"prenoms\":\"LEO\",\"date_naissance\":\"2018-04-20\"}]},\"links\":{},\"meta\":{}}",
        "{\"data\":{\"identite\":{\"nom_naissance\":\"A\"},\"inscription\":{\"date_debut\":\"2026-01-05\","
        "\"date_fin\":null,"
        "\"categorie\":{\"code\":1}}}}",
        "{\"data\":{\"admissions\":[{\"est_inscrit\":true,\"date_debut\":\"2026-09-01\",\"date_fin\":\"2027-08-31\"}"
        "]}}",
        "{\"errors\":[{\"code\":\"35560\",\"meta\":{\"provider\":\"CNAF\"}}]}",
        "{\"rfr\":15480,\"nbPart\":2.75,\"pac\":{\"nbPac\":2},\"erreur\":{\"code\":4101}}",
    };
    static const int statuses[] = { 200, 200, 200, 404, 422, 500, 410, 99 };
    unsigned values = 0;

    (void)state;
    for (unsigned round = 0; round < 60000; round++) {
        const struct catalogue_function *function =
            &catalogue_standard.functions[random_below((uint32_t)catalogue_standard.function_count)];
        const char *source = seeds[round % 5];
        const int status = statuses[random_below(8)];
        size_t length = strlen(source);
        delib_io_decoded *decoded = NULL;
        char body[400];

        memcpy(body, source, length);
        for (unsigned i = random_below(4); i > 0; i--) {
            const uint32_t at = random_below((uint32_t)length);

            switch (random_below(4)) {
            case 0:  body[at] = (char)random_below(256); break;
            case 1:  body[at] = "{}[],:\"0-9e.tfn "[random_below(16)]; break;
            case 2:  body[at] = body[random_below((uint32_t)length)]; break;
            default: length = at + 1; break;
            }
        }
        assert_int_equal(delib_io_decode(function->name, TODAY, status, NULL, 0, body, length, &decoded), DELIB_OK);
        if (delib_io_decoded_answer(decoded)->kind == DELIB_ANSWER_VALUE) {
            assert_int_equal(status, 200);
            values++;
        } else {
            assert_non_null(catalogue_outcome_find(&catalogue_standard, delib_io_decoded_answer(decoded)->code));
        }
        delib_io_decoded_free(decoded);
    }
    assert_true(values > 1000);
}

static void misuse_is_told(void **state)
{
    delib_io_decoded *decoded = NULL;

    (void)state;
    assert_int_equal(delib_io_decode("api_particulier.carte", TODAY, 200, NULL, 0, "", 0, &decoded), DELIB_INVALID);
    assert_int_equal(delib_io_decode(QF, "demain", 200, NULL, 0, "", 0, &decoded), DELIB_INVALID);
    assert_null(decoded);
    delib_io_decoded_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quotient_is_read_whole),
        cmocka_unit_test(null_zero_empty_and_masked_differ),
        cmocka_unit_test(a_registration_runs_until_its_end),
        cmocka_unit_test(other_functions_are_read),
        cmocka_unit_test(a_student_is_one_on_the_day),
        cmocka_unit_test(a_contract_runs_on_the_day),
        cmocka_unit_test(texts_and_dates_have_several_spellings),
        cmocka_unit_test(a_period_is_a_year_and_a_month),
        cmocka_unit_test(statuses_come_first_codes_second),
        cmocka_unit_test(codes_are_read_as_they_come),
        cmocka_unit_test(the_dgfip_has_its_own_codes),
        cmocka_unit_test(the_older_route_has_flat_errors),
        cmocka_unit_test(unreadable_bodies_are_failures),
        cmocka_unit_test(a_body_has_a_limit),
        cmocka_unit_test(wrong_types_are_failures),
        cmocka_unit_test(too_many_children_are_a_failure),
        cmocka_unit_test(no_message_holds_what_the_server_said),
        cmocka_unit_test(the_login_of_somebody_else_is_refused),
        cmocka_unit_test(headers_are_found),
        cmocka_unit_test(every_row_names_an_outcome),
        cmocka_unit_test(every_outcome_is_its_own),
        cmocka_unit_test(every_function_is_whole),
        cmocka_unit_test(arbitrary_answers_are_answers),
        cmocka_unit_test(misuse_is_told),
    };

    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
