/*
 * Agreement of types and units; sets of data.
 */
#include "types.h"

#include <string.h>

/* The words of two sets, in new memory: sets are shared, and never changed in place. */
static uint64_t word_of(const struct data_set *set, size_t i)
{
    return i < set->word_count ? set->words[i] : 0;
}

struct data_set data_set_of(struct arena *arena, size_t item)
{
    size_t count = item / 64 + 1;
    uint64_t *words = arena_array(arena, uint64_t, count);

    words[count - 1] = (uint64_t)1 << (item % 64);
    return (struct data_set){ words, count };
}

bool data_set_has(const struct data_set *set, size_t item)
{
    return word_of(set, item / 64) >> (item % 64) & 1;
}

bool data_set_is_empty(const struct data_set *set)
{
    for (size_t i = 0; i < set->word_count; i++)
        if (set->words[i])
            return false;
    return true;
}

size_t data_set_first(const struct data_set *set)
{
    size_t item = 0;

    while (!data_set_has(set, item))
        item++;
    return item;
}

void data_set_union(struct arena *arena, struct data_set *set, const struct data_set *other)
{
    size_t count = set->word_count > other->word_count ? set->word_count : other->word_count;
    uint64_t *words;

    if (data_set_is_empty(other))
        return;
    if (data_set_is_empty(set)) {
        *set = *other;
        return;
    }
    words = arena_array(arena, uint64_t, count);
    for (size_t i = 0; i < count; i++)
        words[i] = word_of(set, i) | word_of(other, i);
    *set = (struct data_set){ words, count };
}

void data_set_remove(struct arena *arena, struct data_set *set, const struct data_set *removed)
{
    uint64_t *words;

    if (data_set_is_empty(removed) || data_set_is_empty(set))
        return;
    words = arena_array(arena, uint64_t, set->word_count);
    for (size_t i = 0; i < set->word_count; i++)
        words[i] = set->words[i] & ~word_of(removed, i);
    set->words = words;
}

bool type_is_number(const struct type *type, enum quantity quantity)
{
    return type && type->kind == TYPE_NUMBER && type->quantity == quantity;
}

bool unit_equal(const struct unit *a, const struct unit *b)
{
    if (a->per_count != b->per_count || a->of != b->of)
        return false;
    return memcmp(a->per, b->per, a->per_count * sizeof a->per[0]) == 0;
}

const struct type *type_unify(const struct type *a, const struct type *b)
{
    if (a->kind == TYPE_ERROR || b->kind == TYPE_OUTCOME)
        return a;
    if (b->kind == TYPE_ERROR || a->kind == TYPE_OUTCOME)
        return b;
    if (a->kind != b->kind)
        return NULL;
    switch (a->kind) {
    case TYPE_NUMBER:
        if (a->quantity != b->quantity)
            return NULL;
        if (a->unit.flexible)
            return b;
        if (b->unit.flexible || unit_equal(&a->unit, &b->unit))
            return a;
        return NULL;
    case TYPE_ENUM: case TYPE_RECORD:
        return a->symbol == b->symbol ? a : NULL;
    case TYPE_LIST:
        return type_unify(a->element, b->element) ? a : NULL;
    case TYPE_BOOLEAN: case TYPE_DATE: case TYPE_DAY: case TYPE_TEXT: case TYPE_CALENDAR: case TYPE_ERROR:
    case TYPE_OUTCOME:
        break;
    }
    return a;
}

const struct type *type_meet(const struct type *a, const struct type *b)
{
    const struct type *type = type_unify(a, b);

    if (type || a->kind != TYPE_NUMBER || b->kind != TYPE_NUMBER)
        return type;
    if (a->quantity == QUANTITY_MONTANT && b->quantity == QUANTITY_RESSOURCES)
        return a->unit.flexible || unit_equal(&a->unit, &b->unit) ? b : NULL;
    return b->quantity == QUANTITY_MONTANT && a->quantity == QUANTITY_RESSOURCES ? type_meet(b, a) : NULL;
}
