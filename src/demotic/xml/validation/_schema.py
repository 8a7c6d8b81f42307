"""XML Schema validity, by lxml: its findings, with our places and the rules' own names.

Specification: XML Schema 1.0 part 1, whose validation rules (`cvc-…`) the problems name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.xml.tree._nodes import Branch
from demotic.xml.validation._problems import Problem

__all__ = ["Schema"]

_STEP: Final = re.compile(r"/(?:([^:/\[]+):)?([^/\[]+)(?:\[(\d+)\])?")


class Schema:
    """A schema, compiled once for many documents.

    It is a file, whose includes and imports are read from its folder, or bytes. `catalog` leads from the addresses of
    others to files; nothing is ever fetched from elsewhere. Raises `InvalidInput` for what is no schema.
    """

    def __init__(self, source: Path | bytes, *, catalog: Mapping[str, Path] | None = None) -> None:
        from lxml import etree

        parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
        parser.resolvers.add(_resolver(etree, dict(catalog or {})))
        try:
            tree = etree.parse(str(source), parser) if isinstance(source, Path) else etree.fromstring(source, parser)
            self._schema: Any = etree.XMLSchema(tree)
        except (etree.LxmlError, OSError) as fault:
            raise InvalidInput(f"no XML Schema: {fault}") from None

    def problems(self, document: Any) -> list[Problem]:
        """Return how a document, or an element with all in it, breaks the schema."""
        from lxml import etree

        from demotic.xml.writing._serialize import serialize

        root = document if isinstance(document, Branch) else document.root
        parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=True)
        tree = etree.fromstring(serialize(root), parser)
        if self._schema.validate(tree):
            return []
        return [_problem(root, entry) for entry in self._schema.error_log]


def _resolver(etree: Any, catalog: dict[str, Path]) -> Any:
    class Resolver(etree.Resolver):  # type: ignore[misc]
        def resolve(self, address: str, _public: str | None, context: Any) -> Any:
            known = catalog.get(address)
            if known is not None:
                return self.resolve_filename(str(known), context)
            # The base class lets lxml go on, which reads files, but nothing from a network.
            return None

    return Resolver()


def _problem(root: Branch, entry: Any) -> Problem:
    node = _find(root, entry.path or "")
    # libxml2 writes a rule such as cvc-datatype-valid.1.2.1 as SCHEMAV_CVC_DATATYPE_VALID_1_2_1.
    words = entry.type_name.removeprefix("SCHEMAV_").lower().split("_")
    letters = [word for word in words if not word.isdigit()]
    rule = ".".join(["-".join(letters), *(word for word in words if word.isdigit())])
    message = re.sub(r"\{[^}]*\}", "", entry.message)
    return Problem("xsd", rule, message, node.line, node.column, entry.path or "")


def _find(root: Branch, path: str) -> Branch:
    """Return the element at a path as libxml2 writes it: `/*/*[2]/p:item`, where a star counts all elements."""
    node = root
    for prefix, local, number in _STEP.findall(path)[1:]:
        children = [inner for inner in node._content() if isinstance(inner, Branch)]
        if local != "*":
            children = [c for c in children if c._name.local == local and (c._prefix or "") == prefix]
        index = int(number or 1) - 1
        if index >= len(children):
            break
        node = children[index]
    return node
