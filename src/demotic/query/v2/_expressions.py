"""Expressions of OData 2: the operators that later versions have too, functions under their former names, plain paths.

OData 2.0, "URI Conventions", section 4.5; [MS-ODATA], section 2.2.3.6.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from demotic.model.v2 import ORIGINS
from demotic.query._expressions import POWERS
from demotic.query._expressions import _Pending as Pending
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._tree import Call, Expression, NameStep, Path, TypeName
from demotic.query.v2._literals import literal

_OPERATOR: Final = re.compile(r"[ \t]++(or|and|eq|ne|gt|ge|lt|le|add|sub|mul|div|mod)\b")
# A minus sign before a digit or INF belongs to the literal.
_PREFIX: Final = re.compile(r"-(?![0-9]|INF\b)[ \t]*+|not(?:[ \t]++|(?=\())")
_OPEN: Final = re.compile(r"\([ \t]*+")
_NAME: Final = re.compile(rf"({IDENTIFIER})(\([ \t]*+)?")
_TYPE: Final = re.compile(rf"'({IDENTIFIER}(?:\.{IDENTIFIER})*+)'|({IDENTIFIER}(?:\.{IDENTIFIER})++)(?=[ \t]*+\))")

_OPERAND: Final = "a literal, a property, a function or '('"


@dataclass(frozen=True, slots=True)
class Former:
    """A function of OData 2: what it is called in the tree, how many arguments it takes, and their order there."""

    name: str
    counts: tuple[int, ...]
    order: tuple[int, ...] = ()

    def call(self, arguments: Sequence[Expression], at: int) -> Call:
        """Return the function applied."""
        placed = [arguments[n] for n in self.order] if self.order else arguments
        return Call(self.name, tuple(placed), at)


_SAME: Final = {
    "endswith": (2,),
    "startswith": (2,),
    "length": (1,),
    "indexof": (2,),
    "substring": (2, 3),
    "tolower": (1,),
    "toupper": (1,),
    "trim": (1,),
    "concat": (2,),
    "day": (1,),
    "hour": (1,),
    "minute": (1,),
    "month": (1,),
    "second": (1,),
    "year": (1,),
    "round": (1,),
    "floor": (1,),
    "ceiling": (1,),
}

FORMER_FUNCTIONS: Final[dict[str, Former]] = {
    "substringof": Former("contains", (2,), (1, 0)),
    "replace": Former("odata2.replace", (3,)),
    **{name: Former(name, counts) for name, counts in _SAME.items()},
}
"""The functions of OData 2, but for ``isof`` and ``cast``, which take the name of a type."""

_TYPED: Final = ("isof", "cast")
_LATER: Final = {
    "contains": "write substringof('part',Name)",
    "now": "write a literal, datetime'2024-02-29T07:59:59'",
    "any": "OData 2 has no conditions on collections",
    "all": "OData 2 has no conditions on collections",
}


class _Operators(Pending):
    """Operators whose right operand may still grow, with the prefixes of OData 2."""

    def read(self, operand: Callable[[Reader], Expression]) -> None:
        """Read an operand, and what stands before it."""
        reader = self.reader
        while prefix := reader.match(_PREFIX):
            self.operators.append(("neg" if prefix[0][0] == "-" else "not", prefix.start() + reader.base))
        self.operands.append((operand(reader), reader.height))


def expression(reader: Reader) -> Expression:
    """Read an expression, up to what cannot continue it. Raises `SyntaxFault` and `LimitExceeded`."""
    reader.enter()
    pending = _Operators(reader)
    pending.read(_operand)
    while found := reader.match(_OPERATOR):
        name = found[1]
        pending.apply(POWERS[name], going_on=name)
        pending.operators.append((name, found.start(1) + reader.base))
        reader.required_blanks()
        pending.read(_operand)
    pending.apply(0)
    reader.leave()
    result, reader.height = pending.operands[0]
    return result


def _operand(reader: Reader) -> Expression:
    found = literal(reader)
    if found is not None:
        return found
    if reader.match(_OPEN):
        inner = expression(reader)
        reader.blanks()
        if not reader.accept(")"):
            raise reader.fail("an operator or ')'")
        return inner
    start = reader.position
    named = reader.match(_NAME)
    if named is None:
        raise reader.fail(_OPERAND)
    reader.check_name(named[1], start)
    return _call(reader, named[1], start) if named[2] else _path(reader, named[1], start)


def _path(reader: Reader, first: str, start: int) -> Path:
    """Read the rest of a path whose first step has been read."""
    steps = [NameStep(first, start + reader.base)]
    while reader.accept("/"):
        at = reader.at
        steps.append(NameStep(reader.name("a property"), at))
        if reader.peek() == "(":
            raise reader.fail("an operator or the end", hint=_LATER["any"])
    reader.height = 2
    return Path(tuple(steps), start + reader.base)


def _call(reader: Reader, name: str, start: int) -> Expression:
    """Read a function applied to arguments, from the first argument on."""
    if name in _TYPED:
        return _typed(reader, name, start)
    function = FORMER_FUNCTIONS.get(name)
    if function is None:
        reader.position = start
        raise reader.fail("a function", hint=_function_hint(name))
    arguments, tallest = _arguments(reader)
    if len(arguments) not in function.counts:
        reader.position = start
        taken = " or ".join(map(str, function.counts))
        raise reader.fail(f"{name} with {taken} arguments", hint=f"it has {len(arguments)} here")
    reader.height = tallest + 1
    if reader.height > reader.limits.depth:
        raise reader.too_deep()
    return function.call(arguments, start + reader.base)


def _function_hint(name: str) -> str:
    known = [*FORMER_FUNCTIONS, *_TYPED]
    near = get_close_matches(name.lower(), known, n=1) if len(name) <= 64 else []
    return _LATER.get(name) or (f"did you mean {near[0]}?" if near else f"OData 2 has {', '.join(sorted(known))}")


def _arguments(reader: Reader) -> tuple[list[Expression], int]:
    items: list[Expression] = []
    tallest = 0
    if reader.peek() != ")":
        while True:
            items.append(expression(reader))
            tallest = max(tallest, reader.height)
            if not reader.separator(","):
                break
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("an operator, ',' or ')'")
    return items, tallest


def _typed(reader: Reader, name: str, start: int) -> Expression:
    """Read ``isof(type)``, ``isof(expression,type)`` or the same of ``cast``; the type is a name in quotes."""
    arguments: list[Expression] = []
    tallest = 1
    if not reader.comes(_TYPE):
        arguments.append(expression(reader))
        tallest = reader.height
        reader.separator_or_fail(",", "',' and the name of a type", hint=f"write {name}(Name,'Edm.String')")
    at = reader.at
    found = reader.expect_match(_TYPE, "the name of a type in quotes").strip("'")
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("')'")
    reader.height = tallest + 1
    return Call(name, (*arguments, TypeName(ORIGINS.get(found, found), False, at)), start + reader.base)
