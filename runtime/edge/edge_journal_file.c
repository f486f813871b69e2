/*
 * Files of a journal: their names, reading one whole, writing one whole or not at all, French reasons.
 */
#include "edge_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool edge_journal_paths(struct arena *arena, const char *path, struct edge_journal_paths *out)
{
    static const char *const suffixes[] = { "", ".tete", ".regles", ".rebut", ".politique.yaml", ".nouveau" };
    const char **const names[] = { &out->journal, &out->head, &out->rules, &out->scrap, &out->policy, &out->fresh };
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        struct strbuf name = strbuf_in(arena);
        strbuf_format(&name, "%s%s", path, suffixes[i]);
        *names[i] = name.bytes;
    }
    return !arena->exhausted;
}

const char *edge_journal_reason(int error)
{
    switch (error) {
    case ENOSPC: case EDQUOT: return "l'espace disque est épuisé";
    case EFBIG: return "le fichier est trop grand";
    case EACCES: case EPERM: return "l'accès est refusé";
    case EROFS: return "le disque est en lecture seule";
    case ENOENT: return "il n'existe pas";
    case ENOTDIR: return "une partie du chemin n'est pas un dossier";
    case EISDIR: return "c'est un dossier, pas un fichier";
    case EIO: return "le disque a répondu par une erreur";
    case EMFILE: case ENFILE: return "trop de fichiers sont ouverts";
    case ENAMETOOLONG: return "le nom est trop long";
    case ELOOP: return "le chemin tourne en rond";
    case EINVAL: return "ce n'est pas un fichier ordinaire";
    default: return "le système a refusé";
    }
}

/* ------------------------------------------------------------------ reading */

static int edge_journal_read_open(struct arena *arena, int file, size_t limit, struct slice *out)
{
    struct stat about;
    char *bytes;
    size_t length = 0;
    if (fstat(file, &about) != 0)
        return errno;
    if (!S_ISREG(about.st_mode))
        return S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    if ((uint64_t)about.st_size > limit)
        return EFBIG;
    bytes = arena_array(arena, char, (size_t)about.st_size + 1);
    if (!bytes)
        return ENOMEM;
    while (length < (size_t)about.st_size) {
        const ssize_t got = read(file, bytes + length, (size_t)about.st_size - length);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return errno;
        length += got > 0 ? (size_t)got : 0;
    }
    *out = (struct slice){ bytes, length };
    return 0;
}

int edge_journal_read_file(struct arena *arena, const char *path, size_t limit, struct slice *out)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int error;
    *out = (struct slice){ NULL, 0 };
    if (file < 0)
        return errno;
    error = edge_journal_read_open(arena, file, limit, out);
    close(file);
    return error;
}

/* ------------------------------------------------------------------ writing */

int edge_journal_write_all(int file, struct slice text)
{
    while (text.length > 0) {
        const ssize_t put = write(file, text.bytes, text.length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? errno : ENOSPC;
        text.bytes += put;
        text.length -= (size_t)put;
    }
    return 0;
}

int edge_journal_sync_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash ? "." : slash == path ? "/" : arena_copy_text(arena, path, (size_t)(slash - path));
    int file, error = 0;
    if (!folder)
        return ENOMEM;
    file = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (file < 0)
        return errno;
    /* Some file systems cannot: names are then as safe as they make them. */
    if (fsync(file) != 0 && errno != EINVAL && errno != ENOTSUP)
        error = errno;
    close(file);
    return error;
}

int edge_journal_write_file(struct arena *arena, const char *path, struct slice text)
{
    struct strbuf fresh = strbuf_in(arena);
    char random[EDGE_RANDOM_TEXT(8)];
    int file, error;
    edge_random_text(random, 8);
    strbuf_format(&fresh, "%s.%s", path, random);
    if (!fresh.bytes)
        return ENOMEM;
    file = open(fresh.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    error = edge_journal_write_all(file, text);
    if (!error && fsync(file) != 0)
        error = errno;
    if (close(file) != 0 && !error)
        error = errno;
    if (!error && rename(fresh.bytes, path) != 0)
        error = errno;
    if (error)
        unlink(fresh.bytes);
    return error ? error : edge_journal_sync_folder(arena, path);
}

/* ------------------------------------------------------------------ the witness */

bool edge_journal_read_head(struct arena *arena, struct slice text, int64_t *number, char hash[EDGE_HASH_TEXT])
{
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    const char *digits, *found;
    edge_diagnostics_init(&diagnostics, arena, "témoin");
    edge_tree_init(&tree, arena, &diagnostics, NULL);
    edge_read(&tree, text, DELIB_IO_JSON);
    digits = diagnostics.count ? NULL : edge_member_text(&tree.root, "entrées");
    found = diagnostics.count ? NULL : edge_member_text(&tree.root, "empreinte");
    if (!digits || slice_of(digits).length > 19 || strspn(digits, "0123456789") != strlen(digits)
        || !edge_hash_is_text(found))
        return false;
    *number = 0;
    for (; *digits; digits++) {
        if (*number > (INT64_MAX - 9) / 10)
            return false;
        *number = *number * 10 + (*digits - '0');
    }
    if (hash)
        memcpy(hash, found, EDGE_HASH_TEXT);
    return true;
}
