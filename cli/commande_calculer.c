/*
 * `delib calculer`: one family, one amount, and why.
 *
 * The command line is read first, so that a usage error is told before anything is opened; then each step of STEPS
 * prepares one thing, or says in `problem` or `diagnostics` why the computation stops there.
 */
#include "commande_lot.h"
#include "edge_loader.h"
#include "horloge.h"
#include "programme.h"
#include "resultat.h"

#include <string.h>

enum {
    OPT_TARIF, OPT_DATE, OPT_DEMANDE, OPT_AVEC, OPT_API, OPT_BAC_A_SABLE, OPT_CONFIGURATION, OPT_EXPLIQUER, OPT_JSON,
    OPT_LOT, OPT_SORTIE, OPT_GARDER, OPT_IGNORER, OPT_FILS, OPT_REPRENDRE, OPT_DECIMALE, OPT_MONTANTS_SEULS
};

enum api { API_NONE, API_SANDBOX, API_REAL };

static const char *const API_CHOICES[] = {
    [API_NONE] = "aucune",
    [API_SANDBOX] = "bac-a-sable",
    [API_REAL] = "reelle",
    NULL,
};

/* In the order of enum lot_decimal. */
static const char *const DECIMAL_CHOICES[] = { "virgule", "point", NULL };

static const struct option OPTIONS[] = {
    [OPT_TARIF] = { "tarif", OPTION_LIST, "N", "tarif à calculer (sinon celui de la demande, ou du fichier)", NULL },
    [OPT_DATE] = { "date", OPTION_VALUE, "D", "date de la prestation (sinon celle de la demande, ou aujourd'hui)",
                   NULL },
    [OPT_DEMANDE] = { "demande", OPTION_VALUE, "X",
                      "demande de la famille, en YAML ou en JSON (« - » : entrée standard)", NULL },
    [OPT_AVEC] = { "avec", OPTION_LIST, "nom=valeur", "donne une entrée ; l'emporte sur la demande ; répétable",
                   NULL },
    [OPT_API] = { "api", OPTION_CHOICE, "A", "sources interrogées : aucune (par défaut), bac-a-sable ou reelle",
                  API_CHOICES },
    [OPT_BAC_A_SABLE] = { "bac-a-sable", OPTION_VALUE, "URL",
                          "adresse que « delib bac-a-sable » a affichée", NULL },
    [OPT_CONFIGURATION] = { "configuration", OPTION_VALUE, "C", "configuration des API réelles, en YAML", NULL },
    [OPT_EXPLIQUER] = { "expliquer", OPTION_FLAG, NULL, "montre les étapes du calcul et les données utilisées",
                        NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "résultat en JSON, étapes et données comprises", NULL },
    [OPT_LOT] = { "lot", OPTION_VALUE, "E", "calcule toutes les familles d'un fichier CSV ou NDJSON (« - » : entrée "
                  "standard)", NULL },
    [OPT_SORTIE] = { "sortie", OPTION_VALUE, "S", "résultats du lot, en CSV (« - » : sortie standard)", NULL },
    [OPT_GARDER] = { "garder", OPTION_LIST, "col,col", "colonnes du lot recopiées devant les résultats", NULL },
    [OPT_IGNORER] = { "ignorer", OPTION_LIST, "col,col", "colonnes du lot qui ne servent à rien ici", NULL },
    [OPT_FILS] = { "fils", OPTION_VALUE, "N", "fils d'exécution du lot (sinon un par processeur)", NULL },
    [OPT_REPRENDRE] = { "reprendre", OPTION_FLAG, NULL, "continue un lot interrompu", NULL },
    [OPT_DECIMALE] = { "decimale", OPTION_CHOICE, "D", "marque décimale du lot : virgule ou point (sinon reconnue)",
                       DECIMAL_CHOICES },
    [OPT_MONTANTS_SEULS] = { "montants-seuls", OPTION_FLAG, NULL, "lot : sans les colonnes de statut et de motif",
                             NULL },
};

struct computation {
    struct run *run;
    const struct arguments *arguments;
    enum api api;
    const char *date;                    /* --date in ISO 8601; NULL when not given */
    struct programme programme;
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_driver *driver;
    delib_session *session;
    delib_tariff tariff;
    delib_result result;
    struct diagnostic_list diagnostics;  /* of the demande or the configuration */
    const char *problem;                 /* French sentence */
};

/* ---- The command line ---- */

static bool read_date(struct computation *c)
{
    const char *text = argument_value(c->arguments, OPT_DATE);

    c->date = text ? date_to_iso(&c->run->arena, text) : NULL;
    if (text && !c->date)
        terminal_error(&c->run->terminal, "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou "
                       "« 1er septembre 2026 »", text);
    return !text || c->date;
}

static bool check_avec(struct computation *c)
{
    const struct option_values *given = &c->arguments->values[OPT_AVEC];

    for (size_t i = 0; i < given->count; i++) {
        const char *equal = strchr(given->items[i], '=');

        if (equal && equal != given->items[i] && equal[1])
            continue;
        terminal_error(&c->run->terminal, "« --avec %s » : on attend nom=valeur, par exemple qf=622 ou "
                       "\"qf=non communiqué\"", given->items[i]);
        return false;
    }
    return true;
}

/* Options that only make sense with one kind of API imply it or are refused with the others. */
static bool read_api(struct computation *c)
{
    bool sandbox = argument_given(c->arguments, OPT_BAC_A_SABLE);
    bool configured = argument_given(c->arguments, OPT_CONFIGURATION);
    enum api implied = sandbox ? API_SANDBOX : configured ? API_REAL : API_NONE;

    c->api = (enum api)argument_choice(c->arguments, OPT_API, implied);
    if (sandbox && c->api != API_SANDBOX)
        terminal_error(&c->run->terminal, "--bac-a-sable ne va qu'avec --api bac-a-sable");
    else if (configured && c->api != API_REAL)
        terminal_error(&c->run->terminal, "--configuration ne va qu'avec --api reelle");
    else if (c->api == API_SANDBOX && !sandbox)
        terminal_error(&c->run->terminal, "--api bac-a-sable demande --bac-a-sable URL, l'adresse que "
                       "« delib bac-a-sable » affiche");
    else if (c->api == API_REAL && !configured)
        terminal_error(&c->run->terminal, "--api reelle demande --configuration C : hôtes, SIRET et habilitations");
    else
        return true;
    return false;
}

/* ---- Steps ---- */

static bool fail_with(struct computation *c, const char *problem)
{
    c->problem = problem;
    return false;
}

static bool open_program(struct computation *c)
{
    if (programme_open(c->run, c->arguments->operands[0], &c->programme))
        return true;
    c->problem = c->programme.problem;
    c->diagnostics = c->programme.diagnostics;
    return false;
}

static bool load_edge(struct computation *c)
{
    bool needed = c->api != API_NONE || argument_given(c->arguments, OPT_DEMANDE);

    return !needed || edge_load(c->run);
}

static bool read_configuration(struct computation *c)
{
    const char *path = argument_value(c->arguments, OPT_CONFIGURATION);
    struct file_text file;
    delib_status status;

    if (!path || !file_read(&c->run->arena, path, &file, &c->problem))
        return !path;
    status = c->run->io->config_read(file.name, file.bytes, file.length, &c->config);
    if (status == DELIB_OK)
        status = c->run->io->config_check(c->config);
    if (status == DELIB_OK)
        return true;
    if (c->config)
        diagnostics_of_config(c->run, &c->diagnostics, c->config);
    return c->diagnostics.errors ? false : fail_with(c, status_text(status));
}

static bool open_sandbox(struct computation *c)
{
    const char *address = argument_value(c->arguments, OPT_BAC_A_SABLE);
    delib_status status;

    if (c->api != API_SANDBOX)
        return true;
    status = c->run->io->config_local(address, &c->config);
    if (status == DELIB_INVALID)
        return fail_with(c, "l'adresse du bac à sable doit être locale, par exemple http://127.0.0.1:8080");
    return status == DELIB_OK || fail_with(c, status_text(status));
}

/* An empty demande when none is given and sources are to be asked: they then answer that the identity is missing. */
static bool read_demande(struct computation *c)
{
    static const delib_value EMPTY = { .kind = DELIB_VALUE_RECORD };
    const char *path = argument_value(c->arguments, OPT_DEMANDE);
    struct file_text file;
    delib_status status = DELIB_OK;

    if (path && !file_read(&c->run->arena, path, &file, &c->problem))
        return false;
    if (path)
        status = c->run->io->demande_read(file.name, file.bytes, file.length, DELIB_IO_AUTO, &c->demande);
    else if (c->api != API_NONE)
        status = c->run->io->demande_from("ligne de commande", &EMPTY, &c->demande);
    if (status == DELIB_OK)
        return true;
    if (c->demande)
        diagnostics_of_demande(c->run, &c->diagnostics, c->demande);
    return c->diagnostics.errors ? false : fail_with(c, status_text(status));
}

static bool choose_tariff(struct computation *c)
{
    const char *name = argument_value(c->arguments, OPT_TARIF);

    if (!name && c->demande)
        name = c->run->io->demande_tarif(c->demande);
    c->tariff = programme_tariff(c->run, c->programme.program, name, &c->problem);
    return c->tariff != DELIB_NO_TARIFF;
}

static bool open_session(struct computation *c)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const delib_io_api *io = c->run->io;
    delib_status status;

    options.ask_sources = c->api != API_NONE;
    options.today = c->demande ? io->demande_aujourd_hui(c->demande) : NULL;
    if (!options.today)
        options.today = clock_today(&c->run->arena);
    options.date = c->date ? c->date : c->demande ? io->demande_date(c->demande) : NULL;
    if (!options.date)
        options.date = options.today;
    if (c->demande && io->demande_at(c->demande, options.date, options.today) != DELIB_OK)
        return fail_with(c, "les dates retenues ne conviennent pas à la demande");
    status = delib_session_new(c->programme.program, &options, &c->session);
    return status == DELIB_OK || fail_with(c, status_text(status));
}

static bool apply_demande(struct computation *c)
{
    delib_status status = c->demande ? c->run->io->demande_apply(c->demande, c->session) : DELIB_OK;

    if (status == DELIB_OK)
        return true;
    diagnostics_of_demande(c->run, &c->diagnostics, c->demande);
    return c->diagnostics.errors ? false : fail_with(c, status_text(status));
}

/* « qf=622 »; « qf=non communiqué » is the absence that JSON writes null. */
static bool apply_one(struct computation *c, const char *text)
{
    const char *equal = strchr(text, '=');
    const char *name = arena_copy_text(&c->run->arena, text, (size_t)(equal - text));
    delib_value absent = { .kind = DELIB_VALUE_ABSENT };
    delib_status status = DELIB_NO_MEMORY;

    if (name && text_fold_equal(slice_of(equal + 1), SLICE("non communiqué")))
        status = delib_session_set(c->session, name, &absent);
    else if (name)
        status = delib_session_set_text(c->session, name, equal + 1);
    if (status == DELIB_INVALID)
        return fail_with(c, delib_session_error(c->session));
    return status == DELIB_OK || fail_with(c, status_text(status));
}

static bool apply_avec(struct computation *c)
{
    const struct option_values *given = &c->arguments->values[OPT_AVEC];

    for (size_t i = 0; i < given->count; i++)
        if (!apply_one(c, given->items[i]))
            return false;
    return true;
}

static bool evaluate(struct computation *c)
{
    const delib_io_api *io = c->run->io;
    delib_status status;

    if (c->api == API_NONE) {
        status = delib_evaluate(c->session, c->tariff, &c->result);
    } else {
        status = io->driver_new(c->config, NULL, &c->driver);
        if (status == DELIB_OK)
            status = io->evaluate(c->driver, c->demande, c->session, c->tariff, &c->result);
    }
    if (status == DELIB_INVALID && *delib_session_error(c->session))
        return fail_with(c, delib_session_error(c->session));
    return status == DELIB_OK || fail_with(c, status_text(status));
}

static bool (*const STEPS[])(struct computation *c) = {
    load_edge,     open_program, read_configuration, open_sandbox, read_demande,
    choose_tariff, open_session, apply_demande,      apply_avec,   evaluate,
};

/* ---- Reports ---- */

static void print_failure(struct computation *c)
{
    diagnostics_print(&c->run->terminal, &c->diagnostics);
    if (c->problem)
        terminal_error(&c->run->terminal, "%s", c->problem);
}

static void print_report(struct computation *c, bool computed)
{
    if (computed)
        result_print(c->run, c->session, &c->result, argument_given(c->arguments, OPT_EXPLIQUER));
    else
        print_failure(c);
}

static bool write_report(struct computation *c, bool computed)
{
    delib_io_json *json = edge_json_new(c->run);

    if (!json)
        return false;
    c->run->io->json_object(json, NULL);
    if (computed) {
        result_json(c->run, json, c->session, &c->result);
    } else {
        c->run->io->json_text(json, "erreur", c->problem ? c->problem
                                                         : diagnostics_summary(&c->run->arena, &c->diagnostics));
        diagnostics_json(c->run->io, json, &c->diagnostics);
    }
    c->run->io->json_end(json);
    return edge_json_print(c->run, json);
}

static enum exit_code report(struct computation *c, bool computed)
{
    bool written = true;

    if (argument_given(c->arguments, OPT_JSON))
        written = write_report(c, computed);
    else
        print_report(c, computed);
    return computed && written ? result_exit_code(c->result.statut) : EXIT_FAULT;
}

static void close_computation(struct computation *c)
{
    const delib_io_api *io = c->run->io;

    delib_session_free(c->session);
    if (io) {
        io->driver_free(c->driver);
        io->demande_free(c->demande);
        io->config_free(c->config);
    }
    programme_close(&c->programme);
}

/* ---- The command ---- */

/* A batch asks no source and explains nothing: what only makes sense for one family is refused. */
static enum exit_code execute_batch(struct run *run, const struct arguments *arguments)
{
    static const size_t ALONE[] = { OPT_DEMANDE, OPT_AVEC, OPT_API, OPT_BAC_A_SABLE, OPT_CONFIGURATION, OPT_EXPLIQUER,
                                    OPT_JSON };
    const struct option_values *values = arguments->values;
    struct lot_request request = {
        .program = arguments->operands[0],
        .input = argument_value(arguments, OPT_LOT),
        .output = argument_value(arguments, OPT_SORTIE),
        .date = argument_value(arguments, OPT_DATE),
        .threads = argument_value(arguments, OPT_FILS),
        .tariffs = &values[OPT_TARIF],
        .kept = &values[OPT_GARDER],
        .ignored = &values[OPT_IGNORER],
        .decimal = (enum lot_decimal)argument_choice(arguments, OPT_DECIMALE, LOT_DECIMAL_DETECTED),
        .resume = argument_given(arguments, OPT_REPRENDRE),
        .amounts_only = argument_given(arguments, OPT_MONTANTS_SEULS),
    };

    for (size_t i = 0; i < sizeof ALONE / sizeof *ALONE; i++)
        if (argument_given(arguments, ALONE[i])) {
            terminal_error(&run->terminal, "--%s ne va pas avec --lot", OPTIONS[ALONE[i]].name);
            return EXIT_USAGE;
        }
    return lot_execute(run, &request);
}

static bool check_single(struct run *run, const struct arguments *arguments)
{
    for (size_t i = OPT_SORTIE; i <= OPT_MONTANTS_SEULS; i++)
        if (argument_given(arguments, i)) {
            terminal_error(&run->terminal, "--%s ne va qu'avec --lot", OPTIONS[i].name);
            return false;
        }
    if (arguments->values[OPT_TARIF].count > 1)
        terminal_error(&run->terminal, "plusieurs --tarif ne vont qu'avec --lot");
    return arguments->values[OPT_TARIF].count <= 1;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct computation c = { .run = run, .arguments = arguments };
    enum exit_code code;
    bool computed = true;

    if (argument_given(arguments, OPT_LOT))
        return execute_batch(run, arguments);
    if (!check_single(run, arguments) || !read_date(&c) || !check_avec(&c) || !read_api(&c))
        return EXIT_USAGE;
    for (size_t i = 0; computed && i < sizeof(STEPS) / sizeof(STEPS[0]); i++)
        computed = STEPS[i](&c);
    code = report(&c, computed);
    close_computation(&c);
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
