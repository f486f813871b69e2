/*
 * An explanation for people. The family reads short sentences; the agent, each step and each datum with its source; the
 * auditor, identifiers and lines as well. Columns say from which reading on they are shown.
 */
#include "explication.h"

#include "cli/base/horloge.h"
#include "cli/calcul/resultat.h"

#include <string.h>

struct writer {
    struct explication *e;
    struct document *out;
    struct arena *arena;
};

/* ---- Texts ---- */

static const char *format(struct arena *arena, const char *pattern, ...) __attribute__((format(printf, 2, 3)));

static const char *format(struct arena *arena, const char *pattern, ...)
{
    struct strbuf text = strbuf_in(arena);
    va_list args;

    va_start(args, pattern);
    strbuf_vformat(&text, pattern, args);
    va_end(args);
    return strbuf_string(&text);
}

/* « article 5 « Les demandeurs d'emploi… » », either part being optional; NULL when neither is. */
static const char *citation(struct arena *arena, const delib_step *step)
{
    bool article = step->article && *step->article, quote = step->quote && *step->quote;

    if (!article && !quote)
        return NULL;
    if (!quote)
        return step->article;
    return format(arena, "%s%s« %s »", article ? step->article : "", article ? " " : "", step->quote);
}

static const char *place(struct arena *arena, const char *file, unsigned line, unsigned end_line)
{
    return end_line > line ? format(arena, "%s, lignes %u à %u", file, line, end_line)
                           : format(arena, "%s, ligne %u", file, line);
}

static const char *day(struct arena *arena, const char *iso)
{
    return iso ? date_in_words(arena, iso) : "";
}

/* « API Particulier (CNAF), septembre 2026, obtenu le 23 novembre 2026 » */
static const char *origin(struct arena *arena, const delib_datum *datum)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_text(&text, datum->origin ? datum->origin : "");
    if (datum->period)
        strbuf_format(&text, ", %s", day(arena, datum->period));
    if (datum->obtained)
        strbuf_format(&text, ", obtenu le %s", day(arena, datum->obtained));
    return text.bytes;
}

static bool is_question(const char *label)
{
    return *label && label[strlen(label) - 1] == '?';
}

/* ---- Tables whose columns depend on the reader ---- */

struct field {
    enum reader from;
    struct column column;
};

enum { FIELDS_MAX = 12 };

static void open_table(struct writer *w, const char *caption, const struct field *fields, size_t count)
{
    struct column *columns = arena_array(w->arena, struct column, count);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (w->e->reader >= fields[i].from)
            columns[kept++] = fields[i].column;
    document_table(w->out, caption, columns, kept);
}

static void add_row(struct writer *w, const struct field *fields, const char *const *cells, size_t count)
{
    const char *kept[FIELDS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        if (w->e->reader >= fields[i].from)
            kept[n++] = cells[i];
    document_row(w->out, kept);
}

/* ---- The result ---- */

static void write_fact(struct writer *w, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    document_add(w->out, BLOCK_FACT, "%s", name);
    document_note(w->out, value);
}

static void write_facts(struct writer *w)
{
    const struct explication *e = w->e;
    delib_need need;

    write_fact(w, "Tarif", e->trace.result.tariff);
    if (e->trace.datum_count && explication_need(e, e->trace.data[0].name, &need))
        write_fact(w, "Finalité", need.finalite);
    write_fact(w, "Date de la prestation", day(w->arena, e->calcul->service));
    write_fact(w, "Calculé le", day(w->arena, e->calcul->today));
    write_fact(w, "Acte", explication_act(e));
    write_fact(w, "Fichier", e->calcul->programme.file.name);
    write_fact(w, "Moteur", format(w->arena, "Délib %s", delib_version()));
    if (e->reader == READER_AUDITEUR)
        write_fact(w, "Empreinte des règles", edge_rules_hash(e->calcul->run, e->calcul->programme.program));
}

static void write_result(struct writer *w)
{
    const struct explication *e = w->e;

    document_add(w->out, BLOCK_AMOUNT, "%s", e->trace.text);
    for (size_t i = 0; i < e->trace.output_count; i++) {
        const struct trace_output *output = &e->trace.outputs[i];

        document_add(w->out, BLOCK_PARAGRAPH, "%s : %s", output->label, output->text);
    }
    for (size_t i = 0; i < e->trace.missing_count; i++)
        document_add(w->out, BLOCK_ITEM, "À donner : %s", e->trace.missing_labels[i]);
    if (e->reader == READER_FAMILLE)
        document_add(w->out, BLOCK_PARAGRAPH, "Prestation du %s, selon : %s.", day(w->arena, e->calcul->service),
                     explication_act(e));
    else
        write_facts(w);
}

/* ---- Steps ---- */

static void write_sentences(struct writer *w)
{
    for (size_t i = 0; i < w->e->trace.step_count; i++) {
        const struct trace_step *s = &w->e->trace.steps[i];

        if (!s->detail.effect)
            continue;
        document_add(w->out, BLOCK_STEP, "%s", s->detail.sentence);
        document_note(w->out, citation(w->arena, &s->step));
    }
}

/* « quotient familial : 430 €, API Particulier (CNAF), novembre 2026 ; rang : 3, réponse » */
static const char *step_data(struct writer *w, const struct trace_step *step)
{
    struct strbuf text = strbuf_in(w->arena);

    for (size_t i = 0; i < step->detail.datum_count; i++) {
        const delib_datum *d = &w->e->trace.data[step->data[i]];

        strbuf_format(&text, "%s%s %s%s, %s", i ? " ; " : "", d->label, is_question(d->label) ? "" : ": ", d->value,
                      origin(w->arena, d));
    }
    return text.bytes;
}

static void write_step_table(struct writer *w)
{
    static const struct field FIELDS[] = {
        { READER_AGENT, { "Étape", false } },    { READER_AGENT, { "Avant", true } },
        { READER_AGENT, { "Après", true } },     { READER_AGENT, { "Calcul", false } },
        { READER_AGENT, { "Article", false } },  { READER_AGENT, { "Données", false } },
        { READER_AUDITEUR, { "Genre", false } },
        { READER_AUDITEUR, { "Tarif", false } }, { READER_AUDITEUR, { "Règle", false } },
        { READER_AGENT, { "Lieu", false } },
    };
    enum { COUNT = sizeof FIELDS / sizeof *FIELDS };

    open_table(w, "Chaque étape, dans l'ordre", FIELDS, COUNT);
    for (size_t i = 0; i < w->e->trace.step_count; i++) {
        const struct trace_step *s = &w->e->trace.steps[i];
        const delib_step_detail *d = &s->detail;
        const char *cells[COUNT] = {
            format(w->arena, "%zu. %s", i + 1, s->step.text),
            d->before,
            s->step.amount,
            d->calculation,
            citation(w->arena, &s->step),
            step_data(w, s),
            s->step.kind,
            d->tariff,
            d->rule,
            place(w->arena, d->file, d->line, d->end_line),
        };

        add_row(w, FIELDS, cells, COUNT);
    }
}

static const char *bound(struct arena *arena, const char *value, int included)
{
    return value ? format(arena, "%s (%s)", value, included ? "comprise" : "non comprise") : NULL;
}

static void write_row_table(struct writer *w)
{
    static const struct column COLUMNS[] = {
        { "Étape", false }, { "Lu dans le tableau selon", false }, { "Valeur", true },  { "Ligne", false },
        { "De", true },     { "À", true },                         { "Lieu", false },
    };

    document_table(w->out, "Lignes des tableaux", COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < w->e->trace.step_count; i++)
        for (size_t r = 0; r < w->e->trace.steps[i].detail.row_count; r++) {
            const delib_row *row = &w->e->trace.steps[i].rows[r];
            const char *cells[] = {
                format(w->arena, "%zu", i + 1), row->key, row->value, row->title,
                bound(w->arena, row->low, row->low_included), bound(w->arena, row->high, row->high_included),
                place(w->arena, row->file, row->line, row->line),
            };

            document_row(w->out, cells);
        }
}

static void write_steps(struct writer *w)
{
    if (!w->e->trace.step_count)
        return;
    document_heading(w->out, 2, "%s", w->e->reader == READER_FAMILLE ? "Pourquoi ce montant" : "Étapes du calcul");
    if (w->e->reader == READER_FAMILLE) {
        write_sentences(w);
        return;
    }
    write_step_table(w);
    if (w->e->reader == READER_AUDITEUR)
        write_row_table(w);
}

/* ---- Data ---- */

static void write_datum_items(struct writer *w)
{
    for (size_t i = 0; i < w->e->trace.datum_count; i++) {
        const delib_datum *d = &w->e->trace.data[i];

        document_add(w->out, BLOCK_ITEM, "%s %s%s", d->label, is_question(d->label) ? "" : ": ", d->value);
        document_note(w->out, origin(w->arena, d));
    }
}

static void write_datum_table(struct writer *w)
{
    static const struct field FIELDS[] = {
        { READER_AGENT, { "Donnée", false } },        { READER_AGENT, { "Valeur", true } },
        { READER_AGENT, { "Source", false } },        { READER_AGENT, { "Période", false } },
        { READER_AGENT, { "Obtenue le", false } },    { READER_AUDITEUR, { "Nom", false } },
        { READER_AUDITEUR, { "Fonction", false } },   { READER_AUDITEUR, { "Catégorie", false } },
        { READER_AUDITEUR, { "Accès demandé", false } }, { READER_AUDITEUR, { "Habilitation", false } },
    };
    enum { COUNT = sizeof FIELDS / sizeof *FIELDS };

    open_table(w, NULL, FIELDS, COUNT);
    for (size_t i = 0; i < w->e->trace.datum_count; i++) {
        const delib_datum *d = &w->e->trace.data[i];
        delib_need need = { 0 };
        bool known = explication_need(w->e, d->name, &need);
        const char *cells[COUNT] = {
            d->label, d->value, d->origin, format(w->arena, "%s", day(w->arena, d->period)),
            format(w->arena, "%s", day(w->arena, d->obtained)), d->name, need.function,
            need.function || !known ? need.category : "déclarée", need.scope, need.function ? need.level : NULL,
        };

        add_row(w, FIELDS, cells, COUNT);
    }
}

static void write_data(struct writer *w)
{
    if (!w->e->trace.datum_count)
        return;
    document_heading(w->out, 2, "Données utilisées");
    if (w->e->reader == READER_FAMILLE)
        write_datum_items(w);
    else
        write_datum_table(w);
}

/* ---- What would change the result ---- */

/* « la réponse à « Quel cours ? » était « danse » », « « quotient familial » valait 449,99 € » */
static const char *hypothesis(struct writer *w, const struct change *change, const delib_point *point)
{
    bool question = is_question(change->curve.label);
    const char *subject = format(w->arena, question ? "la réponse à « %s »" : "« %s »", change->curve.label);

    if (!change->curve.ordered)
        return format(w->arena, "%s était « %s »", subject, point->text);
    return format(w->arena, question ? "%s était %s" : "%s valait %s", subject, point->text);
}

/* « (172,01 € de moins) » */
static const char *distance(struct writer *w, const delib_point *point, const char *way)
{
    return point->distance ? format(w->arena, " (%s %s)", point->distance, way) : "";
}

/* « vous paieriez 1,30 € par repas », to the family and of an amount of money. */
static const char *outcome(struct writer *w, const delib_result *result)
{
    bool price = result->statut == DELIB_CALCULE && !result->text && result->unit &&
                 strncmp(result->unit, "€", sizeof("€") - 1) == 0;

    return format(w->arena, w->e->reader == READER_FAMILLE && price ? "vous paieriez %s" : "le résultat serait : %s",
                  result_text(w->arena, result));
}

static void write_change(struct writer *w, const struct change *change, const delib_point *point, const char *way)
{
    const char *gap = explication_gap(w->arena, &change->curve.here.result, &point->result);

    document_add(w->out, BLOCK_ITEM, "Si %s%s, %s.", hypothesis(w, change, point), distance(w, point, way),
                 outcome(w, &point->result));
    document_note(w->out, gap);
}

static void write_nearest(struct writer *w, const struct change *change)
{
    const delib_curve *curve = &change->curve;

    if (curve->below.text)
        write_change(w, change, &curve->below, "de moins");
    if (curve->above.text)
        write_change(w, change, &curve->above, "de plus");
    for (size_t i = 0; !curve->ordered && i < curve->segment_count; i++) {
        const delib_segment *s = &change->segments[i];

        if (s->unknown)
            document_add(w->out, BLOCK_ITEM,
                         "Si %s, le résultat dépendrait d'autres réponses, qui n'ont pas été demandées.",
                         hypothesis(w, change, &s->from));
        else if (!s->current && !result_same(&s->from.result, &curve->here.result))
            write_change(w, change, &s->from, "");
    }
}

static const char *segment_result(struct writer *w, const delib_segment *s)
{
    if (s->unknown)
        return format(w->arena, "non démontré : %s", s->unknown);
    if (s->constant)
        return result_text(w->arena, &s->from.result);
    return format(w->arena, "de %s à %s", result_text(w->arena, &s->from.result), result_text(w->arena, &s->to.result));
}

static void write_curve(struct writer *w, const struct change *change)
{
    static const struct column ORDERED[] = { { "De", true }, { "À", true }, { "Résultat", false },
                                             { "Situation", false } };
    static const struct column ANSWERS[] = { { "Réponse", false }, { "Résultat", false }, { "Situation", false } };
    bool ordered = change->curve.ordered;

    document_table(w->out, format(w->arena, "Selon « %s », tout le reste étant égal", change->curve.label),
                   ordered ? ORDERED : ANSWERS, ordered ? 4 : 3);
    for (size_t i = 0; i < change->curve.segment_count; i++) {
        const delib_segment *s = &change->segments[i];
        const char *here = s->current ? format(w->arena, "cette famille (%s)", change->curve.here.text) : "";
        const char *const cells[] = { s->from.text, s->to.text, segment_result(w, s), here };
        const char *const answer[] = { s->from.text, segment_result(w, s), here };

        document_row(w->out, ordered ? cells : answer);
    }
}

static bool anything_matters(const struct changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        if (change_matters(&changes->items[i]) || !changes->items[i].curve.proven)
            return true;
    return false;
}

static void write_greatest(struct writer *w)
{
    const struct greatest *g = &w->e->changes.greatest;

    if (!g->change || w->e->changes.count < 2)
        return;
    document_add(w->out, BLOCK_PARAGRAPH, "Ce qui pèse le plus sur ce montant : si %s, %s.",
                 hypothesis(w, g->change, g->point), outcome(w, &g->point->result));
    document_note(w->out, explication_gap(w->arena, &g->change->curve.here.result, &g->point->result));
}

static void write_changes(struct writer *w)
{
    const struct changes *changes = &w->e->changes;

    if (!anything_matters(changes))
        return;
    document_heading(w->out, 2, "Ce qui changerait ce résultat");
    for (size_t i = 0; i < changes->count; i++)
        write_nearest(w, &changes->items[i]);
    write_greatest(w);
    for (size_t i = 0; w->e->reader >= READER_AGENT && i < changes->count; i++)
        if (change_matters(&changes->items[i]) || !changes->items[i].curve.proven)
            write_curve(w, &changes->items[i]);
}

/* ---- What if ---- */

static const delib_datum *find_datum(const struct trace *trace, struct slice name)
{
    for (size_t i = 0; i < trace->datum_count; i++)
        if (text_fold_equal(slice_of(trace->data[i].name), name))
            return &trace->data[i];
    return NULL;
}

/* « quotient familial : 430 € » as the rules read it; as it was typed when they did not. */
static void append_supposition(struct strbuf *out, const struct explication *e, const char *given)
{
    struct slice name = { given, strcspn(given, "=") };
    const delib_datum *datum = find_datum(&e->supposed, name);

    if (datum)
        strbuf_format(out, "« %s » : %s", datum->label, datum->value);
    else
        strbuf_format(out, "« %.*s » : %s", SLICE_ARG(name), given + name.length + 1);
}

static const char *suppositions(struct writer *w)
{
    struct strbuf text = strbuf_in(w->arena);

    for (size_t i = 0; i < w->e->suppositions->count; i++) {
        strbuf_text(&text, i ? " et " : "");
        append_supposition(&text, w->e, w->e->suppositions->items[i]);
    }
    return text.bytes;
}

static void write_differences(struct writer *w)
{
    static const struct column COLUMNS[] = {{"Ce qui diffère", false}, {"Aujourd'hui", false}, {"Alors", false}};
    size_t count;
    const struct trace_difference *list = trace_compare(w->arena, &w->e->trace, &w->e->supposed, &count);

    document_table(w->out, NULL, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < count; i++) {
        const struct trace_step *any = list[i].step ? list[i].step : list[i].other;
        const char *cells[] = {
            any->step.kind, list[i].step ? list[i].step->detail.sentence : "ne s'applique pas",
            list[i].other ? list[i].other->detail.sentence : "ne s'applique pas",
        };

        document_row(w->out, cells);
    }
}

static void write_supposed(struct writer *w)
{
    const struct explication *e = w->e;
    const char *gap;

    if (!e->supposing)
        return;
    gap = explication_gap(w->arena, &e->trace.result, &e->supposed.result);
    document_heading(w->out, 2, "Et si ?");
    document_add(w->out, BLOCK_PARAGRAPH, "Avec %s, %s, au lieu de : %s.", suppositions(w),
                 outcome(w, &e->supposed.result), e->trace.text);
    if (gap)
        document_note(w->out, gap);
    write_differences(w);
}

/* ---- The whole ---- */

static void write_rights(struct writer *w)
{
    document_heading(w->out, 2, "Vos droits");
    document_add(
        w->out, BLOCK_PARAGRAPH,
        "Ce montant a été calculé par un traitement informatique qui applique la délibération. Vous pouvez demander "
        "à la collectivité les règles de ce calcul et leur application à votre situation (code des relations entre "
        "le public et l'administration, articles L. 311-3-1 et R. 311-3-1-2).");
}

static const char *title_of(const struct explication *e)
{
    delib_tariff tariff = delib_program_tariff(e->calcul->programme.program, e->trace.result.tariff);
    const char *label = delib_program_tariff_label(e->calcul->programme.program, tariff);

    return label && *label ? label : e->trace.result.tariff;
}

void explication_document(struct explication *e, struct document *out)
{
    struct writer w = { e, out, &e->calcul->run->arena };

    document_init(out, w.arena, title_of(e));
    write_result(&w);
    write_steps(&w);
    write_data(&w);
    write_changes(&w);
    write_supposed(&w);
    if (e->reader == READER_FAMILLE)
        write_rights(&w);
    document_finish(out);
}
