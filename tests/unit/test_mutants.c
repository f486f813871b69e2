/*
 * Mutants as texts: each differs from the act where it says, they come in the order of the act, and beyond the limit
 * they are only counted. What they are is in tests/golden/cli/mutations.session.
 */
#include "act_files.h"
#include "runtime/analysis/mutants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char ACT[] = "tests/golden/cli/erreurs.delib";

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

/* Nothing changes before the first edit, nor after the last one. */
static void check_text(struct arena *arena, const delib_program *program, const struct mutant *mutant)
{
    const struct source *source = program->sources[0];
    const struct mutation_edit *first = &mutant->edits[0], *last = &mutant->edits[mutant->edit_count - 1];
    struct slice text = mutant_text(arena, program, mutant);
    size_t rest = source->length - last->end;

    assert_false(text.length == source->length && memcmp(text.bytes, source->bytes, text.length) == 0);
    assert_memory_equal(text.bytes, source->bytes, first->start);
    assert_memory_equal(text.bytes + text.length - rest, source->bytes + last->end, rest);
}

static void mutants_within_a_limit(void **state)
{
    static const size_t LIMITS[] = { 0, 1, 10, 4000 };
    delib_engine *engine;
    delib_program *program;
    size_t total = 0;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile(engine, ACT);
    assert_non_null(program);
    for (size_t k = 0; k < sizeof LIMITS / sizeof *LIMITS; k++) {
        struct arena arena;
        struct mutants mutants;

        arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
        mutants_of_program(&arena, program, LIMITS[k], &mutants);
        assert_true(k == 0 || mutants.total == total);
        total = mutants.total;
        assert_int_equal(mutants.count, total < LIMITS[k] ? total : LIMITS[k]);
        for (size_t i = 0; i < mutants.count; i++) {
            assert_true(i == 0 || mutants.items[i - 1].edits[0].start <= mutants.items[i].edits[0].start);
            check_text(&arena, program, &mutants.items[i]);
        }
        arena_release(&arena);
    }
    assert_true(total > 60);
    delib_program_release(program);
    delib_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutants_within_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
