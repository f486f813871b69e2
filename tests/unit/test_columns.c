/*
 * Batches against the general engine, which is the definition: every tariff of every example and of the workload
 * « portail », on random families that fall on bounds, are absent, or lie outside their domain; by columns, one by one,
 * and through the session that the batch uses for who is set aside. DELIB_DIFF_ROWS sets the families per program.
 */
#include "draw.h"
#include "runtime/session.h"
#include "act_files.h"
#include "tests/bench/tarifs.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 700, INPUTS = 128, TARIFFS = 64 };

/* ---- Random families ---- */

static int64_t draw_value(const delib_batch_input *d)
{
    uint64_t span = (uint64_t)(d->high - d->low) + 1, kind = draw(100);
    int64_t v;

    if (d->kind == DELIB_COLUMN_DATE)
        return 11500 + (int64_t)draw(9000);
    if (kind < 40)
        return d->low + (int64_t)draw(span);
    if (kind < 85) { /* the low part, where the bounds of tables are; round values */
        v = d->low + (int64_t)draw(span < 300000 ? span : 300000);
        v -= draw(2) ? v % 100 : 0;
        v -= draw(3) ? 0 : v % 5000;
        return v < d->low ? d->low : v;
    }
    if (kind < 97)
        return d->low + (int64_t)draw(span < 8 ? span : 8);
    return kind == 97 ? d->high : kind == 98 ? d->high + 1 + (int64_t)draw(5) : d->low - 1 - (int64_t)draw(5);
}

struct family_set {
    size_t count;
    const char *names[INPUTS];
    const struct symbol *data[INPUTS];
    delib_batch_input described[INPUTS];
    int64_t values[INPUTS][ROWS];
    int8_t small[INPUTS][ROWS];
    uint8_t validity[INPUTS][ROWS / 8 + 1];
    delib_column columns[INPUTS];
};

static struct family_set families;

static void draw_families(struct family_set *f)
{
    for (size_t i = 0; i < f->count; i++) {
        bool small = f->described[i].low >= -100 && f->described[i].high <= 100;

        memset(f->validity[i], 0xFF, sizeof f->validity[i]);
        for (size_t row = 0; row < ROWS; row++) {
            f->values[i][row] = f->described[i].kind == DELIB_COLUMN_OTHER ? 0 : draw_value(&f->described[i]);
            f->small[i][row] = (int8_t)f->values[i][row];
            if (draw(12) == 0)
                f->validity[i][row >> 3] &= (uint8_t) ~(1u << (row & 7));
        }
        f->columns[i] =
            (delib_column){small ? (const void *)f->small[i] : f->values[i], small ? 1 : 8, f->validity[i]};
    }
}

static bool is_given(const struct family_set *f, size_t i, size_t row)
{
    return (f->validity[i][row >> 3] >> (row & 7)) & 1;
}

/* ---- The comparison ---- */

struct compared {
    size_t cells, deferred;
};

static void bind_session(delib_session *s, const struct family_set *f, size_t row)
{
    delib_session_reset(s);
    for (size_t i = 0; i < f->count; i++) {
        const delib_batch_input *d = &f->described[i];
        struct datum_value *v = &s->values[f->data[i]->index];

        if (!is_given(f, i, row))
            *v = (struct datum_value){.state = DATUM_NULL, .d = 1};
        else if (f->values[i][row] < d->low || f->values[i][row] > d->high)
            *v = (struct datum_value){.state = DATUM_BAD, .d = 1, .problem = "hors du domaine"};
        else
            *v = (struct datum_value){.state = DATUM_SET, .num = f->values[i][row], .d = 1};
    }
}

static void compare_cell(delib_session *s, const delib_batch_output *o, size_t tariff, uint8_t statut, int64_t units)
{
    delib_result r = {0};
    int64_t expected;

    assert_int_equal(delib_evaluate(s, (delib_tariff)tariff, &r), DELIB_OK);
    assert_int_equal(statut, r.statut);
    if (r.statut != DELIB_CALCULE)
        return;
    expected = r.text ? (int64_t)s->last.value.num : r.units;
    assert_true(r.text || r.scale <= o->scale);
    for (unsigned k = r.scale; !r.text && k < o->scale; k++)
        expected *= 10;
    assert_int_equal(units, expected);
}

static void compare_group(delib_batch *batch, delib_session *s, size_t first, size_t tariffs, bool defer,
                          struct compared *out)
{
    static int64_t units[TARIFFS][ROWS];
    static uint8_t statuts[TARIFFS][ROWS];
    delib_column_result results[TARIFFS];
    delib_batch_output outputs[TARIFFS];

    for (size_t t = 0; t < tariffs; t++) {
        results[t] = (delib_column_result){units[t], 8, statuts[t]};
        assert_int_equal(delib_batch_describe_output(batch, t, &outputs[t]), DELIB_OK);
    }
    assert_int_equal(delib_batch_run(batch, ROWS, families.columns, results), DELIB_OK);
    for (size_t row = 0; row < ROWS; row++) {
        int64_t values[INPUTS], one[TARIFFS];
        uint8_t absent[INPUTS], one_statuts[TARIFFS];

        for (size_t i = 0; i < families.count; i++) {
            values[i] = families.values[i][row];
            absent[i] = !is_given(&families, i, row);
        }
        assert_int_equal(delib_batch_one(batch, values, absent, one, one_statuts), DELIB_OK);
        bind_session(s, &families, row);
        for (size_t t = 0; t < tariffs; t++) {
            out->cells++;
            assert_int_equal(one_statuts[t], statuts[t][row]);
            assert_int_equal(one[t], units[t][row]);
            if (defer && statuts[t][row] == DELIB_DEFERRED)
                out->deferred++;
            else
                compare_cell(s, &outputs[t], first + t, statuts[t][row], units[t][row]);
        }
    }
}

/* A subset of the data of the program; what is not given takes its default or is missing. */
static void choose_inputs(delib_program *p, bool all, bool plain)
{
    families.count = 0;
    for (size_t i = 0; i < p->model.data.count && families.count < INPUTS; i++) {
        const struct symbol *datum = p->model.data.items[i];
        bool other =
            datum->type->kind == TYPE_LIST || datum->type->kind == TYPE_TEXT || datum->type->kind == TYPE_RECORD;

        if ((!all && draw(4) == 0) || (plain && other))
            continue;
        families.data[families.count] = datum;
        families.names[families.count++] = p->data_names[i];
    }
}

/* `count` tariffs from the first one: alone, a small one is computed in lanes of 32 bits. */
static void compare_tariffs(delib_program *p, size_t first, size_t count, const char *date, bool defer, size_t rows,
                            bool all, struct compared *out)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_session_options session_options = DELIB_SESSION_OPTIONS_INIT;
    delib_tariff list[TARIFFS];
    delib_session *s;
    delib_batch *batch;

    choose_inputs(p, all, true);
    for (size_t t = 0; t < count; t++)
        list[t] = (delib_tariff)(first + t);
    options.date = session_options.date = date;
    options.today = session_options.today = date ? "2026-03-05" : NULL;
    options.inputs = families.names;
    options.input_count = families.count;
    options.tariffs = list;
    options.tariff_count = count;
    options.defer = defer;
    session_options.ask_sources = session_options.trace = 0;
    assert_int_equal(delib_batch_new(p, &options, NULL, &batch), DELIB_OK);
    assert_int_equal(delib_session_new(p, &session_options, &s), DELIB_OK);
    for (size_t i = 0; i < families.count; i++)
        assert_int_equal(delib_batch_describe_input(batch, i, &families.described[i]), DELIB_OK);
    for (size_t done = 0; done < rows; done += ROWS) {
        draw_families(&families);
        compare_group(batch, s, first, count, defer, out);
    }
    delib_session_free(s);
    delib_batch_free(batch);
}

static void compare_program(delib_program *p, const char *date, bool defer, size_t rows, bool all,
                            struct compared *out)
{
    size_t tariffs = delib_program_tariff_count(p) < TARIFFS ? delib_program_tariff_count(p) : TARIFFS;

    compare_tariffs(p, 0, tariffs, date, defer, rows, all, out);
}

/* How many tariffs have a plan when every datum is given, on the first of these dates that some version covers. */
static size_t count_planned(delib_program *p, const char *const *dates, size_t *tariffs)
{
    size_t best = 0;

    choose_inputs(p, true, true);
    for (; *dates; dates++) {
        delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
        delib_batch_output output;
        delib_batch *batch;
        size_t planned = 0;

        options.date = *dates;
        options.inputs = families.names;
        options.input_count = families.count;
        assert_int_equal(delib_batch_new(p, &options, NULL, &batch), DELIB_OK);
        *tariffs = delib_batch_output_count(batch);
        for (size_t i = 0; i < *tariffs; i++)
            planned += delib_batch_describe_output(batch, i, &output) == DELIB_OK && output.planned;
        best = planned > best ? planned : best;
        delib_batch_free(batch);
    }
    return best;
}

static size_t rows_wanted(void)
{
    const char *text = getenv("DELIB_DIFF_ROWS");

    return text ? (size_t)strtoul(text, NULL, 10) : ROWS;
}

static void compare_file(const char *path, struct compared *total)
{
    static const char *const DATES[] = {"2026-10-01", "2025-10-01", "2024-09-15", "2024-02-29",
                                        "2025-08-31", "1840-01-01", NULL};
    delib_engine *engine;
    delib_program *p;
    struct compared here = {0};

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = act_compile(engine, path);
    for (size_t i = 0; p && i < sizeof DATES / sizeof *DATES; i++) {
        compare_program(p, DATES[i], true, rows_wanted(), true, &here);
        compare_program(p, DATES[i], true, rows_wanted(), false, &here);
        compare_program(p, DATES[i], false, rows_wanted() / 4 + 1, true, &here);
    }
    if (p && getenv("DELIB_DIFF_ROWS")) {
        size_t tariffs = 0, planned = count_planned(p, DATES, &tariffs);

        print_message("%s: %zu of %zu tariffs planned, %zu results, %zu set aside\n", path, planned, tariffs,
                      here.cells, here.deferred);
    }
    total->cells += here.cells;
    total->deferred += here.deferred;
    delib_program_release(p);
    delib_engine_free(engine);
}

/* The plan must decide most of what it is given, or the comparison says nothing. */
static void same_as_the_general_engine(void **state)
{
    static const char *const PATTERNS[] = {"examples/*/*.delib", "examples/*/*.delib.md", "tests/bench/*.delib",
                                           "tests/unit/*.delib"};
    struct compared total = {0};
    size_t files = 0;

    (void)state;
    for (size_t k = 0; k < sizeof PATTERNS / sizeof *PATTERNS; k++) {
        glob_t found;

        if (glob(PATTERNS[k], 0, NULL, &found) != 0)
            continue;
        for (size_t i = 0; i < found.gl_pathc; i++, files++)
            compare_file(found.gl_pathv[i], &total);
        globfree(&found);
    }
    assert_true(files > 10);
    assert_true(total.cells > 100000);
    assert_true(total.deferred < total.cells * 7 / 10);
}

/* ---- Each construct ---- */

/* The tariffs that the general engine computes for everyone, as a list of names. */
static char *unplanned(delib_program *p, char *names, size_t room)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch_output output;
    delib_batch *batch;
    size_t length = 0;

    choose_inputs(p, true, true);
    options.date = "2026-10-01";
    options.inputs = families.names;
    options.input_count = families.count;
    assert_int_equal(delib_batch_new(p, &options, NULL, &batch), DELIB_OK);
    names[0] = '\0';
    for (size_t i = 0; i < delib_batch_output_count(batch); i++) {
        assert_int_equal(delib_batch_describe_output(batch, i, &output), DELIB_OK);
        if (!output.planned)
            length += (size_t)snprintf(names + length, room - length, "%s%s", length ? " " : "",
                                       delib_program_tariff_name(p, output.tariff));
    }
    delib_batch_free(batch);
    return names;
}

/* A plan that is lost would only be slower, a plan that is gained must be compared: both are said here. */
static void each_construct(void **state)
{
    static const struct {
        const char *path, *unplanned;
    } ACTS[] = {
        {"tests/unit/plan-calculs.delib",
         "très_grand_diviseur très_grand_produit très_grand_pas carré somme_trop_grande "
         "différence_trop_grande échelle_trop_grande facteur_trop_grand maximum_trop_grand "
         "constante_trop_grande constantes_trop_grandes quotient_de_données tableau_d_un_rapport"},
        {"tests/unit/plan-conditions.delib",
         "très_petites_fractions très_petites_fractions_bornées trop_grand_pour_un_plan "
         "texte_d_abord texte_comparé texte_nié texte_dans_une_étape texte_dans_un_choix dates "
         "âge_au_retour âge_à_l_arrivée âge_lointain"},
        {"tests/unit/plan-tables.delib",
         "rien_que_des_refus selon_un_texte condition_sans_plan"},
        {"tests/unit/plan-tarifs.delib",
         "sur_décision défauts décalage_de_trop décalage_double décalage_selon_un_texte t9 t10 "
         "t3_après"},
    };
    static char names[4096];

    (void)state;
    for (size_t k = 0; k < sizeof ACTS / sizeof *ACTS; k++) {
        struct compared alone = {0};
        delib_engine *engine;
        delib_program *p;

        assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
        p = act_compile(engine, ACTS[k].path);
        assert_non_null(p);
        assert_string_equal(unplanned(p, names, sizeof names), ACTS[k].unplanned);
        for (size_t t = 0; t < delib_program_tariff_count(p); t++) {
            compare_tariffs(p, t, 1, "2026-10-01", true, ROWS, true, &alone);
            compare_tariffs(p, t, 1, "2026-10-01", false, ROWS, false, &alone);
        }
        delib_program_release(p);
        delib_engine_free(engine);
    }
}

/* ---- What a plan holds ---- */

struct generated {
    const char *head, *line, *foot; /* line: written `count` times, with i, i − 1 and i again */
    int first, count;
    bool planned;
};

static delib_program *compile_generated(delib_engine *engine, const struct generated *g)
{
    size_t room = 256 + (size_t)g->count * 128, length = 0;
    char *text = malloc(room);
    delib_program *p;

    assert_non_null(text);
    length = (size_t)snprintf(text, room, "%s", g->head);
    for (int i = g->first; i < g->first + g->count; i++)
        length += (size_t)snprintf(text + length, room - length, g->line, i, i - 1, i);
    length += (size_t)snprintf(text + length, room - length, "%s", g->foot);
    assert_true(length < room);
    p = act_compile_text(engine, "acte.delib", text, length);
    free(text);
    assert_non_null(p);
    return p;
}

/* Chains that go too deep, a table with too many calculations: left to the general engine. A long look-up is not. */
static void limits_of_a_plan(void **state)
{
    static const struct generated ACTS[] = {
        {"entrée n : entier de 0 à 9\nsoit l0 = n\n", "soit l%d = l%d + %d\n",
         "tarif t en €\n  prix 1 € × l150\nfin\n", 1, 150, true},
        {"entrée n : entier de 0 à 9\nsoit l0 = n\n", "soit l%d = l%d + %d\n",
         "tarif t en €\n  prix 1 € × l250\nfin\n", 1, 250, false},
        {"entrée n : entier de 0 à 9\nfonction f0(x : entier de 0 à 9) = x\n",
         "fonction f%d(x : entier de 0 à 9) = f%d(x) + %d\n", "tarif t en €\n  prix 1 € × f210(n)\nfin\n", 1, 210,
         false},
        {"entrée n : entier de 0 à 8 000\ntarif t en €\n  prix selon n\n    0 : 1 €\n",
         "    %d : 1 € × n - %d € + 2 € × (n + %d)\n", "    plus de 7 000 : 3 €\n  fin\nfin\n", 1, 7000, false},
        {"entrée n : entier de 0 à 300\ntarif t en €\n  prix selon n\n    0 : 1 €\n",
         "    %d : %d €   -- %d\n", "    plus de 200 : 3 €\n  fin\nfin\n", 1, 200, true},
        {"entrée n : entier de 0 à 1 000 000 000 000\ntarif t en €\n  prix selon n\n    0 : 1 €\n",
         "    %d : %d €   -- %d\n", "    plus de 200 : 3 €\n  fin\nfin\n", 1, 200, true},
    };

    (void)state;
    for (size_t k = 0; k < sizeof ACTS / sizeof *ACTS; k++) {
        struct compared here = {0};
        char names[64];
        delib_engine *engine;
        delib_program *p;

        assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
        p = compile_generated(engine, &ACTS[k]);
        assert_string_equal(unplanned(p, names, sizeof names), ACTS[k].planned ? "" : "t");
        compare_tariffs(p, 0, 1, "2026-10-01", false, ROWS, true, &here);
        delib_program_release(p);
        delib_engine_free(engine);
    }
}

/* ---- Portail, against the hand-written C ---- */

static const char *const PORTAIL[] = {"qf",       "resident",    "demandeur_emploi",      "rang_enfant",
                                      "boursier", "demi_heures", "ressources_mensuelles", "nb_enfants",
                                      "aeeh"};

static void portail_is_exact(void **state)
{
    enum { FAMILIES = 100000 };
    int32_t *columns[9], *amounts[3];
    uint8_t *statuts[3], *validity = malloc(FAMILIES / 8 + 1);
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_column in[9] = {{0}};
    delib_column_result out[3];
    delib_engine *engine;
    delib_program *p;
    delib_batch *batch;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = act_compile(engine, "tests/bench/portail.delib");
    assert_non_null(p);
    options.date = "2026-10-01";
    options.inputs = PORTAIL;
    options.input_count = 9;
    options.defer = 1;
    assert_int_equal(delib_batch_new(p, &options, NULL, &batch), DELIB_OK);
    assert_null(delib_batch_missing(batch, 0));
    memset(validity, 0xFF, FAMILIES / 8 + 1);
    for (size_t i = 0; i < 9; i++) {
        columns[i] = malloc(FAMILIES * sizeof(int32_t));
        in[i] = (delib_column){columns[i], 4, i == 0 ? validity : NULL};
    }
    for (size_t i = 0; i < 3; i++) {
        amounts[i] = malloc(FAMILIES * sizeof(int32_t));
        statuts[i] = malloc(FAMILIES);
        out[i] = (delib_column_result){amounts[i], 4, statuts[i]};
    }
    for (size_t row = 0; row < FAMILIES; row++) {
        columns[0][row] = (int32_t)(draw(2) ? draw(240000) : 100 * draw(2400));
        if (draw(20) == 0)
            validity[row >> 3] &= (uint8_t) ~(1u << (row & 7));
        columns[6][row] = (int32_t)(draw(2) ? draw(900000) : 5000 * draw(200));
        columns[3][row] = 1 + (int32_t)draw(6);
        columns[5][row] = 1 + (int32_t)draw(48);
        columns[7][row] = 1 + (int32_t)draw(12);
        columns[1][row] = draw(8) != 0;
        columns[2][row] = draw(7) == 0;
        columns[4][row] = draw(4) == 0;
        columns[8][row] = draw(9) == 0;
    }
    assert_int_equal(delib_batch_run(batch, FAMILIES, in, out), DELIB_OK);
    for (size_t row = 0; row < FAMILIES; row++) {
        famille f = {.qf = (validity[row >> 3] >> (row & 7)) & 1 ? columns[0][row] : -1,
                     .ressources = columns[6][row],
                     .resident = (uint8_t)columns[1][row],
                     .de = (uint8_t)columns[2][row],
                     .boursier = (uint8_t)columns[4][row],
                     .aeeh = (uint8_t)columns[8][row],
                     .rang = columns[3][row],
                     .demi_heures = columns[5][row],
                     .nb_enfants = columns[7][row]};

        assert_int_equal(statuts[0][row] | statuts[1][row] | statuts[2][row], DELIB_CALCULE);
        assert_int_equal(amounts[0][row], cantine(&f));
        assert_int_equal(amounts[1][row], accueil(&f));
        assert_int_equal(amounts[2][row], creche(&f));
    }
    for (size_t i = 0; i < 9; i++)
        free(columns[i]);
    for (size_t i = 0; i < 3; i++) {
        free(amounts[i]);
        free(statuts[i]);
    }
    free(validity);
    delib_batch_free(batch);
    delib_program_release(p);
    delib_engine_free(engine);
}

/* ---- Faults of the host ---- */

static void misuse_is_told(void **state)
{
    static const char *const UNKNOWN[] = {"qf", "inconnu"}, *const TWICE[] = {"qf", "QF"};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *p;
    delib_batch *batch;
    int64_t value;
    size_t bad = 9;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = act_compile(engine, "tests/bench/portail.delib");
    options.date = "2026-10-01";
    options.inputs = UNKNOWN;
    options.input_count = 2;
    assert_int_equal(delib_batch_new(p, &options, &bad, &batch), DELIB_INVALID);
    assert_int_equal(bad, 1);
    assert_null(batch);
    options.inputs = TWICE;
    assert_int_equal(delib_batch_new(p, &options, &bad, &batch), DELIB_INVALID);
    options.date = "hier";
    options.input_count = 1;
    assert_int_equal(delib_batch_new(p, &options, &bad, &batch), DELIB_INVALID);
    options.date = "2026-10-01";
    assert_int_equal(delib_batch_new(p, &options, &bad, &batch), DELIB_OK);
    assert_string_equal(delib_batch_missing(batch, 0), "resident");
    assert_int_equal(delib_batch_read(batch, 0, "1 234,50", &value), DELIB_OK);
    assert_int_equal(value, 123450);
    assert_int_equal(delib_batch_read(batch, 0, "douze", &value), DELIB_INVALID);
    assert_int_equal(delib_batch_read(batch, 0, "0,001", &value), DELIB_LIMIT);
    assert_int_equal(delib_batch_run(batch, 1, NULL, NULL), DELIB_MISUSE);
    delib_batch_free(batch);
    assert_int_equal(delib_batch_new(NULL, &options, NULL, &batch), DELIB_MISUSE);
    assert_null(batch);
    delib_batch_free(NULL);
    delib_program_release(p);
    delib_engine_free(engine);
}

/* ---- Every refused allocation ---- */

struct refusals {
    long left; /* allocations before the refused one; negative: none is */
    long live;
};

static void *refusing_resize(void *context, void *block, size_t size)
{
    struct refusals *r = context;

    if (size == 0) {
        r->live -= block != NULL;
        free(block);
        return NULL;
    }
    if (r->left == 0)
        return NULL;
    r->left -= r->left > 0;
    r->live += block == NULL;
    return realloc(block, size);
}

static delib_status use_batch(delib_program *p)
{
    static const int64_t VALUES[9] = {52347, 1, 0, 3, 1, 3, 250055, 2, 0};
    static const uint8_t ABSENT[9] = {0, 1};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch *batch = NULL;
    delib_status status;
    int64_t units[3], value;
    uint8_t statuts[3];

    options.date = "2026-10-01";
    options.inputs = PORTAIL;
    options.input_count = 9;
    status = delib_batch_new(p, &options, NULL, &batch);
    if (status == DELIB_OK)
        status = delib_batch_one(batch, VALUES, ABSENT, units, statuts); /* set aside: the session computes */
    if (status == DELIB_OK)
        status = delib_batch_read(batch, 1, "oui", &value);
    delib_batch_free(batch);
    return status;
}

static void no_memory_is_a_status(void **state)
{
    struct refusals refusals = {.left = -1};
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *p;
    long nth = 0;
    delib_status status;

    (void)state;
    options.resize = refusing_resize;
    options.resize_context = &refusals;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    p = act_compile(engine, "tests/bench/portail.delib");
    assert_non_null(p);
    do {
        long before = refusals.live;

        refusals.left = nth++;
        status = use_batch(p);
        assert_int_equal(refusals.live, before);
        assert_true(status == DELIB_NO_MEMORY || status == DELIB_OK);
    } while (status != DELIB_OK);
    assert_true(nth > 3);
    refusals.left = -1;
    delib_program_release(p);
    delib_engine_free(engine);
    assert_int_equal(refusals.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portail_is_exact),
        cmocka_unit_test(same_as_the_general_engine),
        cmocka_unit_test(each_construct),
        cmocka_unit_test(limits_of_a_plan),
        cmocka_unit_test(misuse_is_told),
        cmocka_unit_test(no_memory_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
