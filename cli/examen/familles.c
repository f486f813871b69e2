/*
 * What is proved and found of all the families.
 */
#include "familles.h"

delib_check *familles_check(struct run *run, struct programme *programme)
{
    delib_check *check;
    delib_status status = delib_check_new(programme->program, NULL, &check);

    if (status != DELIB_OK) {
        programme->problem = status_text(status);
        programme->valid = false;
        return NULL;
    }
    diagnostics_of_check(run, &programme->diagnostics, check);
    return check;
}

static size_t proved_count(const delib_check *check)
{
    delib_property property;
    size_t count = 0;

    for (size_t i = 0; delib_check_property(check, i, &property) == DELIB_OK; i++)
        count += property.verdict == DELIB_DEMONTREE;
    return count;
}

/* « non démontré » is never silent, even where nothing was asked. */
static void print_undecided(struct run *run, const struct programme *programme, const delib_check *check)
{
    const char *why;
    size_t regions;

    for (delib_tariff i = 0; delib_check_tariff(check, i, &regions, &why) == DELIB_OK; i++)
        if (why)
            terminal_print(
                &run->terminal, STYLE_PLAIN,
                "  « %s » : sens du prix, seuils et règles inutiles non démontrés pour toutes les familles (%s)\n",
                delib_program_tariff_name(programme->program, i), why);
}

void familles_print(struct run *run, const struct programme *programme, const delib_check *check)
{
    size_t proved = proved_count(check);

    if (proved)
        terminal_print(&run->terminal, STYLE_PLAIN, ", %zu propriété%s démontrée%s", proved, proved > 1 ? "s" : "",
                       proved > 1 ? "s" : "");
    terminal_print(&run->terminal, STYLE_PLAIN, "\n");
    print_undecided(run, programme, check);
}

static void write_properties(struct run *run, delib_io_json *json, const delib_check *check)
{
    delib_property property;

    run->io->json_list(json, "propriétés");
    for (size_t i = 0; delib_check_property(check, i, &property) == DELIB_OK; i++) {
        run->io->json_object(json, NULL);
        run->io->json_text(json, "titre", property.title);
        run->io->json_integer(json, "ligne", property.line);
        run->io->json_text(json, "verdict", delib_verdict_text(property.verdict));
        run->io->json_text(json, "raison", property.reason);
        run->io->json_end(json);
    }
    run->io->json_end(json);
}

static void write_tariffs(struct run *run, delib_io_json *json, const struct programme *programme,
                          const delib_check *check)
{
    const char *why;
    size_t regions;

    run->io->json_list(json, "tarifs");
    for (delib_tariff i = 0; delib_check_tariff(check, i, &regions, &why) == DELIB_OK; i++) {
        run->io->json_object(json, NULL);
        run->io->json_text(json, "tarif", delib_program_tariff_name(programme->program, i));
        run->io->json_integer(json, "régions", (int64_t)regions);
        run->io->json_text(json, "non_démontré", why);
        run->io->json_end(json);
    }
    run->io->json_end(json);
}

void familles_json(struct run *run, delib_io_json *json, const struct programme *programme, const delib_check *check)
{
    write_properties(run, json, check);
    write_tariffs(run, json, programme, check);
}
