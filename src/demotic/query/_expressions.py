"""Expressions of ``$filter``, ``$orderby`` and parameter aliases: from text to syntax tree, in one pass.

Binary operators are read by precedence with an explicit stack, so that only brackets make the reader call itself. A run
of ``and`` or of ``or`` becomes a balanced tree (both are associative): the thousand terms that a client writes for want
of ``in`` make a tree of height ten. What the full grammar has and this service has not is read in `_beyond`.
OData ABNF Construction Rules 4.01, section 4; OData URL Conventions 4.01, section 5.1.1 (precedence: 5.1.1.17).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.query import _beyond
from demotic.query._literals import literal
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._syntax import (
    Alias,
    Call,
    CountStep,
    Expression,
    LambdaStep,
    ListExpression,
    Literal,
    NameStep,
    Path,
    Step,
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
_OPEN: Final = re.compile(r"\([ \t]*+")
_NAME: Final = re.compile(rf"({IDENTIFIER}(?:\.{IDENTIFIER})*+)(\([ \t]*+)?")
_NAMED_ARGUMENT: Final = re.compile(rf"{IDENTIFIER}=")
_COUNT: Final = re.compile(r"\$count(?!\w)")
_FILTER: Final = re.compile(r"\$filter\([ \t]*+")
_DOLLAR: Final = re.compile(r"\$(?:it|this|root(?=/))(?!\w)")

OPERATOR_OR_END: Final = "an operator or the end"
_OPERAND: Final = "a literal, a property, a function or '('"
_STEP: Final = "a property, any, all or $count"

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
    if reader.match(_OPEN):
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
    if reader.match(_OPEN):
        inner = expression(reader)
        _close(reader)
        return inner
    named = reader.match(_NAME)
    if named is not None:
        reader.check_name(named[1], start)
        return _call(reader, named[1], start) if named[2] else _path(reader, named[1], start)
    read = _OTHERS.get(reader.peek())
    if read is None:
        raise reader.fail(_OPERAND)
    return read(reader)


def _close(reader: Reader) -> None:
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("an operator or ')'")


def _members(reader: Reader) -> Expression:
    """Read what stands on the right of ``in``: a list of literals, an alias, or a collection, which is not offered."""
    start, at = reader.position, reader.at
    if reader.peek() == "@":
        return _alias(reader)
    if not reader.match(_OPEN):
        _operand(reader)
        reader.refuse("a collection on the right of in", start)
        return ListExpression((), at)
    items: list[Expression] = [] if reader.peek() == ")" else [expression(reader)]
    if items and not isinstance(items[0], (Literal, Alias)):
        reader.refuse("a collection on the right of in", start)
    else:
        while reader.separator(","):
            items.append(_member(reader))
    reader.blanks()
    if not reader.accept(")"):
        literals = all(isinstance(item, (Literal, Alias)) for item in items)
        expected = "',' or ')'" if literals else "an operator or ')'"
        raise reader.fail(expected, hint="a list after in holds literals only")
    reader.height = 2
    return ListExpression(tuple(items), at)


def _member(reader: Reader) -> Expression:
    found = literal(reader) or (_alias(reader) if reader.peek() == "@" else None)
    if found is None:
        raise reader.fail("a literal")
    return found


def _call(reader: Reader, name: str, start: int) -> Expression:
    """Read a function applied to arguments, from the first argument on."""
    folded = name.lower()
    if folded in _LAMBDAS or folded in POWERS:
        reader.position = start + len(name)
        collection = f"{folded} follows a collection: Items/{folded}(...)" if folded in _LAMBDAS else None
        raise reader.fail(OPERATOR_OR_END, hint=collection)
    special = _beyond.CALLS.get(folded)
    if special is not None:
        special(reader, expression, start)
        return _beyond.placeholder(reader)
    arguments = _arguments(reader, name, start)
    while reader.match(_OPEN):
        reader.refuse("a key after a function", start)
        _arguments(reader, name, start)
    if reader.peek() == "/":
        reader.refuse("a path that starts at a function or a key", start)
        return _path(reader, name, start)
    height = reader.height + 1
    if height > reader.limits.depth:
        raise reader.too_deep()
    reader.height = height
    return Call(folded, arguments, start + reader.base)


def _arguments(reader: Reader, name: str, start: int) -> tuple[Expression, ...]:
    """Read arguments and the closing parenthesis; leave the greatest height of any. Named ones are not offered."""
    if _NAMED_ARGUMENT.match(reader.text, reader.position):
        reader.refuse(f"{name}() with named arguments", start)
        _beyond.named_arguments(reader, expression)
        return ()
    if "." in name:
        reader.refuse(f"the function {name}", start)
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
    reader.height = tallest
    return tuple(items)


def _path(reader: Reader, first: str, start: int) -> Path:
    """Read the rest of a path whose first step has been read."""
    steps: list[Step] = [NameStep(first, start + reader.base)]
    tallest = 0
    if "." in first and reader.peek() != "/":
        raise reader.fail("'(' or '/'", hint=f"{first} is no property, but the name of a type or function")
    while reader.accept("/"):
        step = _step(reader)
        steps.append(step)
        tallest = max(tallest, reader.height)
        if not isinstance(step, NameStep):
            break
    reader.height = tallest + 1
    return Path(tuple(steps), start + reader.base)


def _step(reader: Reader) -> Step:
    """Read one step after a slash; leave the height of what it holds."""
    start, at = reader.position, reader.at
    reader.height = 0
    named = reader.match(_NAME)
    if named is not None:
        name = named[1]
        reader.check_name(name, start)
        if named[2] is None:
            return NameStep(name, at)
        if name.lower() in _LAMBDAS:
            return _lambda(reader, name.lower(), at)
        reader.refuse(f"a key or a function in a path ({name})", start)
        _arguments(reader, name, start)
        while reader.match(_OPEN):
            _arguments(reader, name, start)
        return NameStep(name, at)
    if reader.match(_COUNT):
        if reader.peek() == "(":
            _beyond.filtered_count(reader, expression)
        return CountStep(at)
    if reader.match(_FILTER):
        _beyond.filtered(reader, expression, start)
        return NameStep("$filter", at)
    if reader.peek() == "@":
        _beyond.annotation(reader)
        return NameStep("@", at)
    raise reader.fail(_STEP)


def _lambda(reader: Reader, kind: str, at: int) -> LambdaStep:
    """Read ``x:predicate)``, or for any nothing but the parenthesis."""
    if kind == "any" and reader.accept(")"):
        return LambdaStep(kind, None, None, at)
    variable = reader.name("a lambda variable" + (" or ')'" if kind == "any" else ""))
    reader.separator_or_fail(":", "':'", hint=f"name a variable first: {kind}(x:x/Name eq 'A')")
    predicate = expression(reader)
    _close(reader)
    return LambdaStep(kind, variable, predicate, at)


def _alias(reader: Reader) -> Expression:
    """Read ``@name``; a path from it, and an annotation, are not offered."""
    start, at = reader.position, reader.at
    reader.position += 1
    name = reader.name("the name of a parameter alias")
    if reader.peek() in (".", "#", "/"):
        reader.position = start
        _beyond.annotation(reader)
        if reader.peek() == "/":
            _path(reader, name, start)
    reader.height = 1
    return Alias(name, at)


def _implicit(reader: Reader) -> Expression:
    """Read a path from ``$it``; those from ``$this`` and ``$root`` are not offered."""
    start = reader.position
    found = reader.match(_DOLLAR)
    if found is None:
        raise reader.fail(_OPERAND, hint="of the names with a dollar sign, $it may stand here")
    if found[0] != "$it":
        reader.refuse(found[0], start)
    return _path(reader, found[0], start)


def _json(reader: Reader) -> Expression:
    """Read an array or object in JSON, which is not offered."""
    reader.refuse("a literal in JSON", reader.position)
    _beyond.json(reader, expression)
    return _beyond.placeholder(reader)


_LAMBDAS: Final = frozenset(("any", "all"))
_OTHERS: Final = {"@": _alias, "$": _implicit, "[": _json, "{": _json}
