/*
 * The expiry written in a JWT: a démarche's token lives eighteen months, and only its holder can prolong it. Nothing
 * else of the token is read, and its signature is the server's business.
 */
#include "edge_secret.h"
#include "lang/date.h"

#include <string.h>

static int edge_sextet(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* base64url without padding; false when it is not. */
static bool edge_decode_part(struct slice part, struct strbuf *out)
{
    unsigned bits = 0, count = 0;
    for (size_t i = 0; i < part.length; i++) {
        const int sextet = edge_sextet(part.bytes[i]);
        if (sextet < 0)
            return false;
        bits = (bits << 6 | (unsigned)sextet) & 0xFFFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            strbuf_char(out, (char)(bits >> count & 0xFF));
        }
    }
    return out->length > 0;
}

/* The second of the three parts, between two points. */
static bool edge_payload(const char *token, struct slice *out)
{
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    if (!second)
        return false;
    *out = (struct slice){ first + 1, (size_t)(second - first) - 1 };
    return true;
}

bool edge_token_expiry(const char *token, int64_t *out)
{
    struct arena scratch;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    struct strbuf json;
    struct slice payload;
    const delib_value *expiry = NULL;
    if (!edge_payload(token, &payload))
        return false;
    edge_tree_open(&tree, &scratch, &diagnostics, "", NULL);
    json = strbuf_in(&scratch);
    if (edge_decode_part(payload, &json) && !scratch.exhausted) {
        edge_read(&tree, strbuf_result(&json), DELIB_IO_JSON);
        if (diagnostics.count == 0)
            expiry = delib_io_value_get(&tree.root, "exp");
        edge_wipe(json.bytes, json.length);
    }
    if (expiry && expiry->kind == DELIB_VALUE_NUMBER && expiry->scale == 0 && expiry->units > 0)
        *out = expiry->units;
    else
        expiry = NULL;
    arena_release(&scratch);
    return expiry != NULL;
}
