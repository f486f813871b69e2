/*
 * The endpoints of API Particulier that the bac à sable serves.
 *
 * Sources of the rows: the OpenAPI of datagouv/apistration (b96c721), its list of scopes (authorizations.yml,
 * 11c571a) and its list of errors (errors_particulier.yml, 144083e). Scopes of the fiche of each product are in
 * `origin`.
 */
#include "sable_endpoints.h"

#include <string.h>

#define IDENTITE_FC (MODALITY_IDENTITE | MODALITY_FRANCE_CONNECT)

#define CNOUS_MASKS \
    { "cnous_statut_boursier", { "statut_boursier" } }, \
    { "cnous_echelon_bourse", { "echelon_bourse.echelon" } }, \
    { "cnous_statut_bourse", { "echelon_bourse.echelon_bourse_regionale_provisoire" } }, \
    { "cnous_email", { "email" } }, \
    { "cnous_periode_versement", { "periode_versement_bourse" } }, \
    { "cnous_ville_etudes", { "etablissement_etudes" } }, \
    { "cnous_identite", { "identite" } }

#define MEN_MASKS \
    { "men_statut_identite", { "identite" } }, \
    { "men_statut_scolarite", { "annee_scolaire", "est_scolarise", "statut_eleve" } }, \
    { "men_statut_etablissement", { "etablissement" } }, \
    { "men_statut_module_elementaire_formation", { "module_elementaire_formation" } }, \
    { "men_statut_boursier", { "est_boursier" } }, \
    { "men_echelon_bourse", { "echelon_bourse" } }

static const struct endpoint endpoints[] = {
    { .product = "quotient_familial", .version = 3, .path = "dss/quotient_familial", .modalities = IDENTITE_FC,
      .identity = IDENTITY_DSS, .has_period = true, .record = RECORD_QUOTIENT,
      .provider = "35", .unknown_person = "35560", .not_found = "35003", .cache_s = 24 * 3600,
      .masks = { { "cnaf_quotient_familial", { "quotient_familial" } },
                 { "cnaf_allocataires", { "allocataires" } },
                 { "cnaf_enfants", { "enfants" } },
                 { "cnaf_adresse", { "adresse" } } },
      .origin = "cnaf_msa_quotient_familial.yml 01b9502" },

    { .product = "participation_familiale_eaje", .version = 3, .path = "dss/participation_familiale_eaje",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_EAJE,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "cnav_participation_familiale_eaje_allocataires", { "allocataires" } },
                 { "cnav_participation_familiale_eaje_enfants", { "enfants" } },
                 { "cnav_participation_familiale_eaje_adresse", { "adresse" } },
                 { "cnav_participation_familiale_eaje_parametres_calcul",
                   { "parametres_calcul_participation_familiale" } } },
      .origin = "cnaf_msa_prestation_de_service_unique.yml 174e822" },

    { .product = "revenu_solidarite_active", .version = 3, .path = "dss/revenu_solidarite_active",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "revenu_solidarite_active", { "est_beneficiaire", "date_debut_droit" } },
                 { "revenu_solidarite_active_majoration", { "avec_majoration" } } },
      .no_right = "est_beneficiaire=false avec_majoration=null date_debut_droit=null",
      .origin = "OpenAPI b96c721" },

    { .product = "prime_activite", .version = 3, .path = "dss/prime_activite",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "prime_activite", { "est_beneficiaire", "date_debut_droit" } },
                 { "prime_activite_majoration", { "avec_majoration" } } },
      .no_right = "est_beneficiaire=false avec_majoration=null date_debut_droit=null",
      .origin = "OpenAPI b96c721" },

    { .product = "allocation_adulte_handicape", .version = 3, .path = "dss/allocation_adulte_handicape",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "allocation_adulte_handicape", { "est_beneficiaire", "date_debut_droit" } } },
      .no_right = "est_beneficiaire=false date_debut_droit=null",
      .origin = "OpenAPI b96c721" },

    { .product = "allocation_enfant_handicape", .version = 3, .path = "dss/allocation_enfant_handicape",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "cnav_allocation_enfant_handicape", { "status", "date_debut_droit" } } },
      .no_right = "status=non_beneficiaire date_debut_droit=null",
      .origin = "cnaf_msa_allocation_education_enfant_handicape.yml b96c721" },

    { .product = "allocation_soutien_familial", .version = 3, .path = "dss/allocation_soutien_familial",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "allocation_soutien_familial", { "est_beneficiaire", "date_debut_droit" } } },
      .no_right = "est_beneficiaire=false date_debut_droit=null",
      .origin = "OpenAPI b96c721" },

    { .product = "allocation_rentree_scolaire", .version = 3, .path = "dss/allocation_rentree_scolaire",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "36003", .cache_s = 3600,
      .masks = { { "cnav_allocation_rentree_scolaire", { "status", "date_debut_droit" } } },
      .no_right = "status=non_beneficiaire date_debut_droit=null",
      .origin = "cnav_allocation_rentree_scolaire.yml 53a2350" },

    { .product = "complementaire_sante_solidaire", .version = 3, .path = "dss/complementaire_sante_solidaire",
      .modalities = IDENTITE_FC, .identity = IDENTITY_DSS, .record = RECORD_BENEFIT,
      .provider = "36", .unknown_person = "36560", .not_found = "40003", .cache_s = 3600,
      .masks = { { "complementaire_sante_solidaire",
                   { "est_beneficiaire", "avec_participation", "date_debut_droit" } } },
      .no_right = "est_beneficiaire=false avec_participation=false date_debut_droit=null",
      .origin = "OpenAPI b96c721; avec_participation false rather than null, as the server does" },

    { .product = "france_travail_statut", .version = 3, .path = "france_travail/statut",
      .modalities = MODALITY_IDENTIFIANT, .record = RECORD_ANSWER, .provider = "24", .not_found = "24003",
      .masks = { { "pole_emploi_identifiant", { "identifiant" } },
                 { "pole_emploi_identite", { "identite" } },
                 { "pole_emploi_contact", { "contact" } },
                 { "pole_emploi_adresse", { "adresse" } },
                 { "pole_emploi_inscription", { "inscription" } } },
      .origin = "OpenAPI b96c721" },

    { .product = "france_travail_indemnites", .version = 3, .path = "france_travail/indemnites",
      .modalities = MODALITY_IDENTIFIANT, .record = RECORD_ANSWER, .provider = "24", .not_found = "24003",
      .masks = { { "pole_emploi_paiements", { "paiements" } },
                 { "pole_emploi_identifiant", { "identifiant" } } },
      .origin = "OpenAPI b96c721" },

    { .product = "etudiant_boursier", .version = 5, .path = "cnous/etudiant_boursier",
      .modalities = IDENTITE_FC | MODALITY_INE, .identity = IDENTITY_CNOUS, .record = RECORD_ANSWER,
      .provider = "26", .not_found = "26003", .hidden_from_france_connect = "identite",
      .masks = { CNOUS_MASKS, { "cnous_ine", { "ine" } } },
      .origin = "cnous_student_scholarship.yml 144083e" },

    { .product = "etudiant_boursier", .version = 4, .path = "cnous/etudiant_boursier",
      .modalities = IDENTITE_FC | MODALITY_INE, .identity = IDENTITY_CNOUS, .record = RECORD_ANSWER,
      .provider = "26", .not_found = "26003", .hidden_from_france_connect = "identite",
      .masks = { CNOUS_MASKS },
      .origin = "OpenAPI b96c721, deprecated" },

    { .product = "scolarites", .version = 5, .path = "men/scolarites",
      .modalities = MODALITY_IDENTITE, .identity = IDENTITY_MEN, .record = RECORD_ANSWER,
      .provider = "30", .not_found = "30003",
      .masks = { MEN_MASKS, { "men_regime_pensionnat", { "regime_pensionnat" } } },
      .origin = "education_nationale_statut_eleve.yml 0483783" },

    { .product = "scolarites", .version = 4, .path = "men/scolarites",
      .modalities = MODALITY_IDENTITE, .identity = IDENTITY_MEN, .record = RECORD_ANSWER,
      .provider = "30", .not_found = "30003",
      .masks = { MEN_MASKS },
      .origin = "OpenAPI b96c721, deprecated" },

    { .product = "statut_etudiant", .version = 3, .path = "mesri/statut_etudiant",
      .modalities = IDENTITE_FC | MODALITY_INE, .identity = IDENTITY_MESRI, .record = RECORD_ANSWER,
      .provider = "25", .not_found = "25003", .hidden_from_france_connect = "identite",
      .masks = { { "mesri_identite", { "identite" } },
                 { "mesri_admissions", { "admissions.date_debut", "admissions.date_fin" } },
                 { "mesri_admission_inscrit", { "admissions.est_inscrit" } },
                 { "mesri_admission_regime_formation", { "admissions.regime_formation" } },
                 { "mesri_admission_commune_etudes", { "admissions.code_cog_insee_commune" } },
                 { "mesri_admission_etablissement_etudes", { "admissions.etablissement_etudes" } } },
      .origin = "OpenAPI b96c721" },

    { .product = "service_civique", .version = 3, .path = "gip_mds/service_civique",
      .modalities = IDENTITE_FC, .identity = IDENTITY_CIVIQUE, .record = RECORD_ANSWER,
      .provider = "31", .not_found = "31003",
      .masks = { { "gip_mds_service_civique_statut_actuel", { "statut_actuel.contrat_trouve" } },
                 { "gip_mds_service_civique_statut_passe", { "statut_passe.contrat_trouve" } },
                 { "gip_mds_service_civique_organisme_accueil",
                   { "statut_actuel.organisme_accueil", "statut_passe.organisme_accueil" } },
                 { "gip_mds_service_civique_dates",
                   { "statut_actuel.date_debut_contrat", "statut_actuel.date_fin_contrat",
                     "statut_passe.date_debut_contrat", "statut_passe.date_fin_contrat" } } },
      .origin = "OpenAPI b96c721; names of scopes as in authorizations.yml" },
};

enum { ENDPOINT_COUNT = sizeof(endpoints) / sizeof(endpoints[0]) };

static const struct { enum modality modality; const char *name; } modalities[] = {
    { MODALITY_IDENTITE, "identite" },
    { MODALITY_FRANCE_CONNECT, "france_connect" },
    { MODALITY_INE, "ine" },
    { MODALITY_IDENTIFIANT, "identifiant" },
};

enum { MODALITY_COUNT = sizeof(modalities) / sizeof(modalities[0]) };

const char *modality_name(enum modality modality)
{
    for (size_t i = 0; i < MODALITY_COUNT; i++)
        if (modalities[i].modality == modality)
            return modalities[i].name;
    return "";
}

const struct endpoint *endpoint_at(size_t index)
{
    return index < ENDPOINT_COUNT ? &endpoints[index] : NULL;
}

/* "/v3/dss/quotient_familial/identite" → 3, "dss/quotient_familial", the modality. */
static bool split_path(const char *path, unsigned *version, struct slice *product_path, enum modality *modality)
{
    const char *last = strrchr(path, '/');

    if (strncmp(path, "/v", 2) != 0 || path[2] < '1' || path[2] > '9' || path[3] != '/' || last < path + 4)
        return false;
    *version = (unsigned)(path[2] - '0');
    *product_path = (struct slice){ path + 4, (size_t)(last - path) - 4 };
    for (size_t i = 0; i < MODALITY_COUNT; i++)
        if (strcmp(modalities[i].name, last + 1) == 0) {
            *modality = modalities[i].modality;
            return true;
        }
    return false;
}

const struct endpoint *endpoint_find(const char *path, enum modality *modality, bool *wrong_version)
{
    struct slice product_path;
    unsigned version;

    *wrong_version = false;
    if (!split_path(path, &version, &product_path, modality))
        return NULL;
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        const struct endpoint *endpoint = &endpoints[i];

        if (!slice_is(product_path, endpoint->path) || !(endpoint->modalities & (unsigned)*modality))
            continue;
        if (endpoint->version == version)
            return endpoint;
        *wrong_version = true;
    }
    return NULL;
}

const struct endpoint *endpoint_of_product(struct slice product)
{
    for (size_t i = 0; i < ENDPOINT_COUNT; i++)
        if (slice_is(product, endpoints[i].product))
            return &endpoints[i];
    return NULL;
}

size_t endpoint_paths(const struct endpoint *endpoint, const char *paths[MASK_ROWS * MASK_PATHS])
{
    size_t count = 0;

    for (size_t row = 0; row < MASK_ROWS && endpoint->masks[row].scope; row++)
        for (size_t i = 0; i < MASK_PATHS && endpoint->masks[row].paths[i]; i++)
            paths[count++] = endpoint->masks[row].paths[i];
    return count;
}

bool endpoint_has_scope(const struct endpoint *endpoint, struct slice scope)
{
    for (size_t row = 0; row < MASK_ROWS && endpoint->masks[row].scope; row++)
        if (slice_is(scope, endpoint->masks[row].scope))
            return true;
    return false;
}
