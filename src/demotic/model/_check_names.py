"""Rules on names: what may be one, and that each is there once.

OData CSDL XML 4.01, sections 5, 6 and 15.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from demotic.model._check_walk import Findings, containers, structured
from demotic.model._errors import DuplicateName, IncompatibleNames, InvalidName
from demotic.model._identifiers import is_identifier, is_namespace
from demotic.model._schema import Model, Schema
from demotic.model._schema_children import EnumType, StructuredType

RESERVED_NAMESPACES: Final = frozenset(("Edm", "odata", "System", "Transient"))


def identifiers(model: Model) -> Findings:
    for schema in model.schemas.values():
        yield from _namespace(schema)
        for scope, name in _declared_names(schema):
            if not is_identifier(name):
                hint = "a letter or '_' first, then also digits, at most 128 characters"
                yield InvalidName(f"{name!r} is no identifier", target=scope, hint=hint)


def _namespace(schema: Schema) -> Findings:
    if not is_namespace(schema.namespace):
        yield InvalidName(f"{schema.namespace!r} is no namespace", target=schema.namespace)
    for name in (schema.namespace, schema.alias):
        if name in RESERVED_NAMESPACES:
            yield InvalidName(f"{name} is reserved", target=schema.namespace)
    if schema.alias is not None and not is_identifier(schema.alias):
        yield InvalidName(f"the alias {schema.alias!r} is no identifier", target=schema.namespace)


def _declared_names(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each name declared in a schema, and the scope that it belongs to."""
    for name, kind in schema.types.items():
        yield schema.namespace, name
        if isinstance(kind, StructuredType):
            yield from ((kind.qualified_name, item) for item in (*kind.properties, *kind.navigation))
        if isinstance(kind, EnumType):
            yield from ((kind.qualified_name, item) for item in kind.members)
    yield from ((schema.namespace, name) for name in (*schema.operations, *schema.terms))
    for container in schema.containers():
        yield schema.namespace, container.name
        scope = f"{schema.namespace}.{container.name}"
        yield from ((scope, name) for name in (*container.sets, *container.singletons, *container.imports))


def duplicates(model: Model) -> Findings:
    for schema in model.schemas.values():
        own = (container.name for container in schema.containers())
        children = (*schema.types, *schema.operations, *schema.terms, *own)
        yield from _twice(schema.namespace, children)
    for scope, holder in containers(model):
        yield from _twice(scope, (*holder.sets, *holder.singletons, *holder.imports))
    for kind in structured(model):
        inherited = () if kind.base is None else (*kind.base.all_properties(), *kind.base.all_navigation())
        yield from _twice(kind.qualified_name, (*kind.properties, *kind.navigation, *inherited))
    spaces = [{schema.namespace, schema.alias} - {None} for schema in model.schemas.values()]
    yield from _twice("namespaces and aliases", [str(name) for names in spaces for name in names])


def _twice(scope: str, names: tuple[str, ...] | list[str]) -> Findings:
    for name, count in Counter(names).items():
        if count > 1:
            yield DuplicateName(f"{name} is declared {count} times", target=scope)


def hidden_names(model: Model) -> Findings:
    """A schema's child that is called like another namespace hides it, or is hidden by it."""
    for schema in model.schemas.values():
        for child in (*schema.types, *schema.operations, *schema.terms):
            qualified = f"{schema.namespace}.{child}"
            for other in model.schemas:
                if other == qualified or other.startswith(f"{qualified}."):
                    yield IncompatibleNames(f"it hides the namespace {other}", target=qualified)
