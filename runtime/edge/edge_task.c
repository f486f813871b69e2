/*
 * Tasks: from waiting to answered. Quotas, tokens, circuits and retries are decided here.
 */
#include "edge_driver.h"
#include "edge_fields.h"

#include <stdlib.h>
#include <string.h>

/* From this many timeouts in a row without one byte, the silence is told as such. */
#define EDGE_SILENCE 3
/* A patient driver sends a call at most so many times when the quota refuses it. */
#define EDGE_QUOTA_ATTEMPTS 4

/* ------------------------------------------------------------------ making and releasing */

static const char *edge_task_key(const struct edge_task *task, const char *end)
{
    struct strbuf out = strbuf_in(&task->exchange->arena);
    strbuf_format(&out, "%s|%s", task->exchange->request.host->address, end);
    return out.bytes;
}

/* The circuit of the provider, the quota of the credential and that of the host. */
static bool edge_task_lanes(delib_io_driver *driver, struct edge_task *task)
{
    const struct edge_request *request = &task->exchange->request;
    const struct edge_host *host = request->host;
    const char *provider = edge_task_key(task, request->function->prefix);
    const char *credential = edge_task_key(task, request->credential);
    const char *all = edge_task_key(task, "");
    if (!provider || !credential || !all)
        return false;
    task->breaker = edge_quota_breaker(&driver->quota, provider);
    task->limiters[0] = edge_quota_limiter(&driver->quota, credential, (size_t)host->requests, host->period_s * 1000);
    task->limiters[1] = edge_quota_limiter(&driver->quota, all, (size_t)host->host_requests,
                                            host->host_period_s * 1000);
    if (edge_needs_oauth(request))
        task->oauth = edge_oauth_find(&driver->oauths, request);
    return task->breaker && task->limiters[0] && task->limiters[1] && (task->oauth || !edge_needs_oauth(request));
}

/*
 * What makes two requests one: the same URL for the same credential. With FranceConnect the URL does not say who the
 * person is, so these are never shared.
 */
static bool edge_task_identify(struct edge_task *task)
{
    const struct edge_request *request = &task->exchange->request;
    struct strbuf key = strbuf_in(&task->exchange->arena);
    if (request->modality == EDGE_FRANCE_CONNECT)
        return true;
    strbuf_format(&key, "%s|%s", request->credential, request->url);
    task->key = key.bytes;
    task->hash = key.bytes ? edge_hash(key.bytes) : 0;
    return key.bytes != NULL;
}

/* The task that already asks the same, or NULL. */
static struct edge_task *edge_task_leader(const delib_io_driver *driver, const struct edge_task *task)
{
    struct edge_task *other = driver->tasks;
    while (other && (other->hash != task->hash || !other->key || other == task || other->state == EDGE_FOLLOWING
                     || strcmp(other->key, task->key) != 0))
        other = other->following;
    return other;
}

/* Answers from the cache, or follows a task that asks the same. */
static void edge_task_share(const delib_io_driver *driver, struct edge_task *task)
{
    const struct edge_cached *cached = task->key ? edge_cache_find(&driver->cache, task->key) : NULL;
    if (cached) {
        delib_io_exchange_receive(task->exchange, cached->http_status, NULL, 0, cached->body, cached->length,
                                  cached->obtained);
        return;
    }
    task->leader = task->key ? edge_task_leader(driver, task) : NULL;
    if (task->leader)
        task->state = EDGE_FOLLOWING;
}

delib_status edge_task_new(delib_io_driver *driver, struct edge_job *job, const delib_request *request)
{
    struct edge_task *task = calloc(1, sizeof(*task));
    delib_status status;
    if (!task)
        return DELIB_NO_MEMORY;
    status = edge_exchange_new(driver->config, job->public->demande, request, edge_wall_clock(driver),
                               &task->exchange);
    if (status == DELIB_OK && !task->exchange->answered
        && (!edge_task_lanes(driver, task) || !edge_task_identify(task)))
        status = DELIB_NO_MEMORY;
    if (status != DELIB_OK) {
        delib_io_exchange_free(task->exchange);
        free(task);
        return status;
    }
    task->job = job;
    task->request_id = request->id;
    task->since = edge_now_ms();
    task->not_before = task->since;
    if (!task->exchange->answered)
        edge_task_share(driver, task);
    task->previous = driver->last_task;
    *(driver->last_task ? &driver->last_task->following : &driver->tasks) = task;
    driver->last_task = task;
    return DELIB_OK;
}

/* The task leaves without an answer: the first that followed it asks in its place. */
static void edge_task_abdicate(const delib_io_driver *driver, const struct edge_task *task)
{
    struct edge_task *heir = NULL;
    for (struct edge_task *other = driver->tasks; other; other = other->following) {
        if (other->leader != task)
            continue;
        other->leader = heir;
        if (!heir) {
            heir = other;
            heir->state = EDGE_WAITING;
        }
    }
}

void edge_task_drop(delib_io_driver *driver, struct edge_task *task)
{
    if (task->key && task->state != EDGE_FOLLOWING)
        edge_task_abdicate(driver, task);
    *(task->previous ? &task->previous->following : &driver->tasks) = task->following;
    *(task->following ? &task->following->previous : &driver->last_task) = task->previous;
    if (task->call.handle)
        edge_http_cancel(driver->http, &task->call);
    edge_call_release(&task->call);
    delib_io_exchange_free(task->exchange);
    free(task);
}

/* ------------------------------------------------------------------ ending */

static struct slice edge_call_headers(const struct edge_call *call)
{
    return call->header_block ? (struct slice){ call->header_block, call->header_length } : SLICE("");
}

static void edge_task_tell(delib_io_driver *driver, const struct edge_task *task, bool final)
{
    const struct edge_request *request = &task->exchange->request;
    const struct slice identifier = edge_header(edge_call_headers(&task->call), "X-Request-ID");
    const delib_answer *answer = &task->exchange->answer;
    delib_io_event event = {
        .size = sizeof(event), .function = request->function->name, .logged_url = request->logged_url,
        .http_status = task->call.failed ? 0 : task->call.http_status,
        .duration_ms = task->call.duration_ms, .waited_ms = task->waited_ms, .attempt = task->attempt,
        .reused_connection = task->call.reused_connection, .request_id = request->correlation,
    };
    if (!driver->options.observe)
        return;
    if (final)
        event.code = answer->kind == DELIB_ANSWER_VALUE ? "valeur" : answer->code;
    if (!request->correlation && identifier.length > 0 && identifier.length < 100)
        event.request_id = arena_copy_text(&task->exchange->arena, identifier.bytes, identifier.length);
    if (event.request_id)
        event.request_id = edge_shown(&task->exchange->arena, event.request_id);
    driver->options.observe(driver->options.context, &event);
}

void edge_task_end(delib_io_driver *driver, struct edge_task *task, const char *outcome, const char *detail,
                   long delay_ms)
{
    if (outcome)
        edge_exchange_end(task->exchange, outcome, detail, delay_ms);
    edge_task_tell(driver, task, true);
    edge_task_finish(driver, task);
}

/* Learns from an answer whether the provider is in trouble. */
static void edge_task_judge(delib_io_driver *driver, struct edge_task *task)
{
    const struct catalogue_outcome *outcome = edge_exchange_outcome(task->exchange);
    const delib_io_config *config = driver->config;
    if (!outcome || !outcome->counts_as_down) {
        task->breaker->failures = 0;
        return;
    }
    task->breaker->failures++;
    if (config->breaker_failures > 0 && task->breaker->failures >= config->breaker_failures)
        task->breaker->open_until = edge_now_ms() + config->breaker_pause_s * 1000;
}

/* ------------------------------------------------------------------ trying again */

static int64_t edge_backoff(delib_io_driver *driver, unsigned attempt)
{
    const int64_t base = (int64_t)500 << (attempt - 1);
    driver->jitter = driver->jitter * 6364136223846793005u + 1442695040888963407u;
    return base + (int64_t)((driver->jitter >> 33) % (uint64_t)base);
}

static void edge_task_wait_again(struct edge_task *task, int64_t delay_ms)
{
    edge_call_release(&task->call);
    task->exchange->answered = false;
    task->state = EDGE_WAITING;
    task->since = edge_now_ms();
    task->not_before = task->since + delay_ms;
}

/* In a batch, a call that the quota refused is sent when the server says: it would otherwise be lost for the family. */
static bool edge_task_waits_for_quota(const delib_io_driver *driver, const struct edge_task *task)
{
    return driver->options.patient && !task->call.failed && task->call.http_status == 429
        && task->attempt < EDGE_QUOTA_ATTEMPTS;
}

/* Whether the task goes back to waiting: retries are opt-in, bounded, and never blind. */
static bool edge_task_retries(delib_io_driver *driver, struct edge_task *task, long retry_after_s)
{
    const struct catalogue_outcome *outcome = edge_exchange_outcome(task->exchange);
    int64_t delay;
    if (edge_task_waits_for_quota(driver, task)) {
        edge_task_tell(driver, task, false);
        edge_task_wait_again(task, (retry_after_s > 0 ? retry_after_s : 1) * 1000);
        return true;
    }
    if (!outcome || !outcome->may_retry || task->attempt > driver->config->retries)
        return false;
    delay = edge_backoff(driver, task->attempt);
    if (retry_after_s * 1000 > delay)
        delay = retry_after_s * 1000;
    if (delay > driver->config->total_timeout_ms)
        return false;
    edge_task_tell(driver, task, false);
    edge_task_wait_again(task, delay);
    return true;
}

/* A token that the server no longer takes is asked for again, once. */
static bool edge_task_renews_token(struct edge_task *task)
{
    if (!task->oauth || task->token_renewed || task->call.failed || task->call.http_status != 401)
        return false;
    edge_oauth_forget(task->oauth);
    task->token_renewed = true;
    edge_task_wait_again(task, 0);
    return true;
}

/* ------------------------------------------------------------------ an arrival */

static void edge_task_fault(struct edge_task *task, const struct edge_call *call)
{
    const bool late = call->fault == DELIB_IO_TOTAL_TIMEOUT || call->fault == DELIB_IO_CONNECT_TIMEOUT;
    task->breaker->silences = late && !call->got_bytes ? task->breaker->silences + 1 : 0;
    if (task->breaker->silences >= EDGE_SILENCE)
        edge_exchange_end(task->exchange, "silence", NULL, 0);
    else
        delib_io_exchange_fail(task->exchange, call->fault);
}

/* Reads in `task` the answer that `call` brought, to it or to the task that it follows. */
static void edge_task_read(struct edge_task *task, const struct edge_call *call, const char *obtained)
{
    if (delib_io_exchange_receive(task->exchange, call->http_status, call->header_block, call->header_length,
                                  call->body, call->body_length, obtained) == DELIB_OK)
        return;
    /* Out of memory: an answer all the same, that needs none. */
    edge_answer_init(&task->exchange->answer);
    task->exchange->answer.kind = DELIB_ANSWER_FAILED;
    task->exchange->answer.code = "client_defaillant";
    task->exchange->answer.message = "mémoire épuisée";
    task->exchange->answered = true;
}

/* Facts are kept: a value, or the absence of one. */
static void edge_task_receive(delib_io_driver *driver, struct edge_task *task)
{
    const struct edge_call *call = &task->call;
    char obtained[21];
    task->breaker->silences = 0;
    edge_instant_text(edge_wall_clock(driver), obtained);
    edge_task_read(task, call, obtained);
    if (task->key && (task->exchange->answer.kind == DELIB_ANSWER_VALUE
                      || task->exchange->answer.kind == DELIB_ANSWER_ABSENT))
        edge_cache_add(&driver->cache, task->key, call->http_status,
                       (struct slice){ call->body ? call->body : "", call->body_length }, obtained);
}

/* The answer of a task serves those that follow it: they are answered here, and finished in their turn. */
static void edge_task_spread(const delib_io_driver *driver, const struct edge_task *task)
{
    const delib_answer *answer = &task->exchange->answer;
    for (struct edge_task *other = driver->tasks; other; other = other->following) {
        if (other->leader != task)
            continue;
        other->leader = NULL;
        other->state = EDGE_WAITING;
        if (task->call.failed && strcmp(answer->code, "silence") != 0)
            delib_io_exchange_fail(other->exchange, task->call.fault);
        else if (!answer->obtained)
            edge_exchange_end(other->exchange, answer->code, NULL, 0);
        else
            edge_task_read(other, &task->call, answer->obtained);
    }
}

static void edge_task_arrived(delib_io_driver *driver, struct edge_task *task)
{
    const long retry_after_s = edge_retry_after(edge_call_headers(&task->call));
    if (edge_task_renews_token(task))
        return;
    if (task->call.failed)
        edge_task_fault(task, &task->call);
    else
        edge_task_receive(driver, task);
    edge_task_judge(driver, task);
    if (!task->call.failed && task->call.http_status == 429)
        edge_limiter_block(task->limiters[0], edge_now_ms() + (retry_after_s > 0 ? retry_after_s : 1) * 1000);
    if (edge_task_retries(driver, task, retry_after_s))
        return;
    if (task->key)
        edge_task_spread(driver, task);
    edge_task_tell(driver, task, true);
    edge_task_finish(driver, task);
}

/* The first task that waits for this token, or NULL. */
static struct edge_task *edge_token_waiter(const delib_io_driver *driver, const struct edge_oauth *oauth)
{
    struct edge_task *task = driver->tasks;
    while (task && (task->state != EDGE_TOKEN || task->oauth != oauth))
        task = task->following;
    return task;
}

static void edge_token_failed(delib_io_driver *driver, struct edge_task *task, const struct edge_oauth *oauth,
                              const char *outcome)
{
    if (outcome)
        edge_exchange_end(task->exchange, outcome, NULL, 0);
    else
        edge_task_fault(task, &oauth->call);
    edge_task_judge(driver, task);
    edge_task_tell(driver, task, true);
    edge_task_finish(driver, task);
}

static void edge_token_arrived(delib_io_driver *driver, struct edge_oauth *oauth)
{
    const char *outcome = NULL;
    const bool good = edge_oauth_receive(oauth, edge_now_ms(), &outcome);
    struct edge_task *task = edge_token_waiter(driver, oauth);
    while (task) {
        task->state = EDGE_WAITING;
        if (!good)
            edge_token_failed(driver, task, oauth, outcome);
        task = edge_token_waiter(driver, oauth);
    }
    /* Only now: until here a task that begins to wait must not ask again. */
    oauth->asking = false;
    edge_call_release(&oauth->call);
}

void edge_call_arrived(delib_io_driver *driver, struct edge_call *call)
{
    for (struct edge_oauth *oauth = driver->oauths; oauth; oauth = oauth->following) {
        if (&oauth->call == call) {
            edge_token_arrived(driver, oauth);
            return;
        }
    }
    edge_task_arrived(driver, call->owner);
}

/* ------------------------------------------------------------------ starting */

static bool edge_task_send(delib_io_driver *driver, struct edge_task *task, const char **outcome, const char **detail)
{
    const struct edge_request *request = &task->exchange->request;
    struct edge_secrets secrets;
    bool good = edge_secrets_fetch(&secrets, request, task->oauth, outcome, detail);
    if (good) {
        task->call = (struct edge_call){
            .url = request->url, .headers = request->headers.items, .header_count = request->headers.count,
            .secret_headers = (const char *const *)secrets.headers, .secret_header_count = secrets.count,
            .certificate = request->host->certificate, .key = request->host->key,
            .authorities = request->host->authorities,
            .connect_timeout_ms = driver->config->connect_timeout_ms,
            .total_timeout_ms = driver->config->total_timeout_ms, .body_limit = EDGE_BODY_LIMIT, .owner = task,
        };
        good = edge_http_start(driver->http, &task->call);
        task->call.secret_headers = NULL;       /* libcurl has its copies */
        task->call.secret_header_count = 0;
    }
    edge_secrets_free(&secrets);
    return good;
}

/* Milliseconds until the delay of a retry and both quotas let the task leave. */
static int64_t edge_task_wait(const struct edge_task *task, int64_t now)
{
    int64_t wait = task->not_before - now;
    for (int i = 0; i < 2; i++) {
        const int64_t quota = edge_limiter_wait(task->limiters[i], now);
        wait = quota > wait ? quota : wait;
    }
    return wait;
}

/* What keeps the task from ever leaving: an open circuit, a server that wants too long a pause. NULL: nothing. */
static const char *edge_task_barrier(const delib_io_driver *driver, const struct edge_task *task, int64_t now)
{
    if (task->breaker->open_until > now)
        return "circuit_ouvert";
    if (driver->options.patient)
        return NULL;
    return task->limiters[0]->blocked_until - now > driver->config->total_timeout_ms ? "quota_depasse" : NULL;
}

bool edge_task_try(delib_io_driver *driver, struct edge_task *task, int64_t now, int64_t *wait_ms)
{
    const char *detail = NULL, *outcome = edge_task_barrier(driver, task, now);
    const int64_t wait = edge_task_wait(task, now);
    if (outcome) {
        edge_task_end(driver, task, outcome, NULL, (long)(driver->config->breaker_pause_s * 1000));
        return true;
    }
    if (wait > 0) {
        *wait_ms = wait < *wait_ms ? wait : *wait_ms;
        return false;
    }
    if (task->oauth && !edge_oauth_is_valid(task->oauth, now)) {
        task->state = EDGE_TOKEN;
        if (task->oauth->asking
            || edge_oauth_ask(task->oauth, driver->http, &task->exchange->request, &outcome, &detail))
            return false;
        edge_task_end(driver, task, outcome, detail, 0);
        return true;
    }
    task->waited_ms = (long)(now - task->since);
    task->attempt++;
    edge_limiter_take(task->limiters[0], now);
    edge_limiter_take(task->limiters[1], now);
    task->state = EDGE_RUNNING;
    if (edge_task_send(driver, task, &outcome, &detail))
        return false;
    edge_task_end(driver, task, outcome, detail, 0);
    return true;
}
