/*
 * Are finalités sound? Random programs are compiled. Those that the checks accept are run on pairs of families that
 * differ by the forbidden datum alone: everything that can be observed (status, amount, reason, steps, data told,
 * missing answers, requests) must be the same, word for word. Those that they refuse are run without their finalités,
 * where a pair that differs is the witness that the refusal was deserved.
 *
 *   build/tests/purpose/test_purpose [programs [first seed]]      by default 3 000 programs
 */
#include "programs.h"

#include "runtime/delib.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 24, WITNESS_PAIRS = 300, SHOWN_MAX = 3, TRACE_MAX = 1 << 16, ROUNDS_MAX = 16 };

struct tally {
    unsigned long programs, accepted, refused, faulty, pairs, leaks, witnessed, unread, same;
};

/* ---- One family ---- */

/* What is given of a datum: by the family, by the API. */
struct given {
    int state;                         /* 0: value; 1: absent; 2: refused; 3: failed */
    int64_t value;
};

struct family {
    int64_t a;
    int b, r, o;                       /* 0, 1; 2: not communicated */
    struct given p, q, z;
    bool declare;                      /* sources are not asked: the host gives what the family declares */
};

static struct given random_given(uint64_t *state)
{
    static const int64_t VALUES[] = { 0, 1, 2, 3, 299, 300, 599, 600, 9999, 19999, 20000, 50000 };

    return (struct given){ purpose_random(state) % 5 ? 0 : (int)(1 + purpose_random(state) % 3),
                           VALUES[purpose_random(state) % (sizeof VALUES / sizeof *VALUES)] };
}

static struct family random_family(uint64_t *state)
{
    struct family f = { .a = (int64_t)(purpose_random(state) % 10), .b = (int)(purpose_random(state) % 3),
                        .r = (int)(purpose_random(state) % 2), .o = (int)(purpose_random(state) % 3) };

    f.p = random_given(state);
    f.q = random_given(state);
    f.z = random_given(state);
    f.declare = purpose_random(state) % 2;
    return f;
}

/* ---- What can be observed ---- */

struct trace {
    char text[TRACE_MAX];
    size_t length;
    bool read_z;                       /* z was asked for, or is among the data told */
};

static void observe(struct trace *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(t->text + t->length, TRACE_MAX - t->length, format, args);
    va_end(args);
    if (n > 0 && t->length + (size_t)n < TRACE_MAX)
        t->length += (size_t)n;
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void observe_result(struct trace *t, delib_session *session, const delib_result *r)
{
    delib_step step;
    delib_datum datum;

    observe(t, "%d %" PRId64 "/%u %s %s %s\n", r->statut, r->statut == DELIB_CALCULE ? r->units : 0,
            r->statut == DELIB_CALCULE ? r->scale : 0, or_dash(r->unit), or_dash(r->text), or_dash(r->reason));
    for (size_t i = 0; delib_session_step(session, i, &step) == DELIB_OK; i++)
        observe(t, "step %s %s %s %u\n", step.kind, step.text, or_dash(step.amount), step.line);
    for (size_t i = 0; delib_session_datum(session, i, &datum) == DELIB_OK; i++) {
        observe(t, "datum %s %s %s\n", datum.name, or_dash(datum.value), or_dash(datum.origin));
        t->read_z = t->read_z || datum.name[0] == 'z';
    }
    for (size_t i = 0; i < delib_session_missing_count(session); i++) {
        observe(t, "missing %s\n", delib_session_missing(session, i));
        t->read_z = t->read_z || delib_session_missing(session, i)[0] == 'z';
    }
}

/* ---- Running ---- */

static void set_number(delib_session *session, const char *name, const struct given *given)
{
    delib_value value = { .kind = given->state ? DELIB_VALUE_ABSENT : DELIB_VALUE_NUMBER, .units = given->value };

    (void)delib_session_set(session, name, &value);
}

static void set_boolean(delib_session *session, const char *name, int value)
{
    delib_value v = { .kind = value == 2 ? DELIB_VALUE_ABSENT : DELIB_VALUE_BOOLEAN, .boolean = value };

    (void)delib_session_set(session, name, &v);
}

/* The fields that the generator writes, all with the same number; months and counts stay in their domain. */
static void answer(delib_session *session, const delib_request *request, const struct given *given)
{
    static const char *const NAMES[] = { "valeur", "mois_calcul", "revenu_fiscal", "enfants", "ressources_annuelles",
                                         "enfants_a_charge" };
    enum { FIELDS = sizeof NAMES / sizeof *NAMES };
    static const delib_answer_kind KINDS[] = { DELIB_ANSWER_VALUE, DELIB_ANSWER_ABSENT, DELIB_ANSWER_REFUSED,
                                               DELIB_ANSWER_FAILED };
    delib_value fields[FIELDS];
    delib_answer a = { .size = sizeof a, .kind = KINDS[given->state], .code = "essai", .message = "essai" };

    for (int i = 0; i < FIELDS; i++)
        fields[i] = (delib_value){ .kind = DELIB_VALUE_NUMBER, .units = given->value };
    fields[1].units = 1 + given->value % 12;
    fields[3].units = fields[5].units = given->value % 10;
    a.record = (delib_value){ .kind = DELIB_VALUE_RECORD, .items = fields, .names = NAMES, .count = FIELDS };
    (void)delib_session_answer(session, request->id, &a);
}

static void answer_all(delib_session *session, const struct family *f, struct trace *t)
{
    delib_request requests[8];
    size_t count = delib_session_request_count(session);

    if (count > 8)
        count = 8;
    for (size_t i = 0; i < count; i++)
        (void)delib_session_request(session, i, &requests[i]);
    for (size_t i = 0; i < count; i++) {
        observe(t, "request %s %s %d-%d\n", requests[i].function, requests[i].source, requests[i].year,
                requests[i].month);
        t->read_z = t->read_z || strcmp(requests[i].source, "z") == 0;
        answer(session, &requests[i],
               requests[i].source[0] == 'p'   ? &f->p
               : requests[i].source[0] == 'q' ? &f->q
                                              : &f->z);
    }
}

/* Everything that a host sees of the tariff `t` and of its results for this family. */
static void run(delib_program *program, const struct family *f, struct trace *t)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = NULL;
    delib_result result;
    delib_status status;

    t->length = 0;
    t->text[0] = '\0';
    t->read_z = false;
    options.date = "2026-11-23";
    options.ask_sources = !f->declare;
    if (delib_session_new(program, &options, &session) != DELIB_OK)
        return;
    set_number(session, "a", &(struct given){ 0, f->a });
    set_boolean(session, "b", f->b);
    set_boolean(session, "r", f->r);
    set_boolean(session, "o", f->o);
    set_number(session, "q", &f->q);
    if (f->declare)
        set_number(session, "p", &f->p);
    set_number(session, "z", &f->z);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        status = delib_evaluate(session, delib_program_tariff(program, "t"), &result);
        observe(t, "status %d\n", status);
        if (status != DELIB_PENDING)
            break;
        answer_all(session, f, t);
    }
    if (status == DELIB_OK)
        observe_result(t, session, &result);
    delib_session_free(session);
}

/* ---- Judging a program ---- */

static delib_program *compile(delib_engine *engine, const struct purpose_program *p)
{
    delib_source source = { "acte.delib", p->text, p->length };
    delib_program *program = NULL;

    (void)delib_compile(engine, &source, NULL, NULL, &program);
    return program;
}

static bool has_code(const delib_program *program, const char *code, bool *others)
{
    delib_diagnostic d;
    bool found = false;

    *others = false;
    for (size_t i = 0; delib_program_diagnostic(program, i, &d) == DELIB_OK; i++) {
        found = found || (d.is_error && strcmp(d.code, code) == 0);
        *others = *others || (d.is_error && strcmp(d.code, code) != 0);
    }
    return found;
}

static void show(const struct purpose_program *p, uint64_t seed, const struct trace *one, const struct trace *two)
{
    printf("# seed %" PRIu64 "\n", seed);
    for (const char *line = p->text; *line;) {
        const char *end = strchr(line, '\n');

        printf("#   %.*s\n", (int)(end - line), line);
        line = end + 1;
    }
    printf("# one:\n%s# two:\n%s", one->text, two->text);
}

/* True when some pair of families that differ by z alone is told apart. */
static bool differs(delib_program *program, uint64_t *random, unsigned pairs, bool *read, struct trace *one,
                    struct trace *two)
{
    for (unsigned i = 0; i < pairs; i++) {
        struct family f = random_family(random), g = f;

        g.z = random_given(random);
        run(program, &f, one);
        run(program, &g, two);
        *read = *read || one->read_z || two->read_z;
        if (strcmp(one->text, two->text) != 0)
            return true;
    }
    return false;
}

static void judge_accepted(struct tally *tally, delib_program *program, const struct purpose_program *p, uint64_t seed)
{
    static struct trace one, two;
    uint64_t random = seed;
    bool read = false;

    tally->accepted++;
    tally->pairs += PAIRS;
    if (!differs(program, &random, PAIRS, &read, &one, &two) && !read)
        return;
    if (tally->leaks++ < SHOWN_MAX)
        show(p, seed, &one, &two);
}

/* Without finalités: a difference, or why none was found: z is never read, or what it decides is the same. */
static void judge_refused(struct tally *tally, delib_engine *engine, uint64_t seed)
{
    static struct purpose_program p;
    static struct trace one, two;
    uint64_t random = seed;
    bool read = false;
    delib_program *program;

    tally->refused++;
    purpose_program(&p, seed, true);
    program = compile(engine, &p);
    if (differs(program, &random, WITNESS_PAIRS, &read, &one, &two))
        tally->witnessed++;
    else if (read)
        tally->same++;
    else
        tally->unread++;
    if (getenv("SHOW_UNWITNESSED") && !read)
        show(&p, seed, &one, &two);
    delib_program_release(program);
}

static void judge(struct tally *tally, delib_engine *engine, uint64_t seed)
{
    static struct purpose_program p;
    delib_program *program;
    bool forbidden, others;

    purpose_program(&p, seed, false);
    program = compile(engine, &p);
    tally->programs++;
    forbidden = has_code(program, "D503", &others);
    if (others)
        tally->faulty++;
    else if (forbidden)
        judge_refused(tally, engine, seed);
    else
        judge_accepted(tally, program, &p, seed);
    delib_program_release(program);
}

static bool check(int number, bool good, const char *what)
{
    printf("%sok %d - %s\n", good ? "" : "not ", number, what);
    return good;
}

int main(int argc, char **argv)
{
    unsigned long programs = argc > 1 ? strtoul(argv[1], NULL, 10) : 3000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct tally tally = { 0 };
    delib_engine *engine = NULL;
    bool good = true;

    if (delib_engine_new(NULL, &engine) != DELIB_OK)
        return 1;
    for (unsigned long i = 0; i < programs; i++)
        judge(&tally, engine, first + i);
    delib_engine_free(engine);
    printf("# %lu programs: %lu accepted, %lu pairs of families, %lu leaks\n", tally.programs, tally.accepted,
           tally.pairs, tally.leaks);
    printf("# %lu refused: %lu with a witness, %lu where the datum is read and decides nothing seen, %lu where it is "
           "never read\n", tally.refused, tally.witnessed, tally.same, tally.unread);
    printf("# %lu at fault otherwise\n", tally.faulty);
    printf("1..3\n");
    good &= check(1, tally.leaks == 0, "what is accepted does not depend on the forbidden datum");
    good &= check(2, tally.accepted > programs / 4 && tally.refused > programs / 8, "there are enough of both");
    good &= check(3, tally.witnessed * 10 > tally.refused * 7, "most refusals have a witness");
    return good ? 0 : 1;
}
