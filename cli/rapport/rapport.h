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

/* ---- rapport_audit.c: what ties the rules to the act ---- */

/* A declaration, an exception, a step: what an article may stand above. */
struct audited_rule {
    const char *words;                   /* « exception « adulte » » */
    struct span span;
    const struct citation *citation;     /* the first; NULL when it cites nothing */
    bool datum;                          /* says what is asked rather than what is due */
    bool tied;                           /* to the act, by the title above it or by a citation; a datum need not be */
};

struct audited_rules {
    struct audited_rule *items;
    size_t count, capacity;
};

struct audited_paragraph {
    unsigned line;
    struct slice words;
};

struct audited_paragraphs {
    struct audited_paragraph *items;
    size_t count, capacity;
};

/* Every rule of the main file, essais apart. */
void rapport_find_rules(struct rapport *r, struct audited_rules *out);
/* Paragraphs of the voted text, which is literate, that no rule follows at once nor cites. */
void rapport_find_paragraphs(struct rapport *r, struct audited_paragraphs *out);
/* Is there a block of rules between two places of the voted text? */
bool rapport_holds_code(const struct rapport *r, uint32_t start, uint32_t end);

/* ---- rapport_json.c: what the page says, for a program ---- */

/* The members of the object that is open. */
void rapport_json(struct rapport *r, delib_io_json *json);

/* ---- The page, a file per section ---- */

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
