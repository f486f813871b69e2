/*
 * The tree of a délibération, as the parser builds it. Names are not resolved here and nothing is checked: later passes
 * fill the fields that say so. Every node lives in the arena of its program and carries the span of its words.
 */
#ifndef LANG_TREE_H
#define LANG_TREE_H

#include "date.h"
#include "number.h"
#include "source.h"

struct type;
struct symbol;
struct facts;
struct expr;

struct name {
    struct slice text;             /* as written */
    struct span span;
};

#define LIST_OF(item) struct { item *items; size_t count, capacity; }

typedef LIST_OF(struct name) name_list;
typedef LIST_OF(struct expr *) expr_list;

/* ------------------------------------------------------------------ units, citations */

/* « € par repas », « % », « heures », « par séance et par famille » */
struct unit_expr {
    bool euro, percent;
    name_list per;                 /* units after « par » */
    struct name plain;             /* a unit that is neither € nor % (« en heures »); empty when none */
    struct span span;
};

/* « cite article 3 « Les adultes… » » */
struct citation {
    struct slice place;            /* "article 3", as written */
    struct slice quote;            /* words of the act; empty when none */
    struct span span, quote_span;
    struct citation *next;
};

/* ------------------------------------------------------------------ expressions */

enum expr_kind {
    EXPR_ERROR,                    /* a syntax error was reported here */
    EXPR_NUMBER, EXPR_DATE, EXPR_DAY, EXPR_BOOLEAN, EXPR_TEXT,
    EXPR_NAME, EXPR_FIELD, EXPR_CALL,
    EXPR_NEGATE, EXPR_NOT, EXPR_BINARY, EXPR_IS, EXPR_KNOWN,
    EXPR_ROUND, EXPR_CONVERT, EXPR_STARTED, EXPR_SHIFT,
    EXPR_TABLE, EXPR_BEST, EXPR_OUTCOME, EXPR_AGGREGATE, EXPR_RANK, EXPR_WHEN, EXPR_WITH
};

enum binary_op {
    OP_OR, OP_AND,
    OP_EQUAL, OP_DIFFERENT, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL,
    OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE,
    OP_PERCENT_OF                  /* « 20 % de x », « taux de x » */
};

/* A whole result, or the word that stands for one. */
enum outcome {
    OUTCOME_NON_PREVU, OUTCOME_DECISION, OUTCOME_SANS_OBJET,
    OUTCOME_ABSENT,                /* « non communiqué », as a title or a value of an essai */
    OUTCOME_NO_EFFECT,             /* « sans réduction », in a clause of a step */
    OUTCOME_LAST_ROW,              /* « comme la dernière tranche » */
    OUTCOME_SOURCE_FAILED          /* « source indisponible », as a title or a value of an essai */
};

enum when { WHEN_DURING, WHEN_AFTER, WHEN_BEFORE };

enum best_mode { BEST_FAVORABLE, BEST_UNFAVORABLE, BEST_LOWEST, BEST_HIGHEST };

enum aggregate_op {
    AGGREGATE_COUNT, AGGREGATE_SUM, AGGREGATE_MINIMUM, AGGREGATE_MAXIMUM
};

enum title_kind {
    TITLE_ERROR,
    TITLE_BLANK,                   /* an empty cell */
    TITLE_VALUE,                   /* an expression: a value, or several joined by « ou » / « et » */
    TITLE_INTERVAL,
    TITLE_CONDITION,               /* « si … » */
    TITLE_ABSENT,                  /* « non communiqué » */
    TITLE_FAILED,                  /* « source indisponible » */
    TITLE_OTHERS                   /* « hors tranches », « autres » */
};

struct title {
    enum title_kind kind;
    struct span span;
    struct expr *value;            /* TITLE_VALUE, TITLE_CONDITION */
    struct expr *low, *high;       /* TITLE_INTERVAL: NULL when open */
    bool low_included, high_included;
    bool bare_until;               /* « jusqu'à X » without « inclus » nor « exclu » */
    bool bare_between;             /* « entre X et Y » */
    bool beyond;                   /* « au-delà »: above every other row */
    bool or_absent;                /* « plus de 2 000 ou non communiqué » */
};

typedef LIST_OF(struct title) title_list;

/* One line of a table: its titles (one per title column) and its cells (one per column of the header, or one). */
struct row {
    title_list titles;
    expr_list cells;               /* NULL: an empty cell */
    struct span span;
    struct citation *citation;
    bool deliberate;               /* « volontaire » */
};

typedef LIST_OF(struct row) row_list;

struct table {
    struct unit_expr *unit;        /* caption; NULL when none */
    bool grid;                     /* written with « | » */
    bool thresholds;               /* « par seuils » */
    bool progressive;              /* « barème progressif » */
    bool interpolated;             /* « barème interpolé » */
    expr_list axes;
    row_list rows;
    title_list columns;            /* titles of the columns of a grid */
    size_t title_columns;          /* leading columns of titles: 1 or 2 */
    struct slice import;           /* depuis "x.csv"; empty when none */
    struct span import_span;
    struct span head, end;         /* « selon … », and the closing « fin » */
    bool faulty;                   /* a line was reported by the parser: completeness is not checked */
    struct table_plan *plan;       /* set by typing_tables.c */
};

struct alternative {
    struct expr *value, *condition;    /* condition: NULL when none */
    struct span span;
};

struct expr {
    enum expr_kind kind;
    uint16_t depth;                /* of a chain of binary operations */
    struct span span;
    const struct type *type;       /* set by typing.c; NULL before, or after an error */
    struct facts *facts;           /* set by typing.c: scale, range, absence, labels */
    union {
        struct {                   /* EXPR_NUMBER */
            struct number value;
            int decimals;          /* as written */
            bool euro, percent, ordinal;
            struct unit_expr *unit;    /* « € par repas »; NULL when none */
            struct name noun;          /* « ans », « enfants », « min »; empty when none */
        } number;
        struct date date;          /* EXPR_DATE; EXPR_DAY: month and day only */
        bool boolean;              /* EXPR_BOOLEAN */
        struct slice text;         /* EXPR_TEXT */
        struct { struct name name; struct symbol *symbol; } reference;             /* EXPR_NAME; symbol: names.c */
        struct { struct expr *object; struct name name; struct symbol *symbol; } field;    /* EXPR_FIELD */
        struct { struct name name; expr_list arguments; struct symbol *symbol; int builtin; } call;  /* EXPR_CALL */
        struct expr *operand;      /* EXPR_NEGATE, EXPR_NOT, EXPR_KNOWN */
        struct { enum binary_op op; struct expr *left, *right; struct span op_span; } binary;
        struct { struct expr *operand; struct title title; } is;                   /* EXPR_IS */
        struct {                   /* EXPR_ROUND */
            struct expr *operand;
            struct number step;
            struct unit_expr *unit;
            struct name noun;      /* « centime », « euro »… */
            enum rounding mode;
        } round;
        struct {
            struct expr *operand;
            struct unit_expr *unit;
            struct number factor;
        } convert; /* EXPR_CONVERT; factor: typing.c */
        struct {
            struct expr *amount;
            struct name unit;
            struct expr *quantity;
            int minutes;
        } started; /* EXPR_STARTED; minutes: typing.c */
        struct { struct expr *operand, *by, *condition, *limit; bool down; } shift;        /* EXPR_SHIFT */
        struct table *table;       /* EXPR_TABLE */
        struct { enum best_mode mode; LIST_OF(struct alternative) alternatives; } best;    /* EXPR_BEST */
        struct { enum outcome outcome; struct slice reason; } outcome;             /* EXPR_OUTCOME */
        struct {                   /* EXPR_AGGREGATE */
            enum aggregate_op op;
            struct name variable;  /* empty for « nombre de LISTE » */
            struct expr *list, *condition, *body, *if_empty;
            struct symbol *symbol; /* the variable */
        } aggregate;
        struct { struct expr *operand, *other; enum when when; } when;             /* EXPR_WHEN: « est après » */
        struct {                   /* EXPR_WITH: « droits avec atelier = chant » */
            struct name tariff, input;
            struct expr *value;
            struct symbol *tariff_symbol, *input_symbol;
        } with;
        struct {                   /* EXPR_RANK: « rang parmi LISTE par CLÉ décroissant » */
            struct expr *list, *condition, *key, *tie;
            bool descending, tie_harmless;
            struct symbol *symbol;
        } rank;
    } as;
};

/* ------------------------------------------------------------------ declarations */

/* What stands after « non communiqué : », « source indisponible : », « résultat négatif : ». NULL value: none. */
struct clauses {
    struct expr *absent, *failed, *negative;
    struct span absent_span;       /* « non communiqué : … », its words included */
    struct citation *citation;
    name_list prevails;            /* « l'emporte sur a, b » */
    bool deliberate;               /* « volontaire » */
    bool optional;                 /* « facultatif » */
    struct span span;
};

/* The type of a datum, as written. */
struct type_expr {
    struct name name;              /* "entier", "quotient", "usager"… */
    struct name of;                /* « liste de élève », « nombre de présence », « nombre par prestation » */
    bool basket;                   /* « par » rather than « de » */
    struct unit_expr *unit;        /* « montant en € par mois », « durée en minutes » */
    struct name precision;         /* « au centime » */
    struct expr *low, *high;       /* domain; NULL when not written */
    struct expr *max_items;        /* « au plus 12 » */
    struct span span;
};

enum fallback_kind { FALLBACK_NONE, FALLBACK_JUSTIFICATIF, FALLBACK_HONNEUR };

enum step_kind {
    STEP_REDUCTION, STEP_MAJORATION, STEP_SUPPLEMENT, STEP_DEDUCTION,
    STEP_FLOOR, STEP_CEILING, STEP_ROUND, STEP_MULTIPLY, STEP_DIVIDE
};

enum step_base { STEP_BASE_UNSAID, STEP_BASE_INITIAL, STEP_BASE_CURRENT };

struct step {
    enum step_kind kind;
    struct span span;
    struct expr *value;            /* NULL for STEP_ROUND; a table of amounts or rates is a value too */
    struct expr *condition;        /* NULL when none */
    enum step_base base;
    struct expr *rounding;         /* STEP_ROUND: an EXPR_ROUND without operand */
    struct clauses clauses;
    /* set by typing_rules.c: the price after the step, in terms of the price before it */
    struct expr *next;
    struct expr *next_absent, *next_failed;    /* when the clause gives another value; NULL when none */
    struct facts *before, *after;
    const struct type *type;       /* of the price after the step */
};

struct exception {
    struct name name;              /* empty when none */
    struct span span;
    struct expr *condition, *value;
    bool final;                    /* « sans réduction ni majoration » */
    struct clauses clauses;
    size_t order;                  /* set by typing_rules.c: position in the order of evaluation */
};

enum decl_kind {
    DECL_ERROR, DECL_HEADER, DECL_ENUM, DECL_INPUT, DECL_SOURCE, DECL_LET, DECL_FUNCTION, DECL_TARIFF, DECL_ESSAI,
    DECL_RECORD, DECL_TRANCHES, DECL_TABLEAU, DECL_UNIT, DECL_CALENDAR, DECL_NATIONAL, DECL_USE, DECL_FINALITE,
    DECL_PROPERTY,
    DECL_OUTPUT                    /* « résultat », inside a tariff */
};

struct member {
    struct name name;              /* a name, or a code between quotes */
    struct slice label, code;
    struct unit_expr *unit;        /* « par repas » */
};

struct period {
    struct date from, to;          /* year 0: open */
    struct span span;
    bool written;
};

struct parameter {
    struct name name;
    struct type_expr *type;
    struct slice label;
    struct expr *fallback;         /* « par défaut », for a field of a record */
    struct symbol *symbol;
};

struct assignment {
    struct name name;
    expr_list values;              /* one, or the elements of a list */
    struct table *records;         /* a list of records written as a grid; NULL when none */
    struct span span;
    bool expected;                 /* after « attendu » */
    struct symbol *symbol;         /* the datum, tariff or output; set by typing_essais.c, NULL after an error */
};

enum property_kind {
    PROPERTY_HOLDS,                /* a condition, true of every family */
    PROPERTY_NEVER_FALLS, PROPERTY_NEVER_RISES,
    PROPERTY_HAS_AMOUNT,           /* « donne toujours un montant » */
    PROPERTY_HAS_ANSWER            /* « donne toujours une réponse »: an amount, or what the act writes instead */
};

/* What an act says of every family; nothing of a price depends on it. */
struct property {
    enum property_kind kind;
    struct expr *subject;          /* the condition, the amount that varies, the tariff */
    struct expr *datum;            /* « quand qf augmente »: qf; NULL when the kind has none */
    bool downwards;                /* « quand qf baisse » */
    struct expr *limit, *distance; /* « de plus de 2 € quand qf augmente de 1 € »; NULL when not written */
    struct expr *condition;        /* « si … »: the families that it is about; NULL: all */
    struct span span;
};

struct decl {
    enum decl_kind kind;
    struct span span;
    struct name name;
    struct slice label;
    struct clauses clauses;
    struct symbol *symbol;         /* set by names.c */
    struct decl *next;
    struct slice heading;          /* literate: the heading above the block */
    union {
        struct {                   /* DECL_HEADER */
            struct slice opening;  /* "délibération", "règlement"… */
            struct slice number, authority, siret, document, replaces, partner;
            struct span siret_span, document_span;
            struct date date;
            struct period period;
            bool undated;
        } header;
        struct { LIST_OF(struct member) members; } enumeration;
        struct { struct type_expr *type; struct expr *fallback; } input;           /* fallback: « par défaut » */
        struct {
            struct name api, function;
            expr_list arguments;
            enum fallback_kind fallback;
            struct slice document; /* « attestation de la CAF » */
            struct name precision; /* « au centime » */
            struct type_expr *type;    /* written after « comme », else NULL */
        } source;
        struct { struct expr *value; struct unit_expr *unit; } let;                /* DECL_LET, DECL_OUTPUT */
        struct { LIST_OF(struct parameter) parameters; struct unit_expr *unit; struct expr *value; } function;
        struct {
            struct unit_expr *unit;
            struct name subject;   /* « pour un élève »; empty when none */
            struct name finalite;
            struct period period;
            struct decl *lets;     /* DECL_LET, in order */
            struct decl *outputs;  /* DECL_OUTPUT, in order */
            struct expr *price;
            struct clauses price_clauses;
            LIST_OF(struct exception) exceptions;
            LIST_OF(struct step) steps;
            struct span price_span;
        } tariff;
        struct { LIST_OF(struct assignment) assignments; struct table *grid; } essai;
        struct { LIST_OF(struct parameter) fields; struct decl *lets; } record;
        struct { struct table *table; } tranches;      /* rows: title = name, cell = the interval, see tree.c */
        struct { struct table *table; } tableau;
        struct { struct period period; } calendar;
        struct { struct expr *value; struct period period; struct slice origin; } national;
        struct property property;
    } as;
};

typedef LIST_OF(struct table *) table_list;

struct act {
    table_list imports;            /* grids to read from a file, in order */
    struct decl *first, *last;
    struct decl *header;           /* NULL when none */
    struct name finalite;          /* said once for the act; empty when none */
};

/* ------------------------------------------------------------------ builders, used by the parser */

struct expr *tree_expr(struct arena *arena, enum expr_kind kind, struct span span);
struct expr *tree_binary(struct arena *arena, enum binary_op op, struct expr *left, struct expr *right,
                         struct span op_span);
struct title tree_title_value(struct expr *value);
struct title tree_title_interval(struct span span, struct expr *low, bool low_included, struct expr *high,
                                 bool high_included);

const char *tree_op_text(enum binary_op op);       /* "≥", "et" */
const char *tree_step_word(enum step_kind kind);   /* "réduction" */
const char *tree_decl_word(enum decl_kind kind);   /* "entrée" */

#endif
