/*
 * Looks for regions that reach what is missing, takes one family of each, and lets the engine say what it pays: only a
 * family that really goes there is proposed.
 */
#include "proposals.h"

#include <string.h>

struct proposing {
    struct coverage *trial;
    struct arena *arena;
    delib_program *program;
    struct region_budget *budget;
    struct proposals *out;
    /* one version of a tariff at a time */
    const struct tariff_version *version;
    struct axes axes;
    struct region_target target;
    struct regions *regions;
    delib_session *session;
    struct date date;                  /* of the service; year 0: none is needed */
    struct box point;
    /* `trial` before the family that is being tried */
    struct coverage_rule *rules;
    struct coverage_bound *bounds;
    /* what is looked for */
    const struct coverage_bound *bound;
    enum coverage_side side;
};

/* ------------------------------------------------------------------ writing */

/* A value as the language writes it. */
static void strbuf_literal(struct strbuf *out, const struct axis *axis, int64_t n)
{
    const struct symbol *member = axis->type->kind == TYPE_ENUM ? axis->type->symbol->first : NULL;
    struct number value;

    for (int64_t i = 0; member && i < n; i++)
        member = member->next;
    if (member) {
        bool code = member->name.span.end - member->name.span.start != member->name.text.length;

        strbuf_format(out, code ? "\"%.*s\"" : "%.*s", SLICE_ARG(member->name.text));
        return;
    }
    (void)number_make(n, axis->den, &value);
    if (axis->type->kind != TYPE_NUMBER || axis->type->quantity == QUANTITY_TAUX ||
        axis->type->quantity == QUANTITY_MONTANT || axis->type->quantity == QUANTITY_DUREE)
        strbuf_axis_value(out, axis, n);
    else
        strbuf_number(out, value, 0);
}

static void strbuf_assignment(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    strbuf_format(out, "%s = ", axis->name);
    if (c->kind == COORDINATE_ABSENT)
        strbuf_text(out, "non communiqué");
    else
        strbuf_literal(out, axis, c->lo);
}

/* « 1,30 € », « non prévu »; NULL when an essai cannot expect it. */
static const char *expected_text(struct proposing *p, const delib_result *result)
{
    struct strbuf text = strbuf_in(p->arena);
    const struct outcome_value *last = &p->session->last;

    switch (result->statut) {
    case DELIB_CALCULE: strbuf_value(&text, &p->program->model, last->type, &last->value, last->den); break;
    case DELIB_NON_PREVU: strbuf_text(&text, "non prévu"); break;
    case DELIB_DECISION_INDIVIDUELLE: strbuf_text(&text, "sur décision individuelle"); break;
    case DELIB_SANS_OBJET: strbuf_text(&text, "sans objet"); break;
    case DELIB_A_COMPLETER: case DELIB_DONNEE_INVALIDE: case DELIB_SOURCE_INDISPONIBLE: break;
    }
    return text.bytes;
}

static void strbuf_data(struct strbuf *out, const struct proposing *p)
{
    bool first = true;

    if (p->date.year) {
        strbuf_text(out, "date = ");
        strbuf_date(out, p->date);
        first = false;
    }
    for (size_t i = 0; i < p->axes.count; i++) {
        if (p->point.items[i].kind == COORDINATE_FREE || !p->session->used[i])
            continue;
        strbuf_text(out, first ? "" : " ; ");
        strbuf_assignment(out, &p->axes.items[i], &p->point.items[i]);
        first = false;
    }
}

static void write_proposal(struct proposing *p, const char *title, const char *expected)
{
    struct proposal *proposal = arena_push(p->arena, p->out);
    struct strbuf text = strbuf_in(p->arena), data = strbuf_in(p->arena);

    strbuf_data(&data, p);
    strbuf_format(&text, "essai « %s »\n", title);
    if (data.length)
        strbuf_format(&text, "  %s\n", data.bytes);
    strbuf_format(&text, "  attendu %s = %s\nfin\n", p->program->tariffs[p->target.tariff].name, expected);
    proposal->text = text.bytes;
}

/* ------------------------------------------------------------------ trying a family */

static bool has_text(const struct proposing *p, const struct box *box)
{
    for (size_t i = 0; i < p->axes.count; i++)
        if (p->axes.items[i].opaque && box->items[i].kind == COORDINATE_RANGE)
            return true;
    return false;
}

/* The first family of a region. */
static void take_point(struct proposing *p, const struct box *box)
{
    for (size_t i = 0; i < p->axes.count; i++) {
        p->point.items[i] = box->items[i];
        p->point.items[i].hi = p->point.items[i].lo;
    }
}

/* What the engine says of the point; NULL when an essai cannot say it. */
static const char *try_point(struct proposing *p)
{
    delib_result result;

    if (region_evaluate(&p->target, &p->axes, p->session, &p->point, &result) != DELIB_OK)
        return NULL;
    for (size_t i = 0; i < p->axes.count; i++)
        if (p->session->used[i] && strchr(p->axes.items[i].name, '.'))
            return NULL;               /* « foyer.enfants »: a part of what a source answers has no name in an essai */
    return expected_text(p, &result);
}

/* Counts the last evaluation if it reaches that place of `trial`, not reached before; else leaves `trial` as it was. */
static bool keep_if(struct proposing *p, const size_t *place)
{
    size_t rules = p->trial->rule_count * sizeof *p->rules, bounds = p->trial->bound_count * sizeof *p->bounds;

    memcpy(p->rules, p->trial->rules, rules);
    memcpy(p->bounds, p->trial->bounds, bounds);
    (void)coverage_add(p->trial, p->session);
    if (*place > 0)
        return true;
    memcpy(p->trial->rules, p->rules, rules);
    memcpy(p->trial->bounds, p->bounds, bounds);
    return false;
}

/* ------------------------------------------------------------------ bounds */

static const char *bound_title(struct proposing *p)
{
    struct strbuf title = strbuf_in(p->arena);

    strbuf_coverage_key(&title, p->trial, p->bound);
    strbuf_text(&title, " : ");
    strbuf_coverage_side(&title, p->trial, p->bound, p->side);
    return title.bytes;
}

static bool try_bound(void *context, const struct region *region)
{
    struct proposing *p = context;
    const char *expected;

    if (region->outcomes[0].why || has_text(p, region->box))
        return true;
    take_point(p, region->box);
    expected = try_point(p);
    if (!expected || !keep_if(p, &p->bound->hits[p->side]))
        return true;
    write_proposal(p, bound_title(p), expected);
    return false;
}

/* The number of the axis at which the bound stands on that side, which is possible; false: it is not on its grid. */
static bool bound_place(const struct axis *axis, const struct coverage_bound *b, enum coverage_side side, int64_t *out)
{
    struct number value = b->value, n;

    if (side == SIDE_BELOW)
        (void)number_sub(b->value, b->grid, &value);
    if (side == SIDE_ABOVE)
        (void)number_add(b->value, b->grid, &value);
    (void)number_mul(value, number_of(axis->den), &n);
    *out = (int64_t)n.num;
    return number_is_integer(n);
}

static void propose_bound(struct proposing *p, const struct coverage_bound *bound, enum coverage_side side)
{
    struct box start = box_new(p->arena, &p->axes);
    size_t axis = bound->datum->index;
    int64_t place;

    if (!bound_place(&p->axes.items[axis], bound, side, &place))
        return;
    start.items[axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .lo = place, .hi = place };
    p->bound = bound;
    p->side = side;
    regions_walk(p->regions, &start, p->budget, try_bound, p);
}

static void propose_bounds(struct proposing *p)
{
    for (size_t i = 0; i < p->trial->bound_count; i++)
        for (int side = 0; side < SIDE_COUNT; side++) {
            const struct coverage_bound *b = &p->trial->bounds[i];

            if (b->exact && b->possible[side] && b->hits[side] == 0 &&
                (b->decl->kind != DECL_TARIFF || b->decl == p->version->source->decl))
                propose_bound(p, b, (enum coverage_side)side);
        }
}

/* ------------------------------------------------------------------ rules */

static bool reaches(const struct coverage_rule *rule, const struct region_mark *mark)
{
    switch (rule->kind) {
    case COVERAGE_ROW:
        return mark->kind == MARK_ROW && mark->row == (int)rule->row && mark->table->as.table.table == rule->table;
    case COVERAGE_EXCEPTION: return mark->kind == MARK_EXCEPTION && mark->exception->source == rule->exception;
    case COVERAGE_STEP: return mark->kind == MARK_STEP && mark->step->source == rule->step;
    case COVERAGE_PRICE: break;
    }
    return mark->kind == MARK_PRICE && mark->expr == rule->decl->as.tariff.price;
}

/* A rule that no test reaches, and this region does. */
static const struct coverage_rule *missing_rule(const struct proposing *p, const struct region_outcome *outcome)
{
    for (size_t r = 0; r < p->trial->rule_count; r++)
        for (size_t i = 0; p->trial->rules[r].hits == 0 && i < outcome->path_count; i++)
            if (reaches(&p->trial->rules[r], &outcome->path[i]))
                return &p->trial->rules[r];
    return NULL;
}

static bool try_rules(void *context, const struct region *region)
{
    struct proposing *p = context;
    const struct coverage_rule *rule = region->outcomes[0].why ? NULL : missing_rule(p, &region->outcomes[0]);
    struct strbuf title = strbuf_in(p->arena);
    const char *expected;

    if (!rule || has_text(p, region->box))
        return true;
    take_point(p, region->box);
    expected = try_point(p);
    if (!expected || !keep_if(p, &rule->hits))
        return true;
    strbuf_coverage_title(&title, p->trial, rule);
    write_proposal(p, title.bytes, expected);
    return true;
}

/* ------------------------------------------------------------------ every version */

static struct date first_day(const struct proposing *p)
{
    const struct period *own = &p->version->source->period, *act = &p->program->model.period;

    if (!own->from.year && !own->to.year && !act->from.year && p->program->act.header)
        return p->program->act.header->as.header.date;
    return own->from.year ? own->from : own->to.year ? own->to : act->from;
}

/* A version, a rule or an age depends on the date of the service. */
static bool needs_date(const struct proposing *p, const struct tariff_code *tariff)
{
    bool needed = tariff->version_count > 1 || p->version->source->period.written || p->program->model.date->used;

    for (size_t i = 0; i < p->axes.count; i++)
        needed = needed || p->axes.items[i].type->kind == TYPE_DATE;
    return needed;
}

static void propose_for(struct proposing *p, size_t tariff, size_t version)
{
    struct regions_options options = { 0 };

    p->version = &p->program->tariffs[tariff].versions[version];
    p->date = needs_date(p, &p->program->tariffs[tariff]) ? first_day(p) : (struct date){ 0 };
    p->session->first_date = options.date = p->date;
    p->target = target_of_program(p->arena, p->program, tariff);
    p->point = box_new(p->arena, &p->axes);
    p->regions = regions_new(p->arena, &p->axes, &p->target, 1, &options);
    propose_bounds(p);
    regions_walk(p->regions, NULL, p->budget, try_rules, p);
}

static bool propose(void *context)
{
    struct proposing *p = context;
    const struct delib_program *program = p->program;

    p->rules = arena_array(p->arena, struct coverage_rule, p->trial->rule_count + 1);
    p->bounds = arena_array(p->arena, struct coverage_bound, p->trial->bound_count + 1);
    p->axes = axes_of_program(p->arena, program, (struct date){ 0 }, (struct date){ 0 }, false);
    for (size_t t = 0; t < program->tariff_count; t++)
        for (size_t v = 0; v < program->tariffs[t].version_count; v++)
            if (program->tariffs[t].versions[v].source->decl->span.file == 0)
                propose_for(p, t, v);
    return true;
}

bool proposals_make(struct coverage *trial, struct delib_program *program, struct region_budget *budget,
                    struct proposals *out)
{
    struct proposing p = { .trial = trial, .arena = trial->arena, .program = program, .budget = budget, .out = out };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    bool done;

    *out = (struct proposals){ 0 };
    options.ask_sources = 0;
    if (delib_session_new(program, &options, &p.session) != DELIB_OK)
        return false;
    done = arena_guard(p.arena, propose, &p);
    delib_session_free(p.session);
    return done;
}
