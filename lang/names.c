/*
 * Names: declares every name of an act, looks names up, suggests the one that was meant. Expressions are resolved by
 * typing.c, which knows the type expected at each place.
 */
#include "model.h"

#include <string.h>

/* ------------------------------------------------------------------ scopes */

static struct symbol *find_here(const struct scope *scope, struct slice name, uint32_t hash)
{
    for (struct symbol *s = scope->buckets[hash % SCOPE_BUCKETS]; s; s = s->hash_next)
        if (s->hash == hash && text_fold_equal(s->name.text, name))
            return s;
    return NULL;
}

struct symbol *scope_find(const struct scope *scope, struct slice name)
{
    uint32_t hash = text_fold_hash(name);

    for (; scope; scope = scope->parent) {
        struct symbol *s = find_here(scope, name, hash);

        if (s)
            return s;
    }
    return NULL;
}

struct symbol *symbol_member(const struct symbol *owner, struct slice name)
{
    for (struct symbol *s = owner->first; s; s = s->next)
        if (text_fold_equal(s->name.text, name))
            return s;
    return NULL;
}

const struct symbol *symbol_at(const struct symbol *owner, int128 rank)
{
    const struct symbol *s = owner->first;

    while (rank-- > 0)
        s = s->next;
    return s;
}

const struct symbol *scope_suggest(const struct scope *scope, struct slice name)
{
    struct nearest nearest = nearest_to(name);
    const struct symbol *best = NULL;

    for (; scope; scope = scope->parent)
        for (size_t b = 0; b < SCOPE_BUCKETS; b++)
            for (const struct symbol *s = scope->buckets[b]; s; s = s->hash_next)
                if (nearest_consider(&nearest, s->name.text))
                    best = s;
    return best;
}

const struct symbol *member_suggest(const struct symbol *owner, struct slice name)
{
    struct nearest nearest = nearest_to(name);
    const struct symbol *best = NULL;

    for (const struct symbol *s = owner->first; s; s = s->next)
        if (nearest_consider(&nearest, s->name.text))
            best = s;
    return best;
}

/* ------------------------------------------------------------------ declaring */

static struct symbol *new_symbol(struct model *model, enum symbol_kind kind, struct name name, struct slice label,
                                 struct decl *decl)
{
    struct symbol *s = arena_new(model->arena, struct symbol);

    *s = (struct symbol){
        .kind = kind, .name = name, .label = label, .decl = decl, .hash = text_fold_hash(name.text)};
    return s;
}

/* A part has the declaration of its owner, and a word of its own. */
static const char *kind_word(const struct symbol *s)
{
    static const char *const parts[] = {
        [SYMBOL_MEMBER] = "valeur d'énumération", [SYMBOL_PARAMETER] = "paramètre", [SYMBOL_FIELD] = "champ",
        [SYMBOL_COLUMN] = "colonne", [SYMBOL_STEP_PRICE] = NULL,
    };

    return parts[s->kind] ? parts[s->kind] : tree_decl_word(s->decl->kind);
}

static void report_duplicate(struct model *model, const struct symbol *first, struct name name)
{
    bool same = slice_equal(first->name.text, name.text);
    struct diag *d = diag_add(model->diags, DIAG_DUPLICATE_NAME, name.span, "le nom « %.*s » est déjà pris%s",
                              SLICE_ARG(name.text), same ? "" : " (les accents et les majuscules ne comptent pas)");

    if (first->decl && first->kind != SYMBOL_STEP_PRICE)       /* a word of the language is declared nowhere */
        diag_note(model->diags, d, first->name.span, "il l'est ici : %s", kind_word(first));
    diag_help(model->diags, d, "donnez à chacun son propre nom");
}

struct symbol *scope_add(struct model *model, struct scope *scope, enum symbol_kind kind, struct name name,
                         struct slice label, struct decl *decl)
{
    uint32_t hash = text_fold_hash(name.text);
    struct symbol *s = find_here(scope, name.text, hash);

    /* The date of the service gives way to an input of that name. */
    if (s && s->kind != SYMBOL_DATE && s->kind != SYMBOL_TODAY) {
        report_duplicate(model, s, name);
        return NULL;
    }
    s = new_symbol(model, kind, name, label, decl);
    s->hash_next = scope->buckets[hash % SCOPE_BUCKETS];
    scope->buckets[hash % SCOPE_BUCKETS] = s;
    return s;
}

struct symbol *model_add_field(struct model *model, struct symbol *source, struct slice name,
                               const struct catalogue_field *field)
{
    struct strbuf full = strbuf_in(model->arena), label = strbuf_in(model->arena);
    struct symbol *s, **item;

    strbuf_format(&full, "%.*s.%.*s", SLICE_ARG(source->name.text), SLICE_ARG(name));
    strbuf_format(&label, "%.*s, ", SLICE_ARG(source->label.length ? source->label : source->name.text));
    for (size_t i = 0; i < name.length; i++)
        strbuf_char(&label, name.bytes[i] == '_' ? ' ' : name.bytes[i]);
    s = new_symbol(model, SYMBOL_SOURCE, (struct name){strbuf_result(&full), source->name.span},
                   strbuf_result(&label), source->decl);
    item = arena_push(model->arena, &model->data);
    *item = s;
    s->index = model->data.count - 1;
    s->clauses = source->clauses;
    s->function = source->function;
    s->field = field;
    s->owner = source;
    s->next = source->first;
    source->first = s;
    return s;
}

static struct symbol *add_part(struct model *model, struct symbol *owner, enum symbol_kind kind, struct name name,
                               struct slice label)
{
    struct symbol *s = symbol_member(owner, name.text);

    if (s) {
        report_duplicate(model, s, name);
        return NULL;
    }
    s = new_symbol(model, kind, name, label, owner->decl);
    s->owner = owner;
    s->index = owner->count++;
    if (owner->last)
        owner->last->next = s;
    else
        owner->first = s;
    owner->last = s;
    return s;
}

static void push(struct model *model, symbol_list *list, struct symbol *s)
{
    struct symbol **item = arena_push(model->arena, list);

    *item = s;
}

static void declare_enum(struct model *model, struct decl *d, struct symbol *s)
{
    push(model, &model->enums, s);
    for (size_t i = 0; i < d->as.enumeration.members.count; i++) {
        struct member *m = &d->as.enumeration.members.items[i];
        struct symbol *member = add_part(model, s, SYMBOL_MEMBER, m->name, m->label);

        if (!member)
            continue;
        member->unit = m->unit;
        push(model, &model->members, member);
    }
}

/* Named tranches are an ordered enumeration, and their look-up a definition of the same name. */
static void declare_tranches(struct model *model, struct decl *d, struct symbol *s)
{
    const struct table *table = d->as.tranches.table;

    push(model, &model->enums, s);
    for (size_t i = 0; i < table->rows.count; i++) {
        const struct title *title = &table->rows.items[i].titles.items[0];
        struct symbol *member;

        if (title->kind != TITLE_VALUE || (title->value->kind != EXPR_NAME && title->value->kind != EXPR_TEXT))
            continue;
        member = add_part(model, s, SYMBOL_MEMBER,
                          title->value->kind == EXPR_NAME ? title->value->as.reference.name
                                                          : (struct name){ title->value->as.text, title->span },
                          SLICE(""));
        if (member)
            push(model, &model->members, member);
    }
}

static void declare_tableau(struct model *model, struct decl *d, struct symbol *s)
{
    const struct table *table = d->as.tableau.table;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct title *title = &table->columns.items[i];

        if (title->kind == TITLE_VALUE && title->value->kind == EXPR_NAME)
            add_part(model, s, SYMBOL_COLUMN, title->value->as.reference.name, SLICE(""));
        else
            diag_add(model->diags, DIAG_BAD_TITLE, title->span, "une colonne de « tableau » porte un nom");
    }
}

static void declare_datum(struct model *model, struct decl *d, struct symbol *s)
{
    s->index = model->data.count;
    s->clauses = &d->clauses;
    if (d->kind == DECL_INPUT)
        s->value = d->as.input.fallback;
    push(model, &model->data, s);
}

static void declare_record(struct model *model, struct decl *d, struct symbol *s)
{
    push(model, &model->records, s);
    for (size_t i = 0; i < d->as.record.fields.count; i++) {
        struct parameter *p = &d->as.record.fields.items[i];
        struct symbol *field = add_part(model, s, SYMBOL_FIELD, p->name, p->label);

        if (field)
            field->value = p->fallback;
        p->symbol = field;
    }
    for (struct decl *let = d->as.record.lets; let; let = let->next) {
        struct symbol *symbol = add_part(model, s, SYMBOL_LET, let->name, let->label);

        if (!symbol)
            continue;
        symbol->decl = let;
        symbol->value = let->as.let.value;
        symbol->element = true;
        let->symbol = symbol;
    }
}

static void declare_function(struct model *model, struct decl *d, struct symbol *s)
{
    push(model, &model->functions, s);
    s->value = d->as.function.value;
    for (size_t i = 0; i < d->as.function.parameters.count; i++) {
        struct parameter *p = &d->as.function.parameters.items[i];

        p->symbol = add_part(model, s, SYMBOL_PARAMETER, p->name, SLICE(""));
    }
}

static void add_version(struct model *model, struct symbol *s, struct decl *d, struct period period)
{
    struct version *v = arena_new(model->arena, struct version), **last = &s->versions;

    *v = (struct version){ .period = period, .decl = d };
    while (*last)
        last = &(*last)->next;
    *last = v;
    d->symbol = s;
}

/* A tariff or a national value may have several versions under one name. */
static void declare_version(struct model *model, struct decl *d, enum symbol_kind kind)
{
    struct symbol *s = scope_find(&model->globals, d->name.text);

    if (!s || s->kind != kind) {
        s = scope_add(model, &model->globals, kind, d->name, d->label, d);
        if (!s)
            return;
        if (kind == SYMBOL_TARIFF) {
            s->index = model->tariffs.count;
            push(model, &model->tariffs, s);
        }
    }
    add_version(model, s, d, kind == SYMBOL_TARIFF ? d->as.tariff.period : d->as.national.period);
}

/* What the name of a declaration stands for; an essai, a property or a module declares no name. */
static const struct {
    bool declares;
    enum symbol_kind kind;
} declared[] = {
    [DECL_ENUM] = { true, SYMBOL_ENUM },           [DECL_INPUT] = { true, SYMBOL_INPUT },
    [DECL_SOURCE] = { true, SYMBOL_SOURCE },       [DECL_LET] = { true, SYMBOL_LET },
    [DECL_FUNCTION] = { true, SYMBOL_FUNCTION },   [DECL_TARIFF] = { true, SYMBOL_TARIFF },
    [DECL_RECORD] = { true, SYMBOL_RECORD },       [DECL_TRANCHES] = { true, SYMBOL_TRANCHES },
    [DECL_TABLEAU] = { true, SYMBOL_TABLEAU },     [DECL_UNIT] = { true, SYMBOL_UNIT },
    [DECL_CALENDAR] = { true, SYMBOL_CALENDAR },   [DECL_NATIONAL] = { true, SYMBOL_NATIONAL },
    [DECL_OUTPUT] = { false, SYMBOL_OUTPUT },      /* in the scope of its tariff: typing_rules.c */
};

static void declare_unit(struct model *model, struct symbol *s)
{
    push(model, &model->units, s);
}

static bool names_type(enum decl_kind kind)
{
    return kind == DECL_ENUM || kind == DECL_RECORD || kind == DECL_UNIT;
}

static void declare_one(struct model *model, struct decl *d)
{
    struct symbol *s;

    if (!declared[d->kind].declares)
        return;
    if (d->kind == DECL_TARIFF || d->kind == DECL_NATIONAL) {
        declare_version(model, d, declared[d->kind].kind);
        return;
    }
    s = scope_add(model, names_type(d->kind) ? &model->types : &model->globals, declared[d->kind].kind, d->name,
                  d->label, d);
    if (!s)
        return;
    d->symbol = s;
    switch (s->kind) {
    case SYMBOL_ENUM: declare_enum(model, d, s); break;
    case SYMBOL_TRANCHES: declare_tranches(model, d, s); break;
    case SYMBOL_TABLEAU: declare_tableau(model, d, s); break;
    case SYMBOL_INPUT: case SYMBOL_SOURCE: declare_datum(model, d, s); break;
    case SYMBOL_RECORD: declare_record(model, d, s); break;
    case SYMBOL_FUNCTION: declare_function(model, d, s); break;
    case SYMBOL_UNIT: declare_unit(model, s); break;
    case SYMBOL_LET:
        s->value = d->as.let.value;
        push(model, &model->lets, s);
        break;
    case SYMBOL_CALENDAR: case SYMBOL_MEMBER: case SYMBOL_OUTPUT: case SYMBOL_PARAMETER: case SYMBOL_TARIFF:
    case SYMBOL_FIELD: case SYMBOL_VARIABLE: case SYMBOL_COLUMN: case SYMBOL_NATIONAL: case SYMBOL_DATE:
    case SYMBOL_TODAY: case SYMBOL_STEP_PRICE:
        break;
    }
}

static struct symbol *add_builtin(struct model *model, enum symbol_kind kind, struct slice name)
{
    return scope_add(model, &model->globals, kind, (struct name){ name, { 0, 0, 0 } }, SLICE(""), NULL);
}

void model_declare(struct model *model, struct arena *arena, struct diag_list *diags,
                   const struct source *const *sources, struct act *act, const struct catalogue *catalogue)
{
    *model = (struct model){ .arena = arena, .diags = diags, .sources = sources, .act = act, .catalogue = catalogue };
    if (act->header)
        model->period = act->header->as.header.period;
    model->date = add_builtin(model, SYMBOL_DATE, SLICE("date"));
    model->today = add_builtin(model, SYMBOL_TODAY, SLICE("aujourd'hui"));
    for (struct decl *d = act->first; d; d = d->next)
        declare_one(model, d);
}
