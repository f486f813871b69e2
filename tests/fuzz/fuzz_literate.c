/*
 * Fuzz target: any bytes as a délibération in literate form.
 */
#define LITERATE
#include "fuzz_source.c"
