/*
 * A batch whose sources are asked: one line of NDJSON per family, a demande each. Many families are under way at once
 * over one driver, so that calls leave as fast as the quotas let them; results are written in the order of the
 * families, each as soon as those before it are there, so that a kill loses the families under way and no other.
 *
 * A provider that is down stops the batch rather than turn every remaining family into « source indisponible »: what
 * is written is kept, --reprendre goes on.
 */
#include "cli/base/edge_loader.h"
#include "lot_appels.h"
#include "lot_rows.h"

#include "lang/number.h"

#include <stdlib.h>
#include <string.h>

/* Enough for twenty calls a second that each take fifteen seconds, with what waits behind the slowest. */
enum { FAMILIES = 512, ANSWERS_KEPT = 4096 };

struct family {
    struct arena arena;
    delib_io_demande *demande;
    delib_session *session;
    delib_io_job job;
    size_t output;                       /* the tariff under way */
    struct told *told;                   /* per tariff */
    struct slice *kept;
    const char *fault;                   /* French; NULL */
    uint64_t lines;                      /* of the file, blank ones before it included */
    bool done;
};

struct calls {
    struct batch_run *batch;
    struct lot *lot;
    const delib_io_api *io;
    struct lot_worker worker;            /* the block being read, the lines being written */
    delib_io_driver *driver;
    struct family *families;             /* a ring, oldest first */
    size_t first, count, under_way;
    const char *at, *end;                /* what is left of the block */
    uint64_t blank_lines;
    bool broken;                         /* a circuit is open */
};

/* ---- One family ---- */

static void close_family(struct calls *c, struct family *f)
{
    delib_session_free(f->session);
    c->io->demande_free(f->demande);
    arena_release(&f->arena);
    *f = (struct family){.done = false};
}

static const char *copy(struct family *f, const char *text)
{
    return text ? arena_copy_text(&f->arena, text, strlen(text)) : NULL;
}

static void refuse(struct family *f, const char *text)
{
    f->fault = copy(f, text);
    f->done = true;
}

static struct slice kept_text(struct family *f, const delib_value *value)
{
    struct strbuf text = strbuf_in(&f->arena);
    struct number number;
    int128 power = 1;

    switch (value->kind) {
    case DELIB_VALUE_TEXT: strbuf_text(&text, value->text); break;
    case DELIB_VALUE_BOOLEAN: strbuf_text(&text, value->boolean ? "true" : "false"); break;
    case DELIB_VALUE_NUMBER:
        for (unsigned i = 0; i < value->scale; i++)
            power *= 10;
        if (number_make(value->units, power, &number))
            strbuf_number_machine(&text, number, 0);
        break;
    case DELIB_VALUE_ABSENT: case DELIB_VALUE_LIST: case DELIB_VALUE_RECORD: case DELIB_VALUE_NOT_GRANTED: break;
    }
    return strbuf_result(&text);
}

static bool belongs_to_demande(const char *name)
{
    static const char *const KEYS[] = {"date",         "aujourd_hui", "demandeur", "conjoint",
                                       "autre_parent", "enfant",      "personnes", "entrees"};

    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        if (text_fold_equal(slice_of(name), slice_of(KEYS[i])))
            return true;
    return false;
}

static const struct lot_column *find_column(const struct lot *lot, const char *name)
{
    for (size_t i = 0; i < lot->column_count; i++)
        if (text_fold_equal(slice_of(lot->columns[i].name), slice_of(name)))
            return &lot->columns[i];
    return NULL;
}

/* The line without what is only kept or ignored: a demande. */
static void read_members(struct calls *c, struct family *f, const delib_value *root, delib_value *demande)
{
    delib_value *items = arena_array(&f->arena, delib_value, root->count + 1);
    const char **names = arena_array(&f->arena, const char *, root->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < root->count; i++) {
        const struct lot_column *column = find_column(c->lot, root->names[i]);

        if (column && column->kept)
            f->kept[column->kept_rank] = kept_text(f, &root->items[i]);
        if (column && (column->ignored || (column->kept && !belongs_to_demande(column->name))))
            continue;
        items[count] = root->items[i];
        names[count++] = root->names[i];
    }
    *demande = (delib_value){.kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = count};
}

static bool read_demande(struct calls *c, struct family *f, const delib_value *value)
{
    delib_diagnostic diagnostic;
    delib_status status = c->io->demande_from(c->lot->name, value, &f->demande);

    if (status == DELIB_OK && c->io->demande_tarif(f->demande)) {
        refuse(f, "« tarif » n'a pas sa place dans une ligne : les tarifs d'un lot sont ceux de --tarif");
        return false;
    }
    if (status == DELIB_OK)
        return true;
    if (f->demande && c->io->demande_diagnostic(f->demande, 0, &diagnostic) == DELIB_OK)
        refuse(f, diagnostic.message);
    else
        refuse(f, status_text(status));
    return false;
}

/* The demande in f->demande, or a fault. */
static void read_family(struct calls *c, struct family *f, struct slice line)
{
    delib_io_document *document = NULL;
    delib_diagnostic diagnostic;
    delib_value demande;

    if (c->io->document_read(c->lot->name, line.bytes, line.length, DELIB_IO_JSON, NULL, &document) != DELIB_OK)
        refuse(f, document && c->io->document_diagnostic(document, 0, &diagnostic) == DELIB_OK
                      ? diagnostic.message
                      : "cette ligne n'est pas un objet JSON lisible");
    else if (c->io->document_root(document)->kind != DELIB_VALUE_RECORD)
        refuse(f, "une ligne est un objet JSON : {\"nom\": valeur, …}");
    else {
        read_members(c, f, c->io->document_root(document), &demande);
        (void)read_demande(c, f, &demande);
    }
    c->io->document_free(document);
}

/* A session of its own for each tariff: answers are shared by the driver, for the same purpose only. */
static bool open_session(struct calls *c, struct family *f)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const char *date = c->io->demande_date(f->demande), *today = c->io->demande_aujourd_hui(f->demande);
    delib_diagnostic diagnostic;

    options.date = date ? date : c->lot->date;
    options.today = today ? today : c->lot->today;
    options.trace = options.record = c->lot->journal != NULL;
    delib_session_free(f->session);
    f->session = NULL;
    if (c->io->demande_at(f->demande, options.date, options.today) != DELIB_OK ||
        delib_session_new(c->lot->program, &options, &f->session) != DELIB_OK) {
        refuse(f, "les dates de cette famille ne conviennent pas");
        return false;
    }
    if (c->io->demande_apply(f->demande, f->session) == DELIB_OK)
        return true;
    refuse(f, c->io->demande_diagnostic(f->demande, 0, &diagnostic) == DELIB_OK ? diagnostic.message
                                                                               : "une réponse est refusée");
    return false;
}

/* The next tariff of a family; done when there is none. */
static void start_tariff(struct calls *c, struct family *f)
{
    if (f->output == c->lot->output_count) {
        f->done = true;
        return;
    }
    if (!open_session(c, f))
        return;
    f->job = (delib_io_job){.demande = f->demande, .session = f->session, .user = f,
                            .tariff = c->lot->outputs[f->output].tariff};
    if (c->io->start(c->driver, &f->job) == DELIB_OK)
        c->under_way++;
    else
        refuse(f, "mémoire insuffisante");
}

static const char *reference_of(const struct calls *c, struct family *f)
{
    const struct lot *lot = c->lot;
    struct slice kept = lot->reference < lot->column_count ? f->kept[lot->columns[lot->reference].kept_rank]
                                                           : (struct slice){NULL, 0};

    return kept.length ? arena_copy_text(&f->arena, kept.bytes, kept.length) : NULL;
}

static void finish_tariff(struct calls *c, struct family *f)
{
    const delib_result *r = &f->job.result;

    c->under_way--;
    if (f->job.status != DELIB_OK) {
        refuse(f, f->job.status == DELIB_INVALID ? delib_session_error(f->session) : status_text(f->job.status));
        return;
    }
    if (!lot_journal_record(c->lot, f->session, f->job.tariff, r, reference_of(c, f)))
        return;
    f->told[f->output++] = (struct told){.statut = r->statut, .units = r->units, .scale = r->scale,
                                         .text = copy(f, r->text), .reason = copy(f, r->reason)};
    start_tariff(c, f);
}

/* ---- Lines in ---- */

/* False at the end of the file. */
static bool next_line(struct calls *c, struct slice *line)
{
    for (;;) {
        const char *after;

        if (c->at == c->end) {
            if (!lot_read_block(&c->worker))
                return false;
            c->at = c->worker.in;
            c->end = c->at + c->worker.in_length;
        }
        after = memchr(c->at, '\n', (size_t)(c->end - c->at));
        after = after ? after + 1 : c->end;
        *line = csv_trim(c->at, after);
        c->at = after;
        c->lot->pending = (uint64_t)(c->end - c->at) + c->lot->carry_length;
        if (line->length)
            return true;
        c->blank_lines++;
    }
}

static void start_family(struct calls *c, struct slice line)
{
    struct family *f = &c->families[(c->first + c->count++) % FAMILIES];

    *f = (struct family){.lines = c->blank_lines + 1};
    c->blank_lines = 0;
    arena_init(&f->arena, c->lot->run->arena.allocator, 0);
    f->kept = arena_array(&f->arena, struct slice, c->lot->kept_count + 1);
    f->told = arena_array(&f->arena, struct told, c->lot->output_count);
    read_family(c, f, line);
    if (!f->done)
        start_tariff(c, f);
}

/* ---- Lines out ---- */

static bool put_family(struct calls *c, const struct family *f)
{
    struct lot_worker *w = &c->worker;

    w->rows->line[0] = w->lines + f->lines - 1;
    w->rows->record[0] = (struct slice){"", 0};
    w->rows->fault[0] = NULL;
    w->rows->kept = f->kept;
    w->rows->told = f->told;
    if (f->fault)
        lot_add_fault(w, 0, "", f->fault);
    w->lines += f->lines;
    w->counts.rows++;
    return lot_write_told(w, 0);
}

/* The families that are done, as long as none before them is under way. */
static bool write_done(struct calls *c)
{
    struct lot_worker *w = &c->worker;
    bool room = true;

    if (!c->count || !c->families[c->first].done)
        return true;
    while (room && c->count && c->families[c->first].done) {
        room = put_family(c, &c->families[c->first]);
        close_family(c, &c->families[c->first]);
        c->first = (c->first + 1) % FAMILIES;
        c->count--;
    }
    if (!room)
        c->lot->problem = "mémoire insuffisante";
    (void)(c->lot->problem || lot_journal_sync(c->lot));         /* a problem keeps the lines from being written */
    w->block = c->lot->next_written;
    w->problem = NULL;
    lot_write_block(w);
    w->out_length = w->lines = 0;
    w->counts = (struct lot_counts){.rows = 0};
    w->faults.items = NULL;
    w->faults.count = w->faults.capacity = 0;
    arena_reset(&w->arena);
    return !c->lot->problem;
}

/* ---- The whole ---- */

static void observe(void *context, const delib_io_event *event)
{
    struct calls *c = context;

    c->lot->calls += event->attempt > 0;
    if (event->code && strcmp(event->code, "circuit_ouvert") == 0)
        c->broken = true;
}

static void run(struct calls *c)
{
    struct slice line;
    bool more = true;

    do {
        delib_io_job *job;

        while (more && !c->lot->problem && c->count < FAMILIES) {
            more = next_line(c, &line);
            if (more)
                start_family(c, line);
        }
        job = c->under_way && !c->broken ? c->io->next(c->driver) : NULL;
        if (job && !c->broken)
            finish_tariff(c, job->user);
        if (!write_done(c))
            return;
    } while (c->count && !c->broken);
    if (c->broken && c->count) {
        c->lot->problem = "une source ne répond plus : le lot s'arrête plutôt que de compter les familles suivantes "
                          "comme « source indisponible »";
        c->lot->keep_partial = c->lot->partial != NULL;
    }
}

static bool open_calls(struct calls *c)
{
    delib_io_driver_options options = DELIB_IO_DRIVER_OPTIONS_INIT;

    options.observe = observe;
    options.context = c;
    options.cache_entries = ANSWERS_KEPT;
    options.patient = 1;
    c->families = calloc(FAMILIES, sizeof *c->families);
    c->worker.lot = c->lot;
    arena_init(&c->worker.arena, c->lot->run->arena.allocator, 0);
    c->worker.rows = calloc(1, sizeof *c->worker.rows);
    return c->families && c->worker.rows &&
           c->io->driver_new(c->batch->request->config, &options, &c->driver) == DELIB_OK;
}

static void close_calls(struct calls *c)
{
    c->io->driver_free(c->driver);
    for (size_t i = 0; c->families && i < c->count; i++)
        close_family(c, &c->families[(c->first + i) % FAMILIES]);
    free(c->families);
    free(c->worker.rows);
    free(c->worker.in);
    free(c->worker.out);
    arena_release(&c->worker.arena);
}

bool lot_run_calls(struct batch_run *b)
{
    struct calls c = {.batch = b, .lot = &b->lot, .io = b->lot.run->io};
    bool opened = open_calls(&c);

    if (!opened) {
        batch_fail(b, "mémoire insuffisante");
    } else if (batch_give_first_block(b, &c.worker)) {
        c.at = c.worker.in;
        c.end = c.at + c.worker.in_length;
        run(&c);
    }
    close_calls(&c);
    return opened;
}
