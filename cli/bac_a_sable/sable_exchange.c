/*
 * One exchange: reading the request, filling the answer.
 */
#include "sable_exchange.h"

#include "sable_errors.h"

#include <strings.h>

static const struct parameter *find(const struct parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (slice_is(parameters->items[i].name, name))
            return &parameters->items[i];
    return NULL;
}

struct slice parameters_get(const struct parameters *parameters, const char *name)
{
    const struct parameter *parameter = find(parameters, name);

    return parameter ? parameter->value : (struct slice){ "", 0 };
}

bool parameters_has(const struct parameters *parameters, const char *name)
{
    return find(parameters, name) != NULL;
}

struct slice headers_get(const struct parameters *headers, const char *name)
{
    struct slice wanted = slice_of(name);

    for (size_t i = 0; i < headers->count; i++) {
        struct slice known = headers->items[i].name;

        if (known.length == wanted.length && strncasecmp(known.bytes, wanted.bytes, wanted.length) == 0)
            return headers->items[i].value;
    }
    return (struct slice){ "", 0 };
}

struct slice request_bearer(const struct request *request)
{
    static const struct slice scheme = { "Bearer ", 7 };
    struct slice value = headers_get(&request->headers, "Authorization");

    if (value.length <= scheme.length || strncasecmp(value.bytes, scheme.bytes, scheme.length) != 0)
        return (struct slice){ "", 0 };
    return (struct slice){ value.bytes + scheme.length, value.length - scheme.length };
}

void answer_header(struct answer *answer, const char *name, struct slice value)
{
    if (answer->header_count == ANSWER_HEADERS)
        return;
    answer->headers[answer->header_count].name = name;
    answer->headers[answer->header_count++].value = value;
}

void answer_header_integer(struct arena *arena, struct answer *answer, const char *name, long long value)
{
    struct strbuf digits = strbuf_in(arena);

    strbuf_format(&digits, "%lld", value);
    answer_header(answer, name, strbuf_result(&digits));
}

void answer_errors(struct arena *arena, struct answer *answer, const char *const *codes, size_t count)
{
    struct api_error first = { .http_status = 500 };

    if (count)
        error_find(codes[0], &first);
    answer->status = first.http_status;
    answer->body = error_body(arena, codes, count);
    if (first.http_status == 429)
        answer->content_type = "application/json; charset=utf-8";
}

void answer_error(struct arena *arena, struct answer *answer, const char *code)
{
    answer_errors(arena, answer, &code, 1);
}
