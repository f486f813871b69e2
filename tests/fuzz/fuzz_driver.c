/*
 * Runs a fuzz target without libFuzzer: each seed as it is, then COUNT mutations of them, always the same for one
 * RANDOM. Words of the language are among what is inserted, so that a mutation often stays near a program.
 *
 *   DRIVER [-v] COUNT RANDOM FILE…            -v writes each input to ./fuzz-input before it is run
 */
#include "grammar/tokens.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 16, SEEDS_MAX = 1024 };

struct bytes {
    uint8_t *data;
    size_t size;
};

static uint64_t state;

static size_t below(size_t limit)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)((z ^ (z >> 31)) % limit);
}

static struct bytes read_seed(const char *path)
{
    struct bytes seed = {malloc(INPUT_MAX), 0};
    FILE *file = fopen(path, "rb");

    if (!seed.data || !file) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    seed.size = fread(seed.data, 1, INPUT_MAX, file);
    fclose(file);
    return seed;
}

static void insert(struct bytes *input, size_t at, const void *data, size_t size)
{
    if (input->size + size > INPUT_MAX)
        return;
    memmove(input->data + at + size, input->data + at, input->size - at);
    memcpy(input->data + at, data, size);
    input->size += size;
}

static void erase(struct bytes *input, size_t at, size_t size)
{
    memmove(input->data + at, input->data + at + size, input->size - at - size);
    input->size -= size;
}

static void insert_word(struct bytes *input, size_t at)
{
    static const char *const others[] = {"\n",
                                         "(",
                                         ")",
                                         "|",
                                         ":",
                                         ";",
                                         " « ",
                                         " » ",
                                         "\"",
                                         "e\xCC\x81",
                                         "\xC2\xA0",
                                         "\xE2\x80\xAF",
                                         "99999999999999999999",
                                         "0",
                                         ",005",
                                         " %",
                                         " €",
                                         "-- ",
                                         "```\n",
                                         "```delib\n",
                                         "\r\n",
                                         "\r",
                                         "\xEF\xBB\xBF",
                                         "\xFF",
                                         "#",
                                         "30 février 2026",
                                         "2e",
                                         "/ 0",
                                         "×"};
    size_t keywords = 0, k;
    const char *word;

    while (keyword_table[keywords].spelling)
        keywords++;
    k = below(keywords + 3 * sizeof others / sizeof *others);
    word = k < keywords ? keyword_table[k].spelling : others[(k - keywords) / 3];
    insert(input, at, word, strlen(word));
    if (k < keywords && below(2))
        insert(input, at, " ", 1);
}

/* Start and end of the line at this place, its end of line included. */
static void line_at(const struct bytes *input, size_t at, size_t *start, size_t *end)
{
    *start = at;
    *end = at;
    while (*start > 0 && input->data[*start - 1] != '\n')
        --*start;
    while (*end < input->size && input->data[(*end)++] != '\n')
        continue;
}

static void move_line(struct bytes *input, size_t at, bool keep)
{
    static uint8_t line[INPUT_MAX];
    size_t start, end;

    line_at(input, at, &start, &end);
    memcpy(line, input->data + start, end - start);
    if (!keep)
        erase(input, start, end - start);
    insert(input, input->size ? below(input->size + 1) : 0, line, end - start);
}

static void mutate(struct bytes *input, const struct bytes *seeds, size_t seed_count)
{
    size_t at = below(input->size + 1), left = input->size - at, most = left < 64 ? left : 64;
    const struct bytes *other = &seeds[below(seed_count)];
    size_t from, length;

    switch (below(9)) {
    case 0:
    case 1:
    case 2: insert_word(input, at); break;
    case 3: erase(input, at, most ? below(most + 1) : 0); break;
    case 4:
        if (left)
            input->data[at] ^= (uint8_t)(1u << below(8));
        break;
    case 5:
        if (left)
            input->data[at] = (uint8_t)("0123456789 ,;:()|\n«"[below(20)]);
        break;
    case 6: move_line(input, at, false); break;
    case 7: move_line(input, at, true); break;
    default:
        from = below(other->size + 1);
        length = below(other->size - from + 1);
        insert(input, at, other->data + from, length < 400 ? length : 400);
        break;
    }
}

static void run(const struct bytes *input, bool verbose)
{
    uint8_t *exact = malloc(input->size ? input->size : 1); /* so that a sanitizer sees one byte too many */
    FILE *file = verbose ? fopen("fuzz-input", "wb") : NULL;

    if (!exact)
        exit(2);
    if (file) {
        fwrite(input->data, 1, input->size, file);
        fclose(file);
    }
    memcpy(exact, input->data, input->size);
    LLVMFuzzerTestOneInput(exact, input->size);
    free(exact);
}

int main(int argc, char **argv)
{
    static struct bytes seeds[SEEDS_MAX];
    static uint8_t place[INPUT_MAX];
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    int first = verbose ? 2 : 1;
    size_t seed_count = 0;
    unsigned long count;

    if (argc < first + 3) {
        fprintf(stderr, "usage: %s [-v] COUNT RANDOM FILE…\n", argv[0]);
        return 2;
    }
    count = strtoul(argv[first], NULL, 10);
    state = strtoull(argv[first + 1], NULL, 10);
    for (int i = first + 2; i < argc && seed_count < SEEDS_MAX; i++) {
        seeds[seed_count] = read_seed(argv[i]);
        run(&seeds[seed_count++], verbose);
    }
    for (unsigned long i = 0; i < count; i++) {
        struct bytes input = {place, 0};
        const struct bytes *seed = &seeds[below(seed_count)];

        insert(&input, 0, seed->data, seed->size);
        for (size_t n = 1 + below(6); n > 0; n--)
            mutate(&input, seeds, seed_count);
        run(&input, verbose);
    }
    for (size_t i = 0; i < seed_count; i++)
        free(seeds[i].data);
    printf("%zu seeds, %lu mutations\n", seed_count, count);
    return 0;
}
