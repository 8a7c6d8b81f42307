"""Slices and pages of a collection: how a cut becomes options, and how the pages of a cut follow each other.

A page's token is that of the query (`demotic.query.Continuation`). In a cut collection it is preceded by the number of
entities left in the cut: what was passed over before the first page must not be passed over again, and no page may
reach beyond the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, TypedDict

from demotic.query import NOWHERE, Integer, InvalidContinuation, Options
from demotic.store._entity import Entity

_TOKEN: Final = re.compile(r"(?:([1-9][0-9]{0,18})\.)?([^.]*)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a collection. ``after`` is the token that the next page starts from, ``None`` on the last."""

    entities: list[Entity]
    after: str | None
    count: int | None = None


class Cut(TypedDict):
    """The options that cut a collection."""

    skip: Integer | None
    top: Integer | None


def cut(options: Options, start: int, stop: int | None) -> Cut:
    """Return what cuts a collection, which options may have cut before, to the members from ``start`` to ``stop``."""
    skip = start + (options.skip.value if options.skip else 0)
    left = None if options.top is None else max(0, options.top.value - start)
    wanted = None if stop is None else max(0, stop - start)
    top = min((size for size in (left, wanted) if size is not None), default=None)
    return {"skip": _integer(skip) if skip else None, "top": None if top is None else _integer(top)}


def token(continuation: str, options: Options, given: int) -> str:
    """Return the token of the page after one of ``given`` entities, which was asked for by ``options``."""
    return continuation if options.top is None else f"{options.top.value - given}.{continuation}"


def continued(options: Options, token: str) -> Options:
    """Return the options of the page that a token leads to.

    Raises `InvalidContinuation` for a token of a collection that ends elsewhere.
    """
    found = _TOKEN.fullmatch(token)
    left = None if found is None or found[1] is None else int(found[1])
    most = None if options.top is None else options.top.value
    if found is None or (left is None) is not (most is None) or (left or 0) > (most or 0):
        raise InvalidContinuation(
            "this token belongs to a collection that is cut otherwise",
            hint="give the token of a page to the same collection that the page is of",
        )
    return replace(options, skiptoken=found[2], skip=None, top=None if left is None else _integer(left))


def _integer(value: int) -> Integer:
    return Integer(value, str(value), NOWHERE)
