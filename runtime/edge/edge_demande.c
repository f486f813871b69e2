/*
 * Demandes: reading who the family is and what it answered. The keys are listed in README.md, « Demande ».
 */
#include "edge_demande.h"
#include "edge_check.h"
#include "edge_fields.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ one person */

static const char *const edge_subject_keys[] = {
    "nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe", "pays_naissance", "commune_naissance",
    "nom_commune_naissance", "departement_naissance", "numero_allocataire", "code_postal",
    "identifiant_france_travail", "ine", "spi", "jeton_france_connect", "annee_scolaire", "code_etablissement",
    "degre_etablissement", "codes_departements", "codes_regions", NULL
};

static bool edge_is_allocataire(struct slice text)
{
    return edge_check_token(text, 15);
}

static bool edge_is_identifier(struct slice text)
{
    return edge_check_token(text, 100);
}

static bool edge_is_postcode(struct slice text)
{
    return edge_check_digits(text, 5, 5);
}

static bool edge_is_spi(struct slice text)
{
    return edge_check_digits(text, 13, 13);
}

static bool edge_is_bcn(struct slice text)
{
    return edge_check_token(text, 3);
}

static bool edge_is_france_connect(struct slice text)
{
    return edge_check_token(text, 4096);
}

/* "2026", or "2026-2027": two years in a row. */
static bool edge_is_school_year(struct slice text)
{
    const bool pair = text.length == 9 && text.bytes[4] == '-';
    const struct slice first = { text.bytes, pair ? 4 : text.length };
    const struct slice second = { text.bytes + text.length - first.length, first.length };
    int64_t from, to;
    return edge_read_digits(first, 4, 4, &from) && edge_read_digits(second, 4, 4, &to) && to == from + pair;
}

static bool edge_is_degree(struct slice text)
{
    return slice_is(text, "1D") || slice_is(text, "2D");
}

/* Fields that are one checked text. */
static const struct {
    const char *name;
    size_t offset;                  /* of the text in struct edge_subject */
    bool (*check)(struct slice);
    const char *expected;
} edge_subject_texts[] = {
    { "pays_naissance", offsetof(struct edge_subject, pays), edge_check_pays,
      "le code Insee du pays est attendu, entre guillemets, comme \"99100\" (France)" },
    { "commune_naissance", offsetof(struct edge_subject, commune), edge_check_commune,
      "le code Insee de la commune à la naissance est attendu, entre guillemets, comme \"75113\" "
      "(ce n'est pas un code postal)" },
    { "departement_naissance", offsetof(struct edge_subject, departement), edge_check_departement,
      "le code du département est attendu, entre guillemets, comme \"75\", \"2A\" ou \"974\"" },
    { "numero_allocataire", offsetof(struct edge_subject, numero_allocataire), edge_is_allocataire,
      "le numéro d'allocataire est attendu, entre guillemets" },
    { "code_postal", offsetof(struct edge_subject, code_postal), edge_is_postcode,
      "un code postal de cinq chiffres est attendu, entre guillemets" },
    { "identifiant_france_travail", offsetof(struct edge_subject, identifiant_france_travail), edge_is_identifier,
      "l'identifiant choisi sur francetravail.fr est attendu" },
    { "ine", offsetof(struct edge_subject, ine), edge_check_ine,
      "un INE de onze lettres et chiffres est attendu, entre guillemets" },
    { "spi", offsetof(struct edge_subject, spi), edge_is_spi,
      "un numéro fiscal de treize chiffres est attendu, entre guillemets" },
    { "annee_scolaire", offsetof(struct edge_subject, annee_scolaire), edge_is_school_year,
      "une année scolaire est attendue, entre guillemets, comme \"2026-2027\" ou \"2026\"" },
    { "code_etablissement", offsetof(struct edge_subject, code_etablissement), edge_check_uai,
      "le code UAI de l'établissement est attendu : sept chiffres et une lettre" },
    { "degre_etablissement", offsetof(struct edge_subject, degre_etablissement), edge_is_degree,
      "« 1D » (premier degré) ou « 2D » (second degré) est attendu" },
};

/* The curly apostrophe of word processors becomes the one that the APIs take. */
static const char *edge_plain_name(struct arena *arena, const char *name)
{
    struct strbuf out = strbuf_in(arena);
    for (const char *quote; (quote = strstr(name, "\xE2\x80\x99")) != NULL; name = quote + 3) {
        strbuf_bytes(&out, name, (size_t)(quote - name));
        strbuf_char(&out, '\'');
    }
    strbuf_text(&out, name);
    return out.bytes;
}

#define EDGE_NAME_EXPECTED "des lettres, accents, espaces, apostrophes et traits d'union sont attendus"

static const char *edge_subject_name(const struct edge_fields *fields, const char *name)
{
    const char *text = edge_field_text(fields, name, EDGE_NAME_EXPECTED);
    const char *plain = text ? edge_plain_name(fields->arena, text) : NULL;
    if (!plain || edge_check_name(slice_of(plain)))
        return plain;
    edge_report(fields->diagnostics, EDGE_FIELD_DOMAIN, edge_field_place(fields, name), NULL,
                "« %s%s » : " EDGE_NAME_EXPECTED, fields->path, name);
    return NULL;
}

#define EDGE_PRENOMS_EXPECTED "un prénom par élément de la liste est attendu, comme [Jeanne, Marie]"

static void edge_subject_add_prenom(const struct edge_fields *fields, struct edge_subject *subject, struct slice text)
{
    const char *copy, *plain;
    text = edge_trim(text);
    copy = arena_copy_text(fields->arena, text.bytes, text.length);
    plain = copy ? edge_plain_name(fields->arena, copy) : NULL;
    if (!plain)
        return;
    if (!edge_check_name(slice_of(plain))) {
        edge_report(fields->diagnostics, EDGE_FIELD_DOMAIN, edge_field_place(fields, "prenoms"), NULL,
                    "« %sprenoms » : " EDGE_NAME_EXPECTED, fields->path);
        return;
    }
    if (subject->prenom_count < EDGE_PRENOMS)
        subject->prenoms[subject->prenom_count++] = plain;
}

/* "Jeanne, Marie" or "Jeanne Marie", as the APIs themselves write given names. */
static void edge_subject_split_prenoms(const struct edge_fields *fields, struct edge_subject *subject,
                                       struct slice text)
{
    const char separator = memchr(text.bytes, ',', text.length) ? ',' : ' ';
    while (text.length > 0) {
        const char *end = memchr(text.bytes, separator, text.length);
        const size_t length = end ? (size_t)(end - text.bytes) : text.length;
        const struct slice part = edge_trim((struct slice){ text.bytes, length });
        if (part.length > 0)
            edge_subject_add_prenom(fields, subject, part);
        text.bytes += length + (end != NULL);
        text.length -= length + (end != NULL);
    }
}

static void edge_subject_prenoms(const struct edge_fields *fields, struct edge_subject *subject)
{
    const delib_value *value = edge_field(fields, "prenoms");
    if (!value)
        return;
    if (value->kind == DELIB_VALUE_TEXT) {
        edge_subject_split_prenoms(fields, subject, edge_trim(slice_of(value->text)));
        return;
    }
    if (value->kind != DELIB_VALUE_LIST || value->count == 0) {
        edge_field_refuse(fields, "prenoms", EDGE_PRENOMS_EXPECTED, NULL);
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (value->items[i].kind == DELIB_VALUE_TEXT) {
            edge_subject_add_prenom(fields, subject, slice_of(value->items[i].text));
        } else {
            edge_field_refuse(fields, "prenoms", EDGE_PRENOMS_EXPECTED, NULL);
            return;
        }
    }
}

static void edge_subject_sexe(const struct edge_fields *fields, struct edge_subject *subject)
{
    static const struct { const char *spelling; char sexe; } spellings[] = {
        { "f", 'F' }, { "féminin", 'F' }, { "femme", 'F' }, { "m", 'M' }, { "masculin", 'M' }, { "homme", 'M' },
    };
    const char *text = edge_field_text(fields, "sexe", "« F » ou « M » est attendu");
    if (!text)
        return;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        if (text_fold_equal(slice_of(text), slice_of(spellings[i].spelling)))
            subject->sexe = spellings[i].sexe;
    }
    if (!subject->sexe)
        edge_field_refuse(fields, "sexe", "« F » ou « M » est attendu", NULL);
}

/* "2026-09-15T10:20:30Z": seconds since 1970. */
static bool edge_parse_instant(struct slice text, int64_t *out)
{
    struct date date;
    int64_t parts[3];
    if (text.length != 20 || text.bytes[10] != 'T' || text.bytes[19] != 'Z' || text.bytes[13] != ':'
        || text.bytes[16] != ':' || !date_parse((struct slice){ text.bytes, 10 }, &date))
        return false;
    for (int i = 0; i < 3; i++) {
        if (!edge_read_digits((struct slice){ text.bytes + 11 + 3 * (size_t)i, 2 }, 2, 2, &parts[i]))
            return false;
    }
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 60)
        return false;
    *out = (int64_t)date_to_days(date) * 86400 + parts[0] * 3600 + parts[1] * 60 + parts[2];
    return true;
}

/* A text, or { valeur, obtenu }: the second lets a late token be told before any call. */
static void edge_subject_france_connect(const struct edge_fields *fields, struct edge_subject *subject)
{
    static const char *const keys[] = { "valeur", "obtenu", NULL };
    static const char expected[] = "le jeton d'accès FranceConnect est attendu, sans espace";
    const delib_value *value = edge_field(fields, "jeton_france_connect");
    struct edge_fields inner;
    const char *obtenu;
    if (!value)
        return;
    if (value->kind != DELIB_VALUE_RECORD) {
        subject->jeton_france_connect =
            edge_field_checked(fields, "jeton_france_connect", edge_is_france_connect, expected);
        return;
    }
    edge_fields_open(&inner, fields, "jeton_france_connect", value);
    edge_fields_check(&inner, keys);
    if (!edge_field(&inner, "valeur"))
        edge_field_missing(&inner, "valeur", expected);
    subject->jeton_france_connect = edge_field_checked(&inner, "valeur", edge_is_france_connect, expected);
    obtenu = edge_field_text(&inner, "obtenu", "l'heure de réception est attendue, comme 2026-09-15T10:20:30Z");
    if (obtenu && !edge_parse_instant(slice_of(obtenu), &subject->jeton_obtenu))
        edge_field_refuse(&inner, "obtenu", "l'heure de réception est attendue, comme 2026-09-15T10:20:30Z", NULL);
}

static size_t edge_subject_codes(const struct edge_fields *fields, const char *name, const char **codes)
{
    static const char expected[] = "une liste de codes entre guillemets est attendue";
    const delib_value *list = edge_field_list(fields, name, expected);
    size_t count = 0;
    for (size_t i = 0; list && i < list->count; i++) {
        const delib_value *item = &list->items[i];
        if (item->kind != DELIB_VALUE_TEXT || !edge_is_bcn(slice_of(item->text)) || count == EDGE_LIST_LIMIT) {
            edge_field_refuse(fields, name, expected, NULL);
            return 0;
        }
        codes[count++] = item->text;
    }
    return count;
}

/* The birth place that the identité pivot needs: a country abroad, or a commune in France. */
static void edge_subject_check_birthplace(const struct edge_fields *fields, struct edge_subject *subject)
{
    const bool has_commune = edge_field(fields, "commune_naissance") || edge_field(fields, "nom_commune_naissance");
    if (!edge_field(fields, "pays_naissance") && has_commune)
        subject->pays = "99100";
    if (subject->pays && strcmp(subject->pays, "99100") != 0 && has_commune)
        edge_field_refuse(fields, "commune_naissance",
                          "pas de commune de naissance pour une naissance hors de France", NULL);
    if (edge_field(fields, "nom_commune_naissance") && !edge_field(fields, "commune_naissance")) {
        if (!edge_field(fields, "departement_naissance"))
            edge_field_missing(fields, "departement_naissance",
                               "il accompagne « nom_commune_naissance », comme \"75\", \"2A\" ou \"974\"");
        if (!edge_field(fields, "date_naissance"))
            edge_field_missing(fields, "date_naissance",
                               "l'année de naissance accompagne « nom_commune_naissance »");
    }
    if (edge_field(fields, "code_etablissement") || edge_field(fields, "annee_scolaire"))
        return;         /* a pupil: the Éducation nationale does not ask where they were born */
    if (!edge_field(fields, "pays_naissance") && !has_commune)
        edge_field_missing(fields, "commune_naissance",
                           "le code Insee de la commune (\"75113\"), ou « pays_naissance » pour une naissance à "
                           "l'étranger");
    else if (subject->pays && strcmp(subject->pays, "99100") == 0 && !has_commune)
        edge_field_missing(fields, "commune_naissance",
                           "le code Insee de la commune à la naissance, comme \"75113\"");
}

/* Once one part of the identité pivot is there, all that every API requires must be. */
static void edge_subject_check_identity(const struct edge_fields *fields, struct edge_subject *subject)
{
    static const char *const parts[] = { "nom_naissance", "prenoms", "sexe", "date_naissance", "pays_naissance",
                                         "commune_naissance", "nom_commune_naissance", "nom_usage" };
    bool begun = false;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        begun = begun || edge_field(fields, parts[i]);
    if (!begun)
        return;
    if (!edge_field(fields, "nom_naissance"))
        edge_field_missing(fields, "nom_naissance", "le nom de naissance (pas le nom d'usage)");
    if (!edge_field(fields, "prenoms"))
        edge_field_missing(fields, "prenoms", "un à trois prénoms, comme [Jeanne, Marie]");
    if (!edge_field(fields, "sexe"))
        edge_field_missing(fields, "sexe", "« F » ou « M »");
    edge_subject_check_birthplace(fields, subject);
}

static void edge_subject_texts_read(const struct edge_fields *fields, struct edge_subject *subject)
{
    for (size_t i = 0; i < sizeof(edge_subject_texts) / sizeof(*edge_subject_texts); i++) {
        const char *text = edge_field_checked(fields, edge_subject_texts[i].name, edge_subject_texts[i].check,
                                              edge_subject_texts[i].expected);
        memcpy((char *)subject + edge_subject_texts[i].offset, &text, sizeof(text));
    }
}

static void edge_subject_read(delib_io_demande *demande, const struct edge_fields *root, const char *name,
                              const delib_value *value)
{
    struct edge_subject *subject = arena_push(&demande->arena, &demande->subjects);
    struct edge_fields fields;
    if (!subject)
        return;
    subject->name = name;
    subject->place = edge_place_of(&demande->tree, value);
    if (!edge_fields_open(&fields, root, name, value))
        return;
    edge_fields_check(&fields, edge_subject_keys);
    edge_subject_texts_read(&fields, subject);
    subject->nom_naissance = edge_subject_name(&fields, "nom_naissance");
    subject->nom_usage = edge_subject_name(&fields, "nom_usage");
    subject->nom_commune = edge_field_text(&fields, "nom_commune_naissance", "le nom de la commune est attendu");
    edge_subject_prenoms(&fields, subject);
    edge_subject_sexe(&fields, subject);
    edge_field_partial_date(&fields, "date_naissance", &subject->naissance);
    edge_subject_france_connect(&fields, subject);
    subject->departement_count = edge_subject_codes(&fields, "codes_departements", subject->codes_departements);
    subject->region_count = edge_subject_codes(&fields, "codes_regions", subject->codes_regions);
    edge_subject_check_identity(&fields, subject);
}

const struct edge_subject *edge_demande_subject(const delib_io_demande *demande, const char *name)
{
    for (size_t i = 0; i < demande->subjects.count; i++) {
        if (text_fold_equal(slice_of(demande->subjects.items[i].name), slice_of(name)))
            return &demande->subjects.items[i];
    }
    return NULL;
}

struct date edge_demande_today(const delib_io_demande *demande, int64_t now)
{
    const char *text = demande->aujourd_hui ? demande->aujourd_hui : demande->date;
    struct date date;
    if (text && date_parse(slice_of(text), &date))
        return date;
    return date_from_days((int32_t)(now / 86400));
}

/* ------------------------------------------------------------------ the whole */

static const char *const edge_demande_subjects[] = { "demandeur", "conjoint", "autre_parent", "enfant", NULL };
static const char *const edge_demande_keys[] = {"tarif",    "date",         "aujourd_hui", "explication", "demandeur",
                                                "conjoint", "autre_parent", "enfant",      "personnes",   "entrees",
                                                "provenances", NULL};

static void edge_demande_persons(delib_io_demande *demande, const struct edge_fields *root)
{
    const delib_value *others = edge_field(root, "personnes");
    struct edge_fields fields;
    for (size_t i = 0; edge_demande_subjects[i]; i++) {
        const delib_value *value = edge_field(root, edge_demande_subjects[i]);
        if (value)
            edge_subject_read(demande, root, edge_demande_subjects[i], value);
    }
    if (!others || !edge_fields_open(&fields, root, "personnes", others))
        return;
    for (size_t i = 0; i < others->count; i++) {
        if (edge_demande_subject(demande, others->names[i]))
            edge_report(root->diagnostics, EDGE_TEXT_DUPLICATE, edge_key_place(root->tree, others, i), NULL,
                        "« personnes.%s » est déjà donné", edge_shown(root->arena, others->names[i]));
        else if (others->items[i].kind != DELIB_VALUE_ABSENT)
            edge_subject_read(demande, &fields, others->names[i], &others->items[i]);
    }
}

static void edge_demande_entrees(delib_io_demande *demande, const struct edge_fields *root)
{
    const delib_value *entrees = edge_field(root, "entrees");
    struct edge_fields fields;
    if (!entrees || !edge_fields_open(&fields, root, "entrees", entrees))
        return;
    demande->entrees = entrees;
    for (size_t i = 1; i < entrees->count && i < 1000; i++) {
        for (size_t j = 0; j < i; j++) {
            if (text_fold_equal(slice_of(entrees->names[i]), slice_of(entrees->names[j])))
                edge_report(root->diagnostics, EDGE_TEXT_DUPLICATE, edge_key_place(root->tree, entrees, i),
                            "gardez une seule des deux", "« entrees.%s » est déjà donné à la ligne %u",
                            edge_shown(root->arena, entrees->names[i]), edge_key_place(root->tree, entrees, j).line);
        }
    }
}

/* The value of that name, as names are compared in a délibération; NULL. */
static const delib_value *edge_named(const delib_value *record, const char *name)
{
    for (size_t i = 0; record && i < record->count; i++) {
        if (text_fold_equal(slice_of(record->names[i]), slice_of(name)))
            return &record->items[i];
    }
    return NULL;
}

const char *edge_demande_origin(const delib_io_demande *demande, const char *name)
{
    const delib_value *origin = edge_named(demande->provenances, name);
    return origin ? origin->text : NULL;
}

/* The core says which provenances there are; here, that each is the text of a value that is given. */
static void edge_demande_provenances(delib_io_demande *demande, const struct edge_fields *root)
{
    const delib_value *provenances = edge_field(root, "provenances");
    struct edge_fields fields;
    if (!provenances || !edge_fields_open(&fields, root, "provenances", provenances))
        return;
    for (size_t i = 0; i < provenances->count; i++) {
        const char *name = provenances->names[i];
        if (provenances->items[i].kind != DELIB_VALUE_TEXT)
            edge_field_refuse(&fields, name, "une provenance est attendue, comme « déclaration » ou « hôte.communale »",
                              NULL);
        else if (!edge_named(demande->entrees, name))
            edge_report(root->diagnostics, EDGE_FIELD_DOMAIN, edge_key_place(root->tree, provenances, i), NULL,
                        "« provenances.%s » : « entrees » ne donne pas cette valeur", edge_shown(root->arena, name));
    }
    demande->provenances = provenances;
}

/* « explication: false »: neither steps nor data are wanted. */
static void edge_demande_explication(delib_io_demande *demande, const struct edge_fields *root)
{
    bool wanted = true;
    edge_field_boolean(root, "explication", &wanted);
    demande->unexplained = !wanted;
}

static void edge_demande_build(delib_io_demande *demande)
{
    struct edge_fields none = { .tree = &demande->tree, .diagnostics = &demande->diagnostics,
                                .arena = &demande->arena, .path = "" };
    struct edge_fields root;
    struct date date;
    if (demande->diagnostics.count > 0 || demande->arena.exhausted)
        return;
    if (!edge_fields_open(&root, &none, NULL, &demande->tree.root))
        return;
    edge_fields_check(&root, edge_demande_keys);
    demande->tarif = edge_field_text(&root, "tarif", "le nom d'un tarif est attendu");
    if (edge_field_date(&root, "date", &date))
        demande->date = edge_date_iso(&demande->arena, date);
    if (edge_field_date(&root, "aujourd_hui", &date))
        demande->aujourd_hui = edge_date_iso(&demande->arena, date);
    edge_demande_explication(demande, &root);
    edge_demande_persons(demande, &root);
    edge_demande_entrees(demande, &root);
    edge_demande_provenances(demande, &root);
}

static delib_io_demande *edge_demande_new(const char *name)
{
    static const delib_io_limits limits = { sizeof(delib_io_limits), (size_t)8 << 20, 100000, 0 };
    delib_io_demande *demande = calloc(1, sizeof(*demande));
    if (!demande)
        return NULL;
    edge_tree_open(&demande->tree, &demande->arena, &demande->diagnostics, name, &limits);
    return demande;
}

static delib_status edge_demande_done(delib_io_demande *demande, delib_io_demande **out)
{
    const delib_status status = edge_status(&demande->arena, &demande->diagnostics);
    if (status == DELIB_NO_MEMORY) {
        delib_io_demande_free(demande);
        return status;
    }
    edge_diagnostics_sort(&demande->diagnostics);
    *out = demande;
    return status;
}

delib_status delib_io_demande_read(const char *name, const char *bytes, size_t length, delib_io_format format,
                                   delib_io_demande **out)
{
    delib_io_demande *demande;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!edge_is_text(bytes, length))
        return DELIB_MISUSE;
    demande = edge_demande_new(name);
    if (!demande)
        return DELIB_NO_MEMORY;
    edge_read(&demande->tree, (struct slice){ bytes, length }, format);
    edge_demande_build(demande);
    return edge_demande_done(demande, out);
}

delib_status delib_io_demande_from(const char *name, const delib_value *value, delib_io_demande **out)
{
    delib_io_demande *demande;
    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!value || !value_is_sound(value, EDGE_DEPTH_LIMIT))
        return DELIB_MISUSE;
    demande = edge_demande_new(name);
    if (!demande)
        return DELIB_NO_MEMORY;
    demande->tree.root = edge_value_copy(&demande->arena, value);
    edge_demande_build(demande);
    return edge_demande_done(demande, out);
}

void delib_io_demande_free(delib_io_demande *demande)
{
    if (!demande)
        return;
    arena_release(&demande->arena);
    free(demande);
}

const char *delib_io_demande_tarif(const delib_io_demande *demande)
{
    return demande ? demande->tarif : NULL;
}

const char *delib_io_demande_date(const delib_io_demande *demande)
{
    return demande ? demande->date : NULL;
}

const char *delib_io_demande_aujourd_hui(const delib_io_demande *demande)
{
    return demande ? demande->aujourd_hui : NULL;
}

int delib_io_demande_explication(const delib_io_demande *demande)
{
    return demande && !demande->unexplained;
}

delib_status delib_io_demande_at(delib_io_demande *demande, const char *date, const char *aujourd_hui)
{
    struct date of_service = { 0 }, today = { 0 };
    if (!demande)
        return DELIB_MISUSE;
    if ((date && !date_parse(slice_of(date), &of_service))
        || (aujourd_hui && !date_parse(slice_of(aujourd_hui), &today)))
        return DELIB_INVALID;
    if (date)
        demande->date = edge_date_iso(&demande->arena, of_service);
    if (aujourd_hui)
        demande->aujourd_hui = edge_date_iso(&demande->arena, today);
    return demande->arena.exhausted ? DELIB_NO_MEMORY : DELIB_OK;
}

size_t delib_io_demande_entree_count(const delib_io_demande *demande)
{
    return demande && demande->entrees ? demande->entrees->count : 0;
}

const char *delib_io_demande_entree_name(const delib_io_demande *demande, size_t index)
{
    return index < delib_io_demande_entree_count(demande) ? demande->entrees->names[index] : NULL;
}

const delib_value *delib_io_demande_entree_value(const delib_io_demande *demande, size_t index)
{
    return index < delib_io_demande_entree_count(demande) ? &demande->entrees->items[index] : NULL;
}

size_t delib_io_demande_diagnostic_count(const delib_io_demande *demande)
{
    return demande ? demande->diagnostics.count : 0;
}

delib_status delib_io_demande_diagnostic(const delib_io_demande *demande, size_t index, delib_diagnostic *out)
{
    return demande ? edge_diagnostic_get(&demande->diagnostics, index, out) : DELIB_MISUSE;
}
