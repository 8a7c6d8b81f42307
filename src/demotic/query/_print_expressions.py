"""From the tree of an expression to text: the inverse of its reader, so that reading this gives the same tree.

Blanks and parentheses come out in one canonical way; parentheses stand where comparing two precedence numbers, or the
balance of a run of ``and`` or ``or``, asks for them. OData ABNF Construction Rules 4.01, section 4; Data Aggregation
4.0, section 3 (``aggregate``).
"""

from __future__ import annotations

import json
import re
from typing import Final

from demotic.query._expressions import ASSOCIATIVE, POWERS, UNARY
from demotic.query._tree import (
    Aggregate,
    AggregateStep,
    Alias,
    AnnotationStep,
    Arguments,
    Call,
    CallStep,
    CountStep,
    Expression,
    FilterStep,
    JsonArray,
    JsonObject,
    LambdaStep,
    ListExpression,
    Literal,
    NameStep,
    Path,
    Search,
    SearchTerm,
    Step,
    TypeName,
)

_TIGHTEST: Final = max(POWERS.values()) + 1


def write_expression(expression: Expression) -> str:
    """Return the (decoded) text of an expression, which `read_filter` reads back to the same tree."""
    match expression:
        case Literal():
            return expression.text
        case Alias():
            return f"@{expression.name}"
        case Path():
            return "/".join(write_step(step) for step in expression.steps)
        case ListExpression():
            return f"({_list(expression.items)})"
        case TypeName(name, collection):
            return f"Collection({name})" if collection else name
        case JsonArray(items):
            return f"[{_list(items)}]"
        case JsonObject(members):
            return "{" + ",".join(f"{json.dumps(name)}:{write_expression(value)}" for name, value in members) + "}"
        case Call():
            return _call(expression)


def _call(call: Call) -> str:
    match call:
        case Call(name) if name in UNARY:
            return _unary(call)
        case Call(name) if name in ASSOCIATIVE:
            return f" {name} ".join(_operand(item, POWERS[name] + 1) for item in _run(call))
        case Call(name, (left, right)) if name in POWERS:
            # All lean to the left, so an equal on the right needs parentheses.
            tighter = 0 if isinstance(right, ListExpression) else POWERS[name] + 1
            return f"{_operand(left, POWERS[name])} {name} {_operand(right, tighter)}"
        case Call("case", arguments):
            # The blanks keep the colon out of a time of day before it.
            pairs = zip(arguments[::2], arguments[1::2], strict=True)
            return f"case({','.join(f'{write_expression(when)} : {write_expression(then)}' for when, then in pairs)})"
        case Call(name, arguments):
            return f"{name}({_list(arguments)})"


def _list(items: tuple[Expression, ...]) -> str:
    return ",".join(write_expression(item) for item in items)


def _operand(expression: Expression, power: int) -> str:
    """Return the text of an operand, in parentheses if it binds less tightly than `power`."""
    own = POWERS.get(expression.name, _TIGHTEST) if isinstance(expression, Call) else _TIGHTEST
    text = write_expression(expression)
    return text if own >= power else f"({text})"


def _unary(call: Call) -> str:
    operand = _operand(call.arguments[0], POWERS[call.name])
    if call.name == "not":
        return f"not {operand}"
    # Before a digit or INF the sign would belong to the literal.
    return f"-({operand})" if operand[0].isdigit() or operand.startswith("INF") else f"-{operand}"


def _run(call: Call) -> list[Expression]:
    """Return the operands that, written in a row, are read back as this tree (see `_expressions`).

    A row is read as a tree whose left half holds the greatest power of two of operands that leaves some for the right.
    """
    left, right = (
        _run(side) if isinstance(side, Call) and side.name == call.name else [side] for side in call.arguments
    )
    if len(left).bit_count() > 1:
        left = [call.arguments[0]]
    if len(right) > len(left):
        right = [call.arguments[1]]
    return left + right


def write_step(step: Step) -> str:
    """Return the text of one step of a path, without its slash."""
    match step:
        case CountStep(_, condition, wanted):
            parts = [f"$filter={write_expression(condition)}"] if condition else []
            parts += [f"$search={write_search(wanted)}"] if wanted else []
            return f"$count({';'.join(parts)})" if parts else "$count"
        case LambdaStep(kind, variable, predicate):
            return f"{kind}({variable}:{write_expression(predicate)})" if variable and predicate else f"{kind}()"
        case FilterStep(predicate, key):
            return f"$filter({write_expression(predicate)}){''.join(write_arguments(item) for item in key)}"
        case CallStep(name, arguments):
            return name + "".join(write_arguments(item) for item in arguments)
        case AnnotationStep(term, qualifier):
            return f"@{term}#{qualifier}" if qualifier else f"@{term}"
        case AggregateStep(aggregate):
            return f"aggregate({write_aggregate(aggregate)})"
        case Alias(name):
            return f"@{name}"
        case NameStep(name):
            return name


def write_arguments(arguments: Arguments) -> str:
    """Return the text of arguments with their parentheses."""
    named = [f"{name}={write_expression(value)}" for name, value in arguments.named]
    return f"({','.join([*(write_expression(item) for item in arguments.positional), *named])})"


def write_aggregate(aggregate: Aggregate) -> str:
    """Return the text of an item of ``aggregate``."""
    parts = [write_expression(aggregate.expression)]
    parts += [f"with {aggregate.method}"] if aggregate.method else []
    for origin in aggregate.origins:
        parts.append(f"from {','.join(write_expression(path) for path in origin.properties)}")
        parts += [f"with {origin.method}"] if origin.method else []
    parts += [f"as {aggregate.alias}"] if aggregate.alias else []
    return " ".join(parts)


# --- $search

_SEARCH_POWERS: Final = {"or": 1, "and": 2, "not": 3}
_SPECIAL: Final = re.compile(r'(["\\])')


def write_search(search: Search, power: int = 0) -> str:
    """Return the text of a search expression; in parentheses if it binds less tightly than ``power``."""
    if isinstance(search, SearchTerm):
        return f'"{_SPECIAL.sub(_ESCAPE, search.text)}"' if search.phrase else search.text
    own = _SEARCH_POWERS[search.name]
    if search.name == "not":
        return f"NOT {write_search(search.operands[0], own)}"
    text = f" {search.name.upper()} ".join(write_search(operand, own + 1) for operand in search.operands)
    return f"({text})" if own < power else text


_ESCAPE: Final = r"\\\1"
