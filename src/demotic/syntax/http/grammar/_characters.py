"""The characters of HTTP (RFC 9110, section 5.6; RFC 5234, appendix B.1) as sets, and tests of whole texts."""

from __future__ import annotations

import re
import string
from typing import Final

__all__ = [
    "ALPHA",
    "CHAR",
    "CTL",
    "DIGIT",
    "HEXDIG",
    "LOALPHA",
    "OCTET",
    "SEPARATORS",
    "TCHAR",
    "UPALPHA",
    "is_digits",
    "is_hex_digits",
]

OCTET: Final = frozenset(map(chr, range(256)))
CHAR: Final = frozenset(map(chr, range(128)))
UPALPHA: Final = frozenset(string.ascii_uppercase)
LOALPHA: Final = frozenset(string.ascii_lowercase)
ALPHA: Final = UPALPHA | LOALPHA
DIGIT: Final = frozenset(string.digits)
HEXDIG: Final = frozenset(string.hexdigits)
CTL: Final = frozenset(map(chr, (*range(32), 127)))
SEPARATORS: Final = frozenset('()<>@,;:\\"/[]?={} \t')
"""What parts tokens."""

TCHAR: Final = CHAR - CTL - SEPARATORS
"""What tokens are made of."""

_DIGITS: Final = re.compile("[0-9]+")
_HEX_DIGITS: Final = re.compile("[0-9A-Fa-f]+")


def is_digits(text: str) -> bool:
    """Whether a text is made of ASCII digits, at least one."""
    return _DIGITS.fullmatch(text) is not None


def is_hex_digits(text: str) -> bool:
    """Whether a text is made of hexadecimal digits, at least one."""
    return _HEX_DIGITS.fullmatch(text) is not None
