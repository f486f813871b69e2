/*
 * Titles of rows and columns in words that say which bound is included: « de 450 à moins de 1 700 », « 3 et plus »,
 * « non communiqué ». From the typed tree: what is written is what is computed.
 */
#ifndef LANG_TITLES_H
#define LANG_TITLES_H

#include "model.h"

/* `key`: the type of the axis; NULL: titles are quoted as written. */
void strbuf_title(struct strbuf *out, const struct model *model, const struct type *key, const struct title *title);
/* The title of that column of titles of a row. A bound that the row leaves to its neighbour (« par seuils ») is said.
 */
void strbuf_row_title(struct strbuf *out, const struct model *model, const struct table *table, size_t row,
                      size_t column);
/* The words of the text, on one line. */
void strbuf_as_written(struct strbuf *out, const struct model *model, struct span span);

#endif
