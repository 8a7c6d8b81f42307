"""The values of HTML's attributes: lengths, coordinates with the shapes they draw, colors, links."""

from demotic.xml.html.values._color import COLOR_NAMES, Color
from demotic.xml.html.values._coords import SHAPES, Area, Coords
from demotic.xml.html.values._length import HtmlValueFault, Length, MultiLength, MultiLengths
from demotic.xml.html.values._link import format_link, parse_link

__all__ = [
    "COLOR_NAMES",
    "SHAPES",
    "Area",
    "Color",
    "Coords",
    "HtmlValueFault",
    "Length",
    "MultiLength",
    "MultiLengths",
    "format_link",
    "parse_link",
]
