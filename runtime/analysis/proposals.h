/*
 * The essais that are missing: for each rule that no test reaches, and each side of a bound where none stands, a family
 * that goes there, written as an « essai » with what the engine computes. Whether that is what was voted is for people
 * to say.
 */
#ifndef ANALYSIS_PROPOSALS_H
#define ANALYSIS_PROPOSALS_H

#include "regions.h"
#include "runtime/coverage.h"

struct proposal {
    const char *text;                  /* « essai « … » … fin », ready to paste */
};

struct proposals {
    struct proposal *items;
    size_t count, capacity;
};

/*
 * `trial` is the coverage of the tests that exist; it is brought to what it would be with the proposals, so that what
 * is still missing there has no proposal: nothing was found, or the budget ran out. Everything lives in the arena of
 * `trial`. False when memory ran out.
 */
bool proposals_make(struct coverage *trial, struct delib_program *program, struct region_budget *budget,
                    struct proposals *out);

#endif
