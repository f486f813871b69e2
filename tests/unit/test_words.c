/*
 * The French words for what the act says: titles of rows as a person reads them, types, units, values.
 */
#include "act_files.h"
#include "arena_fixture.h"
#include "lang/titles.h"
#include "runtime/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char TITLES[] = "énumération lieu : commune \"la commune\" ; canton ; ailleurs\n"
                             "entrée lieu : lieu\n"
                             "entrée qf : quotient de 0 à 2 000 facultatif\n"
                             "entrée naissance : date\n"
                             "entrée résident : oui_non\n"
                             "tarif bornes en €\n"
                             "  prix selon qf\n"
                             "    moins de 300 ou non communiqué : 1 €\n"
                             "    de 300 à moins de 450          : 2 €\n"
                             "    de 450 à 500                   : 3 €\n"
                             "    plus de 500 et moins de 600 : 4 €\n"
                             "    de 600 à 700 : 4 €\n"
                             "    plus de 700 à 800 : 4 €\n"
                             "    au-delà : 5 €\n"
                             "    résident : 6 €\n"
                             "  fin\n"
                             "fin\n"
                             "tarif seuils en €\n"
                             "  prix barème par seuils selon qf\n"
                             "    à partir de 0   : 1 €\n"
                             "    à partir de 300 : 2 €\n"
                             "    non communiqué  : 3 €\n"
                             "    source indisponible : 4 €\n"
                             "  fin\n"
                             "fin\n"
                             "tarif jusque en €\n"
                             "  prix barème par seuils selon qf\n"
                             "    moins de 300    : 1 €\n"
                             "    500 ou moins    : 2 €\n"
                             "    hors tranches   : 3 €\n"
                             "    non communiqué  : 3 €\n"
                             "  fin\n"
                             "fin\n"
                             "tarif dates en €\n"
                             "  prix selon naissance\n"
                             "    avant le 1er janvier 2020                    : 1 €\n"
                             "    du 1er janvier 2020 au 31 décembre 2020      : 2 €\n"
                             "    à partir du 1er janvier 2021                 : 3 €\n"
                             "  fin\n"
                             "fin\n"
                             "tarif lieux en €\n"
                             "  prix selon lieu\n"
                             "    commune ou canton : 1 €\n"
                             "    autres            : 2 €\n"
                             "  fin\n"
                             "fin\n"
                             "tarif points en €\n"
                             "  prix selon qf\n"
                             "    0 : 1 €\n"
                             "    hors \t  tranches : 2 €\n"
                             "    non communiqué : 2 €\n"
                             "  fin\n"
                             "fin\n";

static delib_engine *engine;
static delib_program *program;

static int compile_titles(void **state)
{
    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile_text(engine, "titres.delib", TITLES, strlen(TITLES));
    assert_non_null(program);
    return start(state);
}

static int release_titles(void **state)
{
    delib_program_release(program);
    delib_engine_free(engine);
    return end(state);
}

static const struct decl *tariff_named(const char *name)
{
    const struct symbol *s = scope_find(&program->model.globals, slice_of(name));

    assert_non_null(s);
    return s->versions->decl;
}

/* « 300 € » has a hard space, which the strings below write as a plain one. */
static const char *plain(const struct strbuf *text)
{
    struct strbuf out = strbuf_in(&arena);

    for (const char *at = strbuf_string(text); *at; at++) {
        bool hard = at[0] == '\xC2' && at[1] == '\xA0';

        strbuf_char(&out, hard ? ' ' : *at);
        at += hard;
    }
    return strbuf_string(&out);
}

static void assert_rows(const char *tariff, const char *const *titles)
{
    const struct table *table = tariff_named(tariff)->as.tariff.price->as.table;
    size_t row = 0;

    for (; titles[row]; row++) {
        struct strbuf out = strbuf_in(&arena);

        assert_true(row < table->rows.count);
        strbuf_row_title(&out, &program->model, table, row, 0);
        assert_string_equal(plain(&out), titles[row]);
    }
    assert_int_equal(row, table->rows.count);
}

static void titles_say_which_bound_is_included(void **state)
{
    (void)state;
    assert_rows("bornes", (const char *const[]){ "moins de 300 € ou non communiqué", "de 300 € à moins de 450 €",
                                                 "de 450 € à 500 € inclus", "plus de 500 € et moins de 600 €",
                                                 "de 600 € à 700 € inclus", "plus de 700 €, jusqu'à 800 € inclus",
                                                 "au-delà", "résident", NULL });
    assert_rows("dates",
                (const char *const[]){"avant le 1er janvier 2020", "du 1er janvier 2020 au 31 décembre 2020 inclus",
                                      "à partir du 1er janvier 2021", NULL});
    assert_rows("points", (const char *const[]){ "0 €", "hors tranches", "non communiqué", NULL });
    assert_rows("lieux", (const char *const[]){ "la commune ou canton", "autres", NULL });
}

static void titles_of_thresholds_say_where_they_stop(void **state)
{
    (void)state;
    assert_rows("seuils", (const char *const[]){ "de 0 € à moins de 300 €", "à partir de 300 €", "non communiqué",
                                                 "source indisponible", NULL });
    assert_rows("jusque", (const char *const[]){ "moins de 300 €", "de 300 € à 500 € inclus", "hors tranches",
                                                 "non communiqué", NULL });
}

static void a_title_without_its_key_is_as_written(void **state)
{
    const struct table *table = tariff_named("bornes")->as.tariff.price->as.table;
    struct strbuf out = strbuf_in(&arena);

    (void)state;
    strbuf_title(&out, &program->model, NULL, &table->rows.items[3].titles.items[0]);
    assert_string_equal(strbuf_string(&out), "plus de 500 et moins de 600");
    out = strbuf_in(&arena);
    strbuf_row_title(&out, &program->model, table, 0, 1);
    assert_string_equal(strbuf_string(&out), "");
}

static const char *type_words(struct type type)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_type(&out, &program->model, &type);
    return strbuf_string(&out);
}

static void each_type_has_words(void **state)
{
    const struct symbol *lieu = scope_find(&program->model.types, SLICE("lieu"));
    const struct type plain = { .kind = TYPE_NUMBER }, record = { .kind = TYPE_RECORD, .symbol = lieu };

    (void)state;
    assert_string_equal(type_words((struct type){ .kind = TYPE_BOOLEAN }), "un oui ou non");
    assert_string_equal(type_words((struct type){ .kind = TYPE_DATE }), "une date");
    assert_string_equal(type_words((struct type){ .kind = TYPE_DAY }), "un jour de l'année");
    assert_string_equal(type_words((struct type){ .kind = TYPE_TEXT }), "un texte");
    assert_string_equal(type_words((struct type){ .kind = TYPE_CALENDAR }), "une période");
    assert_string_equal(type_words((struct type){ .kind = TYPE_OUTCOME }), "une valeur");
    assert_string_equal(type_words((struct type){ .kind = TYPE_ERROR }), "une valeur");
    assert_string_equal(type_words((struct type){ .kind = TYPE_ENUM, .symbol = lieu }), "une valeur de « lieu »");
    assert_string_equal(type_words(record), "une fiche « lieu »");
    assert_string_equal(type_words((struct type){ .kind = TYPE_LIST, .element = &plain }), "une liste");
    assert_string_equal(type_words((struct type){ .kind = TYPE_LIST, .element = &record }), "une liste de « lieu »");
}

static const char *value_words(struct type type, int128 num, int128 den)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_typed_number(&out, &program->model, &type, (struct number){ num, den });
    return strbuf_string(&out);
}

static void a_value_is_written_in_its_unit(void **state)
{
    const struct type duration = { .kind = TYPE_NUMBER, .quantity = QUANTITY_DUREE },
                      rate = { .kind = TYPE_NUMBER, .quantity = QUANTITY_TAUX },
                      hours = { .kind = TYPE_NUMBER, .unit = { .of = unit_find(&program->model, SLICE("heure")) } };

    (void)state;
    assert_string_equal(value_words(duration, 45, 1), "45 min");
    assert_string_equal(value_words(duration, 60, 1), "1 h");
    assert_string_equal(value_words(duration, 125, 1), "2 h 05");
    assert_string_equal(value_words(duration, 130, 1), "2 h 10");
    assert_string_equal(value_words(duration, 135, 2), "67,5 min");
    assert_string_equal(value_words(rate, 1, 8), "12,5\xC2\xA0%");
    assert_string_equal(value_words(hours, 1, 1), "1 heure");
    assert_string_equal(value_words(hours, 2, 1), "2 heures");
    assert_string_equal(value_words((struct type){ .kind = TYPE_BOOLEAN }, 1, 1), "oui");
    assert_string_equal(value_words((struct type){ .kind = TYPE_TEXT }, 1, 1), "");
}

static const char *unit_words(struct type type)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_unit(&out, &program->model, &type);
    return strbuf_string(&out);
}

static void a_unit_is_written_alone(void **state)
{
    uint16_t half = unit_find(&program->model, SLICE("demi_heures"));

    (void)state;
    assert_string_equal(unit_words((struct type){ .kind = TYPE_NUMBER, .quantity = QUANTITY_DUREE }), "min");
    assert_string_equal(unit_words((struct type){ .kind = TYPE_NUMBER, .quantity = QUANTITY_TAUX }), "%");
    assert_string_equal(unit_words((struct type){ .kind = TYPE_NUMBER, .unit = { .of = half } }), "demi-heure");
    assert_string_equal(unit_words((struct type){ .kind = TYPE_NUMBER }), "");
    assert_string_equal(unit_words((struct type){ .kind = TYPE_BOOLEAN }), "");
    assert_string_equal(unit_words((struct type){ .kind = TYPE_NUMBER, .quantity = QUANTITY_MONTANT,
                                                  .unit = { .per_count = 2, .per = { half, half } } }),
                        "€ par demi-heure et par demi-heure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(titles_say_which_bound_is_included, compile_titles, release_titles),
        cmocka_unit_test_setup_teardown(titles_of_thresholds_say_where_they_stop, compile_titles, release_titles),
        cmocka_unit_test_setup_teardown(a_title_without_its_key_is_as_written, compile_titles, release_titles),
        cmocka_unit_test_setup_teardown(each_type_has_words, compile_titles, release_titles),
        cmocka_unit_test_setup_teardown(a_value_is_written_in_its_unit, compile_titles, release_titles),
        cmocka_unit_test_setup_teardown(a_unit_is_written_alone, compile_titles, release_titles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
