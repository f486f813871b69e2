/*
 * Tables: titles against the axis, values against each other, and completeness, exact over the domain of the key. A
 * grid is read as nested tables of one axis; the plan made here is what the compiler uses.
 *
 * Numeric axes: all bounds are put in order; position 2i+1 is the i-th bound itself, position 2i the open interval
 * before it. Each row claims positions; a position of the domain that nobody claims is a hole, that two claim an
 * overlap.
 */
#include "typing.h"

#include <string.h>

struct claim {
    size_t row;
    struct number low, high;
    bool low_open, high_open;          /* no bound on that side */
    bool low_included, high_included;
    bool beyond;                       /* « au-delà »: starts above the highest bound of the others */
};

typedef LIST_OF(struct claim) claim_list;
typedef LIST_OF(struct number) number_list;

struct table_check {
    struct typing *t;
    struct expr *e;
    struct table *table;
    struct table_plan *plan;
    const struct type *key_type;
    const struct facts *key_facts;
    claim_list claims;
    number_list bounds;
    int *owners;                       /* row of each position, ROW_HOLE when none */
    size_t positions;
};

/* ------------------------------------------------------------------ grids */

static struct expr *nested_table(struct typing *t, struct expr *whole, struct expr *axis, const struct table *model)
{
    struct expr *e = tree_expr(t->arena, EXPR_TABLE, whole->span);
    struct table *table = arena_new(t->arena, struct table);
    struct expr **item;

    *table = (struct table){.thresholds = model->thresholds,
                            .unit = model->unit,
                            .head = model->head,
                            .end = model->end,
                            .title_columns = 1,
                            .faulty = model->faulty};
    item = arena_push(t->arena, &table->axes);
    *item = axis;
    e->as.table = table;
    return e;
}

static void add_row(struct typing *t, struct table *table, struct title title, struct expr *cell,
                    const struct row *model)
{
    struct row *row = arena_push(t->arena, &table->rows);
    struct title *item = arena_push(t->arena, &row->titles);
    struct expr **value = arena_push(t->arena, &row->cells);

    *item = title;
    *value = cell;
    row->span = model->span;
    row->citation = model->citation;
    row->deliberate = model->deliberate;
}

/* The cells of one line, over the columns. A line « non communiqué : 5,60 € » stands for all of them. */
static struct expr *line_table(struct typing *t, struct expr *e, const struct row *row)
{
    struct table *table = e->as.table;
    struct expr *axis = table->axes.items[table->axes.count - 1], *out;
    struct table columns = *table;

    if (row->cells.count == 1 && table->columns.count != 1)
        return row->cells.items[0];
    columns.thresholds = false;
    columns.end = (struct span){ 0 };              /* columns have no line of their own */
    out = nested_table(t, e, axis, &columns);
    for (size_t c = 0; c < table->columns.count; c++)
        add_row(t, out->as.table, table->columns.items[c], row->cells.items[c], row);
    return out;
}

/* Lines of one first title, when there are two columns of titles; a blank title repeats the one above. */
static struct expr *group_table(struct typing *t, struct expr *e, size_t first, size_t last)
{
    struct table *table = e->as.table;
    struct expr *out = nested_table(t, e, table->axes.items[1], table);

    out->as.table->end = (struct span){ 0 };
    for (size_t r = first; r < last; r++)
        add_row(t, out->as.table, table->rows.items[r].titles.items[1], line_table(t, e, &table->rows.items[r]),
                &table->rows.items[r]);
    return out;
}

static struct expr *lower_grid(struct typing *t, struct expr *e)
{
    struct table *table = e->as.table;
    struct expr *out = nested_table(t, e, table->axes.items[0], table);

    if (table->title_columns == 1) {
        for (size_t r = 0; r < table->rows.count; r++)
            add_row(t, out->as.table, table->rows.items[r].titles.items[0], line_table(t, e, &table->rows.items[r]),
                    &table->rows.items[r]);
        return out;
    }
    for (size_t r = 0; r < table->rows.count;) {
        struct row *row = &table->rows.items[r];
        size_t last = r + 1;

        if (row->titles.count == 1) {
            add_row(t, out->as.table, row->titles.items[0], row->cells.items[0], row);
        } else {
            while (last < table->rows.count && table->rows.items[last].titles.count == 2 &&
                   table->rows.items[last].titles.items[0].kind == TITLE_BLANK)
                last++;
            add_row(t, out->as.table, row->titles.items[0], group_table(t, e, r, last), row);
        }
        r = last;
    }
    return out;
}

static const struct type *type_grid(struct typing *t, struct expr *e, const struct type *expected)
{
    struct table *table = e->as.table;
    struct table_plan *plan = arena_new(t->arena, struct table_plan);
    size_t axes = table->title_columns + 1;
    const struct type *type;

    if (table->axes.count != axes || table->title_columns > 2) {
        struct diag *d;

        if (table->title_columns > 2) {
            d = diag_add(t->diags, DIAG_TABLE_SHAPE, table->head, "une ligne de grille a au plus deux titres");
            diag_help(t->diags, d, "écrivez « selon … » et, dans chaque ligne, une grille");
        } else {
            d = diag_add(t->diags, DIAG_TABLE_SHAPE, table->head,
                         "cette grille a %zu titres par case, « selon » en nomme %zu", axes, table->axes.count);
            diag_help(t->diags, d,
                      "nommez d'abord les titres des lignes, puis celui des colonnes : « selon qf et lieu »");
        }
        e->type = type_error();
        e->facts = facts_new(t->arena, facts_of_range(1, 0, 0));
        return e->type;
    }
    table->plan = plan;
    plan->lowered = lower_grid(t, e);
    type = typing_expr(t, plan->lowered, expected);
    e->type = type;
    e->facts = plan->lowered->facts;
    return type;
}

/* ------------------------------------------------------------------ titles */

static void bad_title(struct table_check *c, struct span span, const struct type *found)
{
    struct strbuf a = strbuf_in(c->t->arena), b = strbuf_in(c->t->arena);

    strbuf_type(&a, c->t->model, found);
    strbuf_type(&b, c->t->model, c->key_type);
    diag_add(c->t->diags, DIAG_BAD_TITLE, span, "ce titre est %s ; le tableau va selon %s", a.bytes, b.bytes);
}

static bool constant_of(struct table_check *c, struct expr *e, struct number *out)
{
    const struct type *type = typing_expr(c->t, e, c->key_type);

    if (type->kind == TYPE_ERROR)
        return false;
    if (!type_meet(type, c->key_type)) {
        bad_title(c, e->span, type);
        return false;
    }
    if (!e->facts->constant) {
        diag_help(c->t->diags, diag_add(c->t->diags, DIAG_BAD_TITLE, e->span, "une borne est une valeur fixe"),
                  "écrivez le nombre ; une borne qui dépend de la famille est une exception « si … »");
        return false;
    }
    return number_make(e->facts->lo, e->facts->den, out);
}

static void add_claim(struct table_check *c, struct claim claim)
{
    struct claim *item = arena_push(c->t->arena, &c->claims);

    *item = claim;
}

/* Is this the key of the table, named again in a title? */
static bool names_key(const struct table_check *c, const struct expr *e)
{
    return e->kind == EXPR_NAME && c->plan->key->kind == EXPR_NAME &&
           text_fold_equal(e->as.reference.name.text, c->plan->key->as.reference.name.text);
}

/* « qf < 500 », « 500 ≤ qf < 1 000 »: bounds written as a comparison of the key. False when the title is not one. */
static bool read_comparison(const struct table_check *c, const struct expr *e, struct title *out)
{
    struct expr *bound;
    enum binary_op op;

    if (e->kind != EXPR_BINARY)
        return false;
    op = e->as.binary.op;
    if (op == OP_AND)
        return read_comparison(c, e->as.binary.left, out) && read_comparison(c, e->as.binary.right, out);
    if (op != OP_LESS && op != OP_LESS_EQUAL && op != OP_GREATER && op != OP_GREATER_EQUAL)
        return false;
    bound = names_key(c, e->as.binary.left)    ? e->as.binary.right
            : names_key(c, e->as.binary.right) ? e->as.binary.left
                                               : NULL;
    if (!bound)
        return false;
    if ((op == OP_LESS || op == OP_LESS_EQUAL) == (bound == e->as.binary.right)) {
        out->high = bound;
        out->high_included = op == OP_LESS_EQUAL || op == OP_GREATER_EQUAL;
    } else {
        out->low = bound;
        out->low_included = op == OP_LESS_EQUAL || op == OP_GREATER_EQUAL;
    }
    return true;
}

static void claim_interval(struct table_check *c, size_t row, const struct title *title)
{
    struct claim claim = { .beyond = title->beyond, .row = row, .low_open = !title->low, .high_open = !title->high,
                           .low_included = title->low_included, .high_included = title->high_included };

    if ((title->low && !constant_of(c, title->low, &claim.low)) ||
        (title->high && !constant_of(c, title->high, &claim.high))) {
        c->table->faulty = true;
        return;
    }
    add_claim(c, claim);
}

static void once(struct table_check *c, int *place, size_t row, const struct title *title)
{
    if (*place != ROW_HOLE)
        diag_note(c->t->diags,
                  diag_add(c->t->diags, DIAG_DUPLICATE_TITLE, title->span, "ce titre est déjà dans le tableau"),
                  c->table->rows.items[*place].span, "première fois");
    else
        *place = (int)row;
}

/* « 1er et 2e enfants », « stagiaire ou agent », « oui »: each value joined by « et » or « ou ». */
static void claim_values(struct table_check *c, size_t row, struct expr *e)
{
    struct number value;

    if (e->kind == EXPR_BINARY && (e->as.binary.op == OP_OR || e->as.binary.op == OP_AND)) {
        claim_values(c, row, e->as.binary.left);
        claim_values(c, row, e->as.binary.right);
        return;
    }
    if (e->kind == EXPR_OUTCOME && e->as.outcome.outcome == OUTCOME_ABSENT) {
        once(c, &c->plan->absent_row, row, &c->table->rows.items[row].titles.items[0]);
        return;
    }
    if (!constant_of(c, e, &value)) {
        c->table->faulty = true;
        return;
    }
    add_claim(c,
              (struct claim){.row = row, .low = value, .high = value, .low_included = true, .high_included = true});
}

/* A title that is itself a condition: « si extérieur », or the bare name of a oui/non in a table of something else. */
static bool is_condition_title(struct table_check *c, const struct title *title)
{
    struct symbol *s;

    if (title->kind == TITLE_CONDITION)
        return true;
    if (title->kind != TITLE_VALUE || title->value->kind != EXPR_NAME || c->key_type->kind == TYPE_BOOLEAN)
        return false;
    if (c->key_type->kind == TYPE_ENUM && symbol_member(c->key_type->symbol, title->value->as.reference.name.text))
        return false;
    s = scope_find(c->t->scope, title->value->as.reference.name.text);
    if (!s)
        return false;
    typing_symbol(c->t, s);
    return s->type && s->type->kind == TYPE_BOOLEAN;
}

static void push_condition(struct table_check *c, size_t row, struct title *title)
{
    int *rows = arena_array(c->t->arena, int, c->plan->condition_count + 1);

    title->kind = TITLE_CONDITION;
    if (typing_expect(c->t, title->value, type_boolean(), "condition d'une ligne")->kind == TYPE_ERROR) {
        c->table->faulty = true;
        return;
    }
    if (c->plan->condition_count)
        memcpy(rows, c->plan->conditions, c->plan->condition_count * sizeof *rows);
    for (size_t i = 0; i < c->plan->condition_count; i++) {
        struct row *other = &c->table->rows.items[c->plan->conditions[i]];

        if (!conditions_disjoint(other->titles.items[0].value, title->value))
            diag_note(c->t->diags,
                      diag_add(c->t->diags, DIAG_TITLES_MEET, title->span,
                               "ces deux titres « si » peuvent être vrais ensemble : le prix serait double"),
                      other->titles.items[0].span, "autre titre « si »");
    }
    rows[c->plan->condition_count++] = (int)row;
    c->plan->conditions = rows;
}


static void read_titles(struct table_check *c)
{
    for (size_t r = 0; r < c->table->rows.count; r++) {
        struct title *title = &c->table->rows.items[r].titles.items[0];

        if (title->kind == TITLE_VALUE && c->key_type->kind != TYPE_BOOLEAN) {
            struct title interval = tree_title_interval(title->span, NULL, false, NULL, false);

            if (read_comparison(c, title->value, &interval))
                *title = interval;
        }
        if (title->or_absent)
            once(c, &c->plan->absent_row, r, title);
        if (is_condition_title(c, title)) {
            push_condition(c, r, title);
            continue;
        }
        switch (title->kind) {
        case TITLE_INTERVAL: claim_interval(c, r, title); break;
        case TITLE_VALUE: claim_values(c, r, title->value); break;
        case TITLE_ABSENT: once(c, &c->plan->absent_row, r, title); break;
        case TITLE_FAILED: once(c, &c->plan->failed_row, r, title); break;
        case TITLE_OTHERS: once(c, &c->plan->others_row, r, title); break;
        case TITLE_BLANK:
            diag_add(c->t->diags, DIAG_TABLE_SHAPE, title->span, "ce titre est vide");
            c->table->faulty = true;
            break;
        case TITLE_ERROR: case TITLE_CONDITION:
            c->table->faulty = true;
            break;
        }
    }
}

/*
 * « par seuils »: rows that say only where they begin run to the next one; rows that say only where they end begin
 * where the one before ends.
 */
static void chain_thresholds(struct table_check *c)
{
    for (size_t i = 0; i < c->claims.count; i++) {
        struct claim *claim = &c->claims.items[i];
        const struct claim *previous = i > 0 ? claim - 1 : NULL, *next = i + 1 < c->claims.count ? claim + 1 : NULL;

        if (claim->low_open == claim->high_open) {
            diag_help(c->t->diags,
                      diag_add(c->t->diags, DIAG_BAD_TITLE, c->table->rows.items[claim->row].span,
                               "dans un barème par seuils, chaque ligne n'écrit qu'une borne"),
                      "écrivez « à partir de … » (où elle commence) ou « moins de … » (où elle s'arrête)");
        } else if (claim->high_open && next && !next->low_open) {
            claim->high_open = false;
            claim->high = next->low;
            claim->high_included = !next->low_included;
        } else if (claim->low_open && previous && !previous->high_open) {
            claim->low_open = false;
            claim->low = previous->high;
            claim->low_included = !previous->high_included;
        }
    }
}

/* ------------------------------------------------------------------ positions */

static void sift(struct number *items, size_t root, size_t count)
{
    for (;;) {
        size_t child = 2 * root + 1;
        struct number swap;

        if (child >= count)
            return;
        if (child + 1 < count && number_compare(items[child], items[child + 1]) < 0)
            child++;
        if (number_compare(items[root], items[child]) >= 0)
            return;
        swap = items[root];
        items[root] = items[child];
        items[child] = swap;
        root = child;
    }
}

/* Heap sort: no allocation, no bad case. */
static void sort_numbers(struct number *items, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(items, i, count);
    for (size_t i = count; i-- > 1;) {
        struct number swap = items[0];

        items[0] = items[i];
        items[i] = swap;
        sift(items, 0, i);
    }
}

static void add_bound(struct table_check *c, struct number value)
{
    struct number *item = arena_push(c->t->arena, &c->bounds);

    *item = value;
}

static void collect_bounds(struct table_check *c)
{
    size_t kept = 0;

    add_bound(c, facts_low(c->key_facts));
    add_bound(c, facts_high(c->key_facts));
    for (size_t i = 0; i < c->claims.count; i++) {
        if (!c->claims.items[i].low_open)
            add_bound(c, c->claims.items[i].low);
        if (!c->claims.items[i].high_open)
            add_bound(c, c->claims.items[i].high);
    }
    sort_numbers(c->bounds.items, c->bounds.count);
    for (size_t i = 0; i < c->bounds.count; i++)
        if (i == 0 || number_compare(c->bounds.items[kept - 1], c->bounds.items[i]) != 0)
            c->bounds.items[kept++] = c->bounds.items[i];
    c->bounds.count = kept;
    c->positions = 2 * kept + 1;
}

static size_t index_of(const struct table_check *c, struct number value)
{
    size_t low = 0, high = c->bounds.count - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (number_compare(c->bounds.items[middle], value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Smallest and largest key, on its grid, inside a position; false when the position holds none. */
static bool position_grid(const struct table_check *c, size_t p, int128 *lo, int128 *hi)
{
    const struct facts *f = c->key_facts;
    const struct number *before = p > 1 ? &c->bounds.items[(p - 2) / 2] : NULL,
                        *after = p / 2 < c->bounds.count ? &c->bounds.items[p / 2] : NULL;

    *lo = f->lo;
    *hi = f->hi;
    if (p % 2 == 1) {
        struct number at = c->bounds.items[p / 2];

        *lo = int128_ceil_div(at.num * f->den, at.den);
        *hi = int128_floor_div(at.num * f->den, at.den);
    } else {
        if (before)
            *lo = int128_floor_div(before->num * f->den, before->den) + 1;
        if (after)
            *hi = int128_ceil_div(after->num * f->den, after->den) - 1;
    }
    if (*lo < f->lo)
        *lo = f->lo;
    if (*hi > f->hi)
        *hi = f->hi;
    return *lo <= *hi;
}

/* Is any value of the domain in this position? A ratio takes every value between its bounds. */
static bool position_used(const struct table_check *c, size_t p)
{
    int128 lo, hi;
    struct number low = facts_low(c->key_facts), high = facts_high(c->key_facts);

    if (!c->key_facts->ratio)
        return position_grid(c, p, &lo, &hi);
    if (p == 0 || p == c->positions - 1)
        return false;
    return number_compare(c->bounds.items[p / 2], low) >= (p % 2 ? 0 : 1) &&
           number_compare(c->bounds.items[p / 2], high) <= 0;
}

static void value_text(const struct table_check *c, struct number value, struct strbuf *out)
{
    strbuf_typed_number(out, c->t->model, c->key_type, value);
}

/* The smallest value of a position, for messages. */
static void smallest_text(const struct table_check *c, size_t p, struct strbuf *out)
{
    int128 lo, hi;

    if (c->key_facts->ratio) {
        if (p % 2 == 0)
            strbuf_text(out, "juste au-dessus de ");
        value_text(c, c->bounds.items[p % 2 ? p / 2 : p / 2 - 1], out);
    } else {
        struct number value;

        (void)position_grid(c, p, &lo, &hi);
        (void)number_make(lo, c->key_facts->den, &value);      /* as facts_low() */
        value_text(c, value, out);
    }
}

/* « pour le 1er janvier », « pour 450 € » */
static const char *article(const struct table_check *c)
{
    return c->key_type->kind == TYPE_DATE ? "le " : "";
}

/* Is this the same bound, written in both? */
static bool same_bound(const struct expr *a, const struct expr *b)
{
    return a && b && number_compare(facts_low(a->facts), facts_low(b->facts)) == 0;
}

/* Two tranches that share their bound: the lower one stops before it, or the upper one begins after it. */
static void propose_parting(struct table_check *c, struct diag *d, const struct title *lower, const struct title *upper)
{
    struct bounds before = title_bounds(lower), after = title_bounds(upper);

    if (c->key_type->kind != TYPE_NUMBER || !same_bound(lower->high, upper->low))
        return;
    before.high_included = after.low_included = false;
    typing_propose_bounds(c->t, d, lower, before);
    typing_propose_bounds(c->t, d, upper, after);
}

/* Two tranches that leave a hole between them: one or the other reaches its neighbour. */
static void propose_joining(struct table_check *c, struct diag *d, const struct title *lower, const struct title *upper)
{
    struct bounds before = title_bounds(lower), after = title_bounds(upper);

    if (c->key_type->kind != TYPE_NUMBER || !lower->high || !upper->low)
        return;
    before.high = upper->low;
    before.high_included = !upper->low_included;
    after.low = lower->high;
    after.low_included = !lower->high_included;
    typing_propose_bounds(c->t, d, lower, before);
    typing_propose_bounds(c->t, d, upper, after);
}

static void report_overlap(struct table_check *c, size_t first, size_t second, size_t p)
{
    struct row *a = &c->table->rows.items[first], *b = &c->table->rows.items[second];
    struct strbuf value = strbuf_in(c->t->arena);
    struct diag *d = diag_add(
        c->t->diags, DIAG_TRANCHE_OVERLAP, b->titles.items[0].span, "la ligne « %.*s » recouvre une autre ligne",
        SLICE_ARG(source_slice(c->t->model->sources[b->titles.items[0].span.file], b->titles.items[0].span)));

    smallest_text(c, p, &value);
    diag_note(c->t->diags, d, a->titles.items[0].span, "ligne déjà écrite ici");
    diag_effect(c->t->diags, d, "pour %s%s, deux prix s'appliqueraient", article(c), value.bytes);
    if (c->key_type->kind == TYPE_DATE)
        diag_help(c->t->diags, d, "faites finir l'une la veille du jour où l'autre commence");
    else if (p % 2 == 1)
        diag_help(c->t->diags, d,
                  "écrivez « à moins de … » pour la ligne qui s'arrête à %s, ou faites commencer l'autre au-dessus",
                  value.bytes);
    propose_parting(c, d, &a->titles.items[0], &b->titles.items[0]);
    propose_parting(c, d, &b->titles.items[0], &a->titles.items[0]);
}

static void own_positions(struct table_check *c, const struct claim *claim)
{
    size_t from = claim->low_open ? 0 : 2 * index_of(c, claim->low) + (claim->low_included ? 1 : 2);
    size_t to = claim->high_open ? c->positions - 1 : 2 * index_of(c, claim->high) + (claim->high_included ? 1 : 0);
    bool used = false, reported = false;

    for (size_t p = from; p <= to; p++) {
        if (!position_used(c, p))
            continue;
        used = true;
        if (c->owners[p] != ROW_HOLE && c->owners[p] != (int)claim->row) {
            if (!reported)
                report_overlap(c, (size_t)c->owners[p], claim->row, p);
            reported = true;
            continue;
        }
        c->owners[p] = (int)claim->row;
    }
    if (!used)
        diag_help(c->t->diags,
                  diag_add(c->t->diags, DIAG_EMPTY_TRANCHE, c->table->rows.items[claim->row].titles.items[0].span,
                           "aucune valeur ne tombe dans cette ligne"),
                  "vérifiez l'ordre et le sens des bornes, et le domaine de la donnée");
}

/* ------------------------------------------------------------------ holes */

static const char *key_words(struct table_check *c)
{
    const struct expr *key = c->plan->key;

    if (key->kind == EXPR_NAME) {
        struct slice name = key->as.reference.symbol->name.text;

        return arena_copy_text(c->t->arena, name.bytes, name.length);
    }
    return "la clé du tableau";
}

static void propose_opening(struct table_check *c, struct diag *d, size_t row)
{
    const struct title *title = &c->table->rows.items[row].titles.items[0];
    struct bounds bounds = title_bounds(title);

    bounds.high = NULL;
    if (c->key_type->kind == TYPE_NUMBER && bounds.low)
        typing_propose_bounds(c->t, d, title, bounds);
    typing_propose_row(c->t, d, c->table, "hors tranches : non prévu");
}

/* A hole that runs to the end of the domain is a last row that is not open. */
static void report_hole(struct table_check *c, size_t first, size_t last)
{
    struct strbuf from = strbuf_in(c->t->arena);
    bool to_end = true, followed = last + 1 < c->positions;      /* then a row begins there */
    int before = ROW_HOLE;
    struct diag *d;

    smallest_text(c, first, &from);
    for (size_t p = last + 1; p < c->positions; p++)
        to_end = to_end && !position_used(c, p);
    for (size_t p = first; p-- > 0 && before == ROW_HOLE;)
        before = c->owners[p];
    if (to_end && before != ROW_HOLE) {
        d = diag_add(c->t->diags, DIAG_OPEN_END, c->table->rows.items[before].titles.items[0].span,
                     "la dernière tranche n'est pas ouverte : rien n'est prévu à partir %s%s",
                     c->key_type->kind == TYPE_DATE ? "du " : "de ", from.bytes);
        diag_effect(c->t->diags, d, "« %s » = %s n'a pas de prix", key_words(c), from.bytes);
        diag_help(c->t->diags, d,
                  "écrivez « à partir de … » pour la dernière ligne, ou « hors tranches : non prévu »");
        propose_opening(c, d, (size_t)before);
        return;
    }
    d = diag_add(c->t->diags, DIAG_GAP, c->table->head, "aucune ligne ne prévoit %s%s", article(c), from.bytes);
    diag_effect(c->t->diags, d, "« %s » = %s n'a pas de prix", key_words(c), from.bytes);
    if (followed)
        diag_note(c->t->diags, d, c->table->rows.items[c->owners[last + 1]].titles.items[0].span,
                  "ligne qui suit le trou");
    diag_help(c->t->diags, d,
              "déplacez une borne (« à moins de … »), ou assumez le trou : « hors tranches : non prévu »");
    if (followed && c->owners[first - 1] != ROW_HOLE)
        propose_joining(c, d, &c->table->rows.items[c->owners[first - 1]].titles.items[0],
                        &c->table->rows.items[c->owners[last + 1]].titles.items[0]);
    typing_propose_row(c->t, d, c->table, "hors tranches : non prévu");
}

static bool find_holes(struct table_check *c)
{
    bool found = false;

    for (size_t p = 0; p < c->positions; p++) {
        size_t last = p;

        if (c->owners[p] != ROW_HOLE || !position_used(c, p))
            continue;
        while (last + 1 < c->positions && c->owners[last + 1] == ROW_HOLE)
            last++;
        found = true;
        if (c->plan->others_row == ROW_HOLE && !c->table->faulty)
            report_hole(c, p, last);
        p = last;
    }
    return found;
}

static void report_useless_others(struct table_check *c)
{
    const struct row *row = &c->table->rows.items[c->plan->others_row];
    struct diag *d = diag_add(c->t->diags, DIAG_UNUSED_OTHERS, row->titles.items[0].span,
                              "toutes les valeurs sont déjà prévues par les autres lignes");

    diag_help(c->t->diags, d, "supprimez cette ligne");
    correction_remove_lines(c->t->diags, d, typing_source(c->t, row->span), row->span);
}

static void push_segment(struct table_check *c, int128 upper, struct number bound, bool included, int row)
{
    struct table_plan *plan = c->plan;
    struct segment *last = plan->segment_count ? &plan->segments[plan->segment_count - 1] : NULL;

    if (!last || last->row != row)
        last = &plan->segments[plan->segment_count++];
    *last = (struct segment){ upper, bound, included, row };
}

static void make_segments(struct table_check *c)
{
    c->plan->segments = arena_array(c->t->arena, struct segment, c->positions);
    for (size_t p = 0; p < c->positions; p++) {
        int128 lo, hi;
        int row = c->owners[p] == ROW_HOLE ? c->plan->others_row : c->owners[p];

        if (c->key_facts->ratio && p + 1 < c->positions)
            push_segment(c, 0, c->bounds.items[p / 2], p % 2 == 1, row);
        else if (!c->key_facts->ratio && position_grid(c, p, &lo, &hi))
            push_segment(c, hi, number_of(0), true, row);
    }
}

/* The row that « comme la dernière tranche » means: the one that holds the largest value. */
static void find_last_row(struct table_check *c)
{
    for (size_t p = c->positions; p-- > 0;)
        if (position_used(c, p) && c->owners[p] != ROW_HOLE) {
            c->plan->last_row = c->owners[p];
            return;
        }
}

/* A price that is lower for a higher quotient or income is rarely meant: told with its values, unless « volontaire ».
 */
static void check_falls(struct table_check *c)
{
    const struct expr *before = NULL;

    if (!type_is_number(c->key_type, QUANTITY_QUOTIENT) && !type_is_number(c->key_type, QUANTITY_QUOTIENT_FISCAL) &&
        !type_is_number(c->key_type, QUANTITY_RESSOURCES))
        return;
    for (size_t i = 0; i < c->plan->segment_count; i++) {
        int r = c->plan->segments[i].row;
        const struct row *row = r == ROW_HOLE ? NULL : &c->table->rows.items[r];
        const struct expr *cell = row ? row->cells.items[0] : NULL;
        bool fixed = cell && type_is_number(cell->type, QUANTITY_MONTANT) && cell->facts->constant;

        if (fixed && before && !row->deliberate &&
            number_compare(facts_low(cell->facts), facts_low(before->facts)) < 0) {
            struct strbuf high = strbuf_in(c->t->arena), low = strbuf_in(c->t->arena);
            struct diag *d;

            strbuf_typed_number(&high, c->t->model, before->type, facts_low(before->facts));
            strbuf_typed_number(&low, c->t->model, cell->type, facts_low(cell->facts));
            d = diag_add(c->t->diags, DIAG_PRICE_FALLS, cell->span,
                         "le prix baisse quand « %s » augmente : %s puis %s", key_words(c),
                         high.bytes, low.bytes);
            diag_note(c->t->diags, d, before->span, "prix de la tranche du dessous");
            diag_help(c->t->diags, d,
                      "corrigez le montant ; si l'acte le veut ainsi, ajoutez « volontaire » à la fin de la ligne");
        }
        before = fixed ? cell : NULL;
    }
}

/* « au-delà » begins just above the highest bound written in the other rows. */
static void settle_beyond(struct table_check *c)
{
    for (size_t i = 0; i < c->claims.count; i++) {
        struct claim *beyond = &c->claims.items[i];

        if (!beyond->beyond)
            continue;
        for (size_t k = 0; k < c->claims.count; k++) {
            const struct claim *other = &c->claims.items[k];

            if (k == i || other->high_open)
                continue;
            if (!beyond->low_open && number_compare(other->high, beyond->low) < 0)
                continue;
            beyond->low_open = false;
            beyond->low = other->high;
            beyond->low_included = !other->high_included;
        }
    }
}

static void plan_intervals(struct table_check *c)
{
    bool holes;

    settle_beyond(c);
    if (c->table->thresholds)
        chain_thresholds(c);
    collect_bounds(c);
    c->owners = arena_array(c->t->arena, int, c->positions);
    for (size_t p = 0; p < c->positions; p++)
        c->owners[p] = ROW_HOLE;
    for (size_t i = 0; i < c->claims.count; i++)
        own_positions(c, &c->claims.items[i]);
    holes = find_holes(c);
    if (!holes && c->plan->others_row != ROW_HOLE)
        report_useless_others(c);
    find_last_row(c);
    make_segments(c);
}

/* ------------------------------------------------------------------ boolean and enumerated axes */

static bool excluded(const struct table_check *c, size_t value)
{
    const struct expr *key = c->plan->key;

    for (const struct narrowing *n = c->t->narrowing; n; n = n->outer)
        if (key->kind == EXPR_NAME && key->as.reference.symbol == n->symbol && n->rows[value] != n->row)
            return true;
    return false;
}

static void report_missing_members(struct table_check *c)
{
    struct strbuf names = strbuf_in(c->t->arena);
    size_t missing = 0;
    struct diag *d;

    for (size_t i = 0; i < c->plan->row_count; i++) {
        if (c->plan->rows[i] != ROW_HOLE || excluded(c, i))
            continue;
        if (missing++)
            strbuf_text(&names, ", ");
        strbuf_text(&names, "« ");
        strbuf_typed_number(&names, c->t->model, c->key_type, number_of((int128)i));
        strbuf_text(&names, " »");
    }
    if (missing == 0) {
        if (c->plan->others_row != ROW_HOLE)
            report_useless_others(c);
        return;
    }
    if (c->plan->others_row != ROW_HOLE || c->table->faulty)
        return;
    d = diag_add(c->t->diags, DIAG_MISSING_MEMBER, c->table->head, "rien n'est prévu pour %s",
                 names.bytes);
    diag_help(c->t->diags, d, "ajoutez une ligne, ou « autres : non prévu »");
    typing_propose_row(c->t, d, c->table, "autres : non prévu");
}

static void plan_index(struct table_check *c)
{
    c->plan->by_index = true;
    c->plan->row_count = (size_t)(c->key_facts->hi + 1);
    c->plan->rows = arena_array(c->t->arena, int, c->plan->row_count);
    for (size_t i = 0; i < c->plan->row_count; i++)
        c->plan->rows[i] = ROW_HOLE;
    for (size_t i = 0; i < c->claims.count; i++) {
        const struct claim *claim = &c->claims.items[i];
        int128 lo = claim->low_open ? 0 : claim->low.num + !claim->low_included;
        int128 hi = claim->high_open ? c->key_facts->hi : claim->high.num - !claim->high_included;

        for (int128 k = lo; k <= hi && k < (int128)c->plan->row_count; k++) {
            if (c->plan->rows[k] != ROW_HOLE)
                diag_note(c->t->diags,
                          diag_add(c->t->diags, DIAG_DUPLICATE_TITLE,
                                   c->table->rows.items[claim->row].titles.items[0].span,
                                   "cette valeur est déjà dans le tableau"),
                          c->table->rows.items[c->plan->rows[k]].span, "première fois");
            else
                c->plan->rows[k] = (int)claim->row;
        }
    }
    report_missing_members(c);
    for (size_t i = 0; i < c->plan->row_count; i++) {
        if (c->plan->rows[i] == ROW_HOLE)
            c->plan->rows[i] = c->plan->others_row;
        if (c->plan->rows[i] != ROW_HOLE)
            c->plan->last_row = c->plan->rows[i];
    }
}

/* ------------------------------------------------------------------ cells */

struct cells {
    const struct type *type;
    struct facts facts;
    bool first;
};

static bool join_cell(struct table_check *c, struct cells *cells, struct expr *cell)
{
    const struct type *type;
    struct facts joined;

    if (!cell)
        return true;
    type = typing_expr(c->t, cell, cells->type);
    if (type->kind == TYPE_ERROR)
        return false;
    if (type->kind == TYPE_OUTCOME)
        return true;
    if (cells->type && !type_unify(cells->type, type)) {
        typing_mismatch(c->t, cell->span, type, cells->type, "valeur de la ligne");
        return false;
    }
    cells->type = cells->type ? type_unify(cells->type, type) : type;
    if (cells->first)
        cells->facts = *cell->facts;
    else if (!facts_join(&cells->facts, cell->facts, &joined))
        return typing_too_large(c->t, cell), false;
    else
        cells->facts = joined;
    if (!cells->first || cells->facts.constant)
        cells->facts.constant = cells->facts.constant && c->table->rows.count == 1;
    cells->facts.absent = (struct data_set){ 0 };
    cells->facts.reads = (struct data_set){ 0 };
    cells->facts.absent_at = NULL;
    cells->facts.may_end = cells->facts.reads_source = false;
    cells->first = false;
    return true;
}

/* Is what the act says of this datum usable as a cell? An amount is not, in a table of codes. */
static bool clause_fits(const struct expr *clause, const struct cells *cells)
{
    if (clause->kind == EXPR_OUTCOME)
        return true;
    return clause->type && cells->type && type_unify(clause->type, cells->type);
}

/* Removed, or the datum becomes one that may be unknown: only the act says. */
static void report_useless_absent(struct table_check *c)
{
    const struct row *row = &c->table->rows.items[c->plan->absent_row];
    const struct expr *key = c->plan->key;
    struct diag *d = diag_add(c->t->diags, DIAG_USELESS_ABSENT, row->titles.items[0].span,
                              "« %s » est toujours connu : cette ligne ne sert jamais", key_words(c));

    diag_help(c->t->diags, d, "supprimez-la, ou déclarez la donnée « facultatif »");
    correction_remove_lines(c->t->diags, d, typing_source(c->t, row->span), row->span);
    if (key->kind == EXPR_NAME && key->as.reference.symbol && key->as.reference.symbol->kind == SYMBOL_INPUT &&
        key->as.reference.symbol->decl->kind == DECL_INPUT) {
        struct span end = key->as.reference.symbol->decl->span;

        diag_fix(c->t->diags, d, (struct span){ end.end, end.end, end.file }, " facultatif");
    }
}

/* Absence of the key: a row of the table, or what the act says of each datum; otherwise the table itself is absent. */
static void settle_absence(struct table_check *c, struct cells *cells, struct facts *out)
{
    const struct facts *key = c->key_facts;
    bool all = true;

    if (data_set_is_empty(&key->absent)) {
        if (c->plan->absent_row != ROW_HOLE)
            report_useless_absent(c);
        return;
    }
    if (c->plan->absent_row != ROW_HOLE)
        return;
    for (size_t i = 0; i < c->t->model->data.count; i++) {
        const struct expr *clause = datum_absent_clause(c->t->model->data.items[i]);

        if (data_set_has(&key->absent, i) && (!clause || !clause_fits(clause, cells)))
            all = false;
    }
    c->plan->datum_clause = all;
    if (all) {
        for (size_t i = 0; i < c->t->model->data.count; i++) {
            struct expr *clause = data_set_has(&key->absent, i) ? c->t->model->data.items[i]->clauses->absent : NULL;

            if (clause && clause->kind != EXPR_OUTCOME)
                join_cell(c, cells, clause);
            else if (clause && clause->as.outcome.outcome != OUTCOME_LAST_ROW)
                out->may_end = true;
        }
        return;
    }
    data_set_union(c->t->arena, &out->absent, &key->absent);
    out->absent_at = c->plan->key;
}

/* In a row, the key is known, except in the last one where « comme la dernière tranche » leads. */
static bool stands_for_absence(const struct table_check *c, size_t r)
{
    if ((int)r != c->plan->last_row || !c->plan->datum_clause)
        return false;
    for (size_t i = 0; i < c->t->model->data.count; i++) {
        const struct expr *clause = datum_absent_clause(c->t->model->data.items[i]);

        if (data_set_has(&c->key_facts->absent, i) && clause && clause->kind == EXPR_OUTCOME &&
            clause->as.outcome.outcome == OUTCOME_LAST_ROW)
            return true;
    }
    return false;
}

static const struct type *finish(struct table_check *c, struct cells *cells, bool faulty)
{
    struct facts f = { 0 };

    settle_absence(c, cells, &f);
    for (size_t r = 0; r < c->table->rows.count; r++) {
        struct expr *cell = c->table->rows.items[r].cells.items[0];

        if (cell) {
            const struct title *title = &c->table->rows.items[r].titles.items[0];
            struct facts inherited = *cell->facts;

            if (title->kind == TITLE_CONDITION)
                typing_forget_known(c->t, title->value, &inherited);
            else if (title->kind != TITLE_ABSENT && title->kind != TITLE_FAILED && !stands_for_absence(c, r))
                data_set_remove(c->t->arena, &inherited.absent, &c->key_facts->absent);
            facts_inherit(c->t->arena, &f, &inherited);
        }
        f.may_end = f.may_end || !cell;
    }
    for (size_t i = 0; i < c->plan->condition_count; i++)
        facts_inherit(c->t->arena, &f, c->table->rows.items[c->plan->conditions[i]].titles.items[0].value->facts);
    f.reads_source = f.reads_source || c->key_facts->reads_source;
    f.may_end = f.may_end || c->key_facts->may_end;
    data_set_union(c->t->arena, &f.reads, &c->key_facts->reads);
    if (cells->first)
        cells->facts = facts_of_range(1, 0, 0);
    cells->facts.constant = false;
    facts_inherit(c->t->arena, &cells->facts, &f);
    c->e->facts = facts_new(c->t->arena, cells->facts);
    c->e->type = faulty        ? type_error()
                 : cells->type ? cells->type
                               : type_make(c->t->arena, (struct type){.kind = TYPE_OUTCOME});
    return c->e->type;
}

/* ------------------------------------------------------------------ the whole */

/* The cell of row `r`, where the key can only be what the row says. */
static bool narrowed_cell(struct table_check *c, struct cells *cells, size_t r)
{
    const struct expr *key = c->plan->key;
    struct narrowing narrowing = { .rows = c->plan->rows, .row = (int)r, .outer = c->t->narrowing };
    enum title_kind title = c->table->rows.items[r].titles.items[0].kind;
    bool ok;

    if (c->plan->by_index && key->kind == EXPR_NAME &&
        (title == TITLE_VALUE || title == TITLE_INTERVAL)) {
        narrowing.symbol = key->as.reference.symbol;
        c->t->narrowing = &narrowing;
    }
    ok = join_cell(c, cells, c->table->rows.items[r].cells.items[0]);
    c->t->narrowing = narrowing.outer;
    return ok;
}

static const struct type *caption_type(struct typing *t, struct table *table, const struct type *expected)
{
    const struct type *type;

    if (!table->unit)
        return expected;
    type = typing_unit(t, table->unit);
    t->bare_rates = table->unit->percent;
    t->bare_amounts = table->unit->euro;
    /* « en € » does not say per what: the tariff does. */
    if (type_is_number(type, QUANTITY_MONTANT) && type->unit.per_count == 0 &&
        type_is_number(expected, QUANTITY_MONTANT))
        return expected;
    return type->kind == TYPE_ERROR ? NULL : type;
}

static const struct type *type_one_axis(struct typing *t, struct expr *e, const struct type *expected)
{
    struct table *table = e->as.table;
    struct table_check c = { .t = t, .e = e, .table = table };
    struct cells cells = { .first = true };
    bool faulty = false, bare_amounts = t->bare_amounts, bare_rates = t->bare_rates;
    struct expr *key = table->axes.items[0];

    c.plan = table->plan = arena_new(t->arena, struct table_plan);
    *c.plan = (struct table_plan){ .key = key, .absent_row = ROW_HOLE, .failed_row = ROW_HOLE, .others_row = ROW_HOLE,
                                   .last_row = ROW_HOLE };
    t->bare_amounts = t->bare_rates = false;
    c.key_type = typing_expr(t, key, NULL);
    c.key_facts = key->facts;
    if (c.key_type->kind != TYPE_ERROR && c.key_type->kind != TYPE_NUMBER && c.key_type->kind != TYPE_BOOLEAN &&
        c.key_type->kind != TYPE_ENUM && c.key_type->kind != TYPE_DATE) {
        struct strbuf words = strbuf_in(t->arena);

        strbuf_type(&words, t->model, c.key_type);
        diag_add(t->diags, DIAG_BAD_TITLE, key->span, "un tableau ne peut pas aller selon %s",
                 words.bytes);
        faulty = true;
    }
    faulty = faulty || c.key_type->kind == TYPE_ERROR;
    if (!faulty) {
        read_titles(&c);
        if (c.key_type->kind == TYPE_BOOLEAN || c.key_type->kind == TYPE_ENUM)
            plan_index(&c);
        else
            plan_intervals(&c);
    }
    t->bare_amounts = bare_amounts;
    t->bare_rates = bare_rates;
    cells.type = caption_type(t, table, expected);
    for (size_t r = 0; r < table->rows.count; r++)
        faulty = !narrowed_cell(&c, &cells, r) || faulty;
    t->bare_amounts = bare_amounts;
    t->bare_rates = bare_rates;
    if (!faulty)
        check_falls(&c);
    if (c.key_type->kind == TYPE_ERROR) {
        e->facts = facts_new(t->arena, facts_of_range(1, 0, 0));
        e->type = type_error();
        return e->type;
    }
    return finish(&c, &cells, faulty);
}

/* ------------------------------------------------------------------ progressive and interpolated scales */

static struct expr *number_expr(struct typing *t, struct number value, struct span span, bool euro)
{
    struct expr *e = tree_expr(t->arena, EXPR_NUMBER, span);

    e->as.number.value = value;
    e->as.number.euro = euro;
    return e;
}

/* False, and told, when this bound or this value is not a number that is always the same. */
static bool fixed_number(struct typing *t, struct expr *e, const struct type *expected, struct number *out)
{
    const struct type *type = typing_expr(t, e, expected);

    if (type->kind == TYPE_ERROR)
        return false;
    if (expected && !type_unify(type, expected)) {
        typing_mismatch(t, e->span, type, expected, "valeur du barème");
        return false;
    }
    if (type->kind == TYPE_NUMBER && e->facts->constant)
        return number_make(e->facts->lo, e->facts->den, out);
    diag_help(t->diags,
              diag_add(t->diags, DIAG_BAD_TITLE, e->span, "un barème de cette sorte n'a que des valeurs fixes"),
              "écrivez le nombre ; ce qui dépend de la famille est une étape « puis … »");
    return false;
}

/* A cell of a scale « en € » or « en % » may leave the unit to the caption. */
static bool fixed_cell(struct typing *t, const struct table *table, struct expr *cell, const struct type *expected,
                       struct number *out)
{
    bool amounts = t->bare_amounts, rates = t->bare_rates, fixed;

    t->bare_amounts = table->unit && table->unit->euro;
    t->bare_rates = table->unit && table->unit->percent;
    fixed = fixed_number(t, cell, expected, out);
    t->bare_amounts = amounts;
    t->bare_rates = rates;
    return fixed;
}

static bool scale_too_large(struct typing *t, const struct row *row)
{
    diag_help(t->diags,
              diag_add(t->diags, DIAG_TOO_LARGE, row->span, "ces nombres dépassent ce qui se calcule exactement"),
              "écrivez-les avec moins de chiffres");
    return false;
}

/* « de 200 à moins de 500 : 1 % » applies to the part of the key above 200; what lies below is already known. */
static bool lower_progressive(struct typing *t, struct table *table, const struct type *key)
{
    static const struct type rate_type = { .kind = TYPE_NUMBER, .quantity = QUANTITY_TAUX };
    struct number below = number_of(0);

    for (size_t i = 0; i < table->rows.count; i++) {
        struct row *row = &table->rows.items[i];
        struct title *title = &row->titles.items[0];
        struct number low = number_of(0), high, rate, width;
        struct expr *cell = row->cells.items[0], *part = table->axes.items[0];

        if (title->kind != TITLE_INTERVAL)
            continue;
        if ((title->low && !fixed_number(t, title->low, key, &low)) || !fixed_cell(t, table, cell, &rate_type, &rate))
            return false;
        if (number_sign(low) != 0)
            part = tree_binary(t->arena, OP_SUBTRACT, part, number_expr(t, low, title->span, false), title->span);
        row->cells.items[0] = tree_binary(t->arena, OP_PERCENT_OF, cell, part, cell->span);
        if (number_sign(below) != 0)
            row->cells.items[0] = tree_binary(t->arena, OP_ADD, number_expr(t, below, cell->span, true),
                                              row->cells.items[0], cell->span);
        if (!title->high)
            continue;
        if (!fixed_number(t, title->high, key, &high))
            return false;
        if (!number_sub(high, low, &width) || !number_mul(width, rate, &width) || !number_add(below, width, &below))
            return scale_too_large(t, row);
    }
    table->unit = NULL;                /* that of the rates, which are now applied */
    return true;
}

/* The point of a row of an interpolated scale: « 500 », « 300 ou moins », « 1 500 et plus ». NULL for another title. */
static struct expr *point_of(const struct title *title)
{
    if (title->kind == TITLE_VALUE)
        return title->value;
    if (title->kind == TITLE_INTERVAL && !title->low != !title->high)
        return title->low ? title->low : title->high;
    return NULL;
}

struct point {
    const struct row *row;
    struct expr *at;                   /* as the row writes it */
    struct number place, value;
};

/* What a straight line multiplies: € per € of quotient is a rate, € per unit counted an amount. */
static bool slope_of(struct typing *t, const struct point *from, const struct point *to, const struct type *key,
                     struct expr *part, struct expr **out)
{
    struct number run, rise, slope;
    bool counted = type_is_number(key, QUANTITY_NOMBRE);
    struct expr *e;

    if (!number_sub(to->place, from->place, &run) || !number_sub(to->value, from->value, &rise))
        return scale_too_large(t, to->row);
    if (number_sign(run) <= 0) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_BAD_TITLE, to->row->titles.items[0].span,
                           "les points d'un barème interpolé vont en croissant"),
                  "rangez les lignes dans l'ordre, une par point");
        return false;
    }
    if (!number_div(rise, run, &slope) || !number_mul(slope, number_of(counted ? 1 : 100), &slope))
        return scale_too_large(t, to->row);
    e = number_expr(t, slope, part->span, counted);
    e->as.number.percent = !counted;
    *out = tree_binary(t->arena, counted ? OP_MULTIPLY : OP_PERCENT_OF, e, part, part->span);
    return true;
}

/* Adds the row that joins two points by a straight line. */
static bool add_line(struct typing *t, struct table *table, const struct point *from, const struct point *to,
                     const struct type *key)
{
    const struct title *title = &from->row->titles.items[0];
    struct title joined = tree_title_interval(title->span, from->at, title->kind == TITLE_VALUE, to->at, false);
    struct expr *part = tree_binary(t->arena, OP_SUBTRACT, table->axes.items[0],
                                    number_expr(t, from->place, title->span, false), title->span);
    struct expr *rise;

    part->span = title->span;
    if (!slope_of(t, from, to, key, part, &rise))
        return false;
    add_row(t, table, joined, tree_binary(t->arena, OP_ADD, from->row->cells.items[0], rise, title->span), from->row);
    return true;
}

/*
 * « 0 : 1 € / 500 : 2 € » joins the points by straight lines. Beyond the first and the last the act must say: « 300 ou
 * moins », « 1 500 et plus ».
 */
static bool lower_interpolated(struct typing *t, struct table *table, const struct type *key)
{
    row_list rows = table->rows;
    struct point previous = { .row = NULL };

    table->rows = (row_list){ 0 };
    for (size_t i = 0; i < rows.count; i++) {
        struct row *row = &rows.items[i], *kept;
        struct point point = { .row = row, .at = point_of(&row->titles.items[0]) };

        if (point.at) {
            if (!fixed_number(t, point.at, key, &point.place) ||
                !fixed_cell(t, table, row->cells.items[0], NULL, &point.value) ||
                (previous.row && !add_line(t, table, &previous, &point, key)))
                return false;
            previous = point;
        }
        /* A bare point begins the line that follows it; the last one, and rows of other kinds, stand alone. */
        if (row->titles.items[0].kind == TITLE_VALUE && i + 1 < rows.count &&
            point_of(&rows.items[i + 1].titles.items[0]))
            continue;
        kept = arena_push(t->arena, &table->rows);
        *kept = *row;
    }
    return true;
}

/* A scale is read along one number, a row for each tranche or point. */
static bool lower_scale(struct typing *t, struct table *table)
{
    struct expr *axis = table->axes.items[0];
    const struct type *key = typing_expr(t, axis, NULL);
    bool progressive = table->progressive;

    table->progressive = table->interpolated = false;       /* once */
    if (key->kind == TYPE_ERROR)
        return false;
    if (table->grid || table->axes.count != 1 || key->kind != TYPE_NUMBER) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_TABLE_SHAPE, table->head, "un barème %s va selon un nombre, et un seul",
                           progressive ? "progressif" : "interpolé"),
                  "par exemple « %s selon qf », une ligne par %s",
                  progressive ? "barème progressif" : "barème interpolé", progressive ? "tranche" : "point");
        return false;
    }
    return progressive ? lower_progressive(t, table, key) : lower_interpolated(t, table, key);
}

static const struct type *faulty_table(struct typing *t, struct expr *e)
{
    e->facts = facts_new(t->arena, facts_of_range(1, 0, 0));
    e->type = type_error();
    return e->type;
}

const struct type *typing_table(struct typing *t, struct expr *e, const struct type *expected)
{
    struct table *table = e->as.table;

    if ((table->progressive || table->interpolated) && !lower_scale(t, table))
        return faulty_table(t, e);
    if (table->grid)
        return type_grid(t, e, expected);
    if (table->axes.count != 1) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_TABLE_SHAPE, table->head, "un tableau sans colonnes n'a qu'un axe"),
                  "écrivez une grille avec « | », ou un tableau dans chaque ligne");
        return faulty_table(t, e);
    }
    if (table->rows.count == 0) {
        diag_help(t->diags, diag_add(t->diags, DIAG_TABLE_SHAPE, table->head, "ce tableau n'a aucune ligne"),
                  "écrivez une ligne par tranche, par exemple « moins de 450 : 1,30 € »");
        return faulty_table(t, e);
    }
    return type_one_axis(t, e, expected);
}
