/*
 * HTML pages, escaped by construction: elements and attributes are opened by calls, and whatever text is given becomes
 * text. There is no way to hand over markup, so a name, a label or a citation that a stranger wrote stays inert.
 *
 *   struct html page;
 *   html_begin(&page, &run->arena, "Rapport de contrôle");
 *   html_open(&page, "p");
 *   html_attribute(&page, "class", "montant");
 *   html_text(&page, "1 234,50 €");
 *   html_close(&page);
 *   html_end(&page);                      → page.out
 *
 * Names of elements and attributes are literals of the program. Pages stand alone: no script, nothing external, one
 * style sheet (html_style.c), for the screen, the telephone and the printer.
 */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include "lang/text.h"

enum { HTML_DEPTH = 64 };                /* elements open at the same time */

struct html {
    struct strbuf out;
    const char *open[HTML_DEPTH];        /* borrowed literals */
    size_t depth;
    bool in_tag;                         /* attributes may still come */
    bool line_start;
};

/* The style sheet of every page, in pieces; ends with NULL. */
extern const char *const html_style[];

/* « <!DOCTYPE html> » to « <main> » with that title as <title>; html_end closes what is open and ends the page. */
void html_begin(struct html *html, struct arena *arena, const char *title);
struct slice html_end(struct html *html);

/* Block elements stand on lines of their own, except in what is written as it stands (<pre>). */
void html_open(struct html *html, const char *element);
void html_close(struct html *html);
/* Closes until that many elements are open (html->depth taken before). */
void html_close_to(struct html *html, size_t depth);

/* Right after html_open(). Formats are those of strbuf_format. */
void html_attribute(struct html *html, const char *name, const char *value);
void html_attribute_format(struct html *html, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Text for people: escaped, and the spaces that French typography does not break (before « : ; ! ? % € » », after «,
 * between thousands) become hard ones. html_verbatim keeps them: for code and for the text as voted.
 */
void html_text(struct html *html, const char *text);
void html_slice(struct html *html, struct slice text);
void html_format(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_verbatim(struct html *html, struct slice text);

/* A whole element: html_element(page, "th", "col", "Prix")… `class` may be NULL. */
void html_element(struct html *html, const char *element, const char *class, const char *text);
void html_element_format(struct html *html, const char *element, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A heading <h1> to <h6>; `id` NULL for none. */
void html_heading(struct html *html, unsigned level, const char *id, const char *text);
/* <table> with its caption (NULL: none) and, in <thead>, the titles of its columns; the body is left open. */
void html_table(struct html *html, const char *class, const char *caption, const char *const *columns, size_t count);
/* Closes the body and the table. */
void html_table_end(struct html *html);
/* A cell that heads its line. */
void html_row_title(struct html *html, const char *text);

#endif
