/*
 * Agreement of types and units; sets of data.
 */
#include "types.h"

#include <string.h>

bool data_set_add(struct arena *arena, struct data_set *set, size_t item)
{
    size_t word = item / 64;

    if (word >= set->word_count) {
        uint64_t *words = arena_array(arena, uint64_t, word + 1);

        if (!words)
            return false;
        if (set->word_count)
            memcpy(words, set->words, set->word_count * sizeof *words);
        set->words = words;
        set->word_count = word + 1;
    } else {
        uint64_t *words = arena_array(arena, uint64_t, set->word_count); /* sets are shared: never changed in place */

        if (!words)
            return false;
        memcpy(words, set->words, set->word_count * sizeof *words);
        set->words = words;
    }
    set->words[word] |= (uint64_t)1 << (item % 64);
    return true;
}

bool data_set_has(const struct data_set *set, size_t item)
{
    return item / 64 < set->word_count && (set->words[item / 64] >> (item % 64) & 1);
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

bool data_set_union(struct arena *arena, struct data_set *set, const struct data_set *other)
{
    size_t count = set->word_count > other->word_count ? set->word_count : other->word_count;
    uint64_t *words;

    if (data_set_is_empty(other))
        return true;
    if (data_set_is_empty(set)) {
        *set = *other;
        return true;
    }
    words = arena_array(arena, uint64_t, count);
    if (!words)
        return false;
    for (size_t i = 0; i < count; i++)
        words[i] = (i < set->word_count ? set->words[i] : 0) | (i < other->word_count ? other->words[i] : 0);
    *set = (struct data_set){ words, count };
    return true;
}

bool data_set_remove(struct arena *arena, struct data_set *set, const struct data_set *removed)
{
    uint64_t *words;

    if (data_set_is_empty(removed) || data_set_is_empty(set))
        return true;
    words = arena_array(arena, uint64_t, set->word_count);
    if (!words)
        return false;
    for (size_t i = 0; i < set->word_count; i++)
        words[i] = set->words[i] & ~(i < removed->word_count ? removed->words[i] : 0);
    set->words = words;
    return true;
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
    if (!a || !b || a->kind == TYPE_ERROR || b->kind == TYPE_OUTCOME)
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
