/*
 * Proves that two conditions are never true together, from what they say of the same name: values of an enumeration,
 * oui and non, intervals of a number. Sound and small: anything else is « not proved ».
 */
#include "typing.h"

enum { CONJUNCTS_MAX = 32, CASES_DEPTH = 6 };

/* One elementary fact: a name lies in [low, high] (numbers), or has (not) one index. */
struct atom {
    const struct symbol *symbol;
    bool number;
    bool has_low, has_high, low_included, high_included;
    struct number low, high;
    int128 index;
    bool differs;                  /* ≠ index */
};

struct conjunction {
    struct atom atoms[CONJUNCTS_MAX];
    size_t count;
};

/* The name, when its value varies from a family to another; NULL for another expression. */
static const struct symbol *name_of(const struct expr *e)
{
    static const bool varies[] = {
        [SYMBOL_INPUT] = true, [SYMBOL_SOURCE] = true,    [SYMBOL_LET] = true,       [SYMBOL_FIELD] = true,
        [SYMBOL_PARAMETER] = true, [SYMBOL_TRANCHES] = true, [SYMBOL_STEP_PRICE] = false,
    };

    return e->kind == EXPR_NAME && varies[e->as.reference.symbol->kind] ? e->as.reference.symbol : NULL;
}

static bool is_scalar(const struct type *type)
{
    return type->kind == TYPE_NUMBER || type->kind == TYPE_DATE;
}

/* A bound that is not written is fixed too. */
static bool is_fixed(const struct expr *e)
{
    return !e || e->facts->constant;
}

static void add_atom(struct conjunction *c, struct atom atom)
{
    if (c->count < CONJUNCTS_MAX)
        c->atoms[c->count++] = atom;
}

/* Just after a day, or a whole number, is the next one: « > 2 » is « ≥ 3 ». A bound between two values stays. */
static void tighten(struct atom *atom, const struct facts *facts)
{
    struct number step;

    if (facts->ratio || !number_make(1, facts->den, &step))
        return;
    if (atom->has_low && !atom->low_included && facts->den % atom->low.den == 0)
        atom->low_included = number_add(atom->low, step, &atom->low);
    if (atom->has_high && !atom->high_included && facts->den % atom->high.den == 0)
        atom->high_included = number_sub(atom->high, step, &atom->high);
}

/* « 500 > qf » is « qf < 500 ». */
static enum binary_op mirrored(enum binary_op op)
{
    static const enum binary_op sides[] = {
        [OP_EQUAL] = OP_EQUAL,         [OP_DIFFERENT] = OP_DIFFERENT,     [OP_LESS] = OP_GREATER,
        [OP_GREATER] = OP_LESS,        [OP_LESS_EQUAL] = OP_GREATER_EQUAL, [OP_GREATER_EQUAL] = OP_LESS_EQUAL,
    };

    return sides[op];
}

static enum binary_op negated(enum binary_op op)
{
    static const enum binary_op contraries[] = {
        [OP_EQUAL] = OP_DIFFERENT,     [OP_DIFFERENT] = OP_EQUAL,         [OP_LESS] = OP_GREATER_EQUAL,
        [OP_GREATER] = OP_LESS_EQUAL,  [OP_LESS_EQUAL] = OP_GREATER,      [OP_GREATER_EQUAL] = OP_LESS,
    };

    return contraries[op];
}

static void add_comparison(struct conjunction *c, const struct expr *left, enum binary_op op,
                           const struct expr *right)
{
    const struct symbol *s = name_of(left);
    struct atom atom = { .symbol = s };

    if (!s && name_of(right)) {
        add_comparison(c, right, mirrored(op), left);
        return;
    }
    if (!s || !is_fixed(right))
        return;
    atom.number = is_scalar(left->type);
    if (!atom.number) {
        atom.index = right->facts->lo;
        atom.differs = op == OP_DIFFERENT;
        if (op == OP_EQUAL || op == OP_DIFFERENT)
            add_atom(c, atom);
        return;
    }
    atom.low = atom.high = facts_low(right->facts);
    atom.has_low = op == OP_EQUAL || op == OP_GREATER || op == OP_GREATER_EQUAL;
    atom.has_high = op == OP_EQUAL || op == OP_LESS || op == OP_LESS_EQUAL;
    atom.low_included = op != OP_GREATER;
    atom.high_included = op != OP_LESS;
    tighten(&atom, left->facts);
    if (op != OP_DIFFERENT)
        add_atom(c, atom);
}

static void add_is(struct conjunction *c, const struct expr *e)
{
    const struct symbol *s = name_of(e->as.is.operand);
    const struct title *title = &e->as.is.title;
    struct atom atom = { .symbol = s, .number = is_scalar(e->as.is.operand->type) };

    if (!s)
        return;
    if (title->kind == TITLE_VALUE) {
        add_comparison(c, e->as.is.operand, OP_EQUAL, title->value);
        return;
    }
    if (title->kind != TITLE_INTERVAL || !atom.number || !is_fixed(title->low) || !is_fixed(title->high))
        return;
    atom.has_low = title->low != NULL;
    atom.has_high = title->high != NULL;
    atom.low_included = title->low_included;
    atom.high_included = title->high_included;
    if (title->low)
        atom.low = facts_low(title->low->facts);
    if (title->high)
        atom.high = facts_low(title->high->facts);
    tighten(&atom, e->as.is.operand->facts);
    add_atom(c, atom);
}

/* « est avant le 15 mars 2026 », « est après », a calendar apart. */
static void add_when(struct conjunction *c, const struct expr *e, bool negate)
{
    enum binary_op op = e->as.when.when == WHEN_BEFORE ? OP_LESS : OP_GREATER;

    if (e->as.when.other->type->kind == TYPE_DATE)
        add_comparison(c, e->as.when.operand, negate ? negated(op) : op, e->as.when.other);
}

/* Adds what `e` (or its negation) says when it is a conjunction; a disjunction says nothing here. */
static void collect(struct conjunction *c, const struct expr *e, bool negate)
{
    if (name_of(e))
        add_atom(c, (struct atom){ .symbol = name_of(e), .index = !negate });
    else if (e->kind == EXPR_NOT)
        collect(c, e->as.operand, !negate);
    else if (e->kind == EXPR_IS && !negate)
        add_is(c, e);
    else if (e->kind == EXPR_WHEN)
        add_when(c, e, negate);
    else if (e->kind == EXPR_BINARY && e->as.binary.op == (negate ? OP_OR : OP_AND)) {
        collect(c, e->as.binary.left, negate);
        collect(c, e->as.binary.right, negate);
    } else if (e->kind == EXPR_BINARY && e->as.binary.op != OP_OR && e->as.binary.op != OP_AND)
        add_comparison(c, e->as.binary.left, negate ? negated(e->as.binary.op) : e->as.binary.op, e->as.binary.right);
}

static bool below(const struct atom *a, const struct atom *b)
{
    int order;

    if (!a->has_high || !b->has_low)
        return false;
    order = number_compare(a->high, b->low);
    return order < 0 || (order == 0 && !(a->high_included && b->low_included));
}

static bool contradict(const struct atom *a, const struct atom *b)
{
    if (a->symbol != b->symbol)
        return false;
    if (a->number)
        return below(a, b) || below(b, a);
    return a->differs != b->differs ? a->index == b->index : !a->differs && a->index != b->index;
}

static bool conjunctions_disjoint(const struct conjunction *a, const struct conjunction *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (contradict(&a->atoms[i], &b->atoms[k]))
                return true;
    return false;
}

/* Cases of a disjunction, each in conjunction with what surrounds it. */
static const struct expr *first_disjunction(const struct expr *e)
{
    const struct expr *found;

    if (e->kind != EXPR_BINARY)
        return NULL;
    if (e->as.binary.op == OP_OR)
        return e;
    if (e->as.binary.op != OP_AND)
        return NULL;
    found = first_disjunction(e->as.binary.left);
    return found ? found : first_disjunction(e->as.binary.right);
}

static bool disjoint_cases(const struct expr *a, const struct expr *b, size_t depth)
{
    const struct expr *split;
    struct conjunction x = { .count = 0 }, y = { .count = 0 };

    if (depth > CASES_DEPTH)
        return false;
    collect(&x, a, false);
    collect(&y, b, false);
    if (conjunctions_disjoint(&x, &y))
        return true;
    split = first_disjunction(a);
    if (split == a)
        return disjoint_cases(a->as.binary.left, b, depth + 1) && disjoint_cases(a->as.binary.right, b, depth + 1);
    split = first_disjunction(b);
    if (split == b)
        return disjoint_cases(a, b->as.binary.left, depth + 1) && disjoint_cases(a, b->as.binary.right, depth + 1);
    return false;
}

bool conditions_disjoint(const struct expr *a, const struct expr *b)
{
    return a->type->kind == TYPE_ERROR || b->type->kind == TYPE_ERROR || disjoint_cases(a, b, 0);
}
