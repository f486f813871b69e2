/*
 * The rules of a tariff told in French, from the typed tree: its grids printed back, its exceptions, its steps, what it
 * reads that others share. For the sheet of rules of article R. 311-3-1-2 of the CRPA.
 */
#ifndef CLI_REGLES_H
#define CLI_REGLES_H

#include "cli/document/document.h"

#include "runtime/program.h"

/* The amounts, rates and thresholds that are applied: price, definitions, national values. */
void regles_write_parameters(struct document *out, const struct delib_program *program, size_t tariff);
/* What is done with them, in order: exceptions, price, steps, other results. */
void regles_write_operations(struct document *out, const struct delib_program *program, size_t tariff);
/* The cases that the act says it leaves to a person, or does not settle, with their reason: one item each. */
void regles_write_ends(struct document *out, const struct delib_program *program, size_t tariff);
bool regles_has_ends(const struct delib_program *program, size_t tariff);

#endif
