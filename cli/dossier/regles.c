/*
 * Rules told in French. Values are those that the checks understood; what has no wording of its own is quoted.
 */
#include "regles.h"

#include "lang/purpose.h"
#include "lang/titles.h"
#include "lang/walk.h"
#include "runtime/phrases.h"

struct teller {
    struct document *out;
    struct arena *arena;
    const struct delib_program *program;
    const struct tariff_code *tariff;
};

static struct teller teller_of(struct document *out, const struct delib_program *program, size_t tariff)
{
    return (struct teller){ out, out->arena, program, &program->tariffs[tariff] };
}

static const char *text_of(const struct strbuf *b)
{
    return strbuf_string(b);
}

static const char *format_in(struct arena *arena, const char *pattern, ...) __attribute__((format(printf, 2, 3)));

static const char *format_in(struct arena *arena, const char *pattern, ...)
{
    struct strbuf text = strbuf_in(arena);
    va_list args;

    va_start(args, pattern);
    strbuf_vformat(&text, pattern, args);
    va_end(args);
    return text_of(&text);
}

/* ---- Words ---- */

static const char *value_text(struct teller *t, const struct expr *e)
{
    struct strbuf text = strbuf_in(t->arena);

    if (!e)
        return "non prévu";
    if (e->kind == EXPR_OUTCOME)
        strbuf_outcome(&text, e);
    else
        strbuf_expression(&text, t->program, e);
    return text_of(&text);
}

static const char *condition_text(struct teller *t, const struct expr *e)
{
    struct strbuf text = strbuf_in(t->arena);

    strbuf_condition(&text, t->program, e);
    return text_of(&text);
}

/* « article 3 « Les adultes… » » */
static const char *citation_text(struct teller *t, const struct citation *citation)
{
    struct strbuf text = strbuf_in(t->arena);

    for (const struct citation *c = citation; c; c = c->next) {
        strbuf_format(&text, "%s%.*s", c == citation ? "" : " ; ", SLICE_ARG(c->place));
        if (c->quote.length)
            strbuf_format(&text, "%s« %.*s »", c->place.length ? " " : "", SLICE_ARG(c->quote));
    }
    return text_of(&text);
}

/* Its citation, or the heading above it in a literate act. */
static void add_note(struct teller *t, const struct citation *citation, struct span span)
{
    const struct heading *heading = span.file == 0 ? literate_heading(&t->program->literate, span.start) : NULL;

    if (citation)
        document_note(t->out, citation_text(t, citation));
    else if (heading)
        document_note(t->out, arena_copy_text(t->arena, heading->text.bytes, heading->text.length));
}

/* ---- Tables ---- */

/* Tables met in the cells of a table: printed after it. */
struct inner {
    struct { const char *caption; const struct expr *e; } *items;
    size_t count, capacity;
};

static void write_table(struct teller *t, const char *caption, const struct expr *e);

static const char *cell_text(struct teller *t, const char *caption, const char *title, const struct expr *e,
                             struct inner *inner)
{
    struct strbuf text = strbuf_in(t->arena);

    if (!e || e->kind != EXPR_TABLE)
        return value_text(t, e);
    strbuf_format(&text, "%s, %s", caption, title);
    if (arena_push(t->arena, inner)) {
        inner->items[inner->count - 1].caption = text_of(&text);
        inner->items[inner->count - 1].e = e;
    }
    return "tableau ci-après";
}

static const char *axis_title(struct teller *t, const struct expr *axis)
{
    struct strbuf text = strbuf_in(t->arena);

    if (axis && axis->kind == EXPR_NAME && axis->as.reference.symbol)
        strbuf_slice(&text, symbol_words(axis->as.reference.symbol));
    else if (axis)
        strbuf_expression(&text, t->program, axis);
    return text.length ? text_of(&text) : "Cas";
}

static const char *unit_title(struct teller *t, const struct expr *e)
{
    struct strbuf text = strbuf_in(t->arena);

    if (e->type)
        strbuf_unit(&text, &t->program->model, e->type);
    return text.length ? text_of(&text) : "Valeur";
}

static const char *column_title(struct teller *t, const struct table *table, size_t column)
{
    const struct expr *axis = table->axes.count ? table->axes.items[table->axes.count - 1] : NULL;
    struct strbuf text = strbuf_in(t->arena);

    strbuf_title(&text, &t->program->model, axis ? axis->type : NULL, &table->columns.items[column]);
    return text_of(&text);
}

static size_t titles_of(const struct table *table)
{
    return table->title_columns ? table->title_columns : 1;
}

static void open_table(struct teller *t, const char *caption, const struct expr *e)
{
    const struct table *table = e->as.table;
    size_t titles = titles_of(table), values = table->columns.count ? table->columns.count : 1;
    struct column *columns = arena_array(t->arena, struct column, titles + values);

    for (size_t i = 0; i < titles; i++)
        columns[i].title = axis_title(t, i < table->axes.count ? table->axes.items[i] : NULL);
    for (size_t i = 0; i < values; i++)
        columns[titles + i] =
            (struct column){table->columns.count ? column_title(t, table, i) : unit_title(t, e), true};
    document_table(t->out, caption, columns, titles + values);
}

/* A blank title is that of the row above: said again, so that each row can be read alone. */
static const char *title_text(struct teller *t, const struct table *table, size_t row, size_t column)
{
    struct strbuf title = strbuf_in(t->arena);

    strbuf_row_title(&title, &t->program->model, table, row, column);
    return title.length || row == 0 ? text_of(&title) : title_text(t, table, row - 1, column);
}

static void write_row(struct teller *t, const char *caption, const struct table *table, size_t row, struct inner *inner)
{
    size_t titles = titles_of(table), values = table->columns.count ? table->columns.count : 1;
    const char **cells = arena_array(t->arena, const char *, titles + values);
    const struct row *r = &table->rows.items[row];

    for (size_t i = 0; i < titles; i++)
        cells[i] = title_text(t, table, row, i);
    for (size_t i = 0; i < values; i++)       /* one value for the whole line stands in each column */
        cells[titles + i] = cell_text(t, caption, cells[0],
                                      r->cells.count ? r->cells.items[r->cells.count == 1 ? 0 : i] : NULL,
                                      i == 0 || r->cells.count > 1 ? inner : &(struct inner){ 0 });
    document_row(t->out, cells);
}

static void write_table(struct teller *t, const char *caption, const struct expr *e)
{
    const struct table *table = e->as.table;
    struct strbuf whole = strbuf_in(t->arena);
    struct inner inner = { 0 };

    strbuf_format(&whole, "%s%s", caption,
                  table->progressive ? " (barème progressif)" : table->interpolated ? " (barème interpolé)" : "");
    open_table(t, text_of(&whole), e);
    for (size_t i = 0; i < table->rows.count; i++)
        write_row(t, caption, table, i, &inner);
    for (size_t i = 0; i < inner.count; i++)
        write_table(t, inner.items[i].caption, inner.items[i].e);
}

/* ---- Parameters ---- */

/* A table, the tables of a best-of, or what a line says. */
static void write_value(struct teller *t, const char *name, const struct expr *e, const struct citation *citation)
{
    if (e->kind == EXPR_TABLE) {
        write_table(t, name, e);
        return;
    }
    document_add(t->out, BLOCK_ITEM, "%s : %s", name, value_text(t, e));
    add_note(t, citation, e->span);
}

static const char *name_of(struct teller *t, struct slice label, struct slice name)
{
    struct slice words = label.length ? label : name;

    return arena_copy_text(t->arena, words.bytes ? words.bytes : "", words.length);
}

static void write_let(struct teller *t, const struct decl *decl)
{
    write_value(t, name_of(t, decl->label, decl->name.text), decl->as.let.value, decl->clauses.citation);
}

static void write_grid(struct teller *t, const struct decl *decl, struct table *table)
{
    struct expr e = { .kind = EXPR_TABLE, .span = decl->span, .as.table = table };

    write_table(t, name_of(t, decl->label, decl->name.text), &e);
}

static void write_national(struct teller *t, const struct decl *decl)
{
    struct strbuf text = strbuf_in(t->arena);

    strbuf_format(&text, "%s", name_of(t, decl->label, decl->name.text));
    if (decl->as.national.period.from.year || decl->as.national.period.to.year) {
        strbuf_text(&text, ", ");
        strbuf_period(&text, decl->as.national.period);
    }
    document_add(t->out, BLOCK_ITEM, "%s : %s", text_of(&text), value_text(t, decl->as.national.value));
    if (decl->as.national.origin.length)
        document_note(t->out,
                      arena_copy_text(t->arena, decl->as.national.origin.bytes, decl->as.national.origin.length));
}

static void write_function(struct teller *t, const struct decl *decl)
{
    write_value(t, name_of(t, decl->label, decl->name.text), decl->as.function.value, decl->clauses.citation);
}

/* Does a version of the tariff name it, directly or through its definitions? */
static bool is_read(const struct teller *t, const struct symbol *symbol)
{
    for (size_t v = 0; v < t->tariff->version_count; v++)
        if (purpose_place(t->tariff->versions[v].source->decl, symbol))
            return true;
    return false;
}

static void write_shared(struct teller *t, const struct decl *decl)
{
    if (decl->kind == DECL_LET)
        write_let(t, decl);
    else if (decl->kind == DECL_TABLEAU)
        write_grid(t, decl, decl->as.tableau.table);
    else if (decl->kind == DECL_TRANCHES)
        write_grid(t, decl, decl->as.tranches.table);
    else if (decl->kind == DECL_NATIONAL)
        write_national(t, decl);
    else if (decl->kind == DECL_FUNCTION)
        write_function(t, decl);
}

/* The tables of exceptions and steps are parameters as well. */
static void write_tables(struct teller *t, const struct decl *decl)
{
    for (size_t i = 0; i < decl->as.tariff.exceptions.count; i++) {
        const struct exception *e = &decl->as.tariff.exceptions.items[i];

        if (e->value->kind == EXPR_TABLE)
            write_table(t, format_in(t->arena, "Par exception, si %s", condition_text(t, e->condition)), e->value);
    }
    for (size_t i = 0; i < decl->as.tariff.steps.count; i++) {
        const struct step *step = &decl->as.tariff.steps.items[i];

        if (step->value && step->value->kind == EXPR_TABLE)
            write_table(t, format_in(t->arena, "%s, opération n° %zu", tree_step_word(step->kind), i + 1), step->value);
    }
}

static const char *version_caption(struct teller *t, const struct tariff_version *v)
{
    struct strbuf text = strbuf_in(t->arena);

    strbuf_text(&text, "Prix");
    if (v->unit && *v->unit)
        strbuf_format(&text, " en %s", v->unit);
    if (v->source->period.written) {
        strbuf_text(&text, ", ");
        strbuf_period(&text, v->source->period);
    }
    return text_of(&text);
}

void regles_write_parameters(struct document *out, const struct delib_program *program, size_t tariff)
{
    struct teller t = teller_of(out, program, tariff);

    for (size_t v = 0; v < t.tariff->version_count; v++) {
        const struct decl *decl = t.tariff->versions[v].source->decl;

        if (decl->as.tariff.price)
            write_value(&t, version_caption(&t, &t.tariff->versions[v]), decl->as.tariff.price,
                        decl->as.tariff.price_clauses.citation);
        for (const struct decl *let = decl->as.tariff.lets; let; let = let->next)
            write_let(&t, let);
        write_tables(&t, decl);
    }
    for (const struct decl *decl = program->act.first; decl; decl = decl->next)
        if (decl->symbol && is_read(&t, decl->symbol))
            write_shared(&t, decl);
}

/* ---- Operations ---- */

static void strbuf_clause(struct teller *t, struct strbuf *out, const char *name, const struct expr *value)
{
    if (value)
        strbuf_format(out, " ; %s : %s", name, value->kind == EXPR_TABLE ? "tableau" : value_text(t, value));
}

static void strbuf_clauses(struct teller *t, struct strbuf *out, const struct clauses *clauses)
{
    strbuf_clause(t, out, "si la donnée n'est pas communiquée", clauses->absent);
    strbuf_clause(t, out, "si la source ne répond pas", clauses->failed);
    strbuf_clause(t, out, "si le résultat est négatif", clauses->negative);
    strbuf_char(out, '.');
}

static const char *short_value(struct teller *t, const struct expr *e)
{
    return e->kind == EXPR_TABLE ? "la valeur du tableau donné plus haut" : value_text(t, e);
}

static void write_exception(struct teller *t, const struct exception *e)
{
    struct strbuf text = strbuf_in(t->arena);

    strbuf_format(&text, "Par exception, si %s : %s%s", condition_text(t, e->condition), short_value(t, e->value),
                  e->final ? ", sans réduction ni majoration" : "");
    strbuf_clauses(t, &text, &e->clauses);
    document_add(t->out, BLOCK_STEP, "%s", text_of(&text));
    add_note(t, e->clauses.citation, e->span);
}

static void write_exceptions(struct teller *t, const struct decl *decl)
{
    size_t count = decl->as.tariff.exceptions.count;

    for (size_t rank = 0; rank < count; rank++)
        for (size_t i = 0; i < count; i++)
            if (decl->as.tariff.exceptions.items[i].order == rank)
                write_exception(t, &decl->as.tariff.exceptions.items[i]);
}

static void write_price(struct teller *t, const struct decl *decl)
{
    struct strbuf text = strbuf_in(t->arena);

    if (!decl->as.tariff.price)
        return;
    strbuf_format(&text, "%s : %s",
                  decl->as.tariff.exceptions.count ? "Sinon, le prix de départ est" : "Le prix de départ est",
                  short_value(t, decl->as.tariff.price));
    strbuf_clauses(t, &text, &decl->as.tariff.price_clauses);
    document_add(t->out, BLOCK_STEP, "%s", text_of(&text));
    add_note(t, decl->as.tariff.price_clauses.citation, decl->as.tariff.price_span);
}

/* « Une réduction de 20 % du prix obtenu s'applique, si… » */
static void strbuf_operation(struct teller *t, struct strbuf *out, const struct step *step)
{
    static const struct { const char *before, *after; } WORDS[] = {
        [STEP_REDUCTION] = { "Une réduction de ", " s'applique" },
        [STEP_MAJORATION] = { "Une majoration de ", " s'applique" },
        [STEP_SUPPLEMENT] = { "Un supplément s'ajoute : ", "" },
        [STEP_DEDUCTION] = { "Une somme est déduite : ", "" },
        [STEP_FLOOR] = { "Le résultat ne peut pas être inférieur à ", "" },
        [STEP_CEILING] = { "Le résultat ne peut pas dépasser ", "" },
        [STEP_MULTIPLY] = { "Le résultat est multiplié par ", "" },
        [STEP_DIVIDE] = { "Le résultat est divisé par ", "" },
    };
    static const char *const BASES[] = {
        [STEP_BASE_UNSAID] = "", [STEP_BASE_INITIAL] = " du prix de base", [STEP_BASE_CURRENT] = " du prix obtenu",
    };

    if (step->kind == STEP_ROUND) {
        strbuf_text(out, "Le résultat est ");
        strbuf_words(out, t->program, step->rounding->span);
        return;
    }
    strbuf_format(out, "%s%s%s%s", WORDS[step->kind].before, short_value(t, step->value), BASES[step->base],
                  WORDS[step->kind].after);
}

static void write_step(struct teller *t, const struct step *step)
{
    struct strbuf text = strbuf_in(t->arena);

    strbuf_operation(t, &text, step);
    if (step->condition)
        strbuf_format(&text, ", si %s", condition_text(t, step->condition));
    strbuf_clauses(t, &text, &step->clauses);
    document_add(t->out, BLOCK_STEP, "%s", text_of(&text));
    add_note(t, step->clauses.citation, step->span);
}

static void write_output(struct teller *t, const struct decl *decl)
{
    document_add(t->out, BLOCK_STEP, "Autre résultat, « %s » : %s.", name_of(t, decl->label, decl->name.text),
                 decl->as.let.value ? short_value(t, decl->as.let.value) : "non prévu");
    add_note(t, decl->clauses.citation, decl->span);
}

void regles_write_operations(struct document *out, const struct delib_program *program, size_t tariff)
{
    struct teller t = teller_of(out, program, tariff);

    for (size_t v = 0; v < t.tariff->version_count; v++) {
        const struct tariff_version *version = &t.tariff->versions[v];
        const struct decl *decl = version->source->decl;

        if (t.tariff->version_count > 1)
            document_add(out, BLOCK_PARAGRAPH, "%s", version_caption(&t, version));
        write_exceptions(&t, decl);
        write_price(&t, decl);
        for (size_t i = 0; i < decl->as.tariff.steps.count; i++)
            write_step(&t, &decl->as.tariff.steps.items[i]);
        for (const struct decl *output = decl->as.tariff.outputs; output; output = output->next)
            write_output(&t, output);
    }
}

/* ---- Ends ---- */

typedef void (*end_visitor)(void *context, const struct expr *end);

/* Each « non prévu » or « sur décision individuelle » that is written, with its reason. */
struct ends {
    end_visitor visit;
    void *context;
};

static void find_end(void *context, const struct expr *e)
{
    struct ends *ends = context;

    if (e->kind == EXPR_OUTCOME && e->as.outcome.outcome <= OUTCOME_DECISION && e->as.outcome.reason.length)
        ends->visit(ends->context, e);
    expr_parts(e, find_end, context);
}

static void find_in(struct ends *ends, const struct expr *e)
{
    if (e)
        find_end(ends, e);
}

static void find_ends(const struct tariff_code *tariff, end_visitor visit, void *context)
{
    struct ends ends = { visit, context };

    for (size_t v = 0; v < tariff->version_count; v++) {
        const struct decl *decl = tariff->versions[v].source->decl;

        find_in(&ends, decl->as.tariff.price);
        find_in(&ends, decl->as.tariff.price_clauses.absent);
        find_in(&ends, decl->as.tariff.price_clauses.failed);
        for (size_t i = 0; i < decl->as.tariff.exceptions.count; i++) {
            find_in(&ends, decl->as.tariff.exceptions.items[i].value);
            find_in(&ends, decl->as.tariff.exceptions.items[i].clauses.absent);
        }
        for (const struct decl *let = decl->as.tariff.lets; let; let = let->next)
            find_in(&ends, let->as.let.value);
    }
}

static void write_end(void *context, const struct expr *end)
{
    struct teller *t = context;

    document_add(t->out, BLOCK_ITEM, "%s", value_text(t, end));
    add_note(t, NULL, end->span);
}

void regles_write_ends(struct document *out, const struct delib_program *program, size_t tariff)
{
    struct teller t = teller_of(out, program, tariff);

    find_ends(t.tariff, write_end, &t);
}

static void note_end(void *context, const struct expr *end)
{
    *(bool *)context = end != NULL;
}

bool regles_has_ends(const struct delib_program *program, size_t tariff)
{
    bool any = false;

    find_ends(&program->tariffs[tariff], note_end, &any);
    return any;
}
