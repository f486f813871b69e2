/*
 * A compiled program: each expression of the typed tree as a node whose constants (denominators, scale factors, look-up
 * tables) are worked out. Immutable once made, so that threads share it; it lives in the arena of its program.
 */
#ifndef RUNTIME_PROGRAM_H
#define RUNTIME_PROGRAM_H

#include "delib.h"
#include "grammar/parse.h"
#include "host.h"
#include "lang/typing.h"

#include <stdatomic.h>

enum node_kind {
    NODE_CONSTANT, NODE_DATUM, NODE_LET, NODE_SLOT, NODE_FIELD, NODE_VARIABLE, NODE_PRICE, NODE_BASE, NODE_DATE,
    NODE_TODAY, NODE_NATIONAL,
    NODE_NEGATE, NODE_NOT, NODE_ADD, NODE_SUBTRACT, NODE_MULTIPLY, NODE_DIVIDE, NODE_SCALE, NODE_ROUND, NODE_MAXIMUM,
    NODE_MINIMUM, NODE_COMPARE, NODE_AND, NODE_OR, NODE_BETWEEN, NODE_KNOWN, NODE_TABLE, NODE_BEST, NODE_OUTCOME,
    NODE_SHIFT, NODE_FOLD, NODE_RANK, NODE_CALL, NODE_TARIFF, NODE_BASKET, NODE_DATES, NODE_WHEN, NODE_WITH
};

enum date_operation { DATE_AGE, DATE_AGE_MONTHS, DATE_YEAR, DATE_MONTH, DATE_WEEKDAY, DATE_SCHOOL_YEAR };

struct node;

/* One bound of NODE_BETWEEN, as a value over a fixed denominator. */
struct edge {
    bool set, included;
    int128 num, den;
};

struct alternative_node {
    const struct node *value, *condition;      /* condition: NULL when none */
};

struct national_value {
    struct period period;
    const struct node *value;
};

struct node {
    enum node_kind kind;
    const struct expr *expr;             /* the words it comes from */
    const struct node *a, *b, *c;        /* operands */
    int128 den;                          /* static denominator of the result */
    int128 scale_a, scale_b;             /* brings the operands to a common denominator */
    bool a_first;                        /* et, ou: which operand is looked at first (local before sources) */
    union {
        int128 constant;                 /* NODE_CONSTANT: the numerator */
        const struct symbol *symbol;     /* NODE_DATUM, NODE_FIELD, NODE_BASKET */
        struct { const struct symbol *symbol; const struct node *value; size_t slot; } let;   /* NODE_LET */
        size_t slot;                     /* NODE_SLOT: parameter of the running function */
        enum binary_op compare;          /* NODE_COMPARE */
        struct { struct number step; enum rounding mode; } round;                             /* NODE_ROUND */
        struct { struct edge low, high; } between;                                            /* NODE_BETWEEN */
        struct {                         /* NODE_TABLE */
            const struct table *table;
            const struct table_plan *plan;
            const struct node **cells;   /* per row; NULL: an empty cell */
            const struct node **conditions;      /* per row of plan->conditions */
        } table;
        struct { enum best_mode mode; struct alternative_node *items; size_t count; } best;
        struct { enum outcome outcome; const char *reason; } outcome;
        struct { int128 count; bool down; const struct node *limit; } shift;    /* a: value, b: by, c: condition */
        struct {                         /* NODE_FOLD: a: list, b: condition, c: body */
            enum aggregate_op op;
            const struct node *if_empty;
        } fold;
        struct { bool descending; const struct node *tie; } rank;    /* a: list, b: condition, c: key */
        struct {
            const struct function_code *function;
            const struct node **arguments;
            size_t count;
            int128 *scales;
        } call;
        size_t tariff;                   /* NODE_TARIFF */
        struct { size_t tariff; const struct symbol *input; } with;    /* NODE_WITH: a: the other answer */
        struct {
            enum when when;
            struct period period;
            struct date day;
        } when;                          /* NODE_WHEN: a: date, b: other date */
        enum date_operation date;        /* NODE_DATES: a: date, b: other date or NULL */
        struct { struct national_value *items; size_t count; } national;
    } as;
};

struct function_code {
    const struct symbol *symbol;
    const struct node *body;
    size_t parameter_count;
};

struct exception_code {
    const struct exception *source;
    const struct node *condition, *value, *absent, *failed;
};

struct step_code {
    const struct step *source;
    const struct node *condition;
    const struct node *value;            /* the quantity of the step, for the explanation; NULL for a rounding */
    const struct node *next, *absent, *failed, *negative;
    int128 den_before, den_after;
};

struct output_code {
    const struct symbol *symbol;
    const struct node *value, *absent, *failed;
};

struct tariff_version {
    const struct version *source;
    const struct node *price, *price_absent, *price_failed;
    struct exception_code *exceptions;   /* in order of evaluation */
    size_t exception_count;
    struct step_code *steps;
    size_t step_count;
    struct output_code *outputs;
    const char **output_labels;
    size_t output_count;
    int128 den_initial;
    const struct type *type;
    const char *unit;                    /* "€ par repas" */
    const char *finalite;                /* NULL when none */
};

struct named_output {
    const struct symbol *symbol;         /* in the first version that has it */
    const char *name;
    size_t tariff;
};

struct tariff_code {
    const struct symbol *symbol;
    struct tariff_version *versions;
    size_t version_count;
    const char *name, *label;
};

/* An « attendu » to check. */
struct essai_code {
    const struct decl *decl;
    const struct assignment *expected;   /* NULL for a line of a grid */
    const struct row *row;               /* of « essais »; NULL otherwise */
    size_t tariff;
    const struct symbol *output;         /* NULL: the tariff itself */
};

/* A « propriété » to prove; nothing of an evaluation reads it. */
struct property_code {
    const struct decl *decl;
    const struct node *subject, *condition;    /* condition: NULL when it is about every family */
    const struct symbol *datum;          /* that varies; NULL when the kind has none */
    struct number limit;                 /* « de plus de 2 € »; 0 when not written */
    int128 distance;                     /* « quand qf augmente de 1 € », on the grid of the datum; 0: any */
};

struct delib_program {
    atomic_uint references;
    struct allocator allocator;
    struct arena arena;
    delib_options options;
    struct extension *extension;         /* the host's sources that its names refer to; NULL: none */
    struct source **sources;
    uint32_t *parents;                   /* per source: the one that uses it */
    size_t source_count;
    struct { delib_text *items; size_t count, capacity; } texts;         /* as they were given */
    struct act act;
    struct literate literate;
    struct diag_list diags;
    delib_diagnostic *diagnostics;
    struct model model;
    struct tariff_code *tariffs;
    size_t tariff_count;
    struct named_output *outputs;        /* of every tariff */
    size_t output_count;
    size_t let_count;                    /* definitions memoised during an evaluation */
    struct essai_code *essais;
    size_t essai_count;
    struct property_code *properties;
    size_t property_count;
    delib_need *needs;
    size_t need_count;
    const char **data_names, **data_labels;      /* per datum */
    const struct node **absent_clauses, **failed_clauses; /* per datum: what the act says once; NULL when nothing */
    const struct node **defaults;        /* per datum: « par défaut »; NULL when none */
    bool usable;                         /* no error: it can be evaluated */
};

/* Heading above that place (NULL when none) and its line; needs.c. */
void program_place(const struct delib_program *p, struct arena *arena, struct span span, const char **article,
                   unsigned *line);
/* What the family brings when the source does not answer: « justificatif : attestation »; NULL. needs.c. */
const char *program_fallback(struct arena *arena, const struct symbol *datum);
/* The data that each tariff may read; needs.c. */
void program_list_needs(struct delib_program *program);
/* Sorts diagnostics of this program and describes them in `arena`; described.c. */
void program_describe(const struct delib_program *program, struct arena *arena, struct diag_list *diags,
                      delib_diagnostic **out);
/* Compiles the typed model. False when memory ran out. */
bool program_compile(struct delib_program *program);

#endif
