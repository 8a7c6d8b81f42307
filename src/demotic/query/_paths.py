"""Resource paths: from the percent-encoded path below the service root to segments, before any name is looked up.

The path is split at ``/`` first and each segment decoded then, so that ``%2F`` within a key is data and a bare slash
never is (OData URL Conventions 4.01, section 2). Positions in nodes and faults are those in the *decoded* path, its
segments joined by slashes; only a fault of the percent-coding itself has its position in the raw path. Whether a
segment is a set, a property or an operation is the binder's to say. OData ABNF Construction Rules 4.01, section 1.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query._expressions import expression
from demotic.query._literals import literal
from demotic.query._reader import DEFAULT_LIMITS, IDENTIFIER, Reader, ReadLimits
from demotic.query._tree import Alias, KeyPredicate, Literal, ResourcePath, Segment
from demotic.syntax.uri import percent_decode

_WORD: Final = re.compile(r"\$\w*+")
_KEY_NAME: Final = re.compile(rf"({IDENTIFIER})=")
_NAME: Final = re.compile(rf"{IDENTIFIER}(?:\.{IDENTIFIER})*+")
_CROSSJOIN: Final = re.compile(rf"\({IDENTIFIER}(?:,{IDENTIFIER})*+\)")
# Whatever is no name is the key of a member of a collection, or its place there; a parenthesis or quote would rather
# be a fault in a key of the usual form, and a blank one anywhere.
_BARE: Final = re.compile(r"(?!\.{1,2}$)(?:[^()'\s]++|(?:[^()\s']++'[^()\s']*+)++)")

_SERVICE: Final = frozenset(("$metadata", "$batch", "$entity", "$all", "$crossjoin"))
"""Words that stand first; the others stand after a resource."""
_LAST: Final = frozenset(("$metadata", "$batch", "$count", "$ref", "$value", "$query"))
"""Words after which nothing may stand."""
_FOLLOWING: Final = frozenset(("$count", "$ref", "$value", "$filter", "$each", "$query"))


def read_path(raw_path: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> ResourcePath:
    """Read a path below the service root, still percent-encoded, without query; one slash in front may be there.

    Raises `SyntaxFault` for bad percent-coding and for what is no path (an empty segment or a slash at the end
    included), `LimitExceeded` for a path too long.
    """
    if len(raw_path) > limits.length:
        raise LimitExceeded(f"a path of {len(raw_path)} characters is more than the limit of {limits.length}")
    slash = 1 if raw_path.startswith("/") else 0
    if len(raw_path) == slash:
        return ResourcePath(())
    texts = _decoded(raw_path, slash)
    text = raw_path[:slash] + "/".join(texts)
    segments: list[Segment] = []
    start = slash
    for piece in texts:
        segments.append(_read_segment(piece, start, text, segments, limits))
        start += len(piece) + 1
    return ResourcePath(tuple(segments))


def _decoded(raw_path: str, start: int) -> list[str]:
    """Return the decoded segments of a raw path from `start` on."""
    texts: list[str] = []
    for raw in raw_path[start:].split("/"):
        try:
            texts.append(percent_decode(raw))
        except SyntaxFault as fault:
            raise SyntaxFault(fault.expected, raw_path, start + fault.position, hint=fault.hint) from None
        start += len(raw) + 1
    return texts


def _read_segment(piece: str, start: int, text: str, before: list[Segment], limits: ReadLimits) -> Segment:
    """Read one segment, which begins at `start` of the decoded path `text`."""
    if before and before[-1].name in _LAST:
        raise SyntaxFault("the end", text, start - 1, hint=f"nothing may follow {before[-1].name}")
    reader = Reader(piece, target=None, limits=limits, base=start)
    try:
        segment = _word(reader, not before) if piece.startswith("$") else _named(reader, not before)
        if not reader.at_end:
            raise reader.fail("'/' or the end" if segment.key else "'(', '/' or the end")
    except SyntaxFault as fault:
        cut = piece.count("'") % 2 and start + len(piece) < len(text)
        hint = "a slash within a key is written %2F" if cut else fault.hint
        raise SyntaxFault(fault.expected, text, start + fault.position, hint=hint) from None
    return segment


def _named(reader: Reader, first: bool) -> Segment:
    """Read a name with its key or parameters, if it has any; or, after others, a key that is no name."""
    at = reader.at
    name = reader.match(_NAME)
    bare = None if first or (name and (reader.at_end or reader.peek() == "(")) else _BARE.fullmatch(reader.text)
    if bare is not None:
        reader.position = len(reader.text)
        return Segment(bare[0], None, at)
    if name is None:
        raise reader.fail("a name", hint=None if reader.text else "leave out the slash that nothing follows")
    reader.check_name(name[0], 0)
    key = _key(reader) if reader.peek() == "(" else None
    then = _key(reader) if reader.peek() == "(" else None
    return Segment(name[0], key, at, then)


def _word(reader: Reader, first: bool) -> Segment:
    """Read a word with a dollar sign; these are case-sensitive."""
    at = reader.at
    word = reader.expect_match(_WORD, "a word")
    allowed = _SERVICE if first else _FOLLOWING
    if word not in allowed:
        reader.position = 0
        hint = f"write {word.lower()}" if word.lower() in allowed else None
        raise reader.fail(f"a name, or one of {', '.join(sorted(allowed))}", hint=hint)
    if word == "$crossjoin":
        sets = reader.expect_match(_CROSSJOIN, "the names of entity sets in parentheses")
        return Segment(word, None, at, sets=tuple(sets[1:-1].split(",")))
    if word == "$filter":
        reader.expect("(")
        condition = expression(reader)
        reader.expect(")")
        key = _key(reader) if reader.peek() == "(" else None
        return Segment(word, key, at, filter=condition)
    return Segment(word, None, at)


def _key(reader: Reader) -> KeyPredicate:
    """Read a key, or the parameters of a function, in parentheses."""
    at = reader.at
    reader.expect("(")
    reader.blanks()
    positional: Literal | Alias | None = None
    named: list[tuple[str, Literal | Alias]] = []
    if _KEY_NAME.match(reader.text, reader.position):
        named.append(_key_part(reader))
        while reader.separator(","):
            named.append(_key_part(reader))
    elif reader.peek() != ")":
        positional = _key_value(reader)
    reader.blanks()
    if not reader.accept(")"):
        hint = "name the parts of a key: (A=1,B=2)" if positional and reader.peek() == "," else None
        raise reader.fail("',' or ')'" if named else "')'", hint=hint)
    return KeyPredicate(positional, tuple(named), at)


def _key_part(reader: Reader) -> tuple[str, Literal | Alias]:
    name = reader.name("the name of a key property or parameter")
    reader.expect("=")
    return name, _key_value(reader)


def _key_value(reader: Reader) -> Literal | Alias:
    at = reader.at
    if reader.accept("@"):
        return Alias(reader.name("the name of a parameter alias"), at)
    value = literal(reader)
    if value is not None:
        return value
    # A name may have been meant as the type of an enumeration literal; what is missing is the quote after it.
    if reader.match(_NAME):
        raise reader.fail("a quote", hint="a text is written in single quotes")
    raise reader.fail("a literal or a parameter alias")
