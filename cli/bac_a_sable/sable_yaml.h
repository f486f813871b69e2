/*
 * YAML files of fictive families, read into data.
 */
#ifndef SABLE_YAML_H
#define SABLE_YAML_H

#include "sable_datum.h"

/*
 * Plain scalars: null, ~ or nothing is null; true, false, oui, non are booleans; what JSON calls a number is a number
 * ("08480" is not: it is a text, like everything in quotes). Anchors and aliases are followed.
 *
 * @param arena   owns the tree
 * @param error   filled when NULL is returned: a French sentence; `line` 0 when the file cannot be read at all
 */
const struct datum *yaml_read_file(struct arena *arena, const char *path, struct strbuf *error, unsigned *line);

#endif
