"""Which system query options a resource takes: one row for each kind of resource.

OData URL Conventions 4.01, section 5.1; Protocol 4.01, sections 11.2 and 11.2.10: of a count, options that do not
change the number are allowed, and without effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput
from demotic.model import EntityType, Model, StructuredType
from demotic.query._addressed import BoundPath, Target
from demotic.query._errors import NotApplicable, UnknownResource
from demotic.query._tree import Options

SCHEMA_VERSION: Final = "Org.OData.Core.V1.SchemaVersion"

OPTION_NAMES: Final = (
    *("filter", "orderby", "select", "expand", "top", "skip", "count", "skiptoken", "format", "search", "compute"),
    *("levels", "apply", "deltatoken", "id", "index", "schemaversion", "temporal"),
)

ENTITY_OPTIONS: Final = frozenset({"select", "expand", "compute", "format", "schemaversion", "temporal"})
_VALUES: Final = frozenset({"filter", "orderby", "top", "skip", "count", "skiptoken", "format", "schemaversion"})
_COLLECTION: Final = ENTITY_OPTIONS | _VALUES | {"search", "apply", "deltatoken", "index"}
_DOCUMENT: Final = frozenset({"format", "schemaversion"})
_COUNT: Final = frozenset({"filter", "search", "apply", "schemaversion", "orderby", "top", "skip", "expand", "select"})
_BY_TARGET: Final[Mapping[Target, frozenset[str]]] = {
    Target.SERVICE: _DOCUMENT,
    Target.METADATA: _DOCUMENT,
    Target.BATCH: frozenset(),
    Target.COLLECTION: _COLLECTION,
    Target.ALL: _COLLECTION,
    Target.CROSSJOIN: _COLLECTION,
    Target.ENTITY: ENTITY_OPTIONS,
    Target.PROPERTY: _DOCUMENT,
    Target.VALUE: _DOCUMENT,
    Target.MEDIA: _DOCUMENT,
    Target.COUNT: _COUNT,
    Target.REFERENCE: _DOCUMENT,
    Target.REFERENCES: _VALUES | {"search"},
    Target.OPERATION: frozenset(),
    Target.BY_ID: ENTITY_OPTIONS | {"id"},
    Target.QUERY: frozenset(),
}
_RESULTS: Final[Mapping[tuple[bool, bool], Target]] = {
    (True, True): Target.COLLECTION,
    (True, False): Target.ENTITY,
    (False, True): Target.PROPERTY,
    (False, False): Target.PROPERTY,
}
_COMPLEX: Final = ENTITY_OPTIONS
_COMPLEX_COLLECTION: Final = _VALUES | {"select", "expand", "compute", "apply"}
_COUNT_OF_VALUES: Final = frozenset({"filter"})


def given_options(options: Options) -> frozenset[str]:
    """Return the names of the system query options that were given, without ``$``."""
    return frozenset(name for name in OPTION_NAMES if getattr(options, name) not in (None, (), False))


def _taken(bound: BoundPath) -> frozenset[str]:
    place, target = bound.place, bound.target
    if target is Target.OPERATION:  # what it returns is shaped
        entity = isinstance(place.of, EntityType)
        return _taken(replace(bound, target=_RESULTS[entity, place.collection]))
    if target is Target.BY_ID and not isinstance(place.of, EntityType):
        return _DOCUMENT | {"id"}
    if target is Target.COUNT and not isinstance(place.of, EntityType):
        return _COUNT_OF_VALUES if place.of is None else _COUNT_OF_VALUES | {"apply"}
    if target is Target.PROPERTY and isinstance(place.of, StructuredType):
        return _COMPLEX_COLLECTION if place.collection else _COMPLEX
    if target is Target.PROPERTY and place.collection:
        return _VALUES
    return _BY_TARGET[target]


def check_applicable(options: Options, bound: BoundPath) -> None:
    """Raise `NotApplicable` for an option that the resource does not take."""
    taken = _taken(bound)
    for name in sorted(given_options(options) - taken):
        takers = [kind.value for kind, names in _BY_TARGET.items() if name in names]
        raise NotApplicable(
            f"${name} does not apply to {bound.target.value}",
            target=f"${name}",
            hint=f"it applies to {', '.join(takers)}" if takers else None,
        )
    if bound.target is Target.BY_ID and options.id is None:
        raise InvalidInput("$entity needs the id of an entity", target="$entity", hint="write $entity?$id=...")


def for_schema_version(options: Options, model: Model) -> Options:
    """Return the options without ``$schemaversion`` where it names the version that the model publishes, or any.

    Raises `UnknownResource` for another version (Protocol 4.01, sections 11.2.12 and 13.2.1). Where none is published,
    the option is left for the binder to refuse.
    """
    wanted = options.schemaversion
    if wanted is None:
        return options
    published = {
        str(item.value)
        for schema in model.schemas.values()
        for item in schema.annotations
        if item.term == SCHEMA_VERSION
    }
    if not published:
        return options
    if wanted != "*" and wanted not in published:
        raise UnknownResource(
            f"the schema has no version {wanted}",
            target="$schemaversion",
            hint=f"it has {', '.join(sorted(published))}",
        )
    return replace(options, schemaversion=None)
