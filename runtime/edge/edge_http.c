/*
 * libcurl: the only file that includes curl.h. TLS is always verified, redirections are never followed, nothing is
 * kept on disk, no signal is used.
 */
#include "edge_http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define EDGE_HEADER_LIMIT ((size_t)64 << 10)

struct edge_http {
    CURLM *multi;
};

/* libcurl's own set-up, once in the process, as it asks. */
static pthread_once_t edge_curl_once = PTHREAD_ONCE_INIT;

static void edge_curl_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct edge_http *edge_http_new(void)
{
    struct edge_http *http = calloc(1, sizeof(*http));
    if (!http)
        return NULL;
    pthread_once(&edge_curl_once, edge_curl_start);
    http->multi = curl_multi_init();
    if (!http->multi) {
        free(http);
        return NULL;
    }
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    return http;
}

void edge_http_free(struct edge_http *http)
{
    if (!http)
        return;
    curl_multi_cleanup(http->multi);
    free(http);
}

/* ------------------------------------------------------------------ receiving */

/* Appends, NUL-terminated, and returns what libcurl expects: as many bytes as it gave, or else the call ends. */
static size_t edge_append(struct edge_call *call, char **bytes, size_t *length, struct slice more, size_t limit)
{
    const bool fits = more.length <= limit - *length;
    char *grown = fits ? realloc(*bytes, *length + more.length + 1) : NULL;
    call->got_bytes = true;
    if (!grown) {
        call->failed = true;
        call->fault = fits ? DELIB_IO_LOCAL : DELIB_IO_TOO_LARGE;
        return more.length + 1;
    }
    memcpy(grown + *length, more.bytes, more.length);
    *length += more.length;
    grown[*length] = '\0';
    *bytes = grown;
    return more.length;
}

static size_t edge_on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct edge_call *call = context;
    return edge_append(call, &call->body, &call->body_length, (struct slice){ bytes, size * count }, call->body_limit);
}

static size_t edge_on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct edge_call *call = context;
    const struct slice line = { bytes, size * count };
    /* A new status line (100, 103): the block that counts is the last. */
    if (line.length >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        call->header_length = 0;
    return edge_append(call, &call->header_block, &call->header_length, line, EDGE_HEADER_LIMIT);
}

/* ------------------------------------------------------------------ sending */

static bool edge_list_add(struct curl_slist **list, const char *const *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct curl_slist *longer = curl_slist_append(*list, headers[i]);
        if (!longer)
            return false;
        *list = longer;
    }
    return true;
}

static void edge_list_free(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at; at = at->next)
        edge_wipe(at->data, strlen(at->data));
    curl_slist_free_all(list);
}

static bool edge_is_clear(const struct edge_call *call)
{
    return strncmp(call->url, "http://", 7) == 0;
}

/* Every option is set; CURLE_OK is 0, so that one refusal shows in the end. */
#define EDGE_SET(option, value) (refused |= (unsigned)curl_easy_setopt(curl, option, value))

/* What never depends on the call. Returns 0, or something else when an option is refused. */
static unsigned edge_set_safety(CURL *curl)
{
    unsigned refused = CURLE_OK;
    EDGE_SET(CURLOPT_NOSIGNAL, 1L);
    EDGE_SET(CURLOPT_FOLLOWLOCATION, 0L);
    EDGE_SET(CURLOPT_SSL_VERIFYPEER, 1L);
    EDGE_SET(CURLOPT_SSL_VERIFYHOST, 2L);
    EDGE_SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    EDGE_SET(CURLOPT_HTTP09_ALLOWED, 0L);
    EDGE_SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    EDGE_SET(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    EDGE_SET(CURLOPT_USERAGENT, "delib/" DELIB_VERSION);
    EDGE_SET(CURLOPT_VERBOSE, 0L);
    return refused;
}

static unsigned edge_set_protocol(CURL *curl, bool clear)
{
    unsigned refused = CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075500
    EDGE_SET(CURLOPT_PROTOCOLS_STR, clear ? "http" : "https");
#else
    EDGE_SET(CURLOPT_PROTOCOLS, clear ? (long)CURLPROTO_HTTP : (long)CURLPROTO_HTTPS);
#endif
    return refused;
}

static unsigned edge_set_call(CURL *curl, struct edge_call *call)
{
    struct curl_slist *list = NULL;
    const bool listed = edge_list_add(&list, call->headers, call->header_count)
                     && edge_list_add(&list, call->secret_headers, call->secret_header_count);
    unsigned refused = listed ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    call->list = list;
    EDGE_SET(CURLOPT_URL, call->url);
    /* A proxy of the environment is for the outside: the loopback is reached directly, and only it may be clear. */
    if (edge_is_clear(call))
        EDGE_SET(CURLOPT_NOPROXY, "*");
    refused |= edge_set_protocol(curl, edge_is_clear(call));
    EDGE_SET(CURLOPT_HTTPHEADER, list);
    EDGE_SET(CURLOPT_CONNECTTIMEOUT_MS, call->connect_timeout_ms);
    EDGE_SET(CURLOPT_TIMEOUT_MS, call->total_timeout_ms);
    EDGE_SET(CURLOPT_WRITEFUNCTION, edge_on_body);
    EDGE_SET(CURLOPT_WRITEDATA, (void *)call);
    EDGE_SET(CURLOPT_HEADERFUNCTION, edge_on_header);
    EDGE_SET(CURLOPT_HEADERDATA, (void *)call);
    EDGE_SET(CURLOPT_PRIVATE, (void *)call);
    if (call->form)
        EDGE_SET(CURLOPT_COPYPOSTFIELDS, call->form);
    if (call->user_password) {
        EDGE_SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        EDGE_SET(CURLOPT_USERPWD, call->user_password);
    }
    if (call->certificate) {
        EDGE_SET(CURLOPT_SSLCERT, call->certificate);
        EDGE_SET(CURLOPT_SSLKEY, call->key);
    }
    if (call->authorities)
        EDGE_SET(CURLOPT_CAINFO, call->authorities);
    return refused;
}

bool edge_http_start(struct edge_http *http, struct edge_call *call)
{
    CURL *curl = curl_easy_init();
    call->failed = false;
    call->handle = curl;
    if (curl && !(edge_set_safety(curl) | edge_set_call(curl, call))
        && curl_multi_add_handle(http->multi, curl) == CURLM_OK)
        return true;
    call->failed = true;
    call->fault = DELIB_IO_LOCAL;
    curl_easy_cleanup(curl);
    call->handle = NULL;
    edge_list_free(call->list);
    call->list = NULL;
    return false;
}

/* ------------------------------------------------------------------ ending */

static delib_io_fault edge_timeout_fault(CURL *curl)
{
    curl_off_t ready = 0;
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return ready > 0 ? DELIB_IO_TOTAL_TIMEOUT : DELIB_IO_CONNECT_TIMEOUT;
}

/* What each error of libcurl means; the one of a cut connection is another once bytes have come. */
static const struct {
    CURLcode code;
    delib_io_fault at_first, after_bytes;
} edge_faults[] = {
    { CURLE_COULDNT_RESOLVE_HOST, DELIB_IO_DNS, DELIB_IO_DNS },
    { CURLE_COULDNT_RESOLVE_PROXY, DELIB_IO_DNS, DELIB_IO_DNS },
    { CURLE_COULDNT_CONNECT, DELIB_IO_REFUSED, DELIB_IO_REFUSED },
    { CURLE_INTERFACE_FAILED, DELIB_IO_REFUSED, DELIB_IO_REFUSED },
    { CURLE_SSL_CONNECT_ERROR, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_CERTPROBLEM, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_CIPHER, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_PEER_FAILED_VERIFICATION, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_CACERT_BADFILE, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_ISSUER_ERROR, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_INVALIDCERTSTATUS, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_PINNEDPUBKEYNOTMATCH, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_SSL_CLIENTCERT, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_USE_SSL_FAILED, DELIB_IO_TLS, DELIB_IO_TLS },
    { CURLE_PARTIAL_FILE, DELIB_IO_TRUNCATED, DELIB_IO_TRUNCATED },
    { CURLE_BAD_CONTENT_ENCODING, DELIB_IO_ENCODING, DELIB_IO_ENCODING },
    { CURLE_FILESIZE_EXCEEDED, DELIB_IO_TOO_LARGE, DELIB_IO_TOO_LARGE },
    { CURLE_UNSUPPORTED_PROTOCOL, DELIB_IO_PROTOCOL, DELIB_IO_PROTOCOL },
    { CURLE_WEIRD_SERVER_REPLY, DELIB_IO_PROTOCOL, DELIB_IO_PROTOCOL },
    { CURLE_GOT_NOTHING, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
    { CURLE_RECV_ERROR, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
    { CURLE_SEND_ERROR, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
    { CURLE_SSL_SHUTDOWN_FAILED, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
    { CURLE_HTTP2, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
    { CURLE_HTTP2_STREAM, DELIB_IO_RESET, DELIB_IO_TRUNCATED },
};

static delib_io_fault edge_fault_of(CURL *curl, CURLcode code, const struct edge_call *call)
{
    if (code == CURLE_OPERATION_TIMEDOUT)
        return edge_timeout_fault(curl);
    for (size_t i = 0; i < sizeof(edge_faults) / sizeof(*edge_faults); i++) {
        if (edge_faults[i].code == code)
            return call->got_bytes ? edge_faults[i].after_bytes : edge_faults[i].at_first;
    }
    return DELIB_IO_LOCAL;
}

static void edge_call_end(struct edge_call *call, CURL *curl, CURLcode code)
{
    long status = 0, connections = 0;
    curl_off_t total = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &total);
    call->http_status = (int)status;
    call->duration_ms = (long)(total / 1000);
    call->reused_connection = connections == 0 && status > 0;
    if (code != CURLE_OK && !call->failed) {
        call->failed = true;
        call->fault = edge_fault_of(curl, code, call);
    }
}

static void edge_call_drop(struct edge_http *http, struct edge_call *call)
{
    if (call->handle) {
        curl_multi_remove_handle(http->multi, call->handle);
        curl_easy_cleanup(call->handle);
    }
    call->handle = NULL;
    edge_list_free(call->list);
    call->list = NULL;
}

void edge_http_work(struct edge_http *http, long timeout_ms)
{
    int running = 0;
    /*
     * First the wait, which a transfer just added ends at once: what the previous work finished was read by the
     * caller. Without transfers it only sleeps: the caller waits for a quota.
     */
    curl_multi_poll(http->multi, NULL, 0, (int)timeout_ms, NULL);
    curl_multi_perform(http->multi, &running);
}

struct edge_call *edge_http_done(struct edge_http *http)
{
    int left = 0;
    const CURLMsg *message = curl_multi_info_read(http->multi, &left);     /* CURLMSG_DONE: there is no other */
    char *private_data = NULL;
    struct edge_call *call;
    if (!message)
        return NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private_data);
    call = (struct edge_call *)(void *)private_data;
    edge_call_end(call, message->easy_handle, message->data.result);
    edge_call_drop(http, call);
    return call;
}

void edge_http_cancel(struct edge_http *http, struct edge_call *call)
{
    edge_call_drop(http, call);
    call->failed = true;
    call->fault = DELIB_IO_CANCELLED;
}

void edge_call_release(struct edge_call *call)
{
    if (call->body)
        edge_wipe(call->body, call->body_length);
    free(call->body);
    free(call->header_block);
    call->body = NULL;
    call->header_block = NULL;
    call->body_length = 0;
    call->header_length = 0;
}
