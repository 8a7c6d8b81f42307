"""Query options that a provider does not offer, refused before a read (OData 4.01: Protocol, section 11.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import EntitySet
from demotic.query import Along, Filtered, Query, Read
from demotic.store.memory._state import Ways
from demotic.store.providers._provider import Provider

OPTIONS: Final[Mapping[str, Callable[[Query], bool]]] = {
    "filter": lambda query: query.filter is not None,
    "orderby": lambda query: bool(query.order),
}
"""The options that may be refused, and whether a query has them."""


def check_names(provider: Provider) -> None:
    """Raise InvalidInput for a name that is none of the options."""
    for name in provider.unavailable:
        if name not in OPTIONS:
            raise InvalidInput(f"{name!r} cannot be unavailable", hint=f"name some of {', '.join(OPTIONS)}")


def check_read(ways: Ways, providers: Mapping[str, Provider], read: Read) -> None:
    """Raise Unsupported if any level of a read has an option that the provider of its set does not offer."""
    entity_set = read.source.set
    for step in read.source.steps:
        if isinstance(step, Along):
            entity_set = ways.target(step.navigation)
        if isinstance(step, Filtered):
            _check(ways, providers, entity_set, Query(entity_set.type, step.variable, (), step.condition))
    _check(ways, providers, entity_set, read.query)


def _check(ways: Ways, providers: Mapping[str, Provider], entity_set: EntitySet, query: Query) -> None:
    for name in sorted(providers[entity_set.name].unavailable):
        if OPTIONS[name](query):
            raise Unsupported(f"{entity_set.name} offers no ${name}", target=f"${name}", hint=f"ask without ${name}")
    for expand in query.expand:
        _check(ways, providers, ways.target(expand.navigation), expand.query)
