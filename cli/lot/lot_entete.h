/*
 * A batch before its first family: what the file is and what its columns are.
 */
#ifndef CLI_LOT_ENTETE_H
#define CLI_LOT_ENTETE_H

#include "commande_lot.h"
#include "lot.h"

struct batch_run {
    const struct lot_request *request;
    struct programme programme;
    struct lot lot;
    struct lot_worker first; /* holds the first block until the threads start */
    delib_batch *batch;      /* for the description of columns and tariffs */
    size_t threads;
    const char *problem; /* French */
};

/* Says why there is no batch; false. */
bool batch_fail(struct batch_run *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first block, without its byte order mark and its header; the columns by their names. */
bool batch_read_header(struct batch_run *b);
/* Which columns --garder and --ignorer name. `marked`: per column. */
bool batch_mark_columns(struct batch_run *b, bool *marked);
/* Which columns are data of the act, for these tariffs: opens b->batch. */
bool batch_find_inputs(struct batch_run *b, const delib_tariff *tariffs, size_t count);
/* Every column must be of use (--garder, --ignorer included), and every datum that a tariff needs must be there. */
bool batch_check_columns(struct batch_run *b);
/* The block that the header came from, without the families that are written already. False when none is left. */
bool batch_give_first_block(struct batch_run *b, struct lot_worker *w);
/* lot_journal.c: opens the journal that is asked, and finds the column of the references among those that are kept. */
bool batch_open_journal(struct batch_run *b);
/* The decimal mark, declared or found in the first rows; tells it with the separator. */
void batch_tell_dialect(struct batch_run *b);

#endif
