"""From an expression's syntax tree to typed nodes: overloads chosen, literals turned into parameters.

OData URL Conventions 4.01, section 5.1.1. What an operator or function takes is in the functions table; here is how its
arguments come by their types. A literal waits until its neighbours are bound, which may decide what it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import BOOLEAN, DATE, DATE_TIME_OFFSET, DECIMAL, DOUBLE, INT64, STRING, EnumType
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_paths import bind_path_expression
from demotic.query._bind_text import Argument, Pending, cast, cast_arguments, cast_operands, kind_of
from demotic.query._bind_values import Check, ParameterType, WrittenCheck, natural_type, need_utc
from demotic.query._errors import TypeMismatch, UnknownName, choices
from demotic.query._functions import FUNCTIONS, INSTANT_PARTS, Function, Nulls, Signature, type_of
from demotic.query._patterns import compile_pattern
from demotic.query._resolved import Apply, Constant, Expression, In, Related
from demotic.query._tree import Alias, Call, LambdaStep, ListExpression, Literal, LiteralKind, Path
from demotic.query._tree import Expression as Tree

_BY_FOLDED_NAME: Final = {name.lower(): function for name, function in FUNCTIONS.items()}
_NOT_OFFERED: Final = frozenset(
    "has isof cast case hassubset hassubsequence geo.distance geo.intersects geo.length".split()  # noqa: SIM905
)
_CHAINS: Final = ("and", "or")


@dataclass(frozen=True, slots=True)
class _Demand:
    """What must hold of a literal argument beyond its type: of its value, and of how it is written."""

    value: Check | None = None
    written: WrittenCheck | None = None


_NO_DEMAND: Final = _Demand()


def bind_filter(context: Context, tree: Tree, scope: Scope) -> Expression:
    """Bind a condition. Raises `TypeMismatch` if it is not Boolean."""
    bound = bind_expression(context, tree, scope)
    if type_of(bound) not in (BOOLEAN, None) or isinstance(bound, Related):
        raise TypeMismatch(
            f"{context.at(tree.at)}: a condition is Boolean, this is {name_of(bound)}", target=context.option
        )
    return bound


def bind_expression(context: Context, tree: Tree, scope: Scope, depth: int = 1) -> Expression:
    """Bind an expression on its own, where nothing beside it decides the type of a literal."""
    return _settle(context, _bind(context, tree, scope, depth), None)


def name_of(bound: Expression | Pending) -> str:
    """Return the name of an expression's type, for messages."""
    if isinstance(bound, Related):
        return f"an entity ({bound.via[-1].target.qualified_name})"
    kind = bound.type if isinstance(bound, Pending) else type_of(bound)
    return "null" if kind is None else kind.qualified_name


def _bind(context: Context, tree: Tree, scope: Scope, depth: int) -> Argument:
    context.count_node()
    context.limits.check("expression_depth", depth, target=context.option)
    if isinstance(tree, Literal):
        return _bind_literal(context, tree)
    if isinstance(tree, Path):
        return bind_path_expression(context, tree, scope, _bind_predicate, depth)
    if isinstance(tree, Call):
        return _bind_call(context, tree, scope, depth)
    if isinstance(tree, Alias):
        with context.alias(tree.name, tree.at) as meant:
            return Constant(None, None) if meant is None else _bind(context, meant, scope, depth + 1)
    if not isinstance(tree, ListExpression):
        raise Unsupported(f"{context.at(tree.at)}: this is not offered", target=context.option)
    raise InvalidInput(f"{context.at(tree.at)}: a list stands only on the right of in", target=context.option)


def _bind_predicate(context: Context, step: LambdaStep, scope: Scope, depth: int) -> Expression | None:
    if step.predicate is None:
        return None
    bound = _settle(context, _bind(context, step.predicate, scope, depth + 1), None)
    if type_of(bound) not in (BOOLEAN, None) or isinstance(bound, Related):
        raise TypeMismatch(
            f"{context.at(step.at)}: {step.kind} takes a condition, this is {name_of(bound)}", target=context.option
        )
    return bound


def _bind_literal(context: Context, literal: Literal) -> Argument:
    if literal.kind is LiteralKind.NULL:
        return Constant(None, None)
    if literal.kind is LiteralKind.BOOLEAN:
        return Constant(bool(literal.value), BOOLEAN)
    enum = None
    if literal.kind is LiteralKind.ENUM and isinstance(literal.value, tuple):
        enum = context.enum_type(literal.value[0], literal.at)
    return Pending(literal, context.option, natural_type(literal, enum))


def _settle(
    context: Context, argument: Argument, wanted: ParameterType | None, demand: _Demand = _NO_DEMAND
) -> Expression:
    """Make a pending literal a parameter, of the type wanted where numbers are promoted to it."""
    if not isinstance(argument, Pending):
        return argument
    kind = argument.type
    if wanted in (DECIMAL, DOUBLE) and kind in (INT64, DECIMAL) and _stays_exact(argument, wanted):
        kind = wanted
    with context.within(argument.option):
        return context.parameter(argument.literal, kind, demand.value, written=demand.written)


def _stays_exact(argument: Pending, wanted: ParameterType | None) -> bool:
    """Whole numbers that no double holds stay whole, so that they compare as what they are."""
    value = argument.literal.value
    return wanted is DECIMAL or argument.type is not INT64 or (isinstance(value, int) and abs(value) <= 2**53)


def _bind_call(context: Context, call: Call, scope: Scope, depth: int) -> Expression:
    if call.name == "in":
        return _bind_in(context, call, scope, depth)
    if call.name in _CHAINS:
        return _bind_chain(context, call, scope, depth)
    function = _BY_FOLDED_NAME.get(call.name.lower())
    if function is None:
        raise _unknown_function(context, call)
    arguments = [_bind(context, argument, scope, depth + 1) for argument in call.arguments]
    return _apply(context, call, function, arguments)


def _apply(context: Context, call: Call, function: Function, arguments: list[Argument]) -> Expression:
    if function.nulls is Nulls.EQUALITY and any(isinstance(item, Related) for item in arguments):
        return _compare_with_null(context, call, arguments)
    if function.operator and len(arguments) == 2:
        arguments = cast_operands(function, arguments[0], arguments[1])
    signature = _overload(function, arguments)
    if signature is None and not function.operator:
        arguments = cast_arguments(function, arguments)
        signature = _overload(function, arguments)
    if signature is None:
        raise _mismatch(context, call, function, arguments)
    settled = tuple(
        _settle(context, argument, wanted, demand)
        for argument, wanted, demand in zip(arguments, signature.parameters, _demands(function, arguments), strict=True)
    )
    return Apply(function.name, settled, signature.result)


def _overload(function: Function, arguments: Sequence[Argument]) -> Signature | None:
    if any(isinstance(item, Related) for item in arguments):
        return None
    return function.resolve([kind_of(item) for item in arguments])


def _demands(function: Function, arguments: Sequence[Argument]) -> list[_Demand]:
    """Return what must hold of each argument if it is a literal."""
    demands = [_NO_DEMAND] * len(arguments)
    if function.name in ("div", "divby", "mod") and all(isinstance(argument, Pending) for argument in arguments):
        demands[1] = _Demand(_not_zero)
    if function.name == "substring" and len(arguments) == 3:
        demands[2] = _Demand(_not_negative)
    if function.name == "matchesPattern":
        demands[1] = _Demand(_is_pattern)
    if function.name in INSTANT_PARTS:
        demands[0] = _Demand(written=partial(need_utc, function=function.name))
    return demands


def _not_zero(value: Any) -> None:
    if not value:
        raise InvalidInput("division by zero")


def _is_pattern(value: Any) -> None:
    compile_pattern(value)


def _not_negative(value: Any) -> None:
    if value < 0:
        raise InvalidInput(f"a substring of {value} characters", hint="give a length of 0 or more")


def _compare_with_null(context: Context, call: Call, arguments: Sequence[Argument]) -> Expression:
    related = [item for item in arguments if isinstance(item, Related)]
    nulls = [item for item in arguments if isinstance(item, Constant) and item.type is None]
    if len(related) != 1 or len(nulls) != 1:
        raise TypeMismatch(
            f"{context.at(call.at)}: {call.name} compares {name_of(arguments[0])} with {name_of(arguments[1])}",
            target=context.option,
            hint="an entity compares with null only; name one of its properties",
        )
    return Apply(call.name.lower(), (related[0], nulls[0]), BOOLEAN)


def _bind_chain(context: Context, call: Call, scope: Scope, depth: int) -> Expression:
    """Bind ``a and b and c ...``, which associates either way, as a balanced tree: long chains stay shallow."""
    operands: list[Tree] = []
    todo: list[Tree] = [call]
    while todo:
        node = todo.pop()
        if isinstance(node, Call) and node.name == call.name:
            todo += reversed(node.arguments)
        else:
            operands.append(node)
    for _ in range(len(operands) - 2):
        context.count_node()
    bound = [_settle(context, _bind(context, operand, scope, depth + 1), None) for operand in operands]
    for operand, item in zip(operands, bound, strict=True):
        if type_of(item) not in (BOOLEAN, None) or isinstance(item, Related):
            raise TypeMismatch(
                f"{context.at(operand.at)}: {call.name} takes Booleans, this is {name_of(item)}", target=context.option
            )
    return _balanced(call.name, bound)


def _balanced(name: str, operands: Sequence[Expression]) -> Expression:
    if len(operands) == 1:
        return operands[0]
    half = (len(operands) + 1) // 2
    return Apply(name, (_balanced(name, operands[:half]), _balanced(name, operands[half:])), BOOLEAN)


def _bind_in(context: Context, call: Call, scope: Scope, depth: int) -> Expression:
    left, right = call.arguments
    operand = _settle(context, _bind(context, left, scope, depth + 1), None)
    if isinstance(right, Alias):
        with context.alias(right.name, right.at) as meant:
            if not isinstance(meant, ListExpression):
                raise InvalidInput(f"@{right.name} is no list", target=context.option, hint="write @name=(1,2,3)")
            return In(operand, _bind_items(context, operand, meant, scope, depth))
    if not isinstance(right, ListExpression):
        raise Unsupported(f"{context.at(right.at)}: in takes a list in parentheses", target=context.option)
    return In(operand, _bind_items(context, operand, right, scope, depth))


def _bind_items(
    context: Context, operand: Expression, items: ListExpression, scope: Scope, depth: int
) -> tuple[Expression, ...]:
    """Bind the list of ``in``, each item as the right side of ``eq``. Its literals count apart from other nodes."""
    context.limits.check("in_items", len(items.items), target=context.option)
    kind = type_of(operand)
    bound: list[Expression] = []
    for item in items.items:
        literal = isinstance(item, Literal)
        argument = _bind_literal(context, item) if isinstance(item, Literal) else _bind(context, item, scope, depth + 1)
        if isinstance(argument, Pending):
            argument = cast(argument, kind)
        comparable = not isinstance(operand, Related) and not isinstance(argument, Related)
        signature: Signature | None = FUNCTIONS["eq"].resolve([kind, kind_of(argument)]) if comparable else None
        if signature is None:
            raise TypeMismatch(
                f"{context.at(item.at)}: in compares {name_of(operand)} with {name_of(argument)}",
                target=context.option,
                hint=_literal_hint(argument) if literal else None,
            )
        bound.append(_settle(context, argument, signature.parameters[0]))
    return tuple(bound)


def _literal_hint(argument: Argument) -> str | None:
    if isinstance(argument, Pending) and argument.type is not STRING:
        return "write a string in single quotes"
    return None


def _unknown_function(context: Context, call: Call) -> InvalidInput | Unsupported:
    where = context.at(call.at)
    if call.name.lower() in _NOT_OFFERED:
        return Unsupported(f"{where}: {call.name} is not offered", target=context.option)
    names = [name for name, function in FUNCTIONS.items() if not function.operator and "." not in name]
    return UnknownName(
        f"{where}: there is no function {call.name}", target=context.option, hint=choices(call.name, names)
    )


def _mismatch(context: Context, call: Call, function: Function, arguments: Sequence[Argument]) -> InvalidInput:
    """Return the error for arguments that no overload takes, naming their types and what would do."""
    given = [name_of(argument) for argument in arguments]
    where = context.at(call.at)
    if function.operator and len(given) == 2:
        message = f"{where}: {call.name} takes no {given[0]} with {given[1]}"
        hint = _operator_hint(arguments)
    else:
        message = f"{where}: {call.name} takes no ({', '.join(given)})"
        hint = f"it takes {' or '.join(str(s).split(' -> ')[0] for s in function.signatures)}"
    return TypeMismatch(message, target=context.option, hint=hint)


def _operator_hint(arguments: Sequence[Argument]) -> str | None:
    kinds = [kind_of(argument) for argument in arguments]
    if DATE in kinds and DATE_TIME_OFFSET in kinds:
        return "write an instant as 2024-02-29T00:00:00Z, or compare date(...)"
    if any(isinstance(kind, EnumType) for kind in kinds):
        return "write a member's name in single quotes"
    for argument, kind in zip(arguments, reversed(kinds), strict=True):
        if isinstance(argument, Pending) and kind is not argument.type:
            return _literal_hint(argument) if STRING in kinds else None
    return None
