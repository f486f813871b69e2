/*
 * Blocks of the input, and the file of results: written under a temporary name, given its own at the end, resumed
 * when a kill left it unfinished. What was written before a kill is kept; after a power cut, start again.
 */
#define _GNU_SOURCE /* sync_file_range, where there is one */
#include "lot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *because(struct lot *lot, const char *what, const char *path)
{
    struct strbuf text = strbuf_in(&lot->run->arena);
    const char *why = errno == ENOSPC ? "le disque est plein"
                      : errno == ENOENT
                          ? (strcmp(what, "d'écrire") == 0 ? "son dossier n'existe pas" : "il n'existe pas")
                      : errno == EACCES ? "vous n'avez pas le droit d'y accéder"
                      : errno == EISDIR ? "c'est un dossier"
                                        : strerror(errno);

    strbuf_format(&text, "impossible %s « %s » : %s", what, path, why);
    return strbuf_string(&text);
}

/* ---- Blocks ---- */

static bool reserve(char **bytes, size_t *capacity, size_t wanted)
{
    char *grown;

    if (*bytes && wanted <= *capacity)
        return true;
    grown = realloc(*bytes, wanted);
    if (!grown)
        return false;
    *bytes = grown;
    *capacity = wanted;
    return true;
}

/* After a block: room for a line end, and for comparing a word at its last byte. */
enum { SLACK = 16, WRITEBACK = 2 * 1024 * 1024 };

/* Reads after what is already there, as much as there is room. False on a failure. */
static bool fill(struct lot *lot, struct lot_worker *w)
{
    while (!lot->end && w->in_length < w->in_capacity - SLACK) {
        ssize_t got = read(lot->in, w->in + w->in_length, w->in_capacity - SLACK - w->in_length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            lot->problem = because(lot, "de lire", lot->name);
            return false;
        }
        lot->end = got == 0;
        lot->read += (uint64_t)got;
        w->in_length += (size_t)got;
    }
    if (lot->end && w->in_length && w->in[w->in_length - 1] != '\n')
        w->in[w->in_length++] = '\n';
    return true;
}

static const char *whole_records(const struct lot *lot, const struct lot_worker *w)
{
    const char *end = w->in + w->in_length;

    if (!lot->json)
        return csv_last_end(w->in, end);
    while (end > w->in && end[-1] != '\n')
        end--;
    return end > w->in ? end : NULL;
}

static bool keep_rest(struct lot *lot, struct lot_worker *w, const char *from)
{
    size_t rest = (size_t)(w->in + w->in_length - from);

    if (!reserve(&lot->carry, &lot->carry_capacity, rest + 1)) {
        lot->problem = "mémoire insuffisante";
        return false;
    }
    memcpy(lot->carry, from, rest);
    lot->carry_length = rest;
    w->in_length -= rest;
    return true;
}

static const char TOO_LONG[] = "un enregistrement dépasse 8 Mio : un guillemet n'est sans doute jamais fermé";

/* At the end of the file, what follows the last whole record began with a quote that never closes. */
static bool take_block(struct lot *lot, struct lot_worker *w)
{
    const char *last;

    if (!reserve(&w->in, &w->in_capacity, LOT_BLOCK + SLACK) ||
        !reserve(&w->in, &w->in_capacity, lot->carry_length + LOT_BLOCK / 2 + SLACK)) {
        lot->problem = "mémoire insuffisante";
        return false;
    }
    memcpy(w->in, lot->carry ? lot->carry : "", lot->carry_length);
    w->in_length = lot->carry_length;
    lot->carry_length = 0;
    for (;;) {
        if (!fill(lot, w))
            return false;
        last = w->in_length ? whole_records(lot, w) : w->in;
        if (last || lot->end)
            break;
        if (w->in_capacity > LOT_RECORD_LIMIT || !reserve(&w->in, &w->in_capacity, 2 * w->in_capacity)) {
            w->problem = TOO_LONG;
            break;
        }
    }
    if (lot->end && last != w->in + w->in_length) {
        w->problem = "ce guillemet n'est jamais fermé";
        lot->carry_length = 0;
        return true;
    }
    return last ? keep_rest(lot, w, last) : true;
}

bool lot_read_block(struct lot_worker *w)
{
    struct lot *lot = w->lot;
    bool taken = false;

    pthread_mutex_lock(&lot->lock);
    w->problem = NULL;
    if (!lot->problem && !(lot->end && lot->carry_length == 0))
        taken = take_block(lot, w) && (w->in_length > 0 || w->problem);
    w->block = lot->next_block;
    lot->next_block += taken;
    if (taken && w->problem)
        lot->end = true;
    pthread_mutex_unlock(&lot->lock);
    return taken;
}

bool lot_skip(struct lot_worker *w)
{
    struct lot *lot = w->lot;
    const char *p = w->in, *end = w->in + w->in_length;
    const char *next;

    for (; p < end && lot->skip; p = next) {
        if (lot->json) {
            const char *found = memchr(p, '\n', (size_t)(end - p));

            next = found ? found + 1 : end;
        } else {
            next = csv_next(p, end);
        }
        for (const char *c = p; c < next; c++)
            lot->line += *c == '\n';
        lot->skip -= csv_trim(p, next).length > 0;
    }
    memmove(w->in, p, (size_t)(end - p));
    w->in_length = (size_t)(end - p);
    return w->in_length > 0;
}

/* ---- Writing ---- */

static bool write_all(struct lot *lot, const char *bytes, size_t length)
{
    while (length) {
        ssize_t put = write(lot->out, bytes, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            lot->problem = because(lot, "d'écrire", lot->partial ? lot->partial : "la sortie");
            lot->keep_partial = lot->partial != NULL;
            return false;
        }
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

/*
 * What is written starts towards the disk while the rest is computed, so that the fsync at the end waits for little.
 * A hint: where it does not exist or fails, only the wait is longer.
 */
static void start_writeback(struct lot *lot, size_t written)
{
    lot->unsettled += written;
#ifdef SYNC_FILE_RANGE_WRITE
    if (lot->partial && lot->unsettled >= WRITEBACK) {
        (void)sync_file_range(lot->out, 0, 0, SYNC_FILE_RANGE_WRITE);
        lot->unsettled = 0;
    }
#endif
}

static void tell_faults(struct lot *lot, const struct lot_worker *w)
{
    for (size_t i = 0; i < w->faults.count; i++) {
        const struct lot_fault *f = &w->faults.items[i];

        if (lot->shown++ < LOT_SHOWN)
            terminal_error(&lot->run->terminal, "%s:%zu:%u : %s", lot->name, (size_t)(lot->line + f->line), f->column,
                           f->text);
    }
}

/* Where the quote that never closes was opened. */
static void tell_unclosed(struct lot *lot, const struct lot_worker *w)
{
    const char *line_start = w->in;
    struct strbuf text = strbuf_in(&lot->run->arena);
    uint64_t line = 0, open_line = 0;
    bool inside = false;
    unsigned column = 1;

    for (const char *p = w->in; p < w->in + w->in_length; p++) {
        if (*p == '"' && !inside) {
            open_line = line;
            column = (unsigned)utf8_count((struct slice){line_start, (size_t)(p - line_start)}) + 1;
        }
        inside ^= *p == '"';
        line += *p == '\n';
        if (*p == '\n')
            line_start = p + 1;
    }
    strbuf_format(&text, "%s:%zu:%u : %s", lot->name, (size_t)(lot->line + open_line), column, w->problem);
    lot->problem = strbuf_string(&text);
}

void lot_write_block(struct lot_worker *w)
{
    struct lot *lot = w->lot;

    pthread_mutex_lock(&lot->lock);
    while (lot->next_written != w->block)
        pthread_cond_wait(&lot->turn, &lot->lock);
    if (!lot->problem && w->problem)
        tell_unclosed(lot, w);
    if (!lot->problem && write_all(lot, w->out, w->out_length)) {
        start_writeback(lot, w->out_length);
        tell_faults(lot, w);
        lot->line += w->lines;
        lot->counts.rows += w->counts.rows;
        for (size_t i = 0; i < LOT_COUNTS; i++)
            lot->counts.results[i] += w->counts.results[i];
        lot_progress(lot, false);
    }
    lot->next_written++;
    pthread_cond_broadcast(&lot->turn);
    pthread_mutex_unlock(&lot->lock);
}

double lot_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One line on a terminal, five times a second. */
void lot_progress(struct lot *lot, bool last)
{
    double now = lot_clock(), spent = now - lot->started,
           share = lot->size ? (double)(lot->read - lot->pending) / (double)lot->size : 0;

    if (!lot->run->terminal.err || !isatty(STDERR_FILENO) || (!last && now - lot->told < 0.2))
        return;
    lot->told = now;
    if (last)
        fprintf(lot->run->terminal.err, "\r\033[K");
    else if (share > 0)
        fprintf(lot->run->terminal.err, "\r\033[K%llu familles, %.0f par seconde, encore %.0f s",
                (unsigned long long)lot->counts.rows, (double)lot->counts.rows / spent, spent / share - spent);
    else
        fprintf(lot->run->terminal.err, "\r\033[K%llu familles, %.0f par seconde",
                (unsigned long long)lot->counts.rows, (double)lot->counts.rows / spent);
    fflush(lot->run->terminal.err);
}

/* ---- Opening and closing ---- */

bool lot_open_input(struct lot *lot, const char *path, const char **problem)
{
    struct stat status;
    bool standard = strcmp(path, "-") == 0;

    lot->path = path;
    lot->name = standard ? "entrée standard" : path;
    lot->in = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (lot->in < 0 || fstat(lot->in, &status) != 0) {
        *problem = because(lot, "de lire", path);
        return false;
    }
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        *problem = because(lot, "de lire", path);
        return false;
    }
    lot->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    return true;
}

static bool same_file(const char *path, const struct stat *other)
{
    struct stat status;

    return stat(path, &status) == 0 && status.st_dev == other->st_dev && status.st_ino == other->st_ino;
}

static const char *with_suffix(struct lot *lot, const char *path, const char *suffix)
{
    struct strbuf text = strbuf_in(&lot->run->arena);

    strbuf_format(&text, "%s%s", path, suffix);
    return text.bytes;
}

static bool read_state(struct lot *lot, const char *fingerprint)
{
    struct file_text state;
    const char *problem;

    return file_read(&lot->run->arena, lot->state, &state, &problem) && strcmp(state.bytes, fingerprint) == 0;
}

static bool write_state(struct lot *lot, const char *fingerprint, const char **problem)
{
    int descriptor = open(lot->state, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t length = strlen(fingerprint);
    bool written = descriptor >= 0 && write(descriptor, fingerprint, length) == (ssize_t)length;

    if (!written)
        *problem = because(lot, "d'écrire", lot->state);
    if (descriptor >= 0)
        close(descriptor);
    return written;
}

/* Counts whole records of `partial` after its header and cuts what follows the last of them. */
static bool count_done(struct lot *lot, const char **problem)
{
    char *block = malloc(LOT_BLOCK);
    bool inside = false;
    uint64_t records = 0, whole = 0, offset = 0;
    ssize_t got;

    while (block && (got = read(lot->out, block, LOT_BLOCK)) > 0)
        for (ssize_t i = 0; i < got; i++) {
            offset++;
            inside ^= block[i] == '"';
            if (block[i] == '\n' && !inside) {
                records++;
                whole = offset;
            }
        }
    free(block);
    if (records == 0 || ftruncate(lot->out, (off_t)whole) != 0 || lseek(lot->out, 0, SEEK_END) < 0) {
        *problem = "le calcul interrompu est illisible : recommencez sans --reprendre";
        return false;
    }
    lot->skip = records - 1;
    return true;
}

static bool open_resumed(struct lot *lot, const char *fingerprint, const char **problem)
{
    if (!read_state(lot, fingerprint)) {
        *problem = "rien à reprendre : aucun calcul interrompu de ce fichier, avec cet acte et ces options, n'a "
                   "laissé de résultats";
        return false;
    }
    lot->out = open(lot->partial, O_RDWR | O_CLOEXEC);
    if (lot->out < 0) {
        *problem = because(lot, "de reprendre", lot->partial);
        return false;
    }
    return count_done(lot, problem);
}

static bool open_new(struct lot *lot, const char *fingerprint, struct slice header, const char **problem)
{
    const char *path = lot->partial ? lot->partial : lot->final;

    if (path && lot->partial && !write_state(lot, fingerprint, problem))
        return false;
    lot->out = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | (lot->partial ? O_TRUNC : 0), 0666) : STDOUT_FILENO;
    if (lot->out < 0 && path && !lot->partial)
        lot->out = open(path, O_WRONLY | O_CLOEXEC);
    if (lot->out < 0) {
        *problem = because(lot, "d'écrire", path);
        return false;
    }
    if (write_all(lot, header.bytes, header.length))
        return true;
    *problem = lot->problem;
    return false;
}

bool lot_open_output(struct lot *lot, const char *path, const char *program_path, bool resume, struct slice header,
                     const char *fingerprint, const char **problem)
{
    struct stat in, status;
    bool standard = strcmp(path, "-") == 0,
         special = !standard && stat(path, &status) == 0 && !S_ISREG(status.st_mode);

    lot->final = standard ? NULL : path;
    if (!standard && !special) {
        if ((fstat(lot->in, &in) == 0 && same_file(path, &in)) ||
            (stat(program_path, &in) == 0 && same_file(path, &in))) {
            *problem = "la sortie est le fichier d'entrée lui-même : donnez-lui un autre nom";
            return false;
        }
        lot->partial = with_suffix(lot, path, ".en-cours");
        lot->state = with_suffix(lot, path, ".en-cours.etat");
    }
    if (!resume)
        return open_new(lot, fingerprint, header, problem);
    if (!lot->partial || strcmp(lot->path, "-") == 0) {
        *problem = "--reprendre demande une entrée et une sortie qui soient des fichiers";
        return false;
    }
    return open_resumed(lot, fingerprint, problem);
}

bool lot_close_output(struct lot *lot, const char **problem)
{
    bool closed = true;

    *problem = lot->problem;
    if (!lot->partial || lot->out < 0)
        return !lot->problem;
    if (!lot->problem)
        closed = fsync(lot->out) == 0;
    closed &= close(lot->out) == 0;
    if (!lot->problem && closed && rename(lot->partial, lot->final) == 0) {
        unlink(lot->state);
        return true;
    }
    if (!lot->problem)
        *problem = because(lot, "d'écrire", lot->final);
    if (!lot->keep_partial) {
        unlink(lot->partial);
        unlink(lot->state);
    }
    return false;
}
