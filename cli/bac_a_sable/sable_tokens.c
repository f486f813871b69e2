/*
 * Who calls: tokens, clients, quotas.
 */
#include "sable_tokens.h"

#include "sable_dgfip.h"
#include "sable_endpoints.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { PERIOD_SECOND_MS = 1000, PERIOD_MINUTE_MS = 60000, LIFE_DGFIP_S = 3600, LIFE_FRANCE_CONNECT_S = 60 };

/* ------------------------------------------------------------------ scopes */

bool scopes_have(const struct scopes *scopes, const char *scope)
{
    if (scopes->all)
        return true;
    for (size_t i = 0; scopes->list && i < scopes->list->members.count; i++)
        if (slice_is(datum_scalar(scopes->list->members.items[i].value), scope))
            return true;
    return false;
}

static bool is_known_scope(struct slice scope)
{
    for (size_t i = 0; endpoint_at(i); i++)
        if (endpoint_has_scope(endpoint_at(i), scope))
            return true;
    return false;
}

static bool is_known_resource(struct slice name)
{
    return dgfip_resource_bit(name) != 0;
}

/* `scopes: tous`, or a list. */
static struct scopes read_scopes(struct fixture *fixture, const struct datum *source, const char *key,
                                 bool (*is_known)(struct slice))
{
    const struct datum *value = datum_get(source, key);
    struct scopes scopes = { .all = slice_is(datum_scalar(value), "tous"), .list = NULL };

    if (!value || scopes.all)
        return scopes;
    if (value->kind != DATUM_LIST) {
        fixture_error(fixture, value, "« %s » est une liste, ou tous", key);
        return scopes;
    }
    scopes.list = value;
    for (size_t i = 0; i < value->members.count; i++) {
        struct slice scope = datum_scalar(value->members.items[i].value);

        if (!is_known(scope))
            fixture_error(fixture, value->members.items[i].value, "%s : « %.*s » est inconnu", key, SLICE_ARG(scope));
    }
    return scopes;
}

static long read_count(struct fixture *fixture, const struct datum *source, const char *key, long otherwise)
{
    const struct datum *value = datum_get(source, key);
    long count = 0;

    if (!value)
        return otherwise;
    if (value->kind != DATUM_NUMBER || value->text.length > 6) {
        fixture_error(fixture, value, "« %s » est un nombre entier", key);
        return otherwise;
    }
    for (size_t i = 0; i < value->text.length; i++) {
        if (value->text.bytes[i] < '0' || value->text.bytes[i] > '9') {
            fixture_error(fixture, value, "« %s » est un nombre entier", key);
            return otherwise;
        }
        count = count * 10 + (value->text.bytes[i] - '0');
    }
    return count;
}

/* ------------------------------------------------------------------ sections of the fixtures */

struct state { const char *name, *refusal; };

static const char *read_state(struct fixture *fixture, const struct datum *source, const struct state *states)
{
    struct slice name = fixture_text(fixture, source, "etat", false);

    for (; states->name; states++)
        if (slice_is(name, states->name))
            return states->refusal;
    if (name.length && !slice_is(name, "valide"))
        fixture_error(fixture, datum_get(source, "etat"), "état inconnu « %.*s »", SLICE_ARG(name));
    return NULL;
}

static void push_token(struct world *world, struct token_list *list, struct token *token)
{
    struct token **place = arena_push(world->arena, list);     /* NOLINT(bugprone-sizeof-expression): pointers */

    if (place)
        *place = token;
}

static void read_api_token(struct fixture *fixture, struct tokens *tokens, struct world *world,
                           const struct datum *source)
{
    static const char *const keys[] = { "jeton", "titre", "etat", "scopes", "destinataires", "quota", NULL };
    static const struct state states[] = {
        { "expire", "00103" }, { "liste_noire", "00105" }, { "production", "00108" }, { "ip_refusee", "00107" },
        { NULL, NULL }
    };
    struct token *token = arena_new(world->arena, struct token);

    if (!token || !fixture_check_keys(fixture, source, "jeton", keys))
        return;
    token->text = fixture_text(fixture, source, "jeton", true);
    fixture_text(fixture, source, "titre", false);
    token->refusal = read_state(fixture, source, states);
    token->scopes = read_scopes(fixture, source, "scopes", is_known_scope);
    token->recipients = fixture_list(fixture, source, "destinataires");
    token->quota.limit = read_count(fixture, source, "quota", tokens->quota_per_second);
    token->quota.period_ms = PERIOD_SECOND_MS;
    push_token(world, &tokens->api, token);
}

static void read_france_connect_token(struct fixture *fixture, struct tokens *tokens, struct world *world,
                                      const struct datum *source)
{
    static const char *const keys[] = { "jeton", "titre", "etat", "scopes", "personne", NULL };
    static const struct state states[] = {
        { "expire", "51502" }, { "sans_pivot", "51503" }, { "mal_forme", "51501" }, { NULL, NULL }
    };
    struct token *token = arena_new(world->arena, struct token);
    struct slice person;

    if (!token || !fixture_check_keys(fixture, source, "jeton FranceConnect", keys))
        return;
    token->text = fixture_text(fixture, source, "jeton", true);
    fixture_text(fixture, source, "titre", false);
    token->refusal = read_state(fixture, source, states);
    token->scopes = read_scopes(fixture, source, "scopes", is_known_scope);
    person = fixture_text(fixture, source, "personne", true);
    token->person = world_person(world, (struct slice){ "", 0 }, person);
    if (!token->person)
        fixture_error(fixture, datum_get(source, "personne"), "personne inconnue « %.*s »", SLICE_ARG(person));
    push_token(world, &tokens->france_connect, token);
}

static void push_client(struct world *world, struct client_list *list, struct client *client)
{
    struct client **place = arena_push(world->arena, list);     /* NOLINT(bugprone-sizeof-expression): pointers */

    if (place)
        *place = client;
}

static void read_france_connect_client(struct fixture *fixture, struct tokens *tokens, struct world *world,
                                       const struct datum *source)
{
    static const char *const keys[] = { "id", "secret", "titre", "scopes", "duree", NULL };
    struct client *client = arena_new(world->arena, struct client);

    if (!client || !fixture_check_keys(fixture, source, "client FranceConnect", keys))
        return;
    client->id = fixture_text(fixture, source, "id", true);
    client->secret = fixture_text(fixture, source, "secret", true);
    client->scopes = read_scopes(fixture, source, "scopes", is_known_scope);
    client->life_s = read_count(fixture, source, "duree", LIFE_FRANCE_CONNECT_S);
    push_client(world, &tokens->france_connect_clients, client);
}

static void read_dgfip_client(struct fixture *fixture, struct tokens *tokens, struct world *world,
                              const struct datum *source)
{
    static const char *const keys[] = {
        "id", "secret", "titre", "ressources", "donnees", "teleservices", "certificat", "duree", "quota", NULL
    };
    struct client *client = arena_new(world->arena, struct client);
    const struct datum *certificate = datum_get(source, "certificat");

    if (!client || !fixture_check_keys(fixture, source, "client DGFiP", keys))
        return;
    client->id = fixture_text(fixture, source, "id", true);
    client->secret = fixture_text(fixture, source, "secret", true);
    client->scopes = read_scopes(fixture, source, "ressources", is_known_resource);
    client->fields = fixture_list(fixture, source, "donnees");
    client->teleservices = fixture_list(fixture, source, "teleservices");
    client->needs_certificate = certificate && certificate->kind == DATUM_BOOLEAN && certificate->truth;
    client->life_s = read_count(fixture, source, "duree", LIFE_DGFIP_S);
    client->quota.limit = read_count(fixture, source, "quota", 50);
    client->quota.period_ms = PERIOD_MINUTE_MS;
    push_client(world, &tokens->dgfip_clients, client);
}

typedef void section_reader(struct fixture *, struct tokens *, struct world *, const struct datum *);

static void read_section(struct fixture *fixture, struct tokens *tokens, struct world *world, const char *key,
                         section_reader *reader)
{
    for (size_t i = 0; i < world->roots.count; i++) {
        const struct datum *list = datum_get(world->roots.items[i], key);

        fixture->file = world->files.items[i];
        if (list && list->kind != DATUM_LIST)
            fixture_error(fixture, list, "« %s » doit être une liste", key);
        for (size_t j = 0; list && list->kind == DATUM_LIST && j < list->members.count; j++)
            reader(fixture, tokens, world, list->members.items[j].value);
    }
}

static void override_quotas(struct tokens *tokens, long limit_per_second)
{
    for (size_t i = 0; i < tokens->api.count; i++)
        tokens->api.items[i]->quota.limit = limit_per_second;
    for (size_t i = 0; i < tokens->dgfip_clients.count; i++)
        tokens->dgfip_clients.items[i]->quota.limit = limit_per_second * 60;
}

bool tokens_load(struct tokens *tokens, struct world *world, long limit_per_second, long limit_per_minute,
                 const struct world_reporter *reporter)
{
    struct fixture fixture = { .world = world, .reporter = reporter };

    memset(tokens, 0, sizeof(*tokens));
    if (pthread_mutex_init(&tokens->lock, NULL) != 0)
        return false;
    tokens->world = world;
    tokens->quota_per_second = limit_per_second < 0 ? 20 : limit_per_second;
    tokens->address = (struct quota){ .limit = limit_per_minute, .period_ms = PERIOD_MINUTE_MS };
    read_section(&fixture, tokens, world, "jetons", read_api_token);
    read_section(&fixture, tokens, world, "jetons_france_connect", read_france_connect_token);
    read_section(&fixture, tokens, world, "clients_france_connect", read_france_connect_client);
    read_section(&fixture, tokens, world, "clients_dgfip", read_dgfip_client);
    if (limit_per_second >= 0)
        override_quotas(tokens, limit_per_second);
    if (world->arena->exhausted)
        fixture_error(&fixture, NULL, "mémoire insuffisante");
    return !fixture.failed;
}

void tokens_release(struct tokens *tokens)
{
    pthread_mutex_destroy(&tokens->lock);
}

/* ------------------------------------------------------------------ finding */

struct token *tokens_find_api(struct tokens *tokens, struct slice text)
{
    for (size_t i = 0; i < tokens->api.count; i++)
        if (slice_equal(tokens->api.items[i]->text, text))
            return tokens->api.items[i];
    return NULL;
}

struct client *clients_find(const struct client_list *clients, struct slice id, struct slice secret)
{
    for (size_t i = 0; i < clients->count; i++)
        if (slice_equal(clients->items[i]->id, id) && slice_equal(clients->items[i]->secret, secret))
            return clients->items[i];
    return NULL;
}

struct client *clients_find_id(const struct client_list *clients, struct slice id)
{
    for (size_t i = 0; i < clients->count; i++)
        if (slice_equal(clients->items[i]->id, id))
            return clients->items[i];
    return NULL;
}

const struct person *tokens_named_person(const struct world *world, struct slice text, const char *prefix)
{
    size_t start = strlen(prefix);

    if (text.length <= start || memcmp(text.bytes, prefix, start) != 0)
        return NULL;
    for (size_t i = 0; i < world->people.count; i++) {
        const struct person *person = world->people.items[i];
        const char *name = text.bytes + start;
        size_t family = person->family.length;

        if (text.length - start == family + 1 + person->id.length && name[family] == '-'
            && memcmp(name, person->family.bytes, family) == 0
            && memcmp(name + family + 1, person->id.bytes, person->id.length) == 0)
            return person;
    }
    return NULL;
}

bool tokens_find_france_connect(struct tokens *tokens, struct slice text, int64_t now_ms, struct token *out)
{
    struct issued issued;

    for (size_t i = 0; i < tokens->france_connect.count; i++)
        if (slice_equal(tokens->france_connect.items[i]->text, text)) {
            *out = *tokens->france_connect.items[i];
            return true;
        }
    *out = (struct token){ .text = text, .scopes = { .all = true } };
    out->person = tokens_named_person(tokens->world, text, "fc-");
    if (out->person)
        return true;
    if (!tokens_find_issued(tokens, ISSUED_FRANCE_CONNECT, text, now_ms, &issued))
        return false;
    out->person = issued.person;
    out->scopes = issued.client->scopes;
    return true;
}

/* ------------------------------------------------------------------ issued tokens */

bool tokens_issue(struct tokens *tokens, struct issued *issued, long life_s, int64_t now_ms)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[20];
    char *text = issued->text;

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return false;
    memcpy(text, "bas-", 4);
    text += 4;
    for (size_t i = 0; i < sizeof(random); i++) {
        *text++ = digits[random[i] >> 4];
        *text++ = digits[random[i] & 15];
    }
    *text = '\0';
    issued->expires_ms = now_ms + (int64_t)life_s * 1000;
    pthread_mutex_lock(&tokens->lock);
    tokens->issued[tokens->issued_next++ % ISSUED_COUNT] = *issued;
    pthread_mutex_unlock(&tokens->lock);
    return true;
}

bool tokens_find_issued(struct tokens *tokens, enum issued_kind kind, struct slice text, int64_t now_ms,
                        struct issued *out)
{
    bool found = false;

    pthread_mutex_lock(&tokens->lock);
    for (size_t i = 0; i < ISSUED_COUNT && !found; i++) {
        struct issued *issued = &tokens->issued[i];

        found = issued->kind == kind && slice_is(text, issued->text) && now_ms < issued->expires_ms;
        if (!found)
            continue;
        *out = *issued;
        if (kind == ISSUED_CODE)
            issued->kind = ISSUED_NONE;
    }
    pthread_mutex_unlock(&tokens->lock);
    return found;
}

/* ------------------------------------------------------------------ quotas */

struct quota_state quota_take(struct tokens *tokens, struct quota *quota, int64_t now_ms)
{
    struct quota_state state = { .allowed = true, .limit = quota->limit };
    int64_t end_ms;

    if (quota->limit == 0)
        return state;
    pthread_mutex_lock(&tokens->lock);
    if (now_ms >= quota->window_start_ms + quota->period_ms || now_ms < quota->window_start_ms) {
        quota->window_start_ms = now_ms - now_ms % quota->period_ms;
        quota->used = 0;
    }
    state.allowed = quota->used < quota->limit;
    if (state.allowed)
        quota->used++;
    state.remaining = quota->limit - quota->used;
    end_ms = quota->window_start_ms + quota->period_ms;
    pthread_mutex_unlock(&tokens->lock);
    state.reset_s = (end_ms + 999) / 1000;
    state.retry_after_s = (long)((end_ms - now_ms + 999) / 1000);
    return state;
}
