"""Percent-coding of URI parts (RFC 3986, sections 2.1 to 2.5), strict in decoding, with named profiles for encoding.

A profile is the set of characters that stay as they are; everything else travels as the percent-coded bytes of its
UTF-8 form. Splitting a URI into parts is not done here, and must come before decoding.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from demotic.errors import SyntaxFault

__all__ = [
    "PATH_SEGMENT",
    "QUERY_NAME",
    "QUERY_VALUE",
    "UNRESERVED",
    "encode_illegal",
    "encode_non_ascii",
    "percent_decode",
    "percent_decode_bytes",
    "percent_encode",
    "percent_normalize",
]

UNRESERVED: Final = "-._~"
"""Letters and digits (always kept) and these four: what never has a meaning of its own (section 2.3)."""

PATH_SEGMENT: Final = UNRESERVED + "!$&'()*+,;=:@"
"""`pchar` of section 3.3: a segment's own characters, so neither a slash nor a question mark."""

QUERY_NAME: Final = UNRESERVED + "!$'()*,;:@/?"
"""As a query, without what separates its pairs (`&`, `=`) and without `+`, which form readers take for a blank."""

QUERY_VALUE: Final = QUERY_NAME + "="
"""As a name; the pair is split at its first `=`, so further ones may stay."""

ALWAYS_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""The unreserved characters, all of them, which mean the same coded and plain (section 2.3)."""

ALLOWED: Final = UNRESERVED + ":/?#[]@!$&'()*+,;="
"""All that a URI may hold, alphanumeric characters aside, but for percent-codes."""

_CODES: Final = re.compile("(%[0-9A-Fa-f]{2})")
_BROKEN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII: Final = "".join(map(chr, range(128)))
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


def percent_decode_bytes(text: str) -> bytes:
    """Return `text` as bytes, its percent-codes decoded and its other characters in UTF-8.

    What they mean is for the caller to say. Raises `SyntaxFault` at a percent sign without two hexadecimal digits.
    """
    broken = _BROKEN.search(text)
    if broken:
        raise SyntaxFault("two hexadecimal digits after '%'", text, broken.end())
    return unquote_to_bytes(text)


def encode_non_ascii(text: str) -> str:
    """Return `text` with the characters beyond ASCII percent-coded as UTF-8, and every other as it is.

    This is the step from an IRI to a URI (RFC 3987, section 3.1) for texts in which all else is encoded already; links
    in HTML are read so. Raises `SyntaxFault` at a lone surrogate.
    """
    return text if text.isascii() else percent_encode(text, _ASCII)


def encode_illegal(text: str) -> str:
    """Return `text` with every character that no URI may hold percent-coded, and percent signs as they are.

    So are addresses read that people typed or XML documents hold (blanks, braces, letters of any script: the "legacy
    extended IRIs" of XML Base). Raises `SyntaxFault` at a lone surrogate.
    """
    return percent_encode(text, ALLOWED + "%")


def percent_encode(source: str | bytes, safe: str = UNRESERVED) -> str:
    """Return `source` with all outside letters, digits, `-._~` and `safe` percent-coded, a text as its UTF-8 form.

    `safe` is one of the profiles of this module, or any ASCII characters. Raises `SyntaxFault` at a lone surrogate,
    which has no UTF-8 form.
    """
    try:
        return quote(source, safe=safe)
    except UnicodeEncodeError as fault:
        raise SyntaxFault("a character with a UTF-8 form", str(source), fault.start) from None


def percent_normalize(text: str, *, plain: str | frozenset[str] = ALWAYS_PLAIN, allowed: str = ALLOWED) -> str:
    """Return `text` with each percent-code in upper case, those of `plain` characters decoded, and illegal ones coded.

    Illegal is what is neither alphanumeric nor in `allowed`. An empty `plain` keeps every code. Raises `SyntaxFault`
    at a percent sign without two hexadecimal digits.
    """
    broken = _BROKEN.search(text)
    if broken:
        raise SyntaxFault("two hexadecimal digits after '%'", text, broken.end())
    return "".join(
        _normal_code(piece, plain) if piece.startswith("%") else percent_encode(piece, allowed)
        for piece in _CODES.split(text)
    )


def _normal_code(code: str, plain: str | frozenset[str]) -> str:
    character = chr(int(code[1:], 16))
    return character if character in plain else code.upper()
