/*
 * One family, as a command line describes it, computed: the options that say who asks what, and the steps from the file
 * to the result. `calculer` and `expliquer` begin alike.
 */
#ifndef CLI_CALCUL_H
#define CLI_CALCUL_H

#include "cli/base/edge_loader.h"
#include "cli/base/programme.h"

/*
 * The first options of a command that computes one family; its own begin at CALCUL_OPTION_COUNT. A command that only
 * reads what is known of the family has the first ones, its own beginning at CALCUL_FAMILY_COUNT.
 */
enum {
    CALCUL_TARIF, CALCUL_DATE, CALCUL_DEMANDE, CALCUL_AVEC,
    CALCUL_FAMILY_COUNT,
    CALCUL_API = CALCUL_FAMILY_COUNT, CALCUL_BAC_A_SABLE, CALCUL_CONFIGURATION,
    CALCUL_OPTION_COUNT
};

enum api { API_NONE, API_SANDBOX, API_REAL };

/* In the order of enum api. */
extern const char *const calcul_api_choices[];

#define CALCUL_FAMILY_OPTIONS                                                                                          \
    [CALCUL_TARIF] = { "tarif", OPTION_LIST, "N", "tarif à calculer (sinon celui de la demande, ou du fichier)",      \
                      NULL },                                                                                          \
    [CALCUL_DATE] = { "date", OPTION_VALUE, "D", "date de la prestation (sinon celle de la demande, ou aujourd'hui)",  \
                      NULL },                                                                                          \
    [CALCUL_DEMANDE] = { "demande", OPTION_VALUE, "X",                                                                 \
                         "demande de la famille, en YAML ou en JSON (« - » : entrée standard)", NULL },                \
    [CALCUL_AVEC] = { "avec", OPTION_LIST, "nom=valeur", "donne une entrée ; l'emporte sur la demande ; répétable",    \
                      NULL }

#define CALCUL_OPTIONS                                                                                                 \
    CALCUL_FAMILY_OPTIONS,                                                                                             \
    [CALCUL_API] = { "api", OPTION_CHOICE, "A", "sources interrogées : aucune (par défaut), bac-a-sable ou reelle",    \
                     calcul_api_choices },                                                                             \
    [CALCUL_BAC_A_SABLE] = { "bac-a-sable", OPTION_VALUE, "URL",                                                       \
                             "adresse que « delib bac-a-sable » a affichée", NULL },                                   \
    [CALCUL_CONFIGURATION] = { "configuration", OPTION_VALUE, "C", "configuration des API réelles, en YAML", NULL }

struct calcul {
    struct run *run;
    const struct arguments *arguments;
    const char *journal_path, *reference;    /* set by the command that records; NULL */
    enum api api;
    const char *date;                    /* --date in ISO 8601; NULL when not given */
    const char *service, *today;         /* the dates retained for the session, ISO 8601 */
    struct programme programme;
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_driver *driver;
    delib_io_journal *journal;           /* NULL when nothing is recorded */
    delib_session *session;
    delib_tariff tariff;
    delib_result result;
    struct diagnostic_list diagnostics;  /* of the demande, the configuration, the journal */
    const char *problem;                 /* French sentence */
};

/* The command line alone, so that a usage error is told before anything is opened. False when told. */
bool calcul_read_arguments(struct calcul *c);
/* The values of that option have the form nom=valeur. False when told. */
bool calcul_check_pairs(struct calcul *c, size_t option, const char *name);
/* The same for a command that has the first options only. */
bool calcul_read_family(struct calcul *c);
/* Everything but the computation: the program, the demande, a session that knows what is given. As calcul_run(). */
bool calcul_prepare(struct calcul *c);
/* The sources alone, for who asks for many families: c->config, NULL when none is asked. As calcul_run(). */
bool calcul_open_sources(struct calcul *c);
/* Computes. False: `problem` or `diagnostics` says why. Close it in both cases. */
bool calcul_run(struct calcul *c);
/* Computes again as if each pair of that option were so, into c->result. False: as calcul_run(). */
bool calcul_suppose(struct calcul *c, size_t option);
void calcul_close(struct calcul *c);

/* Why calcul_run() failed, on stderr or as members of a JSON object. */
void calcul_print_failure(struct calcul *c);
void calcul_json_failure(struct calcul *c, delib_io_json *json);

#endif
