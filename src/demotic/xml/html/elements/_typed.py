"""From the tree to objects, each element of the class that HTML's table has for it."""

from __future__ import annotations

from collections.abc import Callable

from demotic.xml import Element, XmlBindingFault, read
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements._base import KNOWN, HtmlElement
from demotic.xml.html.values._length import HtmlValueFault

__all__ = ["typed"]


def typed(element: Element, *, report: Callable[[XmlBindingFault], None] | None = None) -> HtmlElement:
    """Return the objects of an element of HTML and all below it.

    HTML that is found is seldom faultless, so nothing is refused: attributes that no class declares are in
    `other_attributes`, and a value that is none of its type reads as if it were not there and is written back as it
    was. `report` is told of each. Raises `HtmlValueFault` for an element that is not HTML's.
    """
    cls = KNOWN.get(element.name.local) if element.name.namespace == XHTML else None
    if cls is None:
        raise HtmlValueFault(f"{element.name} is no element of HTML", target=str(element.name))
    return read(element, cls, report=report or (lambda fault: None))
