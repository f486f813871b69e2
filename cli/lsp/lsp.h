/*
 * The language server: what an editor asks over its standard input and output, in the Language Server Protocol
 * (microsoft.github.io/language-server-protocol, 3.17).
 *
 *   lsp_messages.c    messages in and out, members of JSON values    lsp_documents.c   the texts being edited, places
 *   lsp_server.c      which answer to which request                  lsp_faults.c      diagnostics and corrections
 *   lsp_names.c       what a name means, where it is declared, which names there are
 */
#ifndef CLI_LSP_H
#define CLI_LSP_H

#include "cli/base/programme.h"

#include <stdio.h>

/* A text being edited, all of it ours; and the last program that it made, for what needs names. */
struct lsp_document {
    char *uri, *path, *text;
    size_t length;
    delib_program *last;                 /* NULL until it is valid once */
    struct lsp_document *next;
};

struct lsp {
    struct run *run;
    struct run scratch;                  /* the same, whose arena lasts one message */
    const delib_io_api *io;
    FILE *in, *out;
    struct lsp_document *documents;
    bool shutdown, done;
};

/* ---- lsp_messages.c ---- */

enum lsp_read { LSP_MESSAGE, LSP_END, LSP_BROKEN };

/* The next message, in the arena of the scratch run. BROKEN: what comes is no message, nothing can follow. */
enum lsp_read lsp_read(struct lsp *lsp, struct slice *out);
/* A new message, {"jsonrpc": "2.0", …} left open; NULL when memory is refused. */
delib_io_json *lsp_open(struct lsp *lsp);
/* A reply: its "id", then "result" or "error" to be written. */
delib_io_json *lsp_reply(struct lsp *lsp, const delib_value *id);
/* Closes and sends. */
void lsp_send(struct lsp *lsp, delib_io_json *json);
/* NULL when `record` is NULL, is no record, or has no such member. */
const delib_value *lsp_member(const delib_value *record, const char *name);
const char *lsp_text(const delib_value *record, const char *name);                 /* NULL when it is no text */
int64_t lsp_integer(const delib_value *record, const char *name, int64_t otherwise);

/* ---- lsp_documents.c: places are lines from 0 and UTF-16 code units, as the protocol counts ---- */

struct lsp_place { unsigned line, character; };

struct lsp_document *lsp_find(struct lsp *lsp, const char *uri);
/* The document with that text; false when memory is refused. */
bool lsp_store(struct lsp *lsp, const char *uri, const char *text);
void lsp_forget(struct lsp *lsp, const char *uri);
void lsp_forget_all(struct lsp *lsp);
/* Offsets beyond the text, lines beyond the last: the end. */
size_t lsp_offset(const char *text, size_t length, struct lsp_place place);
struct lsp_place lsp_place(const char *text, size_t length, size_t offset);
struct lsp_place lsp_read_place(const delib_value *position);
/* {"start": …, "end": …} */
void lsp_write_range(struct lsp *lsp, delib_io_json *json, const char *key, struct lsp_place from,
                     struct lsp_place to);
/* « /tmp/a b.delib » → « file:///tmp/a%20b.delib », in the arena. */
const char *lsp_uri(struct arena *arena, const char *path);

/* ---- lsp_faults.c ---- */

/* Publishes the diagnostics of the text; with `whole`, also what is proved of all families and its essais. */
void lsp_publish(struct lsp *lsp, struct lsp_document *document, bool whole);
/* No diagnostic any more: the document is closed. */
void lsp_publish_nothing(struct lsp *lsp, const char *uri);
/* The elements of the list that is open. */
void lsp_write_actions(struct lsp *lsp, delib_io_json *json, struct lsp_document *document, size_t from, size_t to);
/* The edits that lay the text out; none when it is at fault. */
void lsp_write_formatting(struct lsp *lsp, delib_io_json *json, const struct lsp_document *document);

/* ---- lsp_names.c: a member of the message, null when there is nothing to say ---- */

void lsp_write_hover(struct lsp *lsp, delib_io_json *json, const struct lsp_document *document, size_t offset);
void lsp_write_definition(struct lsp *lsp, delib_io_json *json, const struct lsp_document *document, size_t offset);
void lsp_write_completion(struct lsp *lsp, delib_io_json *json, const struct lsp_document *document);

/* ---- lsp_server.c ---- */

enum exit_code lsp_serve(struct run *run);

#endif
