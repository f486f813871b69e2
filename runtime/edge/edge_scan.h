/*
 * A first, lexical pass over a JSON text: where each value starts and how numbers are written. jansson gives neither.
 */
#ifndef EDGE_SCAN_H
#define EDGE_SCAN_H

#include "edge_base.h"

/* A value or a key, in the order of the text. */
struct edge_mark {
    struct edge_place place;
    size_t offset;
    size_t length;              /* of a number, or of a string with its quotes; 0 for everything else */
    bool is_key;
};

struct edge_marks {
    struct edge_mark *items;
    size_t count, capacity;
};

/*
 * Marks the values of a JSON text. Depth, count of values and digits of numbers are checked here and reported; false
 * when they are. A malformed text is no concern of this pass: it stops there and jansson tells.
 */
bool edge_scan_json(struct edge_tree *tree, struct slice text, struct edge_marks *marks);
/*
 * The content of a JSON string that was found well formed, quotes included in `raw`. jansson's own copy is not used:
 * when memory runs out on the way, jansson loses characters without a word.
 */
const char *edge_scan_text(struct arena *arena, struct slice raw);

#endif
