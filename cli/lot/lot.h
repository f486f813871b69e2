/*
 * A batch of families, from a CSV or NDJSON file to a CSV of results. The input is cut into blocks at the end of a
 * record; each thread takes a block, computes it and waits for its turn to write it, so that results come in the
 * order of the families and memory does not depend on their number.
 *
 *   commande_lot.c  options, tariffs, threads, what is said        lot_fichiers.c  blocks in, results out, resuming
 *   lot_entete.c    the header: columns, separator, decimal mark   lot_cellules.c  cells of a row into columns
 *   lot_lignes.c    one block, group of rows by group              lot_json.c      cells of a line of NDJSON
 *   lot_session.c   a row that is not plain, through a session     lot_ecriture.c  the line of results of a row
 *   lot_journal.c   decisions recorded before they are written
 */
#ifndef CLI_LOT_H
#define CLI_LOT_H

#include "csv.h"
#include "cli/base/programme.h"

#include <pthread.h>

enum {
    LOT_BLOCK = 256 * 1024,             /* bytes read at a time */
    LOT_RECORD_LIMIT = 8 * 1024 * 1024, /* a longer record is a fault */
    LOT_COLUMNS = 512,
    LOT_SHOWN = 20 /* faults told one by one; the others are counted */
};

#define LOT_NO_INPUT SIZE_MAX

struct lot_column {
    const char *name;
    size_t name_length;
    bool kept, ignored;
    size_t kept_rank;
    bool date;    /* the date of the service, for each family */
    size_t input; /* rank among the inputs of the batch; LOT_NO_INPUT */
    delib_batch_input described;
};

struct lot_output {
    delib_tariff tariff;
    const char *name;
    delib_batch_output described;
    unsigned least;       /* decimals always written */
    const char **members; /* kind MEMBER: names by rank */
    size_t member_count;
};

/* How many families ended so: per statut, then rows that could not be read. */
enum { LOT_STATUTS = 7, LOT_ERROR = LOT_STATUTS, LOT_COUNTS };

struct lot_counts {
    uint64_t rows, results[LOT_COUNTS];
};

struct lot {
    struct run *run;
    delib_program *program;
    const char *date, *today;
    /* What the file is. */
    const char *path, *name;
    int in;
    uint64_t size, read; /* bytes; size 0: unknown */
    uint64_t pending;    /* bytes read and not yet computed, when sources are asked */
    uint64_t calls;      /* made to sources */
    bool json, end;
    char separator, decimal;
    struct lot_column *columns;
    size_t column_count, kept_count;
    bool date_column, amounts_only;
    const char **inputs; /* names, for the batch */
    size_t input_count;
    struct lot_output *outputs;
    size_t output_count;
    delib_io_journal *journal; /* NULL: none */
    size_t reference;          /* column of the references of the journal; column_count: none */
    /* Blocks. `carry` is what follows the last whole record of the block before. */
    pthread_mutex_t lock;
    pthread_cond_t turn;
    char *carry;
    size_t carry_length, carry_capacity;
    uint64_t next_block, next_written;
    /* Results. */
    int out;
    const char *partial, *state, *final; /* paths; NULL on stdout */
    size_t unsettled;                    /* bytes written since the disk was told to begin */
    uint64_t skip;                       /* families already in `partial` */
    uint64_t line;                       /* of the next block to be written */
    uint64_t shown;                      /* faults told */
    struct lot_counts counts;
    const char *problem;  /* French: why everything stopped; NULL */
    bool keep_partial;    /* what was written can be resumed */
    double started, told; /* seconds */
};

/* A fault of one row; its line is counted from the start of the block. */
struct lot_fault {
    uint64_t line;
    unsigned column;
    const char *text;
};

struct lot_rows;

/* One thread: its own batch, session and buffers. */
struct lot_worker {
    struct lot *lot;
    delib_batch *batch; /* NULL when no column can be given to one */
    delib_session *session;
    struct arena arena; /* until the block is written */
    char *in, *out;
    size_t in_length, in_capacity, out_length, out_capacity;
    uint64_t block; /* its number */
    uint64_t lines; /* in the block */
    struct lot_rows *rows;
    struct lot_counts counts; /* of the block */
    struct {
        struct lot_fault *items;
        size_t count, capacity;
    } faults;
    const char *problem; /* French; NULL */
};

/* ---- lot_fichiers.c ---- */

/* Takes the next block, under the lock. False at the end or when `lot->problem` is set. */
bool lot_read_block(struct lot_worker *w);
/* Skips the records of `lot->skip` in the block of `w`, the rest being kept. */
bool lot_skip(struct lot_worker *w);
/* Writes what `w` computed, in its turn, and says its faults. */
void lot_write_block(struct lot_worker *w);
bool lot_open_input(struct lot *lot, const char *path, const char **problem);
/* `fingerprint` says what the results depend on; results of another one are not resumed. */
bool lot_open_output(struct lot *lot, const char *path, const char *program_path, bool resume, struct slice header,
                     const char *fingerprint, const char **problem);
/* Gives the results their name, or removes them. False: see *problem. */
bool lot_close_output(struct lot *lot, const char **problem);
double lot_clock(void);
void lot_progress(struct lot *lot, bool last);

/* ---- lot_lignes.c ---- */

bool lot_worker_open(struct lot *lot, struct lot_worker *w);
void lot_worker_close(struct lot_worker *w);
/* From w->in to w->out. False when memory ran out. */
bool lot_compute_block(struct lot_worker *w);

/* ---- lot_journal.c ---- */

/* Records the last evaluation of `session`; `reference` may be NULL. False: lot->problem says why everything stops. */
bool lot_journal_record(struct lot *lot, delib_session *session, delib_tariff tariff, const delib_result *result,
                        const char *reference);
/* What was recorded is on the disk: results may be written. False: as above. */
bool lot_journal_sync(struct lot *lot);

/* ---- lot_json.c ---- */

enum lot_json_kind { LOT_JSON_MISSING, LOT_JSON_NULL, LOT_JSON_WORD, LOT_JSON_TEXT, LOT_JSON_OTHER };

/* The cell of one member of a line. OTHER: a list, an object or an escaped text. */
struct lot_json_cell {
    enum lot_json_kind kind;
    struct slice text;
};

/*
 * Reads one flat object. `names` are the columns; a member that is none of them is a fault. NULL, or a French
 * sentence with *at where it stands.
 */
const char *lot_json_read(struct slice line, const struct lot_column *columns, size_t count,
                          struct lot_json_cell *cells, const char **at);
/* A quoted text without its quotes and escapes; `out` has room for text.length bytes. Returns how many were written. */
size_t lot_json_unescape(struct slice text, char *out);
/* The names of the first object, in the arena. NULL, or a French sentence. */
const char *lot_json_names(struct arena *arena, struct slice line, const char **names, size_t limit, size_t *count,
                           const char **at);

#endif
