/*
 * The formatter: what it writes to the byte, and on every délibération of the tree, as it is and written
 * otherwise, that formatting twice is formatting once and that the tokens stay the same.
 */
#include "arena_fixture.h"
#include "grammar/format_parts.h"
#include "grammar/parser.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static const struct token_options OPTIONS = { .nesting_limit = 200 };

/* ---- One text ---- */

static struct source source_of(struct slice text, bool literate)
{
    const char *copy = arena_copy_text(&arena, text.bytes, text.length);

    assert_non_null(copy);
    return (struct source){ .name = "essai.delib", .bytes = copy, .length = (uint32_t)text.length,
                            .literate = literate };
}

/* The formatted text; bytes NULL when it is refused, with at least one error. */
static struct slice format_text(struct slice text, bool literate)
{
    struct source source = source_of(text, literate);
    struct diag_list diags;
    struct slice out;

    diag_list_init(&diags, &arena);
    assert_true(format_source(&arena, &diags, &source, &OPTIONS, &out));
    if (!out.bytes && diags.errors == 0)
        fail_msg("a sound text was not formatted:\n%s", source.bytes);
    return out;
}

static void assert_text(struct slice got, const char *expected)
{
    if (!got.bytes)
        fail_msg("refused; expected:\n%s", expected);
    assert_string_equal(arena_copy_text(&arena, got.bytes, got.length), expected);
}

static void assert_formats(const char *text, const char *expected)
{
    assert_text(format_text(slice_of(text), false), expected);
    assert_text(format_text(slice_of(expected), false), expected);
}

static void assert_literate(const char *text, const char *expected)
{
    assert_text(format_text(slice_of(text), true), expected);
    assert_text(format_text(slice_of(expected), true), expected);
}

static void assert_refused(const char *text, enum diag_code code)
{
    struct source source = source_of(slice_of(text), false);
    struct diag_list diags;
    struct slice out;

    diag_list_init(&diags, &arena);
    assert_true(format_source(&arena, &diags, &source, &OPTIONS, &out));
    assert_null(out.bytes);
    assert_true(diags.errors > 0);
    assert_int_equal(diags.items[0].code, code);
}

/* ---- Words ---- */

static void keywords_get_their_accents(void **state)
{
    (void)state;
    assert_formats("DELIBERATION \"1\" du 1er mars 2026\n"
                   "collectivite \"Valbrume\"\n"
                   "FIN\n"
                   "entree qf:quotient non communiquee:comme la derniere tranche\n"
                   "tarif t en € par repas\n"
                   "  prix selon qf\n"
                   "    a  partir   de 0:2 €\n"
                   "  fin\n"
                   "  puis reduction de 5% du prix obtenu\n"
                   "  puis tronque au centime inferieur\n"
                   "fin\n",
                   "délibération \"1\" du 1er mars 2026\n"
                   "  collectivité \"Valbrume\"\n"
                   "fin\n"
                   "\n"
                   "entrée qf : quotient\n"
                   "  non communiquée : comme la dernière tranche\n"
                   "\n"
                   "tarif t en € par repas\n"
                   "  prix selon qf\n"
                   "    à partir de 0 : 2 €\n"
                   "  fin\n"
                   "  puis réduction de 5 % du prix obtenu\n"
                   "  puis tronqué au centime inférieur\n"
                   "fin tarif\n");
}

static void wordings_are_kept(void **state)
{
    (void)state;
    assert_formats("reglement « Tarifs » de l\xE2\x80\x99" "association \"Musi'Val\", adopté le 1er mars 2026 fin",
                   "règlement « Tarifs » de l'association \"Musi'Val\", adopté le 1er mars 2026\n"
                   "fin\n");
    assert_formats("soit a = x arrondie a l'euro superieur\nsoit b = x arrondi au centime la plus proche",
                   "soit a = x arrondie à l'euro supérieur\n"
                   "soit b = x arrondi au centime la plus proche\n");
}

/* « entree », « resultat », « supplement » are names here, which a portal knows: they stay as they are. */
static void names_are_not_touched(void **state)
{
    (void)state;
    assert_formats("entrée entree:entier\nENTRÉE supplement : montant\nunité   Ticket",
                   "entrée entree     : entier\n"
                   "entrée supplement : montant\n"
                   "\n"
                   "unité Ticket\n");
    assert_formats("tarif tarif « T » en €\n"
                   "soit resultat=supplement+prix(reduction ; tarif)\n"
                   "prix resultat\n"
                   "puis supplement de supplement\n"
                   "fin\n",
                   "tarif tarif « T » en €\n"
                   "  soit resultat = supplement + prix(reduction ; tarif)\n"
                   "  prix resultat\n"
                   "  puis supplément de supplement\n"
                   "fin tarif\n");
}

static void numbers_and_signs(void **state)
{
    (void)state;
    assert_formats("soit a=1\xC2\xA0" "700,50€*2+( x -y )÷-3>=20%",
                   "soit a = 1 700,50 € × 2 + (x - y) / -3 ≥ 20 %\n");
    assert_formats("soit a = x - -3 !=- y−z", "soit a = x - -3 ≠ -y - z\n");
    assert_formats("soit d = 8h30\nsoit e=40min\nsoit f = 01/09/2026\nsoit g = 1er  septembre 2026",
                   "soit d = 8 h 30\nsoit e = 40 min\nsoit f = 01/09/2026\nsoit g = 1er septembre 2026\n");
    assert_formats("délibération siret 13002526500013 fin", "délibération siret 130 025 265 00013\nfin\n");
    assert_formats("délibération siret 130 025 -- a\n265 000\n13 fin",
                   "délibération siret 130 025  -- a\n    265 000 13\nfin\n");
    assert_formats("délibération siret 130 025\n265 00013 fin", "délibération siret 130 025 265 00013\nfin\n");
}

static void texts_keep_their_words(void **state)
{
    (void)state;
    assert_formats("énumération a « \xC2\xA0" "Un  texte\xE2\x80\xAF»:b",
                   "énumération a « Un  texte » : b\n");
    assert_formats("délibération \xE2\x80\x9C" "2026-1\xE2\x80\x9D fin", "délibération \"2026-1\"\nfin\n");
    assert_formats("tarif t en €\r\n  prix 1 €\r\n    cite article 1 «deux \t\r\n  lignes »\r\nfin tarif\r\n",
                   "tarif t en €\n  prix 1 €\n    cite article 1 « deux\n  lignes »\nfin tarif\n");
}

/* ---- Lines ---- */

static void the_layout_of_a_file(void **state)
{
    (void)state;
    assert_formats("\xEF\xBB\xBF" "entrée a:entier\n\n\n\nentrée bb:oui_non par défaut non\nunité x\n"
                   "source s « S » : api.f( a ) à défaut , sur justificatif «j»\n"
                   "tarif t en € finalité f prix 3 € exception e si a>3 : 4€, l'emporte sur g cite article 2\n"
                   "puis arrondi au centime\n\n\nfin\nessai «e»\n\n\ta=3;bb=oui\n\tattendu t=3€\n\nfin",
                   "entrée a : entier\n"
                   "\n"
                   "entrée bb : oui_non par défaut non\n"
                   "\n"
                   "unité x\n"
                   "\n"
                   "source s « S »\n"
                   "       : api.f(a)\n"
                   "         à défaut, sur justificatif « j »\n"
                   "\n"
                   "tarif t en €\n"
                   "  finalité f\n"
                   "  prix 3 €\n"
                   "  exception e si a > 3 : 4 €\n"
                   "    l'emporte sur g\n"
                   "    cite article 2\n"
                   "  puis arrondi au centime\n"
                   "fin tarif\n"
                   "\n"
                   "essai « e »\n"
                   "  a = 3 ; bb = oui\n"
                   "  attendu t = 3 €\n"
                   "fin\n");
}

static void rows_and_nested_tables(void **state)
{
    (void)state;
    assert_formats("tarif t en €\nprix grille selon a\n1 ou 2:barème selon qf\nmoins de 5:1€\n5 et plus:2€\nfin\n"
                   "3 : 2 €\n  autres : la plus favorable de 1 € ; 2 € fin\nfin\nfin",
                   "tarif t en €\n"
                   "  prix grille selon a\n"
                   "    1 ou 2 : barème selon qf\n"
                   "      moins de 5 : 1 €\n"
                   "      5 et plus  : 2 €\n"
                   "    fin\n"
                   "    3      : 2 €\n"
                   "    autres : la plus favorable de 1 € ; 2 € fin\n"
                   "  fin grille\n"
                   "fin tarif\n");
}

static void grids_are_aligned(void **state)
{
    (void)state;
    assert_formats("tarif t en €\nprix grille en € selon qf et lieu\n|  |bourg|extérieur|\n|< 330|0,95| 14,10|\n"
                   "|330 et plus|2|  |\nfin\nfin\n"
                   "essai « g »\nélèves =\n|âge|cours|\n|9|danse|\n|12|éveil|\nattendu t = 1 €\nfin",
                   "tarif t en €\n"
                   "  prix grille en € selon qf et lieu\n"
                   "    |             | bourg | extérieur |\n"
                   "    | < 330       |  0,95 |     14,10 |\n"
                   "    | 330 et plus |     2 |           |\n"
                   "  fin\n"
                   "fin tarif\n"
                   "\n"
                   "essai « g »\n"
                   "  élèves =\n"
                   "    | âge | cours |\n"
                   "    |   9 | danse |\n"
                   "    |  12 | éveil |\n"
                   "  attendu t = 1 €\n"
                   "fin\n");
}

static void alternatives_take_a_line_each(void **state)
{
    (void)state;
    assert_formats("soit a = la plus favorable de\nx si y ; barème selon q\n1 : 2\nautres : 3\nfin ;z fin",
                   "soit a = la plus favorable de\n"
                   "  x si y ;\n"
                   "  barème selon q\n"
                   "    1      : 2\n"
                   "    autres : 3\n"
                   "  fin ;\n"
                   "  z\n"
                   "fin\n");
    /* At the start of a line, « prix » would be read as a clause of the tariff. */
    assert_formats("tarif t en € prix 3 € puis plafond le plus petit de\n3 ; prix fin fin",
                   "tarif t en €\n  prix 3 €\n  puis plafond le plus petit de\n    3 ; prix\n  fin\nfin tarif\n");
}

static void long_lines_are_broken(void **state)
{
    char text[512] = "soit a = ";
    struct slice out;

    (void)state;
    for (int i = 0; i < 12; i++)
        strcat(text, "une_donnée_assez_longue + ");
    strcat(text, "b");
    out = format_text(slice_of(text), false);
    assert_non_null(out.bytes);
    for (const char *line = out.bytes, *stop; (stop = strchr(line, '\n')) != NULL; line = stop + 1)
        assert_true(utf8_count((struct slice){ line, (size_t)(stop - line) }) <= FORMAT_WIDTH);
    assert_non_null(strstr(out.bytes, "\n    + une_donnée"));
}

/* « , » then « par » on the next line is not the « , par » of an order: the line end is kept. */
static void words_that_must_not_meet_stay_apart(void **state)
{
    (void)state;
    assert_formats("soit a = rang parmi élèves,\npar âge décroissant",
                   "soit a = rang parmi élèves,\n    par âge décroissant\n");
    assert_formats("soit a = rang parmi élèves,par âge décroissant",
                   "soit a = rang parmi élèves, par âge décroissant\n");
}

/* ---- Comments ---- */

static void comments_keep_their_place(void **state)
{
    (void)state;
    assert_formats("  -- au début  \n\n\n-- de a\nentrée a : entier  --   fin de a\t\nentrée bbb : entier-- b\n"
                   "tarif t en € -- t\n-- du prix\nprix selon a\n\n-- rang\n1 : 1 € -- un\nautres : 20 €--deux\n"
                   "-- fin de table\nfin\n"
                   "puis plancher 3 € -- au milieu\n+ 2 €\n-- dernier\nfin -- t\n-- à la fin",
                   "-- au début\n"
                   "\n"
                   "-- de a\n"
                   "entrée a   : entier  --   fin de a\n"
                   "entrée bbb : entier  -- b\n"
                   "\n"
                   "tarif t en €  -- t\n"
                   "  -- du prix\n"
                   "  prix selon a\n"
                   "    -- rang\n"
                   "    1      : 1 €   -- un\n"
                   "    autres : 20 €  --deux\n"
                   "    -- fin de table\n"
                   "  fin\n"
                   "  puis plancher 3 €  -- au milieu\n"
                   "      + 2 €\n"
                   "  -- dernier\n"
                   "fin tarif  -- t\n"
                   "-- à la fin\n");
    assert_formats("-- rien d'autre", "-- rien d'autre\n");
}

/* ---- Markdown ---- */

static void markdown_is_left_alone(void **state)
{
    (void)state;
    assert_literate("# Titre  \n\ttexte\n```delib\n\nunité   a\n\n```\n"
                   "```c\nint  x ;\n```\n  ~~~ delib\nunité  b\n  ~~~\nfin",
                    "# Titre  \n\ttexte\n```delib\nunité a\n```\n"
                    "```c\nint  x ;\n```\n  ~~~ delib\n  unité b\n  ~~~\nfin");
    /* Lines end as those of the fence do. */
    assert_literate("a\r\n```delib\r\nunité   a\r\nunité b\n```\r\n",
                    "a\r\n```delib\r\nunité a\r\nunité b\r\n```\r\n");
}

static void a_tariff_over_several_blocks(void **state)
{
    (void)state;
    assert_literate("```delib\ntarif t en €\nprix 3 €\n```\n## Article 2\n"
                    "```delib\n-- suite\n\npuis plancher 2 €\nfin\n```\n",
                    "```delib\ntarif t en €\n  prix 3 €\n```\n## Article 2\n"
                    "```delib\n  -- suite\n\n  puis plancher 2 €\nfin tarif\n```\n");
}

/* ---- Refusals ---- */

static void a_text_at_fault_is_refused(void **state)
{
    (void)state;
    assert_refused("tarif t en €\n  prix\nfin", DIAG_UNEXPECTED);
    assert_refused("tarif t en €\n  prix 3 €\n", DIAG_MISSING_END);
    assert_refused("entrée a : entier par défaut 1.5", DIAG_DECIMAL_POINT);
    assert_refused("entrée a « b : entier", DIAG_UNTERMINATED_TEXT);
    assert_refused("entrée a : $", DIAG_UNKNOWN_CHARACTER);
    assert_refused("  \n\t\n", DIAG_EMPTY_SOURCE);
    assert_refused(" \n\xE2\x80\xAF\t", DIAG_EMPTY_SOURCE);
    assert_refused("entr\xE9" "e a : entier", DIAG_INVALID_UTF8);
}

/* ---- Every délibération of the tree ---- */

/* The code of a file; blank where a literate file has its text. NULL when it is at fault (some fixtures are). */
static const char *code_of(const char *bytes, size_t length, bool literate)
{
    struct source source = { .name = "f", .bytes = bytes, .length = (uint32_t)length, .literate = literate };
    struct literate blocks = { 0 };
    struct diag_list diags;
    struct act act = { 0 };

    diag_list_init(&diags, &arena);
    parse_source(&arena, &diags, &source, 0, &OPTIONS, &act, &blocks);
    if (diags.errors > 0)
        return NULL;
    return literate ? literate_blank(&arena, &diags, 0, bytes, length, &blocks) : bytes;
}

static token_list tokens_of(struct slice text)
{
    struct diag_list diags;
    token_list tokens;

    diag_list_init(&diags, &arena);
    tokens_read(&arena, &diags, 0, text.bytes, text.length, &OPTIONS, &tokens);
    return tokens;
}

/* Operators have several signs; the quotes of a text may change. */
static bool has_words(int kind)
{
    return kind == NAME || kind == NUMBER || kind == ORDINAL || kind == DATE || kind == TEXT || kind == COMMENT ||
           keyword_canonical(kind) || kind == PAR_ORDRE;
}

/* Written apart from the check of the formatter: kinds in order, and all letters, accents, case and blanks aside. */
static struct slice reading_of(struct slice text)
{
    token_list tokens = tokens_of(text);
    struct strbuf out = strbuf_in(&arena);
    int last = 0;

    for (size_t i = 0; i < tokens.count; i++) {
        const struct token *token = &tokens.items[i];
        struct slice folded = text_fold(&arena, token->text);

        if (token->hidden && token->kind != COMMENT)
            continue;
        if (token->kind != NUMBER || last != NUMBER)
            strbuf_format(&out, "\n%d ", token->kind);
        last = token->kind;
        for (size_t k = 0; has_words(token->kind) && k < folded.length; k++)
            if (!strchr(" \"\xC2\xAB\xBB\xE2\x80\x9C\x9D\x87\xEF\xBF", folded.bytes[k]))
                strbuf_char(&out, folded.bytes[k]);
    }
    return strbuf_result(&out);
}

static bool same_tokens(struct slice a, struct slice b)
{
    return slice_equal(reading_of(a), reading_of(b));
}

static void assert_same_text(const char *path, const char *what, struct slice a, struct slice b)
{
    if (!slice_equal(a, b))
        fail_msg("%s: %s\n--- \n%.*s\n--- \n%.*s", path, what, SLICE_ARG(a), SLICE_ARG(b));
}

/* xorshift: the same variations every time. */
static uint32_t random_below(uint64_t *seed, uint32_t limit)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % limit;
}

static bool is_keyword(int kind)
{
    return keyword_canonical(kind) && kind != NAME && kind != A_ && !format_is_name_word(kind);
}

/* A keyword without some of its accents, in capitals or not, with other spaces. */
static void write_keyword(struct strbuf *out, struct slice text, uint64_t *seed)
{
    static const struct { const char *from, *to; } BARE[] = {
        { "é", "e" }, { "è", "e" }, { "ê", "e" }, { "à", "a" }, { "ô", "o" }, { "'", "’" },
    };
    bool bare = random_below(seed, 2), capitals = random_below(seed, 4) == 0;

    while (text.length > 0) {
        size_t step = utf8_sequence(text.bytes, text.bytes + text.length), i = 0;

        while (bare && i < sizeof BARE / sizeof *BARE && !slice_is((struct slice){ text.bytes, step }, BARE[i].from))
            i++;
        if (bare && i < sizeof BARE / sizeof *BARE)
            strbuf_text(out, BARE[i].to);
        else if (*text.bytes == ' ')
            strbuf_text(out, random_below(seed, 2) ? "\xC2\xA0 " : "\t");
        else if (capitals && *text.bytes >= 'a' && *text.bytes <= 'z')
            strbuf_char(out, (char)(*text.bytes - 'a' + 'A'));
        else
            strbuf_bytes(out, text.bytes, step);
        text.bytes += step, text.length -= step;
    }
}

static bool needs_no_space(int kind)
{
    return kind == COLON || kind == SEMICOLON || kind == EQ || kind == BAR || kind == LPAREN || kind == RPAREN ||
           kind == PLUS || kind == TIMES || kind == EURO || kind == PERCENT || kind == TEXT;
}

/* The same délibération typed by someone else: the line ends apart, everything that has no meaning differs. */
static struct slice retype(struct slice code, uint64_t *seed)
{
    static const char *const GAPS[] = { " ", "  ", "\t", "\xC2\xA0", "   \t ", "\xE2\x80\xAF" };
    token_list tokens = tokens_of(code);
    struct strbuf out = strbuf_in(&arena);
    uint32_t done = 0;

    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const struct token *token = &tokens.items[i];
        bool joined = i > 0 && (needs_no_space(token->kind) || needs_no_space(tokens.items[i - 1].kind));

        if (token->kind == NEWLINE) {
            strbuf_text(&out, random_below(seed, 3) ? "\n" : " \t\r\n");
        } else if (token->span.start > done || (joined && random_below(seed, 3) == 0)) {
            if (!joined || random_below(seed, 3))
                strbuf_text(&out, GAPS[random_below(seed, sizeof GAPS / sizeof *GAPS)]);
        }
        if (is_keyword(token->kind))
            write_keyword(&out, token->text, seed);
        else if (token->kind != NEWLINE)
            strbuf_bytes(&out, code.bytes + token->span.start, token->span.end - token->span.start);
        done = token->span.end;
    }
    return strbuf_result(&out);
}

/* One line end more or less, where it means nothing; the same text when that place is not good. */
static struct slice move_line_end(struct slice code, uint64_t *seed)
{
    token_list tokens = tokens_of(code);
    const struct token *token = &tokens.items[1 + random_below(seed, (uint32_t)tokens.count - 1)];
    struct strbuf out = strbuf_in(&arena);
    uint32_t start = token->kind == NEWLINE ? token->span.end : token->span.start;

    strbuf_bytes(&out, code.bytes, token->span.start);
    strbuf_text(&out, token->kind == NEWLINE ? " " : "\n");
    strbuf_bytes(&out, code.bytes + start, code.length - start);
    if (!code_of(out.bytes, out.length, false) || !same_tokens(code, strbuf_result(&out)))
        return code;
    return strbuf_result(&out);
}

static struct slice assert_sound(const char *path, struct slice text)
{
    struct slice once = format_text(text, false), twice;

    if (!once.bytes)
        fail_msg("%s: refused:\n%.*s", path, SLICE_ARG(text));
    if (!same_tokens(text, once))
        fail_msg("%s: other tokens:\n%.*s", path, SLICE_ARG(once));
    twice = format_text(once, false);
    assert_same_text(path, "formatted twice", once, twice);
    return once;
}

static size_t files, retyped, moved;

static void check_code(const char *path, struct slice code)
{
    uint64_t seed = 0x9E3779B97F4A7C15u ^ code.length;
    struct slice once = assert_sound(path, code), text = once;

    for (int i = 0; i < 4; i++) {
        struct slice other = retype(code, &seed);

        if (!code_of(other.bytes, other.length, false) || !same_tokens(code, other))
            fail_msg("%s: not the same délibération:\n%.*s", path, SLICE_ARG(other));
        assert_same_text(path, "typed otherwise", once, assert_sound(path, other));
        retyped++;
    }
    for (int i = 0; i < 24; i++) {
        struct slice other = move_line_end(text, &seed);

        moved += other.bytes != text.bytes;
        text = other;
        if (i % 6 == 5)
            assert_sound(path, text);
    }
}

static void check_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t length = strlen(path), size;
    bool literate = strcmp(path + length - 3, ".md") == 0;
    char *bytes = arena_alloc(&arena, 1 << 20, 1);
    const char *code;
    struct slice once;

    assert_non_null(file);
    size = fread(bytes, 1, (1 << 20) - 1, file);
    fclose(file);
    code = code_of(bytes, size, literate);
    if (!code)
        return;
    files++;
    once = format_text((struct slice){ bytes, size }, literate);
    assert_non_null(once.bytes);
    assert_same_text(path, "formatted twice", once, format_text(once, literate));
    check_code(path, (struct slice){ arena_copy_text(&arena, code, size), size });
    arena_reset(&arena);
}

static void walk(const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;

    while (directory && (entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name);
        char path[1024];
        struct stat status;

        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path)
            continue;
        if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
            walk(path);
        else if ((length > 6 && strcmp(entry->d_name + length - 6, ".delib") == 0) ||
                 (length > 9 && strcmp(entry->d_name + length - 9, ".delib.md") == 0))
            check_file(path);
    }
    if (directory)
        closedir(directory);
}

static void every_file_typed_in_every_way(void **state)
{
    (void)state;
    walk("examples");
    walk("stdlib");
    walk("tests/golden");
    print_message("# %zu files, %zu typed otherwise, %zu line ends moved\n", files, retyped, moved);
    assert_true(files >= 20);
    assert_true(retyped == 4 * files);
    assert_true(moved > files);
}

/* ---- Texts cut or damaged: refused with a diagnostic, or sound ---- */

static void check_damaged(struct slice text)
{
    if (text.length == 0 || !code_of(text.bytes, text.length, false))
        assert_null(format_text(text, false).bytes);
    else
        assert_sound("damaged", text);
}

static void damaged_texts_are_refused_or_sound(void **state)
{
    FILE *file = fopen("tests/golden/format/tout.avant.delib", "rb");
    char bytes[8192];
    size_t length;
    uint64_t seed = 42;

    (void)state;
    assert_non_null(file);
    length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t end = 0; end < length; end += 13) {
        check_damaged((struct slice){ bytes, end });
        arena_reset(&arena);
    }
    for (int i = 0; i < 400; i++) {
        size_t from = random_below(&seed, (uint32_t)length - 40), count = 1 + random_below(&seed, 30);
        char *text = arena_copy_text(&arena, bytes, length);

        assert_non_null(text);
        memmove(text + from, text + from + count, length - from - count);
        check_damaged((struct slice){ text, length - count });
        arena_reset(&arena);
    }
}

/* What cannot be an act of a commune is not laid out, nor read. */
static void a_text_of_sixteen_mebibytes_is_refused(void **state)
{
    size_t length = (16u << 20) + 1;
    char *spaces = malloc(length + 1);

    (void)state;
    assert_non_null(spaces);
    memset(spaces, ' ', length);
    spaces[length] = '\0';
    assert_refused(spaces, DIAG_SOURCE_TOO_LARGE);
    free(spaces);
}

static void blocks_without_a_rule_stay_as_they_are(void **state)
{
    static const char *const texts[] = {
        "# A\n\n```delib\n```\n", "# A\n\n```delib\n\n  \n```\n\nfin", "~~~delib\n~~~\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_literate(texts[i], texts[i]);
}

/* ---- Memory ---- */

static void memory_may_run_out_anywhere(void **state)
{
    const char *text = "tarif t en €\nprix selon a -- c\n1 : 1 €\nautres : 2 €\nfin\npuis plancher 1 €\nfin";

    (void)state;
    for (size_t limit = 256;; limit += 256) {
        struct source source = { .name = "t", .bytes = text, .length = (uint32_t)strlen(text) };
        struct arena small;
        struct diag_list diags;
        struct slice out;
        bool done;

        arena_init(&small, failing_allocator(&memory), limit);
        diag_list_init(&diags, &small);
        done = format_source(&small, &diags, &source, &OPTIONS, &out);
        assert_int_equal(done, !small.exhausted);
        assert_int_equal(done, out.bytes != NULL);
        arena_release(&small);
        if (done)
            return;
        assert_true(limit < (1 << 24));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keywords_get_their_accents, start, end),
        cmocka_unit_test_setup_teardown(wordings_are_kept, start, end),
        cmocka_unit_test_setup_teardown(names_are_not_touched, start, end),
        cmocka_unit_test_setup_teardown(numbers_and_signs, start, end),
        cmocka_unit_test_setup_teardown(texts_keep_their_words, start, end),
        cmocka_unit_test_setup_teardown(the_layout_of_a_file, start, end),
        cmocka_unit_test_setup_teardown(rows_and_nested_tables, start, end),
        cmocka_unit_test_setup_teardown(grids_are_aligned, start, end),
        cmocka_unit_test_setup_teardown(alternatives_take_a_line_each, start, end),
        cmocka_unit_test_setup_teardown(long_lines_are_broken, start, end),
        cmocka_unit_test_setup_teardown(words_that_must_not_meet_stay_apart, start, end),
        cmocka_unit_test_setup_teardown(comments_keep_their_place, start, end),
        cmocka_unit_test_setup_teardown(markdown_is_left_alone, start, end),
        cmocka_unit_test_setup_teardown(a_tariff_over_several_blocks, start, end),
        cmocka_unit_test_setup_teardown(a_text_at_fault_is_refused, start, end),
        cmocka_unit_test_setup_teardown(every_file_typed_in_every_way, start, end),
        cmocka_unit_test_setup_teardown(damaged_texts_are_refused_or_sound, start, end),
        cmocka_unit_test_setup_teardown(a_text_of_sixteen_mebibytes_is_refused, start, end),
        cmocka_unit_test_setup_teardown(blocks_without_a_rule_stay_as_they_are, start, end),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, start, end),
    };

    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
