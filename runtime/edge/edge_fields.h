/*
 * Reading the fields of a record that a person wrote: by name without accents or case, with a message that says which
 * field, what was expected and where. No message quotes the value.
 */
#ifndef EDGE_FIELDS_H
#define EDGE_FIELDS_H

#include "edge_base.h"
#include "lang/date.h"

struct edge_fields {
    const struct edge_tree *tree;
    struct edge_diagnostics *diagnostics;
    struct arena *arena;
    const delib_value *record;
    const char *path;                   /* "demandeur." or "" at the root */
};

/* The record `value` seen as fields; false, reported, when it is not one. `name`: NULL at the root. */
bool edge_fields_open(struct edge_fields *fields, const struct edge_fields *parent, const char *name,
                      const delib_value *value);
/* The optional group `name` of `parent`, whose keys are checked; false when it is not given, or reported. */
bool edge_fields_group(struct edge_fields *fields, const struct edge_fields *parent, const char *name,
                       const char *const *keys);
/* Reports the keys that `known` (ending with NULL) does not hold, and those given twice under two spellings. */
void edge_fields_check(const struct edge_fields *fields, const char *const *known);
/* The value of a key, or NULL when it is not given or null. */
const delib_value *edge_field(const struct edge_fields *fields, const char *name);
struct edge_place edge_field_place(const struct edge_fields *fields, const char *name);
/* Reports the field: « chemin.nom » : <expected>. */
void edge_field_refuse(const struct edge_fields *fields, const char *name, const char *expected, const char *help);
void edge_field_missing(const struct edge_fields *fields, const char *name, const char *expected);

/* Each: NULL or false when the field is absent, or refused and reported. `expected` completes « est attendu ». */
const char *edge_field_text(const struct edge_fields *fields, const char *name, const char *expected);
const char *edge_field_checked(const struct edge_fields *fields, const char *name, bool (*check)(struct slice),
                               const char *expected);
bool edge_field_date(const struct edge_fields *fields, const char *name, struct date *out);
bool edge_field_partial_date(const struct edge_fields *fields, const char *name, struct date *out);
/* An integer between the two bounds, written as a number or as digits. */
bool edge_field_integer(const struct edge_fields *fields, const char *name, int64_t least, int64_t most,
                        int64_t *out);
/* The name of a file, made relative to the text that names it. */
const char *edge_field_path(const struct edge_fields *fields, const char *name, const char *expected);
/* true or « oui », false or « non ». */
bool edge_field_boolean(const struct edge_fields *fields, const char *name, bool *out);
/* A list; NULL when absent or refused. */
const delib_value *edge_field_list(const struct edge_fields *fields, const char *name, const char *expected);

/* The closest of `known`, as « vouliez-vous dire « x » ? », or NULL. */
const char *edge_suggestion(struct arena *arena, const char *name, const char *const *known);

/* Without spaces around. */
struct slice edge_trim(struct slice text);
/* `date` in ISO form, in the arena. */
const char *edge_date_iso(struct arena *arena, struct date date);
/* Seconds since 1970 as "2026-09-15T10:20:30Z". */
void edge_instant_text(int64_t seconds, char out[21]);

#endif
