/*
 * What ties the rules to the act, and the report to both: which article has no rule and which rule no article, the data
 * that each tariff reads, the fingerprints of what was read.
 */
#include "cli/base/edge_loader.h"
#include "rapport.h"

#include "lang/citations.h"
#include "lang/quotes.h"
#include "lang/titles.h"

#include <string.h>

/* ---- Rules and articles ---- */

/* A declaration, an exception, a step: what an article may stand above. */
struct rule {
    const char *words;
    struct span span;
    const struct citation *citation;     /* the first; NULL when it cites nothing */
    bool datum;                          /* says what is asked rather than what is due */
};

struct rules {
    struct rule *items;
    size_t count, capacity;
};

struct listing {
    struct rapport *r;
    struct rules rules;
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
    struct rule *rule = span.file == 0 ? arena_push(&l->r->run->arena, &l->rules) : NULL;

    if (rule)
        *rule = (struct rule){ words, span, citation, datum };
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

static void list_rules(struct listing *l)
{
    for (const struct decl *d = l->r->program->act.first; d; d = d->next) {
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

/* « tarif « cantine » (ligne 48), exception « adulte » (ligne 63) » */
static size_t write_rules(struct rapport *r, const struct rules *rules, uint32_t start, uint32_t end)
{
    size_t written = 0;

    for (size_t i = 0; i < rules->count; i++) {
        if (rules->items[i].span.start < start || rules->items[i].span.start >= end)
            continue;
        html_format(&r->html, "%s%s (", written++ ? ", " : "", rules->items[i].words);
        rapport_write_line(r, source_position(r->source, rules->items[i].span.start).line);
        html_text(&r->html, ")");
    }
    return written;
}

static bool holds_code(const struct literate *literate, uint32_t start, uint32_t end)
{
    for (size_t i = 0; i < literate->blocks.count; i++)
        if (literate->blocks.items[i].start >= start && literate->blocks.items[i].start < end)
            return true;
    return false;
}

static void write_articles(struct rapport *r, const struct rules *rules)
{
    static const char *const columns[] = { "Titre du texte voté", "Règles qui le suivent" };
    const struct literate *literate = &r->program->literate;

    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 2);
    for (size_t i = 0; i < literate->headings.count; i++) {
        const struct heading *heading = &literate->headings.items[i];
        uint32_t end = i + 1 < literate->headings.count ? heading[1].offset : r->source->length;

        html_open(&r->html, "tr");
        html_open(&r->html, "th");
        html_attribute(&r->html, "scope", "row");
        html_slice(&r->html, heading->text);
        html_close(&r->html);
        html_open(&r->html, "td");
        if (!write_rules(r, rules, heading->offset, end))
            html_element(&r->html, "span", "discret",
                         holds_code(literate, heading->offset, end) ? "en-tête ou essais seulement" : "sans règle");
        html_close(&r->html);
        html_close(&r->html);
    }
    html_table_end(&r->html);
    html_close(&r->html);
}

static void write_cited_articles(struct rapport *r, const struct rules *rules)
{
    static const char *const columns[] = { "Règle", "Où", "Article cité" };

    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 3);
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];

        html_open(&r->html, "tr");
        html_row_title(&r->html, rule->words);
        html_open(&r->html, "td");
        rapport_write_line(r, source_position(r->source, rule->span.start).line);
        html_close(&r->html);
        html_open(&r->html, "td");
        if (rule->citation)
            html_slice(&r->html, rule->citation->place.length ? rule->citation->place : rule->citation->quote);
        else
            html_element(&r->html, "span", "discret", rule->datum ? "—" : "aucun");
        html_close(&r->html);
        html_close(&r->html);
    }
    html_table_end(&r->html);
    html_close(&r->html);
}

/* A rule is tied to the act by the title above it, or by a citation. */
static bool is_tied(const struct rapport *r, const struct rule *rule)
{
    return rule->datum || rule->citation ||
           (r->source->literate && literate_heading(&r->program->literate, rule->span.start));
}

static void write_untied(struct rapport *r, const struct rules *rules)
{
    size_t untied = 0;

    for (size_t i = 0; i < rules->count; i++)
        untied += !is_tied(r, &rules->items[i]);
    if (!untied) {
        html_element(&r->html, "p", "bien", "Chaque règle a son article.");
        return;
    }
    html_element_format(&r->html, "p", "attention", "%zu règle%s sans article :", untied, untied > 1 ? "s" : "");
    html_open(&r->html, "ul");
    for (size_t i = 0; i < rules->count; i++) {
        if (is_tied(r, &rules->items[i]))
            continue;
        html_open(&r->html, "li");
        html_format(&r->html, "%s, ", rules->items[i].words);
        rapport_write_line(r, source_position(r->source, rules->items[i].span.start).line);
        html_close(&r->html);
    }
    html_close(&r->html);
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
    return holds_code(&p->r->program->literate, p->end, next.start);
}

static void write_paragraph(struct paragraph *p)
{
    enum { SHOWN = 160 };
    struct slice words = { p->prose + p->start, p->end - p->start };
    size_t length = words.length < SHOWN ? words.length : SHOWN;

    while (length < words.length && ((unsigned char)words.bytes[length] & 0xC0) == 0x80)
        length++;                        /* not within a character */
    html_open(&p->r->html, "li");
    rapport_write_line(p->r, source_position(p->r->source, p->start).line);
    html_format(&p->r->html, " : « %.*s%s »", (int)length, words.bytes, length < words.length ? "…" : "");
    html_close(&p->r->html);
}

static void write_paragraphs(struct rapport *r)
{
    uint32_t length = r->source->length;
    struct paragraph p = { .r = r, .prose = literate_prose(&r->run->arena, r->source->bytes, length) };
    size_t alone = 0;

    while (p.prose && next_paragraph(&p, length)) {
        p.cited = is_followed(&p, length);
        for (const struct decl *d = r->program->act.first; d; d = d->next)
            citations_of(d, look_for_citation, &p);
        if (p.cited)
            continue;
        if (!alone++) {
            html_element(&r->html, "p", "discret",
                         "Paragraphes qu'aucune règle ne suit aussitôt ni ne cite, à relire :");
            html_open(&r->html, "ul");
        }
        write_paragraph(&p);
    }
    if (alone)
        html_close(&r->html);
    else
        html_element(&r->html, "p", "bien",
                     "Chaque paragraphe du texte voté a sa règle, dessous ou par une citation.");
}

void rapport_write_articles(struct rapport *r)
{
    struct listing listing = { .r = r };

    list_rules(&listing);
    if (r->source->literate)
        write_articles(r, &listing.rules);
    else
        write_cited_articles(r, &listing.rules);
    write_untied(r, &listing.rules);
    if (r->source->literate)
        write_paragraphs(r);
}

/* ---- Data ---- */

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void write_need(struct rapport *r, const delib_need *need)
{
    html_open(&r->html, "tr");
    html_row_title(&r->html, need->label);
    html_element(&r->html, "td", NULL, need->function ? need->api : "réponse de la famille");
    html_element(&r->html, "td", NULL, need->function ? need->scope ? need->scope : "aucun" : "—");
    html_element(&r->html, "td", need->function && !same(need->level, "admis") ? "attention" : NULL,
                 need->function ? need->level : "—");
    html_element(&r->html, "td", NULL, need->fallback ? need->fallback : "—");
    html_open(&r->html, "td");
    if (need->article)
        html_format(&r->html, "%s, ", need->article);
    if (need->line)
        rapport_write_line(r, need->line);
    html_close(&r->html);
    html_close(&r->html);
}

void rapport_write_data(struct rapport *r)
{
    static const char *const columns[] = {"Donnée",   "D'où elle vient", "Droit à demander",
                                          "Finalité", "À défaut",        "Pour"};
    const char *tariff = NULL;
    delib_need need;

    for (size_t i = 0; delib_program_need(r->program, i, &need) == DELIB_OK; i++) {
        if (!same(need.tariff, tariff)) {
            if (tariff) {
                html_table_end(&r->html);
                html_close(&r->html);
            }
            tariff = need.tariff;
            html_open(&r->html, "h3");
            html_format(&r->html, "Tarif « %s », finalité : %s", tariff, need.finalite ? need.finalite : "non dite");
            html_close(&r->html);
            html_open(&r->html, "div");
            html_attribute(&r->html, "class", "large");
            html_table(&r->html, NULL, NULL, columns, 6);
        }
        write_need(r, &need);
    }
    if (tariff) {
        html_table_end(&r->html);
        html_close(&r->html);
    } else {
        html_element(&r->html, "p", NULL, "Aucune donnée n'est lue.");
    }
}

/* ---- Fingerprints ---- */

static void write_file(struct rapport *r, const delib_text *text)
{
    char fingerprint[DELIB_IO_HASH_SIZE];

    r->run->io->fingerprint(text->bytes, text->length, fingerprint);
    html_open(&r->html, "tr");
    html_row_title(&r->html, text->name);
    html_open(&r->html, "td");
    html_attribute(&r->html, "class", "nombre");
    html_format(&r->html, "%zu", text->length);
    html_close(&r->html);
    html_open(&r->html, "td");
    html_element(&r->html, "code", "empreinte", fingerprint);
    html_close(&r->html);
    html_close(&r->html);
}

void rapport_write_fingerprints(struct rapport *r)
{
    static const char *const columns[] = { "Fichier", "Octets", "Empreinte (BLAKE2b, 256 bits)" };
    char rules[DELIB_IO_HASH_SIZE];
    delib_text text;

    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 3);
    for (size_t i = 0; delib_program_text(r->program, i, &text) == DELIB_OK; i++)
        write_file(r, &text);
    html_table_end(&r->html);
    html_close(&r->html);
    html_open(&r->html, "p");
    html_text(&r->html, "L'empreinte d'un fichier se vérifie sans ce programme : ");
    html_element(&r->html, "code", NULL, "b2sum -l 256 FICHIER");
    html_text(&r->html, ".");
    html_close(&r->html);
    if (r->run->io->rules_hash(r->program, rules) != DELIB_OK)
        return;
    html_open(&r->html, "p");
    html_text(&r->html, "Les règles entières, sous ce nom dans un journal de décisions : ");
    html_element(&r->html, "code", "empreinte", rules);
    html_text(&r->html, ".");
    html_close(&r->html);
}
