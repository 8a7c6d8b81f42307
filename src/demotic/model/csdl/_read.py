"""Elements to a model: the passes, in order, and what they do to types.

OData CSDL XML 4.01, sections 6 to 9. Types are declared by name first and filled afterwards, as they may refer to each
other in any order and across documents.
"""

from __future__ import annotations

from demotic.model._errors import DuplicateName, InvalidMetadataDocument, ModelIncomplete
from demotic.model._schema import Model
from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    EnumType,
    NavigationProperty,
    Property,
    StructuredType,
)
from demotic.model.csdl import elements as xml
from demotic.model.csdl._documents import Document, open_documents
from demotic.model.csdl._expressions import AnnotationReader
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._front import Loader, Report, Source
from demotic.model.csdl._names import Names
from demotic.model.csdl._read_services import ServiceReader
from demotic.model.csdl._universe import Universe, facets, nullable
from demotic.xml import Bound


def read_documents(source: Source, load: Loader | None, report: Report | None, form: str | None = None) -> Model:
    """Read a document, and through `load` those that it references; `form` is ``xml`` or ``json`` if it must be so."""
    data = source if isinstance(source, (bytes, str)) else source.read()
    faults = Faults(report)
    documents = open_documents(data, load, faults, form)
    universe = Universe(documents, faults)
    readers = [TypeReader(document, universe) for document in documents]
    for reader in readers:
        reader.add_properties()
    for reader in readers:
        reader.join_types()
    for document, reader in zip(documents, readers, strict=True):
        ServiceReader(document, universe, reader.annotations).read()
    return documents[0].model


class TypeReader:
    """Fills the types of one document."""

    def __init__(self, document: Document, universe: Universe) -> None:
        self._document = document
        self._names: Names = document.names
        self._universe = universe
        self._passed_over = universe.faults.passed_over
        self.annotations = AnnotationReader(
            document.names, universe.defaults, universe.faults, universe.json_values(document)
        )

    def add_properties(self) -> None:
        """Give structured types their base and their properties, and every type its annotations."""
        for element in self._document.schemas:
            for item in element.types:
                kind = self._universe.made(item)
                if kind is None:
                    continue
                kind.annotations = self.annotations.annotations(getattr(item, "annotations", []))
                if isinstance(item, (xml.ComplexType, xml.EntityType)) and isinstance(kind, StructuredType):
                    self._fill(item, kind)
                elif isinstance(item, xml.EnumType) and isinstance(kind, EnumType):
                    kind.member_annotations = {
                        m.Name: self.annotations.annotations(m.annotations) for m in item.members if m.annotations
                    }

    def join_types(self) -> None:
        """Resolve what leads through other types: keys, partners and referential constraints."""
        for element in self._document.schemas:
            for item in element.types:
                kind = self._universe.made(item)
                if isinstance(item, xml.EntityType) and isinstance(kind, EntityType) and item.key is not None:
                    with self._passed_over():
                        self._add_key(item.key, kind)
                if isinstance(item, (xml.ComplexType, xml.EntityType)) and isinstance(kind, StructuredType):
                    for navigation in item.navigation:
                        if navigation.Name in kind.navigation:
                            self._join(navigation, kind.navigation[navigation.Name], kind)

    def _fill(self, element: xml.ComplexType | xml.EntityType, kind: StructuredType) -> None:
        scope = kind.qualified_name
        if element.BaseType is not None:
            with self._passed_over():
                kind.base = self._base(element, kind, element.BaseType)
        for item in element.properties:
            with self._passed_over():
                self._check_new(kind, item.Name, item)
                kind.properties[item.Name] = self._property(item, f"{scope}/{item.Name}")
        for way in element.navigation:
            with self._passed_over():
                self._check_new(kind, way.Name, way)
                kind.navigation[way.Name] = self._navigation(way, f"{scope}/{way.Name}")

    def _check_new(self, kind: StructuredType, name: str, element: Bound) -> None:
        self._document.model.places.setdefault(f"{kind.qualified_name}/{name}", (element.line, element.column))
        if name in kind.properties or name in kind.navigation:
            raise fault(DuplicateName, element, kind.qualified_name, f"{name} is declared twice")

    def _base(self, element: Bound, kind: StructuredType, reference: str) -> StructuredType:
        base, _ = self._universe.type(reference, self._names, element, kind.qualified_name)
        wanted = EntityType if isinstance(kind, EntityType) else ComplexType
        if not isinstance(base, wanted):
            raise fault(InvalidMetadataDocument, element, kind.qualified_name, f"{reference} cannot be its base type")
        above: StructuredType | None = base
        while above is not None:
            if above is kind:
                raise fault(InvalidMetadataDocument, element, kind.qualified_name, "it is its own base type")
            above = above.base
        return base

    def _property(self, element: xml.Property, scope: str) -> Property:
        kind, collection = self._universe.type(element.Type, self._names, element, scope)
        if isinstance(kind, EntityType):
            raise fault(
                InvalidMetadataDocument, element, scope, f"{element.Type} is an entity type", "use NavigationProperty"
            )
        return Property(
            element.Name,
            kind,
            nullable(element, collection),
            collection,
            facets(element),
            element.DefaultValue,
            self.annotations.annotations(element.annotations),
        )

    def _navigation(self, element: xml.NavigationProperty, scope: str) -> NavigationProperty:
        target, collection = self._universe.entity_type(element.Type, self._names, element, scope)
        result = NavigationProperty(
            element.Name,
            target,
            collection,
            element.Nullable is not False,
            element.ContainsTarget,
            annotations=self.annotations.annotations(element.annotations),
        )
        if element.on_delete is not None:
            result.on_delete = element.on_delete.Action
            result.on_delete_annotations = self.annotations.annotations(element.on_delete.annotations)
        return result

    def _add_key(self, key: xml.Key, kind: EntityType) -> None:
        scope = kind.qualified_name
        if not key.refs:
            raise fault(InvalidMetadataDocument, key, scope, "a key without properties")
        kind.key_paths = tuple((ref.Name, ref.Alias) for ref in key.refs)
        kind.own_key = tuple(self._walk(kind, ref.Name, ref, scope) for ref in key.refs)
        if not any("/" in ref.Name or ref.Alias is not None for ref in key.refs):
            kind.key_paths = ()

    def _join(self, element: xml.NavigationProperty, navigation: NavigationProperty, kind: StructuredType) -> None:
        scope = f"{kind.qualified_name}/{navigation.name}"
        constraints: list[tuple[Property, Property]] = []
        paths: list[tuple[str, str]] = []
        for item in element.constraints:
            with self._passed_over():
                own = self._walk(kind, item.Property, item, scope)
                constraints.append((own, self._walk(navigation.target, item.ReferencedProperty, item, scope)))
                paths.append((item.Property, item.ReferencedProperty))
                if item.annotations:
                    found = self.annotations.annotations(item.annotations)
                    navigation.constraint_annotations[item.Property] = found
        navigation.constraints = tuple(constraints)
        if any("/" in own_path or "/" in other_path for own_path, other_path in paths):
            navigation.constraint_paths = tuple(paths)
        if element.Partner is not None:
            with self._passed_over():
                self._join_partner(element, navigation, element.Partner, scope)

    def _join_partner(
        self, element: xml.NavigationProperty, navigation: NavigationProperty, path: str, scope: str
    ) -> None:
        """Follow a partner path; only its last step is a navigation property (section 8.4)."""
        *steps, last = self._names.resolve(path).split("/")
        at: StructuredType = navigation.target
        for step in steps:
            at = self._step(at, step, element, scope)
        partner = at.all_navigation().get(last)
        if partner is None:
            raise fault(ModelIncomplete, element, scope, f"there is no partner {path} in {navigation.target.name}")
        navigation.partner = partner
        if steps:
            navigation.partner_path = self._names.resolve(path)

    def _walk(self, kind: StructuredType, path: str, element: Bound, scope: str) -> Property:
        """Return the structural property at the end of a path."""
        *steps, last = self._names.resolve(path).split("/")
        at = kind
        for step in steps:
            at = self._step(at, step, element, scope)
        found = at.all_properties().get(last)
        if found is None:
            raise fault(ModelIncomplete, element, scope, f"there is no property {path} in {kind.qualified_name}")
        return found

    def _step(self, at: StructuredType, step: str, element: Bound, scope: str) -> StructuredType:
        """Return the type that one step of a path leads to: a type cast, a complex property, or a navigation."""
        cast = self._universe.types.get(step) if "." in step else None
        if isinstance(cast, StructuredType):
            return cast
        found = at.all_properties().get(step)
        if found is not None and isinstance(found.type, StructuredType):
            return found.type
        navigation = at.all_navigation().get(step)
        if navigation is None:
            raise fault(ModelIncomplete, element, scope, f"{step} leads nowhere in {at.qualified_name}")
        return navigation.target
