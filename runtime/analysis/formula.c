/*
 * Canonical formulas, made once each; see formula.h.
 *
 * A sum holds its atoms in the order of their numbers, each once, none of them a sum; a sum of one atom × 1 is that
 * atom. The operands of products and ratios are without a common factor, which goes in front. So what computes the
 * same by the laws of addition and of factors is one formula; other equalities may go unseen, never the reverse.
 */
#include "formula_parts.h"

#include <string.h>

/* Operations inside operations are followed by recursion: deeper ones are not represented. */
enum { WORK_OF_A_FORMULA = 16, DEPTH_MAX = 1000 };

struct formula_pool *formula_pool_new(struct arena *arena, const struct axes *axes)
{
    struct formula_pool *pool = arena_new(arena, struct formula_pool);

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

static uint128 magnitude(int128 n)
{
    return n < 0 ? -(uint128)n : (uint128)n;
}

/* The greatest number of which both are multiples; 0 when unknown. */
static struct number common_grain(struct number a, struct number b)
{
    struct number out = { 0, 1 };
    int128 x, y, den;

    if (a.num != 0 && b.num != 0 && int128_mul_checked(a.num, b.den, &x) && int128_mul_checked(b.num, a.den, &y) &&
        int128_mul_checked(a.den, b.den, &den))
        (void)number_make((int128)uint128_gcd(magnitude(x), magnitude(y)), den, &out);
    return out;
}

static struct number product_of(struct number a, struct number b)
{
    struct number out;

    return number_mul(a, b, &out) ? out : number_of(0);
}

static struct number sum_grain(const struct formula *f)
{
    struct number grain = f->constant;

    for (size_t i = 0; i < f->term_count; i++) {
        struct number of_term = product_of(f->terms[i].factor, f->terms[i].atom->grain);

        grain = i == 0 && f->constant.num == 0 ? of_term : common_grain(grain, of_term);
    }
    if (grain.num < 0 && !number_sub(number_of(0), grain, &grain))
        return number_of(0);
    return grain;
}

static struct number grain_of(const struct formula_pool *pool, const struct formula *f)
{
    struct number zero;

    switch (f->kind) {
    case FORMULA_SUM: return sum_grain(f);
    case FORMULA_AXIS: return axis_number(&pool->axes->items[f->axis], 1);
    case FORMULA_PRODUCT: return product_of(f->a->grain, f->b->grain);
    case FORMULA_ROUND: return f->constant;
    case FORMULA_MAXIMUM: case FORMULA_MINIMUM:
        if (formula_is_constant(f->a, &zero) && zero.num == 0)
            return f->b->grain;
        return formula_is_constant(f->b, &zero) && zero.num == 0 ? f->a->grain
                                                                 : common_grain(f->a->grain, f->b->grain);
    case FORMULA_DATE: return number_of(1);
    case FORMULA_RATIO: case FORMULA_TEXT: break;
    }
    return number_of(0);
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
    *f = wanted;
    f->id = ++pool->count;
    f->depends = sets;
    f->found.up = sets + pool->words;
    f->found.down = sets + 2 * pool->words;
    if (wanted.term_count > 0) {
        f->terms = arena_array(pool->arena, struct term, wanted.term_count);
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

static struct sum sum_new(struct formula_pool *pool, size_t room)
{
    return (struct sum){ .constant = { 0, 1 }, .terms = arena_array(pool->arena, struct term, room) };
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

    if (!a || !b)
        return NULL;
    s = sum_new(pool, terms_of(a) + terms_of(b));
    return sum_formula(&s, a, x) && sum_formula(&s, b, y) ? sum_end(pool, &s) : NULL;
}

static const struct formula *scale(struct formula_pool *pool, const struct formula *f, struct number factor)
{
    struct sum s;

    if (!f)
        return NULL;
    s = sum_new(pool, terms_of(f));
    return sum_formula(&s, f, factor) ? sum_end(pool, &s) : NULL;
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

/* f, which varies, = content × what is returned, the content being positive. */
static const struct formula *without_content(struct formula_pool *pool, const struct formula *f,
                                             struct number *content)
{
    *content = number_of(1);
    if (f->kind != FORMULA_SUM)
        return f;
    *content = f->terms[0].factor;
    if (content->num < 0 && !number_sub(number_of(0), *content, content))
        return NULL;
    return scale(pool, f, inverse_of(*content));
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
    return scale(pool, intern(pool, (struct formula){.kind = FORMULA_PRODUCT, .a = a, .b = b, .constant = {0, 1}}),
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
    return scale(pool, intern(pool, (struct formula){.kind = FORMULA_RATIO, .a = a, .b = b, .constant = {0, 1}}), x);
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

    if (!a || !b)
        return NULL;
    if (a == b)
        return a;
    if (formula_is_constant(a, &x) && formula_is_constant(b, &y))
        return (number_compare(x, y) >= 0) == maximum ? a : b;
    return intern(pool, (struct formula){ .kind = maximum ? FORMULA_MAXIMUM : FORMULA_MINIMUM,
                                          .a = a->id < b->id ? a : b, .b = a->id < b->id ? b : a,
                                          .constant = { 0, 1 } });
}

const struct formula *formula_date(struct formula_pool *pool, enum date_operation op, const struct formula *a,
                                   const struct formula *b)
{
    struct number x, y = { 0, 1 };

    if (!a)
        return NULL;
    if (formula_is_constant(a, &x) && (!b || formula_is_constant(b, &y)))
        return formula_constant(pool, number_of(formula_date_result(op, x, y)));
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
