/*
 * The journal of accesses. A line is written in one call, so that threads do not mix theirs.
 */
#include "sable_journal.h"

#include <string.h>
#include <time.h>

/* A method is free text in HTTP: only the usual ones are repeated. */
static const char *known_method(const char *method)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH" };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i], method) == 0)
            return methods[i];
    return "(autre)";
}

void journal_write(FILE *journal, const struct journal_entry *entry)
{
    char day[32] = "";
    struct timespec now;
    struct tm parts;

    if (!journal)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &parts))
        strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &parts);
    if (entry->status)
        fprintf(journal, "%s.%03ldZ %s %s %u %ld ms %s\n", day, now.tv_nsec / 1000000, known_method(entry->method),
                entry->route ? entry->route : "-", entry->status, entry->duration_ms, entry->request_id);
    else
        fprintf(journal, "%s.%03ldZ %s %s --- %ld ms %s\n", day, now.tv_nsec / 1000000, known_method(entry->method),
                entry->route ? entry->route : "-", entry->duration_ms, entry->request_id);
    fflush(journal);
}
