/*
 * FranceConnect, as far as a portal needs it to obtain an access token.
 *
 * There is no login page: the authorisation route sends back at once, for the person that `login_hint` names
 * ("martin-claire"). The code lives 30 seconds and serves once, the access token 60 seconds, as in the real one. No
 * id_token is given and userinfo is plain JSON: signing them would need a key that the portal should trust.
 */
#include "sable_france_connect.h"

#include "sable_encoding.h"

#include <string.h>

enum { CODE_LIFE_S = 30 };

static void put(struct arena *arena, struct datum *object, const char *name, struct slice text)
{
    datum_put(arena, object, slice_of(name), datum_text(arena, text));
}

static void answer_oauth_error(const struct request *request, struct answer *answer, unsigned status,
                               const char *error, const char *description)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);

    put(request->arena, body, "error", slice_of(error));
    put(request->arena, body, "error_description", slice_of(description));
    answer->status = status;
    answer->body = body;
}

/* ------------------------------------------------------------------ authorisation */

/* Where a code may be sent: this machine only. */
static bool is_loopback_address(struct slice address)
{
    static const char *const starts[] = { "http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:",
                                          "http://localhost/" };

    for (size_t i = 0; i < address.length; i++)
        if ((unsigned char)address.bytes[i] <= ' ' || (unsigned char)address.bytes[i] >= 0x7f)
            return false;
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (address.length >= strlen(starts[i]) && memcmp(address.bytes, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static void append_encoded(struct strbuf *out, struct slice text)
{
    static const char digits[] = "0123456789ABCDEF", plain[] = "-._~";

    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c && strchr(plain, c))) {
            strbuf_char(out, (char)c);
        } else {
            strbuf_char(out, '%');
            strbuf_char(out, digits[c >> 4]);
            strbuf_char(out, digits[c & 15]);
        }
    }
}

static void send_back(const struct request *request, struct answer *answer, const char *code)
{
    struct slice address = parameters_get(&request->query, "redirect_uri");
    struct strbuf location = strbuf_in(request->arena);

    strbuf_slice(&location, address);
    strbuf_char(&location, memchr(address.bytes, '?', address.length) ? '&' : '?');
    strbuf_format(&location, "code=%s&state=", code);
    append_encoded(&location, parameters_get(&request->query, "state"));
    answer->status = 303;
    if (strbuf_result(&location).bytes)
        answer_header(answer, "Location", strbuf_result(&location));
}

static bool has_mandatory_parameters(const struct request *request)
{
    static const char *const names[] = { "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (parameters_get(&request->query, names[i]).length == 0)
            return false;
    return slice_is(parameters_get(&request->query, "response_type"), "code");
}

static void answer_authorize(struct server *server, const struct request *request, struct answer *answer)
{
    struct issued issued = { .kind = ISSUED_CODE };
    struct slice hint = parameters_get(&request->query, "login_hint");
    struct strbuf name = strbuf_in(request->arena);

    issued.client = clients_find_id(&server->tokens.france_connect_clients,
                                    parameters_get(&request->query, "client_id"));
    strbuf_format(&name, "fc-%.*s", SLICE_ARG(hint));
    issued.person = tokens_named_person(&server->world, strbuf_result(&name), "fc-");
    if (request->malformed || !has_mandatory_parameters(request))
        answer_oauth_error(request, answer, 400, "invalid_request",
                           "client_id, redirect_uri, scope, state, nonce, acr_values et response_type=code exigés.");
    else if (!issued.client)
        answer_oauth_error(request, answer, 400, "invalid_client", "Client inconnu.");
    else if (!is_loopback_address(parameters_get(&request->query, "redirect_uri")))
        answer_oauth_error(request, answer, 400, "invalid_request", "redirect_uri doit mener à cette machine.");
    else if (!issued.person)
        answer_oauth_error(request, answer, 400, "invalid_request",
                           "login_hint doit nommer une personne fictive, par exemple martin-claire.");
    else if (tokens_issue(&server->tokens, &issued, CODE_LIFE_S, request->now_ms))
        send_back(request, answer, issued.text);
}

/* ------------------------------------------------------------------ token */

/* A code given by the authorisation route, or the lasting "code-martin-claire". */
static const struct person *person_of_code(struct server *server, const struct request *request)
{
    struct slice code = parameters_get(&request->form, "code");
    struct issued issued;

    if (tokens_find_issued(&server->tokens, ISSUED_CODE, code, request->now_ms, &issued))
        return issued.person;
    return tokens_named_person(&server->world, code, "code-");
}

static struct client *client_of(struct server *server, const struct request *request)
{
    struct slice id = parameters_get(&request->form, "client_id");
    struct slice secret = parameters_get(&request->form, "client_secret");

    request_basic(request, &id, &secret);
    return clients_find(&server->tokens.france_connect_clients, id, secret);
}

static void answer_issued(const struct request *request, struct answer *answer, const struct issued *issued)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);
    char *text = arena_copy_text(request->arena, issued->text, strlen(issued->text));

    put(request->arena, body, "access_token", slice_of(text));
    put(request->arena, body, "token_type", SLICE("Bearer"));
    datum_put(request->arena, body, SLICE("expires_in"), datum_integer(request->arena, issued->client->life_s));
    answer->status = 200;
    answer->body = body;
}

static void answer_token(struct server *server, const struct request *request, struct answer *answer)
{
    struct issued issued = { .kind = ISSUED_FRANCE_CONNECT };

    if (strcmp(request->method, "POST") != 0) {
        answer_header(answer, "Allow", SLICE("POST"));
        answer_oauth_error(request, answer, 405, "invalid_request", "Seule la méthode POST est acceptée.");
        return;
    }
    issued.client = client_of(server, request);
    if (!issued.client)
        answer_oauth_error(request, answer, 401, "invalid_client", "Client inconnu ou secret incorrect.");
    else if (!slice_is(parameters_get(&request->form, "grant_type"), "authorization_code"))
        answer_oauth_error(request, answer, 400, "unsupported_grant_type", "grant_type=authorization_code attendu.");
    else if (!(issued.person = person_of_code(server, request)))
        answer_oauth_error(request, answer, 400, "invalid_grant", "Code inconnu, expiré ou déjà utilisé.");
    else if (tokens_issue(&server->tokens, &issued, issued.client->life_s, request->now_ms))
        answer_issued(request, answer, &issued);
}

/* ------------------------------------------------------------------ user information */

static const struct datum *given_name_list(struct arena *arena, const struct person *person)
{
    struct datum *list = datum_new(arena, DATUM_LIST);

    for (size_t i = 0; i < person->given_names->members.count; i++)
        datum_push(arena, list, person->given_names->members.items[i].value);
    return list;
}

static struct slice given_names(struct arena *arena, const struct person *person)
{
    struct strbuf names = strbuf_in(arena);

    for (size_t i = 0; i < person->given_names->members.count; i++) {
        if (i)
            strbuf_char(&names, ' ');
        strbuf_slice(&names, datum_scalar(person->given_names->members.items[i].value));
    }
    return strbuf_result(&names);
}

/* The pivot identity; the birthplace of a birth abroad is empty. */
static const struct datum *pivot_identity(struct arena *arena, const struct person *person)
{
    struct datum *pivot = datum_new(arena, DATUM_OBJECT);
    struct strbuf subject = strbuf_in(arena);

    strbuf_format(&subject, "%.*s-%.*s-fictif", SLICE_ARG(person->family), SLICE_ARG(person->id));
    put(arena, pivot, "sub", strbuf_result(&subject));
    put(arena, pivot, "given_name", given_names(arena, person));
    datum_put(arena, pivot, SLICE("given_name_array"), given_name_list(arena, person));
    put(arena, pivot, "family_name", person->birth_name);
    put(arena, pivot, "gender", slice_is(person->sex, "F") ? SLICE("female") : SLICE("male"));
    put(arena, pivot, "birthdate", person->birth_text);
    put(arena, pivot, "birthplace", slice_is(person->country, "99100") ? person->commune : (struct slice){ "", 0 });
    put(arena, pivot, "birthcountry", person->country);
    return pivot;
}

static void answer_user(struct server *server, const struct request *request, struct answer *answer)
{
    struct token token;

    if (!tokens_find_france_connect(&server->tokens, request_bearer(request), request->now_ms, &token)
        || token.refusal) {
        answer_header(answer, "WWW-Authenticate", SLICE("Bearer error=\"invalid_token\""));
        answer_oauth_error(request, answer, 401, "invalid_token", "Jeton inconnu ou expiré.");
        return;
    }
    answer->status = 200;
    answer->body = pivot_identity(request->arena, token.person);
}

/* ------------------------------------------------------------------ routes */

static const struct {
    const char *path;
    void (*answer)(struct server *, const struct request *, struct answer *);
} routes[] = {
    { "/api/v2/authorize", answer_authorize },
    { "/api/v2/token", answer_token },
    { "/api/v2/userinfo", answer_user },
};

bool france_connect_answer(struct server *server, const struct request *request, struct answer *answer)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (strcmp(routes[i].path, request->path) != 0)
            continue;
        answer->content_type = "application/json; charset=utf-8";
        answer->route = routes[i].path;
        routes[i].answer(server, request, answer);
        faults_meet(&server->faults, SLICE("france_connect_jeton"), (struct slice){ "", 0 },
                    (struct slice){ "", 0 }, &answer->faults);
        if (answer->faults.fault.kind == FAULT_STATUS)
            answer_oauth_error(request, answer, (unsigned)answer->faults.fault.value, "server_error",
                               "Erreur du bac à sable.");
        return true;
    }
    return false;
}
