/*
 * The reference evaluator: see reference.h. One function per sentence of the semantics; nothing is fast here.
 */
#include "reference.h"

#include "grammar/parse.h"
#include "lang/diag.h"

#include <stdlib.h>
#include <string.h>

/* A value: `q` is an amount, a number, a rank in an enumeration, 0 or 1 for oui_non, a day for a date. */
struct rv {
    enum ref_state state;
    mpq_t *q;                 /* REF_OK */
    const struct decl *datum; /* REF_ABSENT: the input that was not communicated */
};

enum { NUMBERS = 1 << 16, PARAMETERS = 16 };

struct reference {
    struct arena arena;
    struct diag_list diags;
    struct source source;
    struct act act;
    struct literate literate;
    const struct ref_input *inputs;
    size_t input_count;
    mpq_t *numbers; /* of one evaluation */
    size_t used, made;
};

/* Where names are looked up, besides the act. */
struct env {
    const struct decl *tariff;
    const struct decl *function; /* its parameters are `arguments` */
    const struct rv *arguments;
    const struct rv *price, *base; /* « prix », « prix_de_base »; NULL before there is one */
    bool rates;                    /* inside a table « en % »: bare numbers are percentages */
    bool of_amounts;               /* inside a table whose cells are amounts */
};

static struct rv eval(struct reference *r, const struct env *env, const struct expr *e);
static bool is_rate(struct reference *r, const struct expr *e);
static bool reads_source(const struct reference *r, const struct env *env, const struct expr *e);

/* ------------------------------------------------------------------ values */

static mpq_t *new_number(struct reference *r)
{
    if (r->used == NUMBERS)
        abort();
    if (r->used == r->made)
        mpq_init(r->numbers[r->made++]);
    return &r->numbers[r->used++];
}

static struct rv of_state(enum ref_state state)
{
    return (struct rv){.state = state};
}

static struct rv of_integer(struct reference *r, long value)
{
    struct rv v = {REF_OK, new_number(r), NULL};

    mpq_set_si(*v.q, value, 1);
    return v;
}

static void set_int128(mpz_t z, int128 value)
{
    uint128 magnitude = value < 0 ? -(uint128)value : (uint128)value;
    uint64_t words[2] = {(uint64_t)magnitude, (uint64_t)(magnitude >> 64)};

    mpz_import(z, 2, -1, sizeof *words, 0, 0, words);
    if (value < 0)
        mpz_neg(z, z);
}

static struct rv of_number(struct reference *r, struct number n)
{
    struct rv v = {REF_OK, new_number(r), NULL};

    set_int128(mpq_numref(*v.q), n.num);
    set_int128(mpq_denref(*v.q), n.den);
    mpq_canonicalize(*v.q);
    return v;
}

static bool is_true(struct rv v)
{
    return v.state == REF_OK && mpq_sgn(*v.q) != 0;
}

static bool ends(enum ref_state s)
{
    return s >= REF_NON_PREVU;
}

/* The first that ends the tariff; else the first answer to be given; else the first absence. */
static struct rv combine(struct rv a, struct rv b)
{
    if (ends(a.state) || b.state == REF_OK)
        return a;
    if (ends(b.state) || a.state == REF_OK)
        return b;
    return b.state > a.state ? b : a;
}

/* ------------------------------------------------------------------ names */

static const struct decl *find(const struct reference *r, enum decl_kind kind, struct slice name)
{
    for (const struct decl *d = r->act.first; d; d = d->next)
        if (d->kind == kind && text_fold_equal(d->name.text, name))
            return d;
    return NULL;
}

static long member_rank(const struct decl *enumeration, struct slice name)
{
    for (size_t i = 0; enumeration && i < enumeration->as.enumeration.members.count; i++)
        if (text_fold_equal(enumeration->as.enumeration.members.items[i].name.text, name))
            return (long)i;
    return -1;
}

/* Members of all enumerations have different names in the programs that are compared. */
static struct rv member(struct reference *r, struct slice name)
{
    for (const struct decl *d = r->act.first; d; d = d->next)
        if (d->kind == DECL_ENUM && member_rank(d, name) >= 0)
            return of_integer(r, member_rank(d, name));
    return of_state(REF_UNKNOWN);
}

static const struct decl *find_let(const struct env *env, struct slice name)
{
    for (const struct decl *d = env->tariff ? env->tariff->as.tariff.lets : NULL; d; d = d->next)
        if (d->kind == DECL_LET && text_fold_equal(d->name.text, name))
            return d;
    return NULL;
}

/* A definition is read where it stands: a global one does not see the tariff, none sees the parameters. */
static struct rv eval_let(struct reference *r, const struct env *env, const struct decl *let, bool global)
{
    struct env inner = {.tariff = global ? NULL : env->tariff,
                        .price = global ? NULL : env->price,
                        .base = global ? NULL : env->base};

    return eval(r, &inner, let->as.let.value);
}

/* ------------------------------------------------------------------ inputs */

static bool is_type(const struct decl *input, const char *name)
{
    return text_fold_equal(input->as.input.type->name.text, slice_of(name));
}

/* A rational written in decimal: "12,50", "12.50". */
static void parse_decimal(mpq_t q, const char *text)
{
    char digits[64];
    size_t n = 0;
    unsigned long decimals = 0;
    bool after = false;

    for (; *text && n < sizeof digits - 1; text++) {
        if (*text == ',' || *text == '.') {
            after = true;
            continue;
        }
        digits[n++] = *text;
        decimals += after;
    }
    digits[n] = '\0';
    mpq_set_str(q, digits, 10);
    mpz_ui_pow_ui(mpq_denref(q), 10, decimals);
    mpq_canonicalize(q);
}

/* Days since 1 March of year 0, by counting. */
static long day_number(long year, long month, long day)
{
    long y = month < 3 ? year - 1 : year, m = month < 3 ? month + 9 : month - 3;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static struct rv date_of_text(struct reference *r, const char *iso)
{
    return of_integer(r, day_number(strtol(iso, NULL, 10), strtol(iso + 5, NULL, 10), strtol(iso + 8, NULL, 10)));
}

/* How many decimals a datum of this type has. */
static unsigned long grid_of(const struct decl *input)
{
    struct slice precision = input->as.input.type->precision.text;

    if (precision.length)
        return text_fold_equal(precision, SLICE("dixième"))   ? 10
               : text_fold_equal(precision, SLICE("centime")) ? 100
                                                              : 1;
    return is_type(input, "entier") || is_type(input, "durée") ? 1 : 100;
}

static bool within(struct reference *r, const struct decl *input, struct rv v)
{
    const struct type_expr *type = input->as.input.type;
    struct env nothing = {.tariff = NULL};
    const struct expr *high = type->high ? type->high : type->max_items;

    return (!type->low || mpq_cmp(*v.q, *eval(r, &nothing, type->low).q) >= 0) &&
           (!high || mpq_cmp(*v.q, *eval(r, &nothing, high).q) <= 0);
}

static struct rv number_given(struct reference *r, const struct decl *input, const char *text)
{
    struct rv v = of_integer(r, 0);
    mpq_t *on_grid = new_number(r), *grid = new_number(r);

    parse_decimal(*v.q, text);
    mpq_set_ui(*grid, grid_of(input), 1);
    mpq_mul(*on_grid, *v.q, *grid);
    if (mpz_cmp_ui(mpq_denref(*on_grid), 1) != 0)
        return of_state(REF_INVALID);
    if (is_type(input, "taux")) {
        mpq_set_ui(*grid, 100, 1);
        mpq_div(*v.q, *v.q, *grid);
        if (mpq_sgn(*v.q) < 0 || mpq_cmp_ui(*v.q, 1, 1) > 0)
            return of_state(REF_INVALID);
    }
    return within(r, input, v) ? v : of_state(REF_INVALID);
}

static struct rv value_given(struct reference *r, const struct decl *input, const char *text)
{
    const struct decl *enumeration = find(r, DECL_ENUM, input->as.input.type->name.text);

    if (is_type(input, "oui_non"))
        return of_integer(r, strcmp(text, "oui") == 0);
    if (is_type(input, "date"))
        return date_of_text(r, text);
    if (enumeration)
        return of_integer(r, member_rank(enumeration, slice_of(text)));
    return number_given(r, input, text);
}

/* A quotient may always be unknown; other answers are compulsory unless the act says otherwise. */
static bool may_be_absent(const struct decl *input)
{
    return input->clauses.optional || input->clauses.absent || is_type(input, "quotient");
}

static struct rv eval_input(struct reference *r, const struct decl *input)
{
    struct env nothing = {.tariff = NULL};
    const struct rv absent = {.state = REF_ABSENT, .datum = input};

    for (size_t i = 0; i < r->input_count; i++) {
        if (!text_fold_equal(slice_of(r->inputs[i].name), input->name.text))
            continue;
        if (r->inputs[i].text)
            return value_given(r, input, r->inputs[i].text);
        return may_be_absent(input) ? absent : of_state(REF_MISSING);
    }
    if (input->as.input.fallback)
        return eval(r, &nothing, input->as.input.fallback);
    return input->clauses.optional ? absent : of_state(REF_MISSING);
}

static bool is_source(const struct decl *datum)
{
    return datum && datum->kind == DECL_SOURCE;
}

/* What the family declares takes over from an absence, a failure or a refusal, never from a value. */
static struct rv eval_source(struct reference *r, const struct decl *source)
{
    struct rv first = {.state = REF_FAILED, .datum = source};
    const struct ref_input *in = NULL;

    for (size_t i = 0; i < r->input_count; i++)
        if (text_fold_equal(slice_of(r->inputs[i].name), source->name.text))
            in = &r->inputs[i];
    if (!in)
        return first;
    if (in->answer == REF_ANSWER_VALUE)
        return of_integer(r, strcmp(in->answered, "oui") == 0);
    if (in->answer == REF_ANSWER_ABSENT)
        first.state = REF_ABSENT;
    if (source->as.source.fallback == FALLBACK_NONE || (!in->undeclared && !in->text))
        return first;
    return in->undeclared ? of_state(REF_MISSING) : of_integer(r, strcmp(in->text, "oui") == 0);
}

static struct rv eval_name(struct reference *r, const struct env *env, struct slice name)
{
    const struct decl *d;

    if (env->function)
        for (size_t i = 0; i < env->function->as.function.parameters.count; i++)
            if (text_fold_equal(env->function->as.function.parameters.items[i].name.text, name))
                return env->arguments[i];
    d = find_let(env, name);
    if (d)
        return eval_let(r, env, d, false);
    if (env->price && text_fold_equal(name, SLICE("prix")))
        return *env->price;
    if (env->base && text_fold_equal(name, SLICE("prix_de_base")))
        return *env->base;
    d = find(r, DECL_INPUT, name);
    if (d)
        return eval_input(r, d);
    d = find(r, DECL_SOURCE, name);
    if (d)
        return eval_source(r, d);
    d = find(r, DECL_LET, name);
    return d ? eval_let(r, env, d, true) : member(r, name);
}

static struct rv eval_call(struct reference *r, const struct env *env, const struct expr *e)
{
    const struct decl *function = find(r, DECL_FUNCTION, e->as.call.name.text);
    struct rv arguments[PARAMETERS];
    size_t count = e->as.call.arguments.count;
    bool maximum = text_fold_equal(e->as.call.name.text, SLICE("maximum"));
    struct env inner = {.function = function, .arguments = arguments};

    if (count > PARAMETERS || count == 0)
        return of_state(REF_UNKNOWN);
    for (size_t i = 0; i < count; i++) {
        arguments[i] = eval(r, env, e->as.call.arguments.items[i]);
        if (function && arguments[i].state != REF_OK)
            return arguments[i];
    }
    if (function)
        return eval(r, &inner, function->as.function.value);
    if (!maximum && !text_fold_equal(e->as.call.name.text, SLICE("minimum")))
        return of_state(REF_UNKNOWN);
    for (size_t i = 1; i < count; i++) {
        int order;

        if (arguments[0].state != REF_OK || arguments[i].state != REF_OK) {
            arguments[0] = combine(arguments[0], arguments[i]);
            continue;
        }
        order = mpq_cmp(*arguments[i].q, *arguments[0].q);
        if (maximum ? order > 0 : order < 0)
            arguments[0] = arguments[i];
    }
    return arguments[0];
}

/* ------------------------------------------------------------------ rounding */

/* To a multiple of the step; the mode acts on the magnitude, halves go away from zero. */
static void round_to(struct reference *r, mpq_t value, const mpq_t step, enum rounding mode)
{
    mpq_t *steps = new_number(r);
    mpz_t whole, rest;
    int sign = mpq_sgn(value);

    mpz_inits(whole, rest, NULL);
    mpq_div(*steps, value, step);
    mpq_abs(*steps, *steps);
    mpz_fdiv_qr(whole, rest, mpq_numref(*steps), mpq_denref(*steps));
    mpz_mul_ui(rest, rest, 2);
    if (mode == ROUNDING_UP ? mpz_sgn(rest) > 0 : mode == ROUNDING_NEAREST && mpz_cmp(rest, mpq_denref(*steps)) >= 0)
        mpz_add_ui(whole, whole, 1);
    mpq_set_z(*steps, whole);
    mpq_mul(value, *steps, step);
    if (sign < 0)
        mpq_neg(value, value);
    mpz_clears(whole, rest, NULL);
}

static bool starts_with(struct slice text, const char *prefix)
{
    return text.length >= strlen(prefix) &&
           text_fold_equal((struct slice){text.bytes, strlen(prefix)}, slice_of(prefix));
}

static bool step_of(struct reference *r, const struct expr *e, mpq_t step)
{
    struct rv v = of_number(r, e->as.round.step);
    struct slice noun = e->as.round.noun.text;

    mpq_set(step, *v.q);
    if (starts_with(noun, "centime"))
        mpz_mul_ui(mpq_denref(step), mpq_denref(step), 100);
    else if (starts_with(noun, "dixi"))
        mpz_mul_ui(mpq_denref(step), mpq_denref(step), 10);
    else if (!e->as.round.unit && !starts_with(noun, "euro") && !starts_with(noun, "unit"))
        return false;
    mpq_canonicalize(step);
    return true;
}

static struct rv rounded(struct reference *r, struct rv v, const struct expr *e)
{
    struct rv out = of_integer(r, 0);
    mpq_t *step = new_number(r);

    if (v.state != REF_OK)
        return v;
    if (!step_of(r, e, *step))
        return of_state(REF_UNKNOWN);
    mpq_set(*out.q, *v.q);
    round_to(r, *out.q, *step, e->as.round.mode);
    return out;
}

/* « 0,65 € par quart d'heure entamé de durée »: every quarter that has begun is counted. */
static struct rv started(struct reference *r, const struct env *env, const struct expr *e)
{
    struct slice unit = e->as.started.unit.text;
    unsigned long minutes = starts_with(unit, "quart")   ? 15
                            : starts_with(unit, "demi")  ? 30
                            : starts_with(unit, "heure") ? 60
                                                         : 0;
    struct rv amount = eval(r, env, e->as.started.amount), quantity = eval(r, env, e->as.started.quantity),
              out = of_integer(r, 0);
    mpq_t *step = new_number(r);

    if (amount.state != REF_OK || quantity.state != REF_OK)
        return combine(amount, quantity);
    if (minutes == 0)
        return of_state(REF_UNKNOWN);
    mpq_set_ui(*step, minutes, 1);
    mpq_set(*out.q, *quantity.q);
    round_to(r, *out.q, *step, ROUNDING_UP);
    mpq_div(*out.q, *out.q, *step);
    mpq_mul(*out.q, *out.q, *amount.q);
    return out;
}

/* ------------------------------------------------------------------ operators */

static bool any_reads_source(const struct reference *r, const struct env *env, const struct expr *const *items,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (reads_source(r, env, items[i]))
            return true;
    return false;
}

static bool table_reads_source(const struct reference *r, const struct env *env, const struct table *table)
{
    if (any_reads_source(r, env, (const struct expr *const *)table->axes.items, table->axes.count))
        return true;
    for (size_t i = 0; i < table->rows.count; i++) {
        const struct row *row = &table->rows.items[i];

        if (any_reads_source(r, env, (const struct expr *const *)row->cells.items, row->cells.count))
            return true;
        for (size_t k = 0; k < row->titles.count; k++)
            if (row->titles.items[k].kind == TITLE_CONDITION && reads_source(r, env, row->titles.items[k].value))
                return true;
    }
    return false;
}

static bool best_reads_source(const struct reference *r, const struct env *env, const struct expr *e)
{
    for (size_t i = 0; i < e->as.best.alternatives.count; i++)
        if (reads_source(r, env, e->as.best.alternatives.items[i].value) ||
            reads_source(r, env, e->as.best.alternatives.items[i].condition))
            return true;
    return false;
}

/* Can evaluating it ask a source? */
static bool reads_source(const struct reference *r, const struct env *env, const struct expr *e)
{
    const struct decl *let;

    if (!e)
        return false;
    switch ((int)e->kind) {
    case EXPR_NAME:
        let = find_let(env, e->as.reference.name.text);
        if (!let)
            let = find(r, DECL_LET, e->as.reference.name.text);
        return let ? reads_source(r, env, let->as.let.value)
                   : is_source(find(r, DECL_SOURCE, e->as.reference.name.text));
    case EXPR_NEGATE:
    case EXPR_NOT:
    case EXPR_KNOWN: return reads_source(r, env, e->as.operand);
    case EXPR_BINARY: return reads_source(r, env, e->as.binary.left) || reads_source(r, env, e->as.binary.right);
    case EXPR_IS: return reads_source(r, env, e->as.is.operand);
    case EXPR_ROUND: return reads_source(r, env, e->as.round.operand);
    case EXPR_STARTED: return reads_source(r, env, e->as.started.quantity);
    case EXPR_CALL:
        return any_reads_source(r, env, (const struct expr *const *)e->as.call.arguments.items,
                                e->as.call.arguments.count);
    case EXPR_TABLE: return table_reads_source(r, env, e->as.table);
    case EXPR_BEST: return best_reads_source(r, env, e);
    default: return false;
    }
}

/*
 * Kleene's: one operand may decide alone, even when the other is not known. The one that asks no source first, then
 * from left to right.
 */
static struct rv logic(struct reference *r, const struct env *env, const struct expr *e)
{
    bool decisive = e->as.binary.op == OP_OR;
    const struct expr *left = e->as.binary.left, *right = e->as.binary.right;
    bool swap = reads_source(r, env, left) && !reads_source(r, env, right);
    struct rv a = eval(r, env, swap ? right : left), b;

    if (ends(a.state) || (a.state == REF_OK && is_true(a) == decisive))
        return a;
    b = eval(r, env, swap ? left : right);
    if (b.state == REF_OK && is_true(b) == decisive)
        return b;
    return a.state == REF_OK ? b : combine(a, b);
}

static bool holds(enum binary_op op, int order)
{
    switch ((int)op) {
    case OP_EQUAL: return order == 0;
    case OP_DIFFERENT: return order != 0;
    case OP_LESS: return order < 0;
    case OP_LESS_EQUAL: return order <= 0;
    case OP_GREATER: return order > 0;
    default: return order >= 0;
    }
}

static struct rv binary(struct reference *r, const struct env *env, const struct expr *e)
{
    struct rv a, b, out;

    if (e->as.binary.op == OP_OR || e->as.binary.op == OP_AND)
        return logic(r, env, e);
    a = eval(r, env, e->as.binary.left);
    if (ends(a.state))
        return a;
    b = eval(r, env, e->as.binary.right);
    if (a.state != REF_OK || b.state != REF_OK)
        return combine(a, b);
    out = of_integer(r, 0);
    switch ((int)e->as.binary.op) {
    case OP_ADD: mpq_add(*out.q, *a.q, *b.q); return out;
    case OP_SUBTRACT: mpq_sub(*out.q, *a.q, *b.q); return out;
    case OP_MULTIPLY:
    case OP_PERCENT_OF: mpq_mul(*out.q, *a.q, *b.q); return out;
    case OP_DIVIDE:
        if (mpq_sgn(*b.q) == 0)
            return of_state(REF_UNKNOWN);
        mpq_div(*out.q, *a.q, *b.q);
        return out;
    default: return of_integer(r, holds(e->as.binary.op, mpq_cmp(*a.q, *b.q)));
    }
}

static struct rv negated(struct reference *r, struct rv v, bool logical)
{
    struct rv out;

    if (v.state != REF_OK)
        return v;
    if (logical)
        return of_integer(r, !is_true(v));
    out = of_integer(r, 0);
    mpq_neg(*out.q, *v.q);
    return out;
}

/* ------------------------------------------------------------------ titles */

static bool in_interval(struct reference *r, const struct env *env, const struct title *title, struct rv key,
                        const struct title *next)
{
    const struct expr *high = title->high;
    bool high_included = title->high_included;
    int order;

    if (!high && next && next->kind == TITLE_INTERVAL && next->low) { /* « par seuils »: up to the next line */
        high = next->low;
        high_included = !next->low_included;
    }
    if (title->low) {
        order = mpq_cmp(*key.q, *eval(r, env, title->low).q);
        if (order < 0 || (order == 0 && !title->low_included))
            return false;
    }
    if (!high)
        return true;
    order = mpq_cmp(*key.q, *eval(r, env, high).q);
    return order < 0 || (order == 0 && high_included);
}

/* « 1er et 2e enfants », « stagiaire ou agent »: any of them. */
static bool is_one_of(struct reference *r, const struct env *env, const struct expr *e, struct rv key)
{
    if (e->kind == EXPR_BINARY && (e->as.binary.op == OP_OR || e->as.binary.op == OP_AND))
        return is_one_of(r, env, e->as.binary.left, key) || is_one_of(r, env, e->as.binary.right, key);
    return mpq_equal(*eval(r, env, e).q, *key.q);
}

static bool title_fits(struct reference *r, const struct env *env, const struct title *title, struct rv key,
                       const struct title *next)
{
    if (title->kind == TITLE_INTERVAL)
        return in_interval(r, env, title, key, next);
    return title->kind == TITLE_VALUE && is_one_of(r, env, title->value, key);
}

static struct rv eval_is(struct reference *r, const struct env *env, const struct expr *e)
{
    struct rv v = eval(r, env, e->as.is.operand);

    if (v.state != REF_OK)
        return v;
    return of_integer(r, title_fits(r, env, &e->as.is.title, v, NULL));
}

/* ------------------------------------------------------------------ tables */

enum { NO_ROW = -1, STOPPED = -2 };

static int find_kind(const struct title *const *titles, size_t count, enum title_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (titles[i]->kind == kind)
            return (int)i;
    return NO_ROW;
}

/* « comme la dernière tranche »: the highest interval. « hors tranches » is not one. */
static int last_row(struct reference *r, const struct env *env, const struct title *const *titles, size_t count)
{
    int last = NO_ROW;
    mpq_t *highest = NULL;

    for (size_t i = 0; i < count; i++) {
        mpq_t *low = titles[i]->kind == TITLE_INTERVAL && titles[i]->low ? eval(r, env, titles[i]->low).q : NULL;

        if (titles[i]->kind != TITLE_INTERVAL || (highest && (!low || mpq_cmp(*low, *highest) < 0)))
            continue;
        last = (int)i;
        highest = low;
    }
    return last;
}

static bool is_outcome(const struct expr *e, enum outcome outcome)
{
    return e && e->kind == EXPR_OUTCOME && e->as.outcome.outcome == outcome;
}

/* What the act says once of the datum, for when it is not communicated or when its source fails. */
static const struct expr *datum_clause(struct rv v)
{
    if (!v.datum)
        return NULL;
    return v.state == REF_ABSENT ? v.datum->clauses.absent : v.datum->clauses.failed;
}

/*
 * The key is not communicated: a line says what then, or the act does once for the datum. An amount said so is not
 * for a table of rates, which is then not known itself.
 */
static int absent_row(struct reference *r, const struct env *env, const struct title *const *titles, size_t count,
                      struct rv key, struct rv *out)
{
    int row = find_kind(titles, count, key.state == REF_ABSENT ? TITLE_ABSENT : TITLE_FAILED);
    const struct expr *clause = datum_clause(key);

    if (row != NO_ROW)
        return row;
    if (is_outcome(clause, OUTCOME_LAST_ROW))
        return last_row(r, env, titles, count);
    *out = clause && (clause->kind == EXPR_OUTCOME || env->of_amounts) ? eval(r, env, clause) : key;
    return STOPPED;
}

/* The line of these titles that applies; STOPPED when *out is already the result. « si … » titles come first. */
static int pick(struct reference *r, const struct env *env, const struct expr *axis,
                const struct title *const *titles, size_t count, bool thresholds, struct rv *out)
{
    struct rv key;

    for (size_t i = 0; i < count; i++) {
        if (titles[i]->kind != TITLE_CONDITION)
            continue;
        *out = eval(r, env, titles[i]->value);
        if (out->state != REF_OK)
            return STOPPED;
        if (is_true(*out))
            return (int)i;
    }
    key = eval(r, env, axis);
    if (key.state == REF_ABSENT || key.state == REF_FAILED)
        return absent_row(r, env, titles, count, key, out);
    if (key.state != REF_OK) {
        *out = key;
        return STOPPED;
    }
    for (size_t i = 0; i < count; i++)
        if (title_fits(r, env, titles[i], key, thresholds && i + 1 < count ? titles[i + 1] : NULL))
            return (int)i;
    return find_kind(titles, count, TITLE_OTHERS);
}

static struct rv cell(struct reference *r, const struct env *env, const struct expr *e)
{
    return e ? eval(r, env, e) : of_state(REF_NON_PREVU);
}

enum { ROWS = 256 };

static struct rv table_columns(struct reference *r, const struct env *env, const struct table *table,
                               const struct row *row)
{
    const struct title *titles[ROWS];
    struct rv out = of_state(REF_NON_PREVU);
    int column;

    if (!table->grid || (row->cells.count == 1 && table->columns.count != 1))
        return cell(r, env, row->cells.items[0]);
    for (size_t i = 0; i < table->columns.count; i++)
        titles[i] = &table->columns.items[i];
    column = pick(r, env, table->axes.items[table->axes.count - 1], titles, table->columns.count, false, &out);
    if (column == STOPPED)
        return out;
    return column == NO_ROW ? of_state(REF_NON_PREVU) : cell(r, env, row->cells.items[column]);
}

/* Second column of titles: the lines below one first title. */
static struct rv table_group(struct reference *r, const struct env *env, const struct table *table, size_t first)
{
    const struct title *titles[ROWS];
    size_t count = 0;
    struct rv out = of_state(REF_NON_PREVU);
    int row;

    if (table->title_columns > 1 && table->rows.items[first].titles.count < 2)
        return cell(r, env, table->rows.items[first].cells.items[0]); /* « non communiqué : 5,60 € » */
    if (table->title_columns < 2)
        return table_columns(r, env, table, &table->rows.items[first]);
    do
        titles[count] = &table->rows.items[first + count].titles.items[1];
    while (++count < ROWS && first + count < table->rows.count && table->rows.items[first + count].titles.count > 1 &&
           table->rows.items[first + count].titles.items[0].kind == TITLE_BLANK);
    row = pick(r, env, table->axes.items[1], titles, count, table->thresholds, &out);
    if (row == STOPPED)
        return out;
    return row == NO_ROW ? of_state(REF_NON_PREVU)
                         : table_columns(r, env, table, &table->rows.items[first + (size_t)row]);
}

/* Is any cell something else than « non prévu » and the like? */
static bool holds_value(const struct table *table)
{
    for (size_t i = 0; i < table->rows.count; i++)
        for (size_t k = 0; k < table->rows.items[i].cells.count; k++) {
            const struct expr *e = table->rows.items[i].cells.items[k];

            if (e && (e->kind == EXPR_TABLE ? holds_value(e->as.table) : e->kind != EXPR_OUTCOME))
                return true;
        }
    return false;
}

static struct rv eval_table(struct reference *r, const struct env *outer, const struct expr *e)
{
    const struct table *table = e->as.table;
    const struct title *titles[ROWS];
    size_t lines[ROWS], count = 0;
    struct env env = *outer;
    struct rv out = of_state(REF_NON_PREVU);
    int row;

    if (table->unit)
        env.rates = table->unit->percent;
    env.of_amounts = !is_rate(r, e) && holds_value(table);
    for (size_t i = 0; i < table->rows.count && count < ROWS; i++) {
        if (table->rows.items[i].titles.items[0].kind == TITLE_BLANK)
            continue;
        titles[count] = &table->rows.items[i].titles.items[0];
        lines[count++] = i;
    }
    row = pick(r, &env, table->axes.items[0], titles, count, table->thresholds, &out);
    if (row == STOPPED)
        return out;
    return row == NO_ROW ? of_state(REF_NON_PREVU) : table_group(r, &env, table, lines[row]);
}

/* ------------------------------------------------------------------ best-of, outcomes */

/* What does not apply is not looked at; a branch that ends the tariff ends it, one not known leaves it not known. */
static struct rv best_of(struct reference *r, const struct env *env, const struct expr *e)
{
    bool lowest = e->as.best.mode == BEST_FAVORABLE || e->as.best.mode == BEST_LOWEST;
    struct rv best = of_state(REF_SANS_OBJET), unknown = of_state(REF_OK);

    for (size_t i = 0; i < e->as.best.alternatives.count; i++) {
        const struct alternative *a = &e->as.best.alternatives.items[i];
        struct rv v = a->condition ? eval(r, env, a->condition) : of_integer(r, 1);

        if (v.state == REF_OK && !is_true(v))
            continue;
        if (v.state == REF_OK)
            v = eval(r, env, a->value);
        if (v.state == REF_SANS_OBJET)
            continue;
        if (ends(v.state))
            return v;
        if (v.state != REF_OK)
            unknown = unknown.state == REF_OK ? v : combine(unknown, v);
        else if (best.state != REF_OK || (lowest ? mpq_cmp(*v.q, *best.q) < 0 : mpq_cmp(*v.q, *best.q) > 0))
            best = v;
    }
    return unknown.state == REF_OK ? best : unknown;
}

static struct rv outcome(const struct expr *e)
{
    switch ((int)e->as.outcome.outcome) {
    case OUTCOME_NON_PREVU: return of_state(REF_NON_PREVU);
    case OUTCOME_DECISION: return of_state(REF_DECISION);
    case OUTCOME_SANS_OBJET: return of_state(REF_SANS_OBJET);
    default: return of_state(REF_UNKNOWN);
    }
}

static struct rv literal(struct reference *r, const struct env *env, const struct expr *e)
{
    struct rv v = of_number(r, e->as.number.value);

    if (e->as.number.percent || (env->rates && !e->as.number.euro)) {
        mpq_t *hundred = new_number(r);

        mpq_set_ui(*hundred, 100, 1);
        mpq_div(*v.q, *v.q, *hundred);
    }
    return v;
}

static struct rv known(struct reference *r, struct rv v)
{
    return v.state == REF_OK || v.state == REF_ABSENT ? of_integer(r, v.state == REF_OK) : v;
}

static struct rv eval(struct reference *r, const struct env *env, const struct expr *e)
{
    switch ((int)e->kind) {
    case EXPR_NUMBER: return literal(r, env, e);
    case EXPR_BOOLEAN: return of_integer(r, e->as.boolean);
    case EXPR_DATE: return of_integer(r, day_number(e->as.date.year, e->as.date.month, e->as.date.day));
    case EXPR_NAME: return eval_name(r, env, e->as.reference.name.text);
    case EXPR_CALL: return eval_call(r, env, e);
    case EXPR_NEGATE: return negated(r, eval(r, env, e->as.operand), false);
    case EXPR_NOT: return negated(r, eval(r, env, e->as.operand), true);
    case EXPR_BINARY: return binary(r, env, e);
    case EXPR_IS: return eval_is(r, env, e);
    case EXPR_KNOWN: return known(r, eval(r, env, e->as.operand));
    case EXPR_ROUND: return rounded(r, eval(r, env, e->as.round.operand), e);
    case EXPR_STARTED: return started(r, env, e);
    case EXPR_TABLE: return eval_table(r, env, e);
    case EXPR_BEST: return best_of(r, env, e);
    case EXPR_OUTCOME: return outcome(e);
    default: return of_state(REF_UNKNOWN);
    }
}

/* ------------------------------------------------------------------ steps */

static struct rv reduced(struct reference *r, struct rv price, struct rv base, struct rv value, bool rate,
                         bool of_base, bool down)
{
    struct rv out = of_integer(r, 0);
    mpq_t *part = new_number(r);

    if (rate)
        mpq_mul(*part, *value.q, of_base ? *base.q : *price.q);
    else
        mpq_set(*part, *value.q);
    if (down)
        mpq_sub(*out.q, *price.q, *part);
    else
        mpq_add(*out.q, *price.q, *part);
    return out;
}

/* Is what a reduction takes a rate? A table, a name or a best-of is one when any of its values is. */
static bool is_rate(struct reference *r, const struct expr *e)
{
    const struct decl *d;

    switch ((int)e->kind) {
    case EXPR_NUMBER: return e->as.number.percent;
    case EXPR_NAME:
        d = find(r, DECL_INPUT, e->as.reference.name.text);
        if (d)
            return is_type(d, "taux");
        d = find(r, DECL_LET, e->as.reference.name.text);
        return d && is_rate(r, d->as.let.value);
    case EXPR_TABLE:
        if (e->as.table->unit)
            return e->as.table->unit->percent;
        for (size_t i = 0; i < e->as.table->rows.count; i++)
            for (size_t k = 0; k < e->as.table->rows.items[i].cells.count; k++)
                if (e->as.table->rows.items[i].cells.items[k] &&
                    is_rate(r, e->as.table->rows.items[i].cells.items[k]))
                    return true;
        return false;
    case EXPR_BEST: return is_rate(r, e->as.best.alternatives.items[0].value);
    default: return false;
    }
}

/* The price after the operation of a step, its condition being met. */
static struct rv operate(struct reference *r, const struct env *env, const struct step *s, const struct expr *written)
{
    struct rv price = *env->price, value, out;
    bool down = s->kind == STEP_REDUCTION || s->kind == STEP_DEDUCTION;

    if (s->kind == STEP_ROUND)
        return rounded(r, price, s->rounding);
    value = eval(r, env, written);
    if (value.state != REF_OK)
        return value;
    out = of_integer(r, 0);
    switch (s->kind) {
    case STEP_REDUCTION:
    case STEP_DEDUCTION:
    case STEP_MAJORATION:
    case STEP_SUPPLEMENT:
        return reduced(r, price, *env->base, value, is_rate(r, written), s->base == STEP_BASE_INITIAL, down);
    case STEP_FLOOR: return mpq_cmp(*value.q, *price.q) > 0 ? value : price;
    case STEP_CEILING: return mpq_cmp(*value.q, *price.q) < 0 ? value : price;
    case STEP_MULTIPLY: mpq_mul(*out.q, *price.q, *value.q); return out;
    case STEP_DIVIDE: mpq_div(*out.q, *price.q, *value.q); return out;
    case STEP_ROUND: break;
    }
    return of_state(REF_UNKNOWN);
}

/* A condition or a value is not communicated: the step, or else the act for the datum, says what then. */
static struct rv step_absent(struct reference *r, const struct env *env, const struct step *s, struct rv v)
{
    const struct expr *clause = v.state == REF_ABSENT ? s->clauses.absent : s->clauses.failed;

    if (!clause)
        clause = datum_clause(v);
    if (is_outcome(clause, OUTCOME_NO_EFFECT))
        return *env->price;
    if (!clause)
        return v;
    return clause->kind == EXPR_OUTCOME ? outcome(clause) : operate(r, env, s, clause);
}

static struct rv apply_step(struct reference *r, const struct env *env, const struct step *s)
{
    struct rv condition = s->condition ? eval(r, env, s->condition) : of_integer(r, 1), after = condition;

    if (condition.state == REF_OK && !is_true(condition))
        return *env->price;
    if (condition.state == REF_OK)
        after = operate(r, env, s, s->value);
    if (after.state == REF_ABSENT || after.state == REF_FAILED)
        after = step_absent(r, env, s, after);
    if (after.state == REF_OK && mpq_sgn(*after.q) < 0 && s->clauses.negative)
        return eval(r, env, s->clauses.negative);
    return after;
}

/* ------------------------------------------------------------------ a tariff */

/* An absence that reaches the top: what is written there, or else what the act says for the datum. */
static struct rv settle(struct reference *r, const struct env *env, struct rv v, const struct clauses *clauses)
{
    const struct expr *clause = v.state == REF_ABSENT ? clauses->absent : clauses->failed;

    if (v.state != REF_ABSENT && v.state != REF_FAILED)
        return v;
    if (!clause)
        clause = datum_clause(v);
    return clause && !is_outcome(clause, OUTCOME_LAST_ROW) ? eval(r, env, clause) : v;
}

static bool names(const struct exception *a, const struct exception *b)
{
    for (size_t i = 0; i < a->clauses.prevails.count; i++)
        if (b->name.text.length && text_fold_equal(a->clauses.prevails.items[i].text, b->name.text))
            return true;
    return false;
}

/* Those over which another one not yet looked at prevails wait; then those that ask no source; then as written. */
static const struct exception *next_exception(const struct reference *r, const struct env *env, bool *looked_at)
{
    size_t count = env->tariff->as.tariff.exceptions.count, best = count;
    const struct exception *items = env->tariff->as.tariff.exceptions.items;

    for (size_t i = 0; i < count; i++) {
        bool waits = looked_at[i];

        for (size_t k = 0; k < count && !waits; k++)
            waits = !looked_at[k] && names(&items[k], &items[i]);
        if (!waits && (best == count ||
                       (reads_source(r, env, items[best].condition) && !reads_source(r, env, items[i].condition))))
            best = i;
    }
    if (best == count)
        return NULL;
    looked_at[best] = true;
    return &items[best];
}

/* The exception that applies, else the price. *final: no step follows. */
static struct rv first_price(struct reference *r, const struct env *env, bool *final)
{
    const struct decl *tariff = env->tariff;
    bool looked_at[PARAMETERS] = {false};
    const struct exception *e;

    *final = false;
    for (e = next_exception(r, env, looked_at); e; e = next_exception(r, env, looked_at)) {
        struct rv condition = eval(r, env, e->condition);

        if ((condition.state == REF_ABSENT && is_outcome(e->clauses.absent, OUTCOME_NO_EFFECT)) ||
            (condition.state == REF_FAILED && is_outcome(e->clauses.failed, OUTCOME_NO_EFFECT)))
            continue;
        if (condition.state != REF_OK)
            return settle(r, env, condition, &e->clauses);
        if (!is_true(condition))
            continue;
        *final = e->final;
        return settle(r, env, eval(r, env, e->value), &e->clauses);
    }
    return settle(r, env, eval(r, env, tariff->as.tariff.price), &tariff->as.tariff.price_clauses);
}

static struct rv run_tariff(struct reference *r, const struct decl *tariff)
{
    struct env env = {.tariff = tariff};
    bool final;
    struct rv base = first_price(r, &env, &final), price = base;

    if (base.state != REF_OK || final)
        return base;
    env.base = &base;
    env.price = &price;
    for (size_t i = 0; i < tariff->as.tariff.steps.count && price.state == REF_OK; i++)
        price = apply_step(r, &env, &tariff->as.tariff.steps.items[i]);
    return price;
}

enum ref_state reference_evaluate(struct reference *r, const char *tariff, const struct ref_input *inputs,
                                  size_t count, mpq_t amount)
{
    const struct decl *d = find(r, DECL_TARIFF, slice_of(tariff));
    struct rv v;

    r->used = 0;
    r->inputs = inputs;
    r->input_count = count;
    if (!d || !d->as.tariff.price || d->as.tariff.exceptions.count > PARAMETERS)
        return REF_UNKNOWN;
    v = run_tariff(r, d);
    if (v.state == REF_OK)
        mpq_set(amount, *v.q);
    return v.state == REF_ABSENT ? REF_NON_PREVU : v.state;
}

/* ------------------------------------------------------------------ life */

static void *resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

struct reference *reference_new(const char *text, size_t length)
{
    struct reference *r = calloc(1, sizeof *r);
    struct token_options options = {200};

    if (!r)
        return NULL;
    r->numbers = malloc(NUMBERS * sizeof *r->numbers);
    arena_init(&r->arena, (struct allocator){resize, NULL}, 0);
    diag_list_init(&r->diags, &r->arena);
    r->source = (struct source){
        .name = "programme", .bytes = arena_copy_text(&r->arena, text, length), .length = (uint32_t)length};
    if (r->numbers && r->source.bytes)
        parse_source(&r->arena, &r->diags, &r->source, 0, &options, &r->act, &r->literate);
    if (r->numbers && r->source.bytes && r->diags.errors == 0)
        return r;
    reference_free(r);
    return NULL;
}

void reference_free(struct reference *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->made; i++)
        mpq_clear(r->numbers[i]);
    free(r->numbers);
    arena_release(&r->arena);
    free(r);
}
