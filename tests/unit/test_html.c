/* cli/document/html.c: text becomes HTML in one place; whatever is written in it stays text. */
#include "cli/document/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size)
        return realloc(block, size);
    free(block);
    return NULL;
}

static struct arena arena;

static struct html begin(void)
{
    arena_init(&arena, (struct allocator){ resize, NULL }, 0);
    return (struct html){ .out = strbuf_in(&arena), .line_start = true };
}

static void assert_page(struct html *html, const char *expected)
{
    html_close_to(html, 0);
    assert_string_equal(html->out.bytes ? html->out.bytes : "", expected);
    arena_release(&arena);
}

static void assert_text(const char *text, const char *expected)
{
    struct html html = begin();

    html_text(&html, text);
    assert_page(&html, expected);
}

static void test_markup_is_text(void **state)
{
    (void)state;
    assert_text("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_text("a & b &amp; c", "a &amp; b &amp;amp; c");
    assert_text("\"l'avis\"", "&quot;l&#39;avis&quot;");
}

static void test_attribute(void **state)
{
    struct html html = begin();

    (void)state;
    html_open(&html, "p");
    html_attribute(&html, "title", "\" onmouseover=\"x' <b>");
    html_attribute_format(&html, "id", "article-%u", 3u);
    assert_page(&html, "<p title=\"&quot; onmouseover=&quot;x&#39; &lt;b&gt;\" id=\"article-3\"></p>\n");
}

static void test_controls(void **state)
{
    (void)state;
    assert_text("a\x01" "b\x7F" "c\xC2\x85" "d", "a�b�c�d");
    assert_text("a\xFF" "b\xC3", "a�b�");
    /* RIGHT-TO-LEFT OVERRIDE, ISOLATE, ARABIC LETTER MARK: « 1,20 € » cannot be made to read otherwise. */
    assert_text("a\xE2\x80\xAE" "b\xE2\x81\xA6" "c\xD8\x9C", "a�b�c�");
    /* The hard spaces themselves stay. */
    assert_text("1\xE2\x80\xAF" "000\xC2\xA0€", "1\xE2\x80\xAF" "000\xC2\xA0€");
}

static void test_typography(void **state)
{
    (void)state;
    assert_text("prix : 1 700,50 € ; 20 % ?",
                "prix\xC2\xA0: 1\xE2\x80\xAF" "700,50\xC2\xA0€\xE2\x80\xAF; 20\xC2\xA0%\xE2\x80\xAF?");
    assert_text("« non communiqué »", "«\xC2\xA0non communiqué\xC2\xA0»");
    assert_text("article 3 2026", "article 3 2026");
    assert_text("1 234 567", "1\xE2\x80\xAF" "234\xE2\x80\xAF" "567");
    assert_text("fin ", "fin ");
}

static void test_verbatim(void **state)
{
    struct html html = begin();

    (void)state;
    html_open(&html, "pre");
    html_verbatim(&html, SLICE("  de 0 à 1 700 : 1 €\n  <b>\n"));
    assert_page(&html, "<pre>  de 0 à 1 700 : 1 €\n  &lt;b&gt;\n</pre>\n");
}

static void test_lines(void **state)
{
    static const char *const columns[] = { "Quotient", "Prix" };
    struct html html = begin();

    (void)state;
    html_table(&html, "bareme", "Grille", columns, 2);
    html_open(&html, "tr");
    html_row_title(&html, "moins de 300");
    html_element(&html, "td", "nombre", "0,80 €");
    html_close(&html);
    html_table_end(&html);
    html_open(&html, "p");
    html_text(&html, "a");
    html_element(&html, "strong", NULL, "b");
    html_open(&html, "br");
    assert_page(&html, "<table class=\"bareme\">\n<caption>Grille</caption>\n<thead>\n<tr>\n"
                       "<th scope=\"col\">Quotient</th>\n<th scope=\"col\">Prix</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
                       "<th scope=\"row\">moins de 300</th>\n<td class=\"nombre\">0,80\xC2\xA0€</td>\n</tr>\n"
                       "</tbody>\n</table>\n<p>a<strong>b</strong><br></p>\n");
}

static void test_page(void **state)
{
    struct html html = begin();
    struct slice page;

    (void)state;
    html_begin(&html, &arena, "</title><script>");
    html_heading(&html, 1, NULL, "<h1>");
    page = html_end(&html);
    assert_int_equal(page.length, strlen(page.bytes));
    assert_non_null(strstr(page.bytes, "<title>&lt;/title&gt;&lt;script&gt;</title>"));
    assert_non_null(strstr(page.bytes, "<h1>&lt;h1&gt;</h1>"));
    assert_non_null(strstr(page.bytes, "<html lang=\"fr\">"));
    assert_non_null(strstr(page.bytes, "default-src &#39;none&#39;"));
    assert_null(strstr(page.bytes, "<script"));
    for (size_t i = 0; html_style[i]; i++)
        assert_null(strchr(html_style[i], '<'));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup_is_text), cmocka_unit_test(test_attribute), cmocka_unit_test(test_controls),
        cmocka_unit_test(test_typography),     cmocka_unit_test(test_verbatim),  cmocka_unit_test(test_lines),
        cmocka_unit_test(test_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
