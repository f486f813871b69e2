/*
 * One evaluation: the values of a family, the answers of sources, the frame of the running function or element, and the
 * trace. Pure: it reads the session and writes only what is said here.
 */
#ifndef RUNTIME_MACHINE_H
#define RUNTIME_MACHINE_H

#include "program.h"

enum value_state {
    VALUE_OK,
    VALUE_ABSENT,             /* not communicated, no dossier: a clause may say what then */
    VALUE_PENDING,            /* a request waits for its answer */
    VALUE_MISSING,            /* « à compléter » */
    VALUE_FAILED,             /* the source failed */
    VALUE_REFUSED,            /* the habilitation does not give it */
    VALUE_INVALID,            /* outside its domain */
    VALUE_NON_PREVU, VALUE_DECISION, VALUE_SANS_OBJET
};

/* States after which nothing else of the tariff matters. */
bool state_ends(enum value_state s);
/* Of two operands of which one at least is not known: the operation is as the first (false: as the second). */
bool state_prevails(enum value_state a, enum value_state b);
delib_statut state_statut(enum value_state s);

/*
 * A value over the static denominator of its node: num / (den × d). Booleans are 0 or 1, members their rank, dates
 * their day (a partial date: d = 0 and num = year × 10000 + month × 100 + day).
 */
struct value {
    enum value_state state;
    const struct symbol *datum;        /* not VALUE_OK: the datum that made it so; NULL when none */
    const char *reason;                /* not VALUE_OK: French; NULL */
    int128 num, d;
    const void *ref;                   /* text, list or record */
};

enum datum_state { DATUM_UNSET, DATUM_NULL, DATUM_SET, DATUM_BAD, DATUM_FAILED /* in an essai */ };

/* A value given by the host, on the grid of its type. */
struct datum_value {
    enum datum_state state;
    int128 num, d;
    const void *ref;
    const char *problem;               /* DATUM_BAD: French, without the value */
    const char *origin;                /* as purposes.h judges it: "api_impot_particulier.situation"; NULL: declared */
};

struct record_value {
    struct datum_value *fields;        /* by rank of the field */
};

struct list_value {
    struct datum_value *items;         /* ref: record_value, or plain values */
    size_t count;
};

/* What a source answered. */
struct answer {
    delib_answer_kind kind;
    const char *code, *message, *provider, *period, *obtained;
    delib_value record;
};

struct request {
    const char *function, *subject, *finalite;
    const struct symbol *source;       /* the first that asked */
    int year, month;                   /* period asked; 0: none */
    bool answered, wanted;             /* wanted: by the last evaluation */
    struct answer answer;
};

/* A row of a table that was used, for the explanation. */
struct hit {
    const struct node *table;
    int row;                           /* ROW_HOLE: the clause of the datum */
    struct value key;
    bool clause;
    unsigned depth;                    /* of the tariff that reads it */
};

enum trace_kind { TRACE_PRICE, TRACE_EXCEPTION, TRACE_STEP, TRACE_CLAUSE };

struct trace_entry {
    enum trace_kind kind;
    const struct exception *exception;
    const struct step_code *step;
    const struct expr *expr; /* the price, or the clause; of a step: the clause that applied, NULL when none */
    const struct symbol *symbol;       /* the datum that is not known, whose clause applied; NULL when none */
    struct value before, after, quantity;
    int128 den_before, den_after, den_quantity;
    const struct type *type;
    size_t first_hit, hit_count;
    unsigned depth;                    /* 0: the tariff asked for; more: one that it reads */
    size_t tariff;
    size_t element;                    /* from 1; 0 outside a list */
};

struct memo {
    uint64_t run, frame;
    struct value value;
};

/* An answer replaced by another while a tariff is read: « droits avec atelier = chant ». */
struct override {
    const struct symbol *datum;
    struct value value;
    const struct override *outer;
};

struct machine {
    struct delib_session *session;
    const struct override *overrides;
    const struct delib_program *program;
    const struct value *slots;         /* parameters of the running function */
    const struct record_value *element;
    size_t element_rank;               /* of `element` in its list, from 0 */
    struct value variable;
    struct value price, base;
    uint64_t frame, frames;            /* the current one, and how many were made */
    const char *finalite;              /* of the running tariff; NULL when none */
    const char *asked_finalite;        /* of the tariff that was asked, which reads the running one; NULL when none */
    bool trace;
    size_t tariff;                     /* the one that runs */
    unsigned depth;                    /* of tariffs read by tariffs */
};

struct outcome_value {
    struct value value;
    int128 den;
    const struct type *type;
    const struct tariff_version *version;
};

/* After machine_run(): the result of that name of the version that ran. */
struct outcome_value machine_output(struct machine *m, const struct tariff_version *v, struct slice name);
/* The value of one node, for the explanation and for reach.c. */
struct value machine_value(struct machine *m, const struct node *n);
/* Evaluates one tariff, and when `output` is not NULL that output of it. */
struct outcome_value machine_run(struct machine *m, size_t tariff, const struct symbol *output);

/* The version of the tariff in force; NULL: *why is what the tariff is then. */
const struct tariff_version *machine_version(struct machine *m, size_t tariff, struct value *why);
/* The row of a NODE_TABLE for a known key; ROW_HOLE when none. */
int machine_row(const struct node *table, const struct value *key);

#endif
