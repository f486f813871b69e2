/*
 * delib-bac-a-sable: starts the local server, waits for a signal, stops it. All that is said to people is said here
 * and in sable_options.c.
 */
#include "sable_options.h"
#include "sable_server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DATA = 1, EXIT_USAGE = 2, WORLD_MEMORY = 256 * 1024 * 1024, PATH_LIMIT = 4096, FOLDER_LEVELS = 4 };

static void *resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size)
        return realloc(block, size);
    free(block);
    return NULL;
}

static void report(void *context, const char *file, unsigned line, const char *message)
{
    (void)context;
    if (line)
        fprintf(stderr, "%s:%u: erreur: %s\n", file, line, message);
    else
        fprintf(stderr, "%s: erreur: %s\n", file, message);
}

/* ------------------------------------------------------------------ the folder of the families */

/* Cuts the last part of a path. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return false;
    *slash = '\0';
    return true;
}

/* stdlib/bac_a_sable beside the program, or a few folders above it: the tree of the sources. */
static bool find_in_sources(char *folder, size_t size)
{
    static const char below[] = "/stdlib/bac_a_sable";
    ssize_t length = readlink("/proc/self/exe", folder, size - sizeof(below));

    if (length <= 0)
        return false;
    folder[length] = '\0';
    for (int level = 0; level < FOLDER_LEVELS && go_up(folder); level++) {
        size_t end = strlen(folder);

        memcpy(folder + end, below, sizeof(below));
        if (access(folder, R_OK) == 0)
            return true;
        folder[end] = '\0';
    }
    return false;
}

static const char *families_folder(const struct options *options, char *buffer, size_t size)
{
    if (options->families)
        return options->families;
    if (find_in_sources(buffer, size))
        return buffer;
#ifdef DELIB_DATADIR
    return DELIB_DATADIR "/bac_a_sable";
#else
    return "stdlib/bac_a_sable";
#endif
}

/* ------------------------------------------------------------------ the port file */

/* Written beside, then renamed: whoever waits for the file reads a whole number. */
static bool write_port_file(const char *path, unsigned port)
{
    char beside[PATH_LIMIT];
    int length = snprintf(beside, sizeof(beside), "%s.%ld", path, (long)getpid());
    FILE *file;
    bool written;

    if (length < 0 || (size_t)length >= sizeof(beside))
        return false;
    file = fopen(beside, "w");
    if (!file)
        return false;
    written = fprintf(file, "%u\n", port) > 0;
    written = fclose(file) == 0 && written;
    if (written && rename(beside, path) == 0)
        return true;
    unlink(beside);
    return false;
}

/* ------------------------------------------------------------------ life of the server */

static bool load(struct server *server, const struct options *options)
{
    struct world_reporter reporter = { report, NULL };
    char buffer[PATH_LIMIT];
    const char *folder = families_folder(options, buffer, sizeof(buffer));

    return world_load(&server->world, &server->arena, folder, &reporter)
           && tokens_load(&server->tokens, &server->world, options->quota_per_second, options->quota_per_minute,
                          &reporter);
}

static bool open_journal(struct server *server, const struct options *options)
{
    server->journal = options->journal ? fopen(options->journal, "a") : stderr;
    if (!server->journal)
        fprintf(stderr, "delib bac-a-sable : impossible d'ouvrir le journal %s (%s)\n", options->journal,
                strerror(errno));
    return server->journal != NULL;
}

static int serve(struct server *server, const struct options *options, const sigset_t *signals)
{
    const struct http_options http_options = { .port = options->port };
    struct http *http = http_start(server, &http_options);
    int signal_number, code = EXIT_SUCCESS;

    if (!http) {
        fprintf(stderr, "delib bac-a-sable : impossible d'écouter sur le port %u (déjà pris ?)\n", options->port);
        return EXIT_DATA;
    }
    printf("Bac à sable à l'écoute sur http://127.0.0.1:%u (%zu familles fictives). Ctrl-C pour l'arrêter.\n",
           http_port(http), server->world.family_count);
    fflush(stdout);
    if (options->port_file && !write_port_file(options->port_file, http_port(http))) {
        fprintf(stderr, "delib bac-a-sable : impossible d'écrire %s\n", options->port_file);
        code = EXIT_DATA;
    } else {
        sigwait(signals, &signal_number);
    }
    http_stop(http);
    if (options->port_file)
        unlink(options->port_file);
    return code;
}

static int run(struct server *server, const struct options *options)
{
    sigset_t signals;
    int code = EXIT_DATA;

    /* Blocked before any thread exists, so that sigwait alone receives them. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (pipe(server->stop_pipe) != 0)
        return EXIT_DATA;
    if (load(server, options) && open_journal(server, options)) {
        code = serve(server, options, &signals);
        if (server->journal != stderr)
            fclose(server->journal);
    }
    close(server->stop_pipe[0]);
    close(server->stop_pipe[1]);
    return code;
}

int main(int argc, char **argv)
{
    struct server *server = calloc(1, sizeof(*server));
    struct options options;
    int code = EXIT_USAGE;

    if (!server)
        return EXIT_DATA;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->faults.lock, NULL);
    arena_init(&server->arena, (struct allocator){ resize, NULL }, WORLD_MEMORY);
    if (options_read(argc, argv, &options, &server->faults)) {
        if (options.help) {
            options_print_help();
            code = EXIT_SUCCESS;
        } else {
            server->fixed_today = options.today;
            code = run(server, &options);
        }
    }
    arena_release(&server->arena);
    free(server);
    return code;
}
