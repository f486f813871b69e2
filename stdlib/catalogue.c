/*
 * The rows of the catalogue, expanded from the .def files of this folder. Following a change of version, path, scope
 * or code is a change of one line there.
 */
#include "lang/catalogue.h"

#include <string.h>

/* Arguments are texts, names and initialisers, never expressions. NOLINTBEGIN(bugprone-macro-parentheses) */

/* ------------------------------------------------------------------ first reading of the functions: their fields */

#define RECORD(id) static const struct catalogue_field record_##id[] = {
#define FUNCTION(id, ...) static const struct catalogue_field fields_##id[] = {
#define FLAG(n, j, s) { .name = n, .kind = FIELD_BOOLEAN, .type = "oui_non", .json = j, .scope = s },
#define TEXT(n, j, s) { .name = n, .kind = FIELD_TEXT, .type = "texte", .json = j, .scope = s },
#define DAY(n, j, s) { .name = n, .kind = FIELD_DATE, .type = "date", .json = j, .scope = s },
#define COUNT(n, low, high, j, s) \
    { .name = n, .kind = FIELD_INTEGER, .type = "entier", .min = low, .max = high, .json = j, .scope = s },
#define QUOTIENT(n, j, s) \
    { .name = n, .kind = FIELD_INTEGER, .type = "quotient", .min = 0, .max = 999999, .json = j, .scope = s },
#define INCOME(n, j, s) \
    { .name = n, .kind = FIELD_INTEGER, .type = "ressources", .unit = "an", .min = 0, .max = 99999999, .json = j, \
      .scope = s },
#define CENTS(n, j, s) \
    { .name = n, .kind = FIELD_DECIMAL, .type = "montant", .min = -99999999, .max = 99999999, .decimals = 2, \
      .json = j, .scope = s },
#define PARTS(n, j, s) \
    { .name = n, .kind = FIELD_DECIMAL, .type = "nombre", .min = 25, .max = 9975, .decimals = 2, \
      .json = j, .scope = s },
#define RULE(n, r, j, a, s) \
    { .name = n, .kind = FIELD_BOOLEAN, .type = "oui_non", .json = j, .scope = s, .rule = r, .argument = a },
#define OBJECT(n, r, j, s) { .name = n, .kind = FIELD_RECORD, .json = j, .scope = s, .fields = record_##r },
#define ITEMS(n, r, most, j, s) \
    { .name = n, .kind = FIELD_LIST, .json = j, .scope = s, .fields = record_##r, .max_items = most },
#define END { .name = NULL } };

#include "api_particulier.def"
#include "api_impot_particulier.def"

#undef RECORD
#undef FUNCTION
#undef FLAG
#undef TEXT
#undef DAY
#undef COUNT
#undef QUOTIENT
#undef INCOME
#undef CENTS
#undef PARTS
#undef RULE
#undef OBJECT
#undef ITEMS
#undef END

/* ------------------------------------------------------------------ second reading: the functions */

#define RECORD(id)
#define FUNCTION(id, ...) { .fields = fields_##id, __VA_ARGS__ },
#define FLAG(n, j, s)
#define TEXT(n, j, s)
#define DAY(n, j, s)
#define COUNT(n, low, high, j, s)
#define QUOTIENT(n, j, s)
#define INCOME(n, j, s)
#define CENTS(n, j, s)
#define PARTS(n, j, s)
#define RULE(n, r, j, a, s)
#define OBJECT(n, r, j, s)
#define ITEMS(n, r, most, j, s)
#define END

static const struct catalogue_function functions[] = {
#include "api_particulier.def"
#include "api_impot_particulier.def"
};

/* ------------------------------------------------------------------ answers */

#define YES true
#define NO false
#define OUTCOME(c, k, m, retry, down) { c, CATALOGUE_##k, m, retry, down },
static const struct catalogue_outcome outcomes[] = {
#include "outcomes.def"
};

#define QUOTA(a, n, s, host_n, host_s, o) { CATALOGUE_API_##a, n, s, host_n, host_s, o },
static const struct catalogue_quota quotas[] = {
#include "quotas.def"
};

#define ERROR(a, status, c, f, o) { CATALOGUE_API_##a, status, c, f, o },
static const struct catalogue_error errors[] = {
#include "errors.def"
};

#define PROVIDER(p, n, a) { p, n, a },
static const struct catalogue_provider providers[] = {
#include "providers.def"
};

/* NOLINTEND(bugprone-macro-parentheses) */

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

const struct catalogue catalogue_standard = {
    .functions = functions, .function_count = COUNT_OF(functions),
    .outcomes = outcomes, .outcome_count = COUNT_OF(outcomes),
    .errors = errors, .error_count = COUNT_OF(errors),
    .providers = providers, .provider_count = COUNT_OF(providers),
    .quotas = quotas, .quota_count = COUNT_OF(quotas),
    .taxation = { 7, 22 },      /* 22/07/2024 and 22/07/2025: IPF v2.9 §8 */
};

const struct catalogue_function *catalogue_find(const struct catalogue *catalogue, const char *name, size_t length)
{
    for (size_t i = 0; i < catalogue->function_count; i++) {
        const char *known = catalogue->functions[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return &catalogue->functions[i];
    }
    return NULL;
}

const struct catalogue_outcome *catalogue_outcome_find(const struct catalogue *catalogue, const char *code)
{
    for (size_t i = 0; i < catalogue->outcome_count; i++) {
        if (strcmp(catalogue->outcomes[i].code, code) == 0)
            return &catalogue->outcomes[i];
    }
    return NULL;
}

const struct catalogue_quota *catalogue_quota_find(const struct catalogue *catalogue, enum catalogue_api api)
{
    for (size_t i = 0; i < catalogue->quota_count; i++) {
        if (catalogue->quotas[i].api == api)
            return &catalogue->quotas[i];
    }
    return NULL;
}

const struct catalogue_provider *catalogue_provider_find(const struct catalogue *catalogue, const char *prefix)
{
    for (size_t i = 0; prefix && i < catalogue->provider_count; i++) {
        if (strcmp(catalogue->providers[i].prefix, prefix) == 0)
            return &catalogue->providers[i];
    }
    return NULL;
}
