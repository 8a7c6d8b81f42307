"""Fields as lines (RFC 9112, section 5): the section before the content of a message, after it, or of one part."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.fields._names import canonical_name

__all__ = ["MAX_FIELDS", "format_field_section", "parse_field_section"]

MAX_FIELDS: Final = 200
"""More fields than this no message may have."""

_LINE: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]++):[ \t]*+([^\r\n\0]*+)\r?\n")
_FOLDED: Final = re.compile(rb"[ \t]++([^\r\n\0]*+)\r?\n")


def parse_field_section(section: bytes, *, unfold: bool = False, limit: int = MAX_FIELDS) -> Fields:
    """Read lines, each with its end. With `unfold`, a line that begins with a blank goes on with the one before.

    Such lines are refused otherwise, and so is a blank before the colon: both have been used to smuggle messages past
    those who read them in another way (sections 5.1 and 5.2). Raises `SyntaxFault` with the place in the section, and
    `LimitExceeded` for more than `limit` fields.
    """
    items: list[tuple[str, str]] = []
    at = 0
    while at < len(section):
        if (line := _LINE.match(section, at)) is not None:
            if len(items) == limit:
                raise LimitExceeded(f"a message of more than {limit} fields")
            items.append((line[1].decode("latin-1"), line[2].decode("latin-1")))
        elif unfold and items and (line := _FOLDED.match(section, at)) is not None:
            name, value = items[-1]
            items[-1] = (name, f"{value.rstrip()} {line[1].decode('latin-1')}")
        else:
            raise SyntaxFault("a field such as Name: value on a line of its own", section.decode("latin-1"), at)
        at = line.end()
    return Fields(items)


def format_field_section(fields: Fields) -> bytes:
    """Return a line for each field, in order, known names in their usual case; without the empty line at the end."""
    return "".join(f"{canonical_name(name)}: {value}\r\n" for name, value in fields).encode("latin-1")
