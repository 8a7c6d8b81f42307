"""Parts of values kept as JSON: the values of an array, the member of an object, the native value of a scalar.

What SQLite calls for each row. Text goes in and comes out as JSON, so that no digit of a number is lost on the way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from demotic.model import PRIMITIVES, Property, check_value


def items(text: str | bytes) -> str | None:
    """Return an array of the JSON texts of an array's values; ``None`` for what is no array."""
    found = msgspec.json.decode(text, type=list[msgspec.Raw])
    return msgspec.json.encode([bytes(item).decode() for item in found]).decode()


def member(text: str | bytes, name: str) -> str | None:
    """Return the JSON text of a member of an object; ``None`` where there is none."""
    found = msgspec.json.decode(text, type=dict[str, msgspec.Raw]).get(name)
    return None if found is None else bytes(found).decode()


def native(text: str | bytes, kind: str, members: str) -> Any:
    """Return the native value of a scalar of a primitive type, of an enumeration with these ``members`` a number.

    Raises DemoticError, ValueError or TypeError for what is no such value.
    """
    value = msgspec.json.decode(text)
    if members and isinstance(value, str):
        known = _members(members)
        return sum({known[name] if name in known else int(name) for name in value.split(",")})
    item = _of(kind)
    read = None if item.primitive is None else item.primitive.from_json
    return value if value is None else check_value(item, value if read is None else read(value))


@lru_cache(maxsize=256)
def _members(text: str) -> dict[str, int]:
    return msgspec.json.decode(text, type=dict[str, int])


@lru_cache(maxsize=64)
def _of(kind: str) -> Property:
    return Property("value", PRIMITIVES[kind])
