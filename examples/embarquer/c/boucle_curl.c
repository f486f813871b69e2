/*
 * A host that keeps its own HTTP: libdelib says which requests it needs, libdelib-io writes and reads them
 * (exchanges), and the transfers run in the host's loop — here epoll and curl's multi_socket interface.
 *
 *   cc boucle_curl.c $(pkg-config --cflags --libs delib-io libcurl) -o boucle_curl
 *   ./boucle_curl cantine.delib.md demande.json http://127.0.0.1:8080     (address of « delib bac-a-sable »)
 */
#define _POSIX_C_SOURCE 200809L

#include <delib_io.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ------------------------------------------------------------------ the host's loop */

struct loop {
    int epoll;
    long timeout_ms;                      /* curl's next deadline; -1: none */
    CURLM *multi;
};

struct buffer {
    char *bytes;
    size_t length;
};

/* One transfer: an exchange of libdelib-io and the bytes that came. */
struct call {
    size_t request;
    delib_io_exchange *exchange;
    CURL *easy;
    struct curl_slist *headers;
    struct buffer header_block, body;
    size_t body_limit;
    int too_large;
};

struct host {
    struct loop loop;
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_io_config *config;
    delib_io_demande *demande;
    char *token;
};

static void stop(const char *why)
{
    fprintf(stderr, "boucle_curl: %s\n", why);
    exit(1);
}

static void need(delib_status status, const char *what)
{
    if (status != DELIB_OK)
        stop(what);
}

static int on_socket(CURL *easy, curl_socket_t socket, int wanted, void *context, void *known)
{
    struct loop *loop = context;
    struct epoll_event event = { 0 };

    (void)easy;
    event.data.fd = socket;
    if (wanted == CURL_POLL_REMOVE) {
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, &event);
        return 0;
    }
    event.events = (wanted & CURL_POLL_IN ? EPOLLIN : 0u) | (wanted & CURL_POLL_OUT ? EPOLLOUT : 0u);
    epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(loop->multi, socket, loop);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct loop *loop = context;

    (void)multi;
    loop->timeout_ms = timeout_ms;
    return 0;
}

static void loop_open(struct loop *loop)
{
    loop->epoll = epoll_create1(0);
    loop->multi = curl_multi_init();
    loop->timeout_ms = -1;
    if (loop->epoll < 0 || !loop->multi)
        stop("no event loop");
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
}

/* One turn: waits for a socket or a deadline. A portal would have its own sockets in the same epoll. */
static void loop_turn(struct loop *loop, int *running)
{
    struct epoll_event events[16];
    int count = epoll_wait(loop->epoll, events, 16, loop->timeout_ms < 0 ? 1000 : (int)loop->timeout_ms);

    if (count == 0)
        curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, running);
    for (int i = 0; i < count; i++) {
        int ready = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                    (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                    (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

        curl_multi_socket_action(loop->multi, events[i].data.fd, ready, running);
    }
}

/* ------------------------------------------------------------------ one transfer */

static size_t append(struct buffer *buffer, const char *bytes, size_t length)
{
    char *grown = realloc(buffer->bytes, buffer->length + length + 1);

    if (!grown)
        return 0;
    memcpy(grown + buffer->length, bytes, length);
    buffer->bytes = grown;
    buffer->length += length;
    return length;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct call *call = context;

    return append(&call->header_block, bytes, size * count);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct call *call = context;

    call->too_large = call->body.length + size * count > call->body_limit;
    return call->too_large ? 0 : append(&call->body, bytes, size * count);
}

static void call_start(struct host *host, struct call *call)
{
    delib_io_http_request http;
    char authorization[4096];

    memset(&http, 0, sizeof http);
    http.size = sizeof http;
    if (delib_io_exchange_request(call->exchange, &http) != DELIB_OK)
        return;                           /* the answer is already known: no habilitation, identity incomplete… */
    call->easy = curl_easy_init();
    call->body_limit = http.body_limit;
    for (size_t i = 0; i < http.header_count; i++)
        call->headers = curl_slist_append(call->headers, http.headers[i]);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", host->token);
    if (http.credential)                  /* the host keeps its secrets; the label says which one is needed */
        call->headers = curl_slist_append(call->headers, authorization);
    if (!call->easy || !call->headers)
        stop("no memory");
    curl_easy_setopt(call->easy, CURLOPT_URL, http.url);
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
    curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS, http.connect_timeout_ms);
    curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, http.total_timeout_ms);
    curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
    curl_multi_add_handle(host->loop.multi, call->easy);
}

static delib_io_fault fault_of(const struct call *call, CURLcode code)
{
    if (call->too_large)
        return DELIB_IO_TOO_LARGE;
    if (code == CURLE_COULDNT_CONNECT)
        return DELIB_IO_REFUSED;
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return DELIB_IO_DNS;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return DELIB_IO_TOTAL_TIMEOUT;
    if (code == CURLE_PARTIAL_FILE)
        return DELIB_IO_TRUNCATED;
    if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING)
        return DELIB_IO_RESET;
    return DELIB_IO_PROTOCOL;
}

static void call_finish(struct call *call, CURLcode code)
{
    long http_status = 0;

    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &http_status);
    if (code != CURLE_OK)
        need(delib_io_exchange_fail(call->exchange, fault_of(call, code)), "the failure is refused");
    else
        need(delib_io_exchange_receive(call->exchange, (int)http_status, call->header_block.bytes,
                                       call->header_block.length, call->body.bytes, call->body.length, NULL),
             "the answer is refused");
}

static void call_close(struct host *host, struct call *call)
{
    need(delib_session_answer(host->session, call->request, delib_io_exchange_answer(call->exchange)), "answer");
    if (call->easy)
        curl_multi_remove_handle(host->loop.multi, call->easy);
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->header_block.bytes);
    free(call->body.bytes);
    delib_io_exchange_free(call->exchange);
}

/* ------------------------------------------------------------------ requests of an evaluation */

static void run_transfers(struct host *host)
{
    int running = 1, left;
    CURLMsg *message;

    curl_multi_socket_action(host->loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    while (running > 0)
        loop_turn(&host->loop, &running);
    while ((message = curl_multi_info_read(host->loop.multi, &left)) != NULL) {
        char *call = NULL;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        call_finish((struct call *)(void *)call, message->data.result);
    }
}

static void answer_requests(struct host *host)
{
    size_t count = delib_session_request_count(host->session);
    struct call *calls = calloc(count, sizeof *calls);
    delib_request request;

    if (!calls)
        stop("no memory");
    for (size_t i = 0; i < count; i++) {
        need(delib_session_request(host->session, i, &request), "request");
        printf("demande : %s(%s)\n", request.function, request.subject);
        calls[i].request = request.id;
        need(delib_io_exchange_new(host->config, host->demande, &request, &calls[i].exchange), "exchange");
        call_start(host, &calls[i]);
    }
    run_transfers(host);
    for (size_t i = 0; i < count; i++)
        call_close(host, &calls[i]);
    free(calls);
}

/* ------------------------------------------------------------------ the host */

static char *read_file(const char *path, size_t *length)
{
    char *bytes = malloc(1 << 20);
    FILE *file = fopen(path, "rb");

    if (!file || !bytes)
        stop("a file cannot be read");
    *length = fread(bytes, 1, (1 << 20) - 1, file);
    bytes[*length] = '\0';
    fclose(file);
    return bytes;
}

static void host_open(struct host *host, const char *act, const char *demande, const char *address)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_source source = { act, NULL, 0 };
    char *text = read_file(act, &source.length), *family;
    size_t length;

    source.bytes = text;
    need(delib_engine_new(NULL, &host->engine), "engine");
    need(delib_compile(host->engine, &source, NULL, NULL, &host->program), "the délibération is at fault");
    free(text);
    family = read_file(demande, &length);
    need(delib_io_demande_read(demande, family, length, DELIB_IO_AUTO, &host->demande), "the demande is at fault");
    free(family);
    need(delib_io_config_local(address, &host->config), "the address is not local");
    options.date = delib_io_demande_date(host->demande);
    need(delib_session_new(host->program, &options, &host->session), "session");
    need(delib_io_demande_apply(host->demande, host->session), "an answer of the family is refused");
    loop_open(&host->loop);
}

static void host_close(struct host *host)
{
    curl_multi_cleanup(host->loop.multi);
    close(host->loop.epoll);
    delib_session_free(host->session);
    delib_io_config_free(host->config);
    delib_io_demande_free(host->demande);
    delib_program_release(host->program);
    delib_engine_free(host->engine);
}

int main(int argc, char **argv)
{
    struct host host = { 0 };
    delib_tariff tariff;
    delib_result result;
    delib_status status;

    host.token = getenv("JETON");         /* the token of the bac à sable; a portal has its own store */
    if (argc != 4 || !host.token)
        stop("usage: JETON=… boucle_curl FILE DEMANDE ADDRESS");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    host_open(&host, argv[1], argv[2], argv[3]);
    tariff = delib_program_tariff(host.program, delib_io_demande_tarif(host.demande));
    while ((status = delib_evaluate(host.session, tariff, &result)) == DELIB_PENDING)
        answer_requests(&host);
    need(status, delib_session_error(host.session));
    if (result.statut == DELIB_CALCULE)
        printf("%lld/10^%u %s\n", (long long)result.units, result.scale, result.unit);
    else
        printf("%s : %s\n", delib_statut_text(result.statut), result.reason);
    host_close(&host);
    curl_global_cleanup();
    return 0;
}
