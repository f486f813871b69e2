/*
 * What changes between two texts, as `diff -u` shows it.
 */
#ifndef CLI_DIFFERENCE_H
#define CLI_DIFFERENCE_H

#include "cli/base/terminal.h"

/* The unified difference, under the name of the file; empty when the texts are equal. In the arena. */
struct slice difference_unified(struct arena *arena, const char *name, struct slice before, struct slice after);
/* The same on stdout, with the colours that people expect. */
void difference_print(struct terminal *terminal, struct slice difference);

#endif
