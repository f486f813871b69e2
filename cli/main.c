/*
 * The `delib` program: the table of commands, and one run of one of them. Only this program may read arguments, the
 * clock and the environment, print and exit; the core library does none of that.
 */
#include "cli/base/commande.h"

#include <stdlib.h>

const struct command *const commands[] = {
    &command_verifier, &command_calculer,    &command_expliquer, &command_tester,  &command_formater,
    &command_questions, &command_dossier,    &command_configuration,
    &command_rapport,  &command_journal,     &command_rejouer,   &command_comparer, &command_simuler,
    &command_bac_a_sable, &command_lsp,
    &command_aide,     &command_version,     NULL,
};

/* Words of other programs' habits, for the commands that they mean. */
static const struct { const char *word, *name; } ALIASES[] = {
    { "--aide", "aide" }, { "--help", "aide" }, { "-h", "aide" }, { "help", "aide" }, { "--version", "version" },
};

const struct command *command_find(const char *name, const char **nearest)
{
    const char *names[sizeof(commands) / sizeof(commands[0])];
    size_t count = 0;

    for (size_t i = 0; i < sizeof(ALIASES) / sizeof(ALIASES[0]); i++)
        if (text_fold_equal(slice_of(name), slice_of(ALIASES[i].word)))
            name = ALIASES[i].name;
    for (; commands[count]; count++) {
        if (text_fold_equal(slice_of(name), slice_of(commands[count]->name)))
            return commands[count];
        names[count] = commands[count]->name;
    }
    *nearest = nearest_name(slice_of(name), names, count);
    return NULL;
}

const char *status_text(delib_status status)
{
    switch (status) {
    case DELIB_OK:        return "";
    case DELIB_PENDING:   return "une donnée externe est attendue";
    case DELIB_INVALID:   return "le texte ou une donnée est en faute";
    case DELIB_NO_MEMORY: return "mémoire insuffisante";
    case DELIB_LIMIT:     return "une limite de taille est dépassée";
    case DELIB_MISUSE:
    case DELIB_INTERNAL:  break;
    }
    return "défaut interne de delib : merci de le signaler avec le fichier qui le provoque";
}

/* ---- One run ---- */

/*
 * The arenas and the engine of the program never meet NULL: refused memory ends it, before anything is concluded from
 * what could not be computed. What was reported as done is on disk.
 */
static void *resize_block(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, size);
    if (!block) {
        fprintf(stderr, "delib : %s\n", status_text(DELIB_NO_MEMORY));
        exit(EXIT_FAULT);
    }
    return block;
}

static enum exit_code refuse_command(struct run *run, const char *name, const char *nearest)
{
    if (nearest)
        terminal_error(&run->terminal, "commande inconnue « %s » ; vouliez-vous dire « %s » ?", name, nearest);
    else
        terminal_error(&run->terminal, "commande inconnue « %s »", name);
    terminal_hint(&run->terminal, "Les commandes : delib aide");
    return EXIT_USAGE;
}

static bool check_operands(struct run *run, const struct command *command, const struct arguments *arguments)
{
    if (arguments->operand_count < command->operand_min)
        terminal_error(&run->terminal, "il manque un argument : delib %s %s", command->name, command->operands);
    else if (arguments->operand_count > command->operand_max)
        terminal_error(&run->terminal, "argument en trop : « %s »", arguments->operands[command->operand_max]);
    else
        return true;
    return false;
}

/* Everything after the command's name is for the program behind it. */
static void pass_arguments(int argc, char **argv, const char **operands, struct arguments *out)
{
    *out = (struct arguments){ .operands = operands, .operand_count = (size_t)argc };
    for (int i = 0; i < argc; i++)
        operands[i] = argv[i];
}

static enum exit_code run_command(struct run *run, const struct command *command, int argc, char **argv)
{
    struct arguments arguments = { 0 };
    const char **operands = arena_array(&run->arena, const char *, (size_t)argc + 1);

    run->terminal.command = command->name;
    if (command->raw) {
        pass_arguments(argc, argv, operands, &arguments);
        return command->execute(run, &arguments);
    }
    if (options_parse(&run->arena, &run->terminal, command->options, argc, argv, &arguments)) {
        if (arguments.help) {
            command_print_help(&run->terminal, command);
            return EXIT_RESULT;
        }
        if (check_operands(run, command, &arguments))
            return command->execute(run, &arguments);
    }
    terminal_hint(&run->terminal, "Mode d'emploi : delib aide %s", command->name);
    return EXIT_USAGE;
}

static enum exit_code run_program(struct run *run, int argc, char **argv)
{
    delib_options options = DELIB_OPTIONS_INIT;
    const char *nearest = NULL;
    const struct command *command;

    if (argc < 2) {
        terminal_error(&run->terminal, "il manque une commande, par exemple : delib verifier FICHIER");
        terminal_hint(&run->terminal, "Les commandes : delib aide");
        return EXIT_USAGE;
    }
    command = command_find(argv[1], &nearest);
    if (!command)
        return refuse_command(run, argv[1], nearest);
    options.resize = resize_block;
    if (delib_engine_new(&options, &run->engine) != DELIB_OK) {
        terminal_error(&run->terminal, "%s", status_text(DELIB_NO_MEMORY));
        return EXIT_FAULT;
    }
    return run_command(run, command, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
    struct allocator allocator = { resize_block, NULL };
    struct run run = { 0 };
    enum exit_code code;

    arena_init(&run.arena, allocator, 0);
    terminal_open(&run.terminal, allocator);
    code = run_program(&run, argc, argv);
    if (run.io_refused && code == EXIT_RESULT)      /* something of the answer is missing, and it was told */
        code = EXIT_FAULT;
    delib_engine_free(run.engine);
    if (!terminal_flush(&run.terminal)) {
        terminal_error(&run.terminal, "la sortie n'a pas pu être écrite en entier");
        code = EXIT_FAULT;
    }
    arena_release(&run.arena);
    terminal_close(&run.terminal);
    return code;
}
