/*
 * Articles and rules, on the page: which article has no rule and which rule no article.
 */
#include "rapport.h"

/* « tarif « cantine » (ligne 48), exception « adulte » (ligne 63) » */
static size_t write_rules(struct rapport *r, const struct audited_rules *rules, uint32_t start, uint32_t end)
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

static void write_articles(struct rapport *r, const struct audited_rules *rules)
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
                         rapport_holds_code(r, heading->offset, end) ? "en-tête ou essais seulement" : "sans règle");
        html_close(&r->html);
        html_close(&r->html);
    }
    html_table_end(&r->html);
    html_close(&r->html);
}

static void write_cited_articles(struct rapport *r, const struct audited_rules *rules)
{
    static const char *const columns[] = { "Règle", "Où", "Article cité" };

    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 3);
    for (size_t i = 0; i < rules->count; i++) {
        const struct audited_rule *rule = &rules->items[i];

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

static void write_untied(struct rapport *r, const struct audited_rules *rules)
{
    size_t untied = 0;

    for (size_t i = 0; i < rules->count; i++)
        untied += !rules->items[i].tied;
    if (!untied) {
        html_element(&r->html, "p", "bien", "Chaque règle a son article.");
        return;
    }
    html_element_format(&r->html, "p", "attention", "%zu règle%s sans article :", untied, untied > 1 ? "s" : "");
    html_open(&r->html, "ul");
    for (size_t i = 0; i < rules->count; i++) {
        if (rules->items[i].tied)
            continue;
        html_open(&r->html, "li");
        html_format(&r->html, "%s, ", rules->items[i].words);
        rapport_write_line(r, source_position(r->source, rules->items[i].span.start).line);
        html_close(&r->html);
    }
    html_close(&r->html);
}

static void write_paragraph(struct rapport *r, const struct audited_paragraph *p)
{
    enum { SHOWN = 160 };
    size_t length = p->words.length < SHOWN ? p->words.length : SHOWN;

    while (length < p->words.length && ((unsigned char)p->words.bytes[length] & 0xC0) == 0x80)
        length++;                        /* not within a character */
    html_open(&r->html, "li");
    rapport_write_line(r, p->line);
    html_format(&r->html, " : « %.*s%s »", (int)length, p->words.bytes, length < p->words.length ? "…" : "");
    html_close(&r->html);
}

static void write_paragraphs(struct rapport *r)
{
    struct audited_paragraphs alone;

    rapport_find_paragraphs(r, &alone);
    if (!alone.count) {
        html_element(&r->html, "p", "bien", "Chaque paragraphe du texte voté a sa règle, dessous ou par une citation.");
        return;
    }
    html_element(&r->html, "p", "discret", "Paragraphes qu'aucune règle ne suit aussitôt ni ne cite, à relire :");
    html_open(&r->html, "ul");
    for (size_t i = 0; i < alone.count; i++)
        write_paragraph(r, &alone.items[i]);
    html_close(&r->html);
}

void rapport_write_articles(struct rapport *r)
{
    struct audited_rules rules;

    rapport_find_rules(r, &rules);
    if (r->source->literate)
        write_articles(r, &rules);
    else
        write_cited_articles(r, &rules);
    write_untied(r, &rules);
    if (r->source->literate)
        write_paragraphs(r);
}
