/*
 * The public side of batches: what a batch says of its columns and results, values of every kind and width, texts read
 * for a column, amounts that do not fit, a tariff that an answer chooses, and the faults of a host.
 */
#include "act_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char KINDS[] = "énumération lieu : commune ; ailleurs\n"
                            "entrée n : entier de 0 à 20\n"
                            "entrée part : taux au dixième\n"
                            "entrée m : montant de 0 € à 10 € facultatif\n"
                            "entrée ferme : oui_non\n"
                            "entrée lieu : lieu\n"
                            "entrée jour : date\n"
                            "entrée ville : texte\n"
                            "entrée huitième : nombre de 0 à 10\n"
                            "tarif somme en €\n  prix part de 10 € × n + m\n    non communiqué : 1 €\n"
                            "  puis arrondi au centime\nfin\n"
                            "tarif remise en %\n  prix part\nfin\n"
                            "tarif places\n  prix 3 × n\nfin\n"
                            "tarif retenu\n  prix lieu\nfin\n"
                            "tarif ouvert\n  prix n > 3 et ferme\nfin\n"
                            "tarif échéance\n  prix jour\nfin\n"
                            "tarif nom\n  prix ville\nfin\n"
                            "tarif seuil en %\n  prix 20 %\n  exception ici si ville = \"Vif\" : 12,5 %\nfin\n"
                            "tarif voisin\n  prix ailleurs\n  exception ici si ville = \"Vif\" : commune\nfin\n"
                            "tarif fraction\n  prix huitième / 8\n  exception ici si ville = \"Vif\" : 1\nfin\n"
                            "tarif loyer en €\n  prix 2 €\n  exception ici si ville = \"Vif\" : 1 €\nfin\n";

static const char *const NAMES[] = {"n", "part", "m", "ferme", "lieu", "jour", "huitième"};

enum { N, PART, M, FERME, LIEU, JOUR, HUITIEME, GIVEN };
enum { SOMME, REMISE, PLACES, RETENU, OUVERT, ECHEANCE, NOM, SEUIL, VOISIN, FRACTION, LOYER, TARIFFS };

struct host {
    delib_engine *engine;
    delib_program *program;
    delib_batch *batch;
};

static struct host host_of(const char *text, const delib_batch_options *options)
{
    struct host h = {0};

    assert_int_equal(delib_engine_new(NULL, &h.engine), DELIB_OK);
    h.program = act_compile_text(h.engine, "acte.delib", text, strlen(text));
    assert_non_null(h.program);
    assert_int_equal(delib_batch_new(h.program, options, NULL, &h.batch), DELIB_OK);
    return h;
}

static void host_end(struct host *h)
{
    delib_batch_free(h->batch);
    delib_program_release(h->program);
    delib_engine_free(h->engine);
}

static struct host host_of_kinds(void)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;

    options.date = "2026-10-01";
    options.inputs = NAMES;
    options.input_count = GIVEN;
    return host_of(KINDS, &options);
}

/* ---- What a batch says of itself ---- */

static void inputs_are_described(void **state)
{
    static const delib_batch_input EXPECTED[GIVEN] = {
        {DELIB_COLUMN_NUMBER, 0, 0, 20, 0},         {DELIB_COLUMN_NUMBER, 1, 0, 1000, 0},
        {DELIB_COLUMN_NUMBER, 2, 0, 1000, 1},       {DELIB_COLUMN_BOOLEAN, 0, 0, 1, 0},
        {DELIB_COLUMN_MEMBER, 0, 0, 1, 0},          {DELIB_COLUMN_DATE, 0, -719162, 2932896, 0},
        {DELIB_COLUMN_NUMBER, 2, 0, 1000, 0},
    };
    struct host h = host_of_kinds();
    delib_batch_input in;

    (void)state;
    for (size_t i = 0; i < GIVEN; i++) {
        assert_int_equal(delib_batch_describe_input(h.batch, i, &in), DELIB_OK);
        assert_int_equal(in.kind, EXPECTED[i].kind);
        assert_int_equal(in.scale, EXPECTED[i].scale);
        assert_int_equal(in.low, EXPECTED[i].low);
        assert_int_equal(in.high, EXPECTED[i].high);
        assert_int_equal(in.may_be_absent, EXPECTED[i].may_be_absent);
    }
    assert_int_equal(delib_batch_describe_input(h.batch, GIVEN, &in), DELIB_MISUSE);
    assert_int_equal(delib_batch_describe_input(NULL, 0, &in), DELIB_MISUSE);
    assert_int_equal(delib_batch_describe_input(h.batch, 0, NULL), DELIB_MISUSE);
    host_end(&h);
}

static void results_are_described(void **state)
{
    static const struct {
        delib_column_kind kind;
        unsigned scale;
        int planned;
        const char *unit;
    } EXPECTED[TARIFFS] = {
        [SOMME] = {DELIB_COLUMN_NUMBER, 2, 1, "€"}, [REMISE] = {DELIB_COLUMN_NUMBER, 1, 1, "%"},
        [PLACES] = {DELIB_COLUMN_NUMBER, 0, 1, ""},           [RETENU] = {DELIB_COLUMN_MEMBER, 0, 1, ""},
        [OUVERT] = {DELIB_COLUMN_BOOLEAN, 0, 1, ""},          [ECHEANCE] = {DELIB_COLUMN_DATE, 0, 1, ""},
        [NOM] = {DELIB_COLUMN_OTHER, 0, 0, ""},               [SEUIL] = {DELIB_COLUMN_NUMBER, 1, 0, "%"},
        [VOISIN] = {DELIB_COLUMN_MEMBER, 0, 0, ""},           [FRACTION] = {DELIB_COLUMN_NUMBER, 5, 0, ""},
        [LOYER] = {DELIB_COLUMN_NUMBER, 2, 0, "€"},
    };
    struct host h = host_of_kinds();
    delib_batch_output out;

    (void)state;
    assert_int_equal(delib_batch_output_count(h.batch), TARIFFS);
    assert_int_equal(delib_batch_output_count(NULL), 0);
    for (size_t i = 0; i < TARIFFS; i++) {
        assert_int_equal(delib_batch_describe_output(h.batch, i, &out), DELIB_OK);
        assert_int_equal(out.tariff, i);
        assert_int_equal(out.kind, EXPECTED[i].kind);
        assert_int_equal(out.scale, EXPECTED[i].scale);
        assert_int_equal(out.planned, EXPECTED[i].planned);
        assert_string_equal(out.unit, EXPECTED[i].unit);
    }
    assert_int_equal(delib_batch_describe_output(h.batch, TARIFFS, &out), DELIB_MISUSE);
    assert_int_equal(delib_batch_describe_output(NULL, 0, &out), DELIB_MISUSE);
    assert_int_equal(delib_batch_describe_output(h.batch, 0, NULL), DELIB_MISUSE);
    assert_string_equal(delib_batch_missing(h.batch, 0), "ville");
    assert_null(delib_batch_missing(h.batch, 1));
    assert_null(delib_batch_missing(h.batch, 5));
    assert_null(delib_batch_missing(NULL, 0));
    assert_string_equal(delib_batch_member(h.batch, RETENU, 1), "ailleurs");
    assert_null(delib_batch_member(h.batch, RETENU, 2));
    assert_null(delib_batch_member(h.batch, RETENU, 99));
    assert_null(delib_batch_member(h.batch, RETENU, -1));
    assert_null(delib_batch_member(h.batch, PLACES, 0));
    assert_null(delib_batch_member(h.batch, TARIFFS, 0));
    assert_null(delib_batch_member(NULL, 0, 0));
    host_end(&h);
}

/* The decimals of a result are those of every version: the one in force may not be the first. */
static void every_version_counts(void **state)
{
    static const char ACT[] = "entrée ville : texte par défaut \"Vif\"\n"
                              "tarif part\n  applicable du 1er janvier 2025 au 31 décembre 2025\n  prix 2\nfin\n"
                              "tarif part\n  applicable à compter du 1er janvier 2026\n  prix 0,125\n"
                              "  exception ici si ville = \"Vif\" : 0,375\nfin\n";
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch_output out;
    struct host h;
    int64_t units;
    uint8_t statut;

    (void)state;
    options.date = "2026-10-01";
    h = host_of(ACT, &options);
    assert_int_equal(delib_batch_describe_output(h.batch, 0, &out), DELIB_OK);
    assert_int_equal(out.planned, 0);
    assert_int_equal(delib_batch_one(h.batch, NULL, NULL, &units, &statut), DELIB_OK);
    assert_int_equal(statut, DELIB_CALCULE);
    for (unsigned k = 3; k < out.scale; k++)
        assert_int_equal(units % 10, 0), units /= 10;
    assert_int_equal(units, 375);
    host_end(&h);
}

/* ---- Values ---- */

static void texts_are_read(void **state)
{
    static const struct {
        size_t input;
        const char *text;
        delib_status status;
        int64_t value;
    } TEXTS[] = {
        {N, "12", DELIB_OK, 12},
        {N, "21", DELIB_LIMIT, 0},
        {N, "1,5", DELIB_LIMIT, 0},
        {N, "douze", DELIB_INVALID, 0},
        {PART, "12,5 %", DELIB_OK, 125},
        {M, "3,10 €", DELIB_OK, 310},
        {FERME, "oui", DELIB_OK, 1},
        {FERME, "faux", DELIB_OK, 0},
        {FERME, "peut-être", DELIB_INVALID, 0},
        {LIEU, "ailleurs", DELIB_OK, 1},
        {LIEU, "nulle part", DELIB_INVALID, 0},
        {JOUR, "1970-01-02", DELIB_OK, 1},
        {JOUR, "2020-03-00", DELIB_LIMIT, 0}, /* a month is not a day: only the general engine knows it */
        {JOUR, "0000-00-00", DELIB_LIMIT, 0},
        {JOUR, "2026-02-30", DELIB_LIMIT, 0},
        {JOUR, "hier", DELIB_INVALID, 0},
    };
    struct host h = host_of_kinds();

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        int64_t value = -7;

        assert_int_equal(delib_batch_read(h.batch, TEXTS[i].input, TEXTS[i].text, &value), TEXTS[i].status);
        assert_int_equal(value, TEXTS[i].status == DELIB_OK ? TEXTS[i].value : -7);
    }
    host_end(&h);
}

static void a_text_has_no_column(void **state)
{
    static const char *const NAME[] = {"ville"};
    static const int8_t UNREAD[1] = {0};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_column column = {UNREAD, 1, NULL};
    delib_column_result results[TARIFFS];
    int64_t units[TARIFFS], value;
    uint8_t statuts[TARIFFS];
    delib_batch_input in;
    struct host h;

    (void)state;
    for (size_t i = 0; i < TARIFFS; i++)
        results[i] = (delib_column_result){&units[i], 8, &statuts[i]};
    options.inputs = NAME;
    options.input_count = 1;
    h = host_of(KINDS, &options);
    assert_int_equal(delib_batch_describe_input(h.batch, 0, &in), DELIB_OK);
    assert_int_equal(in.kind, DELIB_COLUMN_OTHER);
    assert_int_equal(delib_batch_read(h.batch, 0, "Vif", &value), DELIB_LIMIT);
    assert_int_equal(delib_batch_run(h.batch, 1, &column, results), DELIB_MISUSE);
    host_end(&h);
    options.defer = 1;
    h = host_of(KINDS, &options);
    assert_int_equal(delib_batch_run(h.batch, 1, &column, results), DELIB_OK);
    for (size_t i = 0; i < TARIFFS; i++) {
        assert_int_equal(statuts[i], DELIB_DEFERRED);
        assert_int_equal(units[i], 0);
    }
    host_end(&h);
}

/* Three families in columns of 1, 4 and 8 bytes; the last one says neither m nor, though it must, n. */
static void every_width_is_read(void **state)
{
    static const int8_t FERMES[3] = {1, 0, 1}, PLACES_ASKED[3] = {4, 20, 9};
    static const int32_t PARTS[3] = {125, 1000, 0}, LIEUX[3] = {0, 1, 1};
    static const int64_t MONTANTS[3] = {310, 1000, 5}, JOURS[3] = {0, 20000, -1}, HUITIEMES[3] = {100, 300, 0};
    static const uint8_t TWO = 3;
    static const delib_column COLUMNS[GIVEN] = {
        {PLACES_ASKED, 1, &TWO}, {PARTS, 4, NULL}, {MONTANTS, 8, &TWO},  {FERMES, 1, NULL},
        {LIEUX, 4, NULL},        {JOURS, 8, NULL}, {HUITIEMES, 8, NULL},
    };
    static const int64_t EXPECTED[][3] = {
        [SOMME] = {810, 21000, 0}, [REMISE] = {125, 1000, 0}, [PLACES] = {12, 60, 0},
        [RETENU] = {0, 1, 1},      [OUVERT] = {1, 0, 0},      [ECHEANCE] = {0, 20000, -1},
    };
    static const uint8_t LAST[] = {[SOMME] = DELIB_A_COMPLETER,  [REMISE] = DELIB_CALCULE,
                                   [PLACES] = DELIB_A_COMPLETER, [RETENU] = DELIB_CALCULE,
                                   [OUVERT] = DELIB_A_COMPLETER, [ECHEANCE] = DELIB_CALCULE};
    struct host h = host_of_kinds();
    delib_column_result results[TARIFFS];
    int32_t narrow[TARIFFS][3];
    int64_t wide[TARIFFS][3];
    uint8_t statuts[TARIFFS][3];

    (void)state;
    for (size_t i = 0; i < TARIFFS; i++)
        results[i] = i % 2 ? (delib_column_result){narrow[i], 4, statuts[i]}
                           : (delib_column_result){wide[i], 8, statuts[i]};
    assert_int_equal(delib_batch_run(h.batch, 3, COLUMNS, results), DELIB_OK);
    for (size_t i = 0; i <= ECHEANCE; i++)
        for (size_t row = 0; row < 3; row++) {
            assert_int_equal(statuts[i][row], row < 2 ? DELIB_CALCULE : LAST[i]);
            assert_int_equal(i % 2 ? narrow[i][row] : wide[i][row], EXPECTED[i][row]);
        }
    for (size_t i = NOM; i < TARIFFS; i++)
        for (size_t row = 0; row < 3; row++)
            assert_int_equal(statuts[i][row], DELIB_A_COMPLETER);
    host_end(&h);
}

/* ---- Amounts that do not fit ---- */

static const char LARGE[] = "entrée n : entier de 0 à 10 000 000 000\n"
                            "entrée ville : texte par défaut \"Vif\"\n"
                            "tarif simple en €\n  prix 1 € × n\nfin\n"
                            "tarif parfois en €\n  prix 1 € × n\n  exception ici si ville = \"Gap\" : 1 €\nfin\n"
                            "tarif détail\n  prix n × 1 000 000\n  exception ici si ville = \"Gap\" : 0,000001\nfin\n"
                            "tarif énorme en €\n  prix 1 € × n × n\nfin\n";

static void amounts_fit_their_column(void **state)
{
    static const char *const NAME[] = {"n"};
    static const int64_t SMALL[] = {21474836}, BIG[] = {21474837};
    static const delib_tariff SIMPLE[] = {0}, SOMETIMES[] = {1};
    const delib_tariff *const tariffs[] = {SIMPLE, SOMETIMES};
    int32_t narrow[1];
    int64_t wide[1];
    uint8_t statut[1];
    const delib_column_result into_narrow = {narrow, 4, statut}, into_wide = {wide, 8, statut};

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
        struct host h;

        options.inputs = NAME;
        options.input_count = options.tariff_count = 1;
        options.tariffs = tariffs[k];
        h = host_of(LARGE, &options);
        assert_int_equal(delib_batch_run(h.batch, 1, &(delib_column){SMALL, 8, NULL}, &into_narrow), DELIB_OK);
        assert_int_equal(statut[0], DELIB_CALCULE);
        assert_int_equal(narrow[0], 2147483600);
        assert_int_equal(delib_batch_run(h.batch, 1, &(delib_column){BIG, 8, NULL}, &into_narrow), DELIB_LIMIT);
        assert_int_equal(delib_batch_run(h.batch, 1, &(delib_column){BIG, 8, NULL}, &into_wide), DELIB_OK);
        assert_int_equal(wide[0], 2147483700);
        host_end(&h);
    }
}

/* More than an integer of 64 bits holds: in the amount itself, and once given as many decimals as its column. */
static void amounts_fit_in_64_bits(void **state)
{
    static const char *const NAME[] = {"n"};
    static const int64_t N_LARGE[] = {10000000000}, N_SMALL[] = {9};
    static const delib_tariff FINE[] = {2}, HUGE_AMOUNT[] = {3};
    const delib_tariff *const tariffs[] = {FINE, HUGE_AMOUNT};

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
        struct host h;
        int64_t units;
        uint8_t statut;

        options.inputs = NAME;
        options.input_count = options.tariff_count = 1;
        options.tariffs = tariffs[k];
        h = host_of(LARGE, &options);
        assert_int_equal(delib_batch_one(h.batch, N_SMALL, NULL, &units, &statut), DELIB_OK);
        assert_int_equal(statut, DELIB_CALCULE);
        assert_int_equal(units, k ? 8100 : 9000000000000);
        assert_int_equal(delib_batch_one(h.batch, N_LARGE, NULL, &units, &statut), DELIB_LIMIT);
        host_end(&h);
    }
}

/* A domain that 64 bits do not hold: the part that they hold. */
static void a_domain_may_be_larger(void **state)
{
    static const char ACT[] = "entrée n : nombre de -100 000 000 000 000 000 000 à 100 000 000 000 000 000 000\n"
                              "tarif t en €\n  prix 1 €\n  exception e si n > 3 : 2 €\nfin\n";
    static const char *const NAME[] = {"n"};
    static const int64_t VALUES[] = {INT64_MIN, 300, 301, INT64_MAX};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch_input in;
    delib_batch_output out;
    struct host h;
    int64_t units;
    uint8_t statut;

    (void)state;
    options.inputs = NAME;
    options.input_count = 1;
    h = host_of(ACT, &options);
    assert_int_equal(delib_batch_describe_input(h.batch, 0, &in), DELIB_OK);
    assert_int_equal(in.kind, DELIB_COLUMN_NUMBER);
    assert_true(in.low == INT64_MIN && in.high == INT64_MAX);
    assert_int_equal(delib_batch_describe_output(h.batch, 0, &out), DELIB_OK);
    assert_int_equal(out.planned, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(delib_batch_one(h.batch, &VALUES[i], NULL, &units, &statut), DELIB_OK);
        assert_int_equal(statut, DELIB_CALCULE);
        assert_int_equal(units, i < 2 ? 100 : 200);
    }
    host_end(&h);
}

/* ---- A tariff that an answer chooses ---- */

static void the_tariff_is_an_answer(void **state)
{
    static const char ACT[] = "entrée prestation : tarif\nentrée n : entier de 0 à 9\nentrée m : entier de 0 à 9\n"
                              "tarif repas en €\n  prix 3 €\n  puis déduction de 5 €\n"
                              "    résultat négatif : 1 € × m\nfin\n"
                              "tarif étude\n  prix 0,5 × n\nfin\n";
    static const char *const PRESTATION[] = {"prestation"}, *const BOTH[] = {"prestation", "n", "m"};
    static const int64_t VALUES[][3] = {{0, 4, 7}, {1, 4, 7}};
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_batch_output out;
    delib_tariff choice;
    struct host h;
    int64_t units;
    uint8_t statut;

    (void)state;
    options.inputs = PRESTATION;
    options.input_count = 1;
    h = host_of(ACT, &options);
    choice = delib_program_tariff(h.program, NULL);
    host_end(&h);
    options.tariffs = &choice;
    options.tariff_count = 1;
    h = host_of(ACT, &options);
    assert_string_equal(delib_batch_missing(h.batch, 0), "n");
    assert_string_equal(delib_batch_missing(h.batch, 1), "m");
    assert_null(delib_batch_missing(h.batch, 2));
    host_end(&h);
    options.input_count = 0;
    h = host_of(ACT, &options);
    assert_string_equal(delib_batch_missing(h.batch, 0), "prestation");
    host_end(&h);
    options.inputs = BOTH;
    options.input_count = 3;
    h = host_of(ACT, &options);
    assert_null(delib_batch_missing(h.batch, 0));
    assert_int_equal(delib_batch_describe_output(h.batch, 0, &out), DELIB_OK);
    assert_int_equal(out.planned, 0);
    assert_int_equal(out.scale, 2);
    assert_string_equal(out.unit, "");
    assert_null(delib_batch_member(h.batch, 0, 0));
    assert_int_equal(delib_batch_one(h.batch, VALUES[0], NULL, &units, &statut), DELIB_OK);
    assert_int_equal(statut, DELIB_CALCULE);
    assert_int_equal(units, 700);
    assert_int_equal(delib_batch_one(h.batch, VALUES[1], NULL, &units, &statut), DELIB_OK);
    assert_int_equal(units, 200);
    host_end(&h);
}

/* ---- Faults of the host ---- */

static void columns_are_checked(void **state)
{
    static const char *const NAME[] = {"n"};
    static const int64_t VALUES[] = {1};
    static const delib_tariff BEYOND[] = {99}, NO_CHOICE[] = {4};
    const delib_column good = {VALUES, 8, NULL}, without = {NULL, 8, NULL}, odd = {VALUES, 2, NULL};
    delib_column_result results[4], faulty[4];
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    int64_t units[4];
    uint8_t statuts[4];
    delib_batch *none;
    struct host h;

    (void)state;
    options.inputs = NAME;
    options.input_count = 1;
    h = host_of(LARGE, &options);
    for (size_t i = 0; i < 4; i++)
        results[i] = (delib_column_result){&units[i], 8, &statuts[i]};
    assert_int_equal(delib_batch_run(NULL, 1, &good, results), DELIB_MISUSE);
    assert_int_equal(delib_batch_run(h.batch, 1, NULL, results), DELIB_MISUSE);
    assert_int_equal(delib_batch_run(h.batch, 1, &good, NULL), DELIB_MISUSE);
    assert_int_equal(delib_batch_run(h.batch, 1, &without, results), DELIB_MISUSE);
    assert_int_equal(delib_batch_run(h.batch, 1, &odd, results), DELIB_MISUSE);
    for (size_t k = 0; k < 3; k++) {
        memcpy(faulty, results, sizeof faulty);
        if (k == 0)
            faulty[3].units = NULL;
        else if (k == 1)
            faulty[3].statuts = NULL;
        else
            faulty[3].width = 1;
        assert_int_equal(delib_batch_run(h.batch, 1, &good, faulty), DELIB_MISUSE);
    }
    assert_int_equal(delib_batch_run(h.batch, 0, &good, results), DELIB_OK);
    assert_int_equal(delib_batch_one(NULL, VALUES, NULL, units, statuts), DELIB_MISUSE);
    assert_int_equal(delib_batch_one(h.batch, NULL, NULL, units, statuts), DELIB_MISUSE);
    assert_int_equal(delib_batch_one(h.batch, VALUES, NULL, NULL, statuts), DELIB_MISUSE);
    assert_int_equal(delib_batch_one(h.batch, VALUES, NULL, units, NULL), DELIB_MISUSE);
    assert_int_equal(delib_batch_read(NULL, 0, "1", units), DELIB_MISUSE);
    assert_int_equal(delib_batch_read(h.batch, 1, "1", units), DELIB_MISUSE);
    assert_int_equal(delib_batch_read(h.batch, 0, NULL, units), DELIB_MISUSE);
    assert_int_equal(delib_batch_read(h.batch, 0, "1", NULL), DELIB_MISUSE);
    assert_int_equal(delib_batch_new(h.program, &options, NULL, NULL), DELIB_MISUSE);
    options.tariff_count = 1;
    options.tariffs = BEYOND;
    assert_int_equal(delib_batch_new(h.program, &options, NULL, &none), DELIB_MISUSE);
    assert_null(none);
    options.tariffs = NO_CHOICE; /* the handle of a choice, in an act that has none */
    assert_int_equal(delib_batch_new(h.program, &options, NULL, &none), DELIB_MISUSE);
    host_end(&h);
}

/* Without options: every tariff, nothing given. A program at fault has no batch. */
static void options_may_be_left_out(void **state)
{
    static const char FAULTY[] = "tarif t en €\n  prix inconnu\nfin\n", PLAIN[] = "tarif t en €\n  prix 3 €\nfin\n";
    delib_source source = {"acte.delib", FAULTY, sizeof FAULTY - 1};
    delib_program *program;
    delib_batch *none;
    struct host h = host_of(PLAIN, NULL);
    int64_t units;
    uint8_t statut;

    (void)state;
    assert_int_equal(delib_batch_one(h.batch, NULL, NULL, &units, &statut), DELIB_OK);
    assert_int_equal(units, 300);
    assert_int_equal(delib_compile(h.engine, &source, NULL, NULL, &program), DELIB_INVALID);
    assert_int_equal(delib_batch_new(program, NULL, NULL, &none), DELIB_MISUSE);
    delib_program_release(program);
    host_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_are_described),
        cmocka_unit_test(results_are_described),
        cmocka_unit_test(every_version_counts),
        cmocka_unit_test(texts_are_read),
        cmocka_unit_test(a_text_has_no_column),
        cmocka_unit_test(every_width_is_read),
        cmocka_unit_test(amounts_fit_their_column),
        cmocka_unit_test(amounts_fit_in_64_bits),
        cmocka_unit_test(a_domain_may_be_larger),
        cmocka_unit_test(the_tariff_is_an_answer),
        cmocka_unit_test(columns_are_checked),
        cmocka_unit_test(options_may_be_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
