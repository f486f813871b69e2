/*
 * The world of the bac à sable: fictive people, the dossiers of their caisse, their tax households, read from the
 * YAML files of a folder. Immutable once loaded, so that all threads read it without a lock.
 */
#ifndef SABLE_WORLD_H
#define SABLE_WORLD_H

#include "lang/date.h"
#include "sable_datum.h"

struct dossier;
struct tax_household;

struct person {
    struct slice family, id;             /* "martin", "claire" */
    struct slice birth_name, usage_name, sex;
    const struct datum *given_names;     /* list of texts, at least one */
    struct slice birth_text;             /* as the caisse sends it; may be no date at all */
    struct date birth;                   /* possibly partial */
    struct slice country, commune, commune_name;         /* Insee codes; empty commune: any */
    struct slice france_travail, ine, spi;               /* empty: none */
    const struct datum *sent;            /* `transmis`: fields that the caisses send in another, dirty form; NULL */
    const struct datum *answers;         /* `reponses`: by product; NULL */
    const struct dossier *dossier;       /* the one that this person can ask for; NULL */
    const struct tax_household *household;               /* where this person is a declarant; NULL */
};

struct people {
    const struct person **items;
    size_t count, capacity;
};

struct dossier {
    struct slice provider;               /* CNAF, MSA */
    struct people holders, children;
    const struct datum *address;         /* complete; NULL when unknown */
    const struct datum *quotient;        /* number or null; NULL: the caisse cannot compute it */
    const struct datum *quotients;       /* "2026-10": value, for the months that differ; NULL */
    struct slice computed;               /* "2026-02"; empty: the month asked for */
    const struct datum *eaje;            /* NULL */
    struct slice number, postcode;       /* of the closed route by numéro d'allocataire */
    bool late;                           /* nothing for the current month before its first week-end is over */
};

struct tax_household {
    struct people declarants;
    const struct datum *years;           /* "2025": the flat answer of the DGFiP */
};

struct world {
    struct arena *arena;
    struct { struct person **items; size_t count, capacity; } people;
    struct { struct dossier **items; size_t count, capacity; } dossiers;
    struct { struct tax_household **items; size_t count, capacity; } households;
    struct { const struct datum **items; size_t count, capacity; } roots;       /* one per file, for the tokens */
    struct { const char **items; size_t count, capacity; } files;               /* same order */
    size_t family_count;
};

/* Told of each fault of a fixture; `line` 0: of the whole file or folder. */
struct world_reporter {
    void (*report)(void *context, const char *file, unsigned line, const char *message);
    void *context;
};

/* Reads every *.yaml of the folder, in the order of their names. False after at least one report. */
bool world_load(struct world *world, struct arena *arena, const char *folder, const struct world_reporter *reporter);

/* `reference` is "famille/personne", or "personne" in `family`. */
const struct person *world_person(const struct world *world, struct slice family, struct slice reference);

/* What a request says of a person; empty slices and zeros are not compared. */
struct identity {
    struct slice birth_name;
    struct slice given_names[3];
    size_t given_name_count;
    struct date birth;
    struct slice country, commune, commune_name, departement;
};

/* How many people fit; *found is the first. */
size_t world_find_identity(const struct world *world, const struct identity *identity, const struct person **found);
/* The person whose `field` (identifiant France Travail, INE, SPI) is this text, without case; NULL. */
enum world_key { WORLD_FRANCE_TRAVAIL, WORLD_INE, WORLD_SPI };
const struct person *world_find_key(const struct world *world, enum world_key key, struct slice value);
const struct dossier *world_find_number(const struct world *world, struct slice number, struct slice postcode);

/* Reading of fixtures, for the sections that other modules own. */
struct fixture {
    const struct world *world;
    const char *file;
    const struct world_reporter *reporter;
    bool failed;
};
void fixture_error(struct fixture *fixture, const struct datum *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* `keys` ends with NULL. Reports what is not among them, and that `object` is no mapping. */
bool fixture_check_keys(struct fixture *fixture, const struct datum *object, const char *what,
                        const char *const *keys);
/* A scalar of the mapping; reports its absence when `required`, or that it is no scalar. */
struct slice fixture_text(struct fixture *fixture, const struct datum *object, const char *key, bool required);
/* The list at `key`; NULL when it is not given, or is reported. */
const struct datum *fixture_list(struct fixture *fixture, const struct datum *object, const char *key);

#endif
