/*
 * What the program prints: results on stdout, diagnostics and errors on stderr, colours on a terminal only.
 *
 * Texts may quote a délibération or a data file that nobody has checked: control characters are replaced on the way
 * out, so that a file cannot drive the terminal of the agent who reads its diagnostics.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "lang/text.h"

#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_DIM, STYLE_GOOD, STYLE_WARNING, STYLE_BAD, STYLE_COUNT };

struct terminal {
    FILE *out, *err;
    bool out_colour, err_colour;
    const char *command;         /* named in error messages; NULL before it is known */
    struct arena scratch;        /* one message at a time */
};

/* Colours when the stream is a terminal, TERM is not "dumb" and NO_COLOR is not set. */
void terminal_open(struct terminal *terminal, struct allocator allocator);
void terminal_close(struct terminal *terminal);
/* Writes out what waits. False when stdout could not take everything (full disk…). */
bool terminal_flush(struct terminal *terminal);

/* Formats are those of strbuf_format. */
void terminal_print(struct terminal *terminal, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void terminal_spaces(struct terminal *terminal, size_t count);
/* « delib calculer : … » and an end of line, on stderr. */
void terminal_error(struct terminal *terminal, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A second line under an error. */
void terminal_hint(struct terminal *terminal, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A diagnostic as the library prints it, coloured here, on stderr. */
void terminal_diagnostic(struct terminal *terminal, const char *printed);
/* A whole text, byte for byte, on stdout: JSON, whose writer escapes control characters, or a formatted file. */
void terminal_bytes(struct terminal *terminal, struct slice text);

#endif
