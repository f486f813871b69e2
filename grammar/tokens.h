/*
 * Tokens of a source: raw words joined into keywords of one or several words, blocks followed, and the ends of lines
 * kept only where they end a row of a table.
 */
#ifndef GRAMMAR_TOKENS_H
#define GRAMMAR_TOKENS_H

#include "scan.h"

enum keyword_role { ROLE_PLAIN, ROLE_TOP, ROLE_FREE, ROLE_LINES, ROLE_CLOSE, ROLE_TAIL };

struct keyword {
    int token;
    const char *spelling;     /* accented, words separated by one space */
    enum keyword_role role;
    const char *meaning;      /* French; "" for a grammatical word */
};

/* All the rows of keywords.def, in order; ends with a NULL spelling. */
extern const struct keyword keyword_table[];
/* The first row of this token: the spelling to write; NULL when the token is not a keyword. */
const struct keyword *keyword_canonical(int token);

/*
 * The keyword that the first words of `line` were meant to be; NULL when none is near. `accepted`, by row of the table,
 * tells those that may stand here (NULL: all). *length: how many bytes of `line` it would replace.
 */
const struct keyword *keyword_suggest(struct slice line, const bool *accepted, size_t *length);

struct token_options {
    unsigned nesting_limit;   /* nested parentheses and blocks */
};

/*
 * Tokens of `bytes` (what is not code already blanked, offsets those of the file), ending with a token of kind 0.
 * Lexical faults and unclosed blocks go to `diags`; missing « fin » are supplied so that the parser goes on.
 */
void tokens_read(struct arena *arena, struct diag_list *diags, uint32_t file, const char *bytes, size_t length,
                 const struct token_options *options, token_list *out);

#endif
