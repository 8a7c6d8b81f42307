"""Which requests are answered with kept pages, what tells the pages apart, and which responses are kept.

A page is known by the site (scheme and host), the path as it was sent, the query, and the request fields that are
named. Whatever else it depends on, its response must say: one that varies by a field that is not named is not kept, so
that nobody gets a page that was made for another. Neither is one that sets a cookie, or that says that it is not for
everybody (RFC 9111, section 3). Requests with credentials are answered by the application, unless Authorization is
among the named fields (section 3.5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from demotic.cache._errors import WrongCacheUse
from demotic.cache.web._conditional import CONDITIONS
from demotic.cache.web._fields import cache_control, content_length, field, varies_on
from demotic.cache.web._flow import Head
from demotic.cache.web.pages._page import Page
from demotic.cache.web.pages._request import PageRequest

__all__ = ["TOO_LONG", "Asking", "Rules", "changes", "path_tag"]

READING: Final = ("GET", "HEAD")
SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
KEEPABLE: Final = frozenset({200, 203, 300, 301, 308, 404, 405, 410, 414, 451, 501})
"""What may be kept without being told for how long (RFC 9110, section 15.1); 204 has no page and 206 is a part."""

FOR_ONE: Final = ("no-store", "no-cache", "private")
EVENTS: Final = "text/event-stream"
TOO_LONG: Final = "a stream, or a response longer than largest= allows, is not kept"

HIDDEN: Final = (*CONDITIONS, "if-range", "accept-encoding")
"""What a page that is made for everybody must not depend on."""


@dataclass(slots=True)
class Asking:
    """One request for a page: what it is known by, what it is invalidated with, and how it is made.

    ``made`` tells afterwards that it was made for this very request.
    """

    key: object
    tags: tuple[str, ...]
    make: Callable[[], Any]
    made: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What `cached_response` was asked for, checked. Raises `WrongCacheUse` for what cannot be.

    ``vary`` are the request fields, and ``query`` the parameters of the query (`None`: all), that make a difference.
    ``key`` and ``tags`` are functions of the handler's own arguments. ``by_method`` keeps what HEAD gets apart from
    what GET gets, for handlers that may answer them differently.
    """

    vary: tuple[str, ...] = ()
    query: tuple[str, ...] | None = None
    key: Callable[..., object] | None = None
    tags: Callable[..., Iterable[str]] | Collection[str] = ()
    statuses: frozenset[int] = frozenset({200})
    largest: int = 1 << 20
    by_method: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.vary, str) or isinstance(self.query, str):
            raise WrongCacheUse("vary and query are lists of names", hint='vary=["accept-language"]')
        object.__setattr__(self, "vary", tuple(sorted({name.lower() for name in self.vary})))
        odd = sorted(set(self.statuses) - KEEPABLE)
        if odd:
            raise WrongCacheUse(f"a response with status {odd[0]} cannot be kept", target="statuses")
        if self.largest < 1:
            raise WrongCacheUse(f"largest={self.largest} keeps no page", target="largest")

    def concern(self, request: PageRequest) -> bool:
        """Tell whether a request may be answered with a kept page."""
        return (
            request.method in READING
            and not request.has_body
            and request.field("range") is None
            and ("authorization" in self.vary or request.field("authorization") is None)
        )

    def asking(
        self, request: PageRequest, args: tuple[Any, ...], kwargs: dict[str, Any], make: Callable[[], Any]
    ) -> Asking:
        """Return what is asked for; ``args`` and ``kwargs`` are what the handler is called with."""
        query = request.query if self.query is None else tuple(request.parameters(self.query))
        fields = tuple(request.field(name) for name in self.vary)
        own = self.key(*args, **kwargs) if self.key is not None else None
        key = (
            request.method if self.by_method else "",
            request.scheme,
            request.host,
            request.root,
            request.path,
            request.target,
            query,
            self.vary,
            fields,
            own,
        )
        tags = self.tags(*args, **kwargs) if callable(self.tags) else self.tags
        if isinstance(tags, str):
            raise WrongCacheUse(f"tags are a list of texts, not {tags!r} alone", target="tags")
        return Asking(key, (path_tag(request.path), *tags), make)

    def is_stream(self, head: Head) -> bool:
        """Tell of a response that begins that it is not worth collecting: it is too long, or has no end."""
        stated = content_length(head.fields)
        events = (field(head.fields, "content-type") or "").lower().startswith(EVENTS)
        return events or (stated is not None and stated > self.largest)

    @property
    def hidden(self) -> tuple[str, ...]:
        """The request fields that the handler does not see when it makes a page."""
        return tuple(name for name in HIDDEN if name not in self.vary)

    def refusal(self, page: Page) -> str | None:
        """Return why a page must not be kept, `None` if it may be."""
        fields = list(page.fields)
        if page.status not in self.statuses:
            return f"a response with status {page.status} is kept only if statuses= says so"
        if len(page.body) > self.largest:
            return f"a response of more than {self.largest} bytes is not kept (largest= is the bound)"
        if field(fields, "set-cookie") is not None:
            return "a response that sets a cookie is for one client"
        control = cache_control(fields)
        named = next((name for name in FOR_ONE if name in control), None)
        if named is not None:
            return f"the response says {named} in its Cache-Control"
        if page.lifetime == 0:
            return "the response says that it is not fresh, even now"
        return self._varies(page)

    def _varies(self, page: Page) -> str | None:
        vary = varies_on(list(page.fields))
        if vary.anything:
            return "the response varies by more than its request tells"
        missing = [name for name in vary.names if name not in self.vary]
        return f"the response varies by {missing[0]}, which vary= does not name" if missing else None


def changes(request: PageRequest) -> bool:
    """Tell whether a request may change what its path leads to (RFC 9110, section 9.2.1)."""
    return request.method not in SAFE


def path_tag(path: str) -> str:
    """Return the tag that every page of a path has, whatever its query and fields."""
    return f"page:{path}"
