/*
 * A host's own sources: checked, copied, and put after those of stdlib/ in a catalogue that compilation reads as the
 * other.
 */
#include "extension.h"

#include <string.h>

struct extension {
    atomic_uint references;
    struct allocator allocator;
    struct arena arena;
    struct catalogue catalogue;
};

static bool allocate(void *context)
{
    struct extension *x = context;
    struct catalogue_function *rows =
        arena_array(&x->arena, struct catalogue_function, catalogue_standard.function_count);

    memcpy(rows, catalogue_standard.functions, catalogue_standard.function_count * sizeof *rows);
    x->catalogue = catalogue_standard;
    x->catalogue.functions = rows;
    return true;
}

struct extension *extension_new(struct allocator allocator, size_t memory_limit)
{
    struct extension *x = allocator.resize(allocator.context, NULL, sizeof *x);

    if (!x)
        return NULL;
    memset(x, 0, sizeof *x);
    atomic_init(&x->references, 1);
    x->allocator = allocator;
    arena_init(&x->arena, allocator, memory_limit);
    if (!arena_guard(&x->arena, allocate, x)) {
        extension_release(x);
        return NULL;
    }
    return x;
}

struct extension *extension_retain(struct extension *extension)
{
    if (extension)
        atomic_fetch_add(&extension->references, 1);
    return extension;
}

void extension_release(struct extension *extension)
{
    struct allocator allocator;

    if (!extension || atomic_fetch_sub(&extension->references, 1) != 1)
        return;
    allocator = extension->allocator;
    arena_release(&extension->arena);
    allocator.resize(allocator.context, extension, 0);
}

const struct catalogue *extension_catalogue(const struct extension *extension)
{
    return &extension->catalogue;
}

/* ------------------------------------------------------------------ what a host may add */

/* The types of the language that an answer may hold, without unit or with one. */
static const struct { const char *name; enum field_kind kind; bool has_unit; } types[] = {
    { "oui_non", FIELD_BOOLEAN, false },   { "entier", FIELD_INTEGER, false },   { "nombre", FIELD_DECIMAL, false },
    { "montant", FIELD_DECIMAL, true },    { "ressources", FIELD_DECIMAL, true }, { "quotient", FIELD_DECIMAL, false },
    { "quotient_fiscal", FIELD_DECIMAL, false }, { "date", FIELD_DATE, false },   { "texte", FIELD_TEXT, false },
};
enum { TYPE_COUNT = sizeof types / sizeof *types, DECIMALS_MAX = 9, FIELDS_MAX = 1000 };

static const struct { const char *category, *judged_as; } categories[] = {
    { "communale", "hôte.communale" }, { "sociale", "hôte.sociale" }, { "fiscale", "hôte.fiscale" },
    { "emploi", "hôte.emploi" }, { "scolarité", "hôte.scolarité" },
};
enum { CATEGORY_COUNT = sizeof categories / sizeof *categories };

/* One name in lower case: letters without accents, digits, underscores. */
static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];

        if (!(c >= 'a' && c <= 'z') && c != '_' && !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return text.length > 0;
}

static bool is_function_name(const char *name)
{
    const char *point = strchr(name, '.');

    return point && is_name((struct slice){ name, (size_t)(point - name) }) && is_name(slice_of(point + 1));
}

static bool is_text(const char *text)
{
    return text && *text && utf8_validate(text, strlen(text)) == strlen(text);
}

static size_t find_type(const char *name)
{
    size_t i = 0;

    while (i < TYPE_COUNT && (!name || strcmp(types[i].name, name) != 0))
        i++;
    return i;
}

static const char *judged_as(const char *category)
{
    for (size_t i = 0; category && i < CATEGORY_COUNT; i++)
        if (strcmp(categories[i].category, category) == 0)
            return categories[i].judged_as;
    return NULL;
}

/* NULL: the field is good. */
static const char *field_problem(const delib_field *field, const delib_field *before, size_t count)
{
    size_t type = find_type(field->type);

    if (!field->name || !is_name(slice_of(field->name)))
        return "le nom d'un champ est un mot en minuscules";
    for (size_t i = 0; i < count; i++)
        if (strcmp(before[i].name, field->name) == 0)
            return "deux champs portent le même nom";
    if (type == TYPE_COUNT)
        return "le type d'un champ n'est pas connu";
    if (field->unit && (!types[type].has_unit || !is_text(field->unit)))
        return "l'unité d'un champ ne va qu'à un montant ou à des ressources";
    if ((types[type].kind == FIELD_INTEGER || types[type].kind == FIELD_DECIMAL) && field->min > field->max)
        return "le domaine d'un champ est vide";
    if (field->decimals > (types[type].kind == FIELD_DECIMAL ? DECIMALS_MAX : 0))
        return "le nombre de décimales d'un champ n'est pas possible";
    return NULL;
}

static const char *function_problem(const struct extension *x, const delib_function *f)
{
    const char *problem = NULL;

    if (!f->name || !is_function_name(f->name))
        return "le nom d'une source est de la forme « portail.anciennete », en minuscules sans accents";
    if (catalogue_find(&x->catalogue, f->name, strlen(f->name)))
        return "une source porte déjà ce nom";
    if (!is_text(f->label) || !is_text(f->channel))
        return "une source a un libellé et un canal";
    if (!judged_as(f->category))
        return "la catégorie est « communale », « sociale », « fiscale », « emploi » ou « scolarité »";
    if (!f->fields || f->field_count == 0 || f->field_count > FIELDS_MAX)
        return "une source a au moins un champ, et mille au plus";
    for (size_t i = 0; i < f->field_count && !problem; i++)
        problem = field_problem(&f->fields[i], f->fields, i);
    return problem;
}

/* ------------------------------------------------------------------ the copy */

struct addition {
    struct extension *extension;
    const delib_function *function;
};

static const char *copy(struct arena *arena, const char *text)
{
    return text ? arena_copy_text(arena, text, strlen(text)) : NULL;
}

static const struct catalogue_field *copy_fields(struct arena *arena, const delib_function *f)
{
    /* One more, with a NULL name, ends the list. */
    struct catalogue_field *fields = arena_array(arena, struct catalogue_field, f->field_count + 1);

    for (size_t i = 0; i < f->field_count; i++) {
        const delib_field *in = &f->fields[i];
        size_t type = find_type(in->type);

        fields[i] = (struct catalogue_field){ .name = copy(arena, in->name), .kind = types[type].kind,
                                              .type = types[type].name, .unit = copy(arena, in->unit),
                                              .min = in->min, .max = in->max, .decimals = in->decimals };
    }
    return fields;
}

/* Inside a guard: nothing is seen of an addition that memory stopped. */
static bool add(void *context)
{
    const struct addition *work = context;
    struct extension *x = work->extension;
    const delib_function *f = work->function;
    struct arena *arena = &x->arena;
    size_t count = x->catalogue.function_count;
    struct catalogue_function *rows = arena_array(arena, struct catalogue_function, count + 1);
    const struct catalogue_field *fields = copy_fields(arena, f);

    memcpy(rows, x->catalogue.functions, count * sizeof *rows);
    rows[count] = (struct catalogue_function){
        .name = copy(arena, f->name), .label = copy(arena, f->label), .channel = copy(arena, f->channel),
        .category = copy(arena, f->category), .judged_as = judged_as(f->category), .api = CATALOGUE_API_HOST,
        .main_field = fields[0].name, .fields = fields,
    };
    x->catalogue.functions = rows;
    x->catalogue.function_count = count + 1;
    return true;
}

delib_status extension_add(struct extension *x, const delib_function *function, const char **problem)
{
    struct addition work = { x, function };

    *problem = function_problem(x, function);
    if (*problem)
        return DELIB_INVALID;
    x->arena.exhausted = false;        /* a refusal is not for ever: the rows added before stay good */
    return arena_guard(&x->arena, add, &work) ? DELIB_OK : DELIB_NO_MEMORY;
}
