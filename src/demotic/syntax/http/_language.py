"""Language tags (RFC 5646, section 2.1) as `Content-Language` gives them: a primary tag and subtags.

The form is checked, not whether the registry knows the subtags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import read_list
from demotic.syntax.http.grammar._order import SortsByKey

__all__ = ["LanguageTag", "parse_language_tag", "parse_language_tags"]

TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*+")


@dataclass(frozen=True, slots=True, eq=False)
class LanguageTag(SortsByKey):
    """A language tag such as `en-US`. It keeps its spelling and is equal in any case. Raises `SyntaxFault`."""

    text: str

    def __post_init__(self) -> None:
        found = TAG.match(self.text)
        end = found.end() if found else 0
        if not end or end != len(self.text):
            raise SyntaxFault("a language tag such as en-US", self.text, end)

    @property
    def subtags(self) -> tuple[str, ...]:
        """All parts in lower case, the primary one first."""
        return tuple(self.text.lower().split("-"))

    @property
    def sort_key(self) -> tuple[str, ...]:
        """The parts."""
        return self.subtags

    def within(self, language_range: Sequence[str]) -> bool:
        """Whether these parts, in lower case, are the first of this tag's; no parts are those of every tag."""
        return self.subtags[: len(language_range)] == tuple(language_range)

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return self.subtags == other.subtags if isinstance(other, LanguageTag) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.subtags)


def parse_language_tag(text: str) -> LanguageTag:
    """Read one tag; blanks are refused. Raises `SyntaxFault`."""
    return LanguageTag(text)


def parse_language_tags(field: str) -> tuple[LanguageTag, ...]:
    """Read a `Content-Language` field. Raises `SyntaxFault`."""
    return read_list(field, _read_tag)


def _read_tag(scanner: Scanner) -> LanguageTag:
    return LanguageTag(scanner.expect_match(TAG, "a language tag such as en-US"))
