/*
 * The voted text and the rules, side by side, article by article. A literate file has both; a plain one has its
 * declarations beside the passages that they cite, and the document that its header names, when it is there.
 */
#include "lang/citations.h"
#include "cli/document/coloration.h"
#include "cli/document/markdown.h"
#include "rapport.h"

#include <string.h>

struct writing {
    struct rapport *r;
    struct html *html;
    struct coloration coloration;
    struct markdown titles;
};

static bool is_blank(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!strchr(" \t\r\n", text.bytes[i]))
            return false;
    return true;
}

static void open_class(struct html *html, const char *element, const char *class)
{
    html_open(html, element);
    html_attribute(html, "class", class);
}

/* Markdown, or the text as it stands when it is too long to be laid out. */
static void write_markdown(struct writing *w, struct slice text)
{
    if (markdown_write(w->html, &w->titles, text))
        return;
    html_open(w->html, "pre");
    html_verbatim(w->html, text);
    html_close(w->html);
}

/* ---- Literate ---- */

static struct slice part(const struct writing *w, uint32_t start, uint32_t end)
{
    return source_slice(w->r->source, (struct span){ start, end, 0 });
}

/* What is not rules in [start, end). */
static struct slice prose_of(struct writing *w, const struct literate *literate, uint32_t start, uint32_t end)
{
    struct strbuf prose = strbuf_in(&w->r->run->arena);

    for (size_t i = 0; i < literate->blocks.count; i++) {
        const struct rule_block *block = &literate->blocks.items[i];

        if (block->start < start || block->start >= end)
            continue;
        strbuf_slice(&prose, part(w, start, block->start));
        strbuf_text(&prose, "\n\n");
        start = block->end;
    }
    strbuf_slice(&prose, part(w, start, end));
    return strbuf_result(&prose);
}

static size_t write_rules(struct writing *w, const struct literate *literate, uint32_t start, uint32_t end)
{
    size_t written = 0;

    for (size_t i = 0; i < literate->blocks.count; i++) {
        const struct rule_block *block = &literate->blocks.items[i];

        if (block->start < start || block->start >= end)
            continue;
        coloration_write(w->html, &w->coloration, block->inside, block->inside_end);
        written++;
    }
    return written;
}

static void write_article(struct writing *w, const struct literate *literate, uint32_t start, uint32_t end)
{
    struct slice prose = prose_of(w, literate, start, end);

    if (is_blank(part(w, start, end)))
        return;
    open_class(w->html, "section", "article");
    open_class(w->html, "div", "vote");
    write_markdown(w, prose);
    html_close(w->html);
    open_class(w->html, "div", "regle");
    if (!write_rules(w, literate, start, end))
        html_element(w->html, "p", "discret", "Sans règle.");
    html_close(w->html);
    html_close(w->html);
}

static void write_literate(struct writing *w, const struct literate *literate)
{
    uint32_t start = 0;

    for (size_t i = 0; i < literate->headings.count; i++) {
        write_article(w, literate, start, literate->headings.items[i].offset);
        start = literate->headings.items[i].offset;
    }
    write_article(w, literate, start, w->r->source->length);
}

/* ---- Plain ---- */

static void write_citation(void *context, const struct citation *citation)
{
    struct writing *w = context;

    html_open(w->html, "blockquote");
    if (citation->quote.length) {
        html_open(w->html, "p");
        html_format(w->html, "« %.*s »", SLICE_ARG(citation->quote));
        html_close(w->html);
    }
    html_open(w->html, "p");
    html_slice(w->html, citation->place);
    html_text(w->html, citation->place.length ? ", " : "");
    rapport_write_line(w->r, source_position(w->r->source, citation->span.start).line);
    html_close(w->html);
    html_close(w->html);
}

/* « tarif cantine « Restauration scolaire » » */
static void write_title(struct writing *w, const struct decl *decl)
{
    html_open(w->html, "h3");
    html_text(w->html, tree_decl_word(decl->kind));
    if (decl->name.text.length)
        html_format(w->html, " %.*s", SLICE_ARG(decl->name.text));
    if (decl->label.length)
        html_format(w->html, " « %.*s »", SLICE_ARG(decl->label));
    html_close(w->html);
}

static uint32_t line_after(const struct source *source, uint32_t offset)
{
    const char *feed = offset < source->length ? memchr(source->bytes + offset, '\n', source->length - offset) : NULL;

    return feed ? (uint32_t)(feed - source->bytes) + 1 : source->length;
}

static const struct decl *next_of_file(const struct decl *decl)
{
    while (decl && decl->span.file != 0)
        decl = decl->next;
    return decl;
}

/* A line without rule: blank, or a comment. */
static bool is_aside(struct slice line)
{
    while (line.length && strchr(" \t\r", line.bytes[0]))
        line.bytes++, line.length--;
    return line.length == 0 || (line.length >= 2 && memcmp(line.bytes, "--", 2) == 0);
}

static uint32_t line_start(const struct source *source, uint32_t offset)
{
    while (offset > 0 && source->bytes[offset - 1] != '\n')
        offset--;
    return offset;
}

/* Where the piece of `decl` ends: its clauses go with it, what stands right above the next declaration with that one.
 */
static uint32_t piece_end(const struct source *source, const struct decl *decl, const struct decl *next)
{
    uint32_t end = line_start(source, next->span.start), least = line_after(source, decl->span.end);

    while (end > least) {
        uint32_t start = line_start(source, end - 1);

        if (!is_aside((struct slice){ source->bytes + start, end - 1 - start }))
            break;
        end = start;
    }
    return end > least ? end : least;
}

/* Every line of the file is in one of the pieces. */
static void write_plain(struct writing *w, const struct act *act)
{
    const struct source *source = w->r->source;
    uint32_t start = 0;

    for (const struct decl *decl = next_of_file(act->first); start < source->length;) {
        const struct decl *next = decl ? next_of_file(decl->next) : NULL;
        uint32_t end = decl && next ? piece_end(source, decl, next) : source->length;

        open_class(w->html, "section", "article");
        open_class(w->html, "div", "vote");
        if (decl) {
            write_title(w, decl);
            if (!citations_of(decl, write_citation, w))
                html_element(w->html, "p", "discret", "Sans citation de l'acte.");
        }
        html_close(w->html);
        open_class(w->html, "div", "regle");
        coloration_write(w->html, &w->coloration, start, end);
        html_close(w->html);
        html_close(w->html);
        start = end;
        /* A declaration on a line already shown went with the one before it. */
        for (decl = next; decl && decl->span.end <= start; decl = next_of_file(decl->next)) {}
    }
}

/* The document that the header names: it was read when the citations were checked. */
static void write_document(struct writing *w, const struct decl *header)
{
    struct arena *arena = &w->r->run->arena;
    struct slice name = header ? header->as.header.document : SLICE("");
    struct file_text file;
    const char *problem;

    if (!name.length ||
        !programme_read_beside(w->r->run, &w->r->programme, arena_copy_text(arena, name.bytes, name.length), &file,
                               &problem))
        return;
    open_class(w->html, "section", "document");
    html_open(w->html, "h3");
    html_format(w->html, "Le document « %.*s »", SLICE_ARG(name));
    html_close(w->html);
    w->titles = (struct markdown){ 4, 3 };
    write_markdown(w, (struct slice){ file.bytes, file.length });
    html_close(w->html);
}

void rapport_write_text(struct rapport *r)
{
    struct writing w = { .r = r, .html = &r->html, .titles = { 3, 2 } };

    coloration_read(&r->run->arena, r->source, &w.coloration);
    if (r->source->literate) {
        write_literate(&w, &r->program->literate);
        return;
    }
    write_document(&w, r->program->act.header);
    write_plain(&w, &r->program->act);
}
