"""What all element classes of HTML share: the common attributes, mixed content, and the types of attributes.

Specification: HTML 4.01, sections 6 (types), 7.5.2, 8.1, 8.2 and 14.2.2 (attributes of nearly every element).
"""

from __future__ import annotations

from functools import partial
from typing import Final

from demotic.syntax.uri import URI
from demotic.xml import Bound, Lexical, attribute, mixed, names, one_of
from demotic.xml.html._elements import ELEMENTS
from demotic.xml.html.values._color import Color
from demotic.xml.html.values._coords import Coords
from demotic.xml.html.values._length import HtmlValueFault, Length, MultiLength, MultiLengths
from demotic.xml.html.values._link import format_link, parse_link

__all__ = [
    "Block",
    "Flow",
    "HtmlElement",
    "Inline",
    "color",
    "coords",
    "element_class",
    "flag",
    "length",
    "link",
    "multi_length",
    "multi_lengths",
    "shape",
]

KNOWN: Final[dict[str, type[HtmlElement]]] = {}
"""The classes by the names of their elements, filled by `_classes`."""


def element_class(name: str) -> type[HtmlElement]:
    """Return the class of an element of HTML, by its name. Raises `HtmlValueFault` for a name that HTML has not."""
    found = KNOWN.get(name)
    if found is None:
        raise HtmlValueFault(f"HTML has no element {name!r}", hint="names are in lower case; ELEMENTS lists them")
    return found


def _flag_text(value: bool) -> str:
    if not value:
        raise HtmlValueFault("a switch that is off is left out", hint="set the field to None")
    return ""


flag: Final[Lexical[bool]] = Lexical(lambda text: True, _flag_text, "a switch")
"""An attribute that is on by being there, whatever it says (HTML 4.01, section 3.3.4.2)."""
length: Final[Lexical[Length]] = Lexical(lambda text: Length.parse(text.strip()), str, "a length")
multi_length: Final[Lexical[MultiLength]] = Lexical(lambda text: MultiLength.parse(text.strip()), str, "a length")
multi_lengths: Final[Lexical[MultiLengths]] = Lexical(MultiLengths.parse, str, "a list of lengths")
coords: Final[Lexical[Coords]] = Lexical(Coords.parse, str, "coordinates")
shape: Final = one_of("rect", "circle", "poly", "default")
color: Final[Lexical[Color]] = Lexical(lambda text: Color.parse(text.strip()), str, "a color")
link: Final[Lexical[URI]] = Lexical(parse_link, format_link, "a URI")


class HtmlElement(Bound):
    """An element of HTML: its content is one list of text, elements and whatever else there is."""

    id = attribute("id")
    classes = attribute("class", type=names, default=())
    style = attribute("style")
    title = attribute("title")
    lang = attribute("lang")
    dir = attribute("dir", type=one_of("ltr", "rtl", "auto"))
    content = mixed(*(partial(element_class, name) for name in ELEMENTS))


class Block(HtmlElement):
    """An element that stands among blocks."""


class Inline(HtmlElement):
    """An element that stands within a line of text."""


class Flow(Block, Inline):
    """An element that stands among blocks and within lines alike."""
