/*
 * Trees of values built from events, each value keeping its place in the text. JSON and YAML readers both end here,
 * so that limits and repeated keys are told in one way.
 */
#include "edge_base.h"

#include <stdlib.h>
#include <string.h>

void edge_tree_init(struct edge_tree *tree, struct arena *arena, struct edge_diagnostics *diagnostics,
                    const delib_io_limits *limits)
{
    *tree = (struct edge_tree){ .arena = arena, .diagnostics = diagnostics, .byte_limit = EDGE_BYTE_LIMIT,
                                .value_limit = EDGE_VALUE_LIMIT, .depth_limit = EDGE_DEPTH_LIMIT };
    if (!limits)
        return;
    if (limits->byte_limit)
        tree->byte_limit = limits->byte_limit;
    if (limits->value_limit)
        tree->value_limit = limits->value_limit;
    if (limits->depth_limit && limits->depth_limit < EDGE_DEPTH_LIMIT)
        tree->depth_limit = limits->depth_limit;
}

void edge_tree_open(struct edge_tree *tree, struct arena *arena, struct edge_diagnostics *diagnostics,
                    const char *name, const delib_io_limits *limits)
{
    arena_init(arena, edge_allocator(), 0);
    edge_diagnostics_init(diagnostics, arena, name);
    edge_tree_init(tree, arena, diagnostics, limits);
}

struct edge_place edge_place_at(struct slice text, size_t offset)
{
    struct edge_place place = { 1, 1 };
    size_t line_start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (text.bytes[i] == '\n') {
            place.line++;
            line_start = i + 1;
        }
    }
    place.column = (unsigned)utf8_count((struct slice){ text.bytes + line_start, offset - line_start }) + 1;
    return place;
}

static bool edge_looks_like_json(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.bytes[i];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return c == '{' || c == '[';
    }
    return false;
}

void edge_read(struct edge_tree *tree, struct slice text, delib_io_format format)
{
    static const char bom[] = "\xEF\xBB\xBF";
    size_t valid;
    if (!text.bytes)
        text = SLICE("");
    if (text.length > tree->byte_limit) {
        edge_report(tree->diagnostics, EDGE_TEXT_SIZE, (struct edge_place){ 0, 0 }, NULL,
                    "texte trop grand : %zu octets, %zu au plus sont lus", text.length, tree->byte_limit);
        return;
    }
    if (text.length >= 3 && memcmp(text.bytes, bom, 3) == 0)
        text = (struct slice){ text.bytes + 3, text.length - 3 };
    valid = utf8_validate(text.bytes, text.length);
    if (valid < text.length) {
        edge_report(tree->diagnostics, EDGE_TEXT_UTF8, edge_place_at(text, valid),
                    "enregistrez le fichier en UTF-8", "texte qui n'est pas en UTF-8");
        return;
    }
    if (format == DELIB_IO_AUTO)
        format = edge_looks_like_json(text) ? DELIB_IO_JSON : DELIB_IO_YAML;
    if (format == DELIB_IO_JSON)
        edge_read_json(tree, text);
    else
        edge_read_yaml(tree, text);
}

/* ------------------------------------------------------------------ places */

static int edge_block_compare(const void *a, const void *b)
{
    const uintptr_t left = (uintptr_t)((const struct edge_block *)a)->items;
    const uintptr_t right = (uintptr_t)((const struct edge_block *)b)->items;
    return (left > right) - (left < right);
}

/* The block whose items hold `value`, or NULL. */
static const struct edge_block *edge_block_of(const struct edge_tree *tree, const delib_value *value)
{
    size_t low = 0, high = tree->blocks.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct edge_block *block = &tree->blocks.items[middle];
        if ((uintptr_t)value < (uintptr_t)block->items)
            high = middle;
        else if ((uintptr_t)value >= (uintptr_t)(block->items + block->count))
            low = middle + 1;
        else
            return block;
    }
    return NULL;
}

struct edge_place edge_place_of(const struct edge_tree *tree, const delib_value *value)
{
    const struct edge_block *block;
    if (value == &tree->root)
        return tree->root_place;
    block = edge_block_of(tree, value);
    return block ? block->places[value - block->items] : (struct edge_place){ 0, 0 };
}

struct edge_place edge_key_place(const struct edge_tree *tree, const delib_value *record, size_t index)
{
    const struct edge_block *block = record->count > 0 ? edge_block_of(tree, record->items) : NULL;
    return block && block->key_places ? block->key_places[index] : (struct edge_place){ 0, 0 };
}

/* ------------------------------------------------------------------ building */

void edge_builder_init(struct edge_builder *builder, struct edge_tree *tree)
{
    builder->tree = tree;
    builder->depth = 0;
    builder->value_count = 0;
    builder->failed = false;
}

static void edge_builder_add(struct edge_builder *builder, struct edge_place place, delib_value value)
{
    struct arena *arena = builder->tree->arena;
    struct edge_level *level;
    delib_value *item;
    struct edge_place *item_place;
    if (builder->depth == 0) {
        builder->tree->root = value;
        builder->tree->root_place = place;
        return;
    }
    level = &builder->levels[builder->depth - 1];
    item = arena_push(arena, &level->values);
    item_place = arena_push(arena, &level->places);
    if (item && item_place) {
        *item = value;
        *item_place = place;
    }
    if (level->kind == DELIB_VALUE_RECORD) {
        const char **name = arena_push(arena, &level->names);
        struct edge_place *key_place = arena_push(arena, &level->key_places);
        if (name && key_place) {
            *name = level->key;
            *key_place = level->key_place;
        }
        level->key = NULL;
    }
    if (arena->exhausted)
        builder->failed = true;
}

/* One more value: false when there are too many. */
static bool edge_builder_count(struct edge_builder *builder, struct edge_place place)
{
    if (builder->failed)
        return false;
    if (++builder->value_count <= builder->tree->value_limit)
        return true;
    edge_report(builder->tree->diagnostics, EDGE_TEXT_SIZE, place, NULL,
                "texte trop grand : plus de %zu valeurs", builder->tree->value_limit);
    builder->failed = true;
    return false;
}

void edge_builder_scalar(struct edge_builder *builder, struct edge_place place, delib_value value)
{
    if (edge_builder_count(builder, place))
        edge_builder_add(builder, place, value);
}

void edge_builder_key(struct edge_builder *builder, struct edge_place place, const char *bytes, size_t length)
{
    struct edge_level *level = &builder->levels[builder->depth - 1];
    if (builder->failed)
        return;
    level->key = arena_copy_text(builder->tree->arena, bytes, length);
    level->key_place = place;
    if (!level->key)
        builder->failed = true;
}

void edge_builder_open(struct edge_builder *builder, struct edge_place place, delib_value_kind kind)
{
    if (!edge_builder_count(builder, place))
        return;
    if (builder->depth >= builder->tree->depth_limit) {
        edge_report(builder->tree->diagnostics, EDGE_TEXT_DEPTH, place, NULL,
                    "trop de niveaux imbriqués : %u au plus sont lus", builder->tree->depth_limit);
        builder->failed = true;
        return;
    }
    builder->levels[builder->depth++] = (struct edge_level){ .kind = kind, .place = place };
}

struct edge_key {
    const char *name;
    size_t index;
};

static int edge_key_compare(const void *a, const void *b)
{
    const struct edge_key *left = a, *right = b;
    const int order = strcmp(left->name, right->name);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

/* Reports each key that was already given in the same record. */
static void edge_builder_check_keys(struct edge_builder *builder, const struct edge_level *level)
{
    struct arena *arena = builder->tree->arena;
    const size_t count = level->names.count;
    struct edge_key *keys = count > 1 ? arena_array(arena, struct edge_key, count) : NULL;
    if (!keys)
        return;
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct edge_key){ level->names.items[i], i };
    qsort(keys, count, sizeof(*keys), edge_key_compare);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1].name, keys[i].name) != 0)
            continue;
        edge_report(builder->tree->diagnostics, EDGE_TEXT_DUPLICATE, level->key_places.items[keys[i].index],
                    "gardez une seule des deux", "la clé « %s » est déjà donnée à la ligne %u",
                    edge_shown(arena, keys[i].name),
                    level->key_places.items[keys[i - 1].index].line);
        builder->failed = true;
    }
}

void edge_builder_close(struct edge_builder *builder)
{
    struct edge_level *level;
    struct edge_block *block;
    delib_value value;
    if (builder->failed)
        return;
    level = &builder->levels[builder->depth - 1];
    edge_builder_check_keys(builder, level);
    value = (delib_value){ .kind = level->kind, .items = level->values.items, .names = level->names.items,
                           .count = level->values.count };
    if (value.count > 0) {
        block = arena_push(builder->tree->arena, &builder->tree->blocks);
        if (block)
            *block = (struct edge_block){ value.items, level->places.items, level->key_places.items, value.count };
        else
            builder->failed = true;
    }
    builder->depth--;
    if (!builder->failed)
        edge_builder_add(builder, level->place, value);
}

void edge_builder_finish(struct edge_builder *builder)
{
    struct edge_tree *tree = builder->tree;
    if (tree->blocks.count > 1)
        qsort(tree->blocks.items, tree->blocks.count, sizeof(*tree->blocks.items), edge_block_compare);
}
