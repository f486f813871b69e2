/*
 * Fuzz target: any bytes as the CSV of a grid that a délibération imports (« depuis "grille.csv" »). A grid without a
 * fault is then priced.
 */
#include "runtime/delib.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char act[] = "énumération formule : matin ; soir ; journée\n"
                          "entrée formule : formule\n"
                          "entrée qf : quotient\n"
                          "tarif garderie en € par jour\n"
                          "  prix grille en € selon qf et formule depuis \"grille.csv\"\n"
                          "fin\n";

static delib_status read_grid(void *context, const char *name, delib_source *out)
{
    (void)name;
    *out = *(const delib_source *)context;
    return DELIB_OK;
}

static void price(delib_program *program)
{
    static const char *const quotients[] = { "0", "449,99", "450", "1700", NULL };
    delib_session *session;
    delib_result result;

    if (delib_session_new(program, NULL, &session) != DELIB_OK)
        abort();
    for (size_t i = 0; i < sizeof quotients / sizeof *quotients; i++) {
        delib_session_reset(session);
        (void)delib_session_set_text(session, "qf", quotients[i]);
        (void)delib_session_set_text(session, "formule", "soir");
        if (delib_evaluate(session, 0, &result) != DELIB_OK)
            abort();
    }
    delib_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    delib_source source = { "acte.delib", act, sizeof act - 1 }, grid = { "grille.csv", (const char *)data, size };
    delib_engine *engine;
    delib_program *program;

    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        abort();
    if (delib_compile(engine, &source, read_grid, &grid, &program) == DELIB_OK)
        price(program);
    else if (delib_program_diagnostic_count(program) == 0)
        abort();
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}
