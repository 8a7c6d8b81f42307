"""Arguments as bytes: two values have the same bytes only if they are equal and of the same type.

Every item is a tag, the decimal length of what follows, a colon, and the content; containers hold their items in this
form, one after the other, sets and dictionaries sorted. So no item can be mistaken for another, for two, or for a part
of one, and the bytes are the same in every process and release. Types are told apart (`1`, `True`, `1.0` and `"1"`
differ) and so are values that compare equal but are not the same (`0.0` and `-0.0`, `Decimal("1.0")` and
`Decimal("1")`).

A class says what identifies its instances by `__cache_fields__`, a tuple of attribute names, or by a method
`__cache_key__()`; dataclasses, named tuples and msgspec structs are known by their fields.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import struct
import sys
import types
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from demotic.cache._errors import UnkeyableArgument
from demotic.cache._late import Late

if TYPE_CHECKING:
    import dataclasses

    import msgspec
else:
    dataclasses = Late("dataclasses")
    msgspec = Late("msgspec")

_MOST_NESTED = 60
HINT = "pass key=, a function of the arguments that returns what identifies the call, or name the argument in ignore="

Encoder = Callable[[Any, int], bytes]


def encode(value: object) -> bytes:
    """Return the bytes of one value. Raises `UnkeyableArgument` for what has no stable form."""
    return _item(value, 0)


def encode_state(instance: object) -> bytes:
    """Return the bytes of an instance that methods are called on: as `encode`, else its class and all its attributes.

    Raises `UnkeyableArgument` if an attribute has no stable form.
    """
    kind = type(instance)
    if kind in ENCODERS or issubclass(kind, _KNOWN) or _has_form(kind) or issubclass(kind, msgspec.Struct):
        return _item(instance, 0)
    return _fields(b"O", instance, _attributes(instance), 0)


def type_name(kind: type | types.FunctionType | types.BuiltinFunctionType) -> str:
    """Return the name of a class or function as `module:qualified.name`."""
    return f"{module_name(kind.__module__)}:{kind.__qualname__}"


def module_name(name: str | None) -> str:
    """Return a module's name; that of the program itself is the one it is importable by, if it has one."""
    if name == "__main__":
        spec = getattr(sys.modules.get("__main__"), "__spec__", None)
        return str(spec.name) if spec is not None else "__main__"
    return name or ""


def _framed(tag: bytes, content: bytes) -> bytes:
    return b"%b%d:%b" % (tag, len(content), content)


def _item(value: object, depth: int) -> bytes:
    encoder = ENCODERS.get(type(value))
    if encoder is not None:
        return encoder(value, depth)
    return _other(value, depth)


def _other(value: Any, depth: int) -> bytes:
    """Encode what is known by its class rather than by its exact type."""
    kind = type(value)
    if depth > _MOST_NESTED:
        raise UnkeyableArgument(f"an argument is nested more than {_MOST_NESTED} deep", hint=HINT)
    if isinstance(value, type):
        return _text(b"T", type_name(value))
    if (own := getattr(kind, "__cache_key__", None)) is not None:
        return _named(b"K", kind, _item(own(value), depth + 1))
    if (names := getattr(kind, "__cache_fields__", None)) is not None:
        return _fields(b"O", value, names, depth)
    if isinstance(value, enum.Enum):
        return _named(b"E", kind, _item(value.value if value.name is None else value.name, depth + 1))
    if dataclasses.is_dataclass(value):
        return _fields(b"O", value, [field.name for field in dataclasses.fields(value)], depth)
    if isinstance(value, msgspec.Struct):
        return _fields(b"O", value, kind.__struct_fields__, depth)
    if isinstance(value, datetime.tzinfo):
        return _zone(value)
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType) and "<" not in value.__qualname__:
        return _text(b"F", type_name(value))
    if any(isinstance(value, other) for other in _loaded("pathlib", "PurePath")):
        return _named(b"P", kind, _text(b"s", str(value)))
    if kind in _loaded("fractions", "Fraction"):
        return _text(b"q", str(value))
    if isinstance(value, dict) and not getattr(value, "__dict__", None):
        return _named(b"U", kind, _sequence(b"l")(value.items(), depth))  # the order may count, as in an OrderedDict
    for base in _SUBCLASSED:
        if isinstance(value, base) and not getattr(value, "__dict__", None):
            return _named(b"U", kind, ENCODERS[base](value, depth))
    raise UnkeyableArgument(f"{_shown(value)} of type {type_name(kind)} cannot be part of a key", hint=HINT)


def _loaded(module: str, name: str) -> tuple[type, ...]:
    """Return a class of the standard library if the program has loaded it: nothing is an instance of it otherwise."""
    found = getattr(sys.modules.get(module), name, None)
    return () if found is None else (found,)


def _has_form(kind: type) -> bool:
    return hasattr(kind, "__cache_fields__") or hasattr(kind, "__cache_key__") or dataclasses.is_dataclass(kind)


def _attributes(instance: object) -> list[str]:
    slots = [name for cls in type(instance).__mro__ for name in _slots(cls)]
    return sorted({*vars(instance), *slots} if hasattr(instance, "__dict__") else slots)


def _slots(cls: type) -> Iterable[str]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else [name for name in slots if name not in ("__dict__", "__weakref__")]


def _fields(tag: bytes, instance: object, names: Iterable[str], depth: int) -> bytes:
    """Encode an instance by these attributes; one that is not set differs from every value."""
    parts = []
    for name in names:
        parts.append(_text(b"s", name))
        value = getattr(instance, name, _UNSET)
        parts.append(b"x0:" if value is _UNSET else _item(value, depth + 1))
    return _named(tag, type(instance), b"".join(parts))


_UNSET = object()


def _named(tag: bytes, kind: type, content: bytes) -> bytes:
    return _framed(tag, _text(b"s", type_name(kind)) + content)


def _text(tag: bytes, text: str) -> bytes:
    return _framed(tag, text.encode("utf-8", "surrogatepass"))


def _sequence(tag: bytes) -> Encoder:
    def encode_sequence(value: Iterable[object], depth: int) -> bytes:
        return _framed(tag, b"".join(_nested(value, depth)))

    return encode_sequence


def _unordered(tag: bytes) -> Encoder:
    def encode_unordered(value: Iterable[object], depth: int) -> bytes:
        return _framed(tag, b"".join(sorted(_nested(value, depth))))

    return encode_unordered


def _nested(values: Iterable[object], depth: int) -> list[bytes]:
    if depth >= _MOST_NESTED:
        raise UnkeyableArgument(f"an argument is nested more than {_MOST_NESTED} deep", hint=HINT)
    return [_item(value, depth + 1) for value in values]


def _mapping(value: dict[object, object], depth: int) -> bytes:
    pairs = sorted(zip(_nested(value, depth), _nested(value.values(), depth), strict=True))
    return _framed(b"d", b"".join(key + item for key, item in pairs))


def _zone(zone: datetime.tzinfo | None) -> bytes:
    """Encode a zone: by its name where it has one, since two zones may agree today and differ in summer."""
    if zone is None:
        return b"n0:"
    name = getattr(zone, "key", None)
    offset = zone.utcoffset(None)
    if name is None and offset is None:
        raise UnkeyableArgument(f"the time zone {zone!r} has no name to put into a key", hint="use zoneinfo.ZoneInfo")
    return _named(b"Z", type(zone), _text(b"s", name or f"{offset!r} {zone.tzname(None)}"))


def _instant(value: datetime.datetime, depth: int) -> bytes:
    return _framed(b"D", _text(b"s", value.replace(tzinfo=None).isoformat()) + b"%d" % value.fold + _zone(value.tzinfo))


def _time(value: datetime.time, depth: int) -> bytes:
    return _framed(b"h", _text(b"s", value.replace(tzinfo=None).isoformat()) + b"%d" % value.fold + _zone(value.tzinfo))


def _by_text(tag: bytes, form: Callable[[Any], str]) -> Encoder:
    return lambda value, depth: _text(tag, form(value))


def _by_bytes(tag: bytes, form: Callable[[Any], bytes]) -> Encoder:
    return lambda value, depth: _framed(tag, form(value))


# The exact types that most arguments have; a subclass is another type, and carries its name.
ENCODERS: dict[type, Encoder] = {
    type(None): lambda value, depth: b"n0:",
    type(...): lambda value, depth: b".0:",
    bool: lambda value, depth: b"b1:1" if value else b"b1:0",
    int: _by_text(b"i", hex),  # decimal digits of large numbers take quadratic time, and Python limits them
    float: _by_bytes(b"f", struct.Struct(">d").pack),
    complex: _by_bytes(b"j", lambda value: struct.pack(">dd", value.real, value.imag)),
    str: _by_text(b"s", str),
    bytes: _by_bytes(b"y", bytes),
    bytearray: _by_bytes(b"Y", bytes),
    memoryview: _by_bytes(b"m", lambda value: value.format.encode() + repr(value.shape).encode() + value.tobytes()),
    tuple: _sequence(b"t"),
    list: _sequence(b"l"),
    set: _unordered(b"e"),
    frozenset: _unordered(b"z"),
    dict: _mapping,
    range: _by_text(b"r", lambda value: repr((value.start, value.stop, value.step))),
    slice: lambda value, depth: _framed(b":", b"".join(_nested((value.start, value.stop, value.step), depth))),
    decimal.Decimal: _by_text(b"c", str),
    datetime.date: _by_text(b"a", datetime.date.isoformat),
    datetime.datetime: _instant,
    datetime.time: _time,
    datetime.timedelta: _by_text(b"v", lambda value: repr((value.days, value.seconds, value.microseconds))),
    uuid.UUID: _by_bytes(b"u", lambda value: value.bytes),
}
_KNOWN = (type, enum.Enum, datetime.tzinfo)
_SUBCLASSED = (str, bytes, int, float, tuple, list, set, frozenset)


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except Exception:
        return "a value"
    return text if len(text) <= 80 else f"{text[:77]}..."
