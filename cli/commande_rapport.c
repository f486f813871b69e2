/*
 * `delib rapport`: a page that stands alone, for the commune, the auditor and the contrôle de légalité: the voted text
 * beside its rules, and what the checks say of them. A délibération at fault has its report too: its faults are in it.
 */
#include "horloge.h"
#include "rapport.h"

#include "lang/date.h"

#include <string.h>

enum { OPT_SORTIE, OPT_CAS };

static const struct option OPTIONS[] = {
    [OPT_SORTIE] = { "sortie", OPTION_VALUE, "R.html", "fichier à écrire, aussi -o (« - » : sortie standard)", NULL },
    [OPT_CAS] = { "cas", OPTION_LIST, "C", "fichier de cas (JSON ou YAML) à essayer aussi ; répétable", NULL },
};

/* ---- Words that several sections use ---- */

void rapport_write_line(struct rapport *r, unsigned line)
{
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

static void write_act(struct rapport *r)
{
    const struct decl *header = header_of(r);

    if (!header)
        return;
    write_slice_fact(r, "Collectivité", header->as.header.authority);
    write_slice_fact(r, "SIRET", header->as.header.siret);
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

static void write_head(struct rapport *r)
{
    html_element(&r->html, "p", "surtitre", "Rapport de contrôle d'une délibération tarifaire");
    html_heading(&r->html, 1, NULL, title_of(r));
    write_provenance(r);
}

/* ---- The command ---- */

static const struct source *main_source(const struct delib_program *program)
{
    return program && program->source_count ? program->sources[0] : NULL;
}

static void write_page(struct rapport *r)
{
    struct strbuf title = strbuf_in(&r->run->arena);

    strbuf_format(&title, "%s : rapport de contrôle", title_of(r));
    html_begin(&r->html, &r->run->arena, title.bytes);
    write_head(r);
    rapport_write_text(r);
    rapport_write_tariffs(r);
    rapport_write_curves(r);
}

/* Where the page goes. False, told on the terminal, when it could not be written. */
static bool deliver(struct run *run, const char *path, struct slice page)
{
    const char *problem;

    if (run->arena.exhausted)
        return false;
    if (!path || strcmp(path, "-") == 0) {
        terminal_bytes(&run->terminal, page);
        return true;
    }
    if (file_write(&run->arena, path, page, &problem))
        return true;
    terminal_error(&run->terminal, "%s", problem);
    return false;
}

static bool report(struct rapport *r, const struct arguments *arguments)
{
    bool valid = programme_open(r->run, arguments->operands[0], &r->programme), delivered;

    r->program = r->programme.program;
    r->source = main_source(r->program);
    if (!r->source) {
        programme_report(r->run, &r->programme);
        return false;
    }
    write_page(r);
    delivered = deliver(r->run, argument_value(arguments, OPT_SORTIE), html_end(&r->html));
    if (!valid)
        programme_report(r->run, &r->programme);
    return valid && delivered;
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
