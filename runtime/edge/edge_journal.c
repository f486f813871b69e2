/*
 * A journal that grows: one entry for one decision, on the disk before the caller hears that it is there.
 *
 * The file J.tete is the lock of the journal and the witness of its last entry. Under the lock: the end of J is read
 * again when another process has moved it, a line that a crash cut is set aside, the entry is written in one go and
 * synchronised, then the witness. Whatever stops in the middle leaves whole lines, and at most one cut at the end.
 */
#include "edge_journal_handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ------------------------------------------------------------------ what went wrong */

delib_status edge_journal_fail(struct delib_io_journal *j, const char *action, const char *path, int error)
{
    if (error == ENOMEM || j->scratch.exhausted)
        return DELIB_NO_MEMORY;
    edge_report(&j->diagnostics, EDGE_JOURNAL_FILE, (struct edge_place){ 0, 0 }, NULL, "impossible %s « %s » : %s",
                action, edge_shown(&j->scratch, path), edge_journal_reason(error));
    return edge_status(&j->scratch, &j->diagnostics);
}

delib_status edge_journal_refuse(struct delib_io_journal *j, enum edge_code code, const char *message)
{
    edge_report(&j->diagnostics, code, (struct edge_place){ 0, 0 },
                "voyez ce que dit « delib journal verifier », et repartez d'une copie saine ou d'un nouveau journal",
                "%s", message);
    return edge_status(&j->scratch, &j->diagnostics);
}

int64_t edge_journal_now(const struct delib_io_journal *j)
{
    return j->options.wall_clock ? j->options.wall_clock(j->options.context) : (int64_t)time(NULL);
}

/* ------------------------------------------------------------------ witness and lock */

/* Opened by this very process, so that its lock excludes the one it was forked from. 0 or errno. */
static int edge_journal_own(struct delib_io_journal *j)
{
    int head;
    if (j->head >= 0 && j->process == getpid())
        return 0;
    head = open(j->paths.head, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (head < 0)
        return errno;
    if (j->head >= 0)
        close(j->head);
    if (j->file >= 0)
        close(j->file);
    j->head = head;
    j->file = -1;
    j->known = false;
    j->process = getpid();
    return 0;
}

static int edge_journal_lock(const struct delib_io_journal *j, int operation)
{
    while (flock(j->head, operation) != 0) {
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

/* The same length for every entry, so that writing it again needs no more room. */
static struct slice edge_head_text(struct arena *arena, int64_t number, const char *hash)
{
    struct strbuf text = strbuf_in(arena), digits = strbuf_in(arena);
    strbuf_format(&digits, "%lld", (long long)number);
    strbuf_text(&text, "{\"entrées\":\"");
    for (size_t i = digits.length; i < 19; i++)
        strbuf_char(&text, '0');
    strbuf_slice(&text, strbuf_result(&digits));
    strbuf_format(&text, "\",\"empreinte\":\"%s\"}\n", hash);
    return strbuf_result(&text);
}

int edge_head_write(struct delib_io_journal *j)
{
    const struct slice text = edge_head_text(&j->scratch, j->number, j->last);
    if (!text.bytes)
        return ENOMEM;
    if (lseek(j->head, 0, SEEK_SET) != 0)
        return errno;
    return edge_journal_write_all(j->head, text);
}

/* ------------------------------------------------------------------ the end of the journal */

/* Where the last line begins, and whether it has its end. */
struct edge_tail {
    off_t start, size;
    bool whole;
};

static int edge_tail_find(int file, struct edge_tail *tail)
{
    char block[4096];
    off_t at = tail->size;
    tail->start = 0;
    tail->whole = true;
    while (at > 0) {
        const size_t want = at < (off_t)sizeof(block) ? (size_t)at : sizeof(block);
        const ssize_t got = pread(file, block, want, at - (off_t)want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got != (ssize_t)want)
            return got < 0 ? errno : EIO;
        for (size_t i = want; i > 0; i--) {
            const off_t offset = at - (off_t)(want - i) - 1;
            if (block[i - 1] == '\n' && offset < tail->size - 1) {
                tail->start = offset + 1;
                return 0;
            }
            if (offset == tail->size - 1)
                tail->whole = block[i - 1] == '\n';
        }
        at -= (off_t)want;
        if (tail->size - at > (off_t)EDGE_JOURNAL_LINE_LIMIT)
            return EFBIG;
    }
    return 0;
}

static int edge_tail_read(struct delib_io_journal *j, const struct edge_tail *tail, struct slice *out)
{
    const size_t length = (size_t)(tail->size - tail->start);
    char *bytes = arena_array(&j->scratch, char, length + 1);
    size_t got = 0;
    if (!bytes)
        return ENOMEM;
    while (got < length) {
        const ssize_t n = pread(j->file, bytes + got, length - got, tail->start + (off_t)got);
        if (n <= 0 && !(n < 0 && errno == EINTR))
            return n < 0 ? errno : EIO;
        got += n > 0 ? (size_t)n : 0;
    }
    *out = (struct slice){ bytes, length };
    return 0;
}

/* The beginning of an entry, or what a power cut leaves; anything else is not ours to touch. */
static bool edge_tail_is_cut(struct slice line, bool whole)
{
    static const char start[] = "{\"entrée\":";
    const size_t length = line.length < sizeof(start) - 1 ? line.length : sizeof(start) - 1;
    if (memchr(line.bytes, '\0', line.length))
        return line.bytes[0] == '\0' || memcmp(line.bytes, start, length) == 0;
    return !whole && memcmp(line.bytes, start, length) == 0;
}

/* Sets the cut line aside in J.rebut, and tells. */
static int edge_tail_repair(struct delib_io_journal *j, const struct edge_tail *tail, struct slice cut)
{
    const int scrap = open(j->paths.scrap, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int error;
    if (scrap < 0)
        return errno;
    error = edge_journal_write_all(scrap, cut);
    if (!error)
        error = edge_journal_write_all(scrap, SLICE("\n"));
    if (!error && fsync(scrap) != 0)
        error = errno;
    close(scrap);
    if (error || ftruncate(j->file, tail->start) != 0)
        return error ? error : errno;
    if (fsync(j->file) != 0)
        return errno;
    edge_warn(&j->diagnostics, EDGE_JOURNAL_TORN, (struct edge_place){ 0, 0 }, NULL,
              "la dernière ligne du journal, coupée par un arrêt brutal, a été mise de côté dans « %s » (%zu "
              "octets) ; "
                "aucun montant n'en avait été rendu",
                edge_shown(&j->scratch, j->paths.scrap), cut.length);
    return 0;
}

/* A line that ends as it should and says something else was changed by someone: nothing is added after it. */
static delib_status edge_tail_take(struct delib_io_journal *j, struct slice line)
{
    struct edge_diagnostics inner;
    struct edge_journal_entry entry;
    edge_diagnostics_init(&inner, &j->scratch, j->paths.journal);
    if (edge_journal_read_line(&j->scratch, &inner, line, 0, &entry) != EDGE_LINE_OK)
        return edge_journal_refuse(j, EDGE_JOURNAL_ALTERED,
                                   "la dernière entrée du journal est illisible ou a été modifiée : rien n'y "
                                   "est ajouté");
    j->number = entry.number;
    memcpy(j->last, entry.hash, sizeof(j->last));
    return DELIB_OK;
}

/* What the first opening of a journal leaves when it is stopped, or has no room left. */
static bool edge_head_is_begun(struct delib_io_journal *j, struct slice text)
{
    const struct slice whole = edge_head_text(&j->scratch, 0, EDGE_JOURNAL_FIRST);
    return j->number == 0 && text.length < whole.length && memcmp(text.bytes, whole.bytes, text.length) == 0;
}

/* The witness may be late by what a crash cut off, never ahead. */
static delib_status edge_head_check(struct delib_io_journal *j)
{
    struct slice text;
    const int error = edge_journal_read_file(&j->scratch, j->paths.head, 4096, &text);
    int64_t number = 0;
    if (error)
        return edge_journal_fail(j, "de lire", j->paths.head, error);
    if (edge_head_is_begun(j, text))
        return DELIB_OK;
    if (text.length == 0)
        return edge_journal_refuse(j, EDGE_JOURNAL_HEAD, "le témoin du journal (.tete) est vide : rien n'est ajouté");
    if (!edge_journal_read_head(&j->scratch, text, &number, NULL))
        return edge_journal_refuse(j, EDGE_JOURNAL_HEAD, "le témoin du journal (.tete) est illisible : rien "
                                                         "n'est ajouté");
    if (number > j->number)
        return edge_journal_refuse(j, EDGE_JOURNAL_HEAD,
                                   "les dernières entrées du journal ont été retirées : rien n'est ajouté");
    return DELIB_OK;
}

static delib_status edge_tail_load(struct delib_io_journal *j, off_t size)
{
    struct edge_tail tail = { 0, size, true };
    struct slice line = { NULL, 0 };
    delib_status status = DELIB_OK;
    int error = edge_tail_find(j->file, &tail);
    if (error == EFBIG)
        return edge_journal_refuse(j, EDGE_JOURNAL_LINE, "la dernière ligne du journal est démesurée : rien n'y "
                                                         "est ajouté");
    if (!error)
        error = edge_tail_read(j, &tail, &line);
    if (!error && line.length > 0 && edge_tail_is_cut(line, tail.whole)) {
        error = edge_tail_repair(j, &tail, line);
        return error ? edge_journal_fail(j, "de réparer", j->paths.journal, error) : edge_tail_load(j, tail.start);
    }
    if (error)
        return edge_journal_fail(j, "de lire", j->paths.journal, error);
    j->number = 0;
    memcpy(j->last, EDGE_JOURNAL_FIRST, sizeof(j->last));
    if (line.length > 0)
        status = edge_tail_take(j, (struct slice){ line.bytes, line.length - tail.whole });
    j->size = size;
    return status == DELIB_OK ? edge_head_check(j) : status;
}

/* ------------------------------------------------------------------ opening */

/* A purge puts another file in the place of J: the name decides, not what was open. */
static delib_status edge_journal_reach(struct delib_io_journal *j)
{
    struct stat open_one, named;
    delib_status status;
    if (j->file >= 0 && (fstat(j->file, &open_one) != 0 || stat(j->paths.journal, &named) != 0
                         || open_one.st_dev != named.st_dev || open_one.st_ino != named.st_ino)) {
        close(j->file);
        j->file = -1;
        j->known = false;
    }
    if (j->file < 0) {
        j->file = open(j->paths.journal, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (j->file < 0)
            return edge_journal_fail(j, "d'ouvrir", j->paths.journal, errno);
    }
    if (fstat(j->file, &named) != 0)
        return edge_journal_fail(j, "d'ouvrir", j->paths.journal, errno);
    if (!S_ISREG(named.st_mode))
        return edge_journal_fail(j, "d'ouvrir", j->paths.journal, EINVAL);
    if (j->known && named.st_size == j->size)
        return DELIB_OK;
    status = edge_tail_load(j, named.st_size);
    j->known = status == DELIB_OK;
    return status;
}

delib_status edge_journal_begin(struct delib_io_journal *j)
{
    int error = edge_journal_own(j);
    delib_status status;
    if (error)
        return edge_journal_fail(j, "d'ouvrir", j->paths.head, error);
    error = edge_journal_lock(j, LOCK_EX);
    status = error ? edge_journal_fail(j, "de réserver", j->paths.head, error) : edge_journal_reach(j);
    if (status != DELIB_OK)
        edge_journal_end(j);
    return status;
}

void edge_journal_end(const struct delib_io_journal *j)
{
    edge_journal_lock(j, LOCK_UN);
}

void edge_journal_forget(struct delib_io_journal *j)
{
    arena_reset(&j->scratch);
    edge_diagnostics_init(&j->diagnostics, &j->scratch, j->paths.journal);
}

/* The policy of the day the journal is opened, kept beside the rules, so that an entry says how it was written. */
static delib_status edge_journal_read_policy(struct delib_io_journal *j)
{
    int error = 0;
    if (!edge_policy_open(&j->arena, &j->diagnostics, &j->paths, &j->policy) || !j->policy
        || !edge_policy_keys(j->policy, &j->diagnostics, &j->keys))
        return j->arena.exhausted ? DELIB_NO_MEMORY : edge_status(&j->scratch, &j->diagnostics);
    error = edge_journal_rules_keep(&j->scratch, &j->paths, j->policy->text, j->policy->hash, ".yaml");
    return error ? edge_journal_fail(j, "d'écrire la politique dans", j->paths.rules, error) : DELIB_OK;
}

static delib_status edge_journal_start(struct delib_io_journal *j, const char *path)
{
    delib_status status;
    int error;
    if (!edge_journal_paths(&j->arena, path, &j->paths))
        return DELIB_NO_MEMORY;
    edge_journal_forget(j);
    if (!edge_sodium_start())
        return DELIB_INTERNAL;
    if (j->options.existing && access(j->paths.journal, F_OK) != 0)
        return edge_journal_fail(j, "d'ouvrir", j->paths.journal, errno);
    status = edge_journal_read_policy(j);
    if (status != DELIB_OK)
        return status;
    status = edge_journal_begin(j);
    if (status != DELIB_OK)
        return status;
    /* The witness takes its room now, and the names are on the disk before any entry. */
    error = edge_head_write(j);
    if (!error && j->number == 0 && fsync(j->head) != 0)
        error = errno;
    if (!error)
        error = edge_journal_sync_folder(&j->scratch, j->paths.journal);
    edge_journal_end(j);
    return error ? edge_journal_fail(j, "d'écrire", j->paths.head, error) : DELIB_OK;
}

delib_status delib_io_journal_open(const char *path, const delib_io_journal_options *options, delib_io_journal **out)
{
    delib_io_journal_options given = DELIB_IO_JOURNAL_OPTIONS_INIT;
    struct delib_io_journal *j;
    delib_status status;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!path || !*path || (options && !options_read(&given, sizeof(given), options)))
        return DELIB_MISUSE;
    j = calloc(1, sizeof(*j));
    if (!j)
        return DELIB_NO_MEMORY;
    j->file = j->head = -1;
    j->options = given;
    arena_init(&j->arena, edge_allocator(), 0);
    arena_init(&j->scratch, edge_allocator(), 0);
    status = edge_journal_start(j, path);
    if (status == DELIB_OK || status == DELIB_INVALID)
        *out = j;
    else
        delib_io_journal_free(j);
    return status;
}

void delib_io_journal_free(delib_io_journal *j)
{
    if (!j)
        return;
    if (j->file >= 0)
        close(j->file);
    if (j->head >= 0)
        close(j->head);
    delib_program_release(j->program);
    arena_release(&j->scratch);
    arena_release(&j->arena);
    edge_wipe(&j->keys, sizeof(j->keys));
    free(j);
}

/* ------------------------------------------------------------------ recording */

/* The rules are on the disk before the first entry that cites them. */
static delib_status edge_journal_keep_rules(struct delib_io_journal *j, delib_program *program)
{
    struct slice text;
    delib_status status;
    int error;
    if (program == j->program)
        return DELIB_OK;
    status = edge_journal_rules_text(&j->scratch, program, &text, j->rules);
    if (status == DELIB_INVALID)
        return edge_journal_refuse(j, EDGE_JOURNAL_RULES, "un texte des règles n'est pas en UTF-8");
    if (status != DELIB_OK)
        return status;
    error = edge_journal_rules_keep(&j->scratch, &j->paths, text, j->rules, ".json");
    if (error)
        return edge_journal_fail(j, "d'écrire les règles dans", j->paths.rules, error);
    delib_program_release(j->program);
    j->program = delib_program_retain(program);
    return DELIB_OK;
}

/* Back to whole lines: the caller is told that nothing was recorded. */
static delib_status edge_journal_undo(struct delib_io_journal *j, int error)
{
    j->known = false;
    if (ftruncate(j->file, j->size) == 0)
        (void)fsync(j->file);
    return edge_journal_fail(j, "d'écrire dans", j->paths.journal, error);
}

static delib_status edge_journal_put(struct delib_io_journal *j, struct slice line, const char *hash)
{
    int error = edge_journal_write_all(j->file, line);
    if (!error && !j->options.deferred && fsync(j->file) != 0)
        error = errno;
    if (error)
        return edge_journal_undo(j, error);
    j->unsynchronised = j->options.deferred != 0;
    j->size += (off_t)line.length;
    j->number++;
    memcpy(j->last, hash, sizeof(j->last));
    error = edge_head_write(j);
    return error ? edge_journal_fail(j, "d'écrire", j->paths.head, error) : DELIB_OK;
}

/* Under the lock. */
static delib_status edge_journal_append(struct delib_io_journal *j, const char *kind, const char *rules,
                                        const struct edge_journal_body *body)
{
    struct edge_journal_stamp stamp = { kind, j->number + 1, j->last, rules, j->policy ? j->policy->hash : NULL,
                                        edge_journal_now(j), &j->keys };
    char hash[EDGE_HASH_TEXT];
    struct slice line;
    delib_status status = edge_journal_line(&j->scratch, &stamp, body, &line, hash);
    if (status == DELIB_INVALID)
        return edge_journal_refuse(j, EDGE_JOURNAL_LINE, "une donnée à enregistrer n'est pas un texte en UTF-8");
    if (status == DELIB_OK && line.length > EDGE_JOURNAL_LINE_LIMIT)
        return edge_journal_refuse(j, EDGE_JOURNAL_LINE, "les données de cette décision dépassent quatre mébioctets");
    return status == DELIB_OK ? edge_journal_put(j, line, hash) : status;
}

/* The host's result is the one that the session has just computed. */
static bool edge_is_decided(const delib_session_context *context, delib_tariff tariff, const delib_result *result)
{
    return context->tariff != DELIB_NO_TARIFF && context->tariff == tariff && context->result.statut == result->statut
        && context->result.units == result->units && context->result.scale == result->scale;
}

delib_status delib_io_journal_record(delib_io_journal *j, delib_session *session, delib_tariff tariff,
                                     const delib_result *result, const char *reference)
{
    struct edge_journal_decision decision = { .session = session, .reference = reference };
    const struct edge_journal_body body = { edge_journal_write_decision, edge_journal_write_personal, &decision,
                                            &decision.status };
    struct edge_protection protection = { NULL, NULL, NULL, EDGE_KEPT, false };
    char trace[EDGE_HASH_TEXT];
    delib_status status;
    if (!j || !session || !result)
        return DELIB_MISUSE;
    edge_journal_forget(j);
    protection = (struct edge_protection){ .arena = &j->scratch, .policy = j->policy, .keys = &j->keys };
    decision.protection = &protection;
    status = delib_session_describe(session, &decision.context);
    /* Without them the entry would say less than the decision rests on. */
    if (status == DELIB_OK && (!decision.context.record || !decision.context.trace))
        status = DELIB_MISUSE;
    if (status == DELIB_OK && !edge_is_decided(&decision.context, tariff, result))
        status = DELIB_MISUSE;
    result = &decision.context.result;          /* its texts are those of the session, whatever the host's became */
    if (status == DELIB_OK)
        status = edge_journal_trace(&j->scratch, session, result, trace);
    if (status != DELIB_OK)
        return status;
    decision.result = result;
    decision.trace = trace;
    decision.tariff = delib_program_tariff_name(decision.context.program, tariff);
    decision.finalite = delib_program_tariff_finalite(
        decision.context.program, delib_program_tariff(decision.context.program, result->tariff));
    status = edge_journal_keep_rules(j, decision.context.program);
    if (status != DELIB_OK)
        return status;
    status = edge_journal_begin(j);
    if (status != DELIB_OK)
        return status;
    status = edge_journal_append(j, "décision", j->rules, &body);
    edge_journal_end(j);
    return status;
}

delib_status delib_io_journal_sync(delib_io_journal *j)
{
    if (!j)
        return DELIB_MISUSE;
    edge_journal_forget(j);
    if (j->unsynchronised && !j->sync_error && fsync(j->file) != 0)
        j->sync_error = errno;
    if (j->sync_error)
        return edge_journal_fail(j, "d'écrire dans", j->paths.journal, j->sync_error);
    j->unsynchronised = false;
    return DELIB_OK;
}

size_t delib_io_journal_diagnostic_count(const delib_io_journal *j)
{
    return j ? j->diagnostics.count : 0;
}

delib_status delib_io_journal_diagnostic(const delib_io_journal *j, size_t index, delib_diagnostic *out)
{
    return j && out ? edge_diagnostic_get(&j->diagnostics, index, out) : DELIB_MISUSE;
}
