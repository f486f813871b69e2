/*
 * `delib version`.
 */
#include "cli/base/commande.h"

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    (void)arguments;
    terminal_print(&run->terminal, STYLE_PLAIN, "delib %s\n", delib_version());
    return EXIT_RESULT;
}

const struct command command_version = {
    .name = "version",
    .operands = "",
    .summary = "donne la version du programme",
    .execute = execute,
};
