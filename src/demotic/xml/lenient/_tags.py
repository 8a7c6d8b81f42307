"""Start tags as people write them: values without quotes, attributes without values, quotes that never close."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from demotic.syntax.unicode import is_nc_name
from demotic.xml.lenient._names import good_name
from demotic.xml.lenient._references import expand
from demotic.xml.lenient._repairs import Repairs

__all__ = ["StartTag", "scan_start_tag"]

_SPACE: Final = re.compile(r"[ \t\n]*")
_ATTRIBUTE: Final = re.compile(r"([^\s=<>/\"']+)([ \t\n]*=[ \t\n]*)?")
_UNQUOTED: Final = re.compile(r"[^\s<>]+")


class StartTag(NamedTuple):
    """A start tag: its name as written, its attributes, whether it is empty, and where it ends."""

    name: str
    attributes: dict[str, str]
    empty: bool
    end: int


def scan_start_tag(text: str, name: str, position: int, entities: Mapping[str, str], repairs: Repairs) -> StartTag:
    """Read a start tag from behind its name."""
    attributes: dict[str, str] = {}
    size = len(text)
    limit = text.find("<", position)
    limit = size if limit < 0 else limit
    while True:
        found = _SPACE.match(text, position)
        position = found.end() if found else position
        repairs.move(position)
        if position >= size or text[position] == "<":
            repairs.add("unclosed-tag", f"the tag {name} does not end")
            return StartTag(name, attributes, False, position)
        if text[position] == ">":
            return StartTag(name, attributes, False, position + 1)
        if text.startswith("/>", position):
            return StartTag(name, attributes, True, position + 2)
        attribute = _ATTRIBUTE.match(text, position)
        if attribute is None:
            repairs.add("stray-character", f"{text[position]!r} in the tag {name}")
            position += 1
            continue
        key, equals = attribute.groups()
        position = start = attribute.end()
        value, position = _value(text, key, position, limit, repairs) if equals else (None, position)
        if value is None:
            repairs.add("attribute-without-value", f"the attribute {key} has no value")
        if position > limit:
            limit = text.find("<", position)
            limit = size if limit < 0 else limit
        _keep(attributes, key, key if value is None else expand(_normal(value), entities, repairs, start + 1), repairs)


def _keep(attributes: dict[str, str], key: str, value: str, repairs: Repairs) -> None:
    if not key.startswith("xmlns:") or not is_nc_name(key[6:]):
        key = good_name(key, repairs)
    if key in attributes:
        repairs.add("duplicate-attribute", f"{key} is given twice, the first counts")
    attributes.setdefault(key, value)


def _value(text: str, key: str, position: int, limit: int, repairs: Repairs) -> tuple[str, int]:
    quote = text[position : position + 1]
    if quote not in ('"', "'") or not quote:
        return _unquoted(text, key, position, repairs)
    start = position + 1
    # A value cannot hold a `<`: what closes behind the next tag's end was never closed.
    end = text.find(quote, start, limit)
    if end >= 0:
        return text[start:end], end + 1
    bracket = text.find(">", start, limit)
    if bracket >= 0:
        repairs.add("unclosed-quote", f"the value of {key} does not end")
        value = text[start:bracket]
        return (value[:-1], bracket - 1) if value.endswith("/") else (value, bracket)
    close = text.find(quote, limit, limit + 4096)
    if close >= 0:
        repairs.add("unescaped-markup", f"'<' in the value of {key}")
        return text[start:close], close + 1
    repairs.add("unclosed-quote", f"the value of {key} does not end")
    return text[start:limit], limit


def _unquoted(text: str, key: str, position: int, repairs: Repairs) -> tuple[str, int]:
    found = _UNQUOTED.match(text, position)
    value = found.group() if found else ""
    if value.endswith("/") and text.startswith(">", position + len(value)):
        value = value[:-1]
    repairs.add("unquoted-value", f"the value of {key} has no quotes")
    return value, position + len(value)


def _normal(value: str) -> str:
    return value.replace("\n", " ").replace("\t", " ")
