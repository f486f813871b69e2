/*
 * Cryptography by libsodium: the only file that includes sodium.h.
 */
#include "edge_sodium.h"

#include <sodium.h>
#include <string.h>

bool edge_sodium_start(void)
{
    return sodium_init() >= 0;
}

void edge_fingerprint(struct slice text, char out[EDGE_HASH_TEXT])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)text.bytes, text.length, NULL, 0);
    sodium_bin2hex(out, EDGE_HASH_TEXT, hash, sizeof(hash));
}

bool edge_hash_is_text(const char *text)
{
    return text && strlen(text) == EDGE_HASH_TEXT - 1 && strspn(text, "0123456789abcdef") == EDGE_HASH_TEXT - 1;
}

void edge_random_text(char *out, size_t bytes)
{
    unsigned char random[32];
    bytes = bytes < sizeof(random) ? bytes : sizeof(random);
    randombytes_buf(random, bytes);
    sodium_bin2hex(out, 2 * bytes + 1, random, bytes);
}

/* ------------------------------------------------------------------ base64 */

static const char *edge_base64(struct arena *arena, const unsigned char *bytes, size_t length)
{
    const size_t size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_array(arena, char, size);
    return out ? sodium_bin2base64(out, size, bytes, length, sodium_base64_VARIANT_ORIGINAL) : NULL;
}

/* Bytes in the arena; NULL: not base64, or memory. */
static unsigned char *edge_bytes_of(struct arena *arena, const char *text, size_t *length)
{
    const size_t most = strlen(text) / 4 * 3 + 3;
    unsigned char *bytes = arena_array(arena, unsigned char, most);
    if (!bytes || sodium_base642bin(bytes, most, text, strlen(text), NULL, length, NULL,
                                    sodium_base64_VARIANT_ORIGINAL) != 0)
        return NULL;
    return bytes;
}

/* ------------------------------------------------------------------ keys */

static const char *const edge_key_names[EDGE_KEY_KINDS] = {
    [EDGE_KEY_SIGNING] = "delib-signature-privee:",
    [EDGE_KEY_SIGNING_PUBLIC] = "delib-signature-publique:",
    [EDGE_KEY_BOX] = "delib-chiffrement-privee:",
    [EDGE_KEY_BOX_PUBLIC] = "delib-chiffrement-publique:",
    [EDGE_KEY_PSEUDONYM] = "delib-pseudonyme-privee:",
};

/* A private key gives its public one. */
static void edge_key_complete(struct edge_keys *keys, enum edge_key_kind kind)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    if (kind == EDGE_KEY_SIGNING) {
        crypto_sign_seed_keypair(keys->of[EDGE_KEY_SIGNING_PUBLIC].bytes, secret, keys->of[kind].bytes);
        sodium_memzero(secret, sizeof(secret));
        keys->of[EDGE_KEY_SIGNING_PUBLIC].known = true;
    } else if (kind == EDGE_KEY_BOX) {
        crypto_scalarmult_base(keys->of[EDGE_KEY_BOX_PUBLIC].bytes, keys->of[kind].bytes);
        keys->of[EDGE_KEY_BOX_PUBLIC].known = true;
    }
}

bool edge_key_read(struct edge_keys *keys, const char *text, enum edge_key_kind *kind)
{
    for (int i = 0; i < EDGE_KEY_KINDS; i++) {
        const size_t prefix = strlen(edge_key_names[i]);
        struct edge_key *key = &keys->of[i];
        size_t length = 0;
        if (strncmp(text, edge_key_names[i], prefix) != 0)
            continue;
        if (sodium_base642bin(key->bytes, sizeof(key->bytes), text + prefix, strlen(text + prefix), NULL, &length,
                              NULL, sodium_base64_VARIANT_ORIGINAL) != 0 || length != sizeof(key->bytes))
            return false;
        key->known = true;
        *kind = (enum edge_key_kind)i;
        edge_key_complete(keys, *kind);
        return true;
    }
    return false;
}

void edge_key_text(enum edge_key_kind kind, const struct edge_key *key, char out[EDGE_KEY_TEXT])
{
    const size_t prefix = strlen(edge_key_names[kind]);
    memcpy(out, edge_key_names[kind], prefix);
    sodium_bin2base64(out + prefix, EDGE_KEY_TEXT - prefix, key->bytes, sizeof(key->bytes),
                      sodium_base64_VARIANT_ORIGINAL);
}

void edge_keys_make(struct edge_keys *keys)
{
    static const enum edge_key_kind private_ones[] = { EDGE_KEY_SIGNING, EDGE_KEY_BOX, EDGE_KEY_PSEUDONYM };
    for (size_t i = 0; i < sizeof(private_ones) / sizeof(*private_ones); i++) {
        struct edge_key *key = &keys->of[private_ones[i]];
        randombytes_buf(key->bytes, sizeof(key->bytes));
        key->known = true;
        edge_key_complete(keys, private_ones[i]);
    }
}

/* ------------------------------------------------------------------ signatures */

/* The words in front keep a signature from being taken for one of something else. */
static size_t edge_signed_text(const char *hash, char out[128])
{
    static const char words[] = "delib-journal-1:";
    const size_t length = strlen(hash) < 96 ? strlen(hash) : 96;
    memcpy(out, words, sizeof(words) - 1);
    memcpy(out + sizeof(words) - 1, hash, length);   /* signed bytes. NOLINT(bugprone-not-null-terminated-result) */
    return sizeof(words) - 1 + length;
}

const char *edge_sign(struct arena *arena, const struct edge_key *key, const char *hash)
{
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    unsigned char signature[crypto_sign_BYTES];
    char text[128];
    const size_t length = edge_signed_text(hash, text);
    crypto_sign_seed_keypair(public_key, secret, key->bytes);
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, length, secret);
    sodium_memzero(secret, sizeof(secret));
    return edge_base64(arena, signature, sizeof(signature));
}

bool edge_signature_is_of(const struct edge_key *public_key, const char *hash, const char *signature)
{
    unsigned char bytes[crypto_sign_BYTES];
    char text[128];
    const size_t length = edge_signed_text(hash, text);
    size_t found = 0;
    return sodium_base642bin(bytes, sizeof(bytes), signature, strlen(signature), NULL, &found, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0
           && found == sizeof(bytes)
           && crypto_sign_verify_detached(bytes, (const unsigned char *)text, length, public_key->bytes) == 0;
}

/* ------------------------------------------------------------------ encryption */

#define EDGE_PADDING 32

/* A copy, padded, so that « oui » and « non » have one length. */
static unsigned char *edge_padded(struct arena *arena, struct slice text, size_t *length)
{
    unsigned char *padded = arena_array(arena, unsigned char, text.length + EDGE_PADDING);
    if (!padded)
        return NULL;
    memcpy(padded, text.bytes, text.length);
    sodium_pad(length, padded, text.length, EDGE_PADDING, text.length + EDGE_PADDING);
    return padded;
}

static bool edge_unpadded(unsigned char *bytes, size_t length, struct slice *out)
{
    size_t text = 0;
    if (sodium_unpad(&text, bytes, length, EDGE_PADDING) != 0)
        return false;
    *out = (struct slice){ (const char *)bytes, text };
    return true;
}

const char *edge_seal(struct arena *arena, const struct edge_key *public_key, struct slice text)
{
    size_t length = 0;
    unsigned char *padded = edge_padded(arena, text, &length);
    unsigned char *sealed = arena_array(arena, unsigned char, length + crypto_box_SEALBYTES);
    if (!padded || !sealed || crypto_box_seal(sealed, padded, length, public_key->bytes) != 0)
        return NULL;
    return edge_base64(arena, sealed, length + crypto_box_SEALBYTES);
}

bool edge_unseal(struct arena *arena, const struct edge_keys *keys, const char *sealed, struct slice *out)
{
    size_t length = 0;
    unsigned char *bytes = edge_bytes_of(arena, sealed, &length);
    unsigned char *plain = arena_array(arena, unsigned char, length + 1);
    return bytes && plain && length > crypto_box_SEALBYTES
           && crypto_box_seal_open(plain, bytes, length, keys->of[EDGE_KEY_BOX_PUBLIC].bytes,
                                   keys->of[EDGE_KEY_BOX].bytes) == 0
           && edge_unpadded(plain, length - crypto_box_SEALBYTES, out);
}

/* ------------------------------------------------------------------ pseudonyms */

/* One key serves two purposes through two keys made from it. */
static void edge_derive(const struct edge_key *key, uint64_t purpose, unsigned char out[32])
{
    crypto_kdf_derive_from_key(out, 32, purpose, "delibjnl", key->bytes);
}

void edge_pseudonym(const struct edge_key *key, const char *name, struct slice text, char out[EDGE_RANDOM_TEXT(16)])
{
    unsigned char derived[32], hash[16];
    crypto_generichash_state state;
    edge_derive(key, 1, derived);
    crypto_generichash_init(&state, derived, sizeof(derived), sizeof(hash));
    crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text.bytes, text.length);
    crypto_generichash_final(&state, hash, sizeof(hash));
    sodium_memzero(derived, sizeof(derived));
    sodium_bin2hex(out, EDGE_RANDOM_TEXT(16), hash, sizeof(hash));
}

const char *edge_lock(struct arena *arena, const struct edge_key *key, struct slice text)
{
    unsigned char derived[32];
    size_t length = 0;
    unsigned char *padded = edge_padded(arena, text, &length);
    const size_t whole = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + length;
    unsigned char *box = arena_array(arena, unsigned char, whole);
    if (!padded || !box)
        return NULL;
    edge_derive(key, 2, derived);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, padded, length, box, derived);
    sodium_memzero(derived, sizeof(derived));
    return edge_base64(arena, box, whole);
}

bool edge_unlock(struct arena *arena, const struct edge_key *key, const char *locked, struct slice *out)
{
    const size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    unsigned char derived[32];
    size_t length = 0;
    unsigned char *box = edge_bytes_of(arena, locked, &length);
    unsigned char *plain = arena_array(arena, unsigned char, length + 1);
    bool opened;
    if (!box || !plain || length <= overhead)
        return false;
    edge_derive(key, 2, derived);
    opened = crypto_secretbox_open_easy(plain, box + crypto_secretbox_NONCEBYTES,
                                        length - crypto_secretbox_NONCEBYTES, box, derived) == 0;
    sodium_memzero(derived, sizeof(derived));
    return opened && edge_unpadded(plain, length - overhead, out);
}
