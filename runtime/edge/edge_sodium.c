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
