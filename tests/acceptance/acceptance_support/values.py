"""What a SQLite value is in JSON, in a URL and in Python, by its EDM type (OData JSON Format 4.01, section 7)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


NATIVE: dict[str, Callable[[Any], object]] = {
    "Edm.String": str,
    "Edm.Int64": int,
    "Edm.Int32": int,
    "Edm.Int16": int,
    "Edm.Decimal": lambda value: Decimal(repr(value)) if isinstance(value, float) else Decimal(value),
    "Edm.Double": float,
    "Edm.Binary": bytes,
    "Edm.Date": date.fromisoformat,
    "Edm.DateTimeOffset": _moment,
}
"""From SQLite's value to the native one."""

JSON: dict[str, Callable[[Any], object]] = {
    "Edm.String": str,
    "Edm.Int64": int,
    "Edm.Int32": int,
    "Edm.Int16": int,
    "Edm.Decimal": NATIVE["Edm.Decimal"],
    "Edm.Double": float,
    "Edm.Binary": lambda value: base64.urlsafe_b64encode(value).decode(),
    "Edm.Date": lambda value: date.fromisoformat(value).isoformat(),
    "Edm.DateTimeOffset": lambda value: _moment(value).strftime("%Y-%m-%dT%H:%M:%SZ"),
}
"""From SQLite's value to the JSON value, with Decimal for numbers with a point."""

URL: dict[str, Callable[[Any], str]] = {
    "Edm.String": lambda value: "'" + quote(str(value).replace("'", "''"), safe="") + "'",
    "Edm.Int64": str,
    "Edm.Int32": str,
    "Edm.Int16": str,
    "Edm.Decimal": lambda value: format(NATIVE["Edm.Decimal"](value), "f"),
    "Edm.Double": repr,
    "Edm.Binary": lambda value: f"binary'{JSON['Edm.Binary'](value)}'",
    "Edm.Date": lambda value: str(JSON["Edm.Date"](value)),
    "Edm.DateTimeOffset": lambda value: str(JSON["Edm.DateTimeOffset"](value)),
}
"""From SQLite's value to a literal in a URL."""

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
    if type in ("Edm.Decimal", "Edm.Double"):
        assert isinstance(value, (int, Decimal)) and not isinstance(value, bool), f"{value!r} is no number"
        return float(value) if type == "Edm.Double" else Decimal(value)
    expected = int if type.startswith("Edm.Int") else str
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
