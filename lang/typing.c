/*
 * Types and facts of expressions. One function per kind of expression; a fault is reported once and gives the error
 * type, which agrees with everything.
 */
#include "typing.h"

#include <string.h>

/* The frames of a chain of definitions add up: that of the walk must not hold the locals of every kind of node. */
#define APART __attribute__((noinline))

/* ------------------------------------------------------------------ common types */

const struct type *type_make(struct arena *arena, struct type type)
{
    struct type *out = arena_new(arena, struct type);

    *out = type;
    return out;
}

const struct type *type_error(void)
{
    static const struct type type = { .kind = TYPE_ERROR };
    return &type;
}

const struct type *type_boolean(void)
{
    static const struct type type = { .kind = TYPE_BOOLEAN };
    return &type;
}

const struct type *type_plain_number(void)
{
    static const struct type type = { .kind = TYPE_NUMBER, .quantity = QUANTITY_NOMBRE };
    return &type;
}

static const struct type *type_outcome(void)
{
    static const struct type type = { .kind = TYPE_OUTCOME };
    return &type;
}

static const struct type *type_date(void)
{
    static const struct type type = { .kind = TYPE_DATE };
    return &type;
}

static const struct type *type_amount(void)
{
    static const struct type type = {.kind = TYPE_NUMBER, .quantity = QUANTITY_MONTANT, .unit = {.flexible = true}};
    return &type;
}

static const struct type *type_rate(void)
{
    static const struct type type = { .kind = TYPE_NUMBER, .quantity = QUANTITY_TAUX };
    return &type;
}

static const struct type *type_text(void)
{
    static const struct type type = { .kind = TYPE_TEXT };
    return &type;
}

static const struct type *type_day(void)
{
    static const struct type type = { .kind = TYPE_DAY };
    return &type;
}

struct facts *facts_new(struct arena *arena, struct facts facts)
{
    struct facts *out = arena_new(arena, struct facts);

    *out = facts;
    return out;
}

static bool is_pure(const struct type *type)
{
    return type_is_number(type, QUANTITY_NOMBRE) && type->unit.of == UNIT_NONE;
}

/* ------------------------------------------------------------------ results and faults */

static const struct type *failed(struct typing *t, struct expr *e)
{
    e->type = type_error();
    if (!e->facts)
        e->facts = facts_new(t->arena, facts_of_range(1, 0, 0));
    return e->type;
}

static const struct type *done(struct typing *t, struct expr *e, const struct type *type, struct facts facts)
{
    e->type = type;
    e->facts = facts_new(t->arena, facts);
    return type;
}

void facts_inherit(struct arena *arena, struct facts *to, const struct facts *from)
{
    to->reads_source = to->reads_source || from->reads_source;
    to->may_end = to->may_end || from->may_end;
    if (!to->absent_at)
        to->absent_at = from->absent_at;
    data_set_union(arena, &to->absent, &from->absent);
    data_set_union(arena, &to->reads, &from->reads);
}

/* The result of an operation on these operands, the second of which may be NULL. */
static const struct type *combined(struct typing *t, struct expr *e, const struct type *type, struct facts facts,
                                   const struct expr *a, const struct expr *b)
{
    facts_inherit(t->arena, &facts, a->facts);
    if (b)
        facts_inherit(t->arena, &facts, b->facts);
    return done(t, e, type, facts);
}

void typing_too_large(struct typing *t, const struct expr *e)
{
    const struct symbol *datum = NULL;
    struct diag *d;

    if (!data_set_is_empty(&e->facts->reads))
        datum = t->model->data.items[data_set_first(&e->facts->reads)];
    d = diag_add(t->diags, DIAG_TOO_LARGE, e->span, "ce calcul pourrait dépasser ce qui se calcule exactement");
    if (datum)
        diag_help(t->diags, d, "bornez « %.*s », par exemple « de 0 à 100 000 »", SLICE_ARG(datum->name.text));
    else
        diag_help(t->diags, d, "arrondissez un résultat intermédiaire, ou bornez une donnée");
}

/* An operation on these operands whose result may not fit. */
static const struct type *overflow(struct typing *t, struct expr *e, const struct expr *a, const struct expr *b)
{
    combined(t, e, type_error(), facts_of_range(1, 0, 0), a, b);
    typing_too_large(t, e);
    return e->type;
}

static bool is_faulty(const struct type *type)
{
    return type->kind == TYPE_ERROR;
}

const struct source *typing_source(const struct typing *t, struct span span)
{
    return t->model->sources[span.file];
}

/* A number as it stands may lack its unit; a calculation lacks something else. */
static void propose_unit(struct typing *t, struct diag *d, struct span number, const char *unit)
{
    if (correction_is_bare_number(typing_source(t, number), number))
        diag_fix(t->diags, d, (struct span){ number.end, number.end, number.file }, "%s", unit);
}

/* « une durée est attendue », « des ressources sont attendues »: the words of a type say their gender. */
static const char *expectation(const char *type)
{
    static const struct { const char *article, *verb; } agreements[] = {
        { "une ", "est attendue" }, { "des ", "sont attendues" },
    };

    for (size_t i = 0; i < sizeof agreements / sizeof *agreements; i++)
        if (strncmp(type, agreements[i].article, 4) == 0)
            return agreements[i].verb;
    return "est attendu";
}

void typing_mismatch(struct typing *t, struct span span, const struct type *found, const struct type *expected,
                     const char *what)
{
    struct strbuf a = strbuf_in(t->arena), b = strbuf_in(t->arena);
    bool units = found->kind == TYPE_NUMBER && expected->kind == TYPE_NUMBER && found->quantity == expected->quantity;
    struct diag *d;

    strbuf_type(&a, t->model, found);
    strbuf_type(&b, t->model, expected);
    d = diag_add(t->diags, units ? DIAG_UNIT_MISMATCH : DIAG_TYPE_MISMATCH, span, "%s : %s %s, ceci est %s",
                 what, b.bytes, expectation(b.bytes), a.bytes);
    if (is_pure(found) && type_is_number(expected, QUANTITY_MONTANT)) {
        diag_help(t->diags, d, "ajoutez l'unité : « … € »");
        propose_unit(t, d, span, " €");
    } else if (is_pure(found) && type_is_number(expected, QUANTITY_TAUX)) {
        diag_help(t->diags, d, "ajoutez « %% »");
        propose_unit(t, d, span, " %");
    } else if (type_is_number(found, QUANTITY_DUREE) && is_pure(expected))
        diag_help(t->diags, d, "convertissez la durée : « … en heures »");
    else if (found->kind == TYPE_ENUM && expected->kind == TYPE_BOOLEAN)
        diag_help(t->diags, d, "comparez-la à une donnée : « donnée = valeur »");
}

const struct type *typing_expect(struct typing *t, struct expr *e, const struct type *expected, const char *what)
{
    const struct type *found = typing_expr(t, e, expected), *type;

    if (!expected || is_faulty(found) || is_faulty(expected))
        return found;
    type = type_unify(found, expected);
    if (!type) {
        typing_mismatch(t, e->span, found, expected, what);
        e->type = type_error();
        return e->type;
    }
    if (found->kind == TYPE_NUMBER)
        e->type = type;
    return type;
}

/* ------------------------------------------------------------------ literals */

static bool is_plain_literal(const struct expr *e)
{
    return e->kind == EXPR_NUMBER && !e->as.number.euro && !e->as.number.percent;
}

static int noun_minutes(const struct typing *t, const struct expr *e)
{
    struct slice noun = e->as.number.noun.text;

    return noun.length ? unit_minutes(unit_find(t->model, noun)) : 0;
}

static bool takes_bare_numbers(const struct type *type)
{
    return type && type->kind == TYPE_NUMBER &&
           (type->quantity == QUANTITY_QUOTIENT || type->quantity == QUANTITY_QUOTIENT_FISCAL ||
            type->quantity == QUANTITY_RESSOURCES || type->quantity == QUANTITY_NOMBRE);
}

/* « € » may also be written on a bound of a quotient. */
static const struct type *type_of_amount(struct typing *t, const struct expr *e, const struct type *expected)
{
    if (e->as.number.unit)
        return typing_unit(t, e->as.number.unit);
    if (takes_bare_numbers(expected) && expected->quantity != QUANTITY_NOMBRE)
        return expected;
    return type_amount();
}

APART static const struct type *type_number(struct typing *t, struct expr *e, const struct type *expected)
{
    struct number value = e->as.number.value;
    const struct type *type = type_plain_number();
    int minutes = noun_minutes(t, e);

    if (e->as.number.euro) {
        type = type_of_amount(t, e, expected);
    } else if (e->as.number.percent || (t->bare_rates && !e->as.number.noun.text.length)) {
        type = type_rate();
        (void)number_div(value, number_of(100), &value);
    } else if (minutes && (!expected || expected->kind != TYPE_NUMBER || expected->quantity != QUANTITY_NOMBRE)) {
        static const struct type duration = { .kind = TYPE_NUMBER, .quantity = QUANTITY_DUREE };

        type = &duration;
        (void)number_mul(value, number_of(minutes), &value);
    } else if (takes_bare_numbers(expected)) {
        type = expected;
    } else if (t->bare_amounts && !e->as.number.noun.text.length) {
        type = type_is_number(expected, QUANTITY_MONTANT) ? expected : type_amount();
    }
    return done(t, e, type, facts_of_number(value));
}

static const struct type *type_date_literal(struct typing *t, struct expr *e)
{
    int32_t days = date_to_days(e->as.date);

    return done(t, e, type_date(), facts_of_range(1, days, days));
}

static void help_members(struct typing *t, struct diag *d, const struct symbol *owner)
{
    struct strbuf names = strbuf_in(t->arena);

    for (const struct symbol *s = owner->first; s; s = s->next)
        strbuf_format(&names, "%s« %.*s »", s == owner->first ? "" : ", ", SLICE_ARG(s->name.text));
    diag_help(t->diags, d, names.length ? "les noms possibles sont : %s" : "il n'y a aucun nom à lire ici%s",
              strbuf_string(&names));
}

/* A code between quotes: a member of the enumeration expected here. */
APART static const struct type *type_text_literal(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct symbol *close;
    struct diag *d;

    if (expected && expected->kind == TYPE_ENUM) {
        struct symbol *member = symbol_member(expected->symbol, e->as.text);

        if (member) {
            e->kind = EXPR_NAME;
            e->as.reference.name = (struct name){ member->name.text, e->span };
            e->as.reference.symbol = member;
            return done(t, e, expected, facts_of_range(1, (int128)member->index, (int128)member->index));
        }
        close = member_suggest(expected->symbol, e->as.text);
        d = diag_add(t->diags, DIAG_UNKNOWN_NAME, e->span, "« %.*s » n'est pas une valeur de « %.*s »",
                     SLICE_ARG(e->as.text), SLICE_ARG(expected->symbol->name.text));
        if (close)
            correction_word(t->diags, d, e->span, source_slice(typing_source(t, close->name.span), close->name.span));
        else
            help_members(t, d, expected->symbol);
        return failed(t, e);
    }
    return done(t, e, type_text(), facts_of_range(1, 0, 0));
}

/* ------------------------------------------------------------------ names */

static const struct type *report_unknown(struct typing *t, struct expr *e, const struct type *expected)
{
    struct name name = e->as.reference.name;
    const struct symbol *close =
        expected && expected->kind == TYPE_ENUM ? member_suggest(expected->symbol, name.text) : NULL;
    struct diag *d;

    if (expected && expected->kind == TYPE_ENUM)
        d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "« %.*s » n'est pas une valeur de « %.*s »",
                     SLICE_ARG(name.text), SLICE_ARG(expected->symbol->name.text));
    else
        d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "le nom « %.*s » n'est déclaré nulle part",
                     SLICE_ARG(name.text));
    if (!close)
        close = scope_suggest(t->scope, name.text);
    if (close) {
        correction_word(t->diags, d, name.span, close->name.text);
    } else {
        diag_help(t->diags, d, "déclarez-le, par exemple « entrée %.*s : oui_non »", SLICE_ARG(name.text));
    }
    return failed(t, e);
}

/* A definition met again while it is being typed. */
static const struct type *report_cycle(struct typing *t, struct expr *e, struct span span, const struct symbol *s)
{
    diag_note(t->diags,
              diag_add(t->diags, DIAG_CYCLE, span, "« %.*s » dépend de lui-même", SLICE_ARG(s->name.text)),
              s->name.span, "il est défini ici");
    return failed(t, e);
}

static struct symbol *member_anywhere(const struct typing *t, struct slice name, bool *ambiguous)
{
    struct symbol *found = NULL;

    *ambiguous = false;
    for (size_t i = 0; i < t->model->members.count; i++) {
        struct symbol *m = t->model->members.items[i];

        if (!text_fold_equal(m->name.text, name))
            continue;
        *ambiguous = found != NULL;
        found = m;
    }
    return found;
}

static const struct type *type_of_member(struct typing *t, struct expr *e, struct symbol *member)
{
    e->as.reference.symbol = member;
    return done(t, e, type_make(t->arena, (struct type){ .kind = TYPE_ENUM, .symbol = member->owner }),
                facts_of_range(1, (int128)member->index, (int128)member->index));
}

APART static const struct type *type_name(struct typing *t, struct expr *e, const struct type *expected)
{
    struct name name = e->as.reference.name;
    struct symbol *s = NULL;
    bool ambiguous = false;

    if (expected && expected->kind == TYPE_ENUM) {
        s = symbol_member(expected->symbol, name.text);
        if (s) {
            e->as.reference.symbol = s;
            return done(t, e, expected, facts_of_range(1, (int128)s->index, (int128)s->index));
        }
    }
    s = scope_find(t->scope, name.text);
    if (!s) {
        struct symbol *member = member_anywhere(t, name.text, &ambiguous);

        if (member && !ambiguous)
            return type_of_member(t, e, member);
        if (ambiguous) {
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "« %.*s » appartient à plusieurs énumérations",
                               SLICE_ARG(name.text)),
                      "comparez-le à une donnée : « usager = %.*s »", SLICE_ARG(name.text));
            return failed(t, e);
        }
        return report_unknown(t, e, expected);
    }
    e->as.reference.symbol = s;
    s->used = true;
    typing_symbol(t, s);
    if (s->state == STATE_BUSY)
        return report_cycle(t, e, name.span, s);
    if (!s->type) {                       /* only the price, which has no value in what makes it */
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_WRONG_CONTEXT, name.span, "« %.*s » n'a pas encore de valeur ici",
                           SLICE_ARG(name.text)),
                  "« %.*s » se lit dans une étape « puis … » ou un « résultat »", SLICE_ARG(name.text));
        return failed(t, e);
    }
    return done(t, e, s->type, s->facts);
}

/* Facts of a datum where it is used: its own, plus the place, for messages about its absence. */
static void place_absence(struct expr *e)
{
    if (!data_set_is_empty(&e->facts->absent) && !e->facts->absent_at)
        e->facts->absent_at = e;
}

/* « foyer.nombre_de_parts »: the field of a source is a datum; the expression becomes its name. */
static const struct type *type_source_name(struct typing *t, struct expr *e, struct symbol *source)
{
    struct name name = e->as.field.name;
    struct symbol *s = typing_source_field(t, source, name.text);

    if (!s) {
        struct strbuf fields = strbuf_in(t->arena);
        struct diag *d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "la source « %.*s » ne donne pas « %.*s »",
                                  SLICE_ARG(source->name.text), SLICE_ARG(name.text));

        for (const struct catalogue_field *f = source->function ? source->function->fields : NULL; f && f->name; f++)
            strbuf_format(&fields, "%s%s", fields.length ? ", " : "", f->name);
        if (fields.length)
            diag_help(t->diags, d, "elle donne : %s", fields.bytes);
        return failed(t, e);
    }
    s->used = true;
    e->kind = EXPR_NAME;
    e->as.reference.name = (struct name){ s->name.text, e->span };
    e->as.reference.symbol = s;
    return done(t, e, s->type, s->facts);
}

APART static const struct type *type_field(struct typing *t, struct expr *e)
{
    struct expr *object = e->as.field.object;
    struct name name = e->as.field.name;
    const struct symbol *owner = NULL, *close;
    struct symbol *field;
    struct diag *d;
    struct facts facts;

    if (object->kind == EXPR_NAME) {           /* a column of a « tableau » */
        struct symbol *s = scope_find(t->scope, object->as.reference.name.text);

        if (s && s->kind == SYMBOL_SOURCE) {
            s->used = true;
            typing_symbol(t, s);
            return type_source_name(t, e, s);
        }
        if (s && s->kind == SYMBOL_TABLEAU) {
            s->used = true;
            typing_symbol(t, s);
            if (s->state == STATE_BUSY)
                return report_cycle(t, e, e->span, s);
            object->as.reference.symbol = s;
            object->type = type_error();
            owner = s;
        }
    }
    if (!owner) {
        const struct type *type = typing_expr(t, object, NULL);

        if (is_faulty(type))
            return failed(t, e);
        if (type->kind != TYPE_RECORD) {
            diag_add(t->diags, DIAG_TYPE_MISMATCH, object->span,
                     "ceci n'a pas de champ « %.*s » : ce n'est pas une fiche", SLICE_ARG(name.text));
            return failed(t, e);
        }
        owner = type->symbol;
    }
    field = symbol_member(owner, name.text);
    if (!field) {
        close = member_suggest(owner, name.text);
        d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "« %.*s » n'a pas de « %.*s »",
                     SLICE_ARG(owner->name.text), SLICE_ARG(name.text));
        if (close)
            correction_word(t->diags, d, name.span, close->name.text);
        else
            help_members(t, d, owner);
        return failed(t, e);
    }
    typing_symbol(t, field);
    if (field->state == STATE_BUSY)
        return report_cycle(t, e, e->span, field);
    e->as.field.symbol = field;
    facts = field->facts;
    if (object->facts)
        facts_inherit(t->arena, &facts, object->facts);
    return done(t, e, field->type, facts);
}

/* ------------------------------------------------------------------ arithmetic */

APART static const struct type *type_negate(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct type *type = typing_expr(t, e->as.operand, expected);
    struct facts f;

    if (is_faulty(type))
        return failed(t, e);
    if (type->kind != TYPE_NUMBER) {
        typing_mismatch(t, e->span, type, type_plain_number(), "« − »");
        return failed(t, e);
    }
    f = *e->as.operand->facts;
    f.lo = -e->as.operand->facts->hi;
    f.hi = -e->as.operand->facts->lo;
    return done(t, e, type, f);
}

/* A literal takes its type from the other operand, so the other one is typed first. */
static void type_operands(struct typing *t, struct expr *left, struct expr *right, const struct type *expected)
{
    if (is_plain_literal(left) || left->kind == EXPR_TEXT) {
        typing_expr(t, right, expected);
        typing_expr(t, left, right->type);
    } else {
        typing_expr(t, left, expected);
        typing_expr(t, right, left->type);
    }
}

/* « puis réduction de 20 » is a sum of the tree, and may be a percentage of the text. */
static bool step_takes_rate(const struct typing *t, const struct expr *e)
{
    struct slice text = source_slice(typing_source(t, e->span), e->span);

    return slice_skip(&text, "puis");
}

static void report_operands(struct typing *t, struct expr *e)
{
    struct strbuf a = strbuf_in(t->arena), b = strbuf_in(t->arena);
    const struct type *left = e->as.binary.left->type, *right = e->as.binary.right->type;
    bool same = left->kind == TYPE_NUMBER && right->kind == TYPE_NUMBER && left->quantity == right->quantity &&
                e->as.binary.op != OP_PERCENT_OF;
    struct diag *d;

    strbuf_type(&a, t->model, left);
    strbuf_type(&b, t->model, right);
    d = diag_add(t->diags, same ? DIAG_UNIT_MISMATCH : DIAG_TYPE_MISMATCH, e->span,
                 "« %s » ne s'applique pas à %s et %s", tree_op_text(e->as.binary.op), a.bytes, b.bytes);
    if (is_pure(left) && type_is_number(right, QUANTITY_MONTANT)) {
        diag_help(t->diags, d, "ajoutez « € » au nombre");
        propose_unit(t, d, e->as.binary.left->span, " €");
    } else if (is_pure(right) && type_is_number(left, QUANTITY_MONTANT)) {
        diag_help(t->diags, d, step_takes_rate(t, e) ? "ajoutez « € » ou « %% » au nombre" : "ajoutez « € » au nombre");
        propose_unit(t, d, e->as.binary.right->span, " €");
        if (step_takes_rate(t, e))
            propose_unit(t, d, e->as.binary.right->span, " %");
    } else if (type_is_number(left, QUANTITY_TAUX) || type_is_number(right, QUANTITY_TAUX))
        diag_help(t->diags, d, "un taux s'applique à une valeur : « 20 %% de … »");
    else if (left->kind == TYPE_DATE && right->kind == TYPE_DAY)
        diag_help(t->diags, d, "un jour revient chaque année : « date = 15 août », ou « non (date = 15 août) »");
    else if (e->as.binary.op == OP_PERCENT_OF)
        diag_help(t->diags, d, "« de » suit un taux, « 20 %% de … » ; un nombre se multiplie par « × »");
    else if (same)
        diag_help(t->diags, d, "convertissez explicitement : « … ramené au mois », « … en heures »");
}

static const struct type *type_sum(struct typing *t, struct expr *e, const struct type *expected)
{
    struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    const struct type *type;
    struct facts f;

    type_operands(t, left, right, expected);
    if (is_faulty(left->type) || is_faulty(right->type))
        return failed(t, e);
    type = type_unify(left->type, right->type);
    if (!type || (type->kind != TYPE_NUMBER && type->kind != TYPE_OUTCOME)) {
        report_operands(t, e);
        return failed(t, e);
    }
    if (!facts_add(left->facts, right->facts, e->as.binary.op == OP_SUBTRACT, &f))
        return overflow(t, e, left, right);
    return combined(t, e, type, f, left, right);
}

/* « € par X » × number of X = €. Returns false when the amount is not per that unit. */
static bool cancel_unit(struct unit *unit, uint16_t of)
{
    for (unsigned i = 0; i < unit->per_count; i++) {
        if (unit->per[i] != of)
            continue;
        for (; i + 1 < unit->per_count; i++)
            unit->per[i] = unit->per[i + 1];
        unit->per_count--;
        return true;
    }
    return false;
}

/* The type of a product, NULL when the operands do not multiply. Called with both orders. */
static const struct type *product_type(struct typing *t, const struct type *a, const struct type *b)
{
    struct type out = *b;

    if (a->kind != TYPE_NUMBER || b->kind != TYPE_NUMBER)
        return NULL;
    if (a->quantity == QUANTITY_TAUX) {
        if (b->quantity == QUANTITY_QUOTIENT || b->quantity == QUANTITY_QUOTIENT_FISCAL ||
            b->quantity == QUANTITY_RESSOURCES)
            return type_amount();
        return b;
    }
    if (a->quantity != QUANTITY_NOMBRE)
        return NULL;
    if (b->quantity == QUANTITY_QUOTIENT || b->quantity == QUANTITY_QUOTIENT_FISCAL)
        return is_pure(a) ? type_amount() : NULL;
    if (is_pure(a))
        return b;
    if (b->quantity == QUANTITY_NOMBRE)
        return is_pure(b) ? a : NULL;
    if (b->quantity == QUANTITY_MONTANT && !b->unit.flexible && cancel_unit(&out.unit, a->unit.of))
        return type_make(t->arena, out);
    return NULL;
}

static const struct type *quotient_type(struct typing *t, const struct expr *divisor, const struct type *a,
                                        const struct type *b)
{
    struct type out = *a;

    if (a->kind != TYPE_NUMBER || b->kind != TYPE_NUMBER)
        return NULL;
    if (b->quantity == QUANTITY_NOMBRE && is_pure(b)) {
        /* « cotisation / 9 mensualités » : instalments, whose period is no longer the year. */
        if (a->quantity == QUANTITY_MONTANT && divisor->kind == EXPR_NUMBER && divisor->as.number.noun.text.length)
            return type_amount();
        return a;
    }
    if (b->quantity == QUANTITY_NOMBRE && a->quantity == QUANTITY_MONTANT && a->unit.per_count < UNIT_PER_MAX) {
        out.unit.per[out.unit.per_count++] = b->unit.of;
        return type_make(t->arena, out);
    }
    if (a->quantity == b->quantity && type_unify(a, b))
        return type_plain_number();
    return NULL;
}

static const struct type *type_product(struct typing *t, struct expr *e)
{
    struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    const struct type *type;
    struct facts f;
    bool bare_amounts = t->bare_amounts, bare_rates = t->bare_rates;

    t->bare_amounts = t->bare_rates = false;
    typing_expr(t, left, NULL);
    typing_expr(t, right, NULL);
    t->bare_amounts = bare_amounts;
    t->bare_rates = bare_rates;
    if (is_faulty(left->type) || is_faulty(right->type))
        return failed(t, e);
    if (left->type->kind == TYPE_OUTCOME || right->type->kind == TYPE_OUTCOME)
        return combined(t, e, type_outcome(), facts_of_range(1, 0, 0), left, right);
    type = e->as.binary.op == OP_PERCENT_OF && !type_is_number(left->type, QUANTITY_TAUX)
               ? NULL : product_type(t, left->type, right->type);
    if (!type && e->as.binary.op == OP_MULTIPLY)
        type = product_type(t, right->type, left->type);
    if (!type) {
        report_operands(t, e);
        return failed(t, e);
    }
    if (!facts_multiply(left->facts, right->facts, &f))
        return overflow(t, e, left, right);
    return combined(t, e, type, f, left, right);
}

static const struct type *type_division(struct typing *t, struct expr *e)
{
    struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    const struct type *type;
    struct facts f;

    typing_expr(t, left, NULL);
    typing_expr(t, right, NULL);
    if (is_faulty(left->type) || is_faulty(right->type))
        return failed(t, e);
    if (left->type->kind == TYPE_OUTCOME || right->type->kind == TYPE_OUTCOME)
        return combined(t, e, type_outcome(), facts_of_range(1, 0, 0), left, right);
    type = quotient_type(t, right, left->type, right->type);
    if (!type) {
        report_operands(t, e);
        return failed(t, e);
    }
    if (right->facts->lo <= 0) {
        struct diag *d = diag_add(t->diags, DIAG_DIVISION_BY_ZERO, right->span,
                                  "on divise ici par une valeur qui peut être nulle%s",
                                  right->facts->lo < 0 ? " ou négative" : "");

        if (right->kind == EXPR_NAME)
            diag_help(t->diags, d, "bornez « %.*s », par exemple « à partir de 1 »",
                      SLICE_ARG(right->as.reference.name.text));
        return failed(t, e);
    }
    if (!facts_divide(left->facts, right->facts, &f))
        return overflow(t, e, left, right);
    return combined(t, e, type, f, left, right);
}

/* ------------------------------------------------------------------ comparisons and conditions */

static bool is_comparable(const struct type *type, bool ordered)
{
    static const bool in_order[] = {
        [TYPE_NUMBER] = true, [TYPE_DATE] = true, [TYPE_ENUM] = true, [TYPE_OUTCOME] = true,
    };
    static const bool alike[] = { [TYPE_BOOLEAN] = true, [TYPE_TEXT] = true, [TYPE_OUTCOME] = false };

    return in_order[type->kind] || (!ordered && alike[type->kind]);
}

/* A condition on both, brought on one denominator: compared as they stand, they would have to fit there. */
static const struct type *type_compared(struct typing *t, struct expr *e, const struct expr *a, const struct expr *b)
{
    struct facts either;

    if (!facts_join(a->facts, b->facts, &either))
        return overflow(t, e, a, b);
    return combined(t, e, type_boolean(), facts_of_range(1, 0, 1), a, b);
}

static const struct type *type_comparison(struct typing *t, struct expr *e)
{
    struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    const struct type *type;
    bool ordered = e->as.binary.op != OP_EQUAL && e->as.binary.op != OP_DIFFERENT;

    type_operands(t, left, right, NULL);
    if (is_faulty(left->type) || is_faulty(right->type))
        return failed(t, e);
    if (left->type->kind == TYPE_DATE && right->type->kind == TYPE_DAY && e->as.binary.op == OP_EQUAL) {
        e->kind = EXPR_WHEN;
        e->as.when.operand = left;
        e->as.when.other = right;
        e->as.when.when = WHEN_DURING;
        return combined(t, e, type_boolean(), facts_of_range(1, 0, 1), left, right);
    }
    type = type_meet(left->type, right->type);
    if (!type || !is_comparable(type, ordered)) {
        report_operands(t, e);
        return failed(t, e);
    }
    return type_compared(t, e, left, right);
}

/* « date est après vacances », « date est dans vacances », « date = 15 août » */
APART static const struct type *type_when(struct typing *t, struct expr *e)
{
    static const struct type calendar = { .kind = TYPE_CALENDAR };
    const struct type *type = typing_expect(t, e->as.when.operand, type_date(), "une date"), *other;

    other = typing_expr(t, e->as.when.other, NULL);
    if (is_faulty(type) || is_faulty(other))
        return failed(t, e);
    if (other->kind != TYPE_CALENDAR && (other->kind != TYPE_DATE || e->as.when.when == WHEN_DURING) &&
        (other->kind != TYPE_DAY || e->as.when.when != WHEN_DURING)) {
        typing_mismatch(t, e->as.when.other->span, other, &calendar, "période de la comparaison");
        return failed(t, e);
    }
    return combined(t, e, type_boolean(), facts_of_range(1, 0, 1), e->as.when.operand, e->as.when.other);
}

/* A tariff read as if an answer were another. */
APART static const struct type *type_with(struct typing *t, struct expr *e)
{
    struct symbol *tariff = scope_find(t->scope, e->as.with.tariff.text),
                  *input = scope_find(t->scope, e->as.with.input.text);
    const struct expr *value = e->as.with.value;
    bool no_tariff = !tariff || tariff->kind != SYMBOL_TARIFF;
    struct facts f;

    if (no_tariff || !input || input->kind != SYMBOL_INPUT) {
        struct name name = no_tariff ? e->as.with.tariff : e->as.with.input;
        const struct symbol *close = scope_suggest(t->scope, name.text);
        struct diag *d = diag_add(t->diags, DIAG_UNKNOWN_NAME, name.span, "« %.*s » n'est pas %s",
                                  SLICE_ARG(name.text), no_tariff ? "un tarif" : "une entrée");

        if (close && close->kind == (no_tariff ? SYMBOL_TARIFF : SYMBOL_INPUT))
            correction_word(t->diags, d, name.span, close->name.text);
        else
            diag_help(t->diags, d, "écrivez « tarif avec entrée = valeur »");
        return failed(t, e);
    }
    tariff->used = input->used = true;
    e->as.with.tariff_symbol = tariff;
    e->as.with.input_symbol = input;
    typing_symbol(t, tariff);
    typing_symbol(t, input);
    if (tariff->state == STATE_BUSY)
        return report_cycle(t, e, e->span, tariff);
    if (is_faulty(typing_expect(t, e->as.with.value, input->type, "autre réponse")) || is_faulty(tariff->type))
        return failed(t, e);
    if (value->type->kind == TYPE_NUMBER &&
        (value->facts->ratio || input->facts.den % value->facts->den != 0 ||
         number_compare(facts_low(value->facts), facts_low(&input->facts)) < 0 ||
         number_compare(facts_high(value->facts), facts_high(&input->facts)) > 0)) {
        diag_add(t->diags, DIAG_BAD_ARGUMENTS, value->span, "cette valeur peut sortir du domaine de « %.*s »",
                 SLICE_ARG(input->name.text));
        return failed(t, e);
    }
    f = tariff->facts;
    return combined(t, e, tariff->type, f, e->as.with.value, NULL);
}

/* « usager = élève ou adulte »: the second word is a member of the same enumeration. */
static void spread_comparison(struct typing *t, struct expr *e)
{
    struct expr *left = e->as.binary.left, *right = e->as.binary.right, *test = left, *compared = NULL;

    while (test->kind == EXPR_BINARY && test->as.binary.op == OP_OR)
        test = test->as.binary.right;
    if (test->kind == EXPR_BINARY && test->as.binary.op == OP_EQUAL)
        compared = test->as.binary.left;
    else if (test->kind == EXPR_IS && test->as.is.title.kind == TITLE_VALUE)
        compared = test->as.is.operand;
    if (e->as.binary.op != OP_OR || right->kind != EXPR_NAME || !compared || !compared->type ||
        compared->type->kind != TYPE_ENUM || !symbol_member(compared->type->symbol, right->as.reference.name.text))
        return;
    e->as.binary.right = tree_binary(t->arena, OP_EQUAL, compared, right, right->span);
}

static const struct type *type_logic(struct typing *t, struct expr *e)
{
    const char *what = e->as.binary.op == OP_AND ? "de part et d'autre de « et »" : "de part et d'autre de « ou »";
    const struct type *left, *right;

    left = typing_expect(t, e->as.binary.left, type_boolean(), what);
    spread_comparison(t, e);
    right = typing_expect(t, e->as.binary.right, type_boolean(), what);
    if (is_faulty(left) || is_faulty(right))
        return failed(t, e);
    combined(t, e, type_boolean(), facts_of_range(1, 0, 1), e->as.binary.left, e->as.binary.right);
    if (e->as.binary.op == OP_AND)
        typing_join_conjunction(t, e->as.binary.left, e->as.binary.right, e->facts);
    return e->type;
}

APART static const struct type *type_binary(struct typing *t, struct expr *e, const struct type *expected)
{
    switch (e->as.binary.op) {
    case OP_OR: case OP_AND:
        return type_logic(t, e);
    case OP_EQUAL: case OP_DIFFERENT: case OP_LESS: case OP_LESS_EQUAL: case OP_GREATER: case OP_GREATER_EQUAL:
        return type_comparison(t, e);
    case OP_ADD: case OP_SUBTRACT:
        return type_sum(t, e, expected);
    case OP_MULTIPLY: case OP_PERCENT_OF:
        return type_product(t, e);
    case OP_DIVIDE:
        return type_division(t, e);
    }
    return failed(t, e);
}

APART static const struct type *type_not(struct typing *t, struct expr *e)
{
    if (is_faulty(typing_expect(t, e->as.operand, type_boolean(), "après « non »")))
        return failed(t, e);
    return combined(t, e, type_boolean(), facts_of_range(1, 0, 1), e->as.operand, NULL);
}

/* « âge est de 17 à moins de 21 ans », « usager est adulte » */
APART static const struct type *type_is(struct typing *t, struct expr *e)
{
    struct title *title = &e->as.is.title;
    const struct type *type = typing_expr(t, e->as.is.operand, NULL);
    const struct expr *bound = NULL;

    if (is_faulty(type))
        return failed(t, e);
    if (title->kind == TITLE_ABSENT) {          /* « qf est non communiqué » */
        struct facts f = facts_of_range(1, 0, 1);

        f.reads_source = e->as.is.operand->facts->reads_source;
        f.reads = e->as.is.operand->facts->reads;
        return done(t, e, type_boolean(), f);
    }
    if (type->kind == TYPE_BOOLEAN || (title->kind != TITLE_INTERVAL && title->kind != TITLE_VALUE)) {
        diag_add(t->diags, DIAG_BAD_TITLE, title->span, "ceci ne peut pas suivre « est »");
        return failed(t, e);
    }
    for (int i = 0; i < 3; i++) {
        struct expr *part = i == 0 ? title->low : i == 1 ? title->high : title->value;

        if (!part)
            continue;
        if (is_faulty(typing_expect(t, part, type, "après « est »")))
            return failed(t, e);
        bound = part;
    }
    return title->kind == TITLE_VALUE
               ? type_compared(t, e, e->as.is.operand, bound)
               : combined(t, e, type_boolean(), facts_of_range(1, 0, 1), e->as.is.operand, bound);
}

APART static const struct type *type_known(struct typing *t, struct expr *e)
{
    struct facts f = facts_of_range(1, 0, 1);

    if (is_faulty(typing_expr(t, e->as.operand, NULL)))
        return failed(t, e);
    f.reads_source = e->as.operand->facts->reads_source;
    f.reads = e->as.operand->facts->reads;
    return done(t, e, type_boolean(), f);
}

/* ------------------------------------------------------------------ rounding, conversions, durations */

struct step_word {
    const char *word;
    int num, den;
    bool duration;
};

static const struct step_word step_words[] = {
    {"centime", 1, 100, false},   {"centimes", 1, 100, false}, {"dixième", 1, 10, false},
    {"décime", 1, 10, false},     {"centième", 1, 100, false}, {"millième", 1, 1000, false},
    {"demi_euro", 1, 2, false},   {"euro", 1, 1, false},       {"euros", 1, 1, false},
    {"entier", 1, 1, false},      {"unité", 1, 1, false},      {"dizaine", 10, 1, false},
    {"minute", 1, 1, true},       {"minutes", 1, 1, true},     {"quart d'heure", 15, 1, true},
    {"quart_heure", 15, 1, true}, {"demi_heure", 30, 1, true}, {"heure", 60, 1, true},
};

static void help_step(struct typing *t, struct diag *d, bool duration)
{
    diag_help(t->diags, d,
              duration ? "par exemple « au quart d'heure supérieur »"
                       : "par exemple « au centime le plus proche », « à l'euro inférieur », « à 10 centimes »");
}

static bool report_step(struct typing *t, const struct expr *e, bool duration)
{
    struct name noun = e->as.round.noun;
    struct nearest nearest = nearest_to(noun.text);
    struct diag *d =
        diag_add(t->diags, DIAG_BAD_STEP, noun.span, "« %.*s » n'est pas un pas d'arrondi", SLICE_ARG(noun.text));

    for (size_t i = 0; i < sizeof step_words / sizeof *step_words; i++)
        if (step_words[i].duration == duration)
            nearest_consider(&nearest, slice_of(step_words[i].word));
    if (nearest.best.bytes)
        correction_word(t->diags, d, noun.span, nearest.best);
    else
        help_step(t, d, duration);
    return false;
}

/* The step in the unit of the value; false (and a message) when the word is not a step, or the step is nothing. */
static bool rounding_step(struct typing *t, const struct expr *e, const struct type *type, struct number *step)
{
    bool duration = type_is_number(type, QUANTITY_DUREE);

    *step = e->as.round.step;
    if (number_sign(*step) == 0) {
        help_step(t, diag_add(t->diags, DIAG_BAD_STEP, e->as.round.noun.span, "on n'arrondit pas à un pas nul"),
                  duration);
        return false;
    }
    if (e->as.round.unit)
        return true;
    for (size_t i = 0; i < sizeof step_words / sizeof *step_words; i++) {
        const struct step_word *w = &step_words[i];
        struct number unit;

        if (w->duration != duration || !text_fold_equal(slice_of(w->word), e->as.round.noun.text))
            continue;
        (void)number_make(w->num, type_is_number(type, QUANTITY_TAUX) ? 100 * w->den : w->den, &unit);
        if (number_mul(*step, unit, step))
            return true;
        typing_too_large(t, e->as.round.operand);
        return false;
    }
    return report_step(t, e, duration);
}

bool typing_rounding(struct typing *t, struct expr *e, const struct type *type, const struct facts *facts,
                     struct facts *out)
{
    struct number step;

    if (!rounding_step(t, e, type, &step))
        return false;
    e->as.round.step = step;             /* from now on in the unit of the value */
    e->as.round.unit = NULL;
    e->as.round.noun.text = SLICE("unité");
    if (type_is_number(type, QUANTITY_DUREE))
        e->as.round.noun.text = SLICE("minute");
    if (facts_round(facts, step, e->as.round.mode, out))
        return true;
    typing_too_large(t, e->as.round.operand);
    return false;
}

APART static const struct type *type_round(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct type *type = typing_expr(t, e->as.round.operand, expected);
    struct facts f;

    if (is_faulty(type) || type->kind == TYPE_OUTCOME)
        return failed(t, e);
    if (type->kind != TYPE_NUMBER) {
        typing_mismatch(t, e->as.round.operand->span, type, type_amount(), "arrondi");
        return failed(t, e);
    }
    if (!typing_rounding(t, e, type, e->as.round.operand->facts, &f))
        return failed(t, e);
    return combined(t, e, type, f, e->as.round.operand, NULL);
}

static const struct type *convert_to(struct typing *t, struct expr *e, const struct type *type, struct number factor)
{
    struct facts f, k = facts_of_number(factor);

    if (!facts_multiply(e->as.convert.operand->facts, &k, &f))
        return overflow(t, e, e->as.convert.operand, NULL);
    e->as.convert.factor = factor;
    return combined(t, e, type, f, e->as.convert.operand, NULL);
}

/* What « € par an » is multiplied by to be « € par mois »; false when these are not both months, or both minutes. */
static bool period_factor(uint16_t from, uint16_t to, struct number *factor)
{
    int lasts = unit_months(from) ? unit_months(from) : unit_minutes(from);
    int wanted = unit_months(from) ? unit_months(to) : unit_minutes(to);

    return number_make(wanted, lasts, factor) && wanted > 0;
}

/* « ramené au mois » on € par an, « en heures » on a duration: nothing else converts. */
APART static const struct type *type_convert(struct typing *t, struct expr *e)
{
    const struct type *type = typing_expr(t, e->as.convert.operand, NULL);
    const struct unit_expr *unit = e->as.convert.unit;
    struct name name = unit->per.count == 1 ? unit->per.items[0] : unit->plain;
    struct slice wanted = name.text.length ? name.text : source_slice(typing_source(t, unit->span), unit->span);
    uint16_t id = unit_find(t->model, name.text);
    struct number factor;
    struct type out;

    if (is_faulty(type))
        return failed(t, e);
    out = *type;
    if (type_is_number(type, QUANTITY_DUREE) && unit_minutes(id)) {
        (void)number_make(1, unit_minutes(id), &factor);
        out = (struct type){ .kind = TYPE_NUMBER, .quantity = QUANTITY_NOMBRE, .unit = { .of = id } };
        return convert_to(t, e, type_make(t->arena, out), factor);
    }
    if (is_pure(type) && id != UNIT_NONE && unit->plain.text.length) {       /* « nombre en demi_heure » */
        out.unit.of = id;
        return convert_to(t, e, type_make(t->arena, out), number_of(1));
    }
    if (type->kind == TYPE_NUMBER && type->unit.per_count == 1 && period_factor(type->unit.per[0], id, &factor)) {
        out.unit.per[0] = id;
        return convert_to(t, e, type_make(t->arena, out), factor);
    }
    {
        struct strbuf words = strbuf_in(t->arena);
        struct diag *d;

        strbuf_type(&words, t->model, type);
        d = diag_add(t->diags, DIAG_UNIT_MISMATCH, e->span, "%s ne se convertit pas en « %.*s »",
                     words.bytes, SLICE_ARG(wanted));
        diag_help(t->diags, d,
                  "se convertissent : € par an, par trimestre, par mois ; une durée en heures, demi-heures, "
                  "quarts d'heure, minutes");
    }
    return failed(t, e);
}

/* « 0,65 € par quart d'heure entamé de durée » */
APART static const struct type *type_started(struct typing *t, struct expr *e)
{
    uint16_t unit = unit_find(t->model, e->as.started.unit.text);
    int minutes = unit_minutes(unit);
    const struct type *quantity = typing_expr(t, e->as.started.quantity, NULL);
    struct facts count, f;

    typing_expr(t, e->as.started.amount, type_amount());
    if (is_faulty(quantity) || is_faulty(e->as.started.amount->type))
        return failed(t, e);
    if (!minutes) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_UNIT_MISMATCH, e->as.started.unit.span,
                           "« %.*s » n'est pas une unité de temps", SLICE_ARG(e->as.started.unit.text)),
                  "par exemple « par quart d'heure entamé de … »");
        return failed(t, e);
    }
    if (!type_is_number(quantity, QUANTITY_DUREE)) {
        struct strbuf words = strbuf_in(t->arena);

        strbuf_type(&words, t->model, quantity);
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_UNIT_MISMATCH, e->as.started.quantity->span,
                           "« entamé » demande une durée ; ceci est %s", words.bytes),
                  "déclarez « entrée … : durée », et écrivez « par quart d'heure entamé de … »");
        return failed(t, e);
    }
    if (!facts_round(e->as.started.quantity->facts, number_of(minutes), ROUNDING_UP, &count))
        return overflow(t, e, e->as.started.quantity, NULL);
    count.lo /= minutes;
    count.hi /= minutes;
    e->as.started.minutes = minutes;
    if (!facts_multiply(e->as.started.amount->facts, &count, &f))
        return overflow(t, e, e->as.started.quantity, e->as.started.amount);
    return combined(t, e, type_amount(), f, e->as.started.quantity, NULL);
}

/* ------------------------------------------------------------------ enumerations: the tranche just below */

APART static const struct type *type_shift(struct typing *t, struct expr *e)
{
    const struct type *type = typing_expr(t, e->as.shift.operand, NULL);
    struct facts f;

    if (is_faulty(type))
        return failed(t, e);
    if (type->kind != TYPE_ENUM) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_TYPE_MISMATCH, e->as.shift.operand->span,
                           "seules des tranches nommées ou une énumération se décalent"),
                  "déclarez-les par « tranches … selon … »");
        return failed(t, e);
    }
    if (is_faulty(typing_expect(t, e->as.shift.by, type_plain_number(), "nombre de rangs du décalage")) ||
        is_faulty(typing_expect(t, e->as.shift.limit, type, "limite du décalage")))
        return failed(t, e);
    f = facts_of_range(1, 0, (int128)type->symbol->count - 1);
    if (e->as.shift.condition) {
        if (is_faulty(typing_expect(t, e->as.shift.condition, type_boolean(), "condition du décalage")))
            return failed(t, e);
        facts_inherit(t->arena, &f, e->as.shift.condition->facts);
    }
    if (e->as.shift.by->facts->den != 1)
        diag_add(t->diags, DIAG_TYPE_MISMATCH, e->as.shift.by->span, "un décalage est un nombre entier de rangs");
    return combined(t, e, type, f, e->as.shift.operand, e->as.shift.by);
}

/* ------------------------------------------------------------------ best-of */

APART static const struct type *type_best(struct typing *t, struct expr *e, const struct type *expected)
{
    const struct type *type = expected;
    struct facts f = { 0 };
    bool first = true;
    struct facts joined;

    for (size_t i = 0; i < e->as.best.alternatives.count; i++) {
        struct alternative *a = &e->as.best.alternatives.items[i];
        const struct type *found = typing_expr(t, a->value, type);

        if (a->condition && is_faulty(typing_expect(t, a->condition, type_boolean(), "condition d'une alternative")))
            return failed(t, e);
        if (is_faulty(found))
            return failed(t, e);
        if (found->kind == TYPE_OUTCOME)
            continue;
        if (found->kind != TYPE_NUMBER || (type && !type_unify(type, found))) {
            typing_mismatch(t, a->value->span, found, type ? type : type_amount(), "alternative");
            return failed(t, e);
        }
        type = type ? type_unify(type, found) : found;
        if (first)
            f = *a->value->facts;
        else if (facts_join(&f, a->value->facts, &joined))
            joined.absent = f.absent, f = joined;
        else
            return overflow(t, e, a->value, NULL);
        first = false;
    }
    if (e->as.best.mode == BEST_FAVORABLE || e->as.best.mode == BEST_UNFAVORABLE) {
        if (type && !type_is_number(type, QUANTITY_MONTANT) && type->kind == TYPE_NUMBER)
            diag_help(t->diags,
                      diag_add(t->diags, DIAG_TYPE_MISMATCH, e->span,
                               "« la plus favorable » compare des prix ; ici l'alternative n'est pas un montant"),
                      "écrivez « le plus petit de » ou « le plus élevé de »");
    }
    if (first)
        return done(t, e, type_outcome(), facts_of_range(1, 0, 0));
    for (size_t i = 0; i < e->as.best.alternatives.count; i++) {
        facts_inherit(t->arena, &f, e->as.best.alternatives.items[i].value->facts);
        if (e->as.best.alternatives.items[i].condition)
            facts_inherit(t->arena, &f, e->as.best.alternatives.items[i].condition->facts);
    }
    return done(t, e, type, f);
}

/* ------------------------------------------------------------------ whole results */

APART static const struct type *type_whole(struct typing *t, struct expr *e)
{
    struct facts f = facts_of_range(1, 0, 0);

    f.may_end = true;
    if (e->as.outcome.outcome == OUTCOME_ABSENT || e->as.outcome.outcome == OUTCOME_SOURCE_FAILED) {
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_WRONG_CONTEXT, e->span, "ces mots ne sont pas un prix"),
                  "écrivez-les à gauche de « : », par exemple « non communiqué : 5,60 € »");
        return failed(t, e);
    }
    if (e->as.outcome.outcome == OUTCOME_DECISION && e->as.outcome.reason.length == 0)
        diag_help(t->diags,
                  diag_add(t->diags, DIAG_WRONG_CONTEXT, e->span, "le motif de la décision individuelle manque"),
                  "écrivez « sur décision individuelle « motif » »");
    return done(t, e, type_outcome(), f);
}

/* ------------------------------------------------------------------ the walk */

static const struct type *type_kind(struct typing *t, struct expr *e, const struct type *expected)
{
    switch (e->kind) {
    case EXPR_ERROR: return failed(t, e);
    case EXPR_NUMBER: return type_number(t, e, expected);
    case EXPR_DATE: return type_date_literal(t, e);
    case EXPR_DAY: return done(t, e, type_day(), facts_of_range(1, 0, 0));
    case EXPR_BOOLEAN: return done(t, e, type_boolean(), facts_of_range(1, e->as.boolean, e->as.boolean));
    case EXPR_TEXT: return type_text_literal(t, e, expected);
    case EXPR_NAME: return type_name(t, e, expected);
    case EXPR_FIELD: return type_field(t, e);
    case EXPR_CALL: return typing_call(t, e, expected);
    case EXPR_NEGATE: return type_negate(t, e, expected);
    case EXPR_NOT: return type_not(t, e);
    case EXPR_BINARY: return type_binary(t, e, expected);
    case EXPR_IS: return type_is(t, e);
    case EXPR_KNOWN: return type_known(t, e);
    case EXPR_ROUND: return type_round(t, e, expected);
    case EXPR_CONVERT: return type_convert(t, e);
    case EXPR_STARTED: return type_started(t, e);
    case EXPR_SHIFT: return type_shift(t, e);
    case EXPR_TABLE: return typing_table(t, e, expected);
    case EXPR_BEST: return type_best(t, e, expected);
    case EXPR_OUTCOME: return type_whole(t, e);
    case EXPR_AGGREGATE: return typing_aggregate(t, e, expected);
    case EXPR_RANK: return typing_rank(t, e);
    case EXPR_WHEN: return type_when(t, e);
    case EXPR_WITH: return type_with(t, e);
    }
    return failed(t, e);
}

/*
 * The stack and the time of an evaluation are bounded before any family is: these, and STEP_LIMIT, are far beyond any
 * act.
 */
enum { DEPTH_LIMIT = 400, HEIGHT_LIMIT = 2000 };

static unsigned add_frames(unsigned a, uint64_t b)
{
    return (uint64_t)a + b > STEP_LIMIT ? STEP_LIMIT + 1 : (unsigned)(a + b);
}

/* How many times the parts of `e` may be evaluated for one evaluation of `e`. */
static uint64_t repetitions(const struct expr *e)
{
    const struct expr *list = e->kind == EXPR_AGGREGATE ? e->as.aggregate.list
                              : e->kind == EXPR_RANK    ? e->as.rank.list
                                                        : NULL;

    return list && list->type && list->type->kind == TYPE_LIST ? list->type->max_items : 1;
}

/* Sets the height and the frames of an expression from those of its parts and of the definition that it names. */
static void bound_cost(struct typing *t, struct expr *e)
{
    bool call = e->kind == EXPR_CALL && e->as.call.symbol;
    uint64_t repeated = repetitions(e);
    struct diag *d;

    if (t->height > e->facts->height)
        e->facts->height = t->height;
    e->facts->frames = add_frames(e->kind == EXPR_NAME || call || e->kind == EXPR_WITH ? e->facts->frames : 0,
                                  ((uint64_t)t->frames + (repeated > 1)) * repeated + call);
    if (t->too_costly || (e->facts->height <= HEIGHT_LIMIT && e->facts->frames <= t->model->step_limit))
        return;
    t->too_costly = true;
    d = diag_add(t->diags, DIAG_NESTING, e->span, "ces définitions s'enchaînent trop pour être calculées à coup sûr");
    diag_help(t->diags, d,
              "écrivez le calcul avec moins de fonctions, de définitions et de tarifs "
              "qui s'appellent les uns les autres");
}

/* A definition used before it is written is typed on the spot: such a chain must not outgrow the stack. */
static void refuse_depth(struct typing *t, struct expr *e)
{
    failed(t, e);
    if (t->too_costly)
        return;
    t->too_costly = true;
    diag_help(t->diags,
              diag_add(t->diags, DIAG_NESTING, e->span, "ces définitions s'enchaînent trop pour être vérifiées"),
              "écrivez chaque définition avant celles qui l'emploient, et en moins d'étapes");
}

static void count_cost(struct typing *t, const struct expr *e)
{
    if (e->facts->height + 1 > t->height)
        t->height = e->facts->height + 1;
    t->frames = add_frames(t->frames, e->facts->frames);
}

const struct type *typing_expr(struct typing *t, struct expr *e, const struct type *expected)
{
    if (!e->type) {                      /* else shared, by a « ou » spread over two comparisons for instance */
        unsigned height = t->height, frames = t->frames;

        t->height = t->frames = 0;
        t->depth++;
        if (t->depth > DEPTH_LIMIT)
            refuse_depth(t, e);
        else
            type_kind(t, e, expected);
        t->depth--;
        place_absence(e);
        bound_cost(t, e);
        t->height = height;
        t->frames = frames;
        count_cost(t, e);
    }
    return e->type;
}
