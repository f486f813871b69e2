/*
 * Engines and programs: reading a source through all its passes, diagnostics, names of tariffs.
 */
#include "extension.h"

#include "grammar/import.h"
#include "lang/quotes.h"

#include <stdlib.h>
#include <string.h>

struct delib_engine {
    struct allocator allocator;
    delib_options options;
    struct extension *extension;         /* the host's sources; NULL: none was added */
};

/* The library's only use of the C library's memory: the default of delib_options. */
static void *default_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

const char *delib_version(void)
{
    return DELIB_VERSION;
}

static delib_options complete_options(delib_options o)
{
    o.size = sizeof o;
    o.source_limit = o.source_limit ? o.source_limit : (size_t)16 << 20;
    o.memory_limit = o.memory_limit ? o.memory_limit : (size_t)1 << 30;
    o.nesting_limit = o.nesting_limit ? o.nesting_limit : 200;
    o.request_limit = o.request_limit ? o.request_limit : 64;
    o.step_limit = o.step_limit && o.step_limit < STEP_LIMIT ? o.step_limit : STEP_LIMIT;
    return o;
}

delib_status delib_engine_new(const delib_options *options, delib_engine **out)
{
    delib_options o = DELIB_OPTIONS_INIT;
    struct allocator allocator;
    delib_engine *engine;

    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (options && !options_read(&o, sizeof o, options))
        return DELIB_MISUSE;
    o = complete_options(o);
    allocator = (struct allocator){ o.resize ? o.resize : default_resize, o.resize_context };
    engine = allocator.resize(allocator.context, NULL, sizeof *engine);
    if (!engine)
        return DELIB_NO_MEMORY;
    *engine = (delib_engine){ allocator, o, NULL };
    *out = engine;
    return DELIB_OK;
}

void delib_engine_free(delib_engine *engine)
{
    if (!engine)
        return;
    extension_release(engine->extension);
    engine->allocator.resize(engine->allocator.context, engine, 0);
}

delib_status delib_engine_add_function(delib_engine *engine, const delib_function *function, const char **problem)
{
    const char *unread;

    if (!problem)
        problem = &unread;
    *problem = NULL;
    if (!engine || !function || function->size < sizeof *function)
        return DELIB_MISUSE;
    if (!engine->extension)
        engine->extension = extension_new(engine->allocator, engine->options.memory_limit);
    return engine->extension ? extension_add(engine->extension, function, problem) : DELIB_NO_MEMORY;
}

/* ------------------------------------------------------------------ reading */

static struct source *add_source(struct delib_program *p, const delib_source *given)
{
    struct source *s = arena_new(&p->arena, struct source);
    struct source **list = arena_array(&p->arena, struct source *, p->source_count + 1);
    uint32_t *parents = arena_array(&p->arena, uint32_t, p->source_count + 1);
    struct slice name = slice_of(given->name);

    s->name = arena_copy_text(&p->arena, name.bytes, name.length);
    s->bytes = arena_copy_text(&p->arena, given->bytes, given->length);
    s->length = (uint32_t)given->length;
    s->literate = literate_is(s->name, s->bytes, s->length);
    if (p->source_count) {
        memcpy(list, p->sources, p->source_count * sizeof *list);
        memcpy(parents, p->parents, p->source_count * sizeof *parents);
    }
    p->parents = parents;
    list[p->source_count++] = s;
    p->sources = list;
    return s;
}

/* What the reader was asked and gave, whatever becomes of it: a journal keeps it. Texts in the arena. */
static void keep_text(struct delib_program *p, const char *asked, const char *name, const char *bytes, size_t length)
{
    delib_text *text;

    for (size_t i = 0; asked && i < p->texts.count; i++)
        if (p->texts.items[i].asked && strcmp(p->texts.items[i].asked, asked) == 0)
            return;
    text = arena_push(&p->arena, &p->texts);
    *text = (delib_text){ .asked = asked, .name = name, .bytes = bytes, .length = length };
}

static void keep_copy(struct delib_program *p, const char *asked, const delib_source *given)
{
    keep_text(p, asked, asked, arena_copy_text(&p->arena, given->bytes, given->length), given->length);
}

static void keep_source(struct delib_program *p, const char *asked, const struct source *s)
{
    keep_text(p, asked, s->name, s->bytes, s->length);
}

static const struct decl *find_use(const struct act *act, const struct decl *after)
{
    for (const struct decl *d = after ? after->next : act->first; d; d = d->next)
        if (d->kind == DECL_USE)
            return d;
    return NULL;
}

/* The source of that name already read; source_count when none. */
static size_t find_source(const struct delib_program *p, const char *name)
{
    size_t i = 0;

    while (i < p->source_count && strcmp(p->sources[i]->name, name) != 0)
        i++;
    return i;
}

/* « utilise » leads back to a module that leads here: told, and not followed. */
static void check_circle(struct delib_program *p, const struct decl *use, size_t found)
{
    uint32_t file = use->name.span.file;

    while (file != found && file != 0)
        file = p->parents[file];
    if (file == found)
        diag_help(&p->diags,
                  diag_add(&p->diags, DIAG_CYCLE, use->name.span, "les modules s'utilisent en rond : « %.*s » mène ici",
                           SLICE_ARG(use->name.text)),
                  "mettez ce qu'ils partagent dans un troisième module");
}

static void report_module(struct delib_program *p, const struct decl *use)
{
    diag_help(&p->diags,
              diag_add(&p->diags, DIAG_UNKNOWN_NAME, use->name.span, "le module « %.*s » est introuvable",
                       SLICE_ARG(use->name.text)),
              "placez « %.*s.delib » à côté du fichier", SLICE_ARG(use->name.text));
}

/* How a host gives the other texts of an act. */
struct reader {
    delib_module_reader read;
    void *context;
};

/* A text that the host did not make is not there: its length alone would have us read somebody else's memory. */
static bool read_text(const struct delib_program *p, const struct reader *reader, const char *name, delib_source *out)
{
    *out = (delib_source){ 0 };
    if (!reader->read || reader->read(reader->context, name, out) != DELIB_OK)
        return false;
    if (!out->name)
        out->name = name;
    if (out->length == 0)
        out->bytes = "";
    return out->bytes && out->length <= p->options.source_limit;
}

/* Modules are read in the order of their first use; one that uses another appends to the same list. */
static void read_modules(struct delib_program *p, const struct reader *reader, const struct token_options *tokens)
{
    for (const struct decl *use = find_use(&p->act, NULL); use; use = find_use(&p->act, use)) {
        delib_source given;
        char *name = arena_copy_text(&p->arena, use->name.text.bytes, use->name.text.length);
        struct literate headings = { 0 };
        struct source *s;

        if (!read_text(p, reader, name, &given)) {
            report_module(p, use);
            continue;
        }
        if (find_source(p, given.name) < p->source_count) {
            keep_source(p, name, p->sources[find_source(p, given.name)]);
            check_circle(p, use, find_source(p, given.name));
            continue;
        }
        s = add_source(p, &given);
        keep_source(p, name, s);
        p->parents[p->source_count - 1] = use->name.span.file;
        parse_source(&p->arena, &p->diags, s, (uint32_t)(p->source_count - 1), tokens, &p->act, &headings);
    }
}

static void report_import(struct delib_program *p, const struct table *table)
{
    diag_help(&p->diags,
              diag_add(&p->diags, DIAG_TABLE_SHAPE, table->import_span, "la grille « %.*s » est introuvable",
                       SLICE_ARG(table->import)),
              "placez le fichier CSV à côté de la délibération");
}

/* Grids « depuis "x.csv" » come through the same reader as modules. */
static void read_imports(struct delib_program *p, const struct reader *reader, const struct token_options *tokens)
{
    for (size_t i = 0; i < p->act.imports.count; i++) {
        struct table *table = p->act.imports.items[i];
        char *name = arena_copy_text(&p->arena, table->import.bytes, table->import.length);
        delib_source given, grid = { 0 };
        struct source *s;

        if (!read_text(p, reader, name, &given)) {
            report_import(p, table);
            continue;
        }
        keep_copy(p, name, &given);
        grid.name = name;
        grid.bytes = import_text(&p->arena, given.bytes, given.length, &grid.length);
        s = add_source(p, &grid);
        s->rewritten = true;
        import_grid(&p->arena, &p->diags, s, (uint32_t)(p->source_count - 1), tokens, table);
    }
}

/* The act is the text around the rules of a literate file, or the document that the header names. */
static void check_quotes(struct delib_program *p, const struct reader *reader)
{
    const struct source *s = p->sources[0];
    const struct decl *header = p->act.header;
    struct slice document = header ? header->as.header.document : SLICE("");
    delib_source given;
    char *name;

    if (document.length > 0) {
        name = arena_copy_text(&p->arena, document.bytes, document.length);
        if (!read_text(p, reader, name, &given)) {
            diag_help(&p->diags,
                      diag_add(&p->diags, DIAG_QUOTE_NOT_FOUND, header->as.header.document_span,
                               "le document « %.*s » est introuvable", SLICE_ARG(document)),
                      "placez le texte de l'acte à côté du fichier");
            return;
        }
        keep_copy(p, name, &given);
        quotes_check(&p->arena, &p->diags, &p->act, 0, (struct slice){ given.bytes, given.length });
    } else if (s->literate) {
        quotes_check(&p->arena, &p->diags, &p->act, 0,
                     (struct slice){ literate_prose(&p->arena, s->bytes, s->length), s->length });
    }
}

/* A text without a fault of grammar goes on to names and types; otherwise those would only repeat the fault. */
static void read_and_check(struct delib_program *p, const delib_source *source, const struct reader *reader)
{
    struct token_options tokens = { p->options.nesting_limit };
    struct source *s = add_source(p, source);

    keep_source(p, NULL, s);
    parse_source(&p->arena, &p->diags, s, 0, &tokens, &p->act, &p->literate);
    read_modules(p, reader, &tokens);
    read_imports(p, reader, &tokens);
    if (p->diags.errors > 0)
        return;
    model_declare(&p->model, &p->arena, &p->diags, (const struct source *const *)p->sources, &p->act,
                  p->extension ? extension_catalogue(p->extension) : &catalogue_standard);
    p->model.step_limit = p->options.step_limit;
    typing_model(&p->model);
    check_quotes(p, reader);
}

static void program_free(struct delib_program *p)
{
    struct allocator allocator = p->allocator;

    arena_release(&p->arena);
    extension_release(p->extension);
    allocator.resize(allocator.context, p, 0);
}

/* A source beyond the limit is told so on its first byte; its text is not read. */
static void refuse_size(struct delib_program *p, const delib_source *source)
{
    delib_source empty = { source->name, "", 0 };

    add_source(p, &empty);
    diag_help(&p->diags,
              diag_add(&p->diags, DIAG_SOURCE_TOO_LARGE, (struct span){0, 0, 0}, "ce fichier dépasse %zu octets",
                       p->options.source_limit),
              "un fichier de règles est un texte de quelques pages : est-ce le bon ?");
}

struct compilation {
    struct delib_program *program;
    const delib_source *source;
    struct reader modules;
};

static bool compile_guarded(void *context)
{
    const struct compilation *c = context;
    struct delib_program *p = c->program;

    if (c->source->length > p->options.source_limit)
        refuse_size(p, c->source);
    else
        read_and_check(p, c->source, &c->modules);
    p->usable = p->diags.errors == 0;
    if (p->usable)
        program_compile(p);
    program_describe(p, &p->arena, &p->diags, &p->diagnostics);
    return true;
}

delib_status delib_compile(delib_engine *engine, const delib_source *source, delib_module_reader modules,
                           void *modules_context, delib_program **out)
{
    struct compilation work = { NULL, source, { modules, modules_context } };
    struct delib_program *p;

    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!engine || !source || (!source->bytes && source->length > 0))
        return DELIB_MISUSE;
    p = engine->allocator.resize(engine->allocator.context, NULL, sizeof *p);
    if (!p)
        return DELIB_NO_MEMORY;
    memset(p, 0, sizeof *p);
    atomic_init(&p->references, 1);
    p->allocator = engine->allocator;
    p->options = engine->options;
    p->extension = extension_retain(engine->extension);
    arena_init(&p->arena, engine->allocator, engine->options.memory_limit);
    diag_list_init(&p->diags, &p->arena);
    work.program = p;
    if (!arena_guard(&p->arena, compile_guarded, &work)) {
        program_free(p);
        return DELIB_NO_MEMORY;
    }
    *out = p;
    return p->usable ? DELIB_OK : DELIB_INVALID;
}

delib_program *delib_program_retain(delib_program *program)
{
    if (program)
        atomic_fetch_add(&program->references, 1);
    return program;
}

void delib_program_release(delib_program *program)
{
    if (program && atomic_fetch_sub(&program->references, 1) == 1)
        program_free(program);
}

/* ------------------------------------------------------------------ what a program says of itself */

size_t delib_program_diagnostic_count(const delib_program *program)
{
    return program ? program->diags.count : 0;
}

delib_status delib_program_diagnostic(const delib_program *program, size_t index, delib_diagnostic *out)
{
    if (!program || !out || index >= program->diags.count)
        return DELIB_MISUSE;
    *out = program->diagnostics[index];
    return DELIB_OK;
}

size_t delib_program_tariff_count(const delib_program *program)
{
    return program && program->usable ? program->tariff_count : 0;
}

delib_tariff delib_program_tariff(const delib_program *program, const char *name)
{
    if (!program || !program->usable)
        return DELIB_NO_TARIFF;
    if (!name) {
        /* The datum that names the tariff (« entrée prestation : tarif ») stands for all of them. */
        if (program->model.choice)
            return (delib_tariff)program->tariff_count;
        return program->tariff_count == 1 ? 0 : DELIB_NO_TARIFF;
    }
    for (size_t i = 0; i < program->tariff_count; i++)
        if (text_fold_equal(program->tariffs[i].symbol->name.text, slice_of(name)))
            return (delib_tariff)i;
    for (size_t i = 0; i < program->output_count; i++)
        if (text_fold_equal(program->outputs[i].symbol->name.text, slice_of(name)))
            return (delib_tariff)(program->tariff_count + 1 + i);
    return DELIB_NO_TARIFF;
}

const char *delib_program_tariff_name(const delib_program *program, delib_tariff tariff)
{
    const size_t index = (size_t)tariff;

    if (!program || tariff < 0 || index > program->tariff_count + program->output_count ||
        index == program->tariff_count)
        return NULL;
    return index < program->tariff_count ? program->tariffs[index].name
                                         : program->outputs[index - program->tariff_count - 1].name;
}

const char *delib_program_tariff_label(const delib_program *program, delib_tariff tariff)
{
    if (!program || tariff < 0 || (size_t)tariff >= program->tariff_count)
        return NULL;
    return program->tariffs[tariff].label;
}

const char *delib_program_tariff_finalite(const delib_program *program, delib_tariff tariff)
{
    if (!program || tariff < 0 || (size_t)tariff >= program->tariff_count)
        return NULL;
    return program->tariffs[tariff].versions[0].finalite;
}

size_t delib_program_essai_count(const delib_program *program)
{
    return program && program->usable ? program->essai_count : 0;
}

const char *delib_statut_text(delib_statut statut)
{
    switch (statut) {
    case DELIB_CALCULE: return "calculé";
    case DELIB_NON_PREVU: return "non prévu";
    case DELIB_DECISION_INDIVIDUELLE: return "décision individuelle";
    case DELIB_A_COMPLETER: return "à compléter";
    case DELIB_DONNEE_INVALIDE: return "donnée invalide";
    case DELIB_SOURCE_INDISPONIBLE: return "source indisponible";
    case DELIB_SANS_OBJET: return "sans objet";
    }
    return "?";
}
