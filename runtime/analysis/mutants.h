/*
 * Mutants of a délibération: the same text with one small fault, such as a clerk could make. A mutant that no check, no
 * essai and no case notices shows a rule that nobody verifies; `delib tester --mutations` looks for them.
 *
 * Mutants are made on the typed tree, and are edits of the main file at its original places. Pure.
 */
#ifndef ANALYSIS_MUTANTS_H
#define ANALYSIS_MUTANTS_H

#include "runtime/program.h"

enum mutation_kind {
    MUTATION_BOUND,                    /* a bound moved by one point of its grid */
    MUTATION_PRICE,                    /* an amount, one cent more */
    MUTATION_RATE,                     /* a rate, one point more */
    MUTATION_ROWS,                     /* the prices of two rows that follow each other, exchanged */
    MUTATION_ABSENCE,                  /* a « non communiqué » dropped */
    MUTATION_STEPS,                    /* two « puis » that follow each other, exchanged */
    MUTATION_ROUNDING,                 /* another rounding mode */
    MUTATION_UNIT,                     /* another unit */
    MUTATION_CONDITION,                /* a condition negated */
    MUTATION_EXCEPTION,                /* an exception dropped */
    MUTATION_KINDS
};

/* The bytes [start, end) of the main file become `text`. */
struct mutation_edit {
    uint32_t start, end;
    struct slice text;
};

struct mutant {
    enum mutation_kind kind;
    unsigned line;                     /* where it is, from 1 */
    const char *words;                 /* « borne 450 → 451 » */
    struct mutation_edit edits[2];     /* ascending, apart */
    size_t edit_count;
};

struct mutants {
    struct mutant *items;
    size_t count, capacity;
    size_t limit;                      /* beyond it they are only counted */
    size_t total;
};

/* The mutants of a valid program, in the order of the text; `limit` at most. Inside arena_guard(). */
void mutants_of_program(struct arena *arena, const delib_program *program, size_t limit, struct mutants *out);
/* The text of a mutant. */
struct slice mutant_text(struct arena *arena, const delib_program *program, const struct mutant *mutant);

#endif
