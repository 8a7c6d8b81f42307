"""Values of Python's own types as MessagePack that says what they are, so that they come back as they went in.

MessagePack knows null, Booleans, 64-bit integers, doubles, text, bytes, lists and maps. All else is an extension type
with a number of its own: a tuple stays a tuple, a set a set, a Decimal keeps its digits and an instant its zone.
(MessagePack specification, "Extension types"; the numbers 1 to 15 are ours and are never reused.)
"""

from __future__ import annotations

import datetime
import decimal
import functools
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from demotic.cache._errors import Unreadable, Unstorable
from demotic.cache._late import Late

if TYPE_CHECKING:
    import msgspec
else:
    msgspec = Late("msgspec")

_MOST_NESTED = 200
_AS_THEY_ARE = frozenset({type(None), bool, str, bytes, float})

Change = Callable[[Any, int], Any]


@functools.cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()


def _pack(value: object) -> bytes:
    return _encoder().encode(value)


def dump_tagged(value: object) -> bytes:
    """Return a value of Python's own types as bytes. Raises `Unstorable` for any other, however deep inside."""
    try:
        return _pack(_tagged(value, 0))
    except UnicodeEncodeError as error:
        raise Unstorable(f"a text that is no Unicode: {error}") from None


def load_tagged(data: bytes) -> Any:
    """Return the value that `dump_tagged` made these bytes of. Raises `Unreadable`."""
    try:
        return _unpack(data)
    except (msgspec.MsgspecError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        raise Unreadable(f"not a value: {error}") from None


def _tagged(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    change = _CHANGES.get(kind)
    if change is None:
        raise Unstorable(f"a value of type {kind.__module__}.{kind.__qualname__} does not say how to be stored")
    if depth > _MOST_NESTED:
        raise Unstorable(f"a value is nested more than {_MOST_NESTED} deep")
    return change(value, depth + 1)


def _integer(value: int, depth: int) -> Any:
    return value if -(2**63) <= value < 2**64 else msgspec.msgpack.Ext(1, hex(value).encode())


def _list(value: list[Any], depth: int) -> list[Any]:
    return [_tagged(item, depth) for item in value]


def _dict(value: dict[Any, Any], depth: int) -> Any:
    if all(type(key) is str for key in value):
        return {key: _tagged(item, depth) for key, item in value.items()}
    return msgspec.msgpack.Ext(2, _pack([[_tagged(key, depth), _tagged(item, depth)] for key, item in value.items()]))


def _sequence(code: int) -> Change:
    return lambda value, depth: msgspec.msgpack.Ext(code, _pack([_tagged(item, depth) for item in value]))


def _text(code: int, form: Callable[[Any], str]) -> Change:
    return lambda value, depth: msgspec.msgpack.Ext(code, form(value).encode())


def _datetime(value: datetime.datetime, depth: int) -> Any:
    parts = [value.replace(tzinfo=None, fold=0).isoformat(), value.fold, *_zone(value.tzinfo)]
    return msgspec.msgpack.Ext(10, _pack(parts))


def _time(value: datetime.time, depth: int) -> Any:
    parts = [value.replace(tzinfo=None, fold=0).isoformat(), value.fold, *_zone(value.tzinfo)]
    return msgspec.msgpack.Ext(11, _pack(parts))


def _zone(zone: datetime.tzinfo | None) -> list[Any]:
    """Return what a zone is made again from: nothing, the name of a ZoneInfo, or the offset and name of a timezone."""
    if zone is None:
        return []
    key = getattr(zone, "key", None)
    if key and type(zone).__module__ == "zoneinfo":
        return [key]
    if type(zone) is datetime.timezone:
        offset = zone.utcoffset(None)
        return [[offset.days, offset.seconds, offset.microseconds], zone.tzname(None)]
    raise Unstorable(f"an instant with a zone of type {type(zone).__qualname__}", hint="use zoneinfo.ZoneInfo")


_CHANGES: dict[type, Change] = {
    int: _integer,
    list: _list,
    dict: _dict,
    tuple: _sequence(3),
    set: _sequence(4),
    frozenset: _sequence(5),
    bytearray: lambda value, depth: msgspec.msgpack.Ext(6, bytes(value)),
    decimal.Decimal: _text(7, str),
    uuid.UUID: lambda value, depth: msgspec.msgpack.Ext(8, value.bytes),
    datetime.date: _text(9, datetime.date.isoformat),
    datetime.datetime: _datetime,
    datetime.time: _time,
    datetime.timedelta: lambda value, depth: msgspec.msgpack.Ext(
        12, _pack([value.days, value.seconds, value.microseconds])
    ),
    complex: lambda value, depth: msgspec.msgpack.Ext(13, _pack([value.real, value.imag])),
}


def _unpack(data: bytes) -> Any:
    return _decoder().decode(data)


def _zone_of(parts: list[Any]) -> datetime.tzinfo | None:
    if not parts:
        return None
    if isinstance(parts[0], str):
        from zoneinfo import ZoneInfo

        return ZoneInfo(parts[0])
    days, seconds, microseconds = parts[0]
    offset = datetime.timedelta(days, seconds, microseconds)
    plain = datetime.timezone(offset)
    if not offset and parts[1] == "UTC":
        return datetime.UTC
    return plain if plain.tzname(None) == parts[1] else datetime.timezone(offset, parts[1])


def _read_datetime(data: bytes) -> datetime.datetime:
    text, fold, *zone = _unpack(data)
    return datetime.datetime.fromisoformat(text).replace(fold=fold, tzinfo=_zone_of(zone))


def _read_time(data: bytes) -> datetime.time:
    text, fold, *zone = _unpack(data)
    return datetime.time.fromisoformat(text).replace(fold=fold, tzinfo=_zone_of(zone))


_READERS: dict[int, Callable[[bytes], Any]] = {
    1: lambda data: int(data, 16),
    2: lambda data: dict(_unpack(data)),
    3: lambda data: tuple(_unpack(data)),
    4: lambda data: set(_unpack(data)),
    5: lambda data: frozenset(_unpack(data)),
    6: bytearray,
    7: lambda data: decimal.Decimal(data.decode()),
    8: lambda data: uuid.UUID(bytes=data),
    9: lambda data: datetime.date.fromisoformat(data.decode()),
    10: _read_datetime,
    11: _read_time,
    12: lambda data: datetime.timedelta(*_unpack(data)),
    13: lambda data: complex(*_unpack(data)),
}


def _read_extension(code: int, data: memoryview) -> Any:
    reader = _READERS.get(code)
    if reader is None:
        raise ValueError(f"no type has the number {code}")
    return reader(bytes(data))


@functools.cache
def _decoder() -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(ext_hook=_read_extension)
