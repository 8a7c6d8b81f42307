"""Requests to a service in this process: what a client over HTTP would get, without a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from demotic.cli._errors import RequestRefused, UsageFault
from demotic.syntax.http import Handler, Request
from demotic.syntax.uri import percent_encode

ROOT = "http://localhost/odata/v4/"
# The reserved and unreserved characters of RFC 3986. "%" is kept where it begins a percent-coded byte, and only there.
_AS_TYPED = "-._~:/?@!$&'()*+,;="
_CODED = re.compile(r"(%[0-9A-Fa-f]{2})")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
NEXT_LINK = "@odata.nextLink"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``content`` is the decoded JSON, or for another ``media_type`` the body's bytes."""

    url: str
    media_type: str
    content: Any

    @property
    def is_json(self) -> bool:
        """Whether ``content`` is decoded JSON."""
        return self.media_type == "application/json"

    @property
    def next_url(self) -> str | None:
        """Where the rest is, if there is more."""
        link = self.content.get(NEXT_LINK) if self.is_json and isinstance(self.content, dict) else None
        return urljoin(self.url, link) if link else None


def request_url(text: str) -> str:
    """Return the URL of a request as a person types it: blanks and letters of all scripts may stand as they are.

    Raises `UsageFault` for the whole URL of some service.
    """
    if text.startswith(("http://", "https://")):
        rest = text.partition("/odata/v4/")[2]
        example = f": {rest!r}" if rest else ", such as 'Products?$top=5'"
        raise UsageFault(
            f"the request {text!r} is a whole address", hint=f"give the part after the service root{example}"
        )
    parts = _CODED.split(text.removeprefix("/"))
    return ROOT + "".join(part if n % 2 else percent_encode(part, _AS_TYPED) for n, part in enumerate(parts))


def get(handler: Handler, url: str) -> Answer | None:
    """Return the answer to a GET, ``None`` if there is nothing there (204).

    Raises `RequestRefused` if the answer is an error.
    """
    parts = urlsplit(url)
    response = handler(Request("GET", parts.path, parts.query, {"accept": "*/*"}, "http", parts.netloc))
    try:
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    finally:
        if not isinstance(response.body, bytes):
            response.body.close()
    media_type = (response.field("content-type") or "").partition(";")[0].strip().lower()
    content = _DECODER.decode(body) if media_type == "application/json" and body else body
    if response.status >= 400:
        raise _refused(response.status, content)
    return None if response.status == 204 else Answer(url, media_type, content)


def get_all(handler: Handler, url: str) -> Iterator[Answer]:
    """Yield the answer, and those that next links lead to."""
    following: str | None = url
    while following is not None:
        answer = get(handler, following)
        if answer is None:
            return
        yield answer
        following = answer.next_url


def _refused(status: int, content: Any) -> RequestRefused:
    error = content.get("error", {}) if isinstance(content, dict) else {}
    details = error.get("details", [])
    place = next((item["message"] for item in details if item.get("code") == "Position"), None)
    message = error.get("message") or f"the request is answered with status {status}"
    others = [f"\n  {item['message']}" for item in details if item.get("code") != "Position"]
    return RequestRefused(message + "".join(others), answered=status, place=place)
