/*
 * Reading and running the cases of a file. Showing how they ended is left to commande_tester.c.
 */
#include "cas.h"

#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"
#include "cli/calcul/resultat.h"

#include "lang/number.h"
#include "runtime/coverage.h"

struct cas {
    const char *id;
    unsigned line;
    const char *tariff;                  /* NULL: the default tariff of the file */
    const delib_value *inputs;           /* a record; NULL: none */
    const delib_value *expected;         /* NULL when `fault` is set */
    const char *fault;                   /* French: why the case cannot be run; NULL */
};

struct cas_file {
    const char *name;
    delib_io_document *document;         /* owned; the cases are borrowed from it */
    struct cas *items;
    size_t count, capacity;
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French: why there is nothing to run; NULL */
};

/* ---- Reading ---- */

/* Keys compare without accents: "entrees", "entrées". */
static const delib_value *member(const delib_value *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (text_fold_equal(slice_of(record->names[i]), slice_of(name)))
            return &record->items[i];
    return NULL;
}

/* Machine text of a number: "3.30", or "12" for a bare 12. */
static const char *number_text(struct arena *arena, const delib_value *value)
{
    struct strbuf text = strbuf_in(arena);
    struct number number = number_of(0);
    int128 power = 1;

    for (unsigned i = 0; i < value->scale; i++)
        power *= 10;
    number_make(value->units, power, &number);
    strbuf_number_machine(&text, number, (int)value->scale);
    return text.bytes;
}

/* A copy, which outlives the document; NULL when the value is neither a text nor a number. */
static const char *scalar_text(struct arena *arena, const delib_value *value)
{
    if (value && value->kind == DELIB_VALUE_TEXT)
        return arena_copy_text(arena, value->text, slice_of(value->text).length);
    return value && value->kind == DELIB_VALUE_NUMBER ? number_text(arena, value) : NULL;
}

static const char *default_id(struct arena *arena, size_t position)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "cas %zu", position + 1);
    return text.bytes;
}

static bool is_expectation(const delib_value *value)
{
    return value->kind == DELIB_VALUE_TEXT || value->kind == DELIB_VALUE_NUMBER || value->kind == DELIB_VALUE_ABSENT;
}

/* A fault of one case fails that case alone. */
static void read_cas(struct run *run, const struct cas_file *file, const delib_value *value, struct cas *out)
{
    const delib_value *tariff;
    unsigned column;

    run->io->document_place(file->document, value, &out->line, &column);
    out->id = default_id(&run->arena, file->count - 1);
    if (value->kind != DELIB_VALUE_RECORD) {
        out->fault = "un cas s'écrit { \"id\": …, \"entrees\": …, \"attendu\": … }";
        return;
    }
    if (scalar_text(&run->arena, member(value, "id")))
        out->id = scalar_text(&run->arena, member(value, "id"));
    tariff = member(value, "tarif");
    out->tariff = scalar_text(&run->arena, tariff);
    out->inputs = member(value, "entrees");
    out->expected = member(value, "attendu");
    if (tariff && tariff->kind != DELIB_VALUE_TEXT)
        out->fault = "« tarif » doit être un nom";
    else if (out->inputs && out->inputs->kind != DELIB_VALUE_RECORD)
        out->fault = "« entrees » doit être un objet { \"nom\": valeur }";
    else if (!out->expected)
        out->fault = "« attendu » manque : un montant, ou null quand il n'y en a pas";
    else if (!is_expectation(out->expected))
        out->fault = "« attendu » doit être un montant ou null";
}

static bool read_cases(struct run *run, struct cas_file *out)
{
    const delib_value *root = run->io->document_root(out->document);
    const delib_value *list = root && root->kind == DELIB_VALUE_RECORD ? member(root, "cas") : NULL;

    if (!list || list->kind != DELIB_VALUE_LIST) {
        struct strbuf text = strbuf_in(&run->arena);

        strbuf_format(&text, "« %s » n'est pas un fichier de cas : on attend { \"cas\": [ … ] }", out->name);
        out->problem = text.bytes;
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct cas *cas = arena_push(&run->arena, out);

        read_cas(run, out, &list->items[i], cas);
    }
    return true;
}

/* Loads the edge library when needed. False: `problem` or `diagnostics` says why. To be closed in both cases. */
static bool cas_file_open(struct run *run, const char *path, struct cas_file *out)
{
    struct file_text file;
    delib_status status;

    *out = (struct cas_file){ .name = path };
    if (!edge_load(run) || !file_read(&run->arena, path, &file, &out->problem))
        return false;
    out->name = file.name;
    status = run->io->document_read(file.name, file.bytes, file.length, DELIB_IO_AUTO, NULL, &out->document);
    if (status == DELIB_OK)
        return read_cases(run, out);
    if (out->document)
        diagnostics_of_document(run, &out->diagnostics, out->document);
    if (!out->diagnostics.errors)
        out->problem = status_text(status);
    return false;
}

/* ---- Comparing ---- */

/* Results that the act itself gives without an amount. A missing answer or a failed source is not one of them. */
static bool is_without_amount(delib_statut statut)
{
    return statut == DELIB_NON_PREVU || statut == DELIB_DECISION_INDIVIDUELLE || statut == DELIB_DONNEE_INVALIDE ||
           statut == DELIB_SANS_OBJET;
}

static bool amount_is(struct arena *arena, const delib_value *expected, const delib_result *result)
{
    const char *text = scalar_text(arena, expected);
    struct number wanted, obtained;

    return number_parse(slice_of(text), &wanted) &&
           number_parse(slice_of(amount_machine(arena, result->units, result->scale)), &obtained) &&
           number_compare(wanted, obtained) == 0;
}

static bool is_expected(struct arena *arena, const delib_value *expected, const delib_result *result)
{
    if (expected->kind == DELIB_VALUE_ABSENT)
        return is_without_amount(result->statut);
    if (result->statut != DELIB_CALCULE)
        return expected->kind == DELIB_VALUE_TEXT &&
               text_fold_equal(slice_of(expected->text), slice_of(delib_statut_text(result->statut)));
    if (result->text)
        return expected->kind == DELIB_VALUE_TEXT &&
               text_fold_equal(slice_of(expected->text), slice_of(result->text));
    return amount_is(arena, expected, result);
}

/* ---- Running ---- */

struct case_run {
    struct run *run;
    delib_program *program;
    const struct cas *cas;
    struct coverage *coverage;           /* NULL: not asked for */
    delib_tariff tariff;
    delib_session *session;
    const delib_value *date;             /* the member used as the date of the service, not as an input; NULL */
    delib_result result;
};

static delib_status new_session(struct case_run *c, const char *date)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;

    options.date = date;
    options.ask_sources = 0;
    options.trace = c->coverage != NULL;
    delib_session_free(c->session);
    c->session = NULL;
    return delib_session_new(c->program, &options, &c->session);
}

/* A `date` that no input takes is the date of the service, with which the session must be made. */
static delib_status open_session(struct case_run *c)
{
    const delib_value *date = c->cas->inputs ? member(c->cas->inputs, "date") : NULL;
    const char *iso = date && date->kind == DELIB_VALUE_TEXT ? date_to_iso(&c->run->arena, date->text) : NULL;
    delib_status status = new_session(c, NULL);

    if (status != DELIB_OK || !iso || delib_session_set(c->session, "date", date) != DELIB_INVALID)
        return status;
    c->date = date;
    return new_session(c, iso);
}

static delib_status set_inputs(struct case_run *c)
{
    const delib_value *inputs = c->cas->inputs;
    delib_status status = DELIB_OK;

    for (size_t i = 0; status == DELIB_OK && inputs && i < inputs->count; i++)
        if (&inputs->items[i] != c->date)
            status = delib_session_set(c->session, inputs->names[i], &inputs->items[i]);
    return status;
}

/* NULL when there is a result, else the French reason why there is none. */
static const char *compute(struct case_run *c)
{
    const char *problem = NULL;
    delib_status status;

    c->tariff = programme_tariff(c->run, c->program, c->cas->tariff, &problem);
    if (c->tariff == DELIB_NO_TARIFF)
        return problem;
    status = open_session(c);
    if (status == DELIB_OK)
        status = set_inputs(c);
    if (status == DELIB_OK)
        status = delib_evaluate(c->session, c->tariff, &c->result);
    if (status == DELIB_OK)
        return NULL;
    /* The session belongs to this case alone: its words are copied. */
    problem = c->session ? delib_session_error(c->session) : "";
    return status == DELIB_INVALID && *problem
               ? arena_copy_text(&c->run->arena, problem, slice_of(problem).length)
               : status_text(status);
}

/* « 3,30 », « à compléter »; NULL when no amount is expected. */
static const char *expected_text(struct arena *arena, const delib_value *expected)
{
    const char *text = scalar_text(arena, expected);
    struct strbuf french = strbuf_in(arena);
    struct number number;

    if (!text || !number_parse(slice_of(text), &number))
        return text;
    strbuf_number(&french, number, 2);
    return french.bytes;
}

static void run_case(struct case_run *c, const struct cas_file *file, struct test_result *out)
{
    struct arena *arena = &c->run->arena;
    const struct cas *cas = c->cas;

    *out = (struct test_result){ .file = file->name, .name = cas->id, .line = cas->line, .reason = cas->fault };
    if (cas->fault)
        return;
    out->expected = expected_text(arena, cas->expected);
    out->reason = compute(c);
    if (!out->reason) {
        out->tariff = c->result.tariff;
        out->obtained = result_text(arena, &c->result);
        out->passed = is_expected(arena, cas->expected, &c->result);
        if (c->coverage)
            coverage_add(c->coverage, c->session);
    }
    delib_session_free(c->session);
}

static void refuse_file(struct run *run, const struct cas_file *file, struct test_results *outcomes)
{
    struct test_result refusal = { .file = file->name, .name = "fichier de cas", .reason = file->problem };
    struct test_result *outcome = arena_push(&run->arena, outcomes);

    if (!file->problem && file->diagnostics.count) {
        const char *message = file->diagnostics.items[0].message;

        refusal.line = file->diagnostics.items[0].line;
        refusal.reason = arena_copy_text(&run->arena, message, slice_of(message).length);
    }
    *outcome = refusal;
    outcomes->failed++;
}

struct cas_file *cas_file_new(struct run *run, const char *path, struct test_results *outcomes)
{
    struct cas_file *file = arena_new(&run->arena, struct cas_file);

    if (cas_file_open(run, path, file))
        return file;
    refuse_file(run, file, outcomes);
    cas_file_free(run, file);
    return NULL;
}

void cas_file_free(struct run *run, struct cas_file *file)
{
    if (file && run->io)
        run->io->document_free(file->document);
}

void cas_file_run(struct run *run, const struct cas_file *file, delib_program *program, struct test_results *outcomes,
                  struct coverage *coverage)
{
    for (size_t i = 0; i < file->count; i++) {
        struct case_run c = { .run = run, .program = program, .cas = &file->items[i], .coverage = coverage };
        struct test_result *outcome = arena_push(&run->arena, outcomes);

        run_case(&c, file, outcome);
        outcomes->failed += !outcome->passed;
    }
}

void cas_run_file(struct run *run, const struct programme *programme, const char *path, struct test_results *outcomes,
                  struct coverage *coverage)
{
    struct cas_file *file = cas_file_new(run, path, outcomes);

    if (file)
        cas_file_run(run, file, programme->program, outcomes, coverage);
    cas_file_free(run, file);
}
