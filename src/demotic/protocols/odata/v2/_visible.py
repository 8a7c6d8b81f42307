"""What OData 2 shows of a model: requests for anything else are refused as if it were not there."""

from __future__ import annotations

from demotic.errors import Unsupported
from demotic.model import EntityType
from demotic.model.v2 import Projection
from demotic.query import Along, BoundRequest, Query, UnknownName, UnknownResource, choices


def ensure_visible(bound: BoundRequest, projection: Projection) -> None:
    """Raise `UnknownResource` or `UnknownName` for a set, property or navigation that OData 2 does not have."""
    if bound.read is None:
        return
    source = bound.read.source
    if source.set not in projection.sets.values():
        raise UnknownResource(
            f"there is no entity set {source.set.name}",
            target=source.set.name,
            hint=choices(source.set.name, projection.sets),
        )
    kind = source.set.type
    for step in source.steps:
        if isinstance(step, Along):
            _ensure_way(kind, step.navigation.name, projection)
            kind = step.navigation.target
    ensure_whole(bound.read.query)
    if bound.properties and bound.properties[0].name not in projection.properties(kind):
        name = bound.properties[0].name
        raise UnknownResource(
            f"{kind.qualified_name} has no property {name}",
            target=name,
            hint=choices(name, projection.properties(kind)),
        )
    _ensure_expanded(bound.read.query, projection)


def ensure_whole(query: Query) -> None:
    """Raise Unsupported for properties in part, which OData 2 knows nothing of."""
    if query.parts:
        raise Unsupported(f"a part of {query.parts[0].property.name} is not offered", target="$select")
    for expand in query.expand:
        ensure_whole(expand.query)


def _ensure_way(kind: EntityType, name: str, projection: Projection) -> None:
    known = projection.navigation(kind)
    if name not in known:
        raise UnknownResource(
            f"{kind.qualified_name} has no navigation property {name}", target=name, hint=choices(name, known)
        )


def _ensure_expanded(query: Query, projection: Projection) -> None:
    for expand in query.expand:
        known, name = projection.navigation(query.type), expand.navigation.name
        if name not in known:
            raise UnknownName(
                f"{query.type.qualified_name} has no navigation property {name}",
                target="$expand",
                hint=choices(name, known),
            )
        _ensure_expanded(expand.query, projection)
