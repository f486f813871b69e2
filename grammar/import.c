/*
 * CSV into the lines of a grid.
 */
#include "import.h"

#include <string.h>

/* The grid is read as the body of a « tableau »; the head stands on the first line, so that lines keep their number. */
static const char head[] = "tableau import selon clé\r";

static char find_separator(const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    size_t line = end ? (size_t)(end - bytes) : length;

    if (memchr(bytes, ';', line))
        return ';';
    return memchr(bytes, '\t', line) ? '\t' : ',';
}

static bool is_decimal(const char *bytes, size_t length)
{
    size_t digits = 0, points = 0;

    for (size_t i = 0; i < length; i++) {
        digits += bytes[i] >= '0' && bytes[i] <= '9';
        points += bytes[i] == '.';
    }
    return points == 1 && digits == length - 1 && digits >= 2;
}

static size_t spaces(const char *bytes, size_t length)
{
    size_t n = 0;

    while (n < length && bytes[n] == ' ')
        n++;
    return n;
}

/* What is between quotes; a decimal point becomes a comma, and what would end the cell a space. */
static void add_cell(struct strbuf *out, const char *bytes, size_t length)
{
    bool decimal = is_decimal(bytes, length);

    strbuf_text(out, " ");
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];

        if (c == '"' && i + 1 < length && bytes[i + 1] == '"')
            i++;
        strbuf_char(out, decimal && c == '.' ? ',' : c == '|' || c == '\n' || c == '\r' ? ' ' : c);
    }
    strbuf_text(out, " |");
}

/* One cell, without the spaces after it nor its quotes. */
static void add_quoted(struct strbuf *out, const char *bytes, size_t length)
{
    bool quoted;

    while (length > 0 && bytes[length - 1] == ' ')
        length--;
    quoted = length > 1 && bytes[0] == '"' && bytes[length - 1] == '"';
    add_cell(out, bytes + quoted, length - 2 * (size_t)quoted);
}

/* End of the cell that starts at `i`: its separator, its end of line, or the end. */
static size_t cell_end(const char *bytes, size_t length, size_t i, char separator)
{
    bool quoted = i < length && bytes[i] == '"';

    for (i += quoted; i < length; i++) {
        if (quoted && bytes[i] == '"') {
            if (i + 1 < length && bytes[i + 1] == '"')
                i++;
            else
                quoted = false;
        } else if (!quoted && (bytes[i] == separator || bytes[i] == '\n' || bytes[i] == '\r')) {
            break;
        }
    }
    return i;
}

char *import_text(struct arena *arena, const char *bytes, size_t length, size_t *out_length)
{
    struct strbuf out = strbuf_in(arena);
    char separator;
    size_t i = 0;

    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        bytes += 3, length -= 3;
    separator = find_separator(bytes, length);
    strbuf_text(&out, head);
    while (i < length) {
        bool blank = bytes[i] == '\n' || bytes[i] == '\r';

        if (!blank)
            strbuf_char(&out, '|');
        while (!blank) {
            size_t start = i + spaces(bytes + i, length - i), end = cell_end(bytes, length, start, separator);

            add_quoted(&out, bytes + start, end - start);
            i = end;
            if (i >= length || bytes[i] != separator)
                break;
            i++;
        }
        if (i < length && bytes[i] == '\r')
            i++;
        if (i < length && bytes[i] == '\n')
            i++;
        strbuf_char(&out, '\n');
    }
    strbuf_text(&out, "fin\n");
    *out_length = out.length;
    return out.bytes;
}

void import_grid(struct arena *arena, struct diag_list *diags, const struct source *source, uint32_t file,
                 const struct token_options *options, struct table *table)
{
    struct act act = { 0 };
    struct literate none = { 0 };
    size_t errors = diags->errors;
    const struct table *read;

    parse_source(arena, diags, source, file, options, &act, &none);
    read = act.first && act.first->kind == DECL_TABLEAU ? act.first->as.tableau.table : NULL;
    if (!read || !read->grid) {
        if (diags->errors == errors)
            diag_help(diags,
                      diag_add(diags, DIAG_TABLE_SHAPE, table->import_span,
                               "ce fichier ne contient aucune ligne de grille"),
                      "sa première ligne donne les titres des colonnes, les suivantes un titre et ses prix");
        table->faulty = true;
        return;
    }
    table->rows = read->rows;
    table->columns = read->columns;
    table->title_columns = read->title_columns;
    table->faulty = read->faulty || diags->errors > errors;
    table->import = SLICE("");
}
