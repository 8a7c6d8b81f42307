"""Context URLs: what a payload describes (OData Protocol 4.01, section 10). Here without the root: the part after
``#``."""

from __future__ import annotations

from collections.abc import Sequence

from demotic.model import EntitySet, EntityType, Singleton
from demotic.query import Expand, Query, Selection


def collection_context(target: EntitySet | Singleton | None, type_: EntityType, inside: str) -> str:
    """Return the fragment for a collection of entities (10.2, 10.3, 10.10); ``inside`` is what `projection` says."""
    if isinstance(target, EntitySet):
        return f"{target.name}{cast_segment(target, type_)}{inside}"
    return f"Collection({type_.qualified_name}){inside}"


def entity_context(target: EntitySet | Singleton | None, type_: EntityType, inside: str) -> str:
    """Return the fragment for a single entity (10.4 to 10.6, 10.11)."""
    if isinstance(target, EntitySet):
        return f"{target.name}{cast_segment(target, type_)}{inside}/$entity"
    if isinstance(target, Singleton):
        return f"{target.name}{cast_segment(target, type_)}{inside}"
    return f"{type_.qualified_name}{inside}"


def cast_segment(target: EntitySet | Singleton | None, kind: EntityType) -> str:
    """Return the segment that says that entities are of a type derived from that of their set (10.3, 10.6)."""
    return "" if target is None or kind in target.type.lineage() else f"/{kind.qualified_name}"


def projection(query: Query, selection: Selection) -> str:
    """Return the select list of a context URL (10.9 to 10.11), parentheses included, or nothing.

    Expanded navigation properties are listed with their own lists, empty parentheses standing for "all".
    """
    expanded = [_shown(expand) for expand in query.expand]
    parts = [name for name in selection.names or () if name not in expanded]
    for expand, inside in zip(query.expand, selection.expand, strict=True):
        if expand.ending == "$count":
            continue
        parts.append(f"{_shown(expand)}{projection(expand.query, inside) or '()'}")
    return select_list(parts)


def select_list(parts: Sequence[str]) -> str:
    """Return words in parentheses, or nothing."""
    return f"({','.join(parts)})" if parts else ""


def _shown(expand: Expand) -> str:
    """Return the name of what is expanded, after that of the type whose property it is if not all have it."""
    name = expand.navigation.name
    return name if expand.of is None else f"{expand.of.name}/{name}"
