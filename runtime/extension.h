/*
 * The sources that a host adds to those of stdlib/ (delib_engine_add_function). Counted: an engine and the programs
 * that it compiled share them. Rows are never moved nor changed once added, so that programs may point at them.
 */
#ifndef RUNTIME_EXTENSION_H
#define RUNTIME_EXTENSION_H

#include "program.h"

struct extension;

struct extension *extension_new(struct allocator allocator, size_t memory_limit);     /* NULL: no memory */
struct extension *extension_retain(struct extension *extension);    /* NULL is accepted, here and below */
void extension_release(struct extension *extension);
/* DELIB_INVALID: *problem is a French sentence. */
delib_status extension_add(struct extension *extension, const delib_function *function, const char **problem);
/* The functions of stdlib/ and those added so far. */
const struct catalogue *extension_catalogue(const struct extension *extension);

#endif
