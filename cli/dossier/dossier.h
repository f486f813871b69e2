/*
 * The file that a commune keeps of an act: for each tariff the explicit mention, the sheet of rules of article
 * R. 311-3-1-2 of the CRPA and the data to ask for; made once, then written for people or in JSON.
 */
#ifndef CLI_DOSSIER_H
#define CLI_DOSSIER_H

#include "cli/base/commande.h"
#include "cli/document/document.h"

#include "runtime/program.h"

/* « délibération n° 2026-06-47 du 25 juin 2026 »; the name of the file when the act does not say who it is. */
const char *dossier_act(struct arena *arena, const struct delib_program *program);
/* Ready to paste into a decision (articles L. 311-3-1 and R. 311-3-1-1). */
const char *dossier_mention(struct arena *arena, const struct delib_program *program, size_t tariff);
/* What the finalité of a tariff is for, and its legal basis; NULL when it states none. */
const char *dossier_finalite(struct arena *arena, const struct delib_program *program, size_t tariff);

/* The headings of the sheet, in the order of the article; each is written on its own. */
struct dossier_heading {
    const char *key;                     /* in JSON */
    const char *title;
    void (*write)(struct document *out, const struct delib_program *program, size_t tariff);
};

extern const struct dossier_heading dossier_headings[];     /* ends with NULL */

/* The whole; `hash`: the fingerprint of the rules, NULL when it is not known. */
void dossier_document(struct document *out, const struct delib_program *program, const char *hash);

/* The same, as the members of the object being written (dossier_json.c). */
void dossier_json(struct run *run, delib_io_json *json, const struct delib_program *program);
/* The member "données": what each tariff may read. */
void dossier_needs_json(const delib_io_api *io, delib_io_json *json, const struct delib_program *program);

#endif
