/*
 * The mutation test of a délibération (`delib tester --mutations`): which small faults its checks, its essais and its
 * cases notice, and the essai that is missing for each of the others.
 */
#ifndef CLI_MUTATIONS_H
#define CLI_MUTATIONS_H

#include "cas.h"

enum mutant_fate {
    FATE_CHECK,              /* a check says it: error or new warning */
    FATE_ESSAI,              /* an essai of the file fails */
    FATE_CASE,               /* a case of a case file fails */
    FATE_SAME,               /* proved: no family pays anything else */
    FATE_SURVIVED,           /* somebody pays something else, and nothing notices */
    FATE_UNDECIDED,          /* nothing notices, and the comparison does not know */
    FATE_COUNT
};

struct mutant_verdict {
    enum mutant_fate fate;
    unsigned line;
    const char *words;       /* « montant changé : « 1,30 » → « 1,31 » » */
    const char *by;          /* what noticed: « D201 », the name of an essai, of a case; NULL */
    const char *essai;       /* FATE_SURVIVED: to paste; NULL: an earlier one notices it too, or none could be made */
};

struct mutation_report {
    struct mutant_verdict *items;
    size_t count, capacity;
    size_t fates[FATE_COUNT];
    size_t total;            /* mutants that the file has; more than `count` when there are too many */
    size_t essais;           /* proposed */
};

/* The program passes its essais and cases. False when memory has run out. Texts are in the arena of the run. */
bool mutations_run(struct run *run, const struct programme *programme, struct cas_file *const *files, size_t file_count,
                   struct mutation_report *out);
/* Mutants noticed, in tenths of a percent of those that are not « sans effet »; 1000 when there is none. */
unsigned mutations_score(const struct mutation_report *report);

void mutations_print(struct run *run, const char *name, const struct mutation_report *report);
/* Members of the object being written. */
void mutations_json(struct run *run, delib_io_json *json, const struct mutation_report *report);

#endif
