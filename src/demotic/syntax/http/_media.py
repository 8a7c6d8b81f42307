"""Media types (RFC 9110, section 8.3.1), as `Content-Type` gives them."""

from __future__ import annotations

from dataclasses import dataclass

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import Parameters, format_parameters, read_parameters, read_whole
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import TOKEN, read_token

__all__ = ["OCTET_STREAM", "MediaType", "parse_media_type"]


@dataclass(frozen=True, slots=True, eq=False)
class MediaType(SortsByKey):
    """A media type such as `application/json;odata.metadata=minimal`; without arguments, that of any bytes.

    Type, subtype and parameter names are case-insensitive and held in lower case; two types are equal whatever the
    order of their parameters. The text form keeps that order. Types sort by type, subtype and parameters. Raises
    `InvalidInput` for a part that is no token.
    """

    type: str = "application"
    subtype: str = "octet-stream"
    parameters: Parameters = ()

    def __post_init__(self) -> None:
        for name in (self.type, self.subtype, *(name for name, _ in self.parameters)):
            if not TOKEN.fullmatch(name):
                raise InvalidInput(f"{name!r} cannot be part of a media type")
        object.__setattr__(self, "type", self.type.lower())
        object.__setattr__(self, "subtype", self.subtype.lower())
        object.__setattr__(self, "parameters", tuple((name.lower(), value) for name, value in self.parameters))

    @property
    def essence(self) -> str:
        """Type and subtype alone: `application/json`."""
        return f"{self.type}/{self.subtype}"

    def parameter(self, name: str, default: str | None = None) -> str | None:
        """Return the value of a parameter, the first if it is repeated."""
        wanted = name.lower()
        return next((value for known, value in self.parameters if known == wanted), default)

    def __getitem__(self, name: str) -> str:
        """Return the value of a parameter, by name in any case. Raises `KeyError` with that name."""
        value = self.parameter(name)
        if value is None:
            raise KeyError(name)
        return value

    @property
    def sort_key(self) -> tuple[str, str, list[tuple[str, str]]]:
        """Type, subtype, and the parameters whatever their order."""
        return self.type, self.subtype, sorted(self.parameters)

    def __str__(self) -> str:
        return self.essence + format_parameters(self.parameters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MediaType):
            return NotImplemented
        return self.essence == other.essence and sorted(self.parameters) == sorted(other.parameters)

    def __hash__(self) -> int:
        return hash((self.type, self.subtype, frozenset(self.parameters)))


OCTET_STREAM = MediaType()


def parse_media_type(text: str) -> MediaType:
    """Read the value of a `Content-Type` field. Raises `SyntaxFault`."""
    return read_whole(text, _read_media_type)


def _read_media_type(scanner: Scanner) -> MediaType:
    type_ = read_token(scanner, "a media type")
    scanner.expect("/")
    return MediaType(type_, read_token(scanner, "a media subtype"), read_parameters(scanner))
