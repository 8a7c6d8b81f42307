"""A model to CSDL XML, the inverse of the reader.

OData CSDL XML 4.01, sections 3 to 14; a model of version 4.0 is written as such. Names are written with the aliases
that the model declares. What `None` or a default says is left out.
"""

from __future__ import annotations

from typing import TypeVar

from demotic.model._schema import (
    EntityContainer,
    EntitySet,
    Model,
    OperationImport,
    Reference,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    AnyType,
    EntityType,
    EnumType,
    Facets,
    NavigationProperty,
    Operation,
    Parameter,
    Property,
    ReturnType,
    SchemaType,
    StructuredType,
    Term,
    TypeDefinition,
)
from demotic.model.csdl import elements as xml
from demotic.model.csdl._expressions import AnnotationWriter
from demotic.model.csdl._names import join_collection
from demotic.model.csdl._shared import (
    binding_refs,
    constraint_refs,
    import_set,
    key_refs,
    names_of,
    partner_ref,
    scale_in,
)
from demotic.xml import Bound, assign, serialize, write

F = TypeVar("F", bound=xml.Faceted)
N = TypeVar("N", xml.EntitySet, xml.Singleton)


def write_version_4(model: Model) -> bytes:
    """Return the model as a document of version 4.0 or 4.01, as its own is."""
    root = _Writer(model).document(model)
    root.namespaces = {"edmx": xml.EDMX}
    root.services.namespaces = {"edmx": xml.EDMX}
    for schema in root.services.schemas:
        schema.namespaces = {"edmx": xml.EDMX, "": xml.EDM}
    return serialize(write(root))


class _Writer:
    """One method per kind of model object; each returns its element."""

    def __init__(self, model: Model) -> None:
        self._names = names_of(model)
        self._version = model.version
        self._annotations = AnnotationWriter(self._names).annotations

    def document(self, model: Model) -> xml.Edmx:
        return xml.Edmx(
            Version=model.version,
            references=[self._reference(item) for item in model.references],
            services=xml.DataServices(schemas=[self._schema(item) for item in model.schemas.values()]),
        )

    def _reference(self, reference: Reference) -> xml.Reference:
        return xml.Reference(
            Uri=reference.uri,
            includes=[
                xml.Include(Namespace=item.namespace, Alias=item.alias, annotations=self._annotations(item.annotations))
                for item in reference.includes
            ],
            include_annotations=[
                xml.IncludeAnnotations(
                    TermNamespace=item.term_namespace,
                    Qualifier=item.qualifier,
                    TargetNamespace=item.target_namespace,
                )
                for item in reference.include_annotations
            ],
            annotations=self._annotations(reference.annotations),
        )

    def _schema(self, schema: Schema) -> xml.Schema:
        return xml.Schema(
            Namespace=schema.namespace,
            Alias=schema.alias,
            types=[self._type(item) for item in schema.types.values()],
            operations=[self._operation(item) for overloads in schema.operations.values() for item in overloads],
            terms=[self._term(item) for item in schema.terms.values()],
            containers=[] if schema.container is None else [self._container(schema.container)],
            external=[
                xml.Annotations(Target=self._names.shorten(target), annotations=self._annotations(items))
                for target, items in schema.external_annotations.items()
            ],
            annotations=self._annotations(schema.annotations),
        )

    # --- types

    def _type(self, kind: SchemaType) -> Bound:
        if isinstance(kind, EnumType):
            return self._enum(kind)
        if isinstance(kind, TypeDefinition):
            return self._definition(kind)
        return self._structured(kind)

    def _enum(self, kind: EnumType) -> xml.EnumType:
        return xml.EnumType(
            Name=kind.name,
            UnderlyingType=None if kind.underlying.name == "Int32" else kind.underlying.qualified_name,
            IsFlags=kind.is_flags or None,
            members=[
                xml.Member(Name=name, Value=value, annotations=self._annotations(kind.member_annotations.get(name, [])))
                for name, value in kind.members.items()
            ],
            annotations=self._annotations(kind.annotations),
        )

    def _definition(self, kind: TypeDefinition) -> xml.TypeDefinition:
        element = xml.TypeDefinition(
            Name=kind.name,
            UnderlyingType=kind.underlying.qualified_name,
            annotations=self._annotations(kind.annotations),
        )
        return self._with_facets(element, kind.facets)

    def _structured(self, kind: StructuredType) -> xml.ComplexType | xml.EntityType:
        element = xml.EntityType() if isinstance(kind, EntityType) else xml.ComplexType()
        element.Name = kind.name
        assign(
            element,
            BaseType=None if kind.base is None else self._names.shorten(kind.base.qualified_name),
            Abstract=kind.abstract or None,
            OpenType=kind.open or None,
        )
        if isinstance(kind, EntityType) and isinstance(element, xml.EntityType):
            assign(element, HasStream=kind.has_stream or None)
            refs = [xml.PropertyRef(Name=self._names.shorten(path), Alias=alias) for path, alias in key_refs(kind)]
            element.key = xml.Key(refs=refs) if refs else None
        element.properties = [self._property(item) for item in kind.properties.values()]
        element.navigation = [self._navigation(item) for item in kind.navigation.values()]
        element.annotations = self._annotations(kind.annotations)
        return element

    def _property(self, item: Property) -> xml.Property:
        element = xml.Property(
            Name=item.name,
            **self._typed(item),
            DefaultValue=item.default,
            annotations=self._annotations(item.annotations),
        )
        return self._with_facets(element, item.facets)

    def _navigation(self, item: NavigationProperty) -> xml.NavigationProperty:
        partner = partner_ref(item)
        element = xml.NavigationProperty(
            Name=item.name,
            Type=self._reference_to(item.target, item.collection),
            Nullable=None if item.nullable or item.collection else False,
            Partner=None if partner is None else self._names.shorten(partner),
            ContainsTarget=item.contains_target or None,
            constraints=[
                xml.ReferentialConstraint(
                    Property=self._names.shorten(own),
                    ReferencedProperty=self._names.shorten(theirs),
                    annotations=self._annotations(item.constraint_annotations.get(own, [])),
                )
                for own, theirs in constraint_refs(item)
            ],
            annotations=self._annotations(item.annotations),
        )
        if item.on_delete is not None:
            annotations = self._annotations(item.on_delete_annotations)
            element.on_delete = xml.OnDelete(Action=item.on_delete, annotations=annotations)
        return element

    # --- operations and terms

    def _operation(self, item: Operation) -> xml.Action:
        element = xml.Function() if item.kind == "Function" else xml.Action()
        path = item.entity_set_path
        element.Name = item.name
        assign(
            element,
            IsBound=item.bound or None,
            EntitySetPath=None if path is None else self._names.shorten(path),
            **({"IsComposable": True} if item.composable else {}),
        )
        element.parameters = [self._parameter(parameter) for parameter in item.parameters.values()]
        element.returns = None if item.returns is None else self._returns(item.returns)
        element.annotations = self._annotations(item.annotations)
        return element

    def _parameter(self, item: Parameter) -> xml.Parameter:
        annotations = self._annotations(item.annotations)
        return self._with_facets(
            xml.Parameter(Name=item.name, **self._typed(item), annotations=annotations), item.facets
        )

    def _returns(self, item: ReturnType) -> xml.ReturnType:
        annotations = self._annotations(item.annotations)
        return self._with_facets(xml.ReturnType(**self._typed(item), annotations=annotations), item.facets)

    def _term(self, item: Term) -> xml.Term:
        element = xml.Term(
            Name=item.name,
            **self._typed(item),
            BaseTerm=None if item.base is None else self._names.shorten(item.base),
            DefaultValue=item.default,
            AppliesTo=item.applies_to or None,
            annotations=self._annotations(item.annotations),
        )
        return self._with_facets(element, item.facets)

    # --- containers

    def _container(self, container: EntityContainer) -> xml.EntityContainer:
        return xml.EntityContainer(
            Name=container.name,
            Extends=None if container.extends is None else self._names.shorten(container.extends),
            sets=[self._set(item) for item in container.sets.values()],
            singletons=[self._singleton(item) for item in container.singletons.values()],
            imports=[self._import(item) for item in container.imports.values()],
            annotations=self._annotations(container.annotations),
        )

    def _set(self, item: EntitySet) -> xml.EntitySet:
        element = xml.EntitySet(
            Name=item.name,
            EntityType=self._reference_to(item.type, False),
            IncludeInServiceDocument=None if item.in_service_document else False,
        )
        return self._with_bindings(element, item)

    def _singleton(self, item: Singleton) -> xml.Singleton:
        element = xml.Singleton(
            Name=item.name, Type=self._reference_to(item.type, False), Nullable=item.nullable or None
        )
        return self._with_bindings(element, item)

    def _with_bindings(self, element: N, item: EntitySet | Singleton) -> N:
        element.bindings = [
            xml.NavigationPropertyBinding(Path=self._names.shorten(path), Target=self._names.shorten(target))
            for path, target in binding_refs(item)
        ]
        element.annotations = self._annotations(item.annotations)
        return element

    def _import(self, item: OperationImport) -> xml.ActionImport | xml.FunctionImport:
        element = xml.FunctionImport() if item.kind == "Function" else xml.ActionImport()
        target = import_set(item)
        assign(
            element,
            **{
                "Name": item.name,
                item.kind: self._names.shorten(item.operation),
                "EntitySet": None if target is None else self._names.shorten(target),
                **({"IncludeInServiceDocument": True} if item.in_service_document else {}),
                "annotations": self._annotations(item.annotations),
            },
        )
        return element

    # --- what many elements share

    def _reference_to(self, kind: AnyType, collection: bool) -> str:
        return join_collection(self._names.shorten(kind.qualified_name), collection)

    def _typed(self, item: Property | Parameter | ReturnType | Term) -> dict[str, object]:
        """Return the attributes of type and nullability: stated where it differs from the default, and always for a
        collection, which has none (section 7.2.1)."""
        stated = item.nullable if item.collection else (None if item.nullable else False)
        return {"Type": self._reference_to(item.type, item.collection), "Nullable": stated}

    def _with_facets(self, element: F, facets: Facets) -> F:
        element.MaxLength = facets.max_length
        element.Precision = facets.precision
        element.Scale = scale_in(self._version, facets.scale)
        element.Unicode = None if facets.unicode else False
        element.SRID = facets.srid
        return element
