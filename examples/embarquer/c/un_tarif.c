/*
 * The smallest host: compiles a délibération, gives what a family answered, prints the amount.
 *   cc un_tarif.c $(pkg-config --cflags --libs delib) -o un_tarif
 *   ./un_tarif cantine.delib.md cantine 2026-11-23 usager enfant résident oui qf 430 sans_emploi non
 */
#include <delib.h>

#include <stdio.h>
#include <stdlib.h>

static char text[1 << 20];                /* the whole file: libdelib reads memory, never files */

static void stop(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static delib_program *compile(delib_engine *engine, const char *path)
{
    delib_source source = { path, text, 0 };
    delib_program *program = NULL;
    delib_diagnostic diagnostic;
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("the file cannot be read");
    source.length = fread(text, 1, sizeof text, file);
    fclose(file);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK)
        stop(delib_program_diagnostic(program, 0, &diagnostic) == DELIB_OK ? diagnostic.printed : "no memory");
    return program;
}

int main(int argc, char **argv)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_session *session = NULL;
    delib_program *program;
    delib_result result;

    if (argc < 4 || delib_engine_new(NULL, &engine) != DELIB_OK)
        stop("usage: un_tarif FILE TARIFF DATE name value…");
    program = compile(engine, argv[1]);
    options.date = argv[3];
    options.ask_sources = 0;              /* what the portal knows is all there is */
    if (delib_session_new(program, &options, &session) != DELIB_OK)
        stop("the date is refused");
    for (int i = 4; i + 1 < argc; i += 2)
        if (delib_session_set_text(session, argv[i], argv[i + 1]) != DELIB_OK)
            stop(delib_session_error(session));
    if (delib_evaluate(session, delib_program_tariff(program, argv[2]), &result) != DELIB_OK)
        stop(delib_session_error(session));
    printf("%s %lld/10^%u ", delib_statut_text(result.statut), (long long)result.units, result.scale);
    puts(result.unit);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}
