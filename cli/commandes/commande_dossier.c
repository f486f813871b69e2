/*
 * `delib dossier`: what each tariff may read, under which finalité, from which API and with which scope; what the
 * habilitation does not give; what the families answer. The list that a habilitation request and a DPO need; and, in
 * Markdown, in HTML and in JSON, the whole file of the act (dossier.c).
 */
#include "cli/dossier/appels.h"
#include "cli/document/document_json.h"
#include "cli/dossier/dossier.h"
#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"
#include "cli/base/programme.h"

#include <string.h>

enum { OPT_APPELS, OPT_DATE, OPT_JSON, OPT_HTML, OPT_MARKDOWN };

static const struct option OPTIONS[] = {
    [OPT_APPELS] = {"appels", OPTION_FLAG, NULL,
                    "plan des appels aux API : lesquels, dans quels cas, combien au plus", NULL},
    [OPT_DATE] = {"date", OPTION_VALUE, "D", "date de la prestation, pour --appels (sinon aujourd'hui)", NULL},
    [OPT_JSON] = {"json", OPTION_FLAG, NULL, "dossier complet, ou plan des appels, en JSON", NULL},
    [OPT_HTML] = {"html", OPTION_FLAG, NULL,
                  "dossier complet en une page HTML autonome : mentions explicites, fiches "
                  "des règles, données",
                  NULL},
    [OPT_MARKDOWN] = {"markdown", OPTION_FLAG, NULL, "le même en Markdown, à coller", NULL},
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- For people ---- */

static void print_source(struct terminal *out, const delib_need *need)
{
    terminal_print(out, STYLE_PLAIN, "  - %s (%s, donnée %s)\n", need->label, need->api, need->category);
    terminal_print(out, STYLE_PLAIN, "    fonction : %s ; scope : %s ; ", need->function,
                   need->scope ? need->scope : "aucun");
    terminal_print(out, same(need->level, "admis") ? STYLE_PLAIN : STYLE_WARNING, "%s\n", need->level);
    if (need->fallback)
        terminal_print(out, STYLE_PLAIN, "    à défaut : %s\n", need->fallback);
}

static void print_need(struct terminal *out, const delib_need *need)
{
    if (need->function)
        print_source(out, need);
    else
        terminal_print(out, STYLE_PLAIN, "  - %s (réponse de la famille : %s)\n", need->label, need->name);
    if (need->article)
        terminal_print(out, STYLE_PLAIN, "    pour : %s (ligne %u)\n", need->article, need->line);
    else if (need->line)
        terminal_print(out, STYLE_PLAIN, "    pour : ligne %u\n", need->line);
}

static void print_needs(struct run *run, const delib_program *program)
{
    const char *tariff = NULL;

    for (size_t i = 0; i < delib_program_need_count(program); i++) {
        delib_need need;

        if (delib_program_need(program, i, &need) != DELIB_OK)
            continue;
        if (!same(need.tariff, tariff))
            terminal_print(&run->terminal, STYLE_STRONG, "%sTarif %s — finalité : %s\n", tariff ? "\n" : "",
                           need.tariff, need.finalite ? need.finalite : "non dite");
        tariff = need.tariff;
        print_need(&run->terminal, &need);
    }
    if (!tariff)
        terminal_print(&run->terminal, STYLE_PLAIN, "aucune donnée n'est lue\n");
}

/* ---- JSON ---- */

static bool print_json(struct run *run, const delib_program *program)
{
    delib_io_json *json = edge_json_new(run);

    if (!json)
        return false;
    run->io->json_object(json, NULL);
    dossier_json(run, json, program);
    run->io->json_end(json);
    return edge_json_print(run, json);
}

/* ---- The command ---- */

static bool print_document(struct run *run, const delib_program *program, bool html)
{
    const char *rules = edge_rules_hash(run, program);
    struct document document;

    if (!rules)
        return false;
    document_init(&document, &run->arena, "Dossier de transparence");
    dossier_document(&document, program, rules);
    terminal_bytes(&run->terminal, html ? document_html(&document) : document_markdown(&document));
    return true;
}

static bool show(struct run *run, const struct arguments *arguments, delib_program *program, const char *date)
{
    bool json = argument_given(arguments, OPT_JSON), html = argument_given(arguments, OPT_HTML);

    if (argument_given(arguments, OPT_APPELS))
        return json ? appels_json(run, program, date) : appels_print(run, program, date);
    if (json)
        return print_json(run, program);
    if (html || argument_given(arguments, OPT_MARKDOWN))
        return print_document(run, program, html);
    print_needs(run, program);
    return true;
}

/* One form at a time; the plan of calls is a text or JSON. */
static bool check_forms(struct run *run, const struct arguments *arguments)
{
    bool page = argument_given(arguments, OPT_HTML) || argument_given(arguments, OPT_MARKDOWN);

    if (argument_given(arguments, OPT_APPELS) && page)
        terminal_error(&run->terminal, "--appels se lit en texte ou avec --json");
    else if (argument_given(arguments, OPT_JSON) + argument_given(arguments, OPT_HTML) +
                 argument_given(arguments, OPT_MARKDOWN) > 1)
        terminal_error(&run->terminal, "une seule forme à la fois : --json, --html ou --markdown");
    else
        return true;
    return false;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *date = argument_value(arguments, OPT_DATE);
    struct programme programme;
    bool done;

    if (!check_forms(run, arguments))
        return EXIT_USAGE;
    if (date && !argument_given(arguments, OPT_APPELS)) {
        terminal_error(&run->terminal, "--date ne va qu'avec --appels");
        return EXIT_USAGE;
    }
    date = date ? date_to_iso(&run->arena, date) : clock_today(&run->arena);
    if (!date) {
        terminal_error(&run->terminal,
                       "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou « 1er septembre 2026 »",
                       argument_value(arguments, OPT_DATE));
        return EXIT_USAGE;
    }
    done = programme_open(run, arguments->operands[0], &programme);
    if (done)
        done = show(run, arguments, programme.program, date);
    else
        programme_report(run, &programme);
    programme_close(&programme);
    return done ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_dossier = {
    .name = "dossier",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "données lues par tarif et scopes à demander ; mentions et fiches des règles",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
