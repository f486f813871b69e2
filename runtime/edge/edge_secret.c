/*
 * Fetching secrets from the environment or from private files.
 */
#include "edge_secret.h"
#include "edge_check.h"
#include "edge_fields.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EDGE_SECRET_LIMIT 16384

bool edge_secret_is_given(const struct edge_secret *secret)
{
    return secret->variable || secret->file || secret->fictive;
}

void edge_secret_free(char *secret)
{
    if (!secret)
        return;
    edge_wipe(secret, strlen(secret));
    free(secret);
}

static enum edge_secret_status edge_secret_copy(const char *bytes, size_t length, char **out)
{
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r' || bytes[length - 1] == ' '))
        length--;
    if (!edge_check_token((struct slice){ bytes, length }, EDGE_SECRET_LIMIT))
        return EDGE_SECRET_MALFORMED;
    *out = malloc(length + 1);
    if (!*out)
        return EDGE_SECRET_NO_MEMORY;
    memcpy(*out, bytes, length);
    (*out)[length] = '\0';
    return EDGE_SECRET_OK;
}

/* The open file decides, not its name: nothing can be swapped between the check and the reading. */
static enum edge_secret_status edge_secret_is_private(int file)
{
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        return EDGE_SECRET_NO_FILE;
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return EDGE_SECRET_OPEN_TO_OTHERS;
    return EDGE_SECRET_OK;
}

enum edge_secret_status edge_secret_check_file(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum edge_secret_status status = EDGE_SECRET_NO_FILE;
    if (file < 0)
        return EDGE_SECRET_NO_FILE;
    status = edge_secret_is_private(file);
    close(file);
    return status;
}

static enum edge_secret_status edge_secret_read(const char *path, char **out)
{
    char buffer[EDGE_SECRET_LIMIT + 2];
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum edge_secret_status status;
    size_t length = 0;
    ssize_t got = 0;
    if (file < 0)
        return EDGE_SECRET_NO_FILE;
    status = edge_secret_is_private(file);
    if (status == EDGE_SECRET_OK) {
        do {
            got = read(file, buffer + length, sizeof(buffer) - length);
            length += got > 0 ? (size_t)got : 0;
        } while ((got > 0 && length < sizeof(buffer)) || (got < 0 && errno == EINTR));
        status = got < 0 ? EDGE_SECRET_NO_FILE : edge_secret_copy(buffer, length, out);
    }
    edge_wipe(buffer, sizeof(buffer));
    close(file);
    return status;
}

enum edge_secret_status edge_secret_fetch(const struct edge_secret *secret, char **out)
{
    *out = NULL;
    if (secret->fictive)
        return edge_secret_copy(secret->fictive, strlen(secret->fictive), out);
    if (secret->variable) {
        const char *value = getenv(secret->variable);
        return value && *value ? edge_secret_copy(value, strlen(value), out) : EDGE_SECRET_UNSET;
    }
    return edge_secret_read(secret->file, out);
}

/* ------------------------------------------------------------------ in a text */

void edge_secret_field(const struct edge_fields *fields, const char *name, struct edge_secret *out)
{
    static const char *const keys[] = { "variable", "fichier", NULL };
    const delib_value *value = edge_field(fields, name);
    struct edge_fields inner;
    out->place = edge_field_place(fields, name);
    if (!value) {
        edge_field_missing(fields, name, "écrivez { variable: NOM } ou { fichier: CHEMIN }");
        return;
    }
    if (value->kind != DELIB_VALUE_RECORD) {
        edge_report(fields->diagnostics, EDGE_CONFIG_CLEAR, out->place,
                    "mettez-le dans une variable d'environnement, { variable: NOM }, ou dans un fichier privé, "
                    "{ fichier: CHEMIN }",
                    "« %s%s » : un secret ne s'écrit pas dans la configuration", fields->path, name);
        return;
    }
    edge_fields_open(&inner, fields, name, value);
    edge_fields_check(&inner, keys);
    out->variable = edge_field_checked(&inner, "variable", edge_check_variable,
                                       "le nom d'une variable d'environnement est attendu");
    out->file = edge_field_path(&inner, "fichier", "le chemin d'un fichier est attendu");
    if (!edge_field(&inner, "variable") == !edge_field(&inner, "fichier"))
        edge_field_refuse(fields, name, "une seule des deux clés « variable » et « fichier » est attendue", NULL);
}

/* ------------------------------------------------------------------ what is wrong */

static const struct {
    const char *before, *after, *help;      /* around the name of the variable or of the file */
} edge_secret_problems[] = {
    [EDGE_SECRET_UNSET] = { "la variable d'environnement ", " n'existe pas, ou elle est vide", NULL },
    [EDGE_SECRET_NO_FILE] = { "le fichier ", " ne peut pas être lu", NULL },
    [EDGE_SECRET_OPEN_TO_OTHERS] = { "le fichier ", " peut être lu par d'autres que son propriétaire, il est "
                                                    "donc refusé",
                                     "rendez-le privé : chmod 600, avec le compte du service" },
    [EDGE_SECRET_MALFORMED] = { "le secret de ", " est vide, trop long, ou contient une espace", NULL },
};

const char *edge_secret_problem(struct arena *arena, const struct edge_secret *secret,
                                enum edge_secret_status status)
{
    struct strbuf out = strbuf_in(arena);
    strbuf_format(&out, "%s« %s »%s", edge_secret_problems[status].before,
                  secret->variable ? secret->variable : secret->file, edge_secret_problems[status].after);
    return out.bytes;
}

void edge_secret_tell(struct edge_diagnostics *list, const struct edge_secret *secret, enum edge_secret_status status)
{
    if (status == EDGE_SECRET_NO_MEMORY)
        list->arena->exhausted = true;
    else if (status != EDGE_SECRET_OK)
        edge_report(list, EDGE_CONFIG_SECRET, secret->place, edge_secret_problems[status].help, "%s",
                    edge_secret_problem(list->arena, secret, status));
}
