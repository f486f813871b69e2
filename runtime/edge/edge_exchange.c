/*
 * Exchanges: what a host with its own HTTP stack, and our own driver, go through for one request.
 */
#include "edge_exchange.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct edge_words edge_exchange_words(const delib_io_exchange *exchange)
{
    return (struct edge_words){ .api = exchange->request.function->api,
                                .provider_prefix = exchange->request.function->prefix,
                                .person = exchange->request.person };
}

delib_status edge_exchange_end(delib_io_exchange *exchange, const char *outcome, const char *detail, long delay_ms)
{
    struct edge_words words = edge_exchange_words(exchange);
    words.detail = detail;
    words.delay_ms = delay_ms;
    edge_outcome(&exchange->arena, outcome, &words, &exchange->answer);
    exchange->answered = true;
    return exchange->arena.exhausted ? DELIB_NO_MEMORY : DELIB_OK;
}

const struct catalogue_outcome *edge_exchange_outcome(const delib_io_exchange *exchange)
{
    if (!exchange->answered || exchange->answer.kind == DELIB_ANSWER_VALUE || !exchange->answer.code)
        return NULL;
    return catalogue_outcome_find(&catalogue_standard, exchange->answer.code);
}

delib_status edge_exchange_new(const delib_io_config *config, const delib_io_demande *demande,
                               const delib_request *request, int64_t now, delib_io_exchange **out)
{
    const struct slice name = slice_of(request->function);
    const struct catalogue_function *function = catalogue_find(&catalogue_standard, name.bytes, name.length);
    delib_io_exchange *exchange;
    delib_status status = DELIB_OK;
    *out = NULL;
    if (!function)
        return DELIB_INVALID;
    exchange = calloc(1, sizeof(*exchange));
    if (!exchange)
        return DELIB_NO_MEMORY;
    arena_init(&exchange->arena, edge_allocator(), 0);
    exchange->config = config;
    exchange->today = edge_demande_today(demande, now);
    edge_answer_init(&exchange->answer);
    edge_request_build(&exchange->request, &exchange->arena, config, demande, function, request, now);
    if (exchange->request.outcome)
        status = edge_exchange_end(exchange, exchange->request.outcome, exchange->request.detail, 0);
    if (status != DELIB_OK || exchange->arena.exhausted) {
        delib_io_exchange_free(exchange);
        return DELIB_NO_MEMORY;
    }
    *out = exchange;
    return DELIB_OK;
}

delib_status delib_io_exchange_new(const delib_io_config *config, const delib_io_demande *demande,
                                   const delib_request *request, delib_io_exchange **out)
{
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!config || !demande || !request || !request->function)
        return DELIB_MISUSE;
    return edge_exchange_new(config, demande, request, (int64_t)time(NULL), out);
}

void delib_io_exchange_free(delib_io_exchange *exchange)
{
    if (!exchange)
        return;
    arena_release(&exchange->arena);
    free(exchange);
}

delib_status delib_io_exchange_request(const delib_io_exchange *exchange, delib_io_http_request *out)
{
    const struct edge_request *request;
    if (!exchange || !out || exchange->answered)
        return DELIB_MISUSE;
    request = &exchange->request;
    *out = (delib_io_http_request){
        .size = sizeof(*out), .method = request->method, .url = request->url, .logged_url = request->logged_url,
        .headers = request->headers.items, .header_count = request->headers.count,
        .credential = request->credential, .connect_timeout_ms = exchange->config->connect_timeout_ms,
        .total_timeout_ms = exchange->config->total_timeout_ms, .body_limit = EDGE_BODY_LIMIT,
    };
    return DELIB_OK;
}

delib_status delib_io_exchange_receive(delib_io_exchange *exchange, int http_status, const char *headers,
                                       size_t header_length, const char *body, size_t length, const char *obtained)
{
    const struct edge_request *request;
    struct edge_decoder decoder;
    (void)headers;
    (void)header_length;
    if (!exchange || exchange->answered)
        return DELIB_MISUSE;
    request = &exchange->request;
    decoder = (struct edge_decoder){ .arena = &exchange->arena, .function = request->function,
                                     .person = request->person, .subject = request->subject,
                                     .today = exchange->today, .year = request->year,
                                     .scopes = request->grant->scopes };
    if (obtained)
        decoder.obtained = arena_copy_text(&exchange->arena, obtained, strlen(obtained));
    edge_decode(&decoder, http_status, (struct slice){ body ? body : "", body ? length : 0 }, &exchange->answer);
    exchange->answered = !exchange->arena.exhausted;
    return exchange->answered ? DELIB_OK : DELIB_NO_MEMORY;
}

delib_status delib_io_exchange_fail(delib_io_exchange *exchange, delib_io_fault fault)
{
    long delay;
    if (!exchange || exchange->answered)
        return DELIB_MISUSE;
    delay = fault == DELIB_IO_CONNECT_TIMEOUT ? exchange->config->connect_timeout_ms
                                              : exchange->config->total_timeout_ms;
    return edge_exchange_end(exchange, edge_outcome_of_fault(fault), NULL, delay);
}

const delib_answer *delib_io_exchange_answer(const delib_io_exchange *exchange)
{
    return exchange && exchange->answered ? &exchange->answer : NULL;
}

/* ------------------------------------------------------------------ decoding alone */

struct delib_io_decoded {
    struct arena arena;
    delib_answer answer;
};

delib_status delib_io_decode(const char *function, const char *today, int http_status, const char *headers,
                             size_t header_length, const char *body, size_t length, delib_io_decoded **out)
{
    struct edge_decoder decoder = { 0 };
    delib_io_decoded *decoded;
    (void)headers;
    (void)header_length;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!function)
        return DELIB_MISUSE;
    decoder.function = catalogue_find(&catalogue_standard, function, strlen(function));
    if (!decoder.function || (today && !date_parse(slice_of(today), &decoder.today)))
        return DELIB_INVALID;
    decoded = calloc(1, sizeof(*decoded));
    if (!decoded)
        return DELIB_NO_MEMORY;
    arena_init(&decoded->arena, edge_allocator(), 0);
    decoder.arena = &decoded->arena;
    edge_decode(&decoder, http_status, (struct slice){ body ? body : "", body ? length : 0 }, &decoded->answer);
    if (decoded->arena.exhausted) {
        delib_io_decoded_free(decoded);
        return DELIB_NO_MEMORY;
    }
    *out = decoded;
    return DELIB_OK;
}

const delib_answer *delib_io_decoded_answer(const delib_io_decoded *decoded)
{
    return decoded ? &decoded->answer : NULL;
}

void delib_io_decoded_free(delib_io_decoded *decoded)
{
    if (!decoded)
        return;
    arena_release(&decoded->arena);
    free(decoded);
}
