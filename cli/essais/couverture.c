/*
 * Showing coverage, for people and in JSON. What is reached is known to runtime/coverage.h.
 */
#include "couverture.h"

const char *coverage_side_words(enum coverage_side side)
{
    static const char *const WORDS[SIDE_COUNT] = {
        [SIDE_BELOW] = "juste en dessous", [SIDE_AT] = "à la borne", [SIDE_ABOVE] = "juste au-dessus",
    };

    return WORDS[side];
}

const char *coverage_summary(struct arena *arena, const struct coverage *coverage)
{
    struct coverage_count rules = coverage_rules(coverage), sides = coverage_sides(coverage);
    struct strbuf text = strbuf_in(arena);

    strbuf_format(&text, "%zu règle%s sur %zu atteinte%s", rules.reached, rules.reached > 1 ? "s" : "", rules.total,
                  rules.reached > 1 ? "s" : "");
    if (sides.total)
        strbuf_format(&text, " ; %zu côté%s de bornes sur %zu essayé%s", sides.reached, sides.reached > 1 ? "s" : "",
                      sides.total, sides.reached > 1 ? "s" : "");
    return strbuf_string(&text);
}

/* ---- What is missing ---- */

/* Marks are made on a copy: what the tests reach stays as it is. */
static bool copy_coverage(struct arena *arena, const struct coverage *coverage, struct coverage *out)
{
    *out = *coverage;
    out->arena = arena;
    out->rules = arena_array(arena, struct coverage_rule, coverage->rule_count + 1);
    out->bounds = arena_array(arena, struct coverage_bound, coverage->bound_count + 1);
    for (size_t i = 0; i < coverage->rule_count; i++)
        out->rules[i] = coverage->rules[i];
    for (size_t i = 0; i < coverage->bound_count; i++)
        out->bounds[i] = coverage->bounds[i];
    out->rule_capacity = coverage->rule_count;
    out->bound_capacity = coverage->bound_count;
    return true;
}

bool missing_tests_find(struct run *run, const struct programme *programme, const struct coverage *coverage,
                        struct missing_tests *out)
{
    struct region_budget budget = { REGION_BUDGET_USUAL / 4 };    /* some seconds at worst */

    *out = (struct missing_tests){ 0 };
    return copy_coverage(&run->arena, coverage, &out->trial) &&
           proposals_make(&out->trial, programme->program, &budget, &out->proposals);
}

/* ---- For people ---- */

static void print_rules(struct run *run, const struct programme *programme, const struct coverage *coverage)
{
    struct source source = file_source(&programme->file);

    for (size_t i = 0; i < coverage->rule_count; i++) {
        const struct coverage_rule *rule = &coverage->rules[i];
        struct strbuf text = strbuf_in(&run->arena);

        if (rule->hits)
            continue;
        strbuf_coverage_rule(&text, coverage, rule);
        terminal_print(&run->terminal, STYLE_WARNING, "  sans essai");
        terminal_print(&run->terminal, STYLE_PLAIN, "  %s", text.bytes);
        terminal_print(&run->terminal, STYLE_DIM, " (ligne %u)\n", source_position(&source, rule->span.start).line);
    }
}

/* « 449,99 € (juste en dessous), 450,01 € (juste au-dessus) » */
static void print_sides(struct run *run, const struct coverage *coverage, const struct coverage_bound *bound)
{
    const char *separator = " : ";

    for (int side = 0; side < SIDE_COUNT; side++) {
        struct strbuf value = strbuf_in(&run->arena);

        if (!bound->possible[side] || bound->hits[side])
            continue;
        strbuf_coverage_side(&value, coverage, bound, (enum coverage_side)side);
        if (bound->exact || side == SIDE_AT)
            terminal_print(&run->terminal, STYLE_PLAIN, "%s%s", separator, value.bytes);
        else
            terminal_print(&run->terminal, STYLE_PLAIN, "%sune valeur %s", separator,
                           side == SIDE_BELOW ? "en dessous" : "au-dessus");
        separator = ", ";
    }
}

static bool is_tried(const struct coverage_bound *bound)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        if (bound->possible[side] && !bound->hits[side])
            return false;
    return true;
}

static void print_bounds(struct run *run, const struct programme *programme, const struct coverage *coverage)
{
    struct source source = file_source(&programme->file);

    for (size_t i = 0; i < coverage->bound_count; i++) {
        const struct coverage_bound *bound = &coverage->bounds[i];
        struct strbuf key = strbuf_in(&run->arena), value = strbuf_in(&run->arena);

        if (is_tried(bound))
            continue;
        strbuf_coverage_key(&key, coverage, bound);
        strbuf_coverage_side(&value, coverage, bound, SIDE_AT);
        terminal_print(&run->terminal, STYLE_WARNING, "  borne %s", value.bytes);
        terminal_print(&run->terminal, STYLE_PLAIN, "  %s, jamais essayé", key.bytes);
        print_sides(run, coverage, bound);
        terminal_print(&run->terminal, STYLE_DIM, " (ligne %u)\n", source_position(&source, bound->span.start).line);
    }
}

static void print_proposals(struct run *run, const struct programme *programme, const struct coverage *coverage)
{
    struct missing_tests missing;

    if (!missing_tests_find(run, programme, coverage, &missing) || !missing.proposals.count)
        return;
    terminal_print(&run->terminal, STYLE_STRONG,
                   "\nEssais proposés : les montants sont ceux des règles, à comparer au texte voté.\n");
    for (size_t i = 0; i < missing.proposals.count; i++)
        terminal_print(&run->terminal, STYLE_PLAIN, "\n%s", missing.proposals.items[i].text);
    terminal_print(&run->terminal, STYLE_PLAIN, "\nAvec eux : %s.\n", coverage_summary(&run->arena, &missing.trial));
}

void coverage_print(struct run *run, const struct programme *programme, const struct coverage *coverage)
{
    print_rules(run, programme, coverage);
    print_bounds(run, programme, coverage);
    print_proposals(run, programme, coverage);
}

/* ---- JSON ---- */

static void write_rule(struct run *run, delib_io_json *json, const struct coverage *coverage,
                       const struct coverage_rule *rule)
{
    static const char *const KINDS[] = {
        [COVERAGE_PRICE] = "prix",
        [COVERAGE_ROW] = "ligne",
        [COVERAGE_EXCEPTION] = "exception",
        [COVERAGE_STEP] = "étape",
    };
    struct strbuf text = strbuf_in(&run->arena);

    strbuf_coverage_title(&text, coverage, rule);
    run->io->json_object(json, NULL);
    run->io->json_text(json, "genre", KINDS[rule->kind]);
    run->io->json_text(json, "texte", text.bytes);
    run->io->json_integer(json, "ligne", source_position(coverage->program->sources[0], rule->span.start).line);
    run->io->json_integer(json, "essais", (int64_t)rule->hits);
    run->io->json_end(json);
}

static void write_bound(struct run *run, delib_io_json *json, const struct coverage *coverage,
                        const struct coverage_bound *bound)
{
    static const char *const SIDES[SIDE_COUNT] = { "dessous", "borne", "dessus" };
    struct strbuf key = strbuf_in(&run->arena), value = strbuf_in(&run->arena);

    strbuf_coverage_key(&key, coverage, bound);
    strbuf_number_machine(&value, bound->value, 0);
    run->io->json_object(json, NULL);
    run->io->json_text(json, "donnée", key.bytes);
    run->io->json_text(json, "valeur", value.bytes);
    run->io->json_integer(json, "ligne", source_position(coverage->program->sources[0], bound->span.start).line);
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (bound->possible[side])
            run->io->json_integer(json, SIDES[side], (int64_t)bound->hits[side]);
        else
            run->io->json_text(json, SIDES[side], NULL);
    }
    run->io->json_end(json);
}

void coverage_json(struct run *run, delib_io_json *json, const struct coverage *coverage)
{
    run->io->json_object(json, "couverture");
    run->io->json_list(json, "règles");
    for (size_t i = 0; i < coverage->rule_count; i++)
        write_rule(run, json, coverage, &coverage->rules[i]);
    run->io->json_end(json);
    run->io->json_list(json, "bornes");
    for (size_t i = 0; i < coverage->bound_count; i++)
        write_bound(run, json, coverage, &coverage->bounds[i]);
    run->io->json_end(json);
    run->io->json_end(json);
}
