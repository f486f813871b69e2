/*
 * Messages of the protocol: a header with the length, then JSON.
 */
#include "lsp.h"

#include "lang/number.h"

#include <string.h>
#include <strings.h>

/* A délibération of 64 MiB is refused as a file, too. */
enum { HEADER_LIMIT = 4096 };

/* Value of « Content-Length: 12 »; false for another header. */
static bool read_length(const char *line, size_t *out)
{
    static const char NAME[] = "content-length:";
    struct number value;

    if (strncasecmp(line, NAME, sizeof NAME - 1) != 0)
        return false;
    line += sizeof NAME - 1;
    line += strspn(line, " \t");
    if (!number_parse((struct slice){line, strcspn(line, " \t\r\n")}, &value) || !number_is_integer(value) ||
        value.num < 0 || value.num > (int128)FILE_LIMIT)
        return false;
    *out = (size_t)value.num;
    return true;
}

enum lsp_read lsp_read(struct lsp *lsp, struct slice *out)
{
    char line[HEADER_LIMIT], *bytes;
    bool known = false, begun = false;
    size_t length = 0;

    arena_reset(&lsp->scratch.arena);
    while (fgets(line, sizeof line, lsp->in)) {
        if (line[0] == '\n' || strcmp(line, "\r\n") == 0) {
            if (!known)
                return LSP_BROKEN;
            bytes = arena_alloc(&lsp->scratch.arena, length + 1, 1);
            *out = (struct slice){ bytes, length };
            return fread(bytes, 1, length, lsp->in) == length ? LSP_MESSAGE : LSP_BROKEN;
        }
        begun = true;
        known |= read_length(line, &length);
        if (!strchr(line, '\n'))
            return LSP_BROKEN;
    }
    return begun ? LSP_BROKEN : LSP_END;
}

delib_io_json *lsp_open(struct lsp *lsp)
{
    delib_io_json *json = NULL;

    if (lsp->io->json_new(&json) != DELIB_OK)
        return NULL;
    lsp->io->json_object(json, NULL);
    lsp->io->json_text(json, "jsonrpc", "2.0");
    return json;
}

delib_io_json *lsp_reply(struct lsp *lsp, const delib_value *id)
{
    delib_io_json *json = lsp_open(lsp);

    if (json && id && id->kind == DELIB_VALUE_NUMBER && id->scale == 0)
        lsp->io->json_integer(json, "id", id->units);
    else if (json)
        lsp->io->json_text(json, "id", id && id->kind == DELIB_VALUE_TEXT ? id->text : NULL);
    return json;
}

void lsp_send(struct lsp *lsp, delib_io_json *json)
{
    const char *text = NULL;
    size_t length = 0;

    if (!json)
        return;
    lsp->io->json_end(json);
    if (lsp->io->json_finish(json, 0, &text, &length) == DELIB_OK) {
        fprintf(lsp->out, "Content-Length: %zu\r\n\r\n", length);
        fwrite(text, 1, length, lsp->out);
        fflush(lsp->out);
    }
    lsp->io->json_free(json);
}

const delib_value *lsp_member(const delib_value *record, const char *name)
{
    for (size_t i = 0; record && record->kind == DELIB_VALUE_RECORD && i < record->count; i++)
        if (strcmp(record->names[i], name) == 0)
            return &record->items[i];
    return NULL;
}

const char *lsp_text(const delib_value *record, const char *name)
{
    const delib_value *value = lsp_member(record, name);

    return value && value->kind == DELIB_VALUE_TEXT ? value->text : NULL;
}

int64_t lsp_integer(const delib_value *record, const char *name, int64_t otherwise)
{
    const delib_value *value = lsp_member(record, name);

    return value && value->kind == DELIB_VALUE_NUMBER && value->scale == 0 ? value->units : otherwise;
}
