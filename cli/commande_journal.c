/*
 * `delib journal ACTION J`: what is done with a journal of decisions, beside replaying it.
 */
#include "audit.h"
#include "edge_loader.h"

enum { OPT_TETE, OPT_SIGNATAIRE, OPT_JSON, OPT_COUNT };

static const struct option OPTIONS[] = {
    [OPT_TETE] = { "tete", OPTION_VALUE, "H", "verifier : empreinte notée ailleurs, que le journal doit contenir", NULL },
    [OPT_SIGNATAIRE] = { "signataire", OPTION_VALUE, "K", "verifier : clé publique qui doit avoir signé chaque entrée",
                         NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "résultat en JSON", NULL },
};

/* ---- verifier ---- */

static enum exit_code verify(struct run *run, const struct arguments *arguments)
{
    const struct audit_request request = {
        .path = arguments->operands[1],
        .head = argument_value(arguments, OPT_TETE),
        .signer = argument_value(arguments, OPT_SIGNATAIRE),
        .json = argument_given(arguments, OPT_JSON),
    };

    return audit_execute(run, &request);
}

/* ---- cles ---- */

static void print_keys(struct run *run, const char *folder, const delib_io_journal_keys *keys)
{
    struct terminal *terminal = &run->terminal;

    terminal_print(terminal, STYLE_PLAIN, "# Clés privées dans « %s » : gardez-les hors de portée, et en double.\n", folder);
    terminal_print(terminal, STYLE_PLAIN, "# Clé publique de signature, à donner à qui vérifie :\n#   %s\n",
                   keys->signing_public);
    terminal_print(terminal, STYLE_PLAIN, "# À écrire dans la politique du journal (J.politique.yaml) :\n");
    terminal_print(terminal, STYLE_PLAIN, "chiffrement: { cle_publique: \"%s\" }\n", keys->box_public);
    terminal_print(terminal, STYLE_PLAIN, "pseudonymes: { cle: { fichier: %s/pseudonymes.cle } }\n", folder);
    terminal_print(terminal, STYLE_PLAIN, "signature: { cle: { fichier: %s/signature.cle } }\n", folder);
}

static enum exit_code make_keys(struct run *run, const struct arguments *arguments)
{
    const char *folder = arguments->operands[1], *problem = NULL;
    delib_io_journal_keys keys;
    delib_status status;

    if (!edge_load(run))
        return EXIT_FAULT;
    status = run->io->journal_make_keys(folder, &keys, &problem);
    if (status != DELIB_OK) {
        terminal_error(&run->terminal, "impossible de faire des clés dans « %s » : %s", folder,
                       problem ? problem : status_text(status));
        return EXIT_FAULT;
    }
    print_keys(run, folder, &keys);
    return EXIT_RESULT;
}

/* ---- The command ---- */

/* `options` are those that the action has, by bits. */
static const struct {
    const char *name;
    unsigned options;
    enum exit_code (*execute)(struct run *run, const struct arguments *arguments);
} ACTIONS[] = {
    { "verifier", 1u << OPT_TETE | 1u << OPT_SIGNATAIRE | 1u << OPT_JSON, verify },
    { "cles", 0, make_keys },
};

#define ACTION_COUNT (sizeof(ACTIONS) / sizeof(ACTIONS[0]))

static enum exit_code run_action(struct run *run, const struct arguments *arguments, size_t action)
{
    for (size_t i = 0; i < OPT_COUNT; i++)
        if (argument_given(arguments, i) && !(ACTIONS[action].options & 1u << i)) {
            terminal_error(&run->terminal, "--%s ne va pas avec « journal %s »", OPTIONS[i].name, ACTIONS[action].name);
            return EXIT_USAGE;
        }
    return ACTIONS[action].execute(run, arguments);
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *names[ACTION_COUNT], *nearest;

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        names[i] = ACTIONS[i].name;
        if (text_fold_equal(slice_of(arguments->operands[0]), slice_of(names[i])))
            return run_action(run, arguments, i);
    }
    nearest = nearest_name(slice_of(arguments->operands[0]), names, ACTION_COUNT);
    if (nearest)
        terminal_error(&run->terminal, "« %s » n'est pas une action sur un journal ; vouliez-vous dire « %s » ?",
                       arguments->operands[0], nearest);
    else
        terminal_error(&run->terminal, "« %s » n'est pas une action sur un journal", arguments->operands[0]);
    terminal_hint(&run->terminal, "Mode d'emploi : delib aide journal");
    return EXIT_USAGE;
}

const struct command command_journal = {
    .name = "journal",
    .operands = "verifier J | cles DOSSIER",
    .operand_min = 2,
    .operand_max = 2,
    .summary = "vérifie un journal de décisions",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
