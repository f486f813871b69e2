/*
 * Nodes of declarations, tariffs and essais, as the grammar meets them.
 */
#include "build.h"

/* ------------------------------------------------------------------ the act */

struct decl *build_decl(struct parser *parser, enum decl_kind kind, struct span span)
{
    struct decl *decl = arena_new(parser->arena, struct decl);

    *decl = (struct decl){ .kind = kind, .span = span };
    return decl;
}

struct decl *build_error(struct parser *parser, struct span span)
{
    return build_decl(parser, DECL_ERROR, span);
}

struct decl *build_named(struct parser *parser, enum decl_kind kind, struct name name, struct slice label,
                         struct span span)
{
    struct decl *decl = build_decl(parser, kind, span);

    decl->name = name;
    decl->label = label;
    return decl;
}

void build_append(struct decl **list, struct decl *decl)
{
    while (*list)
        list = &(*list)->next;
    *list = decl;
}

static void report_second(struct parser *parser, struct span second, const char *fault, struct span first,
                          const char *what)
{
    struct diag *diag = diag_add(parser->diags, DIAG_DUPLICATE_PRICE, second, "%s", fault);

    diag_note(parser->diags, diag, first, "%s", what);
    diag_help(parser->diags, diag, "n'en gardez qu'un");
}

void build_declaration(struct parser *parser, struct decl *decl)
{
    struct act *act = parser->act;

    if (act->last)
        act->last->next = decl;
    else
        act->first = decl;
    act->last = decl;
    if (decl->kind == DECL_HEADER) {
        if (act->header)
            report_second(parser, decl->span, "un fichier n'a qu'un en-tête", act->header->span, "premier en-tête");
        else
            act->header = decl;
    }
}

void build_recover(struct parser *parser)
{
    build_declaration(parser, build_error(parser, (struct span){ 0, 0, 0 }));
}

struct decl *build_header(struct decl *header, const struct token *opening, struct slice number, struct span span)
{
    header->span = span;
    header->as.header.opening = opening->text;
    header->as.header.number = number;
    return header;
}

/* ------------------------------------------------------------------ data */

struct decl *build_enumeration(struct parser *parser, struct name name, struct slice label, member_list *members,
                               struct span span)
{
    struct decl *decl = build_named(parser, DECL_ENUM, name, label, span);

    decl->as.enumeration.members.items = members->items;
    decl->as.enumeration.members.count = members->count;
    decl->as.enumeration.members.capacity = members->capacity;
    return decl;
}

member_list *build_members(struct parser *parser, member_list *members, struct member member)
{
    struct member *item;

    if (!members)
        members = arena_new(parser->arena, member_list);
    item = arena_push(parser->arena, members);
    *item = member;
    return members;
}

struct member build_member(struct name name, struct slice label, struct unit_expr *unit)
{
    return (struct member){ .name = name, .label = label, .unit = unit };
}

struct decl *build_input(struct parser *parser, struct name name, struct slice label, struct type_expr *type,
                         struct span span)
{
    struct decl *decl = build_named(parser, DECL_INPUT, name, label, span);

    decl->as.input.type = type;
    return decl;
}

struct decl *build_source(struct parser *parser, struct name name, struct slice label, struct name api,
                          struct name function, expr_list arguments, struct span span)
{
    struct decl *decl = build_named(parser, DECL_SOURCE, name, label, span);

    decl->as.source.api = api;
    decl->as.source.function = function;
    decl->as.source.arguments = arguments;
    return decl;
}

struct decl *build_fallback(struct decl *source, enum fallback_kind kind, struct slice document)
{
    if (source->kind == DECL_SOURCE) {
        source->as.source.fallback = kind;
        source->as.source.document = document;
    }
    return source;
}

struct decl *build_let(struct parser *parser, enum decl_kind kind, struct name name, struct slice label,
                       struct unit_expr *unit, struct expr *value, struct span span)
{
    struct decl *decl = build_named(parser, kind, name, label, span);

    decl->as.let.value = value;
    decl->as.let.unit = unit;
    return decl;
}

struct decl *build_function(struct parser *parser, struct name name, parameter_list *parameters,
                            struct unit_expr *unit, struct expr *value, struct span span)
{
    struct decl *decl = build_named(parser, DECL_FUNCTION, name, SLICE(""), span);

    if (parameters) {
        decl->as.function.parameters.items = parameters->items;
        decl->as.function.parameters.count = parameters->count;
    }
    decl->as.function.unit = unit;
    decl->as.function.value = value;
    return decl;
}

parameter_list *build_parameter(struct parser *parser, parameter_list *list, struct name name, struct type_expr *type)
{
    struct parameter *item;

    if (!list)
        list = arena_new(parser->arena, parameter_list);
    item = arena_push(parser->arena, list);
    *item = (struct parameter){ .name = name, .type = type };
    return list;
}

struct decl *build_record(struct decl *record, struct name name, struct slice label, struct span span)
{
    record->name = name;
    record->label = label;
    record->span = span;
    return record;
}

void build_field(struct parser *parser, struct decl *record, struct name name, struct type_expr *type,
                 struct slice label, struct expr *fallback)
{
    struct parameter *item = arena_push(parser->arena, &record->as.record.fields);

    *item = (struct parameter){ .name = name, .type = type, .label = label, .fallback = fallback };
}

void build_record_let(struct parser *parser, struct decl *record, struct name name, struct slice label,
                      struct expr *value, struct span span)
{
    build_append(&record->as.record.lets, build_let(parser, DECL_LET, name, label, NULL, value, span));
}

struct decl *build_tranches(struct parser *parser, struct name name, struct slice label, struct expr *axis,
                            struct table *lines, struct span span, struct span selon)
{
    struct decl *decl = build_named(parser, DECL_TRANCHES, name, label, span);
    struct table *table = build_named_table(parser, axis, lines, span, selon);

    decl->as.tranches.table = table;
    for (size_t i = 0; i < table->rows.count; i++)
        if (table->rows.items[i].titles.count != 2 && table->rows.items[i].titles.items[0].kind == TITLE_VALUE)
            diag_help(parser->diags,
                      diag_add(parser->diags, DIAG_TABLE_SHAPE, table->rows.items[i].span,
                               "une tranche nommée s'écrit avec ses bornes"),
                      "par exemple « A : moins de 390 »");
    return decl;
}

struct decl *build_tableau(struct parser *parser, struct name name, struct slice label, struct expr *axis,
                           struct table *lines, struct span span, struct span selon)
{
    struct decl *decl = build_named(parser, DECL_TABLEAU, name, label, span);

    decl->as.tableau.table = build_named_table(parser, axis, lines, span, selon);
    return decl;
}

struct decl *build_calendar(struct parser *parser, struct name name, struct slice label, struct period period,
                            struct span span)
{
    struct decl *decl = build_named(parser, DECL_CALENDAR, name, label, span);

    decl->as.calendar.period = period;
    return decl;
}

struct decl *build_national(struct parser *parser, struct name name, struct slice label, struct expr *value,
                            struct date from, struct slice origin, struct span span)
{
    struct decl *decl = build_named(parser, DECL_NATIONAL, name, label, span);

    decl->as.national.value = value;
    decl->as.national.period = (struct period){ .from = from, .written = true };
    decl->as.national.origin = origin;
    return decl;
}

/* ------------------------------------------------------------------ types of data */

struct type_expr *build_type(struct parser *parser, struct name name, struct span span)
{
    struct type_expr *type = arena_new(parser->arena, struct type_expr);

    type->name = name;
    type->span = span;
    return type;
}

struct type_expr *build_number_type(struct parser *parser, struct span span)
{
    return build_type(parser, (struct name){ SLICE("nombre"), span }, span);
}

struct type_expr *build_type_domain(struct type_expr *type, const struct type_expr *domain, struct span span)
{
    type->low = domain->low;
    type->high = domain->high;
    type->max_items = domain->max_items;
    type->span = span;
    return type;
}

/* ------------------------------------------------------------------ tariffs */

struct decl *build_tariff(struct decl *tariff, struct name name, struct slice label, struct name subject,
                          struct unit_expr *unit, struct span span)
{
    tariff->name = name;
    tariff->label = label;
    tariff->span = span;
    tariff->as.tariff.subject = subject;
    tariff->as.tariff.unit = unit;
    return tariff;
}

void build_price(struct parser *parser, struct decl *tariff, struct expr *price, const struct clauses *clauses,
                 struct span span)
{
    if (tariff->as.tariff.price) {
        struct diag *diag = diag_add(parser->diags, DIAG_DUPLICATE_PRICE, span, "ce tarif a déjà un prix");

        diag_note(parser->diags, diag, tariff->as.tariff.price_span, "premier prix");
        diag_help(parser->diags, diag, "écrivez « exception si … : » ou « puis … » pour les autres cas");
        return;
    }
    tariff->as.tariff.price = price;
    tariff->as.tariff.price_span = span;
    tariff->as.tariff.price_clauses = *clauses;
}

void build_exception(struct parser *parser, struct decl *tariff, struct name name, struct expr *condition,
                     struct expr *value, bool final, const struct clauses *clauses, struct span span)
{
    struct exception *item = arena_push(parser->arena, &tariff->as.tariff.exceptions);

    *item = (struct exception){ .name = name, .span = span, .condition = condition, .value = value, .final = final,
                                .clauses = *clauses };
}

void build_step(struct parser *parser, struct decl *tariff, struct step operation, struct expr *condition,
                const struct clauses *clauses, struct span span)
{
    struct step *item = arena_push(parser->arena, &tariff->as.tariff.steps);

    *item = operation;
    item->condition = condition;
    item->clauses = *clauses;
    item->span = span;
}

struct step build_operation(int kind, struct expr *value, int base)
{
    return (struct step){ .kind = (enum step_kind)kind, .value = value, .base = (enum step_base)base };
}

struct step build_rounding_step(struct parser *parser, struct rounding_step step, struct span span)
{
    return (struct step){ .kind = STEP_ROUND, .rounding = build_round(parser, NULL, step, span) };
}

static void merge_clause(struct parser *parser, struct expr **place, struct expr *value)
{
    if (!value)
        return;
    if (*place)
        report_second(parser, value->span, "cette clause a déjà un contenu", (*place)->span, "premier contenu");
    else
        *place = value;
}

void build_clause(struct parser *parser, struct clauses *clauses, const struct clauses *one)
{
    if (!clauses->absent)
        clauses->absent_span = one->absent_span;
    merge_clause(parser, &clauses->absent, one->absent);
    merge_clause(parser, &clauses->failed, one->failed);
    merge_clause(parser, &clauses->negative, one->negative);
    build_citation_append(&clauses->citation, one->citation);
    for (size_t i = 0; i < one->prevails.count; i++)
        clauses->prevails = build_names(parser, &clauses->prevails, one->prevails.items[i]);
    clauses->deliberate = clauses->deliberate || one->deliberate;
    clauses->optional = clauses->optional || one->optional;
    clauses->span = one->span;
}

struct citation *build_citation(struct parser *parser, struct span place, struct slice quote, struct span quote_span)
{
    struct citation *citation = arena_new(parser->arena, struct citation);

    *citation = (struct citation){ .place = source_slice(parser->source, place), .quote = quote, .span = place,
                                   .quote_span = quote_span };
    return citation;
}

void build_citation_append(struct citation **list, struct citation *citation)
{
    while (*list)
        list = &(*list)->next;
    *list = citation;
}

/* ------------------------------------------------------------------ essais */

struct decl *build_essai(struct decl *essai, struct slice label, struct span span)
{
    essai->label = label;
    essai->span = span;
    return essai;
}

struct decl *build_essais(struct parser *parser, struct name tariff, struct table *grid, struct span span)
{
    struct decl *decl = build_named(parser, DECL_ESSAI, tariff, SLICE(""), span);

    decl->as.essai.grid = build_bare_grid(parser, grid);
    return decl;
}

static struct assignment *new_assignment(struct parser *parser, struct decl *essai, struct expr *name, bool expected)
{
    struct assignment *item = arena_push(parser->arena, &essai->as.essai.assignments);

    *item = (struct assignment){ .name = name->as.reference.name, .span = name->span, .expected = expected };
    return item;
}

static void report_assignment(struct parser *parser, struct span span)
{
    diag_help(parser->diags,
              diag_add(parser->diags, DIAG_BAD_ESSAI, span, "une donnée d'essai s'écrit « nom = valeur »"),
              "par exemple « qf = 449 ; résident = oui » ou « attendu cantine = 1,30 € »");
}

/* « nom = valeur » was read as a comparison; a value alone goes on with the list of the line before. */
void build_assignment(struct parser *parser, struct decl *essai, struct expr *expr, struct table *records,
                      bool expected)
{
    struct assignment *item = NULL;

    if (records && expr->kind == EXPR_NAME) {
        item = new_assignment(parser, essai, expr, expected);
        item->records = build_bare_grid(parser, records);
        return;
    }
    if (expr->kind == EXPR_BINARY && expr->as.binary.op == OP_EQUAL && expr->as.binary.left->kind == EXPR_NAME) {
        item = new_assignment(parser, essai, expr->as.binary.left, expected);
        expr = expr->as.binary.right;
    } else if (!expected && essai->as.essai.assignments.count > 0) {
        item = &essai->as.essai.assignments.items[essai->as.essai.assignments.count - 1];
        if (item->expected)
            item = NULL;
    }
    if (item)
        item->values = build_exprs(parser, &item->values, expr);
    else
        report_assignment(parser, expr->span);
}

/* ------------------------------------------------------------------ properties */

struct property build_statement(int kind, struct expr *subject, struct span span)
{
    return (struct property){ .kind = (enum property_kind)kind, .subject = subject, .span = span };
}

struct decl *build_property(struct parser *parser, struct property property, struct slice label,
                            struct expr *condition, struct citation *citation, struct span span)
{
    struct decl *decl = build_decl(parser, DECL_PROPERTY, span);

    property.condition = condition;
    decl->label = label;
    decl->clauses.citation = citation;
    decl->as.property = property;
    return decl;
}
