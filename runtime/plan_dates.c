/*
 * Ages and years in a plan: when the day on which they are judged is fixed, the age is a table of the day of birth.
 * Tables that read it are folded into it (op_lookup), so that most plans only compare that day with a few others.
 */
#include "plan_build.h"

enum { AGE_LIMIT = 150, FIRST_YEAR = 1850, LAST_YEAR = 2150 }; /* beyond, the general engine */

static int age_of(bool months, int32_t birth, struct date on)
{
    struct date born = date_from_days(birth);
    int age = 0;

    (void)(months ? date_age_months(born, on, &age) : date_age(born, on, &age)); /* both are whole days */
    return age;
}

/* The last day of birth of who is that old, found from a day or two after it. */
static int32_t last_birth(bool months, struct date on, int age)
{
    int month = on.month - 1 - (months ? age % 12 : 0), year = on.year - (months ? age / 12 : age) - (month < 0);
    struct date near = {(int16_t)year, (uint8_t)((month + 12) % 12 + 1), 1};
    int32_t birth = date_to_days(near) + on.day + 2;

    while (age_of(months, birth, on) < age)
        birth--;
    return birth;
}

/* values[i] for the day `key` up to uppers[i]; the first and the last are set aside. */
static struct part day_table(struct planner *p, const struct part *day, const int64_t *uppers, const int64_t *values,
                             size_t count)
{
    struct part out = *day;
    int64_t *holes = arena_array(p->arena, int64_t, count + 1), k;
    int hole;

    holes[0] = holes[count] = -1;
    hole = op_lookup(p, day->value, uppers, holes, count);
    out.value = op_lookup(p, day->value, uppers, values, count);
    if (!op_is_constant(p, hole, &k) || k)
        out.aside = mask_either(p, out.aside, hole);
    return out;
}

static struct part plan_age(struct planner *p, const struct part *birth, bool months, struct date on)
{
    const size_t oldest = months ? 12 * AGE_LIMIT : AGE_LIMIT, count = oldest + 2;
    int64_t *uppers = arena_array(p->arena, int64_t, count), *values = arena_array(p->arena, int64_t, count + 1);

    if (on.year < FIRST_YEAR || on.year > LAST_YEAR)
        return part_aside(p);
    for (size_t i = 0; i < count; i++) {
        uppers[i] = last_birth(months, on, (int)(oldest + 1 - i));
        values[i] = i ? (int64_t)(oldest + 1 - i) : (int64_t)oldest;
    }
    return day_table(p, birth, uppers, values, count); /* values[count], before the birth, is 0 */
}

/* The year that ends on the last day of `month`: 12, or 8 for a school year, called by its beginning. */
static struct part plan_year(struct planner *p, const struct part *day, int month)
{
    const size_t count = LAST_YEAR - FIRST_YEAR + 1;
    int64_t *uppers = arena_array(p->arena, int64_t, count), *values = arena_array(p->arena, int64_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        uppers[i] = date_to_days((struct date){(int16_t)(FIRST_YEAR + (int)i), (uint8_t)month, 31});
        values[i] = FIRST_YEAR + (int64_t)i - (month != 12);
    }
    values[count] = values[count - 1];
    return day_table(p, day, uppers, values, count);
}

struct part plan_dates(struct planner *p, struct frame *f, const struct node *n)
{
    struct part day = plan_node(p, f, n->a), on;
    int64_t judged;

    if (part_is_aside(p, &day))
        return part_aside(p);
    switch (n->as.date) {
    case DATE_AGE:
    case DATE_AGE_MONTHS:
        on = n->b ? plan_node(p, f, n->b) : plan_day(p, p->request->session->date);
        if (on.aside != NO_MASK || on.absent != NO_MASK || !op_is_constant(p, on.value, &judged))
            return part_aside(p);
        return plan_age(p, &day, n->as.date == DATE_AGE_MONTHS, date_from_days((int32_t)judged));
    case DATE_YEAR: return plan_year(p, &day, 12);
    case DATE_SCHOOL_YEAR: return plan_year(p, &day, 8);
    case DATE_MONTH:
    case DATE_WEEKDAY: break;
    }
    return part_aside(p);
}
