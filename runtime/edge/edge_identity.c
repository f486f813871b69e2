/*
 * The modalities of a function, and what an endpoint takes of a person: tables, read when a request is built and by a
 * host that asks for them beforehand.
 */
#include "edge_identity.h"

#include <stddef.h>
#include <string.h>

/* ------------------------------------------------------------------ modalities */

#define EDGE_TEXT_OF(field) offsetof(struct edge_subject, field)

/* `texts`: what must be known of the person, as offsets in struct edge_subject. */
static const struct {
    const char *name, *needs;
    size_t texts[2];
} edge_modalities[EDGE_MODALITY_COUNT] = {
    [EDGE_IDENTITE] = { "identite", "son état civil", { EDGE_TEXT_OF(nom_naissance), EDGE_TEXT_OF(prenoms) } },
    [EDGE_FRANCE_CONNECT] = { "france_connect", "une connexion FranceConnect",
                              { EDGE_TEXT_OF(jeton_france_connect), EDGE_TEXT_OF(jeton_france_connect) } },
    [EDGE_INE] = { "ine", "son INE", { EDGE_TEXT_OF(ine), EDGE_TEXT_OF(ine) } },
    [EDGE_IDENTIFIANT] = { "identifiant", "son identifiant France Travail",
                           { EDGE_TEXT_OF(identifiant_france_travail), EDGE_TEXT_OF(identifiant_france_travail) } },
    [EDGE_SPI] = { "spi", "son numéro fiscal (SPI)", { EDGE_TEXT_OF(spi), EDGE_TEXT_OF(spi) } },
    [EDGE_ALLOCATAIRE] = { "allocataire", "son numéro d'allocataire et son code postal",
                           { EDGE_TEXT_OF(numero_allocataire), EDGE_TEXT_OF(code_postal) } },
};

static bool edge_has_text(const struct edge_subject *subject, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)subject + offset, sizeof(text));
    return text != NULL;
}

bool edge_modality_is_offered(const struct catalogue_function *function, enum edge_modality modality)
{
    const char *name = edge_modalities[modality].name;
    const size_t length = strlen(name);
    for (const char *at = strstr(function->modalities, name); at; at = strstr(at + 1, name)) {
        if ((at == function->modalities || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

bool edge_modality_is_known(const struct edge_subject *subject, enum edge_modality modality)
{
    return edge_has_text(subject, edge_modalities[modality].texts[0])
        && edge_has_text(subject, edge_modalities[modality].texts[1]);
}

const char *edge_modality_name(enum edge_modality modality)
{
    return edge_modalities[modality].name;
}

const char *edge_modality_needs(struct arena *arena, const struct catalogue_function *function)
{
    struct strbuf out = strbuf_in(arena);
    for (int i = 0; i < EDGE_MODALITY_COUNT; i++) {
        if (edge_modality_is_offered(function, (enum edge_modality)i))
            strbuf_format(&out, "%s%s", out.length > 0 ? " ou " : "", edge_modalities[i].needs);
    }
    return out.bytes;
}

/* ------------------------------------------------------------------ what an endpoint takes */

/* What each endpoint takes of the état civil: REFERENCE of the API, « paramètres ». */
static const struct edge_identity_need edge_identity_needs[] = {
    [CATALOGUE_IDENTITY_NONE] = { EDGE_NEVER, EDGE_NEVER, EDGE_NEVER, EDGE_NEVER, EDGE_NEVER, false },
    [CATALOGUE_IDENTITY_DSS] = { EDGE_IF_KNOWN, EDGE_IF_KNOWN, EDGE_REQUIRED, EDGE_REQUIRED, EDGE_REQUIRED, false },
    [CATALOGUE_IDENTITY_CNOUS] = { EDGE_NEVER, EDGE_REQUIRED, EDGE_IF_KNOWN, EDGE_NEVER, EDGE_IF_KNOWN, false },
    [CATALOGUE_IDENTITY_MEN] = { EDGE_NEVER, EDGE_REQUIRED, EDGE_REQUIRED, EDGE_NEVER, EDGE_NEVER, false },
    [CATALOGUE_IDENTITY_MESRI] = { EDGE_NEVER, EDGE_REQUIRED, EDGE_REQUIRED, EDGE_NEVER, EDGE_IF_KNOWN, true },
    [CATALOGUE_IDENTITY_SERVICE] = { EDGE_NEVER, EDGE_REQUIRED, EDGE_NEVER, EDGE_NEVER, EDGE_NEVER, false },
};

const struct edge_identity_need *edge_identity_need(const struct catalogue_function *function)
{
    return &edge_identity_needs[function->identity];
}

/* ------------------------------------------------------------------ the fields of a demande, one by one */

enum edge_person_field {
    EDGE_NOM_NAISSANCE, EDGE_PRENOMS_FIELD, EDGE_DATE_NAISSANCE, EDGE_SEXE, EDGE_COMMUNE_NAISSANCE, EDGE_PAYS_NAISSANCE,
    EDGE_NOM_USAGE, EDGE_ANNEE_SCOLAIRE, EDGE_CODE_ETABLISSEMENT,
    EDGE_JETON, EDGE_INE_FIELD, EDGE_LOGIN, EDGE_SPI_FIELD, EDGE_NUMERO, EDGE_CODE_POSTAL,
    EDGE_PERSON_FIELD_COUNT
};

static bool edge_birth_is_given(const struct edge_subject *subject, const struct catalogue_function *function)
{
    return edge_identity_need(function)->birth == EDGE_REQUIRED ? date_is_complete(subject->naissance)
                                                                   : subject->naissance.year != 0;
}

static bool edge_sexe_is_given(const struct edge_subject *subject, const struct catalogue_function *function)
{
    (void)function;
    return subject->sexe != '\0';
}

static bool edge_birthplace_is_given(const struct edge_subject *subject, const struct catalogue_function *function)
{
    (void)function;
    return subject->commune || (subject->nom_commune && subject->departement)
        || (subject->pays && strcmp(subject->pays, "99100") != 0);
}

static bool edge_school_is_given(const struct edge_subject *subject, const struct catalogue_function *function)
{
    (void)function;
    return subject->code_etablissement
        || (subject->degre_etablissement && subject->departement_count + subject->region_count > 0);
}

/* `instead`: what else may be given, French. It is given when `given` says so, or when there is a text at `text`. */
static const struct {
    const char *name, *instead;
    enum edge_modality modality;
    bool (*given)(const struct edge_subject *subject, const struct catalogue_function *function);
    size_t text;
} edge_person_fields[EDGE_PERSON_FIELD_COUNT] = {
    [EDGE_NOM_NAISSANCE] = { "nom_naissance", NULL, EDGE_IDENTITE, NULL, EDGE_TEXT_OF(nom_naissance) },
    [EDGE_PRENOMS_FIELD] = { "prenoms", NULL, EDGE_IDENTITE, NULL, EDGE_TEXT_OF(prenoms) },
    [EDGE_DATE_NAISSANCE] = { "date_naissance", NULL, EDGE_IDENTITE, edge_birth_is_given, 0 },
    [EDGE_SEXE] = { "sexe", NULL, EDGE_IDENTITE, edge_sexe_is_given, 0 },
    [EDGE_COMMUNE_NAISSANCE] = { "commune_naissance", "nom_commune_naissance et departement_naissance, ou pour une "
                                 "naissance à l'étranger pays_naissance", EDGE_IDENTITE, edge_birthplace_is_given, 0 },
    [EDGE_PAYS_NAISSANCE] = { "pays_naissance", "la France avec commune_naissance", EDGE_IDENTITE, NULL,
                              EDGE_TEXT_OF(pays) },
    [EDGE_NOM_USAGE] = { "nom_usage", NULL, EDGE_IDENTITE, NULL, EDGE_TEXT_OF(nom_usage) },
    [EDGE_ANNEE_SCOLAIRE] = { "annee_scolaire", "celle de la date de la prestation", EDGE_IDENTITE, NULL,
                              EDGE_TEXT_OF(annee_scolaire) },
    [EDGE_CODE_ETABLISSEMENT] = { "code_etablissement", "codes_departements ou codes_regions, avec degre_etablissement",
                                  EDGE_IDENTITE, edge_school_is_given, 0 },
    [EDGE_JETON] = { "jeton_france_connect", NULL, EDGE_FRANCE_CONNECT, NULL, EDGE_TEXT_OF(jeton_france_connect) },
    [EDGE_INE_FIELD] = { "ine", NULL, EDGE_INE, NULL, EDGE_TEXT_OF(ine) },
    [EDGE_LOGIN] = { "identifiant_france_travail", NULL, EDGE_IDENTIFIANT, NULL,
                     EDGE_TEXT_OF(identifiant_france_travail) },
    [EDGE_SPI_FIELD] = { "spi", NULL, EDGE_SPI, NULL, EDGE_TEXT_OF(spi) },
    [EDGE_NUMERO] = { "numero_allocataire", NULL, EDGE_ALLOCATAIRE, NULL, EDGE_TEXT_OF(numero_allocataire) },
    [EDGE_CODE_POSTAL] = { "code_postal", NULL, EDGE_ALLOCATAIRE, NULL, EDGE_TEXT_OF(code_postal) },
};

static bool edge_field_is_given(const struct edge_subject *subject, const struct catalogue_function *function,
                                enum edge_person_field field)
{
    return edge_person_fields[field].given ? edge_person_fields[field].given(subject, function)
                                           : edge_has_text(subject, edge_person_fields[field].text);
}

static enum edge_need edge_field_need(const struct catalogue_function *function, enum edge_person_field field)
{
    const struct edge_identity_need *need = edge_identity_need(function);
    const enum edge_need school = function->identity == CATALOGUE_IDENTITY_MEN ? EDGE_REQUIRED : EDGE_NEVER;
    switch (field) {
    case EDGE_DATE_NAISSANCE:     return need->birth;
    case EDGE_SEXE:               return need->sexe;
    case EDGE_COMMUNE_NAISSANCE:  return need->place;
    case EDGE_PAYS_NAISSANCE:     return need->country == EDGE_NEVER ? EDGE_NEVER : EDGE_IF_KNOWN;
    case EDGE_NOM_USAGE:          return need->usage;
    case EDGE_ANNEE_SCOLAIRE:     return school == EDGE_REQUIRED ? EDGE_IF_KNOWN : EDGE_NEVER;
    case EDGE_CODE_ETABLISSEMENT: return school;
    case EDGE_NOM_NAISSANCE: case EDGE_PRENOMS_FIELD: case EDGE_JETON: case EDGE_INE_FIELD: case EDGE_LOGIN:
    case EDGE_SPI_FIELD: case EDGE_NUMERO: case EDGE_CODE_POSTAL: case EDGE_PERSON_FIELD_COUNT: break;
    }
    return EDGE_REQUIRED;
}

delib_status delib_io_identity(const delib_io_demande *demande, const char *subject, const char *function, size_t index,
                               delib_io_identity_field *out)
{
    const struct catalogue_function *f =
        function ? catalogue_find(&catalogue_standard, function, strlen(function)) : NULL;
    const struct edge_subject *person = demande && subject ? edge_demande_subject(demande, subject) : NULL;
    if (!f || !out)
        return DELIB_MISUSE;
    for (int m = 0; m < EDGE_MODALITY_COUNT; m++) {
        for (int i = 0; i < EDGE_PERSON_FIELD_COUNT; i++) {
            enum edge_need need;
            if (edge_person_fields[i].modality != (enum edge_modality)m
                || !edge_modality_is_offered(f, (enum edge_modality)m))
                continue;
            need = edge_field_need(f, (enum edge_person_field)i);
            if (need == EDGE_NEVER || index-- > 0)
                continue;
            *out = (delib_io_identity_field){
                .modality = edge_modalities[m].name, .needs = edge_modalities[m].needs,
                .name = edge_person_fields[i].name, .instead = edge_person_fields[i].instead,
                .required = need == EDGE_REQUIRED,
                .given = person && edge_field_is_given(person, f, (enum edge_person_field)i),
            };
            return DELIB_OK;
        }
    }
    return DELIB_MISUSE;
}
