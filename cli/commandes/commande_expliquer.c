/*
 * `delib expliquer`: one trace, read by the family, by the agent who answers it, or by an auditor; and what the amount
 * would be if something were otherwise.
 */
#include "cli/explication/explication.h"
#include "cli/calcul/resultat.h"

enum { OPT_POUR = CALCUL_OPTION_COUNT, OPT_ET_SI, OPT_JSON, OPT_HTML };

/* In the order of enum reader. */
static const char *const READER_CHOICES[] = { "famille", "agent", "auditeur", NULL };

static const struct option OPTIONS[] = {
    CALCUL_OPTIONS,
    [OPT_POUR] = { "pour", OPTION_CHOICE, "L", "qui lit : famille (par défaut), agent ou auditeur", READER_CHOICES },
    [OPT_ET_SI] = { "et-si", OPTION_LIST, "nom=valeur", "montre aussi ce que serait le montant si cette donnée valait "
                    "autre chose ; répétable, toutes ensemble", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "explication en JSON", NULL },
    [OPT_HTML] = { "html", OPTION_FLAG, NULL, "explication en une page HTML autonome, imprimable", NULL },
};

static bool explain(struct explication *e)
{
    struct calcul *c = e->calcul;

    if (!calcul_run(c))
        return false;
    c->problem = status_text(DELIB_NO_MEMORY);
    if (!trace_copy(c->run, c->session, &c->result, &e->trace) ||
        !changes_find(c->run, c->session, &e->trace, &e->changes))
        return false;
    if (e->supposing && (!calcul_suppose(c, OPT_ET_SI) || !trace_copy(c->run, c->session, &c->result, &e->supposed)))
        return false;
    c->problem = NULL;
    return true;
}

/* ---- Reports ---- */

static bool write_json(struct explication *e, bool explained)
{
    struct calcul *c = e->calcul;
    delib_io_json *json = edge_json_new(c->run);

    if (!json)
        return false;
    c->run->io->json_object(json, NULL);
    if (explained)
        explication_json(e, json);
    else
        calcul_json_failure(c, json);
    c->run->io->json_end(json);
    return edge_json_print(c->run, json);
}

static void print_document(struct explication *e)
{
    struct run *run = e->calcul->run;
    struct document document;

    explication_document(e, &document);
    if (argument_given(e->calcul->arguments, OPT_HTML))
        terminal_bytes(&run->terminal, document_html(&document));
    else
        document_print(&run->terminal, &document);
}

static bool report(struct explication *e, bool explained)
{
    if (argument_given(e->calcul->arguments, OPT_JSON))
        return write_json(e, explained);
    if (explained)
        print_document(e);
    else
        calcul_print_failure(e->calcul);
    return true;
}

/* ---- The command ---- */

static bool read_arguments(struct calcul *c)
{
    bool both = argument_given(c->arguments, OPT_JSON) && argument_given(c->arguments, OPT_HTML);

    if (both)
        terminal_error(&c->run->terminal, "--json et --html ne vont pas ensemble");
    if (c->arguments->values[CALCUL_TARIF].count > 1) {
        terminal_error(&c->run->terminal, "un seul --tarif : une explication est celle d'un montant");
        return false;
    }
    return !both && calcul_read_arguments(c) && calcul_check_pairs(c, OPT_ET_SI, "et-si");
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct calcul c = { .run = run, .arguments = arguments };
    struct explication e = { .calcul = &c,
                             .reader = (enum reader)argument_choice(arguments, OPT_POUR, READER_FAMILLE),
                             .supposing = argument_given(arguments, OPT_ET_SI),
                             .suppositions = &arguments->values[OPT_ET_SI] };
    bool explained, written;

    if (!read_arguments(&c))
        return EXIT_USAGE;
    explained = explain(&e);
    written = report(&e, explained);
    calcul_close(&c);
    return explained && written ? result_exit_code(e.trace.result.statut) : EXIT_FAULT;
}

const struct command command_expliquer = {
    .name = "expliquer",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "explique un montant à la famille, à l'agent ou à l'auditeur",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
