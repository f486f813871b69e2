/*
 * Credentials: bearer of a démarche, token of FranceConnect, OAuth2 client credentials of the DGFiP.
 */
#include "edge_credential.h"
#include "edge_check.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ secret texts */

/* "Name: " + value, owned and wiped. */
static char *edge_secret_join(const char *before, const char *between, const char *after)
{
    const size_t a = strlen(before), b = strlen(between), c = strlen(after);
    char *out = malloc(a + b + c + 1);
    if (!out)
        return NULL;
    out[a + b + c] = '\0';
    memcpy(out, before, a);
    memcpy(out + a, between, b);
    memcpy(out + a + b, after, c);
    return out;
}

static bool edge_secret_get(struct arena *arena, const struct edge_secret *secret, char **out, const char **outcome,
                            const char **detail)
{
    const enum edge_secret_status status = edge_secret_fetch(secret, out);
    if (status == EDGE_SECRET_NO_MEMORY) {
        *outcome = "client_defaillant";
    } else if (status != EDGE_SECRET_OK) {
        *outcome = "jeton_inaccessible";
        *detail = edge_secret_problem(arena, secret, status);
    }
    return status == EDGE_SECRET_OK;
}

/* `name` ends with what comes before the secret: "Authorization: Bearer ". */
static bool edge_secrets_add(struct edge_secrets *secrets, const char *name, const char *value)
{
    char *header = edge_secret_join(name, "", value);
    if (header)
        secrets->headers[secrets->count++] = header;
    return header != NULL;
}

void edge_secrets_free(struct edge_secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++)
        edge_secret_free(secrets->headers[i]);
    secrets->count = 0;
}

/* ------------------------------------------------------------------ strategies */

#define EDGE_BEARER "Authorization: Bearer "

static bool edge_secrets_of_demarche(struct edge_secrets *secrets, const struct edge_request *request,
                                     const char **outcome, const char **detail)
{
    const bool older = request->function->api == CATALOGUE_API_PARTICULIER_V2;
    char *token = NULL;
    const bool good = edge_secret_get(request->arena, &request->grant->token, &token, outcome, detail)
                   && edge_secrets_add(secrets, older ? "X-Api-Key: " : EDGE_BEARER, token);
    edge_secret_free(token);
    return good;
}

bool edge_needs_oauth(const struct edge_request *request)
{
    return request->function->api == CATALOGUE_API_IMPOT;
}

bool edge_secrets_fetch(struct edge_secrets *secrets, const struct edge_request *request,
                        const struct edge_oauth *oauth, const char **outcome, const char **detail)
{
    const bool france_connect = request->modality == EDGE_FRANCE_CONNECT;
    secrets->count = 0;
    *outcome = "client_defaillant";         /* unless a secret is out of reach: memory */
    if (oauth && !edge_secrets_add(secrets, EDGE_BEARER, oauth->token))
        return false;
    if (france_connect)
        return edge_secrets_add(secrets, oauth ? "X-FranceConnect-OAuth: " : EDGE_BEARER,
                                request->subject->jeton_france_connect);
    return oauth || edge_secrets_of_demarche(secrets, request, outcome, detail);
}

/* ------------------------------------------------------------------ OAuth2 */

struct edge_oauth *edge_oauth_find(struct edge_oauth **list, const struct edge_request *request)
{
    char *key = edge_secret_join(request->habilitation->finalite, "/", request->function->resource);
    struct edge_oauth *oauth = *list;
    if (!key)
        return NULL;
    while (oauth && strcmp(oauth->key, key) != 0)
        oauth = oauth->following;
    if (oauth) {
        free(key);
        return oauth;
    }
    oauth = calloc(1, sizeof(*oauth));
    if (!oauth) {
        free(key);
        return NULL;
    }
    oauth->key = key;
    oauth->following = *list;
    *list = oauth;
    return oauth;
}

bool edge_oauth_is_valid(const struct edge_oauth *oauth, int64_t now)
{
    return oauth->token && now < oauth->expires_ms;
}

void edge_oauth_forget(struct edge_oauth *oauth)
{
    edge_secret_free(oauth->token);
    oauth->token = NULL;
}

void edge_oauth_free(struct edge_oauth *list, struct edge_http *http)
{
    while (list) {
        struct edge_oauth *next = list->following;
        if (list->asking)
            edge_http_cancel(http, &list->call);
        edge_call_release(&list->call);
        edge_oauth_forget(list);
        free(list->key);
        free(list);
        list = next;
    }
}

static const char *edge_oauth_form(struct arena *arena, const char *resource)
{
    struct strbuf out = strbuf_in(arena);
    strbuf_format(&out, "grant_type=client_credentials&scope=%s", resource);
    return out.bytes;
}

bool edge_oauth_ask(struct edge_oauth *oauth, struct edge_http *http, const struct edge_request *request,
                    const char **outcome, const char **detail)
{
    static const char *const headers[] = { "Accept: application/json" };
    const struct edge_host *host = request->host;
    char *identifier = NULL, *secret = NULL, *pair = NULL;
    bool good = edge_secret_get(request->arena, &request->grant->client_id, &identifier, outcome, detail)
             && edge_secret_get(request->arena, &request->grant->client_secret, &secret, outcome, detail);
    if (good) {
        pair = edge_secret_join(identifier, ":", secret);
        oauth->call = (struct edge_call){
            .url = host->token_address, .headers = headers, .header_count = 1,
            .form = edge_oauth_form(request->arena, request->function->resource), .user_password = pair,
            .certificate = host->certificate, .key = host->key, .authorities = host->authorities,
            .connect_timeout_ms = request->config->connect_timeout_ms,
            .total_timeout_ms = request->config->total_timeout_ms, .body_limit = 65536, .owner = NULL,
        };
        good = pair && oauth->call.form && edge_http_start(http, &oauth->call);
        *outcome = good ? NULL : "client_defaillant";
        oauth->asking = good;
        oauth->call.user_password = NULL;       /* libcurl has its copy */
    }
    edge_secret_free(pair);
    edge_secret_free(identifier);
    edge_secret_free(secret);
    return good;
}

/* How long a token of that life is used: not its last quarter, nor its last ten seconds; a moment in any case. */
static int64_t edge_oauth_use_ms(int64_t life_s)
{
    const int64_t life = life_s * 1000, margin = life / 4 < 10000 ? life / 4 : 10000;
    return life - margin > 200 ? life - margin : 200;
}

/* { "access_token": "…", "expires_in": 3600 } */
static bool edge_oauth_read(struct edge_oauth *oauth, struct edge_tree *tree, int64_t now)
{
    const delib_value *token = delib_io_value_get(&tree->root, "access_token");
    const delib_value *life = delib_io_value_get(&tree->root, "expires_in");
    int64_t seconds = 60;
    if (!token || token->kind != DELIB_VALUE_TEXT || !edge_check_token(slice_of(token->text), 8192))
        return false;
    if (life && life->kind == DELIB_VALUE_NUMBER && life->scale == 0 && life->units >= 0 && life->units < 1000000)
        seconds = life->units;
    edge_oauth_forget(oauth);
    oauth->token = edge_secret_join(token->text, "", "");
    oauth->expires_ms = now + edge_oauth_use_ms(seconds);
    return oauth->token != NULL;
}

/* The outcome of an answer without a token. */
static const char *edge_oauth_refusal(int http_status)
{
    return http_status == 400 || http_status == 401 || http_status == 403 ? "jeton_refuse" : "serveur_de_jetons";
}

bool edge_oauth_receive(struct edge_oauth *oauth, int64_t now, const char **outcome)
{
    const struct edge_call *call = &oauth->call;
    struct arena scratch;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    bool good;
    *outcome = NULL;
    if (call->failed)
        return false;
    *outcome = edge_oauth_refusal(call->http_status);
    if (call->http_status != 200)
        return false;
    edge_tree_open(&tree, &scratch, &diagnostics, "", NULL);
    edge_read(&tree, (struct slice){ call->body ? call->body : "", call->body_length }, DELIB_IO_JSON);
    good = edge_status(&scratch, &diagnostics) == DELIB_OK && edge_oauth_read(oauth, &tree, now);
    arena_release(&scratch);
    return good;
}
