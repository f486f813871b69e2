/*
 * `delib lsp`: the language server, started by an editor and not by a person.
 */
#include "cli/lsp/lsp.h"

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    (void)arguments;
    return lsp_serve(run);
}

const struct command command_lsp = {
    .name = "lsp",
    .operands = "",
    .summary = "serveur de langage, qu'un éditeur de texte lance pour dire les défauts pendant qu'on écrit",
    .execute = execute,
};
