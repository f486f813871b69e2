/*
 * A délibération as the commands use it: its file read, its modules found, compiled.
 */
#ifndef CLI_PROGRAMME_H
#define CLI_PROGRAMME_H

#include "diagnostics.h"
#include "fichiers.h"

struct programme {
    struct file_text file;
    delib_program *program;              /* owned; NULL when there is a problem */
    bool valid;                          /* compiled: it can be evaluated */
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French: why nothing could be compiled at all; NULL when it could */
};

/* Never prints. True when the program is valid; else `problem` or `diagnostics` says why. Close it in both cases. */
bool programme_open(struct run *run, const char *path, struct programme *out);
/* The same for a text at hand, borrowed as long as the programme is open. */
bool programme_compile(struct run *run, const struct file_text *file, struct programme *out);
void programme_close(struct programme *programme);
/* A file beside the délibération, or below: its document, a grid. False, with a French sentence, when there is none. */
bool programme_read_beside(struct run *run, const struct programme *programme, const char *name, struct file_text *out,
                           const char **problem);
/* The problem and the diagnostics, on stderr. */
void programme_report(struct run *run, const struct programme *programme);
/* « cantine, garderie », in the arena. */
const char *programme_tariff_names(struct arena *arena, const delib_program *program);
/* The tariff with that name; NULL: the default one of the file. On DELIB_NO_TARIFF *problem is a French sentence. */
delib_tariff programme_tariff(struct run *run, const delib_program *program, const char *name, const char **problem);

#endif
