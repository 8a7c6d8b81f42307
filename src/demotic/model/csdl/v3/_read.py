"""A document of versions 1 to 3, read into its elements and translated into those of version 4."""

from __future__ import annotations

from typing import NamedTuple

from demotic.model._errors import DuplicateName
from demotic.model.csdl import elements as v4
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._names import Names
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._namespaces import EDMX1, renamed, schema_version
from demotic.model.csdl.v3._translate import Translator
from demotic.xml import Element, QName, read


class Translated(NamedTuple):
    """What a document says, with what only its version says beside it."""

    root: v4.Edmx
    version: str
    names: Names
    other_containers: frozenset[str]
    data_service_version: str | None
    max_data_service_version: str | None


def read_version_3(document: Element, faults: Faults) -> Translated:
    """Read a document of versions 1 to 3, or a schema that stands by itself."""
    version = schema_version(document)
    tree = renamed(document)
    root = read(_wrapped(tree) if tree.name.local == "Schema" else tree, v3.Edmx, report=faults.binding())
    names = Names(_aliases(root, faults))
    translator = Translator(root, version, names, faults)
    result = translator.document()
    services = root.services
    others = frozenset(translator.containers.others)
    return Translated(result, version, names, others, services.DataServiceVersion, services.MaxDataServiceVersion)


def _wrapped(schema: Element) -> Element:
    services = Element(QName(EDMX1, "DataServices"), children=[schema], line=schema.line, column=schema.column)
    version = {QName("", "Version"): "1.0"}
    return Element(QName(EDMX1, "Edmx"), version, [services], line=schema.line, column=schema.column)


def _aliases(root: v3.Edmx, faults: Faults) -> dict[str, str]:
    includes = [include for reference in root.references for include in reference.includes]
    usings = [using for schema in root.services.schemas for using in schema.usings]
    declaring: list[v4.Include | v3.Schema | v3.Using] = [*includes, *root.services.schemas, *usings]
    aliases: dict[str, str] = {}
    for element in declaring:
        with faults.passed_over():
            alias = element.Alias
            if alias is not None and aliases.setdefault(alias, element.Namespace) != element.Namespace:
                raise fault(DuplicateName, element, element.Namespace, f"the alias {alias} is taken")
    return aliases
