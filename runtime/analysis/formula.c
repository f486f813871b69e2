/*
 * Canonical formulas, made once each; their ranges and directions on a box. See formula.h.
 *
 * A sum holds its atoms in the order of their numbers, each once, none of them a sum; a sum of one atom × 1 is that
 * atom. The operands of products and ratios are without a common factor, which goes in front. So what computes the same
 * by the laws of addition and of factors is one formula; other equalities may go unseen, never the reverse.
 */
#include "formula.h"

#include <string.h>

/* Operations inside operations are followed by recursion: deeper ones are not represented. */
enum { POOL_BUCKETS = 1024, WORK_OF_A_FORMULA = 16, DEPTH_MAX = 1000 };

struct term {
    const struct formula *atom;
    struct number factor;
};

struct formula {
    enum formula_kind kind;
    uint32_t id, hash;
    unsigned depth;
    struct formula *next;              /* of the same bucket */
    struct number constant;            /* SUM; ROUND: the step */
    struct term *terms;                /* SUM */
    size_t term_count;
    size_t axis;                       /* AXIS */
    const struct formula *a, *b;
    enum rounding mode;                /* ROUND */
    enum date_operation date;          /* DATE */
    struct slice text;                 /* TEXT */
    struct number grain;               /* every value is a multiple of it; 0: nothing known */
    uint64_t *depends;                 /* a bit per axis */
    /* What the question in progress (its number is `stamp`) found. */
    struct {
        uint64_t stamp;
        bool known;
        struct number lo, hi;
        uint64_t *up, *down;           /* a bit per axis: never falls, never rises, when the axis rises */
    } found;
};

struct formula_pool {
    struct arena *arena;
    const struct axes *axes;
    struct formula *buckets[POOL_BUCKETS];
    uint32_t count;
    size_t words;                      /* of a set of axes */
    uint64_t stamp, work;
};

struct formula_pool *formula_pool_new(struct arena *arena, const struct axes *axes)
{
    struct formula_pool *pool = arena_new(arena, struct formula_pool);

    if (!pool)
        return NULL;
    pool->arena = arena;
    pool->axes = axes;
    pool->words = axes->count / 64 + 1;
    return pool;
}

uint64_t formula_pool_work(const struct formula_pool *pool)
{
    return pool->work;
}

/* ------------------------------------------------------------------ one formula, made once */

static bool number_equal(struct number a, struct number b)
{
    return a.num == b.num && a.den == b.den;
}

static uint32_t mix(uint32_t hash, uint64_t value)
{
    uint64_t h = (hash ^ value) * 0x9E3779B97F4A7C15u;

    return (uint32_t)(h >> 32) ^ (uint32_t)h;
}

static uint32_t mix_number(uint32_t hash, struct number n)
{
    return mix(mix(hash, (uint64_t)n.num), (uint64_t)n.den);
}

static uint32_t formula_hash(const struct formula *f)
{
    uint32_t hash = mix(2166136261u, f->kind);

    hash = mix_number(hash, f->constant);
    for (size_t i = 0; i < f->term_count; i++)
        hash = mix_number(mix(hash, f->terms[i].atom->id), f->terms[i].factor);
    hash = mix(mix(mix(hash, f->axis), f->a ? f->a->id : 0), f->b ? f->b->id : 0);
    for (size_t i = 0; i < f->text.length; i++)
        hash = mix(hash, (unsigned char)f->text.bytes[i]);
    return mix(mix(hash, f->mode), f->date);
}

static bool formula_same(const struct formula *x, const struct formula *y)
{
    if (x->hash != y->hash || x->kind != y->kind || x->axis != y->axis || x->a != y->a || x->b != y->b ||
        x->mode != y->mode || x->date != y->date || x->term_count != y->term_count ||
        !number_equal(x->constant, y->constant) || !slice_equal(x->text, y->text))
        return false;
    for (size_t i = 0; i < x->term_count; i++)
        if (x->terms[i].atom != y->terms[i].atom || !number_equal(x->terms[i].factor, y->terms[i].factor))
            return false;
    return true;
}

static void unite(const struct formula_pool *pool, struct formula *f, const struct formula *operand)
{
    if (operand && operand->depth >= f->depth)
        f->depth = operand->depth + 1;
    for (size_t i = 0; operand && i < pool->words; i++)
        f->depends[i] |= operand->depends[i];
}

/* The greatest number of which both are multiples; 0 when unknown. */
static struct number common_grain(struct number a, struct number b)
{
    const struct number unknown = { 0, 1 };
    struct number out;
    int128 x, y, den;

    if (a.num == 0 || b.num == 0)
        return unknown;
    if (!int128_mul_checked(a.num, b.den, &x) || !int128_mul_checked(b.num, a.den, &y) ||
        !int128_mul_checked(a.den, b.den, &den) ||
        !number_make((int128)uint128_gcd((uint128)(x < 0 ? -x : x), (uint128)(y < 0 ? -y : y)), den, &out))
        return unknown;
    return out;
}

static struct number product_of(struct number a, struct number b)
{
    struct number out = { 0, 1 };

    return number_mul(a, b, &out) ? out : (struct number){ 0, 1 };
}

static struct number sum_grain(const struct formula *f)
{
    struct number grain = f->constant;

    for (size_t i = 0; i < f->term_count; i++) {
        struct number of_term = product_of(f->terms[i].factor, f->terms[i].atom->grain);

        grain = i == 0 && f->constant.num == 0 ? of_term : common_grain(grain, of_term);
    }
    if (grain.num < 0)
        grain.num = -grain.num;
    return grain;
}

static struct number grain_of(const struct formula_pool *pool, const struct formula *f)
{
    const struct number none = { 0, 1 };
    struct number grain;

    switch (f->kind) {
    case FORMULA_SUM: return sum_grain(f);
    case FORMULA_AXIS: return number_make(1, pool->axes->items[f->axis].den, &grain) ? grain : none;
    case FORMULA_PRODUCT: return product_of(f->a->grain, f->b->grain);
    case FORMULA_ROUND: return f->constant;
    case FORMULA_MAXIMUM: case FORMULA_MINIMUM:
        if (formula_is_constant(f->a, &grain) && grain.num == 0)
            return f->b->grain;
        return formula_is_constant(f->b, &grain) && grain.num == 0 ? f->a->grain
                                                                   : common_grain(f->a->grain, f->b->grain);
    case FORMULA_DATE: return number_of(1);
    case FORMULA_RATIO: case FORMULA_TEXT: break;
    }
    return none;
}

static const struct formula *intern(struct formula_pool *pool, struct formula wanted)
{
    struct formula *f, **bucket;
    uint64_t *sets;

    pool->work++;
    wanted.hash = formula_hash(&wanted);
    bucket = &pool->buckets[wanted.hash % POOL_BUCKETS];
    for (f = *bucket; f; f = f->next)
        if (formula_same(f, &wanted))
            return f;
    pool->work += WORK_OF_A_FORMULA;
    f = arena_new(pool->arena, struct formula);
    sets = arena_array(pool->arena, uint64_t, 3 * pool->words);
    if (!f || !sets)
        return NULL;
    *f = wanted;
    f->id = ++pool->count;
    f->depends = sets;
    f->found.up = sets + pool->words;
    f->found.down = sets + 2 * pool->words;
    if (wanted.term_count > 0) {
        f->terms = arena_array(pool->arena, struct term, wanted.term_count);
        if (!f->terms)
            return NULL;
        memcpy(f->terms, wanted.terms, wanted.term_count * sizeof *f->terms);
    }
    for (size_t i = 0; i < f->term_count; i++)
        unite(pool, f, f->terms[i].atom);
    unite(pool, f, f->a);
    unite(pool, f, f->b);
    if (f->kind == FORMULA_AXIS)
        f->depends[f->axis / 64] |= (uint64_t)1 << f->axis % 64;
    if (f->depth > DEPTH_MAX)
        return NULL;
    f->grain = grain_of(pool, f);
    f->next = *bucket;
    *bucket = f;
    return f;
}

/* ------------------------------------------------------------------ making them */

/* A sum being made: what is added to it term by term. */
struct sum {
    struct number constant;
    struct term *terms;
    size_t count;
};

static bool sum_begin(struct formula_pool *pool, size_t room, struct sum *s)
{
    *s = (struct sum){ .constant = { 0, 1 }, .terms = arena_array(pool->arena, struct term, room) };
    return s->terms != NULL;
}

static size_t terms_of(const struct formula *f)
{
    return f->kind == FORMULA_SUM ? f->term_count : 1;
}

static bool sum_term(struct sum *s, const struct formula *atom, struct number factor)
{
    size_t i = 0;

    while (i < s->count && s->terms[i].atom->id < atom->id)
        i++;
    if (i < s->count && s->terms[i].atom == atom) {
        if (!number_add(s->terms[i].factor, factor, &s->terms[i].factor))
            return false;
        if (s->terms[i].factor.num == 0)
            memmove(&s->terms[i], &s->terms[i + 1], (--s->count - i) * sizeof *s->terms);
        return true;
    }
    memmove(&s->terms[i + 1], &s->terms[i], (s->count++ - i) * sizeof *s->terms);
    s->terms[i] = (struct term){ atom, factor };
    return true;
}

/* Adds factor × f. */
static bool sum_formula(struct sum *s, const struct formula *f, struct number factor)
{
    struct number part;

    if (factor.num == 0)
        return true;
    if (f->kind != FORMULA_SUM)
        return sum_term(s, f, factor);
    if (!number_mul(f->constant, factor, &part) || !number_add(s->constant, part, &s->constant))
        return false;
    for (size_t i = 0; i < f->term_count; i++)
        if (!number_mul(f->terms[i].factor, factor, &part) || !sum_term(s, f->terms[i].atom, part))
            return false;
    return true;
}

static const struct formula *sum_end(struct formula_pool *pool, const struct sum *s)
{
    if (s->count == 1 && s->constant.num == 0 && number_equal(s->terms[0].factor, number_of(1)))
        return s->terms[0].atom;
    return intern(pool, (struct formula){ .kind = FORMULA_SUM, .constant = s->constant, .terms = s->terms,
                                          .term_count = s->count });
}

static const struct formula *combine(struct formula_pool *pool, const struct formula *a, struct number x,
                                     const struct formula *b, struct number y)
{
    struct sum s;

    if (!a || !b || !sum_begin(pool, terms_of(a) + terms_of(b), &s) || !sum_formula(&s, a, x) ||
        !sum_formula(&s, b, y))
        return NULL;
    return sum_end(pool, &s);
}

static const struct formula *scale(struct formula_pool *pool, const struct formula *f, struct number factor)
{
    struct sum s;

    if (!f || !sum_begin(pool, terms_of(f), &s) || !sum_formula(&s, f, factor))
        return NULL;
    return sum_end(pool, &s);
}

const struct formula *formula_constant(struct formula_pool *pool, struct number value)
{
    return intern(pool, (struct formula){ .kind = FORMULA_SUM, .constant = value });
}

const struct formula *formula_axis(struct formula_pool *pool, size_t axis)
{
    return intern(pool, (struct formula){ .kind = FORMULA_AXIS, .axis = axis, .constant = { 0, 1 } });
}

const struct formula *formula_text(struct formula_pool *pool, struct slice text)
{
    return intern(pool, (struct formula){ .kind = FORMULA_TEXT, .text = text, .constant = { 0, 1 } });
}

const struct formula *formula_add(struct formula_pool *pool, const struct formula *a, const struct formula *b)
{
    return combine(pool, a, number_of(1), b, number_of(1));
}

const struct formula *formula_subtract(struct formula_pool *pool, const struct formula *a, const struct formula *b)
{
    return combine(pool, a, number_of(1), b, number_of(-1));
}

bool formula_is_constant(const struct formula *f, struct number *value)
{
    if (!f || f->kind != FORMULA_SUM || f->term_count > 0)
        return false;
    *value = f->constant;
    return true;
}

/* f = content × what is returned, the content being positive. */
static const struct formula *without_content(struct formula_pool *pool, const struct formula *f,
                                             struct number *content)
{
    struct number inverse;

    *content = number_of(1);
    if (f->kind != FORMULA_SUM || f->term_count == 0)
        return f;
    *content = f->terms[0].factor;
    if (content->num < 0)
        content->num = -content->num;
    return number_div(number_of(1), *content, &inverse) ? scale(pool, f, inverse) : NULL;
}

const struct formula *formula_multiply(struct formula_pool *pool, const struct formula *a, const struct formula *b)
{
    const struct formula *swap;
    struct number x, y;

    if (!a || !b)
        return NULL;
    if (formula_is_constant(a, &x))
        return scale(pool, b, x);
    if (formula_is_constant(b, &x))
        return scale(pool, a, x);
    a = without_content(pool, a, &x);
    b = without_content(pool, b, &y);
    if (!a || !b || !number_mul(x, y, &x))
        return NULL;
    if (a->id > b->id) {
        swap = a;
        a = b;
        b = swap;
    }
    return scale(pool, intern(pool, (struct formula){ .kind = FORMULA_PRODUCT, .a = a, .b = b, .constant = { 0, 1 } }),
                 x);
}

const struct formula *formula_divide(struct formula_pool *pool, const struct formula *a, const struct formula *b)
{
    struct number x, y;

    if (!a || !b)
        return NULL;
    if (formula_is_constant(b, &y))
        return number_div(number_of(1), y, &y) ? scale(pool, a, y) : NULL;
    b = without_content(pool, b, &y);
    if (formula_is_constant(a, &x)) {
        if (x.num == 0)
            return a;
        a = formula_constant(pool, number_of(1));
    } else {
        a = without_content(pool, a, &x);
    }
    if (!a || !b || !number_div(x, y, &x))
        return NULL;
    if (a == b)
        return formula_constant(pool, x);
    return scale(pool, intern(pool, (struct formula){ .kind = FORMULA_RATIO, .a = a, .b = b, .constant = { 0, 1 } }), x);
}

/* Is every multiple of `grain` a multiple of `step`? */
static bool is_multiple(struct number grain, struct number step)
{
    struct number times;

    return grain.num != 0 && number_div(grain, step, &times) && number_is_integer(times);
}

const struct formula *formula_round(struct formula_pool *pool, const struct formula *a, struct number step,
                                    enum rounding mode)
{
    struct number value;

    if (!a)
        return NULL;
    if (formula_is_constant(a, &value))
        return number_round(value, step, mode, &value) ? formula_constant(pool, value) : NULL;
    if (is_multiple(a->grain, step))
        return a;
    return intern(pool, (struct formula){ .kind = FORMULA_ROUND, .a = a, .constant = step, .mode = mode });
}

const struct formula *formula_extreme(struct formula_pool *pool, const struct formula *a, const struct formula *b,
                                      bool maximum)
{
    struct number x, y;

    if (!a || !b || a == b)
        return a && b ? a : NULL;
    if (formula_is_constant(a, &x) && formula_is_constant(b, &y))
        return (number_compare(x, y) >= 0) == maximum ? a : b;
    return intern(pool, (struct formula){ .kind = maximum ? FORMULA_MAXIMUM : FORMULA_MINIMUM,
                                          .a = a->id < b->id ? a : b, .b = a->id < b->id ? b : a,
                                          .constant = { 0, 1 } });
}

/* The operation on two days (the second where there is one). */
static int date_result(enum date_operation op, struct number a, struct number b)
{
    struct date d = date_from_days((int32_t)a.num);
    int result = 0;

    switch (op) {
    case DATE_AGE: (void)date_age(d, date_from_days((int32_t)b.num), &result); break;
    case DATE_AGE_MONTHS: (void)date_age_months(d, date_from_days((int32_t)b.num), &result); break;
    case DATE_YEAR: return d.year;
    case DATE_MONTH: return d.month;
    case DATE_WEEKDAY: return (int)date_weekday(d);
    case DATE_SCHOOL_YEAR: return d.year - (d.month < 9);
    }
    return result;
}

const struct formula *formula_date(struct formula_pool *pool, enum date_operation op, const struct formula *a,
                                   const struct formula *b)
{
    struct number x, y = { 0, 1 };

    if (!a)
        return NULL;
    if (formula_is_constant(a, &x) && (!b || formula_is_constant(b, &y)))
        return formula_constant(pool, number_of(date_result(op, x, y)));
    return intern(pool, (struct formula){ .kind = FORMULA_DATE, .a = a, .b = b, .date = op, .constant = { 0, 1 } });
}

/* ------------------------------------------------------------------ reading them */

enum formula_kind formula_kind_of(const struct formula *f)
{
    return f->kind;
}

struct slice formula_text_of(const struct formula *f)
{
    return f->text;
}

bool formula_depends(const struct formula *f, size_t axis)
{
    return f->depends[axis / 64] >> axis % 64 & 1;
}

bool formula_is_linear(const struct formula *f, size_t *axis, struct number *factor, struct number *constant)
{
    const struct formula *atom = f->kind == FORMULA_SUM && f->term_count == 1 ? f->terms[0].atom : f;

    if (atom->kind != FORMULA_AXIS)
        return false;
    *axis = atom->axis;
    *factor = atom == f ? number_of(1) : f->terms[0].factor;
    *constant = atom == f ? number_of(0) : f->constant;
    return true;
}

bool formula_core(struct formula_pool *pool, const struct formula *f, const struct formula **core,
                  struct number *factor, struct number *constant)
{
    const struct formula *terms;
    struct number inverse;

    if (!f || f->kind == FORMULA_TEXT || (f->kind == FORMULA_SUM && f->term_count == 0))
        return false;
    *core = f;
    *factor = number_of(1);
    *constant = number_of(0);
    if (f->kind != FORMULA_SUM)
        return true;
    *constant = f->constant;
    *factor = f->terms[0].factor;
    terms = formula_subtract(pool, f, formula_constant(pool, f->constant));
    if (!terms || !number_div(number_of(1), *factor, &inverse))
        return false;
    *core = scale(pool, terms, inverse);
    return *core != NULL;
}

struct number formula_grain(const struct formula *f)
{
    return f->grain;
}

/* ------------------------------------------------------------------ ranges and directions on a box */

/* One question about a box: what is found is kept in the formulas until the next question. */
struct question {
    struct formula_pool *pool;
    const struct box *box;
};

static bool examine(const struct question *q, struct formula *f);

static struct formula *scratch(const struct formula *f)
{
    return (struct formula *)(uintptr_t)f;     /* what is found is ours to write */
}

static bool found_axis(const struct question *q, struct formula *f)
{
    const struct axis *axis = &q->pool->axes->items[f->axis];
    const struct coordinate *c = &q->box->items[f->axis];
    bool known = c->kind == COORDINATE_RANGE;
    int64_t lo = known ? c->lo : axis->lo, hi = known ? c->hi : axis->hi;

    memset(f->found.up, 0xFF, q->pool->words * sizeof *f->found.up);
    memset(f->found.down, 0xFF, q->pool->words * sizeof *f->found.down);
    if (lo < hi)
        f->found.down[f->axis / 64] &= ~((uint64_t)1 << f->axis % 64);
    return number_make(lo, axis->den, &f->found.lo) && number_make(hi, axis->den, &f->found.hi);
}

static bool found_sum(const struct question *q, struct formula *f)
{
    memset(f->found.up, 0xFF, q->pool->words * sizeof *f->found.up);
    memset(f->found.down, 0xFF, q->pool->words * sizeof *f->found.down);
    f->found.lo = f->found.hi = f->constant;
    for (size_t i = 0; i < f->term_count; i++) {
        struct formula *atom = scratch(f->terms[i].atom);
        bool falls = f->terms[i].factor.num < 0;
        struct number x, y;

        if (!examine(q, atom) || !number_mul(atom->found.lo, f->terms[i].factor, &x) ||
            !number_mul(atom->found.hi, f->terms[i].factor, &y) ||
            !number_add(f->found.lo, falls ? y : x, &f->found.lo) ||
            !number_add(f->found.hi, falls ? x : y, &f->found.hi))
            return false;
        for (size_t w = 0; w < q->pool->words; w++) {
            f->found.up[w] &= falls ? atom->found.down[w] : atom->found.up[w];
            f->found.down[w] &= falls ? atom->found.up[w] : atom->found.down[w];
        }
    }
    return true;
}

/* An operand of a product: its bounds, its sign and its directions. */
struct operand {
    struct number lo, hi;
    const uint64_t *up, *down;
};

static int sign_of(const struct operand *x)
{
    return x->lo.num >= 0 ? 1 : x->hi.num <= 0 ? -1 : 0;
}

/* Where `a` does not vary, a product follows `b` according to the sign of `a`; where both vary, their signs must be known. */
static void product_directions(const struct question *q, struct formula *f, const struct operand *a,
                               const struct operand *b)
{
    int sa = sign_of(a), sb = sign_of(b);

    for (size_t w = 0; w < q->pool->words; w++) {
        uint64_t a_up = sb >= 0 ? a->up[w] : a->down[w], a_down = sb >= 0 ? a->down[w] : a->up[w];
        uint64_t b_up = sa >= 0 ? b->up[w] : b->down[w], b_down = sa >= 0 ? b->down[w] : b->up[w];
        uint64_t a_fixed = a->up[w] & a->down[w], b_fixed = b->up[w] & b->down[w];
        uint64_t a_sure = (sb ? ~(uint64_t)0 : 0) | a_fixed, b_sure = (sa ? ~(uint64_t)0 : 0) | b_fixed;

        f->found.up[w] = a_up & b_up & a_sure & b_sure;
        f->found.down[w] = a_down & b_down & a_sure & b_sure;
    }
}

static bool product_range(const struct operand *a, const struct operand *b, struct number *lo, struct number *hi)
{
    const struct number *x[2] = { &a->lo, &a->hi }, *y[2] = { &b->lo, &b->hi };
    struct number p;

    for (int i = 0; i < 4; i++) {
        if (!number_mul(*x[i / 2], *y[i % 2], &p))
            return false;
        if (i == 0 || number_compare(p, *lo) < 0)
            *lo = p;
        if (i == 0 || number_compare(p, *hi) > 0)
            *hi = p;
    }
    return true;
}

static bool found_product(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = scratch(f->b);
    struct operand x, y;

    if (!examine(q, a) || !examine(q, b))
        return false;
    x = (struct operand){ a->found.lo, a->found.hi, a->found.up, a->found.down };
    y = (struct operand){ b->found.lo, b->found.hi, b->found.up, b->found.down };
    if (f->kind == FORMULA_RATIO) {
        /* The inverse of what keeps one sign goes the other way. */
        if (y.lo.num <= 0 && y.hi.num >= 0)
            return false;
        y.up = b->found.down;
        y.down = b->found.up;
        if (!number_div(number_of(1), b->found.hi, &y.lo) || !number_div(number_of(1), b->found.lo, &y.hi))
            return false;
    }
    product_directions(q, f, &x, &y);
    return product_range(&x, &y, &f->found.lo, &f->found.hi);
}

static bool found_round(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a);

    if (!examine(q, a))
        return false;
    memcpy(f->found.up, a->found.up, q->pool->words * sizeof *f->found.up);
    memcpy(f->found.down, a->found.down, q->pool->words * sizeof *f->found.down);
    return number_round(a->found.lo, f->constant, f->mode, &f->found.lo) &&
           number_round(a->found.hi, f->constant, f->mode, &f->found.hi);
}

static bool found_extreme(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = scratch(f->b);
    bool maximum = f->kind == FORMULA_MAXIMUM;

    if (!examine(q, a) || !examine(q, b))
        return false;
    for (size_t w = 0; w < q->pool->words; w++) {
        f->found.up[w] = a->found.up[w] & b->found.up[w];
        f->found.down[w] = a->found.down[w] & b->found.down[w];
    }
    f->found.lo = (number_compare(a->found.lo, b->found.lo) >= 0) == maximum ? a->found.lo : b->found.lo;
    f->found.hi = (number_compare(a->found.hi, b->found.hi) >= 0) == maximum ? a->found.hi : b->found.hi;
    return true;
}

/* Months and days of the week go round: their direction is known within one turn only. */
static bool within_a_turn(enum date_operation op, struct number lo, struct number hi)
{
    if (op == DATE_MONTH)
        return date_from_days((int32_t)lo.num).year == date_from_days((int32_t)hi.num).year;
    return op != DATE_WEEKDAY || (hi.num - lo.num < 7 && date_result(op, lo, lo) <= date_result(op, hi, hi));
}

static bool found_date(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = f->b ? scratch(f->b) : NULL;
    bool age = f->date == DATE_AGE || f->date == DATE_AGE_MONTHS, turn;
    struct number none = { 0, 1 };

    if (!examine(q, a) || (b && !examine(q, b)))
        return false;
    turn = within_a_turn(f->date, a->found.lo, a->found.hi);
    for (size_t w = 0; w < q->pool->words; w++) {
        f->found.up[w] = age ? a->found.down[w] & (b ? b->found.up[w] : ~(uint64_t)0) : a->found.up[w];
        f->found.down[w] = age ? a->found.up[w] & (b ? b->found.down[w] : ~(uint64_t)0) : a->found.down[w];
        if (!turn) {
            uint64_t fixed = a->found.up[w] & a->found.down[w];

            f->found.up[w] = f->found.down[w] = fixed;
        }
    }
    if (age) {
        f->found.lo = number_of(date_result(f->date, a->found.hi, b ? b->found.lo : none));
        f->found.hi = number_of(date_result(f->date, a->found.lo, b ? b->found.hi : none));
    } else {
        f->found.lo = number_of(turn ? date_result(f->date, a->found.lo, none) : 1);
        f->found.hi = number_of(turn ? date_result(f->date, a->found.hi, none) : f->date == DATE_MONTH ? 12 : 7);
    }
    return true;
}

static bool examine(const struct question *q, struct formula *f)
{
    if (f->found.stamp == q->pool->stamp)
        return f->found.known;
    q->pool->work++;
    f->found.stamp = q->pool->stamp;
    f->found.known = false;            /* a formula does not contain itself */
    switch (f->kind) {
    case FORMULA_SUM: f->found.known = found_sum(q, f); break;
    case FORMULA_AXIS: f->found.known = found_axis(q, f); break;
    case FORMULA_PRODUCT: case FORMULA_RATIO: f->found.known = found_product(q, f); break;
    case FORMULA_ROUND: f->found.known = found_round(q, f); break;
    case FORMULA_MAXIMUM: case FORMULA_MINIMUM: f->found.known = found_extreme(q, f); break;
    case FORMULA_DATE: f->found.known = found_date(q, f); break;
    case FORMULA_TEXT: break;
    }
    return f->found.known;
}

static bool ask(struct formula_pool *pool, const struct formula *f, const struct box *box)
{
    struct question q = { pool, box };

    pool->stamp++;
    return f && examine(&q, scratch(f));
}

static bool directions_known(const struct formula_pool *pool, const struct formula *f)
{
    for (size_t w = 0; w < pool->words; w++)
        if (f->depends[w] & ~(f->found.up[w] | f->found.down[w]))
            return false;
    return true;
}

bool formula_range_on(struct formula_pool *pool, const struct formula *f, const struct box *box,
                      struct formula_range *out)
{
    if (!ask(pool, f, box))
        return false;
    *out = (struct formula_range){ f->found.lo, f->found.hi, directions_known(pool, f) };
    return true;
}

static enum direction direction_found(const struct formula *f, size_t axis)
{
    bool up = f->found.up[axis / 64] >> axis % 64 & 1, down = f->found.down[axis / 64] >> axis % 64 & 1;

    if (!formula_depends(f, axis) || (up && down))
        return DIRECTION_CONSTANT;
    return up ? DIRECTION_RISING : down ? DIRECTION_FALLING : DIRECTION_UNKNOWN;
}

enum direction formula_direction(struct formula_pool *pool, const struct formula *f, const struct box *box, size_t axis)
{
    if (f && f->kind == FORMULA_TEXT)
        return DIRECTION_CONSTANT;
    return ask(pool, f, box) ? direction_found(f, axis) : DIRECTION_UNKNOWN;
}

bool formula_corner(struct formula_pool *pool, const struct formula *f, const struct box *box, bool greatest,
                    struct box *corner)
{
    if (!ask(pool, f, box) || !directions_known(pool, f))
        return false;
    for (size_t i = 0; i < box->count; i++) {
        enum direction d = formula_depends(f, i) ? direction_found(f, i) : DIRECTION_CONSTANT;
        struct coordinate *c = &corner->items[i];

        *c = box->items[i];
        if (d == DIRECTION_RISING || d == DIRECTION_FALLING)
            c->lo = c->hi = (d == DIRECTION_RISING) == greatest ? c->hi : c->lo;
    }
    return true;
}

/* ------------------------------------------------------------------ at one point */

static bool value_at(const struct question *q, struct formula *f);

static bool value_sum(const struct question *q, struct formula *f)
{
    struct number part;

    f->found.lo = f->constant;
    for (size_t i = 0; i < f->term_count; i++)
        if (!value_at(q, scratch(f->terms[i].atom)) ||
            !number_mul(f->terms[i].atom->found.lo, f->terms[i].factor, &part) ||
            !number_add(f->found.lo, part, &f->found.lo))
            return false;
    return true;
}

static bool value_of(const struct question *q, struct formula *f)
{
    const struct axis *axis;
    const struct coordinate *c;

    if ((f->a && !value_at(q, scratch(f->a))) || (f->b && !value_at(q, scratch(f->b))))
        return false;
    switch (f->kind) {
    case FORMULA_SUM: return value_sum(q, f);
    case FORMULA_AXIS:
        axis = &q->pool->axes->items[f->axis];
        c = &q->box->items[f->axis];
        return number_make(c->kind == COORDINATE_RANGE ? c->lo : axis->lo, axis->den, &f->found.lo);
    case FORMULA_PRODUCT: return number_mul(f->a->found.lo, f->b->found.lo, &f->found.lo);
    case FORMULA_RATIO: return number_div(f->a->found.lo, f->b->found.lo, &f->found.lo);
    case FORMULA_ROUND: return number_round(f->a->found.lo, f->constant, f->mode, &f->found.lo);
    case FORMULA_MAXIMUM: case FORMULA_MINIMUM:
        f->found.lo = (number_compare(f->a->found.lo, f->b->found.lo) >= 0) == (f->kind == FORMULA_MAXIMUM)
                          ? f->a->found.lo : f->b->found.lo;
        return true;
    case FORMULA_DATE:
        f->found.lo = number_of(date_result(f->date, f->a->found.lo, f->b ? f->b->found.lo : number_of(0)));
        return true;
    case FORMULA_TEXT: break;
    }
    return false;
}

static bool value_at(const struct question *q, struct formula *f)
{
    if (f->found.stamp == q->pool->stamp)
        return f->found.known;
    q->pool->work++;
    f->found.stamp = q->pool->stamp;
    f->found.known = false;
    f->found.known = value_of(q, f);
    return f->found.known;
}

bool formula_at(struct formula_pool *pool, const struct formula *f, const struct box *point, struct number *out)
{
    struct question q = { pool, point };

    pool->stamp++;
    if (!f || !value_at(&q, scratch(f)))
        return false;
    *out = f->found.lo;
    return true;
}
