/*
 * Random formulas and their values by GMP; see shadow.h.
 */
#include "shadow.h"

#include "draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DEGREE_SMALL = 3, DEGREE_LARGE = 12 };

static const char *const NAMES[SHADOW_AXES] = { "entier", "cents", "signe", "parts", "jour", "naissance" };

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

uint64_t shadow_draw(uint64_t n)
{
    return draw(n);
}

/* ---- Numbers ---- */

static void set_int128(mpz_t out, int128 n)
{
    uint128 magnitude = n < 0 ? -(uint128)n : (uint128)n;
    uint64_t words[2] = { (uint64_t)magnitude, (uint64_t)(magnitude >> 64) };

    mpz_import(out, 2, -1, sizeof *words, 0, 0, words);
    if (n < 0)
        mpz_neg(out, out);
}

void shadow_set(mpq_t out, struct number n)
{
    set_int128(mpq_numref(out), n.num);
    set_int128(mpq_denref(out), n.den);
    mpq_canonicalize(out);
}

static bool get_int128(const mpz_t n, int128 *out)
{
    uint64_t words[2] = { 0, 0 };
    uint128 magnitude;

    if (mpz_sizeinbase(n, 2) > 127)
        return false;
    mpz_export(words, NULL, -1, sizeof *words, 0, 0, n);
    magnitude = (uint128)words[1] << 64 | words[0];
    *out = mpz_sgn(n) < 0 ? -(int128)magnitude : (int128)magnitude;
    return true;
}

bool shadow_value(const struct shadow *s, size_t node, struct number *out)
{
    return get_int128(mpq_numref(s->values[node]), &out->num) && get_int128(mpq_denref(s->values[node]), &out->den);
}

static struct number draw_number(bool large)
{
    static const int128 DENS[] = { 1, 1, 1, 2, 4, 5, 10, 100 };
    struct number out = { 0, 1 };
    int128 num = (int128)draw(101) - 50, den = DENS[draw(8)];

    if (large && draw(3) == 0) {
        num = (int128)((uint128)draw(UINT64_MAX) << 64 | draw(UINT64_MAX)) >> draw(120);
        den = draw(2) ? 1 : ((int128)draw(INT64_MAX) << draw(60)) + 1;
    }
    if (large && draw(40) == 0)
        num = INT128_MIN;
    (void)number_make(num, den, &out);
    return out;
}

/* ---- Formulas ---- */

static void make_axes(struct shadow *s)
{
    static const int64_t LO[SHADOW_AXES] = { 0, 0, -500, 1, 10957, 9000 };
    static const int64_t HI[SHADOW_AXES] = { 2000, 90000, 500, 12, 14000, 13000 };
    static const int128 DEN[SHADOW_AXES] = { 1, 100, 7, 4, 1, 1 };
    static const struct type number = { .kind = TYPE_NUMBER }, date = { .kind = TYPE_DATE };

    s->axes = (struct axes){ .items = arena_array(&s->arena, struct axis, SHADOW_AXES), .count = SHADOW_AXES };
    for (size_t i = 0; i < SHADOW_AXES; i++)
        s->axes.items[i] = (struct axis){ .name = NAMES[i], .label = NAMES[i], .den = DEN[i], .lo = LO[i], .hi = HI[i],
                                          .type = i < SHADOW_DAYS ? &number : &date };
    if (s->large) {
        s->axes.items[0].hi = INT64_MAX / 2;
        s->axes.items[2].lo = INT64_MIN / 4;
        s->axes.items[2].hi = INT64_MAX / 4;
    }
}

static bool is_kind_of_day(const struct shadow_node *n, size_t axis)
{
    return n->operation == SHADOW_AXIS && n->axis == axis;
}

/* One of the nodes before `end`, of which the test wants something; SIZE_MAX: there is none. */
static size_t pick(const struct shadow *s, size_t end, bool positive, unsigned degree)
{
    for (int n = 0; n < 20; n++) {
        size_t i = draw(end);
        const struct shadow_node *node = &s->nodes[i];

        if (!node->day && (node->positive || !positive) && node->degree <= degree)
            return i;
    }
    return SIZE_MAX;
}

static bool draw_date(const struct shadow *s, size_t end, struct shadow_node *n)
{
    n->operation = SHADOW_DATE;
    n->date = (enum date_operation)draw(6);
    n->a = n->b = SIZE_MAX;
    for (size_t i = 0; i < end; i++) {
        if (is_kind_of_day(&s->nodes[i], SHADOW_BIRTHS) || (s->nodes[i].day && draw(4) == 0))
            n->a = i;
        if (is_kind_of_day(&s->nodes[i], SHADOW_DAYS) || (s->nodes[i].day && s->nodes[i].operation == SHADOW_CONSTANT))
            n->b = i;
    }
    return n->a != SIZE_MAX && n->b != SIZE_MAX;
}

static bool draw_operation(const struct shadow *s, size_t end, struct shadow_node *n)
{
    unsigned most = s->large ? DEGREE_LARGE : DEGREE_SMALL;

    n->operation = (enum shadow_operation)(SHADOW_ADD + draw(SHADOW_DATE - SHADOW_ADD + 1));
    if (n->operation == SHADOW_DATE)
        return draw_date(s, end, n);
    n->a = pick(s, end, false, most);
    if (n->a == SIZE_MAX)
        return false;
    n->degree = s->nodes[n->a].degree;
    if (n->operation == SHADOW_ROUND) {
        n->number = draw_number(s->large);
        n->mode = (enum rounding)draw(3);
        return n->number.num > 0;
    }
    n->b = pick(s, end, n->operation == SHADOW_DIVIDE,
                n->operation == SHADOW_MULTIPLY || n->operation == SHADOW_DIVIDE ? most - n->degree : most);
    if (n->b == SIZE_MAX)
        return false;
    if (n->operation == SHADOW_MULTIPLY || n->operation == SHADOW_DIVIDE)
        n->degree += s->nodes[n->b].degree;
    else if (s->nodes[n->b].degree > n->degree)
        n->degree = s->nodes[n->b].degree;
    return true;
}

static bool is_positive(const struct shadow *s, const struct shadow_node *n)
{
    bool a = s->nodes[n->a].positive, b = s->nodes[n->b].positive;

    switch (n->operation) {
    case SHADOW_CONSTANT: return n->number.num > 0;
    case SHADOW_AXIS: return s->axes.items[n->axis].lo > 0;
    case SHADOW_ADD: case SHADOW_MULTIPLY: case SHADOW_DIVIDE: case SHADOW_MINIMUM: return a && b;
    case SHADOW_MAXIMUM: return a || b;
    case SHADOW_ROUND: return a && n->mode == ROUNDING_UP;
    case SHADOW_SUBTRACT: case SHADOW_DATE: break;
    }
    return false;
}

static const struct formula *make(const struct shadow *s, const struct shadow_node *n)
{
    const struct formula *a = s->nodes[n->a].formula, *b = s->nodes[n->b].formula;

    switch (n->operation) {
    case SHADOW_CONSTANT: return formula_constant(s->pool, n->number);
    case SHADOW_AXIS: return formula_axis(s->pool, n->axis);
    case SHADOW_ADD: return formula_add(s->pool, a, b);
    case SHADOW_SUBTRACT: return formula_subtract(s->pool, a, b);
    case SHADOW_MULTIPLY: return formula_multiply(s->pool, a, b);
    case SHADOW_DIVIDE: return formula_divide(s->pool, a, b);
    case SHADOW_ROUND: return formula_round(s->pool, a, n->number, n->mode);
    case SHADOW_MAXIMUM: return formula_extreme(s->pool, a, b, true);
    case SHADOW_MINIMUM: return formula_extreme(s->pool, a, b, false);
    case SHADOW_DATE: return formula_date(s->pool, n->date, a, n->date <= DATE_AGE_MONTHS ? b : NULL);
    }
    return NULL;
}

static void draw_node(struct shadow *s, size_t i)
{
    struct shadow_node n = { .operation = SHADOW_CONSTANT };

    if (i < SHADOW_AXES) {
        n = (struct shadow_node){ .operation = SHADOW_AXIS, .axis = i, .degree = 1, .day = i >= SHADOW_DAYS };
    } else if (i == SHADOW_AXES) {
        n.number = number_of(14500);   /* a day after all births */
        n.day = true;
    } else if (i == SHADOW_AXES + 1) {
        n.number = number_of(0);
    } else if (draw(6) == 0 || !draw_operation(s, i, &n)) {
        n = (struct shadow_node){ .operation = SHADOW_CONSTANT, .number = draw_number(s->large) };
    }
    n.positive = is_positive(s, &n);
    n.divides = n.operation == SHADOW_DIVIDE || (n.operation > SHADOW_AXIS && s->nodes[n.a].divides) ||
                (n.operation > SHADOW_AXIS && s->nodes[n.b].divides);
    n.formula = make(s, &n);
    s->nodes[i] = n;
}

void shadow_begin(struct shadow *s, uint64_t number, bool large)
{
    memset(s, 0, sizeof *s);
    seed = number * 0x9E3779B97F4A7C15u + 1;
    s->large = large;
    arena_init(&s->arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 28);
    make_axes(s);
    s->pool = formula_pool_new(&s->arena, &s->axes);
    s->point = box_new(&s->arena, &s->axes);
    for (size_t i = 0; i < SHADOW_NODES; i++) {
        mpq_init(s->values[i]);
        draw_node(s, i);
    }
}

void shadow_end(struct shadow *s)
{
    for (size_t i = 0; i < SHADOW_NODES; i++)
        mpq_clear(s->values[i]);
    arena_release(&s->arena);
}

/* ---- Boxes and points ---- */

static int64_t draw_between(int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)hi - (uint64_t)lo + 1;

    return draw(6) == 0 ? lo : draw(6) == 0 ? hi : lo + (int64_t)draw(draw(3) == 0 && span > 40 ? 40 : span);
}

struct box shadow_box(struct shadow *s)
{
    struct box box = box_new(&s->arena, &s->axes);

    for (size_t i = 0; i < SHADOW_AXES; i++) {
        struct coordinate *c = &box.items[i];

        *c = coordinate_known(&s->axes.items[i]);
        if (draw(4) == 0)
            continue;
        c->lo = draw_between(s->axes.items[i].lo, s->axes.items[i].hi);
        c->hi = draw(4) == 0 ? c->lo : draw_between(c->lo, s->axes.items[i].hi);
    }
    return box;
}

void shadow_move(struct shadow *s, const struct box *box)
{
    for (size_t i = 0; i < SHADOW_AXES; i++) {
        struct coordinate *p = &s->point.items[i];

        *p = box->items[i];
        p->lo = p->hi = draw_between(p->lo, p->hi);
    }
    shadow_compute(s);
}

/* ---- Values ---- */

static void round_value(mpq_t out, const mpq_t a, struct number step, enum rounding mode)
{
    mpq_t count, half;
    mpz_t whole;

    mpq_inits(count, half, NULL);
    mpz_init(whole);
    shadow_set(out, step);
    mpq_div(count, a, out);
    mpq_set_ui(half, mode == ROUNDING_NEAREST, 2);
    mpq_canonicalize(half);
    if (mpq_sgn(count) < 0)
        mpq_neg(half, half);
    mpq_add(count, count, half);
    if (mode != ROUNDING_UP)
        mpz_tdiv_q(whole, mpq_numref(count), mpq_denref(count));
    else if (mpq_sgn(count) < 0)
        mpz_fdiv_q(whole, mpq_numref(count), mpq_denref(count));
    else
        mpz_cdiv_q(whole, mpq_numref(count), mpq_denref(count));
    mpq_set_z(count, whole);
    mpq_mul(out, out, count);
    mpq_clears(count, half, NULL);
    mpz_clear(whole);
}

static struct date day_of(const mpq_t value)
{
    return date_from_days((int32_t)mpz_get_si(mpq_numref(value)));
}

static int date_result(enum date_operation operation, struct date a, struct date b)
{
    int result = 0;

    switch (operation) {
    case DATE_AGE: date_age(a, b, &result); break;
    case DATE_AGE_MONTHS: date_age_months(a, b, &result); break;
    case DATE_YEAR: return a.year;
    case DATE_MONTH: return a.month;
    case DATE_WEEKDAY: return (int)date_weekday(a);
    case DATE_SCHOOL_YEAR: return a.month < 9 ? a.year - 1 : a.year;
    }
    return result;
}

static void compute(struct shadow *s, size_t i)
{
    const struct shadow_node *n = &s->nodes[i];
    const struct axis *axis = &s->axes.items[n->axis];
    mpq_t *v = s->values;

    switch (n->operation) {
    case SHADOW_CONSTANT: shadow_set(v[i], n->number); break;
    case SHADOW_AXIS:
        mpq_set_si(v[i], s->point.items[n->axis].lo, (unsigned long)axis->den);
        mpq_canonicalize(v[i]);
        break;
    case SHADOW_ADD: mpq_add(v[i], v[n->a], v[n->b]); break;
    case SHADOW_SUBTRACT: mpq_sub(v[i], v[n->a], v[n->b]); break;
    case SHADOW_MULTIPLY: mpq_mul(v[i], v[n->a], v[n->b]); break;
    case SHADOW_DIVIDE: mpq_div(v[i], v[n->a], v[n->b]); break;
    case SHADOW_ROUND: round_value(v[i], v[n->a], n->number, n->mode); break;
    case SHADOW_MAXIMUM: mpq_set(v[i], v[mpq_cmp(v[n->a], v[n->b]) >= 0 ? n->a : n->b]); break;
    case SHADOW_MINIMUM: mpq_set(v[i], v[mpq_cmp(v[n->a], v[n->b]) <= 0 ? n->a : n->b]); break;
    case SHADOW_DATE:
        mpq_set_si(v[i], date_result(n->date, day_of(v[n->a]), day_of(v[n->b])), 1);
        break;
    }
}

void shadow_compute(struct shadow *s)
{
    for (size_t i = 0; i < SHADOW_NODES; i++)
        compute(s, i);
}

int shadow_compare(const struct shadow *s, size_t node, struct number n)
{
    mpq_t other;
    int order;

    mpq_init(other);
    shadow_set(other, n);
    order = mpq_cmp(s->values[node], other);
    mpq_clear(other);
    return (order > 0) - (order < 0);
}
