"""A model with the operations that functions declare, which keeps all other objects of the model.

OData CSDL XML 4.01, sections 12 and 13.5 to 13.6; the terms are those of the vocabulary Org.OData.Core.V1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.model import (
    DEFAULT_NAMESPACE,
    Annotation,
    EntityContainer,
    EntitySet,
    EntityType,
    Include,
    Model,
    Operation,
    OperationImport,
    Reference,
    Schema,
    declare_operation,
    is_default_namespace,
)
from demotic.service.operations._errors import OperationsFault
from demotic.service.operations._registry import Operations, Registered

CORE: Final = "Org.OData.Core.V1"
_CORE_URI: Final = f"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{CORE}.xml"


class Extension:
    """A model, and the same with more operations: the objects of the first are those of the second."""

    def __init__(self, operations: Operations, model: Model) -> None:
        self._model = model
        own = next((name for name, schema in model.schemas.items() if schema.container is not None), None)
        self.namespace = operations.namespace or own or next(iter(model.schemas), "Operations")
        self.container = _container(model)
        self.model = model
        if any(item.target is None for item in operations.registered):
            self.model = replace(model, schemas=self._schemas(), references=_references(model))
        self.schema = self.model.schemas.get(self.namespace) or Schema(self.namespace)
        if operations.default_namespace and self.model is not model and not is_default_namespace(self.schema):
            self.schema.annotations = [*self.schema.annotations, Annotation(DEFAULT_NAMESPACE)]

    def _schemas(self) -> dict[str, Schema]:
        """Return the schemas of the model, with copies of those that change: that of the operations, and that of the
        container."""
        schemas = dict(self._model.schemas)
        chosen = replace(schemas.get(self.namespace) or Schema(self.namespace))
        chosen.operations = {name: list(found) for name, found in chosen.operations.items()}
        schemas[self.namespace] = chosen
        if self._model.container is None:
            chosen.container = self.container
            return schemas
        for name, schema in schemas.items():
            if schema.container is self._model.container:
                schemas[name] = replace(schema, container=self.container)
        return schemas

    def declared(self, item: Registered) -> Operation:
        """Add the operation that a function declares."""
        operation, home = declare_operation(
            item.signature,
            self._model,
            item.kind,
            namespace=self.namespace,
            name=item.name,
            bound=item.bound,
            composable=item.composable,
            annotations=item.annotations,
        )
        self._ensure_free(operation, item)
        self.schema.operations.setdefault(operation.name, []).append(operation)
        if item.imported and not item.bound:
            self._import(operation, home, item)
        return operation

    def _ensure_free(self, operation: Operation, item: Registered) -> None:
        place = item.signature.name
        taken = {*self.schema.types, *self.schema.terms, *(c.name for c in self.schema.containers())}
        others = self.schema.operations.get(operation.name, [])
        if operation.name in taken or any(other.kind != operation.kind for other in others):
            raise OperationsFault(f"{operation.qualified_name} is the name of something else", target=place)
        first = next((other for other in others if not other.bound), None)
        if first is not None and not operation.bound and not _same_returned(first, operation):
            # CSDL XML 4.01, section 12.2: unbound functions of a name return the same type.
            raise OperationsFault(f"overloads of {operation.qualified_name} return different types", target=place)
        if operation.bound and not isinstance(next(iter(operation.parameters.values())).type, EntityType):
            raise OperationsFault(
                f"{operation.qualified_name} is bound to a value", target=place, hint="bind it to an entity, or to many"
            )

    def _import(self, operation: Operation, home: EntitySet | None, item: Registered) -> None:
        known = self.container.imports.get(operation.name)
        if known is not None and (known.operation != operation.qualified_name or known.set is not home):
            raise OperationsFault(f"{operation.name} is imported twice, differently", target=item.signature.name)
        if operation.name in self.container.members():
            raise OperationsFault(f"{operation.name} is the name of an entity set", target=item.signature.name)
        shown = operation.kind == "Function" and not operation.parameters
        made = OperationImport(operation.name, operation.qualified_name, operation.kind, home, shown)
        self.container.imports.setdefault(operation.name, made)


def _same_returned(first: Operation, second: Operation) -> bool:
    one, other = first.returns, second.returns
    if one is None or other is None:
        return one is other
    return one.type is other.type and one.collection is other.collection


def _container(model: Model) -> EntityContainer:
    """Return the container that takes the imports: a copy of the model's, or a new one."""
    found = model.container
    return EntityContainer("Container") if found is None else replace(found, imports=dict(found.imports))


def _references(model: Model) -> list[Reference]:
    """Return the references of a model, with one to the vocabulary that describes operations."""
    includes = [item for reference in model.references for item in reference.includes]
    if any(item.namespace == CORE for item in includes):
        return model.references
    aliases = {item.alias for item in includes} | {schema.alias for schema in model.schemas.values()}
    return [*model.references, Reference(_CORE_URI, (Include(CORE, None if "Core" in aliases else "Core"),))]
