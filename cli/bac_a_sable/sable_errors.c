/*
 * The error nomenclature of API Particulier: the table is sable_errors.def.
 */
#include "sable_errors.h"

#include <string.h>

struct provider { const char *prefix, *name; };
struct generic { const char *subcode; unsigned http_status; const char *title, *detail; };
struct code { const char *code; unsigned http_status; const char *title, *detail, *parameter; };

#define PROVIDER(prefix, name)
#define GENERIC(subcode, http, title, detail)
#define CODE(code, http, title, detail, parameter) { code, http, title, detail, parameter },
static const struct code codes[] = {
#include "sable_errors.def"
};
#undef CODE
#undef GENERIC
#define CODE(code, http, title, detail, parameter)
#define GENERIC(subcode, http, title, detail) { subcode, http, title, detail },
static const struct generic generics[] = {
#include "sable_errors.def"
};
#undef GENERIC
#undef PROVIDER
#define GENERIC(subcode, http, title, detail)
#define PROVIDER(prefix, name) { prefix, name },
static const struct provider providers[] = {
#include "sable_errors.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *provider_of(const char *code)
{
    for (size_t i = 0; i < COUNT(providers); i++)
        if (strncmp(providers[i].prefix, code, 2) == 0)
            return providers[i].name;
    return NULL;
}

bool error_find(const char *code, struct api_error *out)
{
    const char *provider;

    if (strlen(code) != 5)
        return false;
    provider = provider_of(code);
    for (size_t i = 0; i < COUNT(codes); i++)
        if (strcmp(codes[i].code, code) == 0) {
            *out = (struct api_error){ code, codes[i].title, codes[i].detail, codes[i].http_status,
                                       codes[i].parameter, provider, strcmp(code, "00501") == 0 ? 10 : 0 };
            return true;
        }
    for (size_t i = 0; provider && i < COUNT(generics); i++)
        if (strcmp(generics[i].subcode, code + 2) == 0) {
            *out = (struct api_error){ code, generics[i].title, generics[i].detail, generics[i].http_status,
                                       NULL, provider, 0 };
            return true;
        }
    return false;
}

const char *error_code_for_status(struct arena *arena, const char *provider_prefix, unsigned http_status)
{
    static const struct { unsigned http_status; const char *code; } platform[] = {
        { 400, "00401" }, { 401, "00101" }, { 403, "00100" }, { 409, "00015" }, { 429, "00429" },
    };
    static const struct { unsigned http_status; const char *subcode; } provider[] = {
        { 404, "003" }, { 422, "560" }, { 502, "999" }, { 503, "020" }, { 504, "002" },
    };
    struct strbuf code = strbuf_in(arena);

    for (size_t i = 0; i < COUNT(platform); i++)
        if (platform[i].http_status == http_status)
            return platform[i].code;
    for (size_t i = 0; i < COUNT(provider); i++)
        if (provider[i].http_status == http_status) {
            strbuf_format(&code, "%s%s", provider_prefix, provider[i].subcode);
            return strbuf_result(&code).bytes;
        }
    return NULL;
}

static void put_text(struct arena *arena, struct datum *object, const char *name, const char *text)
{
    datum_put(arena, object, slice_of(name), datum_text(arena, slice_of(text)));
}

static const struct datum *error_item(struct arena *arena, const struct api_error *error)
{
    struct datum *item = datum_new(arena, DATUM_OBJECT), *meta = datum_new(arena, DATUM_OBJECT);
    struct datum *source = datum_new(arena, error->parameter ? DATUM_OBJECT : DATUM_NULL);

    put_text(arena, item, "code", error->code);
    put_text(arena, item, "title", error->title);
    put_text(arena, item, "detail", error->detail);
    if (error->parameter)
        put_text(arena, source, "parameter", error->parameter);
    datum_put(arena, item, SLICE("source"), source);
    if (error->provider)
        put_text(arena, meta, "provider", error->provider);
    if (error->retry_in_s)
        datum_put(arena, meta, SLICE("retry_in"), datum_integer(arena, error->retry_in_s));
    datum_put(arena, item, SLICE("meta"), meta);
    return item;
}

const struct datum *error_body(struct arena *arena, const char *const *list, size_t count)
{
    struct datum *body = datum_new(arena, DATUM_OBJECT), *errors = datum_new(arena, DATUM_LIST);

    for (size_t i = 0; i < count; i++) {
        struct api_error error;

        if (error_find(list[i], &error))
            datum_push(arena, errors, error_item(arena, &error));
    }
    datum_put(arena, body, SLICE("errors"), errors);
    return body;
}

const struct datum *error_nomenclature(struct arena *arena)
{
    struct datum *list = datum_new(arena, DATUM_LIST);

    for (size_t i = 0; i < COUNT(codes); i++) {
        struct api_error error;

        if (error_find(codes[i].code, &error))
            datum_push(arena, list, error_item(arena, &error));
    }
    for (size_t p = 0; p < COUNT(providers); p++)
        for (size_t g = 0; g < COUNT(generics); g++) {
            struct strbuf code = strbuf_in(arena);
            struct api_error error;

            strbuf_format(&code, "%s%s", providers[p].prefix, generics[g].subcode);
            if (strbuf_result(&code).bytes && error_find(strbuf_result(&code).bytes, &error))
                datum_push(arena, list, error_item(arena, &error));
        }
    return list;
}
