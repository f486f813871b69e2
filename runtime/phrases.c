/*
 * Rules in French, from the tree. Predicates are worded so that nothing agrees with the label before them (« : 3 ou
 * plus », never « est supérieur(e) »); what has no wording of its own is quoted as written.
 */
#include "phrases.h"

#include "lang/date.h"
#include "lang/titles.h"

void strbuf_words(struct strbuf *out, const struct delib_program *program, struct span span)
{
    strbuf_as_written(out, &program->model, span);
}

void strbuf_capital(struct strbuf *out, struct slice text)
{
    size_t letter = text.bytes[0] >= 'a' && text.bytes[0] <= 'z';

    if (letter)
        strbuf_char(out, (char)(text.bytes[0] - 'a' + 'A'));
    strbuf_bytes(out, text.bytes + letter, text.length - letter);
}

struct slice symbol_words(const struct symbol *symbol)
{
    return symbol->label.length ? symbol->label : symbol->name.text;
}

bool symbol_is_question(const struct symbol *symbol)
{
    return symbol->label.length && symbol->label.bytes[symbol->label.length - 1] == '?';
}

void strbuf_subject(struct strbuf *out, const struct symbol *symbol)
{
    strbuf_format(out, symbol_is_question(symbol) ? "la réponse à « %.*s »" : "« %.*s »",
                  SLICE_ARG(symbol_words(symbol)));
}

/* ------------------------------------------------------------------ values */

static const struct symbol *named(const struct expr *e)
{
    return e->kind == EXPR_NAME    ? e->as.reference.symbol
           : e->kind == EXPR_FIELD ? e->as.field.symbol
                                   : NULL;
}

static void strbuf_constant(struct strbuf *out, const struct delib_program *program, const struct expr *e)
{
    struct number n = { 0, 1 };

    (void)number_make(e->facts->lo, e->facts->den, &n);
    strbuf_typed_number(out, &program->model, e->type, n);
}

static bool is_sum(const struct expr *e)
{
    return e->kind == EXPR_BINARY && (e->as.binary.op == OP_ADD || e->as.binary.op == OP_SUBTRACT);
}

static void strbuf_operand(struct strbuf *out, const struct delib_program *program, const struct expr *e, bool product)
{
    bool enclosed = product && is_sum(e);

    strbuf_text(out, enclosed ? "(" : "");
    strbuf_expression(out, program, e);
    strbuf_text(out, enclosed ? ")" : "");
}

void strbuf_expression(struct strbuf *out, const struct delib_program *program, const struct expr *e)
{
    const struct symbol *symbol = named(e);

    if (symbol && symbol->kind != SYMBOL_MEMBER) {
        strbuf_format(out, "« %.*s »", SLICE_ARG(symbol_words(symbol)));
        if (symbol->kind == SYMBOL_COLUMN)
            strbuf_format(out, " du tableau « %.*s »", SLICE_ARG(symbol_words(named(e->as.field.object))));
    } else if (e->kind == EXPR_AGGREGATE && e->as.aggregate.op == AGGREGATE_COUNT && !e->as.aggregate.condition &&
               named(e->as.aggregate.list)) {
        strbuf_format(out, "nombre de « %.*s »", SLICE_ARG(symbol_words(named(e->as.aggregate.list))));
    } else if (symbol || e->kind == EXPR_NUMBER || e->kind == EXPR_DATE || e->kind == EXPR_BOOLEAN) {
        strbuf_constant(out, program, e);
    } else if (e->kind == EXPR_BINARY && e->as.binary.op >= OP_ADD) {
        bool product = !is_sum(e);

        strbuf_operand(out, program, e->as.binary.left, product);
        strbuf_format(out, " %s ", tree_op_text(e->as.binary.op));
        strbuf_operand(out, program, e->as.binary.right, product || e->as.binary.op == OP_SUBTRACT);
    } else {
        strbuf_words(out, program, e->span);
    }
}

/* ------------------------------------------------------------------ conditions */

/* What is said of « X » in « X : … »; the same, denied, at the next place. */
static const struct { const char *before, *after; } PREDICATES[][2] = {
    [OP_EQUAL] = { { "", "" }, { "autre que ", "" } },
    [OP_DIFFERENT] = { { "autre que ", "" }, { "", "" } },
    [OP_LESS] = { { "moins de ", "" }, { "", " ou plus" } },
    [OP_LESS_EQUAL] = { { "", " au plus" }, { "plus de ", "" } },
    [OP_GREATER] = { { "plus de ", "" }, { "", " au plus" } },
    [OP_GREATER_EQUAL] = { { "", " ou plus" }, { "moins de ", "" } },
};

static bool is_comparison(const struct expr *e)
{
    return e->kind == EXPR_BINARY && e->as.binary.op >= OP_EQUAL && e->as.binary.op <= OP_GREATER_EQUAL;
}

/* « la réponse à « Quel cours ? » est « danse » », « « rang » : 3 ou plus » */
static void strbuf_comparison(struct strbuf *out, const struct delib_program *program, const struct expr *e,
                              bool denied)
{
    const struct symbol *symbol = named(e->as.binary.left);
    const struct expr *right = e->as.binary.right;
    bool question = symbol && symbol_is_question(symbol);
    bool member = right->type->kind == TYPE_ENUM;

    if (question)
        strbuf_subject(out, symbol);
    else
        strbuf_expression(out, program, e->as.binary.left);
    strbuf_text(out, question ? " est " : " : ");
    strbuf_text(out, PREDICATES[e->as.binary.op][denied].before);
    strbuf_text(out, member ? "« " : "");
    strbuf_expression(out, program, right);
    strbuf_text(out, member ? " »" : "");
    strbuf_text(out, PREDICATES[e->as.binary.op][denied].after);
}

static void strbuf_fact(struct strbuf *out, const struct symbol *symbol, bool denied)
{
    const char *answer = denied ? "non" : "oui";

    strbuf_subject(out, symbol);
    if (symbol_is_question(symbol))
        strbuf_format(out, " est « %s »", answer);
    else
        strbuf_format(out, " : %s", answer);
}

static void strbuf_truth(struct strbuf *out, const struct delib_program *program, const struct expr *e, bool denied);

static void strbuf_part(struct strbuf *out, const struct delib_program *program, const struct expr *e, bool denied,
                        enum binary_op around)
{
    bool enclosed = e->kind == EXPR_BINARY && e->as.binary.op <= OP_AND && e->as.binary.op != around;

    strbuf_text(out, enclosed ? "(" : "");
    strbuf_truth(out, program, e, denied);
    strbuf_text(out, enclosed ? ")" : "");
}

/* What is true when `e` is, or when it is not. */
static void strbuf_truth(struct strbuf *out, const struct delib_program *program, const struct expr *e, bool denied)
{
    const struct symbol *symbol = named(e);

    if (e->kind == EXPR_NOT) {
        strbuf_truth(out, program, e->as.operand, !denied);
    } else if (symbol) {
        strbuf_fact(out, symbol, denied);
    } else if (is_comparison(e)) {
        strbuf_comparison(out, program, e, denied);
    } else if (e->kind == EXPR_BINARY && e->as.binary.op <= OP_AND) {
        strbuf_part(out, program, e->as.binary.left, denied, e->as.binary.op);
        strbuf_text(out, (e->as.binary.op == OP_AND) != denied ? " et " : " ou ");
        strbuf_part(out, program, e->as.binary.right, denied, e->as.binary.op);
    } else if (e->kind == EXPR_KNOWN && named(e->as.operand)) {
        strbuf_format(out, "« %.*s » : %s", SLICE_ARG(symbol_words(named(e->as.operand))),
                      denied ? "non renseigné" : "renseigné");
    } else if (e->kind == EXPR_IS && named(e->as.is.operand)) {
        symbol = named(e->as.is.operand);
        strbuf_subject(out, symbol);
        strbuf_text(out, symbol_is_question(symbol) ? " est " : " : ");
        if (denied)
            strbuf_text(out, e->as.is.title.kind == TITLE_INTERVAL ? "hors de " : "autre que ");
        strbuf_text(out, "« ");
        strbuf_words(out, program, e->as.is.title.span);
        strbuf_text(out, " »");
    } else {
        strbuf_text(out, denied ? "la condition « " : "« ");
        strbuf_words(out, program, e->span);
        strbuf_text(out, denied ? " » n'est pas remplie" : " »");
    }
}

void strbuf_condition(struct strbuf *out, const struct delib_program *program, const struct expr *condition)
{
    strbuf_truth(out, program, condition, false);
}

/* ------------------------------------------------------------------ outcomes, periods, acts */

void strbuf_outcome(struct strbuf *out, const struct expr *e)
{
    static const char *const WORDS[] = {
        [OUTCOME_NON_PREVU] = "non prévu", [OUTCOME_DECISION] = "sur décision individuelle",
        [OUTCOME_SANS_OBJET] = "sans objet", [OUTCOME_ABSENT] = "non communiqué",
        [OUTCOME_NO_EFFECT] = "sans effet", [OUTCOME_LAST_ROW] = "comme la dernière tranche",
        [OUTCOME_SOURCE_FAILED] = "source indisponible",
    };

    strbuf_text(out, WORDS[e->as.outcome.outcome]);
    if (e->as.outcome.reason.length)
        strbuf_format(out, " (%.*s)", SLICE_ARG(e->as.outcome.reason));
}

void strbuf_period(struct strbuf *out, struct period period)
{
    bool to = period.to.year != 0;

    strbuf_text(out, to ? "du " : "à compter du ");
    strbuf_date(out, period.from);
    if (to) {
        strbuf_text(out, " au ");
        strbuf_date(out, period.to);
    }
}

/* « grille tarifaire « Services périscolaires » »: a name rather than a number. */
static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] >= '0' && text.bytes[i] <= '9')
            return true;
    return false;
}

bool strbuf_act(struct strbuf *out, const struct delib_program *program)
{
    const struct decl *header = program->act.header;
    struct slice number;

    if (!header)
        return false;
    number = header->as.header.number;
    strbuf_slice(out, header->as.header.opening);
    if (number.length)
        strbuf_format(out, has_digit(number) ? " n° %.*s" : " « %.*s »", SLICE_ARG(number));
    if (header->as.header.date.year) {
        strbuf_text(out, " du ");
        strbuf_date(out, header->as.header.date);
    }
    return true;
}
