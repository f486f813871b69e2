/*
 * The batches of the two acts, then their files of results read together and added up.
 */
#include "simulation.h"

#include "cli/lot/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CELLS = 512 };

/* ---- Exact sums ---- */

static bool fail(struct simulation *s, const char *problem)
{
    if (!s->problem)
        s->problem = problem;
    return false;
}

static void add(struct simulation *s, struct number *sum, struct number value)
{
    if (!number_add(*sum, value, sum))
        (void)fail(s, "les totaux ne tiennent plus dans un nombre exact : la population est démesurée");
}

static struct number times(struct simulation *s, struct number a, struct number b)
{
    struct number out = number_of(0);

    if (!number_mul(a, b, &out))
        (void)fail(s, "un produit ne tient plus dans un nombre exact : une quantité est démesurée");
    return out;
}

static struct number minus(struct simulation *s, struct number a, struct number b)
{
    struct number out = number_of(0);

    if (!number_sub(a, b, &out))
        (void)fail(s, "une différence ne tient plus dans un nombre exact");
    return out;
}

bool simulation_percent(struct number part, struct number whole, struct number *out)
{
    const struct number tenth = { 1, 10 };

    return number_div(part, whole, out) && number_mul(*out, number_of(100), out) &&
           number_round(*out, tenth, ROUNDING_NEAREST, out);
}

/* ---- A file of results ---- */

struct results {
    FILE *file;
    char *line;
    size_t capacity;
    struct csv_cell cells[CELLS];
    size_t count;
    char separator;
};

static bool next_row(struct simulation *s, struct results *r)
{
    ssize_t length = getline(&r->line, &r->capacity, r->file);
    const char *at;

    if (length < 0)
        return false;
    if (csv_split(csv_trim(r->line, r->line + length), r->separator, r->cells, CELLS, &r->count, &at) == CSV_OK)
        return true;
    return fail(s, "une colonne de la population tient sur plusieurs lignes : elle ne peut servir de groupe");
}

static bool open_results(struct simulation *s, const char *path, struct results *r)
{
    static const char SEPARATORS[] = ";\t,";

    r->file = fopen(path, "r");
    if (!r->file)
        return fail(s, "les résultats d'un acte ne peuvent pas être relus");
    /* That of the population, or « , »: with the right one the header has the three columns of a tariff. */
    for (size_t i = 0; SEPARATORS[i] && r->count < 3; i++) {
        r->separator = SEPARATORS[i];
        rewind(r->file);
        if (!next_row(s, r))
            return false;
    }
    return true;
}

static void close_results(struct results *r)
{
    if (r->file)
        fclose(r->file);
    free(r->line);
}

/* Rank of a title between two others; the number of columns when it is not there. */
static size_t find_column(const struct results *r, const char *name, size_t from, size_t limit)
{
    for (size_t i = from; i < r->count && i < limit; i++)
        if (text_fold_equal(r->cells[i].text, slice_of(name)))
            return i;
    return r->count;
}

/* ---- One family ---- */

struct family {
    struct number quantity, weight;
    size_t group;
    size_t statuts[SIDES];
    struct number prices[SIDES];
};

static size_t read_statut(struct slice text)
{
    for (size_t i = 0; i < STATUTS; i++)
        if (slice_equal(text, slice_of(simulation_statut_text(i))))
            return i;
    return STATUT_ERROR;
}

static enum simulation_class class_of(struct simulation *s, struct number before, struct number change)
{
    static const int LIMITS[] = { 50, 20, 5, 0 };
    bool rises = number_sign(change) > 0;
    struct number magnitude = rises ? change : minus(s, number_of(0), change);
    struct number hundredfold = times(s, magnitude, number_of(100));
    size_t i = 0;

    if (number_sign(change) == 0)
        return CLASS_SAME;
    if (number_sign(before) <= 0)
        return rises ? CLASS_NO_LONGER_FREE : CLASS_FALL;
    while (LIMITS[i] && number_compare(hundredfold, times(s, before, number_of(LIMITS[i]))) < 0)
        i++;
    return (enum simulation_class)(rises ? CLASS_RISE_50 - (int)i : CLASS_FALL_50 + (int)i);
}

/* The first family met with that change stays. */
static void keep_extreme(struct simulation *s, struct extreme *e, const struct family *family, struct number change,
                         int sign)
{
    struct number kept = minus(s, e->prices[AFTER], e->prices[BEFORE]);

    if (number_sign(change) != sign || (e->row && number_compare(change, kept) * sign <= 0))
        return;
    *e = (struct extreme){ s->rows, { family->prices[BEFORE], family->prices[AFTER] } };
}

static void add_change(struct simulation *s, struct tally *tally, const struct family *family, struct number change,
                       struct number units)
{
    int sign = number_sign(change);
    struct number amount = times(s, change, units);

    if (sign < 0) {
        add(s, &tally->less, family->weight);
        add(s, &tally->gained, minus(s, number_of(0), amount));
    } else if (sign > 0) {
        add(s, &tally->more, family->weight);
        add(s, &tally->lost, amount);
    }
}

static void add_family(struct simulation *s, struct tally *tally, const struct simulation_tariff *t,
                       const struct family *family, struct number change, struct number units)
{
    add(s, &tally->families, family->weight);
    for (int side = BEFORE; side < SIDES; side++)
        if (t->present[side])
            add(s, &tally->total[side], times(s, family->prices[side], units));
    add_change(s, tally, family, change, units);
}

static void count(struct simulation *s, struct simulation_tariff *t, const struct family *family)
{
    struct number units = times(s, family->quantity, family->weight), change = number_of(0);
    bool compared = true;

    for (int side = BEFORE; side < SIDES; side++) {
        if (!t->present[side])
            continue;
        add(s, &t->statuts[side][family->statuts[side]], family->weight);
        if (family->statuts[side] == DELIB_CALCULE)
            add(s, &t->receipts[side], times(s, family->prices[side], units));
        else
            compared = false;
    }
    if (!compared)
        return;
    if (t->present[BEFORE] && t->present[AFTER]) {
        change = minus(s, family->prices[AFTER], family->prices[BEFORE]);
        add(s, &t->classes[class_of(s, family->prices[BEFORE], change)], family->weight);
        keep_extreme(s, &t->fall, family, change, -1);
        keep_extreme(s, &t->rise, family, change, 1);
    }
    add_family(s, &t->all, t, family, change, units);
    if (s->grouping.column)
        add_family(s, &t->groups[family->group], t, family, change, units);
}

/* ---- All of them ---- */

struct reading {
    struct results sides[SIDES];
    const struct results *kept;          /* the file whose first columns were copied from the population */
    size_t quantity, weight, by;         /* ranks in it; its number of columns: not asked */
};

/* A quantity is 0 or more; so is a weight. */
static bool read_measure(struct simulation *s, const struct reading *reading, size_t column, const char *name,
                         struct number *out)
{
    struct slice text;

    *out = number_of(1);
    if (!name)
        return true;
    text = reading->kept->cells[column].text;
    if (number_parse(text, out) && number_sign(*out) >= 0)
        return true;
    if (s->faulty++ < 20)
        terminal_error(&s->run->terminal, "famille n° %zu : colonne « %s » : un nombre positif ou nul est attendu",
                       (size_t)s->rows, name);
    return false;
}

static bool read_price(struct simulation *s, const struct results *r, size_t column, struct family *family, int side)
{
    family->statuts[side] = read_statut(r->cells[column + 1].text);
    family->prices[side] = number_of(0);
    if (family->statuts[side] != DELIB_CALCULE)
        return true;
    return number_parse(r->cells[column].text, &family->prices[side]) ||
           fail(s, "un tarif dont le résultat n'est pas un nombre ne se simule pas : choisissez avec --tarif");
}

static void count_row(struct simulation *s, const struct reading *reading)
{
    struct family family = { .group = 0 };
    struct number weight;

    s->rows++;
    if (!read_measure(s, reading, reading->weight, s->request->weight, &weight) ||
        !read_measure(s, reading, reading->quantity, s->request->quantity, &family.quantity))
        return;
    family.weight = weight;
    add(s, &s->families, weight);
    if (s->grouping.column) {
        family.group = grouping_find(s, reading->kept->cells[reading->by].text);
        if (family.group == GROUPS_MAX) {
            (void)fail(s, "--selon : cette colonne a trop de valeurs différentes pour en faire des groupes");
            return;
        }
    }
    for (size_t i = 0; i < s->tariff_count && !s->problem; i++) {
        struct simulation_tariff *t = &s->tariffs[i];
        bool read = true;

        for (int side = BEFORE; read && side < SIDES; side++)
            read = !t->present[side] || read_price(s, &reading->sides[side], t->columns[side], &family, side);
        if (read)
            count(s, t, &family);
    }
}

static bool find_columns(struct simulation *s, struct reading *reading)
{
    const struct simulation_request *q = s->request;
    size_t kept = 0;

    reading->kept = &reading->sides[AFTER];
    kept = (q->quantity != NULL) + (q->weight != NULL) + (q->by != NULL);
    reading->quantity = q->quantity ? find_column(reading->kept, q->quantity, 0, kept) : 0;
    reading->weight = q->weight ? find_column(reading->kept, q->weight, 0, kept) : 0;
    reading->by = q->by ? find_column(reading->kept, q->by, 0, kept) : 0;
    for (size_t i = 0; i < s->tariff_count; i++)
        for (int side = BEFORE; side < SIDES; side++)
            if (s->tariffs[i].present[side]) {
                const struct results *r = &reading->sides[side];
                size_t column = find_column(r, s->tariffs[i].name, kept, CELLS);

                if (column + 1 >= r->count)
                    return fail(s, "un tarif manque dans les résultats d'un acte");
                s->tariffs[i].columns[side] = column;
            }
    return true;
}

static bool count_rows(struct simulation *s, const char *const *paths)
{
    struct reading reading = { .kept = NULL };
    bool both = s->request->paths[BEFORE] != NULL;
    bool opened = open_results(s, paths[AFTER], &reading.sides[AFTER]) &&
                  (!both || open_results(s, paths[BEFORE], &reading.sides[BEFORE])) && find_columns(s, &reading);

    while (opened && !s->problem && next_row(s, &reading.sides[AFTER])) {
        if (both && !next_row(s, &reading.sides[BEFORE]))
            (void)fail(s, "la population a changé pendant la simulation");
        else
            count_row(s, &reading);
    }
    close_results(&reading.sides[BEFORE]);
    close_results(&reading.sides[AFTER]);
    return !s->problem;
}

/* ---- The batches ---- */

/* Columns that the sums need are copied in front of the results. */
static struct option_values kept_columns(struct simulation *s)
{
    const char *const names[] = { s->request->quantity, s->request->weight, s->request->by };
    struct option_values out = { .items = arena_array(&s->run->arena, const char *, 3) };

    for (size_t i = 0; i < 3; i++)
        if (names[i])
            out.items[out.count++] = names[i];
    return out;
}

static struct option_values tariffs_of(struct simulation *s, int side)
{
    struct option_values out = { .items = arena_array(&s->run->arena, const char *, s->tariff_count) };

    for (size_t i = 0; i < s->tariff_count; i++)
        if (s->tariffs[i].present[side])
            out.items[out.count++] = s->tariffs[i].name;
    return out;
}

static bool run_batch(struct simulation *s, int side, const char *output)
{
    const struct simulation_request *q = s->request;
    struct option_values kept = kept_columns(s), tariffs = tariffs_of(s, side);
    struct lot_request request = {
        .program = q->paths[side], .input = q->population, .output = output, .date = q->dates[side],
        .tariffs = &tariffs, .kept = &kept, .ignored = q->ignored, .decimal = q->decimal, .quiet = true,
        .other = s->acts[side == AFTER ? BEFORE : AFTER].program,
    };

    (void)lot_execute(s->run, &request);         /* rows at fault are counted; a batch that failed left no file */
    if (access(output, R_OK) == 0)
        return true;
    terminal_hint(&s->run->terminal, "la population a été lue pour « %s »", q->paths[side]);
    return false;
}

static void clear(struct number *sums, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sums[i] = number_of(0);
}

static void clear_tally(struct tally *t)
{
    t->families = t->less = t->more = t->gained = t->lost = number_of(0);
    clear(t->total, SIDES);
}

static void clear_tariff(struct simulation_tariff *t)
{
    clear_tally(&t->all);
    for (size_t i = 0; i < GROUPS_MAX; i++)
        clear_tally(&t->groups[i]);
    clear(t->classes, SIMULATION_CLASSES);
    clear(t->receipts, SIDES);
    clear(t->fall.prices, SIDES);
    clear(t->rise.prices, SIDES);
    for (int side = BEFORE; side < SIDES; side++)
        clear(t->statuts[side], STATUTS);
}

static void add_tariff(struct simulation *s, const struct delib_program *program, delib_tariff tariff, int side)
{
    const char *name = delib_program_tariff_name(program, tariff);
    struct simulation_tariff *t = NULL;

    for (size_t i = 0; i < s->tariff_count && !t; i++)
        if (text_fold_equal(slice_of(s->tariffs[i].name), slice_of(name)))
            t = &s->tariffs[i];
    if (!t) {
        t = &s->tariffs[s->tariff_count++];
        *t = (struct simulation_tariff){ .name = name, .label = delib_program_tariff_label(program, tariff),
                                         .unit = program->tariffs[tariff].versions[0].unit,
                                         .groups = arena_array(&s->run->arena, struct tally, GROUPS_MAX) };
        clear_tariff(t);
    }
    t->present[side] = true;
}

static bool is_wanted(const struct simulation *s, const char *name)
{
    const struct option_values *names = s->request->tariffs;

    for (size_t i = 0; i < names->count; i++)
        if (text_fold_equal(slice_of(names->items[i]), slice_of(name)))
            return true;
    return names->count == 0;
}

/* Those of the act that is simulated first, then those that it drops. */
static bool find_tariffs(struct simulation *s)
{
    size_t room = 0;

    for (int side = BEFORE; side < SIDES; side++)
        room += s->acts[side].program ? s->acts[side].program->tariff_count : 0;
    s->tariffs = arena_array(&s->run->arena, struct simulation_tariff, room);
    for (size_t i = 0; i < s->request->tariffs->count; i++)
        if (programme_tariff(s->run, s->acts[AFTER].program, s->request->tariffs->items[i], &s->problem) ==
            DELIB_NO_TARIFF)
            return false;
    for (int side = AFTER; side >= BEFORE; side--)
        for (size_t i = 0; s->acts[side].program && i < s->acts[side].program->tariff_count; i++)
            if (is_wanted(s, delib_program_tariff_name(s->acts[side].program, (delib_tariff)i)))
                add_tariff(s, s->acts[side].program, (delib_tariff)i, side);
    return s->tariff_count > 0 || fail(s, "ce fichier ne contient aucun tarif");
}

static bool has_tariff(const struct simulation *s, int side)
{
    for (size_t i = 0; i < s->tariff_count; i++)
        if (s->tariffs[i].present[side])
            return true;
    return false;
}

bool simulation_run(struct simulation *s)
{
    const char *base = getenv("TMPDIR"), *folder, *paths[SIDES];
    struct strbuf template = strbuf_in(&s->run->arena);
    bool done = true;

    if (!find_tariffs(s) || !grouping_open(s))
        return false;
    strbuf_format(&template, "%s/delib-simuler-XXXXXX", base && *base ? base : "/tmp");
    folder = mkdtemp(template.bytes);            /* nobody else may read it: it holds prices, family by family */
    if (!folder)
        return fail(s, "aucun dossier temporaire ne peut être créé : donnez-en un par TMPDIR");
    paths[BEFORE] = path_join(&s->run->arena, folder, "avant.csv");
    paths[AFTER] = path_join(&s->run->arena, folder, "apres.csv");
    for (int side = AFTER; done && side >= BEFORE; side--)
        if (s->request->paths[side] && has_tariff(s, side))
            done = run_batch(s, side, paths[side]);
    done = done && count_rows(s, paths);
    (void)unlink(paths[BEFORE]);
    (void)unlink(paths[AFTER]);
    (void)rmdir(folder);
    return done && !s->problem;
}
