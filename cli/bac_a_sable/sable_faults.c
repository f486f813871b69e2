/*
 * Faults: reading the rules, choosing those that a request meets, and spoiling JSON bodies.
 */
#include "sable_faults.h"

#include "sable_endpoints.h"

#include <string.h>

enum { VALUE_NONE = -1, VALUE_NEEDED = -2 };

static const struct { enum fault_kind kind; const char *name; long value; const char *meaning; } kinds[] = {
#define FAULT(kind, name, value, meaning) { FAULT_##kind, name, value, meaning },
#include "sable_faults.def"
#undef FAULT
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

bool fault_describe(size_t index, const char **name, const char **meaning)
{
    if (index >= KIND_COUNT)
        return false;
    *name = kinds[index].name;
    *meaning = kinds[index].meaning;
    return true;
}

/* ------------------------------------------------------------------ rules */

static struct slice cut_before(struct slice *rest, char separator)
{
    const char *at = rest->length ? memchr(rest->bytes, separator, rest->length) : NULL;
    struct slice head = *rest;

    if (!at) {
        *rest = (struct slice){ rest->bytes + rest->length, 0 };
        return head;
    }
    head.length = (size_t)(at - rest->bytes);
    *rest = (struct slice){ at + 1, rest->length - head.length - 1 };
    return head;
}

static long unit_of(char suffix)
{
    switch (suffix) {
    case 'k': return 1L << 10;
    case 'M': return 1L << 20;
    case 'G': return 1L << 30;
    default:  return 0;
    }
}

/* Digits and an optional k, M or G; at most 2^40. */
static bool parse_quantity(struct slice text, long *out)
{
    const long limit = 1L << 40;
    long unit = text.length > 1 ? unit_of(text.bytes[text.length - 1]) : 0;
    size_t digits = unit ? text.length - 1 : text.length;
    long value = 0;

    if (digits == 0 || digits > 13)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
        value = value * 10 + (text.bytes[i] - '0');
    }
    if (value > limit / (unit ? unit : 1))
        return false;
    *out = value * (unit ? unit : 1);
    return true;
}

static bool parse_kind(struct slice text, struct fault *out)
{
    struct slice rest = text, name = cut_before(&rest, '=');

    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!slice_is(name, kinds[i].name))
            continue;
        out->kind = kinds[i].kind;
        out->value = kinds[i].value;
        if (rest.length == 0)
            return kinds[i].value != VALUE_NEEDED;
        return kinds[i].value != VALUE_NONE && parse_quantity(rest, &out->value);
    }
    return false;
}

static bool parse_option(struct slice text, struct fault *out)
{
    struct slice rest = text, name = cut_before(&rest, '=');

    if (slice_is(name, "code") && rest.length == 5) {
        out->code = rest;
        return true;
    }
    if (slice_is(name, "fois"))
        return parse_quantity(rest, &out->times) && out->times > 0;
    return slice_is(name, "apres") && parse_quantity(rest, &out->after);
}

bool fault_parse(struct slice text, struct fault *out)
{
    struct slice rest = text, first = cut_before(&rest, ',');

    *out = (struct fault){ .kind = FAULT_NONE };
    if (!parse_kind(first, out))
        return false;
    while (rest.length)
        if (!parse_option(cut_before(&rest, ','), out))
            return false;
    return out->kind != FAULT_STATUS || (out->value >= 200 && out->value <= 599);
}

/* What a rule can aim at, besides the products of the table of endpoints. */
static bool is_target(struct slice target)
{
    static const char *const others[] = {
        "*", "dgfip", "dgfip_jeton", "france_connect_jeton", "composition_familiale_v2"
    };
    struct slice rest = target, name = cut_before(&rest, '/');

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (slice_is(name, others[i]))
            return true;
    return endpoint_of_product(name) != NULL;
}

bool faults_add(struct faults *faults, const char *rule, const char **error)
{
    struct slice rest = slice_of(rule), target = cut_before(&rest, ':');
    struct fault_rule *added = &faults->rules[faults->count];

    if (faults->count == FAULT_RULES) {
        *error = "trop de règles --panne (64 au plus)";
        return false;
    }
    if (rest.length == 0) {
        *error = "une règle s'écrit CIBLE:PANNE, par exemple quotient_familial:statut=502";
        return false;
    }
    *added = (struct fault_rule){ .target = target.length ? target : SLICE("*") };
    if (!is_target(added->target)) {
        *error = "cible inconnue : un produit comme quotient_familial, ou * pour tout";
        return false;
    }
    if (!fault_parse(rest, &added->fault)) {
        *error = "panne inconnue ou valeur incorrecte ; voir --aide";
        return false;
    }
    faults->count++;
    return true;
}

static bool target_fits(struct slice target, struct slice product, struct slice modality)
{
    struct slice rest = target, name;

    if (slice_is(target, "*"))
        return true;
    name = cut_before(&rest, '/');
    return slice_equal(name, product) && (rest.length == 0 || slice_equal(rest, modality));
}

static void set_add(struct fault_set *set, const struct fault *fault)
{
    if (fault->kind == FAULT_DELAY)
        set->delay_ms += fault->value;
    else
        set->fault = *fault;
}

/* Counts the request, and tells whether the rule hits it. */
static bool rule_hits(struct fault_rule *rule)
{
    long nth = ++rule->seen - rule->fault.after;

    return nth > 0 && (rule->fault.times == 0 || nth <= rule->fault.times);
}

void faults_meet(struct faults *faults, struct slice product, struct slice modality, struct slice of_person,
                 struct fault_set *out)
{
    struct fault person;

    *out = (struct fault_set){ .delay_ms = 0 };
    if (of_person.length && fault_parse(of_person, &person))
        set_add(out, &person);
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++) {
        struct fault_rule *rule = &faults->rules[i];

        if (target_fits(rule->target, product, modality) && rule_hits(rule))
            set_add(out, &rule->fault);
    }
    pthread_mutex_unlock(&faults->lock);
}

/* ------------------------------------------------------------------ spoiled bodies */

typedef const struct datum *spoiler(struct arena *arena, const struct datum *source);

static const struct datum *spoil_members(struct arena *arena, const struct datum *source, spoiler *spoil)
{
    struct datum *copy = datum_new(arena, source->kind);

    for (size_t i = 0; i < source->members.count; i++)
        datum_put(arena, copy, source->members.items[i].name, spoil(arena, source->members.items[i].value));
    return copy;
}

static const struct datum *wrong_types(struct arena *arena, const struct datum *source)
{
    switch (source->kind) {
    case DATUM_NULL:    return datum_boolean(arena, false);
    case DATUM_BOOLEAN: return datum_text(arena, SLICE("oui"));
    case DATUM_NUMBER:  return datum_text(arena, SLICE("douze"));
    case DATUM_TEXT:    return datum_integer(arena, 42);
    case DATUM_LIST:    return datum_new(arena, DATUM_OBJECT);
    case DATUM_OBJECT:  break;
    }
    return spoil_members(arena, source, wrong_types);
}

static const struct datum *big_numbers(struct arena *arena, const struct datum *source)
{
    struct strbuf digits;

    switch (source->kind) {
    case DATUM_NUMBER:
        digits = strbuf_in(arena);
        for (int i = 0; i < 400; i++)
            strbuf_char(&digits, '9');
        {
            struct datum *number = datum_new(arena, DATUM_NUMBER);

            if (number)
                number->text = strbuf_result(&digits);
            return number;
        }
    case DATUM_LIST:
    case DATUM_OBJECT:
        return spoil_members(arena, source, big_numbers);
    case DATUM_NULL:
    case DATUM_BOOLEAN:
    case DATUM_TEXT:
        break;
    }
    return source;
}

static const struct datum *bad_utf8(struct arena *arena, const struct datum *source)
{
    if (source->kind == DATUM_TEXT)
        return datum_text(arena, SLICE("\xC3\x28 \xED\xA0\x80"));
    if (source->kind == DATUM_LIST || source->kind == DATUM_OBJECT)
        return spoil_members(arena, source, bad_utf8);
    return source;
}

static const struct datum *duplicates(struct arena *arena, const struct datum *source)
{
    struct datum *copy;

    if (source->kind != DATUM_LIST && source->kind != DATUM_OBJECT)
        return source;
    copy = datum_new(arena, source->kind);
    for (size_t i = 0; i < source->members.count; i++) {
        const struct datum_member *member = &source->members.items[i];

        datum_put(arena, copy, member->name, duplicates(arena, member->value));
        if (source->kind == DATUM_OBJECT)
            datum_put(arena, copy, member->name, datum_new(arena, DATUM_NULL));
    }
    return copy;
}

static struct slice written(struct arena *arena, const struct datum *body)
{
    struct strbuf out = strbuf_in(arena);

    datum_write(&out, body);
    return strbuf_result(&out);
}

static struct slice nested(struct arena *arena, long depth)
{
    struct strbuf out = strbuf_in(arena);

    strbuf_text(&out, "{\"data\":");
    for (long i = 0; i < depth; i++)
        strbuf_char(&out, '[');
    for (long i = 0; i < depth; i++)
        strbuf_char(&out, ']');
    strbuf_char(&out, '}');
    return strbuf_result(&out);
}

struct slice fault_body(struct arena *arena, const struct fault *fault, const struct datum *body)
{
    struct slice text;

    switch (fault->kind) {
    case FAULT_TRUNCATED:
        text = written(arena, body);
        text.length /= 2;
        return text;
    case FAULT_WRONG_TYPES: return written(arena, body ? wrong_types(arena, body) : NULL);
    case FAULT_BIG_NUMBERS: return written(arena, body ? big_numbers(arena, body) : NULL);
    case FAULT_BAD_UTF8:    return written(arena, body ? bad_utf8(arena, body) : NULL);
    case FAULT_DUPLICATES:  return written(arena, body ? duplicates(arena, body) : NULL);
    case FAULT_DEEP:        return nested(arena, fault->value);
    case FAULT_EMPTY:       return (struct slice){ "", 0 };
    case FAULT_HTML:        return SLICE("<!DOCTYPE html><html><body><h1>Maintenance</h1></body></html>\n");
    case FAULT_NONE:
    case FAULT_DELAY:
    case FAULT_STATUS:
    case FAULT_CUT:
    case FAULT_RESET:
    case FAULT_SILENCE:
    case FAULT_HUGE:
    case FAULT_GZIP_BOMB:
    case FAULT_DRIP:
    case FAULT_REDIRECT:
        break;
    }
    return written(arena, body);
}
