/*
 * The formatter, line after line: long ones broken, cells and comments aligned, the whole written out.
 */
#include "format_parts.h"

#include "parser.h"

#include <string.h>

struct line {
    size_t first, end;            /* items */
    struct slice text;            /* without its indentation nor its comment */
    struct slice comment;         /* at its end; empty when none */
};

/* Widths of the columns of a group. */
typedef struct { size_t *items; size_t count, capacity; } width_list;

struct printer {
    struct format *format;
    struct { struct line *items; size_t count, capacity; } lines;
    width_list *groups;           /* one per group, from 1 */
    bool *ragged;                 /* groups whose last column would make too long a line */
};

static const struct format_item *item_at(const struct printer *printer, size_t item)
{
    return &printer->format->items.items[item];
}

/* ------------------------------------------------------------------ widths */

/* Of the last line of a text. */
static size_t last_width(struct slice text)
{
    size_t start = text.length;

    while (start > 0 && text.bytes[start - 1] != '\n')
        start--;
    return utf8_count((struct slice){ text.bytes + start, text.length - start });
}

static size_t item_width(const struct format_item *item, bool first)
{
    return utf8_count(item->text) + (!first && item->space);
}

/* ------------------------------------------------------------------ long lines */

/* Breaks the line of items [first, end) at its last soft place within the width, then what remains. */
static void break_line(struct format *format, size_t first, size_t end)
{
    struct format_item *items = format->items.items;
    size_t width = items[first].indent, place = first;

    for (size_t i = first; i < end && !items[i].comment; i++) {
        if (items[i].soft && i > first)
            place = i;
        width += item_width(&items[i], i == first);
        if (width <= FORMAT_WIDTH || place == first)
            continue;
        items[place].begins = true;
        items[place].indent = items[place].continued;
        items[place].group = 0;
        first = place;
        width = items[place].indent;
        i = place - 1;
    }
}

static size_t line_end(const struct format *format, size_t first, size_t region)
{
    size_t end = first + 1;

    while (end < format->items.count && !format->items.items[end].begins && format->items.items[end].region == region)
        end++;
    return end;
}

static void break_lines(struct format *format, size_t region)
{
    for (size_t i = 0, end; i < format->items.count; i = end) {
        end = line_end(format, i, format->items.items[i].region);
        if (format->items.items[i].region == region)
            break_line(format, i, end);
    }
}

/* ------------------------------------------------------------------ cells */

static bool ends_line(const struct printer *printer, size_t item, size_t end)
{
    return item >= end || item_at(printer, item)->comment;
}

static struct slice cell_text(const struct printer *printer, size_t first, size_t end)
{
    struct strbuf out = strbuf_in(printer->format->arena);

    for (size_t i = first; i < end; i++) {
        if (i > first && item_at(printer, i)->space)
            strbuf_char(&out, ' ');
        strbuf_slice(&out, item_at(printer, i)->text);
    }
    return strbuf_result(&out);
}

static size_t *column_width(struct printer *printer, size_t group, size_t column)
{
    width_list *widths = &printer->groups[group];

    while (widths->count <= column)
        arena_push(printer->format->arena, widths);
    return &widths->items[column];
}

static void widen(struct printer *printer, size_t group, size_t column, size_t width)
{
    size_t *known = column_width(printer, group, column);

    if (*known < width)
        *known = width;
}

static bool is_grid(const struct printer *printer, const struct line *line)
{
    return item_at(printer, line->first)->bar && item_at(printer, line->first)->group;
}

/* From `first` to the next « | » of a grid. */
static size_t grid_cell_end(const struct printer *printer, size_t first, size_t end)
{
    while (!ends_line(printer, first, end) && !item_at(printer, first)->bar)
        first++;
    return first;
}

/* From `first` to what is aligned next on the line. */
static size_t cell_end(const struct printer *printer, size_t first, size_t end)
{
    do
        first++;
    while (!ends_line(printer, first, end) && !item_at(printer, first)->column);
    return first;
}

static void measure_line(struct printer *printer, const struct line *line)
{
    size_t group = item_at(printer, line->first)->group, column = 0, end;

    if (is_grid(printer, line)) {
        for (size_t i = line->first + 1; !ends_line(printer, i, line->end); i = end + 1) {
            end = grid_cell_end(printer, i, line->end);
            widen(printer, group, column++, utf8_count(cell_text(printer, i, end)));
        }
    } else if (group) {
        for (size_t i = line->first; !ends_line(printer, i, line->end); i = end) {
            end = cell_end(printer, i, line->end);
            if (!ends_line(printer, end, line->end))
                widen(printer, group, item_at(printer, i)->column, utf8_count(cell_text(printer, i, end)));
        }
    }
}

/* How far from the start of the line this column begins. */
static size_t column_start(struct printer *printer, size_t group, size_t column)
{
    const width_list *widths = &printer->groups[group];
    size_t start = 0;

    for (size_t i = 0; i < column && i < widths->count; i++)
        start += widths->items[i] ? widths->items[i] + 1 : 0;
    return start;
}

static void look_for_ragged(struct printer *printer, const struct line *line)
{
    size_t group = item_at(printer, line->first)->group, start = 0;

    if (!group || is_grid(printer, line))
        return;
    for (size_t i = line->first, end; !ends_line(printer, i, line->end); i = end) {
        end = cell_end(printer, i, line->end);
        start = column_start(printer, group, item_at(printer, i)->column) + utf8_count(cell_text(printer, i, end));
    }
    if (start > FORMAT_WIDTH)
        printer->ragged[group] = true;
}

/* Numbers, amounts and rates are set against the right of their cell. */
static bool is_numeric(const struct printer *printer, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        int kind = printer->format->tokens.items[item_at(printer, i)->token].kind;

        if (kind != NUMBER && kind != EURO && kind != PERCENT && (kind != MINUS || i > first))
            return false;
    }
    return end > first;
}

static void spaces(struct strbuf *out, size_t count)
{
    while (count-- > 0)
        strbuf_char(out, ' ');
}

/* « | a | b | » */
static void write_grid_line(struct printer *printer, const struct line *line, struct strbuf *out)
{
    size_t group = item_at(printer, line->first)->group, column = 0, end;

    strbuf_char(out, '|');
    for (size_t i = line->first + 1; !ends_line(printer, i, line->end); i = end + 1) {
        struct slice text;
        size_t *known = column_width(printer, group, column++), width, missing;

        end = grid_cell_end(printer, i, line->end);
        text = cell_text(printer, i, end);
        width = utf8_count(text);
        missing = *known > width ? *known - width : 0;
        strbuf_char(out, ' ');
        if (is_numeric(printer, i, end))
            spaces(out, missing);
        strbuf_slice(out, text);
        if (!is_numeric(printer, i, end))
            spaces(out, missing);
        strbuf_text(out, " |");
    }
}

/* Cells at the places of their columns. In a ragged group the last one follows closely, or takes the place before. */
static void write_cells(struct printer *printer, const struct line *line, struct strbuf *out)
{
    size_t group = item_at(printer, line->first)->group, end;

    for (size_t i = line->first; !ends_line(printer, i, line->end); i = end) {
        size_t column = item_at(printer, i)->column, start;

        column -= column > 2 && printer->ragged[group];
        start = column_start(printer, group, column);
        end = cell_end(printer, i, line->end);
        if (i > line->first && item_at(printer, i)->space)
            strbuf_char(out, ' ');
        if (i > line->first)
            for (size_t width = utf8_count(strbuf_result(out)); width < start; width++)
                strbuf_char(out, ' ');
        strbuf_slice(out, cell_text(printer, i, end));
    }
}

/* ------------------------------------------------------------------ lines */

static void add_lines(struct printer *printer, size_t region)
{
    const format_items *items = &printer->format->items;

    for (size_t i = 0, end; i < items->count; i = end) {
        const struct format_item *last;
        struct line *line;

        end = line_end(printer->format, i, items->items[i].region);
        if (items->items[i].region != region)
            continue;
        last = &items->items[end - 1];
        line = arena_push(printer->format->arena, &printer->lines);
        *line = (struct line){ .first = i, .end = end,
                               .comment = last->comment && !last->begins ? last->text : SLICE("") };
    }
}

static void write_lines(struct printer *printer)
{
    for (size_t i = 0; i < printer->lines.count; i++)
        measure_line(printer, &printer->lines.items[i]);
    for (size_t i = 0; i < printer->lines.count; i++)
        look_for_ragged(printer, &printer->lines.items[i]);
    for (size_t i = 0; i < printer->lines.count; i++) {
        struct line *line = &printer->lines.items[i];
        struct strbuf out = strbuf_in(printer->format->arena);

        if (is_grid(printer, line))
            write_grid_line(printer, line, &out);
        else if (item_at(printer, line->first)->comment)
            strbuf_slice(&out, item_at(printer, line->first)->text);
        else
            write_cells(printer, line, &out);
        line->text = strbuf_result(&out);
    }
}

static size_t column_after(const struct printer *printer, const struct line *line)
{
    bool several = memchr(line->text.bytes, '\n', line->text.length) != NULL;

    return last_width(line->text) + (several ? 0 : item_at(printer, line->first)->indent);
}

/* Where the comments of a run of lines begin: two spaces after the longest. */
static size_t comment_column(const struct printer *printer, size_t from)
{
    size_t column = 0;

    for (size_t i = from; i < printer->lines.count; i++) {
        const struct line *line = &printer->lines.items[i];

        if (line->comment.length == 0 || (i > from && item_at(printer, line->first)->blank))
            break;
        if (column_after(printer, line) + 2 > column)
            column = column_after(printer, line) + 2;
    }
    return column;
}

static void write_text(struct strbuf *out, struct slice text, bool carriage)
{
    for (size_t i = 0; i < text.length; i++) {
        if (carriage && text.bytes[i] == '\n')
            strbuf_char(out, '\r');
        strbuf_char(out, text.bytes[i]);
    }
}

static void write_region(struct printer *printer, const struct format_region *region, struct strbuf *out)
{
    const char *feed = region->carriage ? "\r\n" : "\n";
    size_t column = 0;

    for (size_t i = 0; i < printer->lines.count; i++) {
        const struct line *line = &printer->lines.items[i];
        const struct format_item *first = item_at(printer, line->first);

        if (first->blank)
            strbuf_text(out, feed);
        strbuf_slice(out, region->margin);
        spaces(out, first->indent);
        write_text(out, line->text, region->carriage);
        column = line->comment.length == 0 ? 0 : column && !first->blank ? column : comment_column(printer, i);
        if (line->comment.length > 0) {
            spaces(out, column - column_after(printer, line));
            strbuf_slice(out, line->comment);
        }
        strbuf_text(out, feed);
    }
}

struct slice format_print_region(struct format *format, size_t region)
{
    struct printer printer = { .format = format };
    struct strbuf out = strbuf_in(format->arena);

    printer.groups = arena_array(format->arena, width_list, format->groups + 1);
    printer.ragged = arena_array(format->arena, bool, format->groups + 1);
    break_lines(format, region);
    add_lines(&printer, region);
    write_lines(&printer);
    write_region(&printer, &format->regions.items[region], &out);
    return strbuf_result(&out);
}
