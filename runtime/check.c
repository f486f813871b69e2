/*
 * delib_check_…: the analysis of all families, and what it says as diagnostics. See delib.h.
 */
#include "runtime/analysis/findings.h"

#include <string.h>

struct delib_check {
    delib_program *program;
    struct arena arena;                /* what the check says */
    struct arena scratch;              /* of one analysis at a time */
    struct diag_list diags;
    delib_diagnostic *diagnostics;
    delib_property *properties;
    struct tariff_findings *tariffs;
    struct date date;
    uint64_t step_limit;
};

static bool prove_all(delib_check *c, const struct proof_period *period, struct region_budget *budget)
{
    const struct delib_program *p = c->program;

    for (size_t i = 0; i < p->property_count; i++) {
        const struct decl *d = p->properties[i].decl;
        struct region_budget half = { budget->left / 2 };      /* a hard one leaves something to the others */
        uint64_t given = half.left;
        struct proof proof;

        if (proof_of(&c->scratch, p, &p->properties[i], period, &half, &proof) != DELIB_OK)
            return false;
        budget->left -= given - half.left;
        c->properties[i] = (delib_property){
            .title = arena_copy_text(&c->arena, d->label.bytes, d->label.length),
            .line = source_position(p->sources[d->span.file], d->span.start).line,
            .verdict = (delib_verdict)proof.verdict,
            .reason = proof_diagnose(&c->diags, p, &proof),
        };
        arena_reset(&c->scratch);
    }
    return true;
}

static bool check_guarded(void *context)
{
    delib_check *c = context;
    const struct delib_program *p = c->program;
    struct region_budget budget = { c->step_limit };
    const struct proof_period period = proof_period_of(p, c->date);
    struct findings findings = { .program = p, .scratch = &c->scratch, .diags = &c->diags, .period = period,
                                 .budget = &budget };

    c->properties = arena_array(&c->arena, delib_property, p->property_count);
    findings.tariffs = c->tariffs = arena_array(&c->arena, struct tariff_findings, p->tariff_count);
    if (!prove_all(c, &period, &budget) || findings_of_program(&findings) != DELIB_OK)
        return false;
    program_describe(p, &c->arena, &c->diags, &c->diagnostics);
    return true;
}

static bool read_date(const char *text, struct date *out)
{
    *out = (struct date){ 0 };
    return !text || date_parse(slice_of(text), out);
}

delib_status delib_check_new(delib_program *program, const delib_check_options *options, delib_check **out)
{
    delib_check_options o = DELIB_CHECK_OPTIONS_INIT;
    delib_check *c;
    struct date date;

    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!program)
        return DELIB_MISUSE;
    if (options && !options_read(&o, sizeof o, options))
        return DELIB_MISUSE;
    if (!program->usable || !read_date(o.date, &date))
        return DELIB_INVALID;
    c = program->allocator.resize(program->allocator.context, NULL, sizeof *c);
    if (!c)
        return DELIB_NO_MEMORY;
    memset(c, 0, sizeof *c);
    c->program = delib_program_retain(program);
    c->date = date;
    c->step_limit = o.step_limit ? o.step_limit : REGION_BUDGET_USUAL;
    arena_init(&c->arena, program->allocator, program->options.memory_limit);
    arena_init(&c->scratch, program->allocator, program->options.memory_limit);
    diag_list_init(&c->diags, &c->arena);
    if (!arena_guard(&c->arena, check_guarded, c)) {
        delib_check_free(c);
        return DELIB_NO_MEMORY;
    }
    arena_release(&c->scratch);
    *out = c;
    return DELIB_OK;
}

void delib_check_free(delib_check *check)
{
    struct allocator allocator;

    if (!check)
        return;
    allocator = check->program->allocator;
    arena_release(&check->scratch);
    arena_release(&check->arena);
    delib_program_release(check->program);
    allocator.resize(allocator.context, check, 0);
}

/* ------------------------------------------------------------------ what it says */

size_t delib_check_diagnostic_count(const delib_check *check)
{
    return check ? check->diags.count : 0;
}

delib_status delib_check_diagnostic(const delib_check *check, size_t index, delib_diagnostic *out)
{
    if (!check || !out || index >= check->diags.count)
        return DELIB_MISUSE;
    *out = check->diagnostics[index];
    return DELIB_OK;
}

size_t delib_check_property_count(const delib_check *check)
{
    return check ? check->program->property_count : 0;
}

delib_status delib_check_property(const delib_check *check, size_t index, delib_property *out)
{
    if (!check || !out || index >= check->program->property_count)
        return DELIB_MISUSE;
    *out = check->properties[index];
    return DELIB_OK;
}

delib_status delib_check_tariff(const delib_check *check, delib_tariff tariff, size_t *regions, const char **why)
{
    if (!check || !regions || !why || tariff < 0 || (size_t)tariff >= check->program->tariff_count)
        return DELIB_MISUSE;
    *regions = check->tariffs[tariff].regions;
    *why = check->tariffs[tariff].why;
    return DELIB_OK;
}

const char *delib_verdict_text(delib_verdict verdict)
{
    switch (verdict) {
    case DELIB_DEMONTREE: return "démontrée";
    case DELIB_REFUTEE: return "réfutée";
    case DELIB_NON_DEMONTREE: return "non démontrée";
    }
    return "?";
}
