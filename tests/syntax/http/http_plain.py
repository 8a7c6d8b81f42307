"""Values as plain JSON, for the case files: a dataclass shows what differs from its defaults."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from demotic.syntax.uri import URI, Authority


def plain(value: Any) -> Any:
    """Return the value as JSON has it."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, URI | Authority):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        shown = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return {name: plain(item) for name, item, default in shown if default is MISSING or item != default}
    return value
