/*
 * Fields that make sense of several JSON values: rights in force on a day, statuses, whether two identities are one.
 */
#ifndef EDGE_MEANING_H
#define EDGE_MEANING_H

#include "edge_demande.h"
#include "lang/catalogue.h"

/* Applies field->rule (never FIELD_AS_IT_IS) to the value at its path; false: not the expected form. */
bool edge_meaning(const struct catalogue_field *field, const delib_value *json, struct date today, delib_value *out);
/*
 * Whether the holder of an answer ("nom_naissance", "nom_usage", "date_naissance") can be the person of the demande.
 * What either side does not say proves nothing: true unless a name or a birth date differs.
 */
bool edge_same_person(const struct edge_subject *subject, const delib_value *holder);

#endif
