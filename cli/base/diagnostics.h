/*
 * Diagnostics on their way to the reader, whatever they are about: a délibération, a demande, a configuration, a case
 * file. They are gathered in one list, then printed or written in JSON.
 */
#ifndef CLI_DIAGNOSTICS_H
#define CLI_DIAGNOSTICS_H

#include "commande.h"

#include "lang/diag.h"

struct diagnostic_list {
    delib_diagnostic *items;             /* texts are borrowed from what was added */
    size_t count, capacity;
    size_t errors;                       /* how many are errors; the others are warnings */
};

void diagnostics_of_program(struct run *run, struct diagnostic_list *list, const delib_program *program);
void diagnostics_of_check(struct run *run, struct diagnostic_list *list, const delib_check *check);
void diagnostics_of_document(struct run *run, struct diagnostic_list *list, const delib_io_document *document);
void diagnostics_of_demande(struct run *run, struct diagnostic_list *list, const delib_io_demande *demande);
void diagnostics_of_config(struct run *run, struct diagnostic_list *list, const delib_io_config *config);
void diagnostics_of_journal(struct run *run, struct diagnostic_list *list, const delib_io_journal *journal);
void diagnostics_of_audit(struct run *run, struct diagnostic_list *list, const delib_io_audit *audit);
/* Diagnostics about one source, found without compiling it. Texts go to the arena of the run. */
void diagnostics_of_source(struct run *run, struct diagnostic_list *list, const struct source *source,
                           const struct diag_list *diags);

void diagnostics_print(struct terminal *terminal, const struct diagnostic_list *list);
/* « 2 erreurs, 1 avertissement »; « aucun défaut » when the list is empty. In the arena. */
const char *diagnostics_summary(struct arena *arena, const struct diagnostic_list *list);
/* The member "diagnostics" of the object being written. */
void diagnostics_json(const delib_io_api *io, delib_io_json *json, const struct diagnostic_list *list);

#endif
