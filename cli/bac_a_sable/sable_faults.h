/*
 * Faults: the rules of --panne and of the fixtures, and what they do to an answer. How a fault of the connection is
 * carried out (reset, silence, streams) is left to sable_http.c.
 */
#ifndef SABLE_FAULTS_H
#define SABLE_FAULTS_H

#include "sable_datum.h"

#include <pthread.h>

enum fault_kind {
    FAULT_NONE,
#define FAULT(kind, name, value, meaning) FAULT_##kind,
#include "sable_faults.def"
#undef FAULT
};

struct fault {
    enum fault_kind kind;
    long value;
    struct slice code;                   /* FAULT_STATUS: the error code, when the rule names it */
    long times, after;                   /* requests that it hits (0: all), after that many it spares */
};

/* What a request meets: the delays of all its rules added up, and the last of the others. */
struct fault_set {
    long delay_ms;
    struct fault fault;
};

enum { FAULT_RULES = 64 };

struct fault_rule {
    struct slice target;                 /* "*", a product, or "product/modality" */
    struct fault fault;
    long seen;                           /* requests that this rule has met */
};

struct faults {
    pthread_mutex_t lock;
    struct fault_rule rules[FAULT_RULES];
    size_t count;
};

/* "statut=502,code=35008": one fault, without target. The text is borrowed. */
bool fault_parse(struct slice text, struct fault *out);
/* "quotient_familial:statut=502,fois=1". On failure, *error is a French sentence. */
bool faults_add(struct faults *faults, const char *rule, const char **error);
/* The faults that a request for this product meets; `of_person` (may be empty) is the `panne` of the fixture. */
void faults_meet(struct faults *faults, struct slice product, struct slice modality, struct slice of_person,
                 struct fault_set *out);

/* The body as the fault leaves it; for the other kinds of fault, the body as it is. */
struct slice fault_body(struct arena *arena, const struct fault *fault, const struct datum *body);

/* Name and meaning of the nth fault, for --aide; false past the last. */
bool fault_describe(size_t index, const char **name, const char **meaning);

#endif
