/*
 * What an evaluation may still read, given what a session knows, and in which situations: the walk of the nodes that
 * evaluate.c would visit, every branch that the session does not decide being followed under its guard.
 */
#ifndef RUNTIME_REACH_H
#define RUNTIME_REACH_H

#include "guard.h"
#include "session.h"

struct reach_read {
    bool reached;
    size_t order;                        /* of the first reading, from 0 */
    struct guard when;
    const struct expr *at;               /* where it is first read; NULL: it chooses the tariff or its version */
    const char *finalite;                /* of the tariff that reads it; NULL */
};

struct reach {
    struct guards guards;
    struct reach_read *data;             /* per datum, then one for the date of the service */
    size_t count;                        /* readings so far */
};

/*
 * What the tariff may read; with `outputs`, its other results too, or only `output` when it is not NULL. What the last
 * evaluation of the session told is forgotten, its requests excepted.
 */
void reach_tariff(struct delib_session *s, size_t tariff, const struct symbol *output, enum exploring what,
                  bool outputs, struct reach *out);

#endif
