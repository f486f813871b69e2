/*
 * Units and the French words for types: what « € par repas » is, and how a value is written.
 */
#include "model.h"

struct known_unit {
    const char *name, *plural;
    int months, minutes;
};

static const struct known_unit known_units[] = {
    { NULL, NULL, 0, 0 },                    /* UNIT_NONE */
#define UNIT(name, plural, months, minutes) { name, plural, months, minutes },
#include "units.def"
#undef UNIT
};

enum { KNOWN_UNITS = sizeof known_units / sizeof *known_units };

/* Units declared by the act come after the known ones, then enumerations used as units. */
static bool same_unit(struct slice declared, struct slice name)
{
    if (text_fold_equal(declared, name))
        return true;
    return name.length == declared.length + 1 && name.bytes[name.length - 1] == 's' &&
           text_fold_equal(declared, (struct slice){ name.bytes, name.length - 1 });
}

uint16_t unit_find(const struct model *model, struct slice name)
{
    for (size_t i = 0; i < model->units.count; i++)
        if (same_unit(model->units.items[i]->name.text, name))
            return (uint16_t)(KNOWN_UNITS + i);
    for (size_t i = 1; i < KNOWN_UNITS; i++)
        if (text_fold_equal(slice_of(known_units[i].name), name) ||
            text_fold_equal(slice_of(known_units[i].plural), name))
            return (uint16_t)i;
    for (size_t i = 0; i < model->enums.count; i++)
        if (text_fold_equal(model->enums.items[i]->name.text, name))
            return (uint16_t)(KNOWN_UNITS + model->units.count + i);
    return UNIT_NONE;
}

struct slice unit_suggest(const struct model *model, struct slice name)
{
    struct nearest nearest = nearest_to(name);

    for (size_t i = 0; i < model->units.count; i++)
        nearest_consider(&nearest, model->units.items[i]->name.text);
    for (size_t i = 1; i < KNOWN_UNITS; i++)
        nearest_consider(&nearest, slice_of(known_units[i].name));
    for (size_t i = 0; i < model->enums.count; i++)
        nearest_consider(&nearest, model->enums.items[i]->name.text);
    return nearest.best;
}

struct slice unit_name(const struct model *model, uint16_t unit)
{
    if (unit < KNOWN_UNITS)
        return slice_of(known_units[unit].name);
    unit = (uint16_t)(unit - KNOWN_UNITS);
    if (unit < model->units.count)
        return model->units.items[unit]->label.length ? model->units.items[unit]->label
                                                      : model->units.items[unit]->name.text;
    return model->enums.items[unit - model->units.count]->name.text;
}

static struct slice unit_plural(const struct model *model, uint16_t unit)
{
    return unit < KNOWN_UNITS ? slice_of(known_units[unit].plural) : unit_name(model, unit);
}

const struct symbol *unit_enum(const struct model *model, uint16_t unit)
{
    size_t first = KNOWN_UNITS + model->units.count;

    return unit >= first ? model->enums.items[unit - first] : NULL;
}

int unit_months(uint16_t unit)
{
    return unit < KNOWN_UNITS ? known_units[unit].months : 0;
}

int unit_minutes(uint16_t unit)
{
    return unit < KNOWN_UNITS ? known_units[unit].minutes : 0;
}

/* ------------------------------------------------------------------ words */

/* « demi_heure » is a name; people read « demi-heure ». */
static void strbuf_unit_name(struct strbuf *out, struct slice name)
{
    for (size_t i = 0; i < name.length; i++)
        strbuf_char(out, name.bytes[i] == '_' ? '-' : name.bytes[i]);
}

static void per_units(struct strbuf *out, const struct model *model, const struct unit *unit)
{
    for (unsigned i = 0; i < unit->per_count; i++) {
        strbuf_text(out, i == 0 ? " par " : " et par ");
        strbuf_unit_name(out, unit_name(model, unit->per[i]));
    }
}

void strbuf_unit(struct strbuf *out, const struct model *model, const struct type *type)
{
    if (type->kind != TYPE_NUMBER)
        return;
    switch (type->quantity) {
    case QUANTITY_MONTANT: case QUANTITY_RESSOURCES: case QUANTITY_QUOTIENT: case QUANTITY_QUOTIENT_FISCAL:
        strbuf_text(out, "€");
        per_units(out, model, &type->unit);
        break;
    case QUANTITY_TAUX: strbuf_text(out, "%"); break;
    case QUANTITY_DUREE: strbuf_text(out, "min"); break;
    case QUANTITY_NOMBRE:
        if (type->unit.of)
            strbuf_unit_name(out, unit_name(model, type->unit.of));
        break;
    }
}

static void strbuf_number_type(struct strbuf *out, const struct model *model, const struct type *type)
{
    switch (type->quantity) {
    case QUANTITY_MONTANT:
        strbuf_text(out, "un montant en €");
        per_units(out, model, &type->unit);
        break;
    case QUANTITY_RESSOURCES:
        strbuf_text(out, "des ressources en €");
        per_units(out, model, &type->unit);
        break;
    case QUANTITY_QUOTIENT: strbuf_text(out, "un quotient familial"); break;
    case QUANTITY_QUOTIENT_FISCAL: strbuf_text(out, "un quotient fiscal"); break;
    case QUANTITY_TAUX: strbuf_text(out, "un taux en %"); break;
    case QUANTITY_DUREE: strbuf_text(out, "une durée"); break;
    case QUANTITY_NOMBRE:
        strbuf_text(out, "un nombre");
        if (type->unit.of) {
            strbuf_text(out, " de ");
            strbuf_unit_name(out, unit_name(model, type->unit.of));
        }
        break;
    }
}

void strbuf_type(struct strbuf *out, const struct model *model, const struct type *type)
{
    switch (type->kind) {
    case TYPE_NUMBER: strbuf_number_type(out, model, type); break;
    case TYPE_BOOLEAN: strbuf_text(out, "un oui ou non"); break;
    case TYPE_DATE: strbuf_text(out, "une date"); break;
    case TYPE_DAY: strbuf_text(out, "un jour de l'année"); break;
    case TYPE_TEXT: strbuf_text(out, "un texte"); break;
    case TYPE_ENUM: strbuf_format(out, "une valeur de « %.*s »", SLICE_ARG(type->symbol->name.text)); break;
    case TYPE_RECORD: strbuf_format(out, "une fiche « %.*s »", SLICE_ARG(type->symbol->name.text)); break;
    case TYPE_CALENDAR: strbuf_text(out, "une période"); break;
    case TYPE_LIST:
        strbuf_text(out, "une liste");
        if (type->element->kind == TYPE_RECORD)
            strbuf_format(out, " de « %.*s »", SLICE_ARG(type->element->symbol->name.text));
        break;
    case TYPE_ERROR: case TYPE_OUTCOME: strbuf_text(out, "une valeur"); break;
    }
}

static void strbuf_duration(struct strbuf *out, struct number value)
{
    if (!number_is_integer(value) || number_compare(value, number_of(60)) < 0) {
        strbuf_number(out, value, 0);
        strbuf_text(out, " min");
        return;
    }
    strbuf_number(out, (struct number){ value.num / 60, 1 }, 0);
    strbuf_text(out, " h");
    if (value.num % 60) {
        strbuf_text(out, value.num % 60 < 10 ? " 0" : " ");
        strbuf_int128(out, value.num % 60);
    }
}

void strbuf_typed_number(struct strbuf *out, const struct model *model, const struct type *type, struct number value)
{
    struct number percent;
    const struct symbol *member;

    switch (type->kind) {
    case TYPE_BOOLEAN:
        strbuf_text(out, value.num ? "oui" : "non");
        return;
    case TYPE_ENUM:
        member = symbol_at(type->symbol, value.num);
        strbuf_slice(out, member->label.length ? member->label : member->name.text);
        return;
    case TYPE_DATE:
        strbuf_date(out, date_from_days((int32_t)value.num));
        return;
    case TYPE_NUMBER:
        break;
    case TYPE_ERROR:
    case TYPE_DAY:
    case TYPE_TEXT:
    case TYPE_RECORD:
    case TYPE_LIST:
    case TYPE_CALENDAR:
    case TYPE_OUTCOME: return;
    }
    switch (type->quantity) {
    case QUANTITY_MONTANT:
        strbuf_number(out, value, 2);
        strbuf_text(out, "\xC2\xA0€");
        break;
    case QUANTITY_RESSOURCES: case QUANTITY_QUOTIENT: case QUANTITY_QUOTIENT_FISCAL:
        strbuf_number(out, value, number_is_integer(value) ? 0 : 2);
        strbuf_text(out, "\xC2\xA0€");
        break;
    case QUANTITY_TAUX:
        if (number_mul(value, number_of(100), &percent))
            strbuf_number(out, percent, 0);
        strbuf_text(out, "\xC2\xA0%");
        break;
    case QUANTITY_DUREE:
        strbuf_duration(out, value);
        break;
    case QUANTITY_NOMBRE:
        strbuf_number(out, value, 0);
        if (type->unit.of) {
            strbuf_char(out, ' ');
            strbuf_unit_name(out, number_compare(value, number_of(2)) >= 0 ? unit_plural(model, type->unit.of)
                                                                           : unit_name(model, type->unit.of));
        }
        break;
    }
}
