/*
 * Bounds in words. A table of forms: whether each bound is there, and included.
 */
#include "titles.h"

#include "facts.h"

#include <string.h>

void strbuf_as_written(struct strbuf *out, const struct model *model, struct span span)
{
    struct slice text = source_slice(model->sources[span.file], span);
    bool space = false, any = false;

    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool blank = strchr(" \t\r\n", c) != NULL;

        if (!blank) {
            if (space && any)
                strbuf_char(out, ' ');
            strbuf_char(out, c);
            any = true;
        }
        space = blank;
    }
}

static void strbuf_bound(struct strbuf *out, const struct model *model, const struct type *key, const struct expr *e)
{
    if (key && e->facts && e->facts->constant)
        strbuf_typed_number(out, model, key, facts_low(e->facts));
    else
        strbuf_as_written(out, model, e->span);
}

/* What stands before, between and after the bounds: [low written and included…][high written and included…]. */
enum bound_form { BOUND_NONE, BOUND_EXCLUDED, BOUND_INCLUDED };

struct interval_words {
    const char *before, *between, *after;
};

static const struct interval_words NUMBERS[3][3] = {
    [BOUND_NONE] = { { "", "", "toute valeur" }, { "moins de ", "", "" }, { "", "", " ou moins" } },
    [BOUND_EXCLUDED] = { { "plus de ", "", "" }, { "plus de ", " et moins de ", "" },
                         { "plus de ", ", jusqu'à ", " inclus" } },
    [BOUND_INCLUDED] = { { "à partir de ", "", "" }, { "de ", " à moins de ", "" }, { "de ", " à ", " inclus" } },
};

static const struct interval_words DATES[3][3] = {
    [BOUND_NONE] = { { "", "", "toute date" }, { "avant le ", "", "" }, { "jusqu'au ", "", " inclus" } },
    [BOUND_EXCLUDED] = { { "après le ", "", "" }, { "après le ", " et avant le ", "" },
                         { "après le ", ", jusqu'au ", " inclus" } },
    [BOUND_INCLUDED] = { { "à partir du ", "", "" }, { "du ", " jusqu'avant le ", "" }, { "du ", " au ", " inclus" } },
};

static enum bound_form form_of(const struct expr *bound, bool included)
{
    return !bound ? BOUND_NONE : included ? BOUND_INCLUDED : BOUND_EXCLUDED;
}

static void strbuf_interval(struct strbuf *out, const struct model *model, const struct type *key,
                            const struct title *title)
{
    bool dates = key && key->kind == TYPE_DATE;
    enum bound_form low = form_of(title->low, title->low_included), high = form_of(title->high, title->high_included);
    const struct interval_words *words = dates ? &DATES[low][high] : &NUMBERS[low][high];

    if (title->beyond) {
        strbuf_text(out, "au-delà");
        return;
    }
    strbuf_text(out, words->before);
    if (title->low)
        strbuf_bound(out, model, key, title->low);
    strbuf_text(out, words->between);
    if (title->high)
        strbuf_bound(out, model, key, title->high);
    strbuf_text(out, words->after);
}

/* « extérieur », « lundi ou mardi ». */
static void strbuf_values(struct strbuf *out, const struct model *model, const struct type *key, const struct expr *e)
{
    if (e->kind != EXPR_BINARY || e->as.binary.op > OP_AND) {
        strbuf_bound(out, model, key, e);
        return;
    }
    strbuf_values(out, model, key, e->as.binary.left);
    strbuf_format(out, " %s ", tree_op_text(e->as.binary.op));
    strbuf_values(out, model, key, e->as.binary.right);
}

void strbuf_title(struct strbuf *out, const struct model *model, const struct type *key, const struct title *title)
{
    switch (title->kind) {
    case TITLE_VALUE: strbuf_values(out, model, key, title->value); break;
    case TITLE_INTERVAL: strbuf_interval(out, model, key, title); break;
    case TITLE_ABSENT: strbuf_text(out, "non communiqué"); break;
    case TITLE_FAILED: strbuf_text(out, "source indisponible"); break;
    case TITLE_BLANK: break;
    case TITLE_CONDITION: case TITLE_OTHERS: case TITLE_ERROR: strbuf_as_written(out, model, title->span); break;
    }
    if (title->or_absent)
        strbuf_text(out, " ou non communiqué");
}

static const struct title *interval_at(const struct table *table, size_t row)
{
    const struct title *title;

    if (row >= table->rows.count)
        return NULL;
    title = &table->rows.items[row].titles.items[0];
    return title->kind == TITLE_INTERVAL ? title : NULL;
}

/* As typing_tables.c chains the rows of a table « par seuils ». */
static struct title chained(const struct table *table, size_t row)
{
    struct title title = *interval_at(table, row);
    const struct title *before = row > 0 ? interval_at(table, row - 1) : NULL, *after = interval_at(table, row + 1);

    if (!title.high && after && after->low) {
        title.high = after->low;
        title.high_included = !after->low_included;
    } else if (!title.low && before && before->high) {
        title.low = before->high;
        title.low_included = !before->high_included;
    }
    return title;
}

void strbuf_row_title(struct strbuf *out, const struct model *model, const struct table *table, size_t row,
                      size_t column)
{
    const struct row *r = &table->rows.items[row];
    struct title title;

    if (column >= r->titles.count)           /* « non communiqué » stands for all the titles */
        return;
    title = r->titles.items[column];
    if (table->thresholds && column == 0 && title.kind == TITLE_INTERVAL)
        title = chained(table, row);
    strbuf_title(out, model, column < table->axes.count ? table->axes.items[column]->type : NULL, &title);
}
