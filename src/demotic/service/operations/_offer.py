"""Registered operations on a model: what they declare becomes part of it, and each operation finds its function.

Everything that is wrong is told when the service is made, before anything is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from demotic.errors import Forbidden, NotFound
from demotic.model import (
    Attribute,
    EntityType,
    FunctionSignature,
    Model,
    Operation,
    Parameter,
    PrimitiveType,
    TypeDefinition,
    is_many,
)
from demotic.query import choices
from demotic.service.operations._errors import OperationNotOffered, OperationsFault
from demotic.service.operations._extension import Extension
from demotic.service.operations._registry import Operations, Registered

Mark: TypeAlias = tuple[str, str, str, frozenset[str]]
"""What tells overloads apart: qualified name, kind, what it is bound to, and the names of its other parameters."""


def mark_of(operation: Operation) -> Mark:
    """Return what tells an overload from others, in this model and in parts of it."""
    parameters = list(operation.parameters.values())
    bound = f"{parameters[0].type.qualified_name}{'*' * parameters[0].collection}" if operation.bound else ""
    names = frozenset(item.name for item in parameters[bool(operation.bound) :])
    return operation.qualified_name, operation.kind, bound, names if operation.kind == "Function" else frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Implementation:
    """The function that does an operation; ``arguments`` are its parameters by those of the operation, with their
    hints."""

    registered: Registered
    arguments: Mapping[str, tuple[str, Attribute | None]]
    optional: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """The operations of a service: the model with them, and what does each.

    ``whole`` is that model with what is hidden from who is asking. ``granted`` are the qualified names of the
    operations that they may call, ``None`` for all.
    """

    model: Model
    whole: Model
    implementations: Mapping[Mark, Implementation]
    granted: frozenset[str] | None = field(default=None)

    def allows(self, operation: Operation) -> bool:
        """Whether who is asking may call an operation."""
        return self.granted is None or operation.qualified_name in self.granted

    def implementation(self, operation: Operation) -> Implementation:
        """Return what does an operation. Raises Forbidden, or `OperationNotOffered` if nothing does."""
        if not self.allows(operation):
            raise Forbidden(f"{operation.name} may not be called by who is asking", target=operation.name)
        found = self.implementations.get(mark_of(operation))
        if found is None:
            raise not_offered(operation)
        return found


def not_offered(operation: Operation) -> OperationNotOffered:
    """Return the refusal of an operation that nothing does."""
    return OperationNotOffered(
        f"the {operation.kind.lower()} {operation.qualified_name} is not offered", target=operation.name
    )


def offer_on(operations: Operations, model: Model) -> Offer:
    """Return operations as they are offered on a model.

    Raises DeclarationError and `OperationsFault`: for types that the model has not, for overloads that cannot be told
    apart, for parameters that differ from the declared ones, and for declared operations that nothing does.
    """
    extended = Extension(operations, model)
    table: dict[Mark, Implementation] = {}
    for item in operations.registered:
        for operation in [extended.declared(item)] if item.target is None else _meant(item, extended.model):
            mark = mark_of(operation)
            if mark in table:
                raise OperationsFault(
                    f"{operation.qualified_name} is registered twice, with the same parameters",
                    target=item.signature.name,
                    hint="overloads differ in what they are bound to, or in the names of their parameters",
                )
            table[mark] = _implementation(item, operation)
    _ensure_complete(extended.model, table)
    return Offer(extended.model, extended.model, table)


def _ensure_complete(model: Model, table: Mapping[Mark, Implementation]) -> None:
    lacking = [
        operation.qualified_name
        for schema in model.schemas.values()
        for overloads in schema.operations.values()
        for operation in overloads
        if mark_of(operation) not in table
    ]
    if lacking:
        raise OperationsFault(
            f"nothing does {', '.join(dict.fromkeys(lacking))}, which the model declares",
            target=lacking[0],
            hint=f'register a function: @operations.implements("{lacking[0]}")',
        )


# --- operations that the model declares


def _meant(item: Registered, model: Model) -> list[Operation]:
    """Return the overload that a function is registered for. Raises `OperationsFault`."""
    assert item.target is not None
    try:
        found = model.find(item.target)
    except NotFound:
        found = None
    if not isinstance(found, list):
        known = [o[0].qualified_name for schema in model.schemas.values() for o in schema.operations.values()]
        raise OperationsFault(
            f"the model has no operation {item.target}", target=item.target, hint=choices(item.target, known)
        )
    faults = [(operation, _difference(item.signature, operation)) for operation in found]
    fitting = [operation for operation, fault in faults if fault is None]
    if not fitting:
        raise OperationsFault(
            f"{item.signature.name} does not do {item.target}: {faults[0][1]}", target=item.signature.name
        )
    return fitting[:1]


def _difference(signature: FunctionSignature, operation: Operation) -> str | None:
    """Return how a function differs from an operation, ``None`` if it can do it."""
    taken = {item.name: item for item in signature.arguments}
    for name, parameter in operation.parameters.items():
        if name not in taken:
            return f"it has no parameter {name}"
        hint = taken[name].hint
        if hint is not None and not _fits(hint, parameter):
            return f"its parameter {name} is not hinted as {parameter.type.qualified_name}"
    for name, argument in taken.items():
        if name not in operation.parameters and not argument.is_optional:
            return f"its parameter {name} is none of the operation's"
    if signature.told and (signature.returns is None) is not (operation.returns is None):
        return "the one returns something, the other nothing"
    return None


def _fits(hint: Attribute, parameter: Parameter) -> bool:
    """Whether a hint may stand for the type of a parameter, as far as hints tell."""
    if is_many(hint) is not parameter.collection:
        # Many entities are passed as a collection, which is more than a list: any hint may stand for that.
        return parameter.collection and isinstance(parameter.type, EntityType)
    kind = parameter.type.underlying if isinstance(parameter.type, TypeDefinition) else parameter.type
    return not isinstance(kind, PrimitiveType) or hint.python is kind.python or hint.python is object


def _implementation(item: Registered, operation: Operation) -> Implementation:
    arguments = {a.name: (a.python_name, a.hint) for a in item.signature.arguments if a.name in operation.parameters}
    optional = frozenset(a.name for a in item.signature.arguments if a.is_optional)
    return Implementation(item, arguments, optional)
