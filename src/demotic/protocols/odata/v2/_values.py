"""Values in verbose JSON, by the type that OData 2 calls theirs: written from native values, and read leniently.

[MS-ODATA], section 2.2.6.3.1. Which type a property has in OData 2 is the projection's to say (`demotic.model.v2`).
Dates and times are milliseconds since 1970; a fraction below is not sent, though it is kept and compared.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from demotic.errors import InvalidInput
from demotic.model import DECIMAL, PRIMITIVES, EnumType, InvalidValue, PrimitiveType, Property, StructuredType
from demotic.model.v2 import Projection, type_name
from demotic.query import UnknownName, choices
from demotic.query.v2 import format_time, parse_date_time, parse_time, write_literal
from demotic.syntax.uri import PATH_SEGMENT, percent_encode

Write: TypeAlias = Callable[[Any], Any]
"""From a native value, not null, to what JSON carries; ``None`` for no change."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_TICKS: Final = re.compile(r"/Date\((-?[0-9]{1,18})(?:([+-])([0-9]{1,4}))?\)/")


# --- writing


def _date_time(value: datetime) -> str:
    return f"/Date({(value - _EPOCH) // _MILLISECOND})/"


def _date(value: date) -> str:
    return f"/Date({(value.toordinal() - _EPOCH_DAY) * 86_400_000})/"


def _instant(value: datetime) -> str:
    return f"/Date({(value - _EPOCH) // _MILLISECOND}+0000)/"


def _float(value: float) -> object:
    return value if value - value == 0 else ("NaN" if value != value else "INF" if value > 0 else "-INF")


_WRITERS: Final[Mapping[tuple[str, type], Write]] = {
    ("Edm.DateTime", datetime): _date_time,
    ("Edm.DateTime", date): _date,
    ("Edm.DateTimeOffset", datetime): _instant,
    ("Edm.Decimal", Decimal): lambda value: f"{value:f}" if value.is_finite() else DECIMAL.format(value),
    ("Edm.Double", float): _float,
    ("Edm.Int64", int): str,
    ("Edm.Single", float): _float,
    ("Edm.Time", time): format_time,
    ("Edm.Time", timedelta): format_time,
}
"""By type in OData 2 and native type. Others travel as JSON has them: Binary in base64, Guid as text."""


def writer(item: Property, projection: Projection) -> Write | None:
    """Return what writes the values of a property, ``None`` where the native value is what JSON carries."""
    if isinstance(item.type, StructuredType):
        return _structured(item.type, projection)
    return _WRITERS.get((former_name(item), native_type(item)))


def native_type(item: Property) -> type:
    """Return the Python type of a property's values."""
    if isinstance(item.type, EnumType):
        return int
    assert item.primitive is not None
    return item.primitive.python


def former_name(item: Property) -> str:
    """Return what OData 2 calls the type of a property that it shows."""
    name = type_name(item)
    assert name is not None
    return name


def _structured(kind: StructuredType, projection: Projection) -> Write:
    parts = [(name, writer(item, projection)) for name, item in projection.properties(kind).items()]

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {"__metadata": {"type": kind.qualified_name}}
        for name, part in parts:
            inner = value[name]
            result[name] = inner if inner is None or part is None else part(inner)
        return result

    return write


# What needs no percent-encoding, in a shorter way than `write_literal`.
_PLAIN: Final[Mapping[str, Callable[[Any], str]]] = {
    **dict.fromkeys(("Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32"), str),
    "Edm.Guid": lambda value: f"guid'{value}'",
    "Edm.Int64": lambda value: f"{value}L",
}


def literal_writer(item: Property) -> Callable[[Any], str]:
    """Return what writes a key value as it stands in a URL."""
    name = former_name(item)
    return _PLAIN.get(name) or (lambda value: percent_encode(write_literal(name, value), PATH_SEGMENT))


def raw_text(item: Property, value: Any) -> str:
    """Return the bare text of a value: its literal form without prefix, suffix and quotes."""
    name = former_name(item)
    if name == "Edm.DateTime" and not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    if name == "Edm.DateTime":
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()  # type: ignore[no-any-return]
    if name == "Edm.Time":
        return format_time(value)
    if isinstance(item.type, EnumType):
        return str(value)
    assert item.primitive is not None
    return item.primitive.format(value)


# --- reading


def _refusal(name: str, value: object, form: str) -> InvalidInput:
    shown = repr(value)
    return InvalidInput(f"{shown if len(shown) < 80 else shown[:77] + '…'} is no {name}", hint=f"write {form}")


def _read_date_time(value: object) -> datetime:
    """Read ``/Date(ms)/``; minutes after it are added to the time (Edm.DateTime has no zone)."""
    ticks, minutes = _ticks("Edm.DateTime", value)
    return ticks if minutes is None else _shifted(ticks, minutes)


def _read_instant(value: object) -> datetime:
    """Read ``/Date(ms+minutes)/``, the time there and its offset from UTC."""
    if isinstance(value, str) and not value.startswith("/"):
        instant: Any = PRIMITIVES["DateTimeOffset"].parse(value)
        return instant  # type: ignore[no-any-return]
    ticks, minutes = _ticks("Edm.DateTimeOffset", value)
    return ticks if minutes is None else _shifted(ticks, -minutes)


def _ticks(name: str, value: object) -> tuple[datetime, int | None]:
    if not isinstance(value, str):
        raise _refusal(name, value, '"/Date(1709193599000)/"')
    found = _TICKS.fullmatch(value.replace("\\/", "/"))
    if found is None:
        return parse_date_time(value), None
    minutes = int(found[3]) * (-1 if found[2] == "-" else 1) if found[3] else None
    try:
        return _EPOCH + timedelta(milliseconds=int(found[1])), minutes
    except OverflowError:
        raise _refusal(name, value, "a date in the years 1 to 9999") from None


def _shifted(value: datetime, minutes: int) -> datetime:
    try:
        return value + timedelta(minutes=minutes)
    except OverflowError:
        raise _refusal("date", str(value), "a date in the years 1 to 9999") from None


def _read_date(value: object) -> date:
    read = _read_date_time(value)
    if read.time() != time():
        raise _refusal("date", value, "the milliseconds of a midnight: the property has no time")
    return read.date()


def _read_duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise _refusal("Edm.Time", value, '"PT7H59M"')
    return parse_time(value)


def _read_time(value: object) -> time:
    read = _read_duration(value)
    if not timedelta() <= read < _DAY:
        raise _refusal("Edm.Time", value, "a time of one day")
    return (datetime.min + read).time()


def _read_binary(value: object) -> bytes:
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            pass
    raise _refusal("Edm.Binary", value, "base64")


def _read_number(kind: PrimitiveType) -> Callable[[object], object]:
    """Return what reads a number that may be text, whatever it would be in strict JSON."""

    def read(value: object) -> object:
        if isinstance(value, str):
            return kind.parse(value)
        assert kind.from_json is not None
        return kind.from_json(value)

    return read


_READERS: Final[Mapping[tuple[str, type], Callable[[object], object]]] = {
    ("Edm.DateTime", datetime): _read_date_time,
    ("Edm.DateTime", date): _read_date,
    ("Edm.DateTimeOffset", datetime): _read_instant,
    ("Edm.Time", time): _read_time,
    ("Edm.Time", timedelta): _read_duration,
    ("Edm.Binary", bytes): _read_binary,
}


def read_value(item: Property, value: object, path: str, projection: Projection) -> Any:
    """Return the native value of a property for what JSON carries. Raises `InvalidValue` with its path."""
    if value is None:
        return None
    if isinstance(item.type, StructuredType):
        return _read_complex(item.type, value, path, projection)
    try:
        return reader(item)(value)
    except InvalidInput as fault:
        raise InvalidValue(f"{path}: {fault.message}", target=path, hint=fault.hint) from None


def reader(item: Property) -> Callable[[object], object]:
    """Return what reads the values of a property that is not complex. It raises InvalidInput."""
    name = former_name(item)
    found = _READERS.get((name, native_type(item)))
    if found is not None:
        return found
    kind = PRIMITIVES[name.removeprefix("Edm.")]
    if kind.numeric_rank:
        return _read_number(kind)
    assert kind.from_json is not None
    return kind.from_json


def _read_complex(kind: StructuredType, value: object, path: str, projection: Projection) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidValue(f"{path} takes an object", target=path)
    known = projection.properties(kind)
    unknown = next((name for name in value if name not in known and name != "__metadata"), None)
    if unknown is not None:
        raise UnknownName(
            f"{kind.qualified_name} has no property {unknown}",
            target=f"{path}/{unknown}",
            hint=choices(unknown, known),
        )
    return {
        name: read_value(item, value[name], f"{path}/{name}", projection)
        for name, item in known.items()
        if name in value
    }
