/*
 * A batch from its options to its last line: what the columns of the file are, which tariffs they make, threads, and
 * what is said at the end.
 */
#include "commande_lot.h"
#include "edge_loader.h"
#include "horloge.h"
#include "lot.h"

#include "lang/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = 64, SAMPLE = 1000 };

struct batch_run {
    const struct lot_request *request;
    struct programme programme;
    struct lot lot;
    struct lot_worker first; /* holds the first block until the threads start */
    delib_batch *batch;      /* for the description of columns and tariffs */
    size_t threads;
    const char *problem; /* French */
};

static bool fail(struct batch_run *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct batch_run *b, const char *format, ...)
{
    struct strbuf text = strbuf_in(&b->lot.run->arena);
    va_list args;

    va_start(args, format);
    strbuf_vformat(&text, format, args);
    va_end(args);
    b->problem = text.bytes ? text.bytes : "mémoire insuffisante";
    return false;
}

/* ---- Options ---- */

static bool read_options(struct batch_run *b)
{
    const struct lot_request *r = b->request;
    long processors = sysconf(_SC_NPROCESSORS_ONLN), threads = processors > 0 ? processors : 1;
    char *end = NULL;

    if (!r->output)
        return fail(b, "--lot demande --sortie S, le fichier des résultats (« - » : sortie standard)");
    if (r->threads) {
        errno = 0;
        threads = strtol(r->threads, &end, 10);
        if (errno || end == r->threads || *end || threads < 1 || threads > THREADS_MAX)
            return fail(b, "« --fils %s » : un nombre de 1 à %d est attendu", r->threads, THREADS_MAX);
    }
    b->threads = (size_t)(threads > THREADS_MAX ? THREADS_MAX : threads);
    b->lot.today = clock_today(&b->lot.run->arena);
    b->lot.date = r->date ? date_to_iso(&b->lot.run->arena, r->date) : b->lot.today;
    if (!b->lot.date)
        return fail(b, "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou « 1er septembre 2026 »",
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

/* ---- The header ---- */

static bool at_fault(struct batch_run *b, const char *start, const char *at, const char *text)
{
    struct slice before = {start, (size_t)(at - start)};

    return fail(b, "%s:1:%zu : %s", b->lot.name, utf8_count(before) + 1, text);
}

static char find_separator(struct slice header)
{
    size_t semicolons = 0, commas = 0;
    bool inside = false;

    for (size_t i = 0; i < header.length; i++) {
        inside ^= header.bytes[i] == '"';
        semicolons += !inside && header.bytes[i] == ';';
        commas += !inside && header.bytes[i] == ',';
    }
    return semicolons > commas ? ';' : ',';
}

static bool add_column(struct batch_run *b, const char *name)
{
    struct lot *lot = &b->lot;

    for (size_t i = 0; i < lot->column_count; i++)
        if (text_fold_equal(slice_of(lot->columns[i].name), slice_of(name)))
            return fail(b, "%s:1 : la colonne « %s » est donnée deux fois", lot->name, name);
    lot->columns[lot->column_count++] =
        (struct lot_column){.name = name, .name_length = strlen(name), .input = LOT_NO_INPUT};
    return true;
}

static bool read_csv_header(struct batch_run *b, struct slice header)
{
    struct csv_cell *cells = arena_array(&b->lot.run->arena, struct csv_cell, LOT_COLUMNS);
    const char *at;
    size_t count;
    enum csv_fault fault;

    if (!cells)
        return fail(b, "mémoire insuffisante");
    b->lot.separator = find_separator(header);
    fault = csv_split(header, b->lot.separator, cells, LOT_COLUMNS, &count, &at);
    if (fault == CSV_TOO_MANY)
        return fail(b, "%s:1 : %zu colonnes, la limite est de %d", b->lot.name, count, LOT_COLUMNS);
    if (fault != CSV_OK)
        return at_fault(b, header.bytes, at, "un guillemet n'est pas à sa place dans l'en-tête");
    for (size_t i = 0; i < count; i++) {
        char *name = arena_alloc(&b->lot.run->arena, cells[i].text.length + 1, 1);

        if (!name)
            return fail(b, "mémoire insuffisante");
        if (csv_unquote(&cells[i], name) == 0)
            return at_fault(b, header.bytes, cells[i].raw.bytes, "cette colonne n'a pas de nom");
        if (!add_column(b, name))
            return false;
    }
    return true;
}

static bool read_json_header(struct batch_run *b, struct slice line)
{
    const char **names = arena_array(&b->lot.run->arena, const char *, LOT_COLUMNS);
    const char *at, *problem;
    size_t count = 0;

    if (!names)
        return fail(b, "mémoire insuffisante");
    b->lot.separator = ',';
    b->lot.decimal = '.';
    problem = lot_json_names(&b->lot.run->arena, line, names, LOT_COLUMNS, &count, &at);
    if (problem)
        return at_fault(b, line.bytes, at, problem);
    for (size_t i = 0; i < count; i++)
        if (!add_column(b, names[i]))
            return false;
    return true;
}

static void drop(struct lot_worker *w, size_t bytes)
{
    memmove(w->in, w->in + bytes, w->in_length - bytes);
    w->in_length -= bytes;
}

/* The first block, without its byte order mark and its header. */
static bool read_header(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct lot_worker *w = &b->first;
    struct slice header;
    const char *next;
    size_t bad;

    w->lot = lot;
    lot->columns = arena_array(&lot->run->arena, struct lot_column, LOT_COLUMNS);
    if (!lot->columns)
        return fail(b, "mémoire insuffisante");
    if (!lot_read_block(w) || w->in_length == 0)
        return fail(b, "%s",
                    lot->problem ? lot->problem : "ce fichier est vide : un en-tête et des familles sont attendus");
    if (w->in_length >= 3 && memcmp(w->in, "\xEF\xBB\xBF", 3) == 0)
        drop(w, 3);
    while (w->in_length && (w->in[0] == '\n' || w->in[0] == '\r')) {
        lot->line += w->in[0] == '\n';
        drop(w, 1);
    }
    if (w->in_length == 0)
        return fail(b, "%s:1 : ce fichier est vide : un en-tête et des familles sont attendus", lot->name);
    lot->json = w->in[0] == '{';
    next = csv_next(w->in, w->in + w->in_length);
    header = csv_trim(w->in, next);
    bad = utf8_validate(header.bytes, header.length);
    if (bad < header.length)
        return at_fault(b, header.bytes, header.bytes + bad,
                        "un octet n'est pas de l'UTF-8 : enregistrez le fichier en UTF-8");
    lot->line++;
    if (lot->json) {
        next = memchr(w->in, '\n', w->in_length);
        return read_json_header(b, csv_trim(w->in, next + 1));
    }
    if (!read_csv_header(b, header))
        return false;
    for (const char *c = w->in; c < next; c++)
        lot->line += *c == '\n';
    drop(w, (size_t)(next - w->in));
    if (w->in_length == 0 && lot->end && lot->carry_length == 0)
        return fail(b, "%s:1 : ce fichier n'a que son en-tête, aucune famille à calculer", lot->name);
    return true;
}

/* ---- Columns ---- */

/* The column named by an option; NULL after a message. */
static struct lot_column *find_column(struct batch_run *b, struct slice name, const char *option)
{
    const char **names = arena_array(&b->lot.run->arena, const char *, b->lot.column_count);
    const char *nearest;

    for (size_t i = 0; i < b->lot.column_count; i++) {
        if (text_fold_equal(slice_of(b->lot.columns[i].name), name))
            return &b->lot.columns[i];
        if (names)
            names[i] = b->lot.columns[i].name;
    }
    nearest = names ? nearest_name(name, names, b->lot.column_count) : NULL;
    if (nearest)
        fail(b, "--%s : le fichier n'a pas de colonne « %.*s » ; vouliez-vous dire « %s » ?", option, SLICE_ARG(name),
             nearest);
    else
        fail(b, "--%s : le fichier n'a pas de colonne « %.*s »", option, SLICE_ARG(name));
    return NULL;
}

static bool mark_columns(struct batch_run *b, const struct option_values *lists, const char *option, bool *marked,
                         bool kept)
{
    for (size_t i = 0; i < lists->count; i++)
        for (const char *p = lists->items[i]; *p;) {
            size_t length = strcspn(p, ",");
            struct lot_column *c = find_column(b, (struct slice){p, length}, option);

            if (!c)
                return false;
            c->kept |= kept;
            b->lot.kept_count += kept;
            marked[c - b->lot.columns] = true;
            p += length + (p[length] == ',');
        }
    return true;
}

static bool is_date(const char *name)
{
    return text_fold_equal(slice_of(name), SLICE("date")) || text_fold_equal(slice_of(name), SLICE("aujourd_hui"));
}

/* Which columns are data of the act: the library says, name by name, those that it does not know. */
static bool find_inputs(struct batch_run *b, const delib_tariff *tariffs, size_t count)
{
    struct lot *lot = &b->lot;
    size_t *columns = arena_array(&lot->run->arena, size_t, lot->column_count), bad;
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_status status;

    lot->inputs = arena_array(&lot->run->arena, const char *, lot->column_count);
    if (!columns || !lot->inputs)
        return fail(b, "mémoire insuffisante");
    for (size_t i = 0; i < lot->column_count; i++) {
        columns[i] = i;
        lot->inputs[i] = lot->columns[i].name;
    }
    lot->input_count = lot->column_count;
    options.date = lot->date;
    options.today = lot->today;
    options.inputs = lot->inputs;
    options.tariffs = tariffs;
    options.tariff_count = count;
    options.defer = 1;
    for (;;) {
        options.input_count = lot->input_count;
        status = delib_batch_new(lot->program, &options, &bad, &b->batch);
        if (status != DELIB_INVALID || bad >= lot->input_count)
            break;
        lot->input_count--;
        memmove(columns + bad, columns + bad + 1, (lot->input_count - bad) * sizeof *columns);
        memmove(lot->inputs + bad, lot->inputs + bad + 1, (lot->input_count - bad) * sizeof *lot->inputs);
    }
    for (size_t i = 0; status == DELIB_OK && i < lot->input_count; i++) {
        lot->columns[columns[i]].input = i;
        (void)delib_batch_describe_input(b->batch, i, &lot->columns[columns[i]].described);
    }
    return status == DELIB_OK || fail(b, "%s", status_text(status));
}

/* Every column must be of use, and every datum that a tariff needs must be there. */
static bool check_columns(struct batch_run *b, const bool *marked)
{
    struct lot *lot = &b->lot;
    struct strbuf missing = strbuf_in(&lot->run->arena);
    size_t count = 0;

    for (size_t i = 0; i < lot->column_count; i++) {
        struct lot_column *c = &lot->columns[i];

        c->date = c->input == LOT_NO_INPUT && !marked[i] && is_date(c->name);
        lot->date_column |= c->date;
        if (c->input == LOT_NO_INPUT && !c->date && !marked[i])
            return fail(
                b,
                "%s:1 : cet acte ne demande aucune donnée « %s » : retirez la colonne, ou ajoutez --garder %s "
                "ou --ignorer %s",
                lot->name, c->name, c->name, c->name);
    }
    for (const char *name; (name = delib_batch_missing(b->batch, count)) != NULL; count++)
        strbuf_format(&missing, "%s« %s »", count ? ", " : "", name);
    if (count)
        return fail(b, "%s:1 : il manque %s %s", lot->name, count > 1 ? "les colonnes" : "la colonne",
                    missing.bytes ? missing.bytes : "");
    return true;
}

/* ---- Tariffs ---- */

static const delib_tariff *find_tariffs(struct batch_run *b, size_t *count)
{
    const struct option_values *names = b->request->tariffs;
    size_t all = delib_program_tariff_count(b->lot.program);
    bool choice = delib_program_tariff(b->lot.program, NULL) == (delib_tariff)all;
    delib_tariff *tariffs = arena_array(&b->lot.run->arena, delib_tariff, all + names->count + 1);

    *count = names->count ? names->count : choice ? 1 : all;
    for (size_t i = 0; tariffs && i < *count; i++) {
        tariffs[i] = names->count ? programme_tariff(b->lot.run, b->lot.program, names->items[i], &b->problem)
                     : choice     ? (delib_tariff)all
                                  : (delib_tariff)i;
        if (tariffs[i] == DELIB_NO_TARIFF)
            return NULL;
    }
    if (!tariffs)
        fail(b, "mémoire insuffisante");
    return tariffs;
}

static void read_members(struct batch_run *b, size_t output, struct lot_output *o)
{
    const char *name;

    while ((name = delib_batch_member(b->batch, output, (int64_t)o->member_count)) != NULL)
        o->member_count++;
    o->members = arena_array(&b->lot.run->arena, const char *, o->member_count);
    for (size_t i = 0; o->members && i < o->member_count; i++) {
        name = delib_batch_member(b->batch, output, (int64_t)i);
        o->members[i] = arena_copy_text(&b->lot.run->arena, name, strlen(name));
    }
}

static bool find_outputs(struct batch_run *b)
{
    struct lot *lot = &b->lot;

    lot->output_count = delib_batch_output_count(b->batch);
    lot->outputs = arena_array(&lot->run->arena, struct lot_output, lot->output_count);
    if (!lot->outputs)
        return fail(b, "mémoire insuffisante");
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

/* ---- Decimals ---- */

/* In the cells of numbers of the first rows. */
static void find_decimal(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct csv_cell *cells = arena_array(&lot->run->arena, struct csv_cell, LOT_COLUMNS);
    const char *p = b->first.in, *end = p + b->first.in_length, *at;
    size_t commas = 0, points = 0, count, row = 0;

    for (const char *next; cells && p < end && row < SAMPLE; p = next, row++) {
        next = csv_next(p, end);
        if (csv_split(csv_trim(p, next), lot->separator, cells, LOT_COLUMNS, &count, &at) != CSV_OK)
            continue;
        for (size_t i = 0; i < count && i < lot->column_count; i++)
            if (lot->columns[i].input != LOT_NO_INPUT && lot->columns[i].described.kind == DELIB_COLUMN_NUMBER) {
                commas += cells[i].text.length && memchr(cells[i].text.bytes, ',', cells[i].text.length) != NULL;
                points += cells[i].text.length && memchr(cells[i].text.bytes, '.', cells[i].text.length) != NULL;
            }
    }
    lot->decimal = commas > points || (commas == points && lot->separator == ';') ? ',' : '.';
}

static void tell_dialect(struct batch_run *b)
{
    struct lot *lot = &b->lot;

    if (lot->json)
        return;
    if (b->request->decimal == LOT_DECIMAL_DETECTED)
        find_decimal(b);
    else
        lot->decimal = b->request->decimal == LOT_DECIMAL_COMMA ? ',' : '.';
    terminal_hint(&lot->run->terminal, "%s : séparateur « %c », %s", lot->name, lot->separator,
                  lot->decimal == ',' ? "virgule décimale" : "point décimal");
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

            if (cell)
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
    strbuf_format(&text, "delib %s\nacte %lld\nentrée %s %lld %lld\ndate %s %s\ndécimale %c\n%.*s", delib_version(),
                  (long long)hash_bytes(b->programme.file.bytes, b->programme.file.length), b->lot.name,
                  (long long)status.st_size, (long long)status.st_mtime, b->lot.date, b->lot.today, b->lot.decimal,
                  SLICE_ARG(header));
    return text.bytes ? text.bytes : "";
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
        lot_write_block(w);
    } while (lot_read_block(w));
    return NULL;
}

static void *start_work(void *context)
{
    struct lot_worker *w = context;

    return lot_read_block(w) ? work(w) : NULL;
}

/* The first worker takes the block that the header came from. */
static bool give_first_block(struct batch_run *b, struct lot_worker *w)
{
    struct lot_worker *first = &b->first;

    w->in = first->in;
    w->in_length = first->in_length;
    w->in_capacity = first->in_capacity;
    w->block = first->block;
    w->problem = first->problem;
    first->in = NULL;
    while (b->lot.skip || w->in_length == 0) {
        if (w->in_length && lot_skip(w))
            continue;
        b->lot.next_written = b->lot.next_block;
        if (!lot_read_block(w))
            return false;
    }
    return true;
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
        fail(b, "mémoire insuffisante");
    } else if (give_first_block(b, &workers[0])) {
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
    terminal_hint(&lot->run->terminal, "%s", text.bytes ? text.bytes : "");
}

static bool prepare(struct batch_run *b)
{
    bool *marked = arena_array(&b->lot.run->arena, bool, LOT_COLUMNS);
    const delib_tariff *tariffs;
    size_t count;

    if (!open_program(b) || !lot_open_input(&b->lot, b->request->input, &b->problem) || !read_header(b))
        return false;
    tariffs = find_tariffs(b, &count);
    if (!tariffs || !marked || !find_inputs(b, tariffs, count))
        return false;
    if (!mark_columns(b, b->request->kept, "garder", marked, true) ||
        !mark_columns(b, b->request->ignored, "ignorer", marked, false))
        return false;
    if (!check_columns(b, marked) || !find_outputs(b))
        return false;
    tell_dialect(b);
    if (b->lot.json && !edge_load(b->lot.run))
        return false;
    return open_output(b);
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
    if (ready && !b->problem)
        tell_counts(b);
    return ready && !b->problem && !b->lot.counts.results[LOT_ERROR] ? EXIT_RESULT : EXIT_FAULT;
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
    ready = prepare(&b) && run_threads(&b);
    code = finish(&b, ready);
    delib_batch_free(b.batch);
    programme_close(&b.programme);
    free(b.first.in);
    free(b.lot.carry);
    if (b.lot.in > STDIN_FILENO)
        close(b.lot.in);
    pthread_cond_destroy(&b.lot.turn);
    pthread_mutex_destroy(&b.lot.lock);
    return code;
}
