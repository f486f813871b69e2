/*
 * Corrections as a person would type them. Whether one mends the fault without making another is checked by whoever
 * applies it.
 */
#include "correction.h"

#include <string.h>

static uint32_t line_start(const struct source *source, uint32_t at)
{
    while (at > 0 && source->bytes[at - 1] != '\n')
        at--;
    return at;
}

/* Where the text of the line stops, its line end excluded. */
static uint32_t line_end(const struct source *source, uint32_t at)
{
    while (at < source->length && source->bytes[at] != '\n' && source->bytes[at] != '\r')
        at++;
    return at;
}

static const char *new_line(const struct source *source)
{
    const char *first = memchr(source->bytes, '\n', source->length);

    return first && first > source->bytes && first[-1] == '\r' ? "\r\n" : "\n";
}

static bool is_blank(const struct source *source, uint32_t from, uint32_t to)
{
    struct slice text = { source->bytes + from, to - from };

    while (text.length > 0)
        if (!slice_skip_space(&text) && !slice_skip(&text, "\t"))
            return false;
    return true;
}

/* Blank, or a comment: nothing that a new line would part from what it belongs to. */
static bool is_rest(const struct source *source, uint32_t from, uint32_t to)
{
    uint32_t at = from;

    while (at < to && (source->bytes[at] == ' ' || source->bytes[at] == '\t'))
        at++;
    return is_blank(source, from, to) || (to - at >= 2 && source->bytes[at] == '-' && source->bytes[at + 1] == '-');
}

static struct slice indentation(const struct source *source, uint32_t at)
{
    uint32_t start = line_start(source, at), end = start;

    while (end < source->length && (source->bytes[end] == ' ' || source->bytes[end] == '\t'))
        end++;
    return (struct slice){ source->bytes + start, end - start };
}

static struct span place(struct span span, uint32_t start, uint32_t end)
{
    return (struct span){ start, end, span.file };
}

void correction_line_before(struct diag_list *list, struct diag *diag, const struct source *source, struct span at,
                            struct span like, const char *text)
{
    uint32_t start = line_start(source, at.start);
    struct slice margin = indentation(source, like.start);

    if (is_blank(source, start, at.start))
        diag_fix(list, diag, place(at, start, start), "%.*s%s%s", SLICE_ARG(margin), text, new_line(source));
    else
        diag_fix(list, diag, place(at, at.start, at.start), "%s ", text);
}

void correction_line_after(struct diag_list *list, struct diag *diag, const struct source *source, struct span after,
                           struct span like, const char *text)
{
    uint32_t end = line_end(source, after.end);
    struct slice margin = indentation(source, like.start);

    if (is_rest(source, after.end, end)) {
        diag_fix(list, diag, place(after, end, end), "%s%.*s%s", new_line(source), SLICE_ARG(margin), text);
        return;
    }
    while (*text == ' ')
        text++;
    diag_fix(list, diag, place(after, after.end, after.end), " %s", text);
}

void correction_remove_lines(struct diag_list *list, struct diag *diag, const struct source *source, struct span span)
{
    uint32_t start = line_start(source, span.start), end = line_end(source, span.end);

    if (!is_blank(source, start, span.start) || !is_rest(source, span.end, end))
        return;
    if (end < source->length && source->bytes[end] == '\r')
        end++;
    if (end < source->length && source->bytes[end] == '\n')
        end++;
    diag_fix(list, diag, place(span, start, end), "%s", "");
}

void correction_word(struct diag_list *list, struct diag *diag, struct span span, struct slice replacement)
{
    diag_help(list, diag, "vouliez-vous dire « %.*s » ?", SLICE_ARG(replacement));
    diag_fix(list, diag, span, "%.*s", SLICE_ARG(replacement));
}

void correction_tranche(struct strbuf *out, struct slice low, bool low_included, struct slice high, bool high_included)
{
    if (!low.length)
        strbuf_format(out, high_included ? "%.*s ou moins" : "moins de %.*s", SLICE_ARG(high));
    else if (!high.length)
        strbuf_format(out, low_included ? "à partir de %.*s" : "plus de %.*s", SLICE_ARG(low));
    else
        strbuf_format(out, "%s %.*s %s %.*s", low_included ? "de" : "plus de", SLICE_ARG(low),
                      high_included ? "à" : "à moins de", SLICE_ARG(high));
}

bool correction_is_bare_number(const struct source *source, struct span span)
{
    struct slice text = source_slice(source, span);
    bool digits = false;

    for (size_t i = 0; i < text.length; i++) {
        bool digit = text.bytes[i] >= '0' && text.bytes[i] <= '9';

        digits = digits || digit;
        if (!digit && text.bytes[i] != ',' && text.bytes[i] != ' ' && (unsigned char)text.bytes[i] < 0x80)
            return false;
    }
    return digits;
}
