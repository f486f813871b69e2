/*
 * What the report says, for a program: faults, properties, essais and their coverage, rules and articles, data,
 * fingerprints. The voted text, the tariffs printed back and the curves are for people.
 */
#include "rapport.h"

#include "cli/base/edge_loader.h"
#include "cli/dossier/dossier.h"
#include "cli/essais/couverture.h"
#include "cli/examen/familles.h"
#include "lang/titles.h"

static const char *text_of(struct rapport *r, struct slice text)
{
    return text.length ? arena_copy_text(&r->run->arena, text.bytes, text.length) : NULL;
}

static void write_rule(struct rapport *r, delib_io_json *json, const struct audited_rule *rule)
{
    const delib_io_api *io = r->run->io;
    const struct heading *heading =
        r->source->literate ? literate_heading(&r->program->literate, rule->span.start) : NULL;

    io->json_object(json, NULL);
    io->json_text(json, "règle", rule->words);
    io->json_integer(json, "ligne", source_position(r->source, rule->span.start).line);
    io->json_text(json, "article", heading ? text_of(r, heading->text) : NULL);
    io->json_text(json, "cite", rule->citation ? text_of(r, rule->citation->place) : NULL);
    io->json_text(json, "citation", rule->citation ? text_of(r, rule->citation->quote) : NULL);
    io->json_boolean(json, "rattachée", rule->tied);
    io->json_end(json);
}

static void write_rules(struct rapport *r, delib_io_json *json)
{
    struct audited_rules rules;

    rapport_find_rules(r, &rules);
    r->run->io->json_list(json, "règles");
    for (size_t i = 0; i < rules.count; i++)
        write_rule(r, json, &rules.items[i]);
    r->run->io->json_end(json);
}

static bool has_rule(const struct audited_rules *rules, uint32_t start, uint32_t end)
{
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].span.start >= start && rules->items[i].span.start < end)
            return true;
    return false;
}

/* Titles of the voted text; none when there is none. */
static void write_articles(struct rapport *r, delib_io_json *json)
{
    const delib_io_api *io = r->run->io;
    const struct literate *literate = &r->program->literate;
    struct audited_rules rules;

    rapport_find_rules(r, &rules);
    io->json_list(json, "articles");
    for (size_t i = 0; r->source->literate && i < literate->headings.count; i++) {
        const struct heading *heading = &literate->headings.items[i];
        uint32_t end = i + 1 < literate->headings.count ? heading[1].offset : r->source->length;

        io->json_object(json, NULL);
        io->json_text(json, "titre", text_of(r, heading->text));
        io->json_integer(json, "ligne", source_position(r->source, heading->offset).line);
        io->json_boolean(json, "a_une_règle", has_rule(&rules, heading->offset, end));
        io->json_end(json);
    }
    io->json_end(json);
}

static void write_paragraphs(struct rapport *r, delib_io_json *json)
{
    struct audited_paragraphs alone = { 0 };

    if (r->source->literate)
        rapport_find_paragraphs(r, &alone);
    r->run->io->json_list(json, "paragraphes_sans_règle");
    for (size_t i = 0; i < alone.count; i++) {
        r->run->io->json_object(json, NULL);
        r->run->io->json_integer(json, "ligne", alone.items[i].line);
        r->run->io->json_text(json, "texte", text_of(r, alone.items[i].words));
        r->run->io->json_end(json);
    }
    r->run->io->json_end(json);
}

static void write_fingerprints(struct rapport *r, delib_io_json *json)
{
    const delib_io_api *io = r->run->io;
    char hash[DELIB_IO_HASH_SIZE];
    delib_text text;

    io->json_list(json, "textes");
    for (size_t i = 0; delib_program_text(r->program, i, &text) == DELIB_OK; i++) {
        io->fingerprint(text.bytes, text.length, hash);
        io->json_object(json, NULL);
        io->json_text(json, "nom", text.name);
        io->json_integer(json, "octets", (int64_t)text.length);
        io->json_text(json, "empreinte", hash);
        io->json_end(json);
    }
    io->json_end(json);
    io->json_text(json, "empreinte", edge_rules_hash(r->run, r->program));
}

void rapport_json(struct rapport *r, delib_io_json *json)
{
    const struct diagnostic_list *diagnostics = &r->programme.diagnostics;
    const delib_io_api *io = r->run->io;

    io->json_text(json, "fichier", r->programme.file.name);
    io->json_text(json, "acte", dossier_act(&r->run->arena, r->program));
    io->json_boolean(json, "valide", r->programme.valid);
    io->json_integer(json, "erreurs", (int64_t)diagnostics->errors);
    io->json_integer(json, "avertissements", (int64_t)(diagnostics->count - diagnostics->errors));
    diagnostics_json(io, json, diagnostics);
    familles_json(r->run, json, &r->programme, r->check);
    essais_json(r->run, json, &r->outcomes);
    if (r->programme.valid)
        coverage_json(r->run, json, &r->coverage);
    else
        io->json_null(json, "couverture");
    write_rules(r, json);
    write_articles(r, json);
    write_paragraphs(r, json);
    dossier_needs_json(io, json, r->program);
    write_fingerprints(r, json);
}
