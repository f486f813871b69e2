/*
 * Declared types and their domains, and the type of each name: data, definitions, functions, named tranches, tables of
 * parameters, national values.
 */
#include "typing.h"

struct declared_type {
    const char *name;
    enum type_kind kind;
    enum quantity quantity;
    int64_t lo, hi;           /* default domain, in units of 1 */
    int64_t den;              /* default grid */
};

/* Default domains are stated in REFERENCE.md and printed by `verifier`. */
static const struct declared_type declared_types[] = {
    { "entier", TYPE_NUMBER, QUANTITY_NOMBRE, 0, 1000000, 1 },
    { "nombre", TYPE_NUMBER, QUANTITY_NOMBRE, 0, 1000000, 100 },
    { "montant", TYPE_NUMBER, QUANTITY_MONTANT, 0, 10000000, 100 },
    { "taux", TYPE_NUMBER, QUANTITY_TAUX, 0, 1, 10000 },
    { "quotient", TYPE_NUMBER, QUANTITY_QUOTIENT, 0, 1000000, 100 },
    { "quotient_fiscal", TYPE_NUMBER, QUANTITY_QUOTIENT_FISCAL, 0, 1000000, 100 },
    { "ressources", TYPE_NUMBER, QUANTITY_RESSOURCES, 0, 100000000, 100 },
    { "durée", TYPE_NUMBER, QUANTITY_DUREE, 0, 1000000, 1 },
    { "oui_non", TYPE_BOOLEAN, QUANTITY_NOMBRE, 0, 1, 1 },
    { "texte", TYPE_TEXT, QUANTITY_NOMBRE, 0, 0, 1 },
    { "date", TYPE_DATE, QUANTITY_NOMBRE, 0, 0, 1 },
};

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199, BASKET_MAX = 64 };

static struct facts date_domain(void)
{
    return facts_of_range(1, date_to_days((struct date){FIRST_YEAR, 1, 1}),
                          date_to_days((struct date){LAST_YEAR, 12, 31}));
}

/* ------------------------------------------------------------------ units */

static bool add_per(struct typing *t, struct unit *unit, struct name name)
{
    uint16_t id = unit_find(t->model, name.text);
    unsigned i = unit->per_count;

    if (id == UNIT_NONE) {
        typing_unknown_unit(t, name);
        return false;
    }
    if (unit->per_count == UNIT_PER_MAX) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_UNIT_MISMATCH, name.span, "un montant a au plus %d « par »", UNIT_PER_MAX),
                  "multipliez par ce qui se compte, ou nommez une unité qui dise les deux");
        return false;
    }
    for (; i > 0 && unit->per[i - 1] > id; i--)
        unit->per[i] = unit->per[i - 1];
    unit->per[i] = id;
    unit->per_count++;
    return true;
}

const struct type *typing_unit(struct typing *t, const struct unit_expr *unit)
{
    struct type type = { .kind = TYPE_NUMBER, .quantity = QUANTITY_MONTANT };

    if (unit->percent) {
        type.quantity = QUANTITY_TAUX;
    } else if (!unit->euro) {
        uint16_t id = unit_find(t->model, unit->plain.text);

        if (id == UNIT_NONE) {
            typing_unknown_unit(t, unit->plain);
            return type_error();
        }
        type.quantity = QUANTITY_NOMBRE;
        type.unit.of = id;
    }
    for (size_t i = 0; i < unit->per.count; i++)
        if (!add_per(t, &type.unit, unit->per.items[i]))
            return type_error();
    return type_make(t->arena, type);
}

/* ------------------------------------------------------------------ domains */

static bool literal_value(struct typing *t, struct expr *e, const struct type *type, struct number *out)
{
    const struct type *found = typing_expr(t, e, type);

    if (found->kind == TYPE_ERROR)
        return false;
    if (!type_unify(found, type)) {
        typing_mismatch(t, e->span, found, type, "borne du domaine");
        return false;
    }
    return number_make(e->facts->lo, e->facts->den, out);
}

static int precision_den(struct slice word)
{
    static const struct { const char *word; int den;
    } words[] = {
        {"centime", 100}, {"dixième", 10}, {"centième", 100}, {"millième", 1000},
        {"euro", 1},      {"entier", 1},   {"unité", 1},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_fold_equal(slice_of(words[i].word), word))
            return words[i].den;
    return 0;
}

/* The precision of a rate is that of its percents. */
static void apply_precision(struct typing *t, struct name precision, enum quantity quantity, struct facts *f)
{
    int den = precision.text.length ? precision_den(precision.text) : 0;

    if (quantity == QUANTITY_TAUX)
        den *= 100;
    if (den)
        *f = facts_of_range(den, f->lo / f->den * den, f->hi / f->den * den);
    else if (precision.text.length)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_BAD_DOMAIN, precision.span, "« %.*s » n'est pas une précision",
                           SLICE_ARG(precision.text)),
                  "par exemple « au centime »");
}

/* « de 0 à 20 », « à partir de 1 »: bounds on the grid of the type. */
static void apply_bounds(struct typing *t, const struct type_expr *e, const struct type *type, struct facts *f)
{
    struct expr *high = e->high ? e->high : e->max_items;
    struct number low_value = facts_low(f), high_value = facts_high(f);
    struct facts grid, least, most;

    if ((e->low && !literal_value(t, e->low, type, &low_value)) ||
        (high && !literal_value(t, high, type, &high_value)))
        return;
    if (number_compare(low_value, high_value) > 0) {
        diag_add(t->diags, DIAG_BAD_DOMAIN, e->span, "aucune valeur ne convient à ce domaine : il est vide");
        return;
    }
    /* A bound finer than the grid refines it: « nombre de 0,125 à 20 » has the cents and the thousandths by five. */
    grid = facts_of_range(f->den, 0, 0);
    least = facts_of_number(low_value);
    most = facts_of_number(high_value);
    if (!facts_join(&grid, &least, &grid) || !facts_join(&grid, &most, &grid)) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_BAD_DOMAIN, e->span, "ces bornes dépassent ce qui se calcule exactement"),
                  "écrivez-les avec moins de chiffres");
        return;
    }
    *f = facts_of_range(grid.den, least.lo * (grid.den / least.den), most.hi * (grid.den / most.den));
}

static const struct type *report_unknown_type(struct typing *t, const struct type_expr *e)
{
    struct nearest nearest = nearest_to(e->name.text);
    struct diag *d =
        diag_add(t->diags, DIAG_UNKNOWN_TYPE, e->name.span, "le type « %.*s » n'existe pas", SLICE_ARG(e->name.text));

    for (size_t i = 0; i < sizeof declared_types / sizeof *declared_types; i++)
        nearest_consider(&nearest, slice_of(declared_types[i].name));
    for (size_t i = 0; i < t->model->enums.count; i++)
        nearest_consider(&nearest, t->model->enums.items[i]->name.text);
    if (nearest.best.bytes)
        correction_word(t->diags, d, e->name.span, nearest.best);
    else
        diag_help(t->diags, d,
                  "les types sont : entier, nombre, montant, taux, quotient, ressources, durée, oui_non, date, "
                  "texte, une énumération, « liste de … »");
    return type_error();
}

static const struct type *declared_list(struct typing *t, const struct type_expr *e, struct facts *f)
{
    struct symbol *of = scope_find(&t->model->types, e->of.text);
    struct type type = { .kind = TYPE_LIST, .max_items = BASKET_MAX };
    struct type_expr element = { .name = e->of, .span = e->of.span };
    struct number most;

    /* The facts of a list of plain values are those of each of them. */
    *f = facts_of_range(1, 0, 0);
    if (of && of->kind == SYMBOL_RECORD)
        type.element = type_make(t->arena, (struct type){ .kind = TYPE_RECORD, .symbol = of });
    else
        type.element = typing_declared(t, &element, f);
    if (!e->max_items) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_BAD_DOMAIN, e->span, "la longueur maximale de la liste n'est pas dite"),
                  "ajoutez par exemple « au plus 12 »");
    } else if (literal_value(t, e->max_items, type_plain_number(), &most)) {
        if (most.den != 1 || most.num < 1 || most.num > 1000)
            diag_add(t->diags, DIAG_BAD_DOMAIN, e->max_items->span, "une liste a de 1 à 1 000 éléments");
        else
            type.max_items = (unsigned)most.num;
    }
    return type_make(t->arena, type);
}

static const struct type *declared_basket(struct typing *t, const struct type_expr *e, struct facts *f)
{
    struct symbol *of = scope_find(&t->model->types, e->of.text);

    /* The facts of a basket are those of each of its numbers. */
    *f = facts_of_range(text_fold_equal(e->name.text, SLICE("entier")) ? 1 : 100, 0, 1000000);
    f->hi *= f->den;
    if (!of || of->kind != SYMBOL_ENUM) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_UNKNOWN_TYPE, e->of.span, "« par %.*s » demande une énumération",
                           SLICE_ARG(e->of.text)),
                  "déclarez-la : « énumération %.*s : … ; … »", SLICE_ARG(e->of.text));
        return type_error();
    }
    return type_make(t->arena, (struct type){ .kind = TYPE_LIST, .basket = of, .element = type_plain_number(),
                                              .max_items = (unsigned)of->count });
}

static const struct type *declared_number(struct typing *t, const struct type_expr *e, const struct declared_type *d,
                                          struct facts *f)
{
    struct type type = { .kind = TYPE_NUMBER, .quantity = d->quantity };

    *f = facts_of_range(d->den, (int128)d->lo * d->den, (int128)d->hi * d->den);
    if (e->unit && d->quantity != QUANTITY_DUREE) {
        const struct type *unit = typing_unit(t, e->unit);

        if (unit->kind == TYPE_ERROR)
            return unit;
        type.unit = unit->unit;
    }
    if (d->quantity == QUANTITY_RESSOURCES && !e->unit)
        type.unit.per[type.unit.per_count++] = unit_find(t->model, SLICE("mois"));
    if (e->of.text.length && d->quantity == QUANTITY_NOMBRE) {
        type.unit.of = unit_find(t->model, e->of.text);
        if (type.unit.of == UNIT_NONE) {
            typing_unknown_unit(t, e->of);
            return type_error();
        }
    }
    apply_precision(t, e->precision, type.quantity, f);
    apply_bounds(t, e, type_make(t->arena, type), f);
    return type_make(t->arena, type);
}

const struct type *typing_declared(struct typing *t, const struct type_expr *e, struct facts *f)
{
    struct symbol *s;

    *f = facts_of_range(1, 0, 0);
    if (text_fold_equal(e->name.text, SLICE("liste")) && e->of.text.length)
        return declared_list(t, e, f);
    if (e->basket)
        return declared_basket(t, e, f);
    for (size_t i = 0; i < sizeof declared_types / sizeof *declared_types; i++) {
        const struct declared_type *d = &declared_types[i];

        if (!text_fold_equal(slice_of(d->name), e->name.text))
            continue;
        if (d->kind == TYPE_NUMBER)
            return declared_number(t, e, d, f);
        *f = d->kind == TYPE_DATE ? date_domain() : facts_of_range(1, d->lo, d->hi);
        return type_make(t->arena, (struct type){ .kind = d->kind });
    }
    s = scope_find(&t->model->types, e->name.text);
    if (!s)                                          /* named tranches are a type and a value */
        s = scope_find(&t->model->globals, e->name.text);
    if (s && (s->kind == SYMBOL_ENUM || s->kind == SYMBOL_TRANCHES)) {
        s->used = true;
        *f = facts_of_range(1, 0, (int128)s->count - 1);
        return type_make(t->arena, (struct type){ .kind = TYPE_ENUM, .symbol = s });
    }
    if (s && s->kind == SYMBOL_RECORD)
        return type_make(t->arena, (struct type){ .kind = TYPE_RECORD, .symbol = s });
    return report_unknown_type(t, e);
}

/* ------------------------------------------------------------------ data */

/* A family may not communicate its quotient or its income; other answers are compulsory unless the act says
 * otherwise. */
static bool may_be_absent(const struct symbol *s, const struct type *type)
{
    if (s->kind == SYMBOL_SOURCE || s->decl->clauses.optional || s->decl->clauses.absent)
        return true;
    return type->kind == TYPE_NUMBER &&
           (type->quantity == QUANTITY_QUOTIENT || type->quantity == QUANTITY_QUOTIENT_FISCAL ||
            type->quantity == QUANTITY_RESSOURCES);
}

static void type_default(struct typing *t, struct symbol *s)
{
    struct expr *e = s->value;

    if (!e || typing_expect(t, e, s->type, "valeur par défaut")->kind == TYPE_ERROR)
        return;
    if (!e->facts->constant && s->type->kind != TYPE_TEXT)
        diag_add(t->diags, DIAG_BAD_DOMAIN, e->span, "une valeur par défaut est une valeur fixe");
    else if (s->type->kind == TYPE_NUMBER && s->facts.den % e->facts->den != 0)
        diag_add(t->diags, DIAG_BAD_DOMAIN, e->span,
                 "la valeur par défaut a plus de décimales que « %.*s » n'en admet", SLICE_ARG(s->name.text));
    else if (s->type->kind == TYPE_NUMBER && (number_compare(facts_low(e->facts), facts_low(&s->facts)) < 0 ||
                                              number_compare(facts_high(e->facts), facts_high(&s->facts)) > 0))
        diag_add(t->diags, DIAG_BAD_DOMAIN, e->span, "la valeur par défaut est hors du domaine de « %.*s »",
                 SLICE_ARG(s->name.text));
}

/* « entrée prestation : tarif »: its values are the tariffs of the act. */
static void type_choice(struct typing *t, struct symbol *s)
{
    struct model *m = t->model;
    struct symbol *tariffs = arena_new(t->arena, struct symbol), *last = NULL;

    *tariffs = (struct symbol){ .kind = SYMBOL_ENUM, .name = s->name, .state = STATE_DONE };
    for (size_t i = 0; i < m->tariffs.count; i++) {
        struct symbol *member = arena_new(t->arena, struct symbol);

        *member = (struct symbol){.kind = SYMBOL_MEMBER,
                                  .name = m->tariffs.items[i]->name,
                                  .label = m->tariffs.items[i]->label,
                                  .index = i,
                                  .owner = tariffs,
                                  .state = STATE_DONE};
        if (last)
            last->next = member;
        else
            tariffs->first = member;
        last = member;
        tariffs->count++;
    }
    m->choice = s;
    s->used = true;                     /* it chooses the tariff */
    s->type = type_make(t->arena, (struct type){ .kind = TYPE_ENUM, .symbol = tariffs });
    s->facts = facts_of_range(1, 0, (int128)tariffs->count - 1);
}

static void type_input(struct typing *t, struct symbol *s)
{
    const struct type_expr *type = s->decl->as.input.type;

    if (text_fold_equal(type->name.text, SLICE("tarif")))
        type_choice(t, s);
    else
        s->type = typing_declared(t, type, &s->facts);
    type_default(t, s);
}

static const struct catalogue_field *main_field(const struct catalogue_function *f)
{
    for (const struct catalogue_field *field = f->fields; field && field->name; field++)
        if (f->main_field && slice_is(slice_of(f->main_field), field->name))
            return field;
    return NULL;
}

static int128 power_of_ten(unsigned n)
{
    int128 p = 1;

    while (n-- > 0)
        p *= 10;
    return p;
}

static const struct type *catalogue_record(struct typing *t, struct symbol *s, const struct catalogue_field *fields);
static struct scope *owner_scope(struct typing *t, struct symbol *owner);

static void type_source_field(struct typing *t, struct symbol *s, const struct catalogue_field *field)
{
    struct type_expr type = { .name = { slice_of(field->type), s->decl->span }, .span = s->decl->span };
    struct unit_expr unit = { .euro = true, .span = s->decl->span };
    int128 den = power_of_ten(field->decimals);

    if (field->kind == FIELD_LIST || field->kind == FIELD_RECORD) {
        const struct type *record = catalogue_record(t, s, field->fields);

        s->type = field->kind == FIELD_RECORD
                      ? record
                      : type_make(t->arena, (struct type){.kind = TYPE_LIST,
                                                          .element = record,
                                                          .max_items = field->max_items ? field->max_items : 32});
        s->facts = facts_of_range(1, 0, 0);
        return;
    }
    if (field->unit) {
        struct name *per = arena_push(t->arena, &unit.per);

        *per = (struct name){ slice_of(field->unit), s->decl->span };
        type.unit = &unit;
    }
    s->type = typing_declared(t, &type, &s->facts);
    if (s->type->kind == TYPE_NUMBER)
        s->facts = facts_of_range(den, field->min, field->max);
    apply_precision(t, s->decl->as.source.precision, s->type->quantity, &s->facts);
}

static void report_unknown_source(struct typing *t, const struct decl *d, struct slice called)
{
    const struct catalogue *c = t->model->catalogue;
    struct nearest nearest = nearest_to(called);
    struct span span = span_join(d->as.source.api.span, d->as.source.function.span);
    struct diag *diag = diag_add(t->diags, DIAG_UNKNOWN_SOURCE, span, "aucune API ne s'appelle « %.*s »",
                                 SLICE_ARG(called));

    for (size_t i = 0; i < c->function_count; i++)
        nearest_consider(&nearest, slice_of(c->functions[i].name));
    if (nearest.best.bytes)
        correction_word(t->diags, diag, span, nearest.best);
    else if (c->function_count > 0)
        diag_help(t->diags, diag, "par exemple « %s(demandeur) »", c->functions[0].name);
}

/* The month that is asked cannot come from the answer. */
static void report_own_month(struct typing *t, const struct symbol *s, const struct expr *month)
{
    for (size_t i = 0; i < t->model->data.count; i++) {
        const struct symbol *read = t->model->data.items[i];

        if (data_set_has(&month->facts->reads, i) && (read == s || read->owner == s)) {
            diag_add(t->diags, DIAG_CYCLE, month->span, "le mois demandé à « %.*s » dépend de sa réponse",
                     SLICE_ARG(s->name.text));
            return;
        }
    }
}

static void type_source(struct typing *t, struct symbol *s)
{
    struct decl *d = s->decl;
    struct strbuf called = strbuf_in(t->arena);
    const struct catalogue_field *field;

    strbuf_format(&called, "%.*s.%.*s", SLICE_ARG(d->as.source.api.text), SLICE_ARG(d->as.source.function.text));
    s->type = type_error();
    s->facts = facts_of_range(1, 0, 0);
    s->function = catalogue_find(t->model->catalogue, called.bytes, called.length);
    if (!s->function) {
        report_unknown_source(t, d, strbuf_result(&called));
        return;
    }
    if (d->as.source.arguments.count == 2 && s->function->has_period && s->owner == NULL) {
        const struct type date = { .kind = TYPE_DATE };

        typing_expect(t, d->as.source.arguments.items[1], type_make(t->arena, date), "mois demandé à la source");
        report_own_month(t, s, d->as.source.arguments.items[1]);
    }
    if (d->as.source.arguments.count < 1 || d->as.source.arguments.count > 1 + (size_t)s->function->has_period ||
        d->as.source.arguments.items[0]->kind != EXPR_NAME)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_BAD_ARGUMENTS, d->span, "une source dit de qui elle parle"),
                  "par exemple « %s(demandeur) »", s->function->name);
    if (s->function->closed && !s->owner)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_ROUTE_CLOSED, span_join(d->as.source.api.span, d->as.source.function.span),
                           "ce service ne répond plus"),
                  "%s", s->function->closed);
    field = s->field ? s->field : main_field(s->function);
    s->field = field;
    if (field)
        type_source_field(t, s, field);
}

/* A list or a record of an API becomes a list of fiches whose fields are those of the catalogue. */
static const struct type *catalogue_record(struct typing *t, struct symbol *s, const struct catalogue_field *fields)
{
    struct symbol *record = arena_new(t->arena, struct symbol);

    *record = (struct symbol){ .kind = SYMBOL_RECORD, .name = s->name, .decl = s->decl, .state = STATE_DONE };
    for (const struct catalogue_field *f = fields; f && f->name; f++) {
        struct symbol *part = arena_new(t->arena, struct symbol);

        *part = (struct symbol){.kind = SYMBOL_FIELD,
                                .name = {slice_of(f->name), s->name.span},
                                .decl = s->decl,
                                .field = f,
                                .owner = record,
                                .index = record->count++,
                                .state = STATE_DONE,
                                .hash = text_fold_hash(slice_of(f->name))};
        type_source_field(t, part, f);
        part->facts.constant = false;
        part->facts.absent = data_set_of(t->arena, s->index);
        if (record->last)
            record->last->next = part;
        else
            record->first = part;
        record->last = part;
    }
    record->scope = owner_scope(t, record);
    return type_make(t->arena, (struct type){ .kind = TYPE_RECORD, .symbol = record });
}

struct symbol *typing_source_field(struct typing *t, struct symbol *source, struct slice name)
{
    if (!source->function)
        return NULL;
    for (struct symbol *s = source->first; s; s = s->next)
        if (text_fold_equal(slice_of(s->field->name), name))
            return s;
    for (const struct catalogue_field *f = source->function->fields; f && f->name; f++)
        if (text_fold_equal(slice_of(f->name), name)) {
            struct symbol *s = model_add_field(t->model, source, name, f);

            typing_symbol(t, s);
            return s;
        }
    return NULL;
}

/* What reading a datum may read too: what stands for it when it is absent, and what is told to its API. */
static void read_through(struct typing *t, struct symbol *s, const struct expr *e)
{
    if (e && e->facts)
        data_set_union(t->arena, &s->facts.reads, &e->facts->reads);
}

/* « non communiqué : 5,60 € » is a price, of the tariff that reads it; its type is checked there. */
static void type_datum_clause(struct typing *t, struct expr *clause)
{
    if (!clause)
        return;
    if (clause->kind == EXPR_OUTCOME &&
        (clause->as.outcome.outcome == OUTCOME_NO_EFFECT || clause->as.outcome.outcome == OUTCOME_ABSENT))
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_WRONG_CONTEXT, clause->span, "ceci ne dit pas quel prix appliquer"),
                  "écrivez un montant, « comme la dernière tranche » ou « non prévu »");
    else
        typing_expr(t, clause, NULL);
}

void typing_datum(struct typing *t, struct symbol *s)
{
    const struct clauses *c = s->clauses;

    if (s->kind == SYMBOL_SOURCE)
        type_source(t, s);
    else
        type_input(t, s);
    s->facts.constant = false;
    s->facts.reads_source = s->kind == SYMBOL_SOURCE;
    s->facts.reads = data_set_of(t->arena, s->index);
    if (may_be_absent(s, s->type))
        s->facts.absent = s->facts.reads;
    type_datum_clause(t, c->absent);
    type_datum_clause(t, c->failed);
    read_through(t, s, c->absent);
    read_through(t, s, c->failed);
    if (s->owner)
        typing_symbol(t, s->owner);            /* the month is written once, on the source */
    if (s->kind == SYMBOL_SOURCE && s->decl->kind == DECL_SOURCE && s->decl->as.source.arguments.count > 1)
        read_through(t, s, s->decl->as.source.arguments.items[1]);
}

const struct expr *datum_absent_clause(const struct symbol *datum)
{
    return datum->clauses->absent;
}

/* ------------------------------------------------------------------ definitions */

/* What a definition is when a datum is absent is said where it is used: a clause here would change nothing. */
static void refuse_clauses(struct typing *t, const struct decl *let)
{
    const struct expr *clause = let->clauses.absent     ? let->clauses.absent
                                : let->clauses.failed   ? let->clauses.failed
                                : let->clauses.negative ? let->clauses.negative
                                                        : NULL;

    if (clause && let->kind == DECL_LET)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_WRONG_CONTEXT, clause->span, "« soit %.*s » ne prend pas de clause",
                           SLICE_ARG(let->name.text)),
                  "écrivez-la à la donnée, au prix ou à l'étape qui s'en sert, ou comme ligne d'un tableau");
}

static void type_value_of(struct typing *t, struct symbol *s, const struct type *expected)
{
    const struct scope *scope = t->scope;
    bool amounts = t->bare_amounts, rates = t->bare_rates;

    t->scope = s->scope ? s->scope : &t->model->globals;
    t->bare_amounts = t->bare_rates = false;
    refuse_clauses(t, s->decl);
    if (expected)
        s->type = typing_expect(t, s->value, expected, "valeur");
    else
        s->type = typing_expr(t, s->value, NULL);
    s->facts = *s->value->facts;
    t->scope = scope;
    t->bare_amounts = amounts;
    t->bare_rates = rates;
}

static struct scope *owner_scope(struct typing *t, struct symbol *owner)
{
    struct scope *scope = arena_new(t->arena, struct scope);

    scope->parent = &t->model->globals;
    for (struct symbol *s = owner->first; s; s = s->next) {
        s->hash_next = scope->buckets[s->hash % SCOPE_BUCKETS];
        scope->buckets[s->hash % SCOPE_BUCKETS] = s;
        s->scope = scope;
    }
    return scope;
}

static void type_function(struct typing *t, struct symbol *s)
{
    struct decl *d = s->decl;

    s->scope = owner_scope(t, s);
    if (d->as.function.parameters.count > PARAMETERS_MAX)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_NESTING, d->as.function.parameters.items[PARAMETERS_MAX].name.span,
                           "une fonction a au plus %d paramètres", PARAMETERS_MAX),
                  "nommez par « soit » ce que plusieurs partagent, ou lisez la donnée dans la fonction");
    for (size_t i = 0; i < d->as.function.parameters.count; i++) {
        struct parameter *p = &d->as.function.parameters.items[i];

        if (!p->symbol)
            continue;
        p->symbol->type = typing_declared(t, p->type, &p->symbol->facts);
        p->symbol->facts.constant = false;
        p->symbol->state = STATE_DONE;
    }
    type_value_of(t, s, d->as.function.unit ? typing_unit(t, d->as.function.unit) : NULL);
}

/* « soit » of a record: the fields are names. */
static void type_record_part(struct typing *t, struct symbol *s)
{
    if (!s->owner->scope)
        s->owner->scope = owner_scope(t, s->owner);
    if (s->kind == SYMBOL_LET) {
        type_value_of(t, s, NULL);
        return;
    }
    for (size_t i = 0; i < s->owner->decl->as.record.fields.count; i++) {
        struct parameter *p = &s->owner->decl->as.record.fields.items[i];

        if (p->symbol != s)
            continue;
        s->type = typing_declared(t, p->type, &s->facts);
        s->facts.constant = false;
        type_default(t, s);
    }
}

static void type_tranches(struct typing *t, struct symbol *s)
{
    struct table *table = s->decl->as.tranches.table;
    const struct type *type = type_make(t->arena, (struct type){ .kind = TYPE_ENUM, .symbol = s });
    struct expr *e = tree_expr(t->arena, EXPR_TABLE, s->decl->span);

    s->type = type;
    s->facts = facts_of_range(1, 0, (int128)s->count - 1);
    /* « A : moins de 390 » reads as the row « moins de 390 : A ». */
    for (size_t i = 0; i < table->rows.count; i++) {
        struct row *row = &table->rows.items[i];
        struct title name = row->titles.items[0];

        if (row->titles.count == 2) {
            row->titles.items[0] = row->titles.items[1];
            row->titles.count = 1;
            row->cells.items[0] = name.value;
        }
    }
    e->as.table = table;
    s->value = e;
    typing_expect(t, e, type, "tranches");
    s->facts = *e->facts;
}

/* One nested table per column: « droits.taux_effort » is the table of that column. */
static void type_tableau(struct typing *t, struct symbol *s)
{
    struct table *table = s->decl->as.tableau.table;

    s->type = type_error();
    for (struct symbol *column = s->first; column; column = column->next) {
        struct expr *e = tree_expr(t->arena, EXPR_TABLE, s->decl->span);
        struct table *one = arena_new(t->arena, struct table);

        *one = *table;
        one->grid = false;
        one->rows = (row_list){ 0 };
        for (size_t i = 0; i < table->rows.count; i++) {
            struct row *row = arena_push(t->arena, &one->rows);
            expr_list cells = { 0 };
            struct expr **cell = arena_push(t->arena, &cells);

            *row = table->rows.items[i];
            *cell = row->cells.items[row->cells.count == 1 ? 0 : column->index];      /* one for all the columns */
            row->cells = cells;
        }
        e->as.table = one;
        column->value = e;
        column->state = STATE_DONE;
        column->type = typing_expr(t, e, NULL);
        column->facts = *e->facts;
    }
}

/* Several dated values under one name: the date of the service picks one. */
static void type_national(struct typing *t, struct symbol *s)
{
    bool first = true;

    s->facts = facts_of_range(1, 0, 0);
    for (struct version *v = s->versions; v; v = v->next) {
        struct expr *e = v->decl->as.national.value;
        const struct type *type = typing_expect(t, e, s->type, "valeur nationale");
        struct facts joined;

        if (type->kind == TYPE_ERROR)
            continue;
        if (first) {
            s->type = type;
            s->facts = *e->facts;
        } else if (facts_join(&s->facts, e->facts, &joined)) {
            s->facts = joined;
        } else {
            typing_too_large(t, e);
        }
        first = false;
    }
    s->facts.may_end = true;
    if (!s->type)
        s->type = type_error();
}

/* A tariff that runs takes as much of the stack as so many operations: some twenty may read one another. */
enum { TARIFF_HEIGHT = 95 };

void typing_symbol(struct typing *t, struct symbol *s)
{
    unsigned height = t->height, frames = t->frames;

    if (s->state != STATE_NEW)
        return;
    s->state = STATE_BUSY;
    t->height = t->frames = 0;
    switch (s->kind) {
    case SYMBOL_INPUT: case SYMBOL_SOURCE:
        typing_datum(t, s);
        break;
    case SYMBOL_LET:
        if (s->owner)
            type_record_part(t, s);
        else
            type_value_of(t, s, NULL);
        break;
    case SYMBOL_OUTPUT:
        type_value_of(t, s, s->decl->as.let.unit ? typing_unit(t, s->decl->as.let.unit) : NULL);
        break;
    case SYMBOL_FUNCTION: type_function(t, s); break;
    case SYMBOL_FIELD: type_record_part(t, s); break;
    case SYMBOL_TRANCHES: type_tranches(t, s); break;
    case SYMBOL_TABLEAU: type_tableau(t, s); break;
    case SYMBOL_NATIONAL: type_national(t, s); break;
    case SYMBOL_TARIFF:
        typing_tariff(t, s);
        t->height += TARIFF_HEIGHT;
        break;
    case SYMBOL_DATE: case SYMBOL_TODAY:
        s->type = type_make(t->arena, (struct type){ .kind = TYPE_DATE });
        s->facts = date_domain();
        break;
    case SYMBOL_CALENDAR:
        s->type = type_make(t->arena, (struct type){ .kind = TYPE_CALENDAR });
        s->facts = facts_of_range(1, 0, 0);
        break;
    case SYMBOL_RECORD:                    /* a field that no rule reads is given all the same */
        for (struct symbol *part = s->first; part; part = part->next)
            typing_symbol(t, part);
        break;
    case SYMBOL_ENUM: case SYMBOL_MEMBER: case SYMBOL_PARAMETER: case SYMBOL_VARIABLE: case SYMBOL_COLUMN:
    case SYMBOL_UNIT: case SYMBOL_STEP_PRICE:
        break;
    }
    if (t->height > s->facts.height)
        s->facts.height = t->height;
    if (t->frames > s->facts.frames)
        s->facts.frames = t->frames;
    t->height = height;
    t->frames = frames;
    s->state = STATE_DONE;
}
