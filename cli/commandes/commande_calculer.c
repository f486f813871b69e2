/*
 * `delib calculer`: one family, one amount, and why; or, with --lot, many families (commande_lot.c).
 */
#include "cli/calcul/calcul.h"
#include "cli/lot/commande_lot.h"
#include "cli/calcul/resultat.h"

enum {
    OPT_EXPLIQUER = CALCUL_OPTION_COUNT, OPT_JSON, OPT_JOURNAL, OPT_REFERENCE, OPT_LOT, OPT_SORTIE,
    OPT_GARDER, OPT_IGNORER, OPT_FILS, OPT_REPRENDRE, OPT_DECIMALE, OPT_MONTANTS_SEULS
};

static const struct option OPTIONS[] = {
    CALCUL_OPTIONS,
    [OPT_EXPLIQUER] = {"expliquer", OPTION_FLAG, NULL, "montre les étapes du calcul et les données utilisées", NULL},
    [OPT_JSON] = {"json", OPTION_FLAG, NULL, "résultat en JSON, étapes et données comprises", NULL},
    [OPT_JOURNAL] = {"journal", OPTION_VALUE, "J", "enregistre la décision dans ce journal avant de la montrer",
                     NULL},
    [OPT_REFERENCE] = {"reference", OPTION_VALUE, "R",
                       "journal : numéro du dossier ; avec --lot, la colonne gardée qui le donne", NULL},
    [OPT_LOT] = {"lot", OPTION_VALUE, "E",
                 "calcule toutes les familles d'un fichier CSV ou NDJSON (« - » : entrée "
                 "standard)",
                 NULL},
    [OPT_SORTIE] = {"sortie", OPTION_VALUE, "S", "résultats du lot, en CSV (« - » : sortie standard)", NULL},
    [OPT_GARDER] = {"garder", OPTION_LIST, "col,col", "colonnes du lot recopiées devant les résultats", NULL},
    [OPT_IGNORER] = {"ignorer", OPTION_LIST, "col,col", "colonnes du lot qui ne servent à rien ici", NULL},
    [OPT_FILS] = {"fils", OPTION_VALUE, "N", "fils d'exécution du lot (sinon un par processeur)", NULL},
    [OPT_REPRENDRE] = {"reprendre", OPTION_FLAG, NULL, "continue un lot interrompu", NULL},
    [OPT_DECIMALE] = {"decimale", OPTION_CHOICE, "D", "marque décimale du lot : virgule ou point (sinon reconnue)",
                      lot_decimal_choices},
    [OPT_MONTANTS_SEULS] = {"montants-seuls", OPTION_FLAG, NULL, "lot : sans les colonnes de statut et de motif",
                            NULL},
};

/* ---- Reports ---- */

static void print_report(struct calcul *c, bool computed)
{
    if (computed)
        result_print(c->run, c->session, &c->result, argument_given(c->arguments, OPT_EXPLIQUER));
    else
        calcul_print_failure(c);
}

static bool write_report(struct calcul *c, bool computed)
{
    delib_io_json *json = edge_json_new(c->run);

    if (!json)
        return false;
    c->run->io->json_object(json, NULL);
    if (computed)
        c->run->io->json_result(json, c->session, &c->result);
    else
        calcul_json_failure(c, json);
    c->run->io->json_end(json);
    return edge_json_print(c->run, json);
}

static enum exit_code report(struct calcul *c, bool computed)
{
    bool written = true;

    if (argument_given(c->arguments, OPT_JSON))
        written = write_report(c, computed);
    else
        print_report(c, computed);
    return computed && written ? result_exit_code(c->result.statut) : EXIT_FAULT;
}

/* ---- The command ---- */

/* A batch explains nothing: what only makes sense for one family is refused. */
static enum exit_code execute_batch(struct run *run, const struct arguments *arguments)
{
    static const size_t ALONE[] = { CALCUL_DEMANDE, CALCUL_AVEC, OPT_EXPLIQUER, OPT_JSON };
    struct calcul sources = { .run = run, .arguments = arguments };
    enum exit_code code = EXIT_FAULT;
    const struct option_values *values = arguments->values;
    struct lot_request request = {
        .program = arguments->operands[0],
        .input = argument_value(arguments, OPT_LOT),
        .output = argument_value(arguments, OPT_SORTIE),
        .date = argument_value(arguments, CALCUL_DATE),
        .threads = argument_value(arguments, OPT_FILS),
        .tariffs = &values[CALCUL_TARIF],
        .kept = &values[OPT_GARDER],
        .ignored = &values[OPT_IGNORER],
        .decimal = (enum lot_decimal)argument_choice(arguments, OPT_DECIMALE, LOT_DECIMAL_DETECTED),
        .journal = argument_value(arguments, OPT_JOURNAL),
        .reference = argument_value(arguments, OPT_REFERENCE),
        .resume = argument_given(arguments, OPT_REPRENDRE),
        .amounts_only = argument_given(arguments, OPT_MONTANTS_SEULS),
    };

    for (size_t i = 0; i < sizeof ALONE / sizeof *ALONE; i++)
        if (argument_given(arguments, ALONE[i])) {
            terminal_error(&run->terminal, "--%s ne va pas avec --lot", OPTIONS[ALONE[i]].name);
            return EXIT_USAGE;
        }
    if (!calcul_read_arguments(&sources))
        return EXIT_USAGE;
    if (calcul_open_sources(&sources)) {
        request.config = sources.config;
        request.sources = sources.api == API_REAL ? argument_value(arguments, CALCUL_CONFIGURATION) : "bac à sable";
        code = lot_execute(run, &request);
    } else {
        calcul_print_failure(&sources);
    }
    calcul_close(&sources);
    return code;
}

static bool check_single(struct run *run, const struct arguments *arguments)
{
    for (size_t i = OPT_SORTIE; i <= OPT_MONTANTS_SEULS; i++)
        if (argument_given(arguments, i)) {
            terminal_error(&run->terminal, "--%s ne va qu'avec --lot", OPTIONS[i].name);
            return false;
        }
    if (arguments->values[CALCUL_TARIF].count > 1)
        terminal_error(&run->terminal, "plusieurs --tarif ne vont qu'avec --lot");
    return arguments->values[CALCUL_TARIF].count <= 1;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct calcul c = { .run = run, .arguments = arguments, .journal_path = argument_value(arguments, OPT_JOURNAL),
                        .reference = argument_value(arguments, OPT_REFERENCE) };
    enum exit_code code;
    bool computed;

    if (argument_given(arguments, OPT_REFERENCE) && !argument_given(arguments, OPT_JOURNAL)) {
        terminal_error(&run->terminal, "--reference ne va qu'avec --journal");
        return EXIT_USAGE;
    }
    if (argument_given(arguments, OPT_LOT))
        return execute_batch(run, arguments);
    if (!check_single(run, arguments) || !calcul_read_arguments(&c))
        return EXIT_USAGE;
    computed = calcul_run(&c);
    code = report(&c, computed);
    calcul_close(&c);
    return code;
}

const struct command command_calculer = {
    .name = "calculer",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "calcule le tarif d'une famille et dit pourquoi",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
