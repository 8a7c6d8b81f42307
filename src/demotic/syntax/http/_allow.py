"""`Allow` (RFC 9110, section 10.2.1): the methods that a resource takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demotic.syntax.http.grammar._lists import format_list, read_tokens
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import check_token

__all__ = ["Allow", "parse_allow"]


@dataclass(frozen=True, slots=True)
class Allow(SortsByKey):
    """Methods in order, each once, possibly none; their case counts. Raises `SyntaxFault` for what is no method."""

    methods: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        methods = dict.fromkeys(check_token(method, "a method") for method in self.methods)
        object.__setattr__(self, "methods", tuple(methods))

    def is_allowed(self, method: str) -> bool:
        """Whether the resource takes this method."""
        return method in self.methods

    __contains__ = is_allowed

    def __iter__(self) -> Iterator[str]:
        return iter(self.methods)

    def __len__(self) -> int:
        return len(self.methods)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """The methods."""
        return self.methods

    def __str__(self) -> str:
        return format_list(self.methods)


def parse_allow(text: str) -> Allow:
    """Read an `Allow` field; empty: none at all. Raises `SyntaxFault`."""
    return Allow(read_tokens(text, lower=False))
