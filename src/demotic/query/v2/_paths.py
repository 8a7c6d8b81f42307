"""Resource paths of OData 2: segments with keys in the literals of that version, and ``$links``.

The path is split at ``/`` first and each segment decoded then. Positions are those in the decoded path. OData 2.0,
"URI Conventions", section 3; [MS-ODATA], section 2.2.3.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query._reader import DEFAULT_LIMITS, IDENTIFIER, Reader, ReadLimits
from demotic.query._tree import KeyPredicate, Literal, ResourcePath, Segment
from demotic.query.v2._literals import literal
from demotic.syntax.uri import percent_decode

_WORDS: Final = ("$batch", "$count", "$links", "$metadata", "$value")
_WORD: Final = re.compile(r"\$\w*+")
_KEY_NAME: Final = re.compile(rf"({IDENTIFIER})[ \t]*+=")
_LINKS: Final = "$links"


@dataclass(frozen=True, slots=True)
class FormerPath:
    """A path without ``$links``, and whether the links to what it leads to are meant instead of the entities."""

    path: ResourcePath
    links: bool = False


def read_path(raw_path: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> FormerPath:
    """Read a path below the service root, still percent-encoded, without query.

    Raises `SyntaxFault` for bad percent-coding and for what is no path, `LimitExceeded` for a path too long.
    """
    if len(raw_path) > limits.length:
        raise LimitExceeded(f"a path of {len(raw_path)} characters is more than the limit of {limits.length}")
    if not raw_path:
        return FormerPath(ResourcePath(()))
    texts = _decoded(raw_path)
    whole = "/".join(texts)
    segments: list[Segment] = []
    start, links = 0, 0
    for n, piece in enumerate(texts):
        segment = _segment(piece, start, whole, limits)
        if segment.name == _LINKS:
            _ensure_between(n, len(texts), links, whole, start)
            links = n
        else:
            segments.append(segment)
        start += len(piece) + 1
    if links and (links != len(texts) - 2 or segments[-1].name.startswith("$")):
        after = SyntaxFault("the end", whole, len(whole), hint="$links stands before the last segment")
        if not _is_counted(links, segments, len(texts)):
            raise after
    return FormerPath(ResourcePath(tuple(segments)), bool(links))


def _is_counted(links: int, segments: list[Segment], count: int) -> bool:
    return links == count - 3 and segments[-1].name == "$count"


def _ensure_between(place: int, count: int, before: int, whole: str, start: int) -> None:
    if before:
        raise SyntaxFault("a navigation property", whole, start, hint="$links stands in a path once")
    if place == 0:
        raise SyntaxFault("an entity set", whole, start, hint="$links follows an entity: Set(key)/$links/Navigation")
    if place == count - 1:
        raise SyntaxFault("'/' and a navigation property", whole, len(whole))


def _decoded(raw_path: str) -> list[str]:
    texts: list[str] = []
    start = 0
    for raw in raw_path.split("/"):
        try:
            texts.append(percent_decode(raw))
        except SyntaxFault as fault:
            raise SyntaxFault(fault.expected, raw_path, start + fault.position, hint=fault.hint) from None
        start += len(raw) + 1
    return texts


def _segment(piece: str, start: int, whole: str, limits: ReadLimits) -> Segment:
    """Read one segment, which begins at `start` of the decoded path `whole`."""
    reader = Reader(piece, target=None, limits=limits, base=start)
    try:
        segment = _word(reader) if piece.startswith("$") else _named(reader)
        if not reader.at_end:
            raise reader.fail("'/' or the end" if segment.key else "'(', '/' or the end")
    except SyntaxFault as fault:
        cut = piece.count("'") % 2 and start + len(piece) < len(whole)
        hint = "a slash within a key is written %2F" if cut else fault.hint
        raise SyntaxFault(fault.expected, whole, start + fault.position, hint=hint) from None
    reader.finish()
    return segment


def _word(reader: Reader) -> Segment:
    at = reader.at
    word = reader.expect_match(_WORD, "a word")
    if word not in _WORDS:
        reader.position = 0
        hint = f"write {word.lower()}" if word.lower() in _WORDS else None
        raise reader.fail(f"a name, or one of {', '.join(_WORDS)}", hint=hint)
    return Segment(word, None, at)


def _named(reader: Reader) -> Segment:
    at = reader.at
    if reader.at_end:
        raise reader.fail("a name", hint="leave out the slash that nothing follows")
    name = reader.name()
    return Segment(name, _key(reader) if reader.peek() == "(" else None, at)


def _key(reader: Reader) -> KeyPredicate | None:
    """Read a key in parentheses; empty ones say no more than none."""
    at = reader.at
    reader.expect("(")
    reader.blanks()
    positional: Literal | None = None
    named: list[tuple[str, Literal]] = []
    if reader.comes(_KEY_NAME):
        while True:
            name = reader.name("the name of a key property")
            reader.blanks()
            reader.expect("=")
            reader.blanks()
            named.append((name, _value(reader)))
            if not reader.separator(","):
                break
    elif reader.peek() != ")":
        positional = _value(reader)
    reader.blanks()
    if not reader.accept(")"):
        hint = "name the parts of a key: (A=1,B=2)" if positional and reader.peek() == "," else None
        raise reader.fail("',' or ')'" if named else "')'", hint=hint)
    return KeyPredicate(positional, tuple(named), at) if positional or named else None


def _value(reader: Reader) -> Literal:
    value = literal(reader)
    if value is None:
        raise reader.fail("a literal", hint="a text is written in single quotes")
    return value
