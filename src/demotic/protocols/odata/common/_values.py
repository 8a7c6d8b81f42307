"""Single values of entities: reached over complex properties, and in raw form (OData Protocol 4.01, 11.2.4.1)."""

from __future__ import annotations

from typing import Any

from demotic.errors import InvalidInput
from demotic.model import BINARY, STREAM, EnumType, Property


def descend(value: Any, path: tuple[Property, ...]) -> Any:
    """Follow a path of complex properties into the value of its first one."""
    for step in path[1:]:
        if value is None:
            return None
        value = value[step.name]
    return value


def raw(item: Property, value: Any) -> tuple[bytes, str]:
    """Return the bytes and media type of a raw value. Raises InvalidInput where the property has no raw form."""
    primitive = item.primitive
    if primitive is None or item.collection:
        raise InvalidInput(f"{item.name!r} has no raw value", target=item.name, hint="leave /$value out")
    if primitive in (BINARY, STREAM):
        return value, "application/octet-stream"
    text = item.type.text(value) if isinstance(item.type, EnumType) else primitive.format(value)
    return text.encode(), "text/plain;charset=utf-8"
