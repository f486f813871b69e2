/*
 * Diagnostics and the places they show: lines and columns, the list, the printed form to the byte.
 */
#include "arena_fixture.h"
#include "lang/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct diag_list list;

static int start_list(void **state)
{
    start(state);
    diag_list_init(&list, &arena);
    return 0;
}

static struct source source_of(const char *name, const char *text)
{
    return (struct source){ .name = name, .bytes = text, .length = (uint32_t)strlen(text) };
}

/* The span of the first occurrence of a fragment. */
static struct span span_of(const struct source *source, uint32_t file, const char *fragment)
{
    const char *found = strstr(source->bytes, fragment);

    assert_non_null(found);
    return (struct span){ (uint32_t)(found - source->bytes), (uint32_t)(found - source->bytes + strlen(fragment)),
                          file };
}

static const char *printed(const struct source *sources, size_t count, const struct diag *diag, bool colour)
{
    const struct source *pointers[4];
    struct strbuf out = strbuf_in(&arena);

    for (size_t i = 0; i < count; i++)
        pointers[i] = &sources[i];
    diag_print(&out, pointers, count, diag, colour);
    return strbuf_result(&out).bytes;
}

/* ---- Places ---- */

static void assert_position(const struct source *source, uint32_t offset, unsigned line, unsigned column)
{
    struct position position = source_position(source, offset);

    if (position.line != line || position.column != column)
        fail_msg("offset %u is at %u:%u, not %u:%u", offset, position.line, position.column, line, column);
}

static void columns_count_characters(void **state)
{
    struct source source = source_of("a.delib", "été\r\n\tà 1 €\n\nfin");

    (void)state;
    assert_position(&source, 0, 1, 1);
    assert_position(&source, 2, 1, 2);
    assert_position(&source, 3, 1, 3);
    assert_position(&source, 5, 1, 4);           /* the CR and the LF are both the end of the line */
    assert_position(&source, 6, 1, 4);
    assert_position(&source, 7, 2, 1);
    assert_position(&source, 8, 2, 2);
    assert_position(&source, 9, 2, 2);           /* inside « à » */
    assert_position(&source, 10, 2, 3);
    assert_position(&source, 13, 2, 6);
    assert_position(&source, 16, 2, 7);
    assert_position(&source, 17, 3, 1);
    assert_position(&source, 18, 4, 1);
    assert_position(&source, 21, 4, 4);
    assert_position(&source, 4000000000u, 4, 4);
    source = source_of("a.delib", "");
    assert_position(&source, 0, 1, 1);
    source = source_of("a.delib", "\xEF\xBB\xBF" "abc");
    assert_position(&source, 0, 1, 1);
    assert_position(&source, 3, 1, 1);
    assert_position(&source, 4, 1, 2);
    source = source_of("a.delib", "a\xFF\xC3 b\n");
    assert_position(&source, 4, 1, 5);           /* an invalid byte is one character */
    assert_position(&source, 6, 2, 1);
}

static void lines_have_no_end_of_line(void **state)
{
    struct source source = source_of("a.delib", "\xEF\xBB\xBFun\r\ndeux\n\nquatre\r");

    (void)state;
    assert_true(slice_is(source_line(&source, 1), "un"));
    assert_true(slice_is(source_line(&source, 2), "deux"));
    assert_true(slice_is(source_line(&source, 3), ""));
    assert_true(slice_is(source_line(&source, 4), "quatre\r"));
    assert_true(slice_is(source_line(&source, 5), ""));
    assert_true(slice_is(source_line(&source, 400), ""));
}

/* Counted the slow way, character by character. */
static void every_offset_is_in_its_line(void **state)
{
    struct source source = source_of("a.delib", "tarif é\n\n  prix : 3,30 €\nœuf\n");
    const char *end_of_source = source.bytes + source.length;
    unsigned line = 1, column = 1;

    (void)state;
    for (uint32_t offset = 0; offset < source.length;) {
        bool feed = source.bytes[offset] == '\n';

        assert_position(&source, offset, line, column);
        offset += (uint32_t)utf8_sequence(source.bytes + offset, end_of_source);
        line += feed;
        column = feed ? 1 : column + 1;
    }
    assert_position(&source, source.length, line, column);
}

static void spans_give_text_and_join(void **state)
{
    struct source source = source_of("a.delib", "tarif cantine");
    struct span joined = span_join((struct span){ 2, 5, 1 }, (struct span){ 8, 9, 1 });

    (void)state;
    assert_true(slice_is(source_slice(&source, (struct span){ 6, 13, 0 }), "cantine"));
    assert_true(slice_is(source_slice(&source, (struct span){ 6, 400, 0 }), "cantine"));
    assert_true(slice_is(source_slice(&source, (struct span){ 300, 400, 0 }), ""));
    assert_true(slice_is(source_slice(&source, (struct span){ 6, 2, 0 }), ""));
    assert_true(joined.start == 2 && joined.end == 9 && joined.file == 1);
    joined = span_join((struct span){ 8, 9, 1 }, (struct span){ 2, 5, 1 });
    assert_true(joined.start == 2 && joined.end == 9);
    joined = span_join((struct span){ 8, 9, 1 }, (struct span){ 2, 5, 2 });
    assert_true(joined.start == 8 && joined.end == 9 && joined.file == 1);
}

/* ---- Codes ---- */

static void codes_are_well_formed_and_unique(void **state)
{
    (void)state;
    for (int i = 0; i < DIAG_CODE_COUNT; i++) {
        const struct diag_code_info *info = diag_code_info((enum diag_code)i);

        assert_int_equal(strlen(info->code), 4);
        assert_int_equal(info->code[0], 'D');
        assert_int_equal(strspn(info->code + 1, "0123456789"), 3);
        assert_true(strlen(info->title) > 0);
        assert_int_equal(utf8_validate(info->title, strlen(info->title)), strlen(info->title));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(info->code, diag_code_info((enum diag_code)j)->code);
    }
    assert_string_equal(diag_code_info(DIAG_INVALID_UTF8)->code, "D101");
    assert_int_equal(diag_code_info(DIAG_INVALID_UTF8)->level, DIAG_ERROR);
}

/* ---- The list ---- */

static struct span at(uint32_t file, uint32_t place)
{
    return (struct span){ place, place + 1, file };
}

static void one_fault_is_one_message(void **state)
{
    (void)state;
    assert_non_null(diag_add(&list, DIAG_UNEXPECTED, at(0, 4), "un"));
    assert_null(diag_add(&list, DIAG_UNEXPECTED, at(0, 4), "deux"));
    assert_non_null(diag_add(&list, DIAG_UNEXPECTED, at(1, 4), "autre fichier"));
    assert_non_null(diag_add(&list, DIAG_UNEXPECTED, (struct span){ 4, 9, 0 }, "autre fin"));
    assert_non_null(diag_add(&list, DIAG_INVALID_UTF8, at(0, 4), "autre code"));
    assert_int_equal(list.count, 4);
    assert_int_equal(list.errors, 4);
    assert_int_equal(list.dropped, 0);
    assert_string_equal(list.items[0].text, "un");
}

static void diagnostics_hold_their_parts(void **state)
{
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, at(0, 4), "« %s » à %d", "fin", 3);

    (void)state;
    diag_note(&list, diag, at(0, 5), "note %d", 1);
    diag_note(&list, diag, at(0, 6), "note %d", 2);
    diag_effect(&list, diag, "%s € de plus", "3,30");
    diag_help(&list, diag, "écrivez « %s »", "tarif");
    diag_fix(&list, diag, at(0, 7), "%s", "tarif");
    assert_string_equal(diag->text, "« fin » à 3");
    assert_string_equal(diag->notes->text, "note 1");
    assert_string_equal(diag->notes->next->text, "note 2");
    assert_null(diag->notes->next->next);
    assert_string_equal(diag->effect, "3,30 € de plus");
    assert_string_equal(diag->help, "écrivez « tarif »");
    assert_non_null(diag->fixes);
    assert_int_equal(diag->fixes->span.start, 7);
    assert_string_equal(diag->fixes->text, "tarif");
    assert_null(diag->fixes->next);
}

/* What is quoted may be anything. */
static void a_message_is_one_line_of_bounded_length(void **state)
{
    char quoted[1501];
    struct diag *diag;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof quoted; i += 2)
        memcpy(quoted + i, "é", 2);
    quoted[1500] = '\0';
    diag = diag_add(&list, DIAG_UNEXPECTED, at(0, 1), "%s", quoted);
    assert_int_equal(strlen(diag->text), 600 + strlen("…"));
    assert_int_equal(utf8_validate(diag->text, strlen(diag->text)), strlen(diag->text));
    diag = diag_add(&list, DIAG_UNEXPECTED, at(0, 2), "a%s", quoted);
    assert_int_equal(strlen(diag->text), 599 + strlen("…"));
    assert_int_equal(utf8_validate(diag->text, strlen(diag->text)), strlen(diag->text));
    assert_string_equal(diag->text + 597, "é…");
    diag = diag_add(&list, DIAG_UNEXPECTED, at(0, 3), "un\ndeux\r\ttrois");
    assert_string_equal(diag->text, "un deux  trois");
    diag_fix(&list, diag, at(0, 3), "%s", "");
    assert_string_equal(diag->fixes->text, "");
}

/* Marks that would turn the line around are not sent to a terminal; letters next to them in the table are. */
static void marks_of_direction_are_not_printed(void **state)
{
    struct source source = source_of("a.delib", "a\u202Ab\u202Ec\u2066d\u2069e\u202Ff\u2065g\u206Ah\u20ACi\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 0, 1, 0 }, "ici");

    (void)state;
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:1:1: erreur[D104]: ici\n"
                        "    1 | a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\u202Ff\u2065g\u206Ah\u20ACi\n"
                        "      | ^\n");
}

/* An accent that is drawn over the letter before takes no place of its own. */
static void accents_apart_take_no_place(void **state)
{
    struct source source = source_of("a.delib", "e\u0301x e\u036Fy \u0370 z\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, span_of(&source, 0, "z"), "ici");

    (void)state;
    assert_string_equal(printed(&source, 1, diag, false) + strlen("a.delib:1:11: erreur[D104]: ici\n"),
                        "    1 | e\u0301x e\u036Fy \u0370 z\n"
                        "      |         ^\n");
}

static void parts_of_no_diagnostic_are_ignored(void **state)
{
    (void)state;
    diag_note(&list, NULL, at(0, 1), "note");
    diag_effect(&list, NULL, "effet");
    diag_help(&list, NULL, "aide");
    diag_fix(&list, NULL, at(0, 1), "texte");
    assert_int_equal(list.count, 0);
    assert_int_equal(arena.used, 0);
}

static void beyond_the_limit_they_are_counted(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 500; i++)
        assert_int_equal(diag_add(&list, DIAG_UNEXPECTED, at(0, i), "n° %u", i) != NULL, i < 200);
    assert_int_equal(list.count, 200);
    assert_int_equal(list.errors, 500);
    assert_int_equal(list.dropped, 300);
    assert_string_equal(list.items[199].text, "n° 199");
}

static void sorting_is_by_place_then_arrival(void **state)
{
    static const struct { uint32_t file, place; } ORDER[] = {
        { 1, 3 }, { 0, 9 }, { 0, 2 }, { 1, 3 }, { 0, 9 }, { 0, 0 },
    };
    static const char *const EXPECTED[] = { "n° 5", "n° 2", "n° 1", "n° 4", "n° 0", "n° 3" };

    (void)state;
    diag_list_sort(&list);
    for (uint32_t i = 0; i < 6; i++) {
        struct span span = { ORDER[i].place, ORDER[i].place + 1 + i, ORDER[i].file };

        assert_non_null(diag_add(&list, DIAG_UNEXPECTED, span, "n° %u", i));
    }
    diag_list_sort(&list);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(list.items[i].text, EXPECTED[i]);
}

/* Whichever request is refused, nothing crashes, and an error is never forgotten. */
static void memory_may_run_out_anywhere(void **state)
{
    struct source source = source_of("a.delib", "tarif cantine\n");
    const struct source *sources[] = { &source };
    bool survived = false;

    (void)state;
    for (size_t limit = 16; !survived; limit += 16) {
        struct arena small;
        struct diag_list few;
        struct strbuf out;
        struct diag *diag;

        arena_init(&small, failing_allocator(&memory), limit);
        diag_list_init(&few, &small);
        diag = diag_add(&few, DIAG_UNEXPECTED, at(0, 2), "un %s", "mot");
        diag_note(&few, diag, at(0, 3), "note");
        diag_note(&few, diag, at(0, 4), "note");
        diag_effect(&few, diag, "effet");
        diag_help(&few, diag, "aide");
        diag_fix(&few, diag, at(0, 2), "remplacement");
        if (diag && diag->fixes)
            assert_string_equal(diag->fixes->text, "remplacement");
        out = strbuf_in(&small);
        for (size_t i = 0; i < few.count; i++)
            diag_print(&out, sources, 1, &few.items[i], true);
        assert_int_equal(few.errors, 1);
        assert_int_equal(few.count + few.dropped, 1);
        survived = !small.exhausted;
        arena_release(&small);
    }
}

/* ---- Printing ---- */

static void the_printed_form(void **state)
{
    struct source source = source_of("cantine.delib", "tarif cantine\n    de 0 à 450 : 1,20 €\n"
                                                      "    de 400 à 800 : 2,10 €\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, span_of(&source, 0, "de 400 à 800"),
                                 "la tranche « %s » recouvre la précédente", "400 à 800");

    (void)state;
    diag_note(&list, diag, span_of(&source, 0, "de 0 à 450"), "tranche déjà déclarée ici");
    diag_effect(&list, diag, "une famille au quotient de 420 € aurait deux prix");
    diag_help(&list, diag, "faites commencer la seconde à 450,01 €");
    assert_string_equal(printed(&source, 1, diag, false),
                        "cantine.delib:3:5: erreur[D104]: la tranche « 400 à 800 » recouvre la précédente\n"
                        "    3 |     de 400 à 800 : 2,10 €\n"
                        "      |     ^^^^^^^^^^^^\n"
                        "    2 |     de 0 à 450 : 1,20 €\n"
                        "      |     ---------- tranche déjà déclarée ici\n"
                        "effet : une famille au quotient de 420 € aurait deux prix\n"
                        "aide : faites commencer la seconde à 450,01 €\n");
}

static void two_places_of_one_line(void **state)
{
    struct source source = source_of("a.delib", "énumération usager : enfant ; adulte ; enfant\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 41, 47, 0 }, "« enfant » est répété");

    (void)state;
    diag_note(&list, diag, span_of(&source, 0, "enfant"), "la première fois");
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:1:40: erreur[D104]: « enfant » est répété\n"
                        "    1 | énumération usager : enfant ; adulte ; enfant\n"
                        "      |                                        ^^^^^^\n"
                        "      |                      ------ la première fois\n");
}

static void notes_of_another_file_say_where(void **state)
{
    struct source sources[] = {
        source_of("a.delib", "tarif eaje\n"),
        source_of("stdlib/eaje.delib", "\n  tarif eaje\n"),
    };
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, span_of(&sources[0], 0, "eaje"), "nom déjà pris");

    (void)state;
    diag_note(&list, diag, span_of(&sources[1], 1, "eaje"), "ici");
    assert_string_equal(printed(sources, 2, diag, false),
                        "a.delib:1:7: erreur[D104]: nom déjà pris\n"
                        "    1 | tarif eaje\n"
                        "      |       ^^^^\n"
                        "stdlib/eaje.delib:2:9:\n"
                        "    2 |   tarif eaje\n"
                        "      |         ---- ici\n");
}

static void several_lines_underline_the_first(void **state)
{
    struct source source = source_of("a.delib", "tarif cantine\r\n  prix : 1 €\r\nfin\r\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 6, 34, 0 }, "sans arrondi");

    (void)state;
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:1:7: erreur[D104]: sans arrondi\n"
                        "    1 | tarif cantine\n"
                        "      |       ^^^^^^^\n");
}

static void empty_spans_have_a_mark(void **state)
{
    struct source source = source_of("a.delib", "tarif cantine");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 13, 13, 0 }, "il manque « fin »");

    (void)state;
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:1:14: erreur[D104]: il manque « fin »\n"
                        "    1 | tarif cantine\n"
                        "      |              ^\n");
    source = source_of("a.delib", "tarif\n");
    diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 6, 6, 0 }, "il manque « fin »");
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:2:1: erreur[D104]: il manque « fin »\n"
                        "    2 | \n"
                        "      | ^\n");
}

static void tabs_controls_and_combining_accents(void **state)
{
    struct source source = source_of("a.delib", "\te\xCC\x81te\xCC\x81 \x1B[2J\xE2\x80\xAE\xFF fin\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, span_of(&source, 0, "fin"), "mot \x1B[31m « \xC2\x9B »\n");

    (void)state;
    assert_string_equal(printed(&source, 1, diag, false),
                        "a.delib:1:15: erreur[D104]: mot \xEF\xBF\xBD[31m « \xEF\xBF\xBD » \n"
                        "    1 |  e\xCC\x81te\xCC\x81 \xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD fin\n"
                        "      |             ^^^\n");
}

/* A line of `before` letters a, « ICI », `after` letters b. */
static struct source long_line(size_t before, size_t after)
{
    struct strbuf text = strbuf_in(&arena);

    for (size_t i = 0; i < before; i++)
        strbuf_char(&text, 'a');
    strbuf_text(&text, "ICI");
    for (size_t i = 0; i < after; i++)
        strbuf_char(&text, 'b');
    strbuf_char(&text, '\n');
    return source_of("a.delib", text.bytes);
}

static void assert_cut(size_t before, size_t after, size_t shown_before, size_t shown_after)
{
    struct source source = long_line(before, after);
    struct diag diag = { .code = DIAG_UNEXPECTED, .span = span_of(&source, 0, "ICI"), .text = "trop long" };
    const char *excerpt = strstr(printed(&source, 1, &diag, false), "    1 | ") + 8, *stop = strchr(excerpt, '\n');
    bool cut_before = shown_before < before, cut_after = shown_after < after;
    const char *here = strstr(excerpt, "ICI"), *marks = strstr(stop, "^^^");

    assert_int_equal(strncmp(excerpt, "…", 3) == 0, cut_before);
    assert_int_equal(strncmp(stop - 3, "…", 3) == 0, cut_after);
    assert_int_equal(here - excerpt, shown_before + (cut_before ? 3 : 0));
    assert_int_equal(stop - here - 3, shown_after + (cut_after ? 3 : 0));
    assert_int_equal(marks - stop - 1 - 8, shown_before + cut_before);
    assert_string_equal(marks, "^^^\n");
}

static void long_lines_are_cut_around_the_fragment(void **state)
{
    (void)state;
    assert_cut(100, 57, 100, 57);        /* 160 characters: whole */
    assert_cut(100, 300, 40, 117);       /* 40 before, the fragment, the rest of 160 */
    assert_cut(20, 300, 20, 137);        /* near the beginning */
    assert_cut(300, 20, 137, 20);        /* near the end */
    assert_cut(300, 0, 157, 0);
    assert_cut(0, 300, 0, 157);
}

static void a_long_fragment_is_underlined_as_far_as_it_is_shown(void **state)
{
    struct source source = long_line(0, 1000);
    struct diag diag = { .code = DIAG_UNEXPECTED, .span = { 2, 1000, 0 }, .text = "trop long" };
    const char *text = printed(&source, 1, &diag, false), *marks = strchr(text, '^');

    (void)state;
    assert_int_equal(strspn(marks, "^"), 158);
}

static void a_place_outside_the_cut_line_is_shown_again(void **state)
{
    struct source source = long_line(500, 500);
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, span_of(&source, 0, "ICI"), "trop long");
    const char *text;

    (void)state;
    diag_note(&list, diag, (struct span){ 2, 4, 0 }, "loin");
    diag_note(&list, diag, (struct span){ 6, 7, 0 }, "près de la note");
    text = printed(&source, 1, diag, false);
    text = strstr(strstr(text, "    1 | …"), "    1 | a");        /* the beginning of the line, on its own */
    assert_non_null(text);
    assert_null(strstr(text + 1, "    1 | "));
    assert_non_null(strstr(text, "\n      |   -- loin\n      |       - près de la note\n"));

    diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 2, 4, 0 }, "trop long");
    diag_note(&list, diag, span_of(&source, 0, "ICI"), "loin à droite");
    text = printed(&source, 1, diag, false);
    assert_non_null(strstr(strstr(text, "    1 | a"), "    1 | …a"));
    assert_non_null(strstr(text, " --- loin à droite\n"));
}

static void colours_are_optional(void **state)
{
    struct source source = source_of("a.delib", "fin\n");
    struct diag diag = { .code = DIAG_UNEXPECTED, .level = DIAG_WARNING, .span = { 0, 3, 0 }, .text = "inutile" };

    (void)state;
    assert_string_equal(printed(&source, 1, &diag, true),
                        "\x1b[1ma.delib:1:1:\x1b[0m \x1b[1;33mavertissement[D104]:\x1b[0m inutile\n"
                        "\x1b[1;34m    1 | \x1b[0mfin\n"
                        "\x1b[1;34m      | \x1b[0m\x1b[1;33m^^^\x1b[0m\n");
    assert_string_equal(printed(&source, 1, &diag, false),
                        "a.delib:1:1: avertissement[D104]: inutile\n"
                        "    1 | fin\n"
                        "      | ^^^\n");
}

static void without_a_source_the_sentence_remains(void **state)
{
    struct source source = source_of("a.delib", "fin\n");
    struct diag *diag = diag_add(&list, DIAG_UNEXPECTED, (struct span){ 0, 3, 7 }, "fichier absent");

    (void)state;
    diag_note(&list, diag, (struct span){ 0, 3, 8 }, "ailleurs");
    diag_note(&list, diag, (struct span){ 0, 3, 0 }, "ici");
    assert_string_equal(printed(&source, 1, diag, false),
                        "erreur[D104]: fichier absent\n"
                        "note : ailleurs\n"
                        "a.delib:1:1:\n"
                        "    1 | fin\n"
                        "      | --- ici\n");
}

static void line_numbers_may_be_long(void **state)
{
    struct strbuf text = strbuf_in(&arena);
    struct source source;
    struct diag diag = { .code = DIAG_UNEXPECTED, .text = "x" };

    (void)state;
    for (int i = 0; i < 1234566; i++)
        strbuf_char(&text, '\n');
    strbuf_text(&text, "fin");
    source = source_of("a.delib", text.bytes);
    diag.span = (struct span){ 1234566, 1234569, 0 };
    assert_string_equal(printed(&source, 1, &diag, false),
                        "a.delib:1234567:1: erreur[D104]: x\n"
                        "1234567 | fin\n"
                        "        | ^^^\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_count_characters, start_list, end),
        cmocka_unit_test_setup_teardown(lines_have_no_end_of_line, start_list, end),
        cmocka_unit_test_setup_teardown(every_offset_is_in_its_line, start_list, end),
        cmocka_unit_test_setup_teardown(spans_give_text_and_join, start_list, end),
        cmocka_unit_test_setup_teardown(codes_are_well_formed_and_unique, start_list, end),
        cmocka_unit_test_setup_teardown(one_fault_is_one_message, start_list, end),
        cmocka_unit_test_setup_teardown(diagnostics_hold_their_parts, start_list, end),
        cmocka_unit_test_setup_teardown(a_message_is_one_line_of_bounded_length, start_list, end),
        cmocka_unit_test_setup_teardown(marks_of_direction_are_not_printed, start_list, end),
        cmocka_unit_test_setup_teardown(accents_apart_take_no_place, start_list, end),
        cmocka_unit_test_setup_teardown(parts_of_no_diagnostic_are_ignored, start_list, end),
        cmocka_unit_test_setup_teardown(beyond_the_limit_they_are_counted, start_list, end),
        cmocka_unit_test_setup_teardown(sorting_is_by_place_then_arrival, start_list, end),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, start_list, end),
        cmocka_unit_test_setup_teardown(the_printed_form, start_list, end),
        cmocka_unit_test_setup_teardown(two_places_of_one_line, start_list, end),
        cmocka_unit_test_setup_teardown(notes_of_another_file_say_where, start_list, end),
        cmocka_unit_test_setup_teardown(several_lines_underline_the_first, start_list, end),
        cmocka_unit_test_setup_teardown(empty_spans_have_a_mark, start_list, end),
        cmocka_unit_test_setup_teardown(tabs_controls_and_combining_accents, start_list, end),
        cmocka_unit_test_setup_teardown(long_lines_are_cut_around_the_fragment, start_list, end),
        cmocka_unit_test_setup_teardown(a_long_fragment_is_underlined_as_far_as_it_is_shown, start_list, end),
        cmocka_unit_test_setup_teardown(a_place_outside_the_cut_line_is_shown_again, start_list, end),
        cmocka_unit_test_setup_teardown(colours_are_optional, start_list, end),
        cmocka_unit_test_setup_teardown(without_a_source_the_sentence_remains, start_list, end),
        cmocka_unit_test_setup_teardown(line_numbers_may_be_long, start_list, end),
    };

    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
