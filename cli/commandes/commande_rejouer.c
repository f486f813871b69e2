/*
 * `delib rejouer`: every decision of a journal computed again, from what it recorded, and compared.
 */
#include "cli/journal/audit.h"

enum { OPT_TETE, OPT_SIGNATAIRE, OPT_CLE, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_TETE] = { "tete", OPTION_VALUE, "H", "empreinte notée ailleurs, que le journal doit contenir", NULL },
    [OPT_SIGNATAIRE] = { "signataire", OPTION_VALUE, "K", "clé publique qui doit avoir signé chaque entrée", NULL },
    [OPT_CLE] = { "cle", OPTION_LIST, "F", "clé privée qui rouvre les données chiffrées ou pseudonymisées ; "
                                           "répétable",
                  NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "bilan en JSON", NULL },
};

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const struct audit_request request = {
        .path = arguments->operands[0],
        .head = argument_value(arguments, OPT_TETE),
        .signer = argument_value(arguments, OPT_SIGNATAIRE),
        .keys = &arguments->values[OPT_CLE],
        .replay = true,
        .json = argument_given(arguments, OPT_JSON),
    };

    return audit_execute(run, &request);
}

const struct command command_rejouer = {
    .name = "rejouer",
    .operands = "J",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "recalcule les décisions d'un journal et les compare à ce qui a été enregistré",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
