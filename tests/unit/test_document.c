/*
 * Documents that quote hostile texts: in HTML and in Markdown they open nothing, and every word of them is still there.
 * The Markdown is read back by cmark-gfm, with the extensions that forges use.
 */
#include "cli/document/document.h"
#include "arena_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <cmocka.h>

/* Each tries to leave its place in one of the two languages. */
static const char *const HOSTILE[] = {
    "<script>alert(1)</script>", "</td></tr></table><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)",
    "</style><svg onload=alert(1)>", "&lt;b&gt; &#60;i&#62; &amp;", "<!-- --> <?php ?> <![CDATA[x]]>",
    "[lien](javascript:alert(1))", "![image](https://exemple.fr/i.png)", "[ref]: https://exemple.fr",
    "<https://exemple.fr>", "https://exemple.fr et www.exemple.fr et HTTP://x.fr et ftp://y.fr",
    "# titre", "## titre", "- puce", "+ puce", "* puce", "1. un", "12) douze", "> citation", "---", "===", "***",
    "```\ncode\n```", "~~~", "    code", "a | b | c", "|---|", "*gras* _italique_ **fort** ~~barré~~ `code`",
    "\\<script>", "\\", "ligne\n\n# autre\n\n- puce", "ligne  \nsuite", "a\\|b", ":---:", "[^1] et [^1]: note",
    "[x] fait", ("\xE2\x80\xAE" "inversé"), "\x1b[31mrouge", "$x$ {.classe} @nom #12 :smile:",
};

enum { HOSTILE_COUNT = sizeof HOSTILE / sizeof *HOSTILE };

static struct document hostile_document(const char *text)
{
    static struct column columns[2];
    const char *cells[] = { text, text };
    struct document d;

    columns[0] = (struct column){ text, false };
    columns[1] = (struct column){ text, true };
    document_init(&d, &arena, text);
    for (enum block_kind kind = BLOCK_AMOUNT; kind < BLOCK_TABLE; kind++) {
        document_add(&d, kind, "%s", text);
        document_note(&d, text);
    }
    document_heading(&d, 3, "%s", text);
    document_table(&d, text, columns, 2);
    document_row(&d, cells);
    document_row(&d, cells);
    document_finish(&d);
    return d;
}

/* ---- HTML ---- */

static bool known_tag(const char *at)
{
    static const char *const KNOWN[] = {"p",
                                        "p class=\"resultat\"",
                                        "dt",
                                        "dd",
                                        "dl",
                                        "blockquote",
                                        "ul",
                                        "ol",
                                        "li",
                                        "h1",
                                        "h3",
                                        "div class=\"large\"",
                                        "table",
                                        "caption",
                                        "thead",
                                        "tbody",
                                        "tr",
                                        "td",
                                        "td class=\"nombre\"",
                                        "th scope=\"col\"",
                                        "th scope=\"row\"",
                                        "span class=\"discret\"",
                                        "main class=\"document\""};

    bool closing = at[0] == '/';

    at += closing;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        size_t length = strlen(KNOWN[i]);

        if (strncmp(at, KNOWN[i], length) == 0 && at[length] == '>')
            return true;
        length = strcspn(KNOWN[i], " ");
        if (closing && strncmp(at, KNOWN[i], length) == 0 && at[length] == '>')
            return true;
    }
    return false;
}

static void test_html(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        struct document d = hostile_document(HOSTILE[i]);
        struct slice page = document_html(&d);
        const char *last = strstr(page.bytes, "</main>");

        assert_non_null(last);
        for (const char *c = strstr(page.bytes, "<main"); c < last; c = strchr(c + 1, '<'))
            if (!known_tag(c + 1))
                fail_msg("%s\nopens %.60s", HOSTILE[i], c);
    }
}

/* ---- Markdown ---- */

static const cmark_node_type *text_types(size_t *count)
{
    static cmark_node_type types[16];
    size_t n = 0;

    types[n++] = CMARK_NODE_DOCUMENT;
    types[n++] = CMARK_NODE_BLOCK_QUOTE;
    types[n++] = CMARK_NODE_LIST;
    types[n++] = CMARK_NODE_ITEM;
    types[n++] = CMARK_NODE_PARAGRAPH;
    types[n++] = CMARK_NODE_HEADING;
    types[n++] = CMARK_NODE_TEXT;
    types[n++] = CMARK_NODE_STRONG;
    *count = n;
    return types;
}

static bool is_expected(cmark_node *node)
{
    size_t count;
    const cmark_node_type *types = text_types(&count);
    const char *name = cmark_node_get_type_string(node);

    for (size_t i = 0; i < count; i++)
        if (cmark_node_get_type(node) == types[i])
            return true;
    return strncmp(name, "table", 5) == 0;
}

struct counts {
    size_t headings, lists, tables, strong;
};

static void count_node(struct counts *c, cmark_node *node)
{
    c->headings += cmark_node_get_type(node) == CMARK_NODE_HEADING;
    c->lists += cmark_node_get_type(node) == CMARK_NODE_LIST;
    c->strong += cmark_node_get_type(node) == CMARK_NODE_STRONG;
    c->tables += strcmp(cmark_node_get_type_string(node), "table") == 0;
}

static struct counts read_back(const char *what, struct slice text)
{
    static const char *const EXTENSIONS[] = { "table", "strikethrough", "autolink", "tagfilter", "tasklist" };
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES);
    struct counts counts = { 0 };
    cmark_event_type event;
    cmark_iter *iter;
    cmark_node *root;

    cmark_gfm_core_extensions_ensure_registered();
    for (size_t i = 0; i < sizeof EXTENSIONS / sizeof *EXTENSIONS; i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(EXTENSIONS[i]));
    cmark_parser_feed(parser, text.bytes, text.length);
    root = cmark_parser_finish(parser);
    iter = cmark_iter_new(root);
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (event != CMARK_EVENT_ENTER)
            continue;
        if (!is_expected(node))
            fail_msg("%s\nbecomes a %s in\n%.*s", what, cmark_node_get_type_string(node), SLICE_ARG(text));
        count_node(&counts, node);
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return counts;
}

/* A hostile text gives the same document as an innocent one: no block, link or emphasis more or less. */
static void test_markdown(void **state)
{
    struct document plain = hostile_document("Article 2");
    const struct counts expected = read_back("plain", document_markdown(&plain));

    (void)state;
    assert_int_equal(expected.headings, 2);
    assert_int_equal(expected.tables, 1);
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        struct document d = hostile_document(HOSTILE[i]);
        struct counts found = read_back(HOSTILE[i], document_markdown(&d));

        if (memcmp(&found, &expected, sizeof found) != 0)
            fail_msg("%s\nheadings %zu, lists %zu, tables %zu, strong %zu\n%s", HOSTILE[i], found.headings, found.lists,
                     found.tables, found.strong, document_markdown(&d).bytes);
    }
}

/* ---- Tables ---- */

static void test_empty_columns_are_dropped(void **state)
{
    static const struct column COLUMNS[] = { { "A", false }, { "B", false }, { "C", true } };
    const char *first[] = { "1", NULL, "2" }, *second[] = { "", "", "3" };
    struct document d;

    (void)state;
    document_init(&d, &arena, "T");
    document_table(&d, NULL, COLUMNS, 3);
    document_row(&d, first);
    document_row(&d, second);
    document_finish(&d);
    assert_string_equal(document_markdown(&d).bytes, "# T\n\n| A | C |\n|---|---:|\n| 1 | 2 |\n|  | 3 |\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_html, start, end),
        cmocka_unit_test_setup_teardown(test_markdown, start, end),
        cmocka_unit_test_setup_teardown(test_empty_columns_are_dropped, start, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
