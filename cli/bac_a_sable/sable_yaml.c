/*
 * YAML files of fictive families, read into data. The only file of the bac à sable that knows libyaml.
 */
#include "sable_yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_LIMIT = 32, VALUE_LIMIT = 500000 };

struct reading {
    struct arena *arena;
    yaml_document_t *document;
    size_t values;                       /* aliases multiply: what is counted is what they come to */
    struct strbuf *error;
    unsigned *line;
};

static const struct datum *read_node(struct reading *reading, const yaml_node_t *node, unsigned depth);

static const struct datum *fail_at(struct reading *reading, yaml_mark_t mark, const char *message)
{
    strbuf_text(reading->error, message);
    *reading->line = (unsigned)mark.line + 1;
    return NULL;
}

static size_t digits_at(struct slice text, size_t at)
{
    size_t end = at;

    while (end < text.length && text.bytes[end] >= '0' && text.bytes[end] <= '9')
        end++;
    return end - at;
}

/* A number in the sense of JSON, without exponent. */
static bool is_number(struct slice text)
{
    size_t at = text.length && text.bytes[0] == '-' ? 1 : 0;
    size_t whole = digits_at(text, at);

    if (whole == 0 || (whole > 1 && text.bytes[at] == '0'))
        return false;
    at += whole;
    if (at < text.length && text.bytes[at] == '.') {
        size_t decimals = digits_at(text, at + 1);

        return decimals > 0 && at + 1 + decimals == text.length;
    }
    return at == text.length;
}

static const struct datum *read_scalar(struct reading *reading, const yaml_node_t *node)
{
    static const char *const nulls[] = { "", "~", "null", NULL };
    static const char *const trues[] = { "true", "oui", NULL };
    static const char *const falses[] = { "false", "non", NULL };
    const char *bytes = (const char *)node->data.scalar.value;
    struct slice text = { arena_copy_text(reading->arena, bytes, node->data.scalar.length),
                          node->data.scalar.length };
    struct datum *datum = datum_new(reading->arena, DATUM_TEXT);

    if (!datum || !text.bytes)
        return NULL;
    datum->text = text;
    if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        if (datum_word_is(text, nulls)) {
            datum->kind = DATUM_NULL;
        } else if (datum_word_is(text, trues) || datum_word_is(text, falses)) {
            datum->kind = DATUM_BOOLEAN;
            datum->truth = datum_word_is(text, trues);
        } else if (is_number(text)) {
            datum->kind = DATUM_NUMBER;
        }
    }
    datum->line = (unsigned)node->start_mark.line + 1;
    return datum;
}

static const struct datum *read_sequence(struct reading *reading, const yaml_node_t *node, unsigned depth)
{
    struct datum *list = datum_new(reading->arena, DATUM_LIST);
    const yaml_node_item_t *end = node->data.sequence.items.top;

    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < end; item++) {
        const struct datum *value = read_node(reading, yaml_document_get_node(reading->document, *item), depth + 1);

        if (!value)
            return NULL;
        datum_push(reading->arena, list, value);
    }
    if (list)
        list->line = (unsigned)node->start_mark.line + 1;
    return list;
}

static const struct datum *read_mapping(struct reading *reading, const yaml_node_t *node, unsigned depth)
{
    struct datum *object = datum_new(reading->arena, DATUM_OBJECT);

    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(reading->document, pair->key);
        const struct datum *name, *value;

        if (!key || key->type != YAML_SCALAR_NODE)
            return fail_at(reading, node->start_mark, "une clé doit être un texte");
        name = read_scalar(reading, key);
        if (!name)
            return NULL;
        if (datum_get_slice(object, name->text))
            return fail_at(reading, key->start_mark, "cette clé est écrite deux fois");
        value = read_node(reading, yaml_document_get_node(reading->document, pair->value), depth + 1);
        if (!value)
            return NULL;
        datum_put(reading->arena, object, name->text, value);
    }
    if (object)
        object->line = (unsigned)node->start_mark.line + 1;
    return object;
}

static const struct datum *read_node(struct reading *reading, const yaml_node_t *node, unsigned depth)
{
    if (!node)
        return NULL;
    if (depth > DEPTH_LIMIT)
        return fail_at(reading, node->start_mark, "trop de niveaux imbriqués");
    if (++reading->values > VALUE_LIMIT)
        return fail_at(reading, node->start_mark, "trop de valeurs dans ce fichier");
    switch (node->type) {
    case YAML_SCALAR_NODE:   return read_scalar(reading, node);
    case YAML_SEQUENCE_NODE: return read_sequence(reading, node, depth);
    case YAML_MAPPING_NODE:  return read_mapping(reading, node, depth);
    case YAML_NO_NODE:       break;
    }
    return NULL;
}

static const struct datum *read_document(struct reading *reading, yaml_parser_t *parser)
{
    yaml_document_t document;
    const struct datum *root = NULL;

    if (!yaml_parser_load(parser, &document)) {
        strbuf_format(reading->error,
                      "YAML mal formé près de la colonne %u : revoyez le retrait, les deux-points, les guillemets",
                      (unsigned)parser->problem_mark.column + 1);
        *reading->line = (unsigned)parser->problem_mark.line + 1;
        return NULL;
    }
    reading->document = &document;
    if (yaml_document_get_root_node(&document)) {
        root = read_node(reading, yaml_document_get_root_node(&document), 0);
    } else {
        strbuf_text(reading->error, "le fichier est vide");
        *reading->line = 1;
    }
    yaml_document_delete(&document);
    reading->document = NULL;
    return root;
}

const struct datum *yaml_read_file(struct arena *arena, const char *path, struct strbuf *error, unsigned *line)
{
    struct reading reading = { .arena = arena, .error = error, .line = line };
    const struct datum *root = NULL;
    yaml_parser_t parser;
    FILE *file = fopen(path, "rb");

    *line = 0;
    if (!file) {
        strbuf_format(error, "lecture impossible : %s", strerror(errno));
        return NULL;
    }
    if (!yaml_parser_initialize(&parser))
        goto close_file;
    yaml_parser_set_input_file(&parser, file);
    root = read_document(&reading, &parser);
    yaml_parser_delete(&parser);
close_file:
    fclose(file);
    if (!root && strbuf_result(error).length == 0)
        strbuf_text(error, "mémoire insuffisante");
    return root;
}
