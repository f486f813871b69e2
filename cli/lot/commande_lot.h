/*
 * Many families at once: `delib calculer F --lot E --sortie S`, and each act of `simuler`.
 */
#ifndef CLI_COMMANDE_LOT_H
#define CLI_COMMANDE_LOT_H

#include "cli/base/commande.h"

enum lot_decimal { LOT_DECIMAL_COMMA, LOT_DECIMAL_POINT, LOT_DECIMAL_DETECTED };

/* Values of --decimale, in the order of enum lot_decimal; ends with NULL. */
extern const char *const lot_decimal_choices[];

struct lot_request {
    const char *program, *input;
    const char *output, *date, *threads; /* NULL when not given */
    const struct option_values *tariffs, *kept, *ignored;
    enum lot_decimal decimal;
    bool resume, amounts_only;
    const delib_io_config *config;       /* where sources are asked; NULL: they are not */
    const char *journal, *reference;     /* a file, a column kept; NULL */
    const char *sources;                 /* its file, or « bac à sable »: results of others are not resumed */
    const delib_program *other;          /* columns that only this act knows are not refused; NULL: none */
    bool quiet;                          /* only what goes wrong is told */
};

enum exit_code lot_execute(struct run *run, const struct lot_request *request);

#endif
