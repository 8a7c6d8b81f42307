"""The part of a model that somebody may know of: without hidden properties, and without what leads to closed sets.

Types, sets and navigation properties are copies; structural properties are those of the store, which finds their
columns by them. Questions are asked and bound about the part, and taken back to the store's objects here, whatever
nodes they are made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from demotic.errors import Forbidden
from demotic.model import (
    Annotation,
    AnyType,
    EntityContainer,
    EntitySet,
    EntityType,
    Model,
    NavigationProperty,
    Operation,
    OperationImport,
    Schema,
)


class Sets(dict[str, EntitySet]):
    """The sets of a part by name. Asked for one that is closed, it says so: to be closed is not to be unknown."""

    def __init__(self, sets: Mapping[str, EntitySet], closed: frozenset[str]) -> None:
        super().__init__(sets)
        self._closed = closed

    def get(self, name: Any, default: Any = None) -> Any:
        """Return a set. Raises Forbidden for one that is closed."""
        if name in self._closed:
            raise Forbidden(f"{name} may not be read by who is asking")
        return super().get(name, default)


@dataclass(slots=True)
class Met:
    """What a question meets on its way back: types, and slots of parameters."""

    types: set[EntityType]
    slots: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A part of a model, and the way back: ``types``, ``sets`` and ``navigation`` map its objects to the whole's.

    ``hidden`` has the names of the hidden properties, by type of the whole.
    """

    model: Model
    types: Mapping[EntityType, EntityType]
    sets: Mapping[EntitySet, EntitySet]
    navigation: Mapping[NavigationProperty, NavigationProperty]
    hidden: Mapping[EntityType, frozenset[str]]

    def back(self, node: Any, met: Met) -> Any:
        """Return what a node means for the store, and note what it meets."""
        if isinstance(node, EntityType):
            found = self.types.get(node, node)
            met.types.add(found)
            return found
        if isinstance(node, NavigationProperty):
            way = self.navigation.get(node, node)
            met.types.add(way.target)
            return way
        if isinstance(node, EntitySet):
            place = self.sets.get(node, node)
            met.types.add(place.type)
            return place
        if isinstance(node, tuple):
            return tuple(self.back(part, met) for part in node)
        if not is_dataclass(node) or isinstance(node, type) or not type(node).__module__.startswith("demotic.query"):
            return node
        changed = {}
        for item in fields(node):
            value = getattr(node, item.name)
            if item.name in ("slot", "slots"):
                met.slots += [slot for slot in (value if isinstance(value, tuple) else (value,)) if slot is not None]
            changed[item.name] = self.back(value, met)
        made: Any = replace(node, **changed)
        return made


def project(
    whole: Model,
    closed: frozenset[EntityType],
    hidden: Mapping[EntityType, frozenset[str]],
    *,
    operations: bool = False,
) -> Projection:
    """Return a model without the sets of closed types and without hidden properties, both with what inherits them.

    With ``operations`` it has those that speak of no closed type.
    """
    kinds = [k for schema in whole.schemas.values() for k in schema.types.values() if isinstance(k, EntityType)]
    shut = {kind for kind in kinds if any(base in closed for base in kind.lineage())}
    gone = {kind: frozenset(n for base in kind.lineage() for n in _names(base, hidden)) for kind in kinds}
    return _Making(whole, kinds, shut, gone, operations).projection()


def _names(kind: object, hidden: Mapping[EntityType, frozenset[str]]) -> frozenset[str]:
    return hidden.get(kind, frozenset()) if isinstance(kind, EntityType) else frozenset()


class _Making:
    """One projection while it is made."""

    def __init__(
        self,
        whole: Model,
        kinds: list[EntityType],
        shut: set[EntityType],
        gone: dict[EntityType, frozenset[str]],
        operations: bool,
    ) -> None:
        self.whole = whole
        self.operations = operations
        self.shut = shut
        self.gone = gone
        self.names = frozenset(name for found in gone.values() for name in found)
        self.types = {kind: self.type(kind) for kind in kinds if kind not in shut}
        self.ways: dict[NavigationProperty, NavigationProperty] = {}
        self.sets: dict[EntitySet, EntitySet] = {}
        for kind, copy in self.types.items():
            if isinstance(copy.base, EntityType):
                copy.base = self.types.get(copy.base, copy.base)
            for name, way in kind.navigation.items():
                if way.target not in shut:
                    self.ways[way] = copy.navigation[name] = self.way(way, kind)
        for way, new in self.ways.items():
            new.partner = self.ways.get(way.partner) if way.partner is not None else None

    def projection(self) -> Projection:
        """Return it."""
        schemas = {name: self.schema(schema) for name, schema in self.whole.schemas.items()}
        return Projection(
            replace(self.whole, schemas=schemas),
            {new: old for old, new in self.types.items()},
            {new: old for old, new in self.sets.items()},
            {new: old for old, new in self.ways.items()},
            self.gone,
        )

    def type(self, kind: EntityType) -> EntityType:
        names = self.gone[kind]
        shown = {name: item for name, item in kind.properties.items() if name not in names}
        return replace(kind, properties=shown, navigation={}, annotations=_free(kind.annotations, names))

    def way(self, way: NavigationProperty, kind: EntityType) -> NavigationProperty:
        there = self.gone.get(way.target, frozenset())
        told = not any(own.name in self.gone[kind] or other.name in there for own, other in way.constraints)
        return replace(
            way,
            target=self.types.get(way.target, way.target),
            partner=None,
            constraints=way.constraints if told else (),
            constraint_paths=way.constraint_paths if told else (),
            annotations=_free(way.annotations, self.gone[kind] | there),
        )

    def schema(self, schema: Schema) -> Schema:
        shown = {
            name: self.types[kind] if isinstance(kind, EntityType) else kind
            for name, kind in schema.types.items()
            if not (isinstance(kind, EntityType) and kind in self.shut)
        }
        return replace(
            schema,
            types=shown,
            container=None if schema.container is None else self.container(schema.container),
            operations=self.overloads(schema.operations),
            annotations=_free(schema.annotations, self.names),
            external_annotations={
                target: _free(found, self.names)
                for target, found in schema.external_annotations.items()
                if not _speaks_of(target, self.names)
            },
        )

    def container(self, container: EntityContainer) -> EntityContainer:
        sets = {item: self.member(item) for item in container.sets.values() if item.type not in self.shut}
        singles = {item: self.member(item) for item in container.singletons.values() if item.type not in self.shut}
        members: dict[Any, Any] = {**sets, **singles}
        for old, new in members.items():
            new.bindings.update({path: members[to] for path, to in old.bindings.items() if to in members})
        self.sets.update(sets)
        closed = frozenset(name for name, item in container.sets.items() if item.type in self.shut)
        return replace(
            container,
            sets=Sets({name: sets[item] for name, item in container.sets.items() if item in sets}, closed),
            singletons={name: singles[item] for name, item in container.singletons.items() if item in singles},
            imports={name: self.imported(item) for name, item in container.imports.items() if self.calls(item)},
            annotations=_free(container.annotations, self.names),
        )

    def overloads(self, operations: Mapping[str, list[Operation]]) -> dict[str, list[Operation]]:
        """Return the operations that speak of no closed type."""
        if not self.operations:
            return {}
        shown = {
            name: [self.operation(item) for item in found if self.is_open(item)] for name, found in operations.items()
        }
        return {name: found for name, found in shown.items() if found}

    def is_open(self, operation: Operation) -> bool:
        kinds = [item.type for item in operation.parameters.values()]
        kinds += [] if operation.returns is None else [operation.returns.type]
        return not any(kind in self.shut for kind in kinds if isinstance(kind, EntityType))

    def operation(self, item: Operation) -> Operation:
        parameters = {name: replace(p, type=self.seen(p.type)) for name, p in item.parameters.items()}
        returns = None if item.returns is None else replace(item.returns, type=self.seen(item.returns.type))
        return replace(item, parameters=parameters, returns=returns, annotations=_free(item.annotations, self.names))

    def seen(self, kind: AnyType) -> AnyType:
        return self.types.get(kind, kind) if isinstance(kind, EntityType) else kind

    def calls(self, item: OperationImport) -> bool:
        """Whether anything is left of what an import stands for."""
        namespace, _, name = item.operation.rpartition(".")
        schema = self.whole.schemas.get(namespace)
        found = [] if schema is None else schema.operations.get(name, [])
        return self.operations and any(self.is_open(operation) for operation in found if not operation.bound)

    def imported(self, item: OperationImport) -> OperationImport:
        home = self.sets.get(item.set) if isinstance(item.set, EntitySet) else item.set
        return replace(item, set=home, annotations=_free(item.annotations, self.names))

    def member(self, item: Any) -> Any:
        kind = self.types.get(item.type, item.type)
        return replace(
            item, type=kind, bindings={}, annotations=_free(item.annotations, self.gone.get(item.type, self.names))
        )


def _free(annotations: list[Annotation], names: frozenset[str]) -> list[Annotation]:
    """Return the annotations that speak of no hidden property."""
    return [item for item in annotations if not _speaks_of(item, names)]


def _speaks_of(value: Any, names: frozenset[str]) -> bool:
    if isinstance(value, str):
        return bool(names) and any(part in names for part in re.split(r"[^\w]+", value))
    if isinstance(value, dict):
        return any(_speaks_of(part, names) for part in (*value.keys(), *value.values()))
    if isinstance(value, (list, tuple)):
        return any(_speaks_of(part, names) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return any(_speaks_of(getattr(value, item.name), names) for item in fields(value))
    return False
