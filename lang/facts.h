/*
 * Static arithmetic: what is known of a value before any family is. Each function gives the facts of a result from
 * those of its operands, or false when the exact result might not fit in 128 bits (the caller then says which input
 * to bound). The result is none of the operands.
 */
#ifndef LANG_FACTS_H
#define LANG_FACTS_H

#include "types.h"

/* Largest magnitude of a numerator: leaves room for one addition without a check. */
#define FACTS_LIMIT ((int128)1 << 124)

struct facts facts_of_number(struct number value);
struct facts facts_of_range(int128 den, int128 lo, int128 hi);
struct number facts_low(const struct facts *f);        /* smallest value; not for a ratio */
struct number facts_high(const struct facts *f);

bool facts_rescale(struct facts *f, int128 den);       /* den: a multiple of f->den */
bool facts_common(const struct facts *a, const struct facts *b, int128 *den);
bool facts_add(const struct facts *a, const struct facts *b, bool subtract, struct facts *out);
bool facts_multiply(const struct facts *a, const struct facts *b, struct facts *out);
/* b is proved to exclude zero and to keep one sign (positive). A constant divisor only changes the denominator. */
bool facts_divide(const struct facts *a, const struct facts *b, struct facts *out);
bool facts_round(const struct facts *a, struct number step, enum rounding mode, struct facts *out);
bool facts_join(const struct facts *a, const struct facts *b, struct facts *out);    /* either value */
bool facts_max(const struct facts *a, const struct facts *b, bool minimum, struct facts *out);
/* At most `decimals` decimals, whatever the value. */
bool facts_has_decimals(const struct facts *f, int decimals);

#endif
