/*
 * Walking expressions: the direct parts of an expression, in the order of the text.
 */
#ifndef LANG_WALK_H
#define LANG_WALK_H

#include "tree.h"

typedef void (*expr_visitor)(void *context, const struct expr *part);

/* Calls `visit` on each direct part; NULL parts are skipped. Names are not followed: see symbol_value(). */
void expr_parts(const struct expr *e, expr_visitor visit, void *context);

#endif
