/*
 * Small constructors and words of the tree. The parser's own builders are in grammar/build.c.
 */
#include "tree.h"

struct expr *tree_expr(struct arena *arena, enum expr_kind kind, struct span span)
{
    struct expr *e = arena_new(arena, struct expr);

    *e = (struct expr){ .kind = kind, .span = span };
    return e;
}

struct expr *tree_binary(struct arena *arena, enum binary_op op, struct expr *left, struct expr *right,
                         struct span op_span)
{
    struct expr *e = tree_expr(arena, EXPR_BINARY, span_join(left->span, right->span));

    e->as.binary.op = op;
    e->as.binary.left = left;
    e->as.binary.right = right;
    e->as.binary.op_span = op_span;
    e->depth = (uint16_t)((left->depth > right->depth ? left->depth : right->depth) + 1);
    return e;
}

struct title tree_title_value(struct expr *value)
{
    return (struct title){
        .kind = value ? TITLE_VALUE : TITLE_ERROR, .span = value ? value->span : (struct span){0}, .value = value};
}

struct title tree_title_interval(struct span span, struct expr *low, bool low_included, struct expr *high,
                                 bool high_included)
{
    return (struct title){ .kind = TITLE_INTERVAL, .span = span, .low = low, .high = high,
                           .low_included = low_included, .high_included = high_included };
}

const char *tree_op_text(enum binary_op op)
{
    static const char *const texts[] = {
        [OP_OR] = "ou", [OP_AND] = "et", [OP_EQUAL] = "=", [OP_DIFFERENT] = "≠", [OP_LESS] = "<",
        [OP_LESS_EQUAL] = "≤", [OP_GREATER] = ">", [OP_GREATER_EQUAL] = "≥", [OP_ADD] = "+", [OP_SUBTRACT] = "−",
        [OP_MULTIPLY] = "×", [OP_DIVIDE] = "/", [OP_PERCENT_OF] = "de",
    };
    return texts[op];
}

const char *tree_step_word(enum step_kind kind)
{
    static const char *const words[] = {
        [STEP_REDUCTION] = "réduction", [STEP_MAJORATION] = "majoration", [STEP_SUPPLEMENT] = "supplément",
        [STEP_DEDUCTION] = "déduction", [STEP_FLOOR] = "plancher", [STEP_CEILING] = "plafond",
        [STEP_ROUND] = "arrondi", [STEP_MULTIPLY] = "multiplication", [STEP_DIVIDE] = "division",
    };
    return words[kind];
}

const char *tree_decl_word(enum decl_kind kind)
{
    static const char *const words[] = {
        [DECL_ERROR] = "déclaration", [DECL_HEADER] = "en-tête", [DECL_ENUM] = "énumération", [DECL_INPUT] = "entrée",
        [DECL_SOURCE] = "source", [DECL_LET] = "définition", [DECL_FUNCTION] = "fonction", [DECL_TARIFF] = "tarif",
        [DECL_ESSAI] = "essai", [DECL_RECORD] = "enregistrement", [DECL_TRANCHES] = "tranches",
        [DECL_TABLEAU] = "tableau", [DECL_UNIT] = "unité", [DECL_CALENDAR] = "calendrier",
        [DECL_NATIONAL] = "valeur nationale", [DECL_USE] = "module", [DECL_FINALITE] = "finalité",
        [DECL_OUTPUT] = "résultat", [DECL_PROPERTY] = "propriété",
    };
    return words[kind];
}
