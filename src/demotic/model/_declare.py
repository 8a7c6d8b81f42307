"""Python classes to a model.

`declare` reads what `entity`, `complex_type` and `enumeration` noted on classes, and the annotations of their
attributes. Types shape as in OData CSDL XML 4.01, sections 6 to 10; the container and its bindings follow section 13.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, Flag
from types import MappingProxyType
from typing import Any, ClassVar, Final, get_origin
from uuid import UUID

from demotic.model import _declarations as say
from demotic.model._annotations import Annotation
from demotic.model._attributes import OF_NAVIGATION, OF_PROPERTIES, Attribute
from demotic.model._declarations import NOTE, Note
from demotic.model._errors import DeclarationError, DuplicateName
from demotic.model._schema import (
    EntityContainer,
    EntitySet,
    Model,
    Reference,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    EnumType,
    NavigationProperty,
    Property,
    SchemaType,
    StructuredType,
    TypeDefinition,
    ValueType,
)
from demotic.model._types import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT64,
    STRING,
    TIME_OF_DAY,
    PrimitiveType,
)

PYTHON_TYPES: Final[Mapping[type, PrimitiveType]] = MappingProxyType(
    {
        bool: BOOLEAN,
        int: INT64,
        float: DOUBLE,
        str: STRING,
        bytes: BINARY,
        Decimal: DECIMAL,
        UUID: GUID,
        date: DATE,
        time: TIME_OF_DAY,
        datetime: DATE_TIME_OFFSET,
        timedelta: DURATION,
    }
)
"""The primitive type that a Python type stands for, where no marker says another."""


def declare(
    namespace: str,
    *types: type | TypeDefinition,
    container: str | None = "Container",
    alias: str | None = None,
    bindings: Mapping[str, Mapping[str, str]] | None = None,
    annotations: Sequence[Annotation] = (),
    container_annotations: Sequence[Annotation] = (),
    set_annotations: Mapping[str, Sequence[Annotation]] | None = None,
    references: Sequence[Reference] = (),
    version: str = "4.01",
) -> Model:
    """Return the model that Python classes describe, in one schema with one container.

    `types` are classes with `entity` or `complex_type`, Enum classes and type definitions, in the order wanted.
    Navigation properties are bound to the set of their target if there is just one; `bindings` says otherwise for a
    set, as target by path, and `set_annotations` annotates sets and singletons by name. `container` may be None for a
    schema of types alone. `references` declares the vocabularies that annotations use, and their aliases.

    Raises `DeclarationError` and `DuplicateName` naming class and attribute. `demotic.model.check` finds what else may
    be wrong with the model.
    """
    schema = Schema(namespace, alias, annotations=list(annotations))
    builder = _Builder(schema, types)
    builder.fill()
    builder.join()
    if container is not None:
        schema.container = EntityContainer(container, annotations=list(container_annotations))
        builder.publish(schema.container, bindings or {})
        for name, items in (set_annotations or {}).items():
            member = _named(schema.container.members(), name, "entity set or singleton", "set_annotations")
            member.annotations = list(items)
    return Model({namespace: schema}, list(references), version)


class _Builder:
    """Makes the types of one schema: shells first, so that classes may refer to each other in any order."""

    def __init__(self, schema: Schema, types: Sequence[type | TypeDefinition]) -> None:
        self._schema = schema
        self._kinds: dict[type, SchemaType] = {}
        self._definitions: dict[TypeDefinition, TypeDefinition] = {}
        self._navigation: list[tuple[StructuredType, NavigationProperty, Attribute]] = []
        for item in types:
            kind = self._shell(item)
            if kind.name in schema.types:
                raise DuplicateName("declared twice", target=kind.qualified_name)
            schema.types[kind.name] = kind
            if isinstance(item, type):
                self._kinds[item] = kind

    def _shell(self, item: type | TypeDefinition) -> SchemaType:
        namespace = self._schema.namespace
        if isinstance(item, TypeDefinition):
            # A copy, as two models never share an object.
            kind = self._definitions[item] = replace(item, namespace=namespace)
            return kind
        note = item.__dict__.get(NOTE)
        if issubclass(item, Enum):
            return _enum(item, namespace, note or Note("enum"))
        if not isinstance(note, Note):
            raise DeclarationError("not declared", target=item.__name__, hint="use @entity(...) or @complex_type()")
        make = EntityType if note.kind == "entity" else ComplexType
        made = make(namespace, note.name or item.__name__, abstract=note.abstract, open=note.open)
        made.annotations = list(note.annotations)
        if isinstance(made, EntityType):
            made.has_stream = note.has_stream
        return made

    def fill(self) -> None:
        """Give structured types their base, properties and keys."""
        for cls, kind in self._kinds.items():
            if isinstance(kind, StructuredType):
                kind.base = self._base(cls, kind)
                for name, hint in self._hints(cls).items():
                    self._add(kind, name, Attribute(hint, f"{cls.__name__}.{name}"))
        for cls, kind in self._kinds.items():
            if isinstance(kind, EntityType):
                kind.own_key = self._key(cls, kind)

    def _base(self, cls: type, kind: StructuredType) -> StructuredType | None:
        for above in cls.__mro__[1:]:
            base = self._kinds.get(above)
            if isinstance(base, StructuredType):
                if type(base) is not type(kind):
                    raise DeclarationError(f"{above.__name__} is of another kind", target=cls.__name__)
                return base
            if NOTE in above.__dict__:
                raise DeclarationError(
                    f"its base {above.__name__} is not among the types", target=cls.__name__, hint="give it to declare"
                )
        return None

    def _hints(self, cls: type) -> dict[str, object]:
        """Return the annotations that are the class's own, or come from bases that are not declared."""
        inherited = {
            name for above in cls.__mro__[1:] if above in self._kinds for name in inspect.get_annotations(above)
        }
        known = {item.__name__: item for item in self._kinds}
        try:
            hints = typing.get_type_hints(cls, localns=known, include_extras=True)
        except (NameError, TypeError) as problem:
            raise DeclarationError(f"an annotation cannot be read: {problem}", target=cls.__name__) from None
        own = inspect.get_annotations(cls)
        return {
            name: hint
            for name, hint in hints.items()
            if (name in own or name not in inherited) and get_origin(hint) is not ClassVar and not name.startswith("__")
        }

    def _add(self, kind: StructuredType, attribute: str, found: Attribute) -> None:
        renamed = found.one(say.Name)
        name = attribute if renamed is None else renamed.name
        if name in kind.properties or name in kind.navigation:
            raise DuplicateName("declared twice", target=f"{kind.qualified_name}/{name}")
        target = self._kinds.get(found.python) if isinstance(found.python, type) else None
        if isinstance(target, EntityType):
            found.allow(*OF_NAVIGATION)
            nullable = found.nullable or found.collection
            way = NavigationProperty(name, target, found.collection, nullable, annotations=found.annotations())
            kind.navigation[name] = way
            self._navigation.append((kind, way, found))
        else:
            kind.properties[name] = self._property(name, found, target)

    def _property(self, name: str, found: Attribute, declared: SchemaType | None) -> Property:
        found.allow(*OF_PROPERTIES)
        kind: ValueType | None = found.one(PrimitiveType)
        definition = found.one(TypeDefinition)
        if definition is not None:
            kind = self._definitions.get(definition)
            if kind is None:
                problem = f"its type definition {definition.name} is not among the types"
                raise DeclarationError(problem, target=found.place, hint="give it to declare")
        if kind is None and declared is not None and not isinstance(declared, EntityType):
            kind = declared
        if kind is None and isinstance(found.python, type):
            kind = PYTHON_TYPES.get(found.python)
        if kind is None:
            raise DeclarationError(
                f"{getattr(found.python, '__name__', found.python)} is no type of a model",
                target=found.place,
                hint=f"use one of {', '.join(t.__name__ for t in PYTHON_TYPES)}, or a class given to declare",
            )
        default = found.one(say.Default)
        return Property(
            name,
            kind,
            found.nullable,
            found.collection,
            found.facets(),
            None if default is None else default.text,
            found.annotations(),
        )

    def _key(self, cls: type, kind: EntityType) -> tuple[Property, ...]:
        note: Note = cls.__dict__[NOTE]
        properties = kind.all_properties()
        for name in note.key:
            if name not in properties:
                known = ", ".join(properties) or "none"
                raise DeclarationError(f"its key {name!r} is no property", target=cls.__name__, hint=f"it has {known}")
        return tuple(properties[name] for name in note.key)

    def join(self) -> None:
        """Resolve what navigation properties say about others."""
        for kind, way, found in self._navigation:
            partner, on_delete = found.one(say.Partner), found.one(say.OnDelete)
            if partner is not None:
                way.partner = _named(way.target.all_navigation(), partner.name, "navigation property", found.place)
            way.contains_target = found.one(say.Contained) is not None
            way.on_delete = None if on_delete is None else on_delete.action
            way.constraints = tuple(
                (
                    _named(kind.all_properties(), item.own, "property", found.place),
                    _named(way.target.all_properties(), item.theirs, "property", found.place),
                )
                for item in found.markers
                if isinstance(item, say.On)
            )

    def publish(self, container: EntityContainer, bindings: Mapping[str, Mapping[str, str]]) -> None:
        """Make the sets and singletons, and bind their navigation properties."""
        homes: dict[EntityType, list[EntitySet]] = {}
        for cls, kind in self._kinds.items():
            if not isinstance(kind, EntityType):
                continue
            note: Note = cls.__dict__[NOTE]
            for name in (*note.sets, *note.singletons):
                if name in container.sets or name in container.singletons:
                    raise DuplicateName("declared twice", target=f"{container.name}/{name}")
                if name in note.sets:
                    container.sets[name] = EntitySet(name, kind)
                    homes.setdefault(kind, []).append(container.sets[name])
                else:
                    container.singletons[name] = Singleton(name, kind)
        members = container.members()
        for owner, paths in bindings.items():
            owning = _named(members, owner, "entity set or singleton", "bindings")
            owning.bindings = {p: _named(members, t, "entity set or singleton", "bindings") for p, t in paths.items()}
        for name, member in members.items():
            if name not in bindings:
                member.bindings = automatic_bindings(member.type, homes, self._kinds.values())


def automatic_bindings(
    kind: EntityType, homes: Mapping[EntityType, Sequence[EntitySet]], kinds: Iterable[object]
) -> dict[str, EntitySet | Singleton]:
    """Return the bindings of a set whose navigation targets have one set each, of their type or the nearest base's.

    Those of the types among ``kinds`` that are derived from the set's, and have no set of their own, are bound too.
    """
    ways = dict(kind.all_navigation())
    for heir in kinds:
        if isinstance(heir, EntityType) and heir is not kind and kind in heir.lineage() and heir not in homes:
            ways |= {f"{heir.qualified_name}/{name}": way for name, way in heir.navigation.items()}
    found = {path: _home(way.target, homes) for path, way in ways.items() if not way.contains_target}
    return {path: home for path, home in found.items() if home is not None}


def _home(kind: EntityType, homes: Mapping[EntityType, Sequence[EntitySet]]) -> EntitySet | None:
    """Return the one set of a type, or of the nearest base type that has any."""
    found = next((homes[base] for base in reversed([*kind.lineage()]) if base in homes), ())  # type: ignore[index]
    return found[0] if len(found) == 1 else None


def _named(table: Mapping[str, Any], name: str, what: str, place: str) -> Any:
    if name not in table:
        known = ", ".join(table) or "none"
        raise DeclarationError(f"there is no {what} {name!r}", target=place, hint=f"there is {known}")
    return table[name]


def _enum(cls: type[Enum], namespace: str, note: Note) -> EnumType:
    members: dict[str, int] = {}
    for name, member in cls.__members__.items():
        if not isinstance(member.value, int):
            raise DeclarationError("its value is no whole number", target=f"{cls.__name__}.{name}")
        members[name] = int(member.value)
    kind = EnumType(namespace, note.name or cls.__name__, members, note.underlying, issubclass(cls, Flag))
    kind.annotations = list(note.annotations)
    return kind
