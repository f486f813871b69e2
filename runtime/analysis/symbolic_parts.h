/*
 * What the files of the evaluation on a box share: its values, and its parts. Names follow evaluate.c.
 */
#ifndef ANALYSIS_SYMBOLIC_PARTS_H
#define ANALYSIS_SYMBOLIC_PARTS_H

#include "decisions.h"

/* ------------------------------------------------------------------ values */

static inline struct symbolic_value stopped(void)
{
    return (struct symbolic_value){ .state = VALUE_PENDING };
}

static inline struct symbolic_value not_known(struct symbolic *s, const char *why)
{
    s->cutter.why = why;
    return stopped();
}

static inline struct symbolic_value state(enum value_state of, const char *reason)
{
    return (struct symbolic_value){ .state = of, .reason = reason };
}

static inline struct symbolic_value about(enum value_state of, const struct symbol *datum, const char *reason)
{
    return (struct symbolic_value){ .state = of, .datum = datum, .reason = reason };
}

static inline struct symbolic_value value(const struct formula *num)
{
    return (struct symbolic_value){ .state = VALUE_OK, .num = num };
}

static inline const struct formula *whole(struct symbolic *s, int128 n)
{
    return formula_constant(s->cutter.pool, number_of(n));
}

static inline struct symbolic_value constant(struct symbolic *s, int128 n)
{
    return value(whole(s, n));
}

static inline bool has_stopped(const struct symbolic_value *v)
{
    return v->state == VALUE_PENDING;
}

static inline struct symbolic_value combine(const struct symbolic_value *a, const struct symbolic_value *b)
{
    return state_prevails(a->state, b->state) ? *a : *b;
}

/* num / den; den > 0 */
static inline struct number fraction(int128 num, int128 den)
{
    struct number out = { 0, 1 };

    (void)number_make(num, den, &out);     /* what fits, reduced, fits */
    return out;
}

/* f × num / den; f itself where they are equal, as they are for a text or a list. */
static inline const struct formula *times(struct symbolic *s, const struct formula *f, int128 num, int128 den)
{
    struct formula_pool *pool = s->cutter.pool;

    return num == den ? f : formula_multiply(pool, f, formula_constant(pool, fraction(num, den)));
}

static inline struct symbolic_value rescale(struct symbolic *s, struct symbolic_value v, int128 from, int128 to)
{
    if (v.state == VALUE_OK)
        v.num = times(s, v.num, to, from);
    return v;
}

static inline struct symbolic_value over(struct symbolic *s, struct symbolic_value v, const struct node *from,
                                         int128 den)
{
    return rescale(s, v, from->den, den);
}

static inline bool is_outcome(const struct node *n, enum outcome outcome)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == outcome;
}

/* On a box a refused source is one that failed. */
static inline bool is_unknown_fact(enum value_state of)
{
    return of == VALUE_ABSENT || of == VALUE_FAILED;
}

/* ------------------------------------------------------------------ parts */

/* symbolic.c */
struct symbolic_value symbolic_eval(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_datum(struct symbolic *s, const struct symbol *datum);
struct symbolic_value symbolic_extreme(struct symbolic *s, const struct formula *a, const struct formula *b,
                                       bool maximum);

/* symbolic_dates.c */
struct symbolic_value symbolic_date(struct symbolic *s);
struct symbolic_value symbolic_today(struct symbolic *s);
struct symbolic_value symbolic_dates(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_when(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_national(struct symbolic *s, const struct node *n);
bool symbolic_in_period(struct symbolic *s, const struct formula *d, const struct period *p, bool *out);

/* symbolic_lists.c */
struct symbolic_value symbolic_field(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_variable(struct symbolic *s);
struct symbolic_value symbolic_fold(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_rank(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_basket(struct symbolic *s, const struct node *n);

/* symbolic_tables.c */
struct symbolic_value symbolic_table(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_best(struct symbolic *s, const struct node *n);
struct symbolic_value symbolic_shift(struct symbolic *s, const struct node *n);
/* What the act says once of the datum that made this value unknown; NULL: nothing. */
const struct node *symbolic_clause(const struct symbolic *s, const struct symbolic_value *v);
void symbolic_mark(struct symbolic *s, struct region_mark m);

/* symbolic_tariffs.c: as machine_run(). The value is left in s->price, over *den. */
struct region_outcome symbolic_run_tariff(struct symbolic *s, size_t tariff, const struct symbol *output,
                                          int128 *den);

#endif
