/*
 * What a commune owes to those whose price is computed: the explicit mention (CRPA, articles L. 311-3-1 and R.
 * 311-3-1-1), the sheet of rules (R. 311-3-1-2), their publication (L. 312-1-3); and the data it may ask for. What
 * the rules cannot know (an address, whether an agent checks each price) is left between brackets, to be filled in.
 */
#include "dossier.h"

#include "regles.h"

#include "runtime/phrases.h"

#include <string.h>

/* ---- The act ---- */

const char *dossier_act(struct arena *arena, const struct delib_program *program)
{
    struct strbuf text = strbuf_in(arena);

    return strbuf_act(&text, program) ? text.bytes : program->sources[0]->name;
}

static const char *authority(struct arena *arena, const struct delib_program *program)
{
    const struct decl *header = program->act.header;
    struct slice name = header ? header->as.header.authority : SLICE("");

    return name.length ? arena_copy_text(arena, name.bytes, name.length) : "[nom de la collectivité]";
}

/* ---- The finalité ---- */

static const struct purpose_row *purpose_of(const struct delib_program *program, size_t tariff)
{
    const struct tariff_code *t = &program->tariffs[tariff];
    const char *name = t->version_count ? t->versions[0].finalite : NULL;

    for (const struct purpose_row *row = purposes_standard; name && (row->name || row->function); row++)
        if (row->name && strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

const char *dossier_finalite(struct arena *arena, const struct delib_program *program, size_t tariff)
{
    const struct purpose_row *row = purpose_of(program, tariff);
    struct strbuf text = strbuf_in(arena);

    if (!row)
        return NULL;
    strbuf_format(&text, "%s (%s)", row->label, row->basis);
    return text.bytes;
}

static const char *label_of(const struct delib_program *program, size_t tariff)
{
    const struct tariff_code *t = &program->tariffs[tariff];

    return t->label[0] ? t->label : t->name;
}

/* ---- The explicit mention ---- */

const char *dossier_mention(struct arena *arena, const struct delib_program *program, size_t tariff)
{
    const char *finalite = dossier_finalite(arena, program, tariff);
    struct strbuf text = strbuf_in(arena);

    strbuf_format(
        &text,
        "Le montant « %s » a été calculé par un traitement algorithmique, qui applique : %s, %s. Ce traitement a "
        "pour finalité : %s. En application de l'article L. 311-3-1 du code des relations entre le public et "
        "l'administration, vous pouvez obtenir la communication des règles qui définissent ce traitement et des "
        "principales caractéristiques de sa mise en œuvre, en vous adressant à : %s, [adresse postale ou "
        "électronique du service]. En cas de refus, ou sans réponse dans le délai d'un mois, vous pouvez saisir "
        "dans les deux mois la Commission d'accès aux documents administratifs (www.cada.fr).",
        label_of(program, tariff), dossier_act(arena, program), authority(arena, program),
        finalite ? finalite : "[finalité à préciser : le tarif ne la dit pas]", authority(arena, program));
    return strbuf_string(&text);
}

/* ---- 1° The part of the processing in the decision ---- */

static bool may_end(const struct tariff_code *tariff)
{
    for (size_t v = 0; v < tariff->version_count; v++)
        if (tariff->versions[v].source->facts.may_end)
            return true;
    return false;
}

static void write_contribution(struct document *out, const struct delib_program *program, size_t tariff)
{
    document_add(
        out, BLOCK_PARAGRAPH,
        "Le traitement calcule le montant à partir des données de la famille et des règles votées, et de rien "
        "d'autre ; les mêmes données donnent toujours le même montant. Il n'apprend pas, ne classe pas les familles "
        "et ne décide de rien d'autre. Tant qu'une donnée nécessaire manque, il ne fixe pas de montant et dit "
        "laquelle.");
    document_add(
        out, BLOCK_PARAGRAPH,
        "[À préciser par la collectivité : le montant est notifié tel quel, ou un agent le vérifie avant de le "
        "notifier. Une décision entièrement automatisée qui ne porte pas la mention explicite est nulle (loi "
        "n° 78-17 du 6 janvier 1978, article 47).]");
    if (!may_end(&program->tariffs[tariff])) {
        document_add(out, BLOCK_PARAGRAPH, "Il fixe un montant dans tous les cas.");
        return;
    }
    document_add(
        out, BLOCK_PARAGRAPH,
        "Il ne fixe pas de montant dans les cas que l'acte laisse à une personne ou ne prévoit pas : ceux qui sont "
        "marqués « non prévu » ou « sur décision individuelle » dans les tableaux et les opérations ci-après%s",
        regles_has_ends(program, tariff) ? ", notamment :" : ".");
    regles_write_ends(out, program, tariff);
}

/* ---- 2° Data and their sources ---- */

static void write_data(struct document *out, const struct delib_program *program, size_t tariff)
{
    static const struct column COLUMNS[] = {
        { "Donnée", false },   { "Source", false },        { "Catégorie", false }, { "À défaut", false },
        { "Fonction", false }, { "Accès demandé", false }, { "Habilitation", false }, { "Article", false },
    };
    const char *name = program->tariffs[tariff].name;
    bool any = false;
    delib_need need;

    document_table(out, NULL, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; delib_program_need(program, i, &need) == DELIB_OK; i++) {
        const char *cells[] = { need.label, need.function ? need.api : "réponse de la famille",
                                need.function ? need.category : "déclarée", need.fallback, need.function, need.scope,
                                need.function ? need.level : NULL, need.article };

        if (strcmp(need.tariff, name) != 0)
            continue;
        document_row(out, cells);
        any = true;
    }
    document_add(out, BLOCK_PARAGRAPH, "%s",
                 any ? "Une donnée n'est lue que si le montant de la famille en dépend. Aucune autre ne peut l'être."
                     : "Aucune donnée n'est lue.");
}

/* ---- The whole ---- */

const struct dossier_heading dossier_headings[] = {
    { "contribution", "1° Degré et mode de contribution du traitement à la décision", write_contribution },
    { "données_traitées", "2° Données traitées et leurs sources", write_data },
    { "paramètres", "3° Paramètres de traitement et leur pondération", regles_write_parameters },
    { "opérations", "4° Opérations effectuées par le traitement", regles_write_operations },
    { NULL, NULL, NULL },
};

static void write_fact(struct document *out, const char *name, const char *value)
{
    document_add(out, BLOCK_FACT, "%s", name);
    document_note(out, value);
}

static void write_tariff(struct document *out, const struct delib_program *program, size_t tariff)
{
    const char *finalite = dossier_finalite(out->arena, program, tariff);

    document_heading(out, 2, "%s", label_of(program, tariff));
    write_fact(out, "Tarif", program->tariffs[tariff].name);
    write_fact(out, "Finalité", finalite ? finalite : "non dite");
    document_heading(out, 3, "Mention explicite, à porter sur chaque décision");
    document_add(out, BLOCK_QUOTE, "%s", dossier_mention(out->arena, program, tariff));
    for (const struct dossier_heading *h = dossier_headings; h->key; h++) {
        document_heading(out, 3, "%s", h->title);
        h->write(out, program, tariff);
    }
}

static void write_publication(struct document *out)
{
    document_heading(out, 2, "Publication en ligne des règles");
    document_add(
        out, BLOCK_PARAGRAPH,
        "Les administrations d'au moins cinquante agents publient en ligne les règles définissant les principaux "
        "traitements algorithmiques qui fondent des décisions individuelles (code des relations entre le public et "
        "l'administration, articles L. 312-1-3 et D. 312-1-4). Ce dossier, l'acte et ses règles peuvent être publiés "
        "tels quels : ils ne contiennent aucune donnée personnelle.");
}

void dossier_document(struct document *out, const struct delib_program *program, const char *hash)
{
    write_fact(out, "Collectivité", authority(out->arena, program));
    write_fact(out, "Acte appliqué", dossier_act(out->arena, program));
    write_fact(out, "Fichier", program->sources[0]->name);
    write_fact(out, "Moteur", "Délib " DELIB_VERSION);
    if (hash)
        write_fact(out, "Empreinte des règles", hash);
    for (size_t t = 0; t < program->tariff_count; t++)
        write_tariff(out, program, t);
    write_publication(out);
    document_finish(out);
}
