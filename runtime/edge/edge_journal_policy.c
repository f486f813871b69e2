/*
 * The written policy of a journal, J.politique.yaml: how each personal field is kept, who can read it again, who
 * signs, how long each finalité is kept. runtime/edge/README.md, « Journal », has an example.
 */
#include "edge_fields.h"
#include "edge_journal.h"

#include <errno.h>
#include <string.h>

static const char *const edge_treatments[] = {
    [EDGE_KEPT] = "clair", [EDGE_PSEUDONYMISED] = "pseudonyme", [EDGE_ENCRYPTED] = "chiffre", NULL,
};

/* ------------------------------------------------------------------ fields */

static enum edge_treatment edge_policy_word(const struct edge_fields *fields, const char *name,
                                            enum edge_treatment otherwise)
{
    const char *text = edge_field_text(fields, name, "« clair », « pseudonyme » ou « chiffré » est attendu");
    if (!text)
        return otherwise;
    for (int i = 0; edge_treatments[i]; i++) {
        if (text_fold_equal(slice_of(text), slice_of(edge_treatments[i])))
            return (enum edge_treatment)i;
    }
    edge_field_refuse(fields, name, "« clair », « pseudonyme » ou « chiffré » est attendu",
                      edge_suggestion(fields->arena, text, edge_treatments));
    return EDGE_ENCRYPTED;
}

static void edge_policy_data(const struct edge_fields *parent, struct edge_policy *policy)
{
    const delib_value *value = edge_field(parent, "donnees");
    struct edge_fields fields;
    if (!value || !edge_fields_open(&fields, parent, "donnees", value))
        return;
    policy->others = edge_policy_word(&fields, "par_defaut", EDGE_KEPT);
    for (size_t i = 0; i < value->count; i++) {
        if (text_fold_equal(slice_of(value->names[i]), SLICE("par_defaut")))
            continue;
        if (!arena_push(parent->arena, &policy->data))
            return;
        policy->data.items[policy->data.count - 1].name = value->names[i];
        policy->data.items[policy->data.count - 1].treatment =
            edge_policy_word(&fields, value->names[i], policy->others);
    }
}

/* « 5 ans », « 18 mois » */
static int64_t edge_policy_months(const char *text)
{
    const struct slice whole = slice_of(text);
    int64_t count = 0;
    size_t i = 0;
    for (; i < whole.length && i < 3 && text[i] >= '0' && text[i] <= '9'; i++)
        count = 10 * count + (text[i] - '0');
    if (i == 0 || i == whole.length || text[i] != ' ')
        return 0;
    text += i + 1;
    if (strcmp(text, "mois") == 0)
        return count;
    return strcmp(text, "ans") == 0 || strcmp(text, "an") == 0 ? 12 * count : 0;
}

static void edge_policy_retentions(const struct edge_fields *parent, struct edge_policy *policy)
{
    const delib_value *value = edge_field(parent, "conservation");
    struct edge_fields fields;
    if (!value || !edge_fields_open(&fields, parent, "conservation", value))
        return;
    for (size_t i = 0; i < value->count; i++) {
        const char *text = edge_field_text(&fields, value->names[i], "une durée est attendue, par exemple « 5 ans »");
        const struct edge_retention kept = { value->names[i], text ? edge_policy_months(text) : 0 };
        struct edge_retention *item = text ? arena_push(parent->arena, &policy->retentions) : NULL;
        if (text && kept.months == 0)
            edge_field_refuse(&fields, value->names[i], "une durée en ans ou en mois est attendue",
                              "écrivez « 5 ans » ou « 18 mois »");
        if (item)
            *item = kept;
    }
}

static void edge_policy_box(const struct edge_fields *parent, struct edge_policy *policy)
{
    static const char *const keys[] = { "cle_publique", NULL };
    static const char expected[] = "une clé « delib-chiffrement-publique:… » est attendue";
    const delib_value *value = edge_field(parent, "chiffrement");
    struct edge_keys read = { { { false, { 0 } } } };
    enum edge_key_kind kind = EDGE_KEY_KINDS;
    struct edge_fields fields;
    if (!value || !edge_fields_open(&fields, parent, "chiffrement", value))
        return;
    edge_fields_check(&fields, keys);
    policy->box_public = edge_field_text(&fields, "cle_publique", expected);
    if (!policy->box_public)
        edge_field_missing(&fields, "cle_publique", expected);
    else if (!edge_key_read(&read, policy->box_public, &kind) || kind != EDGE_KEY_BOX_PUBLIC)
        edge_field_refuse(&fields, "cle_publique", expected,
                          kind == EDGE_KEY_BOX ? "c'est la clé privée : ne l'écrivez nulle part" : NULL);
}

static void edge_policy_secret(const struct edge_fields *parent, const char *name, const char *key,
                               struct edge_secret *out)
{
    const char *const keys[] = { key, NULL };
    const delib_value *value = edge_field(parent, name);
    struct edge_fields fields;
    if (!value || !edge_fields_open(&fields, parent, name, value))
        return;
    edge_fields_check(&fields, keys);
    edge_secret_field(&fields, key, out);
}

/* A treatment without its key would be a promise that is not kept. */
static void edge_policy_coherence(const struct edge_fields *fields, const struct edge_policy *policy)
{
    bool used[] = { [EDGE_KEPT] = false, [EDGE_PSEUDONYMISED] = false, [EDGE_ENCRYPTED] = false };
    used[policy->others] = used[policy->result] = used[policy->reference] = true;
    for (size_t i = 0; i < policy->data.count; i++)
        used[policy->data.items[i].treatment] = true;
    if (used[EDGE_ENCRYPTED] && !edge_field(fields, "chiffrement"))
        edge_field_missing(fields, "chiffrement",
                           "des données sont chiffrées : il faut dire pour quelle clé publique");
    if (used[EDGE_PSEUDONYMISED] && !edge_field(fields, "pseudonymes"))
        edge_field_missing(fields, "pseudonymes", "des données sont pseudonymisées : il faut dire où est la clé");
}

static void edge_policy_build(struct edge_tree *tree, struct edge_policy *policy)
{
    static const char *const keys[] = { "donnees", "resultat", "reference", "chiffrement", "pseudonymes", "signature",
                                        "conservation", NULL };
    const struct edge_fields root = { tree, tree->diagnostics, tree->arena, NULL, "" };
    struct edge_fields fields;
    if (tree->diagnostics->count > 0 || !edge_fields_open(&fields, &root, NULL, &tree->root))
        return;
    edge_fields_check(&fields, keys);
    edge_policy_data(&fields, policy);
    policy->result = edge_policy_word(&fields, "resultat", policy->others);
    policy->reference = edge_policy_word(&fields, "reference", policy->others);
    edge_policy_box(&fields, policy);
    edge_policy_secret(&fields, "pseudonymes", "cle", &policy->pseudonym);
    edge_policy_secret(&fields, "signature", "cle", &policy->signing);
    edge_policy_retentions(&fields, policy);
    edge_policy_coherence(&fields, policy);
}

/* ------------------------------------------------------------------ the file */

bool edge_policy_open(struct arena *arena, struct edge_diagnostics *diagnostics,
                      const struct edge_journal_paths *paths, struct edge_policy **out)
{
    struct edge_policy *policy = arena_new(arena, struct edge_policy);
    struct edge_tree *tree = arena_new(arena, struct edge_tree);
    struct edge_diagnostics *own = arena_new(arena, struct edge_diagnostics);
    int error;
    *out = NULL;
    if (!policy || !tree || !own)
        return false;
    error = edge_journal_read_file(arena, paths->policy, (size_t)1 << 20, &policy->text);
    /* Nothing can have that name: what is wrong with it is told of the journal. */
    if (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG)
        return false;
    *out = policy;
    if (error) {
        edge_report(diagnostics, EDGE_JOURNAL_POLICY, (struct edge_place){ 0, 0 }, NULL,
                    "la politique du journal ne peut pas être lue : %s", edge_journal_reason(error));
        return false;
    }
    edge_fingerprint(policy->text, policy->hash);
    edge_diagnostics_init(own, arena, paths->policy);
    policy->told = own;
    edge_tree_init(tree, arena, own, NULL);
    edge_read(tree, policy->text, DELIB_IO_YAML);
    edge_policy_build(tree, policy);
    for (size_t i = 0; i < own->count; i++)
        edge_diagnostics_take(diagnostics, &own->items[i]);
    return own->count == 0;
}

static bool edge_policy_fetch(const struct edge_secret *secret, enum edge_key_kind wanted,
                              struct edge_diagnostics *diagnostics, struct edge_keys *keys)
{
    enum edge_key_kind kind = EDGE_KEY_KINDS;
    char *text = NULL;
    enum edge_secret_status status;
    if (!edge_secret_is_given(secret))
        return true;
    status = edge_secret_fetch(secret, &text);
    edge_secret_tell(diagnostics, secret, status);
    if (status == EDGE_SECRET_OK && (!edge_key_read(keys, text, &kind) || kind != wanted)) {
        edge_report(diagnostics, EDGE_JOURNAL_KEY, secret->place,
                    "« delib journal cles » fabrique les clés d'un journal",
                    "« %s » n'est pas une clé privée %s", secret->file ? secret->file : secret->variable,
                    wanted == EDGE_KEY_SIGNING ? "de signature" : "de pseudonymes");
        status = EDGE_SECRET_MALFORMED;
    }
    edge_secret_free(text);
    return status == EDGE_SECRET_OK;
}

bool edge_policy_keys(const struct edge_policy *policy, struct edge_diagnostics *diagnostics, struct edge_keys *keys)
{
    const size_t before = policy->told->count;
    enum edge_key_kind kind;
    const bool box = !policy->box_public || edge_key_read(keys, policy->box_public, &kind);
    const bool pseudonym = edge_policy_fetch(&policy->pseudonym, EDGE_KEY_PSEUDONYM, policy->told, keys);
    const bool signing = edge_policy_fetch(&policy->signing, EDGE_KEY_SIGNING, policy->told, keys);
    for (size_t i = before; i < policy->told->count; i++)
        edge_diagnostics_take(diagnostics, &policy->told->items[i]);
    return box && pseudonym && signing;
}

/* ------------------------------------------------------------------ questions */

enum edge_treatment edge_policy_treatment(const struct edge_policy *policy, const char *name)
{
    for (size_t i = 0; policy && i < policy->data.count; i++) {
        if (text_fold_equal(slice_of(policy->data.items[i].name), slice_of(name)))
            return policy->data.items[i].treatment;
    }
    return policy ? policy->others : EDGE_KEPT;
}

int64_t edge_policy_retention(const struct edge_policy *policy, const char *finalite)
{
    int64_t others = 0;
    for (size_t i = 0; i < policy->retentions.count; i++) {
        const struct edge_retention *kept = &policy->retentions.items[i];
        if (text_fold_equal(slice_of(kept->finalite), slice_of(finalite ? finalite : "sans_finalite")))
            return kept->months;
        if (text_fold_equal(slice_of(kept->finalite), SLICE("par_defaut")))
            others = kept->months;
    }
    return others;
}
