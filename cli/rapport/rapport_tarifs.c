/*
 * Each tariff as it is computed, printed back from the typed tree: its tables with their bounds in words, its
 * exceptions, its steps, its other results, then the definitions that it reads.
 */
#include "rapport.h"

#include "lang/date.h"
#include "lang/titles.h"
#include "runtime/phrases.h"

/* ---- Words ---- */

static const struct model *model_of(const struct rapport *r)
{
    return &r->program->model;
}

static struct strbuf text_in(struct rapport *r)
{
    return strbuf_in(&r->run->arena);
}

static const char *text_of(const struct strbuf *text)
{
    return strbuf_string(text);
}

static struct slice label_of(const struct symbol *symbol)
{
    return symbol->label.length ? symbol->label : symbol->name.text;
}

/* A value: a constant in its unit, a name by its label, anything else as the text writes it. */
static const char *value_text(struct rapport *r, const struct expr *e)
{
    struct strbuf text = text_in(r);
    struct number value;

    if (!e)
        return "non prévu";
    if (e->kind == EXPR_OUTCOME)
        strbuf_outcome(&text, e);
    else if (e->type && e->facts && e->facts->constant && e->kind != EXPR_TEXT &&
             number_make(e->facts->lo, e->facts->den, &value))
        strbuf_typed_number(&text, model_of(r), e->type, value);
    else if (e->kind == EXPR_NAME && e->as.reference.symbol)
        strbuf_slice(&text, label_of(e->as.reference.symbol));
    else
        strbuf_as_written(&text, model_of(r), e->span);
    return text_of(&text);
}

static const char *title_text(struct rapport *r, const struct type *key, const struct title *title)
{
    struct strbuf text = text_in(r);

    strbuf_title(&text, model_of(r), key, title);
    return text_of(&text);
}

static const char *row_text(struct rapport *r, const struct table *table, size_t row, size_t column)
{
    struct strbuf text = text_in(r);

    /* A blank title repeats the one above: on a page it is said again, so that each line reads alone. */
    while (row > 0 && column < table->rows.items[row].titles.count &&
           table->rows.items[row].titles.items[column].kind == TITLE_BLANK)
        row--;
    strbuf_row_title(&text, model_of(r), table, row, column);
    return text_of(&text);
}

static const char *as_written(struct rapport *r, struct span span)
{
    struct strbuf text = text_in(r);

    strbuf_as_written(&text, model_of(r), span);
    return text_of(&text);
}

/* « article 3 « Les adultes… » (ligne 67) » */
static void write_citations(struct rapport *r, const struct citation *citation)
{
    for (; citation; citation = citation->next) {
        html_open(&r->html, "span");
        html_attribute(&r->html, "class", "citation");
        html_format(&r->html, " %.*s", SLICE_ARG(citation->place));
        if (citation->quote.length)
            html_format(&r->html, " « %.*s »", SLICE_ARG(citation->quote));
        html_close(&r->html);
    }
}

static void write_place(struct rapport *r, struct span span)
{
    if (span.file != 0)
        return;
    html_text(&r->html, " (");
    rapport_write_line(r, source_position(r->source, span.start).line);
    html_text(&r->html, ")");
}

/* ---- Tables ---- */

/* Tables found in the cells of a table, to be printed after it. */
struct inner_tables {
    struct { const char *caption; const struct expr *e; } *items;
    size_t count, capacity;
};

static void write_cell(struct rapport *r, const char *path, const char *title, const struct expr *e,
                       struct inner_tables *inner)
{
    struct strbuf caption = text_in(r);

    if (!e || e->kind != EXPR_TABLE) {
        html_element(&r->html, "td", e && e->type && e->type->kind == TYPE_NUMBER ? "nombre" : NULL, value_text(r, e));
        return;
    }
    strbuf_format(&caption, "%s%s%s", path, *path ? ", " : "", title);
    html_element(&r->html, "td", "discret", "tableau ci-dessous");
    if (arena_push(&r->run->arena, inner))
        inner->items[inner->count - 1].caption = text_of(&caption), inner->items[inner->count - 1].e = e;
}

static void write_axis(struct rapport *r, const struct expr *axis)
{
    html_open(&r->html, "th");
    html_attribute(&r->html, "scope", "col");
    html_text(&r->html, axis ? value_text(r, axis) : "");
    html_close(&r->html);
}

static const char *kind_of(const struct table *table)
{
    return table->progressive ? "barème progressif" : table->interpolated ? "barème interpolé" : NULL;
}

static const char *unit_text(struct rapport *r, const struct expr *e)
{
    struct strbuf text = text_in(r);

    if (e->type)
        strbuf_unit(&text, model_of(r), e->type);
    return text.bytes && text.length ? text.bytes : "valeur";
}

static void write_head(struct rapport *r, const struct expr *e)
{
    const struct table *table = e->as.table;

    html_open(&r->html, "thead");
    html_open(&r->html, "tr");
    for (size_t i = 0; i < (table->title_columns ? table->title_columns : 1); i++)
        write_axis(r, i < table->axes.count ? table->axes.items[i] : NULL);
    for (size_t c = 0; c < table->columns.count; c++) {
        html_open(&r->html, "th");
        html_attribute(&r->html, "scope", "col");
        html_text(&r->html, title_text(r, table->axes.count ? table->axes.items[table->axes.count - 1]->type : NULL,
                                       &table->columns.items[c]));
        html_close(&r->html);
    }
    if (!table->columns.count) {
        html_open(&r->html, "th");
        html_attribute(&r->html, "scope", "col");
        html_text(&r->html, unit_text(r, e));
        html_close(&r->html);
    }
    html_close(&r->html);
    html_close(&r->html);
}

static void write_row(struct rapport *r, const char *path, const struct table *table, size_t number,
                      struct inner_tables *inner)
{
    const struct row *row = &table->rows.items[number];
    size_t columns = table->columns.count ? table->columns.count : 1;

    html_open(&r->html, "tr");
    for (size_t i = 0; i < (table->title_columns ? table->title_columns : 1); i++)
        html_row_title(&r->html, row_text(r, table, number, i));
    for (size_t c = 0; c < row->cells.count; c++) {
        if (row->cells.count == 1 && columns > 1) {
            /* One value for the whole line. */
            html_open(&r->html, "td");
            html_attribute_format(&r->html, "colspan", "%zu", columns);
            html_text(&r->html, value_text(r, row->cells.items[0]));
            html_close(&r->html);
            break;
        }
        write_cell(r, path, row_text(r, table, number, 0), row->cells.items[c], inner);
    }
    html_close(&r->html);
}

static void write_table(struct rapport *r, const char *path, const struct expr *e)
{
    const struct table *table = e->as.table;
    struct inner_tables inner = { 0 };
    struct strbuf caption = text_in(r);

    strbuf_format(&caption, "%s%s%s", path, *path && kind_of(table) ? " : " : "", kind_of(table) ? kind_of(table) : "");
    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_open(&r->html, "table");
    if (caption.length)
        html_element(&r->html, "caption", NULL, caption.bytes);
    write_head(r, e);
    html_open(&r->html, "tbody");
    for (size_t i = 0; i < table->rows.count; i++)
        write_row(r, path, table, i, &inner);
    html_table_end(&r->html);
    html_close(&r->html);
    for (size_t i = 0; i < inner.count; i++)
        write_table(r, inner.items[i].caption, inner.items[i].e);
}

static void write_value(struct rapport *r, const struct expr *e);

/* « la plus favorable de », one line for each alternative. */
static void write_best(struct rapport *r, const struct expr *e)
{
    static const char *const MODES[] = {
        [BEST_FAVORABLE] = "La plus favorable de :", [BEST_UNFAVORABLE] = "La moins favorable de :",
        [BEST_LOWEST] = "Le plus petit de :", [BEST_HIGHEST] = "Le plus élevé de :",
    };

    html_element(&r->html, "p", NULL, MODES[e->as.best.mode]);
    html_open(&r->html, "ul");
    for (size_t i = 0; i < e->as.best.alternatives.count; i++) {
        const struct alternative *a = &e->as.best.alternatives.items[i];

        html_open(&r->html, "li");
        if (a->condition)
            html_format(&r->html, "si %s :", as_written(r, a->condition->span));
        write_value(r, a->value);
        html_close(&r->html);
    }
    html_close(&r->html);
}

/* A value that is a table, a choice, or that is said in a line. Deep choices are quoted: a page has its limits. */
static void write_value(struct rapport *r, const struct expr *e)
{
    if (e->kind == EXPR_TABLE)
        write_table(r, "", e);
    else if (e->kind == EXPR_BEST && r->html.depth < HTML_DEPTH / 2)
        write_best(r, e);
    else
        html_element(&r->html, "p", NULL, value_text(r, e));
}

/* ---- Clauses ---- */

/* « ; non communiqué : 5,60 € » */
static void write_clause(struct rapport *r, const char *name, const struct expr *value)
{
    if (value)
        html_format(&r->html, " ; %s : %s", name, value_text(r, value));
}

static void write_clauses(struct rapport *r, const struct clauses *clauses)
{
    write_clause(r, "non communiqué", clauses->absent);
    write_clause(r, "source indisponible", clauses->failed);
    write_clause(r, "résultat négatif", clauses->negative);
    for (size_t i = 0; i < clauses->prevails.count; i++)
        html_format(&r->html, "%s%.*s", i ? ", " : " ; l'emporte sur ", SLICE_ARG(clauses->prevails.items[i].text));
    html_text(&r->html, ".");
    write_citations(r, clauses->citation);
}

static void write_exception(struct rapport *r, const struct exception *e)
{
    html_open(&r->html, "li");
    if (e->name.text.length)
        html_element_format(&r->html, "strong", NULL, "%.*s", SLICE_ARG(e->name.text));
    html_format(&r->html, "%ssi %s : ", e->name.text.length ? ", " : "", as_written(r, e->condition->span));
    html_text(&r->html, e->value->kind == EXPR_TABLE ? "le tableau suivant" : value_text(r, e->value));
    html_text(&r->html, e->final ? ", sans réduction ni majoration" : "");
    write_clauses(r, &e->clauses);
    write_place(r, e->span);
    if (e->value->kind == EXPR_TABLE)
        write_table(r, "", e->value);
    html_close(&r->html);
}

/* In the order of evaluation: the first whose condition is true replaces the price. */
static void write_exceptions(struct rapport *r, const struct decl *decl)
{
    size_t count = decl->as.tariff.exceptions.count;

    if (!count)
        return;
    html_heading(&r->html, 4, NULL, count > 1 ? "Exceptions, dans l'ordre où elles sont examinées" : "Exception");
    html_open(&r->html, "ol");
    for (size_t rank = 0; rank < count; rank++)
        for (size_t i = 0; i < count; i++)
            if (decl->as.tariff.exceptions.items[i].order == rank)
                write_exception(r, &decl->as.tariff.exceptions.items[i]);
    html_close(&r->html);
}

/* « réduction de 20 % du prix obtenu » */
static void write_operation(struct rapport *r, const struct step *step)
{
    static const char *const BASES[] = {
        [STEP_BASE_UNSAID] = "", [STEP_BASE_INITIAL] = " du prix de base", [STEP_BASE_CURRENT] = " du prix obtenu",
    };
    bool factor = step->kind == STEP_MULTIPLY || step->kind == STEP_DIVIDE;

    if (step->kind == STEP_ROUND) {
        html_text(&r->html, as_written(r, step->rounding->span));
        return;
    }
    html_format(&r->html, "%s %s ", tree_step_word(step->kind), factor ? "par" : "de");
    html_text(&r->html, step->value->kind == EXPR_TABLE ? "la valeur du tableau suivant" : value_text(r, step->value));
    html_text(&r->html, BASES[step->base]);
}

static void write_step(struct rapport *r, const struct step *step)
{
    html_open(&r->html, "li");
    write_operation(r, step);
    if (step->condition)
        html_format(&r->html, ", si %s", as_written(r, step->condition->span));
    write_clauses(r, &step->clauses);
    write_place(r, step->span);
    if (step->value && step->value->kind == EXPR_TABLE)
        write_table(r, "", step->value);
    html_close(&r->html);
}

static void write_steps(struct rapport *r, const struct decl *decl)
{
    if (!decl->as.tariff.steps.count)
        return;
    html_heading(&r->html, 4, NULL, "Puis, dans l'ordre");
    html_open(&r->html, "ol");
    for (size_t i = 0; i < decl->as.tariff.steps.count; i++)
        write_step(r, &decl->as.tariff.steps.items[i]);
    html_close(&r->html);
}

/* ---- Tariffs ---- */

static void write_price(struct rapport *r, const struct decl *decl)
{
    html_heading(&r->html, 4, NULL, "Prix");
    write_value(r, decl->as.tariff.price);
    html_open(&r->html, "p");
    html_attribute(&r->html, "class", "discret");
    html_text(&r->html, "Prix écrit ");
    rapport_write_line(r, source_position(r->source, decl->as.tariff.price_span.start).line);
    write_clauses(r, &decl->as.tariff.price_clauses);
    html_close(&r->html);
}

static void write_definition(struct rapport *r, const struct decl *decl, unsigned level)
{
    html_open(&r->html, level == 4 ? "h4" : "h5");
    html_slice(&r->html, decl->label.length ? decl->label : decl->name.text);
    html_close(&r->html);
    write_value(r, decl->as.let.value);
    html_open(&r->html, "p");
    html_attribute(&r->html, "class", "discret");
    html_format(&r->html, "%s « %.*s », ", tree_decl_word(decl->kind), SLICE_ARG(decl->name.text));
    rapport_write_line(r, source_position(r->source, decl->span.start).line);
    write_clauses(r, &decl->clauses);
    html_close(&r->html);
}

static void write_list(struct rapport *r, const char *title, const struct decl *list)
{
    if (!list)
        return;
    html_heading(&r->html, 4, NULL, title);
    for (; list; list = list->next)
        write_definition(r, list, 5);
}

/* « du 1er janvier 2021 au 31 août 2024 » */
static void write_period(struct rapport *r, struct period period)
{
    struct strbuf text = text_in(r);

    if (!period.written)
        return;
    strbuf_text(&text, period.from.year && period.to.year ? "du " : period.from.year ? "à compter du " : "jusqu'au ");
    if (period.from.year)
        strbuf_date(&text, period.from);
    strbuf_text(&text, period.from.year && period.to.year ? " au " : "");
    if (period.to.year)
        strbuf_date(&text, period.to);
    html_format(&r->html, " ; applicable %s", text_of(&text));
}

static void write_version(struct rapport *r, const struct tariff_code *tariff, const struct tariff_version *version)
{
    const struct decl *decl = version->source->decl;

    html_open(&r->html, "h3");
    html_text(&r->html, tariff->label[0] ? tariff->label : tariff->name);
    html_close(&r->html);
    html_open(&r->html, "p");
    html_format(&r->html, "Tarif « %s »", tariff->name);
    if (version->unit && *version->unit)
        html_format(&r->html, ", en %s", version->unit);
    write_period(r, version->source->period);
    html_format(&r->html, " ; finalité : %s.", version->finalite ? version->finalite : "non dite");
    html_close(&r->html);
    write_list(r, "Définitions du tarif", decl->as.tariff.lets);
    if (decl->as.tariff.price)
        write_price(r, decl);
    write_exceptions(r, decl);
    write_steps(r, decl);
    write_list(r, "Autres résultats", decl->as.tariff.outputs);
}

/* ---- What tariffs share ---- */

static void write_table_decl(struct rapport *r, const struct decl *decl, struct table *table)
{
    struct expr e = { .kind = EXPR_TABLE, .span = decl->span, .as.table = table };

    html_open(&r->html, "h4");
    html_slice(&r->html, decl->label.length ? decl->label : decl->name.text);
    html_close(&r->html);
    write_table(r, "", &e);
}

/* Declarations of the file that several tariffs may read. */
static void write_shared(struct rapport *r)
{
    bool any = false;

    for (struct decl *decl = r->program->act.first; decl; decl = decl->next) {
        bool shown = decl->kind == DECL_LET || decl->kind == DECL_TRANCHES || decl->kind == DECL_TABLEAU;

        if (!shown || decl->span.file != 0)
            continue;
        if (!any)
            html_heading(&r->html, 3, NULL, "Définitions communes");
        any = true;
        if (decl->kind == DECL_LET)
            write_definition(r, decl, 4);
        else
            write_table_decl(r, decl, decl->kind == DECL_TRANCHES ? decl->as.tranches.table : decl->as.tableau.table);
    }
}

void rapport_write_tariffs(struct rapport *r)
{
    for (size_t t = 0; t < r->program->tariff_count; t++)
        for (size_t v = 0; v < r->program->tariffs[t].version_count; v++)
            if (r->program->tariffs[t].versions[v].source->decl->span.file == 0)
                write_version(r, &r->program->tariffs[t], &r->program->tariffs[t].versions[v]);
    write_shared(r);
}
