/*
 * Batches: the public side of plans. Typed values in, by columns or one family at a time; amounts and statuses out.
 * Who the plan sets aside is computed by a session of the batch, with the same engine as delib_evaluate.
 */
#include "vectors.h"

#include "plan.h"
#include "session.h"

#include <string.h>

/* For one family: where an input goes. */
struct binding {
    size_t input, value, absence; /* rank; registers: absence is one that nothing reads when it is not wanted */
    int64_t lo, sign;             /* sign: −1 for a mask */
    uint64_t width;               /* of the domain, from lo */
    bool may_be_absent;
};

struct delib_batch {
    struct delib_program *program;
    struct arena arena;
    delib_session *session; /* for who is set aside */
    bool defer;
    size_t input_count;
    const struct symbol **inputs;
    delib_batch_input *described;
    size_t *tariffs;
    struct plan plan;
    const char **missing;      /* ends with NULL */
    unsigned *scales;          /* of each result */
    void **lanes;              /* per operation; several share one when they do not live together */
    void **values, **absences; /* per input: lanes of its operations */
    void *bad, *valid;         /* lanes: outside a domain; given */
    int64_t *registers;        /* per operation and one more, for one family */
    struct binding *bindings;  /* of the inputs that the plan reads */
    size_t binding_count;
    const char **member_names;
};

#define LANE        int32_t
#define LANES(name) name##_narrow
#define PLAN_RUN    plan_run_narrow
#include "columns_lanes.h"

#define LANE        int64_t
#define LANES(name) name##_wide
#define PLAN_RUN    plan_run_wide
#include "columns_lanes.h"

/* ------------------------------------------------------------------ description */

static unsigned decimals_of(int128 den, bool *plain)
{
    unsigned scale = 0;
    int128 power = 1;

    while (power < den && scale < 18) {
        power *= 10;
        scale++;
    }
    *plain = power == den;
    return scale;
}

static delib_batch_input describe(const struct symbol *datum)
{
    const int128 low = datum->facts.lo, high = datum->facts.hi;
    delib_batch_input out = {.kind = DELIB_COLUMN_OTHER,
                             .low = low < INT64_MIN ? INT64_MIN : (int64_t)low,
                             .high = high > INT64_MAX ? INT64_MAX : (int64_t)high,
                             .may_be_absent = !data_set_is_empty(&datum->facts.absent)};
    bool plain = false;

    switch (datum->type->kind) {
    case TYPE_NUMBER:
        out.scale = decimals_of(datum->facts.den, &plain);
        if (plain)
            out.kind = DELIB_COLUMN_NUMBER;
        if (type_is_number(datum->type, QUANTITY_TAUX)) /* given in percents */
            out.scale -= 2;
        return out;
    case TYPE_BOOLEAN:
        out.kind = DELIB_COLUMN_BOOLEAN;
        out.low = 0;
        out.high = 1;
        return out;
    case TYPE_ENUM:
        out.kind = DELIB_COLUMN_MEMBER;
        out.low = 0;
        out.high = (int64_t)datum->type->symbol->count - 1;
        return out;
    case TYPE_DATE:
        out.kind = DELIB_COLUMN_DATE;
        out.low = date_to_days((struct date){1, 1, 1});
        out.high = date_to_days((struct date){9999, 12, 31});
        return out;
    case TYPE_ERROR:
    case TYPE_DAY:
    case TYPE_TEXT:
    case TYPE_RECORD:
    case TYPE_LIST:
    case TYPE_CALENDAR:
    case TYPE_OUTCOME: break;
    }
    return out;
}

static void add_reads(struct delib_batch *b, struct data_set *set, const struct node *n)
{
    if (n)
        data_set_union(&b->arena, set, &n->expr->facts->reads);
}

static void version_reads(struct delib_batch *b, struct data_set *set, const struct tariff_version *v)
{
    add_reads(b, set, v->price);
    add_reads(b, set, v->price_absent);
    for (size_t i = 0; i < v->exception_count; i++) {
        add_reads(b, set, v->exceptions[i].condition);
        add_reads(b, set, v->exceptions[i].value);
        add_reads(b, set, v->exceptions[i].absent);
    }
    for (size_t i = 0; i < v->step_count; i++) {
        add_reads(b, set, v->steps[i].condition);
        add_reads(b, set, v->steps[i].next);
        add_reads(b, set, v->steps[i].absent);
        add_reads(b, set, v->steps[i].negative);
    }
}

/* In any version. The tariff that an answer chooses may be any of them. */
static void tariff_reads(struct delib_batch *b, struct data_set *set, size_t tariff)
{
    const struct delib_program *p = b->program;

    if (tariff == p->tariff_count) {
        const struct data_set choice = data_set_of(&b->arena, p->model.choice->index);

        data_set_union(&b->arena, set, &choice);
        for (size_t t = 0; t < p->tariff_count; t++)
            tariff_reads(b, set, t);
        return;
    }
    for (size_t v = 0; v < p->tariffs[tariff].version_count; v++)
        version_reads(b, set, &p->tariffs[tariff].versions[v]);
}

static bool is_given(const struct delib_batch *b, const struct symbol *datum)
{
    for (size_t i = 0; i < b->input_count; i++)
        if (b->inputs[i] == datum)
            return true;
    return false;
}

/* What the tariffs may read that is neither given nor replaced by the act. */
static void find_missing(struct delib_batch *b)
{
    const struct delib_program *p = b->program;
    struct data_set reads = {0};
    size_t count = 0;

    b->missing = arena_array(&b->arena, const char *, p->model.data.count + 1);
    for (size_t i = 0; i < b->plan.result_count; i++)
        tariff_reads(b, &reads, b->tariffs[i]);
    for (size_t i = 0; i < p->model.data.count; i++) {
        const struct symbol *datum = p->model.data.items[i];
        bool replaced = datum->kind == SYMBOL_INPUT && (p->defaults[i] || datum->decl->clauses.optional);

        if (data_set_has(&reads, i) && !replaced && !is_given(b, datum))
            b->missing[count++] = p->data_names[i];
    }
}

/* ------------------------------------------------------------------ life */

/* The last operation that reads each one: its lanes are free after it. */
static int *find_last_use(struct arena *arena, const struct plan *plan)
{
    int *last = arena_array(arena, int, plan->count + 1);

    for (size_t i = 0; i < plan->count; i++) {
        const int operands[] = {plan->ops[i].a, plan->ops[i].b, plan->ops[i].c};

        for (size_t k = 0; k < 3; k++)
            if (operands[k] >= 0)
                last[operands[k]] = (int)i;
    }
    for (size_t i = 0; i < plan->result_count; i++) {
        last[plan->results[i].value] = (int)plan->count;
        if (plan->results[i].aside >= 0)
            last[plan->results[i].aside] = (int)plan->count;
    }
    return last;
}

static void *new_lanes(struct delib_batch *b)
{
    return arena_alloc(&b->arena, PLAN_ROWS, b->plan.narrow ? sizeof(int32_t) : sizeof(int64_t));
}

/* Lanes are taken again once nothing reads them, so that a chunk stays in the nearest cache. */
static void assign_lanes(struct delib_batch *b)
{
    const struct plan *plan = &b->plan;
    int *last = find_last_use(&b->arena, plan);
    void **spare = arena_array(&b->arena, void *, plan->count + 1);
    size_t spare_count = 0;

    b->lanes = arena_array(&b->arena, void *, plan->count + 1);
    b->values = arena_array(&b->arena, void *, plan->input_count);
    b->absences = arena_array(&b->arena, void *, plan->input_count);
    b->registers = arena_array(&b->arena, int64_t, plan->count + 1);
    b->bad = new_lanes(b);
    b->valid = new_lanes(b);
    for (size_t i = 0; i < plan->input_count; i++)
        b->values[i] = new_lanes(b);
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];
        const int operands[] = {op->a, op->b == op->a ? -1 : op->b, op->c == op->a || op->c == op->b ? -1 : op->c};

        if (op->code == PLAN_CONSTANT) {
            b->registers[i] = op->as.constant;
            continue;
        }
        if (op->code == PLAN_INPUT)
            b->lanes[i] = b->values[op->as.input];
        else
            b->lanes[i] = spare_count && op->code != PLAN_ABSENT ? spare[--spare_count] : new_lanes(b);
        if (op->code == PLAN_ABSENT)
            b->absences[op->as.input] = b->lanes[i];
        for (size_t k = 0; k < 3; k++) {
            const int operand = operands[k];

            if (operand >= 0 && last[operand] == (int)i && plan->ops[operand].code > PLAN_ABSENT)
                spare[spare_count++] = b->lanes[operand];
        }
    }
}

static void make_bindings(struct delib_batch *b)
{
    const struct plan *plan = &b->plan;

    b->bindings = arena_array(&b->arena, struct binding, plan->input_count);
    for (size_t i = 0; i < plan->input_count; i++) {
        const struct plan_input *in = &plan->inputs[i];
        struct binding to = {i, plan->count, plan->count, in->lo, in->mask ? -1 : 1, 0, in->may_be_absent};

        to.width = (uint64_t)in->hi - (uint64_t)in->lo;
        for (size_t k = plan->first_input; k < plan->first_computed; k++)
            if (plan->ops[k].as.input == i)
                *(plan->ops[k].code == PLAN_ABSENT ? &to.absence : &to.value) = k;
        if (in->read)
            b->bindings[b->binding_count++] = to;
    }
}

static bool find_inputs(struct delib_batch *b, const delib_batch_options *o, size_t *bad)
{
    b->input_count = o->input_count;
    b->inputs = arena_array(&b->arena, const struct symbol *, o->input_count);
    b->described = arena_array(&b->arena, delib_batch_input, o->input_count);
    for (size_t i = 0; i < o->input_count; i++) {
        const struct symbol *s = scope_find(&b->program->model.globals, slice_of(o->inputs[i]));

        *bad = i;
        if (!s || (s->kind != SYMBOL_INPUT && s->kind != SYMBOL_SOURCE))
            return false;
        for (size_t k = 0; k < i; k++)
            if (b->inputs[k] == s)
                return false;
        b->inputs[i] = s;
        b->described[i] = describe(s);
    }
    return true;
}

static bool find_tariffs(struct delib_batch *b, const delib_batch_options *o, size_t *count)
{
    *count = o->tariffs ? o->tariff_count : b->program->tariff_count;
    b->tariffs = arena_array(&b->arena, size_t, *count);
    b->scales = arena_array(&b->arena, unsigned, *count);
    for (size_t i = 0; i < *count; i++) {
        b->tariffs[i] = o->tariffs ? (size_t)o->tariffs[i] : i;
        if (b->tariffs[i] > b->program->tariff_count ||
            (b->tariffs[i] == b->program->tariff_count && !b->program->model.choice))
            return false;
    }
    return true;
}

static unsigned version_scale(const struct version *v)
{
    const bool amount = type_is_number(v->type, QUANTITY_MONTANT), rate = type_is_number(v->type, QUANTITY_TAUX);
    unsigned scale = amount ? 2 : 0;

    if (v->type->kind != TYPE_NUMBER)
        return 0;
    for (int128 power = amount || rate ? 100 : 1; scale < 9 && power % v->facts.den != 0; power *= 10)
        scale++;
    return scale;
}

/* Decimals of a tariff that has no plan: those that the types of its versions allow, two at least for euros. */
static unsigned general_scale(const struct delib_batch *b, size_t tariff)
{
    const struct delib_program *p = b->program;
    unsigned scale = 0;

    for (size_t t = 0; t < p->tariff_count; t++)
        for (size_t v = 0; v < p->tariffs[t].version_count; v++)
            if (t == tariff || tariff == p->tariff_count) {
                unsigned here = version_scale(p->tariffs[t].versions[v].source);

                scale = here > scale ? here : scale;
            }
    return scale;
}

/* What delib_batch_new works out; an exhausted memory comes back to arena_guard(). */
struct making {
    struct delib_batch *batch;
    const delib_batch_options *options;
    size_t bad;
    delib_status status;
};

static void make_plan(struct delib_batch *b, size_t tariff_count)
{
    const struct plan_request request = {b->program, b->session, b->inputs, b->input_count, b->tariffs, tariff_count};

    plan_make(&b->arena, &request, &b->plan);
    for (size_t i = 0; i < tariff_count; i++)
        b->scales[i] = b->plan.results[i].planned ? b->plan.results[i].scale : general_scale(b, b->tariffs[i]);
    find_missing(b);
    assign_lanes(b);
    make_bindings(b);
}

static bool prepare(void *context)
{
    struct making *m = context;
    size_t count = 0;

    m->status = DELIB_OK;
    if (!find_inputs(m->batch, m->options, &m->bad))
        m->status = DELIB_INVALID;
    else if (!find_tariffs(m->batch, m->options, &count))
        m->status = DELIB_MISUSE;
    else
        make_plan(m->batch, count);
    return true;
}

delib_status delib_batch_new(delib_program *program, const delib_batch_options *options, size_t *bad_input,
                             delib_batch **out)
{
    delib_batch_options o = DELIB_BATCH_OPTIONS_INIT;
    delib_session_options session = DELIB_SESSION_OPTIONS_INIT;
    struct delib_batch *b;
    struct making making = {.options = &o};
    delib_status status;

    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!program || !program->usable)
        return DELIB_MISUSE;
    if (options && !options_read(&o, sizeof o, options))
        return DELIB_MISUSE;
    if (!o.inputs && o.input_count > 0)
        return DELIB_MISUSE;
    b = program->allocator.resize(program->allocator.context, NULL, sizeof *b);
    if (!b)
        return DELIB_NO_MEMORY;
    memset(b, 0, sizeof *b);
    b->program = delib_program_retain(program);
    b->defer = o.defer != 0;
    arena_init(&b->arena, program->allocator, program->options.memory_limit);
    session.date = o.date;
    session.today = o.today;
    session.ask_sources = session.trace = 0;
    status = delib_session_new(program, &session, &b->session);
    making.batch = b;
    if (status == DELIB_OK)
        status = arena_guard(&b->arena, prepare, &making) ? making.status : DELIB_NO_MEMORY;
    if (bad_input)
        *bad_input = making.bad;
    if (status == DELIB_OK)
        *out = b;
    else
        delib_batch_free(b);
    return status;
}

void delib_batch_free(delib_batch *batch)
{
    struct allocator allocator;

    if (!batch)
        return;
    allocator = batch->program->allocator;
    delib_session_free(batch->session);
    arena_release(&batch->arena);
    delib_program_release(batch->program);
    allocator.resize(allocator.context, batch, 0);
}

/* ------------------------------------------------------------------ what a batch says of itself */

delib_status delib_batch_describe_input(const delib_batch *batch, size_t index, delib_batch_input *out)
{
    if (!batch || !out || index >= batch->input_count)
        return DELIB_MISUSE;
    *out = batch->described[index];
    return DELIB_OK;
}

size_t delib_batch_output_count(const delib_batch *batch)
{
    return batch ? batch->plan.result_count : 0;
}

static const struct type *output_type(const struct delib_batch *b, size_t index)
{
    return b->tariffs[index] < b->program->tariff_count ? b->program->tariffs[b->tariffs[index]].versions[0].type
                                                        : NULL;
}

delib_status delib_batch_describe_output(const delib_batch *batch, size_t index, delib_batch_output *out)
{
    const struct type *type;

    if (!batch || !out || index >= batch->plan.result_count)
        return DELIB_MISUSE;
    type = output_type(batch, index);
    *out = (delib_batch_output){.tariff = (delib_tariff)batch->tariffs[index],
                                .scale = batch->scales[index],
                                .planned = batch->plan.results[index].planned,
                                .kind = DELIB_COLUMN_NUMBER,
                                .unit = ""};
    if (type)
        out->unit = batch->program->tariffs[batch->tariffs[index]].versions[0].unit;
    if (type && type->kind != TYPE_NUMBER)
        out->kind = type->kind == TYPE_ENUM      ? DELIB_COLUMN_MEMBER
                    : type->kind == TYPE_BOOLEAN ? DELIB_COLUMN_BOOLEAN
                    : type->kind == TYPE_DATE    ? DELIB_COLUMN_DATE
                                                 : DELIB_COLUMN_OTHER;
    return DELIB_OK;
}

const char *delib_batch_missing(const delib_batch *batch, size_t index)
{
    for (size_t i = 0; batch && i < index; i++)
        if (!batch->missing[i])
            return NULL;
    return batch ? batch->missing[index] : NULL;
}

/* One text to read, with both memories of the session guarded. */
struct reading {
    struct delib_session *session;
    const struct symbol *datum;
    delib_value value;
    struct datum_value read;
    delib_status status;
};

static bool read_one(void *context)
{
    struct reading *r = context;

    r->status = DELIB_OK;
    if (!value_read(r->session, r->datum, r->datum->type, &r->datum->facts, &r->value, &r->read))
        r->status = DELIB_INVALID;
    else if (r->read.state != DATUM_SET || r->read.d != 1 || r->read.ref)
        r->status = DELIB_LIMIT;
    return true;
}

static bool read_guarded(void *context)
{
    struct reading *r = context;

    return arena_guard(&r->session->run, read_one, r);
}

delib_status delib_batch_read(delib_batch *batch, size_t index, const char *text, int64_t *out)
{
    struct reading r = {.value = {.kind = DELIB_VALUE_TEXT, .text = text}};

    if (!batch || !text || !out || index >= batch->input_count)
        return DELIB_MISUSE;
    r.session = batch->session;
    r.datum = batch->inputs[index];
    delib_session_reset(batch->session);
    if (!arena_guard(&batch->session->data, read_guarded, &r))
        return DELIB_NO_MEMORY;
    if (r.status == DELIB_OK)
        *out = (int64_t)r.read.num;
    return r.status;
}

const char *delib_batch_member(delib_batch *batch, size_t output, int64_t rank)
{
    const struct type *type = batch && output < batch->plan.result_count ? output_type(batch, output) : NULL;
    const struct symbol *m;

    if (!type || type->kind != TYPE_ENUM || rank < 0 || rank >= (int64_t)type->symbol->count)
        return NULL;
    m = symbol_at(type->symbol, rank);
    arena_reset(&batch->session->run);
    return arena_copy_text(&batch->session->run, m->name.text.bytes, m->name.text.length);
}

/* ------------------------------------------------------------------ the general engine, for who is set aside */

static bool is_valid(const delib_column *column, size_t row)
{
    return !column->validity || (column->validity[row >> 3] >> (row & 7)) & 1;
}

static int64_t column_value(const delib_column *column, size_t row)
{
    if (column->width == 1)
        return ((const int8_t *)column->values)[row];
    return column->width == 4 ? ((const int32_t *)column->values)[row] : ((const int64_t *)column->values)[row];
}

static void bind_general(struct delib_batch *b, size_t i, bool given, int64_t value)
{
    struct datum_value *v = &b->session->values[b->inputs[i]->index];
    const delib_batch_input *in = &b->described[i];

    if (!given)
        *v = (struct datum_value){.state = DATUM_NULL, .d = 1};
    else if (value < in->low || value > in->high)
        *v = (struct datum_value){.state = DATUM_BAD, .d = 1, .problem = "une valeur est hors du domaine déclaré"};
    else
        *v = (struct datum_value){.state = DATUM_SET, .num = value, .d = 1};
}

/* units / 10^scale, on the scale of the column. */
static delib_status deliver_general(struct delib_batch *b, size_t i, const delib_result *r, int64_t *units)
{
    int128 scaled = r->units;

    *units = 0;
    if (r->statut != DELIB_CALCULE)
        return DELIB_OK;
    if (r->text) {
        *units = (int64_t)b->session->last.value.num;
        return DELIB_OK;
    }
    if (r->scale > b->scales[i])
        return DELIB_LIMIT;
    for (unsigned k = r->scale; k < b->scales[i]; k++)
        scaled *= 10;
    if (scaled > INT64_MAX || scaled < INT64_MIN)
        return DELIB_LIMIT;
    *units = (int64_t)scaled;
    return DELIB_OK;
}

static delib_status evaluate_general(struct delib_batch *b, size_t i, int64_t *units, uint8_t *statut)
{
    delib_result r;
    delib_status status = delib_evaluate(b->session, (delib_tariff)b->tariffs[i], &r);

    if (status != DELIB_OK)
        return status;
    *statut = (uint8_t)r.statut;
    return deliver_general(b, i, &r, units);
}

static delib_status store(const delib_column_result *out, size_t row, int64_t units, uint8_t statut)
{
    out->statuts[row] = statut;
    if (out->width == 8)
        ((int64_t *)out->units)[row] = units;
    else if (units >= INT32_MIN && units <= INT32_MAX)
        ((int32_t *)out->units)[row] = (int32_t)units;
    else
        return DELIB_LIMIT;
    return DELIB_OK;
}

/* Every tariff of this row that is not decided yet. */
static delib_status complete_row(struct delib_batch *b, size_t row, const delib_column *columns,
                                 const delib_column_result *results)
{
    delib_status status = DELIB_OK;
    bool bound = false;

    for (size_t i = 0; status == DELIB_OK && i < b->plan.result_count; i++) {
        int64_t units = 0;
        uint8_t statut = DELIB_DEFERRED;

        if (results[i].statuts[row] != DELIB_DEFERRED)
            continue;
        if (b->defer) {
            status = store(&results[i], row, 0, DELIB_DEFERRED);
            continue;
        }
        if (!bound) {
            delib_session_reset(b->session);
            for (size_t k = 0; k < b->input_count; k++)
                bind_general(b, k, is_valid(&columns[k], row), column_value(&columns[k], row));
            bound = true;
        }
        status = evaluate_general(b, i, &units, &statut);
        if (status == DELIB_OK)
            status = store(&results[i], row, units, statut);
    }
    return status;
}

/* ------------------------------------------------------------------ by columns */

static bool any_planned(const struct plan *plan)
{
    for (size_t i = 0; i < plan->result_count; i++)
        if (plan->results[i].planned)
            return true;
    return false;
}

static bool acceptable(const struct delib_batch *b, const delib_column *columns, const delib_column_result *results)
{
    for (size_t i = 0; i < b->input_count; i++)
        if (b->described[i].kind == DELIB_COLUMN_OTHER
                ? !b->defer
                : !columns[i].values || (columns[i].width != 1 && columns[i].width != 4 && columns[i].width != 8))
            return false;
    for (size_t i = 0; i < b->plan.result_count; i++)
        if (!results[i].units || !results[i].statuts || (results[i].width != 4 && results[i].width != 8))
            return false;
    return true;
}

/* With 32-bit results, an amount that might not fit is left to the general engine, which checks it. */
static bool result_fits(const struct delib_batch *b, size_t i, const delib_column_result *out)
{
    const struct plan_op *op = &b->plan.ops[b->plan.results[i].value];

    return out->width == 8 || (op->lo >= INT32_MIN && op->hi <= INT32_MAX);
}

delib_status delib_batch_run(delib_batch *batch, size_t rows, const delib_column *columns,
                             const delib_column_result *results)
{
    delib_status status = DELIB_OK;

    if (!batch || (!columns && batch->input_count) || !results || !acceptable(batch, columns, results))
        return DELIB_MISUSE;
    for (size_t first = 0; first < rows && status == DELIB_OK; first += PLAN_ROWS) {
        size_t count = rows - first < PLAN_ROWS ? rows - first : PLAN_ROWS;

        if (any_planned(&batch->plan) && batch->plan.narrow)
            chunk_narrow(batch, columns, results, first, count);
        else if (any_planned(&batch->plan))
            chunk_wide(batch, columns, results, first, count);
        for (size_t i = 0; i < batch->plan.result_count; i++)
            if (!batch->plan.results[i].planned || !result_fits(batch, i, &results[i]))
                memset(results[i].statuts + first, DELIB_DEFERRED, count);
        for (size_t i = 0; i < batch->plan.result_count; i++)
            for (const uint8_t *s = results[i].statuts + first, *end = s + count;
                 status == DELIB_OK && (s = memchr(s, DELIB_DEFERRED, (size_t)(end - s))) != NULL; s++) {
                status = complete_row(batch, (size_t)(s - results[i].statuts), columns, results);
                if (s + 1 == end)
                    break;
            }
    }
    return status;
}

/* ------------------------------------------------------------------ one family */

/* False when a value is outside its domain, or absent where it is compulsory. */
static bool bind_one(struct delib_batch *b, const int64_t *values, const uint8_t *absent)
{
    int64_t *registers = b->registers;
    bool good = true;

    for (const struct binding *in = b->bindings, *end = in + b->binding_count; in < end; in++) {
        const bool gone = absent && absent[in->input];
        /* Without inputs there is no binding. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        const int64_t v = gone ? in->lo : values[in->input];

        good &= (uint64_t)v - (uint64_t)in->lo <= in->width;
        good &= !gone | in->may_be_absent;
        registers[in->value] = v * in->sign;
        registers[in->absence] = -(int64_t)gone;
    }
    return good;
}

delib_status delib_batch_one(delib_batch *batch, const int64_t *values, const uint8_t *absent, int64_t *units,
                             uint8_t *statuts)
{
    const struct plan *plan;
    delib_status status = DELIB_OK;
    bool good, bound = false;

    if (!batch || (!values && batch->input_count) || !units || !statuts)
        return DELIB_MISUSE;
    plan = &batch->plan;
    good = bind_one(batch, values, absent);
    if (good)
        plan_run_one(plan, batch->registers);
    for (size_t i = 0; i < plan->result_count; i++) {
        const struct plan_result *r = &plan->results[i];

        if (good && r->planned && (r->aside < 0 || !batch->registers[r->aside])) {
            units[i] = batch->registers[r->value];
            statuts[i] = DELIB_CALCULE;
            continue;
        }
        units[i] = 0;
        statuts[i] = DELIB_DEFERRED;
        if (batch->defer)
            continue;
        if (!bound) {
            delib_session_reset(batch->session);
            for (size_t k = 0; k < batch->input_count; k++)
                /* With inputs there are values. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
                bind_general(batch, k, !absent || !absent[k], values[k]);
            bound = true;
        }
        if (status == DELIB_OK)
            status = evaluate_general(batch, i, &units[i], &statuts[i]);
    }
    return status;
}
