/*
 * Names of two programs matched, and their common axes; see matching.h.
 */
#include "matching.h"

#include <string.h>

struct slice matching_name(const struct matching *m, struct slice name)
{
    for (size_t i = 0; i < m->pair_count; i++)
        if (text_fold_equal(m->pairs[i].before, name))
            return m->pairs[i].after;
    return name;
}

/* « usager.adulte », in the arena of nobody: compared piece by piece. */
static bool is_member_name(struct slice text, const struct symbol *enumeration, const struct symbol *member,
                           struct slice *rest)
{
    size_t owner = enumeration->name.text.length;
    struct slice head = { text.bytes, owner };

    if (text.length <= owner + 1 || text.bytes[owner] != '.' || !text_fold_equal(head, enumeration->name.text))
        return false;
    *rest = (struct slice){ text.bytes + owner + 1, text.length - owner - 1 };
    return !member || text_fold_equal(*rest, member->name.text);
}

const struct symbol *matching_member(const struct matching *m, const struct symbol *member, const struct symbol *in)
{
    struct slice name = member->name.text, rest;

    for (size_t i = 0; i < m->pair_count; i++)
        if (is_member_name(m->pairs[i].before, member->owner, member, &rest) &&
            is_member_name(m->pairs[i].after, in, NULL, &rest))
            name = rest;
    return symbol_member(in, name);
}

/* ------------------------------------------------------------------ the correspondence that is given */

static bool names_member(const delib_program *p, struct slice name)
{
    struct slice rest;

    for (size_t i = 0; i < p->model.enums.count; i++)
        if (is_member_name(name, p->model.enums.items[i], NULL, &rest) &&
            symbol_member(p->model.enums.items[i], rest))
            return true;
    return false;
}

static bool names_something(const delib_program *p, struct slice name)
{
    for (size_t i = 0; i < p->model.data.count; i++)
        if (text_fold_equal(p->model.data.items[i]->name.text, name))
            return true;
    for (size_t i = 0; i < p->tariff_count; i++)
        if (text_fold_equal(slice_of(p->tariffs[i].name), name))
            return true;
    for (size_t i = 0; i < p->output_count; i++)
        if (text_fold_equal(p->outputs[i].symbol->name.text, name))
            return true;
    return names_member(p, name);
}

static const char *pair_fault(struct arena *arena, const struct matching *m)
{
    static const char *const SIDE[SIDES] = { "le premier fichier", "le second fichier" };

    for (size_t i = 0; i < m->pair_count; i++)
        for (int side = BEFORE; side < SIDES; side++) {
            struct slice name = side == BEFORE ? m->pairs[i].before : m->pairs[i].after;
            struct strbuf text = strbuf_in(arena);

            if (names_something(m->programs[side], name))
                continue;
            strbuf_format(&text, "« %.*s » n'est dans %s ni une donnée, ni un tarif, ni un résultat, ni une valeur",
                          SLICE_ARG(name), SIDE[side]);
            return text.bytes;
        }
    return NULL;
}

/* ------------------------------------------------------------------ data */

/* Units are numbered in each program: they are compared by their names. */
static bool same_unit(const struct matching *m, uint16_t a, uint16_t b)
{
    return text_fold_equal(unit_name(&m->programs[BEFORE]->model, a), unit_name(&m->programs[AFTER]->model, b));
}

bool matching_same_quantity(const struct matching *m, const struct type *a, const struct type *b)
{
    if (a->kind != b->kind || a->quantity != b->quantity || a->unit.per_count != b->unit.per_count ||
        !same_unit(m, a->unit.of, b->unit.of))
        return false;
    for (unsigned i = 0; i < a->unit.per_count; i++)
        if (!same_unit(m, a->unit.per[i], b->unit.per[i]))
            return false;
    return true;
}

static bool same_names(const expr_list *a, const expr_list *b)
{
    if (a->count == 0 || b->count == 0)
        return a->count == b->count;
    return text_fold_equal(a->items[0]->as.reference.name.text, b->items[0]->as.reference.name.text);
}

/* The same answer of the same API about the same person, whatever its name. */
static bool same_source(const struct symbol *a, const struct symbol *b)
{
    return a->kind == SYMBOL_SOURCE && b->kind == SYMBOL_SOURCE && a->function && a->function == b->function &&
           a->field == b->field && same_names(&a->decl->as.source.arguments, &b->decl->as.source.arguments);
}

static size_t datum_named(const symbol_list *data, struct slice name)
{
    for (size_t i = 0; i < data->count; i++)
        if (text_fold_equal(data->items[i]->name.text, name))
            return i;
    return SIZE_MAX;
}

/* Which datum of the second program is datum `i` of the first: by its name, else by its source. */
static size_t counterpart(const struct matching *m, size_t i)
{
    const symbol_list *data = &m->programs[BEFORE]->model.data, *others = &m->programs[AFTER]->model.data;
    const struct symbol *s = data->items[i];
    size_t k = datum_named(others, matching_name(m, s->name.text));

    for (size_t at = 0; k == SIZE_MAX && at < others->count; at++)
        if (same_source(s, others->items[at]) && datum_named(data, others->items[at]->name.text) == SIZE_MAX)
            k = at;
    return k;
}

static int128 common_grid(int128 a, int128 b)
{
    return (int128)uint128_gcd((uint128)a, (uint128)b);
}

/* Values that both know, on the grid that both have. */
static void meet_ranges(struct arena *arena, struct axis *axis, const struct axis *other, const char **remark)
{
    struct strbuf text = strbuf_in(arena);
    int128 den = common_grid(axis->den, other->den);
    int64_t lo, hi;

    if (axis->den == other->den && axis->lo == other->lo && axis->hi == other->hi)
        return;
    lo = (int64_t)int128_ceil_div((int128)axis->lo * den, axis->den);
    hi = (int64_t)int128_floor_div((int128)axis->hi * den, axis->den);
    axis->lo = (int64_t)int128_ceil_div((int128)other->lo * den, other->den);
    axis->hi = (int64_t)int128_floor_div((int128)other->hi * den, other->den);
    axis->den = den;
    axis->lo = axis->lo > lo ? axis->lo : lo;
    axis->hi = axis->hi < hi ? axis->hi : hi;
    if (axis->lo > axis->hi)
        return;
    strbuf_format(&text, "« %s » n'a pas le même domaine : les prix sont comparés sur les valeurs communes, de ",
                  axis->name);
    strbuf_axis_value(&text, axis, axis->lo);
    strbuf_text(&text, " à ");
    strbuf_axis_value(&text, axis, axis->hi);
    *remark = text.bytes;
}

static void list_members(struct strbuf *out, const struct matching *m, const struct symbol *of,
                         const struct symbol *in, enum side side)
{
    size_t count = 0;

    for (const struct symbol *member = of->first; member; member = member->next) {
        bool matched = false;

        if (side == BEFORE)
            matched = matching_member(m, member, in) != NULL;
        for (const struct symbol *other = in->first; side == AFTER && other; other = other->next)
            matched |= matching_member(m, other, of) == member;
        if (!matched)
            strbuf_format(out, "%s« %.*s »", count++ ? ", " : "", SLICE_ARG(member->name.text));
    }
    if (count)
        strbuf_format(out, " %s que dans le %s fichier ; ", count > 1 ? "n'existent" : "n'existe",
                      side == BEFORE ? "premier" : "second");
}

/* The members of both, in the order of the first; ranks in each program are kept where they differ from the axis. */
static void meet_members(struct arena *arena, struct matching *m, size_t axis, const struct symbol *a,
                         const struct symbol *b, size_t datum)
{
    struct axis *x = &m->axes.items[axis];
    const struct symbol **members = arena_array(arena, const struct symbol *, a->count);
    int64_t *ranks[SIDES] = { arena_array(arena, int64_t, a->count), arena_array(arena, int64_t, a->count) };
    bool identical[SIDES] = { true, true };
    struct strbuf text = strbuf_in(arena);
    int64_t count = 0;

    for (const struct symbol *member = a->first; member; member = member->next) {
        const struct symbol *other = matching_member(m, member, b);

        if (!other)
            continue;
        members[count] = member;
        ranks[BEFORE][count] = (int64_t)member->index;
        ranks[AFTER][count] = (int64_t)other->index;
        identical[BEFORE] &= ranks[BEFORE][count] == count;
        identical[AFTER] &= ranks[AFTER][count] == count;
        count++;
    }
    if (count == 0)
        return;
    x->lo = 0;
    x->hi = count - 1;
    x->members = members;
    for (int side = BEFORE; side < SIDES; side++)
        if (!identical[side])
            m->bindings[side][side == BEFORE ? axis : datum].members = ranks[side];
    strbuf_format(&text, "« %s » : ", x->name);
    if ((size_t)count < a->count || (size_t)count < b->count) {
        list_members(&text, m, a, b, BEFORE);
        list_members(&text, m, b, a, AFTER);
        strbuf_text(&text, "les prix sont comparés sur les autres valeurs");
        m->remarks[axis] = text.bytes;
    }
}

static const char *const FILES[SIDES] = { "premier", "second" };

static struct strbuf alone(struct arena *arena, const struct axis *axis, enum side side)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "« %s » n'est une donnée que dans le %s fichier", axis->name, FILES[side]);
    return text;
}

/* One name, and yet two data: of « a », of that side. */
static const char *unlike(struct arena *arena, const struct axis *a, const struct axis *b, enum side side)
{
    struct strbuf text = strbuf_in(arena), here = strbuf_in(arena), there = strbuf_in(arena);

    strbuf_type(&here, a->model, a->type);
    strbuf_type(&there, b->model, b->type);
    if (slice_equal(strbuf_result(&here), strbuf_result(&there)))
        strbuf_format(&text, "« %s » du %s fichier n'a aucune valeur en commun avec « %s » du %s", a->name,
                      FILES[side], b->name, FILES[!side]);
    else
        strbuf_format(&text, "« %s » du %s fichier (%s) n'est pas la même donnée que « %s » du %s (%s)", a->name,
                      FILES[side], here.bytes, b->name, FILES[!side], there.bytes);
    return text.bytes;
}

/* A datum of the second program alone. One of the first alone, of the same type, is perhaps its former name. */
static const char *alone_after(struct arena *arena, const struct matching *m, const struct axis *axis,
                               const bool *unlike_another)
{
    struct strbuf text = alone(arena, axis, AFTER);

    for (size_t i = 0; i < m->programs[BEFORE]->model.data.count; i++) {
        const struct axis *former = &m->axes.items[i];

        if (!m->lone[i] || unlike_another[i] || !matching_same_quantity(m, former->type, axis->type))
            continue;
        strbuf_format(&text, " ; si c'est « %s » sous un autre nom : --correspondance %s=%s", former->name,
                      former->name, axis->name);
        break;
    }
    return text.bytes;
}

static struct binding date_binding(struct date d)
{
    return (struct binding){ .kind = d.year ? BINDING_FIXED : BINDING_ABSENT, .fixed = d.year ? date_to_days(d) : 0 };
}

/* Axis i, a datum of the first program, meets its counterpart. False: they are not comparable. */
static bool meet(struct arena *arena, struct matching *m, size_t i, size_t datum, const struct axis *other)
{
    struct axis *axis = &m->axes.items[i], kept = *axis;
    bool met;

    if (!matching_same_quantity(m, axis->type, other->type))
        return false;
    axis->may_be_absent |= other->may_be_absent;
    axis->may_fail |= other->may_fail;
    if (axis->type->kind == TYPE_ENUM) {
        meet_members(arena, m, i, axis->type->symbol, other->type->symbol, datum);
        met = axis->members != NULL;
    } else {
        if (!axis->opaque)
            meet_ranges(arena, axis, other, &m->remarks[i]);
        met = axis->lo <= axis->hi;
    }
    if (!met)
        *axis = kept;
    return met;
}

const char *matching_make(struct arena *arena, const delib_program *before, const delib_program *after,
                          const struct name_pair *pairs, size_t pair_count, const struct date dates[SIDES],
                          struct matching *out)
{
    const struct date none = { 0 };
    size_t first = before->model.data.count, second = after->model.data.count;
    struct axes others = axes_of_program(arena, after, none, none, true);
    const char *fault, **unlike_after;
    bool *unlike_another;

    *out = (struct matching){ .pairs = pairs, .pair_count = pair_count, .programs = { before, after } };
    out->axes = axes_of_program(arena, before, none, none, true);
    fault = pair_fault(arena, out);
    if (fault)
        return fault;
    out->bindings[BEFORE] = target_of_program(arena, before, 0).bindings;
    out->bindings[AFTER] = target_of_program(arena, after, 0).bindings;
    out->remarks = arena_array(arena, const char *, first + second);
    out->lone = arena_array(arena, bool, first + second);
    unlike_another = arena_array(arena, bool, first);
    unlike_after = arena_array(arena, const char *, second);
    out->bindings[BEFORE][first] = date_binding(dates[BEFORE]);
    out->bindings[AFTER][second] = date_binding(dates[AFTER]);
    for (size_t k = 0; k < second; k++)
        out->bindings[AFTER][k].axis = SIZE_MAX;
    for (size_t i = 0; i < first; i++) {
        size_t k = counterpart(out, i);

        if (k == SIZE_MAX || out->bindings[AFTER][k].axis != SIZE_MAX) {
            out->lone[i] = true;
            out->remarks[i] = alone(arena, &out->axes.items[i], BEFORE).bytes;
        } else if (meet(arena, out, i, k, &others.items[k])) {
            out->bindings[AFTER][k].axis = i;
        } else {
            out->lone[i] = unlike_another[i] = true;
            out->remarks[i] = unlike(arena, &out->axes.items[i], &others.items[k], BEFORE);
            unlike_after[k] = unlike(arena, &others.items[k], &out->axes.items[i], AFTER);
        }
    }
    for (size_t k = 0; k < second; k++) {
        size_t axis = out->axes.count;

        if (out->bindings[AFTER][k].axis != SIZE_MAX)
            continue;
        *(struct axis *)arena_push(arena, &out->axes) = others.items[k];
        out->bindings[AFTER][k].axis = axis;
        out->lone[axis] = true;
        out->remarks[axis] = unlike_after[k] ? unlike_after[k]
                                             : alone_after(arena, out, &others.items[k], unlike_another);
    }
    return NULL;
}
