"""`check_schema.py SCHEMA JSON…`: prints where a text does not follow its schema, and nothing when all is well. Knows what
our schemas use: type, enum, properties, required, additionalProperties, items, anyOf, $ref to $defs; anything else in a
schema is a fault of the schema."""
import json
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "enum", "properties", "required",
         "additionalProperties", "items", "anyOf"}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def faults(root, schema, value, path):
    for key in set(schema) - KNOWN:
        yield "%s: the schema says %s, which is not known here" % (path, key)
    if "$ref" in schema:
        yield from faults(root, root["$defs"][schema["$ref"].split("/")[-1]], value, path)
    if "anyOf" in schema and all(list(faults(root, one, value, path)) for one in schema["anyOf"]):
        yield "%s: none of the forms" % path
        yield from faults(root, schema["anyOf"][0], value, path)
    if "enum" in schema and value not in schema["enum"]:
        yield "%s: %r" % (path, value)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        yield "%s: %r is not %s" % (path, value, " or ".join(types))
        return
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                yield "%s: no %s" % (path, name)
        for name, member in value.items():
            if name in schema.get("properties", {}):
                yield from faults(root, schema["properties"][name], member, "%s/%s" % (path, name))
            elif schema.get("additionalProperties") is False:
                yield "%s: %s is not in the schema" % (path, name)
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from faults(root, schema["items"], item, "%s[%d]" % (path, i))


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


root = load(sys.argv[1])
for path in sys.argv[2:]:
    for fault in faults(root, root, load(path), ""):
        print("%s%s" % (path, fault))
