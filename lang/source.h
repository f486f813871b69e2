/*
 * The text of one file and places in it. Spans are byte offsets in the original file (of the Markdown, for a literate
 * file); lines and columns are computed only when something is printed.
 */
#ifndef LANG_SOURCE_H
#define LANG_SOURCE_H

#include "text.h"

#include <stdint.h>

struct span {
    uint32_t start, end;      /* [start, end) */
    uint32_t file;            /* index in the list of sources of the program; 0 is the main file */
};

struct source {
    const char *name;         /* shown in diagnostics, e.g. "cantine.delib" */
    const char *bytes;        /* the whole file, NUL-terminated, owned by the arena that made it */
    uint32_t length;
    bool literate;            /* Markdown with fenced ```delib blocks */
    bool rewritten;           /* made of the bytes of a file, whose lines it keeps: a grid from CSV */
};

struct position {
    unsigned line, column;    /* from 1; the column counts characters */
};

struct position source_position(const struct source *source, uint32_t offset);
struct slice source_line(const struct source *source, unsigned line);    /* without its end of line */
struct slice source_slice(const struct source *source, struct span span);
struct span span_join(struct span first, struct span last);

#endif
