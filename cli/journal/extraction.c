/*
 * Extracting entries: the journal is verified on the way, so that nobody takes an altered entry for evidence.
 */
#include "extraction.h"

#include "cli/base/diagnostics.h"
#include "cli/base/edge_loader.h"
#include "cli/base/horloge.h"

#include "lang/number.h"

#include <string.h>

struct extraction {
    struct run *run;
    const struct extraction_request *request;
    struct arena arena;                  /* one entry */
    size_t found;
};

static const char *member_text(const struct extraction *x, const delib_value *record, const char *name)
{
    const delib_value *value = x->run->io->value_get(record, name);

    return value && value->kind == DELIB_VALUE_TEXT ? value->text : NULL;
}

static const delib_value *member_list(const struct extraction *x, const delib_value *record, const char *name)
{
    static const delib_value NONE = { .kind = DELIB_VALUE_LIST };
    const delib_value *value = x->run->io->value_get(record, name);

    return value && value->kind == DELIB_VALUE_LIST ? value : &NONE;
}

/* ---- Which entries ---- */

static bool same(const char *wanted, const char *found)
{
    return !wanted || (found && text_fold_equal(slice_of(wanted), slice_of(found)));
}

/* The reference itself where it can be read, its pseudonym otherwise. */
static bool same_reference(const struct extraction *x, const delib_value *personal)
{
    const delib_value *value = personal ? x->run->io->value_get(personal, "référence") : NULL;
    const char *found = !value ? NULL : value->kind == DELIB_VALUE_TEXT ? value->text
                                                                        : member_text(x, value, "pseudonyme");

    return !x->request->reference || (found && strcmp(found, x->request->reference) == 0);
}

/* An identifier, or the number that it begins with. */
static bool same_id(const char *wanted, const char *found)
{
    const size_t length = slice_of(wanted).length;

    return !wanted ||
           (found && strncmp(found, wanted, length) == 0 && (found[length] == '\0' || found[length] == '-'));
}

static bool is_wanted(const struct extraction *x, const delib_io_audit_entry *entry)
{
    const struct extraction_request *r = x->request;
    const char *time = member_text(x, entry->entry, "heure");

    return same_id(r->id, member_text(x, entry->entry, "identifiant")) &&
           same(r->tariff, member_text(x, entry->entry, "tarif")) &&
           (!r->since || (time && strcmp(time, r->since) >= 0)) && same_reference(x, entry->personal);
}

/* ---- For people ---- */

static void print_value(struct extraction *x, const delib_value *value)
{
    const char *pseudonym = value ? member_text(x, value, "pseudonyme") : NULL;
    delib_io_json *json = NULL;
    const char *text = NULL;

    if (value && value->kind == DELIB_VALUE_TEXT)
        text = value->text;
    else if (value && member_text(x, value, "chiffré"))
        text = "(chiffré)";
    if (text || pseudonym) {
        terminal_print(&x->run->terminal, STYLE_PLAIN, "%s%s", text ? "" : "pseudonyme ", text ? text : pseudonym);
        return;
    }
    if (value && x->run->io->json_new(&json) == DELIB_OK) {
        x->run->io->json_value(json, NULL, value);
        if (x->run->io->json_finish(json, 0, &text, NULL) == DELIB_OK)
            terminal_print(&x->run->terminal, STYLE_PLAIN, "%s",
                           value->kind == DELIB_VALUE_ABSENT ? "non communiqué" : text);
    }
    x->run->io->json_free(json);
}

static void print_data(struct extraction *x, const delib_value *personal)
{
    const delib_value *data = member_list(x, personal, "données");

    for (size_t i = 0; i < data->count; i++) {
        const char *category = member_text(x, &data->items[i], "catégorie");

        terminal_print(&x->run->terminal, STYLE_PLAIN, "  %s : ", member_text(x, &data->items[i], "nom"));
        print_value(x, x->run->io->value_get(&data->items[i], "valeur"));
        terminal_print(&x->run->terminal, STYLE_DIM, " — %s%s%s\n", member_text(x, &data->items[i], "canal"),
                       category ? ", donnée " : "", category ? category : "");
    }
}

static void print_answers(struct extraction *x, const delib_value *personal)
{
    const delib_value *answers = member_list(x, personal, "réponses");

    for (size_t i = 0; i < answers->count; i++) {
        const delib_value *answer = x->run->io->value_get(&answers->items[i], "réponse");
        const char *kind = answer ? member_text(x, answer, "genre") : NULL;
        const char *obtained = answer ? member_text(x, answer, "obtenue") : NULL;
        const char *message = answer ? member_text(x, answer, "message") : NULL;

        terminal_print(&x->run->terminal, STYLE_PLAIN, "  %s (%s) : ", member_text(x, &answers->items[i], "fonction"),
                       member_text(x, &answers->items[i], "sujet"));
        if (!kind)
            print_value(x, answer);
        else if (strcmp(kind, "valeur") == 0)
            print_value(x, x->run->io->value_get(answer, "valeur"));
        else
            terminal_print(&x->run->terminal, STYLE_PLAIN, "%s%s%s", kind, message ? ", " : "",
                           message ? message : "");
        if (obtained)
            terminal_print(&x->run->terminal, STYLE_DIM, " — obtenue le %s", date_in_words(&x->arena, obtained));
        terminal_print(&x->run->terminal, STYLE_PLAIN, "\n");
    }
}

static void print_result(struct extraction *x, const delib_value *personal)
{
    const delib_value *result = x->run->io->value_get(personal, "résultat");
    const char *statut = result ? member_text(x, result, "statut") : NULL;
    const char *amount = result ? member_text(x, result, "montant") : NULL;
    const char *unit = result ? member_text(x, result, "unité") : NULL;
    struct strbuf words = strbuf_in(&x->arena);
    struct number value;

    if (amount && number_parse(slice_of(amount), &value))
        strbuf_number(&words, value, 2);
    terminal_print(&x->run->terminal, STYLE_STRONG, "  résultat : ");
    if (!statut)
        print_value(x, result);
    else
        terminal_print(&x->run->terminal, STYLE_STRONG, "%s%s%s%s%s", statut, words.bytes ? ", " : "",
                       strbuf_string(&words), words.bytes && unit ? " " : "",
                       words.bytes && unit ? unit : "");
    terminal_print(&x->run->terminal, STYLE_PLAIN, "\n");
}

static void print_entry(struct extraction *x, const delib_io_audit_entry *entry)
{
    struct terminal *terminal = &x->run->terminal;
    const char *tariff = member_text(x, entry->entry, "tarif"), *date = member_text(x, entry->entry, "date");

    terminal_print(terminal, STYLE_STRONG, "%s%s %s\n", x->found > 1 ? "\n" : "",
                   member_text(x, entry->entry, "genre"), member_text(x, entry->entry, "identifiant"));
    terminal_print(terminal, STYLE_PLAIN, "  ligne %llu, enregistrée le %s\n", (unsigned long long)entry->line,
                   member_text(x, entry->entry, "heure"));
    if (tariff)
        terminal_print(terminal, STYLE_PLAIN, "  tarif %s, service du %s\n", tariff,
                       date ? date_in_words(&x->arena, date) : "jour non dit");
    if (!entry->personal) {
        terminal_print(terminal, STYLE_DIM, "  sans donnée personnelle%s\n",
                       member_text(x, entry->entry, "personnel") ? " : elle a été purgée" : "");
        return;
    }
    print_data(x, entry->personal);
    print_answers(x, entry->personal);
    print_result(x, entry->personal);
}

/* ---- JSON lines ---- */

static void write_entry(struct extraction *x, const delib_io_audit_entry *entry)
{
    const delib_io_api *io = x->run->io;
    delib_io_json *json = NULL;
    const char *text = NULL;
    size_t length = 0;

    if (io->json_new(&json) != DELIB_OK)
        return;
    io->json_object(json, NULL);
    io->json_integer(json, "ligne", (int64_t)entry->line);
    io->json_value(json, "entrée", entry->entry);
    if (entry->personal)
        io->json_value(json, "personnel", entry->personal);
    else
        io->json_null(json, "personnel");
    io->json_end(json);
    if (io->json_finish(json, 0, &text, &length) == DELIB_OK) {
        terminal_bytes(&x->run->terminal, (struct slice){ text, length });
        terminal_bytes(&x->run->terminal, SLICE("\n"));
    } else {
        x->run->arena.exhausted = true;      /* told at the end of the program */
    }
    io->json_free(json);
}

static void take(void *context, const delib_io_audit_entry *entry)
{
    struct extraction *x = context;

    if (!is_wanted(x, entry))
        return;
    x->found++;
    arena_reset(&x->arena);
    if (x->request->json)
        write_entry(x, entry);
    else
        print_entry(x, entry);
}

/* ---- The whole ---- */

enum exit_code extraction_execute(struct run *run, const struct extraction_request *request)
{
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    struct extraction x = { .run = run, .request = request };
    struct diagnostic_list diagnostics = { NULL, 0, 0, 0 };
    delib_io_audit *audit = NULL;
    delib_status status;

    if (!edge_load(run))
        return EXIT_FAULT;
    arena_init(&x.arena, run->arena.allocator, 0);
    options.each = take;
    options.context = &x;
    options.key_files = request->keys ? request->keys->items : NULL;
    options.key_file_count = request->keys ? request->keys->count : 0;
    status = run->io->audit_run(request->path, &options, &audit);
    if (audit)
        diagnostics_of_audit(run, &diagnostics, audit);
    else
        terminal_error(&run->terminal, "%s", status_text(status));
    diagnostics_print(&run->terminal, &diagnostics);
    if (status == DELIB_OK && x.found == 0)
        terminal_error(&run->terminal, "aucune entrée du journal ne répond à cette demande");
    run->io->audit_free(audit);
    arena_release(&x.arena);
    return status == DELIB_OK && x.found ? EXIT_RESULT : EXIT_FAULT;
}
