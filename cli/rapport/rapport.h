/*
 * The report of a délibération, section by section: what each part of the page is given. commande_rapport.c gathers it
 * and puts the sections in order.
 */
#ifndef CLI_RAPPORT_H
#define CLI_RAPPORT_H

#include "cli/essais/essais.h"
#include "cli/document/html.h"
#include "cli/base/programme.h"

#include "runtime/coverage.h"

struct rapport {
    struct run *run;
    struct html html;
    struct programme programme;
    const struct delib_program *program;     /* at fault, what could be read */
    const struct source *source;             /* of the main file */
    const delib_check *check;                    /* NULL when the rules are at fault */
    struct test_results outcomes;                /* essais, then cases */
    struct coverage coverage;                    /* what they reach */
    size_t figures;                              /* drawn so far */
};

/* The voted text and the rules side by side. */
void rapport_write_text(struct rapport *r);

/* Each tariff as it is computed: its tables, exceptions and steps. */
void rapport_write_tariffs(struct rapport *r);

/* The price against the quotient, for each situation. */
void rapport_write_curves(struct rapport *r);

/* Diagnostics, properties, what was not decided. */
void rapport_write_checks(struct rapport *r);
/* The tests, what they reach, the essais that are missing. */
void rapport_write_tests(struct rapport *r);
/* Which rule implements which article. */
void rapport_write_articles(struct rapport *r);
/* The data that each tariff reads. */
void rapport_write_data(struct rapport *r);
/* Fingerprints of what was read. */
void rapport_write_fingerprints(struct rapport *r);

/* « ligne 12 », a link to that line where the rules are shown. */
void rapport_write_line(struct rapport *r, unsigned line);

#endif
