/*
 * Fuzz target: any bytes as the families of `delib calculer --lot`, CSV or NDJSON, through the whole program. The exit
 * code and the results must be the same with one thread and with two.
 */
#define _GNU_SOURCE
#define main delib_main
#include "cli/main.c"
#undef main

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char act[] = "énumération usager : enfant ; adulte\n"
                          "entrée usager : usager par défaut enfant\n"
                          "entrée rang : entier de 1 à 9 par défaut 1\n"
                          "entrée qf : quotient\n"
                          "entrée naissance : date facultatif\n"
                          "tarif cantine en € par repas\n"
                          "  prix selon qf\n"
                          "    moins de 450,50 : 1,30 €\n"
                          "    450,50 et plus : 3,30 €\n"
                          "    non communiqué : 5,60 €\n"
                          "  fin\n"
                          "  exception adulte si usager = adulte : 7,20 €\n"
                          "  puis réduction de 12,5 % si rang ≥ 3\n"
                          "  puis arrondi au centime\n"
                          "fin\n"
                          "tarif club en €\n"
                          "  prix selon âge(naissance)\n"
                          "    moins de 12 : 10 €\n"
                          "    12 et plus : non prévu\n"
                          "    non communiqué : sur décision individuelle « à étudier »\n"
                          "  fin\n"
                          "fin\n";

static char folder[] = "/tmp/delib-fuzz-XXXXXX";
static char act_path[64], in_path[64], out_path[2][64];

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

static void clean(void)
{
    const char *const paths[] = { act_path, in_path, out_path[0], out_path[1] };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        (void)unlink(paths[i]);
    (void)rmdir(folder);
}

static void open_folder(void)
{
    if (act_path[0])
        return;
    if (!mkdtemp(folder))
        abort();
    snprintf(act_path, sizeof act_path, "%s/acte.delib", folder);
    snprintf(in_path, sizeof in_path, "%s/familles", folder);
    for (int i = 0; i < 2; i++)
        snprintf(out_path[i], sizeof out_path[i], "%s/prix%d.csv", folder, i);
    write_file(act_path, act, sizeof act - 1);
    atexit(clean);
}

static int compute(int turn, const char *threads)
{
    char *arguments[] = { "delib", "calculer", act_path, "--lot", in_path, "--sortie", out_path[turn], "--date",
                          "2026-09-15", "--fils", (char *)(uintptr_t)threads, NULL };

    (void)unlink(out_path[turn]);
    return delib_main((int)(sizeof arguments / sizeof *arguments) - 1, arguments);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    struct stat information;
    char *bytes;

    *size = 0;
    if (!file)
        return NULL;
    if (fstat(fileno(file), &information) != 0)
        abort();
    bytes = malloc((size_t)information.st_size + 1);
    if (!bytes)
        abort();
    *size = fread(bytes, 1, (size_t)information.st_size, file);
    fclose(file);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t sizes[2];
    char *results[2];
    int codes[2];

    open_folder();
    write_file(in_path, data, size);
    codes[0] = compute(0, "1");
    codes[1] = compute(1, "2");
    for (int i = 0; i < 2; i++)
        results[i] = read_file(out_path[i], &sizes[i]);
    if (codes[0] != codes[1] || codes[0] < EXIT_RESULT || codes[0] > EXIT_USAGE)
        abort();
    if (!results[0] != !results[1] || sizes[0] != sizes[1] ||
        (results[0] && memcmp(results[0], results[1], sizes[0]) != 0))
        abort();
    if (codes[0] == EXIT_RESULT && !results[0])
        abort();
    free(results[0]);
    free(results[1]);
    return 0;
}
