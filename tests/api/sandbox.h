/*
 * For tests that talk to the bac à sable: start it on a free port with some options, stop it, and print TAP.
 */
#ifndef TESTS_API_SANDBOX_H
#define TESTS_API_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

struct sandbox {
    pid_t process;
    char folder[64];                /* temporary: port file, journal */
    char address[64];               /* "http://127.0.0.1:40123" */
};

/* `options`: ends with NULL. False, told in TAP, when the server does not start. */
bool sandbox_start(struct sandbox *sandbox, const char *const *options);
/* The journal of the accesses, owned by the caller; NULL when there is none. */
char *sandbox_journal(const struct sandbox *sandbox);
void sandbox_stop(struct sandbox *sandbox);

/* TAP: one line per test; the explanation of a failure is printed as a comment. */
void tap(bool good, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Prints the plan; the exit status of the program. */
int tap_end(void);

/* Milliseconds of a monotonic clock. */
long now_ms(void);

#endif
