/*
 * Rules in French: what a condition, a row or an operation says, from the tree, with the labels of the act rather
 * than its identifiers. For explanations and for the sheet of rules; nothing here is a value of a family.
 */
#ifndef RUNTIME_PHRASES_H
#define RUNTIME_PHRASES_H

#include "program.h"

/* The words of the text, on one line. */
void strbuf_words(struct strbuf *out, const struct delib_program *program, struct span span);
/* The same with a capital: a sentence begins with a letter without accent, with « or with a label. */
void strbuf_capital(struct strbuf *out, struct slice text);
/* Its label, or its name. */
struct slice symbol_words(const struct symbol *symbol);
/* « Quel cours ? » is asked as a question: its value is an answer. */
bool symbol_is_question(const struct symbol *symbol);
/* « la réponse à « Quel cours ? » », « « quotient familial » ». */
void strbuf_subject(struct strbuf *out, const struct symbol *symbol);
/* « « rang de l'enfant » : 3 ou plus et la réponse à « Quel cours ? » est « danse » » */
void strbuf_condition(struct strbuf *out, const struct delib_program *program, const struct expr *condition);
/* « 0,14 % de « quotient familial » »: a value, as the text computes it. */
void strbuf_expression(struct strbuf *out, const struct delib_program *program, const struct expr *e);
/* « non prévu (la collectivité n'ouvre pas ce service) » */
void strbuf_outcome(struct strbuf *out, const struct expr *outcome);
/* « du 1er septembre 2026 au 31 août 2027 », of a period that is written. */
void strbuf_period(struct strbuf *out, struct period period);
/* « délibération n° 2026-06-47 du 25 juin 2026 ». False, with nothing written, when the act does not say what it is. */
bool strbuf_act(struct strbuf *out, const struct delib_program *program);

#endif
