"""From bytes to text, whatever they are: as declared if that is true, else as they can be read."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.syntax.unicode import detect_encoding
from demotic.xml.lenient._repairs import Repair

__all__ = ["decode", "without_forbidden"]

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(data: bytes, encoding: str | None) -> tuple[str, list[Repair]]:
    """Return the text, and what was wrong about the encoding.

    What is not in the encoding that it claims is read as UTF-8, and what is not that either as Windows-1252, which
    everything else mostly is.
    """
    repairs: list[Repair] = []
    try:
        name = detect_encoding(data, encoding).name
    except (InvalidInput, Unsupported) as fault:
        repairs.append(Repair("unknown-encoding", fault.message, 1, 1))
        name = "utf-8"
    try:
        return data.decode(name), repairs
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - data.rfind(b"\n", 0, fault.start)
        for other in ("utf-8", "cp1252", "latin-1"):
            try:
                text = data.decode(other)
            except UnicodeDecodeError:
                continue
            repairs.append(Repair("wrong-encoding", f"not {name}, read as {other}", line, column))
            return text, repairs
        raise AssertionError("latin-1 reads all bytes") from fault


def without_forbidden(text: str) -> tuple[str, list[Repair]]:
    """Return the text with a replacement character for every one that XML does not allow."""
    repairs: list[Repair] = []
    for found in _FORBIDDEN.finditer(text):
        if len(repairs) >= 100:
            break
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        repairs.append(Repair("forbidden-character", f"U+{ord(found.group()):04X} is not allowed", line, column))
    return (_FORBIDDEN.sub("\ufffd", text), repairs) if repairs else (text, [])
