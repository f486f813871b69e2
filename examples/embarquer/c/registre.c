/*
 * A host that has a register of its own: the délibération reads « portail.anciennete(demandeur) », the years that the
 * family has lived in the commune, and the host answers.
 *   cc registre.c $(pkg-config --cflags --libs delib) -o registre
 *   ./registre 7                          years; without argument, the register does not know the family
 */
#include <delib.h>

#include <stdio.h>
#include <stdlib.h>

static const char act[] =
    "source ancienneté « années de présence » : portail.anciennete(demandeur)\n"
    "tarif piscine « Entrée de la piscine » en € par entrée\n"
    "  finalité tarification_enfance\n"
    "  prix selon ancienneté\n"
    "    moins de 3     : 4,00 €\n"
    "    3 et plus      : 2,50 €\n"
    "    non communiqué : 4,00 €\n"
    "  fin\n"
    "fin\n"
    "unité entrée\n";

static void stop(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

/* The engine learns the name, the type, the domain and the category of what the host knows. */
static void add_register(delib_engine *engine)
{
    static const delib_field years = { "annees", "entier", NULL, 0, 120, 0 };
    delib_function function = DELIB_FUNCTION_INIT;
    const char *problem = "no memory";

    function.name = "portail.anciennete";
    function.label = "années de présence dans la commune";
    function.channel = "Registre de la commune";
    function.category = "communale";
    function.fields = &years;
    function.field_count = 1;
    if (delib_engine_add_function(engine, &function, &problem) != DELIB_OK)
        stop(problem);
}

/* What the register says of the family of this session. */
static void answer(delib_session *session, const char *years)
{
    static const char *const names[] = { "annees" };
    delib_value value = { .kind = DELIB_VALUE_TEXT, .text = years };
    delib_answer known = DELIB_ANSWER_INIT;
    delib_request request;

    known.kind = years ? DELIB_ANSWER_VALUE : DELIB_ANSWER_ABSENT;
    known.code = years ? "valeur" : "inconnu";
    known.message = "le registre ne connaît pas cette famille";
    known.record.items = &value;
    known.record.names = names;
    known.record.count = 1;
    while (delib_session_request_count(session) > 0)
        if (delib_session_request(session, 0, &request) != DELIB_OK ||
            delib_session_answer(session, request.id, &known) != DELIB_OK)
            stop("the answer is refused");
}

int main(int argc, char **argv)
{
    delib_source source = { "piscine.delib", act, sizeof act - 1 };
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    delib_session *session = NULL;
    delib_diagnostic diagnostic;
    delib_result result;
    delib_status status;

    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        stop("no memory");
    add_register(engine);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK)
        stop(delib_program_diagnostic(program, 0, &diagnostic) == DELIB_OK ? diagnostic.printed : "no memory");
    if (delib_session_new(program, NULL, &session) != DELIB_OK)
        stop("no memory");
    while ((status = delib_evaluate(session, 0, &result)) == DELIB_PENDING)
        answer(session, argc > 1 ? argv[1] : NULL);
    if (status != DELIB_OK)
        stop(delib_session_error(session));
    printf("%s %lld/10^%u %s\n", delib_statut_text(result.statut), (long long)result.units, result.scale, result.unit);
    if (result.reason)
        puts(result.reason);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}
