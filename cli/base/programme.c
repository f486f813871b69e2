/*
 * Loading a délibération. Modules (`utilise eaje`) are read from the folder of the file, then from the stdlib folder.
 */
#include "programme.h"

#include <string.h>

/* ---- Modules ---- */

struct module_search {
    struct run *run;
    const char *folder;                  /* of the délibération */
};

/* Literate first: when both forms are there, the one with the voted text is the reference. */
static const char *const EXTENSIONS[] = { ".delib.md", ".delib" };
/* A name that has its own extension is that of a file: a grid « depuis "grille.csv" ». */
static const char *const NO_EXTENSION[] = { "" };

static const char *find_module_file(struct module_search *search, const char *file_name)
{
    struct arena *arena = &search->run->arena;
    const char *beside = path_join(arena, search->folder, file_name);

    return file_exists(beside) ? beside : companion_find(arena, COMPANION_STDLIB, file_name);
}

/* A délibération reads what is beside it and below, nowhere else. */
static bool stays_below(const char *name)
{
    return name[0] != '/' && name[0] != '.' && !strstr(name, "/.");
}

static delib_status read_module(void *context, const char *name, delib_source *out)
{
    struct module_search *search = context;
    struct arena *arena = &search->run->arena;
    bool is_file = strchr(name, '.') != NULL;
    const char *const *extensions = is_file ? NO_EXTENSION : EXTENSIONS;
    size_t count = is_file ? 1 : sizeof(EXTENSIONS) / sizeof(EXTENSIONS[0]);

    for (size_t i = 0; stays_below(name) && i < count; i++) {
        struct strbuf file_name = strbuf_in(arena);
        const char *path, *problem;
        struct file_text file;

        strbuf_format(&file_name, "%s%s", name, extensions[i]);
        path = find_module_file(search, file_name.bytes);
        if (path && file_read(arena, path, &file, &problem)) {
            *out = (delib_source){ file.name, file.bytes, file.length };
            return DELIB_OK;
        }
    }
    return DELIB_INVALID;
}

/* ---- Loading ---- */

bool programme_open(struct run *run, const char *path, struct programme *out)
{
    struct file_text file = { .name = path };

    *out = (struct programme){ .file.name = path };
    return file_read(&run->arena, path, &file, &out->problem) && programme_compile(run, &file, out);
}

bool programme_compile(struct run *run, const struct file_text *file, struct programme *out)
{
    struct module_search search = { .run = run, .folder = file->folder };
    delib_source source = { file->name, file->bytes, file->length };
    delib_status status;

    *out = (struct programme){ .file = *file };
    status = delib_compile(run->engine, &source, read_module, &search, &out->program);
    if (out->program)
        diagnostics_of_program(run, &out->diagnostics, out->program);
    if (status != DELIB_OK && !out->diagnostics.errors)
        out->problem = status_text(status);
    out->valid = status == DELIB_OK;
    return out->valid;
}

bool programme_read_beside(struct run *run, const struct programme *programme, const char *name, struct file_text *out,
                           const char **problem)
{
    *problem = "ce fichier n'est pas à côté de la délibération";
    return stays_below(name) &&
           file_read(&run->arena, path_join(&run->arena, programme->file.folder, name), out, problem);
}

void programme_close(struct programme *programme)
{
    delib_program_release(programme->program);
    programme->program = NULL;
}

void programme_report(struct run *run, const struct programme *programme)
{
    diagnostics_print(&run->terminal, &programme->diagnostics);
    if (programme->problem)
        terminal_error(&run->terminal, "%s", programme->problem);
}

/* ---- Tariffs ---- */

const char *programme_tariff_names(struct arena *arena, const delib_program *program)
{
    struct strbuf names = strbuf_in(arena);

    for (size_t i = 0; i < delib_program_tariff_count(program); i++)
        strbuf_format(&names, "%s%s", i ? ", " : "", delib_program_tariff_name(program, (delib_tariff)i));
    return strbuf_string(&names);
}

static const char *nearest_tariff(struct arena *arena, const delib_program *program, const char *name)
{
    size_t count = delib_program_tariff_count(program);
    const char **names = arena_array(arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = delib_program_tariff_name(program, (delib_tariff)i);
    return names ? nearest_name(slice_of(name), names, count) : NULL;
}

static const char *tariff_problem(struct arena *arena, const delib_program *program, const char *name)
{
    struct strbuf text = strbuf_in(arena);
    const char *nearest = name ? nearest_tariff(arena, program, name) : NULL;

    if (delib_program_tariff_count(program) == 0)
        return "ce fichier ne contient aucun tarif";
    if (!name)
        strbuf_format(&text, "ce fichier contient plusieurs tarifs (%s) : précisez le tarif",
                      programme_tariff_names(arena, program));
    else if (nearest)
        strbuf_format(&text, "aucun tarif ne s'appelle « %s » ; vouliez-vous dire « %s » ?", name, nearest);
    else
        strbuf_format(&text, "aucun tarif ne s'appelle « %s » ; ce fichier contient : %s", name,
                      programme_tariff_names(arena, program));
    return strbuf_string(&text);
}

delib_tariff programme_tariff(struct run *run, const delib_program *program, const char *name, const char **problem)
{
    delib_tariff tariff = delib_program_tariff(program, name);

    if (tariff == DELIB_NO_TARIFF)
        *problem = tariff_problem(&run->arena, program, name);
    return tariff;
}
