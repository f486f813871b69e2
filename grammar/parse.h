/*
 * Reading a source: bytes to tree. Knows nothing of names, types or checks.
 */
#ifndef GRAMMAR_PARSE_H
#define GRAMMAR_PARSE_H

#include "lang/tree.h"
#include "tokens.h"
#include "literate.h"

struct parser {
    struct arena *arena;
    struct diag_list *diags;
    const struct source *source;
    token_list tokens;
    size_t next;                  /* next token to hand to the grammar */
    struct act *act;
};

/*
 * Read `source` (its bytes may be anything) into a tree appended to `act`. Faults go to `diags`; a text at fault still
 * gives a tree, with EXPR_ERROR and DECL_ERROR nodes. Run under arena_guard(), as all that builds in an arena here.
 */
void parse_source(struct arena *arena, struct diag_list *diags, const struct source *source, uint32_t file,
                  const struct token_options *options, struct act *act, struct literate *literate);

void *parse_stack_alloc(struct parser *parser, size_t size);

#endif
