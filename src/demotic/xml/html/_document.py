"""What reading HTML gives: the tree, and beside it all that was mended to make it one."""

from __future__ import annotations

from dataclasses import dataclass

from demotic.errors import InvalidInput
from demotic.xml import Comment, Element, Repair
from demotic.xml.html._names import Doctype

__all__ = ["HtmlDocument", "HtmlLimits", "HtmlUnreadable", "Repair"]


class HtmlUnreadable(InvalidInput):
    """The HTML parser gave up on a text. HTML has no wrong texts, so this is a fault of the parser that is used."""

    code = "HtmlUnreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlLimits:
    """How large a text may be (characters or bytes), and what it may make: levels, elements, attributes of one.

    Broken HTML can make more elements than it has tags, since a formatting element that is left open is opened again in
    every paragraph after it; so the number of elements is a limit of its own.
    """

    size: int = 8 * 2**20
    depth: int = 256
    elements: int = 200_000
    attributes: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlDocument:
    """A document or fragment that was read.

    `root` is the `html` element, or the element that a fragment was read into; `is_xml` whether it was read as XML, of
    which nothing is ever mended. `before` and `after` are the comments outside the root. `quirks` is "no", "limited" or
    "full".
    """

    root: Element
    doctype: Doctype | None = None
    encoding: str = "utf-8"
    is_xml: bool = False
    quirks: str = "no"
    before: tuple[Comment, ...] = ()
    after: tuple[Comment, ...] = ()
    repairs: tuple[Repair, ...] = ()
