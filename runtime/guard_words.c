/*
 * Guards in French: « si « quotient familial » est inférieur à 1 100 € et si … ». Of the two ways of saying a bound
 * of a grid (moins de 1 100, 1 099,99 ou moins), the one with fewer digits is said.
 */
#include "guard.h"
#include "phrases.h"

static unsigned significant_digits(int128 n)
{
    unsigned digits = 0;

    for (; n != 0; n /= 10)
        digits += digits > 0 || n % 10 != 0;
    return digits;
}

static void value_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v, int128 num)
{
    struct number value = { 0, 1 };

    (void)number_make(num, v->den, &value);
    strbuf_typed_number(out, &p->model, v->type, value);
}

/* `e`: "e" when it is said of « la réponse » or of « la condition ». */
static void above_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v, int128 lo,
                        const char *e)
{
    bool strict = significant_digits(lo - 1) < significant_digits(lo) && lo - 1 > v->lo;

    strbuf_format(out, strict ? "supérieur%s à " : "supérieur%s ou égal%s à ", e, e);
    value_words(out, p, v, strict ? lo - 1 : lo);
}

static void below_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v, int128 hi,
                        const char *e)
{
    unsigned strict = significant_digits(hi + 1), wide = significant_digits(hi);
    /* « au plus 3 enfants », but « moins de 1 100 € » as tables say it */
    bool below = type_is_number(v->type, QUANTITY_NOMBRE) && v->den == 1 ? strict < wide : strict <= wide;

    strbuf_format(out, below ? "inférieur%s à " : "inférieur%s ou égal%s à ", e, e);
    value_words(out, p, v, below ? hi + 1 : hi);
}

static void range_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v,
                        struct guard_range r, const char *e)
{
    bool date = v->type->kind == TYPE_DATE, low = r.lo > v->lo, high = r.hi < v->hi;

    if (r.lo == r.hi) {
        strbuf_format(out, date ? "le " : "égal%s à ", e);
        value_words(out, p, v, r.lo);
        return;
    }
    if (low && date) {
        strbuf_text(out, "à partir du ");
        value_words(out, p, v, r.lo);
    } else if (low) {
        above_words(out, p, v, r.lo, e);
    }
    strbuf_text(out, low && high ? " et " : "");
    if (high && date) {
        strbuf_text(out, "jusqu'au ");
        value_words(out, p, v, r.hi);
    } else if (high) {
        below_words(out, p, v, r.hi, e);
    }
}

static bool set_has(const struct guard_set *set, int128 value)
{
    for (size_t i = 0; i < set->count; i++)
        if (value >= set->ranges[i].lo && value <= set->ranges[i].hi)
            return true;
    return false;
}

/* The members of an enumeration that are in the set, or the only one that is not. */
static void member_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v,
                         const struct guard_set *set)
{
    int128 inside = 0, outside = 0, said = 0;

    for (int128 i = v->lo; i <= v->hi; i++)
        *(set_has(set, i) ? &inside : &outside) += 1;
    if (outside == 1 && inside > 1)
        strbuf_text(out, "autre que ");
    for (int128 i = v->lo; i <= v->hi; i++)
        if (set_has(set, i) == !(outside == 1 && inside > 1)) {
            strbuf_text(out, said++ ? " ou " : "");
            value_words(out, p, v, i);
        }
}

static void values_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v,
                         const struct guard_set *set, const char *e)
{
    if (v->type->kind == TYPE_ENUM || v->type->kind == TYPE_BOOLEAN) {
        member_words(out, p, v, set);
    } else if (set->count == 2 && set->ranges[0].lo <= v->lo && set->ranges[1].hi >= v->hi &&
               set->ranges[1].lo == set->ranges[0].hi + 2) {
        strbuf_format(out, "différent%s de ", e);
        value_words(out, p, v, set->ranges[0].hi + 1);
    } else {
        for (size_t i = 0; i < set->count; i++) {
            strbuf_text(out, i ? " ou " : "");
            range_words(out, p, v, set->ranges[i], e);
        }
    }
}

/* « la réponse à « … ? » », « quotient familial », or the words of a condition. True when it is feminine. */
static bool name_words(struct strbuf *out, const struct delib_program *p, const struct guard_variable *v)
{
    bool condition = !v->symbol && v->type->kind == TYPE_BOOLEAN;

    if (v->symbol) {
        strbuf_subject(out, v->symbol);
        return symbol_is_question(v->symbol);
    }
    strbuf_text(out, condition ? "la condition « " : "« ");
    strbuf_words(out, p, v->expr->span);
    strbuf_text(out, " »");
    return condition;
}

static void term_words(struct strbuf *out, const struct guards *g, const struct delib_program *p,
                       const struct guard_term *term)
{
    const struct guard_variable *v = &g->variables.items[term->variable];
    const struct guard_set *set = &term->set;
    bool whole = set->count == 1 && set->ranges[0].lo <= v->lo && set->ranges[0].hi >= v->hi;
    const char *e = name_words(out, p, v) ? "e" : "";

    if (set->count == 0) {
        strbuf_format(out, " n'est pas communiqué%s", e);
        return;
    }
    if (whole) {
        strbuf_format(out, " est connu%s", e);
    } else if (v->symbol && v->symbol->type->kind == TYPE_LIST) {
        strbuf_text(out, set_has(set, 1) ? " n'est pas vide" : " est vide");
    } else if (!v->symbol && v->type->kind == TYPE_BOOLEAN) {
        strbuf_text(out, set_has(set, 1) ? " est remplie" : " n'est pas remplie");
    } else {
        strbuf_text(out, " est ");
        values_words(out, p, v, set, e);
    }
    if (set->absent)
        strbuf_format(out, " ou n'est pas communiqué%s", e);
}

void strbuf_guard(struct strbuf *out, const struct guards *g, const struct delib_program *program,
                  const struct guard *guard)
{
    if (guard->vague)
        strbuf_text(out, "dans certains cas");
    for (size_t i = 0; i < guard->count; i++) {
        const struct guard_case *c = &guard->cases[i];

        if (c->count)
            strbuf_text(out, i ? " ; ou si " : guard->vague ? ", si " : "si ");
        for (size_t t = 0; t < c->count; t++) {
            strbuf_text(out, t ? " et si " : "");
            term_words(out, g, program, &c->terms[t]);
        }
    }
}
