/*
 * Diagnostics of the edge: the public structure, filled at once, with its printed form.
 */
#include "edge_base.h"

static const char *const edge_code_texts[EDGE_CODE_COUNT] = {
/* An initialiser takes no parentheses. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define EDGE_CODE(name, code, title) [EDGE_##name] = code,
#include "edge_codes.def"
#undef EDGE_CODE
};

void edge_diagnostics_init(struct edge_diagnostics *list, struct arena *arena, const char *file)
{
    const struct slice name = slice_of(file ? file : "");
    *list = (struct edge_diagnostics){ .arena = arena };
    list->file = arena_copy_text(arena, name.bytes, name.length);
}

static const char *edge_printed(const struct edge_diagnostics *list, const delib_diagnostic *diag)
{
    struct strbuf out = strbuf_in(list->arena);
    if (diag->line > 0)
        strbuf_format(&out, "%s:%u:%u: ", diag->file, diag->line, diag->column);
    else
        strbuf_format(&out, "%s: ", diag->file);
    strbuf_format(&out, "%s[%s]: %s", diag->is_error ? "erreur" : "avertissement", diag->code, diag->message);
    if (diag->help)
        strbuf_format(&out, "\n  aide : %s", diag->help);
    return out.bytes;
}

static void edge_add(struct edge_diagnostics *list, bool is_error, enum edge_code code, struct edge_place place,
                     const char *help, const char *format, va_list args)
{
    struct strbuf message = strbuf_in(list->arena);
    delib_diagnostic *diag;
    if (list->count >= EDGE_DIAGNOSTIC_LIMIT)
        return;
    strbuf_vformat(&message, format, args);
    diag = arena_push(list->arena, list);
    if (!diag)
        return;
    *diag = (delib_diagnostic){
        .code = edge_code_texts[code], .is_error = is_error, .file = list->file,
        .line = place.line, .column = place.column, .end_line = place.line, .end_column = place.column,
        .message = message.bytes,
    };
    if (help)
        diag->help = arena_copy_text(list->arena, help, slice_of(help).length);
    diag->printed = edge_printed(list, diag);
    if (list->arena->exhausted)
        list->count = 0;        /* the caller answers DELIB_NO_MEMORY: no half-made diagnostic is shown */
}

void edge_report(struct edge_diagnostics *list, enum edge_code code, struct edge_place place, const char *help,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    edge_add(list, true, code, place, help, format, args);
    va_end(args);
}

void edge_warn(struct edge_diagnostics *list, enum edge_code code, struct edge_place place, const char *help,
               const char *format, ...)
{
    va_list args;
    va_start(args, format);
    edge_add(list, false, code, place, help, format, args);
    va_end(args);
}

void edge_diagnostics_take(struct edge_diagnostics *list, const delib_diagnostic *diagnostic)
{
    delib_diagnostic *own = list->count < EDGE_DIAGNOSTIC_LIMIT ? arena_push(list->arena, list) : NULL;
    if (own)
        *own = *diagnostic;
}

void edge_diagnostics_sort(struct edge_diagnostics *list)
{
    for (size_t i = 1; i < list->count; i++) {
        const delib_diagnostic moved = list->items[i];
        size_t j = i;
        for (; j > 0; j--) {
            const delib_diagnostic *before = &list->items[j - 1];
            if (before->line < moved.line || (before->line == moved.line && before->column <= moved.column))
                break;
            list->items[j] = *before;
        }
        list->items[j] = moved;
    }
}

const char *edge_shown(struct arena *arena, const char *text)
{
    const char *end = text + slice_of(text).length;
    struct strbuf out = strbuf_in(arena);
    while (text < end) {
        const size_t length = utf8_sequence(text, end);
        if (out.length + length > 60) {
            strbuf_text(&out, "…");
            break;
        }
        if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7F)
            strbuf_char(&out, '?');
        else
            strbuf_bytes(&out, text, length);
        text += length > 0 ? length : 1;
    }
    return strbuf_string(&out);
}

delib_status edge_diagnostic_get(const struct edge_diagnostics *list, size_t index, delib_diagnostic *out)
{
    if (!out || index >= list->count)
        return DELIB_MISUSE;
    *out = list->items[index];
    return DELIB_OK;
}
