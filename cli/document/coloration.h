/*
 * The text of a délibération, line by line, with its words marked by the classes of the scanner: what a rule looks like
 * on a page.
 */
#ifndef CLI_COLORATION_H
#define CLI_COLORATION_H

#include "html.h"

#include "grammar/tokens.h"

struct coloration {
    const struct source *source;         /* borrowed */
    token_list tokens;
    uint32_t offset;                     /* a line start already met … */
    unsigned line;                       /* … and its number, so that blocks in order cost one reading */
};

/* Reads the tokens of `source`, whatever its faults. */
void coloration_read(struct arena *arena, const struct source *source, struct coloration *out);
/* <pre> with the lines of [start, end), which are whole lines, each with its number and the anchor « L12 ». */
void coloration_write(struct html *html, struct coloration *coloration, uint32_t start, uint32_t end);

#endif
