/*
 * The service routes of API Particulier.
 *
 * The route by numéro d'allocataire and code postal (/api/v2/composition-familiale) was closed in October 2025; it is
 * served here so that a client can be tested against what it used to answer.
 */
#include "sable_services.h"

#include "sable_endpoints.h"
#include "sable_errors.h"
#include "sable_records.h"

#include <string.h>

static void put_text(struct arena *arena, struct datum *object, const char *name, const char *text)
{
    datum_put(arena, object, slice_of(name), datum_text(arena, slice_of(text)));
}

static void answer_nomenclature(struct server *server, const struct request *request, struct answer *answer)
{
    (void)server;
    answer_data(request->arena, answer, error_nomenclature(request->arena));
}

/* ------------------------------------------------------------------ introspection */

static const struct datum *scope_list(struct arena *arena, const struct scopes *scopes)
{
    struct datum *list = datum_new(arena, DATUM_LIST);

    if (!scopes->all)
        return scopes->list ? scopes->list : list;
    for (size_t i = 0; endpoint_at(i); i++)
        for (size_t row = 0; row < MASK_ROWS && endpoint_at(i)->masks[row].scope; row++)
            datum_push(arena, list, datum_text(arena, slice_of(endpoint_at(i)->masks[row].scope)));
    return list;
}

static void answer_introspection(struct server *server, const struct request *request, struct answer *answer)
{
    const struct token *token = tokens_find_api(&server->tokens, request_bearer(request));
    struct datum *data;

    if (!token || token->refusal) {
        answer_error(request->arena, answer, token ? token->refusal : "00101");
        return;
    }
    data = datum_new(request->arena, DATUM_OBJECT);
    datum_put(request->arena, data, SLICE("scopes"), scope_list(request->arena, &token->scopes));
    answer_data(request->arena, answer, data);
}

/* ------------------------------------------------------------------ pings */

static struct slice today_text(const struct request *request)
{
    struct strbuf text = strbuf_in(request->arena);

    strbuf_date_iso(&text, request->today);
    strbuf_text(&text, "T00:00:00Z");
    return strbuf_result(&text);
}

static const struct datum *ping(const struct request *request)
{
    struct datum *ping = datum_new(request->arena, DATUM_OBJECT);

    put_text(request->arena, ping, "status", "ok");
    datum_put(request->arena, ping, SLICE("last_update"), datum_text(request->arena, today_text(request)));
    datum_put(request->arena, ping, SLICE("last_ok_update"), datum_text(request->arena, today_text(request)));
    return ping;
}

static void answer_pings(struct server *server, const struct request *request, struct answer *answer)
{
    struct datum *list = datum_new(request->arena, DATUM_OBJECT);

    (void)server;
    for (size_t i = 0; endpoint_at(i); i++)
        if (endpoint_of_product(slice_of(endpoint_at(i)->product)) == endpoint_at(i))
            datum_put(request->arena, list, slice_of(endpoint_at(i)->product), ping(request));
    answer->status = 200;
    answer->body = list;
}

/* "/api/quotient_familial/ping"; the real name of that one is cnaf_msa_quotient_familial. */
static bool is_ping(const char *path)
{
    static const char real_prefix[] = "cnaf_msa_";
    struct slice name;
    size_t length = strlen(path);

    if (strncmp(path, "/api/", 5) != 0 || length < 10 || strcmp(path + length - 5, "/ping") != 0)
        return false;
    name = (struct slice){ path + 5, length - 10 };
    if (name.length > sizeof(real_prefix) && memcmp(name.bytes, real_prefix, sizeof(real_prefix) - 1) == 0)
        name = (struct slice){ name.bytes + sizeof(real_prefix) - 1, name.length - sizeof(real_prefix) + 1 };
    return endpoint_of_product(name) != NULL;
}

/* ------------------------------------------------------------------ the closed route */

static void answer_v2_error(const struct request *request, struct answer *answer, unsigned status, const char *error,
                            const char *message)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);

    put_text(request->arena, body, "error", error);
    put_text(request->arena, body, "reason", message);
    put_text(request->arena, body, "message", message);
    answer->status = status;
    answer->body = body;
}

static void answer_composition(struct server *server, const struct request *request, struct answer *answer)
{
    const struct token *token = tokens_find_api(&server->tokens, headers_get(&request->headers, "X-Api-Key"));
    struct slice number = parameters_get(&request->query, "numeroAllocataire");
    struct slice postcode = parameters_get(&request->query, "codePostal");
    const struct dossier *dossier = world_find_number(&server->world, number, postcode);

    if (!token || token->refusal) {
        answer_v2_error(request, answer, 401, "access_denied", "Le jeton est absent ou refusé.");
    } else if (!scopes_have(&token->scopes, "cnaf_quotient_familial")) {
        answer_v2_error(request, answer, 403, "access_denied", "Ce jeton n'a aucun droit sur cette donnée.");
    } else if (request->malformed || number.length == 0 || number.length > 7 || postcode.length != 5) {
        answer_v2_error(request, answer, 400, "bad_request", "Numéro d'allocataire ou code postal mal formé.");
    } else if (!dossier) {
        answer_v2_error(request, answer, 404, "not_found", "Dossier allocataire inexistant.");
    } else {
        answer->status = 200;
        answer->body = record_composition_v2(request->arena, dossier, request->today);
    }
    faults_meet(&server->faults, SLICE("composition_familiale_v2"), (struct slice){ "", 0 },
                (struct slice){ "", 0 }, &answer->faults);
    if (answer->faults.fault.kind == FAULT_STATUS)
        answer_v2_error(request, answer, (unsigned)answer->faults.fault.value, "error", "Erreur du bac à sable.");
}

/* ------------------------------------------------------------------ routes */

static const struct {
    const char *path;
    void (*answer)(struct server *, const struct request *, struct answer *);
} routes[] = {
    { "/api/errors", answer_nomenclature },
    { "/api/introspect", answer_introspection },
    { "/api/pings", answer_pings },
    { "/api/v2/composition-familiale", answer_composition },
};

bool services_answer(struct server *server, const struct request *request, struct answer *answer)
{
    answer->content_type = "application/json; charset=utf-8";
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (strcmp(routes[i].path, request->path) == 0) {
            answer->route = routes[i].path;
            routes[i].answer(server, request, answer);
            return true;
        }
    if (!is_ping(request->path))
        return false;
    answer->route = "/api/…/ping";
    answer->status = 200;
    answer->body = ping(request);
    return true;
}
