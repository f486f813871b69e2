/*
 * Reads just enough of Markdown (CommonMark fenced blocks and ATX headings) to find the rules and their headings.
 */
#include "literate.h"

#include <string.h>

struct line {
    const char *bytes;
    size_t length;            /* without its end */
    uint32_t offset;
};

static size_t leading(struct line line, char c, size_t from)
{
    size_t n = 0;

    while (from + n < line.length && line.bytes[from + n] == c)
        n++;
    return n;
}

static struct slice trimmed(const char *bytes, size_t length)
{
    while (length > 0 && (bytes[0] == ' ' || bytes[0] == '\t'))
        bytes++, length--;
    while (length > 0 && strchr(" \t\r#", bytes[length - 1]))
        length--;
    return (struct slice){ bytes, length };
}

/* A fence: at least three backquotes or tildes, indented by at most three spaces. Returns its length, or 0. */
static size_t fence(struct line line, char *mark, struct slice *info)
{
    size_t indent = leading(line, ' ', 0), n;

    if (indent > 3 || indent >= line.length || (line.bytes[indent] != '`' && line.bytes[indent] != '~'))
        return 0;
    *mark = line.bytes[indent];
    n = leading(line, *mark, indent);
    if (n < 3)
        return 0;
    *info = trimmed(line.bytes + indent + n, line.length - indent - n);
    return n;
}

static bool is_delib(struct slice info)
{
    return info.length >= 5 && memcmp(info.bytes, "delib", 5) == 0 && (info.length == 5 || info.bytes[5] == ' ');
}

static bool ends_with(const char *name, const char *extension)
{
    size_t n = strlen(name), e = strlen(extension);

    return n >= e && memcmp(name + n - e, extension, e) == 0;
}

bool literate_is(const char *name, const char *bytes, size_t length)
{
    const char *end = bytes + length, *next;
    struct slice info;
    char mark;

    if (ends_with(name, ".md") || ends_with(name, ".delib"))
        return ends_with(name, ".md");
    for (const char *at = bytes; at < end; at = next + 1) {
        next = memchr(at, '\n', (size_t)(end - at));
        next = next ? next : end;
        if (fence((struct line){ at, (size_t)(next - at), 0 }, &mark, &info) && is_delib(info))
            return true;
    }
    return false;
}

static void add_heading(struct arena *arena, struct literate *out, struct line line)
{
    size_t indent = leading(line, ' ', 0), level = leading(line, '#', indent);
    struct heading *heading;

    if (indent > 3 || level < 1 || level > 6 || indent + level >= line.length || line.bytes[indent + level] != ' ')
        return;
    heading = arena_push(arena, &out->headings);
    *heading = (struct heading){ line.offset, (unsigned)level,
                                 trimmed(line.bytes + indent + level, line.length - indent - level), false };
}

static void open_block(struct arena *arena, struct literate *out, uint32_t start, size_t inside, size_t length)
{
    struct rule_block *block = arena_push(arena, &out->blocks);

    *block = (struct rule_block){ start, (uint32_t)length, (uint32_t)(inside < length ? inside : length),
                                  (uint32_t)length };
    if (out->headings.count > 0)
        out->headings.items[out->headings.count - 1].has_rule = true;
}

static void close_block(struct literate *out, uint32_t inside_end, size_t end, size_t length)
{
    struct rule_block *block = &out->blocks.items[out->blocks.count - 1];

    block->inside_end = inside_end;
    block->end = (uint32_t)(end < length ? end : length);
}

static void blank(char *copy, struct line line)
{
    memset(copy + line.offset, ' ', line.length);
}

const char *literate_blank(struct arena *arena, struct diag_list *diags, uint32_t file, const char *bytes,
                           size_t length, struct literate *out)
{
    char *copy = arena_alloc(arena, length + 1, 1);
    bool inside = false, code = false;
    char mark = 0, closing = 0;
    size_t opened = 0;
    struct span opening = { 0, 0, file };
    const char *marks = bytes;

    memcpy(copy, bytes, length);
    for (size_t start = 0; start < length;) {
        const char *end = memchr(bytes + start, '\n', length - start);
        size_t stop = end ? (size_t)(end - bytes) : length;
        struct line line = { bytes + start, stop - start, (uint32_t)start };
        struct slice info = SLICE("");
        size_t n = fence(line, &closing, &info);

        if (!inside && n > 0) {
            inside = true, code = is_delib(info), mark = closing, opened = n;
            marks = line.bytes + leading(line, ' ', 0);
            opening = (struct span){ line.offset, line.offset + (uint32_t)line.length, file };
            if (code)
                open_block(arena, out, line.offset, stop + 1, length);
            blank(copy, line);
        } else if (inside && n >= opened && closing == mark && info.length == 0) {
            if (code)
                close_block(out, line.offset, stop + 1, length);
            inside = code = false;
            blank(copy, line);
        } else if (!code) {
            if (!inside)
                add_heading(arena, out, line);
            blank(copy, line);
        }
        start = stop + 1;
    }
    if (inside) {
        struct diag *diag = diag_add(diags, DIAG_OPEN_CODE_BLOCK, opening, "ce bloc n'est pas refermé");

        diag_help(diags, diag, "ajoutez une ligne « %.*s » après la dernière règle", (int)opened, marks);
        diag_fix(diags, diag, (struct span){ (uint32_t)length, (uint32_t)length, file }, "%s%.*s\n",
                 bytes[length - 1] == '\n' ? "" : "\n", (int)opened, marks);
    }
    if (out->blocks.count == 0)
        diag_help(diags, diag_add(diags, DIAG_NO_CODE_BLOCK, (struct span){ 0, 0, file },
                                  "ce fichier Markdown ne contient aucun bloc de règles"),
                  "placez les règles entre une ligne « ```delib » et une ligne « ``` »");
    return copy;
}

const struct heading *literate_heading(const struct literate *literate, uint32_t offset)
{
    const struct heading *found = NULL;

    for (size_t i = 0; i < literate->headings.count && literate->headings.items[i].offset <= offset; i++)
        found = &literate->headings.items[i];
    return found;
}

const char *literate_prose(struct arena *arena, const char *bytes, size_t length)
{
    struct literate ignored = { 0 };
    struct diag_list silent;
    const char *code;
    char *prose;

    diag_list_init(&silent, arena);
    code = literate_blank(arena, &silent, 0, bytes, length, &ignored);
    prose = arena_copy_text(arena, bytes, length);
    for (size_t i = 0; i < length; i++)
        if (code[i] != ' ')
            prose[i] = ' ';
    return prose;
}
