"""`IRI`: a reference in the characters of all scripts (RFC 3987), and the ways to and from a URI."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.uri._authority import Authority, pattern_with
from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._grammar import IRI_GRAMMAR, UCSCHAR, compose
from demotic.syntax.uri._percent import encode_illegal, encode_non_ascii, percent_encode
from demotic.syntax.uri._reference import Reference
from demotic.syntax.uri._uri import URI, parse_uri

__all__ = ["IRI", "host_to_ascii", "host_to_unicode", "parse_iri", "uri_to_iri"]

_CODES: Final = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
# Schemes whose hosts are looked up in the domain name system, which knows names beyond ASCII in their ACE form only.
DOMAIN_SCHEMES: Final = {"http", "https", "ws", "wss", "ftp"}


class IRIAuthority(Authority):
    """An authority that may hold letters of all scripts."""

    _pattern = pattern_with(UCSCHAR)


class IRI(Reference["IRI"]):
    """An IRI or a relative reference: immutable, its text kept as it was written.

    Two are equal if their texts are, as XML namespaces and Atom's ids are compared (RFC 3987, section 5.3.1); compare
    `to_uri()` for what the rules of RFC 3986 make one.
    """

    _grammar = IRI_GRAMMAR
    _authority = IRIAuthority

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, IRI) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def to_uri(self, *, idna: bool | None = None) -> URI:
        """Return the URI that it stands for (section 3.1).

        Characters beyond ASCII are percent-encoded as UTF-8. Those of a host become a name for the domain name system
        instead if `idna` says so, and without it for the schemes that ask that system (http, https, ws, wss, ftp).
        Raises `InvalidURI` for a host that has no such name.
        """
        parts = self.parts
        if idna is None:
            idna = (self.scheme or "").lower() in DOMAIN_SCHEMES
        if idna and parts.authority is not None and not parts.authority.host.isascii():
            host = self._host_to_ascii(parts.authority.host)
            named = IRIAuthority(parts.authority.userinfo, host, parts.authority.port_text)
            parts = parts._replace(authority=named)
        return parse_uri(encode_non_ascii(compose(parts)))

    def _host_to_ascii(self, host: str) -> str:
        try:
            return host_to_ascii(host)
        except SyntaxFault as fault:
            raise InvalidURI(fault.expected, self.text, self.text.index(host), hint=fault.hint) from None


def parse_iri(text: str, *, legacy: bool = False) -> IRI:
    """Read an IRI or a relative reference (RFC 3987, section 2.2).

    With `legacy`, other ASCII characters that no IRI may hold (blanks, braces, quotes) are percent-encoded first, as
    XML Base and HTML links have them. Raises `InvalidURI`.
    """
    if legacy:
        text = re.sub("[\\x00-\\x7f]+", lambda run: encode_illegal(run.group()), text)
    return IRI._read(text)


def uri_to_iri(uri: URI | str, *, idna: bool | None = None) -> IRI:
    """Return the IRI that shows a URI to people (section 3.2); `to_uri` leads back.

    Percent-codes of letters beyond ASCII are decoded; those of other bytes stay, and of characters that cannot be seen
    or would change the direction of the text (section 4.1). Names of the domain name system are shown in their own
    script for the schemes that have them, or as `idna` says.
    """
    reference = parse_uri(uri) if isinstance(uri, str) else uri
    parts = reference.parts
    if idna is None:
        idna = (reference.scheme or "").lower() in DOMAIN_SCHEMES
    if idna and parts.authority is not None and "xn--" in parts.authority.host.lower():
        host = host_to_unicode(parts.authority.host)
        parts = parts._replace(authority=IRIAuthority(parts.authority.userinfo, host, parts.authority.port_text))
    return parse_iri(_CODES.sub(_shown, compose(parts)))


def _shown(codes: re.Match[str]) -> str:
    text = bytes.fromhex(codes.group().replace("%", "")).decode("utf-8", "surrogateescape")
    return "".join(c if c.isprintable() and re.match(f"[{UCSCHAR}]", c) else _recoded(c) for c in text)


def _recoded(character: str) -> str:
    return percent_encode(character.encode("utf-8", "surrogateescape"))


def host_to_ascii(host: str) -> str:
    """Return a host's name as the domain name system knows it (IDNA 2008 with the mapping of UTS #46).

    A name in ASCII is returned as it is. Raises `SyntaxFault`, with the reason as its hint, for a name that has no
    such form.
    """
    import idna  # some tables, which only such names need

    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as fault:
        raise SyntaxFault("a name of the domain name system", host, 0, hint=str(fault)) from None


def host_to_unicode(host: str) -> str:
    """Return a host's name in its own script; one that has no such form is returned as it is."""
    import idna

    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
