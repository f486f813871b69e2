/*
 * The table of finalités, expanded from finalites.def: each row carries the name of the finalité it belongs to.
 */
#include "lang/catalogue.h"

#define FINALITE(name, label, basis) { name, label, basis, NULL, PURPOSE_ADMIS, NULL },
#define LEVEL(function, level, reason) { NULL, NULL, NULL, function, PURPOSE_##level, reason },

const struct purpose_row purposes_standard[] = {
#include "finalites.def"
    { NULL, NULL, NULL, NULL, PURPOSE_ADMIS, NULL },
};
