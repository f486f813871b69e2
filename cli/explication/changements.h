/*
 * What would change the result: for each datum that was read, the curve of the result when it alone moves.
 */
#ifndef CLI_CHANGEMENTS_H
#define CLI_CHANGEMENTS_H

#include "trace.h"

struct change {
    delib_curve curve;
    delib_segment *segments;             /* curve.segment_count */
};

/* The value of one datum that moves the amount most. */
struct greatest {
    const struct change *change;         /* NULL: nothing moves it */
    const delib_point *point;
};

struct changes {
    struct change *items;                /* one per datum of the trace whose values can be listed */
    size_t count, capacity;
    struct greatest greatest;
};

/* After the evaluation that `trace` keeps. Copied into the arena of the run. False when memory ran out. */
bool changes_find(struct run *run, delib_session *session, const struct trace *trace, struct changes *out);
/* Is there another value with another result? False as well when that is not known. */
bool change_matters(const struct change *change);

#endif
