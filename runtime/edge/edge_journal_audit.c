/*
 * Reading a whole journal: each line, the chain that they make, the witness of its end, and the replay when it is
 * asked. One line is in memory at a time.
 */
#include "edge_journal.h"
#include "edge_journal_lines.h"
#include "edge_journal_ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct delib_io_audit {
    struct arena arena;                 /* as long as the audit */
    struct arena scratch;               /* one line */
    struct edge_diagnostics diagnostics;
    struct edge_journal_paths paths;
    delib_io_audit_options options;
    delib_io_audit_report report;
    struct edge_journal_replay *replay; /* NULL: not asked */
    struct edge_keys keys;              /* that were given: private ones to open, a public one to verify */
    char signer[EDGE_KEY_TEXT];         /* of the last right signature */
    int64_t next;                       /* number that the next entry must have */
    char previous[EDGE_HASH_TEXT];      /* hash that it must cite; "" when it is not known */
    char last[EDGE_HASH_TEXT];          /* hash of the last entry that could be read */
    int64_t last_number;
    int64_t lost;                       /* lines without a trustworthy number since then */
    bool head_wanted;                   /* the fingerprint noted elsewhere was not met yet */
    struct { int64_t number; char hash[EDGE_HASH_TEXT]; bool known; } witness;
    struct edge_ranges emptied;         /* entries without their personal part, of which no purge spoke yet */
    char first_time[40], last_time[40];
};

/* line 0: about the whole journal. */
static void edge_audit_tell(struct delib_io_audit *a, enum edge_code code, uint64_t line, const char *help,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));

static void edge_audit_tell(struct delib_io_audit *a, enum edge_code code, uint64_t line, const char *help,
                            const char *format, ...)
{
    struct strbuf message = strbuf_in(&a->scratch);
    va_list args;
    va_start(args, format);
    strbuf_vformat(&message, format, args);
    va_end(args);
    edge_report(&a->diagnostics, code, (struct edge_place){ (unsigned)line, line ? 1 : 0 }, help, "%s",
                strbuf_string(&message));
    a->report.faults++;
}

/* ------------------------------------------------------------------ the chain */

static void edge_chain_follow(struct delib_io_audit *a, const struct edge_journal_entry *entry)
{
    a->next = entry->number + 1;
    a->last_number = entry->number;
    a->lost = 0;
    memcpy(a->previous, entry->hash, sizeof(a->previous));
    memcpy(a->last, entry->hash, sizeof(a->last));
}

static void edge_chain_gap(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    const int64_t missing = entry->number - a->next - a->lost;
    if (missing > 0 && a->lost == 0 && missing == 1)
        edge_audit_tell(a, EDGE_JOURNAL_CHAIN, line, NULL,
                        "entrée %s : l'entrée numéro %lld, qui devait la précéder, a été retirée ou déplacée",
                        edge_shown(&a->scratch, entry->id), (long long)a->next);
    else if (missing > 0)
        edge_audit_tell(a, EDGE_JOURNAL_CHAIN, line, NULL,
                        "entrée %s : des entrées qui devaient la précéder ont été retirées ou déplacées, entre les "
                        "numéros %lld et %lld",
                        edge_shown(&a->scratch, entry->id), (long long)a->next, (long long)(entry->number - 1));
    edge_chain_follow(a, entry);
}

/* An entry whose own fingerprint is right: is it in its place? */
static void edge_chain_step(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    if (entry->number > a->next) {
        edge_chain_gap(a, entry, line);
        return;
    }
    if (entry->number < a->next) {
        edge_audit_tell(a, EDGE_JOURNAL_CHAIN, line, NULL,
                        "entrée %s : le numéro %lld était attendu ici ; elle a été répétée, insérée ou déplacée",
                        edge_shown(&a->scratch, entry->id), (long long)a->next);
        return;
    }
    if (a->previous[0] && strcmp(a->previous, entry->previous) != 0)
        edge_audit_tell(a, EDGE_JOURNAL_CHAIN, line, NULL,
                        "entrée %s : elle ne suit pas l'entrée qui la précède ; l'une des deux a été remplacée "
                        "ou insérée",
                        edge_shown(&a->scratch, entry->id));
    edge_chain_follow(a, entry);
}

/* ------------------------------------------------------------------ one line */

static void edge_keep_time(char out[40], const char *time)
{
    const size_t length = slice_of(time).length;
    if (length < 40)
        memcpy(out, time, length + 1);
}

static void edge_audit_replay(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    switch (edge_journal_replay_entry(a->replay, &a->scratch, &a->diagnostics, entry, (unsigned)line)) {
    case EDGE_REPLAY_SAME: a->report.identical++; break;
    case EDGE_REPLAY_REWORDED: a->report.reworded++; break;
    case EDGE_REPLAY_DIFFERENT: a->report.different++; a->report.faults++; break;
    case EDGE_REPLAY_IMPOSSIBLE: a->report.unreplayable++; break;
    case EDGE_REPLAY_FAULT: a->report.faults++; break;
    }
}

/* Without an expected key, a signature only says that who signed did not change: the report names the key. */
static void edge_audit_signature(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    const struct edge_key *expected = &a->keys.of[EDGE_KEY_SIGNING_PUBLIC];
    struct edge_keys said = { { { false, { 0 } } } };
    enum edge_key_kind kind = EDGE_KEY_KINDS;
    const char *what = NULL;
    if (!entry->signer && !expected->known)
        return;
    if (!entry->signer)
        what = "elle n'est pas signée";
    else if (!edge_key_read(&said, entry->signer, &kind) || kind != EDGE_KEY_SIGNING_PUBLIC)
        what = "la clé qu'elle donne pour sienne est illisible";
    else if (expected->known && memcmp(expected->bytes, said.of[kind].bytes, EDGE_KEY_BYTES) != 0)
        what = "elle est signée par une autre clé que celle attendue";
    else if (!edge_signature_is_of(&said.of[kind], entry->hash, entry->signature))
        what = "sa signature est fausse";
    if (what) {
        edge_audit_tell(a, EDGE_JOURNAL_SIGNATURE, line, NULL, "entrée %s : %s",
                        edge_shown(&a->scratch, entry->id), what);
        return;
    }
    a->report.signatures++;
    edge_key_text(EDGE_KEY_SIGNING_PUBLIC, &said.of[kind], a->signer);
}

/* A purge comes after what it erased; a personal part that is missing without one was taken away. */
static void edge_audit_purge(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    const char *numbers = edge_member_text(delib_io_value_get(entry->public, "purge"), "numéros");
    struct edge_ranges told;
    if (numbers && edge_ranges_read(&a->scratch, numbers, &told))
        a->emptied = edge_ranges_without(&a->arena, &a->emptied, &told);
    else
        edge_audit_tell(a, EDGE_JOURNAL_LINE, line, NULL, "entrée %s : cette purge ne dit pas ce qu'elle a effacé",
                        edge_shown(&a->scratch, entry->id));
}

static void edge_audit_each(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    delib_io_audit_entry out = { .line = line, .entry = entry->public };
    bool hidden = false;
    if (entry->personal)
        out.personal = edge_reveal_all(&a->scratch, &a->keys, entry->personal, &hidden);
    out.hidden = hidden;
    if (!a->scratch.exhausted)
        a->options.each(a->options.context, &out);
}

static void edge_audit_entry(struct delib_io_audit *a, const struct edge_journal_entry *entry, uint64_t line)
{
    if (a->witness.known && entry->number == a->witness.number && strcmp(entry->hash, a->witness.hash) != 0)
        edge_audit_tell(a, EDGE_JOURNAL_HEAD, line, NULL,
                        "entrée %s : le témoin du journal (.tete) lui connaît une autre empreinte : elle a été "
                        "remplacée",
                        edge_shown(&a->scratch, entry->id));
    if (a->head_wanted && strcmp(entry->hash, a->options.head) == 0)
        a->head_wanted = false;
    if (!a->first_time[0])
        edge_keep_time(a->first_time, entry->time);
    edge_keep_time(a->last_time, entry->time);
    edge_audit_signature(a, entry, line);
    if (a->options.each)
        edge_audit_each(a, entry, line);
    if (strcmp(entry->kind, "purge") == 0)
        edge_audit_purge(a, entry, line);
    if (strcmp(entry->kind, "décision") != 0)
        return;
    a->report.decisions++;
    a->report.purged += entry->purged;
    if (!entry->personal)
        edge_ranges_add(&a->arena, &a->emptied, entry->number);
    if (a->replay)
        edge_audit_replay(a, entry, line);
}

static void edge_audit_line(struct delib_io_audit *a, struct slice text)
{
    const uint64_t line = ++a->report.lines;
    struct edge_journal_entry entry;
    const enum edge_journal_fault fault =
        edge_journal_read_line(&a->scratch, &a->diagnostics, text, (unsigned)line, &entry);
    if (fault == EDGE_LINE_OK) {
        a->report.entries++;
        edge_chain_step(a, &entry, line);
        edge_audit_entry(a, &entry, line);
    } else {
        /* Its number cannot be believed; the next entry tells by its own what this line was. */
        a->report.faults++;
        a->lost++;
        a->previous[0] = '\0';
    }
    if (a->options.progress && line % 1000 == 0)
        a->options.progress(a->options.context, line);
}

/* ------------------------------------------------------------------ all the lines */

static void edge_audit_long(struct delib_io_audit *a)
{
    a->report.lines++;
    a->lost++;
    a->previous[0] = '\0';
    edge_audit_tell(a, EDGE_JOURNAL_LINE, a->report.lines, NULL,
                    "ligne trop longue : une entrée tient dans quatre mébioctets");
}

static void edge_audit_torn(struct delib_io_audit *a, struct slice text)
{
    edge_warn(&a->diagnostics, EDGE_JOURNAL_TORN, (struct edge_place){ (unsigned)a->report.lines + 1, 1 },
                    "la prochaine écriture la mettra de côté dans le fichier .rebut",
                    "la dernière ligne est coupée (%zu octets) : l'écriture a été interrompue, aucun montant "
                    "n'en a été rendu",
                    text.length);
}

static int edge_audit_lines(struct delib_io_audit *a, struct edge_lines *lines)
{
    int error = 0;
    while (!error && !a->scratch.exhausted && !a->arena.exhausted) {
        struct slice text;
        enum edge_line_kind kind;
        error = edge_lines_next(lines, &kind, &text);
        if (error || kind == EDGE_LINES_END)
            return error;
        arena_reset(&a->scratch);
        if (kind == EDGE_LINES_LINE)
            edge_audit_line(a, text);
        else if (kind == EDGE_LINES_LONG)
            edge_audit_long(a);
        else
            edge_audit_torn(a, text);
    }
    return error;
}

/* ------------------------------------------------------------------ the end of the journal */

static void edge_audit_read_witness(struct delib_io_audit *a)
{
    struct slice text;
    const int error = edge_journal_read_file(&a->scratch, a->paths.head, 4096, &text);
    if (!error && edge_journal_read_head(&a->scratch, text, &a->witness.number, a->witness.hash))
        a->witness.known = true;
    else if (a->scratch.exhausted)
        return;
    else
        edge_audit_tell(a, EDGE_JOURNAL_HEAD, 0,
                        "sans lui, rien ne dit si les dernières entrées ont été retirées : comparez la dernière "
                        "empreinte avec une copie du témoin, ou avec celle que vous avez notée",
                        error == ENOENT ? "le témoin du journal (.tete) est absent"
                                        : "le témoin du journal (.tete) est illisible");
}

static void edge_audit_end(struct delib_io_audit *a)
{
    const int64_t late = a->last_number - a->witness.number;
    if (a->witness.known && late < 0)
        edge_audit_tell(a, EDGE_JOURNAL_HEAD, 0, NULL,
                        "la fin du journal manque : le témoin connaît %lld entrées, la dernière lue a le numéro %lld",
                        (long long)a->witness.number, (long long)a->last_number);
    else if (a->witness.known && late > 0)
        edge_warn(&a->diagnostics, EDGE_JOURNAL_HEAD, (struct edge_place){ 0, 0 }, NULL,
                  "le témoin est en retard de %lld entrée(s) : un arrêt brutal, ou des entrées ajoutées sans lui",
                        (long long)late);
    for (size_t i = 0; i < a->emptied.count; i++)
        edge_audit_tell(a, EDGE_JOURNAL_ALTERED, 0, NULL,
                        "entrées numéros %lld à %lld : leurs données ont été retirées sans qu'une purge l'ait "
                        "enregistré",
                        (long long)a->emptied.items[i].from, (long long)a->emptied.items[i].to);
    if (a->head_wanted)
        edge_audit_tell(a, EDGE_JOURNAL_HEAD, 0, NULL,
                        "l'empreinte donnée n'est celle d'aucune entrée : le journal n'est plus celui où elle a "
                        "été notée");
    a->report.head = a->last;
    a->report.signer = a->report.signatures ? a->signer : NULL;
    a->report.first_time = a->first_time[0] ? a->first_time : NULL;
    a->report.last_time = a->last_time[0] ? a->last_time : NULL;
}

/* ------------------------------------------------------------------ the whole */

/* What is appended from now on belongs to the next audit. */
static int edge_audit_open(struct delib_io_audit *a, struct edge_lines *lines)
{
    const int lock = open(a->paths.head, O_RDONLY | O_CLOEXEC);
    int error = 0;
    while (lock >= 0 && flock(lock, LOCK_SH) != 0 && !error)
        error = errno == EINTR ? 0 : errno;
    if (!error)
        error = edge_lines_open(lines, a->paths.journal);
    if (!error)
        edge_audit_read_witness(a);
    if (lock >= 0)
        close(lock);
    return error;
}

static bool edge_audit_keys(struct delib_io_audit *a)
{
    enum edge_key_kind kind = EDGE_KEY_KINDS;
    for (size_t i = 0; i < a->options.key_file_count; i++) {
        const struct edge_secret secret = { .file = a->options.key_files[i] };
        char *text = NULL;
        const enum edge_secret_status status = edge_secret_fetch(&secret, &text);
        const bool read = status == EDGE_SECRET_OK && edge_key_read(&a->keys, text, &kind);
        edge_secret_free(text);
        edge_secret_tell(&a->diagnostics, &secret, status);
        if (read)
            continue;
        if (status == EDGE_SECRET_OK)
            edge_report(&a->diagnostics, EDGE_JOURNAL_KEY, (struct edge_place){ 0, 0 }, NULL,
                        "« %s » n'est pas une clé de journal", secret.file);
        return false;
    }
    a->keys.of[EDGE_KEY_SIGNING].known = a->keys.of[EDGE_KEY_SIGNING_PUBLIC].known = false;
    if (!a->options.signer || (edge_key_read(&a->keys, a->options.signer, &kind) && kind == EDGE_KEY_SIGNING_PUBLIC))
        return true;
    edge_report(&a->diagnostics, EDGE_JOURNAL_KEY, (struct edge_place){ 0, 0 }, NULL,
                "la clé de signature attendue est illisible : on attend « delib-signature-publique:… »");
    return false;
}

static delib_status edge_audit_do(struct delib_io_audit *a, const char *path)
{
    struct edge_lines lines = EDGE_LINES_INIT;
    int error;
    if (!edge_journal_paths(&a->arena, path, &a->paths))
        return DELIB_NO_MEMORY;
    if (!edge_sodium_start())
        return DELIB_INTERNAL;
    edge_diagnostics_init(&a->diagnostics, &a->arena, path);
    if (a->options.head)
        a->options.head = arena_copy_text(&a->arena, a->options.head, strlen(a->options.head));
    a->head_wanted = a->options.head != NULL;
    if (!edge_audit_keys(a)) {
        a->report.faults++;
        return edge_status(&a->arena, &a->diagnostics);
    }
    if (a->options.replay) {
        a->replay = edge_journal_replay_new(&a->paths, a->options.engine, &a->keys);
        if (!a->replay)
            return DELIB_NO_MEMORY;
    }
    error = edge_audit_open(a, &lines);
    if (!error)
        error = edge_audit_lines(a, &lines);
    edge_lines_close(&lines);
    if (!error)
        edge_audit_end(a);
    else if (error != ENOMEM)
        edge_audit_tell(a, EDGE_JOURNAL_FILE, 0, NULL, "impossible de lire le journal : %s",
                        edge_journal_reason(error));
    if (error == ENOMEM || a->arena.exhausted || a->scratch.exhausted)
        return DELIB_NO_MEMORY;
    return a->report.faults ? DELIB_INVALID : DELIB_OK;
}

delib_status delib_io_audit_run(const char *path, const delib_io_audit_options *options, delib_io_audit **out)
{
    delib_io_audit_options given = DELIB_IO_AUDIT_OPTIONS_INIT;
    struct delib_io_audit *a;
    delib_status status;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!path || !*path || (options && !options_read(&given, sizeof(given), options)))
        return DELIB_MISUSE;
    a = calloc(1, sizeof(*a));
    if (!a)
        return DELIB_NO_MEMORY;
    a->options = given;
    a->next = 1;
    memcpy(a->previous, EDGE_JOURNAL_FIRST, sizeof(a->previous));
    memcpy(a->last, EDGE_JOURNAL_FIRST, sizeof(a->last));
    arena_init(&a->arena, edge_allocator(), 0);
    arena_init(&a->scratch, edge_allocator(), 0);
    status = edge_audit_do(a, path);
    if (status == DELIB_OK || status == DELIB_INVALID)
        *out = a;
    else
        delib_io_audit_free(a);
    return status;
}

void delib_io_audit_free(delib_io_audit *a)
{
    if (!a)
        return;
    edge_journal_replay_free(a->replay);
    edge_wipe(&a->keys, sizeof(a->keys));
    arena_release(&a->scratch);
    arena_release(&a->arena);
    free(a);
}

delib_status delib_io_audit_report_get(const delib_io_audit *a, delib_io_audit_report *out)
{
    if (!a || !out)
        return DELIB_MISUSE;
    *out = a->report;
    return DELIB_OK;
}

size_t delib_io_audit_diagnostic_count(const delib_io_audit *a)
{
    return a ? a->diagnostics.count : 0;
}

delib_status delib_io_audit_diagnostic(const delib_io_audit *a, size_t index, delib_diagnostic *out)
{
    return a && out ? edge_diagnostic_get(&a->diagnostics, index, out) : DELIB_MISUSE;
}
