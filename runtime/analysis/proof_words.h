/*
 * What is found about families, in French: shared by the verdicts on properties and by the findings on tariffs.
 */
#ifndef ANALYSIS_PROOF_WORDS_H
#define ANALYSIS_PROOF_WORDS_H

#include "proof.h"

/* Adds what there is to say of a verdict, and returns its reason: nothing, and NULL, when it is proved. */
const char *proof_diagnose(struct diag_list *diags, const struct delib_program *program, const struct proof *proof);

/* Where the act says this step of a path. */
struct span region_mark_span(const struct region_mark *mark);
/* « 1,30 € » */
void strbuf_amount(struct strbuf *out, const struct delib_program *program, const struct type *type,
                   struct number value);
/* « usager adulte, résident non »: the answers that count, one axis apart (SIZE_MAX: none); nothing when none does. */
void strbuf_family(struct strbuf *out, const struct axes *axes, const struct box *family, size_t except);
/* « « qf » passe de 449,99 à 450 » */
void strbuf_move(struct strbuf *out, const struct axis *axis, int64_t from, int64_t to);

#endif
