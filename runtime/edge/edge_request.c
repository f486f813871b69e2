/*
 * Building requests. Everything that a server would refuse is refused here first: a refusal costs no call.
 */
#include "edge_request.h"
#include "edge_fields.h"
#include "edge_identity.h"
#include "edge_sodium.h"

#include <string.h>

#define EDGE_FRANCE_CONNECT_LIFE_S 60

static void edge_refuse(struct edge_request *request, const char *outcome, const char *detail)
{
    if (!request->outcome) {
        request->outcome = outcome;
        request->detail = detail;
    }
}

/* ------------------------------------------------------------------ modality */

static bool edge_france_connect_is_late(const struct edge_subject *subject, int64_t now)
{
    return subject->jeton_obtenu > 0 && now - subject->jeton_obtenu > EDGE_FRANCE_CONNECT_LIFE_S;
}

/* FranceConnect first, since the person just proved who they are; then the identifiers, then the état civil. */
static void edge_choose_modality(struct edge_request *request, int64_t now)
{
    static const enum edge_modality order[] = { EDGE_FRANCE_CONNECT, EDGE_INE, EDGE_IDENTIFIANT, EDGE_SPI,
                                                EDGE_ALLOCATAIRE, EDGE_IDENTITE };
    const struct edge_subject *subject = request->subject;
    const bool late = edge_france_connect_is_late(subject, now);
    bool late_only = false;
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        if (!edge_modality_is_offered(request->function, order[i]) || !edge_modality_is_known(subject, order[i]))
            continue;
        if (order[i] == EDGE_FRANCE_CONNECT && late) {
            late_only = true;
            continue;
        }
        if (order[i] == EDGE_FRANCE_CONNECT && request->host->prefers_identite
            && edge_modality_is_offered(request->function, EDGE_IDENTITE)
            && edge_modality_is_known(subject, EDGE_IDENTITE))
            continue;
        request->modality = order[i];
        return;
    }
    if (late_only)
        edge_refuse(request, "france_connect_expire", NULL);
    else
        edge_refuse(request, "modalite_impossible", edge_modality_needs(request->arena, request->function));
}

/* ------------------------------------------------------------------ habilitation */

/* Whether the habilitation opens at least one key of the answer. */
static bool edge_function_is_granted(const struct catalogue_function *function, const delib_value *scopes)
{
    bool any_scope = false;
    for (const struct catalogue_field *field = function->fields; field->name; field++) {
        any_scope = any_scope || field->scope;
        if (field->scope && edge_config_has_scope(scopes, field->scope))
            return true;
    }
    return !any_scope;
}

static void edge_choose_grant(struct edge_request *request, const char *finalite)
{
    const bool impot = request->function->api == CATALOGUE_API_IMPOT;
    request->host = impot ? &request->config->impot : &request->config->particulier;
    request->habilitation = edge_config_habilitation(request->config, finalite);
    if (request->habilitation)
        request->grant = impot ? &request->habilitation->impot : &request->habilitation->particulier;
    if (!request->grant || !request->grant->given)
        edge_refuse(request, "habilitation_absente", NULL);
    else if (!request->host->address)
        edge_refuse(request, "api_non_configuree", NULL);
    else if (request->grant->scopes && !edge_function_is_granted(request->function, request->grant->scopes))
        edge_refuse(request, "portee_non_accordee", NULL);
}

/* ------------------------------------------------------------------ query */

struct edge_query {
    struct strbuf out;
    bool begun;
};

static void edge_query_encode(struct strbuf *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                        || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            strbuf_char(out, (char)c);
        } else {
            strbuf_char(out, '%');
            strbuf_char(out, digits[c >> 4]);
            strbuf_char(out, digits[c & 15]);
        }
    }
}

static void edge_query_add(struct edge_query *query, const char *name, const char *value)
{
    if (!value)
        return;
    strbuf_char(&query->out, query->begun ? '&' : '?');
    query->begun = true;
    edge_query_encode(&query->out, name);
    strbuf_char(&query->out, '=');
    edge_query_encode(&query->out, value);
}

static void edge_query_number(struct edge_request *request, struct edge_query *query, const char *name, int value)
{
    struct strbuf text = strbuf_in(request->arena);
    if (value == 0)
        return;
    strbuf_format(&text, "%d", value);
    edge_query_add(query, name, text.bytes);
}

/* ------------------------------------------------------------------ identity */

/* Collects « date_naissance », « sexe »… */
static void edge_lack(struct strbuf *lacks, const char *field)
{
    strbuf_format(lacks, "%s« %s »", lacks->length > 0 ? ", " : "", field);
}

static void edge_add_names(struct edge_request *request, struct edge_query *query,
                           const struct edge_identity_need *need)
{
    const struct edge_subject *subject = request->subject;
    const size_t most = need->one_given_name ? 1 : subject->prenom_count;
    edge_query_add(query, "nomNaissance", subject->nom_naissance);
    if (need->usage != EDGE_NEVER && subject->nom_usage
        && !text_fold_equal(slice_of(subject->nom_usage), slice_of(subject->nom_naissance)))
        edge_query_add(query, "nomUsage", subject->nom_usage);
    for (size_t i = 0; i < most; i++)
        edge_query_add(query, "prenoms[]", subject->prenoms[i]);
}

static void edge_add_birth(struct edge_request *request, struct edge_query *query,
                           const struct edge_identity_need *need, struct strbuf *lacks)
{
    const struct date birth = request->subject->naissance;
    if (need->birth == EDGE_REQUIRED && !date_is_complete(birth))
        edge_lack(lacks, "date_naissance");
    edge_query_number(request, query, "anneeDateNaissance", birth.year);
    edge_query_number(request, query, "moisDateNaissance", birth.month);
    edge_query_number(request, query, "jourDateNaissance", birth.day);
}

static void edge_add_place(struct edge_request *request, struct edge_query *query,
                           const struct edge_identity_need *need, struct strbuf *lacks)
{
    const struct edge_subject *subject = request->subject;
    const bool in_france = subject->pays && strcmp(subject->pays, "99100") == 0;
    if (need->country == EDGE_REQUIRED && !subject->pays)
        edge_lack(lacks, "pays_naissance");
    if (need->country != EDGE_NEVER)
        edge_query_add(query, "codeCogInseePaysNaissance", subject->pays);
    if (need->place == EDGE_NEVER || !in_france)
        return;
    if (subject->commune) {
        edge_query_add(query, "codeCogInseeCommuneNaissance", subject->commune);
    } else if (subject->nom_commune && subject->departement && subject->naissance.year > 0) {
        edge_query_add(query, "nomCommuneNaissance", subject->nom_commune);
        edge_query_add(query, "codeCogInseeDepartementNaissance", subject->departement);
    } else if (need->place == EDGE_REQUIRED) {
        edge_lack(lacks, "commune_naissance");
    }
}

/* The school year under way on a day: it begins in August, when families register. */
static const char *edge_school_year(struct arena *arena, const delib_io_demande *demande)
{
    struct strbuf out = strbuf_in(arena);
    struct date date;
    int year;
    if (!demande->date || !date_parse(slice_of(demande->date), &date))
        return NULL;
    year = date.month >= 8 ? date.year : date.year - 1;
    strbuf_format(&out, "%d-%d", year, year + 1);
    return out.bytes;
}

/* Exactly one of: establishment, départements, régions; the two last need the degree. */
static void edge_add_school(struct edge_request *request, const delib_io_demande *demande, struct edge_query *query,
                            struct strbuf *lacks)
{
    const struct edge_subject *subject = request->subject;
    const char *year = subject->annee_scolaire;
    if (!year)
        year = edge_school_year(request->arena, demande);
    if (!year)
        edge_lack(lacks, "annee_scolaire");
    edge_query_add(query, "anneeScolaire", year);
    if (subject->code_etablissement) {
        edge_query_add(query, "codeEtablissement", subject->code_etablissement);
        return;
    }
    if (subject->departement_count == 0 && subject->region_count == 0)
        edge_lack(lacks, "code_etablissement");
    else if (!subject->degre_etablissement)
        edge_lack(lacks, "degre_etablissement");
    edge_query_add(query, "degreEtablissement", subject->degre_etablissement);
    for (size_t i = 0; i < subject->departement_count; i++)
        edge_query_add(query, "codesBcnDepartements[]", subject->codes_departements[i]);
    for (size_t i = 0; subject->departement_count == 0 && i < subject->region_count; i++)
        edge_query_add(query, "codesBcnRegions[]", subject->codes_regions[i]);
}

static void edge_add_identity(struct edge_request *request, const delib_io_demande *demande, struct edge_query *query)
{
    const enum catalogue_identity identity = request->function->identity;
    const struct edge_identity_need *need = edge_identity_need(request->function);
    struct strbuf lacks = strbuf_in(request->arena);
    char sexe[2] = { request->subject->sexe, '\0' };
    edge_add_names(request, query, need);
    edge_add_birth(request, query, need, &lacks);
    if (need->sexe == EDGE_REQUIRED && !sexe[0])
        edge_lack(&lacks, "sexe");
    if (need->sexe != EDGE_NEVER && sexe[0])
        edge_query_add(query, "sexeEtatCivil", sexe);
    edge_add_place(request, query, need, &lacks);
    if (identity == CATALOGUE_IDENTITY_MEN)
        edge_add_school(request, demande, query, &lacks);
    if (lacks.length > 0)
        edge_refuse(request, "identite_incomplete", lacks.bytes);
}

/* ------------------------------------------------------------------ headers */

static void edge_add_header(struct edge_request *request, const char *name, const char *value)
{
    struct strbuf out = strbuf_in(request->arena);
    const char **header = arena_push(request->arena, &request->headers);
    strbuf_format(&out, "%s: %s", name, value);
    if (header)
        *header = out.bytes;
}

/* A random UUID of version 4; NULL when the system gives no randomness. */
static const char *edge_correlation_id(struct arena *arena)
{
    static const char variants[] = "89ab";
    char hex[EDGE_RANDOM_TEXT(16)];
    struct strbuf out = strbuf_in(arena);
    if (!edge_sodium_start())
        return NULL;
    edge_random_text(hex, 16);
    hex[12] = '4';
    hex[16] = variants[hex[16] % 4];
    strbuf_format(&out, "%.*s-%.*s-%.*s-%.*s-%s", 8, hex, 4, hex + 8, 4, hex + 12, 4, hex + 16, hex + 20);
    return out.bytes;
}

/* ------------------------------------------------------------------ API Particulier */

static void edge_add_period(struct edge_request *request, struct edge_query *query)
{
    if (!request->function->has_period)
        return;
    if ((request->year == 0) != (request->month == 0)) {
        edge_refuse(request, "periode_incomplete", NULL);
        return;
    }
    edge_query_number(request, query, "annee", request->year);
    edge_query_number(request, query, "mois", request->month);
}

static void edge_build_particulier(struct edge_request *request, const delib_io_demande *demande)
{
    struct edge_query query = { .out = strbuf_in(request->arena) };
    struct strbuf logged = strbuf_in(request->arena);
    strbuf_format(&logged, "%s%s%s", request->host->address, request->function->path,
                  edge_modality_name(request->modality));
    strbuf_slice(&query.out, strbuf_result(&logged));
    if (request->modality == EDGE_IDENTITE)
        edge_add_identity(request, demande, &query);
    else if (request->modality == EDGE_INE)
        edge_query_add(&query, "ine", request->subject->ine);
    else if (request->modality == EDGE_IDENTIFIANT)
        edge_query_add(&query, "identifiant", request->subject->identifiant_france_travail);
    edge_add_period(request, &query);
    edge_query_add(&query, "recipient", request->config->recipient);
    request->url = query.out.bytes;
    request->logged_url = logged.bytes;
    edge_add_header(request, "Accept", "application/vnd.api+json, application/json");
}

static void edge_build_v2(struct edge_request *request)
{
    struct edge_query query = { .out = strbuf_in(request->arena) };
    struct strbuf logged = strbuf_in(request->arena);
    strbuf_format(&logged, "%s%s", request->host->address, request->function->path);
    strbuf_slice(&query.out, strbuf_result(&logged));
    edge_query_add(&query, "codePostal", request->subject->code_postal);
    edge_query_add(&query, "numeroAllocataire", request->subject->numero_allocataire);
    request->url = query.out.bytes;
    request->logged_url = logged.bytes;
    edge_add_header(request, "Accept", "application/json");
    /* Closed for good in production; only a server of the loopback, the bac à sable, still has it. */
    if (strncmp(request->host->address, "http://", 7) != 0)
        edge_refuse(request, "service_ferme", request->function->closed);
}

/* ------------------------------------------------------------------ API Impôt particulier */

/* The year of income that the DGFiP can answer for on a day: N-2 until the summer taxation, then N-1. */
static int edge_fiscal_year(struct date date)
{
    const struct catalogue_taxation switch_day = catalogue_standard.taxation;
    if (date.month > switch_day.month || (date.month == switch_day.month && date.day >= switch_day.day))
        return date.year - 1;
    return date.year - 2;
}

static void edge_build_impot(struct edge_request *request, struct date today)
{
    struct strbuf url = strbuf_in(request->arena), logged = strbuf_in(request->arena);
    const bool by_year = request->function->has_period;
    if (request->year == 0 && by_year)
        request->year = edge_fiscal_year(today);
    strbuf_text(&url, request->host->address);
    strbuf_text(&logged, request->host->address);
    if (request->modality == EDGE_SPI) {
        strbuf_format(&url, "/spi/%s", request->subject->spi);
        strbuf_text(&logged, "/spi/…");
    }
    strbuf_text(&url, request->function->path);
    strbuf_text(&logged, request->function->path);
    if (by_year) {
        strbuf_format(&url, "%d", request->year);
        strbuf_format(&logged, "%d", request->year);
    }
    request->url = url.bytes;
    request->logged_url = logged.bytes;
    request->correlation = edge_correlation_id(request->arena);
    edge_add_header(request, "Accept",
                    "application/prs.dgfip.part.situations.ir.assiettes.v1+json, application/json");
    if (request->correlation)
        edge_add_header(request, "X-Correlation-ID", request->correlation);
    else
        edge_refuse(request, "client_defaillant", NULL);
    if (request->grant->teleservice)
        edge_add_header(request, "ID_Teleservice", request->grant->teleservice);
}

/* ------------------------------------------------------------------ the whole */

static const char *edge_credential_label(const struct edge_request *request)
{
    struct strbuf out = strbuf_in(request->arena);
    const bool impot = request->function->api == CATALOGUE_API_IMPOT;
    if (impot || request->modality != EDGE_FRANCE_CONNECT)
        strbuf_format(&out, "%s/%s", impot ? "api_impot_particulier" : "api_particulier",
                      request->habilitation->finalite);
    if (request->modality == EDGE_FRANCE_CONNECT)
        strbuf_format(&out, "%sfrance_connect/%s", out.length > 0 ? " + " : "", request->person);
    return out.bytes;
}

void edge_request_build(struct edge_request *out, struct arena *arena, const delib_io_config *config,
                        const delib_io_demande *demande, const struct catalogue_function *function,
                        const delib_request *request, int64_t now)
{
    *out = (struct edge_request){ .arena = arena, .config = config, .function = function, .method = "GET",
                                  .year = request->year, .month = request->month };
    out->person = arena_copy_text(arena, request->subject, slice_of(request->subject).length);
    out->subject = edge_demande_subject(demande, request->subject);
    edge_choose_grant(out, request->finalite);
    if (!out->outcome && !out->subject)
        edge_refuse(out, "personne_absente", NULL);
    if (!out->outcome)
        edge_choose_modality(out, now);
    if (out->outcome)
        return;
    switch (function->api) {
    case CATALOGUE_API_PARTICULIER:    edge_build_particulier(out, demande); break;
    case CATALOGUE_API_PARTICULIER_V2: edge_build_v2(out); break;
    case CATALOGUE_API_IMPOT:          edge_build_impot(out, edge_demande_today(demande, now)); break;
    case CATALOGUE_API_HOST:           break;      /* not in the catalogue of the edge */
    }
    out->credential = edge_credential_label(out);
}
