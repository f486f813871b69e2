/*
 * From an HTTP answer to what the core may know: a value, an absence, a refusal or a failure. Any bytes are accepted.
 */
#ifndef EDGE_DECODE_H
#define EDGE_DECODE_H

#include "edge_demande.h"
#include "edge_outcome.h"

/* Largest body that is read, decompressed. */
#define EDGE_BODY_LIMIT ((size_t)1 << 20)

struct edge_decoder {
    struct arena *arena;                    /* of the answer */
    const struct catalogue_function *function;
    const char *person;                     /* subject of the request; NULL */
    const struct edge_subject *subject;     /* to compare with the holder; NULL: not compared */
    const delib_value *scopes;              /* granted, as configured; NULL: unknown */
    struct date today;                      /* year 0: unknown, rights that end are not judged */
    int year;                               /* asked; 0: none */
    const char *obtained;                   /* ISO 8601 or NULL */
};

void edge_decode(const struct edge_decoder *decoder, int http_status, struct slice body, delib_answer *out);
/* The value of a header in a raw block, without spaces around; empty when it is not there. */
struct slice edge_header(struct slice headers, const char *name);
/* Seconds asked by Retry-After (a number; a date counts as a minute), or -1. */
long edge_retry_after(struct slice headers);

#endif
