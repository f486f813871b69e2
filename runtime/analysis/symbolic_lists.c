/*
 * Lists and records on a box: those of one family, given whole by a binding, are walked element by element as in
 * evaluate.c; lists of any family are not known.
 */
#include "symbolic_parts.h"

static const char WHY_LIST[] = "le calcul parcourt une liste";
static const char WHY_ELEMENT[] = "le tarif est celui d'un élément d'une liste";
static const char WHY_PARTIAL[] = "une date est incomplète";

/* ------------------------------------------------------------------ elements */

struct saved_frame {
    const struct record_value *element;
    size_t rank;
    struct symbolic_value variable;
    uint64_t frame;
};

/* A field or an element that a family gives. */
static struct symbolic_value stored(struct symbolic *s, const struct datum_value *v, const struct symbol *field)
{
    if (v->state == DATUM_BAD)
        return state(VALUE_INVALID, v->problem);
    if (v->state == DATUM_NULL && !data_set_is_empty(&field->facts.absent))
        return state(VALUE_ABSENT, "non communiqué");
    if (v->state != DATUM_SET)
        return about(VALUE_MISSING, field->kind == SYMBOL_FIELD ? NULL : field, "une information d'une fiche manque");
    if (field->type->kind == TYPE_TEXT)
        return value(formula_text(s->cutter.pool, slice_of(v->ref)));
    if (v->ref)
        return (struct symbolic_value){ .state = VALUE_OK, .ref = v->ref };
    return v->d == 1 ? constant(s, v->num) : not_known(s, WHY_PARTIAL);
}

static struct saved_frame enter_element(struct symbolic *s, const struct list_value *list, size_t i)
{
    static const struct type plain_type = { .kind = TYPE_NUMBER };
    static const struct symbol plain = { .kind = SYMBOL_FIELD, .type = &plain_type };    /* not a record */
    struct saved_frame saved = { s->element, s->element_rank, s->variable, s->frame };
    const struct datum_value *item = &list->items[i];

    s->frame = ++s->frames;
    s->element_rank = i;
    s->variable = stored(s, item, &plain);
    if (item->ref)
        s->element = item->ref;
    return saved;
}

static void leave_element(struct symbolic *s, const struct saved_frame *saved)
{
    s->element = saved->element;
    s->element_rank = saved->rank;
    s->variable = saved->variable;
    s->frame = saved->frame;
}

static bool is_basket(const struct node *list)
{
    return list->expr->type->basket;
}

/* The list of a node; NULL: `out` is what the evaluation comes to. */
static const struct list_value *list_of(struct symbolic *s, const struct node *n, struct symbolic_value *out)
{
    *out = symbolic_eval(s, n);
    if (out->state == VALUE_OK && !out->ref)
        *out = not_known(s, WHY_LIST);
    return out->state == VALUE_OK ? out->ref : NULL;
}

struct symbolic_value symbolic_field(struct symbolic *s, const struct node *n)
{
    const struct record_value *record = s->element, *saved = s->element;
    struct symbolic_value object, out;
    uint64_t frame = s->frame;

    if (n->a) {
        object = symbolic_eval(s, n->a);
        if (object.state != VALUE_OK)
            return object;
        record = object.ref;
    }
    if (!record)
        return not_known(s, WHY_ELEMENT);
    if (n->as.symbol->kind != SYMBOL_LET)
        return stored(s, &record->fields[n->as.symbol->index], n->as.symbol);
    s->element = record;
    s->frame = ++s->frames;
    out = symbolic_eval(s, n->b);
    s->element = saved;
    s->frame = frame;
    return out;
}

struct symbolic_value symbolic_variable(struct symbolic *s)
{
    return s->variable;
}

/* ------------------------------------------------------------------ aggregates */

static struct symbolic_value fold_step(struct symbolic *s, const struct node *n, struct symbolic_value sofar,
                                       struct symbolic_value v)
{
    switch (n->as.fold.op) {
    case AGGREGATE_COUNT: return value(formula_add(s->cutter.pool, sofar.num, whole(s, 1)));
    case AGGREGATE_SUM: return value(formula_add(s->cutter.pool, sofar.num, v.num));
    case AGGREGATE_MINIMUM: case AGGREGATE_MAXIMUM:
        return sofar.state == VALUE_OK
                   ? symbolic_extreme(s, sofar.num, v.num, n->as.fold.op == AGGREGATE_MAXIMUM) : v;
    }
    return sofar;
}

static struct symbolic_value fold_element(struct symbolic *s, const struct node *n, bool *counts)
{
    struct symbolic_value keep = n->b ? symbolic_eval(s, n->b) : constant(s, 1);

    *counts = false;
    if (keep.state != VALUE_OK)
        return keep;
    if (!decide_true(s, &keep, counts))
        return stopped();
    return *counts && n->c ? over(s, symbolic_eval(s, n->c), n->c, n->den) : constant(s, 0);
}

struct symbolic_value symbolic_fold(struct symbolic *s, const struct node *n)
{
    struct symbolic_value list, unknown = { .state = VALUE_OK };
    const struct list_value *items = list_of(s, n->a, &list);
    bool starts = n->as.fold.op == AGGREGATE_COUNT || n->as.fold.op == AGGREGATE_SUM;
    struct symbolic_value sofar = starts ? constant(s, 0) : state(VALUE_SANS_OBJET, NULL);

    if (!items)
        return list;
    for (size_t i = 0; i < items->count; i++) {
        struct saved_frame saved;
        struct symbolic_value v;
        bool counts;

        if (is_basket(n->a) && items->items[i].state == DATUM_UNSET)
            continue;
        saved = enter_element(s, items, i);
        if (is_basket(n->a))
            s->variable = constant(s, (int128)i);
        v = fold_element(s, n, &counts);
        leave_element(s, &saved);
        if (has_stopped(&v) || state_ends(v.state))
            return v;
        if (v.state != VALUE_OK)
            unknown = unknown.state == VALUE_OK ? v : combine(&unknown, &v);
        else if (counts)
            sofar = fold_step(s, n, sofar, v);
        if (has_stopped(&sofar))
            return sofar;
    }
    if (unknown.state != VALUE_OK)
        return unknown;
    if (sofar.state == VALUE_SANS_OBJET && n->as.fold.if_empty)
        return over(s, symbolic_eval(s, n->as.fold.if_empty), n->as.fold.if_empty, n->den);
    return sofar;
}

/* ------------------------------------------------------------------ ranks */

static struct symbolic_value rank_keys(struct symbolic *s, const struct node *n, struct symbolic_value *key,
                                       struct symbolic_value *tie, bool *counts)
{
    struct symbolic_value keep = n->b ? symbolic_eval(s, n->b) : constant(s, 1);

    *counts = false;
    if (keep.state != VALUE_OK)
        return keep;
    if (!decide_true(s, &keep, counts))
        return stopped();
    if (!*counts)
        return keep;
    *key = symbolic_eval(s, n->c);
    *tie = n->as.rank.tie && !has_stopped(key) ? symbolic_eval(s, n->as.rank.tie) : constant(s, 0);
    return key->state == VALUE_OK && tie->state == VALUE_OK ? *key : combine(key, tie);
}

/* Sign of a - b; false: the evaluation stops here. */
static bool order_of(struct symbolic *s, const struct formula *a, const struct formula *b, int *out)
{
    bool below, equal = false;

    if (!decide_below(s, a, b, false, &below) || (!below && !decide_order(s, OP_EQUAL, a, b, &equal)))
        return false;
    *out = below ? -1 : !equal;
    return true;
}

/* Does the other element come before this one? */
static bool comes_before(struct symbolic *s, const struct node *n, const struct symbolic_value other[2],
                         const struct symbolic_value mine[2], bool listed_before, bool *out)
{
    int order;

    if (!order_of(s, other[0].num, mine[0].num, &order))
        return false;
    if (n->as.rank.descending)
        order = -order;
    if (order == 0 && n->as.rank.tie && !order_of(s, other[1].num, mine[1].num, &order))
        return false;
    *out = order < 0 || (order == 0 && listed_before);
    return true;
}

struct symbolic_value symbolic_rank(struct symbolic *s, const struct node *n)
{
    struct symbolic_value list, mine[2], other[2], v;
    const struct list_value *items = list_of(s, n->a, &list);
    size_t own = s->element_rank;
    int128 rank = 1;
    bool counts, before;

    if (!items)
        return list;
    if (!s->element)
        return not_known(s, WHY_ELEMENT);
    v = rank_keys(s, n, &mine[0], &mine[1], &counts);
    if (v.state != VALUE_OK)
        return v;
    if (!counts)
        return state(VALUE_SANS_OBJET, "cette personne n'est pas dans le classement");
    for (size_t i = 0; i < items->count; i++) {
        struct saved_frame saved;

        if (i == own)
            continue;
        saved = enter_element(s, items, i);
        v = rank_keys(s, n, &other[0], &other[1], &counts);
        leave_element(s, &saved);
        if (v.state != VALUE_OK)
            return v;
        if (!counts)
            continue;
        if (!comes_before(s, n, other, mine, i < own, &before))
            return stopped();
        rank += before;
    }
    return constant(s, rank);
}

/* The members one after another: the next one begins at its rank. */
static struct threshold member_end(const void *context, size_t i)
{
    (void)context;
    return (struct threshold){ number_of((int128)i + 1), false };
}

struct symbolic_value symbolic_basket(struct symbolic *s, const struct node *n)
{
    struct symbolic_value list = symbolic_datum(s, n->as.symbol), member;
    const struct list_value *items = list.ref;
    struct ladder ladder = { .at = member_end };
    size_t i = 0;

    member = has_stopped(&list) ? list : symbolic_eval(s, n->a);
    if (list.state != VALUE_OK || member.state != VALUE_OK)
        return combine(&list, &member);
    if (!items)
        return not_known(s, WHY_LIST);
    ladder.count = items->count - 1;
    if (!decide(s, cutter_settle(&s->cutter, member.num, &ladder, &i)))
        return stopped();
    return items->items[i].state == DATUM_UNSET ? constant(s, 0) : stored(s, &items->items[i], n->as.symbol);
}
