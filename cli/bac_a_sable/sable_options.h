/*
 * The command line of delib-bac-a-sable.
 */
#ifndef SABLE_OPTIONS_H
#define SABLE_OPTIONS_H

#include "sable_faults.h"
#include "lang/date.h"

struct options {
    bool help;
    unsigned port;                       /* 0: any free port */
    bool has_tls;
    unsigned tls_port;                   /* 0: any free port */
    const char *port_file, *tls_port_file;               /* NULL: none */
    const char *certificate, *key, *client_authority;    /* PEM files; NULL: none */
    const char *families, *journal;      /* NULL: default folder; stderr */
    struct date today;                   /* year 0: the clock's */
    long quota_per_second;               /* -1: what the fixtures say; 0: none */
    long quota_per_minute;               /* of the address; 0: none */
};

/* Adds the rules to `faults`. On failure, says why on stderr, in French. */
bool options_read(int argc, char **argv, struct options *options, struct faults *faults);
void options_print_help(void);

#endif
