/*
 * Markdown into the elements of a page. Only what a text is made of passes: titles, paragraphs, lists, quotations,
 * tables, emphasis. Addresses of links and raw HTML are shown as text, and nothing else comes of them.
 */
#ifndef CLI_MARKDOWN_H
#define CLI_MARKDOWN_H

#include "html.h"

/* Titles of one page, whose texts may come in pieces: « # » is at `top`, and no level is left out. */
struct markdown {
    unsigned top;
    unsigned last;                       /* level of the last title, `top` - 1 at first */
};

/* False when the text is too large: nothing is then written. */
bool markdown_write(struct html *html, struct markdown *titles, struct slice text);

#endif
