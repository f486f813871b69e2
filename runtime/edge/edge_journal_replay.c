/*
 * Computing a recorded decision again: recorded rules, recorded data, recorded answers; then comparing bit for bit.
 */
#include "edge_journal.h"

#include <stdlib.h>
#include <string.h>

/* Rules change a few times a year: entries of one year need two or three of them. */
#define EDGE_REPLAY_PROGRAMS 8

struct edge_replay_program {
    char rules[EDGE_HASH_TEXT];
    delib_program *program;             /* owned; NULL: `problem` says why */
    const char *problem;                /* French; a constant */
    uint64_t used;
};

struct edge_journal_replay {
    const struct edge_journal_paths *paths;
    delib_engine *engine;
    const struct edge_keys *keys;
    struct edge_replay_program programs[EDGE_REPLAY_PROGRAMS];
    uint64_t clock;
    struct arena arena;                 /* texts of rules, while they are compiled */
    delib_session *session;             /* owned: of the last entry, used again when its dates are the same */
    const delib_program *session_program;
    char date[11], today[11];
    int ask_sources;
};

/* One entry on its way. */
struct edge_replay_run {
    struct edge_journal_replay *replay;
    struct arena *arena;
    struct edge_diagnostics *diagnostics;
    const struct edge_journal_entry *entry;
    unsigned line;
    delib_result result;
    bool hidden;                        /* something is encrypted for a key that was not given */
};

struct edge_journal_replay *edge_journal_replay_new(const struct edge_journal_paths *paths, delib_engine *engine,
                                                    const struct edge_keys *keys)
{
    struct edge_journal_replay *replay = calloc(1, sizeof(*replay));
    if (!replay)
        return NULL;
    replay->paths = paths;
    replay->engine = engine;
    replay->keys = keys;
    arena_init(&replay->arena, edge_allocator(), 0);
    return replay;
}

void edge_journal_replay_free(struct edge_journal_replay *replay)
{
    if (!replay)
        return;
    delib_session_free(replay->session);
    for (size_t i = 0; i < EDGE_REPLAY_PROGRAMS; i++)
        delib_program_release(replay->programs[i].program);
    arena_release(&replay->arena);
    free(replay);
}

static enum edge_replay_outcome edge_replay_report(const struct edge_replay_run *run, enum edge_code code,
                                                   enum edge_replay_outcome outcome, const char *what,
                                                   const char *detail)
{
    edge_report(run->diagnostics, code, (struct edge_place){ run->line, 1 }, NULL, "entrée %s : %s%s",
                edge_shown(run->arena, run->entry->id), what, detail);
    return outcome;
}

/* ------------------------------------------------------------------ programs and sessions */

static struct edge_replay_program *edge_replay_slot(struct edge_journal_replay *replay, const char *rules)
{
    struct edge_replay_program *oldest = &replay->programs[0];
    for (size_t i = 0; i < EDGE_REPLAY_PROGRAMS; i++) {
        struct edge_replay_program *slot = &replay->programs[i];
        if (strcmp(slot->rules, rules) == 0)
            return slot;
        if (slot->used < oldest->used)
            oldest = slot;
    }
    if (replay->session_program && replay->session_program == oldest->program) {
        delib_session_free(replay->session);
        replay->session = NULL;
        replay->session_program = NULL;
    }
    delib_program_release(oldest->program);
    *oldest = (struct edge_replay_program){ .problem = NULL };
    memcpy(oldest->rules, rules, EDGE_HASH_TEXT);
    oldest->program = edge_journal_rules_open(&replay->arena, replay->paths, replay->engine, rules,
                                              &oldest->problem);
    arena_reset(&replay->arena);
    return oldest;
}

static const struct edge_replay_program *edge_replay_program(struct edge_journal_replay *replay, const char *rules)
{
    struct edge_replay_program *slot = edge_replay_slot(replay, rules);
    slot->used = ++replay->clock;
    return slot;
}

static void edge_keep_date(char out[11], const char *date)
{
    const size_t length = slice_of(date).length;
    memcpy(out, date ? date : "", length < 11 ? length : 10);
    out[length < 11 ? length : 10] = '\0';
}

static bool edge_same_date(const char *kept, const char *date)
{
    return strcmp(kept, date ? date : "") == 0;
}

static delib_status edge_replay_session(struct edge_journal_replay *replay, delib_program *program,
                                        const delib_value *asked)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const delib_value *ask = delib_io_value_get(asked, "sources_interrogées");
    delib_status status;
    options.date = edge_member_text(asked, "date");
    options.today = edge_member_text(asked, "aujourd_hui");
    options.ask_sources = ask && ask->kind == DELIB_VALUE_BOOLEAN && ask->boolean;
    if (replay->session && replay->session_program == program && replay->ask_sources == options.ask_sources
        && edge_same_date(replay->date, options.date) && edge_same_date(replay->today, options.today)) {
        delib_session_reset(replay->session);
        return DELIB_OK;
    }
    delib_session_free(replay->session);
    replay->session_program = NULL;
    status = delib_session_new(program, &options, &replay->session);
    if (status != DELIB_OK)
        return status;
    replay->session_program = program;
    replay->ask_sources = options.ask_sources;
    edge_keep_date(replay->date, options.date);
    edge_keep_date(replay->today, options.today);
    return DELIB_OK;
}

/* ------------------------------------------------------------------ data and answers */

static const delib_value *edge_list_of(const delib_value *record, const char *name)
{
    static const delib_value none = { .kind = DELIB_VALUE_LIST };
    const delib_value *list = delib_io_value_get(record, name);
    return list && list->kind == DELIB_VALUE_LIST ? list : &none;
}

/* The value behind a member; NULL: hidden, absent, or memory. */
static const delib_value *edge_replay_reveal(struct edge_replay_run *run, const delib_value *record, const char *name)
{
    const delib_value *member = delib_io_value_get(record, name), *value = NULL;
    switch (member ? edge_reveal(run->arena, run->replay->keys, member, &value) : EDGE_REVEAL_FAILED) {
    case EDGE_REVEALED: return value;
    case EDGE_NO_KEY: run->hidden = true; break;
    case EDGE_REVEAL_FAILED: break;
    }
    return NULL;
}

static delib_status edge_replay_give(struct edge_replay_run *run)
{
    const delib_value *data = edge_list_of(run->entry->personal, "données");
    for (size_t i = 0; i < data->count; i++) {
        const char *name = edge_member_text(&data->items[i], "nom");
        const delib_value *json = edge_replay_reveal(run, &data->items[i], "valeur");
        delib_value value;
        delib_status status = DELIB_INVALID;
        if (name && json && edge_journal_read_value(run->arena, json, &value))
            status = delib_session_set_from(run->replay->session, name, &value,
                                            edge_member_text(&data->items[i], "canal"));
        if (status != DELIB_OK)
            return status;
    }
    return DELIB_OK;
}

static bool edge_answer_matches(const delib_value *answer, const delib_request *request)
{
    const char *function = edge_member_text(answer, "fonction"), *subject = edge_member_text(answer, "sujet");
    int64_t year = 0, month = 0;
    return function && subject && strcmp(function, request->function) == 0 && strcmp(subject, request->subject) == 0
           && edge_member_integer(answer, "année", &year) && year == request->year
           && edge_member_integer(answer, "mois", &month) && month == request->month;
}

static delib_status edge_replay_answer(struct edge_replay_run *run, const delib_request *request,
                                       const delib_value *exchange)
{
    const delib_value *json = edge_replay_reveal(run, exchange, "réponse");
    const delib_value *value = delib_io_value_get(json, "valeur");
    const char *kind = edge_member_text(json, "genre");
    delib_answer answer = { .size = sizeof(answer) };
    bool known = false;
    for (int i = DELIB_ANSWER_VALUE; kind && !known && i <= DELIB_ANSWER_FAILED; i++) {
        answer.kind = (delib_answer_kind)i;
        known = strcmp(edge_journal_answers[i], kind) == 0;
    }
    if (!known || !value || (answer.kind == DELIB_ANSWER_VALUE
                             && !edge_journal_read_value(run->arena, value, &answer.record)))
        return DELIB_INVALID;
    answer.code = edge_member_text(json, "code");
    answer.message = edge_member_text(json, "message");
    answer.provider = edge_member_text(json, "fournisseur");
    answer.period = edge_member_text(json, "période");
    answer.obtained = edge_member_text(json, "obtenue");
    return delib_session_answer(run->replay->session, request->id, &answer);
}

/* Answers the waiting requests that the journal knows; *answered counts them. */
static delib_status edge_replay_answer_all(struct edge_replay_run *run, size_t *answered)
{
    const delib_value *answers = edge_list_of(run->entry->personal, "réponses");
    delib_session *session = run->replay->session;
    *answered = 0;
    /* An answer takes its request out of the list: the next one has the same index. */
    for (size_t index = 0; index < delib_session_request_count(session);) {
        const delib_value *found = NULL;
        delib_request request;
        delib_status status = delib_session_request(session, index, &request);
        for (size_t i = 0; status == DELIB_OK && !found && i < answers->count; i++)
            found = edge_answer_matches(&answers->items[i], &request) ? &answers->items[i] : NULL;
        if (found)
            status = edge_replay_answer(run, &request, found);
        if (status != DELIB_OK)
            return status;
        *answered += found != NULL;
        index += found == NULL;
    }
    return DELIB_OK;
}

static delib_status edge_replay_evaluate(struct edge_replay_run *run, delib_tariff tariff)
{
    size_t answered = 1;
    delib_status status = delib_evaluate(run->replay->session, tariff, &run->result);
    while (status == DELIB_PENDING && answered > 0) {
        status = edge_replay_answer_all(run, &answered);
        if (status == DELIB_OK)
            status = delib_evaluate(run->replay->session, tariff, &run->result);
    }
    return status;
}

/* ------------------------------------------------------------------ comparing */

static bool edge_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *edge_amount_of(struct arena *arena, const delib_result *result)
{
    delib_io_json *json = NULL;
    const char *text = NULL, *copy = NULL;
    size_t length = 0;
    if (result->statut != DELIB_CALCULE || result->text)
        return NULL;
    if (delib_io_json_new(&json) != DELIB_OK) {
        arena->exhausted = true;
        return NULL;
    }
    delib_io_json_decimal(json, NULL, result->units, result->scale);
    if (delib_io_json_finish(json, 0, &text, &length) == DELIB_OK && length >= 2)
        copy = arena_copy_text(arena, text + 1, length - 2);
    delib_io_json_free(json);
    return copy;
}

/*
 * The sentences of another version may be other sentences; those of this one are the same, or someone changed them.
 */
static enum edge_replay_outcome edge_replay_reword(struct edge_replay_run *run)
{
    const char *engine = edge_member_text(run->entry->public, "moteur");
    if (edge_same_text(engine, DELIB_VERSION))
        return edge_replay_report(run, EDGE_JOURNAL_RESULT, EDGE_REPLAY_DIFFERENT,
                                  "le montant est le même, mais l'explication n'est pas celle qui a été enregistrée",
                                  "");
    edge_warn(run->diagnostics, EDGE_JOURNAL_RESULT, (struct edge_place){ run->line, 1 }, NULL,
              "entrée %s : le résultat est le même ; l'explication a été rédigée autrement par une autre version du "
              "moteur (%s)",
              edge_shown(run->arena, run->entry->id), edge_shown(run->arena, engine ? engine : "?"));
    return EDGE_REPLAY_REWORDED;
}

static enum edge_replay_outcome edge_replay_compare(struct edge_replay_run *run)
{
    const delib_value *said = edge_replay_reveal(run, run->entry->personal, "résultat");
    const delib_value *said_trace = edge_replay_reveal(run, run->entry->personal, "trace");
    const delib_result *result = &run->result;
    const char *amount = edge_amount_of(run->arena, result);
    char trace[EDGE_HASH_TEXT];
    const char *what = NULL;
    if (edge_journal_trace(run->arena, run->replay->session, result, trace) != DELIB_OK) {
        run->arena->exhausted = true;
        return EDGE_REPLAY_FAULT;
    }
    if (run->hidden)
        return EDGE_REPLAY_IMPOSSIBLE;
    if (!edge_same_text(edge_member_text(said, "statut"), delib_statut_text(result->statut)))
        what = "le statut recalculé n'est pas celui qui a été enregistré";
    else if (!edge_same_text(edge_member_text(said, "montant"), amount)
             || !edge_same_text(edge_member_text(said, "texte"), result->text))
        what = "le montant recalculé n'est pas celui qui a été enregistré";
    else if (!edge_same_text(edge_member_text(said, "unité"), result->unit))
        what = "l'unité recalculée n'est pas celle qui a été enregistrée";
    else if (!edge_same_text(said_trace && said_trace->kind == DELIB_VALUE_TEXT ? said_trace->text : NULL, trace))
        return edge_replay_reword(run);
    return what ? edge_replay_report(run, EDGE_JOURNAL_RESULT, EDGE_REPLAY_DIFFERENT, what, "") : EDGE_REPLAY_SAME;
}

/* ------------------------------------------------------------------ one entry */

static enum edge_replay_outcome edge_replay_failure(struct edge_replay_run *run, delib_status status)
{
    if (run->hidden)
        return EDGE_REPLAY_IMPOSSIBLE;
    if (status == DELIB_NO_MEMORY) {
        run->arena->exhausted = true;
        return EDGE_REPLAY_FAULT;
    }
    return edge_replay_report(run, EDGE_JOURNAL_RESULT, EDGE_REPLAY_DIFFERENT,
                              status == DELIB_PENDING
                                  ? "les règles demandent une réponse que le journal n'a pas enregistrée"
                                  : "les règles enregistrées refusent les données enregistrées", "");
}

enum edge_replay_outcome edge_journal_replay_entry(struct edge_journal_replay *replay, struct arena *arena,
                                                   struct edge_diagnostics *diagnostics,
                                                   const struct edge_journal_entry *entry, unsigned line)
{
    struct edge_replay_run run = { .replay = replay, .arena = arena, .diagnostics = diagnostics, .entry = entry,
                                   .line = line };
    const struct edge_replay_program *rules;
    delib_tariff tariff;
    delib_status status;
    if (!entry->personal)
        return EDGE_REPLAY_IMPOSSIBLE;
    if (!entry->rules)
        return edge_replay_report(&run, EDGE_JOURNAL_RULES, EDGE_REPLAY_FAULT, "elle ne dit pas ses règles", "");
    rules = edge_replay_program(replay, entry->rules);
    if (!rules->program)
        return edge_replay_report(&run, EDGE_JOURNAL_RULES, EDGE_REPLAY_FAULT,
                                  "ses règles ne peuvent pas être relues : ", rules->problem);
    tariff = delib_program_tariff(rules->program, edge_member_text(entry->public, "tarif"));
    if (tariff == DELIB_NO_TARIFF)
        return edge_replay_report(&run, EDGE_JOURNAL_RESULT, EDGE_REPLAY_DIFFERENT,
                                  "ses règles n'ont pas le tarif enregistré", "");
    status = edge_replay_session(replay, rules->program, entry->public);
    if (status == DELIB_OK)
        status = edge_replay_give(&run);
    if (status == DELIB_OK)
        status = edge_replay_evaluate(&run, tariff);
    return status == DELIB_OK ? edge_replay_compare(&run) : edge_replay_failure(&run, status);
}
