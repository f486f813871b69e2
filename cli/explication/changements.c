/*
 * Curves of delib_session_curve() kept, and the greatest difference among them.
 */
#include "changements.h"

#include "cli/calcul/resultat.h"

#include <string.h>

static void keep(struct arena *arena, const char **text)
{
    if (*text)
        *text = arena_copy_text(arena, *text, strlen(*text));
}

static void keep_point(struct arena *arena, delib_point *point)
{
    keep(arena, &point->text);
    keep(arena, &point->distance);
    keep(arena, &point->result.unit);
    keep(arena, &point->result.tariff);
    keep(arena, &point->result.text);
    keep(arena, &point->result.reason);
}

static void keep_segments(struct arena *arena, const delib_session *session, struct change *change)
{
    change->segments = arena_array(arena, delib_segment, change->curve.segment_count);
    for (size_t i = 0; i < change->curve.segment_count; i++) {
        delib_segment *s = &change->segments[i];

        if (delib_session_segment(session, i, s) != DELIB_OK)
            continue;
        keep_point(arena, &s->from);
        keep_point(arena, &s->to);
        keep(arena, &s->unknown);
    }
}

/* How far two amounts are from each other; -1 when one is not an amount. */
static struct number distance(const delib_result *a, const delib_result *b)
{
    struct number x, y, gap;

    if (!result_number(a, &x) || !result_number(b, &y) || !number_sub(x, y, &gap))
        return number_of(-1);
    if (gap.num < 0)
        gap.num = -gap.num;
    return gap;
}

static void weigh(struct changes *changes, const struct change *change, const delib_point *point, struct number *best)
{
    struct number gap = distance(&point->result, &change->curve.here.result);

    if (number_compare(gap, *best) <= 0)
        return;
    *best = gap;
    changes->greatest = (struct greatest){ change, point };
}

/*
 * Each answer, each plateau of an ordered datum, and its nearest changes. An amount that grows with a quantity is not
 * followed to the end of its domain: « 1 000 000 days » says nothing to anybody.
 */
static void weigh_change(struct changes *changes, const struct change *change, struct number *best)
{
    for (size_t i = 0; i < change->curve.segment_count; i++)
        if (change->segments[i].constant)
            weigh(changes, change, &change->segments[i].from, best);
    if (change->curve.below.text)
        weigh(changes, change, &change->curve.below, best);
    if (change->curve.above.text)
        weigh(changes, change, &change->curve.above, best);
}

static void find_greatest(struct changes *changes)
{
    struct number best = number_of(0);

    for (size_t i = 0; i < changes->count; i++)
        weigh_change(changes, &changes->items[i], &best);
}

bool changes_find(struct run *run, delib_session *session, const struct trace *trace, struct changes *out)
{
    *out = (struct changes){ 0 };
    for (size_t i = 0; i < trace->datum_count; i++) {
        delib_curve curve;
        struct change *change;
        delib_status status = delib_session_curve(session, trace->data[i].name, &curve);

        if (status == DELIB_INVALID)
            continue;
        if (status != DELIB_OK)
            return false;
        change = arena_push(&run->arena, out);
        change->curve = curve;
        keep_point(&run->arena, &change->curve.here);
        keep_point(&run->arena, &change->curve.below);
        keep_point(&run->arena, &change->curve.above);
        keep_segments(&run->arena, session, change);
    }
    find_greatest(out);
    return true;
}

bool change_matters(const struct change *change)
{
    for (size_t i = 0; i < change->curve.segment_count; i++)
        if (!change->segments[i].unknown &&
            (!result_same(&change->segments[i].from.result, &change->curve.here.result) ||
             !result_same(&change->segments[i].to.result, &change->curve.here.result)))
            return true;
    return false;
}
