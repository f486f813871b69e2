/*
 * Copies of what a session says of its last evaluation; and two of them compared.
 */
#include "trace.h"

#include "cli/calcul/resultat.h"

#include <string.h>

static void keep(struct arena *arena, const char **text)
{
    if (*text)
        *text = arena_copy_text(arena, *text, strlen(*text));
}

static void keep_result(struct arena *arena, delib_result *result)
{
    keep(arena, &result->unit);
    keep(arena, &result->tariff);
    keep(arena, &result->text);
    keep(arena, &result->reason);
}

static void keep_row(struct arena *arena, delib_row *row)
{
    keep(arena, &row->key);
    keep(arena, &row->value);
    keep(arena, &row->title);
    keep(arena, &row->low);
    keep(arena, &row->high);
}

static delib_status copy_step(struct arena *arena, delib_session *session, size_t index, struct trace_step *out)
{
    delib_status status = delib_session_step(session, index, &out->step);

    if (status == DELIB_OK)
        status = delib_session_step_detail(session, index, &out->detail);
    if (status != DELIB_OK)
        return status;
    keep(arena, &out->step.text);
    keep(arena, &out->step.article);
    keep(arena, &out->step.quote);
    keep(arena, &out->step.amount);
    keep(arena, &out->detail.sentence);
    keep(arena, &out->detail.before);
    keep(arena, &out->detail.calculation);
    keep(arena, &out->detail.rule);
    out->rows = arena_array(arena, delib_row, out->detail.row_count);
    for (size_t i = 0; status == DELIB_OK && out->rows && i < out->detail.row_count; i++) {
        status = delib_session_step_row(session, index, i, &out->rows[i]);
        if (status == DELIB_OK)
            keep_row(arena, &out->rows[i]);
    }
    out->data = arena_array(arena, size_t, out->detail.datum_count);
    for (size_t i = 0; status == DELIB_OK && out->data && i < out->detail.datum_count; i++)
        status = delib_session_step_datum(session, index, i, &out->data[i]);
    return status;
}

static delib_status copy_datum(struct arena *arena, const delib_session *session, size_t index, delib_datum *out)
{
    delib_status status = delib_session_datum(session, index, out);

    if (status != DELIB_OK)
        return status;
    keep(arena, &out->value);
    keep(arena, &out->origin);
    keep(arena, &out->period);
    keep(arena, &out->obtained);
    return status;
}

static delib_status copy_output(struct arena *arena, const delib_session *session, size_t index,
                                struct trace_output *out)
{
    delib_status status = delib_session_output(session, index, &out->result, &out->label);

    if (status != DELIB_OK)
        return status;
    keep_result(arena, &out->result);
    out->text = result_text(arena, &out->result);
    return status;
}

bool trace_copy(struct run *run, delib_session *session, const delib_result *result, struct trace *out)
{
    struct arena *arena = &run->arena;
    delib_status status = DELIB_OK;

    *out = (struct trace){ .result = *result,
                           .step_count = delib_session_step_count(session),
                           .datum_count = delib_session_datum_count(session),
                           .output_count = delib_session_output_count(session),
                           .missing_count = delib_session_missing_count(session) };
    keep_result(arena, &out->result);
    out->text = result_text(arena, result);
    out->steps = arena_array(arena, struct trace_step, out->step_count);
    out->data = arena_array(arena, delib_datum, out->datum_count);
    out->outputs = arena_array(arena, struct trace_output, out->output_count);
    out->missing = arena_array(arena, const char *, out->missing_count);
    out->missing_labels = arena_array(arena, const char *, out->missing_count);
    for (size_t i = 0; status == DELIB_OK && i < out->step_count; i++)
        status = copy_step(arena, session, i, &out->steps[i]);
    for (size_t i = 0; status == DELIB_OK && i < out->datum_count; i++)
        status = copy_datum(arena, session, i, &out->data[i]);
    for (size_t i = 0; status == DELIB_OK && i < out->output_count; i++)
        status = copy_output(arena, session, i, &out->outputs[i]);
    for (size_t i = 0; i < out->missing_count; i++) {
        out->missing[i] = delib_session_missing(session, i);
        out->missing_labels[i] = delib_session_missing_label(session, i);
    }
    return status == DELIB_OK;
}

/* ---- Comparison ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The same rule, for the same element of a list. */
static bool same_rule(const struct trace_step *a, const struct trace_step *b)
{
    return a->detail.line == b->detail.line && a->detail.element == b->detail.element &&
           same_text(a->detail.file, b->detail.file) && same_text(a->step.kind, b->step.kind) &&
           same_text(a->detail.tariff, b->detail.tariff);
}

static const struct trace_step *find_rule(const struct trace *trace, const struct trace_step *step)
{
    for (size_t i = 0; i < trace->step_count; i++)
        if (same_rule(&trace->steps[i], step))
            return &trace->steps[i];
    return NULL;
}

/* A step that changes nothing is worth telling only beside one that does. */
static void add_difference(struct trace_difference *list, size_t *count, const struct trace_step *step,
                           const struct trace_step *other)
{
    if ((step && step->detail.effect) || (other && other->detail.effect))
        list[(*count)++] = (struct trace_difference){ step, other };
}

struct trace_difference *trace_compare(struct arena *arena, const struct trace *before, const struct trace *after,
                                       size_t *count)
{
    struct trace_difference *list = arena_array(arena, struct trace_difference, before->step_count + after->step_count);

    *count = 0;
    for (size_t i = 0; i < before->step_count; i++) {
        const struct trace_step *step = &before->steps[i], *other = find_rule(after, step);

        if (!other || !same_text(step->detail.sentence, other->detail.sentence))
            add_difference(list, count, step, other);
    }
    for (size_t i = 0; i < after->step_count; i++)
        if (!find_rule(before, &after->steps[i]))
            add_difference(list, count, NULL, &after->steps[i]);
    return list;
}
