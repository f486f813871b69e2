/*
 * The formatter, one token at a time: how it is written, whether a space comes before it, and whether two texts have
 * the same tokens.
 */
#include "format_parts.h"

#include "parser.h"

#include <string.h>

/* ------------------------------------------------------------------ kinds of tokens */

bool format_is_name_word(int kind)
{
    switch (kind) {
    case COLLECTIVITE: case SIRET: case APPLICABLE: case REMPLACE: case DOCUMENT: case DELIBERATION: case ENTREE:
    case SOURCE: case TARIF: case ESSAI: case ESSAIS: case TRANCHES: case TABLEAU: case UNITE: case FONCTION:
    case ENREGISTREMENT: case CALENDRIER: case ENUMERATION: case PRIX: case RESULTAT: case REDUCTION: case MAJORATION:
    case SUPPLEMENT: case DEDUCTION: case PLANCHER: case PLAFOND: case EXCEPTION: case UTILISE:
    case INFERIEUR: case SUPERIEUR: case SOMME: case DEPUIS: case ATTENDU: case PROPRIETE: case QUAND: case AUGMENTE:
    case BAISSE:
        return true;
    default:
        return false;
    }
}

bool format_is_best(int kind)
{
    return kind == FAVORABLE || kind == DEFAVORABLE || kind == PLUS_PETIT || kind == PLUS_ELEVE;
}

static bool is_symbol(int kind)
{
    return (kind >= EURO && kind <= DOT) || kind == NUMBER || kind == ORDINAL || kind == DATE || kind == TEXT ||
           kind == COMMENT || kind == NEWLINE;
}

static bool is_visible(const struct token *token)
{
    return !token->hidden && token->kind != NEWLINE;
}

/* In one pass: a long run of comments is not read again for each of them. */
void format_link(struct format *format)
{
    size_t last = format->tokens.count - 1, seen = last;

    format->next = arena_array(format->arena, size_t, last + 1);
    format->previous = arena_array(format->arena, size_t, last + 1);
    for (size_t i = 0; i <= last; i++) {
        format->previous[i] = seen;
        if (is_visible(&format->tokens.items[i]))
            seen = i;
    }
    seen = last;
    for (size_t i = last + 1; i-- > 0;) {
        format->next[i] = seen;
        if (is_visible(&format->tokens.items[i]))
            seen = i;
    }
}

size_t format_next(const struct format *format, size_t token)
{
    return format->next[token];
}

/* `steps` visible tokens before this one; the last token, of kind 0, when there are not as many. */
size_t format_previous(const struct format *format, size_t token, size_t steps)
{
    size_t last = format->tokens.count - 1;

    for (; steps > 0; steps--) {
        token = format->previous[token];
        if (token == last)
            return last;
    }
    return token;
}

static int kind_at(const struct format *format, size_t token)
{
    return format->tokens.items[token].kind;
}

static int kind_before(const struct format *format, size_t token, size_t steps)
{
    return kind_at(format, format_previous(format, token, steps));
}

/* « au centime inférieur », « à l'euro supérieur », « à 10 centimes inférieur »: the word says how to round. */
static bool is_rounding_mode(const struct format *format, size_t token)
{
    int second = kind_before(format, token, 2);

    return second == AU || second == A_L || (second == NUMBER && kind_before(format, token, 3) == A_);
}

bool format_is_keyword(const struct format *format, size_t token)
{
    int kind = kind_at(format, token);

    if (is_symbol(kind) || kind == NAME || kind == WORD)
        return false;
    if (!format_is_name_word(kind) || (format->marks[token] & MARK_KEYWORD) || format->tokens.items[token].hidden)
        return true;
    switch (kind) {
    case REDUCTION: case MAJORATION: case SUPPLEMENT: case DEDUCTION: case PLANCHER: case PLAFOND:
        return kind_before(format, token, 1) == PUIS;
    case INFERIEUR: case SUPERIEUR:
        return is_rounding_mode(format, token);
    case SOMME:
        return kind_at(format, format_next(format, token)) == POUR_CHAQUE;
    case TABLEAU:
        return kind_before(format, token, 1) == CITE;
    case SOURCE:
        return (format->marks[token] & MARK_NATIONAL) && kind_at(format, format_next(format, token)) == TEXT;
    default:
        return false;
    }
}

/* ------------------------------------------------------------------ words */

/* Plain, hard or tab, a line end, or a stray byte order mark; 0 when the text begins otherwise. */
static size_t blank_length(const char *bytes, size_t length)
{
    static const char *const BLANKS[] = {
        " ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87", "\xEF\xBB\xBF",
    };

    for (size_t i = 0; i < sizeof BLANKS / sizeof *BLANKS; i++) {
        size_t n = strlen(BLANKS[i]);

        if (length >= n && memcmp(bytes, BLANKS[i], n) == 0)
            return n;
    }
    return 0;
}

static size_t apostrophe_length(const char *bytes, size_t length)
{
    static const char *const QUOTES[] = { "'", "\xE2\x80\x99", "\xCA\xBC" };

    for (size_t i = 0; i < sizeof QUOTES / sizeof *QUOTES; i++) {
        size_t n = strlen(QUOTES[i]);

        if (length >= n && memcmp(bytes, QUOTES[i], n) == 0)
            return n;
    }
    return 0;
}

/* Words separated by one space, straight apostrophes, no space after them. */
static struct slice plain_words(struct arena *arena, struct slice text)
{
    struct strbuf out = strbuf_in(arena);

    for (size_t i = 0, n; i < text.length; i += n) {
        const char *at = text.bytes + i;

        n = blank_length(at, text.length - i);
        if (n > 0) {
            char last = out.length ? out.bytes[out.length - 1] : ' ';

            if (last != ' ' && last != '\'')
                strbuf_char(&out, ' ');
            continue;
        }
        n = apostrophe_length(at, text.length - i);
        if (n > 0) {
            strbuf_char(&out, '\'');
            continue;
        }
        n = 1;
        strbuf_char(&out, *at);
    }
    return strbuf_result(&out);
}

/* The row of keywords.def that was meant: the same words, accents and case aside. */
static struct slice keyword_spelling(struct arena *arena, const struct token *token)
{
    struct slice words = plain_words(arena, token->text);

    for (const struct keyword *k = keyword_table; k->spelling; k++)
        if (k->token == token->kind && text_fold_equal(slice_of(k->spelling), words))
            return slice_of(k->spelling);
    for (const struct keyword *k = keyword_table; k->spelling; k++)     /* PAR_ORDRE is « par » after a comma */
        if (text_fold_equal(slice_of(k->spelling), words))
            return slice_of(k->spelling);
    return SLICE("et +");                                             /* the one that no row spells */
}

/* ------------------------------------------------------------------ numbers and texts */

static struct slice number_text(struct arena *arena, struct slice text)
{
    struct strbuf out = strbuf_in(arena);

    for (size_t i = 0, n; i < text.length; i += n) {
        n = blank_length(text.bytes + i, text.length - i);
        strbuf_char(&out, n ? ' ' : text.bytes[i]);
        n = n ? n : 1;
    }
    return strbuf_result(&out);
}

static size_t add_digits(struct strbuf *out, struct slice text, size_t written)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            continue;
        if (written == 3 || written == 6 || written == 9)
            strbuf_char(out, ' ');
        strbuf_char(out, text.bytes[i]);
        written++;
    }
    return written;
}

/* The next group of digits of the same SIRET, on this line or another; 0 when there is none. */
static size_t next_group(const struct format *format, size_t token)
{
    do
        token++;
    while (format->tokens.items[token].kind == NEWLINE && format->tokens.items[token].hidden);
    return format->tokens.items[token].kind == NUMBER ? token : 0;
}

/* The numbers after « siret » are one number of fourteen digits; the whole is written in place of the first. */
static struct slice siret_text(struct format *format, size_t token)
{
    struct strbuf out = strbuf_in(format->arena);
    size_t written = 0;

    for (; token; token = next_group(format, token))
        written = add_digits(&out, format->tokens.items[token].text, written);
    return strbuf_result(&out);
}

bool format_is_rest_of_siret(const struct format *format, size_t token)
{
    size_t before = format_previous(format, token, 1);

    if (kind_at(format, token) != NUMBER)
        return false;
    while (kind_at(format, before) == NUMBER && next_group(format, before) == token) {
        token = before;
        before = format_previous(format, before, 1);
        if (kind_at(format, before) == SIRET)
            return true;
    }
    return false;
}

static size_t quote_length(struct slice text)
{
    return text.bytes[0] == '"' ? 1 : (unsigned char)text.bytes[0] == 0xC2 ? 2 : 3;
}

/* Ends of lines « \n », without spaces before them; neither blanks at both ends. */
static struct slice inside_text(struct arena *arena, struct slice inside)
{
    struct strbuf out = strbuf_in(arena);
    size_t kept = 0, n;

    while (inside.length > 0 && (n = blank_length(inside.bytes, inside.length)) > 0)
        inside.bytes += n, inside.length -= n;
    for (size_t i = 0; i < inside.length; i += n) {
        const char *at = inside.bytes + i;

        n = blank_length(at, inside.length - i);
        if (*at == '\n') {
            out.length = kept;
            strbuf_char(&out, '\n');
            kept = out.length;
        } else if (*at != '\r') {
            size_t step = n ? n : 1;

            strbuf_bytes(&out, at, step);
            kept = n ? kept : out.length;
        }
        n = n ? n : 1;
    }
    while (kept > 0 && out.bytes[kept - 1] == '\n')
        kept--;
    return (struct slice){ strbuf_string(&out), kept };
}

static struct slice text_text(struct arena *arena, struct slice text)
{
    size_t quote = quote_length(text);
    struct slice inside = { text.bytes + quote, text.length - 2 * quote };
    struct strbuf out = strbuf_in(arena);
    bool straight;

    inside = inside_text(arena, inside);
    straight = quote == 1 || (quote == 3 && !memchr(inside.bytes, '"', inside.length) &&
                              !memchr(inside.bytes, '\n', inside.length));
    strbuf_text(&out, straight ? "\"" : quote == 2 ? "« " : "“");
    strbuf_slice(&out, inside);
    strbuf_text(&out, straight ? "\"" : quote == 3 ? "”" : inside.length ? " »" : "»");
    return strbuf_result(&out);
}

static struct slice trimmed_end(struct slice text)
{
    for (size_t n = 1; n > 0;) {
        n = 0;
        for (size_t width = 1; width <= 3 && width <= text.length && n == 0; width++)
            n = blank_length(text.bytes + text.length - width, width) == width ? width : 0;
        text.length -= n;
    }
    return text;
}

static struct slice minus_text(struct slice text)
{
    return slice_is(text, "–") || slice_is(text, "—") ? SLICE("–") : SLICE("-");
}

struct slice format_word(struct format *format, size_t index)
{
    const struct token *token = &format->tokens.items[index];

    switch (token->kind) {
    case LE:      return SLICE("≤");
    case GE:      return SLICE("≥");
    case NE:      return SLICE("≠");
    case TIMES:   return SLICE("×");
    case DIVIDE:  return SLICE("/");
    case MINUS:   return minus_text(token->text);
    case TEXT:    return text_text(format->arena, token->text);
    case COMMENT: return trimmed_end(token->text);
    case NAME:    return plain_words(format->arena, token->text);
    case NUMBER:
        return kind_before(format, index, 1) == SIRET ? siret_text(format, index)
                                                      : number_text(format->arena, token->text);
    default:
        return format_is_keyword(format, index) ? keyword_spelling(format->arena, token)
                                                : plain_words(format->arena, token->text);
    }
}

/* ------------------------------------------------------------------ spaces */

/* Can a value end with this token, so that « - » after it subtracts? */
static bool ends_value(const struct format *format, size_t token)
{
    switch (kind_at(format, token)) {
    case NAME: case NUMBER: case ORDINAL: case DATE: case TEXT: case EURO: case PERCENT: case RPAREN: case OUI:
    case FIN:
    case NON_PREVU: case SUR_DECISION: case SANS_OBJET: case NON_COMMUNIQUE: case SOURCE_INDISPONIBLE:
        return true;
    default:
        return format_is_name_word(kind_at(format, token)) && !format_is_keyword(format, token);
    }
}

static bool is_sign(const struct format *format, size_t token)
{
    size_t before = format_previous(format, token, 1);

    return kind_at(format, token) == MINUS && !ends_value(format, before);
}

static bool is_called(const struct format *format, size_t token)
{
    int kind = kind_at(format, token);

    return kind == NAME || (format_is_name_word(kind) && !format_is_keyword(format, token));
}

static bool ends_with_apostrophe(struct slice text)
{
    for (size_t width = 1; width <= 3 && width <= text.length; width++)
        if (apostrophe_length(text.bytes + text.length - width, width) == width)
            return true;
    return false;
}

bool format_space_before(const struct format *format, size_t previous, size_t token)
{
    int kind = kind_at(format, token), before = kind_at(format, previous);

    if (kind == COMMA || kind == DOT || kind == RPAREN || before == LPAREN || before == DOT)
        return false;
    if (kind == LPAREN)
        return !is_called(format, previous);
    if (before == MINUS && is_sign(format, previous))
        return kind == MINUS || kind == BAR;
    return is_symbol(before) || !ends_with_apostrophe(format->tokens.items[previous].text);
}

/* ------------------------------------------------------------------ the same tokens? */

struct reading {
    struct arena *arena;
    const token_list *tokens;
    size_t next;
};

/* The layout alone: neither a word nor a comment. */
static bool is_silent(const struct token *token)
{
    return token->hidden && token->kind != COMMENT;
}

static void add_figures(struct strbuf *digits, const struct token *token)
{
    for (size_t i = 0; token->kind == NUMBER && i < token->text.length; i++)
        if (token->text.bytes[i] == ',' || (token->text.bytes[i] >= '0' && token->text.bytes[i] <= '9'))
            strbuf_char(digits, token->text.bytes[i]);
}

/* Next token that matters; consecutive numbers, the groups of a SIRET, count as one. */
static const struct token *read_token(struct reading *reading, struct strbuf *digits)
{
    const struct token *items = reading->tokens->items;
    size_t count = reading->tokens->count, i = reading->next;

    while (i + 1 < count && is_silent(&items[i]))
        i++;
    reading->next = i + 1 < count ? i + 1 : i;
    if (items[i].kind != NUMBER)
        return &items[i];
    for (size_t k = i; k + 1 < count && (items[k].kind == NUMBER || is_silent(&items[k])); k++) {
        add_figures(digits, &items[k]);
        reading->next = k + 1;
    }
    return &items[i];
}

/* Without blanks: what the layout of a text or of a comment may change. */
static bool equal_but_blanks(struct slice a, struct slice b)
{
    size_t i = 0, k = 0;

    for (;;) {
        for (size_t n = 1; n > 0; i += n)
            n = i < a.length ? blank_length(a.bytes + i, a.length - i) : 0;
        for (size_t n = 1; n > 0; k += n)
            n = k < b.length ? blank_length(b.bytes + k, b.length - k) : 0;
        if (i == a.length || k == b.length)
            return i == a.length && k == b.length;
        if (a.bytes[i++] != b.bytes[k++])
            return false;
    }
}

static struct slice unquoted(struct slice text)
{
    size_t quote = quote_length(text);

    return (struct slice){ text.bytes + quote, text.length - 2 * quote };
}

static bool same_token(struct arena *arena, const struct token *a, const struct token *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == COMMENT)
        return equal_but_blanks(a->text, b->text);
    if (a->kind == TEXT)
        return equal_but_blanks(unquoted(a->text), unquoted(b->text));
    if (a->kind == NAME)
        return slice_equal(plain_words(arena, a->text), plain_words(arena, b->text));
    if (is_symbol(a->kind) && a->kind != ORDINAL && a->kind != DATE)
        return true;
    return text_fold_equal(plain_words(arena, a->text), plain_words(arena, b->text));
}

bool format_same_tokens(struct arena *arena, const token_list *before, const token_list *after)
{
    struct reading left = { arena, before, 0 }, right = { arena, after, 0 };
    const struct token *a, *b;

    do {
        struct strbuf left_digits = strbuf_in(arena), right_digits = strbuf_in(arena);

        a = read_token(&left, &left_digits);
        b = read_token(&right, &right_digits);
        if (!same_token(arena, a, b) || !slice_equal(strbuf_result(&left_digits), strbuf_result(&right_digits)))
            return false;
    } while (a->kind != 0);
    return true;
}
