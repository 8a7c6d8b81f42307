"""Where a change is to be made: the URL of a request, and the URLs in its body, as sets and keys.

OData URL Conventions 4.01, section 4. A path is followed in the state of the transaction that makes the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from demotic.errors import InvalidInput, NotFound, SyntaxFault
from demotic.model import EntitySet, EntityType, Model, NavigationProperty, Singleton, bound_to
from demotic.protocols.odata.common._answer import TupleForm
from demotic.query import (
    Along,
    BoundRequest,
    ByKey,
    Filtered,
    Kind,
    OfType,
    Query,
    Read,
    Source,
    Target,
    Variable,
)
from demotic.service import Entity, NoSuchEntity, Origin, Ref, Representation, Transaction, View, ensure_not_contained

_KEYS = TupleForm(Representation.NATIVE)

Bind: TypeAlias = Callable[[str], BoundRequest]
"""Binds a path below the service root."""


Step: TypeAlias = ByKey | Along | Filtered | OfType


@dataclass(frozen=True, slots=True)
class Place:
    """An entity that is addressed: its set and key, and whether the path is that of a set with a key and no more."""

    entity_set: EntitySet
    key: tuple[object, ...]
    direct: bool


def set_of(source: Source) -> EntitySet:
    """Return the set that addressed entities live in.

    Raises NotFound where no binding says, and Unsupported for contained entities, which are in none.
    """
    found: EntitySet | Singleton | None = source.set
    for step in source.steps:
        if isinstance(step, Along):
            ensure_not_contained(step.navigation)
            found = bound_to(found, step.navigation) if found is not None else None
    if not isinstance(found, EntitySet):
        raise NotFound("what is addressed belongs to no entity set", hint="address it by its set and key")
    return found


def place_of(view: View, read: Read, values: Sequence[object]) -> Place | None:
    """Return the entity that a path leads to, ``None`` if it leads nowhere."""
    source = read.source
    entity_set = set_of(source)
    if len(source.steps) == 1 and isinstance(source.steps[0], ByKey):
        return Place(entity_set, tuple(values[p.slot] for p in source.steps[0].key), True)
    kind = entity_set.type
    query = Query(kind, Variable("$it", 0, kind), kind.key)
    row: Any = view.one(view.prepare(Read(source, query, Kind.ENTITY), _KEYS), values)
    return None if row is None else Place(entity_set, tuple(row), False)


def origin_of(view: View, read: Read, values: Sequence[object]) -> Origin | None:
    """Return the navigation property that a path ends with, and the entity that it starts from.

    ``None`` for the path of a set. Raises NotFound if there is no such entity.
    """
    *before, last = uncast(read.source) or (None,)
    if not isinstance(last, Along):
        return None
    start = Source(read.source.set, tuple(step for step in before if step is not None))
    place = place_of(view, replace(read, source=start), values)
    if place is None:
        raise NotFound("there is no such entity to follow the path from", target=read.source.set.name)
    return Origin(place.entity_set, place.key, last.navigation)


def uncast(source: Source) -> tuple[Step, ...]:
    """Return the steps of a path without a cast at its end."""
    return source.steps[:-1] if source.steps and isinstance(source.steps[-1], OfType) else source.steps


def navigation_of(read: Read) -> NavigationProperty | None:
    """Return the navigation property that a path ends with."""
    steps = uncast(read.source)
    last = steps[-1] if steps else None
    return last.navigation if isinstance(last, Along) else None


@dataclass(frozen=True, slots=True)
class References:
    """Reads URLs of entities: absolute ones, those from the host's root, and those below the service root."""

    bind: Bind
    view: View
    root: str
    root_path: str
    known: Mapping[str, str]
    """The URLs of entities that ``$name`` stands for: those of the requests before, in a batch."""

    @property
    def model(self) -> Model:
        """The model of the service."""
        return self.view.model

    def __call__(self, url: str, kind: EntityType) -> Ref:
        """Return a reference to the entity of a URL. Raises InvalidInput if it is none, or not of that type."""
        return Ref(self.place(url, kind).key)

    def entity(self, url: str, kind: EntityType, transaction: Transaction) -> Entity:
        """Return the entity of a URL. Raises as a call does, and if it is not there."""
        place = self.place(url, kind)
        try:
            return transaction[place.entity_set.name][place.key]
        except NoSuchEntity:
            raise InvalidInput(f"{url} leads nowhere", target="@id") from None

    def place(self, url: str, kind: EntityType) -> Place:
        """Return where the entity of a URL is."""
        url = self.known.get(url.removeprefix("$"), url) if url.startswith("$") else url
        bound = self._bound(url)
        if bound.target is not Target.ENTITY or bound.read is None:
            raise InvalidInput(f"{url} is not the URL of one entity", target="@id")
        found = bound.read.query.type
        if kind not in found.lineage() and found not in kind.lineage():
            raise InvalidInput(
                f"{url} leads to a {bound.read.query.type.name}", target="@id", hint=f"not to a {kind.name}"
            )
        place = place_of(self.view, bound.read, bound.values)
        if place is None:
            raise InvalidInput(f"{url} leads nowhere", target="@id")
        return place

    def _bound(self, url: str) -> BoundRequest:
        for start in (self.root, self.root_path):
            if url.startswith(start):
                rest = url[len(start) :]
                break
        else:
            rest = url
        if "://" in rest or rest.startswith("/"):
            raise InvalidInput(f"{url} is not an entity of this service", target="@id", hint=f"its root is {self.root}")
        try:
            return self.bind(rest)
        except (SyntaxFault, NotFound) as fault:
            raise InvalidInput(f"{url} is not the URL of an entity: {fault.message}", target="@id") from None
