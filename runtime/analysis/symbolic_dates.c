/*
 * Dates on a box: that of the service, ages, periods, days of the year, national values.
 */
#include "symbolic_parts.h"

static const char WHY_DATE[] = "une date de l'année peut tomber trop souvent dans l'intervalle examiné";

struct symbolic_value symbolic_date(struct symbolic *s)
{
    const struct binding *b = &s->target->bindings[s->target->program->model.data.count];
    struct coordinate *c;

    if (b->kind == BINDING_FIXED)
        return constant(s, b->fixed);
    if (b->kind == BINDING_AXIS && b->axis >= s->box->count && s->options->date.year)
        return constant(s, date_to_days(s->options->date));
    if (b->kind != BINDING_AXIS || b->axis >= s->box->count)
        return state(VALUE_MISSING, "la date du service n'est pas donnée");
    c = &s->box->items[b->axis];
    if (c->kind != COORDINATE_RANGE)
        *c = coordinate_known(&s->cutter.axes->items[b->axis]);
    c->read = true;
    return value(formula_axis(s->cutter.pool, b->axis));
}

struct symbolic_value symbolic_today(struct symbolic *s)
{
    return s->options->today.year ? constant(s, date_to_days(s->options->today)) : symbolic_date(s);
}

struct symbolic_value symbolic_dates(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a), on = { .state = VALUE_OK };
    bool age = n->as.date == DATE_AGE || n->as.date == DATE_AGE_MONTHS, born = true;

    if (v.state != VALUE_OK)
        return v;
    if (age)
        on = n->b ? symbolic_eval(s, n->b) : symbolic_date(s);
    if (on.state != VALUE_OK)
        return on;
    v.num = formula_date(s->cutter.pool, n->as.date, v.num, age ? on.num : NULL);
    if (age && !decide_at_least(s, v.num, 0, &born))
        return stopped();
    return born ? v : state(VALUE_INVALID, "la date de naissance est postérieure à la date du service");
}

/* The days on which a decision by date changes, ascending: those of a calendar day, from the year before the box. */
struct day_ladder {
    struct date day;
    int first_year;
};

static struct threshold nth_occurrence(const void *context, size_t i)
{
    const struct day_ladder *l = context;
    int year = l->first_year + (int)(i / 2);
    struct date d = { (int16_t)year, l->day.month, l->day.day };
    /* 29 February exists in some years only: in the others the ladder has an empty step on 1 March. */
    bool exists = date_exists(year, d.month, d.day);

    if (!exists)
        d = (struct date){ (int16_t)year, 3, 1 };
    return (struct threshold){ number_of(date_to_days(d) + (exists ? (int)(i % 2) : 0)), false };
}

static int on_the_day(const void *context, size_t step)
{
    (void)context;
    return (int)(step % 2);
}

static struct symbolic_value eval_day(struct symbolic *s, const struct symbolic_value *v, struct date day)
{
    struct formula_range range;
    struct day_ladder context = { .day = day };
    struct ladder ladder = { .at = nth_occurrence, .key = on_the_day, .context = &context };
    size_t step = 0;
    int last;

    if (!formula_range_on(s->cutter.pool, v->num, s->box, &range))
        return not_known(s, WHY_NUMBER);
    context.first_year = date_from_days((int32_t)range.lo.num).year;
    last = date_from_days((int32_t)range.hi.num).year;
    if (last - context.first_year > 500)
        return not_known(s, WHY_DATE);
    ladder.count = 2 * (size_t)(last - context.first_year + 1);
    if (!decide(s, cutter_settle(&s->cutter, v->num, &ladder, &step)))
        return stopped();
    return constant(s, (int128)(step % 2));
}

static bool is_before(struct symbolic *s, const struct formula *f, struct date d, bool *out)
{
    bool settled = decide_at_least(s, f, date_to_days(d), out);

    *out = !*out;
    return settled;
}

static bool is_after(struct symbolic *s, const struct formula *f, struct date d, bool *out)
{
    return decide_at_least(s, f, (int128)date_to_days(d) + 1, out);
}

bool symbolic_in_period(struct symbolic *s, const struct formula *d, const struct period *p, bool *out)
{
    bool outside = false;

    if (p->from.year && !is_before(s, d, p->from, &outside))
        return false;
    if (!outside && p->to.year && !is_after(s, d, p->to, &outside))
        return false;
    *out = !outside;
    return true;
}

struct symbolic_value symbolic_when(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a), other;
    const struct period *period = &n->as.when.period;
    bool holds = false;

    if (v.state != VALUE_OK)
        return v;
    if (n->as.when.day.month)
        return eval_day(s, &v, n->as.when.day);
    if (n->b) {
        other = symbolic_eval(s, n->b);
        if (other.state != VALUE_OK)
            return other;
        if (!decide_order(s,
                          n->as.when.when == WHEN_BEFORE ? OP_LESS : OP_GREATER, v.num, other.num, &holds))
            return stopped();
        return constant(s, holds);
    }
    if (n->as.when.when == WHEN_BEFORE ? !is_before(s, v.num, period->from, &holds)
        : n->as.when.when == WHEN_AFTER ? period->to.year && !is_after(s, v.num, period->to, &holds)
                                        : !symbolic_in_period(s, v.num, period, &holds))
        return stopped();
    return constant(s, holds);
}

struct symbolic_value symbolic_national(struct symbolic *s, const struct node *n)
{
    const struct national_value *found = NULL;
    struct symbolic_value date = symbolic_date(s);

    if (date.state != VALUE_OK)
        return date;
    for (size_t i = 0; i < n->as.national.count; i++) {
        const struct national_value *v = &n->as.national.items[i];
        bool before;

        if (!is_before(s, date.num, v->period.from, &before))
            return stopped();
        if (!before && (!found || date_compare(v->period.from, found->period.from) > 0))
            found = v;
    }
    if (!found)
        return state(VALUE_NON_PREVU, "aucune valeur nationale n'est en vigueur à cette date");
    return over(s, symbolic_eval(s, found->value), found->value, n->den);
}
