"""Queries made of pairs, as HTML forms write them (HTML Living Standard, `application/x-www-form-urlencoded`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.syntax.uri._percent import QUERY_NAME, QUERY_VALUE, percent_decode, percent_encode

__all__ = ["format_query", "parse_query"]

MOST_PAIRS: Final = 1000


Pair = tuple[str, str | None]


def parse_query(query: str, *, plus_is_blank: bool = True, most: int = MOST_PAIRS) -> tuple[Pair, ...]:
    """Return the pairs of a query, decoded, in order; the value is None where there is no `=`, and never left out.

    Pairs are parted by `&`; an empty one is passed over. Raises `SyntaxFault` at codes that are not those of UTF-8
    text, and `LimitExceeded` for more than `most` pairs.

    >>> parse_query("a=1&b=&c&a=x+y")
    (('a', '1'), ('b', ''), ('c', None), ('a', 'x y'))
    """
    if query.count("&") >= most:
        raise LimitExceeded(f"the query has more than {most} pairs", hint="ask for less at a time")
    pairs, position = [], 0
    for piece in query.split("&"):
        if piece:
            name, equals, value = piece.partition("=")
            decoded = _decoded(name, query, position, plus_is_blank)
            start = position + len(name) + 1
            pairs.append((decoded, _decoded(value, query, start, plus_is_blank) if equals else None))
        position += len(piece) + 1
    return tuple(pairs)


def _decoded(part: str, query: str, position: int, plus_is_blank: bool) -> str:
    try:
        return percent_decode(part, plus_is_blank=plus_is_blank)
    except SyntaxFault as fault:
        raise SyntaxFault(fault.expected, query, position + fault.position) from None


def format_query(pairs: Iterable[Pair]) -> str:
    """Return the query of these pairs, the inverse of `parse_query`; blanks are written as %20."""
    return "&".join(
        percent_encode(name, QUERY_NAME) + ("" if value is None else f"={percent_encode(value, QUERY_VALUE)}")
        for name, value in pairs
    )
