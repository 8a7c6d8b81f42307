"""Which encoding a document's bytes are in: XML 1.0 (fifth edition), appendix F.

Byte order marks and the places of zero bytes tell the family; within it, the XML or text declaration may tell more.
Names are those of Python's codecs, and those with a mark (`utf-8-sig`, `utf-16`, `utf-32`) drop it when decoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from demotic.errors import InvalidInput, Unsupported

__all__ = ["DetectedEncoding", "EncodingSource", "detect_encoding", "guess_encoding"]

EncodingSource: TypeAlias = Literal["mark", "hint", "declaration", "pattern", "default"]
"""What an encoding was found by."""

_NO_CODEC: Final = ""
_PYTHONS_OWN: Final = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
"""Codecs that turn bytes into text in ways that no document is in; UTF-7 makes markup of what are letters elsewhere."""
_ISO_10646: Final = {"iso-10646-ucs-2": "utf-16", "iso-10646-ucs-4": "utf-32"}
"""Names that XML (section 4.3.3) has for encodings of Unicode, and Python has not."""

# UTF-32 before UTF-16: one little-endian mark begins with the other.
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xff\xfe", _NO_CODEC),
    (b"\xfe\xff\x00\x00", _NO_CODEC),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# Which of the first bytes are zero (0) and which are not (1), for a document that begins with an ASCII character.
_PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    ("0001", "utf-32-be"),
    ("1000", "utf-32-le"),
    ("0010", _NO_CODEC),
    ("0100", _NO_CODEC),
    ("01", "utf-16-be"),
    ("10", "utf-16-le"),
)
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"  # `<?xm`

_DECLARATION: Final = re.compile(
    r"<\?xml[ \t\r\n][^>]*?\bencoding[ \t\r\n]*=[ \t\r\n]*(?:\"([A-Za-z][\w.-]*)\"|'([A-Za-z][\w.-]*)')", re.ASCII
)
_MOST_DECLARED: Final = 1024
"""The number of bytes that a declaration is looked for in."""


@dataclass(frozen=True, slots=True)
class DetectedEncoding:
    """An encoding: `name` for decoding, what it was found by (`source`), and the name that the document declares.

    `declared` is kept as written, also where it lost to a byte order mark or to a hint, so that who must may complain.
    """

    name: str
    source: EncodingSource
    declared: str | None = None


def guess_encoding(start: bytes) -> str:
    """Return the family of encodings that the first bytes (four are enough) show; UTF-8 where nothing else does.

    It decodes a declaration, if there is one. `cp037` stands for all of EBCDIC, `utf-8` also for all that extends
    ASCII. Raises `Unsupported` for the two byte orders of UCS-4 that are none of UTF-32's.
    """
    return _family(start)[0]


def detect_encoding(data: bytes, hint: str | None = None) -> DetectedEncoding:
    """Return the encoding of a document by, in this order: byte order mark, hint, declaration, zero bytes, UTF-8.

    The hint is what came with the bytes, as a `charset` does (RFC 7303, section 3: the mark goes before it). A
    declaration counts only if it can be true: one that is read as single bytes and says UTF-16 is not followed. Raises
    `InvalidInput` for a hint or declaration that names no encoding known here, and `Unsupported` as `guess_encoding`.
    """
    family, source = _family(data)
    declared = declared_encoding(data[:_MOST_DECLARED], family)
    if source == "mark":
        return DetectedEncoding(family, source, declared)
    if hint is not None:
        return DetectedEncoding(_codec(hint), "hint", declared)
    if declared is not None:
        codec = _codec(declared)
        if data.startswith("<?xml".encode(codec)):
            return DetectedEncoding(codec, "declaration", declared)
        if codec in ("utf-16", "utf-32") and family.startswith(codec):  # such a name leaves the byte order to the bytes
            return DetectedEncoding(family, "declaration", declared)
    return DetectedEncoding(family, source, declared)


def declared_encoding(start: bytes, family: str) -> str | None:
    """Return the encoding that an XML or text declaration at the start names, as written."""
    found = _DECLARATION.match(start.decode(family, "replace").lstrip("\ufeff"))
    return (found[1] or found[2]) if found else None


def _family(start: bytes) -> tuple[str, EncodingSource]:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return _known(name), "mark"
    if start.startswith(_EBCDIC):
        return "cp037", "pattern"
    zeros = "".join("1" if byte else "0" for byte in start[:4])
    for pattern, name in _PATTERNS:
        if zeros.startswith(pattern):
            return _known(name), "pattern"
    return "utf-8", "default"


def _known(name: str) -> str:
    if name == _NO_CODEC:
        raise Unsupported("the document is in UCS-4 in an unusual byte order", hint="send it as UTF-8")
    return name


def _codec(name: str) -> str:
    name = _ISO_10646.get(name.lower(), name)
    try:
        "".encode(name)  # refuses codecs that make no text too
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        codec = "undefined"
    if codec in _PYTHONS_OWN:
        raise InvalidInput(f"{name!r} is no encoding known here", hint="send the document as UTF-8")
    return codec
