/*
 * Looks for each quoted passage in the voted text, both folded.
 */
#include "quotes.h"

#include "citations.h"

#include <string.h>

struct check {
    struct arena *arena;
    struct diag_list *diags;
    uint32_t file;
    struct slice text;                 /* folded */
};

/*
 * The words alone, folded: the marks of Markdown that stand between words become spaces, those that cling to them
 * (« **6 €**. ») disappear.
 */
static struct slice plain(struct arena *arena, struct slice text)
{
    char *copy = arena_copy_text(arena, text.bytes, text.length);
    size_t length = 0;

    for (size_t i = 0; i < text.length; i++)
        if (!strchr("*`", text.bytes[i]) || text.bytes[i] == '\0')
            copy[length++] = strchr(">#|", text.bytes[i]) ? ' ' : text.bytes[i];
    return text_fold(arena, (struct slice){ copy, length });
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

static void check_citation(void *context, const struct citation *citation)
{
    struct check *c = context;
    struct slice words = plain(c->arena, citation->quote);

    if (citation->quote.length == 0 || citation->quote_span.file != c->file || contains(c->text, words))
        return;
    diag_help(c->diags,
              diag_add(c->diags, DIAG_QUOTE_NOT_FOUND, citation->quote_span,
                       "ces mots ne sont pas dans le texte de l'acte"),
              "recopiez le passage tel qu'il est voté, ou corrigez l'acte");
}

void quotes_check(struct arena *arena, struct diag_list *diags, const struct act *act, uint32_t file, struct slice text)
{
    struct check c = { arena, diags, file, plain(arena, text) };

    for (const struct decl *d = act->first; d; d = d->next)
        citations_of(d, check_citation, &c);
}

bool quotes_found(struct arena *arena, struct slice text, struct slice quote)
{
    return contains(plain(arena, text), plain(arena, quote));
}
