/*
 * Reads Markdown with cmark-gfm, and writes its tree through html.c: what cmark would write as HTML itself is not used,
 * so that there is nothing to trust. The only file that knows cmark.
 */
#include "markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <string.h>

/*
 * A voted text is some pages long; beyond, cmark may take quadratic time. What is nested deeper than a page allows
 * stands beside what surrounds it.
 */
enum { MARKDOWN_LIMIT = 4 * 1024 * 1024, DEEPEST = HTML_DEPTH - 8 };

struct writer {
    struct html *html;
    struct markdown *titles;
    bool head;                           /* in the first line of a table */
    bool body;                           /* a later line of it was met */
    unsigned skipped;                    /* containers too deep, not opened */
};

/* ---- Leaves ---- */

static void write_code(struct writer *w, cmark_node *node, bool block)
{
    if (block)
        html_open(w->html, "pre");
    html_open(w->html, "code");
    html_verbatim(w->html, slice_of(cmark_node_get_literal(node)));
    html_close(w->html);
    if (block)
        html_close(w->html);
}

/* After the words of a link, where it leads: « (https://…) », to read and not to follow. */
static void write_address(struct writer *w, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);

    if (url && *url) {
        html_text(w->html, " (");
        html_verbatim(w->html, slice_of(url));
        html_text(w->html, ")");
    }
}

/* ---- Elements that are opened and closed ---- */

static const char *const TABLE_NODES[] = { "table", "table_header", "table_row", "table_cell" };
enum table_node { TABLE_WHOLE, TABLE_HEADER, TABLE_ROW, TABLE_CELL, TABLE_NONE };

static enum table_node table_node(cmark_node *node)
{
    const char *type = cmark_node_get_type_string(node);

    for (size_t i = 0; i < sizeof(TABLE_NODES) / sizeof(TABLE_NODES[0]); i++)
        if (strcmp(type, TABLE_NODES[i]) == 0)
            return (enum table_node)i;
    return TABLE_NONE;
}

static void open_table_part(struct writer *w, enum table_node part)
{
    switch (part) {
    case TABLE_WHOLE:
        html_open(w->html, "div");
        html_attribute(w->html, "class", "large");
        html_open(w->html, "table");
        w->body = false;
        break;
    case TABLE_HEADER:
        html_open(w->html, "thead");
        html_open(w->html, "tr");
        w->head = true;
        break;
    case TABLE_ROW:
        if (!w->body)
            html_open(w->html, "tbody");
        w->body = true;
        html_open(w->html, "tr");
        break;
    case TABLE_CELL:
        html_open(w->html, w->head ? "th" : "td");
        if (w->head)
            html_attribute(w->html, "scope", "col");
        break;
    case TABLE_NONE: break;
    }
}

static void close_table_part(struct writer *w, enum table_node part)
{
    html_close(w->html);
    if (part == TABLE_HEADER) {
        html_close(w->html);
        w->head = false;
    } else if (part == TABLE_WHOLE) {
        html_close(w->html);
        if (w->body)
            html_close(w->html);
    }
}

static void open_heading(struct writer *w, cmark_node *node)
{
    static const char *const HEADINGS[] = { "h1", "h2", "h3", "h4", "h5", "h6" };
    unsigned level = w->titles->top + (unsigned)cmark_node_get_heading_level(node) - 1;

    if (level > w->titles->last + 1)
        level = w->titles->last + 1;
    if (level > 6)
        level = 6;
    w->titles->last = level;
    html_open(w->html, HEADINGS[level - 1]);
}

static const char *element_of(cmark_node *node)
{
    static const struct { cmark_node_type type; const char *element; } ELEMENTS[] = {
        { CMARK_NODE_BLOCK_QUOTE, "blockquote" }, { CMARK_NODE_ITEM, "li" },
        { CMARK_NODE_EMPH, "em" },                { CMARK_NODE_STRONG, "strong" },
    };

    if (cmark_node_get_type(node) == CMARK_NODE_LIST)
        return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
    for (size_t i = 0; i < sizeof(ELEMENTS) / sizeof(ELEMENTS[0]); i++)
        if (cmark_node_get_type(node) == ELEMENTS[i].type)
            return ELEMENTS[i].element;
    return NULL;
}

static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item ? cmark_node_parent(item) : NULL;

    return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void open_list(struct writer *w, cmark_node *node)
{
    int start = cmark_node_get_list_start(node);

    html_open(w->html, element_of(node));
    if (cmark_node_get_list_type(node) == CMARK_ORDERED_LIST && start != 1)
        html_attribute_format(w->html, "start", "%d", start);
}

static void write_void(struct writer *w, const char *element)
{
    html_open(w->html, element);
    html_close(w->html);
}

static void enter(struct writer *w, cmark_node *node)
{
    /* Not the enumeration: extensions add to it, and what has no case here is shown by its parts alone. */
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:        open_heading(w, node); break;
    case CMARK_NODE_LIST:           open_list(w, node); break;
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:     write_code(w, node, true); break;
    case CMARK_NODE_CODE:
    case CMARK_NODE_HTML_INLINE:    write_code(w, node, false); break;
    case CMARK_NODE_TEXT:           html_text(w->html, cmark_node_get_literal(node)); break;
    case CMARK_NODE_SOFTBREAK:      html_verbatim(w->html, SLICE("\n")); break;
    case CMARK_NODE_LINEBREAK:      write_void(w, "br"); break;
    case CMARK_NODE_THEMATIC_BREAK: write_void(w, "hr"); break;
    case CMARK_NODE_PARAGRAPH:
        if (!is_tight(node))
            html_open(w->html, "p");
        break;
    default:
        if (element_of(node))
            html_open(w->html, element_of(node));
        else
            open_table_part(w, table_node(node));
        break;
    }
}

static void leave(struct writer *w, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        write_address(w, node);
    else if (type == CMARK_NODE_PARAGRAPH ? !is_tight(node) : type == CMARK_NODE_HEADING || element_of(node))
        html_close(w->html);
    else if (table_node(node) != TABLE_NONE)
        close_table_part(w, table_node(node));
}

/* ---- The whole ---- */

/* What is entered and left, and may hold more of its kind. */
static bool is_container(cmark_node *node)
{
    return cmark_node_first_child(node) && (element_of(node) || table_node(node) != TABLE_NONE);
}

static void write_tree(struct writer *w, cmark_node *document)
{
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;

    for (event = cmark_iter_next(iter); event != CMARK_EVENT_DONE; event = cmark_iter_next(iter)) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (event == CMARK_EVENT_ENTER && is_container(node) && w->html->depth > DEEPEST)
            w->skipped++;
        else if (event == CMARK_EVENT_ENTER)
            enter(w, node);
        else if (w->skipped && is_container(node))
            w->skipped--;
        else
            leave(w, node);
    }
    cmark_iter_free(iter);
}

bool markdown_write(struct html *html, struct markdown *titles, struct slice text)
{
    struct writer w = { .html = html, .titles = titles };
    size_t depth = html->depth;
    cmark_syntax_extension *tables;
    cmark_parser *parser;
    cmark_node *document;

    if (text.length > MARKDOWN_LIMIT)
        return false;
    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    tables = cmark_find_syntax_extension("table");
    if (tables)
        cmark_parser_attach_syntax_extension(parser, tables);
    cmark_parser_feed(parser, text.bytes, text.length);
    document = cmark_parser_finish(parser);
    if (document)
        write_tree(&w, document);
    html_close_to(html, depth);
    cmark_node_free(document);
    cmark_parser_free(parser);
    return true;
}
