/*
 * A session: the data of one family. Its fields are read by the evaluation and written by session.c only, the trace and
 * the memory of definitions apart.
 */
#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include "machine.h"

/* A datum that the last evaluation read: its texts are made with the sentences. */
struct used_datum {
    const struct symbol *datum;
    const struct request *request;     /* of a source that was asked; NULL when what the family declared was used */
    bool supposed;
    delib_datum told;                  /* origin: NULL as long as it is to be worded */
};

/* While reach.c looks at what is not known, sources are not asked; with ALL, a default is no answer either. */
enum exploring { EXPLORING_NOTHING, EXPLORING_SOURCES, EXPLORING_ALL };

struct delib_session {
    struct delib_program *program;
    struct arena data;                 /* values and answers: until reset */
    struct arena run;                  /* texts of the last evaluation */
    struct datum_value *values;        /* per datum */
    bool *used;                        /* per datum: read by the last evaluation … */
    struct value *seen;                /* … and what it was */
    bool *from_fallback;               /* per source: what the family declared was used */
    struct memo *memos;                /* per definition */
    uint64_t runs;
    struct { struct request **items; size_t count, capacity; } requests;
    struct { const struct symbol **items; size_t count, capacity; } missing;
    bool date_missing;
    struct { struct trace_entry *items; size_t count, capacity; } trace;
    struct { struct hit *items; size_t count, capacity; } hits;
    struct { struct used_datum *items; size_t count, capacity; } data_used;
    delib_step *steps;                 /* per entry of the trace, once explained */
    bool explainable, explained;       /* the trace is that of a result; its sentences are made */
    struct date date, today;           /* year 0: not given */
    struct date first_date, first_today;   /* those of the options, back after a reset */
    bool ask_sources, tracing, recording;
    const delib_value **given;         /* per datum, when recording: as the host gave it; NULL when it did not */
    bool date_wanted;                  /* the last evaluation needed a date that was not given */
    struct outcome_value last;
    struct { delib_result *items; size_t count, capacity; } outputs;   /* other results of the last evaluation */
    struct datum_value *supposed;      /* per datum: stands before anything else; NULL until the first supposition */
    bool supposing;                    /* a supposition stands: what is evaluated decides nothing */
    bool date_supposed;                /* the two dates are supposed; before, they were: */
    struct date date_before, today_before;
    size_t asked_tariff;               /* by the last evaluation … */
    const struct symbol *asked_output; /* … and which « résultat » of it; NULL: the tariff itself */
    struct delib_session *shadow;      /* where a curve tries other values; NULL until the first curve */
    struct { struct arena arena; delib_segment *items; size_t count, capacity; } curve;
    enum exploring exploring;
    struct { delib_question *items; size_t count, capacity; } questions;   /* of the last exploration */
    struct { delib_call *items; size_t count, capacity; } calls;
    size_t call_most;
    delib_tariff decided;              /* by the last evaluation, of what is still known; DELIB_NO_TARIFF: none … */
    delib_result decision;             /* … and what it came to */
    const char **failures;             /* per source: why it did not answer, when that led to « à compléter » */
    char error[256];
};

/* The value of a datum as the rules see it: given, default, answered, declared, missing… */
struct value session_datum(struct machine *m, const struct symbol *datum);
/* The datum, date or « aujourd'hui » of that name; NULL, told by delib_session_error(), when there is none. */
const struct symbol *session_find(struct delib_session *session, const char *name);
/* What delib_session_error() then says. */
void session_tell(struct delib_session *session, struct slice sentence);
delib_status session_set_date(struct delib_session *session, const struct symbol *symbol, const delib_value *value);
/* Which data the last evaluation read, and whether they were given. */
void session_note_data(struct delib_session *session);
/* The month that a source is asked for; year 0: none is said. */
struct date session_source_period(const struct machine *m, const struct symbol *datum);
/* The request of a source that was made already; NULL. */
struct request *session_request_of(const struct machine *m, const struct symbol *datum);
/* The questions and the calls of a tariff, or of the tariff that an input names; questions.c. */
void session_explore(struct delib_session *session, size_t tariff, const struct symbol *output);
void session_explore_choice(struct delib_session *session);
/* Sentences of the last evaluation, from its trace. */
void session_explain(struct delib_session *session);
/* « 430 € », « oui », « adulte » */
void strbuf_value(struct strbuf *out, const struct model *model, const struct type *type, const struct value *value,
                  int128 den);
/* Reads a host's value on the grid of `type`; DATUM_BAD or DATUM_SET, or false with a sentence when it is mistyped. */
bool value_read(struct delib_session *session, const struct symbol *symbol, const struct type *type,
                const struct facts *domain, const delib_value *in, struct datum_value *out);

/* Deep copies of what a host gave, once value_is_sound() has followed it down to VALUE_DEPTH. */
#define VALUE_DEPTH 16
const char *value_copy_text(struct arena *arena, const char *text);
void value_copy(struct arena *arena, const delib_value *in, delib_value *out);
/* The request number `id`, as the host sees it. */
delib_request session_request(const struct delib_session *session, size_t id);
/* record.c: remembers what was given for a datum. */
void session_keep(struct delib_session *session, const struct symbol *symbol, const delib_value *value);

#endif
