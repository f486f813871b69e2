/*
 * The shape of the tables of built-in functions (government APIs): what a rule may call, what comes back, under which
 * label, and what each answer of a server means. The rows are in stdlib/; the language reads names, types and labels,
 * the edge reads paths, scopes and answers. Nothing about an API is written in code elsewhere.
 */
#ifndef LANG_CATALOGUE_H
#define LANG_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ------------------------------------------------------------------ fields of an answer */

enum field_kind { FIELD_BOOLEAN, FIELD_INTEGER, FIELD_DECIMAL, FIELD_TEXT, FIELD_DATE, FIELD_LIST, FIELD_RECORD };

/* How a field comes out of the answer. The rules other than the first make sense of several JSON values. */
enum field_rule {
    FIELD_AS_IT_IS,                /* the JSON value at `json` */
    FIELD_TEXT_IS,                 /* oui when the text at `json` is `argument` */
    FIELD_TEXT_IS_NOT,             /* oui when it is something else */
    FIELD_IN_FORCE,                /* oui when today is within date_debut … date_fin of the object at `json` */
    FIELD_IN_FORCE_UNLESS,         /* the same, and the integer at `argument` (below it) is not 5: a job is held */
    FIELD_CONTRACT,                /* the object at `json` has contrat_trouve, and its contract is in force today */
    FIELD_ANY_IN_FORCE             /* an element of the list at `json` has est_inscrit and is in force today */
};

struct catalogue_field {
    const char *name;              /* in Délib: "valeur" */
    enum field_kind kind;
    const char *type;              /* type of the language: "quotient", "montant", "entier", "oui_non"… */
    const char *unit;              /* "mois", "an"; NULL */
    int64_t min, max;              /* domain of a number, in units of 10^-decimals */
    unsigned decimals;
    const char *json;              /* path below `data`: "quotient_familial.valeur"; "" is `data` itself */
    const char *scope;             /* without it the key is absent from the answer */
    const struct catalogue_field *fields;    /* FIELD_LIST, FIELD_RECORD: ends with a NULL name */
    unsigned max_items;            /* FIELD_LIST */
    enum field_rule rule;
    const char *argument;          /* of the rule; NULL */
};

/* ------------------------------------------------------------------ functions */

enum catalogue_api {
    CATALOGUE_API_PARTICULIER,     /* v3 and above: bearer token per démarche, answers below `data` */
    CATALOGUE_API_PARTICULIER_V2,  /* closed: X-Api-Key, flat answers */
    CATALOGUE_API_IMPOT,           /* API Impôt particulier: OAuth2, client certificate, flat answers */
    CATALOGUE_API_HOST             /* the host's own: it answers the requests itself */
};

/* The parameters that tell who the person is, besides the recipient. */
enum catalogue_identity {
    CATALOGUE_IDENTITY_NONE,       /* no such modality */
    CATALOGUE_IDENTITY_DSS,        /* identité pivot with birth place */
    CATALOGUE_IDENTITY_CNOUS,      /* names, whole birth date; the rest when known */
    CATALOGUE_IDENTITY_MEN,        /* names, sex, whole birth date, school year, one place of schooling */
    CATALOGUE_IDENTITY_MESRI,      /* names with one given name, whole birth date, sex, birth place */
    CATALOGUE_IDENTITY_SERVICE     /* names, whole birth date */
};

struct catalogue_function {
    const char *name;              /* "api_particulier.quotient_familial" */
    const char *label;             /* "quotient familial de la CAF ou de la MSA" */
    const char *channel;           /* "API Particulier": first half of a purpose label */
    const char *category;          /* "sociale", "fiscale", "emploi", "scolarité": second half */
    const char *judged_as;         /* its name in the lists of the finalités: "hôte.fiscale"; NULL: `name` */
    const char *path;              /* "/v3/dss/quotient_familial/" */
    const char *modalities;        /* "identite france_connect", the first being the default */
    bool has_period;               /* annee, mois */
    const char *main_field;        /* the value of the source when it is used as a plain value: "valeur" */
    const struct catalogue_field *fields;    /* ends with a NULL name */
    const char *origin;            /* the document each row comes from */
    enum catalogue_api api;
    enum catalogue_identity identity;
    const char *holder;            /* object of the answer that names its holder, compared with the person; NULL */
    const char *provider;          /* path of the name of who answered: "quotient_familial.fournisseur"; NULL */
    const char *prefix;            /* of the provider when the answer names none: "35" */
    const char *resource;          /* API Impôt particulier: scope of OAuth2; else NULL */
    const char *closed;            /* why it cannot be called any more, a French sentence; NULL */
};

/* ------------------------------------------------------------------ meaning of answers */

/* As delib_answer_kind: a fact about the family, no grant, or nothing known. */
enum catalogue_kind { CATALOGUE_ABSENT, CATALOGUE_REFUSED, CATALOGUE_FAILED };

/*
 * What a call came to, other than a value. In `message`, {api} is replaced by « l'API Particulier », {fournisseur} by
 * « la MSA », « France Travail »…, {personne} by the subject, {delai} by the limit, {detail} by what is at fault.
 */
struct catalogue_outcome {
    const char *code;              /* stable: "dossier_absent" */
    enum catalogue_kind kind;
    const char *message;           /* French sentence, without a final point */
    bool may_retry;                /* the same request may succeed within seconds, when retries are allowed */
    bool counts_as_down;           /* for the circuit breaker: the provider is in trouble */
};

/* One answer of a server. Rows are tried in order; the HTTP status decides first, the code second. */
struct catalogue_error {
    enum catalogue_api api;
    int http;
    const char *code;              /* "10003"; "*003": any prefix; "0042*": any end; "*": any code or none */
    const char *function;          /* only for this function; NULL: any */
    const char *outcome;           /* code of a catalogue_outcome */
};

/* Who is meant by the first two digits of an error code. */
struct catalogue_provider {
    const char *prefix;            /* "10" */
    const char *name;              /* "MSA" */
    const char *article;           /* « la MSA » */
};

/* How many calls an API lets start: per credential, and per address of the server whatever the credential. */
struct catalogue_quota {
    enum catalogue_api api;
    unsigned requests, period_s;
    unsigned host_requests, host_period_s;
    const char *origin;            /* the document the row comes from */
};

/* From this day of the year the DGFiP answers for the income of the year before; earlier, for the one before that. */
struct catalogue_taxation {
    unsigned month, day;
};

/* ------------------------------------------------------------------ the whole */

struct catalogue {
    const struct catalogue_function *functions;
    size_t function_count;
    const struct catalogue_outcome *outcomes;
    size_t outcome_count;
    const struct catalogue_error *errors;
    size_t error_count;
    const struct catalogue_provider *providers;
    size_t provider_count;
    const struct catalogue_quota *quotas;
    size_t quota_count;
    struct catalogue_taxation taxation;
};

/* Defined in stdlib/: the layers below know the shape of the table, not its rows. */
extern const struct catalogue catalogue_standard;

const struct catalogue_function *catalogue_find(const struct catalogue *catalogue, const char *name, size_t length);
/* Never NULL for the codes of the tables: tests check that every row names an outcome. */
const struct catalogue_outcome *catalogue_outcome_find(const struct catalogue *catalogue, const char *code);

/* NULL for CATALOGUE_API_HOST alone: tests check that the others have a row. */
const struct catalogue_quota *catalogue_quota_find(const struct catalogue *catalogue, enum catalogue_api api);
/* Who is meant by that prefix of an error code; NULL when nobody. */
const struct catalogue_provider *catalogue_provider_find(const struct catalogue *catalogue, const char *prefix);

/* ------------------------------------------------------------------ finalités */

enum purpose_level { PURPOSE_ADMIS, PURPOSE_NON_ACCORDE, PURPOSE_INTERDIT };

/* A row opens a finalité (name) or says a level of a function under the one opened last. */
struct purpose_row {
    const char *name, *label, *basis;
    const char *function;          /* exact, or the API with its point: "api_particulier." */
    enum purpose_level level;
    const char *reason;
};

/* Defined in stdlib/; ends with a row of NULL. */
extern const struct purpose_row purposes_standard[];

#endif
