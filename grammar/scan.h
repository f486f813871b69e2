/*
 * Between the scanner (lexer.l) and the tokens (tokens.c): where raw tokens go, and what the scanner complains of.
 */
#ifndef GRAMMAR_SCAN_H
#define GRAMMAR_SCAN_H

#include "lang/diag.h"

/* A token: its kind is a bison token. Hidden tokens (comments, line ends that do not count) serve the formatter. */
struct token {
    int kind;
    struct span span;
    struct slice text;        /* the bytes of the source */
    bool hidden;
    bool line_start;          /* first token of its line */
};

typedef struct { struct token *items; size_t count, capacity; } token_list;

enum scan_fault { SCAN_UNKNOWN, SCAN_DECIMAL_POINT, SCAN_DECOMPOSED, SCAN_UNTERMINATED };

struct scan {
    struct arena *arena;
    struct diag_list *diags;
    uint32_t file;
    const char *base;         /* the scanned copy, which the scanner cuts as it goes: offsets are those of the source */
    const char *text;         /* what it is the copy of */
    size_t length;
    token_list tokens;
    uint32_t unknown_end;     /* end of the last character out of the language: a run is told once */
    _Alignas(16) char reserve[2048];
    size_t reserved;
};

/* Scan `length` bytes in place; bytes[length] and bytes[length + 1] must be 0. */
void scan_bytes(struct scan *scan, char *bytes, size_t length);

void scan_emit(struct scan *scan, int kind, uint32_t start, uint32_t length);
void scan_report(struct scan *scan, enum scan_fault fault, uint32_t start, uint32_t length);
void *scan_reserve(struct scan *scan, size_t size);

#endif
