/*
 * API Impôt particulier (DGFiP) and the token endpoint of its gateway.
 *
 * Sources: the Swagger 1.0 of the DGFiP for routes, scopes and media types; its presentation of May 2025 for years,
 * households and errors. What is refused by the gateway rather than by the API (token, quota) is not described in
 * public: its bodies here are those of the gateway software that the `/token` route belongs to, by guess.
 */
#include "sable_dgfip.h"

#include "sable_encoding.h"

#include <string.h>

enum { SPI_LENGTH = 13, TAXATION_MONTH = 7, TAXATION_DAY = 22 };

enum situation { SITUATION_YEAR, SITUATION_LAST, SITUATION_TWO_YEARS, SITUATION_MULTIPLE, SITUATION_IFI };

static const struct resource {
    const char *name, *path;             /* path: after the SPI, before the year */
    enum situation situation;
    const char *media_type;
} resources[] = {
    { "RessourceIR", "situations/ir/assiettes", SITUATION_YEAR,
      "application/prs.dgfip.part.situations.ir.assiettes.v1+json" },
    { "RessourceIRDerniere", "dernieresituation/ir/assiettes", SITUATION_LAST,
      "application/prs.dgfip.part.derniere.situations.ir.assiettes.v1+json" },
    { "RessourceIRDerniere2", "dernieresituation/ir/assiettes/deuxans", SITUATION_TWO_YEARS,
      "application/prs.dgfip.part.derniere.situations.ir.assiettes.v1+json" },
    { "RessourceIRMultiple", "situations/ir/assiettes/multiple", SITUATION_MULTIPLE,
      "application/prs.dgfip.part.situations.ir.assiettes.multiple.v1+json" },
    { "RessourceIRFacture", "situations/ir/factures", SITUATION_YEAR,
      "application/prs.dgfip.part.situations.ir.factures.v1+json" },
    { "RessourceIFI", "situations/ifiisf/assiettes", SITUATION_IFI,
      "application/prs.dgfip.situations.ifiisf.assiettes.v1+json" },
};

enum { RESOURCE_COUNT = sizeof(resources) / sizeof(resources[0]) };

struct call {
    struct server *server;
    const struct request *request;
    struct answer *answer;
    const struct resource *resource;
    bool by_spi;
    struct slice spi, year_text;
    int year;
    struct issued issued;                /* the token, a copy */
    const struct person *person;
};

static void put_text(struct arena *arena, struct datum *object, const char *name, const char *text)
{
    datum_put(arena, object, slice_of(name), datum_text(arena, slice_of(text)));
}

unsigned dgfip_resource_bit(struct slice name)
{
    for (unsigned i = 0; i < RESOURCE_COUNT; i++)
        if (slice_is(name, resources[i].name))
            return 1u << i;
    return 0;
}

/* ------------------------------------------------------------------ the token endpoint */

static void answer_oauth_error(const struct request *request, struct answer *answer, unsigned status,
                               const char *error, const char *description)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);

    put_text(request->arena, body, "error", error);
    put_text(request->arena, body, "error_description", description);
    answer->status = status;
    answer->body = body;
}

/* The bits of a list separated by spaces; false when one is unknown or not granted to the client. */
static bool read_resources(const struct client *client, struct slice text, unsigned *bits)
{
    *bits = 0;
    while (text.length) {
        const char *space = memchr(text.bytes, ' ', text.length);
        size_t length = space ? (size_t)(space - text.bytes) : text.length;
        unsigned bit = dgfip_resource_bit((struct slice){ text.bytes, length });

        if (length && (!bit || !scopes_have(&client->scopes, resources[__builtin_ctz(bit)].name)))
            return false;
        *bits |= length ? bit : 0;
        length += space != NULL;
        text = (struct slice){ text.bytes + length, text.length - length };
    }
    return true;
}

static void answer_issued(const struct request *request, struct answer *answer, const struct issued *issued)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);
    char *text = arena_copy_text(request->arena, issued->text, strlen(issued->text));

    datum_put(request->arena, body, SLICE("access_token"), datum_text(request->arena, slice_of(text)));
    datum_put(request->arena, body, SLICE("scope"),
              datum_text(request->arena, parameters_get(&request->form, "scope")));
    put_text(request->arena, body, "token_type", "Bearer");
    datum_put(request->arena, body, SLICE("expires_in"), datum_integer(request->arena, issued->client->life_s));
    answer->status = 200;
    answer->body = body;
}

static void issue_token(struct server *server, const struct request *request, struct answer *answer)
{
    struct slice id = { "", 0 }, secret = { "", 0 };
    struct issued issued = { .kind = ISSUED_DGFIP };

    if (strcmp(request->method, "POST") != 0) {
        answer_header(answer, "Allow", SLICE("POST"));
        answer_oauth_error(request, answer, 405, "invalid_request", "Seule la méthode POST est acceptée.");
        return;
    }
    if (!request_basic(request, &id, &secret)
        || !(issued.client = clients_find(&server->tokens.dgfip_clients, id, secret))) {
        answer_header(answer, "WWW-Authenticate", SLICE("Basic realm=\"DGFiP\""));
        answer_oauth_error(request, answer, 401, "invalid_client", "Client inconnu ou secret incorrect.");
    } else if (issued.client->needs_certificate && !request->has_certificate) {
        answer_oauth_error(request, answer, 401, "invalid_client", "Un certificat client est exigé.");
    } else if (!slice_is(parameters_get(&request->form, "grant_type"), "client_credentials")) {
        answer_oauth_error(request, answer, 400, "unsupported_grant_type", "grant_type=client_credentials attendu.");
    } else if (!read_resources(issued.client, parameters_get(&request->form, "scope"), &issued.resources)) {
        answer_oauth_error(request, answer, 400, "invalid_scope", "Ressource inconnue ou non accordée à ce client.");
    } else if (!tokens_issue(&server->tokens, &issued, issued.client->life_s, request->now_ms)) {
        answer_oauth_error(request, answer, 500, "server_error", "Pas de jeton disponible.");
    } else {
        answer_issued(request, answer, &issued);
    }
}

static void answer_token(struct server *server, const struct request *request, struct answer *answer)
{
    answer->content_type = "application/json";
    answer->route = "/token";
    issue_token(server, request, answer);
    faults_meet(&server->faults, SLICE("dgfip_jeton"), (struct slice){ "", 0 }, (struct slice){ "", 0 },
                &answer->faults);
    if (answer->faults.fault.kind == FAULT_STATUS)
        answer_oauth_error(request, answer, (unsigned)answer->faults.fault.value, "server_error",
                           "Erreur du bac à sable.");
}

/* ------------------------------------------------------------------ errors */

static bool refuse(const struct call *call, unsigned status, const char *code, const char *message)
{
    struct arena *arena = call->request->arena;
    struct datum *body = datum_new(arena, DATUM_OBJECT), *error = datum_new(arena, DATUM_OBJECT);

    if (code)
        put_text(arena, error, "codeapp", code);
    put_text(arena, error, "message", message);
    datum_put(arena, body, SLICE("erreur"), error);
    call->answer->status = status;
    call->answer->content_type = "application/json";
    call->answer->body = body;
    return false;
}

static bool refuse_at_gateway(const struct call *call, unsigned status, const char *code, const char *message)
{
    struct arena *arena = call->request->arena;
    struct datum *body = datum_new(arena, DATUM_OBJECT), *fault = datum_new(arena, DATUM_OBJECT);

    put_text(arena, fault, "code", code);
    put_text(arena, fault, "message", message);
    datum_put(arena, body, SLICE("fault"), fault);
    call->answer->status = status;
    call->answer->content_type = "application/json";
    call->answer->body = body;
    return false;
}

/* ------------------------------------------------------------------ checks */

static bool check_gateway(struct call *call)
{
    struct tokens *tokens = &call->server->tokens;
    struct slice text = request_bearer(call->request);
    struct quota_state quota;

    if (text.length == 0)
        return refuse_at_gateway(call, 401, "900902", "Jeton manquant");
    if (!tokens_find_issued(tokens, ISSUED_DGFIP, text, call->request->now_ms, &call->issued))
        return refuse_at_gateway(call, 401, "900901", "Jeton inconnu ou expiré");
    if (call->issued.client->needs_certificate && !call->request->has_certificate)
        return refuse_at_gateway(call, 401, "900901", "Certificat client exigé");
    quota = quota_take(tokens, &call->issued.client->quota, call->request->now_ms);
    if (!quota.allowed) {
        answer_header_integer(call->request->arena, call->answer, "Retry-After", quota.retry_after_s);
        return refuse_at_gateway(call, 429, "900802", "Quota dépassé");
    }
    if (!(call->issued.resources & 1u << (call->resource - resources)))
        return refuse(call, 403, "4031", "Ce client n'a pas accès à cette ressource.");
    return true;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(struct slice text)
{
    if (text.length != 36)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash != (text.bytes[i] == '-') || (!dash && !strchr("0123456789abcdefABCDEF", text.bytes[i])))
            return false;
    }
    return true;
}

static bool teleservice_is_known(const struct call *call)
{
    const struct datum *known = call->issued.client->teleservices;
    struct slice given = headers_get(&call->request->headers, "ID_Teleservice");

    for (size_t i = 0; known && i < known->members.count; i++)
        if (slice_equal(datum_scalar(known->members.items[i].value), given))
            return true;
    return known == NULL;
}

static bool contains(struct slice text, const char *part)
{
    size_t length = strlen(part);

    for (size_t i = 0; i + length <= text.length; i++)
        if (memcmp(text.bytes + i, part, length) == 0)
            return true;
    return false;
}

static bool check_headers(const struct call *call)
{
    struct slice correlation = headers_get(&call->request->headers, "X-Correlation-ID");
    struct slice accept = headers_get(&call->request->headers, "Accept");

    if (!is_uuid(correlation))
        return refuse(call, 400, NULL, "X-Correlation-ID manquant ou mal formé");
    answer_header(call->answer, "X-Correlation-ID", correlation);
    if (!teleservice_is_known(call))
        return refuse(call, 403, "4031", "ID_Teleservice manquant ou non habilité");
    if (accept.length && !contains(accept, "json") && !contains(accept, "*/*"))
        return refuse(call, 406, NULL, "Aucun des formats acceptés n'est disponible");
    return true;
}

static bool all_digits(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.length > 0;
}

static bool check_year(struct call *call)
{
    if (call->resource->situation == SITUATION_TWO_YEARS)
        return true;
    if (call->year_text.length != 4 || !all_digits(call->year_text))
        return refuse(call, 400, "4002", "format de l'année incorrect");
    for (size_t i = 0; i < 4; i++)
        call->year = call->year * 10 + (call->year_text.bytes[i] - '0');
    return true;
}

static bool find_by_france_connect(struct call *call)
{
    struct slice text = headers_get(&call->request->headers, "X-FranceConnect-OAuth");
    struct token token;

    if (text.length == 0)
        return refuse(call, 401, NULL, "jeton FranceConnect manquant");
    if (!tokens_find_france_connect(&call->server->tokens, text, call->request->now_ms, &token) || token.refusal)
        return refuse(call, 401, NULL, "jeton FranceConnect inconnu ou expiré");
    call->person = token.person;
    return true;
}

static bool find_person(struct call *call)
{
    if (!call->by_spi)
        return find_by_france_connect(call);
    if (call->spi.length != SPI_LENGTH || !all_digits(call->spi))
        return refuse(call, 400, "4001", "format SPI incorrect");
    call->person = world_find_key(&call->server->world, WORLD_SPI, call->spi);
    return true;
}

/* ------------------------------------------------------------------ situations */

/* The last income year that is taxed on this day: N-2 until the summer, then N-1. */
static int last_taxed_year(struct date today)
{
    bool taxed = today.month > TAXATION_MONTH || (today.month == TAXATION_MONTH && today.day >= TAXATION_DAY);

    return today.year - (taxed ? 1 : 2);
}

static const struct datum *situation_of(const struct call *call, int year)
{
    struct strbuf key = strbuf_in(call->request->arena);
    const struct datum *years = call->person->household->years, *found;

    strbuf_format(&key, "%d", year);
    found = datum_get_slice(years, strbuf_result(&key));
    return found ? found : datum_get(years, "toutes");
}

/* The contracted fields, after `annRevenu` when the route gives it. */
static const struct datum *contracted(const struct call *call, const struct datum *situation, int shown_year)
{
    struct arena *arena = call->request->arena;
    const struct datum *fields = call->issued.client->fields;
    struct datum *result = datum_new(arena, DATUM_OBJECT);

    if (shown_year)
        datum_put(arena, result, SLICE("annRevenu"), datum_integer(arena, shown_year));
    for (size_t i = 0; i < situation->members.count; i++) {
        const struct datum_member *member = &situation->members.items[i];
        bool granted = fields == NULL;

        for (size_t j = 0; fields && j < fields->members.count; j++)
            granted = granted || slice_equal(datum_scalar(fields->members.items[j].value), member->name);
        if (granted)
            datum_put(arena, result, member->name, member->value);
    }
    return result;
}

/* A fixture may hold an error instead of a situation: `codeapp: 4101`, or `statut: 204`. */
static bool answer_fixture_error(const struct call *call, const struct datum *situation)
{
    struct slice code = datum_scalar(datum_get(situation, "codeapp"));
    struct slice status = datum_scalar(datum_get(situation, "statut"));

    if (code.length) {
        refuse(call, slice_is(code, "4031") ? 403 : 410, code.bytes, "réponse prévue par la famille fictive");
    } else if (slice_is(status, "204")) {
        call->answer->status = 204;
    } else if (status.length) {
        refuse(call, 500, NULL, "erreur technique");
    }
    return code.length || status.length;
}

static void answer_situation(const struct call *call, const struct datum *situation, int year)
{
    struct arena *arena = call->request->arena;
    const struct datum *data;
    struct datum *list, *body;

    if (answer_fixture_error(call, situation))
        return;
    data = contracted(call, situation, call->resource->situation == SITUATION_LAST
                                       || call->resource->situation == SITUATION_TWO_YEARS ? year : 0);
    call->answer->status = 200;
    call->answer->body = data;
    if (call->resource->situation != SITUATION_MULTIPLE)
        return;
    list = datum_new(arena, DATUM_LIST);
    body = datum_new(arena, DATUM_OBJECT);
    datum_push(arena, list, data);
    datum_put(arena, body, SLICE("situationsIR"), list);
    call->answer->body = body;
}

static void answer_ifi(const struct call *call, const struct datum *situation)
{
    struct datum *body = datum_new(call->request->arena, DATUM_OBJECT);
    const struct datum *value = datum_get(situation, "indicateurIfiIsf");

    if (!value) {
        refuse(call, 410, "4101", "aucun résultat pour ce SPI et cette année");
        return;
    }
    datum_put(call->request->arena, body, SLICE("indicateurIfiIsf"), value);
    call->answer->status = 200;
    call->answer->body = body;
}

/* Only `deuxans` falls back on the year before; elsewhere a year that is not taxed is an error. */
static void answer_person(const struct call *call)
{
    int last = last_taxed_year(call->request->today), year = call->year;
    const struct datum *situation = NULL;

    if (!call->person || !call->person->household) {
        refuse(call, 410, "4102", "le SPI ne correspond à aucun usager");
        return;
    }
    if (call->resource->situation == SITUATION_TWO_YEARS) {
        year = last;
        situation = situation_of(call, year);
        if (!situation)
            situation = situation_of(call, --year);
    } else if (year <= last) {
        situation = situation_of(call, year);
    }
    if (!situation)
        refuse(call, 410, "4101", "aucun résultat pour ce SPI et cette année");
    else if (call->resource->situation == SITUATION_IFI)
        answer_ifi(call, situation);
    else
        answer_situation(call, situation, year);
}

/* ------------------------------------------------------------------ routes */

static bool cut_prefix(struct slice *text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (text->length < length || memcmp(text->bytes, prefix, length) != 0)
        return false;
    *text = (struct slice){ text->bytes + length, text->length - length };
    return true;
}

static const struct resource *find_resource(struct slice path, struct slice *year)
{
    static const char year_part[] = "/annrev/";

    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        struct slice rest = path;

        if (!cut_prefix(&rest, resources[i].path))
            continue;
        if (resources[i].situation == SITUATION_TWO_YEARS ? rest.length == 0 : cut_prefix(&rest, year_part)) {
            *year = rest;
            return &resources[i];
        }
    }
    return NULL;
}

/* "/spi/123…/situations/ir/assiettes/annrev/2025", without the base. */
static bool read_route(struct call *call, struct slice path)
{
    const char *slash;

    call->by_spi = cut_prefix(&path, "/spi/");
    if (call->by_spi) {
        slash = path.length ? memchr(path.bytes, '/', path.length) : NULL;
        if (!slash)
            return false;
        call->spi = (struct slice){ path.bytes, (size_t)(slash - path.bytes) };
        path = (struct slice){ slash, path.length - call->spi.length };
    }
    if (!cut_prefix(&path, "/"))
        return false;
    call->resource = find_resource(path, &call->year_text);
    return call->resource != NULL;
}

static const char *shown_route(const struct call *call)
{
    struct strbuf route = strbuf_in(call->request->arena);

    strbuf_format(&route, "/impotparticulier/1.0%s/%s", call->by_spi ? "/spi/…" : "", call->resource->path);
    return strbuf_result(&route).bytes;
}

static void meet_faults(const struct call *call)
{
    struct fault_set *set = &call->answer->faults;

    faults_meet(&call->server->faults, SLICE("dgfip"), call->by_spi ? SLICE("spi") : SLICE("france_connect"),
                (struct slice){ "", 0 }, set);
    if (set->fault.kind == FAULT_STATUS) {
        refuse(call, (unsigned)set->fault.value, NULL, "Erreur du bac à sable");
        if (set->fault.value == 429)
            answer_header(call->answer, "Retry-After", SLICE("1"));
    }
}

static void answer_resource(struct call *call)
{
    if (strcmp(call->request->method, "GET") != 0) {
        answer_header(call->answer, "Allow", SLICE("GET"));
        refuse(call, 405, NULL, "méthode non acceptée");
        return;
    }
    if (check_gateway(call) && check_headers(call) && check_year(call) && find_person(call))
        answer_person(call);
    meet_faults(call);
}

bool dgfip_answer(struct server *server, const struct request *request, struct answer *answer)
{
    struct call call = { .server = server, .request = request, .answer = answer };
    struct slice path = slice_of(request->path);

    if (slice_is(path, "/token")) {
        answer_token(server, request, answer);
        return true;
    }
    if (!cut_prefix(&path, "/impotparticulier/1.0") || !read_route(&call, path))
        return false;
    answer->content_type = call.resource->media_type;
    answer->route = shown_route(&call);
    answer_resource(&call);
    return true;
}
