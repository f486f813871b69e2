/*
 * The lexical pass over JSON: places of values, digits of numbers, depth.
 */
#include "edge_scan.h"

#include <string.h>

struct edge_scanner {
    struct edge_tree *tree;
    struct slice text;
    struct edge_marks *marks;
    size_t offset;
    struct edge_place place;
    unsigned depth;
    size_t values;
};

#define EDGE_DIGIT_LIMIT 15

static bool edge_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Sign, digits and exponent of a number. */
struct edge_digits {
    int64_t units;              /* of the digits kept, without sign */
    unsigned significant;       /* digits from the first to the last that is not zero */
    int exponent;               /* value = units × 10^exponent */
    bool negative, valid;
};

/* Reads "12.50" as 1250 × 10^-2; zeros at the end are kept as long as they fit. */
static size_t edge_digits_mantissa(struct slice text, size_t i, struct edge_digits *digits)
{
    unsigned zeros = 0;         /* read and not yet known to be inside the number */
    bool fraction = false;
    for (; i < text.length; i++) {
        const char c = text.bytes[i];
        if (c == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (!edge_is_digit(c))
            break;
        if (fraction)
            digits->exponent--;
        if (c == '0') {
            zeros += digits->significant > 0;
            if (digits->significant > 0 && digits->units <= INT64_MAX / 10)
                digits->units *= 10;
            else if (digits->significant > 0)
                digits->exponent++;
            continue;
        }
        digits->significant += zeros + 1;
        zeros = 0;
        if (digits->significant > EDGE_DIGIT_LIMIT)
            digits->valid = false;
        if (digits->units <= (INT64_MAX - 9) / 10)
            digits->units = digits->units * 10 + (c - '0');
    }
    return i;
}

static bool edge_digits_exponent(struct slice text, size_t i, struct edge_digits *digits)
{
    bool negative = false;
    int value = 0;
    if (i == text.length)
        return true;
    if (text.bytes[i] != 'e' && text.bytes[i] != 'E')
        return false;
    i++;
    if (i < text.length && (text.bytes[i] == '+' || text.bytes[i] == '-'))
        negative = text.bytes[i++] == '-';
    if (i == text.length)
        return false;
    for (; i < text.length; i++) {
        if (!edge_is_digit(text.bytes[i]))
            return false;
        if (value < 100000)
            value = value * 10 + (text.bytes[i] - '0');
    }
    digits->exponent += negative ? -value : value;
    return true;
}

bool edge_number_parse(struct slice text, delib_value *out)
{
    struct edge_digits digits = { .valid = true };
    size_t i = 0;
    if (i < text.length && text.bytes[i] == '-') {
        digits.negative = true;
        i++;
    }
    i = edge_digits_mantissa(text, i, &digits);
    if (!digits.valid || !edge_digits_exponent(text, i, &digits))
        return false;
    if (digits.units == 0) {
        digits.negative = false;
        digits.exponent = digits.exponent < 0 && digits.exponent >= -18 ? digits.exponent : 0;
    }
    for (; digits.exponent > 0; digits.exponent--) {
        if (digits.units > INT64_MAX / 10)
            return false;
        digits.units *= 10;
    }
    for (; digits.exponent < -18; digits.exponent++) {
        if (digits.units % 10 != 0)
            return false;
        digits.units /= 10;
    }
    *out = (delib_value){ .kind = DELIB_VALUE_NUMBER, .units = digits.negative ? -digits.units : digits.units,
                          .scale = (unsigned)-digits.exponent };
    return true;
}

/* ------------------------------------------------------------------ the pass */

/* Over one byte, keeping the place: lines by '\n', columns by characters. */
static void edge_scan_step(struct edge_scanner *scanner)
{
    const unsigned char c = (unsigned char)scanner->text.bytes[scanner->offset++];
    if (c == '\n') {
        scanner->place.line++;
        scanner->place.column = 1;
    } else if ((c & 0xC0) != 0x80) {
        scanner->place.column++;
    }
}

static char edge_scan_peek(const struct edge_scanner *scanner)
{
    if (scanner->offset >= scanner->text.length)
        return '\0';
    return scanner->text.bytes[scanner->offset];
}

static void edge_scan_blanks(struct edge_scanner *scanner)
{
    for (;;) {
        const char c = edge_scan_peek(scanner);
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return;
        edge_scan_step(scanner);
    }
}

static struct edge_mark *edge_scan_mark(struct edge_scanner *scanner)
{
    struct edge_mark *mark = arena_push(scanner->tree->arena, scanner->marks);
    if (mark)
        *mark = (struct edge_mark){ scanner->place, scanner->offset, 0, false };
    return mark;
}

/* After a string: a key when a colon follows. False at the end of an unterminated string. */
static bool edge_scan_string(struct edge_scanner *scanner)
{
    const size_t start = scanner->offset;
    struct edge_mark *mark = edge_scan_mark(scanner);
    if (!mark)
        return false;
    edge_scan_step(scanner);
    while (scanner->offset < scanner->text.length && edge_scan_peek(scanner) != '"') {
        if (edge_scan_peek(scanner) == '\\' && scanner->offset + 1 < scanner->text.length)
            edge_scan_step(scanner);
        edge_scan_step(scanner);
    }
    if (scanner->offset >= scanner->text.length)
        return false;
    edge_scan_step(scanner);
    mark->length = scanner->offset - start;
    edge_scan_blanks(scanner);
    mark->is_key = edge_scan_peek(scanner) == ':';
    return true;
}

static bool edge_scan_number(struct edge_scanner *scanner)
{
    struct edge_mark *mark = edge_scan_mark(scanner);
    const size_t start = scanner->offset;
    delib_value ignored;
    struct slice digits;
    if (!mark)
        return false;
    for (;;) {
        const char c = edge_scan_peek(scanner);
        if (!edge_is_digit(c) && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E')
            break;
        edge_scan_step(scanner);
    }
    digits = (struct slice){ scanner->text.bytes + start, scanner->offset - start };
    mark->length = digits.length;
    if (edge_number_parse(digits, &ignored))
        return true;
    edge_report(scanner->tree->diagnostics, EDGE_TEXT_NUMBER, mark->place,
                "écrivez-le entre guillemets : \"1234.50\"",
                "nombre mal formé, ou de plus de %d chiffres significatifs : il perdrait sa valeur exacte",
                EDGE_DIGIT_LIMIT);
    return false;
}

/* ------------------------------------------------------------------ strings */

static unsigned edge_hexadecimal(const char *four)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = four[i];
        value = value * 16 + (unsigned)(edge_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static void edge_write_character(struct strbuf *out, unsigned c)
{
    if (c < 0x80) {
        strbuf_char(out, (char)c);
    } else if (c < 0x800) {
        strbuf_char(out, (char)(0xC0 | c >> 6));
        strbuf_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        strbuf_char(out, (char)(0xE0 | c >> 12));
        strbuf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        strbuf_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        strbuf_char(out, (char)(0xF0 | c >> 18));
        strbuf_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        strbuf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        strbuf_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

/* After a backslash; returns the bytes read. A surrogate pair is two escapes. */
static size_t edge_unescape(struct strbuf *out, struct slice rest)
{
    static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char c = rest.bytes[0];
    const char *letter = strchr(letters, c);
    unsigned value;
    if (c != 'u' || rest.length < 5) {
        if (c && letter)
            strbuf_char(out, values[letter - letters]);
        else
            strbuf_char(out, c);
        return 1;
    }
    value = edge_hexadecimal(rest.bytes + 1);
    if (value < 0xD800 || value > 0xDBFF || rest.length < 11) {
        edge_write_character(out, value);
        return 5;
    }
    edge_write_character(out, 0x10000 + ((value - 0xD800) << 10) + (edge_hexadecimal(rest.bytes + 7) - 0xDC00));
    return 11;
}

const char *edge_scan_text(struct arena *arena, struct slice raw)
{
    const char *end = raw.bytes + raw.length - 1, *at = raw.bytes + 1;
    struct strbuf out = strbuf_in(arena);
    strbuf_text(&out, "");
    while (at < end) {
        const char *backslash = memchr(at, '\\', (size_t)(end - at));
        const char *stop = backslash ? backslash : end;
        strbuf_bytes(&out, at, (size_t)(stop - at));
        at = stop;
        if (backslash)
            at += 1 + edge_unescape(&out, (struct slice){ at + 1, (size_t)(end - at) - 1 });
    }
    if (!out.bytes)
        return arena_copy_text(arena, "", 0);
    return out.bytes;
}

/* true, false, null, or something that jansson will refuse. */
static bool edge_scan_word(struct edge_scanner *scanner)
{
    if (!edge_scan_mark(scanner))
        return false;
    while (edge_scan_peek(scanner) >= 'a' && edge_scan_peek(scanner) <= 'z')
        edge_scan_step(scanner);
    return true;
}

static bool edge_scan_open(struct edge_scanner *scanner)
{
    if (scanner->depth >= scanner->tree->depth_limit) {
        edge_report(scanner->tree->diagnostics, EDGE_TEXT_DEPTH, scanner->place, NULL,
                    "trop de niveaux imbriqués : %u au plus sont lus", scanner->tree->depth_limit);
        return false;
    }
    scanner->depth++;
    if (!edge_scan_mark(scanner))
        return false;
    edge_scan_step(scanner);
    return true;
}

enum edge_scan_next { EDGE_SCAN_GO_ON, EDGE_SCAN_MALFORMED, EDGE_SCAN_FAILED };

static enum edge_scan_next edge_scan_token(struct edge_scanner *scanner)
{
    const char c = edge_scan_peek(scanner);
    const bool is_value = c == '{' || c == '[' || c == '"' || c == '-' || edge_is_digit(c) || (c >= 'a' && c <= 'z');
    if (is_value && ++scanner->values > 2 * scanner->tree->value_limit) {
        edge_report(scanner->tree->diagnostics, EDGE_TEXT_SIZE, scanner->place, NULL,
                    "texte trop grand : plus de %zu valeurs", scanner->tree->value_limit);
        return EDGE_SCAN_FAILED;
    }
    if (c == '{' || c == '[')
        return edge_scan_open(scanner) ? EDGE_SCAN_GO_ON : EDGE_SCAN_FAILED;
    if (c == '"')
        return edge_scan_string(scanner) ? EDGE_SCAN_GO_ON : EDGE_SCAN_MALFORMED;
    if (c == '-' || edge_is_digit(c))
        return edge_scan_number(scanner) ? EDGE_SCAN_GO_ON : EDGE_SCAN_FAILED;
    if (c >= 'a' && c <= 'z')
        return edge_scan_word(scanner) ? EDGE_SCAN_GO_ON : EDGE_SCAN_FAILED;
    if (c == '}' || c == ']') {
        if (scanner->depth == 0)
            return EDGE_SCAN_MALFORMED;
        scanner->depth--;
    } else if (c != ',' && c != ':') {
        return EDGE_SCAN_MALFORMED;
    }
    edge_scan_step(scanner);
    return EDGE_SCAN_GO_ON;
}

bool edge_scan_json(struct edge_tree *tree, struct slice text, struct edge_marks *marks)
{
    struct edge_scanner scanner = { .tree = tree, .text = text, .marks = marks, .place = { 1, 1 } };
    enum edge_scan_next next = EDGE_SCAN_GO_ON;
    edge_scan_blanks(&scanner);
    while (next == EDGE_SCAN_GO_ON && scanner.offset < text.length) {
        next = edge_scan_token(&scanner);
        edge_scan_blanks(&scanner);
    }
    return next != EDGE_SCAN_FAILED && !tree->arena->exhausted;
}
