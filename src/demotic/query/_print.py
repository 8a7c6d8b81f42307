"""From syntax tree to text: the inverse of the readers, so that reading what is written here gives the same tree.

Blanks and parentheses come out in one canonical way; parentheses stand where comparing two precedence numbers, or the
balance of a run of ``and`` or ``or``, asks for them. OData ABNF Construction Rules 4.01, sections 1, 2 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from demotic.query._expressions import ASSOCIATIVE, POWERS, UNARY
from demotic.query._syntax import (
    Alias,
    Call,
    CountStep,
    ExpandItem,
    Expression,
    KeyPredicate,
    LambdaStep,
    ListExpression,
    Literal,
    Options,
    OrderItem,
    Path,
    ResourcePath,
    SelectItem,
    Step,
)
from demotic.syntax.uri import PATH_SEGMENT, QUERY_NAME, QUERY_VALUE, percent_encode

_TIGHTEST: Final = max(POWERS.values()) + 1


def write_expression(expression: Expression) -> str:
    """Return the (decoded) text of an expression, which `read_filter` reads back to the same tree."""
    match expression:
        case Literal():
            return expression.text
        case Alias():
            return f"@{expression.name}"
        case Path():
            return "/".join(_step(step) for step in expression.steps)
        case ListExpression():
            return f"({','.join(write_expression(item) for item in expression.items)})"
        case Call(name) if name in UNARY:
            return _unary(expression)
        case Call(name) if name in ASSOCIATIVE:
            return f" {name} ".join(_operand(item, POWERS[name] + 1) for item in _run(expression))
        case Call(name, (left, right)) if name in POWERS:
            # All lean to the left, so an equal on the right needs parentheses.
            tighter = 0 if isinstance(right, ListExpression) else POWERS[name] + 1
            return f"{_operand(left, POWERS[name])} {name} {_operand(right, tighter)}"
        case Call(name, arguments):
            return f"{name}({','.join(write_expression(item) for item in arguments)})"


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


def _step(step: Step) -> str:
    match step:
        case CountStep():
            return "$count"
        case LambdaStep(kind, variable, predicate):
            return f"{kind}({variable}:{write_expression(predicate)})" if variable and predicate else f"{kind}()"
        case _:
            return step.name


def write_options(options: Options) -> str:
    """Return a raw, percent-encoded query string, which `read_options` reads back to the same options."""
    pairs = [*_parts(options), *options.custom]
    return "&".join(f"{percent_encode(name, QUERY_NAME)}={percent_encode(value, QUERY_VALUE)}" for name, value in pairs)


def _parts(options: Options) -> Iterator[tuple[str, str]]:
    """Yield the names and decoded values of the options that are given."""
    if options.filter is not None:
        yield "$filter", write_expression(options.filter)
    if options.orderby:
        yield "$orderby", _list(_order_item(item) for item in options.orderby)
    if options.select:
        yield "$select", _list(_select_item(item) for item in options.select)
    if options.expand:
        yield "$expand", _list(_expand_item(item) for item in options.expand)
    if options.top is not None:
        yield "$top", options.top.text
    if options.skip is not None:
        yield "$skip", options.skip.text
    if options.count:
        yield "$count", "true"
    if options.skiptoken is not None:
        yield "$skiptoken", options.skiptoken
    if options.format is not None:
        yield "$format", options.format
    for name, value in options.aliases.items():
        yield f"@{name}", write_expression(value)


def _list(items: Iterable[str]) -> str:
    return ",".join(items)


def _order_item(item: OrderItem) -> str:
    return write_expression(item.expression) + (" desc" if item.descending else "")


def _select_item(item: SelectItem) -> str:
    return "/".join(item.path)


def _expand_item(item: ExpandItem) -> str:
    options = ";".join(f"{name}={value}" for name, value in _parts(item.options))
    return "/".join(item.path) + (f"({options})" if options else "")


def write_path(path: ResourcePath) -> str:
    """Return a raw, percent-encoded path with no slash in front, which `read_path` reads back to the same segments."""
    return "/".join(percent_encode(segment.name + _key(segment.key), PATH_SEGMENT) for segment in path.segments)


def _key(key: KeyPredicate | None) -> str:
    if key is None:
        return ""
    if key.positional is not None:
        return f"({write_expression(key.positional)})"
    return f"({','.join(f'{name}={write_expression(value)}' for name, value in key.named)})"
