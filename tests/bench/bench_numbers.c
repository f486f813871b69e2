/*
 * Exact numbers of lang/number.h and the 128-bit integers below them: ns per operation, medians of 31 runs, on operands
 * such as amounts, rates and quotients.
 *
 *   bench_numbers   one line per operation: NAME=NS
 */
#define _GNU_SOURCE
#include "bench.h"

#include "lang/number.h"

enum { COUNT = 1000, ROUNDS = 40 };

static struct number numbers[COUNT + 1];
static char texts[COUNT][24];

static void *c_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size)
        return realloc(block, size);
    free(block);
    return NULL;
}

static volatile int64_t sink;

#define TIME(name, statement)                                                                                        \
    do {                                                                                                             \
        double runs[BENCH_RUNS];                                                                                     \
        int64_t sum = 0;                                                                                             \
        for (int r = 0; r < BENCH_RUNS; r++) {                                                                       \
            double start = bench_now();                                                                              \
            for (int k = 0; k < ROUNDS; k++)                                                                         \
                for (int i = 0; i < COUNT; i++) {                                                                    \
                    struct number out = {0, 1};                                                                      \
                    statement;                                                                                       \
                    sum += (int64_t)out.num;                                                                         \
                }                                                                                                    \
            runs[r] = (bench_now() - start) / (COUNT * ROUNDS);                                                      \
        }                                                                                                            \
        sink = sum;                                                                                                  \
        printf("%s=%.1f\n", name, bench_median(runs));                                                               \
    } while (0)

int main(void)
{
    static const int DENS[] = {1, 100, 10000, 1000, 3};
    const struct number cent = {1, 100};
    uint64_t seed = 88172645463325252u;
    struct arena arena;

    arena_init(&arena, (struct allocator){c_resize, NULL}, 0);
    for (int i = 0; i <= COUNT; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        (void)number_make((int128)(seed % 200000), DENS[i % 5], &numbers[i]);
        if (i < COUNT)
            snprintf(texts[i], sizeof texts[i], "%u,%02u", (unsigned)(seed % 2000), (unsigned)(seed / 7 % 100));
    }
    TIME("number_add", (void)number_add(numbers[i], numbers[i + 1], &out));
    TIME("number_sub", (void)number_sub(numbers[i], numbers[i + 1], &out));
    TIME("number_mul", (void)number_mul(numbers[i], numbers[i + 1], &out));
    TIME("number_div", (void)number_div(numbers[i], numbers[i + 1], &out));
    TIME("number_compare", out.num = number_compare(numbers[i], numbers[i + 1]));
    TIME("number_round", (void)number_round(numbers[i], cent, ROUNDING_NEAREST, &out));
    TIME("number_make", (void)number_make(numbers[i].num * 6, numbers[i].den * 4, &out));
    TIME("number_parse", (void)number_parse(slice_of(texts[i]), &out));
    TIME("strbuf_number", {
        struct strbuf b = strbuf_in(&arena);
        strbuf_number(&b, numbers[i], 2);
        out.num = (int128)b.length;
        if (i == COUNT - 1)
            arena_reset(&arena);
    });
    TIME("int128_mul_checked", (void)int128_mul_checked(numbers[i].num, numbers[i + 1].num, &out.num));
    TIME("int128_round_div", out.num = int128_round_div(numbers[i].num * 21, 10000, ROUNDING_NEAREST));
    TIME("int128_compare_fractions",
         out.num = int128_compare_fractions(numbers[i].num, numbers[i].den, numbers[i + 1].num, numbers[i + 1].den));
    arena_release(&arena);
    return 0;
}
