/*
 * The edge library (JSON, YAML, HTTP), loaded when a command first needs it: linking libcurl would cost each run of
 * the program more than the computation itself.
 */
#ifndef CLI_EDGE_LOADER_H
#define CLI_EDGE_LOADER_H

#include "commande.h"

/* The entry points; NULL when the library is missing or of another version, which is then told on the terminal. */
const delib_io_api *edge_load(struct run *run);

/* A JSON text to write; NULL when that is impossible, which is then told. Owned: edge_json_print() releases it. */
delib_io_json *edge_json_new(struct run *run);
/* Prints the finished text on stdout. False when it could not be written, which is then told. */
bool edge_json_print(struct run *run, delib_io_json *json);

/* The fingerprint of the rules, in the arena; NULL when it cannot be made, which is told when the library is missing.
 */
const char *edge_rules_hash(struct run *run, const delib_program *program);

#endif
