"""HTML: any text in, an XHTML tree out; back to HTML or XHTML text; what elements and values are.

Reading needs html5lib (`pip install 'demotic[html]'`), which is loaded with the first text; all else does not.
"""

from demotic.xml.html._document import HtmlDocument, HtmlLimits, HtmlUnreadable, Repair
from demotic.xml.html._elements import ELEMENTS, RAW_TEXT, VOID, ElementType, element_type, may_contain
from demotic.xml.html._indent import indented
from demotic.xml.html._names import (
    HTML5,
    HTML_401_FRAMESET,
    HTML_401_STRICT,
    HTML_401_TRANSITIONAL,
    MATHML,
    SVG,
    XHTML,
    XHTML_10_STRICT,
    XHTML_10_TRANSITIONAL,
    XLINK,
    Doctype,
)
from demotic.xml.html._parse import parse_fragment, parse_html
from demotic.xml.html._serialize import serialize_content, serialize_html, serialize_xhtml
from demotic.xml.html.values import (
    COLOR_NAMES,
    SHAPES,
    Area,
    Color,
    Coords,
    HtmlValueFault,
    Length,
    MultiLength,
    MultiLengths,
    format_link,
    parse_link,
)

__all__ = [
    "COLOR_NAMES",
    "ELEMENTS",
    "HTML5",
    "HTML_401_FRAMESET",
    "HTML_401_STRICT",
    "HTML_401_TRANSITIONAL",
    "MATHML",
    "RAW_TEXT",
    "SHAPES",
    "SVG",
    "VOID",
    "XHTML",
    "XHTML_10_STRICT",
    "XHTML_10_TRANSITIONAL",
    "XLINK",
    "Area",
    "Color",
    "Coords",
    "Doctype",
    "ElementType",
    "HtmlDocument",
    "HtmlLimits",
    "HtmlUnreadable",
    "HtmlValueFault",
    "Length",
    "MultiLength",
    "MultiLengths",
    "Repair",
    "element_type",
    "format_link",
    "indented",
    "may_contain",
    "parse_fragment",
    "parse_html",
    "parse_link",
    "serialize_content",
    "serialize_html",
    "serialize_xhtml",
]
