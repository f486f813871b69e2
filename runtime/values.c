/*
 * Values given by a host, read on the grid of the declared type; and values written for people. A value that is
 * mistyped is refused at once; a value outside its domain is kept as such, and makes the result « donnée invalide »
 * if a rule reads it.
 */
#include "session.h"

#include <string.h>

static bool mistyped(struct delib_session *s, const struct symbol *symbol, const char *expected)
{
    struct strbuf out = strbuf_in(&s->run);

    strbuf_format(&out, "« %.*s » : %s est attendu%s", SLICE_ARG(symbol->name.text), expected,
                  strncmp(expected, "une ", 4) == 0 ? "e" : "");
    session_tell(s, strbuf_result(&out));
    return false;
}

static void bad(struct delib_session *s, struct datum_value *out, const struct symbol *symbol, const char *why)
{
    struct strbuf text = strbuf_in(&s->data);

    strbuf_format(&text, "« %.*s » : %s", SLICE_ARG(symbol->name.text), why);
    *out = (struct datum_value){ .state = DATUM_BAD, .d = 1, .problem = text.bytes };
}

/* What was given as a text; NULL: it was not. */
static const char *text_of(const delib_value *in)
{
    return in->kind == DELIB_VALUE_TEXT ? in->text : NULL;
}

/* ------------------------------------------------------------------ numbers */

static bool number_of_value(const struct delib_value *in, struct number *out)
{
    int128 power = 1;

    if (in->kind == DELIB_VALUE_NUMBER) {
        if (in->scale > 18)
            return false;
        for (unsigned i = 0; i < in->scale; i++)
            power *= 10;
        return number_make(in->units, power, out);
    }
    if (text_of(in)) {
        struct slice text = slice_of(in->text);

        /* « 20 % », « 430 € » : the unit may be written. */
        if (text.length > 3 && memcmp(text.bytes + text.length - 3, "€", 3) == 0)
            text.length -= 3;
        else if (text.length > 1 && text.bytes[text.length - 1] == '%')
            text.length--;
        while (text.length > 0 && text.bytes[text.length - 1] == ' ')
            text.length--;
        return number_parse(text, out);
    }
    return false;
}

/* « 1 h 10 », « 1h10 », « 01:10 », « 40 min »: minutes. */
static bool read_duration(const char *text, struct number *out)
{
    int128 parts[2] = { 0, 0 };
    size_t part = 0, digits = 0;
    bool hours = false;

    for (; *text; text++) {
        if (*text >= '0' && *text <= '9') {
            parts[part] = parts[part] * 10 + (*text - '0');
            if (++digits > 6)
                return false;
        } else if ((*text == 'h' || *text == ':') && part == 0 && digits > 0) {
            part = 1;
            digits = 0;
            hours = true;
        } else if (*text == 'm' && digits > 0) {
            text += strspn(text, "minutes");
            text += strspn(text, " ");
            break;
        } else if (*text != ' ') {
            return false;
        }
    }
    *out = number_of(hours ? parts[0] * 60 + parts[1] : parts[0]);
    return *text == '\0' && (!hours || parts[1] < 60);
}

/* Nothing but a number, and too long to be read. */
static bool has_too_many_digits(const struct delib_value *in)
{
    const char *text = text_of(in);

    return text && strlen(text) > 30 && text[strspn(text, "0123456789,. -")] == '\0';
}

static bool read_number(struct delib_session *s, const struct symbol *symbol, const struct type *type,
                        const struct facts *domain, const delib_value *in, struct datum_value *out)
{
    struct number value;
    int128 num;

    if (!number_of_value(in, &value) &&
        !(type_is_number(type, QUANTITY_DUREE) && text_of(in) && read_duration(in->text, &value)))
        return mistyped(s, symbol,
                        has_too_many_digits(in) ? "un nombre de trente chiffres au plus"
                        : domain->den == 1      ? "un nombre entier"
                                                : "un nombre (par exemple 622,50)");
    if (type_is_number(type, QUANTITY_TAUX))
        (void)number_div(value, number_of(100), &value); /* of thirty digits: it fits */
    if (domain->den % value.den != 0) {
        bad(s, out, symbol,
            domain->den == 1 ? "une valeur entière est attendue" : "cette valeur a trop de décimales");
        return true;
    }
    if (!int128_mul_checked(value.num, domain->den / value.den, &num) || num < domain->lo || num > domain->hi)
        bad(s, out, symbol, "cette valeur est hors du domaine déclaré");
    else
        *out = (struct datum_value){ .state = DATUM_SET, .num = num, .d = 1 };
    return true;
}

/* ------------------------------------------------------------------ other types */

static bool read_boolean(struct delib_session *s, const struct symbol *symbol, const delib_value *in,
                         struct datum_value *out)
{
    static const struct { const char *word; int value; } words[] = {
        { "oui", 1 }, { "non", 0 }, { "true", 1 }, { "false", 0 }, { "vrai", 1 }, { "faux", 0 },
    };

    *out = (struct datum_value){ .state = DATUM_SET, .d = 1 };
    if (in->kind == DELIB_VALUE_BOOLEAN) {
        out->num = in->boolean != 0;
        return true;
    }
    for (size_t i = 0; text_of(in) && i < sizeof words / sizeof *words; i++)
        if (text_fold_equal(slice_of(words[i].word), slice_of(in->text))) {
            out->num = words[i].value;
            return true;
        }
    return mistyped(s, symbol, "« oui » ou « non »");
}

static bool read_member(struct delib_session *s, const struct symbol *symbol, const struct type *type,
                        const delib_value *in, struct datum_value *out)
{
    const struct symbol *member = NULL;
    struct strbuf text;

    if (text_of(in))
        member = symbol_member(type->symbol, slice_of(in->text));
    /* A number given for a code such as « 2 » is its text. */
    if (in->kind == DELIB_VALUE_NUMBER && in->scale == 0) {
        text = strbuf_in(&s->run);
        strbuf_int128(&text, in->units);
        member = symbol_member(type->symbol, strbuf_result(&text));
    }
    if (member) {
        *out = (struct datum_value){ .state = DATUM_SET, .num = (int128)member->index, .d = 1 };
        return true;
    }
    text = strbuf_in(&s->run);
    strbuf_text(&text, "une de ces valeurs (");
    for (const struct symbol *m = type->symbol->first; m; m = m->next)
        strbuf_format(&text, "%s%.*s", m == type->symbol->first ? "" : ", ", SLICE_ARG(m->name.text));
    strbuf_text(&text, ")");
    return mistyped(s, symbol, text.bytes);
}

/* Digits in three parts, or eight of them: a date was meant, though that day does not exist. */
static bool looks_like_date(const char *text)
{
    size_t digits = 0, separators = 0;

    for (const char *c = text; *c; c++) {
        digits += strchr("0123456789", *c) != NULL;
        separators += strchr("-/", *c) != NULL;
    }
    return digits + separators == strlen(text) && digits <= 8 && digits >= (separators == 2 ? 6 : 8) &&
           (separators == 2 || separators == 0);
}

static bool read_date(struct delib_session *s, const struct symbol *symbol, const delib_value *in,
                      struct datum_value *out)
{
    struct date date;

    if (!text_of(in))
        return mistyped(s, symbol, "une date (AAAA-MM-JJ)");
    if (date_parse(slice_of(in->text), &date)) {
        *out = (struct datum_value){ .state = DATUM_SET, .num = date_to_days(date), .d = 1 };
        return true;
    }
    if (!date_parse_partial(slice_of(in->text), &date)) {
        if (!looks_like_date(in->text))
            return mistyped(s, symbol, "une date (AAAA-MM-JJ)");
        bad(s, out, symbol, "ce jour n'existe pas dans le calendrier");
        return true;
    }
    if (!date.year)
        *out = (struct datum_value){ .state = DATUM_NULL, .d = 1 };
    else
        *out = (struct datum_value){
            .state = DATUM_SET, .num = (int128)date.year * 10000 + (int128)date.month * 100 + date.day, .d = 0};
    return true;
}

static bool read_text(struct delib_session *s, const struct symbol *symbol, const delib_value *in,
                      struct datum_value *out)
{
    if (!text_of(in))
        return mistyped(s, symbol, "un texte");
    *out = (struct datum_value){
        .state = DATUM_SET, .d = 1, .ref = arena_copy_text(&s->data, in->text, strlen(in->text))};
    return true;
}

/* ------------------------------------------------------------------ lists, records, baskets */

static bool read_record(struct delib_session *s, const struct symbol *symbol, const struct symbol *record,
                        const delib_value *in, struct datum_value *out)
{
    struct record_value *value = arena_new(&s->data, struct record_value);
    struct datum_value *fields = arena_array(&s->data, struct datum_value, record->count);

    if (in->kind != DELIB_VALUE_RECORD)
        return mistyped(s, symbol, "une fiche (des noms et des valeurs)");
    value->fields = fields;
    for (size_t i = 0; i < in->count; i++) {
        const struct symbol *field = symbol_member(record, slice_of(in->names[i]));

        if (!field || field->kind != SYMBOL_FIELD)
            return mistyped(s, record, "un nom de champ déclaré");
        if (!value_read(s, field, field->type, &field->facts, &in->items[i], &fields[field->index]))
            return false;
    }
    for (const struct symbol *f = record->first; f; f = f->next)
        if (f->kind == SYMBOL_FIELD && fields[f->index].state == DATUM_UNSET && f->value)
            fields[f->index] =
                (struct datum_value){.state = DATUM_SET,
                                     .d = 1,
                                     .num = f->value->facts->lo *
                                            (f->type->kind == TYPE_NUMBER ? f->facts.den / f->value->facts->den : 1)};
    *out = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = value };
    return true;
}

static bool read_list(struct delib_session *s, const struct symbol *symbol, const struct type *type,
                      const delib_value *in, struct datum_value *out)
{
    struct list_value *list = arena_new(&s->data, struct list_value);

    if (in->kind != DELIB_VALUE_LIST)
        return mistyped(s, symbol, "une liste");
    if (in->count > type->max_items) {
        bad(s, out, symbol, "la liste est plus longue que le maximum déclaré");
        return true;
    }
    list->items = arena_array(&s->data, struct datum_value, in->count);
    list->count = in->count;
    for (size_t i = 0; i < in->count; i++)
        if (!(type->element->kind == TYPE_RECORD
                  ? read_record(s, symbol, type->element->symbol, &in->items[i], &list->items[i])
                  : value_read(s, symbol, type->element, &symbol->facts, &in->items[i], &list->items[i])))
            return false;
    *out = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = list };
    return true;
}

static bool read_basket(struct delib_session *s, const struct symbol *symbol, const struct type *type,
                        const delib_value *in, struct datum_value *out)
{
    struct list_value *list = arena_new(&s->data, struct list_value);

    if (in->kind != DELIB_VALUE_RECORD)
        return mistyped(s, symbol, "un panier (des noms et des nombres)");
    list->count = type->basket->count;
    list->items = arena_array(&s->data, struct datum_value, list->count);
    for (size_t i = 0; i < in->count; i++) {
        const struct symbol *member = symbol_member(type->basket, slice_of(in->names[i]));

        if (!member)
            return mistyped(s, symbol, "un nom de l'énumération");
        if (!value_read(s, symbol, type->element, &symbol->facts, &in->items[i], &list->items[member->index]))
            return false;
    }
    *out = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = list };
    return true;
}

bool value_read(struct delib_session *s, const struct symbol *symbol, const struct type *type,
                const struct facts *domain, const delib_value *in, struct datum_value *out)
{
    if (in->kind == DELIB_VALUE_ABSENT || in->kind == DELIB_VALUE_NOT_GRANTED) {
        *out = (struct datum_value){ .state = DATUM_NULL, .d = 1 };
        return true;
    }
    switch (type->kind) {
    case TYPE_NUMBER: return read_number(s, symbol, type, domain, in, out);
    case TYPE_BOOLEAN: return read_boolean(s, symbol, in, out);
    case TYPE_ENUM: return read_member(s, symbol, type, in, out);
    case TYPE_DATE: return read_date(s, symbol, in, out);
    case TYPE_TEXT: return read_text(s, symbol, in, out);
    case TYPE_RECORD: return read_record(s, symbol, type->symbol, in, out);
    case TYPE_LIST: return type->basket ? read_basket(s, symbol, type, in, out) : read_list(s, symbol, type, in, out);
    case TYPE_DAY: case TYPE_CALENDAR: case TYPE_ERROR: case TYPE_OUTCOME: break;
    }
    return mistyped(s, symbol, "une valeur");
}

/* ------------------------------------------------------------------ writing */

void strbuf_value(struct strbuf *out, const struct model *model, const struct type *type, const struct value *value,
                  int128 den)
{
    struct number n;
    int128 d;

    if (value->state != VALUE_OK) {
        strbuf_text(out, value->reason ? value->reason : "non communiqué");
        return;
    }
    if (type->kind == TYPE_TEXT && value->ref) {
        strbuf_text(out, value->ref);
        return;
    }
    if (type->kind == TYPE_LIST && value->ref) {
        size_t count = ((const struct list_value *)value->ref)->count;

        strbuf_format(out, "%zu élément%s", count, count > 1 ? "s" : "");
        return;
    }
    if (type->kind == TYPE_DATE && value->d == 0) {
        strbuf_date(out, (struct date){(int16_t)(value->num / 10000), (uint8_t)(value->num / 100 % 100),
                                       (uint8_t)(value->num % 100)});
        return;
    }
    if (int128_mul_checked(den, value->d, &d) && number_make(value->num, d, &n))
        strbuf_typed_number(out, model, type, n);
}

/* ------------------------------------------------------------------ copies */

const char *value_copy_text(struct arena *arena, const char *text)
{
    return text ? arena_copy_text(arena, text, strlen(text)) : NULL;
}

void value_copy(struct arena *arena, const delib_value *in, delib_value *out)
{
    delib_value *items = NULL;
    const char **names = NULL;

    *out = *in;
    out->text = value_has_text(in) ? value_copy_text(arena, in->text) : NULL;
    out->items = NULL;
    out->names = NULL;
    if (in->kind != DELIB_VALUE_LIST && in->kind != DELIB_VALUE_RECORD)
        return;
    items = arena_array(arena, delib_value, in->count);
    names = arena_array(arena, const char *, in->count);
    for (size_t i = 0; i < in->count; i++) {
        value_copy(arena, &in->items[i], &items[i]);
        if (in->kind == DELIB_VALUE_RECORD)
            names[i] = value_copy_text(arena, in->names[i]);
    }
    out->items = items;
    out->names = names;
}
