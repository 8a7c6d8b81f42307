"""Values in verbose JSON, by the type that OData 2 calls theirs, read leniently into native values.

[MS-ODATA], section 2.2.6.3.1. Which type a property has in OData 2 is the projection's to say (`demotic.model.v2`).
Dates and times are milliseconds since 1970. They are written in `_writing`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.model import PRIMITIVES, TYPE_KEY, InvalidValue, PrimitiveType, Property, StructuredType, told_type
from demotic.model.v2 import Projection
from demotic.protocols.odata.v2._writing import former_name, native_type
from demotic.query import UnknownName, choices
from demotic.query.v2 import parse_date_time, parse_time

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_TICKS: Final = re.compile(r"/Date\((-?[0-9]{1,18})(?:([+-])([0-9]{1,4}))?\)/")


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
    about = value.get("__metadata")
    said = about.get("type") if isinstance(about, dict) else None
    actual = kind if said is None else told_type(kind, {TYPE_KEY: said}, path)
    known = projection.properties(actual)
    unknown = next((name for name in value if name not in known and name != "__metadata"), None)
    if unknown is not None:
        raise UnknownName(
            f"{actual.qualified_name} has no property {unknown}",
            target=f"{path}/{unknown}",
            hint=choices(unknown, known),
        )
    told = {} if said is None else {TYPE_KEY: actual.qualified_name}
    return told | {
        name: read_value(item, value[name], f"{path}/{name}", projection)
        for name, item in known.items()
        if name in value
    }
