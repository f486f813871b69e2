/*
 * The public handle of a JSON or YAML text.
 */
#include "edge_base.h"

#include <stdlib.h>
#include <string.h>

struct delib_io_document {
    struct arena arena;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
};

delib_status delib_io_document_read(const char *name, const char *bytes, size_t length, delib_io_format format,
                                    const delib_io_limits *limits, delib_io_document **out)
{
    delib_io_limits given = DELIB_IO_LIMITS_INIT;
    delib_io_document *document;
    delib_status status;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!edge_is_text(bytes, length) || (limits && !options_read(&given, sizeof(given), limits)))
        return DELIB_MISUSE;
    document = calloc(1, sizeof(*document));
    if (!document)
        return DELIB_NO_MEMORY;
    edge_tree_open(&document->tree, &document->arena, &document->diagnostics, name, &given);
    edge_read(&document->tree, (struct slice){ bytes, length }, format);
    status = edge_status(&document->arena, &document->diagnostics);
    if (status == DELIB_NO_MEMORY)
        delib_io_document_free(document);
    else
        *out = document;
    return status;
}

void delib_io_document_free(delib_io_document *document)
{
    if (!document)
        return;
    arena_release(&document->arena);
    free(document);
}

const delib_value *delib_io_document_root(const delib_io_document *document)
{
    return document ? &document->tree.root : NULL;
}

const delib_value *delib_io_value_get(const delib_value *record, const char *name)
{
    if (!name || !record || record->kind != DELIB_VALUE_RECORD || !record->names || !record->items)
        return NULL;
    for (size_t i = 0; i < record->count; i++) {
        if (record->names[i] && strcmp(record->names[i], name) == 0)
            return &record->items[i];
    }
    return NULL;
}

delib_status delib_io_document_place(const delib_io_document *document, const delib_value *value, unsigned *line,
                                     unsigned *column)
{
    struct edge_place place;
    if (!document || !value || !line || !column)
        return DELIB_MISUSE;
    place = edge_place_of(&document->tree, value);
    *line = place.line;
    *column = place.column;
    return place.line > 0 ? DELIB_OK : DELIB_MISUSE;
}

size_t delib_io_document_diagnostic_count(const delib_io_document *document)
{
    return document ? document->diagnostics.count : 0;
}

delib_status delib_io_document_diagnostic(const delib_io_document *document, size_t index, delib_diagnostic *out)
{
    return document ? edge_diagnostic_get(&document->diagnostics, index, out) : DELIB_MISUSE;
}
