"""QTI 1.2 as it comes: a tree whose names are spelled in any case, with references to material that stands elsewhere.

Specification: QTI ASI XML binding 1.2.1. Names and attributes are compared without case, in any namespace, since files
in the field have all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from demotic.xml import CData, Element, EntityReference, QName

__all__ = ["XML_LANG", "Source", "attr", "is_language", "kids", "lang_of_element", "name_of", "text_in"]

_MATERIAL: Final = frozenset(
    {"mattext", "matemtext", "matimage", "mataudio", "matvideo", "matapplet", "matapplication", "mat_extension"}
)
_LANGUAGE: Final = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
XML_LANG: Final = QName("http://www.w3.org/XML/1998/namespace", "lang")


def name_of(element: Element) -> str:
    """Return an element's name in lower case."""
    return element.name.local.lower()


def attr(element: Element, name: str) -> str | None:
    """Return an attribute, whatever its case."""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.attributes.items() if key.local.lower() == name), None)
    return found


def lang_of_element(element: Element) -> str | None:
    """Return the language that an element states; none for what is no language tag."""
    stated = element.attributes.get(XML_LANG, "")
    return stated if is_language(stated) else None


def is_language(text: str) -> bool:
    """Tell whether a text is a language tag, as XML Schema has it."""
    return bool(_LANGUAGE.fullmatch(text))


def kids(element: Element, *names: str) -> Iterator[Element]:
    """Iterate over the child elements of some names, or over all."""
    for child in element.elements():
        if not names or name_of(child) in names:
            yield child


def text_in(element: Element) -> str:
    """Return all text in an element, that of inner ones included."""
    pieces: list[str] = []
    stack: list[object] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, Element):
            stack.extend(reversed(node.children))
        elif isinstance(node, CData):
            pieces.append(node.text)
        elif isinstance(node, str):
            pieces.append(node)
        elif isinstance(node, EntityReference):
            pieces.append(f"&{node.name};")
    return "".join(pieces)


class Source:
    """A document, with what can be referred to."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.things: dict[str, Element] = {}
        self.material: dict[str, Element] = {}
        for element in root.walk():
            label = attr(element, "label")
            if label:
                name = name_of(element)
                if name in _MATERIAL:
                    self.things.setdefault(label, element)
                elif name == "material":
                    self.material.setdefault(label, element)

    def referred(self, reference: Element) -> Element | None:
        """Return what a `matref` or `material_ref` refers to; each is often used for what the other is for."""
        label = attr(reference, "linkrefid") or ""
        first, second = self.things, self.material
        if name_of(reference) == "material_ref":
            first, second = second, first
        found = first.get(label)
        return second.get(label) if found is None else found
