/*
 * A document for people, made once and then written for a terminal, in Markdown or in HTML: headings, paragraphs,
 * lists, tables. Blocks hold text only; each writer makes it harmless in its own language, so that a name, a label or
 * a citation written by a stranger is never read as markup.
 */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "cli/base/terminal.h"

enum block_kind {
    BLOCK_HEADING,           /* of `level` 2 to 4; the title of the document is level 1 */
    BLOCK_AMOUNT,            /* the result, to be seen first */
    BLOCK_FACT,              /* a name (the text) and its value (the note); neighbours make one list */
    BLOCK_PARAGRAPH,
    BLOCK_QUOTE,             /* words of somebody else, or text to paste */
    BLOCK_ITEM,              /* of a list; neighbours make one list */
    BLOCK_STEP,              /* of a numbered list */
    BLOCK_TABLE
};

struct column {
    const char *title;
    bool number;             /* aligned on the right */
};

struct block {
    enum block_kind kind;
    unsigned level;
    const char *text;        /* BLOCK_TABLE: its caption */
    const char *note;        /* quieter words after the text; NULL */
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
/* Once it is whole: columns that nothing fills are left out. */
void document_finish(struct document *document);

void document_print(struct terminal *terminal, const struct document *document);
/* In the arena of the document. */
struct slice document_html(const struct document *document);
struct slice document_markdown(const struct document *document);

#endif
