/*
 * Citations against the text of the act: the words between quotes must stand in it.
 */
#ifndef LANG_QUOTES_H
#define LANG_QUOTES_H

#include "diag.h"
#include "tree.h"

/*
 * Reports D411 for each citation of the act, in source `file`, whose quoted words are not in `text` (the voted text).
 * Case, accents, spaces, line ends and the marks of Markdown do not count.
 */
void quotes_check(struct arena *arena, struct diag_list *diags, const struct act *act, uint32_t file,
                  struct slice text);
/* The quoted words stand in `text`, compared likewise. */
bool quotes_found(struct arena *arena, struct slice text, struct slice quote);

#endif
