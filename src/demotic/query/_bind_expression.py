"""From an expression's syntax tree to typed nodes: overloads chosen, literals turned into parameters.

OData URL Conventions 4.01, section 5.1.1. What an operator or function takes is in the functions table; here is how its
arguments come by their types. A literal waits until its neighbours are bound, which may decide what it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.model import (
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    EDM_COMPLEX_TYPE,
    INT64,
    STRING,
    EnumType,
    StructuredType,
)
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_paths import bind_path_expression
from demotic.query._bind_places import whole_place
from demotic.query._bind_search import bind_search
from demotic.query._bind_special import SPECIAL, bind_aggregate, bind_json, check_argument, compare_whole
from demotic.query._bind_structures import among, compare_json, compare_wholes, is_json
from demotic.query._bind_text import (
    Argument,
    Pending,
    cast,
    cast_arguments,
    cast_operands,
    kind_of,
    name_of,
    no_value,
)
from demotic.query._bind_values import Check, ParameterType, WrittenCheck, natural_type, need_utc
from demotic.query._casts import CASTS
from demotic.query._errors import TypeMismatch, UnknownName, choices
from demotic.query._functions import FUNCTIONS, INSTANT_PARTS
from demotic.query._patterns import compile_pattern
from demotic.query._resolved import Apply, Beyond, Constant, Expression, In, Start, Whole
from demotic.query._signatures import Function, Nulls, Signature, balanced, type_of
from demotic.query._tree import (
    AggregateStep,
    Alias,
    Call,
    JsonArray,
    JsonObject,
    ListExpression,
    Literal,
    LiteralKind,
    Path,
    Search,
    TypeName,
)
from demotic.query._tree import Expression as Tree

_NAMES: Final = [name for name, function in FUNCTIONS.items() if name not in CASTS]
_BY_FOLDED_NAME: Final = {name.lower(): FUNCTIONS[name] for name in _NAMES}
_CHAINS: Final = ("and", "or")


@dataclass(frozen=True, slots=True)
class _Demand:
    """What must hold of a literal argument beyond its type: of its value, and of how it is written."""

    value: Check | None = None
    written: WrittenCheck | None = None


_NO_DEMAND: Final = _Demand()


def bind_filter(context: Context, tree: Tree, scope: Scope, depth: int = 1) -> Expression:
    """Bind a condition. Raises `TypeMismatch` if it is not Boolean."""
    bound = bind_expression(context, tree, scope, depth)
    if type_of(bound) not in (BOOLEAN, None) or no_value(bound):
        raise TypeMismatch(
            f"{context.at(tree.at)}: a condition is Boolean, this is {name_of(bound)}", target=context.option
        )
    return bound


def bind_expression(context: Context, tree: Tree, scope: Scope, depth: int = 1, *, whole: bool = False) -> Expression:
    """Bind an expression on its own, where nothing beside it decides the type of a literal."""
    bound = _settle(context, _bind(context, tree, scope, depth, whole=whole), None)
    if isinstance(bound, Whole):
        context.beyond(f"{context.at(tree.at)}: {name_of(bound)} as a value")
        return whole_place(bound)
    return bound


def _bind(context: Context, tree: Tree, scope: Scope, depth: int, *, whole: bool = False) -> Argument:
    context.count_node()
    context.limits.check("expression_depth", depth, target=context.option)
    if isinstance(tree, Literal):
        return _bind_literal(context, tree)
    if isinstance(tree, Path):
        return bind_path_expression(context, tree, scope, BINDING, depth, whole=whole)
    if isinstance(tree, Call):
        return _bind_call(context, tree, scope, depth)
    if isinstance(tree, Alias):
        with context.alias(tree.name, tree.at) as meant:
            return Constant(None, None) if meant is None else _bind(context, meant, scope, depth + 1, whole=whole)
    if isinstance(tree, (JsonArray, JsonObject)):
        bind_json(context, tree, scope, depth, _bind)
        return Beyond(None, isinstance(tree, JsonArray), None if isinstance(tree, JsonArray) else EDM_COMPLEX_TYPE)
    if isinstance(tree, TypeName):
        raise InvalidInput(f"{context.at(tree.at)}: a type stands only in cast and isof", target=context.option)
    raise InvalidInput(f"{context.at(tree.at)}: a list stands only on the right of in", target=context.option)


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
    special = SPECIAL.get(call.name)
    if special is not None:

        def bind(tree: Tree, whole: bool = False) -> Expression:
            return bind_expression(context, tree, scope, depth + 1, whole=whole)

        return special(context, call, bind, scope)
    function = _BY_FOLDED_NAME.get(call.name.lower())
    if function is None:
        raise _unknown_function(context, call)
    equality = function.nulls is Nulls.EQUALITY
    if equality and any(is_json(context, argument) for argument in call.arguments):
        return compare_json(context, call, scope, lambda tree: _bind(context, tree, scope, depth + 1, whole=True))
    arguments = [_bind(context, argument, scope, depth + 1, whole=equality) for argument in call.arguments]
    return _apply(context, call, function, arguments, scope)


def _apply(context: Context, call: Call, function: Function, arguments: list[Argument], scope: Scope) -> Expression:
    if function.nulls is Nulls.EQUALITY and any(no_value(item) for item in arguments):
        return compare_wholes(context, call, arguments, scope) or compare_whole(context, call, arguments)
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
    if any(no_value(item) for item in arguments):
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
        if type_of(item) not in (BOOLEAN, None) or no_value(item):
            raise TypeMismatch(
                f"{context.at(operand.at)}: {call.name} takes Booleans, this is {name_of(item)}", target=context.option
            )
    return balanced(call.name, bound)


def _bind_in(context: Context, call: Call, scope: Scope, depth: int) -> Expression:
    left, right = call.arguments
    operand = _settle(context, _bind(context, left, scope, depth + 1), None)
    if isinstance(right, Alias):
        with context.alias(right.name, right.at) as meant:
            if isinstance(meant, JsonArray):
                meant = ListExpression(meant.items, meant.at)
            if not isinstance(meant, ListExpression):
                raise InvalidInput(f"@{right.name} is no list", target=context.option, hint="write @name=(1,2,3)")
            return In(operand, _bind_items(context, operand, meant, scope, depth))
    if isinstance(right, Path):
        found = _bind(context, right, scope, depth + 1, whole=True)
        if isinstance(found, Whole) and found.collection and not isinstance(found.of, StructuredType):
            return among(context, call, operand, found, scope)
        bound = _settle(context, found, None)
        if not (isinstance(bound, Beyond) and bound.collection) and name_of(bound) != "null":
            raise TypeMismatch(f"{context.at(right.at)}: in takes a list or a collection", target=context.option)
        context.beyond(f"{context.at(right.at)}: a collection on the right of in")
        return Beyond(BOOLEAN)
    if isinstance(right, JsonArray):
        right = ListExpression(right.items, right.at)
    if not isinstance(right, ListExpression):
        raise InvalidInput(f"{context.at(right.at)}: in takes a list in parentheses", target=context.option)
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
        comparable = not no_value(operand) and not no_value(argument)
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


def _unknown_function(context: Context, call: Call) -> InvalidInput:
    names = [*(name for name in _NAMES if not FUNCTIONS[name].operator and "." not in name), *SPECIAL]
    return UnknownName(
        f"{context.at(call.at)}: there is no function {call.name}",
        target=context.option,
        hint=choices(call.name, names),
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


class _Binding:
    """How paths have the expressions within them bound."""

    def condition(self, context: Context, tree: Tree, scope: Scope, depth: int) -> Expression:
        return bind_filter(context, tree, scope, depth)

    def search(self, context: Context, search: Search, start: Start) -> Expression:
        return bind_search(context, search, start)

    def argument(self, context: Context, tree: Tree, type: object, collection: bool, scope: Scope, depth: int) -> None:
        def bind(item: Tree) -> Expression:
            return bind_expression(context, item, scope, depth, whole=True)

        check_argument(context, tree, type, collection, bind)

    def aggregate(self, context: Context, step: AggregateStep, place: Beyond, scope: Scope, depth: int) -> Expression:
        _, within = scope.within(Beyond(place.type, False, place.of))

        def bind(item: Tree) -> Expression:
            return bind_expression(context, item, within, depth, whole=True)

        return bind_aggregate(context, step.aggregate, within, bind)


BINDING: Final = _Binding()
