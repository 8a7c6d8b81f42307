"""`Accept` (RFC 9110, section 12.5.1): media ranges, and the choice among the media types that are offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http._media import MediaType
from demotic.syntax.http.grammar._lists import SEPARATOR, Parameters, format_parameters, read_list, read_parameters
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import TOKEN, read_token, read_word, write_word
from demotic.syntax.http.negotiation._weight import check_quality, format_quality, read_weight

__all__ = ["MediaRange", "closest_range", "negotiate", "parse_accept"]

Extensions = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class MediaRange(SortsByKey):
    """One element of an `Accept` field: a media type with `*` allowed for subtype or both, and its quality.

    Ranges sort by type, the most specific of each type first, `*/*` at the end; of equal ones, the higher quality
    first. ``extensions`` is what follows the quality: once a part of the grammar, never compared. Raises `InvalidInput`
    for a part that is no token, and for a quality outside 0 to 1.
    """

    type: str = "*"
    subtype: str = "*"
    parameters: Parameters = ()
    quality: float = 1.0
    extensions: Extensions = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for name in (self.type, self.subtype, *(name for name, _ in self.parameters)):
            if not TOKEN.fullmatch(name):
                raise InvalidInput(f"{name!r} cannot be part of a media range")
        if self.type == "*" and self.subtype != "*":
            raise InvalidInput(f"*/{self.subtype} is no media range", hint="use */* or name the type")
        object.__setattr__(self, "type", self.type.lower())
        object.__setattr__(self, "subtype", self.subtype.lower())
        object.__setattr__(self, "parameters", tuple((name.lower(), value) for name, value in self.parameters))
        object.__setattr__(self, "quality", check_quality(self.quality))

    @property
    def specificity(self) -> tuple[int, int]:
        """What gives one range precedence over another: how much it names, then how many parameters."""
        return ((self.type != "*") + (self.subtype != "*"), len(self.parameters))

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Type, subtype (wild cards last), the number of parameters downwards, the parameters, quality downwards."""
        names = (self.type == "*", self.type, self.subtype == "*", self.subtype)
        return (*names, -len(self.parameters), self.parameters, -self.quality)

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

    def __str__(self) -> str:
        weight = ";q=1" if self.extensions and self.quality == 1 else format_quality(self.quality)
        after = (f";{name}" if value is None else f";{name}={write_word(value)}" for name, value in self.extensions)
        return f"{self.type}/{self.subtype}{format_parameters(self.parameters)}{weight}{''.join(after)}"


@lru_cache(maxsize=256)
def parse_accept(text: str) -> tuple[MediaRange, ...]:
    """Read an `Accept` field into its ranges, in the order given. Raises `SyntaxFault`."""
    return read_list(text, _read_range)


def _read_range(scanner: Scanner) -> MediaRange:
    type_ = read_token(scanner, "a media range")
    subtype = "*"
    if type_ != "*" or scanner.peek() == "/":
        scanner.expect("/")
        if type_ == "*":
            scanner.expect("*")
        else:
            subtype = read_token(scanner, "a media subtype")
    parameters = read_parameters(scanner, until="q")
    return MediaRange(type_, subtype, parameters, read_weight(scanner), _read_extensions(scanner))


def _read_extensions(scanner: Scanner) -> Extensions:
    extensions: list[tuple[str, str | None]] = []
    while scanner.match(SEPARATOR):
        name = scanner.match(TOKEN)
        if name is not None:
            extensions.append((name[0].lower(), read_word(scanner) if scanner.accept("=") else None))
    return tuple(extensions)


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
        closest = closest_range(ranges, offer, ignoring=ignoring)
        if closest is None or closest.quality == 0:
            continue
        rank = (closest.quality, closest.specificity)
        if rank > best_rank:
            best, best_rank = offer, rank
    return best


def closest_range(
    ranges: Sequence[MediaRange], offer: MediaType, *, ignoring: Collection[str] = ()
) -> MediaRange | None:
    """Return the most specific range that matches an offer, whose quality is the offer's; `None` if none does."""
    matching = [r for r in ranges if r.matches(offer, ignoring)]
    return max(matching, key=lambda r: r.specificity, default=None)
