/*
 * The evaluation of nodes on a box: as evaluate.c on one family, with formulas for values. Every decision goes
 * through cuts.h, so that an evaluation either comes to an outcome that holds for the whole box, or asks for a cut,
 * or says what it does not know.
 */
#ifndef ANALYSIS_SYMBOLIC_H
#define ANALYSIS_SYMBOLIC_H

#include "cuts.h"
#include "runtime/machine.h"

/* The value of a node: the numerator over its static denominator. VALUE_PENDING: the evaluation has stopped. */
struct symbolic_value {
    enum value_state state;
    const struct symbol *datum;
    const char *reason;
    const struct formula *num;
    bool written;                      /* an outcome that the act writes, « non prévu » for instance */
    const void *ref;                   /* a list or a record of the family */
};

struct symbolic_memo {
    uint64_t run, frame;
    struct symbolic_value value;
};

struct symbolic_override {
    const struct symbol *datum;
    struct symbolic_value value;
    const struct symbolic_override *outer;
};

struct symbolic {
    struct cutter cutter;
    const struct regions_options *options;
    struct box *box;                   /* what is looked at is marked in it */
    bool cut_wanted;
    bool nobody;                       /* no family of the box meets the conditions */
    /* With conditions: what the decision in progress looks at, and the quantities that a « soit » names. */
    struct {
        const struct expr *expr;
        const struct type *type;
        const struct formula *value;
    } looked;
    struct {
        struct symbolic_name {
            const struct formula *core;
            struct condition_subject subject;
        } *items;
        size_t count, capacity;
    } names;
    struct {
        struct region_mark *items;
        size_t count, capacity;
    } marks;                           /* of every target */
    /* The target that runs. */
    const struct region_target *target;
    struct symbolic_memo *memos;
    uint64_t run, frame, frames;
    const struct symbolic_value *slots;
    const struct symbolic_override *overrides;
    const struct record_value *element;        /* of the list that is walked, and its place there */
    size_t element_rank;
    struct symbolic_value variable;
    struct symbolic_value price, base;
    size_t tariff;
    unsigned depth;
};

/*
 * Evaluates one target on `s->box`. False: `s->cutter.cut` says how to cut the box. Its marks are appended; `out` has
 * no path yet.
 */
bool symbolic_evaluate(struct symbolic *s, const struct region_target *target, struct symbolic_memo *memos,
                       struct region_outcome *out);

#endif
