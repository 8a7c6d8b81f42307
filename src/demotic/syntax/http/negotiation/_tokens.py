"""`Accept-Charset` and `Accept-Encoding` (RFC 9110, sections 12.5.2 and 12.5.3): weighted tokens, and the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import read_list
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import check_token, read_token
from demotic.syntax.http.negotiation._weight import check_quality, format_quality, read_weight

__all__ = ["IDENTITY", "Weighted", "choose_charset", "choose_coding", "parse_weighted"]

IDENTITY: Final = "identity"
"""The content coding that leaves the content as it is."""

# Section 8.4.1: a recipient considers these equivalent.
_ALIASES: Final = {"x-gzip": "gzip", "x-compress": "compress"}


@dataclass(frozen=True, slots=True)
class Weighted(SortsByKey):
    """A token, or `*` for all that are not named, and its quality; the token comes in lower case.

    Sorts by token, `*` last; of equal ones, the higher quality first.
    """

    token: str = "*"
    quality: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "token", check_token(self.token).lower())
        object.__setattr__(self, "quality", check_quality(self.quality))

    @property
    def sort_key(self) -> tuple[bool, str, float]:
        """The token, the wild card last, then the quality downwards."""
        return self.token == "*", self.token, -self.quality

    def __str__(self) -> str:
        return self.token + format_quality(self.quality)


@lru_cache(maxsize=256)
def parse_weighted(text: str) -> tuple[Weighted, ...]:
    """Read an `Accept-Charset` or `Accept-Encoding` field, which may be empty. Raises `SyntaxFault`."""
    return read_list(text, _read_weighted)


def _read_weighted(scanner: Scanner) -> Weighted:
    return Weighted(read_token(scanner, "a token or '*'"), read_weight(scanner))


def choose_charset(field: str | None, offered: Sequence[str]) -> str | None:
    """Choose by an `Accept-Charset` field: the best quality, then the first of `offered`; `None` if nothing will do.

    Without a field, or with an empty one, anything will do. Raises `SyntaxFault`.
    """
    weights = _weights(field or "")
    return _best(offered, weights) if weights else next(iter(offered), None)


def choose_coding(field: str | None, offered: Sequence[str]) -> str | None:
    """Choose by an `Accept-Encoding` field: the best quality, then the first of `offered`; `None` if nothing will do.

    Without a field anything will do; an empty one asks for `identity`. What is not coded is acceptable unless the field
    excludes it (section 12.5.3), but is chosen after all codings that the field names. Raises `SyntaxFault`.
    """
    if field is None:
        return next(iter(offered), None)
    weights = _weights(field)
    chosen = _best(offered, weights)
    if chosen is None and weights.get(IDENTITY, weights.get("*", 1.0)) > 0:
        return next((offer for offer in offered if offer.lower() == IDENTITY), None)
    return chosen


def _weights(field: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in parse_weighted(field):
        weights.setdefault(_ALIASES.get(item.token, item.token), item.quality)
    return weights


def _best(offered: Sequence[str], weights: dict[str, float]) -> str | None:
    best, best_quality = None, 0.0
    for offer in offered:
        token = _ALIASES.get(offer.lower(), offer.lower())
        quality = weights.get(token, weights.get("*", 0.0))
        if quality > best_quality:
            best, best_quality = offer, quality
    return best
