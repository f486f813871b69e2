/*
 * Files and places: reading a whole file with a French reason when it cannot be read, replacing one safely, and
 * finding what is installed beside the program.
 */
#ifndef CLI_FICHIERS_H
#define CLI_FICHIERS_H

#include "lang/source.h"

/* Larger files are refused before they are read whole. */
#define FILE_LIMIT ((size_t)64 * 1024 * 1024)

struct file_text {
    const char *name;            /* for diagnostics: the path, or « entrée standard » */
    const char *folder;          /* where the modules of this file are looked for first */
    const char *bytes;           /* NUL-terminated; may hold other NULs */
    size_t length;
};

/* Reads a file, or stdin for "-". On false, *problem is a French sentence naming the file. All in the arena. */
bool file_read(struct arena *arena, const char *path, struct file_text *out, const char **problem);
/* The file as a source of the language, borrowed. */
struct source file_source(const struct file_text *file);
/* Whether there is something to read at `path`, a folder excepted. */
bool file_exists(const char *path);
/* Writes a new file beside the old one, then takes its place, so that a failure leaves the old one whole. */
bool file_replace(struct arena *arena, const char *path, struct slice text, const char **problem);
/* The same, whether there is a file at `path` or not. */
bool file_write(struct arena *arena, const char *path, struct slice text, const char **problem);
/* Whether both paths lead to one file that exists. */
bool file_same(const char *a, const char *b);

const char *path_join(struct arena *arena, const char *folder, const char *name);

/* What the program looks for around its executable, in the build tree and once installed. */
enum companion { COMPANION_IO_LIBRARY, COMPANION_STDLIB, COMPANION_BAC_A_SABLE };

/*
 * Path of `name` in the places where this kind of companion may be; NULL when it is in none of them. `name` is a file
 * name: for COMPANION_STDLIB that of a module.
 */
const char *companion_find(struct arena *arena, enum companion kind, const char *name);

#endif
