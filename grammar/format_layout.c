/*
 * The formatter, token after token: which one begins a line, how far from the margin, after a blank line or not,
 * aligned with what. The tree says where declarations and clauses begin; the lines of tables and essais are those
 * of the author.
 */
#include "format_parts.h"

#include "parser.h"

/* ------------------------------------------------------------------ marks, from the tree */

/* The first token at or after this place. */
static size_t token_at(const struct format *format, uint32_t offset)
{
    size_t low = 0, high = format->tokens.count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (format->tokens.items[middle].span.start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (format->tokens.items[low].hidden || format->tokens.items[low].kind == NEWLINE)
        low = format_next(format, low);
    return low;
}

/* Marks the token `steps` before the one that begins at this span, when it is of this kind. */
static void mark_before(struct format *format, struct span span, size_t steps, int kind, unsigned char mark)
{
    size_t token = format_previous(format, token_at(format, span.start), steps);

    if (format->tokens.items[token].kind == kind)
        format->marks[token] |= mark | MARK_KEYWORD;
}

static void mark_sub(struct format *format, const struct expr *value, int kind)
{
    if (value)
        mark_before(format, value->span, 2, kind, MARK_SUB);
}

static void mark_clauses(struct format *format, const struct clauses *clauses)
{
    mark_sub(format, clauses->absent, NON_COMMUNIQUE);
    mark_sub(format, clauses->failed, SOURCE_INDISPONIBLE);
    mark_sub(format, clauses->negative, RESULTAT_NEGATIF);
}

static void mark_tariff(struct format *format, const struct decl *tariff)
{
    if (tariff->as.tariff.price)
        mark_before(format, tariff->as.tariff.price_span, 1, PRIX, MARK_CLAUSE);
    mark_clauses(format, &tariff->as.tariff.price_clauses);
    if (tariff->as.tariff.period.written)
        mark_before(format, tariff->as.tariff.period.span, 1, APPLICABLE, MARK_CLAUSE);
    for (const struct decl *let = tariff->as.tariff.lets; let; let = let->next)
        mark_clauses(format, &let->clauses);
    for (const struct decl *output = tariff->as.tariff.outputs; output; output = output->next) {
        mark_before(format, output->span, 0, RESULTAT, MARK_CLAUSE);
        mark_clauses(format, &output->clauses);
    }
    for (size_t i = 0; i < tariff->as.tariff.exceptions.count; i++) {
        mark_before(format, tariff->as.tariff.exceptions.items[i].span, 0, EXCEPTION, MARK_CLAUSE);
        mark_clauses(format, &tariff->as.tariff.exceptions.items[i].clauses);
    }
    for (size_t i = 0; i < tariff->as.tariff.steps.count; i++)
        mark_clauses(format, &tariff->as.tariff.steps.items[i].clauses);
}

static void mark_property(struct format *format, const struct property *property)
{
    format->marks[token_at(format, property->span.start)] |= MARK_CLAUSE;
    if (property->condition)
        mark_before(format, property->condition->span, 1, SI, MARK_SUB);
}

/* Between two tokens, every word that may also be a name is one of the language, save after « finalité ». */
static void mark_words(struct format *format, struct span span, unsigned char mark)
{
    for (size_t i = token_at(format, span.start); i + 1 < format->tokens.count; i = format_next(format, i)) {
        if (format->tokens.items[i].span.start >= span.end)
            return;
        if (format->tokens.items[format_previous(format, i, 1)].kind != FINALITE)
            format->marks[i] |= mark;
    }
}

void format_mark(struct format *format)
{
    for (const struct decl *decl = format->act->first; decl; decl = decl->next) {
        size_t token = token_at(format, decl->span.start);

        format->marks[token] |= MARK_DECL | MARK_KEYWORD;
        format->decls[token] = decl;
        mark_clauses(format, &decl->clauses);
        if (decl->kind == DECL_TARIFF)
            mark_tariff(format, decl);
        else if (decl->kind == DECL_PROPERTY)
            mark_property(format, &decl->as.property);
        else if (decl->kind == DECL_HEADER)
            mark_words(format, decl->span, MARK_KEYWORD);
        else if (decl->kind == DECL_NATIONAL)
            mark_words(format, decl->span, MARK_NATIONAL);
    }
}

/* ------------------------------------------------------------------ state */

/* An open block; the first of the stack is the file itself. */
struct block {
    int word;                     /* 0: the file */
    int head;                     /* of a table: the word that « fin » may repeat */
    unsigned indent;              /* of the line where it was opened */
    bool lines;                   /* its lines are the author's */
    bool inlined;                 /* « la plus favorable de … fin » on one line */
    bool inner;                   /* contains another block */
    bool fresh;                   /* nothing stands in it yet */
    size_t rows, grid;            /* group of its rows; of the grid being read, 0 when none */
    size_t parentheses;
};

/* Where a token goes; `tight`: never after a blank line. */
struct plan { bool begins, tight; unsigned indent; };

/* What is aligned in a line; after the « : » of an « entrée », three columns. */
enum column { COLUMN_NONE, COLUMN_VALUE, COLUMN_LABEL, COLUMN_DEFAULT };

struct layout {
    struct format *format;
    struct { struct block *items; size_t count, capacity; } blocks;
    const struct decl *decl;      /* being read */
    unsigned indent;              /* of the line where the current construct began */
    unsigned sub;                 /* of the clauses of the current declaration or clause */
    int head;                     /* BAREME or GRILLE, waiting for its « selon » */
    enum column column;           /* the last one reached on this line */
    size_t group;                 /* of the line */
    size_t line;                  /* its first item */
    size_t entrees;               /* group of the « entrée » being aligned; 0 when none */
    size_t region;
    size_t last;                  /* last token that is not a comment */
    size_t breaks;                /* line ends since the last item */
    bool line_ended;              /* by a line end that counts */
    bool source_broken;           /* the « : » of the source goes to the next line */
};

static struct block *top(struct layout *layout)
{
    return &layout->blocks.items[layout->blocks.count - 1];
}

static const struct token *token_of(const struct layout *layout, size_t token)
{
    return &layout->format->tokens.items[token];
}

static int kind_of(const struct layout *layout, size_t token)
{
    return layout->format->tokens.items[token].kind;
}

static struct format_item *last_item(const struct layout *layout)
{
    const format_items *items = &layout->format->items;

    return items->count > 0 ? &items->items[items->count - 1] : NULL;
}

static size_t new_group(struct layout *layout)
{
    return ++layout->format->groups;
}

/* Declarations, and the finality of the act. */
static bool begins_declaration(struct layout *layout, size_t token)
{
    return (layout->format->marks[token] & MARK_DECL) || (kind_of(layout, token) == FINALITE && !top(layout)->word);
}

/* ------------------------------------------------------------------ where a token goes */

static bool begins_clause(struct layout *layout, size_t token)
{
    int kind = kind_of(layout, token);

    if (top(layout)->word == TARIF)
        return (layout->format->marks[token] & MARK_CLAUSE) || kind == PUIS || kind == SOIT || kind == FINALITE;
    if (top(layout)->word == PROPRIETE)
        return layout->format->marks[token] & MARK_CLAUSE;
    if (top(layout)->word != DELIBERATION)
        return false;
    if (kind == COLLECTIVITE)     /* « règlement « … » de l'association "…" » stays on one line */
        return text_fold_equal(token_of(layout, token)->text, SLICE("collectivité"));
    if (kind == SIRET || kind == ADOPTE_LE || kind == SANS_DATE)
        return layout->breaks > 0;
    return kind == FINALITE || kind == CONVENTIONNEE ||
           ((kind == APPLICABLE || kind == REMPLACE || kind == DOCUMENT) && format_is_keyword(layout->format, token));
}

static bool begins_sub(struct layout *layout, size_t token)
{
    int kind = kind_of(layout, token);
    bool origin = kind == SOURCE && format_is_keyword(layout->format, token);      /* of a national value */

    if (top(layout)->word != 0 && top(layout)->word != TARIF && top(layout)->word != PROPRIETE)
        return false;
    return (layout->format->marks[token] & MARK_SUB) || origin || kind == CITE || kind == L_EMPORTE_SUR ||
           kind == A_DEFAUT;
}

/* After the opening words or a « ; » of a best-of that takes several lines. */
static bool begins_alternative(struct layout *layout, size_t token)
{
    const struct block *block = top(layout);
    int last = kind_of(layout, layout->last);

    if (!format_is_best(block->word) || block->inlined || block->parentheses > 0)
        return false;
    /* At the start of a line, a word such as « prix » would be read as a clause. */
    return !format_is_name_word(kind_of(layout, token)) && (last == SEMICOLON || format_is_best(last));
}

/* A line that the author ended; the rows of a list of records stand under its name. */
static struct plan plan_line(struct layout *layout, size_t token)
{
    bool records = kind_of(layout, token) == BAR && top(layout)->word == ESSAI;

    return (struct plan){ true, false, top(layout)->indent + FORMAT_STEP * (records ? 2 : 1) };
}

static struct plan plan_token(struct layout *layout, size_t token)
{
    const struct plan stay = { false, true, layout->indent + FORMAT_CONTINUED };
    const struct block *block = top(layout);
    bool unbroken = block->inlined || (block->lines && !layout->line_ended);

    if (kind_of(layout, token) == 0 || begins_declaration(layout, token))
        return (struct plan){ true, false, 0 };
    if (kind_of(layout, token) == FIN && block->word)
        return unbroken ? stay : (struct plan){ true, true, block->indent };
    if (layout->line_ended && block->lines)
        return plan_line(layout, token);
    if (begins_clause(layout, token) || begins_alternative(layout, token))
        return (struct plan){ true, false, block->indent + FORMAT_STEP };
    if (begins_sub(layout, token))
        return (struct plan){ true, true, layout->sub };
    if (kind_of(layout, token) == COLON && layout->source_broken)
        return (struct plan){ true, true, 7 };      /* under the name of the source */
    return stay;
}

/* A comment alone on its line goes with what follows, or stays inside the block that ends. */
static struct plan plan_comment(struct layout *layout, size_t token)
{
    size_t next = format_next(layout->format, token);
    struct plan plan = { false, true, 0 };

    if (!token_of(layout, token)->line_start)
        return plan;
    plan = plan_token(layout, next);
    if (kind_of(layout, next) == FIN && top(layout)->word && plan.begins)
        plan.indent = top(layout)->indent + FORMAT_STEP;
    return (struct plan){ true, false, plan.indent };
}

static size_t region_of(const struct layout *layout, size_t token)
{
    const format_regions *regions = &layout->format->regions;
    size_t region = layout->region;

    while (region + 1 < regions->count && token_of(layout, token)->span.start >= regions->items[region].end)
        region++;
    return region;
}

/* ------------------------------------------------------------------ blank lines */

static bool keeps_company(enum decl_kind kind)
{
    switch (kind) {
    case DECL_INPUT: case DECL_SOURCE: case DECL_LET: case DECL_UNIT: case DECL_USE: case DECL_CALENDAR:
    case DECL_NATIONAL: case DECL_ENUM: case DECL_FUNCTION:
        return true;
    case DECL_ERROR: case DECL_HEADER: case DECL_TARIFF: case DECL_ESSAI: case DECL_RECORD: case DECL_TRANCHES:
    case DECL_TABLEAU: case DECL_FINALITE: case DECL_OUTPUT: case DECL_PROPERTY:
        break;
    }
    return false;
}

/* Does the declaration that begins here end with « fin »? */
static bool ends_with_fin(const struct layout *layout, size_t token)
{
    const struct decl *next = layout->format->decls[token]->next;
    size_t end = next ? token_at(layout->format, next->span.start) : layout->format->tokens.count - 1;

    return kind_of(layout, format_previous(layout->format, end, 1)) == FIN;
}

/* Declarations of one kind, without a block, may follow each other closely. */
static bool may_be_close(const struct layout *layout, size_t token)
{
    const struct decl *decl = layout->format->decls[token];

    return decl && layout->decl && decl->kind == layout->decl->kind && keeps_company(decl->kind) &&
           kind_of(layout, layout->last) != FIN && !ends_with_fin(layout, token);
}

/* Before a token that begins a line. */
static bool wants_blank(struct layout *layout, size_t token)
{
    const struct format_item *last = last_item(layout);
    size_t next = kind_of(layout, token) == COMMENT ? format_next(layout->format, token) : token;
    bool asked = layout->breaks > 1;

    if (!last || region_of(layout, token) != layout->region)
        return false;
    if (begins_declaration(layout, next) && !(last->comment && last->begins))
        return asked || !may_be_close(layout, next);
    return asked && !(top(layout)->word && top(layout)->fresh);
}

/* ------------------------------------------------------------------ cells */

/* The group of a line of a table, an essai, a record. */
static size_t line_group(struct layout *layout, size_t token)
{
    struct block *block = top(layout);

    if (kind_of(layout, token) == BAR) {
        block->grid = block->grid ? block->grid : new_group(layout);
        return block->grid;
    }
    block->grid = 0;
    if (block->word == ESSAI || block->word == ESSAIS)
        return 0;
    block->rows = block->rows ? block->rows : new_group(layout);
    return block->rows;
}

static size_t declaration_group(struct layout *layout, size_t token, bool blank)
{
    const struct decl *decl = layout->format->decls[token];

    if (!decl || decl->kind != DECL_INPUT)
        layout->entrees = 0;
    else if (layout->entrees == 0 || blank)
        layout->entrees = new_group(layout);
    return layout->entrees;
}

static void begin_line(struct layout *layout, size_t token, const struct plan *plan, bool blank)
{
    bool row = layout->line_ended && top(layout)->lines && kind_of(layout, token) != FIN;

    layout->indent = plan->indent;
    layout->column = COLUMN_NONE;
    layout->line = layout->format->items.count;
    layout->group = 0;
    if (row)
        layout->group = line_group(layout, token);
    else if (begins_declaration(layout, token))
        layout->group = declaration_group(layout, token, blank);
}

/* « entrée x », « : type », « label », « par défaut »; « title », « : value »; « member », « label », « par x ». */
static unsigned char column_of(struct layout *layout, size_t token)
{
    int kind = kind_of(layout, token);
    enum column next = COLUMN_NONE;

    if (!layout->group || top(layout)->parentheses > 0)
        return COLUMN_NONE;
    if (top(layout)->word == ENUMERATION)
        next = kind == TEXT ? COLUMN_VALUE : kind == PAR ? COLUMN_LABEL : COLUMN_NONE;
    else if (kind == COLON)
        next = COLUMN_VALUE;
    else if (top(layout)->word == 0 && layout->column > COLUMN_NONE)
        next = kind == TEXT ? COLUMN_LABEL : kind == PAR_DEFAUT || kind == FACULTATIF ? COLUMN_DEFAULT : COLUMN_NONE;
    if (next <= layout->column)
        return COLUMN_NONE;
    layout->column = next;
    return (unsigned char)next;
}

/* ------------------------------------------------------------------ blocks */

static void open_block(struct layout *layout, int word, bool lines)
{
    struct block *block;

    if (layout->blocks.count > 0)
        top(layout)->inner = true;
    block = arena_push(layout->format->arena, &layout->blocks);
    *block = (struct block){ .word = word, .indent = layout->indent, .lines = lines, .fresh = true };
}

/* On one line when the author put it so, and it is short and simple. */
static bool is_inlined(const struct layout *layout, size_t token)
{
    size_t width = 0, depth = 1;

    if (kind_of(layout, token + 1) == NEWLINE)
        return false;
    for (size_t i = token + 1; i + 1 < layout->format->tokens.count && depth > 0; i++) {
        int kind = kind_of(layout, i);

        if (kind == COMMENT || kind == SELON)
            return false;
        width += kind == NEWLINE ? 0 : utf8_count(token_of(layout, i)->text) + 1;
        depth += format_is_best(kind);
        depth -= kind == FIN;
    }
    return width <= FORMAT_WIDTH * 3 / 4;
}

/* Does the line of this « énumération » open a block? */
static bool is_block(const struct layout *layout, size_t token)
{
    while (kind_of(layout, token) != COLON && kind_of(layout, token) != 0) {
        if (kind_of(layout, token) == NEWLINE && !token_of(layout, token)->hidden)
            return true;
        token++;
    }
    return false;
}

static void open_declaration(struct layout *layout, size_t token)
{
    const struct decl *decl = layout->format->decls[token];

    layout->decl = decl;
    layout->sub = FORMAT_STEP;
    layout->source_broken = false;
    if (decl->kind == DECL_HEADER || decl->kind == DECL_TARIFF)
        open_block(layout, decl->kind == DECL_TARIFF ? TARIF : DELIBERATION, false);
    else if (decl->kind == DECL_PROPERTY)
        open_block(layout, PROPRIETE, false);
    else if (decl->kind == DECL_ESSAI || decl->kind == DECL_RECORD)
        open_block(layout, kind_of(layout, token), true);
    else if (decl->kind == DECL_ENUM && is_block(layout, token))
        open_block(layout, ENUMERATION, true);
    else if (decl->kind == DECL_SOURCE && (decl->label.length > 0 || decl->as.source.fallback != FALLBACK_NONE)) {
        layout->source_broken = true;
        layout->sub = 9;                            /* under what follows the « : » */
    }
}

static void open_table(struct layout *layout)
{
    int head = layout->head ? layout->head : SELON;

    if (!top(layout)->word && layout->decl && layout->decl->kind == DECL_TABLEAU)
        head = TABLEAU;
    else if (!top(layout)->word && layout->decl && layout->decl->kind == DECL_TRANCHES)
        head = TRANCHES;
    if (top(layout)->lines) {         /* a row that holds a table is not aligned with its neighbours */
        layout->format->items.items[layout->line].group = layout->group = 0;
        top(layout)->rows = 0;
    }
    open_block(layout, SELON, true);
    top(layout)->head = head;
    layout->head = 0;
}

static void follow(struct layout *layout, size_t token)
{
    int kind = kind_of(layout, token);

    if (layout->format->decls[token])
        open_declaration(layout, token);
    else if (kind == SELON)
        open_table(layout);
    else if (format_is_best(kind)) {
        open_block(layout, kind, false);
        top(layout)->inlined = is_inlined(layout, token);
    } else if (kind == FIN && layout->blocks.count > 1)
        layout->blocks.count--;
    else if (kind == BAREME || kind == GRILLE)
        layout->head = kind;
    else if (kind == LPAREN)
        top(layout)->parentheses++;
    else if (kind == RPAREN && top(layout)->parentheses > 0)
        top(layout)->parentheses--;
    else if (kind == COLON)
        layout->source_broken = false;
}

/* « fin tarif »; « fin grille » when the table contains another block; « fin ». */
static struct slice end_text(struct layout *layout)
{
    const struct block *block = top(layout);
    struct strbuf out = strbuf_in(layout->format->arena);
    int word = block->word == SELON ? block->head : block->word;
    const struct keyword *keyword = keyword_canonical(word);

    if (!keyword || word == SELON || format_is_best(word) || (word != TARIF && !block->inner))
        return SLICE("fin");
    strbuf_format(&out, "fin %s", keyword->spelling);
    return strbuf_result(&out);
}

/* ------------------------------------------------------------------ items */

/* « fonction f(…) = » and « énumération x : a ; » may end a line, before a word that opens nothing. */
static bool follows_soft(struct layout *layout, size_t token)
{
    int last = kind_of(layout, layout->last), kind = kind_of(layout, token);
    bool function = layout->decl && layout->decl->kind == DECL_FUNCTION && !top(layout)->word;

    return (last == SEMICOLON || (last == EQ && function)) && top(layout)->parentheses == 0 && kind != FIN &&
           !format_is_name_word(kind);
}

/* Where a long line may be broken. */
static bool is_soft(struct layout *layout, size_t token)
{
    int kind = kind_of(layout, token), last = kind_of(layout, layout->last);

    if (top(layout)->lines)
        return false;
    switch (kind) {
    case ET: case OU: case SI: case PLUS: case PAR_DEFAUT: case POUR_CHAQUE: case TELS_QUE: case A_EGALITE:
    case SI_VIDE: case A_COMPTER_DU: case SANS_REDUCTION_NI_MAJORATION: case BAREME: case GRILLE: case A_PARTIR_DE:
    case AU_PLUS:
        return true;
    case MINUS:
        return format_space_before(layout->format, layout->last, token) && last != EQ && last != LPAREN;
    default:
        return follows_soft(layout, token);
    }
}

static void add_item(struct layout *layout, size_t token)
{
    bool comment = kind_of(layout, token) == COMMENT;
    struct plan plan = comment ? plan_comment(layout, token) : plan_token(layout, token);
    const struct format_item *last = last_item(layout);
    size_t region = region_of(layout, token);
    bool forced = !last || last->comment || region != layout->region ||
                  (layout->format->keep_breaks && !comment && layout->breaks > 0);
    bool begins = plan.begins || (forced && (!comment || !last));
    bool blank = plan.begins && !plan.tight && wants_blank(layout, token);
    struct format_item *item;

    if (plan.begins && !comment)
        begin_line(layout, token, &plan, blank);
    item = arena_push(layout->format->arena, &layout->format->items);
    *item = (struct format_item){ .token = token, .begins = begins, .blank = blank, .comment = comment,
                                  .indent = begins ? plan.indent : 0, .continued = layout->indent + FORMAT_CONTINUED,
                                  .region = region };
    item->group = begins && (comment || !plan.begins) ? 0 : layout->group;
    item->text = kind_of(layout, token) == FIN && top(layout)->word ? end_text(layout)
                                                                    : format_word(layout->format, token);
    item->bar = kind_of(layout, token) == BAR;
    item->column = comment ? COLUMN_NONE : column_of(layout, token);
    item->soft = !comment && is_soft(layout, token);
    item->space = last && !comment && format_space_before(layout->format, layout->last, token);
    layout->breaks = 0;
    layout->region = region;
    if (plan.begins && kind_of(layout, token) != FIN)
        top(layout)->fresh = false;
}

/* A comma that means nothing, at the end of a line. */
static bool is_lost_comma(struct layout *layout, size_t token)
{
    size_t next = format_next(layout->format, token);

    return token_of(layout, token)->hidden && kind_of(layout, next) != PAR && plan_token(layout, next).begins;
}

static bool is_skipped(struct layout *layout, size_t token)
{
    switch (kind_of(layout, token)) {
    case COMMENT: return false;
    case COMMA:   return is_lost_comma(layout, token);
    case NUMBER:  return format_is_rest_of_siret(layout->format, token);
    default:      return token_of(layout, token)->hidden;      /* the word after « fin » */
    }
}

static void add_token(struct layout *layout, size_t token)
{
    const struct token *t = token_of(layout, token);

    if (t->kind == NEWLINE) {
        layout->breaks++;
        layout->line_ended = layout->line_ended || !t->hidden;
        return;
    }
    if (is_skipped(layout, token)) {
        layout->breaks = 0;
        return;
    }
    add_item(layout, token);
    if (t->kind == COMMENT)
        return;
    if (begins_clause(layout, token))
        layout->sub = layout->indent + FORMAT_STEP;
    follow(layout, token);
    layout->last = token;
    layout->line_ended = false;
}

void format_layout(struct format *format)
{
    struct layout layout = { .format = format, .last = format->tokens.count - 1 };

    open_block(&layout, 0, false);
    for (size_t i = 0; i + 1 < format->tokens.count; i++)
        add_token(&layout, i);
}
