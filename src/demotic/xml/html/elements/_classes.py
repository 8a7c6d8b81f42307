"""All element classes of HTML: those with typed attributes, and the others made from the table of elements.

Only attributes that are more than text are declared, with what belongs to them; others are in `other_attributes`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from demotic.xml import QName
from demotic.xml.html._elements import ELEMENTS
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements import _embedded, _forms, _tables, _text
from demotic.xml.html.elements._base import KNOWN, Block, Flow, HtmlElement, Inline

__all__ = ["CLASSES"]

_BASES: Final[dict[str, type[HtmlElement]]] = {"block": Block, "inline": Inline, "flow": Flow, "part": HtmlElement}


def _made(name: str, kind: str) -> type[HtmlElement]:
    space = {"__doc__": f"The element `{name}`.", "__module__": __name__}
    return type(name.capitalize(), (_BASES[kind],), space, name=QName(XHTML, name))


def _fill() -> None:
    declared = {
        name.lower(): getattr(module, name) for module in (_embedded, _forms, _tables, _text) for name in module.__all__
    }
    for name, found in ELEMENTS.items():
        KNOWN[name] = declared.get(name) or _made(name, found.kind)


_fill()

CLASSES: Final = MappingProxyType(KNOWN)
"""The class of each element of HTML, by its name."""
