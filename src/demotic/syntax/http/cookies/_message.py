"""Cookies in the fields of messages: never folded in responses, one field in requests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime

from demotic.syntax.http._messages import Handler, Request, Response
from demotic.syntax.http.cookies._pairs import format_cookies, parse_cookies
from demotic.syntax.http.cookies._parse import parse_set_cookie
from demotic.syntax.http.cookies._set_cookie import SetCookie
from demotic.syntax.http.cookies._store import CookieStore
from demotic.syntax.http.cookies._stored import StoredCookie
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.messages._methods import is_safe

__all__ = ["keep_cookies", "read_cookies", "read_set_cookies", "write_cookies", "write_set_cookies"]


def read_cookies(fields: Fields) -> dict[str, tuple[str, ...]]:
    """Return the cookies of a request: names with their values."""
    return parse_cookies(fields.get("cookie", ""))


def write_cookies(fields: Fields, cookies: Iterable[StoredCookie | SetCookie] | None) -> Fields:
    """Return a request's fields with these cookies, such as a store finds them; `None` or none at all removes them."""
    text = format_cookies((cookie.name, cookie.value) for cookie in cookies or ())
    return fields.set("Cookie", text or None)


def read_set_cookies(fields: Fields) -> tuple[SetCookie, ...]:
    """Return the cookies that a response sets, those that must be ignored left out."""
    return tuple(filter(None, map(parse_set_cookie, fields.get_all("set-cookie"))))


def write_set_cookies(fields: Fields, *cookies: SetCookie, replace: bool = False) -> Fields:
    """Return a response's fields with a field more for each cookie; `replace` removes those that were there."""
    fields = fields.remove("set-cookie") if replace else fields
    for cookie in cookies:
        fields = fields.add("Set-Cookie", str(cookie))
    return fields


def keep_cookies(handler: Handler, store: CookieStore, clock: Callable[[], datetime]) -> Handler:
    """Return a handler that sends each request with the cookies of the store, and keeps what the response sets."""

    def with_cookies(request: Request) -> Response:
        url = f"{request.scheme}://{request.host}{request.target}"
        header = store.header(url, clock(), safe=is_safe(request.method))
        if header is not None:
            request = dataclasses.replace(request, fields={**request.fields, "cookie": header})
        response = handler(request)
        values = [value for name, value in response.fields if name.lower() == "set-cookie"]
        store.receive(url, values, clock())
        return response

    return with_cookies
