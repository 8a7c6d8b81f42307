"""Access rules held over a service: for everybody, the service as they may see it.

Rules are read against the model once, so that what is wrong with them is told before anything is served. People to whom
the same grants apply share one service, with its plans; at most `MOST_SIGHTS` are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, TypeAlias

from demotic.model import EntitySet, EntityType, Model
from demotic.query import choices
from demotic.service._service import Service
from demotic.service.access._claims import TEXT, claim_types
from demotic.service.access._conditions import Condition, Stated, bind_condition, read_condition
from demotic.service.access._projection import project
from demotic.service.access._rules import OPERATIONS, AccessRules, Grant, RulesFault, SetRules
from demotic.service.access._sight import Sight
from demotic.service.access._store import Restricted
from demotic.service.identity import Identity

MOST_SIGHTS: Final = 64
MOST_PEOPLE: Final = 1000

_Applying: TypeAlias = tuple[tuple[object, ...], ...]
"""Which grants apply to somebody and which properties are hidden from them: what people must share to share plans."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A grant as read: its condition, and where it stands in the rules."""

    grant: Grant
    stated: Stated | None
    place: str


class AccessControl:
    """Access rules over a service. Raises `RulesFault` for rules that do not fit its model.

    >>> control = AccessControl(service, rules)   # doctest: +SKIP
    ... with acting_as(identity):
    ...     control.service_for(identity).store
    """

    def __init__(self, service: Service, rules: AccessRules) -> None:
        self._service = service
        self._rules = rules
        self._types = claim_types(rules.claims)
        self._grants = {name: _reading(self, name, found) for name, found in rules.sets.items()}
        _check(service.model, rules)
        self._calls = _called(service, rules)
        self._roles = frozenset(
            role
            for found in rules.sets.values()
            for item in (*(g for o in OPERATIONS for g in found.grants(o)),)
            for role in item.roles
        ) | frozenset(role for found in rules.sets.values() for item in found.hide for role in item.unless)
        self._roles |= frozenset(role for found in rules.calls.values() for item in found for role in item.roles)
        self._claims = tuple(dict.fromkeys(self._spoken_of()))
        self._people: OrderedDict[object, Service] = OrderedDict()
        self._services: OrderedDict[_Applying, Service] = OrderedDict()
        self._lock = Lock()
        for name, operations in self._grants.items():  # all conditions once, so that a wrong one is told now
            for item in (item for found in operations.values() for item in found if item.stated is not None):
                self._bound(name, (item,), {})

    def read(self, text: str, place: str) -> Stated:
        """Read a condition of the rules."""
        return read_condition(text, self._types, place)

    def _spoken_of(self) -> Iterator[str]:
        for operations in self._grants.values():
            for found in operations.values():
                for item in found:
                    if item.stated is not None:
                        yield from item.stated.claims

    def service_for(self, identity: Identity) -> Service:
        """Return the service as somebody may see it. Raises Forbidden for somebody whose claims are beyond all bounds.

        It answers for whom the thread is working: see `demotic.service.identity.acting_as`.
        """
        sizes = {name: self._types.get(name, TEXT).size(identity, name) for name in self._claims}
        person = (identity.is_known, identity.roles & self._roles, tuple(sizes.values()))
        with self._lock:
            found = self._people.get(person)
            if found is not None:
                self._people.move_to_end(person)
                return found
        applying = self._applying(identity, sizes)
        with self._lock:
            found = self._services.get(applying)
        if found is None:
            found = self._made(identity, sizes)
        with self._lock:
            found = self._services.setdefault(applying, found)
            self._services.move_to_end(applying)
            self._people[person] = found
            if len(self._services) > MOST_SIGHTS:
                self._services.popitem(last=False)
                self._people = OrderedDict(
                    (who, seen) for who, seen in self._people.items() if seen in self._services.values()
                )
            if len(self._people) > MOST_PEOPLE:
                self._people.popitem(last=False)
        return found

    # --- what applies to whom

    def _applying(self, identity: Identity, sizes: Mapping[str, int | None]) -> _Applying:
        grants = tuple(
            (item.place, tuple(sizes[name] for name in item.stated.claims) if item.stated is not None else ())
            for operations in self._grants.values()
            for found in operations.values()
            for item in found
            if _applies(item, identity, sizes)
        )
        hidden = tuple((name, tuple(sorted(self._hidden(name, identity)))) for name in self._rules.sets)
        return (*grants, *hidden, tuple(sorted(self._callable(identity))))

    def _callable(self, identity: Identity) -> frozenset[str]:
        """Return the qualified names of the operations that somebody may call."""
        return frozenset(
            name for name, grants in self._calls.items() if any(_is_for(item, identity) for item in grants)
        )

    def _hidden(self, name: str, identity: Identity) -> frozenset[str]:
        found = self._rules.sets[name].hide
        return frozenset(p for item in found if not (item.unless & identity.roles) for p in item.properties)

    def _made(self, identity: Identity, sizes: Mapping[str, int | None]) -> Service:
        model = self._service.model
        assert model.container is not None
        conditions: dict[EntityType, Condition] = {}
        closed: set[EntityType] = set()
        hidden: dict[EntityType, frozenset[str]] = {}
        rights: dict[EntitySet, dict[str, Condition | None]] = {}
        for name, item in model.container.sets.items():
            rights[item] = self._rights(name, identity, sizes)
            if "read" not in rights[item]:
                closed.add(item.type)
                continue
            read = rights[item]["read"]
            if read is not None:
                conditions.update(dict.fromkeys(_with_derived(model, item.type), read))
            if name in self._rules.sets:
                hidden[item.type] = self._hidden(name, identity)
        projection = project(model, frozenset(closed), hidden, operations=self._service.offer is not None)
        sight = Sight(projection, conditions, rights)
        offered = {item.name: frozenset(found) for item, found in rights.items()}
        seen = Restricted(self._service.store, sight)
        offer = self._service.offer
        if offer is not None:
            offer = replace(offer, model=projection.model, granted=self._callable(identity))
        return replace(self._service, store=seen, offered=offered, offer=offer)

    def _rights(self, name: str, identity: Identity, sizes: Mapping[str, int | None]) -> dict[str, Condition | None]:
        if name not in self._grants:
            return dict.fromkeys(OPERATIONS) if self._rules.others_open else {}
        rights: dict[str, Condition | None] = {}
        for operation, found in self._grants[name].items():
            applying = tuple(item for item in found if _applies(item, identity, sizes))
            if applying and (operation == "read" or "read" in rights):
                everything = any(item.stated is None for item in applying)
                rights[operation] = None if everything else self._bound(name, applying, sizes)
        return rights

    def _bound(self, name: str, items: tuple[_Read, ...], sizes: Mapping[str, int | None]) -> Condition:
        model = self._service.model
        assert model.container is not None
        stated = [item.stated for item in items if item.stated is not None]
        lengths = {claim: size for claim, size in sizes.items() if size is not None}
        place = items[0].place if len(items) == 1 else f"sets.{name}"
        return bind_condition(stated, model.container.sets[name], model, self._types, lengths, place)


def _applies(item: _Read, identity: Identity, sizes: Mapping[str, int | None]) -> bool:
    if not _is_for(item.grant, identity):
        return False
    return item.stated is None or all(sizes[name] is not None for name in item.stated.claims)


def _is_for(grant: Grant, identity: Identity) -> bool:
    return not (grant.known and not identity.is_known) and (not grant.roles or bool(grant.roles & identity.roles))


def _called(service: Service, rules: AccessRules) -> dict[str, tuple[Grant, ...]]:
    """Return the grants of operations by their qualified names. Raises `RulesFault`."""
    model = service.model
    imports = model.container.imports if model.container is not None else {}
    known = {name: item.operation for name, item in imports.items()}
    for namespace, schema in model.schemas.items():
        known.update({f"{namespace}.{name}": f"{namespace}.{name}" for name in schema.operations})
    found: dict[str, tuple[Grant, ...]] = {}
    for name, grants in rules.calls.items():
        place = f"operations.{name}"
        if service.offer is None or name not in known:
            raise RulesFault(f"{place}: there is no operation {name}", target=place, hint=choices(name, known))
        if any(grant.where is not None for grant in grants):
            hint = "what it reads and changes is held to the rules of the sets"
            raise RulesFault(f"{place}: who may call an operation has no condition", target=place, hint=hint)
        if known[name] in found:
            raise RulesFault(f"{place}: {known[name]} is named twice", target=place)
        found[known[name]] = grants
    return found


def _with_derived(model: Model, kind: EntityType) -> Iterator[EntityType]:
    for schema in model.schemas.values():
        for item in schema.types.values():
            if isinstance(item, EntityType) and kind in item.lineage():
                yield item


def _reading(control: AccessControl, name: str, rules: SetRules) -> dict[str, tuple[_Read, ...]]:
    """Return the grants of a set as read, by operation, that to read first. Raises `RulesFault`."""
    found: dict[str, tuple[_Read, ...]] = {}
    for operation in OPERATIONS:
        items = []
        for number, grant in enumerate(rules.grants(operation), 1):
            place = f"sets.{name}.{operation}[{number}]"
            items.append(_Read(grant, None if grant.where is None else control.read(grant.where, place), place))
        found[operation] = tuple(items)
    return found


def _check(model: Model, rules: AccessRules) -> None:
    """Raise `RulesFault` for what cannot be held: of unknown names, of keys, of sets that share a type."""
    sets = model.container.sets if model.container is not None else {}
    by_type: dict[EntityType, str] = {}
    for name, found in rules.sets.items():
        place = f"sets.{name}"
        if name not in sets:
            raise RulesFault(f"{place}: there is no entity set {name}", target=place, hint=choices(name, sets))
        kind = sets[name].type
        if not found.read and any(found.grants(operation) for operation in OPERATIONS):
            hint = "who changes something is shown what it became: grant read too"
            raise RulesFault(f"{place}: something may be changed that nobody may read", target=place, hint=hint)
        for item in (p for hide in found.hide for p in hide.properties):
            _check_hidden(kind, item, f"{place}.hide")
        if "_user" in kind.all_properties():
            raise RulesFault(f"{place}: a property called _user stands in the way of $user", target=place)
        by_type[kind] = name
    for name, entity_set in sets.items():
        for kind, other in by_type.items():
            alike = kind in entity_set.type.lineage() or entity_set.type in kind.lineage()
            if not alike or rules.sets.get(name) == rules.sets[other]:
                continue
            same = "the same type" if kind is entity_set.type else "a type derived from the other's, or its base"
            raise RulesFault(
                f"sets.{other}: {name} has entities of {same}, and other rules",
                target=f"sets.{other}",
                hint="navigation leads to entities by their type, so give both sets the same rules",
            )


def _check_hidden(kind: EntityType, name: str, place: str) -> None:
    known = kind.all_properties()
    if name not in known:
        raise RulesFault(f"{place}: {kind.name} has no property {name}", target=place, hint=choices(name, known))
    if known[name] in kind.key:
        raise RulesFault(
            f"{place}: {name} is part of the key, without which there is no address",
            target=place,
            hint="restrict who may read the entities instead",
        )
