"""From bytes of any encoding to bytes that expat reads, and to text that errors can show.

Expat reads UTF-8, UTF-16, US-ASCII and ISO-8859-1 by itself; all others that Python knows are turned into UTF-8 here.
"""

from __future__ import annotations

import codecs
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.syntax.unicode import detect_encoding
from demotic.xml._errors import XmlSyntaxFault

__all__ = ["encode_text", "readable", "transcode"]

_NATIVE: Final = frozenset({"utf-8", "utf-8-sig", "utf-16", "ascii", "iso8859-1"})
# A declaration of an encoding stands near the start or not at all.
_START: Final = 256


def transcode(data: bytes, encoding: str | None = None) -> tuple[bytes, str | None]:
    """Return bytes for expat and the encoding to tell it, none where it finds out itself.

    `encoding` is what is known from outside, an HTTP field say, and goes before what the document declares, but not
    before a byte order mark. Raises `XmlSyntaxFault` for bytes that are none of the encoding.
    """
    if encoding is None and data[:1] == b"<" and data[1:2] != b"\0" and b"encoding" not in data[:_START]:
        return data, None
    try:
        found = detect_encoding(data, encoding)
    except (InvalidInput, Unsupported) as fault:
        problem = f"an encoding that cannot be read: {fault}"
        raise XmlSyntaxFault(problem, readable(data), 0, line=1, column=1) from None
    lies = found.source == "mark" and found.declared is not None
    if found.name in _NATIVE and found.source != "hint" and not lies:
        return data, None
    try:
        return data.decode(found.name).encode(), "utf-8"
    except UnicodeDecodeError as fault:
        text, before = data.decode(found.name, "replace"), data[: fault.start].decode(found.name, "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        position = min(len(before), len(text))
        raise XmlSyntaxFault(f"bytes that are no {found.name}", text, position, line=line, column=column) from None


def encode_text(text: str) -> bytes:
    """Return the text in UTF-8. Raises `XmlSyntaxFault` for a lone surrogate."""
    try:
        return text.removeprefix("\ufeff").encode("utf-8")
    except UnicodeEncodeError as fault:
        line = text.count("\n", 0, fault.start) + 1
        column = fault.start - text.rfind("\n", 0, fault.start)
        raise XmlSyntaxFault("a lone surrogate", text, fault.start, line=line, column=column) from None


def readable(source: bytes) -> str:
    """Return the source as text to show, whatever is in it."""
    utf16 = source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return source.decode("utf-16" if utf16 else "utf-8-sig", "replace")
