/*
 * CSV as RFC 4180 says, with « , » or « ; »: cells of one record, ends of records, cells to write. No library: the
 * whole is these few functions, and the rest of a batch reads its cells in place.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include "lang/text.h"

/* A cell where it stands: between its quotes when it has some. */
struct csv_cell {
    struct slice raw;  /* with its quotes */
    struct slice text; /* without them; doubled quotes are still doubled */
    bool quoted;
};

enum csv_fault { CSV_OK, CSV_TEXT_AFTER_QUOTE, CSV_QUOTE_INSIDE, CSV_TOO_MANY };

/*
 * Cells of the record at [bytes, end), its line end excluded, into `cells`; *count is how many. On a fault *at is
 * where it stands; beyond `limit` cells *count goes on counting and CSV_TOO_MANY is returned.
 */
enum csv_fault csv_split(struct slice record, char separator, struct csv_cell *cells, size_t limit, size_t *count,
                         const char **at);
/* The last byte after a record that is whole in [bytes, end); NULL when none is. A line end inside quotes is text. */
const char *csv_last_end(const char *bytes, const char *end);
/* The byte after the record that starts at `bytes` (its line end included), `end` when it is not finished. */
const char *csv_next(const char *bytes, const char *end);
/* The record without its line end. */
struct slice csv_trim(const char *bytes, const char *next);
/* The text of a cell, doubled quotes made single, in `out` (room for cell->text.length + 1), NUL-terminated. */
size_t csv_unquote(const struct csv_cell *cell, char *out);
/* Writes a cell, quoted when it must be; `out` has room for 2 × length + 2. Returns the end of what was written. */
char *csv_put(char *out, struct slice text, char separator);

#endif
