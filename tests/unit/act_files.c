/*
 * Délibérations of the tree, read and compiled with their modules; see act_files.h.
 */
#include "act_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct text {
    char name[256];
    char *bytes;
    size_t length;
};

struct library {
    char folder[256];
    struct text read[16];
    size_t count;
};

static bool read_text(const char *path, struct text *out)
{
    FILE *file = fopen(path, "rb");

    if (!file)
        return false;
    out->bytes = malloc(1 << 20);
    out->length = out->bytes ? fread(out->bytes, 1, 1 << 20, file) : 0;
    fclose(file);
    snprintf(out->name, sizeof out->name, "%s", path);
    return out->bytes != NULL;
}

static delib_status read_module(void *context, const char *name, delib_source *out)
{
    static const char *const EXTENSIONS[] = {".delib.md", ".delib", ""};
    struct library *l = context;
    const char *folders[] = {l->folder, "stdlib"};
    char path[600];

    for (size_t i = 0; i < 6 && l->count < 16; i++) {
        struct text *t = &l->read[l->count];

        snprintf(path, sizeof path, "%s/%s%s", folders[i / 3], name, EXTENSIONS[i % 3]);
        if (!read_text(path, t))
            continue;
        l->count++;
        *out = (delib_source){t->name, t->bytes, t->length};
        return DELIB_OK;
    }
    return DELIB_INVALID;
}

delib_program *act_compile_text(delib_engine *engine, const char *path, const char *bytes, size_t length)
{
    struct library l = {.count = 0};
    delib_program *program = NULL;
    delib_source source = {path, bytes, length};
    char *slash;

    snprintf(l.folder, sizeof l.folder, "%s", path);
    slash = strrchr(l.folder, '/');
    if (slash)
        *slash = '\0';
    if (delib_compile(engine, &source, read_module, &l, &program) != DELIB_OK) {
        delib_program_release(program);
        program = NULL;
    }
    for (size_t i = 0; i < l.count; i++)
        free(l.read[i].bytes);
    return program;
}

char *act_read(const char *path, size_t *length)
{
    struct text text = {.bytes = NULL};

    assert_true(read_text(path, &text));
    assert_true(text.bytes && text.length < 1 << 20);
    text.bytes[text.length] = '\0';
    *length = text.length;
    return text.bytes;
}

delib_program *act_compile(delib_engine *engine, const char *path)
{
    size_t length;
    char *bytes = act_read(path, &length);
    delib_program *program = act_compile_text(engine, path, bytes, length);

    free(bytes);
    return program;
}
