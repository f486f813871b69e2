/*
 * The blocks of a document in JSON: {"genre": "paragraphe"…, "texte", "note"}, and for a table "colonnes" and "lignes".
 */
#ifndef CLI_DOCUMENT_JSON_H
#define CLI_DOCUMENT_JSON_H

#include "document.h"

#include "runtime/delib_io.h"

/* Into the list that is open. */
void document_json(const delib_io_api *io, delib_io_json *json, const struct document *document);

#endif
