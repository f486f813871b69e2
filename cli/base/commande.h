/*
 * What a command is, and what every command has at hand while it runs.
 */
#ifndef CLI_COMMANDE_H
#define CLI_COMMANDE_H

#include "options.h"
#include "runtime/delib.h"
#include "runtime/delib_io.h"

/* How the program ends; documented in `delib aide` and cli/README.md. */
enum exit_code {
    EXIT_RESULT = 0,         /* a result, « non prévu », « décision individuelle » and « sans objet » included */
    EXIT_FAULT = 1,          /* the délibération or the data is at fault or incomplete */
    EXIT_USAGE = 2,          /* the command line is at fault */
    EXIT_SOURCE = 3          /* a source is unavailable */
};

struct run {
    struct arena arena;                  /* lives as long as the command */
    struct terminal terminal;
    delib_engine *engine;
    const delib_io_api *io;              /* NULL until edge_load() */
    bool io_refused;                     /* it could not be loaded, which was told once */
};

struct command {
    const char *name;
    const char *operands;                /* in the usage line: "F…" */
    size_t operand_min, operand_max;
    bool raw;                            /* its arguments are not read here: they belong to another program */
    const char *summary;                 /* French, one line */
    struct option_table options;
    /* With `raw`, only the operands are set: every argument is one. */
    enum exit_code (*execute)(struct run *run, const struct arguments *arguments);
};

#define ANY_NUMBER SIZE_MAX
#define OPTION_TABLE(array) { (array), sizeof(array) / sizeof((array)[0]) }

extern const struct command command_verifier, command_calculer, command_expliquer, command_tester;
extern const struct command command_formater, command_dossier, command_rapport, command_bac_a_sable, command_aide;
extern const struct command command_version;
extern const struct command command_journal, command_rejouer, command_comparer, command_simuler, command_lsp,
    command_questions, command_configuration;

/* The table of main.c, in the order of the help; ends with NULL. */
extern const struct command *const commands[];

/* Accents and case do not count. NULL when there is none; *nearest is then a suggestion or NULL. */
const struct command *command_find(const char *name, const char **nearest);
/* The page of `delib aide COMMANDE`. */
void command_print_help(struct terminal *terminal, const struct command *command);

/* French words for a status that is neither DELIB_OK nor explained by a diagnostic. */
const char *status_text(delib_status status);

#endif
