/*
 * The reference evaluator: what a délibération means, written for clarity on GMP rationals. It reads the tree that
 * the grammar builds and nothing else: no types, no ranges, no compiled program, nothing of runtime/. A text is
 * assumed to be accepted by the checks. What it does not know (lists, dates other than comparisons) gives
 * REF_UNKNOWN.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* In the order of strength: of two operands that are not known, the stronger one is the result. */
enum ref_state {
    REF_OK,
    REF_ABSENT,  /* not communicated */
    REF_FAILED,  /* a source failed, or is not granted */
    REF_MISSING, /* an answer still to be given */
    REF_NON_PREVU,
    REF_DECISION,
    REF_SANS_OBJET,
    REF_INVALID, /* these end the tariff */
    REF_UNKNOWN  /* outside the subset */
};

enum ref_answer { REF_ANSWER_VALUE, REF_ANSWER_ABSENT, REF_ANSWER_REFUSED, REF_ANSWER_FAILED };

/*
 * The value of an input: NULL text is « non communiqué ». An input that is not listed is not given. For a source,
 * what it answers, then what the family declares.
 */
struct ref_input {
    const char *name, *text;
    enum ref_answer answer;
    const char *answered; /* REF_ANSWER_VALUE */
    bool undeclared;      /* a source for which the family gives nothing */
};

struct reference;

/* NULL when the text has a fault of grammar. The text is borrowed. */
struct reference *reference_new(const char *text, size_t length);
void reference_free(struct reference *reference);
/* The amount goes to `amount` when the result is REF_OK. */
enum ref_state reference_evaluate(struct reference *reference, const char *tariff, const struct ref_input *inputs,
                                  size_t count, mpq_t amount);

#endif
