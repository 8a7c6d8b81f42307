"""Seconds as caches count them (RFC 9111, section 1.2.2)."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault

__all__ = ["LONGEST", "format_seconds", "parse_seconds"]

LONGEST: Final = 2**31
"""What stands for every number of seconds that is too large."""

_DIGITS: Final = re.compile(r"[0-9]+")


def parse_seconds(text: str) -> int:
    """Read a number of seconds, such as the value of `Age`; a larger one than 2^31 is 2^31. Raises `SyntaxFault`."""
    found = _DIGITS.match(text)
    end = found.end() if found else 0
    if end != len(text) or not end:
        raise SyntaxFault("a whole number of seconds", text, end)
    digits = text.lstrip("0") or "0"
    return LONGEST if len(digits) > 10 else min(int(digits), LONGEST)


def format_seconds(seconds: int) -> str:
    """Write a number of seconds. Raises `InvalidInput` for a negative one."""
    if seconds < 0:
        raise InvalidInput(f"{seconds} seconds: there is no negative time here")
    return str(seconds)
