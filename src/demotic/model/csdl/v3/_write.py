"""A model to CSDL XML of versions 1.0 to 3.0: what its projection has, in the elements of those versions.

[MC-EDMX], [MC-CSDL] and [MS-ODATA], section 2.2.3.7; OData Version 3.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from demotic.model._annotations import PathValue
from demotic.model._schema import EntityContainer, Include, Model, Reference, Schema
from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    EnumType,
    Facets,
    NavigationProperty,
    Property,
    StructuredType,
    Term,
    TypeDefinition,
)
from demotic.model._types import DATE, DURATION
from demotic.model.csdl import elements as v4
from demotic.model.csdl._expressions import AnnotationWriter
from demotic.model.csdl._names import Names
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._defaults import from_version_3, to_version_3
from demotic.model.csdl.v3._namespaces import DATA, EDM3, EDMX, EDMX1, METADATA, SCHEMAS, in_version
from demotic.model.csdl.v3._notes import write_notes
from demotic.model.csdl.v3._write_containers import ContainerWriter
from demotic.model.csdl.v3._write_typed import type_reference, write_facets
from demotic.model.v2 import (
    ATTRIBUTES,
    FIXED,
    FIXED_LENGTH,
    MEDIA_TYPE,
    OPTIMISTIC_CONCURRENCY,
    Association,
    Constraint,
    End,
    Projection,
    stated,
    type_name,
)
from demotic.xml import serialize, write

_PREFIXES: Final = {
    "edmx": EDMX1,
    "m": METADATA,
    "d": DATA,
    "sap": "http://www.sap.com/Protocols/SAPData",
    "annotation": "http://schemas.microsoft.com/ado/2009/02/edm/annotation",
}
_ALWAYS: Final = ("edmx", "m", "d")


def write_version_3(model: Model) -> bytes:
    """Return the model as a document of its version in UTF-8, one of `SCHEMAS`."""
    root = _Writer(model).document(model)
    text = "".join(str(item.value) for item in _kept(model))
    root.namespaces = {p: uri for p, uri in _PREFIXES.items() if p in _ALWAYS or uri in text}
    for reference in root.references:
        reference.namespaces = {**root.namespaces, "edmx4": EDMX}
    for schema in root.services.schemas:
        schema.namespaces = {**root.namespaces, "": EDM3}
    return serialize(in_version(write(root), model.version))


class _Writer:
    """One method per kind of model object; each returns its element."""

    def __init__(self, model: Model) -> None:
        self._version = model.version
        self._projection = Projection(model, "3.0" if model.version >= "3" else "2.0")
        self._containers = ContainerWriter(model, self._projection)
        self._fixed = set(_fixed_properties(model))
        self._annotations = AnnotationWriter(Names({})).annotations

    def document(self, model: Model) -> v3.Edmx:
        services = v3.DataServices(schemas=[self._schema(item) for item in model.schemas.values()])
        services.DataServiceVersion = model.data_service_version
        services.MaxDataServiceVersion = model.max_data_service_version
        references = [_reference(item) for item in model.references]
        return v3.Edmx(Version="1.0", references=references, services=services)

    def _schema(self, schema: Schema) -> v3.Schema:
        result = v3.Schema(Namespace=schema.namespace, Alias=schema.alias)
        result.types = [self._type(k) for k in schema.types.values() if self._is_there(k)]
        mine = [a for a in self._projection.associations.values() if a.namespace == schema.namespace]
        result.associations = [_association(item) for item in mine]
        if self._version >= "3":
            terms = [item for item in schema.terms.values() if self._projection.is_there(item)]
            result.terms = [self._term(item) for item in terms]
        result.containers = [self._containers.container(item) for item in schema.containers()]
        result.external = [
            v4.Annotations(Target=target, annotations=self._annotations(items))
            for target, items in schema.external_annotations.items()
        ]
        write_notes(result, schema.annotations)
        return result

    def _is_there(self, kind: object) -> bool:
        return isinstance(kind, StructuredType) or (isinstance(kind, EnumType) and self._projection.version >= "3")

    # --- types

    def _type(self, kind: object) -> v3.EntityType | v3.ComplexType | v3.EnumType:
        if isinstance(kind, EntityType):
            return self._entity_type(kind)
        if isinstance(kind, ComplexType):
            return self._complex_type(kind)
        assert isinstance(kind, EnumType)
        return _enum(kind)

    def _entity_type(self, kind: EntityType) -> v3.EntityType:
        result = v3.EntityType(Name=kind.name)
        base = self._projection.base(kind)
        if base is not None:
            result.BaseType = base.qualified_name
        _set(result, Abstract=kind.abstract, OpenType=kind.open, HasStream=kind.has_stream)
        key = self._projection.own_key(kind)
        if key:
            result.key = v3.Key(refs=[v3.PropertyRef(Name=item.name) for item in key])
        result.properties = [self._property(item) for item in self._projection.own_properties(kind).values()]
        ways = self._projection.navigation(kind, inherited=False)
        result.navigation = [self._navigation(way) for way in ways.values()]
        write_notes(result, kind.annotations)
        return result

    def _complex_type(self, kind: ComplexType) -> v3.ComplexType:
        """Return a complex type with the properties of its base types: before version 4 it has none."""
        result = v3.ComplexType(Name=kind.name)
        result.properties = [self._property(item) for item in self._projection.properties(kind).values()]
        write_notes(result, kind.annotations)
        return result

    def _property(self, item: Property) -> v3.Property:
        result = v3.Property(Name=item.name, Type=type_reference(item, self._projection.version))
        if not item.nullable and not item.collection:
            result.Nullable = False
        default = None if item.default is None else _default(item, item.default, self._projection.version)
        if default is not None:
            result.DefaultValue = default
        write_facets(result, _facets(item))
        length = stated(item.annotations, FIXED_LENGTH)
        if length is not None:
            result.FixedLength = bool(length)
        if item in self._fixed:
            result.ConcurrencyMode = "Fixed"
        media = stated(item.annotations, MEDIA_TYPE)
        if isinstance(media, str):
            result.MimeType = media
        write_notes(result, item.annotations, *([MEDIA_TYPE] if isinstance(media, str) else []))
        return result

    def _navigation(self, item: NavigationProperty) -> v3.NavigationProperty:
        way = self._projection.relationship(item)
        result = v3.NavigationProperty(
            Name=item.name,
            Relationship=way.association.qualified_name,
            FromRole=way.from_role,
            ToRole=way.to_role,
        )
        _set(result, ContainsTarget=item.contains_target)
        write_notes(result, item.annotations)
        return result

    def _term(self, item: Term) -> v3.ValueTerm:
        result = v3.ValueTerm(Name=item.name, Type=type_reference(item, self._projection.version))
        if not item.nullable and not item.collection:
            result.Nullable = False
        if item.default is not None:
            result.DefaultValue = item.default
        write_facets(result, item.facets)
        write_notes(result, item.annotations)
        return result


def _set(element: Any, **flags: bool) -> None:
    """Set those attributes that are true; false is what they are when they are not there."""
    for name, flag in flags.items():
        if flag:
            setattr(element, name, True)


def _reference(item: Reference) -> v4.Reference:
    return v4.Reference(Uri=item.uri, includes=[_include(include) for include in item.includes])


def _include(item: Include) -> v4.Include:
    return v4.Include(Namespace=item.namespace, Alias=item.alias)


def _facets(item: Property) -> Facets:
    """Return the facets of a property, or where it states none, those of its type definition."""
    kind = item.type
    return kind.facets if isinstance(kind, TypeDefinition) and item.facets == Facets() else item.facets


def _default(item: Property, text: str, version: str) -> str | None:
    """Return a default value as one of the type that the property has there; None for a time beyond a day."""
    name = type_name(item, version)
    if isinstance(item.type, EnumType) and name != item.type.qualified_name:
        return str(sum(item.type.members.get(member, 0) for member in text.split(",")))
    if item.primitive is DATE:
        return f"{text}T00:00:00"
    if item.primitive is DURATION:
        return text if from_version_3("Edm.Time", text) != text else None
    return to_version_3(name, text)


def _enum(kind: EnumType) -> v3.EnumType:
    result = v3.EnumType(Name=kind.name)
    if kind.underlying.name != "Int32":
        result.UnderlyingType = kind.underlying.qualified_name
    _set(result, IsFlags=kind.is_flags)
    for name, value in kind.members.items():
        member = v3.Member(Name=name, Value=value)
        write_notes(member, kind.member_annotations.get(name, []))
        result.members.append(member)
    write_notes(result, kind.annotations)
    return result


def _association(item: Association) -> v3.Association:
    result = v3.Association(Name=item.name, ends=[_end(end) for end in item.ends])
    if item.constraint is not None:
        result.constraint = _constraint(item.constraint)
    write_notes(result, item.annotations)
    return result


def _end(item: End) -> v3.End:
    result = v3.End(Role=item.role, Type=item.type.qualified_name, Multiplicity=item.multiplicity)
    if item.on_delete is not None:
        result.on_delete = v3.OnDelete(Action=item.on_delete)
    write_notes(result, item.annotations)
    return result


def _constraint(item: Constraint) -> v3.ReferentialConstraint:
    principal = v3.Principal(Role=item.principal, refs=_refs(item.principal_properties))
    dependent = v3.Dependent(Role=item.dependent, refs=_refs(item.dependent_properties))
    return v3.ReferentialConstraint(principal=principal, dependent=dependent)


def _refs(names: Iterable[str]) -> list[v3.PropertyRef]:
    return [v3.PropertyRef(Name=name) for name in names]


def _fixed_properties(model: Model) -> Iterable[Property]:
    """Yield the properties that changes are compared by: those that say so, and those that their sets name."""
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, StructuredType):
                yield from (item for item in kind.properties.values() if stated(item.annotations, FIXED))
        for container in schema.containers():
            yield from _named_by_sets(container)


def _named_by_sets(container: EntityContainer) -> Iterable[Property]:
    for entity_set in container.sets.values():
        paths = stated(entity_set.annotations, OPTIMISTIC_CONCURRENCY)
        properties = entity_set.type.all_properties()
        for path in paths if isinstance(paths, list) else []:
            name = path.path if isinstance(path, PathValue) else path
            if name in properties:
                yield properties[name]


def _kept(model: Model) -> Iterable[Any]:
    """Yield the annotations that keep foreign attributes, to tell which prefixes will be needed."""
    for schema in model.schemas.values():
        owners: list[Any] = [schema, *schema.types.values(), *schema.containers()]
        for kind in schema.types.values():
            if isinstance(kind, StructuredType):
                owners += [*kind.properties.values(), *kind.navigation.values()]
        for container in schema.containers():
            owners += [*container.sets.values(), *container.imports.values()]
        for owner in owners:
            yield from (item for item in owner.annotations if item.term == ATTRIBUTES)


__all__ = ["SCHEMAS", "write_version_3"]
