/*
 * Slices, growing text and its formatter, UTF-8, folding of names. Nothing here depends on the locale.
 */
#include "text.h"

#include <string.h>

/* ---- Slices ---- */

struct slice slice_of(const char *text)
{
    return text ? (struct slice){ text, strlen(text) } : SLICE("");
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool slice_is(struct slice a, const char *text)
{
    return slice_equal(a, slice_of(text));
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shared = a.length < b.length ? a.length : b.length;
    int order = shared ? memcmp(a.bytes, b.bytes, shared) : 0;

    if (order)
        return order < 0 ? -1 : 1;
    return (a.length > b.length) - (a.length < b.length);
}

bool slice_skip(struct slice *text, const char *prefix)
{
    struct slice expected = slice_of(prefix);

    if (text->length < expected.length || !slice_equal((struct slice){ text->bytes, expected.length }, expected))
        return false;
    text->bytes += expected.length;
    text->length -= expected.length;
    return true;
}

bool slice_skip_space(struct slice *text)
{
    return slice_skip(text, " ") || slice_skip(text, "\xC2\xA0") || slice_skip(text, "\xE2\x80\xAF")
        || slice_skip(text, "\xE2\x80\x89");
}

/* An empty slice may have no address, to which nothing can be added. */
static const char *slice_end(struct slice slice)
{
    return slice.length ? slice.bytes + slice.length : slice.bytes;
}

/* ---- Growing text ---- */

struct strbuf strbuf_in(struct arena *arena)
{
    return (struct strbuf){ .arena = arena };
}

/* Room for `more` bytes and the final NUL. */
static bool strbuf_reserve(struct strbuf *buffer, size_t more)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    char *grown;

    if (buffer->arena->exhausted)
        return false;
    if (buffer->bytes && more < buffer->capacity - buffer->length)
        return true;
    while (capacity - buffer->length <= more && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    grown = arena_alloc(buffer->arena, capacity, 1);
    if (!grown || capacity - buffer->length <= more)
        return false;
    if (buffer->bytes)
        memcpy(grown, buffer->bytes, buffer->length);
    buffer->bytes = grown;
    buffer->capacity = capacity;
    return true;
}

void strbuf_bytes(struct strbuf *buffer, const char *bytes, size_t length)
{
    if (!strbuf_reserve(buffer, length))
        return;
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void strbuf_text(struct strbuf *buffer, const char *text)
{
    strbuf_slice(buffer, slice_of(text));
}

void strbuf_slice(struct strbuf *buffer, struct slice slice)
{
    strbuf_bytes(buffer, slice.bytes, slice.length);
}

void strbuf_char(struct strbuf *buffer, char c)
{
    strbuf_bytes(buffer, &c, 1);
}

const char *strbuf_string(const struct strbuf *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}

struct slice strbuf_result(const struct strbuf *buffer)
{
    return (struct slice){ strbuf_string(buffer), buffer->length };
}

/* ---- Formatter ---- */

/* A va_list in a structure can be passed by address whatever its type is. */
struct arguments {
    va_list list;
};

static void append_unsigned(struct strbuf *buffer, unsigned long long value)
{
    char digits[3 * sizeof(value)];
    size_t first = sizeof(digits);

    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    strbuf_bytes(buffer, digits + first, sizeof(digits) - first);
}

static void append_signed(struct strbuf *buffer, long long value)
{
    if (value < 0)
        strbuf_char(buffer, '-');
    append_unsigned(buffer, value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value);
}

/* %.*s: at most `precision` bytes, fewer when a NUL comes first; a negative precision is none, as in C. */
static void append_limited(struct strbuf *buffer, int precision, const char *text)
{
    const char *end;

    if (precision < 0) {
        strbuf_text(buffer, text);
    } else if (text && precision > 0) {
        end = memchr(text, '\0', (size_t)precision);
        strbuf_bytes(buffer, text, end ? (size_t)(end - text) : (size_t)precision);
    }
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Appends one argument; returns the length of the specifier that follows '%', 0 when it is not one of ours. */
static size_t append_argument(struct strbuf *buffer, const char *spec, struct arguments *args)
{
    switch (*spec) {
    case '%': strbuf_char(buffer, '%');                                     return 1;
    case 's': strbuf_text(buffer, va_arg(args->list, const char *));        return 1;
    case 'c': strbuf_char(buffer, (char)va_arg(args->list, int));           return 1;
    case 'd': append_signed(buffer, va_arg(args->list, int));               return 1;
    case 'u': append_unsigned(buffer, va_arg(args->list, unsigned));        return 1;
    default:  break;
    }
    if (starts_with(spec, ".*s")) {
        int precision = va_arg(args->list, int);

        append_limited(buffer, precision, va_arg(args->list, const char *));
        return 3;
    }
    if (starts_with(spec, "zu")) {
        append_unsigned(buffer, va_arg(args->list, size_t));
        return 2;
    }
    if (starts_with(spec, "ld")) {
        append_signed(buffer, va_arg(args->list, long));
        return 2;
    }
    if (starts_with(spec, "lu")) {
        append_unsigned(buffer, va_arg(args->list, unsigned long));
        return 2;
    }
    if (starts_with(spec, "lld")) {
        append_signed(buffer, va_arg(args->list, long long));
        return 3;
    }
    if (starts_with(spec, "llu")) {
        append_unsigned(buffer, va_arg(args->list, unsigned long long));
        return 3;
    }
    return 0;
}

void strbuf_vformat(struct strbuf *buffer, const char *format, va_list list)
{
    struct arguments args;

    va_copy(args.list, list);
    while (*format) {
        size_t plain = strcspn(format, "%"), spec;

        strbuf_bytes(buffer, format, plain);
        format += plain;
        if (!*format)
            break;
        spec = append_argument(buffer, format + 1, &args);
        if (spec == 0) {
            strbuf_text(buffer, format);     /* unknown: the arguments can no longer be told apart, show the rest */
            break;
        }
        format += 1 + spec;
    }
    va_end(args.list);
}

void strbuf_format(struct strbuf *buffer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    strbuf_vformat(buffer, format, args);
    va_end(args);
}

/* ---- UTF-8 ---- */

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Length announced by a first byte, and the bounds that RFC 3629 puts on the second one. */
static size_t sequence_shape(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;      /* no overlong form */
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;     /* no surrogate, nothing above U+10FFFF */
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

size_t utf8_sequence(const char *bytes, const char *end)
{
    const unsigned char *at = (const unsigned char *)bytes;
    unsigned char low, high;
    size_t length;

    if (bytes >= end)
        return 0;
    length = sequence_shape(at[0], &low, &high);
    if (length <= 1)
        return length;
    if (length > (size_t)(end - bytes) || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!is_continuation(at[i]))
            return 0;
    return length;
}

size_t utf8_validate(const char *bytes, size_t length)
{
    const char *at = bytes, *end = slice_end((struct slice){ bytes, length });
    size_t step = 1;

    while (at < end && step) {
        step = utf8_sequence(at, end);
        at += step;
    }
    return length ? (size_t)(at - bytes) : 0;
}

/* A byte that is not valid UTF-8 counts as one character: it is printed as one. */
size_t utf8_count(struct slice text)
{
    const char *at = text.bytes, *end = slice_end(text);
    size_t count = 0;

    while (at < end) {
        size_t step = utf8_sequence(at, end);

        at += step ? step : 1;
        count++;
    }
    return count;
}

/* ---- Folding ---- */

/* U+00C0 to U+00FF, whose UTF-8 is C3 80 to C3 BF; NULL is kept as it is (× and ÷). */
static const char *const LATIN[64] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", NULL, "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", NULL, "o", "u", "u", "u", "u", "y", "th", "y",
};

/* The other sequences with a folded form: œ, Œ, Ÿ, apostrophes, spaces, hyphens. */
static const struct { const char *from, *to; } FOLDED[] = {
    { "\xC5\x92", "oe" },     { "\xC5\x93", "oe" },     { "\xC5\xB8", "y" },
    { "\xCA\xBC", "'" },      { "\xE2\x80\x98", "'" },  { "\xE2\x80\x99", "'" },
    { "\xC2\xA0", " " },      { "\xE2\x80\x89", " " },  { "\xE2\x80\xAF", " " },
    { "\xE2\x80\x90", "_" },  { "\xE2\x80\x91", "_" },
};

static bool is_combining(const unsigned char *at, size_t length)      /* U+0300 to U+036F */
{
    return length == 2 && (at[0] == 0xCC || (at[0] == 0xCD && at[1] <= 0xAF));
}

/* What a multi-byte sequence becomes; NULL when it stays as it is. */
static const char *folded_sequence(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;

    if (length == 2 && at[0] == 0xC3)
        return LATIN[at[1] - 0x80];
    if (is_combining(at, length))
        return "";
    for (size_t i = 0; i < sizeof(FOLDED) / sizeof(FOLDED[0]); i++)
        if (slice_is((struct slice){ bytes, length }, FOLDED[i].from))
            return FOLDED[i].to;
    return NULL;
}

static int folded_byte(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    if (c == '-')
        return '_';
    return c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
}

/* Reads the folded form byte by byte, so that comparing needs no memory. */
struct fold {
    const char *at, *end;
    const char *pending;     /* rest of a replacement, "" when none */
    int last;                /* byte given last */
};

static struct fold fold_of(struct slice text)
{
    return (struct fold){ text.bytes, slice_end(text), "", -1 };
}

static int fold_step(struct fold *fold)
{
    if (!*fold->pending && fold->at < fold->end && (unsigned char)*fold->at < 0x80) /* most letters of most names */
        return folded_byte((unsigned char)*fold->at++);
    while (!*fold->pending && fold->at < fold->end) {
        size_t length = utf8_sequence(fold->at, fold->end);
        const char *replacement = length > 1 ? folded_sequence(fold->at, length) : NULL;

        if (!replacement)
            return folded_byte((unsigned char)*fold->at++);
        fold->pending = replacement;
        fold->at += length;
    }
    return *fold->pending ? (unsigned char)*fold->pending++ : -1;
}

/* The next byte, -1 at the end. Several spaces in a row are one. */
static int fold_next(struct fold *fold)
{
    int next = fold_step(fold);

    while (next == ' ' && fold->last == ' ')
        next = fold_step(fold);
    fold->last = next;
    return next;
}

struct slice text_fold(struct arena *arena, struct slice text)
{
    char *folded = arena_alloc(arena, text.length + 1, 1);     /* no replacement is longer than what it replaces */
    struct fold fold = fold_of(text);
    size_t length = 0;

    if (!folded)
        return SLICE("");
    for (int next = fold_next(&fold); next >= 0; next = fold_next(&fold))
        folded[length++] = (char)next;
    return (struct slice){ folded, length };
}

/* By combining mark (U+0300 and after): the letters it joins, then what each becomes. */
static const struct {
    const char *mark, *letters;
    const char *const composed[13];
} COMPOSED[] = {
    { "\xCC\x80", "aeiouAEIOU", { "à", "è", "ì", "ò", "ù", "À", "È", "Ì", "Ò", "Ù" } },
    { "\xCC\x81", "aeiouyAEIOUY", { "á", "é", "í", "ó", "ú", "ý", "Á", "É", "Í", "Ó", "Ú", "Ý" } },
    { "\xCC\x82", "aeiouAEIOU", { "â", "ê", "î", "ô", "û", "Â", "Ê", "Î", "Ô", "Û" } },
    { "\xCC\x83", "anoANO", { "ã", "ñ", "õ", "Ã", "Ñ", "Õ" } },
    { "\xCC\x88", "aeiouyAEIOUY", { "ä", "ë", "ï", "ö", "ü", "ÿ", "Ä", "Ë", "Ï", "Ö", "Ü", "Ÿ" } },
    { "\xCC\xA7", "cC", { "ç", "Ç" } },
};

static const char *composed(char letter, const char *mark)
{
    for (size_t i = 0; i < sizeof COMPOSED / sizeof *COMPOSED; i++) {
        const char *at = memcmp(COMPOSED[i].mark, mark, 2) == 0 && letter ? strchr(COMPOSED[i].letters, letter) : NULL;

        if (at)
            return COMPOSED[i].composed[at - COMPOSED[i].letters];
    }
    return NULL;
}

bool text_compose(struct strbuf *out, struct slice text)
{
    for (size_t i = 0; i < text.length;) {
        bool marked = i + 2 < text.length && is_combining((const unsigned char *)text.bytes + i + 1, 2);
        const char *letter = marked ? composed(text.bytes[i], text.bytes + i + 1) : NULL;

        if (marked && !letter)
            return false;
        if (letter)
            strbuf_text(out, letter);
        else
            strbuf_char(out, text.bytes[i]);
        i += letter ? 3 : 1;
    }
    return true;
}

uint32_t text_fold_hash(struct slice text)
{
    struct fold fold = fold_of(text);
    uint32_t hash = 2166136261u;                               /* FNV-1a */

    for (int next = fold_next(&fold); next >= 0; next = fold_next(&fold))
        hash = (hash ^ (uint32_t)next) * 16777619u;
    return hash;
}

bool text_fold_equal(struct slice a, struct slice b)
{
    struct fold left = fold_of(a), right = fold_of(b);
    int next;

    if (slice_equal(a, b))
        return true;
    /* Most names that differ do so from their first letter. */
    if (a.length && b.length && !((unsigned char)(a.bytes[0] | b.bytes[0]) & 0x80) &&
        folded_byte((unsigned char)a.bytes[0]) != folded_byte((unsigned char)b.bytes[0]))
        return false;
    do {
        next = fold_next(&left);
        if (next != fold_next(&right))
            return false;
    } while (next >= 0);
    return true;
}

/* ---- Distance ---- */

enum { DISTANCE_LENGTH = 128 };     /* a longer name is never suggested, unless it is the same */

/* The folded bytes, or DISTANCE_LENGTH + 1 when they are more than the buffer holds. */
static size_t fold_into(char *buffer, struct slice text)
{
    struct fold fold = fold_of(text);
    size_t length = 0;

    for (int next = fold_next(&fold); next >= 0; next = fold_next(&fold)) {
        if (length == DISTANCE_LENGTH)
            return DISTANCE_LENGTH + 1;
        buffer[length++] = (char)next;
    }
    return length;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the classical table: row[j] becomes the distance between the text up to `c` and b[0, j). */
static void distance_row(unsigned *row, char c, const char *b, size_t b_length)
{
    unsigned diagonal = row[0];

    row[0]++;
    for (size_t j = 1; j <= b_length; j++) {
        unsigned replaced = diagonal + (c != b[j - 1]);

        diagonal = row[j];
        row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
    }
}

unsigned text_distance(struct slice a, struct slice b, unsigned limit)
{
    char left[DISTANCE_LENGTH], right[DISTANCE_LENGTH];
    unsigned row[DISTANCE_LENGTH + 1];
    size_t left_length = fold_into(left, a), right_length = fold_into(right, b);

    if (left_length > DISTANCE_LENGTH || right_length > DISTANCE_LENGTH)
        return text_fold_equal(a, b) ? 0 : limit + 1;
    for (size_t j = 0; j <= right_length; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; i < left_length; i++)
        distance_row(row, left[i], right, right_length);
    return row[right_length] > limit ? limit + 1 : row[right_length];
}

/* Of short names one letter may differ, of long ones three. */
struct nearest nearest_to(struct slice word)
{
    size_t n = utf8_count(word);

    return (struct nearest){ .word = word, .distance = 1 + (n <= 1 ? 0 : n <= 4 ? 1 : n <= 8 ? 2 : 3) };
}

bool nearest_consider(struct nearest *nearest, struct slice candidate)
{
    unsigned distance = text_distance(candidate, nearest->word, nearest->distance);

    if (distance >= nearest->distance)
        return false;
    nearest->distance = distance;
    nearest->best = candidate;
    return true;
}
