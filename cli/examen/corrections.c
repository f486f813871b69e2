/*
 * Corrections applied to a text in memory. Nothing is trusted: a correction is kept only when the text that it gives
 * compiles without that fault and without another in its place.
 */
#include "corrections.h"

#include <string.h>

/* Compilations for one file; beyond, what was mended so far is kept and the rest is still told. */
enum { ATTEMPTS = 1000 };

/* ---- Is it better? ---- */

static size_t times(const struct diagnostic_list *list, const delib_diagnostic *wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += strcmp(list->items[i].code, wanted->code) == 0 && strcmp(list->items[i].message, wanted->message) == 0;
    return count;
}

/* D1xx: the text could not be read, hence no check of its meaning was made. */
static bool is_grammar(const delib_diagnostic *diagnostic)
{
    return diagnostic->code[1] == '1';
}

static size_t grammar_faults(const struct diagnostic_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += is_grammar(&list->items[i]);
    return count;
}

/* A name that nobody knew hides what is to be said of the rule where it stands. */
static bool hides_others(const delib_diagnostic *diagnostic)
{
    return is_grammar(diagnostic) || diagnostic->code[1] == '3' || strcmp(diagnostic->code, "D501") == 0 ||
           strcmp(diagnostic->code, "D505") == 0;
}

static bool is_better(const struct diagnostic_list *before, const struct diagnostic_list *after,
                      const delib_diagnostic *fault)
{
    size_t grammar_before = grammar_faults(before), grammar_after = grammar_faults(after);

    if (times(after, fault) >= times(before, fault) || grammar_after > grammar_before ||
        (is_grammar(fault) && grammar_after == grammar_before))
        return false;
    for (size_t i = 0; i < after->count && !hides_others(fault); i++)
        if (after->items[i].is_error && times(after, &after->items[i]) > times(before, &after->items[i]))
            return false;
    return true;
}

/* ---- One correction ---- */

struct correcting {
    struct run *run;
    struct correction *out;
    struct diagnostic_list diagnostics;  /* of the text as it is now */
    size_t attempts;
};

static struct file_text with(struct correcting *correcting, const delib_correction *correction)
{
    struct file_text file = correcting->out->file;
    struct strbuf text = strbuf_in(&correcting->run->arena);
    size_t end = correction->offset + correction->length;

    strbuf_bytes(&text, file.bytes, correction->offset);
    strbuf_text(&text, correction->text);
    strbuf_bytes(&text, file.bytes + end, file.length - end);
    file.bytes = strbuf_string(&text);
    file.length = text.length;
    return file;
}

/* Diagnostics keep their texts in the program, which is let go: what is kept of them is copied. */
static delib_diagnostic copy_of(struct arena *arena, const delib_diagnostic *d)
{
    delib_diagnostic copy = *d;
    delib_correction *corrections = arena_array(arena, delib_correction, d->correction_count + 1);

    copy.file = arena_copy_text(arena, d->file, strlen(d->file));
    copy.message = arena_copy_text(arena, d->message, strlen(d->message));
    for (size_t i = 0; i < d->correction_count; i++) {
        corrections[i] = d->corrections[i];
        corrections[i].file = arena_copy_text(arena, d->corrections[i].file, strlen(d->corrections[i].file));
        corrections[i].text = arena_copy_text(arena, d->corrections[i].text, strlen(d->corrections[i].text));
    }
    copy.corrections = corrections;
    copy.effect = copy.help = copy.printed = NULL;
    return copy;
}

static struct diagnostic_list diagnose(struct correcting *correcting, const struct file_text *file)
{
    struct programme programme;
    struct diagnostic_list list = { 0 };

    correcting->attempts++;
    programme_compile(correcting->run, file, &programme);
    for (size_t i = 0; i < programme.diagnostics.count; i++) {
        delib_diagnostic *item = arena_push(&correcting->run->arena, &list);

        *item = copy_of(&correcting->run->arena, &programme.diagnostics.items[i]);
    }
    list.errors = programme.diagnostics.errors;
    programme_close(&programme);
    return list;
}

/* A module has its own file, which is not the one to correct. */
static bool is_here(const struct correcting *correcting, const delib_diagnostic *diagnostic)
{
    for (size_t i = 0; i < diagnostic->correction_count; i++)
        if (strcmp(diagnostic->corrections[i].file, correcting->out->file.name) != 0)
            return false;
    return diagnostic->correction_count > 0;
}

static bool try_correction(struct correcting *correcting, const delib_diagnostic *fault,
                           const delib_correction *correction, bool chosen)
{
    struct file_text file = with(correcting, correction);
    struct diagnostic_list after = diagnose(correcting, &file);

    if (chosen ? grammar_faults(&after) > grammar_faults(&correcting->diagnostics)
               : !is_better(&correcting->diagnostics, &after, fault))
        return false;
    correcting->out->file = file;
    correcting->out->applied++;
    correcting->diagnostics = after;
    return true;
}

/* The first that can be applied; false when none can any more. */
static bool apply_one(struct correcting *correcting)
{
    for (size_t i = 0; i < correcting->diagnostics.count && correcting->attempts < ATTEMPTS; i++) {
        const delib_diagnostic *fault = &correcting->diagnostics.items[i];

        if (fault->correction_count == 1 && is_here(correcting, fault) &&
            try_correction(correcting, fault, &fault->corrections[0], false))
            return true;
    }
    return false;
}

/* ---- Choices ---- */

/* « hors tranches : non prévu », or in words what a removal does. */
static void print_way(struct run *run, const struct correction *correction, size_t number, const delib_correction *way)
{
    struct slice text = slice_of(way->text);
    struct slice before = { correction->file.bytes + way->offset, way->length };

    while (text.length > 0 && (*text.bytes == ' ' || *text.bytes == '\n' || *text.bytes == '\r'))
        text.bytes++, text.length--;
    while (text.length > 0 && (text.bytes[text.length - 1] == '\n' || text.bytes[text.length - 1] == '\r'))
        text.length--;
    while (before.length > 0 && (before.bytes[before.length - 1] == '\n' || before.bytes[before.length - 1] == '\r'))
        before.length--;
    terminal_print(&run->terminal, STYLE_PLAIN, "  %zu) ligne %u : ", number, way->line);
    if (!text.length)
        terminal_print(&run->terminal, STYLE_PLAIN, "supprimer « %.*s »\n", SLICE_ARG(before));
    else if (!before.length)
        terminal_print(&run->terminal, STYLE_PLAIN, "ajouter « %.*s »\n", SLICE_ARG(text));
    else
        terminal_print(&run->terminal, STYLE_PLAIN, "« %.*s » devient « %.*s »\n", SLICE_ARG(before), SLICE_ARG(text));
}

static void print_choice(struct run *run, const struct correction *correction, const delib_diagnostic *fault)
{
    terminal_print(&run->terminal, STYLE_STRONG, "%s:%u:%u: au choix [%s]: ", fault->file, fault->line, fault->column,
                   fault->code);
    terminal_print(&run->terminal, STYLE_PLAIN, "%s\n", fault->message);
    for (size_t i = 0; i < fault->correction_count; i++)
        print_way(run, correction, i + 1, &fault->corrections[i]);
}

void corrections_print_choices(struct run *run, const struct correction *correction)
{
    for (size_t i = 0; i < correction->choices.count; i++)
        print_choice(run, correction, &correction->choices.items[i]);
}

/* What was typed, without its end of line; empty at the end of the input. */
static void ask(struct run *run, const char *question, char *answer, size_t size)
{
    terminal_print(&run->terminal, STYLE_STRONG, "%s ", question);
    terminal_flush(&run->terminal);
    if (!fgets(answer, (int)size, stdin))
        answer[0] = '\0';
    answer[strcspn(answer, "\r\n")] = '\0';
}

bool corrections_confirm(struct run *run, const char *question)
{
    char answer[16];

    ask(run, question, answer, sizeof answer);
    return strcmp(answer, "o") == 0 || strcmp(answer, "O") == 0 || strcmp(answer, "oui") == 0;
}

/* Asks until one is applied; false when the author has passed over all of them. */
static bool choose_one(struct correcting *correcting, size_t *passed)
{
    char answer[16];

    for (size_t i = 0, seen = 0; i < correcting->diagnostics.count; i++) {
        const delib_diagnostic *fault = &correcting->diagnostics.items[i];
        size_t number;

        if (fault->correction_count < 2 || !is_here(correcting, fault) || seen++ < *passed)
            continue;
        print_choice(correcting->run, correcting->out, fault);
        ask(correcting->run, "Numéro à appliquer (Entrée : aucun) :", answer, sizeof answer);
        number = answer[0] >= '1' && answer[0] <= '9' && !answer[1] ? (size_t)(answer[0] - '0') : 0;
        if (number >= 1 && number <= fault->correction_count &&
            try_correction(correcting, fault, &fault->corrections[number - 1], true))
            return true;
        ++*passed;
    }
    return false;
}

void corrections_apply(struct run *run, bool choose, struct correction *out)
{
    struct correcting correcting = { .run = run, .out = out };
    size_t passed = 0;

    out->original = (struct slice){ out->file.bytes, out->file.length };
    correcting.diagnostics = diagnose(&correcting, &out->file);
    do
        while (apply_one(&correcting))
            ;
    while (choose && choose_one(&correcting, &passed));
    for (size_t i = 0; i < correcting.diagnostics.count; i++) {
        const delib_diagnostic *fault = &correcting.diagnostics.items[i];
        delib_diagnostic *item =
            fault->correction_count > 1 && is_here(&correcting, fault) ? arena_push(&run->arena, &out->choices) : NULL;

        if (item)
            *item = *fault;
    }
}
