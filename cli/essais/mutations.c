/*
 * Each mutant compiled, checked, tried on essais and cases; those that nobody notices compared with the délibération
 * for all families. One arena per mutant, so that memory does not depend on their number.
 */
#include "mutations.h"

#include "cli/calcul/resultat.h"
#include "runtime/analysis/comparison.h"
#include "runtime/analysis/mutants.h"

#include <string.h>

enum { MUTANT_LIMIT = 4000, DATES_MAX = 6 };
/* Steps that one comparison may do: beyond, « non démontré ». */
static const uint64_t COMPARISON_STEPS = 2000000;

struct judging {
    struct run *run;                     /* of the command: what lives as long as the report */
    struct run scratch;                  /* of one mutant */
    const struct programme *original;
    struct cas_file *const *files;
    size_t file_count;
    struct date dates[DATES_MAX];        /* when it is compared */
    size_t date_count;
    struct strbuf proposed;              /* essais proposed so far */
    struct mutation_report *report;
};

/* ---- Texts ---- */

/* The text, with essais at its end: in a block of their own when it is Markdown. */
static struct file_text with_essais(struct judging *j, struct slice text, struct slice essais)
{
    struct file_text file = j->original->file;
    bool literate = file_source(&file).literate;
    struct strbuf whole = strbuf_in(&j->scratch.arena);

    strbuf_slice(&whole, text);
    if (essais.length)
        strbuf_format(&whole, literate ? "\n\n```delib\n%.*s```\n" : "\n%.*s", SLICE_ARG(essais));
    file.bytes = strbuf_string(&whole);
    file.length = whole.length;
    return file;
}

static const char *keep(struct judging *j, const char *text)
{
    return text ? arena_copy_text(&j->run->arena, text, strlen(text)) : NULL;
}

/* ---- Checks, essais, cases ---- */

static size_t times(const struct diagnostic_list *list, const char *code)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += strcmp(list->items[i].code, code) == 0;
    return count;
}

/* A text that no longer reads is not a délibération: no clerk would have voted it. D116 to D119 are readings. */
static bool is_malformed(const struct diagnostic_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].code[1] == '1' && strcmp(list->items[i].code, "D116") < 0)
            return true;
    return false;
}

/* The code of the first error, or of a warning that the délibération does not have; NULL. */
static const char *new_diagnostic(const struct judging *j, const struct programme *mutant)
{
    const struct diagnostic_list *before = &j->original->diagnostics, *after = &mutant->diagnostics;

    for (size_t i = 0; i < after->count; i++)
        if (after->items[i].is_error || times(after, after->items[i].code) > times(before, after->items[i].code))
            return after->items[i].code;
    return mutant->valid ? NULL : "";
}

static const char *first_failure(const struct test_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (!results->items[i].passed)
            return results->items[i].name;
    return NULL;
}

static const char *failed_essai(struct judging *j, const struct programme *mutant)
{
    struct test_results results = { 0 };

    return essais_run(&j->scratch, mutant, &results, NULL) ? first_failure(&results) : NULL;
}

static const char *failed_case(struct judging *j, const struct programme *mutant)
{
    struct test_results results = { 0 };

    for (size_t i = 0; i < j->file_count && !results.failed; i++)
        cas_file_run(&j->scratch, j->files[i], mutant->program, &results, NULL);
    return first_failure(&results);
}

/* ---- The essai that is missing ---- */

/* A member by its name rather than its label; between quotes when it is a code. */
static void write_value(struct strbuf *out, const struct axis *axis, int64_t n)
{
    size_t start = out->length;

    if (axis->type->kind != TYPE_ENUM) {
        strbuf_axis_value(out, axis, n);
        return;
    }
    strbuf_char(out, '"');
    strbuf_axis_machine(out, axis, n);
    if (out->bytes && out->bytes[start + 1] >= '0' && out->bytes[start + 1] <= '9') {
        strbuf_char(out, '"');
        return;
    }
    out->length = start;
    strbuf_axis_machine(out, axis, n);
}

static void write_inputs(struct strbuf *out, const struct axes *axes, const struct box *point)
{
    bool first = true;

    for (size_t i = 0; i < axes->count; i++) {
        const struct coordinate *c = &point->items[i];

        if (!axes->items[i].symbol || axes->items[i].opaque || c->kind == COORDINATE_FREE)
            continue;
        strbuf_text(out, first ? "  " : " ; ");
        strbuf_format(out, "%s = ", axes->items[i].name);
        if (c->kind == COORDINATE_RANGE)
            write_value(out, &axes->items[i], c->lo);
        else
            strbuf_text(out, c->kind == COORDINATE_ABSENT ? "non communiqué" : "source indisponible");
        first = false;
    }
    if (!first)
        strbuf_char(out, '\n');
}

static const char *expected_text(struct arena *arena, const delib_result *result)
{
    switch (result->statut) {
    case DELIB_CALCULE: return result_text(arena, result);
    case DELIB_NON_PREVU: return "non prévu";
    case DELIB_DECISION_INDIVIDUELLE: return "sur décision individuelle";
    case DELIB_SANS_OBJET: return "sans objet";
    case DELIB_A_COMPLETER: case DELIB_DONNEE_INVALIDE: case DELIB_SOURCE_INDISPONIBLE: break;
    }
    return NULL;
}

static void write_essai(struct judging *j, struct strbuf *out, const struct comparison *c,
                        const struct comparison_tariff *t, const struct box *point, const char *expected,
                        struct date date)
{
    strbuf_format(out, "essai « cas manquant %zu »\n", j->report->essais + 1);
    write_inputs(out, &c->matching.axes, point);
    if (date.year) {
        strbuf_text(out, "  date = ");
        strbuf_date(out, date);
        strbuf_char(out, '\n');
    }
    strbuf_format(out, "  attendu %s = %s\nfin\n", t->output ? t->output : t->name, expected);
}

/* Does this text, with this essai, compile and pass? */
static bool passes(struct judging *j, struct slice text, struct slice essai)
{
    struct file_text file = with_essais(j, text, essai);
    struct programme programme;
    bool valid = programme_compile(&j->scratch, &file, &programme), passed;

    passed = valid && !failed_essai(j, &programme);
    programme_close(&programme);
    return passed;
}

/* What the délibération says of the point, from its engine; NULL when it says nothing that an essai can expect. */
static const char *rule_at(struct judging *j, const struct comparison *c, const struct comparison_tariff *t,
                           const struct box *point)
{
    struct delib_program *program = j->original->program;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_tariff tariff = delib_program_tariff(program, t->name);
    delib_session *session = NULL;
    struct region_target target =
        target_of_program(&j->scratch.arena, program, tariff == DELIB_NO_TARIFF ? 0 : (size_t)tariff);
    const char *expected = NULL;
    delib_result result;

    options.ask_sources = 0;
    target.bindings = c->matching.bindings[BEFORE];
    for (size_t i = 0; t->output && i < program->output_count; i++)
        if (text_fold_equal(slice_of(program->outputs[i].name), slice_of(t->output)) &&
            program->outputs[i].tariff == (size_t)tariff)
            target.output = program->outputs[i].symbol;
    if (tariff == DELIB_NO_TARIFF || delib_session_new(program, &options, &session) != DELIB_OK)
        return NULL;
    if (region_evaluate(&target, &c->matching.axes, session, point, &result) == DELIB_OK) {
        expected = expected_text(&j->scratch.arena, &result);
        expected = expected ? arena_copy_text(&j->scratch.arena, expected, strlen(expected)) : NULL;
    }
    delib_session_free(session);
    return expected;
}

/* An essai on this point that the délibération passes and the mutant fails; empty when there is none. */
static struct slice essai_at(struct judging *j, const struct comparison *c, const struct comparison_tariff *t,
                             const struct box *point, struct slice mutant, struct date date)
{
    struct slice original = { j->original->file.bytes, j->original->file.length };
    const char *expected = rule_at(j, c, t, point);
    struct date none = { 0 };

    for (int dated = 0; expected && dated < 2; dated++) {
        struct strbuf essai = strbuf_in(&j->scratch.arena);

        write_essai(j, &essai, c, t, point, expected, dated ? date : none);
        if (passes(j, original, strbuf_result(&essai)) && !passes(j, mutant, strbuf_result(&essai)))
            return strbuf_result(&essai);
    }
    return SLICE("");
}

static struct slice essai_of_tariff(struct judging *j, const struct comparison *c, const struct comparison_tariff *t,
                                    struct slice mutant, struct date date)
{
    enum { POINTS = 8 };
    struct slice essai = SLICE("");

    if (t->fall.found)
        essai = essai_at(j, c, t, &t->fall.point, mutant, date);
    if (!essai.length && t->rise.found)
        essai = essai_at(j, c, t, &t->rise.point, mutant, date);
    for (size_t i = 0; !essai.length && i < t->changes.count && i < POINTS; i++) {
        struct box point = box_copy(&j->scratch.arena, &t->changes.items[i].box);

        if (!point.items)
            break;
        box_point(&c->matching.axes, &t->changes.items[i].box, 0, &point);
        essai = essai_at(j, c, t, &point, mutant, date);
    }
    return essai;
}

/* ---- All families ---- */

struct difference {
    bool differs, doubtful;
    struct slice essai;                  /* empty when none could be made */
};

static bool same_unit(const struct comparison_tariff *t)
{
    const char *before = t->units[BEFORE], *after = t->units[AFTER];

    return before == after || (before && after && strcmp(before, after) == 0);
}

static void compare_at(struct judging *j, const struct programme *mutant, struct date date, struct difference *out)
{
    struct comparison_options options = { .dates = { date, date }, .steps = COMPARISON_STEPS };
    struct comparison comparison;
    const char *fault = NULL;

    if (comparison_make(&j->scratch.arena, j->original->program, mutant->program, &options, &comparison, &fault) !=
        DELIB_OK) {
        out->doubtful = true;
        return;
    }
    out->doubtful = out->doubtful || !comparison_is_complete(&comparison);
    out->differs = out->differs || comparison.lone.count > 0;
    for (size_t i = 0; i < comparison.tariffs.count; i++) {
        const struct comparison_tariff *t = &comparison.tariffs.items[i];

        if (t->changes.count == 0 && same_unit(t))
            continue;
        out->differs = true;
        if (!out->essai.length)
            out->essai = essai_of_tariff(j, &comparison, t, (struct slice){ mutant->file.bytes, mutant->file.length },
                                         date);
    }
}

/* What is proved holds on the first day of each version. */
static struct difference compare_all(struct judging *j, const struct programme *mutant)
{
    struct difference difference = { .essai = SLICE("") };

    for (size_t i = 0; i < j->date_count && !difference.essai.length; i++)
        compare_at(j, mutant, j->dates[i], &difference);
    return difference;
}

static void add_date(struct judging *j, struct date date)
{
    for (size_t i = 0; i < j->date_count; i++)
        if (date_compare(j->dates[i], date) == 0)
            return;
    if (j->date_count < DATES_MAX)
        j->dates[j->date_count++] = date;
}

static void choose_dates(struct judging *j)
{
    const delib_program *program = j->original->program;

    add_date(j, comparison_usual_date(program));
    for (size_t i = 0; i < program->tariff_count; i++)
        for (size_t v = 0; v < program->tariffs[i].version_count; v++)
            if (program->tariffs[i].versions[v].source->period.from.year)
                add_date(j, program->tariffs[i].versions[v].source->period.from);
}

/* ---- One mutant ---- */

static void judge_survivor(struct judging *j, const struct programme *mutant, struct mutant_verdict *verdict)
{
    struct slice text = { mutant->file.bytes, mutant->file.length };
    struct slice proposed = strbuf_result(&j->proposed);
    struct difference difference;

    if (proposed.length && !passes(j, text, proposed)) {
        verdict->fate = FATE_SURVIVED;                 /* an essai proposed for another notices it */
        return;
    }
    difference = compare_all(j, mutant);
    verdict->fate = difference.differs ? FATE_SURVIVED : difference.doubtful ? FATE_UNDECIDED : FATE_SAME;
    if (!difference.essai.length)
        return;
    verdict->essai = arena_copy_text(&j->run->arena, difference.essai.bytes, difference.essai.length);
    strbuf_slice(&j->proposed, difference.essai);
    j->report->essais++;
}

/* False when it is not a mutant: its text no longer reads. */
static bool judge(struct judging *j, const struct programme *mutant, struct mutant_verdict *verdict)
{
    if (is_malformed(&mutant->diagnostics))
        return false;
    verdict->fate = FATE_CHECK;
    verdict->by = new_diagnostic(j, mutant);
    if (!verdict->by) {
        verdict->fate = FATE_ESSAI;
        verdict->by = failed_essai(j, mutant);
    }
    if (!verdict->by) {
        verdict->fate = FATE_CASE;
        verdict->by = failed_case(j, mutant);
    }
    if (!verdict->by)
        judge_survivor(j, mutant, verdict);
    verdict->by = keep(j, verdict->by);
    return true;
}

/* False: the program could not be compiled for want of memory, which says nothing of the mutant. */
static bool judge_mutant(struct judging *j, const struct mutant *mutant)
{
    struct mutant_verdict verdict = { .line = mutant->line, .words = mutant->words }, *item;
    struct file_text file = with_essais(j, mutant_text(&j->scratch.arena, j->original->program, mutant), SLICE(""));
    struct programme programme;
    bool compiled = programme_compile(&j->scratch, &file, &programme) || !programme.problem;

    if (compiled && judge(j, &programme, &verdict)) {
        item = arena_push(&j->run->arena, j->report);
        *item = verdict;
        j->report->fates[verdict.fate]++;
    } else {
        j->report->total--;
    }
    programme_close(&programme);
    arena_reset(&j->scratch.arena);
    return compiled;
}

bool mutations_run(struct run *run, const struct programme *programme, struct cas_file *const *files, size_t file_count,
                   struct mutation_report *out)
{
    struct judging j = { .run = run, .scratch = *run, .original = programme, .files = files, .file_count = file_count,
                         .proposed = strbuf_in(&run->arena), .report = out };
    struct mutants mutants;
    bool done = true;

    *out = (struct mutation_report){ 0 };
    mutants_of_program(&run->arena, programme->program, MUTANT_LIMIT, &mutants);
    arena_init(&j.scratch.arena, run->arena.allocator, 0);
    out->total = mutants.total;
    choose_dates(&j);
    for (size_t i = 0; done && i < mutants.count; i++)
        done = judge_mutant(&j, &mutants.items[i]);
    arena_release(&j.scratch.arena);
    return done;
}

/* ---- Telling ---- */

unsigned mutations_score(const struct mutation_report *report)
{
    size_t noticed = report->fates[FATE_CHECK] + report->fates[FATE_ESSAI] + report->fates[FATE_CASE];
    size_t counted = report->count - report->fates[FATE_SAME];

    return counted ? (unsigned)(1000 * noticed / counted) : 1000;
}

/* « 2 vus par les contrôles »: the word that takes an s, then the rest. */
static const struct { const char *word, *rest, *json; } FATES[FATE_COUNT] = {
    [FATE_CHECK] = { "vu", " par les contrôles", "contrôle" },
    [FATE_ESSAI] = { "vu", " par les essais", "essai" },
    [FATE_CASE] = { "vu", " par les cas", "cas" },
    [FATE_SAME] = { "prouvé", " sans effet", "sans effet" },
    [FATE_SURVIVED] = { "survivant", "", "survivant" },
    [FATE_UNDECIDED] = { "non démontré", "", "non démontré" },
};

static void print_survivor(struct terminal *terminal, const struct mutant_verdict *verdict)
{
    terminal_print(terminal, STYLE_WARNING, "  %s",
                   verdict->fate == FATE_SURVIVED ? "survivant" : "non démontré");
    terminal_print(terminal, STYLE_PLAIN, "  ligne %u : %s\n", verdict->line, verdict->words);
}

void mutations_print(struct run *run, const char *name, const struct mutation_report *report)
{
    unsigned score = mutations_score(report);

    for (size_t i = 0; i < report->count; i++)
        if (report->items[i].fate == FATE_SURVIVED || report->items[i].fate == FATE_UNDECIDED)
            print_survivor(&run->terminal, &report->items[i]);
    if (report->essais)
        terminal_print(&run->terminal, STYLE_STRONG, "\n-- Essais qui manquent, à relire puis à coller :\n");
    for (size_t i = 0; i < report->count; i++)
        if (report->items[i].essai)
            terminal_print(&run->terminal, STYLE_PLAIN, "%s", report->items[i].essai);
    if (report->essais)
        terminal_print(&run->terminal, STYLE_PLAIN, "\n");
    terminal_print(&run->terminal, STYLE_PLAIN, "%s : %zu mutant%s", name, report->count,
                   report->count > 1 ? "s" : "");
    for (size_t i = 0; i < FATE_COUNT; i++)
        if (report->fates[i])
            terminal_print(&run->terminal, STYLE_PLAIN, ", %zu %s%s%s", report->fates[i], FATES[i].word,
                           report->fates[i] > 1 ? "s" : "", FATES[i].rest);
    terminal_print(&run->terminal, STYLE_PLAIN, " ; score ");
    terminal_print(&run->terminal, score == 1000 ? STYLE_GOOD : STYLE_WARNING, "%u,%u %%\n", score / 10, score % 10);
    if (report->total > report->count)
        terminal_hint(&run->terminal, "%zu autres mutants n'ont pas été essayés : la limite est de %d",
                      report->total - report->count, MUTANT_LIMIT);
}

void mutations_json(struct run *run, delib_io_json *json, const struct mutation_report *report)
{
    const delib_io_api *io = run->io;
    struct strbuf score = strbuf_in(&run->arena);

    strbuf_format(&score, "%u.%u", mutations_score(report) / 10, mutations_score(report) % 10);
    io->json_object(json, "mutations");
    io->json_text(json, "score", score.bytes);
    io->json_integer(json, "essayés", (int64_t)report->count);
    io->json_integer(json, "non_essayés", (int64_t)(report->total - report->count));
    io->json_list(json, "mutants");
    for (size_t i = 0; i < report->count; i++) {
        io->json_object(json, NULL);
        io->json_integer(json, "ligne", report->items[i].line);
        io->json_text(json, "mutant", report->items[i].words);
        io->json_text(json, "sort", FATES[report->items[i].fate].json);
        io->json_text(json, "vu_par", report->items[i].by);
        io->json_text(json, "essai", report->items[i].essai);
        io->json_end(json);
    }
    io->json_end(json);
    io->json_end(json);
}
