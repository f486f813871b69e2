/*
 * The exact partition of all families into regions where a tariff, or several of them together, take one path.
 *
 * A walk starts from a box of families (all of them, or those that share some answers) and evaluates the compiled
 * nodes on it, as evaluate.c does on one family. A decision that the box does not settle (a row, a condition, the
 * better of two…) cuts the box where the decision changes: on a threshold exactly, on a derived quantity at the flip
 * found by bisection. What is left are regions: boxes that cover the start without overlap, each with one outcome per
 * target.
 *
 *   axes_of_program → regions_new → regions_walk(start, visitor) → region → formula_range_on, region_words…
 *
 * Never claims: a region whose outcome has `why` is one that the walk did not decide (the budget ran out, or a list,
 * a text or a number too large stands in the way). Outcomes are those of an engine whose sources are not asked
 * (delib_session_options.ask_sources = 0), all compulsory answers given, dates complete, values inside their domain.
 *
 * Internal to the library: no function here is exported. Nothing is timed; work is counted.
 */
#ifndef ANALYSIS_REGIONS_H
#define ANALYSIS_REGIONS_H

#include "conditions.h"

/* What happens to a datum of a target instead of following the axis that it is bound to. */
enum binding_kind {
    BINDING_AXIS,                      /* its value is that of `axis` */
    BINDING_FIXED,                     /* one value: `fixed`, on the grid of the datum, or `ref` */
    BINDING_ABSENT,
    BINDING_FAILED
};

struct binding {
    enum binding_kind kind;
    size_t axis;                       /* BINDING_AXIS */
    const int64_t *members;            /* BINDING_AXIS: rank on the axis → rank in this program; NULL: the same */
    int64_t fixed;
    const void *ref;                   /* BINDING_FIXED: the list, record or text of one family, as in datum_value */
};

/* A tariff to follow. Several targets share the axes, so that two programs, or two families, are walked together. */
struct region_target {
    const struct delib_program *program;
    size_t tariff;
    const struct symbol *output;       /* a « résultat » of that tariff; NULL: its price */
    const struct node *value;          /* this value of the program instead of a tariff; NULL: the tariff */
    struct binding *bindings;          /* per datum of the program, then one for the date of the service */
};

/* One step of the path, for messages. */
enum mark_kind { MARK_ROW, MARK_EXCEPTION, MARK_PRICE, MARK_STEP, MARK_CLAUSE };

struct region_mark {
    enum mark_kind kind;
    const struct node *table;                  /* MARK_ROW: with its row; ROW_HOLE: nothing said */
    int row;
    const struct exception_code *exception;    /* MARK_EXCEPTION */
    const struct step_code *step;              /* MARK_STEP */
    const struct expr *expr;                   /* MARK_PRICE, MARK_CLAUSE */
    size_t tariff;                             /* the one that runs: a tariff may read another */
};

struct region_outcome {
    const char *why;                   /* not NULL: not decided here, French; the rest is then unset */
    delib_statut statut;
    const char *reason;                /* not calculé: French; NULL */
    bool written;                      /* not calculé: the act says so in words, « non prévu » for instance */
    const struct symbol *datum;        /* not calculé because of this datum; NULL */
    const struct formula *formula;     /* calculé: its value, in euros, ranks, days… */
    const struct type *type;           /* of the formula */
    const struct tariff_version *version;      /* NULL: none applies at this date */
    const struct region_mark *path;
    size_t path_count;
};

struct region {
    const struct box *box;             /* borrowed until the visitor returns, as are the paths */
    const struct conditions *conditions;       /* … that its families meet too; empty unless the walk may keep some */
    const struct region_outcome *outcomes;     /* one per target, in order */
    size_t count;
};

/* Regions come in order: axes as they are looked at, ascending, then absent, then failed. False stops the walk. */
typedef bool (*region_visitor)(void *context, const struct region *region);

/* Elementary steps that a walk may still do; shared by as many walks as the caller likes. */
struct region_budget {
    uint64_t left;
};

enum { REGION_BUDGET_USUAL = 20000000 };

struct regions_options {
    struct date date;                  /* of the service, when it is not an axis; year 0: not given */
    struct date today;                 /* year 0: the same */
    /*
     * Decisions that depend on several wide axes are kept as conditions instead of cutting these axes: few regions
     * where there would be thousands, but a region may be empty, and ranges over its box are bounds only.
     */
    bool conditions;
};

struct regions;

/*
 * The axes of one program: its data, in order, so that datum i is axis i. With `from` to `to`, the date of the
 * service is a last axis; year 0: it is not. `failures`: sources may fail.
 */
struct axes axes_of_program(struct arena *arena, const struct delib_program *program, struct date from, struct date to,
                            bool failures);
/* The target of that tariff on those axes; bindings may then be changed. */
struct region_target target_of_program(struct arena *arena, const struct delib_program *program, size_t tariff);

/*
 * A walker for those targets; `options` NULL: the usual ones. Everything it makes lives in `arena`; axes, targets and
 * programs are borrowed.
 */
struct regions *regions_new(struct arena *arena, const struct axes *axes, const struct region_target *targets,
                            size_t target_count, const struct regions_options *options);
struct formula_pool *regions_formulas(struct regions *r);

/*
 * Visits the regions of `start` (NULL: all families), until the visitor stops. When the budget runs out, what is left
 * is visited as undecided: the regions always cover `start`.
 */
void regions_walk(struct regions *r, const struct box *start, struct region_budget *budget, region_visitor visit,
                  void *context);

/* The same status, and the same amount or text for the same family: formulas are equal. */
bool outcomes_equal(const struct region_outcome *a, const struct region_outcome *b);

/*
 * What the engine itself says of a point for a target: amounts that are shown come from here. `session` is one of the
 * target's program, made with ask_sources = 0; it is reset. Statuses are those of delib_evaluate.
 */
delib_status region_evaluate(const struct region_target *target, const struct axes *axes, delib_session *session,
                             const struct box *point, delib_result *out);

#endif
