/*
 * The prover against counting: for every tariff of the corpus and every number that it reads, properties are written
 * into the text and judged; then all integers from 0 to 10 000, and cents around every number of the text, are computed
 * by the engine for many other answers. What is proved is false of no family; what is false of one is refuted; a family
 * that refutes is evaluated again, and does.
 */
#include "draw.h"
#include "runtime/analysis/proof.h"
#include "runtime/session.h"
#include "act_files.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INTEGERS = 10000, FAMILIES = 24, VALUES_MAX = 20000, INPUTS_MAX = 24 };

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

static struct {
    size_t tariffs, families, proved, refuted, undecided;
} total;

/* ---- What counting says ---- */

/* One number of one tariff, along which families are counted. */
static struct counting {
    const char *path;
    delib_batch *batch;
    size_t inputs, focus;
    delib_batch_input described[INPUTS_MAX];
    int64_t axis[VALUES_MAX];          /* values of the focus, ascending */
    size_t count;
    unsigned scale;                    /* of the amounts */
    int64_t one;                       /* one euro, or one unit, of the focus */
    /* found */
    bool any, unanswered;
    int64_t least, most;               /* amounts */
    int64_t fall, rise, jump;          /* largest fall and rise; largest rise for one more euro */
} k;

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void add_value(int64_t n)
{
    if (n >= k.described[k.focus].low && n <= k.described[k.focus].high && k.count < VALUES_MAX)
        k.axis[k.count++] = n;
}

static int64_t ten_to(unsigned n)
{
    int64_t power = 1;

    while (n-- > 0)
        power *= 10;
    return power;
}

/* Integers, and the grid around every number of the text: its bounds are among them. */
static void choose_values(const char *text)
{
    size_t kept = 0;

    k.count = 0;
    for (int64_t n = 0; n <= INTEGERS; n++)
        add_value(n * k.one);
    for (const char *c = text; *c; c++) {
        int64_t whole = 0, cents = 0, digits = 0;

        if (*c < '0' || *c > '9' || (c > text && c[-1] >= '0' && c[-1] <= '9'))
            continue;
        for (; (*c >= '0' && *c <= '9') || *c == ' ' || strncmp(c, "\xE2\x80\xAF", 3) == 0; c++) {
            if (*c >= '0' && *c <= '9' && whole < 100000000)
                whole = whole * 10 + (*c - '0');
            else if (*c == ' ' && (c[1] < '0' || c[1] > '9'))
                break;
        }
        if (*c == ',')
            for (c++; *c >= '0' && *c <= '9' && digits < 2; c++, digits++)
                cents = cents * 10 + (*c - '0');
        for (int64_t d = -2; d <= 2; d++)
            add_value(whole * k.one + (digits == 2 ? cents * k.one / 100 : digits == 1 ? cents * k.one / 10 : 0) + d);
        if (!*c)
            break;
    }
    qsort(k.axis, k.count, sizeof *k.axis, by_value);
    for (size_t i = 0; i < k.count; i++)
        if (kept == 0 || k.axis[i] != k.axis[kept - 1])
            k.axis[kept++] = k.axis[i];
    k.count = kept;
}

/* The other answers of one family: any value, absent where it may be. */
static void choose_family(int64_t *values, uint8_t *absent)
{
    for (size_t i = 0; i < k.inputs; i++) {
        const delib_batch_input *in = &k.described[i];
        uint64_t width = (uint64_t)(in->high - in->low) + 1;

        values[i] = in->low + (int64_t)(width == 0 ? 0 : draw(width));
        if (in->kind == DELIB_COLUMN_NUMBER && draw(2))
            values[i] = in->low + (int64_t)draw(width < 12 ? width : 12);
        absent[i] = in->may_be_absent && draw(5) == 0;
    }
    absent[k.focus] = 0;
}

static void count_family(const int64_t *amounts, const uint8_t *statuts)
{
    bool any = false;
    int64_t highest = 0, lowest = 0;
    size_t window = 0;

    for (size_t i = 0; i < k.count; i++) {
        if (statuts[i] != DELIB_CALCULE) {
            k.unanswered = k.unanswered || statuts[i] != DELIB_DONNEE_INVALIDE;
            continue;
        }
        k.least = !k.any || amounts[i] < k.least ? amounts[i] : k.least;
        k.most = !k.any || amounts[i] > k.most ? amounts[i] : k.most;
        if (any && highest - amounts[i] > k.fall)
            k.fall = highest - amounts[i];
        if (any && amounts[i] - lowest > k.rise)
            k.rise = amounts[i] - lowest;
        highest = !any || amounts[i] > highest ? amounts[i] : highest;
        lowest = !any || amounts[i] < lowest ? amounts[i] : lowest;
        any = k.any = true;
        while (k.axis[i] - k.axis[window] > k.one)
            window++;
        for (size_t j = window; j < i; j++)
            if (statuts[j] == DELIB_CALCULE && amounts[i] - amounts[j] > k.jump)
                k.jump = amounts[i] - amounts[j];
        total.families++;
    }
}

static void count_families(void)
{
    static int64_t columns[INPUTS_MAX][VALUES_MAX], amounts[VALUES_MAX];
    static uint8_t validity[INPUTS_MAX][VALUES_MAX / 8 + 1], statuts[VALUES_MAX];
    delib_column given[INPUTS_MAX];
    delib_column_result result = { amounts, 8, statuts };
    int64_t values[INPUTS_MAX];
    uint8_t absent[INPUTS_MAX];

    k.any = k.unanswered = false;
    k.fall = k.rise = k.jump = 0;
    for (int f = 0; f < FAMILIES; f++) {
        choose_family(values, absent);
        for (size_t i = 0; i < k.inputs; i++) {
            for (size_t r = 0; r < k.count; r++)
                columns[i][r] = i == k.focus ? k.axis[r] : values[i];
            memset(validity[i], absent[i] ? 0 : 0xFF, sizeof validity[i]);
            given[i] = (delib_column){ columns[i], 8, validity[i] };
        }
        assert_int_equal(delib_batch_run(k.batch, k.count, given, &result), DELIB_OK);
        count_family(amounts, statuts);
    }
}

/* ---- What the prover says ---- */

enum said { WITHIN, WITHIN_LESS, NEVER_FALLS, NEVER_RISES, SLOPE, SLOPE_LESS, HAS_AMOUNT, SAID_COUNT };

static struct {
    char bytes[1 << 18];
    size_t length;
} act;

static void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    act.length += (size_t)vsnprintf(act.bytes + act.length, sizeof act.bytes - act.length, format, args);
    va_end(args);
    assert_true(act.length < sizeof act.bytes);
}

static void say_amount(int64_t units)
{
    int64_t one = ten_to(k.scale);

    say("%s%lld,%0*lld €", units < 0 ? "-" : "", (long long)(llabs(units) / one), (int)(k.scale ? k.scale : 1),
        (long long)(llabs(units) % one));
}

/* The properties, in the order of enum said. The day is that of the count. */
static void write_properties(const char *text, const char *tariff, const char *focus, const char *day)
{
    bool literate = strstr(text, "```delib") != NULL;

    act.length = 0;
    say("%s\n%s", text, literate ? "\n```delib\n" : "");
    say("propriété « bornes »\n  %s est toujours de ", tariff);
    say_amount(k.least);
    say(" à ");
    say_amount(k.most);
    say("\n    si date = %s\nfin\npropriété « bornes trop justes »\n  %s est toujours de ", day, tariff);
    say_amount(k.least + 1);
    say(" à ");
    say_amount(k.most > k.least ? k.most : k.most + 1);
    say("\n    si date = %s\nfin\n", day);
    say("propriété « monte »\n  %s ne baisse jamais quand %s augmente\n    si date = %s\nfin\n", tariff, focus, day);
    say("propriété « descend »\n  %s ne baisse jamais quand %s baisse\n    si date = %s\nfin\n", tariff, focus, day);
    for (int less = 0; less < 2; less++) {
        say("propriété « pente »\n  %s n'augmente jamais de plus de ", tariff);
        say_amount(k.jump > less ? k.jump - less : 0);
        say(" quand %s augmente de 1\n    si date = %s\nfin\n", focus, day);
    }
    say("propriété « montant »\n  %s donne toujours un montant\n    si date = %s\nfin\n%s", tariff, day,
        literate ? "```\n" : "");
}

/* Is it false of a counted family? */
static bool is_false(enum said said)
{
    switch (said) {
    case WITHIN: return false;
    case WITHIN_LESS: return k.any;
    case NEVER_FALLS: return k.fall > 0;
    case NEVER_RISES: return k.rise > 0;
    case SLOPE: return false;
    case SLOPE_LESS: return k.jump > 0;
    case HAS_AMOUNT: return k.unanswered;
    case SAID_COUNT: break;
    }
    return false;
}

static delib_statut evaluate(const struct proof *proof, const delib_program *p, size_t tariff, int64_t at,
                             int64_t *units)
{
    struct region_target target;
    struct arena arena;
    struct box point;
    delib_session *session;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_result result;
    delib_statut statut;

    options.ask_sources = options.trace = 0;
    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    target = target_of_program(&arena, p, tariff);
    point = box_copy(&arena, &proof->family);
    if (proof->axis != SIZE_MAX)
        point.items[proof->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = at, .hi = at };
    assert_int_equal(delib_session_new((delib_program *)p, &options, &session), DELIB_OK);
    assert_int_equal(region_evaluate(&target, &proof->axes, session, &point, &result), DELIB_OK);
    statut = result.statut;
    *units = 0;
    if (statut == DELIB_CALCULE)
        *units = result.scale <= k.scale ? result.units * ten_to(k.scale - result.scale)
                                         : result.units / ten_to(result.scale - k.scale);
    delib_session_free(session);
    arena_release(&arena);
    return statut;
}

/* The family that refutes does. */
static bool witness_holds(enum said said, const struct proof *proof, const delib_program *p, size_t tariff)
{
    int64_t before, after;
    delib_statut first = evaluate(proof, p, tariff, proof->from, &before);
    delib_statut second = evaluate(proof, p, tariff, proof->to, &after);

    if (said == HAS_AMOUNT)
        return first != DELIB_CALCULE && first == proof->statut;
    if (first != DELIB_CALCULE || second != DELIB_CALCULE)
        return false;
    switch (said) {
    case WITHIN: return before < k.least || before > k.most;
    case WITHIN_LESS: return before < k.least + 1 || before > k.most;
    case NEVER_FALLS: return proof->from < proof->to && after < before;
    case NEVER_RISES: return proof->from < proof->to && after > before;
    case SLOPE: return proof->to - proof->from <= k.one && after - before > k.jump;
    case SLOPE_LESS: return proof->to - proof->from <= k.one && after - before > (k.jump > 0 ? k.jump - 1 : 0);
    case HAS_AMOUNT: case SAID_COUNT: break;
    }
    return false;
}

static void judge(delib_engine *engine, size_t tariff)
{
    delib_program *p = act_compile_text(engine, k.path, act.bytes, act.length);
    const struct proof_period period = proof_period_of(p, (struct date){ 0 });

    if (!p)
        fail_msg("%s: the properties are not accepted:\n%s", k.path, act.bytes + strlen(act.bytes) / 2);
    assert_int_equal(p->property_count, SAID_COUNT);
    for (int said = 0; said < SAID_COUNT; said++) {
        struct region_budget budget = { 2000000 };
        struct arena arena;
        struct proof proof;

        arena_init(&arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 30);
        assert_int_equal(proof_of(&arena, p, &p->properties[said], &period, &budget, &proof), DELIB_OK);
        if (proof.verdict == VERDICT_PROVED && is_false((enum said)said))
            fail_msg("%s, tarif %zu, donnée %zu: propriété %d démontrée, fausse pour une famille", k.path, tariff,
                     k.focus, said);
        if (proof.verdict == VERDICT_REFUTED && !witness_holds((enum said)said, &proof, p, tariff))
            fail_msg("%s, tarif %zu, donnée %zu: propriété %d, la famille donnée ne la réfute pas", k.path, tariff,
                     k.focus, said);
        total.proved += proof.verdict == VERDICT_PROVED;
        total.refuted += proof.verdict == VERDICT_REFUTED;
        total.undecided += proof.verdict == VERDICT_UNDECIDED;
        arena_release(&arena);
    }
    delib_program_release(p);
}

/* ---- Every number of every tariff ---- */

static void check_tariff(delib_engine *engine, const char *path, const char *text, delib_program *p, size_t tariff)
{
    delib_batch_options options = DELIB_BATCH_OPTIONS_INIT;
    const struct proof_period period = proof_period_of(p, (struct date){ 0 });
    const delib_tariff handle = (delib_tariff)tariff;
    const char *names[INPUTS_MAX];
    delib_batch_output output;
    struct arena arena;
    struct strbuf day;

    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    day = strbuf_in(&arena);
    strbuf_date_iso(&day, period.from);
    k = (struct counting){ .path = path, .inputs = p->model.data.count };
    assert_true(k.inputs < INPUTS_MAX);
    for (size_t i = 0; i < k.inputs; i++)
        names[i] = p->data_names[i];
    options.date = day.bytes;
    options.inputs = names;
    options.input_count = k.inputs;
    options.tariffs = &handle;
    options.tariff_count = 1;
    assert_int_equal(delib_batch_new(p, &options, NULL, &k.batch), DELIB_OK);
    assert_int_equal(delib_batch_describe_output(k.batch, 0, &output), DELIB_OK);
    k.scale = output.scale;
    for (size_t i = 0; i < k.inputs; i++) {
        assert_int_equal(delib_batch_describe_input(k.batch, i, &k.described[i]), DELIB_OK);
        if (k.described[i].kind == DELIB_COLUMN_OTHER)
            output.kind = DELIB_COLUMN_OTHER;          /* lists are not counted here, nor proved */
    }
    for (k.focus = 0; k.focus < k.inputs; k.focus++) {
        if (output.kind != DELIB_COLUMN_NUMBER || !output.unit || strncmp(output.unit, "€", 3) != 0 ||
            p->model.data.items[k.focus]->type->kind != TYPE_NUMBER ||
            type_is_number(p->model.data.items[k.focus]->type, QUANTITY_DUREE) ||
            type_is_number(p->model.data.items[k.focus]->type, QUANTITY_TAUX))
            continue;
        k.one = ten_to(k.described[k.focus].scale);
        choose_values(text);
        count_families();
        if (!k.any)
            continue;
        write_properties(text, p->tariffs[tariff].name, names[k.focus], day.bytes);
        judge(engine, tariff);
        total.tariffs++;
    }
    delib_batch_free(k.batch);
    arena_release(&arena);
}

static void verdicts_agree_with_counting(void **unused)
{
    delib_engine *engine;
    glob_t found;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(glob("examples/corpus/*.delib.md", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        delib_program *p = act_compile(engine, found.gl_pathv[i]);
        size_t length;
        char *text = act_read(found.gl_pathv[i], &length);

        assert_non_null(p);
        for (size_t t = 0; t < p->tariff_count; t++)
            check_tariff(engine, found.gl_pathv[i], text, p, t);
        free(text);
        delib_program_release(p);
    }
    globfree(&found);
    delib_engine_free(engine);
    print_message("%zu numbers of tariffs, %zu families counted; %zu verdicts proved, %zu refuted, %zu undecided\n",
                  total.tariffs, total.families, total.proved, total.refuted, total.undecided);
    assert_true(total.families > 1000000);
    assert_true(total.proved > total.tariffs && total.refuted > total.tariffs);
    assert_true(total.undecided * 10 < total.proved + total.refuted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_agree_with_counting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
