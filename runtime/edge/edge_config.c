/*
 * Configurations. The schema is described in README.md, « Configuration ».
 */
#include "edge_config.h"
#include "edge_check.h"
#include "edge_fields.h"
#include "lang/catalogue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ------------------------------------------------------------------ addresses and files */

static const char *edge_config_address(const struct edge_fields *fields, const char *name)
{
    static const char expected[] = "une adresse est attendue, comme https://particulier.api.gouv.fr";
    const char *text = edge_field_text(fields, name, expected);
    size_t length;
    if (!text)
        return NULL;
    switch (edge_check_address(slice_of(text))) {
    case EDGE_ADDRESS_OK:
        break;
    case EDGE_ADDRESS_MALFORMED:
        edge_report(fields->diagnostics, EDGE_CONFIG_ADDRESS, edge_field_place(fields, name), NULL, "« %s%s » : %s",
                    fields->path, name, expected);
        return NULL;
    case EDGE_ADDRESS_CLEAR:
        edge_report(fields->diagnostics, EDGE_CONFIG_ADDRESS, edge_field_place(fields, name),
                    "écrivez https:// ; http:// n'est accepté que vers 127.0.0.1, ::1 ou localhost",
                    "« %s%s » : des données personnelles ne circulent pas en clair", fields->path, name);
        return NULL;
    }
    length = strlen(text);
    while (text[length - 1] == '/')
        length--;
    return arena_copy_text(fields->arena, text, length);
}

/* ------------------------------------------------------------------ sections */

static void edge_config_delays(delib_io_config *config, const struct edge_fields *root)
{
    static const char *const keys[] = { "connexion", "total", NULL };
    struct edge_fields fields;
    int64_t seconds;
    if (!edge_fields_group(&fields, root, "delais", keys))
        return;
    if (edge_field_integer(&fields, "connexion", 1, 60, &seconds))
        config->connect_timeout_ms = (long)seconds * 1000;
    if (edge_field_integer(&fields, "total", 1, 120, &seconds))
        config->total_timeout_ms = (long)seconds * 1000;
    if (config->connect_timeout_ms > config->total_timeout_ms)
        edge_field_refuse(&fields, "connexion", "le délai de connexion ne dépasse pas le délai total", NULL);
}

static void edge_config_breaker(delib_io_config *config, const struct edge_fields *root)
{
    static const char *const keys[] = { "echecs", "pause", NULL };
    struct edge_fields fields;
    if (!edge_fields_group(&fields, root, "disjoncteur", keys))
        return;
    edge_field_integer(&fields, "echecs", 0, 1000, &config->breaker_failures);
    edge_field_integer(&fields, "pause", 1, 3600, &config->breaker_pause_s);
}

static void edge_config_particulier(delib_io_config *config, const struct edge_fields *root)
{
    static const char *const keys[] = { "adresse", "modalite", "requetes_par_seconde", "autorites", NULL };
    struct edge_host *host = &config->particulier;
    struct edge_fields fields;
    const char *modality;
    if (!edge_fields_group(&fields, root, "api_particulier", keys))
        return;
    if (!edge_field(&fields, "adresse"))
        edge_field_missing(&fields, "adresse", "comme https://particulier.api.gouv.fr");
    host->address = edge_config_address(&fields, "adresse");
    host->authorities = edge_field_path(&fields, "autorites", "le chemin d'un fichier de certificats est attendu");
    edge_field_integer(&fields, "requetes_par_seconde", 1, 1000, &host->requests);
    modality = edge_field_text(&fields, "modalite", "« identite » ou « france_connect » est attendu");
    if (!modality)
        return;
    if (text_fold_equal(slice_of(modality), SLICE("identite")))
        host->prefers_identite = true;
    else if (!text_fold_equal(slice_of(modality), SLICE("france_connect")))
        edge_field_refuse(&fields, "modalite", "« identite » ou « france_connect » est attendu", NULL);
}

static void edge_config_impot(delib_io_config *config, const struct edge_fields *root)
{
    static const char *const keys[] = { "adresse", "adresse_jeton", "certificat", "cle", "autorites",
                                        "requetes_par_minute", NULL };
    struct edge_host *host = &config->impot;
    struct edge_fields fields;
    if (!edge_fields_group(&fields, root, "api_impot_particulier", keys))
        return;
    if (!edge_field(&fields, "adresse"))
        edge_field_missing(&fields, "adresse",
                           "l'adresse donnée par le portail de la DGFiP, avec /impotparticulier/1.0");
    if (!edge_field(&fields, "adresse_jeton"))
        edge_field_missing(&fields, "adresse_jeton", "l'adresse donnée par le portail de la DGFiP, avec /token");
    host->address = edge_config_address(&fields, "adresse");
    host->token_address = edge_config_address(&fields, "adresse_jeton");
    host->certificate = edge_field_path(&fields, "certificat", "le chemin d'un certificat PEM est attendu");
    host->key = edge_field_path(&fields, "cle", "le chemin d'une clé privée PEM est attendu");
    host->authorities = edge_field_path(&fields, "autorites", "le chemin d'un fichier de certificats est attendu");
    if (!edge_field(&fields, "certificat") != !edge_field(&fields, "cle"))
        edge_field_refuse(&fields, "certificat", "« certificat » et « cle » vont ensemble", NULL);
    edge_field_integer(&fields, "requetes_par_minute", 1, 10000, &host->requests);
}

static bool edge_scope_in(const struct catalogue_field *fields, const char *scope)
{
    for (; fields && fields->name; fields++) {
        if ((fields->scope && strcmp(fields->scope, scope) == 0) || edge_scope_in(fields->fields, scope))
            return true;
    }
    return false;
}

static bool edge_scope_exists(const char *scope)
{
    for (size_t i = 0; i < catalogue_standard.function_count; i++) {
        if (edge_scope_in(catalogue_standard.functions[i].fields, scope))
            return true;
    }
    return false;
}

static const delib_value *edge_config_scopes(const struct edge_fields *fields)
{
    const delib_value *list = edge_field_list(fields, "portees", "une liste de portées (scopes) est attendue");
    for (size_t i = 0; list && i < list->count; i++) {
        const delib_value *item = &list->items[i];
        if (item->kind != DELIB_VALUE_TEXT)
            edge_report(fields->diagnostics, EDGE_FIELD_TYPE, edge_place_of(fields->tree, item), NULL,
                        "« %sportees » : le nom d'une portée est attendu", fields->path);
        else if (!edge_scope_exists(item->text))
            edge_report(fields->diagnostics, EDGE_CONFIG_SCOPE, edge_place_of(fields->tree, item), NULL,
                        "« %s » : aucune fonction ne lit cette portée", edge_shown(fields->arena, item->text));
    }
    return list;
}

static void edge_config_grant_particulier(const struct edge_fields *parent, struct edge_grant *grant)
{
    static const char *const keys[] = { "jeton", "portees", NULL };
    struct edge_fields fields;
    if (!edge_fields_group(&fields, parent, "api_particulier", keys))
        return;
    edge_secret_field(&fields, "jeton", &grant->token);
    grant->given = edge_secret_is_given(&grant->token);
    grant->scopes = edge_config_scopes(&fields);
}

static void edge_config_grant_impot(const struct edge_fields *parent, struct edge_grant *grant)
{
    static const char *const keys[] = { "identifiant", "secret", "id_teleservice", "portees", NULL };
    struct edge_fields fields;
    if (!edge_fields_group(&fields, parent, "api_impot_particulier", keys))
        return;
    edge_secret_field(&fields, "identifiant", &grant->client_id);
    edge_secret_field(&fields, "secret", &grant->client_secret);
    grant->given = edge_secret_is_given(&grant->client_id) && edge_secret_is_given(&grant->client_secret);
    grant->teleservice = edge_field_text(&fields, "id_teleservice", "l'identifiant du téléservice est attendu");
    if (grant->teleservice && !edge_check_token(slice_of(grant->teleservice), 100))
        edge_field_refuse(&fields, "id_teleservice", "l'identifiant du téléservice est attendu, sans espace", NULL);
    grant->scopes = edge_config_scopes(&fields);
}

static void edge_config_habilitations(delib_io_config *config, const struct edge_fields *root)
{
    static const char *const keys[] = { "api_particulier", "api_impot_particulier", NULL };
    const delib_value *value = edge_field(root, "habilitations");
    struct edge_fields all, fields;
    if (!value || !edge_fields_open(&all, root, "habilitations", value))
        return;
    for (size_t i = 0; i < value->count && i < 1000; i++) {
        struct edge_habilitation *habilitation = arena_push(&config->arena, &config->habilitations);
        if (!habilitation)
            return;
        habilitation->finalite = value->names[i];
        if (!edge_fields_open(&fields, &all, edge_shown(&config->arena, value->names[i]), &value->items[i]))
            continue;
        edge_fields_check(&fields, keys);
        edge_config_grant_particulier(&fields, &habilitation->particulier);
        edge_config_grant_impot(&fields, &habilitation->impot);
    }
}

/* ------------------------------------------------------------------ the whole */

static void edge_config_recipient(delib_io_config *config, const struct edge_fields *root)
{
    static const char expected[] = "le SIRET de la collectivité qui reçoit les données, entre guillemets";
    const char *text = edge_field_text(root, "destinataire", expected);
    char digits[15];
    if (!edge_field(root, "destinataire"))
        edge_field_missing(root, "destinataire", expected);
    if (!text)
        return;
    if (edge_check_siret(slice_of(text), digits))
        config->recipient = arena_copy_text(&config->arena, digits, 14);
    else
        edge_report(root->diagnostics, EDGE_CONFIG_SIRET, edge_field_place(root, "destinataire"),
                    "recopiez les quatorze chiffres du SIRET de la commune, jamais celui de l'éditeur",
                    "« destinataire » : ce SIRET n'a pas quatorze chiffres, ou sa clé de contrôle est fausse");
}

static void edge_config_build(delib_io_config *config)
{
    static const char *const keys[] = { "destinataire", "delais", "nouveaux_essais", "disjoncteur", "api_particulier",
                                        "api_impot_particulier", "habilitations", NULL };
    struct edge_fields none = { .tree = &config->tree, .diagnostics = &config->diagnostics, .arena = &config->arena,
                                .path = "" };
    struct edge_fields root;
    if (config->diagnostics.count > 0 || config->arena.exhausted)
        return;
    if (!edge_fields_open(&root, &none, NULL, &config->tree.root))
        return;
    edge_fields_check(&root, keys);
    edge_config_recipient(config, &root);
    edge_config_delays(config, &root);
    edge_config_breaker(config, &root);
    edge_field_integer(&root, "nouveaux_essais", 0, 2, &config->retries);
    edge_config_particulier(config, &root);
    edge_config_impot(config, &root);
    edge_config_habilitations(config, &root);
    edge_diagnostics_sort(&config->diagnostics);
}

static void edge_host_quota(struct edge_host *host, enum catalogue_api api)
{
    const struct catalogue_quota *quota = catalogue_quota_find(&catalogue_standard, api);
    host->requests = quota->requests;
    host->period_s = quota->period_s;
    host->host_requests = quota->host_requests;
    host->host_period_s = quota->host_period_s;
}

static delib_io_config *edge_config_new(const char *name)
{
    static const delib_io_limits limits = { sizeof(delib_io_limits), (size_t)1 << 20, 20000, 0 };
    delib_io_config *config = calloc(1, sizeof(*config));
    if (!config)
        return NULL;
    edge_tree_open(&config->tree, &config->arena, &config->diagnostics, name, &limits);
    config->connect_timeout_ms = 5000;
    config->total_timeout_ms = 15000;
    config->breaker_failures = 5;
    config->breaker_pause_s = 30;
    edge_host_quota(&config->particulier, CATALOGUE_API_PARTICULIER);
    edge_host_quota(&config->impot, CATALOGUE_API_IMPOT);
    return config;
}

static delib_status edge_config_done(delib_io_config *config, delib_io_config **out)
{
    const delib_status status = edge_status(&config->arena, &config->diagnostics);
    if (status == DELIB_NO_MEMORY)
        delib_io_config_free(config);
    else
        *out = config;
    return status;
}

delib_status delib_io_config_read(const char *name, const char *bytes, size_t length, delib_io_config **out)
{
    delib_io_config *config;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!edge_is_text(bytes, length))
        return DELIB_MISUSE;
    config = edge_config_new(name);
    if (!config)
        return DELIB_NO_MEMORY;
    edge_read(&config->tree, (struct slice){ bytes, length }, DELIB_IO_YAML);
    edge_config_build(config);
    return edge_config_done(config, out);
}

/* The tokens of `delib bac-a-sable`: public, and good for nothing else. */
static void edge_config_build_local(delib_io_config *config, const char *address)
{
    struct edge_habilitation *all = arena_push(&config->arena, &config->habilitations);
    struct strbuf impot = strbuf_in(&config->arena), token = strbuf_in(&config->arena);
    struct slice base = slice_of(address);
    while (base.bytes[base.length - 1] == '/')
        base.length--;
    strbuf_format(&impot, "%.*s/impotparticulier/1.0", SLICE_ARG(base));
    strbuf_format(&token, "%.*s/token", SLICE_ARG(base));
    config->particulier.address = arena_copy_text(&config->arena, base.bytes, base.length);
    config->impot.address = impot.bytes;
    config->impot.token_address = token.bytes;
    config->recipient = "13002526500013";
    config->any_finalite = true;
    if (!all)
        return;
    all->finalite = "bac_a_sable";
    all->particulier = (struct edge_grant){ .given = true, .token.fictive = "jeton-fictif-complet" };
    all->impot = (struct edge_grant){ .given = true, .client_id.fictive = "client-fictif",
                                      .client_secret.fictive = "secret-fictif", .teleservice = "delib-bac-a-sable" };
}

delib_status delib_io_config_local(const char *address, delib_io_config **out)
{
    const struct slice text = slice_of(address ? address : "");
    delib_io_config *config;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!address)
        return DELIB_MISUSE;
    config = edge_config_new("bac à sable");
    if (!config)
        return DELIB_NO_MEMORY;
    if (text.length > 7 && memcmp(text.bytes, "http://", 7) == 0 && edge_check_address(text) == EDGE_ADDRESS_OK)
        edge_config_build_local(config, address);
    else
        edge_report(&config->diagnostics, EDGE_CONFIG_ADDRESS, (struct edge_place){ 0, 0 }, NULL,
                    "l'adresse d'un serveur local est attendue, comme http://127.0.0.1:8080");
    return edge_config_done(config, out);
}

void delib_io_config_free(delib_io_config *config)
{
    if (!config)
        return;
    arena_release(&config->arena);
    free(config);
}

const struct edge_habilitation *edge_config_habilitation(const delib_io_config *config, const char *finalite)
{
    const struct slice wanted = slice_of(finalite ? finalite : "sans_finalite");
    if (config->any_finalite)
        return config->habilitations.items;
    for (size_t i = 0; i < config->habilitations.count; i++) {
        if (text_fold_equal(slice_of(config->habilitations.items[i].finalite), wanted))
            return &config->habilitations.items[i];
    }
    return NULL;
}

bool edge_config_has_scope(const delib_value *scopes, const char *scope)
{
    for (size_t i = 0; scopes && i < scopes->count; i++) {
        if (scopes->items[i].kind == DELIB_VALUE_TEXT && strcmp(scopes->items[i].text, scope) == 0)
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ secrets within reach */

static void edge_config_check_expiry(delib_io_config *config, const struct edge_secret *secret, const char *token)
{
    struct strbuf day = strbuf_in(&config->arena);
    int64_t expiry;
    if (!edge_token_expiry(token, &expiry) || expiry > (int64_t)time(NULL))
        return;
    strbuf_date(&day, date_from_days((int32_t)(expiry / 86400)));
    edge_report(&config->diagnostics, EDGE_CONFIG_EXPIRED, secret->place,
                "le demandeur de l'habilitation peut le prolonger sur le portail de l'API",
                "« %s » : ce jeton a expiré le %s", secret->variable ? secret->variable : secret->file,
                strbuf_string(&day));
}

static void edge_config_check_secret(delib_io_config *config, const struct edge_secret *secret)
{
    char *value = NULL;
    enum edge_secret_status status;
    if (!edge_secret_is_given(secret))
        return;
    status = edge_secret_fetch(secret, &value);
    edge_secret_tell(&config->diagnostics, secret, status);
    if (status == EDGE_SECRET_OK && !secret->fictive)
        edge_config_check_expiry(config, secret, value);
    edge_secret_free(value);
}

delib_status delib_io_config_check(delib_io_config *config)
{
    if (!config)
        return DELIB_MISUSE;
    if (config->impot.key) {
        const struct edge_secret key = { .file = config->impot.key };
        edge_secret_tell(&config->diagnostics, &key, edge_secret_check_file(config->impot.key));
    }
    for (size_t i = 0; i < config->habilitations.count; i++) {
        const struct edge_habilitation *habilitation = &config->habilitations.items[i];
        edge_config_check_secret(config, &habilitation->particulier.token);
        edge_config_check_secret(config, &habilitation->impot.client_id);
        edge_config_check_secret(config, &habilitation->impot.client_secret);
    }
    return edge_status(&config->arena, &config->diagnostics);
}

size_t delib_io_config_diagnostic_count(const delib_io_config *config)
{
    return config ? config->diagnostics.count : 0;
}

delib_status delib_io_config_diagnostic(const delib_io_config *config, size_t index, delib_diagnostic *out)
{
    return config ? edge_diagnostic_get(&config->diagnostics, index, out) : DELIB_MISUSE;
}
