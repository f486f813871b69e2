/*
 * One exchange, free of any HTTP library: what was asked, and what is answered.
 */
#ifndef SABLE_EXCHANGE_H
#define SABLE_EXCHANGE_H

#include "lang/date.h"
#include "sable_datum.h"
#include "sable_faults.h"

struct parameter {
    struct slice name, value;
};

struct parameters {
    struct parameter *items;
    size_t count, capacity;
};

struct request {
    struct arena *arena;                 /* of this exchange */
    const char *method, *path;
    struct parameters query, headers, form;      /* form: the body, when it is a form */
    bool malformed;                      /* a NUL or invalid UTF-8 somewhere */
    bool has_certificate;                /* the client showed a certificate that the server trusts */
    int64_t now_ms;                      /* since 1970, for quotas and lives of tokens */
    struct date today;
};

enum { ANSWER_HEADERS = 12 };

struct answer {
    unsigned status;
    const char *content_type;
    const struct datum *body;            /* NULL: no body */
    struct { const char *name; struct slice value; } headers[ANSWER_HEADERS];
    size_t header_count;
    const char *route;                   /* what the journal shows: the path without anything personal */
    struct fault_set faults;
    uint64_t flight;                     /* key in the table of requests in flight; 0: none */
};

/* The first value; an empty slice when absent. Header names are compared without case. */
struct slice parameters_get(const struct parameters *parameters, const char *name);
bool parameters_has(const struct parameters *parameters, const char *name);
struct slice headers_get(const struct parameters *headers, const char *name);
/* "Authorization: Bearer xyz" → "xyz"; empty when it is anything else. */
struct slice request_bearer(const struct request *request);
void answer_header(struct answer *answer, const char *name, struct slice value);
void answer_header_integer(struct arena *arena, struct answer *answer, const char *name, long long value);
/* An error body of API Particulier, with the status of its first code. */
void answer_errors(struct arena *arena, struct answer *answer, const char *const *codes, size_t count);
void answer_error(struct arena *arena, struct answer *answer, const char *code);

#endif
