"""Every public name of the Python module has a docstring and complete type hints."""

import dataclasses
import inspect
import sys
import typing

import delib

faults = []


def check(name, function):
    """Notes what `function` lacks."""
    if not inspect.getdoc(function):
        faults.append(f"{name}: no docstring")
    hints = typing.get_type_hints(function)
    for parameter in inspect.signature(function).parameters:
        if parameter not in ("self", "cls") and parameter not in hints:
            faults.append(f"{name}: {parameter} has no type")
    if "return" not in hints:
        faults.append(f"{name}: no type of result")


for public in delib.__all__:
    item = getattr(delib, public)
    if not inspect.isclass(item):
        check(public, item)
        continue
    if not item.__dict__.get("__doc__"):
        faults.append(f"{public}: no docstring")
    for name, member in vars(item).items():
        function = member.fget if isinstance(member, property) else member
        if inspect.isfunction(function) and not name.startswith("_") and not dataclasses.is_dataclass(item):
            check(f"{public}.{name}", function)
if len(delib.__all__) < 10:
    faults.append("few public names")
sys.exit("\n".join(faults) if faults else 0)
