/*
 * One line of a journal: written from what its kind adds, read back with its fingerprints checked.
 */
#include "edge_fields.h"
#include "edge_journal.h"

#include <string.h>

/* ------------------------------------------------------------------ writing */

/* The text of one object, `write` adding its members to those that are always there. */
static delib_status edge_line_part(struct arena *arena, void (*write)(delib_io_json *json, const void *context),
                                   const void *context, struct slice *out)
{
    delib_io_json *json = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    delib_status status = delib_io_json_new(&json);
    if (status != DELIB_OK)
        return status;
    delib_io_json_object(json, NULL);
    write(json, context);
    delib_io_json_end(json);
    status = delib_io_json_finish(json, 0, &bytes, &length);
    if (status == DELIB_OK)
        *out = (struct slice){ arena_copy_text(arena, bytes, length), length };
    delib_io_json_free(json);
    return arena->exhausted ? DELIB_NO_MEMORY : status;
}

struct edge_line {
    const struct edge_journal_stamp *stamp;
    const struct edge_journal_body *body;
    const char *personal;               /* hash; NULL: this entry has nothing personal */
    const char *id;
    const char *signer;                 /* public key; NULL */
};

/* A number that follows the one before, and chance: two journals never share an identifier. */
static const char *edge_line_id(struct arena *arena, int64_t number)
{
    struct strbuf id = strbuf_in(arena);
    char random[EDGE_RANDOM_TEXT(8)];
    edge_random_text(random, 8);
    strbuf_format(&id, "%lld-%s", (long long)number, random);
    return id.bytes;
}

/* The salt keeps the fingerprint of a purged part from being found again by trying every quotient. */
static void edge_line_personal(delib_io_json *json, const void *context)
{
    const struct edge_line *line = context;
    char salt[EDGE_RANDOM_TEXT(16)];
    edge_random_text(salt, 16);
    delib_io_json_text(json, "sel", salt);
    line->body->write_personal(json, line->body->context);
}

static void edge_line_public(delib_io_json *json, const void *context)
{
    const struct edge_line *line = context;
    const struct edge_journal_stamp *stamp = line->stamp;
    char time[21];
    edge_instant_text(stamp->time, time);
    delib_io_json_integer(json, "format", EDGE_JOURNAL_FORMAT);
    delib_io_json_text(json, "genre", stamp->kind);
    delib_io_json_integer(json, "numéro", stamp->number);
    delib_io_json_text(json, "identifiant", line->id);
    delib_io_json_text(json, "précédente", stamp->previous);
    delib_io_json_text(json, "heure", time);
    delib_io_json_text(json, "moteur", DELIB_VERSION);
    delib_io_json_integer(json, "langue", DELIB_LANGUAGE);
    delib_io_json_text(json, "règles", stamp->rules);
    delib_io_json_text(json, "politique", stamp->policy);
    delib_io_json_text(json, "signataire", line->signer);
    line->body->write_public(json, line->body->context);
    delib_io_json_text(json, "personnel", line->personal);
}

delib_status edge_journal_line(struct arena *arena, const struct edge_journal_stamp *stamp,
                               const struct edge_journal_body *body, struct slice *out, char hash[EDGE_HASH_TEXT])
{
    struct edge_line line = { .stamp = stamp, .body = body, .id = edge_line_id(arena, stamp->number) };
    struct slice public = { NULL, 0 }, personal = SLICE("null");
    struct strbuf text = strbuf_in(arena);
    char personal_hash[EDGE_HASH_TEXT], signer[EDGE_KEY_TEXT];
    const bool signs = stamp->keys->of[EDGE_KEY_SIGNING].known;
    delib_status status;
    if (signs) {
        edge_key_text(EDGE_KEY_SIGNING_PUBLIC, &stamp->keys->of[EDGE_KEY_SIGNING_PUBLIC], signer);
        line.signer = signer;
    }
    if (body->write_personal) {
        status = edge_line_part(arena, edge_line_personal, &line, &personal);
        if (status == DELIB_OK)
            status = *body->status;
        if (status != DELIB_OK)
            return status;
        edge_fingerprint(personal, personal_hash);
        line.personal = personal_hash;
    }
    status = edge_line_part(arena, edge_line_public, &line, &public);
    if (status != DELIB_OK)
        return status;
    edge_fingerprint(public, hash);
    strbuf_text(&text, "{\"entrée\":");
    strbuf_slice(&text, public);
    strbuf_text(&text, ",\"personnel\":");
    strbuf_slice(&text, personal);
    strbuf_format(&text, ",\"empreinte\":\"%s\"", hash);
    if (signs)
        strbuf_format(&text, ",\"signature\":\"%s\"", edge_sign(arena, &stamp->keys->of[EDGE_KEY_SIGNING], hash));
    strbuf_text(&text, "}\n");
    *out = strbuf_result(&text);
    return arena->exhausted ? DELIB_NO_MEMORY : DELIB_OK;
}

/* ------------------------------------------------------------------ reading */

const char *edge_member_text(const delib_value *record, const char *name)
{
    const delib_value *value = delib_io_value_get(record, name);
    return value && value->kind == DELIB_VALUE_TEXT ? value->text : NULL;
}

bool edge_member_integer(const delib_value *record, const char *name, int64_t *out)
{
    const delib_value *value = delib_io_value_get(record, name);
    if (!value || value->kind != DELIB_VALUE_NUMBER || value->scale != 0)
        return false;
    *out = value->units;
    return true;
}

/* The value at the start of [at, end), which is known to be well-formed JSON: its end. */
static const char *edge_value_end(const char *at, const char *end)
{
    unsigned depth = 0;
    bool quoted = false;
    for (; at < end; at++) {
        if (quoted) {
            if (*at == '\\')
                at++;
            else if (*at == '"')
                quoted = false;
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}'))
            return at;
        quoted = *at == '"';
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
    }
    return end;
}

struct edge_parts {
    struct slice public, personal, hash, signature;     /* the last two without quotes */
};

static bool edge_skip_value(struct slice *text, struct slice *out)
{
    const char *end = edge_value_end(text->bytes, text->bytes + text->length);
    *out = (struct slice){ text->bytes, (size_t)(end - text->bytes) };
    text->length -= out->length;
    text->bytes = end;
    return out->length > 0;
}

static bool edge_skip_string(struct slice *text, struct slice *out)
{
    if (!edge_skip_value(text, out) || out->length < 2 || out->bytes[0] != '"')
        return false;
    *out = (struct slice){ out->bytes + 1, out->length - 2 };
    return true;
}

/* Every byte of a line is one of these words or under one of the fingerprints. */
static bool edge_line_cut(struct slice text, struct edge_parts *parts)
{
    *parts = (struct edge_parts){ { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    return slice_skip(&text, "{\"entrée\":") && edge_skip_value(&text, &parts->public)
           && slice_skip(&text, ",\"personnel\":") && edge_skip_value(&text, &parts->personal)
           && slice_skip(&text, ",\"empreinte\":") && edge_skip_string(&text, &parts->hash)
           && (!slice_skip(&text, ",\"signature\":") || edge_skip_string(&text, &parts->signature))
           && slice_is(text, "}");
}

bool edge_journal_without_personal(struct slice text, struct strbuf *out)
{
    struct edge_parts parts;
    if (!edge_line_cut(text, &parts))
        return false;
    strbuf_bytes(out, text.bytes, (size_t)(parts.personal.bytes - text.bytes));
    strbuf_text(out, "null");
    text.length -= (size_t)(parts.personal.bytes - text.bytes) + parts.personal.length;
    text.bytes = parts.personal.bytes + parts.personal.length;
    strbuf_slice(out, text);
    return !out->arena->exhausted;
}

static bool edge_same_hash(struct slice bytes, const char *said)
{
    char found[EDGE_HASH_TEXT];
    edge_fingerprint(bytes, found);
    return said && strcmp(found, said) == 0;
}

static enum edge_journal_fault edge_line_fault(struct arena *arena, struct edge_diagnostics *diagnostics,
                                               enum edge_journal_fault fault, unsigned line,
                                               const struct edge_journal_entry *entry,
                                               const char *what)
{
    const enum edge_code code = fault == EDGE_LINE_ALTERED ? EDGE_JOURNAL_ALTERED
                                : fault == EDGE_LINE_NEWER ? EDGE_JOURNAL_VERSION : EDGE_JOURNAL_LINE;
    const struct edge_place place = { line, 1 };
    if (entry->id)
        edge_report(diagnostics, code, place, NULL, "entrée %s : %s", edge_shown(arena, entry->id), what);
    else
        edge_report(diagnostics, code, place, NULL, "%s", what);
    return fault;
}

/* « 12-9f86d081884c7d65 » is an identifier of entry 12: one that is used twice shows by its number. */
static bool edge_id_is_of(const char *id, int64_t number)
{
    int64_t said = 0;
    size_t digits = 0;
    for (; digits < 18 && id[digits] >= '0' && id[digits] <= '9'; digits++)
        said = 10 * said + (id[digits] - '0');
    return number > 0 && digits > 0 && said == number && id[digits] == '-';
}

static bool edge_entry_fill(const delib_value *root, const struct edge_parts *parts, struct arena *arena,
                            struct edge_journal_entry *out)
{
    out->public = delib_io_value_get(root, "entrée");
    out->personal = delib_io_value_get(root, "personnel");
    if (!out->public || out->public->kind != DELIB_VALUE_RECORD || !out->personal)
        return false;
    if (out->personal->kind != DELIB_VALUE_RECORD)
        out->personal = NULL;
    out->kind = edge_member_text(out->public, "genre");
    out->id = edge_member_text(out->public, "identifiant");
    out->previous = edge_member_text(out->public, "précédente");
    out->rules = edge_member_text(out->public, "règles");
    out->time = edge_member_text(out->public, "heure");
    out->hash = edge_member_text(root, "empreinte");
    out->signature = parts->signature.length
                         ? arena_copy_text(arena, parts->signature.bytes, parts->signature.length) : NULL;
    out->signer = edge_member_text(out->public, "signataire");
    out->purged = !out->personal && edge_member_text(out->public, "personnel");
    return out->kind && out->id && out->time && edge_hash_is_text(out->previous) && edge_hash_is_text(out->hash)
           && edge_member_integer(out->public, "numéro", &out->number) && edge_id_is_of(out->id, out->number)
           && (!out->rules || edge_hash_is_text(out->rules));
}

/* Whether the JSON of the line can be read; jansson's reason is told on the line of the journal. */
static bool edge_line_parse(struct arena *arena, struct edge_diagnostics *diagnostics, struct slice text,
                            unsigned line, const delib_value **root)
{
    struct edge_diagnostics inner;
    struct edge_tree *tree = arena_new(arena, struct edge_tree);
    if (!tree)
        return false;
    edge_diagnostics_init(&inner, arena, diagnostics->file);
    edge_tree_init(tree, arena, &inner, NULL);
    edge_read(tree, text, DELIB_IO_JSON);
    *root = &tree->root;
    if (inner.count > 0)
        edge_report(diagnostics, EDGE_JOURNAL_LINE, (struct edge_place){ line, inner.items[0].column },
                    "une ligne qui n'est pas une entrée a été insérée, ou l'entrée a été abîmée",
                    "ligne illisible : %s", inner.items[0].message);
    return inner.count == 0 && !arena->exhausted;
}

enum edge_journal_fault edge_journal_read_line(struct arena *arena, struct edge_diagnostics *diagnostics,
                                               struct slice text, unsigned line, struct edge_journal_entry *out)
{
    struct edge_parts parts;
    const delib_value *root = NULL;
    int64_t format = 0;
    memset(out, 0, sizeof(*out));
    if (!edge_line_parse(arena, diagnostics, text, line, &root))
        return EDGE_LINE_UNREADABLE;
    if (edge_member_integer(delib_io_value_get(root, "entrée"), "format", &format) && format > EDGE_JOURNAL_FORMAT)
        return edge_line_fault(arena, diagnostics, EDGE_LINE_NEWER, line, out,
                               "cette entrée a été écrite par une version plus récente de Délib");
    if (format != EDGE_JOURNAL_FORMAT || !edge_line_cut(text, &parts) || !edge_entry_fill(root, &parts, arena, out)) {
        out->id = NULL;
        return edge_line_fault(arena, diagnostics, EDGE_LINE_UNREADABLE, line, out,
                               "cette ligne n'a pas la forme d'une entrée de journal");
    }
    if (!edge_same_hash(parts.public, out->hash))
        return edge_line_fault(arena, diagnostics, EDGE_LINE_ALTERED, line, out,
                               "son contenu a été modifié (son empreinte n'est plus la sienne)");
    if (out->personal && !edge_same_hash(parts.personal, edge_member_text(out->public, "personnel")))
        return edge_line_fault(arena, diagnostics, EDGE_LINE_ALTERED, line, out,
                               "ses données, ses réponses ou son résultat ont été modifiés");
    if (out->signer && !out->signature)
        return edge_line_fault(arena, diagnostics, EDGE_LINE_ALTERED, line, out, "sa signature a été retirée");
    return EDGE_LINE_OK;
}
