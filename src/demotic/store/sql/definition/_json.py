"""Values kept as JSON in a column of text: collections, geographic values, complex values without columns of their own.

They are kept in the form of OData JSON Format 4.01, section 7, with numbers beyond a double as strings, so that nothing
of them is lost. What cannot be read as a value of the type is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from demotic.errors import DemoticError
from demotic.model import STRING, EnumType, Property, StructuredType, check_value, told_type
from demotic.store._interface import Representation
from demotic.store._representation import converter
from demotic.store.sql.storage._storage import Storage, identity

_ENCODE = msgspec.json.Encoder(decimal_format="number").encode


def json_storage(item: Property) -> Storage:
    """Return how a column keeps the values of a property as JSON. A null in its place is an empty collection."""
    convert = converter(item, Representation.JSON_EXACT)
    empty = "[]" if item.collection else None

    def encode(value: Any) -> str:
        return _ENCODE(value if convert is None else convert(value)).decode()

    def decode(text: Any) -> Any:
        found = empty if text is None else text
        if found.__class__ is not str:
            return None
        try:
            return check_value(item, read(item, msgspec.json.decode(found)))
        except (DemoticError, msgspec.MsgspecError, TypeError, ValueError):
            return None

    return Storage(STRING, "json", encode, decode, identity, ordered=False)


def read(item: Property, value: Any) -> Any:
    """Return the native value of a property for what JSON holds. Raises InvalidInput, TypeError or ValueError."""
    if item.collection:
        if not isinstance(value, list):
            raise TypeError("no list")
        return [_single(item, each) for each in value]
    return _single(item, value)


def _single(item: Property, value: Any) -> Any:
    if value is None or isinstance(item.type, EnumType):
        return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
    if isinstance(item.type, StructuredType):
        return _structured(item.type, value)
    from_json: Callable[[object], object] | None = item.primitive.from_json if item.primitive is not None else None
    return value if from_json is None else from_json(value)


def _structured(kind: StructuredType, value: Mapping[str, Any]) -> dict[str, Any]:
    known = told_type(kind, value, kind.name).all_properties()
    return {name: read(known[name], part) if name in known else part for name, part in value.items()}
