/*
 * Reading, replacing and finding files. What the bytes mean is left to the library.
 */
#include "fichiers.h"

#include "grammar/literate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Paths ---- */

const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    struct strbuf path = strbuf_in(arena);

    strbuf_format(&path, "%s/%s", folder, name);
    return path.bytes;
}

static const char *path_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return slash == path ? "/" : arena_copy_text(arena, path, (size_t)(slash - path));
}

/* ---- Reading ---- */

/* What happened, in the words of someone who has never heard of errno. */
static const struct { int error; const char *text; } REASONS[] = {
    { ENOENT, "il n'existe pas" },
    { ENOTDIR, "un des dossiers du chemin n'en est pas un" },
    { EACCES, "vous n'avez pas le droit d'y accéder" },
    { EPERM, "vous n'avez pas le droit d'y accéder" },
    { EROFS, "le disque n'accepte pas d'écriture" },
    { EISDIR, "c'est un dossier" },
    { ENAMETOOLONG, "son nom est trop long" },
    { ELOOP, "trop de liens se suivent" },
    { EIO, "le disque ne répond pas correctement" },
    { ENOSPC, "le disque est plein" },
    { EDQUOT, "le quota du disque est atteint" },
    { EMFILE, "trop de fichiers sont ouverts" },
    { ENOMEM, "mémoire insuffisante" },
};

static const char *reason_of(int error)
{
    for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++)
        if (REASONS[i].error == error)
            return REASONS[i].text;
    return strerror(error);
}

static bool fail(struct arena *arena, const char **problem, const char *what, const char *path, const char *why)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "impossible %s « %s » : %s", what, path, why);
    *problem = strbuf_string(&text);
    return false;
}

/* Room for what should come and one byte more, so that the end is seen without growing. Pipes do not say. */
static size_t size_hint(const struct stat *status)
{
    if (!S_ISREG(status->st_mode) || status->st_size <= 0)
        return (size_t)64 * 1024;
    return (uintmax_t)status->st_size > FILE_LIMIT ? FILE_LIMIT : (size_t)status->st_size + 1;
}

/* Reads to the end, growing. NULL is a refusal explained by `errno`, EFBIG being « more than FILE_LIMIT ». */
static char *read_all(struct arena *arena, int descriptor, size_t capacity, size_t *length)
{
    char *bytes = arena_alloc(arena, capacity + 1, 1);
    ssize_t got = 1;

    *length = 0;
    while (got > 0) {
        if (*length == capacity) {
            char *grown = arena_alloc(arena, 2 * capacity + 1, 1);

            memcpy(grown, bytes, *length);
            bytes = grown;
            capacity *= 2;
            continue;
        }
        got = read(descriptor, bytes + *length, capacity - *length);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            *length += (size_t)got;
        if (*length > FILE_LIMIT) {
            errno = EFBIG;
            return NULL;
        }
    }
    return got < 0 ? NULL : bytes;
}

static const char *too_large(struct arena *arena)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "il est trop grand, la limite est de %zu Mio", FILE_LIMIT / ((size_t)1024 * 1024));
    return strbuf_string(&text);
}

static bool read_descriptor(struct arena *arena, int descriptor, struct file_text *out, const char **problem)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0)
        return fail(arena, problem, "de lire", out->name, reason_of(errno));
    if (S_ISDIR(status.st_mode))
        return fail(arena, problem, "de lire", out->name, "c'est un dossier, pas un fichier");
    out->bytes = read_all(arena, descriptor, size_hint(&status), &out->length);
    if (!out->bytes)
        return fail(arena, problem, "de lire", out->name, errno == EFBIG ? too_large(arena) : reason_of(errno));
    return true;
}

bool file_read(struct arena *arena, const char *path, struct file_text *out, const char **problem)
{
    bool read, standard = strcmp(path, "-") == 0;
    int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    *out = (struct file_text){ .name = standard ? "entrée standard" : path };
    if (descriptor < 0)
        return fail(arena, problem, "de lire", path, reason_of(errno));
    out->folder = standard ? "." : path_folder(arena, path);
    read = read_descriptor(arena, descriptor, out, problem);
    if (!standard)
        close(descriptor);
    return read;
}

struct source file_source(const struct file_text *file)
{
    return (struct source){
        .name = file->name,
        .bytes = file->bytes,
        .length = (uint32_t)file->length,
        .literate = literate_is(file->name, file->bytes, file->length),
    };
}

bool file_exists(const char *path)
{
    struct stat status;

    return path && stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* ---- Writing ---- */

static bool write_all(int descriptor, struct slice text)
{
    while (text.length) {
        ssize_t written = write(descriptor, text.bytes, text.length);

        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text.bytes += written;
            text.length -= (size_t)written;
        }
    }
    return true;
}

/* The rights of a file that did not exist. */
static mode_t new_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* The new file has the rights of the old one, and is on the disk before it takes its name. */
static bool write_temporary(int descriptor, const char *path, struct slice text)
{
    struct stat status;
    mode_t mode = stat(path, &status) == 0 ? status.st_mode & 07777 : new_mode();
    bool written = fchmod(descriptor, mode) == 0 && write_all(descriptor, text) && fsync(descriptor) == 0;
    int error = errno;

    if (close(descriptor) != 0 && written)
        return false;
    errno = error;
    return written;
}

static bool rename_into_place(struct arena *arena, const char *path, struct slice text)
{
    struct strbuf temporary = strbuf_in(arena);
    int descriptor, error;

    strbuf_format(&temporary, "%s.XXXXXX", path);
    descriptor = temporary.bytes ? mkstemp(temporary.bytes) : -1;
    if (descriptor < 0)
        return false;
    if (write_temporary(descriptor, path, text) && rename(temporary.bytes, path) == 0)
        return true;
    error = errno;
    unlink(temporary.bytes);
    errno = error;
    return false;
}

bool file_replace(struct arena *arena, const char *path, struct slice text, const char **problem)
{
    char *real = realpath(path, NULL);     /* a link stays a link: the file behind it is replaced */
    bool replaced = real && rename_into_place(arena, real, text);

    if (!replaced)
        fail(arena, problem, "d'écrire", path, reason_of(errno));
    free(real);
    return replaced;
}

/* A pipe, a terminal: nothing to replace. */
static bool write_device(const char *path, struct slice text)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool written = descriptor >= 0 && write_all(descriptor, text);
    int error = errno;

    if (descriptor >= 0)
        close(descriptor);
    errno = error;
    return written;
}

bool file_write(struct arena *arena, const char *path, struct slice text, const char **problem)
{
    struct stat status;
    bool found = stat(path, &status) == 0;

    if (found && S_ISREG(status.st_mode))
        return file_replace(arena, path, text, problem);
    if (found && S_ISDIR(status.st_mode))
        return fail(arena, problem, "d'écrire", path, "c'est un dossier, pas un fichier");
    if (found ? write_device(path, text) : errno == ENOENT && rename_into_place(arena, path, text))
        return true;
    return fail(arena, problem, "d'écrire", path, reason_of(errno));
}

bool file_same(const char *a, const char *b)
{
    struct stat first, second;

    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* ---- Companions of the executable ---- */

/* Where the libraries are installed, when that is not beside the folder of the programs. */
#ifndef DELIB_LIBDIR
#define DELIB_LIBDIR "/usr/local/lib"
#endif

/* From the folder of the executable: the build tree first (build/, build/asan/), then an installed tree. */
static const char *const COMPANION_FOLDERS[][4] = {
    [COMPANION_IO_LIBRARY] = { ".", "../lib", DELIB_LIBDIR, NULL },
    [COMPANION_STDLIB] = { "../stdlib", "../../stdlib", "../share/delib/stdlib", NULL },
    [COMPANION_BAC_A_SABLE] = { ".", "../libexec/delib", NULL },
};

static const char *executable_folder(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    return path_folder(arena, arena_copy_text(arena, path, (size_t)length));
}

/* Without « .. » or links, for messages. */
static const char *path_resolved(struct arena *arena, const char *path)
{
    char *resolved = realpath(path, NULL);
    const char *copy = resolved ? arena_copy_text(arena, resolved, strlen(resolved)) : path;

    free(resolved);
    return copy;
}

const char *companion_find(struct arena *arena, enum companion kind, const char *name)
{
    const char *base = executable_folder(arena);

    for (size_t i = 0; base && COMPANION_FOLDERS[kind][i]; i++) {
        const char *place = COMPANION_FOLDERS[kind][i];
        const char *folder = *place == '/' ? place : path_join(arena, base, place);
        const char *path = folder ? path_join(arena, folder, name) : NULL;

        if (file_exists(path))
            return path_resolved(arena, path);
    }
    return NULL;
}
