"""All types and terms within reach of a set of documents, by qualified name, and the resolution of type references."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from demotic.errors import SyntaxFault
from demotic.model._annotations import AnnotationValue
from demotic.model._errors import DuplicateName, InvalidMetadataDocument, ModelError, ModelIncomplete
from demotic.model._schema import Schema
from demotic.model._schema_children import (
    EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE,
    NO_FACETS,
    AnyType,
    ComplexType,
    EntityType,
    EnumType,
    Facets,
    SchemaType,
    TypeDefinition,
)
from demotic.model._types import BUILTINS, PRIMITIVES, PrimitiveType, primitive_type
from demotic.model.csdl import elements as xml
from demotic.model.csdl._documents import Document
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._names import Names, split_collection
from demotic.xml import Bound

if TYPE_CHECKING:
    from demotic.model.csdl._json_values import TypeIndex

T = TypeVar("T")

_EDM: dict[str, AnyType] = {
    **{kind.qualified_name: kind for kind in PRIMITIVES.values()},
    **{kind.qualified_name: kind for kind in BUILTINS.values()},
    EDM_COMPLEX_TYPE.qualified_name: EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE.qualified_name: EDM_ENTITY_TYPE,
}


class Universe:
    """Every type that the documents declare, and the default values of their terms."""

    def __init__(self, documents: list[Document], faults: Faults) -> None:
        self.faults = faults
        self.types: dict[str, AnyType] = dict(_EDM)
        self._made: dict[int, SchemaType] = {}
        self._documents = documents
        self._index: TypeIndex | None = None
        self.defaults: dict[str, AnnotationValue] = {}
        self._unread = {
            include.namespace: reference.uri
            for document in documents
            for reference in document.model.references
            if reference.model is None
            for include in reference.includes
        }
        for document in documents:
            for element in document.schemas:
                self._declare(element, document.model.schemas[element.Namespace], document.model.places)

    def _declare(self, element: xml.Schema, schema: Schema, places: dict[str, tuple[int, int]]) -> None:
        places[schema.namespace] = element.line, element.column
        for item in element.types:
            with self.faults.passed_over():
                kind = self._shell(item, schema.namespace)
                put(schema.types, item.Name, kind, item, schema.namespace)
                places[kind.qualified_name] = item.line, item.column
                self.types[kind.qualified_name] = self._made[id(item)] = kind
        for term in element.terms:
            if term.DefaultValue is not None:
                default = _term_default(term)
                if default is not None:
                    self.defaults[f"{schema.namespace}.{term.Name}"] = default

    def _shell(self, element: Bound, namespace: str) -> SchemaType:
        """Return a type that will be filled later, once all types are known by name."""
        if isinstance(element, xml.EnumType):
            underlying = _primitive(element.UnderlyingType, element, f"{namespace}.{element.Name}")
            members = self._members(element, namespace)
            return EnumType(namespace, element.Name, members, underlying, element.IsFlags)
        if isinstance(element, xml.TypeDefinition):
            underlying = _primitive(element.UnderlyingType, element, f"{namespace}.{element.Name}")
            return TypeDefinition(namespace, element.Name, underlying, facets(element))
        if isinstance(element, xml.EntityType):
            kind = EntityType(namespace, element.Name, abstract=element.Abstract, open=element.OpenType)
            kind.has_stream = element.HasStream
            return kind
        if isinstance(element, xml.ComplexType):
            return ComplexType(namespace, element.Name, abstract=element.Abstract, open=element.OpenType)
        raise fault(ModelError, element, namespace, f"{type(element).__name__} is no type")

    def _members(self, element: xml.EnumType, namespace: str) -> dict[str, int]:
        """Return values by name; where none is stated, they count from zero (section 10.3)."""
        members: dict[str, int] = {}
        for number, member in enumerate(element.members):
            value = number if member.Value is None else member.Value
            with self.faults.passed_over():
                put(members, member.Name, value, member, f"{namespace}.{element.Name}")
        return members

    def json_values(self, document: Document) -> Callable[[str, object], AnnotationValue] | None:
        """Return what converts the annotation values of a document, if it is one of JSON."""
        if not document.is_json:
            return None
        from demotic.model.csdl._json_values import JsonValues, TypeIndex

        if self._index is None:
            self._index = TypeIndex()
            for other in self._documents:
                for schema in other.schemas:
                    self._index.add(schema, other.names)
        return JsonValues(document.names, self._index).of_term

    def made(self, element: Bound) -> SchemaType | None:
        """Return the type that an element declares, if it could be declared."""
        return self._made.get(id(element))

    def type(self, reference: str, names: Names, element: Bound, scope: str) -> tuple[AnyType, bool]:
        """Return the type that a reference means, and whether a collection of it. Raises ModelIncomplete."""
        name, collection = split_collection(names.resolve(reference.strip()))
        found = self.types.get(name)
        if found is None:
            raise fault(ModelIncomplete, element, scope, f"there is no type {name}", self._reason(name))
        return found, collection

    def entity_type(self, reference: str, names: Names, element: Bound, scope: str) -> tuple[EntityType, bool]:
        """Do the same where an entity type is wanted."""
        found, collection = self.type(reference, names, element, scope)
        if not isinstance(found, EntityType):
            raise fault(InvalidMetadataDocument, element, scope, f"{reference} is no entity type")
        return found, collection

    def _reason(self, name: str) -> str | None:
        uri = self._unread.get(name.rpartition(".")[0])
        if uri is not None:
            return f"it belongs to {uri}, which was not read: give read_xml a loader"
        return None if name.startswith("Edm.") or "." in name else "names of types are qualified"


def put(table: dict[str, T], name: str, value: T, element: Bound, scope: str) -> None:
    """Enter a declaration into its scope. Raises DuplicateName."""
    if name in table:
        raise fault(DuplicateName, element, scope, f"{name} is declared twice")
    table[name] = value


def facets(element: xml.Faceted) -> Facets:
    """Return the facets of an element, `NO_FACETS` itself if it states none."""
    stated = Facets(element.MaxLength, element.Precision, element.Scale, element.Unicode is not False, element.SRID)
    return NO_FACETS if stated == NO_FACETS else stated


def nullable(element: xml.Typed, collection: bool) -> bool:
    """Return what is stated, or true for a single value; what a collection leaves open is taken as not nullable,
    which is how CSDL JSON 4.01, section 7.2.1, has it."""
    return not collection if element.Nullable is None else element.Nullable


def _primitive(name: str, element: Bound, scope: str) -> PrimitiveType:
    found = primitive_type(name) if name.startswith("Edm.") else None
    if found is None:
        raise fault(ModelIncomplete, element, scope, f"the underlying type {name} is no primitive type")
    return found


def _term_default(term: xml.Term) -> AnnotationValue:
    kind = primitive_type(term.Type) if term.Type.startswith("Edm.") else None
    try:
        return None if kind is None or term.DefaultValue is None else kind.parse(term.DefaultValue)
    except SyntaxFault:
        return None
