"""The validity constraints of XML, one function for each kind of thing that they are about.

All problems are told, each with the constraint's own name; checking goes on after every one.

Specification: XML 1.0 (fifth edition), the validity constraints of sections 2.8, 2.9, 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from demotic.syntax.unicode import is_name, is_nmtoken
from demotic.xml.reading._faults import path_of
from demotic.xml.tree._nodes import Branch, CData, EntityReference
from demotic.xml.validation._dtd import AttributeDefinition, Dtd, ElementType
from demotic.xml.validation._problems import Problem

__all__ = ["ambiguities", "dtd_problems"]

_BLANKS = " \t\r\n"


def dtd_problems(document: Any, dtd: Dtd) -> list[Problem]:
    """Return how a document breaks its document type."""
    return list(_Check(document, dtd).run())


def ambiguities(document: Any, dtd: Dtd) -> list[Problem]:
    """Return the content models that are not deterministic, which SGML forbids."""
    root = document.root
    return [
        Problem("compatibility", "Deterministic Content Models", f"{e.name} {e.particle}", root.line, root.column)
        for e in dtd.ambiguous
    ]


class _Check:
    """One run over one document: the IDs seen, and the references to them."""

    def __init__(self, document: Any, dtd: Dtd) -> None:
        self._root = document.root
        self._dtd = dtd
        self._ids: dict[str, Branch] = {}
        self._references: list[tuple[str, Branch]] = []

    def run(self) -> Iterator[Problem]:
        root = self._root
        for name in self._dtd.repeated:
            yield _problem("Unique Element Type Declaration", f"{name} is declared twice", root)
        yield from self._declarations()
        if written_name(root) != self._dtd.name:
            text = f"the root is {written_name(root)}, the document type says {self._dtd.name}"
            yield _problem("Root Element Type", text, root)
        pending = [root]
        while pending:
            node = pending.pop()
            yield from self._element(node)
            pending.extend(reversed([inner for inner in node._content() if isinstance(inner, Branch)]))
        for value, node in self._references:
            if value not in self._ids:
                yield _problem("IDREF", f"no element has the ID {value!r}", node)

    def _declarations(self) -> Iterator[Problem]:
        for element, attributes in self._dtd.attributes.items():
            ids = [a.name for a in attributes.values() if a.type == "ID"]
            if len(ids) > 1:
                yield _problem("One ID per Element Type", f"{element} has the IDs {' and '.join(ids)}", self._root)
            for known in attributes.values():
                if known.type == "ID" and known.presence in ("#FIXED", "default"):
                    text = f"the ID {known.name} of {element} has a default"
                    yield _problem("ID Attribute Default", text, self._root)
        for entity in self._dtd.entities.values():
            if entity.notation is not None and entity.notation not in self._dtd.notations:
                text = f"the entity {entity.name} is in the notation {entity.notation}, which is not declared"
                yield _problem("Notation Declared", text, self._root)

    def _element(self, node: Any) -> Iterator[Problem]:
        name = written_name(node)
        known = self._dtd.elements.get(name)
        if known is None:
            yield _problem("Element Valid", f"{name} is not declared", node)
        else:
            yield from self._content(node, known)
        yield from self._attributes(node, name)

    def _content(self, node: Any, known: ElementType) -> Iterator[Problem]:
        content = node._content()
        children = [inner for inner in content if isinstance(inner, Branch)]
        if known.kind == "EMPTY" and content:
            yield _problem("Element Valid", f"{known.name} must be empty", node)
        if known.kind in ("EMPTY", "ANY") or known.model is None:
            return
        if known.kind == "elements":
            stray = next((inner for inner in content if _is_text(inner)), None)
            if stray is not None:
                yield _problem("Element Valid", f"text in {known.name}, which has elements only", node)
            elif any(isinstance(inner, CData | EntityReference) for inner in content):
                yield _problem("Element Valid", f"character data in {known.name}, which has elements only", node)
        fault = known.model.first_fault(map(written_name, children))
        if fault is not None:
            index, expected = fault
            wanted = ", ".join(expected) or "the end"
            if index < len(children):
                found = f"{written_name(children[index])} in {known.name}, expected {wanted}"
                yield _problem("Element Valid", found, children[index])
            else:
                yield _problem("Element Valid", f"{known.name} ends too early, expected {wanted}", node)

    def _attributes(self, node: Any, element: str) -> Iterator[Problem]:
        declared = self._dtd.attributes_of(element)
        values = written_attributes(node)
        for name, value in values.items():
            known = declared.get(name)
            if known is not None:
                yield from self._value(node, known, value)
            elif not name.startswith("xmlns"):
                yield _problem("Attribute Value Type", f"{name} of {element} is not declared", node)
        for known in declared.values():
            if known.presence == "#REQUIRED" and known.name not in values:
                yield _problem("Required Attribute", f"{element} lacks {known.name}", node)

    def _value(self, node: Branch, known: AttributeDefinition, value: str) -> Iterator[Problem]:
        if known.presence == "#FIXED" and value != known.default:
            text = f"{known.name} is {value!r}, which must be {known.default!r}"
            yield _problem("Fixed Attribute Default", text, node)
        words = value.split(" ") if known.type in ("IDREFS", "ENTITIES", "NMTOKENS") else [value]
        rule = _RULES.get(known.type)
        if rule is None:
            return
        fits, constraint, what = rule
        for word in words:
            if not fits(self, known, word):
                yield _problem(constraint, f"{known.name} is {value!r}, expected {what}", node)
        if known.type == "ID":
            if value in self._ids:
                yield _problem("ID", f"the ID {value!r} is taken", node)
            self._ids.setdefault(value, node)
        elif known.type in ("IDREF", "IDREFS"):
            self._references.extend((word, node) for word in words)

    def _is_entity(self, _known: AttributeDefinition, word: str) -> bool:
        found = self._dtd.entities.get(word)
        return found is not None and found.notation is not None


_RULES: dict[str, tuple[Any, str, str]] = {
    "ID": (lambda _check, _known, word: is_name(word), "ID", "a name"),
    "IDREF": (lambda _check, _known, word: is_name(word), "IDREF", "a name"),
    "IDREFS": (lambda _check, _known, word: is_name(word), "IDREF", "names"),
    "NMTOKEN": (lambda _check, _known, word: is_nmtoken(word), "Name Token", "a name token"),
    "NMTOKENS": (lambda _check, _known, word: is_nmtoken(word), "Name Token", "name tokens"),
    "ENTITY": (_Check._is_entity, "Entity Name", "the name of an unparsed entity"),
    "ENTITIES": (_Check._is_entity, "Entity Name", "names of unparsed entities"),
    "enumeration": (lambda _check, known, word: word in known.values, "Enumeration", "one of the values declared"),
    "NOTATION": (
        lambda check, known, word: word in known.values and word in check._dtd.notations,
        "Notation Attributes",
        "a declared notation",
    ),
}


def written_name(node: Branch) -> str:
    """Return an element's name with its prefix."""
    return f"{node._prefix}:{node._name.local}" if node._prefix else node._name.local


def written_attributes(node: Branch) -> dict[str, str]:
    """Return the attributes by their names with prefixes, and the namespace declarations among them."""
    prefixes = {uri: prefix for prefix, uri in node.namespaces.items() if prefix}
    prefixes["http://www.w3.org/XML/1998/namespace"] = "xml"
    values = {
        f"{prefixes.get(name.namespace, '')}:{name.local}" if name.namespace else name.local: value
        for name, value in node._pairs()
    }
    return values | {f"xmlns:{p}" if p else "xmlns": uri for p, uri in node.namespaces.items()}


def _is_text(inner: Any) -> bool:
    text = inner if isinstance(inner, str) else inner.text if isinstance(inner, CData) else ""
    return bool(text.strip(_BLANKS))


def _problem(rule: str, message: str, node: Branch) -> Problem:
    return Problem("dtd", rule, message, node.line, node.column, path_of(node))
