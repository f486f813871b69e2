/*
 * API Particulier: token, quota, scopes, parameters, person, answer, mask; in this order, as the real one does.
 */
#include "sable_particulier.h"

#include "sable_endpoints.h"
#include "sable_errors.h"
#include "sable_params.h"
#include "sable_records.h"

#include <string.h>

struct call {
    struct server *server;
    const struct request *request;
    struct answer *answer;
    const struct endpoint *endpoint;
    enum modality modality;
    struct token token;                  /* a copy */
    const struct person *person;
    const struct datum *entry;           /* of the fixture of this person, for this product; NULL */
};

/* Each step answers and returns false when the call ends there. */
static bool refuse(const struct call *call, const char *code)
{
    answer_error(call->request->arena, call->answer, code);
    return false;
}

/* ------------------------------------------------------------------ quotas */

static void put_quota_headers(const struct call *call, const struct quota_state *state)
{
    struct arena *arena = call->request->arena;

    if (!state->limit)
        return;
    answer_header_integer(arena, call->answer, "RateLimit-Limit", state->limit);
    answer_header_integer(arena, call->answer, "RateLimit-Remaining", state->remaining);
    answer_header_integer(arena, call->answer, "RateLimit-Reset", state->reset_s);
}

static bool count_call(const struct call *call, struct quota *quota, bool shown)
{
    struct quota_state state = quota_take(&call->server->tokens, quota, call->request->now_ms);

    if (shown || !state.allowed)
        put_quota_headers(call, &state);
    if (state.allowed)
        return true;
    answer_header_integer(call->request->arena, call->answer, "Retry-After", state.retry_after_s);
    return refuse(call, "00429");
}

/* ------------------------------------------------------------------ token and scopes */

static bool is_token_text(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.bytes[i] <= ' ' || (unsigned char)text.bytes[i] >= 0x7f)
            return false;
    return text.length > 0;
}

static bool check_france_connect_token(struct call *call, struct slice text)
{
    if (text.length == 0)
        return refuse(call, "51504");
    if (!is_token_text(text))
        return refuse(call, "51501");
    if (!tokens_find_france_connect(&call->server->tokens, text, call->request->now_ms, &call->token))
        return refuse(call, "51502");
    call->person = call->token.person;
    return call->token.refusal ? refuse(call, call->token.refusal) : true;
}

static bool check_api_token(struct call *call, struct slice text)
{
    struct token *token = tokens_find_api(&call->server->tokens, text);

    if (!token)
        return refuse(call, "00101");
    call->token = *token;
    if (token->refusal)
        return refuse(call, token->refusal);
    return count_call(call, &token->quota, true);
}

static bool check_token(struct call *call)
{
    struct slice text = request_bearer(call->request);

    if (call->modality == MODALITY_FRANCE_CONNECT)
        return check_france_connect_token(call, text);
    return check_api_token(call, text);
}

static bool check_scopes(const struct call *call)
{
    for (size_t row = 0; row < MASK_ROWS && call->endpoint->masks[row].scope; row++)
        if (scopes_have(&call->token.scopes, call->endpoint->masks[row].scope))
            return true;
    return refuse(call, "00100");
}

/* ------------------------------------------------------------------ parameters and person */

static bool recipient_is_granted(const struct call *call)
{
    struct slice recipient = parameters_get(&call->request->query, "recipient");
    const struct datum *granted = call->token.recipients;

    for (size_t i = 0; granted && i < granted->members.count; i++)
        if (slice_equal(datum_scalar(granted->members.items[i].value), recipient))
            return true;
    return granted == NULL;
}

static void find_by_key(struct call *call, enum world_key key, const char *parameter, struct codes *codes)
{
    struct slice value = parameters_get(&call->request->query, parameter);

    if (key == WORLD_FRANCE_TRAVAIL && value.length == 0)
        codes_add(codes, "00380");
    else if (key == WORLD_FRANCE_TRAVAIL && (value.length > 100 || !is_token_text(value)))
        codes_add(codes, "00308");
    else if (key == WORLD_INE && !params_is_ine(value))
        codes_add(codes, "00401");
    else
        call->person = world_find_key(&call->server->world, key, value);
}

/* Several people: the sub-code « identité ambiguë » of this provider. */
static void find_by_identity(struct call *call, struct codes *codes)
{
    struct identity identity;
    struct strbuf ambiguous = strbuf_in(call->request->arena);

    params_read_identity(call->request, call->endpoint, codes, &identity);
    if (codes->count == 0 && world_find_identity(&call->server->world, &identity, &call->person) > 1) {
        strbuf_format(&ambiguous, "%s563", call->endpoint->provider);
        codes_add(codes, strbuf_result(&ambiguous).bytes);
    }
}

static bool campaign_is_valid(const struct call *call)
{
    struct slice year = parameters_get(&call->request->query, "campaignYear");

    if (call->endpoint->identity != IDENTITY_CNOUS || year.length == 0)
        return true;
    return year.length == 4 && slice_compare(year, SLICE("2021")) >= 0 && slice_compare(year, SLICE("9999")) <= 0;
}

static bool check_parameters(struct call *call)
{
    struct codes codes = { .count = 0 };

    if (call->request->malformed || !campaign_is_valid(call))
        return refuse(call, "00401");
    params_check_recipient(call->request, &codes);
    if (codes.count == 0 && !recipient_is_granted(call))
        return refuse(call, "00213");
    switch (call->modality) {
    case MODALITY_IDENTITE:       find_by_identity(call, &codes); break;
    case MODALITY_INE:            find_by_key(call, WORLD_INE, "ine", &codes); break;
    case MODALITY_IDENTIFIANT:    find_by_key(call, WORLD_FRANCE_TRAVAIL, "identifiant", &codes); break;
    case MODALITY_FRANCE_CONNECT: break;
    }
    if (call->endpoint->has_period) {
        int year, month;

        params_read_period(call->request, &codes, &year, &month);
    }
    if (codes.count == 0)
        return true;
    answer_errors(call->request->arena, call->answer, codes.items, codes.count);
    return false;
}

/* ------------------------------------------------------------------ the answer of the provider */

/* Is one of the values of this parameter accepted? `accepted` is a scalar or a list of scalars. */
static bool parameter_fits(const struct request *request, struct slice name, const struct datum *accepted)
{
    for (size_t i = 0; i < request->query.count; i++) {
        const struct parameter *parameter = &request->query.items[i];

        if (!slice_equal(parameter->name, name))
            continue;
        if (accepted->kind != DATUM_LIST && text_fold_equal(datum_scalar(accepted), parameter->value))
            return true;
        for (size_t j = 0; accepted->kind == DATUM_LIST && j < accepted->members.count; j++)
            if (text_fold_equal(datum_scalar(accepted->members.items[j].value), parameter->value))
                return true;
    }
    return false;
}

static bool entry_fits(const struct request *request, const struct datum *entry)
{
    const struct datum *conditions = datum_get(entry, "si");

    for (size_t i = 0; conditions && i < conditions->members.count; i++)
        if (!parameter_fits(request, conditions->members.items[i].name, conditions->members.items[i].value))
            return false;
    return true;
}

/* The first entry whose `si` fits the request. */
static const struct datum *find_entry(const struct call *call)
{
    const struct datum *entry = datum_get(call->person->answers, call->endpoint->product);

    if (!entry || entry->kind != DATUM_LIST)
        return entry && entry_fits(call->request, entry) ? entry : NULL;
    for (size_t i = 0; i < entry->members.count; i++)
        if (entry_fits(call->request, entry->members.items[i].value))
            return entry->members.items[i].value;
    return NULL;
}

/* `data` without what the scopes of the token, or FranceConnect, hide. */
static const struct datum *masked(const struct call *call, const struct datum *data)
{
    const char *paths[MASK_ROWS * MASK_PATHS], *hidden = NULL;
    size_t count = 0;

    if (call->modality == MODALITY_FRANCE_CONNECT)
        hidden = call->endpoint->hidden_from_france_connect;
    for (size_t row = 0; row < MASK_ROWS && call->endpoint->masks[row].scope; row++) {
        const struct mask_row *mask = &call->endpoint->masks[row];

        for (size_t i = 0; i < MASK_PATHS && mask->paths[i]; i++)
            if (scopes_have(&call->token.scopes, mask->scope) && !(hidden && strcmp(hidden, mask->paths[i]) == 0))
                paths[count++] = mask->paths[i];
    }
    return datum_select(call->request->arena, data, paths, count);
}

static void answer_from_provider(const struct call *call)
{
    const char *code = NULL;
    const struct datum *data = datum_get(call->entry, "data"), *error = datum_get(call->entry, "erreur");

    if (error)
        code = datum_scalar(error).bytes;
    else if (!data)
        data = record_find(call->request, call->endpoint, call->person, &code);
    if (code)
        answer_error(call->request->arena, call->answer, code);
    else
        answer_data(call->request->arena, call->answer, masked(call, data));
    if (call->answer->status == 429)
        answer_header(call->answer, "Retry-After", SLICE("1"));
}

static void put_cache_headers(const struct call *call)
{
    bool bypass = slice_is(headers_get(&call->request->headers, "Cache-Control"), "no-cache");
    long remaining_s;

    if (call->endpoint->cache_s == 0 || call->answer->status >= 429)
        return;
    remaining_s = cache_look(call->server, request_key(call->request, (struct slice){ "", 0 }),
                             call->endpoint->cache_s, call->request->now_ms, bypass);
    answer_header(call->answer, "X-Response-Cached", remaining_s ? SLICE("true") : SLICE("false"));
    if (remaining_s)
        answer_header_integer(call->request->arena, call->answer, "X-Cache-Expires-in", remaining_s);
    else
        answer_header(call->answer, "X-Cache-Expires-in", SLICE(" "));     /* present but empty */
}

/* ------------------------------------------------------------------ faults */

static void answer_status(const struct call *call, unsigned status, struct slice code_text)
{
    struct arena *arena = call->request->arena;
    struct api_error error;
    const char *code = code_text.length ? arena_copy_text(arena, code_text.bytes, code_text.length)
                                        : error_code_for_status(arena, call->endpoint->provider, status);

    if (code && error_find(code, &error)) {
        answer_error(arena, call->answer, code);
    } else {
        struct datum *body = datum_new(arena, DATUM_OBJECT);

        datum_put(arena, body, SLICE("status"), datum_integer(arena, status));
        datum_put(arena, body, SLICE("error"), datum_text(arena, SLICE("Erreur du bac à sable")));
        call->answer->body = body;
    }
    call->answer->status = status;
    if (status == 429)
        answer_header(call->answer, "Retry-After", SLICE("1"));
}

static void meet_faults(const struct call *call)
{
    struct fault_set *set = &call->answer->faults;

    faults_meet(&call->server->faults, slice_of(call->endpoint->product), slice_of(modality_name(call->modality)),
                datum_scalar(datum_get(call->entry, "panne")), set);
    if (set->fault.kind == FAULT_STATUS)
        answer_status(call, (unsigned)set->fault.value, set->fault.code);
}

/* ------------------------------------------------------------------ the call */

static bool find_person(struct call *call)
{
    const char *unknown = call->endpoint->unknown_person;

    if (call->person)
        return true;
    return refuse(call, unknown ? unknown : call->endpoint->not_found);
}

static bool begin_flight(const struct call *call)
{
    call->answer->flight = request_key(call->request, call->token.text);
    if (flight_begin(call->server, call->answer->flight))
        return true;
    call->answer->flight = 0;
    return refuse(call, "00015");
}

static bool check_method(const struct call *call)
{
    if (strcmp(call->request->method, "GET") == 0 || strcmp(call->request->method, "HEAD") == 0)
        return true;
    answer_header(call->answer, "Allow", SLICE("GET, HEAD"));
    call->answer->status = 405;
    return false;
}

static void answer_call(struct call *call)
{
    if (!check_method(call) || !count_call(call, &call->server->tokens.address, false) || !check_token(call)
        || !check_scopes(call) || !check_parameters(call) || !begin_flight(call))
        return;
    if (find_person(call)) {
        call->entry = find_entry(call);
        answer_from_provider(call);
    }
    put_cache_headers(call);
    meet_faults(call);
}

static const char *route_of(struct arena *arena, const struct endpoint *endpoint, enum modality modality)
{
    struct strbuf route = strbuf_in(arena);

    strbuf_format(&route, "/v%u/%s/%s", endpoint->version, endpoint->path, modality_name(modality));
    return strbuf_result(&route).bytes;
}

bool particulier_answer(struct server *server, const struct request *request, struct answer *answer)
{
    struct call call = { .server = server, .request = request, .answer = answer };
    bool wrong_version;

    call.endpoint = endpoint_find(request->path, &call.modality, &wrong_version);
    if (!call.endpoint && !wrong_version)
        return false;
    answer->content_type = "application/vnd.api+json; charset=utf-8";
    if (call.endpoint) {
        answer->route = route_of(request->arena, call.endpoint, call.modality);
        answer_call(&call);
    } else {
        answer->route = "(version inconnue)";
        answer_error(request->arena, answer, "00402");
    }
    return true;
}
