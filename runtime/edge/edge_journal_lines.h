/*
 * The lines of a journal, one after the other, in bounded memory.
 */
#ifndef EDGE_JOURNAL_LINES_H
#define EDGE_JOURNAL_LINES_H

#include "edge_base.h"

#include <sys/types.h>

struct edge_lines {
    int file;
    off_t left;                         /* bytes not read yet, of those that were there when it was opened */
    char *bytes;                        /* owned */
    size_t start, length, capacity;
    size_t used;                        /* of the line given last */
};

#define EDGE_LINES_INIT { -1, 0, NULL, 0, 0, 0, 0 }

enum edge_line_kind {
    EDGE_LINES_LINE,
    EDGE_LINES_LONG,                    /* longer than any entry; it was left behind */
    EDGE_LINES_CUT,                     /* the last one, without its end */
    EDGE_LINES_END
};

/* 0 or errno. Closed in both cases. */
int edge_lines_open(struct edge_lines *lines, const char *path);
/* The next line without its end, borrowed until the next call. 0 or errno. */
int edge_lines_next(struct edge_lines *lines, enum edge_line_kind *kind, struct slice *out);
void edge_lines_close(struct edge_lines *lines);

#endif
