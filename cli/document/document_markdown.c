/*
 * Documents in Markdown (CommonMark, with the tables of GitHub). Whatever a text holds is escaped: it can open no
 * element, link, entity or table, nor begin a block; a web address stays text.
 */
#include "document.h"

#include "typographie.h"

#include <string.h>

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* Signs that mean something anywhere in a line. */
static bool is_active(char c)
{
    return strchr("\\`*_[]<>&|~$#!@{}", c) != NULL;
}

/* « - », « + », « = », « 1. », « 1) » open a block at the start of a line. */
static bool opens_block(const char *start, const char *at)
{
    const char *c = start;

    if (at == start)
        return strchr("-+=:", *at) != NULL;
    while (c < at && *c >= '0' && *c <= '9')
        c++;
    return c == at && (*at == '.' || *at == ')');
}

/* « http: », « www. »: what some readers make a link of. */
static bool opens_address(const char *start, const char *at)
{
    if (*at == ':')
        return at[1] == '/' && at[2] == '/';
    return *at == '.' && at - start >= 3 && text_fold_equal((struct slice){ at - 3, 3 }, SLICE("www"));
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

/* On one line, without the blanks at its ends, which mean something too. */
static void append_escaped(struct strbuf *out, const char *text)
{
    size_t length;

    while (*text && is_blank(*text))
        text++;
    length = strlen(text);
    while (length && is_blank(text[length - 1]))
        length--;
    for (const char *c = text; c < text + length; c++) {
        const char *space = *c == ' ' ? typography_space(text, c, text + length) : NULL;

        if (is_punctuation(*c) && (is_active(*c) || opens_block(text, c) || opens_address(text, c)))
            strbuf_char(out, '\\');
        if (space)
            strbuf_text(out, space);
        else
            strbuf_char(out, is_blank(*c) ? ' ' : *c);
    }
}

static void append_row(struct strbuf *out, const struct block *table, const char *const *cells)
{
    strbuf_char(out, '|');
    for (size_t c = 0; c < table->column_count; c++) {
        strbuf_char(out, ' ');
        append_escaped(out, cells[c]);
        strbuf_text(out, " |");
    }
    strbuf_char(out, '\n');
}

static void append_table(struct strbuf *out, struct arena *arena, const struct block *table)
{
    const char **titles = arena_array(arena, const char *, table->column_count);

    for (size_t c = 0; c < table->column_count; c++)
        titles[c] = table->columns[c].title;
    if (table->text) {
        append_escaped(out, table->text);
        strbuf_text(out, "\n\n");
    }
    append_row(out, table, titles);
    strbuf_char(out, '|');
    for (size_t c = 0; c < table->column_count; c++)
        strbuf_text(out, table->columns[c].number ? "---:|" : "---|");
    strbuf_char(out, '\n');
    for (size_t r = 0; r < table->rows.count; r++)
        append_row(out, table, table->rows.items[r]);
}

/* Markdown draws nothing: a table of the numbers. */
static void append_chart(struct strbuf *out, struct arena *arena, const struct block *chart)
{
    struct block table = *chart;

    table.rows.items = arena_array(arena, const char *const *, chart->rows.count);
    for (size_t r = 0; r < chart->rows.count; r++) {
        const char **cells = arena_array(arena, const char *, chart->column_count);

        cells[0] = chart->rows.items[r][0];
        for (size_t c = 1; c < chart->column_count; c++)
            cells[c] = document_bar_text(arena, chart, r, c);
        table.rows.items[r] = cells;
    }
    append_table(out, arena, &table);
}

static void append_text(struct strbuf *out, const struct block *block)
{
    static const char *const MARKS[] = {
        [BLOCK_HEADING] = "", [BLOCK_AMOUNT] = "**", [BLOCK_FACT] = "- ", [BLOCK_PARAGRAPH] = "",
        [BLOCK_QUOTE] = "> ", [BLOCK_ITEM] = "- ", [BLOCK_STEP] = "1. ", [BLOCK_TABLE] = "",
        [BLOCK_CHART] = "",
    };

    for (unsigned i = 0; block->kind == BLOCK_HEADING && i < block->level; i++)
        strbuf_char(out, '#');
    strbuf_text(out, block->kind == BLOCK_HEADING ? " " : MARKS[block->kind]);
    append_escaped(out, block->text);
    strbuf_text(out, block->kind == BLOCK_AMOUNT ? "**" : "");
    if (block->note) {
        strbuf_text(out, block->kind == BLOCK_FACT ? " : " : " — ");
        append_escaped(out, block->note);
    }
    strbuf_char(out, '\n');
}

struct slice document_markdown(const struct document *document)
{
    struct strbuf out = strbuf_in(document->arena);
    const struct block *previous = NULL;

    strbuf_text(&out, "# ");
    append_escaped(&out, document->title);
    strbuf_char(&out, '\n');
    for (size_t i = 0; i < document->blocks.count; i++) {
        const struct block *block = &document->blocks.items[i];
        bool listed = block->kind == BLOCK_ITEM || block->kind == BLOCK_STEP || block->kind == BLOCK_FACT;

        if ((block->kind == BLOCK_TABLE || block->kind == BLOCK_CHART) && !block->rows.count)
            continue;
        if (!previous || !listed || previous->kind != block->kind)
            strbuf_char(&out, '\n');
        if (block->kind == BLOCK_TABLE)
            append_table(&out, document->arena, block);
        else if (block->kind == BLOCK_CHART)
            append_chart(&out, document->arena, block);
        else
            append_text(&out, block);
        previous = block;
    }
    return strbuf_result(&out);
}
