"""Lookup by name over a whole model: dotted as far as you like, or with slashes below a schema's child.

Names are those of OData CSDL XML 4.01, section 15 (qualified names) and section 14.2.2 (target paths).
"""

from __future__ import annotations

from collections.abc import Iterator

from demotic.model._errors import NotFoundInModel
from demotic.model._schema import (
    EntityContainer,
    EntitySet,
    Model,
    ModelObject,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE,
    EnumType,
    NavigationProperty,
    Property,
    StructuredType,
)
from demotic.model._types import BUILTINS, PRIMITIVES

_EDM: dict[str, ModelObject] = {
    **PRIMITIVES,
    **BUILTINS,
    EDM_COMPLEX_TYPE.name: EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE.name: EDM_ENTITY_TYPE,
}


def find(model: Model, name: str) -> ModelObject:
    """Return what `name` stands for in `model`. Raises NotFoundInModel saying which step failed."""
    first, *steps = name.split("/")
    found, rest = _schema_of(model, first)
    if found is None:
        raise NotFoundInModel(f"the model has nothing called {first}", target=name, hint=_known(model))
    for step in (*rest, *steps):
        below = _members(found).get(step)
        if below is None:
            known = ", ".join(_members(found)) or "nothing"
            raise NotFoundInModel(f"{name}: nothing called {step}", target=name, hint=f"there is {known}")
        found = below
    return found


def names(model: Model) -> Iterator[str]:
    """Yield the names of everything in a model, as far down as one thing belongs to another."""
    for namespace, schema in model.schemas.items():
        yield namespace
        for child, found in _members(schema).items():
            yield f"{namespace}.{child}"
            yield from (f"{namespace}.{child}/{name}" for name in _members(found))


def schemas_in_reach(model: Model) -> Iterator[tuple[str, Schema]]:
    """Yield each name by which a schema can be meant in this document, own ones first, and the schema."""
    for namespace, schema in model.schemas.items():
        yield namespace, schema
        if schema.alias is not None:
            yield schema.alias, schema
    for reference in model.references:
        for include in reference.includes:
            included = None if reference.model is None else reference.model.schemas.get(include.namespace)
            if included is not None:
                yield include.namespace, included
                if include.alias is not None:
                    yield include.alias, included


def _schema_of(model: Model, name: str) -> tuple[ModelObject | None, list[str]]:
    """Return where a dotted name starts, the longest namespace that fits first, and the names below it."""
    if name.startswith("Edm."):
        return _EDM.get(name.removeprefix("Edm.")), []
    schemas = list(schemas_in_reach(model))
    for namespace, schema in sorted(schemas, key=lambda pair: len(pair[0]), reverse=True):
        if name == namespace:
            return schema, []
        if name.startswith(f"{namespace}."):
            return schema, name.removeprefix(f"{namespace}.").split(".")
    return None, []


def _members(owner: ModelObject) -> dict[str, ModelObject]:
    """Return what is right below a model object, by name."""
    if isinstance(owner, Schema):
        containers = {container.name: container for container in owner.containers()}
        return {**owner.types, **owner.operations, **owner.terms, **containers}
    if isinstance(owner, StructuredType):
        return {**owner.all_properties(), **owner.all_navigation()}
    if isinstance(owner, EntityContainer):
        return {**owner.sets, **owner.singletons, **owner.imports}
    if isinstance(owner, (EntitySet, Singleton)):
        return _members(owner.type)
    if isinstance(owner, NavigationProperty):
        return _members(owner.target)
    if isinstance(owner, Property) and isinstance(owner.type, (StructuredType, EnumType)):
        return _members(owner.type)
    if isinstance(owner, EnumType):
        return dict(owner.members)
    return {}


def _known(model: Model) -> str:
    return f"its namespaces are {', '.join(model.schemas)}" if model.schemas else "it has no schema"
