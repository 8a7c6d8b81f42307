"""What a document publishes: containers, operations and terms, and annotations apart from their targets.

OData CSDL XML 4.01, sections 12 to 14. Runs when all types are complete.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.model._errors import DuplicateName, InvalidMetadataDocument, ModelIncomplete
from demotic.model._schema import (
    EntityContainer,
    EntitySet,
    OperationImport,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    AnyType,
    Facets,
    Operation,
    Parameter,
    ReturnType,
    Term,
)
from demotic.model.csdl import elements as xml
from demotic.model.csdl._documents import Document
from demotic.model.csdl._expressions import AnnotationReader
from demotic.model.csdl._faults import fault
from demotic.model.csdl._universe import Universe, facets, nullable, put
from demotic.xml import Bound

# A path, and after an operation's name perhaps the types of its parameters (section 14.2.2).
_TARGET: Final = re.compile(r"[^\s(),]+(?:\((?:[^\s(),]+(?:\([^(),]+\))?(?:,\s*(?!\))|(?=\))))*\))?(?:/[^\s(),]+)?")


class ServiceReader:
    """Reads what one document has besides types."""

    def __init__(self, document: Document, universe: Universe, annotations: AnnotationReader) -> None:
        self._document = document
        self._names = document.names
        self._universe = universe
        self._read_annotations = annotations.annotations
        self._passed_over = universe.faults.passed_over
        self._containers: dict[int, EntityContainer] = {}

    def read(self) -> None:
        """Fill the schemas of the document's model."""
        self._annotate_references()
        for element in self._document.schemas:
            schema = self._document.model.schemas[element.Namespace]
            schema.annotations = self._read_annotations(element.annotations)
            for term in element.terms:
                with self._passed_over():
                    put(schema.terms, term.Name, self._term(term, schema.namespace), term, schema.namespace)
                    self._place(term, f"{schema.namespace}.{term.Name}")
            for operation in element.operations:
                with self._passed_over():
                    found = self._operation(operation, schema.namespace)
                    schema.operations.setdefault(operation.Name, []).append(found)
                    self._place(operation, found.qualified_name)
            for container in element.containers:
                with self._passed_over():
                    self._add_container(container, schema)
            for external in element.external:
                with self._passed_over():
                    self._add_external(external, schema)
        self._bind_containers()

    def _add_external(self, element: xml.Annotations, schema: Schema) -> None:
        target = self._names.resolve(element.Target)
        if _TARGET.fullmatch(target) is None:
            raise fault(InvalidMetadataDocument, element, schema.namespace, f"{target} is no target of annotations")
        annotations = self._read_annotations(element.annotations, element.Qualifier)
        schema.external_annotations.setdefault(target, []).extend(annotations)

    def _place(self, element: Bound, path: str) -> None:
        self._document.model.places.setdefault(path, (element.line, element.column))

    def _annotate_references(self) -> None:
        for element, reference in zip(self._document.root.references, self._document.model.references, strict=True):
            reference.annotations = self._read_annotations(element.annotations)
            for item, include in zip(element.includes, reference.includes, strict=True):
                include.annotations = self._read_annotations(item.annotations)

    def _typed(self, element: xml.Typed, scope: str) -> tuple[AnyType, bool, bool, Facets]:
        """Return type, nullability, whether a collection, and facets: what all typed elements begin with."""
        kind, collection = self._universe.type(element.Type, self._names, element, scope)
        return kind, nullable(element, collection), collection, facets(element)

    def _term(self, element: xml.Term, namespace: str) -> Term:
        return Term(
            namespace,
            element.Name,
            *self._typed(element, f"{namespace}.{element.Name}"),
            element.DefaultValue,
            element.AppliesTo or (),
            None if element.BaseTerm is None else self._names.resolve(element.BaseTerm),
            self._read_annotations(element.annotations),
        )

    def _operation(self, element: xml.Action, namespace: str) -> Operation:
        scope = f"{namespace}.{element.Name}"
        operation = Operation(namespace, element.Name, type(element).__name__, bound=element.IsBound)
        for item in element.parameters:
            typed = self._typed(item, f"{scope}/{item.Name}")
            parameter = Parameter(item.Name, *typed, self._read_annotations(item.annotations))
            with self._passed_over():
                put(operation.parameters, item.Name, parameter, item, scope)
        if element.returns is not None:
            typed = self._typed(element.returns, f"{scope}/$ReturnType")
            operation.returns = ReturnType(*typed, self._read_annotations(element.returns.annotations))
        operation.composable = isinstance(element, xml.Function) and element.IsComposable
        operation.entity_set_path = (
            None if element.EntitySetPath is None else self._names.resolve(element.EntitySetPath)
        )
        operation.annotations = self._read_annotations(element.annotations)
        return operation

    def _add_container(self, element: xml.EntityContainer, schema: Schema) -> None:
        scope = f"{schema.namespace}.{element.Name}"
        container = EntityContainer(element.Name)
        if scope in self._document.other_containers:
            put(schema.other_containers, element.Name, container, element, schema.namespace)
        elif schema.container is not None:
            raise fault(DuplicateName, element, schema.namespace, "a second entity container in one schema")
        else:
            schema.container = container
        self._containers[id(element)] = container
        container.extends = None if element.Extends is None else self._names.resolve(element.Extends)
        container.annotations = self._read_annotations(element.annotations)
        self._place(element, scope)
        taken: dict[str, object] = {}
        for item in element.sets:
            with self._passed_over():
                put(taken, item.Name, item, item, scope)
                container.sets[item.Name] = self._set(item, scope)
                self._place(item, f"{scope}/{item.Name}")
        for single in element.singletons:
            with self._passed_over():
                put(taken, single.Name, single, single, scope)
                container.singletons[single.Name] = self._singleton(single, scope)
                self._place(single, f"{scope}/{single.Name}")
        for way in element.imports:
            with self._passed_over():
                put(taken, way.Name, way, way, scope)
                if isinstance(way, (xml.ActionImport, xml.FunctionImport)):
                    container.imports[way.Name] = self._import(way, container, scope)
                self._place(way, f"{scope}/{way.Name}")

    def _set(self, element: xml.EntitySet, scope: str) -> EntitySet:
        kind, _ = self._universe.entity_type(element.EntityType, self._names, element, f"{scope}/{element.Name}")
        shown, annotations = element.IncludeInServiceDocument, self._read_annotations(element.annotations)
        return EntitySet(element.Name, kind, in_service_document=shown, annotations=annotations)

    def _singleton(self, element: xml.Singleton, scope: str) -> Singleton:
        kind, _ = self._universe.entity_type(element.Type, self._names, element, f"{scope}/{element.Name}")
        return Singleton(element.Name, kind, element.Nullable, annotations=self._read_annotations(element.annotations))

    def _import(
        self, element: xml.ActionImport | xml.FunctionImport, container: EntityContainer, scope: str
    ) -> OperationImport:
        function = isinstance(element, xml.FunctionImport)
        name = element.Function if isinstance(element, xml.FunctionImport) else element.Action
        target: EntitySet | str | None = None
        if element.EntitySet is not None:
            path = self._names.resolve(element.EntitySet)
            target = container.sets.get(path.removeprefix(f"{scope}/"), path)
        return OperationImport(
            element.Name,
            self._names.resolve(name),
            "Function" if function else "Action",
            target,
            isinstance(element, xml.FunctionImport) and element.IncludeInServiceDocument,
            self._read_annotations(element.annotations),
        )

    def _bind_containers(self) -> None:
        for schema in self._document.schemas:
            for element in schema.containers:
                container = self._containers.get(id(element))
                if container is None:
                    continue
                scope = f"{schema.Namespace}.{container.name}"
                for item in element.sets:
                    if item.Name in container.sets:
                        self._bind(item.bindings, container.sets[item.Name], container, scope)
                for single in element.singletons:
                    if single.Name in container.singletons:
                        self._bind(single.bindings, container.singletons[single.Name], container, scope)

    def _bind(
        self,
        elements: list[xml.NavigationPropertyBinding],
        owner: EntitySet | Singleton,
        container: EntityContainer,
        scope: str,
    ) -> None:
        """Resolve bindings; targets in other containers, or below a contained entity, stay paths."""
        for element in elements:
            path, target = self._names.resolve(element.Path), self._names.resolve(element.Target)
            name = target.removeprefix(f"{scope}/")
            found = container.sets.get(name) or container.singletons.get(name)
            if found is not None:
                owner.bindings[path] = found
            elif "/" in target or container.extends is not None:
                owner.other_bindings[path] = target
            else:
                problem = f"the binding of {element.Path} leads to {target}, which is not there"
                with self._passed_over():
                    raise fault(ModelIncomplete, element, f"{scope}/{owner.name}", problem)
