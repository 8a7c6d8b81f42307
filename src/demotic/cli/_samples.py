"""Sample queries for people to click: made from the model, valid for it, without characters that a URL must escape."""

from __future__ import annotations

from demotic.model import STRING, EntitySet, EntityType
from demotic.syntax.uri import PATH_SEGMENT, percent_encode


def sample_query(entity_set: EntitySet) -> str:
    """Return a query that gives a first look at a set: a few entities, with one navigation expanded if there is one."""
    query = f"{percent_encode(entity_set.name, PATH_SEGMENT)}?$top=5"
    navigation = _first_single(entity_set.type)
    return f"{query}&$expand={percent_encode(navigation)}" if navigation else query


def telling_query(sets: list[EntitySet]) -> str:
    """Return a query of the set that shows most: filtered by a text and expanded, if there is one that has both."""
    richest = max(sets, key=_richness)
    query = sample_query(richest)
    text = _first_text(richest.type)
    if text is None:
        return query
    path, _, options = query.partition("?")
    return f"{path}?$filter=contains({percent_encode(text)},'a')&{options}"


def _richness(item: EntitySet) -> tuple[int, int]:
    return (_first_single(item.type) is not None) + (_first_text(item.type) is not None), len(item.bindings)


def _first_single(kind: EntityType) -> str | None:
    return next((item.name for item in kind.all_navigation().values() if not item.collection), None)


def _first_text(kind: EntityType) -> str | None:
    texts = (item for item in kind.all_properties().values() if item.type is STRING and not item.collection)
    return next((item.name for item in texts), None)
