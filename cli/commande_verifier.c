/*
 * `delib verifier`: everything that the checks say about each file.
 */
#include "edge_loader.h"
#include "essais.h"

enum { OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "rapport en JSON", NULL },
};

/* ---- For people: diagnostics on stderr, one line a file on stdout ---- */

static void print_report(struct run *run, const struct programme *programme)
{
    enum style style = programme->valid ? STYLE_GOOD : STYLE_BAD;

    programme_report(run, programme);
    terminal_print(&run->terminal, STYLE_PLAIN, "%s : ", programme->file.name);
    terminal_print(&run->terminal, programme->valid && programme->diagnostics.count ? STYLE_WARNING : style, "%s\n",
                   programme->problem ? "non vérifié" : diagnostics_summary(&run->arena, &programme->diagnostics));
}

/* ---- JSON ---- */

static void write_report(struct run *run, delib_io_json *json, const struct programme *programme)
{
    const struct diagnostic_list *diagnostics = &programme->diagnostics;

    run->io->json_object(json, NULL);
    run->io->json_text(json, "fichier", programme->file.name);
    run->io->json_boolean(json, "valide", programme->valid);
    run->io->json_text(json, "problème", programme->problem);
    run->io->json_integer(json, "erreurs", (int64_t)diagnostics->errors);
    run->io->json_integer(json, "avertissements", (int64_t)(diagnostics->count - diagnostics->errors));
    diagnostics_json(run->io, json, diagnostics);
    run->io->json_end(json);
}

/* ---- The command ---- */

/* `json` is NULL for a report to people. */
static bool verify_files(struct run *run, const struct arguments *arguments, delib_io_json *json)
{
    bool valid = true;

    for (size_t i = 0; i < arguments->operand_count; i++) {
        struct programme programme;

        if (programme_open(run, arguments->operands[i], &programme))
            essais_diagnose(run, &programme);
        programme.valid = programme.valid && !programme.diagnostics.errors;
        valid = valid && programme.valid;
        if (json)
            write_report(run, json, &programme);
        else
            print_report(run, &programme);
        programme_close(&programme);
    }
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
    bool valid = argument_given(arguments, OPT_JSON) ? verify_files_json(run, arguments)
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
