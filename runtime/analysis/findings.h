/*
 * What is found about the tariffs of a program when all their families are looked at: prices that fall when the
 * quotient rises, thresholds that cost much, rules that nobody reaches, families without an answer. Each is shown by
 * a family; nothing is claimed of regions that the walk did not decide.
 */
#ifndef ANALYSIS_FINDINGS_H
#define ANALYSIS_FINDINGS_H

#include "proof_words.h"

struct tariff_findings {
    size_t regions;                    /* that tell the families of the tariff apart */
    const char *why;                   /* why some were not decided, French; NULL when all were */
};

struct findings {
    const struct delib_program *program;
    struct arena *scratch;             /* reset between tariffs */
    struct diag_list *diags;           /* warnings are added */
    struct proof_period period;
    struct region_budget *budget;
    struct tariff_findings *tariffs;   /* per tariff; filled */
};

delib_status findings_of_program(struct findings *f);

/*
 * How often a year a family pays this amount, to compare thresholds: FREQUENCY(unit, times), in findings.c. 0 for a
 * unit that is not in the table: its thresholds are not judged.
 */
int yearly_frequency(const struct model *model, const struct type *type);

/* « one more euro of quotient costs more than n € a year »: beyond, it is told. */
enum { THRESHOLD_EUROS_A_YEAR = 300 };

#endif
