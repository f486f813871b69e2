/*
 * Tables in a plan: the rows that are constants in one look-up, each of the others where its row is the one.
 */
#include "plan_build.h"

/* The rows of a table, by thresholds of its key. */
struct layout {
    int64_t *uppers, *values;
    int *rows; /* count + 1: the last is a hole */
    size_t count;
};

static void lay_out(struct planner *p, const struct table_plan *plan, struct layout *out)
{
    size_t count = plan->by_index ? plan->row_count : plan->segment_count;

    out->count = count;
    out->uppers = arena_array(p->arena, int64_t, count + 1);
    out->values = arena_array(p->arena, int64_t, count + 1);
    out->rows = arena_array(p->arena, int, count + 1);
    for (size_t i = 0; i < count; i++) {
        int128 upper = plan->by_index ? (int128)i : plan->segments[i].upper;

        out->uppers[i] = (int64_t)lowest(highest(upper, -PLAN_LIMIT + 1), PLAN_LIMIT - 1);
        out->rows[i] = plan->by_index ? plan->rows[i] : plan->segments[i].row;
    }
    out->rows[count] = ROW_HOLE;
}

static struct part table_cell(struct planner *p, struct frame *f, const struct node *n, int row)
{
    const struct node *cell = n->as.table.cells[row];

    return cell ? part_over(p, plan_node(p, f, cell), cell->den, n->den) : part_aside(p);
}

static int row_mask(struct planner *p, const struct layout *l, int key, int row)
{
    for (size_t i = 0; i <= l->count; i++)
        l->values[i] = l->rows[i] == row ? -1 : 0;
    return op_lookup(p, key, l->uppers, l->values, l->count);
}

/* The same for every family of the row. */
static bool is_fixed(const struct planner *p, const struct part *cell, int64_t *value)
{
    return op_is_constant(p, cell->value, value) && cell->aside == NO_MASK && cell->absent == NO_MASK;
}

/* First the rows that are constants, in one look-up; then each of the others, where its row is the one. */
static struct part plan_rows(struct planner *p, struct frame *f, const struct node *n, int key)
{
    size_t rows = n->as.table.table->rows.count;
    struct part *cells = arena_array(p->arena, struct part, rows + 1), out;
    bool *used = arena_array(p->arena, bool, rows + 1);
    struct layout l;
    int64_t filler = 0, k;
    int hole;

    lay_out(p, n->as.table.plan, &l);
    for (size_t i = 0; i < l.count; i++)
        used[l.rows[i] == ROW_HOLE ? rows : (size_t)l.rows[i]] = true;
    cells[rows] = part_aside(p);
    for (size_t r = rows; r-- > 0;) {
        cells[r] = used[r] ? table_cell(p, f, n, (int)r) : part_aside(p);
        if (is_fixed(p, &cells[r], &k))
            filler = k; /* that of the first */
    }
    for (size_t i = 0; i <= l.count; i++)
        l.values[i] = is_fixed(p, &cells[l.rows[i] == ROW_HOLE ? rows : (size_t)l.rows[i]], &k) ? k : filler;
    out = part_known(op_lookup(p, key, l.uppers, l.values, l.count));
    out.mask = n->expr->type->kind == TYPE_BOOLEAN;
    for (size_t i = 0; i <= l.count; i++)
        l.values[i] = part_is_aside(p, &cells[l.rows[i] == ROW_HOLE ? rows : (size_t)l.rows[i]]) ? -1 : 0;
    hole = op_lookup(p, key, l.uppers, l.values, l.count);
    if (!op_is_constant(p, hole, &k) || k)
        out.aside = hole;
    for (size_t r = 0; r < rows; r++) {
        if (p->full)
            return part_aside(p);
        if (!part_is_aside(p, &cells[r]) && !is_fixed(p, &cells[r], &k))
            out = part_choose(p, row_mask(p, &l, key, (int)r), &cells[r], &out);
    }
    return out;
}

/* As table_unknown() of evaluate.c. */
static struct part plan_key_absent(struct planner *p, struct frame *f, const struct node *n, const struct part *key)
{
    const struct table_plan *plan = n->as.table.plan;
    const struct node *clause;
    struct part out;

    if (plan->absent_row != ROW_HOLE)
        return table_cell(p, f, n, plan->absent_row);
    if (key->datum == &PART_SEVERAL_DATA)
        return part_aside(p);
    clause = plan->datum_clause ? part_clause(p, key) : NULL;
    if (!clause) {
        out = *key;
        out.value = mask_none(p);
        out.absent = mask_all(p);
        out.mask = n->expr->type->kind == TYPE_BOOLEAN;
        return out;
    }
    if (node_is_outcome(clause, OUTCOME_LAST_ROW))
        return table_cell(p, f, n, plan->last_row);
    return part_over(p, plan_node(p, f, clause), clause->den, n->den);
}

static struct part plan_keyed(struct planner *p, struct frame *f, const struct node *n)
{
    struct part key, out, unknown;
    int k;

    if (n->as.table.plan->key->facts->ratio)
        return part_aside(p);
    key = plan_node(p, f, n->a);
    if (part_is_aside(p, &key))
        return part_aside(p);
    /* A boolean is the index 0 or 1 of its row. */
    k = key.mask ? op_subtract(p, mask_none(p), key.value) : key.value;
    out = plan_rows(p, f, n, k);
    if (key.absent != NO_MASK) {
        unknown = plan_key_absent(p, f, n, &key);
        out = part_choose(p, key.absent, &unknown, &out);
    }
    out.aside = mask_either(p, out.aside, key.aside);
    return out;
}

struct part plan_table(struct planner *p, struct frame *f, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct part out = plan_keyed(p, f, n);

    for (size_t i = plan->condition_count; i-- > 0;) {
        struct part c = plan_node(p, f, n->as.table.conditions[i]), cell = table_cell(p, f, n, plan->conditions[i]);

        if (part_is_aside(p, &c))
            return part_aside(p);
        c = part_settled(p, c);
        out = part_choose(p, c.value, &cell, &out);
        out.aside = mask_either(p, out.aside, c.aside);
    }
    return out;
}
