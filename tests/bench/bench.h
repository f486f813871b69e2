/*
 * What the programs of `make bench` share: a clock, medians, files.
 */
#ifndef BENCH_H
#define BENCH_H

#include "runtime/delib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_RUNS = 31 };

/* Nanoseconds of processor, so that what else the machine does is not counted. */
static inline double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Of BENCH_RUNS measures, which it sorts. */
static inline double bench_median(double *runs)
{
    qsort(runs, BENCH_RUNS, sizeof *runs, bench_compare);
    return runs[BENCH_RUNS / 2];
}

static inline char *bench_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;

    if (file && fseek(file, 0, SEEK_END) == 0) {
        *length = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*length + 16);
        if (bytes && fread(bytes, 1, *length, file) != *length)
            exit(1);
    }
    if (!bytes)
        exit(1);
    fclose(file);
    return bytes;
}

static inline delib_program *bench_compile(const char *path)
{
    delib_engine *engine;
    delib_program *program;
    delib_source source = {.name = path};

    source.bytes = bench_read(path, &source.length);
    if (delib_engine_new(NULL, &engine) != DELIB_OK ||
        delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK)
        exit(1);
    delib_engine_free(engine);
    return program;
}

#endif
