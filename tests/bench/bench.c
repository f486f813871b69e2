/*
 * What `make bench` times inside a process: the workload « portail » through the public interface.
 *
 *   bench lat IN.csv K       one family at a time, and by columns; ns per family for the three tariffs
 *   bench session IN.csv K   the general engine: nine inputs bound by name, three tariffs without and with the full
 *                            trace, and all texts of the trace read
 *   bench table ACT MOST     one table of `qf` below MOST euros: one by one, by columns, through a session
 *
 * Medians of 31 runs, beside `portail lat` for the hand-written C. Sums are printed to be compared.
 */
#define _GNU_SOURCE
#include "bench.h"
#include "portail_csv.h"

enum { RUNS = BENCH_RUNS, INPUTS = 9 };

static const char *const NAMES[INPUTS] = {"qf",       "resident",    "demandeur_emploi",      "rang_enfant",
                                          "boursier", "demi_heures", "ressources_mensuelles", "nb_enfants",
                                          "aeeh"};

struct data {
    int n;
    int32_t *columns[INPUTS];
    uint8_t *validity;
    int64_t (*rows)[INPUTS];
    uint8_t (*absent)[INPUTS];
};

static struct data read_data(const char *path, int wanted)
{
    struct data d = {0};
    size_t length;
    const char *bytes = bench_read(path, &length), *p = (const char *)memchr(bytes, '\n', length) + 1;
    int64_t id;
    famille f;

    for (int i = 0; i < INPUTS; i++)
        d.columns[i] = malloc(sizeof(int32_t) * (size_t)wanted);
    d.validity = malloc((size_t)wanted / 8 + 1);
    memset(d.validity, 0xFF, (size_t)wanted / 8 + 1);
    d.rows = malloc(sizeof *d.rows * (size_t)wanted);
    d.absent = calloc((size_t)wanted, sizeof *d.absent);
    for (; p < bytes + length && d.n < wanted; d.n++) {
        p = line(p, &id, &f);
        const int32_t values[INPUTS] = {f.qf,          f.resident,   f.de,         f.rang, f.boursier,
                                        f.demi_heures, f.ressources, f.nb_enfants, f.aeeh};

        for (int i = 0; i < INPUTS; i++) {
            d.columns[i][d.n] = values[i];
            d.rows[d.n][i] = values[i];
        }
        if (f.qf < 0) {
            d.validity[d.n >> 3] &= (uint8_t) ~(1u << (d.n & 7));
            d.absent[d.n][0] = 1;
        }
    }
    return d;
}

static void lat(const struct data *d)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_program *program = bench_compile("tests/bench/portail.delib");
    delib_batch *batch;
    delib_column columns[INPUTS];
    delib_column_result results[3];
    double one[RUNS], all[RUNS];
    int repeats = 1 + 400000 / d->n;
    int64_t sums[3] = {0}, column_sums[3] = {0};

    options.date = "2026-10-01";
    options.inputs = NAMES;
    options.input_count = INPUTS;
    if (delib_batch_new(program, &options, NULL, &batch) != DELIB_OK)
        exit(1);
    for (int i = 0; i < INPUTS; i++)
        columns[i] = (delib_column){d->columns[i], 4, i == 0 ? d->validity : NULL};
    for (int i = 0; i < 3; i++)
        results[i] = (delib_column_result){malloc(sizeof(int32_t) * (size_t)d->n), 4, malloc((size_t)d->n)};
    for (int r = 0; r < RUNS; r++) {
        double start = bench_now();

        for (int k = 0; k < repeats; k++) {
            memset(sums, 0, sizeof sums);
            for (int i = 0; i < d->n; i++) {
                int64_t units[3];
                uint8_t statuts[3];

                if (delib_batch_one(batch, d->rows[i], d->absent[i], units, statuts) != DELIB_OK ||
                    statuts[0] | statuts[1] | statuts[2])
                    exit(1);
                for (int t = 0; t < 3; t++)
                    sums[t] += units[t];
            }
        }
        one[r] = (bench_now() - start) / ((double)d->n * repeats);
        start = bench_now();
        for (int k = 0; k < repeats; k++)
            if (delib_batch_run(batch, (size_t)d->n, columns, results) != DELIB_OK)
                exit(1);
        all[r] = (bench_now() - start) / ((double)d->n * repeats);
    }
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < d->n; i++)
            column_sums[t] += ((const int32_t *)results[t].units)[i];
    printf("one=%.2f columns=%.3f sums=%lld,%lld,%lld %s\n", bench_median(one), bench_median(all), (long long)sums[0],
           (long long)sums[1], (long long)sums[2], memcmp(sums, column_sums, sizeof sums) ? "DIFFERENT" : "same");
}

enum session_work { BIND, EVALUATE, READ_TEXTS }; /* each includes those before */

static void bind_family(delib_session *session, const struct data *d, int i)
{
    static const unsigned SCALES[INPUTS] = {[0] = 2, [6] = 2};
    static const char BOOLEANS[INPUTS] = {[1] = 1, [2] = 1, [4] = 1, [8] = 1};

    delib_session_reset(session);
    for (int k = 0; k < INPUTS; k++) {
        delib_value v = {.kind = d->absent[i][k] ? DELIB_VALUE_ABSENT
                                 : BOOLEANS[k]   ? DELIB_VALUE_BOOLEAN
                                                 : DELIB_VALUE_NUMBER,
                         .boolean = (int)d->rows[i][k],
                         .units = d->rows[i][k],
                         .scale = SCALES[k]};

        if (delib_session_set(session, NAMES[k], &v) != DELIB_OK)
            exit(1);
    }
}

/* As a host that shows them all; the sum keeps the compiler from dropping the work. */
static size_t read_texts(delib_session *session)
{
    delib_step step;
    delib_datum datum;
    size_t sum = 0;

    for (size_t i = 0; delib_session_step(session, i, &step) == DELIB_OK; i++)
        sum += (unsigned char)step.text[0];
    for (size_t i = 0; delib_session_datum(session, i, &datum) == DELIB_OK; i++)
        sum += (unsigned char)datum.value[0];
    return sum;
}

static double time_session(const struct data *d, delib_program *program, enum session_work work, int trace)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;
    double runs[RUNS];
    size_t texts = 0;

    options.date = "2026-10-01";
    options.ask_sources = 0;
    options.trace = trace;
    if (delib_session_new(program, &options, &session) != DELIB_OK)
        exit(1);
    for (int r = 0; r < RUNS; r++) {
        double start = bench_now();

        for (int i = 0; i < d->n; i++) {
            bind_family(session, d, i);
            for (delib_tariff t = 0; work != BIND && t < 3; t++) {
                delib_result result;

                if (delib_evaluate(session, t, &result) != DELIB_OK)
                    exit(1);
                if (work == READ_TEXTS)
                    texts += read_texts(session);
            }
        }
        runs[r] = (bench_now() - start) / d->n;
    }
    delib_session_free(session);
    if (work == READ_TEXTS && texts == 0)
        exit(1);
    return bench_median(runs);
}

/* An act of one tariff that reads `qf` alone, from 0 to `most` euros: a table of so many rows. */
static void table(const char *path, int64_t most)
{
    enum { KEYS = 10000 };
    static const char *const QF[] = {"qf"};
    static int32_t keys[KEYS], units[KEYS];
    static uint8_t statuts[KEYS];
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    delib_session_options session_options = DELIB_SESSION_OPTIONS_INIT;
    delib_program *program = bench_compile(path);
    delib_column column = {keys, 4, NULL};
    delib_column_result result = {units, 4, statuts};
    delib_session *session;
    delib_batch *batch;
    double one[RUNS], all[RUNS], general[RUNS];
    uint64_t seed = 88172645463325252u;

    options.date = session_options.date = "2026-10-01";
    options.inputs = QF;
    options.input_count = 1;
    session_options.trace = session_options.ask_sources = 0;
    for (int i = 0; i < KEYS; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        keys[i] = (int32_t)(seed % (uint64_t)(most * 100));
    }
    if (delib_batch_new(program, &options, NULL, &batch) != DELIB_OK ||
        delib_session_new(program, &session_options, &session) != DELIB_OK)
        exit(1);
    for (int r = 0; r < RUNS; r++) {
        double start = bench_now();

        for (int i = 0; i < KEYS; i++) {
            int64_t key = keys[i], amount;
            uint8_t statut;

            if (delib_batch_one(batch, &key, NULL, &amount, &statut) != DELIB_OK || statut)
                exit(1);
        }
        one[r] = (bench_now() - start) / KEYS;
        start = bench_now();
        if (delib_batch_run(batch, KEYS, &column, &result) != DELIB_OK)
            exit(1);
        all[r] = (bench_now() - start) / KEYS;
        start = bench_now();
        for (int i = 0; i < KEYS / 10; i++) {
            delib_value v = {.kind = DELIB_VALUE_NUMBER, .units = keys[i], .scale = 2};
            delib_result out;

            if (delib_session_set(session, "qf", &v) != DELIB_OK || delib_evaluate(session, 0, &out) != DELIB_OK ||
                out.units != units[i])
                exit(1);
        }
        general[r] = (bench_now() - start) / (KEYS / 10);
    }
    printf("one=%.1f columns=%.2f session=%.0f\n", bench_median(one), bench_median(all), bench_median(general));
}

int main(int argc, char **argv)
{
    struct data d;

    if (argc != 4)
        return 2;
    if (strcmp(argv[1], "table") == 0) {
        table(argv[2], atoi(argv[3]));
        return 0;
    }
    d = read_data(argv[2], atoi(argv[3]));
    if (strcmp(argv[1], "lat") == 0) {
        lat(&d);
    } else if (strcmp(argv[1], "session") == 0) {
        delib_program *program = bench_compile("tests/bench/portail.delib");

        char digits[24];

        (void)putc2(digits, 0); /* the rest of portail_csv.h is not needed here */
        printf("bind=%.0f plain=%.0f trace=%.0f read=%.0f\n", time_session(&d, program, BIND, 0),
               time_session(&d, program, EVALUATE, 0), time_session(&d, program, EVALUATE, 1),
               time_session(&d, program, READ_TEXTS, 1));
    } else {
        return 2;
    }
    return 0;
}
