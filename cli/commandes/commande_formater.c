/*
 * `delib formater`: each file rewritten in the one good layout, only when that changes it; with `--verifier`, only
 * told.
 */
#include "cli/base/diagnostics.h"
#include "cli/base/edge_loader.h"
#include "cli/base/fichiers.h"
#include "grammar/format.h"

#include <string.h>

enum { OPT_VERIFIER, OPT_SORTIE, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_VERIFIER] = { "verifier", OPTION_FLAG, NULL, "ne change rien ; dit quels fichiers sont à formater (code 1)",
                       NULL },
    [OPT_SORTIE] = { "sortie", OPTION_FLAG, NULL, "écrit le texte formaté sur la sortie, sans toucher au fichier",
                     NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "rapport en JSON", NULL },
};

/* One file and what became of it. */
struct formatted {
    struct file_text file;
    struct slice text;                   /* bytes NULL when there is none */
    bool changed;
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French; NULL when all went well */
};

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);

    return length >= end && strcmp(name + length - end, suffix) == 0;
}

/* stdin has no name to tell the literate form; a block of rules does. */
static bool holds_rules(struct run *run, const struct file_text *file)
{
    struct literate literate = { 0 };
    struct diag_list ignored;

    diag_list_init(&ignored, &run->arena);
    literate_blank(&run->arena, &ignored, 0, file->bytes, file->length, &literate);
    return literate.blocks.count > 0;
}

static struct source source_of(struct run *run, const char *path, const struct file_text *file)
{
    bool literate = strcmp(path, "-") == 0 ? holds_rules(run, file) : has_suffix(path, ".md");

    return (struct source){ .name = file->name, .bytes = file->bytes, .length = (uint32_t)file->length,
                            .literate = literate };
}

/* ---- One file ---- */

static void add_diagnostic(struct run *run, struct diagnostic_list *list, const struct source *source,
                           const struct diag *diag)
{
    delib_diagnostic *item = arena_push(&run->arena, list);
    struct position start = source_position(source, diag->span.start), end = source_position(source, diag->span.end);
    struct strbuf printed = strbuf_in(&run->arena);

    diag_print(&printed, &source, 1, diag, false);
    list->errors += diag->level == DIAG_ERROR;
    if (item)
        *item = (delib_diagnostic){
            .code = diag_code_info(diag->code)->code, .is_error = diag->level == DIAG_ERROR, .file = source->name,
            .line = start.line, .column = start.column, .end_line = end.line, .end_column = end.column,
            .message = diag->text, .effect = diag->effect, .help = diag->help,
            .printed = strbuf_string(&printed),
        };
}

static void gather_diagnostics(struct run *run, struct diagnostic_list *list, const struct source *source,
                               struct diag_list *diags)
{
    diag_list_sort(diags);
    for (size_t i = 0; i < diags->count; i++)
        add_diagnostic(run, list, source, &diags->items[i]);
}

/* Formats, and replaces the file when it should; false when the file has a fault or could not be handled. */
static bool format_file(struct run *run, const char *path, bool replace, struct formatted *out)
{
    struct diag_list diags;
    struct source source;

    if (!file_read(&run->arena, path, &out->file, &out->problem))
        return false;
    source = source_of(run, path, &out->file);
    diag_list_init(&diags, &run->arena);
    if (!format_source(&run->arena, &diags, &source, &format_usual_options, &out->text)) {
        out->problem = status_text(DELIB_NO_MEMORY);
        return false;
    }
    gather_diagnostics(run, &out->diagnostics, &source, &diags);
    if (!out->text.bytes) {
        out->problem = diags.errors ? "ce fichier n'a pas été formaté : corrigez d'abord ses erreurs"
                                    : status_text(DELIB_INTERNAL);
        return false;
    }
    out->changed = !slice_equal(out->text, (struct slice){ out->file.bytes, out->file.length });
    return !replace || !out->changed || file_replace(&run->arena, path, out->text, &out->problem);
}

/* ---- For people ---- */

static void print_formatted(struct run *run, const struct arguments *arguments, const struct formatted *formatted,
                            bool replaced)
{
    diagnostics_print(&run->terminal, &formatted->diagnostics);
    if (formatted->problem && formatted->diagnostics.count)
        terminal_error(&run->terminal, "%s : %s", formatted->file.name, formatted->problem);
    else if (formatted->problem)
        terminal_error(&run->terminal, "%s", formatted->problem);
    else if (formatted->changed && argument_given(arguments, OPT_VERIFIER))
        terminal_print(&run->terminal, STYLE_PLAIN, "%s : à formater\n", formatted->file.name);
    else if (formatted->changed && replaced)
        terminal_print(&run->terminal, STYLE_PLAIN, "%s : formaté\n", formatted->file.name);
}

/* ---- JSON ---- */

static void write_formatted(struct run *run, delib_io_json *json, const struct formatted *formatted, bool replaced)
{
    run->io->json_object(json, NULL);
    run->io->json_text(json, "fichier", formatted->file.name);
    run->io->json_boolean(json, "conforme", formatted->text.bytes && !formatted->changed);
    run->io->json_boolean(json, "récrit", replaced && formatted->changed && !formatted->problem);
    run->io->json_text(json, "problème", formatted->problem);
    diagnostics_json(run->io, json, &formatted->diagnostics);
    run->io->json_end(json);
}

/* ---- The command ---- */

/* `json` is NULL for people. */
static bool format_one(struct run *run, const struct arguments *arguments, const char *path, delib_io_json *json)
{
    bool verify = argument_given(arguments, OPT_VERIFIER);
    bool shown = !verify && !json && (argument_given(arguments, OPT_SORTIE) || strcmp(path, "-") == 0);
    bool replace = !verify && !shown && strcmp(path, "-") != 0 && !argument_given(arguments, OPT_SORTIE);
    struct formatted formatted = { .file.name = path };
    bool done = format_file(run, path, replace, &formatted);

    if (json)
        write_formatted(run, json, &formatted, replace);
    else
        print_formatted(run, arguments, &formatted, replace);
    if (done && shown)
        fwrite(formatted.text.bytes, 1, formatted.text.length, run->terminal.out);     /* to the byte, as in a file */
    return done && !(verify && formatted.changed);
}

static bool format_all(struct run *run, const struct arguments *arguments, delib_io_json *json)
{
    bool done = true;

    for (size_t i = 0; i < arguments->operand_count; i++)
        done = format_one(run, arguments, arguments->operands[i], json) && done;
    return done;
}

static bool format_all_json(struct run *run, const struct arguments *arguments)
{
    delib_io_json *json = edge_json_new(run);
    bool done;

    if (!json)
        return false;
    run->io->json_object(json, NULL);
    run->io->json_list(json, "fichiers");
    done = format_all(run, arguments, json);
    run->io->json_end(json);
    run->io->json_end(json);
    return edge_json_print(run, json) && done;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    bool done = argument_given(arguments, OPT_JSON) ? format_all_json(run, arguments)
                                                    : format_all(run, arguments, NULL);

    return done ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_formater = {
    .name = "formater",
    .operands = "F…",
    .operand_min = 1,
    .operand_max = ANY_NUMBER,
    .summary = "récrit des délibérations dans la bonne mise en page",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
