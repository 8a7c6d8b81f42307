"""What an operation returns, checked against what the model says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from demotic.errors import InvalidInput
from demotic.model import EntitySet, EntityType, Model, Operation, Property, ReturnType, check_value
from demotic.query import default_properties
from demotic.store import Entity, Transaction
from demotic.store.given import Member


class Results:
    """Checks what one call returned. Entities are of the set ``home``, if that is known.

    ``whole`` is the model with what is hidden from who is asking, which is left out of what a function puts together.
    """

    def __init__(self, operation: Operation, transaction: Transaction, home: EntitySet | None, whole: Model) -> None:
        self._operation = operation
        self._whole = whole
        self._transaction = transaction
        self._home = home

    def checked(self, value: Any) -> Any:
        """Return it as native values, entities as `Member`. Raises TypeError and ValueError for what it must not be."""
        returns = self._operation.returns
        if returns is None:
            if value is not None:
                raise TypeError(f"it returned {type(value).__name__}, and is declared to return nothing")
            return None
        if returns.collection:
            return self._many(returns, value)
        if value is None:
            if not returns.nullable:
                raise ValueError("it returned None, which it is not declared to return")
            return None
        return self._one(returns, value)

    def _many(self, returns: ReturnType, value: Any) -> list[Any]:
        if value is None or isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"it returned {type(value).__name__}, and is declared to return many")
        items = value.values() if isinstance(value, Mapping) else value  # a collection of entities is a mapping
        return [None if item is None and returns.nullable else self._one(returns, item) for item in items]

    def _one(self, returns: ReturnType, value: Any) -> Any:
        kind = returns.type
        if isinstance(kind, EntityType):
            return self._entity(kind, value)
        try:
            return check_value(Property("value", kind, False, False, returns.facets), value)
        except InvalidInput as fault:  # the function's mistake, not the caller's
            raise ValueError(fault.message) from None

    def _entity(self, kind: EntityType, value: Any) -> Member:
        if not isinstance(value, Mapping):
            raise TypeError(f"it returned {type(value).__name__} for an entity")
        if isinstance(value, Entity):
            if kind not in value.type.lineage():
                raise TypeError(f"it returned an entity of {value.type.qualified_name}")
            if self._home is not None and not _is_whole(value):
                value = self._transaction[self._home.name][value.key]  # only some properties were read
            kind = value.type
        model = self._transaction.model
        if isinstance(value, Entity) and _is_whole(value):
            return Member.of(model, kind, value, self._home)
        known = {item.name: item for item in default_properties(kind)}
        unknown = [] if isinstance(value, Entity) else [name for name in value if not self._has(kind, name)]
        if unknown:
            raise ValueError(f"it returned {unknown[0]}, which {kind.qualified_name} has not")
        try:
            values = {name: check_value(item, value.get(name)) for name, item in known.items()}
        except InvalidInput as fault:
            raise ValueError(fault.message) from None
        return Member.of(model, kind, values, self._home)

    def _has(self, kind: EntityType, name: str) -> bool:
        """Whether a type has a property, be it one that is hidden."""
        found = self._whole.find(kind.qualified_name)
        known = found if isinstance(found, EntityType) else kind
        return known.open or name in known.all_properties() or name in known.all_navigation()


def _is_whole(entity: Entity) -> bool:
    """Whether all that is read of an entity is there, which streams are not."""
    return all(item.name in entity for item in default_properties(entity.type))
