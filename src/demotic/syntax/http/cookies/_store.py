"""A store of cookies in memory (RFC 6265bis, sections 5.7 to 5.9), for any number of threads.

It asks for no time and knows no network: `now` is given with every call, and may lie in the past or in the future.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from demotic.syntax.http.cookies._domains import domain_matches
from demotic.syntax.http.cookies._errors import CookieRefused
from demotic.syntax.http.cookies._pairs import format_cookies
from demotic.syntax.http.cookies._parse import parse_set_cookie
from demotic.syntax.http.cookies._rules import Setting, checked
from demotic.syntax.http.cookies._set_cookie import SetCookie
from demotic.syntax.http.cookies._stored import Page, Site, StoredCookie, path_matches
from demotic.syntax.http.cookies._suffixes import ALL_PUBLIC, SuffixList
from demotic.syntax.uri import URI

__all__ = ["CookieLimits", "CookieStore"]

Key = tuple[str, str, bool, str]


@dataclass(frozen=True, slots=True)
class CookieLimits:
    """How many cookies are kept for one domain and in all (section 6.1); beyond that the longest unused ones go."""

    per_domain: int = 180
    total: int = 3000


class CookieStore:
    """Keeps cookies, and finds those that go with a request.

    `suffixes` says for which domains no page may set cookies; without it all are public, so that every cookie is for
    its host alone. Use `shipped_suffix_list()` for the real list, or `ALL_PUBLIC.with_private("example.com")` to trust
    one domain.
    """

    def __init__(self, suffixes: SuffixList = ALL_PUBLIC, *, limits: CookieLimits = CookieLimits()) -> None:
        self.suffixes = suffixes
        self._limits = limits
        self._lock = threading.RLock()
        # By domain, so that a search looks at a few domains and not at all cookies.
        self._by_domain: defaultdict[str, dict[Key, StoredCookie]] = defaultdict(dict)

    def set(
        self, cookie: SetCookie, url: URI | str, now: datetime, *, http: bool = True, site: Site = Site.SAME
    ) -> StoredCookie | None:
        """Keep a cookie that a page sets; return it as it is kept, `None` if it says that it is gone.

        `http` is false for one that a script sets. Raises `CookieRefused` for one that the page may not set, and
        `SyntaxFault` for a URL without a host.
        """
        setting = Setting(cookie, Page.of(url), now, http, site)
        stored = checked(setting, self.suffixes)
        with self._lock:
            self._protect_secure(stored, setting.page)
            old = self._by_domain.get(stored.domain, {}).get(stored.key)
            if old is not None:
                if old.http_only and not http:
                    raise CookieRefused(
                        f"a script cannot change the HttpOnly cookie {cookie.name!r}", target=cookie.name
                    )
                stored = replace(stored, created=old.created)
            if stored.is_expired(now):
                self._drop(stored)
                return None
            self._by_domain[stored.domain][stored.key] = stored
            self._make_room(stored.domain, now)
        return stored

    def receive(
        self, url: URI | str, set_cookies: Iterable[str], now: datetime, *, site: Site = Site.SAME
    ) -> list[CookieRefused]:
        """Take the values of a response's `Set-Cookie` fields as browsers do; return why some were refused."""
        refused: list[CookieRefused] = []
        for text in set_cookies:
            cookie = parse_set_cookie(text)
            try:
                if cookie is not None:
                    self.set(cookie, url, now, site=site)
            except CookieRefused as refusal:
                refused.append(refusal)
        return refused

    def search(
        self, url: URI | str, now: datetime, *, http: bool = True, site: Site = Site.SAME, safe: bool = True
    ) -> list[StoredCookie]:
        """Return the cookies for a request: longer paths first, then the older; they count as used now.

        Expired ones that are met are forgotten. `http` is false where a script asks, `safe` for a method that writes.
        """
        page = Page.of(url)
        found: list[StoredCookie] = []
        with self._lock:
            for domain in _domains_of(page.host):
                kept = self._by_domain.get(domain, {})
                for key, cookie in list(kept.items()):
                    if cookie.is_expired(now):
                        self._drop(cookie)
                    elif cookie.goes_to(page, http=http, site=site, safe=safe):
                        kept[key] = cookie.touched(now)
                        found.append(kept[key])
        return sorted(found, key=lambda cookie: (-len(cookie.path), cookie.created))

    def header(self, url: URI | str, now: datetime, *, site: Site = Site.SAME, safe: bool = True) -> str | None:
        """Return the `Cookie` field of a request, `None` if there is nothing to send."""
        found = self.search(url, now, site=site, safe=safe)
        return format_cookies((cookie.name, cookie.value) for cookie in found) if found else None

    def expire(self, now: datetime) -> None:
        """Forget the cookies whose time is over."""
        self._forget(lambda cookie: cookie.is_expired(now))

    def expire_session(self, now: datetime) -> None:
        """End the session: forget its cookies, and those whose time is over."""
        self._forget(lambda cookie: cookie.is_session or cookie.is_expired(now))

    def clear(self) -> None:
        """Forget all cookies."""
        with self._lock:
            self._by_domain.clear()

    def restore(self, cookies: Iterable[StoredCookie]) -> None:
        """Keep cookies as they were kept elsewhere; nothing is checked but the limits."""
        with self._lock:
            for cookie in cookies:
                self._by_domain[cookie.domain][cookie.key] = cookie
                self._make_room(cookie.domain, cookie.accessed)

    def __iter__(self) -> Iterator[StoredCookie]:
        """Iterate over what is kept now, expired or not."""
        with self._lock:
            return iter([cookie for kept in self._by_domain.values() for cookie in kept.values()])

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._by_domain.values()))

    def _forget(self, is_over: Callable[[StoredCookie], bool]) -> None:
        with self._lock:
            for domain, kept in list(self._by_domain.items()):
                left = {key: cookie for key, cookie in kept.items() if not is_over(cookie)}
                if left:
                    self._by_domain[domain] = left
                else:
                    del self._by_domain[domain]

    def _protect_secure(self, new: StoredCookie, page: Page) -> None:
        """Let no page without a secret way put a cookie before a Secure one (section 5.7, step 16)."""
        if new.secure or page.secure:
            return
        for old in self:
            related = domain_matches(old.domain, new.domain) or domain_matches(new.domain, old.domain)
            if old.secure and old.name == new.name and related and path_matches(new.path, old.path):
                raise CookieRefused(f"the cookie {new.name!r} would hide a Secure one", target=new.name)

    def _make_room(self, domain: str, now: datetime) -> None:
        """Drop what is over the limits: expired ones, then those not Secure, then the longest unused."""
        kept = self._by_domain.get(domain, {})
        if len(kept) > self._limits.per_domain:
            for cookie in sorted(kept.values(), key=lambda cookie: _worth(cookie, now))[: -self._limits.per_domain]:
                self._drop(cookie)
        if len(self) > self._limits.total:
            for cookie in sorted(self, key=lambda cookie: _worth(cookie, now))[: -self._limits.total]:
                self._drop(cookie)

    def _drop(self, cookie: StoredCookie) -> None:
        kept = self._by_domain.get(cookie.domain, {})
        kept.pop(cookie.key, None)
        if not kept:
            self._by_domain.pop(cookie.domain, None)


def _worth(cookie: StoredCookie, now: datetime) -> tuple[bool, bool, datetime]:
    return not cookie.is_expired(now), cookie.secure, cookie.accessed


def _domains_of(host: str) -> list[str]:
    """Return a host and the domains above it."""
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]
