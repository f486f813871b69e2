/*
 * `delib verifier`: everything that the checks say about each file; with `--corriger`, after the corrections that they
 * propose.
 */
#include "cli/examen/corrections.h"
#include "cli/examen/difference.h"
#include "cli/base/edge_loader.h"
#include "cli/essais/essais.h"
#include "cli/examen/familles.h"

#include <string.h>
#include <unistd.h>

enum { OPT_CORRIGER, OPT_OUI, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_CORRIGER] = { "corriger", OPTION_FLAG, NULL,
                       "montre les corrections évidentes et demande avant de les écrire", NULL },
    [OPT_OUI] = { "oui", OPTION_FLAG, NULL, "avec --corriger : écrit sans demander", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "rapport en JSON", NULL },
};

/* ---- For people: diagnostics on stderr, one line a file on stdout ---- */

static void print_report(struct run *run, const struct programme *programme, const delib_check *check)
{
    enum style style = programme->valid ? STYLE_GOOD : STYLE_BAD;

    programme_report(run, programme);
    terminal_print(&run->terminal, STYLE_PLAIN, "%s : ", programme->file.name);
    terminal_print(&run->terminal, programme->valid && programme->diagnostics.count ? STYLE_WARNING : style, "%s",
                   programme->problem ? "non vérifié" : diagnostics_summary(&run->arena, &programme->diagnostics));
    familles_print(run, programme, check);
}

/* ---- Corrections ---- */

/* What became of one file before it was judged. */
struct mending {
    struct correction correction;
    struct slice difference;             /* empty: nothing to correct */
    bool written;
    const char *problem;                 /* French: why it could not be written */
};

static bool is_interactive(const struct run *run)
{
    return isatty(STDIN_FILENO) && run->terminal.out && isatty(fileno(run->terminal.out));
}

static bool agreed(struct run *run, const struct arguments *arguments, bool json)
{
    if (argument_given(arguments, OPT_OUI))
        return true;
    return !json && is_interactive(run) && corrections_confirm(run, "Écrire ces corrections ? [o/N]");
}

/* What is on stdin goes to stdout, corrected; a file is replaced once people agree. */
static void write_corrected(struct run *run, const struct arguments *arguments, const char *path, bool json,
                            struct mending *mending)
{
    const struct file_text *file = &mending->correction.file;
    struct slice text = { file->bytes, file->length };
    bool filter = strcmp(path, "-") == 0;

    if (filter && !json)
        terminal_bytes(&run->terminal, text);
    else if (mending->difference.length && !filter && agreed(run, arguments, json))
        mending->written = file_replace(&run->arena, path, text, &mending->problem);
}

static void report_mending(struct run *run, const char *path, const struct mending *mending)
{
    size_t applied = mending->correction.applied;

    if (mending->problem)
        terminal_error(&run->terminal, "%s", mending->problem);
    else if (mending->written)
        terminal_print(&run->terminal, STYLE_GOOD, "%s : %zu correction%s écrite%s\n", path, applied,
                       applied > 1 ? "s" : "", applied > 1 ? "s" : "");
    else if (applied)
        terminal_hint(&run->terminal, "rien n'est écrit : « --oui » écrit ces corrections sans demander");
}

/* Leaves in mending->correction.file the text to judge: the corrected one if it was written, else the one that is
 * there. */
static void mend(struct run *run, const struct arguments *arguments, const char *path, bool json,
                 struct mending *mending)
{
    struct correction *correction = &mending->correction;
    bool filter = strcmp(path, "-") == 0;

    corrections_apply(run, !json && !filter && !argument_given(arguments, OPT_OUI) && is_interactive(run), correction);
    mending->difference = difference_unified(&run->arena, correction->file.name, correction->original,
                                             (struct slice){ correction->file.bytes, correction->file.length });
    if (!json && !filter) {
        difference_print(&run->terminal, mending->difference);
        corrections_print_choices(run, correction);
    }
    write_corrected(run, arguments, path, json, mending);
    if (!json && !filter)
        report_mending(run, path, mending);
    if (!mending->written && !filter) {
        correction->file.bytes = correction->original.bytes;
        correction->file.length = correction->original.length;
    }
}

/* ---- JSON ---- */

static void write_mending(struct run *run, delib_io_json *json, const struct mending *mending)
{
    const char *difference = arena_copy_text(&run->arena, mending->difference.bytes, mending->difference.length);

    run->io->json_integer(json, "corrigées", (int64_t)mending->correction.applied);
    run->io->json_boolean(json, "écrit", mending->written);
    run->io->json_text(json, "différence", mending->difference.length ? difference : NULL);
}

/* `mending`: NULL without --corriger. */
static void write_report(struct run *run, delib_io_json *json, const struct programme *programme,
                         const delib_check *check, const struct mending *mending)
{
    const struct diagnostic_list *diagnostics = &programme->diagnostics;
    const char *problem = mending && mending->problem ? mending->problem : programme->problem;

    run->io->json_object(json, NULL);
    run->io->json_text(json, "fichier", programme->file.name);
    run->io->json_boolean(json, "valide", programme->valid);
    run->io->json_text(json, "problème", problem);
    run->io->json_integer(json, "erreurs", (int64_t)diagnostics->errors);
    run->io->json_integer(json, "avertissements", (int64_t)(diagnostics->count - diagnostics->errors));
    if (mending)
        write_mending(run, json, mending);
    diagnostics_json(run->io, json, diagnostics);
    familles_json(run, json, programme, check);
    run->io->json_end(json);
}

/* ---- The command ---- */

/* Corrects first when asked to. False when the file cannot be read or is at fault. */
static bool open_file(struct run *run, const struct arguments *arguments, const char *path, bool json,
                      struct mending *mending, struct programme *programme)
{
    if (!argument_given(arguments, OPT_CORRIGER))
        return programme_open(run, path, programme);
    *programme = (struct programme){ .file.name = path };
    if (!file_read(&run->arena, path, &mending->correction.file, &programme->problem))
        return false;
    mend(run, arguments, path, json, mending);
    return programme_compile(run, &mending->correction.file, programme);
}

/* `json` is NULL for a report to people. */
static bool verify_file(struct run *run, const struct arguments *arguments, const char *path, delib_io_json *json)
{
    bool correct = argument_given(arguments, OPT_CORRIGER), valid;
    struct mending mending = { 0 };
    struct programme programme;
    delib_check *check = NULL;

    if (open_file(run, arguments, path, json != NULL, &mending, &programme)) {
        essais_diagnose(run, &programme);
        check = familles_check(run, &programme);
    }
    programme.valid = programme.valid && !programme.diagnostics.errors;
    valid = programme.valid && !mending.problem;
    if (json)
        write_report(run, json, &programme, check, correct ? &mending : NULL);
    else if (correct && strcmp(path, "-") == 0)
        programme_report(run, &programme);         /* stdout is for the corrected text */
    else
        print_report(run, &programme, check);
    delib_check_free(check);
    programme_close(&programme);
    return valid;
}

static bool verify_files(struct run *run, const struct arguments *arguments, delib_io_json *json)
{
    bool valid = true;

    for (size_t i = 0; i < arguments->operand_count; i++)
        valid = verify_file(run, arguments, arguments->operands[i], json) && valid;
    return valid;
}

static bool verify_files_json(struct run *run, const struct arguments *arguments)
{
    delib_io_json *json = edge_json_new(run);
    bool valid;

    if (!json)
        return false;
    run->io->json_object(json, NULL);
    run->io->json_list(json, "fichiers");
    valid = verify_files(run, arguments, json);
    run->io->json_end(json);
    run->io->json_end(json);
    return edge_json_print(run, json) && valid;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    bool valid;

    if (argument_given(arguments, OPT_OUI) && !argument_given(arguments, OPT_CORRIGER)) {
        terminal_error(&run->terminal, "« --oui » répond à « --corriger », qui n'est pas demandé");
        return EXIT_USAGE;
    }
    valid = argument_given(arguments, OPT_JSON) ? verify_files_json(run, arguments)
                                                : verify_files(run, arguments, NULL);
    return valid ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_verifier = {
    .name = "verifier",
    .operands = "F…",
    .operand_min = 1,
    .operand_max = ANY_NUMBER,
    .summary = "vérifie des délibérations et dit tous leurs défauts",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
