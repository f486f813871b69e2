/*
 * The explanation of one computation for one of its three readers, as a document for people or as JSON.
 */
#ifndef CLI_EXPLICATION_H
#define CLI_EXPLICATION_H

#include "cli/calcul/calcul.h"
#include "changements.h"
#include "cli/document/document.h"

/* Each reading holds what the one before holds. */
enum reader { READER_FAMILLE, READER_AGENT, READER_AUDITEUR };

struct explication {
    struct calcul *calcul;
    enum reader reader;
    struct trace trace;
    struct changes changes;
    bool supposing;                      /* --et-si was given: */
    const struct option_values *suppositions;
    struct trace supposed;
};

/* What the delib_need of that datum says for the tariff that was computed; false when there is none. */
bool explication_need(const struct explication *e, const char *datum, delib_need *out);
/* « délibération n° 2026-06-47 du 25 juin 2026, Saint-Aubin-des-Prés »; the name of the file when the act says
 * nothing. */
const char *explication_act(const struct explication *e);
/* « 2,00 € de moins », « 0,50 € de plus », « le même montant »; NULL when both are not amounts. */
const char *explication_gap(struct arena *arena, const delib_result *before, const delib_result *after);

void explication_document(struct explication *e, struct document *out);
/* The members of the object being written (cli/README.md). */
void explication_json(struct explication *e, delib_io_json *json);

#endif
