/*
 * `delib formater`: each file rewritten in the one good layout, only when that changes it; with `--verifier`, only
 * told.
 */
#include "commande.h"
#include "fichiers.h"
#include "grammar/format.h"

#include <string.h>

enum { OPT_VERIFIER, OPT_SORTIE };

static const struct option OPTIONS[] = {
    [OPT_VERIFIER] = { "verifier", OPTION_FLAG, NULL, "ne change rien ; dit quels fichiers sont à formater (code 1)",
                       NULL },
    [OPT_SORTIE] = { "sortie", OPTION_FLAG, NULL, "écrit le texte formaté sur la sortie, sans toucher au fichier",
                     NULL },
};

/* As the engine's own default. */
static const struct token_options TOKEN_OPTIONS = { .nesting_limit = 200 };

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);

    return length >= end && strcmp(name + length - end, suffix) == 0;
}

/* stdin has no name to tell the literate form; a block of rules does. */
static bool holds_rules(struct run *run, const struct file_text *file)
{
    struct literate literate = { 0 };
    struct diag_list ignored;

    diag_list_init(&ignored, &run->arena);
    literate_blank(&run->arena, &ignored, 0, file->bytes, file->length, &literate);
    return literate.blocks > 0;
}

static struct source source_of(struct run *run, const char *path, const struct file_text *file)
{
    bool literate = strcmp(path, "-") == 0 ? holds_rules(run, file) : has_suffix(path, ".md");

    return (struct source){ .name = file->name, .bytes = file->bytes, .length = (uint32_t)file->length,
                            .literate = literate };
}

static void print_diagnostics(struct run *run, const struct source *source, struct diag_list *diags)
{
    diag_list_sort(diags);
    for (size_t i = 0; i < diags->count; i++) {
        struct strbuf printed = strbuf_in(&run->arena);

        diag_print(&printed, &source, 1, &diags->items[i], false);
        if (printed.bytes)
            terminal_diagnostic(&run->terminal, printed.bytes);
    }
}

/* The formatted text; false when there is none, which is then told. */
static bool format_file(struct run *run, const char *path, struct file_text *file, struct slice *out)
{
    struct diag_list diags;
    struct source source;
    const char *problem;

    if (!file_read(&run->arena, path, file, &problem)) {
        terminal_error(&run->terminal, "%s", problem);
        return false;
    }
    source = source_of(run, path, file);
    diag_list_init(&diags, &run->arena);
    if (!format_source(&run->arena, &diags, &source, &TOKEN_OPTIONS, out)) {
        terminal_error(&run->terminal, "%s", status_text(DELIB_NO_MEMORY));
        return false;
    }
    if (out->bytes)
        return true;
    print_diagnostics(run, &source, &diags);
    if (diags.errors)
        terminal_error(&run->terminal, "« %s » n'a pas été formaté : corrigez d'abord ce qui précède", file->name);
    else
        terminal_error(&run->terminal, "« %s » n'a pas été formaté : %s", file->name, status_text(DELIB_INTERNAL));
    return false;
}

static bool rewrite(struct run *run, const char *path, struct slice text)
{
    const char *problem;

    if (file_replace(&run->arena, path, text, &problem)) {
        terminal_print(&run->terminal, STYLE_PLAIN, "%s : formaté\n", path);
        return true;
    }
    terminal_error(&run->terminal, "%s", problem);
    return false;
}

static bool format_one(struct run *run, const struct arguments *arguments, const char *path)
{
    struct file_text file;
    struct slice text;
    bool changed;

    if (!format_file(run, path, &file, &text))
        return false;
    changed = !slice_equal(text, (struct slice){ file.bytes, file.length });
    if (argument_given(arguments, OPT_VERIFIER)) {
        if (changed)
            terminal_print(&run->terminal, STYLE_PLAIN, "%s : à formater\n", file.name);
        return !changed;
    }
    if (argument_given(arguments, OPT_SORTIE) || strcmp(path, "-") == 0) {
        fwrite(text.bytes, 1, text.length, run->terminal.out);     /* to the byte, as it would be in the file */
        return true;
    }
    return !changed || rewrite(run, path, text);
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    bool done = true;

    for (size_t i = 0; i < arguments->operand_count; i++)
        done = format_one(run, arguments, arguments->operands[i]) && done;
    return done ? EXIT_RESULT : EXIT_FAULT;
}

const struct command command_formater = {
    .name = "formater",
    .operands = "F…",
    .operand_min = 1,
    .operand_max = ANY_NUMBER,
    .summary = "récrit des délibérations dans la bonne mise en page",
    .options = OPTION_TABLE(OPTIONS),
    .execute = execute,
};
