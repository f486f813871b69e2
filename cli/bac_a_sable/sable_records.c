/*
 * What the providers of API Particulier hold on a person.
 */
#include "sable_records.h"

#include "sable_params.h"

#include <string.h>

enum { EAJE_AGE_LIMIT = 7 };

/* ------------------------------------------------------------------ people of a dossier */

static struct slice joined_names(struct arena *arena, const struct datum *names)
{
    struct strbuf joined = strbuf_in(arena);

    for (size_t i = 0; i < names->members.count; i++) {
        if (i)
            strbuf_char(&joined, ' ');
        strbuf_slice(&joined, datum_scalar(names->members.items[i].value));
    }
    return strbuf_result(&joined);
}

/* A field of a person, in the dirty form of the fixture when it has one. */
static void put_field(struct arena *arena, struct datum *item, const struct person *person, const char *name,
                      const struct datum *value)
{
    const struct datum *dirty = datum_get(person->sent, name);

    datum_put(arena, item, slice_of(name), dirty ? dirty : value);
}

static struct datum *person_item(struct arena *arena, const struct person *person)
{
    struct datum *item = datum_new(arena, DATUM_OBJECT);

    put_field(arena, item, person, "nom_naissance", datum_text(arena, person->birth_name));
    put_field(arena, item, person, "nom_usage", datum_text_or_null(arena, person->usage_name));
    put_field(arena, item, person, "prenoms", datum_text(arena, joined_names(arena, person->given_names)));
    put_field(arena, item, person, "date_naissance", datum_text(arena, person->birth_text));
    put_field(arena, item, person, "sexe", datum_text(arena, person->sex));
    return item;
}

enum commune_shown { COMMUNE_LEFT_OUT, COMMUNE_NULL, COMMUNE_KNOWN };

static const struct datum *people_list(struct arena *arena, const struct people *people, enum commune_shown shown)
{
    struct datum *list = datum_new(arena, DATUM_LIST);

    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = people->items[i];
        struct datum *item = person_item(arena, person);

        if (shown != COMMUNE_LEFT_OUT)
            put_field(arena, item, person, "code_cog_insee_commune_naissance",
                      shown == COMMUNE_KNOWN ? datum_text_or_null(arena, person->commune)
                                             : datum_new(arena, DATUM_NULL));
        datum_push(arena, list, item);
    }
    return list;
}

static const struct datum *address_of(struct arena *arena, const struct dossier *dossier)
{
    return dossier->address ? dossier->address : datum_new(arena, DATUM_NULL);
}

/* ------------------------------------------------------------------ quotient familial */

static struct slice month_key(struct arena *arena, int year, int month)
{
    struct strbuf key = strbuf_in(arena);

    strbuf_format(&key, "%d-%s%d", year, month < 10 ? "0" : "", month);
    return strbuf_result(&key);
}

/* The caisses write the month's quotients once, after the first week-end of the month. */
static bool first_week_end_is_over(struct date today)
{
    struct date first = { today.year, today.month, 1 };
    unsigned sunday = 1 + (7 - date_weekday(first));

    return today.day > sunday;
}

static long digits_value(struct slice text)
{
    long value = 0;

    for (size_t i = 0; i < text.length && text.bytes[i] >= '0' && text.bytes[i] <= '9'; i++)
        value = value * 10 + (text.bytes[i] - '0');
    return value;
}

static void put_computed(struct arena *arena, struct datum *quotient, const struct dossier *dossier, int year,
                         int month)
{
    if (dossier->computed.length == 7) {
        year = (int)digits_value((struct slice){ dossier->computed.bytes, 4 });
        month = (int)digits_value((struct slice){ dossier->computed.bytes + 5, 2 });
    }
    datum_put(arena, quotient, SLICE("annee_calcul"), datum_integer(arena, year));
    datum_put(arena, quotient, SLICE("mois_calcul"), datum_integer(arena, month));
}

static const struct datum *quotient_value(struct arena *arena, const struct dossier *dossier, int year, int month)
{
    const struct datum *of_month = datum_get_slice(dossier->quotients, month_key(arena, year, month));

    return of_month ? of_month : dossier->quotient;
}

static const struct datum *quotient_of(struct arena *arena, const struct dossier *dossier,
                                       const struct datum *value, int year, int month)
{
    struct datum *quotient = datum_new(arena, DATUM_OBJECT);

    datum_put(arena, quotient, SLICE("fournisseur"), datum_text(arena, dossier->provider));
    datum_put(arena, quotient, SLICE("valeur"), value);
    datum_put(arena, quotient, SLICE("annee"), datum_integer(arena, year));
    datum_put(arena, quotient, SLICE("mois"), datum_integer(arena, month));
    put_computed(arena, quotient, dossier, year, month);
    return quotient;
}

static const char *quotient_refusal(const struct dossier *dossier, struct date today, int year, int month,
                                    const struct datum *value)
{
    bool is_current = year == today.year && month == today.month;

    if (slice_is(dossier->provider, "MSA") && !is_current)
        return "35565";
    if (dossier->late && is_current && !first_week_end_is_over(today))
        return "23003";
    return value ? NULL : "35999";
}

/* The composition is the present one, even for a past month. */
static const struct datum *find_quotient(const struct request *request, const struct dossier *dossier,
                                         const char **code)
{
    struct arena *arena = request->arena;
    struct datum *data = datum_new(arena, DATUM_OBJECT);
    struct codes checked = { .count = 0 };
    const struct datum *value;
    int year, month;

    params_read_period(request, &checked, &year, &month);
    value = quotient_value(arena, dossier, year, month);
    *code = quotient_refusal(dossier, request->today, year, month, value);
    if (*code)
        return NULL;
    datum_put(arena, data, SLICE("quotient_familial"), quotient_of(arena, dossier, value, year, month));
    datum_put(arena, data, SLICE("allocataires"), people_list(arena, &dossier->holders, COMMUNE_LEFT_OUT));
    datum_put(arena, data, SLICE("enfants"), people_list(arena, &dossier->children, COMMUNE_LEFT_OUT));
    datum_put(arena, data, SLICE("adresse"), address_of(arena, dossier));
    return data;
}

/* ------------------------------------------------------------------ participation familiale Eaje */

/* A child whose birth date is not whole counts by the year. */
static bool is_young(const struct person *child, struct date today)
{
    int years;

    if (!date_age(child->birth, today, &years))
        years = today.year - child->birth.year;
    return child->birth.year != 0 && years < EAJE_AGE_LIMIT;
}

static bool has_young_child(const struct dossier *dossier, struct date today)
{
    for (size_t i = 0; i < dossier->children.count; i++)
        if (is_young(dossier->children.items[i], today))
            return true;
    return false;
}

static const struct datum *eaje_field(struct arena *arena, const struct dossier *dossier, const char *key,
                                      long long otherwise)
{
    const struct datum *value = datum_get(dossier->eaje, key);

    return value ? value : datum_integer(arena, otherwise);
}

static const struct datum *eaje_parameters(struct arena *arena, const struct dossier *dossier, struct date today)
{
    struct datum *parameters = datum_new(arena, DATUM_OBJECT), *base = datum_new(arena, DATUM_OBJECT);

    datum_put(arena, base, SLICE("valeur"), datum_get(dossier->eaje, "base_ressources"));
    datum_put(arena, base, SLICE("annee_calcul"), eaje_field(arena, dossier, "annee_ressources", today.year - 2));
    datum_put(arena, parameters, SLICE("nombre_enfants_a_charge"),
              eaje_field(arena, dossier, "enfants_a_charge", (long long)dossier->children.count));
    datum_put(arena, parameters, SLICE("nombre_enfants_beneficiaire_aeeh"),
              eaje_field(arena, dossier, "enfants_aeeh", 0));
    datum_put(arena, parameters, SLICE("base_ressources_annuelles"), base);
    return parameters;
}

/* One missing parameter makes the whole call fail: there is no partial answer. */
static const struct datum *find_eaje(const struct request *request, const struct dossier *dossier, const char **code)
{
    struct arena *arena = request->arena;
    struct datum *data = datum_new(arena, DATUM_OBJECT);

    *code = !has_young_child(dossier, request->today) ? "37003"
            : !datum_get(dossier->eaje, "base_ressources") ? "36999" : NULL;
    if (*code)
        return NULL;
    datum_put(arena, data, SLICE("allocataires"), people_list(arena, &dossier->holders, COMMUNE_KNOWN));
    datum_put(arena, data, SLICE("enfants"), people_list(arena, &dossier->children, COMMUNE_NULL));
    datum_put(arena, data, SLICE("adresse"), address_of(arena, dossier));
    datum_put(arena, data, SLICE("parametres_calcul_participation_familiale"),
              eaje_parameters(arena, dossier, request->today));
    return data;
}

/* ------------------------------------------------------------------ benefits */

static const struct datum *word_value(struct arena *arena, struct slice word)
{
    if (slice_is(word, "null"))
        return datum_new(arena, DATUM_NULL);
    if (slice_is(word, "true") || slice_is(word, "false"))
        return datum_boolean(arena, slice_is(word, "true"));
    return datum_text(arena, word);
}

/* "est_beneficiaire=false date_debut_droit=null" → an object. */
static const struct datum *object_of_words(struct arena *arena, const char *words)
{
    struct datum *object = datum_new(arena, DATUM_OBJECT);

    while (*words) {
        size_t name = strcspn(words, "="), value = strcspn(words + name + 1, " ");

        datum_put(arena, object, (struct slice){ words, name },
                  word_value(arena, (struct slice){ words + name + 1, value }));
        words += name + 1 + value;
        words += strspn(words, " ");
    }
    return object;
}

/* ------------------------------------------------------------------ all records */

const struct datum *record_find(const struct request *request, const struct endpoint *endpoint,
                                const struct person *person, const char **code)
{
    *code = person->dossier ? NULL : endpoint->not_found;
    switch (endpoint->record) {
    case RECORD_QUOTIENT:
        return person->dossier ? find_quotient(request, person->dossier, code) : NULL;
    case RECORD_EAJE:
        return person->dossier ? find_eaje(request, person->dossier, code) : NULL;
    case RECORD_BENEFIT:
        return person->dossier ? object_of_words(request->arena, endpoint->no_right) : NULL;
    case RECORD_ANSWER:
        break;
    }
    *code = endpoint->not_found;
    return NULL;
}

/* ------------------------------------------------------------------ the closed route */

/* 1988-03-14 → 14031988, as the service of 2015 wrote dates. */
static struct slice compact_date(struct arena *arena, struct slice date)
{
    struct strbuf text = strbuf_in(arena);

    if (date.length == 10) {
        strbuf_bytes(&text, date.bytes + 8, 2);
        strbuf_bytes(&text, date.bytes + 5, 2);
        strbuf_bytes(&text, date.bytes, 4);
    }
    return strbuf_result(&text);
}

static const struct datum *people_v2(struct arena *arena, const struct people *people)
{
    struct datum *list = datum_new(arena, DATUM_LIST);

    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = people->items[i];
        struct datum *item = datum_new(arena, DATUM_OBJECT);
        struct strbuf name = strbuf_in(arena);

        strbuf_slice(&name, joined_names(arena, person->given_names));
        strbuf_char(&name, ' ');
        strbuf_slice(&name, person->birth_name);
        datum_put(arena, item, SLICE("nomPrenom"), datum_text(arena, strbuf_result(&name)));
        datum_put(arena, item, SLICE("dateDeNaissance"),
                  datum_text(arena, compact_date(arena, person->birth_text)));
        datum_put(arena, item, SLICE("sexe"), datum_text(arena, person->sex));
        datum_push(arena, list, item);
    }
    return list;
}

static const struct datum *address_v2(struct arena *arena, const struct dossier *dossier)
{
    static const struct { const char *old_name, *name; } fields[] = {
        { "identite", "destinataire" }, { "complementIdentite", "complement_information" },
        { "complementIdentiteGeo", "complement_information_geographique" },
        { "numeroRue", "numero_libelle_voie" }, { "lieuDit", "lieu_dit" },
        { "codePostalVille", "code_postal_ville" }, { "pays", "pays" },
    };
    struct datum *address = datum_new(arena, DATUM_OBJECT);

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct datum *value = datum_get(dossier->address, fields[i].name);

        if (value && value->kind != DATUM_NULL)          /* the old service left out what it did not know */
            datum_put(arena, address, slice_of(fields[i].old_name), value);
    }
    return address;
}

const struct datum *record_composition_v2(struct arena *arena, const struct dossier *dossier, struct date today)
{
    struct datum *data = datum_new(arena, DATUM_OBJECT);
    const struct datum *value = quotient_value(arena, dossier, today.year, today.month);

    datum_put(arena, data, SLICE("quotientFamilial"), value ? value : datum_new(arena, DATUM_NULL));
    datum_put(arena, data, SLICE("annee"), datum_integer(arena, today.year));
    datum_put(arena, data, SLICE("mois"), datum_integer(arena, today.month));
    datum_put(arena, data, SLICE("allocataires"), people_v2(arena, &dossier->holders));
    datum_put(arena, data, SLICE("enfants"), people_v2(arena, &dossier->children));
    datum_put(arena, data, SLICE("adresse"), address_v2(arena, dossier));
    return data;
}
