/*
 * The command line: options described by a table, read into values and operands, shown by `delib aide`.
 *
 * Names are accepted without accents and in any case, `--option valeur` and `--option=valeur` alike; `--` ends the
 * options and a lone `-` is an operand (stdin). `-o F` is « --sortie F » where that option takes a file.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "terminal.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_VALUE,
    OPTION_LIST,             /* may be given several times */
    OPTION_CHOICE            /* a value among `choices` */
};

struct option {
    const char *name;                    /* without the dashes */
    enum option_kind kind;
    const char *value;                   /* how help names the value: "D"; NULL for a flag */
    const char *help;                    /* French, one line */
    const char *const *choices;          /* OPTION_CHOICE: ends with NULL */
};

/* What was given for one option of the table. */
struct option_values {
    const char **items;
    size_t count, capacity;
    size_t choice;                       /* OPTION_CHOICE, when count is not 0: index in `choices` */
};

struct arguments {
    struct option_values *values;        /* one per option of the table */
    const char **operands;
    size_t operand_count;
    bool help;                           /* --aide was given */
};

struct option_table {
    const struct option *items;
    size_t count;
};

/*
 * False when the command line is at fault, which is then told on the terminal. Texts are borrowed from argv, the rest
 * is in the arena.
 */
bool options_parse(struct arena *arena, struct terminal *terminal, struct option_table table, int argc, char **argv,
                   struct arguments *out);

bool argument_given(const struct arguments *arguments, size_t option);
const char *argument_value(const struct arguments *arguments, size_t option);      /* NULL when not given */
/* Index of the choice, or `otherwise` when the option is not given. */
size_t argument_choice(const struct arguments *arguments, size_t option, size_t otherwise);

/* The name nearest to `word` when it is near enough to be meant, else NULL. Accents and case do not count. */
const char *nearest_name(struct slice word, const char *const *names, size_t count);

#endif
