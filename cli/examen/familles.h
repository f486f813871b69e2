/*
 * What is proved and found of all the families, by the library: kept beside the diagnostics of a programme.
 */
#ifndef CLI_FAMILLES_H
#define CLI_FAMILLES_H

#include "cli/base/programme.h"

/*
 * The analysis of a valid programme; its diagnostics join the others, and borrow its texts: free it after the report.
 * NULL, with the problem in the programme, when it could not be done.
 */
delib_check *familles_check(struct run *run, struct programme *programme);
/* The end of the line of the file: « , 2 propriétés démontrées »; then what was not looked at. NULL check: nothing. */
void familles_print(struct run *run, const struct programme *programme, const delib_check *check);
/* The members "propriétés" and "tarifs" of the object being written. */
void familles_json(struct run *run, delib_io_json *json, const struct programme *programme, const delib_check *check);

#endif
