/*
 * HTTP calls in parallel, over libcurl: what is sent, what came back. Knows nothing of the APIs.
 */
#ifndef EDGE_HTTP_H
#define EDGE_HTTP_H

#include "edge_base.h"

struct edge_http;

/* One call. The caller fills the first part, borrowed until the call is done, and reads the second. */
struct edge_call {
    const char *url;
    const char *const *headers;             /* "Name: value" */
    size_t header_count;
    const char *const *secret_headers;      /* the same; wiped by their owner */
    size_t secret_header_count;
    const char *form;                       /* body of a POST; NULL: GET */
    const char *user_password;              /* Basic authentication; NULL */
    const char *certificate, *key, *authorities;
    long connect_timeout_ms, total_timeout_ms;
    size_t body_limit;
    void *owner;

    bool failed;                            /* `fault` says how; otherwise `http_status` */
    delib_io_fault fault;
    int http_status;
    char *header_block, *body;              /* owned by the call until edge_call_release() */
    size_t header_length, body_length;
    long duration_ms;
    bool reused_connection, got_bytes;
    void *handle;                           /* libcurl's, and what it needs */
    void *list;
};

/* NULL when memory or libcurl fails. */
struct edge_http *edge_http_new(void);
void edge_http_free(struct edge_http *http);
/* Starts; false when the client could not (memory): the call is then failed with DELIB_IO_LOCAL. */
bool edge_http_start(struct edge_http *http, struct edge_call *call);
/* Works for at most `timeout_ms` or until something happens. */
void edge_http_work(struct edge_http *http, long timeout_ms);
/* The next call that is done, or NULL. */
struct edge_call *edge_http_done(struct edge_http *http);
/* Drops a call that is under way. */
void edge_http_cancel(struct edge_http *http, struct edge_call *call);
void edge_call_release(struct edge_call *call);

#endif
