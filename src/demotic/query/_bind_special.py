"""Functions and operators that take more than values, or that no store computes: each is one function here.

``cast`` and ``isof`` take types, ``case`` conditions and values by turns, ``has`` an enumeration; the rest takes
shapes, collections or aggregates, and is checked and noted as not offered. OData URL Conventions 4.01, sections 5.1.1.1
(``has``), 5.1.1.6 (collections), 5.1.1.10 (types), 5.1.1.11 (shapes), 5.1.1.12 (``case``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from demotic.errors import InvalidInput
from demotic.model import (
    BOOLEAN,
    DOUBLE,
    INT64,
    PRIMITIVES,
    BuiltinType,
    EntityType,
    EnumType,
    PrimitiveType,
    StructuredType,
    TypeDefinition,
)
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import cast_type, derives, found_type, place_of
from demotic.query._bind_text import Argument, name_of, no_value
from demotic.query._bind_values import convert
from demotic.query._casts import CASTS, cast_name
from demotic.query._errors import TypeMismatch, UnknownName
from demotic.query._resolved import Apply, Beyond, Case, Constant, Expression, IsOf, Related, Variable, Whole
from demotic.query._shapes import of_type, type_at
from demotic.query._signatures import promotion, type_of, widened
from demotic.query._tree import (
    Aggregate,
    Alias,
    Call,
    CountStep,
    JsonArray,
    JsonObject,
    ListExpression,
    Literal,
    LiteralKind,
    Path,
    TypeName,
)
from demotic.query._tree import Expression as Tree


class Bind(Protocol):
    """Binds an argument; with ``whole`` it may be an entity, a complex value or a collection."""

    def __call__(self, tree: Tree, whole: bool = False) -> Expression: ...


_Special: TypeAlias = Callable[[Context, Call, Bind, Scope], Expression]


def _mismatch(context: Context, call: Call, given: Sequence[Argument], hint: str) -> TypeMismatch:
    taken = ", ".join(name_of(item) for item in given)
    return TypeMismatch(f"{context.at(call.at)}: {call.name} takes no ({taken})", target=context.option, hint=hint)


def _count(context: Context, call: Call, *numbers: int) -> None:
    if len(call.arguments) not in numbers:
        wanted = " or ".join(str(number) for number in numbers)
        raise InvalidInput(f"{context.at(call.at)}: {call.name} takes {wanted} arguments", target=context.option)


# --- whole values: entities, complex values, collections


def compare_whole(context: Context, call: Call, arguments: Sequence[Argument]) -> Expression:
    """Bind ``eq`` or ``ne`` of what is no single value: with null, or with its like."""
    left, right = arguments
    nulls = [item for item in arguments if isinstance(item, Constant) and item.type is None]
    related = [item for item in arguments if isinstance(item, Related) and (item.via or not nulls)]
    if len(related) == 1 and len(nulls) == 1:
        return Apply(call.name.lower(), (related[0], nulls[0]), BOOLEAN)
    if nulls or (no_value(left) and no_value(right)):
        many = [isinstance(item, (Beyond, Whole)) and item.collection for item in arguments]
        if (nulls and not any(many)) or (not nulls and many[0] is many[1] and _alike(left, right)):
            context.beyond(f"{context.at(call.at)}: comparing {name_of(left)} with {name_of(right)}")
            return Beyond(BOOLEAN)
    collection = any(isinstance(item, (Beyond, Whole)) and item.collection for item in arguments)
    raise TypeMismatch(
        f"{context.at(call.at)}: {call.name} compares {name_of(left)} with {name_of(right)}",
        target=context.option,
        hint="follow a collection with /$count, /any(...) or /all(...)"
        if collection
        else "an entity compares with null only; name one of its properties",
    )


def _structured(argument: Argument) -> object:
    if isinstance(argument, Related):
        return type_at(argument.variable, argument.via)
    return argument.of if isinstance(argument, (Beyond, Whole)) else None


def _alike(left: Argument, right: Argument) -> bool:
    a, b = _structured(left), _structured(right)
    if isinstance(a, StructuredType) and isinstance(b, StructuredType):
        return derives(a, b) or derives(b, a)
    return True


def _collections(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    """Bind ``hassubset`` and ``hassubsequence``."""
    _count(context, call, 2)
    bound = [bind(item, True) for item in call.arguments]
    if not all(isinstance(item, Beyond) and item.collection for item in bound):
        raise _mismatch(context, call, bound, "it takes two collections")
    context.beyond(f"{context.at(call.at)}: {call.name}")
    return Beyond(BOOLEAN)


def _defined(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    _count(context, call, 1)
    bind(call.arguments[0], True)
    context.beyond(f"{context.at(call.at)}: isdefined")
    return Beyond(BOOLEAN)


# --- types


def _typed(context: Context, call: Call, bind: Bind) -> tuple[TypeName, object, Expression | None]:
    """Return the type that a call of ``cast`` or ``isof`` names, what that stands for, and the operand if any."""
    *operands, name = call.arguments
    assert isinstance(name, TypeName)
    found = found_type(context, name.name, name.at)
    if found is None:
        raise UnknownName(f"{context.at(name.at)}: {name.name} is no type", target=context.option)
    return name, found, bind(operands[0], True) if operands else None


def _cast(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    name, found, operand = _typed(context, call, bind)
    wanted = found.underlying if isinstance(found, TypeDefinition) else found
    if operand is None or no_value(operand) or not isinstance(wanted, PrimitiveType) or name.collection:
        _check_structured_cast(context, name, found, operand, scope)
        whole = _whole(operand, scope)
        if isinstance(whole, Related) and isinstance(found, EntityType) and not name.collection:
            if derives(type_at(whole.variable, whole.via), found):
                return whole
            return Related(whole.variable, (*whole.via, of_type(context.model, found)))
        context.beyond(f"{context.at(call.at)}: the cast to {name.name}")
        return place_of(found, name.collection)
    given = type_of(operand)
    if given is None or isinstance(operand, Beyond):
        return Constant(None, None) if isinstance(operand, Constant) else Beyond(wanted)
    if isinstance(given, EnumType) and wanted.numeric_rank == 0:
        context.beyond(f"{context.at(call.at)}: the cast of {given.qualified_name} to {name.name}")
        return Beyond(wanted)
    function = CASTS.get(cast_name(wanted))
    if function is None or function.resolve([given]) is None:
        raise TypeMismatch(
            f"{context.at(call.at)}: {name_of(operand)} cannot be cast to {name.name}", target=context.option
        )
    return Apply(function.name, (operand,), wanted)


def _whole(operand: Expression | None, scope: Scope) -> Expression:
    """Return the operand of ``cast`` or ``isof``, by default what paths start from."""
    if operand is not None:
        return operand
    start = scope.current
    if not isinstance(start, Variable):
        return start
    return Related(start, ()) if isinstance(start.type, EntityType) else place_of(start.type, False)


def _check_structured_cast(
    context: Context, name: TypeName, found: object, operand: Expression | None, scope: Scope
) -> None:
    of = _structured(_whole(operand, scope))
    if isinstance(found, StructuredType) and isinstance(of, StructuredType) and not derives(of, found):
        cast_type(context, of, name.name, found, name.at)


def _isof(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    """Bind ``isof``: what is declared as another type than asked for, or a base of it, never is of that type."""
    name, found, operand = _typed(context, call, bind)
    if operand is None:
        operand = _whole(None, scope)
        if isinstance(operand, Beyond):
            context.beyond(f"{context.at(call.at)}: isof {name.name}")
    if isinstance(operand, (Beyond, Related)) and no_value(operand):
        declared = _structured(operand)
        same = isinstance(found, StructuredType) and isinstance(declared, StructuredType) and derives(declared, found)
        if not same and isinstance(operand, Related) and isinstance(found, EntityType) and not name.collection:
            heir = isinstance(declared, StructuredType) and derives(found, declared)
            passing = of_type(context.model, found)
            return IsOf(operand.variable, operand.via, passing) if heir else Constant(False, BOOLEAN)
        if not same or name.collection or isinstance(operand, Beyond):
            context.beyond(f"{context.at(call.at)}: isof {name.name}")
            return Beyond(BOOLEAN)
        return Apply("ne", (operand, Constant(None, None)), BOOLEAN) if operand.via else Constant(True, BOOLEAN)
    wanted = found.underlying if isinstance(found, TypeDefinition) else found
    if isinstance(operand, Beyond):
        return Beyond(BOOLEAN)
    if wanted is type_of(operand) and not name.collection:
        return Apply("ne", (operand, Constant(None, None)), BOOLEAN)
    return Constant(False, BOOLEAN)


# --- enumerations, case, shapes


def _has(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    _count(context, call, 2)
    left, tree = bind(call.arguments[0]), call.arguments[1]
    kind = type_of(left)
    if isinstance(kind, EnumType) and isinstance(tree, Literal) and tree.kind is LiteralKind.STRING:
        right: Expression = context.parameter(tree, kind)
    else:
        right = bind(tree)
    null = isinstance(right, Constant) and right.type is None
    if not isinstance(kind, EnumType) and kind is not None:
        raise _mismatch(context, call, (left, right), "it takes an enumeration")
    if not null and (type_of(right) is not kind) and kind is not None:
        raise _mismatch(context, call, (left, right), "it takes two values of one enumeration")
    return Apply("has", (left, right), BOOLEAN)


def _case(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    conditions = [bind(item) for item in call.arguments[::2]]
    values = [bind(item) for item in call.arguments[1::2]]
    for tree, condition in zip(call.arguments[::2], conditions, strict=True):
        if type_of(condition) not in (BOOLEAN, None) or no_value(condition):
            raise TypeMismatch(
                f"{context.at(tree.at)}: case takes conditions, this is {name_of(condition)}", target=context.option
            )
    kind = _common_type([type_of(item) for item in values])
    if kind is NotImplemented:
        raise _mismatch(context, call, values, "its values are of one type")
    if any(isinstance(item, Beyond) for item in (*conditions, *values)):  # which has been told
        return Beyond(kind)
    result = kind if isinstance(kind, EnumType) else widened(kind)
    return Case(tuple(zip(conditions, values, strict=True)), result) if result is not None else Constant(None, None)


def _common_type(kinds: Sequence[Any]) -> Any:
    """Return the type that all of some types promote to, ``NotImplemented`` if there is none."""
    known = [kind for kind in kinds if kind is not None]
    for wanted in known:
        if all(kind is wanted or _promotes(kind, wanted) for kind in known):
            return wanted
    return None if not known else NotImplemented


def _promotes(kind: Any, wanted: Any) -> bool:
    return isinstance(wanted, PrimitiveType) and not isinstance(kind, EnumType) and promotion(kind, wanted) is not None


_SHAPED: Final[dict[str, tuple[tuple[str, ...], PrimitiveType]]] = {
    "geo.distance": (("Point", "Point"), DOUBLE),
    "geo.length": (("LineString",), DOUBLE),
    "geo.intersects": (("Point", "Polygon"), BOOLEAN),
}


def _shapes(context: Context, call: Call, bind: Bind, scope: Scope) -> Expression:
    shapes, result = _SHAPED[call.name]
    _count(context, call, len(shapes))
    bound = [bind(item) for item in call.arguments]
    for family in ("Geography", "Geometry"):
        if all(
            no_value(item) is False and type_of(item) in (None, PRIMITIVES[family + shape])
            for item, shape in zip(bound, shapes, strict=True)
        ):
            context.beyond(f"{context.at(call.at)}: {call.name}")
            return Beyond(result)
    raise _mismatch(context, call, bound, f"it takes {' and '.join(shapes)} of one family")


SPECIAL: Final[Mapping[str, _Special]] = {
    "cast": _cast,
    "isof": _isof,
    "has": _has,
    "case": _case,
    "hassubset": _collections,
    "hassubsequence": _collections,
    "isdefined": _defined,
    **dict.fromkeys(_SHAPED, _shapes),
}
"""Each function and operator of this kind, by its name in lower case."""


# --- arguments of operations, and JSON


def bind_json(context: Context, tree: Tree, scope: Scope, depth: int, bind: Callable[..., Argument]) -> None:
    """Check the expressions within an array or object."""
    items = tree.items if isinstance(tree, JsonArray) else ()
    members = [value for _, value in tree.members] if isinstance(tree, JsonObject) else []
    for item in (*items, *members):
        bind(context, item, scope, depth + 1, whole=True)
    context.beyond(f"{context.at(tree.at)}: a value in JSON")


def check_argument(
    context: Context, tree: Tree, type: object, collection: bool, bind: Callable[[Tree], Expression]
) -> None:
    """Check that an expression is a value of a type of the model, or a collection of them."""
    if isinstance(tree, Alias):
        with context.alias(tree.name, tree.at) as meant:
            if meant is not None:
                check_argument(context, meant, type, collection, bind)
        return
    place = place_of(type, collection)
    kind = place.type
    if isinstance(tree, Literal) and isinstance(kind, (PrimitiveType, EnumType)) and not collection:
        if tree.kind is not LiteralKind.NULL:
            context.parameter(tree, kind, value=convert(tree, kind))
        return
    if isinstance(tree, (JsonArray, JsonObject, ListExpression)):
        if isinstance(tree, JsonObject) and (collection or isinstance(kind, (PrimitiveType, EnumType))):
            raise TypeMismatch(f"{context.at(tree.at)}: an object is no value here", target=context.option)
        if not isinstance(tree, ListExpression):
            bind(tree)
        return
    bound = bind(tree)
    given = Beyond(type_of(bound), isinstance(bound, Beyond) and bound.collection)
    unknown = given.type is None and not no_value(bound)
    fits = no_value(bound) if kind is None else _common_type([given.type, kind]) is not NotImplemented
    if not unknown and (given.collection is not collection or not fits):
        wanted = name_of(place)
        raise TypeMismatch(
            f"{context.at(tree.at)}: this is {name_of(bound)}, and {wanted} is wanted", target=context.option
        )


def bind_aggregate(context: Context, item: Aggregate, scope: Scope, bind: Callable[[Tree], Expression]) -> Expression:
    """Check an item of ``aggregate``; return a stand-in of the type that it gives."""
    bound = bind(item.expression) if not _is_count(item.expression) else Beyond(INT64)
    for origin in item.origins:
        for path in origin.properties:
            bind(path)
    kind = type_of(bound) if not no_value(bound) else None
    if item.method in ("sum", "average", "min", "max"):
        wanted = kind if isinstance(kind, PrimitiveType) else None
        if isinstance(bound, (Beyond, Related)) and bound_structured(bound):
            raise TypeMismatch(
                f"{context.at(item.at)}: {item.method} takes primitive values, this is {name_of(bound)}",
                target=context.option,
            )
        if item.method in ("sum", "average") and wanted is not None and wanted.numeric_rank == 0:
            raise TypeMismatch(
                f"{context.at(item.at)}: {item.method} takes numbers, this is {name_of(bound)}", target=context.option
            )
    return Beyond(INT64 if item.method == "countdistinct" else kind)


def bound_structured(bound: Expression) -> bool:
    """Return whether an expression gives entities or complex values."""
    return isinstance(_structured(bound), (StructuredType, BuiltinType))


def _is_count(tree: Tree) -> bool:
    return isinstance(tree, Path) and len(tree.steps) == 1 and isinstance(tree.steps[0], CountStep)
