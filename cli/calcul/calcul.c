/*
 * One family, from the command line to the result. The command line is read first, so that a usage error is told
 * before anything is opened; then each step prepares one thing, or says in `problem` or `diagnostics` why the
 * computation stops there.
 */
#include "calcul.h"

#include "cli/base/horloge.h"

#include <string.h>

const char *const calcul_api_choices[] = {
    [API_NONE] = "aucune",
    [API_SANDBOX] = "bac-a-sable",
    [API_REAL] = "reelle",
    NULL,
};

/* ---- The command line ---- */

static bool read_date(struct calcul *c)
{
    const char *text = argument_value(c->arguments, CALCUL_DATE);

    c->date = text ? date_to_iso(&c->run->arena, text) : NULL;
    if (text && !c->date)
        terminal_error(&c->run->terminal, "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou "
                       "« 1er septembre 2026 »", text);
    return !text || c->date;
}

bool calcul_check_pairs(struct calcul *c, size_t option, const char *name)
{
    const struct option_values *given = &c->arguments->values[option];

    for (size_t i = 0; i < given->count; i++) {
        const char *equal = strchr(given->items[i], '=');

        if (equal && equal != given->items[i] && equal[1])
            continue;
        terminal_error(&c->run->terminal, "« --%s %s » : on attend nom=valeur, par exemple qf=622 ou "
                       "\"qf=non communiqué\"", name, given->items[i]);
        return false;
    }
    return true;
}

/* Options that only make sense with one kind of API imply it or are refused with the others. */
static bool read_api(struct calcul *c)
{
    bool sandbox = argument_given(c->arguments, CALCUL_BAC_A_SABLE);
    bool configured = argument_given(c->arguments, CALCUL_CONFIGURATION);
    enum api implied = sandbox ? API_SANDBOX : configured ? API_REAL : API_NONE;

    c->api = (enum api)argument_choice(c->arguments, CALCUL_API, implied);
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

static bool fail_with(struct calcul *c, const char *problem)
{
    c->problem = problem;
    return false;
}

static bool open_program(struct calcul *c)
{
    if (programme_open(c->run, c->arguments->operands[0], &c->programme))
        return true;
    c->problem = c->programme.problem;
    c->diagnostics = c->programme.diagnostics;
    return false;
}

static bool load_edge(struct calcul *c)
{
    bool needed = c->api != API_NONE || argument_given(c->arguments, CALCUL_DEMANDE) || c->journal_path;

    return !needed || edge_load(c->run);
}

/* After a call on the journal: what it has to say is told, a line cut by a crash included. */
static bool journal_done(struct calcul *c, delib_status status)
{
    if (c->journal)
        diagnostics_of_journal(c->run, &c->diagnostics, c->journal);
    if (status == DELIB_OK) {
        diagnostics_print(&c->run->terminal, &c->diagnostics);
        c->diagnostics = (struct diagnostic_list){ NULL, 0, 0, 0 };
        return true;
    }
    return c->diagnostics.errors ? false : fail_with(c, status_text(status));
}

/* Before anything is computed: a journal that cannot be written is told at once. */
static bool open_journal(struct calcul *c)
{
    return !c->journal_path || journal_done(c, c->run->io->journal_open(c->journal_path, NULL, &c->journal));
}

static bool read_configuration(struct calcul *c)
{
    const char *path = argument_value(c->arguments, CALCUL_CONFIGURATION);
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

static bool open_sandbox(struct calcul *c)
{
    const char *address = argument_value(c->arguments, CALCUL_BAC_A_SABLE);
    delib_status status;

    if (c->api != API_SANDBOX)
        return true;
    status = c->run->io->config_local(address, &c->config);
    if (status == DELIB_INVALID)
        return fail_with(c, "l'adresse du bac à sable doit être locale, par exemple http://127.0.0.1:8080");
    return status == DELIB_OK || fail_with(c, status_text(status));
}

/* An empty demande when none is given and sources are to be asked: they then answer that the identity is missing. */
static bool read_demande(struct calcul *c)
{
    static const delib_value EMPTY = { .kind = DELIB_VALUE_RECORD };
    const char *path = argument_value(c->arguments, CALCUL_DEMANDE);
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

static bool choose_tariff(struct calcul *c)
{
    const char *name = argument_value(c->arguments, CALCUL_TARIF);

    if (!name && c->demande)
        name = c->run->io->demande_tarif(c->demande);
    c->tariff = programme_tariff(c->run, c->programme.program, name, &c->problem);
    return c->tariff != DELIB_NO_TARIFF;
}

static bool open_session(struct calcul *c)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const delib_io_api *io = c->run->io;
    delib_status status;

    options.ask_sources = c->api != API_NONE;
    options.record = c->journal != NULL;
    options.today = c->demande ? io->demande_aujourd_hui(c->demande) : NULL;
    options.trace = c->journal || !c->demande || io->demande_explication(c->demande);
    if (!options.today)
        options.today = clock_today(&c->run->arena);
    options.date = c->date ? c->date : c->demande ? io->demande_date(c->demande) : NULL;
    if (!options.date)
        options.date = options.today;
    c->service = options.date;
    c->today = options.today;
    if (c->demande && io->demande_at(c->demande, options.date, options.today) != DELIB_OK)
        return fail_with(c, "les dates retenues ne conviennent pas à la demande");
    status = delib_session_new(c->programme.program, &options, &c->session);
    return status == DELIB_OK || fail_with(c, status_text(status));
}

static bool apply_demande(struct calcul *c)
{
    delib_status status = c->demande ? c->run->io->demande_apply(c->demande, c->session) : DELIB_OK;

    if (status == DELIB_OK)
        return true;
    diagnostics_of_demande(c->run, &c->diagnostics, c->demande);
    return c->diagnostics.errors ? false : fail_with(c, status_text(status));
}

/* How other languages, and people, write that there is nothing. */
static bool means_absent(const char *value)
{
    static const char *const WORDS[] = {
        "",        "~",    "-",       "?",        "null", "nul", "none",          "absent",
        "absente", "vide", "inconnu", "inconnue", "nc",   "n/c", "non renseigné", "non communiquée"};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (text_fold_equal(slice_of(value), slice_of(WORDS[i])))
            return true;
    return false;
}

static bool refuse_value(struct calcul *c, const char *name, const char *value)
{
    struct strbuf text = strbuf_in(&c->run->arena);

    strbuf_text(&text, delib_session_error(c->session));
    if (means_absent(value))
        strbuf_format(&text, " ; une donnée absente s'écrit --avec \"%s=non communiqué\"", name);
    return fail_with(c, strbuf_string(&text));
}

/* « qf=622 »; « qf=non communiqué » is the absence that JSON writes null. */
static bool apply_pair(struct calcul *c, const char *text,
                       delib_status (*apply)(delib_session *session, const char *name, const delib_value *value))
{
    const char *equal = strchr(text, '=');
    const char *name = arena_copy_text(&c->run->arena, text, (size_t)(equal - text));
    delib_value value = { .kind = DELIB_VALUE_TEXT, .text = equal + 1 };
    delib_status status;

    if (text_fold_equal(slice_of(value.text), SLICE("non communiqué")))
        value = (delib_value){ .kind = DELIB_VALUE_ABSENT };
    status = apply(c->session, name, &value);
    if (status == DELIB_INVALID)
        return refuse_value(c, name, equal + 1);
    return status == DELIB_OK || fail_with(c, status_text(status));
}

static bool apply_pairs(struct calcul *c, size_t option,
                        delib_status (*apply)(delib_session *session, const char *name, const delib_value *value))
{
    const struct option_values *given = &c->arguments->values[option];

    for (size_t i = 0; i < given->count; i++)
        if (!apply_pair(c, given->items[i], apply))
            return false;
    return true;
}

static bool apply_avec(struct calcul *c)
{
    return apply_pairs(c, CALCUL_AVEC, delib_session_set);
}

/* The sentences are made when the first is read: now, while a lack of memory can still be told. */
static delib_status explain(const delib_session *session)
{
    delib_step step;

    return delib_session_step_count(session) ? delib_session_step(session, 0, &step) : DELIB_OK;
}

static bool evaluate(struct calcul *c)
{
    const delib_io_api *io = c->run->io;
    delib_status status;

    if (c->api == API_NONE) {
        status = delib_evaluate(c->session, c->tariff, &c->result);
    } else {
        status = c->driver ? DELIB_OK : io->driver_new(c->config, NULL, &c->driver);
        if (status == DELIB_OK)
            status = io->evaluate(c->driver, c->demande, c->session, c->tariff, &c->result);
    }
    if (status == DELIB_OK)
        status = explain(c->session);
    if (status == DELIB_INVALID && *delib_session_error(c->session))
        return fail_with(c, delib_session_error(c->session));
    return status == DELIB_OK || fail_with(c, status_text(status));
}

/* No amount is shown that the journal does not hold. */
static bool record(struct calcul *c)
{
    return !c->journal ||
           journal_done(c, c->run->io->journal_record(c->journal, c->session, c->tariff, &c->result, c->reference));
}

typedef bool (*step)(struct calcul *c);

static const step FAMILY[] = {
    load_edge, open_journal, open_program, read_demande, choose_tariff, open_session, apply_demande, apply_avec,
};
static const step COMPUTATION[] = { read_configuration, open_sandbox, evaluate, record };

static bool run_steps(struct calcul *c, const step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!steps[i](c))
            return false;
    return true;
}

bool calcul_read_family(struct calcul *c)
{
    return read_date(c) && calcul_check_pairs(c, CALCUL_AVEC, "avec");
}

bool calcul_read_arguments(struct calcul *c)
{
    return calcul_read_family(c) && read_api(c);
}

bool calcul_prepare(struct calcul *c)
{
    return run_steps(c, FAMILY, sizeof FAMILY / sizeof *FAMILY);
}

bool calcul_open_sources(struct calcul *c)
{
    static const step SOURCES[] = { load_edge, read_configuration, open_sandbox };

    return run_steps(c, SOURCES, sizeof SOURCES / sizeof *SOURCES);
}

bool calcul_run(struct calcul *c)
{
    return calcul_prepare(c) && run_steps(c, COMPUTATION, sizeof COMPUTATION / sizeof *COMPUTATION);
}

bool calcul_suppose(struct calcul *c, size_t option)
{
    return apply_pairs(c, option, delib_session_suppose) && evaluate(c);
}

void calcul_close(struct calcul *c)
{
    const delib_io_api *io = c->run->io;

    delib_session_free(c->session);
    if (io) {
        io->journal_free(c->journal);
        io->driver_free(c->driver);
        io->demande_free(c->demande);
        io->config_free(c->config);
    }
    programme_close(&c->programme);
}

/* ---- Failures ---- */

void calcul_print_failure(struct calcul *c)
{
    diagnostics_print(&c->run->terminal, &c->diagnostics);
    if (c->problem)
        terminal_error(&c->run->terminal, "%s", c->problem);
}

void calcul_json_failure(struct calcul *c, delib_io_json *json)
{
    c->run->io->json_text(json, "erreur", c->problem ? c->problem
                                                     : diagnostics_summary(&c->run->arena, &c->diagnostics));
    diagnostics_json(c->run->io, json, &c->diagnostics);
}
