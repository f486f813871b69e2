/*
 * YAML by libyaml: the only file that includes yaml.h. Scalars stay texts, whatever they look like: the type that the
 * délibération declares reads them. What could surprise a reader (anchors, tags, several documents) is refused.
 */
#include "edge_base.h"

#include <string.h>
#include <yaml.h>

struct edge_yaml_reader {
    struct edge_builder builder;
    yaml_parser_t parser;
    struct { bool is_record, expects_key; } levels[EDGE_DEPTH_LIMIT];
    struct slice text;
    bool root_seen;
};

static struct edge_place edge_yaml_place(yaml_mark_t mark)
{
    return (struct edge_place){ (unsigned)mark.line + 1, (unsigned)mark.column + 1 };
}

/* The problems that people meet, by the beginning of libyaml's English sentence. */
static const struct {
    const char *problem, *message, *help;
} edge_yaml_problems[] = {
    { "mapping values are not allowed", "« : » inattendu à cet endroit",
      "mettez la valeur entre guillemets, ou vérifiez l'alignement" },
    { "could not find expected ':'", "« : » attendu après la clé", "écrivez « clé: valeur »" },
    { "did not find expected key", "clé attendue, alignée sur les précédentes", NULL },
    { "did not find expected '-' indicator", "« - » attendu, aligné sur les précédents", NULL },
    { "found character that cannot start any token", "caractère inattendu",
      "une tabulation ne peut pas servir d'alignement ; mettez entre guillemets un texte qui commence par @ ou %" },
    { "found a tab character", "tabulation inattendue", "alignez avec des espaces" },
    { "found unexpected end of stream", "guillemet ou crochet jamais fermé", NULL },
    { "did not find expected ',' or ']'", "« , » ou « ] » attendu", NULL },
    { "did not find expected ',' or '}'", "« , » ou « } » attendu", NULL },
    { "control characters are not allowed", "caractère de contrôle refusé", NULL },
    { "found undefined tag handle", "étiquette (« ! ») refusée", "mettez le texte entre guillemets" },
};

static void edge_yaml_refuse(struct edge_yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    struct edge_tree *tree = reader->builder.tree;
    const char *problem = parser->problem ? parser->problem : "";
    const char *message = "YAML mal formé", *help = NULL;
    struct edge_place place = edge_yaml_place(parser->problem_mark);
    reader->builder.failed = true;
    if (parser->error == YAML_MEMORY_ERROR) {
        tree->arena->exhausted = true;
        return;
    }
    if (parser->error == YAML_READER_ERROR)     /* libyaml reads ahead: only the offset is that of the problem */
        place = edge_place_at(reader->text,
                              parser->problem_offset < reader->text.length ? parser->problem_offset : 0);
    for (size_t i = 0; i < sizeof(edge_yaml_problems) / sizeof(*edge_yaml_problems); i++) {
        if (strncmp(problem, edge_yaml_problems[i].problem, strlen(edge_yaml_problems[i].problem)) == 0) {
            message = edge_yaml_problems[i].message;
            help = edge_yaml_problems[i].help;
        }
    }
    edge_report(tree->diagnostics, EDGE_YAML_SYNTAX, place, help, "%s", message);
}

static void edge_yaml_unwanted(struct edge_yaml_reader *reader, yaml_mark_t mark, const char *what)
{
    edge_report(reader->builder.tree->diagnostics, EDGE_YAML_REFUSED, edge_yaml_place(mark), NULL, "%s", what);
    reader->builder.failed = true;
}

static bool edge_yaml_is_null(const yaml_event_t *event)
{
    static const char *const spellings[] = { "", "~", "null", "Null", "NULL" };
    const char *text = (const char *)event->data.scalar.value;
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        if (strcmp(text, spellings[i]) == 0)
            return true;
    }
    return false;
}

/* A list or a mapping stands where a key is expected: refused. Otherwise the next scalar of a mapping is a key. */
static bool edge_yaml_takes_value(struct edge_yaml_reader *reader, yaml_mark_t mark)
{
    const unsigned depth = reader->builder.depth;
    if (depth == 0 || !reader->levels[depth - 1].is_record)
        return true;
    if (reader->levels[depth - 1].expects_key) {
        edge_yaml_unwanted(reader, mark, "une clé est un mot, pas une liste ni un groupe de clés");
        return false;
    }
    reader->levels[depth - 1].expects_key = true;
    return true;
}

static void edge_yaml_scalar(struct edge_yaml_reader *reader, const yaml_event_t *event)
{
    const char *bytes = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    const unsigned depth = reader->builder.depth;
    delib_value value = { .kind = DELIB_VALUE_ABSENT };
    if (strlen(bytes) != length) {
        edge_yaml_unwanted(reader, event->start_mark, "le caractère U+0000 n'est pas accepté");
        return;
    }
    if (depth > 0 && reader->levels[depth - 1].is_record && reader->levels[depth - 1].expects_key) {
        reader->levels[depth - 1].expects_key = false;
        edge_builder_key(&reader->builder, edge_yaml_place(event->start_mark), bytes, length);
        return;
    }
    if (depth > 0)
        reader->levels[depth - 1].expects_key = true;
    if (!edge_yaml_is_null(event)) {
        value.kind = DELIB_VALUE_TEXT;
        value.text = arena_copy_text(reader->builder.tree->arena, bytes, length);
    }
    edge_builder_scalar(&reader->builder, edge_yaml_place(event->start_mark), value);
}

static void edge_yaml_open(struct edge_yaml_reader *reader, yaml_mark_t mark, bool is_record)
{
    if (!edge_yaml_takes_value(reader, mark))
        return;
    edge_builder_open(&reader->builder, edge_yaml_place(mark), is_record ? DELIB_VALUE_RECORD : DELIB_VALUE_LIST);
    if (reader->builder.failed)
        return;
    reader->levels[reader->builder.depth - 1].is_record = is_record;
    reader->levels[reader->builder.depth - 1].expects_key = is_record;
}

/* An anchor or a tag that changes the meaning of what follows. */
static bool edge_yaml_is_marked(struct edge_yaml_reader *reader, yaml_mark_t mark, const yaml_char_t *anchor,
                                const yaml_char_t *tag)
{
    if (anchor) {
        edge_yaml_unwanted(reader, mark, "les ancres (« & ») et leurs reprises (« * ») sont refusées");
        return true;
    }
    if (tag) {
        edge_yaml_unwanted(reader, mark, "les étiquettes (« ! ») sont refusées");
        return true;
    }
    return false;
}

static void edge_yaml_event(struct edge_yaml_reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (reader->root_seen)
            edge_yaml_unwanted(reader, event->start_mark, "un seul document par fichier (« --- » en trop)");
        reader->root_seen = true;
        return;
    case YAML_ALIAS_EVENT:
        edge_yaml_unwanted(reader, event->start_mark, "les ancres (« & ») et leurs reprises (« * ») sont refusées");
        return;
    case YAML_SCALAR_EVENT:
        if (!edge_yaml_is_marked(reader, event->start_mark, event->data.scalar.anchor, event->data.scalar.tag))
            edge_yaml_scalar(reader, event);
        return;
    case YAML_SEQUENCE_START_EVENT:
        if (!edge_yaml_is_marked(reader, event->start_mark, event->data.sequence_start.anchor,
                                 event->data.sequence_start.tag))
            edge_yaml_open(reader, event->start_mark, false);
        return;
    case YAML_MAPPING_START_EVENT:
        if (!edge_yaml_is_marked(reader, event->start_mark, event->data.mapping_start.anchor,
                                 event->data.mapping_start.tag))
            edge_yaml_open(reader, event->start_mark, true);
        return;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        edge_builder_close(&reader->builder);
        return;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return;
    }
}

void edge_read_yaml(struct edge_tree *tree, struct slice text)
{
    struct edge_yaml_reader reader = { .text = text };
    bool done = false;
    if (!yaml_parser_initialize(&reader.parser)) {
        tree->arena->exhausted = true;
        return;
    }
    edge_builder_init(&reader.builder, tree);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.bytes, text.length);
    while (!done && !reader.builder.failed) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader.parser, &event)) {
            edge_yaml_refuse(&reader);
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        edge_yaml_event(&reader, &event);
        yaml_event_delete(&event);
    }
    if (!reader.builder.failed && !reader.root_seen)
        edge_report(tree->diagnostics, EDGE_TEXT_EMPTY, (struct edge_place){ 1, 1 }, NULL, "le texte est vide");
    edge_builder_finish(&reader.builder);
    yaml_parser_delete(&reader.parser);
}
