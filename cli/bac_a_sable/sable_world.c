/*
 * The world of the bac à sable: finding people in it. How it is read is in sable_fixture.c.
 */
#include "sable_world.h"

#include <string.h>

static bool same_text(struct slice a, struct slice b)
{
    return text_fold_equal(a, b);
}

const struct person *world_person(const struct world *world, struct slice family, struct slice reference)
{
    const char *slash = reference.length ? memchr(reference.bytes, '/', reference.length) : NULL;
    struct slice id = reference;

    if (slash) {
        family = (struct slice){ reference.bytes, (size_t)(slash - reference.bytes) };
        id = (struct slice){ slash + 1, reference.length - family.length - 1 };
    }
    for (size_t i = 0; i < world->people.count; i++) {
        const struct person *person = world->people.items[i];

        if (slice_equal(person->family, family) && slice_equal(person->id, id))
            return person;
    }
    return NULL;
}

/* Each given name asked for must be, in this order, one of the person's; the first is always the first. */
static bool given_names_fit(const struct person *person, const struct identity *identity)
{
    if (identity->given_name_count > person->given_names->members.count)
        return false;
    for (size_t i = 0; i < identity->given_name_count; i++)
        if (!same_text(identity->given_names[i], datum_scalar(person->given_names->members.items[i].value)))
            return false;
    return true;
}

static bool part_fits(unsigned asked, unsigned known)
{
    return asked == 0 || known == 0 || asked == known;
}

static bool birth_fits(struct date asked, struct date known)
{
    return part_fits((unsigned)asked.year, (unsigned)known.year) && part_fits(asked.month, known.month)
           && part_fits(asked.day, known.day);
}

static bool text_fits(struct slice asked, struct slice known)
{
    return asked.length == 0 || known.length == 0 || same_text(asked, known);
}

static bool departement_fits(struct slice asked, struct slice commune)
{
    return asked.length == 0 || commune.length == 0
           || (commune.length >= asked.length && memcmp(asked.bytes, commune.bytes, asked.length) == 0);
}

/* Birth name, year and place weigh most, as at the CNAV; the sex is not compared. */
static bool person_fits(const struct person *person, const struct identity *identity)
{
    return same_text(person->birth_name, identity->birth_name) && given_names_fit(person, identity)
           && birth_fits(identity->birth, person->birth) && text_fits(identity->country, person->country)
           && text_fits(identity->commune, person->commune)
           && text_fits(identity->commune_name, person->commune_name)
           && departement_fits(identity->departement, person->commune);
}

size_t world_find_identity(const struct world *world, const struct identity *identity, const struct person **found)
{
    size_t count = 0;

    *found = NULL;
    for (size_t i = 0; i < world->people.count; i++)
        if (person_fits(world->people.items[i], identity)) {
            if (count++ == 0)
                *found = world->people.items[i];
        }
    return count;
}

const struct person *world_find_key(const struct world *world, enum world_key key, struct slice value)
{
    for (size_t i = 0; i < world->people.count; i++) {
        const struct person *person = world->people.items[i];
        struct slice known = { "", 0 };

        switch (key) {
        case WORLD_FRANCE_TRAVAIL: known = person->france_travail; break;
        case WORLD_INE:            known = person->ine; break;
        case WORLD_SPI:            known = person->spi; break;
        }
        if (known.length && same_text(known, value))
            return person;
    }
    return NULL;
}

const struct dossier *world_find_number(const struct world *world, struct slice number, struct slice postcode)
{
    for (size_t i = 0; i < world->dossiers.count; i++) {
        const struct dossier *dossier = world->dossiers.items[i];

        if (dossier->number.length && slice_equal(dossier->number, number)
            && slice_equal(dossier->postcode, postcode))
            return dossier;
    }
    return NULL;
}
