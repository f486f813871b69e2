/*
 * Random programs and inputs: see generator.h. Written top down, like the grammar: each function writes one
 * construct.
 */
#include "generator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ chance, text */

static uint64_t next_random(struct generated *g)
{
    uint64_t z = g->random += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static int below(struct generated *g, int limit)
{
    return (int)(next_random(g) % (uint64_t)limit);
}

static bool chance(struct generated *g, int percent)
{
    return below(g, 100) < percent;
}

__attribute__((format(printf, 2, 3))) static void say(struct generated *g, const char *format, ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(g->text + g->length, sizeof g->text - g->length, format, arguments);
    va_end(arguments);
    if (n > 0 && g->length + (size_t)n < sizeof g->text)
        g->length += (size_t)n;
}

static void new_line(struct generated *g)
{
    say(g, "\n%*s", 2 * g->indent, "");
}

#define PICK(g, ...)                                                                                                 \
    pick_text((g), (const char *const[]){__VA_ARGS__},                                                               \
              (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static const char *pick_text(struct generated *g, const char *const *texts, int count)
{
    return texts[below(g, count)];
}

/* A number in hundredths, as people write it. */
static void say_number(struct generated *g, long hundredths)
{
    long whole = hundredths / 100;

    if (whole >= 1000 && chance(g, 50))
        say(g, "%ld %03ld", whole / 1000, whole % 1000);
    else
        say(g, "%ld", whole);
    if (hundredths % 100)
        say(g, ",%02ld", hundredths % 100);
}

static void remember(struct generated *g, long hundredths)
{
    if (g->bound_count < BOUNDS_MAX)
        g->bounds[g->bound_count++] = hundredths;
}

static const struct generated_input *any_input(struct generated *g, enum input_kind kind)
{
    const struct generated_input *found[INPUTS_MAX];
    int count = 0;

    for (size_t i = 0; i < g->input_count; i++)
        if (g->inputs[i].kind == kind)
            found[count++] = &g->inputs[i];
    return count ? found[below(g, count)] : NULL;
}

/* ------------------------------------------------------------------ bounds and titles */

/* A value of the domain of an input, in hundredths, on its grid; sometimes finer than needed. */
static long random_value(struct generated *g, const struct generated_input *in)
{
    long span = in->high - in->low,
         grid = in->kind == INPUT_RANK || in->kind == INPUT_COUNT || in->kind == INPUT_DURATION ? 100 : 1, v;

    if (grid == 1 && chance(g, 70))
        grid = 100 * (chance(g, 60) && span > 100000 ? 10 : 1);
    v = in->low + (long)(next_random(g) % (uint64_t)(span + 1));
    v = v / grid * grid;
    return v < in->low ? in->low : v;
}

static void say_bound(struct generated *g, const struct generated_input *in, long value)
{
    remember(g, value);
    say_number(g, value);
    if (in->kind == INPUT_AMOUNT || (in->kind == INPUT_QUOTIENT && chance(g, 10)))
        say(g, " €");
    else if (in->kind == INPUT_RATE)
        say(g, " %%");
    else if (in->kind == INPUT_DURATION)
        say(g, " min");
}

/* One interval, in one of the wordings that mean it. */
static void say_interval(struct generated *g, const struct generated_input *in, bool has_low, long low, bool low_in,
                         bool has_high, long high, bool high_in)
{
    const char *before, *middle = "", *after = "";

    if (!has_low) {
        int form = below(g, 3);

        before = high_in     ? (form == 0   ? "≤ "
                                : form == 1 ? "jusqu'à "
                                            : "")
                 : form == 0 ? "< "
                 : form == 1 ? "moins de "
                             : "inférieur à ";
        after = high_in ? (form == 1 ? " inclus" : form == 2 ? " ou moins" : "") : "";
        say(g, "%s", before);
        say_bound(g, in, high);
    } else if (!has_high) {
        int form = below(g, 4);

        before = low_in     ? (form == 0   ? "≥ "
                               : form == 1 ? "à partir de "
                               : form == 2 ? "au moins "
                                           : "")
                 : form < 2 ? "plus de "
                            : "> ";
        after = low_in && form == 3 ? " et plus" : "";
        say(g, "%s", before);
        say_bound(g, in, low);
    } else {
        int form = below(g, 3);

        before = low_in ? (form == 0 ? "de " : form == 1 ? "à partir de " : "") : "plus de ";
        if (high_in)
            middle = low_in && form != 1 ? " à " : form == 2 ? " à " : " et jusqu'à ";
        else
            middle = low_in && form != 1 ? (chance(g, 50) ? " à moins de " : " à < ") : " et moins de ";
        after =
            strcmp(middle, " et jusqu'à ") == 0 || (high_in && low_in && form == 0 && chance(g, 30)) ? " inclus" : "";
        say(g, "%s", before);
        say_bound(g, in, low);
        say(g, "%s", middle);
        say_bound(g, in, high);
    }
    say(g, "%s", after);
}

enum { LINES_MAX = 12 };

/* The lines of an axis: how many, and the cut points between intervals. */
struct axis {
    const struct generated_input *in;
    int lines;
    bool thresholds, ordinals;
    long cut[LINES_MAX];
    bool below_has_cut[LINES_MAX]; /* the lower line includes the cut */
    long gap[LINES_MAX];           /* the upper line starts that much above */
    int omitted;                   /* this line is not written; -1: none */
    bool condition;                /* line 0 is « si … » */
    bool absent;                   /* the last line is « non communiqué » */
};

static void sort_cuts(long *cut, int *count)
{
    int kept = 0;

    for (int i = 0; i < *count; i++)
        for (int k = i; k > 0 && cut[k] < cut[k - 1]; k--) {
            long swap = cut[k];

            cut[k] = cut[k - 1];
            cut[k - 1] = swap;
        }
    for (int i = 0; i < *count; i++)
        if (kept == 0 || cut[i] > cut[kept - 1] + 200)
            cut[kept++] = cut[i];
    *count = kept;
}

static bool is_indexed(const struct generated_input *in)
{
    return in->kind == INPUT_ENUM || in->kind == INPUT_BOOLEAN;
}

static struct axis make_axis(struct generated *g, const struct generated_input *in)
{
    struct axis a = {.in = in, .omitted = -1};
    int cuts = 1 + below(g, in->kind == INPUT_QUOTIENT ? 7 : 3);
    long grid = in->kind == INPUT_RANK || in->kind == INPUT_COUNT || in->kind == INPUT_DURATION ? 100 : 1;

    if (is_indexed(in)) {
        a.lines = in->kind == INPUT_BOOLEAN ? 2 : in->members;
        return a;
    }
    a.ordinals = in->kind == INPUT_RANK && chance(g, 40);
    for (int i = 0; i < cuts; i++)
        a.cut[i] = a.ordinals ? 100 * (i + 2) : random_value(g, in);
    if (!a.ordinals)
        sort_cuts(a.cut, &cuts);
    if (cuts > 0 && a.cut[0] <= in->low) {
        for (int i = 1; i < cuts; i++)
            a.cut[i - 1] = a.cut[i];
        cuts--;
    }
    a.lines = cuts + 1;
    a.thresholds = !a.ordinals && chance(g, 10);
    for (int i = 0; i < cuts; i++) {
        a.below_has_cut[i] = chance(g, 40);
        a.gap[i] = a.below_has_cut[i] && chance(g, 60) && (grid == 100 || in->kind == INPUT_QUOTIENT) ? grid : 0;
    }
    return a;
}

static void say_member(struct generated *g, const struct axis *a, int line)
{
    if (a->in->kind == INPUT_BOOLEAN)
        say(g, "%s", line == 0 ? "oui" : "non");
    else
        say(g, "%s", a->in->member[line]);
}

static void say_title(struct generated *g, const struct axis *a, int line)
{
    bool has_low = line > 0, has_high = line < a->lines - 1;
    long low = has_low ? a->cut[line - 1] + a->gap[line - 1] : a->in->low;
    bool low_in = !has_low || a->gap[line - 1] > 0 || !a->below_has_cut[line - 1];

    if (is_indexed(a->in)) {
        say_member(g, a, line);
    } else if (a->ordinals) {
        say(g, "%d%s%s", line + 1, line == 0 ? "er" : "e",
            has_high ? (chance(g, 30) ? " enfant" : "") : " et suivants");
    } else if (a->thresholds) {
        say(g, "à partir de ");
        say_bound(g, a->in, low);
    } else if (a->lines == 1) {
        say_interval(g, a->in, true, a->in->low, true, false, 0, false);
    } else {
        say_interval(g, a->in, has_low, low, low_in, has_high, has_high ? a->cut[line] : 0,
                     has_high && a->below_has_cut[line]);
    }
}

/* ------------------------------------------------------------------ conditions */

static void say_amount(struct generated *g, int depth);
static void say_condition(struct generated *g, int depth);

static void say_comparison(struct generated *g)
{
    enum input_kind kinds[] = {INPUT_QUOTIENT, INPUT_RANK, INPUT_COUNT,   INPUT_AMOUNT,
                               INPUT_RATE,     INPUT_DATE, INPUT_DURATION};
    const struct generated_input *in = any_input(g, kinds[below(g, 7)]);

    if (!in)
        in = any_input(g, INPUT_RANK);
    if (in->kind == INPUT_DATE) {
        say(g, "%s %s %d %s 2026", in->name, PICK(g, "<", "≤", ">", "≥", "=", "≠"), 2 + below(g, 26),
            PICK(g, "juin", "juillet", "août"));
        return;
    }
    if (chance(g, 30)) {
        long low = random_value(g, in), high = random_value(g, in);

        say(g, "%s est ", in->name);
        if (low < high)
            say_interval(g, in, chance(g, 80), low, chance(g, 60), chance(g, 60), high, chance(g, 50));
        else
            say_interval(g, in, true, low, chance(g, 60), false, 0, false);
        return;
    }
    say(g, "%s %s ", in->name, PICK(g, "<", "≤", ">", "≥", "=", "≠"));
    say_bound(g, in, random_value(g, in));
}

static void say_fact(struct generated *g)
{
    const struct generated_input *in;

    switch (below(g, 6)) {
    case 0:
    case 1:
        in = any_input(g, INPUT_BOOLEAN);
        if (in) {
            say(g, "%s%s", chance(g, 40) ? "non " : "", in->name);
            return;
        }
        break;
    case 2:
        in = any_input(g, INPUT_ENUM);
        if (in) {
            say(g, "%s %s %s", in->name, PICK(g, "=", "≠", "est"), in->member[below(g, in->members)]);
            return;
        }
        break;
    case 3:
        if (g->lets[2] && !g->in_function) {
            say(g, "c%d", below(g, g->lets[2]));
            return;
        }
        break;
    case 4:
        if (chance(g, 40) && (in = any_input(g, INPUT_QUOTIENT))) {
            say(g, "%s est renseigné", in->name);
            return;
        }
        break;
    default: break;
    }
    say_comparison(g);
}

static void say_condition(struct generated *g, int depth)
{
    if (depth <= 0 || chance(g, 45)) {
        say_fact(g);
    } else if (chance(g, 15)) {
        say(g, "non (");
        say_condition(g, depth - 1);
        say(g, ")");
    } else {
        bool or = chance(g, 50);

        say(g, "(");
        say_condition(g, depth - 1);
        say(g, or ? " ou " : " et ");
        say_condition(g, depth - 1);
        say(g, ")");
    }
}

/* ------------------------------------------------------------------ tables */

static const struct generated_input *any_axis(struct generated *g, bool columns)
{
    static const enum input_kind kinds[] = {INPUT_QUOTIENT, INPUT_QUOTIENT, INPUT_QUOTIENT, INPUT_QUOTIENT,
                                            INPUT_RANK,     INPUT_COUNT,    INPUT_ENUM,     INPUT_ENUM,
                                            INPUT_BOOLEAN,  INPUT_AMOUNT,   INPUT_RATE,     INPUT_DURATION};
    const struct generated_input *in;

    do
        in = any_input(g, columns ? kinds[4 + below(g, 5)] : kinds[below(g, 12)]);
    while (!in);
    return in;
}

/* A value of a cell: amounts, or rates. */
static void say_cell(struct generated *g, bool rate, int depth)
{
    if (chance(g, 3))
        say(g, "%s", PICK(g, "non prévu", "sur décision individuelle « à voir »", "non prévu « non publié »"));
    else if (rate)
        say(g, "%d%s %%", below(g, 101), chance(g, 20) ? ",5" : "");
    else
        say_amount(g, depth);
}

static void say_row(struct generated *g, bool rate, int depth)
{
    say(g, " : ");
    say_cell(g, rate, depth);
    new_line(g);
}

static void say_list(struct generated *g, bool rate, int depth)
{
    const struct generated_input *in = any_axis(g, false);
    struct axis a = make_axis(g, in);
    int omitted = a.lines > 1 && chance(g, 8) && !a.thresholds ? below(g, a.lines) : -1;
    bool said = false;

    if (a.thresholds)
        say(g, "barème par seuils ");
    else if (chance(g, 20))
        say(g, "barème ");
    say(g, "selon %s", in->name);
    g->indent++;
    new_line(g);
    if (chance(g, 12) && !g->in_function) {
        say(g, "si ");
        say_condition(g, 1);
        say_row(g, rate, 0);
    }
    for (int i = 0; i < a.lines; i++) {
        if (i == omitted) {
            said = true;
            continue;
        }
        say_title(g, &a, i);
        say_row(g, rate, depth - 1);
    }
    if (said && chance(g, 95)) {
        say(g, "%s", is_indexed(in) ? "autres" : "hors tranches");
        say_row(g, rate, 0);
    }
    if (in->nullable && (chance(g, 40) || !in->clause)) {
        say(g, "non communiqué");
        say_row(g, rate, 0);
    }
    say(g, "fin");
    g->indent--;
    new_line(g);
}

static void say_grid_line(struct generated *g, const struct axis *columns)
{
    for (int c = 0; c < columns->lines; c++) {
        if (chance(g, 3))
            say(g, " |");
        else
            say(g, " %d,%02d |", below(g, 30), below(g, 100));
    }
    if (columns->absent)
        say(g, " %d,%02d |", below(g, 30), below(g, 100));
    new_line(g);
}

static void say_grid_head(struct generated *g, const struct axis *columns, int titles)
{
    say(g, "|%s", titles == 2 ? " | |" : " |");
    for (int c = 0; c < columns->lines; c++) {
        say(g, " ");
        say_title(g, columns, c);
        say(g, " |");
    }
    if (columns->absent)
        say(g, " non communiqué |");
    new_line(g);
}

/* « | 1er titre | 2e titre | … »: with two columns of titles, a blank repeats the one above. */
static void say_grid_group(struct generated *g, const struct axis *rows, int line, const struct axis *second,
                           const struct axis *columns)
{
    for (int i = 0; i < (second ? second->lines : 1); i++) {
        say(g, "| ");
        if (i == 0)
            say_title(g, rows, line);
        say(g, " |");
        if (second) {
            say(g, " ");
            say_title(g, second, i);
            say(g, " |");
        }
        say_grid_line(g, columns);
    }
}

static void say_grid(struct generated *g)
{
    const struct generated_input *in = any_axis(g, false), *across = any_axis(g, true), *middle = any_axis(g, true);
    struct axis rows = make_axis(g, in), columns = make_axis(g, across), second = make_axis(g, middle);
    bool deep = chance(g, 25) && middle != in && middle != across && !middle->nullable;

    if (in == across || columns.thresholds || rows.thresholds || columns.ordinals) {
        say_list(g, false, 0);
        return;
    }
    second.thresholds = false;
    columns.absent = across->nullable && (chance(g, 50) || !across->clause);
    if (deep)
        say(g, "grille en € selon %s et %s et %s", in->name, middle->name, across->name);
    else
        say(g, "grille en € selon %s et %s", in->name, across->name);
    g->indent++;
    new_line(g);
    say_grid_head(g, &columns, deep ? 2 : 1);
    if (chance(g, 10) && !deep) {
        say(g, "| si ");
        say_condition(g, 0);
        say(g, " |");
        say_grid_line(g, &columns);
    }
    for (int i = 0; i < rows.lines; i++)
        say_grid_group(g, &rows, i, deep ? &second : NULL, &columns);
    if (in->nullable && (chance(g, 40) || !in->clause)) {
        if (chance(g, 50) && !deep) {
            say(g, "| non communiqué |");
            say_grid_line(g, &columns);
        } else {
            say(g, "non communiqué : %d,%02d €", below(g, 20), below(g, 100));
            new_line(g);
        }
    }
    say(g, "fin");
    g->indent--;
    new_line(g);
}

/* ------------------------------------------------------------------ amounts and rates */

static void say_money(struct generated *g)
{
    say(g, "%d", below(g, 40));
    if (chance(g, 80))
        say(g, ",%02d", below(g, 100));
    say(g, " €");
}

static void say_rate(struct generated *g, int depth)
{
    const struct generated_input *in = any_input(g, INPUT_RATE);

    if (depth > 0 && g->parentheses == 0 && chance(g, 20))
        say_list(g, true, 0);
    else if (in && chance(g, 20))
        say(g, "%s", in->name);
    else if (g->lets[1] && chance(g, 25) && !g->in_function)
        say(g, "r%d", below(g, g->lets[1]));
    else
        say(g, "%d%s %%", 1 + below(g, 99), chance(g, 30) ? PICK(g, ",5", ",25", ",75") : "");
}

static void say_factor(struct generated *g)
{
    const struct generated_input *in = any_input(g, chance(g, 50) ? INPUT_RANK : INPUT_COUNT);

    if (in && chance(g, 50))
        say(g, "%s", in->name);
    else
        say(g, "%d%s", 1 + below(g, 9), chance(g, 20) ? ",5" : "");
}

static void say_best(struct generated *g, int depth)
{
    int count = 2 + below(g, 2);

    say(g, "%s", g->parentheses ? "(" : "");
    say(g, "%s",
        PICK(g, "la plus favorable de ", "la moins favorable de ", "le plus petit de ", "le plus élevé de "));
    for (int i = 0; i < count; i++) {
        if (i)
            say(g, " ; ");
        if (chance(g, 6))
            say(g, "%s", PICK(g, "sans objet", "non prévu"));
        else
            say_amount(g, depth - 1);
        if (chance(g, 40) && !g->in_function) {
            say(g, " si ");
            say_condition(g, 1);
        }
    }
    say(g, " fin%s", g->parentheses ? ")" : "");
}

static void say_rounding(struct generated *g)
{
    static const char *const modes[] = {"", " le plus proche", " inférieur", " supérieur"};

    switch (below(g, 5)) {
    case 0:
    case 1: say(g, "au centime%s", modes[below(g, 4)]); break;
    case 2: say(g, "à l'euro%s", modes[below(g, 4)]); break;
    case 3: say(g, "à %d centimes%s", (1 + below(g, 5)) * 5, modes[below(g, 3) ? 0 : 2 + below(g, 2)]); break;
    default: say(g, "à %d €%s", 1 + below(g, 5), modes[below(g, 4)]); break;
    }
}

static void say_call(struct generated *g, int depth)
{
    if (g->functions && !g->in_function && chance(g, 60)) {
        say(g, "f%d(", below(g, g->functions));
        say_money(g);
        say(g, " par repas ; ");
        say_factor(g);
        say(g, ")");
        return;
    }
    say(g, "%s(", PICK(g, "maximum", "minimum"));
    g->parentheses++;
    say_amount(g, depth - 1);
    g->parentheses--;
    say(g, " ; ");
    say_money(g);
    say(g, ")");
}

/* An operation is put in parentheses, so that it can stand anywhere. */
static void say_operation(struct generated *g, int depth)
{
    say(g, "(");
    g->parentheses++;
    switch (below(g, 7)) {
    case 0:
        say_amount(g, depth - 1);
        say(g, " + ");
        say_amount(g, depth - 1);
        break;
    case 1:
        say_amount(g, depth - 1);
        say(g, " - ");
        say_money(g);
        break;
    case 2:
        say_amount(g, depth - 1);
        say(g, " × ");
        say_factor(g);
        break;
    case 3:
        say_amount(g, depth - 1);
        say(g, " / %d", 2 + below(g, 11));
        break;
    case 4:
        say_rate(g, 0);
        say(g, " de ");
        say_amount(g, depth - 1);
        break;
    case 5:
        say_amount(g, depth - 1);
        say(g, " %s ", PICK(g, "arrondi", "tronqué"));
        if (chance(g, 50))
            say(g, "au centime");
        else
            say(g, "à l'euro");
        break;
    default:
        if (any_input(g, INPUT_DURATION) && chance(g, 60)) {
            say_money(g);
            say(g, " par %s entamé%s de %s", PICK(g, "quart d'heure", "heure", "demi_heure"), "",
                any_input(g, INPUT_DURATION)->name);
        } else {
            say_amount(g, depth - 1);
            say(g, " / rang");
        }
        break;
    }
    g->parentheses--;
    say(g, ")");
}

static void say_amount(struct generated *g, int depth)
{
    const struct generated_input *in;

    if (depth <= 0) {
        in = chance(g, 15) ? any_input(g, INPUT_AMOUNT) : NULL;
        if (in && !g->in_function)
            say(g, "%s", in->name);
        else if (g->lets[0] && chance(g, 20) && !g->in_function)
            say(g, "m%d", below(g, g->lets[0]));
        else
            say_money(g);
        return;
    }
    switch (below(g, 10)) {
    case 0:
    case 1: say_money(g); break;
    case 2:
    case 3:
        if (g->parentheses)
            say_operation(g, depth);
        else
            say_list(g, false, depth - 1);
        break;
    case 4: say_best(g, depth); break;
    case 5: say_call(g, depth); break;
    case 6:
        if (!g->in_function && !any_input(g, INPUT_QUOTIENT)->nullable) {
            say(g, "(%d,%02d %% de %s)", below(g, 3), below(g, 100), any_input(g, INPUT_QUOTIENT)->name);
            break;
        }
        say_operation(g, depth);
        break;
    default: say_operation(g, depth); break;
    }
}

/* ------------------------------------------------------------------ declarations */

static const char *const usagers[] = {"enfant", "adulte", "senior", "agent"};
static const char *const lieux[] = {"commune", "canton", "ailleurs"};

static struct generated_input *add_input(struct generated *g, enum input_kind kind, const char *name, long low,
                                         long high)
{
    struct generated_input *in = &g->inputs[g->input_count++];

    *in = (struct generated_input){.kind = kind, .low = low, .high = high};
    snprintf(in->name, sizeof in->name, "%s", name);
    return in;
}

/* What happens when it is not communicated: nothing said, « facultatif », or a clause of the datum. */
static void say_absence(struct generated *g, struct generated_input *in, bool amounts)
{
    in->nullable = in->nullable || chance(g, 25);
    in->clause = in->nullable && chance(g, 35);
    if (!in->nullable)
        return;
    if (!in->clause) {
        if (in->kind != INPUT_QUOTIENT)
            say(g, " facultatif");
        return;
    }
    new_line(g);
    if (amounts && chance(g, 50))
        say(g, "  non communiqué : %d,%02d €", below(g, 15), below(g, 100));
    else
        say(g, "  non communiqué : %s",
            amounts && in->kind == INPUT_QUOTIENT && chance(g, 50) ? "comme la dernière tranche" : "non prévu");
}

static void say_inputs(struct generated *g)
{
    struct generated_input *in;

    in = add_input(g, INPUT_QUOTIENT, "qf", 0, 500000);
    in->nullable = chance(g, 70);
    say(g, "entrée qf : quotient%s de 0 à 5 000%s", chance(g, 30) ? " au centime" : "", in->nullable ? "" : "");
    in->nullable = true;
    say_absence(g, in, true);
    in = add_input(g, INPUT_RANK, "rang", 100, 900);
    say(g, "\nentrée rang : entier de 1 à 9%s", chance(g, 50) ? " par défaut 2" : "");
    in = add_input(g, INPUT_COUNT, "jours_venus", 0, 2000);
    say(g, "\nentrée jours_venus : entier de 0 à 20");
    say_absence(g, in, false);
    if (chance(g, 50)) {
        in = add_input(g, INPUT_AMOUNT, "bourse", 0, 30000);
        say(g, "\nentrée bourse : montant en € par repas de 0 € à 300 €");
        say_absence(g, in, false);
    }
    if (chance(g, 30)) {
        in = add_input(g, INPUT_RATE, "aide", 0, 10000);
        say(g, "\nentrée aide : taux");
        say_absence(g, in, false);
    }
    say(g, "\nénumération usager : enfant ; adulte ; senior ; agent");
    say(g, "\nénumération lieu : commune ; canton ; ailleurs");
    in = add_input(g, INPUT_ENUM, "usager", 0, 0);
    in->members = 4;
    in->member = usagers;
    say(g, "\nentrée usager : usager%s", chance(g, 50) ? " par défaut enfant" : "");
    in = add_input(g, INPUT_ENUM, "lieu", 0, 0);
    in->members = 3;
    in->member = lieux;
    say(g, "\nentrée lieu : lieu");
    say_absence(g, in, false);
    in = add_input(g, INPUT_BOOLEAN, "résident", 0, 0);
    say(g, "\nentrée résident : oui_non");
    say_absence(g, in, false);
    if (chance(g, 50)) {
        in = add_input(g, INPUT_BOOLEAN, "sans_emploi", 0, 0);
        say(g, "\nentrée sans_emploi : oui_non");
        say_absence(g, in, false);
    }
    if (chance(g, 40)) {
        in = add_input(g, INPUT_BOOLEAN, "emploi", 0, 0);
        in->source = in->nullable = true;
        say(g, "\nsource emploi « situation » : api_particulier.demandeur_emploi(demandeur)");
        if (chance(g, 60))
            say(g, " à défaut, sur justificatif « avis »");
        in->clause = chance(g, 25);
        if (in->clause)
            say(g, "\n  non communiqué : non prévu");
        if (chance(g, 25))
            say(g, "\n  source indisponible : non prévu");
    }
    if (chance(g, 30)) {
        add_input(g, INPUT_DATE, "arrivée", 0, 0);
        say(g, "\nentrée arrivée : date");
    }
    if (chance(g, 30)) {
        add_input(g, INPUT_DURATION, "attente", 0, 60000);
        say(g, "\nentrée attente : durée en minutes de 0 min à 600 min");
    }
    say(g, "\n");
}

static void say_functions(struct generated *g)
{
    int count = below(g, 3);

    g->in_function = true;
    for (int i = 0; i < count; i++) {
        say(g,
            "fonction f%d(x : montant en € par repas de 0 € à 1 000 € ; n : nombre de 0 à 100) en € par repas = ", i);
        say(g, "%s",
            PICK(g, "x × n + 1 €", "x + n × 0,10 €", "maximum(x ; 3 €)", "x arrondi à l'euro",
                 "20 % de x + 1,5 € × n"));
        say(g, "\n");
    }
    g->in_function = false;
    g->functions = count;
}

static void say_lets(struct generated *g)
{
    int amounts = below(g, 3), rates = below(g, 2), conditions = below(g, 3);

    for (int i = 0; i < amounts; i++) {
        say(g, "soit m%d = ", i);
        say_amount(g, 2);
        say(g, "\n");
        g->lets[0]++;
    }
    for (int i = 0; i < rates; i++) {
        say(g, "soit r%d = ", i);
        say_rate(g, 1);
        say(g, "\n");
        g->lets[1]++;
    }
    for (int i = 0; i < conditions; i++) {
        say(g, "soit c%d = ", i);
        say_condition(g, 2);
        say(g, "\n");
        g->lets[2]++;
    }
}

/* ------------------------------------------------------------------ the tariff */

static void say_exceptions(struct generated *g)
{
    int count = chance(g, 50) ? 0 : 1 + below(g, 3);

    for (int i = 0; i < count; i++) {
        new_line(g);
        say(g, "exception e%d si ", i);
        say_condition(g, 1);
        say(g, " : ");
        if (chance(g, 10))
            say(g, "%s", PICK(g, "non prévu", "sur décision individuelle « cas particulier »"));
        else
            say_money(g);
        if (chance(g, 40))
            say(g, ", sans réduction ni majoration");
        if (i > 0 && chance(g, 90)) {
            say(g, "\n    l'emporte sur e%d", 0);
            for (int k = 1; k < i; k++)
                say(g, ", e%d", k);
        }
        if (chance(g, 92))
            say(g, "\n    non communiqué : %s",
                PICK(g, "sans effet", "sans effet", "sans effet", "non prévu", "12,34 €"));
        if (chance(g, 20))
            say(g, "\n    source indisponible : %s", PICK(g, "sans effet", "non prévu", "12,34 €"));
    }
}

static void say_step_end(struct generated *g, bool rate, bool negative)
{
    if (chance(g, 45)) {
        say(g, " si ");
        say_condition(g, 2);
    }
    if (negative && chance(g, 95))
        say(g, "\n    résultat négatif : %s", PICK(g, "0 €", "0 €", "non prévu"));
    if (chance(g, 95))
        say(g, "\n    non communiqué : %s",
            rate && chance(g, 20) ? "10 %" : PICK(g, "sans réduction", "sans effet", "non prévu"));
    if (chance(g, 20))
        say(g, "\n    source indisponible : %s", PICK(g, "sans réduction", "non prévu"));
}

static void say_step(struct generated *g)
{
    int form = below(g, 12);
    bool down = chance(g, 65);

    new_line(g);
    if (form < 5) {
        say(g, "puis %s ", down ? "réduction" : "majoration");
        if (chance(g, 20)) {
            if (chance(g, 50))
                say(g, "%s ", PICK(g, "du prix de base", "du prix obtenu"));
            say_list(g, true, 0);
        } else {
            say(g, "de ");
            say_rate(g, 0);
            if (chance(g, 85))
                say(g, "%s", PICK(g, " du prix de base", " du prix obtenu"));
        }
        say_step_end(g, true, down);
    } else if (form < 8) {
        say(g, "puis %s ", down ? PICK(g, "réduction", "déduction", "remise") : PICK(g, "supplément", "majoration"));
        if (chance(g, 25)) {
            say_list(g, false, 0);
        } else {
            say(g, "de ");
            say_amount(g, chance(g, 70) ? 0 : 1);
        }
        say_step_end(g, false, down);
    } else if (form < 10) {
        say(g, "puis %s ", PICK(g, "plancher", "plafond"));
        say_amount(g, chance(g, 70) ? 0 : 1);
        say_step_end(g, false, false);
    } else if (form < 11) {
        say(g, "puis %s ", PICK(g, "arrondi", "tronqué"));
        say_rounding(g);
        if (chance(g, 20))
            say_step_end(g, false, false);
    } else {
        say(g, "puis divisé par %d", 2 + below(g, 4));
        say_step_end(g, false, false);
    }
}

static void say_tariff(struct generated *g)
{
    int steps = below(g, 5);

    say(g, "tarif t en € par repas");
    g->indent = 1;
    new_line(g);
    say(g, "prix ");
    if (chance(g, 35))
        say_grid(g);
    else
        say_amount(g, 2 + below(g, 3));
    if (chance(g, 60))
        say(g, "\n    non communiqué : %s", PICK(g, "5,60 €", "8 €", "non prévu"));
    say_exceptions(g);
    for (int i = 0; i < steps; i++)
        say_step(g);
    if (chance(g, 92)) {
        new_line(g);
        say(g, "puis arrondi ");
        say_rounding(g);
    }
    say(g, "\nfin\n");
}

void generate_program(struct generated *g, uint64_t seed)
{
    memset(g, 0, sizeof *g);
    g->random = seed * 0x2545F4914F6CDD1Du + 1;
    say_inputs(g);
    say_functions(g);
    say_lets(g);
    say_tariff(g);
    g->text[g->length] = '\0';
}

/* ------------------------------------------------------------------ inputs */

/* Near a bound that the text writes, half of the time. */
static long input_value(struct generated *g, const struct generated_input *in)
{
    long grid = in->kind == INPUT_RANK || in->kind == INPUT_COUNT || in->kind == INPUT_DURATION ? 100 : 1, v = 0;

    if (g->bound_count == 0 || chance(g, 40))
        return random_value(g, in);
    for (int tries = 0; tries < 5; tries++) {
        v = g->bounds[below(g, (int)g->bound_count)] + grid * (below(g, 3) - 1);
        if (v >= in->low && v <= in->high && v % grid == 0)
            return v;
    }
    return chance(g, 20) ? v : random_value(g, in);
}

static const char *value_text(struct generated *g, size_t i)
{
    const struct generated_input *in = &g->inputs[i];
    char *out = g->values[i];
    long v;

    switch (in->kind) {
    case INPUT_BOOLEAN: return chance(g, 50) ? "oui" : "non";
    case INPUT_ENUM: return in->member[below(g, in->members)];
    case INPUT_DATE: snprintf(out, VALUE_MAX, "2026-%02d-%02d", 5 + below(g, 5), 1 + below(g, 28)); return out;
    case INPUT_QUOTIENT:
    case INPUT_AMOUNT:
    case INPUT_RANK:
    case INPUT_COUNT:
    case INPUT_RATE:
    case INPUT_DURATION: break;
    }
    v = input_value(g, in);
    if (chance(g, 2))
        v = chance(g, 50) ? in->high + 100 : v + 50;
    if (v % 100 == 0 && chance(g, 70))
        snprintf(out, VALUE_MAX, "%ld", v / 100);
    else
        snprintf(out, VALUE_MAX, "%s%ld%c%02ld%s", v < 0 ? "-" : "", labs(v) / 100, chance(g, 50) ? ',' : '.',
                 labs(v) % 100, chance(g, 1) ? "5" : "");
    return out;
}

size_t generate_inputs(struct generated *g, struct ref_input *out)
{
    size_t count = 0;

    for (size_t i = 0; i < g->input_count; i++) {
        if (chance(g, 3) && !g->inputs[i].source)
            continue;
        out[count] = (struct ref_input){.name = g->inputs[i].name};
        if (g->inputs[i].source) {
            out[count].answer = (enum ref_answer)(chance(g, 50) ? 0 : below(g, 4));
            out[count].answered = chance(g, 50) ? "oui" : "non";
            out[count].undeclared = chance(g, 30);
        }
        out[count++].text = chance(g, g->inputs[i].nullable ? 20 : 1) ? NULL : value_text(g, i);
    }
    return count;
}
