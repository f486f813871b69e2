/*
 * Two programs side by side: which datum, member, tariff and result of one is which of the other, by their names
 * (accents and case apart), by a correspondence that is given, or because two sources ask the same; and the axes that
 * both share.
 */
#ifndef ANALYSIS_MATCHING_H
#define ANALYSIS_MATCHING_H

#include "regions.h"

enum side { BEFORE, AFTER, SIDES };

/* « ancien=nouveau »: data, tariffs, results, or members (« usager.adulte=usager.majeur »). */
struct name_pair {
    struct slice before, after;
};

struct matching {
    struct axes axes;                  /* data of both, then those of one side only */
    struct binding *bindings[SIDES];
    const char **remarks;              /* per axis: what is compared of it, French; NULL: all */
    bool *lone;                        /* per axis: only one program has this datum */
    const struct name_pair *pairs;
    size_t pair_count;
    const delib_program *programs[SIDES];
};

/*
 * NULL, or which name of the correspondence does not exist, in French. Dates of the service: year 0, none.
 */
const char *matching_make(struct arena *arena, const delib_program *before, const delib_program *after,
                          const struct name_pair *pairs, size_t pair_count, const struct date dates[SIDES],
                          struct matching *out);
/* What `name` of the first program is called in the second. */
struct slice matching_name(const struct matching *m, struct slice name);
/* A value of the one means the same as a value of the other: one kind, one quantity, one unit. */
bool matching_same_quantity(const struct matching *m, const struct type *before, const struct type *after);
/* The member of the second enumeration that stands for this one of the first; NULL when none does. */
const struct symbol *matching_member(const struct matching *m, const struct symbol *member, const struct symbol *in);

#endif
