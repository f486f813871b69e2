/*
 * libdelib-io — the edge of Délib: demandes and other JSON or YAML texts, configuration, HTTP calls to the government
 * APIs. It stands on libdelib (delib.h), libcurl, jansson and libyaml. A host with its own HTTP stack can use the
 * exchanges below without the driver.
 *
 * A program that should not pay for libcurl when it calls nothing loads this library with dlopen and asks for one
 * symbol, "delib_io_entry_points"; a program that links it calls the functions directly. Both are the same functions.
 *
 * Conventions: texts are UTF-8 and NUL-terminated; a `const` pointer that is returned is borrowed from the handle it
 * comes from; `_free` accepts NULL. Nothing is printed. The environment, private files, the clock and the network are
 * reached only where a comment says so. No message, diagnostic or event holds a token, an identity, a query string
 * or an amount of the family.
 */
#ifndef DELIB_IO_H
#define DELIB_IO_H

#include "delib.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ texts: JSON and YAML */

typedef enum {
    DELIB_IO_AUTO,           /* JSON when the first character that is not a space is { or [, else YAML */
    DELIB_IO_JSON,
    DELIB_IO_YAML
} delib_io_format;

typedef struct {
    size_t size;
    size_t byte_limit;       /* 0: 64 MiB */
    size_t value_limit;      /* values in the whole text; 0: 4 000 000 */
    unsigned depth_limit;    /* nested lists and mappings; 0: 64. Never above 64 */
} delib_io_limits;

#define DELIB_IO_LIMITS_INIT { sizeof(delib_io_limits), 0, 0, 0 }

typedef struct delib_io_document delib_io_document;

/**
 * Read a JSON or YAML text into a tree of values.
 *
 * JSON strings are DELIB_VALUE_TEXT; numbers are DELIB_VALUE_NUMBER, exact, refused beyond 15 significant digits;
 * null is DELIB_VALUE_ABSENT. YAML scalars are DELIB_VALUE_TEXT whatever they look like, except ~, null and an empty
 * plain scalar (DELIB_VALUE_ABSENT). Objects and mappings are DELIB_VALUE_RECORD in the order of the text.
 * Duplicate keys, anchors, aliases, tags, several documents, invalid UTF-8, depth and sizes beyond the limits are
 * refused with a diagnostic (line and column).
 *
 * @param name  shown in diagnostics
 * @param out   owned by the caller; on DELIB_INVALID it serves its diagnostics only; NULL on DELIB_NO_MEMORY
 * @return DELIB_OK, DELIB_INVALID, DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_io_document_read(const char *name, const char *bytes, size_t length,
                                              delib_io_format format, const delib_io_limits *limits,
                                              delib_io_document **out);
DELIB_API void delib_io_document_free(delib_io_document *document);
DELIB_API const delib_value *delib_io_document_root(const delib_io_document *document);
/** Value of the key `name` of a record, or NULL. Keys compare byte by byte. */
DELIB_API const delib_value *delib_io_value_get(const delib_value *record, const char *name);
/** Place of a value of this document, from 1. DELIB_MISUSE when the value is not of this document. */
DELIB_API delib_status delib_io_document_place(const delib_io_document *document, const delib_value *value,
                                               unsigned *line, unsigned *column);
DELIB_API size_t delib_io_document_diagnostic_count(const delib_io_document *document);
DELIB_API delib_status delib_io_document_diagnostic(const delib_io_document *document, size_t index,
                                                    delib_diagnostic *out);

/* A JSON text being written, for `--json`. Errors are sticky and told by delib_io_json_finish(). */
typedef struct delib_io_json delib_io_json;

/** Owned by the caller (delib_io_json_free). DELIB_OK or DELIB_NO_MEMORY. */
DELIB_API delib_status delib_io_json_new(delib_io_json **out);
DELIB_API void delib_io_json_free(delib_io_json *json);
/** `key` is NULL inside a list and at the root. Keys keep the order of the calls. */
DELIB_API void delib_io_json_object(delib_io_json *json, const char *key);       /* closed by delib_io_json_end */
DELIB_API void delib_io_json_list(delib_io_json *json, const char *key);         /* closed by delib_io_json_end */
DELIB_API void delib_io_json_end(delib_io_json *json);
DELIB_API void delib_io_json_text(delib_io_json *json, const char *key, const char *text);   /* NULL text: null */
DELIB_API void delib_io_json_integer(delib_io_json *json, const char *key, int64_t value);
DELIB_API void delib_io_json_boolean(delib_io_json *json, const char *key, int value);
DELIB_API void delib_io_json_null(delib_io_json *json, const char *key);
/** units / 10^scale as a decimal string: "1.30". */
DELIB_API void delib_io_json_decimal(delib_io_json *json, const char *key, int64_t units, unsigned scale);
/** A whole tree. NUMBER without decimals: an integer, with decimals: a decimal string; NOT_GRANTED: null. */
DELIB_API void delib_io_json_value(delib_io_json *json, const char *key, const delib_value *value);
/**
 * The text of the one root value, borrowed from `json` until the next call on it. `pretty`: two spaces of
 * indentation. DELIB_MISUSE: a container is open, or keys were misplaced; DELIB_INVALID: a text was not UTF-8;
 * DELIB_NO_MEMORY.
 */
DELIB_API delib_status delib_io_json_finish(delib_io_json *json, int pretty, const char **text, size_t *length);

/* ------------------------------------------------------------------ demandes */

typedef struct delib_io_demande delib_io_demande;

/**
 * Read a demande: who the family is and what it answered (runtime/edge/README.md, « Demande »). Keys compare without
 * accents or case; unknown keys, missing and mistyped fields are refused, with the field, what was expected, the
 * line. « provenances » says which answers the family does not declare, as delib_session_set_from().
 *
 * @return DELIB_OK; DELIB_INVALID: *out serves its diagnostics only; DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_io_demande_read(const char *name, const char *bytes, size_t length,
                                             delib_io_format format, delib_io_demande **out);
/** The same from a value that the host built or read, for instance one line of a batch. Copied. Returns likewise. */
DELIB_API delib_status delib_io_demande_from(const char *name, const delib_value *value, delib_io_demande **out);
DELIB_API void delib_io_demande_free(delib_io_demande *demande);
DELIB_API const char *delib_io_demande_tarif(const delib_io_demande *demande);        /* NULL when not said */
DELIB_API const char *delib_io_demande_date(const delib_io_demande *demande);         /* ISO 8601; NULL */
DELIB_API const char *delib_io_demande_aujourd_hui(const delib_io_demande *demande);  /* ISO 8601; NULL */
/** 0 when the demande says « explication: false »: the session may be opened without trace. */
DELIB_API int delib_io_demande_explication(const delib_io_demande *demande);
/**
 * The dates that were retained for the session, when the demande does not say them or is not the one that decides:
 * rights that end and years of income are judged on them. ISO 8601, NULL: unchanged. DELIB_INVALID: not a date.
 */
DELIB_API delib_status delib_io_demande_at(delib_io_demande *demande, const char *date, const char *aujourd_hui);
DELIB_API size_t delib_io_demande_entree_count(const delib_io_demande *demande);
DELIB_API const char *delib_io_demande_entree_name(const delib_io_demande *demande, size_t index);
DELIB_API const delib_value *delib_io_demande_entree_value(const delib_io_demande *demande, size_t index);
/**
 * Give every `entrees` of the demande to the session (delib_session_set). DELIB_INVALID: at least one was refused;
 * each refusal is a diagnostic of the demande, with its line; the others are set.
 */
DELIB_API delib_status delib_io_demande_apply(delib_io_demande *demande, delib_session *session);
DELIB_API size_t delib_io_demande_diagnostic_count(const delib_io_demande *demande);
DELIB_API delib_status delib_io_demande_diagnostic(const delib_io_demande *demande, size_t index,
                                                   delib_diagnostic *out);

/* One field of a person that a function may need, under one of its modalities. Texts are static. */
typedef struct {
    const char *modality, *needs;    /* "identite", « son état civil »: one modality is enough */
    const char *name;                /* key of a person in a demande: "date_naissance" */
    const char *instead;             /* French: what may be given in its place; NULL */
    int required;                    /* 0: sent when it is known */
    int given;                       /* the demande has it, or what may be given in its place */
} delib_io_identity_field;

/**
 * What an API must know of a person before it can be called: fields by modality, in order.
 *
 * @param demande   what is known already; NULL: nothing
 * @param subject   the person: "demandeur"; NULL with a NULL demande
 * @return DELIB_OK; DELIB_MISUSE: `index` is out of range, or the function is not in the catalogue
 */
DELIB_API delib_status delib_io_identity(const delib_io_demande *demande, const char *subject, const char *function,
                                         size_t index, delib_io_identity_field *out);

/* ------------------------------------------------------------------ configuration */

typedef struct delib_io_config delib_io_config;

/**
 * Read a configuration (YAML; runtime/edge/README.md, « Configuration »). Nothing but the text is read: secrets are
 * fetched from the environment or from their private file when a call needs them, or by delib_io_config_check().
 *
 * @return DELIB_OK; DELIB_INVALID: *out serves its diagnostics only; DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_io_config_read(const char *name, const char *bytes, size_t length,
                                            delib_io_config **out);
/**
 * A configuration for a local `delib bac-a-sable`: every call goes to `address` ("http://127.0.0.1:8080", loopback
 * only), with the public fictive tokens and the recipient 13002526500013, whatever the finalité. Returns likewise.
 */
DELIB_API delib_status delib_io_config_local(const char *address, delib_io_config **out);
DELIB_API void delib_io_config_free(delib_io_config *config);
/**
 * Reach for every secret, as a call would (environment, private files), and keep none. DELIB_INVALID: a variable is
 * not set, a file is missing or readable by others…; the diagnostics say which, never the secret.
 */
DELIB_API delib_status delib_io_config_check(delib_io_config *config);
DELIB_API size_t delib_io_config_diagnostic_count(const delib_io_config *config);
DELIB_API delib_status delib_io_config_diagnostic(const delib_io_config *config, size_t index, delib_diagnostic *out);

/* ------------------------------------------------------------------ exchanges, for any HTTP stack */

typedef struct delib_io_exchange delib_io_exchange;

/* What must be sent. Borrowed from the exchange. */
typedef struct {
    size_t size;
    const char *method;              /* "GET" */
    const char *url;                 /* whole, query included: IT HOLDS THE IDENTITY, never log it */
    const char *logged_url;          /* without query or identifier: what may be logged */
    const char *const *headers;      /* "Accept: application/json"…, without any secret */
    size_t header_count;
    const char *credential;          /* label of the secret to add, "api_particulier/tarification_enfance" */
    long connect_timeout_ms, total_timeout_ms;
    size_t body_limit;               /* bytes of the answer, decompressed; beyond it: DELIB_IO_TOO_LARGE */
} delib_io_http_request;

/* What the transport saw when there is no usable HTTP answer. */
typedef enum {
    DELIB_IO_REFUSED,                /* nobody listens there */
    DELIB_IO_DNS,                    /* the host name is unknown */
    DELIB_IO_TLS,                    /* certificate or secure connection */
    DELIB_IO_CONNECT_TIMEOUT,
    DELIB_IO_TOTAL_TIMEOUT,
    DELIB_IO_RESET,                  /* connection cut before the answer */
    DELIB_IO_TRUNCATED,              /* connection cut within the answer */
    DELIB_IO_TOO_LARGE,
    DELIB_IO_ENCODING,               /* the compression of the body is wrong */
    DELIB_IO_REDIRECT,               /* redirections are never followed */
    DELIB_IO_CANCELLED,
    DELIB_IO_LOCAL,                  /* the client could not work: memory, library */
    DELIB_IO_PROTOCOL                /* what answers there is not an HTTP server */
} delib_io_fault;

/**
 * Prepare one request of a session: choose the habilitation, check the identity, build the URL. Never touches the
 * network; reads the system's clock, for a FranceConnect token that is too old and for the day on which rights are
 * judged when the demande says none. What cannot be sent (no habilitation,
 * identity incomplete…) has its answer at once.
 *
 * @param config, demande  borrowed until delib_io_exchange_free()
 * @param request          copied
 * @return DELIB_OK; DELIB_INVALID: the function is not in the catalogue; DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_io_exchange_new(const delib_io_config *config, const delib_io_demande *demande,
                                             const delib_request *request, delib_io_exchange **out);
DELIB_API void delib_io_exchange_free(delib_io_exchange *exchange);
/** DELIB_OK: *out must be sent. DELIB_MISUSE: there is nothing to send, the answer is known. */
DELIB_API delib_status delib_io_exchange_request(const delib_io_exchange *exchange, delib_io_http_request *out);
/**
 * The HTTP answer. `headers` is the raw header block ("Name: value\r\n"…) or NULL. `obtained`: ISO 8601 time, may be
 * NULL. After it delib_io_exchange_answer() is not NULL, whatever the bytes are. DELIB_OK; DELIB_MISUSE: it is answered
 * already; DELIB_NO_MEMORY.
 */
DELIB_API delib_status delib_io_exchange_receive(delib_io_exchange *exchange, int http_status, const char *headers,
                                                 size_t header_length, const char *body, size_t length,
                                                 const char *obtained);
/** The transport failed. DELIB_OK; DELIB_MISUSE: it is answered already; DELIB_NO_MEMORY. */
DELIB_API delib_status delib_io_exchange_fail(delib_io_exchange *exchange, delib_io_fault fault);
/** For delib_session_answer(); NULL while the exchange is waiting. Borrowed until delib_io_exchange_free(). */
DELIB_API const delib_answer *delib_io_exchange_answer(const delib_io_exchange *exchange);

typedef struct delib_io_decoded delib_io_decoded;

/**
 * Decode one HTTP answer without an exchange: always an answer when it returns DELIB_OK, whatever the bytes are.
 *
 * @param function    "api_particulier.quotient_familial"
 * @param today       ISO 8601, for rights that end; NULL: they are not judged
 * @return DELIB_OK, DELIB_INVALID (unknown function), DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_io_decode(const char *function, const char *today, int http_status, const char *headers,
                                       size_t header_length, const char *body, size_t length, delib_io_decoded **out);
DELIB_API const delib_answer *delib_io_decoded_answer(const delib_io_decoded *decoded);
DELIB_API void delib_io_decoded_free(delib_io_decoded *decoded);

/* ------------------------------------------------------------------ driver: HTTP by libcurl */

typedef struct delib_io_driver delib_io_driver;

/* One attempt, or an answer that needed none (attempt 0), for the operator's log. Borrowed during the call. */
typedef struct {
    size_t size;
    const char *function;            /* "api_particulier.quotient_familial" */
    const char *logged_url;          /* without query or identifier */
    int http_status;                 /* 0: no HTTP answer */
    const char *code;                /* of the answer, "valeur" for a value; NULL: it will be tried again */
    const char *request_id;          /* X-Request-ID or X-Correlation-ID, for the provider's support; NULL */
    long duration_ms, waited_ms;     /* of the attempt; before it, because of a quota */
    unsigned attempt;                /* from 1; 0: nothing was sent */
    int reused_connection;
} delib_io_event;

typedef struct {
    size_t size;
    void (*observe)(void *context, const delib_io_event *event);     /* NULL: nothing is told */
    int (*cancelled)(void *context);     /* asked at least every 100 ms; not 0: the calls stop. NULL: never */
    void *context;
    int64_t (*wall_clock)(void *context);    /* seconds since 1970; NULL: the system's clock */
    size_t cache_entries;                /* answers kept in memory for the life of the driver; 0: none */
    /*
     * Answers a request of a source that the host added (delib_engine_add_function), at once, on the thread of the
     * driver; *out is copied. Anything but DELIB_OK ends the evaluation with that status, DELIB_PENDING with
     * DELIB_MISUSE. NULL: such a request ends it with DELIB_INVALID.
     */
    delib_status (*answer)(void *context, const delib_io_demande *demande, const delib_request *request,
                           delib_answer *out);
    int patient;                         /* a batch: a used up quota is waited for, as long as the server says */
} delib_io_driver_options;

#define DELIB_IO_DRIVER_OPTIONS_INIT { sizeof(delib_io_driver_options), NULL, NULL, NULL, NULL, 0, NULL, 0 }

/**
 * `config` is borrowed until delib_io_driver_free(). One driver belongs to one thread at a time, and to the process
 * that made it: a child of fork() makes its own, the other is DELIB_MISUSE there. So is a driver that its own callbacks
 * use; they cannot release it.
 */
DELIB_API delib_status delib_io_driver_new(const delib_io_config *config, const delib_io_driver_options *options,
                                           delib_io_driver **out);
DELIB_API void delib_io_driver_free(delib_io_driver *driver);
/**
 * Evaluate to the end: delib_evaluate(), send the requests it needs in parallel, answer, and again. Quotas,
 * `Retry-After`, timeouts and open circuits are applied. A failed call is an answer, not a status of this function.
 *
 * @param demande  who the persons are; NULL is accepted where every source is one of the host
 * @return what delib_evaluate() returned last, never DELIB_PENDING; DELIB_NO_MEMORY; DELIB_MISUSE: jobs are under way
 */
DELIB_API delib_status delib_io_evaluate(delib_io_driver *driver, const delib_io_demande *demande,
                                         delib_session *session, delib_tariff tariff, delib_result *out);

/* Many families at once, for a batch: the caller keeps as many jobs in flight as it likes. */
typedef struct {
    const delib_io_demande *demande;
    delib_session *session;
    delib_tariff tariff;
    void *user;
    delib_status status;             /* once returned by delib_io_next() */
    delib_result result;             /* when status is DELIB_OK */
} delib_io_job;

/**
 * Start one job; it and what it points to are borrowed until delib_io_next() returns it; a session is in one job at a
 * time. DELIB_OK, whatever its own `status` will be; DELIB_NO_MEMORY; DELIB_MISUSE.
 */
DELIB_API delib_status delib_io_start(delib_io_driver *driver, delib_io_job *job);
/** Work until a job is finished, and return it; NULL when none is left. */
DELIB_API delib_io_job *delib_io_next(delib_io_driver *driver);

/* ------------------------------------------------------------------ JSON in, JSON out */

/* A fingerprint in hexadecimal (BLAKE2b, 256 bits) and its NUL. */
#define DELIB_IO_HASH_SIZE 65

/**
 * The fingerprint of everything that a program was made of: the act, its modules, the grids it reads, the edition of
 * the language. It names the rules in a journal, so that an explanation, a sheet and a decision can be told to be of
 * the same.
 *
 * @return DELIB_OK; DELIB_INVALID: a text is not UTF-8; DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_io_rules_hash(const delib_program *program, char out[DELIB_IO_HASH_SIZE]);
/** The same fingerprint (BLAKE2b, 256 bits, as `b2sum -l 256` gives it) of some bytes, a file for example. */
DELIB_API void delib_io_fingerprint(const char *bytes, size_t length, char out[DELIB_IO_HASH_SIZE]);

/**
 * The members of a result, in the object that is open: what the last delib_evaluate() of `session` gave in *result,
 * with its steps, its data and what is missing, as `delib calculer --json` writes them (cli/README.md).
 */
DELIB_API void delib_io_json_result(delib_io_json *json, const delib_session *session, const delib_result *result);

/**
 * Compute one family from the text of a demande, for hosts whose foreign function interface has no structures.
 *
 * @param demande_json  a demande in JSON (runtime/edge/README.md, « Demande »). Its `date` stands for the date of the
 *                      service, its `aujourd_hui` for today: no clock is read for them, and without a date the period
 *                      of application of the act is not looked at. « explication: false » leaves "étapes" and "données"
 *                      empty, and saves half of the time
 * @param driver        asks the sources, in parallel; NULL: they are never asked, a source is what `entrees` says
 * @param out_json      owned by the caller (delib_io_text_free). On DELIB_OK, the object of `delib calculer --json`:
 *                      "statut", "tarif", "montant" (a decimal text, or null), "unité", "étapes", "données",
 *                      "manquantes", "motif". On DELIB_INVALID: "erreur" and "diagnostics". NULL otherwise
 * @return DELIB_OK, whatever the « statut » is; DELIB_INVALID: the program or the demande is at fault; DELIB_NO_MEMORY;
 *         DELIB_LIMIT; DELIB_MISUSE
 */
DELIB_API delib_status delib_io_evaluate_json(delib_program *program, const char *demande_json,
                                              delib_io_driver *driver, char **out_json);
/** Releases a text that delib_io_evaluate_json() gave. NULL is accepted. */
DELIB_API void delib_io_text_free(char *text);

/* ------------------------------------------------------------------ journal
 *
 * Decisions, one JSON line each, chained by their fingerprints; layout, files beside and durability are in
 * runtime/edge/README.md, « Journal ». What an entry holds is enough to compute the decision again, and no more.
 */
typedef struct delib_io_journal delib_io_journal;

typedef struct {
    size_t size;
    int deferred;                        /* 1: an entry is safe from a power cut only after delib_io_journal_sync() */
    int existing;                        /* 1: a journal that is not there is refused instead of begun */
    int64_t (*wall_clock)(void *context);    /* seconds since 1970; NULL: the system's clock */
    void *context;
} delib_io_journal_options;

#define DELIB_IO_JOURNAL_OPTIONS_INIT { sizeof(delib_io_journal_options), 0, 0, NULL, NULL }

/**
 * Open a journal, or begin one. Several processes may have it open, a child of fork() with the handle of its parent
 * included: each entry takes a lock of its own. A handle belongs to one thread at a time; each thread may have its own.
 *
 * @param path  file of entries; « path.tete », « path.regles »… are beside it
 * @param out   owned by the caller (delib_io_journal_free); on DELIB_INVALID it serves its diagnostics only
 * @return DELIB_OK; DELIB_INVALID: the file cannot be used, or was tampered with; DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_io_journal_open(const char *path, const delib_io_journal_options *options,
                                             delib_io_journal **out);
DELIB_API void delib_io_journal_free(delib_io_journal *journal);
/**
 * Record the last evaluation of a session made with the options `record` and `trace`. To be called before the amount
 * is told to anybody: on DELIB_OK the entry is on the disk; on anything else it must not be told. Nothing may have been
 * given, answered or supposed since that evaluation.
 *
 * @param tariff     the handle that was evaluated
 * @param result     what delib_evaluate() gave
 * @param reference  the host's own name for the case (a file number); NULL
 * @return DELIB_OK; DELIB_INVALID: see the diagnostics (disk full, journal tampered with…); DELIB_NO_MEMORY;
 *         DELIB_MISUSE: also a session without `record` or `trace`, and a tariff or a result that is not that of its
 *         last evaluation
 */
DELIB_API delib_status delib_io_journal_record(delib_io_journal *journal, delib_session *session, delib_tariff tariff,
                                               const delib_result *result, const char *reference);
typedef struct {
    size_t size;
    const char *before;                /* "2021-01-01": what was recorded before that day; NULL: what the policy says */
    const char *finalite;                /* of those decisions alone, "sans_finalite" included; NULL: of all */
    const char *today;                 /* without `before`: durations are counted back from it; NULL: the clock's day */
} delib_io_journal_purge_options;

#define DELIB_IO_JOURNAL_PURGE_OPTIONS_INIT { sizeof(delib_io_journal_purge_options), NULL, NULL, NULL }

/**
 * Erase what is personal in old decisions. The chain stays provable: every fingerprint stays, and an entry says what
 * was purged. The journal is replaced at once, or left as it was.
 *
 * @param purged  how many decisions; 0 also when nothing was recorded of it
 * @return DELIB_OK; DELIB_INVALID: see the diagnostics; DELIB_NO_MEMORY; DELIB_MISUSE: a date is not one
 */
DELIB_API delib_status delib_io_journal_purge(delib_io_journal *journal, const delib_io_journal_purge_options *options,
                                              uint64_t *purged);
/* New keys for a policy; the public ones are written in it. */
typedef struct {
    char signing_public[96], box_public[96];
} delib_io_journal_keys;

/**
 * Make the folder and, in it, signature.cle, chiffrement.cle and pseudonymes.cle, for their owner alone. Nothing that
 * is there is replaced.
 *
 * @param problem  French sentence of DELIB_INVALID; a constant
 */
DELIB_API delib_status delib_io_journal_make_keys(const char *folder, delib_io_journal_keys *out, const char **problem);
/**
 * With `deferred`: what was recorded is on the disk when this returns DELIB_OK. Once it failed it fails again until the
 * journal is freed: what the disk has lost, asking again does not bring back.
 */
DELIB_API delib_status delib_io_journal_sync(delib_io_journal *journal);
/** Of the last call on the journal: errors, and one warning when a line cut by a crash was set aside. */
DELIB_API size_t delib_io_journal_diagnostic_count(const delib_io_journal *journal);
DELIB_API delib_status delib_io_journal_diagnostic(const delib_io_journal *journal, size_t index,
                                                   delib_diagnostic *out);

/* Reading a whole journal: its chain, and with `replay` every decision computed again from the recorded rules. */
typedef struct delib_io_audit delib_io_audit;

/* One entry whose fingerprints are right. Borrowed during the call. */
typedef struct {
    uint64_t line;
    const delib_value *entry;            /* E: runtime/edge/README.md, « Journal » */
    const delib_value *personal;       /* P, open as far as the keys open it; NULL when purged, or when there is none */
    int hidden;                          /* something is still closed */
} delib_io_audit_entry;

typedef struct {
    size_t size;
    int replay;
    delib_engine *engine;            /* compiles the recorded rules, with the host's own sources; NULL: a default one */
    const char *head;                    /* a fingerprint noted elsewhere, which must be in the chain; NULL */
    const char *signer;                /* public key: every entry must bear its signature; NULL: that which it states */
    const char *const *key_files;     /* private keys that open what the policy closed; readable by their owner alone */
    size_t key_file_count;
    void (*each)(void *context, const delib_io_audit_entry *entry);     /* NULL */
    void (*progress)(void *context, uint64_t lines);     /* every thousand lines; NULL */
    void *context;
} delib_io_audit_options;

#define DELIB_IO_AUDIT_OPTIONS_INIT { sizeof(delib_io_audit_options), 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL }

typedef struct {
    uint64_t lines, entries, decisions;  /* entries: lines that could be read */
    uint64_t signatures;                 /* that are right */
    uint64_t purged;                     /* decisions whose personal part was purged */
    uint64_t identical, different;       /* `replay`: bit for bit the same, or not */
    uint64_t reworded;                 /* `replay`: the same result, explained otherwise by another version; no fault */
    uint64_t unreplayable;               /* `replay`: purged, or encrypted without the key; never a fault */
    uint64_t faults;                     /* everything that is told by an error, beyond those that are kept too */
    const char *head;                    /* fingerprint of the last entry; borrowed from the audit */
    const char *signer;                  /* public key of the last right signature; NULL when there is none */
    const char *first_time, *last_time;  /* of the first and of the last entry; NULL when there is none */
} delib_io_audit_report;

/**
 * @param out  owned by the caller (delib_io_audit_free), also on DELIB_INVALID. Memory does not depend on the journal
 * @return DELIB_OK: nothing is wrong; DELIB_INVALID: the diagnostics say what, each with its line (the first hundred);
 *         DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_io_audit_run(const char *path, const delib_io_audit_options *options,
                                          delib_io_audit **out);
DELIB_API void delib_io_audit_free(delib_io_audit *audit);
/** DELIB_MISUSE: a pointer is NULL. */
DELIB_API delib_status delib_io_audit_report_get(const delib_io_audit *audit, delib_io_audit_report *out);
DELIB_API size_t delib_io_audit_diagnostic_count(const delib_io_audit *audit);
DELIB_API delib_status delib_io_audit_diagnostic(const delib_io_audit *audit, size_t index, delib_diagnostic *out);

/* ------------------------------------------------------------------ entry points for dlopen */

typedef struct {
    size_t size;                     /* sizeof(delib_io_api) of the library */
    const char *version;             /* DELIB_VERSION of the library */
    delib_status (*document_read)(const char *name, const char *bytes, size_t length, delib_io_format format,
                                  const delib_io_limits *limits, delib_io_document **out);
    void (*document_free)(delib_io_document *document);
    const delib_value *(*document_root)(const delib_io_document *document);
    const delib_value *(*value_get)(const delib_value *record, const char *name);
    delib_status (*document_place)(const delib_io_document *document, const delib_value *value, unsigned *line,
                                   unsigned *column);
    size_t (*document_diagnostic_count)(const delib_io_document *document);
    delib_status (*document_diagnostic)(const delib_io_document *document, size_t index, delib_diagnostic *out);

    delib_status (*json_new)(delib_io_json **out);
    void (*json_free)(delib_io_json *json);
    void (*json_object)(delib_io_json *json, const char *key);
    void (*json_list)(delib_io_json *json, const char *key);
    void (*json_end)(delib_io_json *json);
    void (*json_text)(delib_io_json *json, const char *key, const char *text);
    void (*json_integer)(delib_io_json *json, const char *key, int64_t value);
    void (*json_boolean)(delib_io_json *json, const char *key, int value);
    void (*json_null)(delib_io_json *json, const char *key);
    void (*json_decimal)(delib_io_json *json, const char *key, int64_t units, unsigned scale);
    void (*json_value)(delib_io_json *json, const char *key, const delib_value *value);
    delib_status (*json_finish)(delib_io_json *json, int pretty, const char **text, size_t *length);

    delib_status (*demande_read)(const char *name, const char *bytes, size_t length, delib_io_format format,
                                 delib_io_demande **out);
    delib_status (*demande_from)(const char *name, const delib_value *value, delib_io_demande **out);
    void (*demande_free)(delib_io_demande *demande);
    const char *(*demande_tarif)(const delib_io_demande *demande);
    const char *(*demande_date)(const delib_io_demande *demande);
    const char *(*demande_aujourd_hui)(const delib_io_demande *demande);
    size_t (*demande_entree_count)(const delib_io_demande *demande);
    const char *(*demande_entree_name)(const delib_io_demande *demande, size_t index);
    const delib_value *(*demande_entree_value)(const delib_io_demande *demande, size_t index);
    delib_status (*demande_apply)(delib_io_demande *demande, delib_session *session);
    size_t (*demande_diagnostic_count)(const delib_io_demande *demande);
    delib_status (*demande_diagnostic)(const delib_io_demande *demande, size_t index, delib_diagnostic *out);

    delib_status (*config_read)(const char *name, const char *bytes, size_t length, delib_io_config **out);
    delib_status (*config_local)(const char *address, delib_io_config **out);
    void (*config_free)(delib_io_config *config);
    delib_status (*config_check)(delib_io_config *config);
    size_t (*config_diagnostic_count)(const delib_io_config *config);
    delib_status (*config_diagnostic)(const delib_io_config *config, size_t index, delib_diagnostic *out);

    delib_status (*exchange_new)(const delib_io_config *config, const delib_io_demande *demande,
                                 const delib_request *request, delib_io_exchange **out);
    void (*exchange_free)(delib_io_exchange *exchange);
    delib_status (*exchange_request)(const delib_io_exchange *exchange, delib_io_http_request *out);
    delib_status (*exchange_receive)(delib_io_exchange *exchange, int http_status, const char *headers,
                                     size_t header_length, const char *body, size_t length, const char *obtained);
    delib_status (*exchange_fail)(delib_io_exchange *exchange, delib_io_fault fault);
    const delib_answer *(*exchange_answer)(const delib_io_exchange *exchange);
    delib_status (*decode)(const char *function, const char *today, int http_status, const char *headers,
                           size_t header_length, const char *body, size_t length, delib_io_decoded **out);
    const delib_answer *(*decoded_answer)(const delib_io_decoded *decoded);
    void (*decoded_free)(delib_io_decoded *decoded);

    delib_status (*driver_new)(const delib_io_config *config, const delib_io_driver_options *options,
                               delib_io_driver **out);
    void (*driver_free)(delib_io_driver *driver);
    delib_status (*evaluate)(delib_io_driver *driver, const delib_io_demande *demande, delib_session *session,
                             delib_tariff tariff, delib_result *out);
    delib_status (*start)(delib_io_driver *driver, delib_io_job *job);
    delib_io_job *(*next)(delib_io_driver *driver);
    delib_status (*demande_at)(delib_io_demande *demande, const char *date, const char *aujourd_hui);
    delib_status (*evaluate_json)(delib_program *program, const char *demande_json, delib_io_driver *driver,
                                  char **out_json);
    void (*text_free)(char *text);
    void (*json_result)(delib_io_json *json, const delib_session *session, const delib_result *result);
    delib_status (*journal_open)(const char *path, const delib_io_journal_options *options, delib_io_journal **out);
    void (*journal_free)(delib_io_journal *journal);
    delib_status (*journal_record)(delib_io_journal *journal, delib_session *session, delib_tariff tariff,
                                   const delib_result *result, const char *reference);
    delib_status (*journal_sync)(delib_io_journal *journal);
    delib_status (*journal_purge)(delib_io_journal *journal, const delib_io_journal_purge_options *options,
                                  uint64_t *purged);
    delib_status (*journal_make_keys)(const char *folder, delib_io_journal_keys *out, const char **problem);
    size_t (*journal_diagnostic_count)(const delib_io_journal *journal);
    delib_status (*journal_diagnostic)(const delib_io_journal *journal, size_t index, delib_diagnostic *out);
    delib_status (*audit_run)(const char *path, const delib_io_audit_options *options, delib_io_audit **out);
    void (*audit_free)(delib_io_audit *audit);
    delib_status (*audit_report_get)(const delib_io_audit *audit, delib_io_audit_report *out);
    size_t (*audit_diagnostic_count)(const delib_io_audit *audit);
    delib_status (*audit_diagnostic)(const delib_io_audit *audit, size_t index, delib_diagnostic *out);
    delib_status (*identity)(const delib_io_demande *demande, const char *subject, const char *function, size_t index,
                             delib_io_identity_field *out);
    int (*demande_explication)(const delib_io_demande *demande);
    delib_status (*rules_hash)(const delib_program *program, char out[DELIB_IO_HASH_SIZE]);
    void (*fingerprint)(const char *bytes, size_t length, char out[DELIB_IO_HASH_SIZE]);
} delib_io_api;

/** The table of this library; its type is `const delib_io_api *(*)(void)`. New members are added at the end only. */
DELIB_API const delib_io_api *delib_io_entry_points(void);

#ifdef __cplusplus
}
#endif

#endif
