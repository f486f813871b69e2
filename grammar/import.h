/*
 * Grids read from a CSV file (« depuis "tarifs.csv" »): the file is rewritten as the lines of a grid, then read by the
 * grammar like any other, with the same checks and the same lines in the messages.
 */
#ifndef GRAMMAR_IMPORT_H
#define GRAMMAR_IMPORT_H

#include "parse.h"

/* The CSV as « | a | b | » lines. Separator `;`, tab or `,`, found on the first line; RFC 4180 quotes. */
char *import_text(struct arena *arena, const char *bytes, size_t length, size_t *out_length);

/* Reads that text (now a source of the program) into `table`; faults go to `diags`. */
void import_grid(struct arena *arena, struct diag_list *diags, const struct source *source, uint32_t file,
                 const struct token_options *options, struct table *table);

#endif
