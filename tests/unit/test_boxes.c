/*
 * Boxes of families: what joining two of them holds, against every point of small axes; their words, in French and for
 * machines.
 */
#include "draw.h"
#include "runtime/analysis/regions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AXES = 3, JOINS = 60000 };

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

/* ---- Joining ---- */

static const struct axis SMALL[AXES] = {
    { .name = "a", .den = 1, .lo = 0, .hi = 3, .may_be_absent = true, .may_fail = true },
    { .name = "b", .den = 1, .lo = -1, .hi = 1 },
    { .name = "c", .den = 1, .lo = 0, .hi = 1, .may_be_absent = true },
};

static struct coordinate draw_coordinate(const struct axis *axis)
{
    struct coordinate c = { .kind = COORDINATE_RANGE, .read = draw(4) > 0 };
    uint64_t n = draw(8);

    if (n == 0)
        return (struct coordinate){ .kind = COORDINATE_FREE, .read = c.read };
    if (n == 1 && axis->may_be_absent)
        return (struct coordinate){ .kind = COORDINATE_ABSENT, .read = c.read, .or_failed = axis->may_fail && draw(2) };
    if (n == 2 && axis->may_fail)
        return (struct coordinate){ .kind = COORDINATE_FAILED, .read = c.read, .or_absent = draw(2) };
    c.lo = axis->lo + (int64_t)draw((uint64_t)(axis->hi - axis->lo) + 1);
    c.hi = c.lo + (int64_t)draw((uint64_t)(axis->hi - c.lo) + 1);
    c.or_absent = axis->may_be_absent && draw(4) == 0;
    c.or_failed = axis->may_fail && draw(4) == 0;
    return c;
}

/* Every point of an axis: its values, then absent, then failed. */
static size_t points_of(const struct axis *axis, struct coordinate *out)
{
    size_t count = 0;

    for (int64_t n = axis->lo; n <= axis->hi; n++)
        out[count++] = (struct coordinate){ .kind = COORDINATE_RANGE, .lo = n, .hi = n };
    if (axis->may_be_absent)
        out[count++] = (struct coordinate){ .kind = COORDINATE_ABSENT };
    if (axis->may_fail)
        out[count++] = (struct coordinate){ .kind = COORDINATE_FAILED };
    return count;
}

static void same_families(const struct axes *axes, const struct box *a, const struct box *b, const struct box *joined)
{
    struct coordinate all[AXES][8], items[AXES];
    size_t counts[AXES];
    const struct box point = { items, AXES };

    for (size_t i = 0; i < AXES; i++)
        counts[i] = points_of(&SMALL[i], all[i]);
    for (size_t x = 0; x < counts[0]; x++)
        for (size_t y = 0; y < counts[1]; y++)
            for (size_t z = 0; z < counts[2]; z++) {
                items[0] = all[0][x];
                items[1] = all[1][y];
                items[2] = all[2][z];
                assert_int_equal(box_contains(axes, joined, &point),
                                 box_contains(axes, a, &point) || box_contains(axes, b, &point));
            }
}

static void joined_boxes_hold_both_and_nothing_else(void **unused)
{
    const struct axes axes = { (struct axis *)(uintptr_t)SMALL, AXES, AXES };
    struct coordinate items[3][AXES];
    const struct box a = { items[0], AXES }, b = { items[1], AXES };
    struct box out = { items[2], AXES };
    size_t joined = 0;

    (void)unused;
    for (int n = 0; n < JOINS; n++) {
        for (size_t i = 0; i < AXES; i++) {
            items[0][i] = draw_coordinate(&SMALL[i]);
            items[1][i] = draw(3) ? items[0][i] : draw_coordinate(&SMALL[i]);
            items[1][i].read = draw(4) > 0;
        }
        if (!box_join(&axes, &a, &b, &out))
            continue;
        joined++;
        same_families(&axes, &a, &b, &out);
        for (size_t i = 0; i < AXES; i++)
            assert_int_equal(out.items[i].read, a.items[i].read || b.items[i].read);
    }
    assert_true(joined > JOINS / 10);
}

/* ---- Words ---- */

static const char ACT[] =
    "énumération usager : enfant ; adulte « adulte accompagnant » ; agent\n"
    "entrée usager : usager\n"
    "entrée résident_ici : oui_non\n"
    "entrée part : taux de 0 % à 50 %\n"
    "entrée rang : entier de 1 à 8\n"
    "entrée aide : montant de 0 € à 90 € facultatif\n"
    "entrée nom : texte facultatif\n"
    "entrée naissance : date\n"
    "source qf « quotient familial » : api_particulier.quotient_familial(demandeur)\n"
    "tarif t en €\n"
    "  prix 1 €\n"
    "fin\n";

static struct arena arena;
static struct axes axes;

static const struct axis *axis_named(const char *name)
{
    for (size_t i = 0; i < axes.count; i++)
        if (strcmp(axes.items[i].name, name) == 0)
            return &axes.items[i];
    fail_msg("no axis %s", name);
    return NULL;
}

static void check_words(const char *name, struct coordinate c, const char *expected)
{
    struct strbuf text = strbuf_in(&arena);
    struct box box = box_new(&arena, &axes);
    const struct axis *axis = axis_named(name);

    c.read = true;
    strbuf_coordinate(&text, axis, &c);
    assert_string_equal(text.bytes ? text.bytes : "", expected);
    box.items[axis - axes.items] = c;
    assert_int_equal(box_restricts(&axes, &box), *expected != '\0');
}

static struct coordinate range(int64_t lo, int64_t hi)
{
    return (struct coordinate){ .kind = COORDINATE_RANGE, .lo = lo, .hi = hi };
}

static int64_t day(int year, int month, int of_month)
{
    return date_to_days((struct date){ (int16_t)year, (uint8_t)month, (uint8_t)of_month });
}

static void coordinates_in_french(void **unused)
{
    struct coordinate c;

    (void)unused;
    check_words("usager", (struct coordinate){ .kind = COORDINATE_FREE }, "");
    check_words("usager", range(0, 2), "");
    check_words("usager", range(1, 1), "adulte accompagnant");
    check_words("usager", range(0, 1), "enfant ou adulte accompagnant");
    check_words("résident_ici", range(1, 1), "oui");
    check_words("rang", range(3, 8), "à partir de 3");
    check_words("rang", range(1, 2), "jusqu'à 2");
    check_words("rang", range(2, 4), "de 2 à 4");
    check_words("rang", range(8, 8), "8");
    check_words("part", range(500, 1000), "de 5 % à 10 %");
    check_words("naissance", range(day(2020, 5, 1), day(2020, 5, 1)), "le 1er mai 2020");
    check_words("naissance", range(day(2020, 5, 1), day(2020, 6, 2)), "du 1er mai 2020 au 2 juin 2020");
    check_words("naissance", range(day(2020, 5, 1), day(2199, 12, 31)), "à partir du 1er mai 2020");
    check_words("naissance", range(day(1900, 1, 1), day(2020, 5, 1)), "jusqu'au 1er mai 2020");
    check_words("naissance", range(day(2199, 12, 31), day(2199, 12, 31)), "le 31 décembre 2199");
    check_words("aide", range(0, 9000), "communiqué");
    check_words("aide", (struct coordinate){ .kind = COORDINATE_ABSENT }, "non communiqué");
    c = range(0, 500);
    c.or_absent = true;
    check_words("aide", c, "jusqu'à 5,00 € ou non communiqué");
    check_words("nom", range(0, 0), "communiqué");
    check_words("qf", (struct coordinate){ .kind = COORDINATE_FAILED }, "indisponible");
    check_words("qf", (struct coordinate){ .kind = COORDINATE_ABSENT, .or_failed = true },
                "non communiqué ou indisponible");
    c = range(0, axis_named("qf")->hi);
    check_words("qf", c, "communiqué");
    c.or_failed = true;
    check_words("qf", c, "communiqué ou indisponible");
}

static void boxes_in_french(void **unused)
{
    struct box box = box_new(&arena, &axes);
    struct strbuf text = strbuf_in(&arena);

    (void)unused;
    box.items[axis_named("résident_ici") - axes.items] = range(0, 0);
    box.items[axis_named("qf") - axes.items] = range(0, 449);
    strbuf_box(&text, &axes, &box);
    assert_string_equal(text.bytes, "toutes les familles");        /* nothing of it was looked at */
    for (size_t i = 0; i < axes.count; i++)
        box.items[i].read = true;
    text = strbuf_in(&arena);
    strbuf_box(&text, &axes, &box);
    assert_string_equal(text.bytes, "résident ici non, quotient familial jusqu'à 449 €");
}

static void check_machine(const char *name, int64_t n, const char *expected)
{
    struct strbuf text = strbuf_in(&arena);

    strbuf_axis_machine(&text, axis_named(name), n);
    assert_string_equal(text.bytes, expected);
}

/* What --avec and JSON read. */
static void values_for_machines(void **unused)
{
    (void)unused;
    check_machine("usager", 2, "agent");
    check_machine("résident_ici", 1, "oui");
    check_machine("résident_ici", 0, "non");
    check_machine("part", 1250, "12.5");
    check_machine("rang", 3, "3");
    check_machine("aide", 1234, "12.34");
    check_machine("naissance", day(2020, 5, 1), "2020-05-01");
}

static delib_engine *engine;
static delib_program *program;

static int start(void **state)
{
    const delib_source source = { "acte.delib", ACT, sizeof ACT - 1 };

    (void)state;
    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    if (delib_engine_new(NULL, &engine) != DELIB_OK || delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK)
        return -1;
    axes = axes_of_program(&arena, program, (struct date){ 0 }, (struct date){ 0 }, true);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_boxes_hold_both_and_nothing_else),
        cmocka_unit_test(coordinates_in_french),
        cmocka_unit_test(boxes_in_french),
        cmocka_unit_test(values_for_machines),
    };

    return cmocka_run_group_tests(tests, start, end);
}
