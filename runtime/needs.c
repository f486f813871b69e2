/*
 * What each tariff may read, under which finalité, and why: made from what typing knows of every definition, whatever
 * the family.
 */
#include "program.h"

#include "lang/purpose.h"

static bool reads(const struct tariff_code *t, const struct symbol *datum)
{
    for (size_t v = 0; v < t->version_count; v++)
        if (data_set_has(&t->versions[v].source->facts.reads, datum->index))
            return true;
    return false;
}

const char *program_fallback(struct arena *arena, const struct symbol *datum)
{
    const struct decl *d = datum->decl;
    struct strbuf out = strbuf_in(arena);

    if (datum->kind != SYMBOL_SOURCE || d->as.source.fallback == FALLBACK_NONE)
        return NULL;
    if (d->as.source.fallback == FALLBACK_HONNEUR)
        return "déclaration sur l'honneur";
    strbuf_text(&out, "justificatif");
    if (d->as.source.document.length)
        strbuf_format(&out, " : %.*s", SLICE_ARG(d->as.source.document));
    return out.bytes;
}

void program_place(const struct delib_program *p, struct arena *arena, struct span span, const char **article,
                   unsigned *line)
{
    const struct heading *heading = span.file == 0 ? literate_heading(&p->literate, span.start) : NULL;

    *article =
        heading ? arena_copy_text(arena, heading->text.bytes, heading->text.length) : NULL;
    *line = source_position(p->sources[span.file], span.start).line;
}

static void place(struct delib_program *p, const struct tariff_code *t, const struct symbol *datum, delib_need *out)
{
    const struct expr *at = NULL;

    for (size_t v = 0; v < t->version_count && !at; v++)
        at = purpose_place(t->versions[v].source->decl, datum);
    if (at)
        program_place(p, &p->arena, at->span, &out->article, &out->line);
}

static void add_need(struct delib_program *p, size_t *capacity, const struct tariff_code *t,
                     const struct symbol *datum)
{
    delib_need *need = arena_push_(&p->arena, (void **)&p->needs, &p->need_count, capacity, sizeof *p->needs);
    const struct catalogue_function *f = datum->function;

    need->tariff = t->name;
    need->finalite = t->versions[0].finalite;
    need->name = p->data_names[datum->index];
    need->label = p->data_labels[datum->index];
    need->level = "admis";
    need->fallback = program_fallback(&p->arena, datum);
    if (f) {
        need->function = f->name;
        need->api = f->channel;
        need->category = f->category;
        need->scope = datum->field ? datum->field->scope : NULL;
        if (purpose_level(need->finalite, purpose_name(f), NULL) == PURPOSE_NON_ACCORDE)
            need->level = "non accordé";
    }
    place(p, t, datum, need);
}

void program_list_needs(struct delib_program *p)
{
    size_t capacity = 0;

    for (size_t t = 0; t < p->tariff_count; t++)
        for (size_t i = 0; i < p->model.data.count; i++)
            if (reads(&p->tariffs[t], p->model.data.items[i]))
                add_need(p, &capacity, &p->tariffs[t], p->model.data.items[i]);
}

size_t delib_program_need_count(const delib_program *program)
{
    return program && program->usable ? program->need_count : 0;
}

delib_status delib_program_need(const delib_program *program, size_t index, delib_need *out)
{
    if (!program || !program->usable || !out || index >= program->need_count)
        return DELIB_MISUSE;
    *out = program->needs[index];
    return DELIB_OK;
}
