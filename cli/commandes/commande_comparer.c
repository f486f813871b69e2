/*
 * `delib comparer AVANT APRES`: the situations whose price is not the same under two délibérations, all of them, and
 * nothing else. A difference is a result: the exit code is then 0 too.
 */
#include "cli/examen/comparaison.h"
#include "cli/base/edge_loader.h"
#include "cli/base/programme.h"

#include <string.h>

enum { OPT_PAIRS, OPT_TARIFF, OPT_DATE, OPT_DATE_BEFORE, OPT_DATE_AFTER, OPT_STEPS, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_PAIRS] = { "correspondance", OPTION_LIST, "ANCIEN=NOUVEAU",
                    "une donnée, un tarif ou une valeur (usager.adulte) qui a changé de nom", NULL },
    [OPT_TARIFF] = { "tarif", OPTION_VALUE, "N", "ce tarif seulement, sous son nom d'avant", NULL },
    [OPT_DATE] = { "date", OPTION_VALUE, "D", "date de la prestation ; sinon le premier jour d'application de chacun",
                   NULL },
    [OPT_DATE_BEFORE] = { "date-avant", OPTION_VALUE, "D", "la même, pour AVANT seulement", NULL },
    [OPT_DATE_AFTER] = { "date-apres", OPTION_VALUE, "D", "la même, pour APRES seulement", NULL },
    [OPT_STEPS] = { "etapes", OPTION_VALUE, "N", "étapes de calcul accordées à chaque tarif (20 000 000)", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "comparaison en JSON", NULL },
};

/* ---- The command line ---- */

static bool read_pairs(struct run *run, const struct arguments *arguments, struct comparison_options *out)
{
    const struct option_values *values = &arguments->values[OPT_PAIRS];
    struct name_pair *pairs = arena_array(&run->arena, struct name_pair, values->count);

    for (size_t i = 0; i < values->count; i++) {
        const char *text = values->items[i], *equal = strchr(text, '=');

        if (!equal || equal == text || !equal[1] || strchr(equal + 1, '=')) {
            terminal_error(&run->terminal,
                           "« --correspondance %s » : écrivez ANCIEN=NOUVEAU, par exemple qf=quotient", text);
            return false;
        }
        pairs[i] = (struct name_pair){ { text, (size_t)(equal - text) }, slice_of(equal + 1) };
    }
    out->pairs = pairs;
    out->pair_count = values->count;
    return pairs != NULL;
}

static bool read_date(struct run *run, const struct arguments *arguments, size_t option, struct date *out)
{
    const char *text = argument_value(arguments, option);

    if (!text || date_parse(slice_of(text), out))
        return true;
    terminal_error(&run->terminal, "« --%s %s » : ce n'est pas une date (AAAA-MM-JJ, ou 1er septembre 2026)",
                   OPTIONS[option].name, text);
    return false;
}

static bool read_steps(struct run *run, const struct arguments *arguments, struct comparison_options *out)
{
    const char *text = argument_value(arguments, OPT_STEPS);
    struct number steps;

    out->steps = REGION_BUDGET_USUAL;
    if (!text)
        return true;
    if (!number_parse(slice_of(text), &steps) || !number_is_integer(steps) || steps.num < 1 ||
        steps.num > INT64_MAX) {
        terminal_error(&run->terminal, "« --etapes %s » : un nombre entier, à partir de 1, est attendu", text);
        return false;
    }
    out->steps = (uint64_t)steps.num;
    return true;
}

static bool read_options(struct run *run, const struct arguments *arguments, struct comparison_options *out)
{
    *out = (struct comparison_options){ .tariff = argument_value(arguments, OPT_TARIFF) };
    if (!read_pairs(run, arguments, out) || !read_steps(run, arguments, out) ||
        !read_date(run, arguments, OPT_DATE, &out->dates[BEFORE]))
        return false;
    out->dates[AFTER] = out->dates[BEFORE];
    return read_date(run, arguments, OPT_DATE_BEFORE, &out->dates[BEFORE]) &&
           read_date(run, arguments, OPT_DATE_AFTER, &out->dates[AFTER]);
}

/* ---- The command ---- */

struct both {
    struct programme sides[SIDES];
};

static bool open_both(struct run *run, const struct arguments *arguments, struct both *out)
{
    bool valid = true;

    for (int side = BEFORE; side < SIDES; side++) {
        valid &= programme_open(run, arguments->operands[side], &out->sides[side]);
        if (!out->sides[side].valid)
            programme_report(run, &out->sides[side]);
    }
    return valid;
}

static enum exit_code show(struct run *run, const struct arguments *arguments, const struct compared_files *files,
                           const struct comparison *comparison)
{
    delib_io_json *json;

    if (!argument_given(arguments, OPT_JSON)) {
        comparaison_print(run, files, comparison);
        return EXIT_RESULT;
    }
    json = edge_json_new(run);
    if (!json)
        return EXIT_FAULT;
    run->io->json_object(json, NULL);
    comparaison_json(run, json, files, comparison);
    run->io->json_end(json);
    return edge_json_print(run, json) ? EXIT_RESULT : EXIT_FAULT;
}

static bool tariff_exists(struct run *run, const struct both *both, const char *name)
{
    const char *problem = NULL;

    if (!name || programme_tariff(run, both->sides[BEFORE].program, name, &problem) != DELIB_NO_TARIFF)
        return true;
    terminal_error(&run->terminal, "%s", problem);
    return false;
}

static enum exit_code compare(struct run *run, const struct arguments *arguments, const struct both *both,
                              struct comparison_options *options)
{
    struct compared_files files;
    struct comparison comparison;
    const char *fault = NULL;
    delib_status status;

    if (!tariff_exists(run, both, options->tariff))
        return EXIT_FAULT;
    for (int side = BEFORE; side < SIDES; side++) {
        if (!options->dates[side].year)
            options->dates[side] = comparison_usual_date(both->sides[side].program);
        files.names[side] = both->sides[side].file.name;
        files.dates[side] = options->dates[side];
    }
    status = comparison_make(&run->arena, both->sides[BEFORE].program, both->sides[AFTER].program, options,
                             &comparison, &fault);
    if (status == DELIB_OK)
        return show(run, arguments, &files, &comparison);
    terminal_error(&run->terminal, "%s", fault ? fault : status_text(status));
    return EXIT_FAULT;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct comparison_options options;
    struct both both;
    enum exit_code code = EXIT_FAULT;

    if (!read_options(run, arguments, &options))
        return EXIT_USAGE;
    if (strcmp(arguments->operands[BEFORE], "-") == 0 && strcmp(arguments->operands[AFTER], "-") == 0) {
        terminal_error(&run->terminal, "un seul des deux fichiers peut être l'entrée standard");
        return EXIT_USAGE;
    }
    if (open_both(run, arguments, &both))
        code = compare(run, arguments, &both, &options);
    for (int side = BEFORE; side < SIDES; side++)
        programme_close(&both.sides[side]);
    return code;
}

const struct command command_comparer = {
    .name = "comparer",
    .operands = "AVANT APRES",
    .operand_min = 2,
    .operand_max = 2,
    .summary = "dit toutes les situations dont le prix change d'une délibération à l'autre",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
