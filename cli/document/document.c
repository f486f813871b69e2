/*
 * Documents being made, and written for a terminal.
 */
#include "document.h"

#include <assert.h>

void document_init(struct document *document, struct arena *arena, const char *title)
{
    *document = (struct document){ .arena = arena, .title = title };
}

static struct block *add(struct document *document, enum block_kind kind, const char *format, va_list args)
{
    struct block *block = arena_push(document->arena, &document->blocks);
    struct strbuf text = strbuf_in(document->arena);

    strbuf_vformat(&text, format, args);
    *block = (struct block){ .kind = kind, .level = 2, .text = text.bytes };
    return block;
}

void document_add(struct document *document, enum block_kind kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(document, kind, format, args);
    va_end(args);
}

void document_heading(struct document *document, unsigned level, const char *format, ...)
{
    struct block *block;
    va_list args;

    va_start(args, format);
    block = add(document, BLOCK_HEADING, format, args);
    va_end(args);
    block->level = level;
}

void document_note(struct document *document, const char *note)
{
    if (document->blocks.count && note && *note)
        document->blocks.items[document->blocks.count - 1].note = note;
}

void document_table(struct document *document, const char *caption, const struct column *columns, size_t count)
{
    struct block *block = arena_push(document->arena, &document->blocks);

    *block = (struct block){ .kind = BLOCK_TABLE, .text = caption, .columns = columns, .column_count = count };
}

void document_row(struct document *document, const char *const *cells)
{
    struct block *table = &document->blocks.items[document->blocks.count - 1];
    const char **copy = arena_array(document->arena, const char *, table->column_count);
    const char *const **row = arena_push(document->arena, &table->rows);

    assert(table->kind == BLOCK_TABLE);
    for (size_t i = 0; i < table->column_count; i++)
        copy[i] = cells[i] ? cells[i] : "";
    *row = copy;
}

void document_chart(struct document *document, const char *caption, const char *unit, const struct column *columns,
                    size_t count)
{
    struct block *block = arena_push(document->arena, &document->blocks);

    *block = (struct block){ .kind = BLOCK_CHART, .text = caption, .note = unit, .columns = columns,
                             .column_count = count };
}

void document_bar(struct document *document, const char *title, const struct number *values, size_t count)
{
    struct block *chart = &document->blocks.items[document->blocks.count - 1];
    const char **cells = arena_array(document->arena, const char *, chart->column_count);
    const char *const **row = arena_push(document->arena, &chart->rows);
    const struct number cent = { 1, 100 };

    assert(chart->kind == BLOCK_CHART && count + 1 == chart->column_count);
    cells[0] = title;
    for (size_t i = 0; i < count; i++) {
        struct strbuf text = strbuf_in(document->arena);
        struct number value = values[i];

        (void)number_round(value, cent, ROUNDING_NEAREST, &value);
        strbuf_number_machine(&text, value, chart->note ? 2 : 0);
        cells[i + 1] = strbuf_string(&text);
    }
    *row = cells;
}

static struct number bar_value(const struct block *chart, size_t row, size_t column)
{
    struct number value = { 0, 1 };

    (void)number_parse(slice_of(chart->rows.items[row][column]), &value);
    return value;
}

const char *document_bar_text(struct arena *arena, const struct block *chart, size_t row, size_t column)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_number(&text, bar_value(chart, row, column), chart->note ? 2 : 0);
    if (chart->note)
        strbuf_format(&text, " %s", chart->note);
    return strbuf_string(&text);
}

unsigned document_bar_length(const struct block *chart, size_t row, size_t column)
{
    struct number longest = { 0, 1 }, length = { 0, 1 };

    for (size_t r = 0; r < chart->rows.count; r++)
        for (size_t c = 1; c < chart->column_count; c++)
            if (number_compare(bar_value(chart, r, c), longest) > 0)
                longest = bar_value(chart, r, c);
    if (number_sign(bar_value(chart, row, column)) <= 0 || !number_div(bar_value(chart, row, column), longest, &length))
        return 0;
    (void)number_mul(length, number_of(1000), &length);
    return (unsigned)int128_round_div(length.num, length.den, ROUNDING_NEAREST);
}

static bool is_empty_column(const struct block *table, size_t column)
{
    for (size_t r = 0; r < table->rows.count; r++)
        if (table->rows.items[r][column][0])
            return false;
    return true;
}

static void drop_empty_columns(struct arena *arena, struct block *table)
{
    struct column *columns = arena_array(arena, struct column, table->column_count);
    size_t *kept = arena_array(arena, size_t, table->column_count), count = 0;

    for (size_t c = 0; c < table->column_count; c++)
        if (c == 0 || !is_empty_column(table, c))
            kept[count++] = c;
    for (size_t c = 0; c < count; c++)
        columns[c] = table->columns[kept[c]];
    for (size_t r = 0; r < table->rows.count; r++) {
        const char **cells = arena_array(arena, const char *, count);

        for (size_t c = 0; c < count; c++)
            cells[c] = table->rows.items[r][kept[c]];
        table->rows.items[r] = cells;
    }
    table->columns = columns;
    table->column_count = count;
}

void document_finish(struct document *document)
{
    for (size_t i = 0; i < document->blocks.count; i++)
        if (document->blocks.items[i].kind == BLOCK_TABLE)
            drop_empty_columns(document->arena, &document->blocks.items[i]);
}

/* ---- For a terminal ---- */

enum { TABLE_WIDTH_MAX = 100 };

static size_t width(const char *text)
{
    return utf8_count(slice_of(text));
}

static size_t column_width(const struct block *table, size_t column)
{
    size_t widest = width(table->columns[column].title);

    for (size_t r = 0; r < table->rows.count; r++)
        if (width(table->rows.items[r][column]) > widest)
            widest = width(table->rows.items[r][column]);
    return widest;
}

static bool fits(const struct block *table)
{
    size_t total = 0;

    for (size_t c = 0; c < table->column_count; c++)
        total += column_width(table, c) + 2;
    return total <= TABLE_WIDTH_MAX;
}

/* The spaces of empty cells wait for a text: no line ends with spaces. */
static void print_cells(struct terminal *terminal, const struct block *table, enum style style,
                        const char *const *cells)
{
    size_t spaces = 0;

    for (size_t c = 0; c < table->column_count; c++) {
        const char *text = cells ? cells[c] : table->columns[c].title;
        size_t padding = column_width(table, c) - width(text);

        spaces += 2 + (table->columns[c].number ? padding : 0);
        if (*text) {
            terminal_spaces(terminal, spaces);
            terminal_print(terminal, style, "%s", text);
            spaces = 0;
        }
        spaces += table->columns[c].number ? 0 : padding;
    }
    terminal_print(terminal, STYLE_PLAIN, "\n");
}

static void print_aligned(struct terminal *terminal, const struct block *table)
{
    print_cells(terminal, table, STYLE_DIM, NULL);
    for (size_t r = 0; r < table->rows.count; r++)
        print_cells(terminal, table, STYLE_PLAIN, table->rows.items[r]);
}

/* Too wide: one line per cell, under the first cell of its row. */
static void print_records(struct terminal *terminal, const struct block *table)
{
    for (size_t r = 0; r < table->rows.count; r++) {
        terminal_print(terminal, STYLE_STRONG, "  %s\n", table->rows.items[r][0]);
        for (size_t c = 1; c < table->column_count; c++) {
            if (!table->rows.items[r][c][0])
                continue;
            terminal_print(terminal, STYLE_DIM, "      %s : ", table->columns[c].title);
            terminal_print(terminal, STYLE_PLAIN, "%s\n", table->rows.items[r][c]);
        }
    }
}

static void print_table(struct terminal *terminal, const struct block *table)
{
    if (table->text)
        terminal_print(terminal, STYLE_STRONG, "%s\n", table->text);
    if (fits(table))
        print_aligned(terminal, table);
    else
        print_records(terminal, table);
}

enum { BAR_WIDTH = 32 };

/* ▏▎▍▌▋▊▉█: eighths of a character. */
static const char *bar_of(struct arena *arena, unsigned length)
{
    struct strbuf bar = strbuf_in(arena);
    unsigned eighths = (length * BAR_WIDTH * 8 + 500) / 1000;

    for (; eighths >= 8; eighths -= 8)
        strbuf_text(&bar, "█");
    if (eighths)
        strbuf_bytes(&bar, (const char[]){ '\xE2', '\x96', (char)(0x90 - eighths) }, 3);
    return strbuf_string(&bar);
}

/* A line per bar; the name of its column stands before it when there are several. */
static void print_chart(struct terminal *terminal, struct arena *arena, const struct block *chart)
{
    size_t titles = 0, names = 0;

    for (size_t r = 0; r < chart->rows.count; r++)
        titles = width(chart->rows.items[r][0]) > titles ? width(chart->rows.items[r][0]) : titles;
    for (size_t c = 1; chart->column_count > 2 && c < chart->column_count; c++)
        names = width(chart->columns[c].title) > names ? width(chart->columns[c].title) : names;
    terminal_print(terminal, STYLE_STRONG, "%s\n", chart->text);
    for (size_t r = 0; r < chart->rows.count; r++)
        for (size_t c = 1; c < chart->column_count; c++) {
            const char *title = c == 1 ? chart->rows.items[r][0] : "";
            const char *bar = bar_of(arena, document_bar_length(chart, r, c));

            terminal_print(terminal, STYLE_PLAIN, "  %s", title);
            terminal_spaces(terminal, titles - width(title));
            if (names) {
                terminal_print(terminal, STYLE_DIM, "  %s", chart->columns[c].title);
                terminal_spaces(terminal, names - width(chart->columns[c].title));
            }
            terminal_print(terminal, STYLE_PLAIN, "  %s%s%s\n", bar, *bar ? " " : "",
                           document_bar_text(arena, chart, r, c));
        }
}

static void print_text(struct terminal *terminal, const struct block *block, size_t number)
{
    static const struct { const char *before; enum style style;
    } SHOWN[] = {
        [BLOCK_HEADING] = {"", STYLE_STRONG},  [BLOCK_AMOUNT] = {"", STYLE_STRONG},
        [BLOCK_FACT] = {"  ", STYLE_PLAIN},    [BLOCK_PARAGRAPH] = {"", STYLE_PLAIN},
        [BLOCK_QUOTE] = {"  | ", STYLE_PLAIN}, [BLOCK_ITEM] = {"  - ", STYLE_PLAIN},
        [BLOCK_STEP] = {"", STYLE_PLAIN},      [BLOCK_TABLE] = {"", STYLE_PLAIN},
        [BLOCK_CHART] = {"", STYLE_PLAIN},
    };

    if (block->kind == BLOCK_STEP)
        terminal_print(terminal, STYLE_PLAIN, "  %zu. ", number);
    terminal_print(terminal, SHOWN[block->kind].style, "%s%s", SHOWN[block->kind].before, block->text);
    if (block->note)
        terminal_print(terminal, block->kind == BLOCK_FACT ? STYLE_PLAIN : STYLE_DIM,
                       block->kind == BLOCK_FACT ? " : %s" : " — %s", block->note);
    terminal_print(terminal, STYLE_PLAIN, "\n");
}

static bool is_listed(enum block_kind kind)
{
    return kind == BLOCK_ITEM || kind == BLOCK_STEP || kind == BLOCK_FACT;
}

void document_print(struct terminal *terminal, const struct document *document)
{
    enum block_kind previous = BLOCK_HEADING;
    size_t number = 0;

    terminal_print(terminal, STYLE_STRONG, "%s\n", document->title);
    for (size_t i = 0; i < document->blocks.count; i++) {
        const struct block *block = &document->blocks.items[i];

        if ((block->kind == BLOCK_TABLE || block->kind == BLOCK_CHART) && !block->rows.count)
            continue;
        number = block->kind == BLOCK_STEP ? number + 1 : 0;
        if (block->kind == BLOCK_HEADING ||
            (previous != BLOCK_HEADING && !(is_listed(block->kind) && block->kind == previous)))
            terminal_print(terminal, STYLE_PLAIN, "\n");
        if (block->kind == BLOCK_TABLE)
            print_table(terminal, block);
        else if (block->kind == BLOCK_CHART)
            print_chart(terminal, document->arena, block);
        else
            print_text(terminal, block, number);
        previous = block->kind;
    }
}
