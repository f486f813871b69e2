/*
 * Exact numbers: rationals on 128-bit integers, for the constants of a text and for static ranges. No binary floating
 * point. Every operation says when its result does not fit; nothing wraps.
 */
#ifndef LANG_NUMBER_H
#define LANG_NUMBER_H

#include "text.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

#define INT128_MAX ((int128)(~(uint128)0 >> 1))
#define INT128_MIN (-INT128_MAX - 1)

/* Always reduced, den > 0; zero is 0/1. */
struct number {
    int128 num, den;
};

/* How a value between two multiples of the step is placed. Modes act on the magnitude (a negative value mirrors). */
enum rounding {
    ROUNDING_NEAREST,        /* « le plus proche », halves away from zero */
    ROUNDING_DOWN,           /* « inférieur », towards zero; also « tronqué » */
    ROUNDING_UP              /* « supérieur », away from zero */
};

/* 128-bit integers. _checked functions return false, leaving *out unset, when the result does not fit. */
bool int128_add_checked(int128 a, int128 b, int128 *out);
bool int128_sub_checked(int128 a, int128 b, int128 *out);
bool int128_mul_checked(int128 a, int128 b, int128 *out);
uint128 uint128_gcd(uint128 a, uint128 b);
bool int128_lcm_checked(int128 a, int128 b, int128 *out);        /* a, b > 0 */
/* n / d rounded to an integer; d > 0. Never overflows. */
int128 int128_round_div(int128 n, int128 d, enum rounding mode);
int128 int128_floor_div(int128 n, int128 d);                      /* d > 0, towards minus infinity */
int128 int128_ceil_div(int128 n, int128 d);
/* Sign of a/b - c/d, exact for all values (b, d > 0), without overflow. */
int int128_compare_fractions(int128 a, int128 b, int128 c, int128 d);
void strbuf_int128(struct strbuf *out, int128 value);

struct number number_of(int128 value);
/*
 * False, leaving *out unset, if and only if the reduced result does not fit (or on a zero denominator or divisor):
 * intermediate results never overflow.
 */
bool number_make(int128 num, int128 den, struct number *out);     /* reduces */
bool number_add(struct number a, struct number b, struct number *out);
bool number_sub(struct number a, struct number b, struct number *out);
bool number_mul(struct number a, struct number b, struct number *out);
bool number_div(struct number a, struct number b, struct number *out);   /* false also when b is 0 */
int number_compare(struct number a, struct number b);
int number_sign(struct number a);
bool number_is_integer(struct number a);
/* Nearest multiple of `step` (> 0) under `mode`. */
bool number_round(struct number a, struct number step, enum rounding mode, struct number *out);
/* Decimals needed to write it exactly: 0, 1, 2… or -1 when no finite decimal exists (1/3). */
int number_decimals(struct number a);

/*
 * A number as people write it: digits with optional groups of three separated by space, no-break space (U+00A0),
 * narrow no-break space (U+202F) or thin space (U+2009), an optional decimal part after a comma or a point, an
 * optional leading sign (-, +, U+2212). Nothing else before or after. False when malformed or too large (more than 30
 * digits).
 */
bool number_parse(struct slice text, struct number *out);

/*
 * French text: decimal comma, U+202F between thousands from 1 000, at least `min_decimals` decimals ("1,50"), the minus
 * sign as plain ASCII '-'. Not a finite decimal: "1/3".
 */
void strbuf_number(struct strbuf *out, struct number value, int min_decimals);
/* Machine text: decimal point, no grouping ("1234.50"). */
void strbuf_number_machine(struct strbuf *out, struct number value, int min_decimals);

#endif
