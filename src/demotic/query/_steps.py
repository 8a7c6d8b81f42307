"""Paths within expressions: names, keys, functions, annotations, counts, filters, lambda operators, aggregates.

A step is read for what it looks like: whether a name is a property or a type, or parentheses hold a key or parameters,
is the binder's to say. OData ABNF Construction Rules 4.01, section 4; Data Aggregation 4.0, section 3.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.query import _aggregates
from demotic.query._reader import IDENTIFIER, Reader, ReadExpression
from demotic.query._search import search
from demotic.query._tree import (
    AggregateStep,
    AnnotationStep,
    Arguments,
    CallStep,
    CountStep,
    Expression,
    FilterStep,
    LambdaStep,
    NameStep,
    Path,
    Search,
    Step,
)

OPEN: Final = re.compile(r"\([ \t]*+")
NAME: Final = re.compile(rf"({IDENTIFIER}(?:\.{IDENTIFIER})*+)(\([ \t]*+)?")
LAMBDAS: Final = frozenset(("any", "all"))

_NAMED_ARGUMENT: Final = re.compile(rf"({IDENTIFIER})=")
_COUNT: Final = re.compile(r"\$count(?!\w)")
_FILTER: Final = re.compile(r"\$filter\([ \t]*+")
_ANNOTATION: Final = re.compile(rf"@({IDENTIFIER}(?:\.{IDENTIFIER})*+)(?:#({IDENTIFIER}))?")
_COUNT_OPTION: Final = re.compile(r"\$?(filter|search)=", re.IGNORECASE)
_STEP: Final = "a property, any, all or $count"
_LAST: Final = (LambdaStep, AggregateStep, CountStep)


def path(reader: Reader, first: Step, start: int, expression: ReadExpression) -> Path:
    """Read the rest of a path whose first step has been read, and was as high as `reader.height`."""
    steps: list[Step] = [first]
    tallest = reader.height
    while (not isinstance(steps[-1], _LAST)) and reader.accept("/"):
        reader.height = 0
        steps.append(_step(reader, expression))
        tallest = max(tallest, reader.height)
    _grow(reader, tallest)
    return Path(tuple(steps), start + reader.base)


def _grow(reader: Reader, height: int) -> None:
    reader.height = height + 1
    if reader.height > reader.limits.depth:
        raise reader.too_deep()


def _step(reader: Reader, expression: ReadExpression) -> Step:
    """Read one step after a slash; leave the height of what it holds."""
    start, at = reader.position, reader.at
    named = reader.match(NAME)
    if named is not None:
        reader.check_name(named[1], start)
        if named[2] is None:
            return NameStep(named[1], at)
        return _call(reader, named[1], at, expression)
    if reader.match(_COUNT):
        return _count(reader, at, expression) if reader.accept("(") else CountStep(at)
    if reader.match(_FILTER):
        predicate = expression(reader)
        tallest = reader.height
        close(reader)
        key = (arguments(reader, expression),) if reader.match(OPEN) else ()
        reader.height = max(tallest, reader.height)
        return FilterStep(predicate, key, at)
    if reader.peek() == "@":
        return annotation(reader)
    raise reader.fail(_STEP)


def _call(reader: Reader, name: str, at: int, expression: ReadExpression) -> Step:
    """Read what begins with a name and a parenthesis, from after that on."""
    if name.lower() in LAMBDAS:
        return _lambda(reader, name.lower(), at, expression)
    if name == "aggregate" and not _NAMED_ARGUMENT.match(reader.text, reader.position):
        item = _aggregates.aggregate(reader, expression)
        close(reader)
        return AggregateStep(item, at)
    return CallStep(name, call_arguments(reader, expression), at)


def call_arguments(reader: Reader, expression: ReadExpression) -> tuple[Arguments, ...]:
    """Read the arguments after a parenthesis, and further ones in parentheses of their own; leave their height."""
    found = [arguments(reader, expression)]
    tallest = reader.height
    while reader.match(OPEN):
        found.append(arguments(reader, expression))
        tallest = max(tallest, reader.height)
    reader.height = tallest
    return tuple(found)


def arguments(reader: Reader, expression: ReadExpression) -> Arguments:
    """Read arguments, from after their parenthesis to the closing one; leave the greatest height of any."""
    at = reader.at
    positional: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    tallest = 0
    by_name = _NAMED_ARGUMENT.match(reader.text, reader.position) is not None
    if by_name or reader.peek() != ")":
        while True:
            if by_name:
                name = reader.expect_match(_NAMED_ARGUMENT, "the name of a parameter and '='")[:-1]
                named.append((name, expression(reader)))
            else:
                positional.append(expression(reader))
            tallest = max(tallest, reader.height)
            if not reader.separator(","):
                break
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("an operator, ',' or ')'")
    reader.height = tallest
    return Arguments(tuple(positional), tuple(named), at)


def annotation(reader: Reader, expected: str = "the name of an annotation") -> AnnotationStep:
    """Read ``@Term`` or ``@Term#Qualifier``."""
    start, at = reader.position, reader.at
    found = reader.match(_ANNOTATION)
    if found is None:
        reader.position += 1
        raise reader.fail(expected)
    reader.check_name(found[1], start + 1)
    return AnnotationStep(found[1], found[2], at)


def close(reader: Reader) -> None:
    """Pass blanks and the closing parenthesis after an expression; raise `SyntaxFault` if there is none."""
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("an operator or ')'")


def _lambda(reader: Reader, kind: str, at: int, expression: ReadExpression) -> LambdaStep:
    """Read ``x:predicate)``, or for any nothing but the parenthesis."""
    if kind == "any" and reader.accept(")"):
        return LambdaStep(kind, None, None, at)
    variable = reader.name("a lambda variable" + (" or ')'" if kind == "any" else ""))
    reader.separator_or_fail(":", "':'", hint=f"name a variable first: {kind}(x:x/Name eq 'A')")
    predicate = expression(reader)
    close(reader)
    return LambdaStep(kind, variable, predicate, at)


def _count(reader: Reader, at: int, expression: ReadExpression) -> CountStep:
    """Read the options of ``/$count($filter=...;$search=...)``, from after the parenthesis on."""
    condition: Expression | None = None
    wanted: Search | None = None
    while True:
        name = reader.expect_match(_COUNT_OPTION, "$filter= or $search=").lower().strip("$=")
        if name == "filter" and condition is None:
            condition = expression(reader)
        elif name == "search" and wanted is None:
            wanted = search(reader)
        else:
            raise reader.fail("another option", hint=f"${name} is given twice")
        if not reader.separator(";"):
            break
    reader.expect(")")
    return CountStep(at, condition, wanted)
