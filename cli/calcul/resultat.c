/*
 * Showing a result to people: first line, explanation, data, what is missing. In JSON: delib_io_json_result().
 */
#include "resultat.h"

#include "cli/base/horloge.h"

#include <string.h>

/* How each outcome is shown and what the program returns. */
static const struct { enum style style; enum exit_code code; } OUTCOMES[] = {
    [DELIB_CALCULE] = { STYLE_STRONG, EXIT_RESULT },
    [DELIB_NON_PREVU] = { STYLE_WARNING, EXIT_RESULT },
    [DELIB_DECISION_INDIVIDUELLE] = { STYLE_WARNING, EXIT_RESULT },
    [DELIB_A_COMPLETER] = { STYLE_WARNING, EXIT_FAULT },
    [DELIB_DONNEE_INVALIDE] = { STYLE_BAD, EXIT_FAULT },
    [DELIB_SOURCE_INDISPONIBLE] = { STYLE_BAD, EXIT_SOURCE },
    [DELIB_SANS_OBJET] = { STYLE_WARNING, EXIT_RESULT },
};

enum exit_code result_exit_code(delib_statut statut)
{
    return OUTCOMES[statut].code;
}

/* ---- Amounts ---- */

static const char EURO[] = "€";

/* units / 10^scale; scale is at most 18, so that it always fits. */
static struct number amount_number(int64_t units, unsigned scale)
{
    struct number value = number_of(0);
    int128 power = 1;

    while (scale--)
        power *= 10;
    number_make(units, power, &value);
    return value;
}

const char *amount_machine(struct arena *arena, int64_t units, unsigned scale)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_number_machine(&text, amount_number(units, scale), 2);
    return text.bytes;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *text_machine(struct arena *arena, const char *text)
{
    const char *euro = text ? strstr(text, EURO) : NULL;
    const char *unit = euro || !text ? euro : strchr(text, '%');
    struct strbuf machine = strbuf_in(arena);
    struct slice amount = slice_of(text);
    struct number value;

    if (unit)
        amount.length = (size_t)(unit - text);
    while (amount.length && !is_digit(amount.bytes[amount.length - 1]))
        amount.length--;                 /* the space before the unit, of any kind */
    if (!number_parse(amount, &value))
        return text;
    strbuf_number_machine(&machine, value, 2);
    return machine.bytes;
}

/* Euros always have their cents; a rate or a count has the decimals it needs. */
static void append_amount(struct strbuf *text, const delib_result *result)
{
    const char *unit = result->unit ? result->unit : "";
    bool euros = strncmp(unit, EURO, sizeof(EURO) - 1) == 0;

    strbuf_number(text, amount_number(result->units, result->scale), euros ? 2 : 0);
    if (*unit)
        strbuf_format(text, " %s", unit);
}

bool result_number(const delib_result *result, struct number *out)
{
    if (result->statut != DELIB_CALCULE || result->text)
        return false;
    *out = amount_number(result->units, result->scale);
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool result_same(const delib_result *a, const delib_result *b)
{
    struct number x, y;

    if (a->statut != b->statut)
        return false;
    if (result_number(a, &x) && result_number(b, &y))
        return number_compare(x, y) == 0 && same_text(a->unit, b->unit);
    return same_text(a->text, b->text) && same_text(a->reason, b->reason);
}

const char *result_text(struct arena *arena, const delib_result *result)
{
    struct strbuf text = strbuf_in(arena);

    if (result->statut != DELIB_CALCULE) {
        strbuf_text(&text, delib_statut_text(result->statut));
        if (result->reason && *result->reason)
            strbuf_format(&text, " : %s", result->reason);
    } else if (result->text) {
        strbuf_text(&text, result->text);
    } else {
        append_amount(&text, result);
    }
    return strbuf_string(&text);
}

/* ---- For people ---- */

static size_t width(const char *text)
{
    return text ? utf8_count(slice_of(text)) : 0;
}

static size_t widest_amount(const delib_session *session)
{
    size_t widest = 0;
    delib_step step;

    for (size_t i = 0; i < delib_session_step_count(session); i++)
        if (delib_session_step(session, i, &step) == DELIB_OK && width(step.amount) > widest)
            widest = width(step.amount);
    return widest;
}

/* « article 5 « Les demandeurs d'emploi… » », either part being optional. */
static void print_citation(struct terminal *terminal, const delib_step *step)
{
    const char *article = step->article ? step->article : "";

    if (*article)
        terminal_print(terminal, STYLE_DIM, " — %s", article);
    if (step->quote && *step->quote)
        terminal_print(terminal, STYLE_DIM, "%s « %s »", *article ? "" : " —", step->quote);
}

/* One line: the amount after the step, aligned on the right, then what was done and why. */
static void print_step(struct terminal *terminal, const delib_step *step, size_t amount_width)
{
    terminal_spaces(terminal, 2 + amount_width - width(step->amount));
    terminal_print(terminal, STYLE_STRONG, "%s", step->amount ? step->amount : "");
    terminal_print(terminal, STYLE_PLAIN, "%s%s", amount_width ? "  " : "", step->text);
    print_citation(terminal, step);
    terminal_print(terminal, STYLE_PLAIN, "\n");
}

static void print_steps(struct terminal *terminal, const delib_session *session)
{
    size_t amount_width = widest_amount(session);
    delib_step step;

    if (delib_session_step_count(session))
        terminal_print(terminal, STYLE_PLAIN, "\nÉtapes\n");
    for (size_t i = 0; i < delib_session_step_count(session); i++)
        if (delib_session_step(session, i, &step) == DELIB_OK)
            print_step(terminal, &step, amount_width);
}

/* « résident : oui — réponse », « quotient familial … : 622 € — API Particulier (CNAF), septembre 2026 ». */
static void print_datum(struct run *run, const delib_datum *datum)
{
    struct terminal *terminal = &run->terminal;

    terminal_print(terminal, STYLE_PLAIN, "  %s : %s", datum->label ? datum->label : datum->name, datum->value);
    if (datum->origin)
        terminal_print(terminal, STYLE_DIM, " — %s", datum->origin);
    if (datum->period)
        terminal_print(terminal, STYLE_DIM, ", %s", date_in_words(&run->arena, datum->period));
    if (datum->obtained)
        terminal_print(terminal, STYLE_DIM, ", obtenu le %s", date_in_words(&run->arena, datum->obtained));
    terminal_print(terminal, STYLE_PLAIN, "\n");
}

static void print_data(struct run *run, const delib_session *session)
{
    delib_datum datum;

    if (delib_session_datum_count(session))
        terminal_print(&run->terminal, STYLE_PLAIN, "\nDonnées utilisées\n");
    for (size_t i = 0; i < delib_session_datum_count(session); i++)
        if (delib_session_datum(session, i, &datum) == DELIB_OK)
            print_datum(run, &datum);
}

static void print_missing(struct terminal *terminal, const delib_session *session)
{
    for (size_t i = 0; i < delib_session_missing_count(session); i++)
        terminal_print(terminal, STYLE_PLAIN, "  à donner : --avec %s=… (%s)\n", delib_session_missing(session, i),
                       delib_session_missing_label(session, i));
}

/* « Pris en charge par le département : 1,20 € par repas » */
static void print_outputs(struct run *run, const delib_session *session)
{
    for (size_t i = 0; i < delib_session_output_count(session); i++) {
        delib_result output;
        const char *label;

        if (delib_session_output(session, i, &output, &label) == DELIB_OK)
            terminal_print(&run->terminal, STYLE_PLAIN, "%s : %s\n", label, result_text(&run->arena, &output));
    }
}

void result_print(struct run *run, const delib_session *session, const delib_result *result, bool explain)
{
    terminal_print(&run->terminal, OUTCOMES[result->statut].style, "%s", result_text(&run->arena, result));
    terminal_print(&run->terminal, STYLE_PLAIN, "\n");
    print_outputs(run, session);
    if (result->statut == DELIB_A_COMPLETER)
        print_missing(&run->terminal, session);
    if (!explain)
        return;
    print_steps(&run->terminal, session);
    print_data(run, session);
}
