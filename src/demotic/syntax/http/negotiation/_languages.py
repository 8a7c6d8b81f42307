"""`Accept-Language` (RFC 9110, section 12.5.4): language ranges matched as RFC 4647 says, and the choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from demotic.syntax._scanner import Scanner
from demotic.syntax.http._language import LanguageTag
from demotic.syntax.http.grammar._lists import read_list
from demotic.syntax.http.negotiation._tokens import Weighted
from demotic.syntax.http.negotiation._weight import read_weight

__all__ = ["choose_language", "parse_accept_language"]

_RANGE: Final = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*+")


@lru_cache(maxsize=256)
def parse_accept_language(text: str) -> tuple[Weighted, ...]:
    """Read an `Accept-Language` field, which may be empty. Raises `SyntaxFault`."""
    return read_list(text, _read_range)


def _read_range(scanner: Scanner) -> Weighted:
    return Weighted(scanner.expect_match(_RANGE, "a language range or '*'"), read_weight(scanner))


def choose_language(field: str | None, offered: Sequence[str]) -> str | None:
    """Choose a language tag by an `Accept-Language` field: the best quality, then the first of `offered`.

    An offer has the quality of the longest range that its tag begins with (basic filtering, RFC 4647, section 3.3.1).
    Where there is none, a range that begins with the tag will do (lookup, section 3.4): a reader of `de-CH` takes `de`
    rather than nothing. `None` if nothing will do; without a field anything will. Raises `SyntaxFault`, also for an
    offer that is no language tag.
    """
    ranges = parse_accept_language(field) if field else ()
    if not ranges:
        return next(iter(offered), None)
    best, best_quality = None, 0.0
    for offer in offered:
        quality = _quality(LanguageTag(offer), ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _quality(tag: LanguageTag, ranges: Sequence[Weighted]) -> float:
    """Return the quality of the longest range that covers the tag, else of one that the tag covers, else of `*`."""
    named = [(item.token.split("-"), item.quality) for item in ranges if item.token != "*"]
    covering = [(len(parts), quality) for parts, quality in named if tag.within(parts)]
    if covering:
        return max(covering, key=lambda found: found[0])[1]
    size = len(tag.subtags)
    narrower = [quality for parts, quality in named if tuple(parts[:size]) == tag.subtags]
    anything = next((item.quality for item in ranges if item.token == "*"), 0.0)
    return max([*narrower, anything])
