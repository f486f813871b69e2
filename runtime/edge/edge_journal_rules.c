/*
 * Rules beside a journal: J.regles/<hash>.json holds every text that a program was made of, and its name is the
 * fingerprint of its bytes, so that `b2sum -l 256` checks it without us.
 */
#include "edge_journal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ------------------------------------------------------------------ writing */

static bool edge_is_literate(const char *name)
{
    const struct slice text = slice_of(name);
    return text.length >= 3 && memcmp(text.bytes + text.length - 3, ".md", 3) == 0;
}

/* Names of files say nothing of the machine: that of the module, or « acte ». Two names of one file stay one file. */
static const char *edge_rules_name(struct arena *arena, const delib_program *program, size_t index)
{
    struct strbuf name = strbuf_in(arena);
    delib_text text, before;
    if (delib_program_text(program, index, &text) != DELIB_OK)
        return NULL;
    if (text.asked && strchr(text.asked, '.'))
        return text.asked;
    for (size_t i = 0; i < index; i++) {
        if (delib_program_text(program, i, &before) == DELIB_OK && strcmp(before.name, text.name) == 0)
            return edge_rules_name(arena, program, i);
    }
    strbuf_format(&name, "%s%s", text.asked ? text.asked : "acte",
                  edge_is_literate(text.name) ? ".delib.md" : ".delib");
    return name.bytes;
}

static void edge_rules_write(struct arena *arena, delib_io_json *json, const delib_program *program)
{
    delib_text text;
    delib_io_json_object(json, NULL);
    delib_io_json_integer(json, "format", EDGE_JOURNAL_FORMAT);
    delib_io_json_integer(json, "langue", DELIB_LANGUAGE);
    delib_io_json_list(json, "textes");
    for (size_t i = 0; delib_program_text(program, i, &text) == DELIB_OK; i++) {
        delib_io_json_object(json, NULL);
        delib_io_json_text(json, "demandé", text.asked);
        delib_io_json_text(json, "fichier", edge_rules_name(arena, program, i));
        delib_io_json_text(json, "texte", text.bytes);
        delib_io_json_end(json);
    }
    delib_io_json_end(json);
    delib_io_json_end(json);
}

/* A byte U+0000 would cut a text silently. */
static bool edge_rules_are_texts(const delib_program *program)
{
    delib_text text;
    for (size_t i = 0; delib_program_text(program, i, &text) == DELIB_OK; i++) {
        if (strlen(text.bytes) != text.length)
            return false;
    }
    return true;
}

delib_status edge_journal_rules_text(struct arena *arena, const delib_program *program, struct slice *out,
                                     char hash[EDGE_HASH_TEXT])
{
    delib_io_json *json = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    delib_status status = edge_rules_are_texts(program) ? delib_io_json_new(&json) : DELIB_INVALID;
    *out = (struct slice){ NULL, 0 };
    if (status != DELIB_OK)
        return status;
    edge_rules_write(arena, json, program);
    status = delib_io_json_finish(json, 0, &bytes, &length);
    if (status == DELIB_OK) {
        *out = (struct slice){ arena_copy_text(arena, bytes, length), length };
        edge_fingerprint((struct slice){ bytes, length }, hash);
    }
    delib_io_json_free(json);
    return arena->exhausted ? DELIB_NO_MEMORY : status;
}

void delib_io_fingerprint(const char *bytes, size_t length, char out[DELIB_IO_HASH_SIZE])
{
    if (out)
        edge_fingerprint(bytes ? (struct slice){ bytes, length } : SLICE(""), out);
}

delib_status delib_io_rules_hash(const delib_program *program, char out[DELIB_IO_HASH_SIZE])
{
    struct arena arena;
    struct slice text;
    delib_status status;
    if (!program || !out)
        return DELIB_MISUSE;
    arena_init(&arena, edge_allocator(), 0);
    status = edge_journal_rules_text(&arena, program, &text, out);
    arena_release(&arena);
    return status;
}

static const char *edge_rules_path(struct arena *arena, const struct edge_journal_paths *paths, const char *hash,
                                   const char *extension)
{
    struct strbuf path = strbuf_in(arena);
    strbuf_format(&path, "%s/%s%s", paths->rules, hash, extension);
    return path.bytes;
}

int edge_journal_rules_keep(struct arena *arena, const struct edge_journal_paths *paths, struct slice text,
                            const char *hash, const char *extension)
{
    const char *path = edge_rules_path(arena, paths, hash, extension);
    struct stat about;
    if (!path)
        return ENOMEM;
    if (mkdir(paths->rules, 0700) == 0) {
        const int error = edge_journal_sync_folder(arena, paths->rules);
        if (error)
            return error;
    } else if (errno != EEXIST) {
        return errno;
    }
    if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && (uint64_t)about.st_size == text.length)
        return 0;
    return edge_journal_write_file(arena, path, text);
}

/* ------------------------------------------------------------------ reading */

static delib_status edge_rules_read(void *context, const char *name, delib_source *out)
{
    const delib_value *texts = context;
    for (size_t i = 0; i < texts->count; i++) {
        const char *asked = edge_member_text(&texts->items[i], "demandé");
        const char *text = edge_member_text(&texts->items[i], "texte");
        if (asked && text && strcmp(asked, name) == 0) {
            *out = (delib_source){ edge_member_text(&texts->items[i], "fichier"), text, strlen(text) };
            return DELIB_OK;
        }
    }
    return DELIB_INVALID;
}

static delib_program *edge_rules_compile(delib_engine *given, const delib_value *texts, const char **problem)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    delib_source act = { NULL, NULL, 0 };
    delib_status status;
    options.source_limit = EDGE_JOURNAL_RULES_LIMIT;
    if (texts->count > 0) {
        act.name = edge_member_text(&texts->items[0], "fichier");
        act.bytes = edge_member_text(&texts->items[0], "texte");
        act.length = slice_of(act.bytes).length;
    }
    if (!act.name || !act.bytes) {
        *problem = "ce fichier de règles n'en contient pas";
        return NULL;
    }
    status = given ? DELIB_OK : delib_engine_new(&options, &engine);
    if (status == DELIB_OK)
        status = delib_compile(given ? given : engine, &act, edge_rules_read, (void *)(uintptr_t)texts, &program);
    delib_engine_free(engine);
    if (status == DELIB_OK)
        return program;
    delib_program_release(program);
    *problem = status == DELIB_INVALID ? "cette version de Délib refuse les règles enregistrées"
                                       : "mémoire insuffisante";
    return NULL;
}

static delib_program *edge_rules_parse(struct arena *arena, delib_engine *engine, struct slice text,
                                       const char **problem)
{
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    const delib_io_limits limits = { sizeof(limits), EDGE_JOURNAL_RULES_LIMIT, 0, 0 };
    const delib_value *texts;
    int64_t format = 0, language = 0;
    edge_diagnostics_init(&diagnostics, arena, "règles");
    edge_tree_init(&tree, arena, &diagnostics, &limits);
    edge_read(&tree, text, DELIB_IO_JSON);
    texts = diagnostics.count ? NULL : delib_io_value_get(&tree.root, "textes");
    if (!texts || texts->kind != DELIB_VALUE_LIST || !edge_member_integer(&tree.root, "format", &format)
        || !edge_member_integer(&tree.root, "langue", &language)) {
        *problem = "ce fichier de règles est illisible";
        return NULL;
    }
    if (format > EDGE_JOURNAL_FORMAT || language > DELIB_LANGUAGE) {
        *problem = "elles sont d'une édition du langage plus récente que cette version de Délib";
        return NULL;
    }
    return edge_rules_compile(engine, texts, problem);
}

delib_program *edge_journal_rules_open(struct arena *arena, const struct edge_journal_paths *paths,
                                       delib_engine *engine, const char *hash, const char **problem)
{
    const char *path = edge_rules_path(arena, paths, hash, ".json");
    char found[EDGE_HASH_TEXT];
    struct slice text;
    int error;
    if (!path) {
        *problem = "mémoire insuffisante";
        return NULL;
    }
    error = edge_journal_read_file(arena, path, EDGE_JOURNAL_RULES_LIMIT, &text);
    if (error) {
        *problem = error == ENOENT ? "leur fichier est absent" : edge_journal_reason(error);
        return NULL;
    }
    edge_fingerprint(text, found);
    if (strcmp(found, hash) != 0) {
        *problem = "leur fichier a été modifié : son empreinte n'est plus celle de son nom";
        return NULL;
    }
    return edge_rules_parse(arena, engine, text, problem);
}
