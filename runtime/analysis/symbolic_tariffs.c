/*
 * Tariffs on a box: exceptions, price, steps, versions, results.
 */
#include "symbolic_parts.h"

#include "lang/typing.h"

struct price {
    struct symbolic_value value;
    int128 den;
    bool final;
};

static struct price settle(struct symbolic *s, struct symbolic_value v, const struct node *from,
                           const struct node *absent_clause, const struct node *failed_clause)
{
    const struct node *clause = v.state == VALUE_ABSENT ? absent_clause : failed_clause;
    struct price p = { v, from->den, false };

    if (!is_unknown_fact(v.state))
        return p;
    if (!clause)
        clause = symbolic_clause(s, &v);
    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW))
        return p;
    symbolic_mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    p.value = symbolic_eval(s, clause);
    p.den = clause->den;
    return p;
}

static struct price initial_price(struct symbolic *s, const struct tariff_version *v)
{
    struct price p;

    for (size_t i = 0; i < v->exception_count; i++) {
        const struct exception_code *e = &v->exceptions[i];
        struct symbolic_value c = symbolic_eval(s, e->condition);
        size_t marks = s->marks.count;
        bool holds = false;

        if (is_unknown_fact(c.state)) {
            if (is_outcome(c.state == VALUE_ABSENT ? e->absent : e->failed, OUTCOME_NO_EFFECT))
                continue;
            return settle(s, c, e->condition, e->absent, e->failed);
        }
        if (c.state != VALUE_OK)
            return (struct price){ c, 1, true };
        if (!decide_true(s, &c, &holds))
            return (struct price){ stopped(), 1, true };
        if (!holds)
            continue;
        symbolic_mark(s, (struct region_mark){ .kind = MARK_EXCEPTION, .exception = e });
        c = symbolic_eval(s, e->value);
        if (is_unknown_fact(c.state) &&
            is_outcome(c.state == VALUE_ABSENT ? e->absent : e->failed, OUTCOME_NO_EFFECT)) {
            s->marks.count = marks;
            continue;
        }
        p = settle(s, c, e->value, e->absent, e->failed);
        p.final = e->source->final;
        return p;
    }
    symbolic_mark(s, (struct region_mark){ .kind = MARK_PRICE, .expr = v->price->expr });
    return settle(s, symbolic_eval(s, v->price), v->price, v->price_absent, v->price_failed);
}

static struct symbolic_value step_clause(struct symbolic *s, const struct step_code *step,
                                         struct symbolic_value unknown, const struct node **from)
{
    const struct node *clause = unknown.state == VALUE_ABSENT ? step->absent : step->failed;

    if (!clause)
        clause = symbolic_clause(s, &unknown);
    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW))
        return unknown;
    if (is_outcome(clause, OUTCOME_NO_EFFECT)) {
        *from = NULL;
        return s->price;
    }
    *from = clause;
    symbolic_mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    return symbolic_eval(s, clause);
}

static struct symbolic_value run_step(struct symbolic *s, const struct step_code *step)
{
    struct symbolic_value c = step->condition ? symbolic_eval(s, step->condition) : constant(s, 1), v;
    const struct node *from = step->next;
    bool holds = true, positive = true;

    if (c.state == VALUE_OK && !decide_true(s, &c, &holds))
        return stopped();
    if (!holds)
        return rescale(s, s->price, step->den_before, step->den_after);
    v = c.state == VALUE_OK ? symbolic_eval(s, step->next) : c;
    if (v.state == VALUE_OK)
        symbolic_mark(s, (struct region_mark){ .kind = MARK_STEP, .step = step });
    if (is_unknown_fact(v.state))
        v = step_clause(s, step, v, &from);
    v = rescale(s, v, from ? from->den : step->den_before, step->den_after);
    if (v.state != VALUE_OK || !step->negative)
        return v;
    if (!decide_at_least(s, v.num, 0, &positive))
        return stopped();
    if (positive)
        return v;
    return rescale(s, symbolic_eval(s, step->negative), step->negative->den, step->den_after);
}

static const struct tariff_version *pick_version(struct symbolic *s, const struct tariff_code *t,
                                                 struct symbolic_value *why)
{
    const struct period *act = &s->target->program->model.period;
    bool alone = t->version_count == 1 && !t->versions[0].source->period.written, dated, applies = true;
    struct symbolic_value d;

    if (alone && !act->written)
        return &t->versions[0];
    d = symbolic_date(s);
    dated = d.state == VALUE_OK;
    if (dated && !symbolic_in_period(s, d.num, act, &applies))
        goto stop;
    if (!applies) {
        *why = state(VALUE_NON_PREVU, "la date est en dehors de la période d'application de l'acte");
        return NULL;
    }
    if (t->version_count == 1 && (alone || !dated))
        return &t->versions[0];
    *why = d;
    if (!dated)
        return NULL;
    for (size_t i = 0; i < t->version_count; i++) {
        if (!symbolic_in_period(s, d.num, &t->versions[i].source->period, &applies))
            goto stop;
        if (applies)
            return &t->versions[i];
    }
    *why = state(VALUE_NON_PREVU, "aucune version de ce tarif n'est en vigueur à cette date");
    return NULL;
stop:
    *why = stopped();
    return NULL;
}

static struct symbolic_value find_output(struct symbolic *s, const struct tariff_version *v, struct slice name,
                                         int128 *den, const struct type **type)
{
    for (size_t i = 0; i < v->output_count; i++) {
        const struct output_code *o = &v->outputs[i];
        const struct node *from = o->value, *clause;
        struct symbolic_value out;

        if (!text_fold_equal(o->symbol->name.text, name))
            continue;
        out = symbolic_eval(s, from);
        clause = out.state == VALUE_ABSENT ? o->absent : out.state == VALUE_FAILED ? o->failed : NULL;
        if (clause) {
            from = clause;
            out = symbolic_eval(s, from);
        }
        *den = from->den;
        *type = o->symbol->type;
        return out;
    }
    *type = v->type;
    return state(VALUE_NON_PREVU, "ce résultat n'existe pas dans cette version");
}

/* As machine_run(). The value is left in s->price, over *den. */
struct region_outcome symbolic_run_tariff(struct symbolic *s, size_t tariff, const struct symbol *output, int128 *den)
{
    struct symbolic_value why = { .state = VALUE_NON_PREVU };
    const struct tariff_version *v = pick_version(s, &s->target->program->tariffs[tariff], &why);
    struct region_outcome out = { .version = v };
    struct symbolic_value result;
    struct price p;

    *den = 1;
    s->price = why;
    out.reason = why.reason;
    if (!v)
        return out;
    out.type = v->type;
    s->tariff = tariff;
    p = initial_price(s, v);
    *den = p.den;
    result = p.value;
    if (p.value.state == VALUE_OK && !p.final && v->type->kind == TYPE_NUMBER) {
        s->price = s->base = rescale(s, p.value, p.den, v->den_initial);
        *den = v->den_initial;
        for (size_t i = 0; i < v->step_count && s->price.state == VALUE_OK; i++) {
            s->price = run_step(s, &v->steps[i]);
            *den = v->steps[i].den_after;
        }
        result = s->price;
    } else {
        s->price = s->base = rescale(s, p.value, p.den, v->source->facts.den);
    }
    if (output && result.state == VALUE_OK)
        result = find_output(s, v, output->name.text, den, &out.type);
    s->price = result;
    out.reason = result.reason;
    return out;
}

/* A value of the program that is not a tariff; a condition is true (1) or false (0) on the whole box. */
static struct region_outcome run_value(struct symbolic *s, const struct node *n, int128 *den)
{
    const struct type *type = n->expr->type;
    bool holds = false;

    *den = n->den;
    s->price = symbolic_eval(s, n);
    if (s->price.state == VALUE_OK && type->kind == TYPE_BOOLEAN)
        s->price = decide_true(s, &s->price, &holds) ? constant(s, holds) : stopped();
    return (struct region_outcome){ .type = type };
}

bool symbolic_evaluate(struct symbolic *s, const struct region_target *target, struct symbolic_memo *memos,
                       struct region_outcome *out)
{
    struct symbolic_value result;
    int128 den = 1;

    s->target = target;
    s->memos = memos;
    s->run++;
    s->frame = s->frames = 0;
    s->slots = NULL;
    s->element = NULL;
    s->variable = (struct symbolic_value){ .state = VALUE_OK };
    s->overrides = NULL;
    s->tariff = target->tariff;
    s->depth = 0;
    s->cut_wanted = s->nobody = false;
    s->looked.expr = NULL;
    s->cutter.why = NULL;
    s->cutter.box = s->box;
    *out = target->value ? run_value(s, target->value, &den)
                         : symbolic_run_tariff(s, target->tariff, target->output, &den);
    result = s->price;
    if (s->cut_wanted)
        return false;
    if (result.state == VALUE_OK) {
        result.num = times(s, result.num, 1, den);
        if (!result.num)
            result = not_known(s, WHY_NUMBER);
    }
    if (has_stopped(&result)) {
        *out = (struct region_outcome){ .why = s->cutter.why ? s->cutter.why : WHY_NUMBER };
        return true;
    }
    out->statut = state_statut(result.state);
    out->written = result.written;
    out->reason = result.state == VALUE_OK ? NULL : result.reason;
    out->datum = result.state == VALUE_OK ? NULL : result.datum;
    out->formula = result.state == VALUE_OK ? result.num : NULL;
    return true;
}
