"""What a SQLite value is in JSON, in a URL and in Python, by its EDM type (OData JSON Format 4.01, section 7)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


NATIVE: dict[str, Callable[[Any], object]] = {
    "Edm.Boolean": bool,
    "Edm.String": str,
    "Edm.Int64": int,
    "Edm.Int32": int,
    "Edm.Int16": int,
    "Edm.SByte": int,
    "Edm.Byte": int,
    "Edm.Decimal": lambda value: Decimal(repr(value)) if isinstance(value, float) else Decimal(value),
    "Edm.Double": float,
    "Edm.Binary": bytes,
    "Edm.Date": date.fromisoformat,
    "Edm.TimeOfDay": time.fromisoformat,
    "Edm.Guid": UUID,
    "Edm.Single": float,
    "Edm.DateTimeOffset": _moment,
}
"""From SQLite's value to the native one."""

JSON: dict[str, Callable[[Any], object]] = {
    "Edm.Boolean": bool,
    "Edm.String": str,
    "Edm.Int64": int,
    "Edm.Int32": int,
    "Edm.Int16": int,
    "Edm.SByte": int,
    "Edm.Byte": int,
    "Edm.Decimal": NATIVE["Edm.Decimal"],
    "Edm.Double": float,
    "Edm.Binary": lambda value: base64.urlsafe_b64encode(value).decode(),
    "Edm.Date": lambda value: date.fromisoformat(value).isoformat(),
    "Edm.TimeOfDay": lambda value: time.fromisoformat(value).isoformat(),
    "Edm.Guid": lambda value: str(UUID(value)),
    "Edm.Single": float,
    "Edm.DateTimeOffset": lambda value: _moment(value).isoformat(timespec="seconds").replace("+00:00", "Z"),
}
"""From SQLite's value to the JSON value, with Decimal for numbers with a point."""

URL: dict[str, Callable[[Any], str]] = {
    "Edm.String": lambda value: "'" + quote(str(value).replace("'", "''"), safe="") + "'",
    "Edm.Int64": str,
    "Edm.Int32": str,
    "Edm.Int16": str,
    "Edm.Byte": str,
    "Edm.SByte": str,
    "Edm.Decimal": lambda value: format(NATIVE["Edm.Decimal"](value), "f"),
    "Edm.Double": repr,
    "Edm.Binary": lambda value: f"binary'{JSON['Edm.Binary'](value)}'",
    "Edm.Date": lambda value: str(JSON["Edm.Date"](value)),
    "Edm.DateTimeOffset": lambda value: str(JSON["Edm.DateTimeOffset"](value)),
}
"""From SQLite's value to a literal in a URL."""

CLASSES = {"Edm.Boolean": bool} | {f"Edm.{name}": int for name in ("SByte", "Byte", "Int16", "Int32", "Int64")}
"""What JSON values are in Python, where they are no text."""

RAW: dict[str, Callable[[Any], bytes]] = {
    "Edm.String": lambda value: str(value).encode(),
    "Edm.Binary": bytes,
}
"""From SQLite's value to the bytes of ``/$value``, where they are not those of a literal."""


def native(type: str, value: object) -> object:
    """The value that a program gets."""
    return None if value is None else NATIVE[type](value)


def in_json(type: str, value: object) -> object:
    """The value that JSON carries."""
    return None if value is None else JSON[type](value)


def from_json(type: str, value: Any) -> object:
    """A value of a payload, so that it compares with `in_json`: doubles become floats, and nothing changes its kind."""
    if value is None:
        return None
    if type in ("Edm.Decimal", "Edm.Double", "Edm.Single"):
        assert isinstance(value, (int, Decimal)) and not isinstance(value, bool), f"{value!r} is no number"
        return Decimal(value) if type == "Edm.Decimal" else float(value)
    expected = CLASSES.get(type, str)
    assert type_of(value) is expected, f"{value!r} in JSON for {type}"
    return value


def type_of(value: object) -> object:
    """The class of a value."""
    return value.__class__


def in_url(type: str, value: object) -> str:
    """The literal in a URL."""
    return "null" if value is None else URL[type](value)


def raw(type: str, value: object) -> bytes:
    """The body of ``/$value``."""
    return RAW[type](value) if type in RAW else in_url(type, value).encode()
