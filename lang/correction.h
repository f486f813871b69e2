/*
 * Corrections as a person would type them: a line added with the indentation and the line end of its neighbours, a line
 * removed whole, a word replaced by the one that was meant. Each becomes a way of mending of a diagnostic (diag_fix).
 */
#ifndef LANG_CORRECTION_H
#define LANG_CORRECTION_H

#include "diag.h"

/* `text` on a line of its own above the word at `at`, indented as the line of `like`; beside the word if it is not
 * first. */
void correction_line_before(struct diag_list *list, struct diag *diag, const struct source *source, struct span at,
                            struct span like, const char *text);
/*
 * `text` on a line of its own under the one where `after` ends, indented as the line of `like` and by the spaces that
 * `text` begins with; on the same line when something else follows there.
 */
void correction_line_after(struct diag_list *list, struct diag *diag, const struct source *source, struct span after,
                           struct span like, const char *text);
/* The lines of `span` removed, if nothing else is on them; otherwise nothing is proposed. */
void correction_remove_lines(struct diag_list *list, struct diag *diag, const struct source *source, struct span span);
/* The nearest of several words; `replacement` is that word, told as « vouliez-vous dire … ? » and proposed. */
void correction_word(struct diag_list *list, struct diag *diag, struct span span, struct slice replacement);
/* The title of a tranche in plain words: « de 300 à moins de 450 », « à partir de 1 700 »; an empty bound is open. */
void correction_tranche(struct strbuf *out, struct slice low, bool low_included, struct slice high, bool high_included);
/* Is this a number without a unit, as written? Then « € » or « % » may be what it lacks. */
bool correction_is_bare_number(const struct source *source, struct span span);

#endif
