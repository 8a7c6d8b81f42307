"""Entity tags of encoded responses (RFC 9110, section 8.8.3.3).

A compressed body is another representation, so a strong tag must differ from that of the plain one: it gets a suffix
that names the coding. Weakening it would be simpler, but a weak tag never satisfies If-Match, and a client that read a
compressed page could not write it back safely. Instead the suffix is taken off again before the application sees it.
Weak tags stand for all codings of a representation and stay as they are.

The mark before the coding's name is our own. Other servers write ``-gzip`` and the like: theirs belong to responses
that came to us encoded, and must go back to the application whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from demotic.cache.web._codings import PREFERENCE
from demotic.errors import SyntaxFault
from demotic.syntax.http.conditional import ANY, EntityTag, parse_entity_tag, parse_entity_tags

__all__ = ["coded", "lists_coded", "without_codings"]

MARK: Final = "~"


def coded(tag: str, coding: str) -> str:
    """Return the tag of the encoded representation of what ``tag`` stands for; one that is weak or no tag as it is."""
    try:
        read = parse_entity_tag(tag)
    except SyntaxFault:
        return tag
    return tag if read.weak else str(EntityTag(f"{read.value}{MARK}{coding}"))


def without_codings(field: str, codings: Iterable[str] = PREFERENCE) -> str:
    """Return a list of tags with the suffixes of some codings taken off; what is no such list comes back as it is."""
    try:
        tags = parse_entity_tags(field)
    except SyntaxFault:
        return field
    if tags is ANY:
        return field
    suffixes = tuple(f"{MARK}{coding}" for coding in codings)
    return ", ".join(str(_shortened(tag, suffixes)) for tag in tags)


def lists_coded(field: str | None, tag: str, coding: str) -> bool:
    """Tell whether a list of tags names the encoded representation of what ``tag`` stands for, weakly or strongly."""
    try:
        tags = parse_entity_tags(field or "")
        wanted = parse_entity_tag(coded(tag, coding))
    except SyntaxFault:
        return False
    return tags is not ANY and any(tag.matches_weakly(wanted) for tag in tags)


def _shortened(tag: EntityTag, suffixes: tuple[str, ...]) -> EntityTag:
    found = next((suffix for suffix in suffixes if tag.value.endswith(suffix)), "")
    return EntityTag(tag.value.removesuffix(found), tag.weak)
