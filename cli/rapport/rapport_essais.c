/*
 * The essais and cases, what they reach of the rules and of their bounds, and the essais that are missing.
 */
#include "cli/essais/couverture.h"
#include "rapport.h"

static const char *text_of(const struct strbuf *text)
{
    return strbuf_string(text);
}

/* ---- Tests ---- */

static void write_place(struct rapport *r, const struct test_result *test)
{
    html_open(&r->html, "td");
    if (test->file == r->programme.file.name && test->line)
        rapport_write_line(r, test->line);
    else if (test->line)
        html_format(&r->html, "%s, ligne %u", test->file, test->line);
    else
        html_text(&r->html, test->file);
    html_close(&r->html);
}

static void write_test(struct rapport *r, const struct test_result *test)
{
    html_open(&r->html, "tr");
    html_row_title(&r->html, test->name && *test->name ? test->name : "essai sans nom");
    write_place(r, test);
    html_element(&r->html, "td", NULL, test->tariff ? test->tariff : "");
    html_element(&r->html, "td", NULL, test->expected ? test->expected : "un résultat sans montant");
    html_element(&r->html, "td", NULL, test->obtained ? test->obtained : test->reason);
    html_element(&r->html, "td", test->passed ? "bien" : "mal", test->passed ? "réussi" : "échec");
    html_close(&r->html);
}

static void write_tests(struct rapport *r)
{
    static const char *const columns[] = { "Essai", "Où", "Tarif", "Attendu", "Obtenu", "Verdict" };

    if (!r->outcomes.count) {
        html_element(&r->html, "p", "attention", "Aucun essai n'accompagne ces règles.");
        return;
    }
    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 6);
    for (size_t i = 0; i < r->outcomes.count; i++)
        write_test(r, &r->outcomes.items[i]);
    html_table_end(&r->html);
    html_close(&r->html);
}

/* ---- Rules ---- */

static const char *owner_of(const struct decl *decl, struct strbuf *text)
{
    strbuf_slice(text, decl->label.length ? decl->label : decl->name.text);
    return text_of(text);
}

/* « 3 essais », « jamais ». */
static void write_hits(struct rapport *r, size_t hits)
{
    html_open(&r->html, "td");
    html_attribute(&r->html, "class", hits ? "bien" : "mal");
    if (hits)
        html_format(&r->html, "%zu fois", hits);
    else
        html_text(&r->html, "jamais");
    html_close(&r->html);
}

static void write_rules(struct rapport *r)
{
    static const char *const columns[] = { "Règle", "De", "Où", "Atteinte" };
    const struct coverage *c = &r->coverage;

    html_heading(&r->html, 3, NULL, "Règles atteintes");
    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 4);
    for (size_t i = 0; i < c->rule_count; i++) {
        struct strbuf text = strbuf_in(&r->run->arena), owner = strbuf_in(&r->run->arena);

        strbuf_coverage_rule(&text, c, &c->rules[i]);
        html_open(&r->html, "tr");
        html_row_title(&r->html, text_of(&text));
        html_element(&r->html, "td", NULL, owner_of(c->rules[i].decl, &owner));
        html_open(&r->html, "td");
        rapport_write_line(r, source_position(r->source, c->rules[i].span.start).line);
        html_close(&r->html);
        write_hits(r, c->rules[i].hits);
        html_close(&r->html);
    }
    html_table_end(&r->html);
    html_close(&r->html);
}

/* ---- Bounds ---- */

/* « 449,99 € : 2 essais »; nothing when no value stands there. */
static void write_side(struct rapport *r, const struct coverage_bound *bound, enum coverage_side side)
{
    struct strbuf value = strbuf_in(&r->run->arena);
    size_t hits = bound->hits[side];

    html_open(&r->html, "td");
    if (!bound->possible[side]) {
        html_attribute(&r->html, "class", "discret");
        html_text(&r->html, "hors du domaine");
        html_close(&r->html);
        return;
    }
    html_attribute(&r->html, "class", hits ? "bien" : "mal");
    strbuf_coverage_side(&value, &r->coverage, bound, side);
    if (bound->exact || side == SIDE_AT)
        html_format(&r->html, "%s : ", text_of(&value));
    if (hits)
        html_format(&r->html, "%zu fois", hits);
    else
        html_text(&r->html, "jamais");
    html_close(&r->html);
}

static void write_bounds(struct rapport *r)
{
    static const char *const columns[] = { "Borne", "De", "Où", "Juste en dessous", "À la borne", "Juste au-dessus" };
    const struct coverage *c = &r->coverage;

    if (!c->bound_count)
        return;
    html_heading(&r->html, 3, NULL, "Bornes essayées");
    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, NULL, NULL, columns, 6);
    for (size_t i = 0; i < c->bound_count; i++) {
        const struct coverage_bound *bound = &c->bounds[i];
        struct strbuf key = strbuf_in(&r->run->arena), value = strbuf_in(&r->run->arena);
        struct strbuf owner = strbuf_in(&r->run->arena);

        strbuf_coverage_key(&key, c, bound);
        strbuf_coverage_side(&value, c, bound, SIDE_AT);
        strbuf_format(&key, " : %s", text_of(&value));
        html_open(&r->html, "tr");
        html_row_title(&r->html, text_of(&key));
        html_element(&r->html, "td", NULL, owner_of(bound->decl, &owner));
        html_open(&r->html, "td");
        rapport_write_line(r, source_position(r->source, bound->span.start).line);
        html_close(&r->html);
        for (int side = 0; side < SIDE_COUNT; side++)
            write_side(r, bound, (enum coverage_side)side);
        html_close(&r->html);
    }
    html_table_end(&r->html);
    html_close(&r->html);
}

/* ---- What is missing ---- */

static void write_proposals(struct rapport *r)
{
    struct missing_tests missing;

    if (!missing_tests_find(r->run, &r->programme, &r->coverage, &missing) || !missing.proposals.count)
        return;
    html_heading(&r->html, 3, NULL, "Essais proposés");
    html_element_format(
        &r->html, "p", NULL,
        "Ces essais atteignent ce qu'aucun autre n'atteint. Leurs montants sont ceux des règles : ils sont à "
        "comparer au texte voté avant d'être gardés. Avec eux : %s.",
        coverage_summary(&r->run->arena, &missing.trial));
    html_open(&r->html, "pre");
    html_open(&r->html, "code");
    for (size_t i = 0; i < missing.proposals.count; i++) {
        html_verbatim(&r->html, slice_of(i ? "\n" : ""));
        html_verbatim(&r->html, slice_of(missing.proposals.items[i].text));
    }
    html_close(&r->html);
    html_close(&r->html);
}

void rapport_write_tests(struct rapport *r)
{
    write_tests(r);
    html_element_format(&r->html, "p", NULL, "Couverture : %s.", coverage_summary(&r->run->arena, &r->coverage));
    write_rules(r);
    write_bounds(r);
    write_proposals(r);
}
