/*
 * Text: slices, growing buffers, UTF-8, comparison of names without accents or case, suggestions.
 */
#ifndef LANG_TEXT_H
#define LANG_TEXT_H

#include "arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed run of bytes; valid as long as what it points into. */
struct slice {
    const char *bytes;
    size_t length;
};

#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })
#define SLICE_ARG(s) (int)(s).length, (s).bytes      /* for "%.*s" */

struct slice slice_of(const char *text);             /* NULL gives an empty slice */
bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);
int slice_compare(struct slice a, struct slice b);   /* bytes, as memcmp then length */
/* Reading from the left: false, leaving *text alone, when it does not begin so. */
bool slice_skip(struct slice *text, const char *prefix);
bool slice_skip_space(struct slice *text);           /* one plain, no-break (narrow or not) or thin space */

/* Growing text in an arena. After exhaustion appends do nothing; `bytes` stays NUL-terminated or NULL. */
struct strbuf {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
};

struct strbuf strbuf_in(struct arena *arena);
void strbuf_bytes(struct strbuf *buffer, const char *bytes, size_t length);
void strbuf_text(struct strbuf *buffer, const char *text);
void strbuf_slice(struct strbuf *buffer, struct slice slice);
void strbuf_char(struct strbuf *buffer, char c);
/* Own small formatter: %s %.*s %c %d %u %zu %ld %lld %% only (locale-independent by construction). */
void strbuf_format(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vformat(struct strbuf *buffer, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
struct slice strbuf_result(const struct strbuf *buffer);
/* What was written, NUL-terminated: "" when nothing was, or when memory ran out. */
const char *strbuf_string(const struct strbuf *buffer);

/* Length of the valid UTF-8 sequence at the start of [bytes, end), 0 when it is not valid (RFC 3629). */
size_t utf8_sequence(const char *bytes, const char *end);
/* Offset of the first invalid byte, or `length`. */
size_t utf8_validate(const char *bytes, size_t length);
/* Characters (code points), for columns and padding. */
size_t utf8_count(struct slice text);

/*
 * The form under which two names are "the same": lower case, no accents (é→e, œ→oe, ç→c…), curly apostrophe → ',
 * hard and plain spaces → one space, '-' and '_' → '_'. Covers the letters of French (À to ÿ, Œ, œ, Ÿ).
 */
struct slice text_fold(struct arena *arena, struct slice text);
bool text_fold_equal(struct slice a, struct slice b);   /* without allocating */

/* Accents that stand after their letter joined with it, for the letters of French; false when one of them cannot be. */
bool text_compose(struct strbuf *out, struct slice text);

uint32_t text_fold_hash(struct slice text);             /* equal for texts that are text_fold_equal */

/* Levenshtein distance on folded text, at most `limit` + 1. Used for « vouliez-vous dire ». */
unsigned text_distance(struct slice a, struct slice b, unsigned limit);
/* Looking among many for the word that was meant: the nearest so far, if near enough; at first none. */
struct nearest {
    struct slice word, best;                            /* best.bytes is NULL as long as none is near */
    unsigned distance;                                  /* one less would be better */
};
struct nearest nearest_to(struct slice word);
bool nearest_consider(struct nearest *nearest, struct slice candidate);     /* true when it becomes the best */

#endif
