/*
 * Every correction that a diagnostic of tests/golden/diagnostics proposes is applied to its file: the text then
 * compiles without that fault. Where the fault was the only error, none stands in its place; of a choice, this holds
 * for one way at least (« jusqu'à 300 » before « plus de 300 » can only be « inclus »).
 */
#include "runtime/delib.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char FOLDER[] = "tests/golden/diagnostics";

struct text {
    char *bytes;
    size_t length;
};

static struct text read_text(const char *name)
{
    struct text text = { calloc(1, 1 << 20), 0 };
    char path[512];
    FILE *file;

    assert_non_null(text.bytes);
    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    text.length = fread(text.bytes, 1, (1 << 20) - 1, file);
    fclose(file);
    return text;
}

static struct text splice(struct text text, const delib_correction *c)
{
    size_t added = strlen(c->text);
    struct text out = { calloc(1, text.length + added + 1), text.length - c->length + added };

    assert_non_null(out.bytes);
    assert_true(c->offset + c->length <= text.length);
    memcpy(out.bytes, text.bytes, c->offset);
    memcpy(out.bytes + c->offset, c->text, added);
    memcpy(out.bytes + c->offset + added, text.bytes + c->offset + c->length, text.length - c->offset - c->length);
    return out;
}

static delib_program *compile(delib_engine *engine, const char *name, struct text text)
{
    delib_source source = { name, text.bytes, text.length };
    delib_program *program = NULL;

    delib_compile(engine, &source, NULL, NULL, &program);
    assert_non_null(program);
    return program;
}

/* How many diagnostics say the same; lines move when one is added, messages do not. */
static size_t times(const delib_program *program, const delib_diagnostic *wanted)
{
    size_t count = 0;
    delib_diagnostic d;

    for (size_t i = 0; delib_program_diagnostic(program, i, &d) == DELIB_OK; i++)
        count += strcmp(d.code, wanted->code) == 0 && strcmp(d.message, wanted->message) == 0;
    return count;
}

static size_t errors_of(const delib_program *program)
{
    size_t errors = 0;
    delib_diagnostic d;

    for (size_t i = 0; delib_program_diagnostic(program, i, &d) == DELIB_OK; i++)
        errors += d.is_error != 0;
    return errors;
}

enum effect { STILL_THERE, MENDED_WITH_ERRORS, MENDED };

static enum effect apply(delib_engine *engine, const char *name, struct text text, const delib_program *before,
                         const delib_diagnostic *fault, const delib_correction *correction)
{
    struct text mended = splice(text, correction);
    delib_program *after = compile(engine, name, mended);
    enum effect effect = times(after, fault) >= times(before, fault) ? STILL_THERE
                         : errors_of(after) > 0                      ? MENDED_WITH_ERRORS
                                                                     : MENDED;

    delib_program_release(after);
    free(mended.bytes);
    return effect;
}

struct tally {
    size_t corrections, choices, failures;
};

/* All the ways of one diagnostic; `alone`: it is the only error of its file, or there is none. */
static void check_diagnostic(delib_engine *engine, const char *name, struct text text, const delib_program *program,
                             const delib_diagnostic *d, bool alone, struct tally *tally)
{
    size_t good = 0;

    for (size_t k = 0; k < d->correction_count; k++) {
        enum effect effect = apply(engine, name, text, program, d, &d->corrections[k]);

        good += effect == MENDED;
        if (effect == STILL_THERE || (effect == MENDED_WITH_ERRORS && alone && d->correction_count == 1)) {
            print_error("%s: %s, « %s » %s\n", name, d->code, d->corrections[k].text,
                        effect == STILL_THERE ? "leaves the fault" : "makes another");
            tally->failures++;
        }
    }
    if (alone && d->correction_count > 0 && good == 0)
        print_error("%s: no way of mending %s is good\n", name, d->code);
    tally->failures += alone && d->correction_count > 0 && good == 0;
    tally->corrections += d->correction_count;
    tally->choices += d->correction_count > 1;
}

static void check_file(delib_engine *engine, const char *name, struct tally *tally)
{
    struct text text = read_text(name);
    delib_program *program = compile(engine, name, text);
    delib_diagnostic d;

    for (size_t i = 0; delib_program_diagnostic(program, i, &d) == DELIB_OK; i++)
        check_diagnostic(engine, name, text, program, &d, errors_of(program) == (size_t)(d.is_error != 0), tally);
    delib_program_release(program);
    free(text.bytes);
}

static void each_correction_mends_its_fault(void **state)
{
    delib_engine *engine = NULL;
    struct tally tally = { 0 };
    DIR *folder = opendir(FOLDER);
    struct dirent *entry;

    (void)state;
    assert_non_null(folder);
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (entry = readdir(folder); entry; entry = readdir(folder))
        if (strstr(entry->d_name, ".delib"))
            check_file(engine, entry->d_name, &tally);
    closedir(folder);
    delib_engine_free(engine);
    print_message("%zu corrections, %zu choices\n", tally.corrections, tally.choices);
    assert_int_equal(tally.failures, 0);
    assert_true(tally.corrections >= 40 && tally.choices >= 8);
}

/* A correction says the same place twice: in bytes for the host that applies it, in characters for the one that shows
 * it. */
static void places_agree(void **state)
{
    static const char TEXT[] = "tarif t en € par repas\n  prix 3.30 €\nfin\n";
    delib_engine *engine = NULL;
    delib_program *program;
    delib_diagnostic d;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = compile(engine, "t.delib", (struct text){ (char *)(uintptr_t)TEXT, sizeof TEXT - 1 });
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_int_equal(d.correction_count, 1);
    assert_string_equal(d.corrections[0].file, "t.delib");
    assert_string_equal(d.corrections[0].text, "3,30");
    assert_int_equal(d.corrections[0].line, 2);
    assert_int_equal(d.corrections[0].column, 8);
    assert_int_equal(d.corrections[0].end_column, 12);
    assert_memory_equal(TEXT + d.corrections[0].offset, "3.30", d.corrections[0].length);
    delib_program_release(program);
    delib_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_correction_mends_its_fault),
        cmocka_unit_test(places_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
