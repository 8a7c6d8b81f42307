"""What the writers of CSDL XML and JSON have in common: which names, paths and facets stand for model objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput
from demotic.model._schema import (
    EntitySet,
    Model,
    OperationImport,
    Singleton,
)
from demotic.model._schema_children import (
    SCALE_FLOATING,
    SCALE_VARIABLE,
    EntityType,
    NavigationProperty,
)
from demotic.model.csdl._names import Names

PROTOCOLS: Final[Mapping[str, str]] = {
    "1.0": "1.0",
    "1.1": "1.0",
    "1.2": "1.0",
    "2.0": "2.0",
    "2.2": "2.0",
    "3.0": "3.0",
}
"""The version of the protocol that a document says, by its own version, where the model comes from another."""


def in_version(model: Model, version: str | None) -> Model:
    """Return the model as one of a document of that version. Raises InvalidInput for versions that there are not."""
    if version is None or version == model.version:
        return model
    if version in PROTOCOLS:
        return replace(model, version=version, data_service_version=PROTOCOLS[version])
    if version in ("4.0", "4.01"):
        return replace(model, version=version)
    known = ", ".join((*PROTOCOLS, "4.0", "4.01"))
    raise InvalidInput(f"there is no CSDL XML of version {version}", target="version", hint=f"one of {known}")


def names_of(model: Model) -> Names:
    """Return the aliases that a document of this model declares."""
    included = {i.alias: i.namespace for r in model.references for i in r.includes if i.alias is not None}
    own = {schema.alias: schema.namespace for schema in model.schemas.values() if schema.alias is not None}
    return Names({**included, **own})


def key_refs(kind: EntityType) -> tuple[tuple[str, str | None], ...]:
    """Return the path and the alias of each key property that the type itself declares."""
    return kind.key_paths or tuple((item.name, None) for item in kind.own_key)


def constraint_refs(navigation: NavigationProperty) -> tuple[tuple[str, str], ...]:
    """Return the paths of the properties that each referential constraint pairs."""
    return navigation.constraint_paths or tuple((own.name, theirs.name) for own, theirs in navigation.constraints)


def partner_ref(navigation: NavigationProperty) -> str | None:
    """Return the path of the partner."""
    if navigation.partner_path is not None or navigation.partner is None:
        return navigation.partner_path
    return navigation.partner.name


def binding_refs(owner: EntitySet | Singleton) -> Iterator[tuple[str, str]]:
    """Yield the path and the target of each binding."""
    for path, target in owner.bindings.items():
        yield path, target.name
    yield from owner.other_bindings.items()


def import_set(item: OperationImport) -> str | None:
    """Return the name or path of the set of what an imported operation returns."""
    return item.set.name if isinstance(item.set, EntitySet) else item.set


def scale_in(version: str, scale: int | str | None) -> int | str | None:
    """Return the scale as a document of this version says it: 4.0 knows no floating one, and the next is variable."""
    return SCALE_VARIABLE if version == "4.0" and scale == SCALE_FLOATING else scale
