/*
 * What both forms of an explanation need.
 */
#include "explication.h"

#include "cli/calcul/resultat.h"

#include "runtime/phrases.h"

#include <string.h>

bool explication_need(const struct explication *e, const char *datum, delib_need *out)
{
    const delib_program *program = e->calcul->programme.program;

    for (size_t i = 0; delib_program_need(program, i, out) == DELIB_OK; i++)
        if (strcmp(out->name, datum) == 0 && strcmp(out->tariff, e->trace.result.tariff) == 0)
            return true;
    return false;
}

const char *explication_act(const struct explication *e)
{
    const struct delib_program *program = e->calcul->programme.program;
    const struct decl *header = program->act.header;
    struct strbuf text = strbuf_in(&e->calcul->run->arena);

    if (!strbuf_act(&text, program))
        return e->calcul->programme.file.name;
    if (header->as.header.authority.length)
        strbuf_format(&text, ", %.*s", SLICE_ARG(header->as.header.authority));
    return text.bytes;
}

const char *explication_gap(struct arena *arena, const delib_result *before, const delib_result *after)
{
    struct strbuf text = strbuf_in(arena);
    struct number a, b, gap;
    const char *unit = before->unit ? before->unit : "", *other = after->unit ? after->unit : "";
    bool euros = strncmp(unit, "€", sizeof("€") - 1) == 0;

    if (!result_number(before, &a) || !result_number(after, &b) || strcmp(unit, other) != 0 ||
        !number_sub(b, a, &gap))
        return NULL;
    if (number_sign(gap) == 0)
        return "le même montant";
    strbuf_number(&text, (struct number){ gap.num < 0 ? -gap.num : gap.num, gap.den }, euros ? 2 : 0);
    strbuf_format(&text, "%s de %s", euros ? " €" : "", gap.num < 0 ? "moins" : "plus");
    return text.bytes;
}
