/*
 * The first record of a batch: separator, names of the columns, which of them are data of the act, and the decimal
 * mark of the rows below.
 */
#include "lot_entete.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 1000 };

bool batch_fail(struct batch_run *b, const char *format, ...)
{
    struct strbuf text = strbuf_in(&b->lot.run->arena);
    va_list args;

    va_start(args, format);
    strbuf_vformat(&text, format, args);
    va_end(args);
    b->problem = strbuf_string(&text);
    return false;
}

/* ---- The header ---- */

static bool at_fault(struct batch_run *b, const char *start, const char *at, const char *text)
{
    struct slice before = {start, (size_t)(at - start)};

    return batch_fail(b, "%s:1:%zu : %s", b->lot.name, utf8_count(before) + 1, text);
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
            return batch_fail(b, "%s:1 : la colonne « %s » est donnée deux fois", lot->name, name);
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

    b->lot.separator = find_separator(header);
    fault = csv_split(header, b->lot.separator, cells, LOT_COLUMNS, &count, &at);
    if (fault == CSV_TOO_MANY)
        return batch_fail(b, "%s:1 : %zu colonnes, la limite est de %d", b->lot.name, count, LOT_COLUMNS);
    if (fault != CSV_OK)
        return at_fault(b, header.bytes, at, "un guillemet n'est pas à sa place dans l'en-tête");
    for (size_t i = 0; i < count; i++) {
        char *name = arena_alloc(&b->lot.run->arena, cells[i].text.length + 1, 1);

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
bool batch_read_header(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct lot_worker *w = &b->first;
    struct slice header;
    const char *next;
    size_t bad;

    w->lot = lot;
    lot->columns = arena_array(&lot->run->arena, struct lot_column, LOT_COLUMNS);
    if (!lot_read_block(w) || w->in_length == 0)
        return batch_fail(b, "%s%s", lot->problem ? "" : lot->name,
                          lot->problem ? lot->problem
                                       : ":1 : ce fichier est vide : un en-tête et des familles sont attendus");
    if (w->in_length >= 3 && memcmp(w->in, "\xEF\xBB\xBF", 3) == 0)
        drop(w, 3);
    while (w->in_length && (w->in[0] == '\n' || w->in[0] == '\r')) {
        lot->line += w->in[0] == '\n';
        drop(w, 1);
    }
    if (w->in_length == 0)
        return batch_fail(b, "%s:1 : ce fichier est vide : un en-tête et des familles sont attendus", lot->name);
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
        return batch_fail(b, "%s:1 : ce fichier n'a que son en-tête, aucune famille à calculer", lot->name);
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
        names[i] = b->lot.columns[i].name;
    }
    nearest = names ? nearest_name(name, names, b->lot.column_count) : NULL;
    if (nearest)
        batch_fail(b, "--%s : le fichier n'a pas de colonne « %.*s » ; vouliez-vous dire « %s » ?", option,
                   SLICE_ARG(name), nearest);
    else
        batch_fail(b, "--%s : le fichier n'a pas de colonne « %.*s »", option, SLICE_ARG(name));
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
            c->ignored |= !kept;
            b->lot.kept_count += kept;
            marked[c - b->lot.columns] = true;
            p += length + (p[length] == ',');
        }
    return true;
}

bool batch_mark_columns(struct batch_run *b, bool *marked)
{
    size_t rank = 0;

    if (!mark_columns(b, b->request->kept, "garder", marked, true) ||
        !mark_columns(b, b->request->ignored, "ignorer", marked, false))
        return false;
    for (size_t i = 0; i < b->lot.column_count; i++)
        if (b->lot.columns[i].kept)
            b->lot.columns[i].kept_rank = rank++;
    return true;
}

static bool is_date(const char *name)
{
    return text_fold_equal(slice_of(name), SLICE("date")) || text_fold_equal(slice_of(name), SLICE("aujourd_hui"));
}

/* Which columns are data of the act: the library says, name by name, those that it does not know. */
bool batch_find_inputs(struct batch_run *b, const delib_tariff *tariffs, size_t count)
{
    struct lot *lot = &b->lot;
    size_t *columns = arena_array(&lot->run->arena, size_t, lot->column_count), bad;
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_status status;

    lot->inputs = arena_array(&lot->run->arena, const char *, lot->column_count);
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
    return status == DELIB_OK || batch_fail(b, "%s", status_text(status));
}

static bool is_known_elsewhere(const struct batch_run *b, const char *name)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch *batch = NULL;
    size_t bad = 0;
    delib_status status;

    if (!b->request->other)
        return false;
    options.date = b->lot.date;
    options.today = b->lot.today;
    options.inputs = &name;
    options.input_count = 1;
    options.defer = 1;
    status = delib_batch_new((delib_program *)b->request->other, &options, &bad, &batch);
    delib_batch_free(batch);
    return status == DELIB_OK;
}

bool batch_check_columns(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    struct strbuf missing = strbuf_in(&lot->run->arena);
    bool marked[LOT_COLUMNS] = {false};
    size_t count = 0;

    if (!batch_mark_columns(b, marked))
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        struct lot_column *c = &lot->columns[i];

        c->date = c->input == LOT_NO_INPUT && !marked[i] && is_date(c->name);
        lot->date_column |= c->date;
        if (c->input == LOT_NO_INPUT && !c->date && !marked[i] && !is_known_elsewhere(b, c->name))
            return batch_fail(
                b,
                "%s:1 : cet acte ne demande aucune donnée « %s » : retirez la colonne, ou ajoutez --garder %s "
                "ou --ignorer %s",
                lot->name, c->name, c->name, c->name);
    }
    for (const char *name; (name = delib_batch_missing(b->batch, count)) != NULL; count++)
        strbuf_format(&missing, "%s« %s »", count ? ", " : "", name);
    if (count)
        return batch_fail(b, "%s:1 : il manque %s %s", lot->name, count > 1 ? "les colonnes" : "la colonne",
                          strbuf_string(&missing));
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

    for (const char *next; p < end && row < SAMPLE; p = next, row++) {
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

void batch_tell_dialect(struct batch_run *b)
{
    struct lot *lot = &b->lot;

    if (lot->json)
        return;
    if (b->request->decimal == LOT_DECIMAL_DETECTED)
        find_decimal(b);
    else
        lot->decimal = b->request->decimal == LOT_DECIMAL_COMMA ? ',' : '.';
    if (b->request->quiet)
        return;
    terminal_hint(&lot->run->terminal, "%s : séparateur « %c », %s", lot->name, lot->separator,
                  lot->decimal == ',' ? "virgule décimale" : "point décimal");
}

/* ---- The first block ---- */

bool batch_give_first_block(struct batch_run *b, struct lot_worker *w)
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
