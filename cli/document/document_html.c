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

static void write_text(struct html *html, const struct block *block)
{
    static const char *const ELEMENTS[] = {
        [BLOCK_HEADING] = "h2", [BLOCK_AMOUNT] = "p", [BLOCK_FACT] = "dt",
        [BLOCK_PARAGRAPH] = "p", [BLOCK_QUOTE] = "blockquote", [BLOCK_ITEM] = "li", [BLOCK_STEP] = "li",
        [BLOCK_TABLE] = "table",
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
    else if (block->kind != BLOCK_TABLE)
        write_text(html, block);
    else if (block->rows.count)
        write_table(html, arena, block);
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
