/*
 * From the typed tree of the main file to its mutants. Each function below looks at one construct; what is not a mutant
 * after all (a text that no longer reads) is told apart by whoever compiles it.
 */
#include "mutants.h"

#include "lang/walk.h"

#include <string.h>

static const char *const KIND_WORDS[MUTATION_KINDS] = {
    [MUTATION_BOUND] = "borne déplacée",          [MUTATION_PRICE] = "montant changé",
    [MUTATION_RATE] = "taux changé",              [MUTATION_ROWS] = "prix de deux lignes échangés",
    [MUTATION_ABSENCE] = "« non communiqué » supprimé", [MUTATION_STEPS] = "étapes échangées",
    [MUTATION_ROUNDING] = "arrondi changé",       [MUTATION_UNIT] = "unité changée",
    [MUTATION_CONDITION] = "condition inversée",  [MUTATION_EXCEPTION] = "exception supprimée",
};

struct mutating {
    struct arena *arena;
    const delib_program *program;
    const struct source *source;
    struct mutants *out;
};

/* ------------------------------------------------------------------ making one */

static struct slice text_of(const struct mutating *m, struct span span)
{
    return source_slice(m->source, span);
}

static struct mutant *add(struct mutating *m, enum mutation_kind kind, struct span at)
{
    struct mutant *mutant;

    if (m->out->total++ >= m->out->limit)
        return NULL;
    mutant = arena_push(m->arena, m->out);
    *mutant = (struct mutant){ .kind = kind, .line = source_position(m->source, at.start).line };
    return mutant;
}

static void edit(struct mutant *mutant, uint32_t start, uint32_t end, struct slice text)
{
    mutant->edits[mutant->edit_count++] = (struct mutation_edit){ start, end, text };
}

/* « borne 450 → 451 »: long texts are cut. */
static void say(struct mutating *m, struct mutant *mutant, struct slice before, struct slice after)
{
    enum { SHOWN = 60 };
    struct strbuf words = strbuf_in(m->arena);

    for (struct slice *s = &before; s; s = s == &before ? &after : NULL)
        if (s->length > SHOWN) {
            s->length = SHOWN;
            while (s->length > 0 && ((unsigned char)s->bytes[s->length] & 0xC0) == 0x80)
                s->length--;
        }
    strbuf_format(&words, "%s : « %.*s »", KIND_WORDS[mutant->kind], SLICE_ARG(before));
    if (after.length)
        strbuf_format(&words, " → « %.*s »", SLICE_ARG(after));
    for (size_t i = 0; i < words.length; i++)
        if (words.bytes[i] == '\n' || words.bytes[i] == '\r')
            words.bytes[i] = ' ';
    mutant->words = words.bytes;
}

static void replace(struct mutating *m, enum mutation_kind kind, struct span span, struct slice text)
{
    struct mutant *mutant = add(m, kind, span);

    if (!mutant)
        return;
    edit(mutant, span.start, span.end, text);
    say(m, mutant, text_of(m, span), text);
}

static void exchange(struct mutating *m, enum mutation_kind kind, struct span first, struct span second)
{
    struct slice a = text_of(m, first), b = text_of(m, second);
    struct mutant *mutant;

    if (slice_equal(a, b))
        return;
    mutant = add(m, kind, first);
    if (!mutant)
        return;
    edit(mutant, first.start, first.end, b);
    edit(mutant, second.start, second.end, a);
    say(m, mutant, a, b);
}

/* ------------------------------------------------------------------ numbers */

/* « 1 700 » of « 1 700 € »: the digits of a literal, its unit apart. */
static struct span digits_of(const struct mutating *m, const struct expr *e)
{
    struct slice text = text_of(m, e->span);
    struct span span = e->span;
    uint32_t last = 0;

    for (uint32_t i = 0; i < text.length; i++)
        if (strchr("0123456789", text.bytes[i]))
            last = i + 1;
        else if (!strchr(" ,", text.bytes[i]) && (unsigned char)text.bytes[i] < 0x80)      /* spaces may be hard */
            break;
    span.end = span.start + last;
    return span;
}

/* The literal as written, plus `change`. */
static void shift_number(struct mutating *m, enum mutation_kind kind, const struct expr *e, struct number change)
{
    struct strbuf text = strbuf_in(m->arena);
    struct span digits = digits_of(m, e);
    struct number value;

    if (digits.end == digits.start || !number_add(e->as.number.value, change, &value) || number_sign(value) < 0)
        return;
    strbuf_number(&text, value, e->as.number.decimals);
    replace(m, kind, digits, strbuf_result(&text));
}

/* One point of the grid, both ways. A rate is held as a fraction and written in percents. */
static void shift_bound(struct mutating *m, const struct expr *bound, const struct facts *grid)
{
    struct number step = { 1, 100 };

    if (!bound || bound->kind != EXPR_NUMBER || bound->as.number.ordinal)
        return;
    if (bound->as.number.noun.text.length)
        step = number_of(1);
    else if (!grid->ratio && grid->den <= 10000)
        step.den = grid->den;
    if (bound->as.number.percent)
        (void)number_mul(step, number_of(100), &step);
    shift_number(m, MUTATION_BOUND, bound, step);
    shift_number(m, MUTATION_BOUND, bound, (struct number){ -step.num, step.den });
}

static void mutate_amount(struct mutating *m, const struct expr *e)
{
    if (type_is_number(e->type, QUANTITY_MONTANT))
        shift_number(m, MUTATION_PRICE, e, (struct number){ 1, 100 });
    else if (type_is_number(e->type, QUANTITY_TAUX))
        shift_number(m, MUTATION_RATE, e, number_of(1));
}

/* ------------------------------------------------------------------ tables */

static void mutate_expr(struct mutating *m, const struct expr *e);

static void visit_part(void *context, const struct expr *part)
{
    mutate_expr(context, part);
}

static void mutate_title(struct mutating *m, const struct title *title, const struct facts *grid)
{
    if (title->kind == TITLE_INTERVAL) {
        shift_bound(m, title->low, grid);
        shift_bound(m, title->high, grid);
    } else if (title->kind == TITLE_CONDITION) {
        mutate_expr(m, title->value);
    }
}

/* The whole lines of a row, the end of the last one included: others come before it, and « fin » after. */
static struct span lines_of(const struct mutating *m, struct span span)
{
    while (m->source->bytes[span.start - 1] != '\n')
        span.start--;
    while (m->source->bytes[span.end] != '\n')
        span.end++;
    span.end++;
    return span;
}

static void remove_lines(struct mutating *m, enum mutation_kind kind, struct span span)
{
    struct span lines = lines_of(m, span);
    struct mutant *mutant = add(m, kind, span);

    if (!mutant)
        return;
    edit(mutant, lines.start, lines.end, SLICE(""));
    say(m, mutant, text_of(m, span), SLICE(""));
}

static void mutate_table(struct mutating *m, const struct table *table)
{
    const struct facts *rows = table->axes.items[0]->facts;
    const struct facts *columns = table->axes.items[table->axes.count - 1]->facts;

    if (table->rows.items[0].span.file != 0)
        return;                        /* « depuis "prix.csv" »: its lines are in a file of their own */
    for (size_t i = 0; i < table->columns.count; i++)
        mutate_title(m, &table->columns.items[i], columns);
    for (size_t r = 0; r < table->rows.count; r++) {
        const struct row *row = &table->rows.items[r], *next = r + 1 < table->rows.count ? row + 1 : NULL;

        for (size_t i = 0; i < row->titles.count; i++)
            mutate_title(m, &row->titles.items[i], i == 0 ? rows : table->axes.items[1]->facts);
        if (row->titles.items[0].kind == TITLE_ABSENT)
            remove_lines(m, MUTATION_ABSENCE, row->span);
        for (size_t i = 0; i < row->cells.count; i++) {
            const struct expr *cell = row->cells.items[i];

            if (cell)
                mutate_expr(m, cell);
            if (cell && next && next->cells.items[i])
                exchange(m, MUTATION_ROWS, cell->span, next->cells.items[i]->span);
        }
    }
}

/* ------------------------------------------------------------------ expressions */

/* « rang_enfant ≥ 3 » */
static bool compares_a_number(const struct expr *e)
{
    enum binary_op op = e->as.binary.op;

    return e->kind == EXPR_BINARY && op >= OP_EQUAL && op <= OP_GREATER_EQUAL &&
           (e->as.binary.left->kind == EXPR_NUMBER || e->as.binary.right->kind == EXPR_NUMBER);
}

static void mutate_expr(struct mutating *m, const struct expr *e)
{
    if (!e)
        return;
    if (e->kind == EXPR_NUMBER) {
        mutate_amount(m, e);
    } else if (e->kind == EXPR_TABLE) {
        mutate_table(m, e->as.table);
    } else if (e->kind == EXPR_IS) {
        mutate_expr(m, e->as.is.operand);
        mutate_title(m, &e->as.is.title, e->as.is.operand->facts);
    } else if (compares_a_number(e)) {
        shift_bound(m, e->as.binary.right, e->as.binary.left->facts);
        shift_bound(m, e->as.binary.left, e->as.binary.right->facts);
    } else {
        expr_parts(e, visit_part, m);
    }
}

static void negate(struct mutating *m, const struct expr *condition)
{
    struct strbuf text = strbuf_in(m->arena);

    if (!condition)
        return;
    strbuf_format(&text, "non (%.*s)", SLICE_ARG(text_of(m, condition->span)));
    replace(m, MUTATION_CONDITION, condition->span, strbuf_result(&text));
    mutate_expr(m, condition);
}

/* ------------------------------------------------------------------ clauses, steps, exceptions */

static void mutate_clauses(struct mutating *m, const struct clauses *clauses)
{
    if (!clauses->absent)
        return;
    replace(m, MUTATION_ABSENCE, clauses->absent_span, SLICE(""));
    mutate_expr(m, clauses->absent);
}

/* The words of the mode follow the step: « au centime » « inférieur ». */
static void mutate_rounding(struct mutating *m, const struct expr *rounding)
{
    static const char *const OTHER[] = { [ROUNDING_NEAREST] = " inférieur", [ROUNDING_DOWN] = " supérieur",
                                         [ROUNDING_UP] = " inférieur" };
    struct span mode = rounding->span;
    struct mutant *mutant;

    if (!rounding->as.round.noun.text.length)
        return;
    mode.start = rounding->as.round.noun.span.end;
    mutant = add(m, MUTATION_ROUNDING, rounding->span);
    if (!mutant)
        return;
    edit(mutant, mode.start, mode.end, slice_of(OTHER[rounding->as.round.mode]));
    say(m, mutant, text_of(m, rounding->span), slice_of(OTHER[rounding->as.round.mode] + 1));
}

static void mutate_step(struct mutating *m, const struct step *step, const struct step *next)
{
    if (step->value)
        mutate_expr(m, step->value);
    if (step->rounding)
        mutate_rounding(m, step->rounding);
    negate(m, step->condition);
    mutate_clauses(m, &step->clauses);
    if (next)
        exchange(m, MUTATION_STEPS, step->span, next->span);
}

static void mutate_exception(struct mutating *m, const struct exception *exception)
{
    replace(m, MUTATION_EXCEPTION, exception->span, SLICE(""));
    negate(m, exception->condition);
    mutate_expr(m, exception->value);
    mutate_clauses(m, &exception->clauses);
}

/* « € par repas » becomes « € par heure »; a price by the hour, by the day. */
static void mutate_unit(struct mutating *m, const struct unit_expr *unit)
{
    struct name per;

    if (!unit || !unit->euro || unit->per.count != 1)
        return;
    per = unit->per.items[0];
    replace(m, MUTATION_UNIT, per.span, text_fold_equal(per.text, SLICE("heure")) ? SLICE("jour") : SLICE("heure"));
}

/* ------------------------------------------------------------------ declarations */

static void mutate_lets(struct mutating *m, const struct decl *let)
{
    for (; let; let = let->next) {
        mutate_expr(m, let->as.let.value);
        mutate_clauses(m, &let->clauses);
    }
}

static void mutate_tariff(struct mutating *m, const struct decl *d)
{
    mutate_unit(m, d->as.tariff.unit);
    mutate_lets(m, d->as.tariff.lets);
    mutate_expr(m, d->as.tariff.price);
    mutate_clauses(m, &d->as.tariff.price_clauses);
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++)
        mutate_exception(m, &d->as.tariff.exceptions.items[i]);
    for (size_t i = 0; i < d->as.tariff.steps.count; i++)
        mutate_step(m, &d->as.tariff.steps.items[i],
                    i + 1 < d->as.tariff.steps.count ? &d->as.tariff.steps.items[i + 1] : NULL);
    mutate_lets(m, d->as.tariff.outputs);
}

static void mutate_decl(struct mutating *m, const struct decl *d)
{
    switch (d->kind) {
    case DECL_TARIFF: mutate_tariff(m, d); break;
    case DECL_LET:
        mutate_expr(m, d->as.let.value);
        mutate_clauses(m, &d->clauses);
        break;
    case DECL_FUNCTION: mutate_expr(m, d->as.function.value); break;
    case DECL_INPUT: case DECL_SOURCE: mutate_clauses(m, &d->clauses); break;
    case DECL_RECORD: mutate_lets(m, d->as.record.lets); break;
    case DECL_TRANCHES: mutate_table(m, d->as.tranches.table); break;
    case DECL_TABLEAU: mutate_table(m, d->as.tableau.table); break;
    case DECL_ERROR: case DECL_HEADER: case DECL_ENUM: case DECL_ESSAI: case DECL_UNIT: case DECL_CALENDAR:
    case DECL_NATIONAL: case DECL_USE: case DECL_FINALITE: case DECL_PROPERTY: case DECL_OUTPUT:
        break;
    }
}

static bool comes_before(const struct mutant *a, const struct mutant *b)
{
    return a->edits[0].start < b->edits[0].start;
}

/* By insertion: stable, and almost sorted already. */
static void sort(struct mutants *mutants)
{
    for (size_t i = 1; i < mutants->count; i++) {
        struct mutant moved = mutants->items[i];
        size_t place = i;

        for (; place > 0 && comes_before(&moved, &mutants->items[place - 1]); place--)
            mutants->items[place] = mutants->items[place - 1];
        mutants->items[place] = moved;
    }
}

void mutants_of_program(struct arena *arena, const delib_program *program, size_t limit, struct mutants *out)
{
    struct mutating m = { .arena = arena, .program = program, .source = program->sources[0], .out = out };

    *out = (struct mutants){ .limit = limit };
    for (const struct decl *d = program->act.first; d; d = d->next)
        if (d->span.file == 0)
            mutate_decl(&m, d);
    sort(out);
}

struct slice mutant_text(struct arena *arena, const delib_program *program, const struct mutant *mutant)
{
    const struct source *source = program->sources[0];
    struct strbuf text = strbuf_in(arena);
    uint32_t at = 0;

    for (size_t i = 0; i < mutant->edit_count; i++) {
        strbuf_bytes(&text, source->bytes + at, mutant->edits[i].start - at);
        strbuf_slice(&text, mutant->edits[i].text);
        at = mutant->edits[i].end;
    }
    strbuf_bytes(&text, source->bytes + at, source->length - at);
    return strbuf_result(&text);
}
