/*
 * Calls (built-in calculations, functions, tariffs, baskets), and what is said of lists: counts, sums, extremes, ranks.
 */
#include "typing.h"

struct builtin {
    const char *name;
    unsigned least, most;
};

static const struct builtin builtins[] = {
#define BUILTIN(token, name, least, most, meaning) { name, least, most },
#include "builtins.def"
#undef BUILTIN
};

static const struct type *fail(struct typing *t, struct expr *e)
{
    e->type = type_error();
    e->facts = facts_new(t->arena, facts_of_range(1, 0, 0));
    return e->type;
}

static const struct type *give(struct typing *t, struct expr *e, const struct type *type, struct facts facts)
{
    for (size_t i = 0; i < e->as.call.arguments.count && e->kind == EXPR_CALL; i++)
        facts_inherit(t->arena, &facts, e->as.call.arguments.items[i]->facts);
    e->type = type;
    e->facts = facts_new(t->arena, facts);
    return type;
}

static const struct type *overflow(struct typing *t, struct expr *e, struct facts facts)
{
    give(t, e, type_error(), facts);
    typing_too_large(t, e);
    return e->type;
}

static bool wrong_count(struct typing *t, const struct expr *e, size_t least, size_t most)
{
    size_t n = e->as.call.arguments.count;

    if (n >= least && n <= most)
        return false;
    diag_help(t->diags,
              diag_add(t->diags, DIAG_BAD_ARGUMENTS, e->span, "« %.*s » reçoit %zu valeur%s ici",
                       SLICE_ARG(e->as.call.name.text), n, n > 1 ? "s" : ""),
              least < most ? "il en faut %zu ou plus, séparées par « ; »"
              : least > 1  ? "il en faut %zu, séparées par « ; »"
                           : "il en faut %zu", least);
    return true;
}

/* ------------------------------------------------------------------ built-in calculations */

/* Arguments of one type; the first that is not a bare number gives it. */
static const struct type *common_type(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct type *type = NULL;
    size_t n = e->as.call.arguments.count;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            struct expr *a = e->as.call.arguments.items[i];
            const struct type *found;

            if (pass == 0 && a->kind == EXPR_NUMBER && !a->as.number.euro && !a->as.number.percent)
                continue;
            found = typing_expr(t, a, type ? type : expected);
            if (found->kind == TYPE_ERROR)
                return NULL;
            if (found->kind == TYPE_OUTCOME)
                continue;
            if (type && !type_meet(type, found)) {
                typing_mismatch(t, a->span, found, type, "valeurs comparées");
                return NULL;
            }
            type = type ? type_meet(type, found) : found;
        }
    if (type && type->kind != TYPE_NUMBER && type->kind != TYPE_DATE) {
        typing_mismatch(t, e->span, type, type_plain_number(), "valeurs comparées");
        return NULL;
    }
    return type ? type : type_plain_number();
}

static const struct type *type_extreme(struct typing *t, struct expr *e, const struct type *expected, bool minimum)
{
    const struct type *type = common_type(t, e, expected);
    struct facts f, next;

    if (!type)
        return fail(t, e);
    f = *e->as.call.arguments.items[0]->facts;
    for (size_t i = 1; i < e->as.call.arguments.count; i++) {
        if (!facts_max(&f, e->as.call.arguments.items[i]->facts, minimum, &next))
            return overflow(t, e, f);
        f = next;
    }
    f.absent = f.reads = (struct data_set){ 0 };
    f.absent_at = NULL;
    return give(t, e, type, f);
}

/* ramené_entre(valeur ; plancher ; plafond) */
static const struct type *type_between(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct type *type = common_type(t, e, expected);
    struct facts floor, f;

    if (!type)
        return fail(t, e);
    if (!facts_max(e->as.call.arguments.items[0]->facts, e->as.call.arguments.items[1]->facts, false, &floor) ||
        !facts_max(&floor, e->as.call.arguments.items[2]->facts, true, &f))
        return overflow(t, e, facts_of_range(1, 0, 0));
    f.absent = f.reads = (struct data_set){ 0 };
    f.absent_at = NULL;
    return give(t, e, type, f);
}

static bool all_dates(struct typing *t, struct expr *e)
{
    static const struct type date = { .kind = TYPE_DATE };

    for (size_t i = 0; i < e->as.call.arguments.count; i++)
        if (typing_expect(t, e->as.call.arguments.items[i], &date, "date")->kind == TYPE_ERROR)
            return false;
    return true;
}

static const struct type *type_of_dates(struct typing *t, struct expr *e, int128 lo, int128 hi)
{
    if (!all_dates(t, e))
        return fail(t, e);
    return give(t, e, type_plain_number(), facts_of_range(1, lo, hi));
}

/* nombre_entamé(durée ; 15 min): how many steps are begun. */
static const struct type *type_started_count(struct typing *t, struct expr *e)
{
    struct expr *value = e->as.call.arguments.items[0], *step = e->as.call.arguments.items[1];
    const struct type *type = typing_expr(t, value, NULL);
    struct facts f;

    if (type->kind == TYPE_ERROR || typing_expect(t, step, type, "pas")->kind == TYPE_ERROR)
        return fail(t, e);
    if (type->kind != TYPE_NUMBER || !step->facts->constant || step->facts->lo <= 0) {
        diag_add(t->diags, DIAG_BAD_ARGUMENTS, step->span, "le pas est un nombre fixe et positif");
        return fail(t, e);
    }
    if (!facts_round(value->facts, facts_low(step->facts), ROUNDING_UP, &f))
        return overflow(t, e, facts_of_range(1, 0, 0));
    f = facts_of_range(1, f.lo / step->facts->lo, f.hi / step->facts->lo);
    return give(t, e, type_plain_number(), f);
}

/* quotient_fiscal(revenu ; parts): RFR / 12 / parts, kept exact. */
static const struct type *type_fiscal_quotient(struct typing *t, struct expr *e)
{
    static const struct type quotient = { .kind = TYPE_NUMBER, .quantity = QUANTITY_QUOTIENT_FISCAL };
    struct expr *income = e->as.call.arguments.items[0], *shares = e->as.call.arguments.items[1];
    const struct type *type = typing_expr(t, income, NULL);
    struct facts twelve = facts_of_range(1, 12, 12), monthly, f;

    if (type->kind == TYPE_ERROR ||
        typing_expect(t, shares, type_plain_number(), "nombre de parts")->kind == TYPE_ERROR)
        return fail(t, e);
    if (!type_is_number(type, QUANTITY_RESSOURCES)) {
        typing_mismatch(t, income->span, type, &(struct type){.kind = TYPE_NUMBER, .quantity = QUANTITY_RESSOURCES},
                        "revenu fiscal");
        return fail(t, e);
    }
    if (shares->facts->lo <= 0) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_DIVISION_BY_ZERO, shares->span, "le nombre de parts peut être nul"),
                  "bornez-le, par exemple « nombre de 1 à 20 »");
        return fail(t, e);
    }
    if (!facts_divide(income->facts, &twelve, &monthly) || !facts_divide(&monthly, shares->facts, &f))
        return overflow(t, e, facts_of_range(1, 0, 0));
    return give(t, e, &quotient, f);
}

static const struct type *type_builtin(struct typing *t, struct expr *e, const struct type *expected)
{
    enum {
#define BUILTIN(token, name, least, most, meaning) BUILTIN_##token,
#include "builtins.def"
#undef BUILTIN
    };

    if (wrong_count(t, e, builtins[e->as.call.builtin].least, builtins[e->as.call.builtin].most))
        return fail(t, e);
    switch (e->as.call.builtin) {
    case BUILTIN_AGE: return type_of_dates(t, e, 0, 150);
    case BUILTIN_AGE_MONTHS: return type_of_dates(t, e, 0, 1800);
    case BUILTIN_MAXIMUM: return type_extreme(t, e, expected, false);
    case BUILTIN_MINIMUM: return type_extreme(t, e, expected, true);
    case BUILTIN_BETWEEN: return type_between(t, e, expected);
    case BUILTIN_STARTED: return type_started_count(t, e);
    case BUILTIN_YEAR: case BUILTIN_SCHOOL_YEAR: return type_of_dates(t, e, 1800, 2300);
    case BUILTIN_MONTH: return type_of_dates(t, e, 1, 12);
    case BUILTIN_WEEKDAY: return type_of_dates(t, e, 1, 7);
    default: return type_fiscal_quotient(t, e);       /* BUILTIN_QUOTIENT */
    }
}

/* ------------------------------------------------------------------ functions, baskets */

static const struct type *type_function_call(struct typing *t, struct expr *e, struct symbol *f)
{
    struct symbol *p = f->first;
    bool ok = true;

    if (wrong_count(t, e, f->count, f->count))
        return fail(t, e);
    for (size_t i = 0; i < e->as.call.arguments.count; i++, p = p->next) {
        struct expr *a = e->as.call.arguments.items[i];

        if (typing_expect(t, a, p->type, "valeur donnée à la fonction")->kind == TYPE_ERROR)
            return fail(t, e);
        if (a->type->kind != TYPE_NUMBER)
            continue;
        if (a->facts->ratio) {
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_BAD_ARGUMENTS, a->span,
                               "ce quotient n'a pas un nombre connu de décimales, et le paramètre « %.*s » en a un",
                               SLICE_ARG(p->name.text)),
                      "arrondissez-le d'abord : « … arrondi au centime le plus proche »");
            ok = false;
        } else if (number_compare(facts_low(a->facts), facts_low(&p->facts)) < 0 ||
            number_compare(facts_high(a->facts), facts_high(&p->facts)) > 0 || p->facts.den % a->facts->den != 0) {
            struct strbuf lo = strbuf_in(t->arena), hi = strbuf_in(t->arena);
            struct diag *d =
                diag_add(t->diags, DIAG_BAD_ARGUMENTS, a->span,
                         "cette valeur peut sortir du domaine du paramètre « %.*s »", SLICE_ARG(p->name.text));

            strbuf_number(&lo, facts_low(a->facts), 0);
            strbuf_number(&hi, facts_high(a->facts), 0);
            diag_help(t->diags, d, "élargissez le paramètre (de %s à %s) ou bornez la donnée",
                      lo.bytes, hi.bytes);
            ok = false;
        }
    }
    return ok ? give(t, e, f->type, f->facts) : fail(t, e);
}

/* repas(déjeuner): how many of them are in the basket. */
static const struct type *type_basket_call(struct typing *t, struct expr *e, struct symbol *s)
{
    const struct type member = { .kind = TYPE_ENUM, .symbol = s->type->basket };
    struct facts f = facts_of_range(s->facts.den, s->facts.lo, s->facts.hi);

    if (wrong_count(t, e, 1, 1) ||
        typing_expect(t, e->as.call.arguments.items[0], type_make(t->arena, member), "élément du panier")->kind ==
            TYPE_ERROR)
        return fail(t, e);
    facts_inherit(t->arena, &f, &s->facts);
    return give(t, e, s->type->element, f);
}

/* `s`: what has that name, and cannot be called; NULL when nothing has it. */
static const struct type *report_unknown_call(struct typing *t, struct expr *e, const struct symbol *s)
{
    struct name name = e->as.call.name;
    struct nearest nearest = nearest_to(name.text);
    struct diag *d;

    if (s) {
        d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "« %.*s » n'est pas une fonction", SLICE_ARG(name.text));
        diag_help(t->diags, d, "sa valeur se lit sans parenthèses");
        return fail(t, e);
    }
    d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "aucune fonction ne s'appelle « %.*s »",
                 SLICE_ARG(name.text));
    for (size_t i = 0; i < t->model->functions.count; i++)
        nearest_consider(&nearest, t->model->functions.items[i]->name.text);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        nearest_consider(&nearest, slice_of(builtins[i].name));
    if (nearest.best.bytes)
        correction_word(t->diags, d, name.span, nearest.best);
    else
        diag_help(t->diags, d, "déclarez-la : « fonction %.*s(…) = … »", SLICE_ARG(name.text));
    return fail(t, e);
}

const struct type *typing_call(struct typing *t, struct expr *e, const struct type *expected)
{
    struct symbol *s = scope_find(t->scope, e->as.call.name.text);

    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (text_fold_equal(slice_of(builtins[i].name), e->as.call.name.text)) {
            e->as.call.builtin = (int)i;
            return type_builtin(t, e, expected);
        }
    if (s && s->kind == SYMBOL_FUNCTION) {
        s->used = true;
        e->as.call.symbol = s;
        typing_symbol(t, s);
        if (s->state == STATE_BUSY) {
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_CYCLE, e->span, "la fonction « %.*s » s'appelle elle-même",
                               SLICE_ARG(s->name.text)),
                      "écrivez ce qu'elle répète par un tableau, ou par « pour chaque … de … »");
            return fail(t, e);
        }
        return type_function_call(t, e, s);
    }
    if (s && s->kind == SYMBOL_INPUT) {
        s->used = true;
        typing_symbol(t, s);
        if (s->type->kind == TYPE_LIST && s->type->basket) {
            e->as.call.symbol = s;
            return type_basket_call(t, e, s);
        }
    }
    return report_unknown_call(t, e, s);
}

/* ------------------------------------------------------------------ lists */

/* The list and, in a scope of its own, what names an element: a variable, or the fields of the record. */
struct walk {
    const struct type *list;
    struct symbol *variable;
    const struct scope *outer;
    struct scope scope;
};

static bool open_walk(struct typing *t, struct walk *w, struct expr *list, struct name variable)
{
    *w = (struct walk){ .list = typing_expr(t, list, NULL), .outer = t->scope };
    if (w->list->kind == TYPE_ERROR)
        return false;
    if (w->list->kind != TYPE_LIST) {
        struct strbuf words = strbuf_in(t->arena);

        strbuf_type(&words, t->model, w->list);
        diag_add(t->diags, DIAG_TYPE_MISMATCH, list->span, "une liste est attendue, ceci est %s",
                 words.bytes);
        return false;
    }
    w->scope.parent = t->scope;
    if (w->list->element->kind == TYPE_RECORD) {
        struct symbol *record = (struct symbol *)w->list->element->symbol;

        record->used = true;
        if (record->first) {
            typing_symbol(t, record->first);
            w->scope = *record->scope;
        }
        w->scope.parent = t->scope;
    }
    if (variable.text.length) {
        w->variable = scope_add(t->model, &w->scope, SYMBOL_VARIABLE, variable, SLICE(""), NULL);
        if (!w->variable)
            return false;
        w->variable->type = w->list->basket
                                ? type_make(t->arena, (struct type){ .kind = TYPE_ENUM, .symbol = w->list->basket })
                                : w->list->element;
        w->variable->facts = w->list->basket ? facts_of_range(1, 0, (int128)w->list->basket->count - 1)
                                             : facts_of_range(list->facts->den, list->facts->lo, list->facts->hi);
        w->variable->facts.constant = false;
        if (w->variable->type->kind == TYPE_RECORD)
            w->variable->facts = facts_of_range(1, 0, 0);
        w->variable->facts.reads = list->facts->reads;
        w->variable->state = STATE_DONE;
    }
    t->scope = &w->scope;
    return true;
}

static void close_walk(struct typing *t, struct walk *w)
{
    t->scope = w->outer;
}

static const struct type *fold_result(struct typing *t, struct expr *e, const struct walk *w)
{
    struct expr *body = e->as.aggregate.body;
    struct facts f = facts_of_range(1, 0, w->list->max_items), count = f;
    const struct type *type = type_plain_number();

    if (e->as.aggregate.op == AGGREGATE_SUM) {
        if (!facts_multiply(body->facts, &count, &f))
            return overflow(t, e, *body->facts);
        if (f.ratio) {
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_TOO_LARGE, body->span,
                               "la somme de quotients exacts n'a pas de dénominateur connu"),
                      "arrondissez chaque valeur avant la somme");
            return fail(t, e);
        }
        type = body->type;
    } else if (e->as.aggregate.op != AGGREGATE_COUNT) {
        f = *body->facts;
        type = body->type;
        if (e->as.aggregate.if_empty) {
            struct facts joined;

            if (typing_expect(t, e->as.aggregate.if_empty, type, "si vide")->kind == TYPE_ERROR)
                return fail(t, e);
            if (!facts_join(&f, e->as.aggregate.if_empty->facts, &joined))
                return overflow(t, e, f);
            f = joined;
        } else {
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_BAD_ARGUMENTS, e->span, "rien n'est dit quand la liste est vide"),
                      "ajoutez « , si vide : … », avec la valeur à retenir alors");
        }
    }
    if (body)
        facts_inherit(t->arena, &f, body->facts);
    if (e->as.aggregate.condition)
        facts_inherit(t->arena, &f, e->as.aggregate.condition->facts);
    facts_inherit(t->arena, &f, e->as.aggregate.list->facts);
    f.constant = false;
    return give(t, e, type, f);
}

const struct type *typing_aggregate(struct typing *t, struct expr *e, const struct type *expected)
{
    struct walk w;
    bool ok = open_walk(t, &w, e->as.aggregate.list, e->as.aggregate.variable);

    (void)expected;
    if (!ok)
        return fail(t, e);
    e->as.aggregate.symbol = w.variable;
    if (e->as.aggregate.condition)
        ok =
            typing_expect(t, e->as.aggregate.condition, type_boolean(), "condition sur la liste")->kind != TYPE_ERROR;
    if (ok && e->as.aggregate.body) {
        const struct type *body = typing_expr(t, e->as.aggregate.body, NULL);

        ok = body->kind == TYPE_NUMBER;
        if (!ok && body->kind != TYPE_ERROR)
            typing_mismatch(t, e->as.aggregate.body->span, body, type_plain_number(), "valeur de chaque élément");
    }
    close_walk(t, &w);
    return ok ? fold_result(t, e, &w) : fail(t, e);
}

/* The rank of the current element: only where there is one. */
const struct type *typing_rank(struct typing *t, struct expr *e)
{
    struct walk w;
    struct facts f;
    bool ok = open_walk(t, &w, e->as.rank.list, (struct name){ .text = SLICE("") });

    if (!ok)
        return fail(t, e);
    if (e->as.rank.condition)
        ok = typing_expect(t, e->as.rank.condition, type_boolean(), "condition du rang")->kind != TYPE_ERROR;
    if (ok)
        ok = typing_expr(t, e->as.rank.key, NULL)->kind != TYPE_ERROR;
    if (ok && e->as.rank.tie)
        ok = typing_expr(t, e->as.rank.tie, NULL)->kind != TYPE_ERROR;
    close_walk(t, &w);
    if (!ok)
        return fail(t, e);
    if (!e->as.rank.tie && !e->as.rank.tie_harmless)
        diag_help(t->diags, diag_add(t->diags, DIAG_BAD_ARGUMENTS, e->span, "rien n'est dit des ex æquo"),
                  "ajoutez « , à égalité sans effet » ou « , à égalité par … »");
    f = facts_of_range(1, 1, w.list->max_items);
    facts_inherit(t->arena, &f, e->as.rank.list->facts);
    facts_inherit(t->arena, &f, e->as.rank.key->facts);
    return give(t, e, type_plain_number(), f);
}
