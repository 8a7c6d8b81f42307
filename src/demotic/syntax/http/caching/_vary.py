"""`Vary` (RFC 9110, section 12.5.5; RFC 9111, section 4.1): which fields of a request chose the response."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.grammar._lists import format_list, read_list
from demotic.syntax.http.grammar._words import check_token, read_token

__all__ = ["Vary", "parse_vary"]


@dataclass(frozen=True, slots=True)
class Vary:
    """Field names in lower case, in order and each once; or `*`: something that no field tells.

    Raises `InvalidInput` for names that are none, and for names beside `*`.
    """

    names: tuple[str, ...] = ()
    anything: bool = False

    def __post_init__(self) -> None:
        names = tuple(dict.fromkeys(check_token(name, "a field name").lower() for name in self.names))
        if self.anything and names:
            raise InvalidInput("`*` says all: no field names beside it")
        object.__setattr__(self, "names", names)

    def and_also(self, names: Iterable[str]) -> Vary:
        """Return this with more names; what varies by anything still does."""
        return self if self.anything else Vary((*self.names, *names))

    def key(self, request: Fields) -> tuple[tuple[str, str | None], ...] | None:
        """Return the part of a request that a kept response depends on, `None` where no request can match it.

        Two requests with the same key may share a response. Blanks beside the commas of a list say nothing.
        """
        if self.anything:
            return None
        return tuple((name, _normal(request.get(name))) for name in sorted(self.names))

    def __bool__(self) -> bool:
        """Whether the response depends on the request's fields at all."""
        return self.anything or bool(self.names)

    def __str__(self) -> str:
        return "*" if self.anything else format_list(self.names)


def _normal(value: str | None) -> str | None:
    return None if value is None else ",".join(part.strip(" \t") for part in value.split(","))


def parse_vary(text: str) -> Vary:
    """Read a `Vary` field; `*` among names says all. Raises `SyntaxFault`."""
    names = read_list(text, _read_name)
    return Vary(anything=True) if "*" in names else Vary(names)


def _read_name(scanner: Scanner) -> str:
    return read_token(scanner, "a field name or '*'")
