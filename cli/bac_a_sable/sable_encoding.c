/*
 * Credentials of HTTP Basic.
 */
#include "sable_encoding.h"

#include <string.h>
#include <strings.h>

static int sextet(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

/* NULL bytes when the text is no base64. */
static struct slice base64_decoded(struct arena *arena, struct slice text)
{
    struct strbuf out = strbuf_in(arena);
    unsigned bits = 0, count = 0;

    while (text.length && text.bytes[text.length - 1] == '=')
        text.length--;
    for (size_t i = 0; i < text.length; i++) {
        int value = sextet(text.bytes[i]);

        if (value < 0)
            return (struct slice){ NULL, 0 };
        bits = (bits << 6 | (unsigned)value) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            strbuf_char(&out, (char)(bits >> count & 0xff));
        }
    }
    return strbuf_result(&out);
}

bool request_basic(const struct request *request, struct slice *user, struct slice *password)
{
    static const struct slice scheme = { "Basic ", 6 };
    struct slice value = headers_get(&request->headers, "Authorization"), pair;
    const char *colon;

    if (value.length <= scheme.length || strncasecmp(value.bytes, scheme.bytes, scheme.length) != 0)
        return false;
    value = (struct slice){ value.bytes + scheme.length, value.length - scheme.length };
    pair = base64_decoded(request->arena, value);
    colon = pair.bytes ? memchr(pair.bytes, ':', pair.length) : NULL;
    if (!colon)
        return false;
    *user = (struct slice){ pair.bytes, (size_t)(colon - pair.bytes) };
    *password = (struct slice){ colon + 1, pair.length - user->length - 1 };
    return true;
}
