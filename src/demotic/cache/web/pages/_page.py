"""A page: a whole response as it is kept, and its form in a cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from demotic.cache._errors import Unreadable, Unstorable
from demotic.cache.web._flow import Head

__all__ = ["Page", "PageSerializer", "Unkept"]


class Page(msgspec.Struct, frozen=True, array_like=True):
    """A response: status, reason phrase, fields in order, body, and when it was made, in seconds since 1970.

    ``lifetime`` is for how many seconds it says itself that it is fresh; `None` if it does not say.
    """

    status: int
    reason: str
    fields: Sequence[tuple[str, str]]
    body: bytes
    made: float
    lifetime: int | None = None

    @property
    def head(self) -> Head:
        """The beginning of the response."""
        return Head(self.status, list(self.fields), self.reason)

    def is_fresh(self, now: float) -> bool:
        """Tell whether it is still as fresh as it says itself."""
        return self.lifetime is None or now - self.made < self.lifetime


class Unkept:
    """A response that goes to the one who asked and is not kept; ``response`` is whatever his framework takes."""

    def __init__(self, response: Any, why: str) -> None:
        self.response = response
        self.why = why


class PageSerializer:
    """Pages as MessagePack; ``refusal`` says of a page why it must not be kept, `None` if it may be."""

    def __init__(self, refusal: Callable[[Page], str | None]) -> None:
        self._refusal = refusal
        self._decoder = msgspec.msgpack.Decoder(Page)
        self._encode = msgspec.msgpack.Encoder().encode

    def for_type(self, annotation: Any) -> PageSerializer:
        """Return this: pages are all of one type."""
        return self

    def dumps(self, value: object, key: str) -> bytes:
        """Return a page as bytes. Raises `Unstorable` for one that must not be kept."""
        why = value.why if isinstance(value, Unkept) else self._refusal(value) if isinstance(value, Page) else "no page"
        if why is not None:
            raise Unstorable(why)
        return self._encode(value)

    def loads(self, data: bytes, key: str) -> Page:
        """Return the page of these bytes. Raises `Unreadable`."""
        try:
            return self._decoder.decode(data)
        except msgspec.MsgspecError as error:
            raise Unreadable(f"not a page: {error}") from None
