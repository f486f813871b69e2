/*
 * An explanation in JSON: the members of each reading are those of the one before, and more.
 */
#include "explication.h"

#include "cli/calcul/resultat.h"

#include <string.h>

struct writer {
    const struct explication *e;
    const delib_io_api *io;
    delib_io_json *json;
    struct arena *arena;
};

/* From that reading on. */
static void text(struct writer *w, enum reader from, const char *key, const char *value)
{
    if (w->e->reader >= from)
        w->io->json_text(w->json, key, value);
}

static void integer(struct writer *w, enum reader from, const char *key, int64_t value)
{
    if (w->e->reader >= from)
        w->io->json_integer(w->json, key, value);
}

static void flag(struct writer *w, enum reader from, const char *key, int value)
{
    if (w->e->reader >= from)
        w->io->json_boolean(w->json, key, value);
}

/* ---- Results ---- */

static void write_result(struct writer *w, const delib_result *result)
{
    bool computed = result->statut == DELIB_CALCULE;
    bool amount = computed && !result->text;

    w->io->json_text(w->json, "statut", delib_statut_text(result->statut));
    w->io->json_text(w->json, "montant", amount ? amount_machine(w->arena, result->units, result->scale) : NULL);
    w->io->json_text(w->json, "résultat", computed ? result->text : NULL);
    w->io->json_text(w->json, "unité", result->unit);
    w->io->json_text(w->json, "motif", result->reason);
}

static void write_outputs(struct writer *w, const struct trace *trace)
{
    w->io->json_list(w->json, "résultats");
    for (size_t i = 0; i < trace->output_count; i++) {
        w->io->json_object(w->json, NULL);
        w->io->json_text(w->json, "nom", trace->outputs[i].result.tariff);
        w->io->json_text(w->json, "libellé", trace->outputs[i].label);
        write_result(w, &trace->outputs[i].result);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

/* ---- Steps ---- */

static void write_rows(struct writer *w, const struct trace_step *step)
{
    if (w->e->reader < READER_AUDITEUR)
        return;
    w->io->json_list(w->json, "lignes");
    for (size_t i = 0; i < step->detail.row_count; i++) {
        const delib_row *row = &step->rows[i];

        w->io->json_object(w->json, NULL);
        w->io->json_text(w->json, "clé", row->key);
        w->io->json_text(w->json, "valeur", row->value);
        w->io->json_text(w->json, "titre", row->title);
        w->io->json_text(w->json, "borne_basse", row->low);
        w->io->json_boolean(w->json, "borne_basse_comprise", row->low_included);
        w->io->json_text(w->json, "borne_haute", row->high);
        w->io->json_boolean(w->json, "borne_haute_comprise", row->high_included);
        w->io->json_text(w->json, "fichier", row->file);
        w->io->json_integer(w->json, "ligne", row->line);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

/* Names of data, which « données » describes. */
static void write_step_data(struct writer *w, const struct trace *trace, const struct trace_step *step)
{
    if (w->e->reader < READER_AGENT)
        return;
    w->io->json_list(w->json, "données");
    for (size_t i = 0; i < step->detail.datum_count; i++)
        w->io->json_text(w->json, NULL, trace->data[step->data[i]].name);
    w->io->json_end(w->json);
}

static void write_step(struct writer *w, const char *key, const struct trace *trace, const struct trace_step *step)
{
    if (!step) {
        w->io->json_null(w->json, key);
        return;
    }
    w->io->json_object(w->json, key);
    text(w, READER_FAMILLE, "phrase", step->detail.sentence);
    text(w, READER_FAMILLE, "montant", text_machine(w->arena, step->step.amount));
    flag(w, READER_FAMILLE, "effet", step->detail.effect);
    text(w, READER_FAMILLE, "article", step->step.article);
    text(w, READER_FAMILLE, "citation", step->step.quote);
    text(w, READER_AGENT, "genre", step->step.kind);
    text(w, READER_AGENT, "texte", step->step.text);
    text(w, READER_AGENT, "avant", text_machine(w->arena, step->detail.before));
    text(w, READER_AGENT, "calcul", step->detail.calculation);
    text(w, READER_AGENT, "fichier", step->detail.file);
    integer(w, READER_AGENT, "ligne", step->detail.line);
    integer(w, READER_AGENT, "ligne_fin", step->detail.end_line);
    write_step_data(w, trace, step);
    text(w, READER_AUDITEUR, "tarif", step->detail.tariff);
    integer(w, READER_AUDITEUR, "élément", (int64_t)step->detail.element);
    text(w, READER_AUDITEUR, "règle", step->detail.rule);
    write_rows(w, step);
    w->io->json_end(w->json);
}

static void write_steps(struct writer *w, const struct trace *trace)
{
    w->io->json_list(w->json, "étapes");
    for (size_t i = 0; i < trace->step_count; i++)
        write_step(w, NULL, trace, &trace->steps[i]);
    w->io->json_end(w->json);
}

/* ---- Data ---- */

static void write_datum(struct writer *w, const delib_datum *datum)
{
    delib_need need = { 0 };
    bool known = explication_need(w->e, datum->name, &need);

    w->io->json_object(w->json, NULL);
    text(w, READER_FAMILLE, "libellé", datum->label);
    text(w, READER_FAMILLE, "valeur", datum->value);
    text(w, READER_FAMILLE, "origine", datum->origin);
    text(w, READER_FAMILLE, "période", datum->period);
    text(w, READER_FAMILLE, "obtenue", datum->obtained);
    text(w, READER_AGENT, "nom", datum->name);
    text(w, READER_AUDITEUR, "fonction", need.function);
    text(w, READER_AUDITEUR, "catégorie", need.function || !known ? need.category : "déclarée");
    text(w, READER_AUDITEUR, "finalité", need.finalite);
    text(w, READER_AUDITEUR, "scope", need.scope);
    text(w, READER_AUDITEUR, "niveau", need.function ? need.level : NULL);
    w->io->json_end(w->json);
}

static void write_data(struct writer *w, const struct trace *trace)
{
    w->io->json_list(w->json, "données");
    for (size_t i = 0; i < trace->datum_count; i++)
        write_datum(w, &trace->data[i]);
    w->io->json_end(w->json);
    w->io->json_list(w->json, "manquantes");
    for (size_t i = 0; i < trace->missing_count; i++) {
        w->io->json_object(w->json, NULL);
        w->io->json_text(w->json, "nom", trace->missing[i]);
        w->io->json_text(w->json, "libellé", trace->missing_labels[i]);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

/* ---- What would change the result ---- */

static void write_point(struct writer *w, const char *key, const delib_point *point)
{
    if (!point->text) {
        w->io->json_null(w->json, key);
        return;
    }
    w->io->json_object(w->json, key);
    w->io->json_text(w->json, "valeur", point->text);
    w->io->json_text(w->json, "distance", point->distance);
    write_result(w, &point->result);
    w->io->json_end(w->json);
}

static void write_segment(struct writer *w, const delib_segment *segment)
{
    w->io->json_object(w->json, NULL);
    w->io->json_text(w->json, "de", segment->from.text);
    w->io->json_text(w->json, "à", segment->to.text);
    w->io->json_boolean(w->json, "famille", segment->current);
    w->io->json_boolean(w->json, "constant", segment->constant);
    w->io->json_text(w->json, "inconnu", segment->unknown);
    w->io->json_object(w->json, "début");
    write_result(w, &segment->from.result);
    w->io->json_end(w->json);
    w->io->json_object(w->json, "fin");
    write_result(w, &segment->to.result);
    w->io->json_end(w->json);
    w->io->json_end(w->json);
}

static void write_change(struct writer *w, const struct change *change)
{
    w->io->json_object(w->json, NULL);
    w->io->json_text(w->json, "libellé", change->curve.label);
    w->io->json_text(w->json, "valeur", change->curve.here.text);
    w->io->json_boolean(w->json, "change", change_matters(change));
    w->io->json_boolean(w->json, "démontré", change->curve.proven);
    write_point(w, "dessous", &change->curve.below);
    write_point(w, "dessus", &change->curve.above);
    text(w, READER_AGENT, "nom", change->curve.name);
    w->io->json_list(w->json, "valeurs");
    for (size_t i = 0; i < change->curve.segment_count; i++)
        write_segment(w, &change->segments[i]);
    w->io->json_end(w->json);
    w->io->json_end(w->json);
}

static void write_changes(struct writer *w)
{
    const struct greatest *greatest = &w->e->changes.greatest;

    w->io->json_list(w->json, "changements");
    for (size_t i = 0; i < w->e->changes.count; i++)
        write_change(w, &w->e->changes.items[i]);
    w->io->json_end(w->json);
    if (!greatest->change) {
        w->io->json_null(w->json, "plus_influent");
        return;
    }
    w->io->json_object(w->json, "plus_influent");
    w->io->json_text(w->json, "libellé", greatest->change->curve.label);
    w->io->json_text(w->json, "valeur", greatest->point->text);
    write_result(w, &greatest->point->result);
    w->io->json_end(w->json);
}

/* ---- What if ---- */

static void write_suppositions(struct writer *w)
{
    w->io->json_list(w->json, "suppositions");
    for (size_t i = 0; i < w->e->suppositions->count; i++) {
        const char *given = w->e->suppositions->items[i];
        size_t length = strcspn(given, "=");

        w->io->json_object(w->json, NULL);
        w->io->json_text(w->json, "nom", arena_copy_text(w->arena, given, length));
        w->io->json_text(w->json, "valeur", given + length + 1);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

static void write_supposed(struct writer *w)
{
    const struct trace *before = &w->e->trace, *after = &w->e->supposed;
    struct trace_difference *list;
    size_t count;

    if (!w->e->supposing) {
        w->io->json_null(w->json, "et_si");
        return;
    }
    list = trace_compare(w->arena, before, after, &count);
    w->io->json_object(w->json, "et_si");
    write_suppositions(w);
    write_result(w, &after->result);
    w->io->json_text(w->json, "écart", explication_gap(w->arena, &before->result, &after->result));
    w->io->json_list(w->json, "différences");
    for (size_t i = 0; i < count; i++) {
        w->io->json_object(w->json, NULL);
        write_step(w, "avant", before, list[i].step);
        write_step(w, "après", after, list[i].other);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
    w->io->json_end(w->json);
}

/* ---- The whole ---- */

void explication_json(struct explication *e, delib_io_json *json)
{
    static const char *const READERS[] = { "famille", "agent", "auditeur" };
    struct writer w = { e, e->calcul->run->io, json, &e->calcul->run->arena };

    w.io->json_text(json, "lecture", READERS[e->reader]);
    w.io->json_text(json, "tarif", e->trace.result.tariff);
    w.io->json_text(json, "date", e->calcul->service);
    w.io->json_text(json, "acte", explication_act(e));
    write_result(&w, &e->trace.result);
    write_outputs(&w, &e->trace);
    write_steps(&w, &e->trace);
    write_data(&w, &e->trace);
    write_changes(&w);
    write_supposed(&w);
    text(&w, READER_AUDITEUR, "fichier", e->calcul->programme.file.name);
    text(&w, READER_AUDITEUR, "moteur", delib_version());
    if (e->reader == READER_AUDITEUR)
        w.io->json_text(json, "règles", edge_rules_hash(e->calcul->run, e->calcul->programme.program));
}
