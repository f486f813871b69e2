/*
 * What the sentences for an auditor (explain.c) and those for a family (explain_detail.c) say alike of one entry of the
 * trace.
 */
#ifndef RUNTIME_EXPLAIN_H
#define RUNTIME_EXPLAIN_H

#include "session.h"

/* Did this entry change the amount? A price does. */
bool trace_effect(const struct trace_entry *entry);
/* Its rule has a condition, or applied by a clause because a datum is not known. */
bool entry_has_reason(const struct trace_entry *entry);
/* « « rang de l'enfant » : 3 ou plus », « « élève boursier » : non communiqué » */
void strbuf_entry_reason(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry);
/* « 20 % », « 1 € »: how much the step of this entry takes or adds, by its clause when that is what applied. */
void strbuf_quantity(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry);
/* « : non communiqué », « : source indisponible », for a value that is not known. */
const char *unknown_words(const struct value *unknown);
/* « « quotient familial » : non communiqué »; datum: NULL for a field of an element. */
void strbuf_unknown(struct strbuf *out, const struct symbol *datum, const struct value *unknown);
/* Why there is no amount: the reason given, or the status. */
const char *ending_words(const struct value *value);

#endif
