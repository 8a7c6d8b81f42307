"""Elements of text: links, quotations, changes, lists, rules, and what stands in the head.

Specification: HTML 4.01, sections 9 to 12, 13.6 and 15.
"""

from __future__ import annotations

from demotic.xml import QName, attribute, integer, names
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements._base import Block, Flow, HtmlElement, Inline, color, coords, flag, length, link, shape
from demotic.xml.html.values._coords import Area as Shape
from demotic.xml.html.values._coords import Coords

__all__ = ["A", "Area", "Base", "Blockquote", "Body", "Del", "Font", "Hr", "Ins", "Li", "Link", "Ol", "Q", "Script"]


class _Shaped(HtmlElement):
    """What links of an image map have: a shape, and where the link leads."""

    href = attribute("href", type=link)
    rel = attribute("rel", type=names, default=())
    target = attribute("target")
    shape = attribute("shape", type=shape)
    coords = attribute("coords", type=coords, default=Coords())

    @property
    def area(self) -> Shape:
        """The shape with its coordinates; a rectangle if no shape is named, everything if there is nothing at all.

        Raises `HtmlValueFault` if they do not fit each other.
        """
        return Shape(self.shape or ("rect" if self.coords else "default"), self.coords)


class _Quoting(HtmlElement):
    cite = attribute("cite", type=link)


class A(_Shaped, Inline, name=QName(XHTML, "a")):
    name = attribute("name")
    hreflang = attribute("hreflang")


class Area(_Shaped, name=QName(XHTML, "area")):
    alt = attribute("alt")
    nohref = attribute("nohref", type=flag, default=False)


class Link(HtmlElement, name=QName(XHTML, "link")):
    href = attribute("href", type=link)
    rel = attribute("rel", type=names, default=())
    type = attribute("type")


class Base(HtmlElement, name=QName(XHTML, "base")):
    href = attribute("href", type=link)
    target = attribute("target")


class Script(Flow, name=QName(XHTML, "script")):
    src = attribute("src", type=link)
    type = attribute("type")
    defer = attribute("defer", type=flag, default=False)


class Blockquote(_Quoting, Block, name=QName(XHTML, "blockquote")):
    """A quotation of paragraphs."""


class Q(_Quoting, Inline, name=QName(XHTML, "q")):
    """A quotation in a line."""


class Ins(_Quoting, Flow, name=QName(XHTML, "ins")):
    datetime = attribute("datetime")


class Del(_Quoting, Flow, name=QName(XHTML, "del")):
    datetime = attribute("datetime")


class Ol(Block, name=QName(XHTML, "ol")):
    start = attribute("start", type=integer, default=1)
    reversed = attribute("reversed", type=flag, default=False)


class Li(HtmlElement, name=QName(XHTML, "li")):
    value = attribute("value", type=integer)


class Hr(Block, name=QName(XHTML, "hr")):
    width = attribute("width", type=length)
    noshade = attribute("noshade", type=flag, default=False)


class Font(Inline, name=QName(XHTML, "font")):
    color = attribute("color", type=color)
    face = attribute("face")


class Body(HtmlElement, name=QName(XHTML, "body")):
    background = attribute("background", type=link)
    bgcolor = attribute("bgcolor", type=color)
    text = attribute("text", type=color)
