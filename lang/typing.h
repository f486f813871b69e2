/*
 * Types, units, exact ranges and absence of every expression, and the checks that follow from them. The passes share
 * this context; typing.c does expressions, typing_data.c declared types, typing_tables.c tables, typing_rules.c
 * tariffs.
 */
#ifndef LANG_TYPING_H
#define LANG_TYPING_H

#include "correction.h"
#include "facts.h"
#include "model.h"

struct typing {
    struct model *model;
    struct arena *arena;
    struct diag_list *diags;
    const struct scope *scope;         /* where names are looked up */
    bool bare_amounts;                 /* inside a grid « en € »: bare cells are amounts */
    bool bare_rates;                   /* inside a grid « en % » */
    unsigned depth;                    /* expressions being typed, one inside the other or named by it */
    unsigned height, frames;           /* of what was typed so far inside the current expression */
    bool too_costly;                   /* told once */
    const struct narrowing *narrowing; /* what the rows around this place say of an enumeration */
};

/* Inside the row « journée » of a table of `symbol`, only that value remains. */
struct narrowing {
    const struct symbol *symbol;
    const int *rows;                   /* per value: its row */
    int row;
    const struct narrowing *outer;
};

/* The whole model, under arena_guard(); faults go to the diagnostics. */
void typing_model(struct model *model);

/* Types `e`, sets its facts; `expected` (may be NULL) only helps to read literals and members. Returns e->type. */
const struct type *typing_expr(struct typing *t, struct expr *e, const struct type *expected);
/* The same, and reports when the type does not agree with `expected`; `what` names the place, in French. */
const struct type *typing_expect(struct typing *t, struct expr *e, const struct type *expected, const char *what);
const struct type *typing_call(struct typing *t, struct expr *e, const struct type *expected);
const struct type *typing_aggregate(struct typing *t, struct expr *e, const struct type *expected);
const struct type *typing_rank(struct typing *t, struct expr *e);
/* Puts the step of `e` (EXPR_ROUND) in the unit of the value and gives the facts of the rounded value. */
bool typing_rounding(struct typing *t, struct expr *e, const struct type *type, const struct facts *facts,
                     struct facts *out);
/* The datum « source.field »; NULL when the source has no such field. */
struct symbol *typing_source_field(struct typing *t, struct symbol *source, struct slice name);
const struct type *typing_table(struct typing *t, struct expr *e, const struct type *expected);
void typing_symbol(struct typing *t, struct symbol *s);
void typing_datum(struct typing *t, struct symbol *s);
void typing_tariff(struct typing *t, struct symbol *s);

/* Declared types: the type and, in *facts, its domain. Never NULL. */
const struct type *typing_declared(struct typing *t, const struct type_expr *type, struct facts *facts);
const struct type *typing_unit(struct typing *t, const struct unit_expr *unit);     /* « en € par repas » */

const struct type *type_make(struct arena *arena, struct type type);
const struct type *type_error(void);
const struct type *type_boolean(void);
const struct type *type_plain_number(void);
struct facts *facts_new(struct arena *arena, struct facts facts);
/* The file where these words are. */
const struct source *typing_source(const struct typing *t, struct span span);

/* Reports that a calculation may not fit; points at the datum to bound. */
void typing_too_large(struct typing *t, const struct expr *e);
void typing_mismatch(struct typing *t, struct span span, const struct type *found, const struct type *expected,
                     const char *what);
/* Copies into *to what evaluating `from` may do: data read, absence, ends. */
void facts_inherit(struct arena *arena, struct facts *to, const struct facts *from);
/*
 * `e` is used, when `condition` (NULL: always) is true, where absence must be said: reports D203 unless `clause` is
 * given or the act says it of each datum. `code` chooses the diagnostic; `owner` is the rule that the clause belongs
 * to.
 */
void typing_require_absence(struct typing *t, const struct expr *e, const struct expr *condition,
                            const struct expr *clause, enum diag_code code, const char *what, struct span owner);
/* Removes from the absence of a conjunction the data that one of its operands tests. */
void typing_join_conjunction(struct typing *t, const struct expr *left, const struct expr *right,
                             struct facts *facts);
/* Removes from the absence of `facts` the data that are known when `condition` is true. */
void typing_forget_known(struct typing *t, const struct expr *condition, struct facts *facts);
/* The clause of the datum for its absence (« non communiqué : … » said once), NULL when none. */
const struct expr *datum_absent_clause(const struct symbol *datum);

void typing_essai(struct typing *t, struct decl *essai);
void typing_property(struct typing *t, struct decl *decl);

/* ------------------------------------------------------------------ ways of mending (typing_corrections.c) */

struct bounds {
    const struct expr *low, *high;     /* NULL when open */
    bool low_included, high_included;
};

struct bounds title_bounds(const struct title *title);
/* The title of a tranche written again with these bounds. */
void typing_propose_bounds(struct typing *t, struct diag *d, const struct title *title, struct bounds bounds);
/* A row at the end of a table, « hors tranches : non prévu »; nothing for a table that has no line of its own. */
void typing_propose_row(struct typing *t, struct diag *d, const struct table *table, const char *row);
/* A clause under a price, an exception or a step. */
void typing_propose_clause(struct typing *t, struct diag *d, struct span owner, const char *clause);
void typing_propose_rounding(struct typing *t, struct diag *d, const struct decl *tariff);
/* Reports D306. */
void typing_unknown_unit(struct typing *t, struct name name);

/*
 * Are these two conditions never true together? Sound, not complete: false means « not proved ». Of a condition at
 * fault, which was told, nothing more is said: true.
 */
bool conditions_disjoint(const struct expr *a, const struct expr *b);

/* --------------------------------------------------------------- tables with one axis, as the compiler reads them */

enum { ROW_HOLE = -1 };

/* Values of the key up to `upper` (in units of the key's grid; for a ratio, a rational bound) fall in `row`. */
struct segment {
    int128 upper;
    struct number bound;           /* ratio keys */
    bool bound_included;
    int row;                       /* ROW_HOLE: nothing said */
};

struct table_plan {
    const struct expr *key;        /* NULL when every row is a condition */
    bool by_index;                 /* boolean or enumeration: rows[index] */
    int *rows;
    size_t row_count;              /* entries of rows[] */
    struct segment *segments;      /* sorted, covering the domain */
    size_t segment_count;
    int *conditions;               /* rows whose title is « si … », in order */
    size_t condition_count;
    int absent_row, failed_row, others_row;    /* ROW_HOLE when none */
    bool datum_clause;             /* absence is governed by what the act says of the datum */
    int last_row;                  /* « comme la dernière tranche » */
    struct expr *lowered;          /* a grid as nested tables of one axis; then the rest is unused */
};

#endif
