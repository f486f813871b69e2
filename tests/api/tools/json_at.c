/*
 * json_at PATH…: reads one JSON text on standard input, strictly, and prints what each path leads to, a line each.
 * A path is "data.enfants.0.prenoms"; "." is the whole. Texts are printed bare, the rest as JSON; « absent » when
 * there is nothing there. Exit status 1: the text is not JSON.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *step(const json_t *value, const char *name, size_t length)
{
    char key[128];

    if (length >= sizeof(key))
        return NULL;
    memcpy(key, name, length);
    key[length] = '\0';
    if (json_is_array(value))
        return json_array_get(value, (size_t)strtoul(key, NULL, 10));
    return json_object_get(value, key);
}

static const json_t *follow(const json_t *value, const char *path)
{
    if (strcmp(path, ".") == 0)
        return value;
    while (*path && value) {
        size_t length = strcspn(path, ".");

        value = step(value, path, length);
        path += length + (path[length] == '.');
    }
    return value;
}

static void print(const json_t *value)
{
    if (!value)
        puts("absent");
    else if (json_is_string(value))
        puts(json_string_value(value));
    else {
        json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    json_t *root = json_loadf(stdin, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    if (!root) {
        fprintf(stderr, "json_at: %d:%d: %s\n", error.line, error.column, error.text);
        return 1;
    }
    for (int i = 1; i < argc; i++)
        print(follow(root, argv[i]));
    json_decref(root);
    return 0;
}
