/*
 * What a portal may show beside an amount: the sentences that make it, and what one datum would have to be for another.
 *   cc autrement.c $(pkg-config --cflags --libs delib) -o autrement
 *   ./autrement cantine.delib.md cantine 2026-11-23 qf résident oui sans_emploi non qf 622
 */
#include <delib.h>

#include <stdio.h>
#include <stdlib.h>

static char text[1 << 20];

static void stop(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static delib_program *compile(delib_engine *engine, const char *path)
{
    delib_source source = { path, text, 0 };
    delib_program *program = NULL;
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("the file cannot be read");
    source.length = fread(text, 1, sizeof text, file);
    fclose(file);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK)
        stop("the text is at fault");
    return program;
}

/* « quotient familial : 449 € (173 € de moins) → 130/10^2 € par repas » */
static void show(const delib_curve *curve, const delib_point *point, const char *way)
{
    if (point->text)
        printf("%s : %s (%s %s) → %lld/10^%u %s\n", curve->label, point->text, point->distance, way,
               (long long)point->result.units, point->result.scale, point->result.unit);
}

static void explain(delib_session *session, const char *datum)
{
    delib_step_detail step;
    delib_curve curve;
    for (size_t i = 0; delib_session_step_detail(session, i, &step) == DELIB_OK; i++)
        if (step.effect)
            puts(step.sentence);
    if (delib_session_curve(session, datum, &curve) != DELIB_OK)
        stop(delib_session_error(session));
    show(&curve, &curve.below, "de moins");
    show(&curve, &curve.above, "de plus");
}

int main(int argc, char **argv)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_session *session = NULL;
    delib_program *program;
    delib_result result;

    if (argc < 5 || delib_engine_new(NULL, &engine) != DELIB_OK)
        stop("usage: autrement FILE TARIFF DATE DATUM name value…");
    program = compile(engine, argv[1]);
    options.date = argv[3];
    options.ask_sources = 0;
    if (delib_session_new(program, &options, &session) != DELIB_OK)
        stop("the date is refused");
    for (int i = 5; i + 1 < argc; i += 2)
        if (delib_session_set_text(session, argv[i], argv[i + 1]) != DELIB_OK)
            stop(delib_session_error(session));
    if (delib_evaluate(session, delib_program_tariff(program, argv[2]), &result) != DELIB_OK)
        stop(delib_session_error(session));
    explain(session, argv[4]);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}
