"""Expressions of ``$filter``, ``$orderby``, ``$compute`` and parameter aliases: from text to syntax tree, in one pass.

Binary operators are read by precedence with an explicit stack, so that only brackets make the reader call itself. A run
of ``and`` or of ``or`` becomes a balanced tree (both are associative): the thousand terms that a client writes for want
of ``in`` make a tree of height ten. Paths are read in `_steps`.
OData ABNF Construction Rules 4.01, section 4; OData URL Conventions 4.01, section 5.1.1 (precedence: 5.1.1.17).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.query import _steps
from demotic.query._json_literals import json_value
from demotic.query._literals import literal
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._steps import LAMBDAS, NAME, OPEN, annotation, call_arguments, close
from demotic.query._tree import (
    Alias,
    Call,
    CallStep,
    Expression,
    ListExpression,
    Literal,
    NameStep,
    Path,
    Step,
    TypeName,
)

POWERS: Final = {
    "or": 1,
    "and": 2,
    "eq": 3,
    "ne": 3,
    "gt": 4,
    "ge": 4,
    "lt": 4,
    "le": 4,
    "add": 5,
    "sub": 5,
    "mul": 6,
    "div": 6,
    "divby": 6,
    "mod": 6,
    "neg": 7,
    "not": 7,
    "has": 8,
    "in": 8,
}
"""How tightly each operator binds: the table of URL Conventions 4.01, section 5.1.1.17, from the bottom up."""

UNARY: Final = frozenset(("neg", "not"))
ASSOCIATIVE: Final = frozenset(("and", "or"))
"""Operators whose runs are read as balanced trees; all others lean to the left."""

_BINARY: Final = "|".join(sorted(POWERS.keys() - UNARY, key=len, reverse=True))
_OPERATOR: Final = re.compile(rf"[ \t]++({_BINARY})\b", re.IGNORECASE)
# A minus sign before a digit or INF belongs to the literal. `not(` is so common that it is taken, against the ABNF.
_PREFIX: Final = re.compile(r"-(?![0-9]|INF\b)[ \t]*+|[Nn][Oo][Tt](?:[ \t]++|(?=\())")
_VARIABLE: Final = re.compile(r"\$(?:it|this|these(?=/)|root(?=/))(?!\w)")
_QUALIFIED: Final = rf"{IDENTIFIER}(?:\.{IDENTIFIER})*+"
_TYPE: Final = re.compile(rf"(?:(Collection)\(({_QUALIFIED})\)|({_QUALIFIED}))")
_ONLY_TYPE: Final = re.compile(rf"(?=(?:Collection\({_QUALIFIED}\)|{_QUALIFIED})[ \t]*+\))")
_GEO: Final = frozenset(("geo.distance", "geo.intersects", "geo.length"))

OPERATOR_OR_END: Final = "an operator or the end"
_OPERAND: Final = "a literal, a property, a function or '('"

_Operand = tuple[Expression, int]
"""An expression and its height."""


class _Pending:
    """Operators whose right operand may still grow, and the operands between them."""

    __slots__ = ("operands", "operators", "reader")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.operators: list[tuple[str, int]] = []
        self.operands: list[_Operand] = []

    def read(self, operand: Callable[[Reader], Expression]) -> None:
        """Read an operand, and what stands before it."""
        reader = self.reader
        while operand is _operand and (prefix := reader.match(_PREFIX)):
            self.operators.append(("neg" if prefix[0][0] == "-" else "not", prefix.start() + reader.base))
        self.operands.append((operand(reader), reader.height))

    def apply(self, power: int, going_on: str = "") -> None:
        """Apply the operators that bind at least as tightly as `power`, except a run of and/or that is `going_on`."""
        while self.operators and POWERS[self.operators[-1][0]] >= power:
            name = self.operators[-1][0]
            if name == going_on and name in ASSOCIATIVE:
                return
            if name in ASSOCIATIVE:
                self._apply_run(name)
            else:
                self._join(1 if name in UNARY else 2)

    def _join(self, count: int) -> None:
        name, at = self.operators.pop()
        operands = self.operands[-count:]
        self.operands[-count:] = [self._call(name, operands, at)]

    def _apply_run(self, name: str) -> None:
        """Join neighbours, again and again, until one is left."""
        length = next(
            (i for i, (other, _) in enumerate(reversed(self.operators)) if other != name), len(self.operators)
        )
        places = [at for _, at in self.operators[-length:]]
        items = self.operands[-length - 1 :]
        del self.operators[-length:], self.operands[-length - 1 :]
        while places:
            odd = items[len(places) :] if len(places) % 2 == 0 else []
            items = [self._call(name, items[i : i + 2], places[i]) for i in range(0, len(places), 2)] + odd
            places = places[1::2]
        self.operands += items

    def _call(self, name: str, operands: list[_Operand], at: int) -> _Operand:
        height = 1 + max(height for _, height in operands)
        if height > self.reader.limits.depth:
            raise self.reader.too_deep()
        return Call(name, tuple(operand for operand, _ in operands), at), height


def expression(reader: Reader) -> Expression:
    """Read an expression, up to what cannot continue it. Raises `SyntaxFault` and `LimitExceeded`."""
    reader.enter()
    pending = _Pending(reader)
    pending.read(_operand)
    while found := reader.match(_OPERATOR):
        name = found[1].lower()
        pending.apply(POWERS[name], going_on=name)
        pending.operators.append((name, found.start(1) + reader.base))
        reader.required_blanks()
        pending.read(_members if name == "in" else _operand)
    pending.apply(0)
    reader.leave()
    result, reader.height = pending.operands[0]
    return result


def alias_value(reader: Reader) -> Expression:
    """Read what a parameter alias stands for: an expression, or a list (of no literal, or of several) for ``in``."""
    start = reader.position
    if reader.match(OPEN):
        some = literal(reader) is not None
        is_list = reader.separator(",") if some else reader.peek() == ")"
        reader.position = start
        if is_list:
            return _members(reader)
    return expression(reader)


def _operand(reader: Reader) -> Expression:
    found = literal(reader)
    if found is not None:
        return found
    start = reader.position
    if reader.match(OPEN):
        inner = expression(reader)
        close(reader)
        return inner
    named = reader.match(NAME)
    if named is not None:
        reader.check_name(named[1], start)
        if named[2]:
            return _call(reader, named[1], start)
        if "." in named[1] and reader.peek() != "/":
            raise reader.fail("'(' or '/'", hint=f"{named[1]} is no property, but the name of a type or function")
        return _path(reader, NameStep(named[1], start + reader.base), start)
    read = _OTHERS.get(reader.peek())
    if read is None:
        raise reader.fail(_OPERAND)
    return read(reader)


def _path(reader: Reader, first: Step, start: int, height: int = 0) -> Path:
    reader.height = height
    return _steps.path(reader, first, start, expression)


def _members(reader: Reader) -> Expression:
    """Read what stands on the right of ``in``: a list of literals, or an expression that is a collection."""
    start, at = reader.position, reader.at
    if not reader.match(OPEN):
        return _operand(reader)
    items: list[Expression] = [] if reader.peek() == ")" else [expression(reader)]
    listed = not items or isinstance(items[0], (Literal, Alias))
    while listed and reader.separator(","):
        items.append(_member(reader))
    reader.blanks()
    if not reader.accept(")"):
        literals = all(isinstance(item, (Literal, Alias)) for item in items)
        expected = "',' or ')'" if literals else "an operator or ')'"
        raise reader.fail(expected, hint="a list after in holds literals only")
    if not listed:
        reader.position = start
        return _operand(reader)
    reader.height = 2
    return ListExpression(tuple(items), at)


def _member(reader: Reader) -> Expression:
    found = literal(reader) or (_alias(reader) if reader.peek() == "@" else None)
    if found is None:
        raise reader.fail("a literal")
    return found


def _call(reader: Reader, name: str, start: int) -> Expression:
    """Read a function applied to arguments, or a path that begins with one or with a key; from the first argument."""
    folded = name.lower()
    if folded in LAMBDAS or folded in POWERS:
        reader.position = start + len(name)
        collection = f"{folded} follows a collection: Items/{folded}(...)" if folded in LAMBDAS else None
        raise reader.fail(OPERATOR_OR_END, hint=collection)
    special = _SPECIAL.get(folded)
    given = None if special is None else special(reader)
    if given is None:
        found = call_arguments(reader, expression)
        builtin = "." not in name or folded in _GEO
        if not builtin or len(found) > 1 or found[0].named or reader.peek() == "/":
            return _path(reader, CallStep(name, found, start + reader.base), start, reader.height)
        given = found[0].positional
    reader.height += 1
    if reader.height > reader.limits.depth:
        raise reader.too_deep()
    return Call(folded, given, start + reader.base)


def _typed(reader: Reader) -> tuple[Expression, ...]:
    """Read ``Type)`` or ``expression, Type)``."""
    items: list[Expression] = []
    height = 1
    if not reader.match(_ONLY_TYPE):
        items.append(expression(reader))
        height = reader.height
        reader.separator_or_fail(",", "',' and the name of a type")
    at = reader.at
    found = reader.match(_TYPE)
    if found is None:
        raise reader.fail("the name of a type")
    reader.blanks()
    reader.expect(")")
    reader.height = height
    return (*items, TypeName(found[2] or found[3], found[1] is not None, at))


def _case(reader: Reader) -> tuple[Expression, ...]:
    """Read ``condition:value, ... )``."""
    items: list[Expression] = []
    tallest = 0
    while True:
        items.append(expression(reader))
        tallest = max(tallest, reader.height)
        reader.separator_or_fail(":", "an operator or ':'")
        items.append(expression(reader))
        tallest = max(tallest, reader.height)
        if not reader.separator(","):
            break
    reader.blanks()
    reader.expect(")")
    reader.height = tallest
    return tuple(items)


def _alias(reader: Reader) -> Expression:
    """Read ``@name`` and a path from it, or a path that begins with an annotation."""
    start, at = reader.position, reader.at
    step = annotation(reader, "the name of a parameter alias")
    if "." in step.term or step.qualifier is not None:
        return _path(reader, step, start)
    reader.height = 1
    found = Alias(step.term, at)
    return _path(reader, found, start) if reader.peek() == "/" else found


def _implicit(reader: Reader) -> Expression:
    """Read a path from ``$it``, ``$this``, ``$these`` or ``$root``."""
    start = reader.position
    found = reader.match(_VARIABLE)
    if found is None:
        raise reader.fail(_OPERAND, hint="of the names with a dollar sign, $it, $this, $root and $these may stand here")
    return _path(reader, NameStep(found[0], start + reader.base), start)


def _json(reader: Reader) -> Expression:
    return json_value(reader, expression)


_SPECIAL: Final[dict[str, Callable[[Reader], tuple[Expression, ...]]]] = {"cast": _typed, "isof": _typed, "case": _case}
"""Functions whose arguments are not all expressions; each is read from its first argument on."""
_OTHERS: Final = {"@": _alias, "$": _implicit, "[": _json, "{": _json}
