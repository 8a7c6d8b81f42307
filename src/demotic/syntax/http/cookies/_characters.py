"""The characters of cookies (RFC 6265, sections 4.1.1 and 5.1.1), as sets: whatever is no character is in none."""

from __future__ import annotations

import string
from typing import Final

__all__ = ["COOKIE_OCTETS", "DATE_DELIMITERS", "NON_DELIMITERS", "NON_DIGITS"]

_OCTETS: Final = frozenset(map(chr, range(256)))

DATE_DELIMITERS: Final = frozenset(
    ["\t", *(chr(code) for span in ((0x20, 0x30), (0x3B, 0x41), (0x5B, 0x61), (0x7B, 0x7F)) for code in range(*span))]
)
"""What parts the pieces of a date."""

NON_DELIMITERS: Final = _OCTETS - DATE_DELIMITERS
NON_DIGITS: Final = _OCTETS - frozenset(string.digits)

COOKIE_OCTETS: Final = frozenset(map(chr, range(0x21, 0x7F))) - frozenset('",;\\')
"""What the value of a well-formed cookie may hold: visible ASCII without quotes, commas, semicolons, backslashes."""
