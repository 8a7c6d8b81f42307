"""Names that last: `urn` (RFC 8141)."""

from __future__ import annotations

import re
from typing import Final

from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._grammar import Parts
from demotic.syntax.uri._normal import Level, fold_case
from demotic.syntax.uri._uri import URI, register_scheme

__all__ = ["URN", "make_urn"]

_NID: Final = re.compile("[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]")
_COMPONENTS: Final = re.compile(r"(?:\+((?:(?!\?=).)+))?(?:(?:\?|\A)=(.+))?", re.DOTALL)


class URN(URI):
    """A URN: a namespace, a name in it, and up to three components that say what is asked of it (section 2).

    Normal forms differ in the case of `urn`, of the namespace and of percent-codes, and in nothing else: codes are
    never decoded (section 3.1). `is_equivalent` leaves the components out, as that section has it; `==` does not.

    >>> URI("urn", path="isbn:0451450523") == parse_uri("URN:ISBN:0451450523")
    True
    """

    def _check(self) -> None:
        name, start = self.path, len(self.scheme or "") + 1
        nid = _NID.match(name)
        end = nid.end() if nid else 0
        if self.authority is not None or not nid:
            raise InvalidURI("a namespace of 2 to 32 letters, digits and inner hyphens", self.text, start)
        if name[end : end + 1] != ":":
            raise InvalidURI("':' after the namespace", self.text, start + end)
        if name[end + 1 : end + 2] in ("", "/"):
            raise InvalidURI("a name in the namespace", self.text, start + end + 1)
        components = _COMPONENTS.fullmatch(self.query or "+r")
        if self.query == "" or components is None or components[0][-1:] == "" or _starts_badly(components):
            place = start + len(name) + 1
            raise InvalidURI("'?+' and an r-component, or '?=' and a q-component", self.text, place)

    @property
    def nid(self) -> str:
        """The namespace identifier, as it is written."""
        return self.path.partition(":")[0]

    @property
    def nss(self) -> str:
        """The namespace-specific string, codes retained."""
        return self.path.partition(":")[2]

    @property
    def r_component(self) -> str | None:
        """What is told to the service that resolves the name (`?+`)."""
        found = _COMPONENTS.fullmatch(self.query or "")
        return found[1] if found else None

    @property
    def q_component(self) -> str | None:
        """What is told to the thing that is named (`?=`)."""
        found = _COMPONENTS.fullmatch(self.query or "")
        return found[2] if found else None

    @property
    def f_component(self) -> str | None:
        """The part of the thing that is meant (`#`): the fragment."""
        return self.fragment

    @property
    def file_name(self) -> str | None:
        """None: a name has no files."""
        return None

    def _normal_parts(self, level: Level) -> Parts:
        if level == Level.TEXT:
            return self.parts
        folded = fold_case(self.parts)
        nid, colon, nss = folded.path.partition(":")
        return folded._replace(path=f"{nid.lower()}{colon}{nss}")

    def is_equivalent(self, other: URI | str, level: Level = Level.SCHEME) -> bool:
        """Return whether both name the same thing (section 3.1): the components count if `level` is TEXT only."""
        other = self._coerced(other)
        if level == Level.TEXT:
            return self.parts == other.parts
        mine, theirs = (uri._normal_parts(level)._replace(query=None, fragment=None) for uri in (self, other))
        return mine == theirs


def _starts_badly(components: re.Match[str]) -> bool:
    # An r-component begins with a `pchar`, so neither `/` nor `?`; so does a q-component.
    return any((component or "x")[0] in "/?" for component in components.groups())


def make_urn(nid: str, nss: str, *, r: str | None = None, q: str | None = None, f: str | None = None) -> URI:
    """Return the URN of a namespace, a name in it, and its components, all of them percent-coded already.

    >>> str(make_urn("example", "weather", q="op=map"))
    'urn:example:weather?=op=map'
    """
    query = ("" if r is None else f"+{r}") + ("" if q is None else f"?={q}" if r is not None else f"={q}")
    return URI("urn", None, f"{nid}:{nss}", query or None, f)


register_scheme("urn", URN)
