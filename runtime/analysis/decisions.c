/*
 * Decisions on a box, and their words; see decisions.h.
 */
#include "symbolic_parts.h"

/* What a decision looks at, should it become a condition: `num` is the numerator of `n`. */
void decision_about(struct symbolic *s, const struct node *n, const struct formula *num)
{
    if (!s->options->conditions || !n->expr)
        return;
    s->looked.expr = n->expr;
    s->looked.type = n->expr->type;
    s->looked.value = times(s, num, 1, n->den);
}

/* A name without its underscores. */
static const char *words_of(struct symbolic *s, struct slice name)
{
    struct strbuf text = strbuf_in(s->cutter.arena);

    for (size_t i = 0; i < name.length; i++)
        strbuf_bytes(&text, name.bytes[i] == '_' ? " " : &name.bytes[i], 1);
    return text.bytes;
}

/* « as the act writes it », on one line. */
static const char *quote_of(struct symbolic *s, const struct expr *e)
{
    struct slice words = source_slice(s->target->program->sources[e->span.file], e->span);
    struct strbuf text = strbuf_in(s->cutter.arena);

    strbuf_text(&text, "« ");
    for (size_t i = 0; i < words.length; i++)
        strbuf_bytes(&text, words.bytes[i] == '\n' ? " " : &words.bytes[i], 1);
    strbuf_text(&text, " »");
    return text.bytes;
}

static const struct condition_subject *name_of(const struct symbolic *s, const struct formula *core)
{
    for (size_t i = 0; i < s->names.count; i++)
        if (s->names.items[i].core == core)
            return &s->names.items[i].subject;
    return NULL;
}

/* « soit quotient = … »: what bounds its value is said of « quotient ». */
void decision_name(struct symbolic *s, const struct node *let, const struct symbolic_value *v)
{
    const struct symbol *symbol = let->as.let.symbol;
    struct condition_subject subject = { .model = &s->target->program->model, .type = symbol->type };
    const struct formula *core;

    if (!s->options->conditions || v->state != VALUE_OK ||
        !formula_core(s->cutter.pool, times(s, v->num, 1, let->as.let.value->den), &core, &subject.factor,
                      &subject.constant) ||
        formula_kind_of(core) == FORMULA_AXIS || name_of(s, core))
        return;
    subject.text = words_of(s, symbol->label.length ? symbol->label : symbol->name.text);
    *(struct symbolic_name *)arena_push(s->cutter.arena, &s->names) = (struct symbolic_name){ core, subject };
}

/* The name of a « soit » when it has one, else the words of what is looked at. */
static void name_parts(struct symbolic *s)
{
    struct conditions *parts = &s->cutter.cut.parts;
    const struct condition_subject *named = name_of(s, parts->items[0].core);
    struct condition_subject subject = { .model = &s->target->program->model, .type = s->looked.type };
    const struct formula *core;
    const struct expr *e = s->looked.expr;

    if (named) {
        subject = *named;
    } else if (e && formula_core(s->cutter.pool, s->looked.value, &core, &subject.factor,
                                                   &subject.constant) && core == parts->items[0].core) {
        subject.text = quote_of(s, e);
    } else {
        subject = (struct condition_subject){ .model = subject.model, .type = type_plain_number(),
                                              .factor = { 1, 1 }, .constant = { 0, 1 } };
    }
    for (size_t i = 0; i < parts->count; i++)
        parts->items[i].subject = subject;
}

/* False: the evaluation stops here. */
bool decide(struct symbolic *s, enum settling settling)
{
    s->cut_wanted |= settling == TO_CUT;
    s->nobody |= settling == NOBODY;
    if (settling == TO_CUT && s->cutter.cut.parts.count > 0)
        name_parts(s);
    return settling == SETTLED;
}

bool decide_at_least(struct symbolic *s, const struct formula *f, int128 limit, bool *out)
{
    return decide(s, cutter_beyond(&s->cutter, f, (struct threshold){ number_of(limit), false }, out));
}

bool decide_true(struct symbolic *s, const struct symbolic_value *v, bool *out)
{
    return decide_at_least(s, v->num, 1, out);
}

static struct threshold around_zero(const void *context, size_t i)
{
    (void)context;
    return (struct threshold){ number_of(0), i > 0 };
}

/* A test of equality only tells apart zero from the rest. */
static int zero_or_not(const void *context, size_t step)
{
    (void)context;
    return step == 1;
}

static bool decide_equal(struct symbolic *s, const struct formula *a, const struct formula *b, bool *out)
{
    const struct ladder ladder = { .count = 2, .at = around_zero, .key = zero_or_not };
    size_t step = 0;
    bool settled = decide(s, cutter_settle(&s->cutter, formula_subtract(s->cutter.pool, a, b), &ladder, &step));

    *out = step == 1;
    return settled;
}

/* Only one side matters: < and ≥ (strict), ≤ and >. */
bool decide_below(struct symbolic *s, const struct formula *a, const struct formula *b, bool or_equal, bool *out)
{
    bool beyond, settled = decide(s, cutter_beyond(&s->cutter, formula_subtract(s->cutter.pool, a, b),
                                                    (struct threshold){ number_of(0), or_equal }, &beyond));

    *out = !beyond;
    return settled;
}

bool decide_order(struct symbolic *s, enum binary_op op, const struct formula *a, const struct formula *b, bool *out)
{
    bool settled = op == OP_EQUAL || op == OP_DIFFERENT
                       ? decide_equal(s, a, b, out)
                       : decide_below(s, a, b, op == OP_LESS_EQUAL || op == OP_GREATER, out);

    if (op == OP_DIFFERENT || op == OP_GREATER || op == OP_GREATER_EQUAL)
        *out = !*out;
    return settled;
}
