/*
 * Names of the last valid program: what they mean, where they are declared, which ones can be written.
 */
#include "lsp.h"

#include "grammar/tokens.h"
#include "runtime/program.h"

#include <string.h>

/* ---- The word under the cursor ---- */

/* Letters, with their accents, digits and « _ »: what a name is made of. */
static bool is_letter(const char *at, size_t length)
{
    unsigned char first = (unsigned char)at[0];
    unsigned point = length == 2 ? (first & 0x1Fu) << 6 | ((unsigned char)at[1] & 0x3Fu) : 0;

    if (length == 1)
        return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9') ||
               first == '_';
    return point >= 0xC0 && point <= 0x24F && point != 0xD7 && point != 0xF7;
}

static struct slice word_at(const struct lsp_document *d, size_t offset)
{
    const char *begin = d->text + offset, *end = begin, *limit = d->text + d->length;

    for (size_t length; end < limit && (length = utf8_sequence(end, limit)) > 0 && is_letter(end, length);)
        end += length;
    while (begin > d->text) {
        const char *previous = begin - 1;

        while (previous > d->text && ((unsigned char)*previous & 0xC0) == 0x80)
            previous--;
        if (!is_letter(previous, (size_t)(begin - previous)))
            break;
        begin = previous;
    }
    return (struct slice){ begin, (size_t)(end - begin) };
}

static const struct symbol *symbol_of(const struct lsp_document *d, struct slice word)
{
    return d->last && word.length ? scope_find(&d->last->model.globals, word) : NULL;
}

/* ---- What it means ---- */

static const char *kind_of(const struct symbol *symbol)
{
    switch (symbol->kind) {
    case SYMBOL_ENUM:     return "énumération";
    case SYMBOL_INPUT:    return "entrée";
    case SYMBOL_SOURCE:   return "source";
    case SYMBOL_LET:      return "définition";
    case SYMBOL_OUTPUT:   return "résultat";
    case SYMBOL_FUNCTION: return "fonction";
    case SYMBOL_TARIFF:   return "tarif";
    case SYMBOL_RECORD:   return "enregistrement";
    case SYMBOL_TABLEAU:  return "tableau";
    case SYMBOL_TRANCHES: return "tranches";
    case SYMBOL_CALENDAR: return "calendrier";
    case SYMBOL_NATIONAL: return "valeur nationale";
    case SYMBOL_UNIT:     return "unité";
    case SYMBOL_MEMBER: case SYMBOL_PARAMETER: case SYMBOL_FIELD: case SYMBOL_VARIABLE: case SYMBOL_COLUMN:
    case SYMBOL_DATE: case SYMBOL_TODAY: case SYMBOL_STEP_PRICE:
        break;
    }
    return "nom";
}

static const char *explain(struct arena *arena, const struct lsp_document *d, const struct symbol *symbol)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "**%.*s** (%s", SLICE_ARG(symbol->name.text), kind_of(symbol));
    if (symbol->type) {
        strbuf_text(&text, " : ");
        strbuf_type(&text, &d->last->model, symbol->type);
    }
    strbuf_char(&text, ')');
    if (symbol->label.length)
        strbuf_format(&text, "\n\n« %.*s »", SLICE_ARG(symbol->label));
    if (symbol->function)
        strbuf_format(&text, "\n\n%s : `%s`", symbol->function->channel, symbol->function->name);
    return strbuf_string(&text);
}

/* A keyword of one word, with what the reference says of it. */
static const struct keyword *keyword_of(struct slice word)
{
    for (const struct keyword *k = keyword_table; k->spelling; k++)
        if (*k->meaning && text_fold_equal(slice_of(k->spelling), word))
            return k;
    return NULL;
}

void lsp_write_hover(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d, size_t offset)
{
    struct arena *arena = &lsp->scratch.arena;
    struct slice word = word_at(d, offset);
    const struct symbol *symbol = symbol_of(d, word);
    const struct keyword *keyword = symbol ? NULL : keyword_of(word);
    struct strbuf text = strbuf_in(arena);
    size_t start = (size_t)(word.bytes - d->text);

    if (!symbol && !keyword) {
        lsp->io->json_null(json, "result");
        return;
    }
    if (keyword)
        strbuf_format(&text, "**%s** : %s", keyword->spelling, keyword->meaning);
    lsp->io->json_object(json, "result");
    lsp->io->json_object(json, "contents");
    lsp->io->json_text(json, "kind", "markdown");
    lsp->io->json_text(json, "value", symbol ? explain(arena, d, symbol) : strbuf_string(&text));
    lsp->io->json_end(json);
    lsp_write_range(lsp, json, "range", lsp_place(d->text, d->length, start),
                    lsp_place(d->text, d->length, start + word.length));
    lsp->io->json_end(json);
}

/* ---- Where it is declared ---- */

void lsp_write_definition(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d, size_t offset)
{
    const struct symbol *symbol = symbol_of(d, word_at(d, offset));
    const struct source *source = symbol && symbol->decl ? d->last->sources[symbol->name.span.file] : NULL;

    if (!source || symbol->name.span.end > source->length) {
        lsp->io->json_null(json, "result");
        return;
    }
    lsp->io->json_object(json, "result");
    lsp->io->json_text(json, "uri",
                       symbol->name.span.file == 0 ? d->uri : lsp_uri(&lsp->scratch.arena, source->name));
    lsp_write_range(lsp, json, "range", lsp_place(source->bytes, source->length, symbol->name.span.start),
                    lsp_place(source->bytes, source->length, symbol->name.span.end));
    lsp->io->json_end(json);
}

/* ---- Which names there are ---- */

enum { COMPLETION_VARIABLE = 6, COMPLETION_KEYWORD = 14 };

static void write_item(struct lsp *lsp, delib_io_json *json, const char *label, int64_t kind, const char *detail)
{
    lsp->io->json_object(json, NULL);
    lsp->io->json_text(json, "label", label);
    lsp->io->json_integer(json, "kind", kind);
    if (detail && *detail)
        lsp->io->json_text(json, "detail", detail);
    lsp->io->json_end(json);
}

static const char *copy(struct lsp *lsp, struct slice text)
{
    return text.length ? arena_copy_text(&lsp->scratch.arena, text.bytes, text.length) : "";
}

void lsp_write_completion(struct lsp *lsp, delib_io_json *json, const struct lsp_document *d)
{
    lsp->io->json_list(json, "result");
    for (size_t b = 0; d->last && b < SCOPE_BUCKETS; b++)
        for (const struct symbol *s = d->last->model.globals.buckets[b]; s; s = s->hash_next)
            if (s->decl)
                write_item(lsp, json, copy(lsp, s->name.text), COMPLETION_VARIABLE,
                           s->label.length ? copy(lsp, s->label) : kind_of(s));
    for (const struct keyword *k = keyword_table; k->spelling; k++)
        write_item(lsp, json, k->spelling, COMPLETION_KEYWORD, k->meaning);
    lsp->io->json_end(json);
}
