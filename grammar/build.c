/*
 * Nodes of expressions, texts, units, dates and tables, as the grammar meets them. Declarations are in build_decl.c.
 */
#include "build.h"
#include "lang/correction.h"

#include <string.h>

/* ------------------------------------------------------------------ spans, names, texts */

struct span build_span(const struct span *first, const struct span *last)
{
    if (!first)
        return (struct span){ last->end, last->end, last->file };
    return (struct span){ first->start, last->end, first->file };
}

struct name build_name(const struct token *token)
{
    return (struct name){ token->text, token->span };
}

struct name build_text_name(const struct token *token)
{
    return (struct name){ build_text(token), token->span };
}

/* Length of a quote or blank at the start (or, reversed, the end) of a text; 0 when there is none. */
static size_t margin(const char *bytes, size_t length, bool at_end)
{
    static const char *const marks[] = {
        " ", "\t", "\n", "\r", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);

        if (length >= n && memcmp(at_end ? bytes + length - n : bytes, marks[i], n) == 0)
            return n;
    }
    return 0;
}

static size_t quote_length(const char *bytes, size_t length, bool at_end)
{
    static const char *const marks[] = { "\"", "\xC2\xAB", "\xC2\xBB", "\xE2\x80\x9C", "\xE2\x80\x9D" };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);

        if (length >= n && memcmp(at_end ? bytes + length - n : bytes, marks[i], n) == 0)
            return n;
    }
    return 0;
}

struct slice build_text(const struct token *token)
{
    struct slice s = token->text;
    size_t n = quote_length(s.bytes, s.length, false);

    s.bytes += n, s.length -= n;
    s.length -= quote_length(s.bytes, s.length, true);
    while ((n = margin(s.bytes, s.length, false)) > 0)
        s.bytes += n, s.length -= n;
    while ((n = margin(s.bytes, s.length, true)) > 0)
        s.length -= n;
    return s;
}

name_list build_names(struct parser *parser, const name_list *names, struct name name)
{
    name_list list = names ? *names : (name_list){ 0 };
    struct name *item = arena_push(parser->arena, &list);

    *item = name;
    return list;
}

expr_list build_exprs(struct parser *parser, const expr_list *exprs, struct expr *expr)
{
    expr_list list = exprs ? *exprs : (expr_list){ 0 };
    struct expr **item = arena_push(parser->arena, &list);

    *item = expr;
    return list;
}

struct slice build_digits(struct parser *parser, struct slice digits, const struct token *token)
{
    struct strbuf out = strbuf_in(parser->arena);

    strbuf_slice(&out, digits);
    for (size_t i = 0; i < token->text.length; i++)
        if (token->text.bytes[i] >= '0' && token->text.bytes[i] <= '9')
            strbuf_char(&out, token->text.bytes[i]);
    return strbuf_result(&out);
}

/* ------------------------------------------------------------------ units, dates, periods */

/* « en euros par repas » is « en € par repas ». */
static bool is_euro(struct slice word)
{
    return text_fold_equal(word, SLICE("euro")) || text_fold_equal(word, SLICE("euros"));
}

struct unit_expr *build_unit(struct parser *parser, bool euro, bool percent, struct unit_expr *per, struct span span)
{
    struct unit_expr *unit = per ? per : arena_new(parser->arena, struct unit_expr);

    unit->euro = euro;
    unit->percent = percent;
    unit->span = span;
    return unit;
}

struct unit_expr *build_unit_per(struct parser *parser, struct unit_expr *unit, struct name per)
{
    struct name *item;

    if (!unit)
        unit = arena_new(parser->arena, struct unit_expr);
    item = arena_push(parser->arena, &unit->per);
    *item = per;
    unit->span = unit->span.end ? span_join(unit->span, per.span) : per.span;
    return unit;
}

struct unit_expr *build_plain_unit(struct parser *parser, struct name name)
{
    bool euro = is_euro(name.text);
    struct unit_expr *unit = build_unit(parser, euro, false, NULL, name.span);

    if (!euro)
        unit->plain = name;
    return unit;
}

struct unit_expr *build_named_unit(struct parser *parser, struct name name, struct unit_expr *per, struct span span)
{
    if (!is_euro(name.text))
        diag_help(parser->diags,
                  diag_add(parser->diags, DIAG_UNKNOWN_UNIT, name.span, "« %.*s par … » n'est pas une unité de prix",
                           SLICE_ARG(name.text)),
                  "écrivez « en € par … »");
    return build_unit(parser, true, false, per, span);
}

struct date build_date(struct parser *parser, const struct expr *expr)
{
    struct diag *diag;

    if (expr->kind == EXPR_ERROR)
        return (struct date){ 0 };
    if (expr->kind == EXPR_DATE)
        return expr->as.date;
    diag = diag_add(parser->diags, DIAG_UNEXPECTED, expr->span, "une date est attendue ici");
    diag_help(parser->diags, diag, "écrivez par exemple « 1er septembre 2026 »");
    return (struct date){ 0 };
}

struct period build_period(struct date from, struct date to, struct span span)
{
    return (struct period){ from, to, span, true };
}

/* ------------------------------------------------------------------ literals */

struct number build_number_value(struct parser *parser, const struct token *token)
{
    struct number value = number_of(0);

    if (!number_parse(token->text, &value) && !memchr(token->text.bytes, '.', token->text.length))
        diag_add(parser->diags, DIAG_NUMBER_TOO_LARGE, token->span,
                 "ce nombre a trop de chiffres pour être calculé exactement");
    return value;
}

static int decimals_written(struct slice text)
{
    const char *comma = memchr(text.bytes, ',', text.length);

    return comma ? (int)(text.bytes + text.length - comma - 1) : 0;
}

struct expr *build_number(struct parser *parser, const struct token *token, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_NUMBER, span);

    e->as.number.value = build_number_value(parser, token);
    e->as.number.decimals = decimals_written(token->text);
    return e;
}

struct expr *build_money(struct parser *parser, const struct token *token, struct unit_expr *per, struct span span)
{
    struct expr *e = build_number(parser, token, span);

    e->as.number.euro = true;
    e->as.number.unit = per;
    if (per)
        per->euro = true;
    return e;
}

struct expr *build_free(struct parser *parser, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_NUMBER, span);

    e->as.number.value = number_of(0);
    e->as.number.euro = true;
    return e;
}

struct expr *build_percent(struct parser *parser, const struct token *token, struct span span)
{
    struct expr *e = build_number(parser, token, span);

    e->as.number.percent = true;
    return e;
}

static struct expr *date_expr(struct parser *parser, int year, int month, int day, struct span span)
{
    struct expr *e = tree_expr(parser->arena, year ? EXPR_DATE : EXPR_DAY, span);

    /* A day without a year recurs; 29 February exists some years. */
    if (!date_exists(year ? year : 2024, month, day)) {
        struct diag *diag =
            diag_add(parser->diags, DIAG_IMPOSSIBLE_DATE, span, "ce jour n'existe pas dans le calendrier");

        if (year && !date_exists(year, month, 28))
            diag_help(parser->diags, diag, "écrivez l'année avec ses quatre chiffres : « 1er septembre 2026 »");
        else
            diag_help(parser->diags, diag, "%s%s compte %u jours", date_month_name(month),
                      year ? " de cette année" : "", date_days_in_month(year ? year : 2024, month));
        return tree_expr(parser->arena, EXPR_ERROR, span);
    }
    e->as.date = (struct date){ (int16_t)year, (uint8_t)month, (uint8_t)day };
    return e;
}

/* A small whole number, its groups and the letters of a rank aside; -1 when the token is not one. */
static int small_integer(const struct token *token)
{
    int value = 0;
    size_t digits = 0;

    for (size_t i = 0; i < token->text.length; i++) {
        char c = token->text.bytes[i];
        bool digit = c >= '0' && c <= '9';

        if (c == ',' || (digit && ++digits > 6))
            return -1;
        if (digit)
            value = value * 10 + (c - '0');
    }
    return value;
}

static struct expr *duration_expr(struct parser *parser, const struct token *hours,
                                  const struct token *const *minutes, struct span span)
{
    struct expr *e = build_number(parser, hours, span);
    int rest = minutes ? small_integer(*minutes) : 0;
    struct number *value = &e->as.number.value;

    if (rest < 0 || rest > 59)
        diag_help(parser->diags,
                  diag_add(parser->diags, DIAG_UNEXPECTED, (*minutes)->span, "les minutes vont de 0 à 59"),
                  "huit heures et trois quarts s'écrivent « 8h45 »");
    else      /* thirty digits at most: there is room for both */
        (void)(number_mul(*value, number_of(60), value) && number_add(*value, number_of(rest), value));
    e->as.number.noun = (struct name){ SLICE("min"), span };
    return e;
}

/* « de 1 a 9 » lacks an accent; anything else lacks more than we can tell. */
static void unexpected_after_noun(struct parser *parser, const struct token *noun, const struct token *number)
{
    struct diag *diag = diag_add(parser->diags, DIAG_UNEXPECTED, number->span,
                                 "ce nombre n'est pas attendu après « %.*s »", SLICE_ARG(noun->text));

    if (slice_is(noun->text, "a") || slice_is(noun->text, "A"))
        correction_word(parser->diags, diag, noun->span, SLICE("à"));
}

struct expr *build_quantity(struct parser *parser, const struct token *token, const struct token *noun,
                            const struct token *const *rest, struct span span)
{
    int month = date_month_of(noun->text);
    struct expr *e;

    if (month)
        return date_expr(parser, rest ? small_integer(*rest) : 0, month, small_integer(token), span);
    if (slice_is(noun->text, "h"))
        return duration_expr(parser, token, rest, span);
    e = build_number(parser, token, span);
    if (is_euro(noun->text))
        e->as.number.euro = true;
    else
        e->as.number.noun = build_name(noun);
    if (rest)
        unexpected_after_noun(parser, noun, *rest);
    return e;
}

struct expr *build_ordinal(struct parser *parser, const struct token *token, const struct token *const *noun,
                           const struct token *const *year, struct span span)
{
    int value = small_integer(token), month = noun ? date_month_of((*noun)->text) : 0;
    struct expr *e;

    if (month)
        return date_expr(parser, year ? small_integer(*year) : 0, month, value, span);
    e = tree_expr(parser->arena, EXPR_NUMBER, span);
    e->as.number.value = number_of(value);
    e->as.number.ordinal = true;
    if (noun)
        e->as.number.noun = build_name(*noun);
    if (year)
        diag_help(parser->diags,
                  diag_add(parser->diags, DIAG_UNEXPECTED, (*year)->span, "ce nombre n'est pas attendu ici"),
                  "un rang et son nom suffisent : « 2e enfant »");
    return e;
}

struct expr *build_started(struct parser *parser, const struct token *token, struct name unit, struct expr *quantity,
                           struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_STARTED, span);

    e->as.started.amount = build_money(parser, token, NULL, token->span);
    e->as.started.unit = unit;
    e->as.started.quantity = quantity;
    return e;
}

struct expr *build_date_literal(struct parser *parser, const struct token *token, struct span span)
{
    struct date date;
    struct expr *e;

    if (!date_parse(token->text, &date)) {
        diag_add(parser->diags, DIAG_IMPOSSIBLE_DATE, span, "« %.*s » n'est pas un jour du calendrier",
                 SLICE_ARG(token->text));
        return tree_expr(parser->arena, EXPR_ERROR, span);
    }
    e = tree_expr(parser->arena, EXPR_DATE, span);
    e->as.date = date;
    return e;
}

struct expr *build_boolean(struct parser *parser, bool value, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_BOOLEAN, span);

    e->as.boolean = value;
    return e;
}

struct expr *build_text_literal(struct parser *parser, const struct token *token, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_TEXT, span);

    e->as.text = build_text(token);
    return e;
}

/* ------------------------------------------------------------------ other expressions */

enum { DEPTH_LIMIT = 1000 };

/* A chain of operations too long for the passes that follow: told once, then an error that absorbs the rest. */
static struct expr *report_chain(struct parser *parser, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_ERROR, span);

    diag_help(parser->diags,
              diag_add(parser->diags, DIAG_NESTING, span, "ce calcul enchaîne plus de %d opérations", DEPTH_LIMIT),
              "découpez-le avec des « soit »");
    e->depth = DEPTH_LIMIT + 1;
    return e;
}

/* Counts one operation more than its operand; beyond the limit, tells it once and gives an error. */
static struct expr *deepen(struct parser *parser, struct expr *e, struct expr *operand)
{
    if (!operand)
        return e;
    if (operand->kind == EXPR_ERROR && operand->depth > DEPTH_LIMIT)
        return operand;
    e->depth = (uint16_t)(operand->depth + 1);
    return e->depth <= DEPTH_LIMIT ? e : report_chain(parser, e->span);
}

struct expr *build_reference(struct parser *parser, struct name name)
{
    struct expr *e = tree_expr(parser->arena, EXPR_NAME, name.span);

    e->as.reference.name = name;
    return e;
}

struct expr *build_member_of(struct parser *parser, struct expr *object, struct name name, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_FIELD, span);

    e->as.field.object = object;
    e->as.field.name = name;
    return deepen(parser, e, object);
}

struct expr *build_call(struct parser *parser, struct name name, expr_list arguments, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_CALL, span);

    e->as.call.name = name;
    e->as.call.arguments = arguments;
    e->as.call.builtin = -1;
    return e;
}

struct expr *build_binary(struct parser *parser, enum binary_op op, struct expr *left, struct expr *right,
                          struct span op_span)
{
    struct expr *e;

    if (left->kind == EXPR_ERROR && left->depth > DEPTH_LIMIT)
        return left;                         /* already told */
    e = tree_binary(parser->arena, op, left, right, op_span);
    return e->depth <= DEPTH_LIMIT ? e : report_chain(parser, op_span);
}

struct expr *build_chain(struct parser *parser, struct expr *low, enum binary_op first, struct expr *middle,
                         enum binary_op second, struct expr *high, struct span first_span, struct span second_span)
{
    return build_binary(parser, OP_AND, build_binary(parser, first, low, middle, first_span),
                        build_binary(parser, second, middle, high, second_span), second_span);
}

struct expr *build_unary(struct parser *parser, enum expr_kind kind, struct expr *operand, struct span span)
{
    struct expr *e = tree_expr(parser->arena, kind, span);

    e->as.operand = operand;
    return deepen(parser, e, operand);
}

struct expr *build_is(struct parser *parser, struct expr *operand, struct title title, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_IS, span);

    if (title.bare_until || title.bare_between)
        title = build_title_checked(parser, title);
    e->as.is.operand = operand;
    e->as.is.title = title;
    return e;
}

struct expr *build_round(struct parser *parser, struct expr *operand, struct rounding_step step, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_ROUND, span);

    e->as.round.operand = operand;
    e->as.round.step = step.step;
    e->as.round.unit = step.unit;
    e->as.round.noun = step.noun;
    e->as.round.mode = step.mode;
    return deepen(parser, e, operand);
}

struct rounding_step build_pas(struct number step, struct unit_expr *unit, struct name noun, int mode)
{
    return (struct rounding_step){ step, unit, noun, (enum rounding)mode };
}

struct rounding_step build_truncation(struct rounding_step step)
{
    step.mode = ROUNDING_DOWN;
    return step;
}

struct expr *build_convert(struct parser *parser, struct expr *operand, struct unit_expr *unit, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_CONVERT, span);

    e->as.convert.operand = operand;
    e->as.convert.unit = unit;
    return deepen(parser, e, operand);
}

struct expr *build_shift(struct parser *parser, bool down, struct expr *operand, struct expr *by,
                         struct expr *condition, struct expr *limit, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_SHIFT, span);

    e->as.shift.operand = operand;
    e->as.shift.by = by;
    e->as.shift.condition = condition;
    e->as.shift.limit = limit;
    e->as.shift.down = down;
    return e;
}

struct expr *build_when(struct parser *parser, enum when when, struct expr *operand, struct expr *other,
                        struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_WHEN, span);

    e->as.when.operand = operand;
    e->as.when.other = other;
    e->as.when.when = when;
    return e;
}

struct expr *build_with(struct parser *parser, struct name tariff, struct name input, struct expr *value,
                        struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_WITH, span);

    e->as.with.tariff = tariff;
    e->as.with.input = input;
    e->as.with.value = value;
    return e;
}

struct expr *build_outcome(struct parser *parser, enum outcome outcome, struct slice reason, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_OUTCOME, span);

    e->as.outcome.outcome = outcome;
    e->as.outcome.reason = reason;
    return e;
}

struct expr *build_best(struct parser *parser, int mode, const alternative_list *alternatives, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_BEST, span);

    e->as.best.mode = (enum best_mode)mode;
    e->as.best.alternatives.items = alternatives->items;
    e->as.best.alternatives.count = alternatives->count;
    e->as.best.alternatives.capacity = alternatives->capacity;
    return e;
}

alternative_list *build_alternatives(struct parser *parser, alternative_list *list, struct alternative alternative)
{
    struct alternative *item;

    if (!list)
        list = arena_new(parser->arena, alternative_list);
    item = arena_push(parser->arena, list);
    *item = alternative;
    return list;
}

struct expr *build_fold(struct parser *parser, int op, struct expr *body, struct name variable, struct expr *list,
                        struct expr *condition, struct expr *if_empty, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_AGGREGATE, span);

    e->as.aggregate.op = (enum aggregate_op)op;
    e->as.aggregate.body = body;
    e->as.aggregate.variable = variable;
    e->as.aggregate.list = list;
    e->as.aggregate.condition = condition;
    e->as.aggregate.if_empty = if_empty;
    return e;
}

struct expr *build_count(struct parser *parser, struct expr *list, struct expr *condition, struct span span)
{
    return build_fold(parser, AGGREGATE_COUNT, NULL, (struct name){ .span = span }, list, condition, NULL, span);
}

struct expr *build_rank(struct parser *parser, struct expr *list, struct expr *condition, struct expr *key,
                        int descending, struct expr *tie, struct span span)
{
    struct expr *e = tree_expr(parser->arena, EXPR_RANK, span);

    e->as.rank.list = list;
    e->as.rank.condition = condition;
    e->as.rank.key = key;
    e->as.rank.descending = descending != 0;
    e->as.rank.tie_harmless = tie && tie->kind == EXPR_OUTCOME;
    e->as.rank.tie = tie && tie->kind != EXPR_OUTCOME ? tie : NULL;
    return e;
}

/* ------------------------------------------------------------------ tables */

static bool is_plain_number(const struct expr *e)
{
    return e->kind == EXPR_NUMBER && !e->as.number.percent;
}

/* The upper bound is in, or it is out: both are shown, the author chooses. */
static void propose_readings(struct parser *parser, struct diag *diag, const struct title *title)
{
    struct slice low = title->low ? source_slice(parser->source, title->low->span) : SLICE("");
    /* A title « jusqu'à » has its upper bound. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    struct slice high = source_slice(parser->source, title->high->span);

    for (int included = 1; included >= 0 && is_plain_number(title->high); included--) {
        struct strbuf words = strbuf_in(parser->arena);

        correction_tranche(&words, low, true, high, included);
        diag_fix(parser->diags, diag, title->span, "%s", words.bytes);
    }
}

struct title build_title_checked(struct parser *parser, struct title title)
{
    struct diag *diag = NULL;
    bool day = title.high && title.high->kind == EXPR_DATE;

    if (title.bare_until) {
        diag = diag_add(parser->diags, DIAG_BARE_UNTIL, title.span,
                        day ? "« jusqu'au » ne dit pas si ce jour est compris"
                            : "« jusqu'à » ne dit pas si la borne est comprise");
        diag_help(parser->diags, diag,
                  day ? "écrivez « jusqu'au … inclus », ou bien « avant le … »"
                      : "écrivez « jusqu'à … inclus » (ou « … ou moins »), ou bien « moins de … »");
        propose_readings(parser, diag, &title);
    } else if (title.bare_between) {
        diag = diag_add(parser->diags, DIAG_BARE_BETWEEN, title.span,
                        day ? "« entre … et … » ne dit pas si ces jours sont compris"
                            : "« entre … et … » ne dit pas si les bornes sont comprises");
        diag_help(parser->diags, diag,
                  day ? "écrivez « du … au … » (les deux jours compris)"
                      : "écrivez « de … à … » (les deux comprises) ou « de … à moins de … »");
        propose_readings(parser, diag, &title);
    }
    title.bare_until = title.bare_between = false;
    return title;
}

/* « 0 – 650 » between two numbers is an interval as communes print it, not a subtraction. */
struct title build_title(struct expr *value)
{
    struct title title = tree_title_value(value);

    if (value->kind == EXPR_OUTCOME && value->as.outcome.outcome == OUTCOME_ABSENT)
        title.kind = TITLE_ABSENT;
    else if (value->kind == EXPR_OUTCOME && value->as.outcome.outcome == OUTCOME_SOURCE_FAILED)
        title.kind = TITLE_FAILED;
    else if (value->kind == EXPR_BINARY && value->as.binary.op == OP_SUBTRACT &&
             is_plain_number(value->as.binary.left) && is_plain_number(value->as.binary.right))
        title = tree_title_interval(value->span, value->as.binary.left, true, value->as.binary.right, true);
    return title;
}

struct table *build_table_head(struct parser *parser, bool thresholds, struct unit_expr *unit)
{
    struct table *table = arena_new(parser->arena, struct table);

    table->thresholds = thresholds;
    table->unit = unit;
    return table;
}

struct table *build_scale_head(struct parser *parser, bool progressive, struct unit_expr *unit)
{
    struct table *table = build_table_head(parser, false, unit);

    table->progressive = progressive;
    table->interpolated = !progressive;
    return table;
}

title_list *build_cells(struct parser *parser, title_list *cells, struct title cell)
{
    struct title *item;

    if (!cells)
        cells = arena_new(parser->arena, title_list);
    item = arena_push(parser->arena, cells);
    *item = build_title_checked(parser, cell);
    return cells;
}

/* A line of a grid, not yet divided into titles and cells: its row has no cell. */
struct table *build_grid_line(struct parser *parser, struct table *table, const title_list *cells, struct span span)
{
    struct row *row = arena_push(parser->arena, &table->rows);

    table->grid = true;
    row->titles = *cells;
    row->span = span;
    return table;
}

struct table *build_row(struct parser *parser, struct table *table, struct title title, struct title cell,
                        struct span span)
{
    struct row *row = arena_push(parser->arena, &table->rows);
    struct title *item = arena_push(parser->arena, &row->titles);
    struct expr **value = arena_push(parser->arena, &row->cells);

    row->span = span;
    *item = build_title_checked(parser, title);
    if (cell.kind == TITLE_VALUE || cell.kind == TITLE_ABSENT || cell.kind == TITLE_FAILED) {
        *value = cell.value;
    } else {                                        /* « A : moins de 390 », in a block of named tranches */
        item = arena_push(parser->arena, &row->titles);
        *item = build_title_checked(parser, cell);
    }
    return table;
}

/* What stands alone on its line is about the row above it, which is not that of the titles of a grid. */
static struct row *row_above(struct parser *parser, struct table *table, struct span span)
{
    size_t titles = table->grid && table->rows.items[0].cells.count == 0;

    if (table->rows.count > titles)
        return &table->rows.items[table->rows.count - 1];
    if (!table->faulty)
        diag_help(parser->diags,
                  diag_add(parser->diags, DIAG_TABLE_SHAPE, span,
                           "ceci se rapporte à la ligne du dessus, et il n'y en a pas"),
                  "écrivez-le sous la ligne dont il parle");
    return NULL;
}

void build_row_citation(struct parser *parser, struct table *table, struct citation *citation, struct span span)
{
    struct row *row = row_above(parser, table, span);

    if (row)
        build_citation_append(&row->citation, citation);
}

void build_row_deliberate(struct parser *parser, struct table *table, struct span span)
{
    struct row *row = row_above(parser, table, span);

    if (row)
        row->deliberate = true;
}

/* A row at fault was reported; the table must not also be told that it has a gap. */
void build_row_error(struct table *table)
{
    table->faulty = true;
}

/* The axes of « selon qf et lieu » were read as a conjunction. */
static void collect_axes(struct parser *parser, expr_list *axes, struct expr *e)
{
    struct expr **item;

    if (e->kind == EXPR_BINARY && e->as.binary.op == OP_AND) {
        collect_axes(parser, axes, e->as.binary.left);
        collect_axes(parser, axes, e->as.binary.right);
        return;
    }
    item = arena_push(parser->arena, axes);
    *item = e;
}

static size_t leading_blanks(const title_list *titles)
{
    size_t n = 0;

    while (n < titles->count && titles->items[n].kind == TITLE_BLANK)
        n++;
    return n;
}

static void report_ragged(struct parser *parser, const struct row *row, size_t found, const struct row *header,
                          size_t expected)
{
    struct diag *diag = diag_add(parser->diags, DIAG_RAGGED_GRID, row->span,
                                 "cette ligne a %zu cases, la première en a %zu", found, expected);

    diag_note(parser->diags, diag, header->span, "première ligne de la grille");
    diag_help(parser->diags, diag, "complétez les cases manquantes ; une case vide veut dire « non prévu »");
}

/* Divides the lines of a grid: the first gives the columns, the `titles` first cells of the others their titles. */
static void shape_grid(struct parser *parser, struct table *table, size_t titles)
{
    struct row header = table->rows.items[0];
    size_t width = header.titles.count;
    row_list rows = { 0 };

    table->title_columns = titles;
    for (size_t i = titles; i < width; i++) {
        struct title *column = arena_push(parser->arena, &table->columns);

        *column = header.titles.items[i];
    }
    for (size_t r = 1; r < table->rows.count; r++) {
        struct row row = table->rows.items[r], *out;
        size_t found = row.titles.count;

        if (row.cells.count == 0) {
            if (found != width) {
                report_ragged(parser, &row, found, &header, width);
                table->faulty = true;
                continue;
            }
            for (size_t i = titles; i < found; i++) {
                struct expr **cell = arena_push(parser->arena, &row.cells);
                struct title *title = &row.titles.items[i];

                *cell = title->value;
                if (title->kind == TITLE_INTERVAL || title->kind == TITLE_CONDITION || title->kind == TITLE_OTHERS)
                    diag_help(parser->diags,
                              diag_add(parser->diags, DIAG_TABLE_SHAPE, title->span,
                                       "un prix est attendu dans cette case"),
                              "écrivez un montant ou un calcul ; une case vide veut dire « non prévu »");
            }
            row.titles.count = titles;
        }
        out = arena_push(parser->arena, &rows);
        *out = row;
    }
    table->rows = rows;
}

static void finish_table(struct parser *parser, struct table *table, struct span span, struct span selon)
{
    table->head = selon;
    table->end = (struct span){ span.end > 3 ? span.end - 3 : 0, span.end, span.file };
    if (table->grid && table->rows.items[0].cells.count == 0) {
        size_t blanks = leading_blanks(&table->rows.items[0].titles);

        if (blanks == 0 || blanks >= table->rows.items[0].titles.count) {
            diag_help(parser->diags,
                      diag_add(parser->diags, DIAG_TABLE_SHAPE, table->rows.items[0].span,
                               "la première ligne d'une grille donne les titres des colonnes"),
                      "laissez vide la case du coin : « |     | colonne 1 | colonne 2 | »");
            table->faulty = true;
            blanks = 1;
        }
        shape_grid(parser, table, blanks);
    } else if (table->grid) {
        diag_help(parser->diags,
                  diag_add(parser->diags, DIAG_TABLE_SHAPE, table->rows.items[0].span,
                           "une grille commence par la ligne des titres de colonnes"),
                  "écrivez-la d'abord : « |     | colonne 1 | colonne 2 | »");
        table->faulty = true;
    } else {
        table->title_columns = 1;
    }
}

/* The lines read in the block, under the head that came before « selon ». */
static void adopt_lines(struct table *head, const struct table *lines)
{
    head->rows = lines->rows;
    head->grid = lines->grid;
    head->faulty = lines->faulty;
}

struct expr *build_table(struct parser *parser, struct table *head, struct expr *axes, struct table *lines,
                         struct span span, struct span selon)
{
    struct expr *e = tree_expr(parser->arena, EXPR_TABLE, span);

    adopt_lines(head, lines);
    collect_axes(parser, &head->axes, axes);
    finish_table(parser, head, span, selon);
    for (size_t i = 0; i < head->rows.count; i++)
        if (!head->grid && head->rows.items[i].titles.count != 1)
            diag_help(parser->diags,
                      diag_add(parser->diags, DIAG_TABLE_SHAPE, head->rows.items[i].titles.items[1].span,
                               "un prix est attendu après « : »"),
                      "écrivez un montant, un calcul ou « non prévu »");
    e->as.table = head;
    return e;
}

static void build_remember_import(struct parser *parser, struct table *table)
{
    struct table **item = arena_push(parser->arena, &parser->act->imports);

    *item = table;
}

struct expr *build_import(struct parser *parser, struct table *head, struct expr *axes, const struct token *file,
                          struct span span, struct span selon)
{
    struct expr *e = tree_expr(parser->arena, EXPR_TABLE, span);

    collect_axes(parser, &head->axes, axes);
    head->head = selon;
    head->grid = true;
    head->import = build_text(file);
    head->import_span = file->span;
    build_remember_import(parser, head);
    e->as.table = head;
    return e;
}

struct table *build_bare_grid(struct parser *parser, struct table *lines)
{
    shape_grid(parser, lines, 0);
    return lines;
}

struct table *build_named_table(struct parser *parser, struct expr *axis, struct table *lines, struct span span,
                                struct span selon)
{
    struct table *table = build_table_head(parser, false, NULL);

    adopt_lines(table, lines);
    collect_axes(parser, &table->axes, axis);
    finish_table(parser, table, span, selon);
    return table;
}
