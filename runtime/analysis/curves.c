/*
 * A first walk tells which answers cut the amount and where; each combination of these cells is then walked along the
 * quantity alone. Combinations with the same pieces become one curve.
 */
#include "curves.h"

enum { CUTS_OF_AN_AXIS = 12, COMBINATIONS = 96 };

/* What the first walk learns of an axis. */
struct learned {
    bool read, varies;                 /* varies: the amount is a function of it, not only cut by it */
    bool truncated;                    /* there are more cuts than are kept */
    int64_t starts[CUTS_OF_AN_AXIS];   /* of cells, ascending */
    size_t count;
};

struct making {
    struct curves *curves;
    struct learned *axes;
    struct region_budget *budget;
    struct curve *current;
};

static const struct axis *axis_of(const struct curves *c, size_t i)
{
    return &c->axes.items[i];
}

/* ------------------------------------------------------------------ the quantity */

/* The quantities that people look for a curve of, best first. */
static const enum quantity DRAWN[] = { QUANTITY_QUOTIENT, QUANTITY_QUOTIENT_FISCAL, QUANTITY_RESSOURCES };

static size_t drawn_axis(const struct curves *c, const struct learned *learned)
{
    for (size_t q = 0; q < sizeof DRAWN / sizeof *DRAWN; q++)
        for (size_t i = 0; i < c->axes.count; i++)
            if (learned[i].read && type_is_number(axis_of(c, i)->type, DRAWN[q]) && !axis_of(c, i)->opaque)
                return i;
    return SIZE_MAX;
}

/* ------------------------------------------------------------------ learning */

static void learn_start(struct learned *learned, int64_t start)
{
    size_t at = 0;

    while (at < learned->count && learned->starts[at] < start)
        at++;
    if (at < learned->count && learned->starts[at] == start)
        return;
    learned->truncated = learned->truncated || learned->count == CUTS_OF_AN_AXIS;
    if (learned->truncated)
        return;
    for (size_t i = learned->count++; i > at; i--)
        learned->starts[i] = learned->starts[i - 1];
    learned->starts[at] = start;
}

static bool learn(void *context, const struct region *region)
{
    struct making *m = context;

    if (region->outcomes[0].why)
        m->curves->why = region->outcomes[0].why;
    else if (region->outcomes[0].statut == DELIB_A_COMPLETER)
        m->curves->why = "une donnée manque pour calculer";
    for (size_t i = 0; i < m->curves->axes.count; i++) {
        const struct coordinate *c = &region->box->items[i];
        const struct formula *f = region->outcomes[0].why ? NULL : region->outcomes[0].formula;

        m->axes[i].read = m->axes[i].read || c->read;
        m->axes[i].varies = m->axes[i].varies || (f && formula_depends(f, i));
        if (c->read && c->kind == COORDINATE_RANGE)
            learn_start(&m->axes[i], c->lo);
    }
    return true;
}

/* ------------------------------------------------------------------ situations */

/* The value that stands for an axis: its default, or one, or the first answer. */
static int64_t usual_value(const struct curves *c, size_t i)
{
    const struct axis *axis = axis_of(c, i);
    const struct node *fallback = c->target.program->defaults[axis->symbol->index];
    int64_t one = (int64_t)axis->den;

    if (fallback && fallback->kind == NODE_CONSTANT && axis->den % fallback->den == 0)
        return (int64_t)(fallback->as.constant * (axis->den / fallback->den));
    if (axis->type->kind != TYPE_NUMBER)
        return axis->lo;
    return one < axis->lo ? axis->lo : one > axis->hi ? axis->hi : one;
}

/* What the answers of an axis are in the combinations. */
enum looked_at {
    LOOK_NOWHERE,                      /* left free: it changes nothing, or nothing is known of it */
    LOOK_USUAL,                        /* its usual value alone */
    LOOK_CELLS,                        /* between the cuts of the first walk */
    LOOK_VALUES                        /* each of its few values */
};

/* Where the first walk did not end, or met too many cuts, nothing is said of a whole cell. */
static enum looked_at look_at(const struct making *m, size_t i)
{
    const struct curves *c = m->curves;
    const struct axis *axis = axis_of(c, i);
    bool listed = axis->type->kind == TYPE_BOOLEAN || axis->type->kind == TYPE_ENUM;

    if (i == c->axis || axis->opaque || (!m->axes[i].read && !c->why))
        return LOOK_NOWHERE;
    if (m->axes[i].varies)
        return LOOK_USUAL;
    if (!c->why && !m->axes[i].truncated)
        return LOOK_CELLS;
    return listed ? LOOK_VALUES : LOOK_USUAL;
}

static size_t cell_count(const struct making *m, size_t i)
{
    const struct axis *axis = axis_of(m->curves, i);

    switch (look_at(m, i)) {
    case LOOK_NOWHERE: case LOOK_USUAL: return 1;
    case LOOK_CELLS: return m->axes[i].count ? m->axes[i].count : 1;
    case LOOK_VALUES: return (size_t)(axis->hi - axis->lo) + 1;
    }
    return 1;
}

static struct coordinate cell(const struct making *m, size_t i, size_t rank)
{
    const struct learned *learned = &m->axes[i];
    const struct axis *axis = axis_of(m->curves, i);
    struct coordinate out = { .kind = COORDINATE_RANGE, .read = true };

    switch (look_at(m, i)) {
    case LOOK_NOWHERE:
        return (struct coordinate){ .kind = axis->opaque && axis->may_be_absent ? COORDINATE_ABSENT : COORDINATE_FREE,
                                    .read = learned->read };
    case LOOK_USUAL: out.lo = out.hi = usual_value(m->curves, i); break;
    case LOOK_VALUES: out.lo = out.hi = axis->lo + (int64_t)rank; break;
    case LOOK_CELLS:
        out.lo = learned->count ? learned->starts[rank] : axis->lo;
        out.hi = rank + 1 < learned->count ? learned->starts[rank + 1] - 1 : axis->hi;
        break;
    }
    return out;
}

/* ------------------------------------------------------------------ one curve */

static bool same_piece(const struct curve_piece *a, const struct curve_piece *b)
{
    return a->lo == b->lo && a->hi == b->hi && outcomes_equal(&a->outcome, &b->outcome);
}

static bool same_curve(const struct curve *a, const struct curve *b)
{
    if (a->count != b->count || a->has_absent != b->has_absent ||
        (a->has_absent && !outcomes_equal(&a->absent, &b->absent)))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_piece(&a->pieces[i], &b->pieces[i]))
            return false;
    return true;
}

/* Regions along the quantity, in order; those that say the same are one piece. */
static bool add_piece(void *context, const struct region *region)
{
    struct making *m = context;
    const struct coordinate *c = &region->box->items[m->curves->axis];
    struct curve *curve = m->current;
    const struct axis *axis = axis_of(m->curves, m->curves->axis);
    struct curve_piece *last = curve->count ? &curve->pieces[curve->count - 1] : NULL;
    struct curve_piece piece = { .lo = axis->lo, .hi = axis->hi, .outcome = region->outcomes[0] };

    piece.outcome.path = NULL;
    piece.outcome.path_count = 0;
    if (c->kind == COORDINATE_ABSENT) {
        curve->has_absent = true;
        curve->absent = piece.outcome;
        return true;
    }
    if (c->kind == COORDINATE_FAILED)
        return true;
    if (c->kind == COORDINATE_RANGE) {
        piece.lo = c->lo;
        piece.hi = c->hi;
    }
    if (last && last->hi + 1 == piece.lo && outcomes_equal(&last->outcome, &piece.outcome)) {
        last->hi = piece.hi;
        return true;
    }
    last = arena_push_(m->curves->arena, (void **)&curve->pieces, &curve->count, &curve->capacity,
                       sizeof *curve->pieces);
    *last = piece;
    return true;
}

/* Situations that touch along one answer are said as one. */
static void add_situation(struct curves *c, struct curve *curve, const struct box *situation)
{
    struct box joined = box_new(c->arena, &c->axes);
    struct box *grown;

    for (size_t i = 0; i < curve->situation_count; i++)
        if (box_join(&c->axes, &curve->situations[i], situation, &joined)) {
            curve->situations[i] = curve->situations[--curve->situation_count];
            add_situation(c, curve, &joined);
            return;
        }
    grown = arena_array(c->arena, struct box, curve->situation_count + 1);
    for (size_t i = 0; i < curve->situation_count; i++)
        grown[i] = curve->situations[i];
    grown[curve->situation_count++] = box_copy(c->arena, situation);
    curve->situations = grown;
}

static void add_curve(struct making *m, const struct box *situation)
{
    struct curves *c = m->curves;
    struct curve curve = { .point = box_copy(c->arena, situation) };
    struct curve *out;

    for (size_t i = 0; i < c->axes.count; i++)
        if (curve.point.items[i].kind == COORDINATE_RANGE)
            curve.point.items[i].hi = curve.point.items[i].lo;
    /* cppcheck-suppress autoVariables ; for the time of the walk */
    m->current = &curve;
    regions_walk(c->regions, &curve.point, m->budget, add_piece, m);
    for (size_t i = 0; i < c->count; i++)
        if (same_curve(&c->items[i], &curve)) {
            add_situation(c, &c->items[i], situation);
            return;
        }
    out = arena_push_(c->arena, (void **)&c->items, &c->count, &c->capacity, sizeof *c->items);
    *out = curve;
    add_situation(c, out, situation);
}

/* ------------------------------------------------------------------ all of them */

static size_t combinations(const struct making *m)
{
    size_t total = 1;

    for (size_t i = 0; i < m->curves->axes.count && total <= COMBINATIONS; i++)
        total *= cell_count(m, i);
    return total;
}

static void every_combination(struct making *m, struct box *situation, size_t total)
{
    for (size_t rank = 0; rank < total; rank++) {
        size_t rest = rank;

        for (size_t i = m->curves->axes.count; i-- > 0;) {
            situation->items[i] = cell(m, i, rest % cell_count(m, i));
            rest /= cell_count(m, i);
        }
        add_curve(m, situation);
    }
}

/* The cell of the usual value. */
static size_t usual_cell(const struct making *m, size_t i)
{
    int64_t usual;

    if (cell_count(m, i) == 1)
        return 0;
    usual = usual_value(m->curves, i);
    for (size_t rank = 0; rank < cell_count(m, i); rank++)
        if (cell(m, i, rank).lo <= usual && usual <= cell(m, i, rank).hi)
            return rank;
    return 0;
}

/* The usual family, then each of its answers changed alone. */
static void one_at_a_time(struct making *m, struct box *situation)
{
    for (size_t i = 0; i < m->curves->axes.count; i++)
        situation->items[i] = cell(m, i, usual_cell(m, i));
    add_curve(m, situation);
    for (size_t i = 0; i < m->curves->axes.count; i++) {
        struct coordinate usual = situation->items[i];

        for (size_t rank = 0; rank < cell_count(m, i); rank++) {
            situation->items[i] = cell(m, i, rank);
            if (rank != usual_cell(m, i))
                add_curve(m, situation);
        }
        situation->items[i] = usual;
    }
}

static void start(struct curves *c, const struct delib_program *program, size_t tariff, size_t version)
{
    const struct period *own = &program->tariffs[tariff].versions[version].source->period,
                        *act = &program->model.period;
    struct regions_options options = { 0 };

    c->date = own->from.year ? own->from : own->to.year ? own->to : act->from;
    if (!c->date.year && program->act.header)
        c->date = program->act.header->as.header.date;
    options.date = c->date;
    c->target = target_of_program(c->arena, program, tariff);
    c->axes = axes_of_program(c->arena, program, (struct date){ 0 }, (struct date){ 0 }, false);
    c->regions = regions_new(c->arena, &c->axes, &c->target, 1, &options);
}

void curves_make(struct arena *arena, const struct delib_program *program, size_t tariff, size_t version,
                 struct region_budget *budget, struct curves *out)
{
    struct making m = { .curves = out, .budget = budget };
    struct region_budget half = { budget->left / 2 };
    bool few;
    struct box situation;

    *out = (struct curves){ .arena = arena, .axis = SIZE_MAX };
    start(out, program, tariff, version);
    m.axes = arena_array(arena, struct learned, out->axes.count + 1);
    situation = box_new(arena, &out->axes);
    regions_walk(out->regions, NULL, &half, learn, &m);
    budget->left = budget->left / 2 + half.left;
    out->axis = drawn_axis(out, m.axes);
    if (out->axis == SIZE_MAX)
        return;
    few = combinations(&m) <= COMBINATIONS;
    for (size_t i = 0; i < out->axes.count; i++)
        out->partial = out->partial || (look_at(&m, i) == LOOK_USUAL && m.axes[i].truncated && !m.axes[i].varies);
    out->partial = out->partial || !few;
    if (few)
        every_combination(&m, &situation, combinations(&m));
    else
        one_at_a_time(&m, &situation);
}

/* ------------------------------------------------------------------ values */

bool curve_value(const struct curves *curves, const struct curve *curve, const struct curve_piece *piece, int64_t n,
                 struct number *out)
{
    struct box point = box_copy(curves->arena, &curve->point);

    if (piece->outcome.why || piece->outcome.statut != DELIB_CALCULE || !piece->outcome.formula)
        return false;
    point.items[curves->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = n, .hi = n };
    return formula_at(regions_formulas(curves->regions), piece->outcome.formula, &point, out);
}

bool curve_varies(const struct curves *curves, const struct curve_piece *piece)
{
    return !piece->outcome.why && piece->outcome.formula && formula_depends(piece->outcome.formula, curves->axis);
}
