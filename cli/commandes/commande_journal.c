/*
 * `delib journal ACTION J`: what is done with a journal of decisions, beside replaying it.
 */
#include "cli/journal/audit.h"
#include "cli/base/diagnostics.h"
#include "cli/base/edge_loader.h"
#include "cli/journal/extraction.h"
#include "cli/base/horloge.h"

enum {
    OPT_TETE, OPT_SIGNATAIRE, OPT_ID, OPT_TARIF, OPT_DEPUIS, OPT_REFERENCE, OPT_CLE, OPT_AVANT, OPT_FINALITE,
    OPT_JSON, OPT_COUNT
};

static const struct option OPTIONS[] = {
    [OPT_TETE] = { "tete", OPTION_VALUE, "H", "verifier : empreinte notée ailleurs, que le journal doit contenir",
                   NULL },
    [OPT_SIGNATAIRE] = { "signataire", OPTION_VALUE, "K", "verifier : clé publique qui doit avoir signé chaque "
                                                          "entrée",
                         NULL },
    [OPT_ID] = { "id", OPTION_VALUE, "X", "extraire : l'entrée de cet identifiant", NULL },
    [OPT_TARIF] = { "tarif", OPTION_VALUE, "N", "extraire : les décisions de ce tarif", NULL },
    [OPT_DEPUIS] = { "depuis", OPTION_VALUE, "D", "extraire : ce qui a été enregistré à partir de ce jour", NULL },
    [OPT_REFERENCE] = { "reference", OPTION_VALUE, "R", "extraire : les décisions de ce dossier, ou de ce pseudonyme",
                        NULL },
    [OPT_CLE] = { "cle", OPTION_LIST, "F", "extraire : clé privée qui rouvre ce que la politique a fermé ; répétable",
                  NULL },
    [OPT_AVANT] = { "avant", OPTION_VALUE, "D", "purger : ce qui a été enregistré avant ce jour (sinon, ce que dit "
                                                "la politique)", NULL },
    [OPT_FINALITE] = { "finalite", OPTION_VALUE, "N", "purger : les décisions de cette finalité seulement", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "résultat en JSON", NULL },
};

/* ---- verifier ---- */

static enum exit_code verify(struct run *run, const struct arguments *arguments)
{
    const struct audit_request request = {
        .path = arguments->operands[1],
        .head = argument_value(arguments, OPT_TETE),
        .signer = argument_value(arguments, OPT_SIGNATAIRE),
        .json = argument_given(arguments, OPT_JSON),
    };

    return audit_execute(run, &request);
}

/* ---- extraire ---- */

/* Dates are typed as people do. *out: NULL when not given. */
static bool read_date(struct run *run, const struct arguments *arguments, size_t option, const char **out)
{
    const char *text = argument_value(arguments, option);

    *out = text ? date_to_iso(&run->arena, text) : NULL;
    if (text && !*out)
        terminal_error(&run->terminal, "« %s » n'est pas une date : écrivez 2026-09-01, 01/09/2026 ou "
                       "« 1er septembre 2026 »", text);
    return !text || *out;
}

static enum exit_code extract(struct run *run, const struct arguments *arguments)
{
    struct extraction_request request = {
        .path = arguments->operands[1],
        .id = argument_value(arguments, OPT_ID),
        .tariff = argument_value(arguments, OPT_TARIF),
        .reference = argument_value(arguments, OPT_REFERENCE),
        .keys = &arguments->values[OPT_CLE],
        .json = argument_given(arguments, OPT_JSON),
    };

    return read_date(run, arguments, OPT_DEPUIS, &request.since) ? extraction_execute(run, &request) : EXIT_USAGE;
}

/* ---- purger ---- */

static enum exit_code report_purge(struct run *run, const struct arguments *arguments, delib_status status,
                                   const struct diagnostic_list *diagnostics, uint64_t purged)
{
    const char *problem = status == DELIB_OK || diagnostics->errors ? NULL : status_text(status);
    bool written = true;

    if (argument_given(arguments, OPT_JSON)) {
        delib_io_json *json = edge_json_new(run);

        if (!json)
            return EXIT_FAULT;
        run->io->json_object(json, NULL);
        run->io->json_text(json, "journal", arguments->operands[1]);
        run->io->json_integer(json, "purgées", (int64_t)purged);
        run->io->json_text(json, "problème", problem);
        diagnostics_json(run->io, json, diagnostics);
        run->io->json_end(json);
        written = edge_json_print(run, json);
    } else {
        diagnostics_print(&run->terminal, diagnostics);
        if (problem)
            terminal_error(&run->terminal, "%s", problem);
        if (status == DELIB_OK)
            terminal_print(&run->terminal, STYLE_PLAIN, "%llu décision%s purgée%s\n", (unsigned long long)purged,
                           purged > 1 ? "s" : "", purged > 1 ? "s" : "");
    }
    return status == DELIB_OK && written ? EXIT_RESULT : EXIT_FAULT;
}

static enum exit_code purge(struct run *run, const struct arguments *arguments)
{
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    delib_io_journal_purge_options wanted = DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT;
    struct diagnostic_list diagnostics = { NULL, 0, 0, 0 };
    delib_io_journal *journal = NULL;
    uint64_t purged = 0;
    enum exit_code code;
    delib_status status;

    if (!read_date(run, arguments, OPT_AVANT, &wanted.before))
        return EXIT_USAGE;
    if (!edge_load(run))
        return EXIT_FAULT;
    wanted.finalite = argument_value(arguments, OPT_FINALITE);
    wanted.today = clock_today(&run->arena);
    options.existing = 1;
    status = run->io->journal_open(arguments->operands[1], &options, &journal);
    if (status == DELIB_OK)
        status = run->io->journal_purge(journal, &wanted, &purged);
    if (journal)
        diagnostics_of_journal(run, &diagnostics, journal);
    code = report_purge(run, arguments, status, &diagnostics, purged);
    run->io->journal_free(journal);
    return code;
}

/* ---- cles ---- */

static void print_keys(struct run *run, const char *folder, const delib_io_journal_keys *keys)
{
    struct terminal *terminal = &run->terminal;

    terminal_print(terminal, STYLE_PLAIN, "# Clés privées dans « %s » : gardez-les hors de portée, et en double.\n",
                   folder);
    terminal_print(terminal, STYLE_PLAIN, "# Clé publique de signature, à donner à qui vérifie :\n#   %s\n",
                   keys->signing_public);
    terminal_print(terminal, STYLE_PLAIN, "# À écrire dans la politique du journal (J.politique.yaml) :\n");
    terminal_print(terminal, STYLE_PLAIN, "chiffrement: { cle_publique: \"%s\" }\n", keys->box_public);
    terminal_print(terminal, STYLE_PLAIN, "pseudonymes: { cle: { fichier: %s/pseudonymes.cle } }\n", folder);
    terminal_print(terminal, STYLE_PLAIN, "signature: { cle: { fichier: %s/signature.cle } }\n", folder);
}

static enum exit_code make_keys(struct run *run, const struct arguments *arguments)
{
    const char *folder = arguments->operands[1], *problem = NULL;
    delib_io_journal_keys keys;
    delib_status status;

    if (!edge_load(run))
        return EXIT_FAULT;
    status = run->io->journal_make_keys(folder, &keys, &problem);
    if (status != DELIB_OK) {
        terminal_error(&run->terminal, "impossible de faire des clés dans « %s » : %s", folder,
                       problem ? problem : status_text(status));
        return EXIT_FAULT;
    }
    print_keys(run, folder, &keys);
    return EXIT_RESULT;
}

/* ---- The command ---- */

/* `options` are those that the action has, by bits. */
static const struct {
    const char *name;
    unsigned options;
    enum exit_code (*execute)(struct run *run, const struct arguments *arguments);
} ACTIONS[] = {
    {"verifier", 1u << OPT_TETE | 1u << OPT_SIGNATAIRE | 1u << OPT_JSON, verify},
    {"extraire",
     1u << OPT_ID | 1u << OPT_TARIF | 1u << OPT_DEPUIS | 1u << OPT_REFERENCE | 1u << OPT_CLE | 1u << OPT_JSON,
     extract},
    {"purger", 1u << OPT_AVANT | 1u << OPT_FINALITE | 1u << OPT_JSON, purge},
    {"cles", 0, make_keys},
};

#define ACTION_COUNT (sizeof(ACTIONS) / sizeof(ACTIONS[0]))

static enum exit_code run_action(struct run *run, const struct arguments *arguments, size_t action)
{
    for (size_t i = 0; i < OPT_COUNT; i++)
        if (argument_given(arguments, i) && !(ACTIONS[action].options & 1u << i)) {
            terminal_error(&run->terminal, "--%s ne va pas avec « journal %s »", OPTIONS[i].name,
                           ACTIONS[action].name);
            return EXIT_USAGE;
        }
    return ACTIONS[action].execute(run, arguments);
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *names[ACTION_COUNT], *nearest;

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        names[i] = ACTIONS[i].name;
        if (text_fold_equal(slice_of(arguments->operands[0]), slice_of(names[i])))
            return run_action(run, arguments, i);
    }
    nearest = nearest_name(slice_of(arguments->operands[0]), names, ACTION_COUNT);
    if (nearest)
        terminal_error(&run->terminal, "« %s » n'est pas une action sur un journal ; vouliez-vous dire « %s » ?",
                       arguments->operands[0], nearest);
    else
        terminal_error(&run->terminal, "« %s » n'est pas une action sur un journal", arguments->operands[0]);
    terminal_hint(&run->terminal, "Mode d'emploi : delib aide journal");
    return EXIT_USAGE;
}

const struct command command_journal = {
    .name = "journal",
    .operands = "verifier J | extraire J | purger J | cles DOSSIER",
    .operand_min = 2,
    .operand_max = 2,
    .summary = "vérifie, extrait ou purge un journal de décisions ; fabrique ses clés",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
