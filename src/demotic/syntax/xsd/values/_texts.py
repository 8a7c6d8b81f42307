"""Strings, URIs, bytes and qualified names: literal and value side by side (XSD 1.1 part 2, 3.3.1 and 3.3.15 to 20)."""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from typing import Final, NamedTuple

from demotic.errors import SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.unicode import XML_CHAR, is_nc_name
from demotic.syntax.xsd.values._space import Context, ValueSpace

__all__ = ["ANY_URI", "BASE64_BINARY", "HEX_BINARY", "NOTATION", "QNAME", "STRING", "ExpandedName"]

_no_char: Final = re.compile(str(~XML_CHAR))
_hex: Final = re.compile(r"[0-9A-Fa-f]*")
_dense_base64: Final = re.compile(r"[A-Za-z0-9+/]*(?:[AEIMQUYcgkosw048]=|[AQgw]==)?")
_B64: Final = "[A-Za-z0-9+/]"
_base64: Final = re.compile(
    rf"(?:(?:{_B64} ?){{4}})*"
    rf"(?:(?:{_B64} ?){{3}}{_B64}|(?:{_B64} ?){{2}}[AEIMQUYcgkosw048] ?=|{_B64} ?[AQgw] ?= ?=)?"
)
_not_base64: Final = re.compile(r"[^A-Za-z0-9+/ ]|  |^ | $")


class ExpandedName(NamedTuple):
    """The value of a QName: a namespace name, or `None`, and a local name.

    The prefix is kept to be written again; it is no part of the value, and does not count when names are compared.
    """

    namespace: str | None
    local: str
    prefix: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExpandedName) and self[:2] == other[:2]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:2])


def _parse_string(text: str, _: Context) -> str:
    wrong = _no_char.search(text)
    if wrong is not None:
        raise SyntaxFault("a character that XML allows", text, wrong.start())
    return text


def _is_string(value: object) -> bool:
    return isinstance(value, str) and _no_char.search(value) is None


def _parse_hex(text: str, _: Context) -> bytes:
    if len(text) % 2 == 0 and _hex.fullmatch(text):
        return bytes.fromhex(text)
    wrong = re.search("[^0-9A-Fa-f]", text)
    raise SyntaxFault("pairs of hexadecimal digits", text, wrong.start() if wrong else len(text))


def _format_hex(value: bytes) -> str:
    return value.hex().upper()


def _parse_base64(text: str, _: Context) -> bytes:
    """Read Base64 (RFC 4648, section 4) with single blanks between its characters."""
    if len(text) % 4 == 0 and _dense_base64.fullmatch(text):
        return binascii.a2b_base64(text)
    if not _base64.fullmatch(text):
        wrong = _not_base64.search(text)
        found = min(wrong.start() if wrong else len(text), len(text.rstrip("= ")))
        raise SyntaxFault("Base64 in groups of four characters, padded, without stray bits", text, found)
    return binascii.a2b_base64(text)


def _format_base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def _parse_name(text: str, context: Context) -> ExpandedName:
    """Read `prefix:local` or `local`; the prefix must be in scope."""
    prefix, colon, local = text.partition(":")
    if not colon:
        prefix, local = "", text
    elif not is_nc_name(prefix):
        raise SyntaxFault("a prefix, which is a name without a colon", text, 0)
    if not is_nc_name(local):
        raise SyntaxFault("a name without a colon", text, len(prefix) + len(colon))
    namespace = "http://www.w3.org/XML/1998/namespace" if prefix == "xml" else context.namespaces.get(prefix)
    if prefix and not namespace:
        hint = "give the namespaces in scope as Context(namespaces=…)"
        raise SyntaxFault(f"a prefix in scope, not {prefix!r}", text, 0, hint=hint)
    return ExpandedName(namespace or None, local, prefix)


def _format_name(value: ExpandedName) -> str:
    """Return the name with its prefix: a QName has no canonical form, since prefixes are the document's."""
    return f"{value.prefix}:{value.local}" if value.prefix else value.local


def _is_name(value: object) -> bool:
    return (
        isinstance(value, ExpandedName) and is_nc_name(value.local) and (not value.prefix or is_nc_name(value.prefix))
    )


def _parse_notation(text: str, context: Context) -> ExpandedName:
    name = _parse_name(text, context)
    if context.notations is not None and name not in context.notations:
        raise Scanner(text).fail("the name of a declared notation")
    return name


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes)


STRING: Final[ValueSpace[str]] = ValueSpace("string", _parse_string, str, _is_string, length=len)
ANY_URI: Final[ValueSpace[str]] = ValueSpace("anyURI", _parse_string, str, _is_string, length=len)
HEX_BINARY: Final[ValueSpace[bytes]] = ValueSpace("hexBinary", _parse_hex, _format_hex, _is_bytes, length=len)
BASE64_BINARY: Final[ValueSpace[bytes]] = ValueSpace(
    "base64Binary", _parse_base64, _format_base64, _is_bytes, length=len
)
QNAME: Final[ValueSpace[ExpandedName]] = ValueSpace("QName", _parse_name, _format_name, _is_name)
NOTATION: Final[ValueSpace[ExpandedName]] = ValueSpace("NOTATION", _parse_notation, _format_name, _is_name)
