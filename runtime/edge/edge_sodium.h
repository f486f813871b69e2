/*
 * What the journal asks of cryptography: fingerprints, random bytes, keys, signatures, encryption, pseudonyms.
 * Fingerprints and pseudonyms are hexadecimal; keys are texts that say what they are for; the rest is base64.
 */
#ifndef EDGE_SODIUM_H
#define EDGE_SODIUM_H

#include "edge_base.h"

#define EDGE_HASH_TEXT 65               /* 32 bytes in hexadecimal, and NUL */
#define EDGE_RANDOM_TEXT(bytes) (2 * (bytes) + 1)

/* Once per handle; false when the library cannot be used. Safe from any thread. */
bool edge_sodium_start(void);
/* BLAKE2b of 32 bytes: what `b2sum -l 256` prints. */
void edge_fingerprint(struct slice text, char out[EDGE_HASH_TEXT]);
bool edge_hash_is_text(const char *text);
/* `out` has EDGE_RANDOM_TEXT(bytes); bytes ≤ 32. */
void edge_random_text(char *out, size_t bytes);

/* ------------------------------------------------------------------ keys */

enum edge_key_kind {
    EDGE_KEY_SIGNING, EDGE_KEY_SIGNING_PUBLIC, EDGE_KEY_BOX, EDGE_KEY_BOX_PUBLIC, EDGE_KEY_PSEUDONYM,
    EDGE_KEY_KINDS
};

#define EDGE_KEY_BYTES 32
#define EDGE_KEY_TEXT 96                /* "delib-chiffrement-publique:" and base64 */

struct edge_key {
    bool known;
    unsigned char bytes[EDGE_KEY_BYTES];
};

/* By kind. */
struct edge_keys {
    struct edge_key of[EDGE_KEY_KINDS];
};

/* The kind that the text states, its bytes added to `keys`, and the public key that follows from a private one. */
bool edge_key_read(struct edge_keys *keys, const char *text, enum edge_key_kind *kind);
void edge_key_text(enum edge_key_kind kind, const struct edge_key *key, char out[EDGE_KEY_TEXT]);
/* New private keys and their public ones. */
void edge_keys_make(struct edge_keys *keys);

/* ------------------------------------------------------------------ signatures, encryption */

/* Signature of a fingerprint, in the arena. NULL: memory. */
const char *edge_sign(struct arena *arena, const struct edge_key *key, const char *hash);
bool edge_signature_is_of(const struct edge_key *public_key, const char *hash, const char *signature);
/* To a public key: only the private one reads it. NULL: memory. Lengths are told by steps of 32 bytes. */
const char *edge_seal(struct arena *arena, const struct edge_key *public_key, struct slice text);
/* False: not for this key, or altered. */
bool edge_unseal(struct arena *arena, const struct edge_keys *keys, const char *sealed, struct slice *out);
/* The same text under the same name has the same pseudonym, and nothing else tells what it is. */
void edge_pseudonym(const struct edge_key *key, const char *name, struct slice text, char out[EDGE_RANDOM_TEXT(16)]);
/* What is kept beside a pseudonym, for who holds the key. */
const char *edge_lock(struct arena *arena, const struct edge_key *key, struct slice text);
bool edge_unlock(struct arena *arena, const struct edge_key *key, const char *locked, struct slice *out);

#endif
