"""Names of types and operations in paths, wherever these stand: casts, functions, keys.

OData URL Conventions 4.01, sections 4.5 and 4.11 (operations, casts), 5.1.1.14 and 5.1.1.15 (in expressions). A type
may be cast to itself or to one derived from it. Names are qualified with a namespace or its alias.
"""

from __future__ import annotations

from collections.abc import Collection

from demotic.errors import InvalidInput, NotFound
from demotic.model import (
    ComplexType,
    EntityType,
    EnumType,
    Operation,
    PrimitiveType,
    StructuredType,
    TypeDefinition,
    is_optional,
)
from demotic.query._bind_context import Context
from demotic.query._errors import UnknownName, choices
from demotic.query._resolved import Beyond, Related, Start, Variable, Whole
from demotic.query._shapes import type_at


def place_of(type: object, collection: bool) -> Beyond:
    """Return the place that a type of the model, or many of it, stand for."""
    if isinstance(type, TypeDefinition):
        type = type.underlying
    if isinstance(type, (PrimitiveType, EnumType)):
        return Beyond(type, collection)
    if isinstance(type, StructuredType):
        return Beyond(None, collection, type)
    return Beyond(None, collection)


def related_place(node: Related) -> Beyond:
    """Return the place of an entity that navigation leads to, or that a variable stands for."""
    return place_of(type_at(node.variable, node.via) if node.via else node.variable.type, False)


def whole_place(node: Whole) -> Beyond:
    """Return the place of a value that is compared as a whole."""
    return place_of(node.of, node.collection)


def start_type(start: Start) -> StructuredType | None:
    """Return the structured type of what a path starts from, if it has one."""
    if isinstance(start, Variable):
        return start.type if isinstance(start.type, StructuredType) else None
    return start.of if isinstance(start.of, StructuredType) else None


def found_type(context: Context, name: str, at: int) -> object:
    """Return the type of a name, ``None`` if it names operations. Raises `UnknownName`."""
    try:
        found = context.model.find(name)
    except NotFound:
        raise UnknownName(
            f"{context.at(at)}: the model has nothing called {name}", target=context.option, hint=_known(context)
        ) from None
    if isinstance(found, (PrimitiveType, EnumType, TypeDefinition, StructuredType)):
        return found
    if isinstance(found, list):
        return None
    raise UnknownName(f"{context.at(at)}: {name} is no type", target=context.option)


def _known(context: Context) -> str:
    return f"its namespaces are {', '.join(context.model.schemas)}"


def derives(kind: StructuredType, base: StructuredType) -> bool:
    """Return whether a type is another, or derived from it."""
    return any(item is base for item in kind.lineage()) or base.namespace == "Edm"


def cast_type(context: Context, kind: StructuredType, name: str, found: object, at: int) -> StructuredType:
    """Return the type that a cast of `kind` leads to. Raises `InvalidInput` where it cannot."""
    if isinstance(found, StructuredType) and derives(found, kind):
        return found
    raise InvalidInput(
        f"{context.at(at)}: {kind.qualified_name} cannot be cast to {name}",
        target=context.option,
        hint="a cast leads to a type derived from it",
    )


def operations(context: Context, name: str) -> list[Operation]:
    """Return the overloads of a qualified name; none if there are none."""
    try:
        found = context.model.find(name)
    except NotFound:
        return []
    return found if isinstance(found, list) else []


def bound_operation(
    context: Context,
    name: str,
    place: Beyond,
    names: Collection[str] | None,
    at: int,
    kinds: tuple[str, ...],
    implicit: Collection[str] = (),
) -> Operation:
    """Return the overload of an operation that is bound to `place` and has these parameters beside that.

    Without `names` (a function without parentheses) it has none. Those in `implicit` are given if there is a parameter
    for them. Raises `UnknownName`.
    """
    overloads = operations(context, name)
    if not overloads:
        raise UnknownName(f"{context.at(at)}: there is no operation {name}", target=context.option)
    fitting = [item for item in overloads if item.kind in kinds and item.bound and _binds(item, place)]
    if not fitting:
        raise UnknownName(f"{context.at(at)}: {name} does not apply to {words(place)}", target=context.option)
    return _with_parameters(context, name, fitting, names or (), at, implicit, skipped=1)


def unbound_operation(
    context: Context,
    name: str,
    overloads: list[Operation],
    names: Collection[str],
    at: int,
    implicit: Collection[str] = (),
) -> Operation:
    """Return the unbound overload that has these parameters, as `bound_operation` does."""
    fitting = [item for item in overloads if not item.bound]
    return _with_parameters(context, name, fitting, names, at, implicit, skipped=0)


def _with_parameters(
    context: Context,
    name: str,
    overloads: list[Operation],
    names: Collection[str],
    at: int,
    implicit: Collection[str],
    *,
    skipped: int,
) -> Operation:
    """Return the overload that takes all of `names`, and the most of `implicit`."""
    found: tuple[int, Operation] | None = None
    for item in overloads:
        if item.kind == "Action":
            return item
        parameters = list(item.parameters.values())[skipped:]
        given = set(names) | ({p.name for p in parameters} & set(implicit))
        required = {p.name for p in parameters if not (is_optional(p) or (context.former and p.nullable))}
        fits = required <= given <= {p.name for p in parameters}
        if fits and (found is None or len(given) > found[0]):
            found = (len(given), item)
    if found is not None:
        return found[1]
    wanted = " or ".join(f"({', '.join(list(item.parameters)[skipped:])})" for item in overloads)
    told = ", ".join(names)
    raise UnknownName(
        f"{context.at(at)}: no function {name} takes ({told})", target=context.option, hint=f"it takes {wanted}"
    )


def _binds(operation: Operation, place: Beyond) -> bool:
    first = next(iter(operation.parameters.values()), None)
    if first is None or first.collection is not place.collection:
        return False
    wanted = place_of(first.type, first.collection)
    if isinstance(place.of, StructuredType) and isinstance(wanted.of, StructuredType):
        return derives(place.of, wanted.of)
    return place.of is None and wanted.of is None and (wanted.type is place.type or None in (wanted.type, place.type))


def result_of(operation: Operation) -> Beyond:
    """Return what an operation gives."""
    if operation.returns is None:
        return Beyond(None)
    return place_of(operation.returns.type, operation.returns.collection)


def words(place: Start) -> str:
    """Return words for a place, for messages."""
    if isinstance(place, Variable):
        place = place_of(place.type, False)
    kind = place.of or place.type
    name = getattr(kind, "qualified_name", "any type")
    if place.collection:
        return f"a collection of {name}"
    if isinstance(place.of, EntityType):
        return f"an entity ({name})"
    return f"a complex value ({name})" if isinstance(place.of, ComplexType) else str(name)


def unknown_property(context: Context, kind: StructuredType, name: str, at: int) -> UnknownName:
    """Return the refusal of a name that a type has no property of."""
    names = [*kind.all_properties(), *kind.all_navigation()]
    return UnknownName(
        f"{context.at(at)}: {kind.qualified_name} has no property {name}",
        target=context.option,
        hint=choices(name, names),
    )
