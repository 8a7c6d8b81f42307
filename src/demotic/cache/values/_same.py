"""Whether a value came back as it went in, and whether it can be handed to several callers."""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import uuid
from typing import TYPE_CHECKING, Any

from demotic.cache._late import Late

if TYPE_CHECKING:
    import dataclasses

    import msgspec
else:
    dataclasses = Late("dataclasses")
    msgspec = Late("msgspec")

_SCALARS = frozenset(
    {
        *(type(None), bool, int, str, bytes, complex, decimal.Decimal, uuid.UUID),
        *(datetime.date, datetime.timedelta),
    }
)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are of one type and equal, all the way down. Equality alone would take 1 for True."""
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in _SCALARS:
        return bool(one == other) and (kind is not decimal.Decimal or str(one) == str(other))
    if kind is float:
        same_sign = math.copysign(1, one) == math.copysign(1, other)
        return (one == other and same_sign) or (one != one and other != other)
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            same(a, b) for pair in zip(one.items(), other.items(), strict=True) for a, b in zip(*pair, strict=True)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if kind is bytearray:
        return bool(one == other)
    if isinstance(one, set | frozenset):
        return bool(one == other) and sorted(map(_kind, one)) == sorted(map(_kind, other))
    if isinstance(one, datetime.datetime | datetime.time):
        return bool(one == other) and one.isoformat() == other.isoformat() and type(one.tzinfo) is type(other.tzinfo)
    if isinstance(one, enum.Enum):
        return one is other
    if isinstance(one, msgspec.Struct):
        return all(same(getattr(one, name), getattr(other, name)) for name in one.__struct_fields__)
    if dataclasses.is_dataclass(one):
        return _same_fields(one, other)
    return False


def _same_fields(one: Any, other: Any) -> bool:
    if getattr(one, "__dict__", {}).keys() != getattr(other, "__dict__", {}).keys():
        return False
    return all(same(getattr(one, item.name), getattr(other, item.name)) for item in dataclasses.fields(one))


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def immutable(value: Any, depth: int = 0) -> bool:
    """Return whether nobody can change a value, so that one object may be handed to all."""
    kind = type(value)
    if kind in _SCALARS or kind is float:
        return True
    if kind in (tuple, frozenset) and depth < 20:
        return all(immutable(item, depth + 1) for item in value)
    return kind in (datetime.datetime, datetime.time) and type(value.tzinfo) in (type(None), datetime.timezone)
