/*
 * `delib simuler F --population P`: what an act brings in, and against the act before it (--avant), who pays less and
 * who pays more.
 */
#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"
#include "cli/document/document.h"
#include "cli/simulation/simulation.h"

#include <string.h>

enum {
    OPT_POPULATION, OPT_BEFORE, OPT_TARIFF, OPT_QUANTITY, OPT_WEIGHT, OPT_BY, OPT_BOUNDS, OPT_DATE, OPT_DATE_BEFORE,
    OPT_DATE_AFTER, OPT_IGNORED, OPT_DECIMAL, OPT_HTML, OPT_MARKDOWN, OPT_JSON
};

static const struct option OPTIONS[] = {
    [OPT_POPULATION] = { "population", OPTION_VALUE, "P",
                        "les familles, en CSV ou en NDJSON, comme pour calculer --lot", NULL },
    [OPT_BEFORE] = { "avant", OPTION_VALUE, "G", "l'acte en vigueur, auquel F est comparé", NULL },
    [OPT_TARIFF] = { "tarif", OPTION_LIST, "N", "ce tarif seulement ; répétable", NULL },
    [OPT_QUANTITY] = { "quantite", OPTION_VALUE, "COL", "colonne du nombre d'unités (repas par an…) ; sinon une",
                      NULL },
    [OPT_WEIGHT] = { "poids", OPTION_VALUE, "COL", "colonne du nombre de familles que la ligne représente ; sinon une",
                    NULL },
    [OPT_BY] = { "selon", OPTION_VALUE, "COL",
                "groupes de familles d'après cette colonne : tranches de l'acte, ou valeurs", NULL },
    [OPT_BOUNDS] = { "bornes", OPTION_VALUE, "B;B", "bornes des groupes de --selon, à la place de celles de l'acte",
                    NULL },
    [OPT_DATE] = { "date", OPTION_VALUE, "D", "date de la prestation ; sinon le premier jour d'application de chacun",
                  NULL },
    [OPT_DATE_BEFORE] = { "date-avant", OPTION_VALUE, "D", "la même, pour l'acte d'avant seulement", NULL },
    [OPT_DATE_AFTER] = { "date-apres", OPTION_VALUE, "D", "la même, pour F seulement", NULL },
    [OPT_IGNORED] = { "ignorer", OPTION_LIST, "col,col", "colonnes qui ne servent à rien ici", NULL },
    [OPT_DECIMAL] = { "decimale", OPTION_CHOICE, "D", "marque décimale : virgule ou point (sinon reconnue)",
                     lot_decimal_choices },
    [OPT_HTML] = { "html", OPTION_FLAG, NULL, "le rapport en HTML, sur la sortie standard", NULL },
    [OPT_MARKDOWN] = { "markdown", OPTION_FLAG, NULL, "le rapport en Markdown", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "les sommes en JSON", NULL },
};

/* ---- The command line ---- */

static bool read_bounds(struct run *run, const struct arguments *arguments, struct simulation_request *out)
{
    const char *text = argument_value(arguments, OPT_BOUNDS);
    struct { struct number *items; size_t count, capacity; } bounds = { 0 };

    if (text && !out->by) {
        terminal_error(&run->terminal, "--bornes ne va qu'avec --selon");
        return false;
    }
    for (const char *p = text; p && *p;) {
        size_t length = strcspn(p, ";");
        struct number *bound = arena_push(&run->arena, &bounds);

        if (!number_parse((struct slice){ p, length }, bound) || bounds.count >= GROUPS_MAX - 2) {
            terminal_error(&run->terminal, "« --bornes %s » : des nombres séparés par « ; » sont attendus, %d au plus",
                           text, GROUPS_MAX - 3);
            return false;
        }
        p += length + (p[length] == ';');
    }
    out->bounds = bounds.items;
    out->bound_count = bounds.count;
    return true;
}

static bool read_date(struct run *run, const struct arguments *arguments, size_t option, const char **out)
{
    const char *text = argument_value(arguments, option);

    if (!text)
        return true;
    *out = date_to_iso(&run->arena, text);
    if (!*out)
        terminal_error(&run->terminal, "« --%s %s » : ce n'est pas une date (AAAA-MM-JJ, ou 1er septembre 2026)",
                       OPTIONS[option].name, text);
    return *out != NULL;
}

static bool check_forms(struct run *run, const struct arguments *arguments)
{
    if (!argument_given(arguments, OPT_POPULATION))
        terminal_error(&run->terminal, "il manque --population P, le fichier des familles");
    else if (strcmp(argument_value(arguments, OPT_POPULATION), "-") == 0)
        terminal_error(&run->terminal, "la population est lue plusieurs fois : donnez un fichier");
    else if (argument_given(arguments, OPT_JSON) + argument_given(arguments, OPT_HTML) +
                 argument_given(arguments, OPT_MARKDOWN) > 1)
        terminal_error(&run->terminal, "une seule forme à la fois : --json, --html ou --markdown");
    else if (strcmp(arguments->operands[0], "-") == 0 ||
             (argument_given(arguments, OPT_BEFORE) && strcmp(argument_value(arguments, OPT_BEFORE), "-") == 0))
        terminal_error(&run->terminal, "un acte est lu plusieurs fois : donnez un fichier");
    else
        return true;
    return false;
}

static bool read_request(struct run *run, const struct arguments *arguments, struct simulation_request *out)
{
    *out = (struct simulation_request){
        .paths = { [BEFORE] = argument_value(arguments, OPT_BEFORE), [AFTER] = arguments->operands[0] },
        .population = argument_value(arguments, OPT_POPULATION),
        .quantity = argument_value(arguments, OPT_QUANTITY),
        .weight = argument_value(arguments, OPT_WEIGHT),
        .by = argument_value(arguments, OPT_BY),
        .tariffs = &arguments->values[OPT_TARIFF],
        .ignored = &arguments->values[OPT_IGNORED],
        .decimal = (enum lot_decimal)argument_choice(arguments, OPT_DECIMAL, LOT_DECIMAL_DETECTED),
    };
    if (!check_forms(run, arguments) || !read_bounds(run, arguments, out) ||
        !read_date(run, arguments, OPT_DATE, &out->dates[BEFORE]))
        return false;
    out->dates[AFTER] = out->dates[BEFORE];
    return read_date(run, arguments, OPT_DATE_BEFORE, &out->dates[BEFORE]) &&
           read_date(run, arguments, OPT_DATE_AFTER, &out->dates[AFTER]);
}

/* ---- The command ---- */

/* The first day of application of an act that says it, today otherwise. */
static const char *usual_date(struct run *run, const struct delib_program *program)
{
    struct date date = comparison_usual_date(program);
    struct strbuf text = strbuf_in(&run->arena);

    if (!date.year)
        return clock_today(&run->arena);
    strbuf_date_iso(&text, date);
    return strbuf_string(&text);
}

static bool open_acts(struct simulation *s, struct simulation_request *request)
{
    bool valid = true;

    for (int side = BEFORE; side < SIDES; side++) {
        if (!request->paths[side])
            continue;
        valid &= programme_open(s->run, request->paths[side], &s->acts[side]);
        if (!s->acts[side].valid)
            programme_report(s->run, &s->acts[side]);
        else if (!request->dates[side])
            request->dates[side] = usual_date(s->run, s->acts[side].program);
    }
    return valid;
}

static bool show(struct run *run, const struct arguments *arguments, const struct simulation *s)
{
    struct document document;
    delib_io_json *json;

    if (argument_given(arguments, OPT_JSON)) {
        json = edge_json_new(run);
        if (!json)
            return false;
        run->io->json_object(json, NULL);
        simulation_json(run, json, s);
        run->io->json_end(json);
        return edge_json_print(run, json);
    }
    document_init(&document, &run->arena, "Simulation");
    simulation_document(&document, s);
    if (argument_given(arguments, OPT_HTML))
        terminal_bytes(&run->terminal, document_html(&document));
    else if (argument_given(arguments, OPT_MARKDOWN))
        terminal_bytes(&run->terminal, document_markdown(&document));
    else
        document_print(&run->terminal, &document);
    return true;
}

/* Rows that an act could not read were told by its batch; they are counted as « erreur ». */
static bool has_faults(const struct simulation *s)
{
    bool faulty = s->faulty > 0;

    for (size_t i = 0; i < s->tariff_count; i++)
        for (int side = BEFORE; side < SIDES; side++)
            faulty |= number_sign(s->tariffs[i].statuts[side][STATUT_ERROR]) > 0;
    return faulty;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct simulation_request request;
    struct simulation simulation = { .run = run, .request = &request, .families = { 0, 1 } };
    enum exit_code code = EXIT_FAULT;

    if (!read_request(run, arguments, &request))
        return EXIT_USAGE;
    if (open_acts(&simulation, &request) && simulation_run(&simulation)) {
        if (show(run, arguments, &simulation) && !has_faults(&simulation))
            code = EXIT_RESULT;
    } else if (simulation.problem) {
        terminal_error(&run->terminal, "%s", simulation.problem);
    }
    for (int side = BEFORE; side < SIDES; side++)
        if (request.paths[side])
            programme_close(&simulation.acts[side]);
    return code;
}

const struct command command_simuler = {
    .name = "simuler",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "dit ce qu'un acte rapporte sur une population, qui y gagne et qui y perd",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
