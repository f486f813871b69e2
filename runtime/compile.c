/*
 * From the typed tree to nodes. Nothing is decided here: types, ranges and completeness were settled in lang/; this
 * pass works out constants and denominators. Only programs without error come here, under a guard: every expression
 * has its type and its facts, and memory does not run out in the middle.
 */
#include "program.h"

struct compiler {
    struct delib_program *program;
    struct arena *arena;
    size_t let_count;
    struct {
        struct compiled_let {
            const struct symbol *symbol;
            struct node *node;
        } * items;
        size_t count, capacity;
    } lets;
    struct { struct function_code **items; size_t count, capacity; } functions;
};

static const struct node *compile(struct compiler *c, const struct expr *e);

/* ------------------------------------------------------------------ helpers */

static struct node *new_node(struct compiler *c, enum node_kind kind, const struct expr *e)
{
    struct node *n = arena_new(c->arena, struct node);

    *n = (struct node){.kind = kind, .expr = e, .den = e->facts->den, .scale_a = 1, .scale_b = 1};
    return n;
}

static struct node *constant_node(struct compiler *c, const struct expr *e, int128 num, int128 den)
{
    struct node *n = new_node(c, NODE_CONSTANT, e);

    n->den = den;
    n->as.constant = num;
    return n;
}

static int128 den_of(const struct expr *e)
{
    return e->facts->den;
}

static bool is_whole(const struct expr *e)
{
    return e->type->kind == TYPE_OUTCOME;
}

/* Factor from one static denominator to another that it divides; outcomes have none. */
static int128 scale_to(const struct expr *from, int128 den)
{
    return from && !is_whole(from) && den % den_of(from) == 0 ? den / den_of(from) : 1;
}

static struct node *binary_node(struct compiler *c, enum node_kind kind, const struct expr *e, const struct expr *a,
                                const struct expr *b, int128 common)
{
    struct node *n = new_node(c, kind, e);

    n->a = compile(c, a);
    n->b = compile(c, b);
    n->scale_a = scale_to(a, common);
    n->scale_b = scale_to(b, common);
    return n;
}

/* Typing proved that there is one. */
static int128 common_den(int128 a, int128 b)
{
    int128 den = 1;

    (void)int128_lcm_checked(a, b, &den);
    return den;
}

static const struct node *optional(struct compiler *c, const struct expr *e)
{
    return e ? compile(c, e) : NULL;
}

/* ------------------------------------------------------------------ names */

static const struct node *compile_let(struct compiler *c, const struct expr *e, const struct symbol *s)
{
    struct compiled_let *entry;
    struct node *n;

    for (size_t i = 0; i < c->lets.count; i++)
        if (c->lets.items[i].symbol == s)
            return c->lets.items[i].node;
    n = new_node(c, NODE_LET, e);
    entry = arena_push(c->arena, &c->lets);
    *entry = (struct compiled_let){ s, n };
    n->den = s->facts.den;
    n->as.let.symbol = s;
    n->as.let.slot = c->let_count++;
    n->as.let.value = compile(c, s->value);
    return n;
}

static const struct node *compile_national(struct compiler *c, const struct expr *e, const struct symbol *s)
{
    struct node *n = new_node(c, NODE_NATIONAL, e);
    size_t count = 0;

    for (const struct version *v = s->versions; v; v = v->next)
        count++;
    n->as.national.items = arena_array(c->arena, struct national_value, count);
    for (const struct version *v = s->versions; v; v = v->next) {
        struct national_value *item = &n->as.national.items[n->as.national.count++];

        item->period = v->period;
        item->value = compile(c, v->decl->as.national.value);
    }
    return n;
}

static const struct node *symbol_node(struct compiler *c, enum node_kind kind, const struct expr *e,
                                      const struct symbol *s)
{
    struct node *n = new_node(c, kind, e);

    n->as.symbol = s;
    return n;
}

static const struct node *slot_node(struct compiler *c, const struct expr *e, size_t slot)
{
    struct node *n = new_node(c, NODE_SLOT, e);

    n->as.slot = slot;
    return n;
}

static const struct node *tariff_node(struct compiler *c, const struct expr *e, size_t tariff)
{
    struct node *n = new_node(c, NODE_TARIFF, e);

    n->as.tariff = tariff;
    return n;
}

static const struct node *compile_name(struct compiler *c, const struct expr *e)
{
    const struct symbol *s = e->as.reference.symbol;

    switch (s->kind) {
    case SYMBOL_MEMBER: return constant_node(c, e, (int128)s->index, 1);
    case SYMBOL_INPUT: case SYMBOL_SOURCE: return symbol_node(c, NODE_DATUM, e, s);
    case SYMBOL_FIELD: return symbol_node(c, NODE_FIELD, e, s);
    case SYMBOL_VARIABLE: return symbol_node(c, NODE_VARIABLE, e, s);
    case SYMBOL_PARAMETER: return slot_node(c, e, s->index);
    case SYMBOL_LET: case SYMBOL_OUTPUT: case SYMBOL_TRANCHES: return compile_let(c, e, s);
    case SYMBOL_NATIONAL: return compile_national(c, e, s);
    case SYMBOL_DATE: return new_node(c, NODE_DATE, e);
    case SYMBOL_TODAY: return new_node(c, NODE_TODAY, e);
    case SYMBOL_STEP_PRICE: return new_node(c, slice_is(s->name.text, "prix") ? NODE_PRICE : NODE_BASE, e);
    case SYMBOL_TARIFF: return tariff_node(c, e, s->index);
    case SYMBOL_CALENDAR:
    case SYMBOL_ENUM:
    case SYMBOL_FUNCTION:
    case SYMBOL_RECORD:
    case SYMBOL_TABLEAU:
    case SYMBOL_COLUMN:
    case SYMBOL_UNIT: break; /* not values: typing refused them */
    }
    return NULL;
}

static const struct node *compile_field(struct compiler *c, const struct expr *e)
{
    const struct symbol *s = e->as.field.symbol;
    struct node *n;

    if (s->kind == SYMBOL_COLUMN)
        return compile(c, s->value);
    n = new_node(c, NODE_FIELD, e);
    n->a = compile(c, e->as.field.object);
    n->as.symbol = s;
    if (s->kind == SYMBOL_LET)
        n->b = compile(c, s->value);
    return n;
}

/* ------------------------------------------------------------------ operations */

static const struct node *compile_binary(struct compiler *c, const struct expr *e)
{
    const struct expr *a = e->as.binary.left, *b = e->as.binary.right;
    struct node *n;

    switch (e->as.binary.op) {
    case OP_ADD: return binary_node(c, NODE_ADD, e, a, b, den_of(e));
    case OP_SUBTRACT: return binary_node(c, NODE_SUBTRACT, e, a, b, den_of(e));
    case OP_MULTIPLY: case OP_PERCENT_OF: return binary_node(c, NODE_MULTIPLY, e, a, b, 1);
    case OP_DIVIDE:
        n = binary_node(c, b->facts->constant && !b->facts->ratio ? NODE_SCALE : NODE_DIVIDE, e, a, b, 1);
        n->scale_a = b->facts->den;
        n->scale_b = 1;
        return n;
    case OP_AND: case OP_OR:
        n = binary_node(c, e->as.binary.op == OP_AND ? NODE_AND : NODE_OR, e, a, b, 1);
        n->a_first = !(a->facts->reads_source && !b->facts->reads_source);
        return n;
    case OP_EQUAL: case OP_DIFFERENT: case OP_LESS: case OP_LESS_EQUAL: case OP_GREATER: case OP_GREATER_EQUAL:
        n = binary_node(c, NODE_COMPARE, e, a, b, common_den(den_of(a), den_of(b)));
        n->as.compare = e->as.binary.op;
        return n;
    }
    return NULL;
}

static struct edge edge_of(const struct expr *e, bool included)
{
    return e ? (struct edge){true, included, e->facts->lo, e->facts->den} : (struct edge){.set = false};
}

static const struct node *compile_is(struct compiler *c, const struct expr *e)
{
    const struct title *title = &e->as.is.title;
    struct node *n;

    if (title->kind == TITLE_ABSENT) {
        struct node *known = new_node(c, NODE_KNOWN, e);

        n = new_node(c, NODE_NOT, e);
        known->a = compile(c, e->as.is.operand);
        n->a = known;
        return n;
    }
    if (title->kind == TITLE_VALUE) {
        n = binary_node(c, NODE_COMPARE, e, e->as.is.operand, title->value,
                        common_den(den_of(e->as.is.operand), den_of(title->value)));
        n->as.compare = OP_EQUAL;
        return n;
    }
    n = new_node(c, NODE_BETWEEN, e);
    n->a = compile(c, e->as.is.operand);
    n->as.between.low = edge_of(title->low, title->low_included);
    n->as.between.high = edge_of(title->high, title->high_included);
    return n;
}

static const struct node *compile_round(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_ROUND, e);

    n->a = compile(c, e->as.round.operand);
    n->as.round.step = e->as.round.step;
    n->as.round.mode = e->as.round.mode;
    return n;
}

static const struct node *compile_convert(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_SCALE, e);

    n->a = compile(c, e->as.convert.operand);
    n->scale_a = e->as.convert.factor.num;
    return n;
}

/* amount × (duration rounded up to the step) / step */
static const struct node *compile_started(struct compiler *c, const struct expr *e)
{
    const struct expr *quantity = e->as.started.quantity;
    struct node *rounded = new_node(c, NODE_ROUND, quantity), *count = new_node(c, NODE_SCALE, quantity), *n;

    rounded->a = compile(c, quantity);
    rounded->den = 1;
    rounded->as.round.step = number_of(e->as.started.minutes);
    rounded->as.round.mode = ROUNDING_UP;
    count->a = rounded;
    count->den = 1;
    count->scale_b = e->as.started.minutes;      /* exact: the duration is a multiple of the step */
    n = new_node(c, NODE_MULTIPLY, e);
    n->a = compile(c, e->as.started.amount);
    n->b = count;
    return n;
}

static const struct node *compile_shift(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_SHIFT, e);

    n->a = compile(c, e->as.shift.operand);
    n->b = compile(c, e->as.shift.by);
    n->c = optional(c, e->as.shift.condition);
    n->as.shift.down = e->as.shift.down;
    n->as.shift.limit = compile(c, e->as.shift.limit);
    n->as.shift.count = (int128)e->type->symbol->count;
    return n;
}

/* ------------------------------------------------------------------ tables and alternatives */

static const struct node *compile_table(struct compiler *c, const struct expr *e)
{
    const struct table *table = e->as.table;
    const struct table_plan *plan = table->plan;
    struct node *n;
    size_t rows = table->rows.count;

    if (plan->lowered)
        return compile(c, plan->lowered);
    n = new_node(c, NODE_TABLE, e);
    n->a = compile(c, plan->key);
    n->as.table.table = table;
    n->as.table.plan = plan;
    n->as.table.cells = arena_array(c->arena, const struct node *, rows);
    n->as.table.conditions = arena_array(c->arena, const struct node *, plan->condition_count);
    for (size_t r = 0; r < rows; r++)
        n->as.table.cells[r] = optional(c, table->rows.items[r].cells.items[0]);
    for (size_t i = 0; i < plan->condition_count; i++)
        n->as.table.conditions[i] = compile(c, table->rows.items[plan->conditions[i]].titles.items[0].value);
    return n;
}

static const struct node *compile_best(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_BEST, e);
    size_t count = e->as.best.alternatives.count;

    n->as.best.mode = e->as.best.mode;
    n->as.best.items = arena_array(c->arena, struct alternative_node, count);
    n->as.best.count = count;
    for (size_t i = 0; i < count; i++) {
        const struct alternative *a = &e->as.best.alternatives.items[i];

        n->as.best.items[i].value = compile(c, a->value);
        n->as.best.items[i].condition = optional(c, a->condition);
    }
    return n;
}

static const struct node *compile_outcome(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_OUTCOME, e);

    n->as.outcome.outcome = e->as.outcome.outcome;
    n->as.outcome.reason = e->as.outcome.reason.length ? arena_copy_text(c->arena, e->as.outcome.reason.bytes,
                                                                         e->as.outcome.reason.length)
                                                       : NULL;
    return n;
}

/* ------------------------------------------------------------------ lists and calls */

static const struct node *compile_aggregate(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_FOLD, e);

    n->a = compile(c, e->as.aggregate.list);
    n->b = optional(c, e->as.aggregate.condition);
    n->c = optional(c, e->as.aggregate.body);
    n->as.fold.op = e->as.aggregate.op;
    n->scale_a = scale_to(e->as.aggregate.body, n->den);
    n->as.fold.if_empty = optional(c, e->as.aggregate.if_empty);
    return n;
}

static const struct node *compile_rank(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_RANK, e);

    n->a = compile(c, e->as.rank.list);
    n->b = optional(c, e->as.rank.condition);
    n->c = compile(c, e->as.rank.key);
    n->as.rank.descending = e->as.rank.descending;
    n->as.rank.tie = optional(c, e->as.rank.tie);
    return n;
}

/* maximum(a ; b ; c) = maximum(maximum(a ; b) ; c) */
static const struct node *compile_extreme(struct compiler *c, const struct expr *e, enum node_kind kind)
{
    const struct node *sofar = compile(c, e->as.call.arguments.items[0]);
    int128 den = den_of(e->as.call.arguments.items[0]);

    for (size_t i = 1; i < e->as.call.arguments.count; i++) {
        const struct expr *next = e->as.call.arguments.items[i];
        struct node *n = new_node(c, kind, e);
        int128 common = common_den(den, den_of(next));

        n->a = sofar;
        n->b = compile(c, next);
        n->den = common;
        n->scale_a = common / den;
        n->scale_b = scale_to(next, common);
        den = common;
        sofar = n;
    }
    return sofar;
}

/* ramené_entre(valeur ; plancher ; plafond) */
static const struct node *compile_between(struct compiler *c, const struct expr *e)
{
    const struct expr *value = e->as.call.arguments.items[0], *low = e->as.call.arguments.items[1],
                      *high = e->as.call.arguments.items[2];
    int128 common = common_den(den_of(value), den_of(low));
    struct node *floor = binary_node(c, NODE_MAXIMUM, e, value, low, common), *n = new_node(c, NODE_MINIMUM, e);

    floor->den = common;
    n->a = floor;
    n->b = compile(c, high);
    n->scale_a = n->den / floor->den;
    n->scale_b = scale_to(high, n->den);
    return n;
}

static const struct node *compile_dates(struct compiler *c, const struct expr *e, enum date_operation operation)
{
    struct node *n = new_node(c, NODE_DATES, e);

    n->as.date = operation;
    n->a = compile(c, e->as.call.arguments.items[0]);
    n->b = e->as.call.arguments.count > 1 ? compile(c, e->as.call.arguments.items[1]) : NULL;
    return n;
}

static const struct node *compile_started_count(struct compiler *c, const struct expr *e)
{
    const struct expr *value = e->as.call.arguments.items[0], *step = e->as.call.arguments.items[1];
    struct node *rounded = new_node(c, NODE_ROUND, e), *n = new_node(c, NODE_SCALE, e);
    struct number unit = facts_low(step->facts);

    rounded->a = compile(c, value);
    rounded->den = unit.den;
    rounded->as.round.step = unit;
    rounded->as.round.mode = ROUNDING_UP;
    n->a = rounded;
    n->den = 1;
    n->scale_b = unit.num;
    return n;
}

/* revenu / 12 / parts */
static const struct node *compile_fiscal_quotient(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_DIVIDE, e);

    n->a = compile(c, e->as.call.arguments.items[0]);
    n->b = compile(c, e->as.call.arguments.items[1]);
    n->scale_a = den_of(e->as.call.arguments.items[1]);
    return n;
}

static const struct function_code *compile_function(struct compiler *c, const struct symbol *s)
{
    struct function_code *f, **entry;

    for (size_t i = 0; i < c->functions.count; i++)
        if (c->functions.items[i]->symbol == s)
            return c->functions.items[i];
    f = arena_new(c->arena, struct function_code);
    entry = arena_push(c->arena, &c->functions);
    *entry = f;
    f->symbol = s;
    f->parameter_count = s->count;
    f->body = compile(c, s->value);
    return f;
}

static const struct node *compile_user_call(struct compiler *c, const struct expr *e)
{
    const struct symbol *s = e->as.call.symbol, *p = s->first;
    struct node *n = new_node(c, s->kind == SYMBOL_FUNCTION ? NODE_CALL : NODE_BASKET, e);

    if (s->kind != SYMBOL_FUNCTION) {
        n->as.symbol = s;
        n->a = compile(c, e->as.call.arguments.items[0]);
        return n;
    }
    n->as.call.function = compile_function(c, s);
    n->as.call.count = e->as.call.arguments.count;
    n->as.call.arguments = arena_array(c->arena, const struct node *, n->as.call.count);
    n->as.call.scales = arena_array(c->arena, int128, n->as.call.count);
    for (size_t i = 0; i < n->as.call.count; i++, p = p->next) {
        n->as.call.arguments[i] = compile(c, e->as.call.arguments.items[i]);
        n->as.call.scales[i] = scale_to(e->as.call.arguments.items[i], p->facts.den);
    }
    return n;
}

static const struct node *compile_call(struct compiler *c, const struct expr *e)
{
    enum {
#define BUILTIN(token, name, least, most, meaning) BUILTIN_##token,
#include "lang/builtins.def"
#undef BUILTIN
    };

    switch (e->as.call.builtin) {
    case BUILTIN_AGE: return compile_dates(c, e, DATE_AGE);
    case BUILTIN_AGE_MONTHS: return compile_dates(c, e, DATE_AGE_MONTHS);
    case BUILTIN_YEAR: return compile_dates(c, e, DATE_YEAR);
    case BUILTIN_MONTH: return compile_dates(c, e, DATE_MONTH);
    case BUILTIN_WEEKDAY: return compile_dates(c, e, DATE_WEEKDAY);
    case BUILTIN_SCHOOL_YEAR: return compile_dates(c, e, DATE_SCHOOL_YEAR);
    case BUILTIN_MAXIMUM: return compile_extreme(c, e, NODE_MAXIMUM);
    case BUILTIN_MINIMUM: return compile_extreme(c, e, NODE_MINIMUM);
    case BUILTIN_BETWEEN: return compile_between(c, e);
    case BUILTIN_STARTED: return compile_started_count(c, e);
    case BUILTIN_QUOTIENT: return compile_fiscal_quotient(c, e);
    default: return compile_user_call(c, e);
    }
}

static const struct node *compile_when(struct compiler *c, const struct expr *e)
{
    const struct expr *other = e->as.when.other;
    struct node *n = new_node(c, NODE_WHEN, e);

    n->a = compile(c, e->as.when.operand);
    n->as.when.when = e->as.when.when;
    if (other->kind == EXPR_DAY)
        n->as.when.day = other->as.date;
    else if (other->type->kind == TYPE_CALENDAR)
        n->as.when.period = other->as.reference.symbol->decl->as.calendar.period;
    else
        n->b = compile(c, other);
    return n;
}

static const struct node *compile_with(struct compiler *c, const struct expr *e)
{
    struct node *n = new_node(c, NODE_WITH, e);

    n->as.with.tariff = e->as.with.tariff_symbol->index;
    n->as.with.input = e->as.with.input_symbol;
    n->a = compile(c, e->as.with.value);
    n->scale_a = scale_to(e->as.with.value, e->as.with.input_symbol->facts.den);
    return n;
}

/* ------------------------------------------------------------------ the walk */

static const struct node *unary_node(struct compiler *c, enum node_kind kind, const struct expr *e)
{
    struct node *n = new_node(c, kind, e);

    n->a = compile(c, e->as.operand);
    return n;
}

static const struct node *compile(struct compiler *c, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER: case EXPR_DATE: case EXPR_BOOLEAN: case EXPR_TEXT: case EXPR_DAY:
        return constant_node(c, e, e->facts->lo, e->facts->den);
    case EXPR_NAME: return compile_name(c, e);
    case EXPR_FIELD: return compile_field(c, e);
    case EXPR_CALL: return compile_call(c, e);
    case EXPR_NEGATE: return unary_node(c, NODE_NEGATE, e);
    case EXPR_NOT: return unary_node(c, NODE_NOT, e);
    case EXPR_KNOWN: return unary_node(c, NODE_KNOWN, e);
    case EXPR_BINARY: return compile_binary(c, e);
    case EXPR_IS: return compile_is(c, e);
    case EXPR_ROUND: return compile_round(c, e);
    case EXPR_CONVERT: return compile_convert(c, e);
    case EXPR_STARTED: return compile_started(c, e);
    case EXPR_SHIFT: return compile_shift(c, e);
    case EXPR_TABLE: return compile_table(c, e);
    case EXPR_BEST: return compile_best(c, e);
    case EXPR_OUTCOME: return compile_outcome(c, e);
    case EXPR_AGGREGATE: return compile_aggregate(c, e);
    case EXPR_RANK: return compile_rank(c, e);
    case EXPR_WHEN: return compile_when(c, e);
    case EXPR_WITH: return compile_with(c, e);
    case EXPR_ERROR: break;
    }
    return NULL;
}

/* ------------------------------------------------------------------ tariffs */

static const char *copy_slice(struct compiler *c, struct slice text)
{
    return arena_copy_text(c->arena, text.bytes, text.length);
}

static void compile_exceptions(struct compiler *c, struct tariff_version *v)
{
    const struct decl *d = v->source->decl;

    v->exception_count = d->as.tariff.exceptions.count;
    v->exceptions = arena_array(c->arena, struct exception_code, v->exception_count);
    for (size_t i = 0; i < v->exception_count; i++) {
        const struct exception *e = &d->as.tariff.exceptions.items[i];

        v->exceptions[e->order] = (struct exception_code){e,
                                       compile(c, e->condition),
                                       compile(c, e->value),
                                       optional(c, e->clauses.absent),
                                       optional(c, e->clauses.failed)};
    }
}

static void compile_steps(struct compiler *c, struct tariff_version *v)
{
    const struct decl *d = v->source->decl;

    v->step_count = d->as.tariff.steps.count;
    v->steps = arena_array(c->arena, struct step_code, v->step_count);
    for (size_t i = 0; i < v->step_count; i++) {
        const struct step *s = &d->as.tariff.steps.items[i];

        v->steps[i] = (struct step_code){
            .source = s,
            .condition = optional(c, s->condition),
            .value = optional(c, s->value),
            .next = optional(c, s->next),
            .absent = optional(c, s->next_absent ? s->next_absent : s->clauses.absent),
            .failed = optional(c, s->next_failed ? s->next_failed : s->clauses.failed),
            .negative = optional(c, s->clauses.negative),
            .den_before = s->before->den,
            .den_after = s->after->den,
        };
    }
}

static void compile_outputs(struct compiler *c, struct tariff_version *v)
{
    v->output_count = v->source->outputs.count;
    v->outputs = arena_array(c->arena, struct output_code, v->output_count);
    v->output_labels = arena_array(c->arena, const char *, v->output_count);
    for (size_t i = 0; i < v->output_count; i++) {
        const struct symbol *s = v->source->outputs.items[i];

        v->output_labels[i] = copy_slice(c, s->label);
        v->outputs[i] = (struct output_code){s, compile(c, s->value), optional(c, s->decl->clauses.absent),
                                            optional(c, s->decl->clauses.failed)};
    }
}

static void compile_version(struct compiler *c, struct tariff_version *v, const struct version *source)
{
    const struct decl *d = source->decl;
    struct strbuf unit = strbuf_in(c->arena);

    *v = (struct tariff_version){
        .source = source, .den_initial = source->initial.den, .type = source->type};
    v->price = optional(c, d->as.tariff.price);
    v->price_absent = optional(c, d->as.tariff.price_clauses.absent);
    v->price_failed = optional(c, d->as.tariff.price_clauses.failed);
    compile_exceptions(c, v);
    compile_steps(c, v);
    compile_outputs(c, v);
    strbuf_unit(&unit, &c->program->model, source->type);
    v->unit = strbuf_string(&unit);
    if (d->as.tariff.finalite.text.length)
        v->finalite = copy_slice(c, d->as.tariff.finalite.text);
    else if (c->program->act.finalite.text.length)
        v->finalite = copy_slice(c, c->program->act.finalite.text);
}

static void compile_tariff(struct compiler *c, struct tariff_code *out, const struct symbol *s)
{
    *out = (struct tariff_code){ .symbol = s, .name = copy_slice(c, s->name.text), .label = copy_slice(c, s->label) };
    for (const struct version *v = s->versions; v; v = v->next)
        out->version_count++;
    out->versions = arena_array(c->arena, struct tariff_version, out->version_count);
    out->version_count = 0;
    for (const struct version *v = s->versions; v; v = v->next)
        compile_version(c, &out->versions[out->version_count++], v);
}

/* ------------------------------------------------------------------ essais */

static size_t tariff_of_output(const struct delib_program *p, const struct symbol *output)
{
    size_t i = 0;

    while (p->outputs[i].symbol != output)
        i++;
    return p->outputs[i].tariff;
}

static void add_essai(struct compiler *c, size_t *capacity, struct essai_code essai)
{
    struct delib_program *p = c->program;

    *(struct essai_code *)arena_push_(c->arena, (void **)&p->essais, &p->essai_count, capacity, sizeof *p->essais) =
        essai;
}

static void compile_essais(struct compiler *c)
{
    size_t capacity = 0;

    for (const struct decl *d = c->program->act.first; d; d = d->next) {
        if (d->kind != DECL_ESSAI)
            continue;
        for (size_t i = 0; i < d->as.essai.assignments.count; i++) {
            const struct assignment *a = &d->as.essai.assignments.items[i];

            if (a->expected && a->symbol->kind == SYMBOL_OUTPUT)
                add_essai(c, &capacity,
                          (struct essai_code){d, a, NULL, tariff_of_output(c->program, a->symbol), a->symbol});
            else if (a->expected)
                add_essai(c, &capacity, (struct essai_code){d, a, NULL, a->symbol->index, NULL});
        }
        for (size_t r = 0; d->as.essai.grid && r < d->as.essai.grid->rows.count; r++)
            add_essai(c, &capacity,
                      (struct essai_code){d, NULL, &d->as.essai.grid->rows.items[r], d->symbol->index, NULL});
    }
}

/* ------------------------------------------------------------------ properties */

static void compile_property(struct compiler *c, const struct decl *d, struct property_code *out)
{
    const struct property *p = &d->as.property;

    *out =
        (struct property_code){.decl = d, .subject = compile(c, p->subject), .condition = optional(c, p->condition)};
    if (p->datum)
        out->datum = p->datum->kind == EXPR_FIELD ? p->datum->as.field.symbol : p->datum->as.reference.symbol;
    if (!p->limit)
        return;
    out->limit = facts_low(p->limit->facts);
    /* A limit stands with its distance and its datum. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    out->distance = p->distance->facts->lo * (out->datum->facts.den / p->distance->facts->den);
}

static void compile_properties(struct compiler *c)
{
    struct delib_program *p = c->program;
    size_t capacity = 0;

    for (const struct decl *d = p->act.first; d; d = d->next)
        if (d->kind == DECL_PROPERTY)
            compile_property(c, d,
                             arena_push_(c->arena, (void **)&p->properties, &p->property_count, &capacity,
                                         sizeof *p->properties));
}

/* ------------------------------------------------------------------ the whole */

static bool is_listed(const struct delib_program *p, size_t tariff, const struct symbol *output)
{
    for (size_t i = 0; i < p->output_count; i++)
        if (p->outputs[i].tariff == tariff && text_fold_equal(p->outputs[i].symbol->name.text, output->name.text))
            return true;
    return false;
}

static void list_outputs_of(struct compiler *c, size_t tariff, const struct tariff_version *v, size_t *capacity)
{
    struct delib_program *p = c->program;

    for (size_t i = 0; i < v->output_count; i++) {
        const struct symbol *symbol = v->outputs[i].symbol;
        struct named_output *out;

        if (is_listed(p, tariff, symbol))
            continue;
        out = arena_push_(c->arena, (void **)&p->outputs, &p->output_count, capacity, sizeof *p->outputs);
        *out = (struct named_output){ symbol, copy_slice(c, symbol->name.text), tariff };
    }
}

/* Several versions of a tariff may have a result of the same name: it is one. */
static void list_outputs(struct compiler *c)
{
    size_t capacity = 0;

    for (size_t t = 0; t < c->program->tariff_count; t++)
        for (size_t v = 0; v < c->program->tariffs[t].version_count; v++)
            list_outputs_of(c, t, &c->program->tariffs[t].versions[v], &capacity);
}

bool program_compile(struct delib_program *program)
{
    struct compiler c = { .program = program, .arena = &program->arena };
    struct model *m = &program->model;

    program->tariffs = arena_array(c.arena, struct tariff_code, m->tariffs.count);
    program->data_names = arena_array(c.arena, const char *, m->data.count);
    program->data_labels = arena_array(c.arena, const char *, m->data.count);
    for (size_t i = 0; i < m->data.count; i++) {
        program->data_names[i] = copy_slice(&c, m->data.items[i]->name.text);
        program->data_labels[i] =
            copy_slice(&c, m->data.items[i]->label.length ? m->data.items[i]->label : m->data.items[i]->name.text);
    }
    /* Data clauses (« non communiqué : … » said once) are values of their own. */
    program->absent_clauses = arena_array(c.arena, const struct node *, m->data.count);
    program->failed_clauses = arena_array(c.arena, const struct node *, m->data.count);
    program->defaults = arena_array(c.arena, const struct node *, m->data.count);
    for (size_t i = 0; i < m->data.count; i++) {
        program->absent_clauses[i] = optional(&c, m->data.items[i]->clauses->absent);
        program->failed_clauses[i] = optional(&c, m->data.items[i]->clauses->failed);
        program->defaults[i] = optional(&c, m->data.items[i]->value);
    }
    program->tariff_count = m->tariffs.count;
    for (size_t i = 0; i < m->tariffs.count; i++)
        compile_tariff(&c, &program->tariffs[i], m->tariffs.items[i]);
    list_outputs(&c);
    compile_essais(&c);
    compile_properties(&c);
    program_list_needs(program);
    program->let_count = c.let_count;
    return !c.arena->exhausted;
}
