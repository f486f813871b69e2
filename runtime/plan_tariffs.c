/*
 * Tariffs in a plan: the price, its exceptions and its steps, as machine_run() of evaluate.c makes them; and their
 * result as a decimal.
 */
#include "plan_build.h"

/* A price on the way: its denominator, and where it is not settled yet. */
struct plan_price {
    struct part part;
    int128 den;
};

static struct plan_price price_aside(struct planner *p)
{
    return (struct plan_price){part_aside(p), 1};
}

/* Both on one denominator, which typing joined; a whole « aside » takes the other's. */
static void same_den(struct planner *p, struct plan_price *a, struct plan_price *b)
{
    int128 den = part_is_aside(p, &a->part) ? b->den : a->den;

    if (!part_is_aside(p, &a->part) && !part_is_aside(p, &b->part)) {
        (void)int128_lcm_checked(a->den, b->den, &den);
        a->part = part_over(p, a->part, a->den, den);
        b->part = part_over(p, b->part, b->den, den);
    }
    a->den = b->den = den;
}

static struct plan_price choose_price(struct planner *p, int mask, struct plan_price a, struct plan_price b)
{
    int64_t k;

    if (op_is_constant(p, mask, &k))
        return k ? a : b;
    same_den(p, &a, &b);
    return (struct plan_price){part_choose(p, mask, &a.part, &b.part), a.den};
}

/* As settle() of evaluate.c: a clause where the value is absent; who is still absent is set aside. */
static struct plan_price settle(struct planner *p, struct frame *f, struct part x, int128 den,
                                const struct node *absent)
{
    struct plan_price price = {x, den};
    const struct node *clause = absent ? absent : part_clause(p, &x);
    int where = x.absent;

    if (where == NO_MASK)
        return price;
    if (!clause) {
        price.part = part_settled(p, x);
        return price;
    }
    price.part.absent = NO_MASK;
    price = choose_price(p, where, (struct plan_price){part_settled(p, plan_node(p, f, clause)), clause->den}, price);
    price.part.aside = mask_either(p, price.part.aside, x.aside); /* also where it is absent */
    return price;
}

/* What a price is before its steps; `final` where none of them applies. */
static struct plan_price initial_price(struct planner *p, struct frame *f, const struct tariff_version *v, int *final)
{
    struct plan_price price = settle(p, f, plan_node(p, f, v->price), v->price->den, v->price_absent);
    int reached_final = mask_none(p);

    for (size_t i = v->exception_count; i-- > 0;) {
        const struct exception_code *e = &v->exceptions[i];
        struct part c = plan_node(p, f, e->condition), unknown = c;
        struct plan_price value = settle(p, f, plan_node(p, f, e->value), e->value->den, e->absent);
        int here;

        if (part_is_aside(p, &c))
            return price_aside(p);
        here = c.absent == NO_MASK ? c.value : mask_and_not(p, c.value, c.absent);
        price = choose_price(p, here, value, price);
        reached_final = e->source->final ? mask_or(p, here, reached_final) : mask_and_not(p, reached_final, here);
        if (c.absent != NO_MASK && !node_is_outcome(e->absent, OUTCOME_NO_EFFECT)) {
            unknown.value = mask_none(p);
            unknown.mask = false;
            price = choose_price(p, c.absent, settle(p, f, unknown, 1, e->absent), price);
            reached_final = mask_and_not(p, reached_final, c.absent);
        }
        price.part.aside = mask_either(p, price.part.aside, c.aside);
    }
    *final = reached_final;
    return price;
}

/* Where the condition or the value of a step is absent: as step_clause() of evaluate.c. */
static struct part step_unknown(struct planner *p, struct frame *f, const struct step_code *s,
                                const struct part *unknown)
{
    const struct node *clause = s->absent ? s->absent : part_clause(p, unknown);

    if (!clause)
        return part_aside(p);
    if (node_is_outcome(clause, OUTCOME_NO_EFFECT))
        return part_over(p, f->price, s->den_before, s->den_after);
    return part_over(p, part_settled(p, plan_node(p, f, clause)), clause->den, s->den_after);
}

static struct part plan_step(struct planner *p, struct frame *f, const struct step_code *s)
{
    struct part c = s->condition ? plan_node(p, f, s->condition) : part_boolean(mask_all(p)),
                v = plan_node(p, f, s->next), out;
    struct part same = part_over(p, f->price, s->den_before, s->den_after), unknown;
    int applies, where;

    if (part_is_aside(p, &c))
        return part_aside(p);
    applies = c.absent == NO_MASK ? c.value : mask_and_not(p, c.value, c.absent);
    where = mask_either(p, c.absent, mask_within(p, v.absent, applies));
    unknown = (struct part){.datum = part_datum(&c, &v)};
    out = part_over(p, v, s->next->den, s->den_after);
    out.absent = NO_MASK;
    out = part_choose(p, applies, &out, &same);
    if (where != NO_MASK) {
        unknown = step_unknown(p, f, s, &unknown);
        out = part_choose(p, where, &unknown, &out);
    }
    if (s->negative && op_at(p, out.value)->lo < 0) {
        struct part other =
            part_over(p, part_settled(p, plan_node(p, f, s->negative)), s->negative->den, s->den_after);
        int below = mask_and(p, applies, op_compare(p, PLAN_LESS, out.value, mask_none(p)));

        out = part_choose(p, below, &other, &out);
    }
    out.aside = mask_either(p, out.aside, mask_either(p, c.aside, f->price.aside));
    out.aside = mask_either(p, out.aside, mask_within(p, v.aside, applies));
    return out;
}

/* As the general engine picks it. NULL: none is in force. */
static const struct tariff_version *version_in_force(const struct planner *p, size_t tariff)
{
    struct machine m = {.session = p->request->session, .program = p->request->program};
    struct value why;

    return machine_version(&m, tariff, &why);
}

static struct plan_price plan_version(struct planner *p, const struct tariff_version *v)
{
    struct frame f = {.slots = NULL};
    struct plan_price price, stepped;
    int final = mask_none(p);

    f.lets = arena_array(p->arena, struct part, p->request->program->let_count);
    for (size_t i = 0; i < p->request->program->let_count; i++)
        f.lets[i].value = NONE;
    f.price = f.base = part_aside(p);
    price = initial_price(p, &f, v, &final);
    if (v->type->kind != TYPE_NUMBER || part_is_aside(p, &price.part))
        return price;
    stepped = (struct plan_price){part_over(p, price.part, price.den, v->den_initial), v->den_initial};
    f.price = f.base = stepped.part;
    for (size_t i = 0; i < v->step_count; i++) {
        f.price = plan_step(p, &f, &v->steps[i]);
        stepped = (struct plan_price){f.price, v->steps[i].den_after};
    }
    return choose_price(p, final, price, stepped);
}

struct part plan_tariff(struct planner *p, const struct node *n)
{
    const struct tariff_version *v = version_in_force(p, n->as.tariff);
    struct plan_price price;

    if (!v || p->tariff_depth == PLAN_MAX_TARIFFS)
        return part_aside(p);
    p->tariff_depth++;
    price = plan_version(p, v);
    p->tariff_depth--;
    return part_over(p, price.part, price.den, n->den);
}

/* Amounts in euros have two decimals at least; a rate is given in percents. False: not a plain decimal. */
static bool to_decimal(struct planner *p, const struct type *type, struct plan_price *price, struct plan_result *out)
{
    int128 power = 1, num = type_is_number(type, QUANTITY_TAUX) ? 100 : 1;
    unsigned scale = 0, least = type_is_number(type, QUANTITY_MONTANT) ? 2 : 0;

    while (scale < least || (power * num) % price->den != 0) {
        if (++scale > 9)
            return false;
        power *= 10;
    }
    price->part = part_scaled(p, price->part, power * num / price->den);
    out->scale = scale;
    return true;
}

void plan_result_of(struct planner *p, size_t tariff, struct plan_result *out)
{
    const struct tariff_version *v = tariff < p->request->program->tariff_count ? version_in_force(p, tariff) : NULL;
    struct plan_price price;

    *out = (struct plan_result){.value = 0, .aside = NONE};
    if (!v)
        return;
    price = plan_version(p, v);
    price.part = part_settled(p, price.part);
    if (part_is_aside(p, &price.part) || !to_decimal(p, v->type, &price, out) || part_is_aside(p, &price.part))
        return;
    out->value = price.part.mask ? op_subtract(p, mask_none(p), price.part.value) : price.part.value;
    out->aside = price.part.aside;
    out->planned = true;
}
