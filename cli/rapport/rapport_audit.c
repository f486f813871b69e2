/*
 * What ties the rules to the act: the rules with the article of each, the paragraphs of the voted text that no rule
 * follows nor cites.
 */
#include "rapport.h"

#include "lang/citations.h"
#include "lang/quotes.h"
#include "lang/titles.h"

#include <string.h>

/* ---- Rules ---- */

struct listing {
    struct rapport *r;
    struct audited_rules *rules;
};

static void keep_first(void *context, const struct citation *citation)
{
    const struct citation **first = context;

    if (!*first)
        *first = citation;
}

static void add_rule(struct listing *l, const char *words, struct span span, const struct citation *citation,
                     bool datum)
{
    bool tied = datum || citation ||
                (l->r->source->literate && literate_heading(&l->r->program->literate, span.start));
    struct audited_rule *rule;

    if (span.file != 0)
        return;
    rule = arena_push(&l->r->run->arena, l->rules);
    *rule = (struct audited_rule){ words, span, citation, datum, tied };
}

static const char *format_words(struct listing *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *format_words(struct listing *l, const char *format, ...)
{
    struct strbuf text = strbuf_in(&l->r->run->arena);
    va_list args;

    va_start(args, format);
    strbuf_vformat(&text, format, args);
    va_end(args);
    return strbuf_string(&text);
}

static void list_tariff(struct listing *l, const struct decl *d)
{
    const struct citation *citation = d->as.tariff.price_clauses.citation ? d->as.tariff.price_clauses.citation
                                                                          : d->clauses.citation;

    add_rule(l, format_words(l, "tarif « %.*s »", SLICE_ARG(d->name.text)), d->span, citation, false);
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++) {
        const struct exception *e = &d->as.tariff.exceptions.items[i];

        add_rule(l, e->name.text.length ? format_words(l, "exception « %.*s »", SLICE_ARG(e->name.text)) : "exception",
                 e->span, e->clauses.citation, false);
    }
    for (size_t i = 0; i < d->as.tariff.steps.count; i++)
        add_rule(l, tree_step_word(d->as.tariff.steps.items[i].kind), d->as.tariff.steps.items[i].span,
                 d->as.tariff.steps.items[i].clauses.citation, false);
    for (const struct decl *o = d->as.tariff.outputs; o; o = o->next)
        add_rule(l, format_words(l, "résultat « %.*s »", SLICE_ARG(o->name.text)), o->span, o->clauses.citation, false);
}

void rapport_find_rules(struct rapport *r, struct audited_rules *out)
{
    struct listing listing = { r, out }, *l = &listing;

    *out = (struct audited_rules){ 0 };
    for (const struct decl *d = r->program->act.first; d; d = d->next) {
        const struct citation *citation = NULL;

        if (d->kind == DECL_TARIFF)
            list_tariff(l, d);
        if (d->kind == DECL_TARIFF || d->kind == DECL_ESSAI || d->kind == DECL_HEADER || d->kind == DECL_ERROR)
            continue;
        citations_of(d, keep_first, &citation);
        add_rule(l,
                 format_words(l, "%s « %.*s »", tree_decl_word(d->kind),
                              SLICE_ARG(d->kind == DECL_PROPERTY ? d->label : d->name.text)),
                 d->span, citation,
                 d->kind != DECL_LET && d->kind != DECL_FUNCTION && d->kind != DECL_TRANCHES &&
                     d->kind != DECL_TABLEAU && d->kind != DECL_NATIONAL);
    }
}

bool rapport_holds_code(const struct rapport *r, uint32_t start, uint32_t end)
{
    const struct literate *literate = &r->program->literate;

    for (size_t i = 0; i < literate->blocks.count; i++)
        if (literate->blocks.items[i].start >= start && literate->blocks.items[i].start < end)
            return true;
    return false;
}

/* ---- Paragraphs without a rule ---- */

/* A paragraph of the voted text: lines that follow each other, titles apart. */
struct paragraph {
    struct rapport *r;
    const char *prose;                   /* the whole file, rules and line ends blanked */
    uint32_t start, end;
    bool cited;
};

static bool is_blank(const char *line, size_t length)
{
    return strspn(line, " \t\r") >= length;
}

/* A title, the fence of a block. */
static bool is_mark(const char *line)
{
    line += strspn(line, " ");
    return line[0] == '#' || strncmp(line, "```", 3) == 0 || strncmp(line, "~~~", 3) == 0;
}

/* A table, a list, what follows a colon belong to the paragraph above. */
static bool continues(const struct paragraph *p, const char *line)
{
    return strchr("|-*", line[strspn(line, " ")]) != NULL || p->prose[p->end - 1] == ':';
}

/* The next one, from p->end; false when there is none. */
static bool next_paragraph(struct paragraph *p, uint32_t length)
{
    uint32_t at = p->end;
    bool blank = false;

    p->start = p->end = length;
    while (at < length) {
        const char *line = p->prose + at, *newline = memchr(p->r->source->bytes + at, '\n', length - at);
        uint32_t size = newline ? (uint32_t)(newline - p->r->source->bytes) - at : length - at;
        bool started = p->start < length;

        if (is_blank(line, size)) {
            blank = true;
        } else if (is_mark(line) ? started : started && blank && !continues(p, line)) {
            break;
        } else if (!is_mark(line)) {
            p->start = started ? p->start : at;
            p->end = at + size;
            blank = false;
        }
        at += size + 1;
    }
    return p->start < length;
}

static void look_for_citation(void *context, const struct citation *citation)
{
    struct paragraph *p = context;
    struct slice text = { p->prose + p->start, p->end - p->start };

    if (!p->cited && citation->quote.length)
        p->cited = quotes_found(&p->r->run->arena, text, citation->quote);
}

/* A block of rules comes after it, before any other paragraph. */
static bool is_followed(const struct paragraph *p, uint32_t length)
{
    struct paragraph next = *p;

    (void)next_paragraph(&next, length);
    return rapport_holds_code(p->r, p->end, next.start);
}

void rapport_find_paragraphs(struct rapport *r, struct audited_paragraphs *out)
{
    uint32_t length = r->source->length;
    struct paragraph p = { .r = r, .prose = literate_prose(&r->run->arena, r->source->bytes, length) };

    *out = (struct audited_paragraphs){ 0 };
    while (next_paragraph(&p, length)) {
        struct audited_paragraph *alone;

        p.cited = is_followed(&p, length);
        for (const struct decl *d = r->program->act.first; d; d = d->next)
            citations_of(d, look_for_citation, &p);
        if (p.cited)
            continue;
        alone = arena_push(&r->run->arena, out);
        *alone = (struct audited_paragraph){ source_position(r->source, p.start).line,
                                             { p.prose + p.start, p.end - p.start } };
    }
}
