/*
 * What the checks say of a text being edited, the corrections that they propose, and the one good layout.
 */
#include "lsp.h"

#include "cli/essais/essais.h"
#include "cli/examen/familles.h"
#include "grammar/format.h"
#include "lang/source.h"

#include <string.h>

static struct file_text file_of(struct lsp *lsp, const struct lsp_document *d)
{
    const char *slash = strrchr(d->path, '/');
    size_t length = slash ? (size_t)(slash - d->path) : 0;

    return (struct file_text){ .name = d->path, .bytes = d->text, .length = d->length,
                               .folder = slash ? arena_copy_text(&lsp->scratch.arena, d->path, length) : "." };
}

/* The program stays open until close_text(): its diagnostics borrow its texts. */
static delib_check *compile(struct lsp *lsp, struct lsp_document *d, bool whole, struct programme *out)
{
    struct file_text file = file_of(lsp, d);
    delib_check *check = NULL;

    if (programme_compile(&lsp->scratch, &file, out)) {
        delib_program_release(d->last);
        d->last = delib_program_retain(out->program);
        if (whole) {
            essais_diagnose(&lsp->scratch, out);
            check = familles_check(&lsp->scratch, out);
        }
    }
    return check;
}

static void close_text(struct programme *programme, delib_check *check)
{
    delib_check_free(check);
    programme_close(programme);
}

/* ---- Diagnostics ---- */

/* From a line and a column in characters, both from 1. */
static struct lsp_place place_of(const struct lsp_document *d, unsigned line, unsigned column)
{
    size_t offset = lsp_offset(d->text, d->length, (struct lsp_place){ line ? line - 1 : 0, 0 });
    const char *at = d->text + offset, *end = d->text + d->length;

    for (unsigned i = 1; i < column && at < end && *at != '\n'; i++) {
        size_t length = utf8_sequence(at, end);

        at += length ? length : 1;
    }
    return lsp_place(d->text, d->length, (size_t)(at - d->text));
}

static bool is_here(const struct lsp_document *d, const char *file)
{
    return file && strcmp(file, d->path) == 0;
}

static void write_message(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d,
                          const delib_diagnostic *fault)
{
    struct strbuf text = strbuf_in(&lsp->scratch.arena);

    if (!is_here(d, fault->file))
        strbuf_format(&text, "%s:%u : ", fault->file, fault->line);
    strbuf_text(&text, fault->message);
    if (fault->effect)
        strbuf_format(&text, "\neffet : %s", fault->effect);
    if (fault->help)
        strbuf_format(&text, "\naide : %s", fault->help);
    lsp->io->json_text(json, "message", strbuf_string(&text));
}

/* A fault of a module stands on the first line: its own place is in another text. */
static void write_diagnostic(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d,
                             const delib_diagnostic *fault)
{
    struct lsp_place from = { 0, 0 }, to = { 0, 0 };

    if (is_here(d, fault->file)) {
        from = place_of(d, fault->line, fault->column);
        to = fault->end_line ? place_of(d, fault->end_line, fault->end_column) : from;
    }
    lsp->io->json_object(json, NULL);
    lsp_write_range(lsp, json, "range", from, to);
    lsp->io->json_integer(json, "severity", fault->is_error ? 1 : 2);
    lsp->io->json_text(json, "code", fault->code);
    lsp->io->json_text(json, "source", "delib");
    write_message(lsp, json, d, fault);
    lsp->io->json_end(json);
}

static delib_io_json *open_publication(struct lsp *lsp, const char *uri)
{
    delib_io_json *json = lsp_open(lsp);

    if (!json)
        return NULL;
    lsp->io->json_text(json, "method", "textDocument/publishDiagnostics");
    lsp->io->json_object(json, "params");
    lsp->io->json_text(json, "uri", uri);
    lsp->io->json_list(json, "diagnostics");
    return json;
}

static void send_publication(struct lsp *lsp, delib_io_json *json)
{
    if (!json)
        return;
    lsp->io->json_end(json);
    lsp->io->json_end(json);
    lsp_send(lsp, json);
}

void lsp_publish(struct lsp *lsp, struct lsp_document *d, bool whole)
{
    delib_io_json *json = open_publication(lsp, d->uri);
    struct programme programme;
    delib_check *check = compile(lsp, d, whole, &programme);

    for (size_t i = 0; json && i < programme.diagnostics.count; i++)
        write_diagnostic(lsp, json, d, &programme.diagnostics.items[i]);
    close_text(&programme, check);
    send_publication(lsp, json);
}

void lsp_publish_nothing(struct lsp *lsp, const char *uri)
{
    send_publication(lsp, open_publication(lsp, uri));
}

/* ---- Corrections ---- */

static void write_edit(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d, size_t from, size_t to,
                       const char *text)
{
    lsp->io->json_object(json, NULL);
    lsp_write_range(lsp, json, "range", lsp_place(d->text, d->length, from), lsp_place(d->text, d->length, to));
    lsp->io->json_text(json, "newText", text);
    lsp->io->json_end(json);
}

static const char *title_of(struct lsp *lsp, const struct lsp_document *d, const delib_correction *c)
{
    struct strbuf title = strbuf_in(&lsp->scratch.arena);
    struct slice written = { d->text + c->offset, c->length };
    const char *added = c->text + strspn(c->text, " \n");       /* a row to insert begins with its line */

    if (!*c->text)
        strbuf_format(&title, "Retirer « %.*s »", SLICE_ARG(written));
    else if (!c->length)
        strbuf_format(&title, "Ajouter « %.*s »", (int)strcspn(added, "\n"), added);
    else
        strbuf_format(&title, "Écrire « %s »", c->text);
    return strbuf_string(&title);
}

static void write_action(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d,
                         const delib_diagnostic *fault, const delib_correction *c)
{
    lsp->io->json_object(json, NULL);
    lsp->io->json_text(json, "title", title_of(lsp, d, c));
    lsp->io->json_text(json, "kind", "quickfix");
    lsp->io->json_boolean(json, "isPreferred", fault->correction_count == 1);
    lsp->io->json_list(json, "diagnostics");
    write_diagnostic(lsp, json, d, fault);
    lsp->io->json_end(json);
    lsp->io->json_object(json, "edit");
    lsp->io->json_object(json, "changes");
    lsp->io->json_list(json, d->uri);
    write_edit(lsp, json, d, c->offset, c->offset + c->length, c->text);
    lsp->io->json_end(json);
    lsp->io->json_end(json);
    lsp->io->json_end(json);
    lsp->io->json_end(json);
}

/* Does a fault stand where the author looks? */
static bool is_between(const struct lsp_document *d, const delib_diagnostic *fault, size_t from, size_t to)
{
    struct lsp_place start = place_of(d, fault->line, fault->column);
    struct lsp_place end = fault->end_line ? place_of(d, fault->end_line, fault->end_column) : start;

    return lsp_offset(d->text, d->length, start) <= to && lsp_offset(d->text, d->length, end) >= from;
}

void lsp_write_actions(struct lsp *lsp, delib_io_json *json, struct lsp_document *d, size_t from, size_t to)
{
    struct programme programme;
    delib_check *check = compile(lsp, d, true, &programme);

    for (size_t i = 0; i < programme.diagnostics.count; i++) {
        const delib_diagnostic *fault = &programme.diagnostics.items[i];

        if (!is_here(d, fault->file) || !is_between(d, fault, from, to))
            continue;
        for (size_t k = 0; k < fault->correction_count; k++)
            if (is_here(d, fault->corrections[k].file))
                write_action(lsp, json, d, fault, &fault->corrections[k]);
    }
    close_text(&programme, check);
}

/* ---- Layout ---- */

void lsp_write_formatting(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d)
{
    struct file_text file = file_of(lsp, d);
    struct source source = file_source(&file);
    struct diag_list diags;
    struct slice text;

    diag_list_init(&diags, &lsp->scratch.arena);
    if (format_source(&lsp->scratch.arena, &diags, &source, &format_usual_options, &text) && text.bytes &&
        !slice_equal(text, (struct slice){ d->text, d->length }))
        write_edit(lsp, json, d, 0, d->length, arena_copy_text(&lsp->scratch.arena, text.bytes, text.length));
}
