/*
 * Decisions of an evaluation on a box, each settled by cuts.h or the end of the evaluation; and what a decision that
 * is kept as a condition is called.
 */
#ifndef ANALYSIS_DECISIONS_H
#define ANALYSIS_DECISIONS_H

#include "symbolic.h"

/* False: the evaluation stops here. */
bool decide(struct symbolic *s, enum settling settling);
bool decide_at_least(struct symbolic *s, const struct formula *f, int128 limit, bool *out);
bool decide_true(struct symbolic *s, const struct symbolic_value *v, bool *out);
/* a < b, or a ≤ b */
bool decide_below(struct symbolic *s, const struct formula *a, const struct formula *b, bool or_equal, bool *out);
bool decide_order(struct symbolic *s, enum binary_op op, const struct formula *a, const struct formula *b, bool *out);

/* What the next decision looks at, should it become a condition: `num` is the numerator of `n`. */
void decision_about(struct symbolic *s, const struct node *n, const struct formula *num);
/* « soit quotient = … »: what bounds its value is said of « quotient ». */
void decision_name(struct symbolic *s, const struct node *let, const struct symbolic_value *v);

#endif
