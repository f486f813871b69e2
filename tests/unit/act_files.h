/*
 * Délibérations of the tree, read and compiled with their modules.
 */
#ifndef TESTS_ACT_FILES_H
#define TESTS_ACT_FILES_H

#include "runtime/delib.h"

/* NULL when the délibération is at fault; the test fails when there is no such file. */
delib_program *act_compile(delib_engine *engine, const char *path);
/* The same of another text in the place of that file. */
delib_program *act_compile_text(delib_engine *engine, const char *path, const char *bytes, size_t length);
/* The text of a file, NUL-terminated, owned by the caller (free). The test fails when there is no such file. */
char *act_read(const char *path, size_t *length);

#endif
