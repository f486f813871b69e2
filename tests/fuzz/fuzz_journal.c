/*
 * Fuzz target: any bytes as a journal; then as the personal part of one entry, under fingerprints made right again,
 * so that what is behind them is reached: values, answers, replay.
 */
#include "runtime/edge/edge_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char act[] = "entrée résident : oui_non\n"
                          "source qf « quotient » : api_particulier.quotient_familial(demandeur)\n"
                          "  à défaut, sur justificatif « attestation »\n"
                          "tarif cantine en € par repas\n  finalité tarification_enfance\n  prix selon qf\n"
                          "    moins de 450 : 1,30 €\n    450 et plus : 3,30 €\n    non communiqué : 5,60 €\n  fin\n"
                          "  puis majoration de 1 € si non résident\nfin\n";

static char folder[] = "/tmp/delib-fuzz-XXXXXX", path[64], rules[EDGE_HASH_TEXT];

static void remove_folder(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        abort();
}

/* The rules that entries cite are beside the journal. */
static void start(void)
{
    const delib_source source = { "acte.delib", act, sizeof act - 1 };
    struct edge_journal_paths paths;
    struct arena arena;
    struct slice text;
    delib_engine *engine = NULL;
    delib_program *program = NULL;

    arena_init(&arena, edge_allocator(), 0);
    if (!mkdtemp(folder) || !edge_sodium_start())
        abort();
    snprintf(path, sizeof path, "%s/j", folder);
    if (delib_engine_new(NULL, &engine) != DELIB_OK ||
        delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK ||
        !edge_journal_paths(&arena, path, &paths) ||
        edge_journal_rules_text(&arena, program, &text, rules) != DELIB_OK ||
        edge_journal_rules_keep(&arena, &paths, text, rules, ".json") != 0)
        abort();
    delib_program_release(program);
    delib_engine_free(engine);
    arena_release(&arena);
    atexit(remove_folder);
}

static void audit(struct slice journal)
{
    delib_io_audit_options options = DELIB_IO_AUDIT_OPTIONS_INIT;
    delib_io_audit *done = NULL;
    delib_status status;
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(journal.bytes, 1, journal.length, file) != journal.length || fclose(file) != 0)
        abort();
    options.replay = 1;
    status = delib_io_audit_run(path, &options, &done);
    /* There is no witness: something is always told. */
    if (status != DELIB_INVALID || delib_io_audit_diagnostic_count(done) == 0)
        abort();
    delib_io_audit_free(done);
}

static void audit_sealed(struct arena *arena, struct slice personal)
{
    struct strbuf public = strbuf_in(arena), line = strbuf_in(arena);
    char hash[EDGE_HASH_TEXT];

    edge_fingerprint(personal, hash);
    strbuf_format(&public,
                  "{\"format\":1,\"genre\":\"décision\",\"numéro\":1,\"identifiant\":\"1-0\",\"précédente\":\"%s\","
                  "\"heure\":\"2026-11-23T20:54:08Z\",\"moteur\":\"0.1.0\",\"langue\":1,\"règles\":\"%s\","
                  "\"tarif\":\"cantine\",\"date\":\"2026-11-23\",\"sources_interrogées\":true,\"personnel\":\"%s\"}",
                  EDGE_JOURNAL_FIRST, rules, hash);
    edge_fingerprint(strbuf_result(&public), hash);
    strbuf_format(&line, "{\"entrée\":%s,\"personnel\":", public.bytes);
    strbuf_slice(&line, personal);
    strbuf_format(&line, ",\"empreinte\":\"%s\"}\n", hash);
    audit(strbuf_result(&line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice bytes = { (const char *)data, size };
    struct arena arena;

    if (!path[0])
        start();
    arena_init(&arena, edge_allocator(), 0);
    audit(bytes);
    audit_sealed(&arena, bytes);
    arena_release(&arena);
    return 0;
}
