"""Kept cookies as text and back, so that they outlive a program: JSON, one object for each."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from demotic.errors import InvalidInput
from demotic.syntax.http.cookies._stored import StoredCookie

__all__ = ["dump_cookies", "load_cookies"]


def dump_cookies(cookies: Iterable[StoredCookie], *, session: bool = False) -> str:
    """Write cookies as JSON, those of the session only if asked. It holds secrets: keep it as you keep passwords."""
    return msgspec.json.encode([cookie for cookie in cookies if session or not cookie.is_session]).decode()


def load_cookies(text: str) -> list[StoredCookie]:
    """Read cookies that `dump_cookies` wrote. Raises `InvalidInput` for anything else."""
    try:
        cookies = msgspec.json.decode(text, type=list[StoredCookie])
    except msgspec.DecodeError as error:
        raise InvalidInput(f"these are no cookies: {error}") from None
    for cookie in cookies:
        if any(
            moment is not None and moment.tzinfo is None for moment in (cookie.created, cookie.accessed, cookie.expires)
        ):
            raise InvalidInput("these are no cookies: a moment has no zone")
    return cookies
