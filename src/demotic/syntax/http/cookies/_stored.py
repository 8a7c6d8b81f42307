"""A cookie that is kept (RFC 6265bis, sections 5.1.4, 5.7 and 5.8), and the page that a request is for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http.cookies._domains import domain_matches, is_ip_address, split_domain
from demotic.syntax.http.cookies._set_cookie import SameSite
from demotic.syntax.uri import URI, parse_uri, percent_decode

__all__ = ["Page", "Site", "StoredCookie", "default_path", "path_matches"]

_SECURE: Final = frozenset({"https", "wss"})


class Site(Enum):
    """Where a request comes from: the site that it goes to; another one, by a link followed; another one, otherwise."""

    SAME = "same"
    CROSS_NAVIGATION = "cross navigation"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Page:
    """What cookies ask of a URL: its host in lower case and ASCII, its path, and whether its way is secret."""

    host: str
    path: str
    secure: bool

    @classmethod
    def of(cls, url: URI | str) -> Page:
        """Return that of a URL. Raises `SyntaxFault` for one without a host."""
        uri = parse_uri(url) if isinstance(url, str) else url
        host = uri.authority.host.lower() if uri.authority is not None else ""
        if not host:
            raise SyntaxFault("a URL with a host", str(uri), 0)
        # A dot at the end says that the name is complete; cookies do not know it.
        host = host if is_ip_address(host) else ".".join(split_domain(_letters(host).removesuffix(".")))
        return cls(host, uri.path or "/", (uri.scheme or "").lower() in _SECURE)


def _letters(host: str) -> str:
    """Return a host with its percent-coded letters, which RFC 3986 (section 3.2.2) has for those beyond ASCII."""
    try:
        return percent_decode(host)
    except SyntaxFault:
        return host


def default_path(path: str) -> str:
    """Return the directory of a page (section 5.1.4): its path up to the last slash, which is left out."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def path_matches(path: str, cookie_path: str) -> bool:
    """Whether a path is a cookie's, or under it."""
    return path == cookie_path or path.startswith(f"{cookie_path.removesuffix('/')}/")


@dataclass(frozen=True, slots=True)
class StoredCookie:
    """A cookie that is kept. `expires` is `None` for one of the session; the domain has no dot before it."""

    name: str
    value: str
    domain: str
    path: str
    created: datetime
    accessed: datetime
    expires: datetime | None = None
    host_only: bool = True
    secure: bool = False
    http_only: bool = False
    same_site: SameSite | None = None

    @property
    def key(self) -> tuple[str, str, bool, str]:
        """What makes two cookies one."""
        return self.name, self.domain, self.host_only, self.path

    @property
    def is_session(self) -> bool:
        """Whether it lives as long as the session."""
        return self.expires is None

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires <= now

    def touched(self, now: datetime) -> StoredCookie:
        """Return it as used now."""
        return replace(self, accessed=now)

    def goes_to(self, page: Page, *, http: bool = True, site: Site = Site.SAME, safe: bool = True) -> bool:
        """Whether a request for the page has it along (section 5.8.3); `safe`: by a method that only reads.

        A cookie that says nothing of other sites is treated as `Lax`.
        """
        return (
            (page.host == self.domain if self.host_only else domain_matches(page.host, self.domain))
            and path_matches(page.path, self.path)
            and (page.secure or not self.secure)
            and (http or not self.http_only)
            and self._leaves(site, safe)
        )

    def _leaves(self, site: Site, safe: bool) -> bool:
        if site is Site.SAME or self.same_site is SameSite.NONE:
            return True
        return site is Site.CROSS_NAVIGATION and safe and self.same_site is not SameSite.STRICT
