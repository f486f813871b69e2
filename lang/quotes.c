/*
 * Looks for each quoted passage in the voted text, both folded.
 */
#include "quotes.h"

#include <string.h>

struct check {
    struct arena *arena;
    struct diag_list *diags;
    uint32_t file;
    struct slice text;                 /* folded */
};

/* The words alone: marks of Markdown (quotes, emphasis, tables) become spaces before folding. */
static struct slice plain(struct arena *arena, struct slice text)
{
    char *copy = arena_copy_text(arena, text.bytes, text.length);

    for (size_t i = 0; i < text.length; i++)
        if (strchr(">*`#|", copy[i]) || copy[i] == '\0')
            copy[i] = ' ';
    return text_fold(arena, (struct slice){ copy, text.length });
}

static bool contains(struct slice text, struct slice words)
{
    for (const char *p = text.bytes; words.length <= text.length && p <= text.bytes + text.length - words.length; p++) {
        p = memchr(p, words.bytes[0], (size_t)(text.bytes + text.length - words.length - p) + 1);
        if (!p)
            return false;
        if (memcmp(p, words.bytes, words.length) == 0)
            return true;
    }
    return words.length == 0;
}

static void check_citations(struct check *c, const struct citation *citation)
{
    for (; citation; citation = citation->next) {
        struct slice words = plain(c->arena, citation->quote);

        if (citation->quote.length == 0 || citation->quote_span.file != c->file || contains(c->text, words))
            continue;
        diag_help(c->diags,
                  diag_add(c->diags, DIAG_QUOTE_NOT_FOUND, citation->quote_span, "ces mots ne sont pas dans le texte de l'acte"),
                  "recopiez le passage tel qu'il est voté, ou corrigez l'acte");
    }
}

static void check_tariff(struct check *c, const struct decl *d)
{
    check_citations(c, d->as.tariff.price_clauses.citation);
    for (size_t i = 0; i < d->as.tariff.exceptions.count; i++)
        check_citations(c, d->as.tariff.exceptions.items[i].clauses.citation);
    for (size_t i = 0; i < d->as.tariff.steps.count; i++)
        check_citations(c, d->as.tariff.steps.items[i].clauses.citation);
}

void quotes_check(struct arena *arena, struct diag_list *diags, const struct act *act, uint32_t file, struct slice text)
{
    struct check c = { arena, diags, file, plain(arena, text) };

    for (const struct decl *d = act->first; d; d = d->next) {
        check_citations(&c, d->clauses.citation);
        if (d->kind == DECL_TARIFF)
            check_tariff(&c, d);
    }
}
