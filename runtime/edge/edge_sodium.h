/*
 * What the journal asks of cryptography: fingerprints, random bytes, signatures, encryption. Texts are hexadecimal.
 */
#ifndef EDGE_SODIUM_H
#define EDGE_SODIUM_H

#include "edge_base.h"

#define EDGE_HASH_TEXT 65               /* 32 bytes in hexadecimal, and NUL */
#define EDGE_SIGNATURE_TEXT 129
#define EDGE_RANDOM_TEXT(bytes) (2 * (bytes) + 1)

/* Once per handle; false when the library cannot be used. Safe from any thread. */
bool edge_sodium_start(void);
/* BLAKE2b of 32 bytes: what `b2sum -l 256` prints. */
void edge_fingerprint(struct slice text, char out[EDGE_HASH_TEXT]);
bool edge_hash_is_text(const char *text);
/* `out` has EDGE_RANDOM_TEXT(bytes); bytes ≤ 32. */
void edge_random_text(char *out, size_t bytes);

#endif
