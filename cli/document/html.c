/*
 * Elements, attributes and text of HTML, in order and escaped. What a page says is left to the commands.
 */
#include "html.h"

#include "typographie.h"

#include <assert.h>
#include <string.h>

/* ---- Text becomes HTML: here only ---- */

#define REPLACEMENT "\xEF\xBF\xBD"       /* U+FFFD */

static const char *entity(char c)
{
    switch (c) {
    case '&':  return "&amp;";
    case '<':  return "&lt;";
    case '>':  return "&gt;";
    case '"':  return "&quot;";
    case '\'': return "&#39;";
    default:   return NULL;
    }
}

/* Controls, and the marks that would show words in another order than they are written (U+202A…E, U+2066…9, U+061C). */
static bool unsafe(const char *bytes, size_t length)
{
    unsigned char first = (unsigned char)bytes[0];

    if (length == 1)
        return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
    if (length == 2)
        return (first == 0xC2 && (unsigned char)bytes[1] < 0xA0) || memcmp(bytes, "\xD8\x9C", 2) == 0;
    if (length == 3 && memcmp(bytes, "\xE2\x80", 2) == 0)
        return (unsigned char)bytes[2] >= 0xAA && (unsigned char)bytes[2] <= 0xAE;
    return length == 3 && memcmp(bytes, "\xE2\x81", 2) == 0 && (unsigned char)bytes[2] >= 0xA6
        && (unsigned char)bytes[2] <= 0xA9;
}

static void append(struct strbuf *out, struct slice text, bool typography)
{
    const char *end = text.bytes + text.length;
    size_t length;

    if (!text.length)
        return;
    for (const char *at = text.bytes; at < end; at += length) {
        const char *replaced;

        length = utf8_sequence(at, end);
        if (length == 0 || unsafe(at, length))
            replaced = REPLACEMENT;
        else if (length == 1)
            replaced = typography && *at == ' ' ? typography_space(text.bytes, at, end) : entity(*at);
        else
            replaced = NULL;
        length = length ? length : 1;
        if (replaced)
            strbuf_text(out, replaced);
        else
            strbuf_bytes(out, at, length);
    }
}

/* ---- Elements ---- */

enum element_shape { SHAPE_BLOCK, SHAPE_INLINE, SHAPE_VOID };

static enum element_shape shape_of(const char *element)
{
    static const char *const INLINE[] = { "a", "abbr", "b", "cite", "code", "del", "em", "mark", "q", "small", "span",
                                          "strong", "sub", "sup", "text", "time", "tspan" };
    static const char *const VOID[] = { "br", "hr", "meta" };

    for (size_t i = 0; i < sizeof(INLINE) / sizeof(INLINE[0]); i++)
        if (strcmp(element, INLINE[i]) == 0)
            return SHAPE_INLINE;
    for (size_t i = 0; i < sizeof(VOID) / sizeof(VOID[0]); i++)
        if (strcmp(element, VOID[i]) == 0)
            return SHAPE_VOID;
    return SHAPE_BLOCK;
}

static void end_tag(struct html *html)
{
    if (html->in_tag)
        strbuf_char(&html->out, '>');
    html->in_tag = false;
}

static void end_line(struct html *html)
{
    if (!html->line_start)
        strbuf_char(&html->out, '\n');
    html->line_start = true;
}

void html_open(struct html *html, const char *element)
{
    assert(html->depth < HTML_DEPTH);
    end_tag(html);
    if (shape_of(element) == SHAPE_BLOCK)
        end_line(html);
    strbuf_format(&html->out, "<%s", element);
    html->in_tag = true;
    html->line_start = false;
    html->open[html->depth++] = element;
}

void html_close(struct html *html)
{
    const char *element;

    assert(html->depth > 0);
    element = html->open[--html->depth];
    end_tag(html);
    if (shape_of(element) != SHAPE_VOID)
        strbuf_format(&html->out, "</%s>", element);
    html->line_start = false;
    if (shape_of(element) == SHAPE_BLOCK)
        end_line(html);
}

void html_close_to(struct html *html, size_t depth)
{
    while (html->depth > depth)
        html_close(html);
}

void html_attribute(struct html *html, const char *name, const char *value)
{
    assert(html->in_tag);
    strbuf_format(&html->out, " %s=\"", name);
    append(&html->out, slice_of(value), false);
    strbuf_char(&html->out, '"');
}

void html_attribute_format(struct html *html, const char *name, const char *format, ...)
{
    struct strbuf value = strbuf_in(html->out.arena);
    va_list args;

    va_start(args, format);
    strbuf_vformat(&value, format, args);
    va_end(args);
    html_attribute(html, name, value.bytes);
}

/* ---- Text ---- */

void html_slice(struct html *html, struct slice text)
{
    end_tag(html);
    append(&html->out, text, true);
    html->line_start = html->line_start && !text.length;
}

void html_verbatim(struct html *html, struct slice text)
{
    end_tag(html);
    append(&html->out, text, false);
    html->line_start = html->line_start && !text.length;
}

void html_text(struct html *html, const char *text)
{
    html_slice(html, slice_of(text));
}

static void text_vformat(struct html *html, const char *format, va_list args)
{
    struct strbuf text = strbuf_in(html->out.arena);

    strbuf_vformat(&text, format, args);
    html_slice(html, strbuf_result(&text));
}

void html_format(struct html *html, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vformat(html, format, args);
    va_end(args);
}

/* ---- What pages are made of ---- */

static void open_class(struct html *html, const char *element, const char *class)
{
    html_open(html, element);
    if (class)
        html_attribute(html, "class", class);
}

void html_element(struct html *html, const char *element, const char *class, const char *text)
{
    open_class(html, element, class);
    html_text(html, text);
    html_close(html);
}

void html_element_format(struct html *html, const char *element, const char *class, const char *format, ...)
{
    va_list args;

    open_class(html, element, class);
    va_start(args, format);
    text_vformat(html, format, args);
    va_end(args);
    html_close(html);
}

void html_heading(struct html *html, unsigned level, const char *id, const char *text)
{
    static const char *const HEADINGS[] = { "h1", "h2", "h3", "h4", "h5", "h6" };

    html_open(html, HEADINGS[level < 1 ? 0 : level > 6 ? 5 : level - 1]);
    if (id)
        html_attribute(html, "id", id);
    html_text(html, text);
    html_close(html);
}

void html_table(struct html *html, const char *class, const char *caption, const char *const *columns, size_t count)
{
    open_class(html, "table", class);
    if (caption)
        html_element(html, "caption", NULL, caption);
    html_open(html, "thead");
    html_open(html, "tr");
    for (size_t i = 0; i < count; i++) {
        html_open(html, "th");
        html_attribute(html, "scope", "col");
        html_text(html, columns[i]);
        html_close(html);
    }
    html_close(html);
    html_close(html);
    html_open(html, "tbody");
}

void html_table_end(struct html *html)
{
    html_close(html);
    html_close(html);
}

void html_row_title(struct html *html, const char *text)
{
    html_open(html, "th");
    html_attribute(html, "scope", "row");
    html_text(html, text);
    html_close(html);
}

/* ---- The page ---- */

static void meta(struct html *html, const char *key, const char *value, const char *content)
{
    html_open(html, "meta");
    html_attribute(html, key, value);
    if (content)
        html_attribute(html, "content", content);
    html_close(html);
    end_line(html);
}

void html_begin(struct html *html, struct arena *arena, const char *title)
{
    *html = (struct html){ .out = strbuf_in(arena), .line_start = true };
    strbuf_text(&html->out, "<!DOCTYPE html>\n");
    html_open(html, "html");
    html_attribute(html, "lang", "fr");
    html_open(html, "head");
    meta(html, "charset", "utf-8", NULL);
    /* Whatever a browser would take for a script, an image or an address is refused by the page itself. */
    meta(html, "http-equiv", "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    meta(html, "name", "viewport", "width=device-width, initial-scale=1");
    html_element(html, "title", NULL, title);
    html_open(html, "style");
    end_tag(html);
    strbuf_char(&html->out, '\n');
    for (size_t i = 0; html_style[i]; i++)
        strbuf_text(&html->out, html_style[i]);
    html_close(html);
    html_close(html);
    html_open(html, "body");
    html_open(html, "main");
}

struct slice html_end(struct html *html)
{
    html_close_to(html, 0);
    return strbuf_result(&html->out);
}
