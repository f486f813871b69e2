/*
 * Types, units and static facts of values.
 *
 * A number of the language is an integer n over a static denominator: value = n / den, with lo ≤ n ≤ hi proved. Where a
 * divisor varies, the value stays an exact ratio: n / (den × d), with the range of d proved too.
 */
#ifndef LANG_TYPES_H
#define LANG_TYPES_H

#include "number.h"
#include "tree.h"

enum type_kind {
    TYPE_ERROR,               /* a fault was reported; agrees with everything */
    TYPE_NUMBER, TYPE_BOOLEAN, TYPE_DATE, TYPE_DAY, TYPE_TEXT, TYPE_ENUM, TYPE_RECORD, TYPE_LIST, TYPE_CALENDAR,
    TYPE_OUTCOME              /* « non prévu » and the like: agrees with everything */
};

/* What a number measures. Quantities never mix: a quotient is not an amount, a rate is not a count. */
enum quantity {
    QUANTITY_NOMBRE,          /* a count or a factor, possibly « de présence » */
    QUANTITY_TAUX,            /* 20 % is held as 0,2 */
    QUANTITY_MONTANT,         /* € per something */
    QUANTITY_QUOTIENT,        /* € per month and per share, of the CAF or the MSA */
    QUANTITY_QUOTIENT_FISCAL, /* computed from the revenu fiscal de référence */
    QUANTITY_RESSOURCES,      /* income, € per month or per year */
    QUANTITY_DUREE            /* minutes */
};

enum { UNIT_PER_MAX = 3, UNIT_NONE = 0 };

/* Identifiers of units are given by units.c; UNIT_NONE is no unit. */
struct unit {
    bool flexible;            /* « 0,80 € » before its « par … » is known */
    unsigned char per_count;
    uint16_t per[UNIT_PER_MAX];   /* MONTANT, RESSOURCES: sorted */
    uint16_t of;              /* NOMBRE: what is counted */
};

struct type {
    enum type_kind kind;
    enum quantity quantity;   /* TYPE_NUMBER */
    struct unit unit;         /* TYPE_NUMBER */
    const struct symbol *symbol;      /* TYPE_ENUM, TYPE_RECORD: its declaration */
    const struct type *element;       /* TYPE_LIST */
    unsigned max_items;               /* TYPE_LIST */
    const struct symbol *basket;      /* TYPE_LIST indexed by this enumeration (« nombre par prestation ») */
};

/* Set of data (inputs and sources), by their number. */
struct data_set {
    uint64_t *words;          /* NULL: empty */
    size_t word_count;
};

struct facts {
    int128 den;               /* static denominator, > 0 */
    int128 lo, hi;            /* range of the numerator; TYPE_ENUM: of the index; TYPE_DATE: days */
    bool ratio;               /* value = n / (den × d) */
    int128 d_lo, d_hi;        /* range of d, > 0 */
    bool constant;            /* lo is the value; never of a ratio */
    bool reads_source;        /* evaluating may ask an external source */
    bool may_end;             /* evaluating may end in « non prévu » and the like */
    struct data_set absent;   /* data whose absence makes this absent */
    const struct expr *absent_at;     /* where the first of them is used, for messages */
    struct data_set reads;    /* every datum that evaluating may read */
    unsigned height;          /* nested evaluations, definitions followed */
    unsigned frames;          /* calls and elements of lists that evaluating may walk, at most */
};

/* Under arena_guard(). */
struct data_set data_set_of(struct arena *arena, size_t item);       /* this one alone */
void data_set_union(struct arena *arena, struct data_set *set, const struct data_set *other);
void data_set_remove(struct arena *arena, struct data_set *set, const struct data_set *removed);
bool data_set_has(const struct data_set *set, size_t item);
bool data_set_is_empty(const struct data_set *set);
size_t data_set_first(const struct data_set *set);       /* set not empty */

bool type_is_number(const struct type *type, enum quantity quantity);
/* Agree, a flexible unit taking the other's; NULL when they do not. */
const struct type *type_unify(const struct type *a, const struct type *b);
/* As type_unify, and an amount per month meets an income per month (a ceiling, a national value): the income. */
const struct type *type_meet(const struct type *a, const struct type *b);
bool unit_equal(const struct unit *a, const struct unit *b);

#endif
