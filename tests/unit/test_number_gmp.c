/*
 * Exact numbers against GMP, an independent oracle: more than a million operations on operands from cents to the
 * limits of 128 bits, with a fixed seed.
 *
 * The criterion: an operation fails if and only if its true result, reduced, has a numerator or a denominator that
 * int128 does not hold (or if it divides by zero). However large the way to it, a result that fits is given.
 */
#include "lang/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gmp.h>

/* ---- Random operands ---- */

static uint64_t seed = 20260625;
static unsigned long operations;

static uint64_t random_word(void)          /* splitmix64: the same sequence everywhere */
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static int random_below(int limit)
{
    return (int)(random_word() % (unsigned)limit);
}

static int128 random_bits(int bits)
{
    uint128 wide = (uint128)random_word() << 64 | random_word();

    return bits ? (int128)(wide >> (128 - bits)) : 0;
}

/* A product of small primes, as denominators of rates and shares are; often near the limit. */
static int128 random_smooth(void)
{
    static const int PRIMES[] = { 2, 2, 2, 3, 5, 5, 7, 10, 13 };
    int128 product = 1;
    int factors = random_below(60);

    while (factors-- > 0) {
        int prime = PRIMES[random_below(9)];

        if (product > INT128_MAX / prime)
            break;
        product *= prime;
    }
    return product;
}

static int128 random_positive(void)
{
    int128 value;

    switch (random_below(6)) {
    case 0:  return 1 + random_below(1000);
    case 1:  return (int128)1 << random_below(127);
    case 2:  return INT128_MAX - random_below(1000);
    case 3:  return random_smooth();
    case 4:  value = random_bits(64); break;
    default: value = random_bits(1 + random_below(127)); break;
    }
    return value ? value : 1;
}

static int128 random_integer(void)
{
    int128 value = random_below(12) ? random_positive() : 0;

    if (random_below(50) == 0)
        return INT128_MIN;
    return random_below(2) ? value : -value;
}

/* ---- Between int128 and GMP ---- */

static void set_integer(mpz_t out, int128 value)
{
    uint128 magnitude = value < 0 ? 0 - (uint128)value : (uint128)value;
    uint64_t words[2] = { (uint64_t)magnitude, (uint64_t)(magnitude >> 64) };

    mpz_import(out, 2, -1, sizeof(words[0]), 0, 0, words);
    if (value < 0)
        mpz_neg(out, out);
}

static bool integer_fits(const mpz_t value)
{
    bool fits = mpz_sizeinbase(value, 2) <= 127;

    if (!fits && mpz_sgn(value) < 0) {            /* -2^127 is the only one of 128 bits */
        mpz_t sum;

        mpz_init_set_ui(sum, 1);
        mpz_mul_2exp(sum, sum, 127);
        mpz_add(sum, sum, value);
        fits = mpz_sgn(sum) >= 0;
        mpz_clear(sum);
    }
    return fits;
}

static int128 get_integer(const mpz_t value)
{
    uint64_t words[2] = { 0, 0 };
    uint128 magnitude;

    mpz_export(words, NULL, -1, sizeof(words[0]), 0, 0, value);
    magnitude = (uint128)words[1] << 64 | words[0];
    return mpz_sgn(value) < 0 ? (int128)(0 - magnitude) : (int128)magnitude;
}

static void set_number(mpq_t out, struct number value)
{
    set_integer(mpq_numref(out), value.num);
    set_integer(mpq_denref(out), value.den);
}

static bool number_fits(const mpq_t value)
{
    return integer_fits(mpq_numref(value)) && integer_fits(mpq_denref(value));
}

static struct number get_number(const mpq_t value)
{
    return (struct number){ get_integer(mpq_numref(value)), get_integer(mpq_denref(value)) };
}

/* ---- Checking ---- */

struct tally {
    unsigned long fit, unfit;
};

static const struct number UNSET = { 424242, -1 };

static void fail_on(const char *what, struct number a, struct number b)
{
    fail_msg("%s of %lld·2^64+%llu/%lld·2^64+%llu and %lld·2^64+%llu/%lld·2^64+%llu", what,
             (long long)(a.num >> 64), (unsigned long long)a.num, (long long)(a.den >> 64),
             (unsigned long long)a.den, (long long)(b.num >> 64), (unsigned long long)b.num,
             (long long)(b.den >> 64), (unsigned long long)b.den);
}

/* `expected` is canonical. A result that does not fit is refused, and then *out is not written. */
static void check(const char *what, struct tally *tally, struct number a, struct number b, bool done,
                  struct number result, const mpq_t expected)
{
    bool fits = number_fits(expected);
    struct number wanted = fits ? get_number(expected) : UNSET;

    operations++;
    if (fits)
        tally->fit++;
    else
        tally->unfit++;
    if (done != fits || result.num != wanted.num || result.den != wanted.den)
        fail_on(what, a, b);
}

static void check_integer(const char *what, struct tally *tally, int128 a, int128 b, bool done, int128 result,
                          const mpz_t expected)
{
    bool fits = integer_fits(expected);

    operations++;
    if (fits)
        tally->fit++;
    else
        tally->unfit++;
    if (done != fits || result != (fits ? get_integer(expected) : UNSET.num))
        fail_on(what, number_of(a), number_of(b));
}

/* Both answers must have been met often: otherwise the test says nothing. */
static void check_tally(const struct tally *tally, unsigned long least)
{
    assert_true(tally->fit >= least);
    assert_true(tally->unfit >= least);
}

/* ---- Integers ---- */

static void integers_agree(void **state)
{
    struct tally add = { 0, 0 }, sub = { 0, 0 }, mul = { 0, 0 }, lcm = { 0, 0 };
    mpz_t x, y, expected;

    (void)state;
    mpz_inits(x, y, expected, NULL);
    for (int i = 0; i < 60000; i++) {
        int128 a = random_integer(), b = random_integer(), c = random_positive(), d = random_positive();
        int128 result = UNSET.num;
        bool done = int128_add_checked(a, b, &result);

        set_integer(x, a);
        set_integer(y, b);
        mpz_add(expected, x, y);
        check_integer("int128_add", &add, a, b, done, result, expected);

        result = UNSET.num;
        done = int128_sub_checked(a, b, &result);
        mpz_sub(expected, x, y);
        check_integer("int128_sub", &sub, a, b, done, result, expected);

        result = UNSET.num;
        done = int128_mul_checked(a, b, &result);
        mpz_mul(expected, x, y);
        check_integer("int128_mul", &mul, a, b, done, result, expected);

        result = UNSET.num;
        done = int128_lcm_checked(c, d, &result);
        set_integer(x, c);
        set_integer(y, d);
        mpz_lcm(expected, x, y);
        check_integer("int128_lcm", &lcm, c, d, done, result, expected);

        mpz_gcd(expected, x, y);
        if ((int128)uint128_gcd((uint128)c, (uint128)d) != get_integer(expected))
            fail_on("uint128_gcd", number_of(c), number_of(d));
        operations++;
    }
    mpz_clears(x, y, expected, NULL);
    check_tally(&add, 1000);
    check_tally(&sub, 1000);
    check_tally(&mul, 1000);
    check_tally(&lcm, 1000);
}

/* The magnitude of n/d rounded, then the sign: the definition itself. `out` may be n. */
static void round_quotient(mpz_t out, const mpz_t n, const mpz_t d, enum rounding mode)
{
    bool negative = mpz_sgn(n) < 0;
    mpz_t magnitude, rest;

    mpz_inits(magnitude, rest, NULL);
    mpz_abs(magnitude, n);
    mpz_fdiv_qr(out, rest, magnitude, d);
    mpz_mul_ui(rest, rest, 2);
    if ((mode == ROUNDING_UP && mpz_sgn(rest) > 0) || (mode == ROUNDING_NEAREST && mpz_cmp(rest, d) >= 0))
        mpz_add_ui(out, out, 1);
    if (negative)
        mpz_neg(out, out);
    mpz_clears(magnitude, rest, NULL);
}

static const enum rounding MODES[] = { ROUNDING_NEAREST, ROUNDING_DOWN, ROUNDING_UP };

static void check_division(int128 n, int128 d, mpz_t x, mpz_t y, mpz_t expected)
{
    set_integer(x, n);
    set_integer(y, d);
    for (size_t mode = 0; mode < 3; mode++) {
        round_quotient(expected, x, y, MODES[mode]);
        if (int128_round_div(n, d, MODES[mode]) != get_integer(expected))
            fail_on("int128_round_div", number_of(n), number_of(d));
    }
    mpz_fdiv_q(expected, x, y);
    if (int128_floor_div(n, d) != get_integer(expected))
        fail_on("int128_floor_div", number_of(n), number_of(d));
    mpz_cdiv_q(expected, x, y);
    if (int128_ceil_div(n, d) != get_integer(expected))
        fail_on("int128_ceil_div", number_of(n), number_of(d));
    operations += 5;
}

static void divisions_agree(void **state)
{
    mpz_t x, y, expected;

    (void)state;
    mpz_inits(x, y, expected, NULL);
    for (int i = 0; i < 40000; i++) {
        int128 n = random_integer(), d = random_positive();

        check_division(n, d, x, y, expected);
        check_division(d / 2 + random_below(3) - 1, d, x, y, expected);         /* about a half */
        check_division(-(d / 2) + random_below(3) - 1, d, x, y, expected);
    }
    mpz_clears(x, y, expected, NULL);
}

/* ---- Rationals ---- */

static struct number random_number(struct tally *tally)
{
    struct number value;
    bool done;
    mpq_t expected;

    mpq_init(expected);
    do {
        int128 num = random_integer(), den = random_integer();

        value = UNSET;
        done = number_make(num, den, &value);
        operations++;
        if (den == 0) {
            assert_false(done);
            continue;
        }
        set_integer(mpq_numref(expected), num);
        set_integer(mpq_denref(expected), den);
        mpq_canonicalize(expected);
        check("number_make", tally, number_of(num), number_of(den), done, value, expected);
    } while (!done);
    mpq_clear(expected);
    return value;
}

/* One operation, ours and GMP's. */
struct operation {
    const char *name;
    bool (*ours)(struct number a, struct number b, struct number *out);
    void (*theirs)(mpq_t out, const mpq_t a, const mpq_t b);
    void (*inverse)(mpq_t out, const mpq_t a, const mpq_t b);     /* gives the b for which a and b make a result */
};

static void backwards_sub(mpq_t out, const mpq_t a, const mpq_t result)      /* a - b = result */
{
    mpq_sub(out, a, result);
}

static void backwards_add(mpq_t out, const mpq_t a, const mpq_t result)      /* a + b = result */
{
    mpq_sub(out, result, a);
}

static void backwards_mul(mpq_t out, const mpq_t a, const mpq_t result)
{
    if (mpq_sgn(a))
        mpq_div(out, result, a);
}

static void backwards_div(mpq_t out, const mpq_t a, const mpq_t result)
{
    if (mpq_sgn(result))
        mpq_div(out, a, result);
}

static void check_operation(const struct operation *operation, struct tally *tally, struct number a, struct number b)
{
    struct number result = UNSET;
    bool done = operation->ours(a, b, &result);
    mpq_t x, y, expected;

    mpq_inits(x, y, expected, NULL);
    set_number(x, a);
    set_number(y, b);
    if (operation->theirs == mpq_div && b.num == 0) {
        assert_false(done);
        operations++;
    } else {
        operation->theirs(expected, x, y);
        check(operation->name, tally, a, b, done, result, expected);
    }
    mpq_clears(x, y, expected, NULL);
}

/* Large operands whose result fits: b is computed from a and the result, and kept when it fits. */
static bool complement(const struct operation *operation, struct number a, struct number result, struct number *b)
{
    mpq_t x, y, found;
    bool fits;

    mpq_inits(x, y, found, NULL);
    set_number(x, a);
    set_number(y, result);
    operation->inverse(found, x, y);
    fits = number_fits(found);
    if (fits)
        *b = get_number(found);
    mpq_clears(x, y, found, NULL);
    return fits;
}

static void rationals_agree(void **state)
{
    static const struct operation OPERATIONS[] = {
        { "number_add", number_add, mpq_add, backwards_add },
        { "number_sub", number_sub, mpq_sub, backwards_sub },
        { "number_mul", number_mul, mpq_mul, backwards_mul },
        { "number_div", number_div, mpq_div, backwards_div },
    };
    struct tally make = { 0, 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(OPERATIONS) / sizeof(OPERATIONS[0]); i++) {
        struct tally tally = { 0, 0 }, complemented = { 0, 0 };
        struct number b;

        for (int j = 0; j < 40000; j++) {
            struct number a = random_number(&make), other = random_number(&make);

            check_operation(&OPERATIONS[i], &tally, a, other);
            if (complement(&OPERATIONS[i], a, other, &b))
                check_operation(&OPERATIONS[i], &complemented, a, b);
        }
        check_tally(&tally, 1000);
        assert_true(complemented.fit >= 1000);
    }
    check_tally(&make, 1000);
}

static void check_comparison(struct number a, struct number b, mpq_t x, mpq_t y)
{
    int expected;

    set_number(x, a);
    set_number(y, b);
    expected = mpq_cmp(x, y);
    expected = (expected > 0) - (expected < 0);
    if (number_compare(a, b) != expected || number_compare(b, a) != -expected)
        fail_on("number_compare", a, b);
    operations += 2;
}

static void comparisons_agree(void **state)
{
    struct tally make = { 0, 0 };
    mpq_t x, y;

    (void)state;
    mpq_inits(x, y, NULL);
    for (int i = 0; i < 60000; i++) {
        struct number a = random_number(&make), b = random_number(&make);
        int128 d = random_positive();

        check_comparison(a, b, x, y);
        check_comparison(a, a, x, y);
        if (d < INT128_MAX - 1)          /* neighbours: n/(n+1) and (n+1)/(n+2) */
            check_comparison((struct number){ d, d + 1 }, (struct number){ d + 1, d + 2 }, x, y);
    }
    mpq_clears(x, y, NULL);
}

/* Fractions need not be reduced. */
static void unreduced_fractions_agree(void **state)
{
    mpz_t left, right, factor;

    (void)state;
    mpz_inits(left, right, factor, NULL);
    for (int i = 0; i < 60000; i++) {
        int128 a = random_integer(), b = random_positive(), c = random_integer(), d = random_positive();
        int expected;

        set_integer(left, a);
        set_integer(factor, d);
        mpz_mul(left, left, factor);
        set_integer(right, c);
        set_integer(factor, b);
        mpz_mul(right, right, factor);
        expected = mpz_cmp(left, right);
        if (int128_compare_fractions(a, b, c, d) != (expected > 0) - (expected < 0))
            fail_on("int128_compare_fractions", (struct number){ a, b }, (struct number){ c, d });
        operations++;
    }
    mpz_clears(left, right, factor, NULL);
}

static struct number random_step(void)
{
    static const struct number STEPS[] = {
        { 1, 100 }, { 1, 10 }, { 1, 20 }, { 1, 2 }, { 1, 1 }, { 5, 1 }, { 1, 1000 }, { 1, 3 }, { 7, 3 },
    };
    struct number step = STEPS[random_below(9)];

    if (random_below(3) == 0) {
        int128 num = random_positive(), den = random_positive();

        assert_true(number_make(num, den, &step));
    }
    return step;
}

static void check_rounding(struct tally *tally, struct number a, struct number step, enum rounding mode)
{
    struct number result = UNSET;
    bool done = number_round(a, step, mode, &result);
    mpq_t quotient, multiple;

    mpq_inits(quotient, multiple, NULL);
    set_number(quotient, a);
    set_number(multiple, step);
    mpq_div(quotient, quotient, multiple);
    round_quotient(mpq_numref(quotient), mpq_numref(quotient), mpq_denref(quotient), mode);
    mpz_set_ui(mpq_denref(quotient), 1);
    mpq_mul(multiple, quotient, multiple);
    check("number_round", tally, a, step, done, result, multiple);
    mpq_clears(quotient, multiple, NULL);
}

static void roundings_agree(void **state)
{
    struct tally make = { 0, 0 }, tally = { 0, 0 };

    (void)state;
    for (int i = 0; i < 60000; i++) {
        struct number a = random_number(&make), step = random_step(), halves;

        for (size_t mode = 0; mode < 3; mode++)
            check_rounding(&tally, a, step, MODES[mode]);
        if (number_mul(step, (struct number){ 2 * random_below(100000) - 99999, 2 }, &halves))
            for (size_t mode = 0; mode < 3; mode++)
                check_rounding(&tally, halves, step, MODES[mode]);
    }
    check_tally(&tally, 1000);
}

/* ---- Amounts ---- */

/* Prices from 0,01 to 20,00 €, eleven percentages, rounded half up to the cent: zero wrong. */
static void products_of_prices_and_percentages_are_right(void **state)
{
    static const int PER_THOUSAND[] = { 125, 150, 200, 250, 300, 375, 400, 500, 600, 750, 850 };
    const struct number cent = { 1, 100 };
    int products = 0, wrong = 0, ties = 0;

    (void)state;
    for (int cents = 1; cents <= 2000; cents++) {
        for (size_t i = 0; i < sizeof(PER_THOUSAND) / sizeof(PER_THOUSAND[0]); i++) {
            unsigned thousandths = (unsigned)(cents * PER_THOUSAND[i]);      /* of a cent: an exact product */
            unsigned expected = (thousandths + 500) / 1000;
            struct number price, rate, amount;

            assert_true(number_make(cents, 100, &price));
            assert_true(number_make(PER_THOUSAND[i], 1000, &rate));
            assert_true(number_mul(price, rate, &amount));
            assert_true(number_round(amount, cent, ROUNDING_NEAREST, &amount));
            assert_true(number_mul(amount, number_of(100), &amount));
            wrong += amount.den != 1 || amount.num != expected;
            wrong += int128_round_div((int128)thousandths, 1000, ROUNDING_NEAREST) != expected;
            ties += thousandths % 1000 == 500;
            products++;
        }
    }
    assert_int_equal(products, 22000);
    assert_true(ties > 1000);
    assert_int_equal(wrong, 0);
}

static void there_were_a_million_operations(void **state)
{
    (void)state;
    print_message("%lu operations compared with GMP\n", operations);
    assert_true(operations >= 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_agree),
        cmocka_unit_test(divisions_agree),
        cmocka_unit_test(rationals_agree),
        cmocka_unit_test(comparisons_agree),
        cmocka_unit_test(unreduced_fractions_agree),
        cmocka_unit_test(roundings_agree),
        cmocka_unit_test(products_of_prices_and_percentages_are_right),
        cmocka_unit_test(there_were_a_million_operations),
    };

    return cmocka_run_group_tests_name("numbers against GMP", tests, NULL, NULL);
}
