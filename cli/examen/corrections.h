/*
 * Applying the corrections that diagnostics carry (`delib verifier --corriger`).
 */
#ifndef CLI_CORRECTIONS_H
#define CLI_CORRECTIONS_H

#include "cli/base/programme.h"

/* What correcting one text came to. */
struct correction {
    struct file_text file;               /* the text, corrected */
    struct slice original;
    size_t applied;
    struct diagnostic_list choices;      /* faults left that have several ways of mending */
};

/*
 * Applies, one by one, each correction that has no rival, mends its fault and makes no other; the text is compiled
 * after each. With `choose`, asks on the terminal for those that have several. `out->file` is read when it comes in.
 */
void corrections_apply(struct run *run, bool choose, struct correction *out);
/* The choices left to the author, on stdout. */
void corrections_print_choices(struct run *run, const struct correction *correction);
/* A yes-or-no question on the terminal; anything but « o » is no. */
bool corrections_confirm(struct run *run, const char *question);

#endif
