"""`Cache-Control` (RFC 9111, section 5.2; RFC 5861; RFC 8246): directives for all caches on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.caching._seconds import format_seconds, parse_seconds
from demotic.syntax.http.grammar._lists import format_list, read_list, read_tokens
from demotic.syntax.http.grammar._words import check_token, quote, read_token, read_word, write_word

__all__ = ["CacheControl", "parse_cache_control"]

Argument = str | int | tuple[str, ...] | None

_SECONDS: Final = frozenset(
    {"max-age", "max-stale", "min-fresh", "s-maxage", "stale-if-error", "stale-while-revalidate"}
)
_FIELD_NAMES: Final = frozenset({"no-cache", "private"})


@dataclass(frozen=True, slots=True, init=False)
class CacheControl:
    """Directives in order, each with its argument: none, seconds, field names in lower case, or text.

    >>> str(CacheControl("no-store", ("max-age", 60), ("private", ("set-cookie", "x-user"))))
    'no-store, max-age=60, private="set-cookie, x-user"'

    Directives are looked up by name: `control["max-age"]` is 60, `control["no-store"]` is `None`, what is missing
    raises `KeyError`. Of a directive given twice the first counts (RFC 9111, section 4.2.1). Raises `InvalidInput` for
    names and arguments that cannot be written.
    """

    directives: tuple[tuple[str, Argument], ...]

    def __init__(self, *directives: str | tuple[str, Argument]) -> None:
        pairs = [(given, None) if isinstance(given, str) else given for given in directives]
        object.__setattr__(self, "directives", tuple(_checked(name, argument) for name, argument in pairs))

    def __getitem__(self, name: str) -> Argument:
        wanted = name.lower()
        for known, argument in self.directives:
            if known == wanted:
                return argument
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(known == name.lower() for known, _ in self.directives)

    def __iter__(self) -> Iterator[tuple[str, Argument]]:
        return iter(self.directives)

    def __len__(self) -> int:
        return len(self.directives)

    def seconds(self, name: str) -> int | None:
        """Return the seconds of a directive, `None` where it is missing or has none.

        An argument that is no number counts as 0, and so does the smaller of two that differ: what nobody can rely on
        is not fresh (section 4.2.1).
        """
        found = [argument for known, argument in self.directives if known == name and argument is not None]
        return min((value if isinstance(value, int) else 0 for value in found), default=None)

    def applies_to(self, name: str) -> tuple[str, ...] | bool:
        """Return the fields that `no-cache` or `private` is limited to, `True` for all, `False` if it is missing."""
        if name not in self:
            return False
        argument = self[name]
        return argument if isinstance(argument, tuple) else True

    def __str__(self) -> str:
        return format_list(_format(name, argument) for name, argument in self.directives)


def _checked(name: str, argument: Argument) -> tuple[str, Argument]:
    check_token(name, "a directive")
    if isinstance(argument, bool) or not isinstance(argument, str | int | tuple | None):
        raise InvalidInput(f"{name} cannot have {argument!r}", hint="give text, a number, names or None")
    if isinstance(argument, int):
        format_seconds(argument)
    if isinstance(argument, tuple):
        argument = tuple(check_token(item, "a field name").lower() for item in argument)
    return name.lower(), _typed(name.lower(), argument)


def _typed(name: str, argument: Argument) -> Argument:
    """Return what a text says to those that know the directive; text that does not fit stays text."""
    if not isinstance(argument, str):
        return argument
    try:
        if name in _SECONDS:
            return parse_seconds(argument)
        if name in _FIELD_NAMES:
            return read_tokens(argument)
    except SyntaxFault:
        pass
    return argument


def _format(name: str, argument: Argument) -> str:
    if argument is None:
        return name
    if isinstance(argument, tuple):
        return f"{name}={quote(format_list(argument))}"
    return f"{name}={argument if isinstance(argument, int) else write_word(argument)}"


def parse_cache_control(text: str) -> CacheControl:
    """Read a `Cache-Control` field; directives that nobody knows are kept. Raises `SyntaxFault`."""
    return CacheControl(*read_list(text, _read_directive))


def _read_directive(scanner: Scanner) -> tuple[str, Argument]:
    name = read_token(scanner, "a directive")
    return name, read_word(scanner) if scanner.accept("=") else None
