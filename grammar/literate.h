/*
 * Literate délibérations: Markdown whose fenced ```delib blocks are the rules. Everything else is blanked in a copy of
 * the same length, so that every position stays that of the original file.
 */
#ifndef GRAMMAR_LITERATE_H
#define GRAMMAR_LITERATE_H

#include "lang/diag.h"

struct heading {
    uint32_t offset;              /* of its line */
    unsigned level;               /* 1 to 6 */
    struct slice text;            /* "Article 2 — Les prix" */
    bool has_rule;                /* a code block follows before the next heading */
};

/* A block of rules: [start, end) with its fences, [inside, inside_end) the rules alone, whole lines. */
struct rule_block {
    uint32_t start, end, inside, inside_end;
};

struct literate {
    struct { struct heading *items; size_t count, capacity; } headings;
    struct { struct rule_block *items; size_t count, capacity; } blocks;
};

/* A name that ends with « .md », or one without « .delib » whose text opens a block of rules (stdin has no
 * extension). */
bool literate_is(const char *name, const char *bytes, size_t length);
/* The blanked copy, NUL-terminated. Faults (no block, open block) go to `diags`. */
const char *literate_blank(struct arena *arena, struct diag_list *diags, uint32_t file, const char *bytes,
                           size_t length, struct literate *out);
/* What is not code: the voted text, the rules blanked. Same length. */
const char *literate_prose(struct arena *arena, const char *bytes, size_t length);
/* The heading above this place; NULL when none. */
const struct heading *literate_heading(const struct literate *literate, uint32_t offset);

#endif
