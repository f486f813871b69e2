/*
 * The bac à sable as a child process of a test, and TAP lines.
 */
#include "sandbox.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int tap_count, tap_failed;

void tap(bool good, const char *name, const char *format, ...)
{
    va_list args;

    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tap_count, name);
    if (!good) {
        tap_failed++;
        printf("#   ");
        va_start(args, format);
        vprintf(format, args);
        va_end(args);
        printf("\n");
    }
    fflush(stdout);
}

int tap_end(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed > 0;
}

long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_server(const struct sandbox *sandbox, const char *program, const char *const *options)
{
    char port[128], journal[128];
    const char *arguments[64] = { program, "--port", "0", "--familles", "stdlib/bac_a_sable" };
    size_t count = 5;

    snprintf(port, sizeof(port), "%s/port", sandbox->folder);
    snprintf(journal, sizeof(journal), "%s/journal", sandbox->folder);
    arguments[count++] = "--fichier-port";
    arguments[count++] = port;
    arguments[count++] = "--journal";
    arguments[count++] = journal;
    while (*options && count < 63)
        arguments[count++] = *options++;
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);       /* a test that is killed leaves no server behind */
#endif
    if (!freopen("/dev/null", "w", stdout))
        _exit(126);
    execv(program, (char *const *)arguments);
    _exit(127);
}

static bool read_port(struct sandbox *sandbox)
{
    char path[128];
    unsigned port = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/port", sandbox->folder);
    file = fopen(path, "r");
    if (!file)
        return false;
    if (fscanf(file, "%u", &port) != 1)
        port = 0;
    fclose(file);
    snprintf(sandbox->address, sizeof(sandbox->address), "http://127.0.0.1:%u", port);
    return port > 0;
}

bool sandbox_start(struct sandbox *sandbox, const char *const *options)
{
    const char *build = getenv("BUILD");
    char program[512];

    strcpy(sandbox->folder, "/tmp/delib-essai-XXXXXX");
    snprintf(program, sizeof(program), "%s/delib-bac-a-sable", build ? build : "build");
    if (!mkdtemp(sandbox->folder))
        return false;
    sandbox->process = fork();
    if (sandbox->process == 0)
        run_server(sandbox, program, options);
    for (int i = 0; i < 200 && sandbox->process > 0; i++) {
        const struct timespec pause = { 0, 50000000 };

        if (read_port(sandbox))
            return true;
        if (waitpid(sandbox->process, NULL, WNOHANG) == sandbox->process)
            break;
        nanosleep(&pause, NULL);
    }
    tap(false, "the bac à sable starts", "%s %s", program, options[0] ? options[0] : "");
    return false;
}

char *sandbox_journal(const struct sandbox *sandbox)
{
    char path[128];
    char *text = NULL;
    long size;
    FILE *file;

    snprintf(path, sizeof(path), "%s/journal", sandbox->folder);
    file = fopen(path, "r");
    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        text = calloc(1, (size_t)size + 1);
        if (text && fread(text, 1, (size_t)size, file) != (size_t)size)
            text[0] = '\0';
    }
    fclose(file);
    return text;
}

void sandbox_stop(struct sandbox *sandbox)
{
    char path[128];

    kill(sandbox->process, SIGTERM);
    waitpid(sandbox->process, NULL, 0);
    snprintf(path, sizeof(path), "%s/port", sandbox->folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/journal", sandbox->folder);
    unlink(path);
    rmdir(sandbox->folder);
}
