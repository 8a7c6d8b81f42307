"""Codings on the way (RFC 9110, section 10.1.4; RFC 9112, sections 6.1 and 7): `Transfer-Encoding` and `TE`."""

from __future__ import annotations

from dataclasses import dataclass

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import Parameters, format_parameters, read_list, read_parameters
from demotic.syntax.http.grammar._words import check_token, read_token
from demotic.syntax.http.negotiation._weight import check_quality, format_quality, read_weight

__all__ = ["AcceptedCoding", "TransferCoding", "parse_te", "parse_transfer_codings"]


@dataclass(frozen=True, slots=True)
class TransferCoding:
    """A transfer coding and its parameters; names come in lower case. Raises `InvalidInput` for what is no token."""

    name: str = "chunked"
    parameters: Parameters = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", check_token(self.name, "a transfer coding").lower())
        pairs = tuple((check_token(name, "a parameter").lower(), value) for name, value in self.parameters)
        object.__setattr__(self, "parameters", pairs)

    def __str__(self) -> str:
        return self.name + format_parameters(self.parameters)


def parse_transfer_codings(text: str) -> tuple[TransferCoding, ...]:
    """Read a `Transfer-Encoding` field, codings in the order applied. Raises `SyntaxFault`."""
    return read_list(text, _read_coding)


def _read_coding(scanner: Scanner) -> TransferCoding:
    return TransferCoding(read_token(scanner, "a transfer coding"), read_parameters(scanner))


@dataclass(frozen=True, slots=True)
class AcceptedCoding:
    """One element of a `TE` field: a transfer coding and its quality, or the word `trailers`, which has none."""

    coding: TransferCoding
    quality: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "quality", check_quality(self.quality))
        if self.is_trailers and (self.quality != 1 or self.coding.parameters):
            raise InvalidInput("trailers have no quality and no parameters")
        if any(name == "q" for name, _ in self.coding.parameters):
            raise InvalidInput("q is the quality, not a parameter of the coding")

    @property
    def is_trailers(self) -> bool:
        """Whether this says that trailer fields will not be thrown away."""
        return self.coding.name == "trailers"

    def __str__(self) -> str:
        return f"{self.coding}{format_quality(self.quality)}"


def parse_te(text: str) -> tuple[AcceptedCoding, ...]:
    """Read a `TE` field, which may be empty. Raises `SyntaxFault`."""
    return read_list(text, _read_accepted)


def _read_accepted(scanner: Scanner) -> AcceptedCoding:
    name = read_token(scanner, "a transfer coding or 'trailers'")
    if name.lower() == "trailers":
        return AcceptedCoding(TransferCoding(name))
    coding = TransferCoding(name, read_parameters(scanner, until="q"))
    return AcceptedCoding(coding, read_weight(scanner))
