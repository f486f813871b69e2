/*
 * The result of one computation as the members of a JSON object: what `delib calculer --json` prints and what
 * delib_io_evaluate_json() returns.
 */
#include "edge_base.h"

#include "lang/number.h"

#include <string.h>

struct edge_result {
    struct arena arena;                  /* texts that are only written */
    delib_io_json *json;
    const delib_session *session;
};

/* ------------------------------------------------------------------ amounts as machines read them */

static const char *edge_amount(struct arena *arena, int64_t units, unsigned scale)
{
    struct strbuf text = strbuf_in(arena);
    struct number value = number_of(0);
    int128 power = 1;
    while (scale-- > 0)
        power *= 10;
    number_make(units, power, &value);
    strbuf_number_machine(&text, value, 2);
    return text.bytes;
}

/* « 2,64 € par repas » as "2.64": the number that the text begins with. */
static const char *edge_step_amount(struct arena *arena, const char *text)
{
    static const char digits_and_spaces[] = "0123456789,-" " \xC2\xA0\xE2\x80\xAF";
    struct strbuf machine = strbuf_in(arena);
    struct slice amount;
    struct number value;
    if (!text)
        return NULL;
    amount = (struct slice){ text, strspn(text, digits_and_spaces) };
    while (amount.length > 0 && (amount.bytes[amount.length - 1] < '0' || amount.bytes[amount.length - 1] > '9'))
        amount.length--;
    if (!number_parse(amount, &value))
        return text;
    strbuf_number_machine(&machine, value, 2);
    return machine.bytes;
}

/* ------------------------------------------------------------------ members */

static void edge_write_outcome(struct edge_result *r, const delib_result *result)
{
    const bool computed = result->statut == DELIB_CALCULE;
    const bool amount = computed && !result->text;
    delib_io_json_text(r->json, "montant", amount ? edge_amount(&r->arena, result->units, result->scale) : NULL);
    delib_io_json_text(r->json, "résultat", computed ? result->text : NULL);
    delib_io_json_text(r->json, "unité", result->unit);
}

static void edge_write_outputs(struct edge_result *r)
{
    delib_result output;
    const char *label;
    if (delib_session_output_count(r->session) == 0)
        return;
    delib_io_json_list(r->json, "résultats");
    for (size_t i = 0; delib_session_output(r->session, i, &output, &label) == DELIB_OK; i++) {
        delib_io_json_object(r->json, NULL);
        delib_io_json_text(r->json, "nom", output.tariff);
        delib_io_json_text(r->json, "libellé", label);
        delib_io_json_text(r->json, "statut", delib_statut_text(output.statut));
        edge_write_outcome(r, &output);
        delib_io_json_end(r->json);
    }
    delib_io_json_end(r->json);
}

static void edge_write_steps(struct edge_result *r)
{
    delib_step step;
    delib_io_json_list(r->json, "étapes");
    for (size_t i = 0; i < delib_session_step_count(r->session); i++) {
        if (delib_session_step(r->session, i, &step) != DELIB_OK) {
            edge_json_exhausted(r->json);
            break;
        }
        delib_io_json_object(r->json, NULL);
        delib_io_json_text(r->json, "genre", step.kind);
        delib_io_json_text(r->json, "texte", step.text);
        delib_io_json_text(r->json, "montant", edge_step_amount(&r->arena, step.amount));
        delib_io_json_text(r->json, "article", step.article);
        delib_io_json_text(r->json, "citation", step.quote);
        delib_io_json_integer(r->json, "ligne", step.line);
        delib_io_json_end(r->json);
    }
    delib_io_json_end(r->json);
}

static void edge_write_data(struct edge_result *r)
{
    delib_datum datum;
    delib_io_json_list(r->json, "données");
    for (size_t i = 0; i < delib_session_datum_count(r->session); i++) {
        if (delib_session_datum(r->session, i, &datum) != DELIB_OK) {
            edge_json_exhausted(r->json);
            break;
        }
        delib_io_json_object(r->json, NULL);
        delib_io_json_text(r->json, "nom", datum.name);
        delib_io_json_text(r->json, "libellé", datum.label);
        delib_io_json_text(r->json, "valeur", datum.value);
        delib_io_json_text(r->json, "origine", datum.origin);
        delib_io_json_text(r->json, "période", datum.period);
        delib_io_json_text(r->json, "obtenue", datum.obtained);
        delib_io_json_end(r->json);
    }
    delib_io_json_end(r->json);
}

static void edge_write_missing(struct edge_result *r)
{
    delib_io_json_list(r->json, "manquantes");
    for (size_t i = 0; i < delib_session_missing_count(r->session); i++) {
        delib_io_json_object(r->json, NULL);
        delib_io_json_text(r->json, "nom", delib_session_missing(r->session, i));
        delib_io_json_text(r->json, "libellé", delib_session_missing_label(r->session, i));
        delib_io_json_end(r->json);
    }
    delib_io_json_end(r->json);
}

void delib_io_json_result(delib_io_json *json, const delib_session *session, const delib_result *result)
{
    struct edge_result r = { .json = json, .session = session };
    if (!json)
        return;
    if (!session || !result) {
        edge_json_misused(json);
        return;
    }
    arena_init(&r.arena, edge_allocator(), 0);
    delib_io_json_text(json, "statut", delib_statut_text(result->statut));
    delib_io_json_text(json, "tarif", result->tariff);
    edge_write_outcome(&r, result);
    edge_write_outputs(&r);
    edge_write_steps(&r);
    edge_write_data(&r);
    edge_write_missing(&r);
    delib_io_json_text(json, "motif", result->reason);
    if (r.arena.exhausted)
        edge_json_exhausted(json);
    arena_release(&r.arena);
}
