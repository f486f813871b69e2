/*
 * A group of rows while it is read, computed and written: what the files lot_*.c of one block share.
 */
#ifndef CLI_LOT_ROWS_H
#define CLI_LOT_ROWS_H

#include "lot.h"

enum { ROWS = 1024, SEEN = 32 };

/* Texts of a column (members, dates) and what they mean, as read once by the library. */
struct seen {
    char text[32];
    size_t length;
    int64_t value;
};

struct input_lanes {
    int64_t *wide; /* one of the two */
    int32_t *narrow;
    uint8_t *validity;
    bool absences; /* in this group */
    struct seen seen[SEEN];
    size_t seen_count;
};

/* What reading a cell of a column needs, apart from the rest of its description. */
enum cell_kind { CELL_OTHER, CELL_SMALL, CELL_NUMBER, CELL_BOOLEAN, CELL_TEXT };

struct cell_reader {
    enum cell_kind kind;
    unsigned scale;
    char end; /* the byte after it: a separator, or the line end */
    int64_t low, high;
    struct input_lanes *lanes; /* NULL: not a datum */
    size_t input;
    bool kept;
};

/* A result told by the session. */
struct told {
    delib_statut statut;
    int64_t units;
    unsigned scale;
    const char *text, *reason;
};

struct lot_rows {
    size_t count;
    struct input_lanes *inputs;
    struct cell_reader *readers; /* per column */
    delib_column *columns;
    delib_column_result *results;
    uint64_t line[ROWS];
    struct slice record[ROWS];
    const char *fault[ROWS];
    bool general[ROWS]; /* some cell is not plain */
    struct slice *kept; /* ROWS × kept_count, as they are in the file */
    struct csv_cell cells[LOT_COLUMNS + 1];
    struct lot_json_cell members[LOT_COLUMNS + 1];
    struct told *told; /* per output */
    bool valid_utf8;   /* of the whole block */
};

/* ---- lot_cellules.c ---- */

/* The row is at fault at `at`, a byte of its record, and why. */
void lot_add_fault(struct lot_worker *w, size_t row, const char *at, const char *text);
/*
 * A whole record of CSV when every cell is plain: the byte after its line end; NULL otherwise. The block ends with
 * '\n'.
 */
const char *lot_read_plain(struct lot_worker *w, size_t row, const char *p, const char *end);
/* Any record of CSV, plain or not: its cells in rows->cells. False: the row is at fault. */
bool lot_split_record(struct lot_worker *w, size_t row);
/* A line of NDJSON: its cells in rows->members. False: the row is at fault. *plain: its cells are in the columns. */
bool lot_read_json(struct lot_worker *w, size_t row, bool *plain);
/* A row whose cells are not all plain still has a place in the columns. */
void lot_fill_general(struct lot_worker *w, size_t row);

/* ---- lot_session.c ---- */

/* Fills rows->told, or makes the row a fault. */
void lot_compute_general(struct lot_worker *w, size_t row);

/* ---- lot_ecriture.c ---- */

/* The results of a row, after its kept cells. False when memory ran out. */
bool lot_write_row(struct lot_worker *w, size_t row);
/* The same for a row whose results are in rows->told, or its fault in rows->fault. */
bool lot_write_told(struct lot_worker *w, size_t row);

#endif
