/*
 * Diagnostics: the list that collects them, and their printed form. Deciding what is wrong is left to others.
 */
#include "diag.h"

static const struct diag_code_info CODES[] = {
#define DIAG(name, code, level, title) { code, level, title },
#include "diag_codes.def"
#undef DIAG
};

enum { DEFAULT_LIMIT = 200 };

const struct diag_code_info *diag_code_info(enum diag_code code)
{
    return &CODES[code];
}

/* ---- Collecting ---- */

void diag_list_init(struct diag_list *list, struct arena *arena)
{
    *list = (struct diag_list){ .arena = arena, .limit = DEFAULT_LIMIT };
}

static bool same_span(struct span a, struct span b)
{
    return a.start == b.start && a.end == b.end && a.file == b.file;
}

static bool already_reported(const struct diag_list *list, enum diag_code code, struct span span)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].code == code && same_span(list->items[i].span, span))
            return true;
    return false;
}

/* A message quotes the text, and the text may be anything: beyond this it is cut at a character. */
enum { TEXT_LIMIT = 600 };

static const char *format_text(struct diag_list *list, const char *format, va_list args)
{
    struct strbuf text = strbuf_in(list->arena);

    strbuf_vformat(&text, format, args);
    for (size_t i = 0; i < text.length; i++)             /* one line, whatever is quoted */
        if (text.bytes[i] == '\n' || text.bytes[i] == '\r' || text.bytes[i] == '\t')
            text.bytes[i] = ' ';
    if (text.length > TEXT_LIMIT) {
        text.length = TEXT_LIMIT;
        while (text.length > 0 && ((unsigned char)text.bytes[text.length] & 0xC0) == 0x80)
            text.length--;
        strbuf_text(&text, "…");
    }
    return strbuf_string(&text);
}

struct diag *diag_add(struct diag_list *list, enum diag_code code, struct span span, const char *format, ...)
{
    enum diag_level level = diag_code_info(code)->level;
    struct diag *diag = NULL;
    va_list args;

    if (already_reported(list, code, span))
        return NULL;
    list->errors += level == DIAG_ERROR;
    if (list->count < list->limit)
        diag = arena_push(list->arena, list);
    if (!diag) {
        list->dropped++;
        return NULL;
    }
    va_start(args, format);
    *diag = (struct diag){ .code = code, .level = level, .span = span, .text = format_text(list, format, args) };
    va_end(args);
    return diag;
}

void diag_note(struct diag_list *list, struct diag *diag, struct span span, const char *format, ...)
{
    struct diag_note *note = diag ? arena_new(list->arena, struct diag_note) : NULL;
    va_list args;

    if (!note)
        return;
    va_start(args, format);
    *note = (struct diag_note){ .span = span, .text = format_text(list, format, args) };
    va_end(args);
    if (diag->last_note)
        diag->last_note->next = note;
    else
        diag->notes = note;
    diag->last_note = note;
}

void diag_effect(struct diag_list *list, struct diag *diag, const char *format, ...)
{
    va_list args;

    if (!diag)
        return;
    va_start(args, format);
    diag->effect = format_text(list, format, args);
    va_end(args);
}

void diag_help(struct diag_list *list, struct diag *diag, const char *format, ...)
{
    va_list args;

    if (!diag)
        return;
    va_start(args, format);
    diag->help = format_text(list, format, args);
    va_end(args);
}

/* A replacement is written in the file: neither cut nor put on one line as the words of a message are. */
void diag_fix(struct diag_list *list, struct diag *diag, struct span span, const char *format, ...)
{
    struct diag_fix *fix = diag ? arena_new(list->arena, struct diag_fix) : NULL;
    struct strbuf text = strbuf_in(list->arena);
    va_list args;

    if (!fix)
        return;
    va_start(args, format);
    strbuf_vformat(&text, format, args);
    va_end(args);
    if (list->arena->exhausted)
        return;                                   /* half a replacement is never applied */
    *fix = (struct diag_fix){ .span = span, .text = strbuf_string(&text) };
    if (diag->last_fix)
        diag->last_fix->next = fix;
    else
        diag->fixes = fix;
    diag->last_fix = fix;
}

static bool comes_before(const struct diag *a, const struct diag *b)
{
    if (a->span.file != b->span.file)
        return a->span.file < b->span.file;
    return a->span.start < b->span.start;
}

/* By insertion: stable, in place, and almost linear on what a checker finds from top to bottom. */
void diag_list_sort(struct diag_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct diag moved = list->items[i];
        size_t place = i;

        for (; place > 0 && comes_before(&moved, &list->items[place - 1]); place--)
            list->items[place] = list->items[place - 1];
        list->items[place] = moved;
    }
}

/* ---- Printing ---- */

static const char BOLD[] = "\x1b[1m", RED[] = "\x1b[1;31m", YELLOW[] = "\x1b[1;33m", BLUE[] = "\x1b[1;34m",
                  PLAIN[] = "\x1b[0m";

enum { LINE_WIDTH = 160, CONTEXT_WIDTH = 40, GUTTER_WIDTH = 5 };

/* An excerpt is a line, or the part of it around a fragment; counts are in characters from the start of the line. */
struct excerpt {
    const struct source *source;
    struct slice text;             /* the whole line */
    unsigned line;
    size_t from, to;               /* what is shown */
};

struct printer {
    struct strbuf *out;
    const struct source *const *sources;
    size_t source_count;
    bool colour;
    struct excerpt shown;          /* printed last; source is NULL when none */
};

static void paint(struct printer *printer, const char *colour)
{
    if (printer->colour)
        strbuf_text(printer->out, colour);
}

static void repeat(struct strbuf *out, char c, size_t times)
{
    while (times-- > 0)
        strbuf_char(out, c);
}

/* Controls would move the cursor of a terminal, and the directional marks would show a line that is not the text. */
static bool is_unprintable(struct slice c)
{
    const unsigned char *at = (const unsigned char *)c.bytes;

    if (c.length == 1)
        return at[0] < 0x20 || at[0] >= 0x7F;
    if (c.length == 2)
        return at[0] == 0xC2 && at[1] < 0xA0;
    return c.length == 3 && at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE)
                                              || (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9));
}

static bool is_combining(struct slice c)       /* U+0300 to U+036F: drawn over the letter before */
{
    const unsigned char *at = (const unsigned char *)c.bytes;

    return c.length == 2 && (at[0] == 0xCC || (at[0] == 0xCD && at[1] <= 0xAF));
}

/* Takes the first character of the text; an invalid byte is one. */
static struct slice next_character(struct slice *text)
{
    size_t length = utf8_sequence(text->bytes, text->bytes + text->length);
    struct slice c = { text->bytes, length ? length : 1 };

    text->bytes += c.length;
    text->length -= c.length;
    return c;
}

static void print_character(struct strbuf *out, struct slice c)
{
    if (slice_is(c, "\t") || slice_is(c, "\n") || slice_is(c, "\r"))
        strbuf_char(out, ' ');
    else if (is_unprintable(c))
        strbuf_text(out, "\xEF\xBF\xBD");
    else
        strbuf_slice(out, c);
}

void diag_print_text(struct strbuf *out, struct slice text)
{
    while (text.length)
        print_character(out, next_character(&text));
}

static void print_text(struct strbuf *out, const char *text)
{
    diag_print_text(out, slice_of(text));
}

/* The number of the line shown, or as much room. */
static void print_gutter(struct printer *printer, bool numbered)
{
    char digits[3 * sizeof(printer->shown.line)];
    size_t count = 0;

    for (unsigned line = printer->shown.line; line; line /= 10)
        digits[count++] = (char)('0' + line % 10);
    paint(printer, BLUE);
    repeat(printer->out, ' ', count < GUTTER_WIDTH ? GUTTER_WIDTH - count : 0);
    while (count-- > 0)
        strbuf_char(printer->out, numbered ? digits[count] : ' ');
    strbuf_text(printer->out, " | ");
    paint(printer, PLAIN);
}

/* The fragment on its first line: characters [start, end) of the line, never empty. */
struct fragment {
    size_t start, end;
};

static struct fragment fragment_of(const struct source *source, struct span span, struct slice line)
{
    size_t start = source_position(source, span.start).column - 1;
    size_t length = utf8_count(source_slice(source, span)), width = utf8_count(line);
    size_t end = start + length < width ? start + length : width;

    return (struct fragment){ start, end > start ? end : start + 1 };
}

static struct excerpt excerpt_around(const struct source *source, unsigned line, struct slice text,
                                     struct fragment fragment)
{
    struct excerpt excerpt = { .source = source, .text = text, .line = line, .to = utf8_count(text) };

    if (excerpt.to <= LINE_WIDTH)
        return excerpt;
    if (fragment.start > CONTEXT_WIDTH)
        excerpt.from = fragment.start - CONTEXT_WIDTH;
    if (excerpt.from > excerpt.to - LINE_WIDTH)
        excerpt.from = excerpt.to - LINE_WIDTH;
    excerpt.to = excerpt.from + LINE_WIDTH;
    return excerpt;
}

static bool excerpt_shows(const struct excerpt *shown, const struct source *source, unsigned line,
                          struct fragment fragment)
{
    return shown->source == source && shown->line == line && fragment.start >= shown->from
        && fragment.start < shown->from + LINE_WIDTH;
}

static void print_excerpt(struct printer *printer)
{
    const struct excerpt *excerpt = &printer->shown;
    struct slice rest = excerpt->text;

    print_gutter(printer, true);
    if (excerpt->from > 0)
        strbuf_text(printer->out, "…");
    for (size_t at = 0; rest.length && at < excerpt->to; at++) {
        struct slice c = next_character(&rest);

        if (at >= excerpt->from)
            print_character(printer->out, c);
    }
    strbuf_text(printer->out, rest.length ? "…\n" : "\n");
}

/* Columns of the characters [start, end) of a line: a combining accent has none. */
static size_t columns_between(struct slice line, size_t start, size_t end)
{
    size_t columns = 0;

    for (size_t at = 0; line.length && at < end; at++) {
        struct slice c = next_character(&line);

        columns += at >= start && !is_combining(c);
    }
    return columns;
}

static void print_marks(struct printer *printer, struct fragment fragment, char mark)
{
    const struct excerpt *excerpt = &printer->shown;
    size_t end = fragment.end < excerpt->to ? fragment.end : excerpt->to;
    size_t marks = columns_between(excerpt->text, fragment.start, end);
    size_t indent = columns_between(excerpt->text, excerpt->from, fragment.start) + (excerpt->from > 0);

    repeat(printer->out, ' ', indent);
    repeat(printer->out, mark, marks ? marks : 1);
}

/* The line of the span, unless it has just been printed, then the marks and what they are about. */
static void print_place(struct printer *printer, struct span span, char mark, const char *colour, const char *text)
{
    const struct source *source = printer->sources[span.file];
    unsigned line = source_position(source, span.start).line;
    struct slice line_text = source_line(source, line);
    struct fragment fragment = fragment_of(source, span, line_text);

    if (!excerpt_shows(&printer->shown, source, line, fragment)) {
        printer->shown = excerpt_around(source, line, line_text, fragment);
        print_excerpt(printer);
    }
    print_gutter(printer, false);
    paint(printer, colour);
    print_marks(printer, fragment, mark);
    if (text) {
        strbuf_char(printer->out, ' ');
        print_text(printer->out, text);
    }
    paint(printer, PLAIN);
    strbuf_char(printer->out, '\n');
}

static bool has_source(const struct printer *printer, struct span span)
{
    return span.file < printer->source_count && printer->sources[span.file];
}

static void print_position(struct printer *printer, struct span span)
{
    struct position position;

    if (!has_source(printer, span))
        return;
    position = source_position(printer->sources[span.file], span.start);
    paint(printer, BOLD);
    print_text(printer->out, printer->sources[span.file]->name);
    strbuf_format(printer->out, ":%u:%u:", position.line, position.column);
    paint(printer, PLAIN);
}

static void print_headline(struct printer *printer, const struct diag *diag)
{
    bool error = diag->level == DIAG_ERROR;

    print_position(printer, diag->span);
    if (has_source(printer, diag->span))
        strbuf_char(printer->out, ' ');
    paint(printer, error ? RED : YELLOW);
    strbuf_format(printer->out, "%s[%s]:", error ? "erreur" : "avertissement", diag_code_info(diag->code)->code);
    paint(printer, PLAIN);
    strbuf_char(printer->out, ' ');
    print_text(printer->out, diag->text);
    strbuf_char(printer->out, '\n');
}

/* A note of another file is introduced by its place: the line alone would be taken for one of the first file. */
static void print_note(struct printer *printer, const struct diag *diag, const struct diag_note *note)
{
    if (!has_source(printer, note->span)) {
        strbuf_text(printer->out, "note : ");
        print_text(printer->out, note->text);
        strbuf_char(printer->out, '\n');
        return;
    }
    if (note->span.file != diag->span.file) {
        print_position(printer, note->span);
        strbuf_char(printer->out, '\n');
    }
    print_place(printer, note->span, '-', BLUE, note->text);
}

static void print_advice(struct printer *printer, const char *label, const char *text)
{
    if (!text)
        return;
    paint(printer, BOLD);
    strbuf_format(printer->out, "%s :", label);
    paint(printer, PLAIN);
    strbuf_char(printer->out, ' ');
    print_text(printer->out, text);
    strbuf_char(printer->out, '\n');
}

void diag_print(struct strbuf *out, const struct source *const *sources, size_t source_count, const struct diag *diag,
                bool colour)
{
    struct printer printer = { .out = out, .sources = sources, .source_count = source_count, .colour = colour };

    print_headline(&printer, diag);
    if (has_source(&printer, diag->span))
        print_place(&printer, diag->span, '^', diag->level == DIAG_ERROR ? RED : YELLOW, NULL);
    for (const struct diag_note *note = diag->notes; note; note = note->next)
        print_note(&printer, diag, note);
    print_advice(&printer, "effet", diag->effect);
    print_advice(&printer, "aide", diag->help);
}
