"""A document of versions 1 to 3 as one of version 4: its types. Everything beyond this is read as version 4 is.

[MC-CSDL], section 2.1; CSDL Version 3.0. See `demotic.model.v2` for what becomes of what.
"""

from __future__ import annotations

from demotic.model._annotations import Annotation, Record
from demotic.model.csdl import elements as v4
from demotic.model.csdl._faults import Faults
from demotic.model.csdl._names import Names, join_collection
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._containers import ContainerTranslator
from demotic.model.csdl.v3._defaults import from_version_3
from demotic.model.csdl.v3._notes import model_notes, notes
from demotic.model.csdl.v3._relations import EndOf, Relation, Relations
from demotic.model.csdl.v3._typed import facets_of, made, qualified_type, translated_type
from demotic.model.v2 import (
    FIXED,
    FIXED_LENGTH,
    MEDIA_TYPE,
    RELATIONSHIP,
    annotated_association,
)

__all__ = ["Translator"]


class Translator:
    """Translates the schemas of one document."""

    def __init__(self, root: v3.Edmx, version: str, names: Names, faults: Faults) -> None:
        self._root = root
        self._names = names
        self._faults = faults
        self._relations = Relations(root.services.schemas, names, faults)
        self.containers = ContainerTranslator(root.services.schemas, version, names, self._relations, faults)

    def document(self) -> v4.Edmx:
        """Return the document; the names of containers beside the default one are in `containers.others`."""
        root = made(v4.Edmx, self._root, Version="4.0")
        root.references = list(self._root.references)
        root.references += [made(v4.Reference, item, Uri=item.Url) for item in self._root.documents]
        root.services = made(v4.DataServices, self._root.services)
        root.services.schemas = [self._schema(item) for item in self._root.services.schemas]
        return root

    def _schema(self, element: v3.Schema) -> v4.Schema:
        scope = element.Namespace
        result = made(v4.Schema, element, Namespace=scope, Alias=element.Alias)
        result.types = []
        for kind in element.types:
            with self._faults.passed_over():
                if isinstance(kind, (v3.EntityType, v3.ComplexType, v3.EnumType)):
                    result.types.append(self._type(kind, scope))
        result.terms = [self._term(item, scope) for item in element.terms]
        stated: list[Annotation] = []
        for relation in self._relations.of(element):
            with self._faults.passed_over():
                stated.append(_association(relation))
        with self._faults.passed_over():
            result.annotations = notes(element, scope, *stated)
        result.external = list(element.external)
        self.containers.fill(element, result)
        return result

    # --- types

    def _type(
        self, element: v3.EntityType | v3.ComplexType | v3.EnumType, namespace: str
    ) -> v4.EntityType | v4.ComplexType | v4.EnumType:
        scope = f"{namespace}.{element.Name}"
        if isinstance(element, v3.EnumType):
            return self._enum(element, scope)
        result: v4.EntityType | v4.ComplexType
        result = made(v4.EntityType, element) if isinstance(element, v3.EntityType) else made(v4.ComplexType, element)
        result.Name, result.BaseType = element.Name, element.BaseType
        result.Abstract, result.OpenType = element.Abstract, element.OpenType
        result.annotations = notes(element, scope)
        for item in element.properties:
            with self._faults.passed_over():
                result.properties.append(self._property(item, f"{scope}/{item.Name}"))
        if isinstance(element, v3.EntityType) and isinstance(result, v4.EntityType):
            result.HasStream = element.HasStream
            if element.key is not None:
                refs = [made(v4.PropertyRef, ref, Name=ref.Name) for ref in element.key.refs]
                result.key = made(v4.Key, element.key, refs=refs)
            for way in element.navigation:
                with self._faults.passed_over():
                    self._add_navigation(way, result, scope)
        return result

    def _enum(self, element: v3.EnumType, scope: str) -> v4.EnumType:
        members = [
            made(v4.Member, item, Name=item.Name, Value=item.Value, annotations=notes(item, f"{scope}/{item.Name}"))
            for item in element.members
        ]
        underlying, _ = translated_type(element.UnderlyingType)
        return made(
            v4.EnumType,
            element,
            Name=element.Name,
            UnderlyingType=underlying,
            IsFlags=element.IsFlags,
            members=members,
            annotations=notes(element, scope),
        )

    def _property(self, element: v3.Property, scope: str) -> v4.Property:
        type_name, said = translated_type(element.Type)
        if element.CollectionKind in ("List", "Bag"):
            type_name = join_collection(type_name, True)
        if element.FixedLength is not None:
            said.append(Annotation(FIXED_LENGTH, element.FixedLength))
        if element.ConcurrencyMode == "Fixed":
            said.append(Annotation(FIXED))
        if element.MimeType is not None:
            said.append(Annotation(MEDIA_TYPE, element.MimeType))
        default = element.DefaultValue
        return made(
            v4.Property,
            element,
            Name=element.Name,
            Type=type_name,
            Nullable=element.Nullable,
            DefaultValue=None if default is None else from_version_3(qualified_type(element.Type), default),
            annotations=notes(element, scope, *said),
            **facets_of(element),
        )

    def _add_navigation(self, element: v3.NavigationProperty, owner: v4.EntityType, scope: str) -> None:
        found = self._relations.start(element)
        if found is None:  # said already
            return
        relation, start = found
        target = relation.other(start)
        way = Record({"Association": relation.name, "FromRole": start.role, "ToRole": target.role})
        result = made(
            v4.NavigationProperty,
            element,
            Name=element.Name,
            Type=join_collection(target.type, target.element.Multiplicity == "*"),
            Nullable=None if target.element.Multiplicity != "1" else False,
            Partner=self._relations.partner(element),
            ContainsTarget=element.ContainsTarget,
            constraints=_constraints(relation, start),
            annotations=notes(element, f"{scope}/{element.Name}", Annotation(RELATIONSHIP, way)),
        )
        if start.element.on_delete is not None:
            action = start.element.on_delete.Action.replace("Restrict", "None")
            result.on_delete = made(v4.OnDelete, start.element.on_delete, Action=action)
        owner.navigation.append(result)

    def _term(self, element: v3.ValueTerm, namespace: str) -> v4.Term:
        type_name, said = translated_type(element.Type)
        return made(
            v4.Term,
            element,
            Name=element.Name,
            Type=type_name,
            Nullable=element.Nullable,
            DefaultValue=element.DefaultValue,
            annotations=notes(element, f"{namespace}.{element.Name}", *said),
            **facets_of(element),
        )


def _constraints(relation: Relation, start: EndOf) -> list[v4.ReferentialConstraint]:
    found = relation.constraint
    if found is None or found.dependent != start.role or relation.element.constraint is None:
        return []
    pairs = zip(found.dependent_properties, found.principal_properties, strict=True)
    place = relation.element.constraint
    return [made(v4.ReferentialConstraint, place, Property=own, ReferencedProperty=theirs) for own, theirs in pairs]


def _association(relation: Relation) -> Annotation:
    """Return the annotation that keeps what an association says."""
    ends = []
    for end in relation.ends:
        values: dict[str, object] = {
            "Role": end.role,
            "Type": end.type,
            "Multiplicity": end.element.Multiplicity,
        }
        if end.element.on_delete is not None:
            values["OnDelete"] = end.element.on_delete.Action
        ends.append(Record(values, annotations=model_notes(end.element, relation.name)))
    name = relation.name.rpartition(".")[2]
    return annotated_association(name, ends, relation.constraint, model_notes(relation.element, relation.name))
