/*
 * The error nomenclature of API Particulier: from a code to its HTTP status and its body.
 */
#ifndef SABLE_ERRORS_H
#define SABLE_ERRORS_H

#include "sable_datum.h"

struct api_error {
    const char *code, *title, *detail;
    unsigned http_status;
    const char *parameter;               /* source.parameter; NULL: `source` is null */
    const char *provider;                /* meta.provider; NULL for the codes of the platform */
    unsigned retry_in_s;                 /* meta.retry_in; 0: absent */
};

/* `code` is borrowed by the result. False when the nomenclature has no such code. */
bool error_find(const char *code, struct api_error *out);

/* The code that a provider gives with this HTTP status ("35", 502: "35999"), or the platform's; NULL: none. */
const char *error_code_for_status(struct arena *arena, const char *provider_prefix, unsigned http_status);

/* {"errors": […]} for these codes; the status is that of the first. */
const struct datum *error_body(struct arena *arena, const char *const *codes, size_t count);

/* The whole list, as GET /api/errors gives it. */
const struct datum *error_nomenclature(struct arena *arena);

#endif
