/*
 * `delib configuration verifier C`: is this configuration of the APIs right, and can every secret that it names be
 * reached? Nothing is called and no secret is shown.
 */
#include "cli/base/edge_loader.h"
#include "cli/base/diagnostics.h"
#include "cli/base/fichiers.h"

#include <string.h>

enum { OPT_SANS_SECRETS, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_SANS_SECRETS] = {"sans-secrets", OPTION_FLAG, NULL,
                          "ne cherche pas les secrets (vérification hors du serveur)", NULL},
    [OPT_JSON] = {"json", OPTION_FLAG, NULL, "défauts en JSON", NULL},
};

struct check {
    struct run *run;
    delib_io_config *config;
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French; NULL */
};

static bool check_file(struct check *c, const char *path, bool secrets)
{
    struct file_text file;
    delib_status status;

    if (!file_read(&c->run->arena, path, &file, &c->problem))
        return false;
    status = c->run->io->config_read(file.name, file.bytes, file.length, &c->config);
    if (status == DELIB_OK && secrets)
        status = c->run->io->config_check(c->config);
    if (c->config)
        diagnostics_of_config(c->run, &c->diagnostics, c->config);
    if (status != DELIB_OK && !c->diagnostics.errors)
        c->problem = status_text(status);
    return status == DELIB_OK;
}

static void print_report(struct check *c, const char *path, bool right)
{
    diagnostics_print(&c->run->terminal, &c->diagnostics);
    if (c->problem)
        terminal_error(&c->run->terminal, "%s", c->problem);
    else if (right)
        terminal_print(&c->run->terminal, STYLE_GOOD, "%s : %s\n", path,
                       diagnostics_summary(&c->run->arena, &c->diagnostics));
}

static bool write_report(struct check *c, const char *path, bool right)
{
    delib_io_json *json = edge_json_new(c->run);

    if (!json)
        return false;
    c->run->io->json_object(json, NULL);
    c->run->io->json_text(json, "fichier", path);
    c->run->io->json_boolean(json, "valide", right);
    c->run->io->json_text(json, "problème", c->problem);
    diagnostics_json(c->run->io, json, &c->diagnostics);
    c->run->io->json_end(json);
    return edge_json_print(c->run, json);
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *path = arguments->operands[1];
    struct check c = { .run = run };
    bool right, written = true;

    if (!text_fold_equal(slice_of(arguments->operands[0]), SLICE("verifier"))) {
        terminal_error(&run->terminal, "« %s » n'est pas une action sur une configuration : on attend « verifier »",
                       arguments->operands[0]);
        terminal_hint(&run->terminal, "Mode d'emploi : delib aide configuration");
        return EXIT_USAGE;
    }
    if (!edge_load(run))
        return EXIT_FAULT;
    right = check_file(&c, path, !argument_given(arguments, OPT_SANS_SECRETS));
    if (argument_given(arguments, OPT_JSON))
        written = write_report(&c, path, right);
    else
        print_report(&c, path, right);
    run->io->config_free(c.config);
    return right && written ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_configuration = {
    .name = "configuration",
    .operands = "verifier C",
    .operand_min = 2,
    .operand_max = 2,
    .summary = "vérifie une configuration des API et ses secrets, sans rien appeler",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
