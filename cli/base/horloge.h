/*
 * Dates at the edge of the program: the day given by the clock, which nothing else reads, and dates that people type.
 */
#ifndef CLI_HORLOGE_H
#define CLI_HORLOGE_H

#include "lang/text.h"

/* The local day, "2026-09-15"; NULL when memory has run out. In the arena. */
const char *clock_today(struct arena *arena);
/* « 1er septembre 2026 », 01/09/2026, 2026-09-01 → "2026-09-01"; NULL when it is no date. In the arena. */
const char *date_to_iso(struct arena *arena, const char *text);
/* "2026-11-23T18:57:18Z" → « 23 novembre 2026 », "2026-11" → « novembre 2026 »; another text as it is. */
const char *date_in_words(struct arena *arena, const char *iso);

#endif
