"""Documents before their names are resolved: one, and those it references if a loader is given.

OData CSDL XML 4.01, sections 3 to 5. References are followed only through the caller's loader: nothing here opens a
file or a connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import LimitExceeded
from demotic.model._errors import DuplicateName
from demotic.model._schema import (
    Include,
    IncludeAnnotations,
    Model,
    Reference,
    Schema,
)
from demotic.model.csdl import elements as xml
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._front import Loader
from demotic.model.csdl._names import Names
from demotic.xml import base_of, parse, read

MICROSOFT: Final = "http://schemas.microsoft.com/ado/"
"""What the namespaces of versions 1 to 3 begin with."""

MOST_DOCUMENTS: Final = 100


@dataclass(slots=True)
class Document:
    """A document read into elements, its schemas, its aliases, and the model that will grow from it."""

    schemas: list[xml.Schema]
    root: xml.Edmx
    names: Names
    model: Model
    other_containers: frozenset[str] = frozenset()
    is_json: bool = False


def open_documents(data: bytes | str, load: Loader | None, faults: Faults, form: str | None) -> list[Document]:
    """Read a document and, through `load`, those it references, each once; the one given comes first."""
    documents = [_open(data, faults, form)]
    if load is None:
        return documents
    by_uri: dict[str, Model | None] = {}
    for document in documents:
        for reference in document.model.references:
            if reference.uri not in by_uri:
                found = load(reference.uri)
                by_uri[reference.uri] = None if found is None else _add(_open(found, faults), documents)
            reference.model = by_uri[reference.uri]
        if len(documents) > MOST_DOCUMENTS:
            raise LimitExceeded(f"references lead to more than {MOST_DOCUMENTS} documents")
    return documents


def _add(document: Document, documents: list[Document]) -> Model:
    """Add a document unless one of the same namespaces is there: several addresses may lead to one vocabulary."""
    for other in documents:
        if other.model.schemas.keys() & document.model.schemas.keys():
            return other.model
    documents.append(document)
    return document.model


def _is_json(data: bytes | str) -> bool:
    start = data[:1000]
    text = start if isinstance(start, str) else start.decode("utf-8-sig", "replace")
    return text.lstrip()[:1] == "{"


def _open(data: bytes | str, faults: Faults, form: str | None = None) -> Document:
    if form == "json" or (form is None and _is_json(data)):
        from demotic.model.csdl._json_objects import decoded
        from demotic.model.csdl._json_read import json_root

        root = json_root(decoded(data), faults)
        return _document(root, Model(version=root.Version), Names(_aliases(root, faults)), faults, is_json=True)
    tree = parse(data)
    address = base_of(tree)
    base = None if address is None else str(address)
    if tree.name.namespace.startswith(MICROSOFT):
        from demotic.model.csdl.v3 import read_version_3

        found = read_version_3(tree, faults)
        model = Model(version=found.version, base=base)
        model.data_service_version = found.data_service_version
        model.max_data_service_version = found.max_data_service_version
        return _document(found.root, model, found.names, faults, found.other_containers)
    root = read(tree, xml.Edmx, report=faults.binding())
    return _document(root, Model(version=root.Version, base=base), Names(_aliases(root, faults)), faults)


def _document(
    root: xml.Edmx,
    model: Model,
    names: Names,
    faults: Faults,
    others: frozenset[str] = frozenset(),
    *,
    is_json: bool = False,
) -> Document:
    model.references = [_reference(element) for element in root.references]
    schemas: list[xml.Schema] = []
    for schema in root.services.schemas:
        with faults.passed_over():
            if schema.Namespace in model.schemas:
                raise fault(DuplicateName, schema, schema.Namespace, "a second schema of this namespace")
            model.schemas[schema.Namespace] = Schema(schema.Namespace, schema.Alias)
            schemas.append(schema)
    return Document(schemas, root, names, model, others, is_json)


def _aliases(root: xml.Edmx, faults: Faults) -> dict[str, str]:
    aliases: dict[str, str] = {}
    includes = [include for reference in root.references for include in reference.includes]
    declaring: list[xml.Include | xml.Schema] = [*includes, *root.services.schemas]
    for element in declaring:
        alias = element.Alias
        with faults.passed_over():
            if alias is not None and aliases.setdefault(alias, element.Namespace) != element.Namespace:
                raise fault(DuplicateName, element, element.Namespace, f"the alias {alias} is taken")
    return aliases


def _reference(element: xml.Reference) -> Reference:
    return Reference(
        element.Uri,
        tuple(Include(item.Namespace, item.Alias) for item in element.includes),
        tuple(
            IncludeAnnotations(item.TermNamespace, item.Qualifier, item.TargetNamespace)
            for item in element.include_annotations
        ),
    )
