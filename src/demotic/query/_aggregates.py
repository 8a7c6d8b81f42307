"""What ``aggregate`` takes: ``Amount with sum from Time with average as Total``. Data Aggregation 4.0, section 3.2.1.

Whether a path without a method is a custom aggregate, only the model knows: here it may be.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.query._reader import IDENTIFIER, Reader, ReadExpression
from demotic.query._tree import Aggregate, AggregateFrom, CountStep, Expression, NameStep, Path

_COUNT: Final = re.compile(r"\$count(?!\w)")
_FROM: Final = re.compile(r"[ \t]++from[ \t]++")
_WITH: Final = re.compile(r"[ \t]++with[ \t]++")
_AS: Final = re.compile(r"[ \t]++as[ \t]++")
_METHOD: Final = re.compile(rf"(?:sum|min|max|average|countdistinct)(?!\w|\.)|{IDENTIFIER}(?:\.{IDENTIFIER})++")
_GROUPED: Final = re.compile(rf"{IDENTIFIER}(?:\.{IDENTIFIER})*+(?:/{IDENTIFIER}(?:\.{IDENTIFIER})*+)*+")


def aggregate(reader: Reader, expression: ReadExpression, *, named: bool = False) -> Aggregate:
    """Read one item of ``aggregate``; with `named` it must have an alias, unless it is a custom aggregate."""
    at = reader.at
    found, height = _aggregated(reader, expression), reader.height
    counted = isinstance(found, Path) and isinstance(found.steps[-1], CountStep)
    method = None if counted else _maybe_with(reader)
    origins = []
    while reader.match(_FROM):
        origins.append(_origin(reader, required=method is not None or counted))
    alias = reader.name("an alias") if reader.match(_AS) else None
    if alias is None and named and (method or counted):
        raise _expected(reader, "as and an alias" + (", or with and a method" if method is None else ""))
    reader.height = height
    return Aggregate(found, method, tuple(origins), alias, at)


def _expected(reader: Reader, what: str) -> Exception:
    """Return the fault that a keyword is missing: at the word that stands in its place."""
    reader.blanks()
    return reader.fail(what)


def _aggregated(reader: Reader, expression: ReadExpression) -> Expression:
    at = reader.at
    if reader.match(_COUNT):
        reader.height = 1
        return Path((CountStep(at),), at)
    return expression(reader)


def _maybe_with(reader: Reader) -> str | None:
    if not reader.match(_WITH):
        return None
    return reader.expect_match(_METHOD, "sum, min, max, average, countdistinct or the name of a custom method")


def _origin(reader: Reader, *, required: bool) -> AggregateFrom:
    """Read what follows ``from``; a standard method needs one `required` here too."""
    at = reader.at
    properties = [grouping_path(reader)]
    while reader.separator(","):
        properties.append(grouping_path(reader))
    method = _maybe_with(reader)
    if method is None and required:
        raise _expected(reader, "with and a method")
    return AggregateFrom(tuple(properties), method, at)


def grouping_path(reader: Reader) -> Path:
    """Read a path of names that ends in a property. Raises `SyntaxFault` where it ends in the name of a type."""
    start, at = reader.position, reader.at
    text = reader.expect_match(_GROUPED, "a property")
    steps: list[NameStep] = []
    for name in text.split("/"):
        reader.check_name(name, start)
        steps.append(NameStep(name, start + reader.base))
        start += len(name) + 1
    if "." in steps[-1].name:
        raise reader.fail("'/' and a property", hint=f"{steps[-1].name} is the name of a type")
    reader.height = 2
    return Path(tuple(steps), at)
