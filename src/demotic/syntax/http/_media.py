"""Media types and the negotiation over them (RFC 9110, sections 8.3.1, 12.4 and 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http._fields import BLANKS, TOKEN, format_parameters, read_list, read_parameters

__all__ = ["MediaRange", "MediaType", "negotiate", "parse_accept", "parse_media_type"]

# A leading zero may be missing: the Java runtime's own client sends "q=.2" (and "*" for "*/*") in every request.
_QUALITY: Final = re.compile(r"0?(?:\.[0-9]{0,3})|0|1(?:\.0{0,3})?")


@dataclass(frozen=True, slots=True, eq=False)
class MediaType:
    """A media type such as `application/json;odata.metadata=minimal`.

    Type, subtype and parameter names are case-insensitive and held in lower case; two types are equal whatever the
    order of their parameters. The text form keeps that order.
    """

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

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

    def __str__(self) -> str:
        return self.essence + format_parameters(self.parameters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MediaType):
            return NotImplemented
        return self.essence == other.essence and sorted(self.parameters) == sorted(other.parameters)

    def __hash__(self) -> int:
        return hash((self.type, self.subtype, frozenset(self.parameters)))


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an `Accept` field: a media type with `*` allowed for subtype or both, and its quality."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()
    quality: float = 1.0

    @property
    def specificity(self) -> tuple[int, int]:
        """What gives one range precedence over another: how much it names, then how many parameters."""
        return ((self.type != "*") + (self.subtype != "*"), len(self.parameters))

    def matches(self, offer: MediaType, ignoring: Collection[str] = ()) -> bool:
        """Whether `offer` has the type, and each parameter with that value (in any case) that is not in `ignoring`."""
        return (
            self.type in ("*", offer.type)
            and self.subtype in ("*", offer.subtype)
            and all(
                name in ignoring or value.lower() == (offer.parameter(name) or "").lower()
                for name, value in self.parameters
            )
        )


def parse_media_type(text: str) -> MediaType:
    """Read the value of a `Content-Type` field. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    scanner.match(BLANKS)
    type_ = scanner.expect_match(TOKEN, "a media type")
    scanner.expect("/")
    subtype = scanner.expect_match(TOKEN, "a media subtype")
    parameters = read_parameters(scanner)
    scanner.match(BLANKS)
    scanner.expect_end()
    return MediaType(type_, subtype, parameters)


@lru_cache(maxsize=256)
def parse_accept(text: str) -> tuple[MediaRange, ...]:
    """Read an `Accept` field into its ranges, in the order given. Raises `SyntaxFault`."""
    return read_list(text, _read_range)


def _read_range(scanner: Scanner) -> MediaRange:
    type_ = scanner.expect_match(TOKEN, "a media range").lower()
    subtype = "*"
    if type_ != "*" or scanner.peek() == "/":
        scanner.expect("/")
        if type_ == "*":
            scanner.expect("*")
        else:
            subtype = scanner.expect_match(TOKEN, "a media subtype").lower()
    start = scanner.position
    parameters = read_parameters(scanner)
    names = [name for name, _ in parameters]
    if "q" not in names:
        return MediaRange(type_, subtype, parameters)
    # What follows the quality was once an extension of Accept and says nothing about the type (section 12.5.1).
    at = names.index("q")
    quality = parameters[at][1]
    if not _QUALITY.fullmatch(quality) or quality == ".":
        scanner.position = start
        raise scanner.fail("a quality from 0 to 1 with at most three decimals", hint=f"not q={quality}")
    return MediaRange(type_, subtype, parameters[:at], float(quality))


def negotiate(accept: str | None, offered: Sequence[MediaType], *, ignoring: Collection[str] = ()) -> MediaType | None:
    """Choose what to send among `offered`, which stands in our own order of preference; `None` if nothing will do.

    Each offer gets the quality of the most specific range that matches it; zero excludes it. The best quality wins,
    then the more specific range, then our order. A range with a parameter that an offer lacks does not match it, unless
    the parameter is in `ignoring` (lower-case names, such as `charset`). Without an `Accept` field the first offer is
    taken. Raises `SyntaxFault` for a field that is not well formed.
    """
    ranges = parse_accept(accept) if accept else ()
    if not ranges:
        return offered[0] if offered else None
    best: MediaType | None = None
    best_rank: tuple[float, tuple[int, int]] = (0.0, (-1, -1))
    for offer in offered:
        matching = [r for r in ranges if r.matches(offer, ignoring)]
        if not matching:
            continue
        closest = max(matching, key=lambda r: r.specificity)
        rank = (closest.quality, closest.specificity)
        if closest.quality > 0 and rank > best_rank:
            best, best_rank = offer, rank
    return best
