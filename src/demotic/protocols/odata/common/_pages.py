"""Pages of collections: the URL of the next one, and bodies that are encoded while they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from demotic.protocols.odata.common._answer import Call
from demotic.query import Query
from demotic.service import Result, Row
from demotic.syntax.uri import percent_decode

_PAGING = ("top", "skip", "skiptoken")


def next_link(call: Call, token: str, left: int | None) -> str:
    """Return the URL of the next page: the same request with a skip token, ``$top`` reduced to what is ``left``."""
    kept = [pair for pair in call.request.query.split("&") if pair and _name(pair) not in _PAGING]
    if left is not None:
        kept.append(f"$top={left}")
    kept.append(f"$skiptoken={token}")
    return f"{call.root}{call.rest}?{'&'.join(kept)}"


def _name(pair: str) -> str:
    return percent_decode(pair.partition("=")[0], plus_is_blank=True).strip().removeprefix("$").lower()


def left_of(query: Query, call: Call, values: Sequence[object]) -> int | None:
    """Return how many entities ``$top`` leaves for the pages after this one, ``None`` where it does not bound them."""
    if query.top is None or call.page is None:
        return None
    asked = values[query.top.slot]
    assert isinstance(asked, int)
    return asked - call.page


class Rows:
    """The body of a long collection: one chunk per batch of rows.

    ``first`` and ``second`` are the batches that were read already, ``rest`` yields the others. ``closing`` makes the
    end of the body once all are read.
    """

    __slots__ = ("_closing", "_encode", "_opening", "_parts", "_result")

    def __init__(
        self,
        result: Result,
        parts: tuple[list[Row], list[Row], Iterator[list[Row]]],
        encode: Callable[[list[Row]], bytes],
        opening: bytes,
        closing: Callable[[], bytes],
    ) -> None:
        self._result = result
        self._parts = parts
        self._encode = encode
        self._opening = opening
        self._closing = closing

    def __iter__(self) -> Iterator[bytes]:
        first, second, rest = self._parts
        encode = self._encode
        yield self._opening + encode(first)[:-1]
        yield b"," + encode(second)[1:-1]
        for batch in rest:
            yield b"," + encode(batch)[1:-1]
        yield b"]" + self._closing()

    def close(self) -> None:
        """Release the snapshot."""
        self._result.close()


class Closed(Result):
    """A result without anything to release: stands in once a stream has taken the real one over."""

    count = None
    after = None

    def batches(self) -> Iterator[list[Row]]:
        """Nothing."""
        return iter(())

    def close(self) -> None:
        """Nothing."""
