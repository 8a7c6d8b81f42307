"""Between native values and the objects that hints of a function speak of: enumerations, and classes with fields.

A complex value is a mapping. Where the hint is a dataclass, the function is given an instance of it; any object whose
attributes are the type's properties may be returned.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from demotic.model import Attribute, Name, is_many
from demotic.store import Collection, Entity


def as_python(value: Any, hint: Attribute | None) -> Any:
    """Return a native value as its hint has it.

    A collection of entities stays one where the hint says no list, and else becomes its entities: as they are read, or
    for ``list`` and ``Sequence`` all at once. What is given as a list of entities is made a mapping there.
    """
    if hint is not None and isinstance(value, list) and not hint.collection and is_many(hint):
        return {item.key: item for item in value}
    if hint is not None and isinstance(value, Collection) and hint.collection:
        return list(value.values()) if hint.list_type in (list, Sequence) else value.values()
    if value is None or hint is None or not isinstance(hint.python, type):
        return value
    if isinstance(value, list):
        return [_single(item, hint.python) for item in value]
    return _single(value, hint.python)


def _single(value: Any, kind: type) -> Any:
    if value is None or isinstance(value, Entity):
        return value
    if issubclass(kind, Enum):
        return kind(value)
    if is_dataclass(kind) and isinstance(value, Mapping):
        known = _hints(kind)
        return kind(**{name: as_python(value.get(hint_name), hint) for name, (hint_name, hint) in known.items()})
    return value


@cache
def _hints(kind: type) -> dict[str, tuple[str, Attribute]]:
    """Return the names that a dataclass's fields have in the model, and their hints."""
    hints = typing.get_type_hints(kind, include_extras=True)
    found: dict[str, tuple[str, Attribute]] = {}
    for item in fields(kind):
        hint = Attribute(hints[item.name], f"{kind.__name__}.{item.name}")
        renamed = hint.one(Name)
        found[item.name] = (item.name if renamed is None else renamed.name, hint)
    return found


def as_values(value: Any) -> Any:
    """Return what a function returned, with instances of dataclasses as mappings."""
    if is_dataclass(value) and not isinstance(value, type):
        known = _hints(type(value))
        return {name: as_values(getattr(value, attribute)) for attribute, (name, _) in known.items()}
    if isinstance(value, (list, tuple)):
        return [as_values(item) for item in value]
    return value
