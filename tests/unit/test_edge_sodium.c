/*
 * What the journal asks of cryptography: what was closed is opened again by its key alone, what was altered is not, and
 * memory that is refused gives nothing rather than something else.
 */
#include "runtime/edge/edge_sodium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct edge_keys keys, others;

static int make_keys(void **state)
{
    (void)state;
    if (!edge_sodium_start())
        return -1;
    edge_keys_make(&keys);
    edge_keys_make(&others);
    return 0;
}

/* ---- Keys ---- */

static void a_key_is_read_again(void **state)
{
    (void)state;
    for (int kind = 0; kind < EDGE_KEY_KINDS; kind++) {
        struct edge_keys read = { .of = { { .known = false } } };
        enum edge_key_kind found = EDGE_KEY_KINDS;
        char text[EDGE_KEY_TEXT];

        edge_key_text((enum edge_key_kind)kind, &keys.of[kind], text);
        assert_true(edge_key_read(&read, text, &found));
        assert_int_equal(found, kind);
        assert_true(read.of[kind].known);
        assert_memory_equal(read.of[kind].bytes, keys.of[kind].bytes, EDGE_KEY_BYTES);
        /* A private key gives its public one. */
        if (kind == EDGE_KEY_SIGNING || kind == EDGE_KEY_BOX)
            assert_memory_equal(read.of[kind + 1].bytes, keys.of[kind + 1].bytes, EDGE_KEY_BYTES);
    }
}

static void other_texts_are_no_keys(void **state)
{
    static const char *const bad[] = {
        "", "delib-signature-privee", "delib-signature-privee:",
        "delib-signature-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",          /* 31 bytes */
        "delib-signature-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",          /* 33 */
        "delib-signature-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",           /* not padded */
        "delib-signature-privee:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= ",
        "delib-inconnue:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct edge_keys read = { .of = { { .known = false } } };
        enum edge_key_kind kind;

        assert_false(edge_key_read(&read, bad[i], &kind));
        assert_false(read.of[EDGE_KEY_SIGNING].known);
    }
}

/* ---- Closed and opened again: each with its own arena, so that memory can be counted ---- */

struct closed {
    const char *(*close)(struct arena *arena, struct slice text);
    bool (*open)(struct arena *arena, const char *closed, struct slice *out, const struct edge_keys *with);
};

static const char *seal(struct arena *arena, struct slice text)
{
    return edge_seal(arena, &keys.of[EDGE_KEY_BOX_PUBLIC], text);
}

static bool unseal(struct arena *arena, const char *closed, struct slice *out, const struct edge_keys *with)
{
    return edge_unseal(arena, with, closed, out);
}

static const char *lock(struct arena *arena, struct slice text)
{
    return edge_lock(arena, &keys.of[EDGE_KEY_PSEUDONYM], text);
}

static bool unlock(struct arena *arena, const char *closed, struct slice *out, const struct edge_keys *with)
{
    return edge_unlock(arena, &with->of[EDGE_KEY_PSEUDONYM], closed, out);
}

static const struct closed ways[] = { { seal, unseal }, { lock, unlock } };

static void what_is_closed_is_opened_by_its_key(void **state)
{
    static const char text[] = "622,50 € — un texte un peu plus long que le remplissage, qui est de 32 octets";

    (void)state;
    for (size_t way = 0; way < 2; way++) {
        for (size_t length = 0; length < sizeof text; length++) {
            struct arena arena;
            struct slice opened;
            const char *closed;

            arena_init(&arena, edge_allocator(), 0);
            closed = ways[way].close(&arena, (struct slice){ text, length });
            assert_non_null(closed);
            assert_true(ways[way].open(&arena, closed, &opened, &keys));
            assert_int_equal(opened.length, length);
            assert_memory_equal(opened.bytes, text, length);
            assert_false(ways[way].open(&arena, closed, &opened, &others));
            arena_release(&arena);
        }
    }
}

static void what_is_altered_is_not_opened(void **state)
{
    static const char *const bad[] = { "", "AAAA", "!!!!", "a", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" };

    (void)state;
    for (size_t way = 0; way < 2; way++) {
        struct arena arena;
        struct slice opened;
        const char *closed;
        char *changed;

        arena_init(&arena, edge_allocator(), 0);
        closed = ways[way].close(&arena, slice_of("oui"));
        for (size_t i = 0; closed[i]; i++) {
            if (closed[i] == '=')
                continue;
            changed = arena_copy_text(&arena, closed, strlen(closed));
            changed[i] = closed[i] == 'A' ? 'B' : 'A';
            assert_false(ways[way].open(&arena, changed, &opened, &keys));
        }
        for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
            assert_false(ways[way].open(&arena, bad[i], &opened, &keys));
        arena_release(&arena);
    }
}

/* « oui » and « non » cannot be told apart by their length, and the same text closed twice is not the same. */
static void lengths_tell_nothing(void **state)
{
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        struct arena arena;

        arena_init(&arena, edge_allocator(), 0);
        assert_int_equal(strlen(ways[way].close(&arena, slice_of("oui"))),
                         strlen(ways[way].close(&arena, slice_of("quotient inconnu"))));
        assert_string_not_equal(ways[way].close(&arena, slice_of("oui")), ways[way].close(&arena, slice_of("oui")));
        arena_release(&arena);
    }
}

/* Arenas that stop after any number of bytes. */
static void refused_memory_gives_nothing(void **state)
{
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        struct arena whole;
        const char *closed;
        unsigned refused = 0;

        arena_init(&whole, edge_allocator(), 0);
        closed = ways[way].close(&whole, slice_of("oui"));
        for (size_t limit = 16; limit <= 1000; limit += 16) {
            struct arena arena;
            struct slice opened;

            arena_init(&arena, edge_allocator(), limit);
            if (!ways[way].close(&arena, slice_of("oui"))) {
                assert_true(arena.exhausted);
                refused++;
            }
            arena_release(&arena);
            arena_init(&arena, edge_allocator(), limit);
            if (!ways[way].open(&arena, closed, &opened, &keys)) {
                assert_true(arena.exhausted);
                refused++;
            } else {
                assert_true(slice_is(opened, "oui"));
            }
            arena_release(&arena);
        }
        assert_true(refused > 4);
        arena_release(&whole);
    }
}

/* ---- Signatures ---- */

static void a_signature_is_of_its_key_and_its_text(void **state)
{
    static const char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const struct edge_key *public_key = &keys.of[EDGE_KEY_SIGNING_PUBLIC];
    struct arena arena;
    const char *signature;

    (void)state;
    arena_init(&arena, edge_allocator(), 0);
    signature = edge_sign(&arena, &keys.of[EDGE_KEY_SIGNING], hash);
    assert_true(edge_signature_is_of(public_key, hash, signature));
    assert_false(edge_signature_is_of(&others.of[EDGE_KEY_SIGNING_PUBLIC], hash, signature));
    assert_false(edge_signature_is_of(public_key, "0123", signature));
    assert_false(edge_signature_is_of(public_key, hash, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
    assert_false(edge_signature_is_of(public_key, hash, "pas de signature"));
    arena_release(&arena);
    arena_init(&arena, edge_allocator(), 16);
    assert_null(edge_sign(&arena, &keys.of[EDGE_KEY_SIGNING], hash));
    arena_release(&arena);
}

/* ---- Fingerprints, pseudonyms ---- */

static void fingerprints_are_those_of_b2sum(void **state)
{
    char hash[EDGE_HASH_TEXT];

    (void)state;
    edge_fingerprint(slice_of("abc"), hash);
    assert_string_equal(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_true(edge_hash_is_text(hash));
    hash[0] = 'G';
    assert_false(edge_hash_is_text(hash));
    hash[63] = '\0';
    assert_false(edge_hash_is_text(hash));
    assert_false(edge_hash_is_text(NULL));
}

static void a_pseudonym_is_of_its_key_its_name_and_its_value(void **state)
{
    char a[EDGE_RANDOM_TEXT(16)], b[EDGE_RANDOM_TEXT(16)];

    (void)state;
    edge_pseudonym(&keys.of[EDGE_KEY_PSEUDONYM], "qf", slice_of("622"), a);
    edge_pseudonym(&keys.of[EDGE_KEY_PSEUDONYM], "qf", slice_of("622"), b);
    assert_string_equal(a, b);
    edge_pseudonym(&keys.of[EDGE_KEY_PSEUDONYM], "qf", slice_of("623"), b);
    assert_string_not_equal(a, b);
    edge_pseudonym(&keys.of[EDGE_KEY_PSEUDONYM], "rfr", slice_of("622"), b);
    assert_string_not_equal(a, b);
    edge_pseudonym(&others.of[EDGE_KEY_PSEUDONYM], "qf", slice_of("622"), b);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_read_again),
        cmocka_unit_test(other_texts_are_no_keys),
        cmocka_unit_test(what_is_closed_is_opened_by_its_key),
        cmocka_unit_test(what_is_altered_is_not_opened),
        cmocka_unit_test(lengths_tell_nothing),
        cmocka_unit_test(refused_memory_gives_nothing),
        cmocka_unit_test(a_signature_is_of_its_key_and_its_text),
        cmocka_unit_test(fingerprints_are_those_of_b2sum),
        cmocka_unit_test(a_pseudonym_is_of_its_key_its_name_and_its_value),
    };

    return cmocka_run_group_tests_name("sodium", tests, make_keys, NULL);
}
