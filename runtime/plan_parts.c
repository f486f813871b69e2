/*
 * Parts: the value of a node, who is absent for it and who is set aside; and the data of the family, which are the
 * first of them.
 */
#include "plan_build.h"

const struct symbol PART_SEVERAL_DATA;

struct part part_known(int value)
{
    return (struct part){.value = value, .absent = NO_MASK, .aside = NO_MASK};
}

struct part part_boolean(int mask)
{
    return (struct part){.value = mask, .absent = NO_MASK, .aside = NO_MASK, .mask = true};
}

struct part part_aside(struct planner *p)
{
    return (struct part){.value = mask_none(p), .absent = NO_MASK, .aside = mask_all(p)};
}

bool part_is_aside(const struct planner *p, const struct part *x)
{
    int64_t k;

    return x->aside != NO_MASK && op_is_constant(p, x->aside, &k) && k == -1;
}

const struct symbol *part_datum(const struct part *a, const struct part *b)
{
    if (a->absent == NO_MASK)
        return b->datum;
    return b->absent == NO_MASK || a->datum == b->datum ? a->datum : &PART_SEVERAL_DATA;
}

struct part part_strict(struct planner *p, int value, const struct part *a, const struct part *b)
{
    if (value == NONE)
        return part_aside(p);
    return (struct part){.value = value,
                         .absent = mask_either(p, a->absent, b->absent),
                         .aside = mask_either(p, a->aside, b->aside),
                         .datum = part_datum(a, b)};
}

struct part part_valued(struct planner *p, struct part x, int value)
{
    x.value = value;
    return value == NONE ? part_aside(p) : x;
}

struct part part_choose(struct planner *p, int mask, const struct part *a, const struct part *b)
{
    struct part out = {.absent = NO_MASK, .aside = NO_MASK, .mask = part_is_aside(p, a) ? b->mask : a->mask};
    int not_mask = mask_not(p, mask);

    out.value = part_is_aside(p, a)   ? b->value
                : part_is_aside(p, b) ? a->value
                                      : op_select(p, mask, a->value, b->value);
    out.absent = mask_either(p, mask_within(p, a->absent, mask), mask_within(p, b->absent, not_mask));
    out.aside = mask_either(p, mask_within(p, a->aside, mask), mask_within(p, b->aside, not_mask));
    out.datum = part_datum(a, b);
    return out;
}

struct part part_scaled(struct planner *p, struct part x, int128 factor)
{
    return part_valued(p, x, op_scale(p, x.value, factor));
}

struct part part_over(struct planner *p, struct part x, int128 from, int128 den)
{
    /* Typing proved that it is a multiple: were it not, the general engine would say so. */
    return den % from == 0 ? part_scaled(p, x, den / from) : part_aside(p);
}

/* ------------------------------------------------------------------ data */

static struct part given_datum(struct planner *p, const struct symbol *datum, int rank)
{
    struct plan_input *in = &p->inputs[rank];
    struct part out = part_known(NONE);

    in->read = true;
    out.value = op_make(p, (struct plan_op){.code = PLAN_INPUT,
                                            .a = NONE,
                                            .b = NONE,
                                            .c = NONE,
                                            .lo = in->mask ? -1 : in->lo,
                                            .hi = in->mask ? 0 : in->hi,
                                            .as.input = (size_t)rank});
    out.mask = in->mask;
    if (in->may_be_absent) {
        out.absent = op_make(
            p,
            (struct plan_op){
                .code = PLAN_ABSENT, .a = NONE, .b = NONE, .c = NONE, .lo = -1, .hi = 0, .as.input = (size_t)rank});
        out.datum = datum;
    }
    return out;
}

/* As input_value() of session.c. */
static struct part default_datum(struct planner *p, const struct symbol *datum, const struct facts *fixed)
{
    int128 value = datum->type->kind == TYPE_NUMBER ? fixed->lo * (datum->facts.den / fixed->den) : fixed->lo;

    if (datum->type->kind == TYPE_TEXT || !plan_fits(value, value))
        return part_aside(p);
    return datum->type->kind == TYPE_BOOLEAN ? part_boolean(value ? mask_all(p) : mask_none(p))
                                             : part_known(op_constant(p, (int64_t)value));
}

struct part plan_datum(struct planner *p, const struct symbol *datum)
{
    const struct node *fallback = p->request->program->defaults[datum->index];
    const int rank = p->input_of[datum->index];

    if (rank == UNPLANNED)
        return part_aside(p);
    if (rank != NONE)
        return given_datum(p, datum, rank);
    if (fallback)
        return default_datum(p, datum, fallback->expr->facts);
    if (datum->kind == SYMBOL_INPUT && datum->decl->clauses.optional)
        return (struct part){.value = mask_none(p),
                             .absent = mask_all(p),
                             .aside = NO_MASK,
                             .datum = datum,
                             .mask = datum->type->kind == TYPE_BOOLEAN};
    return part_aside(p);
}

const struct node *part_clause(const struct planner *p, const struct part *x)
{
    return x->datum && x->datum != &PART_SEVERAL_DATA ? p->request->program->absent_clauses[x->datum->index] : NULL;
}

struct part part_settled(struct planner *p, struct part x)
{
    x.aside = mask_either(p, x.aside, x.absent);
    x.absent = NO_MASK;
    x.datum = NULL;
    return x;
}
