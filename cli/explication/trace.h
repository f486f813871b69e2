/*
 * A computation kept as it was explained, so that the session can compute something else.
 */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "cli/base/commande.h"

struct trace_step {
    delib_step step;
    delib_step_detail detail;
    delib_row *rows;                     /* detail.row_count */
    size_t *data;                        /* detail.datum_count, ranks in the data of the trace */
};

struct trace_output {
    const char *text;                    /* « 1,20 € par repas » */
    delib_result result;
    const char *label;
};

struct trace {
    delib_result result;
    const char *text;                    /* « 2,64 € par repas » */
    struct trace_step *steps;
    size_t step_count;
    delib_datum *data;
    size_t datum_count;
    struct trace_output *outputs;
    size_t output_count;
    const char **missing, **missing_labels;
    size_t missing_count;
};

/* Copies everything into the arena of the run. False when memory ran out. */
bool trace_copy(struct run *run, delib_session *session, const delib_result *result, struct trace *out);

/* A step that another computation has too (`other`), has otherwise, or does not have (NULL). */
struct trace_difference {
    const struct trace_step *step, *other;
};

/* The steps of either that are not the same in both and change something, in order; `count` of them. */
struct trace_difference *trace_compare(struct arena *arena, const struct trace *before, const struct trace *after,
                                       size_t *count);

#endif
