/*
 * Purposes: what the finalité of a tariff admits of the data that its definition can reach, dead branches included.
 */
#ifndef LANG_PURPOSE_H
#define LANG_PURPOSE_H

#include "model.h"

/*
 * Level of a function (or of "déclaration.TYPE") under a finalité; ADMIS when `finalite` is NULL, INTERDIT when the
 * finalité does not list it. *reason (may be NULL) says why.
 */
enum purpose_level purpose_level(const char *finalite, const char *function, const char **reason);
/* Name under which the lists of the finalités judge a function. */
const char *purpose_name(const struct catalogue_function *function);

/* Where the definition of this tariff names the datum, directly or through its definitions; NULL when nowhere. */
const struct expr *purpose_place(const struct decl *tariff, const struct symbol *datum);

/* Checks every tariff of a typed model. */
void purpose_check(struct model *model);

#endif
