/*
 * The spaces of French typography, in pages and in Markdown.
 */
#ifndef CLI_TYPOGRAPHIE_H
#define CLI_TYPOGRAPHIE_H

/* The space wanted for the plain one at `at`, in a text from `start` to `end`; NULL: the plain one. */
const char *typography_space(const char *start, const char *at, const char *end);

#endif
