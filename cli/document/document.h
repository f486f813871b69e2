/*
 * A document for people, made once and then written for a terminal, in Markdown or in HTML: headings, paragraphs,
 * lists, tables, bar charts. Blocks hold text only; each writer makes it harmless in its own language, so that a name,
 * a label or a citation written by a stranger is never read as markup.
 */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "cli/base/terminal.h"
#include "lang/number.h"

enum block_kind {
    BLOCK_HEADING,           /* of `level` 2 to 4; the title of the document is level 1 */
    BLOCK_AMOUNT,            /* the result, to be seen first */
    BLOCK_FACT,              /* a name (the text) and its value (the note); neighbours make one list */
    BLOCK_PARAGRAPH,
    BLOCK_QUOTE,             /* words of somebody else, or text to paste */
    BLOCK_ITEM,              /* of a list; neighbours make one list */
    BLOCK_STEP,              /* of a numbered list */
    BLOCK_TABLE,
    BLOCK_CHART              /* a table whose cells, but the first of each row, are numbers drawn as bars */
};

struct column {
    const char *title;
    bool number;             /* aligned on the right */
};

struct block {
    enum block_kind kind;
    unsigned level;
    const char *text;        /* BLOCK_TABLE, BLOCK_CHART: its caption */
    const char *note;        /* quieter words after the text; the unit of a chart; NULL */
    const struct column *columns;
    size_t column_count;
    struct { const char *const **items; size_t count, capacity; } rows;    /* column_count cells each; NULL: empty */
};

struct document {
    struct arena *arena;
    const char *title;
    struct { struct block *items; size_t count, capacity; } blocks;
};

/* Texts are copied into the arena or borrowed for as long as it lives. */
void document_init(struct document *document, struct arena *arena, const char *title);
/* Formats are those of strbuf_format. */
void document_add(struct document *document, enum block_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void document_heading(struct document *document, unsigned level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The note of the last block; NULL or empty: none. */
void document_note(struct document *document, const char *note);
/* Columns are borrowed; rows follow. A table without rows is not written. */
void document_table(struct document *document, const char *caption, const struct column *columns, size_t count);
void document_row(struct document *document, const char *const *cells);
/* Bars follow, one for each column but the first, which heads the rows. `unit` may be NULL. */
void document_chart(struct document *document, const char *caption, const char *unit, const struct column *columns,
                    size_t count);
void document_bar(struct document *document, const char *title, const struct number *values, size_t count);
/* What a bar stands for: « 1 234,50 € »; its length in thousandths of the longest of the chart. */
const char *document_bar_text(struct arena *arena, const struct block *chart, size_t row, size_t column);
unsigned document_bar_length(const struct block *chart, size_t row, size_t column);
/* Once it is whole: columns that nothing fills are left out. */
void document_finish(struct document *document);

void document_print(struct terminal *terminal, const struct document *document);
/* In the arena of the document. */
struct slice document_html(const struct document *document);
struct slice document_markdown(const struct document *document);

#endif
