/*
 * What a call came to, other than a value: the sentence of the catalogue, with its words.
 */
#ifndef EDGE_OUTCOME_H
#define EDGE_OUTCOME_H

#include "edge_base.h"
#include "lang/catalogue.h"

/* What replaces {api}, {fournisseur}, {personne}, {delai} and {detail}; NULL texts leave a general word. */
struct edge_words {
    enum catalogue_api api;
    const char *provider_prefix;        /* of an error code, or of the function */
    const char *person;
    long delay_ms;
    const char *detail;
};

/* Fills `out` with the outcome `code` of the catalogue; texts are in `arena`. */
void edge_outcome(struct arena *arena, const char *code, const struct edge_words *words, delib_answer *out);
/* Prepares `out` for a value or an outcome. */
void edge_answer_init(delib_answer *out);
/* The outcome of an error answer: the status first, then the codes (`count`, each may be empty). Never NULL. */
const char *edge_outcome_of_error(const struct catalogue_function *function, int http_status,
                                  const char *const *codes, size_t count);
/* The outcome of a transport fault. */
const char *edge_outcome_of_fault(delib_io_fault fault);

#endif
