"""URIs in attributes: what authors write is nearly a URI.

Specification: HTML 4.01, appendix B.2.1: characters beyond ASCII are read as their UTF-8 bytes, percent-encoded.
Nothing else is encoded, since nobody can tell whether it was already.
"""

from __future__ import annotations

from demotic.syntax.uri import URI, encode_illegal, parse_uri

__all__ = ["format_link", "parse_link"]


def parse_link(text: str, *, mend: bool = False) -> URI:
    """Read the value of an attribute such as `href`; raise `InvalidURI` for what is none.

    Blanks around it do not count. With `mend`, blanks and other characters within that no URI may hold are
    percent-encoded, as browsers do.

    >>> str(parse_link(" /caf\\u00e9?q=%20"))
    '/caf%C3%A9?q=%20'
    """
    stripped = text.strip(" \t\r\n\f")
    return parse_uri(encode_illegal(stripped) if mend else stripped)


def format_link(uri: URI) -> str:
    """Return the text of a URI for an attribute, which is all ASCII."""
    return str(uri)
