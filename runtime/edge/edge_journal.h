/*
 * What the files of the journal share: its files, its entries as they are written and read, its chain.
 *
 * A line is {"entrée":E,"personnel":P,"empreinte":"H"} or the same with ,"signature":"S" before the last brace,
 * without a space. H is the hash of the bytes of E; E holds the hash of the bytes of P and the H of the line before.
 * A purge writes null in the place of P, and every H stays true.
 */
#ifndef EDGE_JOURNAL_H
#define EDGE_JOURNAL_H

#include "edge_secret.h"
#include "edge_sodium.h"

#define EDGE_JOURNAL_FORMAT 1
#define EDGE_JOURNAL_LINE_LIMIT ((size_t)4 << 20)       /* bytes of one line */
#define EDGE_JOURNAL_RULES_LIMIT ((size_t)256 << 20)    /* bytes of one file of rules */
#define EDGE_JOURNAL_FIRST "0000000000000000000000000000000000000000000000000000000000000000"

/* ------------------------------------------------------------------ files: edge_journal_file.c */

/* Beside the journal J. */
struct edge_journal_paths {
    const char *journal;                /* J: one entry a line */
    const char *head;                   /* J.tete: number and hash of the last entry; also the lock */
    const char *rules;                  /* J.regles: folder of <hash>.json */
    const char *scrap;                  /* J.rebut: lines that a crash cut */
    const char *policy;                 /* J.politique.yaml */
    const char *fresh;                  /* J.nouveau: while a purge rewrites */
};

bool edge_journal_paths(struct arena *arena, const char *path, struct edge_journal_paths *out);
/* A whole file in the arena, at most `limit` bytes. 0, or errno (EFBIG beyond the limit). */
int edge_journal_read_file(struct arena *arena, const char *path, size_t limit, struct slice *out);
/* Makes the file whole or not at all, on the disk when it returns. 0 or errno. */
int edge_journal_write_file(struct arena *arena, const char *path, struct slice text);
/* All the bytes, or an errno. */
int edge_journal_write_all(int file, struct slice text);
/* The names of the folder of `path`, on the disk. 0 or errno. */
int edge_journal_sync_folder(struct arena *arena, const char *path);
/* Number and hash of the last entry that the witness knows; false: it is not one. `hash` may be NULL. */
bool edge_journal_read_head(struct arena *arena, struct slice text, int64_t *number, char hash[EDGE_HASH_TEXT]);
/* « impossible d'écrire le journal : l'espace disque est épuisé » */
const char *edge_journal_reason(int error);

/* ------------------------------------------------------------------ values: edge_journal_value.c */

/* A value of a session as JSON that says what it was: see runtime/edge/README.md, « Journal ». */
void edge_journal_write_value(delib_io_json *json, const char *key, const delib_value *value);
/* False when the JSON says nothing of the kind. */
bool edge_journal_read_value(struct arena *arena, const delib_value *json, delib_value *out);

/* ------------------------------------------------------------------ rules: edge_journal_rules.c */

/*
 * The text of the file of rules of a program, in the arena, and its hash, which names the file. DELIB_INVALID: not
 * UTF-8.
 */
delib_status edge_journal_rules_text(struct arena *arena, const delib_program *program, struct slice *out,
                                     char hash[EDGE_HASH_TEXT]);
/* Writes J.regles/<hash><extension> when it is not there. 0 or errno. */
int edge_journal_rules_keep(struct arena *arena, const struct edge_journal_paths *paths, struct slice text,
                            const char *hash, const char *extension);
/*
 * Compiles recorded rules; `engine`: NULL for a default one. NULL, with a French sentence in *problem, when they
 * are missing, altered or refused.
 */
delib_program *edge_journal_rules_open(struct arena *arena, const struct edge_journal_paths *paths,
                                       delib_engine *engine, const char *hash, const char **problem);

/* ------------------------------------------------------------------ policy: edge_journal_policy.c */

/* How a personal field is kept, the weakest first. */
enum edge_treatment { EDGE_KEPT, EDGE_PSEUDONYMISED, EDGE_ENCRYPTED };

struct edge_retention {
    const char *finalite;
    int64_t months;
};

struct edge_policy {
    char hash[EDGE_HASH_TEXT];          /* of its text */
    struct slice text;
    struct edge_diagnostics *told;      /* what is told of its text */
    enum edge_treatment others, result, reference;      /* others: data that are not named */
    struct { struct { const char *name; enum edge_treatment treatment; } *items; size_t count, capacity; } data;
    const char *box_public;             /* text of the key; NULL */
    struct edge_secret pseudonym, signing;
    struct { struct edge_retention *items; size_t count, capacity; } retentions;
};

/* J.politique.yaml, read and checked. False: *out is NULL when there is none; else it was reported. */
bool edge_policy_open(struct arena *arena, struct edge_diagnostics *diagnostics,
                      const struct edge_journal_paths *paths, struct edge_policy **out);
/* The keys that writing needs, fetched; what is missing is reported. */
bool edge_policy_keys(const struct edge_policy *policy, struct edge_diagnostics *diagnostics, struct edge_keys *keys);
enum edge_treatment edge_policy_treatment(const struct edge_policy *policy, const char *name);
/* Months that a finalité (NULL: « sans_finalite ») is kept; 0: for ever. */
int64_t edge_policy_retention(const struct edge_policy *policy, const char *finalite);

/* ------------------------------------------------------------------ protection: edge_journal_protect.c */

struct edge_protection {
    struct arena *arena;
    const struct edge_policy *policy;   /* NULL: everything is kept as it is */
    const struct edge_keys *keys;
    enum edge_treatment strongest;      /* of what was written so far */
    bool failed;                        /* memory */
};

/*
 * Writes the member `key`, `write` giving its value, as the treatment wants: the value itself, {"chiffré":…} or
 * {"pseudonyme":…,"secret":…}. `name` tells fields apart.
 */
void edge_protect(struct edge_protection *protection, delib_io_json *json, const char *key, const char *name,
                  enum edge_treatment treatment,
                  void (*write)(delib_io_json *json, const char *key, const void *value), const void *value);

enum edge_reveal { EDGE_REVEALED, EDGE_NO_KEY, EDGE_REVEAL_FAILED };
/* The value behind a member that was read, in the arena: itself when it was kept. */
enum edge_reveal edge_reveal(struct arena *arena, const struct edge_keys *keys, const delib_value *member,
                             const delib_value **out);
/* A copy of P where what the keys open is open; *hidden: something is not. NULL: memory. */
const delib_value *edge_reveal_all(struct arena *arena, const struct edge_keys *keys, const delib_value *personal,
                                   bool *hidden);

/* ------------------------------------------------------------------ entries: edge_journal_entry.c */

/* What the journal says of an entry, beside the evaluation. */
struct edge_journal_stamp {
    const char *kind;                   /* "décision"… */
    int64_t number;
    const char *previous;               /* hash */
    const char *rules, *policy;         /* hashes; NULL */
    int64_t time;                       /* seconds since 1970 */
    const struct edge_keys *keys;       /* to sign with, when the signing key is known */
};

/* What an entry of some kind adds to E, and to P unless `write_personal` is NULL. */
struct edge_journal_body {
    void (*write_public)(delib_io_json *json, void *context);
    void (*write_personal)(delib_io_json *json, void *context);
    void *context;
    const delib_status *status;         /* of `write_personal`: not DELIB_OK when something could not be read */
};

/* The line, its end included, in the arena, and its hash. DELIB_INVALID: a text is not UTF-8. */
delib_status edge_journal_line(struct arena *arena, const struct edge_journal_stamp *stamp,
                               const struct edge_journal_body *body, struct slice *out, char hash[EDGE_HASH_TEXT]);

/* A line read. Values and texts are in the arena of the reading. */
struct edge_journal_entry {
    const delib_value *public, *personal;       /* personal: NULL when it was purged, or has none */
    const char *kind, *id, *previous, *rules, *time;
    const char *hash, *signature, *signer;      /* signer: the public key that E names; both NULL without signature */
    int64_t number;
    bool purged;
};

enum edge_journal_fault {
    EDGE_LINE_OK,
    EDGE_LINE_UNREADABLE,               /* reported */
    EDGE_LINE_NEWER,                    /* reported: of a format that this version does not know */
    EDGE_LINE_ALTERED                   /* reported; the entry is filled all the same */
};

/* Reads and checks one line, without its end; what is wrong is reported at `line`. */
enum edge_journal_fault edge_journal_read_line(struct arena *arena, struct edge_diagnostics *diagnostics,
                                               struct slice text, unsigned line, struct edge_journal_entry *out);
/* The line of an entry, null in the place of its personal part, added to `out`. False: memory. */
bool edge_journal_without_personal(struct slice text, struct strbuf *out);
/* Members of a record that was read; NULL when absent or of another kind. */
const char *edge_member_text(const delib_value *record, const char *name);
bool edge_member_integer(const delib_value *record, const char *name, int64_t *out);

/* ------------------------------------------------------------------ evaluation: edge_journal_trace.c */

struct edge_journal_decision {
    delib_session *session;
    const delib_result *result;
    delib_session_context context;
    const char *tariff;                 /* as it was asked; NULL: the one that an input names, or the only one */
    const char *finalite;               /* NULL */
    const char *reference;              /* of the host; NULL */
    const char *trace;                  /* hash */
    struct edge_protection *protection;
    delib_status status;                /* of the writing: an answer that could not be read back */
};

extern const char *const edge_journal_answers[];        /* by delib_answer_kind: "valeur", "absence"… */

/* The members of E and of P that a decision adds; `context` is a struct edge_journal_decision. */
void edge_journal_write_decision(delib_io_json *json, void *context);
void edge_journal_write_personal(delib_io_json *json, void *context);
/* Hash of everything that the explanation says. */
delib_status edge_journal_trace(struct arena *arena, const delib_session *session, const delib_result *result,
                                char hash[EDGE_HASH_TEXT]);

/* ------------------------------------------------------------------ replay: edge_journal_replay.c */

struct edge_journal_replay;

/* REWORDED: the same result, told in other words by another version of the engine. */
enum edge_replay_outcome {
    EDGE_REPLAY_SAME, EDGE_REPLAY_REWORDED, EDGE_REPLAY_DIFFERENT, EDGE_REPLAY_IMPOSSIBLE, EDGE_REPLAY_FAULT
};

/* All borrowed; `engine` may be NULL. NULL: memory. */
struct edge_journal_replay *edge_journal_replay_new(const struct edge_journal_paths *paths, delib_engine *engine,
                                                    const struct edge_keys *keys);
void edge_journal_replay_free(struct edge_journal_replay *replay);
/* Computes a decision again and compares; differences and faults are reported at `line`. */
enum edge_replay_outcome edge_journal_replay_entry(struct edge_journal_replay *replay, struct arena *arena,
                                                   struct edge_diagnostics *diagnostics,
                                                   const struct edge_journal_entry *entry, unsigned line);

#endif
