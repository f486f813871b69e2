/*
 * Rules are listed by a walk of the typed tree; evaluations mark them by what their trace holds: hits of rows,
 * exceptions, steps, and the values that were compared.
 */
#include "coverage.h"

#include "lang/titles.h"
#include "lang/walk.h"

/* A table with its own plan: a whole one, or one of those that a grid is made of. */
struct covered_table {
    const struct table *table;
    size_t *rules;                     /* per row: its place in rules[], or NOT_A_RULE */
    struct frontier *frontiers;
    size_t frontier_count;
};

/* Between two rows of a table. */
struct frontier {
    size_t bound;                      /* place in bounds[] */
    int below, above;                  /* rows */
};

#define NOT_A_RULE SIZE_MAX

struct listing {
    struct coverage *coverage;
    const struct decl *decl;
    const char *outside;
    size_t first_bound;                /* of the whole table: the tables of a grid share their bounds */
};

static const struct model *model_of(const struct coverage *c)
{
    return &c->program->model;
}

static void add_rule(struct coverage *c, struct coverage_rule rule)
{
    struct coverage_rule *out =
        arena_push_(c->arena, (void **)&c->rules, &c->rule_count, &c->rule_capacity, sizeof *c->rules);

    *out = rule;
}

static void add_bound(struct coverage *c, struct coverage_bound bound)
{
    struct coverage_bound *out =
        arena_push_(c->arena, (void **)&c->bounds, &c->bound_count, &c->bound_capacity, sizeof *c->bounds);

    *out = bound;
}

static const struct symbol *datum_of(const struct expr *e)
{
    const struct symbol *s = e->kind == EXPR_NAME ? e->as.reference.symbol : NULL;

    return s && (s->kind == SYMBOL_INPUT || s->kind == SYMBOL_SOURCE) ? s : NULL;
}

/* ------------------------------------------------------------------ bounds */

/* The value on a side; false when it does not fit. */
static bool side_value(const struct coverage_bound *b, enum coverage_side side, struct number *out)
{
    *out = b->value;
    if (side == SIDE_AT)
        return true;
    return side == SIDE_BELOW ? number_sub(b->value, b->grid, out) : number_add(b->value, b->grid, out);
}

static void complete_bound(struct coverage_bound *b, const struct facts *domain)
{
    struct number low, high, value;

    b->exact = b->datum && !domain->ratio;
    /* A typed key has its facts. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    (void)number_make(1, domain->den, &b->grid);
    for (int side = 0; side < SIDE_COUNT; side++) {
        b->possible[side] = true;
        if (domain->ratio || !number_make(domain->lo, domain->den, &low) ||
            !number_make(domain->hi, domain->den, &high))
            continue;
        b->possible[side] = side_value(b, (enum coverage_side)side, &value) && number_compare(value, low) >= 0 &&
                            number_compare(value, high) <= 0;
    }
}

static bool is_constant(const struct expr *e, struct number *value)
{
    return e && e->facts->constant && e->type->kind == TYPE_NUMBER &&
           number_make(e->facts->lo, e->facts->den, value);
}

/* The first title of a row; NULL when a grid has none. */
static const struct title *title_of(const struct table *table, size_t row)
{
    return table->rows.items[row].titles.count ? &table->rows.items[row].titles.items[0] : NULL;
}

static bool is_condition(const struct table *table, size_t row)
{
    return title_of(table, row) && title_of(table, row)->kind == TITLE_CONDITION;
}

static bool is_written(const struct table *table, size_t row, struct number value)
{
    const struct title *title = title_of(table, row);
    struct number bound;

    return title && title->kind == TITLE_INTERVAL &&
           ((is_constant(title->low, &bound) && number_compare(bound, value) == 0) ||
            (is_constant(title->high, &bound) && number_compare(bound, value) == 0));
}

/* Of the last value of a row and the first of the next, the one that the act writes. */
static struct number written_bound(const struct table *table, struct number last, struct number first)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (is_written(table, i, first))
            return first;
    for (size_t i = 0; i < table->rows.count; i++)
        if (is_written(table, i, last))
            return last;
    return first;
}

static struct number frontier_value(const struct table *table, size_t segment)
{
    const struct table_plan *plan = table->plan;
    const struct segment *s = &plan->segments[segment];
    struct number last = { 0, 1 }, first = { 0, 1 };

    if (plan->key->facts->ratio)
        return s->bound;
    (void)number_make(s->upper, plan->key->facts->den, &last);
    (void)number_make(s->upper + 1, plan->key->facts->den, &first);
    return written_bound(table, last, first);
}

/* The bound of that value among those of the same whole table. */
static size_t find_bound(const struct listing *l, const struct expr *key, struct number value)
{
    for (size_t i = l->first_bound; i < l->coverage->bound_count; i++)
        if (l->coverage->bounds[i].key == key && number_compare(l->coverage->bounds[i].value, value) == 0)
            return i;
    return l->coverage->bound_count;
}

static void list_frontiers(struct listing *l, struct covered_table *covered)
{
    const struct table_plan *plan = covered->table->plan;

    covered->frontiers = arena_array(l->coverage->arena, struct frontier, plan->segment_count + 1);
    for (size_t i = 0; i + 1 < plan->segment_count; i++) {
        struct coverage_bound bound = { .decl = l->decl, .key = plan->key, .datum = datum_of(plan->key),
                                        .type = plan->key->type, .span = covered->table->head,
                                        .value = frontier_value(covered->table, i) };
        size_t place = find_bound(l, plan->key, bound.value);

        complete_bound(&bound, plan->key->facts);
        if (place == l->coverage->bound_count)
            add_bound(l->coverage, bound);
        covered->frontiers[covered->frontier_count++] =
            (struct frontier){ place, plan->segments[i].row, plan->segments[i + 1].row };
    }
}

/* « rang ≥ 3 »: the condition changes between 2 and 3. */
static void list_comparison(struct listing *l, const struct expr *e)
{
    const struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    const struct expr *key = datum_of(left) ? left : right;
    struct coverage_bound bound = { .decl = l->decl, .key = key, .comparison = e, .datum = datum_of(key),
                                    .type = key->type, .span = e->span };

    if (e->as.binary.op < OP_EQUAL || e->as.binary.op > OP_GREATER_EQUAL || !bound.datum ||
        !is_constant(key == left ? right : left, &bound.value))
        return;
    complete_bound(&bound, &bound.datum->facts);
    add_bound(l->coverage, bound);
}

/* ------------------------------------------------------------------ listing the rules */

static void list_expr(void *context, const struct expr *e);
static void list_table(struct listing *l, const struct expr *e);

static const char *outside_of(const struct listing *l, const struct table *table, size_t row)
{
    struct strbuf text = strbuf_in(l->coverage->arena);

    strbuf_text(&text, l->outside);
    strbuf_text(&text, *l->outside ? ", " : "");
    strbuf_row_title(&text, model_of(l->coverage), table, row, 0);
    return text.bytes;
}

/* A cell that is a table stands for its own rows. */
static void list_row(struct listing *l, struct covered_table *covered, size_t row)
{
    const struct table *table = covered->table;
    const struct expr *cell = table->rows.items[row].cells.items[0];
    struct listing inner = *l;

    covered->rules[row] = NOT_A_RULE;
    if (!cell || cell->kind != EXPR_TABLE) {
        covered->rules[row] = l->coverage->rule_count;
        add_rule(l->coverage, (struct coverage_rule){ .kind = COVERAGE_ROW, .decl = l->decl, .table = table, .row = row,
                                                      .outside = l->outside, .span = table->rows.items[row].span });
    }
    inner.outside = outside_of(l, table, row);
    if (cell && cell->kind == EXPR_TABLE)
        list_table(&inner, cell);
    else if (cell)
        list_expr(&inner, cell);
    if (is_condition(table, row))
        list_expr(&inner, title_of(table, row)->value);
}

static void list_table(struct listing *l, const struct expr *e)
{
    const struct table *table = e->as.table;
    struct covered_table covered = { .table = table };
    struct covered_table *out;

    if (table->plan->lowered) {
        list_table(l, table->plan->lowered);
        return;
    }
    covered.rules = arena_array(l->coverage->arena, size_t, table->rows.count + 1);
    for (size_t i = 0; i < table->rows.count; i++)
        list_row(l, &covered, i);
    if (!table->plan->by_index)
        list_frontiers(l, &covered);
    out = arena_push(l->coverage->arena, &l->coverage->tables);
    *out = covered;
}

static void list_expr(void *context, const struct expr *e)
{
    struct listing *l = context;

    if (e->kind == EXPR_TABLE) {
        struct listing whole = *l;

        whole.first_bound = l->coverage->bound_count;
        list_table(&whole, e);
        return;
    }
    if (e->kind == EXPR_BINARY)
        list_comparison(l, e);
    expr_parts(e, list_expr, l);
}

static void list_value(struct listing *l, const struct expr *e)
{
    if (e)
        list_expr(l, e);
}

static void list_lets(struct coverage *c, const struct decl *owner, const struct decl *list)
{
    struct listing l = { c, owner, "", 0 };

    for (; list; list = list->next)
        list_value(&l, list->as.let.value);
}

static void list_tariff(struct coverage *c, const struct decl *d)
{
    struct listing l = { c, d, "", 0 };

    list_lets(c, d, d->as.tariff.lets);
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++) {
        const struct exception *e = &d->as.tariff.exceptions.items[i];

        add_rule(c, (struct coverage_rule){ .kind = COVERAGE_EXCEPTION, .decl = d, .exception = e, .outside = "",
                                            .span = e->span });
        list_value(&l, e->condition);
        list_value(&l, e->value);
    }
    if (d->as.tariff.price->kind != EXPR_TABLE)
        add_rule(c, (struct coverage_rule){
                        .kind = COVERAGE_PRICE, .decl = d, .outside = "", .span = d->as.tariff.price_span});
    list_value(&l, d->as.tariff.price);
    for (size_t i = 0; i < d->as.tariff.steps.count; i++) {
        const struct step *s = &d->as.tariff.steps.items[i];

        add_rule(c,
                 (struct coverage_rule){.kind = COVERAGE_STEP, .decl = d, .step = s, .outside = "", .span = s->span});
        list_value(&l, s->condition);
        list_value(&l, s->value);
    }
    list_lets(c, d, d->as.tariff.outputs);
}

/* Columns of a « tableau » are tables of their own. */
static void list_columns(struct listing *l, const struct symbol *tableau)
{
    for (const struct symbol *column = tableau->first; column; column = column->next)
        list_value(l, column->value);
}

bool coverage_new(struct arena *arena, const struct delib_program *program, struct coverage *out)
{
    *out = (struct coverage){ .arena = arena, .program = program };
    for (const struct decl *d = program->act.first; d; d = d->next) {
        struct listing l = { out, d, "", 0 };

        if (d->span.file != 0)
            continue;
        if (d->kind == DECL_TARIFF)
            list_tariff(out, d);
        else if (d->kind == DECL_LET)
            list_value(&l, d->as.let.value);
        else if (d->kind == DECL_FUNCTION)
            list_value(&l, d->as.function.value);
        else if (d->kind == DECL_TRANCHES)
            list_value(&l, d->symbol->value);
        else if (d->kind == DECL_TABLEAU)
            list_columns(&l, d->symbol);
    }
    return !arena->exhausted;
}

/* ------------------------------------------------------------------ marking */

static bool key_number(const struct value *v, int128 den, struct number *out)
{
    int128 d;

    return v->state == VALUE_OK && v->d != 0 && int128_mul_checked(den, v->d, &d) &&
           number_make(v->num, d, out);
}

/* An exact side is one value; another is any value of the row that lies there. */
static void mark_bound(struct coverage_bound *b, struct number value, bool below, bool above)
{
    struct number side;

    if (number_compare(value, b->value) == 0)
        b->hits[SIDE_AT]++;
    else if (!b->exact)
        b->hits[number_compare(value, b->value) < 0 ? SIDE_BELOW : SIDE_ABOVE] += below || above;
    else if (side_value(b, SIDE_BELOW, &side) && number_compare(value, side) == 0)
        b->hits[SIDE_BELOW]++;
    else if (side_value(b, SIDE_ABOVE, &side) && number_compare(value, side) == 0)
        b->hits[SIDE_ABOVE]++;
}

static void mark_hit(struct coverage *c, const struct hit *hit)
{
    const struct table *table = hit->table->as.table.table;
    const struct covered_table *covered = NULL;
    struct number key;

    for (size_t i = 0; i < c->tables.count && !covered; i++)
        if (c->tables.items[i].table == table)
            covered = &c->tables.items[i];
    if (!covered)
        return;
    if (hit->row != ROW_HOLE && covered->rules[hit->row] != NOT_A_RULE)
        c->rules[covered->rules[hit->row]].hits++;
    if (!covered->frontier_count || !key_number(&hit->key, hit->table->a->den, &key) ||
        (hit->row != ROW_HOLE && is_condition(table, (size_t)hit->row)))
        return;
    for (size_t i = 0; i < covered->frontier_count; i++)
        mark_bound(&c->bounds[covered->frontiers[i].bound], key, hit->row == covered->frontiers[i].below,
                   hit->row == covered->frontiers[i].above);
}

static bool marks(const struct coverage_rule *rule, const struct trace_entry *entry)
{
    switch (rule->kind) {
    case COVERAGE_EXCEPTION: return entry->kind == TRACE_EXCEPTION && entry->exception == rule->exception;
    case COVERAGE_STEP: return entry->kind == TRACE_STEP && entry->step->source == rule->step;
    case COVERAGE_PRICE: return entry->kind == TRACE_PRICE && entry->expr == rule->decl->as.tariff.price;
    case COVERAGE_ROW: break;
    }
    return false;
}

static void mark_comparisons(struct coverage *c, const struct delib_session *s)
{
    for (size_t i = 0; i < c->bound_count; i++) {
        struct coverage_bound *b = &c->bounds[i];
        struct number value;

        if (!b->comparison || !s->used[b->datum->index] ||
            (b->decl->kind == DECL_TARIFF && (!s->last.version || s->last.version->source->decl != b->decl)))
            continue;
        if (key_number(&s->seen[b->datum->index], b->datum->facts.den, &value))
            mark_bound(b, value, true, true);
    }
}

bool coverage_add(struct coverage *coverage, const struct delib_session *session)
{
    for (size_t i = 0; i < session->hits.count; i++)
        mark_hit(coverage, &session->hits.items[i]);
    for (size_t i = 0; i < session->trace.count; i++)
        for (size_t r = 0; r < coverage->rule_count; r++)
            coverage->rules[r].hits += marks(&coverage->rules[r], &session->trace.items[i]);
    mark_comparisons(coverage, session);
    coverage->evaluations++;
    return !coverage->arena->exhausted;
}

/* ------------------------------------------------------------------ what is said of them */

struct coverage_count coverage_rules(const struct coverage *coverage)
{
    struct coverage_count count = { 0, coverage->rule_count };

    for (size_t i = 0; i < coverage->rule_count; i++)
        count.reached += coverage->rules[i].hits > 0;
    return count;
}

struct coverage_count coverage_sides(const struct coverage *coverage)
{
    struct coverage_count count = { 0, 0 };

    for (size_t i = 0; i < coverage->bound_count; i++)
        for (int side = 0; side < SIDE_COUNT; side++)
            if (coverage->bounds[i].possible[side]) {
                count.total++;
                count.reached += coverage->bounds[i].hits[side] > 0;
            }
    return count;
}

void strbuf_coverage_title(struct strbuf *out, const struct coverage *coverage, const struct coverage_rule *rule)
{
    switch (rule->kind) {
    case COVERAGE_PRICE: strbuf_text(out, "prix"); break;
    case COVERAGE_ROW:
        strbuf_format(out, "%s%s", rule->outside, *rule->outside ? ", " : "");
        strbuf_row_title(out, model_of(coverage), rule->table, rule->row, 0);
        break;
    case COVERAGE_EXCEPTION:
        strbuf_text(out, "exception");
        if (rule->exception->name.text.length)
            strbuf_format(out, " %.*s", SLICE_ARG(rule->exception->name.text));
        break;
    case COVERAGE_STEP:
        strbuf_text(out, tree_step_word(rule->step->kind));
        if (rule->step->condition) {
            strbuf_text(out, " si ");
            strbuf_as_written(out, model_of(coverage), rule->step->condition->span);
        }
        break;
    }
}

void strbuf_coverage_rule(struct strbuf *out, const struct coverage *coverage, const struct coverage_rule *rule)
{
    static const char *const kinds[] = {
        [COVERAGE_PRICE] = "", [COVERAGE_ROW] = "ligne ", [COVERAGE_EXCEPTION] = "", [COVERAGE_STEP] = "étape ",
    };

    strbuf_text(out, kinds[rule->kind]);
    if (rule->kind == COVERAGE_ROW || rule->kind == COVERAGE_STEP)
        strbuf_text(out, "« ");
    strbuf_coverage_title(out, coverage, rule);
    if (rule->kind == COVERAGE_ROW || rule->kind == COVERAGE_STEP)
        strbuf_text(out, " »");
}

void strbuf_coverage_key(struct strbuf *out, const struct coverage *coverage, const struct coverage_bound *bound)
{
    if (bound->datum)
        strbuf_slice(out, bound->datum->label.length ? bound->datum->label : bound->datum->name.text);
    else
        strbuf_as_written(out, model_of(coverage), bound->key->span);
}

void strbuf_coverage_side(struct strbuf *out, const struct coverage *coverage, const struct coverage_bound *bound,
                          enum coverage_side side)
{
    struct number value;

    if (side_value(bound, side, &value))
        strbuf_typed_number(out, model_of(coverage), bound->type, value);
}
