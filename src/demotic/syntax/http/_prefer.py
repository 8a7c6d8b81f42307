"""The `Prefer` and `Preference-Applied` fields (RFC 7240, sections 2 and 3). Their meaning is the protocol's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar import TOKEN, read_list, read_word, write_word

__all__ = ["Preference", "parse_prefer"]

_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_SEMICOLON: Final = re.compile(r"[ \t]*;[ \t]*")


@dataclass(frozen=True, slots=True)
class Preference:
    """One preference: a name in lower case, its value if any, and parameters whose values may be missing too."""

    name: str
    value: str | None = None
    parameters: tuple[tuple[str, str | None], ...] = ()

    def __str__(self) -> str:
        return ";".join(_format(name, value) for name, value in ((self.name, self.value), *self.parameters))


def parse_prefer(field: str) -> dict[str, Preference]:
    """Read a `Prefer` field into its preferences by name; several fields are first joined with commas.

    Of a preference given twice the first counts, and an empty value is no value (section 2). Raises `SyntaxFault`.
    """
    preferences: dict[str, Preference] = {}
    for preference in read_list(field, _read_preference):
        preferences.setdefault(preference.name, preference)
    return preferences


def _read_preference(scanner: Scanner) -> Preference:
    name, value = _read_pair(scanner)
    parameters = []
    while scanner.match(_SEMICOLON):
        if scanner.peek() not in ("", ",", ";"):
            parameters.append(_read_pair(scanner))
    return Preference(name, value, tuple(parameters))


def _read_pair(scanner: Scanner) -> tuple[str, str | None]:
    name = scanner.expect_match(TOKEN, "a name").lower()
    value = read_word(scanner) if scanner.match(_EQUALS) else None
    return name, value or None


def _format(name: str, value: str | None) -> str:
    return name if value is None else f"{name}={write_word(value)}"
