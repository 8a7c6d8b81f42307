"""Document type declarations that may be broken: what they name, and the entities that they declare."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from demotic.xml.characters import is_pubid_char
from demotic.xml.lenient._names import good_name
from demotic.xml.lenient._repairs import Repairs
from demotic.xml.reading._doctype import Doctype

__all__ = ["FoundDoctype", "scan_doctype"]

_DOCTYPE: Final = re.compile(r"<!DOCTYPE[ \t\n]+([^\s>\[]+)", re.IGNORECASE)
_EXTERNAL: Final = re.compile(
    r"[ \t\n]+(?:PUBLIC[ \t\n]+(\"[^\"]*\"|'[^']*')|SYSTEM)(?:[ \t\n]*(\"[^\"]*\"|'[^']*'))?", re.I
)
_ENTITY: Final = re.compile(r"<!ENTITY[ \t\n]+([^\s%<>\"']+)[ \t\n]+(?:\"([^\"]*)\"|'([^']*)')[ \t\n]*>")
_HEAD_MARK: Final = re.compile(r"[\[>]")
_MARK: Final = re.compile(r"[\"'\]>]|<!--")


class FoundDoctype(NamedTuple):
    """A declaration: what is kept of it, its entities with their texts, and where it ends."""

    doctype: Doctype | None
    entities: list[tuple[str, str]]
    end: int


def scan_doctype(text: str, start: int, repairs: Repairs) -> FoundDoctype:
    """Read the declaration that begins at `start`; what is in its brackets is kept only as far as it declares
    entities."""
    head = _DOCTYPE.match(text, start)
    if head is None:
        repairs.add("stray-markup", "a document type declaration without a name")
        return FoundDoctype(None, [], text.find(">", start) + 1 or len(text))
    if not head.group().startswith("<!DOCTYPE"):
        repairs.add("wrong-case", "DOCTYPE is written in capitals")
    external = _EXTERNAL.match(text, head.end())
    inner, end = _subset(text, (external or head).end(), repairs)
    entities = [(name, double or single) for name, double, single in _ENTITY.findall(inner)]
    public, system = (group and group[1:-1] for group in external.groups()) if external else (None, None)
    if public is not None and not all(map(is_pubid_char, public)):
        repairs.add("forbidden-character", "a public identifier of other characters is left out")
        public = None
    system = system if system is not None or not public else ""
    return FoundDoctype(Doctype(good_name(head[1], repairs), public, system), entities, end)


def _subset(text: str, position: int, repairs: Repairs) -> tuple[str, int]:
    """Return what stands in the brackets, and where the declaration ends."""
    bracket = -1
    while True:
        found = (_MARK if bracket >= 0 else _HEAD_MARK).search(text, position)
        if found is None:
            repairs.add("unclosed-markup", "a document type declaration does not end")
            return text[bracket:] if bracket >= 0 else "", len(text)
        position = found.end()
        mark = "-->" if found.group() == "<!--" else found.group()
        if mark == "[":
            bracket = position
        elif mark == "]" or (mark == ">" and bracket < 0):
            break
        elif mark != ">":
            skip = text.find(mark, position)
            position = skip + len(mark) if skip >= 0 else len(text)
    inner = text[bracket : position - 1] if bracket >= 0 else ""
    return inner, text.find(">", position - 1) + 1 or len(text)
