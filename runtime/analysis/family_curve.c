/*
 * « At which quotient does the price change »: what a tariff just computed becomes when one datum runs through its
 * whole domain, everything else staying as it was for this family. The walk of regions.h gives the pieces, exactly;
 * the engine, in a session of its own, gives every amount that is shown.
 */
#include "regions.h"

#include "runtime/session.h"

#include <string.h>

enum {
    SCAN_MAX = 20000,                  /* values tried one by one where the walk does not know … */
    SCAN_NEAR = 8000,                  /* … or as many on each side of the family, when there are more */
    SPLIT_MIN = 64                     /* a formula with no known direction is tried value by value below this size */
};

/* A run of values where the result is one, or moves one way only. */
struct piece {
    int64_t lo, hi;
    const char *unknown;               /* French: why nothing is known there; NULL */
    bool may_try;                      /* … but the engine would say it, value by value */
    const struct formula *formula;     /* of a piece that may vary; NULL */
    bool constant;
};

/* What is known of a datum. A partial date is known to the engine, not to the walk. */
enum known { KNOWN, PARTLY_KNOWN, UNKNOWN };

struct tracer {
    struct delib_session *session, *shadow;
    const struct symbol *datum;
    struct arena *arena;               /* released at the end */
    struct axes axes;
    struct region_target target;
    struct formula_pool *pool;
    struct box box;                    /* the family's, whose axis is narrowed as needed */
    enum known *known;                 /* per datum */
    size_t axis;
    int64_t here;
    struct { struct piece *items; size_t count, capacity; } pieces;
    size_t scanned;
    delib_curve *out;
    delib_status status;
};

/* ------------------------------------------------------------------ the family, as it was */

static const struct used_datum *find_used(const struct delib_session *s, const struct symbol *datum)
{
    for (size_t i = 0; i < s->data_used.count; i++)
        if (s->data_used.items[i].datum == datum)
            return &s->data_used.items[i];
    return NULL;
}

/* What was read keeps its value; what was not is what the host gave, or its default; DATUM_UNSET: nobody knows. */
static struct datum_value family_value(const struct delib_session *s, const struct symbol *datum)
{
    const struct value *seen = &s->seen[datum->index];
    const struct datum_value *given = &s->values[datum->index];

    if (s->supposed && s->supposed[datum->index].state != DATUM_UNSET)
        return s->supposed[datum->index];
    if (s->used[datum->index]) {
        if (seen->state == VALUE_OK)
            return (struct datum_value){ .state = DATUM_SET, .num = seen->num, .d = seen->d, .ref = seen->ref };
        if (seen->state == VALUE_ABSENT)
            return (struct datum_value){ .state = DATUM_NULL, .d = 1 };
        if (seen->state == VALUE_FAILED || seen->state == VALUE_REFUSED)
            return (struct datum_value){ .state = DATUM_FAILED, .d = 1 };
    }
    if (datum->kind == SYMBOL_SOURCE && s->ask_sources)
        return (struct datum_value){ .state = DATUM_UNSET };
    if (given->state == DATUM_UNSET && datum->kind == SYMBOL_INPUT && s->program->defaults[datum->index]) {
        const struct facts *fixed = s->program->defaults[datum->index]->expr->facts;
        int128 scale = datum->type->kind == TYPE_NUMBER ? datum->facts.den / fixed->den : 1;

        return (struct datum_value){ .state = DATUM_SET, .num = fixed->lo * scale, .d = 1 };
    }
    if (given->state == DATUM_UNSET && datum->decl->clauses.optional)
        return (struct datum_value){ .state = DATUM_NULL, .d = 1 };
    return *given;
}

static void bind(struct tracer *t, size_t i)
{
    const struct symbol *datum = t->session->program->model.data.items[i];
    struct datum_value v = family_value(t->session, datum);
    struct binding *b = &t->target.bindings[i];

    t->shadow->values[i] = v;
    if (i == t->axis)
        return;
    if (v.state == DATUM_NULL)
        b->kind = BINDING_ABSENT;
    else if (v.state == DATUM_FAILED)
        b->kind = BINDING_FAILED;
    else if (v.state == DATUM_SET && v.d == 1)
        *b = (struct binding){ .kind = BINDING_FIXED, .fixed = (int64_t)v.num, .ref = v.ref };
    else
        t->known[i] = v.state == DATUM_SET ? PARTLY_KNOWN : UNKNOWN;
}

static void bind_family(struct tracer *t)
{
    const struct delib_session *s = t->session;

    t->axes = axes_of_program(t->arena, s->program, (struct date){ 0 }, (struct date){ 0 }, false);
    t->target = target_of_program(t->arena, s->program, s->asked_tariff);
    t->target.output = s->asked_output;
    t->known = arena_array(t->arena, enum known, s->program->model.data.count);
    t->shadow->date = s->date;
    t->shadow->today = s->today;
    for (size_t i = 0; i < s->program->model.data.count; i++)
        bind(t, i);
    t->box = box_new(t->arena, &t->axes);
}

/* ------------------------------------------------------------------ what the engine says of one value */

static delib_tariff handle_of(const struct delib_session *s)
{
    for (size_t i = 0; s->asked_output && i < s->program->output_count; i++)
        if (s->program->outputs[i].symbol == s->asked_output)
            return (delib_tariff)(s->program->tariff_count + 1 + i);
    return (delib_tariff)s->asked_tariff;
}

/* The texts of the result are those of the shadow session, until its next evaluation. */
static delib_result result_at(struct tracer *t, int64_t n)
{
    delib_result result = { .statut = DELIB_DONNEE_INVALIDE };
    delib_status status;

    t->shadow->values[t->axis] = (struct datum_value){ .state = DATUM_SET, .num = n, .d = 1 };
    status = delib_evaluate(t->shadow, handle_of(t->session), &result);
    if (status != DELIB_OK)
        t->status = status;
    return result;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_result(const delib_result *a, const delib_result *b)
{
    if (a->statut != b->statut)
        return false;
    if (a->statut != DELIB_CALCULE || a->text)
        return same_text(a->text, b->text) && (a->text || same_text(a->reason, b->reason));
    return a->units == b->units && a->scale == b->scale && same_text(a->unit, b->unit);
}

static void keep(struct delib_session *s, const char **text)
{
    if (*text)
        *text = arena_copy_text(&s->curve.arena, *text, strlen(*text));
}

static void keep_result(struct delib_session *s, delib_result *result)
{
    keep(s, &result->unit);
    keep(s, &result->text);
    keep(s, &result->reason);
}

static delib_result kept_result_at(struct tracer *t, int64_t n)
{
    delib_result result = result_at(t, n);

    keep_result(t->session, &result);
    return result;
}

/* ------------------------------------------------------------------ pieces */

static void add_piece(struct tracer *t, struct piece piece)
{
    *(struct piece *)arena_push(t->arena, &t->pieces) = piece;
}

/* Value by value, where the walk says nothing; the caller saw to the number of values. */
static void scan(struct tracer *t, int64_t lo, int64_t hi)
{
    for (int64_t n = lo; n <= hi; n++)
        add_piece(t, (struct piece){ .lo = n, .hi = n, .constant = true });
    t->scanned += (size_t)(hi - lo) + 1;
}

static bool may_scan(const struct tracer *t, int64_t lo, int64_t hi)
{
    return (uint64_t)hi - (uint64_t)lo < SCAN_MAX - t->scanned;
}

static enum direction direction_on(struct tracer *t, const struct formula *f, int64_t lo, int64_t hi)
{
    t->box.items[t->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = lo, .hi = hi };
    return formula_direction(t->pool, f, &t->box, t->axis);
}

static void add_formula(struct tracer *t, const struct formula *f, int64_t lo, int64_t hi)
{
    enum direction direction = lo == hi ? DIRECTION_CONSTANT : direction_on(t, f, lo, hi);
    int64_t middle = lo + (hi - lo) / 2;

    if (direction != DIRECTION_UNKNOWN) {
        add_piece(t, (struct piece){ .lo = lo, .hi = hi, .formula = f, .constant = direction == DIRECTION_CONSTANT });
    } else if (hi - lo < SPLIT_MIN && may_scan(t, lo, hi)) {
        scan(t, lo, hi);
    } else if (hi - lo < SPLIT_MIN) {
        add_piece(t, (struct piece){ .lo = lo, .hi = hi, .unknown = "le sens de variation n'est pas démontré" });
    } else {
        add_formula(t, f, lo, middle);
        add_formula(t, f, middle + 1, hi);
    }
}

/* What is known of the data that this region depends on, the least known of them. */
static enum known known_of(const struct tracer *t, const struct box *box)
{
    enum known least = KNOWN;

    for (size_t i = 0; i < t->session->program->model.data.count; i++)
        if (box->items[i].read && t->known[i] > least)
            least = t->known[i];
    return least;
}

/* What the walk does not decide, the engine does, for this family, its lists included: all of it, or around the
 * family. */
static void scan_or_tell(struct tracer *t, int64_t lo, int64_t hi, const char *why)
{
    int64_t first = t->here - SCAN_NEAR > lo ? t->here - SCAN_NEAR : lo;
    int64_t last = t->here + SCAN_NEAR < hi ? t->here + SCAN_NEAR : hi;

    if (may_scan(t, lo, hi)) {
        scan(t, lo, hi);
        return;
    }
    if (t->here < lo || t->here > hi || !may_scan(t, first, last)) {
        add_piece(t, (struct piece){ .lo = lo, .hi = hi, .unknown = why });
        return;
    }
    if (lo < first)
        add_piece(t, (struct piece){ .lo = lo, .hi = first - 1, .unknown = why });
    scan(t, first, last);
    if (last < hi)
        add_piece(t, (struct piece){ .lo = last + 1, .hi = hi, .unknown = why });
}

static bool visit(void *context, const struct region *region)
{
    struct tracer *t = context;
    const struct region_outcome *outcome = &region->outcomes[0];
    enum known known = known_of(t, region->box);
    int64_t lo = region->box->items[t->axis].lo, hi = region->box->items[t->axis].hi;

    if (known == UNKNOWN)
        add_piece(t, (struct piece){ .lo = lo, .hi = hi,
                                     .unknown = "le résultat dépendrait d'une donnée qui n'a pas été demandée" });
    else if (known == PARTLY_KNOWN || outcome->why)
        add_piece(t, (struct piece){ .lo = lo, .hi = hi, .may_try = true,
                                     .unknown = outcome->why ? outcome->why : "une date n'est connue qu'en partie" });
    else if (outcome->statut == DELIB_CALCULE)
        add_formula(t, outcome->formula, lo, hi);
    else
        add_piece(t, (struct piece){ .lo = lo, .hi = hi, .constant = true });
    return true;
}

/* Regions that differ by a datum that is not known stand on the same values: they are one, not known. */
static void join_unknown(struct tracer *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->pieces.count; i++) {
        struct piece *piece = &t->pieces.items[i], *last = kept ? &t->pieces.items[kept - 1] : NULL;

        if (!last || piece->lo > last->hi + (last->unknown && piece->unknown == last->unknown)) {
            t->pieces.items[kept++] = *piece;
            continue;
        }
        last->hi = piece->hi > last->hi ? piece->hi : last->hi;
        last->may_try = last->may_try && piece->may_try;
    }
    t->pieces.count = kept;
}

/* What the walk does not know is tried, as far as may be. */
static void try_unknown(struct tracer *t)
{
    struct piece *found = t->pieces.items;
    size_t count = t->pieces.count;

    t->pieces.items = NULL;
    t->pieces.count = t->pieces.capacity = 0;
    for (size_t i = 0; i < count; i++)
        if (found[i].may_try)
            scan_or_tell(t, found[i].lo, found[i].hi, found[i].unknown);
        else
            add_piece(t, found[i]);
}

/* Regions come axis by axis: nearly in order, insertion is enough. */
static void sort_pieces(struct tracer *t)
{
    for (size_t i = 1; i < t->pieces.count; i++) {
        struct piece moved = t->pieces.items[i];
        size_t j = i;

        for (; j > 0 && moved.lo < t->pieces.items[j - 1].lo; j--)
            t->pieces.items[j] = t->pieces.items[j - 1];
        t->pieces.items[j] = moved;
    }
}

static void find_pieces(struct tracer *t)
{
    struct region_budget budget = { REGION_BUDGET_USUAL };
    struct regions_options options = { .date = t->session->date, .today = t->session->today };
    const struct axis *axis = &t->axes.items[t->axis];
    struct box start = box_new(t->arena, &t->axes);
    struct regions *regions;

    start.items[t->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = axis->lo,
                                                   .hi = axis->hi };
    regions = regions_new(t->arena, &t->axes, &t->target, 1, &options);
    t->pool = regions_formulas(regions);
    regions_walk(regions, &start, &budget, visit, t);
    sort_pieces(t);
    join_unknown(t);
    try_unknown(t);
}

/* ------------------------------------------------------------------ segments, as the host sees them */

static bool is_ordered(const struct symbol *datum)
{
    return datum->type->kind == TYPE_NUMBER || datum->type->kind == TYPE_DATE;
}

static const char *value_text(struct tracer *t, int64_t n)
{
    struct strbuf text = strbuf_in(&t->session->curve.arena);
    struct value value = { .state = VALUE_OK, .num = n, .d = 1 };

    strbuf_value(&text, &t->session->program->model, t->datum->type, &value, t->datum->facts.den);
    return text.bytes;
}

static unsigned scale_of(const struct symbol *datum)
{
    unsigned scale = 0;

    for (int128 den = datum->type->kind == TYPE_NUMBER ? datum->facts.den : 1; den >= 10 && den % 10 == 0; den /= 10)
        scale++;
    return scale;
}

static delib_point point_at(struct tracer *t, int64_t n)
{
    return (delib_point){
        .text = value_text(t, n), .units = n, .scale = scale_of(t->datum), .result = kept_result_at(t, n)};
}

/* « 173 € », « 12 jours » */
static const char *distance_text(struct tracer *t, int64_t a, int64_t b)
{
    int64_t gap = a < b ? b - a : a - b;
    struct strbuf text = strbuf_in(&t->session->curve.arena);

    if (!is_ordered(t->datum))
        return NULL;
    if (t->datum->type->kind != TYPE_DATE)
        return value_text(t, gap);
    strbuf_format(&text, "%lld jour%s", (long long)gap, gap > 1 ? "s" : "");
    return text.bytes;
}

/* Both ends, then what lies between: neighbours with one same constant result are one segment. */
static void add_segment(struct tracer *t, const struct piece *piece, int64_t here)
{
    struct delib_session *s = t->session;
    delib_segment *last = s->curve.count ? &s->curve.items[s->curve.count - 1] : NULL;
    delib_segment segment = { .from = point_at(t, piece->lo) };

    segment.to = piece->lo == piece->hi ? segment.from : point_at(t, piece->hi);
    segment.unknown = piece->unknown;
    segment.constant = !piece->unknown && (piece->constant || same_result(&segment.from.result, &segment.to.result));
    if (piece->unknown)
        segment.from.result = segment.to.result = (delib_result){ .statut = DELIB_A_COMPLETER, .unit = "",
                                                                  .reason = piece->unknown };
    if (last && last->constant && segment.constant && is_ordered(t->datum) &&
        same_result(&last->from.result, &segment.from.result)) {
        last->to = segment.to;
    } else {
        last = arena_push(&s->curve.arena, &s->curve);
        *last = segment;
    }
    last->current = last->current || (piece->lo <= here && here <= piece->hi);
}

/* yes and no, the members of an enumeration: one segment each. */
static void add_values(struct tracer *t, const struct piece *piece, int64_t here)
{
    for (int64_t n = piece->lo; n <= piece->hi; n++)
        add_segment(t, &(struct piece){ .lo = n, .hi = n, .unknown = piece->unknown, .constant = true }, here);
}

/* ------------------------------------------------------------------ the nearest change on each side */

/* The first value from `near` to `far` (either way) whose result is another, on a run that moves one way; INT64_MIN:
 * none. */
static int64_t first_other(struct tracer *t, const delib_result *base, int64_t near, int64_t far)
{
    delib_result result = result_at(t, near);

    if (!same_result(&result, base))
        return near;
    result = result_at(t, far);
    if (same_result(&result, base))
        return INT64_MIN;
    while (near < far ? far - near > 1 : near - far > 1) {
        int64_t middle = near + (far - near) / 2;

        result = result_at(t, middle);
        if (same_result(&result, base))
            near = middle;
        else
            far = middle;
    }
    return far;
}

static delib_point change_at(struct tracer *t, int64_t here, int64_t n)
{
    delib_point point = point_at(t, n);

    point.distance = distance_text(t, here, n);
    return point;
}

/* `step` 1: above; -1: below. A stretch that is not known hides what is beyond it. */
static void find_change(struct tracer *t, const delib_result *base, int64_t here, int step, delib_point *out)
{
    struct delib_session *s = t->session;
    size_t i = 0;

    while (i < s->curve.count && !s->curve.items[i].current)
        i++;
    for (; i < s->curve.count; i += (size_t)step) {
        const delib_segment *segment = &s->curve.items[i];
        int64_t near = step > 0 ? segment->from.units : segment->to.units;
        int64_t far = step > 0 ? segment->to.units : segment->from.units, found;

        if (segment->unknown)
            return;
        if (segment->current && here == far)
            continue;
        found = first_other(t, base, segment->current ? here + step : near, far);
        if (found != INT64_MIN) {
            *out = change_at(t, here, found);
            return;
        }
    }
}

/* ------------------------------------------------------------------ the call */

static void fill_curve(struct tracer *t)
{
    struct delib_session *s = t->session;
    int64_t here = t->here;
    delib_result base;

    for (size_t i = 0; i < t->pieces.count && t->status == DELIB_OK; i++)
        (is_ordered(t->datum) ? add_segment : add_values)(t, &t->pieces.items[i], here);
    t->out->name = s->program->data_names[t->axis];
    t->out->label = s->program->data_labels[t->axis];
    t->out->ordered = is_ordered(t->datum);
    t->out->segment_count = s->curve.count;
    t->out->proven = 1;
    for (size_t i = 0; i < s->curve.count; i++)
        t->out->proven = t->out->proven && !s->curve.items[i].unknown;
    t->out->here = point_at(t, here);
    base = t->out->here.result;
    if (is_ordered(t->datum)) {
        find_change(t, &base, here, -1, &t->out->below);
        find_change(t, &base, here, 1, &t->out->above);
    }
}

static bool trace_curve(void *context)
{
    struct tracer *t = context;

    t->axis = t->datum->index;
    t->here = (int64_t)t->session->seen[t->axis].num;
    bind_family(t);
    find_pieces(t);
    fill_curve(t);
    return true;
}

static bool trace_kept(void *context)
{
    struct tracer *t = context;

    return arena_guard(&t->session->curve.arena, trace_curve, t);
}

/* What the family may ask about: what was read for it, known, and has other values that can be listed. */
static const struct symbol *askable(struct delib_session *s, const char *name)
{
    const struct symbol *datum = session_find(s, name);
    const struct value *seen;

    if (!datum)
        return NULL;
    seen = datum->kind == SYMBOL_INPUT || datum->kind == SYMBOL_SOURCE ? &s->seen[datum->index] : NULL;
    if (!seen || !find_used(s, datum))
        session_tell(s, SLICE("le dernier calcul n'a pas lu cette donnée : il ne dépend pas d'elle"));
    else if (seen->state != VALUE_OK || seen->d != 1)
        session_tell(s, SLICE("cette donnée n'est pas connue : il n'y a pas de valeur d'où partir"));
    else if (datum->type->kind != TYPE_NUMBER && datum->type->kind != TYPE_DATE && datum->type->kind != TYPE_BOOLEAN &&
             datum->type->kind != TYPE_ENUM)
        session_tell(s, SLICE("les valeurs de cette donnée ne se parcourent pas"));
    else
        return datum;
    return NULL;
}

static delib_status open_shadow(struct delib_session *s)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;

    options.ask_sources = options.trace = 0;
    return s->shadow ? DELIB_OK : delib_session_new(s->program, &options, &s->shadow);
}

delib_status delib_session_curve(delib_session *session, const char *name, delib_curve *out)
{
    struct tracer t = { .session = session, .status = DELIB_OK, .out = out };
    struct arena arena;
    bool done;

    if (!session || !name || !out || !session->explainable)
        return DELIB_MISUSE;
    *out = (delib_curve){ 0 };
    t.datum = askable(session, name);
    if (!t.datum)
        return DELIB_INVALID;
    t.status = open_shadow(session);
    if (t.status != DELIB_OK)
        return t.status;
    delib_session_reset(session->shadow);
    t.shadow = session->shadow;
    arena_reset(&session->curve.arena);
    session->curve.items = NULL;
    session->curve.count = session->curve.capacity = 0;
    arena_init(&arena, session->program->allocator, session->program->options.memory_limit);
    t.arena = &arena;
    done = arena_guard(&arena, trace_kept, &t);
    arena_release(&arena);
    return done ? t.status : DELIB_NO_MEMORY;
}

delib_status delib_session_segment(const delib_session *session, size_t index, delib_segment *out)
{
    if (!session || !out || index >= session->curve.count)
        return DELIB_MISUSE;
    *out = session->curve.items[index];
    return DELIB_OK;
}
