/*
 * `delib rapport`: a page that stands alone, for the commune, the auditor and the contrôle de légalité: the voted text
 * beside its rules, and what the checks say of them. A délibération at fault has its report too: its faults are in it.
 */
#include "cli/essais/cas.h"
#include "cli/essais/couverture.h"
#include "cli/base/edge_loader.h"
#include "cli/examen/familles.h"
#include "cli/base/horloge.h"
#include "cli/rapport/rapport.h"

#include "lang/date.h"

#include <string.h>

enum { OPT_SORTIE, OPT_CAS, OPT_JSON };

static const struct option OPTIONS[] = {
    [OPT_SORTIE] = { "sortie", OPTION_VALUE, "R.html", "fichier à écrire, aussi -o (« - » : sortie standard)", NULL },
    [OPT_CAS] = { "cas", OPTION_LIST, "C", "fichier de cas (JSON ou YAML) à essayer aussi ; répétable", NULL },
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "les constats du rapport en JSON, sans le texte ni les courbes", NULL },
};

/* ---- Words that several sections use ---- */

/* A literate file shows its blocks of rules by lines, and the rest as the text that it is. */
static bool shows_line(const struct rapport *r, unsigned line)
{
    uint32_t offset = (uint32_t)(source_line(r->source, line).bytes - r->source->bytes);

    if (!r->source->literate)
        return offset < r->source->length;
    for (size_t i = 0; i < r->program->literate.blocks.count; i++)
        if (offset >= r->program->literate.blocks.items[i].inside &&
            offset < r->program->literate.blocks.items[i].inside_end)
            return true;
    return false;
}

void rapport_write_line(struct rapport *r, unsigned line)
{
    if (!line || !shows_line(r, line)) {
        html_format(&r->html, "ligne %u", line);
        return;
    }
    html_open(&r->html, "a");
    html_attribute_format(&r->html, "href", "#L%u", line);
    html_format(&r->html, "ligne %u", line);
    html_close(&r->html);
}

/* ---- The head: what the act is, what was found ---- */

static const struct decl *header_of(const struct rapport *r)
{
    return r->program ? r->program->act.header : NULL;
}

/* « grille tarifaire « Services périscolaires » »: a name rather than a number. */
static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] >= '0' && text.bytes[i] <= '9')
            return true;
    return false;
}

/* « Délibération n° 2026-06-47 du 25 juin 2026 »; the name of the file when the act does not say what it is. */
static const char *title_of(const struct rapport *r)
{
    const struct decl *header = header_of(r);
    struct strbuf title = strbuf_in(&r->run->arena);

    if (!header || !header->as.header.opening.length)
        return r->programme.file.name;
    strbuf_slice(&title, header->as.header.opening);
    if (header->as.header.number.length)
        strbuf_format(&title, has_digit(header->as.header.number) ? " n° %.*s" : " « %.*s »",
                      SLICE_ARG(header->as.header.number));
    if (header->as.header.date.year) {
        strbuf_text(&title, " du ");
        strbuf_date(&title, header->as.header.date);
    }
    if (title.bytes && title.bytes[0] >= 'a' && title.bytes[0] <= 'z')
        title.bytes[0] = (char)(title.bytes[0] - 'a' + 'A');
    return title.bytes ? title.bytes : r->programme.file.name;
}

static void write_fact(struct rapport *r, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    html_element(&r->html, "dt", NULL, name);
    html_element(&r->html, "dd", NULL, value);
}

static void write_slice_fact(struct rapport *r, const char *name, struct slice value)
{
    if (value.length)
        write_fact(r, name, arena_copy_text(&r->run->arena, value.bytes, value.length));
}

/* « du 1er septembre 2026 au 31 août 2027 », « à compter du … ». */
static const char *period_text(struct rapport *r, struct period period)
{
    struct strbuf text = strbuf_in(&r->run->arena);

    if (!period.from.year && !period.to.year)
        return NULL;
    strbuf_text(&text, !period.from.year ? "jusqu'au " : period.to.year ? "du " : "à compter du ");
    if (period.from.year)
        strbuf_date(&text, period.from);
    if (period.from.year && period.to.year)
        strbuf_text(&text, " au ");
    if (period.to.year)
        strbuf_date(&text, period.to);
    return text.bytes;
}

/* 130 025 265 00013 */
static const char *siret_text(struct rapport *r, struct slice siret)
{
    struct strbuf text = strbuf_in(&r->run->arena);

    for (size_t i = 0; i < siret.length; i++)
        strbuf_format(&text, "%s%c", i == 3 || i == 6 || i == 9 ? "\xC2\xA0" : "", siret.bytes[i]);
    return text.bytes;
}

static void write_act(struct rapport *r)
{
    const struct decl *header = header_of(r);

    if (!header)
        return;
    write_slice_fact(r, "Collectivité", header->as.header.authority);
    write_fact(r, "SIRET", siret_text(r, header->as.header.siret));
    write_slice_fact(r, "Partenaire", header->as.header.partner);
    write_fact(r, "Applicable", period_text(r, header->as.header.period));
    write_slice_fact(r, "Remplace", header->as.header.replaces);
    write_slice_fact(r, "Document voté", header->as.header.document);
}

static void write_provenance(struct rapport *r)
{
    html_open(&r->html, "dl");
    write_act(r);
    write_fact(r, "Fichier", r->programme.file.name);
    write_fact(r, "Rapport produit le", date_in_words(&r->run->arena, clock_today(&r->run->arena)));
    write_fact(r, "Par", "delib " DELIB_VERSION);
    html_close(&r->html);
}

static const char *tests_text(struct rapport *r)
{
    struct strbuf text = strbuf_in(&r->run->arena);
    size_t failed = r->outcomes.failed, passed = r->outcomes.count - failed;

    if (!r->outcomes.count)
        return "aucun essai";
    strbuf_format(&text, "%zu réussi%s, %zu échec%s", passed, passed > 1 ? "s" : "", failed, failed > 1 ? "s" : "");
    return text.bytes;
}

/* Worst first: what an auditor reads before anything else. */
static void write_verdict(struct rapport *r)
{
    bool good = r->programme.valid && !r->programme.diagnostics.errors && !r->outcomes.failed;

    html_open(&r->html, "dl");
    html_attribute(&r->html, "class", "bilan");
    html_element(&r->html, "dt", NULL, "Vérifications");
    html_element(&r->html, "dd", good ? "bien" : "mal",
                 r->programme.problem ? r->programme.problem
                                      : diagnostics_summary(&r->run->arena, &r->programme.diagnostics));
    if (r->programme.valid) {
        write_fact(r, "Essais", tests_text(r));
        write_fact(r, "Couverture", coverage_summary(&r->run->arena, &r->coverage));
    }
    html_close(&r->html);
}

/* ---- The sections ---- */

static const struct section {
    const char *id, *title;
    void (*write)(struct rapport *r);
    bool needs_rules;                    /* left out when the rules are at fault */
} SECTIONS[] = {
    { "texte", "Le texte et les règles", rapport_write_text, false },
    { "controles", "Ce que disent les vérifications", rapport_write_checks, false },
    { "tarifs", "Les tarifs, tels qu'ils sont calculés", rapport_write_tariffs, true },
    { "courbes", "Le prix selon le quotient ou les ressources", rapport_write_curves, true },
    { "essais", "Essais et couverture", rapport_write_tests, true },
    { "articles", "Articles et règles", rapport_write_articles, false },
    { "donnees", "Données lues", rapport_write_data, true },
    { "empreintes", "Empreintes", rapport_write_fingerprints, false },
};

enum { SECTION_COUNT = sizeof(SECTIONS) / sizeof(SECTIONS[0]) };

static bool is_written(const struct rapport *r, const struct section *section)
{
    return r->programme.valid || !section->needs_rules;
}

static void write_contents(struct rapport *r)
{
    html_open(&r->html, "nav");
    html_attribute(&r->html, "aria-label", "Sommaire");
    html_open(&r->html, "ul");
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (!is_written(r, &SECTIONS[i]))
            continue;
        html_open(&r->html, "li");
        html_open(&r->html, "a");
        html_attribute_format(&r->html, "href", "#%s", SECTIONS[i].id);
        html_text(&r->html, SECTIONS[i].title);
        html_close(&r->html);
        html_close(&r->html);
    }
    html_close(&r->html);
    html_close(&r->html);
}

static void write_page(struct rapport *r)
{
    struct strbuf title = strbuf_in(&r->run->arena);

    strbuf_format(&title, "%s : rapport de contrôle", title_of(r));
    html_begin(&r->html, &r->run->arena, title.bytes);
    html_element(&r->html, "p", "surtitre", "Rapport de contrôle d'une délibération tarifaire");
    html_heading(&r->html, 1, NULL, title_of(r));
    write_provenance(r);
    write_verdict(r);
    write_contents(r);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (!is_written(r, &SECTIONS[i]))
            continue;
        html_heading(&r->html, 2, SECTIONS[i].id, SECTIONS[i].title);
        SECTIONS[i].write(r);
    }
}

/* ---- The command ---- */

/* What the page says of a valid act, gathered before it is written. False: told on the terminal. */
static bool gather(struct rapport *r, const struct option_values *cases)
{
    if (!coverage_new(&r->run->arena, r->program, &r->coverage) ||
        !essais_run(r->run, &r->programme, &r->outcomes, &r->coverage))
        return false;
    for (size_t i = 0; i < cases->count; i++)
        cas_run_file(r->run, &r->programme, cases->items[i], &r->outcomes, &r->coverage);
    return true;
}

/* Where the page goes. False, told on the terminal, when it could not be written. */
static bool deliver(struct run *run, const char *path, struct slice page)
{
    const char *problem;

    if (!path || strcmp(path, "-") == 0) {
        terminal_bytes(&run->terminal, page);
        return true;
    }
    if (file_write(&run->arena, path, page, &problem))
        return true;
    terminal_error(&run->terminal, "%s", problem);
    return false;
}

static bool deliver_json(struct rapport *r, const char *path)
{
    delib_io_json *json = edge_json_new(r->run);
    const char *text = NULL;
    size_t length = 0;
    bool delivered;

    if (!json)
        return false;
    r->run->io->json_object(json, NULL);
    rapport_json(r, json);
    r->run->io->json_end(json);
    if (!path || strcmp(path, "-") == 0)
        return edge_json_print(r->run, json);
    delivered = r->run->io->json_finish(json, true, &text, &length) == DELIB_OK &&
                deliver(r->run, path, (struct slice){ text, length });
    r->run->io->json_free(json);
    return delivered;
}

static bool deliver_page(struct rapport *r, const char *path)
{
    write_page(r);
    return deliver(r->run, path, html_end(&r->html));
}

/* Errors, and essais that fail, are on the page; they are told here too, since the status is theirs. */
static void tell_faults(struct rapport *r)
{
    if (r->programme.diagnostics.errors || r->programme.problem)
        programme_report(r->run, &r->programme);
    if (r->outcomes.failed)
        terminal_error(&r->run->terminal, "essais : %s", tests_text(r));
}

static bool report(struct rapport *r, const struct arguments *arguments)
{
    bool delivered = false, valid = programme_open(r->run, arguments->operands[0], &r->programme);
    delib_check *check = NULL;

    r->program = r->programme.program;
    if (!r->program || !r->program->source_count || !edge_load(r->run)) {
        programme_report(r->run, &r->programme);
        return false;
    }
    r->source = r->program->sources[0];
    if (valid)
        check = familles_check(r->run, &r->programme);
    r->check = check;
    if (!r->programme.valid || gather(r, &arguments->values[OPT_CAS]))
        delivered = (argument_given(arguments, OPT_JSON) ? deliver_json : deliver_page)(
            r, argument_value(arguments, OPT_SORTIE));
    tell_faults(r);
    delib_check_free(check);
    return delivered && r->programme.valid && !r->programme.diagnostics.errors && !r->outcomes.failed;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *path = argument_value(arguments, OPT_SORTIE);
    struct rapport r = { .run = run };
    bool done;

    if (path && file_same(path, arguments->operands[0])) {
        terminal_error(&run->terminal, "le rapport remplacerait la délibération « %s »", path);
        return EXIT_USAGE;
    }
    done = report(&r, arguments);
    programme_close(&r.programme);
    return done ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_rapport = {
    .name = "rapport",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "page de contrôle : texte et règles côte à côte, tableaux, courbes, essais",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
