/*
 * Diagnostics: collected as data, printed by the program. Each code is a line of diag_codes.def.
 *
 * A diagnostic has a code, the smallest wrong fragment, a sentence in French saying what is wrong, optionally other
 * places, the effect on a family, a correction in words, and the same as text that `verifier --corriger` can write.
 */
#ifndef LANG_DIAG_H
#define LANG_DIAG_H

#include "source.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING };

enum diag_code {
#define DIAG(name, code, level, title) DIAG_##name,
#include "diag_codes.def"
#undef DIAG
    DIAG_CODE_COUNT
};

struct diag_code_info {
    const char *code;         /* "D204" */
    enum diag_level level;
    const char *title;        /* short French title for `delib aide` */
};

const struct diag_code_info *diag_code_info(enum diag_code code);

struct diag_note {
    struct span span;
    const char *text;
    struct diag_note *next;
};

/*
 * One way of mending the text: what to put in the place of `span` (empty: an insertion). Several ways are a choice that
 * the author of the act must make: none of them is ever applied unasked.
 */
struct diag_fix {
    struct span span;
    const char *text;
    struct diag_fix *next;
};

struct diag {
    enum diag_code code;
    enum diag_level level;
    struct span span;
    const char *text;         /* « la tranche … recouvre la précédente » */
    const char *effect;       /* what it does to a family; NULL when none */
    const char *help;         /* the correction, in words; NULL when none */
    struct diag_fix *fixes, *last_fix;
    struct diag_note *notes, *last_note;
};

struct diag_list {
    struct arena *arena;      /* owns the texts */
    struct diag *items;
    size_t count, capacity;
    size_t errors;            /* how many are errors, those not kept included */
    size_t limit;             /* beyond it diagnostics are counted, not kept (default 200) */
    size_t dropped;
};

void diag_list_init(struct diag_list *list, struct arena *arena);
/*
 * Adds a diagnostic and returns it for diag_note/diag_help/…, which accept NULL (memory exhausted, or the same code
 * already reported at the same span: one fault, one message). It stays valid until the next diag_add or sort.
 */
struct diag *diag_add(struct diag_list *list, enum diag_code code, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_note(struct diag_list *list, struct diag *diag, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_effect(struct diag_list *list, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_help(struct diag_list *list, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a way of mending; correction.h has those that add or remove a line. */
void diag_fix(struct diag_list *list, struct diag *diag, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Stable order: file, start offset, then order of arrival. */
void diag_list_sort(struct diag_list *list);

/*
 * The printed form, in French:
 *   cantine.delib:12:5: erreur[D204]: la tranche « 400 à 800 » recouvre la précédente
 *      12 |     de 400 à 800 : 2,10 €
 *         |     ^^^^^^^^^^^^
 *      11 |     de 0 à 450 : 1,20 €
 *         |     ---------- tranche déjà déclarée ici
 *   effet : …
 *   aide : faites commencer la seconde à 450,01 €
 * Warnings say « avertissement ». Long lines are cut around the fragment. `colour` adds ANSI colours.
 */
void diag_print(struct strbuf *out, const struct source *const *sources, size_t source_count, const struct diag *diag,
                bool colour);
/* A text as that form shows it: on one line, whole characters, those that cannot be shown replaced. */
void diag_print_text(struct strbuf *out, struct slice text);

#endif
