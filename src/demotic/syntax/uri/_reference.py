"""What URIs and IRIs have in common: five parts, their text, and the ways from one to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar, cast

from demotic.syntax.uri._authority import Authority
from demotic.syntax.uri._errors import NoReference
from demotic.syntax.uri._grammar import Parts, check_together, compose, read
from demotic.syntax.uri._paths import split_path
from demotic.syntax.uri._resolve import describe, references, resolve_parts, settled, specificity

__all__ = ["Reference"]

Kind = TypeVar("Kind", bound="Reference[Any]")
"""Where references lead to: from a URI, of whatever scheme, to URIs, and from an IRI to IRIs."""


_NOTHING = Parts(None, None, "", None, None)


@dataclass(frozen=True, eq=False, repr=False)
class Reference(Generic[Kind]):
    """A reference of either kind, absolute or relative, as it was written: `str` gives that text back.

    Parts that are not there are None, parts that are there and empty are empty; the path is always there. Nothing is
    decoded. `URI` and `IRI` say which characters the parts may hold.
    """

    scheme: str | None = None
    authority: Authority | None = None
    path: str = ""
    query: str | None = None
    fragment: str | None = None

    _grammar: ClassVar[re.Pattern[str]]
    _authority: ClassVar[type[Authority]] = Authority

    def __post_init__(self) -> None:
        check_together(self.parts, self._grammar, self._authority)
        self._check()

    def _check(self) -> None:
        """Refuse what the grammar allows and the scheme does not; for subclasses to override."""

    @classmethod
    def _class(cls, scheme: str | None) -> type[Kind]:
        """Return the class of values with this scheme."""
        return cast("type[Kind]", cls)

    @classmethod
    def _of(cls, parts: Parts) -> Kind:
        """Make a value of parts that come from a text, or from other values."""
        new = object.__new__(cls._class(parts.scheme))
        new.__dict__.update(zip(Parts._fields, parts, strict=True))
        new._check()
        return new

    @classmethod
    def _read(cls, text: str) -> Kind:
        """Read a text."""
        return cls._of(read(text, cls._grammar, cls._authority))

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(self.parts)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown()!r})"

    def _shown(self) -> str:
        """The text without a password, which has no place in a log (RFC 3986, section 3.2.1)."""
        user, colon, _ = ((self.authority and self.authority.userinfo) or "").partition(":")
        return (
            self.text.replace(f"{self.authority.userinfo}@", f"{user}:…@", 1) if colon and self.authority else self.text
        )

    @property
    def parts(self) -> Parts:
        """The five parts as a tuple."""
        return Parts(self.scheme, self.authority, self.path, self.query, self.fragment)

    @cached_property
    def text(self) -> str:
        """The whole text, as it was read."""
        return compose(self.parts)

    @property
    def is_absolute(self) -> bool:
        """Whether it has a scheme, and so means the same everywhere."""
        return self.scheme is not None

    @property
    def userinfo(self) -> str | None:
        """The user information before the host, not decoded."""
        return self.authority.userinfo if self.authority else None

    @property
    def host(self) -> str | None:
        """The host as it is written; None without an authority."""
        return self.authority.host if self.authority else None

    @property
    def port(self) -> int | None:
        """The port that is written, as a number. Raises `InvalidURI` above 65535."""
        return self.authority.port if self.authority else None

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments of the path, not decoded; see `split_path`."""
        return split_path(self.path)

    @property
    def file_name(self) -> str | None:
        """The last segment of the path, not decoded: empty for a directory; None if the path is not hierarchical."""
        if self.scheme is not None and self.authority is None and not self.path.startswith("/"):
            return None
        return self.path.rpartition("/")[2]

    def replace(self, **parts: Any) -> Kind:
        """Return a copy with other parts, given by name; the authority may be given as a text.

        Raises `TypeError` for a name that is no part and `InvalidURI` for a part that cannot stand there.
        """
        authority = parts.get("authority")
        if isinstance(authority, str):
            parts["authority"] = self._authority.parse(authority)
        changed = dict(zip(Parts._fields, self.parts, strict=True)) | parts
        return self._class(changed["scheme"])(**changed)

    def resolve(self, reference: Kind | str, *, document: Kind | None = None) -> Kind:
        """Return what `reference` means where this is the base (RFC 3986, section 5.2).

        `document` is the place of the document itself, where that is not its base: a reference that is empty, or a
        fragment only, means a place in the document. A relative base gives a relative result. Raises `InvalidURI` for a
        text that is no reference, and for a result that breaks a rule of its scheme.

        >>> from demotic.syntax.uri import parse_uri
        >>> str(parse_uri("http://a/b/c/d;p?q").resolve("../g"))
        'http://a/b/g'
        """
        other = self._coerced(reference)
        within = document is not None and other.parts._replace(fragment=None) == _NOTHING
        base = document.parts if document is not None and within else self.parts
        return self._of(resolve_parts(base, other.parts))

    def relative(self, target: Kind | str) -> Kind:
        """Return the shortest kind of reference that leads from here to `target`: resolved here, it is the target.

        A target of which this base says nothing, as the base is less specific, comes back as it is. Dot segments of the
        target are removed, as resolution would. Raises `NoReference` if the base is more specific than the target: what
        it says cannot be taken away.

        >>> from demotic.syntax.uri import parse_uri
        >>> str(parse_uri("/HD/folder/file.txt").relative("/HD/User/setting.txt"))
        '../User/setting.txt'
        """
        end = self._coerced(target)
        if specificity(self.parts) < specificity(end.parts):
            return end
        goal = settled(end.parts)
        if specificity(self.parts) == specificity(end.parts):
            for candidate in references(self.parts, goal):
                if resolve_parts(self.parts, candidate) == goal:
                    return self._of(candidate)
        raise NoReference(describe(self.parts, end.parts), hint="make the target absolute first")

    def _coerced(self, other: Kind | str) -> Kind:
        return self._read(other) if isinstance(other, str) else other
