/*
 * A journal open for writing, and what appending and purging share. Between edge_journal_begin() and
 * edge_journal_end() no other process touches the journal, and its end is known.
 */
#ifndef EDGE_JOURNAL_HANDLE_H
#define EDGE_JOURNAL_HANDLE_H

#include "edge_fields.h"
#include "edge_journal.h"

#include <sys/types.h>

struct delib_io_journal {
    struct arena arena;                 /* as long as the journal */
    struct arena scratch;               /* one call */
    struct edge_diagnostics diagnostics;    /* of the last call, in `scratch` */
    struct edge_journal_paths paths;
    delib_io_journal_options options;
    struct edge_policy *policy;         /* NULL: everything is kept as it is, nothing is signed */
    struct edge_keys keys;
    int file, head;                     /* -1: not open */
    pid_t process;                      /* that opened them: a child of fork() shares them, and the lock with them */
    delib_program *program;             /* shared: the one whose rules are known to be kept */
    char rules[EDGE_HASH_TEXT];
    int64_t number;                     /* of the last entry; 0: none */
    char last[EDGE_HASH_TEXT];          /* its hash */
    off_t size;                         /* of J after it */
    bool known;                         /* the three above are true as long as J has that size */
    bool unsynchronised;
    int sync_error;                     /* of the first synchronisation that failed: what it lost does not come back */
};

/* Diagnostics of the last call are forgotten. */
void edge_journal_forget(struct delib_io_journal *j);
/* Takes the lock, reads the end of the journal again when it moved, repairs a cut line. */
delib_status edge_journal_begin(struct delib_io_journal *j);
void edge_journal_end(const struct delib_io_journal *j);
/* The witness of the last entry. 0 or errno. */
int edge_head_write(struct delib_io_journal *j);
int64_t edge_journal_now(const struct delib_io_journal *j);
/* Report, and give the status that follows: « impossible d'écrire « J » : … »; a journal that nothing is added to. */
delib_status edge_journal_fail(struct delib_io_journal *j, const char *action, const char *path, int error);
delib_status edge_journal_refuse(struct delib_io_journal *j, enum edge_code code, const char *message);

#endif
