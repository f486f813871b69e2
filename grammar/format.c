/*
 * The formatter: what is code in the file, its tokens, their layout, and the proof that they are still the same.
 */
#include "format_parts.h"

#include "parser.h"

#include <string.h>

/* Beyond it a text is told to be too large, as when it is compiled. */
enum { SIZE_LIMIT = 16 << 20 };

/* ------------------------------------------------------------------ regions */

static size_t margin_length(const char *bytes, size_t length)
{
    size_t n = 0;

    while (n < length && bytes[n] == ' ')
        n++;
    return n;
}

static bool is_blank_line(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r", bytes[i]) || bytes[i] == '\0')
            return false;
    return true;
}

/* A line of Markdown has been blanked in `code`; a line of code is the same in both. */
enum line_kind { LINE_EMPTY, LINE_TEXT, LINE_CODE };

static enum line_kind kind_of_line(const char *bytes, const char *code, size_t length)
{
    if (!is_blank_line(code, length))
        return LINE_CODE;
    return is_blank_line(bytes, length) ? LINE_EMPTY : LINE_TEXT;
}

/*
 * The inside of each block of rules that holds something: from the end of a fence to the next. Between two blocks
 * there is always a fence, so a region is what stands between two lines of text around a line of code.
 */
static void find_regions(struct format *format, const char *code)
{
    const char *bytes = format->source->bytes;
    size_t length = format->source->length;
    struct format_region open = { 0 };
    bool holds = false;

    for (size_t start = 0; start < length;) {
        const char *feed = memchr(bytes + start, '\n', length - start);
        size_t stop = feed ? (size_t)(feed - bytes) : length;
        enum line_kind kind = kind_of_line(bytes + start, code + start, stop - start);

        if (kind == LINE_TEXT && holds) {
            struct format_region *region = arena_push(format->arena, &format->regions);

            *region = open;
            holds = false;
        }
        if (kind == LINE_TEXT)
            open = (struct format_region){ .start = (uint32_t)stop + 1,
                                           .margin = { bytes + start, margin_length(bytes + start, stop - start) },
                                           .carriage = stop > start && bytes[stop - 1] == '\r' };
        holds = holds || kind == LINE_CODE;
        if (kind == LINE_CODE || format->regions.count == 0 || holds)
            open.end = (uint32_t)(stop < length ? stop + 1 : length);
        start = stop + 1;
    }
}

static void whole_file(struct format *format)
{
    struct format_region *region = arena_push(format->arena, &format->regions);

    *region = (struct format_region){ .end = format->source->length, .margin = SLICE("") };
}

/* ------------------------------------------------------------------ one pass */

/* The code of a file: itself, or its blocks of rules. */
const struct token_options format_usual_options = { .nesting_limit = 200 };

static const char *code_of(struct arena *arena, struct diag_list *diags, const struct source *source)
{
    struct literate literate = { 0 };

    if (!source->literate)
        return source->bytes;
    return literate_blank(arena, diags, 0, source->bytes, source->length, &literate);
}

/* Returns the code whose tokens they are. */
static const char *read_tokens(struct arena *arena, const struct source *source, const struct token_options *options,
                               token_list *out)
{
    struct diag_list ignored;
    const char *code;

    diag_list_init(&ignored, arena);
    code = code_of(arena, &ignored, source);
    tokens_read(arena, &ignored, 0, code, source->length, options, out);
    return code;
}

static struct slice assemble(struct format *format)
{
    const struct source *source = format->source;
    struct strbuf out = strbuf_in(format->arena);
    uint32_t done = 0;

    for (size_t i = 0; i < format->regions.count; i++) {
        const struct format_region *region = &format->regions.items[i];

        strbuf_bytes(&out, source->bytes + done, region->start - done);
        strbuf_slice(&out, format_print_region(format, i));
        done = region->end;
    }
    strbuf_bytes(&out, source->bytes + done, source->length - done);
    return strbuf_result(&out);
}

/* One layout of the text, and whether it reads as the text does. */
static bool format_once(struct format *format, const struct token_options *options, struct slice *out)
{
    struct source after = *format->source;
    token_list tokens;

    format->items = (format_items){ 0 };
    format->groups = 0;
    format_layout(format);
    *out = assemble(format);
    after.bytes = out->bytes;
    after.length = (uint32_t)out->length;
    read_tokens(format->arena, &after, options, &tokens);
    return format_same_tokens(format->arena, &format->tokens, &tokens);
}

/* ------------------------------------------------------------------ the whole */

static void prepare(struct format *format, const struct token_options *options)
{
    const char *code = read_tokens(format->arena, format->source, options, &format->tokens);

    if (format->source->literate)
        find_regions(format, code);
    else
        whole_file(format);
    format_link(format);
    format->marks = arena_array(format->arena, unsigned char, format->tokens.count);
    format->decls = arena_array(format->arena, const struct decl *, format->tokens.count);
    format_mark(format);
}

static bool is_sound(struct arena *arena, struct diag_list *diags, const struct source *source,
                     const struct token_options *options, struct act *act)
{
    struct literate literate = { 0 };
    size_t errors = diags->errors;

    if (source->length > SIZE_LIMIT) {
        diag_help(diags,
                  diag_add(diags, DIAG_SOURCE_TOO_LARGE, (struct span){ 0, 0, 0 }, "ce fichier dépasse %d octets",
                           SIZE_LIMIT),
                  "un fichier de règles est un texte de quelques pages : est-ce le bon ?");
        return false;
    }
    parse_source(arena, diags, source, 0, options, act, &literate);
    return diags->errors == errors;
}

/* A file of hard spaces, say: nothing would be left of it. */
static bool is_empty(const struct format *format, struct diag_list *diags)
{
    for (size_t i = 0; i + 1 < format->tokens.count; i++)
        if (format->tokens.items[i].kind != NEWLINE)
            return false;
    if (format->source->literate)
        return false;
    diag_help(diags, diag_add(diags, DIAG_EMPTY_SOURCE, (struct span){ 0, 0, 0 }, "ce fichier est vide"),
              "écrivez au moins un tarif");
    return true;
}

struct formatting {
    struct format format;
    struct diag_list *diags;
    const struct token_options *options;
    struct slice *out;
};

static bool format_guarded(void *context)
{
    struct formatting *work = context;
    struct format *format = &work->format;
    struct act act = { 0 };
    struct slice text;

    format->act = &act;
    if (!is_sound(format->arena, work->diags, format->source, work->options, &act))
        return true;
    prepare(format, work->options);
    if (is_empty(format, work->diags))
        return true;
    /* Words that meet on one line may become one keyword: the second time, what the author put apart stays apart. */
    if (!format_once(format, work->options, &text)) {
        format->keep_breaks = true;
        if (!format_once(format, work->options, &text))
            return true;
    }
    *work->out = text;
    return true;
}

bool format_source(struct arena *arena, struct diag_list *diags, const struct source *source,
                   const struct token_options *options, struct slice *out)
{
    struct formatting work = { { .arena = arena, .source = source }, diags, options, out };

    *out = (struct slice){ 0 };
    return arena_guard(arena, format_guarded, &work);
}
