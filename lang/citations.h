/*
 * The passages of the act that a declaration cites, wherever it does: its own clauses, its exceptions and steps, the
 * rows of its tables.
 */
#ifndef LANG_CITATIONS_H
#define LANG_CITATIONS_H

#include "tree.h"

typedef void (*citation_visitor)(void *context, const struct citation *citation);

/* In the order of the kinds above. Returns how many there are. */
size_t citations_of(const struct decl *decl, citation_visitor visit, void *context);

#endif
