/*
 * A simulation: the tariffs of an act, and of the act before it, applied to a population; what the commune receives,
 * who pays less and who pays more.
 *
 * Each act makes its batch of results in a file (cli/lot/); the two files are then read together, family by family,
 * and added up exactly: memory does not depend on the number of families. Nothing of a family is kept but sums, and
 * the rank of the families whose price changes most.
 *
 *   simulation.c           the batches, then the sums              simulation_groupes.c    who is counted where
 *   simulation_document.c  the report, for people                  simulation_json.c       the same for a program
 */
#ifndef CLI_SIMULATION_H
#define CLI_SIMULATION_H

#include "cli/base/programme.h"
#include "cli/lot/commande_lot.h"
#include "lang/number.h"
#include "runtime/analysis/comparison.h"

/* How much a price changes, relative to what it was. */
enum simulation_class {
    CLASS_FALL_50, CLASS_FALL_20, CLASS_FALL_5, CLASS_FALL, CLASS_SAME,
    CLASS_RISE, CLASS_RISE_5, CLASS_RISE_20, CLASS_RISE_50, CLASS_NO_LONGER_FREE, SIMULATION_CLASSES
};

/* A batch says one of these of each row: the statuts of the library, then « erreur ». */
enum { STATUT_ERROR = DELIB_SANS_OBJET + 1, STATUTS };

/* Sums over rows, each counted `poids` times. */
struct tally {
    struct number families;              /* with an amount on every side */
    struct number total[SIDES];          /* price × quantity of these families */
    struct number less, more;            /* families whose price falls, rises */
    struct number gained, lost;          /* by these, over their quantity */
};

struct extreme {
    uint64_t row;                        /* from 1; 0: none */
    struct number prices[SIDES];
};

struct simulation_tariff {
    const char *name, *label, *unit;
    size_t columns[SIDES];               /* of the amount, in each file of results */
    bool present[SIDES];
    struct tally all, *groups;           /* one per group */
    struct number classes[SIMULATION_CLASSES];
    struct number statuts[SIDES][STATUTS];
    struct number receipts[SIDES];       /* of every family with an amount on that side */
    struct extreme fall, rise;
};

struct group {
    const char *title;                   /* « de 300 à moins de 450 », « oui », « non communiqué » */
    struct number from;                  /* numeric groups, in order; the first has no lower bound */
};

enum { GROUPS_MAX = 60 };

struct grouping {
    const char *column;                  /* NULL: no groups */
    bool numeric;
    struct group items[GROUPS_MAX];
    size_t count;
    size_t absent;                       /* rank of « non communiqué »; count until one is met */
};

struct simulation_request {
    const char *paths[SIDES];            /* paths[BEFORE] NULL: one act alone */
    const char *population;
    const char *dates[SIDES];            /* ISO 8601 */
    const char *quantity, *weight;       /* columns; NULL: 1 for each row */
    const char *by;                      /* column of the groups; NULL */
    struct number *bounds;               /* given by the command line; */
    size_t bound_count;                  /* … 0: those of the act */
    const struct option_values *tariffs, *ignored;
    enum lot_decimal decimal;
};

struct simulation {
    struct run *run;
    const struct simulation_request *request;
    struct programme acts[SIDES];        /* acts[BEFORE] is closed when there is one act */
    struct simulation_tariff *tariffs;
    size_t tariff_count;
    struct grouping grouping;
    uint64_t rows, faulty;               /* faulty: a quantity or a weight that cannot be read */
    struct number families;              /* weights of all rows */
    const char *problem;                 /* French; NULL */
};

/* The acts are open and valid. False: `problem` says why, when it was not told already. */
bool simulation_run(struct simulation *simulation);

/* ---- simulation_groupes.c ---- */

/* Numeric when the column is a number of the act or bounds are given. False: no bound is known. */
bool grouping_open(struct simulation *simulation);
/* The group of a cell, made when the column is not numeric and nobody met it yet; GROUPS_MAX: there are too many. */
size_t grouping_find(struct simulation *simulation, struct slice cell);

/* ---- simulation_document.c, simulation_json.c ---- */

struct document;
void simulation_document(struct document *out, const struct simulation *simulation);
void simulation_json(struct run *run, delib_io_json *json, const struct simulation *simulation);
/* French words of a class: « baisse de 5 à 20 % »; of a statut. */
const char *simulation_class_text(enum simulation_class class);
const char *simulation_statut_text(size_t statut);
/* `part` of `whole` in percents, to the tenth; false when there is no whole. */
bool simulation_percent(struct number part, struct number whole, struct number *out);

#endif
