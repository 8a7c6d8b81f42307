"""Which cookies a page may set (RFC 6265bis, section 5.7): one rule is one function, in the order of the section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.cookies._domains import domain_matches, split_domain
from demotic.syntax.http.cookies._errors import CookieRefused
from demotic.syntax.http.cookies._set_cookie import SameSite, SetCookie
from demotic.syntax.http.cookies._stored import Page, Site, StoredCookie, default_path
from demotic.syntax.http.cookies._suffixes import SuffixList

__all__ = ["Setting", "checked"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A cookie that is being set: by which page, when, over HTTP or by a script, and from which site."""

    cookie: SetCookie
    page: Page
    now: datetime
    http: bool = True
    site: Site = Site.SAME

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise InvalidInput(f"{self.now} has no zone", hint="give an aware datetime")


def checked(setting: Setting, suffixes: SuffixList) -> StoredCookie:
    """Return the cookie to keep. Raises `CookieRefused` naming the rule that it breaks."""
    cookie, page = setting.cookie, setting.page
    domain = _domain(cookie.domain, page.host, suffixes)
    stored = StoredCookie(
        cookie.name,
        cookie.value,
        domain or page.host,
        cookie.path if cookie.path is not None else default_path(page.path),
        setting.now,
        setting.now,
        cookie.expiry(setting.now),
        host_only=domain is None,
        secure=cookie.secure,
        http_only=cookie.http_only,
        same_site=cookie.same_site,
    )
    for rule in _RULES:
        if (refusal := rule(setting, stored)) is not None:
            raise CookieRefused(f"the cookie {cookie.name!r} {refusal}", target=cookie.name)
    return stored


def _domain(asked: str | None, host: str, suffixes: SuffixList) -> str | None:
    """Return the domain that a cookie is for, `None` for the host alone."""
    if asked is None:
        return None
    if asked == host:
        # An address is its own domain, and so is a public one that the page itself is.
        return None if _is_public(asked, suffixes) else asked
    try:
        domain = ".".join(split_domain(asked.removeprefix(".")))
    except SyntaxFault as fault:
        raise CookieRefused(f"{asked!r} is no domain", target=asked) from fault
    if not domain_matches(host, domain):
        raise CookieRefused(f"a page of {host} cannot set cookies for {domain}", target=domain)
    if not suffixes.is_public(domain):
        return domain
    if domain == host:
        return None
    hint = "leave Domain out, or trust the domain with with_private"
    raise CookieRefused(f"{domain} is a public domain", target=domain, hint=hint)


def _is_public(host: str, suffixes: SuffixList) -> bool:
    try:
        return suffixes.is_public(host)
    except SyntaxFault:
        return True


def _needs_secret_way(setting: Setting, stored: StoredCookie) -> str | None:
    return "is Secure, but did not come over https" if stored.secure and not setting.page.secure else None


def _hidden_from_scripts(setting: Setting, stored: StoredCookie) -> str | None:
    return "is HttpOnly, but did not come over HTTP" if stored.http_only and not setting.http else None


def _of_another_site(setting: Setting, stored: StoredCookie) -> str | None:
    refused = setting.site is Site.CROSS and stored.same_site is not SameSite.NONE
    return "is for requests of its own site, and was set by that of another" if refused else None


def _open_to_all(_setting: Setting, stored: StoredCookie) -> str | None:
    return "has SameSite=None, but is not Secure" if stored.same_site is SameSite.NONE and not stored.secure else None


def _partitioned(setting: Setting, stored: StoredCookie) -> str | None:
    return "is Partitioned, but not Secure" if setting.cookie.partitioned and not stored.secure else None


def _prefixed(setting: Setting, stored: StoredCookie) -> str | None:
    # A cookie without a name is sent as its value alone, which must not look like a prefix either.
    name = (setting.cookie.name or setting.cookie.value).lower()
    if not setting.cookie.name and name.startswith(("__secure-", "__host-")):
        return "has no name, and a value that looks like one with a prefix"
    if name.startswith("__secure-") and not stored.secure:
        return "is not Secure, as __Secure- promises"
    on_host = stored.secure and stored.host_only and setting.cookie.domain is None and setting.cookie.path == "/"
    if name.startswith("__host-") and not on_host:
        return "is not Secure with Path=/ and without Domain, as __Host- promises"
    return None


_RULES: Final[tuple[Callable[[Setting, StoredCookie], str | None], ...]] = (
    _needs_secret_way,
    _hidden_from_scripts,
    _of_another_site,
    _open_to_all,
    _partitioned,
    _prefixed,
)
