/*
 * What ties the report to what was read: the data that each tariff reads, the fingerprints of the texts.
 */
#include "cli/base/edge_loader.h"
#include "rapport.h"

#include <string.h>

/* ---- Data ---- */

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void write_need(struct rapport *r, const delib_need *need)
{
    html_open(&r->html, "tr");
    html_row_title(&r->html, need->label);
    html_element(&r->html, "td", NULL, need->function ? need->api : "réponse de la famille");
    html_element(&r->html, "td", NULL, need->function ? need->scope ? need->scope : "aucun" : "—");
    html_element(&r->html, "td", need->function && !same(need->level, "admis") ? "attention" : NULL,
                 need->function ? need->level : "—");
    html_element(&r->html, "td", NULL, need->fallback ? need->fallback : "—");
    html_open(&r->html, "td");
    if (need->article)
        html_format(&r->html, "%s, ", need->article);
    if (need->line)
        rapport_write_line(r, need->line);
    html_close(&r->html);
    html_close(&r->html);
}

void rapport_write_data(struct rapport *r)
{
    static const char *const columns[] = {"Donnée",   "D'où elle vient", "Droit à demander",
                                          "Finalité", "À défaut",        "Pour"};
    const char *tariff = NULL;
    delib_need need;

    for (size_t i = 0; delib_program_need(r->program, i, &need) == DELIB_OK; i++) {
        if (!same(need.tariff, tariff)) {
            if (tariff) {
                html_table_end(&r->html);
                html_close(&r->html);
            }
            tariff = need.tariff;
            html_open(&r->html, "h3");
            html_format(&r->html, "Tarif « %s », finalité : %s", tariff, need.finalite ? need.finalite : "non dite");
            html_close(&r->html);
            html_open(&r->html, "div");
            html_attribute(&r->html, "class", "large");
            html_table(&r->html, NULL, NULL, columns, 6);
        }
        write_need(r, &need);
    }
    if (tariff) {
        html_table_end(&r->html);
        html_close(&r->html);
    } else {
        html_element(&r->html, "p", NULL, "Aucune donnée n'est lue.");
    }
}

/* ---- Fingerprints ---- */

static void write_file(struct rapport *r, const delib_text *text)
{
    char fingerprint[DELIB_IO_HASH_SIZE];

    r->run->io->fingerprint(text->bytes, text->length, fingerprint);
    html_open(&r->html, "tr");
    html_row_title(&r->html, text->name);
    html_open(&r->html, "td");
    html_attribute(&r->html, "class", "nombre");
    html_format(&r->html, "%zu", text->length);
    html_close(&r->html);
    html_open(&r->html, "td");
    html_element(&r->html, "code", "empreinte", fingerprint);
    html_close(&r->html);
    html_close(&r->html);
}

void rapport_write_fingerprints(struct rapport *r)
{
    static const char *const columns[] = { "Fichier", "Octets", "Empreinte (BLAKE2b, 256 bits)" };
    char rules[DELIB_IO_HASH_SIZE];
    delib_text text;

    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 3);
    for (size_t i = 0; delib_program_text(r->program, i, &text) == DELIB_OK; i++)
        write_file(r, &text);
    html_table_end(&r->html);
    html_close(&r->html);
    html_open(&r->html, "p");
    html_text(&r->html, "L'empreinte d'un fichier se vérifie sans ce programme : ");
    html_element(&r->html, "code", NULL, "b2sum -l 256 FICHIER");
    html_text(&r->html, ".");
    html_close(&r->html);
    if (r->run->io->rules_hash(r->program, rules) != DELIB_OK)
        return;
    html_open(&r->html, "p");
    html_text(&r->html, "Les règles entières, sous ce nom dans un journal de décisions : ");
    html_element(&r->html, "code", "empreinte", rules);
    html_text(&r->html, ".");
    html_close(&r->html);
}
