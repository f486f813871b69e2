/*
 * One exchange: a request of the core, its HTTP request, its answer.
 */
#ifndef EDGE_EXCHANGE_H
#define EDGE_EXCHANGE_H

#include "edge_decode.h"
#include "edge_request.h"

struct delib_io_exchange {
    struct arena arena;
    const delib_io_config *config;
    struct date today;                      /* rights in force are judged on it */
    struct edge_request request;
    bool answered;
    delib_answer answer;
};

delib_status edge_exchange_new(const delib_io_config *config, const delib_io_demande *demande,
                               const delib_request *request, int64_t now, delib_io_exchange **out);
/* Answers with an outcome of the catalogue that the driver decided. */
delib_status edge_exchange_end(delib_io_exchange *exchange, const char *outcome, const char *detail, long delay_ms);
/* Whether the answer speaks for a provider in trouble, and whether trying again makes sense. */
const struct catalogue_outcome *edge_exchange_outcome(const delib_io_exchange *exchange);

#endif
