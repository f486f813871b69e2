/*
 * From a JSON text to a JSON text, in a warm process: the demande of one family of the workload « portail », its three
 * tariffs being computed one after the other.
 *
 *   bench_json K   ns per tariff and per text: median of 31 runs of K calls
 */
#define _GNU_SOURCE
#include "bench.h"

#include "runtime/delib_io.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TARIFFS[] = {"cantine", "accueil", "creche"};

static const char DEMANDE[] =
    "{\"tarif\":\"%s\",\"date\":\"2026-10-01\",%s\"entrees\":{\"qf\":\"622.50\",\"resident\":true,"
    "\"demandeur_emploi\":false,\"rang_enfant\":3,\"boursier\":true,\"demi_heures\":5,"
    "\"ressources_mensuelles\":\"2310.40\",\"nb_enfants\":2,\"aeeh\":false}}";

static double time_calls(delib_program *program, const char *option, int calls)
{
    double runs[BENCH_RUNS];
    char texts[3][512];

    for (int t = 0; t < 3; t++)
        snprintf(texts[t], sizeof texts[t], DEMANDE, TARIFFS[t], option);
    for (int r = 0; r < BENCH_RUNS; r++) {
        double start = bench_now();

        for (int i = 0; i < calls; i++) {
            char *json = NULL;

            if (delib_io_evaluate_json(program, texts[i % 3], NULL, &json) != DELIB_OK)
                exit(1);
            delib_io_text_free(json);
        }
        runs[r] = (bench_now() - start) / calls;
    }
    return bench_median(runs);
}

/* What jansson alone takes to read the same text and to write it again. */
static double time_jansson(int calls)
{
    double runs[BENCH_RUNS];
    char text[512];

    snprintf(text, sizeof text, DEMANDE, TARIFFS[0], "");
    for (int r = 0; r < BENCH_RUNS; r++) {
        double start = bench_now();

        for (int i = 0; i < calls; i++) {
            json_t *tree = json_loads(text, 0, NULL);
            char *written = json_dumps(tree, JSON_COMPACT);

            if (!written)
                exit(1);
            free(written);
            json_decref(tree);
        }
        runs[r] = (bench_now() - start) / calls;
    }
    return bench_median(runs);
}

int main(int argc, char **argv)
{
    int calls = argc > 1 ? atoi(argv[1]) : 3000;
    delib_program *program = bench_compile("tests/bench/portail.delib");

    printf("full=%.0f plain=%.0f jansson=%.0f\n", time_calls(program, "", calls),
           time_calls(program, "\"explication\":false,", calls), time_jansson(calls));
    delib_program_release(program);
    return 0;
}
