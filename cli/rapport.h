/*
 * The report of a délibération, section by section: what each part of the page is given. commande_rapport.c gathers it
 * and puts the sections in order.
 */
#ifndef CLI_RAPPORT_H
#define CLI_RAPPORT_H

#include "essais.h"
#include "html.h"
#include "programme.h"

#include "runtime/program.h"

struct rapport {
    struct run *run;
    struct html html;
    struct programme programme;
    const struct delib_program *program;     /* NULL when nothing could be read; at fault, what could be */
    const struct source *source;             /* of the main file */
    struct test_results outcomes;                /* essais, then cases */
    size_t figures;                              /* drawn so far */
};

/* The voted text and the rules side by side. */
void rapport_write_text(struct rapport *r);

/* Each tariff as it is computed: its tables, exceptions and steps. */
void rapport_write_tariffs(struct rapport *r);

/* The price against the quotient, for each situation. */
void rapport_write_curves(struct rapport *r);

/* « ligne 12 », a link to that line of the rules. */
void rapport_write_line(struct rapport *r, unsigned line);

#endif
