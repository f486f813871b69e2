/*
 * Diagnostics as the interface gives them: places as lines and columns, the printed form, corrections.
 */
#include "program.h"

/* A grid is read from lines made of its CSV: what would mend those is not at its place in the file. */
static bool is_at_its_place(const struct delib_program *p, const struct diag_fix *fix)
{
    return !p->sources[fix->span.file]->rewritten;
}

/* Ways of mending, at the original places. */
static void copy_corrections(const struct delib_program *p, struct arena *arena, const struct diag *d,
                             delib_diagnostic *out)
{
    delib_correction *items;

    for (const struct diag_fix *fix = d->fixes; fix; fix = fix->next)
        out->correction_count += is_at_its_place(p, fix);
    if (out->correction_count == 0)
        return;
    out->corrections = items = arena_array(arena, delib_correction, out->correction_count);
    for (const struct diag_fix *fix = d->fixes; fix; fix = fix->next) {
        const struct source *s = p->sources[fix->span.file];
        struct position start, end;

        if (!is_at_its_place(p, fix))
            continue;
        start = source_position(s, fix->span.start);
        end = source_position(s, fix->span.end);

        *items++ = (delib_correction){
            .file = s->name,
            .offset = fix->span.start,
            .length = fix->span.end - fix->span.start,
            .line = start.line,
            .column = start.column,
            .end_line = end.line,
            .end_column = end.column,
            .text = fix->text,
        };
    }
}

void program_describe(const struct delib_program *p, struct arena *arena, struct diag_list *diags,
                      delib_diagnostic **out)
{
    delib_diagnostic *items = arena_array(arena, delib_diagnostic, diags->count);

    diag_list_sort(diags);
    *out = items;
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *d = &diags->items[i];
        const struct source *s = p->sources[d->span.file];
        struct position start = source_position(s, d->span.start), end = source_position(s, d->span.end);
        struct strbuf printed = strbuf_in(arena);

        diag_print(&printed, (const struct source *const *)p->sources, p->source_count, d, false);
        items[i] = (delib_diagnostic){
            .code = diag_code_info(d->code)->code,
            .is_error = d->level == DIAG_ERROR,
            .file = s->name,
            .line = start.line,
            .column = start.column,
            .end_line = end.line,
            .end_column = end.column,
            .message = d->text,
            .effect = d->effect,
            .help = d->help,
            .printed = printed.bytes,
        };
        copy_corrections(p, arena, d, &items[i]);
    }
}
