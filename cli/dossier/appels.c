/*
 * The plan of the calls of each tariff, for who asks for the habilitation and for who must know what will be sent:
 * words and JSON made from what the library says of a family of whom nothing is known.
 */
#include "appels.h"
#include "cli/base/edge_loader.h"

#include <string.h>

struct plan {
    struct run *run;
    const delib_program *program;
    delib_session *session;
    delib_tariff tariff;
};

static bool is_granted(const delib_call *call)
{
    return call->turn > 0;
}

static const char *who(const delib_call *call)
{
    return call->provider ? call->provider : call->api;
}

/* ---- For people ---- */

/* « au plus 2 appels ; CNAF & MSA toujours ; France Travail seulement si … » */
static void print_summary(const struct plan *p)
{
    struct terminal *out = &p->run->terminal;
    size_t most = delib_session_call_most(p->session), count = delib_session_call_count(p->session);
    delib_call call;

    terminal_print(out, STYLE_STRONG, "Tarif %s : ", delib_program_tariff_name(p->program, p->tariff));
    if (most == 0)
        terminal_print(out, STYLE_PLAIN, "aucun appel");
    else
        terminal_print(out, STYLE_PLAIN, "au plus %zu appel%s", most, most > 1 ? "s" : "");
    for (size_t i = 0; i < count; i++)
        if (delib_session_call(p->session, i, &call) == DELIB_OK && is_granted(&call))
            terminal_print(out, STYLE_PLAIN, " ; %s %s%s", who(&call),
                           !call.condition ? "toujours" : strncmp(call.condition, "si ", 3) ? "" : "seulement ",
                           call.condition ? call.condition : "");
    terminal_print(out, STYLE_PLAIN, "\n");
}

static void print_period(struct terminal *out, const delib_call *call)
{
    if (call->month)
        terminal_print(out, STYLE_PLAIN, ", mois demandé : %02d/%d", call->month, call->year);
    else if (call->year)
        terminal_print(out, STYLE_PLAIN, ", année demandée : %d", call->year);
}

static void print_call(struct terminal *out, const delib_call *call)
{
    terminal_print(out, STYLE_PLAIN, "  - %s (%s, %s), pour la personne « %s »", call->label, who(call), call->api,
                   call->subject);
    print_period(out, call);
    terminal_print(out, STYLE_PLAIN, "\n    fonction : %s ; scopes : %s", call->function,
                   call->scopes ? call->scopes : "aucun");
    if (is_granted(call) && call->requests)
        terminal_print(out, STYLE_PLAIN, " ; quota : %u appels par %s", call->requests,
                       call->period_s == 1 ? "seconde" : "minute");
    terminal_print(out, STYLE_PLAIN, "\n");
    if (!is_granted(call))
        terminal_print(out, STYLE_PLAIN,
                       "    jamais appelée : la finalité %s ne la donne pas ; la famille le déclare\n",
                       call->finalite);
    else if (call->condition && strncmp(call->condition, "si ", 3) == 0)
        terminal_print(out, STYLE_PLAIN, "    seulement %s\n", call->condition);
    else
        terminal_print(out, STYLE_PLAIN, "    %s\n", call->condition ? call->condition : "toujours");
    if (call->article)
        terminal_print(out, STYLE_PLAIN, "    pour : %s (ligne %u)\n", call->article, call->line);
    else if (call->line)
        terminal_print(out, STYLE_PLAIN, "    pour : ligne %u\n", call->line);
}

static void print_turn(struct terminal *out, unsigned turn, size_t together)
{
    if (turn == 0)
        terminal_print(out, STYLE_PLAIN, "  non accordé :\n");
    else if (turn == 1)
        terminal_print(out, STYLE_PLAIN, "  dès le début%s :\n", together > 1 ? ", ensemble" : "");
    else
        terminal_print(out, STYLE_PLAIN, "  ensuite, selon ce que disent les premiers :\n");
}

static size_t count_turn(const delib_session *session, unsigned turn)
{
    size_t count = 0;
    delib_call call;

    for (size_t i = 0; i < delib_session_call_count(session); i++)
        count += delib_session_call(session, i, &call) == DELIB_OK && call.turn == turn;
    return count;
}

static void print_tariff(const struct plan *p)
{
    struct terminal *out = &p->run->terminal;
    delib_call call, before = { .function = NULL };

    print_summary(p);
    for (size_t i = 0; i < delib_session_call_count(p->session); i++) {
        if (delib_session_call(p->session, i, &call) != DELIB_OK)
            continue;
        if (!before.function || call.turn != before.turn)
            print_turn(out, call.turn, count_turn(p->session, call.turn));
        print_call(out, &call);
        before = call;
    }
}

/* ---- JSON ---- */

static void write_call(const delib_io_api *io, delib_io_json *json, const delib_call *call)
{
    io->json_object(json, NULL);
    io->json_text(json, "fonction", call->function);
    io->json_text(json, "libellé", call->label);
    io->json_text(json, "api", call->api);
    io->json_text(json, "fournisseur", call->provider);
    io->json_text(json, "personne", call->subject);
    io->json_text(json, "finalité", call->finalite);
    io->json_text(json, "scopes", call->scopes);
    io->json_text(json, "niveau", call->level);
    io->json_boolean(json, "toujours", is_granted(call) && !call->condition);
    io->json_text(json, "condition", call->condition);
    io->json_integer(json, "tour", call->turn);
    io->json_integer(json, "quota", call->requests);
    io->json_integer(json, "quota_secondes", call->period_s);
    io->json_text(json, "article", call->article);
    io->json_integer(json, "ligne", call->line);
    io->json_end(json);
}

static void write_tariff(const struct plan *p, delib_io_json *json)
{
    const delib_io_api *io = p->run->io;
    delib_call call;

    io->json_object(json, NULL);
    io->json_text(json, "tarif", delib_program_tariff_name(p->program, p->tariff));
    io->json_integer(json, "appels_au_plus", (int64_t)delib_session_call_most(p->session));
    io->json_list(json, "appels");
    for (size_t i = 0; i < delib_session_call_count(p->session); i++)
        if (delib_session_call(p->session, i, &call) == DELIB_OK)
            write_call(io, json, &call);
    io->json_end(json);
    io->json_end(json);
}

/* ---- Each tariff ---- */

static bool open_plan(struct plan *p, delib_program *program, const char *date)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_status status;

    options.date = date;
    status = delib_session_new(program, &options, &p->session);
    if (status != DELIB_OK)
        terminal_error(&p->run->terminal, "%s", status_text(status));
    return status == DELIB_OK;
}

static bool explore(const struct plan *p)
{
    delib_status status = delib_session_explore(p->session, p->tariff);

    if (status != DELIB_OK)
        terminal_error(&p->run->terminal, "%s", status_text(status));
    return status == DELIB_OK;
}

bool appels_print(struct run *run, delib_program *program, const char *date)
{
    struct plan p = { .run = run, .program = program };
    bool done = open_plan(&p, program, date);

    for (size_t i = 0; done && i < delib_program_tariff_count(program); i++) {
        p.tariff = (delib_tariff)i;
        done = explore(&p);
        if (i && done)
            terminal_print(&run->terminal, STYLE_PLAIN, "\n");
        if (done)
            print_tariff(&p);
    }
    delib_session_free(p.session);
    return done;
}

bool appels_json(struct run *run, delib_program *program, const char *date)
{
    struct plan p = { .run = run, .program = program };
    delib_io_json *json = edge_json_new(run);
    bool done = json && open_plan(&p, program, date);

    if (done) {
        run->io->json_object(json, NULL);
        run->io->json_text(json, "date", date);
        run->io->json_list(json, "tarifs");
        for (size_t i = 0; done && i < delib_program_tariff_count(program); i++) {
            p.tariff = (delib_tariff)i;
            done = explore(&p);
            if (done)
                write_tariff(&p, json);
        }
        run->io->json_end(json);
        run->io->json_end(json);
    }
    delib_session_free(p.session);
    if (done)
        return edge_json_print(run, json);
    if (json)
        run->io->json_free(json);
    return false;
}
