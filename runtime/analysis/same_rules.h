/*
 * Are two tariffs the same rules? Node by node, under the names matched: what is said in other words, in another
 * order of declarations, but compiles to the same calculation. It knows every construct, lists included, since it
 * looks at the calculation and not at its values. Sound, not complete: false is « not seen to be ».
 */
#ifndef ANALYSIS_SAME_RULES_H
#define ANALYSIS_SAME_RULES_H

#include "matching.h"

/*
 * The tariffs at those indexes, as they run on those dates (year 0: none), with their results: the version in force in
 * the first program when both are the same; NULL.
 */
const struct tariff_version *same_rules(struct arena *arena, const struct matching *m, const size_t tariffs[SIDES],
                                        const struct date dates[SIDES]);

#endif
