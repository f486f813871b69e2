/*
 * What the two halves of the driver share: jobs (edge_driver.c) and tasks (edge_task.c).
 *
 * A job is one family and one tariff. A task is one request of a job: it waits (for a quota, a token, a delay), runs,
 * then answers the session of its job, which is evaluated again at once.
 */
#ifndef EDGE_DRIVER_H
#define EDGE_DRIVER_H

#include "edge_cache.h"
#include "edge_credential.h"
#include "edge_exchange.h"
#include "edge_http.h"
#include "edge_quota.h"

#include <sys/types.h>

struct edge_job {
    delib_io_job *public;
    size_t in_flight;
    struct { size_t *ids; size_t count, capacity; } asked;
    struct edge_job *following;
};

/* EDGE_FOLLOWING: another task asks the same; its answer will serve. */
enum edge_task_state { EDGE_WAITING, EDGE_TOKEN, EDGE_RUNNING, EDGE_FOLLOWING };

struct edge_task {
    struct edge_job *job;
    size_t request_id;
    delib_io_exchange *exchange;
    struct edge_call call;
    struct edge_breaker *breaker;           /* borrowed from the driver, as the three that follow */
    struct edge_limiter *limiters[2];       /* of the credential, of the host */
    struct edge_oauth *oauth;               /* NULL unless the request needs one */
    const char *key;                        /* URL and credential; NULL: never shared */
    uint64_t hash;
    struct edge_task *leader;               /* EDGE_FOLLOWING: whom */
    enum edge_task_state state;
    int64_t not_before, since;              /* since: when it began to wait */
    long waited_ms;
    unsigned attempt;                       /* 0: nothing was sent */
    bool token_renewed;
    struct edge_task *previous, *following;
};

struct delib_io_driver {
    const delib_io_config *config;
    delib_io_driver_options options;
    struct edge_http *http;
    struct edge_quota quota;
    struct edge_oauth *oauths;
    struct edge_cache cache;
    struct edge_task *tasks, *last_task;    /* oldest first */
    struct edge_job *jobs;                  /* under way */
    struct edge_job *finished, **last_finished;
    uint64_t jitter;                        /* state of a small generator */
    bool working;                           /* a call is under way: one from a callback of the host is refused */
    pid_t process;                          /* that made it: connections are not shared with a child of fork() */
};

/* ---- edge_driver.c */
int64_t edge_now_ms(void);
int64_t edge_wall_clock(const delib_io_driver *driver);
/* The exchange of a task is answered: gives the answer to the session, releases the task, evaluates again. */
void edge_task_finish(delib_io_driver *driver, struct edge_task *task);

/* ---- edge_task.c */
/* A task for one request, added at the end of the list. Its exchange may be answered at once. */
delib_status edge_task_new(delib_io_driver *driver, struct edge_job *job, const delib_request *request);
/* Takes the task off the list, stops its call if it runs, releases it. */
void edge_task_drop(delib_io_driver *driver, struct edge_task *task);
/* Ends it with an outcome of ours; NULL: its exchange is answered already. */
void edge_task_end(delib_io_driver *driver, struct edge_task *task, const char *outcome, const char *detail,
                   long delay_ms);
/* Starts it if it may, else lowers *wait_ms to when it may. True: the list of tasks changed. */
bool edge_task_try(delib_io_driver *driver, struct edge_task *task, int64_t now, int64_t *wait_ms);
/* A call is done: of a task, or for a token. */
void edge_call_arrived(delib_io_driver *driver, struct edge_call *call);

#endif
