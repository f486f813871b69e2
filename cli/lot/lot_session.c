/*
 * One row through a session, which reads the texts of its cells and says why: statuses, reasons and faults are those
 * of `delib calculer` for one family because the same code makes them.
 */
#include "cli/base/edge_loader.h"
#include "lot_rows.h"

#include <string.h>

/* The library names the datum first; here the column does. */
static const char *after_name(const char *problem, const char *column)
{
    struct slice rest = slice_of(problem);

    if (slice_skip(&rest, "« ") && slice_skip(&rest, column) && slice_skip(&rest, " » : "))
        return rest.bytes;
    return problem;
}

static bool refuse_cell(struct lot_worker *w, size_t row, const char *at, const char *column, const char *problem)
{
    struct strbuf text = strbuf_in(&w->arena);

    strbuf_format(&text, "colonne « %s » : %s", column, after_name(problem, column));
    lot_add_fault(w, row, at, strbuf_string(&text));
    return false;
}

static bool wrong_decimal(const struct lot *lot, const struct lot_column *c, const char *text)
{
    return c->described.kind == DELIB_COLUMN_NUMBER && c->input != LOT_NO_INPUT && !lot->json &&
           strchr(text, lot->decimal == ',' ? '.' : ',') != NULL;
}

static bool bind_text(struct lot_worker *w, size_t row, const struct lot_column *c, const char *at, const char *text,
                      bool absent)
{
    delib_status status;

    if (!absent && wrong_decimal(w->lot, c, text))
        return refuse_cell(w, row, at, c->name,
                           w->lot->decimal == ',' ? "un point au lieu de la virgule décimale de ce fichier"
                                                  : "une virgule au lieu du point décimal de ce fichier");
    status = delib_session_set_text(w->session, c->name, absent ? NULL : text);
    if (status == DELIB_INVALID)
        return refuse_cell(w, row, at, c->name, delib_session_error(w->session));
    return status == DELIB_OK || refuse_cell(w, row, at, c->name, status_text(status));
}

static bool bind_csv(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;

    if (!lot_split_record(w, row))
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        const struct csv_cell *cell = &w->rows->cells[i];
        char *text;

        if (c->input == LOT_NO_INPUT && !c->date)
            continue;
        text = arena_alloc(&w->arena, cell->text.length + 1, 1);
        if (csv_unquote(cell, text) != strlen(text))
            return refuse_cell(w, row, cell->raw.bytes, c->name, "un octet nul n'a pas sa place dans un texte");
        if (!bind_text(w, row, c, cell->raw.bytes, text, text[0] == '\0'))
            return false;
    }
    return true;
}

/* Lists, objects and escaped texts: the line as a tree of the edge library. */
static bool bind_json_tree(struct lot_worker *w, size_t row)
{
    const delib_io_api *io = w->lot->run->io;
    const struct slice line = w->rows->record[row];
    delib_io_document *document = NULL;
    const delib_value *root;
    bool bound = true;

    if (!io || io->document_read(w->lot->name, line.bytes, line.length, DELIB_IO_JSON, NULL, &document) != DELIB_OK) {
        if (io)
            io->document_free(document);
        lot_add_fault(w, row, line.bytes, "cette ligne n'est pas un objet JSON lisible");
        return false;
    }
    root = io->document_root(document);
    for (size_t i = 0; bound && i < root->count; i++)
        for (size_t k = 0; bound && k < w->lot->column_count; k++) {
            const struct lot_column *c = &w->lot->columns[k];

            if (strcmp(root->names[i], c->name) != 0 || (c->input == LOT_NO_INPUT && !c->date))
                continue;
            if (delib_session_set(w->session, c->name, &root->items[i]) != DELIB_OK)
                bound = refuse_cell(w, row, line.bytes, c->name, delib_session_error(w->session));
        }
    io->document_free(document);
    return bound;
}

static bool bind_json(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    bool plain;

    if (!lot_read_json(w, row, &plain))
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        const struct lot_json_cell *cell = &w->rows->members[i];
        const char *text;
        delib_value value = {.kind = DELIB_VALUE_BOOLEAN};

        if ((c->input == LOT_NO_INPUT && !c->date) || cell->kind == LOT_JSON_MISSING)
            continue;
        if (cell->kind == LOT_JSON_OTHER)
            return bind_json_tree(w, row);
        text = arena_copy_text(&w->arena, cell->text.bytes, cell->text.length);
        if (cell->kind == LOT_JSON_WORD && (text[0] == 't' || text[0] == 'f')) {
            value.boolean = text[0] == 't';
            if (delib_session_set(w->session, c->name, &value) != DELIB_OK)
                return refuse_cell(w, row, cell->text.bytes, c->name, delib_session_error(w->session));
        } else if (!bind_text(w, row, c, cell->text.bytes, text, cell->kind == LOT_JSON_NULL)) {
            return false;
        }
    }
    return true;
}

/* The cell of the column that --reference names; NULL when there is none, or nothing in it. */
static const char *reference_of(struct lot_worker *w)
{
    const struct lot *lot = w->lot;
    const struct csv_cell *cell = &w->rows->cells[lot->reference];
    const struct lot_json_cell *member = &w->rows->members[lot->reference];
    char *text = NULL;

    if (lot->reference == lot->column_count)
        return NULL;
    if (lot->json)
        return member->kind == LOT_JSON_TEXT || member->kind == LOT_JSON_WORD
                   ? arena_copy_text(&w->arena, member->text.bytes, member->text.length) : NULL;
    text = arena_alloc(&w->arena, cell->text.length + 1, 1);
    return text && csv_unquote(cell, text) ? text : NULL;
}

static bool tell_result(struct lot_worker *w, size_t row, size_t output)
{
    struct told *told = &w->rows->told[output];
    delib_result r;
    delib_status status = delib_evaluate(w->session, w->lot->outputs[output].tariff, &r);

    if (status != DELIB_OK) {
        lot_add_fault(w, row, w->rows->record[row].bytes,
                      status == DELIB_INVALID ? delib_session_error(w->session) : status_text(status));
        return false;
    }
    if (!lot_journal_record(w->lot, w->session, w->lot->outputs[output].tariff, &r, reference_of(w)))
        return false;
    *told = (struct told){.statut = r.statut,
                          .units = r.units,
                          .scale = r.scale,
                          .text = r.text ? arena_copy_text(&w->arena, r.text, strlen(r.text)) : NULL,
                          .reason = r.reason ? arena_copy_text(&w->arena, r.reason, strlen(r.reason)) : NULL};
    return true;
}

void lot_compute_general(struct lot_worker *w, size_t row)
{
    if (w->lot->journal && w->lot->problem)
        return;
    delib_session_reset(w->session);
    if (!(w->lot->json ? bind_json(w, row) : bind_csv(w, row)))
        return;
    for (size_t i = 0; i < w->lot->output_count; i++)
        if (!tell_result(w, row, i))
            return;
}
