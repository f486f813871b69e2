/*
 * `delib tester`: the essais of each file, then the cases of each case file; what was expected, what was obtained. With
 * `--mutations`, which small faults they would notice.
 */
#include "cli/essais/cas.h"
#include "cli/essais/couverture.h"
#include "cli/base/edge_loader.h"
#include "cli/essais/mutations.h"
#include "cli/calcul/resultat.h"

enum { OPT_CAS, OPT_COUVERTURE, OPT_MUTATIONS, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_CAS] = {"cas", OPTION_LIST, "C", "fichier de cas (JSON ou YAML) à essayer aussi ; répétable", NULL},
    [OPT_COUVERTURE] = {"couverture", OPTION_FLAG, NULL,
                        "dit ce qu'aucun essai n'atteint, et propose les essais manquants", NULL},
    [OPT_MUTATIONS] = {"mutations", OPTION_FLAG, NULL,
                       "met une faute après l'autre dans le texte et dit celles que rien ne voit", NULL},
    [OPT_JSON] = {"json", OPTION_FLAG, NULL, "rapport en JSON", NULL},
};

struct testing {
    struct run *run;
    const struct arguments *arguments;
    delib_io_json *json;                 /* NULL for a report to people */
    size_t passed, failed;               /* tests of all the files */
    bool faulty;                         /* something could not be read or compiled */
};

/* ---- For people ---- */

/* « (ligne 40) », « (cas.json, ligne 12) », « (cas.json) ». */
static void print_place(struct terminal *terminal, const struct test_result *outcome, const char *main_file)
{
    const char *file = outcome->file == main_file ? "" : outcome->file;

    if (outcome->line)
        terminal_print(terminal, STYLE_DIM, " (%s%sligne %u)", file, *file ? ", " : "", outcome->line);
    else if (*file)
        terminal_print(terminal, STYLE_DIM, " (%s)", file);
}

static void print_outcome(struct terminal *terminal, const struct test_result *outcome, const char *main_file)
{
    terminal_print(terminal, outcome->passed ? STYLE_GOOD : STYLE_BAD, outcome->passed ? "  réussi" : "  échec ");
    terminal_print(terminal, STYLE_PLAIN, "  %s", outcome->name);
    print_place(terminal, outcome, main_file);
    if (!outcome->passed && outcome->obtained)
        terminal_print(terminal, STYLE_PLAIN, " : attendu %s, obtenu %s",
                       outcome->expected ? outcome->expected : "un résultat sans montant", outcome->obtained);
    if (!outcome->passed && outcome->reason)
        terminal_print(terminal, STYLE_PLAIN, " : %s", outcome->reason);
    terminal_print(terminal, STYLE_PLAIN, "\n");
}

/* « 12 réussis, 1 échec ». */
static void print_counts(struct terminal *terminal, const char *title, size_t passed, size_t failed)
{
    terminal_print(terminal, STYLE_PLAIN, "%s : ", title);
    if (passed + failed == 0)
        terminal_print(terminal, STYLE_WARNING, "aucun essai\n");
    else
        terminal_print(terminal, failed ? STYLE_BAD : STYLE_GOOD, "%zu réussi%s, %zu échec%s\n", passed,
                       passed > 1 ? "s" : "", failed, failed > 1 ? "s" : "");
}

static void print_outcomes(struct testing *t, const struct programme *programme, const struct test_results *outcomes,
                           const struct coverage *coverage)
{
    struct terminal *terminal = &t->run->terminal;

    for (size_t i = 0; i < outcomes->count; i++)
        print_outcome(terminal, &outcomes->items[i], programme->file.name);
    print_counts(terminal, programme->file.name, outcomes->count - outcomes->failed, outcomes->failed);
    terminal_print(terminal, STYLE_PLAIN, "  couverture : %s\n", coverage_summary(&t->run->arena, coverage));
    if (argument_given(t->arguments, OPT_COUVERTURE))
        coverage_print(t->run, programme, coverage);
}

/* ---- JSON ---- */

static void write_outcomes(struct testing *t, const struct programme *programme, const struct test_results *outcomes,
                           const struct coverage *coverage, const struct mutation_report *mutations)
{
    const delib_io_api *io = t->run->io;

    io->json_object(t->json, NULL);
    io->json_text(t->json, "fichier", programme->file.name);
    io->json_boolean(t->json, "valide", programme->valid);
    io->json_text(t->json, "problème", programme->problem);
    diagnostics_json(io, t->json, &programme->diagnostics);
    essais_json(t->run, t->json, outcomes);
    if (programme->valid)
        coverage_json(t->run, t->json, coverage);
    else
        io->json_text(t->json, "couverture", NULL);
    if (mutations)
        mutations_json(t->run, t->json, mutations);
    io->json_end(t->json);
}

/* ---- The command ---- */

static void run_tests(struct testing *t, const struct programme *programme, struct test_results *outcomes,
                      struct coverage *coverage)
{
    const struct option_values *paths = &t->arguments->values[OPT_CAS];

    t->faulty = !coverage_new(&t->run->arena, programme->program, coverage) ||
                !essais_run(t->run, programme, outcomes, coverage) || t->faulty;
    for (size_t i = 0; i < paths->count; i++)
        cas_run_file(t->run, programme, paths->items[i], outcomes, coverage);
    t->failed += outcomes->failed;
    t->passed += outcomes->count - outcomes->failed;
}

/* Mutants tell something of tests that pass, and of nothing else. False: `report` is not filled. */
static bool run_mutations(struct testing *t, const struct programme *programme, const struct test_results *outcomes,
                          struct mutation_report *report)
{
    const struct option_values *paths = &t->arguments->values[OPT_CAS];
    struct cas_file **files = arena_array(&t->run->arena, struct cas_file *, paths->count + 1);
    struct test_results refused = { 0 };
    bool done;

    if (!argument_given(t->arguments, OPT_MUTATIONS) || !programme->valid)
        return false;
    if (outcomes->failed) {
        terminal_error(&t->run->terminal,
                       "« %s » : corrigez d'abord ce qui échoue, les mutations n'ont pas été essayées",
                       programme->file.name);
        return false;
    }
    for (size_t i = 0; i < paths->count; i++)
        files[i] = cas_file_new(t->run, paths->items[i], &refused);
    done = !refused.failed && mutations_run(t->run, programme, files, paths->count, report);
    for (size_t i = 0; i < paths->count; i++)
        cas_file_free(t->run, files[i]);
    t->faulty = t->faulty || !done;
    return done;
}

static void test_file(struct testing *t, const char *path)
{
    struct programme programme;
    struct test_results outcomes = { 0 };
    struct coverage coverage = { 0 };
    struct mutation_report mutations;
    bool mutated;

    if (programme_open(t->run, path, &programme))
        run_tests(t, &programme, &outcomes, &coverage);
    else
        t->faulty = true;
    mutated = run_mutations(t, &programme, &outcomes, &mutations);
    if (t->json)
        write_outcomes(t, &programme, &outcomes, &coverage, mutated ? &mutations : NULL);
    else if (mutated)
        mutations_print(t->run, programme.file.name, &mutations);
    else if (programme.valid)
        print_outcomes(t, &programme, &outcomes, &coverage);
    else
        programme_report(t->run, &programme);
    programme_close(&programme);
}

static void test_files(struct testing *t)
{
    for (size_t i = 0; i < t->arguments->operand_count; i++)
        test_file(t, t->arguments->operands[i]);
}

static void test_files_json(struct testing *t)
{
    t->json = edge_json_new(t->run);
    if (!t->json) {
        t->faulty = true;
        return;
    }
    t->run->io->json_object(t->json, NULL);
    t->run->io->json_list(t->json, "fichiers");
    test_files(t);
    t->run->io->json_end(t->json);
    t->run->io->json_integer(t->json, "réussis", (int64_t)t->passed);
    t->run->io->json_integer(t->json, "échecs", (int64_t)t->failed);
    t->run->io->json_end(t->json);
    if (!edge_json_print(t->run, t->json))
        t->faulty = true;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct testing t = { .run = run, .arguments = arguments };

    if (argument_given(arguments, OPT_CAS) && arguments->operand_count > 1) {
        terminal_error(&run->terminal, "--cas ne va qu'avec une seule délibération");
        return EXIT_USAGE;
    }
    if (argument_given(arguments, OPT_JSON))
        test_files_json(&t);
    else
        test_files(&t);
    if (!t.json && arguments->operand_count > 1)
        print_counts(&run->terminal, "Total", t.passed, t.failed);
    return t.failed || t.faulty ? EXIT_FAULT : EXIT_RESULT;
}

const struct command command_tester = {
    .name = "tester",
    .operands = "F…",
    .operand_min = 1,
    .operand_max = ANY_NUMBER,
    .summary = "essaie les exemples des délibérations et les cas d'un fichier",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
