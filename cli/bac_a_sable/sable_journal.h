/*
 * The journal of accesses: one line per exchange, without anything of the request that could be personal or secret.
 */
#ifndef SABLE_JOURNAL_H
#define SABLE_JOURNAL_H

#include <stdio.h>

struct journal_entry {
    const char *method, *route;          /* route: of the table of routes, not what was sent; may be NULL */
    unsigned status;                     /* 0: the connection was broken instead of an answer */
    long duration_ms;
    const char *request_id;
};

void journal_write(FILE *journal, const struct journal_entry *entry);

#endif
