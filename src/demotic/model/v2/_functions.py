"""Function imports: the operations that versions 2 and 3 can call, with the method that calls them.

[MC-CSDL], section 2.1.21; [MS-ODATA], section 2.2.3.13; OData Version 3.0, section 11.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from demotic.model._annotations import Annotation
from demotic.model._schema import EntityContainer, EntitySet, Model, OperationImport
from demotic.model._schema_children import EntityType, Operation
from demotic.model.v2._terms import HTTP_METHOD, stated
from demotic.model.v2._types import Typed, is_within, type_name

METHODS = ("GET", "POST", "PUT", "MERGE", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True, eq=False)
class FunctionImport:
    """A service operation: its name in the container, the method that calls it, and the operation behind it.

    ``bound`` ones are those of version 3 that take an entity first; ``set`` is the set of the entities returned.
    """

    name: str
    operation: Operation
    method: str
    set: EntitySet | None = None
    bound: bool = False
    annotations: list[Annotation] = field(default_factory=list)


def function_imports(model: Model, container: EntityContainer, version: str) -> Iterator[FunctionImport]:
    """Yield what a container offers to callers of a version.

    Left out is what they cannot say: overloads, parameters of types that are left out, entities of no set, and in
    version 2 whatever is bound to an entity.
    """
    by_name = {
        item.qualified_name: overloads
        for schema in model.schemas.values()
        for overloads in schema.operations.values()
        for item in overloads[:1]
    }
    for item in container.imports.values():
        overloads = [o for o in by_name.get(item.operation, []) if not o.bound]
        if len(overloads) == 1 and _is_sayable(overloads[0], version, model):
            found = _imported(item, overloads[0])
            if not _lacks_set(found):
                yield found
    if version >= "3" and container is model.container:
        for overloads in by_name.values():
            bound = [o for o in overloads if o.bound and _is_sayable(o, version, model)]
            callable_ones = [FunctionImport(o.name, o, _method(o), None, True, o.annotations) for o in bound]
            yield from (one for one in callable_ones if not _lacks_set(one))


def _imported(item: OperationImport, operation: Operation) -> FunctionImport:
    returns = operation.returns
    entities = returns is not None and isinstance(returns.type, EntityType)
    found = item.set if isinstance(item.set, EntitySet) and entities else None
    method = stated(item.annotations, HTTP_METHOD)
    return FunctionImport(
        item.name, operation, str(method) if method else _method(operation), found, annotations=item.annotations
    )


def _method(operation: Operation) -> str:
    return "GET" if operation.kind == "Function" else "POST"


def _lacks_set(item: FunctionImport) -> bool:
    """Whether it returns entities of no set, which cannot be said ([MC-CSDL], section 2.1.21)."""
    returns = item.operation.returns
    entities = returns is not None and returns.collection and isinstance(returns.type, EntityType)
    return entities and item.set is None and item.operation.entity_set_path is None


def _is_sayable(operation: Operation, version: str, model: Model) -> bool:
    items: list[Typed] = [*operation.parameters.values()]
    items += [] if operation.returns is None else [operation.returns]
    return all(type_name(item, version) is not None and is_within(item, model.schemas) for item in items)
