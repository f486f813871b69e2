/*
 * Tariffs: the price, its exceptions and its steps. Each step is read as one expression on « prix », the price obtained
 * before it, so that its unit, its range and its decimals follow from the rules of expressions.
 */
#include "purpose.h"
#include "typing.h"

struct rules {
    struct typing *t;
    struct symbol *tariff;
    struct version *version;
    struct decl *d;
    const struct type *type;           /* of the price so far */
    struct facts facts;                /* of the price so far */
    struct number percent_of_base;     /* sum of the reductions « du prix de base » */
    uint64_t over[64];                 /* per exception: those over which it prevails */
    bool any;                          /* some value was joined into `facts` */
    bool only_base;                    /* no other kind of step yet */
};

static bool is_outcome(const struct expr *e, enum outcome outcome)
{
    return e && e->kind == EXPR_OUTCOME && e->as.outcome.outcome == outcome;
}

static bool is_amount(const struct type *type)
{
    return type_is_number(type, QUANTITY_MONTANT);
}

/* ------------------------------------------------------------------ absence */

/* An amount said once stands for the price, not for a condition or the value of a step. */
static bool clause_usable(const struct expr *clause, enum diag_code code)
{
    return clause && !is_outcome(clause, OUTCOME_LAST_ROW) &&
           (code == DIAG_NO_ABSENT_CLAUSE || clause->kind == EXPR_OUTCOME);
}

/*
 * Data that are known whenever this condition is true: what it says is renseigné, and what it compares, since a
 * comparison with an absent value is not true.
 */
static void known_when(struct typing *t, const struct expr *e, bool tests_only, struct data_set *out)
{
    if (!e || (e->kind == EXPR_BINARY && e->as.binary.op == OP_OR))
        return;
    if (e->kind == EXPR_BINARY && e->as.binary.op == OP_AND) {
        known_when(t, e->as.binary.left, tests_only, out);
        known_when(t, e->as.binary.right, tests_only, out);
    } else if (e->kind == EXPR_KNOWN) {
        data_set_union(t->arena, out, &e->as.operand->facts->absent);
    } else if (!tests_only) {
        data_set_union(t->arena, out, &e->facts->absent);
    }
}

/* « A est renseigné et A < 3 » is never absent: where A is, the first operand is false. */
void typing_join_conjunction(struct typing *t, const struct expr *left, const struct expr *right, struct facts *facts)
{
    struct data_set known = { 0 };

    known_when(t, left, true, &known);
    known_when(t, right, true, &known);
    data_set_remove(t->arena, &facts->absent, &known);
}

void typing_forget_known(struct typing *t, const struct expr *condition, struct facts *facts)
{
    struct data_set known = { 0 };

    known_when(t, condition, false, &known);
    data_set_remove(t->arena, &facts->absent, &known);
}

void typing_require_absence(struct typing *t, const struct expr *e, const struct expr *condition,
                            const struct expr *clause, enum diag_code code, const char *what, struct span owner)
{
    struct data_set known = { 0 };

    if (!e || clause)
        return;
    known_when(t, condition, false, &known);
    for (size_t i = 0; i < t->model->data.count; i++) {
        const struct symbol *datum = t->model->data.items[i];
        const struct expr *at = e->facts->absent_at ? e->facts->absent_at : e;
        struct diag *d;

        if (!data_set_has(&e->facts->absent, i) || data_set_has(&known, i) ||
            clause_usable(datum_absent_clause(datum), code))
            continue;
        d = diag_add(t->diags, code, at->span, "%s : rien n'est dit quand « %.*s » n'est pas communiqué", what,
                     SLICE_ARG(datum->name.text));
        diag_effect(t->diags, d, "une famille qui ne communique pas cette donnée n'aurait pas de prix");
        if (code == DIAG_NO_ABSENT_CLAUSE) {
            diag_help(t->diags, d,
                      "ajoutez la ligne « non communiqué : … » au tableau, ou la clause à la donnée « %.*s »",
                      SLICE_ARG(datum->name.text));
        } else {
            diag_help(t->diags, d, "ajoutez « non communiqué : sans effet » (ou un prix) après l'étape");
            typing_propose_clause(t, d, owner, "non communiqué : sans effet");
        }
        if (e->kind == EXPR_TABLE && code == DIAG_NO_ABSENT_CLAUSE)
            typing_propose_row(t, d, e->as.table, "non communiqué : non prévu");
        else
            typing_propose_clause(t, d, owner, "non communiqué : non prévu");
        return;
    }
}

/* ------------------------------------------------------------------ joining values into the price */

static void join_price(struct rules *r, const struct expr *value)
{
    struct facts joined;

    if (value->type->kind == TYPE_ERROR || value->type->kind == TYPE_OUTCOME)
        return;
    if (!r->any)
        r->facts = *value->facts;
    else if (facts_join(&r->facts, value->facts, &joined))
        r->facts = joined;
    else
        typing_too_large(r->t, value);
    r->any = true;
}

/* A price written in the tariff: its type agrees with the unit of the tariff. */
static void type_price(struct rules *r, struct expr *value, const char *what)
{
    const struct type *found = typing_expr(r->t, value, r->type), *type;

    if (!r->type) {
        if (found->kind != TYPE_OUTCOME)
            r->type = found;
        return;
    }
    if (found->kind == TYPE_ERROR || r->type->kind == TYPE_ERROR)
        return;
    type = type_unify(found, r->type);
    if (!type)
        typing_mismatch(r->t, value->span, found, r->type, what);
    else
        r->type = type;
}

static void type_clause(struct rules *r, struct expr *clause, const char *what)
{
    if (!clause)
        return;
    if (is_outcome(clause, OUTCOME_LAST_ROW))
        diag_add(r->t->diags, DIAG_WRONG_CONTEXT, clause->span, "il n'y a pas de tranche ici");
    if (is_outcome(clause, OUTCOME_NO_EFFECT) || is_outcome(clause, OUTCOME_LAST_ROW)) {
        typing_expr(r->t, clause, NULL);
        return;
    }
    type_price(r, clause, what);
    join_price(r, clause);
}

/* « sans effet » skips an exception or a step; where a price must be said, there is nothing to skip to. */
static void type_price_clause(struct rules *r, struct expr *clause, const char *what)
{
    if (clause && is_outcome(clause, OUTCOME_NO_EFFECT))
        diag_help(r->t->diags,
                  diag_add(r->t->diags, DIAG_WRONG_CONTEXT, clause->span, "ceci ne dit pas quel prix appliquer"),
                  "écrivez un montant, ou « non prévu »");
    type_clause(r, clause, what);
}

/* An amount that the act gives once, on the datum, for when it is not communicated. */
static void join_datum_clauses(struct rules *r, const struct expr *e)
{
    for (size_t i = 0; i < r->t->model->data.count; i++) {
        struct expr *clause = r->t->model->data.items[i]->clauses->absent;

        if (data_set_has(&e->facts->absent, i) && clause && clause->kind != EXPR_OUTCOME) {
            type_price(r, clause, "prix quand la donnée n'est pas communiquée");
            join_price(r, clause);
        }
    }
}

/* ------------------------------------------------------------------ exceptions */

static struct exception *find_exception(struct decl *d, struct slice name)
{
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++)
        if (d->as.tariff.exceptions.items[i].name.text.length &&
            text_fold_equal(d->as.tariff.exceptions.items[i].name.text, name))
            return &d->as.tariff.exceptions.items[i];
    return NULL;
}

enum { EXCEPTIONS_MAX = 64 };

static size_t rank_of(const struct decl *d, const struct exception *e)
{
    return (size_t)(e - d->as.tariff.exceptions.items);
}

/* r->over[i]: the exceptions over which the i-th prevails, directly or through others. */
static void close_prevails(struct rules *r)
{
    struct decl *d = r->d;
    size_t n = d->as.tariff.exceptions.count;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < d->as.tariff.exceptions.items[i].clauses.prevails.count; k++) {
            const struct exception *e =
                find_exception(d, d->as.tariff.exceptions.items[i].clauses.prevails.items[k].text);

            if (e)
                r->over[i] |= (uint64_t)1 << rank_of(d, e);
        }
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            if (r->over[i] >> k & 1)
                r->over[i] |= r->over[k];
}

static void unknown_exception(struct rules *r, struct name name)
{
    struct nearest nearest = nearest_to(name.text);
    struct diag *d = diag_add(r->t->diags, DIAG_UNKNOWN_NAME, name.span,
                              "aucune exception de ce tarif ne s'appelle « %.*s »", SLICE_ARG(name.text));

    for (size_t i = 0; i < r->d->as.tariff.exceptions.count; i++)
        nearest_consider(&nearest, r->d->as.tariff.exceptions.items[i].name.text);
    if (nearest.best.length)
        correction_word(r->t->diags, d, name.span, nearest.best);
}

static bool prevails(const struct rules *r, const struct exception *a, const struct exception *b)
{
    return r->over[rank_of(r->d, a)] >> rank_of(r->d, b) & 1;
}

static void check_prevails(struct rules *r, struct exception *e)
{
    for (size_t i = 0; i < e->clauses.prevails.count; i++) {
        struct name name = e->clauses.prevails.items[i];
        struct exception *over = find_exception(r->d, name.text);

        if (!over)
            unknown_exception(r, name);
        else if (over == e || prevails(r, over, e))
            diag_add(r->t->diags, DIAG_PREVAILS_CYCLE, name.span, "ces exceptions l'emportent l'une sur l'autre");
    }
}

static void propose_prevailing(struct rules *r, struct diag *d, const struct exception *one,
                               const struct exception *over)
{
    struct strbuf clause = strbuf_in(r->t->arena);

    strbuf_format(&clause, "l'emporte sur %.*s", SLICE_ARG(over->name.text));
    if (over->name.text.length)
        typing_propose_clause(r->t, d, one->span, clause.bytes);
}

static bool same_result(const struct exception *a, const struct exception *b)
{
    const struct facts *x = a->value->facts, *y = b->value->facts;

    return a->final == b->final && x->constant && y->constant &&
           a->value->type->kind == b->value->type->kind && number_compare(facts_low(x), facts_low(y)) == 0;
}

static void check_pair(struct rules *r, struct exception *a, struct exception *b)
{
    struct diag *d;

    if (prevails(r, a, b) || prevails(r, b, a) || same_result(a, b) ||
        conditions_disjoint(a->condition, b->condition))
        return;
    d = diag_add(r->t->diags, DIAG_EXCEPTIONS_MEET, b->span, "deux exceptions peuvent s'appliquer à la même famille");
    diag_note(r->t->diags, d, a->span, "l'autre exception");
    diag_effect(r->t->diags, d, "deux prix pour la même famille, sans que l'acte dise lequel");
    if (a->name.text.length)
        diag_help(r->t->diags, d, "ajoutez à l'une « l'emporte sur %.*s »", SLICE_ARG(a->name.text));
    else
        diag_help(r->t->diags, d, "nommez-les et ajoutez « l'emporte sur … »");
    propose_prevailing(r, d, b, a);
    propose_prevailing(r, d, a, b);
}

/* Those that prevail first; otherwise those that need no source first; otherwise as written. */
static void order_exceptions(struct rules *r)
{
    struct decl *d = r->d;
    size_t count = d->as.tariff.exceptions.count, placed = 0;
    struct exception *items = d->as.tariff.exceptions.items;

    for (size_t i = 0; i < count; i++)
        items[i].order = count;
    while (placed < count) {
        struct exception *best = NULL;

        for (size_t i = 0; i < count; i++) {
            bool blocked = items[i].order != count;

            for (size_t k = 0; k < count && !blocked; k++)
                blocked = k != i && items[k].order == count && prevails(r, &items[k], &items[i]);
            if (blocked)
                continue;
            if (!best || (best->condition->facts->reads_source && !items[i].condition->facts->reads_source))
                best = &items[i];
        }
        if (!best)
            return;
        best->order = placed++;
    }
}

static struct span last_place(const struct decl *d)
{
    if (d->as.tariff.steps.count > 0)
        return d->as.tariff.steps.items[d->as.tariff.steps.count - 1].span;
    return d->as.tariff.price_span;
}

/* `value` is a whole result by itself (a final exception, another result); NULL for the price after its steps. */
static void check_decimals(struct rules *r, const struct facts *facts, const struct type *type,
                           const struct expr *value)
{
    struct diag *d;

    if (type->kind != TYPE_NUMBER || facts_has_decimals(facts, is_amount(type) ? 2 : 6))
        return;
    d = diag_add(r->t->diags, DIAG_MISSING_ROUNDING, value ? value->span : last_place(r->d),
                 "ce montant peut avoir plus de deux décimales et rien ne dit comment l'arrondir");
    diag_effect(r->t->diags, d, "le prix facturé dépendrait du logiciel, à un centime près");
    diag_help(r->t->diags, d,
              "ajoutez « puis arrondi au centime le plus proche » (ou inférieur, supérieur, à 10 centimes…)");
    if (is_amount(type) && !value)
        typing_propose_rounding(r->t, d, r->d);
}

static void type_exceptions(struct rules *r)
{
    struct decl *d = r->d;

    if (d->as.tariff.exceptions.count > EXCEPTIONS_MAX) {
        diag_help(r->t->diags,
                  diag_add(r->t->diags, DIAG_NESTING, d->as.tariff.exceptions.items[EXCEPTIONS_MAX].span,
                           "un tarif a au plus %d exceptions", EXCEPTIONS_MAX),
                  "écrivez un tableau « selon … » : une ligne « si … » par cas");
        d->as.tariff.exceptions.count = EXCEPTIONS_MAX;
    }
    close_prevails(r);

    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++) {
        struct exception *e = &d->as.tariff.exceptions.items[i];

        typing_expect(r->t, e->condition, type_boolean(), "condition de l'exception");
        type_price(r, e->value, "prix de l'exception");
        if (!e->final)
            join_price(r, e->value);
        else if (e->value->type->kind == TYPE_NUMBER)
            check_decimals(r, e->value->facts, e->value->type, e->value);
        type_clause(r, e->clauses.absent, "clause de l'exception");
        type_clause(r, e->clauses.failed, "clause de l'exception");
        typing_require_absence(r->t, e->condition, NULL, e->clauses.absent, DIAG_NO_ABSENT_STEP,
                               "condition de l'exception", e->span);
        typing_require_absence(r->t, e->value, e->condition, e->clauses.absent, DIAG_NO_ABSENT_CLAUSE,
                               "prix de l'exception", e->span);
        join_datum_clauses(r, e->condition);
        join_datum_clauses(r, e->value);
        check_prevails(r, e);
    }
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++)
        for (size_t k = i + 1; k < d->as.tariff.exceptions.count; k++)
            check_pair(r, &d->as.tariff.exceptions.items[i], &d->as.tariff.exceptions.items[k]);
    order_exceptions(r);
}

/* ------------------------------------------------------------------ steps as expressions on « prix » */

static struct expr *price_ref(struct rules *r, struct symbol *symbol, struct span span)
{
    struct expr *e = tree_expr(r->t->arena, EXPR_NAME, span);

    e->as.reference.name = (struct name){ symbol->name.text, span };
    e->as.reference.symbol = symbol;
    e->type = symbol->type;
    e->facts = facts_new(r->t->arena, symbol->facts);
    return e;
}

static struct expr *whole_rate(struct rules *r, struct span span)
{
    struct expr *e = tree_expr(r->t->arena, EXPR_NUMBER, span);

    e->as.number.value = number_of(100);
    e->as.number.percent = true;
    return e;
}

/* 20 % off the price obtained: (100 % − 20 %) of it; of the base price: the price less 20 % of the base. */
static struct expr *rate_step(struct rules *r, const struct step *s, struct expr *value, bool down)
{
    struct arena *a = r->t->arena;
    enum binary_op op = down ? OP_SUBTRACT : OP_ADD;
    struct expr *price = price_ref(r, r->version->price, s->span);

    if (s->base == STEP_BASE_INITIAL)
        return tree_binary(a, op, price,
                           tree_binary(a, OP_PERCENT_OF, value, price_ref(r, r->version->base, s->span), s->span),
                           s->span);
    return tree_binary(a, OP_PERCENT_OF, tree_binary(a, op, whole_rate(r, s->span), value, s->span), price, s->span);
}

static struct expr *extreme_step(struct rules *r, const struct step *s, struct expr *value, const char *builtin)
{
    struct expr *e = tree_expr(r->t->arena, EXPR_CALL, s->span);
    struct expr **first, **second;

    e->as.call.name = (struct name){ slice_of(builtin), s->span };
    e->as.call.builtin = -1;
    first = arena_push(r->t->arena, &e->as.call.arguments);
    *first = price_ref(r, r->version->price, s->span);
    second = arena_push(r->t->arena, &e->as.call.arguments);
    *second = value;
    return e;
}

static struct expr *round_step(struct rules *r, const struct step *s)
{
    struct expr *e = tree_expr(r->t->arena, EXPR_ROUND, s->span);

    *e = *s->rounding;
    e->type = NULL;
    e->as.round.operand = price_ref(r, r->version->price, s->span);
    return e;
}

/* A price « en € » multiplied by a number of days is a price per day. */
static void settle_unit(struct rules *r, const struct type *quantity)
{
    struct type type;

    if (!type_is_number(quantity, QUANTITY_NOMBRE) || !quantity->unit.of || !is_amount(r->type) ||
        /* An amount is a type. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        (!r->type->unit.flexible && r->type->unit.per_count > 0))
        return;
    type = *r->type;
    type.unit = (struct unit){ .per = { quantity->unit.of }, .per_count = 1 };
    r->type = type_make(r->t->arena, type);
    r->version->price->type = r->type;
}

static struct expr *step_expr(struct rules *r, const struct step *s, struct expr *value)
{
    struct arena *a = r->t->arena;
    bool rate = value && type_is_number(value->type, QUANTITY_TAUX);

    switch (s->kind) {
    case STEP_REDUCTION: case STEP_DEDUCTION:
        return rate ? rate_step(r, s, value, true)
                    : tree_binary(a, OP_SUBTRACT, price_ref(r, r->version->price, s->span), value, s->span);
    case STEP_MAJORATION: case STEP_SUPPLEMENT:
        return rate ? rate_step(r, s, value, false)
                    : tree_binary(a, OP_ADD, price_ref(r, r->version->price, s->span), value, s->span);
    case STEP_FLOOR: return extreme_step(r, s, value, "maximum");
    case STEP_CEILING: return extreme_step(r, s, value, "minimum");
    case STEP_ROUND: return round_step(r, s);
    case STEP_MULTIPLY:
        /* The grammar gives it a value. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        settle_unit(r, value->type);
        return tree_binary(a, OP_MULTIPLY, price_ref(r, r->version->price, s->span), value, s->span);
    case STEP_DIVIDE:
        return tree_binary(a, OP_DIVIDE, price_ref(r, r->version->price, s->span), value, s->span);
    }
    return NULL;
}

/* ------------------------------------------------------------------ checks of steps */

static bool is_rate_step(const struct step *s)
{
    return (s->kind == STEP_REDUCTION || s->kind == STEP_MAJORATION) &&
           type_is_number(s->value->type, QUANTITY_TAUX);
}

static bool steps_disjoint(const struct step *a, const struct step *b)
{
    return a->condition && b->condition && conditions_disjoint(a->condition, b->condition);
}

static void propose_base(struct rules *r, struct diag *d, struct span rate, const char *base)
{
    diag_fix(r->t->diags, d, (struct span){ rate.end, rate.end, rate.file }, "%s", base);
}

/* Two percentages that can meet: 20 % then 30 % is 44 % or 50 %, the act must say which. */
static void check_base(struct rules *r, size_t index)
{
    struct decl *d = r->d;
    struct step *s = &d->as.tariff.steps.items[index];

    if (!is_rate_step(s) || s->base != STEP_BASE_UNSAID)
        return;
    for (size_t i = 0; i < index; i++) {
        struct step *earlier = &d->as.tariff.steps.items[i];
        struct diag *diag;

        if (!is_rate_step(earlier) || steps_disjoint(earlier, s))
            continue;
        diag = diag_add(r->t->diags, DIAG_BASE_UNSAID, s->span,
                        "ce pourcentage s'ajoute à un autre sans dire de quoi il se calcule");
        diag_note(r->t->diags, diag, earlier->span, "l'autre pourcentage");
        diag_effect(r->t->diags, diag, "20 %% puis 30 %% font 44 %% ou 50 %% selon la lecture");
        diag_help(r->t->diags, diag, "écrivez « du prix obtenu » ou « du prix de base »");
        propose_base(r, diag, s->value->span, " du prix obtenu");
        propose_base(r, diag, s->value->span, " du prix de base");
        return;
    }
}

static bool later_floor(const struct decl *d, size_t index)
{
    for (size_t i = index + 1; i < d->as.tariff.steps.count; i++) {
        const struct step *s = &d->as.tariff.steps.items[i];

        if (s->kind == STEP_FLOOR && !s->condition)
            return true;
    }
    return false;
}

static void check_negative(struct rules *r, size_t index, struct facts *facts)
{
    struct step *s = &r->d->as.tariff.steps.items[index];
    struct diag *d;

    if (s->clauses.negative) {
        if (facts->lo < 0)
            facts->lo = 0;
        return;
    }
    if (facts->lo >= 0 || s->before->lo < 0 || later_floor(r->d, index))
        return;
    d = diag_add(r->t->diags, DIAG_NEGATIVE, s->span, "cette étape peut donner un montant négatif");
    diag_help(r->t->diags, d,
              "ajoutez « résultat négatif : 0 € » ou « : non prévu », ou plus loin « puis plancher 0 € »");
    typing_propose_clause(r->t, d, s->span, "résultat négatif : 0 €");
    typing_propose_clause(r->t, d, s->span, "résultat négatif : non prévu");
}

/* Reductions that are all « du prix de base » and stay within 100 % never go below zero. */
static void bound_base_reductions(struct rules *r, const struct step *s, struct facts *facts)
{
    struct number most;

    if (s->kind != STEP_REDUCTION || !is_rate_step(s) || s->base != STEP_BASE_INITIAL) {
        r->only_base = r->only_base && s->kind == STEP_ROUND;
        return;
    }
    most = facts_high(s->value->facts);
    if (r->only_base && number_add(r->percent_of_base, most, &r->percent_of_base) &&
        number_compare(r->percent_of_base, number_of(1)) <= 0 && facts->lo < 0 && r->version->initial.lo >= 0)
        facts->lo = 0;
}

static struct expr *type_next(struct rules *r, const struct step *s, struct expr *value)
{
    struct expr *next = step_expr(r, s, value);

    typing_expr(r->t, next, NULL);
    return next;
}

/* The clause of a step gives another value for it: « non communiqué : 10 % » . */
static struct expr *clause_next(struct rules *r, const struct step *s, struct expr *clause)
{
    if (!clause)
        return NULL;
    if (clause->kind == EXPR_OUTCOME) {
        typing_expr(r->t, clause, NULL);
        return NULL;
    }
    if (!s->value) {
        diag_help(r->t->diags,
                  diag_add(r->t->diags, DIAG_WRONG_CONTEXT, clause->span, "un arrondi n'a pas d'autre valeur"),
                  "écrivez « sans effet » ou « non prévu »");
        return NULL;
    }
    typing_expr(r->t, clause, s->value->type);
    return type_next(r, s, clause);
}

static void join_after(struct rules *r, const struct expr *next, struct facts *after)
{
    struct facts joined;

    if (!next || next->type->kind != TYPE_NUMBER)
        return;
    if (facts_join(after, next->facts, &joined))
        *after = joined;
    else
        typing_too_large(r->t, next);
}

static void type_step(struct rules *r, size_t index)
{
    struct step *s = &r->d->as.tariff.steps.items[index];
    const struct type *type;
    struct facts after;

    s->before = facts_new(r->t->arena, r->facts);
    if (s->value)
        typing_expr(r->t, s->value, s->kind == STEP_FLOOR || s->kind == STEP_CEILING ? r->type : NULL);
    if (s->condition)
        typing_expect(r->t, s->condition, type_boolean(), "condition de l'étape");
    s->next = s->value && s->value->type->kind == TYPE_ERROR ? NULL : type_next(r, s, s->value);
    s->next_absent = clause_next(r, s, s->clauses.absent);
    s->next_failed = clause_next(r, s, s->clauses.failed);
    type_price_clause(r, s->clauses.negative, "résultat négatif");
    typing_require_absence(r->t, s->condition, NULL, s->clauses.absent, DIAG_NO_ABSENT_STEP, "condition de l'étape",
                           s->span);
    typing_require_absence(r->t, s->value, s->condition, s->clauses.absent, DIAG_NO_ABSENT_STEP, "valeur de l'étape",
                           s->span);
    check_base(r, index);
    s->type = r->type;
    s->after = s->before;
    if (!s->next || s->next->type->kind != TYPE_NUMBER)
        return;
    type = s->next->type;
    if (s->kind == STEP_MULTIPLY && type->unit.per_count == 0) {
        struct type loose = *type;

        loose.unit.flexible = true;
        type = type_make(r->t->arena, loose);
    }
    after = *s->next->facts;
    bound_base_reductions(r, s, &after);
    check_negative(r, index, &after);
    if (s->condition || !data_set_is_empty(&s->next->facts->absent)) {
        struct expr *before = price_ref(r, r->version->price, s->span);

        join_after(r, before, &after);
        if (s->kind != STEP_MULTIPLY && s->kind != STEP_DIVIDE && !type_unify(type, r->type))
            typing_mismatch(r->t, s->span, type, r->type, "étape");
    }
    join_after(r, s->next_absent, &after);
    join_after(r, s->next_failed, &after);
    if (s->clauses.negative)
        join_after(r, s->clauses.negative, &after);
    after.absent = (struct data_set){ 0 };
    r->facts = after;
    r->type = type;
    s->type = type;
    s->after = facts_new(r->t->arena, after);
    r->version->price->type = type;
    r->version->price->facts = after;
}

/* ------------------------------------------------------------------ the tariff */

static struct symbol *local(struct typing *t, struct scope *scope, enum symbol_kind kind, struct name name,
                            struct slice label, struct decl *d, symbol_list *list)
{
    struct symbol *s = scope_add(t->model, scope, kind, name, label, d), **item;

    if (!s)
        return NULL;
    s->scope = scope;
    if (list) {
        s->value = d->as.let.value;
        s->index = list->count;
        d->symbol = s;
        item = arena_push(t->arena, list);
        *item = s;
    }
    return s;
}

static struct scope *tariff_scope(struct rules *r)
{
    struct scope *scope = arena_new(r->t->arena, struct scope);
    struct name subject = r->d->as.tariff.subject;
    struct name price = { SLICE("prix"), r->d->name.span }, base = { SLICE("prix_de_base"), r->d->name.span };

    scope->parent = &r->t->model->globals;
    if (subject.text.length) {
        struct symbol *record = scope_find(&r->t->model->types, subject.text);

        if (record && record->kind == SYMBOL_RECORD) {
            record->used = true;
            if (record->first) {
                typing_symbol(r->t, record->first);
                scope->parent = record->scope;
            }
        } else {
            diag_add(r->t->diags, DIAG_UNKNOWN_NAME, subject.span, "« %.*s » n'est pas un enregistrement",
                     SLICE_ARG(subject.text));
        }
    }
    r->version->price = local(r->t, scope, SYMBOL_STEP_PRICE, price, SLICE(""), r->d, NULL);
    r->version->base = local(r->t, scope, SYMBOL_STEP_PRICE, base, SLICE(""), r->d, NULL);
    for (struct decl *let = r->d->as.tariff.lets; let; let = let->next)
        local(r->t, scope, SYMBOL_LET, let->name, let->label, let, &r->version->lets);
    for (struct decl *out = r->d->as.tariff.outputs; out; out = out->next)
        local(r->t, scope, SYMBOL_OUTPUT, out->name, out->label, out, &r->version->outputs);
    return scope;
}

static void set_price(struct rules *r)
{
    struct facts f = r->facts;

    f.absent = (struct data_set){ 0 };
    f.constant = false;
    r->facts = f;
    r->version->initial = f;
    r->version->price->type = r->version->base->type = r->type ? r->type : type_error();
    r->version->price->facts = r->version->base->facts = f;
    r->version->price->state = r->version->base->state = STATE_DONE;
}

/* What another result is when it is not known: a value of its type, or an outcome. */
static void type_output_clause(struct rules *r, const struct symbol *s, struct expr *clause)
{
    if (!clause)
        return;
    if (is_outcome(clause, OUTCOME_NO_EFFECT) || is_outcome(clause, OUTCOME_LAST_ROW)) {
        typing_expr(r->t, clause, NULL);
        diag_help(r->t->diags,
                  diag_add(r->t->diags, DIAG_WRONG_CONTEXT, clause->span, "ceci ne dit pas ce que vaut « %.*s »",
                           SLICE_ARG(s->name.text)),
                  "écrivez une valeur, ou « non prévu »");
        return;
    }
    if (typing_expect(r->t, clause, s->type, "clause du résultat")->kind == TYPE_NUMBER)
        check_decimals(r, clause->facts, s->type, clause);
}

static void type_outputs(struct rules *r)
{
    for (size_t i = 0; i < r->version->outputs.count; i++) {
        struct symbol *s = r->version->outputs.items[i];

        typing_symbol(r->t, s);
        type_output_clause(r, s, s->decl->clauses.absent);
        type_output_clause(r, s, s->decl->clauses.failed);
        if (s->decl->clauses.negative)
            diag_help(r->t->diags,
                      diag_add(r->t->diags, DIAG_WRONG_CONTEXT, s->decl->clauses.negative->span,
                               "« résultat négatif » se place sous une étape"),
                      "écrivez « maximum(0 € ; …) » dans le calcul");
        typing_require_absence(r->t, s->value, NULL, s->decl->clauses.absent, DIAG_NO_ABSENT_CLAUSE, "résultat",
                               s->decl->span);
        if (s->type->kind == TYPE_NUMBER)
            check_decimals(r, s->value->facts, s->type, s->value);
    }
}

/* « prix », in the other results, may also be a price that no step changed. */
static void join_final_exceptions(struct rules *r)
{
    for (size_t i = 0; i < r->d->as.tariff.exceptions.count; i++)
        if (r->d->as.tariff.exceptions.items[i].final)
            join_after(r, r->d->as.tariff.exceptions.items[i].value, &r->facts);
    r->version->price->facts = r->facts;
}

/* Everything the result may depend on, for the plan of data and for purposes. */
static void inherit(struct rules *r, struct facts *f, const struct expr *e)
{
    if (e && e->facts)
        facts_inherit(r->t->arena, f, e->facts);
}

static void inherit_clauses(struct rules *r, struct facts *f, const struct clauses *clauses)
{
    inherit(r, f, clauses->absent);
    inherit(r, f, clauses->failed);
    inherit(r, f, clauses->negative);
}

static void collect_reads(struct rules *r)
{
    struct decl *d = r->d;
    struct facts f = r->facts;

    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++) {
        const struct exception *e = &d->as.tariff.exceptions.items[i];

        inherit(r, &f, e->condition);
        inherit(r, &f, e->value);
        inherit_clauses(r, &f, &e->clauses);
    }
    inherit(r, &f, d->as.tariff.price);
    inherit_clauses(r, &f, &d->as.tariff.price_clauses);
    for (size_t i = 0; i < d->as.tariff.steps.count; i++) {
        const struct step *s = &d->as.tariff.steps.items[i];

        inherit(r, &f, s->condition);
        inherit(r, &f, s->value);
        inherit(r, &f, s->next);
        inherit_clauses(r, &f, &s->clauses);
    }
    for (size_t i = 0; i < r->version->outputs.count; i++) {
        facts_inherit(r->t->arena, &f, &r->version->outputs.items[i]->facts);
        inherit_clauses(r, &f, &r->version->outputs.items[i]->decl->clauses);
    }
    f.absent = (struct data_set){ 0 };
    f.absent_at = NULL;
    r->facts = f;
}

static void type_version(struct typing *t, struct symbol *tariff, struct version *v)
{
    struct rules r = {
        .t = t, .tariff = tariff, .version = v, .d = v->decl, .percent_of_base = number_of(0), .only_base = true};
    const struct scope *outer = t->scope;
    const struct type *declared = v->decl->as.tariff.unit ? typing_unit(t, v->decl->as.tariff.unit) : NULL;
    bool multiplies = false;
    struct diag *d;

    t->scope = tariff_scope(&r);
    for (size_t i = 0; i < v->decl->as.tariff.steps.count; i++)
        multiplies = multiplies || v->decl->as.tariff.steps.items[i].kind == STEP_MULTIPLY;
    /* Where a quantity multiplies the price, the unit of the tariff is that of the product. */
    r.type = multiplies && declared && is_amount(declared) ? NULL : declared;
    if (v->decl->as.tariff.price) {
        type_price(&r, v->decl->as.tariff.price, "prix");
        join_price(&r, v->decl->as.tariff.price);
        type_price_clause(&r, v->decl->as.tariff.price_clauses.absent, "clause du prix");
        type_price_clause(&r, v->decl->as.tariff.price_clauses.failed, "clause du prix");
        typing_require_absence(t, v->decl->as.tariff.price, NULL, v->decl->as.tariff.price_clauses.absent,
                               DIAG_NO_ABSENT_CLAUSE, "prix", v->decl->as.tariff.price->span);
        join_datum_clauses(&r, v->decl->as.tariff.price);
    } else {
        d = diag_add(t->diags, DIAG_NO_PRICE, v->decl->name.span, "ce tarif n'a pas de prix");
        diag_help(t->diags, d, "ajoutez « prix … »");
    }
    type_exceptions(&r);
    if (!r.any)
        r.facts = facts_of_range(1, 0, 0);
    set_price(&r);
    for (size_t i = 0; i < v->lets.count; i++)
        typing_symbol(t, v->lets.items[i]);
    for (size_t i = 0; i < v->decl->as.tariff.steps.count; i++)
        type_step(&r, i);
    if (declared && r.type && r.type->kind != TYPE_ERROR && declared->kind != TYPE_ERROR &&
        !type_unify(r.type, declared))
        typing_mismatch(t, last_place(v->decl), r.type, declared, "résultat du tarif");
    if (declared && r.type && r.type->kind != TYPE_ERROR)
        r.type = declared;
    if (r.type && r.type->kind == TYPE_NUMBER)
        check_decimals(&r, &r.facts, r.type, NULL);
    join_final_exceptions(&r);
    type_outputs(&r);
    collect_reads(&r);
    v->type = r.type ? r.type : type_make(t->arena, (struct type){ .kind = TYPE_OUTCOME });
    v->facts = r.facts;
    t->scope = outer;
}

static bool periods_overlap(const struct period *a, const struct period *b)
{
    bool starts_after = a->from.year && b->to.year && date_compare(a->from, b->to) > 0;
    bool ends_before = a->to.year && b->from.year && date_compare(a->to, b->from) < 0;

    return !starts_after && !ends_before;
}

static void check_versions(struct typing *t, struct symbol *tariff)
{
    for (struct version *a = tariff->versions; a; a = a->next)
        for (struct version *b = a->next; b; b = b->next)
            if (periods_overlap(&a->period, &b->period)) {
                struct diag *d =
                    diag_add(t->diags, DIAG_VERSIONS_OVERLAP, b->decl->name.span,
                             "deux versions de « %.*s » valent le même jour", SLICE_ARG(tariff->name.text));

                diag_note(t->diags, d, a->decl->name.span, "autre version");
                diag_help(t->diags, d, "donnez à chacune sa période : « applicable du … au … »");
            }
}

/* A tariff read as a value (a sum over children) has the facts of all its versions. */
void typing_tariff(struct typing *t, struct symbol *tariff)
{
    bool bare_amounts = t->bare_amounts, bare_rates = t->bare_rates, first = true;

    t->bare_amounts = t->bare_rates = false;
    check_versions(t, tariff);
    for (struct version *v = tariff->versions; v; v = v->next) {
        struct facts joined;

        type_version(t, tariff, v);
        if (first)
            tariff->facts = v->facts;
        else if (facts_join(&tariff->facts, &v->facts, &joined)) {
            facts_inherit(t->arena, &joined, &tariff->facts);
            facts_inherit(t->arena, &joined, &v->facts);
            tariff->facts = joined;
        } else
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_TOO_LARGE, v->decl->name.span,
                               "les prix de ces versions dépassent ensemble ce qui se calcule exactement"),
                      "arrondissez le prix de chacune");
        tariff->type = first || !type_unify(tariff->type, v->type) ? v->type : type_unify(tariff->type, v->type);
        first = false;
    }
    tariff->facts.may_end = true;
    t->bare_amounts = bare_amounts;
    t->bare_rates = bare_rates;
}

/* ------------------------------------------------------------------ the model */

static void check_siret(struct typing *t, const struct decl *header)
{
    struct slice digits = header->as.header.siret;
    unsigned sum = 0;

    if (digits.length == 0)
        return;
    for (size_t i = 0; i < digits.length; i++) {
        unsigned d = (unsigned)(digits.bytes[digits.length - 1 - i] - '0') * (i % 2 ? 2 : 1);

        sum += d > 9 ? d - 9 : d;
    }
    /* La Poste's numbers do not follow Luhn. */
    if (digits.length == 14 &&
        (sum % 10 == 0 || slice_is((struct slice){ digits.bytes, 9 }, "356000000")))
        return;
    diag_help(t->diags,
              diag_add(t->diags, DIAG_BAD_SIRET, header->as.header.siret_span, "ce numéro SIRET n'est pas valide"),
              "un SIRET a 14 chiffres, dont le dernier est une clé : vérifiez la saisie");
}

/* Data of a module serve whoever uses it. */
static void report_unused(struct typing *t, const struct symbol *datum)
{
    const struct decl *d = datum->decl;
    struct diag *diag;

    if (datum->used || datum->name.span.file != 0)
        return;
    diag = diag_add(t->diags, DIAG_UNUSED_DATUM, datum->name.span,
                    "« %.*s » est demandé à la famille et ne sert à aucun tarif", SLICE_ARG(datum->name.text));
    diag_help(t->diags, diag, "supprimez la ligne : on ne demande que ce qui sert au calcul");
    correction_remove_lines(t->diags, diag, typing_source(t, d->span), d->span);
}

void typing_model(struct model *model)
{
    struct typing t = { .model = model, .arena = model->arena, .diags = model->diags, .scope = &model->globals };

    if (model->act->header)
        check_siret(&t, model->act->header);
    for (size_t i = 0; i < model->data.count; i++)
        typing_symbol(&t, model->data.items[i]);
    for (struct decl *d = model->act->first; d; d = d->next)
        if (d->symbol)
            typing_symbol(&t, d->symbol);
    for (struct decl *d = model->act->first; d; d = d->next)
        if (d->kind == DECL_ESSAI)
            typing_essai(&t, d);
    purpose_check(model);
    for (size_t i = 0; i < model->data.count && model->diags->errors == 0; i++)
        report_unused(&t, model->data.items[i]);
    for (struct decl *d = model->act->first; d; d = d->next)
        if (d->kind == DECL_PROPERTY)
            typing_property(&t, d);
    if (model->tariffs.count == 0 && model->diags->errors == 0)
        diag_help(
            model->diags,
            diag_add(model->diags, DIAG_NO_TARIFF, (struct span){0, 0, 0}, "ce fichier ne contient aucun tarif"),
            "écrivez « tarif nom en € par repas … fin »");
}
