/*
 * Running an audit of libdelib-io and telling what it found.
 */
#include "audit.h"

#include "cli/base/diagnostics.h"
#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"

struct verdict {
    struct run *run;
    const struct audit_request *request;
    delib_io_audit_report report;
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French: nothing could be read; NULL */
    bool sound;
};

static void plural(struct strbuf *text, uint64_t count, const char *one, const char *many)
{
    strbuf_format(text, "%llu %s", (unsigned long long)count, count > 1 ? many : one);
}

static void print_dates(const struct verdict *v)
{
    struct arena *arena = &v->run->arena;

    if (v->report.first_time)
        terminal_print(&v->run->terminal, STYLE_PLAIN, ", du %s au %s", date_in_words(arena, v->report.first_time),
                       date_in_words(arena, v->report.last_time));
}

static void print_counts(const struct verdict *v)
{
    struct strbuf text = strbuf_in(&v->run->arena);

    plural(&text, v->report.entries, "entrée", "entrées");
    strbuf_text(&text, " (");
    plural(&text, v->report.decisions, "décision", "décisions");
    if (v->report.purged) {
        strbuf_text(&text, ", ");
        plural(&text, v->report.purged, "purgée", "purgées");
    }
    terminal_print(&v->run->terminal, STYLE_PLAIN, "%s : %s)", v->request->path, strbuf_string(&text));
    print_dates(v);
    terminal_print(&v->run->terminal, STYLE_PLAIN, "\n");
}

static void print_replay(const struct verdict *v)
{
    struct strbuf text = strbuf_in(&v->run->arena);

    plural(&text, v->report.identical, "décision recalculée à l'identique", "décisions recalculées à l'identique");
    strbuf_text(&text, ", ");
    plural(&text, v->report.different, "différente", "différentes");
    if (v->report.reworded)
        strbuf_format(&text, ", %llu au même résultat mais expliqué autrement",
                      (unsigned long long)v->report.reworded);
    strbuf_text(&text, ", ");
    plural(&text, v->report.unreplayable, "non rejouable", "non rejouables");
    terminal_print(&v->run->terminal, STYLE_PLAIN, "%s\n", strbuf_string(&text));
}

static void print_verdict(const struct verdict *v)
{
    struct terminal *terminal = &v->run->terminal;

    diagnostics_print(terminal, &v->diagnostics);
    if (v->problem) {
        terminal_error(terminal, "%s", v->problem);
        return;
    }
    print_counts(v);
    if (v->request->replay)
        print_replay(v);
    if (v->report.entries)
        terminal_print(terminal, STYLE_PLAIN, "dernière empreinte : %s\n", v->report.head);
    if (v->report.signer)
        terminal_print(terminal, STYLE_PLAIN, "%llu signature%s de %s\n", (unsigned long long)v->report.signatures,
                       v->report.signatures > 1 ? "s" : "", v->report.signer);
    if (v->sound)
        terminal_print(terminal, STYLE_GOOD, "journal intact\n");
    else
        terminal_print(terminal, STYLE_BAD, "%llu défaut%s\n", (unsigned long long)v->report.faults,
                       v->report.faults > 1 ? "s" : "");
}

static bool write_verdict(const struct verdict *v)
{
    const delib_io_api *io = v->run->io;
    const delib_io_audit_report *r = &v->report;
    delib_io_json *json = edge_json_new(v->run);

    if (!json)
        return false;
    io->json_object(json, NULL);
    io->json_text(json, "journal", v->request->path);
    io->json_boolean(json, "intact", v->sound);
    io->json_text(json, "problème", v->problem);
    io->json_integer(json, "entrées", (int64_t)r->entries);
    io->json_integer(json, "décisions", (int64_t)r->decisions);
    io->json_integer(json, "purgées", (int64_t)r->purged);
    if (v->request->replay) {
        io->json_integer(json, "identiques", (int64_t)r->identical);
        io->json_integer(json, "différentes", (int64_t)r->different);
        io->json_integer(json, "expliquées_autrement", (int64_t)r->reworded);
        io->json_integer(json, "non_rejouables", (int64_t)r->unreplayable);
    }
    io->json_integer(json, "signatures", (int64_t)r->signatures);
    io->json_text(json, "signataire", r->signer);
    io->json_integer(json, "défauts", (int64_t)r->faults);
    io->json_text(json, "première", r->first_time);
    io->json_text(json, "dernière", r->last_time);
    io->json_text(json, "empreinte", r->entries ? r->head : NULL);
    diagnostics_json(io, json, &v->diagnostics);
    io->json_end(json);
    return edge_json_print(v->run, json);
}

enum exit_code audit_execute(struct run *run, const struct audit_request *request)
{
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    struct verdict v = { .run = run, .request = request };
    delib_io_audit *audit = NULL;
    delib_status status;
    bool written = true;

    if (!edge_load(run))
        return EXIT_FAULT;
    options.replay = request->replay;
    options.head = request->head;
    options.signer = request->signer;
    options.key_files = request->keys ? request->keys->items : NULL;
    options.key_file_count = request->keys ? request->keys->count : 0;
    status = run->io->audit_run(request->path, &options, &audit);
    if (audit) {
        run->io->audit_report_get(audit, &v.report);
        diagnostics_of_audit(run, &v.diagnostics, audit);
    } else {
        v.problem = status_text(status);
    }
    v.sound = status == DELIB_OK;
    if (request->json)
        written = write_verdict(&v);
    else
        print_verdict(&v);
    run->io->audit_free(audit);
    return v.sound && written ? EXIT_RESULT : EXIT_FAULT;
}
