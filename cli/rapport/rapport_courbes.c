/*
 * The price against the quotient: one figure per situation that gives another curve, drawn from the exact pieces of
 * runtime/analysis/curves.h, with the same values in a table beside it. Jumps are marked: a full dot where the bound is
 * included, an empty one where it is not.
 */
#include "rapport.h"

#include "runtime/analysis/curves.h"

/* The drawing, in hundredths of a unit of the view box, which is as wide as a telephone so that words stay readable. */
enum { WIDTH = 42000, HEIGHT = 25000, LEFT = 5600, RIGHT = 39800, TOP = 1400, BOTTOM = 20800 };
enum { FIGURES = 12, TICKS = 6, SAMPLES = 96, SMALLEST_JUMP = 150 };

struct plot {
    struct rapport *r;
    const struct curves *curves;
    const struct curve *curve;
    const struct axis *axis;
    struct number x_min, x_max, y_min, y_max, x_step, y_step;
    size_t figure;
};

static struct strbuf text_in(const struct plot *p)
{
    return strbuf_in(&p->r->run->arena);
}

static const char *text_of(const struct strbuf *text)
{
    return strbuf_string(text);
}

/* ---- Numbers ---- */

static struct number lesser(struct number a, struct number b)
{
    return number_compare(a, b) < 0 ? a : b;
}

static struct number greater(struct number a, struct number b)
{
    return number_compare(a, b) > 0 ? a : b;
}

static struct number times(struct number a, int128 num, int128 den)
{
    struct number factor, out = a;

    if (number_make(num, den, &factor))
        (void)number_mul(a, factor, &out);
    return out;
}

static struct number minus(struct number a, struct number b)
{
    struct number out = a;

    (void)number_sub(a, b, &out);
    return out;
}

static struct number x_of(const struct plot *p, int64_t n)
{
    struct number out = number_of(0);

    (void)number_make(n, p->axis->den, &out);
    return out;
}

/* 1, 2 or 5 times a power of ten, so that at most TICKS of them make the range. */
static struct number nice_step(struct number range)
{
    static const int FACTORS[] = { 1, 2, 5 };
    struct number step = number_of(1);

    (void)number_make(1, 100, &step);
    for (int power = 0; power < 18; power++) {
        for (size_t i = 0; i < sizeof(FACTORS) / sizeof(FACTORS[0]); i++)
            if (number_compare(times(step, (int128)FACTORS[i] * TICKS, 1), range) >= 0)
                return times(step, FACTORS[i], 1);
        step = times(step, 10, 1);
    }
    return range;
}

static struct number round_to(struct number value, struct number step, enum rounding mode)
{
    struct number out = value;

    (void)number_round(value, step, mode, &out);
    return out;
}

/* Where a value is drawn, in hundredths; values out of range stay on the edge. */
static int64_t place(struct number value, struct number min, struct number max, int64_t from, int64_t to)
{
    struct number share = number_of(0), place = number_of(from);

    value = lesser(greater(value, min), max);
    if (number_compare(max, min) > 0 && number_div(minus(value, min), minus(max, min), &share))
        share = times(share, to - from, 1);
    (void)number_round(share, number_of(1), ROUNDING_NEAREST, &share);
    (void)number_add(place, share, &place);
    return (int64_t)place.num;
}

static int64_t x_place(const struct plot *p, struct number x)
{
    return place(x, p->x_min, p->x_max, LEFT, RIGHT);
}

static int64_t y_place(const struct plot *p, struct number y)
{
    return place(y, p->y_min, p->y_max, BOTTOM, TOP);
}

/* ---- Scales, shared by the figures of a tariff so that they compare at a glance ---- */

static bool value_at(const struct plot *p, const struct curve *curve, const struct curve_piece *piece, int64_t n,
                     struct number *out)
{
    return curve_value(p->curves, curve, piece, n, out);
}

static void widen_x(struct plot *p, const struct curve *curve)
{
    for (size_t i = 1; i < curve->count; i++) {
        p->x_min = lesser(p->x_min, x_of(p, curve->pieces[i].lo));
        p->x_max = greater(p->x_max, x_of(p, curve->pieces[i].lo));
    }
}

static int64_t grid_floor(const struct plot *p, struct number x)
{
    struct number n = times(x, p->axis->den, 1);

    return (int64_t)int128_floor_div(n.num, n.den);
}

/* The part of a piece that is drawn; false when none is. */
static bool clip(const struct plot *p, const struct curve_piece *piece, int64_t *lo, int64_t *hi)
{
    int64_t first = grid_floor(p, p->x_min), last = grid_floor(p, p->x_max);

    *lo = piece->lo > first ? piece->lo : first;
    *hi = piece->hi < last ? piece->hi : last;
    return *lo <= *hi;
}

static void widen_y(struct plot *p, const struct curve *curve)
{
    for (size_t i = 0; i < curve->count; i++) {
        int64_t lo, hi;
        struct number value;

        if (!clip(p, &curve->pieces[i], &lo, &hi))
            continue;
        if (value_at(p, curve, &curve->pieces[i], lo, &value))
            p->y_max = greater(p->y_max, value), p->y_min = lesser(p->y_min, value);
        if (value_at(p, curve, &curve->pieces[i], hi, &value))
            p->y_max = greater(p->y_max, value), p->y_min = lesser(p->y_min, value);
    }
}

/* From zero, or the lowest value, to a little beyond the last place where the price changes. */
static void set_scales(struct plot *p)
{
    const struct curves *c = p->curves;

    p->x_min = p->x_max = p->y_min = p->y_max = number_of(0);
    for (size_t i = 0; i < c->count; i++)
        widen_x(p, &c->items[i]);
    if (number_sign(p->x_max) <= 0)
        p->x_max = number_of(2000);
    p->x_step = nice_step(minus(p->x_max, p->x_min));
    p->x_max = times(p->x_max, 6, 5);
    p->x_max = lesser(round_to(p->x_max, p->x_step, ROUNDING_UP), x_of(p, p->axis->hi));
    p->x_min = greater(round_to(p->x_min, p->x_step, ROUNDING_UP), x_of(p, p->axis->lo));
    for (size_t i = 0; i < c->count; i++)
        widen_y(p, &c->items[i]);
    if (number_compare(p->y_max, p->y_min) <= 0)
        p->y_max = number_of(1);
    p->y_step = nice_step(minus(p->y_max, p->y_min));
    p->y_max = round_to(times(p->y_max, 21, 20), p->y_step, ROUNDING_UP);
    p->y_min = round_to(p->y_min, p->y_step, ROUNDING_UP);
}

/* ---- Words ---- */

static const struct model *model_of(const struct plot *p)
{
    return &p->r->program->model;
}

static const char *amount_text(const struct plot *p, const struct type *type, struct number value)
{
    struct strbuf text = text_in(p);

    strbuf_typed_number(&text, model_of(p), type, value);
    return text_of(&text);
}

static const char *outcome_words(const struct plot *p, const struct region_outcome *o)
{
    struct strbuf text = text_in(p);

    if (o->why)
        strbuf_format(&text, "non démontré : %s", o->why);
    else
        strbuf_format(&text, "%s%s%s", delib_statut_text(o->statut), o->reason ? " : " : "",
                      o->reason ? o->reason : "");
    return text_of(&text);
}

/* « 1,30 € », « de 1,30 € à 4,10 € », « non prévu ». */
static const char *piece_words(const struct plot *p, const struct curve_piece *piece)
{
    struct strbuf text = text_in(p);
    struct number first, last;

    if (!value_at(p, p->curve, piece, piece->lo, &first) || !value_at(p, p->curve, piece, piece->hi, &last))
        return outcome_words(p, &piece->outcome);
    if (!curve_varies(p->curves, piece) || number_compare(first, last) == 0)
        return amount_text(p, piece->outcome.type, first);
    strbuf_format(&text, "de %s à %s", amount_text(p, piece->outcome.type, first),
                  amount_text(p, piece->outcome.type, last));
    return text_of(&text);
}

static const char *range_words(const struct plot *p, const struct curve_piece *piece)
{
    struct coordinate range = { .kind = COORDINATE_RANGE, .read = true, .lo = piece->lo, .hi = piece->hi };
    struct strbuf text = text_in(p);

    if (piece->lo <= p->axis->lo && piece->hi >= p->axis->hi)
        return "toute valeur";
    strbuf_coordinate(&text, p->axis, &range);
    return text_of(&text);
}

/* An answer that may be anything is not told. */
static void strbuf_situation(struct strbuf *out, const struct plot *p, const struct box *situation)
{
    struct box told = box_copy(&p->r->run->arena, situation);

    for (size_t i = 0; told.items && i < told.count; i++)
        if (told.items[i].lo <= p->curves->axes.items[i].lo && told.items[i].hi >= p->curves->axes.items[i].hi)
            told.items[i].kind = COORDINATE_FREE;
    if (told.items)
        strbuf_box(out, &p->curves->axes, &told);
}

static const char *situation_words(const struct plot *p)
{
    struct strbuf text = text_in(p);

    for (size_t i = 0; i < p->curve->situation_count; i++) {
        strbuf_text(&text, i ? " ; ou " : "");
        strbuf_situation(&text, p, &p->curve->situations[i]);
    }
    return text_of(&text);
}

/* ---- The drawing ---- */

/* « 56.25 » */
static void strbuf_hundredths(struct strbuf *out, int64_t value)
{
    struct number number;

    if (number_make(value, 100, &number))
        strbuf_number_machine(out, number, 0);
}

static void hundredths(struct html *html, const char *name, int64_t value)
{
    struct strbuf text = strbuf_in(html->out.arena);

    strbuf_hundredths(&text, value);
    html_attribute(html, name, text.bytes);
}

static void line(struct html *html, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
    html_open(html, "line");
    html_attribute(html, "class", class);
    hundredths(html, "x1", x1);
    hundredths(html, "y1", y1);
    hundredths(html, "x2", x2);
    hundredths(html, "y2", y2);
    html_close(html);
}

static void label(struct html *html, const char *anchor, int64_t x, int64_t y, const char *text)
{
    html_open(html, "text");
    hundredths(html, "x", x);
    hundredths(html, "y", y);
    html_attribute(html, "text-anchor", anchor);
    html_text(html, text);
    html_close(html);
}

static void dot(struct html *html, const char *class, int64_t x, int64_t y)
{
    html_open(html, "circle");
    html_attribute(html, "class", class);
    hundredths(html, "cx", x);
    hundredths(html, "cy", y);
    html_attribute(html, "r", "3.2");
    html_close(html);
}

static struct number next_tick(struct number tick, struct number step)
{
    (void)number_add(tick, step, &tick);
    return tick;
}

/* « 200 € » rather than « 200,00 € » where every mark of the scale is whole. */
static const char *mark_text(const struct plot *p, const struct type *type, struct number value)
{
    struct strbuf text = text_in(p);

    if (type->quantity != QUANTITY_MONTANT || !number_is_integer(p->y_step))
        return amount_text(p, type, value);
    strbuf_number(&text, value, 0);
    strbuf_text(&text, " €");
    return text_of(&text);
}

static void draw_axes(const struct plot *p, const struct type *type)
{
    struct html *html = &p->r->html;
    int guard = 0;

    for (struct number y = p->y_min; number_compare(y, p->y_max) <= 0 && guard++ < 30; y = next_tick(y, p->y_step)) {
        line(html, "grille", LEFT, y_place(p, y), RIGHT, y_place(p, y));
        label(html, "end", LEFT - 600, y_place(p, y) + 400, mark_text(p, type, y));
    }
    guard = 0;
    for (struct number x = p->x_min; number_compare(x, p->x_max) <= 0 && guard++ < 30; x = next_tick(x, p->x_step)) {
        struct strbuf text = text_in(p);

        strbuf_number(&text, x, 0);
        line(html, "axe", x_place(p, x), BOTTOM, x_place(p, x), BOTTOM + 400);
        label(html, "middle", x_place(p, x), BOTTOM + 1700, text_of(&text));
    }
    line(html, "axe", LEFT, BOTTOM, RIGHT, BOTTOM);
    line(html, "axe", LEFT, TOP, LEFT, BOTTOM);
    label(html, "end", RIGHT, BOTTOM + 3500, p->axis->label);
}

/* The bound between two neighbours of the grid, as an act would write it: the rounder of the two, the second when
 * equal. */
static int64_t written_bound(int64_t last)
{
    int64_t a = last, b = last + 1;

    while (a && b && a % 10 == 0 && b % 10 == 0)
        a /= 10, b /= 10;
    for (; a || b; a /= 10, b /= 10) {
        bool round_a = a % 10 == 0, round_b = b % 10 == 0;

        if (!round_a || !round_b)
            return round_a && !round_b ? last : last + 1;
    }
    return last + 1;
}

/* Where a piece begins and ends on the drawing: it reaches the bound that it shares, included or not. */
static void piece_ends(const struct plot *p, size_t i, int64_t *lo, int64_t *hi)
{
    const struct curve_piece *piece = &p->curve->pieces[i];

    if (!clip(p, piece, lo, hi))
        return;
    if (i > 0 && *lo == piece->lo)
        *lo = written_bound(piece->lo - 1);
    if (i + 1 < p->curve->count && *hi == piece->hi)
        *hi = written_bound(piece->hi);
}

static void draw_piece(const struct plot *p, size_t i)
{
    struct html *html = &p->r->html;
    const struct curve_piece *piece = &p->curve->pieces[i];
    struct strbuf points = text_in(p);
    int64_t lo, hi, samples;
    struct number y;

    if (!clip(p, piece, &lo, &hi))
        return;
    piece_ends(p, i, &lo, &hi);
    if (!value_at(p, p->curve, piece, lo, &y)) {
        html_open(html, "rect");
        html_attribute(html, "class", "vide");
        hundredths(html, "x", x_place(p, x_of(p, lo)));
        hundredths(html, "y", TOP);
        hundredths(html, "width", x_place(p, x_of(p, hi)) - x_place(p, x_of(p, lo)));
        hundredths(html, "height", BOTTOM - TOP);
        html_close(html);
        return;
    }
    samples = curve_varies(p->curves, piece) ? SAMPLES : 1;
    if (samples > hi - lo)
        samples = hi - lo;
    if (samples < 1)
        samples = 1;
    for (int64_t s = 0; s <= samples; s++) {
        int64_t n = (int64_t)((int128)lo + (int128)(hi - lo) * s / samples), x = x_place(p, x_of(p, n));

        if (!value_at(p, p->curve, piece, n, &y))
            continue;
        strbuf_text(&points, points.length ? " " : "");
        strbuf_hundredths(&points, x);
        strbuf_char(&points, ',');
        strbuf_hundredths(&points, y_place(p, y));
    }
    html_open(html, "polyline");
    html_attribute(html, "class", "prix");
    html_attribute(html, "points", text_of(&points));
    html_close(html);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* The price jumps when the two pieces say something else of the bound; a cent of rounding on a slope is not seen. */
static void draw_jump(const struct plot *p, size_t i)
{
    struct html *html = &p->r->html;
    const struct curve_piece *before = &p->curve->pieces[i], *after = before + 1;
    int64_t bound = written_bound(before->hi), x, lo, hi;
    struct number left, right;

    if (!clip(p, before, &lo, &hi) || hi != before->hi || !clip(p, after, &lo, &hi) || lo != after->lo)
        return;
    x = x_place(p, x_of(p, bound));
    if (value_at(p, p->curve, before, bound, &left) && value_at(p, p->curve, after, bound, &right)) {
        if (distance(y_place(p, left), y_place(p, right)) < SMALLEST_JUMP)
            return;
        line(html, "saut", x, y_place(p, left), x, y_place(p, right));
    }
    if (value_at(p, p->curve, before, bound, &left))
        dot(html, bound == before->hi ? "inclus" : "exclu", x, y_place(p, left));
    if (value_at(p, p->curve, after, bound, &right))
        dot(html, bound == after->lo ? "inclus" : "exclu", x, y_place(p, right));
}

static void draw_description(const struct plot *p)
{
    struct html *html = &p->r->html;

    html_open(html, "title");
    html_attribute_format(html, "id", "courbe-%zu", p->figure);
    html_format(html, "Prix selon « %s » : %s", p->axis->label, situation_words(p));
    html_close(html);
    html_open(html, "desc");
    html_attribute_format(html, "id", "courbe-%zu-texte", p->figure);
    for (size_t i = 0; i < p->curve->count && i < FIGURES; i++)
        html_format(html, "%s%s : %s", i ? " ; " : "", range_words(p, &p->curve->pieces[i]),
                    piece_words(p, &p->curve->pieces[i]));
    html_text(html, p->curve->count > FIGURES ? " ; la suite est dans le tableau." : ".");
    html_close(html);
}

static void draw(const struct plot *p, const struct type *type)
{
    struct html *html = &p->r->html;

    html_open(html, "svg");
    html_attribute(html, "role", "img");
    html_attribute_format(html, "viewBox", "0 0 %d %d", WIDTH / 100, HEIGHT / 100);
    html_attribute_format(html, "aria-labelledby", "courbe-%zu courbe-%zu-texte", p->figure, p->figure);
    draw_description(p);
    draw_axes(p, type);
    for (size_t i = 0; i < p->curve->count; i++)
        draw_piece(p, i);
    for (size_t i = 0; i + 1 < p->curve->count; i++)
        draw_jump(p, i);
    html_close(html);
}

/* ---- The same, in a table ---- */

static void write_values(const struct plot *p)
{
    struct html *html = &p->r->html;
    const char *const columns[] = { p->axis->label, "Prix" };

    html_table(html, NULL, NULL, columns, 2);
    for (size_t i = 0; i < p->curve->count; i++) {
        html_open(html, "tr");
        html_row_title(html, range_words(p, &p->curve->pieces[i]));
        html_element(html, "td", NULL, piece_words(p, &p->curve->pieces[i]));
        html_close(html);
    }
    if (p->curve->has_absent) {
        struct curve_piece absent = { .outcome = p->curve->absent };

        html_open(html, "tr");
        html_row_title(html, "non communiqué");
        html_element(html, "td", NULL, piece_words(p, &absent));
        html_close(html);
    }
    html_table_end(html);
}

static void write_figure(struct plot *p, const struct type *type)
{
    struct html *html = &p->r->html;

    p->figure = ++p->r->figures;
    html_open(html, "figure");
    html_attribute(html, "class", "courbe");
    html_element(html, "figcaption", NULL, situation_words(p));
    draw(p, type);
    write_values(p);
    html_close(html);
}

/* The quantity changes nothing: there is nothing to draw. */
static bool is_flat(const struct curves *c, const struct curve *curve)
{
    return curve->count == 1 && !curve_varies(c, &curve->pieces[0]);
}

static void write_flat(struct plot *p)
{
    struct html *html = &p->r->html;
    const char *const columns[] = { "Situation où cette donnée ne change rien", "Prix" };

    html_table(html, NULL, NULL, columns, 2);
    for (size_t i = 0; i < p->curves->count; i++) {
        p->curve = &p->curves->items[i];
        if (!is_flat(p->curves, p->curve))
            continue;
        html_open(html, "tr");
        html_row_title(html, situation_words(p));
        html_element(html, "td", NULL, piece_words(p, &p->curve->pieces[0]));
        html_close(html);
    }
    html_table_end(html);
}

/* ---- Tariffs ---- */

/* The type of the amounts; NULL when no piece has one. */
static const struct type *amount_type(const struct curves *c)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->items[i].count; k++) {
            const struct region_outcome *o = &c->items[i].pieces[k].outcome;

            if (!o->why && o->statut == DELIB_CALCULE && o->type && o->type->kind == TYPE_NUMBER)
                return o->type;
        }
    return NULL;
}

/* Ages change with the day of the service: the curve says which one it is. */
static bool depends_on_date(const struct curves *c)
{
    for (size_t i = 0; i < c->axes.count; i++)
        if (c->axes.items[i].type->kind == TYPE_DATE)
            return true;
    return false;
}

static void write_title(struct rapport *r, size_t tariff, const struct curves *c)
{
    const struct tariff_code *t = &r->program->tariffs[tariff];
    struct strbuf date = strbuf_in(&r->run->arena);

    html_open(&r->html, "h3");
    html_text(&r->html, t->label[0] ? t->label : t->name);
    if ((t->version_count > 1 || depends_on_date(c)) && c->date.year) {
        strbuf_date(&date, c->date);
        html_format(&r->html, ", au %s", date.bytes);
    }
    html_close(&r->html);
}

static void write_note(struct rapport *r, const struct curves *c, size_t drawn)
{
    if (c->why)
        html_element_format(&r->html, "p", "attention", "Des situations manquent peut-être : %s.", c->why);
    if (c->partial)
        html_element(&r->html, "p", "discret",
                     "Les situations sont trop nombreuses pour être toutes dessinées : celles-ci s'écartent de la "
                     "situation usuelle "
                     "par une réponse à la fois, ou n'en disent que la valeur usuelle.");
    if (drawn > FIGURES)
        html_element_format(&r->html, "p", "discret",
                            "%zu autres situations, qui donnent d'autres prix, ne sont pas dessinées.",
                            drawn - FIGURES);
}

static void write_figures(struct plot *p, const struct type *type)
{
    size_t drawn = 0, flat = 0;

    set_scales(p);
    for (size_t i = 0; i < p->curves->count; i++) {
        p->curve = &p->curves->items[i];
        if (is_flat(p->curves, p->curve))
            flat++;
        else if (drawn++ < FIGURES)
            write_figure(p, type);
    }
    if (flat)
        write_flat(p);
    write_note(p->r, p->curves, drawn);
}

/* A tariff without such a quantity is left out; one that could not be looked at is told. */
static bool write_curves(struct rapport *r, size_t tariff, size_t version)
{
    struct region_budget budget = { REGION_BUDGET_USUAL / 4 };     /* some seconds at worst */
    struct curves c;
    struct plot p = { .r = r, .curves = &c };
    const struct type *type;

    curves_make(&r->run->arena, r->program, tariff, version, &budget, &c);
    if (c.axis == SIZE_MAX && !c.why)
        return false;
    type = c.axis == SIZE_MAX ? NULL : amount_type(&c);
    write_title(r, tariff, &c);
    if (!type) {
        if (c.why)
            html_element_format(&r->html, "p", "attention", "Courbe non démontrée : %s.", c.why);
        else
            html_element(&r->html, "p", NULL, "Ce tarif ne donne pas de montant à dessiner.");
        return true;
    }
    p.axis = &c.axes.items[c.axis];
    write_figures(&p, type);
    return true;
}

void rapport_write_curves(struct rapport *r)
{
    bool any = false;

    for (size_t t = 0; t < r->program->tariff_count; t++)
        for (size_t v = 0; v < r->program->tariffs[t].version_count; v++)
            if (r->program->tariffs[t].versions[v].source->decl->span.file == 0)
                any = write_curves(r, t, v) || any;
    if (!any)
        html_element(&r->html, "p", NULL, "Aucun tarif de cet acte ne dépend d'un quotient ni de ressources.");
    else
        html_element(&r->html, "p", "discret",
                     "Point plein : la borne est comprise ; point vide : elle ne l'est pas. Fond gris : aucun "
                     "montant n'est prévu.");
}
