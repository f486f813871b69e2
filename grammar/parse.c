/*
 * From the bytes of a file to its tree: limits and encoding, literate text, tokens, grammar.
 */
#include "parse.h"

#include "parser.h"

#include <string.h>

/* A stack that outgrows this belongs to a text beyond the nesting limit, which the tokens have already reported. */
enum { STACK_LIMIT = 1 << 22 };

void *parse_stack_alloc(struct parser *parser, size_t size)
{
    return parser && size < STACK_LIMIT ? arena_alloc(parser->arena, size, 1) : NULL;
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r\n", bytes[i]) || bytes[i] == '\0')
            return false;
    return true;
}

static bool report_unreadable(struct diag_list *diags, const struct source *source, uint32_t file)
{
    size_t bad = utf8_validate(source->bytes, source->length);
    struct span span = { (uint32_t)bad, (uint32_t)bad + 1, file };

    if (bad < source->length) {
        diag_help(diags, diag_add(diags, DIAG_INVALID_UTF8, span, "ce fichier n'est pas un texte en UTF-8"),
                  "enregistrez-le en texte brut, encodage UTF-8");
        return true;
    }
    if (is_blank(source->bytes, source->length)) {
        diag_help(diags, diag_add(diags, DIAG_EMPTY_SOURCE, (struct span){ 0, 0, file }, "ce fichier est vide"),
                  "écrivez au moins un tarif");
        return true;
    }
    return false;
}

/* A quotation that goes on after its block would take the text between two blocks for its own. */
static void report_torn_texts(struct diag_list *diags, const token_list *tokens, const struct literate *literate)
{
    size_t block = 0;

    for (size_t i = 0; i < tokens->count && block < literate->blocks.count; i++) {
        struct span span = tokens->items[i].span;

        while (block + 1 < literate->blocks.count && span.start >= literate->blocks.items[block].end)
            block++;
        if (tokens->items[i].kind == TEXT && span.end > literate->blocks.items[block].inside_end)
            diag_help(diags,
                      diag_add(diags, DIAG_UNTERMINATED_TEXT, (struct span){ span.start, span.start + 1, span.file },
                               "ce texte entre guillemets continue après la fin de son bloc de règles"),
                      "refermez-le dans le bloc où il commence");
    }
}

/* An act whose every line was at fault has been told so; the rest of the checks would only repeat it. */
void parse_source(struct arena *arena, struct diag_list *diags, const struct source *source, uint32_t file,
                  const struct token_options *options, struct act *act, struct literate *literate)
{
    struct parser parser = { .arena = arena, .diags = diags, .source = source, .act = act };
    const char *bytes = source->bytes;

    if (report_unreadable(diags, source, file))
        return;
    if (source->literate)
        bytes = literate_blank(arena, diags, file, bytes, source->length, literate);
    tokens_read(arena, diags, file, bytes, source->length, options, &parser.tokens);
    if (source->literate)
        report_torn_texts(diags, &parser.tokens, literate);
    if (delib_yyparse(&parser) == 2 && diags->errors == 0)
        diag_add(diags, DIAG_NESTING, (struct span){ 0, 0, file }, "ce texte est trop imbriqué");
}
