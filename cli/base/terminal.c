/*
 * Printing: styles, safe text, errors, diagnostics. What to say is left to the commands.
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const STYLES[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",
    [STYLE_STRONG] = "\033[1m",
    [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m",
    [STYLE_WARNING] = "\033[1;33m",
    [STYLE_BAD] = "\033[1;31m",
};

static bool wants_colour(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if ((no_color && *no_color) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(fileno(stream));
}

void terminal_open(struct terminal *terminal, struct allocator allocator)
{
    *terminal = (struct terminal){ .out = stdout, .err = stderr };
    terminal->out_colour = wants_colour(stdout);
    terminal->err_colour = wants_colour(stderr);
    arena_init(&terminal->scratch, allocator, 0);
}

void terminal_close(struct terminal *terminal)
{
    arena_release(&terminal->scratch);
}

bool terminal_flush(struct terminal *terminal)
{
    bool failed = ferror(terminal->out) != 0;

    return fflush(terminal->out) == 0 && !failed;
}

/* ---- Safe text ---- */

/* C0 and C1 controls but tabulation and end of line, DEL, and bytes that are not UTF-8. */
static bool is_unsafe(const char *at, size_t length)
{
    unsigned char first = (unsigned char)at[0];

    if (length == 0)
        return true;
    if (length == 1)
        return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
    return first == 0xC2 && (unsigned char)at[1] < 0xA0;
}

static void write_safe(FILE *stream, struct slice text)
{
    const char *at = text.bytes, *end = text.bytes + text.length;

    while (at < end) {
        size_t length = utf8_sequence(at, end);

        if (is_unsafe(at, length))
            fputs("\xEF\xBF\xBD", stream);     /* U+FFFD */
        else
            fwrite(at, 1, length, stream);
        at += length ? length : 1;
    }
}

/* The end of a line is left out of the style, so that a cut output leaves no colour behind. */
static void write_styled(FILE *stream, bool colour, enum style style, struct slice text)
{
    bool styled = colour && style != STYLE_PLAIN && text.length;
    bool ends_line = text.length && text.bytes[text.length - 1] == '\n';

    if (styled)
        fputs(STYLES[style], stream);
    write_safe(stream, (struct slice){ text.bytes, text.length - ends_line });
    if (styled)
        fputs("\033[0m", stream);
    if (ends_line)
        fputc('\n', stream);
}

static struct slice format_message(struct terminal *terminal, const char *format, va_list args)
{
    struct strbuf message;

    arena_reset(&terminal->scratch);
    message = strbuf_in(&terminal->scratch);
    strbuf_vformat(&message, format, args);
    return strbuf_result(&message);
}

void terminal_print(struct terminal *terminal, enum style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_styled(terminal->out, terminal->out_colour, style, format_message(terminal, format, args));
    va_end(args);
}

void terminal_spaces(struct terminal *terminal, size_t count)
{
    while (count--)
        fputc(' ', terminal->out);
}

void terminal_bytes(struct terminal *terminal, struct slice text)
{
    fwrite(text.bytes, 1, text.length, terminal->out);
}

/* ---- Errors: after what was printed before, when both streams go to the same place ---- */

void terminal_error(struct terminal *terminal, const char *format, ...)
{
    struct slice message;
    va_list args;

    va_start(args, format);
    message = format_message(terminal, format, args);
    va_end(args);
    fflush(terminal->out);
    write_styled(terminal->err, terminal->err_colour, STYLE_BAD, SLICE("delib"));
    if (terminal->command)
        fprintf(terminal->err, " %s", terminal->command);
    fputs(" : ", terminal->err);
    write_safe(terminal->err, message);
    fputc('\n', terminal->err);
}

void terminal_hint(struct terminal *terminal, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_styled(terminal->err, terminal->err_colour, STYLE_DIM, format_message(terminal, format, args));
    va_end(args);
    fputc('\n', terminal->err);
}

/* ---- Diagnostics ---- */

/* The words of a diagnostic that bear a colour: its level, and the titles of its advice. */
static const struct { const char *mark; char last; enum style style; } COLOURED[] = {
    { "erreur[", ']', STYLE_BAD },
    { "avertissement[", ']', STYLE_WARNING },
    { "effet :", ':', STYLE_STRONG },
    { "aide :", ':', STYLE_STRONG },
};

static struct slice slice_from(struct slice text, size_t start, size_t end)
{
    return (struct slice){ text.bytes + start, end - start };
}

/* « ^^^^ » or « ---- » under a line of the délibération. */
static bool is_underlining(struct slice line)
{
    const char *bar = memchr(line.bytes, '|', line.length);
    size_t start = bar ? (size_t)(bar - line.bytes) + 1 : line.length;
    bool marked = false;

    for (size_t i = start; i < line.length; i++) {
        if (!strchr(" ^-", line.bytes[i]))
            return false;
        marked = marked || line.bytes[i] != ' ';
    }
    return marked;
}

/* Where the mark starts in the line, or line.length. Advice is looked for at the start of its line only. */
static size_t find_mark(struct slice line, const char *mark)
{
    size_t length = strlen(mark);

    for (size_t at = 0; at + length <= line.length; at++)
        if (memcmp(line.bytes + at, mark, length) == 0)
            return at;
    return line.length;
}

static void write_diagnostic_line(FILE *stream, struct slice line, bool first)
{
    for (size_t i = 0; i < sizeof(COLOURED) / sizeof(COLOURED[0]); i++) {
        size_t start = find_mark(line, COLOURED[i].mark), end = start;

        if (start == line.length || (!first && strspn(line.bytes, " ") != start))
            continue;
        while (end < line.length && line.bytes[end] != COLOURED[i].last)
            end++;
        end += end < line.length;
        write_styled(stream, first, STYLE_STRONG, slice_from(line, 0, start));
        write_styled(stream, true, COLOURED[i].style, slice_from(line, start, end));
        write_styled(stream, first, STYLE_STRONG, slice_from(line, end, line.length));
        return;
    }
    write_styled(stream, is_underlining(line), STYLE_BAD, line);
}

void terminal_diagnostic(struct terminal *terminal, const char *printed)
{
    struct slice rest = slice_of(printed);

    fflush(terminal->out);
    for (bool first = true; rest.length; first = false) {
        const char *newline = memchr(rest.bytes, '\n', rest.length);
        size_t length = newline ? (size_t)(newline - rest.bytes) : rest.length;
        struct slice line = slice_from(rest, 0, length);

        if (terminal->err_colour)
            write_diagnostic_line(terminal->err, line, first);
        else
            write_safe(terminal->err, line);
        fputc('\n', terminal->err);
        rest = slice_from(rest, newline ? length + 1 : length, rest.length);
    }
}
