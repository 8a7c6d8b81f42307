"""Operations told with what they are bound to, where full metadata is asked for: how each is called.

OData JSON Format 4.01, sections 15 (bound functions) and 16 (bound actions). Overloads of a function are told apart by
the names of their parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from demotic.model import EntityType, Operation
from demotic.service import Service


@dataclass(frozen=True, slots=True)
class Advert:
    """How an operation is called: the name of the control information, a title, and what follows the binding URL."""

    name: str
    title: str
    way: str

    def at(self, url: str) -> dict[str, str]:
        """Return what is told at a URL."""
        return {"title": self.title, "target": f"{url}/{self.way}"}


def adverts_for(service: Service, kind: EntityType, *, many: bool = False) -> list[Advert]:
    """Return the operations that can be called on an entity, or on many."""
    found = [
        overload
        for schema in service.model.schemas.values()
        for overloads in schema.operations.values()
        for overload in overloads
        if overload.bound and _binds(overload, kind, many) and service.calls(overload)
    ]
    return [_advert(item, found) for item in found]


def _binds(operation: Operation, kind: EntityType, many: bool) -> bool:
    first = next(iter(operation.parameters.values()), None)
    return first is not None and first.collection is many and any(first.type is item for item in kind.lineage())


def _advert(operation: Operation, others: Sequence[Operation]) -> Advert:
    name, parameters = operation.qualified_name, list(operation.parameters)[1:]
    if operation.kind == "Action":
        return Advert(f"#{name}", operation.name, name)
    overloaded = sum(item.qualified_name == name for item in others) > 1
    listed = f"({','.join(parameters)})" if overloaded else ""
    return Advert(f"#{name}{listed}", operation.name, f"{name}({','.join(f'{p}=@{p}' for p in parameters)})")
