/*
 * `delib journal ACTION J`: what is done with a journal of decisions, beside replaying it.
 */
#include "audit.h"

enum { OPT_TETE, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_TETE] = { "tete", OPTION_VALUE, "H", "verifier : empreinte notée ailleurs, que le journal doit contenir", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "bilan en JSON", NULL },
};

static enum exit_code verify(struct run *run, const struct arguments *arguments)
{
    const struct audit_request request = {
        .path = arguments->operands[1],
        .head = argument_value(arguments, OPT_TETE),
        .json = argument_given(arguments, OPT_JSON),
    };

    return audit_execute(run, &request);
}

static const struct {
    const char *name;
    enum exit_code (*execute)(struct run *run, const struct arguments *arguments);
} ACTIONS[] = {
    { "verifier", verify },
};

#define ACTION_COUNT (sizeof(ACTIONS) / sizeof(ACTIONS[0]))

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *names[ACTION_COUNT], *nearest;

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        names[i] = ACTIONS[i].name;
        if (text_fold_equal(slice_of(arguments->operands[0]), slice_of(names[i])))
            return ACTIONS[i].execute(run, arguments);
    }
    nearest = nearest_name(slice_of(arguments->operands[0]), names, ACTION_COUNT);
    terminal_error(&run->terminal, "« %s » n'est pas une action sur un journal%s%s%s", arguments->operands[0],
                   nearest ? " ; vouliez-vous dire « " : "", nearest ? nearest : "", nearest ? " » ?" : "");
    terminal_hint(&run->terminal, "Mode d'emploi : delib aide journal");
    return EXIT_USAGE;
}

const struct command command_journal = {
    .name = "journal",
    .operands = "verifier J",
    .operand_min = 2,
    .operand_max = 2,
    .summary = "vérifie un journal de décisions",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
