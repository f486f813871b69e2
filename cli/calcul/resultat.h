/*
 * The result of one computation, for people.
 */
#ifndef CLI_RESULTAT_H
#define CLI_RESULTAT_H

#include "cli/base/commande.h"

#include "lang/number.h"

/* Exit code of the program for a result. */
enum exit_code result_exit_code(delib_statut statut);
/* « 2,64 € par repas », « B », « non prévu : motif ». In the arena. */
const char *result_text(struct arena *arena, const delib_result *result);
/*
 * The number of a French text, for JSON: « 1 234,50 € par an » → "1234.50"; another text is returned as it is. In the
 * arena.
 */
const char *text_machine(struct arena *arena, const char *text);
/* units / 10^scale with a decimal point and at least two decimals: "2.64". In the arena. */
const char *amount_machine(struct arena *arena, int64_t units, unsigned scale);

/* The amount, exact. False when the result is not one. */
bool result_number(const delib_result *result, struct number *out);
/* The same status, and the same amount, text or reason. */
bool result_same(const delib_result *a, const delib_result *b);

/* What result_text() says, what is missing, and with `explain` the steps and the data that were used. */
void result_print(struct run *run, const delib_session *session, const delib_result *result, bool explain);

#endif
