/*
 * HTTP: from libmicrohttpd to an exchange and back, and the faults of the connection. The only file of the bac à
 * sable that knows libmicrohttpd. One thread per connection: a thread that waits (delay, silence) holds nobody else
 * up, and wakes when the server stops or the client leaves.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                      /* POLLRDHUP: told when the client leaves */
#endif

#include "sable_journal.h"
#include "sable_memory.h"
#include "sable_router.h"
#include "sable_server.h"
#include "sable_streams.h"
#include "sable_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    BODY_LIMIT = 64 * 1024, EXCHANGE_MEMORY = 64 * 1024 * 1024, STREAM_BLOCK = 16 * 1024,
    CONNECTION_LIMIT = 1000, CONNECTION_MEMORY = 64 * 1024, IDLE_TIMEOUT_S = 60, SILENCE_MS = 3600 * 1000,
    REQUEST_ID_LENGTH = 36
};

struct http {
    struct server *server;
    struct MHD_Daemon *daemon;
};

/* What a response that is made while it is sent needs; freed with the response. */
struct stream {
    struct server *server;
    int socket;
    long wait_ms;                        /* between two bytes: FAULT_DRIP */
    char *text;                          /* owned; NULL for the generators */
    size_t length;
    bool cut;                            /* FAULT_CUT: stop in the middle */
    struct huge_stream huge;
    struct bomb_stream bomb;
    enum fault_kind kind;
};

struct exchange {
    struct server *server;
    struct arena arena;
    struct strbuf body;
    bool body_too_long;
    struct request request;
    struct answer answer;
    struct timespec start;
    char id[REQUEST_ID_LENGTH + 1];
    unsigned status;                     /* sent; 0: the connection was broken instead */
};

/* libmicrohttpd takes what it only reads as not const. */
static void *text_pointer(const char *text)
{
    return (void *)(uintptr_t)text;
}

/* ------------------------------------------------------------------ waiting */

/* False when the server stops or the client has left. */
static bool wait_ms(const struct server *server, int connection, long duration_ms)
{
    struct pollfd ends[2] = {
        { .fd = server->stop_pipe[0], .events = POLLIN },
        { .fd = connection, .events = POLLRDHUP },
    };
    struct timespec start, now;
    long left = duration_ms;

    clock_gettime(CLOCK_MONOTONIC, &start);
    while (left > 0) {
        int count = poll(ends, 2, left > 60000 ? 60000 : (int)left);

        if (count > 0 || (count < 0 && errno != EINTR))
            return false;
        clock_gettime(CLOCK_MONOTONIC, &now);
        left = duration_ms - (long)((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
    }
    return true;
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

static void *session_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

    return info ? info->tls_session : NULL;
}

/* An RST at once: what connecting a TCP socket to nothing does on Linux. */
static void reset_connection(int connection)
{
    struct sockaddr nothing = { .sa_family = AF_UNSPEC };

    (void)connect(connection, &nothing, sizeof(nothing));
}

/* ------------------------------------------------------------------ reading a request */

static bool request_id(char id[REQUEST_ID_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[16];
    size_t at = 0;

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return false;
    random[6] = (unsigned char)((random[6] & 0x0f) | 0x40);          /* a UUID of version 4 */
    random[8] = (unsigned char)((random[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof(random); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            id[at++] = '-';
        id[at++] = digits[random[i] >> 4];
        id[at++] = digits[random[i] & 15];
    }
    id[at] = '\0';
    return true;
}

struct gathering {
    struct exchange *exchange;
    struct parameters *parameters;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *key, size_t key_length,
                              const char *value, size_t value_length)
{
    struct gathering *gathering = context;
    struct exchange *exchange = gathering->exchange;
    struct parameter *parameter = arena_push(&exchange->arena, gathering->parameters);

    (void)kind;
    if (!parameter)
        return MHD_NO;
    *parameter = (struct parameter){ .name = { key ? key : "", key ? key_length : 0 },
                                     .value = { value ? value : "", value ? value_length : 0 } };
    if (utf8_validate(parameter->value.bytes, parameter->value.length) != parameter->value.length
        || memchr(parameter->value.bytes, '\0', parameter->value.length))
        exchange->request.malformed = true;
    return MHD_YES;
}

static void gather_kind(struct exchange *exchange, struct MHD_Connection *connection, enum MHD_ValueKind kind,
                        struct parameters *parameters)
{
    struct gathering gathering = { exchange, parameters };

    MHD_get_connection_values_n(connection, kind, gather, &gathering);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

static struct slice form_decoded(struct arena *arena, struct slice text)
{
    struct strbuf out = strbuf_in(arena);

    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];

        if (c == '+')
            c = ' ';
        if (c == '%' && i + 2 < text.length && digit_of(text.bytes[i + 1]) >= 0 && digit_of(text.bytes[i + 2]) >= 0) {
            c = (char)(digit_of(text.bytes[i + 1]) * 16 + digit_of(text.bytes[i + 2]));
            i += 2;
        }
        strbuf_char(&out, c);
    }
    return out.bytes ? strbuf_result(&out) : (struct slice){ "", 0 };
}

/* application/x-www-form-urlencoded; what is no form gives parameters that nobody asks for. */
static void read_form(struct exchange *exchange)
{
    struct slice rest = strbuf_result(&exchange->body);

    while (rest.length) {
        const char *end = memchr(rest.bytes, '&', rest.length);
        size_t length = end ? (size_t)(end - rest.bytes) : rest.length;
        const char *equals = memchr(rest.bytes, '=', length);
        size_t name = equals ? (size_t)(equals - rest.bytes) : length;
        struct parameter *parameter = arena_push(&exchange->arena, &exchange->request.form);

        if (!parameter)
            return;
        parameter->name = form_decoded(&exchange->arena, (struct slice){ rest.bytes, name });
        if (equals)
            parameter->value = form_decoded(&exchange->arena, (struct slice){ equals + 1, length - name - 1 });
        rest = (struct slice){ rest.bytes + length + (end != NULL), rest.length - length - (end != NULL) };
    }
}

static struct date local_day(time_t now)
{
    struct tm parts;

    if (!localtime_r(&now, &parts))
        return (struct date){ 0, 0, 0 };
    return (struct date){ (int16_t)(parts.tm_year + 1900), (uint8_t)(parts.tm_mon + 1), (uint8_t)parts.tm_mday };
}

static void fill_request(struct exchange *exchange, struct MHD_Connection *connection, const char *path,
                         const char *method)
{
    struct request *request = &exchange->request;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    request->arena = &exchange->arena;
    request->method = method;
    request->path = path;
    request->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    request->today = exchange->server->fixed_today.year ? exchange->server->fixed_today : local_day(now.tv_sec);
    request->has_certificate = tls_client_is_trusted(session_of(connection));
    gather_kind(exchange, connection, MHD_GET_ARGUMENT_KIND, &request->query);
    gather_kind(exchange, connection, MHD_HEADER_KIND, &request->headers);
    read_form(exchange);
}

/* ------------------------------------------------------------------ bodies made while sent */

static void stream_free(void *context)
{
    struct stream *stream = context;

    free(stream->text);
    free(stream);
}

static ssize_t read_text(struct stream *stream, uint64_t position, char *buffer, size_t capacity)
{
    size_t left = stream->length - (size_t)position;
    size_t count = left < capacity ? left : capacity;

    if (stream->cut && position >= stream->length / 2)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (stream->cut && count > stream->length / 2 - (size_t)position)
        count = stream->length / 2 - (size_t)position;
    if (stream->wait_ms) {
        if (!wait_ms(stream->server, stream->socket, stream->wait_ms))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        count = 1;
    }
    memcpy(buffer, stream->text + position, count);
    return (ssize_t)count;
}

static ssize_t stream_read(void *context, uint64_t position, char *buffer, size_t capacity)
{
    struct stream *stream = context;
    size_t count;

    if (stream->text)
        return read_text(stream, position, buffer, capacity);
    count = stream->kind == FAULT_HUGE ? huge_stream_read(&stream->huge, buffer, capacity)
                                       : bomb_stream_read(&stream->bomb, buffer, capacity);
    return count ? (ssize_t)count : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct stream *stream_new(const struct exchange *exchange, struct slice body)
{
    const struct fault *fault = &exchange->answer.faults.fault;
    struct stream *stream = calloc(1, sizeof(*stream));

    if (!stream)
        return NULL;
    stream->server = exchange->server;
    stream->kind = fault->kind;
    stream->cut = fault->kind == FAULT_CUT;
    stream->wait_ms = fault->kind == FAULT_DRIP ? fault->value : 0;
    if (fault->kind == FAULT_HUGE) {
        stream->huge.size = (uint64_t)fault->value;
    } else if (fault->kind == FAULT_GZIP_BOMB) {
        stream->bomb = bomb_stream_of((uint64_t)fault->value);
    } else {
        stream->text = malloc(body.length + 1);
        stream->length = body.length;
        if (!stream->text) {
            free(stream);
            return NULL;
        }
        memcpy(stream->text, body.bytes, body.length);
    }
    return stream;
}

static struct MHD_Response *stream_response(const struct exchange *exchange, struct MHD_Connection *connection,
                                            struct slice body)
{
    struct stream *stream = stream_new(exchange, body);
    struct MHD_Response *response;

    if (!stream)
        return NULL;
    stream->socket = socket_of(connection);
    response = MHD_create_response_from_callback(stream->text ? stream->length : MHD_SIZE_UNKNOWN, STREAM_BLOCK,
                                                 stream_read, stream, stream_free);
    if (!response)
        stream_free(stream);
    return response;
}

/* ------------------------------------------------------------------ answering */

static struct MHD_Response *make_response(const struct exchange *exchange, struct MHD_Connection *connection,
                                          struct slice body)
{
    switch (exchange->answer.faults.fault.kind) {
    case FAULT_CUT:
    case FAULT_DRIP:
    case FAULT_HUGE:
    case FAULT_GZIP_BOMB:
        return stream_response(exchange, connection, body);
    case FAULT_NONE: case FAULT_DELAY: case FAULT_STATUS: case FAULT_TRUNCATED: case FAULT_RESET: case FAULT_SILENCE:
    case FAULT_WRONG_TYPES: case FAULT_EMPTY: case FAULT_HTML: case FAULT_DUPLICATES: case FAULT_DEEP:
    case FAULT_BAD_UTF8: case FAULT_BIG_NUMBERS: case FAULT_REDIRECT:
        break;
    }
    /* The arena of the exchange outlives the response. */
    return MHD_create_response_from_buffer(body.length, text_pointer(body.bytes), MHD_RESPMEM_PERSISTENT);
}

static void add_headers(const struct exchange *exchange, struct MHD_Response *response)
{
    const struct answer *answer = &exchange->answer;
    enum fault_kind fault = answer->faults.fault.kind;
    const char *type = fault == FAULT_HTML ? "text/html; charset=utf-8" : answer->content_type;

    if (type && (answer->body || fault == FAULT_HTML))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, "X-Request-ID", exchange->id);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    for (size_t i = 0; i < answer->header_count; i++)
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value.bytes);
    if (fault == FAULT_GZIP_BOMB)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    if (fault == FAULT_REDIRECT)
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, "https://ailleurs.invalid/");
}

static bool is_spoiled_success(enum fault_kind kind)
{
    return kind == FAULT_EMPTY || kind == FAULT_HTML || kind == FAULT_HUGE || kind == FAULT_GZIP_BOMB
           || kind == FAULT_DEEP;
}

static unsigned status_of(const struct answer *answer)
{
    if (answer->faults.fault.kind == FAULT_REDIRECT)
        return 302;
    return is_spoiled_success(answer->faults.fault.kind) ? 200 : answer->status;
}

static enum MHD_Result send_answer(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct slice body = fault_body(&exchange->arena, &exchange->answer.faults.fault, exchange->answer.body);
    struct MHD_Response *response;
    enum MHD_Result queued;

    if (exchange->arena.exhausted) {
        exchange->answer.status = 500;
        body = (struct slice){ "", 0 };
    }
    if (!body.bytes)
        body = (struct slice){ "", 0 };
    response = make_response(exchange, connection, body);
    if (!response)
        return MHD_NO;
    add_headers(exchange, response);
    exchange->status = status_of(&exchange->answer);
    queued = MHD_queue_response(connection, exchange->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Delay, reset, silence. False: there is nothing left to send to. */
static bool live_through_faults(const struct exchange *exchange, struct MHD_Connection *connection)
{
    const struct fault_set *faults = &exchange->answer.faults;
    int socket = socket_of(connection);

    if (faults->delay_ms && !wait_ms(exchange->server, socket, faults->delay_ms))
        return false;
    if (faults->fault.kind == FAULT_RESET) {
        reset_connection(socket);
        return false;
    }
    if (faults->fault.kind == FAULT_SILENCE) {
        wait_ms(exchange->server, socket, SILENCE_MS);
        return false;
    }
    return true;
}

static enum MHD_Result answer_exchange(struct exchange *exchange, struct MHD_Connection *connection)
{
    bool alive;

    if (exchange->body_too_long) {
        exchange->answer = (struct answer){ .status = 413, .route = "(corps trop long)" };
        return send_answer(exchange, connection);
    }
    router_answer(exchange->server, &exchange->request, &exchange->answer);
    alive = live_through_faults(exchange, connection);
    if (exchange->answer.flight)         /* before the answer leaves: its reader may ask the same again at once */
        flight_end(exchange->server, exchange->answer.flight);
    return alive ? send_answer(exchange, connection) : MHD_NO;
}

/* ------------------------------------------------------------------ callbacks of libmicrohttpd */

static struct exchange *exchange_new(struct server *server)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));

    if (!exchange)
        return NULL;
    exchange->server = server;
    arena_init(&exchange->arena, sable_allocator(), EXCHANGE_MEMORY);
    exchange->body = strbuf_in(&exchange->arena);
    clock_gettime(CLOCK_MONOTONIC, &exchange->start);
    if (!request_id(exchange->id)) {
        free(exchange);
        return NULL;
    }
    return exchange;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload, size_t *upload_size,
                                  void **state)
{
    struct exchange *exchange = *state;

    (void)version;
    if (!exchange) {
        *state = exchange = exchange_new(context);
        return exchange ? MHD_YES : MHD_NO;
    }
    if (*upload_size) {
        if (exchange->body.length + *upload_size > BODY_LIMIT)
            exchange->body_too_long = true;
        else
            strbuf_bytes(&exchange->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    fill_request(exchange, connection, path, method);
    return answer_exchange(exchange, connection);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode reason)
{
    struct exchange *exchange = *state;
    struct timespec end;

    (void)context;
    (void)connection;
    (void)reason;
    if (!exchange)
        return;
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (exchange->request.method)
        journal_write(exchange->server->journal, &(struct journal_entry){
            .method = exchange->request.method, .route = exchange->answer.route, .status = exchange->status,
            .duration_ms = (long)((end.tv_sec - exchange->start.tv_sec) * 1000
                                  + (end.tv_nsec - exchange->start.tv_nsec) / 1000000),
            .request_id = exchange->id });
    arena_release(&exchange->arena);
    free(exchange);
    *state = NULL;
}

/* What libmicrohttpd would say on stderr may quote a request: nothing is said. */
static void say_nothing(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

/* ------------------------------------------------------------------ life of the daemon */

/* The options that ask for TLS; none for plain HTTP. */
static void fill_tls(const struct http_options *options, struct MHD_OptionItem items[4])
{
    size_t count = 0;

    if (options->has_tls) {
        items[count++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, text_pointer(options->certificate) };
        items[count++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, text_pointer(options->key) };
        if (options->client_authority)
            items[count++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_TRUST, 0,
                                                      text_pointer(options->client_authority) };
    }
    items[count] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
}

struct http *http_start(struct server *server, const struct http_options *options)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)options->port),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    const unsigned modes = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
                           | MHD_USE_ITC | (options->has_tls ? MHD_USE_TLS : 0u);
    struct MHD_OptionItem tls[4];
    struct http *http = calloc(1, sizeof(*http));

    if (!http)
        return NULL;
    fill_tls(options, tls);
    http->server = server;
    http->daemon = MHD_start_daemon(
        modes, (uint16_t)options->port, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
    if (!http->daemon) {
        free(http);
        return NULL;
    }
    return http;
}

unsigned http_port(const struct http *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : 0;
}

void http_stop(struct http *http)
{
    if (write(http->server->stop_pipe[1], "", 1) == 1)
        MHD_stop_daemon(http->daemon);
    free(http);
}
