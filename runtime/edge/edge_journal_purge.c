/*
 * Purging: the personal part of old decisions is replaced by null, under the same fingerprints, and an entry says
 * which ones, so that the chain stays provable. The new journal is written whole beside the old one, then takes its
 * name.
 */
#include "edge_journal_handle.h"
#include "edge_journal_lines.h"
#include "edge_journal_ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct edge_purge {
    struct delib_io_journal *journal;
    const delib_io_journal_purge_options *options;
    struct date today;
    char before[11];                    /* "2026-11-23"; "": what the policy says */
    FILE *fresh;
    struct arena arena;                 /* ranges, for the whole purge */
    struct edge_ranges purged;
    uint64_t count;
};

/* ------------------------------------------------------------------ which entries */

static void edge_day_text(int32_t day, char out[11])
{
    char instant[21];
    edge_instant_text((int64_t)day * 86400, instant);
    memcpy(out, instant, 10);
    out[10] = '\0';
}

/*
 * "2026-11-23": what was recorded before that day is purged; "" when nothing is. On 31 August, « 18 mois » ago is after
 * the whole of February.
 */
static void edge_purge_limit(const struct edge_purge *purge, const char *finalite, char out[11])
{
    const struct edge_policy *policy = purge->journal->policy;
    const int64_t months = policy ? edge_policy_retention(policy, finalite) : 0;
    const int32_t elapsed = purge->today.day - 1;
    struct date month = { purge->today.year, purge->today.month, 1 };
    int32_t length;
    memcpy(out, purge->before, sizeof(purge->before));
    if (out[0] || months == 0 || !date_add_months(month, (int)-months, &month))
        return;
    length = (int32_t)date_days_in_month(month.year, month.month);
    edge_day_text(date_to_days(month) + (elapsed < length ? elapsed : length), out);
}

static bool edge_purge_takes(const struct edge_purge *purge, const struct edge_journal_entry *entry)
{
    const char *finalite = edge_member_text(entry->public, "finalité");
    const char *wanted = purge->options->finalite;
    char limit[11];
    if (!entry->personal || strcmp(entry->kind, "décision") != 0)
        return false;
    if (wanted && !text_fold_equal(slice_of(wanted), slice_of(finalite ? finalite : "sans_finalite")))
        return false;
    edge_purge_limit(purge, finalite, limit);
    return limit[0] && strncmp(entry->time, limit, 10) < 0;
}

/* ------------------------------------------------------------------ the new journal */

static int edge_purge_put(const struct edge_purge *purge, struct slice text)
{
    return fwrite(text.bytes, 1, text.length, purge->fresh) == text.length ? 0 : errno ? errno : EIO;
}

static delib_status edge_purge_line(struct edge_purge *purge, struct slice text, unsigned line)
{
    struct delib_io_journal *j = purge->journal;
    struct strbuf emptied = strbuf_in(&j->scratch);
    struct edge_journal_entry entry;
    int error;
    if (edge_journal_read_line(&j->scratch, &j->diagnostics, text, line, &entry) != EDGE_LINE_OK)
        return edge_status(&j->scratch, &j->diagnostics);
    if (edge_purge_takes(purge, &entry)) {
        if (!edge_journal_without_personal(text, &emptied))
            return DELIB_NO_MEMORY;
        text = strbuf_result(&emptied);
        edge_ranges_add(&purge->arena, &purge->purged, entry.number);
        purge->count++;
    }
    error = edge_purge_put(purge, text);
    if (!error)
        error = edge_purge_put(purge, SLICE("\n"));
    return error ? edge_journal_fail(j, "d'écrire", j->paths.fresh, error) : DELIB_OK;
}

static delib_status edge_purge_copy(struct edge_purge *purge)
{
    struct delib_io_journal *j = purge->journal;
    struct edge_lines lines = EDGE_LINES_INIT;
    delib_status status = DELIB_OK;
    int error = edge_lines_open(&lines, j->paths.journal);
    for (unsigned line = 1; status == DELIB_OK && !error; line++) {
        enum edge_line_kind kind = EDGE_LINES_END;
        struct slice text;
        error = edge_lines_next(&lines, &kind, &text);
        if (error || kind == EDGE_LINES_END)
            break;
        edge_journal_forget(j);
        status = kind == EDGE_LINES_LINE
                     ? edge_purge_line(purge, text, line)
                     : edge_journal_refuse(j, EDGE_JOURNAL_LINE, "une ligne du journal est illisible : rien "
                                                                 "n'est purgé");
    }
    edge_lines_close(&lines);
    if (error)
        return edge_journal_fail(j, "de lire", j->paths.journal, error);
    return status;
}

/* ------------------------------------------------------------------ the entry that says it */

static void edge_write_purge(delib_io_json *json, void *context)
{
    const struct edge_purge *purge = context;
    struct strbuf numbers = strbuf_in(&purge->journal->scratch);
    edge_ranges_write(&numbers, &purge->purged);
    delib_io_json_object(json, "purge");
    delib_io_json_text(json, "avant", purge->before[0] ? purge->before : NULL);
    delib_io_json_text(json, "finalité", purge->options->finalite);
    delib_io_json_integer(json, "entrées", (int64_t)purge->count);
    delib_io_json_text(json, "numéros", strbuf_string(&numbers));
    delib_io_json_end(json);
}

static delib_status edge_purge_record(struct edge_purge *purge, char hash[EDGE_HASH_TEXT])
{
    struct delib_io_journal *j = purge->journal;
    const struct edge_journal_body body = { edge_write_purge, NULL, purge, NULL };
    const char *policy = j->policy ? j->policy->hash : NULL;
    const struct edge_journal_stamp stamp = { "purge", j->number + 1, j->last, NULL, policy, edge_journal_now(j),
                                              &j->keys };
    struct slice line;
    delib_status status;
    int error;
    edge_journal_forget(j);
    status = edge_journal_line(&j->scratch, &stamp, &body, &line, hash);
    if (status != DELIB_OK)
        return status;
    if (line.length > EDGE_JOURNAL_LINE_LIMIT)
        return edge_journal_refuse(j, EDGE_JOURNAL_LINE, "trop d'entrées éparses pour une purge : purgez "
                                                         "période par période");
    error = edge_purge_put(purge, line);
    return error ? edge_journal_fail(j, "d'écrire", j->paths.fresh, error) : DELIB_OK;
}

/* ------------------------------------------------------------------ taking the place of the old one */

static delib_status edge_purge_publish(struct edge_purge *purge, const char *hash)
{
    struct delib_io_journal *j = purge->journal;
    int error = fflush(purge->fresh) != 0 || fsync(fileno(purge->fresh)) != 0 ? errno : 0;
    if (!error && rename(j->paths.fresh, j->paths.journal) != 0)
        error = errno;
    if (error)
        return edge_journal_fail(j, "d'écrire", j->paths.fresh, error);
    /* The lines that a crash cut hold what a purge is to erase. */
    unlink(j->paths.scrap);
    j->known = false;
    j->number++;
    memcpy(j->last, hash, sizeof(j->last));
    error = edge_head_write(j);
    if (!error)
        error = edge_journal_sync_folder(&j->scratch, j->paths.journal);
    return error ? edge_journal_fail(j, "d'écrire", j->paths.head, error) : DELIB_OK;
}

static delib_status edge_purge_do(struct edge_purge *purge)
{
    struct delib_io_journal *j = purge->journal;
    char hash[EDGE_HASH_TEXT];
    const int file = open(j->paths.fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    delib_status status;
    if (file < 0)
        return edge_journal_fail(j, "d'écrire", j->paths.fresh, errno);
    purge->fresh = fdopen(file, "w");
    if (!purge->fresh) {
        close(file);
        return DELIB_NO_MEMORY;
    }
    status = edge_purge_copy(purge);
    if (status == DELIB_OK && purge->arena.exhausted)
        status = DELIB_NO_MEMORY;
    if (status == DELIB_OK && purge->count > 0)
        status = edge_purge_record(purge, hash);
    if (status == DELIB_OK && purge->count > 0)
        status = edge_purge_publish(purge, hash);
    fclose(purge->fresh);
    if (status != DELIB_OK || purge->count == 0)
        unlink(j->paths.fresh);
    return status;
}

static bool edge_purge_dates(struct edge_purge *purge)
{
    const char *before = purge->options->before, *today = purge->options->today;
    struct date date;
    if (before && !date_parse(slice_of(before), &date))
        return false;
    if (before)
        edge_day_text(date_to_days(date), purge->before);
    if (today)
        return date_parse(slice_of(today), &purge->today);
    purge->today = date_from_days((int32_t)(edge_journal_now(purge->journal) / 86400));
    return true;
}

delib_status delib_io_journal_purge(delib_io_journal *j, const delib_io_journal_purge_options *options,
                                    uint64_t *purged)
{
    delib_io_journal_purge_options o = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    struct edge_purge purge = { .journal = j, .options = &o };
    delib_status status;
    if (!j || !purged)
        return DELIB_MISUSE;
    *purged = 0;
    if (options && !options_read(&o, sizeof(o), options))
        return DELIB_MISUSE;
    edge_journal_forget(j);
    if (!edge_purge_dates(&purge))
        return DELIB_MISUSE;
    if (!o.before && (!j->policy || j->policy->retentions.count == 0)) {
        edge_report(&j->diagnostics, EDGE_JOURNAL_POLICY, (struct edge_place){ 0, 0 },
                    "écrivez-y « conservation: { par_defaut: 5 ans } », ou donnez une date : --avant 2021-01-01",
                    "aucune politique ne dit combien de temps les décisions sont gardées");
        return edge_status(&j->scratch, &j->diagnostics);
    }
    arena_init(&purge.arena, edge_allocator(), 0);
    status = edge_journal_begin(j);
    if (status == DELIB_OK) {
        status = edge_purge_do(&purge);
        edge_journal_end(j);
    }
    arena_release(&purge.arena);
    if (status == DELIB_OK)
        *purged = purge.count;
    return status;
}
