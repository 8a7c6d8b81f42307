"""Percent-coding of URI parts (RFC 3986, sections 2.1 to 2.5), strict in decoding, with named profiles for encoding.

A profile is the set of characters that stay as they are; everything else travels as the percent-coded bytes of its
UTF-8 form. Splitting a URI into parts is not done here, and must come before decoding.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from demotic.errors import SyntaxFault

__all__ = ["PATH_SEGMENT", "QUERY_NAME", "QUERY_VALUE", "UNRESERVED", "percent_decode", "percent_encode"]

UNRESERVED: Final = "-._~"
"""Letters and digits (always kept) and these four: what never has a meaning of its own (section 2.3)."""

PATH_SEGMENT: Final = UNRESERVED + "!$&'()*+,;=:@"
"""`pchar` of section 3.3: a segment's own characters, so neither a slash nor a question mark."""

QUERY_NAME: Final = UNRESERVED + "!$'()*,;:@/?"
"""As a query, without what separates its pairs (`&`, `=`) and without `+`, which form readers take for a blank."""

QUERY_VALUE: Final = QUERY_NAME + "="
"""As a name; the pair is split at its first `=`, so further ones may stay."""

_RUN: Final = re.compile(r"%(?:[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*)?")


def percent_decode(text: str, *, plus_is_blank: bool = False) -> str:
    """Return `text` with its percent-coded bytes read as UTF-8.

    A plus sign means itself, unless `plus_is_blank` asks for the reading of HTML forms. Characters that no URI may hold
    are passed through. Raises `SyntaxFault` at a percent sign without two hexadecimal digits, and at bytes that are not
    UTF-8.
    """
    if plus_is_blank and "+" in text:
        # Length-preserving, so that the positions in errors stay those of the text given.
        text = text.replace("+", " ")
    return _RUN.sub(_decode_run, text) if "%" in text else text


def _decode_run(run: re.Match[str]) -> str:
    digits = run.group().replace("%", "")
    if not digits:
        raise SyntaxFault("two hexadecimal digits after '%'", run.string, run.end())
    try:
        return bytes.fromhex(digits).decode("utf-8")
    except UnicodeDecodeError as fault:
        raise SyntaxFault("percent-coded UTF-8", run.string, run.start() + 3 * fault.start) from None


def percent_encode(text: str, safe: str = UNRESERVED) -> str:
    """Return `text` with every character outside letters, digits and `safe` percent-coded as UTF-8.

    `safe` is one of the profiles of this module, or any ASCII characters. Raises `SyntaxFault` at a lone surrogate,
    which has no UTF-8 form.
    """
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError as fault:
        raise SyntaxFault("a character with a UTF-8 form", text, fault.start) from None
