/*
 * What the files of the formatter share: format.c (the whole), format_words.c (the text of one token, the spaces
 * around it), format_layout.c (which token begins a line, and where), format_print.c (lines into text).
 */
#ifndef GRAMMAR_FORMAT_PARTS_H
#define GRAMMAR_FORMAT_PARTS_H

#include "format.h"

enum { FORMAT_WIDTH = 118, FORMAT_STEP = 2, FORMAT_CONTINUED = 4 };

/* What the tree says of a token. */
enum format_mark {
    MARK_KEYWORD = 1,             /* a word that could be a name, and is not one here */
    MARK_DECL = 2,                /* begins a declaration */
    MARK_CLAUSE = 4,              /* begins a clause of a tariff or of the heading */
    MARK_SUB = 8,                 /* begins a clause of a clause or of a declaration */
    MARK_NATIONAL = 16            /* inside a national value, where « source » is a clause */
};

/* A piece of the text to write: a token, or a comment. */
struct format_item {
    size_t token;                 /* index */
    struct slice text;
    bool space;                   /* one space before it, unless it begins a line */
    bool begins;                  /* a line */
    bool soft;                    /* a long line may be broken before it */
    bool blank;                   /* a blank line before it */
    unsigned char column;         /* where it is aligned with those of the same group; 0: nowhere */
    bool comment;
    bool bar;                     /* « | » of a grid */
    unsigned indent, continued;   /* of its line, and of what that line continues with */
    size_t group;                 /* of its line; 0: none */
    size_t region;
};

typedef struct { struct format_item *items; size_t count, capacity; } format_items;

/* A run of bytes to format: the file, or the inside of one block of rules. */
struct format_region {
    uint32_t start, end;
    struct slice margin;          /* spaces before its fence */
    bool carriage;                /* lines end with CR LF */
};

typedef struct { struct format_region *items; size_t count, capacity; } format_regions;

struct format {
    struct arena *arena;
    const struct source *source;
    const struct act *act;
    token_list tokens;
    unsigned char *marks;         /* one per token */
    size_t *next, *previous;      /* one per token: visible ones around it; the last token when there is none */
    const struct decl **decls;    /* one per token: the declaration that it begins */
    format_regions regions;
    format_items items;
    size_t groups;                /* how many were made */
    bool keep_breaks;             /* line ends inside expressions stay where they are */
};

/* format_words.c */
bool format_is_name_word(int kind);                              /* a keyword that may also be a name */
bool format_is_keyword(const struct format *format, size_t token);
bool format_is_best(int kind);                                   /* « la plus favorable de »… */
void format_link(struct format *format);                         /* sets next and previous */
size_t format_next(const struct format *format, size_t token);   /* next visible token but line ends */
size_t format_previous(const struct format *format, size_t token, size_t steps);
/* Digits that were written with the first ones. */
bool format_is_rest_of_siret(const struct format *format, size_t token);
struct slice format_word(struct format *format, size_t token);
bool format_space_before(const struct format *format, size_t previous, size_t token);
/* Whether two token arrays read the same: kinds, words, numbers, texts, line ends that count, comments. */
bool format_same_tokens(struct arena *arena, const token_list *before, const token_list *after);

/* format_layout.c */
void format_mark(struct format *format);
void format_layout(struct format *format);

/* format_print.c */
struct slice format_print_region(struct format *format, size_t region);

#endif
