"""The grammar of references: RFC 3986, appendix A, and its extension to other scripts, RFC 3987, section 2.2.

A reference is read by one pattern that knows which characters each part may hold. Where it stops, the fault is. The
pattern leaves three rules to the functions here, as they concern how parts stand together (section 3.3): a path after
an authority is empty or absolute, one without an authority does not begin with two slashes, and the first segment of
a relative path holds no colon.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from demotic.syntax._lazy import lazy_pattern
from demotic.syntax.uri._authority import Authority
from demotic.syntax.uri._errors import InvalidURI

__all__ = ["IRI_GRAMMAR", "URI_GRAMMAR", "Parts", "check_together", "compose", "read"]

UCSCHAR: Final = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane * 0x10000 + (0x1000 if plane == 14 else 0))}-{chr(plane * 0x10000 + 0xFFFD)}" for plane in range(1, 15)
)
"""The characters beyond ASCII that an IRI may hold in any part."""

IPRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
"""The private ones, which only its query may hold."""


class Parts(NamedTuple):
    """The five parts of a reference, None where one is not there (RFC 3986, section 3)."""

    scheme: str | None
    authority: Authority | None
    path: str
    query: str | None
    fragment: str | None


def _grammar(other: str, private: str) -> re.Pattern[str]:
    def run(characters: str) -> str:
        return rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@{characters}-]++|%[0-9A-Fa-f]{{2}})*+"

    authority = run(other + r"\[\]")
    return lazy_pattern(
        r"(?:([A-Za-z][A-Za-z0-9+.-]*+):)?"
        rf"(?://({authority}))?"
        rf"({run(other + '/')})"
        rf"(?:\?({run(other + private + '/?')}))?"
        rf"(?:\#({run(other + '/?')}))?"
    )


URI_GRAMMAR: Final = _grammar("", "")
IRI_GRAMMAR: Final = _grammar(UCSCHAR, IPRIVATE)

_HINTS: Final = {
    " ": "write a blank as %20",
    "\\": "parts are separated by '/', a backslash is written as %5C",
    "#": "there is one fragment, and a '#' in it is written as %23",
    "[": "brackets stand around IP addresses only; elsewhere write %5B and %5D",
    "]": "brackets stand around IP addresses only; elsewhere write %5B and %5D",
}


def read(text: str, grammar: re.Pattern[str], authority: type[Authority]) -> Parts:
    """Take a reference apart. Raises `InvalidURI` at the first character that cannot stand where it does."""
    found = grammar.match(text)
    if found is None or found.end() < len(text):  # every part is optional, so there always is a match
        raise _misplaced(text, found.end() if found else 0)
    scheme, server, path, query, fragment = found.groups()
    if scheme is None and server is None:
        _check_first_segment(path, text)
    return Parts(scheme, _read_authority(server, text, authority), path, query, fragment)


def _read_authority(server: str | None, text: str, authority: type[Authority]) -> Authority | None:
    if server is None:
        return None
    try:
        return authority.parse(server)
    except InvalidURI as fault:
        raise InvalidURI(fault.expected, text, text.index("//") + 2 + fault.position, hint=fault.hint) from None


def _misplaced(text: str, position: int) -> InvalidURI:
    if text[position] == "%":
        return InvalidURI("two hexadecimal digits after '%'", text, position + 1, hint="write '%' itself as %25")
    hint = _HINTS.get(text[position])
    if text[position] > "\x7f":
        hint = "percent-encode its UTF-8 form, or read the text as an IRI"
    return InvalidURI("a character that may stand in this part of a URI", text, position, hint=hint)


def _check_first_segment(path: str, text: str) -> None:
    colon = path.partition("/")[0].find(":")
    if colon >= 0:
        hint = "a relative reference whose first segment holds a colon begins with './'"
        raise InvalidURI("a scheme before the first ':'", text, 0 if colon == 0 else _scheme_stop(path), hint=hint)


def _scheme_stop(path: str) -> int:
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*", path)
    return found.end() if found else 0


def compose(parts: Parts) -> str:
    """Put the parts together again (RFC 3986, section 5.3)."""
    scheme, authority, path, query, fragment = parts
    text = path if authority is None else f"//{authority}{path}"
    if scheme is not None:
        text = f"{scheme}:{text}"
    if query is not None:
        text = f"{text}?{query}"
    return text if fragment is None else f"{text}#{fragment}"


def check_together(parts: Parts, grammar: re.Pattern[str], authority: type[Authority]) -> None:
    """Refuse parts that, put together, would be read as other parts. Raises `InvalidURI`."""
    text = compose(parts)
    again = read(text, grammar, authority)
    if again == parts:
        return
    culprit = next(name for name in Parts._fields if getattr(again, name) != getattr(parts, name))
    if parts.authority is not None and parts.path[:1] not in ("", "/"):
        raise InvalidURI("a path that is empty or begins with '/' after an authority", text, text.index(parts.path))
    if parts.authority is None and parts.path.startswith("//"):
        raise InvalidURI("an authority before a path that begins with '//'", text, text.index("//"))
    raise InvalidURI(f"a {culprit} that is read as such", text, 0)
