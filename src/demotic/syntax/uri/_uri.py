"""`URI`: a reference in the characters of RFC 3986, of the class that its scheme asks for."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._grammar import URI_GRAMMAR, Parts, compose
from demotic.syntax.uri._normal import Level, normal_parts
from demotic.syntax.uri._percent import encode_non_ascii
from demotic.syntax.uri._reference import Reference

__all__ = ["URI", "parse_uri", "register_scheme"]

_SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*")
_SCHEMES: Final[dict[str, type[URI]]] = {}


class URI(Reference["URI"]):
    """A URI or a relative reference: immutable, its text kept as it was written.

    Two are equal, and one key of a dictionary, if the rules of their scheme make them one: `HTTP://EXAMPLE.com:80/%7ex`
    equals `http://example.com/~x`. Compare `str(uri)` where every character counts. A value is always of the class that
    is registered for its scheme, whoever makes it.

    >>> URI(scheme="http", authority=Authority(host="example.com"), path="/x") == parse_uri("HTTP://EXAMPLE.com:80/x")
    True
    """

    _grammar = URI_GRAMMAR

    def __new__(cls, scheme: str | None = None, *parts: Any, **named: Any) -> URI:
        kind = cls._class(scheme)
        if not issubclass(kind, cls):
            text = "" if scheme is None else scheme
            raise InvalidURI(f"the scheme of {cls.__name__}", text, 0, hint=f"{kind.__name__} is the class for it")
        return object.__new__(kind)

    @classmethod
    def _class(cls, scheme: str | None) -> type[URI]:
        return URI if scheme is None else _SCHEMES.get(scheme.lower(), URI)

    def __eq__(self, other: object) -> bool:
        return self._normal_text == other._normal_text if isinstance(other, URI) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._normal_text)

    @cached_property
    def _normal_text(self) -> str:
        return compose(self._normal_parts(Level.SCHEME))

    def _normal_parts(self, level: Level) -> Parts:
        parts = normal_parts(self.parts, level)
        return self._scheme_normal(parts) if level >= Level.SCHEME else parts

    def _scheme_normal(self, parts: Parts) -> Parts:
        """Return the parts as the scheme prefers them; for subclasses to override."""
        return parts

    def normalized(self, level: Level = Level.SCHEME) -> URI:
        """Return the normal form of this level: its text is the same for all URIs that are the same there.

        A relative reference keeps its dot segments.
        """
        return self._of(self._normal_parts(level))

    def is_equivalent(self, other: URI | str, level: Level = Level.SCHEME) -> bool:
        """Return whether both mean the same resource, as far as the rules of `level` tell."""
        return self._normal_parts(level) == self._coerced(other)._normal_parts(level)

    @property
    def scheme_specific_part(self) -> str:
        """All between the scheme and the fragment (RFC 2396, section 3)."""
        return compose(self.parts._replace(scheme=None, fragment=None))

    @property
    def opaque_part(self) -> str | None:
        """The scheme-specific part where it has no hierarchy, as in `mailto:` and `urn:` (RFC 2396); otherwise None."""
        hierarchical = self.scheme is None or self.authority is not None or self.path.startswith("/")
        return None if hierarchical else self.scheme_specific_part

    @property
    def absolute_path(self) -> str | None:
        """The path if it begins at the root, otherwise None."""
        return self.path if self.path.startswith("/") else None

    @property
    def relative_path(self) -> str | None:
        """The path of a relative reference that does not begin at the root (RFC 2396), otherwise None."""
        bare = self.scheme is None and self.authority is None and not self.path.startswith("/")
        return self.path if bare else None

    @property
    def root(self) -> str | None:
        """The text of scheme and authority in normal form, without a slash at its end: what is trusted as one.

        None for a relative reference, the scheme with its colon where there is no authority.
        """
        if self.scheme is None:
            return None
        parts = self._normal_parts(Level.SCHEME)
        return compose(Parts(parts.scheme, parts.authority, "", None, None))


def parse_uri(text: str, *, strict: bool = False) -> URI:
    """Read a URI or a relative reference (RFC 3986, section 4.1).

    Characters beyond ASCII are percent-encoded first; `strict` refuses them. Nothing else is mended: a blank, a
    backslash or a `%` without its digits is refused. Raises `InvalidURI`.

    >>> parse_uri("HTTP://example.com:80/a?b#c").path
    '/a'
    """
    if strict or text.isascii():
        return URI._read(text)
    try:
        return URI._read(encode_non_ascii(text))
    except InvalidURI as fault:
        raise InvalidURI(fault.expected, text, _original(text, fault.position), hint=fault.hint) from None
    except SyntaxFault as fault:
        raise InvalidURI(fault.expected, text, fault.position) from None


def _original(text: str, position: int) -> int:
    """Return the place in `text` of a place in what `encode_non_ascii` makes of it."""
    widths = (1 if character < "\x80" else 3 * len(character.encode()) for character in text)
    ends = accumulate(widths)
    return next((index for index, end in enumerate(ends) if end > position), len(text))


def register_scheme(scheme: str, kind: type[URI]) -> type[URI]:
    """Make `kind` the class of URIs with this scheme, in any case, and return the class that it replaces.

    The class may refuse texts in `_check` and say in `_scheme_normal` which of them mean the same. The whole program
    shares the register. Raises `InvalidURI` for a text that is no scheme.
    """
    if not _SCHEME.fullmatch(scheme):
        raise InvalidURI("a scheme: a letter, then letters, digits, '+', '-' and '.'", scheme, 0)
    replaced = URI._class(scheme)
    _SCHEMES[scheme.lower()] = kind
    return replaced
