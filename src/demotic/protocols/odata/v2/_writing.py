"""Values in verbose JSON, made of those that OData JSON has under IEEE754Compatible: text for Int64 and Decimal.

That form is the nearer of the two that stores have for columns, so most values are taken as they come, and dates kept
as text are never made into dates. [MS-ODATA], section 2.2.6.3.1. Dates and times are milliseconds since 1970; a
fraction below is not sent, though it is kept, compared, and part of the entity tag.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final, TypeAlias

from demotic.model import (
    DATE_TIME_OFFSET,
    STRING,
    TIME_OF_DAY,
    TYPE_KEY,
    EnumType,
    Property,
    StructuredType,
    heirs_of,
    without_type,
)
from demotic.model.v2 import Projection, type_name
from demotic.query.v2 import format_time, write_literal
from demotic.syntax.uri import PATH_SEGMENT, percent_encode

Write: TypeAlias = Callable[[Any], Any]
"""From a value of OData JSON, not null, to that of verbose JSON; ``None`` for no change."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
WHOLE: Final = len("0000-00-00T00:00:00Z")
"""The length of the text of an instant in whole seconds, which nearly all are."""
_MOST_KEPT: Final = 4096


class _Kept(dict[str, int]):
    """Numbers by their text, made when first asked for; forgotten where there are too many."""

    def __init__(self, make: Callable[[str], int]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[text] = self._make(text)
        return made


# Texts are looked up by their halves: few days and fewer times of day make up the instants of a page.
DAYS: Final = _Kept(lambda text: (date.fromisoformat(text).toordinal() - _EPOCH_DAY) * 86_400_000)
"""The milliseconds from 1970 to the beginning of a day."""
TIMES: Final = _Kept(lambda text: (int(text[:2]) * 3600 + int(text[3:5]) * 60 + int(text[6:])) * 1000)
"""The milliseconds from there to a time of whole seconds."""


def _instant_of(value: Any) -> datetime:
    """Return the instant that a store gave as text or as what it is."""
    found: Any = DATE_TIME_OFFSET.parse(value) if value.__class__ is str else value
    return found  # type: ignore[no-any-return]


def _ticks(value: Any) -> int:
    """Return the milliseconds since 1970."""
    return (_instant_of(value) - _EPOCH) // _MILLISECOND


def _instant(value: Any) -> str:
    return f"/Date({_ticks(value)}+0000)/"


def _date_time(value: Any) -> str:
    return f"/Date({_ticks(value)})/"


def _date(value: Any) -> str:
    ticks = DAYS[value] if value.__class__ is str else (value.toordinal() - _EPOCH_DAY) * 86_400_000
    return f"/Date({ticks})/"


def _time(value: Any) -> str:
    found: Any = TIME_OF_DAY.parse(value) if value.__class__ is str else value
    return format_time(found)


def _binary(value: str) -> str:
    """Return base64 in the alphabet and with the padding that OData 2 has."""
    return base64.b64encode(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))).decode()


_WRITERS: Final[Mapping[tuple[str, type], Write]] = {
    ("Edm.Binary", bytes): _binary,
    ("Edm.DateTime", datetime): _date_time,
    ("Edm.DateTime", date): _date,
    ("Edm.DateTimeOffset", datetime): _instant,
    ("Edm.Time", time): _time,
}
"""By type in OData 2 and native type. Others travel as they are."""


def writer(item: Property, projection: Projection) -> Write | None:
    """Return what writes the values of a property, ``None`` where nothing has to be done."""
    if isinstance(item.type, StructuredType):
        return _structured(item.type, projection)
    if isinstance(item.type, EnumType):
        return _number(item.type, as_text=former_name(item) == "Edm.Int64")
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


def below_milliseconds(value: Any) -> bytes:
    """Return what of an instant is not sent; empty where nothing is left out."""
    rest = _instant_of(value).microsecond % 1000
    return b"%d" % rest if rest else b""


def whole_seconds(item: Property) -> str | None:
    """Return the expression for an instant in whole seconds, as text ``{0}``, ``None`` for what is no instant.

    It does as `writer` does, in the place of a call of it.
    """
    if not is_cut(item):
        return None
    zone = "+0000" if former_name(item) == "Edm.DateTimeOffset" else ""
    return f"f'/Date({{{{days[{{0}}[:10]]+times[{{0}}[11:19]]}}}}{zone})/'"


def is_cut(item: Property) -> bool:
    """Whether more may be kept of a property's values than is sent."""
    return item.primitive is DATE_TIME_OFFSET


def _structured(kind: StructuredType, projection: Projection) -> Write:
    parts = [(name, writer(item, projection)) for name, item in projection.properties(kind).items()]

    @cache
    def heirs() -> Mapping[str, Write]:  # once there is a value, for a type may be contained in its heirs
        return {item.qualified_name: _structured(item, projection) for item in heirs_of(kind)}

    def write_told(value: Mapping[str, Any]) -> Any:
        found = heirs().get(value.get(TYPE_KEY, ""))
        return write(value) if found is None else found(without_type(value))

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {"__metadata": {"type": kind.qualified_name}}
        for name, part in parts:
            inner = value[name]
            result[name] = inner if inner is None or part is None else part(inner)
        return result

    return write_told if heirs_of(kind) else write


def _number(kind: EnumType, *, as_text: bool) -> Write:
    """Return what writes a member, or the names of flags, as its number: OData 2 has no enumerations."""
    numbers = kind.members

    def write(value: str) -> int | str:
        number = 0
        for name in value.split(","):
            number |= numbers[name] if name in numbers else int(name)
        return str(number) if as_text else number

    return write


# --- keys

PLAIN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32"), "{}"),
    "Edm.Guid": "guid'{}'",
    "Edm.Int64": "{}L",
}
"""The literals that need no percent-encoding, around the text of the value."""


def literal_writer(item: Property) -> Callable[[Any], str]:
    """Return what writes a native key value as it stands in a URL."""
    name = former_name(item)
    plain = PLAIN.get(name)
    return plain.format if plain else lambda value: percent_encode(write_literal(name, value), PATH_SEGMENT)


def key_writer(item: Property) -> Callable[[Any], str]:
    """Return what writes a key value, as a store gives it for JSON, as it stands in a URL."""
    write = literal_writer(item)
    if isinstance(item.type, EnumType):
        number = _number(item.type, as_text=False)
        return lambda value: write(number(value))
    kind = item.primitive
    if former_name(item) in PLAIN or kind is STRING:
        return write
    assert kind is not None and kind.from_json is not None
    native, read = kind.python, kind.from_json
    return lambda value: write(value if isinstance(value, native) else read(value))


def raw_text(item: Property, value: Any) -> str:
    """Return the bare text of a native value: its literal form without prefix, suffix and quotes."""
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
