/*
 * The conversation with the editor: requests and notifications, by their names.
 */
#include "lsp.h"

#include "cli/base/edge_loader.h"

#include <string.h>

/* Codes of JSON-RPC 2.0 and of the protocol. */
enum { PARSE_ERROR = -32700, INVALID_REQUEST = -32600, METHOD_NOT_FOUND = -32601, INVALID_PARAMS = -32602 };

struct request {
    struct lsp *lsp;
    const delib_value *id, *params;
    struct lsp_document *document;       /* of params.textDocument; NULL when it is not open */
};

static void refuse(struct lsp *lsp, const delib_value *id, int code, const char *why)
{
    delib_io_json *json = lsp_reply(lsp, id);

    if (!json)
        return;
    lsp->io->json_object(json, "error");
    lsp->io->json_integer(json, "code", code);
    lsp->io->json_text(json, "message", why);
    lsp->io->json_end(json);
    lsp_send(lsp, json);
}

/* ---- Life ---- */

static void initialize(struct request *r, delib_io_json *json)
{
    const delib_io_api *io = r->lsp->io;

    io->json_object(json, "result");
    io->json_object(json, "capabilities");
    io->json_object(json, "textDocumentSync");
    io->json_boolean(json, "openClose", 1);
    io->json_integer(json, "change", 1);             /* the whole text each time */
    io->json_boolean(json, "save", 1);
    io->json_end(json);
    io->json_boolean(json, "hoverProvider", 1);
    io->json_boolean(json, "definitionProvider", 1);
    io->json_boolean(json, "documentFormattingProvider", 1);
    io->json_boolean(json, "codeActionProvider", 1);
    io->json_object(json, "completionProvider");
    io->json_end(json);
    io->json_end(json);
    io->json_object(json, "serverInfo");
    io->json_text(json, "name", "delib");
    io->json_text(json, "version", delib_version());
    io->json_end(json);
    io->json_end(json);
}

static void shut_down(struct request *r, delib_io_json *json)
{
    r->lsp->shutdown = true;
    r->lsp->io->json_null(json, "result");
}

static void leave(struct request *r)
{
    r->lsp->done = true;
}

static void ignore(struct request *r)
{
    (void)r;
}

/* ---- Documents ---- */

static void store(struct request *r, const char *text, bool whole)
{
    const char *uri = lsp_text(lsp_member(r->params, "textDocument"), "uri");

    if (uri && text && lsp_store(r->lsp, uri, text))
        lsp_publish(r->lsp, lsp_find(r->lsp, uri), whole);
}

static void open_document(struct request *r)
{
    store(r, lsp_text(lsp_member(r->params, "textDocument"), "text"), true);
}

/* Proofs take a while: while the author types, only what the text itself says is checked. */
static void change_document(struct request *r)
{
    const delib_value *changes = lsp_member(r->params, "contentChanges");

    if (r->document && changes && changes->kind == DELIB_VALUE_LIST && changes->count > 0)
        store(r, lsp_text(&changes->items[changes->count - 1], "text"), false);
}

static void save_document(struct request *r)
{
    if (r->document)
        lsp_publish(r->lsp, r->document, true);
}

static void close_document(struct request *r)
{
    if (!r->document)
        return;
    lsp_publish_nothing(r->lsp, r->document->uri);
    lsp_forget(r->lsp, r->document->uri);
}

/* ---- Questions about a document ---- */

static size_t offset_of(const struct request *r, const delib_value *position)
{
    return lsp_offset(r->document->text, r->document->length, lsp_read_place(position));
}

static void hover(struct request *r, delib_io_json *json)
{
    lsp_write_hover(r->lsp, json, r->document, offset_of(r, lsp_member(r->params, "position")));
}

static void definition(struct request *r, delib_io_json *json)
{
    lsp_write_definition(r->lsp, json, r->document, offset_of(r, lsp_member(r->params, "position")));
}

static void completion(struct request *r, delib_io_json *json)
{
    lsp_write_completion(r->lsp, json, r->document);
}

static void formatting(struct request *r, delib_io_json *json)
{
    r->lsp->io->json_list(json, "result");
    lsp_write_formatting(r->lsp, json, r->document);
    r->lsp->io->json_end(json);
}

static void code_action(struct request *r, delib_io_json *json)
{
    const delib_value *range = lsp_member(r->params, "range");

    r->lsp->io->json_list(json, "result");
    lsp_write_actions(r->lsp, json, r->document, offset_of(r, lsp_member(range, "start")),
                      offset_of(r, lsp_member(range, "end")));
    r->lsp->io->json_end(json);
}

/* ---- By name ---- */

/* A request is answered, in the message that is open; a notification is not. */
static const struct method {
    const char *name;
    void (*answer)(struct request *request, delib_io_json *json);
    void (*note)(struct request *request);
    bool needs_document;
} METHODS[] = {
    { "initialize", initialize, NULL, false },
    { "shutdown", shut_down, NULL, false },
    { "exit", NULL, leave, false },
    { "initialized", NULL, ignore, false },
    { "textDocument/didOpen", NULL, open_document, false },
    { "textDocument/didChange", NULL, change_document, false },
    { "textDocument/didSave", NULL, save_document, false },
    { "textDocument/didClose", NULL, close_document, false },
    { "textDocument/hover", hover, NULL, true },
    { "textDocument/definition", definition, NULL, true },
    { "textDocument/completion", completion, NULL, true },
    { "textDocument/formatting", formatting, NULL, true },
    { "textDocument/codeAction", code_action, NULL, true },
};

static void answer(struct request *r, const struct method *method)
{
    delib_io_json *json;

    if (method->needs_document && !r->document) {
        refuse(r->lsp, r->id, INVALID_PARAMS, "ce document n'est pas ouvert");
        return;
    }
    json = lsp_reply(r->lsp, r->id);
    if (!json)
        return;
    method->answer(r, json);
    lsp_send(r->lsp, json);
}

/* Notifications that we do not know are ignored, as the protocol asks. */
static void dispatch(struct lsp *lsp, const delib_value *message)
{
    const char *name = lsp_text(message, "method");
    struct request r = { .lsp = lsp, .id = lsp_member(message, "id"), .params = lsp_member(message, "params") };

    r.document = lsp_find(lsp, lsp_text(lsp_member(r.params, "textDocument"), "uri"));
    if (!name) {
        if (r.id && !lsp_member(message, "result") && !lsp_member(message, "error"))
            refuse(lsp, r.id, INVALID_REQUEST, "un message porte « method »");
        return;
    }
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcmp(METHODS[i].name, name) == 0) {
            if (METHODS[i].note)
                METHODS[i].note(&r);
            else if (r.id)
                answer(&r, &METHODS[i]);
            return;
        }
    if (r.id)
        refuse(lsp, r.id, METHOD_NOT_FOUND, "cette demande n'est pas connue de ce serveur");
}

static void take(struct lsp *lsp, struct slice bytes)
{
    delib_io_document *document = NULL;

    if (lsp->io->document_read("message", bytes.bytes, bytes.length, DELIB_IO_JSON, NULL, &document) == DELIB_OK)
        dispatch(lsp, lsp->io->document_root(document));
    else
        refuse(lsp, NULL, PARSE_ERROR, "ce message n'est pas un texte JSON");
    lsp->io->document_free(document);
}

enum exit_code lsp_serve(struct run *run)
{
    struct lsp lsp = { .run = run, .scratch = *run, .io = edge_load(run), .in = stdin, .out = stdout };
    enum lsp_read read = LSP_MESSAGE;
    struct slice message;

    if (!lsp.io)
        return EXIT_FAULT;
    lsp.scratch.io = lsp.io;
    arena_init(&lsp.scratch.arena, run->arena.allocator, 0);
    while (!lsp.done && (read = lsp_read(&lsp, &message)) == LSP_MESSAGE)
        take(&lsp, message);
    lsp_forget_all(&lsp);
    arena_release(&lsp.scratch.arena);
    if (read == LSP_BROKEN)
        terminal_error(&run->terminal, "l'entrée n'est pas celle d'un éditeur : un en-tête Content-Length est attendu");
    return lsp.shutdown && read == LSP_MESSAGE ? EXIT_RESULT : EXIT_FAULT;     /* « exit » follows « shutdown » */
}
