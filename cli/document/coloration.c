/*
 * Marks the words of a délibération. The classes come from the scanner and from the table of keywords; what they look
 * like is in html_style.c.
 */
#include "coloration.h"

#include "grammar/literate.h"
#include "grammar/parser.h"

#include <string.h>

/* Deeper nesting is refused by the parser; here it only has to be read. */
enum { NESTING = 1000 };

void coloration_read(struct arena *arena, const struct source *source, struct coloration *out)
{
    struct token_options options = { NESTING };
    struct literate literate = { 0 };
    struct diag_list ignored;
    const char *code = source->bytes;

    *out = (struct coloration){ .source = source };
    diag_list_init(&ignored, arena);
    if (source->literate)
        code = literate_blank(arena, &ignored, 0, source->bytes, source->length, &literate);
    if (utf8_validate(code, source->length) == source->length)
        tokens_read(arena, &ignored, 0, code, source->length, &options, &out->tokens);
}

/* NULL: written as it stands. */
static const char *class_of(const struct token *token)
{
    const struct keyword *keyword;

    switch (token->kind) {
    case COMMENT: return "commentaire";
    case TEXT:    return "texte";
    case NUMBER:
    case ORDINAL:
    case DATE:
    case EURO:
    case PERCENT: return "valeur";
    case NAME:    return NULL;           /* a word that is a keyword elsewhere */
    default:      break;
    }
    keyword = keyword_canonical(token->kind);
    if (!keyword)
        return NULL;
    return keyword->role == ROLE_TOP || keyword->role == ROLE_FREE || keyword->role == ROLE_LINES
                   || keyword->role == ROLE_CLOSE
               ? "bloc"
               : "mot";
}

static void write_bytes(struct html *html, const struct source *source, uint32_t start, uint32_t end,
                        const char *class)
{
    struct span span = { start, end, 0 };

    if (start >= end)
        return;
    if (class) {
        html_open(html, "span");
        html_attribute(html, "class", class);
    }
    html_verbatim(html, source_slice(source, span));
    if (class)
        html_close(html);
}

/* The first token that ends after this place. */
static size_t token_at(const struct coloration *c, uint32_t offset)
{
    size_t low = 0, high = c->tokens.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c->tokens.items[middle].span.end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The end of the line that starts at `at`, without its end of line. */
static uint32_t line_end(const struct source *source, uint32_t at, uint32_t *next)
{
    const char *feed = memchr(source->bytes + at, '\n', source->length - at);
    uint32_t end = feed ? (uint32_t)(feed - source->bytes) : source->length;

    *next = feed ? end + 1 : end;
    return end > at && source->bytes[end - 1] == '\r' ? end - 1 : end;
}

static void write_line(struct html *html, const struct coloration *c, unsigned number, uint32_t at, uint32_t end)
{
    html_open(html, "span");
    html_attribute(html, "class", "ligne");
    html_attribute_format(html, "id", "L%u", number);
    html_element_format(html, "span", "no", "%u", number);
    for (size_t i = token_at(c, at); i < c->tokens.count && c->tokens.items[i].span.start < end; i++) {
        const struct span span = c->tokens.items[i].span;
        uint32_t start = span.start > at ? span.start : at, stop = span.end < end ? span.end : end;

        write_bytes(html, c->source, at, start, NULL);
        write_bytes(html, c->source, start, stop, class_of(&c->tokens.items[i]));
        at = stop > at ? stop : at;
    }
    write_bytes(html, c->source, at, end, NULL);
    html_verbatim(html, SLICE("\n"));
    html_close(html);
}

/* Moves the remembered line forward, or back to the first. */
static void find_line(struct coloration *c, uint32_t offset)
{
    if (c->line == 0 || c->offset > offset) {
        c->offset = 0;
        c->line = 1;
    }
    for (uint32_t next; c->offset < offset && (line_end(c->source, c->offset, &next), next <= offset); c->line++)
        c->offset = next;
}

void coloration_write(struct html *html, struct coloration *coloration, uint32_t start, uint32_t end)
{
    html_open(html, "pre");
    html_attribute(html, "class", "regles");
    html_open(html, "code");
    find_line(coloration, start);
    while (coloration->offset < end) {
        uint32_t next, stop = line_end(coloration->source, coloration->offset, &next);

        write_line(html, coloration, coloration->line, coloration->offset, stop);
        coloration->offset = next;
        coloration->line++;
    }
    html_close(html);
    html_close(html);
}
