/*
 * The driver: evaluates, has the requests sent that evaluation needs, answers, evaluates again. Many families may be
 * under way at once; requests leave as soon as they are known and as quotas allow (edge_task.c).
 */
#include "edge_driver.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EDGE_POLL_MS 100

int64_t edge_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t edge_wall_clock(const delib_io_driver *driver)
{
    if (driver->options.wall_clock)
        return driver->options.wall_clock(driver->options.context);
    return (int64_t)time(NULL);
}

/* ------------------------------------------------------------------ making and releasing */

delib_status delib_io_driver_new(const delib_io_config *config, const delib_io_driver_options *options,
                                 delib_io_driver **out)
{
    delib_io_driver_options given = DELIB_IO_DRIVER_OPTIONS_INIT;
    delib_io_driver *driver;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!config)
        return DELIB_MISUSE;
    if (options && !options_read(&given, sizeof(given), options))
        return DELIB_MISUSE;
    driver = calloc(1, sizeof(*driver));
    if (!driver)
        return DELIB_NO_MEMORY;
    driver->config = config;
    driver->options = given;
    driver->process = getpid();
    driver->last_finished = &driver->finished;
    driver->jitter = (uint64_t)edge_now_ms() * 2654435761u + 1;
    driver->http = edge_http_new();
    if (!driver->http || !edge_cache_init(&driver->cache, driver->options.cache_entries)) {
        edge_http_free(driver->http);
        free(driver);
        return DELIB_NO_MEMORY;
    }
    *out = driver;
    return DELIB_OK;
}

static void edge_job_free(struct edge_job *job)
{
    free(job->asked.ids);
    free(job);
}

static void edge_jobs_free(struct edge_job *job)
{
    while (job) {
        struct edge_job *next = job->following;
        edge_job_free(job);
        job = next;
    }
}

void delib_io_driver_free(delib_io_driver *driver)
{
    if (!driver || driver->working)
        return;
    while (driver->tasks)
        edge_task_drop(driver, driver->tasks);
    edge_oauth_free(driver->oauths, driver->http);
    edge_http_free(driver->http);
    edge_jobs_free(driver->jobs);
    edge_jobs_free(driver->finished);
    edge_quota_free(&driver->quota);
    edge_cache_free(&driver->cache);
    free(driver);
}

/* ------------------------------------------------------------------ jobs */

/* Requests that the result no longer needs are dropped. */
static void edge_job_drop_tasks(delib_io_driver *driver, const struct edge_job *job)
{
    struct edge_task *task = driver->tasks;
    while (task) {
        struct edge_task *next = task->following;
        if (task->job == job)
            edge_task_drop(driver, task);
        task = next;
    }
}

static void edge_job_finish(delib_io_driver *driver, struct edge_job *job, delib_status status)
{
    struct edge_job **at = &driver->jobs;
    edge_job_drop_tasks(driver, job);
    while (*at != job)
        at = &(*at)->following;
    *at = job->following;
    job->public->status = status;
    job->following = NULL;
    *driver->last_finished = job;
    driver->last_finished = &job->following;
}

static bool edge_job_has_asked(const struct edge_job *job, size_t id)
{
    for (size_t i = 0; i < job->asked.count; i++) {
        if (job->asked.ids[i] == id)
            return true;
    }
    return false;
}

static bool edge_job_note(struct edge_job *job, size_t id)
{
    if (job->asked.count == job->asked.capacity) {
        const size_t capacity = job->asked.capacity ? 2 * job->asked.capacity : 8;
        size_t *grown = realloc(job->asked.ids, capacity * sizeof(*grown));
        if (!grown)
            return false;
        job->asked.ids = grown;
        job->asked.capacity = capacity;
    }
    job->asked.ids[job->asked.count++] = id;
    return true;
}

/* A source that the host added: it answers at once, and the request waits no more. */
static delib_status edge_job_ask_host(const delib_io_driver *driver, const struct edge_job *job,
                                      const delib_request *request)
{
    delib_answer answer;
    delib_status status;
    edge_answer_init(&answer);
    if (!driver->options.answer)
        return DELIB_INVALID;
    status = driver->options.answer(driver->options.context, job->public->demande, request, &answer);
    if (status == DELIB_OK)
        return delib_session_answer(job->public->session, request->id, &answer);
    return status == DELIB_PENDING || (unsigned)status > DELIB_INTERNAL ? DELIB_MISUSE : status;
}

static bool edge_is_ours(const delib_request *request)
{
    return catalogue_find(&catalogue_standard, request->function, strlen(request->function)) != NULL;
}

/* A task for each request that was not asked yet. DELIB_OK: the host answered some, evaluation may go on at once. */
static delib_status edge_job_ask(delib_io_driver *driver, struct edge_job *job)
{
    delib_session *session = job->public->session;
    bool answered = false;
    for (size_t i = 0; i < delib_session_request_count(session);) {
        delib_request request;
        delib_status status = delib_session_request(session, i, &request);
        if (status != DELIB_OK)
            return status;
        if (edge_is_ours(&request) && !job->public->demande)
            return DELIB_MISUSE;                    /* nobody said who the person is */
        if (!edge_is_ours(&request)) {
            status = edge_job_ask_host(driver, job, &request);     /* it leaves the list */
            answered = true;
        } else {
            if (!edge_job_has_asked(job, request.id)) {
                status = edge_job_note(job, request.id) ? edge_task_new(driver, job, &request) : DELIB_NO_MEMORY;
                job->in_flight += status == DELIB_OK;
            }
            i++;
        }
        if (status != DELIB_OK)
            return status;
    }
    if (answered)
        return DELIB_OK;
    return job->in_flight > 0 ? DELIB_PENDING : DELIB_INTERNAL;     /* pending, and nothing to wait for */
}

static void edge_job_evaluate(delib_io_driver *driver, struct edge_job *job)
{
    delib_io_job *public = job->public;
    delib_status status, asked = DELIB_OK;
    do {
        status = delib_evaluate(public->session, public->tariff, &public->result);
        if (status == DELIB_PENDING)
            asked = edge_job_ask(driver, job);
    } while (status == DELIB_PENDING && asked == DELIB_OK);
    if (status != DELIB_PENDING || asked != DELIB_PENDING)
        edge_job_finish(driver, job, status == DELIB_PENDING ? asked : status);
}

void edge_task_finish(delib_io_driver *driver, struct edge_task *task)
{
    struct edge_job *job = task->job;
    const delib_status status = delib_session_answer(job->public->session, task->request_id, &task->exchange->answer);
    edge_task_drop(driver, task);
    job->in_flight--;
    if (status == DELIB_OK)
        edge_job_evaluate(driver, job);
    else
        edge_job_finish(driver, job, status);
}

/* ------------------------------------------------------------------ one turn */

/* Everything that was under way ends as « annulé »: the rule still says what a missing source means. */
static void edge_driver_cancel(delib_io_driver *driver)
{
    while (driver->tasks)
        edge_task_end(driver, driver->tasks, "annule", NULL, 0);
}

static bool edge_driver_is_cancelled(const delib_io_driver *driver)
{
    return driver->options.cancelled && driver->options.cancelled(driver->options.context);
}

/* One pass over the tasks; true when the list changed on the way and must be looked at again. */
static bool edge_driver_start_one(delib_io_driver *driver, int64_t *wait_ms)
{
    const int64_t now = edge_now_ms();
    for (struct edge_task *task = driver->tasks; task; task = task->following) {
        if (task->state != EDGE_WAITING)
            continue;
        if (task->exchange->answered) {         /* known without a call */
            edge_task_end(driver, task, NULL, NULL, 0);
            return true;
        }
        if (edge_task_try(driver, task, now, wait_ms))
            return true;
    }
    return false;
}

static void edge_driver_turn(delib_io_driver *driver)
{
    int64_t wait_ms = EDGE_POLL_MS;
    struct edge_call *call;
    if (edge_driver_is_cancelled(driver)) {
        edge_driver_cancel(driver);
        return;
    }
    while (edge_driver_start_one(driver, &wait_ms))
        continue;
    if (!driver->tasks)
        return;
    edge_http_work(driver->http, (long)wait_ms);
    call = edge_http_done(driver->http);
    while (call) {
        edge_call_arrived(driver, call);
        call = edge_http_done(driver->http);
    }
}

/* ------------------------------------------------------------------ public */

delib_status delib_io_start(delib_io_driver *driver, delib_io_job *public)
{
    struct edge_job *job;
    if (!driver || !public || driver->working || driver->process != getpid())
        return DELIB_MISUSE;
    job = calloc(1, sizeof(*job));
    if (!job)
        return DELIB_NO_MEMORY;
    job->public = public;
    job->following = driver->jobs;
    driver->jobs = job;
    driver->working = true;
    edge_job_evaluate(driver, job);
    driver->working = false;
    return DELIB_OK;
}

delib_io_job *delib_io_next(delib_io_driver *driver)
{
    struct edge_job *job;
    delib_io_job *public;
    if (!driver || driver->working)
        return NULL;
    driver->working = true;
    while (!driver->finished && driver->jobs)
        edge_driver_turn(driver);
    driver->working = false;
    job = driver->finished;
    if (!job)
        return NULL;
    driver->finished = job->following;
    if (!driver->finished)
        driver->last_finished = &driver->finished;
    public = job->public;
    edge_job_free(job);
    return public;
}

delib_status delib_io_evaluate(delib_io_driver *driver, const delib_io_demande *demande, delib_session *session,
                               delib_tariff tariff, delib_result *out)
{
    delib_io_job job = { .demande = demande, .session = session, .tariff = tariff };
    delib_status status;
    if (!driver || !session || !out || driver->jobs || driver->finished)
        return DELIB_MISUSE;
    status = delib_io_start(driver, &job);
    if (status != DELIB_OK)
        return status;
    delib_io_next(driver);
    *out = job.result;
    return job.status;
}
