/*
 * Personal fields on their way into an entry and back: kept, pseudonymised or encrypted.
 */
#include "edge_journal.h"

#include <string.h>

/* ------------------------------------------------------------------ writing */

/* The JSON of a value alone, in the arena. */
static bool edge_text_of(struct edge_protection *protection,
                         void (*write)(delib_io_json *json, const char *key, const void *value), const void *value,
                         struct slice *out)
{
    delib_io_json *json = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    delib_status status = delib_io_json_new(&json);
    if (status == DELIB_OK) {
        write(json, NULL, value);
        status = delib_io_json_finish(json, 0, &bytes, &length);
    }
    if (status == DELIB_OK)
        *out = (struct slice){ arena_copy_text(protection->arena, bytes, length), length };
    delib_io_json_free(json);
    return status == DELIB_OK && out->bytes;
}

static void edge_write_sealed(struct edge_protection *protection, delib_io_json *json, struct slice text)
{
    const char *sealed = edge_seal(protection->arena, &protection->keys->of[EDGE_KEY_BOX_PUBLIC], text);
    protection->failed = protection->failed || !sealed;
    delib_io_json_text(json, "chiffré", sealed);
}

static void edge_write_pseudonym(struct edge_protection *protection, delib_io_json *json, const char *name,
                                 struct slice text)
{
    const struct edge_key *key = &protection->keys->of[EDGE_KEY_PSEUDONYM];
    const char *locked = edge_lock(protection->arena, key, text);
    char pseudonym[EDGE_RANDOM_TEXT(16)];
    edge_pseudonym(key, name, text, pseudonym);
    protection->failed = protection->failed || !locked;
    delib_io_json_text(json, "pseudonyme", pseudonym);
    delib_io_json_text(json, "secret", locked);
}

void edge_protect(struct edge_protection *protection, delib_io_json *json, const char *key, const char *name,
                  enum edge_treatment treatment,
                  void (*write)(delib_io_json *json, const char *key, const void *value), const void *value)
{
    struct slice text = { NULL, 0 };
    if (treatment > protection->strongest)
        protection->strongest = treatment;
    if (treatment == EDGE_KEPT) {
        write(json, key, value);
        return;
    }
    delib_io_json_object(json, key);
    if (!edge_text_of(protection, write, value, &text))
        protection->failed = true;
    else if (treatment == EDGE_ENCRYPTED)
        edge_write_sealed(protection, json, text);
    else
        edge_write_pseudonym(protection, json, name, text);
    delib_io_json_end(json);
}

/* ------------------------------------------------------------------ reading */

static enum edge_reveal edge_parsed(struct arena *arena, struct slice text, const delib_value **out)
{
    struct edge_diagnostics diagnostics;
    struct edge_tree *tree = arena_new(arena, struct edge_tree);
    if (!tree)
        return EDGE_REVEAL_FAILED;
    edge_diagnostics_init(&diagnostics, arena, "");
    edge_tree_init(tree, arena, &diagnostics, NULL);
    edge_read(tree, text, DELIB_IO_JSON);
    *out = &tree->root;
    return diagnostics.count > 0 || arena->exhausted ? EDGE_REVEAL_FAILED : EDGE_REVEALED;
}

enum edge_reveal edge_reveal(struct arena *arena, const struct edge_keys *keys, const delib_value *member,
                             const delib_value **out)
{
    const size_t count = member->kind == DELIB_VALUE_RECORD ? member->count : 0;
    const char *sealed = count == 1 ? edge_member_text(member, "chiffré") : NULL;
    const char *locked =
        count == 2 && edge_member_text(member, "pseudonyme") ? edge_member_text(member, "secret") : NULL;
    struct slice text;
    *out = member;
    if (!sealed && !locked)
        return EDGE_REVEALED;
    if (!keys->of[sealed ? EDGE_KEY_BOX : EDGE_KEY_PSEUDONYM].known)
        return EDGE_NO_KEY;
    /* The fingerprint of the line is right: what does not open was closed for another key. */
    if (sealed ? !edge_unseal(arena, keys, sealed, &text)
               : !edge_unlock(arena, &keys->of[EDGE_KEY_PSEUDONYM], locked, &text))
        return arena->exhausted ? EDGE_REVEAL_FAILED : EDGE_NO_KEY;
    return edge_parsed(arena, text, out);
}

static delib_value edge_reveal_tree(struct arena *arena, const struct edge_keys *keys, const delib_value *value,
                                    unsigned depth, bool *hidden)
{
    const delib_value *open_one = value;
    delib_value copy;
    delib_value *items;
    if (edge_reveal(arena, keys, value, &open_one) != EDGE_REVEALED) {
        *hidden = true;
        return *value;
    }
    copy = *open_one;
    /* What was opened holds nothing closed: only the members of P itself, and of its lists, are looked into. */
    if (open_one != value || depth == 0 || copy.count == 0)
        return copy;
    items = arena_array(arena, delib_value, copy.count);
    for (size_t i = 0; items && i < copy.count; i++)
        items[i] = edge_reveal_tree(arena, keys, &open_one->items[i], depth - 1, hidden);
    copy.items = items;
    return copy;
}

const delib_value *edge_reveal_all(struct arena *arena, const struct edge_keys *keys, const delib_value *personal,
                                   bool *hidden)
{
    delib_value *out = arena_new(arena, delib_value);
    *hidden = false;
    if (out)
        *out = edge_reveal_tree(arena, keys, personal, 3, hidden);
    return arena->exhausted ? NULL : out;
}
