/*
 * `delib bac-a-sable`: hands over to the helper program, which alone links the HTTP server library.
 */
#include "cli/base/commande.h"
#include "cli/base/fichiers.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char HELPER[] = "delib-bac-a-sable";

/* argv of the helper: execv() wants strings that may be written, hence copies. */
static char **helper_arguments(struct arena *arena, const struct arguments *arguments)
{
    char **argv = arena_array(arena, char *, arguments->operand_count + 2);

    argv[0] = arena_copy_text(arena, HELPER, strlen(HELPER));
    for (size_t i = 0; i < arguments->operand_count; i++)
        argv[i + 1] = arena_copy_text(arena, arguments->operands[i], strlen(arguments->operands[i]));
    return argv;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *path = companion_find(&run->arena, COMPANION_BAC_A_SABLE, HELPER);
    char **argv = helper_arguments(&run->arena, arguments);

    if (!path) {
        terminal_error(&run->terminal, "le programme « %s » est introuvable à côté de delib", HELPER);
        return EXIT_FAULT;
    }
    execv(path, argv);
    terminal_error(&run->terminal, "« %s » ne peut pas être lancé : %s", path, strerror(errno));
    return EXIT_FAULT;
}

const struct command command_bac_a_sable = {
    .name = "bac-a-sable",
    .operands = "…",
    .operand_max = ANY_NUMBER,
    .raw = true,
    .summary = "lance un serveur local qui imite les API, avec des familles fictives",
    .execute = execute,
};
