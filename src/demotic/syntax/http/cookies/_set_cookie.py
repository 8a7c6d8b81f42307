"""`Set-Cookie` as a value (RFC 6265bis, sections 4.1 and 5.6): what a server asks the client to keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax.http._date import format_http_date
from demotic.syntax.http.cookies._characters import COOKIE_OCTETS
from demotic.syntax.http.cookies._domains import split_domain
from demotic.syntax.http.grammar._words import is_token

__all__ = ["LONGEST_LIFE", "SameSite", "SetCookie", "StrictCookie"]

LONGEST_LIFE: Final = timedelta(days=400)
"""No cookie is kept longer than this, whatever it asks for (section 5.5)."""

_BREAKS_OUT: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;]")
_PATH: Final = re.compile(r"/[\x20-\x3a\x3c-\x7e]*")
_EXTENSION: Final = re.compile(r"[\x20-\x3a\x3c-\x7e]+")


class SameSite(Enum):
    """With which requests from other sites a cookie goes: with none, with links followed, with all."""

    STRICT = "Strict"
    LAX = "Lax"
    NONE = "None"


@dataclass(frozen=True, slots=True)
class SetCookie:
    """A cookie as a `Set-Cookie` field gives it, well formed or not; servers make a `StrictCookie`.

    ``max_age`` (seconds; none or fewer: gone) counts before ``expires``; with neither it lives as long as the session.
    Without ``path`` it is for the directory of the page that sets it, without ``domain`` for its host alone.
    ``extensions`` are attributes that nobody here knows, as they stand. Raises `InvalidInput` for what would break out
    of its place in the field.
    """

    name: str
    value: str
    path: str | None = None
    domain: str | None = None
    expires: datetime | None = None
    max_age: int | None = None
    secure: bool = False
    http_only: bool = False
    same_site: SameSite | None = None
    partitioned: bool = False
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in (self.name, self.value, self.path or "", self.domain or "", *self.extensions):
            if _BREAKS_OUT.search(text):
                raise InvalidInput(f"{text!r} cannot be part of a cookie")
        if "=" in self.name:
            raise InvalidInput(f"{self.name!r} cannot be a cookie's name")

    @property
    def is_session(self) -> bool:
        """Whether it lives as long as the session."""
        return self.max_age is None and self.expires is None

    def expiry(self, now: datetime) -> datetime | None:
        """Return when it ends if it is set now, `None` for the end of the session; never later than in 400 days."""
        if self.max_age is not None:
            return now + min(timedelta(seconds=max(0, min(self.max_age, 10**9))), LONGEST_LIFE)
        if self.expires is None:
            return None
        return min(self.expires, now + LONGEST_LIFE)

    def _written_domain(self) -> str | None:
        # Reading drops one dot and the blanks before it, so what begins with either needs a dot more.
        needed = self.domain is not None and self.domain[:1] in (".", " ", "\t")
        return f".{self.domain}" if needed else self.domain

    def __str__(self) -> str:
        attributes = (
            ("Path", self.path),
            ("Domain", self._written_domain()),
            ("Expires", None if self.expires is None else format_http_date(self.expires)),
            ("Max-Age", self.max_age),
            ("Secure", self.secure),
            ("HttpOnly", self.http_only),
            ("SameSite", None if self.same_site is None else self.same_site.value),
            ("Partitioned", self.partitioned),
        )
        # What is true stands alone, what is missing or false not at all.
        given = ((name, value) for name, value in attributes if value is not None and value is not False)
        shown = (name if value is True else f"{name}={value}" for name, value in given)
        return "; ".join((f"{self.name}={self.value}", *shown, *self.extensions))


@dataclass(frozen=True, slots=True)
class StrictCookie(SetCookie):
    """A cookie as section 4.1 wants it from servers, so that every client understands it alike.

    Raises `InvalidInput` also for a name that is no token, a value with blanks, commas, quotes inside or backslashes,
    a broken domain or path, `__Host-` and `__Secure-` without what they promise, and `SameSite=None` or `Partitioned`
    without `Secure`.
    """

    def __post_init__(self) -> None:
        SetCookie.__post_init__(self)
        inner = self.value[1:-1] if len(self.value) > 1 and self.value[0] == self.value[-1] == '"' else self.value
        if not is_token(self.name):
            raise InvalidInput(f"{self.name!r} cannot be a cookie's name", hint="use letters, digits and -_.")
        if not COOKIE_OCTETS.issuperset(inner):
            raise InvalidInput(
                f"{self.value!r} cannot be a cookie's value", hint="encode it, as base64url for instance"
            )
        if self.path is not None and not _PATH.fullmatch(self.path):
            raise InvalidInput(f"{self.path!r} cannot be a cookie's path", hint="it begins with a slash")
        if self.domain is not None:
            split_domain(self.domain)
        if not all(map(_EXTENSION.fullmatch, self.extensions)):
            raise InvalidInput(f"{self.extensions!r} cannot be attributes of a cookie")
        if self.expires is not None and self.expires.tzinfo is None:
            raise InvalidInput(f"{self.expires} has no zone")
        for promise, kept in _promises(self):
            if not kept:
                raise InvalidInput(f"a cookie {promise}", target=self.name)


def _promises(cookie: SetCookie) -> tuple[tuple[str, bool], ...]:
    """Return what names and attributes promise (section 4.1.3), each with whether it holds."""
    name = cookie.name.lower()
    on_host = cookie.secure and cookie.domain is None and cookie.path == "/"
    return (
        ("named __Secure- is Secure", cookie.secure or not name.startswith("__secure-")),
        ("named __Host- is Secure, has Path=/ and no Domain", on_host or not name.startswith("__host-")),
        ("with SameSite=None is Secure", cookie.secure or cookie.same_site is not SameSite.NONE),
        ("that is Partitioned is Secure", cookie.secure or not cookie.partitioned),
    )
