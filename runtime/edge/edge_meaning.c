/*
 * Meaning: what a status is on a given day. A 200 that tells of a registration does not tell that it still runs.
 */
#include "edge_meaning.h"

#include <string.h>

static delib_value edge_flag(bool flag)
{
    return (delib_value){ .kind = DELIB_VALUE_BOOLEAN, .boolean = flag };
}

static delib_value edge_unknown(const char *reason)
{
    return (delib_value){ .kind = DELIB_VALUE_ABSENT, .text = reason };
}

static delib_value edge_of_ternary(enum ternary value)
{
    switch (value) {
    case TERNARY_FALSE:   return edge_flag(false);
    case TERNARY_TRUE:    return edge_flag(true);
    case TERNARY_UNKNOWN: break;
    }
    return edge_unknown("les dates reçues ne permettent pas de conclure");
}

static enum ternary edge_and(enum ternary a, enum ternary b)
{
    if (a == TERNARY_FALSE || b == TERNARY_FALSE)
        return TERNARY_FALSE;
    return a == TERNARY_TRUE ? b : a;
}

/* A date that is null, unreadable or unknown gives the unknown date; false when it is not a text at all. */
static bool edge_day(const delib_value *object, const char *name, struct date *out, bool *given)
{
    const delib_value *value = delib_io_value_get(object, name);
    *out = (struct date){ 0 };
    *given = value != NULL;
    if (!value || value->kind == DELIB_VALUE_ABSENT)
        return true;
    if (value->kind != DELIB_VALUE_TEXT)
        return false;
    if (!date_parse_partial(slice_of(value->text), out))
        *out = (struct date){ 0 };
    return true;
}

/*
 * today within [start, end], both days included. A null end is an open period; an end that is not there at all, or
 * not readable, leaves the question open.
 */
static bool edge_in_force(const delib_value *object, const char *start_name, const char *end_name, struct date today,
                          enum ternary *out)
{
    const delib_value *end_value = delib_io_value_get(object, end_name);
    struct date start, end;
    bool start_given, end_given;
    enum ternary started, not_ended = TERNARY_UNKNOWN;
    if (object->kind != DELIB_VALUE_RECORD || !edge_day(object, start_name, &start, &start_given)
        || !edge_day(object, end_name, &end, &end_given))
        return false;
    started = start.year > 0 ? date_not_after(start, today) : TERNARY_UNKNOWN;
    if (end.year > 0)
        not_ended = date_not_after(today, end);
    else if (end_given && end_value->kind == DELIB_VALUE_ABSENT)
        not_ended = TERNARY_TRUE;
    *out = edge_and(started, not_ended);
    return true;
}

static bool edge_text_rule(const struct catalogue_field *field, const delib_value *json, delib_value *out)
{
    bool same;
    if (json->kind != DELIB_VALUE_TEXT)
        return false;
    if (json->text[0] == '\0') {
        *out = edge_unknown("non renseigné");
        return true;
    }
    same = strcmp(json->text, field->argument) == 0;
    *out = edge_flag(field->rule == FIELD_TEXT_IS ? same : !same);
    return true;
}

static const delib_value *edge_below(const delib_value *object, const char *path)
{
    const char *dot = strchr(path, '.');
    char key[64];
    if (!dot)
        return delib_io_value_get(object, path);
    if ((size_t)(dot - path) >= sizeof(key))
        return NULL;
    memcpy(key, path, (size_t)(dot - path));
    key[dot - path] = '\0';
    object = delib_io_value_get(object, key);
    return object ? edge_below(object, dot + 1) : NULL;
}

/* Registered, and without a job: category 5 holds one and looks for another. */
static bool edge_in_force_unless(const struct catalogue_field *field, const delib_value *json, struct date today,
                                 delib_value *out)
{
    const delib_value *category = edge_below(json, field->argument);
    enum ternary registered;
    if (!edge_in_force(json, "date_debut", "date_fin", today, &registered))
        return false;
    if (category && category->kind == DELIB_VALUE_NUMBER && category->scale == 0)
        *out = edge_of_ternary(edge_and(registered, category->units == 5 ? TERNARY_FALSE : TERNARY_TRUE));
    else if (registered == TERNARY_FALSE)
        *out = edge_flag(false);
    else
        *out = edge_unknown("catégorie d'inscription inconnue");
    return !category || category->kind == DELIB_VALUE_NUMBER || category->kind == DELIB_VALUE_ABSENT;
}

static bool edge_contract(const delib_value *json, struct date today, delib_value *out)
{
    const delib_value *found = delib_io_value_get(json, "contrat_trouve");
    enum ternary running;
    if (json->kind != DELIB_VALUE_RECORD)
        return false;
    if (!found || found->kind == DELIB_VALUE_ABSENT) {
        *out = edge_unknown("non renseigné");
        return true;
    }
    if (found->kind != DELIB_VALUE_BOOLEAN)
        return false;
    if (!found->boolean) {
        *out = edge_flag(false);
        return true;
    }
    /* Dates have their own scope: without them, the provider's « statut actuel » stands. */
    if (!delib_io_value_get(json, "date_debut_contrat") && !delib_io_value_get(json, "date_fin_contrat")) {
        *out = edge_flag(true);
        return true;
    }
    if (!edge_in_force(json, "date_debut_contrat", "date_fin_contrat", today, &running))
        return false;
    *out = edge_of_ternary(running);
    return true;
}

static bool edge_any_in_force(const delib_value *json, struct date today, delib_value *out)
{
    enum ternary any = TERNARY_FALSE;
    if (json->kind != DELIB_VALUE_LIST)
        return false;
    for (size_t i = 0; i < json->count; i++) {
        const delib_value *registered = delib_io_value_get(&json->items[i], "est_inscrit");
        enum ternary one;
        if (json->items[i].kind != DELIB_VALUE_RECORD)
            return false;
        if (!registered || !delib_io_value_get(&json->items[i], "date_debut")
            || !delib_io_value_get(&json->items[i], "date_fin")) {
            *out = (delib_value){ .kind = DELIB_VALUE_NOT_GRANTED };
            return true;
        }
        if (registered->kind != DELIB_VALUE_BOOLEAN
            || !edge_in_force(&json->items[i], "date_debut", "date_fin", today, &one))
            return false;
        one = edge_and(registered->boolean ? TERNARY_TRUE : TERNARY_FALSE, one);
        if (one == TERNARY_TRUE || any == TERNARY_FALSE)
            any = one;
        if (any == TERNARY_TRUE)
            break;
    }
    *out = edge_of_ternary(any);
    return true;
}

bool edge_meaning(const struct catalogue_field *field, const delib_value *json, struct date today, delib_value *out)
{
    enum ternary running;
    switch (field->rule) {
    case FIELD_AS_IT_IS:
        break;
    case FIELD_TEXT_IS:
    case FIELD_TEXT_IS_NOT:
        return edge_text_rule(field, json, out);
    case FIELD_IN_FORCE:
        if (!edge_in_force(json, "date_debut", "date_fin", today, &running))
            return false;
        *out = edge_of_ternary(running);
        return true;
    case FIELD_IN_FORCE_UNLESS:
        return edge_in_force_unless(field, json, today, out);
    case FIELD_CONTRACT:
        return edge_contract(json, today, out);
    case FIELD_ANY_IN_FORCE:
        return edge_any_in_force(json, today, out);
    }
    return false;
}

/* ------------------------------------------------------------------ identities */

/* Letters and digits of two names, without accents, case, hyphens, spaces nor apostrophes. */
static bool edge_same_name(const char *a, const char *b)
{
    struct arena arena;
    struct slice left, right;
    size_t i = 0, j = 0;
    bool same = true;
    arena_init(&arena, edge_allocator(), 0);
    left = text_fold(&arena, slice_of(a));
    right = text_fold(&arena, slice_of(b));
    while (same && (i < left.length || j < right.length)) {
        if (i < left.length && strchr(" -_'.", left.bytes[i]))
            i++;
        else if (j < right.length && strchr(" -_'.", right.bytes[j]))
            j++;
        else
            same = i < left.length && j < right.length && left.bytes[i++] == right.bytes[j++];
    }
    arena_release(&arena);
    return same;
}

static const char *edge_text_of(const delib_value *record, const char *name)
{
    const delib_value *value = delib_io_value_get(record, name);
    return value && value->kind == DELIB_VALUE_TEXT && value->text[0] ? value->text : NULL;
}

bool edge_same_person(const struct edge_subject *subject, const delib_value *holder)
{
    const char *name = edge_text_of(holder, "nom_naissance");
    const char *birth = edge_text_of(holder, "date_naissance");
    struct date date;
    if (name && subject->nom_naissance && !edge_same_name(name, subject->nom_naissance)
        && !(subject->nom_usage && edge_same_name(name, subject->nom_usage)))
        return false;
    if (birth && date_is_complete(subject->naissance) && date_parse(slice_of(birth), &date)
        && date_compare(date, subject->naissance) != 0)
        return false;
    return true;
}
