/*
 * Exact rationals on 128-bit integers. Intermediate results are kept on 256 bits, so that "does not fit" is said
 * exactly when the reduced result has a numerator or a denominator beyond int128, never because of the way to it.
 */
#include "number.h"

/* ---- Unsigned 128 and 256 bits ---- */

static uint128 magnitude(int128 value)
{
    return value < 0 ? 0 - (uint128)value : (uint128)value;
}

static bool signed_of(bool negative, uint128 value, int128 *out)
{
    if (value > (uint128)INT128_MAX + (negative ? 1 : 0))
        return false;
    *out = negative ? (int128)(0 - value) : (int128)value;
    return true;
}

struct wide {
    uint128 high, low;
};

static struct wide wide_multiply(uint128 a, uint128 b)
{
    uint128 a_high = a >> 64, a_low = (uint64_t)a, b_high = b >> 64, b_low = (uint64_t)b;
    uint128 low = a_low * b_low, left = a_high * b_low, right = a_low * b_high;
    uint128 middle = (low >> 64) + (uint64_t)left + (uint64_t)right;

    return (struct wide){
        .high = a_high * b_high + (left >> 64) + (right >> 64) + (middle >> 64),
        .low = middle << 64 | (uint64_t)low,
    };
}

static int wide_compare(struct wide a, struct wide b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

static struct wide wide_add(struct wide a, struct wide b)
{
    uint128 low = a.low + b.low;

    return (struct wide){ a.high + b.high + (low < a.low), low };
}

static struct wide wide_subtract(struct wide a, struct wide b)
{
    return (struct wide){ a.high - b.high - (a.low < b.low), a.low - b.low };
}

static unsigned wide_bit(struct wide value, int bit)
{
    return (unsigned)((bit < 128 ? value.low >> bit : value.high >> (bit - 128)) & 1);
}

/* Division bit by bit; the divisor is below 2^255, so that the doubled remainder never wraps. */
static struct wide wide_divide(struct wide dividend, struct wide divisor, struct wide *remainder)
{
    struct wide quotient = { 0, 0 }, rest = { 0, 0 };

    if (dividend.high == 0 && divisor.high == 0) {
        *remainder = (struct wide){ 0, dividend.low % divisor.low };
        return (struct wide){ 0, dividend.low / divisor.low };
    }
    for (int bit = 255; bit >= 0; bit--) {
        rest = wide_add(rest, rest);
        rest.low |= wide_bit(dividend, bit);
        quotient = wide_add(quotient, quotient);
        if (wide_compare(rest, divisor) >= 0) {
            rest = wide_subtract(rest, divisor);
            quotient.low |= 1;
        }
    }
    *remainder = rest;
    return quotient;
}

static bool multiply(uint128 a, uint128 b, uint128 *out)
{
    struct wide product = wide_multiply(a, b);

    *out = product.low;
    return product.high == 0;
}

/* ---- 128-bit integers ---- */

bool int128_add_checked(int128 a, int128 b, int128 *out)
{
    int128 sum;

    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}

bool int128_sub_checked(int128 a, int128 b, int128 *out)
{
    int128 difference;

    if (__builtin_sub_overflow(a, b, &difference))
        return false;
    *out = difference;
    return true;
}

/* Not __builtin_mul_overflow: clang makes it a call to a function that libgcc lacks. */
bool int128_mul_checked(int128 a, int128 b, int128 *out)
{
    uint128 product;

    return multiply(magnitude(a), magnitude(b), &product) && signed_of((a < 0) != (b < 0), product, out);
}

static int trailing_zeros(uint128 value)
{
    uint64_t low = (uint64_t)value;

    return low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(value >> 64));
}

/* Stein's algorithm: subtractions and shifts, as divisions are slow. */
static uint64_t uint64_gcd(uint64_t a, uint64_t b)
{
    int twos = trailing_zeros(a | b);

    a >>= trailing_zeros(a);
    while (b) {
        b >>= trailing_zeros(b);
        if (a > b) {
            uint64_t larger = a;

            a = b;
            b = larger;
        }
        b -= a;
    }
    return a << twos;
}

uint128 uint128_gcd(uint128 a, uint128 b)
{
    int twos;

    if (a == 0 || b == 0)
        return a | b;
    if (a == 1 || b == 1)
        return 1;
    if (a <= UINT64_MAX && b <= UINT64_MAX)
        return uint64_gcd((uint64_t)a, (uint64_t)b);
    twos = trailing_zeros(a | b);
    a >>= trailing_zeros(a);
    while (b) {
        b >>= trailing_zeros(b);
        if (a > b) {
            uint128 larger = a;

            a = b;
            b = larger;
        }
        b -= a;
    }
    return a << twos;
}

bool int128_lcm_checked(int128 a, int128 b, int128 *out)
{
    return int128_mul_checked(a / (int128)uint128_gcd((uint128)a, (uint128)b), b, out);
}

/* Whether a magnitude that leaves `rest` over, 0 ≤ rest < divisor, goes to the next integer. */
static bool rounds_up(struct wide rest, struct wide divisor, enum rounding mode)
{
    switch (mode) {
    case ROUNDING_NEAREST: return wide_compare(rest, wide_subtract(divisor, rest)) >= 0;
    case ROUNDING_DOWN:    return false;
    case ROUNDING_UP:      return rest.high || rest.low;
    }
    return false;
}

int128 int128_round_div(int128 n, int128 d, enum rounding mode)
{
    uint128 dividend = magnitude(n), divisor = (uint128)d, quotient = dividend / divisor;

    quotient += rounds_up((struct wide){ 0, dividend % divisor }, (struct wide){ 0, divisor }, mode);
    return n < 0 ? (int128)(0 - quotient) : (int128)quotient;
}

int128 int128_floor_div(int128 n, int128 d)
{
    return n / d - (n % d < 0);
}

int128 int128_ceil_div(int128 n, int128 d)
{
    return n / d + (n % d > 0);
}

/* Compares the integer parts, then the inverses of what remains, the other way round: continued fractions. */
static int compare_unsigned_fractions(uint128 a, uint128 b, uint128 c, uint128 d)
{
    for (int sign = 1;; sign = -sign) {
        uint128 left = a / b, right = c / d, rest_left = a % b, rest_right = c % d;

        if (left != right)
            return left < right ? -sign : sign;
        if (rest_left == 0 || rest_right == 0)
            return sign * ((rest_left != 0) - (rest_right != 0));
        a = b;
        b = rest_left;
        c = d;
        d = rest_right;
    }
}

int int128_compare_fractions(int128 a, int128 b, int128 c, int128 d)
{
    if (a < 0 && c < 0)
        return compare_unsigned_fractions(magnitude(c), (uint128)d, magnitude(a), (uint128)b);
    if (a < 0 || c < 0)
        return a < 0 ? -1 : 1;
    return compare_unsigned_fractions((uint128)a, (uint128)b, (uint128)c, (uint128)d);
}

/* ---- Rationals ---- */

/* num / den, already reduced. */
static bool number_store(bool negative, uint128 num, uint128 den, struct number *out)
{
    int128 signed_num;

    if (den > (uint128)INT128_MAX || !signed_of(negative, num, &signed_num))
        return false;
    *out = (struct number){ signed_num, (int128)den };
    return true;
}

struct number number_of(int128 value)
{
    return (struct number){ value, 1 };
}

bool number_make(int128 num, int128 den, struct number *out)
{
    uint128 common = uint128_gcd(magnitude(num), magnitude(den));

    if (den == 0)
        return false;
    return number_store((num < 0) != (den < 0), magnitude(num) / common, magnitude(den) / common, out);
}

/*
 * a/b + c/d with g = gcd(b, d) is t / (b·d/g) with t = a·(d/g) + c·(b/g), and all that t can still share with the
 * denominator is in g (Knuth, The Art of Computer Programming, 4.5.1).
 */
static bool number_sum(struct number a, struct number b, bool b_negative, struct number *out)
{
    uint128 a_den = (uint128)a.den, b_den = (uint128)b.den, shared = uint128_gcd(a_den, b_den), common, den;
    struct wide left = wide_multiply(magnitude(a.num), b_den / shared);
    struct wide right = wide_multiply(magnitude(b.num), a_den / shared);
    bool negative = a.num < 0;
    struct wide total, rest;

    if (negative == b_negative) {
        total = wide_add(left, right);
    } else if (wide_compare(left, right) >= 0) {
        total = wide_subtract(left, right);
    } else {
        total = wide_subtract(right, left);
        negative = b_negative;
    }
    wide_divide(total, (struct wide){ 0, shared }, &rest);
    common = uint128_gcd(rest.low, shared);
    total = wide_divide(total, (struct wide){ 0, common }, &rest);
    if (total.high || !multiply(a_den / shared, b_den / common, &den))
        return false;
    return number_store(negative, total.low, den, out);
}

bool number_add(struct number a, struct number b, struct number *out)
{
    return number_sum(a, b, b.num < 0, out);
}

bool number_sub(struct number a, struct number b, struct number *out)
{
    return number_sum(a, b, b.num >= 0, out);
}

/* a/b × c/d, both reduced: once a and d, c and b are freed of what they share, the product is reduced. */
static bool number_product(bool negative, uint128 a, uint128 b, uint128 c, uint128 d, struct number *out)
{
    uint128 outer = uint128_gcd(a, d), inner = uint128_gcd(c, b), num, den;

    if (!multiply(a / outer, c / inner, &num) || !multiply(b / inner, d / outer, &den))
        return false;
    return number_store(negative, num, den, out);
}

bool number_mul(struct number a, struct number b, struct number *out)
{
    return number_product((a.num < 0) != (b.num < 0), magnitude(a.num), (uint128)a.den, magnitude(b.num),
                          (uint128)b.den, out);
}

bool number_div(struct number a, struct number b, struct number *out)
{
    if (b.num == 0)
        return false;
    return number_product((a.num < 0) != (b.num < 0), magnitude(a.num), (uint128)a.den, (uint128)b.den,
                          magnitude(b.num), out);
}

int number_compare(struct number a, struct number b)
{
    return int128_compare_fractions(a.num, a.den, b.num, b.den);
}

int number_sign(struct number a)
{
    return (a.num > 0) - (a.num < 0);
}

bool number_is_integer(struct number a)
{
    return a.den == 1;
}

/* count × step, reduced. */
static bool number_multiple(bool negative, struct wide count, struct number step, struct number *out)
{
    struct wide rest;
    uint128 step_den = (uint128)step.den, shared, num;

    wide_divide(count, (struct wide){ 0, step_den }, &rest);
    shared = uint128_gcd(rest.low, step_den);
    count = wide_divide(count, (struct wide){ 0, shared }, &rest);
    if (count.high || !multiply(count.low, (uint128)step.num, &num))
        return false;
    return number_store(negative, num, step_den / shared, out);
}

bool number_round(struct number a, struct number step, enum rounding mode, struct number *out)
{
    struct wide dividend = wide_multiply(magnitude(a.num), (uint128)step.den);
    struct wide divisor = wide_multiply((uint128)a.den, (uint128)step.num);
    struct wide rest, count = wide_divide(dividend, divisor, &rest);

    if (rounds_up(rest, divisor, mode))
        count = wide_add(count, (struct wide){ 0, 1 });
    return number_multiple(a.num < 0, count, step, out);
}

static int divide_out(uint128 *value, unsigned factor)
{
    int times = 0;

    while (*value % factor == 0) {
        *value /= factor;
        times++;
    }
    return times;
}

int number_decimals(struct number a)
{
    uint128 den = (uint128)a.den;
    int twos = divide_out(&den, 2), fives = divide_out(&den, 5);

    if (den != 1)
        return -1;
    return twos > fives ? twos : fives;
}

/* ---- Reading ---- */

enum { DIGITS_LIMIT = 30 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits read so far, as an integer. */
struct reading {
    uint128 value;
    int digits;
};

/* A run of digits: how many, or -1 beyond the limit. */
static int read_digits(struct slice *rest, struct reading *reading)
{
    int count = 0;

    while (rest->length && is_digit(*rest->bytes)) {
        if (++reading->digits > DIGITS_LIMIT)
            return -1;
        reading->value = reading->value * 10 + (unsigned)(*rest->bytes - '0');
        rest->bytes++;
        rest->length--;
        count++;
    }
    return count;
}

/* 1234 or 1 234: when there are groups the first has one to three digits, the others three. */
static bool read_integer_part(struct slice *rest, struct reading *reading)
{
    int first = read_digits(rest, reading);

    if (first < 1)
        return false;
    while (slice_skip_space(rest))
        if (first > 3 || read_digits(rest, reading) != 3)
            return false;
    return true;
}

bool number_parse(struct slice text, struct number *out)
{
    struct reading reading = { 0, 0 };
    bool negative = slice_skip(&text, "-") || slice_skip(&text, "\xE2\x88\x92");
    int decimals = 0;
    int128 scale = 1;

    if (!negative)
        slice_skip(&text, "+");
    if (!read_integer_part(&text, &reading))
        return false;
    if (slice_skip(&text, ",") || slice_skip(&text, ".")) {
        decimals = read_digits(&text, &reading);
        if (decimals < 1)
            return false;
    }
    if (text.length)
        return false;
    while (decimals-- > 0)
        scale *= 10;
    return number_make(negative ? -(int128)reading.value : (int128)reading.value, scale, out);
}

/* ---- Writing ---- */

static const char GROUP_SEPARATOR[] = "\xE2\x80\xAF";     /* U+202F, narrow no-break space */

static void write_integer(struct strbuf *out, uint128 value, bool grouped)
{
    char digits[40];
    size_t first = sizeof(digits);

    do {
        digits[--first] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value);
    for (size_t at = first; at < sizeof(digits); at++) {
        if (grouped && at > first && (sizeof(digits) - at) % 3 == 0)
            strbuf_text(out, GROUP_SEPARATOR);
        strbuf_char(out, digits[at]);
    }
}

void strbuf_int128(struct strbuf *out, int128 value)
{
    if (value < 0)
        strbuf_char(out, '-');
    write_integer(out, magnitude(value), false);
}

/* The decimals of rest / den, rest < den; ten times the rest may need more than 128 bits. */
static void write_decimals(struct strbuf *out, uint128 rest, uint128 den, int decimals)
{
    while (decimals-- > 0) {
        struct wide left, digit = wide_divide(wide_multiply(rest, 10), (struct wide){ 0, den }, &left);

        strbuf_char(out, (char)('0' + (int)digit.low));
        rest = left.low;
    }
}

static void write_number(struct strbuf *out, struct number value, int min_decimals, char point, bool grouped)
{
    int decimals = number_decimals(value);
    uint128 num = magnitude(value.num), den = (uint128)value.den;

    if (value.num < 0)
        strbuf_char(out, '-');
    if (decimals < 0) {
        write_integer(out, num, grouped);
        strbuf_char(out, '/');
        write_integer(out, den, grouped);
        return;
    }
    if (decimals < min_decimals)
        decimals = min_decimals;
    write_integer(out, num / den, grouped);
    if (decimals > 0)
        strbuf_char(out, point);
    write_decimals(out, num % den, den, decimals);
}

void strbuf_number(struct strbuf *out, struct number value, int min_decimals)
{
    write_number(out, value, min_decimals, ',', true);
}

void strbuf_number_machine(struct strbuf *out, struct number value, int min_decimals)
{
    write_number(out, value, min_decimals, '.', false);
}
