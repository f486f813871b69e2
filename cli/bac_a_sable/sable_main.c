/*
 * delib-bac-a-sable: starts the local server, waits for a signal, stops it. All that is said to people is said here
 * and in sable_options.c.
 */
#include "sable_memory.h"
#include "sable_options.h"
#include "sable_server.h"
#include "sable_tls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DATA = 1, EXIT_USAGE = 2 };
enum { WORLD_MEMORY = 256 * 1024 * 1024, PATH_LIMIT = 4096, PEM_LIMIT = 65536, FOLDER_LEVELS = 4 };

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

/* Appends `below` when that leads to a folder. */
static bool go_down(char *folder, size_t size, const char *below)
{
    size_t end = strlen(folder);

    if (end + strlen(below) >= size)
        return false;
    memcpy(folder + end, below, strlen(below) + 1);
    if (access(folder, R_OK) == 0)
        return true;
    folder[end] = '\0';
    return false;
}

/* Beside the program, or a few folders above it: in the tree of the sources, or where `make install` puts them. */
static bool find_near_program(char *folder, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);

    if (length <= 0)
        return false;
    folder[length] = '\0';
    for (int level = 0; level < FOLDER_LEVELS && go_up(folder); level++)
        if (go_down(folder, size, "/stdlib/bac_a_sable")
            || go_down(folder, size, "/share/delib/stdlib/bac_a_sable"))
            return true;
    return false;
}

static const char *families_folder(const struct options *options, char *buffer, size_t size)
{
    if (options->families)
        return options->families;
    if (find_near_program(buffer, size))
        return buffer;
#ifdef DELIB_DATADIR
    return DELIB_DATADIR "/stdlib/bac_a_sable";
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

/* The whole of a small text file; NULL after a report. */
static const char *read_text(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = arena_alloc(arena, PEM_LIMIT, 1);
    size_t length = 0;

    if (file && text)
        length = fread(text, 1, PEM_LIMIT - 1, file);
    if (file)
        fclose(file);
    if (length > 0)
        return text;
    fprintf(stderr, "delib bac-a-sable : impossible de lire %s\n", path);
    return NULL;
}

/* False after a report. */
static bool read_tls_files(struct arena *arena, const struct options *options, struct http_options *out)
{
    out->certificate = read_text(arena, options->certificate);
    out->key = read_text(arena, options->key);
    out->client_authority = options->client_authority ? read_text(arena, options->client_authority) : NULL;
    if (options->client_authority && !tls_is_available()) {
        fputs("delib bac-a-sable : les certificats des clients ne peuvent pas être vérifiés ici\n", stderr);
        return false;
    }
    return out->certificate && out->key && (out->client_authority || !options->client_authority);
}

/* Listens, and tells where. NULL after a report. */
static struct http *listen_on(struct server *server, const struct http_options *options, const char *port_file)
{
    struct http *http = http_start(server, options);

    if (!http) {
        fprintf(stderr, "delib bac-a-sable : impossible d'écouter sur le port %u (%s)\n", options->port,
                options->has_tls ? "déjà pris, ou certificat illisible ?" : "déjà pris ?");
        return NULL;
    }
    printf("Bac à sable à l'écoute sur %s://127.0.0.1:%u (familles fictives : %zu). Ctrl-C pour l'arrêter.\n",
           options->has_tls ? "https" : "http", http_port(http), server->world.family_count);
    fflush(stdout);
    if (!port_file || write_port_file(port_file, http_port(http)))
        return http;
    fprintf(stderr, "delib bac-a-sable : impossible d'écrire %s\n", port_file);
    http_stop(http);
    return NULL;
}

static void stop_listening(struct http *http, const char *port_file)
{
    if (http)
        http_stop(http);
    if (http && port_file)
        unlink(port_file);
}

static int serve(struct server *server, const struct options *options, const sigset_t *signals)
{
    struct http_options plain = { .port = options->port }, tls = { .port = options->tls_port, .has_tls = true };
    struct http *http = NULL, *https = NULL;
    int signal_number, code = EXIT_DATA;

    if (options->has_tls) {
        if (!read_tls_files(&server->arena, options, &tls))
            return EXIT_DATA;
        https = listen_on(server, &tls, options->tls_port_file);
    }
    if (https || !options->has_tls)
        http = listen_on(server, &plain, options->port_file);
    if (http) {
        sigwait(signals, &signal_number);
        code = EXIT_SUCCESS;
    }
    stop_listening(http, options->port_file);
    stop_listening(https, options->tls_port_file);
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
    arena_init(&server->arena, sable_allocator(), WORLD_MEMORY);
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
