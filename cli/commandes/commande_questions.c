/*
 * `delib questions`: what still needs to be asked for a tariff, in order, given what is known of the family. A portal
 * makes its form with it: it puts the first question, gives the answer back with --avec, and asks again.
 */
#include "cli/calcul/calcul.h"

#include <string.h>

enum { OPT_JSON = CALCUL_FAMILY_COUNT };

static const struct option OPTIONS[] = {
    CALCUL_FAMILY_OPTIONS,
    [OPT_JSON] = { "json", OPTION_FLAG, NULL, "questions en JSON, pour un formulaire", NULL },
};

/* ---- For people ---- */

static void print_fields(struct terminal *out, const delib_question *q)
{
    for (size_t i = 0; i < q->field_count; i++) {
        const delib_question *f = &q->fields[i];

        terminal_print(out, STYLE_PLAIN, "     - ");
        if (f->name)
            terminal_print(out, STYLE_PLAIN, "%s (%s) : ", f->label, f->name);
        terminal_print(out, STYLE_PLAIN, "%s%s%s\n", f->type, f->domain ? ", " : "", f->domain ? f->domain : "");
    }
}

static void print_answers(struct terminal *out, const delib_question *q)
{
    terminal_print(out, STYLE_PLAIN, "   %s", q->type);
    if (q->domain)
        terminal_print(out, STYLE_PLAIN, " : %s", q->domain);
    if (q->most)
        terminal_print(out, STYLE_PLAIN, ", %u au plus", q->most);
    if (q->fallback)
        terminal_print(out, STYLE_PLAIN, " ; par défaut %s", q->fallback);
    if (q->may_be_absent)
        terminal_print(out, STYLE_PLAIN, " ; « non communiqué » est accepté");
    terminal_print(out, STYLE_PLAIN, "\n");
    print_fields(out, q);
}

static void print_source(struct terminal *out, const delib_question *q)
{
    if (q->function && !q->declared)
        terminal_print(out, STYLE_PLAIN, "   à demander à : %s (%s)", q->function, q->subject);
    else if (q->function)
        terminal_print(out, STYLE_PLAIN, "   à demander à la famille : l'habilitation ne donne pas %s", q->function);
    if (q->function)
        terminal_print(out, STYLE_PLAIN, "%s%s\n", !q->proof ? "" : q->declared ? " ; " : " ; à défaut, ",
                       q->proof ? q->proof : "");
}

/* « identité : son état civil (nom_naissance, prenoms…) ou une connexion FranceConnect (jeton_france_connect) » */
static void print_identity(struct calcul *c, const delib_question *q)
{
    struct terminal *out = &c->run->terminal;
    delib_io_identity_field f;
    const char *modality = NULL;

    for (size_t i = 0; c->run->io->identity(c->demande, q->subject, q->function, i, &f) == DELIB_OK; i++) {
        if (f.modality != modality)
            terminal_print(out, STYLE_PLAIN, "%s%s (", modality ? ") ou " : "   identité : ", f.needs);
        else
            terminal_print(out, STYLE_PLAIN, ", ");
        terminal_print(out, STYLE_PLAIN, "%s%s", f.name, f.required ? "" : " si connu");
        if (f.given)
            terminal_print(out, STYLE_PLAIN, " : donné");
        modality = f.modality;
    }
    if (modality)
        terminal_print(out, STYLE_PLAIN, ")\n");
}

static bool asks_an_api(const delib_question *q)
{
    return q->function && !q->declared;
}

static void print_question(struct calcul *c, size_t rank, const delib_question *q)
{
    struct terminal *out = &c->run->terminal;

    terminal_print(out, STYLE_STRONG, "%zu. %s", rank, q->label);
    terminal_print(out, STYLE_PLAIN, " (%s)\n", q->name);
    print_answers(out, q);
    if (q->problem)
        terminal_print(out, STYLE_BAD, "   réponse refusée : %s\n", q->problem);
    print_source(out, q);
    if (asks_an_api(q) && c->run->io)
        print_identity(c, q);
    if (q->condition)
        terminal_print(out, STYLE_PLAIN, "   seulement %s\n", q->condition);
    if (q->article)
        terminal_print(out, STYLE_PLAIN, "   pour : %s (ligne %u)\n", q->article, q->line);
    else if (q->line)
        terminal_print(out, STYLE_PLAIN, "   pour : ligne %u\n", q->line);
}

static void print_questions(struct calcul *c)
{
    struct terminal *out = &c->run->terminal;
    size_t count = delib_session_question_count(c->session);

    if (count == 0)
        terminal_print(out, STYLE_PLAIN, "rien n'est à demander : le tarif peut être calculé\n");
    for (size_t i = 0; i < count; i++) {
        delib_question q;

        if (delib_session_question(c->session, i, &q) == DELIB_OK)
            print_question(c, i + 1, &q);
    }
}

/* ---- JSON ---- */

static void write_question(struct calcul *c, delib_io_json *json, const delib_question *q);

static void write_identity(struct calcul *c, delib_io_json *json, const delib_question *q)
{
    const delib_io_api *io = c->run->io;
    delib_io_identity_field f;
    const char *modality = NULL;

    io->json_list(json, "identité");
    for (size_t i = 0; asks_an_api(q) && io->identity(c->demande, q->subject, q->function, i, &f) == DELIB_OK; i++) {
        if (f.modality != modality) {
            if (modality) {
                io->json_end(json);
                io->json_end(json);
            }
            io->json_object(json, NULL);
            io->json_text(json, "modalité", f.modality);
            io->json_text(json, "libellé", f.needs);
            io->json_list(json, "champs");
            modality = f.modality;
        }
        io->json_object(json, NULL);
        io->json_text(json, "nom", f.name);
        io->json_boolean(json, "obligatoire", f.required);
        io->json_boolean(json, "donné", f.given);
        io->json_text(json, "ou", f.instead);
        io->json_end(json);
    }
    if (modality) {
        io->json_end(json);
        io->json_end(json);
    }
    io->json_end(json);
}

static void write_domain(struct calcul *c, delib_io_json *json, const delib_question *q)
{
    const delib_io_api *io = c->run->io;

    io->json_text(json, "type", q->type);
    io->json_text(json, "domaine", q->domain);
    io->json_text(json, "minimum", q->low);
    io->json_text(json, "maximum", q->high);
    io->json_integer(json, "décimales", q->decimals);
    io->json_list(json, "choix");
    for (size_t i = 0; i < q->choice_count; i++) {
        io->json_object(json, NULL);
        io->json_text(json, "valeur", q->choices[i]);
        io->json_text(json, "libellé", q->choice_labels[i]);
        io->json_end(json);
    }
    io->json_end(json);
    io->json_list(json, "champs");
    for (size_t i = 0; i < q->field_count; i++)
        write_question(c, json, &q->fields[i]);
    io->json_end(json);
    io->json_integer(json, "éléments_au_plus", q->most);
}

static void write_question(struct calcul *c, delib_io_json *json, const delib_question *q)
{
    const delib_io_api *io = c->run->io;

    io->json_object(json, NULL);
    io->json_text(json, "nom", q->name);
    io->json_text(json, "libellé", q->label);
    write_domain(c, json, q);
    io->json_text(json, "par_défaut", q->fallback);
    io->json_boolean(json, "non_communiqué", q->may_be_absent);
    io->json_text(json, "fonction", q->function);
    io->json_text(json, "personne", q->subject);
    io->json_boolean(json, "famille", !q->function || q->declared);
    write_identity(c, json, q);
    io->json_text(json, "à_défaut", q->proof);
    io->json_text(json, "problème", q->problem);
    io->json_text(json, "condition", q->condition);
    io->json_text(json, "article", q->article);
    io->json_integer(json, "ligne", q->line);
    io->json_end(json);
}

static bool write_report(struct calcul *c, bool known)
{
    delib_io_json *json = edge_json_new(c->run);

    if (!json)
        return false;
    c->run->io->json_object(json, NULL);
    if (known) {
        c->run->io->json_list(json, "questions");
        for (size_t i = 0; i < delib_session_question_count(c->session); i++) {
            delib_question q;

            if (delib_session_question(c->session, i, &q) == DELIB_OK)
                write_question(c, json, &q);
        }
        c->run->io->json_end(json);
    } else {
        calcul_json_failure(c, json);
    }
    c->run->io->json_end(json);
    return edge_json_print(c->run, json);
}

/* ---- The command ---- */

/* What an API must know of a person is asked of libdelib-io, only when there is an API to ask. */
static bool explore(struct calcul *c)
{
    delib_status status = delib_session_explore(c->session, c->tariff);
    bool ready = status == DELIB_OK;
    delib_question q;

    if (!ready)
        c->problem = status_text(status);
    for (size_t i = 0; ready && i < delib_session_question_count(c->session); i++)
        if (delib_session_question(c->session, i, &q) == DELIB_OK && asks_an_api(&q))
            ready = edge_load(c->run) != NULL;
    return ready;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct calcul c = { .run = run, .arguments = arguments };
    bool known, written = true;

    if (!calcul_read_family(&c))
        return EXIT_USAGE;
    known = calcul_prepare(&c) && explore(&c);
    if (argument_given(arguments, OPT_JSON))
        written = write_report(&c, known);
    else if (known)
        print_questions(&c);
    else
        calcul_print_failure(&c);
    calcul_close(&c);
    return known && written ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_questions = {
    .name = "questions",
    .operands = "F",
    .operand_min = 1,
    .operand_max = 1,
    .summary = "ce qu'il reste à demander pour un tarif, dans l'ordre",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
