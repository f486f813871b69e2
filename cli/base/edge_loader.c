/*
 * dlopen of libdelib-io and its table of entry points. What they do is told by runtime/delib_io.h.
 */
#include "edge_loader.h"

#include "fichiers.h"

#include <dlfcn.h>
#include <string.h>

static const char LIBRARY[] = "libdelib-io.so";
static const char ENTRY_POINTS[] = "delib_io_entry_points";

typedef const delib_io_api *(*entry_points)(void);

/* POSIX lets a symbol be a function; ISO C has no conversion for it, hence the copy. */
static entry_points find_entry_points(void *library)
{
    void *symbol = dlsym(library, ENTRY_POINTS);
    entry_points function = NULL;

    if (symbol)
        memcpy(&function, &symbol, sizeof(function));
    return function;
}

/* Never closed: a thread of libcurl may still be in its code when the program ends. */
static const delib_io_api *open_library(struct run *run)
{
    const char *path = companion_find(&run->arena, COMPANION_IO_LIBRARY, LIBRARY);
    entry_points function;
    const delib_io_api *api;
    void *library;

    if (!path) {
        terminal_error(&run->terminal, "la bibliothèque « %s », dont cette commande a besoin, est introuvable à "
                       "côté du programme", LIBRARY);
        return NULL;
    }
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        terminal_error(&run->terminal, "la bibliothèque « %s » ne peut pas être chargée : %s", path, dlerror());
        return NULL;
    }
    function = find_entry_points(library);
    api = function ? function() : NULL;
    if (!api || api->size < sizeof(*api) || strcmp(api->version, delib_version()) != 0) {
        terminal_error(&run->terminal, "la bibliothèque « %s » n'est pas de la même version que ce programme", path);
        return NULL;
    }
    return api;
}

const delib_io_api *edge_load(struct run *run)
{
    if (run->io || run->io_refused)
        return run->io;
    run->io = open_library(run);
    run->io_refused = !run->io;
    return run->io;
}

/* ---- JSON ---- */

delib_io_json *edge_json_new(struct run *run)
{
    const delib_io_api *io = edge_load(run);
    delib_io_json *json = NULL;

    if (io && io->json_new(&json) != DELIB_OK)
        terminal_error(&run->terminal, "%s", status_text(DELIB_NO_MEMORY));
    return json;
}

bool edge_json_print(struct run *run, delib_io_json *json)
{
    const char *text = NULL;
    size_t length = 0;
    delib_status status = run->io->json_finish(json, true, &text, &length);

    if (status == DELIB_OK) {
        terminal_bytes(&run->terminal, (struct slice){ text, length });
        terminal_bytes(&run->terminal, SLICE("\n"));
    } else if (status == DELIB_INVALID) {
        terminal_error(&run->terminal, "un texte à écrire en JSON n'est pas en UTF-8");
    } else {
        terminal_error(&run->terminal, "%s", status_text(status));
    }
    run->io->json_free(json);
    return status == DELIB_OK;
}

/* ---- Rules ---- */

const char *edge_rules_hash(struct run *run, const delib_program *program)
{
    const delib_io_api *io = edge_load(run);
    char hash[DELIB_IO_HASH_SIZE];

    if (!io || io->rules_hash(program, hash) != DELIB_OK)
        return NULL;
    return arena_copy_text(&run->arena, hash, strlen(hash));
}
