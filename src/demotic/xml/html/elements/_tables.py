"""Tables, their columns, rows and cells.

Specification: HTML 4.01, section 11.
"""

from __future__ import annotations

from demotic.xml import QName, attribute, integer, names
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements._base import Block, HtmlElement, color, flag, length, multi_length

__all__ = ["Col", "Colgroup", "Table", "Td", "Th", "Tr"]


class _Columns(HtmlElement):
    span = attribute("span", type=integer, default=1)
    width = attribute("width", type=multi_length)


class Table(Block, name=QName(XHTML, "table")):
    width = attribute("width", type=length)
    border = attribute("border", type=length)
    cellspacing = attribute("cellspacing", type=length)
    cellpadding = attribute("cellpadding", type=length)
    bgcolor = attribute("bgcolor", type=color)
    summary = attribute("summary")


class Col(_Columns, name=QName(XHTML, "col")):
    """A column."""


class Colgroup(_Columns, name=QName(XHTML, "colgroup")):
    """Columns that belong together."""


class Tr(HtmlElement, name=QName(XHTML, "tr")):
    bgcolor = attribute("bgcolor", type=color)


class Td(HtmlElement, name=QName(XHTML, "td")):
    width = attribute("width", type=length)
    height = attribute("height", type=length)
    colspan = attribute("colspan", type=integer, default=1)
    rowspan = attribute("rowspan", type=integer, default=1)
    headers = attribute("headers", type=names, default=())
    nowrap = attribute("nowrap", type=flag, default=False)
    bgcolor = attribute("bgcolor", type=color)


class Th(Td, name=QName(XHTML, "th")):
    scope = attribute("scope")
