/*
 * The model of a délibération: what its names are, once resolved. Built by names.c, completed by typing.c and the
 * checks; read by the compiler in runtime/. Lives in the arena of its program and is never changed afterwards.
 */
#ifndef LANG_MODEL_H
#define LANG_MODEL_H

#include "catalogue.h"
#include "diag.h"
#include "types.h"

enum symbol_kind {
    SYMBOL_ENUM, SYMBOL_MEMBER, SYMBOL_INPUT, SYMBOL_SOURCE, SYMBOL_LET, SYMBOL_OUTPUT, SYMBOL_FUNCTION,
    SYMBOL_PARAMETER, SYMBOL_TARIFF, SYMBOL_RECORD, SYMBOL_FIELD, SYMBOL_VARIABLE, SYMBOL_TABLEAU, SYMBOL_COLUMN,
    SYMBOL_TRANCHES, SYMBOL_CALENDAR, SYMBOL_NATIONAL, SYMBOL_UNIT, SYMBOL_DATE, SYMBOL_TODAY, SYMBOL_STEP_PRICE
};

enum symbol_state { STATE_NEW, STATE_BUSY, STATE_DONE };

struct version;

struct symbol {
    enum symbol_kind kind;
    struct name name;
    struct slice label;
    struct decl *decl;                 /* NULL for builtins */
    const struct type *type;           /* NULL until typed */
    struct facts facts;
    enum symbol_state state;
    struct expr *value; /* LET, OUTPUT, FUNCTION, NATIONAL: its expression; FIELD, INPUT: its default */
    struct clauses *clauses;           /* INPUT, SOURCE: what the act says of absence */
    size_t index; /* MEMBER: rank; INPUT, SOURCE: number of the datum; PARAMETER, FIELD: rank; …*/
    const struct scope *scope;         /* where the names of `value` are looked up; NULL: the globals */
    struct symbol *owner; /* MEMBER: its enumeration; FIELD, LET of a record: the record; PARAMETER: the function */
    struct symbol *next;               /* next of the same owner (members, fields, parameters) */
    struct symbol *first;              /* ENUM, RECORD, FUNCTION, TABLEAU: its members, fields, parameters, columns */
    struct symbol *last;
    size_t count;                      /* of them */
    bool used;
    bool element;                      /* LET: depends on the current record (a « soit » of a record) */
    const struct catalogue_function *function;     /* SOURCE */
    const struct catalogue_field *field;           /* SOURCE: the field read; each field read is a datum of its own */
    const struct unit_expr *unit;      /* MEMBER: « par repas » */
    uint16_t unit_id;                  /* UNIT, ENUM used as a unit */
    struct version *versions;          /* TARIFF, NATIONAL: by date */
    struct symbol *hash_next;
    uint32_t hash;
};

typedef LIST_OF(struct symbol *) symbol_list;

/* One version of a tariff or of a national value. */
struct version {
    struct period period;
    struct decl *decl;
    struct version *next;
    /* tariffs only, set by typing.c */
    const struct type *type;           /* of the result */
    struct facts facts;                /* of the result, after the last step */
    struct facts initial;              /* of the price before the first step */
    symbol_list lets, outputs;         /* its own definitions */
    struct symbol *price, *base;       /* « prix », « prix_de_base » */
};

enum { SCOPE_BUCKETS = 64 };

struct scope {
    struct symbol *buckets[SCOPE_BUCKETS];
    const struct scope *parent;
};

struct model {
    struct arena *arena;
    struct diag_list *diags;
    const struct source *const *sources;
    struct act *act;
    const struct catalogue *catalogue;
    struct scope globals;              /* names of values, tariffs and functions */
    struct scope types;                /* names of enumerations, records and units: « entrée usager : usager » */
    symbol_list data;                  /* inputs and sources, in order: their `index` */
    symbol_list tariffs;               /* in order: their `index` */
    symbol_list enums, records, lets, functions, units;
    symbol_list members;               /* of every enumeration, for look-up without context */
    struct symbol *choice;             /* the input of type « tarif »; NULL when none */
    struct symbol *date, *today;
    struct period period;              /* of the act */
    unsigned step_limit;               /* frames of one evaluation, at most; never above STEP_LIMIT */
};

enum { STEP_LIMIT = 1000000, PARAMETERS_MAX = 16 /* of a function */ };

/* Declares every name of `act`. Faults (duplicates) go to the diagnostics. False when memory ran out. */
void model_declare(struct model *model, struct arena *arena, struct diag_list *diags,
                   const struct source *const *sources, struct act *act, const struct catalogue *catalogue);

/* A field of a source (« foyer.nombre_de_parts »), read for the first time: a new datum. */
struct symbol *model_add_field(struct model *model, struct symbol *source, struct slice name,
                               const struct catalogue_field *field);

struct symbol *scope_find(const struct scope *scope, struct slice name);     /* without accents or case */
struct symbol *scope_add(struct model *model, struct scope *scope, enum symbol_kind kind, struct name name,
                         struct slice label, struct decl *decl);
struct symbol *symbol_member(const struct symbol *owner, struct slice name); /* member, field, column, parameter */
const struct symbol *symbol_at(const struct symbol *owner, int128 rank);     /* of that rank, from 0; NULL beyond */
/* The name of `scope` (or of `owner`) that looks most like this one; NULL when none does. */
const struct symbol *scope_suggest(const struct scope *scope, struct slice name);
const struct symbol *member_suggest(const struct symbol *owner, struct slice name);

/* Units: 0 when unknown. Plurals are accepted (« heures »). */
uint16_t unit_find(const struct model *model, struct slice name);
struct slice unit_suggest(const struct model *model, struct slice name);     /* the nearest name; empty when none is */
struct slice unit_name(const struct model *model, uint16_t unit);
/* The enumeration used as a unit (« en € par prestation »); NULL for another unit. */
const struct symbol *unit_enum(const struct model *model, uint16_t unit);
/* Months in a unit of time, 0 when it is not one that converts. */
int unit_months(uint16_t unit);
int unit_minutes(uint16_t unit);

/* French name of a type, for messages: « un montant en € par repas ». */
void strbuf_type(struct strbuf *out, const struct model *model, const struct type *type);
/* « € par repas » */
void strbuf_unit(struct strbuf *out, const struct model *model, const struct type *type);
/* A value of this type, as people write it: « 449 », « 1,30 € », « 20 % », « adulte », « oui ». */
void strbuf_typed_number(struct strbuf *out, const struct model *model, const struct type *type, struct number value);

#endif
