/*
 * The world of the bac à sable: reading it from the YAML files of a folder, strictly. A key that is not known, a
 * person that does not exist, a code that the nomenclature lacks are told with their file and line.
 *
 * People come first, in all files, since a dossier may name the child of another family (résidence alternée).
 */
#include "sable_endpoints.h"
#include "sable_errors.h"
#include "sable_faults.h"
#include "sable_world.h"
#include "sable_yaml.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ reports */

void fixture_error(struct fixture *fixture, const struct datum *at, const char *format, ...)
{
    struct strbuf message = strbuf_in(fixture->world->arena);
    va_list args;

    fixture->failed = true;
    va_start(args, format);
    strbuf_vformat(&message, format, args);
    va_end(args);
    fixture->reporter->report(fixture->reporter->context, fixture->file, at ? at->line : 0,
                              message.bytes ? message.bytes : "mémoire insuffisante");
}

static const char *closest_key(struct slice name, const char *const *keys)
{
    const char *best = NULL;
    unsigned best_distance = 4;

    for (; *keys; keys++) {
        unsigned distance = text_distance(name, slice_of(*keys), 3);

        if (distance < best_distance) {
            best_distance = distance;
            best = *keys;
        }
    }
    return best;
}

bool fixture_check_keys(struct fixture *fixture, const struct datum *object, const char *what,
                        const char *const *keys)
{
    if (!object || object->kind != DATUM_OBJECT) {
        fixture_error(fixture, object, "%s : des lignes « clé: valeur » sont attendues ici", what);
        return false;
    }
    for (size_t i = 0; i < object->members.count; i++) {
        const struct datum_member *member = &object->members.items[i];
        const char *closest;

        if (datum_word_is(member->name, keys))
            continue;
        closest = closest_key(member->name, keys);
        fixture_error(fixture, member->value, "%s : clé inconnue « %.*s »%s%s%s", what, SLICE_ARG(member->name),
                      closest ? ", vouliez-vous dire « " : "", closest ? closest : "", closest ? " » ?" : "");
    }
    return true;
}

struct slice fixture_text(struct fixture *fixture, const struct datum *object, const char *key, bool required)
{
    const struct datum *value = datum_get(object, key);

    if (!value || value->kind == DATUM_NULL) {
        if (required)
            fixture_error(fixture, object, "il manque « %s »", key);
        return (struct slice){ "", 0 };
    }
    if (value->kind != DATUM_TEXT && value->kind != DATUM_NUMBER)
        fixture_error(fixture, value, "« %s » doit être un texte", key);
    return datum_scalar(value);
}

const struct datum *fixture_list(struct fixture *fixture, const struct datum *object, const char *key)
{
    const struct datum *value = datum_get(object, key);

    if (value && value->kind != DATUM_LIST) {
        fixture_error(fixture, value, "« %s » doit être une liste", key);
        return NULL;
    }
    return value;
}

/* ------------------------------------------------------------------ answers of a person */

/* The first key of `source` that no mask of the endpoint opens: it could never be sent. */
static const struct datum_member *lost_member(const struct datum *source, const struct datum *kept)
{
    size_t at = 0;

    if (!source || source == kept)
        return NULL;
    for (size_t i = 0; i < source->members.count; i++) {
        const struct datum_member *member = &source->members.items[i], *deeper;
        bool present = kept && at < kept->members.count && slice_equal(kept->members.items[at].name, member->name);

        if (!present)
            return member;
        deeper = lost_member(member->value, kept->members.items[at++].value);
        if (deeper)
            return deeper;
    }
    return NULL;
}

static void check_answer_data(struct fixture *fixture, const struct endpoint *endpoint, const struct datum *data)
{
    const char *paths[MASK_ROWS * MASK_PATHS];
    size_t count = endpoint_paths(endpoint, paths);
    const struct datum_member *lost = lost_member(data, datum_select(fixture->world->arena, data, paths, count));

    if (lost)
        fixture_error(fixture, lost->value, "« %.*s » n'est pas un champ de la réponse de %s", SLICE_ARG(lost->name),
                      endpoint->product);
}

static void check_answer(struct fixture *fixture, const struct endpoint *endpoint, const struct datum *answer)
{
    static const char *const keys[] = { "si", "data", "erreur", "panne", NULL };
    struct slice code = fixture_text(fixture, answer, "erreur", false);
    struct slice fault = fixture_text(fixture, answer, "panne", false);
    struct fault parsed;
    struct api_error error;

    if (!fixture_check_keys(fixture, answer, endpoint->product, keys))
        return;
    if (datum_get(answer, "data"))
        check_answer_data(fixture, endpoint, datum_get(answer, "data"));
    if (code.length && !error_find(code.bytes, &error))
        fixture_error(fixture, datum_get(answer, "erreur"), "code d'erreur inconnu « %.*s »", SLICE_ARG(code));
    if (fault.length && !fault_parse(fault, &parsed))
        fixture_error(fixture, datum_get(answer, "panne"), "panne inconnue « %.*s »", SLICE_ARG(fault));
}

static void check_answers(struct fixture *fixture, const struct datum *answers)
{
    for (size_t i = 0; answers && i < answers->members.count; i++) {
        const struct datum_member *member = &answers->members.items[i];
        const struct endpoint *endpoint = endpoint_of_product(member->name);

        if (!endpoint) {
            fixture_error(fixture, member->value, "produit inconnu « %.*s »", SLICE_ARG(member->name));
        } else if (member->value->kind == DATUM_LIST) {
            for (size_t j = 0; j < member->value->members.count; j++)
                check_answer(fixture, endpoint, member->value->members.items[j].value);
        } else {
            check_answer(fixture, endpoint, member->value);
        }
    }
}

/* ------------------------------------------------------------------ people */

static const char *const person_keys[] = {
    "nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe", "pays_naissance", "commune_naissance",
    "nom_commune_naissance", "identifiant_france_travail", "ine", "spi", "transmis", "reponses", NULL
};

static const struct datum *read_given_names(struct fixture *fixture, const struct datum *source)
{
    const struct datum *names = fixture_list(fixture, source, "prenoms");

    if (names && names->members.count > 0)
        return names;
    fixture_error(fixture, source, "il manque « prenoms », une liste d'au moins un prénom");
    return datum_new(fixture->world->arena, DATUM_LIST);
}

static void read_person_place(struct fixture *fixture, const struct datum *source, struct person *person)
{
    person->country = fixture_text(fixture, source, "pays_naissance", false);
    person->commune = fixture_text(fixture, source, "commune_naissance", false);
    person->commune_name = fixture_text(fixture, source, "nom_commune_naissance", false);
    if (person->country.length == 0)
        person->country = SLICE("99100");
    if (person->country.length != 5)
        fixture_error(fixture, source, "« pays_naissance » est un code Insee de 5 caractères");
    if (person->commune.length != 0 && person->commune.length != 5)
        fixture_error(fixture, source, "« commune_naissance » est un code Insee de 5 caractères");
}

static void read_person(struct fixture *fixture, struct world *world, struct slice family,
                        const struct datum_member *member)
{
    const struct datum *source = member->value;
    struct person *person = arena_new(world->arena, struct person), **place;

    if (!person || !fixture_check_keys(fixture, source, "personne", person_keys))
        return;
    person->family = family;
    person->id = member->name;
    person->birth_name = fixture_text(fixture, source, "nom_naissance", true);
    person->usage_name = fixture_text(fixture, source, "nom_usage", false);
    person->given_names = read_given_names(fixture, source);
    person->sex = fixture_text(fixture, source, "sexe", true);
    person->birth_text = fixture_text(fixture, source, "date_naissance", true);
    if (!date_parse_partial(person->birth_text, &person->birth))
        fixture_error(fixture, datum_get(source, "date_naissance"), "date impossible « %.*s »",
                      SLICE_ARG(person->birth_text));
    read_person_place(fixture, source, person);
    person->france_travail = fixture_text(fixture, source, "identifiant_france_travail", false);
    person->ine = fixture_text(fixture, source, "ine", false);
    person->spi = fixture_text(fixture, source, "spi", false);
    person->sent = datum_get(source, "transmis");
    person->answers = datum_get(source, "reponses");
    check_answers(fixture, person->answers);
    place = arena_push(world->arena, &world->people);     /* NOLINT(bugprone-sizeof-expression): pointers */
    if (place)
        *place = person;
}

static void read_people(struct fixture *fixture, struct world *world, const struct datum *family)
{
    static const char *const keys[] = { "id", "titre", "personnes", "dossiers", "foyers_fiscaux", NULL };
    struct slice id;
    const struct datum *people;

    if (!fixture_check_keys(fixture, family, "famille", keys))
        return;
    id = fixture_text(fixture, family, "id", true);
    fixture_text(fixture, family, "titre", true);
    people = datum_get(family, "personnes");
    if (!people || people->kind != DATUM_OBJECT) {
        fixture_error(fixture, family, "il manque « personnes »");
        return;
    }
    for (size_t i = 0; i < people->members.count; i++) {
        if (world_person(world, id, people->members.items[i].name))
            fixture_error(fixture, people->members.items[i].value, "personne déjà décrite « %.*s/%.*s »",
                          SLICE_ARG(id), SLICE_ARG(people->members.items[i].name));
        read_person(fixture, world, id, &people->members.items[i]);
    }
    world->family_count++;
}

/* ------------------------------------------------------------------ dossiers and tax households */

static void read_references(struct fixture *fixture, const struct datum *source, const char *key, struct slice family,
                            struct people *out)
{
    const struct datum *list = fixture_list(fixture, source, key);

    for (size_t i = 0; list && i < list->members.count; i++) {
        const struct datum *item = list->members.items[i].value;
        const struct person *person = world_person(fixture->world, family, datum_scalar(item)), **place;

        if (!person) {
            fixture_error(fixture, item, "personne inconnue « %.*s »", SLICE_ARG(datum_scalar(item)));
            continue;
        }
        place = arena_push(fixture->world->arena, out);     /* NOLINT(bugprone-sizeof-expression): pointers */
        if (place)
            *place = person;
    }
}

static const struct datum *read_address(struct fixture *fixture, const struct datum *source)
{
    static const char *const keys[] = {
        "destinataire", "complement_information", "complement_information_geographique", "numero_libelle_voie",
        "lieu_dit", "code_postal_ville", "pays", NULL
    };
    struct arena *arena = fixture->world->arena;
    struct datum *address = datum_new(arena, DATUM_OBJECT);

    if (!source || !fixture_check_keys(fixture, source, "adresse", keys))
        return NULL;
    for (size_t i = 0; keys[i]; i++) {
        const struct datum *value = datum_get(source, keys[i]);

        if (!value && strcmp(keys[i], "pays") == 0)
            value = datum_text(arena, SLICE("FRANCE"));
        datum_put(arena, address, slice_of(keys[i]), value ? value : datum_new(arena, DATUM_NULL));
    }
    return address;
}

static const struct datum *read_eaje(struct fixture *fixture, const struct datum *source)
{
    static const char *const keys[] = {
        "base_ressources", "annee_ressources", "enfants_a_charge", "enfants_aeeh", NULL
    };
    const struct datum *eaje = datum_get(source, "eaje");

    if (eaje)
        fixture_check_keys(fixture, eaje, "eaje", keys);
    return eaje;
}

/* The people who can ask for this dossier lead to it. */
static void link_holders(struct fixture *fixture, const struct datum *source, struct world *world,
                         const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->holders.count; i++)
        for (size_t j = 0; j < world->people.count; j++) {
            struct person *person = world->people.items[j];

            if (person != dossier->holders.items[i])
                continue;
            if (person->dossier)
                fixture_error(fixture, source, "« %.*s » a déjà un dossier", SLICE_ARG(person->id));
            person->dossier = dossier;
        }
}

static void read_dossier(struct fixture *fixture, struct world *world, struct slice family,
                         const struct datum *source)
{
    static const char *const keys[] = {
        "caisse", "allocataires", "enfants", "adresse", "quotient", "quotients", "calcule_en", "eaje",
        "numero_allocataire", "code_postal", "attend_premier_week_end", NULL
    };
    struct dossier *dossier = arena_new(world->arena, struct dossier), **place;
    const struct datum *late = datum_get(source, "attend_premier_week_end");

    if (!dossier || !fixture_check_keys(fixture, source, "dossier", keys))
        return;
    dossier->provider = fixture_text(fixture, source, "caisse", true);
    if (!slice_is(dossier->provider, "CNAF") && !slice_is(dossier->provider, "MSA"))
        fixture_error(fixture, source, "« caisse » est CNAF ou MSA");
    read_references(fixture, source, "allocataires", family, &dossier->holders);
    read_references(fixture, source, "enfants", family, &dossier->children);
    if (dossier->holders.count == 0)
        fixture_error(fixture, source, "un dossier a au moins un allocataire");
    dossier->address = read_address(fixture, datum_get(source, "adresse"));
    dossier->quotient = datum_get(source, "quotient");
    dossier->quotients = datum_get(source, "quotients");
    dossier->computed = fixture_text(fixture, source, "calcule_en", false);
    dossier->eaje = read_eaje(fixture, source);
    dossier->number = fixture_text(fixture, source, "numero_allocataire", false);
    dossier->postcode = fixture_text(fixture, source, "code_postal", false);
    dossier->late = late && late->kind == DATUM_BOOLEAN && late->truth;
    link_holders(fixture, source, world, dossier);
    place = arena_push(world->arena, &world->dossiers);     /* NOLINT(bugprone-sizeof-expression): pointers */
    if (place)
        *place = dossier;
}

static void link_declarants(struct world *world, const struct tax_household *household)
{
    for (size_t i = 0; i < household->declarants.count; i++)
        for (size_t j = 0; j < world->people.count; j++)
            if (world->people.items[j] == household->declarants.items[i])
                world->people.items[j]->household = household;
}

static void read_household(struct fixture *fixture, struct world *world, struct slice family,
                           const struct datum *source)
{
    static const char *const keys[] = { "declarants", "annees", NULL };
    struct tax_household *household = arena_new(world->arena, struct tax_household), **place;

    if (!household || !fixture_check_keys(fixture, source, "foyer fiscal", keys))
        return;
    read_references(fixture, source, "declarants", family, &household->declarants);
    household->years = datum_get(source, "annees");
    if (!household->years || household->years->kind != DATUM_OBJECT)
        fixture_error(fixture, source, "il manque « annees »");
    link_declarants(world, household);
    place = arena_push(world->arena, &world->households);     /* NOLINT(bugprone-sizeof-expression): pointers */
    if (place)
        *place = household;
}

static void read_dossiers(struct fixture *fixture, struct world *world, const struct datum *family)
{
    struct slice id = datum_scalar(datum_get(family, "id"));
    const struct datum *dossiers = fixture_list(fixture, family, "dossiers");
    const struct datum *households = fixture_list(fixture, family, "foyers_fiscaux");

    for (size_t i = 0; dossiers && i < dossiers->members.count; i++)
        read_dossier(fixture, world, id, dossiers->members.items[i].value);
    for (size_t i = 0; households && i < households->members.count; i++)
        read_household(fixture, world, id, households->members.items[i].value);
}

/* ------------------------------------------------------------------ the folder */

static int is_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static void read_file(struct world *world, const char *folder, const char *name, struct fixture *fixture)
{
    struct strbuf path = strbuf_in(world->arena), error = strbuf_in(world->arena);
    const struct datum *root, **root_place;
    const char **file_place;
    unsigned line;

    strbuf_format(&path, "%s/%s", folder, name);
    if (!path.bytes)
        return;
    fixture->file = path.bytes;
    root = yaml_read_file(world->arena, path.bytes, &error, &line);
    if (!root) {
        fixture->failed = true;
        fixture->reporter->report(fixture->reporter->context, path.bytes, line,
                                  error.bytes ? error.bytes : "mémoire insuffisante");
        return;
    }
    root_place = arena_push(world->arena, &world->roots);     /* NOLINT(bugprone-sizeof-expression): pointers */
    file_place = arena_push(world->arena, &world->files);     /* NOLINT(bugprone-sizeof-expression): pointers */
    if (root_place && file_place) {
        *root_place = root;
        *file_place = path.bytes;
    }
}

static void read_folder(struct world *world, const char *folder, struct fixture *fixture)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_yaml, alphasort);

    fixture->file = folder;
    if (count < 0)
        fixture_error(fixture, NULL, "le dossier des familles fictives est illisible");
    else if (count == 0)
        fixture_error(fixture, NULL, "aucun fichier .yaml dans ce dossier");
    for (int i = 0; i < count; i++) {
        read_file(world, folder, entries[i]->d_name, fixture);
        free(entries[i]);
    }
    free(entries);
}

/* One pass over the families of all files. */
static void each_family(struct world *world, struct fixture *fixture,
                        void (*visit)(struct fixture *, struct world *, const struct datum *))
{
    for (size_t i = 0; i < world->roots.count; i++) {
        const struct datum *families;

        fixture->file = world->files.items[i];
        families = fixture_list(fixture, world->roots.items[i], "familles");
        for (size_t j = 0; families && j < families->members.count; j++)
            visit(fixture, world, families->members.items[j].value);
    }
}

bool world_load(struct world *world, struct arena *arena, const char *folder, const struct world_reporter *reporter)
{
    static const char *const keys[] = {
        "familles", "jetons", "jetons_france_connect", "clients_france_connect", "clients_dgfip", NULL
    };
    struct fixture fixture = { .world = world, .reporter = reporter };

    *world = (struct world){ .arena = arena };
    read_folder(world, folder, &fixture);
    for (size_t i = 0; i < world->roots.count; i++) {
        fixture.file = world->files.items[i];
        fixture_check_keys(&fixture, world->roots.items[i], "fichier", keys);
    }
    each_family(world, &fixture, read_people);
    if (!fixture.failed)
        each_family(world, &fixture, read_dossiers);
    if (arena->exhausted)
        fixture_error(&fixture, NULL, "mémoire insuffisante");
    return !fixture.failed;
}
