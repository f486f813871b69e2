/*
 * Documents in HTML: one standalone page.
 */
#include "document.h"
#include "html.h"

static void write_cells(struct html *html, const struct block *table, const char *const *cells)
{
    html_open(html, "tr");
    html_row_title(html, cells[0]);
    for (size_t c = 1; c < table->column_count; c++)
        html_element(html, "td", table->columns[c].number ? "nombre" : NULL, cells[c]);
    html_close(html);
}

static void write_table(struct html *html, struct arena *arena, const struct block *table)
{
    const char **titles = arena_array(arena, const char *, table->column_count);

    for (size_t c = 0; c < table->column_count; c++)
        titles[c] = table->columns[c].title;
    html_open(html, "div");
    html_attribute(html, "class", "large");
    html_table(html, NULL, table->text, titles, table->column_count);
    for (size_t r = 0; r < table->rows.count; r++)
        write_cells(html, table, table->rows.items[r]);
    html_table_end(html);
    html_close(html);
}

/* ---- Bar charts ---- */

enum { CHART_WIDTH = 600, LABELS = 200, BARS = 260, BAR_HEIGHT = 16, BAR_GAP = 3, ROW_GAP = 9, KEY_HEIGHT = 24 };

static size_t bars_of(const struct block *chart)
{
    return chart->column_count - 1;
}

static unsigned row_top(const struct block *chart, size_t row)
{
    return (unsigned)((bars_of(chart) > 1 ? KEY_HEIGHT : 0) +
                      row * (bars_of(chart) * (BAR_HEIGHT + BAR_GAP) + ROW_GAP));
}

/* For who does not see the drawing: « moins de 300 : Avant 1,20 €, Après 1,30 € ; … » */
static void describe_chart(struct html *html, struct arena *arena, const struct block *chart)
{
    html_open(html, "desc");
    for (size_t r = 0; r < chart->rows.count; r++) {
        html_format(html, "%s%s : ", r ? " ; " : "", chart->rows.items[r][0]);
        for (size_t c = 1; c < chart->column_count; c++)
            html_format(html, "%s%s%s%s", c > 1 ? ", " : "", bars_of(chart) > 1 ? chart->columns[c].title : "",
                        bars_of(chart) > 1 ? " " : "", document_bar_text(arena, chart, r, c));
    }
    html_close(html);
}

static void write_label(struct html *html, unsigned x, unsigned y, const char *anchor, const char *text)
{
    html_open(html, "text");
    html_attribute_format(html, "x", "%u", x);
    html_attribute_format(html, "y", "%u", y + BAR_HEIGHT - 4);
    if (anchor)
        html_attribute(html, "text-anchor", anchor);
    html_text(html, text);
    html_close(html);
}

/* Of several bars, the last one is dark. */
static void write_rect(struct html *html, const struct block *chart, size_t column, unsigned x, unsigned y,
                       unsigned width)
{
    html_open(html, "rect");
    html_attribute(html, "class", column + 1 < chart->column_count ? "barre pale" : "barre");
    html_attribute_format(html, "x", "%u", x);
    html_attribute_format(html, "y", "%u", y);
    html_attribute_format(html, "width", "%u", width);
    html_attribute_format(html, "height", "%d", BAR_HEIGHT);
    html_close(html);
}

static void write_key(struct html *html, const struct block *chart)
{
    for (size_t c = 1; bars_of(chart) > 1 && c < chart->column_count; c++) {
        unsigned x = LABELS + (unsigned)(c - 1) * 110;

        write_rect(html, chart, c, x, 0, BAR_HEIGHT);
        write_label(html, x + BAR_HEIGHT + 6, 0, NULL, chart->columns[c].title);
    }
}

static void write_bars(struct html *html, struct arena *arena, const struct block *chart, size_t row)
{
    unsigned y = row_top(chart, row);

    write_label(html, LABELS - 10, y + (unsigned)(bars_of(chart) - 1) * (BAR_HEIGHT + BAR_GAP) / 2, "end",
                chart->rows.items[row][0]);
    for (size_t c = 1; c < chart->column_count; c++) {
        unsigned width = document_bar_length(chart, row, c) * BARS / 1000;

        write_rect(html, chart, c, LABELS, y, width);
        write_label(html, LABELS + width + 6, y, NULL, document_bar_text(arena, chart, row, c));
        y += BAR_HEIGHT + BAR_GAP;
    }
}

static void write_chart(struct html *html, struct arena *arena, const struct block *chart)
{
    html_open(html, "figure");
    html_element(html, "figcaption", NULL, chart->text);
    html_open(html, "svg");
    html_attribute(html, "class", "graphique");
    html_attribute(html, "role", "img");
    html_attribute_format(html, "viewBox", "0 0 %d %u", CHART_WIDTH, row_top(chart, chart->rows.count));
    html_element(html, "title", NULL, chart->text);
    describe_chart(html, arena, chart);
    write_key(html, chart);
    for (size_t r = 0; r < chart->rows.count; r++)
        write_bars(html, arena, chart, r);
    html_close(html);
    html_close(html);
}

/* ---- Blocks ---- */

static void write_text(struct html *html, const struct block *block)
{
    static const char *const ELEMENTS[] = {
        [BLOCK_HEADING] = "h2", [BLOCK_AMOUNT] = "p", [BLOCK_FACT] = "dt",
        [BLOCK_PARAGRAPH] = "p", [BLOCK_QUOTE] = "blockquote", [BLOCK_ITEM] = "li", [BLOCK_STEP] = "li",
        [BLOCK_TABLE] = "table", [BLOCK_CHART] = "figure",
    };

    html_open(html, ELEMENTS[block->kind]);
    if (block->kind == BLOCK_AMOUNT)
        html_attribute(html, "class", "resultat");
    html_text(html, block->text);
    if (block->kind == BLOCK_FACT) {
        html_close(html);
        html_open(html, "dd");
        html_text(html, block->note);
    } else if (block->note) {
        html_text(html, " ");
        html_element_format(html, "span", "discret", "— %s", block->note);
    }
    html_close(html);
}

static const char *list_of(enum block_kind kind)
{
    return kind == BLOCK_ITEM ? "ul" : kind == BLOCK_STEP ? "ol" : kind == BLOCK_FACT ? "dl" : NULL;
}

static void write_block(struct html *html, struct arena *arena, const struct block *block)
{
    if (block->kind == BLOCK_HEADING)
        html_heading(html, block->level, NULL, block->text);
    else if (block->kind != BLOCK_TABLE && block->kind != BLOCK_CHART)
        write_text(html, block);
    else if (block->rows.count)
        (block->kind == BLOCK_TABLE ? write_table : write_chart)(html, arena, block);
}

struct slice document_html(const struct document *document)
{
    struct html html;
    const char *list = NULL;

    html_begin(&html, document->arena, document->title);
    html_attribute(&html, "class", "document");
    html_heading(&html, 1, NULL, document->title);
    for (size_t i = 0; i < document->blocks.count; i++) {
        const char *wanted = list_of(document->blocks.items[i].kind);

        if (list && wanted != list)
            html_close(&html);
        if (wanted && wanted != list)
            html_open(&html, wanted);
        list = wanted;
        write_block(&html, document->arena, &document->blocks.items[i]);
    }
    return html_end(&html);
}
