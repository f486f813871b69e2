/*
 * Reading the command line after a table of options. What options mean is left to the commands.
 */
#include "options.h"

#include <string.h>

/* Known by every command, whatever its table. */
static const char HELP_OPTION[] = "aide", OUTPUT_OPTION[] = "sortie";

/* ---- Suggestions ---- */

const char *nearest_name(struct slice word, const char *const *names, size_t count)
{
    unsigned best = word.length < 4 ? 1 : word.length < 8 ? 2 : 3;
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        unsigned distance = text_distance(word, slice_of(names[i]), best);

        if (distance <= best && (!nearest || distance < best)) {
            nearest = names[i];
            best = distance;
        }
    }
    return nearest;
}

/* ---- Parsing ---- */

struct parsing {
    struct arena *arena;
    struct terminal *terminal;
    struct option_table table;
    char **argv;
    int argc, next;              /* next: index of the first argument not read yet */
    struct arguments *out;
};

static bool unknown_option(const struct parsing *parsing, struct slice name)
{
    const char **names = arena_array(parsing->arena, const char *, parsing->table.count + 1);
    const char *nearest = NULL;

    for (size_t i = 0; i < parsing->table.count; i++)
        names[i] = parsing->table.items[i].name;
    names[parsing->table.count] = HELP_OPTION;
    nearest = nearest_name(name, names, parsing->table.count + 1);
    if (nearest)
        terminal_error(parsing->terminal, "option inconnue « --%.*s » ; vouliez-vous dire « --%s » ?",
                       SLICE_ARG(name), nearest);
    else
        terminal_error(parsing->terminal, "option inconnue « --%.*s »", SLICE_ARG(name));
    return false;
}

static bool read_choice(const struct parsing *parsing, const struct option *option, const char *value,
                        struct option_values *values)
{
    struct strbuf list = strbuf_in(parsing->arena);

    for (size_t i = 0; option->choices[i]; i++) {
        if (text_fold_equal(slice_of(value), slice_of(option->choices[i]))) {
            values->choice = i;
            return true;
        }
        strbuf_format(&list, "%s« %s »", i == 0 ? "" : option->choices[i + 1] ? ", " : " ou ", option->choices[i]);
    }
    terminal_error(parsing->terminal, "« %s » n'est pas une valeur de --%s : on attend %.*s", value, option->name,
                   SLICE_ARG(strbuf_result(&list)));
    return false;
}

static bool store_value(const struct parsing *parsing, const struct option *option, const char *value)
{
    struct option_values *values = &parsing->out->values[option - parsing->table.items];
    const char **item;

    if (values->count && option->kind != OPTION_LIST) {
        terminal_error(parsing->terminal, "l'option --%s est donnée deux fois", option->name);
        return false;
    }
    if (option->kind == OPTION_CHOICE && !read_choice(parsing, option, value, values))
        return false;
    item = arena_push(parsing->arena, values);
    *item = value;
    return true;
}

/* The value of an option: after its « = », else the next argument unless that is an option itself. */
static bool read_value(struct parsing *parsing, const struct option *option, const char *inline_value)
{
    if (!inline_value && parsing->next < parsing->argc && strncmp(parsing->argv[parsing->next], "--", 2) != 0)
        inline_value = parsing->argv[parsing->next++];
    if (!inline_value || !*inline_value) {
        terminal_error(parsing->terminal, "l'option --%s attend une valeur : --%s %s", option->name, option->name,
                       option->value);
        return false;
    }
    return store_value(parsing, option, inline_value);
}

static bool read_flag(const struct parsing *parsing, const struct option *option, const char *inline_value)
{
    if (inline_value) {
        terminal_error(parsing->terminal, "l'option --%s n'attend pas de valeur", option->name);
        return false;
    }
    return store_value(parsing, option, "");
}

static bool read_option(struct parsing *parsing, const char *text)
{
    const char *equal = strchr(text, '=');
    struct slice name = { text, equal ? (size_t)(equal - text) : strlen(text) };

    for (size_t i = 0; i < parsing->table.count; i++) {
        const struct option *option = &parsing->table.items[i];

        if (!text_fold_equal(name, slice_of(option->name)))
            continue;
        return option->kind == OPTION_FLAG ? read_flag(parsing, option, equal ? equal + 1 : NULL)
                                           : read_value(parsing, option, equal ? equal + 1 : NULL);
    }
    if (text_fold_equal(name, slice_of(HELP_OPTION)) || slice_is(name, "help")) {
        parsing->out->help = true;
        return true;
    }
    return unknown_option(parsing, name);
}

/* « -o F » is what everyone types for « --sortie F ». */
static bool takes_output(struct option_table table)
{
    for (size_t i = 0; i < table.count; i++)
        if (strcmp(table.items[i].name, OUTPUT_OPTION) == 0)
            return table.items[i].kind == OPTION_VALUE;
    return false;
}

static bool read_argument(struct parsing *parsing, const char *argument, bool *options_ended)
{
    if (*options_ended || argument[0] != '-' || !argument[1]) {
        parsing->out->operands[parsing->out->operand_count++] = argument;
        return true;
    }
    if (strcmp(argument, "--") == 0) {
        *options_ended = true;
        return true;
    }
    if (strcmp(argument, "-h") == 0) {
        parsing->out->help = true;
        return true;
    }
    if (strcmp(argument, "-o") == 0 && takes_output(parsing->table))
        return read_option(parsing, OUTPUT_OPTION);
    if (argument[1] != '-') {
        terminal_error(parsing->terminal, "option inconnue « %s » : les options s'écrivent en entier, « --nom »",
                       argument);
        return false;
    }
    return read_option(parsing, argument + 2);
}

bool options_parse(struct arena *arena, struct terminal *terminal, struct option_table table, int argc, char **argv,
                   struct arguments *out)
{
    struct parsing parsing = { arena, terminal, table, argv, argc, 0, out };
    bool options_ended = false, valid = true;

    *out = (struct arguments){ 0 };
    out->values = arena_array(arena, struct option_values, table.count + 1);
    out->operands = arena_array(arena, const char *, (size_t)argc + 1);
    while (valid && parsing.next < argc)
        valid = read_argument(&parsing, argv[parsing.next++], &options_ended);
    return valid;
}

/* ---- Reading what was given ---- */

bool argument_given(const struct arguments *arguments, size_t option)
{
    return arguments->values[option].count != 0;
}

const char *argument_value(const struct arguments *arguments, size_t option)
{
    return argument_given(arguments, option) ? arguments->values[option].items[0] : NULL;
}

size_t argument_choice(const struct arguments *arguments, size_t option, size_t otherwise)
{
    return argument_given(arguments, option) ? arguments->values[option].choice : otherwise;
}
