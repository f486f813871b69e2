/*
 * Making the keys of a journal: three private files, two public texts for the policy.
 */
#include "edge_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(sizeof(((delib_io_journal_keys *)0)->box_public) == EDGE_KEY_TEXT, "the public structure holds a key");

static const struct { const char *file; enum edge_key_kind kind; } edge_key_files[] = {
    { "signature.cle", EDGE_KEY_SIGNING },
    { "chiffrement.cle", EDGE_KEY_BOX },
    { "pseudonymes.cle", EDGE_KEY_PSEUDONYM },
};

enum { EDGE_KEY_FILES = sizeof(edge_key_files) / sizeof(*edge_key_files) };

/* A key that is there may be the only one that opens a journal: it is never replaced. */
static int edge_key_write(const char *path, const char *text)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error;
    if (file < 0)
        return errno;
    error = edge_journal_write_all(file, slice_of(text));
    if (!error)
        error = edge_journal_write_all(file, SLICE("\n"));
    if (!error && fsync(file) != 0)
        error = errno;
    close(file);
    if (error)
        unlink(path);
    return error;
}

/* All of them or none: half of a set would be in the way of the next attempt. */
static int edge_keys_write(struct arena *arena, const char *folder, const struct edge_keys *keys)
{
    const char *paths[EDGE_KEY_FILES];
    size_t made = 0;
    int error = mkdir(folder, 0700) != 0 && errno != EEXIST ? errno : 0;
    while (!error && made < EDGE_KEY_FILES) {
        struct strbuf path = strbuf_in(arena);
        char text[EDGE_KEY_TEXT];
        edge_key_text(edge_key_files[made].kind, &keys->of[edge_key_files[made].kind], text);
        strbuf_format(&path, "%s/%s", folder, edge_key_files[made].file);
        paths[made] = path.bytes;
        error = path.bytes ? edge_key_write(path.bytes, text) : ENOMEM;
        edge_wipe(text, sizeof(text));
        made += !error;
    }
    if (!error)
        error = edge_journal_sync_folder(arena, paths[0]);
    while (error && made > 0)
        unlink(paths[--made]);
    return error;
}

delib_status delib_io_journal_make_keys(const char *folder, delib_io_journal_keys *out, const char **problem)
{
    struct edge_keys keys = { { { false, { 0 } } } };
    struct arena arena;
    int error;
    if (!folder || !*folder || !out || !problem)
        return DELIB_MISUSE;
    if (!edge_sodium_start())
        return DELIB_INTERNAL;
    arena_init(&arena, edge_allocator(), 0);
    edge_keys_make(&keys);
    edge_key_text(EDGE_KEY_SIGNING_PUBLIC, &keys.of[EDGE_KEY_SIGNING_PUBLIC], out->signing_public);
    edge_key_text(EDGE_KEY_BOX_PUBLIC, &keys.of[EDGE_KEY_BOX_PUBLIC], out->box_public);
    error = edge_keys_write(&arena, folder, &keys);
    edge_wipe(&keys, sizeof(keys));
    arena_release(&arena);
    *problem = error == EEXIST ? "des clés y sont déjà : elles ne sont jamais remplacées"
               : error ? edge_journal_reason(error) : NULL;
    return error == ENOMEM ? DELIB_NO_MEMORY : error ? DELIB_INVALID : DELIB_OK;
}
