/*
 * Délibérations of the tree, read and compiled with their modules.
 */
#ifndef TESTS_ACT_FILES_H
#define TESTS_ACT_FILES_H

#include "runtime/delib.h"

/* NULL when the délibération is at fault; the test fails when there is no such file. */
delib_program *act_compile(delib_engine *engine, const char *path);

#endif
