"""Rows of entities of several types: each made as those of its own type are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from typing import Any

from demotic.query import Query, Shape
from demotic.store._interface import RowFactory
from demotic.store.media import Fact


def by_type(query: Query, factory: Callable[[Query], RowFactory]) -> RowFactory:
    """Return the row factory of a query with shapes; ``factory`` makes that of the query for one type alone."""
    kind = len(query.properties) + len(query.computed)  # where the name of the type is
    makers = {shape.type.qualified_name: _one(query, shape, factory, kind) for shape in query.shapes}
    # A row may tell a type that the model does not know: then it is what everything is.
    known = query.type.all_properties().values()
    own = tuple(item for item in query.properties if item in known or isinstance(item, Fact))
    otherwise = _one(query, Shape(query.type, own), factory, kind)
    return lambda *values: makers.get(values[kind], otherwise)(values)


def _one(
    query: Query, shape: Shape, factory: Callable[[Query], RowFactory], kind: int
) -> Callable[[tuple[Any, ...]], Any]:
    """Return the function from all values of a row to what is made of those that entities of one type have."""
    places = [query.properties.index(item) for item in shape.properties]
    places += range(len(query.properties), kind)
    expands, place = [], kind + 1
    for expand in query.expand:
        width = 2 if expand.query.count else 1
        if expand.of is None or shape.type in expand.of.types:
            expands.append(expand)
            places += range(place, place + width)
        place += width
    for part in query.parts:
        width = 2 if part.count else 1
        places += range(place, place + width) if part in shape.parts else ()
        place += width
    make = factory(
        replace(
            query,
            type=shape.type,
            properties=shape.properties,
            parts=tuple(part for part in query.parts if part in shape.parts),
            shapes=(),
            expand=tuple(expands),
        )
    )
    if not places:
        return lambda values: make()
    if len(places) == 1:
        only = places[0]
        return lambda values: make(values[only])
    pick = itemgetter(*places)
    return lambda values: make(*pick(values))
