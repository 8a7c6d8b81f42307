"""From a call as a URL says it to what it returned: arguments, what it is bound to, calls within calls.

OData Protocol 4.01, section 11.5. All of it happens in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from demotic.errors import MethodNotAllowed, NotFound, Unsupported
from demotic.model import EntitySet, Operation, Parameter, bound_to
from demotic.protocols.odata.common._answer import Container, ensure_match
from demotic.protocols.odata.common.changes import Dialect
from demotic.query import (
    Along,
    BoundPath,
    ByKey,
    Filtered,
    Invocation,
    JsonArgument,
    Kind,
    OfType,
    Read,
    Source,
    whole_query,
)
from demotic.service import ENTITIES, Collection, Entity, GivenStore, Member, Outcome, Service, Transaction
from demotic.syntax.http import Request

READ: Final = ("GET", "HEAD")

FromJson: TypeAlias = Callable[[Parameter, object], object]
"""Returns the value of an argument for its JSON form. Raises InvalidInput with its name."""


@dataclass(frozen=True, slots=True)
class Invoked:
    """What calls operations: the service, the transaction, and how JSON is read.

    ``dialect`` knows the entity tags by which the caller may know what an operation is bound to, ``values`` are those
    of the path's parameters.
    """

    service: Service
    transaction: Transaction
    values: Sequence[object]
    from_json: FromJson
    dialect: Dialect | None = None
    request: Request | None = None


def ensure_method(method: str, operation: Operation) -> None:
    """Raise MethodNotAllowed for a method that does not call an operation: functions are read, actions posted."""
    allowed = ("POST",) if operation.kind == "Action" else READ
    if method not in allowed:
        raise MethodNotAllowed(
            f"{method} does not call the {operation.kind.lower()} {operation.name}",
            allowed=allowed,
            hint=f"it takes {', '.join(allowed)}",
        )


def invoke(asked: Invoked, invocation: Invocation, body: Mapping[str, object] | None = None) -> Outcome:
    """Call an operation. ``body`` has the arguments of an action, native.

    Raises NotFound if what it is bound to is not there, PreconditionFailed if that is in another state than the caller
    knows, and whatever `demotic.service.operations.call` does.
    """
    operation = invocation.operation
    arguments = {
        name: asked.from_json(operation.parameters[name], value.value) if isinstance(value, JsonArgument) else value
        for name, value in invocation.arguments.items()
    }
    arguments.update(body or {})
    if invocation.on is not None:
        first = next(iter(operation.parameters))
        arguments[first] = _bound_to(asked, invocation.on, operation)
    return asked.service.call(operation, arguments, asked.transaction, home=invocation.set)


def over(service: Service, transaction: Transaction, outcome: Outcome) -> Service:
    """Return the service whose entities are those that a call returned."""
    value = outcome.value
    members: list[Member] = [] if value is None else value if isinstance(value, list) else [value]
    return replace(service, store=GivenStore(service.store, transaction.view, members))


def _bound_to(asked: Invoked, on: BoundPath, operation: Operation) -> Any:
    """Return the entity, or the collection, that an operation is bound to."""
    source, kind = on.source, on.type
    assert source is not None
    assert kind is not None
    transaction = asked.transaction
    if on.invocation is not None:
        outcome = invoke(asked, on.invocation)
        service = over(asked.service, transaction, outcome)
        return _found(service, source, kind, asked.values, many=on.place.collection)
    seen = replace(asked.service, store=transaction.view)
    if on.place.collection:
        if any(isinstance(step, (Filtered, OfType)) for step in source.steps):
            return _found(seen, source, kind, asked.values, many=True)
        return collection_at(transaction, source, asked.values)
    found: Entity = _found(seen, source, kind, asked.values, many=False)
    place = place_at(source)
    if operation.kind == "Action" and isinstance(place, EntitySet):
        key = tuple(found[item.name] for item in kind.key)
        found = transaction.unit.locked(place, key, None)
    if asked.request is not None and asked.dialect is not None:
        ensure_match(asked.request, *asked.dialect.tags(found))
    return found


def _found(service: Service, source: Source, kind: Any, values: Sequence[object], *, many: bool) -> Any:
    """Return the entities that a path leads to. Raises NotFound where there must be one."""
    query = whole_query(service.store.model, kind)
    plan = service.prepare(Read(source, query, Kind.COLLECTION if many else Kind.ENTITY), ENTITIES)
    with service.run(plan, values) as result:
        found = [row for batch in result.batches() for row in batch]
    if many:
        return found
    if not found:
        raise NotFound("the path leads to no entity", target=source.set.name or kind.name)
    return found[0]


def place_at(source: Source) -> Container:
    """Return where the entities that a path leads to live, as far as the bindings say."""
    place: Container = source.set
    for step in source.steps:
        if isinstance(step, Along):
            place = bound_to(place, step.navigation) if place is not None else None
    return place


def collection_at(transaction: Transaction, source: Source, values: Sequence[object]) -> Collection:
    """Return the collection that a path leads to. Raises NotFound, and Unsupported where no set is known."""
    found = transaction[source.set.name]
    key: Any = None
    place: Container = source.set
    for step in source.steps:
        if isinstance(step, ByKey):
            key = tuple(values[part.slot] for part in step.key)
            continue
        assert isinstance(step, Along)
        way, home = step.navigation, place
        place = bound_to(home, way) if home is not None else None
        if way.collection:
            if key not in found:
                raise NotFound("the path leads to no entity", target=way.name)
            found = found.follow(key, way.name)
            continue
        one = found.single(key, way.name)
        if one is None:
            raise NotFound(f"{way.name} leads to no entity here", target=way.name)
        if not isinstance(place, EntitySet):
            raise Unsupported(f"what {way.name} leads to is of no known set", target=way.name)
        found, key = transaction[place.name], one.key if isinstance(one.key, tuple) else (one.key,)
    return found
