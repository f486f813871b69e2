/*
 * libdelib — the interpreter of Délib, the language in which a French commune writes its tariff délibération.
 *
 * One engine compiles programs; a program is immutable and may be shared by threads; a session holds the data of one
 * family and belongs to one thread at a time. Evaluation is pure: it finishes, or it says which external requests it
 * needs (DELIB_PENDING); the host, or the bundled driver of libdelib-io, answers them and evaluates again.
 *
 * The library never prints, exits, aborts, reads a file, a clock, the environment or the network, and keeps no global
 * state. Texts are UTF-8, NUL-terminated. Amounts are exact decimals. C99 and C++ compatible.
 *
 * A NULL that is not said to be accepted, an index out of range, a structure without its size or a tree of values whose
 * pointers are not there is DELIB_MISUSE, 0 or NULL, and changes nothing; a handle already released cannot be told from
 * another. A callback of the host returns: neither longjmp() nor an exception of C++ may cross the library. `size` is
 * the first member of the structures that may grow: their _INIT sets it, and a host compiled with an older or a newer
 * header gets the defaults of what it does not know.
 *
 * Files that a comment names (runtime/edge/README.md) are in the sources, and at the same place in the documentation
 * that is installed (share/doc/delib; share/doc/libdelib-dev on Debian).
 */
#ifndef DELIB_H
#define DELIB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DELIB_API __attribute__((visibility("default")))
#else
#define DELIB_API
#endif

#define DELIB_VERSION "0.1.0"
/* Edition of the language and of its built-in functions: another one when the same text could give another result. */
#define DELIB_LANGUAGE 1

/* What a call did. Nothing else is returned; details of DELIB_INVALID are diagnostics or delib_session_error(). */
typedef enum {
    DELIB_OK = 0,
    DELIB_PENDING,        /* requests are waiting: delib_session_request() */
    DELIB_INVALID,        /* the text, a name or a value is at fault */
    DELIB_NO_MEMORY,      /* the allocator refused */
    DELIB_LIMIT,          /* a number does not fit where it must go: the function says which */
    DELIB_MISUSE,         /* a call that the documentation excludes */
    DELIB_INTERNAL        /* a fault of ours: please report it */
} delib_status;

/* What a computation came to. */
typedef enum {
    DELIB_CALCULE,                /* « calculé » */
    DELIB_NON_PREVU,              /* « non prévu »: the act does not say */
    DELIB_DECISION_INDIVIDUELLE,  /* « décision individuelle »: a person must decide */
    DELIB_A_COMPLETER,            /* « à compléter »: an answer is missing */
    DELIB_DONNEE_INVALIDE,        /* « donnée invalide »: a value outside its domain */
    DELIB_SOURCE_INDISPONIBLE,    /* « source indisponible »: a source failed or refused */
    DELIB_SANS_OBJET              /* « sans objet »: no alternative applies */
} delib_statut;

typedef struct delib_engine delib_engine;
typedef struct delib_program delib_program;
typedef struct delib_session delib_session;

/* realloc-like: size 0 releases. Must be callable from every thread that uses the engine. */
typedef void *(*delib_resize)(void *context, void *block, size_t size);

typedef struct {
    size_t size;                    /* sizeof(delib_options), set by DELIB_OPTIONS_INIT */
    delib_resize resize;            /* NULL: the C library's realloc and free */
    void *resize_context;
    size_t source_limit;            /* bytes of one source; beyond: a diagnostic. 0: 16 MiB */
    size_t memory_limit;            /* bytes of one program or one session; beyond: DELIB_NO_MEMORY. 0: 1 GiB */
    unsigned nesting_limit;         /* nested parentheses, blocks and calls; beyond: a diagnostic. 0: 200 */
    size_t request_limit;           /* external requests of one evaluation; beyond: as a source that failed. 0: 64 */
    unsigned step_limit;            /* calls of functions and elements of lists that one evaluation may walk, as proved
                                       at compilation; beyond, the text is refused. 0: 1 000 000, never above */
} delib_options;

#define DELIB_OPTIONS_INIT { sizeof(delib_options), NULL, NULL, 0, 0, 0, 0, 0 }

/** A new engine in *out, owned by the caller (delib_engine_free). NULL options: the defaults. */
DELIB_API delib_status delib_engine_new(const delib_options *options, delib_engine **out);
/** Releases the engine; programs that it compiled stay valid. NULL is accepted. */
DELIB_API void delib_engine_free(delib_engine *engine);
/** Of the library that is loaded; DELIB_VERSION is that of this header. */
DELIB_API const char *delib_version(void);

/* ------------------------------------------------------------------ a host's own sources */

/* One field of what a host's source answers. All is copied. */
typedef struct {
    const char *name;               /* in Délib: "valeur" */
    const char *type;               /* "oui_non", "entier", "nombre", "montant", "ressources", "quotient",
                                       "quotient_fiscal", "date", "texte" */
    const char *unit;               /* of a montant or of ressources: "mois", "an", "repas"…; else NULL */
    int64_t min, max;               /* domain of a number, in units of 10^-decimals; both included */
    unsigned decimals;              /* of a number that is not an entier: 0 to 9 */
} delib_field;

/* A source that the host answers itself: « source x : portail.anciennete(demandeur) ». */
typedef struct {
    size_t size;
    const char *name;               /* "portail.anciennete": two names in lower case */
    const char *label;              /* « ancienneté dans la commune », for people */
    const char *channel;            /* "Portail famille": where the datum is said to come from */
    const char *category;           /* "communale", "sociale", "fiscale", "emploi" or "scolarité": a finalité admits
                                       it, or not, as it does for the APIs */
    const delib_field *fields;      /* the first is the value of the source itself */
    size_t field_count;
} delib_function;

#define DELIB_FUNCTION_INIT { sizeof(delib_function), NULL, NULL, NULL, NULL, NULL, 0 }

/**
 * Let the délibérations compiled from now on read a source of the host. Evaluation asks for it as for any other:
 * DELIB_PENDING, delib_session_request() with this name, then delib_session_answer() with a record of these fields.
 * Its domain is checked as that of any datum. Not to be called while another thread compiles with this engine.
 *
 * @param problem  receives a French sentence on DELIB_INVALID (static; NULL is accepted)
 * @return DELIB_OK; DELIB_INVALID: a name, a type, a domain or the category is at fault, or the name is taken;
 *         DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_engine_add_function(delib_engine *engine, const delib_function *function,
                                                 const char **problem);

/* ------------------------------------------------------------------ programs */

/*
 * One file of text. `name` is shown in diagnostics. A name ending in ".md" is read as literate Markdown; so is one
 * that does not end in ".delib", when a line of the text opens a block ```delib.
 */
typedef struct {
    const char *name;
    const char *bytes;
    size_t length;
} delib_source;

/*
 * Gives the text of a module (`utilise NAME`), of a grid (« depuis "x.csv" ») or of the voted document (« document »).
 * Returns DELIB_OK and fills *out, which is zeroed and is borrowed until the compilation ends; a NULL name stands for
 * the one that was asked. Anything else, a NULL text with a length, or a text beyond `source_limit`: there is no such
 * text, and a diagnostic says so. It may compile another act with the same engine.
 */
typedef delib_status (*delib_module_reader)(void *context, const char *name, delib_source *out);

/**
 * Read, check and compile one délibération.
 *
 * @param out  receives a program even when the text is at fault (DELIB_INVALID): it then serves its diagnostics only.
 *             Owned by the caller (delib_program_release). NULL on DELIB_NO_MEMORY, DELIB_MISUSE.
 * @return DELIB_OK; DELIB_INVALID: at least one error, see delib_program_diagnostic(); DELIB_NO_MEMORY.
 */
DELIB_API delib_status delib_compile(delib_engine *engine, const delib_source *source, delib_module_reader modules,
                                     void *modules_context, delib_program **out);
DELIB_API delib_program *delib_program_retain(delib_program *program);   /* shared: counted, thread-safe */
DELIB_API void delib_program_release(delib_program *program);            /* NULL is accepted */

/*
 * What to write to mend a fault: `text` in the place of the bytes [offset, offset + length) of `file` (length 0: an
 * insertion; empty text: a removal), which are also the characters from (line, column) up to (end_line, end_column).
 */
typedef struct {
    const char *file;
    size_t offset, length;
    unsigned line, column;     /* from 1; the column counts characters */
    unsigned end_line, end_column;
    const char *text;
} delib_correction;

typedef struct {
    const char *code;          /* "D204" */
    int is_error;              /* 0: warning */
    const char *file;
    unsigned line, column;     /* from 1; the column counts characters */
    unsigned end_line, end_column;
    const char *message;       /* French, one line */
    const char *effect;        /* NULL or French */
    const char *help;          /* NULL or French */
    const char *printed;       /* the whole, as the program shows it, without colours */
    const delib_correction *corrections;     /* one: the obvious form; several: a choice that the author must make */
    size_t correction_count;
} delib_diagnostic;

/** Errors and warnings, in the order of the text. */
DELIB_API size_t delib_program_diagnostic_count(const delib_program *program);
/** Borrowed texts, valid as long as the program. DELIB_MISUSE when `index` is out of range. */
DELIB_API delib_status delib_program_diagnostic(const delib_program *program, size_t index, delib_diagnostic *out);

/* A tariff of a program, resolved once. */
typedef int32_t delib_tariff;
#define DELIB_NO_TARIFF ((delib_tariff)-1)

/** Tariffs are numbered from 0; a program at fault has none. Names and labels are borrowed; NULL: out of range. */
DELIB_API size_t delib_program_tariff_count(const delib_program *program);
/**
 * Names compare without accents or case; the name of a « résultat » stands for that result of its tariff. NULL name:
 * the only tariff of the file, or all of them where an input names the tariff. DELIB_NO_TARIFF when not found.
 */
DELIB_API delib_tariff delib_program_tariff(const delib_program *program, const char *name);
/* Of a tariff or of a « résultat »; NULL for the handle that stands for all tariffs. */
DELIB_API const char *delib_program_tariff_name(const delib_program *program, delib_tariff tariff);
DELIB_API const char *delib_program_tariff_label(const delib_program *program, delib_tariff tariff);
/* "tarification_enfance"; of its first version, when several follow. NULL when it states none. */
DELIB_API const char *delib_program_tariff_finalite(const delib_program *program, delib_tariff tariff);

/* One of the texts that a program was made of: what must be kept to compute a decision again. */
typedef struct {
    const char *asked;         /* as the module reader was asked: a module, a grid, a document; NULL: the act itself */
    const char *name;          /* of the delib_source */
    const char *bytes;
    size_t length;
} delib_text;

/** The act, then what it uses, in the order of reading; also of a program at fault. Borrowed, valid as the program
 * is. */
DELIB_API size_t delib_program_text_count(const delib_program *program);
/** DELIB_MISUSE: `index` is out of range. */
DELIB_API delib_status delib_program_text(const delib_program *program, size_t index, delib_text *out);

/* A datum that a tariff may read, for some family: the list of a habilitation request, and of data minimisation. */
typedef struct {
    const char *tariff, *finalite;   /* finalite: NULL when none is stated */
    const char *name, *label;
    const char *function;            /* "api_particulier.quotient_familial"; NULL: an answer of the family */
    const char *api, *category;      /* "API Particulier", "sociale"; NULL for an answer */
    const char *scope;               /* to ask in the habilitation; NULL for an answer */
    const char *level;               /* "admis", "non accordé" */
    const char *fallback;            /* what the family brings when the source does not answer; NULL when nothing */
    const char *article;             /* heading above the first rule that needs it; NULL */
    unsigned line;                   /* of that rule */
} delib_need;

/** Borrowed texts, valid as long as the program. DELIB_MISUSE when `index` is out of range. */
DELIB_API size_t delib_program_need_count(const delib_program *program);
/** Borrowed texts, valid as long as the program; in the order of tariffs, then of data. DELIB_MISUSE: out of range. */
DELIB_API delib_status delib_program_need(const delib_program *program, size_t index, delib_need *out);

/* ------------------------------------------------------------------ values */

typedef enum {
    DELIB_VALUE_ABSENT,      /* explicitly not communicated (JSON null) */
    DELIB_VALUE_BOOLEAN,
    DELIB_VALUE_NUMBER,      /* units / 10^scale */
    DELIB_VALUE_TEXT,        /* read according to the declared type: number, date, oui/non, member of an enumeration */
    DELIB_VALUE_LIST,
    DELIB_VALUE_RECORD,
    DELIB_VALUE_NOT_GRANTED  /* a field masked because the habilitation does not give it */
} delib_value_kind;

typedef struct delib_value delib_value;
struct delib_value {
    delib_value_kind kind;
    int boolean;                     /* BOOLEAN */
    int64_t units;                   /* NUMBER */
    unsigned scale;                  /* NUMBER: 0 to 18 */
    const char *text;                /* TEXT; ABSENT: the reason, may be NULL. NUL-terminated. Else not looked at */
    const delib_value *items;        /* LIST, RECORD: `count` values … */
    const char *const *names;        /* RECORD: … and their names */
    size_t count;
};

/* ------------------------------------------------------------------ sessions */

typedef struct {
    size_t size;
    const char *date;              /* of the service, ISO 8601 "2026-09-15"; required when a rule or version needs it.
                                      NULL: the period of application of the act is not looked at */
    const char *today;               /* aujourd'hui; NULL: the same as `date` */
    int ask_sources;                 /* 0: sources are never asked, a source is what delib_session_set() gave */
    int trace;                       /* 0: no steps are recorded */
    int record;                      /* 1: what is given is kept as it was, for delib_session_given() */
} delib_session_options;

#define DELIB_SESSION_OPTIONS_INIT { sizeof(delib_session_options), NULL, NULL, 1, 1, 0 }

/**
 * A session in *out, owned by the caller (delib_session_free); it keeps the program alive. The options are copied.
 *
 * @return DELIB_OK; DELIB_INVALID: a date is not one; DELIB_MISUSE: the program is at fault; DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_session_new(delib_program *program, const delib_session_options *options,
                                         delib_session **out);
/** NULL is accepted. */
DELIB_API void delib_session_free(delib_session *session);
/** Back to a new family; memory is kept, so that a warm session allocates nothing. */
DELIB_API void delib_session_reset(delib_session *session);

/**
 * Give the value of an `entrée`, or what the family declares for a `source` (used when the source does not answer, or
 * at once when sources are not asked). The value is copied. DELIB_INVALID: unknown name or mistyped value, told by
 * delib_session_error(); the session is unchanged. A value of the right type that is outside its domain is taken: the
 * result is « donnée invalide » if a rule reads it.
 */
DELIB_API delib_status delib_session_set(delib_session *session, const char *name, const delib_value *value);
/**
 * The same from a text, as a person writes it: "1 430,50", "430.5 €", "20 %", "oui", "2026-09-15", "15/09/2026",
 * "1 h 30", a member of the enumeration. NULL text: explicitly not communicated.
 */
DELIB_API delib_status delib_session_set_text(delib_session *session, const char *name, const char *text);
/**
 * The same, saying where the value comes from. delib_session_set() says that the family declares it. A value from
 * elsewhere serves a tariff only if its finalité admits that provenance: the status is else DELIB_DONNEE_INVALIDE,
 * with the reason, for every tariff that reads it. What the host says is what delib_session_given() gives back.
 *
 * @param origin  "déclaration", "justificatif" or "sur l'honneur"; the function whose answer it is,
 * "api_impot_particulier.situation"; or a register of the host with its category, "hôte.communale", "hôte.fiscale".
 * NULL: "déclaration"
 * @return as delib_session_set(); DELIB_INVALID too for a provenance that nobody knows, or that of another function
 *         than the one that the source names
 */
DELIB_API delib_status delib_session_set_from(delib_session *session, const char *name, const delib_value *value,
                                              const char *origin);
/**
 * « What would I pay if »: from the next evaluation on, the datum has this value, whatever was given, answered or
 * declared for it; the others stay as they are, and answers already received are not asked again. Its origin is
 * "supposition". `name` may be "date" or "aujourd'hui". NULL name: every supposition is forgotten. DELIB_INVALID: as
 * delib_session_set().
 */
DELIB_API delib_status delib_session_suppose(delib_session *session, const char *name, const delib_value *value);
/** French sentence for the last DELIB_INVALID of this session ("" when none). Holds no value of the family. */
DELIB_API const char *delib_session_error(const delib_session *session);

typedef struct {
    delib_statut statut;
    int64_t units;                   /* amount = units / 10^scale, when calculé */
    unsigned scale;
    const char *unit;                /* "€ par repas"; borrowed from the program */
    const char *tariff;              /* name of the tariff really computed; borrowed from the program */
    const char *text;              /* a result that is not a number (a member of an enumeration): its name; else NULL */
    const char *reason;             /* French; NULL when calculé; borrowed from the session until the next evaluation */
} delib_result;

/**
 * Compute one tariff. `out` is the caller's storage, filled on DELIB_OK: whether there is an amount is in its `statut`.
 * DELIB_PENDING: answer the waiting requests and call again; the evaluation restarts from the top with frozen answers,
 * at most one run per request plus one.
 *
 * @return DELIB_OK; DELIB_PENDING; DELIB_LIMIT: the amount does not fit in `units`; DELIB_NO_MEMORY; DELIB_MISUSE: also
 *         a tariff that the program does not have
 */
DELIB_API delib_status delib_evaluate(delib_session *session, delib_tariff tariff, delib_result *out);

/* A request that the last evaluation needs. It holds no identity: the host knows who `subject` is. */
typedef struct {
    size_t id;                       /* stable in the session until delib_session_reset() */
    const char *function;            /* "api_particulier.quotient_familial" */
    const char *source;              /* name in the délibération: "qf" */
    const char *label;               /* « quotient familial de la CAF ou de la MSA » */
    const char *subject;             /* "demandeur" */
    const char *finalite;            /* purpose of the tariff; NULL when none is stated */
    int year, month;                 /* period asked by the rule; 0: none */
} delib_request;

/** The requests that wait for an answer after DELIB_PENDING. Borrowed texts; DELIB_MISUSE: `index` is out of range. */
DELIB_API size_t delib_session_request_count(const delib_session *session);
DELIB_API delib_status delib_session_request(const delib_session *session, size_t index, delib_request *out);

typedef enum {
    DELIB_ANSWER_VALUE,              /* fields */
    DELIB_ANSWER_ABSENT,             /* no dossier, not eligible: a fact about the family */
    DELIB_ANSWER_REFUSED,            /* no grant: scope, habilitation, recipient */
    DELIB_ANSWER_FAILED              /* technical: nothing is known */
} delib_answer_kind;

typedef struct {
    size_t size;                     /* set by DELIB_ANSWER_INIT */
    delib_answer_kind kind;
    const char *code;                /* stable identifier: "dossier_absent", "delai_depasse"… */
    const char *message;             /* French sentence without any personal datum */
    delib_value record;              /* DELIB_ANSWER_VALUE: a DELIB_VALUE_RECORD */
    const char *provider;            /* "CNAF"; NULL when unknown */
    const char *period;              /* "2026-09"; NULL */
    const char *obtained;            /* ISO 8601 time of the answer; NULL */
} delib_answer;

#define DELIB_ANSWER_INIT { sizeof(delib_answer), DELIB_ANSWER_VALUE, NULL, NULL, \
                            { DELIB_VALUE_RECORD, 0, 0, 0, NULL, NULL, NULL, 0 }, NULL, NULL, NULL }

/**
 * Answer one request (copied), even long after: it waits until delib_session_reset(). Answers may come in any order;
 * one answer per request, errors included. A field that the record does not have is one that was not granted.
 *
 * @return DELIB_OK; DELIB_INVALID: a field that the host did not declare for this source of its own, told by
 *         delib_session_error(); DELIB_MISUSE: no such request, or it was answered already; a kind, a record or a size
 *         that is not one; DELIB_NO_MEMORY
 */
DELIB_API delib_status delib_session_answer(delib_session *session, size_t id, const delib_answer *answer);

/* One line of the explanation of the last evaluation. Borrowed until the next evaluation. */
typedef struct {
    const char *kind;                /* "prix", "exception", "réduction", "arrondi", "plancher", "résultat"… */
    const char *text;                /* a French sentence */
    const char *article;             /* "article 2" or a heading; NULL */
    const char *quote;               /* words of the act; NULL */
    const char *amount;              /* the amount after the step, "2,64 €"; NULL when none */
    unsigned line;                   /* of the délibération */
} delib_step;

/**
 * The steps, in the order in which the amount was made. All sentences, those of data included, are made when the first
 * one is read, so that an evaluation whose explanation is not read does not pay for it.
 *
 * @return DELIB_OK; DELIB_MISUSE: `index` is out of range; DELIB_NO_MEMORY, at the first reading only
 */
DELIB_API size_t delib_session_step_count(const delib_session *session);
DELIB_API delib_status delib_session_step(const delib_session *session, size_t index, delib_step *out);

/* What is said of a step to one reader or another, beyond delib_step. Borrowed until the next evaluation. */
typedef struct {
    const char *sentence;            /* for the family, whole: "Le prix est de 1,30 €, car « quotient » vaut 430 €…" */
    const char *before;              /* the amount before the step; NULL for a price */
    int effect;                      /* 0: the step changed nothing */
    const char *calculation;         /* the numbers of a price that is worked out, "0,14 % de 1 000 €"; NULL */
    const char *rule;                /* the words of the rule, on one line */
    const char *file;
    unsigned line, end_line;
    const char *tariff;              /* name of the tariff that the step belongs to: one may read another */
    size_t element;                  /* rank in a list, from 1; 0: none */
    size_t row_count;                /* rows of tables that the step used */
    size_t datum_count;              /* data used by the tariff that the rule of the step may read */
} delib_step_detail;

/* A row of a table that a step used. */
typedef struct {
    const char *key;                 /* what the table is read by: its label, or its words; NULL: conditions alone */
    const char *value;               /* of the key, "430 €"; NULL: not known */
    const char *title;              /* words of the row, "de 300 à moins de 450"; NULL: no row, a clause of the datum */
    const char *low, *high;          /* bounds, when the row is an interval; NULL: open */
    int low_included, high_included;
    const char *file;
    unsigned line;
} delib_row;

/** Made when it is asked for. DELIB_OK; DELIB_MISUSE: `index` is out of range; DELIB_NO_MEMORY. */
DELIB_API delib_status delib_session_step_detail(delib_session *session, size_t index, delib_step_detail *out);
DELIB_API delib_status delib_session_step_row(delib_session *session, size_t step, size_t index, delib_row *out);
/** *out: which datum of delib_session_datum(). DELIB_MISUSE: out of range. */
DELIB_API delib_status delib_session_step_datum(const delib_session *session, size_t step, size_t index, size_t *out);

/** Other results (« résultat ») of the last evaluation, when it was calculé: the part paid by the department, a code…
 */
DELIB_API size_t delib_session_output_count(const delib_session *session);
/** `out` as delib_evaluate() fills it; out->tariff is the name of the result, *label its label. Borrowed likewise. */
DELIB_API delib_status delib_session_output(const delib_session *session, size_t index, delib_result *out,
                                            const char **label);

/* One datum that the last evaluation used. */
typedef struct {
    const char *name;
    const char *label;
    const char *value;               /* French text */
    const char *origin;              /* "réponse", "justificatif", "sur l'honneur", "par défaut", "supposition",
                                        "API Particulier (CNAF)" */
    const char *period;              /* NULL when none */
    const char *obtained;            /* NULL when none */
} delib_datum;

/** Each datum once; likewise. */
DELIB_API size_t delib_session_datum_count(const delib_session *session);
DELIB_API delib_status delib_session_datum(const delib_session *session, size_t index, delib_datum *out);

/* ------------------------------------------------------------------ what would change the result */

/* One value of a datum, and what the tariff gives there. */
typedef struct {
    const char *text;                /* "449,99 €", "oui"; NULL: there is no such point */
    int64_t units;                   /* a number: units / 10^scale, 20 % being 0,2; a date: days since 1970-01-01; … */
    unsigned scale;                  /* … yes and no: 1 and 0; a member: its rank, from 0 */
    const char *distance;            /* below, above: from the value of the family, "173 €"; NULL elsewhere */
    delib_result result;
} delib_point;

/* A stretch of values, both ends included. */
typedef struct {
    delib_point from, to;
    int constant;              /* 1: one result all along; 0: it only rises, or only falls, from one end to the other */
    int current;                     /* holds the value of the family */
    const char *unknown;             /* not NULL: French, why nothing can be said there (a datum that nobody gave…) */
} delib_segment;

typedef struct {
    const char *name, *label;
    int ordered;                     /* 1: a number or a date; 0: answers one by one, in their order */
    int proven;                      /* 1: every segment is known */
    delib_point here;                /* the value of the family */
    delib_point below, above;    /* ordered: the nearest values that change the result; text NULL: none, or not known */
    size_t segment_count;
} delib_curve;

/**
 * « At which quotient does the price change, and to what »: what the last evaluation would have given for every other
 * value of one datum that it read, everything else staying as it was. Exact; where the proof fails (a budget of
 * steps, a partial date), the values near the family's are tried one by one and the others are said not to be known.
 * No source is asked. Borrowed until the next call on this session. Needs `trace` in the options, and an evaluation
 * that ended.
 *
 * @return DELIB_OK; DELIB_INVALID, told by delib_session_error(): no such datum, or one that was not read, is not
 * known, or whose values cannot be listed (a text, a list); DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_session_curve(delib_session *session, const char *name, delib_curve *out);
/** The segments of that curve, ascending and without gap. DELIB_MISUSE: `index` is out of range. */
DELIB_API delib_status delib_session_segment(const delib_session *session, size_t index, delib_segment *out);

/* What is missing when the result is « à compléter ». */
DELIB_API size_t delib_session_missing_count(const delib_session *session);
DELIB_API const char *delib_session_missing(const delib_session *session, size_t index);
DELIB_API const char *delib_session_missing_label(const delib_session *session, size_t index);

/* ------------------------------------------------------------------ what a decision rests on
 *
 * A journal keeps what the last evaluation read, and nothing more: with the texts of the program, the same calls on a
 * new session give the same result and the same trace, years later.
 */
typedef struct {
    delib_program *program;          /* borrowed from the session */
    const char *date, *today;        /* ISO 8601, as the rules saw them; NULL when not given */
    int ask_sources, trace, record;  /* as in delib_session_options */
    delib_tariff tariff;             /* what the last evaluation computed; DELIB_NO_TARIFF: nothing, a supposition … */
    delib_result result;             /* … or something was given or answered since. What it came to */
} delib_session_context;

/** Texts are borrowed until the next call on the session. DELIB_MISUSE: a pointer is NULL. */
DELIB_API delib_status delib_session_describe(delib_session *session, delib_session_context *out);

/* A datum that delib_session_set() gave and that the last evaluation read. Borrowed until the next call on the
 * session. */
typedef struct {
    const char *name, *label;
    const delib_value *value;        /* as it was given */
    const char *channel;             /* "déclaration", "justificatif", "sur l'honneur", or what the host said */
    const char *category;            /* "sociale"…, of a source; NULL for an `entrée` */
} delib_given;

/** Needs the option `record`. A declaration over which the answer of the source prevailed is not among them. */
DELIB_API size_t delib_session_given_count(const delib_session *session);
/** DELIB_MISUSE: `index` is out of range. */
DELIB_API delib_status delib_session_given(const delib_session *session, size_t index, delib_given *out);
/** The answers that the last evaluation read, failures included, each with the fields that a rule read. */
DELIB_API size_t delib_session_answer_count(const delib_session *session);
/** Borrowed until the next call on the session. DELIB_MISUSE: `index` is out of range; DELIB_NO_MEMORY. */
DELIB_API delib_status delib_session_answered(delib_session *session, size_t index, delib_request *request,
                                              delib_answer *answer);
/* ------------------------------------------------------------------ what remains to be known
 *
 * delib_session_explore() looks at everything that a tariff may still read, given what the session knows, without
 * computing an amount: a form is made by asking the first question, giving its answer (delib_session_set, or
 * delib_session_answer for a source) and exploring again, until no question is left. An input that has a default is a
 * question too, as long as it was not given.
 */
typedef struct delib_question delib_question;
struct delib_question {
    const char *name, *label;
    const char *type;                /* French: "un oui ou non", "un montant en € par mois" */
    const char *domain;              /* French: "de 0 à 99 999,99 €", "enfant ; adulte"; NULL when none is stated */
    const char *low, *high;          /* bounds of a number, decimals with a point ("0.5"; a rate in percents); NULL */
    unsigned decimals;               /* at most so many, for a number */
    const char *const *choices;      /* of an enumeration: what delib_session_set_text() reads … */
    const char *const *choice_labels;    /* … and what a family reads */
    size_t choice_count;
    const delib_question *fields;   /* of a fiche or a list of them: a question per field; else one without name … */
    size_t field_count;              /* … of numbers by kind (« nombre par prestation », not a list): one per kind */
    unsigned most;                   /* of a list: how many items at most; 0: not a list */
    const char *fallback;            /* value when nothing is said (« par défaut »), as set_text reads it; NULL */
    int may_be_absent;               /* « non communiqué » is an answer */
    const char *function;            /* "api_particulier.quotient_familial"; NULL: an answer of the family */
    const char *subject;             /* of the source: "demandeur" */
    int declared;                    /* a source that the family must declare: not granted, or it gave nothing */
    const char *proof;            /* of a source: « justificatif : attestation de la CAF »; NULL: nothing replaces it */
    const char *problem;             /* French: why the answer that was given cannot be taken; NULL */
    const char *condition;         /* French: « si … », « dans certains cas »; NULL: needed whatever else is answered */
    const char *article;             /* heading above the first rule that reads it; NULL */
    unsigned line;                   /* of that rule */
};

/* A call to an API that the tariff may still need. Texts are borrowed as those of a question. */
typedef struct {
    const char *function, *label;    /* "api_particulier.quotient_familial", « quotient familial de la CAF… » */
    const char *api, *provider;      /* "API Particulier", "France Travail" */
    const char *subject, *finalite;  /* finalite: NULL when none is stated */
    int year, month;                 /* period asked; 0: none */
    const char *scopes;              /* to ask in the habilitation: "cnaf_enfants, cnaf_quotient_familial" */
    const char *level;               /* "admis"; "non accordé": never called, the family declares */
    const char *condition;           /* as that of a question */
    unsigned turn;                /* calls of one turn may start together, from 1; a later one waits for earlier ones */
    unsigned requests, period_s;     /* quota of the API: so many calls in so many seconds, per credential; 0: none */
    const char *article;
    unsigned line;
} delib_call;

/**
 * Find what the amount may still depend on. As an evaluation does, it forgets what the last one told (steps, data,
 * missing); requests and answers stay.
 *
 * @return DELIB_OK, also when nothing is left to know; DELIB_NO_MEMORY; DELIB_MISUSE
 */
DELIB_API delib_status delib_session_explore(delib_session *session, delib_tariff tariff);
/**
 * Questions: first what is needed whatever else is answered (answers of the family, then sources), then the others in
 * the order of the rules. Texts are borrowed until the next use of the session. DELIB_MISUSE: out of range.
 */
DELIB_API size_t delib_session_question_count(const delib_session *session);
DELIB_API delib_status delib_session_question(const delib_session *session, size_t index, delib_question *out);
/** Calls by turn; those that the habilitation does not give come last. DELIB_MISUSE: out of range. */
DELIB_API size_t delib_session_call_count(const delib_session *session);
DELIB_API delib_status delib_session_call(const delib_session *session, size_t index, delib_call *out);
/** At most so many calls for one family, retries apart: calls whose conditions exclude each other count once. */
DELIB_API size_t delib_session_call_most(const delib_session *session);

/* ------------------------------------------------------------------ essais */

/* What an `essai` of the délibération gave. Texts are borrowed from the session until its next use. */
typedef struct {
    const char *name;                /* its title */
    const char *tariff;
    unsigned line;
    int passed;
    const char *expected, *obtained; /* French: "1,30 €", "non prévu" */
    const char *reason;              /* why it failed; NULL when it passed */
} delib_essai_result;

/** How many results the essais of the file expect: one per « attendu ». */
DELIB_API size_t delib_program_essai_count(const delib_program *program);
/** Run one; the session is reset and its sources are not asked. DELIB_MISUSE when `index` is out of range. */
DELIB_API delib_status delib_session_run_essai(delib_session *session, size_t index, delib_essai_result *out);

/* ------------------------------------------------------------------ what is true of all families
 *
 * delib_compile() says the faults that a text shows by itself. A check looks at all the families that its inputs allow:
 * it proves the properties that the act states (« propriété ») and looks for prices that fall when the quotient rises,
 * thresholds that cost much, rules that no family reaches. It costs more than a compilation (milliseconds rather than
 * microseconds), within a budget of steps, never timed: what the budget does not settle is « non démontré ».
 */
typedef struct delib_check delib_check;

typedef struct {
    size_t size;
    const char *date;          /* "2026-11-23": where an act without dates begins. NULL: the date of the act */
    uint64_t step_limit;       /* of the whole check; 0: 20 million */
} delib_check_options;

#define DELIB_CHECK_OPTIONS_INIT { sizeof(delib_check_options), NULL, 0 }

/**
 * Check a program without error. `options` may be NULL. The check keeps what it needs of the program. DELIB_INVALID:
 * the date is not one, or the program is at fault: its own diagnostics say why.
 */
DELIB_API delib_status delib_check_new(delib_program *program, const delib_check_options *options, delib_check **out);
DELIB_API void delib_check_free(delib_check *check);                     /* NULL is accepted */

/** Errors (a property that is false, or not proved) and warnings, in the order of the text. As those of a program. */
DELIB_API size_t delib_check_diagnostic_count(const delib_check *check);
DELIB_API delib_status delib_check_diagnostic(const delib_check *check, size_t index, delib_diagnostic *out);

typedef enum {
    DELIB_DEMONTREE,           /* true of every family */
    DELIB_REFUTEE,             /* a family for which it is false is in the diagnostics */
    DELIB_NON_DEMONTREE        /* the diagnostics say what stands in the way */
} delib_verdict;

typedef struct {
    const char *title;
    unsigned line;
    delib_verdict verdict;
    const char *reason;        /* French: a family that refutes it and what it gets, or why it is not proved; NULL */
} delib_property;

/** The properties that the act states, in the order of the text. DELIB_MISUSE: `index` is out of range. */
DELIB_API size_t delib_check_property_count(const delib_check *check);
DELIB_API delib_status delib_check_property(const delib_check *check, size_t index, delib_property *out);
DELIB_API const char *delib_verdict_text(delib_verdict verdict);         /* "démontrée", "réfutée", "non démontrée" */

/** A tariff, in order: how many regions tell its families apart, and why some were not looked at (NULL: all were). */
DELIB_API delib_status delib_check_tariff(const delib_check *check, delib_tariff tariff, size_t *regions,
                                          const char **why);

/* ------------------------------------------------------------------ many families, and typed values
 *
 * A batch computes tariffs for families whose data are already known: no source is asked, no step is recorded, one
 * date serves all. Inputs are named once; values are then plain integers, by columns (delib_batch_run) or one family
 * at a time (delib_batch_one), in the memory of the caller. Results and statuses are those of delib_evaluate. A batch
 * belongs to one thread at a time; a warm batch allocates nothing for the families that its plan decides.
 */
typedef struct delib_batch delib_batch;

typedef struct {
    size_t size;
    const char *date, *today;            /* as in delib_session_options */
    const char *const *inputs;           /* names of the data that will be given, in the order of the columns; … */
    size_t input_count;                  /* … the others take their default, or are missing */
    const delib_tariff *tariffs;         /* NULL: every tariff of the program, in order */
    size_t tariff_count;
    int defer;                           /* 1: who is not decided by the plan gets DELIB_DEFERRED, for the caller */
} delib_batch_options;

#define DELIB_BATCH_OPTIONS_INIT { sizeof(delib_batch_options), NULL, NULL, NULL, 0, NULL, 0, 0 }
#define DELIB_DEFERRED 255               /* a statut of delib_batch_run with `defer`: ask delib_evaluate */

/** DELIB_INVALID: an unknown name, or one given twice; *bad_input is its rank. NULL bad_input is accepted. */
DELIB_API delib_status delib_batch_new(delib_program *program, const delib_batch_options *options, size_t *bad_input,
                                       delib_batch **out);
DELIB_API void delib_batch_free(delib_batch *batch);                     /* NULL is accepted */

typedef enum {
    DELIB_COLUMN_NUMBER,                 /* units: the value × 10^scale; a rate in percents */
    DELIB_COLUMN_BOOLEAN,                /* 0 or 1 */
    DELIB_COLUMN_MEMBER,                 /* rank in its enumeration, from 0 */
    DELIB_COLUMN_DATE,                   /* days since 1970-01-01, complete dates only */
    DELIB_COLUMN_OTHER                   /* a list, a text, « date »: needs `defer`: its column is not read */
} delib_column_kind;

typedef struct {
    delib_column_kind kind;
    unsigned scale;                      /* NUMBER */
    int64_t low, high;                   /* domain; outside it, the result is « donnée invalide » */
    int may_be_absent;                   /* 0: absent, it makes the result « à compléter » */
} delib_batch_input;

typedef struct {
    delib_tariff tariff;
    delib_column_kind kind;
    unsigned scale;                      /* NUMBER: amount = units / 10^scale, for every family */
    const char *unit;                    /* "€ par repas"; borrowed from the program */
    int planned;                         /* 0: the general engine computes it for every family */
} delib_batch_output;

/** What a column must hold, or will hold. DELIB_MISUSE: `index` is out of range. */
DELIB_API delib_status delib_batch_describe_input(const delib_batch *batch, size_t index, delib_batch_input *out);
DELIB_API delib_status delib_batch_describe_output(const delib_batch *batch, size_t index, delib_batch_output *out);
DELIB_API size_t delib_batch_output_count(const delib_batch *batch);
/** Name of a datum that the tariffs may read, which is not given and has no default; NULL after the last. */
DELIB_API const char *delib_batch_missing(const delib_batch *batch, size_t index);
/** Reads a text as delib_session_set_text() would. DELIB_INVALID: not of this type; DELIB_LIMIT: outside its domain. */
DELIB_API delib_status delib_batch_read(delib_batch *batch, size_t index, const char *text, int64_t *out);
/** Name of a member, for an output of kind MEMBER. NULL when out of range. */
DELIB_API const char *delib_batch_member(delib_batch *batch, size_t output, int64_t rank);

/* One column, laid out as an Arrow array of int8, int32 or int64. */
typedef struct {
    const void *values;
    unsigned width;                      /* bytes of a value: 1, 4 or 8 */
    const uint8_t *validity;             /* bit i, least significant first: value i is given. NULL: all are */
} delib_column;

typedef struct {
    void *units;                         /* int32 or int64 */
    unsigned width;                      /* 4 or 8; with 4, an amount that does not fit is DELIB_LIMIT */
    uint8_t *statuts;                    /* delib_statut of each family, or DELIB_DEFERRED */
} delib_column_result;

/** `columns`: one per input, `results`: one per tariff, of `rows` values each. `units` are 0 where not « calculé ». */
DELIB_API delib_status delib_batch_run(delib_batch *batch, size_t rows, const delib_column *columns,
                                       const delib_column_result *results);
/** One family: values[i] for input i, absent[i] not 0 where it is not communicated (NULL: nowhere). */
DELIB_API delib_status delib_batch_one(delib_batch *batch, const int64_t *values, const uint8_t *absent, int64_t *units,
                                       uint8_t *statuts);

DELIB_API const char *delib_statut_text(delib_statut statut);    /* "calculé", "non prévu"…; "?": none of them */

#ifdef __cplusplus
}
#endif

#endif
