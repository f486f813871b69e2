/*
 * Boxes of families, and how they are said in French; see boxes.h.
 */
#include "boxes.h"

#include "lang/typing.h"

#include <string.h>

struct coordinate coordinate_known(const struct axis *axis)
{
    return (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = axis->lo, .hi = axis->hi };
}

struct number axis_number(const struct axis *axis, int64_t n)
{
    struct number out = { 0, 1 };

    (void)number_make(n, axis->den, &out);
    return out;
}

struct box box_new(struct arena *arena, const struct axes *axes)
{
    struct box box = { arena_array(arena, struct coordinate, axes->count), axes->count };

    return box;
}

struct box box_copy(struct arena *arena, const struct box *box)
{
    struct box copy = { arena_array(arena, struct coordinate, box->count), box->count };

    memcpy(copy.items, box->items, box->count * sizeof *box->items);
    return copy;
}

static bool holds_absent(const struct coordinate *c)
{
    return c->kind == COORDINATE_ABSENT || c->or_absent;
}

static bool holds_failed(const struct coordinate *c)
{
    return c->kind == COORDINATE_FAILED || c->or_failed;
}

static bool coordinate_holds(const struct coordinate *c, const struct coordinate *point)
{
    switch (point->kind) {
    case COORDINATE_ABSENT: return c->kind == COORDINATE_FREE || holds_absent(c);
    case COORDINATE_FAILED: return c->kind == COORDINATE_FREE || holds_failed(c);
    case COORDINATE_FREE:
    case COORDINATE_RANGE: break;
    }
    return c->kind == COORDINATE_FREE || (c->kind == COORDINATE_RANGE && c->lo <= point->lo && point->lo <= c->hi);
}

bool box_contains(const struct axes *axes, const struct box *box, const struct box *point)
{
    for (size_t i = 0; i < axes->count; i++)
        if (!coordinate_holds(&box->items[i], &point->items[i]))
            return false;
    return true;
}

/* Values of an axis that a box tells apart. */
static int64_t width(const struct coordinate *c)
{
    return c->kind == COORDINATE_RANGE ? c->hi - c->lo + 1 : 1;
}

int64_t box_size(const struct axes *axes, const struct box *box)
{
    int64_t size = 1;

    for (size_t i = 0; i < axes->count; i++) {
        int64_t here = box->items[i].read ? width(&box->items[i]) : 1;

        if (size > INT64_MAX / here)
            return INT64_MAX;
        size *= here;
    }
    return size;
}

void box_point(const struct axes *axes, const struct box *box, int64_t rank, struct box *point)
{
    for (size_t i = axes->count; i-- > 0;) {
        const struct coordinate *c = &box->items[i];
        int64_t many = c->read ? width(c) : 1;

        point->items[i] = *c;
        if (c->kind == COORDINATE_FREE)
            point->items[i] = (struct coordinate){ .kind = COORDINATE_RANGE, .lo = axes->items[i].lo };
        else if (c->kind == COORDINATE_RANGE)
            point->items[i].lo = c->lo + rank % many;
        point->items[i].hi = point->items[i].lo;
        point->items[i].or_absent = point->items[i].or_failed = false;
        rank /= many;
    }
}

static bool coordinate_equal(const struct coordinate *a, const struct coordinate *b)
{
    return a->kind == b->kind && holds_absent(a) == holds_absent(b) && holds_failed(a) == holds_failed(b) &&
           (a->kind != COORDINATE_RANGE || (a->lo == b->lo && a->hi == b->hi));
}

static bool touch(const struct coordinate *a, const struct coordinate *b)
{
    if (a->kind == COORDINATE_FREE || b->kind == COORDINATE_FREE)
        return false;
    return a->kind != COORDINATE_RANGE || b->kind != COORDINATE_RANGE || (a->hi + 1 >= b->lo && b->hi + 1 >= a->lo);
}

/* Families of either; those of every state and value are any family. */
static struct coordinate coordinate_union(const struct axis *axis, const struct coordinate *a,
                                          const struct coordinate *b)
{
    struct coordinate out = *(a->kind == COORDINATE_RANGE || b->kind != COORDINATE_RANGE ? a : b);

    if (a->kind == COORDINATE_RANGE && b->kind == COORDINATE_RANGE) {
        out.lo = a->lo < b->lo ? a->lo : b->lo;
        out.hi = a->hi > b->hi ? a->hi : b->hi;
    }
    out.or_absent = out.kind != COORDINATE_ABSENT && (holds_absent(a) || holds_absent(b));
    out.or_failed = out.kind != COORDINATE_FAILED && (holds_failed(a) || holds_failed(b));
    out.read = a->read || b->read;
    if (out.kind == COORDINATE_RANGE && out.lo <= axis->lo && out.hi >= axis->hi &&
        out.or_absent == axis->may_be_absent && out.or_failed == axis->may_fail)
        out = (struct coordinate){ .kind = COORDINATE_FREE, .read = out.read };
    return out;
}

bool box_join(const struct axes *axes, const struct box *a, const struct box *b, struct box *out)
{
    size_t differs = SIZE_MAX;

    for (size_t i = 0; i < axes->count; i++) {
        if (coordinate_equal(&a->items[i], &b->items[i]))
            continue;
        if (differs != SIZE_MAX || !touch(&a->items[i], &b->items[i]))
            return false;
        differs = i;
    }
    for (size_t i = 0; i < axes->count; i++) {
        bool read = a->items[i].read || b->items[i].read;

        out->items[i] = i == differs ? coordinate_union(&axes->items[i], &a->items[i], &b->items[i]) : a->items[i];
        out->items[i].read = read;
    }
    return true;
}

/* ------------------------------------------------------------------ words */

static const struct symbol *member_of(const struct axis *axis, int64_t n)
{
    const struct symbol *member = axis->type->symbol->first;

    if (axis->members)
        return axis->members[n];
    while (member->index != (size_t)n)
        member = member->next;
    return member;
}

void strbuf_axis_value(struct strbuf *out, const struct axis *axis, int64_t n)
{
    if (axis->members)
        strbuf_slice(out, axis->members[n]->label.length ? axis->members[n]->label : axis->members[n]->name.text);
    else
        strbuf_typed_number(out, axis->model, axis->type, axis_number(axis, n));
}

void strbuf_axis_machine(struct strbuf *out, const struct axis *axis, int64_t n)
{
    struct number value = axis_number(axis, n);

    if (axis->type->kind == TYPE_ENUM)
        strbuf_slice(out, member_of(axis, n)->name.text);
    else if (axis->type->kind == TYPE_DATE)
        strbuf_date_iso(out, date_from_days((int32_t)n));
    else if (axis->type->kind == TYPE_BOOLEAN)
        strbuf_text(out, n ? "oui" : "non");
    else if (!type_is_number(axis->type, QUANTITY_TAUX) || number_mul(value, number_of(100), &value))
        strbuf_number_machine(out, value, 0);
}

/* A source is named by its label, a noun; an entrée, whose label is a question, by its name. */
static void strbuf_axis_name(struct strbuf *out, const struct axis *axis)
{
    if (axis->symbol && axis->symbol->kind == SYMBOL_SOURCE) {
        strbuf_text(out, axis->label);
        return;
    }
    for (const char *c = axis->name; *c; c++)
        strbuf_bytes(out, *c == '_' ? " " : c, 1);
}

static void strbuf_members(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    for (int64_t n = c->lo; n <= c->hi; n++) {
        if (n > c->lo)
            strbuf_text(out, n == c->hi ? " ou " : ", ");
        strbuf_axis_value(out, axis, n);
    }
}

static void strbuf_dates(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    bool low = c->lo > axis->lo, high = c->hi < axis->hi;

    strbuf_text(out, c->lo == c->hi ? "le " : low && high ? "du " : low ? "à partir du " : "jusqu'au ");
    strbuf_axis_value(out, axis, low || c->lo == c->hi ? c->lo : c->hi);
    if (low && high && c->lo != c->hi) {
        strbuf_text(out, " au ");
        strbuf_axis_value(out, axis, c->hi);
    }
}

static void strbuf_range(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    bool low = c->lo > axis->lo, high = c->hi < axis->hi;

    if (c->lo != c->hi)
        strbuf_text(out, low && high ? "de " : low ? "à partir de " : "jusqu'à ");
    strbuf_axis_value(out, axis, low || c->lo == c->hi ? c->lo : c->hi);
    if (low && high && c->lo != c->hi) {
        strbuf_text(out, " à ");
        strbuf_axis_value(out, axis, c->hi);
    }
}

static bool says_nothing(const struct axis *axis, const struct coordinate *c)
{
    return c->kind == COORDINATE_FREE || (c->kind == COORDINATE_RANGE && c->lo <= axis->lo && c->hi >= axis->hi &&
                                          axis->lo < axis->hi && !axis->may_be_absent && !axis->may_fail);
}

static void strbuf_known(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    if (axis->opaque || (c->lo <= axis->lo && c->hi >= axis->hi && axis->lo < axis->hi))
        strbuf_text(out, "communiqué");
    else if (axis->type->kind == TYPE_ENUM || axis->type->kind == TYPE_BOOLEAN)
        strbuf_members(out, axis, c);
    else if (axis->type->kind == TYPE_DATE)
        strbuf_dates(out, axis, c);
    else
        strbuf_range(out, axis, c);
}

void strbuf_coordinate(struct strbuf *out, const struct axis *axis, const struct coordinate *c)
{
    if (says_nothing(axis, c))
        return;
    if (c->kind == COORDINATE_RANGE)
        strbuf_known(out, axis, c);
    if (holds_absent(c))
        strbuf_text(out, c->kind == COORDINATE_RANGE ? " ou non communiqué" : "non communiqué");
    if (holds_failed(c))
        strbuf_text(out, c->kind == COORDINATE_RANGE || holds_absent(c) ? " ou indisponible" : "indisponible");
}

bool box_restricts(const struct axes *axes, const struct box *box)
{
    for (size_t i = 0; i < axes->count; i++)
        if (box->items[i].read && !says_nothing(&axes->items[i], &box->items[i]))
            return true;
    return false;
}

void strbuf_box(struct strbuf *out, const struct axes *axes, const struct box *box)
{
    bool first = true;

    for (size_t i = 0; i < axes->count; i++) {
        const struct coordinate *c = &box->items[i];

        if (!c->read || says_nothing(&axes->items[i], c))
            continue;
        strbuf_text(out, first ? "" : ", ");
        strbuf_axis_name(out, &axes->items[i]);
        strbuf_char(out, ' ');
        strbuf_coordinate(out, &axes->items[i], c);
        first = false;
    }
    if (first)
        strbuf_text(out, "toutes les familles");
}
