"""Domains of cookies (RFC 6265, section 5.1; RFC 5890, section 2.3; RFC 1123, section 2.1): labels and their order."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.uri import host_to_ascii

__all__ = [
    "domain_matches",
    "is_a_label",
    "is_ip_address",
    "is_ldh_label",
    "is_reserved_label",
    "is_subdomain",
    "split_domain",
]

_LDH: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Underscores are no part of a host's name, but are found in domains of the public suffix list's users and in DNS.
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST: Final = 253


def is_ldh_label(label: str) -> bool:
    """Whether a label has letters, digits and hyphens alone, none of these at its ends, and at most 63 of them."""
    return _LDH.fullmatch(label) is not None


def is_reserved_label(label: str) -> bool:
    """Whether a label has two hyphens in its third and fourth place."""
    return is_ldh_label(label) and label[2:4] == "--"


def is_a_label(label: str) -> bool:
    """Whether a label stands for one of other scripts: it begins with `xn--`, and can be decoded."""
    if not (is_reserved_label(label) and label[:2].lower() == "xn"):
        return False
    try:
        return not label[4:].encode("ascii").decode("punycode").isascii()
    except UnicodeError:
        return False


def split_domain(domain: str | bytes, *, wild: bool = False) -> tuple[str, ...]:
    """Return the labels of a domain from left to right, in lower case and ASCII; bytes are UTF-8.

    With `wild`, labels may be `*`. Raises `SyntaxFault` for what is no domain; an IP address is none.
    """
    try:
        text = domain if isinstance(domain, str) else domain.decode()
    except UnicodeDecodeError as error:
        raise SyntaxFault("a domain in UTF-8", repr(domain), error.start) from None
    if len(text) > _LONGEST:
        # What is kept below must stay small.
        raise SyntaxFault(f"at most {_LONGEST} characters of a domain", text, _LONGEST)
    return _labels(text, wild)


@lru_cache(maxsize=1024)
def _labels(text: str, wild: bool) -> tuple[str, ...]:
    ascii_text = (text if text.isascii() else ".".join(map(host_to_ascii, text.split(".")))).lower()
    labels = tuple(ascii_text.split("."))
    at = 0
    for label in labels:
        if not _LABEL.fullmatch(label) and not (wild and label == "*"):
            raise SyntaxFault("a label of letters, digits and hyphens", ascii_text, at)
        at += len(label) + 1
    if len(ascii_text) > _LONGEST:
        raise SyntaxFault(f"at most {_LONGEST} characters of a domain", ascii_text, _LONGEST)
    if is_ip_address(ascii_text):
        raise SyntaxFault("a domain, not an IP address", ascii_text, 0)
    return labels


def is_ip_address(host: str) -> bool:
    """Whether a host is an address, of either version; brackets may stand around it."""
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


def is_subdomain(child: str, parent: str) -> bool:
    """Whether one domain is another, or under it. Raises `SyntaxFault` for what is no domain."""
    below, above = split_domain(child), split_domain(parent)
    return below[len(below) - len(above) :] == above if len(below) >= len(above) else False


def domain_matches(host: str, domain: str) -> bool:
    """Whether a host, in lower case and ASCII, takes part in a domain (section 5.1.3); an address only in itself."""
    return host == domain or (host.endswith(f".{domain}") and not is_ip_address(host))
