/*
 * `delib aide`: the commands, one command, or one code of diagnostic. What is shown comes from the tables that the
 * program works with, and from the page of the code in stdlib/aide/.
 */
#include "cli/base/commande.h"
#include "cli/base/fichiers.h"

#include "lang/diag.h"

#include <string.h>

static void print_padded(struct terminal *terminal, const char *text, size_t width)
{
    size_t length = utf8_count(slice_of(text));

    terminal_print(terminal, STYLE_STRONG, "  %s", text);
    terminal_spaces(terminal, length < width ? width - length : 0);
}

/* ---- One command ---- */

/* Characters of « --date D ». */
static size_t option_width(const struct option *option)
{
    return 2 + utf8_count(slice_of(option->name)) + (option->value ? 1 + utf8_count(slice_of(option->value)) : 0);
}

static size_t widest_option(struct option_table table)
{
    size_t widest = 0;

    for (size_t i = 0; i < table.count; i++)
        if (option_width(&table.items[i]) > widest)
            widest = option_width(&table.items[i]);
    return widest;
}

static void print_option(struct terminal *terminal, const struct option *option, size_t width)
{
    terminal_print(terminal, STYLE_STRONG, "  --%s", option->name);
    if (option->value)
        terminal_print(terminal, STYLE_PLAIN, " %s", option->value);
    terminal_spaces(terminal, 2 + width - option_width(option));
    terminal_print(terminal, STYLE_PLAIN, "%s\n", option->help);
}

void command_print_help(struct terminal *terminal, const struct command *command)
{
    size_t width = widest_option(command->options);

    terminal_print(terminal, STYLE_STRONG, "delib %s", command->name);
    terminal_print(terminal, STYLE_PLAIN, "%s%s%s : %s.\n", *command->operands ? " " : "", command->operands,
                   command->options.count ? " [options]" : "", command->summary);
    if (command->options.count)
        terminal_print(terminal, STYLE_PLAIN, "\nOptions\n");
    for (size_t i = 0; i < command->options.count; i++)
        print_option(terminal, &command->options.items[i], width);
    if (command->raw)
        terminal_print(terminal, STYLE_PLAIN, "\nSes options : delib %s --aide\n", command->name);
}

/* ---- All of them ---- */

static const char INTRODUCTION[] =
    "delib lit la délibération tarifaire d'une commune, la vérifie et calcule le tarif de chaque famille.\n";

static const char CONVENTIONS[] =
    "Une commande en détail : delib aide COMMANDE ; un défaut : delib aide D204\n"
    "\n"
    "F : une délibération (.delib) ou son texte en Markdown avec les règles (.delib.md) ; « - », l'entrée standard.\n"
    "Les accents sont facultatifs dans les noms de commandes et d'options. NO_COLOR supprime les couleurs.\n"
    "\n"
    "Codes de sortie\n"
    "  0  un résultat (« non prévu », « décision individuelle » et « sans objet » compris)\n"
    "  1  la délibération ou les données sont en faute ou incomplètes\n"
    "  2  la ligne de commande est en faute\n"
    "  3  une source est indisponible\n";

static void print_overview(struct terminal *terminal)
{
    terminal_print(terminal, STYLE_PLAIN, "%s\nCommandes\n", INTRODUCTION);
    for (size_t i = 0; commands[i]; i++) {
        print_padded(terminal, commands[i]->name, 13);
        terminal_print(terminal, STYLE_PLAIN, "%s\n", commands[i]->summary);
    }
    terminal_print(terminal, STYLE_PLAIN, "\n%s", CONVENTIONS);
}

/* ---- One code ---- */

/* The next line of a page, which is moved past it. */
static struct slice next_line(struct slice *page)
{
    const char *end = memchr(page->bytes, '\n', page->length);
    struct slice line = { page->bytes, end ? (size_t)(end - page->bytes) : page->length };
    size_t taken = line.length + (end != NULL);

    page->bytes += taken;
    page->length -= taken;
    return line;
}

/* Fences are not shown; what they hold is indented. */
static void print_page(struct terminal *terminal, struct slice page)
{
    size_t opened = 0;                               /* length of the fence that is open */

    (void)next_line(&page);                          /* the title, already shown */
    while (page.length > 0) {
        struct slice line = next_line(&page);
        size_t fence = 0;

        while (fence < line.length && line.bytes[fence] == '`')
            fence++;
        if (fence >= 3 && (opened == 0 || (fence == opened && line.length == fence))) {
            opened = opened ? 0 : fence;
            continue;
        }
        terminal_print(terminal, STYLE_PLAIN, opened && line.length > 0 ? "    %.*s\n" : "%.*s\n", SLICE_ARG(line));
    }
}

/* Without its page (a program copied alone), the title is what is known of a code. */
static void print_page_of(struct run *run, const char *code)
{
    struct strbuf name = strbuf_in(&run->arena);
    struct file_text file;
    const char *path, *problem;

    strbuf_format(&name, "aide/%s.md", code);
    path = name.bytes ? companion_find(&run->arena, COMPANION_STDLIB, name.bytes) : NULL;
    if (path && file_read(&run->arena, path, &file, &problem))
        print_page(&run->terminal, (struct slice){ file.bytes, file.length });
}

/* Codes of libdelib-io, from its table: the library itself is not loaded for that. */
static const struct {
    const char *code, *title;
} EDGE_CODES[] = {
#define EDGE_CODE(name, code, title) { code, title },
#include "runtime/edge/edge_codes.def"
#undef EDGE_CODE
};

static bool print_edge_code(struct run *run, const char *text)
{
    for (size_t i = 0; i < sizeof EDGE_CODES / sizeof *EDGE_CODES; i++) {
        if (!text_fold_equal(slice_of(text), slice_of(EDGE_CODES[i].code)))
            continue;
        terminal_print(&run->terminal, STYLE_BAD, "%s", EDGE_CODES[i].code);
        terminal_print(&run->terminal, STYLE_PLAIN, " : %s\n", EDGE_CODES[i].title);
        print_page_of(run, EDGE_CODES[i].code);
        return true;
    }
    return false;
}

static bool print_code(struct run *run, const char *text)
{
    struct terminal *terminal = &run->terminal;

    for (int code = 0; code < DIAG_CODE_COUNT; code++) {
        const struct diag_code_info *info = diag_code_info((enum diag_code)code);

        if (!text_fold_equal(slice_of(text), slice_of(info->code)))
            continue;
        terminal_print(terminal, info->level == DIAG_ERROR ? STYLE_BAD : STYLE_WARNING, "%s", info->code);
        terminal_print(terminal, STYLE_PLAIN, " (%s) : %s\n",
                       info->level == DIAG_ERROR ? "erreur" : "avertissement", info->title);
        print_page_of(run, info->code);
        return true;
    }
    return print_edge_code(run, text);
}

/* ---- The command ---- */

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    const char *nearest = NULL, *subject = arguments->operand_count ? arguments->operands[0] : NULL;
    const struct command *command;

    if (!subject) {
        print_overview(&run->terminal);
        return EXIT_RESULT;
    }
    if (print_code(run, subject))
        return EXIT_RESULT;
    command = command_find(subject, &nearest);
    if (command) {
        command_print_help(&run->terminal, command);
        return EXIT_RESULT;
    }
    if (nearest)
        terminal_error(&run->terminal, "rien sur « %s » ; vouliez-vous dire « %s » ?", subject, nearest);
    else
        terminal_error(&run->terminal, "rien sur « %s » : on attend une commande ou un code comme D204", subject);
    return EXIT_USAGE;
}

const struct command command_aide = {
    .name = "aide",
    .operands = "[COMMANDE | CODE]",
    .operand_max = 1,
    .summary = "explique une commande ou le code d'un défaut",
    .execute = execute,
};
