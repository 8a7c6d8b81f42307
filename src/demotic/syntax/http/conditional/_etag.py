"""Entity tags (RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2): reading, comparing, writing; making is the store's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from demotic.errors import SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar import read_list

__all__ = ["ANY", "AnyTag", "EntityTag", "parse_entity_tag", "parse_entity_tags"]

_OPAQUE: Final = re.compile(r"[\x21\x23-\x7e\x80-\xff]*")
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


class AnyTag(Enum):
    """The type of `ANY`, so that `is ANY` narrows."""

    ANY = "*"


ANY: Final[Literal[AnyTag.ANY]] = AnyTag.ANY
"""The `*` of If-Match and If-None-Match: any representation at all."""


@dataclass(frozen=True, slots=True)
class EntityTag:
    """A validator such as `"v1"` or, weak, `W/"v1"`; `value` is what stands between the quotes.

    Raises `SyntaxFault` for a value with blanks, quotes or control characters.
    """

    value: str
    weak: bool = False

    def __post_init__(self) -> None:
        found = _OPAQUE.match(self.value)
        end = found.end() if found else 0
        if end != len(self.value):
            raise SyntaxFault("a character allowed in an entity tag", self.value, end)

    def __str__(self) -> str:
        return f'W/"{self.value}"' if self.weak else f'"{self.value}"'

    def matches_weakly(self, other: EntityTag) -> bool:
        """The comparison of If-None-Match: the same value, weak or not."""
        return self.value == other.value

    def matches_strongly(self, other: EntityTag) -> bool:
        """The comparison of If-Match: the same value, and neither weak."""
        return self.value == other.value and not (self.weak or other.weak)


def parse_entity_tag(text: str) -> EntityTag:
    """Read one tag, as in an `ETag` field. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    tag = _read_tag(scanner)
    scanner.expect_end()
    return tag


def parse_entity_tags(field: str) -> tuple[EntityTag, ...] | AnyTag:
    """Read an `If-Match` or `If-None-Match` field: a list with at least one tag, or `ANY`. Raises `SyntaxFault`."""
    if field.strip(" \t") == "*":
        return ANY
    tags = read_list(field, _read_tag)
    if not tags:
        raise SyntaxFault("an entity tag or '*'", field, len(field))
    return tags


def _read_tag(scanner: Scanner) -> EntityTag:
    found = scanner.match(_TAG)
    if found is None:
        raise scanner.fail('an entity tag such as "v1" or W/"v1"')
    return EntityTag(found[2], found[1] is not None)
