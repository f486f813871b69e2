/*
 * The formatter: one good way of laying out a délibération. Pure: bytes in, bytes out.
 *
 * What it writes:
 * - two spaces per block; declarations at the margin, one blank line between them (one-line declarations of one kind
 *   may stay together); at most one blank line elsewhere, none at the start or end of a block;
 * - each clause of a tariff on its line, its own clauses (« cite », « non communiqué : »…) indented under it; an
 *   origin under the name of its source;
 * - one space around operators, « : » and « ; », before « € » and « % », inside « » ; plain spaces everywhere,
 *   thousands included; 3 3 3 5 digits in a SIRET; ≤ ≥ ≠ × / - written so;
 * - keywords with their accents, in lower case, in the wording that was chosen (« arrondie » stays « arrondie »);
 *   names are never touched;
 * - « : » aligned in a table, a record and consecutive « entrée »; cells of a « | » grid aligned, numbers to the
 *   right; comments at the ends of consecutive lines aligned;
 * - « fin tarif », and the word of a table (« fin grille ») when it contains another block; « fin » elsewhere;
 * - lines beyond 118 columns broken where an expression allows it; « la plus favorable de … fin » on one line when it
 *   was and is short, otherwise an alternative a line;
 * - ends of lines « \n », one at the end of the file, no space before them, no byte order mark.
 *
 * Comments keep their text and their place: alone on their line, or at the end of the same line. In a literate
 * file only the insides of the blocks of rules change, and keep the kind of line end and the indentation of their
 * fence.
 *
 * Formatting twice is formatting once, and the tokens that the parser reads are the same before and after: this is
 * checked on every call.
 */
#ifndef GRAMMAR_FORMAT_H
#define GRAMMAR_FORMAT_H

#include "parse.h"

/* Those of the engine when its host says nothing. */
extern const struct token_options format_usual_options;

/*
 * The formatted text of `source`, in the arena. On a text at fault, `diags` says why and out->bytes is NULL. It is
 * also NULL, without an error in `diags`, when the result would not read as the original does, which is a fault of
 * ours. False only when memory ran out.
 */
bool format_source(struct arena *arena, struct diag_list *diags, const struct source *source,
                   const struct token_options *options, struct slice *out);

#endif
