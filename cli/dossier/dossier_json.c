/*
 * The file of an act in JSON: mentions, sheets of rules, data.
 */
#include "dossier.h"
#include "cli/base/edge_loader.h"
#include "cli/document/document_json.h"

static void write_need(const delib_io_api *io, delib_io_json *json, const delib_need *need)
{
    io->json_object(json, NULL);
    io->json_text(json, "tarif", need->tariff);
    io->json_text(json, "finalité", need->finalite);
    io->json_text(json, "nom", need->name);
    io->json_text(json, "libellé", need->label);
    io->json_text(json, "fonction", need->function);
    io->json_text(json, "api", need->api);
    io->json_text(json, "catégorie", need->category);
    io->json_text(json, "scope", need->scope);
    io->json_text(json, "niveau", need->level);
    io->json_text(json, "à défaut", need->fallback);
    io->json_text(json, "article", need->article);
    io->json_integer(json, "ligne", need->line);
    io->json_end(json);
}

/* The four headings of the sheet, each as the blocks that people read. */
static void write_sheet(struct run *run, delib_io_json *json, const delib_program *program, size_t tariff)
{
    run->io->json_object(json, "fiche");
    for (const struct dossier_heading *h = dossier_headings; h->key; h++) {
        struct document section;

        document_init(&section, &run->arena, h->title);
        h->write(&section, program, tariff);
        document_finish(&section);
        run->io->json_list(json, h->key);
        document_json(run->io, json, &section);
        run->io->json_end(json);
    }
    run->io->json_end(json);
}

static void write_tariff(struct run *run, delib_io_json *json, const delib_program *program, size_t tariff)
{
    run->io->json_object(json, NULL);
    run->io->json_text(json, "nom", delib_program_tariff_name(program, (delib_tariff)tariff));
    run->io->json_text(json, "libellé", delib_program_tariff_label(program, (delib_tariff)tariff));
    run->io->json_text(json, "finalité", dossier_finalite(&run->arena, program, tariff));
    run->io->json_text(json, "mention", dossier_mention(&run->arena, program, tariff));
    write_sheet(run, json, program, tariff);
    run->io->json_end(json);
}

void dossier_needs_json(const delib_io_api *io, delib_io_json *json, const struct delib_program *program)
{
    delib_need need;

    io->json_list(json, "données");
    for (size_t i = 0; delib_program_need(program, i, &need) == DELIB_OK; i++)
        write_need(io, json, &need);
    io->json_end(json);
}

void dossier_json(struct run *run, delib_io_json *json, const struct delib_program *program)
{
    run->io->json_text(json, "acte", dossier_act(&run->arena, program));
    run->io->json_text(json, "règles", edge_rules_hash(run, program));
    run->io->json_list(json, "tarifs");
    for (size_t i = 0; i < delib_program_tariff_count(program); i++)
        write_tariff(run, json, program, i);
    run->io->json_end(json);
    dossier_needs_json(run->io, json, program);
}
