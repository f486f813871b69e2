/*
 * From raw words to the tokens the parser reads. Three passes over one array: scan, join words into keywords, follow
 * blocks to know which line ends count. What the words mean is left to the parser.
 */
#include "tokens.h"

#include "parser.h"
#include "lang/correction.h"

#include <limits.h>
#include <string.h>

const struct keyword keyword_table[] = {
#define KEYWORD(token, spelling, role, meaning) { token, spelling, ROLE_##role, meaning },
#include "keywords.def"
#undef KEYWORD
    { 0, NULL, ROLE_PLAIN, NULL },
};

const struct keyword *keyword_canonical(int token)
{
    for (const struct keyword *k = keyword_table; k->spelling; k++)
        if (k->token == token)
            return k;
    return NULL;
}

/* The first words of a line, as many as the spelling has. */
static struct slice first_words(struct slice line, const char *spelling)
{
    size_t spaces = 0, end = 0;

    for (; *spelling; spelling++)
        spaces += *spelling == ' ';
    while (end < line.length && (line.bytes[end] != ' ' || spaces-- > 0) && line.bytes[end] != '\n' &&
           line.bytes[end] != '\r' && line.bytes[end] != ':')
        end++;
    while (end > 0 && line.bytes[end - 1] == ' ')
        end--;
    return (struct slice){ line.bytes, end };
}

const struct keyword *keyword_suggest(struct slice line, const bool *accepted, size_t *length)
{
    const struct keyword *best = NULL;
    unsigned least = UINT_MAX;

    for (const struct keyword *k = keyword_table; k->spelling; k++) {
        struct slice words = first_words(line, k->spelling);
        struct nearest nearest = nearest_to(words);

        if ((accepted && !accepted[k - keyword_table]) || !nearest_consider(&nearest, slice_of(k->spelling)) ||
            nearest.distance >= least)
            continue;
        least = nearest.distance;
        best = k;
        *length = words.length;
    }
    return best;
}

/* ------------------------------------------------------------------ scanning */

void scan_emit(struct scan *scan, int kind, uint32_t start, uint32_t length)
{
    struct token *token = arena_push(scan->arena, &scan->tokens);

    token->kind = kind;
    token->span = (struct span){ start, start + length, scan->file };
    token->text = (struct slice){ scan->base + start, length };
    token->line_start = scan->tokens.count == 1 || token[-1].kind == NEWLINE;
}

/* Signs of other keyboards, by what they stand for here, and are read as once told. */
static const struct { const char *sign, *meant; int kind; } MISTYPED[] = {
    { "$", "€", EURO }, { "&", "et", ET }, { "\xE2\x88\x97", "×", TIMES }, { "\xE2\x8B\x85", "×", TIMES },
};

/* Controls, the soft hyphen, joiners and marks of direction: what a copy from elsewhere brings and nobody sees. */
static bool is_invisible(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.bytes;

    return at[0] < ' ' || at[0] == 0x7F || slice_is(text, "\xC2\xAD") ||
           (text.length == 3 && at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0x8B && at[2] <= 0x8F) ||
                                                  (at[1] == 0x81 && at[2] >= 0xA0 && at[2] <= 0xA4)));
}

/* « 0,80 $ », but not « 1 € $ »: a unit stands after a number. */
static bool follows_number(const struct scan *scan, uint32_t at)
{
    while (at > 0 && (scan->base[at - 1] == ' ' || (unsigned char)scan->base[at - 1] == 0xA0))
        at -= scan->base[at - 1] == ' ' ? 1 : 2;
    return at > 0 && scan->base[at - 1] >= '0' && scan->base[at - 1] <= '9';
}

static void report_character(struct scan *scan, struct span span, struct slice text)
{
    struct diag *diag;

    if (is_invisible(text)) {
        diag = diag_add(scan->diags, DIAG_UNKNOWN_CHARACTER, span, "caractère invisible qui n'a pas de sens ici");
        diag_help(scan->diags, diag, "supprimez-le");
        diag_fix(scan->diags, diag, span, "%s", "");
        return;
    }
    diag = diag_add(scan->diags, DIAG_UNKNOWN_CHARACTER, span, "le caractère « %.*s » n'a pas de sens ici",
                    SLICE_ARG(text));
    for (size_t i = 0; i < sizeof MISTYPED / sizeof *MISTYPED; i++)
        if (slice_is(text, MISTYPED[i].sign) && (text.bytes[0] != '$' || follows_number(scan, span.start))) {
            diag_help(scan->diags, diag, "écrivez « %s »", MISTYPED[i].meant);
            diag_fix(scan->diags, diag, span, "%s", MISTYPED[i].meant);
            scan_emit(scan, MISTYPED[i].kind, span.start, (uint32_t)text.length);
        }
}

/* The quotation ends with its line, which holds nothing else that could be read. */
static void propose_closing(struct scan *scan, struct diag *diag, struct span opening, const char *mark)
{
    uint32_t end = opening.end;

    while (end < scan->length && scan->text[end] != '\n' && scan->text[end] != '\r')
        end++;
    while (end > opening.end && scan->text[end - 1] == ' ')
        end--;
    diag_fix(scan->diags, diag, (struct span){ end, end, opening.file }, "%s", mark);
}

void scan_report(struct scan *scan, enum scan_fault fault, uint32_t start, uint32_t length)
{
    struct span span = { start, start + length, scan->file };
    struct slice text = { scan->base + start, length };
    struct strbuf composed = strbuf_in(scan->arena);
    struct diag *diag;

    switch (fault) {
    case SCAN_UNKNOWN:
        if (scan->unknown_end == start && start > 0) {
            scan->unknown_end = start + length;
            break;
        }
        scan->unknown_end = start + length;
        report_character(scan, span, text);
        break;
    case SCAN_DECIMAL_POINT: {
        const char *point = memchr(text.bytes, '.', text.length);
        int whole = (int)(point - text.bytes);

        diag = diag_add(scan->diags, DIAG_DECIMAL_POINT, span,
                        "« %.*s » : les décimales s'écrivent après une virgule", SLICE_ARG(text));
        diag_help(scan->diags, diag, "écrivez « %.*s,%.*s »", whole, text.bytes, (int)text.length - whole - 1,
                  point + 1);
        diag_fix(scan->diags, diag, span, "%.*s,%.*s", whole, text.bytes, (int)text.length - whole - 1, point + 1);
        break;
    }
    case SCAN_DECOMPOSED:
        diag = diag_add(scan->diags, DIAG_DECOMPOSED_ACCENT, span,
                        "« %.*s » contient un accent séparé de sa lettre", SLICE_ARG(text));
        diag_help(scan->diags, diag,
                  "retapez le mot au clavier : l'accent et la lettre doivent former un seul caractère");
        if (text_compose(&composed, text))
            diag_fix(scan->diags, diag, span, "%s", composed.bytes);
        break;
    case SCAN_UNTERMINATED:
        diag = diag_add(scan->diags, DIAG_UNTERMINATED_TEXT, span, "ce guillemet n'est jamais refermé");
        diag_help(scan->diags, diag, text.bytes[0] == '"' ? "ajoutez « \" » à la fin du texte cité"
                                                          : "ajoutez le guillemet fermant à la fin du texte cité");
        propose_closing(scan, diag, span, text.bytes[0] == '"' ? "\"" : text.bytes[0] == '\xC2' ? " »" : "”");
        break;
    }
}

void *scan_reserve(struct scan *scan, size_t size)
{
    size_t start = (scan->reserved + 15) & ~(size_t)15;

    scan->reserved = start + size;
    return scan->reserve + start;
}

/* ------------------------------------------------------------------ keywords of one or several words */

/* The next word of a spelling: up to a space (skipped) or after an apostrophe (kept). */
static struct slice next_word(const char **spelling)
{
    const char *start = *spelling, *p = start;

    while (*p && *p != ' ' && *p != '\'')
        p++;
    if (*p == '\'')
        p++;
    *spelling = *p == ' ' ? p + 1 : p;
    return (struct slice){ start, (size_t)(p - start) };
}

/* « à » alone keeps its accent: « a » and « A » are names, of tranches for instance. */
static bool same_word(struct slice word, struct slice spelled, bool alone)
{
    if (alone && slice_is(spelled, "à"))
        return slice_is(word, "à") || slice_is(word, "À");
    return text_fold_equal(word, spelled);
}

/* How many raw tokens from `at` make this spelling; 0 when they do not. */
static size_t match_spelling(const token_list *raw, size_t at, const char *spelling)
{
    const bool alone = strcmp(spelling, "à") == 0;
    size_t count = 0;

    while (*spelling) {
        struct slice word = next_word(&spelling);

        if (at + count >= raw->count || raw->items[at + count].kind != WORD ||
            !same_word(raw->items[at + count].text, word, alone))
            return 0;
        count++;
    }
    return count;
}

/* « 22 ans et plus de 3 enfants » : « et plus » is not followed by « de ». */
static bool followed_by_de(const token_list *raw, size_t at)
{
    return at < raw->count && raw->items[at].kind == WORD &&
           (text_fold_equal(raw->items[at].text, SLICE("de")) || text_fold_equal(raw->items[at].text, SLICE("d'")));
}

/* « 20 % de la plus favorable de … »: « la plus favorable de » is one keyword, « de la » is not. */
static bool followed_by_best(const token_list *raw, size_t at)
{
    return at + 1 < raw->count && raw->items[at].kind == WORD && raw->items[at + 1].kind == WORD &&
           text_fold_equal(raw->items[at + 1].text, SLICE("favorable"));
}

static char first_letter(struct slice text)
{
    char letter = text.length ? text.bytes[0] : '\0';

    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    if (letter == '\xC3' && text.length > 1) {      /* the accented letters that begin a keyword */
        unsigned char second = (unsigned char)text.bytes[1] | 0x20u;
        return second <= 0xA6 ? 'a' : second >= 0xA8 && second <= 0xAB ? 'e' : 'z';
    }
    return letter;
}

/* Longest keyword at `at`; NULL when the word is a plain name. */
static const struct keyword *match_keyword(const token_list *raw, size_t at, size_t *length)
{
    const struct keyword *best = NULL;
    char letter = first_letter(raw->items[at].text);

    *length = 1;
    for (const struct keyword *k = keyword_table; k->spelling; k++) {
        size_t count;

        if (first_letter(slice_of(k->spelling)) != letter)
            continue;
        count = match_spelling(raw, at, k->spelling);
        if (count == 0 || (best && count <= *length))
            continue;
        if ((k->token == ET_PLUS || k->token == OU_MOINS) && followed_by_de(raw, at + count))
            continue;
        if (k->token == DU && followed_by_best(raw, at + count))
            continue;
        best = k;
        *length = count;
    }
    return best;
}

/* « 8h30 », « 40min »: a number, a unit, a number. Other words that begin with a digit (« 2c2r ») are names. */
static size_t split_duration(struct slice text, struct slice parts[3])
{
    size_t digits = 0, letters, rest;

    while (digits < text.length && text.bytes[digits] >= '0' && text.bytes[digits] <= '9')
        digits++;
    letters = digits;
    while (letters < text.length && (text.bytes[letters] < '0' || text.bytes[letters] > '9'))
        letters++;
    rest = letters;
    while (rest < text.length && text.bytes[rest] >= '0' && text.bytes[rest] <= '9')
        rest++;
    parts[0] = (struct slice){ text.bytes, digits };
    parts[1] = (struct slice){ text.bytes + digits, letters - digits };
    parts[2] = (struct slice){ text.bytes + letters, rest - letters };
    if (rest != text.length || digits > 4)
        return 0;
    if (slice_is(parts[1], "h"))
        return parts[2].length == 0 ? 2 : parts[2].length == 2 ? 3 : 0;
    return slice_is(parts[1], "min") && parts[2].length == 0 ? 2 : 0;
}

static struct token *push_token(struct arena *arena, token_list *out, const struct token *model)
{
    struct token *token = arena_push(arena, out);

    *token = *model;
    return token;
}

static void push_parts(struct arena *arena, token_list *out, const struct token *whole, struct slice parts[3],
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct token *token = push_token(arena, out, whole);

        token->kind = i == 1 ? NAME : NUMBER;
        token->text = parts[i];
        token->span.start = whole->span.start + (uint32_t)(parts[i].bytes - whole->text.bytes);
        token->span.end = token->span.start + (uint32_t)parts[i].length;
        token->line_start = whole->line_start && i == 0;
    }
}

static void join_words(struct arena *arena, const token_list *raw, token_list *out)
{
    for (size_t i = 0; i < raw->count;) {
        const struct token *first = &raw->items[i];
        struct token joined = *first;
        struct slice parts[3];
        size_t count = 1, pieces;

        if (first->kind == NAME && (pieces = split_duration(first->text, parts)) > 0) {
            push_parts(arena, out, first, parts, pieces);
            i++;
            continue;
        }
        if (first->kind == WORD) {
            const struct keyword *keyword = match_keyword(raw, i, &count);
            const struct token *last = &raw->items[i + count - 1];

            joined.kind = keyword ? keyword->token : NAME;
            joined.span = span_join(first->span, last->span);
            joined.text.length = (size_t)(last->text.bytes + last->text.length - first->text.bytes);
        }
        if (joined.kind == ET && i + 1 < raw->count && raw->items[i + 1].kind == PLUS) {     /* « 501 et + » */
            joined.kind = ET_PLUS;
            joined.span = span_join(joined.span, raw->items[i + 1].span);
            joined.text.length = (size_t)(raw->items[i + 1].text.bytes + 1 - first->text.bytes);
            count = 2;
        }
        if (joined.kind == COMMENT)
            joined.hidden = true;
        push_token(arena, out, &joined);
        i += count;
    }
}

/* ------------------------------------------------------------------ blocks and lines */

struct block {
    int word;                 /* the keyword that opened it */
    bool lines;               /* line ends count inside */
    size_t parentheses;       /* open around it: inside, they are counted from 0 */
    struct span span;
};

struct layout {
    struct arena *arena;
    struct diag_list *diags;
    const struct token_options *options;
    struct { struct block *items; size_t count, capacity; } blocks;
    size_t parentheses;
    struct span parenthesis;  /* the last one opened, for the limit */
    bool too_deep;
    token_list *out;
    const struct source *source;   /* what is not code blanked */
};

static const struct keyword *role_of(int token)
{
    return token == NAME ? NULL : keyword_canonical(token);
}

static bool in_lines(const struct layout *layout)
{
    return layout->blocks.count > 0 && layout->blocks.items[layout->blocks.count - 1].lines;
}

static int last_visible(const struct layout *layout)
{
    for (size_t i = layout->out->count; i-- > 0;)
        if (!layout->out->items[i].hidden)
            return layout->out->items[i].kind;
    return NEWLINE;
}

/* The last token that is not the end of a line: a forgotten « fin » goes under it. */
static struct span last_word(const struct layout *layout)
{
    for (size_t i = layout->out->count; i-- > 0;)
        if (layout->out->items[i].kind != NEWLINE && layout->out->items[i].kind != COMMENT)
            return layout->out->items[i].span;
    return (struct span){ 0 };
}

static void report_depth(struct layout *layout, struct span span)
{
    layout->too_deep = true;
    diag_help(layout->diags,
              diag_add(layout->diags, DIAG_NESTING, span, "plus de %u parenthèses ou blocs imbriqués",
                       layout->options->nesting_limit),
              "découpez le calcul avec des « soit »");
}

static void open_block(struct layout *layout, int word, bool lines, struct span span)
{
    struct block *block;

    if (layout->blocks.count >= layout->options->nesting_limit) {
        report_depth(layout, span);
        return;
    }
    block = arena_push(layout->arena, &layout->blocks);
    *block = (struct block){ word, lines, layout->parentheses, span };
    layout->parentheses = 0;
}

/* Adds the « fin » that was forgotten, so that the rest is read as it was meant. */
static void supply_end(struct layout *layout, struct span here)
{
    struct block block = layout->blocks.items[--layout->blocks.count];
    const struct keyword *keyword = keyword_canonical(block.word);
    struct token end = { .kind = FIN, .span = { here.start, here.start, here.file }, .text = SLICE("fin") };
    struct diag *diag = diag_add(layout->diags, DIAG_MISSING_END, block.span,
                                 "le bloc « %s » n'est pas terminé par « fin »", keyword ? keyword->spelling : "?");

    diag_note(layout->diags, diag, end.span, "« fin » était attendu avant cet endroit");
    diag_help(layout->diags, diag, "ajoutez une ligne « fin » à la fin du bloc");
    correction_line_after(layout->diags, diag, layout->source, last_word(layout), block.span, "fin");
    if (block.lines && last_visible(layout) != NEWLINE) {
        struct token line = end;

        line.kind = NEWLINE;
        push_token(layout->arena, layout->out, &line);
    }
    push_token(layout->arena, layout->out, &end);
    layout->parentheses = block.parentheses;
    if (in_lines(layout) && layout->parentheses == 0) {
        end.kind = NEWLINE;
        push_token(layout->arena, layout->out, &end);
    }
}

static bool is_table_word(int word)
{
    return word == GRILLE || word == BAREME || word == SELON || word == TABLEAU || word == TRANCHES;
}

/* « fin tarif », « fin grille »: does the word suit the block that `fin` closes? */
static bool end_suits(int opener, int word)
{
    return word == opener || (opener == SELON && is_table_word(word)) || (opener == ESSAIS && word == ESSAI);
}

static bool is_end_word(int kind)
{
    return is_table_word(kind) || kind == TARIF || kind == ESSAI || kind == ESSAIS || kind == ENUMERATION ||
           kind == ENREGISTREMENT || kind == DELIBERATION || kind == PROPRIETE;
}

/* Can a token of this kind follow a keyword that begins a declaration? Tells « tarif cantine » from « tarif = 3 ». */
static bool begins_operand(int kind)
{
    return kind == NAME || kind == TEXT || kind == POUR;
}

/* Line ends and comments aside, the token after `at`. */
static const struct token *next_token(const token_list *tokens, size_t at)
{
    size_t i = at + 1;

    while (i < tokens->count && (tokens->items[i].kind == COMMENT || tokens->items[i].kind == NEWLINE))
        i++;
    return i < tokens->count ? &tokens->items[i] : NULL;
}

static bool next_on_line(const token_list *tokens, size_t at, int kind)
{
    return at + 1 < tokens->count && tokens->items[at + 1].kind == kind;
}

static bool line_has(const token_list *tokens, size_t at, int kind)
{
    for (size_t i = at; i < tokens->count && tokens->items[i].kind != NEWLINE; i++)
        if (tokens->items[i].kind == kind)
            return true;
    return false;
}

static bool is_declaration_word(int kind)
{
    const struct keyword *keyword = role_of(kind);

    return kind == TARIF || kind == ESSAI || kind == ESSAIS || kind == ENREGISTREMENT || kind == DELIBERATION ||
           kind == PROPRIETE || (keyword && keyword->role == ROLE_TOP);
}

static bool is_tariff_clause(int kind)
{
    return kind == PUIS || kind == EXCEPTION || kind == PRIX || kind == RESULTAT || kind == FINALITE;
}

/*
 * A word that cannot stand inside the open blocks: their « fin » was forgotten. What follows is looked at for these
 * words only: each run of comments is then read over once, however many there are.
 */
static void close_forgotten(struct layout *layout, const token_list *tokens, size_t at)
{
    const struct token *token = &tokens->items[at], *next;

    if (!token->line_start || layout->blocks.count == 0 ||
        !(is_declaration_word(token->kind) || is_tariff_clause(token->kind)))
        return;
    next = next_token(tokens, at);
    if (!next)
        return;
    if (is_declaration_word(token->kind) && begins_operand(next->kind) &&
        !(layout->blocks.items[0].word == DELIBERATION && layout->blocks.count == 1 && token->kind != TARIF &&
          token->kind != ENTREE && token->kind != ESSAI && token->kind != SOURCE && token->kind != ENUMERATION))
        while (layout->blocks.count > 0)
            supply_end(layout, token->span);
    else if (is_tariff_clause(token->kind) && layout->blocks.items[0].word == TARIF && next->kind != COLON &&
             next->kind != EQ)
        while (layout->blocks.count > 1)
            supply_end(layout, token->span);
}

static void enter(struct layout *layout, const token_list *tokens, size_t at)
{
    const struct token *token = &tokens->items[at];
    const struct keyword *keyword = role_of(token->kind);
    bool top = token->line_start && layout->blocks.count == 0;

    if (token->kind == SELON)
        open_block(layout, SELON, true, token->span);
    else if (token->kind == ENUMERATION && top)
        line_has(tokens, at, COLON) ? (void)0 : open_block(layout, ENUMERATION, true, token->span);
    else if (keyword && is_declaration_word(token->kind) && keyword->role != ROLE_TOP && top)
        open_block(layout, token->kind, keyword->role == ROLE_LINES, token->span);
    else if (keyword && keyword->role == ROLE_FREE && !is_declaration_word(token->kind))
        open_block(layout, token->kind, false, token->span);
}

/* « fin » and the name of the block that it closes, when that block has one of its own. */
static void propose_end(struct layout *layout, struct diag *diag, struct span span)
{
    int opener = layout->blocks.items[layout->blocks.count - 1].word;
    const struct keyword *keyword = is_end_word(opener) && opener != SELON ? keyword_canonical(opener) : NULL;

    diag_help(layout->diags, diag, "écrivez « fin%s%s »", keyword ? " " : "", keyword ? keyword->spelling : "");
    diag_fix(layout->diags, diag, span, "fin%s%s", keyword ? " " : "", keyword ? keyword->spelling : "");
}

/* Closes a block; returns how many tokens « fin » takes, the word after it included. */
static size_t leave(struct layout *layout, const token_list *tokens, size_t at)
{
    const struct token *token = &tokens->items[at];
    const struct token *word =
        at + 1 < tokens->count && is_end_word(tokens->items[at + 1].kind) ? &tokens->items[at + 1] : NULL;

    if (word && layout->blocks.count > 0) {
        size_t depth = layout->blocks.count;

        while (depth > 0 && !end_suits(layout->blocks.items[depth - 1].word, word->kind))
            depth--;
        if (depth == 0) {
            struct diag *diag = diag_add(layout->diags, DIAG_WRONG_END, span_join(token->span, word->span),
                                         "« fin %.*s » ne correspond à aucun bloc ouvert", SLICE_ARG(word->text));
            diag_note(layout->diags, diag, layout->blocks.items[layout->blocks.count - 1].span,
                      "le bloc ouvert est celui-ci");
            propose_end(layout, diag, span_join(token->span, word->span));
        }
        while (depth > 0 && layout->blocks.count > depth)
            supply_end(layout, token->span);
    }
    if (layout->blocks.count > 0)
        layout->parentheses = layout->blocks.items[--layout->blocks.count].parentheses;
    push_token(layout->arena, layout->out, token);
    if (!word)
        return 1;
    push_token(layout->arena, layout->out, word)->hidden = true;
    return 2;
}

static bool comma_is_layout(const struct layout *layout, const token_list *tokens, size_t at)
{
    const struct token *next = in_lines(layout) ? (at + 1 < tokens->count ? &tokens->items[at + 1] : NULL)
                                                : next_token(tokens, at);
    const struct keyword *keyword = next ? role_of(next->kind) : NULL;

    return keyword && (keyword->role == ROLE_TAIL || next->kind == PAR);
}

/* « , par âge décroissant » begins an order; « € par repas » a unit. */
static bool after_comma(const struct layout *layout)
{
    return layout->out->count > 0 && layout->out->items[layout->out->count - 1].kind == COMMA;
}

static void count_parentheses(struct layout *layout, const struct token *token)
{
    if (token->kind == LPAREN) {
        if (++layout->parentheses > layout->options->nesting_limit)
            report_depth(layout, token->span);
    } else if (token->kind == RPAREN && layout->parentheses > 0) {
        layout->parentheses--;
    }
}

static void follow_blocks(struct layout *layout, const token_list *tokens)
{
    for (size_t i = 0; i < tokens->count && !layout->too_deep;) {
        struct token token = tokens->items[i];

        close_forgotten(layout, tokens, i);
        if (token.kind == FIN && !next_on_line(tokens, i, COLON) && !next_on_line(tokens, i, EQ)) {
            i += leave(layout, tokens, i);
            continue;
        }
        enter(layout, tokens, i);
        count_parentheses(layout, &token);
        if (token.kind == NEWLINE)
            token.hidden = !in_lines(layout) || layout->parentheses > 0 || last_visible(layout) == NEWLINE;
        else if (token.kind == COMMA)
            token.hidden = comma_is_layout(layout, tokens, i);
        else if (token.kind == PAR && after_comma(layout))
            token.kind = PAR_ORDRE;
        push_token(layout->arena, layout->out, &token);
        i++;
    }
}

void tokens_read(struct arena *arena, struct diag_list *diags, uint32_t file, const char *bytes, size_t length,
                 const struct token_options *options, token_list *out)
{
    struct scan *scan = arena_new(arena, struct scan);
    char *copy = arena_alloc(arena, length + 2, 1);
    token_list joined = { 0 };
    struct source source = { .name = "", .bytes = bytes, .length = (uint32_t)length };
    struct layout layout = { .arena = arena, .diags = diags, .options = options, .out = out, .source = &source };
    struct token end = { .kind = 0, .span = { (uint32_t)length, (uint32_t)length, file }, .text = SLICE("") };

    *out = (token_list){ 0 };
    memcpy(copy, bytes, length);
    *scan = (struct scan){ .arena = arena, .diags = diags, .file = file, .text = bytes, .length = length };
    scan_bytes(scan, copy, length);
    join_words(arena, &scan->tokens, &joined);
    follow_blocks(&layout, &joined);
    if (layout.too_deep)                     /* told once; the rest would only be told again */
        *out = (token_list){ 0 };
    while (layout.blocks.count > 0 && !layout.too_deep)
        supply_end(&layout, end.span);
    push_token(arena, out, &end);
}
