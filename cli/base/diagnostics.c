/*
 * Gathering, printing and writing diagnostics. Their words come from the libraries.
 */
#include "diagnostics.h"

static void add(struct run *run, struct diagnostic_list *list, const delib_diagnostic *diagnostic)
{
    delib_diagnostic *item = arena_push(&run->arena, list);

    *item = *diagnostic;
    list->errors += diagnostic->is_error != 0;
}

void diagnostics_of_program(struct run *run, struct diagnostic_list *list, const delib_program *program)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < delib_program_diagnostic_count(program); i++)
        if (delib_program_diagnostic(program, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_check(struct run *run, struct diagnostic_list *list, const delib_check *check)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < delib_check_diagnostic_count(check); i++)
        if (delib_check_diagnostic(check, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_document(struct run *run, struct diagnostic_list *list, const delib_io_document *document)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < run->io->document_diagnostic_count(document); i++)
        if (run->io->document_diagnostic(document, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_demande(struct run *run, struct diagnostic_list *list, const delib_io_demande *demande)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < run->io->demande_diagnostic_count(demande); i++)
        if (run->io->demande_diagnostic(demande, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_config(struct run *run, struct diagnostic_list *list, const delib_io_config *config)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < run->io->config_diagnostic_count(config); i++)
        if (run->io->config_diagnostic(config, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_journal(struct run *run, struct diagnostic_list *list, const delib_io_journal *journal)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < run->io->journal_diagnostic_count(journal); i++)
        if (run->io->journal_diagnostic(journal, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

void diagnostics_of_audit(struct run *run, struct diagnostic_list *list, const delib_io_audit *audit)
{
    delib_diagnostic diagnostic;

    for (size_t i = 0; i < run->io->audit_diagnostic_count(audit); i++)
        if (run->io->audit_diagnostic(audit, i, &diagnostic) == DELIB_OK)
            add(run, list, &diagnostic);
}

static delib_diagnostic describe(struct run *run, const struct source *source, const struct diag *diag)
{
    struct position start = source_position(source, diag->span.start), end = source_position(source, diag->span.end);
    struct strbuf printed = strbuf_in(&run->arena);

    diag_print(&printed, &source, 1, diag, false);
    return (delib_diagnostic){
        .code = diag_code_info(diag->code)->code,
        .is_error = diag->level == DIAG_ERROR,
        .file = source->name,
        .line = start.line,
        .column = start.column,
        .end_line = end.line,
        .end_column = end.column,
        .message = diag->text,
        .effect = diag->effect,
        .help = diag->help,
        .printed = strbuf_string(&printed),
    };
}

void diagnostics_of_source(struct run *run, struct diagnostic_list *list, const struct source *source,
                           const struct diag_list *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        delib_diagnostic diagnostic = describe(run, source, &diags->items[i]);

        add(run, list, &diagnostic);
    }
}

void diagnostics_print(struct terminal *terminal, const struct diagnostic_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        terminal_diagnostic(terminal, list->items[i].printed);
}

static void count_in_words(struct strbuf *text, size_t count, const char *word)
{
    if (count)
        strbuf_format(text, "%s%zu %s%s", text->length ? ", " : "", count, word, count > 1 ? "s" : "");
}

const char *diagnostics_summary(struct arena *arena, const struct diagnostic_list *list)
{
    struct strbuf text = strbuf_in(arena);

    count_in_words(&text, list->errors, "erreur");
    count_in_words(&text, list->count - list->errors, "avertissement");
    return text.length ? strbuf_string(&text) : "aucun défaut";
}

static void write_correction(const delib_io_api *io, delib_io_json *json, const delib_correction *correction)
{
    io->json_object(json, NULL);
    io->json_integer(json, "ligne", correction->line);
    io->json_integer(json, "colonne", correction->column);
    io->json_integer(json, "ligne_fin", correction->end_line);
    io->json_integer(json, "colonne_fin", correction->end_column);
    io->json_text(json, "texte", correction->text);
    io->json_end(json);
}

static void write_diagnostic(const delib_io_api *io, delib_io_json *json, const delib_diagnostic *diagnostic)
{
    io->json_object(json, NULL);
    io->json_text(json, "code", diagnostic->code);
    io->json_text(json, "niveau", diagnostic->is_error ? "erreur" : "avertissement");
    io->json_text(json, "fichier", diagnostic->file);
    io->json_integer(json, "ligne", diagnostic->line);
    io->json_integer(json, "colonne", diagnostic->column);
    io->json_integer(json, "ligne_fin", diagnostic->end_line);
    io->json_integer(json, "colonne_fin", diagnostic->end_column);
    io->json_text(json, "message", diagnostic->message);
    io->json_text(json, "effet", diagnostic->effect);
    io->json_text(json, "aide", diagnostic->help);
    io->json_list(json, "corrections");
    for (size_t i = 0; i < diagnostic->correction_count; i++)
        write_correction(io, json, &diagnostic->corrections[i]);
    io->json_end(json);
    io->json_end(json);
}

void diagnostics_json(const delib_io_api *io, delib_io_json *json, const struct diagnostic_list *list)
{
    io->json_list(json, "diagnostics");
    for (size_t i = 0; i < list->count; i++)
        write_diagnostic(io, json, &list->items[i]);
    io->json_end(json);
}
