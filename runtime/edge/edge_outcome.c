/*
 * Outcomes: lookup in the tables of errors, and the French sentence.
 */
#include "edge_outcome.h"

#include <string.h>

static const char *const edge_api_names[] = {
    [CATALOGUE_API_PARTICULIER] = "l'API Particulier",
    [CATALOGUE_API_PARTICULIER_V2] = "l'API Particulier (ancienne version)",
    [CATALOGUE_API_IMPOT] = "l'API Impôt particulier",
};

static void edge_write_word(struct strbuf *out, struct slice name, const struct edge_words *words)
{
    const struct catalogue_provider *provider = catalogue_provider_find(&catalogue_standard, words->provider_prefix);
    if (slice_is(name, "api"))
        strbuf_text(out, edge_api_names[words->api]);
    else if (slice_is(name, "fournisseur"))
        strbuf_text(out, provider->article);
    else if (slice_is(name, "personne"))
        strbuf_text(out, words->person ? words->person : "la personne");
    else if (slice_is(name, "delai"))
        strbuf_format(out, "%ld s", words->delay_ms / 1000);
    else
        strbuf_text(out, words->detail ? words->detail : "");
}

void edge_answer_init(delib_answer *out)
{
    *out = (delib_answer){ .size = sizeof(*out), .record = { .kind = DELIB_VALUE_RECORD } };
}

void edge_outcome(struct arena *arena, const char *code, const struct edge_words *words, delib_answer *out)
{
    static const delib_answer_kind kinds[] = {
        [CATALOGUE_ABSENT] = DELIB_ANSWER_ABSENT,
        [CATALOGUE_REFUSED] = DELIB_ANSWER_REFUSED,
        [CATALOGUE_FAILED] = DELIB_ANSWER_FAILED,
    };
    const struct catalogue_outcome *outcome = catalogue_outcome_find(&catalogue_standard, code);
    const struct catalogue_provider *provider = catalogue_provider_find(&catalogue_standard, words->provider_prefix);
    struct strbuf message = strbuf_in(arena);
    const char *text;
    if (!outcome)           /* a code of ours that the table does not have: the host is spared the crash */
        outcome = catalogue_outcome_find(&catalogue_standard, "client_defaillant");
    text = outcome->message;
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end) {
            edge_write_word(&message, (struct slice){ text + 1, (size_t)(end - text) - 1 }, words);
            text = end + 1;
        } else {
            strbuf_char(&message, *text++);
        }
    }
    edge_answer_init(out);
    out->kind = kinds[outcome->kind];
    out->code = outcome->code;
    out->message = strbuf_string(&message);
    out->provider = provider->name;
}

/* "10003", "*003" (any beginning), "0042*" (any end), "*" (anything). */
static bool edge_code_matches(const char *pattern, const char *code)
{
    const size_t length = strlen(pattern), code_length = strlen(code);
    if (strcmp(pattern, "*") == 0)
        return true;
    if (pattern[0] == '*')
        return code_length >= length - 1 && strcmp(code + code_length - (length - 1), pattern + 1) == 0;
    if (pattern[length - 1] == '*')
        return strncmp(code, pattern, length - 1) == 0;
    return strcmp(code, pattern) == 0;
}

static const char *edge_outcome_of_code(const struct catalogue_function *function, int http_status, const char *code,
                                        bool catch_all)
{
    for (size_t i = 0; i < catalogue_standard.error_count; i++) {
        const struct catalogue_error *row = &catalogue_standard.errors[i];
        if (row->api != function->api || row->http != http_status || (strcmp(row->code, "*") == 0) != catch_all)
            continue;
        if (row->function && strcmp(row->function, function->name) != 0)
            continue;
        if (edge_code_matches(row->code, code))
            return row->outcome;
    }
    return NULL;
}

const char *edge_outcome_of_error(const struct catalogue_function *function, int http_status,
                                  const char *const *codes, size_t count)
{
    const char *outcome = NULL;
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = edge_outcome_of_code(function, http_status, codes[i], false);
    if (!outcome)
        outcome = edge_outcome_of_code(function, http_status, "", true);
    if (outcome)
        return outcome;
    if (http_status >= 500 && http_status < 600)
        return "erreur_serveur";
    return http_status >= 300 && http_status < 400 ? "redirection_refusee" : "reponse_inattendue";
}

const char *edge_outcome_of_fault(delib_io_fault fault)
{
    switch (fault) {
    case DELIB_IO_REFUSED:         return "connexion_refusee";
    case DELIB_IO_DNS:             return "nom_inconnu";
    case DELIB_IO_TLS:             return "certificat_refuse";
    case DELIB_IO_CONNECT_TIMEOUT: return "connexion_trop_lente";
    case DELIB_IO_TOTAL_TIMEOUT:   return "delai_depasse";
    case DELIB_IO_RESET:           return "connexion_coupee";
    case DELIB_IO_TRUNCATED:       return "reponse_tronquee";
    case DELIB_IO_TOO_LARGE:       return "reponse_trop_grande";
    case DELIB_IO_ENCODING:        return "compression_invalide";
    case DELIB_IO_REDIRECT:        return "redirection_refusee";
    case DELIB_IO_CANCELLED:       return "annule";
    case DELIB_IO_LOCAL:           break;
    case DELIB_IO_PROTOCOL:        return "protocole_inattendu";
    }
    return "client_defaillant";
}
