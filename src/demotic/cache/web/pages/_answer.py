"""From a kept page to the answer for one client: conditions, HEAD, age."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from demotic.cache.web._conditional import body_tag, decided, preconditions
from demotic.cache.web._fields import cache_control, field, vary_on, with_field
from demotic.cache.web._flow import Answer, Asked, Head
from demotic.cache.web.pages._page import Page
from demotic.cache.web.pages._request import PageRequest

__all__ = ["answer", "page_of"]

AGES: Final = ("s-maxage", "max-age")


def page_of(head: Head, body: bytes, vary: tuple[str, ...]) -> Page:
    """Return the page of a response: with a tag, a length, and the request fields that it is kept by in its Vary."""
    fields = head.fields
    if field(fields, "etag") is None and head.status == 200:
        fields = with_field(fields, "ETag", str(body_tag(body)))
    for name in vary:
        fields = vary_on(fields, name)
    fields = with_field(fields, "Content-Length", str(len(body)))
    control = cache_control(fields)
    lifetime = next((seconds for name in AGES if (seconds := control.seconds(name)) is not None), None)
    return Page(head.status, head.reason, fields, body, time.time(), lifetime)


def answer(page: Page, request: PageRequest, now: float, *, kept: bool) -> Answer:
    """Return what a client gets of a page: all of it, or that it has it already.

    A page that was ``kept`` says how old it is (RFC 9111, section 5.1), so that caches on the way do not take it for
    fresher than it is.
    """
    head = page.head
    if kept:
        head = replace(head, fields=with_field(head.fields, "Age", str(max(0, int(now - page.made)))))
    verdict = decided(head, request.method, preconditions(Asked(request.method, request.field)))
    if verdict is not None:
        return verdict
    return Answer(head, b"" if request.method == "HEAD" else page.body)
