/*
 * The edge without memory: each allocation is refused once, alone or with all that follow. The status says so,
 * nothing leaks, nothing crashes, and what is returned all the same is right.
 *
 * The C library's own allocator is replaced here, so that jansson and libyaml are refused too. Sanitizers do the
 * same: under them this program has nothing to say.
 */
#include "runtime/delib_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define SANITIZED
#endif

#ifndef SANITIZED

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

/* Seen by the shared libraries too, whatever the visibility that this file is compiled with. */
#define EVERYWHERE __attribute__((visibility("default")))

EVERYWHERE void *malloc(size_t size);
EVERYWHERE void *calloc(size_t count, size_t size);
EVERYWHERE void *realloc(void *block, size_t size);
EVERYWHERE void free(void *block);

static struct {
    bool armed, all_after, fired;
    size_t calls, refused;              /* the call that is refused, from 0 */
    long live;                          /* blocks, while armed */
} memory;

static bool refuses(void)
{
    if (!memory.armed)
        return false;
    if (memory.calls++ == memory.refused || (memory.all_after && memory.calls > memory.refused)) {
        memory.fired = true;
        return true;
    }
    return false;
}

void *malloc(size_t size)
{
    void *block = refuses() ? NULL : __libc_malloc(size);

    memory.live += memory.armed && block;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block = refuses() ? NULL : __libc_calloc(count, size);

    memory.live += memory.armed && block;
    return block;
}

void *realloc(void *block, size_t size)
{
    void *moved = refuses() ? NULL : __libc_realloc(block, size);

    memory.live += memory.armed && moved && !block;
    return moved;
}

void free(void *block)
{
    memory.live -= memory.armed && block;
    __libc_free(block);
}

/* ---- Scenarios: each returns the status of what it tried, and whether the result was the right one ---- */

struct attempt {
    delib_status status;
    bool right;
};

static struct attempt read_document(const char *text, delib_io_format format, const char *expected)
{
    struct attempt attempt = { DELIB_OK, false };
    delib_io_document *document = NULL;
    delib_io_json *json = NULL;
    const char *written = NULL;

    attempt.status = delib_io_document_read("x", text, strlen(text), format, NULL, &document);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_json_new(&json);
    if (attempt.status == DELIB_OK) {
        delib_io_json_value(json, NULL, delib_io_document_root(document));
        attempt.status = delib_io_json_finish(json, 0, &written, NULL);
    }
    attempt.right = attempt.status == DELIB_OK && strcmp(written, expected) == 0;
    delib_io_json_free(json);
    delib_io_document_free(document);
    return attempt;
}

static struct attempt json_is_read(void)
{
    return read_document("{\"demandeur\":{\"nom\":\"un nom assez long pour grandir en chemin\",\"n\":622.50},"
                         "\"liste\":[1,2,3,null,true,{\"clé\":\"\\u00e9\"}]}", DELIB_IO_JSON,
                         "{\"demandeur\":{\"nom\":\"un nom assez long pour grandir en chemin\",\"n\":\"622.50\"},"
                         "\"liste\":[1,2,3,null,true,{\"clé\":\"é\"}]}");
}

static struct attempt yaml_is_read(void)
{
    return read_document("tarif: cantine\nliste: [a, b, {c: d}]\ntexte: |\n  plusieurs\n  lignes\n", DELIB_IO_YAML,
                         "{\"tarif\":\"cantine\",\"liste\":[\"a\",\"b\",{\"c\":\"d\"}],"
                         "\"texte\":\"plusieurs\\nlignes\\n\"}");
}

static struct attempt yaml_is_refused(void)
{
    static const char text[] = "a: 1\nb: [x\n";
    struct attempt attempt = { DELIB_OK, true };
    delib_io_document *document = NULL;

    attempt.status = delib_io_document_read("x", text, strlen(text), DELIB_IO_YAML, NULL, &document);
    if (attempt.status == DELIB_INVALID)
        attempt.status = delib_io_document_diagnostic_count(document) == 1 ? DELIB_OK : DELIB_INTERNAL;
    delib_io_document_free(document);
    return attempt;
}

static const char config_text[] =
    "destinataire: \"13002526500013\"\napi_particulier: { adresse: \"https://particulier.api.gouv.fr\" }\n"
    "habilitations:\n  tarification_enfance:\n    api_particulier:\n      jeton: { variable: J }\n"
    "      portees: [cnaf_quotient_familial]\n";
static const char demande_text[] =
    "date: 2026-09-15\ndemandeur:\n  nom_naissance: D’Épinay\n  prenoms: Claire, Anne\n  date_naissance: 1988-03-14\n"
    "  sexe: F\n  commune_naissance: \"75112\"\nentrees: { qf: 12, résident: oui }\n";
static const char body[] =
    "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"CNAF\",\"valeur\":650,\"annee\":2026,\"mois\":4},"
    "\"enfants\":[{\"prenoms\":[\"LEO\",\"PAUL\"],\"date_naissance\":\"2018-04-20\"}]}}";

/* From two texts and an HTTP answer to the quotient. */
static struct attempt an_exchange_is_answered(void)
{
    const delib_request request = { .function = "api_particulier.quotient_familial", .source = "qf", .label = "qf",
                                    .subject = "demandeur", .finalite = "tarification_enfance" };
    struct attempt attempt = { DELIB_OK, false };
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;
    delib_io_exchange *exchange = NULL;

    attempt.status = delib_io_config_read("c", config_text, strlen(config_text), &config);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_demande_read("d", demande_text, strlen(demande_text), DELIB_IO_AUTO, &demande);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_exchange_new(config, demande, &request, &exchange);
    if (attempt.status == DELIB_OK)
        attempt.status = delib_io_exchange_receive(exchange, 200, NULL, 0, body, strlen(body),
                                                   "2026-09-15T10:00:00Z");
    if (attempt.status == DELIB_OK) {
        const delib_answer *answer = delib_io_exchange_answer(exchange);
        const delib_value *value = delib_io_value_get(&answer->record, "valeur");

        attempt.right = answer->kind == DELIB_ANSWER_FAILED
                     || (answer->kind == DELIB_ANSWER_VALUE && value && value->units == 650);
    }
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
    return attempt;
}

static struct attempt an_error_is_decoded(void)
{
    static const char error[] = "{\"errors\":[{\"code\":\"10003\",\"meta\":{\"provider\":\"MSA\"}}]}";
    struct attempt attempt = { DELIB_OK, false };
    delib_io_decoded *decoded = NULL;

    attempt.status = delib_io_decode("api_particulier.rsa", "2026-09-15", 404, NULL, 0, error, strlen(error),
                                     &decoded);
    if (attempt.status == DELIB_OK)
        attempt.right = delib_io_decoded_answer(decoded)->kind != DELIB_ANSWER_VALUE;
    delib_io_decoded_free(decoded);
    return attempt;
}

/* Refuses the nth allocation until none is left to refuse. */
static void refuse_each(struct attempt (*scenario)(void), bool all_after)
{
    for (size_t nth = 0; nth < 10000; nth++) {
        struct attempt attempt;
        long live;
        bool fired;

        memory.live = 0;
        memory.calls = 0;
        memory.refused = nth;
        memory.all_after = all_after;
        memory.fired = false;
        memory.armed = true;
        attempt = scenario();
        memory.armed = false;
        live = memory.live;
        fired = memory.fired;
        if (live != 0)
            fail_msg("allocation %zu: %ld blocks leak", nth, live);
        if (attempt.status == DELIB_OK && !attempt.right)
            fail_msg("allocation %zu: a wrong result", nth);
        /* jansson sometimes says « malformed » when it means « no memory »; a value is never made up. */
        if (attempt.status != DELIB_OK && (!fired || (attempt.status != DELIB_NO_MEMORY
                                                      && attempt.status != DELIB_INVALID)))
            fail_msg("allocation %zu: status %d", nth, attempt.status);
        if (!fired) {
            assert_true(nth > 5);          /* there was something to refuse */
            return;
        }
    }
    fail_msg("never the last allocation");
}

#define EACH(scenario) \
    static void scenario##_without_memory(void **state) \
    { \
        (void)state; \
        refuse_each(scenario, false); \
        refuse_each(scenario, true); \
    }

EACH(json_is_read)
EACH(yaml_is_read)
EACH(yaml_is_refused)
EACH(an_exchange_is_answered)
EACH(an_error_is_decoded)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read_without_memory),
        cmocka_unit_test(yaml_is_read_without_memory),
        cmocka_unit_test(yaml_is_refused_without_memory),
        cmocka_unit_test(an_exchange_is_answered_without_memory),
        cmocka_unit_test(an_error_is_decoded_without_memory),
    };

    return cmocka_run_group_tests_name("edge without memory", tests, NULL, NULL);
}

#else

int main(void)
{
    puts("1..1\nok 1 - edge without memory # SKIP sanitizers have their own allocator");
    return 0;
}

#endif
