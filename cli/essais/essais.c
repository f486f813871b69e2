/*
 * Running the essais of a délibération. Showing how they ended is left to the commands.
 */
#include "essais.h"
#include "cli/calcul/resultat.h"

#include "runtime/coverage.h"

static const char *copy_text(struct run *run, const char *text)
{
    return text ? arena_copy_text(&run->arena, text, slice_of(text).length) : NULL;
}

static void run_essai(struct run *run, const struct programme *programme, delib_session *session, size_t index,
                      struct test_result *out)
{
    delib_essai_result result;
    delib_status status = delib_session_run_essai(session, index, &result);

    *out = (struct test_result){ .file = programme->file.name, .name = "essai", .reason = status_text(status) };
    if (status != DELIB_OK)
        return;
    out->name = copy_text(run, result.name);
    out->tariff = copy_text(run, result.tariff);
    out->line = result.line;
    out->passed = result.passed != 0;
    out->expected = copy_text(run, result.expected);
    out->obtained = copy_text(run, result.obtained);
    out->reason = copy_text(run, result.reason);
}

bool essais_run(struct run *run, const struct programme *programme, struct test_results *outcomes,
                struct coverage *coverage)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    size_t count = delib_program_essai_count(programme->program);
    delib_session *session = NULL;

    options.ask_sources = 0;
    options.trace = coverage != NULL;
    if (count && delib_session_new(programme->program, &options, &session) != DELIB_OK)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct test_result *outcome = arena_push(&run->arena, outcomes);

        run_essai(run, programme, session, i, outcome);
        if (coverage)
            coverage_add(coverage, session);
        outcomes->failed += !outcome->passed;
    }
    delib_session_free(session);
    return true;
}

/* ---- As diagnostics ---- */

/* The text of the line, without its indentation. */
static struct span line_span(const struct source *source, unsigned number)
{
    struct slice line = source_line(source, number);
    size_t start = (size_t)(line.bytes - source->bytes);

    while (line.length && (*line.bytes == ' ' || *line.bytes == '\t')) {
        line.bytes++;
        line.length--;
        start++;
    }
    return (struct span){ .start = (uint32_t)start, .end = (uint32_t)(start + line.length) };
}

static void diagnose(struct diag_list *diags, const struct source *source, const struct test_result *outcome)
{
    struct span span = line_span(source, outcome->line);

    if (outcome->obtained)
        diag_add(diags, DIAG_ESSAI_FAILED, span, "l'essai « %s » attend %s et donne %s", outcome->name,
                 outcome->expected, outcome->obtained);
    else
        diag_add(diags, DIAG_ESSAI_FAILED, span, "l'essai « %s » échoue : %s", outcome->name, outcome->reason);
}

void essais_diagnose(struct run *run, struct programme *programme)
{
    struct source source = file_source(&programme->file);
    struct test_results outcomes = { 0 };
    struct diag_list diags;

    diag_list_init(&diags, &run->arena);
    if (!essais_run(run, programme, &outcomes, NULL))
        return;
    for (size_t i = 0; i < outcomes.count; i++)
        if (!outcomes.items[i].passed)
            diagnose(&diags, &source, &outcomes.items[i]);
    diagnostics_of_source(run, &programme->diagnostics, &source, &diags);
}

/* ---- In JSON ---- */

static void write_outcome(struct run *run, delib_io_json *json, const struct test_result *outcome)
{
    const delib_io_api *io = run->io;

    io->json_object(json, NULL);
    io->json_text(json, "fichier", outcome->file);
    io->json_integer(json, "ligne", outcome->line);
    io->json_text(json, "cas", outcome->name);
    io->json_text(json, "tarif", outcome->tariff);
    io->json_boolean(json, "réussi", outcome->passed);
    io->json_text(json, "attendu", text_machine(&run->arena, outcome->expected));
    io->json_text(json, "obtenu", text_machine(&run->arena, outcome->obtained));
    io->json_text(json, "motif", outcome->reason);
    io->json_end(json);
}

void essais_json(struct run *run, delib_io_json *json, const struct test_results *outcomes)
{
    run->io->json_list(json, "essais");
    for (size_t i = 0; i < outcomes->count; i++)
        write_outcome(run, json, &outcomes->items[i]);
    run->io->json_end(json);
}
