"""Default values: how versions 1 to 3 write what version 4 writes otherwise.

[MC-CSDL], section 2.2.1: a DateTime without a zone, a Time as a duration, a Binary in hexadecimal digits.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from demotic import syntax
from demotic.errors import SyntaxFault

_DAY: Final = timedelta(days=1)


def from_version_3(kind: str, text: str) -> str:
    """Return the default value of a property of the type called `kind`; what cannot be read stays as it is."""
    try:
        if kind == "Edm.DateTime":
            syntax.parse_datetime_offset(f"{text}Z")
            return f"{text}Z"
        if kind == "Edm.Time":
            value = syntax.parse_duration(text)
            if timedelta() <= value < _DAY:
                return syntax.format_time_of_day((datetime.min + value).time())
        if kind == "Edm.Binary":
            return syntax.format_binary(bytes.fromhex(text.removeprefix("0x")))
    except (SyntaxFault, ValueError):
        pass
    return text


def to_version_3(kind: str | None, text: str) -> str:
    """Return the default value as versions 1 to 3 write it: the inverse of `from_version_3`."""
    written = _written(kind, text)
    return written if kind is None or from_version_3(kind, written) == text else text


def _written(kind: str | None, text: str) -> str:
    try:
        if kind == "Edm.DateTime":
            return text.removesuffix("Z")
        if kind == "Edm.Time":
            value: time = syntax.parse_time_of_day(text)
            return syntax.format_duration(datetime.combine(datetime.min, value) - datetime.min)
        if kind == "Edm.Binary":
            return syntax.parse_binary(text).hex().upper()
    except (SyntaxFault, ValueError):
        pass
    return text
