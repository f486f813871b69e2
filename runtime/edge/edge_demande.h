/*
 * A demande, read: the people it is about and what the family answered.
 */
#ifndef EDGE_DEMANDE_H
#define EDGE_DEMANDE_H

#include "edge_base.h"
#include "lang/date.h"

#define EDGE_PRENOMS 3              /* what the APIs accept; further given names are not sent */
#define EDGE_LIST_LIMIT 32

/* What is known of one person. NULL or zero: not given. Texts are checked for their form when read. */
struct edge_subject {
    const char *name;               /* "demandeur" */
    struct edge_place place;
    const char *nom_naissance, *nom_usage;
    const char *prenoms[EDGE_PRENOMS];
    size_t prenom_count;
    struct date naissance;          /* may be partial */
    char sexe;                      /* 'F', 'M' or 0 */
    const char *pays, *commune, *nom_commune, *departement;
    const char *numero_allocataire, *code_postal;
    const char *identifiant_france_travail;
    const char *ine;
    const char *spi;
    const char *jeton_france_connect;       /* secret */
    int64_t jeton_obtenu;                   /* seconds since 1970; 0: not said */
    const char *annee_scolaire, *code_etablissement, *degre_etablissement;
    const char *codes_departements[EDGE_LIST_LIMIT], *codes_regions[EDGE_LIST_LIMIT];
    size_t departement_count, region_count;
};

struct edge_subject_list {
    struct edge_subject *items;
    size_t count, capacity;
};

struct delib_io_demande {
    struct arena arena;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    const char *tarif, *date, *aujourd_hui;
    bool unexplained;
    const delib_value *entrees;             /* a record, or NULL */
    const delib_value *provenances;         /* of some of them, a record of texts, or NULL: the family declares */
    struct edge_subject_list subjects;
};

/* The day on which rights are judged: `aujourd_hui`, else `date`, else that of `now` (seconds since 1970). */
struct date edge_demande_today(const delib_io_demande *demande, int64_t now);
/* Where the demande says that this value of `entrees` comes from; NULL: the family declares it. */
const char *edge_demande_origin(const delib_io_demande *demande, const char *name);
/* NULL when the demande says nothing of that person. */
const struct edge_subject *edge_demande_subject(const delib_io_demande *demande, const char *name);

#endif
