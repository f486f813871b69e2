/*
 * What the actions of parser.y do: one function per node. Values of the grammar are small structures and pointers into
 * the arena, so a rule that is abandoned after an error leaves nothing to release.
 */
#ifndef GRAMMAR_BUILD_H
#define GRAMMAR_BUILD_H

#include "parse.h"

typedef LIST_OF(struct member) member_list;
typedef LIST_OF(struct parameter) parameter_list;
typedef LIST_OF(struct alternative) alternative_list;

/* An operation of « puis », before its condition and clauses. */
struct rounding_step {
    struct number step;
    struct unit_expr *unit;
    struct name noun;
    enum rounding mode;
};

union value {
    const struct token *token;
    struct name name;
    struct slice slice;
    struct expr *expr;
    struct title title;
    title_list *titles;
    struct table *table;
    struct unit_expr *unit;
    name_list names;
    expr_list exprs;
    struct citation *citation;
    struct clauses clauses;
    struct type_expr *type;
    struct decl *decl;
    member_list *members;
    struct member member;
    struct period period;
    struct date date;
    parameter_list *parameters;
    struct step step;
    int number;
    struct rounding_step round;
    alternative_list *alternatives;
    struct alternative alternative;
    struct property property;
};

struct span build_span(const struct span *first, const struct span *last);

struct name build_name(const struct token *token);
struct name build_text_name(const struct token *token);
struct slice build_text(const struct token *token);           /* without its quotes and inner margins */
name_list build_names(struct parser *parser, const name_list *names, struct name name);
expr_list build_exprs(struct parser *parser, const expr_list *exprs, struct expr *expr);
struct slice build_digits(struct parser *parser, struct slice digits, const struct token *token);

struct unit_expr *build_unit(struct parser *parser, bool euro, bool percent, struct unit_expr *per, struct span span);
struct unit_expr *build_unit_per(struct parser *parser, struct unit_expr *unit, struct name per);
struct unit_expr *build_plain_unit(struct parser *parser, struct name name);

struct date build_date(struct parser *parser, const struct expr *expr);
struct period build_period(struct date from, struct date to, struct span span);

/* expressions */
struct number build_number_value(struct parser *parser, const struct token *token);
struct expr *build_number(struct parser *parser, const struct token *token, struct span span);
struct expr *build_money(struct parser *parser, const struct token *token, struct unit_expr *per, struct span span);
struct expr *build_free(struct parser *parser, struct span span);               /* « gratuit » */
/* « 500 ≤ qf < 1 000 » */
struct expr *build_chain(struct parser *parser, struct expr *low, enum binary_op first, struct expr *middle,
                         enum binary_op second, struct expr *high, struct span first_span, struct span second_span);
struct unit_expr *build_named_unit(struct parser *parser, struct name name, struct unit_expr *per, struct span span);
struct expr *build_percent(struct parser *parser, const struct token *token, struct span span);
struct expr *build_quantity(struct parser *parser, const struct token *token, const struct token *noun,
                            const struct token *const *rest, struct span span);
struct expr *build_ordinal(struct parser *parser, const struct token *token, const struct token *const *noun,
                           const struct token *const *year, struct span span);
struct expr *build_started(struct parser *parser, const struct token *token, struct name unit, struct expr *quantity,
                           struct span span);
struct expr *build_date_literal(struct parser *parser, const struct token *token, struct span span);
struct expr *build_boolean(struct parser *parser, bool value, struct span span);
struct expr *build_text_literal(struct parser *parser, const struct token *token, struct span span);
struct expr *build_reference(struct parser *parser, struct name name);
struct expr *build_member_of(struct parser *parser, struct expr *object, struct name name, struct span span);
struct expr *build_call(struct parser *parser, struct name name, expr_list arguments, struct span span);
/* As tree_binary, and refuses a chain of operations too long for the passes that follow it. */
struct expr *build_binary(struct parser *parser, enum binary_op op, struct expr *left, struct expr *right,
                          struct span op_span);
struct expr *build_unary(struct parser *parser, enum expr_kind kind, struct expr *operand, struct span span);
struct expr *build_is(struct parser *parser, struct expr *operand, struct title title, struct span span);
struct expr *build_round(struct parser *parser, struct expr *operand, struct rounding_step step, struct span span);
struct expr *build_convert(struct parser *parser, struct expr *operand, struct unit_expr *unit, struct span span);
struct expr *build_shift(struct parser *parser, bool down, struct expr *operand, struct expr *by,
                         struct expr *condition, struct expr *limit, struct span span);
struct expr *build_when(struct parser *parser, enum when when, struct expr *operand, struct expr *other,
                        struct span span);
struct expr *build_with(struct parser *parser, struct name tariff, struct name input, struct expr *value,
                        struct span span);
struct expr *build_outcome(struct parser *parser, enum outcome outcome, struct slice reason, struct span span);
struct expr *build_best(struct parser *parser, int mode, const alternative_list *alternatives, struct span span);
struct expr *build_count(struct parser *parser, struct expr *list, struct expr *condition, struct span span);
struct expr *build_fold(struct parser *parser, int op, struct expr *body, struct name variable, struct expr *list,
                        struct expr *condition, struct expr *if_empty, struct span span);
struct expr *build_rank(struct parser *parser, struct expr *list, struct expr *condition, struct expr *key,
                        int descending, struct expr *tie, struct span span);
alternative_list *build_alternatives(struct parser *parser, alternative_list *list, struct alternative alternative);
struct rounding_step build_pas(struct number step, struct unit_expr *unit, struct name noun, int mode);
struct rounding_step build_truncation(struct rounding_step step);

/* tables */
struct title build_title(struct expr *value);
struct title build_title_checked(struct parser *parser, struct title title);   /* reports a bare « jusqu'à » */
struct table *build_bare_grid(struct parser *parser, struct table *lines);     /* a grid without titles of rows */
struct table *build_named_table(struct parser *parser, struct expr *axis, struct table *lines, struct span span,
                                struct span selon);
struct table *build_table_head(struct parser *parser, bool thresholds, struct unit_expr *unit);
struct table *build_scale_head(struct parser *parser, bool progressive, struct unit_expr *unit);
struct expr *build_table(struct parser *parser, struct table *head, struct expr *axes, struct table *lines,
                         struct span span, struct span selon);
struct expr *build_import(struct parser *parser, struct table *head, struct expr *axes, const struct token *file,
                          struct span span, struct span selon);
struct table *build_row(struct parser *parser, struct table *table, struct title title, struct title cell,
                        struct span span);
struct table *build_grid_line(struct parser *parser, struct table *table, const title_list *cells, struct span span);
title_list *build_cells(struct parser *parser, title_list *cells, struct title cell);
void build_row_citation(struct parser *parser, struct table *table, struct citation *citation, struct span span);
void build_row_deliberate(struct parser *parser, struct table *table, struct span span);
void build_row_error(struct table *table);

/* declarations */
struct decl *build_decl(struct parser *parser, enum decl_kind kind, struct span span);
struct decl *build_error(struct parser *parser, struct span span);
struct decl *build_named(struct parser *parser, enum decl_kind kind, struct name name, struct slice label,
                         struct span span);
void build_declaration(struct parser *parser, struct decl *decl);
void build_append(struct decl **list, struct decl *decl);
void build_recover(struct parser *parser);
struct decl *build_header(struct decl *header, const struct token *opening, struct slice number, struct span span);
struct decl *build_enumeration(struct parser *parser, struct name name, struct slice label, member_list *members,
                               struct span span);
member_list *build_members(struct parser *parser, member_list *members, struct member member);
struct member build_member(struct name name, struct slice label, struct unit_expr *unit);
struct decl *build_input(struct parser *parser, struct name name, struct slice label, struct type_expr *type,
                         struct span span);
struct decl *build_source(struct parser *parser, struct name name, struct slice label, struct name api,
                          struct name function, expr_list arguments, struct span span);
struct decl *build_fallback(struct decl *source, enum fallback_kind kind, struct slice document);
struct decl *build_let(struct parser *parser, enum decl_kind kind, struct name name, struct slice label,
                       struct unit_expr *unit, struct expr *value, struct span span);
struct decl *build_function(struct parser *parser, struct name name, parameter_list *parameters,
                            struct unit_expr *unit, struct expr *value, struct span span);
parameter_list *build_parameter(struct parser *parser, parameter_list *list, struct name name,
                                struct type_expr *type);
struct decl *build_record(struct decl *record, struct name name, struct slice label, struct span span);
void build_field(struct parser *parser, struct decl *record, struct name name, struct type_expr *type,
                 struct slice label, struct expr *fallback);
void build_record_let(struct parser *parser, struct decl *record, struct name name, struct slice label,
                      struct expr *value, struct span span);
struct decl *build_tranches(struct parser *parser, struct name name, struct slice label, struct expr *axis,
                            struct table *lines, struct span span, struct span selon);
struct decl *build_tableau(struct parser *parser, struct name name, struct slice label, struct expr *axis,
                           struct table *lines, struct span span, struct span selon);
struct decl *build_calendar(struct parser *parser, struct name name, struct slice label, struct period period,
                            struct span span);
struct decl *build_national(struct parser *parser, struct name name, struct slice label, struct expr *value,
                            struct date from, struct slice origin, struct span span);
struct type_expr *build_type(struct parser *parser, struct name name, struct span span);
struct type_expr *build_number_type(struct parser *parser, struct span span);
struct type_expr *build_type_domain(struct type_expr *type, const struct type_expr *domain, struct span span);

/* tariffs */
struct decl *build_tariff(struct decl *tariff, struct name name, struct slice label, struct name subject,
                          struct unit_expr *unit, struct span span);
void build_price(struct parser *parser, struct decl *tariff, struct expr *price, const struct clauses *clauses,
                 struct span span);
void build_exception(struct parser *parser, struct decl *tariff, struct name name, struct expr *condition,
                     struct expr *value, bool final, const struct clauses *clauses, struct span span);
void build_step(struct parser *parser, struct decl *tariff, struct step operation, struct expr *condition,
                const struct clauses *clauses, struct span span);
struct step build_operation(int kind, struct expr *value, int base);
struct step build_rounding_step(struct parser *parser, struct rounding_step step, struct span span);
void build_clause(struct parser *parser, struct clauses *clauses, const struct clauses *one);
struct citation *build_citation(struct parser *parser, struct span place, struct slice quote, struct span quote_span);
void build_citation_append(struct citation **list, struct citation *citation);

/* essais */
struct decl *build_essai(struct decl *essai, struct slice label, struct span span);
struct decl *build_essais(struct parser *parser, struct name tariff, struct table *grid, struct span span);
void build_assignment(struct parser *parser, struct decl *essai, struct expr *expr, struct table *records,
                      bool expected);

/* properties */
struct property build_statement(int kind, struct expr *subject, struct span span);
struct decl *build_property(struct parser *parser, struct property property, struct slice label,
                            struct expr *condition, struct citation *citation, struct span span);

#endif
