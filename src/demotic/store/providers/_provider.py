"""The base of providers: what gives, and perhaps changes, the entities of one set.

Only `Provider.entities` must be given; all the rest of a query is then worked out in memory. **That has its price**:
every filter looks at all entities, every order and every page but an unordered first one keeps them all at once, and an
expanded navigation goes through the target set once for a whole answer. What costs too much can be overridden (`get`,
`query`, `related`), copied into a database now and then (`demotic copy`), kept in a cache, or refused (`unavailable`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from demotic.model import EntitySet
from demotic.query import Apply, Expression, Field, Parameter, Query
from demotic.store._errors import ReadOnly

Values = Mapping[str, Any]
"""An entity as providers give and take it: native values by property name; what is left out is null.

A stream is given as bytes, as `demotic.store.media.Media`, or as a `demotic.store.media.Readable` of your own, which is
read in chunks; that of a media entity itself under the name ``$value``.
"""


class Provider:
    """Gives the entities of one set. Subclass it; one object may serve many threads at once."""

    set: EntitySet
    """The entity set that it provides, known once a store was made of it."""
    unavailable: Collection[str] = ()
    """The query options that are refused for the set: ``filter``, ``orderby``, or both."""

    def bind(self, entity_set: EntitySet) -> None:
        """Learn which set it provides: called when a store is made of it."""
        self.set = entity_set

    def entities(self) -> Iterable[Values]:
        """Return all entities of the set, in any order."""
        raise NotImplementedError(f"{type(self).__name__} gives no entities")

    def get(self, key: tuple[Any, ...]) -> Values | None:
        """Return the entity with a key, ``None`` if there is none. Looks through all, unless overridden."""
        names = [item.name for item in self.set.type.key]
        return next((item for item in self.entities() if tuple(item.get(name) for name in names) == key), None)

    def query(self, query: Query, values: Sequence[object]) -> Iterable[Values]:
        """Return entities, among them all that pass a query's filter, in any order. All of them, unless overridden.

        ``values`` are those of the query's parameters; `equalities` reads the simple part of a filter. What is returned
        beyond that is filtered out afterwards, so an override may use as much of the filter as it likes.
        """
        return self.entities()

    def related(self, entity: Values, navigation: str) -> Iterable[Values] | Values | None:
        """Return what a navigation property of an entity leads to: an entity or ``None``, of many an iterable.

        Unless overridden, ``NotImplemented``: then the model's referential constraints say which entities these are,
        and navigation without one is refused.
        """
        result: Any = NotImplemented
        return result  # type: ignore[no-any-return]

    def insert(self, entity: Values) -> None:
        """Add an entity, complete, whose key is not there yet. Raises `ReadOnly` unless overridden."""
        raise ReadOnly(f"{self.set.name} takes no new entities")

    def update(self, key: tuple[Any, ...], entity: Values) -> None:
        """Set all values of an entity that is there. Raises `ReadOnly` unless overridden."""
        raise ReadOnly(f"the entities of {self.set.name} cannot be changed")

    def delete(self, key: tuple[Any, ...]) -> None:
        """Remove an entity that is there. Raises `ReadOnly` unless overridden."""
        raise ReadOnly(f"the entities of {self.set.name} cannot be removed")

    @property
    def writable(self) -> bool:
        """Whether anything of the set can be changed: so it is if a method that does it was overridden."""
        return any(getattr(type(self), name) is not getattr(Provider, name) for name in ("insert", "update", "delete"))


def equalities(query: Query, values: Sequence[object]) -> dict[str, object]:
    """Return the properties that must equal a value for an entity to pass a query's filter, by name.

    These are the comparisons ``Name eq value`` that are joined by ``and``; a provider can look them up in an index.
    """
    found: dict[str, object] = {}
    _collect(query.filter, values, found)
    return found


def _collect(node: Expression | None, values: Sequence[object], found: dict[str, object]) -> None:
    if not isinstance(node, Apply) or node.name not in ("and", "eq"):
        return
    if node.name == "and":
        for argument in node.arguments:
            _collect(argument, values, found)
        return
    for one, other in (node.arguments, node.arguments[::-1]):
        if isinstance(one, Field) and not one.via and one.variable.depth == 0 and isinstance(other, Parameter):
            found["/".join(item.name for item in one.path)] = values[other.slot]
