"""Complex values and collections compared as wholes: with null, with each other, and with what JSON says.

Two complex values are equal if all their properties are; what JSON leaves out is null, or empty. Two collections are
equal if they have equal values in the same order, which is that in which they are kept. Whatever is compared becomes
comparisons of primitive values, so that equality is the same thing everywhere. OData URL Conventions 4.01, section
5.1.1.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from demotic.model import BOOLEAN, EnumType, PrimitiveType, Property, StructuredType
from demotic.query._bind_context import Context, Scope, ValueType
from demotic.query._bind_places import place_of, unknown_property, words
from demotic.query._bind_text import Argument, name_of
from demotic.query._errors import TypeMismatch
from demotic.query._functions import FUNCTIONS
from demotic.query._resolved import (
    Alike,
    Apply,
    Beyond,
    Constant,
    Expression,
    Field,
    Listed,
    Quantified,
    Variable,
    Via,
    Whole,
)
from demotic.query._signatures import balanced, type_of
from demotic.query._tree import Alias, Call, JsonArray, JsonObject, Literal, LiteralKind
from demotic.query._tree import Expression as Tree

End: TypeAlias = tuple[Variable, Via, tuple[Property, ...]]
"""Where a path leads: from a variable, over navigation, through properties."""

_NULL: Final = Constant(None, None)


def is_json(context: Context, tree: Tree) -> bool:
    """Return whether an expression is an array or object in JSON, or an alias of one."""
    seen: set[str] = set()
    while isinstance(tree, Alias) and tree.name not in seen:
        seen.add(tree.name)
        tree = context.aliases.get(tree.name, tree)
    return isinstance(tree, (JsonArray, JsonObject))


def compare_json(context: Context, call: Call, scope: Scope, bind: Callable[[Tree], Argument]) -> Expression:
    """Bind ``eq`` or ``ne`` of which one side is JSON."""
    left, right = call.arguments
    json, other = (left, right) if is_json(context, left) else (right, left)
    bound = bind(other)
    if not isinstance(bound, Whole):
        bind(json)
        if isinstance(bound, Beyond):  # what is beyond has been told, and may be anything
            return Beyond(BOOLEAN)
        raise TypeMismatch(
            f"{context.at(call.at)}: {call.name} compares {name_of(bound)} with a value in JSON", target=context.option
        )
    return _told(call, _Structures(context, call).given(bound, json, scope.depth))


def compare_wholes(context: Context, call: Call, arguments: Sequence[Argument], scope: Scope) -> Expression | None:
    """Bind ``eq`` or ``ne`` of two wholes, or of one and null; ``None`` for what these do not compare with."""
    left, right = arguments
    if isinstance(right, Whole) and not isinstance(left, Whole):
        left, right = right, left
    if not isinstance(left, Whole):
        return None
    if isinstance(right, Constant) and right.type is None and not left.collection:
        return Apply(call.name.lower(), (left, right), BOOLEAN)
    if not isinstance(right, Whole) or left.collection is not right.collection or left.of is not right.of:
        return None
    return _told(call, _Structures(context, call).alike(left, right, scope.depth, ()))


def among(context: Context, call: Call, operand: Expression, collection: Whole, scope: Scope) -> Expression:
    """Bind ``operand in collection``: it equals one of the values."""
    inner = Variable("$this", scope.depth, collection.of)
    item = _value((inner, (), ()))
    if FUNCTIONS["eq"].resolve([type_of(operand), type_of(item)]) is None:
        raise TypeMismatch(
            f"{context.at(call.at)}: in compares {name_of(operand)} with {words(place_of(collection.of, True))}",
            target=context.option,
        )
    condition = Apply("eq", (operand, item), BOOLEAN)
    return Quantified("any", collection.variable, collection.via, collection.path, inner, condition)


def _told(call: Call, equal: Expression) -> Expression:
    return equal if call.name.lower() == "eq" else Apply("not", (equal,), BOOLEAN)


def _value(end: End) -> Field:
    variable, via, path = end
    kind = place_of(path[-1].type, False).type if path else variable.type
    assert isinstance(kind, (PrimitiveType, EnumType))
    return Field(variable, via, path, kind)


class _Structures:
    """Makes comparisons of wholes for one call."""

    def __init__(self, context: Context, call: Call) -> None:
        self.context = context
        self.call = call

    def fault(self, tree: Tree, whole: Whole) -> TypeMismatch:
        context = self.context
        return TypeMismatch(f"{context.at(tree.at)}: this is not {name_of(whole)}", target=context.option)

    # --- with JSON

    def given(self, whole: Whole, tree: Tree, depth: int) -> Expression:
        """Return whether a whole equals what JSON says."""
        context = self.context
        if isinstance(tree, Alias):
            with context.alias(tree.name, tree.at) as meant:
                return self.given(whole, meant or Literal(LiteralKind.NULL, "null", None, tree.at), depth)
        context.count_node()
        if isinstance(tree, Literal) and tree.kind is LiteralKind.NULL and not whole.collection:
            return Apply("eq", (whole, _NULL), BOOLEAN)
        if whole.collection and isinstance(tree, JsonArray):
            return self.listed(whole, tree, depth)
        if not whole.collection and isinstance(tree, JsonObject) and isinstance(whole.of, StructuredType):
            return self.object(whole, whole.of, tree, depth)
        raise self.fault(tree, whole)

    def listed(self, whole: Whole, tree: JsonArray, depth: int) -> Expression:
        self.context.limits.check("in_items", len(tree.items), target=self.context.option)
        one = Variable("$one", depth, whole.of)
        return Listed(whole, one, tuple(self.part((one, (), ()), whole.of, item, depth + 1) for item in tree.items))

    def object(self, whole: Whole, kind: StructuredType, tree: JsonObject, depth: int) -> Expression:
        context, known, members = self.context, kind.all_properties(), dict(tree.members)
        if kind.open or any("@" in name for name in members):
            context.beyond(f"{context.at(tree.at)}: a value in JSON with annotations, or of an open type,")
        for name in members:
            if name not in known and "@" not in name and not kind.open:
                raise unknown_property(context, kind, name, tree.at)
        parts: list[Expression] = [Apply("ne", (whole, _NULL), BOOLEAN)]
        for name, item in known.items():
            path = (*whole.path, item)
            nothing: Tree = JsonArray((), tree.at) if item.collection else Literal(LiteralKind.NULL, "", None, tree.at)
            value = members.get(name, nothing)
            place = place_of(item.type, item.collection)
            of = place.of if place.of is not None else place.type
            if item.collection and isinstance(of, (StructuredType, PrimitiveType, EnumType)):
                parts.append(self.given(Whole(whole.variable, whole.via, path, of, True), value, depth))
            else:
                parts.append(self.part((whole.variable, whole.via, path), of, value, depth))
        return balanced("and", parts)

    def part(self, end: End, of: Any, tree: Tree, depth: int) -> Expression:
        """Return whether a single value, complex or primitive, equals what JSON says."""
        if isinstance(of, StructuredType):
            return self.given(Whole(*end, of), tree, depth)
        if not isinstance(of, (PrimitiveType, EnumType)):
            self.context.beyond(f"{self.context.at(tree.at)}: comparing a value of any type")
            return Constant(True, BOOLEAN)
        return Apply("eq", (_value(end), self.literal(tree, of)), BOOLEAN)

    def literal(self, tree: Tree, kind: PrimitiveType | EnumType) -> Expression:
        context = self.context
        if isinstance(tree, Alias):
            with context.alias(tree.name, tree.at) as meant:
                return _NULL if meant is None else self.literal(meant, kind)
        context.count_node()
        if not isinstance(tree, Literal):
            context.beyond(f"{context.at(tree.at)}: an expression within JSON")
            return Beyond(kind)
        if tree.kind is LiteralKind.NULL:
            return _NULL
        if tree.kind is LiteralKind.BOOLEAN and kind is BOOLEAN:
            return Constant(bool(tree.value), BOOLEAN)
        return context.parameter(tree, kind)

    # --- with each other

    def alike(self, left: Whole, right: Whole, depth: int, within: tuple[ValueType, ...]) -> Expression:
        """Return whether two wholes of one type are equal."""
        if left.of in within:
            self.context.beyond(f"{self.context.at(self.call.at)}: comparing values of a type that contains itself")
            return Constant(True, BOOLEAN)
        if left.collection:
            one, other = Variable("$one", depth, left.of), Variable("$other", depth + 1, left.of)
            same = self.same((one, (), ()), (other, (), ()), left.of, depth + 2, within)
            return Alike(left, right, one, other, same)
        assert isinstance(left.of, StructuredType)
        if left.of.open:
            self.context.beyond(f"{self.context.at(self.call.at)}: comparing values of an open type")
        parts: list[Expression] = [Apply("ne", (side, _NULL), BOOLEAN) for side in (left, right)]
        for item in left.of.all_properties().values():
            place = place_of(item.type, item.collection)
            of = place.of if place.of is not None else place.type
            ends = [(side.variable, side.via, (*side.path, item)) for side in (left, right)]
            parts.append(self.same(ends[0], ends[1], of, depth, (*within, left.of), many=item.collection))
        nulls = [Apply("eq", (side, _NULL), BOOLEAN) for side in (left, right)]
        return balanced("or", [balanced("and", nulls), balanced("and", parts)])

    def same(
        self, left: End, right: End, of: Any, depth: int, within: tuple[ValueType, ...], *, many: bool = False
    ) -> Expression:
        """Return whether the values at two ends are equal."""
        if isinstance(of, StructuredType) or (many and isinstance(of, (PrimitiveType, EnumType))):
            return self.alike(Whole(*left, of, many), Whole(*right, of, many), depth, within)
        if not isinstance(of, (PrimitiveType, EnumType)):
            self.context.beyond(f"{self.context.at(self.call.at)}: comparing values of any type")
            return Constant(True, BOOLEAN)
        return Apply("eq", (_value(left), _value(right)), BOOLEAN)
