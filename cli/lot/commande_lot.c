/*
 * A batch from its options to its last line: which tariffs it makes, what its results are called, threads, and what
 * is said at the end.
 */
#include "commande_lot.h"
#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"
#include "lot_appels.h"

#include "lang/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

const char *const lot_decimal_choices[] = { "virgule", "point", NULL };

/* ---- Options ---- */

static bool read_options(struct batch_run *b)
{
    const struct lot_request *r = b->request;
    long processors = sysconf(_SC_NPROCESSORS_ONLN), threads = processors > 0 ? processors : 1;
    char *end = NULL;

    if (!r->output)
        return batch_fail(b, "--lot demande --sortie S, le fichier des résultats (« - » : sortie standard)");
    if (r->threads) {
        errno = 0;
        threads = strtol(r->threads, &end, 10);
        if (errno || end == r->threads || *end || threads < 1 || threads > THREADS_MAX)
            return batch_fail(b, "« --fils %s » : un nombre de 1 à %d est attendu", r->threads, THREADS_MAX);
    }
    b->threads = (size_t)(threads > THREADS_MAX ? THREADS_MAX : threads);
    b->lot.today = clock_today(&b->lot.run->arena);
    b->lot.date = r->date ? date_to_iso(&b->lot.run->arena, r->date) : b->lot.today;
    if (!b->lot.date)
        return batch_fail(b, "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou « 1er septembre 2026 »",
                          r->date);
    b->lot.amounts_only = r->amounts_only;
    return true;
}

static bool open_program(struct batch_run *b)
{
    if (programme_open(b->lot.run, b->request->program, &b->programme)) {
        b->lot.program = b->programme.program;
        return true;
    }
    programme_report(b->lot.run, &b->programme);
    return false;
}

/* ---- Tariffs ---- */

static const delib_tariff *find_tariffs(struct batch_run *b, size_t *count)
{
    const struct option_values *names = b->request->tariffs;
    size_t all = delib_program_tariff_count(b->lot.program);
    bool choice = delib_program_tariff(b->lot.program, NULL) == (delib_tariff)all;
    delib_tariff *tariffs = arena_array(&b->lot.run->arena, delib_tariff, all + names->count + 1);

    *count = names->count ? names->count : choice ? 1 : all;
    for (size_t i = 0; i < *count; i++) {
        tariffs[i] = names->count ? programme_tariff(b->lot.run, b->lot.program, names->items[i], &b->problem)
                     : choice     ? (delib_tariff)all
                                  : (delib_tariff)i;
        if (tariffs[i] == DELIB_NO_TARIFF)
            return NULL;
    }
    return tariffs;
}

static void read_members(struct batch_run *b, size_t output, struct lot_output *o)
{
    while (delib_batch_member(b->batch, output, (int64_t)o->member_count))
        o->member_count++;
    o->members = arena_array(&b->lot.run->arena, const char *, o->member_count);
    for (size_t i = 0; i < o->member_count; i++) {
        const char *name = delib_batch_member(b->batch, output, (int64_t)i);

        o->members[i] = name ? arena_copy_text(&b->lot.run->arena, name, strlen(name)) : "";
    }
}

static bool find_outputs(struct batch_run *b)
{
    struct lot *lot = &b->lot;

    lot->output_count = delib_batch_output_count(b->batch);
    lot->outputs = arena_array(&lot->run->arena, struct lot_output, lot->output_count);
    for (size_t i = 0; i < lot->output_count; i++) {
        struct lot_output *o = &lot->outputs[i];

        (void)delib_batch_describe_output(b->batch, i, &o->described);
        o->tariff = o->described.tariff;
        o->name = delib_program_tariff_name(lot->program, o->tariff);
        o->name = o->name ? o->name : "tarif";
        o->least = strncmp(o->described.unit, "€", sizeof "€" - 1) == 0 ? 2 : 0;
        if (o->described.kind == DELIB_COLUMN_MEMBER)
            read_members(b, i, o);
    }
    return true;
}

/* ---- Results ---- */

static struct slice result_header(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct strbuf text = strbuf_in(&lot->run->arena);
    static const char *const SUFFIXES[] = {"", "_statut", "_motif"};
    size_t cells = 0;

    for (size_t i = 0; i < lot->column_count; i++)
        if (lot->columns[i].kept) {
            char *cell = arena_alloc(&lot->run->arena, 2 * strlen(lot->columns[i].name) + 2, 1);

            strbuf_bytes(&text, cell,
                         (size_t)(csv_put(cell, slice_of(lot->columns[i].name), lot->separator) - cell));
            strbuf_char(&text, lot->separator);
        }
    for (size_t i = 0; i < lot->output_count; i++)
        for (size_t k = 0; k < (lot->amounts_only ? 1u : 3u); k++) {
            if (cells++)
                strbuf_char(&text, lot->separator);
            strbuf_format(&text, "%s%s", lot->outputs[i].name, SUFFIXES[k]);
        }
    strbuf_char(&text, '\n');
    return strbuf_result(&text);
}

static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t h = 0xCBF29CE484222325u;

    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    return h;
}

/* What the results depend on: the act, the file, the columns, the date. */
static const char *fingerprint(struct batch_run *b, struct slice header)
{
    struct strbuf text = strbuf_in(&b->lot.run->arena);
    struct stat status;

    if (fstat(b->lot.in, &status) != 0)
        memset(&status, 0, sizeof status);
    strbuf_format(&text, "delib %s\nacte %lld\nentrée %s %lld %lld\ndate %s %s\ndécimale %c\nsources %s\n%.*s",
                  delib_version(), (long long)hash_bytes(b->programme.file.bytes, b->programme.file.length),
                  b->lot.name, (long long)status.st_size, (long long)status.st_mtime, b->lot.date, b->lot.today,
                  b->lot.decimal, b->request->sources ? b->request->sources : "aucune", SLICE_ARG(header));
    return strbuf_string(&text);
}

static bool open_output(struct batch_run *b)
{
    struct slice header = result_header(b);

    return lot_open_output(&b->lot, b->request->output, b->request->program, b->request->resume, header,
                           fingerprint(b, header), &b->problem);
}

/* ---- Threads ---- */

static void *work(void *context)
{
    struct lot_worker *w = context;

    do {
        if (!lot_compute_block(w) && !w->problem)
            w->problem = "mémoire insuffisante";
        (void)(w->lot->problem || lot_journal_sync(w->lot));     /* a problem keeps the block from being written */
        lot_write_block(w);
    } while (lot_read_block(w));
    return NULL;
}

static void *start_work(void *context)
{
    struct lot_worker *w = context;

    return lot_read_block(w) ? work(w) : NULL;
}

static bool run_threads(struct batch_run *b)
{
    struct lot_worker *workers = calloc(b->threads, sizeof *workers);
    pthread_t threads[THREADS_MAX];
    size_t opened = 0, started = 1;
    bool ready = workers != NULL;

    while (ready && opened < b->threads)
        ready = lot_worker_open(&b->lot, &workers[opened++]);
    if (!ready) {
        batch_fail(b, "mémoire insuffisante");
    } else if (batch_give_first_block(b, &workers[0])) {
        while (started < b->threads && pthread_create(&threads[started], NULL, start_work, &workers[started]) == 0)
            started++;
        work(&workers[0]);
        for (size_t i = 1; i < started; i++)
            pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < opened; i++)
        lot_worker_close(&workers[i]);
    free(workers);
    return ready;
}

/* ---- What is said at the end ---- */

static void count_text(struct strbuf *text, uint64_t count, const char *one, const char *many)
{
    strbuf_number(text, number_of((int128)count), 0);
    strbuf_format(text, " %s", count > 1 ? many : one);
}

static void tell_counts(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct strbuf text = strbuf_in(&lot->run->arena);
    double spent = lot_clock() - lot->started;

    if (lot->shown > LOT_SHOWN)
        terminal_hint(&lot->run->terminal, "… et %zu autres lignes en erreur", (size_t)(lot->shown - LOT_SHOWN));
    count_text(&text, lot->counts.rows, "famille", "familles");
    strbuf_format(&text, " en %lld,%d s", (long long)spent, (int)(spent * 10) % 10);
    if (b->request->config) {
        strbuf_text(&text, " ; ");
        count_text(&text, lot->calls, "appel", "appels");
    }
    for (size_t i = 0; i < LOT_STATUTS; i++)
        if (lot->counts.results[i]) {
            strbuf_text(&text, " ; ");
            strbuf_number(&text, number_of((int128)lot->counts.results[i]), 0);
            strbuf_format(&text, " « %s »", delib_statut_text((delib_statut)i));
        }
    if (lot->counts.results[LOT_ERROR]) {
        strbuf_text(&text, " ; ");
        count_text(&text, lot->counts.results[LOT_ERROR], "ligne en erreur", "lignes en erreur");
    }
    terminal_hint(&lot->run->terminal, "%s", strbuf_string(&text));
}

/* Lines are demandes: their members are read one family at a time, not as columns. */
static bool prepare_calls(struct batch_run *b, const delib_tariff *tariffs, size_t count)
{
    bool *marked = arena_array(&b->lot.run->arena, bool, b->lot.column_count);
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;

    options.date = b->lot.date;
    options.today = b->lot.today;
    options.tariffs = tariffs;
    options.tariff_count = count;
    if (!b->lot.json)
        return batch_fail(b, "%s : un lot dont les sources sont interrogées est en NDJSON, une demande par ligne",
                          b->lot.name);
    if (b->request->threads)
        return batch_fail(
            b, "--fils ne va pas avec --api : un seul fil tient tous les appels, que le quota seul limite");
    if (!marked || delib_batch_new(b->lot.program, &options, NULL, &b->batch) != DELIB_OK)
        return batch_fail(b, "mémoire insuffisante");
    return batch_mark_columns(b, marked) && find_outputs(b);
}

static bool prepare(struct batch_run *b)
{
    const delib_tariff *tariffs;
    size_t count;

    if (!open_program(b) || !lot_open_input(&b->lot, b->request->input, &b->problem) || !batch_read_header(b))
        return false;
    tariffs = find_tariffs(b, &count);
    if (b->request->config)
        return tariffs && prepare_calls(b, tariffs, count) && batch_open_journal(b) && open_output(b);
    if (!tariffs || !batch_find_inputs(b, tariffs, count) || !batch_check_columns(b) || !find_outputs(b))
        return false;
    batch_tell_dialect(b);
    if (b->lot.json && !edge_load(b->lot.run))
        return false;
    return batch_open_journal(b) && open_output(b);
}

static enum exit_code finish(struct batch_run *b, bool ready)
{
    const char *problem = b->problem;

    lot_progress(&b->lot, true);
    if (ready && !lot_close_output(&b->lot, &problem) && !b->problem)
        b->problem = problem;
    if (b->problem)
        terminal_error(&b->lot.run->terminal, "%s", b->problem);
    if (b->problem && b->lot.keep_partial)
        terminal_hint(&b->lot.run->terminal,
                      "ce qui est calculé est gardé : la même commande avec --reprendre continue");
    if (ready && !b->problem && !b->request->quiet)
        tell_counts(b);
    if (!ready || b->problem || b->lot.counts.results[LOT_ERROR])
        return EXIT_FAULT;
    return b->request->config && b->lot.counts.results[DELIB_SOURCE_INDISPONIBLE] ? EXIT_SOURCE : EXIT_RESULT;
}

enum exit_code lot_execute(struct run *run, const struct lot_request *request)
{
    struct batch_run b = {.request = request, .lot = {.run = run, .in = -1, .out = -1}};
    enum exit_code code;
    bool ready;

    if (!read_options(&b)) {
        terminal_error(&run->terminal, "%s", b.problem);
        return EXIT_USAGE;
    }
    pthread_mutex_init(&b.lot.lock, NULL);
    pthread_cond_init(&b.lot.turn, NULL);
    b.lot.started = lot_clock();
    ready = prepare(&b) && (request->config ? lot_run_calls(&b) : run_threads(&b));
    code = finish(&b, ready);
    delib_batch_free(b.batch);
    if (b.lot.journal)
        run->io->journal_free(b.lot.journal);
    programme_close(&b.programme);
    free(b.first.in);
    free(b.lot.carry);
    if (b.lot.in > STDIN_FILENO)
        close(b.lot.in);
    pthread_cond_destroy(&b.lot.turn);
    pthread_mutex_destroy(&b.lot.lock);
    return code;
}
