/*
 * One program, many sessions, several threads: each family has its own result, and retaining and releasing the
 * program at the same time is safe. Under ThreadSanitizer by hand:
 *
 *   make check BUILD=build/tsan CC=clang CFLAGS='-O1 -g -fsanitize=thread'
 * TESTS=build/tsan/tests/unit/test_core_threads
 */
#include "runtime/delib.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 8, FAMILIES = 2000 };

static const char act[] = "entrée qf : quotient\n"
                          "entrée rang : entier de 1 à 9\n"
                          "soit plein = selon qf\n"
                          "  moins de 500 : 1,37 €\n"
                          "  500 et plus : 3,33 €\n"
                          "  non communiqué : 4,40 €\n"
                          "fin\n"
                          "tarif t en € par repas\n"
                          "  prix plein × rang\n"
                          "  puis réduction de 12,5 % si rang ≥ 3\n"
                          "  puis arrondi au centime\n"
                          "fin\n";

struct worker {
    pthread_t thread;
    delib_program *program;
    unsigned number;
    unsigned wrong;
};

/* The same in whole hundredths of a centime, by hand. */
static int64_t expected_of(unsigned quotient, unsigned rank)
{
    int64_t thousandths = (quotient < 500 ? 137 : 333) * (int64_t)rank * (rank >= 3 ? 875 : 1000);

    return (thousandths + 500) / 1000;
}

static void *work(void *context)
{
    struct worker *w = context;
    delib_session *session;

    for (unsigned i = 0; i < FAMILIES; i++) {
        unsigned quotient = (i * 37 + w->number * 101) % 1000, rank = 1 + (i + w->number) % 9;
        char text[16];
        delib_result result = {.units = -1};

        /* A session per ten families; all threads retain and release the same program. */
        if (i % 10 == 0 && delib_session_new(w->program, NULL, &session) != DELIB_OK) {
            w->wrong++;
            return NULL;
        }
        delib_session_reset(session);
        snprintf(text, sizeof text, "%u", quotient);
        w->wrong += delib_session_set_text(session, "qf", text) != DELIB_OK;
        snprintf(text, sizeof text, "%u", rank);
        w->wrong += delib_session_set_text(session, "rang", text) != DELIB_OK;
        w->wrong += delib_evaluate(session, 0, &result) != DELIB_OK;
        w->wrong +=
            result.statut != DELIB_CALCULE || result.scale != 2 || result.units != expected_of(quotient, rank);
        if (i % 10 == 9)
            delib_session_free(session);
    }
    delib_program_release(w->program);
    return NULL;
}

static void test_threads(void **state)
{
    static struct worker workers[THREADS];
    delib_source source = {"acte.delib", act, sizeof act - 1};
    delib_engine *engine;
    delib_program *program;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    delib_engine_free(engine);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.program = delib_program_retain(program), .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    delib_program_release(program); /* the workers hold it now */
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].wrong, 0);
    }
}

/* Engines share nothing: each thread compiles its own programs. */
static void *compile_alone(void *context)
{
    unsigned *wrong = context;
    delib_source source = {"acte.delib", act, sizeof act - 1};

    for (int i = 0; i < 50; i++) {
        delib_engine *engine;
        delib_program *program = NULL;

        *wrong += delib_engine_new(NULL, &engine) != DELIB_OK;
        *wrong += delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK;
        delib_program_release(program);
        delib_engine_free(engine);
    }
    return NULL;
}

static void test_compile_in_threads(void **state)
{
    pthread_t threads[THREADS];
    unsigned wrong[THREADS] = {0};

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, compile_alone, &wrong[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(wrong[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_compile_in_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
